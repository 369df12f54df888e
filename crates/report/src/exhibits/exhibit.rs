//! One chart or table with everything that must stand beside it.
//!
//! In: a title, a subtitle, figures. Out: an [`Exhibit`], which prints itself: title (the
//! finding), subtitle (measure, unit, place, period), drawing, equal table, cautions, source and
//! as-of date, coverage, findings.

use std::collections::BTreeSet;

use askama::Template;
use records::{Finding, Period, Severity};

use crate::charts::Drawing;
use crate::phrase::Phrase;
use crate::said::said;
use crate::select::{Figures, Shown};
use crate::stamp::Badge;
use crate::{ReportedFigure, StateReport, words};

/// What every exhibit is made from.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The report.
    pub(crate) report: &'a StateReport,
    /// Its figures.
    pub(crate) figures: Figures<'a>,
    /// Those shown so far.
    pub(crate) shown: Shown,
}

impl<'a> Context<'a> {
    /// Nothing shown yet.
    pub(crate) fn new(report: &'a StateReport) -> Context<'a> {
        Context { report, figures: Figures::together(&report.figures), shown: Shown::default() }
    }
}

/// A column's header, and whether its cells are numbers.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) number: bool,
}

/// How a row is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// A row among others.
    Plain,
    /// A total that the source states.
    Total,
    /// Set apart from the others: it enters no total.
    Apart,
}

/// One row: its header and its cells.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) head: Phrase,
    pub(crate) cells: Vec<Phrase>,
    pub(crate) kind: RowKind,
}

impl Row {
    /// A row among others.
    pub(crate) fn plain(head: impl Into<String>, cells: Vec<Phrase>) -> Row {
        Row { head: Phrase::of(head), cells, kind: RowKind::Plain }
    }

    /// Its class in the style sheet.
    pub(crate) fn class(&self) -> &'static str {
        match self.kind {
            RowKind::Plain => "",
            RowKind::Total => "total",
            RowKind::Apart => "apart",
        }
    }
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    pub(crate) caption: String,
    pub(crate) head: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

impl Grid {
    /// A table whose columns after the first hold numbers, but for those marked with `~`.
    pub(crate) fn new(caption: impl Into<String>, head: &[&str]) -> Grid {
        let column = |(position, label): (usize, &&str)| Column {
            label: label.trim_start_matches('~').to_owned(),
            number: position > 0 && !label.starts_with('~'),
        };
        Grid {
            caption: caption.into(),
            head: head.iter().enumerate().map(column).collect(),
            rows: Vec::new(),
        }
    }

    /// Whether the cell at a position (behind the row's header) is a number.
    pub(crate) fn number(&self, position: &usize) -> bool {
        self.head.get(position + 1).is_some_and(|column| column.number)
    }

    /// The header of the cell at a position (behind the row's header).
    pub(crate) fn label(&self, position: &usize) -> &str {
        self.head.get(position + 1).map_or("", |column| column.label.as_str())
    }

    /// Whether cells hold words, so that a phone shows each row as a list.
    pub(crate) fn in_words(&self) -> bool {
        self.head.iter().skip(1).any(|column| !column.number)
    }

    /// Whether the table needs the whole width of the page.
    pub(crate) fn broad(&self) -> bool {
        self.head.len() > 4 || self.in_words()
    }
}

/// Numbers that stand side by side and are never summed.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) value: Phrase,
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) when: String,
}

/// Where the figures of an exhibit come from.
#[derive(Debug, Clone)]
pub(crate) struct Provenance {
    pub(crate) badge: Badge,
    pub(crate) source: String,
    pub(crate) as_of: String,
    pub(crate) coverage: String,
    pub(crate) findings: Vec<Finding>,
}

/// One chart or table, complete.
#[derive(Debug, Clone, Template)]
#[template(path = "exhibit.html")]
pub(crate) struct Exhibit {
    pub(crate) anchor: String,
    pub(crate) number: String,
    pub(crate) title: Phrase,
    pub(crate) subtitle: String,
    pub(crate) both_ends: Option<String>,
    pub(crate) drawing: Option<Drawing>,
    pub(crate) map_key: bool,
    pub(crate) cards: Vec<Card>,
    pub(crate) grid: Grid,
    pub(crate) cautions: Vec<Phrase>,
    pub(crate) provenance: Provenance,
}

