//! Every page: whole, readable by everyone, asking for nothing from elsewhere, with a way out.

use crate::ask::{PUBLIC, all_pages, get, without_members};
use crate::everyone::{DESK_PAGES, EVERYONE};
use crate::markup::{attributes, between, tags, values};

#[test]
fn a_page_is_well_formed() {
    let void = ["!doctype", "meta", "link", "input", "rect", "path"];
    for (name, page) in all_pages() {
        let mut open = Vec::new();
        for tag in tags(&page) {
            let element = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
            if let Some(closed) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed), "{name}");
            } else if !void.contains(&element) {
                open.push(element);
            }
            let mut names: Vec<&str> = attributes(tag).iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all, "{name}: an attribute twice in {tag}");
        }
        assert_eq!(open, [""; 0], "{name}");
    }
}

#[test]
fn a_page_has_its_landmarks_and_headings_skip_no_level() {
    for (name, page) in all_pages() {
        let (own, other) = if name.contains("=es") { ("es", "en") } else { ("en", "es") };
        assert!(page.contains(&format!("<html lang=\"{own}\" dir=\"ltr\">")), "{name}");
        assert!(page.contains(&format!("lang=\"{other}\" hreflang=\"{other}\"")), "{name}");
        for once in ["<h1", "<main id=\"content\">", "<footer>", "<title>", "<nav aria-label="] {
            assert_eq!(page.matches(once).count(), 1, "{name}: {once}");
        }
        let first = tags(&page).into_iter().find(|tag| tag.starts_with("a ")).unwrap();
        assert_eq!(first, "a class=\"skip\" href=\"#content\"", "{name}");
        let mut before = 0;
        let headings =
            tags(&page).into_iter().filter_map(|tag| tag.split(' ').next()?.strip_prefix('h'));
        for level in headings.filter_map(|level| level.parse::<u8>().ok()) {
            // The list of errors stands before the first heading.
            let errors = before == 0 && level == 2;
            assert!(level <= before + 1 || errors, "{name}: h{level} after h{before}");
            before = level;
        }
    }
}

#[test]
fn what_is_named_is_there_and_every_field_has_a_label() {
    for (name, page) in all_pages() {
        let mut ids = values(&page, "id");
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id twice");
        let named = ["for", "aria-labelledby", "aria-describedby"]
            .iter()
            .flat_map(|attribute| values(&page, attribute))
            .flat_map(|value| value.split(' '));
        let within = values(&page, "href").into_iter().filter_map(|href| href.strip_prefix('#'));
        for id in named.chain(within) {
            assert!(ids.contains(&id), "{name}: {id} names nothing");
        }
        let labelled = values(&page, "for");
        for tag in tags(&page) {
            let element = tag.split(' ').next().unwrap();
            let hidden = tag.contains("type=\"hidden\"");
            if ["input", "textarea", "select", "progress"].contains(&element) && !hidden {
                let id = attributes(tag).into_iter().find(|(name, _)| *name == "id");
                assert!(id.is_some_and(|(_, id)| labelled.contains(&id)), "{name}: {tag}");
            }
        }
    }
}

#[test]
fn tables_and_drawings_have_names_and_scroll_by_keyboard() {
    for (name, page) in all_pages() {
        assert_eq!(page.matches("<table>").count(), page.matches("<caption ").count(), "{name}");
        assert_eq!(page.matches("<table>").count(), page.matches("<div class=\"table\"").count());
        for tag in tags(&page) {
            if tag.starts_with("th ") {
                assert!(tag.contains("scope="), "{name}: {tag}");
            }
            if tag.starts_with("div class=\"table\"") {
                assert!(
                    tag.contains("role=\"region\" aria-labelledby=") && tag.contains("tabindex")
                );
            }
            if tag.starts_with("svg") {
                assert!(tag.contains("role=\"img\" aria-labelledby="), "{name}: {tag}");
            }
        }
    }
}

