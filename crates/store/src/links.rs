//! Linkages that were made: of which encodings, what they came to, where who is whom lies.
//!
//! In: a linkage. Out: every linkage in order; of each side, made up and real, at most one is
//! current and at most one accepted. A new one takes the place of the current one. When one is
//! accepted, no encodings of its side are named any more, in the same transaction: whoever
//! removes files removes what no row names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use records::record::{OpaqueId, RecordKind};
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Transaction, query, scalar};
use crate::{Permission, Scope, Store, StoreError};

/// A linkage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewLink {
    /// Whether of made-up agencies.
    pub practice: bool,
    /// Of which files of encodings: submission and file, in order.
    pub covers: Vec<(i64, String)>,
    /// The fingerprints of the linkage keys, sorted.
    pub keys: Vec<String>,
    /// The codes of the agencies, sorted; a place here is an agency's number in the file of members.
    pub agencies: Vec<String>,
    /// People as the agencies know them, who were compared.
    pub encoded: u64,
    /// People that these come to.
    pub people: u64,
    /// At least, by the draws.
    pub low: u64,
    /// At most.
    pub high: u64,
    /// The seed of the draws.
    pub seed: u64,
    /// Thresholds and settings, as JSON.
    pub parameters: String,
    /// The file of members, below the data folder.
    pub members_file: String,
}

/// What has become of a linkage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Its encodings are there still; another may take its place.
    Current,
    /// It was accepted, and its encodings are gone.
    Accepted,
    /// Another has taken its place.
    Superseded,
}

impl LinkState {
    fn from_word(word: &str) -> Option<LinkState> {
        [
            ("current", LinkState::Current),
            ("accepted", LinkState::Accepted),
            ("superseded", LinkState::Superseded),
        ]
        .into_iter()
        .find_map(|(own, state)| (own == word).then_some(state))
    }
}

/// A linkage as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredLink {
    /// Its number.
    pub id: i64,
    /// What it came to; the file of members is empty when another has taken its place.
    pub link: NewLink,
    /// When it was made (UTC).
    pub linked_at: String,
    /// What has become of it.
    pub state: LinkState,
}

/// What a reviewer decided of two records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairDecision {
    /// The agency of the first, and its id; below the second.
    pub first: (String, OpaqueId),
    /// The agency of the second, and its id.
    pub second: (String, OpaqueId),
    /// Whether they are one person.
    pub same: bool,
}

