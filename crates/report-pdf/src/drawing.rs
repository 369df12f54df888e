//! SVG made fit for the page.
//!
//! In: one SVG document. Out: the same with text that can be printed, and its size. A chart is
//! shapes and text: what reaches outside (`<image>`, entities, scripts) is refused, and so is what
//! does not parse.

use typst::foundations::Bytes;
use typst::visualize::SvgImage;

use crate::printable::Printer;

/// A drawing that can be set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    /// One SVG document.
    pub(crate) svg: String,
    /// In units of its own; only the ratio matters.
    pub(crate) width: f64,
    /// In the same units.
    pub(crate) height: f64,
}

/// What has no place in a chart.
const REFUSED: [&str; 5] = ["<!doctype", "<!entity", "<image", "<foreignobject", "<script"];

/// Reads a drawing.
///
/// # Errors
///
/// What is wrong with it, and how to mend it.
pub(crate) fn read(svg: &str, printer: &mut Printer) -> Result<Drawing, String> {
    let lower = svg.to_ascii_lowercase();
    if let Some(found) = REFUSED.iter().find(|refused| lower.contains(**refused)) {
        return Err(format!("holds {found}…; a chart is shapes and text only"));
    }
    let svg = with_namespace(&printer.plain(&without_references(svg)));
    // Without typefaces: only to see that it parses, and how large it is.
    let image = SvgImage::new(Bytes::from_string(svg.clone())).map_err(|_| {
        "is no SVG document that can be read; check that every tag is closed and that it has a \
         viewBox, or a width and a height"
            .to_owned()
    })?;
    let (width, height) = (image.width(), image.height());
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return Err("has no size; give it a viewBox, or a width and a height".to_owned());
    }
    // Beyond this it could not be seen, only its line.
    if !(0.02..=50.0).contains(&(height / width)) {
        return Err("is more than fifty times as long as it is wide, or as wide as long".to_owned());
    }
    Ok(Drawing { svg, width, height })
}

/// An `<svg>` that stood inside a page has no namespace of its own.
fn with_namespace(svg: &str) -> String {
    if svg.contains("http://www.w3.org/2000/svg") {
        return svg.to_owned();
    }
    svg.replacen("<svg", r#"<svg xmlns="http://www.w3.org/2000/svg""#, 1)
}

/// Writes numeric references beyond ASCII as the characters that they stand for.
fn without_references(svg: &str) -> String {
    let mut parts = svg.split("&#");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let referred = part.split_once(';').and_then(|(digits, rest)| {
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => digits.parse(),
            };
            let character = char::from_u32(code.ok()?)?;
            (!character.is_ascii()).then_some((character, rest))
        });
        match referred {
            Some((character, rest)) => {
                plain.push(character);
                plain.push_str(rest);
            }
            None => {
                plain.push_str("&#");
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_out_of_a_page_is_read_with_its_size() {
        let mut printer = Printer::default();
        let svg = r#"<svg viewBox="0 0 660 330" width="660" height="330"><text>12 &#128512; &#60;</text></svg>"#;
        let drawing = read(svg, &mut printer).unwrap();
        assert_eq!((drawing.width, drawing.height), (660.0, 330.0));
        assert!(drawing.svg.contains("12 [U+1F600] &#60;"), "{}", drawing.svg);
    }

    #[test]
    fn what_reaches_outside_or_does_not_parse_is_refused() {
        for svg in [
            "",
            "<svg",
            "no drawing",
            "<svg viewBox='0 0 1 1'><image href='file:///etc/passwd'/></svg>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg viewBox='0 0 1 1'/>",
            "<svg viewBox='0 0 1 9999'/>",
            "<html/>",
        ] {
            assert!(read(svg, &mut Printer::default()).is_err(), "{svg}");
        }
    }
}
