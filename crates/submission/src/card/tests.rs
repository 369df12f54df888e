use proptest::prelude::*;

use super::*;
use crate::examples::{about, keys};

fn card() -> Card {
    Card::new(about("police-1", Role::Agency), &keys("police-1")).unwrap()
}

fn problems(text: &str) -> Vec<CardProblem> {
    Card::read(text).unwrap_err().problems
}

#[test]
fn a_card_is_plain_text() {
    let text = card().to_toml();
    let public = text.lines().filter(|line| !line.starts_with("signature"));
    let shown: Vec<&str> = public.filter(|line| !line.starts_with("signing_key")).collect();
    let recipient = card().recipient;
    insta::assert_snapshot!(shown.join("\n").replace(&recipient, "age1…"), @r#"
    # The public card of an installation of Clearway. It holds no secret and may be sent to anybody.
    # Whoever accepts it should have its fingerprint read out over the phone.
    format = 1
    role = "agency"
    code = "police-1"
    label = "Practice police-1"
    legal_entity = "police"
    calendar_offset_days = 0
    practice = true
    recipient = "age1…"
    "#);
    assert_eq!(Card::read(&text).unwrap(), card());
    assert_eq!(card().fingerprint(), keys("police-1").fingerprint());
}

#[test]
fn every_changed_line_shows() {
    let text = card().to_toml();
    for (from, to) in [
        ("\"agency\"", "\"clearinghouse\""),
        ("\"police-1\"", "\"police-2\""),
        ("Practice police-1", "Practice Police-1"),
        ("\"police\"", "\"prosecutor\""),
        ("offset_days = 0", "offset_days = 1"),
        ("practice = true", "practice = false"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        assert_eq!(problems(&changed), [CardProblem::Changed], "{from}");
    }
    let other = Card::new(about("police-1", Role::Agency), &keys("police-2")).unwrap();
    let swapped = text.replace(&card().recipient, &other.recipient);
    assert_eq!(problems(&swapped), [CardProblem::Changed]);
}

#[test]
fn every_problem_is_named_at_once() {
    let text = "format = 1\nrole = \"boss\"\ncode = \"A\"\nlabel = 3\nlegal_entity = \"club\"\n\
                county = \"nowhere\"\ncalendar_offset_days = 4000000000\nsigning_key = \"00\"\n\
                recipient = \"age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z\"\n\
                signature = \"\"\nphone = \"1\"\n";
    let found: Vec<String> = problems(text).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(found.join("\n"), @r#"
    the role must be agency or clearinghouse
    the code must have 1 to 64 lower-case letters, digits and hyphens
    the line "label" must hold a text
    legal_entity "club" is not in the definitions; see: clearway definitions list
    county "nowhere" is not in the definitions; see: clearway definitions list
    calendar_offset_days must lie between -92 and 92
    the line "practice" is missing
    the line "signing_key" holds no usable Ed25519 public key
    the line "recipient" holds no usable age recipient
    the line "signature" holds no signature
    a card has no line "phone"
    "#);
}

#[test]
fn a_card_says_only_what_it_can() {
    let keys = keys("police-1");
    let mut wrong = about("Police 1", Role::Agency);
    wrong.label = "\u{202E}x".to_owned();
    wrong.legal_entity = None;
    wrong.task_force = Code::get(Kind::PracticeTaskForce, "practice-1");
    wrong.county = wrong.task_force;
    wrong.practice = false;
    wrong.calendar_offset_days = i32::MIN;
    let problems = Card::new(wrong, &keys).unwrap_err().problems;
    let found = "practice-1".to_owned();
    let expected = [
        CardProblem::Code,
        CardProblem::Label,
        CardProblem::NoLegalEntity,
        CardProblem::UnknownCode { field: "county", found },
        CardProblem::PracticeTaskForce,
        CardProblem::Offset,
    ];
    assert_eq!(problems, expected);
}

#[test]
fn what_is_no_card_is_not_shown() {
    assert_eq!(problems("# secret\nabcdef\n"), [CardProblem::NotACard]);
    assert_eq!(problems(""), [CardProblem::NotACard]);
    assert_eq!(problems("format = 2\nrole = 3"), [CardProblem::FormatTooNew { found: 2 }]);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}", at in 0..600usize) {
        let _ = Card::read(&text);
        let mut whole = card().to_toml();
        let at = (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        whole.insert_str(at, &text);
        // Inside a comment, or blanks between lines: anything else is refused.
        if let Ok(read) = Card::read(&whole) {
            prop_assert_eq!(read, card());
        }
    }

    #[test]
    fn cards_round_trip(label in "[^\\p{C}]{1,60}", offset in -92..=92i32, practice: bool) {
        let mut about = about("police-1", Role::Agency);
        about.label = label;
        about.calendar_offset_days = offset;
        about.practice = practice;
        if let Ok(card) = Card::new(about, &keys("police-1")) {
            prop_assert_eq!(Card::read(&card.to_toml()), Ok(card));
        }
    }
}
