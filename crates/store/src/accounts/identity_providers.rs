//! Where members of an agency may show who they are: the identity provider that the agency runs.
//!
//! In: its issuer, and by what it knows this installation. Out: a row by which the server sends members
//! there. The client secret is sealed under the key of the installation's own records, so that whoever has
//! the database alone does not speak to the provider in our name.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use sealing::{Place, RecordsKey, Row as PlaceRow};
use serde::Serialize;
use zeroize::Zeroizing;

use super::agencies;
use super::issuer::Issuer;
use crate::audit::{self, Subject};
use crate::database::{Row, Transaction, query, scalar};
use crate::{Permission, Scope, Store, StoreError, own_key};

/// What a provider gave this installation to show that it is it. Wiped when dropped; prints `[withheld]`.
#[derive(Clone)]
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    /// The secret that a provider gave.
    ///
    /// # Errors
    ///
    /// [`StoreError::ClientCredential`].
    pub fn new(text: &str) -> Result<ClientSecret, StoreError> {
        expect_visible(text, 500)?;
        Ok(ClientSecret(Zeroizing::new(text.to_owned())))
    }

    /// As it is said to the provider, and to nobody else.
    pub fn to_provider(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[withheld]")
    }
}

/// The client secrets of all providers, opened: by what stands sealed in their rows, so that one that was
/// set later is not mistaken for them.
#[derive(Clone, Default)]
pub struct ClientSecrets(Arc<HashMap<Vec<u8>, ClientSecret>>);

impl fmt::Debug for ClientSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[withheld]")
    }
}

/// A provider that an agency will have.
#[derive(Debug, Clone)]
pub struct NewIdentityProvider {
    /// The agency, by its code.
    pub agency: String,
    /// Where it is.
    pub issuer: Issuer,
    /// By which it knows this installation.
    pub client_id: String,
}

/// A provider that an agency has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentityProvider {
    /// The agency, by its code.
    pub agency: String,
    /// Where it is.
    pub issuer: String,
    /// By which it knows this installation.
    pub client_id: String,
    /// Whether it asks this installation for a secret.
    pub has_secret: bool,
    /// When it was set (UTC).
    pub set_at: String,
    /// How many members have linked their account there.
    pub links: u64,
}

/// A provider at which somebody may show who she is.
#[derive(Debug, Clone)]
pub struct OfferedProvider {
    /// Its number here.
    pub id: i64,
    /// The name of its agency.
    pub label: String,
    /// Where it is.
    pub issuer: Issuer,
    /// By which it knows this installation.
    pub client_id: String,
    pub(super) agency: String,
    sealed: Option<Vec<u8>>,
}

impl OfferedProvider {
    /// The secret that it asks for, or that it asks for none; nothing when the secrets are not its own.
    pub fn secret<'s>(&self, secrets: &'s ClientSecrets) -> Option<Option<&'s ClientSecret>> {
        match &self.sealed {
            None => Some(None),
            Some(sealed) => secrets.0.get(sealed).map(Some),
        }
    }
}

