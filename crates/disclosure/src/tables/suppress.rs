//! Tables with small cells, and what would give them away, hidden.
//!
//! In: a [`Cube`] and [`Rules`]. Out: the tables as they may be published, and for the state's own
//! eyes how it was done ([`Suppressed`]). Nothing comes out unless the tables pass [`audit`]; the
//! audit reads what is published, by code of its own, and checks for itself every solution that it is handed.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::audit::{Audit, AuditFailure, Verdict, audit_from};
use super::cube::Cube;
use super::intervals::Counted;
use super::primary::{Need, known_together, primary};
use super::rules::{Rules, RulesError};
use super::search::{NotFound, search};
use crate::attacks::Stop;
use crate::published::{
    PublishedCell, PublishedDimension, PublishedTable, PublishedValue, WhyHidden,
};

/// How often what the audit finds is hidden too before giving up.
const MOST_REPAIRS: u32 = 20;

/// Tables that may be published, and what is known of them inside.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The tables, in the order in which they were asked for.
    pub tables: Vec<PublishedTable>,
    /// The audit of these tables together.
    pub audit: Audit,
    /// How it was done: for the state's own eyes, never to be published.
    pub report: SuppressionReport,
}

/// How cells were hidden: for the state's own eyes, as it tells sensitive cells from the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressionReport {
    /// Cells, each counted once; totals included.
    pub cells: usize,
    /// Sensitive cells.
    pub primary: usize,
    /// Sensitive cells that sums alone would give away if nothing else were hidden.
    pub given_away_by_primary_alone: usize,
    /// Cells hidden besides.
    pub secondary: usize,
    /// People, or the amount, in cells that are hidden besides, innermost cells and totals alike.
    pub hidden_besides: u64,
    /// Rounds of search.
    pub rounds: u32,
}

/// How far the search has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The round.
    pub round: u32,
    /// The cost of the best choice so far; infinite before the first.
    pub cost: f64,
    /// How many cells are hidden besides, in the choice that is worked on.
    pub besides: usize,
    /// How many hidden cells are not yet known to be safe in it.
    pub open: usize,
}

/// Why nothing can be published.
#[derive(Debug, thiserror::Error)]
pub enum SuppressError {
    /// The rules are at fault.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rules(Vec<RulesError>),
    /// Nothing protects a sensitive cell.
    #[error(
        "some small cell cannot be protected: too few other cells have anybody in them; leave out a dimension, merge categories, or ask for a smaller width"
    )]
    Unprotectable,
    /// The work ran out before any choice was safe.
    #[error(
        "no safe choice of cells within {0} million entries of work; allow more, or publish fewer cells at once"
    )]
    OutOfWork(u64),
    /// The caller stopped it.
    #[error("stopped")]
    Stopped,
    /// The audit failed.
    #[error("the tables are not safe: {0}")]
    Audit(#[from] AuditFailure),
    /// Whatever was hidden besides, the audit did not pass.
    #[error("{recovered} hidden cells could be worked out and {too_narrow} guessed too closely")]
    NotSafe {
        /// Cells that could be worked out.
        recovered: usize,
        /// Cells with too narrow an interval.
        too_narrow: usize,
    },
}

