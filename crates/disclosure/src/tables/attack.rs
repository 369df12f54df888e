//! What an attacker knows who has read everything that is published.
//!
//! In: published tables about the same people, complete with all margins. Out: each different cell
//! once (tables share cells), known, between bounds, or hidden; and every equation total = sum of
//! parts that has something unknown in it. Cells are the same if they stand at the same words of
//! the same dimensions, so a word for a group must mean the same group everywhere. Where tables form
//! rings the counts behind them are unknowns too.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::audit::AuditFailure;
use super::joint::{Combination, rings};
use super::rules::Zeros;
use crate::published::{PublishedDimension, PublishedTable, PublishedValue, WhyHidden};

/// A cell that is not known exactly.
#[derive(Debug, Clone)]
pub(super) struct Unknown {
    pub(super) low: u64,
    pub(super) high: Option<u64>,
    /// The table that shows it without its number first, and the cell's place there.
    pub(super) table: usize,
    pub(super) cell: usize,
    /// Whether it is hidden, not rounded, and not because the source does not say.
    pub(super) suppressed: bool,
    /// The number, if another table shows it.
    pub(super) shown_by: Option<usize>,
    /// How far a rounded number may be off; nothing for hidden cells.
    pub(super) rounded: Option<u64>,
    /// Of a count behind a ring of tables, which is in none, the ring's number and the combination.
    pub(super) behind: Option<(usize, Combination)>,
}

impl Unknown {
    /// How far apart the ends of its interval must be; nothing if nobody asks.
    pub(super) fn asked(&self, width: u64) -> Option<u64> {
        match self.rounded {
            _ if self.suppressed => Some(width),
            // Zero, rounded, stands for as many values as a number may be off.
            Some(within) => Some(within.min(width)),
            None => None,
        }
    }
}

/// `Σ entry · unknown + constant = 0`, and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Equation {
    pub(super) entries: Vec<(u32, f64)>,
    pub(super) constant: f64,
    pub(super) table: usize,
    pub(super) dimension: usize,
}

/// Everything an attacker knows. The counts behind rings come after all cells.
#[derive(Debug, Default)]
pub(super) struct Attack {
    pub(super) unknown: Vec<Unknown>,
    pub(super) equations: Vec<Equation>,
}

enum Slot {
    Known(u64, usize),
    Unknown(u32),
}

impl Attack {
    /// Puts tables together.
    ///
    /// Where zeros are published a hidden cell has somebody: two hidden cells that add up to 2 are 1
    /// and 1. A table that shows any zero says that it publishes them.
    pub(super) fn new(published: &[PublishedTable], zeros: Zeros) -> Result<Attack, AuditFailure> {
        let mut attack = Attack::default();
        let shows_zeros = |table: &PublishedTable| {
            table.cells.iter().any(|cell| cell.value == PublishedValue::Exact(0))
        };
        let least: Vec<u64> = published
            .iter()
            .map(|table| u64::from(zeros == Zeros::Published || shows_zeros(table)))
            .collect();
        let mut slots: Vec<Slot> = Vec::new();
        let mut index: HashMap<Vec<(u32, u32)>, u32> = HashMap::new();
        let mut words = Words::default();
        let mut places: Vec<Vec<u32>> = Vec::new();
        for (number, table) in published.iter().enumerate() {
            let shape = Shape::of(table)?;
            let mut of_table = vec![u32::MAX; shape.cells];
            for (cell, published_cell) in table.cells.iter().enumerate() {
                let at = shape.place(table, &published_cell.at)?;
                if of_table[at] != u32::MAX {
                    return Err(shape.fault(table));
                }
                let key = words.key(table, &published_cell.at);
                let slot = *index.entry(key).or_insert_with(|| {
                    slots.push(Slot::Unknown(u32::MAX));
                    slots.len() as u32 - 1
                });
                of_table[at] = slot;
                attack.see(&mut slots[slot as usize], published, (number, cell), least[number])?;
            }
            if of_table.contains(&u32::MAX) {
                return Err(shape.fault(table));
            }
            places.push(of_table);
        }
        for (number, table) in published.iter().enumerate() {
            attack.equations_of(table, number, &places[number], &slots)?;
        }
        attack.look_behind(published, &places, &slots)?;
        Ok(attack)
    }

