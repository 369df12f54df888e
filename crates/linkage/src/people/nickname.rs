//! Nicknames: which given names may stand for one another.
//!
//! In: a given name in plain capitals. Out: the numbers of the groups it is in. The list is
//! `data/nicknames.csv`: one row a group, the formal name first.

use std::collections::HashMap;

use crate::name::fold;

const LIST: &str = include_str!("../../data/nicknames.csv");

/// The most groups one name is in; the rest of a very common nickname is left out.
pub(crate) const GROUPS: usize = 4;

/// The groups of each name; 0 is none.
pub(crate) struct Nicknames(HashMap<String, [u16; GROUPS]>);

impl Nicknames {
    /// The list that is built in.
    pub(crate) fn built_in() -> Nicknames {
        let mut groups: HashMap<String, [u16; GROUPS]> = HashMap::new();
        // A formal name that several languages have is one group.
        let mut of_formal = HashMap::new();
        for row in LIST.lines().skip(1) {
            let mut cells = row.split(',');
            let formal = cells.next().unwrap_or_default();
            let short = cells.next().unwrap_or_default();
            let next = of_formal.len() as u16 + 1;
            let group = *of_formal.entry(formal).or_insert(next);
            for name in std::iter::once(formal).chain(short.split(' ')) {
                let of_name = groups.entry(fold(name).to_string()).or_default();
                if let Some(free) =
                    of_name.iter_mut().find(|known| **known == 0 || **known == group)
                {
                    *free = group;
                }
            }
        }
        Nicknames(groups)
    }

    /// The groups of a name.
    pub(crate) fn groups(&self, name: &str) -> [u16; GROUPS] {
        self.0.get(name).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stand_for_one_another() {
        let nicknames = Nicknames::built_in();
        let share = |one: &str, other: &str| {
            let other = nicknames.groups(other);
            nicknames.groups(one).iter().any(|group| *group != 0 && other.contains(group))
        };
        for (one, other) in [
            ("WILLIAM", "BILL"),
            ("BILLY", "WILL"),
            ("GUADALUPE", "LUPE"),
            ("FRANCISCO", "PACO"),
            ("ALEKSANDR", "SASHA"),
        ] {
            assert!(share(one, other), "{one} {other}");
        }
        assert!(!share("WILLIAM", "ROBERT"));
        assert!(!share("XOCHITL", "XOCHITL"));
    }

    #[test]
    fn every_row_has_three_cells_and_plain_words() {
        for row in LIST.lines() {
            assert_eq!(row.split(',').count(), 3, "{row}");
        }
    }
}
