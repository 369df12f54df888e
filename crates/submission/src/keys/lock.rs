//! The lock before the keys of a real installation: `keys/lock`.
//!
//! In: a passphrase, or both halves of the recovery code. Out: the keys. With the lock there, every other
//! file in the folder is sealed. The lock is written first and the files after it, so that a run that is
//! killed leaves a folder that its passphrase opens; opened again, what still lies open is sealed.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use sealing::{Half, HalvesError, Lock, LockKey, Passphrase, PassphraseCost, SealingError};

use super::{FOLDER, Keys, KeysError, key_file};
use crate::{files, hex};

pub(super) const FILE: &str = "lock";
const SAYS: &str = "# Clearway lock: the keys in this folder are sealed. Its passphrase opens them, or both halves of its recovery code.";
/// Where the fingerprint of the public keys stands, which is no secret.
const FINGERPRINT: &str = "fingerprint: ";

impl Keys {
    /// Makes the keys of a new installation behind a passphrase, and the two halves of its recovery
    /// code, which are shown once and kept by two people.
    ///
    /// # Errors
    ///
    /// [`KeysError::AlreadyThere`]; [`KeysError::Lock`] when there is no memory for the passphrase.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::{Passphrase, PassphraseCost};
    /// use submission::{Keys, KeysError};
    ///
    /// let data = tempfile::tempdir()?;
    /// let passphrase = Passphrase::new("seven herons over slow water", "")?;
    /// let (keys, [one, two]) =
    ///     Keys::create_locked(data.path(), &passphrase, &PassphraseCost::LEAST)?;
    ///
    /// assert!(matches!(Keys::open(data.path()), Err(KeysError::Locked { .. })));
    /// let typed = Passphrase::entered("seven herons over slow water")?;
    /// assert_eq!(Keys::unlock(data.path(), &typed)?.fingerprint(), keys.fingerprint());
    /// assert!(Keys::unlock_by_halves(data.path(), &two, &one).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create_locked(
        data: &Path,
        passphrase: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<(Keys, [Half; 2]), KeysError> {
        let (lock, key, halves) = Lock::new(passphrase, cost)?;
        Ok((Keys::make(data, Some((line(&lock), key)))?, halves))
    }

    /// Whether the keys are behind a passphrase.
    pub fn are_locked(data: &Path) -> bool {
        data.join(FOLDER).join(FILE).exists()
    }

    /// Opens the keys behind a passphrase. Takes the memory and the time that its cost says.
    ///
    /// # Errors
    ///
    /// [`KeysError::WrongPassphrase`]; [`KeysError::NotLocked`]; otherwise which file is missing or
    /// holds no key.
    pub fn unlock(data: &Path, passphrase: &Passphrase) -> Result<Keys, KeysError> {
        let key = read(data)?.open_by_passphrase(passphrase).map_err(|error| match error {
            SealingError::WrongSecret => KeysError::WrongPassphrase { folder: data.join(FOLDER) },
            other => other.into(),
        })?;
        Keys::behind(data, key)
    }

    /// Opens the keys by both halves of the recovery code, in either order.
    ///
    /// # Errors
    ///
    /// [`KeysError::Half`], [`KeysError::WrongHalves`]; otherwise as [`Keys::unlock`].
    pub fn unlock_by_halves(data: &Path, one: &Half, other: &Half) -> Result<Keys, KeysError> {
        let key = read(data)?.open_by_halves(one, other).map_err(|error| match error {
            HalvesError::Half(half) => KeysError::Half(half),
            HalvesError::Lock(SealingError::WrongSecret) => {
                KeysError::WrongHalves { folder: data.join(FOLDER) }
            }
            HalvesError::Lock(other) => other.into(),
            _ => KeysError::WrongHalves { folder: data.join(FOLDER) },
        })?;
        Keys::behind(data, key)
    }

    fn behind(data: &Path, key: LockKey) -> Result<Keys, KeysError> {
        let keys = Keys::read(data, Some(key))?;
        keys.seal_files()?;
        Ok(keys)
    }

