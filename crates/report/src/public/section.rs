//! The published report as parts, before it becomes a page, a PDF or a file.
//!
//! A [`Section`] is one message with its chart and its table. Text is plain, never markup.

use disclosure::{PublishedValue, Receipt};

/// The whole report in one language.
#[derive(Debug, Clone)]
pub struct PublicDocument {
    /// In which language.
    pub language: super::Language,
    /// The title: the state and the period.
    pub title: String,
    /// The period, in words.
    pub period: String,
    /// What the report is, in two sentences.
    pub introduction: String,
    /// That the data are made up, if they are.
    pub made_up: Option<String>,
    /// The first numbers.
    pub key_figures: Vec<KeyFigure>,
    /// The messages in order.
    pub sections: Vec<Section>,
    /// Method, coverage, definitions, uncertainty.
    pub end_notes: Vec<EndNote>,
    /// Day and version.
    pub colophon: String,
}

/// A number that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigure {
    /// The number, or the sign of a hidden one.
    pub number: String,
    /// Between what it lies, when it carries noise.
    pub range: Option<String>,
    /// What it counts.
    pub what: String,
}

/// One message with its chart and its table.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name, by which `explain` finds it.
    pub id: &'static str,
    /// What it is about.
    pub heading: String,
    /// The finding, in one sentence.
    pub message: String,
    /// Measure, unit, place, period.
    pub subtitle: String,
    /// The chart; none when there is nothing to draw.
    pub chart: Option<Chart>,
    /// The same as a table.
    pub table: TableShown,
    /// How to read it, and what must be said with it.
    pub notes: Vec<String>,
    /// The release that the numbers come from, in words.
    pub source: String,
    /// The release itself.
    pub receipt: Receipt,
    /// The table or estimate of the data files that it shows.
    pub data: String,
}

/// A chart in its three forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// For a desk screen: SVG that takes its colours from the page's style sheet.
    pub wide: String,
    /// For a phone.
    pub narrow: String,
    /// As the wide one, with its colours in it: a file of its own, also for a PDF.
    pub document: String,
    /// Everything drawn, in words.
    pub alternative: String,
    /// What its signs mean.
    pub key: Vec<KeySign>,
}

/// A sign of a chart that needs words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySign {
    /// Its class in the style sheet.
    pub class: &'static str,
    /// What it means.
    pub words: String,
}

/// A table as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableShown {
    /// Its caption.
    pub caption: String,
    /// How many columns at the left name the row.
    pub named_by: usize,
    /// The heads of all columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<RowShown>,
}

impl TableShown {
    /// Its rows in groups: with more than one name each, by the first, which is then the group's.
    pub fn groups(&self) -> Vec<(Option<&str>, Vec<&RowShown>)> {
        let mut groups: Vec<(Option<&str>, Vec<&RowShown>)> = Vec::new();
        for row in &self.rows {
            let grouped = self.named_by > 1 && !row.total;
            let name = row.names.first().filter(|_| grouped).map(String::as_str);
            match groups.last_mut() {
                Some((last, rows)) if *last == name => rows.push(row),
                _ => groups.push((name, vec![row])),
            }
        }
        groups
    }

    /// The head of a row's name, which stands under its group's.
    pub fn name_head(&self) -> &str {
        self.columns.get(self.named_by.saturating_sub(1)).map_or("", String::as_str)
    }
}

impl RowShown {
    /// The name under its group's, or of everything.
    pub fn name(&self) -> &str {
        let named = self.names.iter().rev().find(|name| !name.is_empty());
        named.map_or("", String::as_str)
    }
}

/// A row of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowShown {
    /// What names it.
    pub names: Vec<String>,
    /// Its cells.
    pub cells: Vec<CellShown>,
    /// Whether it is the sum of others.
    pub total: bool,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellShown {
    /// What is printed.
    pub text: String,
    /// What it is.
    pub kind: CellKind,
}

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// A number that was released.
    Released(PublishedValue),
    /// The interval of the number before it.
    Interval,
    /// Words.
    Words,
}

/// A note at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndNote {
    /// Its name on the page.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}
