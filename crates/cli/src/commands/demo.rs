//! `clearway demo`: the whole path in one command: the real returns of 2012, and a made-up state
//! whose agencies submit coded records (`people`).

mod accounts;
mod people;
mod publish;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use analysis::collect::{self, Collected, Looked, Recognition, look};
use analysis::practice;
use analysis::published::CALIFORNIA_2012;
use analysis::report::{Material, Plan};
use anyhow::{Context, bail};
use records::Quarter;
use records::register::Register;
use records::returns::shipped_mappings;
use report::ShownCount;
use server::{Config, Role};
use store::{Scope, Store};

use people::{Folders, MadeUp};

use crate::{Format, Shared, clock, output, progress};

/// Load the real returns of 2012, make up a state whose agencies submit, count its people, report
///
/// Everything is in the program: no network, no files needed. What is made up is marked synthetic
/// on every page and enters no real total. The truth of the made-up state is shown last, as a
/// check of the method.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway demo --no-serve --out another\n  clearway demo --no-serve --format json --out somewhere"
)]
pub(crate) struct Arguments {
    /// The folder for the database, the returns and the report
    #[arg(long, value_name = "DIR", default_value = "clearway-demo")]
    out: PathBuf,
    /// Where to serve the practice site [default: 127.0.0.1:8080, or any free port]
    #[arg(long, value_name = "ADDR", conflicts_with = "no_serve")]
    listen: Option<SocketAddr>,
    /// Serve nothing: end when the files are there
    #[arg(long)]
    no_serve: bool,
    /// How many people are trafficked in the made-up state, seen and unseen
    #[arg(long, value_name = "N", default_value_t = simulation::Plan::default().people)]
    people: u64,
}

/// The two quarters of the made-up task forces.
const QUARTERS: [(i16, i8); 2] = [(2026, 2), (2026, 3)];
/// The made-up task force that is shown its quarter.
const YOURS: &str = "practice-1";

/// One return of the demo, with the mapping to name where its header does not decide.
struct DemoReturn {
    file_name: String,
    csv: String,
    mapping: Option<&'static str>,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let register = Register::embedded();
    let mut seconds: BTreeMap<&str, f64> = BTreeMap::new();
    let scope = Scope::command_line(&shared.by);

    let started = Instant::now();
    let returns = demo_returns(register)?;
    let folder = own.out.join("returns");
    write_returns(&folder, &returns)?;
    let data = shared.data.clone().unwrap_or_else(|| own.out.join("data"));
    write_examples(&own.out.join("examples"), &returns)?;
    let store = Store::open_in(&data, shared.database_url()?.as_ref()).await?;
    import(&store, &scope, register, &folder, &returns).await?;
    seconds.insert("collect", started.elapsed().as_secs_f64());

    let made_up = made_up(own, shared, &data, &store, &scope, &mut seconds).await?;
    let histories = &made_up.counted.people.histories;
    analysis::people::write_counted(&own.out.join("examples/lists.csv"), histories)?;

    let started = Instant::now();
    accounts::make(&store, &scope, &own.out.join("examples"), clock::now()).await?;
    seconds.insert("accounts", started.elapsed().as_secs_f64());

    let started = Instant::now();
    let material = Material::read(&store, &scope, register).await?;
    let plan = Plan {
        state: "ca".to_owned(),
        period: None,
        as_of: clock::today(),
        your_quarter: Some(YOURS.to_owned()),
    };
    let mut made = analysis::report::run(&store, &scope, register, &material, &plan).await?;
    made.people = Some(made_up.counted.people.clone());
    let written = report::write_site(&made, &own.out.join("report"))?;
    seconds.insert("report", started.elapsed().as_secs_f64());

    let started = Instant::now();
    let now = people::Now {
        scope: &scope,
        at: clock::now(),
        today: clock::today(),
        threads: shared.threads(),
    };
    let published = publish::run(&own.out, &data, "ca", &store, now).await?;
    seconds.insert("publish", started.elapsed().as_secs_f64());

