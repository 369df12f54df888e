use std::slice::from_ref;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::FORMAT;

fn quarter(number: i16) -> Quarter {
    Quarter::new(2026 + number.div_euclid(4), i8::try_from(number.rem_euclid(4)).unwrap() + 1)
        .unwrap()
}

fn manifest(sequence: u64, previous: Option<&Known>, quarters: (i16, i16)) -> Manifest {
    Manifest {
        format: FORMAT,
        kind: ManifestKind::Submission,
        agency: "practice-police-1".to_owned(),
        practice: true,
        first_quarter: quarter(quarters.0),
        last_quarter: quarter(quarters.1),
        calendar_offset_days: 0,
        definition_version: "2026.1".to_owned(),
        as_of: date(2026, 10, 5),
        recipient: String::new(),
        sequence,
        previous: previous.map(|known| known.digest.clone()),
        corrects: None,
        linkage_key_fingerprint: None,
        modes: Vec::new(),
        tables: Vec::new(),
        encodings: None,
        totals: None,
        withdrawn: None,
    }
}

fn known(manifest: &Manifest, state: State) -> Known {
    Known {
        kind: manifest.kind,
        place: manifest.sequence,
        sequence: manifest.sequence,
        digest: manifest.digest(),
        first_quarter: manifest.first_quarter,
        last_quarter: manifest.last_quarter,
        corrects: manifest.corrects.clone(),
        state,
    }
}

