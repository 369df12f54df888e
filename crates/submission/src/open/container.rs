//! The container inside a sealed file: a ZIP of stored parts, looked at with distrust.
//!
//! In: a decrypted file that anybody may have made. Out: parts, each within the length that is
//! allowed to it. Only the names that a submission can have are there, each once, none compressed.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use records::record::RecordKind;
use zip::read::{ArchiveOffset, Config};
use zip::{CompressionMethod, ZipArchive};

use crate::manifest::{ENCODINGS_FILE, TOTALS_FILE, WITHDRAWN_FILE, table_file};
use crate::seal::{MANIFEST_FILE, SIGNATURE_FILE};
use crate::{Listed, Manifest, Refused, files};

pub(super) struct Container {
    archive: ZipArchive<BufReader<File>>,
}

const BROKEN: Refused = Refused::NotASubmission { what: "it is not a whole container" };

impl Container {
    pub(super) fn of(plain: File) -> Result<Container, Refused> {
        let wrong = |what| Err(Refused::NotASubmission { what });
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let archive = ZipArchive::with_config(config, BufReader::new(plain)).map_err(|_| BROKEN)?;
        if archive.offset() != 0 || !archive.comment().is_empty() {
            return wrong("there are bytes around the container");
        }
        if archive.has_duplicate_names() {
            return wrong("a part is in it twice");
        }
        let mut names = vec![MANIFEST_FILE.to_owned(), SIGNATURE_FILE.to_owned()];
        names.extend(RecordKind::ALL.map(table_file));
        names.extend([ENCODINGS_FILE, TOTALS_FILE, WITHDRAWN_FILE].map(str::to_owned));
        for index in 0..archive.len() {
            let part = archive.by_index_data(index).map_err(|_| BROKEN)?;
            if !names.iter().any(|name| name.as_bytes() == part.name_raw()) {
                return wrong("there is a part in it that a submission does not have");
            }
            if part.compression() != CompressionMethod::Stored || part.encrypted() {
                return wrong("a part is compressed or encrypted by itself");
            }
        }
        Ok(Container { archive })
    }

    /// A small part, whole.
    pub(super) fn read(&mut self, name: &str, most: u64) -> Result<Vec<u8>, Refused> {
        let missing = |_| Refused::NotASubmission { what: "its manifest or signature is missing" };
        let part = self.archive.by_name(name).map_err(missing)?;
        let mut bytes = Vec::new();
        part.take(most + 1).read_to_end(&mut bytes).map_err(|_| BROKEN)?;
        if bytes.len() as u64 > most {
            return Err(Refused::NotASubmission { what: "its manifest or signature is too long" });
        }
        Ok(bytes)
    }

    /// Whether nothing is there beside what the manifest names.
    pub(super) fn holds_only(&self, manifest: &Manifest) -> Result<(), Refused> {
        let listed = manifest.files();
        for (file, _) in &listed {
            if self.archive.index_for_name(file).is_none() {
                return Err(Refused::LengthDiffers { file: file.clone() });
            }
        }
        if self.archive.len() != listed.len() + 2 {
            let what = "there is a part in it that its manifest does not name";
            return Err(Refused::NotASubmission { what });
        }
        Ok(())
    }

    /// Unpacks one file, as long as its manifest says and no longer, and compares its digest.
    pub(super) fn unpack(
        &mut self,
        file: &str,
        listed: &Listed,
        folder: &Path,
    ) -> Result<(), Refused> {
        let length_differs = || Refused::LengthDiffers { file: file.to_owned() };
        let mut part = self.archive.by_name(file).map_err(|_| length_differs())?;
        if part.size() != listed.bytes {
            return Err(length_differs());
        }
        let mut out = files::create_new(&folder.join(file)).map_err(Refused::Spool)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let length = part.read(&mut buffer).map_err(|_| BROKEN)?;
            let Some(piece) = buffer.get(..length).filter(|piece| !piece.is_empty()) else { break };
            hasher.update(piece);
            if hasher.count() > listed.bytes {
                return Err(length_differs());
            }
            out.write_all(piece).map_err(Refused::Spool)?;
        }
        if hasher.count() != listed.bytes {
            return Err(length_differs());
        }
        if hasher.finalize().to_hex().as_str() != listed.blake3 {
            return Err(Refused::DigestDiffers { file: file.to_owned() });
        }
        out.sync_all().map_err(Refused::Spool)
    }
}
