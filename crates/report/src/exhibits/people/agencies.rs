//! What each agency sent, and what it did not.
//!
//! In: the count. Out: a table in the order in which the count names the agencies, which says
//! nothing about them.

use super::super::exhibit::{Exhibit, Grid, Row};
use super::{People, agencies_in_words, say_hidden, sent_all};
use crate::ShownCount;
use crate::people::AgencyCoverage;
use crate::phrase::Phrase;
use crate::words;

/// What the count says of an agency of which nothing may leave but totals.
const TOTALS_ONLY: &str = "totals only";

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
    let mut head = vec![
        "Agency",
        "~Kind of agency",
        "~What may leave it",
        "Records in codes",
        "Records as totals",
        "Submissions",
    ];
    let gaps = agencies.iter().any(|agency| !agency.missing_quarters.is_empty());
    if gaps {
        head.push("~Nothing came for");
    }
    let mut grid = Grid::new("What each agency sent", &head);
    for agency in agencies {
        let missing: Vec<String> =
            agency.missing_quarters.iter().map(|quarter| words::quarter(*quarter)).collect();
        let mut cells = vec![
            Phrase::of(agency.legal_entity.clone()),
            Phrase::of(agency.mode.clone()),
            coded(people, agency),
            people.records(agency.totals_only),
            Phrase::of(agency.submissions.to_string()),
        ];
        if gaps {
            cells.push(Phrase::of(missing.join("; ")));
        }
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

/// Records in codes. Where only totals may leave, none were kept back by hiding.
fn coded(people: &People<'_>, agency: &AgencyCoverage<ShownCount>) -> Phrase {
    if agency.mode == TOTALS_ONLY && agency.coded.number().is_none() {
        return Phrase::absent("may not leave");
    }
    people.records(agency.coded)
}
