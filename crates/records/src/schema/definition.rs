//! A schema from its JSON, all its faults at once.
//!
//! In: Table Schema with `rules` and `dialect`. Out: a [`Schema`], or every key, type or name in it
//! that is not known here, each with its place.

use regex::bytes::Regex;
use serde_json::{Map, Value as Json};

use super::{
    SchemaError,
    codes::Codes,
    explain::safe,
    field::{Allowed, Field, Kind, Words},
    rule::{Asks, Operator, Right, Rule, Stated},
};
use crate::person;

/// What the columns of a table may hold.
#[derive(Debug, Clone)]
pub struct Schema {
    pub(super) fields: Vec<Field>,
    /// Texts that stand for a missing value.
    pub(super) missing: Vec<Box<[u8]>>,
    pub(super) primary_key: Vec<usize>,
    pub(super) rules: Vec<Rule>,
    pub(super) delimiter: Option<u8>,
}

/// Keys that say something to a reader and nothing to a check.
const NOTES: [&str; 6] = ["$schema", "name", "title", "description", "example", "rdfType"];

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    ///
    /// [`SchemaError::NotJson`], or [`SchemaError::Invalid`] with every fault.
    pub fn from_json(json: &[u8]) -> Result<Schema, SchemaError> {
        let json: Json =
            serde_json::from_slice(json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json))?;
        let mut reader = Reader::default();
        let schema = reader.schema(&json);
        if reader.faults.is_empty() { Ok(schema) } else { Err(SchemaError::Invalid(reader.faults)) }
    }

    /// The names of the fields, in the schema's order.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }
}

#[derive(Default)]
struct Reader {
    faults: Vec<String>,
    fields: Vec<Field>,
}

impl Reader {
    fn fault(&mut self, place: &str, what: impl std::fmt::Display) {
        self.faults.push(format!("{place}: {what}"));
    }

