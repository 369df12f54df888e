//! Made-up installations for the tests: the same keys for the same name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use records::record::Code;
use records::register::Kind;
use tempfile::TempDir;

use crate::{About, Card, Keys, Role};

/// Keys that stay the same while the tests run.
pub(crate) fn keys(name: &str) -> Keys {
    static MADE: Mutex<BTreeMap<String, Keys>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap();
    let new = || Keys::create(folder().path()).unwrap();
    made.entry(name.to_owned()).or_insert_with(new).clone()
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub(crate) fn about(code: &str, role: Role) -> About {
    About {
        role,
        code: code.to_owned(),
        label: format!("Practice {code}"),
        legal_entity: Code::get(Kind::LegalEntity, "police").filter(|_| role == Role::Agency),
        task_force: None,
        county: None,
        calendar_offset_days: 0,
        practice: true,
    }
}

pub(crate) fn card(code: &str, role: Role) -> Card {
    Card::new(about(code, role), &keys(code)).unwrap()
}

/// The bytes of a file of a folder.
pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).unwrap();
}
