//! Estimates by how many people were observed: what some of the lists would have said, beside what
//! all of them say.
//!
//! In: [`AgainstObserved`]. Out: a document. Both axes are logarithmic; the broken line is where
//! everybody is seen. A choice of lists is a thin line from the lower to the upper end of its range
//! with a dot in the middle; all lists together are a thick one with an open diamond.

use super::LogScale;
use super::alone::{Caption, document};
use super::canvas::{Anchor, Canvas, Frame};
use super::estimates::whole;

/// What some of the lists say.
#[derive(Debug, Clone, PartialEq)]
pub struct SomeLists {
    /// Which lists.
    pub lists: Vec<String>,
    /// People on them.
    pub observed: u64,
    /// Lower end of their range, people.
    pub low: f64,
    /// Half of the probability lies below; people.
    pub median: f64,
    /// Upper end, people.
    pub high: f64,
}

/// A chart of such choices.
#[derive(Debug, Clone, PartialEq)]
pub struct AgainstObserved {
    /// Unique where it is shown.
    pub id: String,
    /// All lists.
    pub all: SomeLists,
    /// Some of the lists, in any order.
    pub some: Vec<SomeLists>,
}

const LEFT: f64 = 74.0;
const TOP: f64 = 26.0;
const HEIGHT: f64 = 400.0;
const BOTTOM: f64 = TOP + HEIGHT;

impl AgainstObserved {
    /// Draws the chart as a file of its own.
    pub fn document(&self, caption: &Caption) -> String {
        let mut canvas = Canvas::new(&self.id, Frame::Wide, BOTTOM + 50.0);
        let length = canvas.width() - LEFT - 24.0;
        let (across, up) = self.scales();
        let x = |number: f64| LEFT + across.share(number) * length;
        let y = |number: f64| BOTTOM - up.share(number).clamp(0.0, 1.0) * HEIGHT;
        for tick in across.ticks(8) {
            canvas.text("tick", Anchor::Middle, 12.0, (x(tick), BOTTOM + 18.0), &whole(tick));
            canvas.line("grid", (x(tick), BOTTOM), (x(tick), BOTTOM + 5.0));
        }
        for tick in up.ticks(8) {
            canvas.line("grid", (LEFT, y(tick)), (LEFT + length, y(tick)));
            canvas.text("tick", Anchor::End, 12.0, (LEFT - 8.0, y(tick) + 4.0), &whole(tick));
        }
        canvas.text("label", Anchor::Start, 13.0, (0.0, 13.0), "People there are, by the estimate");
        let under = (LEFT + length, BOTTOM + 42.0);
        canvas.text("label", Anchor::End, 13.0, under, "People observed by these lists");
        self.everybody_seen(&mut canvas, (&x, &y));
        for one in &self.some {
            let middle = (x(one.observed as f64), y(one.median));
            canvas.line("of-some", (middle.0, y(one.low)), (middle.0, y(one.high)));
            canvas.circle("of-some-middle", middle, 3.5);
        }
        self.all_lists(&mut canvas, (&x, &y));
        canvas.line("axis", (LEFT, BOTTOM), (LEFT + length, BOTTOM));
        document(canvas, caption, &self.describe())
    }

    /// Across from the fewest to the most people observed, up from there to the highest end; an end
    /// ten times as high as that of all lists would leave little room for the rest.
    fn scales(&self) -> (LogScale, LogScale) {
        let (fewest, most) = self.observed();
        let highs = self.some.iter().map(|one| one.high);
        let highest = highs.fold(self.all.high, f64::max).min(10.0 * self.all.high);
        (LogScale::new(fewest, most), LogScale::new(fewest, highest.max(most) * 1.05))
    }

    /// The fewest and the most people observed, with some room.
    fn observed(&self) -> (f64, f64) {
        let every = self.some.iter().chain([&self.all]).map(|one| one.observed as f64);
        let ends = (f64::INFINITY, 1.0_f64);
        let (low, high) = every.fold(ends, |(low, high), one| (low.min(one), high.max(one)));
        (low / 1.1, high * 1.1)
    }

    /// The line on which there is nobody else.
    fn everybody_seen(
        &self,
        canvas: &mut Canvas,
        (x, y): (&dyn Fn(f64) -> f64, &dyn Fn(f64) -> f64),
    ) {
        let (fewest, most) = self.observed();
        canvas.line("seen", (x(fewest), y(fewest)), (x(most), y(most)));
        let corner = (x(most), BOTTOM - 10.0);
        canvas.text("label", Anchor::End, 13.0, corner, "broken line: if all people were seen");
    }

    fn all_lists(&self, canvas: &mut Canvas, (x, y): (&dyn Fn(f64) -> f64, &dyn Fn(f64) -> f64)) {
        let all = &self.all;
        let (x, middle) = (x(all.observed as f64), y(all.median));
        canvas.line("estimated-range", (x, y(all.low)), (x, y(all.high)));
        for end in [all.low, all.high] {
            canvas.line("range-end", (x - 6.0, y(end)), (x + 6.0, y(end)));
        }
        let corners =
            vec![(x - 7.0, middle), (x, middle - 7.0), (x + 7.0, middle), (x, middle + 7.0)];
        canvas.shape("estimated", &[corners]);
        let words = format!("all {} lists", all.lists.len());
        canvas.text("value", Anchor::End, 13.0, (x + 8.0, y(all.high) - 10.0), &words);
    }

    /// Everything drawn, in words.
    fn describe(&self) -> String {
        let one = |one: &SomeLists| {
            format!(
                "{}: {} observed, {} to {}, middle {}",
                one.lists.join(", "),
                whole(one.observed as f64),
                whole(one.low),
                whole(one.high),
                whole(one.median)
            )
        };
        let some: Vec<String> = self.some.iter().map(one).collect();
        format!(
            "For each choice of lists a line from the lower to the upper end of its range, over the \
             people observed; both axes are logarithmic. All lists, {}. {}.",
            one(&self.all),
            some.join("; ")
        )
    }
}
