//! People seen by which lists: how many are on exactly these and no others.
//!
//! In: the count's capture histories. Out: an exhibit, the larger numbers first; hidden ones stand
//! last in the order of the lists, so that their order tells nothing.

use std::cmp::Reverse;

use super::super::exhibit::{Exhibit, Grid, Row};
use super::{People, say_hidden};
use crate::ShownCount;
use crate::charts::{SeenBy, SeenRow};
use crate::phrase::Phrase;
use crate::words;

/// At most this many rows are drawn; the table has all of them.
const DRAWN: usize = 20;

/// One combination of lists, by their places.
struct Seen {
    on: Vec<bool>,
    names: String,
    people: ShownCount,
}

/// The exhibit, absent when the count has no capture history.
pub(crate) fn seen_by(people: &People<'_>) -> Option<Exhibit> {
    let seen = in_order(people);
    if seen.is_empty() || people.counted().lists.is_empty() {
        return None;
    }
    let drawn = seen.len().min(DRAWN);
    let mut measure = "People by exactly which kinds of list they are on".to_owned();
    if drawn < seen.len() {
        measure.push_str(&format!(" (drawn: the first {drawn} rows of the table)"));
    }
    let number = "People seen by which lists";
    let mut exhibit = people.exhibit(("seen-by", number), title(people, &seen), &measure);
    let row = |seen: &Seen| SeenRow { on: seen.on.clone(), people: seen.people };
    let chart = SeenBy {
        id: "seen-by-drawn".to_owned(),
        lists: people
            .counted()
            .lists
            .iter()
            .map(|list| people.in_short(&list.label).to_owned())
            .collect(),
        rows: seen.iter().take(DRAWN).map(row).collect(),
        made_up: people.counted().synthetic,
    };
    exhibit.drawing = Some(chart.draw(&exhibit.title.plain()));
    exhibit.grid = Grid::new(number, &["On exactly these lists", "People"]);
    for seen in &seen {
        let cells = vec![people.people(seen.people)];
        exhibit.grid.rows.push(Row::plain(seen.names.clone(), cells));
    }
    exhibit.cautions.push(Phrase::of(
        "Only people who came in codes are here, each in one row; whoever has no key to be found \
         again by is in the row of one list. That few people are on two lists can mean that many \
         are on none, or that the same person was not recognized.",
    ));
    say_hidden(&mut exhibit, seen.iter().map(|seen| seen.people));
    Some(exhibit)
}

/// The combinations, the larger first, hidden ones by their lists.
fn in_order(people: &People<'_>) -> Vec<Seen> {
    let counted = people.counted();
    let mut seen: Vec<Seen> = counted
        .histories
        .iter()
        .map(|history| {
            let named = |code: &str| history.lists.iter().any(|list| list == code);
            let names: Vec<&str> =
                history.lists.iter().map(|code| people.in_short(people.list_name(code))).collect();
            Seen {
                on: counted.lists.iter().map(|list| named(&list.code)).collect(),
                names: names.join(" + "),
                people: history.people,
            }
        })
        .collect();
    seen.sort_by_key(|seen| {
        let lists = seen.on.iter().filter(|on| **on).count();
        (Reverse(seen.people.number()), lists, Reverse(seen.on.clone()))
    });
    seen
}

/// `1,034 people are on one kind of list only`, as far as no part of the sum is hidden.
fn title(people: &People<'_>, seen: &[Seen]) -> Phrase {
    let alone = |seen: &&Seen| seen.on.iter().filter(|on| **on).count() == 1;
    let numbers: Option<Vec<u64>> =
        seen.iter().filter(alone).map(|seen| seen.people.number()).collect();
    match (numbers, seen.first()) {
        (Some(numbers), _) if !numbers.is_empty() => {
            let sum = numbers.into_iter().fold(0, u64::saturating_add);
            people
                .say_people(Phrase::default(), ShownCount::of(sum))
                .words(" people are on one kind of list only")
        }
        (_, Some(first)) if first.people.number().is_some() => people
            .say_people(Phrase::default(), first.people)
            .words(format!(" people were seen by {}", only(first))),
        _ => Phrase::of("Every number of people seen by the same lists is under 11 and hidden"),
    }
}

/// `“Police” alone`, `exactly 2 lists: “Police + Hotline”`.
fn only(seen: &Seen) -> String {
    match seen.on.iter().filter(|on| **on).count() {
        1 => format!("“{}” alone", seen.names),
        lists => format!("exactly {} lists, “{}”", words::count(lists), seen.names),
    }
}
