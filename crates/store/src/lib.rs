//! Where Clearway keeps returns, their figures, and who changed what, when and why.
//!
//! | module | what |
//! |---|---|
//! | `open` | the database in its folder: SQLite with write-ahead log, foreign keys, migrations |
//! | `scope` | in whose name a caller acts; every function takes one |
//! | `returns` | a return in, corrected, withdrawn, restored; all of it or nothing |
//! | `figures` | the figures that stand, and every earlier answer |
//! | `queries` | an agency's own classification where it disagrees with the state's |
//! | `roll_up` | integer sums by measure, quarter and breakdown |
//!
//! SQL lives in this crate only, and no pool leaves it. A return goes in as one transaction: after
//! `kill -9` at any moment it is wholly there or not at all, and sending it again changes nothing.
//!
//! # Examples
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # let folder = tempfile::tempdir()?;
//! # runtime.block_on(async {
//! use store::{Scope, Store};
//!
//! let store = Store::open(folder.path()).await?;
//! let analyst = Scope::command_line("analyst");
//! assert!(store.returns(&analyst).await?.is_empty());
//! # Ok::<(), store::StoreError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod figures;
mod open;
mod queries;
mod returns;
mod roll_up;
mod scope;

pub use figures::{FigureFilter, StoredFigure};
pub use open::{Store, StoreError};
pub use queries::ClassificationQuery;
pub use returns::{Accepted, Act, Conflict, NewReturn, ReturnState, StoredReturn};
pub use roll_up::{RollUp, Rolled};
pub use scope::Scope;
