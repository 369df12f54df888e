//! What goes wrong on the machine while people work: another program has the database, the clock is
//! set back.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;

use axum::Router;
use axum::http::{Method, StatusCode};
use server::{Config, router};
use store::{AuditFilter, Fault, Role, Store, StoreError};

use crate::ask::{ask, block_on};
use crate::people::{Installation, operator};

/// How often [`Config::tell_fault`] was called with [`Fault::Busy`].
static TOLD: AtomicU32 = AtomicU32::new(0);

fn tell_fault(fault: Fault) {
    if fault == Fault::Busy {
        TOLD.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn while_another_program_has_the_database_nothing_is_lost() {
    let here = Installation::new();
    let (_, cookie) = here.member_and_cookie("ana", Role::Administrator);
    let page = here.get(&cookie, "/account").body;
    let token = crate::markup::between(&page, "name=\"token\" value=\"", "\"").to_owned();

    // A backup by another program: nobody writes while it copies.
    let other = block_on(Store::open(here.folder())).unwrap();
    let (locked, is_locked) = mpsc::channel();
    let (free, until_free) = mpsc::channel::<()>();
    let into = here.folder().join("copy.sqlite");
    let backup = thread::spawn(move || {
        let copy = || -> Result<(), StoreError> {
            locked.send(()).unwrap();
            let _ = until_free.recv();
            Ok(())
        };
        block_on(other.back_up(&operator(), &into, copy))
    });
    is_locked.recv().unwrap();

    let site: Router = router(&Config { tell_fault, ..here.config() }, here.store.clone());
    let headers = [
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let form = format!("token={token}&name=cora&roles=coordinator");
    let invite = || ask(site.clone(), Method::POST, "/members", &headers, form.clone());
    let answer = invite();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    assert!(answer.body.contains("Somebody else is writing here"), "{}", answer.body);
    assert!(answer.body.contains("load this page again"), "{}", answer.body);
    assert_eq!(answer.header("retry-after"), "30");
    assert_eq!(TOLD.load(Ordering::SeqCst), 1);
    assert_eq!(ask(site.clone(), Method::GET, "/help", &[], "").status, StatusCode::OK);
    assert_eq!(block_on(here.store.members(&operator())).unwrap().len(), 1);

    free.send(()).unwrap();
    backup.join().unwrap().unwrap();
    // What her browser sends again is done, and once.
    let answer = invite();
    assert!(answer.status.is_success() || answer.status.is_redirection(), "{}", answer.body);
    assert_eq!(block_on(here.store.members(&operator())).unwrap().len(), 2);
}

#[test]
fn a_clock_that_is_set_back_ends_nothing_and_reorders_nothing() {
    let here = Installation::new();
    let (ana, cookie) = here.member_and_cookie("ana", Role::Coordinator);
    assert_eq!(here.get(&cookie, "/account").status, StatusCode::OK);
    here.minutes_later(-120);
    assert_eq!(here.get(&cookie, "/account").status, StatusCode::OK);
    // A code of before the last one is not taken: it may have been read over her shoulder.
    let code = ana.code(here.now());
    let form = [
        ("name", "ana"),
        ("passphrase", crate::people::PASSPHRASE),
        ("code", &code),
        ("purpose", "returns"),
    ];
    let again = here.post("", "/sign-in", &form);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.body);
    // Half an hour without a request, counted from the last that the clock of now knows of.
    here.minutes_later(125);
    assert_eq!(here.get(&cookie, "/account").status, StatusCode::OK);
    here.minutes_later(31);
    assert_eq!(here.get(&cookie, "/account").status, StatusCode::SEE_OTHER, "it is locked");

    let rows = block_on(here.store.audit(&operator(), &AuditFilter::default())).unwrap();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    assert!(
        ids.iter().copied().eq(1..=rows.len() as i64),
        "the chain is in the order of what was done"
    );
    assert!(!rows.is_sorted_by_key(|row| &row.at), "and says the clock's own times");
    let verified = block_on(here.store.verify_audit(&operator(), &[])).unwrap();
    assert_eq!(verified.findings, []);
}
