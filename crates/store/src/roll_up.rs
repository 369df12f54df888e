//! Integer sums by measure, time and breakdown.
//!
//! In: a [`RollUp`]: which measure, of which reporters, broken down by what. Out: one [`Rolled`]
//! row for each combination, always ordered. Figures of a total row are never summed. Where a
//! reporter gives the same days both as one number and broken down, only the coarsest table that
//! still holds the breakdown asked for is summed, so that nothing is added twice.

use std::collections::{BTreeMap, BTreeSet};

use records::{Dimension, Standing};
use serde::Serialize;

use crate::database::query;
use crate::{Permission, Scope, Store, StoreError};

/// What is summed.
#[derive(Debug, Clone)]
pub struct RollUp<'a> {
    /// The counted unit.
    pub measure: &'a str,
    /// Only figures of this standing: made-up figures never meet real ones.
    pub standing: Standing,
    /// Only these reporters; every reporter when empty.
    pub reporters: &'a [String],
    /// Statutes whose figures are left out ([`records::register`] says which count for what).
    pub without_statutes: &'a [String],
    /// Only figures that follow these versions of the definitions; every version when empty.
    pub definition_versions: &'a [String],
    /// The breakdown.
    pub by: &'a [Dimension],
    /// The breakdowns over which the counted unit adds up. Figures broken down by anything else
    /// are left out unless `by` keeps them apart: persons and seats are never one sum.
    pub adds_over: &'a [Dimension],
    /// Whether each reporter keeps a row of its own.
    pub by_reporter: bool,
    /// Whether agencies' own quarters are mapped to state quarters. Without it figures are only
    /// added when they cover the same days, so that a year and its quarters never meet.
    pub by_quarter: bool,
}

/// One sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rolled {
    /// The state quarter, or the period as stated.
    pub period: String,
    /// The reporter, when asked for.
    pub reporter: Option<String>,
    /// The breakdown.
    pub by: BTreeMap<Dimension, String>,
    /// The sum of the exact numbers.
    pub sum: i64,
    /// How many numbers that is.
    pub exact: i64,
    /// Cells with a qualifier, which are not in the sum.
    pub qualified: i64,
    /// Cells answered "unknown".
    pub unknown: i64,
    /// Cells answered "not collected".
    pub not_collected: i64,
    /// How many reporters gave an exact number.
    pub reporters: i64,
    /// Which ones, by code.
    pub reported: BTreeSet<String>,
    /// The returns behind it, in order.
    pub returns: Vec<i64>,
}

const ROLL_UP: &str = "
WITH candidate AS (
    SELECT *, breakdowns * 65536 + signature AS coarseness,
        CASE WHEN $7 = 1 THEN quarter ELSE period END AS days
    FROM current_figure
    WHERE measure = $1 AND standing = $2 AND part = 'cell' AND unit = 'count'
      AND (signature & $3) = $3
      AND (signature & ~$3 & ~$8) = 0
      AND ($4 = '|' OR REPLACE($4, '|' || reporter || '|', '') <> $4)
      AND ($9 = '|' OR REPLACE($9, '|' || definition_version || '|', '') <> $9)
      AND (statute IS NULL OR REPLACE($5, '|' || statute || '|', '') = $5)
      AND ($10 = '*' OR reporter = $10)
), chosen AS (
    SELECT *, MIN(coarseness) OVER (PARTITION BY reporter, days) AS coarsest
    FROM candidate WHERE days IS NOT NULL
)
SELECT days,
    CASE WHEN $6 = 1 THEN reporter END AS of_reporter,
    CASE WHEN ($3 & 1) <> 0 THEN place END AS place,
    CASE WHEN ($3 & 2) <> 0 THEN county END AS county,
    CASE WHEN ($3 & 4) <> 0 THEN task_force END AS task_force,
    CASE WHEN ($3 & 8) <> 0 THEN agency END AS agency,
    CASE WHEN ($3 & 16) <> 0 THEN trafficking_type END AS trafficking_type,
    CASE WHEN ($3 & 32) <> 0 THEN statute END AS statute,
    CASE WHEN ($3 & 64) <> 0 THEN conduct END AS conduct,
    CASE WHEN ($3 & 128) <> 0 THEN age END AS age,
    CASE WHEN ($3 & 256) <> 0 THEN status END AS status,
    CASE WHEN ($3 & 512) <> 0 THEN service END AS service,
    CASE WHEN ($3 & 1024) <> 0 THEN benefit END AS benefit,
    CASE WHEN ($3 & 2048) <> 0 THEN origin END AS origin,
    CASE WHEN ($3 & 4096) <> 0 THEN programme END AS programme,
    CASE WHEN ($3 & 8192) <> 0 THEN category END AS category,
    CAST(SUM(CASE WHEN answer = 'exactly' THEN scaled ELSE 0 END) AS BIGINT) AS total,
    COUNT(CASE WHEN answer = 'exactly' THEN 1 END) AS exact,
    COUNT(CASE WHEN answer = 'qualified' THEN 1 END) AS qualified,
    COUNT(CASE WHEN answer = 'unknown' THEN 1 END) AS unknown,
    COUNT(CASE WHEN answer = 'not_collected' THEN 1 END) AS not_collected,
    COUNT(DISTINCT CASE WHEN answer = 'exactly' THEN reporter END) AS reporters,
    GROUP_CONCAT(DISTINCT CASE WHEN answer = 'exactly' THEN reporter END) AS reported,
    GROUP_CONCAT(DISTINCT return_id) AS returns
