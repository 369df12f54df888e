//! The clusters of all linkage keys, and what was accepted before → people.
//!
//! In: for each key which rows are one person. Out: members, and how many people there are at
//! least and at most. Whom an agency calls by one opaque id is one person, under whatever key she
//! came; that is the only way in which people of two keys meet.

use std::collections::{BTreeMap, BTreeSet};

use linkage::Trees;
use records::record::OpaqueId;

use super::LinkError;
use super::compare::Compared;
use super::gather::Gathered;
use super::members::MemberRow;

/// People.
pub(super) struct Joined {
    pub(super) members: Vec<MemberRow>,
    pub(super) encoded: u64,
    pub(super) people: u64,
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) on_several: u64,
}

/// A person as an agency knows her, while people are joined.
#[derive(Clone)]
struct Node {
    probability: u16,
    until: Option<jiff::civil::Date>,
}

pub(super) fn run(gathered: &Gathered, compared: &[Compared]) -> Result<Joined, LinkError> {
    let mut numbers: BTreeMap<(u16, OpaqueId), u32> = BTreeMap::new();
    let accepted = gathered.accepted.iter().map(|row| (row.agency, row.id));
    let of_keys = gathered.keys.iter().flat_map(|key| (0..key.len()).map(|row| key.node(row)));
    for node in accepted.chain(of_keys) {
        numbers.insert(node, 0);
    }
    if u32::try_from(numbers.len()).is_err() {
        return Err(LinkError::TooMany(numbers.len()));
    }
    (0..).zip(numbers.values_mut()).for_each(|(next, number)| *number = next);
    let mut nodes = vec![Node { probability: 10_000, until: None }; numbers.len()];
    let mut trees = Trees::new(nodes.len());

    let mut first_of: BTreeMap<u32, u32> = BTreeMap::new();
    for row in &gathered.accepted {
        let node = numbers[&(row.agency, row.id)];
        nodes[node as usize].probability = row.probability;
        nodes[node as usize].until = row.until;
        let first = *first_of.entry(row.person).or_insert(node);
        trees.join(first, node);
    }
    let (mut low, mut high) = (0u64, 0u64);
    if let Some((people, least, most)) = gathered.accepted_range {
        (low, high) = (people.saturating_sub(least), most.saturating_sub(people));
    }
    for (key, one) in gathered.keys.iter().zip(compared) {
        let mut first_of: BTreeMap<u32, u32> = BTreeMap::new();
        for (row, cluster) in one.linked.clusters.cluster_of.iter().enumerate() {
            let node = numbers[&key.node(row)];
            nodes[node as usize].probability = one.probability[row];
            nodes[node as usize].until = key.until(row);
            let first = *first_of.entry(*cluster).or_insert(node);
            trees.join(first, node);
        }
        low += one.people.saturating_sub(one.low);
        high += one.high.saturating_sub(one.people);
    }

    let roots = trees.into_roots();
    // Numbered by their first node, so that the numbers say nothing but that order.
    let mut people: BTreeMap<u32, (u32, u32, BTreeSet<u16>)> = BTreeMap::new();
    for ((agency, _), root) in numbers.keys().zip(&roots) {
        let next = people.len() as u32;
        let person = people.entry(*root).or_insert_with(|| (next, 0, BTreeSet::new()));
        person.1 += 1;
        person.2.insert(*agency);
    }
    let members = numbers.keys().zip(&roots).zip(&nodes).map(|((&(agency, id), root), node)| {
        let (person, size, _) = &people[root];
        let (probability, until) = (node.probability, node.until);
        MemberRow { agency, id, person: *person, probability, with_others: *size > 1, until }
    });
    let (encoded, all) = (nodes.len() as u64, people.len() as u64);
    Ok(Joined {
        members: members.collect(),
        encoded,
        people: all,
        low: all.saturating_sub(low).max(u64::from(all > 0)),
        high: (all + high).min(encoded),
        on_several: people.values().filter(|(_, _, agencies)| agencies.len() > 1).count() as u64,
    })
}
