use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::tests::{files, folder, new_ledger, private};
use super::*;

/// A ledger with two releases, one of them completed, as bytes.
fn written(folder: &TempDir) -> (Ledger, Vec<u8>) {
    let mut ledger = new_ledger(folder, "rho:0.5");
    drop(private(&mut ledger, "first", "0.1").unwrap().complete(files(), "2026-11-29").unwrap());
    drop(private(&mut ledger, "second", "0.2").unwrap());
    let ledger = Ledger::open(ledger.path()).unwrap();
    let bytes = fs::read(ledger.path()).unwrap();
    (ledger, bytes)
}

#[test]
fn a_line_left_out_or_moved_is_named() {
    let folder = folder();
    let (ledger, bytes) = written(&folder);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    for (order, line) in [
        (vec![0, 2, 3], 2),
        (vec![0, 1, 3], 3),
        (vec![0, 2, 1, 3], 2),
        (vec![0, 1, 1, 2, 3], 3),
        (vec![1, 2, 3], 1),
        (vec![], 1),
    ] {
        let changed: Vec<u8> =
            order.iter().flat_map(|&index: &usize| lines[index]).copied().collect();
        fs::write(ledger.path(), changed).unwrap();
        match Ledger::open(ledger.path()) {
            Err(LedgerError::Unverified { line: named, .. }) => {
                assert_eq!(named, line, "{order:?}")
            }
            other => panic!("{order:?}: {other:?}"),
        }
    }
    // Cut off at the end, it verifies, but its last hash is another.
    fs::write(ledger.path(), lines[..2].concat()).unwrap();
    assert_ne!(Ledger::open(ledger.path()).unwrap().head(), ledger.head());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever byte is changed: nothing goes on.
    #[test]
    fn any_changed_byte_is_found(at: prop::sample::Index, by in 1..=255_u8) {
        let folder = folder();
        let (mut ledger, mut bytes) = written(&folder);
        let at = at.index(bytes.len());
        bytes[at] ^= by;
        fs::write(ledger.path(), &bytes).unwrap();
        prop_assert!(Ledger::open(ledger.path()).is_err());
        prop_assert!(private(&mut ledger, "third", "0.1").is_err());
        prop_assert_eq!(fs::read(ledger.path()).unwrap(), bytes);
    }

    /// A crash at any byte of the last line loses no line before it, and the next one goes on.
    #[test]
    fn a_line_cut_short_is_taken_away(cut in 1..400_usize) {
        let folder = folder();
        let (mut ledger, bytes) = written(&folder);
        let start = bytes[..bytes.len() - 1].iter().rposition(|&byte| byte == b'\n').unwrap() + 1;
        let kept = (start + cut).min(bytes.len() - 1);
        fs::write(ledger.path(), &bytes[..kept]).unwrap();
        let read = Ledger::open(ledger.path()).unwrap();
        // All but the line break is a whole line: it counts.
        let whole = kept == bytes.len() - 1;
        prop_assert_eq!(read.interrupted(), !whole);
        prop_assert_eq!(read.entries().len(), if whole { 2 } else { 1 });
        drop(private(&mut ledger, "third", "0.1").unwrap());
        let after = Ledger::open(ledger.path()).unwrap();
        prop_assert!(!after.interrupted());
        prop_assert_eq!(after.entries().len(), if whole { 3 } else { 2 });
    }
}
