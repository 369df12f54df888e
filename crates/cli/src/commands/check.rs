//! `clearway check`: looks, and changes nothing.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use analysis::collect::{Looked, Recognition, read};
use anyhow::{Context, bail, ensure};
use records::register::Register;
use records::returns::{propose, shipped_mappings};
use records::schema::Schema;
use records::{CellProblem, JsonStream};

use super::records_in::{self, DefaultArguments, What};
use super::{bytes_of, input_files, look_at, named_mapping};
use crate::{Format, Shared, output, progress};

/// Check returns, records, or any CSV against a schema, and list every error
///
/// Says of each file what it is, and every error in it at once: file, row, column, value, what
/// was expected and how to mend it. Nothing is changed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway check clearway-demo/returns --format json\n  clearway check clearway-demo/examples/letters.csv --schema clearway-demo/examples/letters.json"
)]
pub(crate) struct Arguments {
    /// Files and folders; `-` is standard input
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Read by this mapping: its name (`clearway mappings`) or a TOML file
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "schema")]
    mapping: Option<String>,
    /// Check a CSV of any size against this Table Schema (JSON), whatever it holds
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Propose a mapping for one file from its header, and write it here
    #[arg(long, value_name = "FILE", conflicts_with_all = ["schema", "mapping"])]
    save_mapping: Option<PathBuf>,
    /// What the files hold; records are checked as `clearway import` would
    #[arg(long = "as", value_enum, value_name = "WHAT", default_value = "returns")]
    #[arg(conflicts_with_all = ["schema", "mapping", "save_mapping"])]
    what: What,
    #[command(flatten)]
    defaults: DefaultArguments,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    if own.what != What::Returns {
        return records_in::check(&own.paths, own.what, &own.defaults, shared).await;
    }
    if let Some(target) = &own.save_mapping {
        return save_mapping(own, target, shared);
    }
    match &own.schema {
        Some(schema) => against_schema(own, schema, shared),
        None => returns(own, shared),
    }
}

/// Where problems go while they are found.
enum Sink {
    Json(JsonStream<BufWriter<io::Stdout>>),
    Text(BufWriter<io::Stdout>),
}

impl Sink {
    fn begin(format: Format) -> io::Result<Sink> {
        let out = BufWriter::new(io::stdout());
        Ok(match format {
            Format::Json => Sink::Json(JsonStream::begin(out)?),
            Format::Text => Sink::Text(out),
        })
    }

    fn problem(&mut self, problem: &CellProblem) -> io::Result<()> {
        match self {
            Sink::Json(stream) => stream.problem(problem),
            Sink::Text(out) => writeln!(out, "{}", output::fold(&problem.to_string(), 100, 4)),
        }
    }

    /// What is no error: part of the text, a remark beside JSON.
    fn say(&mut self, line: &str) -> io::Result<()> {
        match self {
            Sink::Text(out) => writeln!(out, "{}", output::fold(line, 100, 4)),
            Sink::Json(_) => {
                output::remark(line);
                Ok(())
            }
        }
    }

    fn end(self, rows: u64, ok: bool) -> io::Result<()> {
        match self {
            Sink::Json(stream) => stream.end(rows, ok).map(|_| ()),
            Sink::Text(mut out) => out.flush(),
        }
    }
}

fn against_schema(own: &Arguments, schema: &Path, shared: &Shared) -> anyhow::Result<bool> {
    let text =
        std::fs::read(schema).with_context(|| format!("cannot read {}", schema.display()))?;
    let schema =
        Schema::from_json(&text).with_context(|| format!("schema {}", schema.display()))?;
    let files: Vec<(&PathBuf, File)> =
        own.paths.iter().map(|path| Ok((path, open(path)?))).collect::<anyhow::Result<_>>()?;
    // The document begins only when nothing but a failing disk can keep it from its end.
    let mut sink = Sink::begin(shared.format)?;
    let (mut rows, mut errors) = (0, 0);
    for (path, mut file) in files {
        let length = file.seek(io::SeekFrom::End(0))?;
        file.rewind()?;
        let name = path.display().to_string();
        let bar = progress::bytes(length, "checking");
        let mut take = |problem: CellProblem| sink.problem(&problem);
        let mut moved = |bytes| bar.set_position(bytes);
        let summary = records::schema::check(file, &schema, &name, &mut take, &mut moved)
            .with_context(|| format!("cannot check {name}"))?;
        bar.finish_and_clear();
        sink.say(&format!("{name}: {} rows, {} errors", summary.rows, summary.errors))?;
        rows += summary.rows;
        errors += summary.errors;
    }
    sink.end(rows, errors == 0)?;
    Ok(errors == 0)
}