/// Hides sensitive cells and as few others as it takes, and audits the result.
///
/// `progress` is told of every round and of steps on the way, and may stop the work.
///
/// # Errors
/// [`SuppressError`]: then there is nothing to publish.
pub fn suppress(
    cube: &Cube,
    rules: &Rules,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Suppressed, SuppressError> {
    let mut faults = rules.faults();
    if rules.dominance.is_some() && cube.amount.is_none() {
        faults.push(RulesError::DominanceOfCounts);
    }
    if !faults.is_empty() {
        return Err(SuppressError::Rules(faults));
    }
    let sensitive = primary(cube, rules);
    let judge = rules;
    let rules = &match cube.amount {
        Some(_) => Rules { singletons: true, ..rules.of_amounts() },
        None => rules.clone(),
    };
    let mut needs = sensitive.clone();
    let mut unsafe_cells = (0, 0);
    for _ in 0..MOST_REPAIRS {
        let found = search(cube, &needs, rules, |step| progress(step).is_continue());
        let found = found.map_err(|error| match error {
            NotFound::Unprotectable => SuppressError::Unprotectable,
            NotFound::OutOfWork => SuppressError::OutOfWork(rules.work_millions),
            NotFound::TooMany => SuppressError::Audit(AuditFailure::TooManyCombinations),
            NotFound::Stopped => SuppressError::Stopped,
        })?;
        let mut hidden: Vec<bool> = needs.iter().map(Option::is_some).collect();
        found.cells.iter().for_each(|&cell| hidden[cell as usize] = true);
        if cube.amount.is_some() {
            let known = known_together(cube, &hidden, judge);
            if !known.is_empty() {
                unsafe_cells = (known.len(), 0);
                for total in known {
                    let value = cube.cells[total].value as f64;
                    let width = rules.width as f64;
                    needs[total] = Some(Need { low: value, high: value, width });
                }
                continue;
            }
        }
        let tables = published(cube, &hidden);
        let counted = Counted { cube, shown: &found.shown };
        let audit = audit_from(&tables, rules, Some(counted), &Stop::default())?;
        if !audit.passed() {
            unsafe_cells = (audit.recovered, audit.too_narrow);
            demand_more(cube, &tables, &audit, rules, &mut needs);
            continue;
        }
        let count = |flags: &mut dyn Iterator<Item = bool>| flags.filter(|flag| *flag).count();
        let secondary = |cell: &usize| hidden[*cell] && sensitive[*cell].is_none();
        let primary = count(&mut sensitive.iter().map(Option::is_some));
        let report = SuppressionReport {
            cells: cube.cells(),
            primary,
            given_away_by_primary_alone: found.given_away_alone,
            secondary: (0..hidden.len()).filter(secondary).count(),
            hidden_besides: (0..hidden.len())
                .filter(secondary)
                .map(|at| cube.cells[at].value)
                .sum(),
            rounds: found.rounds,
        };
        return Ok(Suppressed { tables, audit, report });
    }
    let (recovered, too_narrow) = unsafe_cells;
    Err(SuppressError::NotSafe { recovered, too_narrow })
}

/// What the audit finds too narrow needs an interval of its own from now on, whether it is sensitive
/// or not: from outside one cannot tell.
fn demand_more(
    cube: &Cube,
    tables: &[PublishedTable],
    audit: &Audit,
    rules: &Rules,
    needs: &mut [Option<Need>],
) {
    let mut place = std::collections::HashMap::new();
    for (table, of_table) in tables.iter().zip(&cube.cells_of_table) {
        for (cell, &at) in table.cells.iter().zip(of_table) {
            let words = cell.at.iter().zip(&table.dimensions).filter_map(|(at, dimension)| {
                at.map(|at| (dimension.name.clone(), dimension.categories[at].clone()))
            });
            place.insert((table.name.clone(), words.collect::<Vec<_>>()), at);
        }
    }
    for cell in audit.cells.iter().filter(|cell| cell.verdict != Verdict::WideEnough) {
        if let Some(&at) = place.get(&(cell.table.clone(), cell.at.clone())) {
            let value = cube.cells[at].value as f64;
            let width = rules.width as f64;
            needs[at] = Some(match needs[at] {
                Some(need) => Need { width: need.width + 1.0, ..need },
                None => Need { low: value, high: value, width },
            });
        }
    }
}

/// The tables with these cells hidden; which of them are sensitive cannot be seen.
pub(super) fn published(cube: &Cube, hidden: &[bool]) -> Vec<PublishedTable> {
    tables_showing(cube, |cell| {
        if hidden[cell] {
            PublishedValue::Hidden(WhyHidden::Suppressed)
        } else {
            PublishedValue::Exact(cube.cells[cell].value)
        }
    })
}

/// The tables of a cube with what each cell shows.
pub(super) fn tables_showing(
    cube: &Cube,
    shows: impl Fn(usize) -> PublishedValue,
) -> Vec<PublishedTable> {
    cube.tables
        .iter()
        .zip(&cube.cells_of_table)
        .map(|(table, of_table)| {
            let dimensions = table.dimensions.iter().map(|&place| {
                let dimension = &cube.dimensions[place];
                let grouped = dimension.parents.iter().any(Option::is_some);
                PublishedDimension {
                    name: dimension.name.clone(),
                    categories: dimension.categories.clone(),
                    parents: if grouped { dimension.parents.clone() } else { Vec::new() },
                }
            });
            let cells = of_table.iter().map(|&cell| PublishedCell {
                at: table.dimensions.iter().map(|&place| cube.cells[cell].at[place]).collect(),
                value: shows(cell),
            });
            PublishedTable {
                name: table.name.clone(),
                counted: cube.counted.clone(),
                amount: cube.amount.clone(),
                dimensions: dimensions.collect(),
                cells: cells.collect(),
            }
        })
        .collect()
}
