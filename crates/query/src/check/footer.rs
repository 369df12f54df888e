//! The footer of a file, before anybody believes its counts.
//!
//! In: a file. Out: whether its footer has the shape of one that we write. A reader of Parquet
//! makes room for as many row groups as a footer claims and descends as deep as its columns are
//! nested, and for neither is there an error: the program would end. So the footer, which is a
//! Thrift structure in the compact protocol, is walked first: the fields that ours have, of their
//! types, each once and in order, and no list longer than the bytes that are left.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// The largest footer that is read; one of ours has some kilobytes for a hundred thousand rows.
const LARGEST_FOOTER: u64 = 64 << 20;
const MAGIC: &[u8; 4] = b"PAR1";

/// What stands in a place of the footer.
enum Of {
    Bool,
    I16,
    I32,
    I64,
    Bytes,
    /// Of these, at most so many.
    List(&'static Of, usize),
    Struct(&'static [(i16, Of)]),
}

const ANY: usize = usize::MAX;
const NOTHING: Of = Of::Struct(&[]);

/// `FileMetaData` of the Parquet format, as far as we write it.
static FOOTER: Of = Of::Struct(&[
    (1, Of::I32),
    (2, Of::List(&SCHEMA_ELEMENT, 64)),
    (3, Of::I64),
    (4, Of::List(&ROW_GROUP, 1 << 15)),
    (5, Of::List(&KEY_VALUE, 64)),
    (6, Of::Bytes),
    (7, Of::List(&COLUMN_ORDER, 64)),
]);
static SCHEMA_ELEMENT: Of = Of::Struct(&[
    (1, Of::I32),
    (2, Of::I32),
    (3, Of::I32),
    (4, Of::Bytes),
    (5, Of::I32),
    (6, Of::I32),
    (7, Of::I32),
    (8, Of::I32),
    (9, Of::I32),
    // A text or a day.
    (10, Of::Struct(&[(1, NOTHING), (6, NOTHING)])),
]);
static ROW_GROUP: Of = Of::Struct(&[
    (1, Of::List(&COLUMN_CHUNK, 64)),
    (2, Of::I64),
    (3, Of::I64),
    (5, Of::I64),
    (6, Of::I64),
    (7, Of::I16),
]);
static COLUMN_CHUNK: Of = Of::Struct(&[
    (2, Of::I64),
    (
        3,
        Of::Struct(&[
            (1, Of::I32),
            (2, Of::List(&Of::I32, ANY)),
            (3, Of::List(&Of::Bytes, ANY)),
            (4, Of::I32),
            (5, Of::I64),
            (6, Of::I64),
            (7, Of::I64),
            (9, Of::I64),
            (10, Of::I64),
            (11, Of::I64),
            (12, STATISTICS),
            (13, Of::List(&PAGE_ENCODING, ANY)),
            (14, Of::I64),
            (15, Of::I32),
            (16, SIZE_STATISTICS),
        ]),
    ),
    (4, Of::I64),
    (5, Of::I32),
    (6, Of::I64),
    (7, Of::I32),
]);
const STATISTICS: Of = Of::Struct(&[
    (1, Of::Bytes),
    (2, Of::Bytes),
    (3, Of::I64),
    (4, Of::I64),
    (5, Of::Bytes),
    (6, Of::Bytes),
    (7, Of::Bool),
    (8, Of::Bool),
]);
const SIZE_STATISTICS: Of =
    Of::Struct(&[(1, Of::I64), (2, Of::List(&Of::I64, ANY)), (3, Of::List(&Of::I64, ANY))]);
static PAGE_ENCODING: Of = Of::Struct(&[(1, Of::I32), (2, Of::I32), (3, Of::I32)]);
static KEY_VALUE: Of = Of::Struct(&[(1, Of::Bytes), (2, Of::Bytes)]);
static COLUMN_ORDER: Of = Of::Struct(&[(1, NOTHING)]);

/// Whether a file ends in a footer like ours.
pub(super) fn is_like_ours(mut file: &File, size: u64) -> std::io::Result<bool> {
    let Some(end) = size.checked_sub(8) else { return Ok(false) };
    let mut tail = [0; 8];
    file.seek(SeekFrom::Start(end))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let Some(start) = end.checked_sub(length).filter(|_| length <= LARGEST_FOOTER) else {
        return Ok(false);
    };
    file.seek(SeekFrom::Start(start))?;
    let mut footer = Vec::new();
    file.take(length).read_to_end(&mut footer)?;
    Ok(magic == *MAGIC && walk(&mut footer.as_slice(), &FOOTER).is_some())
}

/// Goes over what stands there; nothing when it is something else.
fn walk(left: &mut &[u8], of: &Of) -> Option<()> {
    match of {
        Of::Bool => Some(()),
        Of::I16 | Of::I32 | Of::I64 => varint(left).map(|_| ()),
        Of::Bytes => {
            let length = usize::try_from(varint(left)?).ok()?;
            *left = left.get(length..)?;
            Some(())
        }
        Of::List(of, most) => {
            let header = byte(left)?;
            let size = match header >> 4 {
                15 => usize::try_from(varint(left)?).ok()?,
                size => usize::from(size),
            };
            let fits = size <= *most && size <= left.len();
            let of_type = header == 0 || header & 0xf == type_of(of);
            (fits && of_type).then_some(())?;
            (0..size).try_for_each(|_| walk(left, of))
        }
        Of::Struct(fields) => {
            let mut fields = fields.iter();
            let mut last = 0;
            loop {
                let header = byte(left)?;
                if header == 0 {
                    return Some(());
                }
                // No field of ours is more than fifteen after the one before.
                let id = last + i16::from(header >> 4);
                // What was passed over is not looked for again: in order, and each once.
                let (_, of) = fields.find(|(known, _)| *known == id)?;
                let of_type = match of {
                    Of::Bool => matches!(header & 0xf, 1 | 2),
                    of => header & 0xf == type_of(of),
                };
                of_type.then_some(())?;
                walk(left, of)?;
                last = id;
            }
        }
    }
}

/// The compact protocol's number of a type.
fn type_of(of: &Of) -> u8 {
    match of {
        Of::Bool => 1,
        Of::I16 => 4,
        Of::I32 => 5,
        Of::I64 => 6,
        Of::Bytes => 8,
        Of::List(..) => 9,
        Of::Struct(_) => 12,
    }
}

fn byte(left: &mut &[u8]) -> Option<u8> {
    let (first, rest) = left.split_first()?;
    *left = rest;
    Some(*first)
}

fn varint(left: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let next = byte(left)?;
        number |= u64::from(next & 0x7f).checked_shl(shift)?;
        if next & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walks(footer: &[u8]) -> bool {
        walk(&mut &footer[..], &FOOTER).is_some()
    }

    #[test]
    fn counts_are_not_believed() {
        // Version 1, a schema of one element of nothing, no rows, no row groups.
        assert!(walks(&[0x15, 0x02, 0x19, 0x1c, 0x00, 0x16, 0x00, 0x19, 0x0c, 0x00]));
        // Two billion row groups in nine bytes.
        let many = [0x15, 0x02, 0x19, 0x1c, 0x00, 0x16, 0x00, 0x19, 0xfc];
        assert!(!walks(&[&many[..], &[0xff, 0xff, 0xff, 0xff, 0x07, 0x00]].concat()));
        // A hundred columns, which could be one in another.
        let nested = [vec![0x15, 0x02, 0x19, 0xfc, 100], vec![0; 100], vec![0x00]].concat();
        assert!(!walks(&nested));
        // The schema twice; a field of another type; the end missing.
        assert!(!walks(&[0x19, 0x0c, 0x09, 0x04, 0x0c, 0x00]));
        assert!(!walks(&[0x29, 0x1c, 0x00, 0x09, 0x04, 0x1c, 0x00, 0x00]));
        assert!(!walks(&[0x16, 0x02, 0x00]));
        assert!(!walks(&[0x15, 0x02]));
    }
}
