//! The clearinghouse's side of a submission.

use std::fs;
use std::path::Path;

use analysis::receive::{
    Became, Lock, Outcome, ReceiveError, ReceivedAll, answer_name, begin_anew, in_words, list,
    purge_now, write_answer,
};
use jiff::civil::date;
use linkage::encode::hardened::EncodedTable;
use records::disclosure::{Mode, OrderKind};
use records::record::{AgencyRecord, Code, RecordKind};
use records::register::Kind;
use store::{PurgeKind, TotalFilter};

use crate::made_members::{let_in, signed_in};
use crate::made_submissions::{
    Agency, Draft, House, TODAY, at, record, release, scope, served, service, with_house,
};

fn three() -> Vec<AgencyRecord> {
    vec![
        served("1", "2026-07-03", "minor", "sex"),
        served("2", "2026-08-03", "adult", "labor"),
        served("3", "2026-08-04", "unknown", "not_yet_classified"),
    ]
}

fn one(day: &str) -> Vec<AgencyRecord> {
    vec![served("1", day, "adult", "sex")]
}

/// What became of each file, in the order in which they went in.
fn became(all: &ReceivedAll) -> Vec<(Became, Option<&'static str>)> {
    all.files.iter().map(|file| (file.outcome, file.word)).collect()
}

/// What is done to totals before they are sent.
type Change = fn(&mut Vec<submission::Total>);

const ACCEPTED: (Became, Option<&'static str>) = (Became::Accepted, None);
const ALREADY: (Became, Option<&'static str>) = (Became::Already, None);

fn refused(word: &'static str) -> (Became, Option<&'static str>) {
    (Became::Refused, Some(word))
}

/// Receives one file that is refused, and sees that nothing has changed.
async fn refusal(house: &House, file: &Path) -> &'static str {
    let (before, kept) = (house.store.received(&scope()).await.unwrap(), house.kept());
    let all = house.receive(&[file]).await;
    assert_eq!(all.files[0].outcome, Became::Refused);
    assert!(all.files[0].why.as_ref().is_some_and(|why| !why.is_empty()));
    assert_eq!(house.store.received(&scope()).await.unwrap(), before);
    assert!(house.kept() == kept, "nothing is left lying about");
    let spool = house.folder.path().join("spool");
    assert_eq!(fs::read_dir(spool).map_or(0, Iterator::count), 0);
    all.files[0].word.unwrap()
}

#[test]
fn records_come_in_the_mode_that_their_agency_agreed_to_or_not_at_all() {
    with_house(async |house| {
        let (code, kind) = ("practice-police-1", RecordKind::Victim);
        let mut police = house.agency(code, "police").await;
        let mut other = house.agency("practice-police-2", "police").await;
        for code in [code, "practice-police-2"] {
            let_in(&house.store, code, false).await;
        }
        let administrator = signed_in(&house.store, code, store::Role::Administrator).await;
        let agrees = async |mode, until| {
            let paper = store::ModesPaper {
                signatory: "A. Officer".to_owned(),
                signed_on: date(2026, 1, 1),
                expires_on: until,
            };
            let basis = match mode {
                Mode::TotalsOnly => "default",
                _ => "statistics_agreement",
            };
            let basis = Code::get(Kind::LegalBasis, basis).unwrap();
            let modes = [(kind, mode, basis)];
            house.store.agree_modes(&administrator, &modes, &paper, at()).await.unwrap();
        };
        let submission = || Draft::of("2026-Q3", three());

        // It agreed to totals alone, and sends rows: nothing of the file is kept.
        agrees(Mode::TotalsOnly, date(2026, 12, 31)).await;
        let file = police.submit(&submission());
        assert_eq!(refusal(&house, &file).await, "content_refused");
        let again = house.receive(&[&file]).await;
        let answer = again.files[0].answer.clone().unwrap();
        let reason = &answer.reasons[0];
        assert_eq!((reason.word.as_str(), reason.record), ("mode_not_agreed", Some(kind)));
        assert_eq!(
            reason.what,
            "victims came \"encoded\", and when it joined the agency agreed to \"totals only\""
        );
        let said = in_words(&answer).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("or agree to this one on the clearinghouse's page"), "{said}");
        assert!(house.store.totals(&scope(), &TotalFilter::default()).await.unwrap().is_empty());

        // With totals alone it comes, as every agency's does.
        let totals_alone = Draft {
            manifest: |manifest| {
                manifest.modes[0].mode = Mode::TotalsOnly;
                manifest.modes[0].basis = "default".to_owned();
                manifest.modes[0].expires_on = None;
                manifest.tables[0].coded = None;
                manifest.tables[0].left_behind = 3;
                manifest.encodings = None;
                manifest.linkage_key_fingerprint = None;
            },
            corrects: police.sent.last().map(|sent| sent.digest()),
            ..submission()
        };
        let file = police.submit(&totals_alone);
        assert_eq!(became(&house.receive(&[&file]).await), [ACCEPTED]);

        // Once it has agreed to rows they come, until the day that it agreed to.
        agrees(Mode::Encoded, date(2026, 12, 31)).await;
        let corrects = || police.sent.last().map(|sent| sent.digest());
        let file = police.submit(&Draft { corrects: corrects(), ..submission() });
        assert_eq!(became(&house.receive(&[&file]).await), [ACCEPTED]);
        let corrects = police.sent.last().map(|sent| sent.digest());
        let after = Draft {
            manifest: |manifest| manifest.as_of = date(2027, 1, 1),
            corrects,
            ..submission()
        };
        let file = police.submit(&after);
        let all = house.try_receive(&[&file], date(2027, 1, 5)).await.unwrap();
        assert_eq!(became(&all), [refused("content_refused")]);
        assert!(all.files[0].why.as_ref().unwrap().contains("until 2026-12-31"));

        // An agency that is here and has agreed to nothing is bound by its own installation alone.
        let file = other.submit(&submission());
        assert_eq!(became(&house.receive(&[&file]).await), [ACCEPTED]);
    });
}

