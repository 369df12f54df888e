//! What a run that was killed between two steps leaves, and what the next one makes of it.

use records::disclosure::OrderKind;
use records::record::{OpaqueId, RecordKind};
use submission::{FORMAT, WITHDRAWN_FILE, Withdrawn, write_withdrawn};

use super::*;
use crate::agency::{open_keys, own_card, set_up};

const AGENCY: &str = "code = \"harbor\"\nlabel = \"Made up\"\npractice = true\n\
                      legal_entity = \"police\"\n";
const STATE: &str = "role = \"clearinghouse\"\ncode = \"practice-state\"\n\
                     label = \"Made up\"\npractice = true\n";

/// A withdrawal of one arrest, in a folder.
fn withdrawal(folder: &Path, state: &Card, id: u8) -> Manifest {
    let one = Withdrawn {
        record: RecordKind::Arrest,
        id: OpaqueId([id; 16]),
        order: OrderKind::Sealing,
        ordered_on: date(2026, 10, 1),
    };
    let listed = write_withdrawn(&folder.join(WITHDRAWN_FILE), &[one]).unwrap();
    Manifest {
        format: FORMAT,
        kind: ManifestKind::Withdrawal,
        agency: "harbor".to_owned(),
        practice: true,
        first_quarter: "2026-Q3".parse().unwrap(),
        last_quarter: "2026-Q3".parse().unwrap(),
        calendar_offset_days: 0,
        definition_version: "2026.1".to_owned(),
        as_of: date(2026, 10, 5),
        recipient: state.fingerprint(),
        sequence: 0,
        previous: None,
        corrects: None,
        linkage_key_fingerprint: None,
        modes: Vec::new(),
        tables: Vec::new(),
        encodings: None,
        totals: None,
        withdrawn: Some(listed),
    }
}

/// Runs one story at an agency that sends into a folder.
fn told(story: impl AsyncFnOnce(Sending<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let (data, state, out) =
        (folder.path().join("data"), folder.path().join("state"), folder.path().join("out"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let scope = Scope::command_line("tester");
        let at: Timestamp = "2026-10-05T10:00:00Z".parse().unwrap();
        let other = Store::open(&state).await.unwrap();
        set_up(&other, &scope, &state, STATE, at, |_| open_keys(&state)).await.unwrap();
        let store = Store::open(&data).await.unwrap();
        set_up(&store, &scope, &data, AGENCY, at, |_| open_keys(&data)).await.unwrap();
        let (keys, recipient) = (Keys::open(&data).unwrap(), own_card(&state).unwrap());
        let work = WorkFolder::take(&data).unwrap();
        let (store, scope, work) = (&store, &scope, &work);
        let (keys, recipient, out) = (&keys, &recipient, &out);
        story(Sending { store, scope, work, keys, recipient, out, at }).await;
    });
}

#[test]
fn what_was_written_down_is_sealed_from_the_manifest_that_was_kept() {
    told(async |sending| {
        let folder = sending.work.making().unwrap();
        let manifest = withdrawal(folder.path(), sending.recipient, 1);
        let content = content_digest(&manifest);
        let kept = sending.write_down(manifest.clone(), &content, [], &[]).await.unwrap();
        // Killed here. The next run speaks of another day.
        let later = Manifest { as_of: date(2026, 10, 9), ..manifest };
        assert_eq!(content_digest(&later), content);
        let resumed = sending.resume(&content, folder.path()).await.unwrap().unwrap();
        assert_eq!((resumed.sequence, &resumed.digest), (1, &kept.digest()));
        assert!(resumed.file.unwrap().is_file());
        assert!(sending.resume(&content, folder.path()).await.unwrap().is_none(), "it is done");
        assert_eq!(sending.store.sent(sending.scope).await.unwrap().len(), 1);
    });
}

#[test]
fn a_number_is_free_again_when_something_else_is_to_be_sent() {
    told(async |sending| {
        let folder = sending.work.making().unwrap();
        let manifest = withdrawal(folder.path(), sending.recipient, 1);
        let content = content_digest(&manifest);
        sending.write_down(manifest, &content, [], &[]).await.unwrap();
        let other = withdrawal(folder.path(), sending.recipient, 2);
        let content = content_digest(&other);
        assert!(sending.resume(&content, folder.path()).await.unwrap().is_none());
        let sent = sending.send(other, &content, folder.path(), [], &[]).await.unwrap();
        assert_eq!(sent.sequence, 1);
        assert_eq!(sending.store.sent(sending.scope).await.unwrap().len(), 1);
    });
}

#[test]
fn a_sealed_file_of_which_the_store_knows_nothing_is_removed_and_one_it_knows_handed_over() {
    told(async |sending| {
        let folder = sending.work.making().unwrap();
        let manifest = withdrawal(folder.path(), sending.recipient, 1);
        let content = content_digest(&manifest);
        let kept = sending.write_down(manifest, &content, [], &[]).await.unwrap();
        let ready = sending.work.ready(&kept.file_name());
        seal(&kept, folder.path(), sending.keys, sending.recipient, &ready).unwrap();
        let sent = sending.store.sent(sending.scope).await.unwrap();
        assert!(sending.work.settle(&sent, sending.out).unwrap().is_empty());
        assert!(!ready.exists(), "not marked as written: nobody has seen it");

        seal(&kept, folder.path(), sending.keys, sending.recipient, &ready).unwrap();
        sending.store.mark_written(sending.scope, 1, sending.at).await.unwrap();
        let sent = sending.store.sent(sending.scope).await.unwrap();
        assert_eq!(sending.work.settle(&sent, sending.out).unwrap(), [1]);
        assert!(sending.out.join(kept.file_name()).is_file());
    });
}
