//! `clearway release tables`: exact counts, small ones and what would give them away hidden.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};
use disclosure::budget::Rho;
use disclosure::gate::{Candidate, Limits};
use disclosure::ledger::Part;
use disclosure::release::{Drawn, Out, Request, publish_exact};
use disclosure::tables::{
    Audit, Cube, Dimension, Dominance, Hierarchy, Rules, Suppressed, Zeros, round, suppress,
};
use disclosure::{Amounts, PublishedTable, Rows};
use serde_json::Value;

use super::place::Place;
use super::published::{audit_by, print};
use super::source::{Source, WithoutSchema};
use crate::{Shared, clock, output, progress};

/// Tables of exact counts or amounts with all margins: small cells are hidden, and what would give them away
///
/// Several tables are protected together, and with everything released of the data set before. The
/// audit by linear programming is part of it: what cannot be shown to be safe is not published. This
/// voids any promise of differential privacy for the data set, once and for all.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release tables clearway-demo/examples/cases.csv --dimensions ageBroad,gender \\\n      --threshold 10 --out tables --new-ledger --ledger tables.jsonl\n  clearway release tables clearway-demo/examples/cases.csv --dimensions ageBroad,gender \\\n      --round 5 --out rounded --new-ledger --ledger rounded.jsonl\n  clearway release tables clearway-demo/examples/grants.csv --dimensions region,purpose \\\n      --amount dollars --contributor organization --threshold 3 --out grants --new-ledger \\\n      --ledger grants.jsonl"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// The columns of a table, with commas; again for a further table that shares people with it
    #[arg(long, value_name = "A,B,C", required = true)]
    dimensions: Vec<String>,
    /// Groups of a dimension's categories, such as counties of task forces: a CSV file child,parent;
    /// DIMENSION=FILE where it could be meant for several
    #[arg(long, value_name = "[DIM=]FILE")]
    hierarchy: Vec<String>,
    /// Cells of fewer people are hidden
    #[arg(long, value_name = "N", default_value_t = 10)]
    threshold: u64,
    /// How many more values than one every hidden cell must be able to have, for whoever knows all that
    /// is published
    #[arg(long, value_name = "N", default_value_t = Rules::default().width)]
    width: u64,
    /// Hide cells of nobody too
    #[arg(long)]
    hide_zeros: bool,
    /// Hide so much that somebody who is alone in a cell, and so knows its count, finds out no other
    /// small cell by it; amounts are always protected so
    #[arg(long)]
    singletons: bool,
    /// Hide nothing, but round every count to a multiple of this, so that totals still add up; one
    /// table only
    #[arg(long, value_name = "BASE", conflicts_with_all = ["hide_zeros", "singletons", "amount"])]
    round: Option<u64>,
    /// Add up the amounts in this column instead of counting rows: whole numbers, such as dollars
    #[arg(long, value_name = "COLUMN")]
    amount: Option<String>,
    /// The column that says whose amount it is; without it every row is somebody else's
    #[arg(long, value_name = "COLUMN", requires = "amount")]
    contributor: Option<String>,
    /// Hide amounts that the second largest contributor could tell to within P percent of the largest's,
    /// or (N,K) those of which the N largest have more than K percent [default: 10]
    #[arg(long, value_name = "P|N,K", requires = "amount", value_parser = dominance)]
    dominance: Option<Dominance>,
    /// What a row is, or the unit of the amounts [default: people, or the amounts' column]
    #[arg(long, value_name = "WORD")]
    counted: Option<String>,
    /// The folder to write into, which must not be there yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let started = Instant::now();
    let tables = tables_of(&own.dimensions);
    let columns = columns_of(&tables);
    let rows = own.source.rows(shared, WithoutSchema::Learn(&columns)).await;
    let amounts = own.amount.as_ref();
    let amounts =
        amounts.map(|amount| own.source.amounts(amount, own.contributor.as_deref())).transpose();
    let (rows, amounts) = both(rows, amounts)?;
    let dominance = own.dominance.unwrap_or(Dominance::Percent(10.0));
    let rules = Rules {
        threshold: own.threshold,
        width: own.width,
        zeros: if own.hide_zeros { Zeros::Sensitive } else { Zeros::Published },
        singletons: own.singletons,
        dominance: own.amount.is_some().then_some(dominance),
        ..Rules::default()
    };
    let learnt = own.source.learns();
    if learnt {
        own_words(&rows, amounts.as_ref(), own.threshold)?;
        output::remark(
            "the lists of categories were taken from the rows, so that a category that is listed tells that somebody has it; give --schema to list public categories instead",
        );
    }
    own.place.ready(shared)?;
    let mut safe = protect(own, &rows, amounts.as_ref(), &tables, &rules)?;
    if let Value::Object(sheet) = &mut safe.sheet {
        let from = if learnt { "taken from the rows" } else { "public" };
        sheet.insert("categories".to_owned(), from.into());
    }
    let mut ledger = own.place.ledger(shared, &own.source.data_set(), None)?;
    let parts = safe.tables.iter().map(|table| Part {
        what: format!("{} by {}", table.counted, names(&table.dimensions)),
        mechanism: safe.mechanism.to_owned(),
        parameters: [
            ("threshold".to_owned(), own.threshold.to_string()),
            ("width".to_owned(), rules.width.to_string()),
            ("base".to_owned(), own.round.map_or_else(String::new, |base| base.to_string())),
            ("amount".to_owned(), own.amount.clone().unwrap_or_default()),
            (
                "singletons".to_owned(),
                if own.singletons { "protected".into() } else { String::new() },
            ),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect(),
        rho: Rho::ZERO,
    });
    let request = Request {
        name: own.place.name(Some(&ledger), "tables"),
        day: clock::today().to_string(),
        out: Out::Folder(own.out.clone()),
        parts: parts.collect(),
    };
    let made = Drawn { candidate: Candidate::Tables(safe.tables), sheet: safe.sheet };
    let limits = Limits { threshold: own.threshold, ..Limits::default() };
    let known = match &made.candidate {
        // What is rounded was audited for the width of its base.
        Candidate::Tables(tables) if own.round.is_none() => Some((tables.as_slice(), &safe.audit)),
        _ => None,
    };
    let audit = audit_by(&rules, known);
    let done = publish_exact(&mut ledger, &rows, &made, &request, &limits, &audit);
    print(shared, done, Some(&ledger), (safe.internal, &output::fold(&safe.words, 100, 2)), started)
}

