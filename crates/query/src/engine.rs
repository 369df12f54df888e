//! The query engine, and coded tables as it reads them.
//!
//! In: coded tables, each with its agency and sequence; how many threads; a folder for what does
//! not fit into memory. Out: one frame of all their rows that count: within the quarters, not
//! expired, not removed.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use datafusion::arrow::array::{Array, BooleanArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::common::cast::{as_fixed_size_binary_array, as_uint16_array, as_uint64_array};
use datafusion::common::config::TableParquetOptions;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::object_store::path::Path as StorePath;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::{SessionConfig, SessionContext, col, lit};
use jiff::civil::Date;
use records::Quarter;
use records::record::{OpaqueId, RecordKind};

use crate::schema::{self, EXPIRES_ON};
use crate::{CodedTable, QueryError, write};

/// What sorting may hold in memory before it writes to the disk, and the least that it needs for
/// each thread.
const SORT_BYTES: usize = 128 << 20;
const SORT_BYTES_OF_THREAD: usize = 64 << 20;
/// Rows handed on together: few, since merging what was sorted holds two such batches of every
/// piece that went to the disk.
const BATCH_ROWS: usize = 2048;
/// More threads only wait for the disk.
const MOST_THREADS: usize = 8;
/// The column of the agency's number.
pub(crate) const AGENCY: &str = "clearway_agency";
/// The column of the agency's number of the submission.
pub(crate) const SEQUENCE: &str = "clearway_sequence";

/// The engine, with so many threads, writing what does not fit into memory to `work`.
pub(crate) fn session(work: Option<&Path>, threads: usize) -> Result<SessionContext, QueryError> {
    let threads = threads.max(1);
    let bytes = SORT_BYTES.max(threads.saturating_mul(SORT_BYTES_OF_THREAD));
    let config = SessionConfig::new()
        .with_target_partitions(threads)
        .with_batch_size(BATCH_ROWS)
        .with_sort_spill_reservation_bytes(SORT_BYTES_OF_THREAD / 2)
        .with_information_schema(false)
        .with_collect_statistics(false);
    let mut runtime =
        RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(bytes)));
    if let Some(work) = work {
        runtime = runtime.with_temp_file_path(work);
    }
    Ok(SessionContext::new_with_config_rt(config, runtime.build_arc()?))
}

/// As many threads as there are processors, within reason.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

/// What counts of coded tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'q> {
    pub(crate) removed: &'q [(u16, OpaqueId, Option<u64>)],
    pub(crate) first: Quarter,
    pub(crate) last: Quarter,
    pub(crate) as_of: Date,
}

/// The rows of tables that count. Every table is looked at first: one that has lost rows would be
/// counted without anybody noticing.
pub(crate) fn standing_rows(
    session: &SessionContext,
    kind: RecordKind,
    tables: &[CodedTable],
    standing: Standing<'_>,
) -> Result<DataFrame, QueryError> {
    let files = tables.iter().map(|table| file_of(kind, table)).collect::<Result<_, _>>()?;
    let rows = session.read_table(Arc::new(CodedTables::new(schema::columns_read(kind), files)))?;
    let as_of = ScalarValue::Date32(Some(write::day_number(standing.as_of)));
    let expires_on = || col(EXPIRES_ON);
    let mut counts = col("date")
        .between(text(standing.first.to_string()), text(standing.last.to_string()))
        .and(expires_on().is_null().or(expires_on().gt_eq(lit(as_of))));
    if !standing.removed.is_empty() {
        let stands = ScalarUDF::from(Stands::new(standing.removed));
        counts = counts.and(stands.call(vec![col(AGENCY), col(SEQUENCE), col("reference")]));
    }
    Ok(rows.filter(counts)?)
}

fn text(text: String) -> Expr {
    lit(ScalarValue::Utf8View(Some(text)))
}

fn file_of(kind: RecordKind, table: &CodedTable) -> Result<PartitionedFile, QueryError> {
    let path = &table.path;
    let failed = |source| QueryError::File { path: path.clone(), source };
    let file = File::open(path).map_err(failed)?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|_| {
        let what = "it is damaged; restore it from a backup".to_owned();
        QueryError::NotATable { path: path.clone(), kind, what }
    })?;
    let found = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
    if found != table.rows {
        return Err(QueryError::Rows { path: path.clone(), expected: table.rows, found });
    }
    let size = file.metadata().map_err(failed)?.len();
    let values =
        vec![ScalarValue::UInt16(Some(table.agency)), ScalarValue::UInt64(Some(table.sequence))];
    Ok(local_file(path, size)?.with_partition_values(values))
}

/// A file that a step wrote for the next.
pub(crate) fn own_file(
    session: &SessionContext,
    path: &Path,
    columns: SchemaRef,
) -> Result<DataFrame, QueryError> {
    let file = std::fs::metadata(path)
        .map_err(|source| QueryError::File { path: path.to_owned(), source })?;
    let file = local_file(path, file.len())?;
    Ok(session.read_table(Arc::new(CodedTables::one(columns, file)))?)
}

