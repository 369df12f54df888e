//! Encoded tables to people: a made-up state with families and typing errors.

use linkage::encode::hardened::{
    About, DiffusionSettings, EncodeError, EncodedTable, Permission, PersonCells, PersonRecord,
    encode,
};
use linkage::{
    ClkTable, EncodedSettings, LinkageKey, LinkedTables, link_clks, link_encoded, score,
};

const ONSETS: [&str; 14] =
    ["ba", "cor", "del", "fi", "gran", "ho", "ju", "kle", "lom", "mir", "nus", "per", "ro", "tam"];
const ENDS: [&str; 10] = ["dez", "lia", "mann", "nov", "par", "quez", "ros", "sen", "ton", "vik"];
const AGENCIES: [&str; 3] = ["court", "police", "shelter"];

/// Numbers that look drawn at random, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// A record as typed, and who it is.
struct Typed {
    person: u32,
    cells: [String; 6],
}

fn made_name(chance: &mut Chance) -> String {
    let [one, two, end] = [ONSETS.len(), ONSETS.len(), ENDS.len()].map(|most| chance.below(most));
    format!("{}{}{}", ONSETS[one], ONSETS[two], ENDS[end])
}

/// Families of one to three at one address with one phone; each member on one to three lists, one
/// record in four with a letter wrong, one in five without a phone.
fn records(families: usize) -> [Vec<Typed>; 3] {
    let mut lists: [Vec<Typed>; 3] = Default::default();
    let (mut chance, mut person) = (Chance(7), 0);
    for family in 0..families {
        let surname = made_name(&mut chance);
        let phone = format!("555{:07}", family * 7919 % 10_000_000);
        let street = format!("{} {} St", 1 + chance.below(999), made_name(&mut chance));
        for _ in 0..1 + chance.below(3) {
            let given = made_name(&mut chance);
            let [year, month, day] = [40, 12, 28].map(|most| chance.below(most));
            let birth = format!("{}-{:02}-{:02}", 1965 + year, month + 1, day + 1);
            let first = chance.below(3);
            for at in 0..1 + chance.below(3) {
                let mut given = given.clone();
                if chance.below(4) == 0 {
                    given.replace_range(1..2, "x");
                }
                let phone = if chance.below(5) == 0 { String::new() } else { phone.clone() };
                let cells =
                    [given, surname.clone(), birth.clone(), phone, street.clone(), "F".to_owned()];
                lists[(first + at) % 3].push(Typed { person, cells });
            }
            person += 1;
        }
    }
    lists
}

fn cells(typed: &Typed) -> PersonCells<'_> {
    let [given_name, surname, birth_date, phone, street, sex] = &typed.cells;
    PersonCells { given_name, surname, birth_date, phone, street, sex, ..PersonCells::default() }
}

/// The tables, and the person of each row.
fn tables(families: usize) -> (Vec<EncodedTable>, Vec<u32>) {
    let (mut tables, mut truth) = (Vec::new(), Vec::new());
    for (agency, list) in AGENCIES.into_iter().zip(records(families)) {
        let ids: Vec<String> = (0..list.len()).map(|row| row.to_string()).collect();
        let record = |(rec_id, typed)| PersonRecord {
            rec_id,
            cells: cells(typed),
            permission: Permission::Unattached,
        };
        let all: Vec<PersonRecord> =
            ids.iter().map(String::as_str).zip(&list).map(record).collect();
        let mut next = 0_u64;
        let random = |bytes: &mut [u8]| -> Result<(), EncodeError> {
            next += 1;
            bytes[..8].copy_from_slice(&next.to_le_bytes());
            Ok(())
        };
        let about = About { agency, period: "2026-Q1", key_fingerprint: "one" };
        let key = LinkageKey::new([5; 32]);
        let (table, mapping) =
            encode(&key, about, &all, DiffusionSettings::BUILT_IN, random).unwrap();
        let by_row: std::collections::HashMap<_, _> =
            mapping.pairs().map(|(rec_id, row)| (*row, rec_id.parse::<usize>().unwrap())).collect();
        truth.extend(table.rec_ids.iter().map(|row| list[by_row[row]].person));
        tables.push(table);
    }
    (tables, truth)
}

