//! Nodes to people.
//!
//! In: the file of nodes, and which node is in which cluster. Out: how many clusters there are, by
//! all that any of their nodes says. Most nodes are alone in their cluster and are counted as they
//! are read; only the others are sorted by cluster.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, UInt32Array, UInt64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::{as_uint16_array, as_uint32_array, as_uint64_array};
use datafusion::dataframe::DataFrame;
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::prelude::{SessionContext, col};
use linkage::Clusters;

use super::Counts;
use super::nodes::{self, LISTS, NODE};
use crate::QueryError;
use crate::engine::{self, AGENCY, next_batch};
use crate::marks::Marks;

const CLUSTER: &str = "cluster";

/// The people of the clusters.
pub(super) struct People {
    /// People, and of how many each thing is said.
    pub(super) counts: Counts,
    /// People on the lists of more than one agency.
    pub(super) on_several: u64,
    /// For each agency, its nodes in such a cluster.
    pub(super) also_elsewhere: Vec<u64>,
    /// People by the lists on which they are.
    pub(super) histories: BTreeMap<u64, u64>,
}

/// Counts the clusters.
pub(super) async fn count(
    session: &SessionContext,
    clusters: Clusters,
    agencies: usize,
    marks: &Arc<Marks>,
    path: &Path,
) -> Result<People, QueryError> {
    let mut counting = Counting::new(marks, agencies);
    let of_several = ScalarUDF::from(ClusterOf::new(clusters));

    let nodes = engine::own_file(session, path, nodes::columns(marks))?;
    let marks = (0..marks.words()).map(|at| col(Marks::column(at)));
    let cluster = of_several.call(vec![col(NODE)]).alias(CLUSTER);
    let columns: Vec<_> = [cluster, col(AGENCY), col(LISTS)].into_iter().chain(marks).collect();
    let nodes = nodes.select(columns)?;

    let alone = nodes.clone().filter(col(CLUSTER).is_null())?;
    counting.read(alone, false).await?;
    let together = nodes.filter(col(CLUSTER).is_not_null())?.sort_by(vec![col(CLUSTER)])?;
    counting.read(together, true).await?;
    Ok(counting.people)
}

/// The cluster at hand, and those before.
struct Counting {
    people: People,
    cluster: Option<u32>,
    agencies: Vec<u16>,
    lists: u64,
    words: Vec<u64>,
}

impl Counting {
    fn new(marks: &Marks, agencies: usize) -> Counting {
        let people = People {
            counts: Counts::new(marks),
            on_several: 0,
            also_elsewhere: vec![0; agencies],
            histories: BTreeMap::new(),
        };
        let words = vec![0; marks.words()];
        Counting { people, cluster: None, agencies: Vec::new(), lists: 0, words }
    }

    async fn read(&mut self, nodes: DataFrame, clustered: bool) -> Result<(), QueryError> {
        let mut nodes = nodes.execute_stream().await?;
        while let Some(batch) = next_batch(&mut nodes).await {
            self.take(&batch?, clustered)?;
        }
        self.end_cluster();
        Ok(())
    }

    fn take(&mut self, batch: &RecordBatch, clustered: bool) -> Result<(), QueryError> {
        let clusters = as_uint32_array(batch.column(0))?;
        let agencies = as_uint16_array(batch.column(1))?;
        let lists = as_uint64_array(batch.column(2))?;
        let marks: Vec<&UInt64Array> =
            batch.columns()[3..].iter().map(|c| as_uint64_array(c)).collect::<Result<_, _>>()?;
        for at in 0..batch.num_rows() {
            let cluster = clustered.then(|| clusters.value(at));
            if cluster.is_none() || self.cluster != cluster {
                self.end_cluster();
                self.cluster = cluster;
            }
            self.agencies.push(agencies.value(at));
            self.lists |= lists.value(at);
            for (word, marks) in self.words.iter_mut().zip(&marks) {
                *word |= marks.value(at);
            }
        }
        Ok(())
    }

    fn end_cluster(&mut self) {
        let Some(first) = self.agencies.first() else { return };
        if self.agencies.iter().any(|agency| agency != first) {
            self.people.on_several += 1;
            for agency in &self.agencies {
                self.people.also_elsewhere[usize::from(*agency)] += 1;
            }
        }
        self.people.counts.add(&self.words);
        *self.people.histories.entry(self.lists).or_default() += 1;
        self.agencies.clear();
        self.lists = 0;
        self.words.fill(0);
    }
}

/// The cluster of a node that is not alone in it: `(node) -> uint32`.
#[derive(Debug)]
struct ClusterOf {
    signature: Signature,
    clusters: Clusters,
    /// Whether a cluster has more than one node.
    of_several: Vec<bool>,
}

impl ClusterOf {
    fn new(clusters: Clusters) -> ClusterOf {
        // Clusters are numbered by their smallest node: one that is not new has one already.
        let mut of_several = vec![false; clusters.clusters as usize];
        let mut seen = 0;
        for cluster in &clusters.cluster_of {
            if *cluster == seen {
                seen += 1;
            } else {
                of_several[*cluster as usize] = true;
            }
        }
        let signature = Signature::any(1, Volatility::Immutable);
        ClusterOf { signature, clusters, of_several }
    }
}

// There is one, made for one count.
impl PartialEq for ClusterOf {
    fn eq(&self, other: &ClusterOf) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for ClusterOf {}

impl Hash for ClusterOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.clusters.clusters.hash(state);
    }
}

impl ScalarUDFImpl for ClusterOf {
    fn name(&self) -> &str {
        "cluster_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> EngineResult<DataType> {
        Ok(DataType::UInt32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> EngineResult<ColumnarValue> {
        let nodes = args.args[0].to_array(args.number_rows)?;
        let cluster = |node: Option<u32>| {
            let cluster = *self.clusters.cluster_of.get(node? as usize)?;
            self.of_several[cluster as usize].then_some(cluster)
        };
        let clusters: UInt32Array = as_uint32_array(&nodes)?.iter().map(cluster).collect();
        Ok(ColumnarValue::Array(Arc::new(clusters)))
    }
}
