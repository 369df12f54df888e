//! What an agency does to join: papers entered, keys compared, a return tried.
//!
//! In: an agreement, disclosure modes, a colleague's fingerprint, a made-up return. Out: rows from which
//! the state of each step is decided; or every problem, with what to do.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use records::disclosure::{CLEARINGHOUSE, DisclosureMode, Mode, ModeProblem};
use records::record::{Code, RecordKind};
use records::register::Kind;
use records::{Quarter, Standing};

use super::compartments::{self, CompartmentName};
use super::joining::{Agreement, own_agency};
use super::members;
use crate::accounts::sessions::Session;
use crate::audit::{self, Subject};
use crate::columns::signed;
use crate::database::{Transaction, query};
use crate::filings::office_day;
use crate::{NewReturn, Permission, Role, Scope, Store, StoreError};

/// What is wrong with a paper that was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperProblem {
    /// It has no title.
    NoTitle,
    /// It has neither digest nor reference.
    NoReference,
    /// Nobody has signed it.
    NoSignatory,
    /// It was signed on a day to come.
    SignedLater,
    /// Its last day is over, or before it was signed.
    Over,
}

impl fmt::Display for PaperProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PaperProblem::NoTitle => "it has no title",
            PaperProblem::NoReference => "it has neither digest nor reference",
            PaperProblem::NoSignatory => "nobody has signed it",
            PaperProblem::SignedLater => "it was signed on a day to come",
            PaperProblem::Over => "its last day is over, or before it was signed",
        })
    }
}

/// The paper under which modes were agreed.
#[derive(Debug, Clone)]
pub struct ModesPaper {
    /// The official who signed.
    pub signatory: String,
    /// When.
    pub signed_on: Date,
    /// Its last day.
    pub expires_on: Date,
}

