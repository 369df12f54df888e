//! Making a state, stretch by stretch.
//!
//! In: a [`Plan`]. Out: every row to a sink, in an order that does not depend on the number of
//! threads, and a [`Summary`]. Memory does not grow with the number of people: a few stretches are
//! made side by side, handed on in order, and forgotten.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::agency::Agency;
use crate::error::SimulationError;
use crate::plan::Plan;
use crate::record::Record;
use crate::rows::{Made, Stretch, stretches};
use crate::state::MadeUpState;
use crate::summary::Summary;
use crate::tally::Tally;

/// A row of an agency's file.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// Whose row it is.
    pub agency: &'a Agency,
    /// What kind of row it is.
    pub record: Record,
    /// Its cells, in the order of [`Record::columns`]; made up, and yet nothing to print.
    pub cells: &'a [Cow<'static, str>],
    /// The true number of the person whom it is about; absent when it is about none.
    pub person: Option<u64>,
}

/// How many stretches are made side by side, whatever the number of threads.
const SIDE_BY_SIDE: usize = 8;

/// Makes a state in memory and hands every row to `sink`.
///
/// # Errors
///
/// [`SimulationError`] when the plan cannot be made.
///
/// # Examples
///
/// ```
/// use simulation::{Plan, Record, generate};
///
/// let mut victims = 0;
/// let plan = Plan { people: 500, ..Plan::default() };
/// let summary = generate(&plan, &mut |row| victims += u64::from(row.record == Record::Victim))?;
/// assert!(victims >= summary.records && summary.records > summary.people_listed);
/// # Ok::<(), simulation::SimulationError>(())
/// ```
pub fn generate(plan: &Plan, sink: &mut dyn FnMut(Row<'_>)) -> Result<Summary, SimulationError> {
    let state = MadeUpState::new(plan)?;
    let keep = |_: Stretch, made: Made| made;
    in_order(&state, &keep, &mut |made: Made| {
        for row in &made.rows {
            let (record, person) = (row.record, row.person);
            sink(Row { agency: &state.agencies[row.agency], record, cells: &row.cells, person });
        }
        Ok(made.tally)
    })
}

/// Makes every stretch, turns each into what `encode` says on any thread, and hands them to
/// `take` in order; `take` gives back the counts.
pub(crate) fn in_order<T: Send>(
    state: &MadeUpState,
    encode: &(impl Fn(Stretch, Made) -> T + Sync),
    take: &mut dyn FnMut(T) -> Result<Tally, SimulationError>,
) -> Result<Summary, SimulationError> {
    let mut tally = Tally::default();
    let mut waiting = stretches(state);
    loop {
        let batch: Vec<Stretch> = waiting.by_ref().take(SIDE_BY_SIDE).collect();
        if batch.is_empty() {
            return Ok(Summary::new(state, &tally));
        }
        let make = |stretch: Stretch| encode(stretch, stretch.make(state));
        let made: Vec<T> = batch.into_par_iter().map(make).collect();
        for part in made {
            tally.add(&take(part)?);
        }
    }
}
