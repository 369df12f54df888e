//! Who is on which lists: how many people have each capture history.

use std::fmt;

/// The most lists a table may have; methods that look at all models take fewer.
pub const MOST_LISTS: usize = 12;

/// The most people a table may hold: counts and their sums are exact as floats.
pub const MOST_PEOPLE: u64 = 1 << 52;

/// Lists as a set: bit `i` is the `i`-th list. As a history: the lists that a person is on, and
/// no other; as a term of a model: the lists that interact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ListSet(pub u16);

impl ListSet {
    /// One list.
    pub fn one(list: usize) -> ListSet {
        ListSet(1 << list)
    }

    /// How many lists.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `other` are among these.
    pub fn holds(self, other: ListSet) -> bool {
        self.0 & other.0 == other.0
    }

    /// The numbers of the lists, ascending.
    pub fn lists(self) -> impl Iterator<Item = usize> {
        (0..u16::BITS as usize).filter(move |list| self.0 >> list & 1 == 1)
    }

    /// Where a table indexed by sets has its cell.
    pub(crate) fn cell(self) -> usize {
        usize::from(self.0)
    }
}

/// How many people have each capture history, on two to [`MOST_LISTS`] lists.
///
/// People on no list are not in it; how many there are is what is estimated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureHistories {
    lists: Vec<String>,
    /// Histories with people, ascending.
    counts: Vec<(ListSet, u64)>,
}

/// Histories that make no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoriesError {
    /// No list, or more than [`MOST_LISTS`].
    #[error("expected 1 to {MOST_LISTS} lists, found {found}; join or leave out lists")]
    Lists {
        /// How many there are.
        found: usize,
    },
    /// Two lists of one name.
    #[error("there are two lists named {name}; rename one")]
    SameName {
        /// The name.
        name: String,
    },
    /// A history of nobody's, or with lists that there are not.
    #[error("expected histories on one to all of the {lists} lists")]
    NoSuchHistory {
        /// How many lists there are.
        lists: usize,
    },
    /// More than [`MOST_PEOPLE`].
    #[error("expected at most {MOST_PEOPLE} people")]
    TooManyPeople,
}

impl CaptureHistories {
    /// A table from histories and how many people have each; the same history may come again, and
    /// its counts are added.
    ///
    /// # Errors
    ///
    /// [`HistoriesError`]: too few or many lists, two of one name, a history on no list or on one
    /// that there is not, too many people.
    ///
    /// # Examples
    ///
    /// ```
    /// use estimation::{CaptureHistories, ListSet};
    ///
    /// let lists = vec!["police".to_owned(), "shelter".to_owned()];
    /// let histories = [(ListSet(0b01), 80), (ListSet(0b10), 60), (ListSet(0b11), 20)];
    /// let table = CaptureHistories::new(lists, histories)?;
    /// assert_eq!(table.people(), 160);
    /// assert_eq!(table.on_all(ListSet(0b01)), 100);
    /// # Ok::<(), estimation::HistoriesError>(())
    /// ```
    pub fn new(
        lists: Vec<String>,
        histories: impl IntoIterator<Item = (ListSet, u64)>,
    ) -> Result<CaptureHistories, HistoriesError> {
        if !(1..=MOST_LISTS).contains(&lists.len()) {
            return Err(HistoriesError::Lists { found: lists.len() });
        }
        if let Some(name) = lists.iter().enumerate().find(|(at, name)| lists[..*at].contains(name))
        {
            return Err(HistoriesError::SameName { name: name.1.clone() });
        }
        let mut cells = vec![0_u64; 1 << lists.len()];
        let mut people = 0_u64;
        for (history, count) in histories {
            if history.is_empty() || history.cell() >= cells.len() {
                return Err(HistoriesError::NoSuchHistory { lists: lists.len() });
            }
            people = people
                .checked_add(count)
                .filter(|sum| *sum <= MOST_PEOPLE)
                .ok_or(HistoriesError::TooManyPeople)?;
            cells[history.cell()] += count;
        }
        Ok(CaptureHistories { lists, counts: filled(&cells) })
    }

