//! The lock before the keys of an installation: a passphrase opens it, or both halves of a code.
//!
//! In: a passphrase. Out: what is stored ([`Lock`]), the key that it locks away ([`LockKey`]), and the
//! two halves for the day on which the passphrase is lost. The key is wrapped as a member's key is
//! ([`crate::Wrapped`]), once for each of the two ways in.

use zeroize::Zeroizing;

use crate::bound::Bound;
use crate::form::{KEY_FILE, LOCK};
use crate::symmetric::Symmetric;
use crate::withheld::withhold;
use crate::{
    Half, HalfError, MemberId, MemberKey, MemberPublicKey, Passphrase, PassphraseCost,
    SealingError, Wrapped,
};

const FILES: &str = "Clearway 2026-12 sealing of an installation's keys";
/// An installation is no member; members are counted from 1.
const INSTALLATION: MemberId = MemberId(0);
const PUBLIC_BYTES: usize = 34;
const BY_PASSPHRASE_BYTES: usize = 119;

/// What is stored of a lock. It opens nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    public: MemberPublicKey,
    by_passphrase: Wrapped,
    by_halves: Wrapped,
}

/// The key behind a lock, which seals the other keys. Wiped when dropped; prints `[withheld]`.
pub struct LockKey {
    key: MemberKey,
    files: Symmetric,
}

withhold!(LockKey);

