//! What an agency sends, shows before and takes back.

use std::fs;

use analysis::agency::{self, AgencyError, Outcome, Plan, Submitted};
use linkage::encode::hardened::EncodedTable;
use records::disclosure::{Mode, Order, OrderKind, StaysBehind};
use records::record::{Personal, RecordKind};
use store::{OwnKeys, SentKind};
use submission::{ENCODINGS_FILE, Keys, ManifestKind, Opened, open_sealed};

use crate::made_agency::{Made, at, files_below, record, scope, service, told, victim};

async fn submit(made: &Made, plan: &Plan) -> Result<Submitted, AgencyError> {
    let out = made.path("out");
    agency::submit(&made.store, &scope(), &made.keys(), plan, &out, false, at()).await
}

/// Opens a file at the clearinghouse.
fn opened(made: &Made, file: &std::path::Path) -> Opened {
    let keys = Keys::open(&made.path("state")).unwrap();
    let card = agency::own_card(&made.data()).unwrap();
    let known = |code: &str| (code == card.code()).then(|| card.clone());
    open_sealed(file, &keys, &known, &made.path("spool")).unwrap()
}

#[test]
fn what_was_released_leaves_and_everything_is_counted() {
    told(async || {
        let made = Made::provider().await;
        let submitted = submit(&made, &made.plan("2026-Q3")).await.unwrap();
        assert_eq!(submitted.sent.outcome, Outcome::Sent);
        assert_eq!(submitted.sent.sequence, 1);
        assert_eq!(submitted.unsent.len(), 1, "{:?}", submitted.unsent);
        let [victims, services] = submitted.kinds.as_slice() else { panic!("two kinds") };
        assert_eq!((victims.records, victims.coded), (4, 2));
        assert_eq!((victims.people, victims.people_encoded), (2, 2));
        let behind = [(StaysBehind::NoRelease, 1), (StaysBehind::ReleaseExpired, 1)];
        assert_eq!(victims.left_behind, behind.into());
        assert_eq!((services.records, services.coded), (2, 0));

        let opened = opened(&made, submitted.sent.file.as_deref().unwrap());
        let manifest = &opened.manifest;
        assert_eq!(manifest.tables[0].left_behind, 2);
        assert_eq!(manifest.tables[0].coded.as_ref().unwrap().rows, 2);
        assert!(manifest.tables[1].coded.is_none());
        assert_eq!(manifest.modes[0].mode, Mode::WithRelease);
        assert_eq!(
            (manifest.modes[1].mode, manifest.modes[1].basis.as_str()),
            (Mode::TotalsOnly, "default")
        );
        // Encodings, called by opaque ids, until the release of each ends, and no name in them.
        let encodings = EncodedTable::read(&opened.folder().join(ENCODINGS_FILE)).unwrap();
        assert_eq!(manifest.encodings.as_ref().unwrap().rows, 2);
        assert_eq!(Some(&encodings.header.period), manifest.linkage_key_fingerprint.as_ref());
        let ids = made.keys().opaque_ids();
        let mut known = [("V-1", 20_270_101), ("V-2", 20_270_630)]
            .map(|(own, until)| (ids.id(RecordKind::Victim, &Personal::new(own)).0, until));
        known.sort();
        assert_eq!(encodings.rec_ids, known.map(|(id, _)| id));
        assert_eq!(encodings.expires_on, known.map(|(_, until)| until));
        let all = opened.totals.iter().find(|total| {
            total.record == RecordKind::Victim && total.quarter.is_none() && total.field.is_none()
        });
        assert_eq!(all.map(|total| (total.records, total.people)), Some((4, 4)));
    });
}

#[test]
fn the_same_again_is_one_file_and_something_else_is_a_correction() {
    told(async || {
        let made = Made::provider().await;
        let plan = made.plan("2026-Q3");
        let first = submit(&made, &plan).await.unwrap().sent;
        let again = submit(&made, &plan).await.unwrap().sent;
        assert_eq!((again.outcome, again.sequence), (Outcome::Already, 1));
        assert_eq!(again.digest, first.digest);
        // A day later nothing else is true.
        let later = Plan { as_of: plan.as_of.tomorrow().unwrap(), ..plan.clone() };
        assert_eq!(submit(&made, &later).await.unwrap().sent.outcome, Outcome::Already);

        made.import("more", &[victim("V-6", "Qwzxeva", "Qwzxli", "", "2026-07-09", "sex")]).await;
        let refused = submit(&made, &plan).await.unwrap_err();
        insta::assert_snapshot!(refused, @"file 1 is about 2026-Q3 to 2026-Q3 already, and this says something else: send it as a correction with --corrects 1");
        let unknown = Plan { corrects: Some(9), ..plan.clone() };
        insta::assert_snapshot!(submit(&made, &unknown).await.unwrap_err(), @"no submission 9 was sent that could be corrected; sent were: 1");
        let correction = Plan { corrects: Some(1), period: None, ..plan.clone() };
        let second = submit(&made, &correction).await.unwrap().sent;
        assert_eq!((second.outcome, second.sequence, second.corrects), (Outcome::Sent, 2, Some(1)));
        let again = submit(&made, &correction).await.unwrap().sent;
        assert_eq!((again.outcome, again.sequence), (Outcome::Already, 2));
        assert_eq!(fs::read_dir(made.path("out")).unwrap().count(), 2);
        assert_eq!(opened(&made, &second.file.unwrap()).manifest.previous, Some(first.digest));
    });
}

