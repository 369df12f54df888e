//! Rows to filters, remembering what was computed before.
//!
//! In: rows of cells. Out: a filter for each ([`Clks`]).
//!
//! Names, dates and codes repeat, and so do their n-grams. So two things are remembered for each
//! feature: the filter of a cell, and that of a token inserted k times. Both stop growing at a
//! fixed size, and what is remembered is wiped at the end. Cost: a look-up and an OR of
//! `bits / 64` words for each cell seen before; for another cell its tokens, for another token one
//! BLAKE2b for every 32 insertions. Rows are encoded by all threads of rayon's pool, with memories
//! of their own; the answer does not depend on them.

use rayon::prelude::*;
use zeroize::Zeroizing;

use super::clks::{Clks, bit};
use super::format::{Characters, Expected, RowError};
use super::hash::{ClkSecret, FeatureKeys};
use super::schema::{ClkSchema, Hashing};
use super::tokens::Tokens;
use crate::encode::memory::{Masks, or};

/// After so many cells, remembering goes on only while it pays.
const TRIED_CELLS: usize = 1 << 12;
/// Rows that one thread encodes with one memory.
const ROWS_TOGETHER: usize = 1 << 16;
/// No name, date or address is as long.
const MOST_CELL_BYTES: usize = 10_000;

/// Encodes rows with one schema and one secret.
pub struct ClkEncoder {
    schema: ClkSchema,
    keys: Vec<FeatureKeys>,
}

impl ClkEncoder {
    /// Derives the keys.
    pub fn new(schema: ClkSchema, secret: &ClkSecret) -> ClkEncoder {
        let keys = schema.derivation.keys(secret, schema.features.len());
        ClkEncoder { schema, keys }
    }

    /// The schema.
    pub fn schema(&self) -> &ClkSchema {
        &self.schema
    }

    /// Encodes rows, with all threads of rayon's pool.
    ///
    /// # Errors
    ///
    /// The first row that does not keep to the schema.
    pub fn encode<R, C>(&self, rows: &[R]) -> Result<Clks, RowError>
    where
        R: AsRef<[C]> + Sync,
        C: AsRef<str> + Sync,
    {
        let chunks: Vec<Vec<u64>> = rows
            .par_chunks(ROWS_TOGETHER)
            .enumerate()
            .map(|(chunk, rows)| self.encode_chunk(rows, chunk * ROWS_TOGETHER))
            .collect::<Result<_, _>>()?;
        Ok(Clks::of_words(self.schema.bits(), chunks.concat()))
    }

    fn encode_chunk<R, C>(&self, rows: &[R], rows_before: usize) -> Result<Vec<u64>, RowError>
    where
        R: AsRef<[C]>,
        C: AsRef<str>,
    {
        let features = &self.schema.features;
        let unfolded = self.schema.unfolded_bits();
        let words = self.schema.bits().div_ceil(64);
        let mut memories: Vec<Memory> = features.iter().map(|_| Memory::default()).collect();
        let mut filter = vec![0; unfolded.div_ceil(64)];
        let mut out = Vec::with_capacity(rows.len() * words);
        for (row, cells) in rows.iter().enumerate() {
            let cells = cells.as_ref();
            let error = |column: usize, expected| RowError {
                row: rows_before + row + 1,
                column: features.get(column).map_or_else(String::new, |one| one.identifier.clone()),
                expected,
            };
            if cells.len() != features.len() {
                return Err(error(
                    cells.len().min(features.len()),
                    Expected::Cells(features.len()),
                ));
            }
            filter.fill(0);
            for (column, (feature, memory)) in features.iter().zip(&mut memories).enumerate() {
                let Some(hashing) = &feature.hashing else { continue };
                let encode = Encode { hashing, keys: &self.keys[column], bits: unfolded };
                memory
                    .insert(cells[column].as_ref(), &encode, &mut filter)
                    .map_err(|expected| error(column, expected))?;
            }
            push_folded(&filter, unfolded, self.schema.folds, &mut out);
        }
        Ok(out)
    }
}

/// How the cells of one feature are encoded.
struct Encode<'e> {
    hashing: &'e Hashing,
    keys: &'e FeatureKeys,
    bits: usize,
}

/// What was computed before for one feature.
#[derive(Default)]
struct Memory {
    cells: Masks,
    /// Cells that were met again.
    again: usize,
    /// Of tokens, behind how often they are inserted.
    of_tokens: Masks,
    /// Buffers that are used again.
    text: Zeroizing<String>,
    tokens: Tokens,
    token: Zeroizing<Vec<u8>>,
    mask: Zeroizing<Vec<u64>>,
}

impl Memory {
    /// Adds a cell's tokens to a filter.
    fn insert(&mut self, cell: &str, how: &Encode, filter: &mut [u64]) -> Result<(), Expected> {
        if let Some(mask) = self.cells.get(cell.as_bytes(), filter.len()) {
            self.again += 1;
            or(filter, mask);
            return Ok(());
        }
        if cell.len() > MOST_CELL_BYTES {
            return Err(Expected::Bytes(MOST_CELL_BYTES));
        }
        self.mask.clear();
        self.mask.resize(filter.len(), 0);
        self.set_tokens(cell, how)?;
        or(filter, &self.mask);
        if self.cells.len() < TRIED_CELLS || self.again > self.cells.len() {
            self.cells.insert(cell.as_bytes(), &self.mask);
        }
        Ok(())
    }

    /// Sets the bits of a cell's tokens in `mask`.
    fn set_tokens(&mut self, cell: &str, how: &Encode) -> Result<(), Expected> {
        let Hashing { format, characters, comparison, insertions, hash, missing } = how.hashing;
        self.text.clear();
        match missing {
            Some((sentinel, instead)) if sentinel == cell => self.text.push_str(instead),
            _ if *characters == Characters::Ascii && !cell.is_ascii() => {
                return Err(Expected::Ascii);
            }
            _ => format.read(cell, &mut self.text)?,
        }
        comparison.cut(&self.text, &mut self.tokens)?;
        for (place, token) in self.tokens.iter().enumerate() {
            let count = insertions.of(place, self.tokens.len());
            self.token.clear();
            self.token.extend((count as u32).to_le_bytes());
            characters.encode(token, &mut self.token);
            if let Some(mask) = self.of_tokens.get(&self.token, self.mask.len()) {
                or(&mut self.mask, mask);
                continue;
            }
            let mut mask = Zeroizing::new(vec![0; self.mask.len()]);
            for position in hash.positions(&self.token[4..], how.keys, count, how.bits) {
                let (word, in_word) = bit(position as usize);
                mask[word] |= in_word;
            }
            or(&mut self.mask, &mask);
            self.of_tokens.insert(&self.token, &mask);
        }
        Ok(())
    }
}

/// Folds a filter in half so many times, XOR, and adds it to the others.
fn push_folded(filter: &[u64], bits: usize, folds: u32, out: &mut Vec<u64>) {
    if folds == 0 {
        out.extend(filter);
        return;
    }
    let folded = bits >> folds;
    let start = out.len();
    out.resize(start + folded.div_ceil(64), 0);
    for position in 0..bits {
        let (word, mask) = bit(position);
        if filter[word] & mask != 0 {
            let (word, mask) = bit(position % folded);
            out[start + word] ^= mask;
        }
    }
}
