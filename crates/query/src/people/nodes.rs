//! Rows to nodes: each person as one agency knows her.
//!
//! In: the victims' tables, and members. Out: a file with one row for each node, in the order of
//! agency and id: the person, when others are her too, its agency, its list and its marks. The rows
//! are sorted by the engine and read as they come, so a node is all rows that follow each other
//! with one agency and id.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, FixedSizeBinaryArray, RecordBatch, UInt16Array, UInt32Array, UInt64Array,
};
use datafusion::arrow::datatypes::{DataType, Field as Column, SchemaRef};
use datafusion::common::cast::{as_fixed_size_binary_array, as_uint16_array, as_uint64_array};
use datafusion::common::exec_datafusion_err;
use datafusion::error::DataFusionError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::prelude::{SessionContext, col};
use records::record::{OpaqueId, RecordKind};

use super::members::Passing;
use super::{AgencyPeople, Counts, Members, PeopleQuestion};
use crate::QueryError;
use crate::engine::{self, AGENCY, Standing, next_batch};
use crate::marks::Marks;

/// Nodes written together.
const BATCH_NODES: usize = 8192;
const GROUP_NODES: usize = 8 * BATCH_NODES;

/// The columns of the file before the marks.
pub(super) const PERSON: &str = "person";
pub(super) const LISTS: &str = "lists";

/// The nodes, but for what is in their file.
pub(super) struct Nodes {
    /// Nodes of each agency, linked with nobody yet.
    pub(super) of_agency: Vec<AgencyPeople>,
    /// Nodes, and of how many each thing is said.
    pub(super) counts: Counts,
}

/// Finds the nodes and their people, and writes one row for each node.
pub(super) async fn number(
    session: &SessionContext,
    question: &PeopleQuestion,
    members: &mut Members<'_>,
    marks: &Arc<Marks>,
    path: &Path,
) -> Result<Nodes, QueryError> {
    let removed: Vec<_> =
        question.removed.iter().map(|one| (one.agency, one.id, one.before)).collect();
    let PeopleQuestion { first, last, as_of, .. } = *question;
    let standing = Standing { removed: &removed, first, last, as_of };
    let rows = engine::standing_rows(session, RecordKind::Victim, &question.tables, standing)?;
    let person = [col(AGENCY), col("reference")];
    let sorted = rows
        .select(person.into_iter().chain(marks.of_row()).collect::<Vec<_>>())?
        .sort_by(vec![col(AGENCY), col("reference")])?;

    let mut numbering = Numbering::new(question, members, marks, path)?;
    let mut sorted = sorted.execute_stream().await?;
    while let Some(batch) = next_batch(&mut sorted).await {
        numbering.take(&batch?)?;
    }
    numbering.finish()
}

/// The columns of the file of nodes.
pub(super) fn columns(marks: &Marks) -> SchemaRef {
    let node = [
        Column::new(PERSON, DataType::UInt32, true),
        Column::new(AGENCY, DataType::UInt16, false),
        Column::new(LISTS, DataType::UInt64, false),
    ];
    let marks = (0..marks.words()).map(|at| Column::new(Marks::column(at), DataType::UInt64, true));
    engine::frame_schema(node.into_iter().chain(marks).collect())
}

/// The node at hand, and those before.
struct Numbering<'q, 'm, 'i> {
    question: &'q PeopleQuestion,
    members: Passing<'m, 'i>,
    nodes: Nodes,
    at_hand: Option<(u16, OpaqueId)>,
    words: Vec<u64>,
    node_file: NodeFile,
}

