//! The words of the pages, by key.
//!
//! In: `locales/<language>/*.ftl`, compiled in. Out: text, not escaped. `keys.rs` proves that both
//! languages have the same keys with the same variables, and that pages use all of them and no
//! others.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Language;
use crate::html::{Html, escape};

/// What a variable of a message can be: text or a number.
pub(crate) type Value<'a> = FluentValue<'a>;

macro_rules! sources {
    ($language:literal) => {
        [
            include_str!(concat!("../../locales/", $language, "/frame.ftl")),
            include_str!(concat!("../../locales/", $language, "/public.ftl")),
            include_str!(concat!("../../locales/", $language, "/problems.ftl")),
            include_str!(concat!("../../locales/", $language, "/design.ftl")),
            include_str!(concat!("../../locales/", $language, "/door.ftl")),
            include_str!(concat!("../../locales/", $language, "/refused.ftl")),
            include_str!(concat!("../../locales/", $language, "/terms.ftl")),
            include_str!(concat!("../../locales/", $language, "/account.ftl")),
            include_str!(concat!("../../locales/", $language, "/members.ftl")),
            include_str!(concat!("../../locales/", $language, "/audit.ftl")),
            include_str!(concat!("../../locales/", $language, "/returns.ftl")),
            include_str!(concat!("../../locales/", $language, "/state.ftl")),
            include_str!(concat!("../../locales/", $language, "/joining.ftl")),
            include_str!(concat!("../../locales/", $language, "/filings.ftl")),
            include_str!(concat!("../../locales/", $language, "/late.ftl")),
            include_str!(concat!("../../locales/", $language, "/identity.ftl")),
            include_str!(concat!("../../locales/", $language, "/passkeys.ftl")),
        ]
    };
}

pub(super) const ENGLISH: &[&str] = &sources!("en");
pub(super) const SPANISH: &[&str] = &sources!("es");

type Words = FluentBundle<FluentResource>;

static WORDS: LazyLock<[Words; 2]> =
    LazyLock::new(|| [words(Language::English, ENGLISH), words(Language::Spanish, SPANISH)]);

/// What cannot be read is left out here; the tests find it.
fn words(language: Language, sources: &[&str]) -> Words {
    let mut words = FluentBundle::new_concurrent(language.code().parse().into_iter().collect());
    // Marks around each variable are for mixed directions; they would be copied with every number.
    words.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned());
        words.add_resource_overriding(resource.unwrap_or_else(|(readable, _)| readable));
    }
    words
}

/// The text of a message.
pub(crate) fn say(language: Language, key: &str, variables: &[(&'static str, Value)]) -> String {
    let [english, spanish] = &*WORDS;
    let words = match language {
        Language::English => english,
        Language::Spanish => spanish,
    };
    let arguments: FluentArgs = variables.iter().cloned().collect();
    let mut errors = Vec::new();
    let message = words.get_message(key).and_then(|message| message.value());
    let text = message
        .map(|value| words.format_pattern(value, Some(&arguments), &mut errors).into_owned());
    debug_assert!(text.is_some(), "no words for {key} in {}", language.code());
    debug_assert!(errors.is_empty(), "{key} in {}: {errors:?}", language.code());
    text.unwrap_or_else(|| key.to_owned())
}

/// The text of a message with markup, such as a link, in the place of its variables.
pub(crate) fn say_linked(
    language: Language,
    key: &str,
    variables: &[(&'static str, Html)],
) -> Html {
    // A character that no message has stands in for each piece of markup until all is escaped.
    let stand_ins: Vec<String> = ('\u{E000}'..).take(variables.len()).map(String::from).collect();
    let plain: Vec<(&'static str, Value)> = variables
        .iter()
        .zip(&stand_ins)
        .map(|((name, _), stand_in)| (*name, Value::from(stand_in.as_str())))
        .collect();
    let mut markup = escape(&say(language, key, &plain));
    for ((_, html), stand_in) in variables.iter().zip(&stand_ins) {
        markup = markup.replace(stand_in, &html.to_string());
    }
    Html::trusted(markup)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_nouns() {
        let said =
            |language, number: u32| say(language, "errors-heading", &[("number", number.into())]);
        insta::assert_snapshot!(said(Language::English, 1), @"One answer needs another look");
        insta::assert_snapshot!(said(Language::English, 3), @"3 answers need another look");
        insta::assert_snapshot!(said(Language::Spanish, 1), @"Hay que revisar una respuesta");
        insta::assert_snapshot!(said(Language::Spanish, 3), @"Hay que revisar 3 respuestas");
    }

    #[test]
    fn markup_stands_where_its_variable_stood() {
        let link = Html::trusted("<a href=\"tel:911\">911</a>".to_owned());
        let said = say_linked(Language::Spanish, "danger-now", &[("emergency", link)]);
        insta::assert_snapshot!(said, @r#"¿Está en peligro ahora? Llame al <a href="tel:911">911</a>."#);
    }
}
