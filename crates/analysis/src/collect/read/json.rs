//! JSON: an array of flat objects, `{"rows": […]}`, or one object after another.
//!
//! The header is every key in the order first seen; the first object is row 2. Numbers keep the
//! digits they were written with, so values are cut out of the text rather than parsed; `null`
//! and an absent key are empty cells.

use std::collections::HashMap;

use records::{CellProblem, Shown};
use serde::de::IgnoredAny;

use super::refusal::EMPTY;
use super::sheet::{File, MOST_CELLS, Reading};
use super::table::{self, RawRow, Source};

/// Whether a text begins as JSON tables do.
pub(super) fn looks_like(start: &str) -> bool {
    let mut marks = start.chars().filter(|c| !c.is_whitespace());
    matches!(
        (marks.next(), marks.next()),
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | ']'))
    )
}

/// Reads a JSON text.
pub(super) fn read(file: &File<'_>, text: &str) -> Reading {
    let mut objects = Objects {
        file,
        text,
        at: 0,
        header: Vec::new(),
        places: HashMap::new(),
        rows: Vec::new(),
        cells: 0,
        problems: Vec::new(),
    };
    if let Err(broken) = objects.document() {
        let problem = objects.broken(broken);
        objects.problems.push(problem);
    } else if objects.header.is_empty() && objects.problems.is_empty() {
        objects.problems.push(file.refused(EMPTY));
    }
    let Objects { header, rows, problems, .. } = objects;
    let mut reading = Reading { sheets: Vec::new(), problems };
    let rows = std::iter::once(RawRow { number: 1, cells: header }).chain(rows).collect();
    let source = Source { sheet: "", hidden: false, short_rows_are_wrong: false };
    table::shape(file, source, rows, Vec::new(), &mut reading);
    reading
}

/// What was expected where the text is no JSON table.
struct Broken(&'static str);

struct Objects<'a> {
    file: &'a File<'a>,
    text: &'a str,
    at: usize,
    header: Vec<String>,
    /// Key to its place in the header.
    places: HashMap<String, usize>,
    rows: Vec<RawRow>,
    cells: usize,
    problems: Vec<CellProblem>,
}

impl<'a> Objects<'a> {
    fn document(&mut self) -> Result<(), Broken> {
        match self.peek() {
            Some('[') => self.array()?,
            Some('{') if self.is_wrapped() => self.wrapped()?,
            _ => {
                while self.peek().is_some() {
                    self.object()?;
                }
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Broken("nothing after the table")),
        }
    }

    /// Whether the first object holds a list under `rows`.
    fn is_wrapped(&mut self) -> bool {
        let start = self.at;
        let mut found = false;
        if self.eat('{').is_ok() && self.peek() != Some('}') {
            while let Ok(key) = self.key() {
                found |= key == "rows" && self.peek() == Some('[');
                if found || self.value().is_err() || self.eat(',').is_err() {
                    break;
                }
            }
        }
        self.at = start;
        found
    }

    fn wrapped(&mut self) -> Result<(), Broken> {
        self.eat('{')?;
        let mut had_rows = false;
        loop {
            let key = self.key()?;
            if key == "rows" && std::mem::replace(&mut had_rows, true) {
                return Err(Broken("\"rows\" once"));
            }
            if key == "rows" {
                self.array()?;
            } else {
                self.value()?;
                self.problems.push(CellProblem {
                    file: self.file.name.to_owned(),
                    row: 0,
                    column: Shown::value(&key).to_string(),
                    value: Shown::Withheld,
                    expected: "only \"rows\" beside the rows".to_owned(),
                    fix: "put it into every row that it speaks of, or remove it".to_owned(),
                });
            }
            if self.peek() == Some('}') {
                return self.eat('}');
            }
            self.eat(',')?;
        }
    }

    fn array(&mut self) -> Result<(), Broken> {
        self.eat('[')?;
        if self.peek() == Some(']') {
            return self.eat(']');
        }
        loop {
            self.object()?;
            if self.peek() == Some(']') {
                return self.eat(']');
            }
            self.eat(',')?;
        }
    }

