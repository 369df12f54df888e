//! Counts made-up people at the size of a state: `ten_million [ROWS]`.
//!
//! Writes so many victims' rows (ten million) of forty agencies and who is whom, checks every table,
//! counts the people and tallies the rows; prints how long each step took and the most memory held.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::array::{
    ArrayRef, Date32Builder, FixedSizeBinaryBuilder, RecordBatch, StringBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::ArrowWriterOptions;
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;
use jiff::civil::date;
use query::{
    CodedTable, ExpectedTable, Member, PeopleQuestion, Removed, TallyQuestion, check_table,
    count_people, tally,
};
use records::Quarter;
use records::record::{Field, Holds, OpaqueId, RecordKind};
use records::register::Register;

type Failed = Box<dyn std::error::Error>;

const AGENCIES: u16 = 40;
const BATCH_ROWS: u64 = 8192;
const REMOVED_OF_AGENCY: usize = 25;

#[expect(clippy::print_stdout, reason = "an example speaks to the terminal")]
fn main() -> Result<(), Failed> {
    let rows: u64 = std::env::args().nth(1).map_or(Ok(10_000_000), |rows| rows.parse())?;
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let (first, last): (Quarter, Quarter) = ("2023-Q1".parse()?, "2026-Q4".parse()?);

    let mut started = Instant::now();
    let mut step = |what: &str| {
        let held = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = held.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?");
        println!("{what}: {:.1} s, peak {}", started.elapsed().as_secs_f64(), peak.trim());
        started = Instant::now();
    };

    let (mut tables, mut files) = (Vec::new(), Vec::new());
    let mut removed = Vec::new();
    let members_path = folder.path().join("members");
    let mut all_members = File::create(&members_path)?;
    for agency in 0..AGENCIES {
        let path = folder.path().join(format!("{agency}.parquet"));
        let of_agency = rows / u64::from(AGENCIES) + u64::from(u64::from(agency) < rows % 40);
        let mut members = Vec::new();
        let made = Made::new(agency, rows).write(&path, &mut members, first, last, of_agency)?;
        members.sort_unstable();
        all_members.write_all(members.as_flattened())?;
        let gone = |id| Removed { agency, id: OpaqueId(id), before: None };
        removed.extend(made.into_iter().map(gone));
        #[expect(clippy::disallowed_methods, reason = "tables of its own making, and of no store")]
        tables.push(CodedTable::registered(agency, 1, path.clone(), of_agency));
        files.push((path, of_agency));
    }
    step(&format!("{rows} rows written"));

    for (path, rows) in &files {
        let checked = check_table(path, &expected(first, last, *rows))?;
        if let Some(problem) = checked.problems.first() {
            return Err(format!("{problem:?}").into());
        }
    }
    step("checked");

    let as_of = date(2027, 1, 1);
    let list_of_agency = (0..AGENCIES).map(|agency| (agency % 5) as u8).collect();
    let taken_back = removed.iter().map(|gone| (gone.agency, gone.id, gone.before)).collect();
    let kind = RecordKind::Victim;
    let to_tally = tables.clone();
    let question = PeopleQuestion { tables, list_of_agency, removed, first, last, as_of };
    let people =
        runtime.block_on(count_people(&question, &mut members(&members_path)?, folder.path()))?;
    let (records, several) = (people.records, people.on_several);
    step(&format!("{records} of agencies are {} people, {several} on several", people.people));

    let question =
        TallyQuestion { kind, tables: to_tally, removed: taken_back, first, last, as_of };
    let tallied = runtime.block_on(tally(&question))?;
    let counted = tallied.cells.iter().filter(|(key, _)| key.field.is_none());
    step(&format!("{} records tallied", counted.map(|(_, records)| records).sum::<u64>()));
    Ok(())
}

fn expected(first: Quarter, last: Quarter, rows: u64) -> ExpectedTable {
    let kind = RecordKind::Victim;
    ExpectedTable { kind, first, last, rows, with_release: false }
}

/// Made-up people of one agency, drawn by splitmix64 from its number.
struct Made {
    agency: u16,
    state: u64,
    /// How many people any agency may meet.
    shared: u64,
}

