//! What the weights are learnt from: pairs drawn at random, and some blocks.

use std::fmt;

use rayon::prelude::*;

use super::numbers::{KeyNumbers, Partition, RowNumbers, to_row};
use super::{Learnt, Runs, Values};
use crate::block::Blocks;
use crate::compare::{Comparison, compare};
use crate::people::{NONE, Row};
use crate::weigh::{
    DRAWN, Drawn, Settings, code, ends, every, learn, of_one_name, random, weighed,
};

/// Pairs drawn at once: what is gathered for them takes 128 bytes a pair.
const AT_ONCE: u64 = 50_000;

/// Records that are wanted from a table, and their rows as they are found.
pub struct Gather {
    /// Records, or places among records sorted by a name; ascending.
    wanted: Vec<u32>,
    /// Only when places are wanted.
    places: Option<Places>,
    is_wanted: Vec<u64>,
    found: Partition,
    places_found: Vec<u32>,
}

/// Records as they would be sorted by a name.
struct Places {
    name_of: fn(&Row) -> u32,
    /// For each name the place of its next record.
    next: Vec<u32>,
}

impl Gather {
    fn new(mut wanted: Vec<u32>, places: Option<Places>) -> Gather {
        wanted.par_sort_unstable();
        wanted.dedup();
        let words = wanted.last().map_or(0, |most| *most as usize / 64 + 1);
        let mut is_wanted = vec![0; words];
        for number in &wanted {
            is_wanted[*number as usize / 64] |= 1 << (number % 64);
        }
        let (found, places_found) = (Partition::default(), Vec::new());
        Gather { wanted, places, is_wanted, found, places_found }
    }

    /// Looks at a record; all of the table must come by, in order. `keys` is asked for when the
    /// record is wanted.
    pub fn look(
        &mut self,
        values: &Values,
        record: u32,
        row: &RowNumbers,
        keys: impl FnOnce() -> KeyNumbers,
    ) {
        let number = match &mut self.places {
            None => record,
            Some(Places { name_of, next }) => {
                let name = values.people.names.names[name_of(&to_row(row)) as usize].whole;
                if name == NONE {
                    return;
                }
                next[name as usize] += 1;
                next[name as usize] - 1
            }
        };
        let word = self.is_wanted.get(number as usize / 64).copied().unwrap_or(0);
        if word >> (number % 64) & 1 == 1 {
            self.places_found.push(number);
            self.found.push(row, &keys());
        }
    }

    /// Rows in the order of what was wanted.
    fn rows(&self) -> Vec<(u32, usize)> {
        let mut order: Vec<(u32, usize)> = self.places_found.iter().copied().zip(0..).collect();
        order.par_sort_unstable();
        order
    }
}

impl fmt::Debug for Gather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gather {{ {} records [withheld] }}", self.wanted.len())
    }
}

/// How pairs drawn at random compare.
#[derive(Default)]
pub struct Draws {
    /// Of all records, of one surname, of one given name, sharing a phone, sharing an address.
    compared: [Vec<Comparison>; 5],
    next: usize,
}

impl fmt::Debug for Draws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draws").field("next", &self.next).finish_non_exhaustive()
    }
}

impl Draws {
    /// The kind of the next pairs to draw and which of it they are; none when all are drawn.
    fn at(&self) -> Option<(usize, std::ops::Range<u64>)> {
        let of_kind = [DRAWN, DRAWN, DRAWN, DRAWN / 4, DRAWN / 4];
        let mut left = self.next;
        for (kind, draws) in of_kind.into_iter().enumerate() {
            let batches = draws.div_ceil(AT_ONCE) as usize;
            if left < batches {
                let from = left as u64 * AT_ONCE;
                return Some((kind, from..draws.min(from + AT_ONCE)));
            }
            left -= batches;
        }
        None
    }

    /// Draws some pairs: what is to be gathered for them, then compared ([`Draws::compare`]). None
    /// when all were drawn.
    pub fn draw(&self, values: &Values) -> Option<(Vec<(u32, u32)>, Gather)> {
        let (kind, numbers) = self.at()?;
        let records = u64::from(values.records());
        let (counts, names) = (&values.counts, &values.people.names);
        let ends = match kind {
            1 => ends(counts.whole_surnames(names)),
            2 => ends(counts.whole_given(names)),
            _ => Vec::new(),
        };
        let pairs: Vec<(u32, u32)> = numbers
            .filter_map(|number| match kind {
                0 => random(number, records),
                1 | 2 => of_one_name(number, &ends),
                _ => values.people.shared[kind - 3].draw(number),
            })
            .collect();
        let wanted = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
        let name_of: Option<fn(&Row) -> u32> = match kind {
            1 => Some(|row| row.surname),
            2 => Some(|row| row.given),
            _ => None,
        };
        // Where the records of each name start.
        let next = || std::iter::once(0).chain(ends.iter().copied()).take(ends.len()).collect();
        let places = name_of.map(|name_of| Places { name_of, next: next() });
        Some((pairs, Gather::new(wanted, places)))
    }