FROM chosen WHERE coarseness = coarsest
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16";

impl Store {
    /// Sums the figures of one measure. Somebody of an agency gets the sums over everybody, and where each
    /// reporter keeps a row of its own, her agency's alone. What may be printed of a sum is for the
    /// report to say.
    ///
    /// Costs one ordered pass over the measure's figures.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`]; [`StoreError::Database`], also when a sum exceeds 2⁶³ − 1.
    pub async fn roll_up(
        &self,
        scope: &Scope,
        roll_up: &RollUp<'_>,
    ) -> Result<Vec<Rolled>, StoreError> {
        let bits = |dimensions: &[Dimension]| {
            i64::from(dimensions.iter().fold(0, |bits, dimension| bits | dimension.bit()))
        };
        let rows = query(ROLL_UP)
            .bind(roll_up.measure)
            .bind(roll_up.standing.as_str())
            .bind(bits(roll_up.by))
            .bind(fenced(roll_up.reporters))
            .bind(fenced(roll_up.without_statutes))
            .bind(i64::from(roll_up.by_reporter))
            .bind(i64::from(roll_up.by_quarter))
            .bind(bits(roll_up.adds_over))
            .bind(fenced(roll_up.definition_versions))
            .bind(scope.reach().filter(|_| roll_up.by_reporter).unwrap_or("*"))
            .fetch_all(&mut self.read(scope, Permission::ReadReturns).await?)
            .await?;
        let mut rolled = Vec::with_capacity(rows.len());
        for row in rows {
            let mut by = BTreeMap::new();
            for dimension in roll_up.by {
                if let Some(value) = row.try_get::<Option<String>>(dimension.as_str())? {
                    by.insert(*dimension, value);
                }
            }
            let returns: String = row.try_get("returns")?;
            let mut returns: Vec<i64> =
                returns.split(',').filter_map(|number| number.parse().ok()).collect();
            returns.sort_unstable();
            let reported: Option<String> = row.try_get("reported")?;
            rolled.push(Rolled {
                period: row.try_get("days")?,
                reporter: row.try_get("of_reporter")?,
                by,
                sum: row.try_get("total")?,
                exact: row.try_get("exact")?,
                qualified: row.try_get("qualified")?,
                unknown: row.try_get("unknown")?,
                not_collected: row.try_get("not_collected")?,
                reporters: row.try_get("reporters")?,
                reported: reported
                    .iter()
                    .flat_map(|codes| codes.split(','))
                    .map(str::to_owned)
                    .collect(),
                returns,
            });
        }
        Ok(rolled)
    }
}

/// Codes between bars, so that one bound text can be searched for each of them.
fn fenced(codes: &[String]) -> String {
    codes.iter().fold("|".to_owned(), |text, code| format!("{text}{code}|"))
}
