use super::*;
use crate::people::read_people;

/// Compares the first two of some people.
fn of(rows: &str) -> (NameLevels, usize, usize) {
    let header = "given_name,middle_name,surname,alias,birth_date,phone,street,city,zip\n";
    let people = read_people(format!("{header}{rows}").as_bytes(), None).unwrap().people;
    let by_name = [ByName::new(&people, |row| row.given), ByName::new(&people, |row| row.surname)];
    let sharing = by_name.each_ref().map(|by_name| &by_name.sharing);
    let frequencies = Frequencies::new(&Counts::of(&people), &people.names, sharing);
    let (one, other) = (&people.rows[0], &people.rows[1]);
    let there = compare(&people, &frequencies, one, other);
    let back = compare(&people, &frequencies, other, one);
    assert_eq!(there.cells, back.cells, "{rows}");
    let [name, birth, contact, ..] = there.cells.map(usize::from);
    (NameLevels::of(name), birth, contact)
}

/// Levels of given names and surnames.
fn names(one: &str, other: &str) -> (usize, usize) {
    let (levels, ..) = of(&format!("{one},,,,,,\n{other},,,,,,\n"));
    (levels.given.min(given::EXACT), levels.surname.min(surname::EXACT))
}

#[test]
fn names_as_lists_have_them() {
    let same = (given::EXACT, surname::EXACT);
    for (one, other, expected) in [
        ("José,,Muñoz", "JOSE,,munoz", same),
        ("Min-ji,,Kim", "Min Ji,,KIM", same),
        ("Ana,,de la Cruz", "Ana,,Cruz", same),
        ("Ana,,García López", "Ana,,GarciaLopez", same),
        ("Ana,,García López", "Ana,,López García", (given::EXACT, surname::SHARED_TWO)),
        ("Ana,,García López", "Ana,,Garcia", (given::EXACT, surname::SHARED_COMMON)),
        ("Ana,,García López", "Ana,,Lopez", (given::EXACT, surname::SHARED_COMMON)),
        ("Guadalupe,,Ruiz", "Lupe,,Ruiz", (given::VARIANT, surname::EXACT)),
        ("William,,Ruiz", "Bill,,Ruiz", (given::VARIANT, surname::EXACT)),
        ("Mohammed,,Zhang", "Muhamad,,Chang", (given::VARIANT, surname::SOUND)),
        ("Сергей,,Шевченко", "Sergei,,Shevchenko", (given::VARIANT, surname::EXACT)),
        ("Thomas,,Miller", "Thonas,,Millerr", (given::TYPO, surname::SOUND)),
        ("Ana María,,Ruiz", "María,,Ruiz", (given::PART, surname::EXACT)),
        ("Rosa,Elena,Ruiz", "Elena,,Ruiz", (given::PART, surname::EXACT)),
        ("R,,Ruiz", "Rosa,,Ruiz", (given::INITIAL, surname::EXACT)),
        ("Jing,,Chan", "Chan,,Jing", (given::SWAPPED, surname::SHARED_TWO)),
        ("Jing,,Chan", "Chan,,", (given::PART, 0)),
        ("Rosa,,Ruiz", "Jade,,Lopez", (given::DIFFERENT, surname::DIFFERENT)),
        (",,Ruiz", "Rosa,,", (0, 0)),
    ] {
        let levels = names(one, other);
        // Which of the two levels of one shared word depends on how common it is.
        let levels = (
            levels.0,
            if levels.1 == surname::SHARED_COMMON + 1 { surname::SHARED_COMMON } else { levels.1 },
        );
        assert_eq!(levels, expected, "{one} | {other}");
    }
}

#[test]
fn aliases() {
    let given = |one: &str, other: &str| of(&format!("{one},,,,,\n{other},,,,,\n")).0.given;
    assert_eq!(given("Rosa,,Ruiz,Star; Jade", "Jade,,Ruiz,"), given::ALIAS);
    assert_eq!(given("Rosa,,Ruiz,Jade", "Ana,,Ruiz,Jade"), given::BOTH_ALIASES);
    assert_eq!(given("Rosa,,Ruiz,Jade", "Ana,,Ruiz,Star"), given::DIFFERENT);
}

#[test]
fn birth_dates() {
    let level = |one: &str, other: &str| of(&format!(",,,,{one},,,,\n,,,,{other},,,,\n")).1;
    for (one, other, expected) in [
        ("1999-02-03", "1999-03-02", 10),
        ("1999-02-13", "1999-02-18", 9),
        ("1999-02-13", "1989-02-13", 9),
        ("1999-02-13", "1985-02-13", 7),
        ("1999-02-13", "1999-02-28", 8),
        ("1999-02-13", "1985-02-14", 6),
        ("1999-02-13", "1998-05-28", 5),
        ("1999-02-13", "1985-05-28", 4),
        ("1999-02-13", "1999", 3),
        ("1999-02-13", "1999-01-01", 3),
        ("1999", "1998", 2),
        ("1999", "1990", 1),
        ("1999", "", 0),
    ] {
        assert_eq!(level(one, other), expected, "{one} {other}");
    }
    assert!(level("1999-02-13", "1999-02-13") >= birth::EXACT_HEAPED);
}

#[test]
fn phones_and_addresses() {
    let cell = |one: &str, other: &str| {
        let cell = of(&format!(",,,,,{one}\n,,,,,{other}\n")).2;
        (cell / contact::ADDRESS_LEVELS, cell % contact::ADDRESS_LEVELS)
    };
    for (one, other, expected) in [
        ("(510) 555-0134,,,", "+1 510 555 0134,,,", (5, 0)),
        ("5105550134,,,", "5105550184,,,", (2, 0)),
        ("5105550134,,,", "4155550199,,,", (1, 0)),
        (",12 Main St,Oakland,94601", ",12 main street apt 3,OAKLAND,", (0, 10)),
        (",12 Main St,Oakland,94601", ",12 Mane St,Oakland,94601", (0, 7)),
        (",12 Main St,Oakland,94601", ",12 Main St,Fresno,93701", (0, 7)),
        (",12 Main St,Oakland,94601", ",7 Oak Ave,Fresno,93701", (0, 4)),
        (",12 Main St,,94601", ",7 Oak Ave,,94601", (0, 6)),
        (",,Oakland,", ",12 Main St,Oakland,94601", (0, 2)),
        (",,,94601", ",12 Main St,,94602", (0, 1)),
    ] {
        assert_eq!(cell(one, other), expected, "{one} | {other}");
    }
}

#[test]
fn every_cell_has_a_pattern_of_missing_values() {
    for (field, cells) in CELLS.into_iter().enumerate() {
        assert!((0..cells).all(|cell| group(field, cell) < 8), "{field}");
    }
    assert!(CELLS.iter().map(|cells| *cells as u64).product::<u64>() < 1 << 32);
}
