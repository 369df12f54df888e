//! The report as a person sees it: in a browser, on a phone, by keyboard and on paper.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::clearway::Desk;
use crate::webdriver::Browser;

const PAGES: [&str; 6] = [
    "index.html",
    "people.html",
    "figures.html",
    "data-quality.html",
    "definitions.html",
    "your-quarter.html",
];
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";

/// The demo's report, and a browser to read it with.
fn report() -> (Desk, Browser) {
    (Desk::after_demo(), Browser::start())
}

fn page(desk: &Desk, name: &str) -> PathBuf {
    desk.path(&format!("clearway-demo/report/{name}"))
}

/// Texts of a JSON list.
fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().expect("a list").iter();
    list.map(|text| text.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn the_headline_figures_are_visible() {
    let (desk, browser) = report();
    browser.resize(1280, 900);
    browser.open(&page(&desk, "index.html"));
    // innerText holds what is rendered, and nothing hidden.
    let seen = browser.run("return document.body.innerText");
    let seen = seen.as_str().expect("text");
    for figure in ["1,277", "1,522", "2,552", "1,798", "25,591"] {
        assert!(seen.contains(figure), "{figure} is not to be seen");
    }
    for words in
        ["overlap not measured in 2012", "internal: not for publication", "Chart 8", "Table 4"]
    {
        assert!(seen.to_lowercase().contains(&words.to_lowercase()), "{words} is not to be seen");
    }
    for title in
        texts(&browser.run(
            "return [...document.querySelectorAll('h1, h2, h3')].map(title => title.innerText)",
        ))
    {
        let title = title.to_lowercase();
        for claim in [" rose", " fell", " soared", " dropped"] {
            assert!(!title.contains(claim), "a title makes a trend of reports: {title}");
        }
    }
    browser.open(&page(&desk, "your-quarter.html"));
    let seen = browser.run("return document.body.innerText").to_string().to_lowercase();
    assert!(seen.contains("synthetic"));
}

#[test]
fn no_page_is_wider_than_the_screen() {
    let (desk, browser) = report();
    let mut wide = Vec::new();
    for (width, height) in [(390, 844), (1280, 900)] {
        browser.resize(width, height);
        for name in PAGES {
            browser.open(&page(&desk, name));
            let found = browser.run(
                "const width = document.documentElement.clientWidth; \
                 const scrolls = one => one && one !== document.body \
                     && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement)); \
                 const reach = one => { const range = document.createRange(); \
                     range.selectNodeContents(one); \
                     return Math.max(...[...range.getClientRects()].map(box => box.right)); }; \
                 const over = [...document.querySelectorAll('body *')].filter(one => \
                     reach(one) > width + 1 && !scrolls(one) && !one.querySelector('*')); \
                 return [window.innerWidth, document.documentElement.scrollWidth, \
                     over.slice(0, 3).map(one => one.outerHTML.slice(0, 160)).join(' | ')]",
            );
            assert_eq!(found[0], width, "the window has the width asked for");
            if found[1].as_u64() > Some(width.into()) {
                wide.push(format!("{name} at {width}: {} px wide; {}", found[1], found[2]));
            }
        }
    }
    assert!(wide.is_empty(), "\n{}", wide.join("\n"));
}

#[test]
fn every_link_to_a_figure_arrives() {
    let (desk, browser) = report();
    browser.resize(1280, 900);
    let mut targets = BTreeSet::new();
    for name in PAGES {
        browser.open(&page(&desk, name));
        let links = texts(&browser.run(
            "return [...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))",
        ));
        for link in links {
            let (file, id) = link.split_once('#').unwrap_or((&link, ""));
            let file = if file.is_empty() { name } else { file };
            assert!(page(&desk, file).is_file(), "{name} links to {link}");
            targets.insert((file.to_owned(), id.to_owned()));
        }
    }
    let figures = targets.iter().filter(|(file, id)| file == "figures.html" && !id.is_empty());
    assert!(figures.count() >= 150, "every number leads to where it comes from");
    for name in PAGES {
        browser.open(&page(&desk, name));
        let ids =
            texts(&browser.run("return [...document.querySelectorAll('[id]')].map(one => one.id)"));
        let known: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(known.len(), ids.len(), "{name} has an id twice");
        let lost: Vec<&String> = targets
            .iter()
            .filter(|(file, id)| file == name && !id.is_empty() && !known.contains(id))
            .map(|(_, id)| id)
            .collect();
        assert!(lost.is_empty(), "{name} has no {lost:?}");
    }
    // And a click goes there.
    browser.open(&page(&desk, "index.html"));
    browser.run("document.querySelector('a[href^=\"figures.html#\"]').click()");
    let arrived = browser.run(
        "return document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null \
         && location.pathname.endsWith('figures.html')",
    );
    assert_eq!(arrived, true);
}

#[test]
fn the_keyboard_reaches_the_skip_link_first_and_the_content_next() {
    let (desk, browser) = report();
    browser.resize(1280, 900);
    for name in PAGES {
        browser.open(&page(&desk, name));
        browser.press(TAB);
        let first = browser.run(
            "const one = document.activeElement, box = one.getBoundingClientRect(); \
             return [one.className, one.getAttribute('href'), \
                 box.width > 1 && box.height > 1 && box.top >= 0 && box.left >= 0]",
        );
        assert_eq!((&first[0], &first[1]), (&"skip".into(), &"#content".into()), "{name}");
        assert_eq!(first[2], true, "{name}: the skip link is seen once it has the focus");
        browser.press(ENTER);
        assert_eq!(browser.run("return location.hash"), "#content", "{name}");
        let target = browser.run("return document.querySelector('main').id");
        assert_eq!(target, "content", "{name}");
        // From there on the focus stays in the content: the menu has been skipped.
        browser.press(TAB);
        let inside = browser.run(
            "const one = document.activeElement, main = document.querySelector('main'); \
             return !main.querySelector('a[href], summary, [tabindex=\"0\"]') || main.contains(one)",
        );
        assert_eq!(inside, true, "{name}: the menu is skipped");
    }
}

#[test]
fn the_pages_ask_for_nothing_but_their_own_files_and_raise_no_error() {
    let (desk, browser) = report();
    browser.resize(1280, 900);
    let folder = format!("file://{}", page(&desk, "").display());
    // What the browser asked of itself as it started is not ours.
    browser.requests();
    let mut asked = 0;
    for name in PAGES {
        browser.open(&page(&desk, name));
        for address in browser.requests() {
            let own = address.starts_with(&folder) || address.starts_with("data:");
            assert!(own, "{name} asks for {address}");
            asked += 1;
        }
        let said = browser.console();
        assert!(said.is_empty(), "{name}: {said:?}");
        let scripts = browser.run("return document.scripts.length");
        assert_eq!(scripts, 0, "{name} needs no script");
    }
    assert!(asked >= PAGES.len() * 2, "page and style sheet are seen to be asked for: {asked}");
}

#[test]
fn every_page_has_a_language_a_title_one_heading_and_named_drawings() {
    let (desk, browser) = report();
    browser.resize(390, 844);
    let mut wrong = Vec::new();
    for name in PAGES {
        browser.open(&page(&desk, name));
        let found = browser.run(
            "const named = one => one.getAttribute('aria-label') \
                 || (one.getAttribute('aria-labelledby') || '').split(' ') \
                     .some(id => document.getElementById(id)?.textContent.trim()); \
             return [document.documentElement.lang, document.title, \
                 document.querySelectorAll('h1').length, \
                 [...document.querySelectorAll('svg')] \
                     .filter(one => one.getAttribute('aria-hidden') !== 'true' && !named(one)).length, \
                 [...document.querySelectorAll('a')] \
                     .filter(one => !one.textContent.trim() && !named(one)).length, \
                 [...document.querySelectorAll('table')] \
                     .filter(one => !one.querySelector('th')).length]",
        );
        let title = found[1].as_str().unwrap_or_default();
        if found[0] != "en" || title.len() < 10 || found[2] != 1 {
            wrong.push(format!("{name}: language, title or heading: {found}"));
        }
        if found[3] != 0 || found[4] != 0 || found[5] != 0 {
            wrong.push(format!("{name}: nameless drawings, links, tables without heads: {found}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pictures_and_paper_are_not_blank() {
    let (desk, browser) = report();
    let blank = desk.path("blank.html");
    desk.write("blank.html", "<!doctype html><title>blank</title>");
    for (width, height) in [(1280, 900), (390, 844)] {
        browser.resize(width, height);
        browser.open(&blank);
        let empty = browser.screenshot().len();
        for name in PAGES {
            browser.open(&page(&desk, name));
            let picture = browser.screenshot();
            assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
            let side =
                |at: usize| picture[at..at + 4].iter().fold(0, |n, byte| n << 8 | u32::from(*byte));
            assert_eq!((side(16), side(20)), (width, height), "{name}");
            // What has nothing to draw compresses to next to nothing.
            let length = picture.len();
            assert!(length > 4 * empty, "{name} at {width}: {length} bytes, blank {empty}");
        }
    }
    browser.resize(1280, 900);
    browser.open(&blank);
    let empty = browser.print().len();
    for name in PAGES {
        browser.open(&page(&desk, name));
        let paper = browser.print();
        assert!(paper.starts_with(b"%PDF-"), "{name}");
        assert!(paper.len() > 4 * empty, "{name}: {} bytes, blank {empty}", paper.len());
        let text = String::from_utf8_lossy(&paper);
        let pages = text.matches("/Type /Page\n").count();
        assert!(pages > 0, "{name} is printed on no page");
        if name == "index.html" {
            assert!(pages <= 40, "the report is printed on {pages} pages");
        }
    }
}
