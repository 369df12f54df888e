//! The hardened form, our default: filters of groups of fields, diffused, under keys of a period.
//!
//! In: an agency's persons ([`PersonRecord`], each with the reason why it may be encoded), the
//! linkage key that the agencies share and the clearinghouse never holds, a period. Out: an
//! [`EncodedTable`] and its `.clk` file; beside it, for the agency alone, which record is which row.
//!
//! | module | what |
//! |---|---|
//! | `person` | cells to tokens with weights, and to coarse words |
//! | `birth` | dates of birth |
//! | `words` | particles, nicknames, sounds |
//! | `layout` | which fields are mixed in which filter and key; what is wide enough |
//! | `encoder` | persons to filters and keys |
//! | `diffusion` | a filter to its diffused form |
//! | `table` | a table in random order, and the mapping |
//! | `file` | `.clk` files |
//! | `comparable` | whether tables can be compared |
//!
//! # What travels for a row
//!
//! Sixteen random bytes; the last day on which it may be kept, if its release ends; one byte that
//! says which of the six groups it has; for each group 512 bits; twenty-eight exact keys of 64 bits.
//! No field has a filter of its own, nothing of fewer than 2²⁰ values that are equally likely to
//! meet is encoded alone, and nothing says of a single field whether it is there.
//!
//! # How to compare
//!
//! - Candidate pairs: rows that share an exact key of one kind in any slot
//!   ([`EncodedTable::keys_of`]), or the whole filter of a group. The size of a key's block says how
//!   common the names are, which stands in for term frequencies.
//! - Levels: [`EncodedTable::distance`] for each group; `None` when one side lacks it. A distance
//!   h is that of diffused bits: x = (1 - (1 - 2h)^(1/t)) / 2 of the inner bits differ, t = 8. Inner
//!   distances of groups are about the weighted sums of those of their fields, so given + birth,
//!   surname + birth and all three together tell the three apart.
//! - Relatives: their surname + street filters are equal; given + birth + sex parts them.
//!
//! # What it does not hide
//!
//! Who receives the tables sees which rows are alike, and how much: that is their use. Someone who
//! has the names of many of the same persons can try to match the two graphs of similarities
//! (Vidanage, Christen, Ranbaduge and Schnell 2020); someone who has the key can try names. Both are measured in
//! the threat model. How many names a person has can be seen from the slots of the first kind of
//! exact key. The weights of fields in groups are public, so similarities of single fields can be
//! estimated from those of groups.

mod birth;
mod comparable;
mod diffusion;
mod encoder;
mod file;
mod layout;
mod person;
mod table;
mod words;

pub use comparable::{NotComparable, check_comparable};
pub use encoder::DiffusionSettings;
pub use file::ClkFileError;
pub use layout::{GROUPS, KEYS, KINDS};
pub use person::PersonCells;
pub use table::{
    About, CELL_LIMIT, EncodeError, EncodedTable, Mapping, OpaqueRowId, Permission, PersonRecord,
    TableHeader, encode, os_random,
};
