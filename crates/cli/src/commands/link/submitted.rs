//! `clearway link` at the clearinghouse: of all encodings that agencies have submitted.

use std::path::Path;

use analysis::link::{self, LinkError, LinkPlan, Linkage, Losing};
use analysis::receive::{DUE_DAYS, Receiver, purge_now};
use anyhow::{Context, bail};
use report::ShownCount;
use store::{Scope, Store};
use submission::Keys;

use super::super::{open_existing, scope};
use super::Arguments;
use crate::{Format, Shared, clock, output};

/// Uncertain pairs on the screen.
const PAIRS_TOLD: usize = 5;

pub(super) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    // Nobody is compared whose release has ended or who was taken back.
    if Keys::exist(shared.data()) {
        let (data, at, today) = (shared.data(), clock::now(), clock::today());
        let (store, scope) = (&store, &scope);
        purge_now(&Receiver { store, scope, data, at, today, due_days: DUE_DAYS }).await?;
    }
    if own.accept {
        return accept(own, shared, &store, &scope).await;
    }
    if let Some(file) = &own.decisions {
        decide(own, &store, &scope, file).await?;
    }
    let plan = LinkPlan { practice: own.practice, seed: shared.seed.unwrap_or(1) };
    let linked = link::run(&store, &scope, shared.data(), &plan, clock::now()).await?;
    store.close().await;
    let Some(linked) = linked else {
        let (kind, more) = match own.practice {
            true => ("made-up", ""),
            false => ("real", "; made-up agencies are linked with --practice"),
        };
        bail!(
            "no {kind} agency has sent encodings: `clearway receive --list` shows what is in{more}"
        );
    };
    if let Some(file) = &own.review {
        link::write_review(file, &linked.uncertain)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    match shared.format {
        Format::Json => output::json(&json(&linked))?,
        Format::Text => output::text(&text(&linked, own, shared))?,
    }
    Ok(true)
}

async fn decide(own: &Arguments, store: &Store, scope: &Scope, file: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let decisions = link::read_decisions(&bytes).map_err(LinkError::Decisions)?;
    let taken = link::decide(store, scope, own.practice, &decisions, clock::now()).await?;
    let pairs = if taken == 1 { "pair" } else { "pairs" };
    output::remark(&format!("what was decided of {taken} {pairs} is kept"));
    Ok(())
}

async fn accept(
    own: &Arguments,
    shared: &Shared,
    store: &Store,
    scope: &Scope,
) -> anyhow::Result<bool> {
    let losing = link::would_lose(store, scope, own.practice).await?;
    if !own.yes {
        match shared.format {
            Format::Json => {
                output::json(&serde_json::json!({"accepted": false, "losing": losing}))?
            }
            Format::Text => output::text(&format!(
                "{}\nNothing was accepted. Do it with: clearway link --accept --yes{}{}",
                would_be_lost(&losing),
                if own.practice { " --practice" } else { "" },
                shared.data_option()
            ))?,
        }
        return Ok(false);
    }
    let (data, at) = (shared.data(), clock::now());
    output::remark(&would_be_lost(&losing));
    let accepted = link::accept(store, scope, data, own.practice, at).await?;
    match shared.format {
        Format::Json => {
            output::json(&serde_json::json!({"accepted": true, "lost": accepted.lost}))?
        }
        Format::Text => output::text(&format!(
            "linkage {} is accepted; {} encodings in {} files are deleted. Who is whom stays.",
            accepted.lost.link, accepted.lost.encodings, accepted.lost.files
        ))?,
    }
    Ok(true)
}

fn would_be_lost(losing: &Losing) -> String {
    format!(
        "Accepting linkage {} deletes {} encodings in {} files for good. Who is whom stays, as it is \
         now: {} records are {} people. They are never compared with each other again: a link that \
         is wrong or missing stays so, and people who come later meet them only where the same \
         agency sends the same opaque id again. Backups hold the encodings as long as you keep them.",
        losing.link,
        losing.encodings,
        losing.files,
        ShownCount::of(losing.encoded),
        ShownCount::of(losing.people)
    )
}

