//! Components of a table that is not in memory, some at a time.
//!
//! In: what all components share, then chunks of whole components: their records, rows and scored
//! pairs. Out: for each record its person, and the same count, draws and undecided pairs as
//! [`link_pairs`](super::link_pairs) gives.

use std::fmt;

use rayon::prelude::*;

use super::ScoredPair;
use super::components::components;
use super::count::{ASSUMED_MISSED_IN_THE_CLEAR, Count, People};
use super::draws::shifts;
use super::link::{number, step};
use super::one_component::{FLOOR, MOST_SURE, Part, Shared};
use super::review::{Undecided, keep_most_telling};
use super::settings::{ClusterSettings, Constraints};
use super::tally::Tally;
use super::threshold::{Bins, share};
use crate::partitioned::{Learnt, RowNumbers};
use crate::people::Row;

/// What the scored pairs of a table come to, seen one after the other.
pub struct PairSums {
    bins: Bins,
    /// Matches expected, as a sum of [`share`]s.
    all: u64,
}

impl Default for PairSums {
    fn default() -> PairSums {
        PairSums { bins: Bins::new(), all: 0 }
    }
}

impl fmt::Debug for PairSums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PairSums").finish_non_exhaustive()
    }
}

impl PairSums {
    /// Adds a pair. Says whether it is a reason to ask whether two records are one person, and
    /// whether, within an agency, it tells of the agency.
    pub fn add(&mut self, log_odds: f32) -> (bool, bool) {
        self.bins.add(log_odds);
        self.all += share(log_odds);
        (log_odds >= FLOOR, log_odds > super::agencies::LOOKED_AT)
    }
}

/// Components whole: records, their rows and their scored pairs.
#[derive(Default)]
pub struct Chunk {
    /// The records by their numbers in the table, ascending.
    numbers: Vec<u32>,
    rows: Vec<Row>,
    pairs: Vec<ScoredPair>,
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chunk {{ {} records [withheld] }}", self.numbers.len())
    }
}

impl Chunk {
    /// Without any record yet, with room for so many records and pairs.
    #[must_use]
    pub fn with_room(records: usize, pairs: usize) -> Chunk {
        Chunk {
            numbers: Vec::with_capacity(records),
            rows: Vec::with_capacity(records),
            pairs: Vec::with_capacity(pairs),
        }
    }

    /// Adds a record; they come in order.
    pub fn push(&mut self, record: u32, row: &RowNumbers) {
        self.numbers.push(record);
        self.rows.push(crate::partitioned::to_row(row));
    }

    /// Adds a scored pair of records of the chunk, by their numbers in the table.
    pub fn push_pair(&mut self, pair: ScoredPair) {
        self.pairs.push(pair);
    }

    /// The records by their numbers in the table.
    #[must_use]
    pub fn records(&self) -> &[u32] {
        &self.numbers
    }
}

/// Of so many records in components of two or more, every so many-th component is looked at first.
#[must_use]
pub fn sample_every(records: usize) -> usize {
    step(records)
}

/// Clusters chunks of components.
pub struct Clustering {
    settings: ClusterSettings,
    penalties: Vec<f32>,
    threshold: f32,
    shift: f32,
    shifts: Vec<f32>,
    /// Matches expected among all scored pairs and those within components, with the penalties.
    all: u64,
    in_components: u64,
    tally: Tally,
    people: People,
    records: u64,
    undecided: Vec<Undecided>,
    refused_for_size: u32,
}

impl fmt::Debug for Clustering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clustering").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// People found in chunks.
#[derive(Debug)]
pub struct Clustered {
    /// People beside the records.
    pub count: Count,
    /// The log odds from which groups became one.
    pub threshold: f32,
    /// How often records were kept apart because the person would have been too large.
    pub refused_for_size: u32,
    /// What a reviewer could settle, from the one that would move the count most.
    pub undecided: Vec<Undecided>,
}

impl Clustering {
    /// Learns what all components share. `records` is for each agency how many it has; `within`
    /// goes through the scored pairs within agencies that tell of it ([`PairSums::add`]).
    ///
    /// # Errors
    ///
    /// Those of `within`.
    pub fn new<E>(
        settings: ClusterSettings,
        sums: &PairSums,
        records: &[u64],
        within: impl Fn(&mut dyn FnMut(u16, f32)) -> Result<(), E>,
    ) -> Result<Clustering, E> {
        let best = || sums.bins.best().threshold.min(0.0);
        Ok(Clustering {
            threshold: settings.threshold.unwrap_or_else(best),
            penalties: super::agencies::penalties_of(records, sums.all, within)?,
            shift: 0.0,
            shifts: Vec::new(),
            all: 0,
            in_components: 0,
            tally: Tally::new(&settings),
            people: People::new(records.len()),
            records: records.iter().sum(),
            undecided: Vec::new(),
            refused_for_size: 0,
            settings,
        })
    }

    /// Sees a scored pair: with the agency when both records are of one, and whether both are in
    /// one component. All must be seen before the sample.
    pub fn see(&mut self, log_odds: f32, within: Option<u16>, in_component: bool) {
        let penalty = within.map_or(0.0, |agency| self.penalties[usize::from(agency)]);
        let expected = share(log_odds + penalty);
        self.all += expected;
        self.in_components += if in_component { expected } else { 0 };
    }

