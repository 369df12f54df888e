//! What each task force has sent, added up over its own cells.
//!
//! In: the figures that task forces have sent. Out: one [`StateTotal`] for each measure, quarter
//! and task force, and for each type of trafficking in them, named
//! `measure:quarter:task-force:sum[:trafficking_type=value]`. A cell that stands alone needs no
//! sum. There is no sum where a cell behind it is under 11 and hidden: together with the cells
//! that are printed it would tell the hidden one, and whether it is itself under 11 would tell too.

use std::collections::BTreeSet;

use records::register::{Kind, Register};
use records::{Dimension, FigureId, Standing};
use store::{RollUp, Rolled, Scope, Store, StoreError, StoredFigure, StoredReturn};

use crate::count::{StateTotal, left_out, reporter_kind};

const STANDING: Standing = Standing::Submitted;

/// Adds up.
///
/// # Errors
///
/// [`StoreError`].
pub(super) async fn run(
    store: &Store,
    scope: &Scope,
    register: &Register,
    returns: &[StoredReturn],
    figures: &[StoredFigure],
) -> Result<Vec<StateTotal>, StoreError> {
    let reporters: Vec<String> =
        register.entries(reporter_kind(STANDING)).map(|entry| entry.code.clone()).collect();
    let sent: Vec<&StoredFigure> = figures
        .iter()
        .filter(|one| one.standing == STANDING && reporters.contains(&one.figure.reporter))
        .collect();
    let measures: BTreeSet<&str> = sent.iter().map(|one| one.figure.measure.as_str()).collect();
    let mut sums = Vec::new();
    for measure in measures {
        let Some(unit) = register.get(Kind::CountedUnit, measure) else { continue };
        let adds_over: Vec<Dimension> = Dimension::ALL
            .into_iter()
            .filter(|dimension| unit.adds_over(dimension.as_str()))
            .collect();
        for by in [&[][..], &[Dimension::TraffickingType][..]] {
            let roll_up = RollUp {
                measure,
                standing: STANDING,
                reporters: &reporters,
                without_statutes: &left_out(register, unit, by),
                definition_versions: &[],
                by,
                adds_over: &adds_over,
                by_reporter: true,
                by_quarter: true,
            };
            for rolled in store.roll_up(scope, &roll_up).await? {
                sums.extend(sum(returns, measure, rolled, &sent));
            }
        }
    }
    sums.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(sums)
}

/// A row as a sum, when it is one and may be told.
fn sum(
    returns: &[StoredReturn],
    measure: &str,
    rolled: Rolled,
    sent: &[&StoredFigure],
) -> Option<StateTotal> {
    let reporter = rolled.reporter?;
    let quarter = rolled.period.parse().ok()?;
    let cells: Vec<&&StoredFigure> = sent
        .iter()
        .filter(|one| one.figure.measure == measure && one.figure.reporter == reporter)
        .filter(|one| one.quarter == Some(quarter))
        .filter(|one| {
            rolled.by.iter().all(|(by, code)| one.figure.dimensions.get(by) == Some(code))
        })
        .collect();
    let alone = rolled.exact + rolled.qualified + rolled.unknown + rolled.not_collected < 2;
    if alone || any_hidden(&cells) {
        return None;
    }
    // Figures of two wordings are two counts; one return has one.
    let versions: BTreeSet<&str> = returns
        .iter()
        .filter(|one| rolled.returns.contains(&one.id))
        .map(|one| one.definition_version.as_str())
        .collect();
    let [version] = versions.into_iter().collect::<Vec<_>>()[..] else { return None };
    let mut id = format!("{measure}:{quarter}:{reporter}:sum");
    for (dimension, value) in &rolled.by {
        id.push_str(&format!(":{}={value}", dimension.as_str()));
    }
    let mut by = rolled.by;
    by.insert(Dimension::TaskForce, reporter);
    Some(StateTotal {
        id: FigureId(id),
        measure: measure.to_owned(),
        quarter,
        by,
        sum: rolled.sum,
        reporters: rolled.reporters,
        expected: 1,
        missing: Vec::new(),
        unknown: rolled.unknown,
        not_collected: rolled.not_collected,
        qualified: rolled.qualified,
        returns: rolled.returns,
        definition_version: version.to_owned(),
        reported: rolled.reported,
        own: None,
        others_small: false,
    })
}

/// Whether one of the cells is hidden in the report.
fn any_hidden(cells: &[&&StoredFigure]) -> bool {
    cells.iter().any(|one| {
        let amount = one.figure.answer.amount();
        amount.is_some_and(|amount| amount.scaled < report::SMALLEST_SHOWN)
    })
}
