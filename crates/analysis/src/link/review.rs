//! Uncertain pairs out, decisions in.
//!
//! In: what linkage could not settle. Out: a table with two agencies, their opaque ids, and how
//! much each group of mixed fields agrees, never a name, so that the two agencies can be asked to
//! look at their own records together. Back comes the same table with a word in its last column.

use std::io;
use std::path::Path;

use records::Shown;
use records::record::OpaqueId;
use serde::Serialize;
use store::{PairDecision, Scope, Store};

use super::LinkError;
use super::compare::Compared;
use super::gather::{Gathered, OfKey};

/// Shares of bits up to which filters are taken for close, and for partly alike.
const CLOSE: f32 = 0.12;
const PARTLY: f32 = 0.30;
const FIRST: [&str; 6] =
    ["first_agency", "first_id", "second_agency", "second_id", "probability", "linked"];
const DECISION: &str = "decision";

/// Two records that may be of one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewPair {
    /// The first record's agency.
    pub first_agency: String,
    /// Its opaque id there, in hexadecimal.
    pub first_id: String,
    /// The second record's agency.
    pub second_agency: String,
    /// Its opaque id there.
    pub second_id: String,
    /// How probable it is that they are one person.
    pub probability: f32,
    /// Whether they are one in this linkage.
    pub linked: bool,
    /// For each group of mixed fields: its name, and `equal`, `close`, `partly`, `different` or
    /// `not_there`.
    pub agreement: Vec<(String, &'static str)>,
}

/// What is wrong with a row of decisions. Nothing of a cell is shown but an agency's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, column {column}: expected {expected}")]
pub struct DecisionProblem {
    /// The row, the header being 1.
    pub row: u64,
    /// The column.
    pub column: &'static str,
    /// What was expected.
    pub expected: String,
}

/// The uncertain pairs of all keys, from those that would move the count most.
pub(super) fn pairs(gathered: &Gathered, compared: &[Compared]) -> Vec<ReviewPair> {
    let mut pairs: Vec<ReviewPair> = Vec::new();
    for (key, one) in gathered.keys.iter().zip(compared) {
        let undecided = one.linked.undecided.iter();
        pairs.extend(undecided.map(|pair| {
            let (first, second) = (pair.first as usize, pair.second as usize);
            let (first_agency, first_id) = named(gathered, key, first);
            let (second_agency, second_id) = named(gathered, key, second);
            ReviewPair {
                first_agency,
                first_id,
                second_agency,
                second_id,
                probability: pair.probability,
                linked: pair.linked,
                agreement: agreement(key, first, second),
            }
        }));
    }
    let effect = |pair: &ReviewPair| pair.probability * (1.0 - pair.probability);
    pairs.sort_by(|one, two| {
        let ids = |pair: &ReviewPair| (pair.first_id.clone(), pair.second_id.clone());
        effect(two).total_cmp(&effect(one)).then_with(|| ids(one).cmp(&ids(two)))
    });
    pairs
}

fn named(gathered: &Gathered, key: &OfKey, row: usize) -> (String, String) {
    let (agency, id) = key.node(row);
    let code = gathered.agencies.get(usize::from(agency)).cloned().unwrap_or_default();
    (code, id.to_string())
}

fn agreement(key: &OfKey, one: usize, two: usize) -> Vec<(String, &'static str)> {
    let level = |distance: Option<f32>| match distance {
        None => "not_there",
        Some(0.0) => "equal",
        Some(distance) if distance <= CLOSE => "close",
        Some(distance) if distance <= PARTLY => "partly",
        Some(_) => "different",
    };
    let distances = key.distances(one, two).into_iter();
    distances.map(|(group, distance)| (group, level(distance))).collect()
}

/// Writes uncertain pairs as CSV, with a last column for a decision.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_review(path: &Path, pairs: &[ReviewPair]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let groups = pairs.first().map(|pair| &pair.agreement[..]).unwrap_or_default();
    let groups: Vec<&str> = groups.iter().map(|(group, _)| group.as_str()).collect();
    writer.write_record(FIRST.into_iter().chain(groups).chain([DECISION]))?;
    for pair in pairs {
        let probability = format!("{:.3}", pair.probability);
        let linked = if pair.linked { "yes" } else { "no" };
        let own = [
            pair.first_agency.as_str(),
            &pair.first_id,
            &pair.second_agency,
            &pair.second_id,
            &probability,
            linked,
        ];
        let levels = pair.agreement.iter().map(|(_, level)| *level);
        writer.write_record(own.into_iter().chain(levels).chain([""]))?;
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    linkage::write_whole(path, &bytes)
}

