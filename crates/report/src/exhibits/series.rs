//! Charts 1 to 3, 7 and 8: one measure over the quarters of the report.
//!
//! In: the measure's figures for the whole state. Out: columns for the quarters that are stated,
//! a gap for those that are not, the stated total in the subtitle. The title compares the first
//! and the last quarter only together with how many task forces reported in each.

use records::{Period, Quarter};

use super::exhibit::{Context, Exhibit, Grid, Row, RowKind};
use crate::charts::{Mark, Quarters, Slot};
use crate::phrase::Phrase;
use crate::{ReportedFigure, StateReport, words};

/// What one of these charts shows, in words that fit its title.
struct Series {
    anchor: &'static str,
    number: &'static str,
    measure: &'static str,
    /// `Task forces opened`, before the number.
    opening: &'static str,
    /// `investigations`, behind the number.
    noun: &'static str,
    caution: Option<&'static str>,
}

/// The charts of the 2012 report that are series.
const SERIES: [Series; 5] = [
    Series {
        anchor: "chart-1",
        number: "Chart 1",
        measure: "investigation_initiated",
        opening: "Task forces opened ",
        noun: " investigations",
        caution: None,
    },
    Series {
        anchor: "chart-2",
        number: "Chart 2",
        measure: "victim_identified",
        opening: "Task forces identified ",
        noun: " victims",
        caution: None,
    },
    Series {
        anchor: "chart-3",
        number: "Chart 3",
        measure: "individual_arrested",
        opening: "Task forces arrested ",
        noun: " people",
        caution: Some(
            "An arrest is not a conviction, and the number of arrests measures no success.",
        ),
    },
    Series {
        anchor: "chart-7",
        number: "Chart 7",
        measure: "individual_trained",
        opening: "Task forces trained ",
        noun: " people",
        caution: None,
    },
    Series {
        anchor: "chart-8",
        number: "Chart 8",
        measure: "victim_served",
        opening: "Organizations served ",
        noun: " victims",
        caution: Some(
            "A person served by two organizations is counted by both, so double counting is \
             likely. People identified (Chart 2) and people served are two measures; how many are \
             in both was not measured.",
        ),
    },
];

/// The chart of that number, absent when nobody states its measure for the whole state: quarters
/// that are only sums stand with what the task forces sent.
pub(crate) fn exhibit(context: &Context<'_>, anchor: &str) -> Option<Exhibit> {
    let series = SERIES.iter().find(|series| series.anchor == anchor)?;
    let only_summed = !super::sent::is_stated(context, series.measure);
    if only_summed {
        return None;
    }
    let all = context.figures.measure(series.measure).by(&[]);
    let quarterly = all.that(|figure| is_quarter(figure.period));
    let total = context.figures.whole(series.measure);
    let span = match total {
        Some(total) => total.period,
        None => spanned(&quarterly.periods())?,
    };
    let quarters: Vec<Quarter> = quarters_of(span);
    let stated: Vec<Option<&ReportedFigure>> =
        quarters.iter().map(|quarter| quarterly.period(quarter.period()).first()).collect();

    let title = title(series, &stated, total)?;
    let used: Vec<&ReportedFigure> = stated.iter().flatten().copied().chain(total).collect();
    let subtitle = subtitle(context.report, &used, total, span);
    let mut exhibit = Exhibit::new(context, (series.anchor, series.number), title, subtitle, &used);
    if stated.iter().flatten().count() > 1 {
        exhibit.both_ends = both_ends(context.report, quarters.first(), quarters.last());
    }
    let chart = Quarters {
        id: series.anchor.to_owned(),
        drawn: Quarters::DRAWN.to_owned(),
        slots: slots(&quarters, &stated),
    };
    exhibit.drawing = Some(chart.draw(&exhibit.title.plain()));
    exhibit.grid = grid(&quarters, &stated, total);
    exhibit.cautions.extend(series.caution.map(Phrase::of));
    Some(exhibit)
}

fn is_quarter(period: Period) -> bool {
    period.start().is_some_and(|start| Quarter::containing(start).period() == period)
}

fn spanned(periods: &[Period]) -> Option<Period> {
    let start = periods.iter().filter_map(Period::start).min()?;
    let end = periods.iter().filter_map(Period::end).max()?;
    Period::new(Some(start), Some(end)).ok()
}

/// The quarters of a period, at most forty.
fn quarters_of(span: Period) -> Vec<Quarter> {
    match (span.start(), span.end()) {
        (Some(start), Some(end)) => {
            Quarter::containing(start).up_to(Quarter::containing(end)).take(40).collect()
        }
        _ => Vec::new(),
    }
}

