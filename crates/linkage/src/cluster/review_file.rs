//! The review queue as a file that goes to reviewers and comes back with decisions.
//!
//! Out: a row for each undecided pair, from the one whose answer moves the count most, with why it
//! is uncertain and how the two agree field by field in words ("one digit wrong"), never with what
//! is written in the fields. Three columns are empty: `decision` (same, different or cannot tell),
//! `reviewer`, `decided_on`. In: the same file, or any with the seven columns that decisions need;
//! rows without a decision are passed over. Out: [`Decisions`].

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::review::Undecided;
use super::settings::Constraints;
use crate::whole_file::whole;

/// The columns that decisions are read from.
pub const DECISION_COLUMNS: [&str; 7] = [
    "agency_first",
    "rec_id_first",
    "agency_second",
    "rec_id_second",
    "decision",
    "reviewer",
    "decided_on",
];

/// Writes the review queue. `name` gives the agency and the id of a record, `agreement` for two
/// records the fields and how they agree: the same fields for every pair.
///
/// # Errors
///
/// When the folder cannot be written. The file appears whole or not at all.
pub fn write_review(
    path: &Path,
    undecided: &[Undecided],
    name: impl Fn(u32) -> (String, String),
    agreement: impl Fn(u32, u32) -> Vec<(&'static str, &'static str)>,
) -> io::Result<()> {
    whole(path, |file| {
        let mut rows = csv::Writer::from_writer(file);
        let fields: Vec<&str> = undecided
            .first()
            .map(|pair| agreement(pair.first, pair.second).iter().map(|field| field.0).collect())
            .unwrap_or_default();
        let explained =
            ["probability", "linked", "effect_on_count", "records_compared", "why_uncertain"];
        let header = DECISION_COLUMNS[..4].iter().chain(&explained).chain(&fields);
        rows.write_record(header.chain(&DECISION_COLUMNS[4..]))?;
        for pair in undecided {
            let (first, second) = (name(pair.first), name(pair.second));
            let mut row = vec![first.0, first.1, second.0, second.1];
            row.extend([
                format!("{:.3}", pair.probability),
                if pair.linked { "yes" } else { "no" }.to_owned(),
                format!("{:.3}", pair.effect()),
                pair.pairs.to_string(),
                pair.why(),
            ]);
            let words = agreement(pair.first, pair.second);
            row.extend(words.iter().map(|(_, words)| (*words).to_owned()));
            row.extend([String::new(), String::new(), String::new()]);
            rows.write_record(row)?;
        }
        rows.flush()
    })
}

impl Undecided {
    /// Why it is uncertain, in a sentence.
    fn why(&self) -> String {
        let mut why = match self.pairs {
            1 => format!("two records that agree only in part (log odds {:.1})", self.strongest),
            pairs => format!(
                "{pairs} pairs of records: the strongest has log odds {:.1}, the weakest {:.1}",
                self.strongest, self.weakest
            ),
        };
        if self.penalty < 0.0 {
            why.push_str("; one agency would have the person twice");
        }
        why
    }
}

/// What reviewers decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// What the clustering must keep to.
    pub constraints: Constraints,
    /// Pairs about which a reviewer could not tell: not asked again.
    pub cannot_tell: Vec<(u32, u32)>,
}

/// Decisions that cannot be used; values are never repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionsError {
    /// A column is missing.
    #[error("row 1: there is no column {column}; decisions need {}", DECISION_COLUMNS.join(", "))]
    NoColumn {
        /// The column.
        column: &'static str,
    },
    /// A row that is no row of a CSV file in UTF-8.
    #[error("row {row}: expected cells of text in UTF-8, as many as the header has; mend the row")]
    Unreadable {
        /// The row, the header being row 1.
        row: usize,
    },
    /// A cell that does not say what it should.
    #[error("row {row}, column {column}: expected {expected}; {fix}")]
    Cell {
        /// The row, the header being row 1.
        row: usize,
        /// The column.
        column: &'static str,
        /// What was expected.
        expected: &'static str,
        /// How to mend it.
        fix: &'static str,
    },
}

