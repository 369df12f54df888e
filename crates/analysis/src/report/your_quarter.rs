//! "Your quarter": what one task force sent, beside the state.

use std::collections::BTreeMap;

use records::register::{Kind, Register};
use records::{Dimension, Finding, Quarter, Standing};
use report::{OwnFigure, ReportingRecord, ShownValue, YourQuarter};
use store::StoredFigure;

use super::{Material, coverage, measure_label, reporter_label};
use crate::count::{StateTotal, StateTotals};
use crate::filing::Question;
use crate::quality::{self, Facts};

/// Makes the page of a reporter for the last quarter it has sent; absent when it has sent none.
///
/// Its own figures stand as it sent them. The state's totals follow the rule of the report: under
/// 11 they are hidden.
pub fn your_quarter(
    register: &Register,
    material: &Material,
    reporter: &str,
) -> Option<YourQuarter> {
    let standing = standing_of(register, reporter);
    let totals = totals_of(material, standing);
    let own: Vec<&StoredFigure> = material
        .figures
        .iter()
        .filter(|stored| stored.standing == standing && stored.figure.reporter == reporter)
        .collect();
    let quarter = own.iter().filter_map(|stored| stored.quarter).max()?;
    let before = own.iter().filter_map(|stored| stored.quarter).filter(|q| *q < quarter).max();
    let earlier: BTreeMap<Question, &StoredFigure> = own
        .iter()
        .filter(|stored| stored.quarter.is_some() && stored.quarter == before)
        .map(|stored| (Question::of(&stored.figure), *stored))
        .collect();
    let now: Vec<&&StoredFigure> =
        own.iter().filter(|stored| stored.quarter == Some(quarter)).collect();
    let figures = now
        .iter()
        .map(|stored| {
            let before = earlier.get(&Question::of(&stored.figure));
            own_figure(register, stored, before, totals, quarter, standing)
        })
        .collect();
    let mut questions = own_findings(register, material, &own);
    questions.retain(|finding| now.iter().any(|stored| finding.figures.contains(&stored.id)));
    let sent = totals.sent.get(&quarter).map_or(0, |codes| codes.len());
    let expected = quarter
        .period()
        .start()
        .map_or(0, |start| crate::count::expected(register, standing, start).len());
    Some(YourQuarter {
        reporter: reporter_label(register, reporter),
        quarter,
        own_period: now.first().map_or(quarter.period(), |stored| stored.figure.period),
        standing,
        figures,
        entries: Vec::new(),
        questions,
        coverage: format!("{sent} of {expected} task forces have reported {quarter}"),
        record: coverage::record(register, material, standing).unwrap_or(ReportingRecord {
            quarters: Vec::new(),
            rows: Vec::new(),
            caution: String::new(),
        }),
    })
}

/// A counted unit over time: what the agency of whoever asks has sent, beside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSeries {
    /// The counted unit's code.
    pub measure: String,
    /// Quarter by quarter: what the agency sent, added up over its own cells, and the state's sum as the
    /// agency may see it.
    pub quarters: Vec<(Quarter, Option<i64>, ShownValue)>,
}

/// What the agency of a scope has sent, quarter by quarter; the material must have been read by that scope.
pub fn own_series(register: &Register, material: &Material, reporter: &str) -> Vec<OwnSeries> {
    let standing = standing_of(register, reporter);
    let totals = totals_of(material, standing);
    let whole = |total: &&StateTotal| {
        total.by.is_empty() && total.definition_version == register.current_version().name
    };
    let mut series: Vec<OwnSeries> = Vec::new();
    for total in totals.totals.iter().filter(whole) {
        let quarter = (total.quarter, total.own, super::figures::shown_sum(total, standing));
        match series.iter_mut().find(|one| one.measure == total.measure) {
            Some(one) => one.quarters.push(quarter),
            None => {
                series.push(OwnSeries { measure: total.measure.clone(), quarters: vec![quarter] })
            }
        }
    }
    series.retain(|one| one.quarters.iter().any(|(_, own, _)| own.is_some()));
    series
}

/// How far figures of a reporter may be shown: those of a made-up one are made up.
fn standing_of(register: &Register, reporter: &str) -> Standing {
    match register.get(Kind::PracticeTaskForce, reporter) {
        Some(_) => Standing::Synthetic,
        None => Standing::Submitted,
    }
}

/// The sums that a reporter's figures enter.
fn totals_of(material: &Material, standing: Standing) -> &StateTotals {
    match standing {
        Standing::Synthetic => &material.practice,
        _ => &material.totals,
    }
}

/// What the rules see in the reporter's own figures, small ones too: they are its own.
fn own_findings(register: &Register, material: &Material, own: &[&StoredFigure]) -> Vec<Finding> {
    let figures: Vec<StoredFigure> = own.iter().map(|stored| (*stored).clone()).collect();
    let mut queries = material.queries.clone();
    queries.retain(|query| figures.iter().any(|stored| stored.id == query.figure));
    let returns = &material.returns;
    let mut findings =
        quality::findings(&Facts { register, figures: &figures, returns, queries: &queries });
    quality::for_an_agency(&mut findings);
    findings
}

fn own_figure(
    register: &Register,
    stored: &StoredFigure,
    before: Option<&&StoredFigure>,
    totals: &StateTotals,
    quarter: Quarter,
    standing: Standing,
) -> OwnFigure {
    let figure = &stored.figure;
    let total = totals.totals.iter().find(|total| {
        total.measure == figure.measure && total.quarter == quarter && total.by == figure.dimensions
    });
    let state = match total {
        Some(total) => super::figures::shown_sum(total, standing),
        None => ShownValue::own(records::Answer::NotCollected),
    };
    let label = |(dimension, code): (&Dimension, &String)| {
        let entry = Kind::of_dimension(*dimension).and_then(|kind| register.get(kind, code));
        entry.map_or_else(|| code.clone(), |entry| entry.label.clone())
    };
    OwnFigure {
        id: stored.id.clone(),
        state_id: total.map(|total| total.id.clone()),
        measure: figure.measure.clone(),
        dimensions: figure.dimensions.clone(),
        label: measure_label(register, &figure.measure),
        breakdown: figure.dimensions.iter().map(label).collect::<Vec<_>>().join(", "),
        own: ShownValue::own(figure.answer.clone()),
        before: before.map(|stored| ShownValue::own(stored.figure.answer.clone())),
        state,
        coverage: total.map_or((0, 0), |total| {
            (
                u32::try_from(total.reporters).unwrap_or(0),
                u32::try_from(total.expected).unwrap_or(0),
            )
        }),
    }
}
