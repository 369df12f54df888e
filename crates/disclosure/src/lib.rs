//! What may be published about people, and proof that it betrays nobody.
//!
//! In: rows about people, one for each ([`Rows`]), with a public list of categories for each
//! column ([`Schema`]). Out: tables, microdata and aggregates that passed the gate
//! ([`Released`]); nothing else can be published.
//!
//! | module | what |
//! |---|---|
//! | `schema`, `rows`, `read` | the public categories; rows about people, coded; a CSV file of them |
//! | [`budget`], [`noise`] | rho, epsilon and delta; exact draws of integers |
//! | [`aggregates`] | counts of combinations that at least k people share, as CTDC publishes them |
//! | `published`, `table_file` | a table of counts with all its margins, as it may be shown; as CSV |
//! | `published_estimate` | how many people there are in all: a range with its reasons |
//! | [`attacks`], [`gate`] | what an attacker would do; a release that one of them beats is refused |
//! | [`ledger`] | what has been released of a data set, and what may still be |
//! | [`release`] | through the gate and the ledger onto the disk, and back |
//! | [`microdata`] | rows about people who do not exist |
//! | [`tables`] | exact tables, small cells and what would give them away hidden; the audit |
//! | [`noisy`], [`plan`] | tables with noise, consistent; cost and accuracy before anything is spent |
//! | `released` | what has passed the gate |

pub mod aggregates;
pub mod attacks;
pub mod budget;
pub mod gate;
pub mod ledger;
#[cfg(feature = "made-up")]
mod made_up;
pub mod microdata;
pub mod noise;
pub mod noisy;
pub mod plan;
mod published;
mod published_estimate;
mod read;
pub mod release;
mod released;
mod rows;
mod schema;
mod table_file;
pub mod tables;

pub use published::{
    CellKey, PublishedCell, PublishedDimension, PublishedTable, PublishedValue, WhyHidden,
};
pub use published_estimate::{
    Dependence, EstimateFaults, EstimateParts, EstimateRange, EstimateReason, MethodEstimate,
    PublishedEstimate,
};
pub use read::{
    FAULTS_LISTED, LARGEST_AMOUNT, ReadError, RowFault, RowFaultKind, read_amounts, read_rows,
    read_rows_learning,
};
pub use released::{Receipt, Regime, Released};
pub use rows::{Amounts, Rows};
pub use schema::{BLANK, Schema, SchemaColumn, SchemaError};
pub use table_file::{TOTAL, TableFileError, TableFileFault, check_names, read_table, write_table};
