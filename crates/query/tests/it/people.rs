//! People counted by the engine and by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use query::{
    AgencyPeople, CodePeople, Described, DescribedPeople, ListHistory, Member, PeopleAnswer,
    PeopleQuestion, QuarterPeople, QueryError, Removed, count_people_on, describe_people_on,
};
use records::record::{AgencyRecord, CodedRecord, OpaqueId, OpaqueIds, RecordKind};

use crate::made::{coded, engine, quarter, records, registered, released, victim, write};

const AS_OF: Date = date(2026, 11, 1);

/// A row, as it lies in the table of an agency's submission.
#[derive(Debug, Clone)]
struct Row {
    agency: u16,
    sequence: u64,
    record: AgencyRecord,
    /// Who she is by linkage; the first row of hers that says so has it.
    person: Option<u8>,
    expires_on: Option<Date>,
}

impl Row {
    fn coded(&self) -> CodedRecord {
        match self.expires_on {
            Some(day) => released(&self.record, self.agency as u8, day),
            None => coded(&self.record, self.agency as u8),
        }
    }
}

fn id(agency: u16, record: &AgencyRecord) -> OpaqueId {
    let secret = OpaqueIds::new([agency as u8; 32]);
    secret.id(RecordKind::Victim, record.own_reference())
}

/// A name as no engine likes it.
fn table_name(agency: u16, sequence: u64) -> String {
    format!("agency {agency} [{sequence}] é%20.parquet")
}

/// Writes the tables of all submissions.
fn question(folder: &Path, rows: &[Row], lists: &[u8], removed: &[Removed]) -> PeopleQuestion {
    let mut submissions: BTreeMap<(u16, u64), Vec<_>> = BTreeMap::new();
    for row in rows {
        let of = submissions.entry((row.agency, row.sequence)).or_default();
        of.push(row.coded());
    }
    let tables = submissions.into_iter().map(|((agency, sequence), rows)| {
        let path = folder.join(table_name(agency, sequence));
        let rows = write(&path, RecordKind::Victim, &rows);
        registered(agency, sequence, &path, rows)
    });
    PeopleQuestion {
        tables: tables.collect(),
        list_of_agency: lists.to_vec(),
        removed: removed.to_vec(),
        first: quarter("2025-Q2"),
        last: quarter("2026-Q3"),
        as_of: AS_OF,
    }
}

type Node = (u16, OpaqueId);

/// Who is whom, whether in the count or not.
fn people_of(rows: &[Row]) -> BTreeMap<Node, u8> {
    let mut people = BTreeMap::new();
    for row in rows {
        if let Some(person) = row.person {
            people.entry((row.agency, id(row.agency, &row.record))).or_insert(person);
        }
    }
    people
}

fn members(rows: &[Row]) -> Vec<Member> {
    let people = people_of(rows);
    let others = |person| people.values().filter(|one| **one == person).count() > 1;
    people
        .iter()
        .map(|(&(agency, id), &person)| Member {
            agency,
            id,
            person: u32::from(person),
            with_others: others(person),
        })
        .collect()
}

fn count(
    question: &PeopleQuestion,
    members: &[Member],
    work: &Path,
    threads: usize,
) -> Result<PeopleAnswer, QueryError> {
    let mut members = members.iter().copied().map(Ok);
    engine().block_on(count_people_on(question, &mut members, work, threads))
}

fn describe(
    question: &PeopleQuestion,
    members: &[Member],
    fields: &[&str],
    work: &Path,
    threads: usize,
) -> Result<DescribedPeople, QueryError> {
    let mut members = members.iter().copied().map(Ok);
    engine().block_on(describe_people_on(question, fields, &mut members, work, Some(threads)))
}

type Said = BTreeSet<(&'static str, Option<&'static str>)>;

