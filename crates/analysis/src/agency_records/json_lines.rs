//! JSON lines: one object for each row, its keys the names of the columns.
//!
//! In: a reader of text. Out: the keys of the whole file in the order in which they first stand, and
//! then the rows, an empty cell where a row lacks a key. Texts, numbers, true and false are cells;
//! a list of them is a cell with several values; null is an empty cell.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// Bytes that one line may have.
const LONGEST_LINE: u64 = 1 << 20;
/// Different keys that a file may have, as a spreadsheet's columns.
const MOST_KEYS: usize = 16_384;

/// What is wrong with a line: what was expected, and how to mend it.
pub(super) type Flaw = (&'static str, &'static str);

pub(super) const NO_OBJECT: Flaw =
    ("one object on each line, {\"reference\": …}", "write each record on a line of its own");
const TOO_LONG: Flaw =
    ("a line of at most a mebibyte", "mend the line; nothing behind it was read");
const TWICE: Flaw = ("each key once in a row", "remove one of the two");
const NO_CELL: Flaw = (
    "a text, a number, true, false, null or a list of them for each key",
    "write each part under a key of its own",
);

/// A line's number, its cells, and what is wrong with it.
type Line = (u64, Vec<String>, Option<Flaw>);

/// The lines of a file.
pub(super) struct JsonLines<'a> {
    reader: BufReader<Box<dyn Read + 'a>>,
    places: HashMap<String, usize>,
    line: Vec<u8>,
    number: u64,
    pub(super) bytes: u64,
    ended: bool,
}

impl<'a> JsonLines<'a> {
    /// The keys of all lines. Lines that are no objects have none.
    pub(super) fn keys(text: Box<dyn Read + 'a>) -> io::Result<Vec<String>> {
        let mut lines = JsonLines::new(text, &[]);
        let (mut keys, mut seen) = (Vec::new(), HashMap::new());
        while lines.next_line()?.is_some() {
            let Ok(Pairs(pairs)) = serde_json::from_slice(&lines.line) else { continue };
            for (key, _) in pairs {
                if keys.len() < MOST_KEYS && !seen.contains_key(&key) {
                    seen.insert(key.clone(), ());
                    keys.push(key);
                }
            }
        }
        Ok(keys)
    }

    /// Reads the lines again, as rows of these columns.
    pub(super) fn new(text: Box<dyn Read + 'a>, header: &[String]) -> JsonLines<'a> {
        let places = header.iter().enumerate().map(|(at, key)| (key.clone(), at)).collect();
        JsonLines {
            reader: BufReader::with_capacity(256 << 10, text),
            places,
            line: Vec::new(),
            number: 0,
            bytes: 0,
            ended: false,
        }
    }

    /// The next row: its line, its cells, and what is wrong with it.
    pub(super) fn next_row(&mut self) -> io::Result<Option<Line>> {
        let Some(flaw) = self.next_line()? else { return Ok(None) };
        let mut cells = vec![String::new(); self.places.len()];
        if flaw.is_some() {
            return Ok(Some((self.number, cells, flaw)));
        }
        let Ok(Pairs(pairs)) = serde_json::from_slice(&self.line) else {
            return Ok(Some((self.number, cells, Some(NO_OBJECT))));
        };
        let mut flaw = None;
        let mut filled = vec![false; cells.len()];
        for (key, value) in pairs {
            let Some(at) = self.places.get(&key).copied() else { continue };
            if std::mem::replace(&mut filled[at], true) {
                flaw = Some(TWICE);
            }
            match text_of(&value) {
                Some(text) => cells[at] = text,
                None => flaw = Some(NO_CELL),
            }
        }
        Ok(Some((self.number, cells, flaw)))
    }

    /// Reads the next line that is not blank; nothing at the end, and inside what is wrong with it.
    fn next_line(&mut self) -> io::Result<Option<Option<Flaw>>> {
        while !self.ended {
            self.line.clear();
            let most = LONGEST_LINE + 1;
            let read = self.reader.by_ref().take(most).read_until(b'\n', &mut self.line)?;
            self.bytes += read as u64;
            self.number += 1;
            if read == 0 {
                self.ended = true;
            } else if read as u64 == most {
                self.ended = true;
                return Ok(Some(Some(TOO_LONG)));
            }
            if self.number == 1 && self.line.starts_with(b"\xEF\xBB\xBF") {
                self.line.drain(..3);
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(None));
            }
        }
        Ok(None)
    }
}

/// An object with its keys in order, also those that stand twice.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Pairs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => String::new(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let one = |value: &Value| match value {
                Value::Array(_) => None,
                value => text_of(value),
            };
            values.iter().map(one).collect::<Option<Vec<_>>>()?.join("; ")
        }
        Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_columns_and_lines_are_rows() {
        let text = "\u{feff}{\"a\": 1, \"b\": [\"x\", \"y\"]}\n\n{\"c\": true, \"a\": null}\r\n[1]\n{\"a\":1,\"a\":2}\n{\"a\":{}}";
        let keys = JsonLines::keys(Box::new(text.as_bytes())).unwrap();
        assert_eq!(keys, ["a", "b", "c"]);
        let mut lines = JsonLines::new(Box::new(text.as_bytes()), &keys);
        let mut rows = Vec::new();
        while let Some(row) = lines.next_row().unwrap() {
            rows.push(row);
        }
        let numbers: Vec<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(numbers, [1, 3, 4, 5, 6]);
        assert_eq!(rows[0].1, ["1", "x; y", ""]);
        assert_eq!(rows[1].1, ["", "", "true"]);
        let flaws: Vec<_> = rows.iter().map(|row| row.2).collect();
        assert_eq!(flaws, [None, None, Some(NO_OBJECT), Some(TWICE), Some(NO_CELL)]);
    }
}
