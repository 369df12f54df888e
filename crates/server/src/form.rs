//! What was typed into a form.
//!
//! In: a body as browsers send it. Out: its fields, as text. A field that is not there is empty:
//! every question may be skipped.

use axum::extract::{Form, FromRequest, Request};
use axum::http::StatusCode;

use crate::problem::Problem;

/// The fields of a form, in the order in which they came.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// What was typed, without the white space around it.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, typed)| typed.trim())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Problem> {
        match Form::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Fields(fields)),
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

        /// What a browser sends is what was typed.
        #[test]
        fn what_was_typed_arrives(typed in "\\PC{0,40}") {
            let sent: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let fields = fields(format!("a={sent}").into_bytes()).unwrap();
            prop_assert_eq!(fields.get("a"), typed.trim());
        }
    }
}
