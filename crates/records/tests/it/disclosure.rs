//! What may leave an agency: nothing but by a permit, and by it no text.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::select;
use records::disclosure::{
    CLEARINGHOUSE, Disclosure, DisclosureMode, Mode, ModeProblem, PersonPermit, Release,
    StaysBehind,
};
use records::record::{
    AgencyRecord, Code, CodedRecord, CodedValue, Field, Leaves, OpaqueIds, Personal, RecordKind,
};
use records::register::Kind;

use crate::made::{any_record, record_of, row};

const DAY: Date = date(2026, 7, 15);

/// A mode for the clearinghouse, signed on the first of 2026 and in force to its end.
fn mode(
    entity: &str,
    record: RecordKind,
    mode: Mode,
    basis: &str,
) -> Result<DisclosureMode, Vec<ModeProblem>> {
    signed(entity, record, mode, basis, date(2026, 1, 1), date(2026, 12, 31))
}

fn signed(
    entity: &str,
    record: RecordKind,
    mode: Mode,
    basis: &str,
    on: Date,
    expires: Date,
) -> Result<DisclosureMode, Vec<ModeProblem>> {
    let entity = Code::get(Kind::LegalEntity, entity).unwrap();
    let basis = Code::get(Kind::LegalBasis, basis).unwrap();
    DisclosureMode::new(entity, record, CLEARINGHOUSE, mode, basis, "A. Officer", on, expires)
}

/// Everything that a police department can let out.
fn encoded() -> Vec<DisclosureMode> {
    let basis = "statistics_agreement";
    let of_kind = |kind| mode("police", kind, Mode::Encoded, basis);
    RecordKind::ALL.into_iter().map(of_kind).collect::<Result<_, _>>().unwrap()
}

fn on(day: Date, modes: &[DisclosureMode], releases: &[Release]) -> Disclosure {
    Disclosure::on(day, CLEARINGHOUSE, modes, releases.to_vec())
}

fn victim() -> AgencyRecord {
    record_of(
        RecordKind::Victim,
        &row(
            RecordKind::Victim,
            &[
                ("reference", "V-1"),
                ("given_name", "Marisol"),
                ("surname", "Quispe"),
                ("gender", "female"),
                ("counted_as", "victim_served"),
                ("date", "2026-07-01"),
                ("trafficking_type", "labor"),
                ("age", "adult"),
            ],
        ),
    )
}

fn release(recipient: &str, expires_on: Date, revoked_on: Option<Date>) -> Release {
    Release {
        victim: Personal::new("V-1"),
        recipient: recipient.to_owned(),
        purpose: "statistics".to_owned(),
        signed_on: date(2026, 2, 1),
        expires_on,
        revoked_on,
    }
}

#[test]
fn by_default_only_totals_leave() {
    let disclosure = on(DAY, &[], &[release(CLEARINGHOUSE, date(2026, 12, 31), None)]);
    for kind in RecordKind::ALL {
        assert_eq!(disclosure.mode(kind), Mode::TotalsOnly);
        assert_eq!(disclosure.basis(kind), None);
    }
    // A release alone opens nothing: the agency has signed no mode.
    assert_eq!(disclosure.permit(&victim()).err(), Some(StaysBehind::TotalsOnly));
}

