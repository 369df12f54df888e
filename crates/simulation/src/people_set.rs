//! One list of people from several agencies, as a linkage would get it, with the truth beside it.
//!
//! In: a [`PeopleSetPlan`]. Out: [`PeopleSetRow`]s, one for each registration, to a sink, and a
//! [`PeopleSetSummary`]. Hard on purpose: most people have relatives or strangers who share their
//! surname, phone or address, and every field is missing, wrong or of another time at some rate
//! (`data/people_set_rates.csv`). Families are made in stretches that do not depend on the number
//! of threads; the rows of a stretch are shuffled, so that neighbors in the file are no hint.
//! Memory does not grow with the number of rows.

mod family;
mod file;
mod names;
mod numbers;
mod place;
mod written;

pub use file::write_people_set;
pub(crate) use file::{csv_when_whole, refused};

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use rayon::prelude::*;
use serde::Serialize;

use crate::chance::{Chance, Stream, Weighted};
use crate::error::SimulationError;
use crate::own_number::OwnNumbers;
use crate::world::{SetAgency, World};

/// What people are to be made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeopleSetPlan {
    /// How many rows: 100 to 100,000,000.
    pub records: u64,
    /// How many agencies: 2 to 9.
    pub agencies: usize,
    /// The seed; the same plan gives the same rows.
    pub seed: u64,
}

impl Default for PeopleSetPlan {
    /// 10,000 rows of nine agencies, seed 1.
    fn default() -> PeopleSetPlan {
        PeopleSetPlan { records: 10_000, agencies: MOST_AGENCIES, seed: 1 }
    }
}

const RECORDS: RangeInclusive<u64> = 100..=100_000_000;
const MOST_AGENCIES: usize = 9;

/// A registration of a made-up person; never printed by itself.
pub struct PeopleSetRow {
    cells: [String; PeopleSetRow::COLUMNS.len()],
    agency: usize,
    truth: u64,
}

impl PeopleSetRow {
    /// The columns, `truth_id` last: it says who the person is and is for scoring only.
    pub const COLUMNS: [&'static str; 14] = [
        "rec_id",
        "agency",
        "given_name",
        "middle_name",
        "surname",
        "alias",
        "sex",
        "birth_date",
        "phone",
        "street",
        "city",
        "zip",
        "origin",
        "truth_id",
    ];

    /// The cells, in the order of [`PeopleSetRow::COLUMNS`]; empty where nothing was written.
    #[must_use]
    pub fn cells(&self) -> &[String; PeopleSetRow::COLUMNS.len()] {
        &self.cells
    }
}

/// The truth about a people set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PeopleSetSummary {
    /// Rows.
    pub records: u64,
    /// People.
    pub persons: u64,
    /// People on the lists of at least two agencies.
    pub persons_on_several_lists: u64,
    /// Pairs of rows that are one person.
    pub true_pairs: u64,
    /// Those of them at two agencies.
    pub cross_agency_pairs: u64,
    /// The most rows of one person.
    pub most_records_of_a_person: u64,
}

/// A plan made ready.
struct Set {
    plan: PeopleSetPlan,
    world: &'static World,
    agencies: &'static [SetAgency],
    /// Places in `agencies`.
    listing: Weighted<usize>,
    /// Shelters and motels.
    places: usize,
}

/// Families in one stretch: some 12,000 rows.
const STRETCH: u64 = 4_096;

/// How many stretches are made side by side, whatever the number of threads.
const SIDE_BY_SIDE: u64 = 8;

