//! The county map: a number, a name without a number, or no report.
//!
//! In: [`CountyMap`]: the counties' rings and what is known of each. Out: a [`Drawing`]. The three
//! states differ by pattern as well as by colour, so that they stay apart in grey; a county of
//! which something is known is labelled directly. Counts, no rates: there is no population here.
//! Assumes a state far from the poles (degrees of longitude shrunk by the cosine of the middle).

use super::canvas::{Anchor, Canvas, Drawing, Frame, text_width};
use crate::CountyShape;

/// What is known of a county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountyMark {
    /// A number, as printed.
    Number(String),
    /// A number below 11 that is hidden.
    Hidden,
    /// The source names it and gives no number.
    Named,
    /// Nobody reported on it, which is not the same as no cases.
    NoReport,
}

impl CountyMark {
    fn class(&self) -> &'static str {
        match self {
            CountyMark::Number(_) => "county bar plain",
            CountyMark::Hidden => "county cross",
            CountyMark::Named => "county dots",
            CountyMark::NoReport => "county hatch",
        }
    }
}

/// A map of counties.
#[derive(Debug, Clone)]
pub struct CountyMap<'a> {
    /// Unique on the page.
    pub id: String,
    /// Every county with what is known of it.
    pub counties: Vec<(&'a CountyShape, CountyMark)>,
}

const LABEL: f64 = 13.5;
const LINE: f64 = 19.0;

/// A piece of a border on the sheet.
pub(crate) type Line = ((f64, f64), (f64, f64));

/// From degrees to the sheet.
pub(crate) struct Projection {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    left: f64,
    top: f64,
}

impl Projection {
    /// Fits all points between `left` and `right`; answers with the height that takes.
    pub(crate) fn fit(points: &[(f64, f64)], left: f64, right: f64) -> (Projection, f64) {
        let ends = |pick: fn(&(f64, f64)) -> f64| {
            points.iter().map(pick).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| {
                (low.min(at), high.max(at))
            })
        };
        let ((west, east), (south, north)) = (ends(|point| point.0), ends(|point| point.1));
        let shrink = ((south + north) / 2.0).to_radians().cos().max(0.1);
        let across = (right - left) / (east - west).max(0.01);
        let down = across / shrink;
        let top = 8.0;
        let height = (north - south) * down + 2.0 * top;
        (Projection { west, north, across, down, left, top }, height)
    }

    pub(crate) fn place(&self, (longitude, latitude): (f64, f64)) -> (f64, f64) {
        (
            self.left + (longitude - self.west) * self.across,
            self.top + (self.north - latitude) * self.down,
        )
    }
}

/// A county's name beside the map, with the line that leads to it.
struct Label {
    text: String,
    middle: (f64, f64),
    y: f64,
    left: bool,
}

impl CountyMap<'_> {
    /// Draws the map for both frames.
    pub fn draw(&self, title: &str) -> Drawing {
        Drawing::of(|frame| self.draw_in(frame, title))
    }

    fn draw_in(&self, frame: Frame, title: &str) -> String {
        let points: Vec<(f64, f64)> = self
            .counties
            .iter()
            .flat_map(|(shape, _)| shape.rings.iter().flatten().copied())
            .collect();
        let (left, right) = match frame {
            Frame::Wide => (130.0, 560.0),
            Frame::Narrow => (60.0, 296.0),
        };
        let (projection, height) = Projection::fit(&points, left, right);
        let height = if points.is_empty() { 20.0 } else { height.min(2000.0) };
        let mut canvas = Canvas::new(&self.id, frame, height);

        // What is known is drawn last, so that its outline lies on top.
        let known = |mark: &CountyMark| *mark != CountyMark::NoReport;
        for wanted in [false, true] {
            for (shape, mark) in self.counties.iter().filter(|(_, mark)| known(mark) == wanted) {
                let rings: Vec<Vec<(f64, f64)>> = shape
                    .rings
                    .iter()
                    .map(|ring| ring.iter().map(|point| projection.place(*point)).collect())
                    .collect();
                canvas.shape(mark.class(), &rings);
            }
        }
        let wanted =
            self.counties.iter().filter_map(|(shape, mark)| Some((name(shape, mark)?, *shape)));
        let shapes = self.counties.iter().map(|(shape, _)| *shape);
        draw_labels(&mut canvas, wanted, &outline(shapes, &projection), (&projection, height));
        canvas.finish(title, &self.describe())
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let names = |wanted: fn(&CountyMark) -> bool| {
            let found: Vec<String> = self
                .counties
                .iter()
                .filter(|(_, mark)| wanted(mark))
                .map(|(shape, mark)| match mark {
                    CountyMark::Number(number) => format!("{} {number}", shape.name),
                    _ => shape.name.clone(),
                })
                .collect();
            if found.is_empty() { "none".to_owned() } else { found.join(", ") }
        };
        let silent = self.counties.iter().filter(|(_, mark)| *mark == CountyMark::NoReport).count();
        let mut text = format!(
            "Map of counties. Number stated: {}. Named without a number: {}. No report, which is not the same as no cases: {silent} counties.",
            names(|mark| matches!(mark, CountyMark::Number(_))),
            names(|mark| matches!(mark, CountyMark::Named)),
        );
        if self.counties.iter().any(|(_, mark)| *mark == CountyMark::Hidden) {
            let hidden = names(|mark| matches!(mark, CountyMark::Hidden));
            text.push_str(&format!(" Fewer than 11, hidden: {hidden}."));
        }
        text
    }
}

