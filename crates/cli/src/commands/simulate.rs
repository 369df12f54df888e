//! `clearway simulate`: a made-up state whose truth is known.

use std::path::{Path, PathBuf};

use records::Quarter;
use simulation::{PeopleSetPlan, Plan, Summary};

use crate::{Format, Shared, output, progress};

/// Make up a state whose truth is known: people, agencies, their records, and the errors in them
///
/// For practice, tests and benchmarks. Each agency gets a folder with the files that it would
/// import; the truth lies apart, in `truth/`. The same seed gives the same files. Nothing in them
/// is about a real person.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway simulate --out made-up\n  clearway simulate --out small --people 1000 --agencies 6 --seed 7 --format json\n  clearway simulate --people-set people.csv --records 100000"
)]
pub(crate) struct Arguments {
    /// The folder to write into: empty, or of an earlier simulation, which is replaced
    #[arg(long, value_name = "DIR", required_unless_present = "people_set")]
    out: Option<PathBuf>,
    /// Instead of a state, one CSV of people from nine agencies, hard to link, with who they truly are
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "people", "from", "quarters"])]
    people_set: Option<PathBuf>,
    /// How many rows the people set has: 100 to 100,000,000
    #[arg(long, value_name = "N", default_value_t = PeopleSetPlan::default().records, requires = "people_set")]
    records: u64,
    /// How many people are trafficked in the state, seen and unseen: 200 to 10,000,000
    #[arg(long, value_name = "N", default_value_t = Plan::default().people)]
    people: u64,
    /// How many agencies: 3 to 2,000 [default: 32]; of a people set 2 to 9 [default: 9]
    #[arg(long, value_name = "K")]
    agencies: Option<usize>,
    /// The first quarter
    #[arg(long, value_name = "QUARTER", default_value_t = Plan::default().from)]
    from: Quarter,
    /// How many quarters: 1 to 40
    #[arg(long, value_name = "N", default_value_t = Plan::default().quarters)]
    quarters: usize,
}

pub(crate) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let Some(out) = &own.out else { return run_people_set(own, shared) };
    let plan = Plan {
        seed: shared.seed.unwrap_or(Plan::default().seed),
        people: own.people,
        agencies: own.agencies,
        from: own.from,
        quarters: own.quarters,
    };
    let bar = progress::things(plan.people, "making up people");
    let summary = simulation::simulate(&plan, out, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "out": out.display().to_string(),
            "summary": summary,
        }))?,
        Format::Text => output::text(&text(out, &summary))?,
    }
    Ok(true)
}

/// Writes a people set.
fn run_people_set(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let Some(file) = &own.people_set else { anyhow::bail!("say --out or --people-set") };
    let usual = PeopleSetPlan::default();
    let plan = PeopleSetPlan {
        seed: shared.seed.unwrap_or(usual.seed),
        records: own.records,
        agencies: own.agencies.unwrap_or(usual.agencies),
    };
    let bar = progress::things(plan.records, "making up people");
    let summary = simulation::write_people_set(&plan, file, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "out": file.display().to_string(),
            "summary": summary,
        }))?,
        Format::Text => output::text(&format!(
            "SYNTHETIC: {} rows of {} agencies, seed {}: {}\n\n\
             people (the truth)                        {}\n\
             of these on several lists                 {}\n\
             pairs of rows that are one person         {}\n\
             those of two agencies                     {}\n\n\
             truth_id says who is who; it is for scoring only",
            summary.records,
            plan.agencies,
            plan.seed,
            file.display(),
            summary.persons,
            summary.persons_on_several_lists,
            summary.true_pairs,
            summary.cross_agency_pairs,
        ))?,
    }
    Ok(true)
}

fn text(out: &Path, summary: &Summary) -> String {
    let out = out.display();
    let row = |what: &str, number: u64| vec![number.to_string(), what.to_owned()];
    let totals = &summary.totals;
    let rows = [
        row("people trafficked, seen and unseen (the truth)", summary.people_hidden),
        row("of these on at least one agency's list (the truth)", summary.people_listed),
        row("people as the agencies count them, added up", summary.records),
        row("investigations", totals.investigations),
        row("arrests", totals.arrests),
        row("records of help given", totals.services),
        row("contacts with the hotline", totals.contacts),
    ];
    let mut errors: Vec<(&str, u64, u64)> = Vec::new();
    for error in &summary.identity.errors {
        match errors.iter_mut().find(|(corruption, ..)| *corruption == error.corruption) {
            Some((_, records, out_of)) => {
                (*records, *out_of) = (*records + error.records, *out_of + error.out_of);
            }
            None => errors.push((error.corruption, error.records, error.out_of)),
        }
    }
    let head = ["kind of error", "records", "of those where it can be", "share"];
    let mut shares = vec![head.map(str::to_owned).to_vec()];
    shares.extend(errors.into_iter().map(|(corruption, records, out_of)| {
        let share = records as f64 * 100.0 / out_of.max(1) as f64;
        let words = corruption.replace('_', " ");
        vec![words, records.to_string(), out_of.to_string(), format!("{share:.1} %")]
    }));
    let agreeing = summary.identity.agreeing_share.unwrap_or_default() * 100.0;
    format!(
        "SYNTHETIC: {} agencies over {} quarters from {}, seed {}\n\n{}\n\
         errors in names, dates and other fields (by kind of agency in the truth):\n{}\
         of two records of one person at two agencies, {agreeing:.0} % agree on the linkage key\n\n\
         the truth: {out}/truth (summary.json, people.csv, records.csv, corruptions.csv)\n\
         next: clearway demo runs the whole path, or be an agency yourself:\n\
         \x20 clearway agency set {out}/practice-police-1 --data police\n\
         \x20 clearway import {out}/practice-police-1 --as records --data police",
        summary.agencies,
        summary.quarters,
        summary.from,
        summary.seed,
        output::columns(&rows),
        output::columns(&shares),
    )
}
