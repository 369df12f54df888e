//! Everyone can read the published report: landmarks, tables, drawings, contrast, and a way out.

use crate::access::contrast;
use crate::pages::{between, values};
use crate::public_pages::{pages, site};
use crate::public_sample;
use crate::words::text;

fn style() -> String {
    site(&public_sample::private()).files.remove("public.css").unwrap()
}

#[test]
fn a_page_has_its_landmarks_its_language_and_a_way_out_first() {
    for (name, page) in pages() {
        let spanish = name.contains("/es/");
        let (own, other) = if spanish { ("es", "en") } else { ("en", "es") };
        assert!(page.contains(&format!("<html lang=\"{own}\">")), "{name}");
        assert!(page.contains(&format!("lang=\"{other}\" hreflang=\"{other}\"")), "{name}");
        for (tag, number) in
            [("<h1", 1), ("<main id=\"content\"", 1), ("<footer", 1), ("<title>", 1)]
        {
            assert_eq!(page.matches(tag).count(), number, "{name}: {tag}");
        }
        let links: Vec<&str> = page.split("<a ").skip(1).collect();
        assert!(
            links[1].starts_with("class=\"exit\""),
            "{name}: after the skip link comes the exit"
        );
        assert!(links[1].contains("rel=\"nofollow noreferrer\""), "{name}");
        let title = between(&page, "<title>", "</title>").to_lowercase();
        assert!(!title.contains("traffick") && !title.contains("trata"), "{name}: a harmless tab");
    }
}

#[test]
fn a_page_asks_for_nothing_from_elsewhere() {
    for (name, page) in pages() {
        for thing in ["<script", "<img", "<iframe", " src=", "@import", "url(http", "onclick"] {
            assert!(!page.contains(thing), "{name}: {thing}");
        }
        let loaded =
            page.split("<link ").skip(1).filter(|rest| rest.starts_with("rel=\"stylesheet\""));
        let loaded: Vec<&str> = loaded.map(|rest| between(rest, "href=\"", "\"")).collect();
        assert!(loaded == ["public.css"] || loaded == ["../public.css"], "{name}: {loaded:?}");
        for href in values(&page, "href").iter().filter(|href| href.starts_with("http")) {
            assert_eq!(*href, "https://www.weather.gov/", "{name}");
        }
    }
    assert!(!style().contains("url("));
}

#[test]
fn every_link_within_the_report_leads_to_something() {
    for sample in [public_sample::private(), public_sample::exact()] {
        let files = site(&sample).files;
        for (name, page) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
            for href in values(page, "href") {
                if ["http", "tel:", "sms:", "data:"].iter().any(|start| href.starts_with(start)) {
                    continue;
                }
                let (file, fragment) = href.split_once('#').unwrap_or((href, ""));
                let target = match (name.as_str(), file) {
                    (own, "") => own.to_owned(),
                    ("es/index.html", "index.html") => "es/index.html".to_owned(),
                    (_, file) => file.trim_start_matches("../").to_owned(),
                };
                let target = files.get(&target).unwrap_or_else(|| panic!("{name}: {href}"));
                let found = fragment.is_empty() || values(target, "id").contains(&fragment);
                assert!(found, "{name}: {href}");
            }
        }
    }
}

#[test]
fn headings_never_skip_a_level_and_every_id_is_there_once() {
    for (name, page) in pages() {
        let mut before = 0;
        for rest in page.split("<h").skip(1) {
            let Some(level) = rest.chars().next().and_then(|c| c.to_digit(10)) else { continue };
            assert!(level <= before + 1, "{name}: h{level} after h{before}");
            before = level;
        }
        let mut ids = values(&page, "id");
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id twice");
    }
}

