//! The parts of a ZIP container, unpacked under a limit and stored anew.
//!
//! In: the bytes of a workbook. Out: its XML parts, or that it is damaged, encrypted or too large.
//! [`stored`] makes a plain container of them, so that the library that reads workbooks sees
//! exactly what was looked at here and unpacks nothing itself. Pictures and macros are left out.

use super::inflate::inflate;

/// Why a container cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    Damaged,
    Encrypted,
    TooLarge,
}

/// One part of a container.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) content: Vec<u8>,
    checksum: u32,
}

const LOCAL: &[u8; 4] = b"PK\x03\x04";
const ENTRY: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";

/// Unpacks the parts that a table can stand in, `most` bytes of them at the most.
pub(super) fn unpack(bytes: &[u8], most: usize) -> Result<Vec<Part>, Unreadable> {
    let tail = bytes.len().saturating_sub(22 + usize::from(u16::MAX));
    let end = bytes[tail..].windows(4).rposition(|window| window == END);
    let end = end.ok_or(Unreadable::Damaged)? + tail;
    let mut at = number(bytes, end + 16, 4)?;
    let (mut left, mut parts) = (most, Vec::new());
    for _ in 0..number(bytes, end + 10, 2)? {
        if slice(bytes, at, 4)? != ENTRY {
            return Err(Unreadable::Damaged);
        }
        let [name, extra, comment] = [28, 30, 32].map(|offset| number(bytes, at + offset, 2));
        let (name, extra, comment) = (name?, extra?, comment?);
        let name_bytes = slice(bytes, at + 46, name)?;
        if is_needed(name_bytes) {
            let part = part(bytes, at, name_bytes, left)?;
            left -= part.content.len();
            parts.push(part);
        }
        at += 46 + name + extra + comment;
    }
    Ok(parts)
}

fn is_needed(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(b".xml") || name.ends_with(b".rels") || name == b"mimetype"
}

/// Unpacks the part whose directory entry stands at `entry`.
fn part(bytes: &[u8], entry: usize, name: &[u8], most: usize) -> Result<Part, Unreadable> {
    let field = |offset, length| number(bytes, entry + offset, length);
    if field(8, 2)? & 1 == 1 {
        return Err(Unreadable::Encrypted);
    }
    let (packed, unpacked, offset) = (field(20, 4)?, field(24, 4)?, field(42, 4)?);
    if unpacked > most {
        return Err(Unreadable::TooLarge);
    }
    if slice(bytes, offset, 4)? != LOCAL {
        return Err(Unreadable::Damaged);
    }
    let start = offset + 30 + number(bytes, offset + 26, 2)? + number(bytes, offset + 28, 2)?;
    let packed = slice(bytes, start, packed)?;
    let content = match field(10, 2)? {
        0 => packed.to_vec(),
        8 => inflate(packed, most)?,
        _ => return Err(Unreadable::Damaged),
    };
    let name = std::str::from_utf8(name).map_err(|_| Unreadable::Damaged)?;
    let checksum = u32::try_from(field(16, 4)?).map_err(|_| Unreadable::Damaged)?;
    if content.len() > most || content.len() != unpacked {
        return Err(Unreadable::Damaged);
    }
    Ok(Part { name: name.to_owned(), content, checksum })
}

/// Makes a container of parts, without compression. The checksums are the ones the parts came
/// with, so that damage shows when they are read.
pub(super) fn stored(parts: &[Part]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let offset = bytes.len() as u32;
        let length = (part.content.len() as u32).to_le_bytes();
        let mut entry = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        entry.extend(part.checksum.to_le_bytes());
        entry.extend(length);
        entry.extend(length);
        entry.extend((part.name.len() as u16).to_le_bytes());
        entry.extend([0, 0]);
        bytes.extend(LOCAL);
        bytes.extend(&entry);
        bytes.extend(part.name.as_bytes());
        bytes.extend(&part.content);
        directory.extend(ENTRY);
        directory.extend([20, 0]);
        directory.extend(&entry);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let (start, count) = (bytes.len() as u32, (parts.len() as u16).to_le_bytes());
    bytes.extend(&directory);
    bytes.extend(END);
    bytes.extend([0; 4]);
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn slice(bytes: &[u8], at: usize, length: usize) -> Result<&[u8], Unreadable> {
    let end = at.checked_add(length).ok_or(Unreadable::Damaged)?;
    bytes.get(at..end).ok_or(Unreadable::Damaged)
}

fn number(bytes: &[u8], at: usize, length: usize) -> Result<usize, Unreadable> {
    let digits = slice(bytes, at, length)?;
    Ok(digits.iter().rev().fold(0, |number, digit| number << 8 | usize::from(*digit)))
}
