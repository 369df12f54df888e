//! Counties with circles: the area of a circle is the number of people, a pale ring around it is how
//! large it may be without the noise.
//!
//! Numbers are no rates, so areas of counties are not filled by them. A county without a number has
//! a pattern: hidden and not reported differ from each other and from nobody identified.

use disclosure::PublishedValue;

use super::{Item, chart, listed, pattern, sheet};
use crate::CountyShape;
use crate::charts::Frame;
use crate::charts::map::{Projection, draw_labels, middle, outline};
use crate::public::in_words::InWords;
use crate::public::slice::{Bounds, has_interval};
use crate::public::{Chart, KeySign};

/// A map with the value of each county.
pub(in crate::public) struct Map<'a> {
    pub(in crate::public) id: &'static str,
    pub(in crate::public) counties: Vec<(&'a CountyShape, PublishedValue)>,
}

impl Map<'_> {
    /// Draws the map; `title` is its finding. None without counties.
    pub(in crate::public) fn draw(&self, words: &InWords<'_>, title: &str) -> Option<Chart> {
        if self.counties.iter().all(|(shape, _)| shape.rings.is_empty()) {
            return None;
        }
        let items: Vec<Item> = self
            .counties
            .iter()
            .map(|(shape, value)| Item {
                label: shape.name.clone(),
                value: *value,
                tone: crate::charts::Tone::Plain,
            })
            .collect();
        let alternative = format!("{} {}.", words.words.charts.map, listed(words, &items));
        Some(chart(alternative, self.key(words), |frame, description| {
            self.draw_in(words, frame, (title, description))
        }))
    }

    fn key(&self, words: &InWords<'_>) -> Vec<KeySign> {
        let charts = &words.words.charts;
        let any = |wanted: fn(&PublishedValue) -> bool| {
            self.counties.iter().any(|(_, value)| wanted(value))
        };
        let signs = [
            ("circle", charts.key_circle, any(|value| value.number().is_some())),
            ("ring", charts.key_ring, any(|value| has_interval(*value))),
            ("blank", charts.key_nobody, any(|value| *value == PublishedValue::Exact(0))),
            ("blank", charts.key_open, any(|value| open(*value))),
            ("cross", charts.key_hidden, any(|value| pattern_of(value) == Some("cross"))),
            ("hatch", charts.key_silent, any(|value| pattern_of(value) == Some("hatch"))),
        ];
        let occurs = signs.into_iter().filter(|(_, _, occurs)| *occurs);
        occurs.map(|(class, words, _)| KeySign { class, words: words.to_owned() }).collect()
    }

    fn draw_in(
        &self,
        words: &InWords<'_>,
        frame: Frame,
        (title, description): (&str, &str),
    ) -> String {
        let points: Vec<(f64, f64)> = self
            .counties
            .iter()
            .flat_map(|(shape, _)| shape.rings.iter().flatten().copied())
            .collect();
        let (left, right, largest, labels) = match frame {
            Frame::Wide => (120.0, 540.0, 46.0, 8),
            Frame::Narrow => (106.0, 342.0, 28.0, 5),
        };
        let (projection, height) = Projection::fit(&points, left, right);
        let height = height.min(2000.0);
        let mut canvas = sheet(words, self.id, frame, height);
        for (shape, value) in &self.counties {
            let rings: Vec<Vec<(f64, f64)>> = shape
                .rings
                .iter()
                .map(|ring| ring.iter().map(|point| projection.place(*point)).collect())
                .collect();
            let class = pattern_of(value).unwrap_or("blank");
            canvas.shape(&format!("county {class}"), &rings);
        }
        let circles = self.largest_first();
        let most = circles.first().map_or(1.0, |(_, bounds)| bounds.high.max(1) as f64);
        let radius = |number: u64| largest * (number as f64 / most).sqrt();
        for (shape, bounds) in &circles {
            if let Some(at) = middle(&shape.rings).map(|at| projection.place(at)) {
                canvas.circle("ring", at, radius(bounds.high));
                canvas.circle("circle", at, radius(bounds.number));
            }
        }
        let shapes = self.counties.iter().map(|(shape, _)| *shape);
        let outline = outline(shapes, &projection);
        let wanted = circles.iter().take(labels).map(|(shape, bounds)| {
            (format!("{} {}", shape.name, words.language.number(bounds.number)), *shape)
        });
        draw_labels(&mut canvas, wanted, &outline, (&projection, height));
        canvas.finish(title, description)
    }

    /// Counties with at least one person, by number, then by name.
    fn largest_first(&self) -> Vec<(&CountyShape, Bounds)> {
        let numbers = self.counties.iter();
        let mut circles: Vec<(&CountyShape, Bounds)> = numbers
            .filter_map(|(shape, value)| Some((*shape, Bounds::of(*value)?)))
            .filter(|(_, bounds)| bounds.number > 0)
            .collect();
        circles.sort_by(|a, b| b.1.number.cmp(&a.1.number).then_with(|| a.0.name.cmp(&b.0.name)));
        circles
    }
}

/// Whether noise or rounding leaves open if there is anybody.
fn open(value: PublishedValue) -> bool {
    has_interval(value) && Bounds::of(value).is_some_and(|bounds| bounds.low == 0)
}

fn pattern_of(value: &PublishedValue) -> Option<&'static str> {
    match value {
        PublishedValue::Hidden(why) => Some(pattern(*why)),
        _ => None,
    }
}
