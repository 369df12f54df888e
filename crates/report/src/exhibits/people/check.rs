//! What is true of a made-up state, by which the method is checked.
//!
//! In: the count, with the truth that only a made-up state has. Out: an exhibit for the end of the
//! page, which says whether the range holds the true number and prints no part of the count again.

use super::super::exhibit::{Exhibit, Grid, Row};
use super::{People, say_hidden};
use crate::ShownCount;
use crate::people::Truth;
use crate::phrase::Phrase;

/// The exhibit, absent when no truth is known.
pub(crate) fn check(people: &People<'_>) -> Option<Exhibit> {
    let truth = people.counted().truth?;
    let title = Phrase::of(title(people, truth));
    let mut exhibit =
        people.exhibit(("check", "Check"), title, "People who were made up for this state");
    let mut grid = Grid::new("What is true of this made-up state", &["In truth", "People"]);
    for (head, count) in
        [("On at least one list", truth.people_listed), ("On no list", truth.people_hidden)]
    {
        grid.rows.push(Row::plain(head, vec![people.people(count)]));
    }
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(
        "Nobody can know this of a real state. It was written down when the state was made up; no \
         number above was made with it.",
    ));
    exhibit.cautions.extend(distance(people, truth).map(Phrase::of));
    exhibit.provenance.source = "The program that made up this state".to_owned();
    exhibit.provenance.coverage = String::new();
    say_hidden(&mut exhibit, [truth.people_listed, truth.people_hidden].into_iter());
    Some(exhibit)
}

/// Whether the range holds the true number.
fn title(people: &People<'_>, truth: Truth<ShownCount>) -> &'static str {
    let counted = people.counted();
    let low = counted.low.number().unwrap_or(0);
    match (truth.people_listed.number(), counted.high.number()) {
        (Some(listed), Some(high)) if listed > high => "The true number lies above the range",
        (Some(listed), Some(_)) if listed < low => "The true number lies below the range",
        (Some(_), Some(_)) => "The range holds the true number",
        _ => "What is true, as far as it may be shown",
    }
}

/// How far the best single figure is from the true number, in percent of it.
fn distance(people: &People<'_>, truth: Truth<ShownCount>) -> Option<String> {
    let (best, listed) = (people.counted().unduplicated.number()?, truth.people_listed.number()?);
    let percent = best.abs_diff(listed).saturating_mul(100).saturating_add(listed / 2) / listed;
    Some(match (percent, best > listed) {
        (0, _) => "The best single figure is within half a percent of the true number.".to_owned(),
        (percent, true) => format!("The best single figure is {percent}% above the true number."),
        (percent, false) => format!("The best single figure is {percent}% below the true number."),
    })
}
