//! Horizontal bars from zero, each labelled directly.
//!
//! In: [`Bars`]. Out: a [`Drawing`]. The length of a bar is proportional to its number, the
//! baseline is zero, and one unit is the same length for every bar of the chart.

use super::Mark;
use super::canvas::{Anchor, Canvas, Drawing, Frame, text_width, wrap};

/// The colour of a bar. Sex and labor trafficking have one each wherever they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Sex trafficking.
    Sex,
    /// Labor trafficking.
    Labor,
    /// Neither, or not classified.
    Other,
    /// Anything else.
    Plain,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Sex => "sex",
            Tone::Labor => "labor",
            Tone::Other => "other",
            Tone::Plain => "plain",
        }
    }
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its number, as printed.
    pub value: String,
    /// What is drawn.
    pub mark: Mark,
    /// Its colour.
    pub tone: Tone,
    /// Whether the number was worked out instead of stated: striped, and marked in words.
    pub derived: bool,
}

/// A chart of horizontal bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Unique on the page.
    pub id: String,
    /// The bars from top to bottom.
    pub bars: Vec<Bar>,
    /// The number at which a bar would take the whole width, drawn as a pale track (100 for
    /// shares); absent, the longest bar takes it.
    pub whole: Option<f64>,
    /// Whether the numbers are made up, which the drawing then says.
    pub made_up: bool,
}

/// Text sizes and the height of a bar.
const LABEL: f64 = 15.0;
const VALUE: f64 = 17.0;
const BAR: f64 = 30.0;

impl Bars {
    /// Draws the chart for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let gutter = if frame == Frame::Wide { 200.0 } else { 0.0 };
        let room = self.value_room();
        let scale = (frame.width() - gutter - room) / self.longest();
        let rows: Vec<Vec<String>> = self
            .bars
            .iter()
            .map(|bar| {
                let width = if gutter > 0.0 { gutter - 16.0 } else { frame.width() };
                wrap(&name(bar), LABEL, width)
            })
            .collect();
        let above = |lines: &[String]| if gutter > 0.0 { 0.0 } else { 20.0 * lines.len() as f64 };
        let row_height = |lines: &[String]| {
            let beside = if gutter > 0.0 { 18.0 * lines.len() as f64 } else { 0.0 };
            above(lines) + BAR.max(beside) + 16.0
        };
        let height: f64 = rows.iter().map(|lines| row_height(lines)).sum::<f64>() + 4.0;

        let mut canvas = Canvas::marked(&self.id, frame, height, self.made_up);
        let mut top = 4.0;
        for (bar, lines) in self.bars.iter().zip(&rows) {
            let bar_top = top + above(lines);
            let middle = bar_top + BAR / 2.0;
            for (position, line) in lines.iter().enumerate() {
                let at = if gutter > 0.0 {
                    let first = middle + 5.0 - 9.0 * (lines.len() - 1) as f64;
                    (gutter - 12.0, first + 18.0 * position as f64)
                } else {
                    (0.0, top + 13.0 + 19.0 * position as f64)
                };
                let anchor = if gutter > 0.0 { Anchor::End } else { Anchor::Start };
                canvas.text("label", anchor, LABEL, at, line);
            }
            if let Some(whole) = self.whole {
                canvas.rect("track", gutter, bar_top, whole * scale, BAR);
            }
            draw(&mut canvas, bar, (gutter, bar_top), (scale, BAR));
            top += row_height(lines);
        }
        canvas.line("axis", (gutter, 0.0), (gutter, height));
        canvas.finish(title, &self.describe())
    }

    /// Room to the right of the longest bar for its number.
    fn value_room(&self) -> f64 {
        let widest = self.bars.iter().map(|bar| text_width(&bar.value, VALUE));
        widest.fold(40.0, f64::max).min(150.0) + 14.0
    }

    fn longest(&self) -> f64 {
        let lengths = self.bars.iter().filter_map(|bar| bar.mark.reach());
        lengths.fold(self.whole.unwrap_or(0.0), f64::max).max(1.0)
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let each: Vec<String> = self
            .bars
            .iter()
            .map(|bar| match &bar.mark {
                Mark::NotInSource => format!("{}: not in the source", bar.label),
                Mark::Hidden => format!("{}: fewer than 11, hidden", bar.label),
                Mark::Words(words) => format!("{}: {words}", bar.label),
                Mark::Length(_) | Mark::Point(_) => format!("{}: {}", name(bar), bar.value),
            })
            .collect();
        format!("Bars from zero. {}.", each.join("; "))
    }
}

/// One bar, or a point on its stem, with its number behind it; `size` is the length of one unit and
/// the height of the bar.
pub(super) fn draw(canvas: &mut Canvas, bar: &Bar, at: (f64, f64), size: (f64, f64)) {
    let ((x, y), (scale, height)) = (at, size);
    let baseline = (x + 8.0, y + height / 2.0 + 6.0);
    match &bar.mark {
        Mark::Length(number) => {
            let length = number.max(0.0) * scale;
            let tone = if bar.derived { "derived stripes" } else { bar.tone.class() };
            canvas.rect(&format!("bar {tone}"), x, y, length, height);
            let at = (x + length + 8.0, baseline.1);
            canvas.text("value", Anchor::Start, VALUE, at, &bar.value);
        }
        Mark::Point(number) => {
            let length = number.max(0.0) * scale;
            point(canvas, bar.tone, (x, y + height / 2.0), length);
            let at = (x + length + POINT + 7.0, baseline.1);
            canvas.text("value", Anchor::Start, VALUE, at, &bar.value);
        }
        Mark::Hidden => {
            canvas.rect("hidden-mark cross", x, y, 14.0, height);
            canvas.text("aside", Anchor::Start, LABEL, (x + 22.0, baseline.1), &bar.value);
        }
        Mark::Words(words) => {
            canvas.text("aside", Anchor::Start, LABEL, baseline, words);
        }
        Mark::NotInSource => {
            canvas.rect("gap hatch", x, y, 60.0, height);
            let at = (x + 68.0, baseline.1);
            canvas.text("aside", Anchor::Start, LABEL, at, "not in the source");
        }
    }
}

/// The radius of a point.
pub(super) const POINT: f64 = 7.0;

/// A point at the end of a stem that begins at `from`.
pub(super) fn point(canvas: &mut Canvas, tone: Tone, from: (f64, f64), length: f64) {
    let tone = tone.class();
    canvas.rect(&format!("stem {tone}"), from.0, from.1 - 1.5, length, 3.0);
    canvas.circle(&format!("point {tone}"), (from.0 + length, from.1), POINT);
}

/// What a bar stands for, and whether its number was worked out.
fn name(bar: &Bar) -> String {
    if bar.derived { format!("{} (derived)", bar.label) } else { bar.label.clone() }
}