/// A person is permitted exactly when a record of hers would be, and for as long.
#[test]
fn a_person_is_permitted_as_her_record_is() {
    let released =
        [mode("covered_provider", RecordKind::Victim, Mode::WithRelease, "vawa_release").unwrap()];
    let end = date(2026, 12, 31);
    let active = release(CLEARINGHOUSE, end, None);
    let person = Personal::new("V-1");
    for (modes, releases) in [
        (&[][..], std::slice::from_ref(&active)),
        (&encoded(), &[]),
        (&released, &[]),
        (&released, std::slice::from_ref(&active)),
        (&released, &[release(CLEARINGHOUSE, date(2026, 3, 1), None)]),
        (&released, &[release(CLEARINGHOUSE, end, Some(date(2026, 3, 1)))]),
        (&released, &[release("somebody else", end, None)]),
    ] {
        let disclosure = on(DAY, modes, releases);
        let of_person = disclosure.permit_person(&person).map(PersonPermit::expires_on);
        let record = victim();
        let of_record = disclosure.permit(&record);
        let of_record = of_record.map(|permit| permit.code(&OpaqueIds::new([7; 32])).expires_on());
        assert_eq!(of_person, of_record);
    }
    let disclosure = on(DAY, &released, &[active]);
    assert_eq!(disclosure.permit_person(&person).unwrap().expires_on(), Some(end));
    let nobody = disclosure.permit_person(&Personal::new("")).err();
    assert_eq!(nobody, Some(StaysBehind::NoPerson));
    let another = disclosure.permit_person(&Personal::new("V-2")).err();
    assert_eq!(another, Some(StaysBehind::NoRelease));
}

#[test]
fn a_covered_provider_can_send_no_codes_and_the_law_is_named() {
    for (entity, kind, basis, law) in [
        ("covered_provider", RecordKind::Victim, "statistics_agreement", "34 U.S.C. 12291(b)(2)"),
        ("covered_provider", RecordKind::Service, "vawa_release", "28 CFR 94.115"),
        ("state_benefit_programme", RecordKind::Letter, "wic_10850", "10850"),
    ] {
        let refused = mode(entity, kind, Mode::Encoded, basis).unwrap_err();
        assert!(matches!(refused[0], ModeProblem::NotOpenToEntity { .. }), "{refused:?}");
        assert!(refused[0].to_string().contains(law), "{}", refused[0]);
        let of_basis = |problem: &ModeProblem| {
            use ModeProblem::{BasisOfOthers, NotOnThisBasis};
            matches!(problem, BasisOfOthers { .. } | NotOnThisBasis { .. })
        };
        assert!(refused.iter().any(of_basis), "{refused:?}");
    }
    // No basis opens codes about people to a covered provider.
    for entry in records::register::Register::embedded().entries(Kind::LegalBasis) {
        for kind in RecordKind::ALL.into_iter().filter(|k| *k != RecordKind::TrainingSession) {
            for entity in ["covered_provider", "hotline", "state_benefit_programme"] {
                assert!(mode(entity, kind, Mode::Encoded, &entry.code).is_err(), "{}", entry.code);
            }
        }
    }
    assert!(
        mode("covered_provider", RecordKind::TrainingSession, Mode::Encoded, "no_persons").is_ok()
    );
}

#[test]
fn a_mode_is_signed_and_ends() {
    let entity = Code::get(Kind::LegalEntity, "police").unwrap();
    let basis = Code::get(Kind::LegalBasis, "statistics_agreement").unwrap();
    let (first, last) = (date(2026, 1, 1), date(2025, 12, 31));
    let kind = RecordKind::Arrest;
    let refused =
        DisclosureMode::new(entity, kind, CLEARINGHOUSE, Mode::Encoded, basis, " ", first, last);
    assert_eq!(refused, Err(vec![ModeProblem::NoSignatory, ModeProblem::NoExpiry]));
    let mode = mode("police", kind, Mode::Encoded, "statistics_agreement").unwrap();
    let disclosure = |day| on(day, std::slice::from_ref(&mode), &[]).mode(kind);
    for (day, expected) in [
        (date(2025, 12, 31), Mode::TotalsOnly),
        (date(2026, 1, 1), Mode::Encoded),
        (date(2026, 12, 31), Mode::Encoded),
        (date(2027, 1, 1), Mode::TotalsOnly),
    ] {
        assert_eq!(disclosure(day), expected, "{day}");
        assert_eq!(mode.in_force_on(day), expected == Mode::Encoded);
    }
    let arrest = row(
        kind,
        &[
            ("reference", "1"),
            ("date", "2026-07-01"),
            ("statute", "236.1"),
            ("conduct", "human_trafficking"),
        ],
    );
    let arrest = record_of(kind, &arrest);
    let late = on(date(2027, 1, 1), std::slice::from_ref(&mode), &[]);
    assert_eq!(late.permit(&arrest).err(), Some(StaysBehind::ModeExpired));
    // Another recipient has nothing of it.
    let other = Disclosure::on(DAY, "somebody else", &[mode], Vec::new());
    assert_eq!(other.permit(&arrest).err(), Some(StaysBehind::TotalsOnly));
}

