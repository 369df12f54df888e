//! A table and its mapping → figures, or every error at once.
//!
//! In: a [`Table`] as it stands in its file and the [`Mapping`] that reads it. Out: [`Checked`]:
//! the figures, the agency's own classifications, and the totals that were cross-footed. Nothing
//! is guessed, and a file with one error gives no figures at all.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::mapping::{reporter, unit_of};
use super::recognise::within_two_edits;
use super::{Column, Counted, Empty, Mapping, Role, dimension_kind, same_header};
use crate::register::{Kind, Register, Version};
use crate::{
    Answer, CellProblem, Dimension, Figure, FigureId, Origin, Part, Period, Shown, Unit, person,
};

/// A table as it stands in its file.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// The file's name, for messages.
    pub file: &'a str,
    /// The row in which the header stands.
    pub header_row: u64,
    /// The header.
    pub header: &'a [String],
    /// The rows with their numbers.
    pub rows: &'a [(u64, Vec<String>)],
}

/// What a return holds, once checked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    /// The figures, in order of rows and columns.
    pub figures: Vec<Figure>,
    /// The agency's own classifications, beside the state's.
    pub classifications: Vec<Classification>,
    /// The totals and what their cells add up to.
    pub cross_footed: Vec<CrossFoot>,
    /// Rows read, examples not counted.
    pub rows: u64,
}

/// An agency's own word for what the state classifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// The figure.
    pub figure: FigureId,
    /// The agency's word.
    pub agency: String,
    /// The state's code, absent when the row states none.
    pub state: Option<String>,
    /// Whether both say the same.
    pub agrees: bool,
}

/// A total that a table states, and the sum of its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossFoot {
    /// The total's figure.
    pub total: FigureId,
    /// What the table states.
    pub stated: i64,
    /// What its cells add up to.
    pub summed: i64,
    /// How many cells were added.
    pub cells: usize,
}

/// Reads a table by its mapping.
///
/// Costs one pass over the cells, and one over each total's group.
///
/// # Errors
///
/// Every problem of the table, in order of rows: columns missing, unknown or about a person;
/// periods, codes and counts that cannot be read; figures answered twice; totals that are not the
/// sum of their cells.
pub fn check(
    table: Table<'_>,
    mapping: &Mapping,
    register: &Register,
) -> Result<Checked, Vec<CellProblem>> {
    let mut reader = Reader::new(table, mapping, register);
    reader.check_header();
    if reader.problems.is_empty() {
        for (number, cells) in table.rows {
            reader.read_row(*number, cells);
        }
        reader.finish_totals();
        reader.find_doubles();
        reader.cross_foot_columns();
        reader.cross_foot_rows();
        if table.rows.is_empty() {
            reader.problem(
                table.header_row,
                "",
                Shown::Value(String::new()),
                "at least one row under the header",
                "fill in the return, or leave the file out",
            );
        }
    }
    if reader.problems.is_empty() {
        Ok(reader.checked)
    } else {
        reader.problems.sort_by_key(|problem| problem.row);
        Err(reader.problems)
    }
}

/// What a row says before its counts are read.
struct RowHead {
    number: u64,
    period: Option<Period>,
    reporter: Option<String>,
    as_of: Option<Date>,
    dimensions: BTreeMap<Dimension, String>,
    note: Option<String>,
    agency_classification: Option<String>,
    is_total: bool,
}

struct Reader<'a> {
    table: Table<'a>,
    mapping: &'a Mapping,
    register: &'a Register,
    version: &'a Version,
    /// Per column of the table: the mapping's column.
    columns: Vec<Option<&'a Column>>,
    problems: Vec<CellProblem>,
    checked: Checked,
    /// Figures of total rows, whose period is that of their cells.
    totals: Vec<Figure>,
    /// Per total column's figure: the row and the columns it is the sum of.
    column_totals: Vec<(usize, &'a [String])>,
}

