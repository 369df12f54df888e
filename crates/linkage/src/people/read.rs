//! A CSV file to a table of people.
//!
//! The file is cut at ends of records (a line end outside quotation marks: an even number of
//! marks stands before it), the pieces are read side by side with numbers of their own for
//! distinct values, and the numbers are joined in the order of the pieces: the same table whatever
//! the number of threads.

use csv::ByteRecord;
use rayon::prelude::*;

use crate::people::cell::{BirthDate, phone, sex, zip};
use crate::people::error::{FAULTS_LISTED, Fault, FaultKind, PeopleError};
use crate::people::intern::{Interner, hash_bytes, mix};
use crate::people::names::Names;
use crate::people::shared;
use crate::people::street::{Street, street};
use crate::people::table::{PersonTable, Row, Truth};

/// The most bytes of a cell that make sense in any of the columns.
const CELL_LIMIT: usize = 1000;

/// Records are numbered with 32 bits; two numbers are kept for "none".
const ROWS_LIMIT: usize = u32::MAX as usize - 1;

/// What a file of people holds.
#[derive(Debug)]
pub struct PeopleFile {
    /// The people.
    pub people: PersonTable,
    /// Who is who, when a column for it was named.
    pub truth: Option<Truth>,
    /// The names of columns that are not known and were ignored.
    pub ignored: Vec<String>,
}

/// Which column of the file holds what; in the order of [`super::COLUMNS`], the truth last.
type Places = [Option<usize>; 14];

/// Distinct texts of a piece: names, streets, towns, origins, agencies, truths.
#[derive(Default)]
struct Texts([Interner; 6]);

/// A piece of the file as it was read, with numbers of its own.
#[derive(Default)]
struct Piece {
    rows: Vec<Row>,
    truths: Vec<u32>,
    texts: Texts,
    ids: Vec<u8>,
    id_ends: Vec<u32>,
    faults: Vec<Fault>,
    fault_count: usize,
}

/// Reads a CSV file of people; `truth_column` names the column that says who is who, for scoring.
///
/// # Errors
///
/// [`PeopleError`]: no header, a column that is there twice or not at all, or the faults of all
/// rows at once. Nothing is returned of a file with faults.
pub fn read_people(file: &[u8], truth_column: Option<&str>) -> Result<PeopleFile, PeopleError> {
    read_people_of(file, "agency", truth_column)
}

/// Like [`read_people`], with the agency in a column of another name.
///
/// # Errors
///
/// Those of [`read_people`].
pub fn read_people_of(
    file: &[u8],
    agency_column: &str,
    truth_column: Option<&str>,
) -> Result<PeopleFile, PeopleError> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut header = ByteRecord::new();
    // Reading from memory with any number of cells cannot fail.
    let found = reader.read_byte_record(&mut header).unwrap_or(false);
    let (places, ignored) = places(&header, agency_column, truth_column)?;
    if !found {
        return Err(PeopleError::NoHeader);
    }
    let body = &file[reader.position().byte() as usize..];
    let mut pieces: Vec<Piece> =
        cut(body).into_par_iter().map(|piece| read_piece(piece, &places, header.len())).collect();

    let rows: usize = pieces.iter().map(|piece| piece.rows.len()).sum();
    if rows > ROWS_LIMIT {
        return Err(PeopleError::TooManyRows { rows, limit: ROWS_LIMIT });
    }
    let mut before = 0;
    let mut faults = Vec::new();
    for piece in &mut pieces {
        faults
            .extend(piece.faults.drain(..).map(|fault| Fault { row: fault.row + before, ..fault }));
        before += piece.rows.len();
    }
    let mut count = pieces.iter().map(|piece| piece.fault_count).sum();
    let file = join(pieces, truth_column.is_some(), ignored);
    if places[0].is_some() {
        let (same, more) = same_ids(&file.people);
        faults.extend(same);
        count += more;
    }
    if count > 0 {
        faults.sort_by_key(|fault| fault.row);
        faults.truncate(FAULTS_LISTED);
        return Err(PeopleError::Faults { faults, count });
    }
    Ok(file)
}

