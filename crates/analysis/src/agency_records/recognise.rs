//! What a file of an agency's folder holds.
//!
//! In: a file's name, and its header where the name does not tell. Out: the kind of its records, or
//! which of the signed papers it is; or why it is passed by.

use std::path::Path;

use records::record::{Columns, RecordKind};

use super::table::plain;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// `disclosure_modes.csv`: what may leave, as it was signed.
    Modes,
    /// Records of a kind.
    Records(RecordKind),
    /// `releases.csv`: what single clients have signed.
    Releases,
    /// `orders.csv`: what must be destroyed.
    Orders,
}

impl What {
    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            What::Modes => "modes",
            What::Records(RecordKind::TrainingSession) => "training",
            What::Records(kind) => kind.plural(),
            What::Releases => "releases",
            What::Orders => "orders",
        }
    }

    /// What a file of that name holds.
    pub fn by_name(path: &Path) -> Option<What> {
        let stem = path.file_stem()?.to_str()?.to_ascii_lowercase().replace([' ', '-'], "_");
        match stem.as_str() {
            "disclosure_modes" | "modes" => Some(What::Modes),
            "releases" => Some(What::Releases),
            "orders" => Some(What::Orders),
            "training" | "trainings" => Some(What::Records(RecordKind::TrainingSession)),
            stem => RecordKind::from_word(stem).map(What::Records),
        }
    }
}

/// What a file holds, by its name or else by its header.
///
/// # Errors
///
/// Why it cannot be told.
pub fn recognise(path: &Path, header: &[String]) -> Result<What, String> {
    if let Some(what) = What::by_name(path) {
        return Ok(what);
    }
    let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
    let has = |all: &[&str]| all.iter().all(|name| names.iter().any(|known| known == name));
    if has(&["record", "recipient", "mode", "basis"]) {
        return Ok(What::Modes);
    }
    if has(&["victim", "recipient", "signed_on"]) {
        return Ok(What::Releases);
    }
    if has(&["record", "reference", "order"]) {
        return Ok(What::Orders);
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let fits = RecordKind::ALL
        .into_iter()
        .filter_map(|kind| Some((Columns::fit(kind, &header)?, kind)))
        .collect::<Vec<_>>();
    let best = fits.iter().map(|(known, _)| *known).max();
    let best: Vec<RecordKind> =
        fits.iter().filter(|(known, _)| Some(*known) == best).map(|(_, kind)| *kind).collect();
    match best[..] {
        [kind] => Ok(What::Records(kind)),
        [] => Err("neither its name nor its header tells which records it holds".to_owned()),
        _ => {
            let kinds: Vec<&str> = best.iter().map(|kind| kind.plural()).collect();
            Err(format!("its header fits {}: say which with --as", kinds.join(" and ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, header: &str) -> Result<What, String> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        recognise(Path::new(name), &header)
    }

    #[test]
    fn a_name_tells_and_else_the_header() {
        assert_eq!(told("x/Victims.csv", ""), Ok(What::Records(RecordKind::Victim)));
        let sessions = What::Records(RecordKind::TrainingSession);
        assert_eq!(told("training_sessions.xlsx", ""), Ok(sessions));
        assert_eq!(told("a.csv", "Reference,Date,Audience,Seats"), Ok(sessions));
        assert_eq!(told("a.csv", "victim,recipient,purpose,signed_on"), Ok(What::Releases));
        assert_eq!(told("a.csv", "record,reference,order"), Ok(What::Orders));
        assert_eq!(told("a.csv", "record,recipient,mode,basis"), Ok(What::Modes));
        assert!(
            told("a.csv", "reference,date")
                .is_ok_and(|what| what == What::Records(RecordKind::Contact))
        );
        assert!(told("a.csv", "reference,date,statute,conduct").unwrap_err().contains(" and "));
        assert!(told("a.csv", "name,age").is_err());
    }

    #[test]
    fn papers_stand_around_the_records() {
        let mut all =
            [What::Orders, What::Releases, What::Records(RecordKind::Letter), What::Modes];
        all.sort();
        assert_eq!(all.map(What::word), ["modes", "letters", "releases", "orders"]);
    }
}
