//! Tables 1 and 2, and convictions counted by conduct beside those counted by statute.
//!
//! In: arrests and convictions by section of the penal code and year. Out: long tables with the
//! totals their source states. Nothing is added up here: a section under which the people
//! arrested may themselves be victims is set apart and enters no total.

use records::{Dimension, Part, Period};

use super::exhibit::{Column, Context, Exhibit, Grid, Row, RowKind};
use crate::charts::{Bar, Bars, Mark, Tone};
use crate::phrase::Phrase;
use crate::select::Figures;
use crate::{ReportedFigure, words};

/// The section whose arrests and convictions Table 1 shows.
const TRAFFICKING: &str = "236.1";

/// Sections under which those arrested may themselves be victims of trafficking.
pub(super) fn may_count_victims(section: &str) -> bool {
    section.starts_with("653.22") || section.starts_with("647(b)")
}

pub(super) const APART: &str = "Set apart: the people arrested and convicted under 653.22(A), loitering with \
    intent to commit prostitution, may themselves be victims of trafficking. The section was \
    repealed from 2023. Its numbers enter no total of trafficking, conduct or offenders.";

const DATED: &str = "Convictions are dated to the day of the arrest, so the number for a year can \
    still grow as its cases end. Arrests are not a measure of success.";

/// Table 1: arrests and convictions under 236.1, year by year.
pub(crate) fn table_1(context: &Context<'_>) -> Option<Exhibit> {
    let under = |measure: &str| {
        context
            .figures
            .measure(measure)
            .by(&[Dimension::Statute])
            .at(Dimension::Statute, TRAFFICKING)
    };
    let (arrests, convictions) = (under("arrest_recorded"), under("conviction"));
    if arrests.is_empty() && convictions.is_empty() {
        return None;
    }
    let used: Vec<_> = arrests.iter().chain(convictions.iter()).collect();
    let total = |figures: &Figures<'_>| figures.part(Part::Total).first().cloned();
    let title = match (total(&arrests), total(&convictions)) {
        (Some(arrests), Some(convictions)) => Phrase::of("The state counts ")
            .figure(&arrests)
            .words(" arrests and ")
            .figure(&convictions)
            .words(format!(
                " convictions under section 236.1, {}",
                words::period(&convictions.period)
            )),
        _ => Phrase::of("Arrests and convictions under section 236.1, by year of arrest"),
    };
    let subtitle = format!(
        "Arrests recorded and convictions, raw counts, {}, by year of arrest",
        context.report.state
    );
    let mut exhibit = Exhibit::new(context, ("table-1", "Table 1"), title, subtitle, &used);
    let mut grid =
        Grid::new("Penal Code 236.1, human trafficking", &["Year", "Arrests", "Convictions"]);
    let mut add = |part: Part, period: Period| {
        let cell = |figures: &Figures<'_>| cell(figures.part(part).period(period).first());
        let (name, kind) = match part {
            Part::Cell => (words::period(&period), RowKind::Plain),
            Part::Total => ("Total as stated".to_owned(), RowKind::Total),
        };
        grid.rows.push(Row {
            head: Phrase::of(words::capital(&name)),
            cells: vec![cell(&arrests), cell(&convictions)],
            kind,
        });
    };
    let everything = arrests.and(&convictions);
    for part in [Part::Cell, Part::Total] {
        for period in everything.part(part).periods() {
            add(part, period);
        }
    }
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(DATED));
    Some(exhibit)
}

/// Table 2: convictions under other sections, each with its own total.
pub(crate) fn table_2(context: &Context<'_>) -> Option<Exhibit> {
    let figures = context
        .figures
        .measure("conviction")
        .by(&[Dimension::Statute])
        .that(|figure| section(figure) != TRAFFICKING);
    let periods = figures.part(Part::Cell).periods();
    let used: Vec<_> = figures.iter().collect();
    if used.is_empty() {
        return None;
    }
    let sections = figures.codes(Dimension::Statute);
    let (apart, counted): (Vec<_>, Vec<_>) =
        sections.iter().partition(|(code, _)| may_count_victims(code));
    let total = |code: &str| figures.at(Dimension::Statute, code).part(Part::Total).first();

    let title = title_2(&counted, total);
    let subtitle = format!(
        "Convictions, raw counts, {}, by section charged and year of arrest",
        context.report.state
    );
    let mut exhibit = Exhibit::new(context, ("table-2", "Table 2"), title, subtitle, &used);
    let mut grid = Grid::new("Convictions by section of the Penal Code", &["Section"]);
    grid.head.extend(periods.iter().map(|period| Column::number(short_year(*period))));
    grid.head.push(Column::total("Total as stated"));
    for (code, label) in counted.iter().chain(&apart) {
        let mut cells: Vec<Phrase> = periods
            .iter()
            .map(|period| {
                let figures = figures.at(Dimension::Statute, code).part(Part::Cell);
                cell(figures.period(*period).first())
            })
            .collect();
        cells.push(cell(total(code)));
        let kind = if may_count_victims(code) { RowKind::Apart } else { RowKind::Plain };
        let set_apart = if kind == RowKind::Apart { "Set apart: " } else { "" };
        let head = Phrase::of(format!("{set_apart}{}", name(code, label)));
        grid.rows.push(Row { head, cells, kind });
    }
    exhibit.grid = grid;
    if !apart.is_empty() {
        exhibit.cautions.push(Phrase::of(APART));
    }
    exhibit.cautions.push(Phrase::of(
        "Each section stands by itself: not every conviction under it concerns trafficking, and \
         the rows are not added up.",
    ));
    Some(exhibit)
}

