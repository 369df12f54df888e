//! A CSV file to a table of people.
//!
//! The file is cut at ends of records (a line end outside quotation marks: an even number of
//! marks stands before it), the pieces are read side by side with numbers of their own for
//! distinct values, and the numbers are joined in the order of the pieces: the same table whatever
//! the number of threads.

use csv::ByteRecord;
use rayon::prelude::*;

use crate::people::cell::{phone, sex, zip};
use crate::people::error::{FAULTS_LISTED, Fault, FaultKind, PeopleError};
use crate::people::header::Places;
use crate::people::intern::{Interner, hash_bytes, mix};
use crate::people::names::Names;
use crate::people::schema::{BIRTH_DATE, PeopleSchema};
use crate::people::shared;
use crate::people::street::{Street, street};
use crate::people::table::{PersonTable, Row, Truth};

/// The most bytes of a cell that make sense in any of the columns.
const CELL_LIMIT: usize = 1000;

/// Records are numbered with 32 bits; two numbers are kept for "none".
pub(crate) const ROWS_LIMIT: usize = u32::MAX as usize - 1;

/// What a file of people holds.
#[derive(Debug)]
pub struct PeopleFile {
    /// The people.
    pub people: PersonTable,
    /// Who is who, when a column for it was named.
    pub truth: Option<Truth>,
    /// The names of columns that are not known and were ignored.
    pub ignored: Vec<String>,
    /// Dates of birth that are none and were taken as not given.
    pub dates_left_out: DatesLeftOut,
}

/// How a file of people is read.
#[derive(Debug, Clone, Default)]
pub struct ReadSettings {
    /// Which columns hold what.
    pub schema: PeopleSchema,
    /// The column that says who is who, for scoring.
    pub truth_column: Option<String>,
    /// Takes a date of birth that is none, such as 1999-02-30, as not given, instead of refusing
    /// the file.
    pub bad_dates_as_missing: bool,
}

/// Dates of birth that are none and were taken as not given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatesLeftOut {
    /// The first [`FAULTS_LISTED`] rows, counted as a spreadsheet does: the header is row 1.
    pub rows: Vec<usize>,
    /// How many there are.
    pub count: usize,
}

impl DatesLeftOut {
    /// Adds the date of a row.
    pub(crate) fn add(&mut self, row: usize) {
        self.count += 1;
        if self.rows.len() < FAULTS_LISTED {
            self.rows.push(row);
        }
    }
}

/// Distinct texts of a piece: names, streets, towns, origins, agencies, truths.
#[derive(Default)]
pub(crate) struct Texts(pub(crate) [Interner; 6]);

/// A piece of the file as it was read, with numbers of its own.
#[derive(Default)]
pub(crate) struct Piece {
    pub(crate) rows: Vec<Row>,
    truths: Vec<u32>,
    pub(crate) texts: Texts,
    pub(crate) ids: Vec<u8>,
    pub(crate) id_ends: Vec<u32>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) fault_count: usize,
    pub(crate) bad_dates: DatesLeftOut,
}

/// Reads a CSV file of people with the usual names of columns; `truth_column` names the column that
/// says who is who, for scoring.
///
/// # Errors
///
/// Those of [`read_people_of`].
pub fn read_people(file: &[u8], truth_column: Option<&str>) -> Result<PeopleFile, PeopleError> {
    let truth_column = truth_column.map(str::to_owned);
    read_people_of(file, &ReadSettings { truth_column, ..ReadSettings::default() })
}

/// Reads a CSV file of people.
///
/// # Errors
///
/// [`PeopleError`]: a header in which columns are missing or there twice, or the faults of all
/// rows at once. Nothing is returned of a file with faults.
pub fn read_people_of(file: &[u8], settings: &ReadSettings) -> Result<PeopleFile, PeopleError> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut header = ByteRecord::new();
    // Reading from memory with any number of cells cannot fail.
    reader.read_byte_record(&mut header).unwrap_or(false);
    let places = settings.schema.places(&columns(&header), settings.truth_column.as_deref())?;
    let body = &file[reader.position().byte() as usize..];
    let mut pieces: Vec<Piece> =
        cut(body).into_par_iter().map(|piece| read_piece(piece, &places, settings)).collect();

    let rows: usize = pieces.iter().map(|piece| piece.rows.len()).sum();
    if rows > ROWS_LIMIT {
        return Err(PeopleError::TooManyRows { rows, limit: ROWS_LIMIT });
    }
    let mut before = 0;
    let mut faults = Vec::new();
    let mut bad_dates = DatesLeftOut::default();
    for piece in &mut pieces {
        bad_dates.count += piece.bad_dates.count;
        bad_dates.rows.extend(piece.bad_dates.rows.iter().map(|row| row + before));
        faults
            .extend(piece.faults.drain(..).map(|fault| Fault { row: fault.row + before, ..fault }));
        before += piece.rows.len();
    }
    let mut count = pieces.iter().map(|piece| piece.fault_count).sum();
    bad_dates.rows.truncate(FAULTS_LISTED);
    let (people, truth) = join(pieces, places.truth.is_some());
    if let Some(ids) = places.columns[0].first() {
        let (same, more) = same_ids(&people, &places.names[*ids]);
        faults.extend(same);
        count += more;
    }
    if count > 0 {
        faults.sort_by_key(|fault| fault.row);
        faults.truncate(FAULTS_LISTED);
        let dates = if settings.bad_dates_as_missing { 0 } else { bad_dates.count };
        return Err(PeopleError::Faults { faults, count, dates });
    }
    Ok(PeopleFile { people, truth, ignored: places.ignored, dates_left_out: bad_dates })
}