impl Store {
    /// Sets the identity provider of an agency. Where it or the client id is another than before, what
    /// members have linked is gone. A secret is sealed under the key. Permission: let agencies in and go.
    ///
    /// # Errors
    ///
    /// [`StoreError::ClientCredential`]; [`StoreError::IssuerOfOtherWorld`]: a made-up agency has a provider
    /// on this machine, a real one elsewhere; [`StoreError::NoSuchAgencyHere`],
    /// [`StoreError::OtherRecordsKey`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn set_identity_provider(
        &self,
        scope: &Scope,
        new: &NewIdentityProvider,
        secret: Option<(&RecordsKey, &ClientSecret)>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        expect_visible(&new.client_id, 255)?;
        let mut transaction = self.change(scope, Permission::ManageInstallation).await?;
        let agency = agencies::find(&mut transaction, scope, &new.agency).await?;
        if agency.practice != new.issuer.is_on_this_machine() {
            let (agency, practice) = (agency.code, agency.practice);
            return Err(StoreError::IssuerOfOtherWorld { agency, practice });
        }
        query(
            "DELETE FROM identity_provider WHERE agency = $1 AND (issuer <> $2 OR client_id <> $3)",
        )
        .bind(&agency.code)
        .bind(new.issuer.as_str())
        .bind(&new.client_id)
        .execute(&mut transaction)
        .await?;
        let id: i64 = scalar(
            "INSERT INTO identity_provider (agency, issuer, client_id, set_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (agency) DO UPDATE SET set_at = excluded.set_at RETURNING id",
        )
        .bind(&agency.code)
        .bind(new.issuer.as_str())
        .bind(&new.client_id)
        .bind(at.to_string())
        .fetch_one(&mut transaction)
        .await?;
        let sealed = match secret {
            Some((key, secret)) => {
                own_key::expect_key(&mut transaction, key).await?;
                Some(key.seal(&place(id), secret.to_provider().as_bytes())?)
            }
            None => None,
        };
        query("UPDATE identity_provider SET client_secret = $1 WHERE id = $2")
            .bind(sealed)
            .bind(id)
            .execute(&mut transaction)
            .await?;
        let (subject, why) = ((Subject::Joined, agency.id), new.issuer.as_str());
        audit::write(&mut transaction, subject, "identity_set", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes an agency's identity provider away, and what members have linked. Permission: let agencies
    /// in and go.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoIdentityProvider`], [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn remove_identity_provider(
        &self,
        scope: &Scope,
        agency: &str,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageInstallation).await?;
        let agency = agencies::find(&mut transaction, scope, agency).await?;
        let removed = query("DELETE FROM identity_provider WHERE agency = $1").bind(&agency.code);
        if removed.execute(&mut transaction).await? == 0 {
            return Err(StoreError::NoIdentityProvider);
        }
        let subject = (Subject::Joined, agency.id);
        audit::write(&mut transaction, subject, "identity_removed", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The identity providers, by agency; of an agency, its own. Permission: see members.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn identity_providers(
        &self,
        scope: &Scope,
    ) -> Result<Vec<IdentityProvider>, StoreError> {
        let rows = query(
            "SELECT identity_provider.*,
                (SELECT COUNT(*) FROM identity_link WHERE provider_id = identity_provider.id) AS links
             FROM identity_provider WHERE ($1 = '*' OR agency = $1) ORDER BY agency",
        )
        .bind(scope.agency().unwrap_or("*"))
        .fetch_all(&mut self.read(scope, Permission::ReadMembers).await?)
        .await?;
        let read = |row: &Row| {
            Ok(IdentityProvider {
                agency: row.try_get("agency")?,
                issuer: row.try_get("issuer")?,
                client_id: row.try_get("client_id")?,
                has_secret: row.try_get::<Option<&[u8]>>("client_secret")?.is_some(),
                set_at: row.try_get("set_at")?,
                links: row.try_get::<i64>("links")?.unsigned_abs(),
            })
        };
        rows.iter().map(read).collect()
    }

    /// The client secrets of all providers, opened by the key. Permission: let agencies in and go.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherRecordsKey`], [`StoreError::DamagedRow`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn client_secrets(
        &self,
        scope: &Scope,
        key: &RecordsKey,
    ) -> Result<ClientSecrets, StoreError> {
        let mut moment = self.read(scope, Permission::ManageInstallation).await?;
        own_key::known_key(&mut moment, key).await?;
        let rows = query(
            "SELECT id, client_secret FROM identity_provider WHERE client_secret IS NOT NULL",
        )
        .fetch_all(&mut moment)
        .await?;
        let mut secrets = HashMap::new();
        for row in &rows {
            let (id, sealed): (i64, Vec<u8>) = (row.try_get("id")?, row.try_get("client_secret")?);
            let what = "a client secret that the key does not open";
            let damaged = StoreError::DamagedRow { table: "identity_provider", id, what };
            let opened = key.open(&place(id), &sealed).ok();
            let secret =
                opened.and_then(|bytes| ClientSecret::new(std::str::from_utf8(&bytes).ok()?).ok());
            secrets.insert(sealed, secret.ok_or(damaged)?);
        }
        Ok(ClientSecrets(Arc::new(secrets)))
    }

    /// The providers at which members may show who they are, by the name of the agency. Whoever comes to
    /// the door sees them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn offered_providers(&self) -> Result<Vec<OfferedProvider>, StoreError> {
        let rows = query(format!("{OFFERED} ORDER BY agency.label, agency.code"))
            .fetch_all(&mut self.window().await?)
            .await?;
        rows.iter().map(offered).collect()
    }
}

/// The providers of agencies that have not left.
pub(super) const OFFERED: &str = "SELECT identity_provider.*, agency.label FROM identity_provider
    JOIN agency ON agency.code = identity_provider.agency WHERE agency.left_at IS NULL";

/// The provider of a number, if it is offered.
pub(super) async fn find(
    transaction: &mut Transaction,
    id: i64,
) -> Result<OfferedProvider, StoreError> {
    let row = query(format!("{OFFERED} AND identity_provider.id = $1"))
        .bind(id)
        .fetch_optional(transaction)
        .await?;
    row.as_ref().map(offered).transpose()?.ok_or(StoreError::NoIdentityProvider)
}

/// The provider of an agency, if it has one.
pub(super) async fn of_agency(
    transaction: &mut Transaction,
    agency: &str,
) -> Result<Option<OfferedProvider>, StoreError> {
    let row = query(format!("{OFFERED} AND agency.code = $1"))
        .bind(agency)
        .fetch_optional(transaction)
        .await?;
    row.as_ref().map(offered).transpose()
}

fn offered(row: &Row) -> Result<OfferedProvider, StoreError> {
    let id = row.try_get("id")?;
    let what = "an issuer that is none";
    let issuer: &str = row.try_get("issuer")?;
    Ok(OfferedProvider {
        id,
        label: row.try_get("label")?,
        issuer: issuer.parse().map_err(|_| StoreError::DamagedRow {
            table: "identity_provider",
            id,
            what,
        })?,
        client_id: row.try_get("client_id")?,
        agency: row.try_get("agency")?,
        sealed: row.try_get("client_secret")?,
    })
}

/// Where a client secret stands.
fn place(id: i64) -> Place<'static> {
    Place { table: "identity_provider", row: PlaceRow::Number(id), field: "client_secret" }
}

/// What a client is known by is visible ASCII (RFC 6749, appendix A.1 and A.2), and here without spaces.
fn expect_visible(text: &str, most: usize) -> Result<(), StoreError> {
    match (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(()),
        false => Err(StoreError::ClientCredential),
    }
}
