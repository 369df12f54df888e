use std::collections::BTreeSet;

use proptest::prelude::*;

use super::share::split;
use super::*;
use crate::secret::Secret;
use crate::{
    CompartmentId, CompartmentKey, MemberId, MemberKey, MemberPublicKey, SealingError, Suite,
};

fn compartment() -> CompartmentKey {
    CompartmentKey::generate(CompartmentId(3), Suite::Aes256Gcm).unwrap()
}

fn member(id: i64) -> MemberKey {
    MemberKey::generate(MemberId(id)).unwrap()
}

fn publics(officers: &[MemberKey]) -> Vec<MemberPublicKey> {
    officers.iter().map(|officer| *officer.public()).collect()
}

/// A compartment with three officers (21, 22, 23) and a member (7) who asks with a new key.
struct Office {
    compartment: CompartmentKey,
    officers: Vec<MemberKey>,
    shares: Vec<SealedShare>,
    new_key: MemberKey,
    request: RecoveryRequest,
}

impl Office {
    fn open() -> Office {
        let (compartment, officers, new_key) =
            (compartment(), Vec::from([21, 22, 23].map(member)), member(7));
        let shares = compartment.recovery_shares(&publics(&officers), 1).unwrap();
        let request = ask(&compartment, &new_key);
        Office { compartment, officers, shares, new_key, request }
    }

    fn share(&self, officer: i64, other: i64) -> &SealedShare {
        let wanted = |share: &&SealedShare| {
            share.officer() == MemberId(officer) && share.other_officer() == MemberId(other)
        };
        self.shares.iter().find(wanted).unwrap()
    }

    fn officer(&self, id: i64) -> &MemberKey {
        self.officers.iter().find(|officer| officer.public().member() == MemberId(id)).unwrap()
    }

    fn handed(&self, officer: i64, other: i64) -> HandedShare {
        self.share(officer, other).hand_over(self.officer(officer), &self.request).unwrap()
    }

    fn combine(
        &self,
        first: &HandedShare,
        second: &HandedShare,
    ) -> Result<CompartmentKey, RecoveryError> {
        self.request.combine(&self.new_key, first, second)
    }
}

fn ask(compartment: &CompartmentKey, key: &MemberKey) -> RecoveryRequest {
    RecoveryRequest::new(RequestId::generate().unwrap(), *key.public(), *compartment.public())
}

#[test]
fn two_officers_recover() {
    let office = Office::open();
    let (first, second) = (office.handed(21, 22), office.handed(22, 21));
    for (one, two) in [(&first, &second), (&second, &first)] {
        let recovered = office.combine(one, two).unwrap();
        assert_eq!(recovered.secret().bytes(), office.compartment.secret().bytes());
    }
}

#[test]
fn two_different_people_are_needed() {
    let compartment = compartment();
    let one = member(21);
    let make = |officers: &[MemberPublicKey]| compartment.recovery_shares(officers, 1).err();
    assert_eq!(make(&[]), Some(RecoveryError::TooFewOfficers { officers: 0 }));
    assert_eq!(make(&[*one.public()]), Some(RecoveryError::TooFewOfficers { officers: 1 }));
    let same = Some(RecoveryError::SamePerson { officer: MemberId(21) });
    assert_eq!(make(&[*one.public(), *member(22).public(), *member(21).public()]), same);
    let same_key = MemberPublicKey::from_bytes(MemberId(22), &one.public().to_bytes()).unwrap();
    let same = Some(RecoveryError::SamePerson { officer: MemberId(22) });
    assert_eq!(make(&[*one.public(), same_key]), same);
}

#[test]
fn only_its_officer_hands_a_share_over_and_not_to_herself() {
    let office = Office::open();
    let share = office.share(21, 22);
    let refused = share.hand_over(office.officer(22), &office.request).unwrap_err();
    assert_eq!(refused, RecoveryError::OtherOfficer { officer: MemberId(21) });
    // Her number, and not her key.
    let refused = share.hand_over(&member(21), &office.request).unwrap_err();
    assert_eq!(refused, SealingError::DoesNotOpen { what: "recovery share" }.into());
    let own = ask(&office.compartment, &member(21));
    let refused = share.hand_over(office.officer(21), &own).unwrap_err();
    assert_eq!(refused, RecoveryError::OwnRequest);
    let bytes = office.officer(21).public().to_bytes();
    let own_key = MemberPublicKey::from_bytes(MemberId(7), &bytes).unwrap();
    let own = RecoveryRequest::new(own.id(), own_key, *office.compartment.public());
    let refused = share.hand_over(office.officer(21), &own).unwrap_err();
    assert_eq!(refused, RecoveryError::OwnRequest);
}

