//! Sorts more entries than memory should hold.
//!
//! In: entries of three numbers, any count. Out: the same, sorted. Full buffers are sorted and
//! written to an anonymous temporary file as runs, which are merged at the end, at most
//! [`MOST_RUNS`] at a time; memory stays within the buffer and one block for each run merged.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

pub(super) type Entry = [u64; 3];

const ENTRY: usize = size_of::<Entry>();
/// Runs merged at once.
const MOST_RUNS: usize = 128;
/// Entries read from a run at once: 48 KiB.
const BLOCK: usize = 2048;

/// A sorter that is being filled.
#[derive(Debug)]
pub(super) struct Sorter {
    buffer: Vec<Entry>,
    /// Entries that the buffer may hold.
    most: usize,
    /// All runs, one behind the other.
    file: Option<File>,
    runs: Vec<Run>,
}

/// A sorted stretch of the file, in entries.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: u64,
    end: u64,
}

impl Sorter {
    /// A sorter that keeps `most` entries in memory.
    pub(super) fn new(most: usize) -> Sorter {
        Sorter { buffer: Vec::new(), most: most.max(2), file: None, runs: Vec::new() }
    }

    #[inline]
    pub(super) fn push(&mut self, entry: Entry) -> io::Result<()> {
        if self.buffer.len() == self.most {
            self.spill()?;
        }
        self.buffer.push(entry);
        Ok(())
    }

    #[cold]
    fn spill(&mut self) -> io::Result<()> {
        self.buffer.sort_unstable();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let start = self.runs.last().map_or(0, |run| run.end);
        write(file, &self.buffer)?;
        self.runs.push(Run { start, end: start + self.buffer.len() as u64 });
        self.buffer.clear();
        Ok(())
    }

    /// The entries in order.
    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        if self.file.is_none() {
            self.buffer.sort_unstable();
            return Ok(Sorted::Memory(self.buffer.into_iter()));
        }
        if !self.buffer.is_empty() {
            self.spill()?;
        }
        self.buffer = Vec::new();
        let Some(mut file) = self.file else { return Ok(Sorted::Memory(Vec::new().into_iter())) };
        let mut runs = self.runs;
        while runs.len() > MOST_RUNS {
            (file, runs) = merge_some(file, &runs)?;
        }
        Ok(Sorted::File(Merge::new(file, &runs)?))
    }
}

/// Makes each [`MOST_RUNS`] runs one, in a new file.
fn merge_some(mut file: File, runs: &[Run]) -> io::Result<(File, Vec<Run>)> {
    let mut merged = tempfile::tempfile()?;
    let (mut merged_runs, mut end) = (Vec::new(), 0);
    let mut block = Vec::with_capacity(BLOCK);
    for some in runs.chunks(MOST_RUNS) {
        let start = end;
        let mut merge = Merge::new(file, some)?;
        while let Some(entry) = merge.next()? {
            block.push(entry);
            end += 1;
            if block.len() == BLOCK {
                write(&mut merged, &block)?;
                block.clear();
            }
        }
        write(&mut merged, &block)?;
        block.clear();
        merged_runs.push(Run { start, end });
        file = merge.file;
    }
    Ok((merged, merged_runs))
}

fn write(file: &mut File, entries: &[Entry]) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(entries.len().min(BLOCK) * ENTRY);
    for block in entries.chunks(BLOCK) {
        bytes.clear();
        bytes.extend(block.iter().flatten().flat_map(|number| number.to_ne_bytes()));
        file.write_all(&bytes)?;
    }
    Ok(())
}

/// Entries in order.
#[derive(Debug)]
pub(super) enum Sorted {
    Memory(std::vec::IntoIter<Entry>),
    File(Merge),
}

impl Sorted {
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        match self {
            Sorted::Memory(entries) => Ok(entries.next()),
            Sorted::File(merge) => merge.next(),
        }
    }
}

/// Runs of a file, merged.
#[derive(Debug)]
pub(super) struct Merge {
    file: File,
    runs: Vec<OpenRun>,
    heap: BinaryHeap<Reverse<(Entry, usize)>>,
}

#[derive(Debug)]
struct OpenRun {
    left: Run,
    block: std::vec::IntoIter<Entry>,
}

impl Merge {
    fn new(file: File, runs: &[Run]) -> io::Result<Merge> {
        let runs: Vec<OpenRun> =
            runs.iter().map(|&left| OpenRun { left, block: Vec::new().into_iter() }).collect();
        let mut merge = Merge { file, heap: BinaryHeap::with_capacity(runs.len()), runs };
        for run in 0..merge.runs.len() {
            merge.advance(run)?;
        }
        Ok(merge)
    }

    fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some(Reverse((entry, run))) = self.heap.pop() else { return Ok(None) };
        self.advance(run)?;
        Ok(Some(entry))
    }

    /// Puts the run's next entry on the heap.
    fn advance(&mut self, index: usize) -> io::Result<()> {
        let run = &mut self.runs[index];
        if run.block.len() == 0 && run.left.start < run.left.end {
            let count = (run.left.end - run.left.start).min(BLOCK as u64);
            let mut bytes = vec![0; count as usize * ENTRY];
            self.file.seek(SeekFrom::Start(run.left.start * ENTRY as u64))?;
            self.file.read_exact(&mut bytes)?;
            run.left.start += count;
            let numbers: Vec<u64> =
                bytes.as_chunks::<8>().0.iter().map(|number| u64::from_ne_bytes(*number)).collect();
            run.block = numbers.as_chunks::<3>().0.to_vec().into_iter();
        }
        if let Some(entry) = run.block.next() {
            self.heap.push(Reverse((entry, index)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(entries: &[Entry], most: usize) -> Vec<Entry> {
        let mut sorter = Sorter::new(most);
        for &entry in entries {
            sorter.push(entry).unwrap();
        }
        let mut sorted = sorter.finish().unwrap();
        let mut all = Vec::new();
        while let Some(entry) = sorted.next().unwrap() {
            all.push(entry);
        }
        all
    }

    #[test]
    fn many_more_runs_than_are_merged_at_once() {
        let mut entries: Vec<Entry> =
            (0..50_000_u64).map(|n| [n.wrapping_mul(0x9E37_79B9_7F4A_7C15), n % 7, n]).collect();
        let spilled = sorted(&entries, 2);
        entries.sort_unstable();
        assert_eq!(spilled, entries);
    }

    proptest! {
        #[test]
        fn the_same_as_a_sort_in_memory(
            mut entries in prop::collection::vec(any::<[u64; 3]>(), 0..300), most in 0..40_usize,
        ) {
            let spilled = sorted(&entries, most);
            entries.sort_unstable();
            prop_assert_eq!(spilled, entries);
        }
    }
}
