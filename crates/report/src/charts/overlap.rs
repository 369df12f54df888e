//! People on two lists, as a matrix of which the lower half is drawn.
//!
//! In: [`OverlapMatrix`]. Out: a [`Drawing`]. Each list's name stands once, on the diagonal: its row
//! lies to the left of the name and its column below. A darker cell is a larger number; a hidden
//! one is crossed, a pair that was not compared is hatched, and both are named in words.

use super::canvas::{Anchor, Canvas, Drawing, Frame, text_width, wrap};
use crate::{SMALLEST_SHOWN, ShownCount};

/// What is known of a pair of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverlapCell {
    /// How many people are on both.
    People(ShownCount),
    /// The lists were not compared.
    NotCompared,
}

/// A chart of the overlaps between lists.
#[derive(Debug, Clone, PartialEq)]
pub struct OverlapMatrix {
    /// Unique on the page.
    pub id: String,
    /// The names of the lists.
    pub lists: Vec<String>,
    /// For each list, the overlap with each list before it.
    pub rows: Vec<Vec<OverlapCell>>,
    /// Whether the numbers are made up, which the drawing then says.
    pub made_up: bool,
}

/// Text sizes, the steps of darkness, and the height of a cell.
const LABEL: f64 = 14.0;
const VALUE: f64 = 14.0;
const STEPS: f64 = 4.0;
const CELL: f64 = 42.0;

impl OverlapMatrix {
    /// Draws the chart for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let (names, widest) = if frame == Frame::Wide { (190.0, 74.0) } else { (112.0, 60.0) };
        let columns = self.lists.len().saturating_sub(1).max(1) as f64;
        let width = ((frame.width() - names) / columns).min(widest);
        let height = CELL * self.lists.len().max(1) as f64;
        let mut canvas = Canvas::marked(&self.id, frame, height, self.made_up);
        let most = self.most();
        for (row, name) in self.lists.iter().enumerate() {
            let top = CELL * row as f64;
            for (column, cell) in self.rows.get(row).into_iter().flatten().take(row).enumerate() {
                draw(&mut canvas, *cell, (column as f64 * width, top), width, most);
            }
            let left = row as f64 * width + 8.0;
            let lines = wrap(name, LABEL, (frame.width() - left - 4.0).max(30.0));
            let lines = &lines[..lines.len().min(2)];
            let first = top + CELL / 2.0 + 5.0 - 8.0 * lines.len().saturating_sub(1) as f64;
            for (position, line) in lines.iter().enumerate() {
                let at = (left, first + 16.0 * position as f64);
                canvas.text("name", Anchor::Start, LABEL, at, line);
            }
        }
        canvas.finish(title, &self.describe())
    }

    fn most(&self) -> f64 {
        let counts = self.rows.iter().flatten().filter_map(|cell| match cell {
            OverlapCell::People(count) => count.length(),
            OverlapCell::NotCompared => None,
        });
        counts.fold(1.0, f64::max)
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let mut each: Vec<String> = Vec::new();
        for (name, cells) in self.lists.iter().zip(&self.rows) {
            for (other, cell) in self.lists.iter().zip(cells) {
                each.push(match cell {
                    OverlapCell::People(count) => format!("{other} and {name}: {count}"),
                    OverlapCell::NotCompared => format!("{other} and {name}: not compared"),
                });
            }
        }
        format!("People on both of two lists. {}.", each.join("; "))
    }
}

/// One cell with its number, where there is room for it.
fn draw(canvas: &mut Canvas, cell: OverlapCell, at: (f64, f64), width: f64, most: f64) {
    let (class, text) = match cell {
        OverlapCell::People(count) => match count.length() {
            Some(number) => {
                let step = (number / most * STEPS).ceil().clamp(1.0, STEPS);
                (format!("cell tint-{step}"), count.to_string())
            }
            None => ("cell hidden-mark cross".to_owned(), format!("<{SMALLEST_SHOWN}")),
        },
        OverlapCell::NotCompared => ("cell gap hatch".to_owned(), String::new()),
    };
    canvas.rect(&class, at.0 + 1.0, at.1 + 1.0, width - 2.0, CELL - 2.0);
    let size = if text_width(&text, VALUE) <= width - 6.0 { VALUE } else { VALUE - 2.0 };
    if !text.is_empty() && text_width(&text, size) <= width {
        let middle = (at.0 + width / 2.0, at.1 + CELL / 2.0 + 5.0);
        let hidden = matches!(cell, OverlapCell::People(count) if count.number().is_none());
        if hidden {
            let plate = text_width(&text, size) + 4.0;
            canvas.rect("plate", middle.0 - plate / 2.0, middle.1 - 14.0, plate, 19.0);
        }
        let class = if hidden { "aside" } else { "value" };
        canvas.text(class, Anchor::Middle, size, middle, &text);
    }
}
