//! A column whose name nobody knows, told of without its name.
//!
//! In: its place and what stands there, which may be a person's name: a row of people without a
//! header, or a header typed over. Out: the place, and of the known names the one that it
//! resembles. What was written is never shown.

use crate::returns::within_two_edits;

/// Whether a word is near a known one without being it.
pub fn resembles(written: &str, known: &str) -> bool {
    written != known && within_two_edits(written, known)
}

/// How the column at a place, counted from 0, is told of; and the start of what to do about it.
pub fn unknown_column<'k>(
    at: usize,
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> (String, String) {
    let plain = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.take(80).flat_map(char::to_lowercase).collect::<String>()
    };
    let written = plain(written);
    let near = known.into_iter().find(|known| within_two_edits(&plain(known), &written));
    let meant = near.map_or(String::new(), |near| format!("did you mean \"{near}\"? otherwise "));
    (format!("number {}", at + 1), meant)
}

#[cfg(test)]
mod tests {
    use super::unknown_column;

    #[test]
    fn only_the_place_and_what_is_known_are_shown() {
        let known = ["given_name", "birth_date", "date"];
        for (written, meant) in [
            ("Given Nmae", "did you mean \"given_name\"? otherwise "),
            ("BIRTHDATE", "did you mean \"birth_date\"? otherwise "),
            ("Marisol Qwzxlopez", ""),
            ("", ""),
            ("Ana", ""),
        ] {
            let found = unknown_column(2, written, known);
            assert_eq!(found, ("number 3".to_owned(), meant.to_owned()), "{written}");
        }
    }
}
