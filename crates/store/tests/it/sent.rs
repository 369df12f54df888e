//! The files that an agency sends.

use records::record::{OpaqueId, RecordKind};
use store::{NewSent, SentKind, SentRecord, Store, StoreError};

use crate::made::{at, scope};
use crate::made_records::new_sent;
use crate::stores::with_store;

async fn send(store: &Store, new: &NewSent) -> Result<(), StoreError> {
    store.record_sent(&scope(), new, [], &[], at()).await
}

#[test]
fn numbers_have_no_gap_and_each_file_names_the_one_before() {
    with_store(async |store| {
        let second = new_sent(2, SentKind::Submission);
        let refused = send(&store, &second).await;
        assert!(matches!(refused, Err(StoreError::OutOfSequence { expected: 1, found: 2 })));
        send(&store, &new_sent(1, SentKind::Submission)).await.unwrap();
        let refused = send(&store, &new_sent(1, SentKind::Submission)).await;
        assert!(matches!(refused, Err(StoreError::OutOfSequence { expected: 2, found: 1 })));
        let other = NewSent { previous: Some("another".to_owned()), ..second.clone() };
        assert!(matches!(send(&store, &other).await, Err(StoreError::NotThePrevious)));
        let other = NewSent { previous: None, ..second.clone() };
        assert!(matches!(send(&store, &other).await, Err(StoreError::NotThePrevious)));
        let other = NewSent { corrects: Some("unknown".to_owned()), ..second.clone() };
        assert!(matches!(send(&store, &other).await, Err(StoreError::NoSuchSent(_))));
        send(&store, &second).await.unwrap();
        let sent = store.sent(&scope()).await.unwrap();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[1].sent, second);
    });
}

#[test]
fn after_a_stop_the_same_content_finds_its_manifest() {
    with_store(async |store| {
        let first = new_sent(1, SentKind::Submission);
        send(&store, &first).await.unwrap();
        let found = store.sent_with_content(&scope(), "content-1").await.unwrap().unwrap();
        assert_eq!((found.sent, found.written_at), (first, None));
        store.mark_written(&scope(), 1, at()).await.unwrap();
        store.mark_written(&scope(), 1, at()).await.unwrap();
        let acts = store.audit(&scope(), &store::AuditFilter::default()).await.unwrap();
        assert_eq!(acts.iter().filter(|act| act.act == "written").count(), 1);
        assert_eq!(store.sent_with_content(&scope(), "content-9").await.unwrap(), None);
        let none = store.mark_written(&scope(), 9, at()).await;
        assert!(matches!(none, Err(StoreError::NoSuchSent(_))), "{none:?}");
    });
}

#[test]
fn a_content_that_was_corrected_is_not_found_again() {
    with_store(async |store| {
        send(&store, &new_sent(1, SentKind::Submission)).await.unwrap();
        let correction =
            NewSent { corrects: Some("digest-1".to_owned()), ..new_sent(2, SentKind::Submission) };
        send(&store, &correction).await.unwrap();
        assert_eq!(store.sent_with_content(&scope(), "content-1").await.unwrap(), None);
        assert_eq!(store.sent(&scope()).await.unwrap()[0].corrected_by, Some(2));
        // What was right at first is right again: another file of the same content.
        let back = NewSent {
            corrects: Some("digest-2".to_owned()),
            content_digest: "content-1".to_owned(),
            ..new_sent(3, SentKind::Submission)
        };
        send(&store, &back).await.unwrap();
        let found = store.sent_with_content(&scope(), "content-1").await.unwrap().unwrap();
        assert_eq!(found.sent.sequence, 3);
    });
}

#[test]
fn only_the_last_file_can_be_discarded_and_only_unwritten() {
    with_store(async |store| {
        send(&store, &new_sent(1, SentKind::Submission)).await.unwrap();
        send(&store, &new_sent(2, SentKind::Withdrawal)).await.unwrap();
        let refused = store.discard_unwritten(&scope(), 1, "why", at()).await;
        assert!(matches!(refused, Err(StoreError::NotDiscardable(1))), "{refused:?}");
        store.discard_unwritten(&scope(), 2, "the records have changed", at()).await.unwrap();
        let other = NewSent { digest: "other".to_owned(), ..new_sent(2, SentKind::Submission) };
        send(&store, &other).await.unwrap();
        store.mark_written(&scope(), 2, at()).await.unwrap();
        let refused = store.discard_unwritten(&scope(), 2, "why", at()).await;
        assert!(matches!(refused, Err(StoreError::NotDiscardable(2))), "{refused:?}");
        let none = store.discard_unwritten(&scope(), 3, "why", at()).await;
        assert!(matches!(none, Err(StoreError::NoSuchSent(_))), "{none:?}");
    });
}

#[test]
fn many_records_go_in_one_file_and_a_person_may_stand_there_twice() {
    with_store(async |store| {
        let records = (0..2_500_u32).map(|number| {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&(number % 2_000).to_be_bytes());
            let id = OpaqueId(id);
            SentRecord { record: RecordKind::Victim, id, under_release_of: None }
        });
        let new = new_sent(1, SentKind::Submission);
        store.record_sent(&scope(), &new, records, &[], at()).await.unwrap();
        assert_eq!(store.sent(&scope()).await.unwrap().len(), 1);
    });
}
