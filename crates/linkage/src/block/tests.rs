use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::people::read_people;

fn pairs(file: &str) -> (PersonTable, Vec<(u32, u32)>, u64) {
    let people = read_people(file.as_bytes(), None).unwrap().people;
    let blocks = Blocks::new(&people);
    let pairs = blocks
        .pairs(&people.rows, 1, Vec::new, |pairs: &mut Vec<(u32, u32)>, a, b| {
            pairs.push((a.0, b.0))
        })
        .concat();
    (people, pairs, blocks.pairs_cut)
}

#[test]
fn pairs_that_must_meet() {
    for (one, other) in [
        ("Ana,Ruiz,,1999-02-03,,", "Bea,Lee,,1988-05-06,5105550134,"),
        ("Ana,Ruiz,,1999-02-03,,", "Ana,Ruis,,1999-03-02,,"),
        ("Ana,Ruiz Lee,,1999-02-03,,", "Bea,Lee Ruiz,,1999-02-03,,"),
        ("Guadalupe,Ruiz,,,,", "Lupe,Ruiz,,,,"),
        ("Chan,Jing,,,,", "Jing,Chan,,,,"),
        ("Rosa,Ruiz,Jade,1999-02-03,,", "Jade,Lee,,1999-02-03,,"),
        ("Rosa,,,,,12 Main St", "Bea,,,,,12 main street"),
    ] {
        let (_, pairs, _) =
            pairs(&format!("given_name,surname,alias,birth_date,phone,street\n{one}\n{other}\n"));
        let meet = !one.starts_with("Ana,Ruiz,,1999") || !other.starts_with("Bea,Lee,,1988");
        assert_eq!(pairs, if meet { vec![(0, 1)] } else { vec![] }, "{one} | {other}");
    }
}

#[test]
fn too_large_blocks_are_cut_and_counted() {
    // One phone for all, names that tell them apart.
    let row = |number: usize| {
        format!("Name{},5105550134\n", ["a", "o", "i", "u"][number % 4].repeat(1 + number / 4 % 25))
    };
    let file: String =
        std::iter::once("given_name,phone\n".to_owned()).chain((0..400).map(row)).collect();
    let (_, pairs, cut) = pairs(&file);
    assert!(cut > 0);
    assert!(pairs.len() as u64 + cut >= 400 * 399 / 2, "{} {cut}", pairs.len());
}

proptest! {
    /// Every pair once, and every pair that shares a phone, as long as blocks are small.
    #[test]
    fn each_pair_once(rows in prop::collection::vec(("[abc]", "[de]", 0u8..9), 0..30)) {
        let mut file = "given_name,surname,phone\n".to_owned();
        for (given, surname, phone) in &rows {
            file.push_str(&format!("{given}nna,{surname}llis,51055501{phone:02}\n"));
        }
        let (people, pairs, _) = pairs(&file);
        let once: BTreeSet<_> = pairs.iter().copied().collect();
        prop_assert_eq!(once.len(), pairs.len());
        for a in 0..people.len() {
            for b in a + 1..people.len() {
                if people.rows[a].phone == people.rows[b].phone {
                    prop_assert!(once.contains(&(a as u32, b as u32)));
                }
            }
        }
    }
}
