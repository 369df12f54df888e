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
//! | `map` | counties in three states: a number, a name, no report |

mod bars;
mod canvas;
mod map;
mod panels;
mod quarters;

pub use bars::{Bar, Bars, Tone};
pub use canvas::{Canvas, Drawing, Frame, text_width};
pub use map::{CountyMap, CountyMark};
pub use panels::{Panel, Panels};
pub use quarters::{Quarters, Slot};

/// What is drawn for one category.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A number: a bar of that length.
    Length(f64),
    /// A cell that is hidden: its own mark, of no length.
    Hidden,
    /// An answer that is no number (unknown, not collected, not stated), in words.
    Words(String),
    /// The source does not give it.
    NotInSource,
}