/// Makes a people set and hands every row to `sink`, which may end it with an error.
///
/// # Errors
///
/// [`SimulationError`] when the plan cannot be made, and whatever `sink` gives.
///
/// # Examples
///
/// ```
/// use simulation::{PeopleSetPlan, people_set};
///
/// let mut rows = 0;
/// let plan = PeopleSetPlan { records: 500, ..PeopleSetPlan::default() };
/// let summary = people_set(&plan, &mut |_| {
///     rows += 1;
///     Ok(())
/// })?;
/// assert!(rows == 500 && summary.persons < 500);
/// # Ok::<(), simulation::SimulationError>(())
/// ```
pub fn people_set(
    plan: &PeopleSetPlan,
    sink: &mut dyn FnMut(&PeopleSetRow) -> Result<(), SimulationError>,
) -> Result<PeopleSetSummary, SimulationError> {
    let set = Set::new(plan)?;
    let numbers: Vec<OwnNumbers> = (0..set.agencies.len() as u64)
        .map(|agency| OwnNumbers::new('R', plan.seed, agency, plan.records))
        .collect();
    let mut summary = PeopleSetSummary::default();
    let mut first = 0;
    while summary.records < plan.records {
        // A family has two rows or more on average: no more stretches than may be wanted.
        let wanted = (plan.records - summary.records).div_ceil(2 * STRETCH);
        let batch: Vec<u64> = (first..first + wanted.min(SIDE_BY_SIDE)).collect();
        let next = first + batch.len() as u64;
        let made: Vec<Vec<PeopleSetRow>> =
            batch.into_par_iter().map(|stretch| set.stretch(stretch)).collect();
        for (stretch, mut rows) in (first..).zip(made) {
            let room = usize::try_from(plan.records - summary.records).unwrap_or(usize::MAX);
            // Cut before the shuffle: what is left out are whole families.
            rows.truncate(room);
            set.shuffle(stretch, &mut rows);
            for (at, row) in (summary.records..).zip(&mut rows) {
                row.cells[0] = numbers[row.agency].at(at);
                sink(row)?;
            }
            summary.add(&rows);
        }
        first = next;
    }
    Ok(summary)
}

impl Set {
    fn new(plan: &PeopleSetPlan) -> Result<Set, SimulationError> {
        let world = World::get()?;
        let most = world.people_set.agencies.len().min(MOST_AGENCIES);
        let inside = |what, value: u64, range: RangeInclusive<u64>| {
            let (least, most) = (*range.start(), *range.end());
            let refused = SimulationError::OutOfRange { what, value, least, most };
            if range.contains(&value) { Ok(()) } else { Err(refused) }
        };
        inside("the number of records", plan.records, RECORDS)?;
        inside("the number of agencies", plan.agencies as u64, 2..=most as u64)?;
        let agencies = &world.people_set.agencies[..plan.agencies];
        let listing = agencies.iter().enumerate().map(|(at, agency)| (at, agency.weight));
        let listing = Weighted::new(listing).ok_or(SimulationError::OutOfRange {
            what: "the number of agencies that see anybody",
            value: 0,
            least: 2,
            most: most as u64,
        })?;
        let each = world.people_set.parameters.records_for_each_place.max(1.0);
        let places = (plan.records as f64 / each).ceil() as usize;
        Ok(Set { plan: *plan, world, agencies, listing, places })
    }

    fn chance(&self, stream: Stream, index: u64) -> Chance {
        Chance::of(self.plan.seed, stream, index)
    }

    /// The rows of a stretch of families.
    fn stretch(&self, stretch: u64) -> Vec<PeopleSetRow> {
        let mut rows = Vec::new();
        for number in stretch * STRETCH..(stretch + 1) * STRETCH {
            family::rows(self, number, &mut rows);
        }
        rows
    }

    fn shuffle(&self, stretch: u64, rows: &mut [PeopleSetRow]) {
        let chance = &mut self.chance(Stream::Order, stretch);
        for last in (1..rows.len()).rev() {
            rows.swap(last, chance.below(last + 1));
        }
    }
}

impl PeopleSetSummary {
    /// Adds rows; all rows of a person are among them.
    fn add(&mut self, rows: &[PeopleSetRow]) {
        let mut people: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for row in rows {
            people.entry(row.truth).or_default().push(row.agency);
        }
        self.records += rows.len() as u64;
        self.persons += people.len() as u64;
        for agencies in people.values() {
            let pairs = |count: u64| count * count.saturating_sub(1) / 2;
            let mut by_agency = [0u64; MOST_AGENCIES];
            agencies.iter().for_each(|&agency| by_agency[agency] += 1);
            let within: u64 = by_agency.iter().map(|&count| pairs(count)).sum();
            let lists = by_agency.iter().filter(|&&count| count > 0).count();
            let records = agencies.len() as u64;
            self.persons_on_several_lists += u64::from(lists > 1);
            self.true_pairs += pairs(records);
            self.cross_agency_pairs += pairs(records) - within;
            self.most_records_of_a_person = self.most_records_of_a_person.max(records);
        }
    }
}