    /// Joins what one table says of a cell with what is known of it.
    fn see(
        &mut self,
        slot: &mut Slot,
        published: &[PublishedTable],
        (table, cell): (usize, usize),
        least: u64,
    ) -> Result<(), AuditFailure> {
        let contradiction = || AuditFailure::Contradiction { table: published[table].name.clone() };
        let (low, high, hidden, rounded) = match published[table].cells[cell].value {
            PublishedValue::Exact(value) => (value, Some(value), None, None),
            PublishedValue::Rounded { value, within } => (
                value.saturating_sub(within),
                Some(value.saturating_add(within)),
                None,
                Some(within),
            ),
            PublishedValue::Noised { .. } => {
                return Err(AuditFailure::Noised { table: published[table].name.clone() });
            }
            PublishedValue::Hidden(why @ WhyHidden::Suppressed) => (least, None, Some(why), None),
            PublishedValue::Hidden(why) => (0, None, Some(why), None),
        };
        let exact = high == Some(low);
        match slot {
            Slot::Known(value, _) if exact => {
                return if *value == low { Ok(()) } else { Err(contradiction()) };
            }
            Slot::Known(value, by) => {
                if low > *value || high.is_some_and(|high| high < *value) {
                    return Err(contradiction());
                }
                // Hidden here and shown elsewhere.
                let unknown = Unknown {
                    low: *value,
                    high: Some(*value),
                    table,
                    cell,
                    suppressed: hidden == Some(WhyHidden::Suppressed),
                    shown_by: Some(*by),
                    rounded,
                    behind: None,
                };
                *slot = Slot::Unknown(self.unknown.len() as u32);
                self.unknown.push(unknown);
            }
            Slot::Unknown(u32::MAX) if exact => *slot = Slot::Known(low, table),
            Slot::Unknown(u32::MAX) => {
                *slot = Slot::Unknown(self.unknown.len() as u32);
                let suppressed = hidden == Some(WhyHidden::Suppressed);
                let shown_by = None;
                self.unknown.push(Unknown {
                    low,
                    high,
                    table,
                    cell,
                    suppressed,
                    shown_by,
                    rounded,
                    behind: None,
                });
            }
            Slot::Unknown(at) => {
                let known = &mut self.unknown[*at as usize];
                known.low = known.low.max(low);
                known.high = match (known.high, high) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                if known.high.is_some_and(|high| high < known.low) {
                    return Err(contradiction());
                }
                known.suppressed |= hidden == Some(WhyHidden::Suppressed);
                known.rounded = known.rounded.or(rounded);
                if exact {
                    known.shown_by = Some(table);
                }
            }
        }
        Ok(())
    }

    fn equations_of(
        &mut self,
        table: &PublishedTable,
        number: usize,
        places: &[u32],
        slots: &[Slot],
    ) -> Result<(), AuditFailure> {
        let shape = Shape::of(table)?;
        for (dimension, of) in table.dimensions.iter().enumerate() {
            let mut families: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
            for category in 0..of.categories.len() {
                let group = of.parents.get(category).copied().flatten();
                families.entry(group).or_default().push(category);
            }
            let stride = shape.strides[dimension];
            let size = of.categories.len() + 1;
            // Places whose entry of this dimension is the total.
            for base in (0..shape.cells).filter(|at| (at / stride).is_multiple_of(size)) {
                for (group, parts) in &families {
                    let total = base + group.map_or(0, |group| group + 1) * stride;
                    let parts = parts.iter().map(|part| (base + (part + 1) * stride, -1.0));
                    let mut equation =
                        Equation { entries: Vec::new(), constant: 0.0, table: number, dimension };
                    for (at, sign) in std::iter::once((total, 1.0)).chain(parts) {
                        match slots[places[at] as usize] {
                            Slot::Known(value, _) => equation.constant += sign * value as f64,
                            Slot::Unknown(unknown) => equation.entries.push((unknown, sign)),
                        }
                    }
                    if !equation.entries.is_empty() {
                        self.equations.push(equation);
                    } else if equation.constant != 0.0 {
                        return Err(AuditFailure::Contradiction { table: table.name.clone() });
                    }
                }
            }
        }
        Ok(())
    }
}

