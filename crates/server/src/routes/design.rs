//! `GET` and `POST /design`, in practice only: every part that pages are made of, once.
//!
//! The accessibility test walks over it. The form at its end is a real one: what is wrong with an
//! answer is said at the head of the page and beside the field, and what was typed stays.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::form::Fields;
use crate::frame::{Page, render};
use crate::problem::Problem;

/// The longest answer that the form takes.
const LONGEST: usize = 200;

#[derive(Template)]
#[template(path = "design.html")]
struct Design {
    page: Page,
    typed: Typed,
    errors: Vec<Mistake>,
    received: bool,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    hours: String,
    known: String,
    remark: String,
}

/// Something to look at again: the field, and the key of the words.
struct Mistake {
    field: &'static str,
    key: &'static str,
}

impl Design {
    /// What is wrong with a field, as the key of its words.
    fn error(&self, field: &str) -> Option<&'static str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.key)
    }
}

impl Typed {
    fn of(fields: &Fields) -> Typed {
        Typed {
            hours: fields.get("hours").to_owned(),
            known: fields.get("known").to_owned(),
            remark: fields.get("remark").to_owned(),
        }
    }

    fn errors(&self) -> Vec<Mistake> {
        let mut errors = Vec::new();
        if self.known.is_empty() {
            errors.push(Mistake { field: "known", key: "design-error-known" });
        }
        if !self.hours.is_empty() && self.hours.parse::<u32>().is_err() {
            errors.push(Mistake { field: "hours", key: "design-error-hours" });
        }
        if self.remark.chars().count() > LONGEST {
            errors.push(Mistake { field: "remark", key: "design-error-remark" });
        }
        errors
    }
}

/// Shows every part.
pub(crate) async fn show(page: Page) -> Result<Response, Problem> {
    let empty = Typed::default();
    let shown = Design { page, typed: empty, errors: Vec::new(), received: false };
    render(StatusCode::OK, shown.page.language(), &shown)
}

/// Looks at the answers of the form, and keeps none.
pub(crate) async fn check(page: Page, fields: Fields) -> Result<Response, Problem> {
    let typed = Typed::of(&fields);
    let errors = typed.errors();
    let received = errors.is_empty();
    let status = if received { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Design { page, typed, errors, received };
    render(status, shown.page.language(), &shown)
}