    fn object(&mut self) -> Result<(), Broken> {
        let number = self.rows.len() as u64 + 2;
        let mut cells = vec![String::new(); self.header.len()];
        let mut seen = vec![false; self.header.len()];
        self.eat('{').map_err(|_| Broken("an object, { … }, for each row"))?;
        if self.peek() == Some('}') {
            self.eat('}')?;
        } else {
            loop {
                let key = self.key()?;
                // The key counts as a column even when its value breaks the text off.
                let place = self.place(&key)?;
                let raw = self.value()?;
                cells.resize(self.header.len(), String::new());
                seen.resize(self.header.len(), false);
                if std::mem::replace(&mut seen[place], true) {
                    self.problems.push(self.problem(
                        number,
                        &key,
                        "each key once in a row",
                        "remove one of the two",
                    ));
                }
                match text_of(raw) {
                    Some(text) => cells[place] = text,
                    None => self.problems.push(self.problem(
                        number,
                        &key,
                        "a text, a number, true, false or null",
                        "write each part in a key of its own; lists and objects have no place in a cell",
                    )),
                }
                if self.peek() == Some('}') {
                    self.eat('}')?;
                    break;
                }
                self.eat(',')?;
            }
        }
        self.cells += self.header.len();
        if self.cells > MOST_CELLS {
            return Err(Broken("at most 2,000,000 cells in a table"));
        }
        self.rows.push(RawRow { number, cells });
        Ok(())
    }

    /// The key's place in the header.
    fn place(&mut self, key: &str) -> Result<usize, Broken> {
        if let Some(place) = self.places.get(key) {
            return Ok(*place);
        }
        if self.header.len() >= 16_384 {
            return Err(Broken("the same few keys in every row"));
        }
        self.header.push(key.to_owned());
        self.places.insert(key.to_owned(), self.header.len() - 1);
        Ok(self.header.len() - 1)
    }

    fn problem(&self, row: u64, key: &str, expected: &str, fix: &str) -> CellProblem {
        CellProblem {
            file: self.file.name.to_owned(),
            row,
            column: Shown::value(key).to_string(),
            value: Shown::Withheld,
            expected: expected.to_owned(),
            fix: fix.to_owned(),
        }
    }

    fn broken(&self, broken: Broken) -> CellProblem {
        let line = self.text[..self.at].matches('\n').count() + 1;
        CellProblem {
            file: self.file.name.to_owned(),
            row: self.rows.len() as u64 + 2,
            column: String::new(),
            value: Shown::Withheld,
            expected: broken.0.to_owned(),
            fix: format!("mend line {line} of the file; the rest of it was not read"),
        }
    }

    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t']).len();
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, mark: char) -> Result<(), Broken> {
        if self.peek() == Some(mark) {
            self.at += mark.len_utf8();
            return Ok(());
        }
        Err(Broken(match mark {
            '{' => "{ at the beginning of a row",
            '[' => "[ at the beginning of the rows",
            ':' => ": between key and value",
            _ => "a comma or a closing bracket",
        }))
    }

    fn key(&mut self) -> Result<String, Broken> {
        if self.peek() != Some('"') {
            return Err(Broken("a key in quotes"));
        }
        let key = serde_json::from_str(self.value()?).map_err(|_| Broken("a key in quotes"))?;
        self.eat(':')?;
        Ok(key)
    }

    /// Cuts out the next value, whatever it is.
    fn value(&mut self) -> Result<&'a str, Broken> {
        self.peek();
        let rest = &self.text[self.at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Ok(_)) => {
                let end = values.byte_offset();
                self.at += end;
                Ok(&rest[..end])
            }
            _ => Err(Broken("a value: a text in quotes, a number, true, false or null")),
        }
    }
}

/// A value as a cell; a list or object has none.
fn text_of(raw: &str) -> Option<String> {
    match raw.chars().next()? {
        '"' => serde_json::from_str(raw).ok(),
        '{' | '[' => None,
        'n' => Some(String::new()),
        _ => Some(raw.to_owned()),
    }
}
