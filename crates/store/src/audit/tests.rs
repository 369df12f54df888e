//! Every way in which a row can be changed without the program is found.

use proptest::prelude::*;

use super::reasons::REASON_DESTROYED;
use super::*;

fn in_a_store<T>(test: impl AsyncFnOnce(&Store, &Scope) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        let done = test(&store, &Scope::command_line("tester")).await;
        store.close().await;
        done
    })
}

async fn acts(store: &Store, scope: &Scope, number: i64) {
    let mut transaction = store.database.change(None).await.unwrap();
    for at in 1..=number {
        let subject = if at % 2 == 0 { Subject::Import } else { Subject::Return };
        let why = format!("reason {at}");
        let now = Timestamp::from_second(at).unwrap();
        write(&mut transaction, (subject, at % 3), "received", scope, now, &why).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

async fn by_hand(store: &Store, sql: &str) {
    store.database.by_hand(sql).await;
}

async fn findings(store: &Store, scope: &Scope, kept: &[AuditHead]) -> Vec<AuditFinding> {
    store.verify_audit(scope, kept).await.unwrap().findings
}

#[test]
fn the_chain_holds_and_grows() {
    crate::stores::with_store(async |store| {
        let (store, scope) = (&store, &Scope::command_line("tester"));
        let empty = store.audit_head(scope).await.unwrap();
        acts(store, scope, 7).await;
        let middle = store.audit_head(scope).await.unwrap();
        acts(store, scope, 5).await;
        let verified = store.verify_audit(scope, &[empty, middle.clone()]).await.unwrap();
        assert_eq!((verified.findings, verified.head.rows, middle.rows), (vec![], 12, 7));
        let of_one =
            AuditFilter { subject: Some(("import".into(), Some(2))), ..Default::default() };
        let found = store.audit(scope, &of_one).await.unwrap();
        assert!(!found.is_empty() && found.iter().all(|row| row.subject_id == 2));
        let since =
            AuditFilter { since: Some("1970-01-01T00:00:06Z".into()), ..Default::default() };
        assert_eq!(store.audit(scope, &since).await.unwrap().len(), 2);
        let nobody = AuditFilter { who: Some("nobody".into()), ..Default::default() };
        assert!(store.audit(scope, &nobody).await.unwrap().is_empty());
    });
}

/// Two people by turns, a few thousand times.
async fn many_acts(store: &Store) {
    let [bytes, then] = match store.database.keeps_apart() {
        // What the database's own housekeeping does within a minute.
        true => ["CAST('' AS BYTEA)", "; ANALYZE audit_row"],
        false => ["x''", ""],
    };
    let mut change = store.database.change(None).await.unwrap();
    change
        .run(&format!(
            "WITH RECURSIVE many (id) AS
                (SELECT 1 UNION ALL SELECT id + 1 FROM many WHERE id < 5000)
             INSERT INTO audit_row SELECT id, '2026', CASE id % 2 WHEN 0 THEN 'cora' ELSE 'ben' END,
                'r', 'p', 'page', 0, 'viewed', {bytes}, {bytes} FROM many{then}"
        ))
        .await
        .unwrap();
    change.commit().await.unwrap();
}

#[test]
fn what_somebody_did_last_is_read_without_all_that_she_did() {
    crate::stores::with_store(async |store| {
        many_acts(&store).await;
        let explain = match store.database.keeps_apart() {
            true => "EXPLAIN (COSTS OFF)",
            false => "EXPLAIN QUERY PLAN",
        };
        let mut moment = store.database.read(None).await.unwrap();
        let plan = query(format!("{explain} {OWN_ACTS}")).bind("cora").bind(50);
        let plan = format!("{:?}", plan.fetch_all(&mut moment).await.unwrap());
        let read = match store.database.keeps_apart() {
            true => plan.split("on audit_row").next().unwrap().split("Limit").last().unwrap(),
            false => plan.as_str(),
        };
        assert!(read.contains("Index Scan Backward") || read.contains("INDEX audit_by"), "{plan}");
        assert!(!read.contains("Sort") && !read.contains("TEMP B-TREE"), "{plan}");
    });
}

#[test]
fn the_program_itself_cannot_change_the_chain() {
    in_a_store(async |store, scope| {
        acts(store, scope, 2).await;
        for refused in [
            "UPDATE audit_row SET who = 'z'",
            "DELETE FROM audit_row",
            "UPDATE audit_reason SET why = 'z'",
            "DELETE FROM audit_reason",
        ] {
            let mut transaction = store.database.change(None).await.unwrap();
            assert!(transaction.run(refused).await.is_err(), "{refused}");
        }
    });
}

#[test]
fn a_damaged_end_is_named_and_nothing_is_written_after_it() {
    in_a_store(async |store, scope| {
        acts(store, scope, 3).await;
        by_hand(store, "UPDATE audit_row SET hash = x'00' WHERE id = 3").await;
        let damaged = "row 3 of audit_row is damaged: a hash of another length";
        assert_eq!(store.audit_head(scope).await.unwrap_err().to_string(), damaged);
        let seen = async || {
            let seen = store.viewed(scope, "/state", &[], jiff::Timestamp::UNIX_EPOCH).await;
            std::error::Error::source(&seen.unwrap_err()).unwrap().to_string()
        };
        let told = seen().await;
        assert!(told.contains(damaged), "{told}");
        let full = "UPDATE audit_row SET id = 9223372036854775807, hash = zeroblob(32)
            WHERE id = 3; UPDATE audit_reason SET row_id = 9223372036854775807 WHERE row_id = 3";
        by_hand(store, full).await;
        for _ in 0..2 {
            let told = seen().await;
            assert!(told.contains("no number left"), "{told}, and it goes on");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_changed_in_a_row_is_found(
        row in 1_i64..=12,
        column in prop::sample::select(vec![
            "at = at || 'x'", "who = 'other'", "role = 'other'", "purpose = 'x'", "subject = 'mode'",
            "subject_id = subject_id + 1", "act = 'x'", "reason = zeroblob(32)", "hash = zeroblob(32)",
            "who = who || role, role = ''", "hash = x'00'",
        ]),
    ) {
        in_a_store(async |store, scope| {
            acts(store, scope, 12).await;
            by_hand(store, &format!("UPDATE audit_row SET {column} WHERE id = {row}")).await;
            let found = findings(store, scope, &[]).await;
            prop_assert!(found.iter().any(|finding| finding.row == row), "{found:?}");
            Ok(())
        })?;
    }

    #[test]
    fn a_row_that_is_removed_or_exchanged_is_found(one in 1_i64..=12, other in 1_i64..=12) {
        in_a_store(async |store, scope| {
            acts(store, scope, 12).await;
            let head = store.audit_head(scope).await.unwrap();
            if one == other {
                let sql = format!("DELETE FROM audit_reason WHERE row_id = {one};
                    DELETE FROM audit_row WHERE id = {one}");
                by_hand(store, &sql).await;
                let kind = AuditFindingKind::Missing { last: one };
                let expected = AuditFinding { row: one, kind };
                // The end of the chain is missed by a checkpoint only.
                prop_assert_eq!(findings(store, scope, &[]).await.contains(&expected), one < 12);
                prop_assert!(findings(store, scope, &[head]).await.contains(&expected));
            } else {
                let sql = format!(
                    "UPDATE audit_row SET id = 100 WHERE id = {one};
                     UPDATE audit_row SET id = {one} WHERE id = {other};
                     UPDATE audit_row SET id = {other} WHERE id = 100"
                );
                by_hand(store, &sql).await;
                let found = findings(store, scope, &[]).await;
                let first = one.min(other);
                prop_assert!(found.iter().any(|finding| finding.row == first), "{found:?}");
            }
            Ok(())
        })?;
    }
}

#[test]
fn a_chain_that_was_made_anew_is_not_the_one_of_the_checkpoint() {
    let kept = in_a_store(async |store, scope| {
        acts(store, scope, 5).await;
        store.audit_head(scope).await.unwrap()
    });
    in_a_store(async |store, scope| {
        acts(store, scope, 9).await;
        assert!(findings(store, scope, &[]).await.is_empty());
        let expected = AuditFinding { row: 5, kind: AuditFindingKind::NotTheCheckpoint };
        assert_eq!(findings(store, scope, &[kept]).await, [expected]);
    });
}

/// A row outside of the chain cannot say that an order destroyed a reason.
#[test]
fn no_row_stands_before_the_first() {
    in_a_store(async |store, scope| {
        acts(store, scope, 3).await;
        let forged = "INSERT INTO audit_row VALUES
            (-1, 't', 'x', 'operator', 'x', 'audit', 2, 'reason_destroyed', zeroblob(32), zeroblob(32))";
        let mut transaction = store.database.change(None).await.unwrap();
        assert!(transaction.run(forged).await.is_err());
        drop(transaction);
        let by_hand_too = format!(
            "PRAGMA ignore_check_constraints = ON; {forged};
             DELETE FROM audit_reason WHERE row_id = 2; PRAGMA ignore_check_constraints = OFF"
        );
        by_hand(store, &by_hand_too).await;
        let found = findings(store, scope, &[]).await;
        let rows: Vec<i64> = found.iter().map(|finding| finding.row).collect();
        assert_eq!(rows, [-1, 2], "{found:?}");
    });
}

/// A backup of before the order has the reason, and no row that says that it was destroyed.
#[test]
fn a_reason_that_comes_back_with_an_old_backup_is_known_by_the_checkpoint() {
    let kept = in_a_store(async |store, scope| {
        acts(store, scope, 3).await;
        let now = Timestamp::from_second(9).unwrap();
        store.destroy_audit_reasons(scope, &[2], "order 7", now).await.unwrap();
        store.audit_head(scope).await.unwrap()
    });
    in_a_store(async |store, scope| {
        acts(store, scope, 3).await;
        let found = findings(store, scope, &[kept]).await;
        let back = AuditFinding { row: 2, kind: AuditFindingKind::ReasonBack };
        assert!(found.contains(&back), "{found:?}");
    });
}

#[test]
fn a_reason_is_destroyed_by_order_and_the_chain_holds() {
    in_a_store(async |store, scope| {
        acts(store, scope, 4).await;
        let now = Timestamp::from_second(9).unwrap();
        let error = store.destroy_audit_reasons(scope, &[2, 9], "order", now).await.unwrap_err();
        assert!(matches!(error, StoreError::NoSuchAuditRow(9)));
        assert!(findings(store, scope, &[]).await.is_empty());
        assert_eq!(store.audit_head(scope).await.unwrap().rows, 4, "nothing was destroyed");

        let destroyed = store.destroy_audit_reasons(scope, &[2], "order 7", now).await.unwrap();
        let again = store.destroy_audit_reasons(scope, &[2], "order 7", now).await.unwrap();
        assert_eq!((destroyed, again), (1, 0));
        let rows = store.audit(scope, &AuditFilter::default()).await.unwrap();
        assert_eq!((rows.len(), &rows[1].why), (5, &None));
        assert_eq!(
            (rows[4].act.as_str(), rows[4].why.as_deref()),
            (REASON_DESTROYED, Some("order 7"))
        );
        let verified = store.verify_audit(scope, &[]).await.unwrap();
        assert_eq!((verified.findings, verified.head.destroyed), (vec![], vec![2]));
        let kept = store.destroy_audit_reasons(scope, &[5], "order 8", now).await.unwrap_err();
        assert!(matches!(kept, StoreError::ReasonIsKept { row: 5, .. }), "{kept}");

        // One that is lost, one that is exchanged, and one that comes back from an old backup.
        by_hand(
            store,
            "DELETE FROM audit_reason WHERE row_id = 1;
             UPDATE audit_reason SET why = 'other' WHERE row_id = 3;
             INSERT INTO audit_reason VALUES (2, zeroblob(32), 'reason 2')",
        )
        .await;
        let found: Vec<(i64, AuditFindingKind)> = findings(store, scope, &[])
            .await
            .into_iter()
            .map(|finding| (finding.row, finding.kind))
            .collect();
        use AuditFindingKind::{ReasonBack, ReasonChanged, ReasonMissing};
        assert_eq!(found, [(1, ReasonMissing), (2, ReasonBack), (3, ReasonChanged)]);
    });
}
