//! Chances between strangers, from random pairs and from counts of values.
//!
//! Random pairs of a large table are strangers but for a few in a hundred thousand; those few are
//! kept out of a field's chances by leaving out pairs that agree on other fields (among strangers
//! fields are independent, so this takes nothing away). Exact agreement is too rare for random
//! pairs and is counted: Σ f².

use crate::compare::{
    ADDRESS_LEVELS, AGENCY, BIRTH, BIRTH_EXACT, BIRTH_EXACT_HEAPED, CONTACT, Comparison, Counts,
    Frequencies, GIVEN_LEVELS, MIDDLE, NAME, NameLevels, ORIGIN, SURNAME_LEVELS, SWAPPED, compare,
    name_cell, same_place,
};
use rayon::prelude::*;

use crate::people::{Names, PersonTable, below, years_apart};
use crate::weigh::mixture::{Chances, normalise, zeros};

/// Pairs that are drawn, of each kind.
pub(crate) const DRAWN: u64 = 200_000;

/// How random pairs compare.
pub(crate) struct Drawn {
    /// Pairs of all records.
    pub(crate) random: Vec<Comparison>,
    /// Pairs of records of one surname.
    pub(crate) of_one_surname: Vec<Comparison>,
    /// Pairs of records of one given name.
    pub(crate) of_one_given_name: Vec<Comparison>,
    /// Pairs that share a phone widely, and an address; and how many pairs do.
    pub(crate) sharing: [(Vec<Comparison>, u64); 2],
}

/// A pair of records drawn at random.
pub(crate) fn random(draw: u64, records: u64) -> Option<(u32, u32)> {
    let (one, other) = (below(draw * 2 + 1, records)?, below(draw * 2 + 2, records)?);
    (one != other).then_some((one as u32, other as u32))
}

/// A pair of records of one name drawn at random, by their places among records sorted by name.
/// `ends` is for each name the place where its records end; name 0 is missing.
pub(crate) fn of_one_name(draw: u64, ends: &[u32]) -> Option<(u32, u32)> {
    let at = below(draw * 2 + 1, u64::from(*ends.last()?))? as u32;
    let name = ends.partition_point(|end| *end <= at);
    let from = name.checked_sub(1).map_or(0, |before| ends[before]);
    let other = from + below(draw * 2 + 2, u64::from(ends[name] - from))? as u32;
    (at != other).then_some((at, other))
}

/// Where the records of each name end when all that have one are sorted by it, given how many each
/// has.
pub(crate) fn ends(mut ends: Vec<u32>) -> Vec<u32> {
    ends[0] = 0;
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    ends
}

/// Draws pairs of a table, and compares them; `by_name` is the records by given name and by surname
/// ([`ByName::records`](crate::compare::ByName)).
pub(crate) fn drawn(
    people: &PersonTable,
    frequencies: &Frequencies,
    counts: &Counts,
    by_name: [&[u64]; 2],
) -> Drawn {
    let compared = |(one, other): (u32, u32)| {
        compare(people, frequencies, &people.rows[one as usize], &people.rows[other as usize])
    };
    let records = people.rows.len() as u64;
    let of_one = |by_name: &[u64], counts: Vec<u32>| {
        let ends = ends(counts);
        let record = |at: u32| by_name[at as usize] as u32;
        draw(DRAWN, |number| {
            let (one, other) = of_one_name(number, &ends)?;
            Some(compared((record(one), record(other))))
        })
    };
    let [by_given, by_surname] = by_name;
    Drawn {
        random: draw(DRAWN, |number| random(number, records).map(compared)),
        of_one_surname: of_one(by_surname, counts.whole_surnames(&people.names)),
        of_one_given_name: of_one(by_given, counts.whole_given(&people.names)),
        sharing: std::array::from_fn(|which| {
            let shared = &people.shared[which];
            (draw(DRAWN / 4, |number| shared.draw(number).map(compared)), shared.pairs())
        }),
    }
}

/// Pairs of people of one full name whose years of birth are apart, by how rare the given name and
/// the surname are.
pub(crate) fn namesakes_apart(people: &PersonTable, frequencies: &Frequencies) -> [[f64; 3]; 3] {
    let mut apart = [[0.0; 3]; 3];
    for namesakes in &people.namesakes {
        let row = &people.rows[namesakes.record as usize];
        let whole = |name: u32| people.names.names[name as usize].whole;
        let (given, surname) = rarities(frequencies, whole(row.given), whole(row.surname));
        apart[given][surname] += namesakes.apart as f64;
    }
    apart
}

