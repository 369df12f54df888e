//! `GET /agency`: "Your quarter": what the agency has sent, beside the state, and what to do next.
//!
//! Its own numbers stand whole; the state's hide what is small, and what would tell that the others' are.

use analysis::filing::Question;
use analysis::report::{Material, OwnSeries, own_series, your_quarter};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use records::register::Register;
use records::{FigureId, Finding, Quarter, Unit};
use report::charts::{Drawing, Mark, Quarters, Slot};
use report::{OwnFigure, Sent, YourQuarter};
use store::{Lateness, office_day};

use super::became::State;
use super::explain;
use crate::frame::{Page, RegisterWords};
use crate::problem::Problem;
use crate::quarters::over;
use crate::session::{Desk, SignedIn};

/// How many quarters a chart has.
const CHARTED: usize = 8;
/// How many quarters back is looked for what is late.
const FILED: usize = 4;

#[derive(Template)]
#[template(path = "agency.html")]
struct Agency {
    page: Page,
    desk: Desk,
    /// Nothing while the agency has sent nothing that was accepted.
    own: Option<Own>,
    /// Where the agency stands with its returns, the latest quarter first.
    filings: Vec<Filed>,
}

/// The agency's last quarter.
struct Own {
    reporter: String,
    quarter: String,
    made_up: bool,
    /// How many have reported the quarter, in words.
    reported: String,
    rows: Vec<Row>,
    charts: Vec<Chart>,
    findings: Vec<Finding>,
}

/// One figure beside the others.
struct Row {
    label: RegisterWords,
    own: Cell,
    before: String,
    state: Cell,
    coverage: String,
}

/// A value, and where it is explained.
struct Cell {
    value: String,
    address: Option<String>,
}

/// A counted unit over time.
struct Chart {
    anchor: String,
    label: RegisterWords,
    drawing: Drawing,
}

/// A quarter's return.
struct Filed {
    quarter: String,
    due_on: String,
    state: State,
    late: bool,
    days_late: i64,
}

/// Shows it.
pub(crate) async fn show(signed_in: SignedIn) -> Result<Response, Problem> {
    let (store, scope, register) = (signed_in.store(), signed_in.scope(), Register::embedded());
    let page = signed_in.page.clone();
    let reporter = scope.agency().ok_or(Problem::NotFound)?;
    let material = Material::read(store, scope, register).await?;
    let own = your_quarter(register, &material, reporter)
        .map(|own| of(&page, own, own_series(register, &material, reporter)));
    let today = office_day(signed_in.now);
    let quarters: Vec<Quarter> = over(today).take(FILED).collect();
    let (Some(last), Some(first)) = (quarters.first(), quarters.last()) else {
        return Err(Problem::Failed);
    };
    let filings = store.lateness(scope, (*first, *last), today).await?;
    let asked = |one: &Lateness| one.owed || one.state.is_some();
    let filings = filings.into_iter().filter(asked).rev().map(filed).collect();
    let shown = Agency { desk: signed_in.desk(), own, filings, page };
    signed_in.show(StatusCode::OK, &[], &shown).await
}

fn of(page: &Page, own: YourQuarter, series: Vec<OwnSeries>) -> Own {
    let place = own.record.quarters.iter().position(|quarter| *quarter == own.quarter);
    let in_quarter: Vec<Sent> = own
        .record
        .rows
        .iter()
        .filter_map(|(_, _, sent)| place.and_then(|place| sent.get(place)).copied())
        .collect();
    let reported =
        in_quarter.iter().filter(|sent| matches!(sent, Sent::Received | Sent::Late)).count();
    let expected = in_quarter.iter().filter(|sent| **sent != Sent::NotExpected).count();
    Own {
        reporter: own.reporter,
        quarter: own.quarter.to_string(),
        made_up: own.standing == records::Standing::Synthetic,
        reported: page.say_with_all(
            "agency-reported",
            vec![("reported", reported.to_string()), ("expected", expected.to_string())],
        ),
        rows: own.figures.iter().map(|figure| row(page, figure)).collect(),
        charts: series.iter().map(|series| chart(page, series)).collect(),
        findings: own.questions,
    }
}

fn row(page: &Page, figure: &OwnFigure) -> Row {
    let (measure, breakdown) = (figure.measure.clone(), figure.dimensions.clone());
    let label = page.question(&Question { measure, breakdown }, |unit, by| match by {
        "" => unit.to_owned(),
        by => format!("{unit}: {by}"),
    });
    let said = |value: &report::ShownValue| explain::value(page, value, Unit::Count);
    let address = |id: &FigureId| explain::address(page, &id.0);
    let (reported, expected) = figure.coverage;
    let of_state = figure.state_id.as_ref();
    Row {
        label,
        own: Cell { value: said(&figure.own), address: Some(address(&figure.id)) },
        before: figure.before.as_ref().map_or_else(|| page.say("agency-not-sent"), said),
        state: Cell {
            value: of_state.map_or_else(|| page.say("agency-no-sum"), |_| said(&figure.state)),
            address: of_state.map(address),
        },
        coverage: match of_state {
            Some(_) => coverage(page, reported.to_string(), expected.to_string()),
            None => String::new(),
        },
    }
}

fn coverage(page: &Page, reported: String, expected: String) -> String {
    page.say_with_all("agency-coverage", vec![("reported", reported), ("expected", expected)])
}

fn chart(page: &Page, series: &OwnSeries) -> Chart {
    let skipped = series.quarters.len().saturating_sub(CHARTED);
    let slots = series.quarters.iter().skip(skipped).map(|(quarter, own, _)| {
        let name = quarter.to_string();
        let (year, number) = name.split_once('-').unwrap_or((&name, ""));
        let words = page.say("agency-not-sent");
        Slot {
            label: (number.to_owned(), year.to_owned()),
            value: own.map_or_else(|| words.clone(), analysis::quality::with_commas),
            mark: own.map_or(Mark::Words(words), |own| Mark::Length(own as f64)),
            name,
        }
    });
    let anchor = format!("chart-{}", series.measure.replace('_', "-"));
    let drawn = page.say("agency-charts-drawn");
    let quarters = Quarters { id: anchor.clone(), drawn, slots: slots.collect() };
    let label = page.unit(&series.measure);
    Chart { drawing: quarters.draw(&label.text), label, anchor }
}

fn filed(one: Lateness) -> Filed {
    let state = State::of_lateness(&one);
    Filed {
        quarter: one.quarter.to_string(),
        due_on: one.due_on.to_string(),
        late: state.is_open() && one.days_late > 0,
        days_late: one.days_late,
        state,
    }
}
