//! A document as values for the template.
//!
//! In: a document without problems. Out: dictionaries, lists, strings and bytes; a string is a
//! value in typst and stays one, whatever characters it holds.

use typst::foundations::{Bytes, Dict, IntoValue, Value, dict};

use crate::printable::{Printer, spoken};
use crate::words::words;
use crate::{
    Alignment, Block, Document, Figure, Inline, Paper, PdfError, Table, Tone, columns, day, drawing,
};
use crate::{Place, Problem};

/// The document as the template's `sys.inputs`.
pub(crate) fn of(document: &Document, printer: &mut Printer) -> Result<Dict, PdfError> {
    let day = day::read(&document.day).ok_or_else(|| PdfError::Problems(vec![Problem::Day]))?;
    let words = words(document.language);
    let mut notes = 0;
    let mut blocks: Vec<Value> = Vec::with_capacity(document.blocks.len());
    for (index, block) in document.blocks.iter().enumerate() {
        let place = Place { block: index + 1, kind: block.kind() };
        blocks.push(of_block(block, place, &mut notes, printer)?.into_value());
    }
    Ok(dict! {
        "words" => dict! {
            "tag" => words.tag,
            "contents" => words.contents,
            "page" => words.page.to_vec(),
            "figure" => words.figure,
            "table" => words.table,
            "source" => words.source,
        },
        "paper" => match document.paper {
            Paper::UsLetter => "us-letter",
            Paper::A4 => "a4",
        },
        "title" => printer.plain(&document.title),
        "printed-title" => printer.text(&document.title),
        "subtitle" => printer.text(&document.subtitle),
        "issuer" => printer.text(&document.issuer),
        "period" => printer.text(&document.period),
        "day" => day::in_words(day, document.language),
        "date" => vec![i64::from(day.year()), i64::from(day.month()), i64::from(day.day())],
        "stamp" => document.stamp.as_ref().map(|stamp| printer.text(stamp)),
        "numbered" => document.numbered,
        "blocks" => blocks,
    })
}

fn of_block(
    block: &Block,
    place: Place,
    notes: &mut usize,
    printer: &mut Printer,
) -> Result<Dict, PdfError> {
    Ok(match block {
        Block::Heading { level, text } => dict! {
            "kind" => "heading",
            "level" => i64::from(*level),
            "text" => printer.text(text),
        },
        Block::Paragraph(text) => dict! { "kind" => "paragraph", "text" => runs(text, printer) },
        Block::KeyFigures(items) => dict! {
            "kind" => "key-figures",
            "items" => items.iter().map(|item| dict! {
                "value" => printer.text(&item.value),
                "label" => printer.text(&item.label),
                "note" => printer.text(&item.note),
            }).collect::<Vec<Dict>>(),
        },
        Block::Figure(figure) => of_figure(figure, place, printer)?,
        Block::Table(table) => of_table(table, printer),
        Block::List { ordered, items } => dict! {
            "kind" => "list",
            "ordered" => *ordered,
            "items" => paragraphs(items, printer),
        },
        Block::Callout { title, paragraphs: texts } => dict! {
            "kind" => "callout",
            "title" => printer.text(title),
            "paragraphs" => paragraphs(texts, printer),
        },
        Block::EndNotes(items) => {
            let first = *notes + 1;
            *notes += items.len();
            dict! {
                "kind" => "end-notes",
                "first" => first,
                "notes" => paragraphs(items, printer),
            }
        }
        Block::Contents => dict! { "kind" => "contents" },
        Block::PageBreak => dict! { "kind" => "page-break" },
    })
}

fn of_figure(figure: &Figure, place: Place, printer: &mut Printer) -> Result<Dict, PdfError> {
    let drawing = drawing::read(&figure.svg, printer)
        .map_err(|why| PdfError::Problems(vec![Problem::Drawing { place, why }]))?;
    Ok(dict! {
        "kind" => "figure",
        "svg" => Bytes::from_string(drawing.svg),
        "width" => drawing.width,
        "height" => drawing.height,
        "alt" => spoken(&figure.alt),
        "caption" => printer.text(&figure.caption),
        "note" => printer.text(&figure.note),
        "source" => printer.text(&figure.source),
    })
}

fn of_table(table: &Table, printer: &mut Printer) -> Dict {
    let header: Vec<Vec<Dict>> = table
        .header
        .iter()
        .map(|row| {
            let mut column = 0;
            row.iter()
                .map(|cell| {
                    let first = column;
                    column += cell.columns;
                    dict! {
                        "text" => printer.text(&cell.text),
                        "columns" => cell.columns,
                        "column" => first,
                    }
                })
                .collect()
        })
        .collect();
    let rows: Vec<Vec<Dict>> = table
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| {
                    let tone = match cell.tone {
                        Tone::Plain => "plain",
                        Tone::Total => "total",
                        Tone::Hidden => "hidden",
                        Tone::Missing => "missing",
                    };
                    dict! { "text" => printer.text(&cell.text), "tone" => tone }
                })
                .collect()
        })
        .collect();
    let alignment = table.alignment.iter().map(|side| match side {
        Alignment::Start => "start",
        Alignment::Centre => "centre",
        Alignment::End => "end",
    });
    dict! {
        "kind" => "table",
        "caption" => printer.text(&table.caption),
        "header" => header,
        "rows" => rows,
        "alignment" => alignment.collect::<Vec<&str>>(),
        "widths" => columns::widths(table),
        "row-names" => table.row_names,
        "notes" => paragraphs(&table.notes, printer),
        "source" => printer.text(&table.source),
    }
}

fn paragraphs(texts: &[Vec<Inline>], printer: &mut Printer) -> Vec<Vec<Dict>> {
    texts.iter().map(|text| runs(text, printer)).collect()
}

fn runs(runs: &[Inline], printer: &mut Printer) -> Vec<Dict> {
    runs.iter()
        .map(|run| match run {
            Inline::Text(text) => dict! { "kind" => "text", "text" => printer.text(text) },
            Inline::Strong(text) => dict! { "kind" => "strong", "text" => printer.text(text) },
            Inline::Emphasis(text) => dict! { "kind" => "emphasis", "text" => printer.text(text) },
            Inline::Link { text, url } => dict! {
                "kind" => "link",
                "text" => printer.text(text),
                "url" => spoken(url),
            },
            Inline::Note(number) => dict! { "kind" => "note", "number" => *number },
        })
        .collect()
}
