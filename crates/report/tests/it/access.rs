//! Everyone can read it: landmarks, headings, tables, focus, contrast.

use report::Site;

use crate::pages::{between, values};
use crate::{people_sample, returns_sample, sample};

/// Every page of all samples.
fn pages() -> Vec<(String, String)> {
    [sample::report(), returns_sample::report(), people_sample::report()]
        .iter()
        .enumerate()
        .flat_map(|(position, report)| {
            let files = Site::of(report).unwrap().files;
            files.into_iter().map(move |(name, page)| (format!("{position}/{name}"), page))
        })
        .filter(|(name, _)| name.ends_with(".html"))
        .collect()
}

fn style() -> String {
    Site::of(&sample::report()).unwrap().files.remove("report.css").unwrap()
}

#[test]
fn every_page_has_its_landmarks_and_one_first_heading() {
    for (name, page) in pages() {
        assert!(page.contains("<html lang=\"en\">"), "{name}");
        for (tag, number) in
            [("<h1", 1), ("<main id=\"content\"", 1), ("<footer", 1), ("<title>", 1)]
        {
            assert_eq!(page.matches(tag).count(), number, "{name}: {tag}");
        }
        assert!(page.contains("<nav class=\"pages\" aria-label="), "{name}");
        assert_eq!(page.matches(" aria-current=\"page\"").count(), 1, "{name}");
        for nav in page.split("<nav ").skip(1) {
            assert!(nav.split('>').next().unwrap().contains("aria-label="), "{name}: nameless nav");
        }
        let ids = values(&page, "id");
        for target in values(&page, "aria-labelledby").iter().flat_map(|names| names.split(' ')) {
            assert!(ids.contains(&target), "{name}: {target} names nothing");
        }
    }
}

#[test]
fn headings_never_skip_a_level() {
    for (name, page) in pages() {
        let mut before = 0;
        for rest in page.split("<h").skip(1) {
            let Some(level) = rest.chars().next().and_then(|c| c.to_digit(10)) else { continue };
            assert!(level <= before + 1, "{name}: h{level} after h{before}");
            before = level;
        }
    }
}

#[test]
fn every_table_is_named_and_every_header_says_what_it_heads() {
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
        for drawing in page.split("<svg ").skip(1) {
            let tag = drawing.split('>').next().unwrap();
            assert!(
                tag.contains("aria-hidden=\"true\"") || tag.contains("role=\"img\""),
                "{name}: {tag}"
            );
        }
    }
}

#[test]
fn a_link_differs_by_more_than_its_colour_and_focus_is_seen() {
    let style = style();
    assert!(style.contains(
        "a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid"
    ));
    assert!(!style.contains("outline: none") && !style.contains("outline: 0"));
    for rule in style.split('}').filter(|rule| rule.contains("text-decoration: none")) {
        let selector = rule.split('{').next().unwrap().trim();
        // Those without an underline have a line or a frame of their own, or stand in a menu.
        let framed = rule.contains("border") || selector.contains("nav.pages");
        assert!(framed, "{selector}");
    }
}

/// Red, green and blue of a colour as the style sheet writes it.
fn channels(colour: &str) -> [f64; 3] {
    let digits = colour.trim_start_matches('#');
    let digits = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0)
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance(colour: &str) -> f64 {
    let linear = channels(colour).map(|channel| {
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

pub(crate) fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A colour of the palette by its name in the style sheet.
fn colour(style: &str, name: &str) -> String {
    between(style, &format!("--{name}: "), ";").to_owned()
}

#[test]
fn the_measure_of_contrast_is_that_of_the_guidelines() {
    assert!((contrast("#000", "#fff") - 21.0).abs() < 1e-9);
    // The grey that WCAG's own examples give as just passing AA on white.
    assert!((contrast("#767676", "#ffffff") - 4.54).abs() < 0.01);
}

#[test]
fn text_passes_aa_on_everything_it_stands_on() {
    let style = style();
    let on = |name: &str| colour(&style, name);
    // The page, the wash of a row set apart, an entry that was led to, and printed paper.
    for ground in [on("paper"), on("wash"), "#fbf1d6".to_owned(), "#ffffff".to_owned()] {
        for name in ["ink", "soft", "link", "alarm", "practice"] {
            let found = contrast(&on(name), &ground);
            assert!(found >= 4.5, "{name} on {ground}: {found:.2}");
        }
        assert!(contrast("#33383e", &ground) >= 4.5, "the standfirst and advice");
    }
    for band in [on("alarm"), on("practice"), "#4a1f70".to_owned()] {
        assert!(contrast("#ffffff", &band) >= 4.5, "white on {band}");
    }
    // The mark of a hidden cell lies under small text, and so do the cells of a matrix.
    for step in ["tint-1", "tint-2", "tint-3", "tint-4"] {
        let tint = between(&style, &format!("svg .{step} {{ fill: "), ";");
        assert!(contrast(&on("ink"), tint) >= 4.5, "{step}");
    }
    assert!(contrast(&on("ink"), "#e4e0d6") >= 4.5);
}

#[test]
fn what_is_drawn_passes_aa_for_shapes_and_series_stay_apart_in_grey() {
    let style = style();
    let on = |name: &str| colour(&style, name);
    for name in ["plain", "sex", "labor"] {
        let found = contrast(&on(name), &on("paper"));
        assert!(found >= 3.0, "{name}: {found:.2}");
    }
    assert!(contrast("#b8560b", &on("paper")) >= 3.0, "the outline of focus");
    // A band is pale: its ends carry it.
    assert!(style.contains("svg .range-end { stroke: var(--plain)"));
    let apart = contrast(&on("sex"), &on("labor"));
    assert!(apart >= 2.0, "sex and labor in grey: {apart:.2}");
    // A pale bar has an outline that carries it.
    assert!(style.contains("svg .bar.other { fill: #ccd1d5; stroke: var(--soft)"));
}
