//! The metadata of a table's CSV file: Metadata Vocabulary for Tabular Data (W3C, 2015).
//!
//! Titles are in both languages; the first English title of a column is its header, which a
//! validator compares with the file. `hidden` and `not-reported` are nulls of the number, so that
//! no reader takes one for a zero.

use disclosure::{PublishedTable, Released};
use serde_json::{Value, json};

use super::table_csv::VALUE_COLUMNS;
use super::{HIDDEN, NOT_REPORTED};
use crate::public::in_words::InWords;
use crate::public::{Bilingual, Language, PublicReport};

/// The metadata of the file `{name}.csv` beside it.
pub(in crate::public) fn metadata(
    report: &PublicReport<'_>,
    released: &Released<PublishedTable>,
) -> Value {
    let table = released.value();
    let both = Language::ALL.map(|language| InWords::new(report, language));
    let said = |say: &dyn Fn(&InWords<'_>) -> String| -> Vec<Value> {
        let each = both
            .iter()
            .map(|words| json!({"@value": say(words), "@language": words.language.code()}));
        each.collect()
    };
    let mut notes = said(&|words| words.stamp(released.receipt()));
    notes.extend(said(&|words| {
        (words.words.notes.protection)(released.receipt().regime).to_owned()
    }));
    notes.extend(said(&|words| words.words.notes.hidden_meaning.to_owned()));
    notes.extend(said(&|words| words.words.data.codes.to_owned()));
    if report.made_up {
        notes.extend(said(&|words| words.words.frame.made_up.to_owned()));
    }
    let dimensions = table.dimensions.iter().map(|dimension| {
        let titles = titles(&dimension.name, &both, |words| {
            words.words.names.or_code("dimension", &dimension.name)
        });
        json!({"name": dimension.name, "titles": titles, "datatype": "string", "required": true})
    });
    let numbers = VALUE_COLUMNS.map(|name| number_column(name, &both));
    let key: Vec<&str> = table.dimensions.iter().map(|one| one.name.as_str()).collect();
    json!({
        "@context": ["http://www.w3.org/ns/csvw", {"language": "en"}],
        "url": format!("{}.csv", table.name),
        "dc:title": said(&|words| title(words, table)),
        "dc:license": {"@id": report.licence.url},
        "dc:issued": {"@value": released.receipt().day, "@type": "xsd:date"},
        "notes": notes,
        "tableSchema": {
            "columns": dimensions.chain(numbers).collect::<Vec<_>>(),
            "primaryKey": key,
        },
    })
}

/// What a table counts, by what.
pub(in crate::public) fn title(words: &InWords<'_>, table: &PublishedTable) -> String {
    let names = &words.words.names;
    let dimensions = table.dimensions.iter().map(|one| names.or_code("dimension", &one.name));
    let dimensions = dimensions.collect::<Vec<_>>().join(", ").to_lowercase();
    (words.words.data.table)(&names.or_code("counted", &table.counted), &dimensions)
}

/// The header itself, then what it means.
fn titles(name: &str, both: &[InWords<'_>; 2], say: impl Fn(&InWords<'_>) -> String) -> Value {
    let [english, spanish] = both.each_ref().map(say);
    json!({"en": [name, english], "es": [spanish]})
}

fn number_column(name: &'static str, both: &[InWords<'_>; 2]) -> Value {
    let titles = titles(name, both, |words| {
        let data = &words.words.data;
        let said = match name {
            "value" => data.value,
            "low" => data.low,
            "high" => data.high,
            _ => data.status,
        };
        said.to_owned()
    });
    let whole = json!({"base": "integer", "minimum": "0"});
    match name {
        "value" => json!({
            "name": name, "titles": titles, "datatype": whole, "null": [HIDDEN, NOT_REPORTED],
        }),
        "status" => json!({
            "name": name,
            "titles": titles,
            "datatype": {"base": "string", "format": "exact|rounded|noised|hidden|not-reported"},
            "required": true,
        }),
        _ => json!({"name": name, "titles": titles, "datatype": whole, "null": ""}),
    }
}

/// The title in both languages, for the JSON file.
pub(super) fn title_in_both(report: &PublicReport<'_>, table: &PublishedTable) -> Bilingual {
    let [english, spanish] =
        Language::ALL.map(|language| title(&InWords::new(report, language), table));
    Bilingual { english, spanish }
}
