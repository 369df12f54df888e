//! One chart or table with everything that must stand beside it.
//!
//! In: a title, a subtitle, figures. Out: an [`Exhibit`], which a page prints: title (the
//! finding), subtitle (measure, unit, place, period), drawing, equal table, cautions, source and
//! as-of date, coverage, findings.

use std::collections::BTreeSet;

use askama::Template;
use records::{Finding, Period, Severity, Standing};

use crate::charts::Drawing;
use crate::html::{Links, SITE};
use crate::phrase::Phrase;
use crate::said::said;
use crate::select::{Figures, Shown};
use crate::stamp::Badge;
use crate::{ReportedFigure, StateReport, documents, words};

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

/// A column's header, whether its cells are numbers, and whether they are stated totals.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) number: bool,
    pub(crate) total: bool,
}

impl Column {
    /// A column of numbers.
    pub(crate) fn number(label: impl Into<String>) -> Column {
        Column { label: label.into(), number: true, total: false }
    }

    /// A column of totals.
    pub(crate) fn total(label: impl Into<String>) -> Column {
        Column { label: label.into(), number: true, total: true }
    }

    /// A column of words.
    pub(crate) fn words(label: impl Into<String>) -> Column {
        Column { label: label.into(), number: false, total: false }
    }

    /// The class of its cells in the style sheet.
    pub(crate) fn class(&self) -> &'static str {
        match (self.number, self.total) {
            (_, true) => "n sum",
            (true, false) => "n",
            (false, false) => "",
        }
    }
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
    /// No row of numbers: it names the rows under it.
    Group,
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

    /// A row that names those under it.
    pub(crate) fn group(head: impl Into<String>) -> Row {
        Row { head: Phrase::of(head), cells: Vec::new(), kind: RowKind::Group }
    }

    /// Its class in the style sheet.
    pub(crate) fn class(&self) -> &'static str {
        match self.kind {
            RowKind::Plain => "",
            RowKind::Total => "total",
            RowKind::Apart => "apart",
            RowKind::Group => "group",
        }
    }

    /// Whether it names the rows under it.
    pub(crate) fn is_group(&self) -> bool {
        self.kind == RowKind::Group
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
        let column = |(position, label): (usize, &&str)| match label.strip_prefix('~') {
            Some(label) => Column::words(label),
            None if position == 0 => Column::words(*label),
            None => Column::number(*label),
        };
        Grid {
            caption: caption.into(),
            head: head.iter().enumerate().map(column).collect(),
            rows: Vec::new(),
        }
    }

    /// The class of the cell at a position (behind the row's header).
    pub(crate) fn class(&self, position: &usize) -> &'static str {
        self.head.get(position + 1).map_or("", Column::class)
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
    /// The weightiest findings, and how many there are besides.
    pub(crate) findings: Vec<Finding>,
    pub(crate) more_findings: usize,
}

/// One chart or table, complete.
#[derive(Debug, Clone)]
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

/// An exhibit on a page, which says where its links lead.
#[derive(Debug, Template)]
#[template(path = "exhibit.html")]
pub(crate) struct OnPage<'a> {
    exhibit: &'a Exhibit,
    links: Links<'a>,
}

impl Exhibit {
    /// As a page of the site prints it.
    pub(crate) fn on_site(&self) -> OnPage<'_> {
        self.on(SITE)
    }

    /// As a page with these links prints it.
    pub(crate) fn on<'a>(&'a self, links: Links<'a>) -> OnPage<'a> {
        OnPage { exhibit: self, links }
    }

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
        let mut findings = findings(report, figures);
        let more_findings = findings.len().saturating_sub(TOLD);
        findings.truncate(TOLD);
        Provenance {
            badge: Badge::of(figures.iter().copied()),
            source: source(figures),
            as_of: as_of(report, figures),
            coverage: coverage(figures),
            findings,
            more_findings,
        }
    }
}

/// At most this many findings are told beside a chart or table.
const TOLD: usize = 3;

/// More reporters than this are named row by row, not in the line of the source.
const NAMED: usize = 4;

/// Who states the figures and in which documents; for sums, of how many returns they are made.
fn source(figures: &[&ReportedFigure]) -> String {
    let stated = || figures.iter().filter(|figure| !figure.summed);
    let documents: BTreeSet<&str> = stated()
        .flat_map(|figure| &figure.sources)
        .map(|source| source.document.as_str())
        .filter(|document| !document.is_empty())
        .collect();
    let sent = |figure: &&&ReportedFigure| figure.standing == Standing::Submitted;
    let reporters: BTreeSet<&str> = stated()
        .map(|figure| {
            let name = figure.reporter.1.as_str();
            // A reporter who is named with a document is not named with it twice.
            let document = documents.iter().find_map(|document| {
                let at = name.rfind(", ")?;
                document.starts_with(&name[at + 2..]).then_some(&name[..at])
            });
            document.unwrap_or(name)
        })
        .collect();
    let mut parts = Vec::new();
    let mut names = match reporters.len() {
        many if many > NAMED => {
            format!("{} reporters, each named beside its number", words::count(many))
        }
        _ => listed(&reporters),
    };
    if !documents.is_empty() && stated().any(|figure| !sent(&figure)) {
        names.push_str(&format!(", in: {}", documents::listed(documents)));
    }
    if !names.is_empty() {
        parts.push(names);
    }
    if figures.iter().any(|figure| figure.summed) {
        let returns: BTreeSet<i64> =
            figures.iter().flat_map(|figure| &figure.sources).map(|one| one.return_id).collect();
        let noun = if returns.len() == 1 { "return" } else { "returns" };
        parts.push(format!(
            "{} {noun} of the task forces, added up by Clearway",
            words::count(returns.len())
        ));
    }
    words::capital(&parts.join("; "))
}

/// Who reported, in the figures' own sentences; with their periods where these differ.
fn coverage(figures: &[&ReportedFigure]) -> String {
    let bare =
        |figure: &&ReportedFigure| figure.coverage == format!("stated by {}", figure.reporter.1);
    let mut sentences: Vec<(&str, Period)> = Vec::new();
    for figure in figures.iter().filter(|figure| !figure.coverage.is_empty() && !bare(figure)) {
        if !sentences.iter().any(|(sentence, _)| *sentence == figure.coverage) {
            sentences.push((&figure.coverage, figure.period));
        }
    }
    match sentences.as_slice() {
        [] if figures.iter().any(bare) => {
            "Beyond who states a number, not in the source.".to_owned()
        }
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
        None if figures.iter().all(|figure| figure.standing == Standing::Submitted) => {
            format!("Returns taken in up to {}.", words::day(report.as_of))
        }
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
