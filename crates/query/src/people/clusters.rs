//! Nodes to people.
//!
//! In: the file of nodes. Out: how many people they are, by all that any node of a person says.
//! Most nodes are alone and are counted as they are read; only the others are sorted by person.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, UInt64Array};
use datafusion::common::cast::{as_uint16_array, as_uint32_array, as_uint64_array};
use datafusion::dataframe::DataFrame;
use datafusion::prelude::{SessionContext, col};

use super::Counts;
use super::nodes::{self, PERSON};
use crate::QueryError;
use crate::engine::{self, next_batch};
use crate::marks::Marks;

/// The people of the nodes.
pub(super) struct People {
    /// People, and of how many each thing is said.
    pub(super) counts: Counts,
    /// People on the lists of more than one agency.
    pub(super) on_several: u64,
    /// For each agency, its nodes of such people.
    pub(super) also_elsewhere: Vec<u64>,
    /// People by the lists on which they are.
    pub(super) histories: BTreeMap<u64, u64>,
}

/// Counts the people, and shows `describe` each of them.
pub(super) async fn count(
    session: &SessionContext,
    agencies: usize,
    marks: &Arc<Marks>,
    path: &Path,
    describe: &mut Describe<'_>,
) -> Result<People, QueryError> {
    let mut counting = Counting::new(marks, agencies, describe);
    let nodes = engine::own_file(session, path, nodes::columns(marks))?;
    let alone = nodes.clone().filter(col(PERSON).is_null())?;
    counting.read(alone, false).await?;
    let together = nodes.filter(col(PERSON).is_not_null())?.sort_by(vec![col(PERSON)])?;
    counting.read(together, true).await?;
    Ok(counting.people)
}

/// Takes all that is said of one person, and the lists on which she is.
pub(super) type Describe<'d> = dyn FnMut(&[u64], u64) + Send + 'd;

/// The person at hand, and those before.
struct Counting<'c, 'd> {
    people: People,
    describe: &'c mut Describe<'d>,
    person: Option<u32>,
    agencies: Vec<u16>,
    lists: u64,
    words: Vec<u64>,
}

impl<'c, 'd> Counting<'c, 'd> {
    fn new(marks: &Marks, agencies: usize, describe: &'c mut Describe<'d>) -> Counting<'c, 'd> {
        let people = People {
            counts: Counts::new(marks),
            on_several: 0,
            also_elsewhere: vec![0; agencies],
            histories: BTreeMap::new(),
        };
        let words = vec![0; marks.words()];
        Counting { people, describe, person: None, agencies: Vec::new(), lists: 0, words }
    }

    async fn read(&mut self, nodes: DataFrame, linked: bool) -> Result<(), QueryError> {
        let mut nodes = nodes.execute_stream().await?;
        while let Some(batch) = next_batch(&mut nodes).await {
            self.take(&batch?, linked)?;
        }
        self.end_person();
        Ok(())
    }

    fn take(&mut self, batch: &RecordBatch, linked: bool) -> Result<(), QueryError> {
        let people = as_uint32_array(batch.column(0))?;
        let agencies = as_uint16_array(batch.column(1))?;
        let lists = as_uint64_array(batch.column(2))?;
        let marks: Vec<&UInt64Array> =
            batch.columns()[3..].iter().map(|c| as_uint64_array(c)).collect::<Result<_, _>>()?;
        for at in 0..batch.num_rows() {
            let person = linked.then(|| people.value(at));
            if person.is_none() || self.person != person {
                self.end_person();
                self.person = person;
            }
            self.agencies.push(agencies.value(at));
            self.lists |= lists.value(at);
            for (word, marks) in self.words.iter_mut().zip(&marks) {
                *word |= marks.value(at);
            }
        }
        Ok(())
    }

    fn end_person(&mut self) {
        let Some(first) = self.agencies.first() else { return };
        if self.agencies.iter().any(|agency| agency != first) {
            self.people.on_several += 1;
            for agency in &self.agencies {
                self.people.also_elsewhere[usize::from(*agency)] += 1;
            }
        }
        self.people.counts.add(&self.words);
        (self.describe)(&self.words, self.lists);
        *self.people.histories.entry(self.lists).or_default() += 1;
        self.agencies.clear();
        self.lists = 0;
        self.words.fill(0);
    }
}