/// How rare a given name and a surname are: 0 common, 1 less common, 2 rare.
pub(crate) fn rarities(frequencies: &Frequencies, given: u32, surname: u32) -> (usize, usize) {
    let (given, _) = frequencies.given_level(GIVEN_LEVELS - 3, [given; 2]);
    let (surname, _) = frequencies.surname_level(SURNAME_LEVELS - 3, [surname; 2]);
    ((given + 3 - GIVEN_LEVELS).min(2), (surname + 3 - SURNAME_LEVELS).min(2))
}

/// Chances between strangers, and how much more common full names are than their parts make them.
pub(crate) fn strangers(
    drawn: Drawn,
    frequencies: &Frequencies,
    counted: &Counts,
    names: &Names,
    apart: [[f64; 3]; 3],
) -> (Chances, [[f32; 3]; 3]) {
    let mut counts = zeros();
    // Given name and sex, apart for strangers of related surnames and of others.
    let mut given = [vec![0.0; GIVEN_LEVELS * 3], vec![0.0; GIVEN_LEVELS * 3]];
    let mut surname = vec![0.0; SURNAME_LEVELS];
    for pair in &drawn.random {
        take(pair, &mut counts, &mut given, &mut surname, false);
    }
    for pair in &drawn.of_one_surname {
        take(pair, &mut counts, &mut given, &mut surname, true);
    }
    // Those of one given name say how often its bearers differ in sex and in origin.
    let mut sexes = vec![0.0; GIVEN_LEVELS * 3];
    for pair in &drawn.of_one_given_name {
        let cells = pair.cells.map(usize::from);
        let levels = NameLevels::of(cells[NAME]);
        if matches!(cells[BIRTH], 1 | 4) {
            counts[ORIGIN][cells[ORIGIN]] += 1.0;
            sexes[levels.given * 3 + levels.sex] += 1.0;
        }
    }
    for (given, sexes) in given[0].chunks_mut(3).zip(sexes.chunks(3)).skip(GIVEN_LEVELS - 3) {
        given.copy_from_slice(sexes);
    }
    let agreement = frequencies.name_agreement(counted, names);
    exact_names(agreement, &mut given, &mut surname);
    combine(&mut counts[NAME], &given, &surname);
    let together = full_names(agreement, counted, apart, &mut counts[NAME]);

    let total: f64 = counts[BIRTH][4..].iter().sum();
    for (level, chance) in
        [BIRTH_EXACT, BIRTH_EXACT_HEAPED].into_iter().zip(frequencies.birth_agreement())
    {
        counts[BIRTH][level] = chance * total;
    }
    contact(&mut counts[CONTACT]);
    let records = counted.records as f64;
    let all_pairs = (records * (records - 1.0) / 2.0).max(1.0);
    for (which, (drawn, pairs)) in drawn.sharing.into_iter().enumerate() {
        let each = pairs as f64 / all_pairs / drawn.len().max(1) as f64;
        for pair in drawn {
            let cell = usize::from(pair.cells[CONTACT]);
            // Those who share both are drawn with the phone.
            if which == 0 || cell / ADDRESS_LEVELS != 3 {
                counts[CONTACT][cell] += each;
            }
        }
    }
    for (field, weights) in counts.iter_mut().enumerate() {
        if !matches!(field, NAME) {
            // Half a pair for what was not seen.
            let unseen = if field == CONTACT { 0.0 } else { 0.5 };
            weights.iter_mut().for_each(|weight| *weight += unseen);
        }
        normalise(field, weights);
    }
    (counts, together)
}

/// Takes a drawn pair in.
fn take(
    pair: &Comparison,
    counts: &mut Chances,
    given: &mut [Vec<f64>; 2],
    surname: &mut [f64],
    one_surname: bool,
) {
    let cells = pair.cells.map(usize::from);
    let levels = NameLevels::of(cells[NAME]);
    let birth_apart = matches!(cells[BIRTH], 1 | 4);
    let birth_unlike = birth_apart || cells[BIRTH] == 0;
    let names_apart = levels.given <= 1;
    if birth_apart {
        given[usize::from(levels.surnames_related())][levels.given * 3 + levels.sex] += 1.0;
        counts[ORIGIN][cells[ORIGIN]] += 1.0;
        counts[MIDDLE][cells[MIDDLE]] += 1.0;
    }
    if one_surname {
        return;
    }
    if birth_unlike {
        surname[levels.surname] += 1.0;
        counts[CONTACT][cells[CONTACT]] += 1.0;
    }
    if names_apart {
        counts[BIRTH][cells[BIRTH]] += 1.0;
    }
    counts[AGENCY][cells[AGENCY]] += 1.0;
}

