//! The rows that agencies keep, made from what happened.
//!
//! In: a state, and a stretch of its households, incidents, sessions or contacts. Out: [`Made`]:
//! rows in the columns of the contract, the truth beside them, and counts. Assumes nothing of other
//! stretches, so that they can be made side by side.

mod benefits;
mod clients;
mod contacts;
mod justice;
mod people;
mod registered;
mod sessions;
mod victims;

use std::borrow::Cow;

use crate::record::Record;
use crate::state::MadeUpState;
use crate::tally::Tally;

/// A cell as it will stand in a file.
pub(crate) type Cell = Cow<'static, str>;

/// A row of an agency's file.
pub(crate) struct MadeRow {
    /// The agency's place in the list.
    pub(crate) agency: usize,
    pub(crate) record: Record,
    pub(crate) cells: Vec<Cell>,
    /// The person whom it is about, by her true number.
    pub(crate) person: Option<u64>,
}

/// The truth about one person.
pub(crate) struct TruePerson {
    pub(crate) number: u64,
    pub(crate) trafficking_type: &'static str,
    pub(crate) age: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) county: &'static str,
    pub(crate) gender: &'static str,
    pub(crate) first_quarter: String,
    /// The agencies that have her as a victim, by their place in the list.
    pub(crate) agencies: Vec<usize>,
}

/// What a stretch has made.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) rows: Vec<MadeRow>,
    pub(crate) people: Vec<TruePerson>,
    pub(crate) tally: Tally,
}

/// What is made together, from the first number to the one after the last.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stretch {
    People(u64, u64),
    Incidents(u64, u64),
    Sessions(u64, u64),
    Contacts(u64, u64),
}

/// How many are made together. People of one household are never in two stretches.
const STRETCH: u64 = 1_024;

/// Everything that is to be made, in order.
pub(crate) fn stretches(state: &MadeUpState) -> impl Iterator<Item = Stretch> {
    let cut = |total: u64, make: fn(u64, u64) -> Stretch| {
        let starts = (0..total).step_by(STRETCH as usize);
        starts.map(move |first| make(first, (first + STRETCH).min(total)))
    };
    cut(state.plan.people, Stretch::People)
        .chain(cut(state.incidents_without_victim, Stretch::Incidents))
        .chain(cut(state.sessions, Stretch::Sessions))
        .chain(cut(state.contacts, Stretch::Contacts))
}

impl Stretch {
    pub(crate) fn make(self, state: &MadeUpState) -> Made {
        let mut made = Made::default();
        match self {
            Stretch::People(first, end) => people::make(state, first, end, &mut made),
            Stretch::Incidents(first, end) => {
                (first..end).for_each(|at| justice::incident_without_victim(state, at, &mut made));
            }
            Stretch::Sessions(first, end) => {
                (first..end).for_each(|at| sessions::session(state, at, &mut made));
            }
            Stretch::Contacts(first, end) => {
                (first..end).for_each(|at| contacts::contact(state, at, &mut made));
            }
        }
        // By own number, so that the order in a file says nothing about who is who elsewhere.
        made.rows.sort_by(|a, b| {
            (a.agency, a.record, &a.cells[..1]).cmp(&(b.agency, b.record, &b.cells[..1]))
        });
        made
    }

    /// How many hidden people it covers.
    pub(crate) fn people(self) -> u64 {
        match self {
            Stretch::People(first, end) => end - first,
            _ => 0,
        }
    }
}

impl Made {
    fn push(&mut self, agency: usize, record: Record, person: Option<u64>, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), record.columns().len(), "{}", record.word());
        self.rows.push(MadeRow { agency, record, cells, person });
    }
}

/// An empty cell: not recorded.
const EMPTY: Cell = Cow::Borrowed("");

/// A cell with a code, or an empty one.
fn when(recorded: bool, code: &'static str) -> Cell {
    if recorded { Cow::Borrowed(code) } else { EMPTY }
}

/// Whether an age is a minor's, in the word of the register.
fn age_code(minor: bool) -> &'static str {
    if minor { "minor" } else { "adult" }
}

fn origin_code(us: bool) -> &'static str {
    if us { "us" } else { "other_countries" }
}
