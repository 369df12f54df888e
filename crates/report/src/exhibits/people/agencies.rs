//! What each agency sent, and what it did not.
//!
//! In: the count. Out: a table in the order in which the count names the agencies, which says
//! nothing about them.

use super::super::exhibit::{Exhibit, Grid, Row};
use super::{People, agencies_in_words, say_hidden, sent_all};
use crate::phrase::Phrase;
use crate::words;

/// The exhibit, absent when the count names no agency.
pub(crate) fn agencies(people: &People<'_>) -> Option<Exhibit> {
    let agencies = &people.counted().coverage;
    if agencies.is_empty() {
        return None;
    }
    let whole = agencies.iter().filter(|agency| sent_all(agency)).count();
    let title = if whole == agencies.len() {
        "every agency sent for every quarter".to_owned()
    } else {
        let all = agencies_in_words(agencies.len(), "");
        format!("{} of {all} sent for every quarter", words::count(whole))
    };
    let title = Phrase::of(words::capital(&title));
    let mut exhibit = people.exhibit(("agencies", "Agencies"), title, "Records by agency");
    let head = [
        "Agency",
        "~Kind of agency",
        "~What may leave it",
        "Records in codes",
        "Records as totals",
        "Submissions",
        "~Nothing came for",
    ];
    let mut grid = Grid::new("What each agency sent", &head);
    for agency in agencies {
        let missing: Vec<String> =
            agency.missing_quarters.iter().map(|quarter| words::quarter(*quarter)).collect();
        let cells = vec![
            Phrase::of(agency.legal_entity.clone()),
            Phrase::of(agency.mode.clone()),
            people.records(agency.coded),
            people.records(agency.totals_only),
            Phrase::of(agency.submissions.to_string()),
            Phrase::of(missing.join("; ")),
        ];
        grid.rows.push(Row::plain(agency.label.clone(), cells));
    }
    exhibit.grid = grid;
    exhibit.cautions.push(Phrase::of(
        "What may leave an agency is decided by law and by who signed for it, not by Clearway. \
         Agencies are not comparable with one another.",
    ));
    exhibit.provenance.coverage = String::new();
    let all = agencies.iter().flat_map(|agency| [agency.coded, agency.totals_only]);
    say_hidden(&mut exhibit, all);
    Some(exhibit)
}
