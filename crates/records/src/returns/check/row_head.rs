//! What a row says beside its counts: period, reporter, breakdowns, notes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Reader, RowHead, shown};
use crate::register::Kind;
use crate::returns::mapping::reporter;
use crate::returns::{Column, Role, same_header};
use crate::{Dimension, Period, Shown, person};

impl Reader<'_> {
    /// Reads everything of a row but its counts.
    pub(super) fn read_head(&mut self, number: u64, cells: &[String]) -> RowHead {
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

    pub(super) fn read_period(
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
                    shown(text),
                    expected.to_string(),
                    "write the period in one of these forms",
                );
                None
            }
        }
    }

    pub(super) fn read_date(&mut self, row: u64, column: &Column, text: &str) -> Option<Date> {
        match text.parse() {
            Ok(date) => Some(date),
            Err(_) => {
                self.problem(
                    row,
                    &column.name,
                    shown(text),
                    "a day such as 2012-09-30",
                    "write year, month and day, joined by hyphens",
                );
                None
            }
        }
    }

    pub(super) fn read_code(
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
        let Some(kind) = Kind::of_dimension(dimension) else {
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

    pub(super) fn read_breakdown(
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
        self.unknown_word(row, column, text, values.keys());
        BTreeMap::new()
    }

    /// A word that is none of those the mapping lists for the column.
    pub(super) fn unknown_word<'w>(
        &mut self,
        row: u64,
        column: &Column,
        text: &str,
        listed: impl Iterator<Item = &'w String>,
    ) {
        let words: Vec<&str> = listed.map(String::as_str).collect();
        self.problem(
            row,
            &column.name,
            shown(text),
            format!("one of {} (mapping {})", words.join(", "), self.mapping.id),
            "correct the word, or name another mapping with --mapping",
        );
    }

    pub(super) fn unknown_code(&mut self, row: u64, column: &Column, text: &str, kind: Kind) {
        let near = self.register.nearest_codes(kind, text);
        let fix = if near.is_empty() {
            format!("`clearway definitions list {kind}` shows them all")
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        self.problem(row, &column.name, shown(text), format!("a {kind} of the register"), fix);
    }

    pub(super) fn read_reporter(
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
    pub(super) fn read_note(&mut self, row: u64, column: &Column, text: &str) -> Option<String> {
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
}