impl Store {
    /// Enters the agreement of the scope's agency; it takes the place of an earlier one. Permission: change
    /// members.
    ///
    /// # Errors
    ///
    /// [`StoreError::PaperIncomplete`] with everything that is wrong with it;
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn enter_agreement(
        &self,
        scope: &Scope,
        paper: &Agreement,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut problems = problems(&paper.signatory, (paper.signed_on, paper.valid_until), at);
        for (text, problem) in
            [(&paper.reference, PaperProblem::NoReference), (&paper.title, PaperProblem::NoTitle)]
        {
            if text.trim().is_empty() {
                problems.insert(0, problem);
            }
        }
        expect_whole(problems)?;
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        query(
            "INSERT INTO agreement (agency, title, reference, signatory, signed_on, valid_until,
                withdraws, entered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&agency.code)
        .bind(paper.title.trim())
        .bind(paper.reference.trim())
        .bind(paper.signatory.trim())
        .bind(paper.signed_on.to_string())
        .bind(paper.valid_until.to_string())
        .bind(paper.withdraws)
        .bind(at.to_string())
        .execute(&mut transaction)
        .await?;
        ask_anew(&mut transaction, agency.id).await?;
        let (subject, why) = ((Subject::Joined, agency.id), paper.valid_until.to_string());
        audit::write(&mut transaction, subject, "agreement", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Enters how far records of some kinds may leave, as the scope's agency agreed. Permission: change
    /// members.
    ///
    /// # Errors
    ///
    /// [`StoreError::ModesNotOpen`] with what the law does not open, kind by kind;
    /// [`StoreError::PaperIncomplete`], [`StoreError::NoSuchAgencyHere`],
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn agree_modes(
        &self,
        scope: &Scope,
        modes: &[(RecordKind, Mode, Code)],
        paper: &ModesPaper,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        expect_whole(problems(&paper.signatory, (paper.signed_on, paper.expires_on), at))?;
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        let entity = Code::get(Kind::LegalEntity, &agency.legal_entity).ok_or({
            let what = "a legal entity that means nothing";
            StoreError::DamagedRow { table: "agency", id: agency.id, what }
        })?;
        let agreed = open_to(entity, modes, paper).map_err(StoreError::ModesNotOpen)?;
        for mode in &agreed {
            query(
                "INSERT INTO agreed_mode
                    (agency, record, mode, basis, signatory, signed_on, expires_on)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&agency.code)
            .bind(mode.record().as_str())
            .bind(mode.mode().as_str())
            .bind(mode.basis().as_str())
            .bind(mode.signatory())
            .bind(mode.signed_on().to_string())
            .bind(mode.expires_on().to_string())
            .execute(&mut transaction)
            .await?;
        }
        ask_anew(&mut transaction, agency.id).await?;
        let words = agreed.iter().map(|mode| format!("{}: {}", mode.record(), mode.mode()));
        let why = words.collect::<Vec<_>>().join(", ");
        let subject = (Subject::Joined, agency.id);
        audit::write(&mut transaction, subject, "agreed_modes", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Says that the session's administrator has heard another's fingerprint from her own mouth.
    /// Permission: change members.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchMember`] when no other administrator of the agency has this name and this
    /// fingerprint; [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn compare_keys(
        &self,
        session: &Session,
        name: &str,
        fingerprint: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let scope = session.scope();
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        let officers =
            compartments::in_roles(&mut transaction, &agency.code, &[Role::Administrator]).await?;
        let (other, _) = officers
            .into_iter()
            .filter(|(key, _)| key.member() != session.member())
            .find(|(key, other)| other == name && key.fingerprint().to_string() == fingerprint)
            .ok_or_else(|| StoreError::NoSuchMember(name.to_owned()))?;
        query(
            "INSERT INTO key_comparison (agency, by_member, by_key, of_member, of_key, at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&agency.code)
        .bind(session.member().0)
        .bind(session.key().public().to_bytes())
        .bind(other.member().0)
        .bind(other.to_bytes())
        .bind(at.to_string())
        .execute(&mut transaction)
        .await?;
        let subject = (Subject::Member, other.member().0);
        audit::write(&mut transaction, subject, "compared", scope, at, fingerprint).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps that a made-up return was read and checked, and by whom; never what it says. Permission: sign
    /// returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotATest`] when a figure in it would count, or there is none;
    /// [`StoreError::NoKeyToCompartment`] while the session does not read what is prepared for returns;
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn take_test_return(
        &self,
        session: &Session,
        quarter: Quarter,
        new: &NewReturn,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let scope = session.scope();
        let mut transaction = self.change(scope, Permission::SignReturns).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        if new.standing != Standing::Synthetic || new.checked.figures.is_empty() {
            return Err(StoreError::NotATest);
        }
        // Whoever will sign must be able to read what was prepared: that is tried too.
        let name = CompartmentName::Returns;
        compartments::opened(&mut transaction, session, name, at).await?;
        query(
            "INSERT INTO test_return (agency, quarter, digest, figures, checked_by, checked_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&agency.code)
        .bind(quarter.to_string())
        .bind(&new.digest)
        .bind(signed(new.checked.figures.len() as u64))
        .bind(scope.who())
        .bind(at.to_string())
        .execute(&mut transaction)
        .await?;
        let (subject, why) = ((Subject::Joined, agency.id), quarter.to_string());
        audit::write(&mut transaction, subject, "tested", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// What is wrong with who signed a paper, when, and until when.
fn problems(
    signatory: &str,
    (signed_on, last_day): (Date, Date),
    at: Timestamp,
) -> Vec<PaperProblem> {
    let mut problems = Vec::new();
    if signatory.trim().is_empty() {
        problems.push(PaperProblem::NoSignatory);
    }
    // Whoever signs late in the evening is a day ahead of the calendar that counts for ends.
    if signed_on.to_string() > members::day(at) {
        problems.push(PaperProblem::SignedLater);
    }
    if last_day < signed_on || last_day < office_day(at) {
        problems.push(PaperProblem::Over);
    }
    problems
}

fn expect_whole(problems: Vec<PaperProblem>) -> Result<(), StoreError> {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(StoreError::PaperIncomplete(problems)),
    }
}

/// The modes as the law opens them to an entity, or what it does not open.
fn open_to(
    entity: Code,
    modes: &[(RecordKind, Mode, Code)],
    paper: &ModesPaper,
) -> Result<Vec<DisclosureMode>, Vec<(RecordKind, Vec<ModeProblem>)>> {
    let (mut agreed, mut refused) = (Vec::new(), Vec::new());
    for (record, mode, basis) in modes {
        let made = DisclosureMode::new(
            entity,
            *record,
            CLEARINGHOUSE,
            *mode,
            *basis,
            &paper.signatory,
            paper.signed_on,
            paper.expires_on,
        );
        match made {
            Ok(mode) => agreed.push(mode),
            Err(problems) => refused.push((*record, problems)),
        }
    }
    if refused.is_empty() { Ok(agreed) } else { Err(refused) }
}

/// A consent is to the papers that were there: with another one it is asked for anew.
async fn ask_anew(transaction: &mut Transaction, agency: i64) -> Result<(), StoreError> {
    query("UPDATE agency SET live_asked_by = NULL WHERE id = $1")
        .bind(agency)
        .execute(transaction)
        .await?;
    Ok(())
}
