//! Groups that become one, with their members at hand.
//!
//! Each group is a ring: every member names the next. Two rings become one when one member of each
//! swaps its next; the members of the smaller are then told their new group. 12 bytes for each
//! member, side by side, nothing allocated after the start.

/// Which of some numbered things are together.
#[derive(Debug, Clone)]
pub(super) struct Groups(Vec<Member>);

#[derive(Debug, Clone, Copy)]
struct Member {
    group: u32,
    next: u32,
    /// The members of the group that is named by this one.
    size: u32,
}

impl Groups {
    /// Every one alone.
    pub(super) fn alone(members: usize) -> Groups {
        let alone = |member| Member { group: member, next: member, size: 1 };
        Groups((0..members as u32).map(alone).collect())
    }

    /// Every one alone again.
    pub(super) fn scatter(&mut self) {
        for (member, here) in (0..).zip(&mut self.0) {
            *here = Member { group: member, next: member, size: 1 };
        }
    }

    /// The group of a member.
    #[inline]
    pub(super) fn of(&self, member: u32) -> u32 {
        self.0[member as usize].group
    }

    /// How many members a group has.
    #[inline]
    pub(super) fn size(&self, group: u32) -> u32 {
        self.0[group as usize].size
    }

    /// The members of a group, in no particular order.
    #[inline]
    pub(super) fn members(&self, group: u32) -> impl Iterator<Item = u32> + Clone {
        let next =
            move |member: &u32| Some(self.0[*member as usize].next).filter(|next| *next != group);
        std::iter::successors(Some(group), next)
    }

    /// All members, and their groups.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..).zip(self.0.iter().map(|member| member.group))
    }

    /// Makes two groups one: the smaller goes into the larger.
    pub(super) fn merge(&mut self, one: u32, two: u32) {
        if one == two {
            return;
        }
        let smaller = self.size(one) < self.size(two);
        let (from, into) = if smaller { (one, two) } else { (two, one) };
        let mut at = from as usize;
        for _ in 0..self.size(from) {
            self.0[at].group = into;
            at = self.0[at].next as usize;
        }
        let (from, into) = (from as usize, into as usize);
        (self.0[from].next, self.0[into].next) = (self.0[into].next, self.0[from].next);
        self.0[into].size += self.0[from].size;
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
