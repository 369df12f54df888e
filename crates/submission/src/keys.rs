//! An installation's secret keys: four files in `DIR/keys/`, and the linkage keys beside them.
//!
//! In: the data folder, and the passphrase where there is a lock. Out: [`Keys`], which signs, decrypts,
//! makes opaque ids and opens the own records, and never shows what it holds. The folder appears as a
//! whole or not at all; every file can be read by its owner alone and says in its first line what it
//! is. The keys of a practice installation lie open; those of a real one are sealed behind `keys/lock`.

mod error;
mod key_file;
mod lock;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use ed25519_dalek::{Signer, SigningKey};
use records::record::OpaqueIds;
use sealing::{LockKey, RecordsKey};
use zeroize::Zeroizing;

pub use error::KeysError;

use crate::signature::Signed;
use crate::{files, fingerprint};

const FOLDER: &str = "keys";
const NEW_FOLDER: &str = ".keys-new-";
const SIGNING: &str = "signing.key";
const RECEIVING: &str = "receiving.key";
const RECORD_IDS: &str = "record-ids.key";
const RECORDS: &str = "records.key";

/// The secret keys of one installation.
#[derive(Clone)]
pub struct Keys {
    folder: PathBuf,
    signing: SigningKey,
    receiving: Identity,
    record_ids: Zeroizing<[u8; 32]>,
    records: Zeroizing<[u8; 32]>,
    /// What seals the files, when they are behind a lock.
    lock: Option<Arc<LockKey>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Keys {
    /// Makes the keys of a new installation in `data/keys/`. They lie open: for a practice
    /// installation, in which nothing is about anybody.
    ///
    /// # Errors
    ///
    /// [`KeysError::AlreadyThere`] when there are some: they are never replaced, because nobody
    /// could read what was sent to the old ones, and every opaque id would change.
    ///
    /// # Examples
    ///
    /// ```
    /// use submission::Keys;
    ///
    /// let data = tempfile::tempdir()?;
    /// let keys = Keys::create(data.path())?;
    /// assert_eq!(Keys::open(data.path())?.fingerprint(), keys.fingerprint());
    /// assert_eq!(format!("{keys:?}"), "[secret]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create(data: &Path) -> Result<Keys, KeysError> {
        Keys::make(data, None)
    }

    /// Makes new keys; with a lock, its text and its key.
    fn make(data: &Path, lock: Option<(String, LockKey)>) -> Result<Keys, KeysError> {
        let folder = data.join(FOLDER);
        if folder.exists() {
            return Err(KeysError::AlreadyThere { folder });
        }
        let write = |source| KeysError::Write { source };
        files::create_folder(data).map_err(write)?;
        for stale in files::named(data, NEW_FOLDER, "").map_err(write)? {
            fs::remove_dir_all(stale).map_err(write)?;
        }
        let (lock_text, lock) = lock.unzip();
        let keys = Keys {
            folder: folder.clone(),
            signing: SigningKey::from_bytes(&*random()?),
            receiving: Identity::generate(),
            record_ids: random()?,
            records: random()?,
            lock: lock.map(Arc::new),
        };
        let new = files::temporary_folder(data, NEW_FOLDER).map_err(write)?;
        let put = |name: &str, says: &str, secret: &str| {
            let path = new.path().join(name);
            let text = key_file::text(&path, says, secret, keys.lock.as_deref())?;
            files::write_new(&path, text.as_bytes()).map_err(write)
        };
        let hex = |bytes: &[u8; 32]| Zeroizing::new(crate::hex::encode(bytes));
        put(SIGNING, key_file::SIGNING, &hex(&Zeroizing::new(keys.signing.to_bytes())))?;
        put(RECEIVING, key_file::RECEIVING, keys.receiving.to_string().expose_secret())?;
        put(RECORD_IDS, key_file::RECORD_IDS, &hex(&keys.record_ids))?;
        put(RECORDS, key_file::RECORDS, &hex(&keys.records))?;
        if let Some(text) = lock_text {
            let text = lock::with_fingerprint(&text, &keys.fingerprint());
            files::write_new(&new.path().join(lock::FILE), text.as_bytes()).map_err(write)?;
        }
        files::settle(new, &folder).map_err(write)?;
        Ok(keys)
    }

    /// Opens the keys of an installation that lie open.
    ///
    /// # Errors
    ///
    /// [`KeysError::None`] when there are none, [`KeysError::Locked`] when they are behind a
    /// passphrase; otherwise which file is missing or holds no key.
    pub fn open(data: &Path) -> Result<Keys, KeysError> {
        match Keys::are_locked(data) {
            true => Err(KeysError::Locked { folder: data.join(FOLDER) }),
            false => Keys::read(data, None),
        }
    }

