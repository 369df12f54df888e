//! Codes, labels and spreadsheet spellings to entries.

use std::borrow::Cow;

use super::{Entry, Kind, Register, Version, statute};

impl Register {
    /// All versions, the oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version of that name.
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }

    /// The version in use.
    pub fn current_version(&self) -> &Version {
        &self.current
    }

    /// The entries of a kind in the version in use, in file order.
    pub fn entries(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.entries_at(&self.current, kind)
    }

    /// The entries of a kind in a version, in file order.
    pub fn entries_at<'a>(
        &'a self,
        version: &Version,
        kind: Kind,
    ) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let order = version.order;
        self.entries.iter().filter(move |entry| entry.kind == kind && entry.stands_at(order))
    }

    /// Every wording of a code, the oldest first.
    pub fn history(&self, kind: Kind, code: &str) -> Vec<&Entry> {
        let wordings = self.entries.iter().filter(|entry| entry.kind == kind && entry.code == code);
        let mut wordings: Vec<&Entry> = wordings.collect();
        wordings.sort_by_key(|entry| entry.versions);
        wordings
    }

    /// The newest wording of a code, retired codes included: figures of 2012 keep their codes.
    pub fn get(&self, kind: Kind, code: &str) -> Option<&Entry> {
        self.history(kind, code).pop()
    }

    /// The wording of a code in a version.
    pub fn get_at(&self, version: &Version, kind: Kind, code: &str) -> Option<&Entry> {
        self.entries_at(version, kind).find(|entry| entry.code == code)
    }

    /// The newest wording of a code, when it was checked against its source. Rules take their
    /// definitions from here.
    pub fn rule_entry(&self, kind: Kind, code: &str) -> Option<&Entry> {
        self.get(kind, code).filter(|entry| entry.verified())
    }

    /// What a code means, of whatever kind: one newest wording per kind. When no code is exactly
    /// this, labels and aliases are tried.
    pub fn find(&self, text: &str) -> Vec<&Entry> {
        let exact: Vec<&Entry> =
            Kind::ALL.into_iter().filter_map(|kind| self.get(kind, text.trim())).collect();
        if !exact.is_empty() {
            return exact;
        }
        Kind::ALL.into_iter().filter_map(|kind| self.resolve_any(kind, text)).collect()
    }

    /// What a text in a spreadsheet means today: a code, label or alias, whatever its case, spaces
    /// and punctuation.
    ///
    /// # Examples
    ///
    /// ```
    /// use records::register::{Kind, Register};
    ///
    /// let register = Register::embedded();
    /// for text in ["PC 236.1", "Penal Code 236.1", "§236.1", "236.1"] {
    ///     let entry = register.resolve(Kind::Statute, text).expect("a section of the report");
    ///     assert_eq!(entry.code, "236.1");
    /// }
    /// // The silent "other" of 2012 is no answer any more.
    /// assert!(register.resolve(Kind::TraffickingType, "other (unclassified)").is_none());
    /// ```
    pub fn resolve(&self, kind: Kind, text: &str) -> Option<&Entry> {
        self.resolve_at(&self.current, kind, text)
    }

    /// What a text meant in a version.
    pub fn resolve_at(&self, version: &Version, kind: Kind, text: &str) -> Option<&Entry> {
        self.meanings(kind, text).find(|entry| entry.stands_in(version))
    }

    /// What a text means today, or else what it meant last.
    pub fn resolve_any(&self, kind: Kind, text: &str) -> Option<&Entry> {
        self.meanings(kind, text).max_by_key(|entry| entry.versions.1)
    }

    fn meanings(&self, kind: Kind, text: &str) -> impl Iterator<Item = &Entry> {
        let found = self.readings.get(&(kind, reading_key(kind, text)));
        found.into_iter().flatten().filter_map(|&at| self.entries.get(at))
    }

    /// Who may state a figure: a task force, a practice task force or an agency, by its code.
    pub fn reporter(&self, code: &str) -> Option<&Entry> {
        REPORTERS.into_iter().find_map(|kind| self.get(kind, code))
    }

    /// Who may state a figure, as a spreadsheet writes them.
    pub fn resolve_reporter(&self, text: &str) -> Option<&Entry> {
        REPORTERS.into_iter().find_map(|kind| self.resolve(kind, text))
    }

    /// Up to three current codes of a kind that a text may have meant, the nearest first, for
    /// error messages.
    pub fn nearest_codes(&self, kind: Kind, text: &str) -> Vec<&str> {
        let wanted: String = reading_key(kind, text).chars().take(LONGEST_COMPARED).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut near: Vec<(usize, &str)> = Vec::new();
        // A code that was retired leads to the one that took its place.
        let retired = self.resolve_any(kind, text).and_then(|entry| entry.successor.as_deref());
        near.extend(retired.map(|successor| (0, successor)));
        for entry in self.entries(kind) {
            let texts = [&entry.code, &entry.label].into_iter().chain(&entry.aliases);
            let distance = texts.map(|known| distance(&wanted, &reading_key(kind, known))).min();
            let near_enough = distance.filter(|steps| steps * 3 <= wanted.len().max(3));
            if let Some(distance) = near_enough
                && near.iter().all(|(_, code)| *code != entry.code)
            {
                near.push((distance, &entry.code));
            }
        }
        near.sort();
        near.into_iter().take(3).map(|(_, code)| code).collect()
    }
}