/// Why two halves do not open a lock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HalvesError {
    /// The halves themselves.
    #[error(transparent)]
    Half(#[from] HalfError),
    /// The lock.
    #[error(transparent)]
    Lock(#[from] SealingError),
}

impl Lock {
    /// Makes a lock with a new key, and the two halves that open it too.
    ///
    /// # Errors
    ///
    /// [`SealingError::NoMemory`], [`SealingError::Chance`].
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::{Lock, Passphrase, PassphraseCost};
    ///
    /// let passphrase = Passphrase::new("seven herons over slow water", "")?;
    /// let (lock, key, [one, two]) = Lock::new(&passphrase, &PassphraseCost::LEAST)?;
    /// let sealed = key.seal("signing.key", b"made up")?;
    ///
    /// let again = Lock::from_bytes(&lock.to_bytes())?;
    /// let key = again.open_by_halves(&one, &two)?;
    /// assert_eq!(&key.open("signing.key", &sealed)?[..], b"made up");
    /// assert!(again.open_by_passphrase(&Passphrase::entered("another")?).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        passphrase: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<(Lock, LockKey, [Half; 2]), SealingError> {
        let key = LockKey::of(MemberKey::generate(INSTALLATION)?);
        let (lock, halves) = Lock::around(&key, passphrase, cost)?;
        Ok((lock, key, halves))
    }

    /// A new lock around the same key: the earlier passphrase and halves do not open it.
    ///
    /// # Errors
    ///
    /// [`SealingError::NoMemory`], [`SealingError::Chance`].
    pub fn around(
        key: &LockKey,
        passphrase: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<(Lock, [Half; 2]), SealingError> {
        let halves = Half::pair()?;
        let [one, two] = &halves;
        let secret = one.join(two).map_err(|_| LOCK.damaged())?;
        let lock = Lock {
            public: *key.key.public(),
            by_passphrase: Wrapped::by_passphrase(&key.key, passphrase, cost)?,
            by_halves: Wrapped::by_halves(&key.key, &secret)?,
        };
        Ok((lock, halves))
    }

    /// The lock with another passphrase; the halves stay as they are.
    ///
    /// # Errors
    ///
    /// [`SealingError::NoMemory`], [`SealingError::Chance`].
    pub fn with_passphrase(
        &self,
        key: &LockKey,
        passphrase: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<Lock, SealingError> {
        let by_passphrase = Wrapped::by_passphrase(&key.key, passphrase, cost)?;
        Ok(Lock { by_passphrase, ..self.clone() })
    }

    /// Opens the lock by its passphrase. Takes the memory and the time that its cost says.
    ///
    /// # Errors
    ///
    /// [`SealingError::WrongSecret`] for another passphrase; [`SealingError::Damaged`],
    /// [`SealingError::NoMemory`].
    pub fn open_by_passphrase(&self, passphrase: &Passphrase) -> Result<LockKey, SealingError> {
        Ok(LockKey::of(self.by_passphrase.unlock_by_passphrase(&self.public, passphrase)?))
    }

    /// Opens the lock by both halves, in either order.
    ///
    /// # Errors
    ///
    /// [`HalfError::SameHalf`]; [`SealingError::WrongSecret`] for the halves of another lock.
    pub fn open_by_halves(&self, one: &Half, other: &Half) -> Result<LockKey, HalvesError> {
        let secret = one.join(other)?;
        Ok(LockKey::of(self.by_halves.unlock_by_halves(&self.public, &secret)?))
    }

    /// Reads a lock; whether it opens is seen later.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`], [`SealingError::UnknownVersion`],
    /// [`SealingError::CostOutOfBounds`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Lock, SealingError> {
        let mut reader = LOCK.read(bytes)?;
        let public: [u8; PUBLIC_BYTES] = reader.take()?;
        let by_passphrase: [u8; BY_PASSPHRASE_BYTES] = reader.take()?;
        Ok(Lock {
            public: MemberPublicKey::from_bytes(INSTALLATION, &public)?,
            by_passphrase: Wrapped::from_bytes(&by_passphrase)?,
            by_halves: Wrapped::from_bytes(reader.rest())?,
        })
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = [self.public.to_bytes(), self.by_passphrase.to_bytes()];
        [&LOCK.begin()[..], &parts.concat(), &self.by_halves.to_bytes()].concat()
    }
}

impl LockKey {
    fn of(key: MemberKey) -> LockKey {
        let files = Symmetric::new(key.secret(), FILES);
        LockKey { key, files }
    }

    /// Seals the secret of one file.
    ///
    /// # Errors
    ///
    /// [`SealingError::TooLong`], [`SealingError::Chance`].
    pub fn seal(&self, file: &str, secret: &[u8]) -> Result<Vec<u8>, SealingError> {
        self.files.seal(&KEY_FILE, &Bound::new(file).finish(), secret)
    }

    /// Opens what was sealed for the file of that name.
    ///
    /// # Errors
    ///
    /// [`SealingError::DoesNotOpen`] for another key or file, [`SealingError::Damaged`],
    /// [`SealingError::UnknownVersion`].
    pub fn open(&self, file: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        self.files.open(&KEY_FILE, &Bound::new(file).finish(), sealed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COST: PassphraseCost = PassphraseCost::OF_TESTS;

    fn typed(text: &str) -> Passphrase {
        Passphrase::entered(text).unwrap()
    }

    #[test]
    fn a_lock_opens_by_its_passphrase_or_by_both_halves_and_by_nothing_else() {
        let (lock, key, [one, two]) = Lock::new(&typed("made up"), &COST).unwrap();
        let sealed = key.seal("a.key", b"secret").unwrap();
        let lock = Lock::from_bytes(&lock.to_bytes()).unwrap();
        let opened = lock.open_by_passphrase(&typed("made up")).unwrap();
        assert_eq!(&opened.open("a.key", &sealed).unwrap()[..], b"secret");
        assert!(opened.open("b.key", &sealed).is_err());
        let opened = lock.open_by_halves(&two, &one).unwrap();
        assert_eq!(&opened.open("a.key", &sealed).unwrap()[..], b"secret");

        let wrong = lock.open_by_passphrase(&typed("made")).unwrap_err();
        assert_eq!(wrong, SealingError::WrongSecret);
        let (other, other_key, [of_other, _]) = Lock::new(&typed("made up"), &COST).unwrap();
        assert!(other_key.open("a.key", &sealed).is_err());
        assert!(
            other.open_by_passphrase(&typed("made up")).unwrap().open("a.key", &sealed).is_err()
        );
        let mixed = lock.open_by_halves(&of_other, &two).unwrap_err();
        assert_eq!(mixed, HalvesError::Lock(SealingError::WrongSecret));
        let twice = lock.open_by_halves(&one, &one).unwrap_err();
        assert_eq!(twice, HalvesError::Half(HalfError::SameHalf));
    }

    #[test]
    fn another_passphrase_leaves_the_halves_and_a_new_lock_does_not() {
        let (lock, key, [one, two]) = Lock::new(&typed("made up"), &COST).unwrap();
        let sealed = key.seal("a.key", b"secret").unwrap();
        let changed = lock.with_passphrase(&key, &typed("another"), &COST).unwrap();
        assert!(changed.open_by_passphrase(&typed("made up")).is_err());
        assert!(changed.open_by_passphrase(&typed("another")).is_ok());
        assert!(changed.open_by_halves(&one, &two).is_ok());
        let (anew, [new_one, new_two]) = Lock::around(&key, &typed("a third"), &COST).unwrap();
        assert!(anew.open_by_halves(&one, &two).is_err());
        let opened = anew.open_by_halves(&new_one, &new_two).unwrap();
        assert_eq!(&opened.open("a.key", &sealed).unwrap()[..], b"secret");
    }

    #[test]
    fn a_damaged_lock_is_told_from_a_wrong_passphrase() {
        let (lock, ..) = Lock::new(&typed("made up"), &COST).unwrap();
        let bytes = lock.to_bytes();
        for at in 2 + PUBLIC_BYTES..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Lock::from_bytes(&changed).is_err(), "{at}");
        }
        for length in 0..bytes.len() {
            assert!(Lock::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Lock::from_bytes(&bytes).is_err());
        }
    }
}
