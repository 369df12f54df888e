//! The names of the people of a people set.
//!
//! In: the names of a heritage, of which some come from another one. Out: given names, surnames
//! and aliases as their bearers use them; a few in a spelling of their own.

use crate::chance::Chance;
use crate::identity::spelling_variant;
use crate::world::{GivenNames, NameList};

use super::Set;

pub(super) fn surname(
    set: &Set,
    names: &'static NameList,
    chance: &mut Chance,
) -> (Vec<String>, &'static str) {
    let part = |chance: &mut Chance| {
        let other = set.world.people_set.parameters.surname_of_other_heritage;
        let list = if chance.happens(other) { other_heritage(set, chance) } else { names };
        rarer(set, list.surnames.pick(chance), chance)
    };
    let mut parts = vec![part(chance)];
    let kind = chance.unit();
    let mut between = " ";
    if kind < names.double_surname + names.hyphenated {
        parts.push(part(chance));
        if kind >= names.double_surname {
            between = "-";
        }
    }
    (parts, between)
}

pub(super) fn given_names(
    set: &Set,
    names: &'static NameList,
    gender: usize,
    chance: &mut Chance,
) -> Vec<String> {
    let mut given = vec![one_given_name(set, names, gender, chance)];
    let middle = set.world.people_set.parameters.middle_name;
    if chance.happens(names.second_given_name.max(middle)) {
        let second = one_given_name(set, names, gender, chance);
        given.extend((second != given[0]).then_some(second));
    }
    given
}

fn one_given_name(
    set: &Set,
    names: &'static NameList,
    gender: usize,
    chance: &mut Chance,
) -> String {
    let other = set.world.people_set.parameters.given_name_of_other_heritage;
    let list = if chance.happens(other) { other_heritage(set, chance) } else { names };
    let kind = set.world.people.genders.get(gender).map_or(GivenNames::Any, |row| row.names);
    let name = list.given(kind, chance.happens(0.5)).pick(chance);
    rarer(set, name, chance)
}

fn other_heritage(set: &Set, chance: &mut Chance) -> &'static NameList {
    &set.world.names.heritages[set.world.people.us.pick(chance).heritage]
}

/// A name as its bearer truly writes it: a few in a rarer way.
fn rarer(set: &Set, name: &str, chance: &mut Chance) -> String {
    if chance.happens(set.world.people_set.parameters.own_spelling) {
        spelling_variant(&set.world.names, name, chance)
    } else {
        name.to_owned()
    }
}

pub(super) fn aliases(
    set: &Set,
    names: &'static NameList,
    gender: usize,
    chance: &mut Chance,
) -> Vec<String> {
    let parameters = &set.world.people_set.parameters;
    if !chance.happens(parameters.alias) {
        return Vec::new();
    }
    let one = |chance: &mut Chance| {
        if chance.happens(parameters.alias_working_name) {
            chance.one_of(&set.world.names.working_names).cloned().unwrap_or_default()
        } else {
            one_given_name(set, names, gender, chance)
        }
    };
    let mut aliases = vec![one(chance)];
    if chance.happens(parameters.second_alias) {
        let second = one(chance);
        aliases.extend((second != aliases[0]).then_some(second));
    }
    aliases
}

/// A given name with the first letter of another one in the family, as many like it.
pub(super) fn alike(
    set: &Set,
    names: &'static NameList,
    like: Option<&String>,
    gender: usize,
    given: &mut [String],
    chance: &mut Chance,
) {
    let initial = |name: &str| name.chars().next();
    let wanted = like.and_then(|name| initial(name));
    for _ in 0..30 {
        let drawn = one_given_name(set, names, gender, chance);
        let same = like == Some(&drawn);
        if initial(&drawn) == wanted && !same {
            if let Some(first) = given.first_mut() {
                *first = drawn;
            }
            return;
        }
    }
}