#[test]
fn a_submission_is_in_once_and_gets_one_answer() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let mut records = three();
        records.push(service("s1", "2", "2026-08-05"));
        let file = police.submit(&Draft::of("2026-Q3", records));
        let all = house.receive(&[&file]).await;
        assert_eq!(became(&all), [ACCEPTED]);
        let answer = all.files[0].answer.clone().unwrap();
        insta::assert_snapshot!(in_words(&answer));
        let json = answer.to_json().replace(&answer.digest, "[digest]");
        insta::assert_snapshot!(json);
        let kept = house.kept();
        let names: Vec<_> = kept.keys().map(|path| path.file_name().unwrap()).collect();
        assert_eq!(names, ["encodings.clk", "services.parquet", "totals.csv", "victims.parquet"]);

        let again = house.receive(&[&file, &file]).await;
        assert_eq!(became(&again), [ALREADY]);
        assert_eq!(again.files[0].number, all.files[0].number);
        assert_eq!(again.files[0].answer, Some(answer.clone()));
        assert!(house.kept() == kept);
        let stored = house.store.received(&scope()).await.unwrap();
        assert_eq!((stored.len(), stored[0].acts.len()), (1, 1));

        let totals = house.store.totals(&scope(), &TotalFilter::default()).await.unwrap();
        let all = totals.iter().find(|one| one.total.quarter.is_none()).unwrap();
        assert_eq!((all.total.coded_records, all.total.coded_people), (3, 3));
        assert!(totals.iter().all(|one| one.total.records == one.total.coded_records));

        let folder = house.folder.path().join("answers");
        let text = write_answer(&folder, &answer).unwrap();
        assert_eq!(text, folder.join("practice-police-1-1-answer.txt"));
        let json = fs::read_to_string(text.with_extension("json")).unwrap();
        assert_eq!(json, answer.to_json());
        let scope = scope();
        let listed = list(&house.receiver(&scope, TODAY)).await.unwrap();
        assert_eq!((listed[0].rows, listed[0].state, listed[0].number), (4, "accepted", Some(1)));
    });
}

