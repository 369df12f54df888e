//! `GET` and `POST /join`: an invitation is accepted.
//!
//! In: a name, the code of an invitation, a passphrase of her own, twice. Out: the secret of her one-time
//! codes and the fingerprint of her key, on one page that nobody can open again.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use qrcode::{Color, QrCode};
use store::{Enrolled, StoreError};

use crate::form::{Fields, Mistakes};
use crate::frame::{Page, render};
use crate::html::{Html, escape};
use crate::problem::Problem;
use crate::session::refused;
use crate::site::Site;

#[derive(Template)]
#[template(path = "join.html")]
struct Join {
    page: Page,
    mistakes: Mistakes,
    name: String,
    code: String,
}

#[derive(Template)]
#[template(path = "joined.html")]
struct Joined {
    page: Page,
    enrolled: Enrolled,
    picture: Html,
}

impl Joined {
    /// The secret in groups of four, as it is typed from one screen into another.
    fn secret(&self) -> String {
        let letters: Vec<char> = self.enrolled.totp.chars().collect();
        letters
            .chunks(4)
            .map(|group| group.iter().collect::<String>())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Asks for the invitation.
pub(crate) async fn show(page: Page) -> Result<Response, Problem> {
    let (mistakes, name, code) = (Mistakes::default(), String::new(), String::new());
    let shown = Join { page, mistakes, name, code };
    render(StatusCode::OK, shown.page.language(), &shown)
}

/// Makes the member's key.
pub(crate) async fn accept(
    State(site): State<Site>,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let (name, code) = (fields.get("name").to_lowercase(), fields.get("code").to_owned());
    let (passphrase, again) = (fields.exactly("passphrase"), fields.exactly("again"));
    let now = site.now();
    let accepted = if passphrase == again {
        let accepted = site.store.accept_invitation(&name, &code, passphrase, now).await;
        accepted.map_err(|error| {
            let (status, field) = match error {
                StoreError::TooManyTries { .. } => (StatusCode::TOO_MANY_REQUESTS, "code"),
                StoreError::Passphrase(_) => (StatusCode::UNPROCESSABLE_ENTITY, "passphrase"),
                _ => (StatusCode::UNPROCESSABLE_ENTITY, "code"),
            };
            (status, field, refused(&page, error, now))
        })
    } else {
        Err((StatusCode::UNPROCESSABLE_ENTITY, "again", Ok(page.say("join-error-again"))))
    };
    match accepted {
        Ok(enrolled) => {
            let picture = picture(&enrolled.totp_uri, &page.say("joined-picture"))?;
            let shown = Joined { page, enrolled, picture };
            render(StatusCode::OK, shown.page.language(), &shown)
        }
        Err((status, field, words)) => {
            let mistakes = Mistakes::one(field, words?);
            let shown = Join { page, mistakes, name, code };
            render(status, shown.page.language(), &shown)
        }
    }
}

/// Modules of quiet around the code, which readers need.
const QUIET: usize = 4;

/// An address as a QR code: black on white, also in the dark, or readers do not take it.
fn picture(address: &str, alternative: &str) -> Result<Html, Problem> {
    let code = QrCode::new(address).map_err(|_| Problem::Failed)?;
    let width = code.width();
    let mut squares = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            squares.push_str(&format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
        }
    }
    let (side, alternative) = (width + 2 * QUIET, escape(alternative));
    Ok(Html::trusted(format!(
        "<svg class=\"code\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-labelledby=\"code-said\" \
         shape-rendering=\"crispEdges\"><title id=\"code-said\">{alternative}</title>\
         <rect width=\"{side}\" height=\"{side}\" fill=\"white\"/><path fill=\"black\" d=\"{squares}\"/></svg>"
    )))
}
