//! The county map: convictions under 236.1 by county of the state.
//!
//! In: conviction figures by county, and the counties' shapes. Out: a map in three states (a
//! number, a name without a number, no report) and the same as a table. Counts, never rates: no
//! population is shipped.

use std::collections::BTreeSet;

use records::Dimension;

use super::exhibit::{Context, Exhibit, Grid, Row, listed};
use super::statutes::label;
use crate::charts::{CountyMap, CountyMark};
use crate::phrase::Phrase;
use crate::words::{self, Look};
use crate::{CountyShape, ReportedFigure, StateReport};

/// The map, absent when no county is named.
pub(crate) fn exhibit(context: &Context<'_>) -> Option<Exhibit> {
    let convictions = context.figures.measure("conviction");
    let by_county = convictions.by(&[Dimension::County, Dimension::Statute]);
    let by_county =
        if by_county.is_empty() { convictions.by(&[Dimension::County]) } else { by_county };
    let period = *by_county.periods().last()?;
    let named: Vec<_> = by_county.period(period).iter().collect();
    let shares = context.figures.measure("conviction_share").that(|figure| {
        figure.dimensions.contains_key(&Dimension::County) && figure.period == period
    });
    let used: Vec<_> = named.iter().copied().chain(shares.iter()).collect();

    let subtitle = format!(
        "Convictions under section 236.1, raw counts (no rates: the report ships no population), \
         counties of {}, {}",
        context.report.state,
        words::period(&period)
    );
    let mut exhibit = Exhibit::new(context, ("county-map", "Map"), title(&named), subtitle, &used);
    if !context.report.counties.is_empty() {
        let counties =
            context.report.counties.iter().map(|shape| (shape, state_of(shape, &named))).collect();
        let map = CountyMap { id: "county-map".to_owned(), counties };
        exhibit.drawing = Some(map.draw(&exhibit.title.plain()));
        exhibit.map_key = true;
    }
    let mut grid = Grid::new("By county", &["County", "Convictions", "Share, as stated"]);
    for figure in &named {
        let share = shares.at(Dimension::County, code(figure)).first();
        let share = share.map_or_else(Phrase::not_in_source, Phrase::figure_alone);
        let name = label(figure, Dimension::County);
        grid.rows.push(Row::plain(name, vec![Phrase::figure_alone(figure), share]));
    }
    exhibit.grid = grid;
    exhibit.cautions.extend(silent(context.report, &named));
    Some(exhibit)
}

fn code(figure: &ReportedFigure) -> &str {
    figure.dimensions.get(&Dimension::County).map_or("", |(code, _)| code.as_str())
}

/// Says how many counties are named, and the numbers when they are few.
fn title(named: &[&ReportedFigure]) -> Phrase {
    let numbers: Vec<_> =
        named.iter().filter(|figure| words::length(&figure.value).is_some()).collect();
    let counties = if named.len() == 1 { "county is" } else { "counties are" };
    let title = Phrase::of(format!(
        "{} {counties} named as having convictions under 236.1; ",
        words::capital(&words::count(named.len())),
    ));
    match numbers.as_slice() {
        [one] => title
            .words(format!("a number is stated for one, {}: ", label(one, Dimension::County)))
            .figure(one),
        several => title.words(format!("a number is stated for {}", words::count(several.len()))),
    }
}

fn state_of(shape: &CountyShape, named: &[&ReportedFigure]) -> CountyMark {
    let Some(figure) = named.iter().find(|figure| code(figure) == shape.code) else {
        return CountyMark::NoReport;
    };
    match Look::of(&figure.value) {
        Look::Raw => CountyMark::Number(words::value(&figure.value, figure.unit)),
        Look::Hidden => CountyMark::Hidden,
        _ => CountyMark::Named,
    }
}

/// Names the counties that no report names, and says what that does not mean.
fn silent(report: &StateReport, named: &[&ReportedFigure]) -> Option<Phrase> {
    let known: BTreeSet<&str> = named.iter().map(|figure| code(figure)).collect();
    let names: Vec<&str> = report
        .counties
        .iter()
        .filter(|shape| !known.contains(shape.code.as_str()))
        .map(|shape| shape.name.as_str())
        .collect();
    if names.is_empty() {
        return None;
    }
    Some(Phrase::of(format!(
        "No report is not no cases. For {} counties the source names no conviction and says \
         nothing else: {}.",
        words::count(names.len()),
        listed(&names),
    )))
}
