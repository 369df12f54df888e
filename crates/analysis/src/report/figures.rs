//! One figure of the report: as a return states it, or as Clearway summed it.
//!
//! In: a stored figure or a sum, and everything read beside it. Out: [`ReportedFigure`], with what
//! may be shown of it, where it comes from, who is behind it, and its earlier answers.

use std::collections::BTreeMap;

use records::register::{Kind, Register};
use records::{Answer, Dimension, Part, Standing, Unit};
use report::{Behind, ReportedFigure, Revision, ShownValue, Source};
use store::{StoredFigure, StoredReturn};

use super::Material;
use super::coverage::{self, reporter_label};
use crate::count::StateTotal;

pub(super) fn reported(
    register: &Register,
    material: &Material,
    stored: &StoredFigure,
    earlier: &[StoredFigure],
) -> ReportedFigure {
    let figure = &stored.figure;
    let of = material.returns.iter().find(|one| one.id == stored.return_id);
    let label = |dimension: &Dimension, code: &String| {
        let kind = Kind::of_dimension(*dimension);
        let entry = kind.and_then(|kind| register.get(kind, code));
        (*dimension, (code.clone(), entry.map_or_else(|| code.clone(), |e| e.label.clone())))
    };
    let mut dimensions: BTreeMap<Dimension, (String, String)> =
        figure.dimensions.iter().map(|(d, code)| label(d, code)).collect();
    // What one task force sent is never taken for the state's.
    if is_task_force(register, &figure.reporter) {
        dimensions.entry(Dimension::TaskForce).or_insert_with(|| {
            (figure.reporter.clone(), reporter_label(register, &figure.reporter))
        });
    }
    ReportedFigure {
        id: stored.id.clone(),
        measure: figure.measure.clone(),
        measure_label: measure_label(register, &figure.measure),
        period: figure.period,
        dimensions,
        reporter: (figure.reporter.clone(), reporter_label(register, &figure.reporter)),
        unit: figure.unit,
        value: ShownValue::of(stored.standing, figure.unit, figure.answer.clone()),
        standing: stored.standing,
        part: figure.part,
        definition_version: of.map(|one| one.definition_version.clone()).unwrap_or_default(),
        coverage: coverage::of_figure(register, figure),
        as_of: figure.as_of,
        note: figure.note.clone(),
        sources: of.map(|one| source(one, stored)).into_iter().collect(),
        summed: false,
        behind: None,
        revisions: earlier
            .iter()
            .filter(|other| other.return_id != stored.return_id)
            .filter_map(|other| revision(material, other, of))
            .collect(),
    }
}

/// A figure whose return was withdrawn or corrected, and to which no other gives an answer.
pub(super) fn counts_no_more(
    register: &Register,
    material: &Material,
    last: &StoredFigure,
    answers: &[StoredFigure],
) -> ReportedFigure {
    let mut figure = reported(register, material, last, answers);
    let of = material.returns.iter().find(|one| one.id == last.return_id);
    if let Some((of, act)) = of.and_then(|of| Some((of, of.acts.last()?))) {
        figure.coverage = format!(
            "counts no more: return {} was {} by {} at {}: {}",
            of.id,
            of.state.as_str(),
            act.who,
            act.at,
            act.why
        );
    }
    figure
}

fn source(of: &StoredReturn, stored: &StoredFigure) -> Source {
    Source {
        return_id: of.id,
        file: of.file_name.clone(),
        digest: of.digest.clone(),
        row: stored.figure.origin.row,
        column: stored.figure.origin.column.clone(),
        document: of.document.clone().unwrap_or_else(|| "a return sent to the state".to_owned()),
    }
}