    /// Compares the pairs that were drawn.
    pub fn compare(&mut self, values: &Values, pairs: &[(u32, u32)], gathered: &Gather) {
        let order = gathered.rows();
        let row = |number: u32| -> Option<&Row> {
            let at = order.binary_search_by_key(&number, |found| found.0).ok()?;
            Some(&gathered.found.rows[order[at].1])
        };
        if let Some((kind, _)) = self.at() {
            self.compared[kind].par_extend(pairs.par_iter().filter_map(|(one, other)| {
                Some(compare(&values.people, &values.frequencies, row(*one)?, row(*other)?))
            }));
        }
        self.next += 1;
    }

    /// The chances between strangers go into the values; to be called before blocks are compared.
    pub fn finish(self, values: &mut Values) -> Strangers {
        let [random, of_one_surname, of_one_given_name, phone, address] = self.compared;
        let pairs = [0, 1].map(|which: usize| values.people.shared[which].pairs());
        let sharing = [(phone, pairs[0]), (address, pairs[1])];
        let drawn = Drawn { random, of_one_surname, of_one_given_name, sharing };
        let (chances, together) = crate::weigh::strangers(
            drawn,
            &values.frequencies,
            &values.counts,
            &values.people.names,
            values.apart,
        );
        values.frequencies.usual_together = together;
        Strangers(chances)
    }
}

/// The chances of each agreement between strangers.
pub struct Strangers(crate::weigh::Chances);

impl fmt::Debug for Strangers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Strangers").finish_non_exhaustive()
    }
}

/// Entries of blocks from which the weights are learnt, as many as are gathered at once.
#[derive(Debug)]
pub struct Sample {
    /// Every so many-th run of blocks is learnt from.
    every: usize,
    /// By pass.
    entries: Vec<Vec<u64>>,
    size: usize,
    /// The patterns of all pairs so far, as numbers.
    codes: Vec<u32>,
}

impl Sample {
    /// Of blocks with so many pairs in all ([`super::pairs_in_blocks`]).
    #[must_use]
    pub fn new(pairs: u64, settings: &Settings) -> Sample {
        let every = every(pairs, settings.learn_from);
        Sample { every, entries: Vec::new(), size: 0, codes: Vec::new() }
    }

    /// Tells which entries are to be added.
    #[must_use]
    pub fn runs(&self) -> Runs {
        Runs::new(self.every)
    }

    /// Adds an entry. All of a block must be added before it is compared.
    pub fn push(&mut self, pass: usize, entry: u64) {
        self.entries.resize_with(self.entries.len().max(pass + 1), Vec::new);
        self.entries[pass].push(entry);
        self.size += 1;
    }

    /// Entries at hand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.size
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// What is to be gathered before the entries at hand are compared.
    #[must_use]
    pub fn gather(&self) -> Gather {
        Gather::new(self.entries.iter().flatten().map(|entry| *entry as u32).collect(), None)
    }

    /// Compares the pairs of the blocks at hand, which are gone then.
    pub fn compare(&mut self, values: &Values, gathered: Gather) {
        let place = |record: u32| gathered.wanted.binary_search(&record).unwrap_or_default();
        let mut entries = std::mem::take(&mut self.entries);
        self.size = 0;
        for entry in entries.iter_mut().flatten() {
            *entry = super::entry_key(*entry) | place(*entry as u32) as u64;
        }
        let Partition { rows, keys, .. } = gathered.found;
        let blocks = Blocks { keys, entries, pairs_cut: 0 };
        let codes =
            blocks.pairs(&rows, 1, Vec::new, |codes: &mut Vec<u32>, (_, one), (_, other)| {
                codes.push(code(&compare(&values.people, &values.frequencies, one, other).cells));
            });
        codes.iter().for_each(|codes| self.codes.extend(codes));
    }

    /// Learns the weights.
    #[must_use]
    pub fn learn(mut self, values: Values, strangers: Strangers, settings: &Settings) -> Learnt {
        let patterns = weighed(&mut self.codes, self.every);
        let Values { people, counts, frequencies, .. } = values;
        let mixture = learn(&patterns, strangers.0, counts.records);
        Learnt::new(people, frequencies, &mixture, settings)
    }
}
