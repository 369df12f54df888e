//! Whether everyone can tell letters and lines from their ground: WCAG 2.2, 1.4.3 and 1.4.11.

use crate::markup::between;

const STYLE: &str = include_str!("../../static/clearway.css");

/// What is read, on what it stands: at least 4.5 to 1.
const TEXT: [(&str, &[&str]); 8] = [
    // The last in hatched cells.
    ("ink", &["paper", "wash", "line"]),
    ("soft", &["paper", "wash"]),
    ("link", &["paper", "wash"]),
    ("on-action", &["action"]),
    ("on-practice", &["practice"]),
    ("paper", &["ink"]),
    ("error", &["paper", "wash"]),
    // In tags and signs.
    ("warning", &["paper", "wash"]),
];

/// What must be seen but is not read: at least 3 to 1.
const MARKS: [(&str, &[&str]); 7] = [
    ("edge", &["paper", "wash"]),
    ("focus", &["paper", "wash"]),
    ("action", &["paper"]),
    ("bar", &["paper"]),
    ("info", &["paper", "wash"]),
    ("success", &["paper", "wash"]),
    ("practice", &["on-practice"]),
];

/// The colors of light and of dark.
fn halves() -> [(&'static str, &'static str); 2] {
    let (light, dark) = STYLE.split_once("prefers-color-scheme: dark").unwrap();
    let dark = dark.split_once("* { box-sizing").unwrap().0;
    [("light", light), ("dark", dark)]
}

/// The luminance of `#rrggbb`, by the formula of WCAG.
fn luminance(color: &str) -> f64 {
    let value = u32::from_str_radix(color.strip_prefix('#').unwrap(), 16).unwrap();
    [(16, 0.2126), (8, 0.7152), (0, 0.0722)]
        .iter()
        .map(|(shift, weight)| {
            let part = f64::from((value >> shift) & 0xff) / 255.0;
            let linear =
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
            weight * linear
        })
        .sum()
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_formula_is_that_of_wcag() {
    assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.005);
}

#[test]
fn every_pair_can_be_told_apart_in_light_and_dark() {
    for (half, style) in halves() {
        let color = |name: &str| between(style, &format!("--{name}: "), ";");
        for (pairs, least) in [(&TEXT[..], 4.5), (&MARKS[..], 3.0)] {
            for (name, grounds) in pairs {
                for ground in *grounds {
                    let found = contrast(color(name), color(ground));
                    assert!(found >= least, "{half}: {name} on {ground} has {found:.2}");
                }
            }
        }
    }
}

#[test]
fn signs_of_notices_are_read_too() {
    for (half, style) in halves() {
        let color = |name: &str| between(style, &format!("--{name}: "), ";");
        for name in ["info", "success", "warning", "error"] {
            let found = contrast(color(name), color("wash"));
            assert!(found >= 4.5, "{half}: {name} has {found:.2}");
        }
    }
}

#[test]
fn colors_are_named_in_one_place() {
    let rules = STYLE.split_once("* { box-sizing").unwrap().1;
    let hash = rules.match_indices('#').find(|(at, _)| {
        let digits = rules[at + 1..].bytes().take_while(u8::is_ascii_hexdigit).count();
        digits == 3 || digits == 6
    });
    assert!(hash.is_none(), "a color in a rule would escape the test of contrast");
}

#[test]
fn sides_have_no_left_and_right() {
    for side in ["-left", "-right", " left:", " right:", "align: left", "align: right"] {
        assert!(!STYLE.contains(side), "{side} does not mirror; write inline-start or inline-end");
    }
}