#[test]
fn the_mode_signed_last_stands() {
    let kind = RecordKind::Arrest;
    let encoded = mode("police", kind, Mode::Encoded, "statistics_agreement").unwrap();
    let signed_on = |day| {
        let agreement = "statistics_agreement";
        signed("police", kind, Mode::TotalsOnly, agreement, day, date(2026, 12, 31)).unwrap()
    };
    let withdrawn = [signed_on(date(2026, 7, 1)), encoded.clone()];
    assert_eq!(on(date(2026, 6, 30), &withdrawn, &[]).mode(kind), Mode::Encoded);
    assert_eq!(on(date(2026, 7, 1), &withdrawn, &[]).mode(kind), Mode::TotalsOnly);
    // Of two signed on one day the one that lets less out, in whatever order they are listed.
    let one_day = [encoded, signed_on(date(2026, 1, 1))];
    assert_eq!(on(DAY, &one_day, &[]).mode(kind), Mode::TotalsOnly);
    let reversed = [one_day[1].clone(), one_day[0].clone()];
    assert_eq!(on(DAY, &reversed, &[]).mode(kind), Mode::TotalsOnly);
}

#[test]
fn with_a_release_one_persons_rows_leave_until_it_ends() {
    let kind = RecordKind::Victim;
    let modes = [mode("covered_provider", kind, Mode::WithRelease, "vawa_release").unwrap()];
    let end = date(2026, 9, 30);
    let record = victim();
    let stays = |release: Release, day| on(day, &modes, &[release]).permit(&record).err();
    assert_eq!(stays(release(CLEARINGHOUSE, end, None), DAY), None);
    assert_eq!(stays(release(CLEARINGHOUSE, end, None), end), None);
    for (one, day, why) in [
        (release("somebody else", end, None), DAY, StaysBehind::NoRelease),
        (release(CLEARINGHOUSE, end, None), date(2026, 10, 1), StaysBehind::ReleaseExpired),
        (release(CLEARINGHOUSE, end, None), date(2026, 1, 31), StaysBehind::ReleaseExpired),
        (release(CLEARINGHOUSE, end, Some(DAY)), DAY, StaysBehind::ReleaseRevoked),
    ] {
        assert_eq!(stays(one, day), Some(why), "{day}");
    }
    assert_eq!(stays(release(CLEARINGHOUSE, end, Some(date(2026, 7, 16))), DAY), None);
    let other = Release { victim: Personal::new("V-2"), ..release(CLEARINGHOUSE, end, None) };
    assert_eq!(stays(other, DAY), Some(StaysBehind::NoRelease));
    // What crosses under a release is kept no longer than the longest of them lasts.
    let longer = release(CLEARINGHOUSE, date(2026, 11, 30), None);
    let two = on(DAY, &modes, &[release(CLEARINGHOUSE, end, None), longer]);
    let coded = two.permit(&record).unwrap().code(&OpaqueIds::new([7; 32]));
    assert_eq!(coded.expires_on(), Some(date(2026, 11, 30)));
    // A record that names no person has nobody who could release it.
    let incidents =
        [mode("covered_provider", RecordKind::Incident, Mode::WithRelease, "vawa_release")
            .unwrap()];
    let incident = row(
        RecordKind::Incident,
        &[("reference", "1"), ("date", "2026-07-01"), ("trafficking_type", "sex")],
    );
    let incident = record_of(RecordKind::Incident, &incident);
    let refused = on(DAY, &incidents, &[release(CLEARINGHOUSE, end, None)]).permit(&incident).err();
    assert_eq!(refused, Some(StaysBehind::NoPerson));
}

