//! Where an agency is reminded of its returns.
//!
//! In: an address, checked so that it can stand in the head of a message and add nothing to it. Out: the
//! agency's own contact. An address is in no log, no reason and no error.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::accounts::agencies;
use crate::audit::{self, Subject};
use crate::database::{Row, query};
use crate::{Permission, Scope, Store, StoreError};

/// An address that mail goes to: `name@host`, in the letters that every mail program takes. Never printed
/// by accident; what writes a message asks for it.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(String);

/// The longest address that mail can go to (RFC 5321, 4.5.3.1.3), and the longest name and host in it.
const LONGEST: usize = 254;
const LONGEST_NAME: usize = 64;
const LONGEST_LABEL: usize = 63;

impl MailAddress {
    /// The address, for the head of a message or a field of a form.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress([withheld])")
    }
}

impl FromStr for MailAddress {
    type Err = StoreError;

    /// Reads a dot-atom before, a host after the `@` (RFC 5322, 3.4.1, without quotes and comments).
    ///
    /// # Errors
    ///
    /// [`StoreError::MailAddress`].
    fn from_str(text: &str) -> Result<MailAddress, StoreError> {
        let (name, host) = text.split_once('@').ok_or(StoreError::MailAddress)?;
        // What else may stand in a name is allowed by the rules and refused by mail programs.
        let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"+-_='&".contains(&byte);
        let name_is_good = name.len() <= LONGEST_NAME
            && name.split('.').all(|part| !part.is_empty() && part.bytes().all(of_name));
        match text.len() <= LONGEST && name_is_good && is_host(host) {
            true => Ok(MailAddress(text.to_owned())),
            false => Err(StoreError::MailAddress),
        }
    }
}

/// Whether it is the name of a host, with at least one dot in it.
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.split('.').all(label)
}

/// Where an agency is reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The address.
    pub address: MailAddress,
    /// In which language: `en` or `es`.
    pub language: String,
    /// Who set it.
    pub set_by: String,
    /// When (UTC).
    pub set_at: String,
}

impl Store {
    /// The contact of the scope's agency.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn contact(&self, scope: &Scope) -> Result<Option<Contact>, StoreError> {
        let row = query("SELECT * FROM contact WHERE agency = $1")
            .bind(scope.agency())
            .fetch_optional(&mut self.read(scope, Permission::ManageContact).await?)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Sets the contact of the scope's agency, in the place of an earlier one.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn set_contact(
        &self,
        scope: &Scope,
        address: &MailAddress,
        language: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageContact).await?;
        let id = agencies::number(&mut transaction, scope.agency().unwrap_or_default()).await?;
        query(
            "INSERT INTO contact (agency, address, language, set_by, set_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (agency) DO UPDATE SET
                address = excluded.address, language = excluded.language,
                set_by = excluded.set_by, set_at = excluded.set_at",
        )
        .bind(scope.agency())
        .bind(address.expose())
        .bind(language)
        .bind(scope.who())
        .bind(at.to_string())
        .execute(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Joined, id), "contact_set", scope, at, "").await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets the contact of the scope's agency, which then is reminded no more.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn forget_contact(&self, scope: &Scope, at: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageContact).await?;
        let id = agencies::number(&mut transaction, scope.agency().unwrap_or_default()).await?;
        query("DELETE FROM contact WHERE agency = $1")
            .bind(scope.agency())
            .execute(&mut transaction)
            .await?;
        let subject = (Subject::Joined, id);
        audit::write(&mut transaction, subject, "contact_forgotten", scope, at, "").await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// A contact as it is kept; one whose address is none shows as damage without it.
fn read(row: &Row) -> Result<Contact, StoreError> {
    let address: &str = row.try_get("address")?;
    Ok(Contact {
        address: address.parse()?,
        language: row.try_get("language")?,
        set_by: row.try_get("set_by")?,
        set_at: row.try_get("set_at")?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Role;
    use crate::accounts::made::{agency, joins, start};
    use crate::stores::with_store;

    #[test]
    fn an_address_is_one_that_every_mail_program_takes() {
        for good in ["returns@kern.example", "a.b+c@x-1.example.org", "o'neil@da.example"] {
            assert_eq!(good.parse::<MailAddress>().unwrap().expose(), good);
        }
        for bad in [
            "",
            "@",
            "a@",
            "@b.c",
            "a@b",
            "a@b.c\r\nBcc: d@e.f",
            "a b@c.d",
            "a@b@c.d",
            "a..b@c.d",
            ".a@c.d",
            "a@-b.c",
            "a@b..c",
            "a,b@c.d",
            "<a@b.c>",
            "\"a\"@b.c",
            "é@b.c",
            "a@[127.0.0.1]",
        ] {
            let refused = bad.parse::<MailAddress>();
            assert!(matches!(refused, Err(StoreError::MailAddress)), "{bad:?}");
        }
        let long = format!("{}@b.c", "a".repeat(LONGEST_NAME + 1));
        assert!(long.parse::<MailAddress>().is_err());
    }

    #[test]
    fn an_agency_has_one_contact_and_sees_no_other() {
        with_store(async |store| {
            agency(&store, "kern-da", "prosecutor").await.unwrap();
            agency(&store, "fresno-pd", "police").await.unwrap();
            let session = async |code: &str, name: &'static str, role| {
                let person = joins(&store, code, name, role).await;
                person.comes_in(&store, start()).await.unwrap().session
            };
            let ana = session("kern-da", "ana", Role::Administrator).await;
            let cora = session("kern-da", "cora", Role::Coordinator).await;
            let other = session("fresno-pd", "fay", Role::Coordinator).await;
            let trainer = session("kern-da", "tom", Role::Trainer).await;
            let store = store.clone().for_server();
            let address = |text: &str| text.parse::<MailAddress>().unwrap();
            let first = address("first@kern.example");
            store.set_contact(ana.scope(), &first, "en", start()).await.unwrap();
            let second = address("second@kern.example");
            store.set_contact(cora.scope(), &second, "es", start()).await.unwrap();
            let kept = store.contact(ana.scope()).await.unwrap().unwrap();
            assert_eq!(
                (kept.address, &kept.language[..], &kept.set_by[..]),
                (second, "es", "cora")
            );
            assert_eq!(store.contact(other.scope()).await.unwrap(), None);
            assert!(store.contact(trainer.scope()).await.is_err());
            store.forget_contact(other.scope(), start()).await.unwrap();
            assert!(store.contact(cora.scope()).await.unwrap().is_some(), "another's is not hers");
            store.forget_contact(cora.scope(), start()).await.unwrap();
            assert_eq!(store.contact(ana.scope()).await.unwrap(), None);
        });
    }

    proptest! {
        /// What is taken can end no line and begin no other address; it is never printed by accident.
        #[test]
        fn no_address_says_more_than_one(text in prop_oneof!["\\PC{0,40}", "[ -~\r\n]{0,12}@[ -~\r\n]{0,12}"]) {
            if let Ok(address) = text.parse::<MailAddress>() {
                prop_assert!(address.expose().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(!address.expose().contains([',', ';', '<', '>', ':', '"', '(', ')']));
                prop_assert_eq!(address.expose().matches('@').count(), 1);
                let printed = format!("{address:?}");
                prop_assert!(!printed.contains(address.expose()));
            }
        }
    }
}