#[test]
fn nothing_on_a_page_asks_another_site() {
    for (name, page) in all_pages() {
        for tag in tags(&page) {
            let element = tag.split(' ').next().unwrap();
            assert!(!["iframe", "object", "embed", "base", "img", "style"].contains(&element));
            for (attribute, value) in attributes(tag) {
                let event = attribute.starts_with("on") || attribute == "style";
                assert!(!event, "{name}: the browser would refuse {tag}");
                let address = ["href", "src", "action", "formaction", "poster", "srcset", "data"];
                if address.contains(&attribute) {
                    let here = value.starts_with('#')
                        || (value.starts_with('/') && !value.starts_with("//"));
                    let phone = value.starts_with("tel:") || value.starts_with("sms:");
                    let exit = value == "https://www.weather.gov/"
                        && tag.contains("rel=\"nofollow noreferrer\"");
                    assert!(here || phone || exit, "{name}: {tag}");
                }
            }
        }
        let scripts: Vec<&str> = page.split("<script").skip(1).collect();
        for script in scripts {
            assert!(script.split_once('>').unwrap().1.starts_with("</script>"), "{name}: inline");
        }
        for style in values(&page, "href").iter().filter(|href| href.ends_with(".css")) {
            let style = get(style).body;
            assert!(!style.contains("url(") && !style.contains("@import"));
        }
    }
}

#[test]
fn the_script_of_public_pages_keeps_and_fetches_nothing() {
    let page = get("/").body;
    let scripts: Vec<&str> = values(&page, "src");
    assert_eq!(scripts.len(), 1);
    let script = get(scripts[0]).body;
    for never in
        ["cookie", "torage", "indexedDB", "fetch", "XMLHttp", "Beacon", "innerHTML", "eval"]
    {
        assert!(!script.contains(never), "{never}");
    }
    assert!(script.contains("window.location.replace("), "the page leaves the history");
}

#[test]
fn every_link_leads_to_a_page_and_keeps_the_language() {
    for (name, page) in all_pages() {
        let language = if name.contains("=es") { "language=es" } else { "language=en" };
        for tag in tags(&page) {
            for (attribute, value) in attributes(tag) {
                let followed = ["href", "src"].contains(&attribute) && value.starts_with('/');
                if !followed || value.starts_with("/nothing-here") {
                    continue;
                }
                let status = match DESK_PAGES.iter().find(|(of, ..)| *of == name) {
                    Some((.., cookie)) => EVERYONE.here.get(cookie, value).status,
                    None => get(value).status,
                };
                assert!(status == 200 || value.contains("from=nonsense"), "{name}: {value}");
                let kept = value.contains(language)
                    || value.starts_with("/static/")
                    || tag.contains("hreflang");
                assert!(kept, "{name}: {value} forgets the language");
            }
        }
    }
}

#[test]
fn links_say_no_language_when_none_was_chosen() {
    let page = get("/").body;
    let links: Vec<&str> = values(&page, "href").into_iter().filter(|a| a.contains('?')).collect();
    assert_eq!(links, ["/?language=es"]);
}

#[test]
fn a_public_page_has_a_way_out_and_says_whom_to_call() {
    for path in PUBLIC.iter().chain(&["/nothing-here"]) {
        let page = get(path).body;
        let exit = tags(&page).into_iter().filter(|tag| tag.starts_with("a ")).nth(1).unwrap();
        assert!(exit.starts_with("a class=\"exit\" id=\"exit\""), "{path}: after the skip link");
        for number in ["tel:911", "tel:+18883737888", "sms:233733"] {
            assert!(values(&page, "href").contains(&number), "{path}: {number}");
        }
    }
}

#[test]
fn a_tab_says_nothing_to_whoever_looks() {
    for (name, page) in all_pages() {
        let title = between(&page, "<title>", "</title>").to_lowercase();
        for word in ["traffick", "trata", "help", "ayuda", "victim", "saw", "hotline", "danger"] {
            assert!(!title.contains(word), "{name}: {title}");
        }
    }
}

#[test]
fn practice_is_said_on_every_page_and_only_there() {
    for (name, page) in all_pages() {
        assert!(page.contains("class=\"practice\""), "{name}");
    }
    let real = crate::ask::ask(
        without_members(&crate::ask::config()),
        axum::http::Method::GET,
        "/",
        &[],
        "",
    );
    assert!(!real.body.contains("class=\"practice\""));
}

#[test]
fn the_first_screen() {
    let main = |path| {
        let page = get(path).body;
        between(&page, "<main id=\"content\">", "</main>").trim().to_owned()
    };
    insta::assert_snapshot!("first_screen_english", main("/?language=en"));
    insta::assert_snapshot!("first_screen_spanish", main("/?language=es"));
}
