//! Records beside people, category by category: a bar, and under it a point on a stem.
//!
//! In: [`Pairs`]. Out: a [`Drawing`]. Every bar and stem stands on zero, on one scale; each has
//! its number and its unit behind it.

use super::bars::{Bar, draw};
use super::canvas::{Anchor, Canvas, Drawing, Frame, text_width, wrap};
use super::{Mark, Tone};
use crate::ShownCount;

/// One category.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// What it stands for.
    pub label: String,
    /// Its colour.
    pub tone: Tone,
    /// Records: each person once for each agency that lists them.
    pub records: ShownCount,
    /// People, each counted once.
    pub people: ShownCount,
}

/// A chart of such pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    /// Unique on the page.
    pub id: String,
    /// The categories from top to bottom.
    pub pairs: Vec<Pair>,
    /// Whether the numbers are made up, which the drawing then says.
    pub made_up: bool,
}

/// Text size, and the height of a bar and of the row with the point.
const LABEL: f64 = 15.0;
const VALUE: f64 = 17.0;
const BAR: f64 = 20.0;
const ROW: f64 = 24.0;

impl Pairs {
    /// Draws the chart for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let gutter = if frame == Frame::Wide { 180.0 } else { 0.0 };
        let bars: Vec<[Bar; 2]> = self.pairs.iter().map(bars).collect();
        let scale = (frame.width() - gutter - room(&bars)) / self.longest();
        let labels: Vec<Vec<String>> = self
            .pairs
            .iter()
            .map(|pair| {
                let width = if gutter > 0.0 { gutter - 14.0 } else { frame.width() };
                wrap(&pair.label, LABEL, width)
            })
            .collect();
        let above = |lines: &[String]| if gutter > 0.0 { 0.0 } else { 20.0 * lines.len() as f64 };
        let beside = |lines: &[String]| if gutter > 0.0 { 18.0 * lines.len() as f64 } else { 0.0 };
        let row = |lines: &[String]| above(lines) + (BAR + ROW).max(beside(lines)) + 14.0;
        let height = labels.iter().map(|lines| row(lines)).sum::<f64>() + 4.0;

        let mut canvas = Canvas::marked(&self.id, frame, height, self.made_up);
        let mut top = 4.0;
        for ([records, people], lines) in bars.iter().zip(&labels) {
            for (position, line) in lines.iter().enumerate() {
                let down = 18.0 * position as f64;
                let (anchor, at) = match frame {
                    Frame::Wide => (Anchor::End, (gutter - 12.0, top + 16.0 + down)),
                    Frame::Narrow => (Anchor::Start, (0.0, top + 13.0 + down)),
                };
                canvas.text("label", anchor, LABEL, at, line);
            }
            let bar_top = top + above(lines);
            draw(&mut canvas, records, (gutter, bar_top), (scale, BAR));
            draw(&mut canvas, people, (gutter, bar_top + BAR), (scale, ROW));
            top += row(lines);
        }
        canvas.line("axis", (gutter, 0.0), (gutter, height));
        canvas.finish(title, &self.describe())
    }

    fn longest(&self) -> f64 {
        let counts = self.pairs.iter().flat_map(|pair| [pair.records, pair.people]);
        counts.filter_map(ShownCount::length).fold(1.0, f64::max)
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let pair = |pair: &Pair| {
            format!("{}: records {}, people {}", pair.label, pair.records, pair.people)
        };
        let each: Vec<String> = self.pairs.iter().map(pair).collect();
        format!(
            "For each row a bar from zero for records and a point for people, each counted once. {}.",
            each.join("; ")
        )
    }
}

/// The bar and the point of a category.
fn bars(pair: &Pair) -> [Bar; 2] {
    let bar = |mark: Mark, count: ShownCount, unit: &str| Bar {
        label: String::new(),
        value: match count.number() {
            Some(_) => format!("{count} {unit}"),
            None => format!("{unit}: {count}"),
        },
        mark,
        tone: pair.tone,
        derived: false,
    };
    [
        bar(Mark::records(pair.records), pair.records, "records"),
        bar(Mark::people(pair.people), pair.people, "people"),
    ]
}

/// Room to the right of the longest bar for its number.
fn room(bars: &[[Bar; 2]]) -> f64 {
    let drawn = bars.iter().flatten().filter(|bar| bar.mark.reach().is_some());
    drawn.map(|bar| text_width(&bar.value, VALUE)).fold(40.0, f64::max).min(150.0) + 22.0
}
