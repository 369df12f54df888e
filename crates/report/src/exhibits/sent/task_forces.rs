//! What each task force sent of one measure, the last quarter and the one before.
//!
//! In: cells as sent, and each task force's own sums. Out: a table in the order of the register.
//! Task forces are not ranked and not drawn against each other: each covers an area of its own.

use records::{Dimension, Quarter};

use super::super::exhibit::{Column, Context, Exhibit, Grid, Row};
use super::{HIDDEN, Sent, Series, has, left_out};
use crate::phrase::Phrase;
use crate::select::Figures;
use crate::{ReportedFigure, TaskForceShown, words};

const UNRANKED: &str = "In the order of the register, which says nothing about the task forces. Each \
    covers an area of its own; their numbers are not comparable with one another.";

/// The table, absent when no task force sent the measure in series that add up.
pub(super) fn exhibit(context: &Context<'_>, sent: &Sent<'_>) -> Option<Exhibit> {
    if sent.series.is_empty() {
        return None;
    }
    let quarters = sent.last_two();
    let latest = *quarters.first()?;
    let forces = &context.report.task_forces;
    let mut used: Vec<&ReportedFigure> = Vec::new();
    let mut grid = Grid::new(format!("{}, by task force", sent.label), &["Task force and quarter"]);
    for series in &sent.series {
        grid.head.push(match series.by {
            Some(_) => Column::number(series.label.clone()),
            None => Column::total(series.label.clone()),
        });
    }
    grid.head.push(Column::words("Not in the total"));
    for force in forces {
        grid.rows.push(Row::group(force.name.clone()));
        let own = sent.figures.at(Dimension::TaskForce, &force.code);
        for quarter in &quarters {
            let (row, figures) = row(sent, &own, *quarter);
            grid.rows.push(row);
            used.extend(figures);
        }
    }
    let empty =
        grid.rows.iter().all(|row| row.cells.last().is_none_or(|cell| cell.plain().is_empty()));
    if empty {
        grid.head.pop();
        for row in &mut grid.rows {
            row.cells.pop();
        }
    }
    let number = forces.iter().filter(|force| numbered(sent, force, latest)).count();
    let title = Phrase::of(format!(
        "{} of {} task forces sent a number for {}: {}",
        words::capital(&words::count(number)),
        words::count(forces.len()),
        words::quarter(latest),
        sent.label.to_lowercase(),
    ));
    let subtitle = format!(
        "{}, raw counts as sent, by task force, {}",
        sent.label,
        quarters.iter().map(|quarter| words::quarter(*quarter)).collect::<Vec<_>>().join(" and ")
    );
    let anchor = format!("sent-{}-by-task-force", sent.code);
    let mut exhibit = Exhibit::new(context, (&anchor, "By task force"), title, subtitle, &used);
    exhibit.grid = grid;
    exhibit.provenance.coverage = String::new();
    exhibit.cautions.push(Phrase::of(UNRANKED));
    exhibit.cautions.push(Phrase::of(HIDDEN));
    Some(exhibit)
}

fn numbered(sent: &Sent<'_>, force: &TaskForceShown, quarter: Quarter) -> bool {
    let own = sent.figures.at(Dimension::TaskForce, &force.code);
    own.iter().any(|figure| {
        let a_number = figure.value.answer().is_none_or(|answer| answer.amount().is_some());
        figure.period.state_quarter() == Some(quarter) && a_number
    })
}

/// One task force in one quarter.
fn row<'a>(sent: &Sent<'_>, own: &Figures<'a>, quarter: Quarter) -> (Row, Vec<&'a ReportedFigure>) {
    let here = own.that(|figure| figure.period.state_quarter() == Some(quarter));
    let mut used = Vec::new();
    let mut cells = Vec::new();
    for series in &sent.series {
        let figure = series.pick(&here, &[Dimension::TaskForce], quarter);
        cells.push(match figure {
            Some(figure) => Phrase::default().sent(figure),
            None if here.is_empty() => Phrase::absent("nothing sent"),
            None => Phrase::absent(reason(&parts(series, &here))),
        });
        used.extend(figure);
    }
    let total = Series::all().pick(&here, &[Dimension::TaskForce], quarter);
    let without = total.and_then(|total| total.behind.as_ref()).map(left_out).unwrap_or_default();
    cells.push(Phrase::of(without));
    (Row::plain(words::quarter(quarter), cells), used)
}

/// Why there is no sum of these cells.
fn reason(parts: &Figures<'_>) -> &'static str {
    if parts.is_empty() {
        "not sent"
    } else if parts.iter().any(|figure| figure.value.answer().is_none()) {
        "part hidden"
    } else {
        "not added up"
    }
}

/// The cells that a series would be the sum of.
fn parts<'a>(series: &Series, here: &Figures<'a>) -> Figures<'a> {
    here.that(|figure| series.by.as_ref().is_none_or(|(by, code)| has(figure, *by, code)))
}
