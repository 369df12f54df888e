//! What was typed into a form.
//!
//! In: a body as browsers send it. Out: its fields, as text. A field that is not there is empty:
//! every question may be skipped. What is wrong with some of them ([`Mistakes`]) is said at the head of
//! the page and beside the field.

use std::borrow::Cow;
use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use zeroize::Zeroize;

use crate::multipart::{self, Uploaded};
use crate::problem::Problem;

/// The fields of a form, in the order in which they came.
///
/// Wiped when dropped, for passphrases are among them; copies that the network's buffers hold are not.
#[derive(Clone, Default)]
pub(crate) struct Fields {
    typed: Vec<(String, String)>,
    file: Option<Uploaded>,
}

impl Drop for Fields {
    fn drop(&mut self) {
        self.typed.iter_mut().for_each(|(_, typed)| typed.zeroize());
    }
}

impl Fields {
    /// What was typed, without the white space around it.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.typed.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, typed)| typed.trim())
    }

    /// What was typed, white space and all: a passphrase is hers as it is.
    pub(crate) fn exactly(&self, name: &str) -> &str {
        let found = self.typed.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, typed)| typed)
    }

    /// Every field with what was typed into it, exactly.
    pub(crate) fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.typed.iter().map(|(field, typed)| (field.as_str(), typed.as_str()))
    }

    /// Everything that was chosen where several things can be.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.typed.iter().filter(move |(field, _)| field == name).map(|(_, typed)| typed.trim())
    }

    /// The file that was chosen, in a form that takes one.
    pub(crate) fn file(&self) -> Option<&Uploaded> {
        self.file.as_ref()
    }
}

/// What is asked for in an address, after `?`.
pub(crate) struct Asked(pub(crate) Fields);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked, Infallible> {
        // An address that makes no sense asks for nothing.
        let typed = Query::try_from_uri(&parts.uri).map_or(Vec::new(), |Query(typed)| typed);
        Ok(Asked(Fields { typed, file: None }))
    }
}

/// What needs another look: the field, and what to do.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<Mistake>);

/// One of them.
pub(crate) struct Mistake {
    /// The name of the field, which is its id in the page.
    pub(crate) field: Cow<'static, str>,
    /// What to do, in the reader's language.
    pub(crate) words: String,
}

impl Mistakes {
    pub(crate) fn one(field: impl Into<Cow<'static, str>>, words: String) -> Mistakes {
        Mistakes(vec![Mistake { field: field.into(), words }])
    }

    pub(crate) fn add(&mut self, field: impl Into<Cow<'static, str>>, words: String) {
        self.0.push(Mistake { field: field.into(), words });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn all(&self) -> &[Mistake] {
        &self.0
    }

    /// What is wrong with a field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|mistake| mistake.field == field).map(|mistake| &*mistake.words)
    }

    /// What a browser is told about the page.
    pub(crate) fn status(&self) -> StatusCode {
        if self.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Problem> {
        if let Some(boundary) = multipart::boundary(request.headers()) {
            let body = Bytes::from_request(request, state).await;
            let body = body.map_err(|refused| Problem::of(refused.status()))?;
            let (typed, file) = multipart::parse(&boundary, &body)
                .ok_or(Problem::Unreadable(StatusCode::BAD_REQUEST))?;
            return Ok(Fields { typed, file });
        }
        match Form::from_request(request, state).await {
            Ok(Form(typed)) => Ok(Fields { typed, file: None }),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::TooLarge)
            }
            Err(_) => Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::CONTENT_TYPE;
    use proptest::prelude::*;

    use super::*;

    fn fields(body: Vec<u8>) -> Result<Fields, Problem> {
        let request = Request::post("/")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Fields::from_request(request, &()))
    }

    #[test]
    fn a_field_is_found_and_a_missing_one_is_empty() {
        let fields = fields(b"where=+San+Jos%C3%A9%0D%0A&where=other&when=".to_vec()).unwrap();
        assert_eq!(fields.get("where"), "San José");
        assert_eq!(fields.get("when"), "");
        assert_eq!(fields.get("who"), "");
    }

    proptest! {
        /// Whatever comes, there are fields or a refusal.
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(fields) = fields(body) {
                prop_assert_eq!(fields.get("a").trim(), fields.get("a"));
            }
        }

        /// Whatever an address asks for, there are fields, and no more than it says.
        #[test]
        fn no_address_makes_it_panic(query in "[ -~]{0,40}") {
            if let Ok(request) = Request::get(format!("/?{query}")).body(Body::empty()) {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let (mut parts, _) = request.into_parts();
                let asked = runtime.block_on(Asked::from_request_parts(&mut parts, &()));
                let Ok(Asked(fields)) = asked;
                prop_assert!(fields.all("a").count() <= query.matches('a').count() + query.matches('%').count());
            }
        }

        /// What a browser sends is what was typed.
        #[test]
        fn what_was_typed_arrives(typed in "\\PC{0,40}") {
            let sent: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let fields = fields(format!("a={sent}").into_bytes()).unwrap();
            prop_assert_eq!(fields.get("a"), typed.trim());
        }
    }
}