#[test]
fn a_file_that_was_lost_is_written_again_under_its_number() {
    told(async || {
        let made = Made::provider().await;
        let plan = made.plan("2026-Q3");
        let first = submit(&made, &plan).await.unwrap().sent;
        fs::remove_file(first.file.unwrap()).unwrap();
        assert_eq!(submit(&made, &plan).await.unwrap().sent.file, None);
        let out = made.path("out");
        let again =
            agency::submit(&made.store, &scope(), &made.keys(), &plan, &out, true, at()).await;
        let again = again.unwrap().sent;
        assert_eq!((again.outcome, again.sequence), (Outcome::Already, 1));
        assert_eq!(opened(&made, &again.file.unwrap()).manifest_digest, first.digest);
    });
}

#[test]
fn a_sealed_file_that_was_not_handed_over_is_handed_over_by_the_next_run() {
    told(async || {
        let made = Made::provider().await;
        let plan = made.plan("2026-Q3");
        let ready = made.data().join("submitting/ready");
        let making = made.data().join("submitting/making-abc");
        // The folder for it cannot be made.
        fs::write(made.path("out"), "in the way").unwrap();
        let stopped = submit(&made, &plan).await.unwrap_err();
        assert!(matches!(stopped, AgencyError::HandOver { sequence: 1, .. }), "{stopped}");
        assert_eq!(fs::read_dir(&ready).unwrap().count(), 1);
        fs::remove_file(made.path("out")).unwrap();
        fs::create_dir(&making).unwrap();
        let second = submit(&made, &plan).await.unwrap();
        assert_eq!((second.sent.outcome, second.sent.sequence), (Outcome::Sent, 1));
        assert_eq!(second.handed_over, [1]);
        assert_eq!(fs::read_dir(&ready).unwrap().count(), 0);
        assert!(!making.exists());
        opened(&made, &second.sent.file.unwrap());
    });
}

#[test]
fn two_runs_at_once_do_not_meet() {
    told(async || {
        let made = Made::provider().await;
        fs::create_dir_all(made.data().join("submitting")).unwrap();
        let lock = fs::File::create(made.data().join("submitting/.lock")).unwrap();
        lock.lock().unwrap();
        let refused = submit(&made, &made.plan("2026-Q3")).await.unwrap_err();
        assert!(matches!(refused, AgencyError::Busy), "{refused}");
        drop(lock);
        submit(&made, &made.plan("2026-Q3")).await.unwrap();
    });
}

#[test]
fn without_a_linkage_key_no_row_of_a_victim_leaves() {
    told(async || {
        let made = Made::provider().await;
        fs::remove_file(made.data().join("keys/linkage-state.key")).unwrap();
        let refused = submit(&made, &made.plan("2026-Q3")).await.unwrap_err();
        assert!(matches!(refused, AgencyError::NoLinkageKey { .. }), "{refused}");
        assert!(made.store.sent(&scope()).await.unwrap().is_empty());
    });
}

#[test]
fn a_preview_shows_every_value_and_writes_nothing() {
    told(async || {
        let made = Made::provider().await;
        let training = record(
            RecordKind::TrainingSession,
            &[
                ("reference", "T-1"),
                ("date", "2026-08-01"),
                ("audience", "law_enforcement"),
                ("hours", "7.5"),
                ("seats", "30"),
            ],
        );
        made.import("training", &[training]).await;
        let provider = "covered_provider";
        made.sign(provider, RecordKind::TrainingSession, Mode::Encoded, "no_persons").await;
        let before = files_below(&made.data());
        let plan = made.plan("2026-Q3");
        let preview = agency::preview(&made.store, &scope(), &made.keys(), &plan, None).await;
        let preview = preview.unwrap();
        let names = |files: &[(std::path::PathBuf, Vec<u8>)]| {
            files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&before), names(&files_below(&made.data())));
        let text = preview.to_string();
        let json = serde_json::to_string(&preview).unwrap();
        assert!(!text.contains("Qwzx") && !json.contains("Qwzx") && !text.contains("1999"));
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let hidden = text.replace(&made.state.fingerprint(), "[fingerprint of the state]");
        insta::assert_snapshot!(hidden);

        let rows = made.path("rows");
        agency::preview(&made.store, &scope(), &made.keys(), &plan, Some(&rows)).await.unwrap();
        let victims = fs::read_to_string(rows.join("victims.csv")).unwrap();
        assert_eq!(victims.lines().count(), 3);
        assert!(!victims.contains("encoding") && !victims.contains("Qwzx"), "{victims}");
        assert!(rows.join("totals.csv").exists());
        assert!(made.store.sent(&scope()).await.unwrap().is_empty());
    });
}

