//! The published report as parts → a document for print.

use disclosure::{PublishedValue, WhyHidden};
use report::public::{CellKind, Language, PublicDocument, PublicReport, Section, TableShown};
use report_pdf::{
    Alignment, Block, Cell, Document, Figure, HeaderCell, Inline, KeyFigure, Paper, Table, Tone,
};

/// The document, in the order of the pages.
pub(super) fn document(report: &PublicReport<'_>, parts: &PublicDocument) -> Document {
    let spanish = parts.language == Language::Spanish;
    let mut blocks = vec![Block::Paragraph(text(&parts.introduction))];
    blocks.push(Block::KeyFigures(
        parts
            .key_figures
            .iter()
            .map(|figure| KeyFigure {
                value: figure.number.clone(),
                label: figure.what.clone(),
                note: figure.range.clone().unwrap_or_default(),
            })
            .collect(),
    ));
    blocks.push(Block::Contents);
    for section in &parts.sections {
        blocks.push(Block::Heading { level: 1, text: section.heading.clone() });
        blocks.push(Block::Paragraph(vec![Inline::Strong(section.message.clone())]));
        blocks.extend(figure(section));
        blocks.push(Block::Table(table(section)));
        blocks.extend(section.notes.iter().map(|note| Block::Paragraph(text(note))));
    }
    for note in &parts.end_notes {
        blocks.push(Block::Heading { level: 1, text: note.heading.clone() });
        blocks.extend(note.paragraphs.iter().map(|paragraph| Block::Paragraph(text(paragraph))));
    }
    blocks.push(Block::Paragraph(text(&parts.colophon)));
    let state = if spanish { &report.state.spanish } else { &report.state.english };
    Document {
        language: if spanish {
            report_pdf::Language::Spanish
        } else {
            report_pdf::Language::English
        },
        paper: Paper::UsLetter,
        title: parts.title.clone(),
        subtitle: String::new(),
        issuer: state.clone(),
        period: parts.period.clone(),
        day: report.day.to_string(),
        stamp: parts.made_up.clone(),
        numbered: false,
        blocks,
    }
}

fn text(words: &str) -> Vec<Inline> {
    vec![Inline::from(words)]
}

fn figure(section: &Section) -> Option<Block> {
    let chart = section.chart.as_ref()?;
    Some(Block::Figure(Figure {
        svg: chart.document.clone(),
        alt: chart.alternative.clone(),
        caption: section.subtitle.clone(),
        note: chart.key.iter().map(|sign| sign.words.as_str()).collect::<Vec<_>>().join("; "),
        source: section.source.clone(),
    }))
}

fn table(section: &Section) -> Table {
    let shown: &TableShown = &section.table;
    // Several names of a row are one here: the header of a row is one cell.
    let names = shown.columns[..shown.named_by.min(shown.columns.len())].join(", ");
    let values = shown.columns.iter().skip(shown.named_by);
    let header: Vec<HeaderCell> = [names.as_str()]
        .into_iter()
        .chain(values.map(String::as_str))
        .map(HeaderCell::from)
        .collect();
    let alignment = (0..header.len())
        .map(|column| if column == 0 { Alignment::Start } else { Alignment::End })
        .collect();
    let rows = shown.rows.iter().map(|row| {
        let tone = |kind: CellKind| match kind {
            CellKind::Released(PublishedValue::Hidden(WhyHidden::Suppressed)) => Tone::Hidden,
            _ if row.total => Tone::Total,
            _ => Tone::Plain,
        };
        let name = row.names.iter().filter(|name| !name.is_empty()).cloned();
        let name = Cell {
            text: name.collect::<Vec<_>>().join(", "),
            tone: if row.total { Tone::Total } else { Tone::Plain },
        };
        let cells =
            row.cells.iter().map(|cell| Cell { text: cell.text.clone(), tone: tone(cell.kind) });
        [name].into_iter().chain(cells).collect()
    });
    Table {
        caption: shown.caption.clone(),
        header: vec![header],
        rows: rows.collect(),
        alignment,
        row_names: true,
        notes: Vec::new(),
        source: section.source.clone(),
    }
}