/// What a label says, if there is one.
fn name(shape: &CountyShape, mark: &CountyMark) -> Option<String> {
    match mark {
        CountyMark::Number(number) => Some(format!("{} {number}", shape.name)),
        CountyMark::Hidden => Some(format!("{} <11", shape.name)),
        CountyMark::Named => Some(shape.name.clone()),
        CountyMark::NoReport => None,
    }
}

/// Every border on the sheet, from which to read how far the state reaches.
pub(crate) fn outline<'a>(
    shapes: impl Iterator<Item = &'a CountyShape>,
    projection: &Projection,
) -> Vec<Line> {
    let rings = shapes.flat_map(|shape| &shape.rings);
    let lines = rings.flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    lines.map(|(from, to)| (projection.place(*from), projection.place(*to))).collect()
}

/// Draws labels beside the state, each with a line to its county.
pub(crate) fn draw_labels<'a>(
    canvas: &mut Canvas,
    wanted: impl Iterator<Item = (String, &'a CountyShape)>,
    outline: &[Line],
    (projection, height): (&Projection, f64),
) {
    let width = canvas.width();
    for label in labels(wanted, outline, projection, (width, height)) {
        draw_label(canvas, &label, outline);
    }
}

/// The labels, on the side of the state that is nearer if they fit there, none above another.
fn labels<'a>(
    wanted: impl Iterator<Item = (String, &'a CountyShape)>,
    outline: &[Line],
    projection: &Projection,
    (width, height): (f64, f64),
) -> Vec<Label> {
    let mut labels: Vec<Label> = wanted
        .filter_map(|(text, shape)| {
            let middle = projection.place(middle(&shape.rings)?);
            let (west, east) = edges(outline, middle.1);
            let room = label_width(&text) + 18.0;
            let left = match (west >= room, east + room <= width) {
                (true, false) => true,
                (false, true) => false,
                _ => middle.0 - west <= east - middle.0,
            };
            Some(Label { text, middle, y: middle.1, left })
        })
        .collect();
    labels.sort_by(|a, b| a.middle.1.total_cmp(&b.middle.1));
    for side in [true, false] {
        let mut next = LABEL;
        for label in labels.iter_mut().filter(|label| label.left == side) {
            label.y = label.y.max(next);
            next = label.y + LINE;
        }
        let mut limit = height - 6.0;
        for label in labels.iter_mut().rev().filter(|label| label.left == side) {
            label.y = label.y.min(limit);
            limit = label.y - LINE;
        }
    }
    labels
}

/// How wide a label is: its bold letters are wider than those that a text is measured by.
fn label_width(text: &str) -> f64 {
    1.06 * text_width(text, LABEL)
}

fn draw_label(canvas: &mut Canvas, label: &Label, outline: &[Line]) {
    let (west, east) = edges(outline, label.y - 4.0);
    let width = label_width(&label.text);
    let (x, anchor, lead) = if label.left {
        let x = (west - 16.0).max(width + 2.0);
        (x, Anchor::End, x + 4.0)
    } else {
        let x = (east + 16.0).min(canvas.width() - width - 2.0);
        (x, Anchor::Start, x - 4.0)
    };
    canvas.line("lead", (lead, label.y - 4.5), label.middle);
    canvas.text("label place", anchor, LABEL, (x, label.y), &label.text);
}

/// How far the state reaches west and east around a height on the sheet.
fn edges(outline: &[Line], y: f64) -> (f64, f64) {
    let crossings = [y - 8.0, y, y + 8.0].into_iter().flat_map(|y| {
        outline.iter().filter_map(move |(from, to)| {
            let (low, high) = (from.1.min(to.1), from.1.max(to.1));
            let along = if high > low { (y - from.1) / (to.1 - from.1) } else { 0.0 };
            (low <= y && y <= high).then_some(from.0 + along * (to.0 - from.0))
        })
    });
    let ends = crossings
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(west, east), x| (west.min(x), east.max(x)));
    if ends.0 > ends.1 { (0.0, 0.0) } else { ends }
}

/// The middle of the largest ring (its area's centre), absent when there is none.
pub(crate) fn middle(rings: &[Vec<(f64, f64)>]) -> Option<(f64, f64)> {
    let centre = |ring: &[(f64, f64)]| {
        let mut sums = (0.0, 0.0, 0.0);
        for (position, a) in ring.iter().enumerate() {
            let b = ring[(position + 1) % ring.len()];
            let cross = a.0 * b.1 - b.0 * a.1;
            sums = (sums.0 + cross, sums.1 + (a.0 + b.0) * cross, sums.2 + (a.1 + b.1) * cross);
        }
        let area: f64 = sums.0;
        if area.abs() < 1e-12 {
            return (0.0, *ring.first().unwrap_or(&(0.0, 0.0)));
        }
        (area.abs(), (sums.1 / (3.0 * area), sums.2 / (3.0 * area)))
    };
    rings
        .iter()
        .filter(|ring| !ring.is_empty())
        .map(|ring| centre(ring))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, middle)| middle)
}
