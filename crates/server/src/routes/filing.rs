//! `GET` and `POST /filings/{filing}`: what was signed, beside what stands; accepted or given back by the
//! collector, and what came by mail confirmed by the agency's commander.

use analysis::filing::{Review, Stands, check, own_form, review};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use records::register::Register;
use records::{CellProblem, Quarter, Severity};
use store::{FigureFilter, Filing, FilingState, NewReturn, Permission, StoreError};

use super::became::State;
use crate::acts::moment;
use crate::form::{Asked, Fields, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

#[derive(Template)]
#[template(path = "filing.html")]
struct OneFiling {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    filing: Filing,
    problems: Vec<CellProblem>,
    review: Review,
    /// Whether she sees all agencies, and so what stands.
    collects: bool,
    /// Whether it is hers to confirm.
    confirms: bool,
    typed: Typed,
    done: Option<&'static str>,
}

#[derive(Default)]
struct Typed {
    why: String,
    question: String,
    dispute: String,
}

impl OneFiling {
    fn path(&self) -> String {
        format!("/filings/{}", self.filing.id)
    }

    fn state(&self) -> String {
        self.page.say(State::of_filing(&self.filing).key())
    }

    fn waits(&self) -> bool {
        self.filing.state == FilingState::Waiting
    }

    /// Whether what stands is shown beside it.
    fn is_compared(&self) -> bool {
        self.collects && self.waits()
    }

    /// The returns that it would correct, as the form carries them.
    fn corrects(&self) -> String {
        numbers(&self.review.corrects)
    }

    fn severity(&self, severity: &Severity) -> String {
        self.page.say(match severity {
            Severity::Note => "finding-note",
            Severity::Query => "finding-query",
            Severity::Contradiction => "finding-contradiction",
        })
    }

    fn when(&self, at: &str) -> String {
        moment(at)
    }
}

fn numbers(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// A filing as it is read now.
struct Read {
    new: Result<Box<NewReturn>, Vec<CellProblem>>,
    review: Review,
}

/// The filing of that number, if she may see it.
async fn find(signed_in: &SignedIn, id: &str) -> Result<Filing, Problem> {
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    signed_in.store().filing(signed_in.scope(), id).await?.ok_or(Problem::NotFound)
}

/// Reads it anew, and for the collector sets it beside what stands.
async fn read(signed_in: &SignedIn, filing: &Filing) -> Result<Read, Problem> {
    let register = Register::embedded();
    let form = own_form().ok_or(Problem::Failed)?;
    let quarter: Quarter = filing.quarter.parse().map_err(|_| Problem::Failed)?;
    let file_name = format!("{quarter}.csv");
    let file = (file_name.as_str(), filing.csv.as_bytes());
    let new = check(register, form, (filing.agency.as_str(), quarter), file);
    let none =
        Review { rows: Vec::new(), findings: Vec::new(), corrects: Vec::new(), before: None };
    let review = match &new {
        Err(_) => none,
        // A return that was accepted stands itself; beside it there is nothing to compare.
        Ok(new) if collects(signed_in) && filing.state == FilingState::Waiting => {
            let (store, scope) = (signed_in.store(), signed_in.scope());
            let figures = store.figures(scope, &FigureFilter::default()).await?;
            let returns = store.returns(scope).await?;
            let queries = store.classification_queries(scope).await?;
            let stands = Stands { figures: &figures, returns: &returns, queries: &queries };
            review(register, new, stands)
        }
        Ok(new) => review(register, new, Stands { figures: &[], returns: &[], queries: &[] }),
    };
    Ok(Read { new, review })
}

fn collects(signed_in: &SignedIn) -> bool {
    signed_in.scope().role().may(Permission::AcceptReturns)
}

/// Shows it.
pub(crate) async fn show(
    Path(id): Path<String>,
    signed_in: SignedIn,
    Asked(asked): Asked,
) -> Result<Response, Problem> {
    let filing = find(&signed_in, &id).await?;
    let done = match asked.get("done") {
        "accepted" => Some("filing-done-accepted"),
        "given_back" => Some("filing-done-given-back"),
        "confirmed" => Some("filing-done-confirmed"),
        "disputed" => Some("filing-done-disputed"),
        "received" => Some("filing-done-received"),
        "meanwhile" => Some("filing-done-meanwhile"),
        _ => None,
    };
    page(&signed_in, filing, Mistakes::default(), Typed::default(), done).await
}

/// Decides what was asked for.
pub(crate) async fn decide(Path(id): Path<String>, form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let filing = find(&signed_in, &id).await?;
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    let role = scope.role();
    let (act, id) = (fields.get("act"), filing.id);
    let (permission, reason) = match act {
        "accept" => (Permission::AcceptReturns, None),
        "give_back" => (Permission::AcceptReturns, Some(("question", "filing-error-question"))),
        "confirm" => (Permission::SignReturns, None),
        "dispute" => (Permission::SignReturns, Some(("dispute", "filing-error-dispute"))),
        _ => return Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    };
    if !role.may(permission) {
        return Err(Problem::NotFound);
    }
    if let Some((field, key)) = reason.filter(|(field, _)| fields.get(field).is_empty()) {
        let mistakes = Mistakes::one(field, signed_in.page.say(key));
        return page(&signed_in, filing, mistakes, typed(&fields), None).await;
    }
    let (field, done, decided) = match act {
        "accept" => match accept(&signed_in, &filing, &fields).await? {
            Ok(decided) => ("accept", "accepted", decided),
            Err(mistakes) => {
                return page(&signed_in, filing, mistakes, typed(&fields), None).await;
            }
        },
        "give_back" => {
            let question = fields.get("question");
            ("question", "given_back", store.give_back(scope, id, question, now).await)
        }
        "confirm" => ("confirm", "confirmed", store.confirm_filing(scope, id, now).await),
        _ => {
            let why = fields.get("dispute");
            ("dispute", "disputed", store.dispute_filing(scope, id, why, now).await)
        }
    };
    match decided {
        Ok(()) => Ok(signed_in.go(&format!("/filings/{id}?done={done}"))),
        // Somebody else was first.
        Err(StoreError::NoSuchFiling(_)) => {
            Ok(signed_in.go(&format!("/filings/{id}?done=meanwhile")))
        }
        Err(error) => {
            let mistakes = Mistakes::one(field, refused(&signed_in.page, error, now)?);
            page(&signed_in, filing, mistakes, typed(&fields), None).await
        }
    }
}

/// Accepts it, as a correction where a return stands that answers the same. What she has seen and agreed
/// to is what is done: where something else stands by now, she looks again.
async fn accept(
    signed_in: &SignedIn,
    filing: &Filing,
    fields: &Fields,
) -> Result<Result<Result<(), StoreError>, Mistakes>, Problem> {
    let say = |field, key| Ok(Err(Mistakes::one(field, signed_in.page.say(key))));
    let Read { new, review } = read(signed_in, filing).await?;
    let Ok(new) = new else { return say("accept", "filing-error-problems") };
    if filing.state == FilingState::Waiting && fields.get("corrects") != numbers(&review.corrects) {
        return say("accept", "filing-error-changed");
    }
    let why = fields.get("why");
    let corrects = match review.corrects[..] {
        [] => None,
        [_] if why.is_empty() => return say("why", "filing-error-why"),
        [one] => Some((one, why)),
        _ => return say("accept", "filing-error-several"),
    };
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    match store.accept_filing(scope, filing.id, &new, corrects, now).await {
        Ok(_) => Ok(Ok(Ok(()))),
        // Another return came in since the figures were read.
        Err(
            StoreError::Conflicts(_)
            | StoreError::CorrectsNothing(_)
            | StoreError::WrongState { .. },
        ) => say("accept", "filing-error-changed"),
        Err(error) => Ok(Ok(Err(error))),
    }
}

fn typed(fields: &Fields) -> Typed {
    let of = |name| fields.get(name).to_owned();
    Typed { why: of("why"), question: of("question"), dispute: of("dispute") }
}

async fn page(
    signed_in: &SignedIn,
    filing: Filing,
    mistakes: Mistakes,
    typed: Typed,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let Read { new, review } = read(signed_in, &filing).await?;
    let problems = new.err().unwrap_or_default();
    let role = signed_in.scope().role();
    let confirms = role.may(Permission::SignReturns) && filing.awaits_its_agency();
    let (page, desk, collects) = (signed_in.page.clone(), signed_in.desk(), collects(signed_in));
    let numbers = [filing.id];
    let shown = OneFiling {
        page,
        desk,
        mistakes,
        filing,
        problems,
        review,
        collects,
        confirms,
        typed,
        done,
    };
    signed_in.show(shown.mistakes.status(), &numbers, &shown).await
}
