//! The figures that stand, and every earlier answer to the same questions.

use std::collections::BTreeMap;
use std::str::FromStr;

use records::{
    Amount, Answer, Dimension, Figure, FigureId, Origin, Part, Period, Qualifier, Quarter,
    Standing, Unit,
};
use serde::Serialize;

use crate::database::{FromValue, Row, Transaction, query};
use crate::{Permission, Scope, Store, StoreError};

/// A figure as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredFigure {
    /// Its name.
    pub id: FigureId,
    /// The return it stands in.
    pub return_id: i64,
    /// How far it may be shown.
    pub standing: Standing,
    /// The state quarter it was mapped to.
    pub quarter: Option<Quarter>,
    /// The figure.
    pub figure: Figure,
}

/// Which figures are asked for; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct FigureFilter {
    /// Only of this standing.
    pub standing: Option<Standing>,
    /// Only of this counted unit.
    pub measure: Option<String>,
}

/// A table that a reporter has sent: for which quarter, of which counted unit, broken down by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentTable {
    /// Who sent it.
    pub reporter: String,
    /// The state quarter it was mapped to.
    pub quarter: Option<Quarter>,
    /// The counted unit.
    pub measure: String,
    /// What it is broken down by, in their order.
    pub by: Vec<Dimension>,
}

/// An answer in the columns of the database.
pub(crate) struct AnswerColumns {
    pub(crate) answer: &'static str,
    pub(crate) scaled: Option<i64>,
    pub(crate) decimals: Option<i64>,
    pub(crate) qualifier: Option<&'static str>,
}

impl AnswerColumns {
    pub(crate) fn of(answer: &Answer) -> AnswerColumns {
        let (word, qualifier) = match answer {
            Answer::Exactly { .. } => ("exactly", None),
            Answer::Qualified { qualifier, .. } => ("qualified", Some(qualifier_word(*qualifier))),
            Answer::Unknown => ("unknown", None),
            Answer::NotCollected => ("not_collected", None),
            Answer::NotStated => ("not_stated", None),
            Answer::Said { .. } => ("said", None),
        };
        let amount = answer.amount();
        AnswerColumns {
            answer: word,
            scaled: amount.map(|amount| amount.scaled),
            decimals: amount.map(|amount| i64::from(amount.decimals)),
            qualifier,
        }
    }
}

fn qualifier_word(qualifier: Qualifier) -> &'static str {
    match qualifier {
        Qualifier::MoreThan => "more_than",
        Qualifier::AtLeast => "at_least",
        Qualifier::About => "about",
        Qualifier::FewerThan => "fewer_than",
    }
}

impl Store {
    /// The figures that stand, ordered by name. Somebody of an agency sees what was published and what
    /// her agency has sent.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`], [`StoreError::Damaged`].
    pub async fn figures(
        &self,
        scope: &Scope,
        filter: &FigureFilter,
    ) -> Result<Vec<StoredFigure>, StoreError> {
        let rows = query(
            "SELECT * FROM current_figure
             WHERE ($1 IS NULL OR standing = $1) AND ($2 IS NULL OR measure = $2)
                AND ($3 = '*' OR standing = 'published' OR reporter = $3)
             ORDER BY figure_id, standing",
        )
        .bind(filter.standing.map(Standing::as_str))
        .bind(&filter.measure)
        .bind(scope.reach().unwrap_or("*"))
        .fetch_all(&mut self.read(scope, Permission::ReadReturns).await?)
        .await?;
        rows.iter().map(read_row).collect()
    }

    /// Every answer ever given to one question, in the order in which they came in, whatever
    /// became of their returns; of those that [`Store::figures`] shows to the same scope.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`], [`StoreError::Damaged`].
    pub async fn answers(
        &self,
        scope: &Scope,
        id: &FigureId,
    ) -> Result<Vec<StoredFigure>, StoreError> {
        let rows = query(
            "SELECT figure.*, return_file.standing AS standing
             FROM figure JOIN return_file ON return_file.id = figure.return_id
             WHERE figure.figure_id = $1
                AND ($2 = '*' OR return_file.standing = 'published' OR figure.reporter = $2)
             ORDER BY return_file.id",
        )
        .bind(&id.0)
        .bind(scope.reach().unwrap_or("*"))
        .fetch_all(&mut self.read(scope, Permission::ReadReturns).await?)
        .await?;
        rows.iter().map(read_row).collect()
    }

    /// Which tables stand, of everybody: who has reported is no secret, and has no number in it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`], [`StoreError::Damaged`].
    pub async fn sent_tables(
        &self,
        scope: &Scope,
        standing: Standing,
    ) -> Result<Vec<SentTable>, StoreError> {
        let rows = query(
            "SELECT DISTINCT reporter, quarter, measure, signature FROM current_figure
             WHERE standing = $1 ORDER BY reporter, measure, quarter, signature",
        )
        .bind(standing.as_str())
        .fetch_all(&mut self.read(scope, Permission::ReadReturns).await?)
        .await?;
        rows.iter().map(read_table).collect()
    }
}

