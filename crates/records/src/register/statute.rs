//! Sections of law as people write them, by the date of the offence.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{Entry, Kind, Register};

/// Why no rule may take a section as in force on a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatuteError {
    /// The register does not know the section.
    #[error("the register knows no section \"{text}\"{}", or_meant(near))]
    Unknown {
        /// What was written.
        text: String,
        /// Codes it may have meant.
        near: Vec<String>,
    },
    /// Nobody has checked the subdivision's text or dates against the statute.
    #[error(
        "section {code} is in the register and was not checked against the statute, so no rule \
         relies on it{}",
        use_whole(section)
    )]
    Unverified {
        /// The subdivision.
        code: String,
        /// The checked section of which it is a part.
        section: Option<String>,
    },
    /// The offence lies before the section came into force.
    #[error("section {code} came into force on {from}, after {on}")]
    NotYetInForce {
        /// The section.
        code: String,
        /// Its first day in force.
        from: Date,
        /// The day asked about.
        on: Date,
    },
    /// The offence lies after the section's last day.
    #[error("section {code} was in force until {to}, before {on}; {}", what_followed(successor))]
    NoLongerInForce {
        /// The section.
        code: String,
        /// Its last day in force.
        to: Date,
        /// The day asked about.
        on: Date,
        /// What took its place, if anything did.
        successor: Option<String>,
    },
}

fn or_meant(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) }
}

fn use_whole(section: &Option<String>) -> String {
    section.as_ref().map_or_else(String::new, |section| format!("; use section {section}"))
}

fn what_followed(successor: &Option<String>) -> String {
    match successor {
        Some(successor) => format!("section {successor} took its place"),
        None => "it is historical and has no successor".to_owned(),
    }
}

impl Register {
    /// The section that was in force on the day of an offence.
    ///
    /// Only sections whose text and dates were checked count. A section without a day stated in a
    /// checked source has that end open.
    ///
    /// # Errors
    ///
    /// [`StatuteError`] when the section is unknown or unverified, or was not in force that day;
    /// it then names the successor or says that the section is historical.
    pub fn statute_on(&self, section: &str, on: Date) -> Result<&Entry, StatuteError> {
        let Some(entry) = self.resolve(Kind::Statute, section) else {
            let near = self.nearest_codes(Kind::Statute, section);
            return Err(StatuteError::Unknown {
                text: section.trim().to_owned(),
                near: near.into_iter().map(str::to_owned).collect(),
            });
        };
        let code = entry.code.clone();
        if !entry.verified() {
            let section = entry.attribute("section");
            let section = section.and_then(|code| self.rule_entry(Kind::Statute, code));
            return Err(StatuteError::Unverified {
                code,
                section: section.map(|s| s.code.clone()),
            });
        }
        if let Some(from) = entry.valid_from.filter(|from| on < *from) {
            return Err(StatuteError::NotYetInForce { code, from, on });
        }
        if let Some(to) = entry.valid_to.filter(|to| *to < on) {
            let successor = entry.successor.as_deref();
            let successor = successor.and_then(|code| self.rule_entry(Kind::Statute, code));
            let successor = successor.map(|entry| entry.code.clone());
            return Err(StatuteError::NoLongerInForce { code, to, on, successor });
        }
        Ok(entry)
    }

    /// The checked row that decides what a section may be counted as: its own, or that of the
    /// whole section when nobody has checked the subdivision.
    pub fn rule_statute(&self, code: &str) -> Option<&Entry> {
        let entry = self.get(Kind::Statute, code)?;
        if entry.verified() {
            return Some(entry);
        }
        self.rule_entry(Kind::Statute, entry.attribute("section")?)
    }
}

