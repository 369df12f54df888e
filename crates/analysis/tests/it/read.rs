//! Every format is read, and everything wrong with a file is told at once.

use analysis::collect::read::{Sheet, is_table_file, personal, read, read_all};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Note, Workbook, Worksheet};

mod ods;

/// Columns that count as known and impersonal in these tests.
fn known(header: &str) -> bool {
    ["period", "county", "value", "when", "share"].contains(&header)
}

fn one(file: &str, bytes: &[u8]) -> Sheet {
    let mut sheets = read(file, bytes, &known).unwrap();
    assert_eq!(sheets.len(), 1);
    sheets.remove(0)
}

fn rows(sheet: &Sheet) -> Vec<(u64, Vec<&str>)> {
    sheet
        .rows
        .iter()
        .map(|row| (row.number, row.cells.iter().map(String::as_str).collect()))
        .collect()
}

fn problems(file: &str, bytes: &[u8]) -> Vec<String> {
    let problems = read(file, bytes, &known).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn text_is_read_in_any_delimiter_and_encoding() {
    let utf16: Vec<u8> =
        "\u{feff}period\tvalue\r\n2011\t3\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [
        &b"period,value\n2011,3\n"[..],
        b"\xEF\xBB\xBFperiod;value\r\n2011;3",
        b"period\tvalue\n2011\t3\t\t\n\t\n",
        b"period|value\n2011|3\n",
        b"sep=;\r\nperiod;value\r\n2011;3\r\n",
        b"\"period\",\"value\"\n\"2011\n\", 3 \n",
        &utf16,
    ] {
        let sheet = one("a.csv", bytes);
        assert_eq!(sheet.header, ["period", "value"]);
        assert_eq!(rows(&sheet), [(2, vec!["2011", "3"])]);
    }
    let sheet = one("a.csv", b"county,value\nPe\xF1asquitos,3\n");
    assert_eq!(rows(&sheet), [(2, vec!["Peñasquitos", "3"])]);
}

#[test]
fn rows_have_the_numbers_a_spreadsheet_shows() {
    let sheet = one("a.csv", b"\n\nperiod,value\n\n2011,3\n,\n2012,4\n");
    assert_eq!(sheet.header_row, 3);
    assert_eq!(rows(&sheet), [(5, vec!["2011", "3"]), (7, vec!["2012", "4"])]);
    assert_eq!(rows(&one("a.csv", b"period,value\n")), []);
}

#[test]
fn every_problem_of_a_text_is_told_at_once() {
    let text = "period,value,value,,secret\n2011,3\n2012,1,2,x,y,z\n2013,#REF!,4,,\u{202e}me\n\
                2014,\"5\"6,\"7\n8\",,\n2015,\"9,,,\n";
    insta::assert_snapshot!(problems("b.csv", text.as_bytes()).join("\n"));
}

#[test]
fn a_file_that_is_no_table_has_one_problem() {
    let old: Vec<u8> = [&[0xD0, 0xCF, 0x11, 0xE0][..], &[0; 600]].concat();
    let mut encrypted = old.clone();
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let mut told = Vec::new();
    for (file, bytes) in [
        ("empty.csv", &b""[..]),
        ("blank.csv", b" \n\n"),
        ("nul.csv", b"period,value\n2011,\0\n"),
        ("scan.pdf", b"%PDF-1.7"),
        ("page.xls", b"<html><table>"),
        ("old.xls", &old),
        ("secret.xlsx", &encrypted),
        ("cut.xlsx", b"PK\x03\x04 and no more"),
        ("noise.ods", b"\x00\x01\x02"),
        ("list.json", b"[1]"),
        ("none.json", b"[]"),
    ] {
        let problems = problems(file, bytes);
        assert_eq!(problems.len(), 1, "{file}");
        told.extend(problems);
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn json_comes_in_three_shapes() {
    let expected = [(2, vec!["2011", "1.10", ""]), (3, vec!["", "9007199254740993", "true"])];
    for text in [
        r#"[{"period":"2011","value":1.10},{"value":9007199254740993,"x":true,"period":null}]"#,
        r#"{"rows":[{"period":"2011","value":1.10},{"value":9007199254740993,"x":true}]}"#,
        "{\"period\":\"2011\",\"value\":1.10}\n{\"value\":9007199254740993,\"x\":true}\n",
    ] {
        let sheet = one("a.json", text.as_bytes());
        assert_eq!(sheet.header, ["period", "value", "x"]);
        assert_eq!(rows(&sheet), expected);
    }
    let text = r#"{"note":"all of 2011","rows":[{"period":"2011","period":"2012","value":[1]},
        {"value":{"a":1}, "period":"\u202e2011"}, {"value":01}]}"#;
    insta::assert_snapshot!(problems("a.json", text.as_bytes()).join("\n"));
}

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_reads_as_its_sheet_shows_it() {
    let bytes = workbook(|sheet| {
        sheet.write_row(3, 1, ["period", "value", "when", "share"]).unwrap();
        let day = ExcelDateTime::from_ymd(2011, 6, 30).unwrap();
        let noon = ExcelDateTime::from_ymd(2011, 6, 30).unwrap().and_hms(12, 0, 0).unwrap();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write(4, 1, "2011").unwrap().write(4, 2, 12.0).unwrap();
        sheet.write_datetime_with_format(4, 3, &day, &date).unwrap();
        sheet.write_with_format(4, 4, 0.255, &Format::new().set_num_format("0.0%")).unwrap();
        sheet.write(6, 1, 2012).unwrap();
        sheet.write_formula(6, 2, Formula::new("1+2").set_result("3")).unwrap();
        sheet.write_datetime_with_format(6, 3, &noon, &date).unwrap();
        sheet.write(6, 4, true).unwrap();
    });
    let sheet = one("a.xlsx", &bytes);
    assert_eq!((sheet.name.as_str(), sheet.header_row), ("Sheet1", 4));
    assert_eq!(sheet.header, ["period", "value", "when", "share"]);
    assert_eq!(
        rows(&sheet),
        [
            (5, vec!["2011", "12", "2011-06-30", "25.5%"]),
            (7, vec!["2012", "3", "2011-06-30T12:00:00", "true"]),
        ]
    );
}

