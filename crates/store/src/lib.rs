//! Where Clearway keeps returns, records, submissions, and who changed what, when and why.
//!
//! | module | what |
//! |---|---|
//! | `open` | the database of a folder, brought to the version of today |
//! | `database` | SQLite or PostgreSQL behind one way to say a statement |
//! | `scope`, `permission`, `purpose` | in whose name a caller acts and in which role; what each role may do |
//! | `returns` | a return in, corrected, withdrawn, restored; all of it or nothing |
//! | `figures` | the figures that stand, and every earlier answer |
//! | `filings` | returns filed in the browser: drafted, signed, accepted or given back |
//! | `jobs` | long analyses asked for in the browser |
//! | `contacts`, `reminders` | where an agency is reminded; which reminders are due, and that each goes once |
//! | `queries` | an agency's own classification where it disagrees with the state's |
//! | `roll_up` | integer sums by measure, quarter and breakdown |
//!
//! An agency's side; names leave it only as `records::record::AgencyRecord` and `Personal`:
//!
//! | module | what |
//! |---|---|
//! | `agency` | which agency this installation is |
//! | `imports` | a file of records in, taken back, brought back |
//! | `agency_records`, `follow_ups` | the records that stand, and what must be asked again |
//! | `modes`, `releases` | what may leave, as it was signed and revoked |
//! | `own_key` | what stands in clear of the own records, and what is sealed |
//! | `seal_records` | records of an earlier version, sealed |
//! | `orders` | orders that destroy records and keep them out |
//! | `sent`, `withdrawals` | what went to the clearinghouse, and what must be taken back there |
//!
//! The clearinghouse's side, which holds no name:
//!
//! | module | what |
//! |---|---|
//! | `known_agencies` | the cards of agencies |
//! | `chain_beginnings` | that an agency was let begin its files anew |
//! | `received`, `received_lists` | a submission in, replaced, taken back, brought back |
//! | `refused_files` | files whose content was refused |
//! | `purged` | rows that had to be removed from what was received |
//! | `encodings` | encodings received: which stand, and who must go from them |
//! | `links` | linkages that were made or accepted, and what reviewers decided |
//! | `people_counts` | the counts that were made |
//!
//! `destruction_list` is what was ordered destroyed, for whoever restores a backup. `accounts` is who may come in, and the keys by which they read. `audit` is the log of all, in which a changed row shows.
//!
//! SQL lives in this crate only, and no pool leaves it. A return goes in as one transaction: after
//! `kill -9` at any moment it is wholly there or not at all, and sending it again changes nothing.
//!
//! # Examples
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # let folder = tempfile::tempdir()?;
//! # runtime.block_on(async {
//! use store::{Scope, Store};
//!
//! let store = Store::open(folder.path()).await?;
//! let analyst = Scope::command_line("analyst");
//! assert!(store.returns(&analyst).await?.is_empty());
//! # Ok::<(), store::StoreError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounts;
mod agency;
mod agency_records;
mod audit;
mod chain_beginnings;
mod columns;
mod contacts;
mod database;
mod destruction_list;
mod encodings;
mod error;
mod fault;
mod figures;
mod filings;
mod follow_ups;
mod import_batch;
mod imports;
mod jobs;
mod known_agencies;
mod links;
mod modes;
mod open;
mod orders;
mod own_key;
mod people_counts;
mod permission;
mod purged;
mod purpose;
mod queries;
mod received;
mod received_lists;
mod refused_files;
mod releases;
mod reminders;
mod returns;
mod roll_up;
mod scope;
mod seal_records;
mod sent;
#[cfg(test)]
#[path = "../tests/it/stores.rs"]
mod stores;
mod withdrawals;
mod world;

pub use accounts::{
    AgreedMode, Agreement, ClientSecret, ClientSecrets, Compartment, CompartmentName, Emergency,
    Enrolled, Entered, GoneLive, Handover, IdentityAsked, IdentityLink, IdentityProvider,
    IdentityTaken, Invitation, Issuer, JoinedAgency, Joining, JoiningStep, Leaving, LeavingCounts,
    LeavingReceipt, Member, MemberState, ModesPaper, NewAgencyHere, NewIdentityProvider, NewMember,
    NewPasskey, OfferedProvider, OpenRecovery, PaperProblem, Passkey, PasskeyAnswer, PasskeyAsked,
    Resumed, Session, SignedIn, TestReturn,
};
pub use agency::AgencySelf;
pub use agency_records::{RecordCount, RecordOrder};
pub use audit::{
    AuditFilter, AuditFinding, AuditFindingKind, AuditHead, AuditRow, AuditVerified, audit_subjects,
};
pub use chain_beginnings::{BegunAnew, ChainBeginning};
pub use contacts::{Contact, MailAddress};
pub use database::DatabaseUrl;
pub use destruction_list::{DestructionList, Replayed};
pub use encodings::{EncodingsDue, NewEncodings, ReceivedEncodings, StoredEncodings};
pub use error::StoreError;
pub use fault::Fault;
pub use figures::{FigureFilter, SentTable, StoredFigure};
pub use filings::{Draft, DraftSaved, Filing, FilingState, Lateness, OwnQuarter, office_day};
pub use follow_ups::{FollowUpMark, OpenFollowUp};
pub use imports::{ImportCounts, ImportOutcome, ImportState, NewImport, StoredImport};
pub use jobs::{Job, JobKind, JobState};
pub use known_agencies::{AgencyAccepted, CardState, KnownAgency, NewAgency};
pub use links::{LinkState, NewLink, PairDecision, StoredLink};
pub use modes::StoredMode;
pub use open::Store;
pub use orders::Applied;
pub use own_key::OwnKeys;
pub use people_counts::{NewCount, StoredCount};
pub use permission::{Permission, Role};
pub use purged::{NewPurge, PurgeDue, PurgeKind, PurgedCell, StoredPurge};
pub use purpose::Purpose;
pub use queries::ClassificationQuery;
pub use received::{NewReceived, ReceivedOutcome, ReceivedState, ReceivedTable, ReceivedTotal};
pub use received_lists::{RemovedRecord, StoredReceived, StoredTotal, TotalFilter};
pub use refused_files::{NewRefused, StoredRefused};
pub use reminders::{Reminder, ReminderKind, SentReminder};
pub use returns::{Accepted, Act, Conflict, NewReturn, ReturnState, StoredReturn};
pub use roll_up::{RollUp, Rolled};
pub use scope::Scope;
pub use sealing::RecordsKey;
pub use sent::{NewSent, SentKind, SentRecord, StoredSent};
pub use withdrawals::WithdrawnRecord;