impl Attack {
    /// Adds the counts behind tables that form rings.
    ///
    /// Dimensions are the same if they have the same name and the same innermost categories.
    fn look_behind(
        &mut self,
        published: &[PublishedTable],
        places: &[Vec<u32>],
        slots: &[Slot],
    ) -> Result<(), AuditFailure> {
        let mut known: Known<'_> = HashMap::new();
        let mut dimensions: Vec<Vec<usize>> = Vec::new();
        // For each dimension of each table, the number of each innermost category.
        let mut numbers: Vec<Vec<Vec<Option<u32>>>> = Vec::new();
        for table in published {
            let (mut of_table, mut numbers_of_table) = (Vec::new(), Vec::new());
            for of in &table.dimensions {
                let words: Vec<&str> = innermost(of).map(|at| of.categories[at].as_str()).collect();
                let mut sorted = words.clone();
                sorted.sort_unstable();
                let next = known.len();
                let entry = known.entry((&of.name, sorted)).or_insert((next, words));
                let place: HashMap<&str, u32> = entry.1.iter().copied().zip(0..).collect();
                let mut numbers = vec![None; of.categories.len()];
                for at in innermost(of) {
                    numbers[at] = place.get(of.categories[at].as_str()).copied();
                }
                of_table.push(entry.0);
                numbers_of_table.push(numbers);
            }
            dimensions.push(of_table);
            numbers.push(numbers_of_table);
        }
        for (number, ring) in rings(&dimensions).into_iter().enumerate() {
            let mut slots_of = Vec::new();
            for margin in &ring.margins {
                let table = margin.table;
                let strides = Shape::of(&published[table])?.strides;
                let of = Innermost { dimensions: &dimensions[table], numbers: &numbers[table] };
                let mut slots_of_margin: Vec<(Combination, u32)> = Vec::new();
                for (at, place) in of.cells(&margin.dimensions, &strides) {
                    let slot = places[table][place];
                    if !matches!(slots[slot as usize], Slot::Known(0, _)) {
                        slots_of_margin.push((at, slot));
                    }
                }
                slots_of.push(slots_of_margin);
            }
            // What is known of all its margins is known: it says nothing more.
            let is_unknown =
                |(_, slot): &(_, u32)| matches!(slots[*slot as usize], Slot::Unknown(_));
            if !slots_of.iter().flatten().any(is_unknown) {
                continue;
            }
            let may_have = slots_of.iter().map(|of| of.iter().map(|(at, _)| at.clone()).collect());
            let may_have: Vec<Vec<Combination>> = may_have.collect();
            let possible = ring.possible(&may_have).ok_or(AuditFailure::TooManyCombinations)?;
            let first = self.unknown.len() as u32;
            for (margin, slots_of) in ring.margins.iter().zip(&slots_of) {
                let table = margin.table;
                let mut parts: HashMap<Combination, Vec<(u32, f64)>> = HashMap::new();
                for (unknown, at) in (first..).zip(&possible) {
                    parts.entry(ring.within(margin, at)).or_default().push((unknown, -1.0));
                }
                for (at, slot) in slots_of {
                    let mut entries = parts.remove(at).unwrap_or_default();
                    let mut constant = 0.0;
                    match slots[*slot as usize] {
                        Slot::Known(value, _) => constant = value as f64,
                        Slot::Unknown(unknown) => entries.push((unknown, 1.0)),
                    }
                    if entries.is_empty() {
                        let table = published[table].name.clone();
                        return Err(AuditFailure::Contradiction { table });
                    }
                    // Along none of the table's own.
                    let dimension = usize::MAX;
                    self.equations.push(Equation { entries, constant, table, dimension });
                }
            }
            let table = ring.margins[0].table;
            self.unknown.extend(possible.into_iter().map(|at| Unknown {
                low: 0,
                high: None,
                table,
                cell: 0,
                suppressed: false,
                shown_by: None,
                rounded: None,
                behind: Some((number, at)),
            }));
        }
        Ok(())
    }
}

/// By a dimension's name and its innermost categories in order its number, and those as they stand in it.
type Known<'a> = HashMap<(&'a str, Vec<&'a str>), (usize, Vec<&'a str>)>;