#[test]
fn files_go_in_by_their_numbers_whatever_order_they_are_named_in() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let mut da = house.agency("practice-da-1", "prosecutor").await;
        let first = police.submit(&Draft::of("2026-Q1", one("2026-02-03")));
        let second = police.submit(&Draft::of("2026-Q2", one("2026-05-03")));
        let third = police.submit(&Draft::of("2026-Q3", one("2026-08-03")));
        let other = da.submit(&Draft::of("2026-Q3", one("2026-08-03")));
        // Names that mislead.
        let renamed = house.folder.path().join("renamed");
        fs::create_dir(&renamed).unwrap();
        let mut named = Vec::new();
        for (file, name) in [(&first, "z"), (&second, "y"), (&third, "x"), (&other, "w")] {
            let to = renamed.join(format!("{name}.clearway"));
            fs::copy(file, &to).unwrap();
            named.push(to);
        }
        let all = house.receive(&[&named[2], &named[1], &named[0], &named[3]]).await;
        assert_eq!(became(&all), [ACCEPTED; 4]);
        let stored = house.store.received_of(&scope(), "practice-police-1").await.unwrap();
        let numbers: Vec<u64> = stored.iter().map(|file| file.sequence).collect();
        assert_eq!(numbers, [1, 2, 3]);
        let again = house.receive(&[&third, &first, &second, &other]).await;
        assert_eq!(became(&again), [ALREADY; 4]);
    });
}

#[test]
fn an_agency_whose_folder_was_lost_or_restored_begins_anew_once_and_nothing_is_doubled() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let first = police.submit(&Draft::of("2026-Q1", one("2026-02-03")));
        let second = police.submit(&Draft::of("2026-Q2", one("2026-05-03")));
        let third = police.submit(&Draft::of("2026-Q3", one("2026-08-03")));
        assert_eq!(became(&house.receive(&[&first, &second, &third]).await), [ACCEPTED; 3]);
        // A backup from before the second file: another second file, and its third.
        police.sent.truncate(1);
        let mut other = Draft::of("2026-Q2", one("2026-05-04"));
        other.last = "2026-Q3";
        let again = police.submit(&other);
        let after = police.submit(&Draft::of("2026-Q4", one("2026-10-04")));
        let refused = house.receive(&[&again]).await;
        assert_eq!(refused.files[0].word, Some("out_of_chain"));
        let why = refused.files[0].why.clone().unwrap();
        assert!(why.contains("restored") && why.contains("--begin-anew"), "{why}");
        let scope = scope();
        let receiver = house.receiver(&scope, TODAY);
        let begun = async || begin_anew(&receiver, "practice-police-1", "restored").await.unwrap();
        assert_eq!(begun().await, store::BegunAnew::New);
        assert_eq!(begun().await, store::BegunAnew::Already);
        let all = house.receive(&[&after, &again]).await;
        assert_eq!(became(&all), [ACCEPTED; 2]);
        let answer = all.files[0].answer.as_ref().unwrap();
        let words: Vec<&str> = answer.remarks.iter().map(|one| one.word.as_str()).collect();
        assert!(words.contains(&"earlier_replaced") && words.contains(&"earlier_counts"));
        assert!(answer_name(answer).contains(&answer.digest[..12]), "{}", answer_name(answer));
        assert_eq!(became(&house.receive(&[&again, &after, &first]).await), [ALREADY; 3]);
        for old in [&second, &third] {
            assert_eq!(refusal(&house, old).await, "replayed_old");
        }
        let listed = list(&receiver).await.unwrap();
        let states: Vec<_> =
            listed.iter().map(|file| (file.place, file.sequence, file.state)).collect();
        assert_eq!(
            states,
            [
                (1, 1, "accepted"),
                (2, 2, "replaced"),
                (3, 3, "replaced"),
                (4, 2, "accepted"),
                (5, 3, "accepted")
            ]
        );
        // It was for once.
        police.sent.truncate(1);
        let late = police.submit(&Draft::of("2026-Q4", one("2026-10-05")));
        assert_eq!(refusal(&house, &late).await, "out_of_chain");
        let acts = house.store.audit(&scope, &store::AuditFilter::default()).await.unwrap();
        let begun: Vec<_> = acts.iter().filter(|act| act.act == "begins_anew").collect();
        assert_eq!((begun.len(), begun[0].why.as_deref()), (1, Some("restored")));
    });
}

