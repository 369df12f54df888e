//! Records beside people: the finding of the page, its drawing and the same as a table.
//!
//! In: the count. Out: the finding in words (which the report's first page prints too), the drawing
//! under a name of the caller's, and the exhibit.

use super::super::exhibit::{Column, Exhibit, Grid, Row, RowKind};
use super::{People, say_hidden};
use crate::ShownCount;
use crate::charts::{Drawing, PeopleRange};
use crate::phrase::Phrase;
use crate::words::Look;

/// `1,742 records, between 1,201 and 1,688 people`, with whatever of it is hidden said as hidden.
pub(crate) fn finding(people: &People<'_>) -> Phrase {
    let counted = people.counted();
    let records = people.say_records(Phrase::default(), counted.raw).words(" records, ");
    let finding = match (counted.low.number(), counted.high.number()) {
        (Some(low), Some(high)) if low < high => {
            let low = people.say_people(records.words("between "), counted.low);
            people.say_people(low.words(" and "), counted.high)
        }
        (None, Some(_)) => people.say_people(records.words("at most "), counted.high),
        _ => people.say_people(records, counted.high),
    };
    finding.words(" people")
}

/// The chart, named uniquely on its page.
pub(crate) fn drawing(people: &People<'_>, id: &str) -> Drawing {
    let counted = people.counted();
    let range = PeopleRange {
        id: id.to_owned(),
        records: counted.raw,
        low: counted.low,
        best: counted.unduplicated,
        high: counted.high,
        made_up: counted.synthetic,
    };
    range.draw(&finding(people).plain())
}

/// The exhibit.
pub(crate) fn range(people: &People<'_>) -> Exhibit {
    let counted = people.counted();
    let title = people.say_people(Phrase::of("As a single figure: "), counted.unduplicated);
    let mut exhibit = people.exhibit(
        ("range", "Records and people"),
        title.words(" people"),
        "Records, and people each counted once",
    );
    exhibit.drawing = Some(drawing(people, "range-drawn"));
    let mut grid = Grid::new("Records and people", &["What is counted"]);
    grid.head.push(Column::number("Number"));
    let mut row = |head: &str, cell: Phrase, kind: RowKind| {
        grid.rows.push(Row { kind, ..Row::plain(head, vec![cell]) });
    };
    row("Records", people.records(counted.raw), RowKind::Plain);
    row("People, at least", people.people(counted.low), RowKind::Plain);
    row("People, best single figure", people.people(counted.unduplicated), RowKind::Total);
    row("People, at most", people.people(counted.high), RowKind::Plain);
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(
        "A record is a person once for each agency that lists them. People who are on no list are in \
         none of these numbers.",
    ));
    if !counted.why.is_empty() {
        exhibit.cautions.push(Phrase::of(
            "“At least”, “at most” and the single figure rest on what is assumed under “Why it is a \
             range”: the true number can lie outside.",
        ));
    }
    let all = [counted.raw, counted.low, counted.unduplicated, counted.high];
    say_hidden(&mut exhibit, all.into_iter());
    exhibit
}

/// What the two looks of a number mean, each with an example that is no number of this count.
pub(crate) fn examples() -> [(Phrase, &'static str); 2] {
    let example = |look: Look| Phrase::default().count(ShownCount::of(1234), look, false);
    [
        (
            example(Look::Raw),
            "Records: each person once for each agency that lists them. Drawn as a bar.",
        ),
        (
            example(Look::Unduplicated),
            "People, each counted once: a best single figure, or an end of the range. Drawn as a point \
             on a stem; the range is a pale band about it.",
        ),
    ]
}