/// Where the columns are, and the names of those that are not known.
fn places(
    header: &ByteRecord,
    agency: &str,
    truth: Option<&str>,
) -> Result<(Places, Vec<String>), PeopleError> {
    let mut places = Places::default();
    let mut ignored = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(name).trim().to_owned();
        let called = |known: &str| if known == "agency" { agency } else { known }.to_owned();
        let known =
            super::COLUMNS.iter().position(|known| name.eq_ignore_ascii_case(&called(known)));
        let place = if truth == Some(name.as_str()) { Some(13) } else { known };
        match place {
            Some(place) if places[place].is_some() => {
                return Err(PeopleError::ColumnTwice { name });
            }
            Some(place) => places[place] = Some(at),
            None => ignored.push(name),
        }
    }
    if places[..13].iter().all(Option::is_none) {
        return Err(PeopleError::NoHeader);
    }
    match truth {
        Some(name) if places[13].is_none() => {
            Err(PeopleError::NoTruthColumn { name: name.to_owned() })
        }
        _ => Ok((places, ignored)),
    }
}

/// Cuts a file into at most eight pieces, each of whole records.
fn cut(body: &[u8]) -> Vec<&[u8]> {
    let size = (body.len() / 8).max(1 << 18);
    let mut pieces = Vec::new();
    let mut rest = body;
    while rest.len() > size {
        let marks = rest[..size].iter().filter(|&&byte| byte == b'"').count();
        let mut inside = marks % 2 == 1;
        let end = rest[size..].iter().position(|&byte| {
            inside ^= byte == b'"';
            byte == b'\n' && !inside
        });
        let Some(end) = end else { break };
        let (piece, others) = rest.split_at(size + end + 1);
        pieces.push(piece);
        rest = others;
    }
    pieces.push(rest);
    pieces
}

fn read_piece(text: &[u8], places: &Places, cells: usize) -> Piece {
    let mut piece = Piece::default();
    for interner in &mut piece.texts.0 {
        interner.number(b"");
    }
    piece.rows.reserve(text.len() / 90);
    let all_utf8 = std::str::from_utf8(text).is_ok();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        piece.take(&record, places, cells, all_utf8);
    }
    piece
}

impl Piece {
    fn fault(&mut self, column: Option<&'static str>, kind: FaultKind) {
        self.fault_count += 1;
        if self.faults.len() < FAULTS_LISTED {
            // The header is row 1; rows before this piece are added later.
            self.faults.push(Fault { row: self.rows.len() + 2, column, kind });
        }
    }

    /// Takes in a record.
    fn take(&mut self, record: &ByteRecord, places: &Places, cells: usize, all_utf8: bool) {
        if record.len() != cells {
            self.fault(None, FaultKind::Cells { expected: cells, found: record.len() });
        }
        let mut values: [&[u8]; 14] = [b""; 14];
        for (column, (value, place)) in values.iter_mut().zip(places).enumerate() {
            let Some(cell) = place.and_then(|place| record.get(place)) else { continue };
            let name = super::COLUMNS.get(column).copied();
            if cell.len() > CELL_LIMIT {
                self.fault(name, FaultKind::TooLong { bytes: cell.len(), limit: CELL_LIMIT });
            } else if !all_utf8 && std::str::from_utf8(cell).is_err() {
                self.fault(name, FaultKind::NotUtf8);
            } else {
                *value = cell.trim_ascii();
            }
        }
        let [
            id,
            agency,
            given,
            middle,
            surname,
            alias,
            sex_cell,
            birth,
            phone_cell,
            street,
            city,
            zip_cell,
            origin,
            truth,
        ] = values;
        let birth = BirthDate::read(birth);
        if birth.is_none() {
            self.fault(Some("birth_date"), FaultKind::NoDate);
        }
        let [names, streets, cities, origins, agencies, truths] = &mut self.texts.0;
        self.rows.push(Row {
            phone: phone(phone_cell),
            given: names.number(given),
            middle: names.number(middle),
            surname: names.number(surname),
            alias: names.number(alias),
            birth: birth.unwrap_or_default(),
            street: streets.number(street),
            zip: zip(zip_cell),
            city: cities.number(city),
            // More agencies or origins than fit are counted as the last.
            origin: origins.number(origin).min(0xffff) as u16,
            agency: agencies.number(agency).min(0xffff) as u16,
            sex: sex(sex_cell),
            ..Row::default()
        });
        if places[13].is_some() {
            self.truths.push(truths.number(truth));
        }
        if places[0].is_some() {
            self.ids.extend_from_slice(id);
            self.id_ends.push(self.ids.len() as u32);
        }
    }
}

