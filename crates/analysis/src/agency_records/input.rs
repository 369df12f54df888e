//! A file of records: where its bytes are, its digest and its format.
//!
//! In: a path, or bytes. Out: an [`Input`] that can be read again and again. The same open file is
//! read each time, and [`Input::is_unchanged`] tells whether somebody has written to it meanwhile.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use records::{CellProblem, Shown, is_invisible};

use super::problems::Problems;
use crate::collect::read::{self, Format, Refusal};

/// Bytes looked at to tell the format.
const START: usize = 64 << 10;

/// How a file of records is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    Text,
    JsonLines,
    Workbook,
    Parquet,
}

/// A file of records.
#[derive(Debug)]
pub struct Input {
    name: String,
    held: Held,
    digest: String,
    length: u64,
    start: Vec<u8>,
}

#[derive(Debug)]
enum Held {
    File(File),
    Memory(Vec<u8>),
}

impl Input {
    /// Opens a file. What is no file on a disk (a pipe) is read whole, within the largest size.
    ///
    /// # Errors
    ///
    /// That it cannot be read.
    pub fn open(path: &Path) -> Result<Input, Problems> {
        let name = printable(&path.display().to_string());
        let unreadable = |error: io::Error| unreadable(&name, &error);
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_file() {
            return Input::of(name.clone(), Held::File(file)).map_err(unreadable);
        }
        let mut bytes = Vec::new();
        file.take(read::LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Input::of_bytes(&name, bytes)
    }

    /// Bytes that stand under a name.
    ///
    /// # Errors
    ///
    /// That they are too many.
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Result<Input, Problems> {
        let name = printable(name);
        if bytes.len() > read::LARGEST_FILE {
            return Err(whole_file(
                &name,
                "more than 256 MiB from a pipe",
                "at most 256 MiB from a pipe",
                "write it into a file first, which may have any size",
            )
            .into());
        }
        Input::of(name.clone(), Held::Memory(bytes)).map_err(|error| unreadable(&name, &error))
    }

    fn of(name: String, held: Held) -> io::Result<Input> {
        let mut input = Input { name, held, digest: String::new(), length: 0, start: Vec::new() };
        let mut start = Vec::new();
        input.bytes()?.take(START as u64).read_to_end(&mut start)?;
        input.start = start;
        (input.digest, input.length) = input.digest_now()?;
        Ok(input)
    }

    /// Its name, as messages say it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its name without folders.
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    /// BLAKE3 of its bytes, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether its bytes are still those that were opened.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn is_unchanged(&self) -> io::Result<bool> {
        Ok(self.digest_now()?.0 == self.digest)
    }

    fn digest_now(&self) -> io::Result<(String, u64)> {
        let mut hasher = blake3::Hasher::new();
        let length = io::copy(&mut self.bytes()?, &mut hasher)?;
        Ok((hasher.finalize().to_hex().to_string(), length))
    }

    /// Its bytes, from the first.
    pub(super) fn bytes(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.held {
            Held::Memory(bytes) => Box::new(&bytes[..]),
            Held::File(file) => {
                let mut file = file;
                file.rewind()?;
                Box::new(file)
            }
        })
    }

    /// Its text, from the first character: UTF-16 is turned into UTF-8, all else is left.
    pub(super) fn text(&self) -> io::Result<Box<dyn Read + '_>> {
        let bytes = self.bytes()?;
        let encoding = match self.start.get(..2) {
            Some(b"\xFF\xFE") => UTF_16LE,
            Some(b"\xFE\xFF") => UTF_16BE,
            _ => return Ok(bytes),
        };
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Box::new(Decoding {
            bytes,
            decoder,
            raw: Vec::new(),
            text: Vec::new(),
            at: 0,
            ended: false,
        }))
    }

    /// The open file, for readers that must seek; a pipe has none.
    pub(super) fn as_file(&self) -> io::Result<Option<File>> {
        let Held::File(file) = &self.held else { return Ok(None) };
        let mut file = file.try_clone()?;
        file.rewind()?;
        Ok(Some(file))
    }

    /// How it is read, by its first bytes and then by its name.
    pub(super) fn reads(&self) -> Result<Reads, Problems> {
        if self.start.starts_with(b"PAR1") {
            return Ok(Reads::Parquet);
        }
        if self.start.starts_with(b"\xFF\xFE") || self.start.starts_with(b"\xFE\xFF") {
            return Ok(Reads::Text);
        }
        match read::recognise(&self.name, &self.start) {
            Ok(Format::Workbook) => Ok(Reads::Workbook),
            Ok(Format::Json) => Ok(Reads::JsonLines),
            Ok(Format::Delimited) => Ok(Reads::Text),
            Err(refusal) => Err(self.refused(refusal)),
        }
    }

    /// The problem of a file that cannot be read, in the words for records.
    pub(super) fn refused(&self, refusal: Refusal) -> Problems {
        let too_much = [read::TOO_LARGE, read::TOO_MANY_CELLS];
        if too_much.iter().any(|one| one.found == refusal.found) {
            let fix = "save it as CSV, which may have any size; delete cells far outside the table";
            return whole_file(&self.name, refusal.found, "a table of records", fix).into();
        }
        if refusal.found == read::EMPTY.found {
            let fix = "send the file again";
            return whole_file(&self.name, refusal.found, refusal.expected, fix).into();
        }
        whole_file(&self.name, refusal.found, refusal.expected, refusal.fix).into()
    }

    /// What the system says when it cannot be read further.
    pub(super) fn broken(&self, error: &io::Error) -> Problems {
        unreadable(&self.name, error)
    }
}

