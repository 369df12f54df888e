//! Combinations that cannot be, as a file of them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use disclosure::Schema;
use disclosure::microdata::StructuralZero;

/// Reads them, or says everything that is wrong with them.
pub(super) fn read_zeros(path: &Path, schema: &Schema) -> anyhow::Result<Vec<StructuralZero>> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let combinations: Vec<BTreeMap<String, String>> = serde_json::from_str(&text)
        .with_context(|| format!("{name} is not a list such as [{{\"column\":\"word\"}}]"))?;
    let mut zeros = Vec::new();
    let mut faults = Vec::new();
    for (number, combination) in combinations.iter().enumerate() {
        let cells: Vec<(&str, &str)> =
            combination.iter().map(|(column, word)| (column.as_str(), word.as_str())).collect();
        match StructuralZero::named(schema, &cells) {
            Some(zero) => zeros.push(zero),
            None => faults.push(format!(
                "  combination {} names a column or word that the schema does not have",
                number + 1
            )),
        }
    }
    if !faults.is_empty() {
        bail!("{name} cannot be used:\n{}", faults.join("\n"));
    }
    Ok(zeros)
}