#[test]
fn a_share_of_another_compartment_is_not_handed_over() {
    let office = Office::open();
    let request = ask(&compartment(), &office.new_key);
    let refused = office.share(21, 22).hand_over(office.officer(21), &request).unwrap_err();
    assert_eq!(refused, SealingError::DoesNotOpen { what: "recovery share" }.into());
}

#[test]
fn two_shares_of_one_officer_are_refused() {
    let office = Office::open();
    let one_officer = Some(RecoveryError::OneOfficer { officer: MemberId(21) });
    let (first, second) = (office.handed(21, 22), office.handed(21, 23));
    assert_eq!(office.combine(&first, &second).err(), one_officer);
    assert_eq!(office.combine(&first, &first).err(), one_officer);
}

#[test]
fn shares_of_different_pairs_are_refused() {
    let office = Office::open();
    let pairs = [(21, 22, 23, 21), (21, 22, 22, 23), (21, 23, 22, 23), (22, 23, 21, 22)];
    for (first, with, second, and) in pairs {
        let (one, two) = (office.handed(first, with), office.handed(second, and));
        let (first, second) = (MemberId(first), MemberId(second));
        let refused = office.combine(&one, &two).unwrap_err();
        assert_eq!(refused, RecoveryError::OtherPair { first, second });
    }
}

#[test]
fn shares_of_different_generations_are_refused() {
    let office = Office::open();
    let first = office.handed(21, 22);
    let shares = office.compartment.recovery_shares(&publics(&office.officers), 2).unwrap();
    let later = Office { shares, ..office };
    assert_eq!(later.share(22, 21).generation(), 2);
    let refused = later.combine(&first, &later.handed(22, 21)).unwrap_err();
    assert_eq!(refused, RecoveryError::OtherGeneration { first: 1, second: 2 });
}

#[test]
fn shares_for_another_request_are_refused() {
    let office = Office::open();
    let another = ask(&office.compartment, &office.new_key);
    let second = office.share(22, 21).hand_over(office.officer(22), &another).unwrap();
    let first = office.handed(21, 22);
    let refused = office.combine(&first, &second).unwrap_err();
    assert_eq!(refused, RecoveryError::OtherRequest);
    // Renamed to this request, it does not open.
    let mut bytes = second.to_bytes();
    bytes[2..18].copy_from_slice(office.request.id().bytes());
    let renamed = HandedShare::from_bytes(&bytes).unwrap();
    let refused = office.combine(&first, &renamed).unwrap_err();
    assert_eq!(refused, SealingError::DoesNotOpen { what: "handed share" }.into());
}

#[test]
fn only_the_key_of_the_request_combines() {
    let office = Office::open();
    let (first, second) = (office.handed(21, 22), office.handed(22, 21));
    let refused = office.request.combine(&member(7), &first, &second).unwrap_err();
    assert_eq!(refused, RecoveryError::OtherMember);
    // A request of the same id with another key.
    let thief = member(7);
    let request =
        RecoveryRequest::new(office.request.id(), *thief.public(), *office.compartment.public());
    let refused = request.combine(&thief, &first, &second).unwrap_err();
    assert_eq!(refused, SealingError::DoesNotOpen { what: "handed share" }.into());
}

#[test]
fn an_officer_who_hands_over_something_else_is_noticed() {
    let office = Office::open();
    let of = office.share(22, 21).of();
    let made_up = HandedShare::make(&office.request, of, &Secret::random().unwrap()).unwrap();
    let refused = office.combine(&office.handed(21, 22), &made_up).unwrap_err();
    assert_eq!(refused, SealingError::OtherKey.into());
}

