//! What a row says, as bits.
//!
//! In: the columns of a coded table whose cells come from a known list: the quarter and every field
//! that leaves as a code. Out: a few words of 64 bits for each row, one bit for each quarter and
//! for each code of each field, and one for a field in which nothing is recorded. What several rows
//! say together is then the bits of all of them, without a list of texts for each person, and a
//! field with several codes is no different from the others.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, BooleanArray, StringViewArray, UInt64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{exec_datafusion_err, exec_err};
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::prelude::col;
use records::Quarter;
use records::record::{Field, Holds, Leaves, RecordKind};
use records::register::{Kind, Register};

use crate::schema::BETWEEN_CODES;

const WORD: usize = u64::BITS as usize;

/// Which bit stands for what.
#[derive(Debug)]
pub(crate) struct Marks {
    /// The quarters, from bit 0.
    pub(crate) quarters: Vec<Quarter>,
    /// The fields, in their order, each with its bits after those of the one before.
    pub(crate) fields: Vec<FieldMarks>,
    columns: Vec<ColumnMarks>,
}

/// The bits of a field.
#[derive(Debug)]
pub(crate) struct FieldMarks {
    pub(crate) field: &'static str,
    /// The first of its bits, which is that of nothing recorded.
    pub(crate) first: usize,
    /// Nothing, and then its codes in the order of the words.
    pub(crate) codes: Vec<Option<&'static str>>,
}

/// How the cells of a column become bits.
#[derive(Debug)]
struct ColumnMarks {
    name: &'static str,
    bits: std::ops::Range<usize>,
    nothing: Option<usize>,
    of_word: HashMap<String, usize>,
}

impl Marks {
    /// The bits of a kind of record in a span of quarters.
    pub(crate) fn new(kind: RecordKind, first: Quarter, last: Quarter) -> Arc<Marks> {
        let quarters: Vec<Quarter> = first.up_to(last).collect();
        let names = quarters.iter().enumerate().map(|(bit, quarter)| (quarter.to_string(), bit));
        let of_quarters = ColumnMarks {
            name: "date",
            bits: 0..quarters.len(),
            nothing: None,
            of_word: names.collect(),
        };
        let (mut fields, mut columns) = (Vec::new(), vec![of_quarters]);
        let mut next = quarters.len();
        for field in Field::leaving(kind).filter(|field| field.leaves == Leaves::Code) {
            let codes: Vec<Option<&'static str>> =
                [None].into_iter().chain(codes(field).into_iter().map(Some)).collect();
            let bits = next..next + codes.len();
            let words = bits.clone().zip(&codes);
            let of_word = words.filter_map(|(bit, code)| Some(((*code)?.to_owned(), bit)));
            columns.push(ColumnMarks {
                name: field.name,
                bits: bits.clone(),
                nothing: Some(next),
                of_word: of_word.collect(),
            });
            fields.push(FieldMarks { field: field.name, first: next, codes });
            next = bits.end;
        }
        Arc::new(Marks { quarters, fields, columns })
    }

    /// How many bits there are.
    pub(crate) fn bits(&self) -> usize {
        self.columns.last().map_or(0, |column| column.bits.end)
    }

    /// How many words they need.
    pub(crate) fn words(&self) -> usize {
        self.bits().div_ceil(WORD)
    }

    /// The name of a word's column.
    pub(crate) fn column(word: usize) -> String {
        format!("marks_{word}")
    }

    /// The words of a row, as columns computed from those of its coded table.
    pub(crate) fn of_row(self: &Arc<Marks>) -> Vec<Expr> {
        let word = |word: usize| {
            let within = word * WORD..(word + 1) * WORD;
            let overlaps = |c: &ColumnMarks| c.bits.start < within.end && within.start < c.bits.end;
            let columns: Vec<usize> =
                (0..self.columns.len()).filter(|at| overlaps(&self.columns[*at])).collect();
            let cells = columns.iter().map(|at| col(self.columns[*at].name)).collect();
            let signature = Signature::any(columns.len(), Volatility::Immutable);
            let name = Marks::column(word);
            let marks = WordOfMarks { name, marks: self.clone(), word, columns, signature };
            ScalarUDF::from(marks).call(cells).alias(Marks::column(word))
        };
        (0..self.words()).map(word).collect()
    }

