//! Unpacks DEFLATE (RFC 1951), no further than it is told to.
//!
//! The library that reads workbooks unpacks as much as a part holds; a part of a few kilobytes can
//! hold gigabytes. Here the limit comes first.

use super::archive::Unreadable;

/// Unpacks `input` to at most `most` bytes.
pub(super) fn inflate(input: &[u8], most: usize) -> Result<Vec<u8>, Unreadable> {
    let mut bits = Bits { input, at: 0, hold: 0, held: 0 };
    let mut out = Vec::new();
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out, most)?,
            1 => {
                let lengths: Vec<u8> = (0..288)
                    .map(|symbol| match symbol {
                        0..144 => 8,
                        144..256 => 9,
                        256..280 => 7,
                        _ => 8,
                    })
                    .collect();
                coded(&mut bits, &mut out, most, &Code::new(&lengths)?, &Code::new(&[5; 30])?)?;
            }
            2 => {
                let (literals, distances) = codes(&mut bits)?;
                coded(&mut bits, &mut out, most, &literals, &distances)?;
            }
            _ => return Err(Unreadable::Damaged),
        }
        if last {
            return Ok(out);
        }
    }
}

/// The input, bit by bit, the lowest first.
struct Bits<'a> {
    input: &'a [u8],
    at: usize,
    hold: u32,
    held: u32,
}

impl Bits<'_> {
    /// Takes up to 16 bits.
    fn take(&mut self, count: u32) -> Result<u32, Unreadable> {
        while self.held < count {
            let byte = *self.input.get(self.at).ok_or(Unreadable::Damaged)?;
            self.hold |= u32::from(byte) << self.held;
            self.held += 8;
            self.at += 1;
        }
        let bits = self.hold & ((1 << count) - 1);
        self.hold >>= count;
        self.held -= count;
        Ok(bits)
    }
}

/// A canonical Huffman code: how many codes of each length, and their symbols in order.
struct Code {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Code {
    fn new(lengths: &[u8]) -> Result<Code, Unreadable> {
        let mut counts = [0u16; 16];
        for length in lengths.iter().filter(|length| **length > 0) {
            counts[usize::from(*length)] += 1;
        }
        let mut left = 1i32;
        for count in &counts[1..] {
            left = left * 2 - i32::from(*count);
            if left < 0 {
                return Err(Unreadable::Damaged);
            }
        }
        let mut symbols: Vec<u16> = (0..lengths.len() as u16).collect();
        symbols.retain(|symbol| lengths[usize::from(*symbol)] > 0);
        symbols.sort_by_key(|symbol| lengths[usize::from(*symbol)]);
        Ok(Code { counts, symbols })
    }

    fn symbol(&self, bits: &mut Bits<'_>) -> Result<u16, Unreadable> {
        let (mut code, mut first, mut index) = (0u32, 0u32, 0u32);
        for count in &self.counts[1..] {
            let count = u32::from(*count);
            code |= bits.take(1)?;
            if code < first + count {
                let symbol = self.symbols.get((index + code - first) as usize);
                return symbol.copied().ok_or(Unreadable::Damaged);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(Unreadable::Damaged)
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, most: usize) -> Result<(), Unreadable> {
    bits.take(bits.held % 8)?;
    let (length, check) = (bits.take(16)?, bits.take(16)?);
    if length != !check & 0xFFFF {
        return Err(Unreadable::Damaged);
    }
    if out.len() + length as usize > most {
        return Err(Unreadable::TooLarge);
    }
    for _ in 0..length {
        out.push(bits.take(8)? as u8);
    }
    Ok(())
}

/// The order in which the lengths of the length code are stated.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Reads the two codes of a dynamic block.
fn codes(bits: &mut Bits<'_>) -> Result<(Code, Code), Unreadable> {
    let literals = bits.take(5)? as usize + 257;
    let distances = bits.take(5)? as usize + 1;
    let stated = bits.take(4)? as usize + 4;
    let mut lengths = [0u8; 19];
    for place in &ORDER[..stated] {
        lengths[*place] = bits.take(3)? as u8;
    }
    let code = Code::new(&lengths)?;
    let mut lengths: Vec<u8> = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let (length, times) = match code.symbol(bits)? {
            16 => (*lengths.last().ok_or(Unreadable::Damaged)?, bits.take(2)? + 3),
            17 => (0, bits.take(3)? + 3),
            18 => (0, bits.take(7)? + 11),
            length => (length as u8, 1),
        };
        lengths.resize(lengths.len() + times as usize, length);
    }
    if lengths.len() > literals + distances {
        return Err(Unreadable::Damaged);
    }
    Ok((Code::new(&lengths[..literals])?, Code::new(&lengths[literals..])?))
}

const LENGTHS: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
const DISTANCES: [u16; 30] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];

fn coded(
    bits: &mut Bits<'_>,
    out: &mut Vec<u8>,
    most: usize,
    literals: &Code,
    distances: &Code,
) -> Result<(), Unreadable> {
    loop {
        let symbol = usize::from(literals.symbol(bits)?);
        if symbol == 256 {
            return Ok(());
        }
        if out.len() >= most {
            return Err(Unreadable::TooLarge);
        }
        if symbol < 256 {
            out.push(symbol as u8);
            continue;
        }
        let place = symbol - 257;
        let more = if (8..28).contains(&place) { place as u32 / 4 - 1 } else { 0 };
        let base = *LENGTHS.get(place).ok_or(Unreadable::Damaged)?;
        let length = usize::from(base) + bits.take(more)? as usize;
        let place = usize::from(distances.symbol(bits)?);
        let base = *DISTANCES.get(place).ok_or(Unreadable::Damaged)?;
        let more = if place >= 4 { place as u32 / 2 - 1 } else { 0 };
        let distance = usize::from(base) + bits.take(more)? as usize;
        let start = out.len().checked_sub(distance).ok_or(Unreadable::Damaged)?;
        for at in start..start + length {
            out.push(out[at]);
        }
    }
}
