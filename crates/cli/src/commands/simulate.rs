//! `clearway simulate`: a made-up state whose truth is known.

use std::path::PathBuf;

use records::Quarter;
use simulation::{Plan, Summary};

use crate::{Format, Shared, output, progress};

/// Make up a state whose truth is known: people, agencies, their records, and the errors in them
///
/// For practice, tests and benchmarks. Each agency gets a folder with the files that it would
/// import; the truth lies apart, in `truth/`. The same seed gives the same files. Nothing in them
/// is about a real person.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway simulate --out made-up\n  clearway simulate --out small --people 1000 --agencies 6 --seed 7 --format json"
)]
pub(crate) struct Arguments {
    /// The folder to write into: empty, or of an earlier simulation, which is replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many people are trafficked in the state, seen and unseen: 200 to 10,000,000
    #[arg(long, value_name = "N", default_value_t = Plan::default().people)]
    people: u64,
    /// How many agencies: 3 to 2,000 [default: 32]
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
    let plan = Plan {
        seed: shared.seed.unwrap_or(Plan::default().seed),
        people: own.people,
        agencies: own.agencies,
        from: own.from,
        quarters: own.quarters,
    };
    let bar = progress::things(plan.people, "making up people");
    let summary = simulation::simulate(&plan, &own.out, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "out": own.out.display().to_string(),
            "summary": summary,
        }))?,
        Format::Text => output::text(&text(own, &summary))?,
    }
    Ok(true)
}

fn text(own: &Arguments, summary: &Summary) -> String {
    let out = own.out.display();
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