/// A file of this machine as the engine names it.
fn local_file(path: &Path, size: u64) -> Result<PartitionedFile, QueryError> {
    let absolute = std::path::absolute(path)
        .map_err(|source| QueryError::File { path: path.to_owned(), source })?;
    let mut file = PartitionedFile::new("", size);
    file.object_meta.location = StorePath::from_absolute_path(absolute)
        .map_err(|error| DataFusionError::External(Box::new(error)))?;
    Ok(file)
}

/// Coded tables of one kind as one table, each row with its agency and sequence. One scan of all
/// files, however many there are.
struct CodedTables {
    columns: TableSchema,
    files: Vec<PartitionedFile>,
}

impl fmt::Debug for CodedTables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodedTables").field("files", &self.files.len()).finish_non_exhaustive()
    }
}

impl CodedTables {
    fn new(columns: SchemaRef, files: Vec<PartitionedFile>) -> CodedTables {
        let of_table = [(AGENCY, DataType::UInt16), (SEQUENCE, DataType::UInt64)];
        let of_table = of_table.map(|(name, of)| Arc::new(Column::new(name, of, false)));
        let columns = TableSchema::builder(columns).with_table_partition_cols(of_table).build();
        CodedTables { columns, files }
    }

    /// One file of ours, as it is.
    fn one(columns: SchemaRef, file: PartitionedFile) -> CodedTables {
        CodedTables { columns: TableSchema::from(columns), files: vec![file] }
    }
}

type Planned<'a> = Pin<Box<dyn Future<Output = EngineResult<Arc<dyn ExecutionPlan>>> + Send + 'a>>;

impl TableProvider for CodedTables {
    fn schema(&self) -> SchemaRef {
        self.columns.table_schema().clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn scan<'s, 'session, 'projection, 'filters, 'a>(
        &'s self,
        _session: &'session dyn Session,
        projection: Option<&'projection Vec<usize>>,
        _filters: &'filters [Expr],
        limit: Option<usize>,
    ) -> Planned<'a>
    where
        's: 'a,
        'session: 'a,
        'projection: 'a,
        'filters: 'a,
    {
        let plan = || -> EngineResult<Arc<dyn ExecutionPlan>> {
            // What a file says of its own pages is the sender's word; it decides nothing.
            let mut options = TableParquetOptions::default();
            options.global.pruning = false;
            options.global.enable_page_index = false;
            options.global.bloom_filter_on_read = false;
            let source = ParquetSource::new(self.columns.clone());
            let source = Arc::new(source.with_table_parquet_options(options));
            let scan = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), source)
                .with_file_groups(vec![FileGroup::new(self.files.clone())])
                .with_projection_indices(projection.cloned())?
                .with_limit(limit);
            Ok(DataSourceExec::from_data_source(scan.build()))
        };
        let plan = plan();
        Box::pin(async move { plan })
    }
}

/// Whether a row was not taken back: `(agency, sequence, id) -> boolean`.
#[derive(Debug)]
struct Stands {
    signature: Signature,
    /// From submissions below which number; nothing: from all.
    removed: HashMap<(u16, [u8; 16]), Option<u64>>,
}

impl Stands {
    fn new(removed: &[(u16, OpaqueId, Option<u64>)]) -> Stands {
        let mut strictest: HashMap<(u16, [u8; 16]), Option<u64>> = HashMap::new();
        for (agency, OpaqueId(id), before) in removed {
            let known = strictest.entry((*agency, *id)).or_insert(*before);
            *known = known.zip(*before).map(|(one, other)| one.max(other));
        }
        Stands { signature: Signature::any(3, Volatility::Immutable), removed: strictest }
    }
}

// Each is made for one question and compared with no other.
impl PartialEq for Stands {
    fn eq(&self, other: &Stands) -> bool {
        self.removed == other.removed
    }
}

impl Eq for Stands {}

impl std::hash::Hash for Stands {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.removed.len().hash(state);
    }
}

impl ScalarUDFImpl for Stands {
    fn name(&self) -> &str {
        "stands"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> EngineResult<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> EngineResult<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let agencies = as_uint16_array(&columns[0])?;
        let sequences = as_uint64_array(&columns[1])?;
        let ids = as_fixed_size_binary_array(&columns[2])?;
        let stands = |at: usize| {
            let Ok(id) = <[u8; 16]>::try_from(ids.value(at)) else { return true };
            match self.removed.get(&(agencies.value(at), id)) {
                None => true,
                Some(None) => false,
                Some(Some(before)) => sequences.value(at) >= *before,
            }
        };
        let stands: BooleanArray = (0..ids.len()).map(|at| Some(stands(at))).collect();
        Ok(ColumnarValue::Array(Arc::new(stands)))
    }
}

/// A file that is removed when it is no longer needed.
#[derive(Debug)]
pub(crate) struct Spent(pub(crate) PathBuf);

impl Drop for Spent {
    fn drop(&mut self) {
        // What cannot be removed is the caller's folder to clear.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The columns of a frame of ours.
pub(crate) fn frame_schema(columns: Vec<Column>) -> SchemaRef {
    Arc::new(Schema::new(columns))
}

/// The next batch of a stream.
pub(crate) async fn next_batch(
    stream: &mut SendableRecordBatchStream,
) -> Option<EngineResult<RecordBatch>> {
    std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await
}
