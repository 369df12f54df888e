//! What can stand in a report, as plain data.
//!
//! Every string is text: it is printed as it is, whatever characters are in it. Line breaks and
//! tabs in a string are spaces.

/// A report, from its cover to its end notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The language of everything in it: hyphenation, "Table 1", "page 2 of 9".
    pub language: Language,
    /// The sheet that it is made for.
    pub paper: Paper,
    /// Its name; on the cover, in the running head and in a reader's window.
    pub title: String,
    /// What it says, in one sentence below the title; may be empty.
    pub subtitle: String,
    /// Who answers for it.
    pub issuer: String,
    /// Which time it is about, in words.
    pub period: String,
    /// The day it is dated, `2026-11-29`; also the file's own date, so that the same document
    /// gives the same bytes.
    pub day: String,
    /// What stands at the head of every page as a warning ("internal: not for publication").
    pub stamp: Option<String>,
    /// Whether headings carry numbers.
    pub numbered: bool,
    /// What stands in it, in reading order.
    pub blocks: Vec<Block>,
}

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English, with dates as in the United States.
    English,
    /// Spanish.
    Spanish,
}

/// The size of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 8½ × 11 inches.
    #[default]
    UsLetter,
    /// 210 × 297 mm.
    A4,
}

/// One piece of a report, across the width of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading and a bookmark. The first is of level 1, and none is more than one level below
    /// the one before it.
    Heading {
        /// 1 (a chapter) to 4.
        level: u8,
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// The numbers to remember, large, side by side.
    KeyFigures(Vec<KeyFigure>),
    /// A chart or a map.
    Figure(Figure),
    /// A table; its header is repeated on every page that it reaches.
    Table(Table),
    /// A list.
    List {
        /// Whether the order matters: numbered.
        ordered: bool,
        /// Its items.
        items: Vec<Vec<Inline>>,
    },
    /// A box beside the argument: how to read hidden cells, what the numbers are not.
    Callout {
        /// Its first line.
        title: String,
        /// Its paragraphs.
        paragraphs: Vec<Vec<Inline>>,
    },
    /// Notes that [`Inline::Note`] points to, numbered on from those before.
    EndNotes(Vec<Vec<Inline>>),
    /// The contents: headings of levels 1 and 2 with their pages.
    Contents,
    /// What follows begins on a new page.
    PageBreak,
}

/// A run of text inside a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Text(String),
    /// Words that carry the weight: bold.
    Strong(String),
    /// Words that are stressed, or a title: italic.
    Emphasis(String),
    /// Words that lead somewhere.
    Link {
        /// What is read.
        text: String,
        /// `https:`, `http:` or `mailto:`.
        url: String,
    },
    /// A raised number that leads to that end note, counted from 1.
    Note(usize),
}

impl From<&str> for Inline {
    fn from(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }
}

/// A number to remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigure {
    /// The number as it is printed: "1,204", "620 to 910".
    pub value: String,
    /// What it counts.
    pub label: String,
    /// What limits it, in small type; may be empty.
    pub note: String,
}

/// A chart or a map with all that must stand beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// A complete SVG document: its colours in it, nothing fetched.
    pub svg: String,
    /// What it shows, for somebody who cannot see it: the finding and the numbers behind it.
    pub alt: String,
    /// Its headline: the finding.
    pub caption: String,
    /// How to read it; may be empty.
    pub note: String,
    /// Where the numbers come from; may be empty.
    pub source: String,
}

/// A table of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its headline.
    pub caption: String,
    /// Header rows, at least one; spans add up to the number of columns.
    pub header: Vec<Vec<HeaderCell>>,
    /// The rows below, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// One for each column: numbers stand at the end.
    pub alignment: Vec<Alignment>,
    /// Whether the first column names its row.
    pub row_names: bool,
    /// Direct notes below it.
    pub notes: Vec<Vec<Inline>>,
    /// Where the numbers come from; may be empty.
    pub source: String,
}

/// A cell of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderCell {
    /// What the column is.
    pub text: String,
    /// How many columns it stands over, 1 or more.
    pub columns: usize,
}

impl From<&str> for HeaderCell {
    fn from(text: &str) -> HeaderCell {
        HeaderCell { text: text.to_owned(), columns: 1 }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its words or its number, as printed.
    pub text: String,
    /// How it is set.
    pub tone: Tone,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell { text: text.to_owned(), tone: Tone::Plain }
    }
}

/// How a cell is set; each differs in black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As text.
    Plain,
    /// A total: bold.
    Total,
    /// Hidden for the protection of people: a hatched mark before it, in italics.
    Hidden,
    /// No number was given (unknown, not collected): in italics.
    Missing,
}

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// At the left: words.
    Start,
    /// In the middle.
    Centre,
    /// At the right: numbers.
    End,
}
