//! No text breaks out, stops a report, or gets lost.

use proptest::prelude::*;
use report_pdf::{
    Alignment, Block, Cell, Document, Figure, HeaderCell, Inline, KeyFigure, Language, Paper, Pdf,
    Table, Tone, check, render,
};

/// A report with the same text wherever a text can stand.
fn everywhere(text: &str, blank: bool) -> Document {
    // Where something must stand, a blank text would be refused.
    let needed = if blank { format!("{text}.") } else { text.to_owned() };
    let line: String = needed.chars().take(80).collect::<String>() + ".";
    let run = || vec![Inline::Text(text.to_owned())];
    let drawn = text.replace('&', "&amp;").replace('<', "&lt;").replace(']', "&#93;");
    Document {
        language: Language::English,
        paper: Paper::UsLetter,
        title: needed.clone(),
        subtitle: text.to_owned(),
        issuer: needed.clone(),
        period: line.clone(),
        day: "2026-11-29".into(),
        stamp: Some(line),
        numbered: true,
        blocks: vec![
            Block::KeyFigures(vec![KeyFigure {
                value: needed.clone(),
                label: needed.clone(),
                note: text.to_owned(),
            }]),
            Block::Contents,
            Block::Heading { level: 1, text: needed.clone() },
            Block::Paragraph(vec![
                Inline::Text(text.to_owned()),
                Inline::Strong(text.to_owned()),
                Inline::Emphasis(text.to_owned()),
                Inline::Link { text: needed.clone(), url: format!("https://example.org/{text}") },
                Inline::Note(1),
            ]),
            Block::Callout { title: needed.clone(), paragraphs: vec![run()] },
            Block::List { ordered: true, items: vec![run(), run()] },
            Block::Figure(Figure {
                svg: format!(
                    r#"<svg viewBox="0 0 200 100"><text x="5" y="50" font-size="9">{}</text></svg>"#,
                    drawn.chars().filter(|c| !c.is_control()).collect::<String>()
                ),
                alt: needed.clone(),
                caption: needed.clone(),
                note: text.to_owned(),
                source: text.to_owned(),
            }),
            Block::Table(Table {
                caption: needed.clone(),
                header: vec![vec![HeaderCell::from(text), HeaderCell::from(text)]],
                rows: [Tone::Plain, Tone::Total, Tone::Hidden, Tone::Missing]
                    .map(|tone| vec![Cell { text: text.to_owned(), tone }, Cell::from("12")])
                    .into(),
                alignment: vec![Alignment::Start, Alignment::End],
                row_names: true,
                notes: vec![run()],
                source: text.to_owned(),
            }),
            Block::EndNotes(vec![run()]),
        ],
    }
}

fn rendered(text: &str) -> Pdf {
    let blank = !text.chars().any(char::is_alphanumeric);
    render(&everywhere(text, blank)).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[test]
fn markup_and_code_are_only_characters() {
    let text = r##"#panic("x") #{1+1} $x^2$ *b* _i_ `r` <l> @r \u{41} \ "q" [c] ] } ) // /* = - + #sys.inputs"##;
    let pdf = rendered(text);
    let found = check(&pdf.bytes).unwrap();
    assert_eq!(found.title, text);
    assert_eq!(found.bookmarks, [format!("1 {text}")]);
    assert_eq!(found.figures.first().map(String::as_str), Some(text));
    // Nothing in it made a heading, a figure, a table or a cell.
    assert_eq!(found.headings, [1, 1]);
    assert_eq!((found.tables, found.head_cells, found.data_cells), (1, 6, 4));
    assert!(pdf.replaced.is_empty());
}

#[test]
fn texts_that_are_hard_to_set_are_set() {
    for text in [
        "",
        " \u{A0} ",
        "\u{0}\u{1}\u{7F}\u{85}\u{FFFE}\u{FFFF}",
        "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈",
        "שלום עולם 12 abc مرحبا \u{202E}gnp.exe\u{2066}",
        "ﬁ e\u{301}\u{302}\u{303}\u{304} \u{300}\u{300} \u{E000} \u{10FFFD} 人身取引 ทดสอบ",
        "a\r\nb\tc\u{2028}d\u{2029}e\u{B}f\u{AD}g",
        &"x".repeat(300),
        &"Donaudampfschifffahrtsgesellschaft".repeat(8),
        &"W \u{301}".repeat(90),
    ] {
        let pdf = rendered(text);
        assert!(check(&pdf.bytes).is_ok());
    }
}

#[test]
fn what_cannot_be_printed_is_told() {
    let replaced: String = rendered("a 😀 人").replaced.iter().collect();
    assert_eq!(replaced, "人😀");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    /// Any characters at all.
    #[test]
    fn any_text_becomes_an_accessible_report(text in proptest::collection::vec(any::<char>(), 0..60)) {
        let text: String = text.into_iter().collect();
        let found = check(&rendered(&text).bytes).unwrap();
        prop_assert_eq!(found.headings, [1, 1]);
        prop_assert_eq!((found.tables, found.head_cells, found.data_cells), (1, 6, 4));
    }

    /// Pieces of typst's own language, in any order.
    #[test]
    fn pieces_of_the_template_s_language_stay_text(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "#", "{", "}", "[", "]", "(", ")", "$", "\"", "\\", "*", "_", "`", "```", "=", "<a>",
                "@a", "let x = ", "import \"a\"", "read(\"/etc/passwd\")", "panic()", "//", "/*", "*/",
                "\n", "'", "~", "---", "https://a.b", "&", ";", "image(\"a.png\")",
            ]),
            1..20,
        ),
    ) {
        let text = pieces.concat();
        let found = check(&rendered(&text).bytes).unwrap();
        prop_assert_eq!(found.headings, [1, 1]);
        prop_assert_eq!((found.tables, found.head_cells, found.data_cells), (1, 6, 4));
    }
}
