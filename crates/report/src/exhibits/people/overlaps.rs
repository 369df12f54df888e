//! People on two lists: the matrix, and every pair as a row of a table.
//!
//! In: the count. Out: an exhibit. A pair that was not compared is named as such, never as zero.

use super::super::exhibit::{Exhibit, Grid, Row};
use super::{People, say_hidden};
use crate::ShownCount;
use crate::charts::{OverlapCell, OverlapMatrix};
use crate::phrase::Phrase;

/// The exhibit, absent when fewer than two lists were compared.
pub(crate) fn overlaps(people: &People<'_>) -> Option<Exhibit> {
    let counted = people.counted();
    if counted.overlaps.is_empty() || counted.lists.len() < 2 {
        return None;
    }
    let mut exhibit = people.exhibit(
        ("overlaps", "Overlap"),
        title(people),
        "People on both of two kinds of list",
    );
    let matrix = OverlapMatrix {
        id: "overlaps-drawn".to_owned(),
        lists: counted.lists.iter().map(|list| people.in_short(&list.label).to_owned()).collect(),
        rows: (0..counted.lists.len())
            .map(|row| (0..row).map(|column| cell(people, column, row)).collect())
            .collect(),
        made_up: counted.synthetic,
    };
    exhibit.drawing = Some(matrix.draw(&exhibit.title.plain()));
    let mut grid =
        Grid::new("People on both of two kinds of list", &["Two lists", "People on both"]);
    for (row, second) in counted.lists.iter().enumerate() {
        for (column, first) in counted.lists[..row].iter().enumerate() {
            let number = match cell(people, column, row) {
                OverlapCell::People(count) => people.people(count),
                OverlapCell::NotCompared => Phrase::absent("not compared"),
            };
            let head = format!("{} and {}", first.label, second.label);
            grid.rows.push(Row::plain(head, vec![number]));
        }
    }
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(
        "A person on three lists is in three of these pairs: they do not add up.",
    ));
    if matrix.rows.iter().flatten().any(|cell| *cell == OverlapCell::NotCompared) {
        exhibit.cautions.push(Phrase::of(
            "A hatched pair was not compared, which is not zero: a list of which only totals came has \
             nothing to compare.",
        ));
    }
    say_hidden(&mut exhibit, counted.overlaps.iter().map(|overlap| overlap.people));
    Some(exhibit)
}

/// What is known of two lists, in whichever order the count names them.
fn cell(people: &People<'_>, first: usize, second: usize) -> OverlapCell {
    let counted = people.counted();
    let code = |list: usize| counted.lists.get(list).map_or("", |list| list.code.as_str());
    let pair = [code(first), code(second)];
    let found = counted.overlaps.iter().find(|overlap| {
        let named = [overlap.first.as_str(), overlap.second.as_str()];
        named == pair || named == [pair[1], pair[0]]
    });
    found.map_or(OverlapCell::NotCompared, |overlap| OverlapCell::People(overlap.people))
}

/// `112 people are on both Police and Prosecutors, the largest overlap of two lists`.
fn title(people: &People<'_>) -> Phrase {
    let numbers = people.counted().overlaps.iter();
    let largest: Option<(u64, ShownCount, [&str; 2])> = numbers
        .filter_map(|overlap| {
            let names = [&overlap.first, &overlap.second]
                .map(|code| people.in_short(people.list_name(code)));
            Some((overlap.people.number()?, overlap.people, names))
        })
        .max_by_key(|(number, _, _)| *number);
    match largest {
        Some((_, count, [first, second])) => people.say_people(Phrase::default(), count).words(
            format!(" people are on two lists, “{first}” and “{second}”: the largest overlap"),
        ),
        None => Phrase::of("Every overlap of two lists is under 11 and hidden"),
    }
}