fn innermost(of: &PublishedDimension) -> impl Iterator<Item = usize> + '_ {
    (0..of.categories.len()).filter(|&at| !of.parents.contains(&Some(at)))
}

/// The innermost cells of a table's margins.
struct Innermost<'a> {
    /// Which dimensions it has.
    dimensions: &'a [usize],
    /// For each category of each its number, if it is innermost.
    numbers: &'a [Vec<Option<u32>>],
}

impl Innermost<'_> {
    /// For each cell of a margin the combination of its categories, and its place.
    fn cells(&self, margin: &[usize], strides: &[usize]) -> Vec<(Combination, usize)> {
        let mut cells: Vec<(Vec<u32>, usize)> = vec![(Vec::new(), 0)];
        for dimension in margin {
            let Some(of) = self.dimensions.iter().position(|known| known == dimension) else {
                return Vec::new();
            };
            let numbers = self.numbers[of].iter().enumerate();
            let steps: Vec<(u32, usize)> = numbers
                .filter_map(|(at, number)| Some(((*number)?, (at + 1) * strides[of])))
                .collect();
            let longer = |(at, place): &(Vec<u32>, usize)| {
                let (at, place) = (at.clone(), *place);
                let step = move |&(number, step): &(u32, usize)| {
                    ([at.as_slice(), &[number]].concat(), place + step)
                };
                steps.iter().map(step).collect::<Vec<_>>()
            };
            cells = cells.iter().flat_map(longer).collect();
        }
        cells.into_iter().map(|(at, place)| (at.into(), place)).collect()
    }
}

/// The words of all tables as numbers.
#[derive(Default)]
struct Words<'a>(HashMap<&'a str, u32>);

impl<'a> Words<'a> {
    fn number(&mut self, word: &'a str) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(word).or_insert(next)
    }

    /// Where a cell stands, whatever the order of dimensions and categories of its table.
    fn key(&mut self, table: &'a PublishedTable, at: &[Option<usize>]) -> Vec<(u32, u32)> {
        let mut key: Vec<(u32, u32)> = Vec::new();
        for (dimension, place) in table.dimensions.iter().zip(at) {
            if let Some(place) = place {
                let word = self.number(&dimension.categories[*place]);
                key.push((self.number(&dimension.name), word));
            }
        }
        key.sort_unstable();
        key
    }
}

/// How many cells a table must have, and in which order we number them.
struct Shape {
    cells: usize,
    strides: Vec<usize>,
}

impl Shape {
    fn of(table: &PublishedTable) -> Result<Shape, AuditFailure> {
        let mut shape = Shape { cells: 1, strides: Vec::new() };
        for dimension in &table.dimensions {
            let count = dimension.categories.len();
            let parents = &dimension.parents;
            let words: HashSet<&String> = dimension.categories.iter().collect();
            let sound = words.len() == count
                && (parents.is_empty() || parents.len() == count)
                && parents.iter().enumerate().all(|(at, p)| p.is_none_or(|p| p < count && p != at));
            shape.strides.push(shape.cells);
            match shape.cells.checked_mul(count + 1) {
                Some(cells) if sound && count > 0 && cells <= table.cells.len() => {
                    shape.cells = cells;
                }
                _ => return Err(shape.fault(table)),
            }
        }
        if table.dimensions.is_empty() || shape.cells != table.cells.len() {
            return Err(shape.fault(table));
        }
        Ok(shape)
    }

    fn place(&self, table: &PublishedTable, at: &[Option<usize>]) -> Result<usize, AuditFailure> {
        if at.len() != table.dimensions.len() {
            return Err(self.fault(table));
        }
        let mut place = 0;
        for ((dimension, stride), at) in table.dimensions.iter().zip(&self.strides).zip(at) {
            match at {
                Some(at) if *at >= dimension.categories.len() => return Err(self.fault(table)),
                Some(at) => place += (at + 1) * stride,
                None => (),
            }
        }
        Ok(place)
    }

    fn fault(&self, table: &PublishedTable) -> AuditFailure {
        AuditFailure::Incomplete { table: table.name.clone() }
    }
}
