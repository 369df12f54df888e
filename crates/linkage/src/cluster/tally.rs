//! People counted in draws: how many, and on which lists.
//!
//! In: for each draw, groups of records with their lists. Out: for each draw the number of people
//! and of people on exactly each set of lists ([`Draw`]). What is the same in all draws is added
//! once. Sums of whole numbers, so the order of adding cannot matter.

use super::settings::ClusterSettings;

/// One draw of the clustering, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// People in this draw.
    pub persons: u64,
    /// Capture histories: a set of lists (bit l for list l) and the people on exactly these, from
    /// the lowest set. Empty when no lists were named.
    pub histories: Vec<(u16, u64)>,
}

/// Counts of one part of the components.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    persons: Vec<u64>,
    /// A row of all sets of lists for each draw; the last row is for what all draws share.
    histories: Vec<u32>,
    sets: usize,
    shared: u64,
}

impl Tally {
    pub(super) fn new(settings: &ClusterSettings) -> Tally {
        let draws = settings.draws.max(1) as usize;
        let sets = settings.lists.iter().max().map_or(0, |most| 2 << *most);
        Tally { persons: vec![0; draws], histories: vec![0; sets * (draws + 1)], sets, shared: 0 }
    }

    /// Adds a person of one draw.
    pub(super) fn add(&mut self, draw: usize, lists: u16) {
        self.persons[draw] += 1;
        self.add_history(draw, lists);
    }

    /// Adds a person of all draws.
    pub(super) fn add_to_all(&mut self, lists: u16) {
        self.add_many(lists, 1);
    }

    /// Adds so many people of all draws.
    pub(super) fn add_many(&mut self, lists: u16, people: u32) {
        self.shared += u64::from(people);
        self.add_histories(self.persons.len(), lists, people);
    }

    fn add_history(&mut self, row: usize, lists: u16) {
        self.add_histories(row, lists, 1);
    }

    fn add_histories(&mut self, row: usize, lists: u16, people: u32) {
        if self.sets > 0 {
            self.histories[row * self.sets + usize::from(lists)] += people;
        }
    }

    /// Another, without any people.
    pub(super) fn empty(&self) -> Tally {
        let (persons, histories) = (vec![0; self.persons.len()], vec![0; self.histories.len()]);
        Tally { persons, histories, sets: self.sets, shared: 0 }
    }

    /// Adds what another counted.
    pub(super) fn merge(&mut self, other: &Tally) {
        self.persons.iter_mut().zip(&other.persons).for_each(|(here, there)| *here += there);
        self.histories.iter_mut().zip(&other.histories).for_each(|(here, there)| *here += there);
        self.shared += other.shared;
    }

    pub(super) fn draws(&self) -> Vec<Draw> {
        let row = |at: usize| &self.histories[at * self.sets..(at + 1) * self.sets];
        let shared = row(self.persons.len());
        let draw = |(at, persons): (usize, &u64)| Draw {
            persons: persons + self.shared,
            histories: (0_u16..)
                .zip(row(at).iter().zip(shared))
                .map(|(lists, (here, shared))| (lists, u64::from(*here) + u64::from(*shared)))
                .filter(|(_, people)| *people > 0)
                .collect(),
        };
        self.persons.iter().enumerate().map(draw).collect()
    }
}
