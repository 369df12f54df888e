//! Raised numbers and the end notes that they lead to.

use super::{Found, Place, Problem};
use crate::{Block, Inline};

/// Every raised number leads to a note.
pub(super) fn check(blocks: &[Block], found: &mut Found) {
    let notes = blocks
        .iter()
        .map(|block| if let Block::EndNotes(notes) = block { notes.len() } else { 0 })
        .sum();
    for (index, block) in blocks.iter().enumerate() {
        let place = Place { block: index + 1, kind: block.kind() };
        for number in numbers(block) {
            if number == 0 || number > notes {
                found.problems.push(Problem::NoSuchNote { place, number, notes });
            }
        }
    }
}

/// The raised numbers in a block.
fn numbers(block: &Block) -> impl Iterator<Item = usize> {
    let paragraphs: Vec<&Vec<Inline>> = match block {
        Block::Paragraph(text) => vec![text],
        Block::List { items, .. } => items.iter().collect(),
        Block::Callout { paragraphs, .. } => paragraphs.iter().collect(),
        Block::EndNotes(notes) => notes.iter().collect(),
        Block::Table(table) => table.notes.iter().collect(),
        _ => Vec::new(),
    };
    paragraphs.into_iter().flatten().filter_map(|run| match run {
        Inline::Note(number) => Some(*number),
        _ => None,
    })
}