fn linked(tables: &[EncodedTable], settings: &EncodedSettings) -> LinkedTables {
    link_encoded(tables, settings, &mut |_| ()).unwrap()
}

#[test]
fn families_are_kept_apart_and_errors_are_borne() {
    let (tables, truth) = tables(400);
    let found = linked(&tables, &EncodedSettings::default());
    let scores = score(&found.linked.clusters.cluster_of, &truth, &found.agency);
    assert!(scores.cross.f1 > 0.93, "{scores:?}");
    assert!(scores.pairs.precision > 0.95, "{scores:?}");
    let people = scores.persons_true as f64;
    assert!((found.count.persons as f64 / people - 1.0).abs() < 0.08, "{:?}", found.count);
    assert!(found.count.low <= found.count.persons && found.count.persons <= found.count.high);
}

#[test]
fn comparing_all_finds_no_less() {
    let (tables, truth) = tables(100);
    let f1 = |exact| {
        let settings = EncodedSettings { exact, ..EncodedSettings::default() };
        let found = linked(&tables, &settings);
        let scores = score(&found.linked.clusters.cluster_of, &truth, &found.agency);
        (found.candidates, scores.cross.f1)
    };
    let ((searched, _), (all, f1)) = (f1(false), f1(true));
    assert!(all >= searched && f1 > 0.9, "{searched} {all} {f1}");
}

#[test]
fn the_answer_depends_on_no_thread() {
    let (tables, _) = tables(150);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| linked(&tables, &EncodedSettings::default()))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let (mut tables, _) = tables(10);
    let mut refused = |change: fn(&mut EncodedTable)| {
        let before = tables[1].clone();
        change(&mut tables[1]);
        let error = link_encoded(&tables, &EncodedSettings::default(), &mut |_| ()).unwrap_err();
        tables[1] = before;
        error.to_string()
    };
    assert!(refused(|table| table.header.key_fingerprint = "two".into()).contains("two keys"));
    assert!(refused(|table| table.header.schema_digest = "x".into()).contains("two schemas"));
    assert!(
        refused(|table| table.header.agency = "court".into()).contains("two tables are of court")
    );
}

#[test]
fn few_rows_and_none() {
    for families in [0, 1, 2] {
        let (tables, truth) = tables(families);
        let found = linked(&tables, &EncodedSettings::default());
        assert_eq!(found.linked.clusters.cluster_of.len(), truth.len());
    }
    assert_eq!(linked(&[], &EncodedSettings::default()).agency.len(), 0);
}

/// Filters of 20 % of the bits, and the same with a few bits moved.
#[test]
fn plain_filters_are_linked() {
    let mut chance = Chance(3);
    let mut words = vec![vec![0_u64; 16]; 600];
    for row in &mut words {
        (0..200).for_each(|_| {
            let bit = chance.below(1024);
            row[bit / 64] |= 1 << (bit % 64);
        });
    }
    let mut copies = words[..300].to_vec();
    for row in &mut copies {
        (0..10).for_each(|_| {
            let bit = chance.below(1024);
            row[bit / 64] ^= 1 << (bit % 64);
        });
    }
    let matrix = |rows: &[Vec<u64>]| linkage::BitMatrix::new(1024, rows.concat()).unwrap();
    let table =
        |agency: &str, rows: &[Vec<u64>]| ClkTable { agency: agency.into(), clks: matrix(rows) };
    let tables = [table("court", &words), table("police", &copies)];
    for exact in [true, false] {
        let settings = EncodedSettings { exact, ..EncodedSettings::default() };
        let found = link_clks(&tables, &settings, &mut |_| ()).unwrap();
        let truth: Vec<u32> = (0..600).chain(0..300).collect();
        let scores = score(&found.linked.clusters.cluster_of, &truth, &found.agency);
        assert!(scores.cross.f1 > 0.95, "{scores:?}");
    }
    let narrow =
        ClkTable { agency: "shelter".into(), clks: linkage::BitMatrix::new(64, vec![1]).unwrap() };
    let error = link_clks(&[tables[0].clone(), narrow], &EncodedSettings::default(), &mut |_| ());
    assert!(error.unwrap_err().to_string().contains("1024 bits"));
}
