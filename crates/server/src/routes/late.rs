//! `GET` and `POST /late`: when each agency's returns are due and which are late; more time is given.
//!
//! The collector sees all agencies, an agency itself.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use records::Quarter;
use store::{Lateness, Permission, StoreError, office_day};

use super::became::State;
use crate::form::{Asked, Fields, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::quarters::over;
use crate::session::{Desk, SignedForm, SignedIn};

/// How many quarters are shown.
const QUARTERS: usize = 8;

#[derive(Template)]
#[template(path = "late.html")]
struct Late {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    quarters: Vec<Quarter>,
    /// By agency, a cell for each quarter.
    agencies: Vec<Vec<Lateness>>,
    /// To whom more time can be given; nothing where she gives none.
    may_extend: Vec<String>,
    today: Date,
    typed: Typed,
    done: Option<&'static str>,
}

#[derive(Default)]
struct Typed {
    agency: String,
    quarter: String,
    due_on: String,
    why: String,
}

impl Late {
    /// The quarters for which more time can be given.
    fn choices(&self) -> Vec<String> {
        self.quarters.iter().map(Quarter::to_string).collect()
    }

    /// The sign of a cell, by a class of the style sheet.
    fn sign(&self, late: &Lateness) -> &'static str {
        match (State::of_lateness(late), late.days_late) {
            (State::GivenBack, 0) => "warning",
            (State::Waiting | State::ToConfirm | State::Accepted, 1..) => "warning",
            (_, 1..) => "error",
            (State::NotSent, _) => "info",
            _ => "success",
        }
    }

    /// What is said of a cell.
    fn says(&self, late: &Lateness) -> String {
        let key = match State::of_lateness(late) {
            State::NotSent if !late.owed => "late-not-owed",
            State::NotSent if late.days_late == 0 => "late-open",
            state => state.key(),
        };
        self.page.say(key)
    }

    fn days(&self, late: &Lateness) -> String {
        self.page.say_with("late-days", "number", late.days_late)
    }

    fn lines(&self) -> impl Iterator<Item = &Lateness> {
        self.agencies.iter().flatten()
    }
}

/// The quarters that are shown, the last of them at the end.
pub(super) fn quarters(today: Date) -> Vec<Quarter> {
    let mut shown: Vec<Quarter> = over(today).take(QUARTERS).collect();
    shown.reverse();
    shown
}

/// Shows them.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    let done = (asked.get("done") == "extended").then_some("late-done-extended");
    page(&signed_in, Typed::default(), Mistakes::default(), done).await
}

/// Gives an agency more time.
pub(crate) async fn extend(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    if !scope.role().may(Permission::AcceptReturns) {
        return Err(Problem::NotFound);
    }
    let (typed, say) = (typed(&fields), |key| signed_in.page.say(key));
    let mut mistakes = Mistakes::default();
    let quarter: Option<Quarter> = typed.quarter.parse().ok();
    if quarter.is_none() {
        mistakes.add("quarter", say("receive-error-quarter"));
    }
    let due_on: Option<Date> = typed.due_on.parse().ok();
    let end = quarter.and_then(|quarter| quarter.period().end());
    let due_on = due_on.filter(|day| Some(*day) > end);
    if due_on.is_none() {
        mistakes.add("due_on", say("late-error-day"));
    }
    if typed.why.is_empty() {
        mistakes.add("why", say("late-error-why"));
    }
    let (Some(quarter), Some(due_on), true) = (quarter, due_on, mistakes.is_empty()) else {
        return page(&signed_in, typed, mistakes, None).await;
    };
    match store.extend(scope, &typed.agency, quarter, due_on, &typed.why, now).await {
        Ok(()) => Ok(signed_in.go("/late?done=extended")),
        Err(StoreError::NoSuchAgencyHere(_)) => {
            let mistakes = Mistakes::one("agency", say("receive-error-agency"));
            page(&signed_in, typed, mistakes, None).await
        }
        Err(error) => Err(error.into()),
    }
}

fn typed(fields: &Fields) -> Typed {
    let of = |name| fields.get(name).to_owned();
    Typed { agency: of("agency"), quarter: of("quarter"), due_on: of("due_on"), why: of("why") }
}

async fn page(
    signed_in: &SignedIn,
    typed: Typed,
    mistakes: Mistakes,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let (store, scope) = (signed_in.store(), signed_in.scope());
    let today = office_day(signed_in.now);
    let quarters = quarters(today);
    let mut agencies: Vec<Vec<Lateness>> = Vec::new();
    if let (Some(first), Some(last)) = (quarters.first(), quarters.last()) {
        // By quarter, and in each of them by agency: every agency has a cell in every quarter.
        for late in store.lateness(scope, (*first, *last), today).await? {
            match agencies.iter_mut().find(|cells| cells[0].agency == late.agency) {
                Some(cells) => cells.push(late),
                None => agencies.push(vec![late]),
            }
        }
    }
    let may_extend = match scope.role().may(Permission::AcceptReturns) {
        true => store.agencies_that_file(scope).await?,
        false => Vec::new(),
    };
    let numbers: Vec<i64> = agencies.iter().flatten().filter_map(|late| late.filing).collect();
    let shown = Late {
        page: signed_in.page.clone(),
        desk: signed_in.desk(),
        mistakes,
        quarters,
        agencies,
        may_extend,
        today,
        typed,
        done,
    };
    signed_in.show(shown.mistakes.status(), &numbers, &shown).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_eight_quarters_that_are_over() {
        let of = |day: Date| quarters(day).iter().map(Quarter::to_string).collect::<Vec<_>>();
        let shown = of(jiff::civil::date(2026, 12, 31));
        assert_eq!((shown.len(), &shown[0][..], &shown[7][..]), (8, "2024-Q4", "2026-Q3"));
        assert_eq!(of(jiff::civil::date(2027, 1, 1))[7], "2026-Q4");
    }
}