    /// Puts keys behind a new passphrase and a new recovery code. What opened them before opens them no
    /// more.
    ///
    /// # Errors
    ///
    /// [`KeysError::Write`], [`KeysError::Lock`].
    pub fn lock(
        &mut self,
        passphrase: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<[Half; 2], KeysError> {
        let (lock, halves) = match &self.lock {
            Some(key) => Lock::around(key, passphrase, cost)?,
            None => {
                let (lock, key, halves) = Lock::new(passphrase, cost)?;
                self.lock = Some(Arc::new(key));
                (lock, halves)
            }
        };
        self.write_lock(&lock)?;
        self.seal_files()?;
        Ok(halves)
    }

    /// Sets another passphrase; the recovery code stays as it is.
    ///
    /// # Errors
    ///
    /// [`KeysError::NotLocked`], [`KeysError::Write`], [`KeysError::Lock`].
    pub fn set_passphrase(
        &self,
        passphrase: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<(), KeysError> {
        let Some(key) = &self.lock else {
            return Err(KeysError::NotLocked { folder: self.folder.clone() });
        };
        let data = files::folder_of(&self.folder);
        self.write_lock(&read(data)?.with_passphrase(key, passphrase, cost)?)
    }

    /// The fingerprint of an installation's public keys, which needs no passphrase.
    ///
    /// # Errors
    ///
    /// As [`Keys::open`], without the lock.
    pub fn public_fingerprint(data: &Path) -> Result<String, KeysError> {
        if !Keys::are_locked(data) {
            return Ok(Keys::open(data)?.fingerprint());
        }
        let text = text(data)?;
        let said = text.lines().find_map(|line| line.strip_prefix(FINGERPRINT));
        said.map(str::to_owned).ok_or_else(|| not_a_lock(data))
    }

    fn write_lock(&self, lock: &Lock) -> Result<(), KeysError> {
        let text = with_fingerprint(&line(lock), &self.fingerprint());
        files::write(&self.folder.join(FILE), text.as_bytes())
            .map_err(|source| KeysError::Write { source })
    }

    /// Seals every key file that lies open.
    fn seal_files(&self) -> Result<(), KeysError> {
        let Some(key) = &self.lock else { return Ok(()) };
        let found = files::named(&self.folder, "", ".key")
            .map_err(|source| KeysError::Unreadable { file: self.folder.clone(), source })?;
        found.iter().try_for_each(|path| key_file::seal(path, key))
    }
}

/// The text of a lock's file.
pub(super) fn with_fingerprint(line: &str, fingerprint: &str) -> String {
    format!("{SAYS}\n{FINGERPRINT}{fingerprint}\n{line}\n")
}

fn line(lock: &Lock) -> String {
    hex::encode(&lock.to_bytes())
}

fn read(data: &Path) -> Result<Lock, KeysError> {
    let text = text(data)?;
    let line = text.lines().next_back().and_then(hex::decode_any);
    Ok(Lock::from_bytes(&line.ok_or_else(|| not_a_lock(data))?)?)
}

fn text(data: &Path) -> Result<String, KeysError> {
    let (folder, file) = (data.join(FOLDER), data.join(FOLDER).join(FILE));
    match (folder.is_dir(), file.exists()) {
        (false, _) => Err(KeysError::None { folder }),
        (true, false) => Err(KeysError::NotLocked { folder }),
        (true, true) => {
            fs::read_to_string(&file).map_err(|source| KeysError::Unreadable { file, source })
        }
    }
}

fn not_a_lock(data: &Path) -> KeysError {
    KeysError::NotAKey { file: data.join(FOLDER).join(FILE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_linkage_key;

    const COST: PassphraseCost = PassphraseCost::LEAST;

    fn typed(text: &str) -> Passphrase {
        Passphrase::entered(text).unwrap()
    }

    /// Every file of the folder, as one text.
    fn files_of(data: &Path) -> String {
        let mut all = String::new();
        for file in fs::read_dir(data.join(FOLDER)).unwrap() {
            all.push_str(&fs::read_to_string(file.unwrap().path()).unwrap());
        }
        all
    }

    #[test]
    fn locked_keys_open_by_passphrase_or_halves_and_lie_nowhere_in_clear() {
        let data = tempfile::tempdir().unwrap();
        let data = data.path();
        let (made, [one, two]) = Keys::create_locked(data, &typed("made up"), &COST).unwrap();
        let linkage = new_linkage_key().unwrap();
        made.keep_linkage_key("state", &linkage).unwrap();
        assert!(Keys::are_locked(data));
        assert!(matches!(Keys::open(data), Err(KeysError::Locked { .. })));
        assert_eq!(Keys::public_fingerprint(data).unwrap(), made.fingerprint());

        let all = files_of(data);
        for secret in [&made.signing.to_bytes(), &*made.record_ids, &*made.records, &*linkage] {
            assert!(!all.contains(&hex::encode(secret)));
        }
        assert!(!all.contains("AGE-SECRET-KEY"));

        let unlocked = Keys::unlock(data, &typed("made up")).unwrap();
        assert_eq!(*unlocked.linkage_key("state").unwrap(), *linkage);
        assert_eq!(unlocked.linkage_keys().unwrap(), ["state"]);
        assert_eq!(*unlocked.records, *made.records);
        let by_halves = Keys::unlock_by_halves(data, &one, &two).unwrap();
        assert_eq!(*by_halves.record_ids, *made.record_ids);

        let wrong = Keys::unlock(data, &typed("made")).unwrap_err();
        assert!(matches!(wrong, KeysError::WrongPassphrase { .. }));
        let same = Keys::unlock_by_halves(data, &one, &one).unwrap_err();
        assert!(matches!(same, KeysError::Half(_)));
        let other = tempfile::tempdir().unwrap();
        let (_, [of_other, _]) = Keys::create_locked(other.path(), &typed("x"), &COST).unwrap();
        let mixed = Keys::unlock_by_halves(data, &of_other, &two).unwrap_err();
        assert!(matches!(mixed, KeysError::WrongHalves { .. }));
    }

    #[test]
    fn a_lost_passphrase_gives_a_new_one_and_a_new_code() {
        let data = tempfile::tempdir().unwrap();
        let data = data.path();
        let (made, [one, two]) = Keys::create_locked(data, &typed("made up"), &COST).unwrap();
        Keys::unlock(data, &typed("made up"))
            .unwrap()
            .set_passphrase(&typed("next"), &COST)
            .unwrap();
        assert!(Keys::unlock(data, &typed("made up")).is_err());
        assert!(Keys::unlock(data, &typed("next")).is_ok());
        let mut recovered = Keys::unlock_by_halves(data, &one, &two).unwrap();
        let [new_one, new_two] = recovered.lock(&typed("a third"), &COST).unwrap();
        assert!(Keys::unlock_by_halves(data, &one, &two).is_err());
        assert!(Keys::unlock_by_halves(data, &new_one, &new_two).is_ok());
        let opened = Keys::unlock(data, &typed("a third")).unwrap();
        assert_eq!(*opened.records, *made.records);
        assert_eq!(opened.fingerprint(), made.fingerprint());
    }

    #[test]
    fn open_keys_are_locked_later_and_a_killed_run_is_finished() {
        let data = tempfile::tempdir().unwrap();
        let data = data.path();
        let mut keys = Keys::create(data).unwrap();
        keys.keep_linkage_key("state", &[7; 32]).unwrap();
        assert!(matches!(
            keys.set_passphrase(&typed("x"), &COST),
            Err(KeysError::NotLocked { .. })
        ));
        assert!(matches!(Keys::unlock(data, &typed("x")), Err(KeysError::NotLocked { .. })));
        let open = fs::read_to_string(data.join("keys/signing.key")).unwrap();
        keys.lock(&typed("made up"), &COST).unwrap();
        assert!(!files_of(data).contains(&hex::encode(&[7; 32])));
        let again = Keys::unlock(data, &typed("made up")).unwrap();
        assert_eq!(again.fingerprint(), keys.fingerprint());

        // Killed after the lock was written and before this file was sealed.
        fs::write(data.join("keys/signing.key"), &open).unwrap();
        assert!(matches!(Keys::open(data), Err(KeysError::Locked { .. })));
        Keys::unlock(data, &typed("made up")).unwrap();
        assert_ne!(fs::read_to_string(data.join("keys/signing.key")).unwrap(), open);
        assert!(Keys::unlock(data, &typed("made up")).is_ok());
    }

    #[test]
    fn sealed_files_are_not_to_be_exchanged_or_damaged() {
        let data = tempfile::tempdir().unwrap();
        let data = data.path();
        Keys::create_locked(data, &typed("made up"), &COST).unwrap();
        let at = |name: &str| data.join(FOLDER).join(name);
        let ids = fs::read(at("record-ids.key")).unwrap();
        let records = fs::read(at("records.key")).unwrap();
        fs::write(at("records.key"), &ids).unwrap();
        let exchanged = Keys::unlock(data, &typed("made up")).unwrap_err();
        assert!(matches!(exchanged, KeysError::NotAKey { .. }));
        fs::write(at("records.key"), &records).unwrap();
        fs::write(at(FILE), "no lock\n").unwrap();
        assert!(matches!(
            Keys::unlock(data, &typed("made up")).unwrap_err(),
            KeysError::NotAKey { .. } | KeysError::Lock(_)
        ));
    }
}