#[test]
fn every_changed_bit_and_every_cut_is_refused() {
    let office = Office::open();
    let whole = office.share(21, 22).to_bytes();
    assert_eq!(whole.len(), 102);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        let handed = SealedShare::from_bytes(&bytes)
            .map_err(RecoveryError::from)
            .and_then(|share| share.hand_over(office.officer(21), &office.request));
        assert!(handed.is_err(), "byte {at}");
        assert!(SealedShare::from_bytes(&whole[..at]).is_err(), "cut at {at}");
    }
    let (whole, second) = (office.handed(21, 22).to_bytes(), office.handed(22, 21));
    assert_eq!(whole.len(), 118);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        let combined = HandedShare::from_bytes(&bytes)
            .map_err(RecoveryError::from)
            .and_then(|first| office.combine(&first, &second));
        assert!(combined.is_err(), "byte {at}");
        assert!(HandedShare::from_bytes(&whole[..at]).is_err(), "cut at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    /// Every two of the officers recover, from stored bytes; all shares are different.
    #[test]
    fn every_pair_recovers(officers in 2..5i64, aes: bool) {
        let suite = if aes { Suite::Aes256Gcm } else { Suite::ChaCha20Poly1305 };
        let compartment = CompartmentKey::generate(CompartmentId(3), suite).unwrap();
        let officers: Vec<MemberKey> = (1..=officers).map(member).collect();
        let shares = compartment.recovery_shares(&publics(&officers), 4).unwrap();
        prop_assert_eq!(shares.len(), officers.len() * (officers.len() - 1));
        let new_key = member(70);
        let request = ask(&compartment, &new_key);
        let mut plain = BTreeSet::new();
        for pair in shares.chunks(2) {
            let handed: Vec<HandedShare> = pair.iter().map(|share| {
                let share = SealedShare::from_bytes(&share.to_bytes()).unwrap();
                let is_hers = |key: &&MemberKey| key.public().member() == share.officer();
                let officer = officers.iter().find(is_hers).unwrap();
                plain.insert(*share.open(officer, compartment.public()).unwrap().bytes());
                let handed = share.hand_over(officer, &request).unwrap();
                HandedShare::from_bytes(&handed.to_bytes()).unwrap()
            }).collect();
            let recovered = request.combine(&new_key, &handed[0], &handed[1]).unwrap();
            prop_assert_eq!(recovered.secret().bytes(), compartment.secret().bytes());
        }
        prop_assert_eq!(plain.len(), shares.len());
        prop_assert!(!plain.contains(compartment.secret().bytes()));
    }
}

proptest! {
    /// Whichever of the two shares an officer has: for every secret there is exactly one other share
    /// with which it gives that secret.
    #[test]
    fn a_share_alone_fits_every_secret(secret: [u8; 32], any_other: [u8; 32]) {
        let secret = Secret::copy_of(&secret).unwrap();
        let any_other = Secret::copy_of(&any_other).unwrap();
        let (random, masked) = split(&secret).unwrap();
        let together = random.xor(&masked);
        prop_assert_eq!(together.bytes(), secret.bytes());
        for share in [random, masked] {
            let counterpart = share.xor(&any_other);
            let together = share.xor(&counterpart);
            prop_assert_eq!(together.bytes(), any_other.bytes());
        }
    }

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..130)) {
        let _ = SealedShare::from_bytes(&bytes);
        let _ = HandedShare::from_bytes(&bytes);
        let _ = SealedShare::from_bytes(&[&[6, 1][..], &bytes].concat());
        let _ = HandedShare::from_bytes(&[&[7, 1][..], &bytes].concat());
    }
}

/// Whether the bits of shares of one fixed secret are even: of 32 768 bits of each of the two shares,
/// the ones lie within 6 standard deviations (543) of half.
#[test]
fn the_bits_of_either_share_are_even() {
    let secret = Secret::copy_of(&[0xff; 32]).unwrap();
    let mut ones = [0u32; 2];
    for _ in 0..128 {
        let (random, masked) = split(&secret).unwrap();
        for (ones, share) in ones.iter_mut().zip([random, masked]) {
            *ones += share.bytes().iter().map(|byte| byte.count_ones()).sum::<u32>();
        }
    }
    assert!(ones.iter().all(|ones| ones.abs_diff(16_384) < 543), "{ones:?}");
}
