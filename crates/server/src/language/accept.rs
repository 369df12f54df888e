//! The language a browser asks for.
//!
//! In: `Accept-Language` (RFC 9110, 12.5.4). Out: the one of ours that it likes best; the first of
//! two that it likes equally; English when it asks for neither.

use super::Language;

/// The language that is asked for.
pub(crate) fn preferred(header: &str) -> Language {
    let mut best: Option<(u16, Language)> = None;
    for entry in header.split(',') {
        let Some((weight, language)) = wish(entry) else { continue };
        if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map_or(Language::English, |(_, language)| language)
}

/// One entry, such as `es-MX;q=0.8`: how much it is wanted, in thousandths.
fn wish(entry: &str) -> Option<(u16, Language)> {
    let mut parts = entry.split(';').map(str::trim);
    let primary = parts.next()?.split('-').next()?.to_ascii_lowercase();
    let language = Language::of(&primary)?;
    let weight = parts.next().map_or(Some(1000), weight)?;
    Some((weight, language))
}

/// `q=` and a number from 0 to 1 with up to three digits after the point, in thousandths.
fn weight(parameter: &str) -> Option<u16> {
    let number = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.len() > 3 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_language_liked_best_is_taken() {
        for (header, code) in [
            ("", "en"),
            ("es", "es"),
            ("es-MX,es;q=0.9,en;q=0.8", "es"),
            ("en-US,en;q=0.9,es;q=0.8", "en"),
            ("zh-CN, ES-us ;q=0.5", "es"),
            ("en;q=0.2, es;q=0.25", "es"),
            ("en, es", "en"),
            ("es, en", "es"),
            ("es;q=0", "en"),
            ("es;q=1.000, en", "es"),
            ("es;q=2, fr", "en"),
            ("est, *", "en"),
            ("es;level=1", "en"),
        ] {
            assert_eq!(preferred(header).code(), code, "{header:?}");
        }
    }

    proptest! {
        /// Whatever a browser sends, it gets a language.
        #[test]
        fn no_header_makes_it_panic(header in "\\PC{0,60}") {
            preferred(&header);
        }

        /// Nor one that looks like what browsers send.
        #[test]
        fn nor_one_that_is_nearly_right(header in "([a-zA-Z*-]{0,5}(;q=[01]?[.]?[0-9]{0,4})?,? ?){0,6}") {
            preferred(&header);
        }

        /// A single wish for Spanish above zero is heard whatever else is wanted.
        #[test]
        fn spanish_alone_is_heard(weight in 1u16..=999, others in "(fr|zh-Hans|vi|tl)") {
            let header = format!("{others},es;q=0.{weight:03}");
            prop_assert_eq!(preferred(&header), Language::Spanish);
        }
    }
}
