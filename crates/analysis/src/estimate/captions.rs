//! The plots of an answer, each with its finding, how to read it and where it is from.
//!
//! | file | what | when |
//! |---|---|---|
//! | `spread.svg` | every method with its interval, and the range | always |
//! | `without_one_list.svg` | the range without each list | four lists or more, not refused |
//! | `estimate_against_observed.svg` | ranges of some of the lists by the people they observed | the same |

use report::charts::{AgainstObserved, Caption, EstimateRow, Estimates, LogScale, SomeLists};

use super::some_lists::{range, some_lists};
use super::{Estimated, rounded, scale};
use crate::quality::with_commas;

/// A plot, as a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot {
    /// The file's name.
    pub file_name: &'static str,
    /// What is in it.
    pub svg: String,
}

/// With so much more or less the answer is said to change with the lists.
const LEVEL: f64 = 1.25;

impl Estimated {
    /// The plots. `source` says where the histories came from.
    pub fn plots(&self, source: &str) -> Vec<Plot> {
        let source = format!("Source: capture histories in {source}; clearway estimate.");
        let all = [self.spread(&source), self.without(&source), self.against_observed(&source)];
        all.into_iter().flatten().collect()
    }

    fn spread(&self, source: &str) -> Option<Plot> {
        let answer = &self.answer.whole;
        let rows = answer.estimates.iter().map(|one| EstimateRow {
            label: one.method.name().to_owned(),
            point: Some(one.population),
            range: one.interval.map(|interval| (interval.low, interval.high)),
        });
        let rows: Vec<EstimateRow> = rows.collect();
        if rows.is_empty() {
            return None;
        }
        let mut notes = vec![format!(
            "Diamonds are estimates, lines their intervals of {}: each holds only if its method's model is \
             right. The scale is logarithmic.",
            percent(self.level)
        )];
        let title = match (&answer.headline, &answer.refused) {
            (Some(headline), _) => {
                notes.push(headline.why.clone());
                self.said(headline.low, headline.high)
            }
            (None, Some(refused)) => {
                notes.push(format!("Refused: {}.", refused.reason));
                "No range: these lists cannot say how many people there are. Not to be relied on"
                    .to_owned()
            }
            (None, None) => "What one method says; nothing else was asked for".to_owned(),
        };
        let chart = Estimates {
            id: "spread".to_owned(),
            observed: answer.observed,
            band: answer.headline.as_ref().map(|headline| (headline.low, headline.high)),
            scale: scale(answer),
            rows,
        };
        let subtitle =
            "Number of people, seen and unseen, by several methods side by side".to_owned();
        let caption = Caption { title, subtitle, notes, source: source.to_owned() };
        Some(Plot { file_name: "spread.svg", svg: chart.document(&caption) })
    }

    fn without(&self, source: &str) -> Option<Plot> {
        let answer = &self.answer.whole;
        let headline = answer.headline.as_ref()?;
        let changed = &answer.checks.without_one_list;
        let by = |pick: fn(f64, f64) -> bool| {
            changed.iter().reduce(|a, b| if pick(b.median, a.median) { b } else { a })
        };
        let (least, most) = (by(|a, b| a < b)?, by(|a, b| a > b)?);
        let rows = changed.iter().map(|one| EstimateRow {
            label: format!("without {}", one.lists.join(", ")),
            point: Some(one.median),
            range: Some((one.low, one.high)),
        });
        let fewest = changed.iter().map(|one| one.observed).min()?.min(answer.observed);
        let highest = changed.iter().map(|one| one.high).fold(headline.high, f64::max);
        let chart = Estimates {
            id: "without-one-list".to_owned(),
            observed: answer.observed,
            band: Some((headline.low, headline.high)),
            scale: LogScale::new(fewest as f64, highest.min(10.0 * headline.high)),
            rows: rows.collect(),
        };
        let caption = Caption {
            title: format!(
                "Leaving out one list moves the middle between {} (without {}) and {} (without {})",
                people(least.median),
                least.lists.join(", "),
                people(most.median),
                most.lists.join(", ")
            ),
            subtitle: "Range of the number of people, seen and unseen, from all lists but one".to_owned(),
            notes: vec![
                "Diamonds are the middles of the ranges: as likely too high as too low. People on the list \
                 left out alone are not seen by the others and are estimated with the rest."
                    .to_owned(),
                "A list without which the range is elsewhere carries the answer: ask first how that list \
                 was made, and how well it was linked."
                    .to_owned(),
            ],
            source: source.to_owned(),
        };
        Some(Plot { file_name: "without_one_list.svg", svg: chart.document(&caption) })
    }

    fn against_observed(&self, source: &str) -> Option<Plot> {
        self.answer.whole.headline.as_ref()?;
        let draw = *self.file.draws().first()?;
        let histories = self.file.whole(draw)?;
        let all = range(&histories, self.level)?;
        let some = some_lists(&histories, self.level);
        if some.is_empty() {
            return None;
        }
        let mut notes = vec![
            "Each line is the range of one choice of lists, its dot the middle; the diamond is of all \
             lists. Both scales are logarithmic."
                .to_owned(),
            "Level: lists that are added find people of the kind that was reckoned with. Rising to the \
             right: each list reaches people whom the others do not, so those whom none reaches may be \
             more than even the whole range says. Falling: small choices hang on few overlaps."
                .to_owned(),
        ];
        if self.answer.linkage.is_some() {
            notes.push(
                "Who is whom is taken as certain here; the range in the text does not.".into(),
            );
        }
        let caption = Caption {
            title: trend(&all, &some).to_owned(),
            subtitle: format!(
                "Range of the number of people from each choice of three lists or more, by how many people \
                 these lists observed; {} choices",
                some.len() + 1
            ),
            notes,
            source: source.to_owned(),
        };
        let chart = AgainstObserved { id: "against-observed".to_owned(), all, some };
        let svg = chart.document(&caption);
        Some(Plot { file_name: "estimate_against_observed.svg", svg })
    }

    /// The range in a sentence.
    fn said(&self, low: f64, high: f64) -> String {
        let observed = self.answer.whole.observed;
        let (low, high) = rounded(low, high, observed);
        let [low, high, observed] = [low, high, observed].map(|number| people(number as f64));
        format!("Probably between {low} and {high} people, of whom {observed} are on a list")
    }
}

/// Whether the answer changes with the number of people observed: the middles of the choices with
/// the fewest lists, beside that of all.
fn trend(all: &SomeLists, some: &[SomeLists]) -> &'static str {
    let fewest = some.iter().map(|one| one.lists.len()).min().unwrap_or_default();
    let of_few = some.iter().filter(|one| one.lists.len() == fewest);
    let mut middles: Vec<f64> = of_few.map(|one| one.median).collect();
    middles.sort_by(f64::total_cmp);
    let usual = middles.get(middles.len() / 2).copied().unwrap_or(all.median);
    if all.median > LEVEL * usual {
        "The more people are observed, the more there seem to be"
    } else if all.median * LEVEL < usual {
        "The more people are observed, the fewer there seem to be"
    } else {
        "With more people observed the answer stays about the same"
    }
}

/// `95 %`.
fn percent(level: f64) -> String {
    format!("{} %", (level * 1000.0).round() / 10.0)
}

fn people(number: f64) -> String {
    with_commas(number.round() as i64)
}
