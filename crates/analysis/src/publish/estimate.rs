//! Released capture histories → how many people there are in all, with the noise in them allowed
//! for.
//!
//! In: a released table whose dimensions are lists, each with the category [`ON_LIST`] and the
//! blank. Out: a range with its reasons, or a refusal, which costs nothing more: it is made of what
//! is released already. The noise is allowed for as if it were one more thing that is not known about who
//! is on which list: the table is drawn again twenty times with noise of the scale that its
//! intervals tell, and the range is the mixture of what each draw says. A seed makes these draws; they
//! protect nobody.

use std::fmt::Write as _;

use disclosure::{
    Dependence, EstimateFaults, EstimateParts, EstimateRange, EstimateReason, MethodEstimate,
    PublishedEstimate, PublishedTable, PublishedValue, Released, WhyHidden, release,
};
use estimation::{FileAnswer, Method, Settings};

use crate::estimate::{self, Estimated};
use crate::people::{LIST_PREFIX, ON_LIST};

/// How often the noise is drawn again.
const DRAWS: usize = 20;

/// Half the width of an interval in standard deviations.
const WITHIN: f64 = 1.96;

/// Why there is no estimate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoriesError {
    /// Cells that show nothing.
    #[error("the capture histories have hidden cells: people cannot be estimated from them")]
    Hidden,
    /// The histories cannot be read.
    #[error("the capture histories cannot be used: {0}")]
    Histories(String),
    /// The estimate contradicts itself.
    #[error(transparent)]
    Faults(#[from] EstimateFaults),
}

/// Whether a table is one of capture histories.
pub fn is_histories(table: &PublishedTable) -> bool {
    table.amount.is_none()
        && table.dimensions.len() >= 2
        && table.dimensions.iter().all(|dimension| {
            dimension.name.starts_with(LIST_PREFIX)
                && dimension.categories.iter().any(|category| category == ON_LIST)
        })
}

/// Estimates from a released table of capture histories.
///
/// # Errors
///
/// [`HistoriesError`]; lists that cannot answer are no error but an estimate that says so.
pub fn released_histories_estimate(
    released: &Released<PublishedTable>,
) -> Result<Released<PublishedEstimate>, HistoriesError> {
    let csv = histories(released.value())?;
    let settings = Settings {
        methods: vec![Method::Independence, Method::Stepwise, Method::Bic, Method::Decomposable],
        ..Settings::default()
    };
    let estimated = estimate::run(csv.as_bytes(), None, &settings, &|_| ())
        .map_err(|faults| HistoriesError::Histories(faults.to_string()))?;
    Ok(release::released_estimate(parts(&estimated), released)?)
}

/// The histories as a file, the released table as draw 0.
fn histories(table: &PublishedTable) -> Result<String, HistoriesError> {
    let mut text = String::new();
    for dimension in &table.dimensions {
        let name = dimension.name.trim_start_matches(LIST_PREFIX);
        let _ = write!(text, "{name},");
    }
    text.push_str("draw,count\n");
    let mut chance = Chance(1);
    for draw in 0..=DRAWS {
        for cell in &table.cells {
            let Some(on) = on_lists(table, &cell.at) else { continue };
            let (count, spread) = match cell.value {
                PublishedValue::Exact(count) => (count, 0.0),
                // Uniform between its bounds has about this spread.
                PublishedValue::Rounded { value, within } => {
                    (value, within as f64 / 3.0_f64.sqrt())
                }
                PublishedValue::Noised { value, high, .. } => {
                    (value, high.saturating_sub(value) as f64 / WITHIN)
                }
                PublishedValue::Hidden(WhyHidden::Suppressed | WhyHidden::NotReported) => {
                    return Err(HistoriesError::Hidden);
                }
            };
            let noise = if draw == 0 { 0.0 } else { spread * chance.normal() };
            let count = (count as f64 + noise).round().max(0.0);
            if count > 0.0 {
                for list in on {
                    let _ = write!(text, "{},", u8::from(list));
                }
                let _ = writeln!(text, "{draw},{count}");
            }
        }
    }
    Ok(text)
}

/// On which lists the people of a cell are; nothing for totals and for people on no list.
fn on_lists(table: &PublishedTable, at: &[Option<usize>]) -> Option<Vec<bool>> {
    let lists: Vec<bool> = at
        .iter()
        .zip(&table.dimensions)
        .map(|(place, dimension)| Some(dimension.categories.get((*place)?)? == ON_LIST))
        .collect::<Option<_>>()?;
    lists.contains(&true).then_some(lists)
}

