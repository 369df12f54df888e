//! An agency's own records in and out, in every format.

use std::ops::ControlFlow;

use analysis::agency_records::{
    Destination, Export, ExportFormat, Exported, Input, Outcome, Take, check, export, import,
};
use jiff::Timestamp;
use proptest::prelude::*;
use records::record::{AgencyRecord, Code, Field, OpaqueIds, RecordKind};
use records::register::Kind;
use records::standards::{Defaults, ctdc, htcds};
use store::{OwnKeys, RecordOrder, RecordsKey, Scope, Store};

use crate::made;

fn at() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn with_store<T>(story: impl AsyncFnOnce(&Store) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        let told = story(&store).await;
        store.close().await;
        told
    })
}

fn input(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input::of_bytes(name, bytes.into()).unwrap()
}

async fn take(store: &Store, input: &Input, take: Take) -> Outcome {
    let (scope, ids) = (Scope::command_line("tester"), OpaqueIds::new([7; 32]));
    let keys = OwnKeys { ids: &ids, records: &key() };
    let to = Destination { store, scope: &scope, keys, at: at() };
    import(to, input, take, &|_| ()).await.unwrap()
}

fn key() -> RecordsKey {
    RecordsKey::new(&[9; 32])
}

#[track_caller]
fn is_in(outcome: &Outcome) {
    let Outcome::In(checked, _) = outcome else { panic!("{outcome:?}") };
    assert!(checked.problems.is_empty());
}

async fn standing(store: &Store, kind: RecordKind) -> Vec<AgencyRecord> {
    let mut records = Vec::new();
    let mut visit = |record| {
        records.push(record);
        ControlFlow::Continue(())
    };
    let scope = Scope::command_line("tester");
    store
        .for_each_record(&scope, &key(), kind, None, RecordOrder::AsTheyCame, &mut visit)
        .await
        .unwrap();
    records
}

async fn written(store: &Store, kind: RecordKind, format: ExportFormat) -> (Vec<u8>, Exported) {
    let what = Export { kind, format, counted_as: None, quarters: None };
    let mut bytes = Vec::new();
    let scope = Scope::command_line("tester");
    let done = export(store, &scope, &key(), &what, &mut bytes).await.unwrap();
    (bytes, done)
}

