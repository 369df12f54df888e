//! Columns over time, one for each quarter, with gaps drawn as gaps.
//!
//! In: [`Quarters`]. Out: a [`Drawing`]. Columns stand on zero. Quarters that the source does not
//! give are one hatched field with its words in it; nothing is ever drawn between two numbers.

use super::bars::POINT;
use super::canvas::{Anchor, Canvas, Drawing, Frame, wrap};
use super::{Mark, Tone};

/// One quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Its name in a sentence: `July–September 2010`.
    pub name: String,
    /// Its name under the column, in two lines: `Jul–Sep`, `2010`.
    pub label: (String, String),
    /// Its number, as printed.
    pub value: String,
    /// What is drawn.
    pub mark: Mark,
}

/// A chart of columns over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Quarters {
    /// Unique on the page.
    pub id: String,
    /// How it is drawn, in a sentence of the page's language; [`Quarters::DRAWN`] in English.
    pub drawn: String,
    /// The quarters in order.
    pub slots: Vec<Slot>,
}

/// Text sizes and heights.
const LABEL: f64 = 13.0;
const VALUE: f64 = 19.0;
const HEAD: f64 = 30.0;
const FOOT: f64 = 42.0;

impl Quarters {
    /// How it is drawn.
    pub const DRAWN: &str = "Columns from zero, one for each quarter.";

    /// Draws the chart for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let empty = self.slots.iter().all(|slot| slot.mark == Mark::NotInSource);
        let plot = match (empty, frame) {
            (true, _) => 70.0,
            (false, Frame::Wide) => 220.0,
            (false, Frame::Narrow) => 190.0,
        };
        let head = if empty { 4.0 } else { HEAD };
        let base = head + plot;
        let mut canvas = Canvas::new(&self.id, frame, base + FOOT);
        let step = frame.width() / self.slots.len().max(1) as f64;
        let scale = plot / self.highest();

        for (start, length) in self.gaps() {
            let (x, width) = (start as f64 * step, length as f64 * step);
            gap(&mut canvas, (x, head), (width, plot), length);
        }
        for (position, slot) in self.slots.iter().enumerate() {
            let x = position as f64 * step;
            column(&mut canvas, slot, Tone::Plain, (x, step), (base, scale));
            label(&mut canvas, &self.slots, position, (x + step / 2.0, base));
        }
        canvas.line("axis", (0.0, base), (frame.width(), base));
        canvas.finish(title, &self.describe())
    }

    /// Runs of quarters that the source does not give: first position and length.
    fn gaps(&self) -> Vec<(usize, usize)> {
        let mut gaps: Vec<(usize, usize)> = Vec::new();
        for (position, slot) in self.slots.iter().enumerate() {
            match gaps.last_mut() {
                _ if slot.mark != Mark::NotInSource => {}
                Some((start, length)) if *start + *length == position => *length += 1,
                _ => gaps.push((position, 1)),
            }
        }
        gaps
    }

    fn highest(&self) -> f64 {
        let numbers = self.slots.iter().filter_map(|slot| slot.mark.reach());
        numbers.fold(1.0, f64::max)
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let each: Vec<String> = self.slots.iter().map(slot_in_words).collect();
        format!("{} {}.", self.drawn, each.join("; "))
    }
}

/// The quarter's name under its column, where there is room; the year once.
pub(super) fn label(canvas: &mut Canvas, slots: &[Slot], position: usize, at: (f64, f64)) {
    let step = canvas.width() / slots.len().max(1) as f64;
    let (months, year) = &slots[position].label;
    let last = position + 1 == slots.len();
    let roomy = step >= 62.0;
    if roomy || position == 0 || last {
        let shown = if roomy || step >= 30.0 { months } else { year };
        let anchor = match (roomy, position == 0, last) {
            (true, _, _) | (_, false, false) => Anchor::Middle,
            (false, true, _) => Anchor::Start,
            (false, _, true) => Anchor::End,
        };
        let x = match anchor {
            Anchor::Start => at.0 - step / 2.0,
            Anchor::Middle => at.0,
            Anchor::End => at.0 + step / 2.0,
        };
        canvas.text("label", anchor, LABEL, (x, at.1 + 17.0), shown);
        let new_year = position == 0 || slots[position - 1].label.1 != *year;
        if (new_year || !roomy) && shown != year {
            canvas.text("label year", anchor, LABEL, (x, at.1 + 34.0), year);
        }
    }
}

