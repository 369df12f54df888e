//! A hierarchy of a dimension: which group each category belongs to, such as county → task force
//! → state.
//!
//! In: a CSV file with the columns `child,parent` (or `code,parent`), one line for each category
//! and each group. Groups at the top have a line with an empty parent; these lines may be left out
//! where it is plain what the top is: no parent has a line of its own, or only one lacks it.
//! Out: the [`Dimension`] of a column. Refused, every fault at once: a cycle, two parents, a parent
//! without a line, a category of the data that is in no group, or that is itself a group.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;

use super::dimension::Dimension;
use crate::schema::SchemaColumn;

/// Which group each category and group belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// By category or group: the group it belongs to, or nothing at the top.
    parents: BTreeMap<String, Option<String>>,
}

/// Why a hierarchy cannot be used: everything that is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum HierarchyError {
    /// The file cannot be read as CSV.
    #[error("cannot read the hierarchy: {0}")]
    Unreadable(#[from] csv::Error),
    /// The header lacks a column.
    #[error("the hierarchy's header needs the columns \"child\" (or \"code\") and \"parent\"")]
    Header,
    /// No line below the header.
    #[error("the hierarchy has no lines")]
    Empty,
    /// What is wrong, by line.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<HierarchyFault>),
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HierarchyFault {
    /// The line of the file, the header being line 1; nothing if it is about the data's categories.
    pub line: Option<u64>,
    /// What is wrong.
    pub kind: HierarchyFaultKind,
}

/// The kinds of faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyFaultKind {
    /// A line without a child.
    #[error("the line names no child")]
    NoChild,
    /// A child that is given two parents.
    #[error(
        "\"{child}\" is put into \"{second}\" but already belongs to \"{first}\"; keep one line"
    )]
    TwoParents {
        /// The child.
        child: String,
        /// The group of an earlier line; empty for the top.
        first: String,
        /// The group of this line.
        second: String,
    },
    /// A parent that is neither at the top nor in a group.
    #[error(
        "parent \"{0}\" has no line of its own; add one, with an empty parent if it is at the top"
    )]
    ParentMissing(String),
    /// Groups that contain one another.
    #[error("a cycle: {}", .0.join(" → "))]
    Cycle(Vec<String>),
    /// A category of the data that is in no group.
    #[error("category \"{0}\" of the data is not in the hierarchy; add a line for it")]
    CategoryMissing(String),
    /// A category of the data that is a group of others.
    #[error("\"{0}\" is a category of the data and also a group; give the group another name")]
    CategoryIsGroup(String),
}

impl fmt::Display for HierarchyFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "line {line}: {}", self.kind),
            None => write!(formatter, "{}", self.kind),
        }
    }
}

impl Hierarchy {
    /// Reads a hierarchy from CSV.
    ///
    /// # Errors
    /// Every fault at once; see [`HierarchyError`].
    pub fn read(reader: impl Read) -> Result<Hierarchy, HierarchyError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
        let header = reader.headers()?.clone();
        let place = |names: &[&str]| {
            let clean = |head: &str| head.trim_start_matches('\u{feff}').trim().to_lowercase();
            header.iter().position(|head| names.contains(&clean(head).as_str()))
        };
        let (Some(child), Some(parent)) = (place(&["child", "code"]), place(&["parent"])) else {
            return Err(HierarchyError::Header);
        };

        let mut faults = Vec::new();
        let mut parents: BTreeMap<String, Option<String>> = BTreeMap::new();
        let mut lines: BTreeMap<String, u64> = BTreeMap::new();
        for record in reader.records() {
            let record = record?;
            let line = record.position().map_or(0, csv::Position::line);
            let word = |place: usize| record.get(place).unwrap_or("").trim().to_owned();
            let (child, parent) = (word(child), Some(word(parent)).filter(|word| !word.is_empty()));
            let mut fault = |kind| faults.push(HierarchyFault { line: Some(line), kind });
            if child.is_empty() {
                fault(HierarchyFaultKind::NoChild);
                continue;
            }
            match parents.get(&child) {
                Some(first) if *first != parent => fault(HierarchyFaultKind::TwoParents {
                    child,
                    first: first.clone().unwrap_or_default(),
                    second: parent.unwrap_or_default(),
                }),
                Some(_) => (),
                None => {
                    lines.insert(child.clone(), line);
                    parents.insert(child, parent);
                }
            }
        }
        if parents.is_empty() && faults.is_empty() {
            return Err(HierarchyError::Empty);
        }
        faults.extend(add_tops(&mut parents, &lines));
        faults.extend(cycles(&parents, &lines));
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() {
            Ok(Hierarchy { parents })
        } else {
            Err(HierarchyError::Faults(faults))
        }
    }

    /// The dimension of a column: its blank, its categories, and the groups above them.
    ///
    /// Groups that no category of the column leads to are left out. A blank belongs to no group.
    ///
    /// # Errors
    /// Categories that are in no group, or are groups themselves.
    pub fn dimension(&self, column: &SchemaColumn) -> Result<Dimension, HierarchyError> {
        let groups: BTreeSet<&String> = self.parents.values().flatten().collect();
        let fault = |kind| HierarchyFault { line: None, kind };
        let faults: Vec<HierarchyFault> = column
            .categories
            .iter()
            .filter_map(|category| match self.parents.get(category) {
                None => Some(HierarchyFaultKind::CategoryMissing(category.clone())),
                Some(_) if groups.contains(category) => {
                    Some(HierarchyFaultKind::CategoryIsGroup(category.clone()))
                }
                Some(_) => None,
            })
            .map(fault)
            .collect();
        if !faults.is_empty() {
            return Err(HierarchyError::Faults(faults));
        }
        let mut dimension = Dimension::flat(column);
        let mut at = 0;
        while at < dimension.categories.len() {
            let parent = self.parents.get(&dimension.categories[at]).cloned().flatten();
            dimension.parents[at] = parent.map(|parent| {
                let known = dimension.categories.iter().position(|known| *known == parent);
                known.unwrap_or_else(|| {
                    dimension.categories.push(parent);
                    dimension.parents.push(None);
                    dimension.categories.len() - 1
                })
            });
            at += 1;
        }
        Ok(dimension)
    }
}