/// Reads decisions: the rows of a review whose last column says `same` or `different`.
///
/// # Errors
///
/// Every row that does not read.
pub fn read_decisions(bytes: &[u8]) -> Result<Vec<PairDecision>, Vec<DecisionProblem>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().cloned().unwrap_or_default();
    let at = |column: &str| header.iter().position(|known| known == column);
    let columns: Vec<Option<usize>> =
        FIRST[..4].iter().chain([&DECISION]).map(|column| at(column)).collect();
    let Some(columns) = columns.into_iter().collect::<Option<Vec<usize>>>() else {
        let expected = "the columns of a review: `clearway link --review FILE` writes one";
        return Err(vec![DecisionProblem { row: 1, column: DECISION, expected: expected.into() }]);
    };
    let (mut decisions, mut problems) = (Vec::new(), Vec::new());
    for (row, record) in (2..).zip(reader.records()) {
        let Ok(record) = record else {
            let expected = "a row of text".to_owned();
            problems.push(DecisionProblem { row, column: DECISION, expected });
            break;
        };
        let cell = |at: usize| record.get(columns[at]).unwrap_or_default().trim();
        let same = match cell(4) {
            "" => continue,
            "same" => true,
            "different" => false,
            _ => {
                let expected = "same, different, or nothing".to_owned();
                problems.push(DecisionProblem { row, column: DECISION, expected });
                continue;
            }
        };
        let ids = [(1, FIRST[1]), (3, FIRST[3])].map(|(at, column)| {
            opaque_id(cell(at)).ok_or_else(|| DecisionProblem {
                row,
                column,
                expected: "an opaque id of 32 hexadecimal digits".to_owned(),
            })
        });
        let [first, second] = ids;
        match (first, second) {
            (Ok(first), Ok(second)) => {
                let mut pair = [(cell(0).to_owned(), first), (cell(2).to_owned(), second)];
                pair.sort();
                let [first, second] = pair;
                decisions.push(PairDecision { first, second, same });
            }
            (first, second) => problems.extend([first.err(), second.err()].into_iter().flatten()),
        }
    }
    if problems.is_empty() { Ok(decisions) } else { Err(problems) }
}

fn opaque_id(text: &str) -> Option<OpaqueId> {
    let digits = text.as_bytes();
    if digits.len() != 32 {
        return None;
    }
    let mut id = [0; 16];
    for (byte, two) in id.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| (digit as char).to_digit(16);
        *byte = u8::try_from(digit(two[0])? * 16 + digit(two[1])?).ok()?;
    }
    Some(OpaqueId(id))
}

/// Keeps decisions about people of known agencies; how many.
///
/// # Errors
///
/// [`LinkError::Decisions`] with every row of an agency that is not known here.
pub async fn decide(
    store: &Store,
    scope: &Scope,
    practice: bool,
    decisions: &[PairDecision],
    at: jiff::Timestamp,
) -> Result<u64, LinkError> {
    let received = store.received(scope).await?;
    let known =
        |code: &str| received.iter().any(|one| one.agency == code && one.practice == practice);
    let mut problems = Vec::new();
    for (row, one) in (2..).zip(decisions) {
        for (column, (agency, _)) in [(FIRST[0], &one.first), (FIRST[2], &one.second)] {
            if !known(agency) {
                let found = Shown::value(agency);
                let expected = format!("an agency from which something has come, not {found}");
                problems.push(DecisionProblem { row, column, expected });
            }
        }
    }
    if !problems.is_empty() {
        return Err(LinkError::Decisions(problems));
    }
    store.decide_pairs(scope, practice, decisions, at).await?;
    Ok(decisions.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> ReviewPair {
        ReviewPair {
            first_agency: "practice-police-1".to_owned(),
            first_id: "0f".repeat(16),
            second_agency: "practice-shelter-1".to_owned(),
            second_id: "a1".repeat(16),
            probability: 0.5,
            linked: false,
            agreement: vec![("given+birth+sex".to_owned(), "equal")],
        }
    }

    #[test]
    fn what_a_reviewer_writes_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("review.csv");
        write_review(&path, &[pair(), pair()]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(read_decisions(text.as_bytes()), Ok(Vec::new()));
        let (first, second) = (OpaqueId([0x0f; 16]), OpaqueId([0xa1; 16]));
        let decided = read_decisions(text.replacen("equal,\n", "equal,same\n", 1).as_bytes());
        let expected = PairDecision {
            first: ("practice-police-1".to_owned(), first),
            second: ("practice-shelter-1".to_owned(), second),
            same: true,
        };
        assert_eq!(decided, Ok(vec![expected]));
    }

    #[test]
    fn what_does_not_read_is_told_by_row_and_column_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("review.csv");
        write_review(&path, &[pair(), pair()]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let perhaps = text.replacen("equal,\n", "equal,Marisol\n", 1);
        let no_id = text.replace("equal,\n", "equal,different\n").replacen("0f0f", "Marisol", 1);
        for (wrong, told) in [
            (perhaps, "row 2, column decision: expected same, different, or nothing"),
            (no_id, "row 2, column first_id: expected an opaque id of 32 hexadecimal digits"),
            (
                "name\nMarisol\n".to_owned(),
                "row 1, column decision: expected the columns of a review: `clearway link --review FILE` writes one",
            ),
        ] {
            let problems = read_decisions(wrong.as_bytes()).unwrap_err();
            assert_eq!(problems[0].to_string(), told);
        }
    }
}