    fn read(data: &Path, lock: Option<LockKey>) -> Result<Keys, KeysError> {
        let folder = data.join(FOLDER);
        if !folder.is_dir() {
            return Err(KeysError::None { folder });
        }
        let of_lock = lock.as_ref();
        let bytes = |name: &str| key_file::read_bytes(&folder.join(name), of_lock);
        let signing = SigningKey::from_bytes(&*bytes(SIGNING)?);
        let record_ids = bytes(RECORD_IDS)?;
        let receiving = folder.join(RECEIVING);
        let receiving = key_file::read(&receiving, of_lock, |text| text.parse().ok())?;
        let records = match bytes(RECORDS) {
            Err(KeysError::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                make_records(&folder.join(RECORDS), of_lock)?
            }
            read => read?,
        };
        Ok(Keys { folder, signing, receiving, record_ids, records, lock: lock.map(Arc::new) })
    }

    /// Whether an installation has keys.
    pub fn exist(data: &Path) -> bool {
        data.join(FOLDER).is_dir()
    }

    /// The data folder of the installation whose keys they are.
    pub fn data(&self) -> &Path {
        files::folder_of(&self.folder)
    }

    /// The fingerprint of the public keys, as on the card made from them.
    pub fn fingerprint(&self) -> String {
        fingerprint::of_public_keys(&self.public_signing_key(), &self.recipient())
    }

    /// What makes this agency's opaque ids.
    pub fn opaque_ids(&self) -> OpaqueIds {
        OpaqueIds::new(*self.record_ids)
    }

    /// What opens this agency's own records.
    pub fn records_key(&self) -> RecordsKey {
        RecordsKey::new(&self.records)
    }

    /// The names of the linkage keys that are kept here, sorted.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn linkage_keys(&self) -> Result<Vec<String>, KeysError> {
        Keys::linkage_keys_in(self.data())
    }

    /// The names of the linkage keys in a data folder, which need no passphrase.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn linkage_keys_in(data: &Path) -> Result<Vec<String>, KeysError> {
        let folder = data.join(FOLDER);
        let found = files::named(&folder, "linkage-", ".key")
            .map_err(|source| KeysError::Unreadable { file: folder, source })?;
        let name_of = |path: PathBuf| {
            let name = path.file_name()?.to_str()?;
            let name = name.strip_prefix("linkage-")?.strip_suffix(".key")?;
            is_code(name).then(|| name.to_owned())
        };
        Ok(found.into_iter().filter_map(name_of).collect())
    }

    /// The linkage key of that name.
    ///
    /// # Errors
    ///
    /// [`KeysError::NoLinkageKey`] when there is none of that name.
    pub fn linkage_key(&self, name: &str) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        let path = self.linkage_path(name)?;
        match key_file::read_bytes(&path, self.lock.as_deref()) {
            Err(KeysError::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                Err(KeysError::NoLinkageKey { name: name.to_owned() })
            }
            read => read,
        }
    }

    /// Keeps a linkage key under a name. The same key again changes nothing.
    ///
    /// # Errors
    ///
    /// [`KeysError::NameTaken`] when another key has that name.
    pub fn keep_linkage_key(&self, name: &str, key: &[u8; 32]) -> Result<(), KeysError> {
        let path = self.linkage_path(name)?;
        let digits = Zeroizing::new(crate::hex::encode(key));
        let text = key_file::text(&path, key_file::LINKAGE, &digits, self.lock.as_deref())?;
        match files::write_new(&path, text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let same = *self.linkage_key(name)? == *key;
                if same { Ok(()) } else { Err(KeysError::NameTaken { name: name.to_owned() }) }
            }
            written => written.map_err(|source| KeysError::Write { source }),
        }
    }

    fn linkage_path(&self, name: &str) -> Result<PathBuf, KeysError> {
        if is_code(name) {
            Ok(self.folder.join(format!("linkage-{name}.key")))
        } else {
            Err(KeysError::BadName)
        }
    }

    pub(crate) fn public_signing_key(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// Where others encrypt to.
    pub(crate) fn recipient(&self) -> String {
        self.receiving.to_public().to_string()
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.receiving
    }

    /// Signs a message.
    pub(crate) fn sign(&self, signed: Signed, message: &[u8]) -> [u8; 64] {
        self.signing.sign(&signed.bytes(message)).to_bytes()
    }
}

/// A new linkage key, from the operating system's randomness.
///
/// # Errors
///
/// [`KeysError::Chance`] when the operating system gives none.
pub fn new_linkage_key() -> Result<Zeroizing<[u8; 32]>, KeysError> {
    random()
}