/// The same answer by sets of everything.
fn by_hand(rows: &[Row], question: &PeopleQuestion) -> PeopleAnswer {
    let counts = |row: &&Row| {
        let gone = question.removed.iter().any(|gone| {
            (gone.agency, gone.id) == (row.agency, id(row.agency, &row.record))
                && gone.before.is_none_or(|before| row.sequence < before)
        });
        let within = (question.first..=question.last).contains(&row.record.quarter().unwrap());
        within && !gone && row.expires_on.is_none_or(|day| day >= AS_OF)
    };
    let mut said: BTreeMap<Node, Said> = BTreeMap::new();
    let mut quarters: BTreeMap<Node, BTreeSet<_>> = BTreeMap::new();
    let people = people_of(rows);
    for row in rows.iter().filter(counts) {
        let node = (row.agency, id(row.agency, &row.record));
        said.entry(node).or_default().extend(row.record.cells_of_totals());
        quarters.entry(node).or_default().extend(row.record.quarter());
    }
    // Who was compared with nobody is somebody else.
    let cluster: BTreeMap<Node, Result<u8, Node>> =
        said.keys().map(|node| (*node, people.get(node).copied().ok_or(*node))).collect();
    let mut members: BTreeMap<Result<u8, Node>, Vec<Node>> = BTreeMap::new();
    for (node, least) in &cluster {
        members.entry(*least).or_default().push(*node);
    }
    let several = |nodes: &Vec<Node>| nodes.iter().any(|node| node.0 != nodes[0].0);

    let mut histories: BTreeMap<u64, u64> = BTreeMap::new();
    for nodes in members.values() {
        let bits = nodes.iter().map(|node| 1 << question.list_of_agency[usize::from(node.0)]);
        *histories.entry(bits.fold(0, |all, bit: u64| all | bit)).or_default() += 1;
    }
    let agencies = (0..question.list_of_agency.len() as u16).map(|agency| {
        let own = || said.keys().filter(move |node| node.0 == agency);
        AgencyPeople {
            people: own().count() as u64,
            compared: own().filter(|node| people.contains_key(node)).count() as u64,
            also_elsewhere: own().filter(|node| several(&members[&cluster[node]])).count() as u64,
        }
    });
    let order = |field| records::record::Field::find(RecordKind::Victim, field).unwrap().0;
    let cells: BTreeSet<_> =
        said.values().flatten().map(|(field, code)| (order(field), *code, *field)).collect();
    let by_code = cells.into_iter().map(|(_, code, field)| CodePeople {
        field,
        code,
        records: said.values().filter(|said| said.contains(&(field, code))).count() as u64,
        people: members
            .values()
            .filter(|nodes| nodes.iter().any(|node| said[node].contains(&(field, code))))
            .count() as u64,
    });
    let quarters = question.first.up_to(question.last).map(|quarter| QuarterPeople {
        quarter,
        records: quarters.values().filter(|seen| seen.contains(&quarter)).count() as u64,
        people: members
            .values()
            .filter(|nodes| nodes.iter().any(|node| quarters[node].contains(&quarter)))
            .count() as u64,
    });
    PeopleAnswer {
        records: said.len() as u64,
        people: members.len() as u64,
        on_several: members.values().filter(|nodes| several(nodes)).count() as u64,
        agencies: agencies.collect(),
        histories: histories
            .into_iter()
            .map(|(lists, people)| ListHistory { lists, people })
            .collect(),
        by_code: by_code.collect(),
        quarters: quarters.collect(),
    }
}

