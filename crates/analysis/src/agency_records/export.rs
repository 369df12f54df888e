//! The agency's own files again, names included.
//!
//! In: the records of a kind that stand. Out: a table of them in our fields or in the words of a
//! standard, on any writer, and what that table cannot say, counted. A record in our own fields
//! comes back as it was; so does one that came in as HTCDS or CTDC and goes out the same way.

use std::io::{self, Write};
use std::ops::ControlFlow;

use query::{TextTableError, TextTableWriter};
use records::Quarter;
use records::record::{AgencyRecord, Code, Field, RecordKind};
use records::register::Kind;
use records::standards::{Defaults, Unsaid, Written, ctdc, htcds, nibrs, niem};
use store::{RecordOrder, RecordsKey, Scope, Store, StoreError};

use super::unsaid::UnsaidCounts;

/// Records that are written at once.
const CHUNK: usize = 500;

const CARRIED: &str = "a cell of another standard, kept with the record; write it as that standard";

/// In what form records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Our fields, as CSV.
    Csv,
    /// Our fields, an object on each line.
    JsonLines,
    /// Our fields, as columns of text.
    Parquet,
    /// HTCDS 2.0, as CSV.
    Htcds,
    /// CTDC, as CSV, with the day beside its columns.
    Ctdc,
    /// Own numbers with codes of NIEM 6.0.
    Niem,
    /// Own numbers with NIBRS offence codes.
    Nibrs,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// The kind of record.
    pub kind: RecordKind,
    /// The form.
    pub format: ExportFormat,
    /// Of victims, only those counted so.
    pub counted_as: Option<Code>,
    /// Only records whose day lies in these quarters.
    pub quarters: Option<(Quarter, Quarter)>,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records.
    pub records: u64,
    /// Rows below the header; with NIEM and NIBRS one for each code.
    pub rows: u64,
    /// What the form cannot say.
    pub unsaid: UnsaidCounts,
}

