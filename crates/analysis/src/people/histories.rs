//! Capture histories of a count → the file from which an estimate is made.

use std::io;
use std::path::Path;

use linkage::write_histories;
use report::CaptureHistory;

/// The most lists of which there are histories.
const LISTS: usize = 64;

/// Why histories are not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoriesFileError {
    /// More lists than a history can be of.
    #[error("people are on {0} kinds of list, and a history is of at most {LISTS}")]
    TooManyLists(usize),
    /// The disk.
    #[error("the histories cannot be written")]
    Disk(#[from] io::Error),
}

/// Writes capture histories as CSV, each list a column; small counts stand in it as they are.
///
/// # Errors
///
/// [`HistoriesFileError`].
pub fn write_counted(path: &Path, histories: &[CaptureHistory]) -> Result<(), HistoriesFileError> {
    let mut lists: Vec<String> =
        histories.iter().flat_map(|history| history.lists.iter().cloned()).collect();
    lists.sort_unstable();
    lists.dedup();
    if lists.len() > LISTS {
        return Err(HistoriesFileError::TooManyLists(lists.len()));
    }
    let set = |history: &CaptureHistory| {
        let on = history.lists.iter().filter_map(|list| lists.binary_search(list).ok());
        (on.fold(0_u64, |set, list| set | 1 << list), history.people)
    };
    let mut table: Vec<(u64, u64)> = histories.iter().map(set).collect();
    table.sort_unstable();
    Ok(write_histories(path, &lists, [&table[..]])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(lists: &[&str], people: u64) -> CaptureHistory {
        CaptureHistory { lists: lists.iter().map(|list| (*list).to_owned()).collect(), people }
    }

    #[test]
    fn each_list_is_a_column_and_too_many_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lists.csv");
        let histories = [history(&["shelter", "police"], 3), history(&["police"], 40)];
        write_counted(&path, &histories).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "police,shelter,draw,count\n1,0,0,40\n1,1,0,3\n");
        let many: Vec<CaptureHistory> = (0..65)
            .map(|list| CaptureHistory { lists: [format!("l{list:02}")].into(), people: 1 })
            .collect();
        let said = write_counted(&path, &many).unwrap_err().to_string();
        assert_eq!(said, "people are on 65 kinds of list, and a history is of at most 64");
    }
}