impl<'a> Reader<'a> {
    fn new(table: Table<'a>, mapping: &'a Mapping, register: &'a Register) -> Reader<'a> {
        Reader {
            table,
            mapping,
            register,
            version: mapping.version(register),
            columns: table.header.iter().map(|name| mapping.column(name)).collect(),
            problems: Vec::new(),
            checked: Checked::default(),
            totals: Vec::new(),
            column_totals: Vec::new(),
        }
    }

    fn problem(
        &mut self,
        row: u64,
        column: &str,
        value: Shown,
        expected: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.problems.push(CellProblem {
            file: self.table.file.to_owned(),
            row,
            column: column.to_owned(),
            value,
            expected: expected.into(),
            fix: fix.into(),
        });
    }

    fn check_header(&mut self) {
        let header = self.table.header;
        for (at, name) in header.iter().enumerate() {
            if self.columns[at].is_some() {
                if header[..at].iter().any(|earlier| same_header(earlier, name)) {
                    self.problem(
                        self.table.header_row,
                        name,
                        Shown::value(name),
                        "each column once",
                        "remove or rename the second column of this name",
                    );
                }
            } else if person::is_about_a_person(name) {
                self.problem(
                    self.table.header_row,
                    name,
                    Shown::Withheld,
                    "a return of totals, with nothing about a person",
                    "remove the column; records about people never go by this route",
                );
            } else {
                let known: Vec<&str> =
                    self.mapping.columns.iter().map(|c| c.name.as_str()).collect();
                let near = known
                    .iter()
                    .find(|known| within_two_edits(&known.to_lowercase(), &name.to_lowercase()));
                let fix = match near {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => "remove the column, or save and extend a mapping with `clearway check FILE --save-mapping MAPPING.toml` and give it with --mapping".to_owned(),
                };
                self.problem(
                    self.table.header_row,
                    name,
                    Shown::Withheld,
                    format!(
                        "one of the columns {} (mapping {})",
                        known.join(", "),
                        self.mapping.id
                    ),
                    fix,
                );
            }
        }
        let missing: Vec<&str> = self
            .mapping
            .columns
            .iter()
            .filter(|column| {
                !column.optional && !header.iter().any(|n| same_header(n, &column.name))
            })
            .map(|column| column.name.as_str())
            .collect();
        for name in missing {
            self.problem(
                self.table.header_row,
                name,
                Shown::Value(String::new()),
                format!("a column \"{name}\" (mapping {})", self.mapping.id),
                "add the column, or name another mapping with --mapping",
            );
        }
    }

    fn read_row(&mut self, number: u64, cells: &[String]) {
        if self.is_example(cells) {
            return;
        }
        self.checked.rows += 1;
        let before = self.problems.len();
        let mut head = self.read_head(number, cells);
        let counted = self.counted_cells(number, cells, &mut head);
        // A row whose head is wrong keeps nothing, yet its counts are looked at all the same.
        let keep = self.problems.len() == before;
        for (column, text, counted) in counted {
            let figure = self.read_count(&head, column, text, &counted);
            if let (Some(figure), true) = (figure, keep) {
                self.keep(&head, column, figure);
            }
        }
    }

    fn is_example(&self, cells: &[String]) -> bool {
        self.columns.iter().zip(cells).any(|(column, cell)| {
            matches!(column, Some(Column { role: Role::Example, .. }))
                && cell.trim().eq_ignore_ascii_case("yes")
        })
    }

    /// Reads everything of a row but its counts.
    fn read_head(&mut self, number: u64, cells: &[String]) -> RowHead {
        let total = self.mapping.total_row.as_ref();
        let is_total = self.columns.iter().zip(cells).any(|(column, cell)| {
            matches!((column, total), (Some(column), Some(total))
                if same_header(&column.name, &total.column)
                    && cell.trim().eq_ignore_ascii_case(&total.word))
        });
        let mut head = RowHead {
            number,
            period: self.mapping.period,
            reporter: self.mapping.reporter.clone(),
            as_of: self.mapping.as_of,
            dimensions: self.mapping.set.clone(),
            note: None,
            agency_classification: None,
            is_total,
        };
        let mut through = None;
        for (at, cell) in cells.iter().enumerate() {
            let Some(column) = self.columns.get(at).copied().flatten() else { continue };
            let text = cell.trim();
            let totals_word =
                is_total && total.is_some_and(|total| same_header(&column.name, &total.column));
            match &column.role {
                _ if totals_word => {}
                Role::Period { not_a_period, may_be_empty } => {
                    head.period =
                        self.read_period(number, column, text, not_a_period, *may_be_empty);
                }
                Role::Through if text.is_empty() => {}
                Role::Through => through = self.read_date(number, column, text),
                Role::AsOf if text.is_empty() => {}
                Role::AsOf => head.as_of = self.read_date(number, column, text).or(head.as_of),
                Role::Dimension { dimension, values } => {
                    if let Some(code) = self.read_code(number, column, text, *dimension, values) {
                        head.dimensions.insert(*dimension, code);
                    }
                }
                Role::Breakdown { values, otherwise } => {
                    let set = self.read_breakdown(number, column, text, values, *otherwise);
                    head.dimensions.extend(set);
                }
                Role::Reporter { values } => {
                    head.reporter = self.read_reporter(number, column, text, values);
                }
                Role::Note => {
                    let notes = [head.note.take(), self.read_note(number, column, text)];
                    let notes: Vec<String> = notes.into_iter().flatten().collect();
                    head.note = (!notes.is_empty()).then(|| notes.join("; "));
                }
                Role::AgencyClassification if !text.is_empty() => {
                    head.agency_classification = self.read_note(number, column, text);
                }
                Role::AgencyClassification
                | Role::Example
                | Role::Ignored
                | Role::Measure { .. }
                | Role::Value
                | Role::Count(_) => {}
            }
        }
        if let (Some(last), Some(period)) = (through, head.period) {
            match period.through(last) {
                Ok(cut) => head.period = Some(cut),
                Err(_) => self.problem(
                    number,
                    "through",
                    Shown::value(&last.to_string()),
                    format!("a day inside the period {period}"),
                    "give the last day that the row covers",
                ),
            }
        }
        if let (Some(as_of), Some(end)) = (head.as_of, head.period.and_then(|period| period.end()))
            && as_of < end
            && !is_total
        {
            self.problem(
                number,
                "",
                Shown::value(&format!("as of {as_of}, period to {end}")),
                "an as-of date on or after the period's last day",
                "correct the as-of date, or shorten the period to what was covered",
            );
        }
        head
    }

    fn read_period(
        &mut self,
        row: u64,
        column: &Column,
        text: &str,
        not_a_period: &[String],
        may_be_empty: bool,
    ) -> Option<Period> {
        if (text.is_empty() && may_be_empty) || not_a_period.iter().any(|word| word == text) {
            return Some(Period::UNDATED);
        }
        match text.parse() {
            Ok(period) => Some(period),
            Err(expected) => {
                self.problem(
                    row,
                    &column.name,
                    Shown::value(text),
                    expected.to_string(),
                    "write the period in one of these forms",
                );
                None
            }
        }
    }

    fn read_date(&mut self, row: u64, column: &Column, text: &str) -> Option<Date> {
        match text.parse() {
            Ok(date) => Some(date),
            Err(_) => {
                self.problem(
                    row,
                    &column.name,
                    Shown::value(text),
                    "a day such as 2012-09-30",
                    "write year, month and day, joined by hyphens",
                );
                None
            }
        }
    }

    fn read_code(
        &mut self,
        row: u64,
        column: &Column,
        text: &str,
        dimension: Dimension,
        values: &BTreeMap<String, String>,
    ) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        if let Some((_, code)) = values.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
            return Some(code.clone());
        }
        if dimension == Dimension::Agency
            && let Some(code) = reporter(self.register, self.version, text)
        {
            return Some(code);
        }
        let Some(kind) = dimension_kind(dimension) else {
            return self.read_note(row, column, text);
        };
        if let Some(entry) = self.register.resolve_at(self.version, kind, text) {
            return Some(entry.code.clone());
        }
        let practice = (dimension == Dimension::TaskForce)
            .then(|| self.register.resolve_at(self.version, Kind::PracticeTaskForce, text))
            .flatten();
        if let Some(entry) = practice {
            return Some(entry.code.clone());
        }
        self.unknown_code(row, column, text, kind);
        None
    }

    fn read_breakdown(
        &mut self,
        row: u64,
        column: &Column,
        text: &str,
        values: &BTreeMap<String, BTreeMap<Dimension, String>>,
        otherwise: Option<Dimension>,
    ) -> BTreeMap<Dimension, String> {
        if let Some((_, set)) = values.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
            return set.clone();
        }
        if text.is_empty() {
            return BTreeMap::new();
        }
        if let Some(dimension) = otherwise {
            return self
                .read_note(row, column, text)
                .map(|word| (dimension, word))
                .into_iter()
                .collect();
        }
        let words: Vec<&str> = values.keys().map(String::as_str).collect();
        self.problem(
            row,
            &column.name,
            Shown::value(text),
            format!("one of {} (mapping {})", words.join(", "), self.mapping.id),
            "correct the word, or name another mapping with --mapping",
        );
        BTreeMap::new()
    }

    fn unknown_code(&mut self, row: u64, column: &Column, text: &str, kind: Kind) {
        let near = self.register.nearest_codes(kind, text);
        let fix = if near.is_empty() {
            format!("`clearway definitions list {kind}` shows them all")
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        self.problem(
            row,
            &column.name,
            Shown::value(text),
            format!("a {kind} of the register"),
            fix,
        );
    }

    fn read_reporter(
        &mut self,
        row: u64,
        column: &Column,
        text: &str,
        values: &BTreeMap<String, String>,
    ) -> Option<String> {
        if let Some((_, code)) = values.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
            return Some(code.clone());
        }
        let found = reporter(self.register, self.version, text);
        if found.is_none() {
            self.unknown_code(row, column, text, Kind::TaskForce);
        }
        found
    }

    /// Free text is kept only when nothing in it looks like a person.
    fn read_note(&mut self, row: u64, column: &Column, text: &str) -> Option<String> {
        if let Some(what) = person::looks_personal(text) {
            self.problem(
                row,
                &column.name,
                Shown::Withheld,
                format!("words about the figures, not {what}"),
                "remove what is about a person; records about people never go by this route",
            );
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The row's counted cells: column, text and what is counted there.
    fn counted_cells<'c>(
        &mut self,
        number: u64,
        cells: &'c [String],
        head: &mut RowHead,
    ) -> Vec<(&'a Column, &'c str, Counted)> {
        let mut counted = Vec::new();
        let mut measure = None;
        for (at, cell) in cells.iter().enumerate() {
            let Some(column) = self.columns.get(at).copied().flatten() else { continue };
            match &column.role {
                Role::Count(one) => counted.push((column, cell.trim(), one.clone())),
                Role::Measure { values } => {
                    measure = self.read_measure(number, column, cell.trim(), values);
                }
                _ => {}
            }
        }
        if let Some(measure) = measure {
            for (at, cell) in cells.iter().enumerate() {
                if let Some(column @ Column { role: Role::Value, .. }) =
                    self.columns.get(at).copied().flatten()
                {
                    counted.push((column, cell.trim(), measure.clone()));
                }
            }
        }
        if head.reporter.is_none() && self.problems.iter().all(|problem| problem.row != number) {
            self.problem(
                number,
                "",
                Shown::Value(String::new()),
                "who reports",
                "name the reporter in its column",
            );
        }
        counted
    }

    fn read_measure(
        &mut self,
        row: u64,
        column: &Column,
        text: &str,
        values: &BTreeMap<String, Counted>,
    ) -> Option<Counted> {
        if let Some((_, counted)) = values.iter().find(|(word, _)| word.eq_ignore_ascii_case(text))
        {
            return Some(counted.clone());
        }
        if values.is_empty()
            && let Some(entry) = self.register.resolve_at(self.version, Kind::CountedUnit, text)
        {
            return Some(Counted {
                measure: entry.code.clone(),
                set: BTreeMap::new(),
                qualifier: None,
                counting_words: BTreeMap::new(),
                sum_of: Vec::new(),
            });
        }
        if values.is_empty() {
            self.unknown_code(row, column, text, Kind::CountedUnit);
        } else {
            let words: Vec<&str> = values.keys().map(String::as_str).collect();
            self.problem(
                row,
                &column.name,
                Shown::value(text),
                format!("one of {} (mapping {})", words.join(", "), self.mapping.id),
                "correct the word, or name another mapping with --mapping",
            );
        }
        None
    }

    fn read_count(
        &mut self,
        head: &RowHead,
        column: &'a Column,
        text: &str,
        counted: &Counted,
    ) -> Option<Figure> {
        let mut measure = &counted.measure;
        let mut words = text;
        for (word, other) in &counted.counting_words {
            if let Some(number) = text.strip_suffix(word.as_str()) {
                (measure, words) = (other, number.trim_end());
            }
        }
        let unit = unit_of(self.register, self.version, measure);
        let answer = if words.is_empty() && self.mapping.empty_cells == Empty::NotStated {
            Answer::NotStated
        } else {
            match read_answer(words, unit, counted) {
                Ok(answer) => answer,
                Err(refused) => {
                    let (expected, fix) = (refused.expected, refused.fix);
                    self.problem(head.number, &column.name, Shown::value(text), expected, fix);
                    return None;
                }
            }
        };
        let mut dimensions = head.dimensions.clone();
        dimensions.extend(counted.set.clone());
        if !self.statute_in_force(head, column, &dimensions) {
            return None;
        }
        let is_total = head.is_total || !counted.sum_of.is_empty();
        Some(Figure {
            measure: measure.clone(),
            reporter: head.reporter.clone().unwrap_or_default(),
            unit,
            period: head.period.unwrap_or(Period::UNDATED),
            dimensions,
            answer,
            as_said: text.to_owned(),
            as_of: head.as_of,
            part: if is_total { Part::Total } else { Part::Cell },
            origin: Origin { row: head.number, column: column.name.clone() },
            note: head.note.clone(),
        })
    }

    fn keep(&mut self, head: &RowHead, column: &'a Column, figure: Figure) {
        if head.is_total {
            self.totals.push(figure);
            return;
        }
        if let Some(word) = &head.agency_classification {
            let state = figure.dimensions.get(&Dimension::TraffickingType).cloned();
            let same = self
                .register
                .resolve_at(self.version, Kind::TraffickingType, word)
                .is_some_and(|entry| Some(&entry.code) == state.as_ref());
            let (figure, agency) = (figure.id(), word.clone());
            self.checked.classifications.push(Classification {
                figure,
                agency,
                state,
                agrees: same,
            });
        }
        if let Role::Count(Counted { sum_of, .. }) = &column.role
            && !sum_of.is_empty()
        {
            self.column_totals.push((self.checked.figures.len(), sum_of));
        }
        self.checked.figures.push(figure);
    }

    /// A statute applies by date of offence: a period before or after its life is an error.
    fn statute_in_force(
        &mut self,
        head: &RowHead,
        column: &Column,
        dimensions: &BTreeMap<Dimension, String>,
    ) -> bool {
        let (Some(code), Some(start)) =
            (dimensions.get(&Dimension::Statute), head.period.and_then(|period| period.start()))
        else {
            return true;
        };
        match self.register.statute_on(code, start) {
            Ok(_) => true,
            Err(error) => {
                let statute = self.mapping.columns.iter().find(|column| {
                    matches!(column.role, Role::Dimension { dimension: Dimension::Statute, .. })
                });
                self.problem(
                    head.number,
                    &statute.unwrap_or(column).name,
                    Shown::value(code),
                    format!("a statute in force on {start}"),
                    error.to_string(),
                );
                false
            }
        }
    }

    /// Gives each total row the period of its cells.
    fn finish_totals(&mut self) {
        for mut total in std::mem::take(&mut self.totals) {
            let cells: Vec<&Figure> = self.cells_of(&total, false).collect();
            let starts: Option<Vec<Date>> = cells.iter().map(|cell| cell.period.start()).collect();
            let ends: Option<Vec<Date>> = cells.iter().map(|cell| cell.period.end()).collect();
            let start = starts.and_then(|starts| starts.into_iter().min());
            let end = ends.and_then(|ends| ends.into_iter().max());
            if total.period == Period::UNDATED {
                total.period = Period::new(start, end).unwrap_or(Period::UNDATED);
            }
            self.checked.figures.push(total);
        }
    }

    /// The cells that a total row adds up: same column, same measure, and every breakdown of the
    /// total the same.
    fn cells_of<'s>(
        &'s self,
        total: &'s Figure,
        same_period: bool,
    ) -> impl Iterator<Item = &'s Figure> {
        self.checked.figures.iter().filter(move |figure| {
            figure.origin.column == total.origin.column
                && figure.measure == total.measure
                && figure.reporter == total.reporter
                && figure.origin.row != total.origin.row
                && (!same_period || figure.period == total.period)
                && total.dimensions.iter().all(|(d, value)| figure.dimensions.get(d) == Some(value))
        })
    }

    fn find_doubles(&mut self) {
        let mut first: HashMap<FigureId, (u64, String)> = HashMap::new();
        let mut doubles = Vec::new();
        for figure in &self.checked.figures {
            let here = (figure.origin.row, figure.origin.column.clone());
            if let Some((row, _)) = first.insert(figure.id(), here) {
                doubles.push((figure.origin.clone(), figure.as_said.clone(), row));
            }
        }
        for (origin, said, row) in doubles {
            self.problem(
                origin.row,
                &origin.column,
                Shown::value(&said),
                format!("each question answered once; row {row} answers the same one"),
                "remove one of the rows, or tell them apart by a breakdown",
            );
        }
    }

    fn cross_foot_columns(&mut self) {
        for (at, names) in std::mem::take(&mut self.column_totals) {
            let total = &self.checked.figures[at];
            let cells: Vec<&Figure> = self
                .checked
                .figures
                .iter()
                .filter(|figure| {
                    figure.origin.row == total.origin.row && names.contains(&figure.origin.column)
                })
                .collect();
            let foot = foot(total, &cells);
            let origin = total.origin.clone();
            self.take_foot(foot, &origin);
        }
    }

    fn cross_foot_rows(&mut self) {
        let Some(total_row) = &self.mapping.total_row else { return };
        let by_period = matches!(
            self.mapping.column(&total_row.column),
            Some(Column { role: Role::Period { .. }, .. })
        );
        let rows: Vec<u64> = self.total_rows(&total_row.column, &total_row.word);
        let totals: Vec<&Figure> =
            self.checked.figures.iter().filter(|f| rows.contains(&f.origin.row)).collect();
        let mut feet = Vec::new();
        for total in totals {
            let cells: Vec<&Figure> = self
                .cells_of(total, !by_period)
                .filter(|cell| !rows.contains(&cell.origin.row))
                .collect();
            feet.push((foot(total, &cells), total.origin.clone()));
        }
        for (foot, origin) in feet {
            self.take_foot(foot, &origin);
        }
    }

    fn total_rows(&self, column: &str, word: &str) -> Vec<u64> {
        let Some(at) = self.table.header.iter().position(|name| same_header(name, column)) else {
            return Vec::new();
        };
        let is_total = |cells: &[String]| {
            cells.get(at).is_some_and(|cell| cell.trim().eq_ignore_ascii_case(word))
        };
        let rows = self.table.rows.iter().filter(|(_, cells)| is_total(cells));
        rows.map(|(number, _)| *number).collect()
    }

    fn take_foot(&mut self, foot: Option<CrossFoot>, origin: &Origin) {
        let Some(foot) = foot else { return };
        if foot.stated != foot.summed {
            self.problem(
                origin.row,
                &origin.column,
                Shown::value(&foot.stated.to_string()),
                format!("{}, the sum of the {} cells it totals", foot.summed, foot.cells),
                "correct the total, or the cell that is wrong",
            );
        } else {
            self.checked.cross_footed.push(foot);
        }
    }
}