/// Joins the pieces: one numbering of values for all.
fn join(mut pieces: Vec<Piece>, with_truth: bool, ignored: Vec<String>) -> PeopleFile {
    let per_text: Vec<(Interner, Vec<Vec<u32>>)> = (0..6)
        .into_par_iter()
        .map(|text| {
            let mut all = Interner::default();
            let numbers = pieces.iter().map(|piece| all.take_in(&piece.texts.0[text])).collect();
            (all, numbers)
        })
        .collect();
    for piece in &mut pieces {
        piece.texts = Texts::default();
    }
    let mut per_text = per_text.into_iter();
    let mut next = || per_text.next().unwrap_or_default();
    let ((names, name_of), (streets, street_of), (cities, city_of)) = (next(), next(), next());
    let ((_, origin_of), (agencies, agency_of), (truths, truth_of)) = (next(), next(), next());
    let street_lines: Vec<Street> = (0..streets.len() as u32)
        .into_par_iter()
        .map(|line| street(&String::from_utf8_lossy(streets.text(line))))
        .collect();
    // Towns are compared as written but for case, accents and blanks.
    let town_of: Vec<u32> = (0..cities.len() as u32)
        .into_par_iter()
        .map(|city| {
            let folded = crate::name::fold(&String::from_utf8_lossy(cities.text(city)));
            if folded.is_empty() { 0 } else { hash_bytes(folded.as_bytes()) as u32 | 1 }
        })
        .collect();

    pieces.par_iter_mut().enumerate().for_each(|(at, piece)| {
        for row in &mut piece.rows {
            for name in [&mut row.given, &mut row.middle, &mut row.surname, &mut row.alias] {
                *name = name_of[at][*name as usize];
            }
            let line = street_lines[street_of[at][row.street as usize] as usize];
            (row.house, row.street, row.street_sound) = (line.number, line.name, line.sound);
            row.city = town_of[city_of[at][row.city as usize] as usize];
            row.origin = origin_of[at][row.origin as usize].min(0xffff) as u16;
            row.agency = agency_of[at][row.agency as usize].min(0xffff) as u16;
        }
        for truth in &mut piece.truths {
            *truth = truth_of[at][*truth as usize];
        }
    });

    let total = pieces.iter().map(|piece| piece.rows.len()).sum();
    let mut rows = Vec::with_capacity(total);
    let mut ids = Vec::new();
    let mut id_ends = Vec::new();
    let mut truth_numbers = Vec::new();
    for piece in pieces {
        rows.extend(piece.rows);
        let before = ids.len() as u32;
        ids.extend(piece.ids);
        id_ends.extend(piece.id_ends.iter().map(|end| end + before));
        truth_numbers.extend(piece.truths);
    }
    let names = Names::new(&names);
    let (namesakes, shared) = shared::count(&mut rows, &names.names);
    let people = PersonTable { rows, names, agencies, shared, namesakes, ids, id_ends };
    let truth = with_truth.then(|| truth(truth_numbers, truths.len() as u32));
    PeopleFile { people, truth, ignored }
}

/// Numbers people from 0; records without a truth (number 0 here) are people of their own.
fn truth(mut person_of: Vec<u32>, mut people: u32) -> Truth {
    for person in &mut person_of {
        if *person == 0 {
            people += 1;
            *person = people - 1;
        }
        *person -= 1;
    }
    Truth { person_of, people: people - 1 }
}

/// Records whose id another record of the same agency has before them: the first, and how many.
fn same_ids(people: &PersonTable) -> (Vec<Fault>, usize) {
    let id = |record: u32| {
        let end = people.id_ends[record as usize] as usize;
        let start =
            record.checked_sub(1).map_or(0, |before| people.id_ends[before as usize] as usize);
        &people.ids[start..end]
    };
    let mut hashes: Vec<(u64, u32)> = (0..people.len() as u32)
        .into_par_iter()
        .map(|record| {
            (mix(hash_bytes(id(record)), u64::from(people.agency(record)) | 1 << 40), record)
        })
        .collect();
    hashes.par_sort_unstable();
    let mut faults = Vec::new();
    let mut count = 0;
    for same in hashes.chunk_by(|(one, _), (other, _)| one == other).filter(|same| same.len() > 1) {
        for (at, (_, record)) in same.iter().enumerate() {
            let first = same[..at].iter().map(|(_, first)| *first).find(|first| {
                id(*first) == id(*record) && people.agency(*first) == people.agency(*record)
            });
            // A record without an id is called by its row and cannot clash.
            if let Some(first) = first.filter(|_| !id(*record).is_empty()) {
                count += 1;
                faults.push(Fault {
                    row: *record as usize + 2,
                    column: Some("rec_id"),
                    kind: FaultKind::SameId { first: first as usize + 2 },
                });
            }
        }
    }
    faults.sort_by_key(|fault| fault.row);
    faults.truncate(FAULTS_LISTED);
    (faults, count)
}

#[cfg(test)]
mod tests;