    let report = own.out.join("report");
    match shared.format {
        Format::Json => {
            let (people, summary) = (&made_up.counted.people, &made_up.summary);
            output::json(&serde_json::json!({
                "report": report.display().to_string(),
                "figures": written.figures,
                "people_true": summary.people_listed,
                "people_hidden_true": summary.people_hidden - summary.people_listed,
                "records_raw": people.raw,
                "people_low": people.low,
                "people_high": people.high,
                "people_unduplicated": people.unduplicated,
                "overlap": made_up.counted.on_several,
                "public": published.index.display().to_string(),
                "pdf": published.pdf.display().to_string(),
                "epsilon": published.epsilon,
                "delta": published.delta,
                "estimate": published.range.map(|(low, high)| serde_json::json!({ "low": low, "high": high })),
                "seconds": seconds,
            }))?;
        }
        Format::Text => {
            let seconds = seconds.values().sum();
            output::text(&text(
                own,
                &data,
                &written,
                returns.len(),
                (&made_up, &published),
                seconds,
            ))?;
        }
    }
    if own.no_serve {
        store.close().await;
        return Ok(true);
    }
    serve(own, store, shared).await
}

/// Serves the practice site until it is told to end.
async fn serve(own: &Arguments, store: Store, shared: &Shared) -> anyhow::Result<bool> {
    let usual = SocketAddr::from(([127, 0, 0, 1], 8080));
    let mut config = Config {
        role: Role::Both,
        practice: true,
        published: Some(own.out.join("public")),
        ..Config::new(own.listen.unwrap_or(usual))
    };
    if own.listen.is_none() && std::net::TcpListener::bind(usual).is_err() {
        config.listen.set_port(0);
    }
    output::remark(&format!(
        "sign in as coordinator: passphrase and one-time codes are in {}",
        own.out.join("examples/sign-in.csv").display()
    ));
    super::server::serve(&config, store, false, shared).await
}

fn text(
    own: &Arguments,
    data: &Path,
    written: &report::SiteSummary,
    returns: usize,
    (made_up, published): (&MadeUp, &publish::Published),
    seconds: f64,
) -> String {
    let estimated = published.range.map_or_else(
        || "the lists cannot answer".to_owned(),
        |(low, high)| format!("{} to {}", output::grouped(low), output::grouped(high)),
    );
    let (people, summary) = (&made_up.counted.people, &made_up.summary);
    let shown = |number: u64| ShownCount::of(number).to_string();
    let held = match (people.low..=people.high).contains(&summary.people_listed) {
        true => "inside the range",
        false => "outside the range",
    };
    format!(
        "The State of Human Trafficking in California, from the real returns of 2012\n\
         \n\
         \x20 Identified 1,277; served 1,522; overlap not measured in 2012\n\
         \n\
         SYNTHETIC: a made-up state, {} agencies, {} submissions, {} to {}\n\
         \n\
         \x20 records, a person once for each agency:  {}\n\
         \x20 people, nobody counted twice:            {} to {}, best single figure {}\n\
         \x20 people in codes on several lists:        {}\n\
         \x20 in truth on at least one list:           {} ({held}; on no list: {})\n\
         \x20 published with noise (epsilon {:.2} at delta {:e}); in all, by what is published: {estimated}\n\
         \n\
         {returns} returns, {} figures, {seconds:.1} s\n\
         \n\
         for everybody:   {}\n\
         in print:        {}\n\
         the report:      {} (internal)\n\
         people:          {} (synthetic)\n\
         your quarter:    {} (synthetic)\n\
         the returns:     {}\n\
         \n\
         Open the report in a browser; every number links to where it comes from. Then try:\n\
         \x20 clearway explain victim_served:2010-07-01/2012-06-30:cal-ema --data {}\n\
         \x20 clearway count --people --practice --data {}\n\
         \x20 clearway estimate {}\n\
         \x20 clearway submit --preview --to {} --data {}",
        made_up.agencies,
        made_up.submissions,
        people.first,
        people.last,
        shown(people.raw),
        shown(people.low),
        shown(people.high),
        shown(people.unduplicated),
        shown(made_up.counted.on_several),
        shown(summary.people_listed),
        shown(summary.people_hidden - summary.people_listed),
        published.epsilon,
        published.delta,
        written.figures,
        published.index.display(),
        published.pdf.display(),
        written.index.display(),
        own.out.join("report/people.html").display(),
        own.out.join("report/your-quarter.html").display(),
        own.out.join("returns").display(),
        data.display(),
        data.display(),
        own.out.join("examples/lists.csv").display(),
        data.display(),
        own.out.join("practice-shelter-1").display(),
    )
}

