//! What secrets print instead of themselves.

/// Makes `Debug` print `[withheld]`.
macro_rules! withhold {
    ($secret:ty) => {
        impl std::fmt::Debug for $secret {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("[withheld]")
            }
        }
    };
}

pub(crate) use withhold;

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use crate::secret::Secret;
    use crate::{
        CompartmentId, CompartmentKey, MemberId, MemberKey, PasskeySecret, Passphrase,
        PassphraseCost, Place, RecoveryRequest, RequestId, Row, SessionSecret, Suite, TotpSecret,
        Wrapped, hex,
    };

    #[test]
    fn secrets_print_nothing_of_themselves() {
        let compartment = CompartmentKey::generate(CompartmentId(3), Suite::Aes256Gcm).unwrap();
        let member = MemberKey::generate(MemberId(7)).unwrap();
        let place = Place { table: "tip", row: Row::Number(1), field: "what_happened" };
        let sealed = compartment.public().seal(&place, b"made up").unwrap();
        let secrets: [&dyn Debug; 8] = [
            &Secret::random().unwrap(),
            &compartment,
            &member,
            &compartment.open(&place, &sealed).unwrap(),
            &Passphrase::entered("made up").unwrap(),
            &PasskeySecret::new(&[5; 32]).unwrap(),
            &SessionSecret::generate().unwrap(),
            &TotpSecret::generate().unwrap(),
        ];
        for secret in secrets {
            assert_eq!(format!("{secret:?} {secret:#?}"), "[withheld] [withheld]");
        }
    }

    /// What is stored prints what it is, and none of its bytes: nothing to be tried later.
    #[test]
    fn what_is_sealed_prints_what_it_is() {
        let compartment = CompartmentKey::generate(CompartmentId(3), Suite::Aes256Gcm).unwrap();
        let [officer, other, member] =
            [21, 22, 7].map(|id| MemberKey::generate(MemberId(id)).unwrap());
        let place = Place { table: "tip", row: Row::Number(1), field: "what_happened" };
        let sealed = compartment.public().seal(&place, b"made up").unwrap();
        assert_eq!(format!("{sealed:?}"), "Sealed(Aes256Gcm, 112 bytes)");
        assert_eq!(format!("{:?}", compartment.grant(member.public()).unwrap()), "Grant");
        let passphrase = Passphrase::entered("made up").unwrap();
        let wrapped = Wrapped::by_passphrase(&member, &passphrase, &PassphraseCost::OF_TESTS);
        assert_eq!(
            format!("{:?}", wrapped.unwrap()),
            "Wrapped(Passphrase(PassphraseCost { memory_kib: 32, passes: 1, lanes: 1 }))"
        );
        let officers = [*officer.public(), *other.public()];
        let shares = compartment.recovery_shares(&officers, 1).unwrap();
        let of = "ShareOf { officer: MemberId(21), other: MemberId(22), generation: 1 }";
        assert_eq!(format!("{:?}", shares[0]), format!("SealedShare({of})"));
        let id = RequestId::from_bytes([1; 16]);
        let request = RecoveryRequest::new(id, *member.public(), *compartment.public());
        let handed = shares[0].hand_over(&officer, &request).unwrap();
        let printed = format!("{handed:?} {request:?}");
        let secret = hex::encode(member.secret().bytes());
        assert!(printed.starts_with("HandedShare(RequestId("), "{printed}");
        assert!(!printed.contains(&secret[..8]));
    }
}
