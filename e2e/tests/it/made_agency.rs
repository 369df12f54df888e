//! A small agency and a clearinghouse, set up and filled by the binary as people would.

use crate::clearway::{Desk, Ran};

/// A given name that stands nowhere but in the agency's own store.
pub(crate) const PLANTED: &str = "Qwzxmarisol";

const POLICE: &str = "code = \"practice-police-1\"\nlabel = \"Practice Police 1\"\n\
                      legal_entity = \"police\"\npractice = true\n";
const STATE: &str = "role = \"clearinghouse\"\ncode = \"practice-state\"\n\
                     label = \"Practice State\"\npractice = true\n";
const MODES: &str = "record,recipient,mode,basis,signatory,signed_on,expires_on\n\
                     victim,clearinghouse,encoded,statistics_agreement,The chief,2026-01-01,2030-12-31\n";

/// The list of so many people, each seen in one quarter of 2025.
pub(crate) fn victims(people: usize) -> String {
    let mut text =
        "reference,given_name,surname,birth_date,gender,counted_as,date,trafficking_type,age\n"
            .to_owned();
    for number in 0..people {
        let (month, day) = (1 + number % 12, 1 + number % 28);
        text.push_str(&format!(
            "V-{number},{PLANTED},Qwzx{number}lopez,1990-{month:02}-{day:02},female,\
             victim_identified,2025-{month:02}-{day:02},sex,adult\n"
        ));
    }
    text
}

/// Sets up a clearinghouse in `state` and a police agency in `police`, which keeps a linkage key,
/// a mode under which victims leave encoded, and so many victims. Their cards are `state.card` and
/// `police.card`.
pub(crate) fn set_up(desk: &Desk, people: usize) {
    desk.write("state.toml", STATE);
    desk.write("police.toml", POLICE);
    desk.write("modes.csv", MODES);
    desk.write("victims.csv", victims(people));
    for name in ["state", "police"] {
        let (toml, card) = (format!("{name}.toml"), format!("{name}.card"));
        desk.run(&["agency", "set", &toml, "--data", name]).exits(0);
        desk.run(&["agency", "card", "--out", &card, "--data", name]).exits(0);
    }
    at_police(desk, &["keys", "new"]).exits(0);
    at_police(desk, &["import", "modes.csv", "--as", "modes"]).exits(0);
    at_police(desk, &["import", "victims.csv", "--as", "victims"]).exits(0);
}

/// Runs a command in the agency's data folder.
pub(crate) fn at_police(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.run(&[arguments, &["--data", "police"]].concat())
}

/// Submits the four quarters of 2025 into `out`.
pub(crate) const SUBMIT: [&str; 9] = [
    "submit",
    "--to",
    "state.card",
    "--period",
    "2025-Q1..2025-Q4",
    "--out",
    "out",
    "--format",
    "json",
];
