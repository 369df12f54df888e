//! Chance that can be repeated.
//!
//! In: the seed of a plan, what the chance is for, and which one of its kind (a person, a
//! household, a session). Out: draws. Each has a stream of its own, so that nobody's draws depend
//! on anybody else's or on the number of threads. For made-up data only, never for protection.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// What a stream of chance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// A household: who lives in it, where, since when.
    Household,
    /// A person: who sees her, and when.
    Person,
    /// A person's name, birth date and phone.
    Identity,
    /// What an agency writes down about a person.
    Record,
    /// The incidents of a household.
    HouseholdIncident,
    /// An incident in which nobody was found.
    Incident,
    /// A training session.
    Session,
    /// A contact with the hotline.
    Contact,
    /// A person's letters.
    Letter,
    /// A family of a people set, and what is written about it.
    Family,
    /// A shelter or motel of a people set.
    SharedPlace,
    /// The order of the rows of a people set.
    Order,
    /// A row of case data.
    Case,
}

/// A stream of draws.
pub(crate) struct Chance(ChaCha8Rng);

/// Things to draw from, each with a weight.
#[derive(Debug, Clone)]
pub(crate) struct Weighted<T> {
    items: Vec<T>,
    cumulative: Vec<f64>,
}

impl Chance {
    /// The stream of one thing of a kind.
    pub(crate) fn of(seed: u64, stream: Stream, index: u64) -> Chance {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8] = stream as u8;
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(index);
        Chance(generator)
    }

    /// A number from 0 up to but without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from 0 up to but without `end`; 0 when that is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // A multiplication instead of a remainder: the bias is below 2^-32 of a draw.
        let wide = u64::from(self.0.next_u32()) * (end as u64);
        (wide >> 32) as usize
    }

    /// A whole number from `first` to `last`, both included.
    pub(crate) fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first).max(0) as usize + 1) as i64
    }

    /// One of the items, or none of none.
    pub(crate) fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

impl<T> Weighted<T> {
    /// Things with their weights; none when no weight is above 0.
    pub(crate) fn new(pairs: impl IntoIterator<Item = (T, f64)>) -> Option<Weighted<T>> {
        let (mut items, mut cumulative, mut total) = (Vec::new(), Vec::new(), 0.0);
        for (item, weight) in pairs {
            if weight > 0.0 {
                total += weight;
                items.push(item);
                cumulative.push(total);
            }
        }
        if items.is_empty() { None } else { Some(Weighted { items, cumulative }) }
    }

    /// Draws one.
    pub(crate) fn pick(&self, chance: &mut Chance) -> &T {
        let last = self.items.len() - 1;
        let drawn = chance.unit() * self.cumulative[last];
        &self.items[self.cumulative.partition_point(|&end| end <= drawn).min(last)]
    }

    /// All of them.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weights_are_kept() {
        let weighted = Weighted::new([("never", 0.0), ("often", 3.0), ("seldom", 1.0)]).unwrap();
        let mut chance = Chance::of(1, Stream::Person, 7);
        let often = (0..10_000).filter(|_| *weighted.pick(&mut chance) == "often").count();
        assert!((7_300..7_700).contains(&often), "{often}");
        assert_eq!(weighted.items(), ["often", "seldom"]);
        assert!(Weighted::new([("never", 0.0)]).is_none());
    }

    proptest! {
        /// A stream is its own: the same again, and another for another seed, kind or index.
        #[test]
        fn streams_do_not_meet(seed: u64, index: u64) {
            let draw = |seed, stream, index| {
                let mut chance = Chance::of(seed, stream, index);
                [chance.unit(), chance.unit()]
            };
            let here = draw(seed, Stream::Person, index);
            prop_assert_eq!(here, draw(seed, Stream::Person, index));
            prop_assert_ne!(here, draw(seed, Stream::Household, index));
            prop_assert_ne!(here, draw(seed ^ 1, Stream::Person, index));
            prop_assert_ne!(here, draw(seed, Stream::Person, index ^ 1));
        }

        /// Draws stay inside what was asked for.
        #[test]
        fn draws_stay_inside(seed: u64, end in 1..100_000usize, first in -50i64..50, more in 0..50i64) {
            let mut chance = Chance::of(seed, Stream::Letter, 0);
            prop_assert!(chance.below(end) < end);
            prop_assert!((first..=first + more).contains(&chance.between(first, first + more)));
            prop_assert!((0.0..1.0).contains(&chance.unit()));
        }
    }
}