fn json(linked: &Linkage) -> serde_json::Value {
    let shown = ShownCount::of;
    let key = |key: &link::KeyLinked| {
        serde_json::json!({
            "fingerprint": key.fingerprint,
            "encoded": shown(key.encoded),
            "people": shown(key.people),
            "people_low": shown(key.low),
            "people_high": shown(key.high),
            "threshold": key.threshold,
            "pairs": key.pairs,
        })
    };
    serde_json::json!({
        "link": linked.id,
        "practice": linked.practice,
        "agencies": linked.agencies,
        "submissions": linked.submissions,
        "encoded": shown(linked.encoded),
        "accepted_before": shown(linked.accepted_before),
        "people": shown(linked.people),
        "people_low": shown(linked.low),
        "people_high": shown(linked.high),
        "on_several": shown(linked.on_several),
        "keys": linked.keys.iter().map(key).collect::<Vec<_>>(),
        "uncertain": linked.uncertain,
    })
}

fn text(linked: &Linkage, own: &Arguments, shared: &Shared) -> String {
    let shown = |number: u64| ShownCount::of(number).to_string();
    let head = if linked.practice {
        "SYNTHETIC: made-up agencies"
    } else {
        "internal: not for publication"
    };
    let mut rows = vec![
        ("people as the agencies know them", shown(linked.encoded)),
        ("people, at least", shown(linked.low)),
        ("people, most probably", shown(linked.people)),
        ("people, at most", shown(linked.high)),
        ("people whom several agencies know", shown(linked.on_several)),
        ("pairs that only the agencies can settle", linked.uncertain.len().to_string()),
    ];
    if linked.accepted_before > 0 {
        rows.insert(1, ("of these, linked and accepted before", shown(linked.accepted_before)));
    }
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(what, number)| vec![what.to_owned(), number]).collect();
    let mut text = format!(
        "{head}\nlinkage {} of {} submissions by {} agencies\n\n{}",
        linked.id,
        linked.submissions,
        linked.agencies,
        output::columns(&rows)
    );
    let mut keys = vec![["linkage key", "people", "pairs compared"].map(str::to_owned).to_vec()];
    for key in &linked.keys {
        let people = format!("{} of {}", shown(key.people), shown(key.encoded));
        keys.push(vec![key.fingerprint.clone(), people, key.pairs.to_string()]);
    }
    text.push_str(&format!("\n{}", output::columns(&keys)));
    if linked.keys.len() > 1 {
        let more = "encodings under two keys cannot be compared: their people meet only where one \
                    agency calls them by the same opaque id";
        text.push_str(&format!("{}\n", output::fold(more, 100, 0)));
    }
    if !linked.uncertain.is_empty() {
        text.push_str("\nmost uncertain, by the agencies' opaque ids:\n");
    }
    for pair in linked.uncertain.iter().take(PAIRS_TOLD) {
        let alike = pair.agreement.iter().filter(|(_, level)| *level != "not_there");
        let alike: Vec<String> = alike.map(|(group, level)| format!("{group} {level}")).collect();
        let line = format!(
            "- {:.2}: {} {}… and {} {}…: {}",
            pair.probability,
            pair.first_agency,
            pair.first_id.get(..8).unwrap_or_default(),
            pair.second_agency,
            pair.second_id.get(..8).unwrap_or_default(),
            alike.join(", ")
        );
        text.push_str(&format!("{}\n", output::fold(&line, 100, 2)));
    }
    let practice = if own.practice { " --practice" } else { "" };
    let data = shared.data_option();
    text.push_str(&match &own.review {
        Some(file) => format!(
            "\nthe uncertain pairs are in {}: ask both agencies, write same or different in the last \
             column, then: clearway link --decisions {}{practice}{data}",
            file.display(),
            file.display()
        ),
        None => format!(
            "\nnext: clearway link --review FILE{practice}{data}, or clearway count \
             --people{practice}{data}"
        ),
    });
    text
}
