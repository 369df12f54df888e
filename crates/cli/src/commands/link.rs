//! `clearway link`: who is whom. Of files of encodings (`files`), or without files of all encodings
//! that agencies have submitted (`submitted`).

mod files;
mod submitted;
mod truth;

use std::path::PathBuf;

use crate::Shared;

/// Find out which people of different agencies are one person, by their encodings
///
/// With files, compares the encodings in them and writes which row is which person to --out; rows
/// have opaque ids, never names. Without, compares the encodings that agencies have submitted and
/// writes down who is whom: opaque ids of agencies, never names. `clearway count --people` does it
/// by itself when encodings have come or gone. With --review, the pairs that nobody but the two
/// agencies can settle; with --decisions, what they say. With --accept, who is whom stays and the
/// encodings are deleted.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway keys new --out k\n  clearway encode clearway-demo/examples/people.csv --key k --unattached --agency police-1 --out a\n  clearway encode clearway-demo/examples/people.csv --key k --unattached --agency police-2 --out b\n  clearway link a b --out clusters.csv\n  clearway link a b --out clusters.csv --exact --format json\n  clearway link --practice --data clearway-demo/data\n  clearway link --practice --review review.csv --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// Files of encodings, one for each agency: .clk of clearway encode, or JSON of clkhash
    #[arg(value_name = "FILE", requires = "out", conflicts_with_all = ["practice", "review", "decisions", "accept"])]
    files: Vec<PathBuf>,
    /// With files, where to write which row is which person: agency, rec_id, person_id, probability
    #[arg(long, value_name = "FILE", requires = "files")]
    out: Option<PathBuf>,
    /// With files, compare all pairs instead of searching: for small lists
    #[arg(long, requires = "files")]
    exact: bool,
    /// With files, who is who, to score the answer: CSV of agency, rec_id, truth_id; the linkage
    /// never sees it
    #[arg(long, value_name = "FILE", requires = "files")]
    truth: Option<PathBuf>,
    /// With files, where to write capture histories for an estimate: how many people are on exactly
    /// which agencies' lists, for the answer (draw 0) and each draw. Internal: small counts are not
    /// hidden
    #[arg(long, value_name = "FILE", requires = "files")]
    histories: Option<PathBuf>,
    /// With files, how many clusterings are drawn for the interval: 20 to 10,000
    #[arg(long, value_name = "K", requires = "files", default_value_t = 40, value_parser = clap::value_parser!(u32).range(20..=10_000))]
    draws: u32,
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
    match &own.out {
        Some(out) => files::run(own, out, shared),
        None => submitted::run(own, shared).await,
    }
}
