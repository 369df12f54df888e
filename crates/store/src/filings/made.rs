//! Made-up returns, for tests.

use std::collections::BTreeMap;

use records::returns::Checked;
use records::{Answer, Figure, Origin, Part, Quarter, Standing, Unit};

use crate::NewReturn;

pub(crate) const MADE_CSV: &str = "measure,value\nvictim_identified,12\n";

/// The return of an agency and quarter, as it was read of these bytes.
pub(crate) fn read_return(agency: &str, quarter: Quarter, csv: &str) -> NewReturn {
    let figure = Figure {
        measure: "victim_identified".to_owned(),
        reporter: agency.to_owned(),
        unit: Unit::Count,
        period: quarter.period(),
        dimensions: BTreeMap::new(),
        answer: Answer::exactly(12),
        as_said: "12".to_owned(),
        as_of: None,
        part: Part::Cell,
        origin: Origin { row: 2, column: "value".to_owned() },
        note: None,
    };
    NewReturn {
        digest: blake3::hash(csv.as_bytes()).to_hex().to_string(),
        file_name: "2026-Q3.csv".to_owned(),
        mapping: "clearway-return".to_owned(),
        document: None,
        definition_version: "2026.1".to_owned(),
        standing: Standing::Synthetic,
        checked: Checked { rows: 1, figures: vec![figure], ..Checked::default() },
    }
}

pub(crate) fn made_return(agency: &str, quarter: Quarter) -> NewReturn {
    read_return(agency, quarter, MADE_CSV)
}
