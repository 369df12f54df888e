//! What changed between two versions of the register.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{Entry, Kind, Register, Version};

/// A code that is not the same in two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind of code it is.
    pub kind: Kind,
    /// The code.
    pub code: String,
    /// Its label, in the later of the two versions that has it.
    pub label: String,
    /// What became of it.
    pub difference: Difference,
}

/// What became of a code between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "difference", content = "fields")]
pub enum Difference {
    /// Only the second version has it.
    Added,
    /// Only the first version has it.
    Removed,
    /// Both have it, in other words or with other dates.
    Changed(Vec<FieldChange>),
}

/// A column whose text is not the same in two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The column.
    pub field: String,
    /// The text in the first version, empty when the cell was.
    pub before: String,
    /// The text in the second version, empty when the cell is.
    pub after: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.difference {
            Difference::Added => write!(f, "added {} {}: {}", self.kind, self.code, self.label),
            Difference::Removed => write!(f, "removed {} {}: {}", self.kind, self.code, self.label),
            Difference::Changed(fields) => {
                let fields: Vec<&str> = fields.iter().map(|change| &*change.field).collect();
                write!(f, "changed {} {}: {}", self.kind, self.code, fields.join(", "))
            }
        }
    }
}

impl Register {
    /// What changed from one version to another, by kind and then in file order; removed codes
    /// come last in their kind.
    pub fn diff(&self, from: &Version, to: &Version) -> Vec<Change> {
        let mut changes = Vec::new();
        for kind in Kind::ALL {
            let mut before: BTreeMap<&str, &Entry> =
                self.entries_at(from, kind).map(|entry| (&*entry.code, entry)).collect();
            for after in self.entries_at(to, kind) {
                match before.remove(&*after.code) {
                    None => changes.push(change(after, Difference::Added)),
                    Some(before) => {
                        let fields = changed_fields(before, after);
                        if !fields.is_empty() {
                            changes.push(change(after, Difference::Changed(fields)));
                        }
                    }
                }
            }
            changes.extend(before.into_values().map(|gone| change(gone, Difference::Removed)));
        }
        changes
    }
}

fn change(entry: &Entry, difference: Difference) -> Change {
    let (code, label) = (entry.code.clone(), entry.label.clone());
    Change { kind: entry.kind, code, label, difference }
}

fn changed_fields(before: &Entry, after: &Entry) -> Vec<FieldChange> {
    let (before, after) = (fields(before), fields(after));
    let text = |fields: &[(&str, String)], wanted: &str| {
        fields.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text.clone())
    };
    let came_in = after.iter().filter(|(name, _)| text(&before, name).is_none());
    let names = before.iter().chain(came_in).map(|(name, _)| *name);
    let pairs = names.map(|name| FieldChange {
        field: name.to_owned(),
        before: text(&before, name).unwrap_or_default(),
        after: text(&after, name).unwrap_or_default(),
    });
    pairs.filter(|change| change.before != change.after).collect()
}

/// The texts of an entry that make up its meaning, by column.
fn fields(entry: &Entry) -> Vec<(&str, String)> {
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    let mut fields = vec![
        ("label", entry.label.clone()),
        ("definition", entry.definition.clone()),
        ("source", entry.source.clone()),
        ("valid_from", day(entry.valid_from)),
        ("valid_to", day(entry.valid_to)),
        ("successor", entry.successor.clone().unwrap_or_default()),
        ("aliases", entry.aliases.join("; ")),
    ];
    fields.extend(entry.attributes.iter().map(|(column, text)| (&**column, text.clone())));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions() -> (&'static Register, &'static Version, &'static Version) {
        let register = Register::embedded();
        (register, register.version("2012.1").unwrap(), register.version("2026.1").unwrap())
    }

    #[test]
    fn types_changed_from_2012_to_2026() {
        let (register, old, new) = versions();
        let changes = register.diff(old, new);
        let types: Vec<String> = changes
            .iter()
            .filter(|change| change.kind == Kind::TraffickingType)
            .map(Change::to_string)
            .collect();
        insta::assert_snapshot!(types.join("\n"), @r"
        changed trafficking_type sex: definition, source, aliases, ctdc, htcds, nibrs, niem
        changed trafficking_type labor: definition, source, aliases, ctdc, htcds, nibrs, niem
        added trafficking_type both: Sex and labor trafficking
        added trafficking_type not_yet_classified: Not yet classified
        removed trafficking_type other_or_not_specified: Other or not specified
        removed trafficking_type other_unclassified: Other (unclassified)
        ");
    }

    #[test]
    fn a_summary_of_what_changed_since_2012() {
        let (register, old, new) = versions();
        let mut summary: BTreeMap<(Kind, &str), usize> = BTreeMap::new();
        for change in register.diff(old, new) {
            let word = match change.difference {
                Difference::Added => "added",
                Difference::Changed(_) => "changed",
                Difference::Removed => "removed",
            };
            *summary.entry((change.kind, word)).or_default() += 1;
        }
        let lines: Vec<String> =
            summary.iter().map(|((kind, word), codes)| format!("{kind}: {codes} {word}")).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        counted_unit: 15 added
        counted_unit: 9 changed
        trafficking_type: 2 added
        trafficking_type: 2 changed
        trafficking_type: 2 removed
        conduct: 5 added
        age: 1 added
        status: 7 added
        practice_task_force: 9 added
        agency: 8 added
        unit_kind: 3 added
        statute: 17 added
        statute: 1 changed
        term: 4 added
        source_note: 1 added
        gender: 6 added
        outcome: 9 added
        audience: 12 added
        first_identifier: 23 added
        legal_entity: 8 added
        legal_basis: 6 added
        ");
    }

    #[test]
    fn a_version_does_not_differ_from_itself() {
        let (register, old, new) = versions();
        assert!(register.diff(old, old).is_empty());
        let (there, back) = (register.diff(old, new), register.diff(new, old));
        assert_eq!(there.len(), back.len());
    }
}
