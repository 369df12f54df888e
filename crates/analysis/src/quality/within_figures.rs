//! Rules that look at one figure, or one kind of figure, at a time.

use records::register::Kind;
use records::{Answer, Dimension, Finding, Severity, Standing, Unit};
use store::StoredFigure;

use super::{Facts, finding, grouped, said, with_commas};

/// A total over task forces that covers days before one of them joined.
pub(super) fn joined_later(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in facts.register.entries(Kind::TaskForce).filter(|entry| entry.verified()) {
        let Some(joined) = entry.date("joined_reporting") else { continue };
        let touched: Vec<&StoredFigure> = facts
            .figures
            .iter()
            .filter(|stored| stored.standing == Standing::Published)
            .filter(|stored| {
                stored.figure.reporter == "cal-ema" && stored.figure.unit == Unit::Count
            })
            .filter(|stored| stored.figure.period.start().is_some_and(|start| start < joined))
            .filter(|stored| {
                stored.figure.period.end().is_none_or(|end| end >= start_of_series(facts))
            })
            .collect();
        let everyone = facts.register.entries(Kind::TaskForce).count();
        let Some(start) = touched.iter().filter_map(|stored| stored.figure.period.start()).max()
        else {
            continue;
        };
        let reporting = facts.register.task_forces_reporting(start).len();
        if reporting < everyone
            && !facts.register.task_forces_reporting(start).iter().any(|e| e.code == entry.code)
        {
            findings.push(finding(
                "joined_later",
                Severity::Note,
                format!(
                    "{} joined the reporting on {joined}; {reporting} of {everyone} task forces reported from {start}",
                    entry.label
                ),
                "read the coverage beside each total before comparing its start with its end",
                &touched,
            ));
        }
    }
    findings
}

/// The first day from which any task force reports.
fn start_of_series(facts: &Facts<'_>) -> jiff::civil::Date {
    let joined = facts.register.entries(Kind::TaskForce).filter_map(|e| e.date("joined_reporting"));
    joined.min().unwrap_or(jiff::civil::Date::MIN)
}

/// A share of a tenth or more without a type of trafficking.
pub(super) fn not_classified(facts: &Facts<'_>) -> Vec<Finding> {
    let unclassified = ["other_unclassified", "not_yet_classified"];
    let is_unclassified = |stored: &&StoredFigure| {
        let code = stored.figure.dimensions.get(&Dimension::TraffickingType);
        code.is_some_and(|code| unclassified.contains(&code.as_str()))
    };
    let mut findings = Vec::new();
    for stored in facts.figures.iter().filter(is_unclassified) {
        let Some(amount) = stored.figure.answer.amount() else { continue };
        let large = match stored.figure.unit {
            Unit::Percent => amount.scaled >= 10 * 10i64.pow(u32::from(amount.decimals)),
            Unit::Count => amount.scaled > 0,
            _ => false,
        };
        if large {
            let what = match stored.figure.unit {
                Unit::Percent => format!("{amount}% of cases have"),
                _ => format!("{} have", said(stored)),
            };
            findings.push(finding(
                "not_classified",
                Severity::Query,
                format!(
                    "{what} no type of trafficking ({}, {})",
                    facts.reporter(&stored.figure.reporter),
                    stored.figure.period
                ),
                "ask the reporters to classify them as sex, labor or both, or as not yet classified with a date for the follow-up",
                &[stored],
            ));
        }
    }
    findings
}

/// Counts that are dated to the arrest, whose earlier years grow later.
pub(super) fn dated_to_the_arrest(facts: &Facts<'_>) -> Vec<Finding> {
    let dated = facts.figures.iter().filter(|stored| {
        let unit = facts.unit(&stored.figure);
        stored.figure.unit == Unit::Count
            && stored.figure.measure == "conviction"
            && unit
                .and_then(|unit| unit.attribute("dated_by"))
                .is_some_and(|by| by.contains("arrest"))
    });
    let series = grouped(dated, |stored| {
        stored.figure.as_of.map(|as_of| (stored.standing, stored.figure.reporter.clone(), as_of))
    });
    series
        .into_iter()
        .filter(|(_, figures)| figures.len() > 1)
        .map(|((_, reporter, as_of), figures)| {
            finding(
                "dated_to_the_arrest",
                Severity::Note,
                format!(
                    "convictions of {} are dated to the arrest that led to them, so that earlier years grow later; as of {as_of}",
                    facts.reporter(&reporter)
                ),
                "compare years only as of the same date, and keep every revision",
                &figures,
            )
        })
        .collect()
}

/// Sections under which the person arrested may be the victim.
pub(super) fn may_be_victims(facts: &Facts<'_>) -> Vec<Finding> {
    let groups = grouped(facts.figures.iter(), |stored| {
        let code = stored.figure.dimensions.get(&Dimension::Statute)?;
        let section = facts.register.resolve_any(Kind::Statute, code)?;
        section
            .list("targets")
            .any(|target| target == "person_sold")
            .then(|| (stored.standing, section.code.clone(), stored.figure.measure.clone()))
    });
    groups
        .into_iter()
        .map(|((_, section, _), figures)| {
            let totals = figures.iter().filter(|stored| stored.figure.part == records::Part::Total);
            let number: i64 = totals.filter_map(|stored| stored.figure.answer.as_count()).sum();
            let number = match number {
                0 => "figures".to_owned(),
                number => with_commas(number),
            };
            finding(
                "may_be_victims",
                Severity::Query,
                format!(
                    "{number} under {section}: the people arrested may themselves be victims; they are in no total of trafficking, conduct or offenders"
                ),
                "screen each of these arrests for signs of trafficking before anything else is counted from it",
                &figures,
            )
        })
        .collect()
}

/// Cells answered "unknown" or "not collected", by reporter.
pub(super) fn not_answered(facts: &Facts<'_>) -> Vec<Finding> {
    let open = |stored: &&StoredFigure| {
        matches!(stored.figure.answer, Answer::Unknown | Answer::NotCollected)
    };
    let groups = grouped(facts.figures.iter().filter(open), |stored| {
        Some((stored.standing, stored.figure.reporter.clone(), stored.figure.period))
    });
    groups
        .into_iter()
        .map(|((_, reporter, period), figures)| {
            let unknown =
                figures.iter().filter(|stored| stored.figure.answer == Answer::Unknown).count();
            let not_collected = figures.len() - unknown;
            finding(
                "not_answered",
                Severity::Query,
                format!(
                    "{} answered {unknown} cells \"unknown\" and {not_collected} \"not collected\" for {period}",
                    facts.reporter(&reporter)
                ),
                "unknown: ask when it will be known; not collected: agree on the quarter from which it will be",
                &figures,
            )
        })
        .collect()
}

/// An agency's own classification that is not the state's.
pub(super) fn classified_differently(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .queries
        .iter()
        .filter(|query| query.answer.is_none())
        .map(|query| Finding {
            rule: "classified_differently".to_owned(),
            severity: Severity::Query,
            text: format!(
                "query {}: the agency classifies this as \"{}\", the state as {}",
                query.id,
                query.agency,
                query.state.as_deref().unwrap_or("nothing")
            ),
            advice: format!(
                "settle it with the agency, then `clearway definitions answer {} --text \"…\"`",
                query.id
            ),
            figures: vec![query.figure.clone()],
        })
        .collect()
}
