//! A table of people in partitions: the same linkage, a part of the table at a time.
//!
//! For tables that do not fit into memory. Each step is a function of plain slices: some partitions
//! and what is known of the whole table in, numbers out. Whoever calls keeps the numbers between the
//! steps (`query` does, as Parquet) and may run the steps on partitions in any order and anywhere;
//! nothing here opens a file but the one of people. The answer is that of
//! [`score_pairs`](crate::score_pairs) and [`link_pairs`](crate::link_pairs), to the last bit.
//!
//! | step | what | by |
//! |---|---|---|
//! | read | the file to rows of numbers, batch by batch | [`PeopleBatches`] |
//! | values | what the whole table shares: names, counts, phones, addresses | [`Values`] |
//! | block | blocking keys to blocks, by ranges of keys | [`settle_blocks`] |
//! | learn | random pairs and some blocks to the weights | [`Draws`], [`Sample`], [`Learnt`] |
//! | score | two partitions to scored pairs | [`Learnt::score`] |
//! | cluster | components to people | [`Clustering`](crate::Clustering) |
//!
//! In memory stay: each distinct name, normalised (about 80 bytes), and what is shared widely.

mod blocks;
mod learn;
mod numbers;
mod read;
mod score;
mod values;

pub use blocks::{
    Blocked, MOST_IN_PARTITION, PASSES, ROUNDS, Runs, block_entries, entry_in_partition, entry_key,
    finer_entry, keys_in_order, keys_of, pairs_in_blocks, replace_key, settle_blocks,
};
pub use learn::{Draws, Gather, Sample, Strangers};
pub(crate) use numbers::to_row;
pub use numbers::{KEY_NUMBERS, KeyNumbers, Partition, ROW_NUMBERS, RowNumbers, agency_of};
pub use read::{Batch, PeopleBatches, ReadError, same_ids};
pub use score::{Learnt, WithAgency};
pub use values::{Mark, Values};

/// In which of so many ranges a number falls; ranges are in order and of one size.
#[must_use]
pub fn range_of(number: u64, ranges: usize) -> usize {
    ((u128::from(number) * ranges as u128) >> 64) as usize
}
