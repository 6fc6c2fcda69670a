//! Who wrote what in the agency's directory, and in which role: by that an entry of it counts. Knows
//! no entry.

use std::collections::BTreeMap;

use automerge::ActorId;
use satchel_wire::{ChainId, ProfileId, Role, Roster, StreamId};

use crate::{
    doc::{Doc, Origin},
    engine::{desk::Open, replica::Replica},
};

pub(super) struct Writers<'a> {
    authors: &'a BTreeMap<ActorId, (ProfileId, ChainId)>,
    roster: &'a Roster,
}

impl Writers<'_> {
    pub fn author(&self, origin: &Origin) -> Option<ProfileId> {
        self.authors.get(&origin.actor).map(|(profile, _)| *profile)
    }

    /// As what its author is in the agency, or was at the last.
    pub fn role(&self, origin: &Origin) -> Option<Role> {
        let author = self.author(origin)?;
        self.roster.known(author).map(|one| one.role)
    }

    pub fn is_admin(&self, origin: &Origin) -> bool {
        self.role(origin) == Some(Role::Admin)
    }

    pub fn leads(&self, origin: &Origin) -> bool {
        self.role(origin).is_some_and(Role::leads)
    }
}

/// The directory, while it is open, and who wrote in it.
pub(super) fn directory<'a>(
    replica: &'a Replica,
    docs: &'a mut BTreeMap<StreamId, Open>,
) -> Option<(&'a mut Doc, Writers<'a>)> {
    let Open { doc, authors, .. } = docs.get_mut(&replica.profile.directory)?;
    let roster = &replica.roster;
    Some((doc, Writers { authors, roster }))
}
