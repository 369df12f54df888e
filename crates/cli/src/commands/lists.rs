//! The lists of agencies, for capture histories: `--histories`.

use std::path::Path;

use anyhow::{Context, bail};
use linkage::{Linked, MOST_LISTS, write_histories};

/// Columns of a file of capture histories that are no lists.
const RESERVED: [&str; 3] = ["draw", "count", "stratum"];

/// Lists: an agency's records are one, and agencies of one name are the same.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lists {
    /// The names, in order.
    names: Vec<String>,
    /// For each agency its list.
    of_agency: Vec<u8>,
}

impl Lists {
    /// The lists of agencies that have records: for each agency its name and its number of records.
    pub(super) fn of(agencies: &[(String, u64)]) -> anyhow::Result<Lists> {
        let mut wrong = Vec::new();
        let nameless: u64 =
            agencies.iter().filter(|(name, _)| name.is_empty()).map(|(_, records)| records).sum();
        if nameless > 0 {
            wrong.push(format!(
                "{nameless} records name no agency, and a person can be seen on no list that has no \
                 name: fill the column in, or name another with --agency-column"
            ));
        }
        let mut names: Vec<String> = agencies
            .iter()
            .filter(|(_, records)| *records > 0)
            .map(|(name, _)| name.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in names.iter().filter(|name| RESERVED.contains(&name.to_lowercase().as_str())) {
            wrong.push(format!(
                "a list cannot be called {name}, which is another column: rename it"
            ));
        }
        if names.len() > usize::from(MOST_LISTS) {
            wrong.push(format!(
                "the records are of {} agencies, and capture histories are of at most {MOST_LISTS} \
                 lists: join agencies that are alike",
                names.len()
            ));
        }
        if !wrong.is_empty() {
            bail!("capture histories cannot be written:\n{}", wrong.join("\n"));
        }
        let place = |(name, _): &(String, u64)| names.binary_search(name).map_or(0, |at| at as u8);
        Ok(Lists { of_agency: agencies.iter().map(place).collect(), names })
    }

    /// The list of each agency, for the settings of the clustering.
    pub(super) fn of_agency(&self) -> Vec<u8> {
        self.of_agency.clone()
    }

    /// Writes the histories of the clustering and of all draws.
    pub(super) fn write(&self, path: &Path, linked: &Linked, agency: &[u16]) -> anyhow::Result<()> {
        let best = linked.histories(agency, &self.of_agency);
        let draws = linked.draws.iter().map(|draw| &draw.histories[..]);
        write_histories(path, &self.names, std::iter::once(&best[..]).chain(draws))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(agencies: &[(&str, u64)]) -> anyhow::Result<Lists> {
        let agencies: Vec<_> =
            agencies.iter().map(|(name, of)| ((*name).to_owned(), *of)).collect();
        Lists::of(&agencies)
    }

    #[test]
    fn agencies_of_one_name_are_one_list_and_those_without_records_none() {
        let lists =
            lists(&[("", 0), ("shelter", 3), ("court", 2), ("shelter", 1), ("old", 0)]).unwrap();
        assert_eq!(lists.names, ["court", "shelter"]);
        assert_eq!(lists.of_agency, [0, 1, 0, 1, 0]);
    }

    #[test]
    fn everything_that_stands_in_the_way_is_said_at_once() {
        let names: Vec<String> = (0..12).map(|at| format!("unit {at}")).collect();
        let mut agencies: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        assert_eq!(lists(&agencies).unwrap().names.len(), 12);
        agencies.extend([("Draw", 1), ("", 7)]);
        let said = lists(&agencies).unwrap_err().to_string();
        for part in ["7 records name no agency", "a list cannot be called Draw", "at most 12 lists"]
        {
            assert!(said.contains(part), "{part}\n{said}");
        }
    }
}
