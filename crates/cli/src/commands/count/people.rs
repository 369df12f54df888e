//! `clearway count --people`: people on the lists of agencies, nobody counted twice.

use analysis::people::{self, Counted, PeoplePlan};
use anyhow::{Context, bail};
use records::register::Register;
use report::ShownCount;

use super::super::{open_existing, scope};
use super::Arguments;
use crate::{Format, Shared, clock, output};

pub(super) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let plan = PeoplePlan {
        practice: own.practice,
        period: own.quarters()?,
        as_of: super::as_of(own.as_of, &store, &scope, shared).await?,
        truth: None,
        threads: shared.threads(),
    };
    let (register, data) = (Register::embedded(), shared.data());
    let counted = people::count(&store, &scope, register, data, &plan, clock::now()).await?;
    let Some(counted) = counted else {
        let kind = if own.practice { "made-up" } else { "real" };
        bail!(
            "no {kind} agency has sent victims for that period: `clearway receive --list` shows \
             what is in{}",
            if own.practice { "" } else { "; made-up agencies are counted with --practice" }
        );
    };
    if let Some(path) = &own.histories {
        people::write_counted(path, &counted.people.histories)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let number = people::log(&store, &scope, &counted, clock::now()).await?;
    store.close().await;
    match shared.format {
        // Small numbers are hidden by the type of what is written.
        Format::Json => output::json(&serde_json::json!({
            "count": number,
            "link": counted.link,
            "people": counted.people,
            "coded": ShownCount::of(counted.coded),
            "linked": ShownCount::of(counted.linked),
            "overlap": ShownCount::of(counted.on_several),
        }))?,
        Format::Text => output::text(&text(&counted, number))?,
    }
    Ok(true)
}

/// The range as a line: from zero to raw, the range as a band, the single figure as a mark.
fn drawn(raw: u64, low: u64, high: u64, single: u64) -> String {
    const WIDTH: u64 = 72;
    let place = |number: u64| number * WIDTH / raw.max(1);
    let mark = |at: u64| match at {
        at if at == place(single) => '●',
        at if at >= place(low) && at <= place(high) => '▒',
        _ => '·',
    };
    (0..=WIDTH).map(mark).collect()
}

fn text(counted: &Counted, number: i64) -> String {
    let people = &counted.people;
    let shown = |number: u64| ShownCount::of(number).to_string();
    let short = super::short;
    let head = if people.synthetic {
        "SYNTHETIC: made-up agencies"
    } else {
        "internal: not for publication"
    };
    let mut text = format!(
        "{head}\npeople on the lists of agencies, {} to {}, as of {}, definitions {}\n\n",
        people.first, people.last, people.as_of, people.definition_version
    );
    let rows = [
        ("records (a person once for each agency)", people.raw),
        ("people, at least", people.low),
        ("people, best single figure", people.unduplicated),
        ("people, at most", people.high),
        ("people in codes on several agencies' lists", counted.on_several),
    ];
    let rows: Vec<Vec<String>> =
        rows.iter().map(|(what, number)| vec![(*what).to_owned(), shown(*number)]).collect();
    text.push_str(&output::columns(&rows));
    let small = ShownCount::of(people.low).number().is_none();
    if !small {
        let line = drawn(people.raw, people.low, people.high, people.unduplicated);
        text.push_str(&format!("\n0 {line} {}\n", shown(people.raw)));
    }
    text.push_str("\nwhy it is a range:\n");
    for reason in &people.why {
        text.push_str(&format!("{}\n", output::fold(&format!("- {reason}"), 100, 2)));
    }
    let mut lists = vec![
        ["agencies", "records", "in codes", "totals only", "also elsewhere", "kind of list"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for list in &people.lists {
        lists.push(vec![
            list.agencies.to_string(),
            short(list.records),
            short(list.coded),
            short(list.totals_only),
            short(list.also_elsewhere),
            list.label.clone(),
        ]);
    }
    text.push_str(&format!("\n{}", output::columns(&lists)));
    let mut histories = vec![vec!["people".to_owned(), "on exactly these lists".to_owned()]];
    for history in &people.histories {
        histories.push(vec![short(history.people), history.lists.join(", ")]);
    }
    text.push_str(&format!("\n{}", output::columns(&histories)));
    for note in &people.annotations {
        text.push_str(&format!("{}\n", output::fold(note, 100, 2)));
    }
    text.push_str(&format!("count {number} is written down; `clearway report` shows it in full"));
    text
}