/// The made-up half of the demo, step by step.
async fn made_up(
    own: &Arguments,
    shared: &Shared,
    data: &Path,
    store: &Store,
    scope: &Scope,
    seconds: &mut BTreeMap<&str, f64>,
) -> anyhow::Result<MadeUp> {
    let usual = simulation::Plan::default();
    let plan =
        simulation::Plan { seed: shared.seed.unwrap_or(usual.seed), people: own.people, ..usual };
    let folders = Folders { out: &own.out, data };
    let now =
        people::Now { scope, at: clock::now(), today: clock::today(), threads: shared.threads() };
    let started = Instant::now();
    let summary = people::simulate(&folders, &plan)?;
    seconds.insert("simulate", started.elapsed().as_secs_f64());

    let started = Instant::now();
    let again = || {
        format!(
            "{} holds another demo, it seems: choose another --out, or remove it",
            own.out.display()
        )
    };
    let agencies = people::submit(&folders, store, &plan, now).await.with_context(again)?;
    seconds.insert("submit", started.elapsed().as_secs_f64());

    let started = Instant::now();
    let submissions = people::receive_all(&folders, store, now).await?;
    seconds.insert("receive", started.elapsed().as_secs_f64());

    let started = Instant::now();
    let counted = people::count(&folders, store, &plan, &summary, now).await?;
    seconds.insert("count", started.elapsed().as_secs_f64());
    Ok(MadeUp { counted, summary, agencies, submissions })
}

fn demo_returns(register: &Register) -> anyhow::Result<Vec<DemoReturn>> {
    let mut returns: Vec<DemoReturn> = CALIFORNIA_2012
        .iter()
        .map(|one| DemoReturn {
            file_name: one.file_name.to_owned(),
            csv: one.csv.to_owned(),
            mapping: one.mapping,
        })
        .collect();
    let [first, last] = QUARTERS.map(|(year, number)| Quarter::new(year, number));
    for made_up in practice::returns(register, [first?, last?]) {
        let DemoReturn { file_name, csv, mapping } =
            DemoReturn { file_name: made_up.file_name, csv: made_up.csv, mapping: None };
        returns.push(DemoReturn { file_name: format!("synthetic-{file_name}"), csv, mapping });
    }
    Ok(returns)
}

fn write_returns(folder: &Path, returns: &[DemoReturn]) -> anyhow::Result<()> {
    let at = || format!("cannot write into {}", folder.display());
    std::fs::create_dir_all(folder).with_context(at)?;
    for one in returns {
        std::fs::write(folder.join(&one.file_name), &one.csv).with_context(at)?;
    }
    Ok(())
}

