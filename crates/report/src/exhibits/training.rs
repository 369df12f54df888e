//! Training by programme: people, organizations and hours, as each programme states them.
//!
//! In: figures broken down by programme. Out: a table. People and seats are not told apart by
//! every programme, so that the rows are not added up.

use records::Dimension;

use super::exhibit::{Context, Exhibit, Grid, Row};
use super::statutes::cell;
use crate::phrase::Phrase;
use crate::{ReportedFigure, words};

/// The table, absent when no programme is named.
pub(crate) fn exhibit(context: &Context<'_>) -> Option<Exhibit> {
    let measures = ["individual_trained", "organization_trained", "training_hours"];
    let figures = context.figures.that(|figure| {
        measures.contains(&figure.measure.as_str())
            && figure.dimensions.contains_key(&Dimension::Programme)
    });
    let used: Vec<_> = figures.iter().collect();
    let first = used.first()?;
    let programmes = figures.codes(Dimension::Programme);
    let with_number = figures.that(|figure| words::length(&figure.value).is_some());
    let title = Phrase::of(format!(
        "{} of {} training programs state a number of people, organizations or hours",
        words::capital(&words::count(with_number.codes(Dimension::Programme).len())),
        words::count(programmes.len()),
    ));
    let subtitle = format!(
        "Training by program, raw counts, {}; stated by {}",
        context.report.state, first.reporter.1
    );
    let mut exhibit =
        Exhibit::new(context, ("training", "Training by program"), title, subtitle, &used);
    let mut grid = Grid::new(
        "Training by program",
        &["Program", "~Period", "~Trained", "~Length of the course"],
    );
    for (code, label) in programmes {
        let here = figures.at(Dimension::Programme, &code);
        let period = here.periods().first().map(words::period).unwrap_or_default();
        let (people, groups) =
            (here.measure("individual_trained"), here.measure("organization_trained"));
        let trained = match (people.first(), groups.first()) {
            (Some(people), None) => Phrase::figure_alone(people).words(unit(people, " people")),
            (None, Some(groups)) => {
                Phrase::figure_alone(groups).words(unit(groups, " organizations"))
            }
            (Some(people), Some(groups)) => Phrase::figure_alone(people)
                .words(unit(people, " people; "))
                .figure(groups)
                .words(unit(groups, " organizations")),
            (None, None) => Phrase::not_in_source(),
        };
        let hours = cell(here.measure("training_hours").first());
        grid.rows
            .push(Row::plain(label, vec![Phrase::of(words::capital(&period)), trained, hours]));
    }
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(
        "The source does not say whether someone who attends twice is counted twice: the rows are \
         not added up.",
    ));
    Some(exhibit)
}

/// The unit behind a number; nothing behind an answer that is none.
fn unit(figure: &ReportedFigure, unit: &'static str) -> &'static str {
    if words::length(&figure.value).is_some() { unit } else { "" }
}
