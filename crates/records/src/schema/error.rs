//! Why a check could not be made, as against what it found.

use std::io;

/// Why a check could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The schema is not JSON.
    #[error("the schema is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// The schema says things that cannot be checked; each fault names its place.
    #[error("the schema has {} faults:\n{}", .0.len(), .0.join("\n"))]
    Invalid(Vec<String>),
    /// The file could not be read.
    #[error("could not read the file: {0}")]
    Read(#[source] io::Error),
    /// The temporary file that uniqueness needs could not be written or read.
    #[error("could not use a temporary file: {0}")]
    Spill(#[source] io::Error),
    /// No random key could be had from the operating system.
    #[error("the operating system gave no random key")]
    NoKey,
    /// A problem could not be handed over.
    #[error("could not write a problem: {0}")]
    Sink(#[source] io::Error),
}