/// Files for the examples of the help texts: a correction of a made-up return, a schema, a list of
/// made-up people, rows about made-up cases, and grants.
fn write_examples(folder: &Path, returns: &[DemoReturn]) -> anyhow::Result<()> {
    let at = || format!("cannot write into {}", folder.display());
    std::fs::create_dir_all(folder).with_context(at)?;
    let corrected = returns.iter().find(|one| one.file_name.contains("practice-2-2026-Q3"));
    let corrected = corrected.map(|one| fewer_arrests(&one.csv)).unwrap_or_default();
    std::fs::write(folder.join("fix.csv"), corrected).with_context(at)?;
    let letters = returns.iter().find(|one| one.file_name.starts_with("table4"));
    let letters = letters.map(|one| one.csv.as_str()).unwrap_or_default();
    std::fs::write(folder.join("letters.csv"), letters).with_context(at)?;
    std::fs::write(folder.join("letters.json"), LETTERS_SCHEMA).with_context(at)?;
    let people = simulation::PeopleSetPlan { records: 2_000, ..Default::default() };
    simulation::write_people_set(&people, &folder.join("people.csv"), &mut |_| ())?;
    let cases = simulation::CaseDataPlan { rows: 5_000, ..Default::default() };
    simulation::write_case_data(&cases, &folder.join("cases.csv"), &folder.join("cases.json"))?;
    std::fs::write(folder.join("grants.csv"), grants()).with_context(at)?;
    Ok(())
}

/// Made-up grants to made-up organisations: in every region one gets most of the money.
fn grants() -> String {
    let mut csv = String::from("region,purpose,organization,dollars\n");
    for (number, region) in ["north", "bay", "central", "south"].into_iter().enumerate() {
        for (kind, purpose) in ["shelter", "legal help", "training"].into_iter().enumerate() {
            for grant in 0..4 + 5 * number + 3 * kind {
                let organization = (grant * 7 + kind) % (6 + 4 * number);
                let dollars = if organization == 0 { 250_000 } else { 4_000 + grant * 1_370 };
                let line =
                    format!("{region},{purpose},Practice {number}-{organization},{dollars}\n");
                csv.push_str(&line);
            }
        }
    }
    csv
}

/// The return with two arrests fewer in its first row of arrests.
fn fewer_arrests(csv: &str) -> String {
    let mut changed = false;
    let mut lines: Vec<String> = Vec::new();
    for line in csv.lines() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let number: Option<u64> = cells.get(5).and_then(|cell| cell.parse().ok());
        if let (false, true, Some(number)) =
            (changed, line.starts_with("individual_arrested"), number)
        {
            cells[5] = number.saturating_sub(2).to_string();
            changed = true;
        }
        lines.push(cells.join(","));
    }
    lines.join("\n") + "\n"
}

/// A Table Schema for Table 4, with a rule across its columns.
const LETTERS_SCHEMA: &str = r#"{
  "fields": [
    {"name": "federal_fiscal_year", "constraints": {"required": true, "unique": true, "pattern": "[0-9]{4}-10/[0-9]{4}-09"}},
    {"name": "adult_certification", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "child_eligibility", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "total", "type": "integer", "constraints": {"minimum": 0}}
  ],
  "rules": [
    {"name": "letters add up", "sum": ["adult_certification", "child_eligibility"], "equals": "total"}
  ]
}
"#;

async fn import(
    store: &Store,
    scope: &Scope,
    register: &Register,
    folder: &Path,
    returns: &[DemoReturn],
) -> anyhow::Result<()> {
    let mappings = shipped_mappings()?;
    let bar = progress::things(returns.len() as u64, "importing");
    for one in returns {
        let forced = one.mapping.and_then(|id| mappings.iter().find(|mapping| mapping.id == id));
        let by = Recognition { mappings, forced, register };
        let name = folder.join(&one.file_name).display().to_string();
        let problems = match look(&name, one.csv.as_bytes(), true, by) {
            Looked::Return(new) => {
                match collect::import(store, scope, &name, new, None, clock::now()).await? {
                    Collected::Refused { problems } => problems,
                    _ => Vec::new(),
                }
            }
            Looked::Refused { problems, .. } => problems,
            Looked::Skipped { reason, .. } => bail!("{name} was skipped: {reason}"),
        };
        if !problems.is_empty() {
            bail!("{name} was refused:\n{}", super::problem_lines(&problems));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}
