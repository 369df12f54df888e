//! Sentences of others, made fit for a page.
//!
//! In: a sentence from a rule, a return or the register. Out: the same sentence with days,
//! periods and quarters in words, a capital letter, a full stop, and "rescued" in quotation
//! marks: it is a word of those who are quoted, not ours.

use records::Period;

use crate::words;

/// A sentence as a page prints it.
pub(crate) fn said(text: &str) -> String {
    let text = words::capital(&quoted(&dated(text.trim())));
    match text.chars().last() {
        Some(last) if last.is_alphanumeric() || last == ')' || last == '`' => format!("{text}."),
        _ => text,
    }
}

/// Puts the word "rescued" into quotation marks, once.
pub(crate) fn quoted(text: &str) -> String {
    ["rescued", "Rescued"].into_iter().fold(text.to_owned(), |text, word| {
        let marked = format!("“{word}”");
        text.replace(&marked, word).replace(word, &marked)
    })
}

/// Writes days, quarters and periods (`2010-07-01/2012-06-30`, `2026-Q3`) in words.
///
/// A figure's name has colons beside its period and is left as it is.
fn dated(text: &str) -> String {
    let part_of_date = |c: char| c.is_ascii_digit() || "-/Q.:_".contains(c);
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let before = rest[..start].chars().next_back();
        let length = rest[start..].find(|c| !part_of_date(c)).unwrap_or(rest.len() - start);
        let run = &rest[start..start + length];
        let found = run.trim_end_matches(['.', ':', '-', '/']);
        let alone = !before.is_some_and(|c| c.is_alphanumeric() || ":_-/".contains(c));
        let period = found.parse::<Period>().ok().filter(|_| alone && found.len() > 6);
        out.push_str(&rest[..start]);
        match period {
            Some(period) if period.days().is_some() => {
                out.push_str(&words::period(&period));
                out.push_str(&run[found.len()..]);
            }
            _ => out.push_str(run),
        }
        rest = &rest[start + length..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_and_quarters_are_written_in_words() {
        for (text, printed) in [
            (
                "8 of 9 task forces reported from 2010-07-01",
                "8 of 9 task forces reported from July 1, 2010.",
            ),
            ("(Agency, 2010-07-01/2012-06-30): two", "(Agency, July 2010 to June 2012): two."),
            ("all have reported 2026-Q3", "All have reported July–September 2026."),
            ("1,522 against 1,277 in 2011", "1,522 against 1,277 in 2011."),
            ("see victim_served:2010-Q3:cal-ema", "See victim_served:2010-Q3:cal-ema."),
            ("", ""),
            ("call 1-888-373-7888!", "Call 1-888-373-7888!"),
            ("over 230 rescued in 2021-05.", "Over 230 “rescued” in May 2021."),
        ] {
            assert_eq!(said(text), printed);
        }
    }

    #[test]
    fn a_word_of_others_is_quoted_once() {
        assert_eq!(quoted("victims rescued"), "victims “rescued”");
        assert_eq!(quoted("victims “rescued”"), "victims “rescued”");
    }

    proptest! {
        /// Any text can be said, and a text without digits is otherwise left alone.
        #[test]
        fn any_text_is_said(text in "\\PC{0,40}") {
            let _ = said(&text);
            if !text.chars().any(|c| c.is_ascii_digit()) {
                prop_assert_eq!(dated(&text), text);
            }
        }
    }
}
