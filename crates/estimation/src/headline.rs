//! The range to be printed first, and its reasons.

use serde::Serialize;

use crate::checks::{Changed, Checks, range};
use crate::estimate::{Estimate, Method};
use crate::histories::{CaptureHistories, ListSet};
use crate::pooled::Pooled;

/// Fewer people than these and the range hangs on a handful of them.
const FEW_PEOPLE: u64 = 100;

/// The range to be printed first: never one model's number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headline {
    /// Lower end, people; a whole number, not below those seen.
    pub low: f64,
    /// Upper end, people; a whole number.
    pub high: f64,
    /// How likely it is to hold the truth, if what it assumes holds.
    pub level: f64,
    /// Why this range and what it leans on, in sentences.
    pub why: String,
}

/// The range and its reasons, from everything that was computed of a table.
pub(crate) fn headline(
    histories: &CaptureHistories,
    known: &Pooled,
    level: f64,
    estimates: &[Estimate],
    checks: &Checks,
) -> Headline {
    let (low, _, high) = range(known, level);
    let (low, high) = (low.floor().max(histories.people() as f64), high.ceil());
    let mut why = vec![strength(known.common_strength())];
    why.extend(spread(estimates, low, high));
    why.extend(moved(&checks.without_one_list));
    why.extend(own_lists(checks));
    why.extend(alone(histories));
    if histories.people() < FEW_PEOPLE {
        why.push(format!(
            "Only {} people are seen at all: a few more or less would change it.",
            histories.people()
        ));
    }
    Headline { low, high, level, why: why.join(" ") }
}

fn strength(log_odds: f64) -> String {
    let times = libm::exp(log_odds);
    let how = if times >= 1.05 {
        format!("make being on another likelier (the odds are about {times:.1} times as high)")
    } else if times <= 0.95 {
        format!("make being on another less likely (the odds are about {times:.1} times as high)")
    } else {
        "say little about being on another".to_owned()
    };
    format!(
        "Being on one of these lists seems to {how}, and the range allows for that, for pairs of lists that differ, \
         and for what no list can tell."
    )
}

/// How far the methods are apart, and which lie outside.
fn spread(estimates: &[Estimate], low: f64, high: f64) -> Option<String> {
    let by = |pick: fn(f64, f64) -> bool| {
        estimates.iter().reduce(|a, b| if pick(b.population, a.population) { b } else { a })
    };
    let (least, most) = (by(|a, b| a < b)?, by(|a, b| a > b)?);
    if least.method == most.method {
        return None;
    }
    let mut said = format!(
        "Side by side the methods say from {} ({}) to {} ({}).",
        whole(least.population),
        least.method.name(),
        whole(most.population),
        most.method.name()
    );
    let outside: Vec<&str> = estimates
        .iter()
        .filter(|one| one.method != Method::Independence && !(low..=high).contains(&one.population))
        .map(|one| one.method.name())
        .collect();
    if !outside.is_empty() {
        said.push_str(&format!(
            " Outside of the range lies {}: believe it only with a reason to trust its model.",
            outside.join(", ")
        ));
    }
    Some(said)
}

/// Which list the answer leans on most.
fn moved(without: &[Changed]) -> Option<String> {
    let by = |pick: fn(f64, f64) -> bool| {
        without.iter().reduce(|a, b| if pick(b.median, a.median) { b } else { a })
    };
    let (least, most) = (by(|a, b| a < b)?, by(|a, b| a > b)?);
    Some(format!(
        "Leaving out one list puts its middle between {} (without {}) and {} (without {}).",
        whole(least.median),
        least.lists.join(", "),
        whole(most.median),
        most.lists.join(", ")
    ))
}

/// How often the lists would have found what is known, and what that says of the range.
fn own_lists(checks: &Checks) -> Option<String> {
    let asked = checks.known_lists.len();
    let held = checks.known_lists.iter().filter(|one| one.held).count();
    if asked == 0 {
        return None;
    }
    let mut said = format!(
        "Asked for the size of a list from the other lists alone, such a range held it for {held} of {asked} lists."
    );
    let below = checks.known_lists.iter().filter(|one| (one.truth as f64) > one.high).count();
    let above = asked - held - below;
    if 2 * held < asked && below != above {
        said.push_str(&format!(
            " It was too {} for {} of them: this range is probably too {0} as well.",
            if below > above { "low" } else { "high" },
            below.max(above)
        ));
    }
    Some(said)
}

/// Lists that share nobody with any other.
fn alone(histories: &CaptureHistories) -> Option<String> {
    let lists = histories.lists().len();
    let shares = |list: usize| {
        (0..lists)
            .any(|other| other != list && histories.on_all(ListSet(1 << list | 1 << other)) > 0)
    };
    let alone: Vec<&str> = (0..lists)
        .filter(|list| !shares(*list))
        .map(|list| histories.lists()[list].as_str())
        .collect();
    (!alone.is_empty()).then(|| {
        format!(
            "Nobody on {} is on any other list: check the linkage; if it is right, that list tells little.",
            alone.join(", ")
        )
    })
}

/// A number of people with commas between thousands.
fn whole(people: f64) -> String {
    let digits = format!("{people:.0}");
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