#[test]
fn an_agency_with_new_keys_sends_everything_again_and_nobody_is_two() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let first = police.submit(&Draft::of("2026-Q1", one("2026-02-03")));
        let second = police.submit(&Draft::of("2026-Q2", one("2026-05-03")));
        house.receive(&[&first, &second]).await;
        let mut police = house.agency("practice-police-1", "police").await;
        let scope = scope();
        let receiver = house.receiver(&scope, TODAY);
        let third = police.submit(&Draft::of("2026-Q3", one("2026-08-03")));
        assert_eq!(refusal(&house, &third).await, "out_of_chain");
        begin_anew(&receiver, "practice-police-1", "a new computer").await.unwrap();
        assert_eq!(refusal(&house, &third).await, "earlier_stands");
        assert_eq!(refusal(&house, &second).await, "signature_wrong");
        police.sent.clear();
        let mut whole = Draft::of("2026-Q1", one("2026-02-03"));
        whole.last = "2026-Q3";
        let whole = police.submit(&whole);
        assert_eq!(became(&house.receive(&[&whole]).await), [ACCEPTED]);
        let standing = house.store.standing_submissions(&scope).await.unwrap();
        assert_eq!(standing.len(), 1);
        let next = police.submit(&Draft::of("2026-Q4", one("2026-10-03")));
        assert_eq!(became(&house.receive(&[&next]).await), [ACCEPTED]);
    });
}

#[test]
fn what_was_changed_or_cut_off_on_the_way_is_refused() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let file = police.submit(&Draft::of("2026-Q3", three()));
        let bytes = fs::read(&file).unwrap();
        let bad = house.folder.path().join("bad.clearway");
        let step = bytes.len() / 40;
        for position in (0..bytes.len()).step_by(step).chain([bytes.len() - 1]) {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            fs::write(&bad, changed).unwrap();
            let word = refusal(&house, &bad).await;
            assert!(["not_sealed", "not_for_us", "damaged"].contains(&word), "{position}: {word}");
            fs::write(&bad, &bytes[..position]).unwrap();
            let word = refusal(&house, &bad).await;
            assert!(["not_sealed", "not_for_us", "damaged"].contains(&word), "{position}: {word}");
        }
        fs::write(&bad, b"reference,surname\n1,Planted\n").unwrap();
        assert_eq!(refusal(&house, &bad).await, "not_sealed");
        assert_eq!(refusal(&house, &house.folder.path().join("none")).await, "unreadable");
        // Others go on.
        let all = house.receive(&[&bad, &file]).await;
        assert_eq!(became(&all), [refused("not_sealed"), ACCEPTED]);
    });
}

#[test]
fn who_is_not_known_and_what_is_for_another_is_refused() {
    with_house(async |house| {
        let mut stranger = Agency::new("practice-police-9", "police", &house.card);
        let file = stranger.submit(&Draft::of("2026-Q3", three()));
        assert_eq!(refusal(&house, &file).await, "unknown_agency");
        house.know(&stranger).await;
        let other = House::new().await;
        let mut astray = Agency::new("practice-police-1", "police", &other.card);
        house.know(&astray).await;
        let file = astray.submit(&Draft::of("2026-Q3", three()));
        assert_eq!(refusal(&house, &file).await, "not_for_us");
        // The agency has new keys, and its card here is the old one.
        let mut new_keys = Agency::new("practice-police-1", "police", &house.card);
        let file = new_keys.submit(&Draft::of("2026-Q3", three()));
        assert_eq!(refusal(&house, &file).await, "signature_wrong");
        house.know(&new_keys).await;
        assert_eq!(became(&house.receive(&[&file]).await), [ACCEPTED]);
        house.store.forget_agency(&scope(), "practice-police-1", "closed", at()).await.unwrap();
        assert_eq!(refusal(&house, &file).await, "unknown_agency");
    });
}

