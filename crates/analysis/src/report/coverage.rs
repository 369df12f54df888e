//! Who reported, from when: beside every figure, as a grid, and in the end notes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use records::register::{Entry, Kind, Register};
use records::{Dimension, Figure, Quarter, Standing};
use report::{ReportedFigure, ReportingRecord, Sent};

use super::Material;
use crate::count::{StateTotal, reporter_kind};

/// Who is behind one figure, in a sentence.
pub(super) fn of_figure(register: &Register, figure: &Figure) -> String {
    let Some(reporter) = register.reporter(&figure.reporter) else {
        return format!("stated by {}", figure.reporter);
    };
    // The collector's totals are those of the task forces that reported to it.
    if figure.reporter != "cal-ema" {
        return format!("stated by {}", reporter.label);
    }
    let all = register.entries(Kind::TaskForce).count();
    let (Some(start), Some(end)) = (figure.period.start(), figure.period.end()) else {
        return format!("stated by {}", reporter.label);
    };
    let first = register.task_forces_reporting(start);
    let last = register.task_forces_reporting(end);
    if first.is_empty() {
        return format!(
            "stated by {}; who reported from {start} is not in the source",
            reporter.label
        );
    }
    if first.len() == last.len() {
        return format!("{} of {all} task forces reported", last.len());
    }
    let joined: Vec<String> = last
        .iter()
        .filter(|entry| !first.iter().any(|early| early.code == entry.code))
        .filter_map(|entry| {
            Some(format!("{} from {}", entry.label, entry.date("joined_reporting")?))
        })
        .collect();
    format!("{} of {all} task forces reported from {start}; {}", first.len(), joined.join("; "))
}

/// What is left out of a task force's own sum, in a sentence.
pub(super) fn of_one(register: &Register, code: &str, total: &StateTotal) -> String {
    let mut text = format!("sent by {}", reporter_label(register, code));
    for (cells, what) in [
        (total.unknown, "answered unknown"),
        (total.not_collected, "answered not collected"),
        (total.qualified, "with a qualifier"),
    ] {
        if cells > 0 {
            let noun = if cells == 1 { "cell" } else { "cells" };
            text.push_str(&format!("; without {cells} {noun} {what}"));
        }
    }
    text
}

/// Who sent which quarter; absent when nobody has sent one.
pub(super) fn record(
    register: &Register,
    material: &Material,
    standing: Standing,
) -> Option<ReportingRecord> {
    let totals = match standing {
        Standing::Synthetic => &material.practice,
        _ => &material.totals,
    };
    let (first, last) = totals.quarters.first().zip(totals.quarters.last())?;
    let quarters: Vec<_> = first.up_to(*last).collect();
    let row = |entry: &Entry| {
        let sent = quarters
            .iter()
            .map(|quarter| {
                let in_store =
                    totals.sent.get(quarter).is_some_and(|codes| codes.contains(&entry.code));
                let start = quarter.period().start();
                let joined = entry.date("joined_reporting");
                let expected =
                    matches!((joined, start), (Some(joined), Some(start)) if joined <= start);
                match (in_store, expected) {
                    (true, _) if is_late(material, standing, &entry.code, *quarter) => Sent::Late,
                    (true, _) => Sent::Received,
                    (false, true) => Sent::Missing,
                    (false, false) => Sent::NotExpected,
                }
            })
            .collect();
        (entry.code.clone(), entry.label.clone(), sent)
    };
    Some(ReportingRecord {
        rows: register.entries(reporter_kind(standing)).map(row).collect(),
        caution: match material.due_days {
            Some(days) => format!("A quarter is received when any figure of it is in, and late when its first return came in more than {days} days after the state quarter's end. A task force is expected from the quarter in which it has joined."),
            None => "A quarter is received when any figure of it is in. A task force is expected from the quarter in which it has joined. No due date was named (--due-days), so nothing that is in is called late.".to_owned(),
        },
        quarters,
    })
}

/// Whether a reporter's first return of a quarter came in after the due date.
fn is_late(material: &Material, standing: Standing, reporter: &str, quarter: Quarter) -> bool {
    let Some((days, end)) = material.due_days.zip(quarter.period().end()) else { return false };
    let due = end.saturating_add(i64::from(days).days()).to_string();
    let of_quarter = material.figures.iter().filter(|stored| {
        stored.standing == standing
            && stored.figure.reporter == reporter
            && stored.quarter == Some(quarter)
    });
    let received = of_quarter.filter_map(|stored| {
        material.returns.iter().find(|one| one.id == stored.return_id).map(|one| &one.received_at)
    });
    // Both are ISO 8601, so that text sorts as time does.
    received.min().is_some_and(|first| first.get(..10).is_some_and(|day| day > due.as_str()))
}

/// The end notes: coverage, definitions, revisions, and what the source does not give.
pub(super) fn end_notes(
    register: &Register,
    material: &Material,
    figures: &[ReportedFigure],
) -> Vec<String> {
    let mut notes = Vec::new();
    let mut joined: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for entry in register.entries(Kind::TaskForce) {
        if let Some(from) = entry.date("joined_reporting") {
            joined.entry(from).or_default().push(&entry.label);
        }
    }
    let since = joined.into_iter().map(|(from, who)| match who.as_slice() {
        few if few.len() <= 3 => format!("{} from {from}", few.join(", ")),
        many => format!("{} task forces from {from}", many.len()),
    });
    notes.push(format!(
        "Coverage: a task force is counted from the day it joined the reporting ({}).",
        since.collect::<Vec<_>>().join("; ")
    ));
    for entry in register.entries(Kind::TaskForce) {
        if let Some(calendar) = entry.attribute("calendar_note") {
            notes.push(format!("Calendar: {}: {calendar}", entry.label));
        }
    }
    let versions: BTreeSet<&str> =
        figures.iter().map(|figure| figure.definition_version.as_str()).collect();
    for version in register.versions().iter().filter(|v| versions.contains(v.name.as_str())) {
        notes.push(format!("Definitions {}: {}", version.name, version.note));
    }
    let charged: BTreeSet<&str> = figures
        .iter()
        .filter_map(|figure| figure.dimensions.get(&Dimension::Statute))
        .map(|(code, _)| code.as_str())
        .collect();
    let statutes = register
        .entries(Kind::Statute)
        .filter(|entry| entry.verified() && charged.contains(entry.code.as_str()));
    for statute in statutes.filter(|entry| entry.attribute("section").is_none()) {
        if let Some(caution) = statute.attribute("caution") {
            notes.push(format!("Section {}: {caution}", statute.code));
        }
    }
    let revised = figures.iter().filter(|figure| !figure.revisions.is_empty()).count();
    let taken_back = material
        .returns
        .iter()
        .filter(|one| {
            one.state != store::ReturnState::Accepted && one.standing != Standing::Synthetic
        })
        .count();
    notes.push(format!(
        "Revisions: {revised} figures have an earlier answer, and {taken_back} returns were corrected or withdrawn; every earlier answer is kept and shown beside its figure."
    ));
    let published = figures.iter().any(|figure| figure.standing == Standing::Published);
    let likely = if published { "The report says that double" } else { "Double" };
    notes.push(format!(
        "Identified and served are two measures. {likely} counting is likely; how many people stand in both, or on several task forces' lists, was not measured."
    ));
    notes
}

pub(crate) fn reporter_label(register: &Register, code: &str) -> String {
    register.reporter(code).map_or_else(|| code.to_owned(), |entry| entry.label.clone())
}
