//! How large the pieces are that a budget of memory allows.

use linkage::partitioned::MOST_IN_PARTITION;

/// Bytes of a record of a partition that is scored: its row, its keys, its entries.
const SCORED: usize = 240;
/// Bytes of a record, and of its pairs, while its component is clustered.
const CLUSTERED: usize = 300;
/// Bytes of an entry from which the weights are learnt: its record's row and keys, and itself.
const LEARNT: usize = 192;

/// Sizes of pieces. Each is a share of the budget, because what is held beside a piece (names,
/// buffers of files that are written, what the allocator keeps) takes the rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Records of a partition; two are held at once.
    pub(super) partition: usize,
    /// Bytes of a range of entries.
    range: usize,
    /// Records of a chunk of components.
    pub(super) chunk: usize,
    /// Entries that are learnt from at once.
    pub(super) sample: usize,
}

impl Plan {
    pub(super) fn of(memory: usize) -> Plan {
        Plan {
            partition: (memory / 4 / (2 * SCORED)).clamp(16, MOST_IN_PARTITION),
            range: memory / 16,
            chunk: (memory / 4 / CLUSTERED).max(16),
            sample: (memory / 4 / LEARNT).max(64),
        }
    }

    /// Into how many ranges so many entries of so many bytes are cut.
    pub(super) fn ranges(&self, entries: usize, bytes: usize) -> usize {
        (entries * bytes).div_ceil(self.range.max(1 << 8)).clamp(1, 256)
    }
}