impl<'q, 'm, 'i> Numbering<'q, 'm, 'i> {
    fn new(
        question: &'q PeopleQuestion,
        members: &'m mut Members<'i>,
        marks: &Marks,
        path: &Path,
    ) -> Result<Numbering<'q, 'm, 'i>, QueryError> {
        let nodes = Nodes {
            of_agency: vec![AgencyPeople::default(); question.list_of_agency.len()],
            counts: Counts::new(marks),
        };
        Ok(Numbering {
            question,
            members: Passing::new(members),
            nodes,
            at_hand: None,
            words: vec![0; marks.words()],
            node_file: NodeFile::create(path, columns(marks))?,
        })
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        let agencies = as_uint16_array(batch.column(0))?;
        let ids = as_fixed_size_binary_array(batch.column(1))?;
        let marks: Vec<&UInt64Array> =
            batch.columns()[2..].iter().map(|c| as_uint64_array(c)).collect::<Result<_, _>>()?;
        for at in 0..batch.num_rows() {
            let id = bytes(ids, at).ok_or_else(|| exec_datafusion_err!("a row without an id"))?;
            let key = (agencies.value(at), OpaqueId(id));
            if self.at_hand != Some(key) {
                self.end_node()?;
                self.at_hand = Some(key);
            }
            for (word, marks) in self.words.iter_mut().zip(&marks) {
                *word |= marks.value(at);
            }
        }
        Ok(())
    }

    fn end_node(&mut self) -> Result<(), QueryError> {
        let Some(node) = self.at_hand.take() else { return Ok(()) };
        let member = self.members.of(node)?;
        let (agency, _) = node;
        let of_agency = &mut self.nodes.of_agency[usize::from(agency)];
        of_agency.people += 1;
        of_agency.compared += u64::from(member.is_some());
        let person = member.filter(|member| member.with_others).map(|member| member.person);
        self.nodes.counts.add(&self.words);
        let lists = 1 << self.question.list_of_agency[usize::from(agency)];
        self.node_file.write(person, agency, lists, &self.words)?;
        self.words.fill(0);
        Ok(())
    }

    fn finish(mut self) -> Result<Nodes, QueryError> {
        self.end_node()?;
        self.node_file.finish()?;
        self.members.finish()?;
        Ok(self.nodes)
    }
}

fn bytes(cells: &FixedSizeBinaryArray, at: usize) -> Option<[u8; 16]> {
    (!cells.is_null(at)).then(|| cells.value(at)).and_then(|bytes| bytes.try_into().ok())
}

/// A file of this step as it is written.
struct Rows {
    writer: ArrowWriter<File>,
    columns: SchemaRef,
}

impl Rows {
    fn create(path: &Path, columns: SchemaRef) -> Result<Rows, QueryError> {
        let failed = |source| QueryError::File { path: path.to_owned(), source };
        let file = File::create(path).map_err(failed)?;
        // Written once, read once: what is kept for searching would only take room. A group is held
        // until it is full.
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(GROUP_NODES))
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            .build();
        let writer = ArrowWriter::try_new(file, columns.clone(), Some(properties));
        let writer = writer.map_err(of_engine)?;
        Ok(Rows { writer, columns })
    }

    fn write(&mut self, columns: Vec<ArrayRef>) -> Result<(), QueryError> {
        let batch =
            RecordBatch::try_new(self.columns.clone(), columns).map_err(DataFusionError::from)?;
        Ok(self.writer.write(&batch).map_err(of_engine)?)
    }

    fn finish(self) -> Result<(), QueryError> {
        self.writer.close().map_err(of_engine)?;
        Ok(())
    }
}

/// The file of nodes.
struct NodeFile {
    rows: Rows,
    people: Vec<Option<u32>>,
    agencies: Vec<u16>,
    lists: Vec<u64>,
    words: Vec<Vec<u64>>,
}

impl NodeFile {
    fn create(path: &Path, columns: SchemaRef) -> Result<NodeFile, QueryError> {
        let words = vec![Vec::new(); columns.fields().len() - 3];
        let rows = Rows::create(path, columns)?;
        let (people, agencies, lists) = (Vec::new(), Vec::new(), Vec::new());
        Ok(NodeFile { rows, people, agencies, lists, words })
    }

    fn write(
        &mut self,
        person: Option<u32>,
        agency: u16,
        lists: u64,
        words: &[u64],
    ) -> Result<(), QueryError> {
        self.people.push(person);
        self.agencies.push(agency);
        self.lists.push(lists);
        for (column, word) in self.words.iter_mut().zip(words) {
            column.push(*word);
        }
        if self.people.len() == BATCH_NODES { self.write_batch() } else { Ok(()) }
    }

    fn write_batch(&mut self) -> Result<(), QueryError> {
        let take = std::mem::take::<Vec<u64>>;
        let of_node: [ArrayRef; 3] = [
            Arc::new(UInt32Array::from(std::mem::take(&mut self.people))),
            Arc::new(UInt16Array::from(std::mem::take(&mut self.agencies))),
            Arc::new(UInt64Array::from(take(&mut self.lists))),
        ];
        let words = self
            .words
            .iter_mut()
            .map(|word| -> ArrayRef { Arc::new(UInt64Array::from(take(word))) });
        self.rows.write(of_node.into_iter().chain(words).collect())
    }

    fn finish(mut self) -> Result<(), QueryError> {
        self.write_batch()?;
        self.rows.finish()
    }
}

fn of_engine(error: ParquetError) -> DataFusionError {
    DataFusionError::ParquetError(Box::new(error))
}
