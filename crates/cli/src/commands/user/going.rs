//! Agencies that join, leave and come back, and members who leave, as `clearway user` says them.

use serde_json::json;
use store::{JoiningStep, Leaving, LeavingReceipt, Scope};

use super::done;
use crate::commands::open_existing;
use crate::{Format, Shared, clock, output};

/// Where every agency stands with joining.
pub(super) async fn joining(by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let joinings = store.joinings(by, clock::now()).await?;
    match shared.format {
        Format::Json => output::json(&joinings)?,
        Format::Text if joinings.is_empty() => {
            output::text("no agency joins here; `clearway user join CODE` lets one in")?;
        }
        Format::Text => {
            let row = |one: &store::Joining| {
                let missing: Vec<&str> =
                    one.missing.iter().copied().map(JoiningStep::as_str).collect();
                let stands = match (&one.agency.live_at, one.agency.practice) {
                    (Some(at), _) => format!("live since {at}"),
                    (None, true) => "made up, works without joining".to_owned(),
                    (None, false) => format!("missing: {}", missing.join(", ")),
                };
                vec![one.agency.code.clone(), stands]
            };
            output::text(&output::columns(&joinings.iter().map(row).collect::<Vec<_>>()))?;
        }
    }
    Ok(true)
}

/// Lets an agency go, and prints the receipt.
pub(super) async fn leave(
    code: &str,
    why: &str,
    by: &Scope,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    receipt(&store.let_agency_go(by, code, why, clock::now()).await?, shared)
}

/// Brings an agency back.
pub(super) async fn come_back(
    code: &str,
    why: &str,
    by: &Scope,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    store.bring_agency_back(by, code, why, clock::now()).await?;
    done(shared, &format!("{code} is back as it was; its members sign in again"))
}

/// Destroys what is due, and lists every leaving with its receipt.
pub(super) async fn leavings(by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    // Asked first: whoever may not see the list destroys nothing either.
    store.leavings(by).await?;
    store.destroy_what_left(clock::now()).await?;
    let leavings = store.leavings(by).await?;
    match shared.format {
        Format::Json => output::json(&leavings)?,
        Format::Text if leavings.is_empty() => output::text("no agency has left")?,
        Format::Text => {
            output::text(&leavings.iter().map(told).collect::<Vec<_>>().join("\n\n"))?;
        }
    }
    Ok(true)
}

fn told(leaving: &Leaving) -> String {
    let Leaving { agency, asked_by, asked_at, .. } = leaving;
    match (&leaving.receipt, &leaving.ended_at, &leaving.destroy_after) {
        (Some(receipt), ..) => receipt.to_string(),
        (None, Some(at), _) => format!("{agency}: taken back on {at}"),
        (None, None, Some(until)) => format!("{agency}: has left; can come back until {until}"),
        (None, None, None) => format!(
            "{agency}: {asked_by} asked on {asked_at}; a second administrator has not consented"
        ),
    }
}

/// A member leaves for good.
pub(super) async fn gone(
    name: &str,
    why: &str,
    by: &Scope,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let handover = store.member_leaves(by, name, why, clock::now()).await?;
    match shared.format {
        Format::Json => output::json(&json!({ "name": name, "taken": handover }))?,
        Format::Text => {
            let reads: Vec<&str> = handover.reads.iter().map(|name| name.as_str()).collect();
            let taken = if reads.is_empty() { "nothing".to_owned() } else { reads.join(", ") };
            output::text(&format!(
                "{name} has left: sessions ended, keys destroyed; could read: {taken}"
            ))?;
        }
    }
    Ok(true)
}

fn receipt(receipt: &LeavingReceipt, shared: &Shared) -> anyhow::Result<bool> {
    match shared.format {
        Format::Json => output::json(receipt)?,
        Format::Text => output::text(&receipt.to_string())?,
    }
    Ok(true)
}
