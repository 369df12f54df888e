//! What a column may hold on both databases: an integer, a text, bytes, or nothing.
//!
//! In: values of the program, to be bound to `$1`, `$2` … Out: values of a row, read by name or place.
//! Nothing has a type too: PostgreSQL wants to know what `$1` would have been.

use sqlx::{Column as _, Error};

/// One value on its way into the database or out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Integer(Option<i64>),
    Text(Option<String>),
    Blob(Option<Vec<u8>>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Integer(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Value {
        Value::Integer(value)
    }
}

/// 1 where it is so.
impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Integer(Some(i64::from(value)))
    }
}

impl From<Option<bool>> for Value {
    fn from(value: Option<bool>) -> Value {
        Value::Integer(value.map(i64::from))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(Some(value))
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Value {
        Value::Text(Some(value.clone()))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(Some(value.to_owned()))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Value {
        Value::Text(value)
    }
}

impl From<&Option<String>> for Value {
    fn from(value: &Option<String>) -> Value {
        Value::Text(value.clone())
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Value {
        Value::Text(value.map(str::to_owned))
    }
}

impl From<Option<&String>> for Value {
    fn from(value: Option<&String>) -> Value {
        Value::Text(value.cloned())
    }
}

impl From<Option<&[u8]>> for Value {
    fn from(value: Option<&[u8]>) -> Value {
        Value::Blob(value.map(<[u8]>::to_vec))
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Value {
        Value::Blob(Some(value.to_vec()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Blob(Some(value))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Value {
        Value::Blob(value)
    }
}

/// What can be read from a column.
pub(crate) trait FromValue<'v>: Sized {
    /// Nothing when the column holds something else.
    fn from_value(value: &'v Value) -> Option<Self>;
}

impl FromValue<'_> for i64 {
    fn from_value(value: &Value) -> Option<i64> {
        match value {
            Value::Integer(found) => *found,
            _ => None,
        }
    }
}

impl FromValue<'_> for bool {
    fn from_value(value: &Value) -> Option<bool> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl<'v> FromValue<'v> for &'v str {
    fn from_value(value: &'v Value) -> Option<&'v str> {
        match value {
            Value::Text(found) => found.as_deref(),
            _ => None,
        }
    }
}

impl FromValue<'_> for String {
    fn from_value(value: &Value) -> Option<String> {
        <&str>::from_value(value).map(str::to_owned)
    }
}

impl<'v> FromValue<'v> for &'v [u8] {
    fn from_value(value: &'v Value) -> Option<&'v [u8]> {
        match value {
            Value::Blob(found) => found.as_deref(),
            _ => None,
        }
    }
}

impl FromValue<'_> for Vec<u8> {
    fn from_value(value: &Value) -> Option<Vec<u8>> {
        <&[u8]>::from_value(value).map(<[u8]>::to_vec)
    }
}

impl<'v, T: FromValue<'v>> FromValue<'v> for Option<T> {
    fn from_value(value: &'v Value) -> Option<Option<T>> {
        match value {
            // SQLite does not say of what type nothing is.
            Value::Integer(None) | Value::Text(None) | Value::Blob(None) => Some(None),
            _ => T::from_value(value).map(Some),
        }
    }
}

/// One row of an answer.
#[derive(Debug)]
pub(crate) struct Row {
    pub(super) columns: std::sync::Arc<[String]>,
    pub(super) values: Vec<Value>,
}

/// The rows of an answer, each read by `read`.
pub(super) fn answer<R: sqlx::Row>(
    rows: &[R],
    read: impl Fn(&R) -> Result<Vec<Value>, Error>,
) -> Result<Vec<Row>, Error> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let columns: std::sync::Arc<[String]> =
        first.columns().iter().map(|column| column.name().to_owned()).collect();
    rows.iter().map(|row| Ok(Row { columns: columns.clone(), values: read(row)? })).collect()
}

/// How a column is named: by its name, or by its place from 0.
pub(crate) trait Column: std::fmt::Display + Copy {
    fn place(self, columns: &[String]) -> Option<usize>;
}

impl Column for &str {
    fn place(self, columns: &[String]) -> Option<usize> {
        columns.iter().position(|column| column == self)
    }
}

impl Column for usize {
    fn place(self, columns: &[String]) -> Option<usize> {
        (self < columns.len()).then_some(self)
    }
}

impl Row {
    /// Reads a column.
    ///
    /// # Errors
    ///
    /// There is no such column, or it holds something else than was asked for.
    pub(crate) fn try_get<'r, T: FromValue<'r>>(&'r self, column: impl Column) -> Result<T, Error> {
        let place =
            column.place(&self.columns).ok_or_else(|| Error::ColumnNotFound(column.to_string()))?;
        T::from_value(&self.values[place]).ok_or_else(|| Error::ColumnDecode {
            index: column.to_string(),
            source: format!("a column that is no {}", std::any::type_name::<T>()).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_read_by_name_and_by_place_and_only_as_what_it_is() {
        let row = Row {
            columns: ["number".to_owned(), "text".to_owned()].into(),
            values: vec![7.into(), None::<&str>.into()],
        };
        assert_eq!(row.try_get::<i64>("number").unwrap(), 7);
        assert!(row.try_get::<bool>(0).unwrap());
        assert_eq!(row.try_get::<Option<String>>("text").unwrap(), None);
        let wrong = row.try_get::<String>("number").unwrap_err().to_string();
        assert!(wrong.contains("number") && wrong.contains("String"), "{wrong}");
        assert!(row.try_get::<String>("text").is_err(), "nothing is no text");
        assert!(row.try_get::<i64>("other").is_err() && row.try_get::<i64>(2).is_err());
    }
}