/// Reads decisions. `name` gives the agency and the id of each of the records.
///
/// # Errors
///
/// [`DecisionsError`], with the row and the column.
pub fn read_decisions(
    file: &[u8],
    records: u32,
    name: impl Fn(u32) -> (String, String),
) -> Result<Decisions, DecisionsError> {
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers().map_err(|_| DecisionsError::Unreadable { row: 1 })?.clone();
    let mut places = [0; 7];
    for (place, column) in places.iter_mut().zip(DECISION_COLUMNS) {
        let found = header.iter().position(|name| name.trim() == column);
        *place = found.ok_or(DecisionsError::NoColumn { column })?;
    }
    let mut said = Vec::new();
    let mut wanted: HashMap<(String, String), Option<u32>> = HashMap::new();
    for (row, read) in (2..).zip(reader.records()) {
        let read = read.map_err(|_| DecisionsError::Unreadable { row })?;
        let cell = |at: usize| read.get(places[at]).unwrap_or_default().trim();
        let decision = match cell(4).to_lowercase().as_str() {
            "" => continue,
            "same" => Some(true),
            "different" => Some(false),
            "cannot tell" => None,
            _ => {
                let expected = "same, different, cannot tell, or nothing";
                let (column, fix) = ("decision", "write one of these words");
                return Err(DecisionsError::Cell { row, column, expected, fix });
            }
        };
        if cell(5).is_empty() {
            let (column, expected) = ("reviewer", "who decided");
            let fix = "write the reviewer's name or initials";
            return Err(DecisionsError::Cell { row, column, expected, fix });
        }
        if !is_date(cell(6)) {
            let (column, expected) = ("decided_on", "a date as 2026-05-31");
            let fix = "write the day of the decision";
            return Err(DecisionsError::Cell { row, column, expected, fix });
        }
        let keys = [(0, 1), (2, 3)].map(|(agency, id)| (cell(agency).into(), cell(id).into()));
        wanted.extend(keys.iter().cloned().map(|key| (key, None)));
        said.push((row, keys, decision));
    }
    if said.is_empty() {
        return Ok(Decisions::default());
    }
    for record in 0..records {
        if let Some(found) = wanted.get_mut(&name(record)) {
            *found = Some(record);
        }
    }
    let mut decisions = Decisions::default();
    for (row, keys, decision) in said {
        let record = |key: &(String, String), column| {
            wanted.get(key).copied().flatten().ok_or(DecisionsError::Cell {
                row,
                column,
                expected: "the agency and id of a record of the file that is matched",
                fix: "check that the decisions belong to this file, or remove the row",
            })
        };
        let pair = (record(&keys[0], "rec_id_first")?, record(&keys[1], "rec_id_second")?);
        match decision {
            Some(true) => decisions.constraints.same.push(pair),
            Some(false) => decisions.constraints.different.push(pair),
            None => decisions.cannot_tell.push(pair),
        }
    }
    Ok(decisions)
}

/// Whether it has the form of a day of the calendar.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain { part.parse::<u32>().ok() } else { None }
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(record: u32) -> (String, String) {
        (format!("agency-{}", record % 2), format!("R{record}"))
    }

    fn undecided(first: u32, second: u32, probability: f32) -> Undecided {
        Undecided {
            first,
            second,
            strongest: 0.5,
            weakest: -3.0,
            pairs: 2,
            penalty: -1.0,
            probability,
            linked: false,
        }
    }

    #[test]
    fn a_queue_goes_out_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("review.csv");
        let queue = [undecided(0, 3, 0.5), undecided(1, 2, 0.4), undecided(4, 5, 0.3)];
        write_review(&path, &queue, name, |_, _| vec![("surname", "different")]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(read_decisions(text.as_bytes(), 6, name), Ok(Decisions::default()));
        let mut answers =
            ["", "same,rk,2026-03-01", "Different,rk,2026-03-01", "cannot tell,rk,2026-03-02"]
                .into_iter();
        let answered: String = text
            .lines()
            .map(|line| match answers.next() {
                Some("") | None => format!("{line}\n"),
                Some(answer) => format!("{}{answer}\n", line.strip_suffix(",,").unwrap()),
            })
            .collect();
        let answered = answered.replace("different,,", "different,");
        let decisions = read_decisions(answered.as_bytes(), 6, name).unwrap();
        assert_eq!(decisions.constraints.same, [(0, 3)]);
        assert_eq!(decisions.constraints.different, [(1, 2)]);
        assert_eq!(decisions.cannot_tell, [(4, 5)]);
    }

    #[test]
    fn what_cannot_be_used_is_named_and_not_repeated() {
        let header = DECISION_COLUMNS.join(",");
        let wrong = |row: &str| {
            let file = format!("{header}\n{row}\n");
            read_decisions(file.as_bytes(), 6, name).unwrap_err().to_string()
        };
        for (row, place) in [
            ("agency-0,R0,agency-1,R1,maybe,rk,2026-03-01", "row 2, column decision"),
            ("agency-0,R0,agency-1,R1,same,,2026-03-01", "row 2, column reviewer"),
            ("agency-0,R0,agency-1,R1,same,rk,1 March", "row 2, column decided_on"),
            ("agency-0,SECRET,agency-1,R1,same,rk,2026-03-01", "row 2, column rec_id_first"),
            ("agency-0,R0,agency-1", "row 2"),
        ] {
            let error = wrong(row);
            assert!(error.starts_with(place), "{error}");
            assert!(!error.contains("SECRET") && !error.contains("maybe"), "{error}");
        }
        let error = read_decisions(b"agency_first,decision\n", 6, name).unwrap_err();
        assert_eq!(error, DecisionsError::NoColumn { column: "rec_id_first" });
    }
}
