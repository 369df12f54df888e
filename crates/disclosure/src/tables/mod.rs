//! Tables of counts and amounts that give away no small cell.
//!
//! In: rows about people, and the dimensions of one or more tables that are published together,
//! with hierarchies. Out: the tables with all margins, small cells and what would give them away
//! hidden, and an audit of what an attacker can still work out.
//!
//! | module | what |
//! |---|---|
//! | `hierarchy` | groups of categories, read from a file |
//! | `dimension`, `cube`, `aggregate` | all cells of linked tables, and how they add up |
//! | `rules`, `primary` | which cells are sensitive, and what interval each needs |
//! | `suppress` | the tables as they may be published |
//! | `search`, `cover` | which cells to hide besides |
//! | `dependence`, `protect` | how hidden cells depend on one another, and what a choice of them gives away |
//! | `joint` | the counts behind tables whose dimensions go around in a ring |
//! | `circuits`, `neighbourhood` | small parts of the equations of large tables, asked first |
//! | `exchange` | people who change places, in tables too large for equations |
//! | `rounding` | all cells to multiples of a base instead |
//! | `attack`, `intervals`, `shown`, `audit` | what can be worked out from everything published together |
//! | `tableau`, `dense_tableau`, `programme` | equations solved; how low and how high a variable can be |
//! | `chance` | the order in which a search tries things |

mod aggregate;
mod attack;
mod audit;
mod chance;
mod circuits;
mod cover;
mod cube;
mod cube_error;
mod dense_tableau;
mod dependence;
mod dimension;
mod exchange;
mod hierarchy;
mod intervals;
mod joint;
mod neighbourhood;
mod primary;
mod programme;
mod protect;
mod rounding;
mod rules;
mod search;
mod shown;
mod suppress;
mod tableau;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_rings;
#[cfg(test)]
mod tests_support;

pub use audit::{Audit, AuditFailure, AuditedCell, Recovery, Verdict, audit};
pub use cube::{Cube, CubeTable, MOST_CELLS, Wanted};
pub use cube_error::CubeError;
pub use dimension::Dimension;
pub use hierarchy::{Hierarchy, HierarchyError, HierarchyFault, HierarchyFaultKind};
pub use rounding::{Rounded, RoundingError, round};
pub use rules::{Cost, Dominance, Rules, RulesError, Zeros};
pub use suppress::{Progress, SuppressError, Suppressed, SuppressionReport, suppress};
