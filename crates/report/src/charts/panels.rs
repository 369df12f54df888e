//! Small multiples: one panel of columns by quarter for each series, all on one scale.
//!
//! In: [`Panels`]. Out: a [`Drawing`]. Each panel has its name above it, its columns stand on
//! zero, and a column of the same number is as high in every panel; nothing joins two numbers.

use super::Tone;
use super::canvas::{Anchor, Canvas, Drawing, Frame};
use super::quarters::{Slot, column, label, slot_in_words};

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What it counts.
    pub name: String,
    /// Its colour.
    pub tone: Tone,
    /// The quarters in order, the same in every panel.
    pub slots: Vec<Slot>,
}

/// A chart of several series.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels {
    /// Unique on the page.
    pub id: String,
    /// The panels from top to bottom.
    pub panels: Vec<Panel>,
    /// Whether the numbers are made up, which the drawing then says.
    pub made_up: bool,
}

/// Text size of a panel's name, and heights.
const NAME: f64 = 14.0;
const HEAD: f64 = 46.0;
const PLOT: f64 = 92.0;
const GAP: f64 = 14.0;
const FOOT: f64 = 42.0;

impl Panels {
    /// Draws the chart for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let height = HEAD + PLOT + GAP;
        let count = self.panels.len().max(1) as f64;
        let sheet = height * count - GAP + FOOT;
        let mut canvas = Canvas::marked(&self.id, frame, sheet, self.made_up);
        let scale = PLOT / self.highest();
        for (position, panel) in self.panels.iter().enumerate() {
            let base = height * position as f64 + HEAD + PLOT;
            let step = frame.width() / panel.slots.len().max(1) as f64;
            canvas.text("name", Anchor::Start, NAME, (0.0, base - PLOT - 30.0), &panel.name);
            for (at, slot) in panel.slots.iter().enumerate() {
                column(&mut canvas, slot, panel.tone, (at as f64 * step, step), (base, scale));
            }
            canvas.line("axis", (0.0, base), (frame.width(), base));
            if position + 1 == self.panels.len() {
                for at in 0..panel.slots.len() {
                    label(&mut canvas, &panel.slots, at, ((at as f64 + 0.5) * step, base));
                }
            }
        }
        canvas.finish(title, &self.describe())
    }

    fn highest(&self) -> f64 {
        let slots = self.panels.iter().flat_map(|panel| &panel.slots);
        slots.filter_map(|slot| slot.mark.reach()).fold(1.0, f64::max)
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let each: Vec<String> = self
            .panels
            .iter()
            .map(|panel| {
                let slots: Vec<String> = panel.slots.iter().map(slot_in_words).collect();
                format!("{}: {}", panel.name, slots.join("; "))
            })
            .collect();
        format!(
            "One panel of columns from zero for each series, on one scale. {}.",
            each.join(". ")
        )
    }
}
