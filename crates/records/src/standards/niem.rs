//! NIEM 6.0: the human-trafficking codes of the human-services domain and the UCR offence codes.
//!
//! In: a record. Out: the codes that say the same or nearly, and what no code says. And from a code
//! back to the register. A victim has offence codes by type of trafficking, venues and industries,
//! who identified the person, and the element of the status; an arrest, charge or disposition has
//! the offence codes of its conduct. CC BY 4.0, OASIS NIEMOpen.

use std::sync::OnceLock;

use super::crosswalk::{self, Standard};
use super::rows::codes_of;
use super::{Coded, nibrs};
use crate::record::{AgencyRecord, Code, Field, Holds};
use crate::register::Kind;

const CODES: &str =
    include_str!("../../../../definitions/standards/niem-6.0/hs_human_trafficking_codes.csv");
const OFFENSES: &str =
    include_str!("../../../../definitions/standards/niem-6.0/ucr_offense_codes.csv");
const TYPES: &str =
    include_str!("../../../../definitions/standards/niem-6.0/hs_human_trafficking_types.csv");

/// A code of a code set, or an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NiemCode {
    /// The code set (`TraffickedVenueCodeSimpleType`), or the element (`hs:IdentifiedAsVictimStatus`).
    pub code_type: &'static str,
    /// The code; empty for an element.
    pub code: &'static str,
}

/// Every code of the three files, and every element of the types.
///
/// # Panics
///
/// When a compiled-in file does not read; a test keeps that from happening.
pub fn codes() -> &'static [NiemCode] {
    static READ: OnceLock<Vec<NiemCode>> = OnceLock::new();
    READ.get_or_init(|| {
        let read = [(CODES, false), (OFFENSES, false), (TYPES, true)];
        let read = read.into_iter().map(|(file, elements)| read_file(file, elements));
        match read.collect::<Result<Vec<_>, String>>() {
            Ok(codes) => codes.concat(),
            Err(problem) => panic!("definitions/standards/niem-6.0: {problem}"),
        }
    })
}

fn read_file(file: &'static str, elements: bool) -> Result<Vec<NiemCode>, String> {
    let mut read = Vec::new();
    for (at, row) in csv::Reader::from_reader(file.as_bytes()).records().enumerate() {
        let row = row.map_err(|error| error.to_string())?;
        let cell = |column: usize| row.get(column).filter(|text| !text.is_empty());
        let (Some(first), Some(second)) = (cell(0), cell(1)) else {
            return Err(format!("row {}: two cells", at + 2));
        };
        let leak = |text: &str| -> &'static str { String::leak(text.to_owned()) };
        read.push(match elements {
            true => NiemCode { code_type: leak(second), code: "" },
            false => NiemCode { code_type: leak(first), code: leak(second) },
        });
    }
    Ok(read)
}

/// The codes for a record.
pub fn of_record(record: &AgencyRecord) -> Coded<NiemCode> {
    let mut coded = Coded::none();
    for field in Field::of(record.kind()) {
        let (Holds::Code(kind) | Holds::Codes(kind)) = field.holds else { continue };
        // A caller to a hotline identifies nobody, and a letter's status is another matter.
        let is_said = match kind {
            Kind::FirstIdentifier => field.name == "identified_by",
            _ => !crosswalk::columns(Standard::Niem, kind).is_empty(),
        };
        if !is_said {
            continue;
        }
        for code in codes_of(record.cell(field.name)) {
            let values = crosswalk::values(Standard::Niem, code);
            let several = |v: &crosswalk::Value| {
                values.iter().filter(|other| other.column == v.column).count() > 1
            };
            if values.is_empty() {
                coded.unsaid(field.name, code, nibrs::NO_CODE);
            }
            for value in values {
                let code_of = NiemCode { code_type: value.column, code: value.value };
                if several(value) {
                    continue;
                } else if !coded.codes.contains(&code_of) {
                    coded.codes.push(code_of);
                }
            }
            if values.iter().any(several) {
                coded.unsaid(field.name, code, nibrs::FINER);
            } else if !values.is_empty() && values.iter().all(|value| !value.exact) {
                coded.unsaid(field.name, code, nibrs::COARSER);
            }
        }
    }
    coded
}