/// Rows of four agencies, two of which are on one list, in two submissions each.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let submission = (0..4u16, 1..3u64, records(RecordKind::Victim));
    let days = vec![None, None, Some(date(2026, 10, 31)), Some(AS_OF), Some(date(2027, 1, 1))];
    let drawn = (prop::option::weighted(0.7, 0..12u8), select(days));
    let drawn = prop::collection::vec(drawn, 1..40);
    (prop::collection::vec(submission, 0..6), drawn).prop_map(|(submissions, drawn)| {
        let mut rows: Vec<Row> = Vec::new();
        for (agency, sequence, records) in submissions {
            if rows.iter().any(|row| (row.agency, row.sequence) == (agency, sequence)) {
                continue;
            }
            for record in records {
                let (person, expires_on) = drawn[rows.len() % drawn.len()];
                rows.push(Row { agency, sequence, record, person, expires_on });
            }
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_engine_counts_as_a_hand_does(
        rows in any_rows(),
        removed in prop::collection::vec((any::<Index>(), prop::option::of(1..4u64)), 0..5),
    ) {
        let taken_back = removed.iter().filter(|_| !rows.is_empty()).map(|(which, before)| {
            let row = which.get(&rows);
            Removed { agency: row.agency, id: id(row.agency, &row.record), before: *before }
        });
        let removed: Vec<Removed> = taken_back.collect();
        let folder = tempfile::tempdir().unwrap();
        let question = question(folder.path(), &rows, &[0, 5, 5, 63], &removed);
        let expected = by_hand(&rows, &question);
        for threads in [1, 4] {
            let work = tempfile::tempdir().unwrap();
            let counted = count(&question, &members(&rows), work.path(), threads).unwrap();
            prop_assert_eq!(counted, expected.clone());
            let described =
                describe(&question, &members(&rows), &FIELDS, work.path(), threads).unwrap();
            prop_assert!(describes(&described, &expected));
            prop_assert_eq!(std::fs::read_dir(work.path()).unwrap().count(), 0);
        }
    }
}

const FIELDS: [&str; 3] = ["sector", "trafficking_type", "county"];

/// Whether each person has one row, and the rows say what the counts by code say.
fn describes(described: &DescribedPeople, counted: &PeopleAnswer) -> bool {
    let people = counted.people as usize;
    let quarters = described.quarters.len();
    let seen = described.first_seen.iter().all(|seen| usize::from(*seen) < quarters);
    let fields = described.fields.iter().zip(&described.said).all(|(field, said)| {
        let of = |says: Described| {
            let place = field.says.iter().position(|one| *one == says).unwrap();
            said.iter().filter(|at| usize::from(**at) == place).count() as u64
        };
        let several = of(Described::Several);
        let codes = counted.by_code.iter().filter(|by| by.field == field.field);
        let codes = codes.filter_map(|by| Some((by.code?, by.people)));
        // A person of several codes is in the count of each of them, and in one row.
        let beyond = codes.map(|(code, people)| people.checked_sub(of(Described::Code(code))));
        let beyond: Option<Vec<u64>> = beyond.collect();
        let Some(beyond) = beyond else { return false };
        said.len() == people
            && beyond.iter().all(|more| *more <= several)
            && beyond.iter().sum::<u64>() >= 2 * several
    });
    let lists = counted.histories.iter().all(|history| {
        let people = described.lists.iter().filter(|lists| **lists == history.lists);
        people.count() as u64 == history.people
    });
    seen && fields
        && lists
        && described.first_seen.len() == people
        && described.lists.len() == people
}

fn row(agency: u16, sequence: u64, record: AgencyRecord, person: Option<u8>) -> Row {
    Row { agency, sequence, record, person, expires_on: None }
}

fn answer(rows: &[Row], lists: &[u8], removed: &[Removed]) -> PeopleAnswer {
    let folder = tempfile::tempdir().unwrap();
    let question = question(folder.path(), rows, lists, removed);
    count(&question, &members(rows), folder.path(), 2).unwrap()
}

#[test]
fn a_person_of_three_agencies_is_one() {
    let her = || victim("1", "2026-Q3", &[]);
    let rows = [
        row(0, 1, her(), Some(1)),
        row(1, 1, her(), Some(1)),
        row(1, 2, victim("1", "2026-Q2", &[("sector", "factories; hotels")]), Some(1)),
        row(2, 1, her(), Some(1)),
        // Whom an agency has under two numbers is one person, but on one list.
        row(3, 1, victim("7", "2026-Q3", &[]), Some(9)),
        row(3, 1, victim("8", "2026-Q3", &[]), Some(9)),
        row(3, 1, victim("9", "2026-Q3", &[]), None),
    ];
    let answer = answer(&rows, &[0, 1, 1, 2], &[]);
    assert_eq!((answer.records, answer.people, answer.on_several), (6, 3, 1));
    let history = |lists, people| ListHistory { lists, people };
    assert_eq!(answer.histories, [history(0b011, 1), history(0b100, 2)]);
    let of_two = AgencyPeople { people: 3, compared: 2, also_elsewhere: 0 };
    assert_eq!(answer.agencies[3], of_two);
    let sector = |code| {
        let found = answer.by_code.iter().find(|by| (by.field, by.code) == ("sector", code));
        found.map(|by| (by.records, by.people))
    };
    // She is in both codes, and in none recorded, by her other rows.
    assert_eq!(sector(Some("hotels")), Some((1, 1)));
    assert_eq!(sector(Some("factories")), Some((1, 1)));
    assert_eq!(sector(None), Some((6, 3)));
    assert_eq!(sector(Some("ships")), None);

    let folder = tempfile::tempdir().unwrap();
    let question = question(folder.path(), &rows, &[0, 1, 1, 2], &[]);
    let members = members(&rows);
    let described = describe(&question, &members, &["sector"], folder.path(), 2).unwrap();
    let says = &described.fields[0].says;
    let said: Vec<_> = described.said[0].iter().map(|at| says[usize::from(*at)]).collect();
    // She is in one row, and it says that there are several.
    assert_eq!(said, [Described::Several, Described::Nothing, Described::Nothing]);
    assert_eq!(described.quarters[usize::from(described.first_seen[0])].to_string(), "2026-Q2");
    assert_eq!(format!("{described:?}"), "DescribedPeople(3 people)");
    let unknown = describe(&question, &members, &["surname"], folder.path(), 2);
    assert!(matches!(unknown, Err(QueryError::NoSuchField { .. })));
}

#[test]
fn who_was_taken_back_or_has_expired_is_not_counted() {
    let her = victim("1", "2026-Q3", &[]);
    let gone = |before| Removed { agency: 0, id: id(0, &her), before };
    let rows = |expires_on| {
        [1, 4].map(|sequence| Row { expires_on, ..row(0, sequence, her.clone(), Some(1)) })
    };
    let people = |expires_on, removed: &[Removed]| answer(&rows(expires_on), &[0], removed).people;
    assert_eq!(people(None, &[]), 1);
    assert_eq!(people(None, &[gone(None)]), 0);
    // Her second row came with a submission after the revocation.
    assert_eq!(people(None, &[gone(Some(4))]), 1);
    assert_eq!(people(None, &[gone(Some(5))]), 0);
    assert_eq!(people(None, &[gone(Some(4)), gone(None)]), 0);
    assert_eq!(people(Some(AS_OF), &[]), 1);
    assert_eq!(people(Some(date(2026, 10, 31)), &[]), 0);
    // An id of one agency says nothing at another.
    assert_eq!(people(None, &[Removed { agency: 1, ..gone(None) }]), 1);
}

#[test]
fn a_table_that_lost_rows_is_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [row(0, 1, victim("1", "2026-Q3", &[]), None)];
    let good = question(folder.path(), &rows, &[0], &[]);
    let count = |question: &PeopleQuestion| count(question, &[], folder.path(), 1).unwrap_err();
    let mut lost = good.clone();
    let path = folder.path().join(table_name(0, 1));
    lost.tables[0] = registered(0, 1, &path, 2);
    assert!(matches!(count(&lost), QueryError::Rows { expected: 2, found: 1, .. }));
    let mut nobody = good.clone();
    nobody.list_of_agency.clear();
    assert!(matches!(count(&nobody), QueryError::Engine(_)));
    std::fs::write(&path, b"PAR1").unwrap();
    assert!(matches!(count(&good), QueryError::NotATable { .. }));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(count(&good), QueryError::File { .. }));
}

#[test]
fn members_out_of_order_are_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let rows = ["1", "2"].map(|own| row(0, 1, victim(own, "2026-Q3", &[]), Some(1)));
    let question = question(folder.path(), &rows, &[0], &[]);
    let mut members = members(&rows);
    assert_eq!(count(&question, &members, folder.path(), 1).unwrap().people, 1);
    let twice = [members[0], members[0]];
    members.reverse();
    for wrong in [&members[..], &twice] {
        let refused = count(&question, wrong, folder.path(), 1).unwrap_err();
        assert!(matches!(refused, QueryError::Members { .. }), "{refused}");
    }
}

#[test]
fn no_tables_have_nobody() {
    let answer = answer(&[], &[0, 1], &[]);
    assert_eq!((answer.records, answer.people, answer.agencies.len()), (0, 0, 2));
    assert!(answer.quarters.iter().all(|quarter| quarter.people == 0));
}
