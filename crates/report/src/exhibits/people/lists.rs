//! What came, by kind of list: agencies, records in codes and as totals, people also elsewhere.
//!
//! In: the count. Out: an exhibit with one bar of records for each kind of list.

use super::super::exhibit::{Column, Exhibit, Grid, Row};
use super::{People, agencies_in_words, say_hidden};
use crate::ShownCount;
use crate::charts::{Bar, Bars, Mark, Tone};
use crate::people::{ListCounted, Overlap};
use crate::phrase::Phrase;
use crate::words;

/// The exhibit, absent when the count names no list.
pub(crate) fn lists(people: &People<'_>) -> Option<Exhibit> {
    let lists = &people.counted().lists;
    if lists.is_empty() {
        return None;
    }
    let kinds = if lists.len() == 1 { "kind" } else { "kinds" };
    let keeping = lists.iter().map(|list| list.agencies).fold(0, u32::saturating_add);
    let title = people.say_records(Phrase::default(), people.counted().raw).words(format!(
        " records, from {} {kinds} of list kept by {}",
        words::count(lists.len()),
        agencies_in_words(usize::try_from(keeping).unwrap_or(usize::MAX), "")
    ));
    let mut exhibit =
        people.exhibit(("kinds-of-list", "Kinds of list"), title, "Records by kind of list");
    let bar = |list: &ListCounted<ShownCount>| Bar {
        label: people.in_short(&list.label).to_owned(),
        value: list.records.to_string(),
        mark: Mark::records(list.records),
        tone: Tone::Plain,
        derived: false,
    };
    let bars = Bars {
        id: "kinds-of-list-drawn".to_owned(),
        bars: lists.iter().map(bar).collect(),
        whole: None,
        made_up: people.counted().synthetic,
    };
    exhibit.drawing = Some(bars.draw(&exhibit.title.plain()));
    let mut grid = Grid::new("Records by kind of list", &["Kind of list", "Agencies", "Records"]);
    grid.head.extend(["In codes", "Totals only"].map(Column::number));
    grid.head.push(Column::number("People also on another list"));
    for list in lists {
        let cells = vec![
            Phrase::of(list.agencies.to_string()),
            people.records(list.records),
            people.records(list.coded),
            people.records(list.totals_only),
            also_elsewhere(people, list),
        ];
        grid.rows.push(Row::plain(list.label.clone(), cells));
    }
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(
        "Only records in codes can be compared. Whether a person in a total is on another list too \
         is not known, which is one reason for the range.",
    ));
    let all = lists
        .iter()
        .flat_map(|list| [list.records, list.coded, list.totals_only, list.also_elsewhere]);
    say_hidden(&mut exhibit, all);
    Some(exhibit)
}

/// People also on another list; a list that is in no pair was not compared.
fn also_elsewhere(people: &People<'_>, list: &ListCounted<ShownCount>) -> Phrase {
    let compared =
        |overlap: &Overlap<ShownCount>| overlap.first == list.code || overlap.second == list.code;
    if list.also_elsewhere.number().is_none() && !people.counted().overlaps.iter().any(compared) {
        return Phrase::absent("not compared");
    }
    people.people(list.also_elsewhere)
}