fn parts(estimated: &Estimated) -> EstimateParts {
    let answer = &estimated.answer;
    let whole = |people: f64| people.round() as u64;
    let methods = answer.whole.estimates.iter().map(|one| MethodEstimate {
        method: one.method.name().to_owned(),
        people: whole(one.population),
        interval: one.interval.map(|interval| {
            let high = interval.high.is_finite().then(|| whole(interval.high));
            (whole(interval.low), high)
        }),
    });
    let range = match (&answer.whole.headline, &answer.whole.refused) {
        (Some(headline), _) => Ok(EstimateRange {
            low: whole(headline.low),
            high: whole(headline.high),
            level: headline.level,
        }),
        (None, Some(refused)) => Err(refused.reason.clone()),
        (None, None) => Err("the lists cannot answer".to_owned()),
    };
    EstimateParts {
        name: "estimate".to_owned(),
        // Replaced by the total of the released table.
        observed: PublishedValue::Hidden(WhyHidden::NotReported),
        range,
        reasons: reasons(answer),
        methods: methods.collect(),
    }
}

fn reasons(answer: &FileAnswer) -> Vec<EstimateReason> {
    let mut reasons = vec![EstimateReason::NoisyLists];
    let estimates = &answer.whole.estimates;
    let by = |one: &&estimation::Estimate, other: &&estimation::Estimate| {
        one.population.total_cmp(&other.population)
    };
    if let (Some(least), Some(most)) = (estimates.iter().min_by(by), estimates.iter().max_by(by))
        && least.method != most.method
    {
        let said = |one: &estimation::Estimate| {
            (one.method.name().to_owned(), one.population.round() as u64)
        };
        reasons.push(EstimateReason::MethodsApart { least: said(least), most: said(most) });
    }
    if let Some(headline) = &answer.whole.headline {
        let middle = (headline.low * headline.high).sqrt();
        let moved = answer.whole.checks.without_one_list.iter().max_by(|one, other| {
            let distance = |changed: &estimation::Changed| (changed.median / middle).ln().abs();
            distance(one).total_cmp(&distance(other))
        });
        reasons.extend(moved.map(|changed| EstimateReason::HangsOnAList {
            list: changed.lists.join(", "),
            low: changed.low.floor() as u64,
            high: changed.high.ceil() as u64,
        }));
    }
    let strength = estimates.iter().find(|one| one.method == Method::Independence);
    if let (Some(independence), Some(headline)) = (strength, &answer.whole.headline) {
        let side = if independence.population < headline.low {
            Dependence::Likelier
        } else if independence.population > headline.high {
            Dependence::LessLikely
        } else {
            Dependence::Little
        };
        reasons.push(EstimateReason::Dependence(side));
    }
    reasons
}

/// A small generator for draws that protect nobody: SplitMix64 (Steele, Lea, Flood 2014) and the
/// sum of twelve uniform numbers less six, which is near enough to a normal variable here.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use disclosure::{PublishedCell, PublishedDimension};

    use super::*;

    fn table(show: impl Fn(u64) -> PublishedValue) -> PublishedTable {
        let dimension = |name: &str| PublishedDimension {
            name: format!("{LIST_PREFIX}{name}"),
            categories: vec![String::new(), ON_LIST.to_owned()],
            parents: Vec::new(),
        };
        let counts = [0, 40, 30, 6, 20, 5, 4, 2];
        let cells = counts.iter().enumerate().map(|(bits, count)| PublishedCell {
            at: (0..3).map(|list| Some(bits >> list & 1)).collect(),
            value: show(*count),
        });
        let total = PublishedCell { at: vec![None; 3], value: show(107) };
        PublishedTable {
            name: "histories".to_owned(),
            counted: "people".to_owned(),
            amount: None,
            dimensions: ["a", "b", "c"].map(dimension).into(),
            cells: cells.chain([total]).collect(),
        }
    }

    #[test]
    fn histories_are_the_released_counts_and_draws_around_them() {
        let noised = |value: u64| PublishedValue::Noised {
            value,
            low: value.saturating_sub(8),
            high: value + 8,
        };
        let noised = table(noised);
        assert!(is_histories(&noised));
        let text = histories(&noised).unwrap();
        assert!(text.starts_with("a,b,c,draw,count\n1,0,0,0,40\n0,1,0,0,30\n1,1,0,0,6\n"));
        assert!(text.lines().any(|line| line.contains(",20,")));
        assert!(
            text.lines().all(|line| !line.starts_with("0,0,0,")),
            "people on no list are not known"
        );

        // Without noise every draw is the same.
        let exact = histories(&table(PublishedValue::Exact)).unwrap();
        assert_eq!(exact.lines().filter(|line| line.starts_with("1,0,0,")).count(), DRAWS + 1);
        assert!(
            exact
                .lines()
                .filter(|line| line.starts_with("1,0,0,"))
                .all(|line| line.ends_with(",40"))
        );
        let hidden = |_| PublishedValue::Hidden(WhyHidden::Suppressed);
        assert!(matches!(histories(&table(hidden)), Err(HistoriesError::Hidden)));
    }

    #[test]
    fn draws_are_near_normal() {
        let mut chance = Chance(7);
        let drawn: Vec<f64> = (0..20_000).map(|_| chance.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let variance = drawn.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }
}