#[test]
fn what_is_not_in_its_place_is_refused_and_answered() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let first = police.submit(&Draft::of("2026-Q3", three()));
        let made = police.submit(&Draft::of("2026-Q3", one("2026-08-03")));
        let overlapping = house.folder.path().join("overlapping.clearway");
        fs::rename(made, &overlapping).unwrap();
        police.sent.pop();
        let second = police.submit(&Draft {
            corrects: Some(police.sent[0].digest()),
            ..Draft::of("2026-Q3", one("2026-08-03"))
        });
        let third = police.submit(&Draft::of("2026-Q4", one("2026-10-03")));
        assert_eq!(refusal(&house, &second).await, "gap");
        assert_eq!(became(&house.receive(&[&first]).await), [ACCEPTED]);
        assert_eq!(refusal(&house, &third).await, "gap");
        assert_eq!(refusal(&house, &overlapping).await, "overlaps");
        let all = house.receive(&[&second]).await;
        assert_eq!(became(&all), [ACCEPTED]);
        assert_eq!(all.files[0].answer.as_ref().unwrap().corrects, Some(1));
        assert_eq!(refusal(&house, &first).await, "replayed_old");
        // Another file 2, made before the first 2 was.
        let all = house.receive(&[&overlapping]).await;
        assert_eq!(became(&all), [refused("out_of_chain")]);
        let answer = all.files[0].answer.clone().unwrap();
        assert!(!answer.in_its_place);
        let text = write_answer(house.folder.path(), &answer).unwrap();
        let start = &answer.digest[..12];
        let name = format!("practice-police-1-2-{start}-answer.txt");
        assert_eq!(text.file_name().unwrap().to_str(), Some(name.as_str()));
        assert_eq!(became(&house.receive(&[&third]).await), [ACCEPTED]);
    });
}

#[test]
fn content_that_is_wrong_is_refused_with_every_reason_and_can_be_corrected() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let wrong = Draft {
            totals: |totals| {
                // Fewer than came as rows, in one cell and in all.
                for total in totals.iter_mut().filter(|total| total.quarter.is_none()) {
                    if total.field.is_none() {
                        (total.records, total.people) = (2, 2);
                    }
                }
            },
            manifest: |manifest| manifest.calendar_offset_days = 15,
            ..Draft::of("2026-Q3", three())
        };
        let first = police.submit(&wrong);
        let all = house.receive(&[&first]).await;
        assert_eq!(became(&all), [refused("content_refused")]);
        let answer = all.files[0].answer.clone().unwrap();
        assert_eq!(answer.outcome, Outcome::Refused);
        insta::assert_snapshot!(in_words(&answer));
        assert!(
            house.kept().is_empty() && house.store.received(&scope()).await.unwrap().is_empty()
        );
        let again = house.receive(&[&first]).await;
        assert_eq!(became(&again), [refused("refused_already")]);
        assert_eq!(again.files[0].answer, Some(answer));

        // A correction that is wrong too, and one that is right.
        let damaged = Draft {
            corrects: Some(police.sent[0].digest()),
            tables: |path| {
                let mut bytes = fs::read(path).unwrap();
                let end = bytes.len();
                bytes[end - 9] ^= 1;
                fs::write(path, bytes).unwrap();
            },
            ..Draft::of("2026-Q3", three())
        };
        let second = police.submit(&damaged);
        let all = house.receive(&[&second]).await;
        assert_eq!(became(&all), [refused("content_refused")]);
        assert_eq!(all.files[0].answer.as_ref().unwrap().reasons[0].word, "not_a_table");
        let third = police.submit(&Draft {
            corrects: Some(police.sent[1].digest()),
            ..Draft::of("2026-Q3", three())
        });
        let all = house.receive(&[&first, &second, &third]).await;
        let already = refused("refused_already");
        assert_eq!(became(&all), [already, already, ACCEPTED]);
        assert_eq!(all.files[2].answer.as_ref().unwrap().corrects, None);
        let scope = scope();
        let listed = list(&house.receiver(&scope, TODAY)).await.unwrap();
        let states: Vec<&str> = listed.iter().map(|file| file.state).collect();
        assert_eq!(states, ["refused", "refused", "accepted"]);

        // A correction of what stands is refused; the correction of that one replaces what stands.
        let fourth = police.submit(&Draft {
            corrects: Some(police.sent[2].digest()),
            totals: |totals| totals.clear(),
            ..Draft::of("2026-Q3", three())
        });
        let fifth = police.submit(&Draft {
            corrects: Some(police.sent[3].digest()),
            ..Draft::of("2026-Q3", one("2026-08-03"))
        });
        let all = house.receive(&[&fifth, &fourth]).await;
        assert_eq!(became(&all), [refused("content_refused"), ACCEPTED]);
        assert_eq!(all.files[1].answer.as_ref().unwrap().corrects, Some(3));
        assert_eq!(house.store.standing_submissions(&scope).await.unwrap().len(), 1);
    });
}

