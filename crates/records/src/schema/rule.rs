//! One row against the rules across columns.
//!
//! In: the values of a row by field, and its cells where text is compared. Out: whether a rule is
//! broken, and what it expected. A rule is not applied where a value it needs is absent.

use std::borrow::Cow;

use super::field::Value;

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Operator {
    pub(super) fn named(name: &str) -> Option<Operator> {
        Some(match name {
            "=" | "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::AtMost,
            ">" => Operator::More,
            ">=" => Operator::AtLeast,
            _ => return None,
        })
    }

    pub(super) fn needs_order(self) -> bool {
        !matches!(self, Operator::Equal | Operator::NotEqual)
    }

    fn holds<T: Ord + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => left < right,
            Operator::AtMost => left <= right,
            Operator::More => left > right,
            Operator::AtLeast => left >= right,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Operator::Equal => "the same as",
            Operator::NotEqual => "something other than",
            Operator::Less => "less than",
            Operator::AtMost => "at most",
            Operator::More => "more than",
            Operator::AtLeast => "at least",
        }
    }
}

/// A value that the schema states.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    pub(super) words: String,
    /// `None` for text, which `words` is.
    pub(super) rank: Option<i128>,
}

/// What a column is compared with.
#[derive(Debug, Clone)]
pub(super) enum Right {
    Column(usize),
    Stated(Stated),
}

/// What a rule asks for; columns are indices of fields.
#[derive(Debug, Clone)]
pub(super) enum Asks {
    Compare { left: usize, operator: Operator, right: Right },
    Sum { parts: Vec<usize>, total: usize },
}

/// One rule.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) name: String,
    /// The rule speaks only of rows where this field has this value.
    pub(super) when: Option<(usize, Stated)>,
    pub(super) asks: Asks,
}

/// The values and cells of one row, by field.
pub(super) struct RowValues<'a> {
    pub(super) values: &'a [Value],
    pub(super) cell: &'a dyn Fn(usize) -> Cow<'a, [u8]>,
}

impl RowValues<'_> {
    fn same(&self, field: usize, stated: &Stated) -> Option<bool> {
        match (self.values[field], stated.rank) {
            (Value::Rank(rank), Some(stated)) => Some(rank == stated),
            (Value::Text, None) => Some(*(self.cell)(field) == *stated.words.as_bytes()),
            _ => None,
        }
    }
}

impl Rule {
    /// The column a broken rule is reported at.
    pub(super) fn column(&self) -> usize {
        match &self.asks {
            Asks::Compare { left, .. } => *left,
            Asks::Sum { total, .. } => *total,
        }
    }

    /// Every field the rule needs.
    pub(super) fn fields(&self) -> Vec<usize> {
        let mut fields: Vec<usize> = self.when.iter().map(|(field, _)| *field).collect();
        match &self.asks {
            Asks::Compare { left, right, .. } => {
                fields.push(*left);
                if let Right::Column(right) = right {
                    fields.push(*right);
                }
            }
            Asks::Sum { parts, total } => {
                fields.extend(parts);
                fields.push(*total);
            }
        }
        fields
    }

    /// Whether the row breaks the rule.
    #[inline]
    pub(super) fn is_broken(&self, row: &RowValues<'_>) -> bool {
        if let Some((field, stated)) = &self.when
            && row.same(*field, stated) != Some(true)
        {
            return false;
        }
        match &self.asks {
            Asks::Sum { parts, total } => {
                let Value::Rank(total) = row.values[*total] else { return false };
                let mut sum = 0_i128;
                for part in parts {
                    let Value::Rank(part) = row.values[*part] else { return false };
                    sum += part;
                }
                sum != total
            }
            Asks::Compare { left, operator, right } => {
                let left_value = row.values[*left];
                match (left_value, right) {
                    (Value::Rank(left), Right::Stated(Stated { rank: Some(right), .. })) => {
                        !operator.holds(&left, right)
                    }
                    (Value::Text, Right::Stated(Stated { words, rank: None })) => {
                        !operator.holds(&*(row.cell)(*left), words.as_bytes())
                    }
                    (Value::Rank(left), Right::Column(right)) => match row.values[*right] {
                        Value::Rank(right) => !operator.holds(&left, &right),
                        _ => false,
                    },
                    (Value::Text, Right::Column(right)) => {
                        row.values[*right] == Value::Text
                            && !operator.holds(&(row.cell)(*left), &(row.cell)(*right))
                    }
                    _ => false,
                }
            }
        }
    }

    /// What was expected; `shown` names a field and, where it may be shown, what stands there.
    pub(super) fn expected(&self, shown: impl Fn(usize) -> String) -> String {
        let what = match &self.asks {
            Asks::Compare { operator, right: Right::Column(right), .. } => {
                format!("{} {}", operator.words(), shown(*right))
            }
            Asks::Compare { operator, right: Right::Stated(right), .. } => {
                format!("{} {}", operator.words(), right.words)
            }
            Asks::Sum { parts, .. } => {
                let parts: Vec<String> = parts.iter().map(|part| shown(*part)).collect();
                format!("the sum of {}", parts.join(", "))
            }
        };
        match &self.when {
            Some((field, stated)) => {
                let field = shown(*field);
                format!("{what} where {field} is {}, by the rule \"{}\"", stated.words, self.name)
            }
            None => format!("{what}, by the rule \"{}\"", self.name),
        }
    }
}
