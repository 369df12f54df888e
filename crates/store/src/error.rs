//! Why the store could not do what was asked.
//!
//! An error names numbers, digests and codes; never what is about a person.

use std::path::PathBuf;

use records::disclosure::ModeProblem;
use records::record::RecordKind;

use crate::{Permission, Role};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The data folder cannot be made or read.
    #[error("the data folder {folder} cannot be used")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A newer Clearway wrote this database.
    #[error(
        "this database has version {found}, and this Clearway knows {known}: use the newer one"
    )]
    Newer {
        /// The version found.
        found: i64,
        /// The latest version known.
        known: i64,
    },
    /// The database refused.
    #[error("the database cannot be read or written")]
    Database(#[from] sqlx::Error),
    /// The address of a database that cannot be used; it is not repeated, as it may hold a password.
    #[error("the address of the database cannot be used: {0}")]
    DatabaseUrl(&'static str),
    /// The role does not allow it.
    #[error("a member in the role {role} may not {permission}; an administrator gives roles")]
    NotPermitted {
        /// In what role it was tried.
        role: Role,
        /// What was tried.
        permission: Permission,
    },
    /// The server is being stopped.
    #[error("the server is being stopped; nothing was changed")]
    Interrupted,
    /// Keys or sealed text.
    #[error(transparent)]
    Sealing(#[from] sealing::SealingError),
    /// Halves of a recovery.
    #[error(transparent)]
    Recovery(#[from] sealing::RecoveryError),
    /// A passphrase that is none.
    #[error(transparent)]
    Passphrase(sealing::PassphraseError),
    /// Too many tries in vain.
    #[error("too many tries; sign in after {until}")]
    TooManyTries {
        /// From when on it can be tried again (UTC).
        until: String,
    },
    /// Not signed in, and not said why.
    #[error("name, passphrase or code is wrong, or the session has ended; sign in again")]
    NotSignedIn,
    /// A passkey that was not taken, and not said why.
    #[error("this passkey is not known here, or was not taken; sign in by the passphrase")]
    PasskeyNotTaken,
    /// A passkey that has signed less often than before.
    #[error("this passkey may have been copied; sign in by the passphrase, and remove it")]
    PasskeyCopied,
    /// What a passkey signed was asked for too long ago, by another browser, or is used up.
    #[error("the passkey took too long, or was asked from another page; ask it again")]
    PasskeyLate,
    /// A passkey that cannot be kept.
    #[error("the passkey was not kept: {0}")]
    Passkey(sealing::PasskeyError),
    /// A passkey that is here already.
    #[error("this passkey is kept here already")]
    PasskeyThere,
    /// A name of a passkey that is none.
    #[error("a passkey has a name of 1 to 40 characters")]
    PasskeyLabel,
    /// More passkeys than one member may have.
    #[error("{0} passkeys are the most that one member has; remove one first")]
    TooManyPasskeys(usize),
    /// A passkey that she does not have.
    #[error("there is no such passkey of yours")]
    NoSuchPasskey,
    /// An address of an identity provider that is none.
    #[error(
        "{0:?} is no address of an identity provider: expected one such as https://id.example.org/realms/agency, without ? or #; plain http only on this machine"
    )]
    Issuer(String),
    /// A made-up agency and a real provider, or the other way.
    #[error(
        "{agency} is {}: its identity provider is {}", world(*practice),
        if *practice { "on this machine, such as http://127.0.0.1:8180/realms/practice" } else { "reached over https, and not on this machine" }
    )]
    IssuerOfOtherWorld {
        /// The agency.
        agency: String,
        /// Whether it is made up.
        practice: bool,
    },
    /// A client id or client secret that is none.
    #[error(
        "a client id has 1 to 255 and a client secret 1 to 500 letters, digits and signs of ASCII, without white space"
    )]
    ClientCredential,
    /// The agency has no identity provider here.
    #[error(
        "there is no identity provider for this; `clearway user identity-provider list` lists them"
    )]
    NoIdentityProvider,
    /// What comes back from a provider was asked for too long ago, by another browser, or is used up.
    #[error("the sign-in at the agency took too long, or began in another browser; begin again")]
    IdentityLate,
    /// An account at a provider that nobody here has linked.
    #[error("this account is linked to nobody here; sign in by the passphrase, and link it")]
    IdentityNotLinked,
    /// A member or an account that is linked already.
    #[error(
        "one account at the agency is linked with one member, and one of the two is linked already"
    )]
    IdentityThere,
    /// A member who was turned off, or stayed away too long.
    #[error(
        "this account is off, by an administrator or after 90 days; an administrator turns it on"
    )]
    MemberOff,
    /// A role that she does not have.
    #[error("this is none of your roles; an administrator gives roles")]
    RoleNotHeld,
    /// An invitation that is none.
    #[error("this invitation is wrong, used or over; an administrator makes another")]
    NoInvitation,
    /// A name that nobody can have.
    #[error("a member's name has 3 to 64 lower-case letters, digits, '.', '-', '_' or '@'")]
    MemberName,
    /// A name that somebody has.
    #[error("there is a member {0} already; choose another name")]
    MemberThere(String),
    /// There is no such member in the agency.
    #[error("there is no such member as {0}; `clearway user list` lists them")]
    NoSuchMember(String),
    /// An administrator, whom no other administrator changes.
    #[error(
        "administrators are made, changed and invited anew on the terminal only: `clearway user`"
    )]
    AtTheTerminal,
    /// A database role that nothing binds.
    #[error(
        "this PostgreSQL role is a superuser or passes row-level security by, so that nothing keeps agencies apart: use another role"
    )]
    Superuser,
    /// A database that cannot keep every text.
    #[error(
        "this PostgreSQL database keeps texts as {0}, which has not every letter: make one with `createdb --encoding=UTF8 --template=template0`"
    )]
    Encoding(String),
    /// Roles that one person does not have together.
    #[error(
        "administrator and auditor stand alone, operator is nobody's, one role is needed; collector, analyst, reviewer and publisher are of the clearinghouse, all others of other agencies"
    )]
    RolesConflict,
    /// A code that no agency can have.
    #[error("an agency's code has lower-case letters, digits and hyphens, unlike {0:?}")]
    AgencyCode(String),
    /// An agency that is there.
    #[error("there is an agency {0} already")]
    AgencyThere(String),
    /// An agency that is not there, or not the scope's.
    #[error("there is no agency {0} here; `clearway user agencies` lists them")]
    NoSuchAgencyHere(String),
    /// An agency of the other side of the wall.
    #[error(
        "{code} and {other} do not meet: police and prosecutors have an installation of their own, apart from victim-service providers; use another --data"
    )]
    OtherSide {
        /// The one that would join.
        code: String,
        /// The one that is here.
        other: String,
    },
    /// Recovery needs two.
    #[error(
        "{0} needs two administrators who have joined: any two give back what one member loses"
    )]
    TwoOfficers(String),
    /// A compartment that is there.
    #[error("there is a compartment {0} already")]
    CompartmentThere(&'static str),
    /// A compartment that the member cannot open, or that is not there.
    #[error("you have no key to this; somebody who reads it lets you in")]
    NoKeyToCompartment,
    /// A recovery that is not there for her.
    #[error("there is no such request for you to hand over, or its fingerprint is another")]
    NoSuchRecovery,
    /// Somebody else has saved the draft.
    #[error(
        "{by} has saved this draft meanwhile; nothing was written: look at it, then save again"
    )]
    DraftChanged {
        /// Who.
        by: String,
    },
    /// The agency has not gone live.
    #[error(
        "{0} is still joining, and its returns are not real yet: its administrators finish the steps on /joining"
    )]
    NotLive(String),
    /// Steps of joining that do not hold.
    #[error("joining is not finished; what is missing: {}", .0.iter().map(|step| step.as_str()).collect::<Vec<_>>().join(", "))]
    JoiningUnfinished(Vec<crate::JoiningStep>),
    /// A paper that is not whole.
    #[error("the paper is not complete: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    PaperIncomplete(Vec<crate::PaperProblem>),
    /// The law does not open disclosure modes to this agency.
    #[error("disclosure modes cannot be agreed: {}", .0.iter().map(|(record, problems)| format!("{record}: {}", sentences(problems))).collect::<Vec<_>>().join("; "))]
    ModesNotOpen(Vec<(RecordKind, Vec<ModeProblem>)>),
    /// A return that is no test.
    #[error("a test is a made-up return, of a practice task force, with at least one figure in it")]
    NotATest,
    /// Something is in the hands of a member alone who is to leave.
    #[error("she alone {}: let a colleague in first, or turn her off meanwhile", in_her_hands(.0))]
    HandoverFirst(crate::Handover),
    /// It was asked already that the agency leaves.
    #[error("it was asked already that the agency leaves; a second administrator consents")]
    LeavingAsked,
    /// Nobody asked that the agency leaves, or it cannot come back any more.
    #[error("the agency is not leaving, or what it kept is destroyed")]
    NotLeaving,
    /// One administrator did both.
    #[error("a second administrator must do this")]
    SecondAdministrator,
    /// The clearinghouse of an installation does not leave it.
    #[error("the clearinghouse does not leave its own installation")]
    ClearinghouseStays,
    /// What is made up, among what is real, or the other way.
    #[error("{what} is {}, and this store is {}: use another --data", world(*practice), world(!*practice))]
    OtherWorld {
        /// What would come in.
        what: String,
        /// Whether it is made up.
        practice: bool,
    },
    /// An earlier filing waits.
    #[error("a return of this quarter waits for the collector already")]
    FilingWaits,
    /// Nothing of that number waits.
    #[error("no filing {0} waits for a decision")]
    NoSuchFiling(i64),
    /// One of this kind has not ended.
    #[error("a job of this kind waits or runs already")]
    JobOpen,
    /// No job of that number.
    #[error("there is no job {0}")]
    NoSuchJob(i64),
    /// What came by mail waits for the agency's own commander.
    #[error(
        "filing {0} came by mail, and its agency's commander has not confirmed it; ask for that"
    )]
    NotConfirmed(i64),
    /// An address that no mail goes to.
    #[error("an address is name@host, in letters, digits and dots, such as returns@kern.example")]
    MailAddress,
    /// A list of what was destroyed that cannot be read or written.
    #[error("the list of what was destroyed, {file}, cannot be used: {what}")]
    DestructionList {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Opaque ids lead to records only with the agency's keys.
    #[error("orders must be carried out again, and the keys that find their records are not there")]
    KeysNeeded,
    /// The records are sealed under another key.
    #[error(
        "the records here were sealed under another key than the one in keys/records.key; bring the folder keys/ back from the backup of this installation"
    )]
    OtherRecordsKey,
    /// A signed return that speaks of another agency or another time.
    #[error("the return speaks of {what}; it was filed by {agency} for {quarter}")]
    OtherReturn {
        /// Whose it is, or of when.
        what: String,
        /// Who filed it.
        agency: String,
        /// For which quarter.
        quarter: String,
    },
    /// PostgreSQL is backed up by its own tools.
    #[error(
        "the tables are in PostgreSQL, which is backed up with pg_dump; copy the data folder beside it"
    )]
    NotSqlite,
    /// There is no row of that number in the audit.
    #[error("the audit has no row {0}; `clearway audit show` lists them")]
    NoSuchAuditRow(i64),
    /// A reason that an order cannot destroy here.
    #[error("the reason of row {row} cannot be destroyed: {because}")]
    ReasonIsKept {
        /// The row.
        row: i64,
        /// Why it stays.
        because: &'static str,
    },
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers: {0}")]
    NoRandomness(String),
    /// A row does not read as what it was written as.
    #[error("figure {figure} of the database is damaged: {what}")]
    Damaged {
        /// The figure.
        figure: String,
        /// What is wrong.
        what: String,
    },
    /// There is no return of that number or digest.
    #[error("there is no return {0}; `clearway returns` lists them")]
    NoSuchReturn(String),
    /// The return is not in a state in which this can be done to it.
    #[error("return {id} is {state}; {fix}")]
    WrongState {
        /// The return.
        id: i64,
        /// Its state.
        state: String,
        /// What to do instead.
        fix: String,
    },
    /// The return answers questions that another return has answered otherwise.
    #[error("{} figure(s) already have another answer, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Conflicts(Vec<crate::Conflict>),
    /// A correction answers none of the questions of the return that it is to replace.
    #[error(
        "it answers no question of return {0}, so it corrects nothing of it; `clearway returns` lists the returns"
    )]
    CorrectsNothing(i64),
    /// There is no query of that number.
    #[error("there is no classification query {0}; `clearway definitions queries` lists them")]
    NoSuchQuery(i64),
    /// The installation does not say which agency it is.
    #[error("this installation does not say which agency it is: set it first, from agency.toml")]
    NoAgency,
    /// What an agency is cannot change any more.
    #[error("the {what} of the agency cannot change: {because}")]
    AgencyFixed {
        /// What was to change.
        what: &'static str,
        /// What rests on it.
        because: &'static str,
    },
    /// A record is not of the kind that the import says.
    #[error("record {row} of the file is of kind {found}, and the import is of kind {expected}")]
    OtherKind {
        /// Its place in the file, from 1.
        row: u64,
        /// The kind of the import.
        expected: RecordKind,
        /// Its kind.
        found: RecordKind,
    },
    /// Two records of one file have the same own number and say different things.
    #[error("{} record(s) have the own number of an earlier one of the file and say something else, the first: record {} and record {}; correct the file", .rows.len(), .rows.first().map_or(0, |rows| rows.1), .rows.first().map_or(0, |rows| rows.0))]
    Contradictory {
        /// Their places in the file, from 1: the earlier and the later.
        rows: Vec<(u64, u64)>,
    },
    /// There is no import of that number.
    #[error("there is no import {0}")]
    NoSuchImport(i64),
    /// The import is not in a state in which this can be done to it.
    #[error("import {id} is {state} already")]
    WrongImportState {
        /// The import.
        id: i64,
        /// Its state.
        state: &'static str,
    },
    /// The same file has come in again meanwhile.
    #[error("import {id} cannot be restored: the same file is in again, as import {again}")]
    InAgain {
        /// The import.
        id: i64,
        /// The one that stands.
        again: i64,
    },
    /// The law does not open a disclosure mode to this agency.
    #[error("a disclosure mode cannot stand: {}", sentences(.0))]
    ModeNotOpen(Vec<ModeProblem>),
    /// A disclosure mode that was signed is not open by today's definitions.
    #[error("disclosure mode {id} does not stand by today's definitions, revoke it: {}", sentences(.problems))]
    ModeClosed {
        /// The mode.
        id: i64,
        /// Why.
        problems: Vec<ModeProblem>,
    },
    /// There is no disclosure mode of that number, or it is revoked.
    #[error("there is no disclosure mode {0} that could be revoked")]
    NoSuchMode(i64),
    /// A file is not the next one to be sent.
    #[error("the next file to send has number {expected}, not {found}")]
    OutOfSequence {
        /// The next number.
        expected: u64,
        /// The number given.
        found: u64,
    },
    /// A file does not name the one before it.
    #[error("the file does not name the one that was sent before it")]
    NotThePrevious,
    /// There is no file sent of that number or digest.
    #[error("no file {0} was sent")]
    NoSuchSent(String),
    /// A file sent is the last no more, or was written.
    #[error("file {0} cannot be discarded: only the last one can, while it has not been written")]
    NotDiscardable(u64),
    /// The clearinghouse has accepted no card of that agency.
    #[error("no card of agency {0} has been accepted")]
    NoSuchAgency(String),
    /// There is no submission of that number, or none of that digest by that agency.
    #[error("there is no submission {0}")]
    NoSuchSubmission(String),
    /// The linkage is not the one that is current, or its file of members is another by now.
    #[error("linkage {0} is not current any more; run `clearway link` again")]
    NoSuchLink(i64),
    /// The submission is not in a state in which this can be done to it.
    #[error("submission {id} is {state}; {fix}")]
    WrongReceivedState {
        /// The submission.
        id: i64,
        /// Its state.
        state: &'static str,
        /// What to do instead.
        fix: &'static str,
    },
    /// What an agency has taken back by order stays taken back.
    #[error("file {0} is itself a withdrawal, which cannot be taken back here")]
    IsWithdrawal(i64),
    /// Another file of the agency has that number.
    #[error("agency {agency} has sent another file with number {sequence}")]
    SequenceTaken {
        /// The agency.
        agency: String,
        /// The number.
        sequence: u64,
    },
    /// A submission that stands covers the same quarters.
    #[error(
        "submission {id} (number {sequence} of the agency) stands for some of the same quarters"
    )]
    Overlaps {
        /// The submission that stands.
        id: i64,
        /// Its number at the agency.
        sequence: u64,
    },
    /// A table of a submission has been written anew meanwhile.
    #[error(
        "the {record} table of submission {id} has changed meanwhile; run the same command again"
    )]
    TableChanged {
        /// The submission.
        id: i64,
        /// The kind of record.
        record: RecordKind,
    },
    /// A row does not read as what it was written as.
    #[error("row {id} of {table} is damaged: {what}")]
    DamagedRow {
        /// The table.
        table: &'static str,
        /// The row.
        id: i64,
        /// What is wrong.
        what: &'static str,
    },
}

fn world(practice: bool) -> &'static str {
    if practice { "made up, for practice" } else { "real" }
}

fn in_her_hands(handover: &crate::Handover) -> String {
    let names = |names: &[crate::CompartmentName]| {
        names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut said = Vec::new();
    if !handover.only_reader_of.is_empty() {
        said.push(format!("reads {}", names(&handover.only_reader_of)));
    }
    if !handover.only_officer_of.is_empty() {
        said.push(format!("can with one other recover {}", names(&handover.only_officer_of)));
    }
    said.join(", and ")
}

fn sentences(problems: &[ModeProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
