//! A quarter's return in three browsers: filled in, signed, given back, accepted, and seen in the picture.

use crate::clearway::Desk;
use crate::site::{PASSPHRASE, Site, code, picture, secret, signs_in};
use crate::webdriver::Browser;

const BUTTON: &str = "main form .buttons button";

/// Types into fields as a person does, so that the page's own script notices.
fn types(browser: &Browser, fields: &str, text: &str) {
    browser.run(&format!(
        "for (const field of document.querySelectorAll({fields:?})) {{
             field.value = {text:?};
             field.dispatchEvent(new Event('input', {{bubbles: true}}));
         }}"
    ));
}

/// Waits until the page has saved by itself what was typed last.
fn is_saved(browser: &Browser, version: u32) {
    browser.wait_for(&format!(
        "return Number(document.getElementById('draft').elements.version.value) >= {version}"
    ));
}

#[test]
fn a_quarter_goes_from_the_first_number_to_the_states_picture() {
    let desk = Desk::after_demo();
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let (cora, ben, colin) = (Browser::start(), Browser::start(), Browser::start());
    for (browser, name) in [(&cora, "coordinator"), (&ben, "commander"), (&colin, "collector")] {
        signs_in(&site, browser, name, PASSPHRASE, &code(&desk, &secret(&desk, name)));
    }
    cora.visit(&site.page("/returns"));
    picture(&cora, "returns");
    let path = cora.run("return document.querySelector('main tbody a').getAttribute('href')");
    let path = path.as_str().expect("the latest quarter").to_owned();
    let quarter = path.rsplit('/').next().expect("a quarter").to_owned();

    // What is typed is saved by itself, as it was typed, and what is wrong is said beside it.
    let first = "[id='investigation_initiated.sex-value']";
    cora.visit(&site.page(&path));
    types(&cora, first, "a dozen");
    is_saved(&cora, 1);
    let beside = cora.text("[id='investigation_initiated.sex-value-error']");
    assert!(beside.contains("whole number"), "{beside}");
    cora.visit(&site.page(&path));
    let kept = cora.run(&format!("return document.querySelector({first:?}).value"));
    assert_eq!(kept, "a dozen");
    // A definition is one key away.
    cora.run(&format!("document.querySelector({first:?}).focus()"));
    cora.press("?");
    let opened = "return !!document.querySelector('details.term[open]')";
    assert_eq!(cora.run(opened), true, "the definition of the row");
    types(&cora, "input.answer", "12");
    is_saved(&cora, 2);
    let sum = cora.text("#sum-0");
    assert!(sum.contains("48"), "four rows of twelve: {sum}");
    picture(&cora, "return");
    cora.send(&[], "#draft button[value=sign]");
    let ready = cora.text("main");
    assert!(ready.contains("Your commander signs") && !ready.contains("Sign and send"), "{ready}");

    let sign = || {
        ben.visit(&site.page(&format!("{path}/sign")));
        ben.send(&[], BUTTON);
        let said = ben.text("main");
        assert!(said.contains("It was signed, and waits"), "{said}");
    };
    let look = || {
        colin.visit(&site.page("/filings"));
        let link = colin.run("return document.querySelector('main tbody a').href");
        colin.visit(link.as_str().expect("what waits"));
    };
    sign();
    look();
    picture(&colin, "filing");
    let question = "Is twelve the whole quarter?";
    colin.send(&[("question", question)], "main button[value=give_back]");
    cora.visit(&site.page("/returns"));
    assert!(cora.text("main").contains(question), "{}", cora.text("main"));
    // It opens again with what was typed.
    cora.visit(&site.page(&path));
    let kept = cora.run(&format!("return document.querySelector({first:?}).value"));
    assert_eq!(kept, "12");
    types(&cora, first, "13");
    is_saved(&cora, 1);
    sign();
    look();
    colin.send(&[], "main button[value=accept]");
    cora.visit(&site.page("/returns"));
    let list = cora.text("main");
    assert!(list.contains("Accepted"), "{list}");
    colin.visit(&site.page("/late"));
    picture(&colin, "late");
    assert!(colin.text("main").contains("Accepted"), "{}", colin.text("main"));

    // It counts: in the agency's own quarter, where each number leads to where it comes from, and the state's
    // picture is theirs to see.
    cora.visit(&site.page("/agency"));
    picture(&cora, "agency");
    let own = cora.text("main");
    assert!(own.contains(&quarter), "{own}");
    let link =
        "return [...document.querySelectorAll('main td a')].find(a => a.innerText === '13').href";
    cora.visit(cora.run(link).as_str().expect("the number of the quarter"));
    let explained = cora.text("main");
    assert!(explained.contains(&quarter) && explained.contains("13"), "{explained}");
    ben.visit(&site.page("/state"));
    picture(&ben, "state");
    let state = ben.text("main");
    assert!(state.contains("victims identified") && state.contains("Coverage"), "{state}");
    let held = desk.run(&["audit", "verify", "--data", "clearway-demo/data"]).exits(0);
    assert!(held.out.contains("holds"), "{}", held.out);
}