/// The names of the columns.
pub(crate) fn columns(header: &ByteRecord) -> Vec<String> {
    header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect()
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

fn read_piece(text: &[u8], places: &Places, settings: &ReadSettings) -> Piece {
    let mut piece = Piece::new();
    piece.rows.reserve(text.len() / 90);
    let all_utf8 = std::str::from_utf8(text).is_ok();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut record = ByteRecord::new();
    let mut joined = Joined::default();
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        piece.take(&record, places, settings, all_utf8, &mut joined);
    }
    piece
}

/// The cells of several columns that hold one thing, joined; kept from row to row for its memory.
pub(crate) type Joined = [Vec<u8>; super::COLUMNS.len()];

impl Piece {
    /// Without any record yet.
    pub(crate) fn new() -> Piece {
        let mut piece = Piece::default();
        for interner in &mut piece.texts.0 {
            interner.number(b"");
        }
        piece
    }

    fn fault(&mut self, column: Option<&str>, kind: impl FnOnce() -> FaultKind) {
        self.fault_count += 1;
        if self.faults.len() < FAULTS_LISTED {
            // The header is row 1; rows before this piece are added later.
            let (row, column) = (self.rows.len() + 2, column.map(str::to_owned));
            self.faults.push(Fault { row, column, kind: kind() });
        }
    }

    /// A date of birth that is none.
    fn bad_date(&mut self, places: &Places, settings: &ReadSettings) {
        self.bad_dates.add(self.rows.len() + 2);
        if !settings.bad_dates_as_missing {
            let name =
                places.columns[BIRTH_DATE].first().map(|column| places.names[*column].as_str());
            self.fault(name, || FaultKind::NoDate { expected: settings.schema.dates_expected() });
        }
    }

    /// A cell without blanks around it; nothing when it cannot be used, which is a fault.
    fn cell<'r>(
        &mut self,
        record: &'r ByteRecord,
        column: usize,
        names: &[String],
        all_utf8: bool,
    ) -> &'r [u8] {
        let cell = record.get(column).unwrap_or_default();
        let name = names.get(column).map(String::as_str);
        if cell.len() > CELL_LIMIT {
            let bytes = cell.len();
            self.fault(name, || FaultKind::TooLong { bytes, limit: CELL_LIMIT });
        } else if !all_utf8 && std::str::from_utf8(cell).is_err() {
            self.fault(name, || FaultKind::NotUtf8);
        } else {
            return cell.trim_ascii();
        }
        b""
    }

    /// Takes in a record.
    pub(crate) fn take(
        &mut self,
        record: &ByteRecord,
        places: &Places,
        settings: &ReadSettings,
        all_utf8: bool,
        joined: &mut Joined,
    ) {
        let (found, names) = (record.len(), &places.names);
        if found != names.len() {
            self.fault(None, || FaultKind::Cells { expected: names.len(), found });
        }
        let mut values: [&[u8]; super::COLUMNS.len()] = [b""; _];
        for ((value, columns), joined) in values.iter_mut().zip(&places.columns).zip(joined) {
            *value = match columns[..] {
                [] => b"",
                [column] => self.cell(record, column, names, all_utf8),
                _ => {
                    joined.clear();
                    for column in columns {
                        let cell = self.cell(record, *column, names, all_utf8);
                        if !joined.is_empty() && !cell.is_empty() {
                            joined.push(b' ');
                        }
                        joined.extend_from_slice(cell);
                    }
                    joined
                }
            };
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
        ] = values;
        let birth = settings.schema.birth(birth);
        if birth.is_none() {
            self.bad_date(places, settings);
        }
        let truth = places.truth.map(|truth| self.cell(record, truth, names, all_utf8));
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
        if let Some(truth) = truth {
            self.truths.push(truths.number(truth));
        }
        if !places.columns[0].is_empty() {
            self.ids.extend_from_slice(id);
            self.id_ends.push(self.ids.len() as u32);
        }
    }
}

/// Joins the pieces: one numbering of values for all.
fn join(mut pieces: Vec<Piece>, with_truth: bool) -> (PersonTable, Option<Truth>) {
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
    let (street_lines, town_of) = (street_lines(&streets), towns(&cities));

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
    (people, truth)
}

/// What each line of a street says.
pub(crate) fn street_lines(streets: &Interner) -> Vec<Street> {
    (0..streets.len() as u32)
        .into_par_iter()
        .map(|line| street(&String::from_utf8_lossy(streets.text(line))))
        .collect()
}

/// A number for each town: compared as written but for case, accents and blanks.
pub(crate) fn towns(cities: &Interner) -> Vec<u32> {
    (0..cities.len() as u32)
        .into_par_iter()
        .map(|city| {
            let folded = crate::name::fold(&String::from_utf8_lossy(cities.text(city)));
            if folded.is_empty() { 0 } else { hash_bytes(folded.as_bytes()) as u32 | 1 }
        })
        .collect()
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
fn same_ids(people: &PersonTable, column: &str) -> (Vec<Fault>, usize) {
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
                    column: Some(column.to_owned()),
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
