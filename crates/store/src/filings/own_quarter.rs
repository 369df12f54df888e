//! All that an agency's page about one quarter is made of, read in one moment.
//!
//! In: who is signed in, and the quarter. Out: her agency's draft, what was signed, what stands for the
//! quarter and for the one before, and until when it is due ([`OwnQuarter`]). A page is saved again and
//! again while somebody types, and each time all of this is read: seven statements, each by an index.

use jiff::Timestamp;
use records::Quarter;

use super::{Draft, Filing, Lateness, RETURNS, find_draft, lateness, office_day, open, read};
use crate::accounts::{Session, compartments};
use crate::columns::Columns;
use crate::database::{Transaction, query};
use crate::{Permission, Scope, Store, StoreError, StoredFigure, figures};

/// One quarter of the session's agency.
#[derive(Debug)]
pub struct OwnQuarter {
    /// What is being prepared.
    pub draft: Option<Draft>,
    /// What was signed, newest first.
    pub filings: Vec<Filing>,
    /// The figures that stand, from whatever return, by name.
    pub standing: Vec<StoredFigure>,
    /// Those of the quarter before; none before the first quarter of the calendar.
    pub standing_before: Vec<StoredFigure>,
    /// Where the agency stands with it; nothing while it is still joining, when nothing is due.
    pub due: Option<Lateness>,
}

impl Store {
    /// One quarter of the session's agency, and what stands for `before`.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoKeyToCompartment`], [`StoreError::NotPermitted`], [`StoreError::DamagedRow`],
    /// [`StoreError::Database`].
    pub async fn own_quarter(
        &self,
        session: &Session,
        quarter: Quarter,
        before: Option<Quarter>,
        at: Timestamp,
    ) -> Result<OwnQuarter, StoreError> {
        let scope = session.scope();
        self.expect(scope, Permission::ReadFilings)?;
        let mut moment = self.read(scope, Permission::FileReturns).await?;
        let draft = read_draft(&mut moment, session, quarter, at).await?;
        let rows = query(
            "SELECT * FROM filing WHERE agency = $1 AND quarter = $2
             ORDER BY signed_at DESC, id DESC",
        )
        .bind(scope.agency())
        .bind(quarter.to_string())
        .fetch_all(&mut moment)
        .await?;
        let filings = rows.iter().map(read).collect::<Result<_, _>>()?;
        let standing = read_standing(&mut moment, scope, quarter).await?;
        let standing_before = match before {
            Some(before) => read_standing(&mut moment, scope, before).await?,
            None => Vec::new(),
        };
        let days = (quarter, quarter);
        let due = lateness(&mut moment, scope.reach(), days, office_day(at)).await?.pop();
        Ok(OwnQuarter { draft, filings, standing, standing_before, due })
    }
}

async fn read_draft(
    moment: &mut Transaction,
    session: &Session,
    quarter: Quarter,
    at: Timestamp,
) -> Result<Option<Draft>, StoreError> {
    let (key, _) = compartments::opened(moment, session, RETURNS, at).await?;
    let agency = session.scope().agency().unwrap_or_default();
    let Some(row) = find_draft(moment, agency, quarter).await? else { return Ok(None) };
    let columns = Columns::of("draft", "id", &row)?;
    Ok(Some(Draft {
        body: open(&key, quarter, row.try_get("body")?, &columns)?,
        version: columns.integer("version")?,
        saved_by: columns.text("saved_by")?,
        saved_at: columns.text("saved_at")?,
    }))
}

async fn read_standing(
    moment: &mut Transaction,
    scope: &Scope,
    quarter: Quarter,
) -> Result<Vec<StoredFigure>, StoreError> {
    let rows = query(
        "SELECT * FROM current_figure WHERE reporter = $1 AND quarter = $2
         ORDER BY figure_id, standing",
    )
    .bind(scope.agency())
    .bind(quarter.to_string())
    .fetch_all(moment)
    .await?;
    rows.iter().map(figures::read_row).collect()
}
