//! Names of documents, each once.
//!
//! In: documents as returns name them ("Title, Chapters 3 and 5, Charts 1, 2 and 4"). Out: one
//! line in which a title stands once, behind it every chapter, chart and table that is named. What
//! does not follow that form is kept as it is.

use std::collections::{BTreeMap, BTreeSet};

/// What a document is divided into, in the order in which it is printed.
const DIVISIONS: [&str; 5] = ["Chapter", "Appendix", "Chart", "Table", "end note"];

/// What is named of one document: numbers by division, and whatever else is said.
#[derive(Debug, Default)]
struct Named<'a> {
    numbers: BTreeMap<usize, BTreeSet<u32>>,
    other: BTreeSet<&'a str>,
}

/// The documents as one line.
pub(crate) fn listed<'a>(documents: impl IntoIterator<Item = &'a str>) -> String {
    let mut titles: Vec<(&str, Named<'_>)> = Vec::new();
    for document in documents {
        let (title, rest) = divided(document);
        let position = titles.iter().position(|(known, _)| *known == title).unwrap_or_else(|| {
            titles.push((title, Named::default()));
            titles.len() - 1
        });
        titles[position].1.add(rest);
    }
    let each: Vec<String> = titles.iter().map(|(title, named)| named.print(title)).collect();
    each.join("; ")
}

/// Title and the part that names chapters and charts.
fn divided(document: &str) -> (&str, &str) {
    let at = DIVISIONS.iter().filter_map(|name| document.find(&format!(", {name}"))).min();
    at.map_or((document, ""), |at| (&document[..at], &document[at + 2..]))
}

impl<'a> Named<'a> {
    fn add(&mut self, rest: &'a str) {
        match numbers(rest) {
            Some(found) => {
                for (division, number) in found {
                    self.numbers.entry(division).or_default().insert(number);
                }
            }
            None => {
                self.other.insert(rest);
            }
        }
    }

    fn print(&self, title: &str) -> String {
        let mut text = title.to_owned();
        for (division, numbers) in &self.numbers {
            let name = DIVISIONS[*division];
            let plural = if numbers.len() == 1 { "" } else { "s" };
            text.push_str(&format!(", {name}{plural} {}", in_words(numbers)));
        }
        for other in &self.other {
            text.push_str(&format!(", {other}"));
        }
        text
    }
}

/// Every number with its division; absent when anything else is said.
fn numbers(rest: &str) -> Option<Vec<(usize, u32)>> {
    let mut found: Vec<(usize, u32)> = Vec::new();
    let (mut division, mut range) = (None, false);
    let words = rest.split([' ', ',']).filter(|word| !word.is_empty());
    for word in words {
        let name = DIVISIONS.iter().position(|name| word.trim_end_matches('s') == *name);
        match (name, word, word.parse::<u32>()) {
            (Some(name), _, _) => division = Some(name),
            (_, "to", _) => range = true,
            (_, "and", _) => {}
            (_, _, Ok(last)) => {
                let first = match found.last() {
                    Some((_, first)) if range && *first < last && last - first < 100 => first + 1,
                    _ => last,
                };
                found.extend((first..=last).map(|number| (division.unwrap_or(0), number)));
                range = false;
            }
            _ => return None,
        }
    }
    (rest.is_empty() || division.is_some()).then_some(found)
}

/// `1 to 3`, `1, 2, 3, 5 and 7`.
fn in_words(numbers: &BTreeSet<u32>) -> String {
    let numbers: Vec<u32> = numbers.iter().copied().collect();
    match numbers.as_slice() {
        [] => String::new(),
        [one] => one.to_string(),
        [first, .., last] if numbers.len() > 2 && last - first + 1 == numbers.len() as u32 => {
            format!("{first} to {last}")
        }
        [before @ .., last] => {
            let before: Vec<String> = before.iter().map(u32::to_string).collect();
            format!("{} and {last}", before.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_stands_once() {
        let report = "The State of Human Trafficking in California 2012";
        let all = [
            format!("{report}, Chapter 3, Charts 1 to 3"),
            format!("{report}, Chapters 3 and 5, Charts 1, 2, 3, 5, 7 and 8"),
            format!("{report}, Chapter 3, Table 1"),
            "News stories from Fresno (two), Los Banos and Kern County".to_owned(),
        ];
        insta::assert_snapshot!(
            listed(all.iter().map(String::as_str)),
            @"The State of Human Trafficking in California 2012, Chapters 3 and 5, Charts 1, 2, 3, 5, 7 and 8, Table 1; News stories from Fresno (two), Los Banos and Kern County"
        );
    }

    #[test]
    fn what_is_said_otherwise_is_kept() {
        assert_eq!(
            listed(["A, Chapter 3 (in part)", "A, Chapter 4"]),
            "A, Chapter 4, Chapter 3 (in part)"
        );
        assert_eq!(listed(["A, Charts 1 to 3"]), "A, Charts 1 to 3");
        assert_eq!(listed(["A"]), "A");
    }

    proptest! {
        /// One document of any name is printed without a panic, and never shorter than its title.
        #[test]
        fn any_name_is_listed(name in "\\PC{0,30}(, Charts? [0-9]{1,12}( to [0-9]{1,12})?)?") {
            let title = divided(&name).0;
            prop_assert!(listed([name.as_str()]).starts_with(title));
        }
    }
}
