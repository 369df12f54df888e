//! What was gathered and what the tables answer → the count as the report prints it.

use std::collections::BTreeMap;

use query::PeopleAnswer;
use records::disclosure::Mode;
use records::record::{Field, Holds, RecordKind};
use records::register::{Kind, Register};
use report::{
    AgencyCoverage, CaptureHistory, ListCounted, Overlap, PeopleBy, PeopleCell, PeopleCounted,
    PeopleRow,
};
use store::{StoredCount, StoredLink};

use super::gather::{Agency, Gathered};
use super::range::{Compared, ListPeople, range};
use super::{Counted, PeoplePlan, reasons};

/// Makes the count.
pub(super) fn run(
    register: &Register,
    gathered: &Gathered,
    answer: &PeopleAnswer,
    link: Option<&StoredLink>,
    counts: &[StoredCount],
    plan: &PeoplePlan,
) -> Counted {
    let of_lists = people_of_lists(gathered, answer);
    let compared = compared(answer, link);
    let range = range(&of_lists, compared);
    let people = PeopleCounted {
        synthetic: plan.practice,
        first: gathered.first,
        last: gathered.last,
        as_of: plan.as_of,
        definition_version: register.current_version().name.clone(),
        raw: range.raw,
        low: range.low,
        high: range.high,
        unduplicated: range.unduplicated,
        why: reasons::why(&of_lists, compared, link, &range),
        lists: lists(register, gathered, answer, &of_lists),
        overlaps: overlaps(gathered, answer, &of_lists),
        histories: histories(gathered, answer),
        by: by_field(register, gathered, answer),
        quarters: quarters(gathered, answer),
        coverage: coverage(register, gathered, answer),
        annotations: reasons::annotations(counts, plan.practice),
        truth: plan.truth.filter(|_| plan.practice),
    };
    let (coded, linked) = (answer.records, answer.people);
    let link = link.map(|link| link.id);
    Counted { people, coded, linked, on_several: answer.on_several, link }
}

/// The people who were compared, and what linkage says of how many they are. The draws are about
/// all encodings that stand; of a part of them, as when one quarter is counted, the same part of
/// their width is taken.
fn compared(answer: &PeopleAnswer, link: Option<&StoredLink>) -> Compared {
    let compared: u64 = answer.agencies.iter().map(|agency| agency.compared).sum();
    let alone = answer.records.saturating_sub(compared);
    let people = answer.people.saturating_sub(alone);
    let Some(link) = link.map(|link| &link.link).filter(|link| link.encoded > 0) else {
        return Compared { records: compared, people, low: people, high: people };
    };
    let part = |width: u64| {
        let part = u128::from(width) * u128::from(compared);
        u64::try_from(part.div_ceil(u128::from(link.encoded))).unwrap_or(u64::MAX)
    };
    Compared {
        records: compared,
        people,
        low: people.saturating_sub(part(link.people.saturating_sub(link.low))),
        high: (people + part(link.high.saturating_sub(link.people))).min(compared),
    }
}

/// For each kind of list, its people added up over its agencies.
fn people_of_lists(gathered: &Gathered, answer: &PeopleAnswer) -> Vec<ListPeople> {
    let mut lists = vec![ListPeople::default(); gathered.lists.len()];
    let left_behind = &gathered.left_behind.people;
    for (at, list) in gathered.question.list_of_agency.iter().enumerate() {
        let coded = answer.agencies.get(at).copied().unwrap_or_default();
        let left = left_behind.get(at).copied().unwrap_or_default();
        let list = &mut lists[usize::from(*list)];
        list.coded += coded.people;
        list.compared += coded.compared;
        list.also_elsewhere += coded.also_elsewhere;
        let largest = gathered.left_behind.largest_total.get(at).copied().unwrap_or_default();
        list.left_behind += left;
        list.left_behind_least += left.min(largest.saturating_sub(coded.people));
        list.largest_agency = list.largest_agency.max(largest.max(coded.people));
    }
    lists
}

fn label(register: &Register, kind: Kind, code: &str) -> String {
    register.get(kind, code).map_or_else(|| code.to_owned(), |entry| entry.label.clone())
}

fn lists(
    register: &Register,
    gathered: &Gathered,
    answer: &PeopleAnswer,
    of_lists: &[ListPeople],
) -> Vec<ListCounted> {
    let keep = |at: usize| of_lists[at].coded + of_lists[at].left_behind > 0;
    let also_elsewhere = |at: usize| -> u64 {
        let on_it = answer.histories.iter().filter(|history| history.lists & (1 << at) != 0);
        on_it.filter(|history| history.lists.count_ones() > 1).map(|history| history.people).sum()
    };
    let list = |at: usize| {
        let people = of_lists[at];
        let agencies = gathered.agencies.iter().zip(&gathered.question.list_of_agency);
        let left = &gathered.left_behind.people;
        let sent = |place: usize| {
            left[place] + answer.agencies.get(place).map_or(0, |agency| agency.people) > 0
        };
        let keeping = agencies
            .enumerate()
            .filter(|(place, (_, list))| usize::from(**list) == at && sent(*place));
        ListCounted {
            code: gathered.lists[at].clone(),
            label: label(register, Kind::LegalEntity, &gathered.lists[at]),
            agencies: u32::try_from(keeping.count()).unwrap_or(u32::MAX),
            records: people.coded + people.left_behind,
            coded: people.coded,
            totals_only: people.left_behind,
            also_elsewhere: also_elsewhere(at),
        }
    };
    (0..gathered.lists.len()).filter(|at| keep(*at)).map(list).collect()
}

