//! Which agency this installation is.
//!
//! In: what `agency.toml` says. Out: the same, until something rests on it: a signed disclosure
//! mode on the legal entity, records and files sent on the code and on whether it is all made up.

use jiff::Timestamp;
use records::record::Code;
use records::register::Kind;

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Transaction, query, scalar};
use crate::world::expect_same_world;
use crate::{Permission, Scope, Store, StoreError};

/// The agency that this installation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencySelf {
    /// Its code in the state.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What it is in law: a code of `legal_entities.csv`. What may leave depends on it.
    pub legal_entity: Code,
    /// The task force that it belongs to, by code.
    pub task_force: Option<String>,
    /// Its county, by code.
    pub county: Option<String>,
    /// How many days its quarters start after the state's.
    pub calendar_offset_days: i64,
    /// Whether everything here is made up.
    pub practice: bool,
}

impl Store {
    /// Says which agency this installation is; whether that changed anything.
    ///
    /// # Errors
    ///
    /// [`StoreError::AgencyFixed`] when something rests on what is to change;
    /// [`StoreError::Database`].
    pub async fn set_agency(
        &self,
        scope: &Scope,
        agency: &AgencySelf,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.change(scope, Permission::SignPapers).await?;
        let before = read(&mut transaction).await?;
        if before.as_ref() == Some(agency) {
            return Ok(false);
        }
        if let Some(before) = &before {
            expect_free(&mut transaction, before, agency).await?;
        }
        expect_same_world(&mut transaction, &agency.code, agency.practice).await?;
        query(
            "INSERT INTO agency_self (id, code, label, legal_entity, task_force, county,
                calendar_offset_days, practice)
             VALUES (1, $1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO UPDATE SET code = excluded.code, label = excluded.label,
                legal_entity = excluded.legal_entity, task_force = excluded.task_force,
                county = excluded.county, calendar_offset_days = excluded.calendar_offset_days,
                practice = excluded.practice",
        )
        .bind(&agency.code)
        .bind(&agency.label)
        .bind(agency.legal_entity.as_str())
        .bind(&agency.task_force)
        .bind(&agency.county)
        .bind(agency.calendar_offset_days)
        .bind(agency.practice)
        .execute(&mut transaction)
        .await?;
        let (act, why) = match before {
            Some(before) => ("changed", changes(&before, agency)),
            None => ("set", agency.code.clone()),
        };
        audit::write(&mut transaction, (Subject::Agency, 1), act, scope, at, &why).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Writes down that the passphrase or the recovery code of the installation's keys was changed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn note_key_change(
        &self,
        scope: &Scope,
        what: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::SignPapers).await?;
        audit::write(&mut transaction, (Subject::Agency, 1), "changed", scope, at, what).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The agency that this installation is; nothing when nobody has said.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn agency(&self, scope: &Scope) -> Result<Option<AgencySelf>, StoreError> {
        let mut connection = self.read(scope, Permission::ReadOwnAgency).await?;
        read(&mut connection).await
    }
}

pub(crate) async fn read(connection: &mut Transaction) -> Result<Option<AgencySelf>, StoreError> {
    let row = query("SELECT * FROM agency_self").fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("agency_self", "id", &row)?;
    Ok(Some(AgencySelf {
        code: columns.text("code")?,
        label: columns.text("label")?,
        legal_entity: columns.word("legal_entity", |code| Code::get(Kind::LegalEntity, code))?,
        task_force: columns.optional_text("task_force")?,
        county: columns.optional_text("county")?,
        calendar_offset_days: columns.integer("calendar_offset_days")?,
        practice: columns.flag("practice")?,
    }))
}

/// Refuses a change of what something rests on.
async fn expect_free(
    transaction: &mut Transaction,
    before: &AgencySelf,
    after: &AgencySelf,
) -> Result<(), StoreError> {
    if before.legal_entity != after.legal_entity
        && holds_any(transaction, "SELECT EXISTS (SELECT 1 FROM disclosure_mode)").await?
    {
        return Err(StoreError::AgencyFixed {
            what: "legal entity",
            because: "disclosure modes were signed for it",
        });
    }
    let what = match (before.code == after.code, before.practice == after.practice) {
        (true, true) => return Ok(()),
        (false, _) => "code",
        (true, false) => "practice mark",
    };
    if holds_any(transaction, "SELECT EXISTS (SELECT 1 FROM sent_file)").await? {
        return Err(StoreError::AgencyFixed { what, because: "files were sent under it" });
    }
    if holds_any(transaction, "SELECT EXISTS (SELECT 1 FROM record_import)").await? {
        return Err(StoreError::AgencyFixed { what, because: "records were taken in under it" });
    }
    Ok(())
}

async fn holds_any(
    transaction: &mut Transaction,
    question: &'static str,
) -> Result<bool, StoreError> {
    Ok(scalar(question).fetch_one(transaction).await?)
}

/// Which of its parts change, by name.
fn changes(before: &AgencySelf, after: &AgencySelf) -> String {
    let parts = [
        ("code", before.code != after.code),
        ("label", before.label != after.label),
        ("legal_entity", before.legal_entity != after.legal_entity),
        ("task_force", before.task_force != after.task_force),
        ("county", before.county != after.county),
        ("calendar_offset_days", before.calendar_offset_days != after.calendar_offset_days),
        ("practice", before.practice != after.practice),
    ];
    let changed = parts.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name);
    changed.collect::<Vec<_>>().join(", ")
}
