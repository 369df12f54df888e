//! Who may do what is asked of every role, and PostgreSQL keeps agencies apart by itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use records::returns::Checked;
use records::{Answer, Figure, Origin, Part, Standing, Unit};

use super::*;
use crate::accounts::{CompartmentName, made};
use crate::database::{query, scalar};
use crate::stores::with_store;
use crate::{FigureFilter, NewReturn, Permission, RollUp, Store, StoreError};

fn scope(role: Role) -> Scope {
    Scope::of("somebody", Some("kern-da".to_owned()), role, Purpose::Other)
}

/// What a function answers to a scope: nothing when it does not permit it.
async fn permitted(store: &Store, permission: Permission, scope: &Scope) -> bool {
    let at = Timestamp::UNIX_EPOCH;
    let done = match permission {
        Permission::ReadReturns => store.returns(scope).await.map(drop),
        Permission::ReadFilings => store.filings(scope).await.map(drop),
        Permission::AcceptReturns => store.withdraw(scope, 1, "why", at).await,
        Permission::ReadOwnRecords => store.follow_up_marks(scope).await.map(drop),
        Permission::ChangeOwnRecords => store.withdraw_import(scope, 1, "why", at).await.map(drop),
        Permission::ReadOwnAgency => store.agency(scope).await.map(drop),
        Permission::SignPapers => store.revoke_mode(scope, 1, "why", at).await,
        Permission::SendSubmissions => store.withdrawals_to_send(scope).await.map(drop),
        Permission::ReadSubmissions => store.received(scope).await.map(drop),
        Permission::ReceiveSubmissions => store.purges_due(scope).await.map(drop),
        Permission::ReadLinkage => store.links(scope).await.map(drop),
        Permission::Link => store.members_due(scope, 1).await.map(drop),
        Permission::ReviewPairs => store.decide_pairs(scope, true, &[], at).await,
        Permission::ReadCounts => store.counts(scope).await.map(drop),
        Permission::Count => return store.expect(scope, permission).is_ok(),
        Permission::ReadAgencies => store.agencies(scope).await.map(drop),
        Permission::ManageAgencies => store.forget_agency(scope, "x", "why", at).await.map(drop),
        Permission::ReadAudit => store.audit_head(scope).await.map(drop),
        Permission::DestroyReasons => {
            store.destroy_audit_reasons(scope, &[], "why", at).await.map(drop)
        }
        Permission::ManageContact => store.contact(scope).await.map(drop),
        Permission::SendReminders => store.reminders_due(scope, at).await.map(drop),
        Permission::ReadMembers => store.members(scope).await.map(drop),
        Permission::BackUp
        | Permission::ManageInstallation
        | Permission::AskInEmergency
        | Permission::FileReturns
        | Permission::SignReturns => {
            return store.expect(scope, permission).is_ok();
        }
        Permission::ReadJoining => store.joinings(scope, at).await.map(drop),
        Permission::ManageMembers => store.turn_member(scope, "x", false, "why", at).await,
    };
    !matches!(done, Err(StoreError::NotPermitted { .. }))
}

#[test]
fn every_function_asks_for_the_permission_of_its_kind() {
    with_store(async |store| {
        let server = store.for_server();
        for role in Role::ALL {
            for permission in Permission::ALL {
                let expected = role != Role::Operator && role.may(permission);
                let found = permitted(&server, permission, &scope(role)).await;
                assert_eq!(found, expected, "{role} to {permission}");
            }
        }
    });
}

#[test]
fn the_servers_door_is_closed_to_the_command_line() {
    with_store(async |store| {
        let operator = Scope::command_line("root");
        assert!(store.returns(&operator).await.is_ok());
        let refused = store.clone().for_server().returns(&operator).await;
        let said = refused.unwrap_err().to_string();
        assert_eq!(
            said,
            "a member in the role operator may not see returns; an administrator gives roles"
        );
    });
}