impl Store {
    /// Writes a linkage down in place of the current one of its side; its number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn log_link(
        &self,
        scope: &Scope,
        new: &NewLink,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.change(scope, Permission::Link).await?;
        supersede(&mut transaction, new.practice, "current").await?;
        let json = |list: &Vec<String>| serde_json::to_string(list).unwrap_or_default();
        let id = scalar(
            "INSERT INTO link_run (practice, linked_at, covers_json, keys_json, agencies_json,
                encoded, people, low, high, seed, parameters_json, members_file, state,
                purged_through)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'current',
                COALESCE(MAX(id), 0) FROM received_withdrawn RETURNING id",
        )
        .bind(new.practice)
        .bind(at.to_string())
        .bind(serde_json::to_string(&new.covers).unwrap_or_default())
        .bind(json(&new.keys))
        .bind(json(&new.agencies))
        .bind(signed(new.encoded))
        .bind(signed(new.people))
        .bind(signed(new.low))
        .bind(signed(new.high))
        .bind(signed(new.seed))
        .bind(&new.parameters)
        .bind(&new.members_file)
        .fetch_one(&mut transaction)
        .await?;
        let why = format!("{} files of encodings", new.covers.len());
        audit::write(&mut transaction, (Subject::Link, id), "linked", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Every linkage, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn links(&self, scope: &Scope) -> Result<Vec<StoredLink>, StoreError> {
        let rows = query("SELECT * FROM link_run ORDER BY id")
            .fetch_all(&mut self.read(scope, Permission::ReadLinkage).await?)
            .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("link_run", "id", row)?;
                let damaged = |_| columns.damaged("a list that does not read");
                let list = |column| {
                    serde_json::from_str::<Vec<String>>(&columns.text(column)?).map_err(damaged)
                };
                Ok(StoredLink {
                    id: columns.number(),
                    link: NewLink {
                        practice: columns.flag("practice")?,
                        covers: serde_json::from_str(&columns.text("covers_json")?)
                            .map_err(damaged)?,
                        keys: list("keys_json")?,
                        agencies: list("agencies_json")?,
                        encoded: columns.count("encoded")?,
                        people: columns.count("people")?,
                        low: columns.count("low")?,
                        high: columns.count("high")?,
                        seed: columns.count("seed")?,
                        parameters: columns.text("parameters_json")?,
                        members_file: columns.optional_text("members_file")?.unwrap_or_default(),
                    },
                    linked_at: columns.text("linked_at")?,
                    state: columns.word("state", LinkState::from_word)?,
                })
            })
            .collect()
    }

    /// Accepts the linkage that is current: it stays, and no encodings of its side are named any
    /// more, those of submissions that do not count neither. How many encodings these were.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchLink`] when it is not current; [`StoreError::Database`].
    pub async fn accept_link(
        &self,
        scope: &Scope,
        link: &StoredLink,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.change(scope, Permission::Link).await?;
        supersede(&mut transaction, link.link.practice, "accepted").await?;
        let sql = "UPDATE link_run SET state = 'accepted' WHERE id = $1 AND state = 'current'";
        let changed = query(sql).bind(link.id).execute(&mut transaction).await?;
        if changed != 1 {
            return Err(StoreError::NoSuchLink(link.id));
        }
        let rows: Vec<i64> = scalar(
            "UPDATE received_encodings SET file = NULL WHERE file IS NOT NULL AND received_id IN
                (SELECT id FROM received_file WHERE practice = $1)
             RETURNING row_count",
        )
        .bind(link.link.practice)
        .fetch_all(&mut transaction)
        .await?;
        let gone: u64 = rows.into_iter().map(i64::unsigned_abs).sum();
        let subject = (Subject::Link, link.id);
        let why = format!("{gone} encodings deleted");
        audit::write(&mut transaction, subject, "accepted", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(gone)
    }

    /// Whom agencies have taken back since a linkage was last looked through, by agency, and the
    /// last withdrawal that is among them.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn members_due(
        &self,
        scope: &Scope,
        link: i64,
    ) -> Result<(BTreeMap<String, BTreeSet<OpaqueId>>, i64), StoreError> {
        let rows = query(
            "SELECT received_withdrawn.id, record_id, agency FROM received_withdrawn
             JOIN received_file ON received_file.id = received_id
             WHERE record = $1 AND received_withdrawn.id >
                (SELECT purged_through FROM link_run WHERE id = $2)
             ORDER BY received_withdrawn.id",
        )
        .bind(RecordKind::Victim.as_str())
        .bind(link)
        .fetch_all(&mut self.read(scope, Permission::Link).await?)
        .await?;
        let (mut gone, mut through): (BTreeMap<String, BTreeSet<OpaqueId>>, i64) =
            (BTreeMap::new(), 0);
        for row in &rows {
            let columns = Columns::of("received_withdrawn", "id", row)?;
            through = through.max(columns.number());
            let agency = gone.entry(columns.text("agency")?).or_default();
            agency.insert(columns.opaque_id("record_id")?);
        }
        Ok((gone, through))
    }

    /// Says that who is whom was looked through for everybody taken back until then.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn members_purged_through(
        &self,
        scope: &Scope,
        link: i64,
        through: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::Link).await?;
        query(
            "UPDATE link_run SET purged_through =
                CASE WHEN purged_through < $1 THEN $1 ELSE purged_through END
             WHERE id = $2",
        )
        .bind(through)
        .bind(link)
        .execute(&mut transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Puts a file of members in the place of another, from which people were removed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchLink`], [`StoreError::Database`].
    pub async fn replace_members(
        &self,
        scope: &Scope,
        link: &StoredLink,
        file: &str,
        removed: u64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::Link).await?;
        let sql = "UPDATE link_run SET members_file = $1 WHERE id = $2 AND members_file = $3";
        let changed = query(sql)
            .bind(file)
            .bind(link.id)
            .bind(&link.link.members_file)
            .execute(&mut transaction)
            .await?;
        if changed != 1 {
            return Err(StoreError::NoSuchLink(link.id));
        }
        let subject = (Subject::Link, link.id);
        let why = format!("{removed} members");
        audit::write(&mut transaction, subject, "purged", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps what a reviewer decided; a later decision about the same two takes the place of an
    /// earlier one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn decide_pairs(
        &self,
        scope: &Scope,
        practice: bool,
        decisions: &[PairDecision],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReviewPairs).await?;
        for one in decisions {
            query(
                "INSERT INTO pair_decision (practice, first_agency, first_id,
                    second_agency, second_id, same, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (first_agency, first_id, second_agency, second_id) DO UPDATE SET
                    practice = excluded.practice, same = excluded.same,
                    decided_at = excluded.decided_at",
            )
            .bind(practice)
            .bind(&one.first.0)
            .bind(&one.first.1.0[..])
            .bind(&one.second.0)
            .bind(&one.second.1.0[..])
            .bind(one.same)
            .bind(at.to_string())
            .execute(&mut transaction)
            .await?;
        }
        let why = format!("{} pairs", decisions.len());
        audit::write(&mut transaction, (Subject::Link, 0), "decided", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What reviewers decided, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn pair_decisions(
        &self,
        scope: &Scope,
        practice: bool,
    ) -> Result<Vec<PairDecision>, StoreError> {
        let rows = query(
            "SELECT *, 0 AS id FROM pair_decision WHERE practice = $1
             ORDER BY first_agency, first_id, second_agency, second_id",
        )
        .bind(practice)
        .fetch_all(&mut self.read(scope, Permission::ReadLinkage).await?)
        .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("pair_decision", "id", row)?;
                Ok(PairDecision {
                    first: (columns.text("first_agency")?, columns.opaque_id("first_id")?),
                    second: (columns.text("second_agency")?, columns.opaque_id("second_id")?),
                    same: columns.flag("same")?,
                })
            })
            .collect()
    }

    /// Forgets decisions about people of an agency who were taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn forget_decisions(
        &self,
        scope: &Scope,
        agency: &str,
        ids: impl IntoIterator<Item = OpaqueId>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::Link).await?;
        let mut forgotten = 0;
        for id in ids {
            let done = query(
                "DELETE FROM pair_decision WHERE (first_agency = $1 AND first_id = $2)
                    OR (second_agency = $1 AND second_id = $2)",
            )
            .bind(agency)
            .bind(&id.0[..])
            .execute(&mut transaction)
            .await?;
            forgotten += done;
        }
        if forgotten > 0 {
            let why = format!("{forgotten} about people whom {agency} took back");
            let subject = (Subject::Link, 0);
            audit::write(&mut transaction, subject, "decisions_forgotten", scope, at, &why).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Takes the file of members from linkages in whose place another comes.
async fn supersede(
    transaction: &mut Transaction,
    practice: bool,
    state: &str,
) -> Result<(), StoreError> {
    query(
        "UPDATE link_run SET state = 'superseded', members_file = NULL
         WHERE practice = $1 AND state = $2",
    )
    .bind(practice)
    .bind(state)
    .execute(transaction)
    .await?;
    Ok(())
}
