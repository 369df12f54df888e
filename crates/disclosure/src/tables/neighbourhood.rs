//! The equations nearest to one variable, as programmes of their own.
//!
//! In: equations, and which variables are free. Out: of so many equations around one variable
//! ([`Neighbourhood::grow`]) an **inner** system, in which everything that has an equation elsewhere stays
//! where it is, and an **outer** one, in which equations elsewhere are forgotten. What the inner
//! one allows is possible; what the outer one rules out is impossible. A programme costs the square of its equations.
//!
//! The next equation is the one that brings the fewest new variables, counted with its distance: so
//! that variables come to be inside, and the neighbourhood stays one.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::dense_tableau::DenseTableau;
use super::programme::{Entries, Programme};
use super::tableau::{NONE, Tableau};

/// Equations of each neighbourhood that is tried before all of them.
pub(super) const SIZES: [usize; 4] = [24, 96, 384, 1536];
/// With fewer entries in a tableau than this taking parts of it costs more than it saves: a table of 8,000 cells
/// takes seven times as long by parts. Tests take parts of tables that they can try in whole.
const LARGE: usize = if cfg!(test) { 300 } else { 8_000_000 };

/// Whether a tableau of so many rows and columns is so large that neighbourhoods pay.
pub(super) fn pays(rows: usize, columns: usize) -> bool {
    rows * columns > LARGE
}

/// More entries than this in a tableau are more than there is memory for.
const MOST: usize = 200_000_000;

/// Whether a tableau of so many rows and columns is not too large altogether.
pub(super) fn fits(rows: usize, columns: usize) -> bool {
    rows.saturating_mul(columns) <= MOST
}

/// The equations that each variable is in.
#[derive(Debug, Default)]
pub(super) struct Links(Vec<Vec<u32>>);

impl Links {
    /// Of equations over so many variables.
    pub(super) fn new<'a>(
        equations: impl IntoIterator<Item = &'a Entries>,
        variables: usize,
    ) -> Links {
        let mut of = vec![Vec::new(); variables];
        for (at, equation) in (0..).zip(equations) {
            equation.iter().for_each(|&(variable, _)| of[variable as usize].push(at));
        }
        Links(of)
    }

    /// The equations of one.
    pub(super) fn of(&self, variable: u32) -> &[u32] {
        &self.0[variable as usize]
    }
}

/// A part of the equations, grown around one variable.
pub(super) struct Neighbourhood<'a, F> {
    equations: &'a [Entries],
    links: &'a Links,
    is_free: F,
    taken: Vec<u32>,
    /// Free variables of the equations taken, the middle one first, and how many of their equations are not.
    variables: Vec<u32>,
    missing: Vec<u32>,
    /// For each variable its place among those, or [`NONE`].
    place: Vec<u32>,
    /// Equations to take, by new variables and distance; some with what they once were.
    next: BinaryHeap<Reverse<(u32, u32)>>,
    /// Of each equation the distance and the number of new variables if it was met, or [`TAKEN`].
    met: Vec<Option<(u32, u32)>>,
    waiting: usize,
}

const TAKEN: (u32, u32) = (u32::MAX, u32::MAX);

/// A system of equations of its own. Variables are numbered anew, the middle one is 0.
pub(super) struct System {
    /// What each was.
    pub(super) variables: Vec<u32>,
    equations: Vec<Entries>,
    /// With a marker for each equation behind the variables, if it is an outer one.
    tableau: Tableau,
}