/// A return of one number.
fn sent(reporter: &str, standing: Standing, number: i64) -> NewReturn {
    let quarter: records::Quarter = "2026-Q3".parse().unwrap();
    let figure = Figure {
        measure: "victim_identified".to_owned(),
        reporter: reporter.to_owned(),
        unit: Unit::Count,
        period: quarter.period(),
        dimensions: BTreeMap::new(),
        answer: Answer::exactly(number),
        as_said: number.to_string(),
        as_of: None,
        part: Part::Cell,
        origin: Origin { row: 2, column: "value".to_owned() },
        note: None,
    };
    NewReturn {
        digest: blake3::hash(reporter.as_bytes()).to_hex().to_string(),
        file_name: format!("{reporter}.csv"),
        mapping: "clearway-return".to_owned(),
        document: None,
        definition_version: "2026.1".to_owned(),
        standing,
        checked: Checked { rows: 1, figures: vec![figure], ..Checked::default() },
    }
}

#[test]
fn an_agency_sees_its_own_figures_what_is_published_and_the_states_sums() {
    with_store(async |store| {
        let operator = Scope::command_line("root");
        for (reporter, standing, number) in [
            ("kern-da", Standing::Submitted, 12),
            ("fresno-pd", Standing::Submitted, 7),
            ("cal-ema", Standing::Published, 1_277),
        ] {
            let new = sent(reporter, standing, number);
            store.accept(&operator, &new, None, Timestamp::UNIX_EPOCH).await.unwrap();
        }
        let everything = FigureFilter::default();
        let all = store.figures(&operator, &everything).await.unwrap();
        let foreign = all.iter().find(|one| one.figure.reporter == "fresno-pd").unwrap();
        let store = store.for_server();
        let sums = RollUp {
            measure: "victim_identified",
            standing: Standing::Submitted,
            reporters: &[],
            without_statutes: &[],
            definition_versions: &[],
            by: &[],
            adds_over: &[],
            by_reporter: false,
            by_quarter: true,
        };
        for (role, reporters) in [
            (Role::Coordinator, ["cal-ema", "kern-da"].as_slice()),
            (Role::Commander, &["cal-ema", "kern-da"]),
            (Role::Collector, &["cal-ema", "fresno-pd", "kern-da"]),
        ] {
            let of_all = role == Role::Collector;
            let scope = scope(role);
            let seen = store.figures(&scope, &everything).await.unwrap();
            let seen: BTreeSet<&str> = seen.iter().map(|one| &*one.figure.reporter).collect();
            assert_eq!(seen.into_iter().collect::<Vec<_>>(), reporters, "{role}");
            let files = store.returns(&scope).await.unwrap();
            assert_eq!(files.len(), reporters.len(), "{role}");
            let answers = store.answers(&scope, &foreign.id).await.unwrap();
            assert_eq!(answers.len(), usize::from(of_all), "{role}");
            let tables = store.sent_tables(&scope, Standing::Submitted).await.unwrap();
            let senders: Vec<&str> = tables.iter().map(|table| &*table.reporter).collect();
            assert_eq!(senders, ["fresno-pd", "kern-da"], "{role}: who has reported is no secret");
            let sum = store.roll_up(&scope, &sums).await.unwrap();
            assert_eq!(sum[0].sum, 19, "{role}");
            assert_eq!(sum[0].reported, ["fresno-pd", "kern-da"].map(str::to_owned).into());
            let apart = RollUp { by_reporter: true, ..sums.clone() };
            let apart = store.roll_up(&scope, &apart).await.unwrap();
            assert_eq!(apart.len(), if of_all { 2 } else { 1 }, "{role}");
        }
    });
}

