//! What was sent of one measure by county, agency, statute, conduct and so on.
//!
//! In: the state's sums by one dimension; for a measure that does not add up over task forces,
//! what each of them sent. Out: a table of the last quarter and the one before, absent when there
//! is no such figure. Sections under which victims may be arrested are set apart.

use records::{Dimension, Quarter};

use super::super::exhibit::{Column, Context, Exhibit, Grid, Row, RowKind};
use super::super::statutes::{APART, may_count_victims};
use super::{HIDDEN, Sent, who};
use crate::phrase::Phrase;
use crate::{ReportedFigure, words};

/// What a table is broken down by, in the order in which it is printed, and in words.
const BY: [(Dimension, &str); 12] = [
    (Dimension::Status, "By status"),
    (Dimension::Age, "By age"),
    (Dimension::County, "By county"),
    (Dimension::Place, "By place"),
    (Dimension::Agency, "By agency"),
    (Dimension::Statute, "By section charged"),
    (Dimension::Conduct, "By conduct"),
    (Dimension::Origin, "By origin"),
    (Dimension::Service, "By service"),
    (Dimension::Benefit, "By benefit"),
    (Dimension::Programme, "By program"),
    (Dimension::Category, "By category"),
];

/// The table, absent when the measure was not sent in any other breakdown.
pub(super) fn exhibit(context: &Context<'_>, sent: &Sent<'_>) -> Option<Exhibit> {
    let quarters = sent.last_two();
    let latest = *quarters.first()?;
    let mut grid = Grid::new(format!("{}, by what else was counted", sent.label), &[""]);
    grid.head.extend(quarters.iter().map(|quarter| Column::number(words::quarter(*quarter))));
    let mut used: Vec<&ReportedFigure> = Vec::new();
    let apart = if sent.sums.is_empty() {
        as_sent(context, sent, &quarters, (&mut grid, &mut used))
    } else {
        grid.head.push(Column::words(format!("Who is in it, {}", words::quarter(latest))));
        summed(sent, &quarters, (&mut grid, &mut used))
    };
    if used.is_empty() {
        return None;
    }
    let groups = grid.rows.iter().filter(|row| row.is_group()).map(|row| row.head.plain());
    let groups: Vec<String> = groups.map(|group| group.to_lowercase()).collect();
    let title = match groups.as_slice() {
        few if few.len() <= 3 && !sent.sums.is_empty() => {
            format!("{} {}, as task forces sent them", sent.label, few.join(" and "))
        }
        _ => format!("{} as each task force sent them", sent.label),
    };
    let subtitle = format!("{}, raw counts, {}", sent.label, context.report.state);
    let anchor = format!("sent-{}-otherwise", sent.code);
    let mut exhibit =
        Exhibit::new(context, (&anchor, "Broken down"), Phrase::of(title), subtitle, &used);
    exhibit.grid = grid;
    exhibit.provenance.coverage = String::new();
    if apart {
        exhibit.cautions.push(Phrase::of(APART));
    }
    if sent.sums.is_empty() {
        exhibit.cautions.push(Phrase::of(
            "This measure does not add up over task forces: each number stands for itself.",
        ));
    }
    exhibit.cautions.push(Phrase::of(HIDDEN));
    Some(exhibit)
}

/// The state's sums by one dimension at a time; answers whether a section is set apart.
fn summed<'a>(
    sent: &Sent<'a>,
    quarters: &[Quarter],
    (grid, used): (&mut Grid, &mut Vec<&'a ReportedFigure>),
) -> bool {
    let mut apart = false;
    for (by, heading) in BY {
        let shown_as_series =
            sent.series.iter().any(|series| series.by.as_ref().is_some_and(|(own, _)| *own == by));
        let figures = sent.sums.by(&[by]).that(|figure| is_of(figure, quarters));
        if shown_as_series || figures.is_empty() {
            continue;
        }
        grid.rows.push(Row::group(heading));
        for (code, label) in figures.codes(by) {
            let here = figures.at(by, &code);
            let found: Vec<Option<&ReportedFigure>> = quarters
                .iter()
                .map(|quarter| here.that(|one| is_of(one, &[*quarter])).first())
                .collect();
            let mut cells: Vec<Phrase> = found.iter().map(|one| cell(*one)).collect();
            let behind = found.first().copied().flatten().and_then(|one| one.behind.as_ref());
            cells.push(Phrase::of(behind.map_or_else(String::new, who)));
            let kind = match by {
                Dimension::Statute if may_count_victims(&code) => RowKind::Apart,
                _ => RowKind::Plain,
            };
            apart |= kind == RowKind::Apart;
            grid.rows.push(Row { head: Phrase::of(words::capital(&label)), cells, kind });
            used.extend(found.into_iter().flatten());
        }
    }
    apart
}

/// What each task force sent, in the order of the register; answers whether a section is set apart.
fn as_sent<'a>(
    context: &Context<'_>,
    sent: &Sent<'a>,
    quarters: &[Quarter],
    (grid, used): (&mut Grid, &mut Vec<&'a ReportedFigure>),
) -> bool {
    let mut apart = false;
    for force in &context.report.task_forces {
        let own = sent.figures.at(Dimension::TaskForce, &force.code);
        let own = own.that(|figure| is_of(figure, quarters));
        let mut rows: Vec<(String, Vec<Option<&ReportedFigure>>)> = Vec::new();
        for figure in own.iter() {
            let name = breakdown(figure);
            let position = rows.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                rows.push((name, vec![None; quarters.len()]));
                rows.len() - 1
            });
            let column = quarters.iter().position(|quarter| is_of(figure, &[*quarter]));
            if let Some(column) = column {
                rows[position].1[column] = Some(figure);
            }
        }
        if !rows.is_empty() {
            grid.rows.push(Row::group(force.name.clone()));
        }
        for (name, found) in rows {
            let sections =
                found.iter().flatten().filter_map(|one| one.dimensions.get(&Dimension::Statute));
            let kind = match sections.into_iter().any(|(code, _)| may_count_victims(code)) {
                true => RowKind::Apart,
                false => RowKind::Plain,
            };
            apart |= kind == RowKind::Apart;
            let cells = found.iter().map(|one| cell(*one)).collect();
            grid.rows.push(Row { head: Phrase::of(name), cells, kind });
            used.extend(found.into_iter().flatten());
        }
    }
    apart
}

/// What a figure is broken down by besides its task force: `266h, Pimping; conduct: …`.
fn breakdown(figure: &ReportedFigure) -> String {
    let besides = figure.dimensions.iter().filter(|(by, _)| **by != Dimension::TaskForce);
    let named: Vec<String> = besides
        .map(|(by, (code, label))| match by {
            Dimension::Statute if !label.contains(code.as_str()) => format!("{code}, {label}"),
            Dimension::Conduct => format!("conduct: {}", label.to_lowercase()),
            _ => label.clone(),
        })
        .collect();
    if named.is_empty() { "All".to_owned() } else { words::capital(&named.join("; ")) }
}

fn is_of(figure: &ReportedFigure, quarters: &[Quarter]) -> bool {
    figure.period.state_quarter().is_some_and(|quarter| quarters.contains(&quarter))
}

fn cell(figure: Option<&ReportedFigure>) -> Phrase {
    figure.map_or_else(|| Phrase::absent("not sent"), |figure| Phrase::default().sent(figure))
}