    /// The object at a place, whose keys must all be known.
    fn object<'a>(
        &mut self,
        json: &'a Json,
        place: &str,
        keys: &[&str],
        notes: bool,
    ) -> Option<&'a Map<String, Json>> {
        let Some(object) = json.as_object() else {
            self.fault(place, "expected an object");
            return None;
        };
        for key in object.keys() {
            let is_note = notes && NOTES.contains(&key.as_str());
            if !is_note && !keys.contains(&key.as_str()) {
                let known = keys.join(", ");
                let key = safe(key);
                self.fault(place, format!("\"{key}\" is not checked here; known are {known}"));
            }
        }
        Some(object)
    }

    fn list<'a>(&mut self, json: Option<&'a Json>, place: &str) -> &'a [Json] {
        match json {
            None => &[],
            Some(Json::Array(items)) => items,
            Some(_) => {
                self.fault(place, "expected a list");
                &[]
            }
        }
    }

    fn text<'a>(&mut self, json: Option<&'a Json>, place: &str) -> Option<&'a str> {
        let text = json.and_then(Json::as_str);
        if text.is_none() {
            self.fault(place, "expected a text");
        }
        text
    }

    fn schema(&mut self, json: &Json) -> Schema {
        let keys = ["fields", "missingValues", "primaryKey", "rules", "dialect"];
        let empty = Map::new();
        let object = self.object(json, "schema", &keys, true).unwrap_or(&empty);
        for (at, field) in self.list(object.get("fields"), "fields").iter().enumerate() {
            let field = self.field(field, &format!("fields[{at}]"));
            if let Some(field) = field {
                if self.fields.iter().any(|other| other.name == field.name) {
                    self.fault(&format!("fields[{at}]"), "a second field of this name");
                }
                self.fields.push(field);
            }
        }
        if self.fields.is_empty() && self.faults.is_empty() {
            self.fault("fields", "expected at least one field");
        }
        let missing = self.missing(object.get("missingValues"));
        let primary_key = self.primary_key(object.get("primaryKey"));
        let rules = self.list(object.get("rules"), "rules");
        let rules: Vec<Rule> = rules
            .iter()
            .enumerate()
            .filter_map(|(at, rule)| self.rule(rule, &format!("rules[{at}]")))
            .collect();
        let delimiter = self.delimiter(object.get("dialect"));
        for field in rules.iter().flat_map(Rule::fields).chain(primary_key.iter().copied()) {
            self.fields[field].is_kept = true;
        }
        let fields = std::mem::take(&mut self.fields);
        Schema { fields, missing, primary_key, rules, delimiter }
    }

    fn missing(&mut self, json: Option<&Json>) -> Vec<Box<[u8]>> {
        if json.is_none() {
            return vec![Box::default()];
        }
        let items = self.list(json, "missingValues");
        let texts = items.iter().filter_map(|item| self.text(Some(item), "missingValues"));
        texts.map(|text| text.as_bytes().into()).collect()
    }

    fn primary_key(&mut self, json: Option<&Json>) -> Vec<usize> {
        let names = match json {
            None => return Vec::new(),
            Some(name @ Json::String(_)) => std::slice::from_ref(name),
            Some(_) => self.list(json, "primaryKey"),
        };
        let mut key = Vec::new();
        for name in names {
            if let Some(field) = self.field_named(Some(name), "primaryKey") {
                self.fields[field].required = true;
                key.push(field);
            }
        }
        key
    }

    fn delimiter(&mut self, json: Option<&Json>) -> Option<u8> {
        let dialect = self.object(json?, "dialect", &["delimiter"], false)?;
        match dialect.get("delimiter")?.as_str().map(str::as_bytes) {
            Some(&[delimiter]) if delimiter.is_ascii() && !b"\"\r\n".contains(&delimiter) => {
                Some(delimiter)
            }
            _ => {
                self.fault("dialect.delimiter", "expected one character, such as ; or \\t");
                None
            }
        }
    }

    fn field(&mut self, json: &Json, place: &str) -> Option<Field> {
        let keys = ["name", "type", "format", "constraints"];
        let object = self.object(json, place, &keys, true)?;
        let name = self.text(object.get("name"), &format!("{place}.name"))?;
        let place = format!("{place} \"{}\"", safe(name));
        let kind = match object.get("type").map(|kind| (kind, kind.as_str().and_then(Kind::named)))
        {
            None => Kind::Text,
            Some((_, Some(kind))) => kind,
            Some((json, None)) => {
                let known = "string, integer, number, boolean, date, year, yearmonth";
                self.fault(&place, format!("type {json} is not checked here; known are {known}"));
                return None;
            }
        };
        if object.get("format").is_some_and(|format| format != "default") {
            self.fault(&place, "only the format \"default\" is checked here");
        }
        let mut field = Field {
            name: name.to_owned(),
            kind,
            required: false,
            unique: false,
            allowed: Allowed::Any,
            least: i128::MIN,
            most: i128::MAX,
            shortest: 0,
            longest: usize::MAX,
            pattern: None,
            is_personal: person::is_about_a_person(name),
            is_kept: false,
            words: Words::default(),
        };
        if let Some(constraints) = object.get("constraints") {
            self.constraints(&mut field, constraints, &format!("{place}.constraints"));
        }
        Some(field)
    }

    fn constraints(&mut self, field: &mut Field, json: &Json, place: &str) {
        let mut keys = vec!["required", "unique", "enum"];
        if field.kind.is_ordered() {
            keys.extend(["minimum", "maximum"]);
        }
        if field.kind == Kind::Text {
            keys.extend(["minLength", "maxLength", "pattern"]);
        }
        let Some(object) = self.object(json, place, &keys, false) else { return };
        for (key, json) in object.iter().filter(|(key, _)| keys.contains(&key.as_str())) {
            let place = format!("{place}.{key}");
            match key.as_str() {
                "required" => field.required = self.truth(json, &place),
                "unique" => field.unique = self.truth(json, &place),
                "minLength" => field.shortest = self.length(json, &place).unwrap_or(0),
                "maxLength" => field.longest = self.length(json, &place).unwrap_or(usize::MAX),
                "minimum" => {
                    let stated = self.stated(field.kind, json, &place);
                    (field.least, field.words.least) = bound(stated, i128::MIN);
                }
                "maximum" => {
                    let stated = self.stated(field.kind, json, &place);
                    (field.most, field.words.most) = bound(stated, i128::MAX);
                }
                "pattern" => self.pattern(field, json, &place),
                _ => self.codes(field, json, &place),
            }
        }
        if field.least > field.most || field.shortest > field.longest {
            self.fault(place, "the least is more than the most");
        }
    }

    fn truth(&mut self, json: &Json, place: &str) -> bool {
        if !json.is_boolean() {
            self.fault(place, "expected true or false");
        }
        json == true
    }

    fn length(&mut self, json: &Json, place: &str) -> Option<usize> {
        let length = json.as_u64().and_then(|length| usize::try_from(length).ok());
        if length.is_none() {
            self.fault(place, "expected a whole number of characters");
        }
        length
    }

    /// A value that the schema states, of the field's type.
    fn stated(&mut self, kind: Kind, json: &Json, place: &str) -> Option<Stated> {
        let words = match json {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            Json::Bool(truth) => truth.to_string(),
            _ => {
                self.fault(place, "expected a text, a number, true or false");
                return None;
            }
        };
        let rank = kind.rank(words.as_bytes());
        if rank.is_none() && kind != Kind::Text {
            self.fault(place, format!("{} is not of the field's type", safe(&words)));
            return None;
        }
        Some(Stated { words: if rank.is_some() { safe(&words) } else { words }, rank })
    }

    fn pattern(&mut self, field: &mut Field, json: &Json, place: &str) {
        let Some(pattern) = self.text(Some(json), place) else { return };
        // Compiled alone first, so that `a)|(b` cannot climb out of the group.
        let whole = Regex::new(pattern).and_then(|_| Regex::new(&format!(r"\A(?:{pattern})\z")));
        match whole {
            Ok(regex) => field.pattern = Some(regex),
            Err(error) => {
                let error = error.to_string().replace('\n', " ");
                self.fault(place, format!("not a pattern that can be checked here: {error}"));
            }
        }
        field.words.pattern = pattern.to_owned();
    }

    fn codes(&mut self, field: &mut Field, json: &Json, place: &str) {
        let items = self.list(Some(json), place);
        if items.is_empty() {
            self.fault(place, "expected at least one value");
        }
        let codes: Vec<Stated> =
            items.iter().filter_map(|item| self.stated(field.kind, item, place)).collect();
        field.words.codes = codes.iter().map(|code| code.words.clone()).collect();
        field.allowed = if field.kind == Kind::Text {
            Allowed::Texts(Codes::new(codes.iter().map(|code| code.words.as_str())))
        } else {
            let mut ranks: Vec<i128> = codes.iter().filter_map(|code| code.rank).collect();
            ranks.sort_unstable();
            Allowed::Ranks(ranks)
        };
    }

    fn field_named(&mut self, json: Option<&Json>, place: &str) -> Option<usize> {
        let name = self.text(json, place)?;
        let field = self.fields.iter().position(|field| field.name == name);
        if field.is_none() {
            self.fault(place, format!("there is no field \"{}\"", safe(name)));
        }
        field
    }

    fn rule(&mut self, json: &Json, place: &str) -> Option<Rule> {
        let is_sum = json.get("sum").is_some();
        let keys: &[&str] = match is_sum {
            true => &["name", "sum", "equals", "when"],
            false => &["name", "left", "operator", "right", "value", "when"],
        };
        let object = self.object(json, place, keys, false)?;
        let name = self.text(object.get("name"), &format!("{place}.name")).map(safe);
        let place = format!("{place} \"{}\"", name.as_deref().unwrap_or_default());
        let when = object.get("when").map(|when| self.when(when, &format!("{place}.when")));
        let asks = if is_sum { self.sum(object, &place) } else { self.comparison(object, &place) };
        let when = match when {
            None => None,
            Some(when) => Some(when?),
        };
        Some(Rule { name: name?, when, asks: asks? })
    }

    fn when(&mut self, json: &Json, place: &str) -> Option<(usize, Stated)> {
        let object = self.object(json, place, &["field", "equals"], false)?;
        let field = self.field_named(object.get("field"), &format!("{place}.field"))?;
        let equals = object.get("equals").unwrap_or(&Json::Null);
        let stated = self.stated(self.fields[field].kind, equals, &format!("{place}.equals"))?;
        Some((field, stated))
    }

    fn sum(&mut self, object: &Map<String, Json>, place: &str) -> Option<Asks> {
        let names = self.list(object.get("sum"), &format!("{place}.sum"));
        if names.is_empty() {
            self.fault(place, "expected at least one column to add");
        }
        let parts: Vec<Option<usize>> = names
            .iter()
            .map(|name| self.counted_field(Some(name), &format!("{place}.sum")))
            .collect();
        let total = self.counted_field(object.get("equals"), &format!("{place}.equals"))?;
        Some(Asks::Sum { parts: parts.into_iter().collect::<Option<_>>()?, total })
    }

    fn counted_field(&mut self, json: Option<&Json>, place: &str) -> Option<usize> {
        let field = self.field_named(json, place)?;
        if !self.fields[field].kind.is_counted() {
            let name = safe(&self.fields[field].name);
            self.fault(place, format!("\"{name}\" is neither integer nor number"));
            return None;
        }
        Some(field)
    }

    fn comparison(&mut self, object: &Map<String, Json>, place: &str) -> Option<Asks> {
        let left = self.field_named(object.get("left"), &format!("{place}.left"));
        let operator = self.text(object.get("operator"), &format!("{place}.operator"));
        let operator = operator.and_then(|name| {
            let operator = Operator::named(name);
            if operator.is_none() {
                self.fault(place, "the operator is none of =, !=, <, <=, >, >=");
            }
            operator
        });
        let right = match (object.get("right"), object.get("value")) {
            (Some(right), None) => {
                self.field_named(Some(right), &format!("{place}.right")).map(Right::Column)
            }
            (None, Some(value)) => self
                .stated(self.fields[left?].kind, value, &format!("{place}.value"))
                .map(Right::Stated),
            _ => {
                self.fault(place, "expected either \"right\" or \"value\"");
                None
            }
        };
        let (left, operator, right) = (left?, operator?, right?);
        let kind = self.fields[left].kind;
        if let Right::Column(right) = right
            && !kind.compares_with(self.fields[right].kind)
        {
            self.fault(place, "the two columns are of types that cannot be compared");
        }
        if operator.needs_order() && !kind.is_ordered() {
            self.fault(place, "text and true or false can only be compared with = and !=");
        }
        Some(Asks::Compare { left, operator, right })
    }
}

fn bound(stated: Option<Stated>, otherwise: i128) -> (i128, String) {
    match stated {
        Some(Stated { words, rank: Some(rank) }) => (rank, words),
        _ => (otherwise, String::new()),
    }
}