    /// Records of an agency that are in no component.
    pub fn alone(&mut self, agency: u16, records: u64) {
        if records > 0 {
            let list = self.settings.lists.get(usize::from(agency)).map_or(0, |list| 1 << *list);
            // Records are numbered with 32 bits.
            self.tally.add_many(list, records as u32);
            self.people.add(std::iter::once(agency), records);
        }
    }

    /// Learns the shift from the components of the sample.
    pub fn look(&mut self, learnt: &Learnt, sample: Chunk) {
        let looked = self
            .with(learnt, &sample, |shared| shared.look((0..shared.components.len()).collect()));
        // The rows are not needed any more, and what follows takes room.
        drop(sample);
        self.shift = self.with(learnt, &Chunk::default(), |shared| {
            shared.shift_from(looked, self.all, self.in_components)
        });
        let ClusterSettings { draws, seed, shared_error, .. } = self.settings;
        self.shifts = shifts(draws.max(1), seed, self.shift, shared_error);
    }

    /// Clusters a chunk: for each of its records, the smallest record of its person, and how
    /// probable it is that it belongs there. The sample must have been looked at.
    pub fn cluster(&mut self, learnt: &Learnt, chunk: &Chunk) -> Vec<(u32, u32, f32)> {
        let (records, parts) = self.with(learnt, chunk, |shared| {
            let parts: Vec<Part> =
                shared.components.parts(32).into_par_iter().map(|part| shared.part(part)).collect();
            (shared.components.records.clone(), parts)
        });
        let global = |record: u32| chunk.numbers[record as usize];
        let mut people = Vec::with_capacity(records.len());
        let mut in_component = records.into_iter();
        for part in parts {
            let found = part.smallest.into_iter().zip(part.probability);
            for ((smallest, probable), record) in found.zip(&mut in_component) {
                people.push((record, smallest, probable));
            }
            self.tally.merge(&part.tally);
            self.refused_for_size += part.refused_for_size;
            self.undecided.extend(part.undecided.into_iter().map(|pair| Undecided {
                first: global(pair.first),
                second: global(pair.second),
                ..pair
            }));
        }
        keep_most_telling(&mut self.undecided, self.settings.review);
        self.add_people(chunk, &people);
        for person in &mut people {
            (person.0, person.1) = (global(person.0), global(person.1));
        }
        people
    }

    fn add_people(&mut self, chunk: &Chunk, people: &[(u32, u32, f32)]) {
        let agency = |record: u32| chunk.rows[record as usize].agency;
        let mut rows: Vec<(u32, u16)> =
            people.iter().map(|(record, smallest, _)| (*smallest, agency(*record))).collect();
        rows.par_sort_unstable();
        for person in rows.chunk_by(|one, two| one.0 == two.0) {
            self.people.add(person.iter().map(|row| row.1), 1);
        }
    }

    fn with<T>(
        &self,
        learnt: &Learnt,
        chunk: &Chunk,
        work: impl FnOnce(&Shared<'_, &(dyn Fn(u32, u32) -> f32 + Sync)>) -> T,
    ) -> T {
        let place = |record: u32| chunk.numbers.binary_search(&record).unwrap_or_default() as u32;
        let pairs: Vec<ScoredPair> = chunk
            .pairs
            .par_iter()
            .map(|pair| ScoredPair {
                first: place(pair.first),
                second: place(pair.second),
                ..*pair
            })
            .collect();
        let agency: Vec<u16> = chunk.rows.iter().map(|row| row.agency).collect();
        let log_odds = |one: u32, other: u32| {
            let (one, other) = (one.min(other) as usize, one.max(other) as usize);
            learnt.log_odds(&chunk.rows[one], &chunk.rows[other])
        };
        let log_odds: &(dyn Fn(u32, u32) -> f32 + Sync) = &log_odds;
        let constraints = Constraints::default();
        work(&Shared {
            numbers: Some(&chunk.numbers),
            agency: &agency,
            pairs: &pairs,
            components: &components(agency.len(), &pairs, FLOOR, &[]),
            log_odds: &log_odds,
            settings: &self.settings,
            constraints: &constraints,
            penalties: &self.penalties,
            threshold: self.threshold,
            shift: self.shift,
            shifts: self.shifts.clone(),
        })
    }

    /// The count, and what is left.
    #[must_use]
    pub fn finish(self) -> Clustered {
        Clustered {
            count: self.people.count(
                self.records,
                &self.tally.draws(),
                (1.0, 1.0),
                ASSUMED_MISSED_IN_THE_CLEAR,
            ),
            threshold: self.threshold,
            refused_for_size: self.refused_for_size,
            undecided: self.undecided,
        }
    }
}

/// The probability of a record that is in no component.
pub const ALONE: f32 = MOST_SURE;

/// Numbers people from 0, given for each record the smallest of its person; how many there are.
pub fn number_people(smallest: &mut [u32]) -> u32 {
    number(smallest)
}