/// Says what the last and the first quarter were, never what lay between or where it goes.
fn title(
    series: &Series,
    stated: &[Option<&ReportedFigure>],
    total: Option<&ReportedFigure>,
) -> Option<Phrase> {
    let opening = Phrase::of(series.opening);
    let (first, last) = (stated.first().copied().flatten(), stated.last().copied().flatten());
    match (first, last, total) {
        (Some(first), Some(last), _) if stated.len() > 1 => Some(
            opening
                .figure(last)
                .words(format!("{} in the last quarter reported, ", series.noun))
                .figure(first)
                .words(" in the first"),
        ),
        (_, _, Some(total)) => {
            let title = opening.figure(total).words(series.noun);
            let none = stated.iter().all(Option::is_none);
            Some(if none {
                title.words(" in all; the numbers by quarter are not in the source")
            } else {
                title.words(" in all")
            })
        }
        _ => {
            let known = stated.iter().flatten().next()?;
            let when = words::period(&known.period);
            Some(opening.figure(known).words(format!("{} in {when}", series.noun)))
        }
    }
}

/// Measure, unit, place, period, and the total where it is stated.
fn subtitle(
    report: &StateReport,
    used: &[&ReportedFigure],
    total: Option<&ReportedFigure>,
    span: Period,
) -> String {
    let label = used.first().map_or("", |figure| figure.measure_label.as_str());
    let mut text =
        format!("{}, raw count, {}, {}", words::capital(label), report.state, words::period(&span));
    if let Some(total) = total {
        text.push_str(&format!("; {} in all", words::value(&total.value, total.unit)));
    }
    text
}

/// How many task forces were reporting at both ends, and who joined in between.
fn both_ends(
    report: &StateReport,
    first: Option<&Quarter>,
    last: Option<&Quarter>,
) -> Option<String> {
    let (start, end) = (first?.period().start()?, last?.period().start()?);
    let since = |day| {
        let joined =
            |force: &&crate::TaskForceShown| force.reports_from.is_some_and(|at| at <= day);
        report.task_forces.iter().filter(joined).count()
    };
    let unknown = report.task_forces.iter().filter(|force| force.reports_from.is_none()).count();
    if report.task_forces.len() == unknown {
        return Some("How many task forces reported in each quarter is not in the source.".into());
    }
    let (at_start, at_end) = (since(start), since(end));
    let mut text = format!(
        "{} task forces were reporting in the first quarter and {} in the last; {} at both ends.",
        words::capital(&words::count(at_start)),
        words::count(at_end),
        words::count(at_start),
    );
    for force in &report.task_forces {
        if let Some(joined) = force.reports_from.filter(|joined| *joined > start && *joined <= end)
        {
            text.push_str(&format!(" {} joined on {}.", force.name, words::day(joined)));
        }
    }
    if unknown > 0 {
        text.push_str(&format!(
            " Since when {} more report is not in the source.",
            words::count(unknown)
        ));
    }
    Some(text)
}

fn slots(quarters: &[Quarter], stated: &[Option<&ReportedFigure>]) -> Vec<Slot> {
    let slot = |(quarter, figure): (&Quarter, &Option<&ReportedFigure>)| Slot {
        name: words::quarter(*quarter),
        label: words::quarter_short(*quarter),
        value: figure.map_or_else(String::new, |figure| words::value(&figure.value, figure.unit)),
        mark: figure.map_or(Mark::NotInSource, super::mark),
    };
    quarters.iter().zip(stated).map(slot).collect()
}

fn grid(
    quarters: &[Quarter],
    stated: &[Option<&ReportedFigure>],
    total: Option<&ReportedFigure>,
) -> Grid {
    let mut grid = Grid::new("By quarter", &["Quarter", "Count"]);
    if stated.iter().all(Option::is_none) {
        let each = format!("Each of the {} quarters", words::count(quarters.len()));
        grid.rows.push(Row::plain(each, vec![Phrase::not_in_source()]));
    } else {
        for (quarter, figure) in quarters.iter().zip(stated) {
            let cell = figure.map_or_else(Phrase::not_in_source, Phrase::figure_alone);
            grid.rows.push(Row::plain(words::quarter(*quarter), vec![cell]));
        }
    }
    if let Some(total) = total {
        grid.rows.push(Row {
            head: Phrase::of("Total as stated"),
            cells: vec![Phrase::figure_alone(total)],
            kind: RowKind::Total,
        });
    }
    grid
}
