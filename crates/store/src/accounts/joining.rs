//! How an agency joins, step by step, until its returns are real.
//!
//! In: an agency. Out: what stands of each step ([`Joining`]), decided from the facts and never from a
//! tick; and the going live, by one administrator with the consent of a second. A made-up agency may walk
//! the same way, and works without it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use records::disclosure::{CLEARINGHOUSE, DisclosureMode, Mode};
use records::record::{Code, RecordKind};
use records::register::Kind;
use sealing::MemberPublicKey;
use serde::Serialize;

use super::agencies::{self, JoinedAgency};
use super::compartments::{self, CompartmentName};
use crate::accounts::sessions::Session;
use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Transaction, query, scalar};
use crate::filings::office_day;
use crate::{Permission, Role, Scope, Store, StoreError};

/// What an agency does to join, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JoiningStep {
    /// An agreement is signed and valid today.
    Agreement,
    /// For every kind of record a disclosure mode is agreed that the law opens, in force today.
    Modes,
    /// Two administrators have joined.
    Administrators,
    /// What is kept for returns is sealed, two administrators hold its recovery, and each has heard the
    /// other's fingerprint.
    KeyCeremony,
    /// A made-up return was read and checked.
    TestReturn,
    /// An administrator asked to go live, and a second one consented.
    GoLive,
}

impl JoiningStep {
    /// Every step, in order.
    pub const ALL: [JoiningStep; 6] = [
        JoiningStep::Agreement,
        JoiningStep::Modes,
        JoiningStep::Administrators,
        JoiningStep::KeyCeremony,
        JoiningStep::TestReturn,
        JoiningStep::GoLive,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            JoiningStep::Agreement => "agreement",
            JoiningStep::Modes => "modes",
            JoiningStep::Administrators => "administrators",
            JoiningStep::KeyCeremony => "key_ceremony",
            JoiningStep::TestReturn => "test_return",
            JoiningStep::GoLive => "go_live",
        }
    }
}

/// The paper by which an agency takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Its title.
    pub title: String,
    /// The digest of the document, or under what it is filed.
    pub reference: String,
    /// The official who signed for the agency.
    pub signatory: String,
    /// When.
    pub signed_on: Date,
    /// Its last day.
    pub valid_until: Date,
    /// Whether what the agency sent is withdrawn when it leaves.
    pub withdraws: bool,
}

/// How far records of a kind may leave, as the agency agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreedMode {
    /// The kind of record.
    pub record: RecordKind,
    /// How far.
    pub mode: Mode,
    /// A code of `definitions/legal_bases.csv`.
    pub basis: String,
    /// The official who signed.
    pub signatory: String,
    /// When.
    pub signed_on: Date,
    /// Its last day.
    pub expires_on: Date,
}

/// A made-up return that was read and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestReturn {
    /// Its quarter.
    pub quarter: String,
    /// How many figures it had.
    pub figures: u64,
    /// Who handed it in.
    pub checked_by: String,
    /// When (UTC).
    pub checked_at: String,
}

/// Where an agency stands with joining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Joining {
    /// The agency.
    pub agency: JoinedAgency,
    /// Its latest agreement.
    pub agreement: Option<Agreement>,
    /// The latest agreed mode of each kind of record.
    pub modes: Vec<AgreedMode>,
    /// Its administrators who have joined.
    pub administrators: Vec<String>,
    /// Whether there is a compartment for returns.
    pub returns_made: bool,
    /// Who has heard whose fingerprint, with the keys of today.
    pub compared: Vec<(String, String)>,
    /// The last test.
    pub test_return: Option<TestReturn>,
    /// The administrator who asked to go live and waits for a second.
    pub asked_by: Option<String>,
    /// The steps that do not hold, in order; the first is what to do next.
    pub missing: Vec<JoiningStep>,
}

impl Joining {
    /// Whether a step holds.
    pub fn holds(&self, step: JoiningStep) -> bool {
        !self.missing.contains(&step)
    }
}

/// What became of asking to go live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoneLive {
    /// A second administrator must consent.
    Asked,
    /// From now on returns are real.
    Live,
}

