//! `GET` and `POST /joining`: how an agency joins, step by step, until its returns are real.
//!
//! An administrator enters papers, compares keys and goes live with a colleague; whoever signs returns
//! tries one; the collector sees where every agency stands. Whether a step holds is decided by the store.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use records::Quarter;
use records::record::Code;
use records::register::{Kind, Register};
use store::{GoneLive, Joining, JoiningStep, Permission, StoreError, office_day};

use super::joining_forms::{self, KindRow, Typed};
use crate::acts::moment;
use crate::form::{Asked, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::quarters;
use crate::session::{Desk, SignedForm, SignedIn, grouped, refused};

/// The way of one agency.
#[derive(Template)]
#[template(path = "joining.html")]
struct Way {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    joining: Joining,
    kinds: Vec<KindRow>,
    /// Why the law opens less to this agency than to others, in the words of the register.
    note: Option<&'static str>,
    /// What she reads out to her colleague.
    fingerprint: String,
    typed: Typed,
    done: Option<&'static str>,
}

impl Way {
    fn holds(&self, step: &str) -> bool {
        !self.joining.missing.iter().any(|missing| missing.as_str() == step)
    }

    /// Whether a step holds, in words.
    fn state(&self, step: &str) -> String {
        self.page.say(if self.holds(step) { "joining-done" } else { "joining-to-do" })
    }

    /// The step to take next, in words, and where it is on the page.
    fn next(&self) -> Option<(&'static str, String)> {
        let next = self.joining.missing.first()?;
        Some((next.as_str(), self.page.say(step_key(*next))))
    }

    /// Whether everything but the going live holds.
    fn ready(&self) -> bool {
        self.joining.missing == [JoiningStep::GoLive]
    }

    fn sees_accounts(&self) -> bool {
        self.desk.role.may(Permission::ManageMembers)
    }

    fn signs(&self) -> bool {
        self.desk.role.may(Permission::SignReturns)
    }

    /// The administrators with whom she compares.
    fn others(&self) -> impl Iterator<Item = &String> {
        self.joining.administrators.iter().filter(|name| **name != self.desk.name)
    }

    fn moment(&self, at: &str) -> String {
        moment(at)
    }

    fn tested(&self, quarter: &str, figures: &u64, by: &str) -> String {
        let said = vec![
            ("quarter", quarter.to_owned()),
            ("number", figures.to_string()),
            ("name", by.to_owned()),
        ];
        self.page.say_with_all("joining-tested", said)
    }

    fn heard(&self, by: &str, of: &str) -> String {
        let said = vec![("by", by.to_owned()), ("of", of.to_owned())];
        self.page.say_with_all("joining-heard", said)
    }
}

/// Where every agency stands.
#[derive(Template)]
#[template(path = "joinings.html")]
struct Ways {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    joinings: Vec<Joining>,
}

impl Ways {
    /// What an agency does next, or since when it is live.
    fn stands(&self, joining: &Joining) -> String {
        if let Some(live_at) = &joining.agency.live_at {
            return self.page.say_with("joining-live", "time", moment(live_at));
        }
        let next = joining.missing.first().map(|step| self.page.say(step_key(*step)));
        let next = next.unwrap_or_default();
        match joining.agency.practice {
            true => self.page.say_with("joining-stands-practice", "step", next),
            false => self.page.say_with("joining-stands", "step", next),
        }
    }
}

/// The key of the words for a step.
pub(super) fn step_key(step: JoiningStep) -> &'static str {
    match step {
        JoiningStep::Agreement => "joining-agreement",
        JoiningStep::Modes => "joining-modes",
        JoiningStep::Administrators => "joining-administrators",
        JoiningStep::KeyCeremony => "joining-ceremony",
        JoiningStep::TestReturn => "joining-test",
        JoiningStep::GoLive => "joining-go-live",
    }
}

/// Shows the way, or to the collector those of all.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    let done = match asked.get("done") {
        "agreement" => Some("joining-done-agreement"),
        "modes" => Some("joining-done-modes"),
        "compare" => Some("joining-done-compare"),
        "test" => Some("joining-done-test"),
        "asked" => Some("joining-done-asked"),
        "live" => Some("joining-done-live"),
        _ => None,
    };
    if signed_in.scope().role().is_of_the_state() {
        return all(&signed_in).await;
    }
    page(&signed_in, Mistakes::default(), None, done).await
}

