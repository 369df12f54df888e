//! The sample reports give to a screen reader all that they give to the eye.

use std::sync::LazyLock;

use report_pdf::{Accessibility, Block, Document, check, render};

use crate::sample;

/// The English report, typeset once: in a debug build that takes seconds.
static ENGLISH: LazyLock<Accessibility> =
    LazyLock::new(|| check(&render(&sample::english()).unwrap().bytes).unwrap());

fn headings(document: &Document) -> Vec<(u8, &str)> {
    let heading = |block| match block {
        &Block::Heading { level, ref text } => Some((level, text.as_str())),
        _ => None,
    };
    document.blocks.iter().filter_map(heading).collect()
}

#[test]
fn the_english_report_can_be_read_aloud() {
    let document = sample::english();
    let found = &*ENGLISH;
    assert_eq!(found.language, "en");
    assert_eq!(found.title, document.title);
    // Above the contents stands a heading of its own, which is no bookmark.
    let levels: Vec<u8> = headings(&document).iter().map(|(level, _)| *level).collect();
    assert_eq!(found.headings, [&[1], &levels[..]].concat());
    let numbered: Vec<String> =
        vec!["1 What this report can and cannot say".into(), "1.1 Who reported".into()];
    assert_eq!(found.bookmarks[..2], numbered);
    assert_eq!(found.bookmarks.len(), levels.len());
}

#[test]
fn every_figure_has_its_alternative_text() {
    let document = sample::english();
    let found = &*ENGLISH;
    let told: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|block| {
            if let Block::Figure(figure) = block { Some(figure.alt.as_str()) } else { None }
        })
        .collect();
    assert_eq!(told.len(), 6);
    let mut heard: Vec<&str> = found.figures.iter().map(String::as_str).collect();
    heard.dedup();
    assert_eq!(heard, told);
}

#[test]
fn every_column_and_row_has_its_head_once() {
    let found = &*ENGLISH;
    assert_eq!(found.tables, 2);
    // Two rows of heads over five columns, 61 rows; one row of heads over three columns, 3 rows.
    // Heads that are repeated on the next page are ornaments there.
    assert_eq!(found.head_cells, 2 + 5 + 61 + 3 + 3);
    assert_eq!(found.data_cells, 61 * 4 + 3 * 2);
}

#[test]
fn the_spanish_report_says_that_it_is_spanish() {
    let document = sample::spanish();
    let pdf = render(&document).unwrap();
    let found = check(&pdf.bytes).unwrap();
    assert_eq!(found.language, "es");
    assert_eq!(found.title, document.title);
    assert_eq!(found.bookmarks[0], "Qué puede decir este informe y qué no");
    assert!(pdf.replaced.is_empty(), "{:?}", pdf.replaced);
}

#[test]
fn only_the_report_s_own_typefaces_are_used_and_they_are_in_the_file() {
    let found = &*ENGLISH;
    assert!(!found.typefaces.is_empty());
    for face in &found.typefaces {
        assert!(face.contains("LibertinusSerif") || face.contains("Roboto"), "{face}");
    }
}

#[test]
fn what_is_no_pdf_is_not_accessible() {
    assert!(check(b"").is_err());
    assert!(check(b"%PDF-1.7 and nothing else").is_err());
}