impl Made {
    fn new(agency: u16, rows: u64) -> Made {
        Made { agency, state: u64::from(agency) << 32, shared: (rows / 8).max(1) }
    }

    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.state)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// Writes so many rows, and who is whom; the ids of a few people.
    fn write(
        mut self,
        path: &Path,
        members: &mut Vec<[u8; MEMBER_BYTES]>,
        first: Quarter,
        last: Quarter,
        rows: u64,
    ) -> Result<Vec<[u8; 16]>, Failed> {
        let columns = columns();
        let mut writer = writer(path, &columns)?;
        let quarters: Vec<String> = first.up_to(last).map(|quarter| quarter.to_string()).collect();
        let texts: Vec<Vec<String>> = Field::leaving(RecordKind::Victim).map(texts).collect();
        let (mut some, mut left) = (Vec::new(), rows);
        let (mut id, mut quarter, mut more) = ([0; 16], 0, 0);
        while left > 0 {
            let in_batch = left.min(BATCH_ROWS);
            let mut ids = FixedSizeBinaryBuilder::new(16);
            let mut days = Date32Builder::new();
            let mut cells: Vec<StringBuilder> =
                texts.iter().skip(1).map(|_| StringBuilder::new()).collect();
            for _ in 0..in_batch {
                if more == 0 {
                    id = bytes(self.draw());
                    members.extend(self.member(id));
                    more = 1 + self.below(3);
                    quarter = self.below(quarters.len() as u64) as usize;
                    if some.len() < REMOVED_OF_AGENCY {
                        some.push(id);
                    }
                }
                more -= 1;
                quarter = (quarter + 1) % quarters.len();
                ids.append_value(id)?;
                days.append_null();
                for (cells, texts) in cells.iter_mut().zip(&texts[1..]) {
                    match texts.len() as u64 {
                        0 => cells.append_value(&quarters[quarter]),
                        // The first text of a field that may be empty is no text.
                        many => match texts[self.below(many) as usize].as_str() {
                            "" => cells.append_null(),
                            text => cells.append_value(text),
                        },
                    }
                }
            }
            let mut batch: Vec<ArrayRef> = vec![Arc::new(ids.finish())];
            batch.extend(cells.iter_mut().map(|cells| Arc::new(cells.finish()) as ArrayRef));
            batch.push(Arc::new(days.finish()));
            writer.write(&RecordBatch::try_new(columns.clone(), batch)?)?;
            left -= in_batch;
        }
        writer.close()?;
        Ok(some)
    }

    /// Of ten people, one was compared with nobody, three are met by other agencies too.
    fn member(&mut self, id: [u8; 16]) -> Option<[u8; MEMBER_BYTES]> {
        let person = match self.below(10) {
            0 => return None,
            1..4 => self.below(self.shared) as u32,
            _ => u32::MAX,
        };
        let mut member = [0; MEMBER_BYTES];
        member[..2].copy_from_slice(&self.agency.to_be_bytes());
        member[2..18].copy_from_slice(&id);
        member[18..].copy_from_slice(&person.to_be_bytes());
        Some(member)
    }
}

/// Agency, id, and the person: of one who is nobody else, the largest number.
const MEMBER_BYTES: usize = 22;

/// Members from a file.
fn members(path: &Path) -> Result<impl Iterator<Item = Result<Member, query::QueryError>>, Failed> {
    let mut file = BufReader::new(File::open(path)?);
    let mut bytes = [0; MEMBER_BYTES];
    Ok(std::iter::from_fn(move || {
        file.read_exact(&mut bytes).ok()?;
        let (agency, rest) = bytes.split_first_chunk::<2>()?;
        let (id, person) = rest.split_first_chunk::<16>()?;
        let person = u32::from_be_bytes(person.try_into().ok()?);
        let (agency, with_others) = (u16::from_be_bytes(*agency), person != u32::MAX);
        Some(Ok(Member { agency, id: OpaqueId(*id), person, with_others }))
    }))
}

fn mixed(state: u64) -> u64 {
    let one = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let two = (one ^ (one >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    two ^ (two >> 31)
}

fn bytes(number: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&mixed(number).to_be_bytes());
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// What may stand in a field; nothing for the quarter.
fn texts(field: &Field) -> Vec<String> {
    let (Holds::Code(kind) | Holds::Codes(kind)) = field.holds else { return Vec::new() };
    let entries = Register::embedded().entries(kind).map(|entry| entry.code.clone());
    let mut codes: Vec<String> = entries
        .filter(|code| field.only.is_empty() || field.only.contains(&code.as_str()))
        .collect();
    codes.sort();
    if matches!(field.holds, Holds::Codes(_)) {
        let pairs: Vec<String> = codes.windows(2).map(|pair| pair.join("; ")).collect();
        codes.extend(pairs);
    }
    if !field.required {
        codes.insert(0, String::new());
    }
    codes
}

fn columns() -> SchemaRef {
    let id = |name| Column::new(name, DataType::FixedSizeBinary(16), true);
    let texts = Field::leaving(RecordKind::Victim)
        .skip(1)
        .map(|field| Column::new(field.name, DataType::Utf8, true));
    let expires_on = Column::new("expires_on", DataType::Date32, true);
    let columns = [id("reference")].into_iter().chain(texts).chain([expires_on]);
    Arc::new(Schema::new(columns.collect::<Vec<_>>()))
}

fn writer(path: &Path, columns: &SchemaRef) -> Result<ArrowWriter<File>, Failed> {
    let of_kind = KeyValue::new("clearway.kind".to_owned(), "victim".to_owned());
    let properties = WriterProperties::builder()
        .set_key_value_metadata(Some(vec![of_kind]))
        .set_max_row_group_row_count(Some(128 * 1024))
        .set_column_dictionary_enabled(ColumnPath::from("reference"), false)
        .build();
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    Ok(ArrowWriter::try_new_with_options(File::create(path)?, columns.clone(), options)?)
}
