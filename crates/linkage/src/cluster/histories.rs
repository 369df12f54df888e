//! Capture histories of people, as CSV: how many are on exactly which lists, in every draw.
//!
//! In: people and draws whose agencies were given lists ([`ClusterSettings::lists`]), and the names
//! of the lists. Out: a file with a 0/1 column for each list, then `draw` and `count`; draw 0 is
//! the clustering, the others are those of the posterior, so that who estimates from the file
//! carries along what linkage does not know. A row for each history that anybody has, by draw and
//! history. The counts are as they were drawn, and small ones are not hidden.
//!
//! [`ClusterSettings::lists`]: super::ClusterSettings::lists

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::Linked;
use crate::whole_file::whole;

impl Linked {
    /// How many people of the clustering are on exactly each set of lists: bit l for list l, from
    /// the lowest set. `lists` gives the list of each agency, as in the settings of the clustering.
    pub fn histories(&self, agency: &[u16], lists: &[u8]) -> Vec<(u16, u64)> {
        let mut of_person = vec![0_u16; self.clusters.clusters as usize];
        for (person, agency) in self.clusters.cluster_of.iter().zip(agency) {
            let list = lists.get(usize::from(*agency)).map_or(0, |list| 1 << list);
            of_person[*person as usize] |= list;
        }
        let mut people: BTreeMap<u16, u64> = BTreeMap::new();
        for lists in of_person {
            *people.entry(lists).or_default() += 1;
        }
        people.into_iter().collect()
    }
}

/// Writes capture histories: a table for each draw, from draw 0, which is the clustering
/// ([`Linked::histories`]), on ([`Draw::histories`](super::Draw::histories)). `names` are those of
/// the lists, by number.
///
/// The file appears whole or not at all.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn write_histories<'h, S: Copy + Into<u64> + 'h>(
    path: &Path,
    names: &[String],
    tables: impl IntoIterator<Item = &'h [(S, u64)]>,
) -> io::Result<()> {
    let columns = names.iter().map(String::as_str);
    whole(path, |file| {
        let mut rows = csv::Writer::from_writer(file);
        rows.write_record(columns.chain(["draw", "count"]))?;
        for (draw, histories) in tables.into_iter().enumerate() {
            for (lists, people) in histories {
                let lists: u64 = (*lists).into();
                let on = (0..names.len()).map(|list| (lists >> list & 1).to_string());
                rows.write_record(on.chain([draw.to_string(), people.to_string()]))?;
            }
        }
        rows.flush()
    })
}
