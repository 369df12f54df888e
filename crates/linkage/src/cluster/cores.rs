//! Records that are one person in every draw.
//!
//! In: an agglomeration that has merged what is as good as certain. Out: its groups, laid out one
//! after the other. Cost: 14 bytes for each record, and nothing for each core but where it ends.

use super::agglomerate::Agglomeration;

/// Cores, one after the other: records that are one person in every draw.
#[derive(Debug, Default)]
pub(super) struct Cores {
    /// Where the records of each core end.
    ends: Vec<u32>,
    /// The records, by their places in the component.
    records: Vec<u32>,
    /// The agency of each record.
    agencies: Vec<u16>,
}

impl Cores {
    /// The groups of an agglomeration, by their smallest record; and for each record its core.
    pub(super) fn of<F: Fn(u32, u32) -> f32, A: Fn(u32) -> u16>(
        work: &Agglomeration<'_, F, A>,
    ) -> (Cores, Vec<u32>) {
        let size = work.evidence.size();
        let mut number = vec![u32::MAX; size];
        let mut core_of = Vec::with_capacity(size);
        let (mut next, mut sum) = (Vec::new(), 0);
        for (_, group) in work.groups.all() {
            let number = &mut number[group as usize];
            if *number == u32::MAX {
                *number = next.len() as u32;
                next.push(sum);
                sum += work.groups.size(group);
            }
            core_of.push(*number);
        }
        let (mut records, mut agencies) = (vec![0; size], vec![0; size]);
        for (record, core) in (0..).zip(&core_of) {
            let at = &mut next[*core as usize];
            records[*at as usize] = record;
            agencies[*at as usize] = (work.agency)(record);
            *at += 1;
        }
        (Cores { ends: next, records, agencies }, core_of)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Their numbers.
    pub(super) fn numbers(&self) -> std::ops::Range<u32> {
        0..self.ends.len() as u32
    }

    /// The records of a core.
    pub(super) fn records(&self, core: u32) -> &[u32] {
        &self.records[self.range(core)]
    }

    /// The agencies of a core's records.
    pub(super) fn agencies(&self, core: u32) -> &[u16] {
        &self.agencies[self.range(core)]
    }

    fn range(&self, core: u32) -> std::ops::Range<usize> {
        let start = core.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        start as usize..self.ends[core as usize] as usize
    }

    /// Adds a core of others.
    pub(super) fn push(&mut self, others: &Cores, core: u32) {
        self.records.extend(others.records(core));
        self.agencies.extend(others.agencies(core));
        self.ends.push(self.records.len() as u32);
    }
}