#[test]
fn every_rule_of_cross_footing_refuses() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let rules: [(&str, Change); 5] = [
            ("more_coded_than_total", |totals| totals.retain(|total| total.code != Some("minor"))),
            ("left_behind_differs", |totals| {
                for total in totals.iter_mut() {
                    (total.records, total.people) = (total.records * 2, total.people * 2);
                }
            }),
            ("quarters_differ", |totals| {
                let own = |total: &&mut submission::Total| total.quarter.is_some();
                for total in totals.iter_mut().filter(own) {
                    total.records += 1;
                }
            }),
            ("codes_differ", |totals| totals.retain(|total| total.field != Some("age"))),
            ("people_wrong", |totals| totals.iter_mut().for_each(|total| total.people = 0)),
        ];
        for (word, totals) in rules {
            let file = police.submit(&Draft { totals, ..Draft::of("2026-Q3", three()) });
            let all = house.receive(&[&file]).await;
            assert_eq!(became(&all), [refused("content_refused")], "{word}");
            let reasons = &all.files[0].answer.as_ref().unwrap().reasons;
            assert!(reasons.iter().any(|reason| reason.word == word), "{word}: {reasons:?}");
        }
    });
}

#[test]
fn what_should_be_looked_at_is_told() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let mut shelter = house.agency("practice-shelter-1", "covered_provider").await;
        let mut records = three();
        records.push(served("1", "2026-07-03", "adult", "sex"));
        records[3] = record(
            RecordKind::Victim,
            &[
                ("reference", "1"),
                ("counted_as", "victim_served"),
                ("date", "2026-04-03"),
                ("age", "adult"),
                ("trafficking_type", "sex"),
            ],
        );
        records.push(served("2", "2026-04-05", "minor", "labor"));
        records.remove(1);
        records.push(served("2", "2026-08-03", "adult", "labor"));
        let first = police.submit(&Draft { first: "2026-Q2", ..Draft::of("2026-Q3", records) });
        let later = police.submit(&Draft::of("2027-Q1", one("2027-02-01")));
        let released = Draft {
            releases: vec![release("1", date(2026, 11, 30)), release("2", date(2026, 10, 10))],
            ..Draft::of("2026-Q3", three())
        };
        let released = shelter.submit(&released);
        let all =
            house.try_receive(&[&first, &later, &released], date(2026, 11, 20)).await.unwrap();
        assert_eq!(became(&all), [ACCEPTED; 3]);
        let words = |at: usize| -> Vec<String> {
            let answer: &analysis::receive::Answer = all.files[at].answer.as_ref().unwrap();
            answer.remarks.iter().map(|remark| remark.word.clone()).collect()
        };
        let told =
            ["late", "not_yet_classified", "mostly_empty", "encodings_missing", "contradictory"];
        assert_eq!(words(0), told);
        insta::assert_snapshot!(in_words(all.files[2].answer.as_ref().unwrap()));
        assert!(words(1).contains(&"quarters_missing".to_owned()));
        assert!(words(1).contains(&"quarter_not_over".to_owned()));
    });
}

#[test]
fn a_file_about_another_age_is_refused_before_it_stretches_every_count() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let far = police.submit(&Draft::of("2190-Q1", one("2190-02-01")));
        let all = house.receive(&[&far]).await;
        assert_eq!(became(&all), [refused("content_refused")]);
        let reasons = &all.files[0].answer.as_ref().unwrap().reasons;
        assert!(reasons.iter().any(|reason| reason.word == "no_such_period"), "{reasons:?}");
    });
}

async fn rows(house: &House) -> Vec<u64> {
    let received = house.store.received(&scope()).await.unwrap();
    received.iter().flat_map(|file| &file.tables).map(|table| table.rows).collect()
}

