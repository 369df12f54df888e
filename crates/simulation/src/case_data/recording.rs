//! What a contributor records of a case. In: a [`Case`]. Out: a [`CaseRow`]. Each contributor leaves
//! out whole parts; a type stands only where its exploitation does, and no flag says "no".

use crate::chance::Chance;
use crate::world::{Recruiter, Sector};

use super::CaseRow;
use super::case::{Case, by_weight};
use super::columns::{
    AGE, CITIZENSHIP, COLUMNS, FORCED_LABOR, GENDER, LABOR_TYPES, MEANS, MONTHS, OTHER, PLACE,
    PORNOGRAPHY, PROSTITUTION, RECRUITERS, SEXUAL, YEAR,
};
use super::mix::{Gender, Mix};

const SET: u16 = 1;

pub(super) fn row(mix: &Mix, case: &Case, chance: &mut Chance) -> CaseRow {
    let contributor = &mix.tables.contributors[case.contributor];
    let records = contributor.records;
    let pattern = &mix.tables.patterns[case.pattern];
    let mut row = [0; COLUMNS];
    let parameters = &mix.tables.parameters;
    let asked = mix.tables.years[case.year].0 as f64 >= parameters.trans_from_year;
    let gender = match case.gender {
        Gender::Man => 0,
        Gender::Trans if asked => 2,
        Gender::Woman | Gender::Trans => 1,
    };
    let cells = [
        (YEAR, case.year, records.year),
        (GENDER, gender, records.gender),
        (AGE, case.age, records.age),
        (CITIZENSHIP, case.citizenship, records.citizenship),
        (PLACE, case.place, records.place),
        (MONTHS, by_weight(chance, &pattern.months, |weight| *weight), records.months),
    ];
    for (column, category, share) in cells {
        if chance.happens(share) {
            row[column] = category as u16 + 1;
        }
    }
    if row[GENDER] == 0 && chance.happens(parameters.age_unknown_too) {
        row[AGE] = 0;
    }
    if chance.happens(records.means) {
        for (at, (&probability, kept)) in
            pattern.means.iter().zip(contributor.means_kept).enumerate()
        {
            row[MEANS + at] = u16::from(kept && chance.happens(probability));
        }
    }
    if chance.happens(records.exploitation) {
        exploitation(mix, case, chance.happens(records.types), &mut row, chance);
    }
    if chance.happens(records.recruiter) {
        recruiter(mix, case, &mut row, chance);
    }
    CaseRow(row)
}

fn exploitation(
    mix: &Mix,
    case: &Case,
    with_types: bool,
    row: &mut [u16; COLUMNS],
    chance: &mut Chance,
) {
    let form = &mix.tables.forms[case.form];
    row[FORCED_LABOR] = u16::from(form.labor);
    row[SEXUAL] = u16::from(form.sexual);
    row[OTHER] = u16::from(form.other);
    let parameters = &mix.tables.parameters;
    let child = mix.tables.ages[case.age].child;
    if with_types && form.labor {
        let economy = mix.place[case.place].economy;
        let weight = |sector: &Sector| {
            let usual = if case.gender == Gender::Man { sector.man } else { sector.woman };
            let child = if child { sector.child } else { 1.0 };
            usual * child * sector.by_economy[economy]
        };
        let again = parameters.second_sector;
        set_some(&mut row[LABOR_TYPES..PROSTITUTION], &mix.tables.sectors, weight, again, chance);
    }
    if with_types && form.sexual {
        let pictures =
            if child { parameters.pornography_child } else { parameters.pornography_adult };
        row[PROSTITUTION] = u16::from(chance.happens(parameters.prostitution));
        row[PORNOGRAPHY] = u16::from(chance.happens(pictures));
    }
}

fn recruiter(mix: &Mix, case: &Case, row: &mut [u16; COLUMNS], chance: &mut Chance) {
    let domestic = case.citizenship == mix.place[case.place].country;
    let child = mix.tables.ages[case.age].child;
    let sexual = mix.tables.forms[case.form].sexual;
    let weight = |recruiter: &Recruiter| {
        let usual = match (domestic, case.gender) {
            (true, Gender::Man) => recruiter.domestic_man,
            (true, _) => recruiter.domestic_woman,
            (false, Gender::Man) => recruiter.foreign_man,
            (false, _) => recruiter.foreign_woman,
        };
        let child = if child { recruiter.child } else { 1.0 };
        usual * child * if sexual { recruiter.sexual } else { 1.0 }
    };
    let again = mix.tables.parameters.second_relation;
    set_some(&mut row[RECRUITERS..], &mix.tables.recruiters, weight, again, chance);
}

/// Sets the flag of one item by weight, and sometimes of a second; the last item has no flag.
fn set_some<T>(
    flags: &mut [u16],
    items: &[T],
    weight: impl Fn(&T) -> f64,
    again: f64,
    chance: &mut Chance,
) {
    for _ in 0..1 + usize::from(chance.happens(again)) {
        if let Some(flag) = flags.get_mut(by_weight(chance, items, &weight)) {
            *flag = SET;
        }
    }
}