/// A quarter and what is drawn for it, in words.
pub(super) fn slot_in_words(slot: &Slot) -> String {
    match &slot.mark {
        Mark::NotInSource => format!("{}: not in the source", slot.name),
        Mark::Hidden => format!("{}: fewer than 11, hidden", slot.name),
        Mark::Words(words) => format!("{}: {words}", slot.name),
        Mark::Length(_) | Mark::Point(_) => format!("{}: {}", slot.name, slot.value),
    }
}

/// A hatched field for quarters that the source leaves out.
fn gap(canvas: &mut Canvas, at: (f64, f64), size: (f64, f64), quarters: usize) {
    let (x, width) = (at.0 + 4.0, size.0 - 8.0);
    canvas.rect("gap hatch", x, at.1, width, size.1);
    let words = match quarters {
        1 => "not in the source".to_owned(),
        several => format!("{} quarters: not in the source", crate::words::count(several)),
    };
    let lines = wrap(&crate::words::capital(&words), LABEL + 1.0, width - 20.0);
    let height = 20.0 * lines.len() as f64;
    let widest = lines.iter().map(|line| super::text_width(line, LABEL + 1.0)).fold(0.0, f64::max);
    let (middle, top) = (x + width / 2.0, at.1 + (size.1 - height) / 2.0);
    let plate = (widest + 12.0).min(width);
    canvas.rect("plate", middle - plate / 2.0, top - 4.0, plate, height + 8.0);
    for (position, line) in lines.iter().enumerate() {
        let y = top + 15.0 + 20.0 * position as f64;
        canvas.text("aside", Anchor::Middle, LABEL + 1.0, (middle, y), line);
    }
}

/// One column with its number on top.
pub(super) fn column(
    canvas: &mut Canvas,
    slot: &Slot,
    tone: Tone,
    across: (f64, f64),
    upward: (f64, f64),
) {
    let ((x, step), (base, scale)) = (across, upward);
    let width = (step * 0.72).min(64.0);
    let left = x + (step - width) / 2.0;
    let middle = x + step / 2.0;
    match &slot.mark {
        Mark::Length(number) => {
            let height = number.max(0.0) * scale;
            canvas.rect(&format!("bar {}", tone.class()), left, base - height, width, height);
            canvas.text("value", Anchor::Middle, VALUE, (middle, base - height - 8.0), &slot.value);
        }
        Mark::Point(number) => {
            let top = base - number.max(0.0) * scale;
            canvas.rect(&format!("stem {}", tone.class()), middle - 1.5, top, 3.0, base - top);
            canvas.circle(&format!("point {}", tone.class()), (middle, top), POINT);
            let at = (middle, top - POINT - 2.0);
            canvas.text("value", Anchor::Middle, VALUE, at, &slot.value);
        }
        Mark::Hidden => {
            canvas.rect("hidden-mark cross", left, base - 14.0, width, 14.0);
            canvas.text("aside", Anchor::Middle, LABEL, (middle, base - 20.0), "<11");
        }
        Mark::Words(words) => {
            for (position, line) in wrap(words, LABEL, step - 4.0).iter().rev().enumerate() {
                let y = base - 8.0 - 16.0 * position as f64;
                canvas.text("aside", Anchor::Middle, LABEL, (middle, y), line);
            }
        }
        Mark::NotInSource => {}
    }
}
