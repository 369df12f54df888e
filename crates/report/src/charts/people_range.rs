//! Records as a bar, and under it people as a range: a band from "at least" to "at most" with the
//! best single figure as a point.
//!
//! In: [`PeopleRange`]. Out: a [`Drawing`]. Both stand on one zero and one scale; a hidden end of
//! the range is drawn at zero and named as hidden.

use super::Tone;
use super::bars::{POINT, point};
use super::canvas::{Anchor, Canvas, Drawing, Frame, text_width};
use crate::ShownCount;

/// A count of records beside the people behind them.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleRange {
    /// Unique on the page.
    pub id: String,
    /// Records: each person once for each agency that lists them.
    pub records: ShownCount,
    /// People, at least.
    pub low: ShownCount,
    /// People, the best single figure.
    pub best: ShownCount,
    /// People, at most.
    pub high: ShownCount,
    /// Whether the numbers are made up, which the drawing then says.
    pub made_up: bool,
}

/// Text sizes and heights.
const LABEL: f64 = 15.0;
const VALUE: f64 = 17.0;
const BAR: f64 = 30.0;

/// What the two rows count.
const RECORDS: &str = "Records: once for each agency";
const PEOPLE: &str = "People: each counted once";

impl PeopleRange {
    /// Draws the chart for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let room = text_width(&self.records.to_string(), VALUE).min(160.0) + 14.0;
        let longest = [self.records, self.low, self.best, self.high]
            .into_iter()
            .filter_map(ShownCount::length)
            .fold(1.0, f64::max);
        let scale = (frame.width() - room) / longest;
        let ends = self.ends(scale, frame);
        let height = 196.0 + if ends.two_lines { 20.0 } else { 0.0 };
        let mut canvas = Canvas::marked(&self.id, frame, height, self.made_up);

        canvas.text("label", Anchor::Start, LABEL, (0.0, 16.0), RECORDS);
        match self.records.length() {
            Some(number) => {
                let length = number * scale;
                canvas.rect("bar plain", 0.0, 26.0, length, BAR);
                let at = (length + 8.0, 26.0 + BAR / 2.0 + 6.0);
                canvas.text("value", Anchor::Start, VALUE, at, &self.records.to_string());
            }
            None => hidden(&mut canvas, 26.0, &self.records.to_string()),
        }
        canvas.text("label", Anchor::Start, LABEL, (0.0, 92.0), PEOPLE);
        self.people(&mut canvas, 132.0, scale, &ends);
        for top in [26.0, 132.0] {
            canvas.line("axis", (0.0, top - 4.0), (0.0, top + BAR + 4.0));
        }
        canvas.finish(title, &self.describe())
    }

    /// The band, the point in it, and their numbers.
    fn people(&self, canvas: &mut Canvas, top: f64, scale: f64, ends: &Ends) {
        let Some(high) = self.high.length() else {
            hidden(canvas, top, &self.high.to_string());
            return;
        };
        let low = self.low.length().unwrap_or(0.0).min(high);
        canvas.rect("range", low * scale, top, (high - low) * scale, BAR);
        for end in [low, high] {
            let x = end * scale;
            canvas.line("range-end", (x, top - 3.0), (x, top + BAR + 3.0));
        }
        if let Some(best) = self.best.length() {
            point(canvas, Tone::Plain, (0.0, top + BAR / 2.0), best * scale);
            let at = (best * scale + POINT, top - 10.0);
            let value = format!("{}, best single figure", self.best);
            canvas.text("value", Anchor::End, VALUE, at, &value);
        }
        let line = top + BAR + 22.0;
        let second = if ends.two_lines { line + 20.0 } else { line };
        canvas.text("label", Anchor::End, LABEL, (ends.low, line), &ends.at_least);
        canvas.text("label", Anchor::Start, LABEL, (ends.high, second), &ends.at_most);
    }

    /// Where the words of the two ends stand; in two lines where they would meet in one.
    fn ends(&self, scale: f64, frame: Frame) -> Ends {
        let at_least = format!("at least {}", self.low);
        let at_most = format!("at most {}", self.high);
        let high = self.high.length().unwrap_or(0.0) * scale;
        let low = self.low.length().unwrap_or(0.0).min(self.high.length().unwrap_or(0.0)) * scale;
        let low_ends = low.max(text_width(&at_least, LABEL) + 4.0);
        let high_starts = high.min(frame.width() - text_width(&at_most, LABEL) - 4.0);
        Ends { two_lines: low_ends + 12.0 > high_starts, low, high, at_least, at_most }
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        format!(
            "A bar from zero for records, each person once for each agency: {}. Under it a band for \
             people, each counted once: at least {}, at most {}; a point at the best single figure: {}.",
            self.records, self.low, self.high, self.best
        )
    }
}

/// The words at the two ends of the range.
#[derive(Debug)]
struct Ends {
    low: f64,
    high: f64,
    at_least: String,
    at_most: String,
    two_lines: bool,
}

/// The mark of a number that is hidden.
fn hidden(canvas: &mut Canvas, top: f64, words: &str) {
    canvas.rect("hidden-mark cross", 0.0, top, 14.0, BAR);
    canvas.text("aside", Anchor::Start, LABEL, (22.0, top + BAR / 2.0 + 6.0), words);
}
