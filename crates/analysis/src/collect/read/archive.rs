//! The parts of a ZIP container, unpacked under a limit and stored anew.
//!
//! In: the bytes of a workbook. Out: a container of its XML parts, not compressed, so that the
//! library that reads workbooks sees exactly what was looked at here and unpacks nothing itself.
//! A part of a few kilobytes can hold gigabytes and say that it holds little: what comes out is
//! counted while it comes out. Pictures and macros are left out.

use std::io::{Cursor, Read, Write};

use zip::read::ZipFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::refusal::{DAMAGED, ENCRYPTED, Refusal, TOO_LARGE};

/// Unpacks the parts that a table can stand in, `most` bytes of them at the most, shows each to
/// `look` by its name, and stores them anew.
pub(super) fn stored(
    bytes: &[u8],
    most: u64,
    mut look: impl FnMut(&str, &[u8]) -> Result<(), Refusal>,
) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| DAMAGED)?;
    let mut plain = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut left = most;
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|_| DAMAGED)?;
        let Some(name) = needed(entry.name_raw())? else { continue };
        if entry.encrypted() {
            return Err(ENCRYPTED);
        }
        let content = content(archive.by_index(index).map_err(|_| DAMAGED)?, left)?;
        left -= content.len() as u64;
        look(&name, &content)?;
        plain.start_file(name, options).map_err(|_| DAMAGED)?;
        plain.write_all(&content).map_err(|_| DAMAGED)?;
    }
    Ok(plain.finish().map_err(|_| DAMAGED)?.into_inner())
}

/// The part's name, when a table can stand in it.
fn needed(name: &[u8]) -> Result<Option<String>, Refusal> {
    let lower = name.to_ascii_lowercase();
    if lower.ends_with(b".xml") || lower.ends_with(b".rels") || lower == b"mimetype" {
        let name = std::str::from_utf8(name).map_err(|_| DAMAGED)?;
        return Ok(Some(name.to_owned()));
    }
    Ok(None)
}

/// Unpacks one part; its checksum is compared at its end.
fn content(part: ZipFile<'_, Cursor<&[u8]>>, most: u64) -> Result<Vec<u8>, Refusal> {
    let said = part.size();
    if said > most {
        return Err(TOO_LARGE);
    }
    let mut content = Vec::new();
    part.take(most + 1).read_to_end(&mut content).map_err(|_| DAMAGED)?;
    match content.len() as u64 {
        length if length > most => Err(TOO_LARGE),
        length if length != said => Err(DAMAGED),
        _ => Ok(content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A container whose parts hold so many spaces, compressed.
    fn packed(parts: &[(&str, usize)]) -> Vec<u8> {
        let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, length) in parts {
            packed.start_file(*name, SimpleFileOptions::default()).unwrap();
            packed.write_all(&vec![b' '; *length]).unwrap();
        }
        packed.finish().unwrap().into_inner()
    }

    fn found(bytes: &[u8], most: u64) -> Result<Vec<u8>, &'static str> {
        stored(bytes, most, |_, _| Ok(())).map_err(|refusal| refusal.found)
    }

    #[test]
    fn the_limit_is_one_of_all_parts_together() {
        let bytes = packed(&[("a.xml", 60_000), ("xl/b.RELS", 40_000)]);
        assert!(bytes.len() < 1_000);
        assert!(found(&bytes, 100_000).is_ok());
        assert_eq!(found(&bytes, 99_999), Err(TOO_LARGE.found));
    }

    #[test]
    fn a_part_that_says_it_is_small_or_huge_is_refused() {
        let bytes = packed(&[("a.xml", 60_000)]);
        let entry = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        for (said, refusal) in [(9u32, DAMAGED), (60_001, DAMAGED), (70_001, TOO_LARGE)] {
            let mut bytes = bytes.clone();
            bytes[entry + 24..entry + 28].copy_from_slice(&said.to_le_bytes());
            assert_eq!(found(&bytes, 70_000), Err(refusal.found), "{said}");
        }
    }

    #[test]
    fn what_holds_no_table_is_neither_unpacked_nor_kept() {
        let bytes = packed(&[("a.xml", 10), ("media/picture.png", 60_000), ("vba.bin", 60_000)]);
        let mut names = Vec::new();
        let plain = stored(&bytes, 100, |name, content| {
            names.push((name.to_owned(), content.len()));
            Ok(())
        });
        assert_eq!(names, [("a.xml".to_owned(), 10)]);
        let plain = ZipArchive::new(Cursor::new(plain.ok().unwrap())).unwrap();
        assert_eq!(plain.file_names().count(), 1);
    }

    #[test]
    fn damage_shows_in_the_checksum() {
        let mut bytes = packed(&[("a.xml", 60_000)]);
        let entry = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        bytes[entry + 16] ^= 1;
        assert_eq!(found(&bytes, 60_000), Err(DAMAGED.found));
    }
}
