//! The typefaces of the report, compiled in; where they are from is in `fonts/README.md`.
//!
//! Libertinus Serif for what is read, Roboto for what is looked at: labels, tables, charts. A
//! character that one face of Roboto lacks is taken from the serif, so what can be printed is what
//! all faces of the serif have.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The serif comes first: it is what everything falls back to.
const FILES: [&[u8]; 6] = [
    include_bytes!("../fonts/LibertinusSerif-Regular.otf"),
    include_bytes!("../fonts/LibertinusSerif-Italic.otf"),
    include_bytes!("../fonts/LibertinusSerif-Bold.otf"),
    include_bytes!("../fonts/Roboto-Regular.ttf"),
    include_bytes!("../fonts/Roboto-Italic.ttf"),
    include_bytes!("../fonts/Roboto-Bold.ttf"),
];
const SERIF_FACES: usize = 3;

/// The faces, read once.
pub(crate) struct Typefaces {
    /// In the order of their files.
    pub(crate) faces: Vec<Font>,
    /// What typst chooses from.
    pub(crate) book: LazyHash<FontBook>,
}

/// All faces.
pub(crate) static TYPEFACES: LazyLock<Typefaces> = LazyLock::new(|| {
    let faces: Vec<Font> =
        FILES.iter().filter_map(|file| Font::new(Bytes::new(*file), 0)).collect();
    let book = LazyHash::new(FontBook::from_fonts(&faces));
    Typefaces { faces, book }
});

/// Whether every face that a text can fall back to has the character.
pub(crate) fn has(character: char) -> bool {
    TYPEFACES.faces[..SERIF_FACES.min(TYPEFACES.faces.len())]
        .iter()
        .all(|face| face.info().coverage.contains(u32::from(character)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_read_and_is_what_the_template_asks_for() {
        let families: Vec<&str> =
            TYPEFACES.faces.iter().map(|face| face.info().family.as_str()).collect();
        let serif = ["Libertinus Serif"; SERIF_FACES];
        assert_eq!(families, [&serif[..], &["Roboto"; 3]].concat());
    }

    #[test]
    fn the_characters_of_both_languages_can_be_printed() {
        let text = "ÁÉÍÓÚÜÑáéíóúüñ¿¡«»“”‘’–—…·×½%°§€$#*_[]\\\"<>&@~^`|≥≤±→ΑΒΓабвкшאבג";
        let missing: String = text.chars().filter(|c| !has(*c)).collect();
        assert_eq!(missing, "");
    }
}
