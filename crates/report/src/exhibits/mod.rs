//! The charts and tables of the report, each complete with title, table, source and coverage.
//!
//! In: a [`Context`]. Out: an [`Exhibit`], absent when the report has no figure for it. To add
//! one: write its file, pick its figures by measure and dimensions, and name it in `pages/index`.
//!
//! | module | what |
//! |---|---|
//! | `exhibit` | what stands beside every chart and table |
//! | `series` | Charts 1, 2, 3, 7, 8: one measure by quarter |
//! | `sent` | what task forces sent: by quarter, by task force, by whatever else |
//! | `shares` | Charts 4, 5, 6: percentages with periods of their own |
//! | `statutes` | Tables 1 and 2, and convictions by conduct beside those by statute |
//! | `counties` | the county map |
//! | `people` | people on the lists of agencies, nobody counted twice |
//! | `benefits` | Tables 3 and 4 |
//! | `training` | training by programme |
//! | `statements` | figures of different definitions side by side; the hotline; the rest |

pub(crate) mod benefits;
pub(crate) mod counties;
pub(crate) mod exhibit;
pub(crate) mod people;
pub(crate) mod sent;
pub(crate) mod series;
pub(crate) mod shares;
pub(crate) mod statements;
pub(crate) mod statutes;
pub(crate) mod training;

pub(crate) use exhibit::{Context, Exhibit};

use crate::ReportedFigure;
use crate::charts::Mark;
use crate::words::{self, Look};

/// What a figure looks like in a chart.
pub(crate) fn mark(figure: &ReportedFigure) -> Mark {
    match (Look::of(&figure.value), words::length(&figure.value)) {
        (Look::Hidden, _) => Mark::Hidden,
        (_, Some(length)) => Mark::Length(length),
        _ => Mark::Words(words::value(&figure.value, figure.unit)),
    }
}
