//! `clearway count --records`: records of every kind, by quarter and field.

use std::collections::BTreeMap;

use analysis::record_counts::{self, RecordCell, RecordsCounted, RecordsPlan};
use anyhow::{Context, bail};
use records::record::{Field, Holds, RecordKind};
use report::ShownCount;

use super::super::{open_existing, scope};
use super::Arguments;
use crate::{Format, Shared, output};

pub(super) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let kinds = own.kind.as_deref().map(|word| {
        RecordKind::from_word(word).with_context(|| {
            let known = RecordKind::ALL.map(RecordKind::as_str).join(", ");
            format!("\"{word}\" is no kind of record: choose from {known}")
        })
    });
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let plan = RecordsPlan {
        practice: own.practice,
        kinds: kinds.transpose()?.into_iter().collect(),
        period: own.quarters()?,
        as_of: super::as_of(own.as_of, &store, &scope, shared).await?,
        threads: shared.threads(),
    };
    let counted = record_counts::count(&store, &scope, shared.data(), &plan).await?;
    store.close().await;
    if counted.cells.is_empty() {
        bail!(
            "nothing was sent for that: `clearway receive --list` shows what is in{}",
            if own.practice { "" } else { "; made-up agencies are counted with --practice" }
        );
    }
    match shared.format {
        Format::Json => output::json(&json(&counted))?,
        Format::Text => output::text(&text(own, &counted))?,
    }
    Ok(true)
}

fn json(counted: &RecordsCounted) -> serde_json::Value {
    let cell = |cell: &RecordCell| {
        serde_json::json!({
            "record": cell.record, "counted_as": cell.counted_as, "quarter": cell.quarter,
            "field": cell.field, "code": cell.code, "records": ShownCount::of(cell.records),
        })
    };
    let sum = |sum: &record_counts::NumberSum| {
        let shown = ShownCount::of(sum.records).number().is_some();
        serde_json::json!({
            "record": sum.record, "quarter": sum.quarter, "field": sum.field,
            "sum": shown.then_some(sum.sum), "records": ShownCount::of(sum.records),
        })
    };
    let without = |((record, quarter), records): (&(RecordKind, records::Quarter), &u64)| {
        serde_json::json!({
            "record": record, "quarter": quarter, "records": ShownCount::of(*records),
        })
    };
    serde_json::json!({
        "cells": counted.cells.iter().map(cell).collect::<Vec<_>>(),
        "sums": counted.sums.iter().map(sum).collect::<Vec<_>>(),
        "without_numbers": counted.without_numbers.iter().map(without).collect::<Vec<_>>(),
    })
}

/// The quarters added up: records are of one quarter each.
fn text(own: &Arguments, counted: &RecordsCounted) -> String {
    type Row = (RecordKind, Option<&'static str>, Option<&'static str>, Option<&'static str>);
    let mut by_row: BTreeMap<Row, u64> = BTreeMap::new();
    for cell in &counted.cells {
        // Of one kind every field is shown; of all of them only how many there are.
        if own.kind.is_some() || cell.field.is_none() {
            let row = (cell.record, cell.counted_as, cell.field, cell.code);
            *by_row.entry(row).or_default() += cell.records;
        }
    }
    let mut rows = vec![["records", "kind", "field", "code"].map(str::to_owned).to_vec()];
    for ((record, counted_as, field, code), records) in by_row {
        let kind = match counted_as {
            Some(unit) => format!("{record} ({unit})"),
            None => record.to_string(),
        };
        let code = match (field, code) {
            (Some(_), None) => "not recorded",
            (_, code) => code.unwrap_or_default(),
        };
        let field = field.unwrap_or("all").to_owned();
        rows.push(vec![super::short(records), kind, field, code.to_owned()]);
    }
    let mut sums: BTreeMap<(RecordKind, &str), (i64, u64)> = BTreeMap::new();
    for sum in &counted.sums {
        let (all, records) = sums.entry((sum.record, sum.field)).or_default();
        (*all, *records) = (*all + sum.sum, *records + sum.records);
    }
    let mut numbers = vec![["sum", "kind", "number", "over records"].map(str::to_owned).to_vec()];
    for ((record, field), (sum, records)) in sums {
        let shown = ShownCount::of(records);
        let tenths =
            Field::find(record, field).is_some_and(|(_, field)| field.holds == Holds::Hours);
        let sum = match (shown.number(), tenths) {
            (None, _) => "hidden".to_owned(),
            (Some(_), true) => format!("{}.{}", sum / 10, sum % 10),
            (Some(_), false) => sum.to_string(),
        };
        numbers.push(vec![sum, record.to_string(), field.to_owned(), shown.to_string()]);
    }
    let stayed: u64 = counted.without_numbers.values().sum();
    format!(
        "{}\n{}{}\nraw counts: what two agencies both record is in them twice. Sums are over \
         records in codes;\nrecords that came as totals only, without their numbers: {}\n\
         next: clearway count --records --kind arrest shows every field of one kind",
        if own.practice { "SYNTHETIC: made-up agencies" } else { "internal: not for publication" },
        output::columns(&rows),
        if numbers.len() > 1 { format!("\n{}", output::columns(&numbers)) } else { String::new() },
        ShownCount::of(stayed)
    )
}
