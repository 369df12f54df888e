//! Ten returns that are broken, each in several ways.

use crate::formats::Table;

/// A broken return and all that is wrong with it.
#[derive(Debug)]
pub(crate) struct Broken {
    /// Its file name.
    pub(crate) name: &'static str,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Row and column of every fault, no more and no fewer.
    pub(crate) faults: Vec<(u64, &'static str)>,
}

/// The return whose only fault is to contradict another.
pub(crate) const CONFLICT: &str = "z07-conflict.csv";

/// The years of broken returns; no good one has them.
pub(crate) const YEARS: [&str; 5] = ["2007", "2008", "2009", "2010", "2019"];

/// What must appear nowhere: a made-up name, number and address of nobody.
pub(crate) const PERSONAL: [&str; 6] =
    ["Qwzxtestperson", "Marisolia", "555-0147", "078-05-1120", "nobody@example", "Blurbsentinel"];

/// Holds a text to naming nobody.
#[track_caller]
pub(crate) fn assert_no_person(text: &str) {
    for sentinel in PERSONAL {
        assert!(!text.contains(sentinel), "{sentinel} is printed");
    }
}

/// All ten.
pub(crate) fn all() -> Vec<Broken> {
    vec![
        codes_and_counts(),
        columns(),
        cross_footing(),
        characters_and_widths(),
        people(),
        workbook(),
        conflict(),
        cut_short(),
        Broken { name: "z09-empty.csv", bytes: Vec::new(), faults: vec![(0, "")] },
        too_many_cells(),
    ]
}

fn codes_and_counts() -> Broken {
    let arrests = "individual_arrested";
    let victims = "victim_identified";
    let table = Table::new(
        ["measure", "reporter", "period", "trafficking_type", "statute", "value", "as_of", "note"],
        &[
            ["victim_identifid", "fresno", "2019-Q1", "sex", "", "21", "", ""],
            [victims, "fresnoo", "2019-Q1", "sex", "", "22", "", ""],
            [victims, "fresno", "2019-Q5", "sex", "", "23", "", ""],
            [victims, "fresno", "2019-Q1", "sexx", "", "24", "", ""],
            [arrests, "fresno", "2019-Q1", "", "999z", "25", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "-5", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "3.5", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "twelve", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "9999999999999", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "26", "yesterday", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "27", "2019-02-01", ""],
            [victims, "fresno", "2019-Q2", "sex", "", "28", "", "first"],
            [victims, "fresno", "2019-Q2", "sex", "", "28", "", "second"],
            [arrests, "fresno", "2024-Q1", "", "653.22", "29", "", ""],
            [victims, "nobody", "19-13", "sex", "", "a lot", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "1,23", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "300+", "", ""],
            [victims, "fresno", "2019-Q1", "sex", "", "12 (est.)", "", ""],
            [victims, "fresno", "2019-Q3", "sex", "", "more than", "", ""],
        ],
    );
    let faults = vec![
        (2, "measure"),
        (3, "reporter"),
        (4, "period"),
        (5, "trafficking_type"),
        (6, "statute"),
        (7, "value"),
        (8, "value"),
        (9, "value"),
        (10, "value"),
        (11, "value"),
        (12, "as_of"),
        // Two columns contradict each other: the row as a whole.
        (13, ""),
        (15, "value"),
        (16, "statute"),
        (17, "reporter"),
        (17, "period"),
        (17, "value"),
        (18, "value"),
        (19, "value"),
        (20, "value"),
        (21, "value"),
    ];
    Broken { name: "z01-codes.csv", bytes: table.delimited(b';').into_bytes(), faults }
}

/// A column misspelt, another missing, and bad cells in those that are there.
fn columns() -> Broken {
    let table = Table::new(
        ["measure", "reporter", "perid", "trafficking_type", "note"],
        &[
            ["victim_identified", "nowhere-at-all", "2019-Q1", "sex", ""],
            ["victim_identified", "fresno", "2019-Q1", "sexx", ""],
        ],
    );
    let faults =
        vec![(1, "perid"), (1, "period"), (1, "value"), (2, "reporter"), (3, "trafficking_type")];
    Broken { name: "z02-columns.csv", bytes: table.csv().into_bytes(), faults }
}

/// A bad cell, and a row that ends before it starts. Neither total can then be right or wrong: a
/// cell of each sum is missing, so that no sum may be held against them.
fn cross_footing() -> Broken {
    let table = Table::new(
        ["year", "through", "arrests", "convictions"],
        &[
            ["2007", "", "33", "10"],
            ["2008", "", "34", "-18"],
            ["2009", "", "52", "19"],
            ["2010", "2009-09-30", "12", "13"],
            ["total", "", "999", "60"],
        ],
    );
    let faults = vec![(3, "convictions"), (5, "through")];
    Broken { name: "z03-totals.jsonl", bytes: table.json_lines().into_bytes(), faults }
}

fn characters_and_widths() -> Broken {
    let text = "measure,reporter,period,trafficking_type,value,note\n\
        victim_identified,fresno,2019-Q1,sex,31,\u{202e}desrever\n\
        victim_identified,fresno,2019-Q2,sex,3\u{200b}2,\n\
        victim_identified,fresno,2019-Q3,sex,33,,one too many\n\
        victim_identified,fresno,2019-Q4,sex\n\
        victim_identified,fresno,2019-Q1,labor,1O,\n\
        victim_identified,fresno,2019-Q2,labor,35,ring\u{7}\n\
        victim_identified,fresno,2019-Q3,labor,36,\"never closed\n";
    // A row too short lacks its value too, which is said once: at the cell that is missing.
    let faults = vec![
        (2, "note"),
        (3, "value"),
        (4, "G"),
        (5, "value"),
        (6, "value"),
        (7, "note"),
        (8, "note"),
    ];
    Broken { name: "z04-characters.csv", bytes: text.as_bytes().to_vec(), faults }
}

/// People where only totals belong: a column of names, a column nobody knows, and notes.
fn people() -> Broken {
    let victims = "victim_identified";
    let table = Table::new(
        ["measure", "reporter", "period", "value", "victim name", "blurb", "note"],
        &[
            [victims, "fresno", "2019-Q1", "41", "Marisolia Qwzxtestperson", "x", ""],
            [victims, "fresno", "2019-Q2", "42", "Marisolia\u{202e}", "Blurbsentinel\u{7}", ""],
            [victims, "fresno", "2019-Q3", "43", "", "", "call 209-555-0147"],
            [victims, "fresno", "2019-Q4", "44", "", "", "number 078-05-1120"],
            [victims, "orange", "2019-Q1", "45", "", "", "write to nobody@example.org"],
            [victims, "orange", "2019-Q2", "lots", "", "", ""],
        ],
    );
    let faults = vec![
        (1, "victim name"),
        (1, "blurb"),
        (3, "victim name"),
        (3, "blurb"),
        (4, "note"),
        (5, "note"),
        (6, "note"),
        (7, "value"),
    ];
    Broken { name: "z05-people.csv", bytes: table.csv().into_bytes(), faults }
}

fn workbook() -> Broken {
    let victims = "victim_identified";
    let table = Table::new(
        ["measure", "reporter", "period", "trafficking_type", "value", "note"],
        &[
            [victims, "fresno", "2019-Q1", "sex", "-3", ""],
            [victims, "fresno", "2019-Q2", "sex", "2.5", ""],
            [victims, "fresno", "2019-Q3", "sex", "#REF!", ""],
            [victims, "fresno", "2019-Q9", "sex", "51", ""],
            [victims, "atlantis", "2019-Q4", "sex", "52", ""],
            [victims, "fresno", "2019-Q1", "labor", "53", "ok\u{200f}"],
        ],
    );
    let faults =
        vec![(2, "value"), (3, "value"), (4, "value"), (5, "period"), (6, "reporter"), (7, "note")];
    Broken { name: "z06-workbook.xlsx", bytes: table.xlsx(), faults }
}

/// Good in itself; two of its three answers are not those of good-00 (east-bay, 2013-Q1).
fn conflict() -> Broken {
    let table = Table::new(
        ["measure", "reporter", "period", "trafficking_type", "value", "as_of"],
        &[
            ["investigation_initiated", "east-bay", "2013-Q1", "sex", "999", "2016-01-31"],
            ["investigation_initiated", "east-bay", "2013-Q1", "labor", "2000", "2016-01-31"],
            ["individual_arrested", "east-bay", "2013-Q1", "", "4", "2016-01-31"],
            ["individual_arrested", "east-bay", "2019-Q1", "", "61", "2019-05-01"],
        ],
    );
    let faults = vec![(2, "value"), (4, "value")];
    Broken { name: CONFLICT, bytes: table.csv().into_bytes(), faults }
}

fn cut_short() -> Broken {
    let rows: Vec<[&str; 4]> =
        (0..200).map(|_| ["victim_identified", "fresno", "2019", "7"]).collect();
    let mut bytes = Table::new(["measure", "reporter", "period", "value"], &rows).xlsx();
    bytes.truncate(bytes.len() * 2 / 3);
    Broken { name: "z08-cut-short.xlsx", bytes, faults: vec![(0, "")] }
}

/// More cells than any return of totals has, and a bad one among the first.
fn too_many_cells() -> Broken {
    let mut text = "measure,reporter,period,trafficking_type,value,as_of,note\n\
        victim_identified,fresno,2019-Q1,sex,seven,,\n"
        .to_owned();
    text.push_str(&",,,,,,\n".repeat(290_000));
    Broken {
        name: "z10-endless.csv",
        bytes: text.into_bytes(),
        faults: vec![(0, ""), (2, "value")],
    }
}
