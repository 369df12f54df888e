//! People seen by which lists: a row for each combination of lists, a dot under each list that is
//! in it, and the number of people behind it.
//!
//! In: [`SeenBy`]. Out: a [`Drawing`]. The names of the lists stand above as steps, each with a
//! line down to its column; the number is a point on a stem from zero.

use super::bars::{Bar, draw};
use super::canvas::{Anchor, Canvas, Drawing, Frame, text_width};
use super::{Mark, Tone};
use crate::{SMALLEST_SHOWN, ShownCount};

/// People who are on exactly some of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRow {
    /// For each list, whether they are on it.
    pub on: Vec<bool>,
    /// How many they are.
    pub people: ShownCount,
}

/// A chart of such rows.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenBy {
    /// Unique on the page.
    pub id: String,
    /// The names of the lists.
    pub lists: Vec<String>,
    /// The rows from top to bottom.
    pub rows: Vec<SeenRow>,
    /// Whether the numbers are made up, which the drawing then says.
    pub made_up: bool,
}

/// Text sizes, and the height of a name and of a row.
const LABEL: f64 = 14.0;
const VALUE: f64 = 17.0;
const NAME: f64 = 21.0;
const ROW: f64 = 30.0;
const DOT: f64 = 6.0;

impl SeenBy {
    /// Draws the chart for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let count = self.lists.len().max(1) as f64;
        let column = (frame.width() * 0.45 / count).min(30.0);
        let middle = |list: usize| (list as f64 + 0.5) * column;
        let head = NAME * count + 10.0;
        let height = head + ROW * self.rows.len() as f64 + 4.0;
        let mut canvas = Canvas::marked(&self.id, frame, height, self.made_up);
        for (list, name) in self.lists.iter().enumerate() {
            let y = NAME * list as f64 + 15.0;
            canvas.text("label", Anchor::Start, LABEL, (middle(list) - 4.0, y), name);
            canvas.line("lead thin", (middle(list), y + 5.0), (middle(list), head));
        }
        let start = column * count + 14.0;
        let scale = (frame.width() - start - self.room()) / self.most();
        for (position, row) in self.rows.iter().enumerate() {
            let top = head + ROW * position as f64;
            if position % 2 == 0 {
                canvas.rect("track", 0.0, top, column * count, ROW);
            }
            dots(&mut canvas, row, top + ROW / 2.0, middle);
            draw(&mut canvas, &bar(row), (start, top + 4.0), (scale, ROW - 8.0));
        }
        canvas.line("axis", (start, head - 2.0), (start, height));
        canvas.finish(title, &self.describe())
    }

    /// Room to the right of the longest stem for its number.
    fn room(&self) -> f64 {
        let shown = self.rows.iter().filter(|row| row.people.number().is_some());
        let widest = shown.map(|row| text_width(&bar(row).value, VALUE));
        widest.fold(40.0, f64::max).min(150.0) + 22.0
    }

    fn most(&self) -> f64 {
        self.rows.iter().filter_map(|row| row.people.length()).fold(1.0, f64::max)
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let row = |row: &SeenRow| {
            let on = self.lists.iter().zip(&row.on).filter(|(_, on)| **on);
            let names: Vec<&str> = on.map(|(name, _)| name.as_str()).collect();
            format!("{}: {}", names.join(" and "), row.people)
        };
        let each: Vec<String> = self.rows.iter().map(row).collect();
        format!(
            "A row for each combination of lists, a dot for each list in it, and people on exactly \
             these. {}.",
            each.join("; ")
        )
    }
}

/// The dots of a row, joined from the first to the last.
fn dots(canvas: &mut Canvas, row: &SeenRow, y: f64, middle: impl Fn(usize) -> f64) {
    let first = row.on.iter().position(|on| *on);
    let last = row.on.iter().rposition(|on| *on);
    if let Some((first, last)) = first.zip(last) {
        canvas.line("joined", (middle(first), y), (middle(last), y));
    }
    for (list, on) in row.on.iter().enumerate() {
        let (class, radius) = if *on { ("on", DOT) } else { ("off", DOT / 2.0) };
        canvas.circle(class, (middle(list), y), radius);
    }
}

fn bar(row: &SeenRow) -> Bar {
    Bar {
        label: String::new(),
        value: match row.people.number() {
            Some(_) => row.people.to_string(),
            None => format!("<{SMALLEST_SHOWN}, hidden"),
        },
        mark: Mark::people(row.people),
        tone: Tone::Plain,
        derived: false,
    }
}
