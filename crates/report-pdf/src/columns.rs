//! How wide the columns of a table are.
//!
//! In: a table. Out: for each column its share of the width. A share grows with the longest text
//! up to a limit, and a column is never narrower than its longest word wants, so that numbers stay
//! on one line and long texts wrap. All columns share the width: none can be pushed off the page.

use crate::{Table, Tone};

/// Characters beyond which a longer text wraps instead of asking for more room.
const FULL: usize = 34;
/// The least that a column gets.
const LEAST: usize = 5;

/// The shares of the columns, in characters.
pub(crate) fn widths(table: &Table) -> Vec<f64> {
    let mut widest = vec![LEAST; table.alignment.len()];
    let mut ask = |column: usize, characters: usize| {
        if let Some(widest) = widest.get_mut(column) {
            *widest = characters.min(FULL).max(*widest);
        }
    };
    for row in &table.rows {
        for (column, cell) in row.iter().enumerate() {
            let length = cell.text.chars().count();
            let room = match cell.tone {
                // A hidden cell has a mark before it; like one that is missing, it stays on a line.
                Tone::Hidden => length + 2,
                Tone::Missing => length,
                // A cell of words may wrap once before it asks for more.
                Tone::Plain | Tone::Total if length > 16 => length.div_ceil(2).max(16),
                Tone::Plain | Tone::Total => length,
            };
            ask(column, room.max(longest_word(&cell.text)));
        }
    }
    for row in &table.header {
        let mut column = 0;
        for cell in row {
            if cell.columns == 1 {
                // A head is bold and may stand on three lines.
                let length = cell.text.chars().count().div_ceil(3);
                ask(column, length.max(longest_word(&cell.text) + 1));
            }
            column += cell.columns;
        }
    }
    // Two characters are what lies between columns.
    widest.into_iter().map(|characters| (characters + 2) as f64).collect()
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alignment, Cell, HeaderCell};

    fn table(header: &[&str], row: &[&str]) -> Table {
        Table {
            caption: "t".into(),
            header: vec![header.iter().map(|text| HeaderCell::from(*text)).collect()],
            rows: vec![row.iter().map(|text| Cell::from(*text)).collect()],
            alignment: vec![Alignment::Start; header.len()],
            row_names: true,
            notes: vec![],
            source: String::new(),
        }
    }

    #[test]
    fn a_number_stays_on_a_line_and_a_sentence_wraps() {
        let words = "a definition that goes on and on and on and on and on and on";
        assert_eq!(widths(&table(&["what", "n"], &[words, "1,204,553"])), [32.0, 11.0]);
    }

    #[test]
    fn no_column_asks_for_everything() {
        assert_eq!(widths(&table(&["a", "b"], &[&"x".repeat(900), ""])), [36.0, 7.0]);
    }
}