impl Exhibit {
    /// An exhibit of these figures, to which drawing, table and cautions are added.
    pub(crate) fn new(
        context: &Context<'_>,
        (anchor, number): (&str, &str),
        title: Phrase,
        subtitle: String,
        figures: &[&ReportedFigure],
    ) -> Exhibit {
        context.shown.note(figures.iter().copied());
        Exhibit {
            anchor: anchor.to_owned(),
            number: number.to_owned(),
            title,
            subtitle,
            both_ends: None,
            drawing: None,
            map_key: false,
            cards: Vec::new(),
            grid: Grid::default(),
            cautions: Vec::new(),
            provenance: Provenance::of(context.report, figures),
        }
    }

    /// Whether the table is small enough to be set narrow.
    pub(crate) fn compact(&self) -> bool {
        self.drawing.is_none() && !self.grid.broad()
    }

    /// Whether drawing and table stand side by side on a wide page.
    pub(crate) fn beside(&self) -> bool {
        self.drawing.is_some() && !self.grid.broad()
    }
}

impl Provenance {
    /// Reporters, documents, as-of date, coverage and findings of some figures, each once.
    pub(crate) fn of(report: &StateReport, figures: &[&ReportedFigure]) -> Provenance {
        let reporters: BTreeSet<&str> =
            figures.iter().map(|figure| figure.reporter.1.as_str()).collect();
        let documents: BTreeSet<&str> = figures
            .iter()
            .flat_map(|figure| &figure.sources)
            .map(|source| source.document.as_str())
            .filter(|document| !document.is_empty())
            .collect();
        let mut source = listed(&reporters);
        if !documents.is_empty() {
            let documents: Vec<&str> = documents.into_iter().collect();
            source.push_str(&format!(", in: {}", documents.join("; ")));
        }
        if figures.iter().any(|figure| figure.summed) {
            source.push_str("; summed by Clearway from the returns");
        }
        Provenance {
            badge: Badge::of(figures.iter().copied()),
            source,
            as_of: as_of(report, figures),
            coverage: coverage(figures),
            findings: findings(report, figures),
        }
    }
}

/// Who reported, in the figures' own sentences; with their periods where these differ.
fn coverage(figures: &[&ReportedFigure]) -> String {
    let mut sentences: Vec<(&str, Period)> = Vec::new();
    for figure in figures {
        let known = sentences.iter().any(|(sentence, _)| *sentence == figure.coverage);
        if !figure.coverage.is_empty() && !known {
            sentences.push((&figure.coverage, figure.period));
        }
    }
    match sentences.as_slice() {
        [] => String::new(),
        [(sentence, _)] => said(sentence),
        few if few.len() <= 3 => few
            .iter()
            .map(|(sentence, period)| {
                format!("{}: {}", words::capital(&words::period(period)), said(sentence))
            })
            .collect::<Vec<_>>()
            .join(" "),
        _ => "Differs from figure to figure; it stands at each figure’s entry.".to_owned(),
    }
}

fn as_of(report: &StateReport, figures: &[&ReportedFigure]) -> String {
    let stated = figures.iter().filter_map(|figure| figure.as_of).max();
    match stated {
        Some(date) => format!("As of {}.", words::day(date)),
        None => format!(
            "The source states no as-of date; returns taken in up to {}.",
            words::day(report.as_of)
        ),
    }
}

/// What a rule or the source says of these figures, the weightier first.
fn findings(report: &StateReport, figures: &[&ReportedFigure]) -> Vec<Finding> {
    let mut touching: Vec<Finding> = Vec::new();
    for finding in report.quality.iter().flat_map(|section| &section.findings) {
        let touches = figures.iter().any(|figure| finding.figures.contains(&figure.id));
        if touches && finding.severity > Severity::Note && !touching.contains(finding) {
            touching.push(finding.clone());
        }
    }
    touching.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    touching
}

/// Names in a row: `a`, `a and b`, `a, b and c`.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().copied().collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