    /// Several tables of the same lists as one; none of none, or when the lists differ.
    pub fn joined<'a>(
        tables: impl IntoIterator<Item = &'a CaptureHistories>,
    ) -> Option<CaptureHistories> {
        let mut tables = tables.into_iter().peekable();
        let lists = tables.peek()?.lists.clone();
        let mut all = Vec::new();
        for table in tables {
            if table.lists != lists {
                return None;
            }
            all.extend_from_slice(&table.counts);
        }
        CaptureHistories::new(lists, all).ok()
    }

    /// The lists' names, in the order of the bits.
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// The histories that somebody has, ascending, with how many people have each.
    pub fn counts(&self) -> &[(ListSet, u64)] {
        &self.counts
    }

    /// How many people are on a list at all.
    pub fn people(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// How many people are on all lists of a set, and perhaps on others.
    pub fn on_all(&self, lists: ListSet) -> u64 {
        self.counts.iter().filter(|(history, _)| history.holds(lists)).map(|(_, count)| count).sum()
    }

    /// A count for every set of lists, in the order of the bits; the first, nobody's history, is zero.
    pub fn cells(&self) -> Vec<f64> {
        let mut cells = vec![0.0; 1 << self.lists.len()];
        for (history, count) in &self.counts {
            cells[history.cell()] = *count as f64;
        }
        cells
    }

    /// The table without one list: people on that list alone drop out. None of a single list.
    pub fn without(&self, list: usize) -> Option<CaptureHistories> {
        let mut lists = self.lists.clone();
        lists.remove(list);
        self.moved(lists, |history| Some(closed_up(history, list)))
    }

    /// Those on one list, as the other lists know them: a table with a known answer, which is the
    /// size of that list. None of a single list.
    pub fn of_those_on(&self, list: usize) -> Option<CaptureHistories> {
        let mut lists = self.lists.clone();
        lists.remove(list);
        let on = ListSet::one(list);
        self.moved(lists, |history| history.holds(on).then(|| closed_up(history, list)))
    }

    /// Two lists as one: a person is on it who is on either. None of a single list.
    pub fn merged(&self, first: usize, second: usize) -> Option<CaptureHistories> {
        let (first, second) = (first.min(second), first.max(second));
        let mut lists = self.lists.clone();
        let gone = lists.remove(second);
        lists[first] = format!("{}+{gone}", lists[first]);
        self.moved(lists, |history| {
            let on = history.0 >> second & 1;
            Some(ListSet(closed_up(history, second).0 | on << first))
        })
    }

    /// The histories under other names; who has none any more drops out.
    fn moved(
        &self,
        lists: Vec<String>,
        to: impl Fn(ListSet) -> Option<ListSet>,
    ) -> Option<CaptureHistories> {
        let mut cells = vec![0_u64; 1 << lists.len()];
        for (history, count) in &self.counts {
            if let Some(history) = to(*history) {
                cells[history.cell()] += count;
            }
        }
        cells[0] = 0;
        (!lists.is_empty()).then(|| CaptureHistories { lists, counts: filled(&cells) })
    }

    /// A set of lists by their names.
    pub fn named(&self, lists: ListSet) -> Named<'_> {
        Named { names: &self.lists, lists }
    }
}

/// The history with one list taken out and the ones behind it moved up.
fn closed_up(history: ListSet, list: usize) -> ListSet {
    let below = (1_u16 << list) - 1;
    ListSet(history.0 & below | history.0 >> 1 & !below)
}

/// The cells with people.
fn filled(cells: &[u64]) -> Vec<(ListSet, u64)> {
    let all = cells.iter().enumerate();
    all.filter(|(_, count)| **count > 0)
        .map(|(cell, count)| (ListSet(cell as u16), *count))
        .collect()
}

/// A set of lists, shown as names joined by colons.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    names: &'a [String],
    lists: ListSet,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, list) in self.lists.lists().enumerate() {
            let colon = if place == 0 { "" } else { ":" };
            write!(f, "{colon}{}", self.names[list])?;
        }
        Ok(())
    }
}
