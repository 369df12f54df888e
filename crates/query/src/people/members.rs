//! Members as they pass by beside the nodes.
//!
//! In: members in the order of agency and id, and nodes asked for in the same order. Out: the member
//! of each node, or nothing. Members out of order are an error: the same person would be counted
//! twice without anybody noticing.

use std::iter::Peekable;

use records::record::OpaqueId;

use super::{Member, Members};
use crate::QueryError;

/// Members, the next of them at hand.
pub(super) struct Passing<'m, 'i> {
    members: Peekable<&'m mut Members<'i>>,
    last: Option<(u16, OpaqueId)>,
}

impl<'m, 'i> Passing<'m, 'i> {
    pub(super) fn new(members: &'m mut Members<'i>) -> Passing<'m, 'i> {
        Passing { members: members.peekable(), last: None }
    }

    /// The member of a node; nodes are asked for in order.
    pub(super) fn of(&mut self, node: (u16, OpaqueId)) -> Result<Option<Member>, QueryError> {
        loop {
            match self.members.peek() {
                Some(Ok(member)) if (member.agency, member.id) > node => return Ok(None),
                None => return Ok(None),
                Some(_) => {}
            }
            let Some(member) = self.next()? else { return Ok(None) };
            if (member.agency, member.id) == node {
                return Ok(Some(member));
            }
        }
    }

    /// Reads what is left, so that a fault in it is found.
    pub(super) fn finish(mut self) -> Result<(), QueryError> {
        while self.next()?.is_some() {}
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Member>, QueryError> {
        let Some(member) = self.members.next().transpose()? else { return Ok(None) };
        let key = Some((member.agency, member.id));
        if self.last >= key {
            let what = "it is not in the order of agencies and ids".to_owned();
            return Err(QueryError::Members { what });
        }
        self.last = key;
        Ok(Some(member))
    }
}