/// Compares a total with its cells; absent when either is not an exact number.
fn foot(total: &Figure, cells: &[&Figure]) -> Option<CrossFoot> {
    let stated = total.answer.as_count()?;
    let mut summed = 0i64;
    for cell in cells {
        summed = summed.checked_add(cell.answer.as_count()?)?;
    }
    Some(CrossFoot { total: total.id(), stated, summed, cells: cells.len() })
}

fn read_answer(text: &str, unit: Unit, counted: &Counted) -> Result<Answer, crate::Refused> {
    // A source that rounds a share in words ("about 8 in 10") is read as the percentage it says.
    if unit == Unit::Percent
        && let Some((qualified, tenths)) = tenths(text)
    {
        let amount = crate::Amount::whole(tenths * 10);
        return Ok(match qualified {
            true => Answer::Qualified { qualifier: crate::Qualifier::About, amount },
            false => Answer::Exactly { amount },
        });
    }
    match (Answer::read(text, unit)?, counted.qualifier) {
        (Answer::Exactly { amount }, Some(qualifier)) => {
            Ok(Answer::Qualified { qualifier, amount })
        }
        (answer, _) => Ok(answer),
    }
}

/// Reads "8 in 10" and "about 8 in 10".
fn tenths(text: &str) -> Option<(bool, i64)> {
    let lower = text.to_ascii_lowercase();
    let (about, rest) = match lower.strip_prefix("about ") {
        Some(rest) => (true, rest),
        None => (false, lower.as_str()),
    };
    let number: i64 = rest.strip_suffix(" in 10")?.parse().ok()?;
    (0..=10).contains(&number).then_some((about, number))
}
