//! Which people, as several agencies know them, are the same person.
//!
//! In, at each agency: people's names, dates of birth, contacts. Out of the agency: encodings made
//! with a key that the agencies share and the clearinghouse never holds ([`encode`]); or, inside
//! one holder, the people themselves. In: scored pairs of records ([`ScoredPair`]). Out: people,
//! how sure each is, draws, and what only a reviewer can settle ([`link_pairs`]).
//!
//! | module | what |
//! |---|---|
//! | `linkage_key` | the secret that agencies share, and the keys derived from it |
//! | `encode` | people to encodings, and their files |
//! | `dice` | filters compared |
//! | `people`, `compare`, `block`, `weigh` | people in the clear to scored pairs |
//! | `partitioned` | the same for a table that does not fit into memory |
//! | `encoded` | encodings to people |
//! | `cluster` | scored pairs to people |
//! | `trees` | what belongs together, by pairs |
//! | `score` | people set against the truth |
//! | `date_pattern` | dates by a pattern of `strptime` |
//! | `name` | a name folded to plain letters: accents, case, hyphens, apostrophes, blanks |
//!
//! # Examples
//!
//! ```
//! use linkage::{ClusterSettings, Constraints, ScoredPair, link_pairs};
//!
//! // Three records of two agencies; the first two are very probably one person.
//! let pairs = [ScoredPair { first: 0, second: 1, log_odds: 9.0 }];
//! let score = |first, second| if (first, second) == (0, 1) { 9.0 } else { -9.0 };
//! let settings = ClusterSettings { threshold: Some(0.0), ..ClusterSettings::default() };
//! let linked = link_pairs(&[0, 1, 1], &pairs, &score, &Constraints::default(), &settings)?;
//! assert_eq!(linked.clusters.cluster_of, [0, 0, 1]);
//! # Ok::<(), linkage::ClusterError>(())
//! ```

mod block;
mod calendar;
mod cluster;
mod compare;
mod date_pattern;
pub mod dice;
pub mod encode;
mod encoded;
mod linkage_key;
mod name;
pub mod partitioned;
mod people;
mod score;
mod trees;
mod weigh;
mod whole_file;

pub use cluster::{
    ALONE, ASSUMED_MISSED, ASSUMED_MISSED_IN_THE_CLEAR, Chunk, ClusterError, ClusterSettings,
    Clustered, Clustering, Constraints, Count, DECISION_COLUMNS, Decisions, DecisionsError, Draw,
    ExpectedF1, Linked, MOST_LISTS, Merge, PairSums, PeopleRow, ScoredPair, Undecided,
    best_expected_f1, link_pairs, number_people, read_decisions, sample_every, write_clusters,
    write_histories, write_people, write_review,
};
pub use dice::{BitMatrix, MatrixError};
pub use encoded::{
    ClkTable, EncodedPhase, EncodedSettings, LinkEncodedError, LinkedTables, link_clks,
    link_encoded,
};
pub use linkage_key::LinkageKey;
pub use people::{
    COLUMNS, DatesLeftOut, FAULTS_LISTED, Fault, FaultKind, HeaderError, HeaderFault, PeopleError,
    PeopleFile, PeopleSchema, PeopleSchemaError, PeopleSchemaProblem, PersonTable, ReadSettings,
    Truth, read_people, read_people_of,
};
pub use score::{CalibrationBin, NO_TRUTH, Rates, Scores, calibration, score};
pub use trees::Trees;
pub use weigh::{Model, Phase, ScoredPairs, Settings, score_pairs};
pub use whole_file::write_whole;