impl<'a, F: Fn(u32) -> bool> Neighbourhood<'a, F> {
    /// Nothing but the variable in the middle, which is free.
    pub(super) fn new(
        equations: &'a [Entries],
        links: &'a Links,
        is_free: F,
        middle: u32,
    ) -> Neighbourhood<'a, F> {
        let mut near = Neighbourhood {
            equations,
            links,
            is_free,
            taken: Vec::new(),
            variables: Vec::new(),
            missing: Vec::new(),
            place: vec![NONE; links.0.len()],
            next: BinaryHeap::new(),
            met: vec![None; equations.len()],
            waiting: 0,
        };
        near.meet(middle, 0);
        near
    }

    /// Takes equations until there are so many; says whether there are more.
    pub(super) fn grow(&mut self, size: usize) -> bool {
        while self.taken.len() < size {
            let Some(Reverse((key, equation))) = self.next.pop() else { return false };
            let Some((distance, new)) = self.met[equation as usize] else { continue };
            if (distance, new) == TAKEN || distance + new != key {
                continue;
            }
            self.met[equation as usize] = Some(TAKEN);
            self.waiting -= 1;
            self.taken.push(equation);
            let of: &'a Entries = &self.equations[equation as usize];
            for &(variable, _) in of {
                if !(self.is_free)(variable) {
                    continue;
                }
                let place = match self.place[variable as usize] {
                    NONE => self.meet(variable, distance + 1),
                    place => place,
                };
                self.missing[place as usize] -= 1;
            }
        }
        self.waiting > 0
    }

    /// Notes a free variable and its equations.
    fn meet(&mut self, variable: u32, distance: u32) -> u32 {
        let place = self.variables.len() as u32;
        self.variables.push(variable);
        self.place[variable as usize] = place;
        let links: &'a [u32] = &self.links.0[variable as usize];
        self.missing.push(links.len() as u32);
        for &equation in links {
            let (distance, new) = match self.met[equation as usize] {
                Some(TAKEN) => continue,
                Some((distance, new)) => (distance, new - 1),
                None => {
                    let of: &'a Entries = &self.equations[equation as usize];
                    let is_new = |&&(other, _): &&(u32, f64)| {
                        self.place[other as usize] == NONE && (self.is_free)(other)
                    };
                    self.waiting += 1;
                    (distance, of.iter().filter(is_new).count() as u32)
                }
            };
            self.met[equation as usize] = Some((distance, new));
            self.next.push(Reverse((distance + new, equation)));
        }
        place
    }

    /// Those variables alone that have no other equation.
    pub(super) fn inner(&self) -> System {
        let mut place = vec![NONE; self.variables.len()];
        let mut variables = Vec::new();
        for (known, &variable) in self.variables.iter().enumerate() {
            if self.missing[known] == 0 || known == 0 {
                place[known] = variables.len() as u32;
                variables.push(variable);
            }
        }
        // A middle one with equations elsewhere does not move.
        if self.missing[0] > 0 {
            variables.truncate(1);
            place.iter_mut().skip(1).for_each(|place| *place = NONE);
        }
        self.system(variables, |known| place[known as usize], false)
    }

    /// All variables.
    pub(super) fn outer(&self) -> System {
        self.system(self.variables.clone(), |known| known, true)
    }

    fn system(&self, variables: Vec<u32>, place: impl Fn(u32) -> u32, marked: bool) -> System {
        let count = variables.len() as u32;
        let markers = if marked { self.taken.len() } else { 0 };
        let mut tableau = Tableau::new(variables.len() + markers);
        let mut equations = Vec::with_capacity(self.taken.len());
        for (number, &equation) in (0..).zip(&self.taken) {
            let known = self.equations[equation as usize].iter();
            let known = known.filter_map(|(variable, entry)| {
                let known = self.place[*variable as usize];
                (known != NONE).then(|| (place(known), *entry))
            });
            let entries: Entries = known.filter(|(variable, _)| *variable != NONE).collect();
            let mut of_tableau = entries.clone();
            if marked {
                of_tableau.push((count + number, 1.0));
            }
            // An equation among markers says that others make it superfluous.
            let _ = tableau.add(&of_tableau, |variable| (variable < count).then_some(0));
            equations.push(entries);
        }
        System { variables, equations, tableau }
    }

    /// What an outer system's combination of equations says of variables that are not free: the entries that
    /// belong to the row of its middle variable at the end of a programme.
    pub(super) fn entries_of_others(
        &self,
        outer: &System,
        row: &[(u32, f64)],
    ) -> HashMap<u32, f64> {
        let count = outer.variables.len() as u32;
        let mut of_equation = vec![0.0; self.taken.len()];
        for &(variable, times) in row.iter().chain(&[(0, 1.0)]) {
            for &(marker, entry) in outer.tableau.row(variable).unwrap_or_default() {
                if marker >= count {
                    of_equation[(marker - count) as usize] += times * entry;
                }
            }
        }
        let mut entries = HashMap::new();
        for (&equation, times) in self.taken.iter().zip(of_equation) {
            if times == 0.0 {
                continue;
            }
            for &(variable, entry) in &self.equations[equation as usize] {
                if self.place[variable as usize] == NONE {
                    *entries.entry(variable).or_default() += times * entry;
                }
            }
        }
        entries
    }
}

impl System {
    /// Equations each of which is solved for a variable that is in no other one.
    pub(super) fn solved(variables: Vec<u32>, solved: Vec<(u32, Entries)>) -> System {
        let mut tableau = Tableau::new(variables.len());
        let mut equations = Vec::with_capacity(solved.len());
        for (basic, equation) in solved {
            let added = tableau.add(&equation, |variable| (variable == basic).then_some(0));
            debug_assert!(added.is_ok(), "an equation has the variable for which it is solved");
            equations.push(equation);
        }
        System { variables, equations, tableau }
    }

    /// Of the values of all variables those of these.
    pub(super) fn values(&self, all: &[f64]) -> Vec<f64> {
        self.variables.iter().map(|&variable| all[variable as usize]).collect()
    }

    /// A programme from a solution: [`System::values`].
    pub(super) fn programme(
        &self,
        start: Vec<f64>,
        bounds: impl Fn(u32) -> (f64, f64),
        budget: u64,
    ) -> Programme<'_> {
        let count = self.variables.len() as u32;
        let mut tableau = DenseTableau::new(&self.tableau, |variable| variable < count);
        tableau.work = self.tableau.work;
        let bounds = self.variables.iter().map(|&variable| bounds(variable)).collect();
        Programme::at(&self.equations, tableau, start, bounds, budget)
    }
}
