//! Bytes of a file as UTF-8.
//!
//! In: a reader. Out: its bytes without the byte-order mark, those of a Windows-1252 file turned
//! into UTF-8. The first sequence outside ASCII decides: if it is UTF-8, so is the file, and what
//! is not UTF-8 later is an error in its row; if it is not, the file is read as Windows-1252. One
//! pass over the file is enough, however long it is.

use std::io::{self, Read};

use encoding_rs::WINDOWS_1252;

/// How the characters of a file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8, of which ASCII is part.
    Utf8,
    /// Windows-1252, the "ANSI" of spreadsheets.
    Windows1252,
}

/// What begins a file that is no text at all.
const NOT_TEXT: [(&[u8], &str); 5] = [
    (b"\xFF\xFE", "UTF-16 text"),
    (b"\xFE\xFF", "UTF-16 text"),
    (b"PK\x03\x04", "a workbook or archive"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
    (b"\x1F\x8B", "a compressed file"),
];

pub(super) struct Source<R> {
    reader: R,
    /// `None` as long as everything was ASCII.
    encoding: Option<Encoding>,
    bytes_read: u64,
    at_end: bool,
    scratch: Vec<u8>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(reader: R) -> Source<R> {
        Source { reader, encoding: None, bytes_read: 0, at_end: false, scratch: Vec::new() }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or(Encoding::Utf8)
    }

    /// Bytes taken from the reader so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    pub(super) fn at_end(&self) -> bool {
        self.at_end
    }

    /// Appends about `more` bytes; fewer only at the end of the file.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>, more: usize) -> io::Result<()> {
        if self.encoding == Some(Encoding::Windows1252) {
            let mut scratch = std::mem::take(&mut self.scratch);
            scratch.clear();
            self.read(&mut scratch, more)?;
            decode(&scratch, text);
            self.scratch = scratch;
            return Ok(());
        }
        let start = text.len();
        self.read(text, more)?;
        if self.bytes_read == (text.len() - start) as u64
            && text[start..].starts_with(b"\xEF\xBB\xBF")
        {
            text.drain(start..start + 3);
        }
        if self.encoding.is_none()
            && let Some(high) = text[start..].iter().position(|byte| !byte.is_ascii())
        {
            let high = start + high;
            if text.len() < high + 4 {
                self.read(text, 4)?;
            }
            let encoding = if begins_utf8(&text[high..]) {
                Encoding::Utf8
            } else {
                let rest = text.split_off(high);
                decode(&rest, text);
                Encoding::Windows1252
            };
            self.encoding = Some(encoding);
        }
        Ok(())
    }

    /// Readers may hand over a few bytes at a time; what follows must not depend on it.
    fn read(&mut self, into: &mut Vec<u8>, more: usize) -> io::Result<()> {
        into.reserve(more);
        let read = self.reader.by_ref().take(more as u64).read_to_end(into)?;
        self.bytes_read += read as u64;
        self.at_end = read < more;
        Ok(())
    }
}

/// What a file that begins so is, if it is no text.
pub(super) fn not_text(start: &[u8]) -> Option<&'static str> {
    NOT_TEXT.iter().find(|(mark, _)| start.starts_with(mark)).map(|(_, what)| *what)
}

fn begins_utf8(bytes: &[u8]) -> bool {
    (1..=bytes.len().min(4)).any(|length| std::str::from_utf8(&bytes[..length]).is_ok())
}

fn decode(bytes: &[u8], text: &mut Vec<u8>) {
    let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    text.extend_from_slice(decoded.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], at_a_time: usize) -> (Vec<u8>, Encoding) {
        let mut source = Source::new(bytes);
        let mut text = Vec::new();
        while !source.at_end() {
            source.fill(&mut text, at_a_time).unwrap();
        }
        (text, source.encoding())
    }

    #[test]
    fn the_first_high_byte_decides() {
        for at_a_time in [3, 4, 7, 1000] {
            let all = |bytes: &[u8]| all(bytes, at_a_time);
            assert_eq!(all(b"\xEF\xBB\xBFa,b"), (b"a,b".to_vec(), Encoding::Utf8));
            assert_eq!(all("José".as_bytes()), ("José".into(), Encoding::Utf8));
            assert_eq!(all(b"Jos\xE9, \x80"), ("José, €".into(), Encoding::Windows1252));
            assert_eq!(all(b"caf\xE9"), ("café".into(), Encoding::Windows1252));
            assert_eq!(all("é\u{20AC}".as_bytes()).0, "é€".as_bytes());
        }
    }
}