/// A name without characters that would steer the screen on which it is read.
fn printable(name: &str) -> String {
    name.chars().map(|c| if is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn unreadable(name: &str, error: &io::Error) -> Problems {
    let fix = "check its name and who may read it";
    whole_file(name, &error.to_string(), "a file that can be read", fix).into()
}

/// A problem of a file as a whole.
pub(super) fn whole_file(name: &str, found: &str, expected: &str, fix: &str) -> CellProblem {
    CellProblem {
        file: name.to_owned(),
        row: 0,
        column: String::new(),
        value: Shown::Value(found.to_owned()),
        expected: expected.to_owned(),
        fix: fix.to_owned(),
    }
}

/// UTF-16 as UTF-8, while it is read.
struct Decoding<'a> {
    bytes: Box<dyn Read + 'a>,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Decoding<'_> {
    fn fill(&mut self) -> io::Result<()> {
        self.raw.clear();
        let read = self.bytes.by_ref().take(START as u64).read_to_end(&mut self.raw)?;
        self.ended = read < START;
        let most = self.decoder.max_utf8_buffer_length(read).unwrap_or(4 * START);
        self.text.resize(most, 0);
        let (done, _, written, replaced) =
            self.decoder.decode_to_utf8(&self.raw, &mut self.text, self.ended);
        if replaced || done == CoderResult::OutputFull {
            let what = "bytes that are not the Unicode text the file's first bytes announce";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        self.text.truncate(written);
        self.at = 0;
        Ok(())
    }
}

impl Read for Decoding<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.ended {
            self.fill()?;
        }
        let some = (self.text.len() - self.at).min(into.len());
        into[..some].copy_from_slice(&self.text[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_read_as_text_and_broken_text_is_an_error() {
        let long = "año;\n".repeat(30_000);
        for (mark, big) in [(b"\xFF\xFE", false), (b"\xFE\xFF", true)] {
            let units = long.encode_utf16().flat_map(|unit| match big {
                true => unit.to_be_bytes(),
                false => unit.to_le_bytes(),
            });
            let bytes: Vec<u8> = mark.iter().copied().chain(units).collect();
            let mut text = String::new();
            let input = Input::of_bytes("x.csv", bytes.clone()).unwrap();
            input.text().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, long);
            let odd = Input::of_bytes("x.csv", bytes[..bytes.len() - 1].to_vec()).unwrap();
            assert!(odd.text().unwrap().read_to_end(&mut Vec::new()).is_err());
        }
    }

    #[test]
    fn a_file_is_known_by_its_bytes() {
        let of = |name: &str, bytes: &[u8]| Input::of_bytes(name, bytes.to_vec()).unwrap();
        assert_eq!(of("a.csv", b"PAR1....PAR1").reads(), Ok(Reads::Parquet));
        assert_eq!(of("a.csv", b"{\"a\":1}").reads(), Ok(Reads::JsonLines));
        assert_eq!(of("a.csv", b"\xFF\xFEa\0").reads(), Ok(Reads::Text));
        assert_eq!(
            of("a.csv", b"").reads().unwrap_err().first[0].value.to_string(),
            "an empty file"
        );
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "a\n").unwrap();
        let input = Input::open(file.path()).unwrap();
        assert!(input.is_unchanged().unwrap());
        std::fs::write(file.path(), "b\n").unwrap();
        assert!(!input.is_unchanged().unwrap());
    }
}
