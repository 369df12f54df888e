//! Filters, and their two forms in files.
//!
//! In: filters, or a file of clkhash (`{"clks": ["base64", …]}`) or of the Anonlink entity service
//! (for each filter its number in four bytes, the largest first, then its bytes). Out: the other.
//!
//! Bit 0 of a filter is the highest bit of its first byte; what does not fill the last byte is
//! zero.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::dice::BitMatrix;

/// One filter for each row, in the order of the rows.
#[derive(Clone, PartialEq, Eq)]
pub struct Clks {
    bits: usize,
    words: Vec<u64>,
}

/// Why a file holds no filters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClksError {
    /// It is not the JSON that clkhash writes.
    #[error("this is no file of filters: {0}; expected {{\"clks\": [\"base64\", …]}}")]
    NotJson(String),
    /// A filter is not base64.
    #[error("filter {row} is not base64; the file is damaged, write it again")]
    NotBase64 {
        /// Which one, counted from 1.
        row: usize,
    },
    /// A filter has another length than the first.
    #[error(
        "filter {row} has {found} bytes, the first has {expected}; filters of several schemas \
         cannot be compared, encode all with one schema"
    )]
    Length {
        /// Which one, counted from 1.
        row: usize,
        /// Its bytes.
        found: usize,
        /// The bytes of the first.
        expected: usize,
    },
    /// The file ends in the middle of a filter, or the filters have another size.
    #[error(
        "{bytes} bytes are no whole number of filters of {bits} bits; the file was cut off, or the \
         filters have another length"
    )]
    Truncated {
        /// Bytes of the file.
        bytes: usize,
        /// Bits of a filter.
        bits: usize,
    },
    /// The numbers do not count up from 0.
    #[error("filter {row} is numbered {found}; the file is damaged or its rows were moved")]
    Number {
        /// Where it stands, counted from 1.
        row: usize,
        /// Its number.
        found: u32,
    },
    /// A bit is set behind the end of a filter.
    #[error("filter {row} has bits behind its {bits} bits; it was made with another length")]
    BitsBehind {
        /// Which one, counted from 1.
        row: usize,
        /// Bits of a filter.
        bits: usize,
    },
    /// A filter of no bits.
    #[error("filters of no bits; expected at least one")]
    NoBits,
}

#[derive(Serialize, Deserialize)]
struct Json<'j> {
    #[serde(borrow)]
    clks: Vec<std::borrow::Cow<'j, str>>,
}

/// Word and bit of a position: the bytes of the words in memory, the lowest first, are the filter.
pub(super) fn bit(position: usize) -> (usize, u64) {
    let in_word = position % 64;
    (position / 64, 1 << (in_word / 8 * 8 + 7 - in_word % 8))
}

impl Clks {
    /// Takes words, `bits.div_ceil(64)` for each filter.
    pub(super) fn of_words(bits: usize, words: Vec<u64>) -> Clks {
        Clks { bits, words }
    }

    /// Bits of a filter.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// How many filters there are.
    pub fn len(&self) -> usize {
        self.words.len() / self.words_each()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The filters for comparison, each filled to whole words with zeros.
    pub fn into_matrix(self) -> BitMatrix {
        let bits = self.words_each() * 64;
        BitMatrix::new(bits, self.words).unwrap_or_else(|_| unreachable!("whole words, whole rows"))
    }

    /// The bytes of one filter.
    pub fn bytes(&self, row: usize) -> Vec<u8> {
        let words = self.words_each();
        let words = &self.words[row * words..(row + 1) * words];
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes.truncate(self.bits.div_ceil(8));
        bytes
    }

    /// The JSON that clkhash writes.
    pub fn to_json(&self) -> String {
        let one = |row| STANDARD.encode(self.bytes(row));
        let clks: Vec<String> = (0..self.len()).map(one).collect();
        // Base64 has no character that JSON escapes.
        format!("{{\"clks\": [\"{}\"]}}", clks.join("\", \"")).replace("[\"\"]", "[]")
    }

    /// Reads the JSON that clkhash writes. Filters have as many bits as their bytes; the JSON does
    /// not say how many of the last byte belong to them.
    ///
    /// # Errors
    ///
    /// When it is not that, or the filters have several lengths.
    pub fn from_json(json: &str) -> Result<Clks, ClksError> {
        let not_json = |error: serde_json::Error| ClksError::NotJson(error.to_string());
        let Json { clks } = serde_json::from_str(json).map_err(not_json)?;
        let mut rows = Vec::with_capacity(clks.len());
        for (row, text) in (1..).zip(&clks) {
            let bytes = STANDARD.decode(text.trim_end());
            rows.push(bytes.map_err(|_| ClksError::NotBase64 { row })?);
        }
        let expected = rows.first().map_or(8, Vec::len);
        if expected == 0 {
            return Err(ClksError::NoBits);
        }
        let mut words = Vec::with_capacity(rows.len() * expected.div_ceil(8));
        for (row, bytes) in (1..).zip(&rows) {
            if bytes.len() != expected {
                return Err(ClksError::Length { row, found: bytes.len(), expected });
            }
            words.extend(words_of(bytes));
        }
        Ok(Clks::of_words(expected * 8, words))
    }

    /// The binary form of the Anonlink entity service.
    pub fn to_binary(&self) -> Vec<u8> {
        let numbered = (0..self.len()).zip(0_u32..);
        numbered
            .flat_map(|(row, number)| number.to_be_bytes().into_iter().chain(self.bytes(row)))
            .collect()
    }

    /// Reads the binary form of the Anonlink entity service, of filters of so many bits.
    ///
    /// # Errors
    ///
    /// When it does not hold whole filters of that length, numbered from 0.
    pub fn from_binary(bytes: &[u8], bits: usize) -> Result<Clks, ClksError> {
        if bits == 0 {
            return Err(ClksError::NoBits);
        }
        let each = 4 + bits.div_ceil(8);
        if !bytes.len().is_multiple_of(each) {
            return Err(ClksError::Truncated { bytes: bytes.len(), bits });
        }
        let mut words = Vec::with_capacity(bytes.len() / each * bits.div_ceil(64));
        for (row, (expected, one)) in (1..).zip((0_u32..).zip(bytes.chunks_exact(each))) {
            let (number, filter) = one.split_at(4);
            let found = number.iter().fold(0, |sum: u32, &byte| sum << 8 | u32::from(byte));
            if found != expected {
                return Err(ClksError::Number { row, found });
            }
            if !bits.is_multiple_of(8) && filter.last().is_some_and(|last| last << (bits % 8) != 0)
            {
                return Err(ClksError::BitsBehind { row, bits });
            }
            words.extend(words_of(filter));
        }
        Ok(Clks::of_words(bits, words))
    }

    fn words_each(&self) -> usize {
        self.bits.div_ceil(64)
    }
}

/// A filter stands for a person: how many there are is all that is shown.
impl std::fmt::Debug for Clks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} filters of {} bits [withheld]", self.len(), self.bits)
    }
}

fn words_of(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.chunks(8).map(|part| {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        u64::from_le_bytes(word)
    })
}
