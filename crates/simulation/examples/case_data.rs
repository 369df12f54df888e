//! Writes case data in the shape of the CTDC codebook, with the public categories beside them.
//!
//! In: a file to write to (`OUT.csv`), how many rows (50,000 when absent) and a seed (1). Out: the
//! file, and `OUT.schema.json`.

use std::path::Path;

use simulation::{CaseDataPlan, write_case_data};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let out = words.next().ok_or("which file? case_data OUT.csv [ROWS] [SEED]")?;
    let usual = CaseDataPlan::default();
    let rows = words.next().map_or(Ok(usual.rows), |word| word.parse())?;
    let seed = words.next().map_or(Ok(usual.seed), |word| word.parse())?;
    let out = Path::new(&out);
    write_case_data(&CaseDataPlan { rows, seed }, out, &out.with_extension("schema.json"))?;
    Ok(())
}