/// Makes the key of the own records where an earlier version made none. Where one was lost, the store
/// knows this one for another and says so.
fn make_records(path: &Path, lock: Option<&LockKey>) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let key = random()?;
    let digits = Zeroizing::new(crate::hex::encode(&key[..]));
    let text = key_file::text(path, key_file::RECORDS, &digits, lock)?;
    match files::write_new(path, text.as_bytes()) {
        // Another process was first.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            key_file::read_bytes(path, lock)
        }
        written => written.map(|()| key).map_err(|source| KeysError::Write { source }),
    }
}

fn random() -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut bytes[..]).map_err(|_| KeysError::Chance)?;
    Ok(bytes)
}

/// Whether a text may stand in a file name as a code: lower-case letters, digits and hyphens.
pub(crate) fn is_code(text: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=64).contains(&text.len())
        && text.bytes().all(plain)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once() {
        let data = tempfile::tempdir().unwrap();
        assert!(matches!(Keys::open(data.path()), Err(KeysError::None { .. })));
        let keys = Keys::create(data.path()).unwrap();
        assert!(Keys::exist(data.path()));
        assert!(matches!(Keys::create(data.path()), Err(KeysError::AlreadyThere { .. })));
        let again = Keys::open(data.path()).unwrap();
        assert_eq!(again.fingerprint(), keys.fingerprint());
        assert_eq!(again.sign(Signed::Card, b"y"), keys.sign(Signed::Card, b"y"));
        let number = records::record::Personal::new("12");
        let kind = records::record::RecordKind::Victim;
        assert_eq!(again.opaque_ids().id(kind, &number), keys.opaque_ids().id(kind, &number));
    }

    #[test]
    fn what_a_killed_run_left_is_removed() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join(".keys-new-abc")).unwrap();
        Keys::create(data.path()).unwrap();
        let left: Vec<_> = fs::read_dir(data.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_them() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::create(data.path()).unwrap();
        keys.keep_linkage_key("south", &[7; 32]).unwrap();
        let folder = data.path().join("keys");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        let modes: Vec<u32> =
            fs::read_dir(&folder).unwrap().map(|file| mode(&file.unwrap().path())).collect();
        assert_eq!(modes, [0o600; 5]);
    }

    #[test]
    fn a_damaged_file_is_named_and_not_shown() {
        let data = tempfile::tempdir().unwrap();
        Keys::create(data.path()).unwrap();
        for name in [SIGNING, RECEIVING, RECORD_IDS, RECORDS] {
            let path = data.path().join(FOLDER).join(name);
            let whole = fs::read_to_string(&path).unwrap();
            let secret = whole.lines().next_back().unwrap();
            for text in [&whole[..whole.len() - 3], &format!("{whole}{secret}\n"), "", "\u{1}"] {
                fs::write(&path, text).unwrap();
                let error = Keys::open(data.path()).unwrap_err();
                assert!(matches!(&error, KeysError::NotAKey { file } if *file == path), "{name}");
                assert!(!format!("{error} {error:?}").contains(&secret[..8]), "{name}");
            }
            fs::remove_file(&path).unwrap();
            if name != RECORDS {
                let error = Keys::open(data.path()).unwrap_err();
                assert!(matches!(&error, KeysError::Unreadable { file, .. } if *file == path));
            }
            fs::write(&path, whole).unwrap();
        }
        Keys::open(data.path()).unwrap();
    }

    #[test]
    fn a_folder_of_an_earlier_version_gets_its_key_of_the_own_records() {
        let data = tempfile::tempdir().unwrap();
        Keys::create(data.path()).unwrap();
        fs::remove_file(data.path().join(FOLDER).join(RECORDS)).unwrap();
        let made = Keys::open(data.path()).unwrap().records_key();
        let again = Keys::open(data.path()).unwrap().records_key();
        assert_eq!(made.pseudonym("a", "b"), again.pseudonym("a", "b"));
    }

    #[test]
    fn linkage_keys_have_names() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::create(data.path()).unwrap();
        let (one, two) = (new_linkage_key().unwrap(), new_linkage_key().unwrap());
        assert_ne!(*one, *two);
        keys.keep_linkage_key("state", &one).unwrap();
        keys.keep_linkage_key("state", &one).unwrap();
        keys.keep_linkage_key("bay", &two).unwrap();
        let taken = keys.keep_linkage_key("state", &two).unwrap_err();
        assert!(matches!(taken, KeysError::NameTaken { .. }));
        assert_eq!(keys.linkage_keys().unwrap(), ["bay", "state"]);
        assert_eq!(*keys.linkage_key("state").unwrap(), *one);
        assert!(matches!(keys.linkage_key("north"), Err(KeysError::NoLinkageKey { .. })));
        for name in ["", "../x", "A", "a b", "-a", &"a".repeat(65)] {
            assert!(matches!(keys.keep_linkage_key(name, &one), Err(KeysError::BadName)), "{name}");
        }
    }
}
