//! Charts 4 to 6: shares of a whole, with their own periods.
//!
//! In: percentages by type of trafficking or by origin. Out: bars from zero on a track of one
//! hundred. Sex and labor trafficking are two bars before anything else; a share that was worked
//! out instead of stated is striped and says "derived".

use records::Dimension;

use super::exhibit::{Context, Exhibit, Grid, Row};
use crate::charts::{Bar, Bars, Tone};
use crate::phrase::Phrase;
use crate::place::PLACES;
use crate::select::Figures;
use crate::{ReportedFigure, words};

/// Shares by type among people who were served.
pub(crate) fn chart_4(context: &Context<'_>) -> Option<Exhibit> {
    let shares = of_one_period(&context.figures.measure("victim_served_share"), TYPE)?;
    let title = with_types(Phrase::of("Of the people served, "), &shares, "were recorded as");
    let place = &context.report.state;
    Some(exhibit(context, ("chart-4", "Chart 4"), title, place, &shares, None))
}

/// Shares by country of origin, where it was identified.
pub(crate) fn chart_5(context: &Context<'_>) -> Option<Exhibit> {
    let shares = of_one_period(&context.figures.measure("victim_origin_share"), Dimension::Origin)?;
    let stated = shares.iter().find(|figure| !derived(figure)).or(shares.first())?;
    let title = Phrase::of("Where the country of origin was identified, ")
        .figure(stated)
        .words(format!(" of victims came from {}", name(stated, Dimension::Origin)));
    let place = &context.report.state;
    let base = context.figures.measure("victim_with_origin_identified").by(&[]).first();
    Some(exhibit(context, ("chart-5", "Chart 5"), title, place, &shares, base))
}

/// Shares by type among hotline cases with enough information.
pub(crate) fn chart_6(context: &Context<'_>) -> Option<Exhibit> {
    let shares = of_one_period(&context.figures.measure("hotline_case_share"), TYPE)?;
    let base = context.figures.measure("hotline_case").period(shares.first()?.period).first();
    let opening = match base {
        Some(base) => {
            Phrase::of("Of ").figure(base).words(" hotline cases with much information, ")
        }
        None => Phrase::of("Of hotline cases with much information, "),
    };
    let title = with_types(opening, &shares, "concerned");
    let place = format!("cases in {}", context.report.state);
    Some(exhibit(context, ("chart-6", "Chart 6"), title, &place, &shares, base))
}

const TYPE: Dimension = Dimension::TraffickingType;

/// The shares of the latest period that has any, sex and labor first.
fn of_one_period<'a>(figures: &Figures<'a>, by: Dimension) -> Option<Vec<&'a ReportedFigure>> {
    let figures = figures.that(|figure| {
        figure.dimensions.contains_key(&by)
            && PLACES.iter().all(|place| !figure.dimensions.contains_key(place))
    });
    let period = *figures.periods().last()?;
    let mut shares: Vec<_> = figures.period(period).iter().collect();
    shares.sort_by_key(|figure| (place_in_order(figure, by), derived(figure)));
    Some(shares)
}

fn place_in_order(figure: &ReportedFigure, by: Dimension) -> usize {
    match code(figure, by) {
        "sex" | "us" => 0,
        "labor" => 1,
        _ => 2,
    }
}

fn code(figure: &ReportedFigure, by: Dimension) -> &str {
    figure.dimensions.get(&by).map_or("", |(code, _)| code.as_str())
}

fn name(figure: &ReportedFigure, by: Dimension) -> String {
    let label = figure.dimensions.get(&by).map_or("", |(_, label)| label.as_str());
    if code(figure, by) == "us" {
        format!("the {}", label.trim_start_matches("the "))
    } else {
        label.to_owned()
    }
}

/// Whether the return says that a value was worked out instead of stated.
fn derived(figure: &ReportedFigure) -> bool {
    figure.note.as_deref().is_some_and(|note| note.to_lowercase().contains("derived"))
}

/// Names every type with its share, one by one.
fn with_types(opening: Phrase, shares: &[&ReportedFigure], verb: &str) -> Phrase {
    let mut title = opening;
    let stated: Vec<_> = shares.iter().filter(|figure| !derived(figure)).collect();
    for (position, figure) in stated.iter().enumerate() {
        let between = match position {
            0 => "",
            _ if position + 1 == stated.len() => " and ",
            _ => ", ",
        };
        title = title.words(between).figure(figure);
        if position == 0 {
            title = title.words(format!(" {verb}"));
        }
        title = title.words(format!(" {}", type_in_words(figure)));
    }
    title
}

fn type_in_words(figure: &ReportedFigure) -> String {
    match code(figure, TYPE) {
        "sex" => "sex trafficking".to_owned(),
        "labor" => "labor trafficking".to_owned(),
        code if code.contains("unclassified") => "other, without classification".to_owned(),
        _ => name(figure, TYPE),
    }
}

fn exhibit(
    context: &Context<'_>,
    names: (&str, &str),
    title: Phrase,
    place: &str,
    shares: &[&ReportedFigure],
    base: Option<&ReportedFigure>,
) -> Exhibit {
    let used: Vec<_> = shares.iter().copied().chain(base).collect();
    let (label, period) = shares.first().map_or_else(Default::default, |figure| {
        (figure.measure_label.clone(), words::period(&figure.period))
    });
    let mut subtitle = format!("{}, percent, {place}, {period}", words::capital(&label));
    if let Some(base) = base {
        subtitle.push_str(&format!("; base: {}", words::value(&base.value, base.unit)));
    }
    let mut exhibit = Exhibit::new(context, names, title, subtitle, &used);
    let typed = shares.iter().all(|figure| !code(figure, TYPE).is_empty());
    let by = if typed { TYPE } else { Dimension::Origin };
    let chart = Bars {
        id: names.0.to_owned(),
        bars: shares.iter().map(|figure| bar(figure, by)).collect(),
        whole: Some(100.0),
        made_up: false,
    };
    exhibit.drawing = Some(chart.draw(&exhibit.title.plain()));
    exhibit.grid = Grid::new("The shares", &["", "Share"]);
    for figure in shares {
        let cell = Phrase::figure_alone(figure);
        let cell = if derived(figure) { cell.words(" derived") } else { cell };
        exhibit.grid.rows.push(Row::plain(words::capital(&label_of(figure, by)), vec![cell]));
    }
    if let Some(base) = base {
        exhibit.grid.rows.push(Row::plain("Base (a count)", vec![Phrase::figure_alone(base)]));
    }
    if Some(context.report.period) != shares.first().map(|figure| figure.period) {
        exhibit.cautions.push(Phrase::of(format!(
            "This chart has a period of its own ({period}); compare with care."
        )));
    }
    if shares.iter().any(|figure| derived(figure)) {
        exhibit.cautions.push(Phrase::of(
            "“Derived” marks a remainder that was worked out; the source states the other shares.",
        ));
    }
    exhibit
}

fn label_of(figure: &ReportedFigure, by: Dimension) -> String {
    figure.dimensions.get(&by).map_or_else(String::new, |(_, label)| label.clone())
}

fn bar(figure: &ReportedFigure, by: Dimension) -> Bar {
    Bar {
        label: words::capital(&label_of(figure, by)),
        value: words::value(&figure.value, figure.unit),
        mark: super::mark(figure),
        tone: match code(figure, by) {
            "sex" => Tone::Sex,
            "labor" => Tone::Labor,
            _ if by == TYPE => Tone::Other,
            _ => Tone::Plain,
        },
        derived: derived(figure),
    }
}