#[test]
fn rows_whose_mode_has_ended_are_told_of_until_a_correction_takes_them_back() {
    told(async || {
        let made = Made::provider().await;
        let plan = made.plan("2026-Q3");
        submit(&made, &plan).await.unwrap();
        let later = Plan { as_of: "2028-01-05".parse().unwrap(), ..plan.clone() };
        let ended =
            async |day| agency::rows_of_ended_modes(&made.store, &scope(), day).await.unwrap();
        assert!(ended(plan.as_of).await.is_empty());
        let rows = ended(later.as_of).await;
        assert_eq!(rows.len(), 1);
        insta::assert_snapshot!(rows[0], @"2 of victims sent in file 1 lie at the clearinghouse, and their mode has ended: sign a new one, or take the rows back with clearway submit --corrects 1");
        let seen =
            agency::preview(&made.store, &scope(), &made.keys(), &later, None).await.unwrap();
        assert!(seen.to_string().contains("mode has"), "{seen}");
        let correction = Plan { corrects: Some(1), ..later.clone() };
        submit(&made, &correction).await.unwrap();
        assert!(ended(later.as_of).await.is_empty());
    });
}

#[test]
fn what_is_ordered_or_revoked_is_taken_back() {
    told(async || {
        let made = Made::provider().await;
        made.import("more", &[service("S-9", "V-2", "shelter")]).await;
        let take_back = async || {
            let day = made.plan("2026-Q3").as_of;
            let out = made.path("out");
            agency::withdraw(&made.store, &scope(), &made.keys(), &made.state, day, &out, at())
                .await
        };
        assert!(take_back().await.unwrap().sent.is_none());
        submit(&made, &made.plan("2026-Q3")).await.unwrap();
        assert!(take_back().await.unwrap().sent.is_none());

        made.release("V-2", "2027-06-30", Some("2026-10-04")).await;
        let order = Order {
            record: RecordKind::Victim,
            reference: Personal::new("V-1"),
            order: OrderKind::Sealing,
            authority: "Superior Court".to_owned(),
            ordered_on: "2026-10-05".parse().unwrap(),
        };
        let (ids, records) = (made.keys().opaque_ids(), made.keys().records_key());
        let own = OwnKeys { ids: &ids, records: &records };
        made.store.apply_orders(&scope(), &[order], own, at()).await.unwrap();
        let next = Plan {
            period: Some(("2026-Q2".parse().unwrap(), "2026-Q2".parse().unwrap())),
            ..made.plan("2026-Q2")
        };
        assert_eq!(submit(&made, &next).await.unwrap().to_withdraw, 2);
        // What names her is the agency's own work still, and neither leaves nor counts.
        let plan = made.plan("2026-Q3");
        let seen = agency::preview(&made.store, &scope(), &made.keys(), &plan, None).await.unwrap();
        let services = seen.kinds.iter().find(|kind| kind.record == RecordKind::Service).unwrap();
        assert_eq!((services.records, services.sealed), (2, 1));
        assert!(seen.to_string().contains("1 record of people whose own are sealed"), "{seen}");

        let withdrew = take_back().await.unwrap();
        assert_eq!(withdrew.records.len(), 2);
        let sent = withdrew.sent.unwrap();
        assert_eq!(sent.sequence, 3);
        let opened = opened(&made, &sent.file.unwrap());
        assert_eq!(opened.manifest.kind, ManifestKind::Withdrawal);
        assert_eq!(opened.withdrawn.len(), 2);
        assert!(take_back().await.unwrap().sent.is_none(), "once");
        let kinds: Vec<SentKind> =
            made.store.sent(&scope()).await.unwrap().iter().map(|one| one.sent.kind).collect();
        assert_eq!(kinds, [SentKind::Submission, SentKind::Submission, SentKind::Withdrawal]);
    });
}
