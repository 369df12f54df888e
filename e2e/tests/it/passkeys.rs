//! Passkeys in a real browser, with a device that Chromium makes up: added, come in by, removed.

use crate::clearway::Desk;
use crate::site::{BUTTON, PASSPHRASE, Site, code, secret};
use crate::webdriver::Browser;

const ASK: &str = "#passkey button";

/// Passkeys are for a name, not for a number.
fn page(site: &Site, path: &str) -> String {
    let (_, port) = site.address.rsplit_once(':').expect("a port");
    format!("http://localhost:{port}{path}")
}

fn signs_in(desk: &Desk, site: &Site, browser: &Browser, name: &str) {
    browser.visit(&page(site, "/sign-in"));
    let code = code(desk, &secret(desk, name));
    let fields =
        [("name", name), ("passphrase", PASSPHRASE), ("code", &*code), ("purpose", "returns")];
    browser.send(&fields, BUTTON);
    assert!(browser.text("header .who").contains(name), "{}", browser.text("main"));
}

fn asks_for_one(site: &Site, browser: &Browser) {
    browser.visit(&page(site, "/passkeys"));
    let fields = [("label", "work phone"), ("passphrase", PASSPHRASE)];
    browser.send(&fields, "main button[value=ask]");
    assert!(browser.text("main h1").contains("Add a passkey"), "{}", browser.text("main"));
}

#[test]
fn a_member_comes_in_by_her_passkey_and_reads_what_is_sealed() {
    let desk = Desk::after_demo();
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let browser = Browser::start();
    browser.has_passkeys(true);
    signs_in(&desk, &site, &browser, "coordinator");
    asks_for_one(&site, &browser);
    browser.press_button(ASK);
    assert!(browser.text("main").contains("The passkey was added"), "{}", browser.text("main"));
    assert!(browser.text("main table").contains("work phone"));
    // The same device makes no second one.
    asks_for_one(&site, &browser);
    browser.run(&format!("document.querySelector('{ASK}').click()"));
    browser.wait_for(
        "return document.querySelector('#passkey [role=status]').innerText.includes('already')",
    );

    // Out, and in again with nothing typed.
    browser.send(&[], "header form:not(#hide) button");
    browser.visit(&page(&site, "/sign-in"));
    browser.run("document.querySelector('#purpose').value = 'returns'");
    browser.press_button(ASK);
    assert!(browser.text("header .who").contains("coordinator"), "{}", browser.text("main"));
    // She reads what is sealed: only who does can let a colleague in.
    let user = |line: &[&str], input: &str| {
        let line =
            [&["user"], line, &["--data", "clearway-demo/data", "--format", "json"]].concat();
        desk.run_with(&line, input.as_bytes()).exits(0).json()
    };
    let roles = ["--agency", "practice-1", "--role", "commander"];
    let invited = user(&[&["invite", "dora"][..], &roles].concat(), "");
    let invitation = invited["invitation"].as_str().expect("a code");
    let joined = user(&["accept", "dora", "--invitation", invitation], PASSPHRASE);
    let number = user(&["compartments"], "")[0]["id"].to_string();
    browser.visit(&page(&site, "/compartments"));
    let print = joined["fingerprint"].as_str().expect("a fingerprint");
    let fields = [("number", &*number), ("name", "dora"), ("fingerprint", print)];
    browser.send(&fields, "main button[value=let_in]");
    assert!(user(&["compartments"], "")[0]["readers"].to_string().contains("dora"));

    // Hidden, and unlocked by it.
    browser.press_button("#hide button");
    assert!(browser.text("main h1").contains("Locked"), "{}", browser.text("main"));
    browser.press_button(ASK);
    assert!(browser.text("header .who").contains("coordinator"), "{}", browser.text("main"));

    // Removed: the device still has it, and the site does not know it.
    browser.visit(&page(&site, "/passkeys"));
    browser.press_button("main button[value=remove]");
    assert!(browser.text("main").contains("was removed"), "{}", browser.text("main"));
    browser.send(&[], "header form:not(#hide) button");
    browser.visit(&page(&site, "/sign-in"));
    browser.run("document.querySelector('#purpose').value = 'returns'");
    browser.press_button(ASK);
    assert!(browser.text("main").contains("not known here"), "{}", browser.text("main"));
    let outside: Vec<String> = browser
        .requests()
        .into_iter()
        .filter(|address| address.starts_with("http") && !address.starts_with("http://localhost:"))
        .collect();
    assert!(outside.is_empty(), "{outside:?}");
    // What the passkey gives out for unlocking lies in no file; nor does its name, in the audit.
    let verified = desk.run(&["audit", "verify", "--data", "clearway-demo/data"]).exits(0);
    assert!(verified.out.contains("holds"), "{}", verified.out);
    let list = desk.run(&["audit", "list", "--data", "clearway-demo/data"]);
    assert!(!list.out.contains("work phone"));
}

#[test]
fn a_device_that_cannot_unlock_is_told_apart_and_nothing_is_kept() {
    let desk = Desk::after_demo();
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let browser = Browser::start();
    browser.has_passkeys(false);
    signs_in(&desk, &site, &browser, "coordinator");
    asks_for_one(&site, &browser);
    browser.run(&format!("document.querySelector('{ASK}').click()"));
    browser.wait_for(
        "return document.querySelector('#passkey [role=status]').innerText.includes('PRF')",
    );
    browser.visit(&page(&site, "/passkeys"));
    assert!(browser.text("main").contains("You have none yet"), "{}", browser.text("main"));
}