/// Takes the step that was sent.
pub(crate) async fn step(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let role = signed_in.scope().role();
    let (accounts, signs) =
        (role.may(Permission::ManageMembers), role.may(Permission::SignReturns));
    let typed = Typed::of(&fields);
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    let taken: Result<&str, Mistakes> = match fields.get("act") {
        "agreement" if accounts => match typed.agreement(&signed_in.page) {
            Ok(paper) => match store.enter_agreement(scope, &paper, now).await {
                Ok(()) => Ok("agreement"),
                Err(error) => Err(joining_forms::of_agreement(&signed_in.page, error, now)?),
            },
            Err(mistakes) => Err(mistakes),
        },
        "modes" if accounts => match typed.modes(&signed_in.page) {
            Ok((modes, paper)) => match store.agree_modes(scope, &modes, &paper, now).await {
                Ok(()) => Ok("modes"),
                Err(error) => Err(joining_forms::of_modes(&signed_in.page, error, now)?),
            },
            Err(mistakes) => Err(mistakes),
        },
        "compare" if accounts => {
            let (name, print) = (fields.get("name"), grouped(fields.get("fingerprint")));
            match store.compare_keys(&signed_in.session, name, &print, now).await {
                Ok(()) => Ok("compare"),
                Err(StoreError::NoSuchMember(_)) => {
                    let words = signed_in.page.say("recoveries-error-fingerprint");
                    Err(Mistakes::one("fingerprint", words))
                }
                Err(error) => return Err(error.into()),
            }
        }
        "test" if signs => test(&signed_in, fields.get("return"), now).await?,
        "live" if accounts => match store.go_live(&signed_in.session, now).await {
            Ok(GoneLive::Asked) => Ok("asked"),
            Ok(GoneLive::Live) => Ok("live"),
            Err(error) => Err(Mistakes::one("go_live", refused(&signed_in.page, error, now)?)),
        },
        _ => return Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    };
    match taken {
        Ok(done) => Ok(signed_in.go(&format!("/joining?done={done}"))),
        Err(mistakes) => page(&signed_in, mistakes, Some(typed), None).await,
    }
}

/// Reads and checks a made-up return as a real one is, and keeps that it was.
async fn test(
    signed_in: &SignedIn,
    csv: &str,
    now: Timestamp,
) -> Result<Result<&'static str, Mistakes>, Problem> {
    let quarter = tried_quarter(now).ok_or(Problem::Failed)?;
    let new = match joining_forms::read_test(&signed_in.page, csv, quarter) {
        Ok(new) => new,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    match signed_in.store().take_test_return(&signed_in.session, quarter, &new, now).await {
        Ok(()) => Ok(Ok("test")),
        Err(error) => Ok(Err(Mistakes::one("return", refused(&signed_in.page, error, now)?))),
    }
}

/// The quarter that a test is for: the last one that is over.
fn tried_quarter(now: Timestamp) -> Option<Quarter> {
    quarters::over(office_day(now)).next()
}

async fn page(
    signed_in: &SignedIn,
    mistakes: Mistakes,
    typed: Option<Typed>,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let joinings = signed_in.store().joinings(signed_in.scope(), signed_in.now).await?;
    // The clearinghouse's own administrators see the others.
    let Some(joining) = joinings.into_iter().next() else { return all(signed_in).await };
    let entity = Code::get(Kind::LegalEntity, &joining.agency.legal_entity);
    let typed = match typed {
        Some(typed) => typed,
        None => Typed::fresh(tried_quarter(signed_in.now), Register::embedded()),
    };
    let kinds = entity.map_or(Vec::new(), |entity| {
        joining_forms::kinds(&signed_in.page, entity, &joining.modes, &typed)
    });
    let shown = Way {
        page: signed_in.page.clone(),
        desk: signed_in.desk(),
        mistakes,
        note: entity.and_then(|entity| entity.entry().attribute("mode_note")),
        kinds,
        fingerprint: signed_in.session.fingerprint(),
        typed,
        done,
        joining,
    };
    let numbers = [shown.joining.agency.id];
    signed_in.show(shown.mistakes.status(), &numbers, &shown).await
}

async fn all(signed_in: &SignedIn) -> Result<Response, Problem> {
    let joinings = signed_in.store().joinings(signed_in.scope(), signed_in.now).await?;
    let numbers: Vec<i64> = joinings.iter().map(|joining| joining.agency.id).collect();
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let shown = Ways { page, desk, mistakes: Mistakes::default(), joinings };
    signed_in.show(StatusCode::OK, &numbers, &shown).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_for_the_quarter_that_is_over_in_california() {
        let tried = |now: &str| tried_quarter(now.parse().unwrap()).map(|one| one.to_string());
        assert_eq!(tried("2027-01-01T07:59:00Z").as_deref(), Some("2026-Q3"));
        assert_eq!(tried("2027-01-01T08:00:00Z").as_deref(), Some("2026-Q4"));
    }
}