fn refused(known: &[Known], manifest: &Manifest) -> OutOfPlace {
    match judge(known, None, manifest) {
        Verdict::Refused(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_come_one_after_the_other() {
    let first = manifest(1, None, (0, 0));
    assert_eq!(judge(&[], None, &first), Verdict::New);
    let one = known(&first, State::Stands);
    assert_eq!(judge(from_ref(&one), None, &first), Verdict::Already);
    let second = manifest(2, Some(&one), (1, 1));
    assert_eq!(judge(from_ref(&one), None, &second), Verdict::New);
    assert_eq!(refused(&[], &second), OutOfPlace::Gap { expected: 1, found: 2 });
    let two = known(&second, State::Stands);
    let fourth = manifest(4, Some(&two), (3, 3));
    // The order in which they are known changes nothing.
    let gap = OutOfPlace::Gap { expected: 3, found: 4 };
    assert_eq!(refused(&[two.clone(), one.clone()], &fourth), gap);
    assert_eq!(refused(&[one, two], &fourth), gap);
}

#[test]
fn nothing_is_slipped_in() {
    let one = known(&manifest(1, None, (0, 0)), State::Stands);
    let two = known(&manifest(2, Some(&one), (1, 1)), State::Stands);
    let all = [one.clone(), two];
    let out = |found| OutOfPlace::OutOfChain { expected: 3, found };
    // Another file 2, and a file 3 that follows another file 2.
    assert_eq!(refused(&all, &manifest(2, Some(&one), (5, 5))), out(2));
    assert_eq!(refused(&all, &manifest(3, Some(&one), (5, 5))), out(3));
    assert_eq!(refused(&all, &manifest(3, None, (5, 5))), out(3));
    assert_eq!(refused(&all, &manifest(0, None, (5, 5))), out(0));
}

#[test]
fn what_was_replaced_or_taken_out_is_not_taken_in_again() {
    let first = manifest(1, None, (0, 0));
    let replaced = known(&first, State::Replaced { by: 2 });
    let why = refused(&[replaced], &first);
    assert_eq!(why, OutOfPlace::ReplayedOld { sequence: 1, state: State::Replaced { by: 2 } });
    insta::assert_snapshot!(why, @"this is file 1 of the agency again, which file 2 has replaced; nothing was changed");
    let why = refused(&[known(&first, State::Withdrawn)], &first);
    insta::assert_snapshot!(why, @"this is file 1 of the agency again, which the clearinghouse has taken out; nothing was changed");
}

#[test]
fn a_correction_names_what_it_replaces() {
    let one = known(&manifest(1, None, (0, 1)), State::Stands);
    let mut again = manifest(2, Some(&one), (1, 2));
    let (first_quarter, last_quarter) = (quarter(0), quarter(1));
    let overlaps = OutOfPlace::Overlaps { sequence: 1, first_quarter, last_quarter };
    assert_eq!(refused(from_ref(&one), &again), overlaps);
    again.corrects = Some(one.digest.clone());
    assert_eq!(judge(from_ref(&one), None, &again), Verdict::New);
    again.corrects = Some("0".repeat(64));
    assert_eq!(refused(from_ref(&one), &again), OutOfPlace::CorrectsUnknown);

    // Of two that it overlaps it can correct one only.
    let two = known(&manifest(2, Some(&one), (2, 2)), State::Stands);
    let mut both = manifest(3, Some(&two), (1, 2));
    both.corrects = Some(one.digest.clone());
    assert!(matches!(
        refused(&[one.clone(), two.clone()], &both),
        OutOfPlace::Overlaps { sequence: 2, .. }
    ));

    let old = Known { state: State::Replaced { by: 2 }, ..one.clone() };
    let mut late = manifest(3, Some(&two), (0, 1));
    late.corrects = Some(one.digest.clone());
    let why = refused(&[old, two.clone()], &late);
    assert_eq!(why, OutOfPlace::CorrectsReplaced { sequence: 1, by: 2 });
    let taken_out = Known { state: State::Withdrawn, ..one };
    assert_eq!(judge(&[taken_out, two], None, &late), Verdict::New);
}

#[test]
fn a_withdrawal_overlaps_nothing_and_is_corrected_by_nothing() {
    let one = known(&manifest(1, None, (0, 1)), State::Stands);
    let mut withdrawal = manifest(2, Some(&one), (0, 1));
    withdrawal.kind = ManifestKind::Withdrawal;
    assert_eq!(judge(from_ref(&one), None, &withdrawal), Verdict::New);
    let two = known(&withdrawal, State::Stands);
    assert_eq!(judge(&[one.clone(), two.clone()], None, &withdrawal), Verdict::Already);
    let mut correction = manifest(3, Some(&two), (4, 4));
    correction.corrects = Some(two.digest.clone());
    assert_eq!(refused(&[one, two], &correction), OutOfPlace::CorrectsUnknown);
}

#[test]
fn a_file_whose_content_was_refused_keeps_its_number() {
    let first = manifest(1, None, (0, 1));
    let refused_first = known(&first, State::Refused);
    let why = refused(from_ref(&refused_first), &first);
    assert_eq!(why, OutOfPlace::RefusedAlready { sequence: 1 });
    insta::assert_snapshot!(why, @"this is file 1 of the agency again, whose content was refused; the agency should mend what the answer names and send a correction of it");
    // The next one follows it, as its correction or not, for the same quarters or others.
    let mut second = manifest(2, Some(&refused_first), (0, 1));
    assert_eq!(judge(from_ref(&refused_first), None, &second), Verdict::New);
    second.corrects = Some(first.digest());
    assert_eq!(judge(from_ref(&refused_first), None, &second), Verdict::New);
    assert_eq!(
        refused(from_ref(&refused_first), &manifest(2, None, (0, 1))),
        OutOfPlace::OutOfChain { expected: 2, found: 2 }
    );
}

#[test]
fn a_correction_of_a_refused_correction_replaces_what_stands() {
    let one = known(&manifest(1, None, (0, 1)), State::Stands);
    let correction = |sequence, previous: &Known, corrects: &Known| {
        let mut new = manifest(sequence, Some(previous), (0, 1));
        new.corrects = Some(corrects.digest.clone());
        new
    };
    let two = known(&correction(2, &one, &one), State::Refused);
    let three = known(&correction(3, &two, &two), State::Refused);
    let all = [three.clone(), one.clone(), two.clone()];
    let fourth = correction(4, &three, &three);
    assert_eq!(judge(&all, None, &fourth), Verdict::New);
    assert_eq!(judge(&all, None, &correction(4, &three, &one)), Verdict::New);
    // It takes the place of that one only.
    let overlaps = refused(&all, &manifest(4, Some(&three), (0, 1)));
    assert!(matches!(overlaps, OutOfPlace::Overlaps { sequence: 1, .. }));
    let replaced = Known { state: State::Replaced { by: 4 }, ..one };
    let all = [replaced, two, three, known(&fourth, State::Stands)];
    let late = correction(5, &all[3], &all[2]);
    assert_eq!(refused(&all, &late), OutOfPlace::CorrectsReplaced { sequence: 1, by: 4 });
}

/// What an agency that begins anew sends, and what the clearinghouse has of it from before.
fn begun(new_keys: bool) -> (Vec<Known>, Option<Beginning>) {
    let one = known(&manifest(1, None, (0, 0)), State::Stands);
    let two = known(&manifest(2, Some(&one), (1, 2)), State::Stands);
    (vec![one, two], Some(Beginning { after: 2, new_keys }))
}

fn at(place: u64, manifest: &Manifest) -> Known {
    Known { place, ..known(manifest, State::Stands) }
}

#[test]
fn a_lost_folder_begins_anew_with_file_1_once() {
    let (mut all, begun) = begun(false);
    let mut first = manifest(1, None, (3, 3));
    first.as_of = date(2026, 11, 5);
    assert_eq!(refused(&all, &first), OutOfPlace::OutOfChain { expected: 3, found: 1 });
    assert_eq!(judge(&all, begun, &first), Verdict::New);
    // Only from its first file on.
    let gap = Verdict::Refused(OutOfPlace::Gap { expected: 1, found: 2 });
    assert_eq!(judge(&all, begun, &manifest(2, None, (4, 4))), gap);
    all.push(at(3, &first));
    assert_eq!(judge(&all, begun, &first), Verdict::Already);
    let mut other = manifest(1, None, (4, 4));
    let out = |expected, found| Verdict::Refused(OutOfPlace::OutOfChain { expected, found });
    assert_eq!(judge(&all, begun, &other), out(2, 1));
    other = manifest(2, Some(&all[2]), (4, 4));
    assert_eq!(judge(&all, begun, &other), Verdict::New);
    // What was going on before goes on no more.
    assert_eq!(judge(&all, begun, &manifest(3, Some(&all[1]), (4, 4))), {
        Verdict::Refused(OutOfPlace::Gap { expected: 2, found: 3 })
    });
}

#[test]
fn a_restored_folder_goes_on_from_what_its_backup_knew() {
    let (all, begun) = begun(false);
    let mut second = manifest(2, Some(&all[0]), (1, 2));
    second.as_of = date(2026, 11, 5);
    assert_eq!(refused(&all, &second), OutOfPlace::OutOfChain { expected: 3, found: 2 });
    assert_eq!(judge(&all, begun, &second), Verdict::New);
    let taken: Vec<u64> = displaced(&all, begun, &second).iter().map(|one| one.place).collect();
    assert_eq!(taken, [2]);
    // The file before it was made, and never came.
    second.previous = Some("0".repeat(64));
    let gap = Verdict::Refused(OutOfPlace::Gap { expected: 1, found: 2 });
    assert_eq!(judge(&all, begun, &second), gap);
    // Nothing was wrong: it simply goes on.
    assert_eq!(judge(&all, begun, &manifest(3, Some(&all[1]), (3, 3))), Verdict::New);
}

#[test]
fn a_restored_folder_corrects_what_was_corrected_without_its_knowledge() {
    let (mut all, begun) = begun(false);
    all[0].state = State::Replaced { by: 2 };
    let mut second = manifest(2, Some(&all[0]), (0, 2));
    second.corrects = Some(all[0].digest.clone());
    assert_eq!(judge(&all, begun, &second), Verdict::New);
    assert_eq!(corrected(&all, begun, &second), Ok(None));
    let taken: Vec<u64> = displaced(&all, begun, &second).iter().map(|one| one.place).collect();
    assert_eq!(taken, [2]);
}

#[test]
fn nothing_from_before_a_new_beginning_is_doubled_or_halved() {
    let earlier = |first, last| {
        let (first_quarter, last_quarter) = (quarter(first), quarter(last));
        Verdict::Refused(OutOfPlace::EarlierStands { first_quarter, last_quarter })
    };
    let (all, begun) = begun(false);
    assert_eq!(judge(&all, begun, &manifest(1, None, (2, 3))), earlier(1, 2));
    assert_eq!(judge(&all, begun, &manifest(1, None, (1, 3))), Verdict::New);
    // With other keys the same person would be two.
    let new_keys = begun.map(|begun| Beginning { new_keys: true, ..begun });
    assert_eq!(judge(&all, new_keys, &manifest(1, None, (3, 3))), earlier(0, 2));
    let whole = manifest(1, None, (0, 3));
    assert_eq!(judge(&all, new_keys, &whole), Verdict::New);
    assert_eq!(displaced(&all, new_keys, &whole).len(), 2);
    insta::assert_snapshot!(
        OutOfPlace::EarlierStands { first_quarter: quarter(0), last_quarter: quarter(2) },
        @"what stands from before the agency began anew is about 2026-Q1 to 2026-Q3, and this file only about a part; the agency should send all of these quarters in one file (`--period 2026-Q1..2026-Q3`)"
    );
}

proptest! {
    /// Whatever comes in whatever order, what stands never overlaps, numbers have no gap, and each
    /// file that was let in is there once.
    #[test]
    fn what_stands_is_one_chain(
        tries in proptest::collection::vec(
            ((0..6u64, 0..6usize, 0..6usize, 0..4i16, 0..2i16), 0..4u8),
            0..40,
        ),
    ) {
        let mut all: Vec<Known> = Vec::new();
        for ((back, previous, corrects, first, length), content) in tries {
            let sequence = (all.len() as u64 + 1).saturating_sub(back / 3);
            // Mostly the last, sometimes another.
            let at = if previous < 4 { all.len().wrapping_sub(1) } else { previous - 4 };
            let mut new = manifest(sequence, all.get(at), (first, first + length));
            new.corrects = all.get(corrects).map(|known| known.digest.clone());
            match judge(&all, None, &new) {
                Verdict::New if content == 0 => {
                    all.push(known(&new, State::Refused));
                    let again = judge(&all, None, &new);
                    prop_assert_eq!(again, Verdict::Refused(OutOfPlace::RefusedAlready { sequence }));
                }
                Verdict::New => {
                    if let Some(one) = corrected(&all, None, &new).unwrap() {
                        let digest = one.digest.clone();
                        let one = all.iter_mut().find(|one| one.digest == digest).unwrap();
                        one.state = State::Replaced { by: sequence };
                    }
                    all.push(known(&new, State::Stands));
                    prop_assert_eq!(judge(&all, None, &new), Verdict::Already);
                }
                Verdict::Already => prop_assert!(all.iter().any(|one| one.digest == new.digest())),
                Verdict::Refused(_) => {}
            }
        }
        let numbers: Vec<u64> = all.iter().map(|one| one.sequence).collect();
        prop_assert_eq!(numbers, (1..=all.len() as u64).collect::<Vec<_>>());
        let stands: Vec<&Known> = all.iter().filter(|one| one.state == State::Stands).collect();
        for (at, a) in stands.iter().enumerate() {
            for b in &stands[at + 1..] {
                let apart = a.last_quarter < b.first_quarter || b.last_quarter < a.first_quarter;
                prop_assert!(apart);
            }
        }
    }
}
