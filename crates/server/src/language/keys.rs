//! The words are complete: both languages have the same keys with the same variables, and pages
//! use every key and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};
use fluent_syntax::parser::parse;

use super::words::{ENGLISH, SPANISH};

/// Every key with its variables.
fn keys(sources: [&str; 11]) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for source in sources {
        let resource: Resource<&str> = parse(source).unwrap_or_else(|(_, errors)| {
            panic!("{errors:?}");
        });
        for entry in resource.body {
            let message = match entry {
                Entry::Message(message) => message,
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
                other => panic!("only messages and comments are used: {other:?}"),
            };
            let mut variables = BTreeSet::new();
            let value = message.value.unwrap_or_else(|| panic!("{} is empty", message.id.name));
            of_pattern(&value, &mut variables);
            assert!(message.attributes.is_empty(), "{}: attributes are not used", message.id.name);
            let before = keys.insert(message.id.name.to_owned(), variables);
            assert!(before.is_none(), "{} is there twice", message.id.name);
        }
    }
    keys
}

fn of_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => of_inline(inline, variables),
                Expression::Select { selector, variants } => {
                    of_inline(selector, variables);
                    for variant in variants {
                        of_pattern(&variant.value, variables);
                    }
                }
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::StringLiteral { .. } => {}
        other => panic!("only variables and literals are used: {other:?}"),
    }
}

/// All templates and sources, with their names; tests of sources are left out.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut folders = vec!["src".to_owned(), "templates".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else if name != "src/language/keys.rs" {
                let text = fs::read_to_string(entry.path()).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
                texts.push((name, text));
            }
        }
    }
    texts
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let (english, spanish) = (keys(ENGLISH), keys(SPANISH));
    for (key, variables) in &english {
        assert_eq!(spanish.get(key), Some(variables), "{key} in Spanish");
    }
    for key in spanish.keys() {
        assert!(english.contains_key(key), "{key} in English");
    }
}

#[test]
fn pages_use_every_key_and_no_other() {
    let keys = keys(ENGLISH);
    let texts = texts();
    for key in keys.keys() {
        let quoted = format!("\"{key}\"");
        assert!(texts.iter().any(|(_, text)| text.contains(&quoted)), "{key} is never used");
    }
    let mut used = 0;
    for (name, text) in &texts {
        for call in [".say(\"", ".say_with(\"", ".say_linked(\""] {
            for rest in text.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(keys.contains_key(key), "{name} uses {key}");
                used += 1;
            }
        }
    }
    assert!(used > 50, "the calls are found: {used}");
}

#[test]
fn no_sentence_says_what_the_reader_is() {
    for source in ENGLISH.iter().chain(&SPANISH) {
        let lower = source.to_lowercase();
        for word in lower.split(|c: char| !c.is_alphabetic()) {
            for never in ["victim", "víctima", "rescue", "rescat", "usuari"] {
                assert!(!word.starts_with(never), "{word}");
            }
        }
    }
}

/// The reader is "usted", never "tú".
#[test]
fn spanish_is_polite() {
    for word in SPANISH.concat().to_lowercase().split(|c: char| !c.is_alphabetic()) {
        let familiar = [
            "tú",
            "tu",
            "tus",
            "te",
            "ti",
            "contigo",
            "eres",
            "estás",
            "puedes",
            "tienes",
            "quieres",
            "necesitas",
            "vosotros",
            "os",
        ];
        assert!(!familiar.contains(&word), "{word}");
    }
}

/// Plain language is short.
#[test]
fn sentences_are_short() {
    for source in ENGLISH.iter().chain(&SPANISH) {
        let words: Vec<usize> = source
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .flat_map(|(_, text)| text.split(['.', ':', ';', '?']))
            .map(|sentence| sentence.split_whitespace().count())
            .filter(|words| *words > 2)
            .collect();
        let mean = words.iter().sum::<usize>() as f64 / words.len() as f64;
        assert!(mean <= 12.0, "{mean:.1} words a sentence");
        assert!(words.iter().all(|words| *words <= 30), "{:?}", words.iter().max());
    }
}
