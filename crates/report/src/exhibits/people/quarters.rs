//! Records and people quarter by quarter.
//!
//! In: the count. Out: one panel of columns for records and one of points for people, on one scale.
//! The title names the last quarter and no direction; beside it stands who sent at both ends.

use super::super::exhibit::{Exhibit, Grid, Row};
use super::{AT_MOST, People, WHY_AT_MOST, agencies_in_words, say_hidden, sent_for};
use crate::ShownCount;
use crate::charts::{Mark, Panel, Panels, Slot, Tone};
use crate::people::PeopleCell;
use crate::phrase::Phrase;
use crate::words;
use records::Quarter;

/// At most this many quarters are drawn; the table has all of them.
const DRAWN: usize = 8;

type Cell = PeopleCell<ShownCount>;

/// The exhibit, absent when the count has no quarter.
pub(crate) fn quarters(people: &People<'_>) -> Option<Exhibit> {
    let quarters = &people.counted().quarters;
    let (last, cell) = quarters.last()?;
    let title = Phrase::of(format!("{}: ", words::quarter(*last)));
    let most = if cell.people.number().is_some() { "at most " } else { "" };
    let title = people.say_records(title, cell.records).words(format!(" records, {most}"));
    let title = people.say_people(title, cell.people).words(" people");
    let drawn = &quarters[quarters.len().saturating_sub(DRAWN)..];
    let mut measure = "Records and people by state quarter".to_owned();
    if drawn.len() < quarters.len() {
        measure.push_str(" (drawn: the last eight)");
    }
    let mut exhibit = people.exhibit(("quarters", "By quarter"), title, &measure);
    exhibit.both_ends = both_ends(people);
    let panel = |name: &str, slot: fn(&(Quarter, Cell)) -> Slot| Panel {
        name: name.to_owned(),
        tone: Tone::Plain,
        slots: drawn.iter().map(slot).collect(),
    };
    let panels = vec![
        panel("Records", |(at, cell)| drawn_slot(*at, cell.records, Mark::records)),
        panel("People, each counted once", |(at, cell)| drawn_slot(*at, cell.people, Mark::people)),
    ];
    let made_up = people.counted().synthetic;
    exhibit.drawing = Some(
        Panels { id: "quarters-drawn".to_owned(), panels, made_up }.draw(&exhibit.title.plain()),
    );
    exhibit.grid =
        Grid::new("Records and people by state quarter", &["Quarter", "Records", AT_MOST]);
    for (quarter, cell) in quarters {
        let cells = vec![people.records(cell.records), people.people(cell.people)];
        exhibit.grid.rows.push(Row::plain(words::quarter(*quarter), cells));
    }
    exhibit.cautions.push(Phrase::of(
        "A person seen in two quarters is in both: the quarters do not add up to the period. A \
         number can differ from one quarter to the next because other agencies sent.",
    ));
    exhibit.cautions.push(Phrase::of(WHY_AT_MOST));
    say_hidden(&mut exhibit, quarters.iter().flat_map(|(_, cell)| [cell.records, cell.people]));
    Some(exhibit)
}

fn drawn_slot(quarter: Quarter, count: ShownCount, mark: fn(ShownCount) -> Mark) -> Slot {
    Slot {
        name: words::quarter(quarter),
        label: words::quarter_short(quarter),
        value: count.to_string(),
        mark: mark(count),
    }
}

/// How many agencies sent for the first and for the last quarter.
fn both_ends(people: &People<'_>) -> Option<String> {
    let quarters = &people.counted().quarters;
    let ((first, _), (last, _)) = (quarters.first()?, quarters.last()?);
    let agencies = &people.counted().coverage;
    if first == last || agencies.is_empty() {
        return None;
    }
    let sent = |quarters: &[Quarter]| {
        agencies.iter().filter(|one| quarters.iter().all(|quarter| sent_for(one, *quarter))).count()
    };
    Some(format!(
        "{} sent for {} and {} for {}; {} for both.",
        words::capital(&agencies_in_words(sent(&[*first]), "")),
        words::quarter(*first),
        words::count(sent(&[*last])),
        words::quarter(*last),
        words::count(sent(&[*first, *last])),
    ))
}
