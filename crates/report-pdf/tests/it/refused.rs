//! What is wrong with a document is said at once, all of it, with its place.

use report_pdf::{Block, Document, Figure, Inline, PdfError, Problem, Table, render};

use crate::sample;

fn problems(document: &Document) -> Vec<Problem> {
    match render(document) {
        Err(PdfError::Problems(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_problem_is_said_at_once_and_none_repeats_what_is_written() {
    let mut document = sample::english();
    document.title = " ".into();
    document.day = "29 November".into();
    document.blocks = vec![
        Block::Heading { level: 2, text: "secret".into() },
        Block::Heading { level: 4, text: String::new() },
        Block::Paragraph(vec![
            Inline::Note(7),
            Inline::Link { text: "secret".into(), url: "javascript:alert(1)".into() },
            Inline::Text("secret ".repeat(9000)),
        ]),
        Block::Figure(Figure {
            svg: "<svg secret".into(),
            alt: String::new(),
            caption: "secret".into(),
            note: String::new(),
            source: String::new(),
        }),
        Block::List { ordered: true, items: vec![] },
    ];
    let said: Vec<String> = problems(&document).iter().map(Problem::to_string).collect();
    let beginnings = [
        "the cover: the title is empty",
        "the cover: the day is no day",
        "block 1 (heading): a heading of level 2 stands here, where levels 1 to 1 can",
        "block 2 (heading): a heading of level 4 stands here, where levels 1 to 3 can",
        "block 2 (heading): the text is empty",
        "block 3 (paragraph): a link does not begin with https:",
        "block 3 (paragraph): the text has 63000 characters, more than 16000",
        "block 4 (figure): the alternative text is empty",
        "block 4 (figure): the drawing is no SVG document",
        "block 5 (list): the list is empty",
        "block 3 (paragraph): refers to end note 7, and there are 0",
    ];
    assert_eq!(said.len(), beginnings.len(), "{said:#?}");
    for (said, beginning) in said.iter().zip(beginnings) {
        assert!(said.starts_with(beginning), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn a_table_that_does_not_fit_its_columns_says_which_row() {
    let mut document = sample::english();
    document.blocks.retain(|block| matches!(block, Block::Table(_)));
    for block in &mut document.blocks {
        let Block::Table(Table { header, rows, notes, .. }) = block else { unreachable!() };
        header[0][0].columns = 0;
        rows[1].pop();
        notes.clear();
    }
    let said: Vec<String> = problems(&document).iter().map(Problem::to_string).collect();
    assert_eq!(
        said,
        [
            "block 1 (table): header row 1 covers 5 columns of 5",
            "block 1 (table): row 2 covers 4 columns of 5",
            "block 2 (table): header row 1 covers 3 columns of 3",
            "block 2 (table): row 2 covers 2 columns of 3",
        ]
    );
}