#[test]
fn tables_are_named_headers_say_what_they_head_and_drawings_speak() {
    for (name, page) in pages() {
        for table in page.split("<table").skip(1) {
            let table = table.split("</table>").next().unwrap();
            assert!(!between(table, "<caption>", "</caption>").is_empty(), "{name}");
            for header in table.split("<th").skip(1).filter(|rest| !rest.starts_with("ead")) {
                let tag = header.split('>').next().unwrap();
                assert!(tag.contains(" scope=\""), "{name}: <th{tag}>");
            }
        }
        for region in page.split("role=\"region\"").skip(1) {
            let tag = region.split('>').next().unwrap();
            assert!(tag.contains("aria-label=") && tag.contains("tabindex=\"0\""), "{name}: {tag}");
        }
        let ids = values(&page, "id");
        for drawing in page.split("<svg ").skip(1) {
            let drawing = drawing.split("</svg>").next().unwrap();
            assert!(drawing.contains("role=\"img\""), "{name}");
            for part in ["<title ", "<desc "] {
                assert!(!between(drawing, part, "</").split_once('>').unwrap().1.is_empty());
            }
            for target in between(drawing, "aria-labelledby=\"", "\"").split(' ') {
                assert!(ids.contains(&target), "{name}: {target} names nothing");
            }
        }
    }
}

#[test]
fn hidden_cells_say_why_beside_every_table_that_has_one() {
    let signs = [("index.html", "hidden"), ("es/index.html", "oculto")];
    let files = site(&public_sample::exact()).files;
    for (name, sign) in signs {
        let mut found = 0;
        for exhibit in files[name].split("<section class=\"exhibit\"").skip(1) {
            let exhibit = exhibit.split("</section>").next().unwrap();
            if exhibit.contains("class=\"hidden-cell\"") {
                found += 1;
                let notes = text(exhibit.split_once("<div class=\"notes\">").unwrap().1);
                let why = format!("{sign} {}", if sign == "hidden" { "to" } else { "para" });
                assert!(notes.contains(&why), "{name}: {notes}");
            }
        }
        assert!(found >= 3, "{name}: {found}");
    }
}

#[test]
fn text_and_marks_keep_their_contrast_in_light_and_dark() {
    let style = style();
    let (light, dark) = style.split_once("prefers-color-scheme: dark").unwrap();
    for half in [light, dark] {
        let on = |name: &str| between(half, &format!("--{name}: "), ";").to_owned();
        for ground in ["paper", "wash"] {
            for name in ["ink", "soft", "link", "practice-text"] {
                let found = contrast(&on(name), &on(ground));
                assert!(found >= 4.5, "{name} on {ground}: {found:.2}");
            }
        }
        for mark in ["plain", "sex", "labor", "mark", "focus", "pattern"] {
            let found = contrast(&on(mark), &on("paper"));
            assert!(found >= 3.0, "{mark}: {found:.2}");
        }
        assert!(contrast("#ffffff", &on("practice")) >= 4.5);
    }
}

#[test]
fn no_sentence_calls_the_reader_a_victim_or_claims_a_direction() {
    for (name, page) in pages() {
        let page = text(&page).to_lowercase();
        let mut words = page.split(|c: char| !c.is_alphabetic());
        let never = [
            "victim",
            "victims",
            "víctima",
            "víctimas",
            "rescued",
            "rescatadas",
            "rose",
            "fell",
            "increased",
            "decreased",
            "aumentó",
            "disminuyó",
            "subió",
            "bajó",
        ];
        assert!(words.all(|word| !never.contains(&word)), "{name}");
    }
}

/// Words in a sentence, on average, of everything said in the notes: plain language is short.
#[test]
fn sentences_are_short() {
    for (name, page) in pages() {
        let notes = text(page.split_once("id=\"end-notes\"").unwrap().1);
        let sentences: Vec<usize> = notes
            .split(['.', ':', ';', '\n'])
            .map(|sentence| sentence.split_whitespace().count())
            .filter(|words| *words > 2)
            .collect();
        let mean = sentences.iter().sum::<usize>() as f64 / sentences.len() as f64;
        assert!(mean <= 16.0, "{name}: {mean:.1} words a sentence");
        assert!(sentences.iter().all(|words| *words <= 40), "{name}: {:?}", sentences.iter().max());
    }
}