/// Opens a file; standard input is kept in a nameless temporary file, as it is read twice.
fn open(path: &PathBuf) -> anyhow::Result<File> {
    if path.as_os_str() != "-" {
        return File::open(path).with_context(|| format!("cannot read {}", path.display()));
    }
    let mut kept = tempfile::tempfile()?;
    io::copy(&mut io::stdin().lock(), &mut kept)?;
    kept.rewind()?;
    Ok(kept)
}

fn returns(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let forced = named_mapping(own.mapping.as_deref())?;
    let by = Recognition {
        mappings: shipped_mappings()?,
        forced: forced.as_ref(),
        register: Register::embedded(),
    };
    let (mut rows, mut good, mut refused, mut skipped) = (0, 0, 0, 0);
    let files = input_files(&own.paths)?;
    let mut sink = Sink::begin(shared.format)?;
    for file in &files {
        let (name, looked) = look_at(file, by);
        match looked {
            Looked::Return(new) => {
                good += 1;
                rows += new.checked.rows;
                sink.say(&format!(
                    "{name}: good: {} rows, {} figures, read as {} ({})",
                    new.checked.rows,
                    new.checked.figures.len(),
                    new.mapping,
                    new.standing.as_str()
                ))?;
            }
            Looked::Skipped { reason, .. } => {
                skipped += 1;
                sink.say(&format!("{name}: skipped: {reason}"))?;
            }
            Looked::Refused { problems, .. } => {
                refused += 1;
                for problem in &problems {
                    sink.problem(problem)?;
                }
                let errors = output::counted(problems.len(), "error");
                sink.say(&format!("{name}: refused: {errors}"))?;
            }
        }
    }
    sink.say(&format!("{good} good, {refused} refused, {skipped} skipped"))?;
    if refused == 0 && good > 0 {
        let mapping =
            own.mapping.as_ref().map_or(String::new(), |name| format!(" --mapping {name}"));
        let paths: Vec<String> = own.paths.iter().map(|path| path.display().to_string()).collect();
        sink.say(&format!("next: clearway import {} --as returns{mapping}", paths.join(" ")))?;
    }
    sink.end(rows, refused == 0)?;
    Ok(refused == 0)
}

fn save_mapping(own: &Arguments, target: &PathBuf, shared: &Shared) -> anyhow::Result<bool> {
    let files = input_files(&own.paths)?;
    let [file] = files.as_slice() else { bail!("--save-mapping takes one file") };
    let name = file.path.display().to_string();
    let sheets = match read::read(&name, &bytes_of(file)?, &|_| false) {
        Ok(sheets) => sheets,
        Err(problems) => {
            output::text(&super::problem_lines(&problems))?;
            return Ok(false);
        }
    };
    let sheet = sheets.first().context("there is no table in it")?;
    let rows: Vec<Vec<String>> = sheet.rows.iter().take(200).map(|row| row.cells.clone()).collect();
    let id = file.path.file_stem().map_or("own".into(), |stem| stem.to_string_lossy());
    let mapping = propose(&id, &sheet.header, &rows, Register::embedded());
    ensure!(!target.exists(), "{} is there already: name another file", target.display());
    let mut out = File::create_new(target)
        .with_context(|| format!("{} cannot be written", target.display()))?;
    out.write_all(mapping.to_toml().as_bytes())?;
    let saved = target.display();
    match shared.format {
        Format::Json => {
            output::json(&serde_json::json!({"saved": saved.to_string(), "mapping": mapping}))?
        }
        Format::Text => output::text(&format!(
            "{}\nwritten to {saved}. Look it over: a column that is \"ignored\" is not kept, and REPORTER\nmust be named. Then: clearway check {name} --mapping {saved}",
            mapping.to_toml()
        ))?,
    }
    Ok(true)
}
