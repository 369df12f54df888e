//! What the task forces sent of one measure, quarter by quarter.
//!
//! In: the state's sums. Out: one panel of columns for each series and the same as a table, with
//! who is in each number. The title names the last quarter and no direction.

use std::collections::BTreeSet;

use records::{Dimension, Quarter};

use super::super::exhibit::{Column, Context, Exhibit, Grid, Row};
use super::{HIDDEN, ORDER, Sent, Series, who};
use crate::charts::{Mark, Panel, Panels, Slot};
use crate::phrase::Phrase;
use crate::{ReportedFigure, words};

/// At most this many quarters are drawn; the table has all of them.
const DRAWN: usize = 8;

/// At most this many quarters stand in the table.
const LISTED: usize = 40;

/// The exhibit, absent when the measure does not add up over task forces.
pub(super) fn exhibit(context: &Context<'_>, sent: &Sent<'_>) -> Option<Exhibit> {
    let (first, last) = sent.quarters.first().zip(sent.quarters.last())?;
    let all: Vec<Quarter> = first.up_to(*last).collect();
    let quarters = &all[all.len().saturating_sub(LISTED)..];
    let used: Vec<&ReportedFigure> = quarters
        .iter()
        .flat_map(|quarter| sent.series.iter().filter_map(|series| sent.sum(series, *quarter)))
        .collect();
    if used.is_empty() {
        return None;
    }
    let drawn = &quarters[quarters.len().saturating_sub(DRAWN)..];
    let (anchor, number) = names(context, &sent.code);
    let subtitle = format!(
        "{}, raw counts of what task forces sent, {}, by state quarter{}",
        sent.label,
        context.report.state,
        if drawn.len() < quarters.len() { "; drawn: the last eight" } else { "" }
    );
    let mut exhibit = Exhibit::new(context, (&anchor, number), title(sent, *last), subtitle, &used);
    exhibit.both_ends = both_ends(sent, quarters);
    exhibit.drawing = Some(
        Panels { id: anchor.clone(), panels: panels(sent, drawn), made_up: false }
            .draw(&exhibit.title.plain()),
    );
    exhibit.grid = grid(sent, quarters);
    exhibit.provenance.coverage = String::new();
    exhibit.cautions.extend(cautions(sent, &used));
    Some(exhibit)
}

/// The chart of the 2012 report where that has no numbers of its own.
fn names(context: &Context<'_>, measure: &str) -> (String, &'static str) {
    match ORDER.iter().find(|(code, _, _)| *code == measure) {
        Some((_, anchor, number)) if !super::is_stated(context, measure) => {
            ((*anchor).to_owned(), number)
        }
        _ => (format!("sent-{measure}"), "Sent"),
    }
}

/// `Investigations initiated, July–September 2026: 160 sex trafficking and 104 labor trafficking`.
fn title(sent: &Sent<'_>, quarter: Quarter) -> Phrase {
    let mut title = Phrase::of(format!("{}, {}: ", sent.label, words::quarter(quarter)));
    let typed = sent.series.iter().filter(|series| series.by.is_some());
    let parts: Vec<(&Series, &ReportedFigure)> = typed
        .filter_map(|series| Some((series, sent.sum(series, quarter)?)))
        .filter(|(_, figure)| words::length(&figure.value).is_some())
        .collect();
    for (position, (series, figure)) in parts.iter().enumerate() {
        title = match position {
            0 => title,
            last if last + 1 == parts.len() => title.words(" and "),
            _ => title.words(", "),
        };
        title = title.sent(figure).words(format!(" {}", noun(series)));
    }
    match sent.sum(&Series::all(), quarter) {
        Some(all) if parts.is_empty() => title.sent(all),
        None if parts.is_empty() => title.words("no number"),
        _ => title,
    }
}

fn noun(series: &Series) -> String {
    match &series.by {
        Some((Dimension::Status, _)) => format!("({})", series.label.to_lowercase()),
        _ => series.label.to_lowercase(),
    }
}

