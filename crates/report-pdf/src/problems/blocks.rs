//! Each block by itself, and headings in their order.

use super::{Found, Place, Problem};
use crate::printable::{Printer, spoken};
use crate::{Block, Figure, Inline, Table, drawing};

/// The deepest heading.
const DEEPEST: u8 = 4;
/// The most columns that can be read on a page.
const COLUMNS: usize = 16;

/// Checks every block.
pub(super) fn check(blocks: &[Block], found: &mut Found) {
    let mut level = 0;
    for (index, block) in blocks.iter().enumerate() {
        let place = Place { block: index + 1, kind: block.kind() };
        match block {
            Block::Heading { level: next, text } => {
                heading(place, level, *next, found);
                level = *next;
                found.needed(place, "text", text, "it is a bookmark too");
            }
            Block::Paragraph(text) => runs(place, text, found),
            Block::KeyFigures(items) => {
                some(place, "row of key figures", items.len(), found);
                for item in items {
                    found.needed(
                        place,
                        "number",
                        &item.value,
                        "say that it is hidden or not known",
                    );
                    found.needed(place, "label", &item.label, "a number says what it counts");
                    found.short(place, "note", &item.note);
                }
            }
            Block::Figure(item) => figure(place, item, found),
            Block::Table(item) => table(place, item, found),
            Block::List { items, .. } => {
                some(place, "list", items.len(), found);
                items.iter().for_each(|item| runs(place, item, found));
            }
            Block::Callout { title, paragraphs } => {
                found.needed(place, "title", title, "a box says what it is about");
                paragraphs.iter().for_each(|text| runs(place, text, found));
            }
            Block::EndNotes(notes) => {
                some(place, "list of notes", notes.len(), found);
                notes.iter().for_each(|note| runs(place, note, found));
            }
            Block::Contents | Block::PageBreak => {}
        }
    }
}

fn heading(place: Place, before: u8, level: u8, found: &mut Found) {
    let most = (before + 1).min(DEEPEST);
    if level == 0 || level > most {
        found.problems.push(Problem::HeadingLevel { place, level, most });
    }
}

fn some(place: Place, part: &'static str, items: usize, found: &mut Found) {
    if items == 0 {
        found.problems.push(Problem::Empty { place, part, why: "leave the block away" });
    }
}

fn runs(place: Place, runs: &[Inline], found: &mut Found) {
    for run in runs {
        match run {
            Inline::Text(text) | Inline::Strong(text) | Inline::Emphasis(text) => {
                found.long(place, "text", text);
            }
            Inline::Link { text, url } => {
                found.needed(place, "text of a link", text, "a link says where it leads");
                found.long(place, "address of a link", url);
                if !["https:", "http:", "mailto:"].iter().any(|scheme| url.starts_with(scheme)) {
                    found.problems.push(Problem::Link { place });
                }
            }
            Inline::Note(_) => {}
        }
    }
}

fn figure(place: Place, figure: &Figure, found: &mut Found) {
    found.needed(place, "caption", &figure.caption, "a figure says what it shows");
    if spoken(&figure.alt).trim().is_empty() {
        let why = "say what it shows for somebody who cannot see it";
        found.problems.push(Problem::Empty { place, part: "alternative text", why });
    }
    found.long(place, "alternative text", &figure.alt);
    found.long(place, "note", &figure.note);
    found.long(place, "source", &figure.source);
    if let Err(why) = drawing::read(&figure.svg, &mut Printer::default()) {
        found.problems.push(Problem::Drawing { place, why });
    }
}

fn table(place: Place, table: &Table, found: &mut Found) {
    found.needed(place, "caption", &table.caption, "a table says what it shows");
    some(place, "header", table.header.len(), found);
    some(place, "list of columns", table.alignment.len(), found);
    some(place, "body", table.rows.len(), found);
    let expected = table.alignment.len();
    if expected > COLUMNS {
        found.problems.push(Problem::TooManyColumns { place, columns: expected, most: COLUMNS });
    }
    for (index, row) in table.header.iter().enumerate() {
        let columns = row.iter().map(|cell| cell.columns.max(1)).fold(0, usize::saturating_add);
        let spans = row.iter().all(|cell| cell.columns > 0);
        if columns != expected || !spans {
            let (part, row) = ("header row", index + 1);
            found.problems.push(Problem::Columns { place, part, row, found: columns, expected });
        }
        row.iter().for_each(|cell| found.short(place, "head of a column", &cell.text));
    }
    for (index, row) in table.rows.iter().enumerate() {
        if row.len() != expected {
            let (part, found_columns) = ("row", row.len());
            found.problems.push(Problem::Columns {
                place,
                part,
                row: index + 1,
                found: found_columns,
                expected,
            });
        }
        row.iter().for_each(|cell| found.long(place, "cell", &cell.text));
    }
    table.notes.iter().for_each(|note| runs(place, note, found));
    found.long(place, "source", &table.source);
}

impl Block {
    /// What it is, in a word.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Block::Heading { .. } => "heading",
            Block::Paragraph(_) => "paragraph",
            Block::KeyFigures(_) => "key figures",
            Block::Figure(_) => "figure",
            Block::Table(_) => "table",
            Block::List { .. } => "list",
            Block::Callout { .. } => "box",
            Block::EndNotes(_) => "end notes",
            Block::Contents => "contents",
            Block::PageBreak => "page break",
        }
    }
}