/// The code of a kind that a NIEM code means; nothing when it covers more than any code of ours.
pub fn meaning(kind: Kind, code: NiemCode) -> Option<Code> {
    crosswalk::meaning(Standard::Niem, kind, code.code_type, code.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Columns, RecordKind};

    fn victim(header: &str, row: &str) -> AgencyRecord {
        let header: Vec<&str> =
            "reference,counted_as,date,age".split(',').chain(header.split(',')).collect();
        let columns = Columns::of(RecordKind::Victim, "v.csv", &header).unwrap();
        let row: Vec<&str> =
            "1,victim_identified,2026-07-01,adult".split(',').chain(row.split(',')).collect();
        let mut problems = Vec::new();
        columns.record(2, &row, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
    }

    fn lines(coded: &Coded<NiemCode>) -> String {
        let codes = coded.codes.iter().map(|code| format!("{}={}", code.code_type, code.code));
        let unsaid = coded.unsaid.iter().map(|u| format!("{} {}: {}", u.field, u.code, u.why));
        codes.chain(unsaid).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_victim_has_offenses_venues_industries_and_who_identified() {
        let header = "trafficking_type,status,sector,identified_by";
        let record = victim(header, "both,confirmed,strip_clubs; hotel_cleaning,rape_crisis_or_dv");
        insta::assert_snapshot!(lines(&of_record(&record)), @r"
        hs:IdentifiedAsVictimStatus=
        OffenseCodeSimpleType=HUMAN_TRAFFICKING-COMMERCIAL_SEX_ACTS
        OffenseCodeSimpleType=HUMAN_TRAFFICKING-INVOLUNTARY_SERVITUDE
        ExploitationIndustryCodeSimpleType=Commercial Cleaning Services
        TraffickedVenueCodeSimpleType=Hotel/Motel-Based
        ExploitationIndustryCodeSimpleType=Strip Clubs
        TraffickedVenueCodeSimpleType=Dance/Strip Clubs
        sector hotel_cleaning: the standard's code covers more
        identified_by rape_crisis_or_dv: the standard tells apart what the record does not
        ");
        let record = victim(header, "not_yet_classified,potential,outdoor_brothel,police");
        insta::assert_snapshot!(lines(&of_record(&record)), @r"
        hs:ProspectiveVictimStatus=
        IdentifiedAsVictimCategoryCodeSimpleType=Law Enforcement Police/sheriff (local)
        trafficking_type not_yet_classified: the standard has no code for it
        sector outdoor_brothel: the standard has no code for it
        ");
    }

    #[test]
    fn a_code_leads_back_only_where_it_means_just_that() {
        let meaning = |kind, code_type, code| {
            super::meaning(kind, NiemCode { code_type, code }).map(Code::as_str)
        };
        let venue = "TraffickedVenueCodeSimpleType";
        assert_eq!(meaning(Kind::Sector, venue, "Factory"), Some("factories"));
        assert_eq!(meaning(Kind::Sector, venue, "Hotel/Motel-Based"), None);
        let identified = "IdentifiedAsVictimCategoryCodeSimpleType";
        assert_eq!(meaning(Kind::FirstIdentifier, identified, "Self"), Some("self"));
        assert_eq!(meaning(Kind::Status, "hs:IdentifiedAsVictimStatus", ""), Some("confirmed"));
        let servitude = "HUMAN_TRAFFICKING-INVOLUNTARY_SERVITUDE";
        let offense = "OffenseCodeSimpleType";
        assert_eq!(meaning(Kind::TraffickingType, offense, servitude), Some("labor"));
    }
}
