//! Encodings of people who were taken back or whose release has ended, removed for good; and the
//! same people from every file of who is whom.
//!
//! In: what the store has not looked for yet, and today. Out: files written anew without them. As
//! for tables, a new file is whole before one transaction names it, and the old one is removed
//! after that, by this run or the next. Nobody else receives or reads meanwhile.

use std::path::Path;

use linkage::encode::hardened::EncodedTable;
use records::record::OpaqueId;
use store::{EncodingsDue, LinkState, NewEncodings};

use super::purge::next_name;
use super::{ReceiveError, Receiver, on};
use crate::disk::remove;
use crate::encodings::{day_number, kept};
use crate::link::members;

/// Removes people from encodings and from who is whom.
pub(super) async fn purge(receiver: &Receiver<'_>) -> Result<(), ReceiveError> {
    let Receiver { store, scope, data, .. } = *receiver;
    for due in store.encodings_due(scope).await? {
        one(receiver, &due).await?;
        store.encodings_purged_through(scope, due.stored.submission, due.through).await?;
    }
    for link in store.links(scope).await? {
        if link.state == LinkState::Superseded {
            continue;
        }
        let (gone, through) = store.members_due(scope, link.id).await?;
        for (agency, ids) in &gone {
            store.forget_decisions(scope, agency, ids.iter().copied(), receiver.at).await?;
        }
        if let Some((file, removed)) = members::without(data, &link, &gone, receiver.today)? {
            store.replace_members(scope, &link, &file, removed, receiver.at).await?;
        }
        store.members_purged_through(scope, link.id, through).await?;
    }
    members::sweep(data, &store.links(scope).await?)
}

/// Removes people from one file of encodings.
async fn one(receiver: &Receiver<'_>, due: &EncodingsDue) -> Result<(), ReceiveError> {
    let folder = receiver.data.join(&due.stored.folder);
    let old_file = due.stored.encodings.file.clone();
    let from = folder.join(&old_file);
    let table = read(&from)?;
    let today = day_number(receiver.today);
    let goes = |row: usize| {
        let until = table.expires_on[row];
        due.ids.contains_key(&OpaqueId(table.rec_ids[row])) || (until != 0 && until < today)
    };
    let gone = (0..table.len()).filter(|row| goes(*row)).count() as u64;
    if gone == 0 {
        return Ok(());
    }
    let new_file = next_name(&old_file);
    let to = folder.join(&new_file);
    let left = kept(&table, |row| !goes(row)).ok_or_else(|| damaged(&from))?;
    left.write(&to).map_err(|source| ReceiveError::Encodings { path: to.clone(), source })?;
    let new = NewEncodings {
        submission: due.stored.submission,
        old_file,
        new_file,
        rows_left: left.len() as u64,
        removed: gone,
    };
    receiver.store.purge_encodings(receiver.scope, &new, receiver.at).await?;
    remove(&from).map_err(on(&from))
}

fn read(path: &Path) -> Result<EncodedTable, ReceiveError> {
    EncodedTable::read(path)
        .map_err(|source| ReceiveError::Encodings { path: path.to_owned(), source })
}

fn damaged(path: &Path) -> ReceiveError {
    let source = linkage::encode::hardened::ClkFileError::Damaged;
    ReceiveError::Encodings { path: path.to_owned(), source }
}