fn as_csv(header: &[String], rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

const VICTIMS: &str = "\
Own number,surname,birth_date,counted as,date,trafficking_type,age,sector,phone
V-1,Muñoz,2009-05-17,victim_identified,2026-07-01,sex,minor,strip_clubs; hotel_cleaning,2135550134
V-2,\"O'Neil, \"\"B\"\"\",,victim_served,2026-08-01,not_yet_classified,unknown,,
";

fn taken(input: &Input) -> Vec<AgencyRecord> {
    with_store(async |store| {
        is_in(&take(store, input, Take::Own(RecordKind::Victim)).await);
        standing(store, RecordKind::Victim).await
    })
}

#[test]
fn one_table_is_the_same_in_every_format_and_encoding() {
    let expected = taken(&input("victims.csv", VICTIMS));
    assert_eq!(expected.len(), 2);
    let mut reader = csv::Reader::from_reader(VICTIMS.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();

    let mut semicolons = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    semicolons.write_record(&header).unwrap();
    rows.iter().for_each(|row| semicolons.write_record(row).unwrap());
    let semicolons = String::from_utf8(semicolons.into_inner().unwrap()).unwrap();
    let latin: Vec<u8> = VICTIMS.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(VICTIMS.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let object: serde_json::Map<_, _> =
                header.iter().cloned().zip(row.iter().map(|cell| cell.as_str().into())).collect();
            serde_json::Value::Object(object).to_string()
        })
        .collect();
    for (name, bytes) in [
        ("bom.csv", format!("\u{feff}{VICTIMS}").into_bytes()),
        ("semicolons.csv", semicolons.into_bytes()),
        ("latin.csv", latin),
        ("utf16.csv", utf16),
        ("lines.jsonl", lines.join("\n").into_bytes()),
        ("workbook.xlsx", workbook(&header, &rows)),
    ] {
        let input = input(name, bytes);
        assert_eq!(taken(&input), expected, "{name}");
    }
    let table = tempfile::NamedTempFile::with_suffix(".parquet").unwrap();
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut writer = query::TextTableWriter::create(table.as_file(), &names).unwrap();
    rows.iter().for_each(|row| writer.push(row.clone()).unwrap());
    writer.finish().unwrap();
    assert_eq!(taken(&Input::open(table.path()).unwrap()), expected);
}

/// A workbook with notes on its first sheet, days as days and a phone as a number.
fn workbook(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "Made up").unwrap();
    let sheet = workbook.add_worksheet();
    let days = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (column, name) in (0..).zip(header) {
        sheet.write_string(0, column, name).unwrap();
        for (row, cells) in (1..).zip(rows) {
            let text = &cells[usize::from(column)];
            if let Ok(day) = rust_xlsxwriter::ExcelDateTime::parse_from_str(text)
                && text.contains('-')
            {
                sheet.write_with_format(row, column, &day, &days).unwrap();
            } else if let Ok(number) = text.parse::<f64>() {
                sheet.write_number(row, column, number).unwrap();
            } else {
                sheet.write_string(row, column, text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn every_error_comes_at_once_and_nothing_goes_in() {
    let csv = "reference,counted_as,date,trafficking_type,age,surname\n\
               V-1,victim_served,2026-07-01,sex,adult,Quispe\n\
               V-1,victim_served,2026-07-01,labor,adult,Quispe\n\
               V-2,victim_served,07/01/2026,sexx,Quispe,\n\
               \"V-3\"x,victim_served,2026-07-01,sex,adult,\n\
               V-4,victim_served\n";
    let input = input("victims.csv", csv);
    let told = check(&input, Take::Own(RecordKind::Victim), &|_| ());
    let lines: Vec<String> = told.problems.first.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
    with_store(async |store| {
        let outcome = take(store, &input, Take::Own(RecordKind::Victim)).await;
        let Outcome::Refused(refused) = outcome else { panic!("{outcome:?}") };
        assert_eq!(refused.problems, told.problems);
        assert!(standing(store, RecordKind::Victim).await.is_empty());
        assert!(store.imports(&Scope::command_line("tester")).await.unwrap().is_empty());
    });
}

#[test]
fn a_file_that_a_later_one_has_changed_can_be_brought_back() {
    let csv = |sort: &str| {
        format!(
            "reference,counted_as,date,trafficking_type,age\nV-1,victim_served,2026-07-01,{sort},adult\n"
        )
    };
    let (first, later) = (input("a.csv", csv("sex")), input("b.csv", csv("labor")));
    let own = Take::Own(RecordKind::Victim);
    with_store(async |store| {
        let scope = Scope::command_line("tester");
        is_in(&take(store, &first, own).await);
        is_in(&take(store, &later, own).await);
        let again = take(store, &first, own).await;
        let Outcome::Already(earlier) = again else { panic!("{again:?}") };
        assert_eq!((earlier.id, earlier.states, earlier.stand, earlier.later), (1, 1, 0, vec![2]));
        // What the message advises.
        store.withdraw_import(&scope, 1, "to be stated anew", at()).await.unwrap();
        is_in(&take(store, &first, own).await);
        let standing = standing(store, RecordKind::Victim).await;
        let sort = standing[0].code("trafficking_type").map(Code::as_str);
        assert_eq!((standing.len(), sort), (1, Some("sex")));
    });
}

#[test]
fn many_errors_are_counted_and_the_first_are_kept() {
    let mut csv = String::from("reference,date\n");
    (0..12_000).for_each(|row| csv.push_str(&format!("C-{row},yesterday\n")));
    let told = check(&input("t.csv", csv), Take::Own(RecordKind::Contact), &|_| ());
    assert_eq!((told.problems.total, told.problems.first.len()), (12_000, 10_000));
}

fn defaults() -> Defaults {
    let counted_as = Code::get(Kind::CountedUnit, "victim_identified").unwrap();
    Defaults { counted_as, date: Some(jiff::civil::date(2026, 7, 15)) }
}

/// Takes a standard's table in, writes it, takes that in elsewhere; what was written, and how many
/// people the table calls no victims.
fn there_and_back(csv: &str, by: Take, format: ExportFormat) -> (String, u64) {
    let (first, text, not_victims) = with_store(async |store| {
        let outcome = take(store, &input("cases.csv", csv), by).await;
        let Outcome::In(checked, counts) = &outcome else { panic!("{outcome:?}") };
        assert_eq!(counts.added + checked.not_victims, checked.rows);
        let (bytes, _) = written(store, RecordKind::Victim, format).await;
        let records = standing(store, RecordKind::Victim).await;
        (records, String::from_utf8(bytes).unwrap(), checked.not_victims)
    });
    with_store(async |store| {
        is_in(&take(store, &input("again.csv", text.as_str()), by).await);
        assert_eq!(standing(store, RecordKind::Victim).await, first);
    });
    (text, not_victims)
}

/// Each of the 182 values of the picklists of HTCDS 2.0 once.
fn each_htcds_value() -> (Vec<String>, Vec<Vec<String>>) {
    let names = htcds::fields().iter().map(|field| field.name.to_owned());
    let header = std::iter::once("reference".to_owned()).chain(names).collect();
    let most = htcds::fields().iter().map(|field| field.values.len()).max().unwrap();
    let row = |row: usize| {
        let value = |field: &htcds::Field| {
            let value = field.values.get(row).map_or("", |value| value.value);
            match field.name {
                "prs_FirstName" => format!("Name {row}"),
                "cas_IncomingReferralDate" => format!("2026-05-{:02}", row + 1),
                _ => value.to_owned(),
            }
        };
        std::iter::once(format!("R-{row:02}")).chain(htcds::fields().iter().map(value)).collect()
    };
    (header, (0..most).map(row).collect())
}

#[test]
fn each_value_of_htcds_goes_in_and_out() {
    let (header, mut rows) = each_htcds_value();
    let values: usize = htcds::fields().iter().map(|field| field.values.len()).sum();
    let cells = rows.iter().flatten().filter(|cell| !cell.is_empty()).count();
    assert_eq!((values, cells - 3 * rows.len()), (182, 182));
    let csv = as_csv(&header, &rows);
    let (again, not_victims) = there_and_back(&csv, Take::Htcds(defaults()), ExportFormat::Htcds);
    assert_eq!(not_victims, 1);
    rows.retain(|row| !row.iter().any(|cell| cell == "NotAVictimOfTrafficking"));
    assert_eq!(again, as_csv(&header, &rows));
}

#[test]
fn each_value_of_ctdc_goes_in_and_out() {
    let columns = ctdc::columns();
    let names = columns.iter().map(|column| column.name.to_owned());
    let mut header: Vec<String> = std::iter::once("reference".to_owned()).chain(names).collect();
    let flags: Vec<&str> = columns.iter().filter(|c| c.is_flag).map(|c| c.name).collect();
    let row = |row: usize| -> Vec<String> {
        let flag = flags[row];
        let cell = |column: &ctdc::Column| match (column.is_flag, column.repeats()) {
            (true, _) => if column.name == flag { "1" } else { "" }.to_owned(),
            (_, true) => {
                let word = column.words.iter().find(|(_, of)| *of == Some(flag));
                word.map_or("", |(word, _)| *word).to_owned()
            }
            _ if column.name == "yearOfRegistration" => "2026".to_owned(),
            _ => column.words.get(row).map_or("", |(word, _)| *word).to_owned(),
        };
        std::iter::once(format!("R-{row:02}")).chain(columns.iter().map(cell)).collect()
    };
    let mut rows: Vec<Vec<String>> = (0..flags.len()).map(row).collect();
    let csv = as_csv(&header, &rows);
    for column in columns {
        for (word, _) in &column.words {
            assert!(rows.iter().flatten().any(|cell| cell == word), "{word}");
        }
    }
    let (again, not_victims) = there_and_back(&csv, Take::Ctdc(defaults()), ExportFormat::Ctdc);
    assert_eq!(not_victims, 0);
    // The day, which the dataset lacks, stands behind its columns.
    header.push("date".to_owned());
    rows.iter_mut().for_each(|row| row.push("2026-07-15".to_owned()));
    assert_eq!(again, as_csv(&header, &rows));
}

#[test]
fn codes_of_niem_and_nibrs_are_listed_by_own_number() {
    with_store(async |store| {
        is_in(&take(store, &input("v.csv", VICTIMS), Take::Own(RecordKind::Victim)).await);
        let (bytes, done) = written(store, RecordKind::Victim, ExportFormat::Nibrs).await;
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "reference,code,name\nV-1,64A,\"Human Trafficking, Commercial Sex Acts\"\n"
        );
        assert_eq!((done.records, done.unsaid.counts().len()), (2, 1));
        let (bytes, done) = written(store, RecordKind::Victim, ExportFormat::Niem).await;
        assert!(String::from_utf8(bytes).unwrap().contains("V-1,OffenseCodeSimpleType,"));
        assert!(done.rows >= 2);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Records of any kind come back from a file of ours as they were.
    #[test]
    fn any_records_come_back(
        records in made::any_kind().prop_flat_map(|kind| prop::collection::vec(made::record(kind), 1..6)),
        jsonl: bool,
    ) {
        let kind = records[0].kind();
        let mut records = records;
        records.sort_by_key(AgencyRecord::key);
        records.dedup_by_key(|record| record.key());
        let header: Vec<String> = Field::of(kind).iter().map(|field| field.name.to_owned()).collect();
        let rows: Vec<Vec<String>> = records.iter().map(AgencyRecord::in_own_table).collect();
        let format = if jsonl { ExportFormat::JsonLines } else { ExportFormat::Csv };
        let csv = as_csv(&header, &rows);
        let (bytes, first) = with_store(async |store| {
            is_in(&take(store, &input("in.csv", csv.as_str()), Take::Own(kind)).await);
            (written(store, kind, format).await.0, standing(store, kind).await)
        });
        prop_assert_eq!(&first, &records);
        let again = with_store(async |store| {
            is_in(&take(store, &input("out", bytes.clone()), Take::Own(kind)).await);
            standing(store, kind).await
        });
        prop_assert_eq!(again, records);
    }
}
