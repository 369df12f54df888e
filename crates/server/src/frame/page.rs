//! What a template knows about the page that it fills.

use std::convert::Infallible;

use askama::Template;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use store::{CompartmentName, MemberState, Purpose, Role};

use super::contacts;
use super::navigation::{DOOR, Entry, PARTS, PUBLIC};
use super::place::Place;
use super::terms;
use crate::config::Installation;
use crate::form::Mistakes;
use crate::html::{Html, escape};
use crate::language::{Language, Value, preferred, say, say_linked};
use crate::problem::Problem;

/// A page: its language, where it is, and the frame around it.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    language: Language,
    /// Whether the address names the language; links then keep it.
    chosen: bool,
    place: Place,
    practice: bool,
}

impl Page {
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap, installation: Installation) -> Page {
        let (place, named) = Place::of(uri);
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = named.unwrap_or_else(|| preferred(asked.unwrap_or("")));
        Page { language, chosen: named.is_some(), place, practice: installation.practice }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Whether the address named the language: forms then do so too.
    pub(crate) fn language_is_chosen(&self) -> bool {
        self.chosen
    }

    /// The words of a key.
    pub(crate) fn say(&self, key: &str) -> String {
        say(self.language, key, &[])
    }

    /// The words for a role. Templates hand everything on by reference.
    pub(crate) fn role(&self, role: &Role) -> String {
        self.say(terms::role_key(*role))
    }

    /// The words for whether a member can sign in.
    pub(crate) fn state(&self, state: &MemberState) -> String {
        self.say(terms::state_key(*state))
    }

    /// The words for a sort of text.
    pub(crate) fn compartment(&self, name: &CompartmentName) -> String {
        self.say(terms::compartment_key(*name))
    }

    /// The words for a purpose.
    pub(crate) fn purpose(&self, purpose: &Purpose) -> String {
        self.say(terms::purpose_key(*purpose))
    }

    /// The words for an act of the audit; its code where it has none.
    pub(crate) fn act(&self, act: &str) -> String {
        terms::act_key(act).map_or_else(|| act.replace('_', " "), |key| self.say(key))
    }

    /// The words for a thing that an act was done to.
    pub(crate) fn subject(&self, subject: &str, number: i64) -> String {
        match terms::subject_key(subject) {
            // As text: a number of a row has no commas.
            Some(key) => self.say_with(key, "number", number.to_string()),
            None => format!("{} {number}", subject.replace('_', " ")),
        }
    }

    /// The words of the tab, which says first when something is to be corrected.
    pub(crate) fn tab(&self, key: &str, mistakes: &Mistakes) -> String {
        let tab = self.say(key);
        if mistakes.is_empty() { tab } else { self.say_with("errors-tab", "tab", tab) }
    }

    /// The words of a key that has one variable.
    pub(crate) fn say_with<'a>(
        &self,
        key: &str,
        name: &'static str,
        value: impl Into<Value<'a>>,
    ) -> String {
        say(self.language, key, &[(name, value.into())])
    }

    /// The words of a key with several values in them.
    pub(crate) fn say_with_all(&self, key: &str, values: Vec<(&'static str, String)>) -> String {
        let values: Vec<(&str, Value<'_>)> =
            values.into_iter().map(|(name, value)| (name, value.into())).collect();
        say(self.language, key, &values)
    }

    /// The words of a key with links in them.
    pub(crate) fn say_linked(&self, key: &str, links: &[(&'static str, Html)]) -> Html {
        say_linked(self.language, key, links)
    }

    /// An address on this site, in the language that was chosen.
    pub(crate) fn link(&self, address: &str) -> String {
        if !self.chosen {
            return address.to_owned();
        }
        let (path, part) = address.split_at(address.find('#').unwrap_or(address.len()));
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}language={}{part}", self.language.code())
    }

    /// A link to an address of ours, with the words of a key.
    pub(crate) fn anchor(&self, address: &str, key: &str) -> Html {
        let (address, words) = (escape(&self.link(address)), escape(&self.say(key)));
        Html::trusted(format!("<a href=\"{address}\">{words}</a>"))
    }

    /// This place in the other language.
    pub(crate) fn in_other_language(&self) -> String {
        self.place.in_language(self.language.other())
    }

    /// Whether an address is this page's own.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.place.path() == path
    }

    pub(crate) fn practice(&self) -> bool {
        self.practice
    }

    pub(crate) fn public_navigation(&self) -> &'static [Entry] {
        PUBLIC
    }

    pub(crate) fn door_navigation(&self) -> &'static [Entry] {
        DOOR
    }

    pub(crate) fn parts_navigation(&self) -> &'static [Entry] {
        PARTS
    }

    /// The address of a file, with its digest.
    pub(crate) fn asset(&self, name: &str) -> String {
        crate::assets::asset(name)
    }

    pub(crate) fn emergency(&self) -> Html {
        contacts::emergency()
    }

    pub(crate) fn hotline(&self) -> Html {
        contacts::hotline()
    }

    pub(crate) fn hotline_text(&self) -> Html {
        contacts::hotline_text()
    }

    pub(crate) fn relay(&self) -> Html {
        contacts::relay()
    }
}

impl<S: Sync> FromRequestParts<S> for Page
where
    Installation: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Page, Infallible> {
        Ok(Page::of(&parts.uri, &parts.headers, Installation::from_ref(state)))
    }
}

/// A filled template as an answer.
pub(crate) fn render(
    status: StatusCode,
    language: Language,
    template: &impl Template,
) -> Result<Response, Problem> {
    let html = template.render().map_err(|_| Problem::Failed)?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_LANGUAGE, language.code())];
    Ok((status, headers, html).into_response())
}