/// How many task forces are in the numbers at both ends.
fn both_ends(sent: &Sent<'_>, quarters: &[Quarter]) -> Option<String> {
    let who = |quarter: Quarter| -> BTreeSet<String> {
        let sums = sent.series.iter().filter_map(|series| sent.sum(series, quarter));
        sums.filter_map(|sum| sum.behind.clone()).flat_map(|behind| behind.reporters).collect()
    };
    let (first, last) = (*quarters.first()?, *quarters.last()?);
    if first == last {
        return None;
    }
    let (start, end) = (who(first), who(last));
    let joined = |number: usize| if number == 1 { "task force is" } else { "task forces are" };
    Some(format!(
        "{} {} in the numbers for {} and {} in those for {}; {} in both.",
        words::capital(&words::count(start.len())),
        joined(start.len()),
        words::quarter(first),
        words::count(end.len()),
        words::quarter(last),
        words::count(start.intersection(&end).count()),
    ))
}

/// One panel for each series; a total is drawn only where it is all there is.
fn panels(sent: &Sent<'_>, quarters: &[Quarter]) -> Vec<Panel> {
    let apart = sent.series.iter().any(|series| series.by.is_some());
    let drawn = sent.series.iter().filter(|series| series.by.is_some() || !apart);
    let slot = |series: &Series, quarter: &Quarter| {
        let figure = sent.sum(series, *quarter);
        Slot {
            name: words::quarter(*quarter),
            label: words::quarter_short(*quarter),
            value: figure.map_or_else(String::new, |one| words::value(&one.value, one.unit)),
            mark: figure.map_or(Mark::Words("no number".to_owned()), super::super::mark),
        }
    };
    drawn
        .map(|series| Panel {
            name: if series.by.is_some() { series.label.clone() } else { sent.label.clone() },
            tone: series.tone(),
            slots: quarters.iter().map(|quarter| slot(series, quarter)).collect(),
        })
        .collect()
}

fn grid(sent: &Sent<'_>, quarters: &[Quarter]) -> Grid {
    let mut grid = Grid::new(format!("{}, by state quarter", sent.label), &["Quarter"]);
    for series in &sent.series {
        grid.head.push(match series.by {
            Some(_) => Column::number(series.label.clone()),
            None => Column::total(series.label.clone()),
        });
    }
    grid.head.push(Column::words("Who is in it"));
    for quarter in quarters {
        let sums: Vec<Option<&ReportedFigure>> =
            sent.series.iter().map(|series| sent.sum(series, *quarter)).collect();
        let mut cells: Vec<Phrase> = sums
            .iter()
            .map(|sum| match sum {
                Some(sum) => Phrase::default().sent(sum),
                None if sent.quarters.contains(quarter) => Phrase::absent("no number"),
                None => Phrase::absent("nothing sent"),
            })
            .collect();
        let widest = sums.iter().flatten().filter_map(|sum| sum.behind.as_ref());
        let widest = widest.max_by_key(|behind| (behind.reporters.len(), behind.unknown));
        cells.push(Phrase::of(widest.map_or_else(String::new, who)));
        grid.rows.push(Row::plain(words::quarter(*quarter), cells));
    }
    grid
}

fn cautions(sent: &Sent<'_>, used: &[&ReportedFigure]) -> Vec<Phrase> {
    let mut cautions = vec![Phrase::of(
        "A raw count: a person on the lists of two task forces is in it twice. A number can differ \
         from one quarter to the next because other task forces are in it.",
    )];
    if sent.code == "victim_served" || sent.code == "victim_identified" {
        cautions.push(Phrase::of(
            "People identified and people served are two measures; how many are in both is not \
             measured.",
        ));
    }
    if sent.code.contains("arrest") {
        cautions.push(Phrase::of(
            "An arrest is not a conviction, and the number of arrests measures no success.",
        ));
    }
    let versions: BTreeSet<&str> =
        sent.sums.iter().map(|figure| figure.definition_version.as_str()).collect();
    if versions.len() > 1 {
        cautions.push(Phrase::of(format!(
            "The definition of what is counted differs among returns ({}). Numbers of two \
             definitions are never added up; a quarter shows the later one.",
            versions.into_iter().collect::<Vec<_>>().join("; ")
        )));
    }
    if used.iter().any(|figure| figure.value.answer().is_none()) {
        cautions.push(Phrase::of(HIDDEN));
    }
    cautions
}
