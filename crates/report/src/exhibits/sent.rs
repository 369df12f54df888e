//! What the task forces sent: sums by quarter, by task force, and by whatever else was counted.
//!
//! In: figures that task forces sent and that no source has published, and their sums. Out: for
//! each measure an exhibit by state quarter (sex and labor apart before any total), one by task
//! force in the order of the register, and one by everything else. Nothing is added up here: a sum
//! that is not in the report is a gap with its reason.
//!
//! | module | what |
//! |---|---|
//! | `quarters` | the state, quarter by quarter |
//! | `task_forces` | each task force, the last quarter and the one before |
//! | `otherwise` | by county, agency, statute, conduct and so on |

mod otherwise;
mod quarters;
mod task_forces;

use std::collections::BTreeSet;

use records::{Dimension, Quarter, Standing};

use super::exhibit::{Context, Exhibit};
use crate::charts::Tone;
use crate::select::Figures;
use crate::{Behind, ReportedFigure, words};

/// Measures in reading order, each with the chart of the 2012 report that shows it; the others
/// follow by code.
const ORDER: [(&str, &str, &str); 5] = [
    ("investigation_initiated", "chart-1", "Chart 1"),
    ("victim_identified", "chart-2", "Chart 2"),
    ("individual_arrested", "chart-3", "Chart 3"),
    ("victim_served", "chart-8", "Chart 8"),
    ("individual_trained", "chart-7", "Chart 7"),
];

/// What hides in every table of these exhibits.
const HIDDEN: &str = "“<11” is a number under 11, zero included, that no source has published: it \
    is hidden. No task force is added up where a part is hidden.";

/// One measure as the task forces sent it.
#[derive(Debug)]
struct Sent<'a> {
    code: String,
    label: String,
    /// Every figure of it, sums and cells.
    figures: Figures<'a>,
    /// The state's sums.
    sums: Figures<'a>,
    /// The quarters of which anything was sent, in order.
    quarters: Vec<Quarter>,
    /// What stands beside each other: types of trafficking, or persons and seats.
    series: Vec<Series>,
}

/// One of the series of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Series {
    label: String,
    by: Option<(Dimension, String)>,
}

/// Whether a figure was sent by a task force, or is a sum of such.
pub(crate) fn is_sent(figure: &ReportedFigure) -> bool {
    let of_force = figure.summed || figure.dimensions.contains_key(&Dimension::TaskForce);
    figure.standing == Standing::Submitted && of_force
}

/// Whether a measure has a chart of its own numbers: figures of the whole state that are stated.
pub(crate) fn is_stated(context: &Context<'_>, measure: &str) -> bool {
    let whole = context.figures.measure(measure).by(&[]);
    !whole.that(|figure| !figure.summed).is_empty()
}

/// Every exhibit of what was sent, measure by measure.
pub(crate) fn exhibits(context: &Context<'_>) -> Vec<Exhibit> {
    let all = context.figures.that(is_sent);
    context.shown.note(all.iter());
    let measures: BTreeSet<(usize, &str)> =
        all.iter().map(|figure| (place(&figure.measure), figure.measure.as_str())).collect();
    let mut exhibits = Vec::new();
    for (_, measure) in measures {
        let Some(sent) = Sent::of(&all, measure) else { continue };
        exhibits.extend(quarters::exhibit(context, &sent));
        exhibits.extend(task_forces::exhibit(context, &sent));
        exhibits.extend(otherwise::exhibit(context, &sent));
    }
    exhibits
}

fn place(measure: &str) -> usize {
    ORDER.iter().position(|(code, _, _)| *code == measure).unwrap_or(ORDER.len())
}

/// The quarters of which task forces have sent anything, in order.
pub(crate) fn quarters(figures: &Figures<'_>) -> Vec<Quarter> {
    let quarters: BTreeSet<Quarter> =
        figures.iter().filter_map(|figure| figure.period.state_quarter()).collect();
    quarters.into_iter().collect()
}

