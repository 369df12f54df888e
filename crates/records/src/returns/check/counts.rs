//! A row's counts: which measure, which number, by which law.

use std::collections::BTreeMap;

use super::{Classification, Reader, RowHead, shown};
use crate::register::Kind;
use crate::returns::mapping::unit_of;
use crate::returns::{Column, Counted, Empty, Role};
use crate::{Answer, Dimension, Figure, Origin, Part, Period, Shown, Unit};

impl<'a> Reader<'a> {
    /// The row's counted cells: column, text and what is counted there.
    pub(super) fn counted_cells<'c>(
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
        let named = self.columns.iter().flatten().any(|c| matches!(c.role, Role::Reporter { .. }));
        if head.reporter.is_none()
            && named
            && self.problems.last().is_none_or(|problem| problem.row != number)
        {
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

    pub(super) fn read_measure(
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
            self.unknown_word(row, column, text, values.keys());
        }
        None
    }

    pub(super) fn read_count(
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
                    self.problem(head.number, &column.name, shown(text), expected, fix);
                    return None;
                }
            }
        };
        let mut dimensions = head.dimensions.clone();
        dimensions.extend(counted.set.clone());
        let lawful = self.statute_in_force(head, column, &dimensions);
        if !self.status_belongs(head, column, measure, &dimensions) || !lawful {
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

    pub(super) fn keep(&mut self, head: &RowHead, column: &'a Column, figure: Figure) {
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

    /// A status says something of one counted unit: nobody is trained as a "new" person.
    pub(super) fn status_belongs(
        &mut self,
        head: &RowHead,
        column: &Column,
        measure: &str,
        dimensions: &BTreeMap<Dimension, String>,
    ) -> bool {
        let Some(code) = dimensions.get(&Dimension::Status) else { return true };
        let status = self.register.get_at(self.version, Kind::Status, code);
        let Some(units) = status.map(|entry| entry.list("counted_unit").collect::<Vec<_>>()) else {
            return true;
        };
        if units.is_empty() || units.contains(&measure) {
            return true;
        }
        self.problem(
            head.number,
            &self.column_of(Dimension::Status).unwrap_or(column).name,
            Shown::value(code),
            format!("a status that {measure} can have; {code} is said of {}", units.join(", ")),
            "correct the status or the measure",
        );
        false
    }

    /// The mapping's column that holds a dimension.
    pub(super) fn column_of(&self, wanted: Dimension) -> Option<&'a Column> {
        self.mapping.columns.iter().find(|column| {
            matches!(column.role, Role::Dimension { dimension, .. } if dimension == wanted)
        })
    }

    /// A statute applies by date of offence: a period before or after its life is an error.
    pub(super) fn statute_in_force(
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
                let statute = self.column_of(Dimension::Statute);
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
