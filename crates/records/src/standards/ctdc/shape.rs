//! The columns and cells of the CTDC dataset, and where a day and an age stand in them.

use jiff::civil::Date;

use super::columns::{column, columns, key, repeated_in};
use crate::Shown;
use crate::record::{Code, Field, Holds, split_list};
use crate::standards::crosswalk::Standard;
use crate::standards::rows::{Cells, Found, Refused, Shape};

pub(super) struct Ctdc;

/// The column that says what two others say together.
const BOTH: &str = "isSexAndLabour";
const PARTS: [&str; 2] = ["isSexualExploit", "isForcedLabour"];
/// Where an age stands, the earliest day first.
const AGES: [&str; 3] = ["majorityStatusAtExploit", "majorityEntry", "majorityStatus"];
const AGE_GROUP: &str = "ageBroad";

impl Shape for Ctdc {
    const STANDARD: Standard = Standard::Ctdc;
    const DAY: &'static str = "yearOfRegistration";

    fn columns() -> Vec<&'static str> {
        columns().iter().map(|column| column.name).collect()
    }

    fn find(header: &str) -> Found {
        let wanted = match key(header) {
            misspelt if misspelt == "countryofexploition" => "countryofexploitation".to_owned(),
            misspelt if misspelt == "recruiterrelationuknown" => {
                "recruiterrelationunknown".to_owned()
            }
            known => known,
        };
        let is_wanted = |name: &str| name.eq_ignore_ascii_case(&wanted);
        if let Some(column) = columns().iter().find(|column| is_wanted(column.name)) {
            return Found::Column(column.name);
        }
        match wanted.as_str() {
            "reference" | "id" | "caseid" => Found::Reference,
            "date" => Found::Day,
            _ => Found::Unknown,
        }
    }

    fn is_empty(text: &str) -> bool {
        matches!(text.trim().to_ascii_lowercase().as_str(), "" | "-99" | "0" | "null" | "na")
    }

    fn check(name: &'static str, text: &str) -> Result<(), Refused> {
        let refuse = |expected: String| {
            let fix = "use the dataset's values, or leave it empty".to_owned();
            Err(Refused { value: Shown::Withheld, expected, fix })
        };
        let Some(column) = column(name) else { return Ok(()) };
        if column.is_flag {
            return if text == "1" { Ok(()) } else { refuse("1, 0 or nothing".to_owned()) };
        }
        if name == Self::DAY {
            let year =
                text.len() == 4 && text.parse().is_ok_and(|y: u16| (1900..2200).contains(&y));
            return if year { Ok(()) } else { refuse("a year such as 2019".to_owned()) };
        }
        if column.words.is_empty() {
            return Ok(());
        }
        let known = match column.repeats() {
            true => split_list(text).all(|word| column.word(word).is_some()),
            false => column.word(text).is_some(),
        };
        if known {
            return Ok(());
        }
        let words: Vec<&str> = column.words.iter().map(|(word, _)| *word).collect();
        let which = if column.repeats() { "words, separated by `;`, of" } else { "one of" };
        refuse(format!("{which} {}", words.join(", ")))
    }

    fn contradictions(cells: &Cells, has: &dyn Fn(&str) -> bool) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for joined in columns().iter().filter(|column| says(cells, column.name)) {
            for (word, flag) in &joined.words {
                let Some(flag) = flag.filter(|flag| has(flag)) else { continue };
                let worded = words(cells, joined.name).contains(word);
                if worded && !is_one(cells, flag) && !is_implied(cells, flag) {
                    found.push((joined.name, format!("1 in {flag}, or not the word \"{word}\"")));
                }
                if !worded && is_one(cells, flag) {
                    found.push((joined.name, format!("the word \"{word}\", or no 1 in {flag}")));
                }
            }
        }
        found
    }

    fn values(cells: &Cells, name: &str) -> Vec<&'static str> {
        let Some(column) = column(name) else { return Vec::new() };
        if column.is_flag {
            let unstated = !cells.contains_key(name);
            let worded = |(joined, word)| words(cells, joined).contains(&word);
            let said = is_one(cells, name)
                || is_implied(cells, name)
                || (unstated && repeated_in(name).is_some_and(worded));
            return if said { vec!["1"] } else { Vec::new() };
        }
        match cells.get(name) {
            Some(text) if !column.repeats() => column.word(text).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn set_values(cells: &mut Cells, name: &'static str, values: &[&'static str]) {
        // What one column says for two is taken apart before one of the two changes.
        if PARTS.contains(&name) && is_one(cells, BOTH) {
            cells.insert(BOTH, "0".to_owned());
            cells.extend(PARTS.map(|part| (part, "1".to_owned())));
        }
        match (values, column(name).is_some_and(|column| column.is_flag)) {
            ([], true) => cells.insert(name, "0".to_owned()),
            ([], false) => cells.remove(name),
            ([value, ..], _) => cells.insert(name, (*value).to_owned()),
        };
    }

    fn holds_several(_: &str) -> bool {
        false
    }

    fn reference(_: &Cells) -> &str {
        ""
    }

    fn day(_: &Cells) -> &str {
        ""
    }

    fn set_day(cells: &mut Cells, day: Date) {
        cells.entry(Self::DAY).or_insert_with(|| day.year().to_string());
    }

    fn age(cells: &Cells, _: Option<Date>) -> Option<&'static str> {
        let stated = AGES.into_iter().find_map(|name| match Self::values(cells, name)[..] {
            ["Minor"] => Some("minor"),
            ["Adult"] => Some("adult"),
            _ => None,
        });
        stated.or_else(|| match Self::values(cells, AGE_GROUP)[..] {
            ["0--8" | "9--17"] => Some("minor"),
            [_] => Some("adult"),
            _ => None,
        })
    }

    fn set_age(cells: &mut Cells, age: Code) {
        match age.as_str() {
            "minor" => cells.insert(AGES[0], "Minor".to_owned()),
            "adult" => cells.insert(AGES[0], "Adult".to_owned()),
            _ => {
                cells.retain(|name, _| !AGES.contains(name) && *name != AGE_GROUP);
                None
            }
        };
    }

    fn finish(cells: &mut Cells) {
        if PARTS.iter().all(|part| is_one(cells, part)) {
            cells.insert(BOTH, "1".to_owned());
        }
        let mut joined = Vec::new();
        for column in columns().iter().filter(|column| column.repeats()) {
            let flags = column.words.iter().filter_map(|(word, flag)| Some((*word, (*flag)?)));
            let said = flags.filter(|(_, flag)| !Self::values(cells, flag).is_empty());
            joined.push((column, said.map(|(word, _)| word).collect::<Vec<_>>()));
        }
        for (column, said) in joined {
            let mut stands = words(cells, column.name);
            stands.sort_by_key(|word| column.words.iter().position(|(known, _)| known == word));
            if stands != said {
                cells.insert(column.name, said.join(";"));
            }
        }
    }

    fn repeats(name: &str) -> bool {
        name == BOTH || column(name).is_some_and(|column| column.repeats())
    }

    fn is_no_victim(_: &Cells) -> bool {
        false
    }

    fn text_column(field: &'static Field) -> Option<&'static str> {
        field.ctdc.filter(|_| matches!(field.holds, Holds::Name | Holds::Text | Holds::BirthDate))
    }
}

fn says(cells: &Cells, name: &str) -> bool {
    cells.get(name).is_some_and(|text| !Ctdc::is_empty(text))
}

fn is_one(cells: &Cells, name: &str) -> bool {
    cells.get(name).is_some_and(|text| text.trim() == "1")
}

/// Whether the column for two says it.
fn is_implied(cells: &Cells, name: &str) -> bool {
    PARTS.contains(&name) && is_one(cells, BOTH)
}

/// The words of a cell that repeats 0/1 columns.
fn words(cells: &Cells, name: &str) -> Vec<&'static str> {
    let (Some(column), Some(text)) = (column(name), cells.get(name)) else { return Vec::new() };
    if Ctdc::is_empty(text) || !column.repeats() {
        return Vec::new();
    }
    split_list(text).filter_map(|word| column.word(word)).collect()
}
