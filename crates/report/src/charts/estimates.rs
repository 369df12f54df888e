//! Estimates of a population, one under the other: an open diamond at the estimate and a line for
//! its range, on one logarithmic scale, with the numbers at the right.
//!
//! In: [`Estimates`]. Out: a document. The range to be relied on is a pale band behind all rows, and
//! the people who were seen are a broken line. What is beyond the scale ends in an arrow; its number
//! still stands at the right.

use super::LogScale;
use super::alone::{Caption, document};
use super::canvas::{Anchor, Canvas, Frame, text_width, wrap};
use crate::words::grouped;

/// One estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct EstimateRow {
    /// What gave it.
    pub label: String,
    /// How many people there are by it.
    pub point: Option<f64>,
    /// Between which numbers they probably are; infinite where there is no end.
    pub range: Option<(f64, f64)>,
}

/// A chart of such rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimates {
    /// Unique where it is shown.
    pub id: String,
    /// People who were seen.
    pub observed: u64,
    /// The range to be relied on.
    pub band: Option<(f64, f64)>,
    /// What the scale must hold.
    pub scale: LogScale,
    /// The rows from top to bottom.
    pub rows: Vec<EstimateRow>,
}

const LABEL: f64 = 14.0;
const VALUE: f64 = 15.0;
const ROW: f64 = 42.0;
/// Room above the rows for the words of the line and the band.
const HEAD: f64 = 42.0;
/// Room below them for the axis.
const FOOT: f64 = 30.0;
const GUTTER: f64 = 140.0;

impl Estimates {
    /// Draws the chart as a file of its own.
    pub fn document(&self, caption: &Caption) -> String {
        let bottom = HEAD + ROW * self.rows.len() as f64;
        let mut canvas = Canvas::new(&self.id, Frame::Wide, bottom + FOOT);
        let length = canvas.width() - GUTTER - self.numbers() - 16.0;
        let at = |number: f64| GUTTER + self.scale.share(number).clamp(0.0, 1.0) * length;
        if let Some((low, high)) = self.band {
            canvas.rect("range", at(low), HEAD - 4.0, at(high) - at(low), bottom - HEAD + 4.0);
            let words = format!("the range: {} to {}", whole(low), whole(high));
            canvas.text("label", Anchor::Middle, LABEL, (at((low * high).sqrt()), 32.0), &words);
        }
        for tick in self.scale.ticks(7) {
            canvas.line("grid", (at(tick), HEAD - 4.0), (at(tick), bottom));
            canvas.text("tick", Anchor::Middle, 12.0, (at(tick), bottom + 18.0), &whole(tick));
        }
        let seen = at(self.observed as f64);
        canvas.line("seen", (seen, 18.0), (seen, bottom));
        let words = format!("{} people seen", whole(self.observed as f64));
        canvas.text("label", Anchor::Start, LABEL, (seen - 2.0, 13.0), &words);
        for (row, top) in self.rows.iter().zip((0..).map(|at| HEAD + ROW * f64::from(at))) {
            self.row(&mut canvas, row, top + ROW / 2.0, &at);
        }
        canvas.line("axis", (GUTTER, bottom), (GUTTER + length, bottom));
        document(canvas, caption, &self.describe())
    }

    fn row(&self, canvas: &mut Canvas, row: &EstimateRow, y: f64, at: &dyn Fn(f64) -> f64) {
        let lines = wrap(&row.label, LABEL, GUTTER - 14.0);
        let first = y + 5.0 - 8.0 * (lines.len() as f64 - 1.0);
        for (line, down) in lines.iter().zip(0..) {
            let place = (GUTTER - 12.0, first + 16.0 * f64::from(down));
            canvas.text("label", Anchor::End, LABEL, place, line);
        }
        if let Some((low, high)) = row.range {
            canvas.line("estimated-range", (at(low), y), (at(high), y));
            for end in [low, high].into_iter().filter(|end| self.scale.holds(*end)) {
                canvas.line("range-end", (at(end), y - 6.0), (at(end), y + 6.0));
            }
        }
        let furthest = row.range.map(|(_, high)| high).into_iter().chain(row.point);
        let furthest = furthest.fold(0.0, f64::max);
        if self.scale.share(furthest) > 1.0 {
            let x = at(furthest);
            canvas.shape("beyond", &[vec![(x, y - 6.0), (x + 10.0, y), (x, y + 6.0)]]);
        }
        if let Some(point) = row.point.filter(|point| self.scale.holds(*point)) {
            let x = at(point);
            let corners = vec![(x - 7.0, y), (x, y - 7.0), (x + 7.0, y), (x, y + 7.0)];
            canvas.shape("estimated", &[corners]);
        }
        let [number, range] = words(row);
        let up = if number.is_empty() || range.is_empty() { 5.0 } else { -2.0 };
        let right = canvas.width() - 2.0;
        canvas.text("value", Anchor::End, VALUE, (right, y + up), &number);
        let down = if number.is_empty() { up } else { 14.0 };
        canvas.text("label", Anchor::End, LABEL, (right, y + down), &range);
    }

    /// Room for the numbers at the right.
    fn numbers(&self) -> f64 {
        let widths = self.rows.iter().flat_map(words).map(|words| text_width(&words, VALUE));
        widths.fold(60.0, f64::max).min(210.0)
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let row = |row: &EstimateRow| {
            let [number, range] = words(row);
            let said = [number, range].into_iter().filter(|words| !words.is_empty());
            format!("{}: {}", row.label, said.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = self.rows.iter().map(row).collect();
        let band = self.band.map_or(String::new(), |(low, high)| {
            format!(" A band for the range from {} to {}.", whole(low), whole(high))
        });
        format!(
            "A row for each estimate, on a logarithmic scale. People seen: {}.{band} {}.",
            whole(self.observed as f64),
            rows.join("; ")
        )
    }
}

/// The estimate and its range, as they are printed.
fn words(row: &EstimateRow) -> [String; 2] {
    [
        row.point.map_or(String::new(), whole),
        row.range.map_or(String::new(), |(low, high)| span(low, high, whole)),
    ]
}

/// From where to where, each end as `number` prints it; an end that is not there is infinite.
pub fn span(low: f64, high: f64, number: impl Fn(f64) -> String) -> String {
    match (low.is_finite(), high.is_finite()) {
        (_, true) => format!("{} to {}", number(low), number(high)),
        (true, false) => format!("{} or more", number(low)),
        (false, false) => "no end found".to_owned(),
    }
}

/// A number of people.
pub(super) fn whole(people: f64) -> String {
    grouped(&format!("{people:.0}"))
}