/// Exact agreement of names is counted: Σ f² of the common, the less common and the rare.
fn exact_names(
    (of_given, of_surname): ([f64; 3], [f64; 3]),
    given: &mut [Vec<f64>; 2],
    surname: &mut [f64],
) {
    let known: f64 = surname[1..].iter().sum();
    for (level, chance) in (SURNAME_LEVELS - 3..).zip(of_surname) {
        surname[level] = chance * known;
    }
    // Of strangers of other surnames; those of one surname share names more often, and are drawn.
    let known: f64 = given[0][3..].iter().sum();
    for (level, chance) in (GIVEN_LEVELS - 3..).zip(of_given) {
        let drawn: f64 = given[0][level * 3..level * 3 + 3].iter().sum();
        for weight in &mut given[0][level * 3..level * 3 + 3] {
            *weight =
                if drawn > 0.0 { *weight / drawn * chance * known } else { chance * known / 3.0 };
        }
    }
}

/// The cells of the name from its parts.
fn combine(cells: &mut [f64], given: &[Vec<f64>; 2], surname: &[f64]) {
    let all = |weights: &[f64]| weights.iter().sum::<f64>().max(1.0);
    for level in 0..SURNAME_LEVELS {
        let related = usize::from(NameLevels::of(name_cell(0, level, 0)).surnames_related());
        for part in 0..GIVEN_LEVELS * 3 {
            // What few pairs of one surname showed leans on what many others did.
            let of_others = (given[0][part] + 0.1) / all(&given[0]);
            let of_one = match related {
                0 => of_others,
                _ => (given[1][part] + 200.0 * of_others) / (all(&given[1]) + 200.0),
            };
            cells[name_cell(part / 3, level, part % 3)] =
                (surname[level] + 0.5) / all(surname) * of_one;
        }
    }
    // Names that changed places agree on both, in a table in which few have changed places.
    let exact_given: f64 =
        given[1][(GIVEN_LEVELS - 3) * 3..].iter().sum::<f64>() / all(&given[1][3..]);
    let exact_surname: f64 = surname[SURNAME_LEVELS - 3..].iter().sum::<f64>() / all(&surname[1..]);
    let mut of_sex = [0.0; 3];
    for part in 0..GIVEN_LEVELS * 3 {
        of_sex[part % 3] += given[0][part] / all(&given[0]);
    }
    for level in 0..SURNAME_LEVELS {
        for (sex, chance) in of_sex.iter().enumerate() {
            cells[name_cell(SWAPPED, level, sex)] = 0.05 * exact_given * exact_surname * chance;
        }
    }
}

/// Sets the chances of the same full name by counting namesakes whose years of birth are apart
/// among all whose years are apart; how much more common that is than the parts make it.
fn full_names(
    (of_given, of_surname): ([f64; 3], [f64; 3]),
    counted: &Counts,
    apart: [[f64; 3]; 3],
    cells: &mut [f64],
) -> [[f32; 3]; 3] {
    let all_apart = (years_apart(counted.years()) as f64).max(1.0);
    let mut together = [[1.0; 3]; 3];
    for (given, of_surnames) in apart.iter().enumerate() {
        for (surname, pairs) in of_surnames.iter().enumerate() {
            let cell =
                |sex: usize| name_cell(GIVEN_LEVELS - 3 + given, SURNAME_LEVELS - 3 + surname, sex);
            let before: f64 = (0..3).map(|sex| cells[cell(sex)]).sum();
            let counted = pairs / all_apart;
            // A handful of pairs is not counted on.
            let chance = if *pairs >= 30.0 { counted } else { counted.max(before) };
            (0..3).for_each(|sex| cells[cell(sex)] *= chance / before.max(1e-300));
            let by_parts = of_given[given] * of_surname[surname];
            together[given][surname] = (chance / by_parts.max(1e-300)).clamp(1.0, 1e4) as f32;
        }
    }
    together
}

/// Compares pairs by a counter, in its order.
fn draw(count: u64, pair: impl Fn(u64) -> Option<Comparison> + Sync + Send) -> Vec<Comparison> {
    (0..count).into_par_iter().filter_map(pair).collect()
}

/// Phone and address of strangers: who shares a place is of another class, unless it is shared
/// widely, which is added later.
fn contact(cells: &mut [f64]) {
    let drawn = cells.iter().sum::<f64>().max(1.0);
    let (mut phone, mut address) = (vec![0.0; 6], vec![0.0; ADDRESS_LEVELS]);
    for (cell, weight) in cells.iter().enumerate() {
        phone[cell / ADDRESS_LEVELS] += weight / drawn;
        address[cell % ADDRESS_LEVELS] += weight / drawn;
    }
    for (cell, weight) in cells.iter_mut().enumerate() {
        let (p, a) = (cell / ADDRESS_LEVELS, cell % ADDRESS_LEVELS);
        let chance = if same_place(cell) || p == 3 || a == 8 {
            0.0
        } else {
            // At least as often as independent chances say.
            (*weight / drawn).max(0.3 * phone[p] * address[a])
        };
        *weight = chance + 1e-14;
    }
}
