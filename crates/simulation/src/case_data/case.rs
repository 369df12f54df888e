//! What happened to a made-up person. In: a [`Mix`], a seed and a row's place. Out: the row, as its
//! contributor recorded it. Later draws depend on earlier ones: year, contributor, country,
//! citizenship, form, gender, age, way of being held.

use crate::chance::{Chance, Stream};
use crate::world::{Form, Likeness};

use super::CaseRow;
use super::mix::{Gender, Mix, Operation};
use super::recording;

/// A case before anybody wrote it down. Places in the tables, as in the [`Mix`].
pub(super) struct Case {
    pub(super) year: usize,
    pub(super) contributor: usize,
    pub(super) place: usize,
    pub(super) citizenship: usize,
    pub(super) form: usize,
    pub(super) gender: Gender,
    pub(super) age: usize,
    pub(super) pattern: usize,
}

/// The row at a place of the file.
pub(super) fn row(mix: &Mix, seed: u64, at: u64) -> CaseRow {
    let chance = &mut Chance::of(seed, Stream::Case, at);
    let found_together = chance.happens(mix.tables.parameters.operation);
    let operation = found_together.then(|| mix.operations.pick(chance));
    let case = Case::draw(mix, operation, chance);
    recording::row(mix, &case, chance)
}

impl Case {
    fn draw(mix: &Mix, operation: Option<&Operation>, chance: &mut Chance) -> Case {
        let (year, contributor, place) = match operation {
            Some(found) => (found.year, found.contributor, found.place),
            None => {
                let year = *mix.years.pick(chance);
                let contributor = *mix.contributors[year].pick(chance);
                (year, contributor, *mix.places[contributor][year].pick(chance))
            }
        };
        let parameters = &mix.tables.parameters;
        let same_origin = operation.filter(|_| chance.happens(parameters.operation_same_origin));
        let citizenship = match same_origin {
            Some(found) => found.origin,
            None => citizenship(mix, place, chance),
        };
        let alike = operation.filter(|_| chance.happens(parameters.operation_same_person_kind));
        let (form, gender, age) = match alike {
            Some(found) => {
                let age = chance.one_of(&found.ages).copied().unwrap_or_default();
                (found.form, found.gender, age)
            }
            None => person(mix, year, place, chance),
        };
        let pattern = pattern(mix, form, mix.tables.ages[age].child, chance);
        Case { year, contributor, place, citizenship, form, gender, age, pattern }
    }
}

fn citizenship(mix: &Mix, place: usize, chance: &mut Chance) -> usize {
    let here = &mix.place[place];
    if chance.happens(mix.tables.countries[here.country].domestic) {
        here.country
    } else if chance.happens(mix.tables.parameters.main_origins) {
        *here.main_origins.pick(chance)
    } else {
        *here.origins.pick(chance)
    }
}

/// Form, gender and age.
fn person(mix: &Mix, year: usize, place: usize, chance: &mut Chance) -> (usize, Gender, usize) {
    let tables = mix.tables;
    let country = &tables.countries[mix.place[place].country];
    let later = tables.years[year].0 as f64 >= tables.parameters.later_from_year;
    let more = if later { tables.parameters.later_labor_lean } else { 0.0 };
    let lean = (country.labor_lean + more).min(1.0);
    let weight = |form: &Form| lean * form.labor_lean + (1.0 - lean) * form.sex_lean;
    let at = by_weight(chance, &tables.forms, weight);
    let form = &tables.forms[at];
    let genders = [
        (Gender::Man, form.man * country.men),
        (Gender::Woman, form.woman),
        (Gender::Trans, form.trans),
    ];
    let gender = genders[by_weight(chance, &genders, |(_, weight)| *weight)].0;
    let likeness = form.likeness as usize;
    let age = by_weight(chance, &tables.ages, |age| {
        let children = if age.child { form.children * country.children } else { 1.0 };
        let usual = if gender == Gender::Man { age.man } else { age.woman };
        usual[likeness] * children
    });
    (at, gender, age)
}

fn pattern(mix: &Mix, form: usize, child: bool, chance: &mut Chance) -> usize {
    let likeness = mix.tables.forms[form].likeness;
    by_weight(chance, &mix.tables.patterns, |pattern| {
        let usual = match likeness {
            Likeness::Sex => pattern.sexual,
            Likeness::Labor => pattern.labor,
            Likeness::Other => pattern.other,
        };
        if child { usual * pattern.child } else { usual }
    })
}

/// Which of the items is drawn by their weights; the last that has one when sums are rounded.
pub(super) fn by_weight<T>(chance: &mut Chance, items: &[T], weight: impl Fn(&T) -> f64) -> usize {
    let mut left = chance.unit() * items.iter().map(&weight).sum::<f64>();
    let drawn = items.iter().position(|item| {
        left -= weight(item);
        left < 0.0
    });
    let last = || items.iter().rposition(|item| weight(item) > 0.0).unwrap_or_default();
    drawn.unwrap_or_else(last)
}