    /// Whether a bit is set.
    pub(crate) fn is_set(words: &[u64], bit: usize) -> bool {
        words.get(bit / WORD).is_some_and(|word| word >> (bit % WORD) & 1 == 1)
    }

    /// Calls for every bit that is set.
    pub(crate) fn each(words: &[u64], mut visit: impl FnMut(usize)) {
        for (at, word) in words.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                visit(at * WORD + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }
}

/// The codes that a field may hold by any version of the register, in the order of the words.
fn codes(field: &Field) -> Vec<&'static str> {
    let (Holds::Code(kind) | Holds::Codes(kind)) = field.holds else {
        return vec!["no", "yes"];
    };
    let mut codes = codes_of_kind(kind);
    codes.retain(|code| field.only.is_empty() || field.only.contains(code));
    codes
}

fn codes_of_kind(kind: Kind) -> Vec<&'static str> {
    let register = Register::embedded();
    let versions = register.versions().iter();
    let entries = versions.flat_map(|version| register.entries_at(version, kind));
    let mut codes: Vec<&'static str> = entries.map(|entry| entry.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// One word of a row's bits: `(columns …) -> uint64`.
#[derive(Debug)]
struct WordOfMarks {
    name: String,
    marks: Arc<Marks>,
    word: usize,
    columns: Vec<usize>,
    signature: Signature,
}

impl PartialEq for WordOfMarks {
    fn eq(&self, other: &WordOfMarks) -> bool {
        Arc::ptr_eq(&self.marks, &other.marks) && self.word == other.word
    }
}

impl Eq for WordOfMarks {}

impl Hash for WordOfMarks {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.word.hash(state);
    }
}

impl ScalarUDFImpl for WordOfMarks {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> EngineResult<DataType> {
        Ok(DataType::UInt64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> EngineResult<ColumnarValue> {
        let mut words = vec![0u64; args.number_rows];
        let from = self.word * WORD;
        let bit = |bit: usize| bit.checked_sub(from).and_then(|at| 1u64.checked_shl(at as u32));
        for (cells, at) in args.args.iter().zip(&self.columns) {
            let cells = cells.to_array(args.number_rows)?;
            self.marks.columns[*at].mark(cells.as_ref(), &mut words, |at| bit(at).unwrap_or(0))?;
        }
        Ok(ColumnarValue::Array(Arc::new(UInt64Array::from(words))))
    }
}

impl ColumnMarks {
    /// Sets the bits of each cell in the word of its row.
    fn mark(
        &self,
        cells: &dyn Array,
        words: &mut [u64],
        bit: impl Fn(usize) -> u64,
    ) -> EngineResult<()> {
        let any = cells.as_any();
        let nothing = self.nothing.map_or(0, &bit);
        let of_word = |word: &str| {
            let known = self.of_word.get(word).map(|at| bit(*at));
            known.ok_or_else(|| exec_datafusion_err!("{} holds no known code", self.name))
        };
        if let Some(texts) = any.downcast_ref::<StringViewArray>() {
            // Neighbors often say the same.
            let mut last: Option<(&str, u64)> = None;
            for (word, cell) in words.iter_mut().zip(texts) {
                *word |= match (cell, last) {
                    (None, _) => nothing,
                    (Some(cell), Some((known, bits))) if known == cell => bits,
                    (Some(cell), _) => {
                        let mut codes = cell.split(BETWEEN_CODES).map(of_word);
                        let bits = codes.try_fold(0, |bits, one| one.map(|one| bits | one))?;
                        last = Some((cell, bits));
                        bits
                    }
                };
            }
        } else if let Some(answers) = any.downcast_ref::<BooleanArray>() {
            let (no, yes) = (of_word("no")?, of_word("yes")?);
            for (word, answer) in words.iter_mut().zip(answers) {
                *word |= answer.map_or(nothing, |answer| if answer { yes } else { no });
            }
        } else {
            return exec_err!("{} is no column of codes", self.name);
        }
        Ok(())
    }
}