#[test]
fn only_a_permit_gives_out_an_identity() {
    let modes = encoded();
    let record = victim();
    let disclosure = on(DAY, &modes, &[]);
    let identity = disclosure.permit(&record).unwrap().identity();
    assert_eq!(identity.part("given_name"), "Marisol");
    assert_eq!(identity.part("other_names"), "");
    assert_eq!(identity.slk_sex(), "2");
    assert!(!format!("{identity:?} {disclosure:?}").contains("Marisol"));
}

fn coded(record: &AgencyRecord, secret: u8) -> CodedRecord {
    let modes = encoded();
    let permit = on(DAY, &modes, &[]).permit(record).unwrap();
    permit.code(&OpaqueIds::new([secret; 32]))
}

proptest! {
    /// No text of a record is in its coded form, and every value is of the form in which it may
    /// leave.
    #[test]
    fn a_coded_record_holds_no_text(record in any_record(), secret: u8) {
        let coded = coded(&record, secret);
        let shown = format!("{coded:?}");
        for field in Field::of(record.kind()).iter().filter(|field| field.is_personal()) {
            if let Some(text) = record.personal(field.name) {
                prop_assert!(!shown.contains(text.in_own_store()), "{}", field.name);
            }
        }
        let leaving: Vec<&Field> = Field::leaving(record.kind()).collect();
        prop_assert_eq!(leaving.len(), coded.values().len());
        for (field, value) in leaving.iter().zip(coded.values()) {
            let fits = match value {
                CodedValue::Absent => true,
                CodedValue::Id(_) => field.leaves == Leaves::Opaque,
                CodedValue::Code(_) | CodedValue::Codes(_) | CodedValue::YesNo(_) => {
                    field.leaves == Leaves::Code
                }
                CodedValue::Quarter(_) => field.leaves == Leaves::Quarter,
                CodedValue::Number(_) => field.leaves == Leaves::Number,
            };
            prop_assert!(fits, "{}: {:?}", field.name, value);
            // What was recorded and may leave does leave.
            let recorded = record.cell(field.name) != &records::record::Cell::Empty;
            prop_assert_eq!(recorded, *value != CodedValue::Absent, "{}", field.name);
        }
        prop_assert_eq!(coded.expires_on(), None);
    }

    /// The same number always has the same id; another number, kind or secret another one.
    #[test]
    fn ids_are_stable_and_differ(
        one in "[A-Z0-9-]{1,9}", other in "[A-Z0-9-]{1,9}", secret: [u8; 32], second: [u8; 32],
        kinds in (select(RecordKind::ALL.to_vec()), select(RecordKind::ALL.to_vec())),
    ) {
        let (ids, number) = (OpaqueIds::new(secret), Personal::new(one.as_str()));
        let id = ids.id(kinds.0, &number);
        prop_assert_eq!(id, OpaqueIds::new(secret).id(kinds.0, &Personal::new(one.as_str())));
        prop_assert_eq!(id == ids.id(kinds.1, &number), kinds.0 == kinds.1);
        prop_assert_eq!(id == ids.id(kinds.0, &Personal::new(other.as_str())), one == other);
        prop_assert_eq!(id == OpaqueIds::new(second).id(kinds.0, &number), secret == second);
        prop_assert_eq!(format!("{ids:?}"), "[secret]");
        prop_assert_eq!(id.to_string().len(), 32);
    }

    /// A service names the same person as the victim's own record does.
    #[test]
    fn one_person_has_one_id(number in "[A-Z0-9-]{4,9}", secret: u8) {
        let mut texts = victim().in_own_table();
        texts[0] = number.clone();
        let person = record_of(RecordKind::Victim, &texts);
        let cells = [
            ("reference", "S-1"), ("victim", number.as_str()), ("date", "2026-07-01"),
            ("service", "shelter"),
        ];
        let service = record_of(RecordKind::Service, &row(RecordKind::Service, &cells));
        let (person, service) = (coded(&person, secret), coded(&service, secret));
        prop_assert_eq!(&person.values()[0], &service.values()[1]);
        prop_assert_ne!(&person.values()[0], &service.values()[0]);
    }
}
