//! `GET` and `POST /audit`: what an auditor looks at every week, and whether the log holds.
//!
//! Failed sign-ins come first. The counts are made here, of the rows that her agency's auditor may see.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{AuditFilter, AuditFinding, AuditFindingKind, AuditRow, AuditVerified};

use crate::acts::{ShownAct, moment};
use crate::form::{Asked, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn};

/// How many rows a page has at most; the counts are of all.
const ROWS: usize = 200;
const FAILED: &str = "failed_to_sign_in";

#[derive(Template)]
#[template(path = "audit.html")]
struct Review {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    from: Date,
    until: Date,
    earlier: String,
    later: Option<String>,
    failed: Vec<Count>,
    acts: Vec<Count>,
    people: Vec<Count>,
    cells: Vec<Cell>,
    rows: Vec<ShownAct>,
    number: usize,
    verified: Option<AuditVerified>,
}

/// How often something is there.
struct Count {
    what: String,
    times: usize,
}

/// How often somebody did something, and when last.
struct Cell {
    who: String,
    act: String,
    times: usize,
    last: String,
}

impl Review {
    /// What is wrong at a place of the log, in words.
    fn finding(&self, finding: &AuditFinding) -> String {
        let key = match finding.kind {
            AuditFindingKind::Changed => "audit-finding-changed",
            AuditFindingKind::Missing { .. } => "audit-finding-missing",
            AuditFindingKind::ReasonChanged => "audit-finding-reason",
            AuditFindingKind::ReasonMissing => "audit-finding-reason-gone",
            AuditFindingKind::ReasonBack => "audit-finding-reason-back",
            AuditFindingKind::NotTheCheckpoint => "audit-finding-checkpoint",
        };
        self.page.say_with(key, "row", finding.row)
    }
}

/// Shows a week.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    page(&signed_in, asked.get("from"), None).await
}

/// Looks at the whole chain, and says what came of it.
pub(crate) async fn verify(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let verified = signed_in.store().verify_audit(signed_in.scope(), &[]).await?;
    page(&signed_in, fields.get("from"), Some(verified)).await
}

async fn page(
    signed_in: &SignedIn,
    from: &str,
    verified: Option<AuditVerified>,
) -> Result<Response, Problem> {
    let page = signed_in.page.clone();
    let today = signed_in.now.to_zoned(TimeZone::UTC).date();
    let mut mistakes = Mistakes::default();
    let usual = today.saturating_sub(6.days());
    let from = match from.parse::<Date>() {
        // Before that there were no computers, and after it no days to add.
        Ok(day) if (1970..=9000).contains(&day.year()) => day,
        _ if from.is_empty() => usual,
        _ => {
            mistakes.add("from", page.say("audit-error-from"));
            usual
        }
    };
    let until = from.saturating_add(6.days());
    let filter = AuditFilter { since: Some(format!("{from}T00:00:00Z")), ..AuditFilter::default() };
    let mut rows = signed_in.store().audit(signed_in.scope(), &filter).await?;
    let end = format!("{}T00:00:00Z", until.saturating_add(1.day()));
    rows.retain(|row| row.at < end);
    let later = from.saturating_add(7.days());
    let shown = Review {
        desk: signed_in.desk(),
        mistakes,
        from,
        until,
        earlier: format!("/audit?from={}", from.saturating_sub(7.days())),
        later: (later <= today).then(|| format!("/audit?from={later}")),
        failed: counts(rows.iter().filter(|row| row.act == FAILED).map(|row| row.who.clone())),
        acts: counts(rows.iter().map(|row| page.act(&row.act))),
        people: counts(rows.iter().map(|row| row.who.clone())),
        cells: cells(&page, &rows),
        rows: rows.iter().rev().take(ROWS).map(|row| ShownAct::of(&page, row)).collect(),
        number: rows.len(),
        verified,
        page,
    };
    signed_in.show(shown.mistakes.status(), &[], &shown).await
}

/// How often each is there, the most frequent first.
fn counts(all: impl Iterator<Item = String>) -> Vec<Count> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    all.for_each(|what| *times.entry(what).or_default() += 1);
    let mut counts: Vec<Count> =
        times.into_iter().map(|(what, times)| Count { what, times }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.times));
    counts
}

/// Who did what how often; what failed to be a sign-in first.
fn cells(page: &Page, rows: &[AuditRow]) -> Vec<Cell> {
    let mut cells: BTreeMap<(bool, &str, &str), (usize, &str)> = BTreeMap::new();
    for row in rows {
        let cell = cells.entry((row.act != FAILED, &row.who, &row.act)).or_default();
        *cell = (cell.0 + 1, &row.at);
    }
    cells
        .into_iter()
        .map(|((_, who, act), (times, last))| Cell {
            who: who.to_owned(),
            act: page.act(act),
            times,
            last: moment(last),
        })
        .collect()
}
