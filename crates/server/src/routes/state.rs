//! `GET /state`: the state's picture: its numbers, charts and map, who reported, what is odd.
//!
//! The figures are read anew for each view, as whoever asks may see them; charts and tables are those of
//! the state report, and every number leads to where it comes from.

use analysis::report::{Material, Plan};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use records::Finding;
use records::register::Register;
use report::{Links, Picture};
use store::{Job, JobKind, JobState, Permission, office_day};

use super::explain;
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedIn};

#[derive(Template)]
#[template(path = "state.html")]
struct State {
    page: Page,
    desk: Desk,
    /// Nothing while no return is in.
    picture: Option<Picture>,
    findings: Vec<Finding>,
    end_notes: Vec<String>,
    /// Whether she sees her own agency and the sums.
    of_agency: bool,
    /// The last report that was made as pages.
    made: Option<Job>,
}

/// Shows it.
pub(crate) async fn show(signed_in: SignedIn) -> Result<Response, Problem> {
    let (store, scope, register) = (signed_in.store(), signed_in.scope(), Register::embedded());
    let material = Material::read(store, scope, register).await?;
    let plan = Plan {
        state: signed_in.state_code().to_owned(),
        period: None,
        as_of: office_day(signed_in.now),
        your_quarter: None,
    };
    let report = analysis::report::run(store, scope, register, &material, &plan).await?;
    let page = signed_in.page.clone();
    let figure = |id: &str| explain::address(&page, id);
    let links = Links { figure: &figure, data_quality: "#findings" };
    let picture = match report.figures.is_empty() {
        true => None,
        false => Some(report::picture(&report, links).map_err(|_| Problem::Failed)?),
    };
    let made = match scope.role().may(Permission::ReadCounts) {
        true => {
            let done = |job: &Job| job.kind == JobKind::Report && job.state == JobState::Done;
            store.jobs(scope).await?.into_iter().find(done)
        }
        false => None,
    };
    let shown = State {
        desk: signed_in.desk(),
        picture,
        findings: report.quality.into_iter().next().map_or(Vec::new(), |state| state.findings),
        end_notes: report.end_notes,
        of_agency: scope.reach().is_some(),
        made,
        page,
    };
    signed_in.show(StatusCode::OK, &[], &shown).await
}
