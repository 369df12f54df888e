//! Returns as they come: those of 2012 that were published, and those of made-up task forces.

use analysis::collect::{self, Collected, Looked, Recognition, look};
use analysis::practice;
use analysis::published::CALIFORNIA_2012;
use records::Quarter;
use records::register::Register;
use records::returns::shipped_mappings;

use crate::ask::block_on;
use crate::people::{Installation, operator};

/// A sum of the made-up task forces.
pub(crate) const PRACTICE_SUM: &str = "victim_identified:2026-Q3:practice-state";

async fn import(here: &Installation, name: &str, csv: &str, mapping: Option<&str>) {
    let (mappings, register) = (shipped_mappings().unwrap(), Register::embedded());
    let forced = mapping.and_then(|id| mappings.iter().find(|mapping| mapping.id == id));
    let by = Recognition { mappings, forced, register };
    let Looked::Return(new) = look(name, csv.as_bytes(), true, by) else { panic!("{name}") };
    let (store, at) = (&here.store, here.now());
    let done = collect::import(store, &operator(), name, new, None, at).await.unwrap();
    assert!(!matches!(done, Collected::Refused { .. }), "{name}");
}

/// What was published in 2012.
pub(crate) fn of_2012(here: &Installation) {
    block_on(async {
        for one in CALIFORNIA_2012 {
            import(here, one.file_name, one.csv, one.mapping).await;
        }
    });
}

/// Two quarters of the made-up task forces.
pub(crate) async fn of_practice(here: &Installation) {
    let quarters: [Quarter; 2] = ["2026-Q2".parse().unwrap(), "2026-Q3".parse().unwrap()];
    for one in practice::returns(Register::embedded(), quarters) {
        import(here, &one.file_name, &one.csv, None).await;
    }
}
