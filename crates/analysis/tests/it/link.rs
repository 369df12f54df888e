//! Who is whom, from submissions to a count.

use std::collections::BTreeSet;
use std::fs;

use analysis::link::{self, LinkError, LinkPlan, Linkage};
use analysis::people::{self, Counted, PeoplePlan};
use analysis::receive::{Became, purge_now};
use jiff::civil::date;
use records::disclosure::OrderKind;
use records::record::{AgencyRecord, Personal};
use records::register::Register;
use store::PairDecision;
use submission::Manifest;

use crate::made_submissions::{
    Agency, Draft, House, TODAY, at, release, scope, served, with_house,
};

const PLAN: LinkPlan = LinkPlan { practice: true, seed: 1 };

/// People by their own numbers; the same number is the same name at every agency.
fn people(own: &[&str]) -> Vec<AgencyRecord> {
    own.iter().map(|own| served(own, "2026-08-03", "adult", "labor")).collect()
}

async fn receive(house: &House, agency: &mut Agency, draft: &Draft) {
    let file = agency.submit(draft);
    let all = house.receive(&[&file]).await;
    assert_eq!(all.files[0].outcome, Became::Accepted, "{:?}", all.files[0].why);
}

async fn link(house: &House) -> Linkage {
    let linked = link::run(&house.store, &scope(), house.folder.path(), &PLAN, at()).await;
    linked.unwrap().unwrap()
}

async fn count(house: &House) -> Counted {
    let plan =
        PeoplePlan { practice: true, period: None, as_of: TODAY, truth: None, threads: None };
    let (register, data) = (Register::embedded(), house.folder.path());
    let counted = people::count(&house.store, &scope(), register, data, &plan, at()).await;
    counted.unwrap().unwrap()
}

/// The bytes of every file of who is whom, and of encodings.
fn about_people(house: &House) -> Vec<u8> {
    let mut all: Vec<u8> = house
        .kept()
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|ending| ending == "clk"))
        .flat_map(|(_, bytes)| bytes)
        .collect();
    for entry in fs::read_dir(house.folder.path().join("links")).into_iter().flatten() {
        all.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

fn holds(bytes: &[u8], id: [u8; 16]) -> bool {
    bytes.windows(16).any(|window| window == id)
}

/// Two police departments that share two people of four each.
async fn two(house: &House) -> (Agency, Agency) {
    let mut one = house.agency("practice-police-1", "police").await;
    let mut other = house.agency("practice-police-2", "police").await;
    receive(house, &mut one, &Draft::of("2026-Q3", people(&["a", "b", "c", "d"]))).await;
    receive(house, &mut other, &Draft::of("2026-Q3", people(&["c", "d", "e", "f"]))).await;
    (one, other)
}

#[test]
fn people_of_two_agencies_meet_and_are_counted_once() {
    with_house(async |house| {
        let nobody = link::run(&house.store, &scope(), house.folder.path(), &PLAN, at()).await;
        assert_eq!(nobody.unwrap(), None);
        let (_one, _other) = two(&house).await;
        let linked = link(&house).await;
        assert_eq!((linked.encoded, linked.people, linked.on_several), (8, 6, 2));
        assert_eq!((linked.agencies, linked.submissions, linked.keys.len()), (2, 2, 1));
        assert!(linked.low <= 6 && 6 <= linked.high);
        let counted = count(&house).await;
        assert_eq!((counted.coded, counted.linked, counted.on_several), (8, 6, 2));
        // It goes by the linkage that is there.
        assert_eq!(counted.link, Some(linked.id));
        // The same encodings, the same answer.
        let again = link(&house).await;
        assert_eq!(Linkage { id: linked.id, ..again }, linked);
        assert_eq!(fs::read_dir(house.folder.path().join("links")).unwrap().count(), 1);
    });
}

#[test]
fn who_is_taken_back_is_in_no_encoding_and_in_no_linkage() {
    with_house(async |house| {
        let (mut one, other) = two(&house).await;
        let linked = link(&house).await;
        let (hers, theirs) = (one.id(&Personal::new("c")).0, other.id(&Personal::new("c")).0);
        let before = about_people(&house);
        assert!(holds(&before, hers) && holds(&before, theirs));
        let withdrawal = one.withdraw(&[("c", OrderKind::Sealing)]);
        house.receive(&[&withdrawal]).await;
        let after = about_people(&house);
        assert!(!holds(&after, hers) && holds(&after, theirs));
        let counted = count(&house).await;
        assert_eq!((counted.coded, counted.linked, counted.on_several), (7, 6, 1));
        assert!(counted.link > Some(linked.id), "other encodings, another linkage");
        assert!(!holds(&about_people(&house), hers));
    });
}

#[test]
fn a_release_that_ends_takes_encoding_and_membership() {
    with_house(async |house| {
        let (_one, _other) = two(&house).await;
        let mut shelter = house.agency("practice-shelter-1", "covered_provider").await;
        let draft = Draft {
            releases: vec![release("a", date(2026, 12, 31)), release("e", date(2027, 6, 30))],
            ..Draft::of("2026-Q3", people(&["a", "e", "g"]))
        };
        receive(&house, &mut shelter, &draft).await;
        assert_eq!(link(&house).await.on_several, 4);
        link::accept(&house.store, &scope(), house.folder.path(), true, at()).await.unwrap();
        let [ends, stays] = ["a", "e"].map(|own| shelter.id(&Personal::new(own)).0);
        assert!(holds(&about_people(&house), ends));
        let scope = scope();
        purge_now(&house.receiver(&scope, date(2027, 1, 1))).await.unwrap();
        let left = about_people(&house);
        assert!(!holds(&left, ends) && holds(&left, stays));
        assert_eq!(count(&house).await.on_several, 3);
    });
}

#[test]
fn encodings_under_two_keys_meet_only_by_the_opaque_id_of_one_agency() {
    with_house(async |house| {
        let (mut one, _other) = two(&house).await;
        let mut third = house.agency("practice-police-3", "police").await;
        let other_key = |manifest: &mut Manifest| {
            manifest.linkage_key_fingerprint =
                Some("0000 1111 2222 3333 4444 5555 6666 7777".to_owned());
        };
        let draft = |quarter: &'static str, own: &[&str]| Draft {
            manifest: other_key,
            encodings: |table| {
                let fingerprint = "0000 1111 2222 3333 4444 5555 6666 7777".to_owned();
                table.header.period.clone_from(&fingerprint);
                table.header.key_fingerprint = fingerprint;
            },
            records: own.iter().map(|own| served(own, "2026-10-03", "adult", "sex")).collect(),
            ..Draft::of(quarter, Vec::new())
        };
        receive(&house, &mut third, &draft("2026-Q4", &["c", "x"])).await;
        let linked = link(&house).await;
        assert_eq!((linked.keys.len(), linked.people), (2, 8), "nobody is compared with them");
        // The first agency sends one of its people again, under the new key.
        receive(&house, &mut one, &draft("2026-Q4", &["c"])).await;
        let linked = link(&house).await;
        assert_eq!((linked.encoded, linked.people, linked.on_several), (10, 7, 2));
        let counted = count(&house).await;
        assert_eq!((counted.linked, counted.on_several), (7, 2));
        let why = counted.people.why.join(" ");
        assert!(why.contains("encodings came under 2 linkage keys"), "{why}");
    });
}