/// Gives tops that are plain a line of their own; says which parents lack one where they are not.
fn add_tops(
    parents: &mut BTreeMap<String, Option<String>>,
    lines: &BTreeMap<String, u64>,
) -> Vec<HierarchyFault> {
    let named: BTreeSet<String> = parents.values().flatten().cloned().collect();
    let unlisted: Vec<String> =
        named.iter().filter(|name| !parents.contains_key(*name)).cloned().collect();
    let says_tops = parents.values().any(Option::is_none);
    if !says_tops && (unlisted.len() == 1 || unlisted.len() == named.len()) {
        parents.extend(unlisted.into_iter().map(|top| (top, None)));
        return Vec::new();
    }
    unlisted
        .into_iter()
        .map(|missing| {
            let children = parents.iter().filter(|(_, parent)| parent.as_ref() == Some(&missing));
            let line = children.filter_map(|(child, _)| lines.get(child)).min().copied();
            HierarchyFault { line, kind: HierarchyFaultKind::ParentMissing(missing) }
        })
        .collect()
}

/// Every cycle once, starting at its first member in the order of words.
fn cycles(
    parents: &BTreeMap<String, Option<String>>,
    lines: &BTreeMap<String, u64>,
) -> Vec<HierarchyFault> {
    let mut done: BTreeSet<&String> = BTreeSet::new();
    let mut faults = Vec::new();
    for start in parents.keys() {
        let mut path: Vec<&String> = Vec::new();
        let mut at = start;
        while done.insert(at) {
            path.push(at);
            let Some(Some(parent)) = parents.get(at) else { break };
            at = parent;
        }
        if let Some(first) = path.iter().position(|member| *member == at)
            && parents.get(at).is_some_and(Option::is_some)
        {
            let mut members: Vec<String> = path[first..].iter().map(|&name| name.clone()).collect();
            let line = members.iter().filter_map(|member| lines.get(member)).min().copied();
            members.push(at.clone());
            faults.push(HierarchyFault { line, kind: HierarchyFaultKind::Cycle(members) });
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        match Hierarchy::read(text.as_bytes()) {
            Err(HierarchyError::Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn more_than_one_level() {
        let text = "child,parent\nA,north\nB,north\nC,south\nnorth,state\nsouth,state\n";
        let column = SchemaColumn {
            name: "county".to_owned(),
            categories: ["A", "B", "C"].map(str::to_owned).to_vec(),
        };
        let dimension = Hierarchy::read(text.as_bytes()).unwrap().dimension(&column).unwrap();
        assert_eq!(dimension.categories, ["", "A", "B", "C", "north", "south", "state"]);
        assert_eq!(dimension.parents, [None, Some(4), Some(4), Some(5), Some(6), Some(6), None]);
    }

    #[test]
    fn every_fault_at_once() {
        let text = "code,parent\nA,north\nA,south\n,north\nB,lost\nnorth,\nsouth,\nx,y\ny,z\nz,y\n";
        assert_eq!(
            faults(text),
            [
                "line 3: \"A\" is put into \"south\" but already belongs to \"north\"; keep one line",
                "line 4: the line names no child",
                "line 5: parent \"lost\" has no line of its own; add one, with an empty parent if it is at the top",
                "line 9: a cycle: y → z → y",
            ]
        );
    }

    #[test]
    fn a_group_within_itself_is_a_cycle() {
        assert_eq!(faults("child,parent\nA,A\n"), ["line 2: a cycle: A → A"]);
    }

    #[test]
    fn categories_must_be_leaves() {
        let hierarchy = Hierarchy::read("child,parent\nA,north\nnorth,\n".as_bytes()).unwrap();
        let column = SchemaColumn {
            name: "county".to_owned(),
            categories: ["A", "B", "north"].map(str::to_owned).to_vec(),
        };
        let error = hierarchy.dimension(&column).unwrap_err().to_string();
        assert!(error.contains("\"B\" of the data is not in the hierarchy"), "{error}");
        assert!(error.contains("\"north\" is a category of the data and also a group"), "{error}");
        assert!(matches!(Hierarchy::read("child,parent\n".as_bytes()), Err(HierarchyError::Empty)));
        assert!(matches!(Hierarchy::read("a,b\nx,y\n".as_bytes()), Err(HierarchyError::Header)));
    }
}
