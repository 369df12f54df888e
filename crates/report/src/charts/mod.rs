//! Charts and the map as inline SVG, written by hand.
//!
//! In: labels and numbers, already fit to print. Out: a [`Drawing`]: the same chart for a wide
//! and for a narrow page, of which the style sheet shows one. Colours, patterns of grey and the
//! typeface come from the style sheet; sizes and places are fixed here.
//!
//! | module | what |
//! |---|---|
//! | `canvas` | rectangles, lines and text that cannot leave the drawing |
//! | `bars` | horizontal bars from zero |
//! | `quarters` | columns over time, with what the source leaves out drawn as left out |
//! | `panels` | one panel of such columns for each series, on one scale |
//! | `people_range` | records as a bar, people as a band with a point |
//! | `pairs` | records beside people, category by category |
//! | `overlap` | people on two lists, as a matrix |
//! | `seen_by` | people seen by which lists: dots by list, then the number |
//! | `log_scale` | equal steps are equal factors |
//! | `estimates` | estimates side by side, with their ranges |
//! | `against_observed` | estimates by how many people were observed |
//! | `alone` | a chart as a file of its own, with its caption |
//! | `map` | counties in three states: a number, a name, no report |

mod against_observed;
mod alone;
mod bars;
pub(crate) mod canvas;
mod estimates;
mod log_scale;
pub(crate) mod map;
mod overlap;
mod pairs;
mod panels;
mod people_range;
mod quarters;
mod seen_by;

pub use against_observed::{AgainstObserved, SomeLists};
pub use alone::Caption;
pub use bars::{Bar, Bars, Tone};
pub use canvas::{Canvas, Drawing, Frame, text_width};
pub use estimates::{EstimateRow, Estimates, span};
pub use log_scale::LogScale;
pub use map::{CountyMap, CountyMark};
pub use overlap::{OverlapCell, OverlapMatrix};
pub use pairs::{Pair, Pairs};
pub use panels::{Panel, Panels};
pub use people_range::PeopleRange;
pub use quarters::{Quarters, Slot};
pub use seen_by::{SeenBy, SeenRow};

use crate::ShownCount;

/// What is drawn for one category.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A number: a bar of that length.
    Length(f64),
    /// A number of people, each counted once: a point on a stem of that length.
    Point(f64),
    /// A cell that is hidden: its own mark, of no length.
    Hidden,
    /// An answer that is no number (unknown, not collected, not stated), in words.
    Words(String),
    /// The source does not give it.
    NotInSource,
}

impl Mark {
    /// Records: a bar.
    pub(crate) fn records(count: ShownCount) -> Mark {
        count.length().map_or(Mark::Hidden, Mark::Length)
    }

    /// People, each counted once: a point on a stem.
    pub(crate) fn people(count: ShownCount) -> Mark {
        count.length().map_or(Mark::Hidden, Mark::Point)
    }

    /// How far it reaches, when it is drawn to a length.
    pub(super) fn reach(&self) -> Option<f64> {
        match self {
            Mark::Length(number) | Mark::Point(number) => Some(*number),
            _ => None,
        }
    }
}