/// The figures of one return, in the order of its rows.
pub(crate) async fn of_return(
    connection: &mut Transaction,
    return_id: i64,
) -> Result<Vec<StoredFigure>, StoreError> {
    let rows = query(
        "SELECT figure.*, return_file.standing AS standing
         FROM figure JOIN return_file ON return_file.id = figure.return_id
         WHERE figure.return_id = $1 ORDER BY figure.id",
    )
    .bind(return_id)
    .fetch_all(connection)
    .await?;
    rows.iter().map(read_row).collect()
}

fn read_table(row: &Row) -> Result<SentTable, StoreError> {
    let measure: String = row.try_get("measure")?;
    let read = Reader { row, name: &measure };
    let signature: i64 = row.try_get("signature")?;
    let quarter = match row.try_get::<Option<String>>("quarter")? {
        Some(_) => Some(read.parsed("quarter")?),
        None => None,
    };
    let among = |dimension: &Dimension| signature & i64::from(dimension.bit()) != 0;
    Ok(SentTable {
        reporter: row.try_get("reporter")?,
        quarter,
        by: Dimension::ALL.into_iter().filter(among).collect(),
        measure,
    })
}

pub(crate) fn read_row(row: &Row) -> Result<StoredFigure, StoreError> {
    let name: String = row.try_get("figure_id")?;
    let read = Reader { row, name: &name };
    let mut dimensions = BTreeMap::new();
    for dimension in Dimension::ALL {
        if let Some(value) = row.try_get::<Option<String>>(dimension.as_str())? {
            dimensions.insert(dimension, value);
        }
    }
    let as_said: String = row.try_get("as_said")?;
    let figure = Figure {
        measure: row.try_get("measure")?,
        reporter: row.try_get("reporter")?,
        unit: read.unit()?,
        period: read.parsed::<Period>("period")?,
        dimensions,
        answer: read.answer(&as_said)?,
        as_said,
        as_of: match row.try_get::<Option<String>>("as_of")? {
            Some(_) => Some(read.parsed("as_of")?),
            None => None,
        },
        part: match row.try_get::<&str>("part")? {
            "total" => Part::Total,
            _ => Part::Cell,
        },
        origin: Origin {
            row: unsigned(row.try_get("row_number")?),
            column: row.try_get("column_name")?,
        },
        note: row.try_get("note")?,
    };
    let standing: &str = row.try_get("standing")?;
    Ok(StoredFigure {
        return_id: row.try_get("return_id")?,
        standing: Standing::from_word(standing).ok_or_else(|| read.damaged("standing"))?,
        quarter: match row.try_get::<Option<String>>("quarter")? {
            Some(_) => Some(read.parsed("quarter")?),
            None => None,
        },
        id: FigureId(name.clone()),
        figure,
    })
}

struct Reader<'a> {
    row: &'a Row,
    name: &'a str,
}

impl<'a> Reader<'a> {
    fn damaged(&self, column: &str) -> StoreError {
        StoreError::Damaged {
            figure: self.name.to_owned(),
            what: format!("column {column} cannot be read"),
        }
    }

    fn parsed<T: FromStr>(&self, column: &str) -> Result<T, StoreError> {
        let text: String = self.row.try_get(column)?;
        text.parse().map_err(|_| self.damaged(column))
    }

    fn needed<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: FromValue<'a>,
    {
        self.row.try_get::<Option<T>>(column)?.ok_or_else(|| self.damaged(column))
    }

    fn unit(&self) -> Result<Unit, StoreError> {
        let word: &str = self.row.try_get("unit")?;
        [Unit::Count, Unit::Percent, Unit::Hours, Unit::Dollars, Unit::Rank, Unit::Words]
            .into_iter()
            .find(|unit| unit.as_str() == word)
            .ok_or_else(|| self.damaged("unit"))
    }

    fn answer(&self, as_said: &str) -> Result<Answer, StoreError> {
        let amount = || -> Result<Amount, StoreError> {
            let decimals: i64 = self.needed("decimals")?;
            let decimals = u8::try_from(decimals).map_err(|_| self.damaged("decimals"))?;
            Ok(Amount { scaled: self.needed("scaled")?, decimals })
        };
        Ok(match self.row.try_get::<&str>("answer")? {
            "exactly" => Answer::Exactly { amount: amount()? },
            "qualified" => {
                let word: &str = self.needed("qualifier")?;
                let qualifier = [
                    Qualifier::MoreThan,
                    Qualifier::AtLeast,
                    Qualifier::About,
                    Qualifier::FewerThan,
                ]
                .into_iter()
                .find(|qualifier| qualifier_word(*qualifier) == word)
                .ok_or_else(|| self.damaged("qualifier"))?;
                Answer::Qualified { qualifier, amount: amount()? }
            }
            "unknown" => Answer::Unknown,
            "not_collected" => Answer::NotCollected,
            "not_stated" => Answer::NotStated,
            _ => Answer::Said { text: as_said.to_owned() },
        })
    }
}

/// Counts in the database are never negative.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
