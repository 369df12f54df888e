//! Whole checks: every constraint, every kind of problem, and what must always hold.

use std::{
    collections::HashMap,
    io::{self, Cursor, Read, Seek, SeekFrom},
};

use proptest::prelude::*;

use super::{check::check_within, *};
use crate::CellProblem;

fn schema(json: &str) -> Schema {
    match Schema::from_json(json.as_bytes()) {
        Ok(schema) => schema,
        Err(error) => panic!("{error}"),
    }
}

fn run(schema: &Schema, file: impl Read + Seek + Send) -> (Summary, Vec<CellProblem>) {
    let mut problems = Vec::new();
    let mut sink = |problem| {
        problems.push(problem);
        Ok(())
    };
    let summary = check_within(file, schema, "q1.csv", &mut sink, &mut |_| (), 8).unwrap();
    assert_eq!(summary.errors, problems.len() as u64);
    (summary, problems)
}

/// The problems of a file, a line each.
fn lines(schema: &Schema, file: impl AsRef<[u8]> + Send) -> String {
    let (_, problems) = run(schema, Cursor::new(file));
    let lines: Vec<String> = problems
        .iter()
        .map(|p| format!("{}|{}|{}|{}", p.row, p.column, p.value, p.expected))
        .collect();
    lines.join("\n")
}

#[test]
fn every_constraint_and_type() {
    let schema = schema(
        r#"{"fields": [
            {"name": "code", "constraints": {"required": true, "enum": ["SEX", "LABOUR"]}},
            {"name": "text", "constraints": {"minLength": 2, "maxLength": 4, "pattern": "[a-zé]+|[0-9]+"}},
            {"name": "count", "type": "integer", "constraints": {"minimum": 0, "maximum": "50"}},
            {"name": "share", "type": "number", "constraints": {"maximum": 100.5}},
            {"name": "adult", "type": "boolean"},
            {"name": "day", "type": "date", "constraints": {"minimum": "2010-12-16"}},
            {"name": "year", "type": "year", "constraints": {"enum": [2010, "2011"]}},
            {"name": "month", "type": "yearmonth"}],
            "missingValues": ["", "n/a"]}"#,
    );
    insta::assert_snapshot!(lines(&schema, "\
code,text,count,share,adult,day,year,month
SEX,ab,0,100.5,true,2010-12-16,2010,2011-01
LABOUR,éé,50,-1e2,0,n/a,2011,
n/a,a,-1,100.50000001,maybe,2010-12-15,2012,2011-13
sex,abcde,51,1%,TRUE,2011-02-29,12,2011-1
SEX,a1,1.0,,,,,
"), @r#"
    4|code|n/a|a value: the column is required
    4|text|a|at least 2 characters
    4|count|-1|0 or more
    4|share|100.50000001|100.5 or less
    4|adult|maybe|true or false
    4|day|2010-12-15|2010-12-16 or more
    4|year|2012|one of 2010, 2011
    4|month|2011-13|a month, as 2012-03
    5|code|sex|one of SEX, LABOUR
    5|text|abcde|at most 4 characters
    5|count|51|50 or less
    5|share|1%|a number, such as 12.5, of at most 18 digits before the point and 12 behind it
    5|day|2011-02-29|a date that exists, as 2012-03-31
    5|year|12|a year, as 2012
    5|month|2011-1|a month, as 2012-03
    6|text|a1|text of the form [a-zé]+|[0-9]+
    6|count|1.0|a whole number, such as 12
    "#);
}

const RULES: &str = r#"{"fields": [
    {"name": "victims", "type": "integer"}, {"name": "minors", "type": "integer"},
    {"name": "adults", "type": "number"}, {"name": "status"}, {"name": "result"},
    {"name": "from", "type": "date"}, {"name": "to", "type": "date"}],
    "rules": [
      {"name": "minors are victims", "left": "minors", "operator": "<=", "right": "victims"},
      {"name": "ages add up", "sum": ["minors", "adults"], "equals": "victims"},
      {"name": "closed has a result", "left": "result", "operator": "!=", "value": "none",
       "when": {"field": "status", "equals": "closed"}},
      {"name": "in order", "left": "from", "operator": "<", "right": "to"},
      {"name": "not so many", "left": "victims", "operator": "<", "value": 100}]}"#;