/// The kinds whose codes may stand as a reporter; no code is in two of them.
pub(super) const REPORTERS: [Kind; 3] = [Kind::TaskForce, Kind::PracticeTaskForce, Kind::Agency];

/// Longer texts are cut before they are compared: no code or label is as long.
const LONGEST_COMPARED: usize = 80;

/// What a text reads as: its letters and digits in lower case. A point between two digits stays,
/// or section 236.1 would read as section 2361; sections of law lose the name of their code.
pub(super) fn reading_key(kind: Kind, text: &str) -> String {
    let text = match kind {
        Kind::Statute => statute::bare_section(text),
        _ => Cow::Borrowed(text),
    };
    let mut key = String::new();
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let digit = |other: Option<char>| other.is_some_and(|c| c.is_ascii_digit());
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else if c == '.' && digit(before) && digit(rest.peek().copied()) {
            key.push('.');
        }
        before = Some(c);
    }
    key
}

/// The number of letters to insert, remove or replace to get from one text to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (j, b) in to.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or_default();
            let cost = (corner + usize::from(a != *b)).min(above + 1).min(left + 1);
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            corner = above;
            left = cost;
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_between_two_words() {
        for (from, to, steps) in [("", "abc", 3), ("kitten", "sitting", 3), ("same", "same", 0)] {
            assert_eq!(distance(from, to), steps, "{from} {to}");
        }
    }

    #[test]
    fn every_code_label_and_alias_means_its_own_entry() {
        let register = Register::embedded();
        for kind in Kind::ALL {
            for entry in register.entries(kind) {
                let texts = [&entry.code, &entry.label].into_iter().chain(&entry.aliases);
                for text in texts {
                    let found = register.resolve(kind, text).map(|found| &found.code);
                    assert_eq!(found, Some(&entry.code), "{kind}: {text}");
                }
            }
        }
    }

    #[test]
    fn spellings_of_the_source_are_read() {
        let register = Register::embedded();
        for (kind, text, code) in [
            (Kind::TraffickingType, "Labour", "labor"),
            (Kind::TraffickingType, "domestic servitude", "labor"),
            (Kind::TraffickingType, "Not yet classified", "not_yet_classified"),
            (Kind::County, "County of Los Angeles", "los-angeles"),
            (Kind::Statute, "Penal Code section 236.1, subdivision (a)", "236.1(a)"),
            (Kind::Statute, "P.C. § 653.22(A)", "653.22(A)"),
            (Kind::Statute, "266h PC", "266h"),
            (Kind::TaskForce, "san jose/south bay human trafficking task force", "san-jose"),
            (Kind::Service, "Interpretive Services", "interpretive_services"),
            (Kind::Origin, "United States", "us"),
        ] {
            assert_eq!(
                register.resolve(kind, text).map(|entry| &*entry.code),
                Some(code),
                "{text}"
            );
        }
        let old = register.version("2012.1").unwrap();
        let other = register.resolve_at(old, Kind::TraffickingType, "other (unclassified)");
        assert_eq!(other.map(|entry| &*entry.code), Some("other_unclassified"));
        assert_eq!(register.resolve_reporter("Cal EMA").map(|entry| &*entry.code), Some("cal-ema"));
        for text in ["2361", "HS 236.1", "", "236", "Sectio"] {
            assert!(register.resolve(Kind::Statute, text).is_none(), "{text}");
        }
    }

    #[test]
    fn old_figures_keep_their_words() {
        let register = Register::embedded();
        let (old, kind) = (register.version("2012.1").unwrap(), Kind::TraffickingType);
        assert_eq!(register.current_version().name, "2026.1");
        let other = register.get(kind, "other_unclassified").unwrap();
        assert_eq!(other.until.as_deref(), Some("2026.1"));
        assert!(register.entries(kind).all(|entry| !entry.code.starts_with("other")));
        let wordings = register.history(Kind::CountedUnit, "victim_identified");
        assert_eq!(wordings.len(), 2);
        assert_eq!(register.get_at(old, Kind::CountedUnit, "victim_identified"), Some(wordings[0]));
        assert_eq!(register.get(Kind::CountedUnit, "victim_identified"), Some(wordings[1]));
    }

    #[test]
    fn a_code_is_found_whatever_its_kind() {
        let register = Register::embedded();
        let kinds = |text| register.find(text).iter().map(|entry| entry.kind).collect::<Vec<_>>();
        assert_eq!(kinds("fresno"), [Kind::TaskForce, Kind::County]);
        assert_eq!(kinds("Penal Code 266h"), [Kind::Statute]);
        assert!(kinds("no such thing").is_empty());
    }

    #[test]
    fn rules_never_see_what_nobody_checked() {
        let register = Register::embedded();
        for kind in Kind::ALL {
            for entry in register.entries(kind) {
                let found = register.rule_entry(kind, &entry.code);
                assert_eq!(found.is_some(), entry.verified(), "{kind} {}", entry.code);
            }
        }
        for unit in register.entries(Kind::CountedUnit) {
            assert!(unit.unit().is_some(), "{}", unit.code);
        }
    }

    #[test]
    fn a_slip_of_the_hand_finds_its_code() {
        let register = Register::embedded();
        assert_eq!(register.nearest_codes(Kind::County, "Almeda"), ["alameda"]);
        assert_eq!(register.nearest_codes(Kind::TraffickingType, "lobor"), ["labor"]);
        let retired = register.nearest_codes(Kind::TraffickingType, "Other (unclassified)");
        assert_eq!(retired, ["not_yet_classified"]);
        assert!(register.nearest_codes(Kind::County, "Zzyzx Road and beyond").is_empty());
    }

    proptest! {
        /// No text makes a look-up panic, and what is found stands in the current version.
        #[test]
        fn any_text_is_looked_up(text in ".{0,40}", kind in 0..Kind::ALL.len()) {
            let (register, kind) = (Register::embedded(), Kind::ALL[kind]);
            let found = register.resolve(kind, &text);
            prop_assert!(found.is_none_or(|entry| entry.stands_in(register.current_version())));
            prop_assert!(register.nearest_codes(kind, &text).len() <= 3);
            register.find(&text);
        }

        /// Case, spaces and punctuation around words change nothing.
        #[test]
        fn dressing_changes_nothing(
            pick in 0..10_000usize, upper: bool, dressing in "[ _/,-]{1,3}",
        ) {
            let register = Register::embedded();
            let labels: Vec<_> = register.entries(Kind::County).collect();
            let entry = labels[pick % labels.len()];
            let text = if upper { entry.label.to_uppercase() } else { entry.label.to_lowercase() };
            let text = format!("{dressing}{}{dressing}", text.replace(' ', &dressing));
            prop_assert_eq!(register.resolve(Kind::County, &text), Some(entry));
        }
    }
}
