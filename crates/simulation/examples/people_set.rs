//! Writes a people set: rows of several agencies, with who they truly are.
//!
//! In: a file to write to, how many rows (10,000 when absent) and a seed (1). Out: the file, and
//! the truth in numbers as JSON.

use std::io::Write as _;

use simulation::{PeopleSetPlan, write_people_set};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let out = words.next().ok_or("which file? people_set FILE [ROWS] [SEED]")?;
    let usual = PeopleSetPlan::default();
    let records = words.next().map_or(Ok(usual.records), |word| word.parse())?;
    let seed = words.next().map_or(Ok(usual.seed), |word| word.parse())?;
    let plan = PeopleSetPlan { records, seed, ..usual };
    let summary = write_people_set(&plan, std::path::Path::new(&out), &mut |_| ())?;
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string(&summary)?)?;
    Ok(())
}