/// Why records could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer.
    #[error("it cannot be written")]
    Write(#[from] io::Error),
    /// The Parquet writer.
    #[error(transparent)]
    Table(#[from] TextTableError),
    /// The standard knows people only.
    #[error("{0} records cannot be written so: the standard is about people; name victims")]
    OnlyVictims(RecordKind),
}

/// Writes the records of a kind, as the files came in, and those of one file by own number.
///
/// # Errors
///
/// [`ExportError`].
pub async fn export(
    store: &Store,
    scope: &Scope,
    key: &RecordsKey,
    what: &Export,
    out: &mut (dyn Write + Send),
) -> Result<Exported, ExportError> {
    let standard = matches!(what.format, ExportFormat::Htcds | ExportFormat::Ctdc);
    if standard && what.kind != RecordKind::Victim {
        return Err(ExportError::OnlyVictims(what.kind));
    }
    let unit = || Code::get(Kind::CountedUnit, "victim_identified");
    let counted_as = what.counted_as.or_else(unit).ok_or(ExportError::OnlyVictims(what.kind))?;
    let mut writing = Writing::begin(what, Defaults { counted_as, date: None }, out)?;
    let order = RecordOrder::AsTheyCame;
    let mut failed = None;
    let mut waiting = Vec::with_capacity(CHUNK);
    let mut visit = |record: AgencyRecord| {
        let counted_as = record.code("counted_as");
        if what.counted_as.is_some_and(|wanted| counted_as != Some(wanted)) {
            return ControlFlow::Continue(());
        }
        waiting.push(record);
        if waiting.len() == CHUNK
            && let Err(error) = writing.write(std::mem::take(&mut waiting))
        {
            failed = Some(error);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    store.for_each_record(scope, key, what.kind, what.quarters, order, &mut visit).await?;
    if let Some(error) = failed {
        return Err(error);
    }
    writing.write(waiting)?;
    writing.finish()
}

struct Writing<'w> {
    format: ExportFormat,
    kind: RecordKind,
    to: To<'w>,
    /// With what a standard's table would be read again.
    defaults: Defaults,
    done: Exported,
}

enum To<'w> {
    Csv(Box<csv::Writer<&'w mut (dyn Write + Send)>>),
    Lines(&'w mut (dyn Write + Send)),
    Parquet(Box<TextTableWriter<&'w mut (dyn Write + Send)>>),
}

impl<'w> Writing<'w> {
    fn begin(
        what: &Export,
        defaults: Defaults,
        out: &'w mut (dyn Write + Send),
    ) -> Result<Writing<'w>, ExportError> {
        let names: Vec<&str> = Field::of(what.kind).iter().map(|field| field.name).collect();
        let to = match what.format {
            ExportFormat::JsonLines => To::Lines(out),
            ExportFormat::Parquet => To::Parquet(Box::new(TextTableWriter::create(out, &names)?)),
            format => {
                let mut writer = csv::Writer::from_writer(out);
                let header: Vec<String> = match format {
                    ExportFormat::Htcds | ExportFormat::Ctdc => {
                        in_standard(format, &[], &defaults).header
                    }
                    ExportFormat::Niem => owned(&["reference", "code_type", "code"]),
                    ExportFormat::Nibrs => owned(&["reference", "code", "name"]),
                    _ => owned(&names),
                };
                writer.write_record(&header).map_err(io::Error::from)?;
                To::Csv(Box::new(writer))
            }
        };
        Ok(Writing {
            format: what.format,
            kind: what.kind,
            to,
            defaults,
            done: Exported::default(),
        })
    }

    fn write(&mut self, records: Vec<AgencyRecord>) -> Result<(), ExportError> {
        self.done.records += records.len() as u64;
        match self.format {
            ExportFormat::Htcds | ExportFormat::Ctdc => {
                let written = in_standard(self.format, &records, &self.defaults);
                self.done.unsaid.extend(written.unsaid);
                self.rows(written.rows)
            }
            ExportFormat::Niem | ExportFormat::Nibrs => {
                for record in &records {
                    let (rows, unsaid) = in_codes(self.format, record);
                    self.done.unsaid.extend(unsaid);
                    self.rows(rows)?;
                }
                Ok(())
            }
            _ => {
                for record in &records {
                    for _ in
                        record.carried().values().filter(|text| !text.in_own_store().is_empty())
                    {
                        self.done.unsaid.add("carried", "[withheld]", CARRIED);
                    }
                }
                self.rows(records.iter().map(AgencyRecord::in_own_table).collect())
            }
        }
    }

    fn rows(&mut self, rows: Vec<Vec<String>>) -> Result<(), ExportError> {
        self.done.rows += rows.len() as u64;
        for row in rows {
            match &mut self.to {
                To::Csv(writer) => writer.write_record(&row).map_err(io::Error::from)?,
                To::Parquet(writer) => writer.push(row)?,
                To::Lines(out) => {
                    let fields = Field::of(self.kind).iter().zip(row);
                    let object: serde_json::Map<String, serde_json::Value> = fields
                        .filter(|(_, cell)| !cell.is_empty())
                        .map(|(field, cell)| (field.name.to_owned(), cell.into()))
                        .collect();
                    serde_json::to_writer(&mut *out, &object).map_err(io::Error::from)?;
                    out.write_all(b"\n")?;
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Exported, ExportError> {
        match self.to {
            To::Csv(mut writer) => writer.flush()?,
            To::Lines(out) => out.flush()?,
            To::Parquet(writer) => writer.finish()?.flush()?,
        }
        Ok(self.done)
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Records in the words of a standard about people. The CTDC dataset states only a year, so the day
/// stands beside its columns, where it is read again.
fn in_standard(format: ExportFormat, records: &[AgencyRecord], defaults: &Defaults) -> Written {
    if format == ExportFormat::Htcds {
        return htcds::write(records, defaults);
    }
    let mut written = ctdc::write(records, defaults);
    written.header.push("date".to_owned());
    for (row, record) in written.rows.iter_mut().zip(records) {
        row.push(record.date("date").map_or_else(String::new, |day| day.to_string()));
    }
    written.unsaid.retain(|one| one.field != "date");
    written
}

/// The codes of a record, a row for each.
fn in_codes(format: ExportFormat, record: &AgencyRecord) -> (Vec<Vec<String>>, Vec<Unsaid>) {
    let row = |cells: [&str; 2]| {
        let [first, second] = cells.map(str::to_owned);
        vec![record.own_reference().in_own_store().to_owned(), first, second]
    };
    match format {
        ExportFormat::Niem => {
            let coded = niem::of_record(record);
            (
                coded.codes.iter().map(|code| row([code.code_type, code.code])).collect(),
                coded.unsaid,
            )
        }
        _ => {
            let coded = nibrs::of_record(record);
            (coded.codes.iter().map(|one| row([one.code, one.name])).collect(), coded.unsaid)
        }
    }
}
