//! Every page by the rules of WCAG 2.2 at level AA, as far as a program can judge them: axe-core.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

use crate::clearway::Desk;
use crate::site::{PASSPHRASE, Site, code, secret, signs_in};
use crate::webdriver::Browser;

const AXE: &str = include_str!("../../axe/axe.min.js");

/// One line for each element that breaks a rule: the rule, what is wrong, where.
const RULES: &str = "
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(found =>
        found.violations.flatMap(one => one.nodes.map(node =>
            one.id + ': ' + one.help + ': ' + node.html + ' ' + (node.failureSummary || ''))));";

/// Addresses of this site that the page leads to, without what is asked of them.
const LINKS: &str = "return [...document.querySelectorAll('a[href]')]
    .filter(link => link.origin === location.origin && !link.hasAttribute('download'))
    .map(link => link.pathname)";

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().expect("a list").iter();
    list.map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// What is wrong with the page as it stands, in light and in dark.
fn wrong(browser: &Browser) -> Vec<String> {
    let mut all = Vec::new();
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        let found = browser.run(&format!("{AXE};{RULES}"));
        all.extend(texts(&found).into_iter().map(|one| format!("{scheme}: {one}")));
    }
    all
}

/// A page and others like it: numbers, quarters and the names of figures tell them apart, and nothing else.
fn sort_of_page(path: &str) -> String {
    let names_one =
        |part: &str| part.starts_with(|c: char| c.is_ascii_digit()) || part.contains([':', '%']);
    let of = |part: &str| if names_one(part) { "N".to_owned() } else { part.to_owned() };
    path.split('/').map(of).collect::<Vec<String>>().join("/")
}

/// Follows every link from a page on, one page of each sort, and returns the sorts that were seen and what is
/// wrong with them.
fn walk(site: &Site, browser: &Browser, from: &str) -> (BTreeSet<String>, Vec<String>) {
    let (mut seen, mut problems) = (BTreeSet::new(), Vec::new());
    let mut ahead = VecDeque::from([from.to_owned()]);
    while let Some(path) = ahead.pop_front() {
        let file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        if file || !seen.insert(sort_of_page(&path)) {
            continue;
        }
        browser.visit(&site.page(&path));
        problems.extend(wrong(browser).into_iter().map(|one| format!("{path}: {one}")));
        ahead.extend(texts(&browser.run(LINKS)));
    }
    (seen, problems)
}

#[test]
fn no_page_shuts_anybody_out() {
    let desk = Desk::after_demo();
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let browser = Browser::start();
    browser.resize(390, 844);
    let (public, mut problems) = walk(&site, &browser, "/");
    for page in ["/", "/help", "/report", "/privacy", "/accessibility", "/sign-in", "/join"] {
        assert!(public.contains(page), "{page} is not led to: {public:?}");
    }
    let mut seen = BTreeSet::new();
    for name in ["admin-1", "coordinator", "commander", "collector", "analyst", "auditor"] {
        signs_in(&site, &browser, name, PASSPHRASE, &code(&desk, &secret(&desk, name)));
        let (at_work, more) = walk(&site, &browser, "/account");
        seen.extend(at_work);
        problems.extend(more.into_iter().map(|one| format!("{name}: {one}")));
        browser.visit(&site.page("/account"));
        browser.send(&[], "header form:not(#hide) button");
    }
    for page in ["/account", "/members", "/members/N", "/compartments", "/recoveries", "/audit"] {
        assert!(seen.contains(page), "{page} is not led to: {seen:?}");
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn the_check_sees_what_is_wrong() {
    let desk = Desk::new();
    desk.write(
        "page.html",
        "<!doctype html><title>A page</title><input><p style='color:#eee'>Words",
    );
    let browser = Browser::start();
    browser.open(&desk.path("page.html"));
    let found = wrong(&browser).join("\n");
    for rule in ["label", "html-has-lang", "color-contrast"] {
        assert!(found.contains(&format!(" {rule}: ")), "{rule}: {found}");
    }
}

#[test]
fn the_report_shuts_nobody_out() {
    let desk = Desk::after_demo();
    let browser = Browser::start();
    let mut problems = Vec::new();
    for page in ["index", "people", "figures", "data-quality", "definitions", "your-quarter"] {
        browser.open(&desk.path(&format!("clearway-demo/report/{page}.html")));
        problems.extend(wrong(&browser).into_iter().map(|one| format!("{page}: {one}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}
