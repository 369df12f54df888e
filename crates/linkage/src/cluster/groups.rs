//! Groups that become one, with their members at hand.
//!
//! Each group is a ring: every member names the next. Two rings become one when one member of each
//! swaps its next; the members of the smaller are then told their new group. 12 bytes for each
//! member, nothing allocated after the start.

/// Which of some numbered things are together.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    group_of: Vec<u32>,
    next: Vec<u32>,
    /// The members of each group; a group is named by one of its members.
    size: Vec<u32>,
}

impl Groups {
    /// Every one alone.
    pub(super) fn alone(members: usize) -> Groups {
        let all: Vec<u32> = (0..members as u32).collect();
        Groups { group_of: all.clone(), next: all, size: vec![1; members] }
    }

    /// Takes over what another, of the same members, says.
    pub(super) fn copy(&mut self, other: &Groups) {
        self.group_of.copy_from_slice(&other.group_of);
        self.next.copy_from_slice(&other.next);
        self.size.copy_from_slice(&other.size);
    }

    /// The group of a member.
    pub(super) fn of(&self, member: u32) -> u32 {
        self.group_of[member as usize]
    }

    /// How many members a group has.
    pub(super) fn size(&self, group: u32) -> u32 {
        self.size[group as usize]
    }

    /// The members of a group, in no particular order.
    pub(super) fn members(&self, group: u32) -> impl Iterator<Item = u32> + Clone {
        let next =
            move |member: &u32| Some(self.next[*member as usize]).filter(|next| *next != group);
        std::iter::successors(Some(group), next)
    }

    /// All members, and their groups.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..).zip(self.group_of.iter().copied())
    }

    /// Makes two groups one: the smaller goes into the larger.
    pub(super) fn merge(&mut self, one: u32, two: u32) {
        if one == two {
            return;
        }
        let smaller = self.size(one) < self.size(two);
        let (from, into) = if smaller { (one, two) } else { (two, one) };
        let mut at = from;
        for _ in 0..self.size(from) {
            self.group_of[at as usize] = into;
            at = self.next[at as usize];
        }
        self.next.swap(from as usize, into as usize);
        self.size[into as usize] += self.size[from as usize];
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn groups_are_what_was_merged(merges in prop::collection::vec((0..20u32, 0..20u32), 0..30)) {
            let mut groups = Groups::alone(20);
            let mut label: Vec<u32> = (0..20).collect();
            for (one, two) in merges {
                groups.merge(groups.of(one), groups.of(two));
                let (from, into) = (label[one as usize], label[two as usize]);
                label.iter_mut().filter(|here| **here == from).for_each(|here| *here = into);
            }
            for one in 0..20_u32 {
                let together: Vec<u32> =
                    (0..20).filter(|two| label[*two as usize] == label[one as usize]).collect();
                let mut members: Vec<u32> = groups.members(groups.of(one)).collect();
                members.sort_unstable();
                prop_assert_eq!(groups.size(groups.of(one)) as usize, together.len());
                prop_assert_eq!(members, together);
            }
        }
    }
}