#[test]
fn encodings_that_are_not_what_they_should_be_are_refused_with_the_reason() {
    type OfTable = fn(&mut EncodedTable);
    type OfFile = fn(&Path);
    let rules: [(&str, OfTable); 6] = [
        ("another agency", |table| table.header.agency = "practice-police-2".to_owned()),
        ("made for research", |table| table.header.unattached = true),
        ("key is another", |table| table.header.period = "0123".to_owned()),
        ("laid out", |table| table.header.schema_digest = "Planted".to_owned()),
        ("order of their ids", |table| table.rec_ids.reverse()),
        ("in no coded row", |table| table.rec_ids[1] = [255; 16]),
    ];
    let files: [(&str, OfFile); 3] = [
        ("cut off", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 700]).unwrap();
        }),
        ("checksum", |path| {
            let mut bytes = fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).unwrap();
        }),
        ("no file of encodings", |path| fs::write(path, b"Planted,Ana,1999-02-03\n").unwrap()),
    ];
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let tables = rules
            .map(|(what, encodings)| (what, Draft { encodings, ..Draft::of("2026-Q3", three()) }));
        let damaged = files.map(|(what, encodings_file)| {
            (what, Draft { encodings_file, ..Draft::of("2026-Q3", three()) })
        });
        let expired = |table: &mut EncodedTable| table.expires_on[0] = 20_991_231;
        let expired = Draft { encodings: expired, ..Draft::of("2026-Q3", three()) };
        let fewer = |manifest: &mut submission::Manifest| {
            manifest.encodings.as_mut().unwrap().rows = 1;
        };
        let fewer = Draft { manifest: fewer, ..Draft::of("2026-Q3", three()) };
        let more = [("release", expired), ("not as many", fewer)];
        for (what, draft) in tables.into_iter().chain(damaged).chain(more) {
            let file = police.submit(&draft);
            let all = house.receive(&[&file]).await;
            assert_eq!(became(&all), [refused("content_refused")], "{what}");
            let reasons = &all.files[0].answer.as_ref().unwrap().reasons;
            let found = reasons.iter().find(|reason| reason.word == "encodings_wrong").unwrap();
            assert!(found.what.contains(what), "{what}: {}", found.what);
            let printed = serde_json::to_string(&all).unwrap();
            assert!(!printed.contains("Planted"), "{printed}");
        }
    });
}

/// People whom a release that was revoked or has ended took out, over all.
async fn purged_people(house: &House, kind: PurgeKind) -> u64 {
    let cells = house.store.purged_cells(&scope()).await.unwrap();
    let of = |purge: &&store::StoredPurge| {
        purge.kind == kind && purge.cell.quarter.is_none() && purge.cell.field.is_none()
    };
    cells.iter().filter(of).map(|purge| purge.cell.people).sum()
}

fn holds(house: &House, id: &[u8]) -> bool {
    let kept = house.kept();
    let about_people = |e: &std::ffi::OsStr| e == "parquet" || e == "clk";
    let tables = kept.iter().filter(|(path, _)| path.extension().is_some_and(about_people));
    tables.into_iter().any(|(_, bytes)| bytes.windows(id.len()).any(|window| window == id))
}

