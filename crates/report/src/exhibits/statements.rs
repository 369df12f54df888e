//! Figures of different definitions side by side, the hotline, and whatever else was stated.
//!
//! In: figures that others state. Out: cards and tables that attribute every number. Nothing is
//! summed, subtracted or compared: each number keeps its own definition.

use records::{Dimension, Unit};

use super::exhibit::{Card, Context, Exhibit, Grid, Row};
use crate::phrase::Phrase;
use crate::place::narrowest;
use crate::{ReportedFigure, words};

const NEVER_SUMMED: &str = "These numbers have different definitions. They stand side by side and \
    are never added up or subtracted.";

/// Cases known to a coalition and to police in the same place and year.
pub(crate) fn kern(context: &Context<'_>) -> Option<Exhibit> {
    let coalition = context.figures.measure("case_known_coalition").first()?;
    let police = context.figures.measure("case_known_police").period(coalition.period).first()?;
    let title = Phrase::of(opening(coalition, &context.report.state))
        .figure(coalition)
        .words(" cases known to a coalition, ")
        .figure(police)
        .words(" to police, by different definitions");
    let names = ("kern", "Side by side");
    Some(side_by_side(context, names, title, &[coalition, police]))
}

/// People “rescued”, in the words of a police chief, and arrests stated by police.
pub(crate) fn fresno(context: &Context<'_>) -> Option<Exhibit> {
    let chief = context.figures.measure("victim_rescued_stated").first()?;
    let police =
        context.figures.measure("trafficking_arrest_stated").period(chief.period).first()?;
    let title = Phrase::of(opening(chief, &context.report.state))
        .figure(police)
        .words(" arrests stated by police; ")
        .figure(chief)
        .words(format!(" people “rescued”, as said by {}", chief.reporter.1));
    let names = ("fresno", "Side by side");
    let mut exhibit = side_by_side(context, names, title, &[police, chief]);
    exhibit.cautions.push(Phrase::of(
        "“Rescued” is the speaker’s word; the source does not say how it was counted.",
    ));
    Some(exhibit)
}

/// Where and when: `Kern, 2016: `.
fn opening(figure: &ReportedFigure, state: &str) -> String {
    format!("{}, {}: ", narrowest(figure, state), words::period(&figure.period))
}

fn side_by_side(
    context: &Context<'_>,
    names: (&str, &str),
    title: Phrase,
    figures: &[&ReportedFigure],
) -> Exhibit {
    let subtitle =
        format!("Raw counts as stated, {}", narrowest(figures[0], &context.report.state));
    let mut exhibit = Exhibit::new(context, names, title, subtitle, figures);
    exhibit.cards = figures.iter().map(|figure| card(figure)).collect();
    exhibit.cautions.push(Phrase::of(NEVER_SUMMED));
    exhibit
}

/// The calls, cases and people of the national hotline.
pub(crate) fn hotline(context: &Context<'_>) -> Option<Exhibit> {
    let figures = context
        .figures
        .that(|figure| figure.measure.starts_with("hotline_") && figure.unit != Unit::Percent);
    let used: Vec<_> = figures.iter().collect();
    let first = used.first()?;
    let calls = figures.measure("hotline_call");
    let national = calls.by(&[Dimension::Place]).first();
    let local = calls.by(&[]).first();
    let title = match (national, local) {
        (Some(national), Some(local)) => Phrase::of("The national hotline took ")
            .figure(national)
            .words(" calls, ")
            .figure(local)
            .words(format!(" of them from {}", context.report.state)),
        _ => Phrase::of("What the national hotline counted"),
    };
    let subtitle =
        format!("Hotline calls, cases and people, raw counts, {}", words::period(&first.period));
    let mut exhibit = Exhibit::new(context, ("hotline", "Hotline"), title, subtitle, &used);
    exhibit.grid = listing(context, &used, "Hotline");
    exhibit.cautions.push(Phrase::of(
        "A call, a case and a person are three units: one case may take many calls.",
    ));
    Some(exhibit)
}

/// Every state-wide or attributed figure that no chart or table has shown yet.
pub(crate) fn everything_else(context: &Context<'_>) -> Option<Exhibit> {
    let rest = context.figures.that(|figure| {
        !context.shown.has(figure)
            && !figure.dimensions.contains_key(&Dimension::TaskForce)
            && !figure.dimensions.contains_key(&Dimension::Agency)
    });
    let used: Vec<_> = rest.iter().collect();
    if used.is_empty() {
        return None;
    }
    let title = Phrase::of("Other numbers that were stated, each with who stated it");
    let subtitle = "As stated; units differ from row to row".to_owned();
    let mut exhibit =
        Exhibit::new(context, ("other-statements", "Other statements"), title, subtitle, &used);
    exhibit.grid = listing(context, &used, "Other statements");
    exhibit.cautions.push(Phrase::of(NEVER_SUMMED));
    Some(exhibit)
}

fn listing(context: &Context<'_>, figures: &[&ReportedFigure], caption: &str) -> Grid {
    let mut grid =
        Grid::new(caption, &["What was counted", "~Place", "~Period", "~Stated by", "Number"]);
    for figure in figures {
        let cells = vec![
            Phrase::of(narrowest(figure, &context.report.state)),
            Phrase::of(words::capital(&words::period(&figure.period))),
            Phrase::of(figure.reporter.1.clone()),
            Phrase::figure_alone(figure),
        ];
        grid.rows.push(Row::plain(described(figure), cells));
    }
    grid
}

fn card(figure: &ReportedFigure) -> Card {
    Card {
        value: Phrase::figure_alone(figure),
        what: described(figure),
        who: figure.reporter.1.clone(),
        when: words::period(&figure.period),
    }
}

/// What was counted, with everything it is broken down by but the place.
pub(crate) fn described(figure: &ReportedFigure) -> String {
    let mut text = words::capital(&crate::said::quoted(&figure.measure_label));
    for (dimension, (_, label)) in &figure.dimensions {
        if *dimension > Dimension::Agency {
            text.push_str(&format!(", {label}"));
        }
    }
    text
}
