//! The text of a card to a card.

use records::Shown;
use records::record::Code;
use records::register::Kind;
use toml::{Table, Value};

use super::{About, Card, CardError, CardProblem, FORMAT, Role, TASK_FORCES, is_label};
use crate::keys::is_code;
use crate::signature::{Signed, is_public_key};
use crate::{encryption, hex};

const FIELDS: [&str; 12] = [
    "format",
    "role",
    "code",
    "label",
    "legal_entity",
    "task_force",
    "county",
    "calendar_offset_days",
    "practice",
    "signing_key",
    "recipient",
    "signature",
];

pub(super) fn card(text: &str) -> Result<Card, CardError> {
    let only = |problem| CardError { problems: vec![problem] };
    let table: Table = text.parse().map_err(|_| only(CardProblem::NotACard))?;
    // Of a newer card the rest cannot be judged.
    match table.get("format") {
        Some(Value::Integer(FORMAT)) => {}
        Some(Value::Integer(newer)) if *newer > FORMAT => {
            return Err(only(CardProblem::FormatTooNew { found: *newer }));
        }
        _ => return Err(only(CardProblem::NotACard)),
    }
    let mut lines = Lines { table: &table, problems: Vec::new() };
    let read = lines.card();
    for field in table.keys().filter(|field| !FIELDS.contains(&field.as_str())) {
        let field = Shown::value(field).to_string();
        lines.problems.push(CardProblem::UnknownField { field });
    }
    match read {
        Some(card) if lines.problems.is_empty() => {
            if card.signed(Signed::Card, &card.signed_bytes(), &card.signature) {
                Ok(card)
            } else {
                Err(only(CardProblem::Changed))
            }
        }
        _ => Err(CardError { problems: lines.problems }),
    }
}

struct Lines<'t> {
    table: &'t Table,
    problems: Vec<CardProblem>,
}

impl<'t> Lines<'t> {
    /// Reads every line before it gives up, so that every problem is named.
    fn card(&mut self) -> Option<Card> {
        let role = self.text("role");
        let role = self.or(CardProblem::Role, role, Role::from_word);
        let code = self.text("code");
        let code = self.or(CardProblem::Code, code, |code| is_code(code).then_some(code));
        let label = self.text("label");
        let label = self.or(CardProblem::Label, label, |label| is_label(label).then_some(label));
        let legal_entity = self.code("legal_entity", &[Kind::LegalEntity]);
        let task_force = self.code("task_force", &TASK_FORCES);
        let county = self.code("county", &[Kind::County]);
        let offset = self.get("calendar_offset_days", "a whole number", Value::as_integer);
        let offset = self.or(CardProblem::Offset, offset, |offset: i64| i32::try_from(offset).ok());
        let practice = self.get("practice", "true or false", Value::as_bool);
        let key = self.text("signing_key");
        let key =
            self.or(CardProblem::SigningKey, key, |key| hex::decode(key).filter(is_public_key));
        let recipient = self.text("recipient");
        let recipient = self.or(CardProblem::Recipient, recipient, |text| {
            encryption::recipient(text).map(|_| text.to_owned())
        });
        let signature = self.text("signature");
        let signature = self.or(CardProblem::Signature, signature, hex::decode);
        let about = About {
            role: role?,
            code: code?.to_owned(),
            label: label?.to_owned(),
            legal_entity,
            task_force,
            county,
            calendar_offset_days: offset?,
            practice: practice?,
        };
        for problem in about.problems() {
            // A legal entity that nobody knows is named already.
            let named =
                problem == CardProblem::NoLegalEntity && self.table.contains_key("legal_entity");
            if !named && !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        Some(Card { about, signing_key: key?, recipient: recipient?, signature: signature? })
    }

    fn get<T>(
        &mut self,
        field: &'static str,
        expected: &'static str,
        read: impl Fn(&'t Value) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = self.table.get(field) else {
            self.problems.push(CardProblem::Missing { field });
            return None;
        };
        let read = read(value);
        if read.is_none() {
            self.problems.push(CardProblem::WrongType { field, expected });
        }
        read
    }

    fn text(&mut self, field: &'static str) -> Option<&'t str> {
        self.get(field, "a text", Value::as_str)
    }

    /// What a value that is there means; a problem when it means nothing.
    fn or<V, T>(
        &mut self,
        problem: CardProblem,
        value: Option<V>,
        meaning: impl Fn(V) -> Option<T>,
    ) -> Option<T> {
        let meant = meaning(value?);
        if meant.is_none() {
            self.problems.push(problem);
        }
        meant
    }

    /// A code that may be absent.
    fn code(&mut self, field: &'static str, kinds: &[Kind]) -> Option<Code> {
        if !self.table.contains_key(field) {
            return None;
        }
        let text = self.text(field);
        let found = Shown::value(text.unwrap_or_default()).to_string();
        self.or(CardProblem::UnknownCode { field, found }, text, |text| {
            kinds.iter().find_map(|kind| Code::get(*kind, text))
        })
    }
}
