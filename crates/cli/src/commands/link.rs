//! `clearway link`: who is whom. Without files: of all encodings that agencies have submitted
//! (`submitted`).

mod submitted;

use std::path::PathBuf;

use crate::Shared;

/// Find out which people of different agencies are one person, by their encodings
///
/// Compares the encodings that agencies have submitted and writes down who is whom: opaque ids of
/// agencies, never names. `clearway count --people` does it by itself when encodings have come or
/// gone. With --review, the pairs that nobody but the two agencies can settle; with --decisions,
/// what they say. With --accept, who is whom stays and the encodings are deleted.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway link --practice --data clearway-demo/data\n  clearway link --practice --review review.csv --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// The made-up agencies instead of the real ones
    #[arg(long)]
    practice: bool,
    /// Write the uncertain pairs to FILE, with agreement by group of fields
    #[arg(long, value_name = "FILE", conflicts_with = "accept")]
    review: Option<PathBuf>,
    /// Take in what was decided of pairs: a review with `same` or `different` in its last column
    #[arg(long, value_name = "FILE", conflicts_with = "accept")]
    decisions: Option<PathBuf>,
    /// Accept who is whom, and delete the encodings; says what is lost, and does it with --yes
    #[arg(long)]
    accept: bool,
    /// With --accept: do it
    #[arg(long, requires = "accept")]
    yes: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    submitted::run(own, shared).await
}