#[test]
fn what_is_accepted_stays_and_its_encodings_are_gone() {
    with_house(async |house| {
        let (mut one, mut other) = two(&house).await;
        let data = house.folder.path();
        let none = link::accept(&house.store, &scope(), data, true, at()).await;
        assert!(matches!(none, Err(LinkError::NothingToAccept)));
        let linked = link(&house).await;
        receive(
            &house,
            &mut one,
            &Draft::of("2026-Q2", vec![served("h", "2026-05-03", "adult", "labor")]),
        )
        .await;
        let stale = link::accept(&house.store, &scope(), data, true, at()).await;
        assert!(matches!(stale, Err(LinkError::NotUpToDate(id)) if id == linked.id));
        let linked = link(&house).await;
        let accepted = link::accept(&house.store, &scope(), data, true, at()).await.unwrap();
        assert_eq!((accepted.lost.link, accepted.lost.encodings), (linked.id, 9));
        assert!(!house.kept().keys().any(|path| path.extension().is_some_and(|e| e == "clk")));
        let acts = house.store.audit(&scope(), &store::AuditFilter::default()).await.unwrap();
        let accepts: Vec<_> = acts
            .iter()
            .filter(|act| (act.subject.as_str(), act.act.as_str()) == ("link", "accepted"))
            .collect();
        assert_eq!((accepts.len(), accepts[0].subject_id), (1, linked.id));
        let counted = count(&house).await;
        assert_eq!((counted.coded, counted.linked, counted.on_several), (9, 7, 2));
        assert_eq!(counted.link, Some(linked.id));

        // Somebody who comes again is known by her opaque id; somebody new is compared with new ones.
        let again = [("2026-10-03", "c"), ("2026-10-04", "z")];
        let again = again.map(|(day, own)| served(own, day, "adult", "labor"));
        receive(&house, &mut other, &Draft::of("2026-Q4", again.to_vec())).await;
        let counted = count(&house).await;
        assert_eq!((counted.coded, counted.linked, counted.on_several), (10, 8, 2));
        assert!(counted.link > Some(linked.id));
    });
}

#[test]
fn what_a_reviewer_decides_is_heeded() {
    with_house(async |house| {
        let (one, other) = two(&house).await;
        let named = |agency: &Agency, own: &str| {
            (agency.card.code().to_owned(), agency.id(&Personal::new(own)))
        };
        let decided = |first, second, same| PairDecision {
            first: named(&one, first),
            second: named(&other, second),
            same,
        };
        let decisions = [decided("c", "c", false), decided("a", "e", true)];
        let taken = link::decide(&house.store, &scope(), true, &decisions, at()).await.unwrap();
        assert_eq!(taken, 2);
        let linked = link(&house).await;
        assert_eq!((linked.people, linked.on_several), (6, 2), "one pair less, one more");
        let unknown = PairDecision {
            first: ("practice-police-9".to_owned(), named(&one, "a").1),
            ..decisions[0].clone()
        };
        let refused = link::decide(&house.store, &scope(), true, &[unknown], at()).await;
        assert!(matches!(refused, Err(LinkError::Decisions(problems)) if problems.len() == 1));
        let ids: BTreeSet<String> =
            linked.uncertain.iter().map(|pair| pair.first_id.clone()).collect();
        assert!(ids.iter().all(|id| id.len() == 32));
    });
}
