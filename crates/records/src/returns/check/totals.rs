//! The table against itself: totals cross-footed, no question answered twice.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{CrossFoot, Reader};
use crate::returns::{Column, Role, same_header};
use crate::{Figure, FigureId, Origin, Period, Shown};

impl Reader<'_> {
    /// Gives each total row the period of its cells.
    pub(super) fn finish_totals(&mut self) {
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
    pub(super) fn cells_of<'s>(
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

    pub(super) fn find_doubles(&mut self) {
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

    pub(super) fn cross_foot_columns(&mut self) {
        for (at, names) in std::mem::take(&mut self.column_totals) {
            let figures = &self.checked.figures;
            let total = &figures[at];
            if self.unread.contains(&total.origin.row) {
                continue;
            }
            // The figures of one row stand together.
            let same_row = |figure: &&Figure| figure.origin.row == total.origin.row;
            let before = figures[..at].iter().rev().take_while(same_row);
            let after = figures[at + 1..].iter().take_while(same_row);
            let cells: Vec<&Figure> = before
                .chain(after)
                .filter(|figure| names.contains(&figure.origin.column))
                .collect();
            let foot = foot(total, &cells);
            let origin = total.origin.clone();
            self.take_foot(foot, &origin);
        }
    }

    pub(super) fn cross_foot_rows(&mut self) {
        let Some(total_row) = &self.mapping.total_row else { return };
        if !self.unread.is_empty() {
            return;
        }
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

    pub(super) fn total_rows(&self, column: &str, word: &str) -> Vec<u64> {
        let Some(at) = self.table.header.iter().position(|name| same_header(name, column)) else {
            return Vec::new();
        };
        let is_total = |cells: &[String]| {
            cells.get(at).is_some_and(|cell| cell.trim().eq_ignore_ascii_case(word))
        };
        let rows = self.table.rows.iter().filter(|(_, cells)| is_total(cells));
        rows.map(|(number, _)| *number).collect()
    }

    pub(super) fn take_foot(&mut self, foot: Option<CrossFoot>, origin: &Origin) {
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