impl Store {
    /// Where agencies stand with joining, by code: of the scope's own agency, or to the collector and the
    /// operator of all that file. Permission: see how agencies join.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn joinings(&self, scope: &Scope, at: Timestamp) -> Result<Vec<Joining>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadJoining).await?;
        let mut found = Vec::new();
        for agency in agencies::all(&mut moment).await? {
            let within = scope.reach().is_none_or(|own| own == agency.code);
            if within && !agency.clearinghouse && agency.left_at.is_none() {
                found.push(joining(&mut moment, agency, office_day(at)).await?);
            }
        }
        Ok(found)
    }

    /// How far records of each kind may leave an agency, as it agreed here when it joined; nothing of one
    /// that has agreed to nothing here. Permission: receive submissions.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn agreed_modes(
        &self,
        scope: &Scope,
        agency: &str,
    ) -> Result<Vec<AgreedMode>, StoreError> {
        modes(&mut self.read(scope, Permission::ReceiveSubmissions).await?, agency).await
    }

    /// Asks to go live, or consents to what another administrator has asked. Permission: change members.
    ///
    /// # Errors
    ///
    /// [`StoreError::JoiningUnfinished`] with the steps that do not hold;
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn go_live(&self, session: &Session, at: Timestamp) -> Result<GoneLive, StoreError> {
        let scope = session.scope();
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        let id = agency.id;
        if agency.live_at.is_some() {
            return Ok(GoneLive::Live);
        }
        let joining = joining(&mut transaction, agency, office_day(at)).await?;
        let unfinished: Vec<JoiningStep> =
            joining.missing.into_iter().filter(|step| *step != JoiningStep::GoLive).collect();
        if !unfinished.is_empty() {
            return Err(StoreError::JoiningUnfinished(unfinished));
        }
        let second = joining.asked_by.is_some_and(|first| first != scope.who());
        let (sql, act) = match second {
            true => ("UPDATE agency SET live_at = $1, live_asked_by = NULL WHERE id = $2", "live"),
            false => ("UPDATE agency SET live_asked_by = $1 WHERE id = $2", "live_asked"),
        };
        let change = match second {
            true => query(sql).bind(at.to_string()),
            false => query(sql).bind(session.member().0),
        };
        change.bind(id).execute(&mut transaction).await?;
        audit::write(&mut transaction, (Subject::Joined, id), act, scope, at, "").await?;
        transaction.commit().await?;
        Ok(if second { GoneLive::Live } else { GoneLive::Asked })
    }
}

/// The agency of a member.
pub(super) async fn own_agency(
    transaction: &mut Transaction,
    scope: &Scope,
) -> Result<JoinedAgency, StoreError> {
    agencies::find(transaction, scope, scope.agency().unwrap_or_default()).await
}

/// Refuses a return that would count as real before its agency is live.
pub(crate) async fn expect_live(
    transaction: &mut Transaction,
    agency: &str,
) -> Result<(), StoreError> {
    let waits: bool = scalar(
        "SELECT EXISTS (SELECT 1 FROM agency WHERE code = $1 AND practice = 0 AND live_at IS NULL)",
    )
    .bind(agency)
    .fetch_one(transaction)
    .await?;
    match waits {
        true => Err(StoreError::NotLive(agency.to_owned())),
        false => Ok(()),
    }
}

/// What stands of every step.
async fn joining(
    transaction: &mut Transaction,
    agency: JoinedAgency,
    today: Date,
) -> Result<Joining, StoreError> {
    let code = agency.code.as_str();
    let agreement = agreement(transaction, code).await?;
    let modes = modes(transaction, code).await?;
    let officers = compartments::in_roles(transaction, code, &[Role::Administrator]).await?;
    let returns_made =
        compartments::number(transaction, Some(code), CompartmentName::Returns).await.is_ok();
    let compared = compared(transaction, code, &officers).await?;
    let ceremony = ceremony_held(transaction, code, &officers, &compared).await?;
    let test_return = test_return(transaction, code).await?;
    let asked_by: Option<String> = scalar(
        "SELECT member.name FROM agency JOIN member ON member.id = agency.live_asked_by
         WHERE agency.code = $1 AND member.state = 'active'",
    )
    .bind(code)
    .fetch_optional(transaction)
    .await?;
    let signed = agreement.as_ref().is_some_and(|paper| paper.valid_until >= today);
    let missing = JoiningStep::ALL.into_iter().filter(|step| match step {
        JoiningStep::Agreement => !signed,
        JoiningStep::Modes => !all_kinds_agreed(&agency.legal_entity, &modes, today),
        JoiningStep::Administrators => officers.len() < 2,
        JoiningStep::KeyCeremony => !ceremony,
        JoiningStep::TestReturn => test_return.is_none(),
        JoiningStep::GoLive => agency.live_at.is_none(),
    });
    let missing = missing.collect();
    let name = |number: i64| {
        let found = officers.iter().find(|(key, _)| key.member().0 == number);
        found.map(|(_, name)| name.clone())
    };
    let compared = compared.iter().filter_map(|(by, of)| Some((name(*by)?, name(*of)?))).collect();
    let administrators = officers.iter().map(|(_, name)| name.clone()).collect();
    Ok(Joining {
        agreement,
        modes,
        administrators,
        returns_made,
        compared,
        test_return,
        asked_by,
        missing,
        agency,
    })
}

/// The latest agreement of an agency.
pub(super) async fn agreement(
    transaction: &mut Transaction,
    agency: &str,
) -> Result<Option<Agreement>, StoreError> {
    let row = query("SELECT * FROM agreement WHERE agency = $1 ORDER BY id DESC LIMIT 1")
        .bind(agency)
        .fetch_optional(transaction)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("agreement", "id", &row)?;
    Ok(Some(Agreement {
        title: columns.text("title")?,
        reference: columns.text("reference")?,
        signatory: columns.text("signatory")?,
        signed_on: columns.day("signed_on")?,
        valid_until: columns.day("valid_until")?,
        withdraws: columns.flag("withdraws")?,
    }))
}