#[test]
fn every_problem_of_a_workbook_is_told_at_once() {
    let bytes = workbook(|sheet| {
        sheet.write_row(0, 0, ["period", "value"]).unwrap();
        sheet.write_formula(1, 1, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
        sheet.write(2, 1, "3\n4").unwrap();
        sheet.write(2, 5, "beside the table").unwrap();
    });
    insta::assert_snapshot!(problems("b.xlsx", &bytes).join("\n"));
}

#[test]
fn notes_beside_the_table_are_no_problem_but_a_person_is() {
    let mut workbook = Workbook::new();
    let notes = workbook.add_worksheet().set_name("Read me").unwrap();
    notes.write(0, 0, "How to fill this in").unwrap();
    notes.write_row(2, 0, ["one", "two\nlines", "", "two\nlines"]).unwrap();
    workbook.add_worksheet().write_row(0, 0, ["period", "value"]).unwrap();
    let hidden = workbook.add_worksheet().set_name("Cases").unwrap().set_hidden(true);
    hidden.write_row(0, 0, ["case", "Victim name", "remark"]).unwrap();
    hidden.write_row(1, 0, ["1", "Jane Roe", "call 916-555-0100"]).unwrap();
    hidden.write_row(2, 0, ["2", "Ann Poe", "none"]).unwrap();
    let sheets = read("c.xlsx", &workbook.save_to_buffer().unwrap(), &known).unwrap();
    assert_eq!(sheets.len(), 3);
    assert!(sheets[2].hidden);
    assert!(!format!("{sheets:?}").contains("Jane"));
    let problems: Vec<String> = personal(&sheets).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"));
}

#[test]
fn a_first_row_about_a_person_is_not_printed_as_column_names() {
    let problems = problems("d.csv", b"Jane Roe,4 May 1999\nAnn\x01,3\n").join("\n");
    assert!(!problems.contains("Jane") && !problems.contains("Ann"), "{problems}");
}

#[test]
fn a_broken_file_is_still_recognised_by_its_header() {
    let reading = read_all("b.csv", b"period,value\n2011\n", &known);
    assert_eq!(reading.sheets[0].header, ["period", "value"]);
    assert_eq!(reading.problems.len(), 1);
}

#[test]
fn an_open_document_is_read() {
    let sheet = one("a.ods", &ods::workbook());
    assert_eq!(sheet.header, ["period", "value", "when"]);
    assert_eq!(
        rows(&sheet),
        [(2, vec!["2011", "12", "2011-06-30"]), (4, vec!["2012", "3.5", "true"])]
    );
    let mut locked = ods::workbook();
    let flag = locked.windows(4).position(|window| window == b"PK\x01\x02").unwrap() + 8;
    locked[flag] |= 1;
    assert!(problems("a.ods", &locked)[0].contains("password"));
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let mut bomb = ods::workbook();
    let entry = bomb.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bomb[entry + 24..entry + 28].copy_from_slice(&[0, 0, 0, 0x30]);
    assert!(problems("a.ods", &bomb)[0].contains("512 MiB"));
    for (cell, refusal) in [
        (
            r#"<table:table-cell table:number-columns-repeated="16384" office:value="1"/>"#,
            "2,000,000",
        ),
        (
            r#"<table:table-cell office:value-type="string"><text:p><text:s text:c="4000000000"/></text:p></table:table-cell>"#,
            "cannot be opened",
        ),
        (
            r#"<table:table-cell office:value-type="percentage" office:value="0.25"/>"#,
            "percentages",
        ),
    ] {
        let row = format!(
            r#"<table:table-row table:number-rows-repeated="6000">{cell}</table:table-row>"#
        );
        let told = problems("a.ods", &ods::with_rows(&row));
        assert!(told[0].contains(refusal), "{told:?}");
    }
    let texts = r#"<sst uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    let parts = [("[Content_Types].xml", "<Types/>"), ("xl/sharedStrings.xml", texts)];
    assert!(problems("a.xlsx", &ods::stored(&parts))[0].contains("cannot be opened"));
}

#[test]
fn a_comment_about_a_person_is_found() {
    let with_comment = |words: &str| {
        workbook(|sheet| {
            sheet.write_row(0, 0, ["period", "value"]).unwrap();
            sheet.write_row(1, 0, [2011, 3]).unwrap();
            sheet.insert_note(1, 1, &Note::new(words)).unwrap();
        })
    };
    assert_eq!(rows(&one("a.xlsx", &with_comment("two of them in May"))).len(), 1);
    let told = problems("a.xlsx", &with_comment("ask 415-555-0199"));
    assert!(told.len() == 1 && told[0].contains("comment on a cell"), "{told:?}");
}

#[test]
fn one_far_cell_is_kept_and_a_sheet_full_of_them_refused() {
    let far = workbook(|sheet| {
        sheet.write_row(0, 0, ["period", "value"]).unwrap();
        sheet.write(1_048_575, 0, 2011).unwrap();
    });
    assert_eq!(one("a.xlsx", &far).rows[0].number, 1_048_576);
    let wide = workbook(|sheet| {
        for row in 0..200 {
            sheet.write(row, 16_383, 1).unwrap();
        }
    });
    assert!(problems("a.xlsx", &wide)[0].contains("2,000,000"));
}

#[test]
fn table_files_are_told_by_their_names() {
    for (name, is_table) in
        [("a.CSV", true), ("b.xlsx", true), ("c.ndjson", true), ("d.pdf", false)]
    {
        assert_eq!(is_table_file(name.as_ref()), is_table, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// No bytes under any name make the reader panic, and what it reads is rectangular.
    #[test]
    fn any_bytes_are_read_or_refused(
        start in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"PK\x05\x06", b"[{\"a\":", b"{\"rows\":[", b"\xFF\xFE", b"period,value\n", b"\""]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        name in prop::sample::select(vec!["a.csv", "a.xlsx", "a.ods", "a.json", "a"]),
    ) {
        check(name, &[start, &bytes].concat());
    }

    /// The same for text that is nearly a table.
    #[test]
    fn any_text_is_read_or_refused(
        text in "(period|value|[\",;\t|\n\r{}\\[\\]:1 a\u{202e}\\\\]){0,60}",
        name in prop::sample::select(vec!["a.csv", "a.json"]),
    ) {
        check(name, text.as_bytes());
    }

    /// A workbook cut off or damaged anywhere is refused or read, without a panic.
    #[test]
    fn a_damaged_workbook_is_read_or_refused(cut in 0.0..1.0f64, hit in 0.0..1.0f64, byte: u8, open: bool) {
        let mut bytes = if open { ods::workbook() } else {
            workbook(|sheet| { sheet.write_row(0, 0, ["period", "value"]).unwrap(); })
        };
        let hit = (hit * bytes.len() as f64) as usize;
        bytes[hit] = byte;
        check("a.xlsx", &bytes);
        bytes.truncate((cut * bytes.len() as f64) as usize);
        check("a.xlsx", &bytes);
    }
}

fn check(name: &str, bytes: &[u8]) {
    match read(name, bytes, &known) {
        Ok(sheets) => {
            for sheet in sheets {
                assert!(sheet.rows.iter().all(|row| row.cells.len() == sheet.header.len()));
            }
        }
        Err(problems) => assert!(!problems.is_empty()),
    }
}