/// An earlier answer, with who replaced it, when and why.
fn revision(
    material: &Material,
    other: &StoredFigure,
    current: Option<&StoredReturn>,
) -> Option<Revision> {
    let of = material.returns.iter().find(|one| one.id == other.return_id)?;
    // A revision is made by the return that gave the later answer.
    let last = match of.state {
        store::ReturnState::Accepted => current?.acts.first()?,
        _ => of.acts.last()?,
    };
    Some(Revision {
        value: ShownValue::of(other.standing, other.figure.unit, other.figure.answer.clone()),
        as_of: other.figure.as_of,
        state: match of.state {
            store::ReturnState::Accepted => "replaced by a later as-of date".to_owned(),
            state => state.as_str().to_owned(),
        },
        who: last.who.clone(),
        when: last.at.clone(),
        why: last.why.clone(),
    })
}

/// A sum that Clearway made, as a figure: of the state, or of one task force's own cells.
pub(super) fn summed(
    register: &Register,
    material: &Material,
    total: &StateTotal,
    standing: Standing,
) -> ReportedFigure {
    let returns = material.returns.iter().filter(|one| total.returns.contains(&one.id));
    let label = |(dimension, code): (&Dimension, &String)| {
        let entry = Kind::of_dimension(*dimension).and_then(|kind| register.get(kind, code));
        (*dimension, (code.clone(), entry.map_or_else(|| code.clone(), |e| e.label.clone())))
    };
    let of_one = total.by.get(&Dimension::TaskForce);
    let (reporter, coverage, note) = match of_one {
        Some(code) => (
            (code.clone(), reporter_label(register, code)),
            coverage::of_one(register, code, total),
            "what one task force sent for the quarter, added up over its own cells",
        ),
        None => (
            ("state".to_owned(), "all task forces that reported".to_owned()),
            total.coverage(),
            "a raw count: a person on several task forces' lists is in it several times",
        ),
    };
    ReportedFigure {
        id: total.id.clone(),
        measure: total.measure.clone(),
        measure_label: measure_label(register, &total.measure),
        period: total.quarter.period(),
        dimensions: total.by.iter().map(label).collect(),
        reporter,
        unit: Unit::Count,
        value: shown_sum(total, standing),
        standing,
        part: Part::Total,
        definition_version: total.definition_version.clone(),
        coverage,
        as_of: None,
        note: Some(note.to_owned()),
        sources: returns
            .map(|one| Source {
                return_id: one.id,
                file: one.file_name.clone(),
                digest: one.digest.clone(),
                row: 0,
                column: String::new(),
                document: "a return sent to the state".to_owned(),
            })
            .collect(),
        summed: true,
        behind: Some(behind(total)),
        revisions: Vec::new(),
    }
}

/// What may be shown of a sum; a sum of no number is not zero.
pub(super) fn shown_sum(total: &StateTotal, standing: Standing) -> ShownValue {
    if total.others_small {
        return ShownValue::hidden();
    }
    let answer = match total {
        one if one.reporters > 0 => Answer::exactly(one.sum),
        one if one.unknown > 0 => Answer::Unknown,
        one if one.not_collected > 0 => Answer::NotCollected,
        _ => Answer::NotStated,
    };
    ShownValue::of(standing, Unit::Count, answer)
}

/// Who is in a sum, and what is left out of it.
fn behind(total: &StateTotal) -> Behind {
    let number = |cells: i64| u32::try_from(cells).unwrap_or(0);
    Behind {
        reporters: total.reported.clone(),
        expected: u32::try_from(total.expected).unwrap_or(0),
        unknown: number(total.unknown),
        not_collected: number(total.not_collected),
        qualified: number(total.qualified),
    }
}

fn is_task_force(register: &Register, code: &str) -> bool {
    [Kind::TaskForce, Kind::PracticeTaskForce]
        .into_iter()
        .any(|kind| register.get(kind, code).is_some())
}

pub(crate) fn measure_label(register: &Register, measure: &str) -> String {
    let entry = register.get(Kind::CountedUnit, measure);
    entry.map_or_else(|| measure.to_owned(), |entry| entry.label.clone())
}