/// Every pair of lists that could be compared.
fn overlaps(gathered: &Gathered, answer: &PeopleAnswer, of_lists: &[ListPeople]) -> Vec<Overlap> {
    let compared: Vec<usize> =
        (0..gathered.lists.len()).filter(|at| of_lists[*at].coded > 0).collect();
    let mut overlaps = Vec::new();
    for (place, first) in compared.iter().enumerate() {
        for second in &compared[place + 1..] {
            let both = (1u64 << first) | (1u64 << second);
            let on_both = answer.histories.iter().filter(|history| history.lists & both == both);
            overlaps.push(Overlap {
                first: gathered.lists[*first].clone(),
                second: gathered.lists[*second].clone(),
                people: on_both.map(|history| history.people).sum(),
            });
        }
    }
    overlaps
}

fn histories(gathered: &Gathered, answer: &PeopleAnswer) -> Vec<CaptureHistory> {
    let named = |lists: u64| {
        let on_it = gathered.lists.iter().enumerate().filter(|(at, _)| lists & (1 << at) != 0);
        on_it.map(|(_, code)| code.clone()).collect()
    };
    answer
        .histories
        .iter()
        .map(|history| CaptureHistory { lists: named(history.lists), people: history.people })
        .collect()
}

/// Along each field, in the order of the fields and of the register; people of whom nothing is
/// recorded come last.
fn by_field(register: &Register, gathered: &Gathered, answer: &PeopleAnswer) -> Vec<PeopleBy> {
    let mut cells: BTreeMap<(&str, Option<&str>), PeopleCell> = BTreeMap::new();
    let none = PeopleCell { records: 0, people: 0 };
    for one in &answer.by_code {
        let cell = cells.entry((one.field, one.code)).or_insert(none);
        cell.records += one.records;
        cell.people += one.people;
    }
    for ((field, code), people) in &gathered.left_behind.by_code {
        let cell = cells.entry((field, code.as_deref())).or_insert(none);
        cell.records += people;
        cell.people += people;
    }
    let mut by = Vec::new();
    for field in Field::leaving(RecordKind::Victim) {
        let (Holds::Code(kind) | Holds::Codes(kind)) = field.holds else { continue };
        let codes = register.entries(kind).map(|entry| entry.code.as_str()).map(Some);
        let row = |code: Option<&str>| {
            let cell = *cells.get(&(field.name, code))?;
            let label = match code {
                Some(code) => label(register, kind, code),
                None => "Not recorded".to_owned(),
            };
            Some(PeopleRow { code: code.unwrap_or("not_recorded").to_owned(), label, cell })
        };
        let rows: Vec<PeopleRow> = codes.chain([None]).filter_map(row).collect();
        if !rows.is_empty() {
            by.push(PeopleBy { field: field.name.to_owned(), label: field.label.to_owned(), rows });
        }
    }
    by
}

fn quarters(gathered: &Gathered, answer: &PeopleAnswer) -> Vec<(records::Quarter, PeopleCell)> {
    let cell = |quarter: records::Quarter| {
        let left = gathered.left_behind.by_quarter.get(&quarter).copied().unwrap_or_default();
        let coded = answer.quarters.iter().find(|one| one.quarter == quarter);
        let (records, people) = coded.map_or((0, 0), |one| (one.records, one.people));
        (quarter, PeopleCell { records: records + left, people: people + left })
    };
    gathered.first.up_to(gathered.last).map(cell).collect()
}

fn coverage(
    register: &Register,
    gathered: &Gathered,
    answer: &PeopleAnswer,
) -> Vec<AgencyCoverage> {
    let of = |(at, agency): (usize, &Agency)| AgencyCoverage {
        code: agency.code.clone(),
        label: agency.label.clone(),
        legal_entity: label(register, Kind::LegalEntity, &agency.legal_entity),
        mode: match agency.mode {
            Mode::TotalsOnly => "totals only",
            Mode::WithRelease => "with each person's release",
            Mode::Encoded => "in codes",
        }
        .to_owned(),
        coded: answer.agencies.get(at).map_or(0, |one| one.people),
        totals_only: gathered.left_behind.people[at],
        submissions: agency.submissions,
        missing_quarters: gathered
            .first
            .up_to(gathered.last)
            .filter(|quarter| !agency.quarters.contains(quarter))
            .collect(),
    };
    gathered.agencies.iter().enumerate().map(of).collect()
}
