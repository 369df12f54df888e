//! A row to its codes and ids, or problems.
//!
//! In: a row of a batch. Out: what counts in it, as words of the register and never the file's own
//! text; each cell that says something else is a problem of that row and column.

use std::collections::HashMap;

use datafusion::arrow::array::{
    Array, BooleanArray, Date32Array, FixedSizeBinaryArray, Int64Array, RecordBatch,
    StringViewArray,
};
use datafusion::arrow::datatypes::DataType;
use records::Quarter;
use records::record::{Code, Field, Holds, Leaves, RecordKind};

use super::{ExpectedTable, Problems};
use crate::schema::{self, BETWEEN_CODES, EXPIRES_ON};

/// How many different texts of a column are remembered. A column of codes has few hundred; a
/// file that has more only takes longer.
const TEXTS_KEPT: usize = 4096;
/// The last day of 9999: no later day can be written in a file of ours.
const LAST_DAY: i32 = 2_932_896;

/// What counts in a row.
#[derive(Default)]
pub(super) struct Row {
    /// Its own id.
    pub(super) id: Option<[u8; 16]>,
    /// The person: of victims the own id, of other kinds the one named.
    pub(super) person: Option<[u8; 16]>,
    /// Of victims: in which count.
    pub(super) counted_as: Option<&'static str>,
    /// The quarter of its day.
    pub(super) quarter: Option<Quarter>,
    /// The cells of totals that it enters.
    pub(super) codes: Vec<(&'static str, Option<&'static str>)>,
}

/// Reads rows of one kind.
pub(super) struct Rows<'e> {
    expected: &'e ExpectedTable,
    fields: Vec<KnownTexts>,
}

/// A field and the texts seen in it.
struct KnownTexts {
    field: &'static Field,
    wanted: String,
    codes: HashMap<Box<str>, Option<Vec<&'static str>>>,
    quarters: HashMap<Box<str>, Option<Quarter>>,
}