#[test]
fn rules_across_columns() {
    insta::assert_snapshot!(lines(&schema(RULES), "\
to,from,victims,minors,adults,status,result
2012-01-02,2012-01-01,3,1,2.0,closed,letter
2012-01-01,2012-01-01,3,4,,open,none
,2012-01-01,100,1,2.5,closed,none
2012-01-01,never,,4,9,open,none
"), @r#"
    3|minors|4|at most "victims" (3), by the rule "minors are victims"
    3|from|2012-01-01|less than "to" (2012-01-01), by the rule "in order"
    4|victims|100|the sum of "minors" (1), "adults" (2.5), by the rule "ages add up"
    4|result|none|something other than none where "status" (closed) is closed, by the rule "closed has a result"
    4|victims|100|less than 100, by the rule "not so many"
    5|from|never|a date that exists, as 2012-03-31
    "#);
}

#[test]
fn rows_that_are_no_rows() {
    let schema = schema(r#"{"fields": [{"name": "a"}, {"name": "b", "type": "integer"}]}"#);
    let lines = |text: &str| lines(&schema, text);
    insta::assert_snapshot!(lines("a,b\n\n1\nx,1,2\n,\n\"x\"y,1\nx,2\n\n,\n"), @"
    2|||a row with values
    3||1 cells|2 cells, as in the header
    4||3 cells|2 cells, as in the header
    5|||a row with values
    6||[withheld]|a delimiter behind a closing quotation mark
    ");
    insta::assert_snapshot!(lines("a,b\nx,1\n\"x,2\nx,3\n"), @"3||[withheld]|a closing quotation mark before the end of the file");
    insta::assert_snapshot!(lines(&format!("a,b\nx,no\n\"{}\nx,3\n", "y\n".repeat(1 << 20))), @"
    2|b|no|a whole number, such as 12
    3||[withheld]|a row of at most 1048576 bytes
    ");
    let summary = run(&schema, Cursor::new("a,b\nx,1\n\nx,2\n\n\n")).0;
    assert_eq!((summary.rows, summary.errors), (3, 1));
}

#[test]
fn headers() {
    let schema = schema(r#"{"fields": [{"name": "a"}, {"name": "base_city"}]}"#);
    let lines = |text: &str| lines(&schema, text);
    assert_eq!(lines("a,base_city\n"), "");
    insta::assert_snapshot!(lines("a,Base City,a,,a@b.org\n1,2,3,4,5\n"), @"
    1|Base City|Base City|a column of the schema
    1|a|a|each column once
    1|column 4|column 4|a column of the schema
    1|column 5|column 5|a column of the schema
    1|base_city||this column
    ");
    insta::assert_snapshot!(lines("Jane,Roe\nJohn,Doe\n"), @"1||[withheld]|a first row with the names of the columns: a, base_city");
    insta::assert_snapshot!(lines("\na,base_city\n"), @"1||[withheld]|a header of 1 to 16384 columns in one line");
    insta::assert_snapshot!(lines(""), @"0||an empty file|a table of comma-separated text");
    insta::assert_snapshot!(lines("PK\u{3}\u{4}xyz"), @"0||a workbook or archive|a table of comma-separated text");
    assert!(lines(&"x,".repeat(100_000)).starts_with("1||[withheld]|a header of"));
}

#[test]
fn delimiters_and_encodings() {
    let detected = schema(r#"{"fields": [{"name": "a"}, {"name": "b, c", "type": "integer"}]}"#);
    for (text, delimiter) in [
        ("a;b, c\nx;1\n", ';'),
        ("a\tb, c\nx\t1\n", '\t'),
        ("a,\"b, c\"\nx,1\n", ','),
        ("a|b, c\nx|1", '|'),
    ] {
        let summary = run(&detected, Cursor::new(text)).0;
        assert_eq!((summary.delimiter, summary.ok, summary.rows), (delimiter, true, 1), "{text}");
    }
    let told =
        schema(r#"{"fields": [{"name": "a"}, {"name": "b"}], "dialect": {"delimiter": "^"}}"#);
    assert!(run(&told, Cursor::new("a^b\n1^2\n")).0.ok);

    let place =
        schema(r#"{"fields": [{"name": "place", "constraints": {"enum": ["José", "x"]}}]}"#);
    let (summary, _) = run(&place, Cursor::new(b"\xEF\xBB\xBFplace\r\nJos\xC3\xA9\r\n"));
    assert_eq!((summary.ok, summary.encoding), (true, Encoding::Utf8));
    let (summary, _) = run(&place, Cursor::new(b"place\r\nJos\xE9\r\n"));
    assert_eq!((summary.ok, summary.encoding), (true, Encoding::Windows1252));
    insta::assert_snapshot!(lines(&place, b"place\nJos\xC3\xA9\nJos\xE9\n"), @"3|place|Jos�|text in UTF-8, as in the rest of the file");
}

#[test]
fn what_cannot_be_seen_and_what_may_not_be_shown() {
    let schema = schema(
        r#"{"fields": [{"name": "note", "constraints": {"maxLength": 30}},
            {"name": "case_id", "type": "integer", "constraints": {"unique": true}},
            {"name": "n", "type": "integer"}],
            "rules": [{"name": "r", "left": "n", "operator": "<", "right": "case_id"}]}"#,
    );
    insta::assert_snapshot!(lines(&schema, "\
note,case_id,n,extra
fine,7,1,Jane Roe
\"line\nbreak\",7,9,J\u{202E}ane
call her mother at (213) 555-0123,x,078-05-1120,
zero\u{200B}width,8,2,\u{1}
"), @r#"
    1|extra|extra|a column of the schema
    3|note|line\u{a}break|no control, bidirectional or invisible characters
    3|extra|[withheld]|no control, bidirectional or invisible characters
    3|n|9|less than "case_id", by the rule "r"
    4|note|[withheld]|at most 30 characters
    4|case_id|[withheld]|a whole number, such as 12
    4|n|[withheld]|a whole number, such as 12
    5|note|zero\u{200b}width|no control, bidirectional or invisible characters
    5|extra|[withheld]|no control, bidirectional or invisible characters
    3|case_id|[withheld]|a value that no other row has; it stands first in row 2
    "#);
}

const KEYS: &str = r#"{"fields": [
    {"name": "agency"}, {"name": "quarter"},
    {"name": "report", "type": "integer", "constraints": {"unique": true}}],
    "primaryKey": ["agency", "quarter"]}"#;

#[test]
fn repeated_keys() {
    insta::assert_snapshot!(lines(&schema(KEYS), "\
agency,quarter,report
A,Q1,1
A,Q2,01
AQ,1,
A,Q1,+1
,Q1,
,Q1,
A,Q1,2
"), @"
    6|agency||a value: the column is required
    7|agency||a value: the column is required
    3|report|01|a value that no other row has; it stands first in row 2
    5|agency, quarter|A, Q1|a key that no other row has; it stands first in row 2
    5|report|+1|a value that no other row has; it stands first in row 2
    8|agency, quarter|A, Q1|a key that no other row has; it stands first in row 2
    ");
}

#[test]
fn all_faults_of_a_schema_at_once() {
    let faults = Schema::from_json(
        br#"{"fields": [{"name": "a", "type": "geopoint"}, {"name": "b", "formt": "x"},
            {"name": "b", "constraints": {"minimum": 1, "pattern": "a)|(b", "minLength": "x"}},
            {"name": "c", "type": "integer", "constraints": {"minimum": 5, "maximum": 3, "enum": []}},
            {"name": "d", "type": "date", "format": "any", "constraints": {"minimum": "1/2/2012"}}, {}],
            "foreignKeys": [], "primaryKey": ["z"], "dialect": {"delimiter": ";;"},
            "rules": [{"name": "r", "left": "b", "operator": "<", "right": "c"},
              {"name": "s", "sum": ["b", "y"], "equals": "c"}, {"left": "b", "operator": "~", "value": null},
              {"name": "t", "left": "c", "operator": "=", "right": "c", "value": 1},
              {"name": "u", "left": "b", "operator": "=", "value": "x", "when": {"field": "q"}}]}"#,
    );
    let Err(SchemaError::Invalid(faults)) = faults else { panic!("{faults:?}") };
    insta::assert_snapshot!(faults.join("\n"), @r#"
    schema: "foreignKeys" is not checked here; known are fields, missingValues, primaryKey, rules, dialect
    fields[0] "a": type "geopoint" is not checked here; known are string, integer, number, boolean, date, year, yearmonth
    fields[1]: "formt" is not checked here; known are name, type, format, constraints
    fields[2] "b".constraints: "minimum" is not checked here; known are required, unique, enum, minLength, maxLength, pattern
    fields[2] "b".constraints.minLength: expected a whole number of characters
    fields[2] "b".constraints.pattern: not a pattern that can be checked here: regex parse error:     a)|(b      ^ error: unopened group
    fields[2]: a second field of this name
    fields[3] "c".constraints.enum: expected at least one value
    fields[3] "c".constraints: the least is more than the most
    fields[4] "d": only the format "default" is checked here
    fields[4] "d".constraints.minimum: 1/2/2012 is not of the field's type
    fields[5].name: expected a text
    primaryKey: there is no field "z"
    rules[0] "r": the two columns are of types that cannot be compared
    rules[0] "r": text and true or false can only be compared with = and !=
    rules[1] "s".sum: "b" is neither integer nor number
    rules[1] "s".sum: there is no field "y"
    rules[2].name: expected a text
    rules[2] "": the operator is none of =, !=, <, <=, >, >=
    rules[2] "".value: expected a text, a number, true or false
    rules[3] "t": expected either "right" or "value"
    rules[4] "u".when.field: there is no field "q"
    dialect.delimiter: expected one character, such as ; or \t
    "#);
    assert!(matches!(Schema::from_json(b"{"), Err(SchemaError::NotJson(_))));
    assert!(Schema::from_json(b"[]").is_err());
    assert!(Schema::from_json(br#"{"fields": []}"#).is_err());
}

#[test]
fn a_sink_that_fails_ends_the_check() {
    let schema = schema(KEYS);
    let file = format!("agency,quarter,report\n{}", "A,Q,x\n".repeat(200_000));
    let mut seen = 0;
    let mut sink = |_| {
        seen += 1;
        if seen == 3 { Err(io::Error::from(io::ErrorKind::BrokenPipe)) } else { Ok(()) }
    };
    let outcome = check(Cursor::new(file), &schema, "f", &mut sink, &mut |_| ());
    assert!(matches!(outcome, Err(SchemaError::Sink(_))));
}

/// Hands over a few bytes at a time.
struct Dribble<'a> {
    file: Cursor<&'a [u8]>,
    bytes: usize,
}

impl Read for Dribble<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(self.bytes);
        self.file.read(&mut into[..most])
    }
}

impl Seek for Dribble<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[test]
fn batches_leave_no_seam() {
    let schema = schema(RULES);
    let mut file = "victims,minors,adults,status,result,from,to\r\n".to_owned();
    for row in 0..30_000 {
        let status = if row % 997 == 0 { "\"cl\"\"osed, \u{e9}\"" } else { "closed" };
        file += &format!(
            "{},{},1,{status},x,2012-01-01,2012-01-0{}\r\n",
            row % 90,
            row % 90 - 1,
            row % 9 + 1
        );
    }
    let (summary, problems) = run(&schema, Cursor::new(&file));
    assert_eq!(summary.rows, 30_000);
    let rows: Vec<u64> = problems.iter().map(|problem| problem.row).collect();
    assert_eq!(rows, (2..30_002).filter(|row| (row - 2) % 9 == 0).collect::<Vec<u64>>());
    let windows = encoding_rs::WINDOWS_1252.encode(&file).0.into_owned();
    let (summary, in_windows) = run(&schema, Cursor::new(windows));
    assert_eq!((summary.encoding, in_windows), (Encoding::Windows1252, problems));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Nothing that a file holds makes the check panic, and how it is read makes no difference.
    #[test]
    fn any_bytes_are_checked_the_same_however_they_arrive(
        body in prop::collection::vec(prop_oneof![
            Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'1'), any::<u8>()], 0..300),
        bytes in 1..5_usize,
    ) {
        let schema = schema(KEYS);
        let file = [b"agency,quarter,report\n", body.as_slice()].concat();
        let whole = run(&schema, Cursor::new(&file));
        let dribbled = run(&schema, Dribble { file: Cursor::new(&file), bytes });
        prop_assert_eq!(&whole, &dribbled);
        run(&schema, Cursor::new(&body));
    }

    /// With room for a few keys in memory, duplicates are those of a map.
    #[test]
    fn duplicates_are_those_of_a_map(values in prop::collection::vec(0..60_u8, 0..200)) {
        let schema =
            schema(r#"{"fields": [{"name": "county", "constraints": {"unique": true}}]}"#);
        let file: String =
            std::iter::once("county\n".into()).chain(values.iter().map(|v| format!("{v}\n"))).collect();
        let mut first = HashMap::new();
        let mut expected = Vec::new();
        for (row, value) in (2_u64..).zip(&values) {
            if let Some(first) = first.get(value) {
                expected.push((row, value.to_string(), format!(
                    "a value that no other row has; it stands first in row {first}")));
            } else {
                first.insert(value, row);
            }
        }
        let (_, problems) = run(&schema, Cursor::new(file));
        let found: Vec<_> =
            problems.into_iter().map(|p| (p.row, p.value.to_string(), p.expected)).collect();
        prop_assert_eq!(found, expected);
    }

    /// No text makes the reader of schemas panic.
    #[test]
    fn any_schema_is_read_or_refused(
        key in "fields|rules|primaryKey|dialect|missingValues|x",
        json in r#"[\[\]{}:,"a1]{0,12}|\[\{"name":"a","type":"(integer|year)"\}\]|\{\}|null"#,
    ) {
        let _ = Schema::from_json(format!(r#"{{"{key}": {json}}}"#).as_bytes());
        let _ = Schema::from_json(format!(r#"{{"fields":[{{"name":"a"}}], "{key}": {json}}}"#).as_bytes());
    }
}