/// Both, or everything that is wrong with either.
fn both<A, B>(one: anyhow::Result<A>, other: anyhow::Result<B>) -> anyhow::Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) if one.to_string() != other.to_string() => {
            bail!("{one:#}\n{other:#}")
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Reads P or N,K.
fn dominance(text: &str) -> Result<Dominance, String> {
    let percent = |text: &str| text.trim().trim_end_matches('%').parse::<f64>().ok();
    let read = match text.split_once(',') {
        None => percent(text).map(Dominance::Percent),
        Some((largest, share)) => largest
            .trim()
            .parse()
            .ok()
            .zip(percent(share))
            .map(|(largest, percent)| Dominance::Share { largest, percent }),
    };
    let read =
        read.ok_or("expected a percentage such as 10, or a number and a percentage such as 2,85")?;
    let faults = Rules { dominance: Some(read), ..Rules::default() }.faults();
    if faults.is_empty() { Ok(read) } else { Err(faults[0].to_string()) }
}

/// Refuses columns whose values mostly belong to few people: names and numbers of people are no
/// categories, and a list of them would be published.
fn own_words(rows: &Rows, amounts: Option<&Amounts>, threshold: u64) -> anyhow::Result<()> {
    let mut said = Vec::new();
    for (place, column) in rows.schema().columns.iter().enumerate() {
        let codes = rows.column(place);
        let people = match amounts {
            Some(amounts) => amounts.contributors_by(codes, column.codes()),
            None => {
                let mut people = vec![0_u64; column.codes()];
                codes.iter().for_each(|&code| people[usize::from(code)] += 1);
                people
            }
        };
        let few = people[1..].iter().filter(|people| **people < threshold).count();
        if few * 2 > column.categories.len() {
            said.push(format!(
                "{few} of the {} values of column \"{}\" belong to fewer than {threshold} people each: a list of them would tell who is in the rows, as names and numbers do. List its public categories with --schema FILE, or leave the column out",
                column.categories.len(),
                column.name,
            ));
        }
    }
    if said.is_empty() { Ok(()) } else { bail!("{}", said.join("\n")) }
}

/// Tables that may be shown, and what is said of them.
struct Safe {
    tables: Vec<PublishedTable>,
    audit: Audit,
    mechanism: &'static str,
    /// For everybody: it does not tell what was hidden first from what was hidden besides.
    sheet: Value,
    /// For the state's own eyes.
    internal: Value,
    words: String,
}

fn protect(
    own: &Arguments,
    rows: &Rows,
    amounts: Option<&Amounts>,
    tables: &[(String, Vec<String>)],
    rules: &Rules,
) -> anyhow::Result<Safe> {
    let grouped = grouped(own, rows, tables)?;
    let dimensions: Vec<Vec<&str>> = tables
        .iter()
        .map(|(_, dimensions)| dimensions.iter().map(String::as_str).collect())
        .collect();
    let wanted: Vec<(&str, &[&str])> = tables
        .iter()
        .zip(&dimensions)
        .map(|((name, _), dimensions)| (name.as_str(), dimensions.as_slice()))
        .collect();
    let counted = |otherwise: &str| own.counted.clone().unwrap_or_else(|| otherwise.to_owned());
    let cube = match amounts {
        None => Cube::of_people(rows, &wanted, &grouped, &counted("people"))?,
        Some(amounts) => {
            let unit = counted(amounts.column());
            Cube::of_amounts(rows, &wanted, &grouped, &unit, amounts)?
        }
    };
    match own.round {
        Some(base) => rounded(&cube, base, rules),
        None => suppressed(&cube, rules),
    }
}

fn rounded(cube: &Cube, base: u64, rules: &Rules) -> anyhow::Result<Safe> {
    let rounded = round(cube, base, rules)?;
    Ok(Safe {
        mechanism: "controlled rounding",
        sheet: serde_json::json!({ "base": base, "within": rounded.within, "epsilon": null }),
        internal: serde_json::json!({
            "internal": { "relaxed": rounded.relaxed, "audit": rounded.audit },
        }),
        words: format!(
            "every count to a multiple of {base}, within {} of the truth, and all totals add up",
            rounded.within
        ),
        tables: vec![rounded.table],
        audit: rounded.audit,
    })
}

fn suppressed(cube: &Cube, rules: &Rules) -> anyhow::Result<Safe> {
    let bar = progress::things(u64::from(rules.rounds), "hiding");
    let suppressed = suppress(cube, rules, |progress| {
        bar.set_position(u64::from(progress.round - 1));
        bar.set_message(format!(
            "{} hidden besides, {} open",
            output::grouped(progress.besides as u64),
            output::grouped(progress.open as u64)
        ));
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    let Suppressed { tables, audit, report } = suppressed?;
    let number = |count: usize| output::grouped(count as u64);
    // How few dominate too much is not said: it would help whoever tries to tell an amount.
    let why = match rules.dominance {
        None => "fewer people than the threshold, or a cell that would give one of these away",
        Some(_) => {
            "fewer contributors than the threshold, few that dominate, or a cell that would give one of these away"
        }
    };
    Ok(Safe {
        mechanism: "cell suppression",
        sheet: serde_json::json!({
            "threshold": rules.threshold,
            "width": rules.width,
            "zeros": rules.zeros,
            "cells": report.cells,
            "hidden": report.primary + report.secondary,
            "hidden_why": why,
            "epsilon": null,
        }),
        words: format!(
            "{} cells, {} hidden ({} with fewer than {} {}, {} besides); without the latter sums alone gave {} of them away, now nothing does",
            number(report.cells),
            number(report.primary + report.secondary),
            number(report.primary),
            rules.threshold,
            if rules.dominance.is_some() { "contributors or dominated by few" } else { "people" },
            number(report.secondary),
            number(report.given_away_by_primary_alone),
        ),
        internal: serde_json::json!({ "internal": { "suppression": report, "audit": audit } }),
        tables,
        audit,
    })
}

/// The dimensions that have groups, each by the file that was given for it.
fn grouped(
    own: &Arguments,
    rows: &Rows,
    tables: &[(String, Vec<String>)],
) -> anyhow::Result<Vec<Dimension>> {
    let columns = columns_of(tables);
    let mut grouped: Vec<Dimension> = Vec::new();
    let mut faults = Vec::new();
    for given in &own.hierarchy {
        match dimension_of(given, rows, &columns) {
            Ok(dimension) => grouped.push(dimension),
            Err(why) => faults.push(format!("{why:#}")),
        }
    }
    if faults.is_empty() { Ok(grouped) } else { bail!("{}", faults.join("\n")) }
}

/// The one column that a hierarchy fits, with its groups.
fn dimension_of(given: &str, rows: &Rows, columns: &[String]) -> anyhow::Result<Dimension> {
    let (only, file) = match given.split_once('=') {
        Some((dimension, file)) => (Some(dimension), file),
        None => (None, given),
    };
    let opened = File::open(file).with_context(|| format!("cannot read {file}"))?;
    let hierarchy = Hierarchy::read(opened).with_context(|| file.to_owned())?;
    let mut found = Vec::new();
    let mut why = Vec::new();
    for name in columns.iter().filter(|name| only.is_none_or(|only| only == *name)) {
        let Some(at) = rows.schema().column(name) else { continue };
        match hierarchy.dimension(&rows.schema().columns[at]) {
            Ok(dimension) => found.push(dimension),
            Err(error) => why.push(format!("{name}: {error}")),
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(dimension), true) => Ok(dimension),
        (None, _) if why.is_empty() => {
            bail!("{file}: no dimension is named {}", only.unwrap_or_default())
        }
        (None, _) => bail!("{file} fits no dimension: {}", why.join("; ")),
        _ => bail!("{file} fits several dimensions; say which: --hierarchy DIMENSION={file}"),
    }
}

/// The tables asked for: a name, and the columns.
pub(super) fn tables_of(dimensions: &[String]) -> Vec<(String, Vec<String>)> {
    let columns =
        |list: &String| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    dimensions.iter().map(columns).map(|columns| (file_name(&columns), columns)).collect()
}

/// Every column that is in some table, each once.
pub(super) fn columns_of(tables: &[(String, Vec<String>)]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for name in tables.iter().flat_map(|(_, columns)| columns) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}

/// `by-year-age`, with nothing that a file name must not have.
fn file_name(columns: &[String]) -> String {
    let plain = |name: &String| {
        name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect()
    };
    format!("by-{}", columns.iter().map(plain).collect::<Vec<String>>().join("-"))
}

fn names(dimensions: &[disclosure::PublishedDimension]) -> String {
    dimensions.iter().map(|dimension| dimension.name.as_str()).collect::<Vec<_>>().join(", ")
}
