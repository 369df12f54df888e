//! Tables 3 and 4: assistance to victims, and letters of certification or eligibility.
//!
//! In: counts by benefit and fiscal year. Out: long tables with the totals their source states.

use records::{Dimension, Part};

use super::exhibit::{Column, Context, Exhibit, Grid, Row};
use super::statutes::cell;
use crate::phrase::Phrase;
use crate::select::Figures;
use crate::words;

/// How the codes end of what Tables 3 and 4 count, in the order of their source; others stand
/// before them.
const ORDER: [&str; 4] = ["cash_assistance", "calworks", "certification", "eligibility"];

/// Table 3: people helped by the state's assistance programme.
pub(crate) fn table_3(context: &Context<'_>) -> Option<Exhibit> {
    let figures = context.figures.measure("benefit_recipient");
    let title = first_and_last(
        &figures,
        Phrase::of("The state’s assistance program counted "),
        " recipients",
    );
    table(context, ("table-3", "Table 3"), &figures, title, "state fiscal years")
}

/// Table 4: letters that open federal benefits.
pub(crate) fn table_4(context: &Context<'_>) -> Option<Exhibit> {
    let figures = context.figures.measure("letter_issued");
    let title = first_and_last(&figures, Phrase::of("The federal government issued "), " letters");
    let mut exhibit =
        table(context, ("table-4", "Table 4"), &figures, title, "federal fiscal years")?;
    exhibit.cautions.push(Phrase::of(
        "Adults need a certification; children receive an eligibility letter. The total is both.",
    ));
    Some(exhibit)
}

/// Names the first and the last stated total, and no direction.
fn first_and_last(figures: &Figures<'_>, opening: Phrase, noun: &str) -> Phrase {
    let totals = figures.part(Part::Total);
    let periods = totals.periods();
    let at = |position: Option<&records::Period>| totals.period(*position?).first();
    match (at(periods.first()), at(periods.last())) {
        (Some(first), Some(last)) if periods.len() > 1 => opening
            .figure(last)
            .words(format!("{noun} in the last year listed, "))
            .figure(first)
            .words(" in the first"),
        (Some(only), _) => {
            opening.figure(only).words(format!("{noun}, {}", words::period(&only.period)))
        }
        _ => Phrase::of("Benefits and letters, by year"),
    }
}

fn table(
    context: &Context<'_>,
    names: (&str, &str),
    figures: &Figures<'_>,
    title: Phrase,
    years: &str,
) -> Option<Exhibit> {
    let used: Vec<_> = figures.iter().collect();
    let first = used.first()?;
    let periods = figures.periods();
    let subtitle = format!(
        "{}, raw counts, {}, {years}",
        words::capital(&first.measure_label),
        context.report.state
    );
    let cells = figures.part(Part::Cell);
    let mut benefits = cells.codes(Dimension::Benefit);
    benefits.sort_by_key(|(code, _)| ORDER.iter().position(|known| code.ends_with(known)));
    let mut grid = Grid::new(words::capital(years), &["Year"]);
    grid.head.extend(benefits.iter().map(|(_, label)| Column::number(words::capital(label))));
    grid.head.push(Column::total("Total as stated"));
    for period in periods {
        let mut row: Vec<Phrase> = benefits
            .iter()
            .map(|(code, _)| cell(cells.period(period).at(Dimension::Benefit, code).first()))
            .collect();
        row.push(cell(figures.part(Part::Total).period(period).first()));
        grid.rows.push(Row::plain(words::capital(&words::period(&period)), row));
    }
    let mut exhibit = Exhibit::new(context, names, title, subtitle, &used);
    exhibit.grid = grid;
    Some(exhibit)
}