/// Every table in whose rows an agency stands must be kept apart.
#[test]
fn postgresql_shows_an_agency_its_own_rows_only() {
    with_store(async |store| {
        let insert = "INSERT INTO received_file (id, agency, practice, kind, sequence, digest,
                definition_version, manifest_json, folder, answer_json, state, received_at)
            VALUES (1, 'kern-da', 0, 'submission', 1, 'a', 'v', '{}', 'a', '{}', 'accepted', 'a'),
                (2, 'fresno-pd', 0, 'submission', 1, 'b', 'v', '{}', 'b', '{}', 'accepted', 'a');
            INSERT INTO received_total (received_id, record, records, people)
            VALUES (1, 'victim', 1, 1), (2, 'victim', 2, 2)";
        let mut transaction = store.database.change(None).await.unwrap();
        transaction.run(insert).await.unwrap();
        transaction.commit().await.unwrap();
        let seen = async |agency: Option<&str>, table: &'static str| {
            let mut moment = store.database.read(agency).await.unwrap();
            let rows = query(table).fetch_all(&mut moment).await.unwrap();
            rows.iter().map(|row| row.try_get::<i64>(0).unwrap()).collect::<BTreeSet<i64>>()
        };
        let (files, totals) =
            ("SELECT id FROM received_file", "SELECT records FROM received_total");
        assert_eq!(seen(None, files).await, [1, 2].into());
        if !store.database.keeps_apart() {
            return;
        }
        for table in [files, totals] {
            assert_eq!(seen(Some("kern-da"), table).await, [1].into());
            assert_eq!(seen(Some("fresno-pd"), table).await, [2].into());
            assert_eq!(seen(Some("nobody"), table).await, [].into());
            assert_eq!(seen(Some(""), table).await, [].into());
        }
        let mut change = store.database.change(Some("fresno-pd")).await.unwrap();
        let forged = "INSERT INTO chain_beginning (agency, after_sequence, new_keys, begun_at)
            VALUES ('kern-da', 1, 0, 'a')";
        assert!(change.run(forged).await.is_err(), "a row in another's name");
        drop(change);
        let mut change = store.database.change(Some("fresno-pd")).await.unwrap();
        let changed = query("UPDATE received_file SET folder = 'c' WHERE id = 1");
        assert_eq!(changed.execute(&mut change).await.unwrap(), 0);
        // Every column that names an agency is behind a policy, in tables made later too.
        let open = query(
            "SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
                AND a.attname IN ('agency', 'received_id', 'member_id', 'compartment_id', 'officer_id') AND NOT c.relforcerowsecurity
                AND c.relname <> 'figure'
             ORDER BY 1",
        );
        let open = open.fetch_all(&mut change).await.unwrap();
        let names: Vec<&str> = open.iter().map(|row| row.try_get(0).unwrap()).collect();
        assert_eq!(names, [""; 0]);
    });
}

#[test]
fn postgresql_shows_an_agency_its_own_roles_sessions_and_shares_only() {
    with_store(async |store| {
        let at = made::start();
        for (code, names) in
            [("kern-da", ["a-1", "a-2", "a-3"]), ("fresno-da", ["b-1", "b-2", "b-3"])]
        {
            made::agency(&store, code, "prosecutor").await.unwrap();
            for name in &names[..2] {
                made::joins(&store, code, name, Role::Administrator).await;
            }
            let person = made::joins(&store, code, names[2], Role::Coordinator).await;
            let session = person.comes_in(&store, at).await.unwrap().session;
            store.make_compartment(&session, CompartmentName::Returns, at).await.unwrap();
        }
        let seen = async |agency: Option<&str>, table: &'static str| {
            let mut moment = store.database.read(agency).await.unwrap();
            let number: i64 = scalar(table).fetch_one(&mut moment).await.unwrap();
            number
        };
        for (table, of_each) in [
            ("SELECT COUNT(*) FROM member_role", 3),
            ("SELECT COUNT(*) FROM session", 1),
            ("SELECT COUNT(*) FROM recovery_share", 2),
        ] {
            assert_eq!(seen(None, table).await, 2 * of_each, "{table}");
            if store.database.keeps_apart() {
                assert_eq!(seen(Some("kern-da"), table).await, of_each, "{table}");
                assert_eq!(seen(Some("nobody"), table).await, 0, "{table}");
            }
        }
    });
}
