//! Practice: the quarterly returns of task forces that do not exist.
//!
//! In: the made-up task forces of the register. Out: one CSV for each and quarter, in the form
//! that `clearway templates` writes, with the flaws that real returns have: a calendar of its own,
//! an "unknown", a "not collected", a classification that the state does not share, a task force
//! that sends nothing. Every number is made from its place in the table, so that the same returns
//! come out each time; a return of these reporters is synthetic wherever it goes.

use records::Quarter;
use records::register::{Kind, Register};

/// A made-up return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeReturn {
    /// Its file name.
    pub file_name: String,
    /// Its bytes.
    pub csv: String,
}

/// What a task force reports in a quarter: measure, type, status, and the usual size.
const ROWS: [(&str, &str, &str, u64); 14] = [
    ("investigation_initiated", "sex", "", 22),
    ("investigation_initiated", "labor", "", 13),
    ("investigation_initiated", "not_yet_classified", "", 4),
    ("victim_identified", "sex", "potential", 19),
    ("victim_identified", "sex", "confirmed", 14),
    ("victim_identified", "labor", "potential", 12),
    ("victim_identified", "labor", "confirmed", 9),
    ("individual_arrested", "sex", "", 16),
    ("individual_arrested", "labor", "", 5),
    ("victim_served", "sex", "new", 15),
    ("victim_served", "sex", "continuing", 21),
    ("victim_served", "labor", "new", 11),
    ("victim_served", "labor", "continuing", 12),
    ("individual_trained", "", "person", 140),
];

/// The reporter that leaves its last quarter unsent.
const SENDS_NOTHING: &str = "practice-8";

/// Makes the returns of two quarters.
pub fn returns(register: &Register, quarters: [Quarter; 2]) -> Vec<PracticeReturn> {
    let mut returns = Vec::new();
    for (turn, quarter) in quarters.into_iter().enumerate() {
        for (place, entry) in register.entries(Kind::PracticeTaskForce).enumerate() {
            if entry.code == SENDS_NOTHING && turn == 1 {
                continue;
            }
            let period = entry.own_quarter(quarter).to_string();
            let mut csv = "measure,reporter,period,trafficking_type,status,value,agency_classification,note\n".to_owned();
            for (line, (measure, kind, status, usual)) in ROWS.into_iter().enumerate() {
                let value = value(&entry.code, turn, line, usual, place as u64);
                let own_word = match (entry.code.as_str(), line) {
                    ("practice-1" | "practice-4", 2) => "labor",
                    _ => "",
                };
                csv.push_str(&format!(
                    "{measure},{},{period},{kind},{status},{value},{own_word},synthetic\n",
                    entry.code
                ));
            }
            returns
                .push(PracticeReturn { file_name: format!("{}-{quarter}.csv", entry.code), csv });
        }
    }
    returns
}

fn value(code: &str, turn: usize, line: usize, usual: u64, place: u64) -> String {
    match (code, turn, line) {
        ("practice-1", 1, 8) => return "unknown".to_owned(),
        ("practice-3", _, 13) => return "not collected".to_owned(),
        ("practice-5", 1, 13) => return "more than 120".to_owned(),
        _ => {}
    }
    // SplitMix64 of the cell's place: well mixed, and the same each time.
    let mut state = (place + 1) * 0x9E37_79B9 + (turn as u64 + 1) * 7_919 + line as u64 * 104_729;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state ^= state >> 27;
    let spread = usual / 2 + 1;
    (usual - spread / 2 + state % spread).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_returns_come_out_each_time() {
        let quarters = [Quarter::new(2026, 2).unwrap(), Quarter::new(2026, 3).unwrap()];
        let once = returns(Register::embedded(), quarters);
        assert_eq!(once, returns(Register::embedded(), quarters));
        assert_eq!(once.len(), 17);
        assert!(once[5].csv.contains("2026-04-16/2026-07-15"), "{}", once[5].csv);
    }
}