/// A column of a batch.
pub(super) enum Column<'b> {
    Ids(&'b FixedSizeBinaryArray),
    Texts(&'b StringViewArray),
    YesNo(&'b BooleanArray),
    Numbers(&'b Int64Array),
    Days(&'b Date32Array),
}

impl<'e> Rows<'e> {
    pub(super) fn new(expected: &'e ExpectedTable) -> Rows<'e> {
        let fields = Field::leaving(expected.kind).map(|field| KnownTexts {
            field,
            wanted: wanted(field, expected),
            codes: HashMap::new(),
            quarters: HashMap::new(),
        });
        Rows { expected, fields: fields.collect() }
    }

    /// The columns of a batch; nothing when they are not those of the kind.
    pub(super) fn columns<'b>(&self, batch: &'b RecordBatch) -> Option<Vec<Column<'b>>> {
        let columns = batch.columns().iter().map(|column| {
            let any = column.as_any();
            match column.data_type() {
                DataType::FixedSizeBinary(16) => any.downcast_ref().map(Column::Ids),
                DataType::Utf8View => any.downcast_ref().map(Column::Texts),
                DataType::Boolean => any.downcast_ref().map(Column::YesNo),
                DataType::Int64 => any.downcast_ref().map(Column::Numbers),
                DataType::Date32 => any.downcast_ref().map(Column::Days),
                _ => None,
            }
        });
        let columns: Vec<Column<'b>> = columns.collect::<Option<_>>()?;
        (columns.len() == schema::columns(self.expected.kind).fields().len()).then_some(columns)
    }

    /// Reads the row at a place of a batch.
    pub(super) fn read(
        &mut self,
        columns: &[Column<'_>],
        at: usize,
        number: u64,
        problems: &mut Problems,
    ) -> Row {
        let mut row = Row::default();
        for (known, column) in self.fields.iter_mut().zip(columns) {
            if !known.read(column, at, self.expected, &mut row) {
                problems.add(number, known.field.name, known.wanted.as_str());
            }
        }
        if self.expected.kind == RecordKind::Victim {
            row.person = row.id;
        }
        if let Some(Column::Days(days)) = columns.get(self.fields.len()) {
            let day = (!days.is_null(at)).then(|| days.value(at));
            match (self.expected.with_release, day) {
                (true, Some(0..=LAST_DAY)) | (false, None) => {}
                (true, _) => problems.add(number, EXPIRES_ON, "the last day of the release"),
                (false, _) => problems.add(number, EXPIRES_ON, "nothing: no release is needed"),
            }
        }
        row
    }
}

impl KnownTexts {
    /// Reads one cell into the row; whether it may stand there.
    fn read(
        &mut self,
        column: &Column<'_>,
        at: usize,
        expected: &ExpectedTable,
        row: &mut Row,
    ) -> bool {
        let field = self.field;
        let may_be_empty = !field.required && field.holds != Holds::OwnReference;
        match (column, field.leaves) {
            (Column::Ids(ids), _) => {
                let id: Option<[u8; 16]> =
                    (!ids.is_null(at)).then(|| ids.value(at)).and_then(|id| id.try_into().ok());
                match field.holds {
                    Holds::OwnReference => row.id = id,
                    // By the field's name, as `AgencyRecord::person` has it.
                    _ if field.name == "victim" => row.person = id,
                    _ => {}
                }
                id.is_some() || may_be_empty
            }
            (Column::Numbers(numbers), _) => match numbers.is_null(at) {
                true => may_be_empty,
                false => numbers.value(at) >= 0,
            },
            (Column::YesNo(answers), _) => {
                let answer = (!answers.is_null(at)).then(|| answers.value(at));
                row.codes.push((field.name, answer.map(|yes| if yes { "yes" } else { "no" })));
                answer.is_some() || may_be_empty
            }
            (Column::Texts(texts), Leaves::Quarter) if !texts.is_null(at) => {
                let quarter = self.quarter(texts.value(at));
                if field.name != "date" {
                    return quarter.is_some();
                }
                let within = |q: &Quarter| (expected.first..=expected.last).contains(q);
                row.quarter = quarter.filter(within);
                row.quarter.is_some()
            }
            (Column::Texts(texts), Leaves::Code) if !texts.is_null(at) => {
                let codes = self.codes(texts.value(at));
                if let ("counted_as", Some([code])) = (field.name, codes.as_deref()) {
                    row.counted_as = Some(code);
                }
                let known = codes.is_some();
                row.codes.extend(codes.into_iter().flatten().map(|code| (field.name, Some(code))));
                known
            }
            (Column::Texts(_), leaves) => {
                if leaves == Leaves::Code {
                    row.codes.push((field.name, None));
                }
                may_be_empty
            }
            (Column::Days(_), _) => false,
        }
    }

    fn codes(&mut self, text: &str) -> Option<Vec<&'static str>> {
        if let Some(known) = self.codes.get(text) {
            return known.clone();
        }
        let found = codes_of(self.field, text);
        if self.codes.len() < TEXTS_KEPT {
            self.codes.insert(text.into(), found.clone());
        }
        found
    }

    fn quarter(&mut self, text: &str) -> Option<Quarter> {
        if let Some(known) = self.quarters.get(text) {
            return *known;
        }
        let found = text.parse().ok();
        if self.quarters.len() < TEXTS_KEPT {
            self.quarters.insert(text.into(), found);
        }
        found
    }
}

/// The codes that a text says: each of the register, allowed in the field, sorted, once.
fn codes_of(field: &Field, text: &str) -> Option<Vec<&'static str>> {
    let one = |kind, word: &str| {
        let code = Code::get(kind, word)?.as_str();
        (field.only.is_empty() || field.only.contains(&code)).then_some(code)
    };
    match field.holds {
        Holds::Code(kind) => Some(vec![one(kind, text)?]),
        Holds::Codes(kind) => {
            let mut codes: Vec<&'static str> = Vec::new();
            for word in text.split(BETWEEN_CODES) {
                // Before the look-up, so that a long text ends at its first repetition.
                if codes.last().is_some_and(|last| *last >= word) {
                    return None;
                }
                codes.push(one(kind, word)?);
            }
            Some(codes)
        }
        _ => None,
    }
}

/// What must stand in a field, in words.
fn wanted(field: &Field, expected: &ExpectedTable) -> String {
    let filled = match (field.leaves, field.holds) {
        (Leaves::Opaque, _) => "an id".to_owned(),
        (Leaves::Quarter, _) if field.name == "date" => {
            format!("a quarter from {} to {}", expected.first, expected.last)
        }
        (Leaves::Quarter, _) => "a quarter, as in 2026-Q3".to_owned(),
        (Leaves::Number, _) => "a number of 0 or more".to_owned(),
        (_, Holds::YesNo) => "yes or no".to_owned(),
        _ if !field.only.is_empty() => format!("one of {}", field.only.join(", ")),
        (_, Holds::Codes(kind)) => {
            format!("codes of {kind}, sorted, each once, with `{BETWEEN_CODES}` between")
        }
        (_, Holds::Code(kind)) => format!("a code of {kind}"),
        _ => "nothing".to_owned(),
    };
    match field.required {
        true => filled,
        false => format!("{filled}, or nothing"),
    }
}
