//! The list of what was published: each file with its digest.
//!
//! In: the files of a publication. Out: `published.json` beside them, and from it [`PublishedFolder`], which
//! gives out a file only if it is in that list and still is what was published. What somebody else has
//! put into the folder, or changed in it, was not published and is not there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::PublishError;

/// The list's file.
const FILE: &str = "published.json";

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    /// The report's title, by language.
    titles: BTreeMap<String, String>,
    /// Path with `/` → BLAKE3 of the bytes, in hexadecimal.
    files: BTreeMap<String, String>,
}

/// A folder into which [`super::write`] has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedFolder {
    folder: PathBuf,
    manifest: Manifest,
}

/// Why a folder is none in which something was published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishedFolderError {
    /// There is no list, or it cannot be read.
    #[error(
        "{path} cannot be read ({source}); `clearway report --public --out DIR` writes it with the report"
    )]
    Unreadable {
        /// The list.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The list is none.
    #[error("{path} is no list of a published report: {source}; publish again into this folder")]
    NoManifest {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file is missing, or not what was published.
    #[error("{file} is not what was published; publish again into this folder")]
    Changed {
        /// Its path in the folder.
        file: String,
    },
}

impl PublishedFolder {
    /// Whether something was published into a folder.
    pub fn is_one(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Reads the list of a folder.
    ///
    /// # Errors
    ///
    /// [`PublishedFolderError::Unreadable`], [`PublishedFolderError::NoManifest`].
    pub fn open(folder: &Path) -> Result<PublishedFolder, PublishedFolderError> {
        let path = folder.join(FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) => return Err(PublishedFolderError::Unreadable { path, source }),
        };
        let manifest = serde_json::from_slice(&bytes)
            .map_err(|source| PublishedFolderError::NoManifest { path, source })?;
        Ok(PublishedFolder { folder: folder.to_owned(), manifest })
    }

    /// Looks whether every file is what was published.
    ///
    /// # Errors
    ///
    /// [`PublishedFolderError::Changed`].
    pub fn check(&self) -> Result<(), PublishedFolderError> {
        for file in self.files() {
            if self.file(file).is_none() {
                return Err(PublishedFolderError::Changed { file: file.to_owned() });
            }
        }
        Ok(())
    }

    /// The report's title, in the language of a code.
    pub fn title(&self, language: &str) -> Option<&str> {
        self.manifest.titles.get(language).map(String::as_str)
    }

    /// The paths of what was published, in their order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.manifest.files.keys().map(String::as_str)
    }

    /// The bytes of a file, by its path in the list; nothing when it is not in the list or not what was
    /// published.
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        let digest = self.manifest.files.get(path)?;
        // Whoever wrote the list by hand does not lead out of the folder.
        let inside = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !inside || path.contains(['\\', ':']) {
            return None;
        }
        let bytes = std::fs::read(self.folder.join(path)).ok()?;
        (blake3::hash(&bytes).to_hex().as_str() == digest).then_some(bytes)
    }
}

/// Takes the list away, when there is one.
pub(super) fn remove(folder: &Path) -> Result<(), PublishError> {
    let path = folder.join(FILE);
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(PublishError::Disk { path, source })
        }
        _ => Ok(()),
    }
}

/// Writes the list, whole or not at all.
pub(super) fn write(
    folder: &Path,
    titles: BTreeMap<String, String>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<(), PublishError> {
    let digest = |(name, bytes): (&String, &Vec<u8>)| {
        (name.clone(), blake3::hash(bytes).to_hex().to_string())
    };
    let manifest = Manifest { titles, files: files.iter().map(digest).collect() };
    let at = |path: PathBuf| move |source| PublishError::Disk { path, source };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(at(folder.to_owned()))?;
    serde_json::to_writer_pretty(&mut file, &manifest)
        .map_err(std::io::Error::from)
        .map_err(at(folder.join(FILE)))?;
    // Others may run the server.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let readable = std::fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(readable).map_err(at(folder.join(FILE)))?;
    }
    file.persist(folder.join(FILE)).map_err(|error| error.error).map_err(at(folder.join(FILE)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn published(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let files: BTreeMap<String, Vec<u8>> = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        for (name, bytes) in &files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let titles = BTreeMap::from([("en".to_owned(), "The State".to_owned())]);
        write(folder.path(), titles, &files).unwrap();
        folder
    }

    #[test]
    fn a_file_comes_out_only_as_it_was_published() {
        let folder = published(&[("index.html", "a page"), ("data/people.csv", "1,2")]);
        assert!(PublishedFolder::is_one(folder.path()));
        let open = PublishedFolder::open(folder.path()).unwrap();
        open.check().unwrap();
        assert_eq!(open.title("en"), Some("The State"));
        assert_eq!(open.title("es"), None);
        assert_eq!(open.files().collect::<Vec<_>>(), ["data/people.csv", "index.html"]);
        assert_eq!(open.file("data/people.csv").unwrap(), b"1,2");
        // Added by hand.
        std::fs::write(folder.path().join("internal.html"), "numbers").unwrap();
        for nothing in
            ["internal.html", "published.json", "", "data", "../index.html", "/index.html"]
        {
            assert_eq!(open.file(nothing), None, "{nothing}");
        }
        // Changed by hand.
        std::fs::write(folder.path().join("data/people.csv"), "1,3").unwrap();
        assert_eq!(open.file("data/people.csv"), None);
        let said = open.check().unwrap_err().to_string();
        assert!(said.starts_with("data/people.csv is not what was published"), "{said}");
        remove(folder.path()).unwrap();
        remove(folder.path()).unwrap();
        let said = PublishedFolder::open(folder.path()).unwrap_err().to_string();
        assert!(said.contains("clearway report --public"), "{said}");
    }

    #[test]
    fn a_list_made_by_hand_does_not_lead_out_of_the_folder() {
        let around = tempfile::tempdir().unwrap();
        let inside = around.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(around.path().join("secret"), "x").unwrap();
        let path = "../secret".to_owned();
        write(&inside, BTreeMap::new(), &BTreeMap::from([(path, b"x".to_vec())])).unwrap();
        assert_eq!(PublishedFolder::open(&inside).unwrap().file("../secret"), None);
    }

    proptest! {
        /// Whatever the list says, reading it ends in a list or an error.
        #[test]
        fn any_list_is_read_or_refused(text in ".{0,200}") {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(FILE), text).unwrap();
            if let Ok(open) = PublishedFolder::open(folder.path()) {
                prop_assert!(open.check().is_err() || open.files().next().is_none());
            }
        }
    }
}