/// A section without the name of the code it stands in: `Penal Code § 236.1, subd. (a)` to
/// `236.1(a)`. A text that names another code is left as it is and therefore matches nothing.
pub(super) fn bare_section(text: &str) -> Cow<'_, str> {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^\s*
            (?:cal(?:ifornia)?\b\.?\s*)?
            (?:p\.?\s?c\.?|pen(?:al)?\.?\s*code)?[\s,:]*
            (?:§+|sections?|secs?\.?)?\s*
            (?<section>\d[\w.]*)
            [\s,]*(?:subd(?:ivision)?s?\.?)?\s*
            (?<subdivision>(?:\(\w+\)\s*)*)
            (?:(?:\s|,|of|the|cal(?:ifornia)?\b\.?)*(?:p\.?\s?c\.?|pen(?:al)?\.?\s*code))?\s*$",
        )
        .expect("the pattern is a constant, and a test uses it")
    });
    match WRITTEN.captures(text) {
        Some(found) => {
            let subdivision = found["subdivision"].trim_end();
            Cow::Owned(format!("{}{subdivision}", &found["section"]))
        }
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sections_lose_the_name_of_their_code() {
        for (text, section) in [
            ("PC 236.1", "236.1"),
            ("pc236.1(a)", "236.1(a)"),
            ("Cal. Penal Code § 266h", "266h"),
            ("Penal Code section 236.1, subdivision (a)", "236.1(a)"),
            ("236.1 (c)(1)", "236.1(c)(1)"),
            ("653.22(A) of the Penal Code", "653.22(A)"),
            ("HS 11350", "HS 11350"),
            ("Pimping", "Pimping"),
        ] {
            assert_eq!(bare_section(text), section);
        }
    }

    fn refusal(section: &str, on: Date) -> String {
        Register::embedded().statute_on(section, on).unwrap_err().to_string()
    }

    #[test]
    fn the_day_of_the_offence_decides() {
        let register = Register::embedded();
        for section in ["236.1", "266h", "266i", "266j", "267", "311.4", "653.22", "653.22(A)"] {
            assert!(register.statute_on(section, date(2012, 6, 30)).is_ok(), "{section}");
        }
        assert!(register.statute_on("653.22", date(2022, 12, 31)).is_ok());
        insta::assert_snapshot!(
            refusal("PC 653.22", date(2023, 1, 1)),
            @"section 653.22 was in force until 2022-12-31, before 2023-01-01; it is historical and has no successor"
        );
        insta::assert_snapshot!(
            refusal("236.1", date(2005, 12, 31)),
            @"section 236.1 came into force on 2006-01-01, after 2005-12-31"
        );
        insta::assert_snapshot!(refusal("236.11", date(2012, 1, 1)), @r#"the register knows no section "236.11"; did you mean 236.1, 236.1(a), 236.1(b)?"#);
        insta::assert_snapshot!(refusal("266h(b)(1)", date(2012, 1, 1)), @"section 266h(b)(1) is in the register and was not checked against the statute, so no rule relies on it; use section 266h");
    }

    #[test]
    fn whom_a_section_targets_decides_what_it_may_count() {
        let register = Register::embedded();
        for entry in register.entries(Kind::Statute) {
            if entry.list("targets").any(|target| target == "person_sold") {
                assert!(!entry.is("counts_as_trafficking"), "{}", entry.code);
                assert!(!entry.is("counts_as_offender"), "{}", entry.code);
                assert!(entry.attribute("caution").is_some(), "{}", entry.code);
            }
        }
        let on = date(2012, 6, 30);
        let loitering = register.statute_on("653.22(A)", on).unwrap();
        assert!(!loitering.is("counts_as_offender") && !loitering.is("counts_as_trafficking"));
        assert!(register.statute_on("236.1", on).unwrap().is("counts_as_trafficking"));
        assert!(register.statute_on("266h", on).unwrap().is("counts_as_offender"));
        let unchecked = register.rule_statute("266h(b)(1)").unwrap();
        assert_eq!(unchecked.code, "266h");
    }

    proptest! {
        /// No rule ever sees a section that nobody has checked, or one that was not in force.
        #[test]
        fn rules_see_only_checked_sections(pick in 0..1000usize, year in 1990i16..2040) {
            let register = Register::embedded();
            let all: Vec<_> = register.entries(Kind::Statute).collect();
            let on = date(year, 6, 30);
            if let Ok(entry) = register.statute_on(&all[pick % all.len()].code, on) {
                prop_assert!(entry.verified() && entry.in_force_on(on));
            }
        }

        /// No text makes the reading panic.
        #[test]
        fn any_text_is_a_section_or_not(text in ".{0,40}") {
            let _ = Register::embedded().statute_on(&text, date(2012, 1, 1));
        }
    }
}
