//! A file of people to rows of numbers, batch by batch: the same numbers and the same faults as
//! [`read_people`](crate::read_people) gives.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use csv::ByteRecord;
use rayon::slice::ParallelSliceMut;

use super::Values;
use super::numbers::{RowNumbers, of_row};
use crate::compare::Counts;
use crate::people::{
    DatesLeftOut, FAULTS_LISTED, Fault, FaultKind, HeaderError, Joined, PeopleError, Piece, Places,
    ROWS_LIMIT, ReadSettings, columns, hash_bytes, mix, street_lines, towns,
};

/// Why a file of people cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The disk.
    #[error(transparent)]
    File(#[from] io::Error),
    /// What stands in it.
    #[error(transparent)]
    People(#[from] PeopleError),
}

impl From<HeaderError> for ReadError {
    fn from(error: HeaderError) -> ReadError {
        PeopleError::from(error).into()
    }
}

impl From<csv::Error> for ReadError {
    fn from(error: csv::Error) -> ReadError {
        ReadError::File(error.into())
    }
}

/// Some records of a file, in its order.
#[derive(Default)]
pub struct Batch {
    /// The records as numbers.
    pub rows: Vec<RowNumbers>,
    /// The ids one after the other, and where each ends; empty when the file has none.
    pub ids: Vec<u8>,
    /// Where each id ends.
    pub id_ends: Vec<u32>,
    /// For each record that has an id: two hashes of agency and id, and the record.
    pub id_hashes: Vec<[u64; 3]>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch {{ {} records [withheld] }}", self.rows.len())
    }
}

/// Reads a CSV file of people.
pub struct PeopleBatches<R> {
    reader: csv::Reader<BufReader<R>>,
    record: ByteRecord,
    settings: ReadSettings,
    places: Places,
    joined: Joined,
    piece: Piece,
    before: usize,
    counts: Counts,
}

impl<R> fmt::Debug for PeopleBatches<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeopleBatches {{ {} records so far }}", self.before)
    }
}

impl<R: Read> PeopleBatches<R> {
    /// Reads the header. A column with the truth is not looked at.
    ///
    /// # Errors
    ///
    /// [`ReadError`], of the header.
    pub fn new(file: R, settings: ReadSettings) -> Result<PeopleBatches<R>, ReadError> {
        let mut file = BufReader::with_capacity(1 << 18, file);
        if file.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
            file.consume(3);
        }
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
        let mut header = ByteRecord::new();
        reader.read_byte_record(&mut header)?;
        let places = settings.schema.places(&columns(&header), None)?;
        Ok(PeopleBatches {
            reader,
            record: header,
            settings,
            places,
            joined: Joined::default(),
            piece: Piece::new(),
            before: 0,
            counts: Counts::new(),
        })
    }

    /// Columns that are not known and are ignored.
    pub fn ignored(&self) -> &[String] {
        &self.places.ignored
    }

    /// The column with the ids; none when the file has no ids.
    pub fn id_column(&self) -> Option<&str> {
        self.places.columns[0].first().map(|column| self.places.names[*column].as_str())
    }

    /// The next records, at most so many; none when there are no more. Rows with faults count.
    ///
    /// # Errors
    ///
    /// [`ReadError`]: the disk, or more rows than can be numbered. Faults of rows come at the end.
    pub fn read(&mut self, most: usize) -> Result<Option<Batch>, ReadError> {
        let (faults, dates) = (self.piece.faults.len(), self.piece.bad_dates.rows.len());
        while self.piece.rows.len() < most && self.reader.read_byte_record(&mut self.record)? {
            let (places, settings) = (&self.places, &self.settings);
            self.piece.take(&self.record, places, settings, false, &mut self.joined);
        }
        let of_faults = self.piece.faults[faults..].iter_mut().map(|fault| &mut fault.row);
        for row in of_faults.chain(&mut self.piece.bad_dates.rows[dates..]) {
            *row += self.before;
        }
        let mut rows = std::mem::take(&mut self.piece.rows);
        if rows.is_empty() {
            return Ok(None);
        }
        let total = self.before + rows.len();
        if total > ROWS_LIMIT {
            return Err(PeopleError::TooManyRows { rows: total, limit: ROWS_LIMIT }.into());
        }
        let [names, streets, cities, ..] = &mut self.piece.texts.0;
        let (lines, towns) = (street_lines(streets), towns(cities));
        for row in &mut rows {
            let line = lines[row.street as usize];
            (row.house, row.street, row.street_sound) = (line.number, line.name, line.sound);
            row.city = towns[row.city as usize];
        }
        self.counts.add(&rows, names.len());
        // Streets and towns are numbers now that need no list of them.
        for texts in [streets, cities] {
            *texts = Default::default();
            texts.number(b"");
        }
        let mut batch = Batch {
            rows: rows.iter().map(of_row).collect(),
            ids: std::mem::take(&mut self.piece.ids),
            id_ends: std::mem::take(&mut self.piece.id_ends),
            id_hashes: Vec::new(),
        };
        let (mut start, mut again) = (0, Vec::new());
        for (at, (end, row)) in batch.id_ends.iter().zip(&rows).enumerate() {
            let id = &batch.ids[start..*end as usize];
            start = *end as usize;
            if id.is_empty() {
                continue;
            }
            again.clear();
            again.extend_from_slice(b"again ");
            again.extend_from_slice(id);
            let agency = u64::from(row.agency) | 1 << 40;
            let hashes = [hash_bytes(id), hash_bytes(&again)].map(|hash| mix(hash, agency));
            batch.id_hashes.push([hashes[0], hashes[1], (self.before + at) as u64]);
        }
        self.before = total;
        Ok(Some(batch))
    }

    /// What the whole table shares, and the dates of birth that were left out; `same` is what
    /// [`same_ids`] found, and how many there are.
    ///
    /// # Errors
    ///
    /// [`PeopleError::Faults`]: all faults of the file.
    pub fn finish(self, same: (Vec<Fault>, usize)) -> Result<(Values, DatesLeftOut), ReadError> {
        let Piece { mut faults, fault_count, bad_dates, texts, .. } = self.piece;
        let count = fault_count + same.1;
        if count > 0 {
            faults.extend(same.0);
            faults.sort_by_key(|fault| fault.row);
            faults.truncate(FAULTS_LISTED);
            let dates = if self.settings.bad_dates_as_missing { 0 } else { bad_dates.count };
            return Err(PeopleError::Faults { faults, count, dates }.into());
        }
        let [names, _, _, _, agencies, _] = texts.0;
        Ok((Values::new(names, agencies, self.counts), bad_dates))
    }
}

/// Records whose id another record of the same agency has before them, and how many there are; from
/// [`Batch::id_hashes`] that fall in one range, of the column with the ids. Two ids are the same when both hashes, together 128
/// bits, are.
pub fn same_ids(hashes: &mut [[u64; 3]], column: &str) -> (Vec<Fault>, usize) {
    hashes.par_sort_unstable();
    let mut faults = Vec::new();
    for same in hashes.chunk_by(|one, other| one[..2] == other[..2]) {
        let row = |hash: &[u64; 3]| hash[2] as usize + 2;
        faults.extend(same[1..].iter().map(|again| Fault {
            row: row(again),
            column: Some(column.to_owned()),
            kind: FaultKind::SameId { first: row(&same[0]) },
        }));
    }
    let count = faults.len();
    faults.sort_by_key(|fault| fault.row);
    faults.truncate(FAULTS_LISTED);
    (faults, count)
}
