//! The crosswalk columns of the register, in both directions.
//!
//! In: a code, or a column and value of a standard. Out: the values that stand for the code, or
//! the codes that a value stands for. Assumes what the tests below hold: every value exists in the
//! standard's own file, and no value means two codes of a kind.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use crate::record::Code;
use crate::register::{Entry, Kind, Register};

/// A standard with crosswalk columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Standard {
    Htcds,
    Ctdc,
    Niem,
    Nibrs,
}

/// The column under which NIBRS offence codes stand here.
pub(super) const OFFENSE: &str = "offense";

/// The code that says what two others say together, and has no word of its own elsewhere.
pub(super) const BOTH: (Kind, &str, [&str; 2]) = (Kind::TraffickingType, "both", ["sex", "labor"]);

/// A value of a standard that stands for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Value {
    pub(super) column: &'static str,
    pub(super) value: &'static str,
    /// Whether it means the same; otherwise it covers more and is never read as the code.
    pub(super) exact: bool,
}

/// The values that stand for a code, those that mean the same first.
pub(super) fn values(standard: Standard, code: Code) -> &'static [Value] {
    let key = (standard, code.entry().kind, code.as_str());
    index().values.get(&key).map_or(&[], Vec::as_slice)
}

/// The code of a kind that a value means.
pub(super) fn meaning(standard: Standard, kind: Kind, column: &str, value: &str) -> Option<Code> {
    let found = index().codes.get(&(standard, kind))?.get(&(column, value))?;
    found.iter().find(|(_, exact)| *exact).map(|(code, _)| *code)
}

/// The codes of a kind that a value may stand for.
pub(super) fn codes(standard: Standard, kind: Kind, column: &str, value: &str) -> Vec<Code> {
    let of_kind = index().codes.get(&(standard, kind));
    let found = of_kind.and_then(|codes| codes.get(&(column, value)));
    found.into_iter().flatten().map(|(code, _)| *code).collect()
}

/// The columns of a standard in which codes of a kind stand.
pub(super) fn columns(standard: Standard, kind: Kind) -> &'static BTreeSet<&'static str> {
    static NONE: BTreeSet<&'static str> = BTreeSet::new();
    index().columns.get(&(standard, kind)).unwrap_or(&NONE)
}

/// A column and a value of it.
type Word = (&'static str, &'static str);

/// The codes that each word may stand for, and whether it means just that.
type Meanings = HashMap<Word, Vec<(Code, bool)>>;

#[derive(Default)]
struct Index {
    values: HashMap<(Standard, Kind, &'static str), Vec<Value>>,
    codes: HashMap<(Standard, Kind), Meanings>,
    columns: HashMap<(Standard, Kind), BTreeSet<&'static str>>,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = Index::default();
        for standard in Standard::ALL {
            for kind in Kind::ALL {
                for entry in Register::embedded().entries(kind) {
                    index.add(standard, entry);
                }
            }
        }
        index
    })
}

impl Index {
    fn add(&mut self, standard: Standard, entry: &'static Entry) {
        let Some(code) = Code::get(entry.kind, &entry.code) else { return };
        let mut values: Vec<Value> =
            entry.list(standard.word()).map(|p| standard.value(p)).collect();
        values.sort_by_key(|value| !value.exact);
        // What two codes say together is read from the two.
        if (entry.kind, &*entry.code) != (BOTH.0, BOTH.1) {
            let codes = self.codes.entry((standard, entry.kind)).or_default();
            for value in &values {
                let place = codes.entry((value.column, value.value)).or_default();
                place.push((code, value.exact));
                self.columns.entry((standard, entry.kind)).or_default().insert(value.column);
            }
        }
        self.values.insert((standard, entry.kind, &entry.code), values);
    }
}

impl Standard {
    const ALL: [Standard; 4] = [Standard::Htcds, Standard::Ctdc, Standard::Niem, Standard::Nibrs];

    /// The name of its crosswalk column.
    fn word(self) -> &'static str {
        match self {
            Standard::Htcds => "htcds",
            Standard::Ctdc => "ctdc",
            Standard::Niem => "niem",
            Standard::Nibrs => "nibrs",
        }
    }

    /// One part of a crosswalk cell: `column=value`, `~column=value`, or a lone word: a 0/1 column
    /// of CTDC, an element of NIEM, an offence code of NIBRS.
    fn value(self, part: &'static str) -> Value {
        let exact = !part.starts_with('~');
        let part = part.trim_start_matches('~');
        let (column, value) = part.split_once('=').unwrap_or(match self {
            Standard::Htcds | Standard::Niem => (part, ""),
            Standard::Ctdc => (part, "1"),
            Standard::Nibrs => (OFFENSE, part),
        });
        Value { column, value, exact }
    }
}

#[cfg(test)]
mod tests;