impl<'a> Sent<'a> {
    fn of(all: &Figures<'a>, measure: &str) -> Option<Sent<'a>> {
        let figures = all.measure(measure);
        let label = figures.iter().next()?.measure_label.clone();
        let sums = figures.that(|figure| figure.summed && !of_force(figure));
        Some(Sent {
            code: measure.to_owned(),
            label: words::capital(&crate::said::quoted(&label)),
            quarters: quarters(&figures),
            series: series(&sums),
            figures,
            sums,
        })
    }

    /// The last quarter and the one before, the later first.
    fn last_two(&self) -> Vec<Quarter> {
        self.quarters.iter().rev().take(2).copied().collect()
    }

    /// The state's sum of a series in a quarter, by the latest definition.
    fn sum(&self, series: &Series, quarter: Quarter) -> Option<&'a ReportedFigure> {
        series.pick(&self.sums, &[], quarter)
    }
}

impl Series {
    /// The total over everything.
    fn all() -> Series {
        Series { label: "All".to_owned(), by: None }
    }

    fn tone(&self) -> Tone {
        match self.by.as_ref().map(|(by, code)| (by, code.as_str())) {
            Some((Dimension::TraffickingType, "sex")) => Tone::Sex,
            Some((Dimension::TraffickingType, "labor")) => Tone::Labor,
            Some((Dimension::TraffickingType, _)) => Tone::Other,
            _ => Tone::Plain,
        }
    }

    /// The figure of this series that is broken down by these dimensions besides; a figure as sent
    /// before a sum, a later definition before an earlier one.
    fn pick<'a>(
        &self,
        figures: &Figures<'a>,
        besides: &[Dimension],
        quarter: Quarter,
    ) -> Option<&'a ReportedFigure> {
        let mut by = besides.to_vec();
        by.extend(self.by.iter().map(|(by, _)| *by));
        figures
            .by(&by)
            .that(|figure| figure.period.state_quarter() == Some(quarter))
            .that(|figure| self.by.as_ref().is_none_or(|(by, code)| has(figure, *by, code)))
            .iter()
            .max_by(|a, b| {
                (&a.definition_version, !a.summed).cmp(&(&b.definition_version, !b.summed))
            })
    }
}

fn has(figure: &ReportedFigure, by: Dimension, code: &str) -> bool {
    figure.dimensions.get(&by).is_some_and(|(found, _)| found == code)
}

fn of_force(figure: &ReportedFigure) -> bool {
    figure.dimensions.contains_key(&Dimension::TaskForce)
}

/// Types of trafficking, sex and labor first, then the total; where there is neither, persons and
/// seats or whatever keeps the numbers apart.
fn series(sums: &Figures<'_>) -> Vec<Series> {
    let along = |by: Dimension| {
        let mut codes = sums.by(&[by]).codes(by);
        codes.sort_by_key(|(code, _)| match code.as_str() {
            "sex" => 0,
            "labor" => 1,
            _ => 2,
        });
        codes
            .into_iter()
            .map(move |(code, label)| Series {
                label: words::capital(&label),
                by: Some((by, code)),
            })
            .collect::<Vec<_>>()
    };
    let mut series = along(Dimension::TraffickingType);
    if !sums.by(&[]).is_empty() {
        series.push(Series::all());
    }
    if series.is_empty() {
        series = along(Dimension::Status);
    }
    series
}

/// Who is in a number and what is left out of it: `8 of 9 task forces; 1 unknown is not in it`.
fn who(behind: &Behind) -> String {
    let mut text = format!("{} of {} task forces", behind.reporters.len(), behind.expected);
    let left_out = left_out(behind);
    if !left_out.is_empty() {
        text.push_str(&format!("; not in it: {left_out}"));
    }
    text
}

/// `1 unknown, 2 not collected`, empty when nothing is left out.
fn left_out(behind: &Behind) -> String {
    let parts: Vec<String> = [
        (behind.unknown, "unknown"),
        (behind.not_collected, "not collected"),
        (behind.qualified, "with a qualifier"),
    ]
    .into_iter()
    .filter(|(cells, _)| *cells > 0)
    .map(|(cells, what)| format!("{cells} {what}"))
    .collect();
    parts.join(", ")
}
