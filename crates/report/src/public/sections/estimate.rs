//! The estimate: its range with its reasons, and every method side by side. Never one number.

use disclosure::{EstimateReason, MethodEstimate, PublishedEstimate};

use super::coverage;
use crate::public::charts::spread::Spread;
use crate::public::in_words::InWords;
use crate::public::section::{CellKind, CellShown, RowShown, Section, TableShown};

pub(super) const ID: &str = "estimate";

/// The section, if an estimate was released.
pub(super) fn section(words: &InWords<'_>) -> Option<Section> {
    let released = words.report.estimate?;
    let estimate = released.value();
    let message = message(words, estimate);
    let method = |one: &MethodEstimate| {
        (words.words.names.or_code("method", &one.method), range(words, one))
    };
    let printed: Vec<(String, String)> = estimate.methods().iter().map(method).collect();
    let table = table(words, estimate, &printed);
    let chart = Spread { id: ID, estimate, printed }.draw(words, &message);
    let said = &words.words.estimate;
    let mut notes: Vec<String> = Vec::new();
    if let Some(range) = estimate.range() {
        notes.push((said.reading)(&words.language.percent(range.level)));
    }
    notes.extend(estimate.refused().map(said.refused_why));
    notes.extend(estimate.reasons().iter().map(|reason| reason_in_words(words, reason)));
    notes.push(coverage(words));
    Some(Section {
        id: ID,
        heading: said.heading.to_owned(),
        message,
        subtitle: (said.subtitle)(words.state(), &words.period()),
        chart,
        table,
        notes,
        source: words.stamp(released.receipt()),
        receipt: released.receipt().clone(),
        data: estimate.name().to_owned(),
    })
}

fn message(words: &InWords<'_>, estimate: &PublishedEstimate) -> String {
    let said = &words.words.estimate;
    match estimate.range() {
        None => said.refused.to_owned(),
        Some(range) => {
            let [low, high] = [range.low, range.high].map(|end| words.language.number(end));
            (said.found)(&low, &high, &words.said(estimate.observed()))
        }
    }
}

/// What is printed of a method: its interval, or its number and that it has none.
fn range(words: &InWords<'_>, method: &MethodEstimate) -> String {
    let said = &words.words.estimate;
    let number = |number: u64| words.language.number(number);
    match method.interval {
        Some((low, Some(high))) => words.span(low, high),
        Some((low, None)) => (said.no_end)(&number(low)),
        None => {
            format!("{} ({})", (words.words.values.about)(&number(method.people)), said.no_interval)
        }
    }
}

fn table(
    words: &InWords<'_>,
    estimate: &PublishedEstimate,
    printed: &[(String, String)],
) -> TableShown {
    let said = &words.words.estimate;
    let cell = |text: &str| CellShown { text: text.to_owned(), kind: CellKind::Words };
    let row = |name: &str, range: &str, total| RowShown {
        names: vec![name.to_owned()],
        cells: vec![cell(range)],
        total,
    };
    let mut rows: Vec<RowShown> =
        printed.iter().map(|(name, range)| row(name, range, false)).collect();
    if let Some(range) = estimate.range() {
        rows.push(row(said.the_range, &words.span(range.low, range.high), true));
    }
    TableShown {
        caption: said.heading.to_owned(),
        named_by: 1,
        columns: vec![said.method.to_owned(), words.words.values.people.to_owned()],
        rows,
    }
}

fn reason_in_words(words: &InWords<'_>, reason: &EstimateReason) -> String {
    let said = &words.words.estimate;
    let number = |number: u64| words.language.number(number);
    let method = |name: &str| words.words.names.or_code("method", name);
    match reason {
        EstimateReason::Dependence(dependence) => (said.dependence)(*dependence).to_owned(),
        EstimateReason::MethodsApart { least, most } => (said.methods_apart)([
            &number(least.1),
            &method(&least.0),
            &number(most.1),
            &method(&most.0),
        ]),
        EstimateReason::HangsOnAList { list, low, high } => {
            (said.hangs_on)(&words.category("list", list), &number(*low), &number(*high))
        }
        EstimateReason::LinkageUncertain => said.linkage.to_owned(),
        EstimateReason::FewPeople => said.few.to_owned(),
        EstimateReason::NoisyLists => said.noisy.to_owned(),
        _ => said.more.to_owned(),
    }
}