fn title_2<'a>(
    counted: &[&(String, String)],
    total: impl Fn(&str) -> Option<&'a ReportedFigure>,
) -> Phrase {
    let totals: Vec<_> =
        counted.iter().filter_map(|(code, _)| Some((code, total(code)?))).collect();
    let mut title = Phrase::of("Convictions under other sections: ");
    for (position, (code, figure)) in totals.iter().enumerate() {
        let between = match position {
            0 => "",
            _ if position + 1 == totals.len() => " and ",
            _ => ", ",
        };
        title = title.words(between).figure(figure).words(format!(" under {code}"));
    }
    if totals.is_empty() { Phrase::of("Convictions under other sections") } else { title }
}

/// Convictions that a unit counts by conduct, beside those of them under 236.1.
pub(crate) fn conduct_and_statute(context: &Context<'_>) -> Option<Exhibit> {
    let convictions = context.figures.measure("conviction");
    let by_conduct = convictions.by(&[Dimension::Conduct]).first()?;
    let by_statute = convictions
        .by(&[Dimension::Statute, Dimension::Conduct])
        .from(&by_conduct.reporter.0)
        .period(by_conduct.period)
        .first()?;
    let share = context
        .figures
        .measure("conviction_share")
        .from(&by_conduct.reporter.0)
        .period(by_conduct.period)
        .first();
    let used: Vec<_> = [by_conduct, by_statute].into_iter().chain(share).collect();
    let title = Phrase::default()
        .figure(by_conduct)
        .words(" convictions counted by conduct, ")
        .figure(by_statute)
        .words(format!(" of them under section {}", section(by_statute)));
    let subtitle = format!(
        "Convictions, raw counts, {}, {}",
        by_conduct.reporter.1,
        words::period(&by_conduct.period)
    );
    let names = ("conduct-and-statute", "By conduct and by statute");
    let mut exhibit = Exhibit::new(context, names, title, subtitle, &used);
    let conduct = format!("By conduct: {}", label(by_conduct, Dimension::Conduct));
    let statute = format!("Of these, by statute: {}", section(by_statute));
    let chart = Bars {
        id: names.0.to_owned(),
        bars: vec![
            bar(conduct.clone(), by_conduct, Tone::Plain),
            bar(statute.clone(), by_statute, Tone::Other),
        ],
        whole: None,
        made_up: false,
    };
    exhibit.drawing = Some(chart.draw(&exhibit.title.plain()));
    let mut grid = Grid::new("By conduct and by statute", &["", "Convictions"]);
    grid.rows.push(Row::plain(conduct, vec![Phrase::figure_alone(by_conduct)]));
    grid.rows.push(Row::plain(statute, vec![Phrase::figure_alone(by_statute)]));
    if let Some(share) = share {
        grid.rows.push(Row::plain("Share, as stated", vec![Phrase::figure_alone(share)]));
    }
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(
        "Conduct and section charged are two counts. A count by statute alone leaves out \
         trafficking that was charged under another section.",
    ));
    Some(exhibit)
}

fn bar(label: String, figure: &ReportedFigure, tone: Tone) -> Bar {
    let mark: Mark = super::mark(figure);
    Bar { label, value: words::value(&figure.value, figure.unit), mark, tone, derived: false }
}

/// A figure in a table, or the words that the source has none.
pub(super) fn cell(figure: Option<&ReportedFigure>) -> Phrase {
    figure.map_or_else(Phrase::not_in_source, Phrase::figure_alone)
}

fn section(figure: &ReportedFigure) -> &str {
    figure.dimensions.get(&Dimension::Statute).map_or("", |(code, _)| code.as_str())
}

pub(super) fn label(figure: &ReportedFigure, by: Dimension) -> String {
    figure.dimensions.get(&by).map_or_else(String::new, |(_, label)| label.clone())
}

/// `266h, pimping`, whatever the register's label says already.
fn name(code: &str, label: &str) -> String {
    if label.contains(code) || label.is_empty() {
        label.to_owned()
    } else {
        format!("{code}, {}", label.to_lowercase())
    }
}

/// A year in a narrow column: `2007`, `2012, to September`.
fn short_year(period: Period) -> String {
    match (period.start(), period.end()) {
        (Some(start), Some(end)) if start.year() == end.year() && end.month() < 12 => {
            let month = words::day(end);
            let month = month.split(' ').next().unwrap_or_default();
            format!("{}, to {month}", start.year())
        }
        _ => words::period(&period),
    }
}