#[test]
fn rows_that_are_taken_back_are_gone_from_every_table() {
    with_house(async |house| {
        let mut shelter = house.agency("practice-shelter-1", "covered_provider").await;
        let draft = || Draft {
            releases: ["1", "2", "3"].map(|victim| release(victim, date(2027, 6, 30))).to_vec(),
            ..Draft::of("2026-Q3", three())
        };
        let first = shelter.submit(&draft());
        let second = shelter.submit(&Draft { corrects: Some(shelter.sent[0].digest()), ..draft() });
        assert_eq!(became(&house.receive(&[&first, &second]).await), [ACCEPTED; 2]);
        assert_eq!(rows(&house).await, [3, 3]);
        let ids = ["1", "2", "3"].map(|own| shelter.id(&records::record::Personal::new(own)).0);
        assert!(ids.iter().all(|id| holds(&house, id)));

        let withdrawal =
            shelter.withdraw(&[("1", OrderKind::Sealing), ("2", OrderKind::ReleaseRevoked)]);
        let all = house.receive(&[&withdrawal]).await;
        assert_eq!(became(&all), [ACCEPTED]);
        insta::assert_snapshot!(in_words(all.files[0].answer.as_ref().unwrap()));
        assert_eq!(all.purged.len(), 4);
        let printed = serde_json::to_string(&all).unwrap();
        for own in ["1", "2", "3"] {
            let id = shelter.id(&records::record::Personal::new(own)).to_string();
            assert!(!printed.contains(&id) && !printed.contains("Planted"));
        }
        assert_eq!(rows(&house).await, [1, 1]);
        assert_eq!(ids.map(|id| holds(&house, &id)), [false, false, true]);
        // The one whose release was revoked is among those who stayed; the sealed one is nowhere.
        assert_eq!(purged_people(&house, PurgeKind::ReleaseRevoked).await, 1);
        assert_eq!(house.store.purged_rows(&scope()).await.unwrap().len(), 4);
        let cells = house.store.purged_cells(&scope()).await.unwrap();
        assert!(cells.iter().all(|one| one.submission == 2), "what is replaced does not count");

        // Again nothing is to be done; and what comes later is looked through too.
        let kept = house.kept();
        assert!(house.receive(&[&withdrawal]).await.purged.is_empty());
        assert!(house.kept() == kept);
        let fourth = shelter.submit(&Draft { corrects: Some(shelter.sent[1].digest()), ..draft() });
        let all = house.receive(&[&fourth]).await;
        assert_eq!(became(&all), [ACCEPTED]);
        let kinds: Vec<_> = all.purged.iter().map(|one| (one.kind, one.rows)).collect();
        assert_eq!(kinds, [(PurgeKind::Sealing, 1)], "she may have signed again");
        assert_eq!(rows(&house).await, [1, 1, 2]);

        // Releases end.
        let scope = scope();
        let later = house.receiver(&scope, date(2027, 7, 1));
        let gone = purge_now(&later).await.unwrap();
        assert_eq!(gone.iter().map(|one| one.rows).sum::<u64>(), 4);
        assert!(gone.iter().all(|one| one.kind == PurgeKind::ReleaseExpired));
        assert_eq!(rows(&house).await, [0, 0, 0]);
        assert!(!ids.iter().any(|id| holds(&house, id)));
        assert_eq!(purged_people(&house, PurgeKind::ReleaseExpired).await, 2);
        assert_eq!(purged_people(&house, PurgeKind::ReleaseRevoked).await, 0);
        assert!(purge_now(&later).await.unwrap().is_empty());
        let listed = list(&later).await.unwrap();
        assert_eq!(listed.iter().map(|file| file.removed).collect::<Vec<_>>(), [3, 3, 0, 3]);
    });
}

#[test]
fn what_a_killed_run_left_is_removed_and_nothing_else() {
    with_house(async |house| {
        let mut police = house.agency("practice-police-1", "police").await;
        let first = police.submit(&Draft::of("2026-Q3", three()));
        let second = police.submit(&Draft::of("2026-Q4", one("2026-10-03")));
        house.receive(&[&first]).await;
        let kept = house.kept();
        let received = house.folder.path().join("received/practice-police-1");
        // Killed between folder and row, while opening, while writing a table anew, after that.
        let digest = &police.sent[1].digest()[..12];
        let stray = received.join(format!("2-{digest}"));
        fs::create_dir(&stray).unwrap();
        fs::write(stray.join("victims.parquet"), b"half").unwrap();
        fs::create_dir_all(house.folder.path().join("spool/.opening-x")).unwrap();
        let folder = fs::read_dir(&received).unwrap().map(|entry| entry.unwrap().path());
        let folder = folder.into_iter().find(|path| *path != stray).unwrap();
        fs::write(folder.join("victims-2.part"), b"half").unwrap();
        fs::write(folder.join("victims-2.parquet"), b"whole, and not named yet").unwrap();
        assert!(house.receive(&[]).await.files.is_empty());
        assert!(house.kept() == kept);
        assert_eq!(fs::read_dir(house.folder.path().join("spool")).unwrap().count(), 0);
        assert_eq!(became(&house.receive(&[&second, &first]).await), [ALREADY, ACCEPTED]);
    });
}

#[test]
fn one_receives_at_a_time_and_not_while_somebody_reads() {
    with_house(async |house| {
        let reading = Lock::read(house.folder.path()).unwrap();
        let also = Lock::read(house.folder.path()).unwrap();
        let busy = house.try_receive(&[], TODAY).await;
        assert!(matches!(busy, Err(ReceiveError::Busy(_))), "{busy:?}");
        drop((reading, also));
        house.try_receive(&[], TODAY).await.unwrap();
    });
}
