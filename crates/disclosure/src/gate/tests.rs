use super::*;
use crate::aggregates::{AggregatePlan, aggregates};
use crate::attacks::made_up::{people, table};
use crate::attacks::{AuditOutcome, Stop, Verdict};
use crate::published::{PublishedTable, PublishedValue, WhyHidden};

fn sound(_: &[&PublishedTable], _: &Stop) -> Result<AuditOutcome, String> {
    Ok(AuditOutcome { hidden: 4, recovered: 0 })
}

fn limits() -> Limits {
    Limits { trials: 200, ..Limits::default() }
}

fn suppressed(rows: &Rows) -> Candidate {
    let shown = table(rows, &[0, 1], |count| {
        if count == 0 || count >= 10 {
            PublishedValue::Exact(count)
        } else {
            PublishedValue::Hidden(WhyHidden::Suppressed)
        }
    });
    Candidate::Tables(vec![shown])
}

#[test]
fn a_harmless_release_passes_and_the_report_reads() {
    let rows = people(600, 1);
    let release = Candidate::Microdata { rows: people(600, 2), rho: Some(0.3) };
    let report = check(&release, &[], &rows, &limits(), &sound);
    assert!(report.passed(), "{report}");
    let text = report.to_string();
    assert!(text.contains("membership by marginals") && text.contains("50.0 % by a guess"));
    let json = serde_json::to_string(&report).unwrap();
    let read: GateReport = serde_json::from_str(&json).unwrap();
    assert_eq!(read.to_string(), text);

    assert!(check(&suppressed(&rows), &[], &rows, &limits(), &sound).passed());
    let plan = AggregatePlan { k: 10, precision: 10, length: 3 };
    let aggregates = Candidate::Aggregates(aggregates(&rows, plan).unwrap());
    assert!(check(&aggregates, &[], &rows, &limits(), &sound).passed());
    // A second one gives away who was added.
    let twice = check(&aggregates, std::slice::from_ref(&aggregates), &rows, &limits(), &sound);
    assert!(!twice.passed());
}

#[test]
fn the_rows_themselves_and_small_cells_are_refused() {
    let rows = people(600, 1);
    let leaky = Candidate::Microdata { rows: rows.clone(), rho: Some(0.3) };
    assert!(!check(&leaky, &[], &rows, &limits(), &sound).passed());
    let tables = Candidate::Tables(vec![table(&rows, &[0, 2], PublishedValue::Exact)]);
    let report = check(&tables, &[], &rows, &limits(), &sound);
    assert!(report.attacks.iter().any(|a| a.name == "small cells" && a.verdict == Verdict::Veto));
}

#[test]
fn an_earlier_release_is_subtracted() {
    let all = people(601, 1);
    let before = crate::attacks::made_up::first(&all, 600);
    let (earlier, new) = (suppressed(&before), suppressed(&all));
    assert!(check(&new, &[], &all, &limits(), &sound).passed());
    assert!(!check(&new, &[earlier], &all, &limits(), &sound).passed());
}

/// Also where the new tables show no number at all: what they hide may be shown by an earlier one. Amounts are
/// not audited with counts, and are refused beside them.
#[test]
fn counts_are_audited_with_earlier_counts_and_not_with_amounts() {
    let rows = people(600, 1);
    let hidden = |_| PublishedValue::Hidden(WhyHidden::Suppressed);
    let counts = Candidate::Tables(vec![table(&rows, &[0, 1], hidden)]);
    let dollars = PublishedTable {
        amount: Some("dollars".to_owned()),
        ..table(&rows, &[0, 1], PublishedValue::Exact)
    };
    let amounts = Candidate::Tables(vec![dollars]);
    let audited = |new: &Candidate, earlier: &Candidate| {
        let seen = std::sync::atomic::AtomicUsize::new(0);
        let audit = |tables: &[&PublishedTable], _: &Stop| {
            seen.store(tables.len(), std::sync::atomic::Ordering::Relaxed);
            Ok(AuditOutcome { hidden: 4, recovered: 0 })
        };
        let report = check(new, std::slice::from_ref(earlier), &rows, &limits(), &audit);
        (seen.into_inner(), report.passed())
    };
    assert_eq!(audited(&counts, &suppressed(&rows)).0, 2);
    assert_eq!(audited(&counts, &amounts), (1, false));
    assert_eq!(audited(&amounts, &suppressed(&rows)), (1, false));
}

#[test]
fn a_panic_an_error_and_the_end_of_time_are_refusals() {
    let rows = people(300, 1);
    let panics = |_: &[&PublishedTable], _: &Stop| panic!("Jane Roe");
    let report = check(&suppressed(&rows), &[], &rows, &limits(), &panics);
    assert!(!report.passed() && !report.to_string().contains("Jane"), "{report}");

    let fails = |_: &[&PublishedTable], _: &Stop| Err("no solution".to_owned());
    assert!(!check(&suppressed(&rows), &[], &rows, &limits(), &fails).passed());

    let waits = |_: &[&PublishedTable], stop: &Stop| {
        while stop.check().is_ok() {
            std::thread::yield_now();
        }
        Ok(AuditOutcome { hidden: 0, recovered: 0 })
    };
    let no_time = Limits { seconds: 0, ..limits() };
    assert!(!check(&suppressed(&rows), &[], &rows, &no_time, &waits).passed());
}

#[test]
fn what_no_attack_applies_to_is_refused_and_so_is_a_claim_that_is_none() {
    let rows = people(300, 1);
    let nothing = Candidate::Noisy { tables: Vec::new(), rho: 0.1 };
    assert!(!check(&nothing, &[], &rows, &limits(), &sound).passed());
    let claim = Candidate::Microdata { rows: people(300, 2), rho: Some(f64::NAN) };
    assert!(!check(&claim, &[], &rows, &limits(), &sound).passed());
    let noised = |count| PublishedValue::Noised { value: count, low: 0, high: count + 9 };
    let mixed = Candidate::Tables(vec![table(&rows, &[0], noised)]);
    assert!(!check(&mixed, &[], &rows, &limits(), &sound).passed());
}
