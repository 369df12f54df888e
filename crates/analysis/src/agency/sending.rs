//! A manifest and its files to a number in the chain and a sealed file: once.
//!
//! In: a manifest without its place in the chain, and the folder with its files. Out: a sealed
//! file. Killed at any moment and run again, there is one file of that content and one number:
//!
//! 1. the store writes down number, manifest and records, in one transaction;
//! 2. the file is sealed beside the database, whole or not at all;
//! 3. the store says that it was written;
//! 4. the file is handed over.
//!
//! Stopped before 3, nobody has seen a file: the same content is sealed again from the manifest
//! that was kept, and when the content has changed since, the number is free again. Stopped before
//! 4, the next run hands the file over.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::date;
use serde::Serialize;
use store::{NewSent, Scope, SentKind, SentRecord, Store, StoredSent, WithdrawnRecord};
use submission::{Card, Keys, Manifest, ManifestKind, SealError, seal};

use super::AgencyError;
use super::work_folder::WorkFolder;

const WHY_DISCARDED: &str = "its file was never written, and something else is sent now";

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is new.
    Sent,
    /// The same was sent before; nothing has changed.
    Already,
}

/// A file that was sent, now or before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Whether it is new.
    pub outcome: Outcome,
    /// Its number.
    pub sequence: u64,
    /// Its name.
    pub file_name: String,
    /// Where it lies; nothing when it was sent before and does not lie there any more.
    pub file: Option<PathBuf>,
    /// The digest of its manifest.
    pub digest: String,
    /// The number of the file that it replaces.
    pub corrects: Option<u64>,
    /// When it was first written down (UTC).
    pub sent_at: String,
}

/// What is needed to send.
pub(super) struct Sending<'s> {
    pub store: &'s Store,
    pub scope: &'s Scope,
    pub work: &'s WorkFolder,
    pub keys: &'s Keys,
    pub recipient: &'s Card,
    pub out: &'s Path,
    pub at: Timestamp,
}

impl Sending<'_> {
    /// The last file written down, when it was never written to the disk.
    async fn unwritten(&self) -> Result<Option<StoredSent>, AgencyError> {
        let last = self.store.sent(self.scope).await?.pop();
        Ok(last.filter(|last| last.written_at.is_none()))
    }

    /// Goes on with a file of this content that was written down and never written.
    pub(super) async fn resume(
        &self,
        content: &str,
        folder: &Path,
    ) -> Result<Option<Sent>, AgencyError> {
        match self.unwritten().await? {
            Some(last) if last.sent.content_digest == content => {
                let manifest = kept_manifest(&last)?;
                Ok(Some(self.write(&manifest, folder, last.sent_at).await?))
            }
            Some(last) => {
                let sequence = last.sent.sequence;
                let discard =
                    self.store.discard_unwritten(self.scope, sequence, WHY_DISCARDED, self.at);
                discard.await?;
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Sends a new file.
    pub(super) async fn send(
        &self,
        manifest: Manifest,
        content: &str,
        folder: &Path,
        records: impl IntoIterator<Item = SentRecord>,
        withdrawn: &[WithdrawnRecord],
    ) -> Result<Sent, AgencyError> {
        let manifest = self.write_down(manifest, content, records, withdrawn).await?;
        self.write(&manifest, folder, self.at.to_string()).await
    }

    /// Gives a manifest its place in the chain.
    async fn write_down(
        &self,
        mut manifest: Manifest,
        content: &str,
        records: impl IntoIterator<Item = SentRecord>,
        withdrawn: &[WithdrawnRecord],
    ) -> Result<Manifest, AgencyError> {
        let last = self.store.sent(self.scope).await?.pop();
        manifest.sequence = last.as_ref().map_or(1, |last| last.sent.sequence + 1);
        manifest.previous = last.map(|last| last.sent.digest);
        // What cannot be sealed is to have no number.
        let problems = manifest.problems();
        if !problems.is_empty() {
            return Err(SealError::Contradicts { problems }.into());
        }
        let is_submission = manifest.kind == ManifestKind::Submission;
        let new = NewSent {
            sequence: manifest.sequence,
            kind: if is_submission { SentKind::Submission } else { SentKind::Withdrawal },
            first_quarter: is_submission.then_some(manifest.first_quarter),
            last_quarter: is_submission.then_some(manifest.last_quarter),
            digest: manifest.digest(),
            previous: manifest.previous.clone(),
            corrects: manifest.corrects.clone(),
            recipient: manifest.recipient.clone(),
            content_digest: content.to_owned(),
            manifest_json: String::from_utf8_lossy(&manifest.canonical()).into_owned(),
            file_name: manifest.file_name(),
        };
        self.store.record_sent(self.scope, &new, records, withdrawn, self.at).await?;
        Ok(manifest)
    }

    /// Seals a file that has its number, marks it as written, and hands it over.
    async fn write(
        &self,
        manifest: &Manifest,
        folder: &Path,
        sent_at: String,
    ) -> Result<Sent, AgencyError> {
        let file_name = manifest.file_name();
        let sequence = manifest.sequence;
        seal(manifest, folder, self.keys, self.recipient, &self.work.ready(&file_name))?;
        self.store.mark_written(self.scope, sequence, self.at).await?;
        let file = self.work.hand_over(sequence, &file_name, self.out)?;
        let corrects = self.number_of(manifest.corrects.as_deref()).await?;
        Ok(Sent {
            outcome: Outcome::Sent,
            sequence,
            file_name,
            file: Some(file),
            digest: manifest.digest(),
            corrects,
            sent_at,
        })
    }

    /// What was sent before; with `again`, its file is written once more.
    pub(super) async fn already(
        &self,
        found: StoredSent,
        folder: &Path,
        again: bool,
    ) -> Result<Sent, AgencyError> {
        let sequence = found.sent.sequence;
        if again {
            let manifest = kept_manifest(&found)?;
            let file_name = manifest.file_name();
            seal(&manifest, folder, self.keys, self.recipient, &self.work.ready(&file_name))?;
            self.work.hand_over(sequence, &file_name, self.out)?;
        }
        let file = self.out.join(&found.sent.file_name);
        Ok(Sent {
            outcome: Outcome::Already,
            sequence,
            file: file.is_file().then_some(file),
            file_name: found.sent.file_name,
            corrects: self.number_of(found.sent.corrects.as_deref()).await?,
            digest: found.sent.digest,
            sent_at: found.sent_at,
        })
    }

    async fn number_of(&self, digest: Option<&str>) -> Result<Option<u64>, AgencyError> {
        let Some(digest) = digest else { return Ok(None) };
        let sent = self.store.sent(self.scope).await?;
        Ok(sent.iter().find(|one| one.sent.digest == digest).map(|one| one.sent.sequence))
    }
}

/// A digest of what goes in, without what changes from one try to the next: the day, the place in
/// the chain, and what is replaced.
pub(super) fn content_digest(manifest: &Manifest) -> String {
    let content = Manifest {
        as_of: date(1, 1, 1),
        sequence: 0,
        previous: None,
        corrects: None,
        ..manifest.clone()
    };
    content.digest()
}

fn kept_manifest(kept: &StoredSent) -> Result<Manifest, AgencyError> {
    let sequence = kept.sent.sequence;
    let damaged = AgencyError::DamagedManifest { sequence };
    let manifest: Manifest = serde_json::from_str(&kept.sent.manifest_json).map_err(|_| damaged)?;
    if manifest.digest() == kept.sent.digest {
        Ok(manifest)
    } else {
        Err(AgencyError::DamagedManifest { sequence })
    }
}

#[cfg(test)]
mod tests;