async fn modes(transaction: &mut Transaction, agency: &str) -> Result<Vec<AgreedMode>, StoreError> {
    let rows = query(
        "SELECT * FROM agreed_mode WHERE agency = $1 AND NOT EXISTS (
            SELECT 1 FROM agreed_mode AS later WHERE later.agency = agreed_mode.agency
                AND later.record = agreed_mode.record AND later.id > agreed_mode.id)
         ORDER BY id",
    )
    .bind(agency)
    .fetch_all(transaction)
    .await?;
    let mut modes = Vec::with_capacity(rows.len());
    for row in &rows {
        let columns = Columns::of("agreed_mode", "id", row)?;
        modes.push(AgreedMode {
            record: columns.kind("record")?,
            mode: columns.word("mode", Mode::from_word)?,
            basis: columns.text("basis")?,
            signatory: columns.text("signatory")?,
            signed_on: columns.day("signed_on")?,
            expires_on: columns.day("expires_on")?,
        });
    }
    Ok(modes)
}

/// Whether every kind of record has a mode that is in force and that today's definitions still open.
fn all_kinds_agreed(legal_entity: &str, modes: &[AgreedMode], today: Date) -> bool {
    let Some(entity) = Code::get(Kind::LegalEntity, legal_entity) else { return false };
    let stands = |agreed: &AgreedMode| {
        let Some(basis) = Code::get(Kind::LegalBasis, &agreed.basis) else { return false };
        let mode = DisclosureMode::new(
            entity,
            agreed.record,
            CLEARINGHOUSE,
            agreed.mode,
            basis,
            &agreed.signatory,
            agreed.signed_on,
            agreed.expires_on,
        );
        mode.is_ok_and(|mode| mode.in_force_on(today))
    };
    RecordKind::ALL
        .into_iter()
        .all(|kind| modes.iter().any(|agreed| agreed.record == kind && stands(agreed)))
}

/// Which administrators have heard whose fingerprint, by number, while both keys are those of today.
async fn compared(
    transaction: &mut Transaction,
    agency: &str,
    officers: &[(MemberPublicKey, String)],
) -> Result<BTreeSet<(i64, i64)>, StoreError> {
    let rows = query("SELECT * FROM key_comparison WHERE agency = $1")
        .bind(agency)
        .fetch_all(transaction)
        .await?;
    let mut found = BTreeSet::new();
    for row in &rows {
        let (by, of) = (row.try_get("by_member")?, row.try_get("of_member")?);
        let (by_key, of_key): (&[u8], &[u8]) = (row.try_get("by_key")?, row.try_get("of_key")?);
        if compartments::is_key_of(officers, by, by_key)
            && compartments::is_key_of(officers, of, of_key)
        {
            found.insert((by, of));
        }
    }
    Ok(found)
}

/// Whether two administrators hold the two halves of the compartment for returns, and have compared.
async fn ceremony_held(
    transaction: &mut Transaction,
    agency: &str,
    officers: &[(MemberPublicKey, String)],
    compared: &BTreeSet<(i64, i64)>,
) -> Result<bool, StoreError> {
    let rows = query(
        "SELECT officer_id, other_id, officer_key FROM recovery_share
         JOIN compartment ON compartment.id = compartment_id
         WHERE compartment.agency = $1 AND compartment.name = $2",
    )
    .bind(agency)
    .bind(CompartmentName::Returns.as_str())
    .fetch_all(transaction)
    .await?;
    let mut held = BTreeSet::new();
    for row in &rows {
        let (officer, other): (i64, i64) = (row.try_get("officer_id")?, row.try_get("other_id")?);
        if compartments::is_key_of(officers, officer, row.try_get("officer_key")?) {
            held.insert((officer, other));
        }
    }
    let both = |of: &BTreeSet<(i64, i64)>, (one, two): (i64, i64)| {
        of.contains(&(one, two)) && of.contains(&(two, one))
    };
    Ok(held.iter().any(|pair| both(&held, *pair) && both(compared, *pair)))
}

async fn test_return(
    transaction: &mut Transaction,
    agency: &str,
) -> Result<Option<TestReturn>, StoreError> {
    let row = query("SELECT * FROM test_return WHERE agency = $1 ORDER BY id DESC LIMIT 1")
        .bind(agency)
        .fetch_optional(transaction)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("test_return", "id", &row)?;
    Ok(Some(TestReturn {
        quarter: columns.text("quarter")?,
        figures: columns.count("figures")?,
        checked_by: columns.text("checked_by")?,
        checked_at: columns.text("checked_at")?,
    }))
}

#[cfg(test)]
mod tests;
