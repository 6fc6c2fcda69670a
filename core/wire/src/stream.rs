//! Who may read and write one stream: the fold of its epoch statements over a roster. Relay and
//! devices run the same fold; the relay's access list is this and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    control::{ControlError, Role, Statement},
    envelope::{Verified, sha256},
    ids::{AgencyId, EnvelopeId, EpochId, ProfileId, StreamId},
    roster::Roster,
};

/// The most members an epoch may list.
pub const MEMBERS_MAX: usize = 4096;

/// A stream's id: bound to its agency and creator, so that nobody can begin a stream in another's
/// place.
pub fn stream_id(agency: AgencyId, creator: ProfileId, nonce: [u8; 16]) -> StreamId {
    let hash = sha256(&[
        b"satchel/stream/1",
        agency.as_bytes(),
        creator.as_bytes(),
        &nonce,
    ]);
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(hash) {
        *to = from;
    }
    StreamId(id)
}

/// The epochs of one stream. One today; rotation adds more.
#[derive(Clone, Debug, Default)]
pub struct Epochs {
    by_id: BTreeMap<EpochId, Epoch>,
    accepted: BTreeSet<EnvelopeId>,
}

/// One epoch of a stream's key.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Who began it.
    pub author: ProfileId,
    /// Profiles and invites that hold its key.
    pub members: BTreeSet<ProfileId>,
    /// Commitment to its key.
    pub commitment: [u8; 32],
}

impl Epochs {
    /// Takes a statement of the stream in.
    ///
    /// # Errors
    /// [`ControlError`] when it does not count: the statement is then not part of the stream.
    pub fn accept(&mut self, roster: &Roster, envelope: &Verified) -> Result<(), ControlError> {
        if self.accepted.contains(&envelope.id()) {
            return Ok(());
        }
        let header = envelope.header();
        if header.agency != roster.agency() {
            return Err(ControlError::WrongLog);
        }
        let role = roster
            .known(header.author)
            .ok_or(ControlError::UnknownAuthor)?
            .role;
        match Statement::from_envelope(envelope)? {
            Statement::Epoch {
                nonce,
                members,
                commitment,
            } => {
                if header.stream != stream_id(header.agency, header.author, nonce) || header.n != 1
                {
                    return Err(ControlError::WrongLog);
                }
                if !self.by_id.is_empty() {
                    return Err(ControlError::BegunAlready);
                }
                may_begin(roster, role, header.author, &members)?;
                let members = members.into_iter().collect();
                let epoch = Epoch {
                    author: header.author,
                    members,
                    commitment,
                };
                self.by_id.insert(envelope.id().into(), epoch);
            }
            Statement::Admit { epoch, members } => {
                if !self.is_member(roster, epoch, header.author) {
                    return Err(ControlError::Forbidden);
                }
                let known = self
                    .by_id
                    .get_mut(&epoch)
                    .ok_or(ControlError::UnknownEpoch)?;
                for name in &members {
                    let (_, added) = roster.member(*name).ok_or(ControlError::UnknownMember)?;
                    if !(role.leads() || (role == Role::Worker && added.leads())) {
                        return Err(ControlError::Forbidden);
                    }
                }
                if known.members.len() + members.len() > MEMBERS_MAX {
                    return Err(ControlError::Forbidden);
                }
                known.members.extend(members);
            }
            Statement::Found { .. }
            | Statement::Certify(_)
            | Statement::Invite(_)
            | Statement::Claim(_) => return Err(ControlError::WrongLog),
        }
        self.accepted.insert(envelope.id());
        Ok(())
    }

    /// Whether `profile` holds the key of `epoch`, under its own name or that of an invite that it
    /// claimed. A profile that no longer counts holds nothing.
    pub fn is_member(&self, roster: &Roster, epoch: EpochId, profile: ProfileId) -> bool {
        let Some(epoch) = self.by_id.get(&epoch) else {
            return false;
        };
        roster.active(profile).is_some()
            && roster
                .aliases(profile)
                .any(|name| epoch.members.contains(&name))
    }

    /// Whether `profile` may read the stream now.
    pub fn may_read(&self, roster: &Roster, profile: ProfileId) -> bool {
        self.current()
            .is_some_and(|(id, _)| self.is_member(roster, id, profile))
    }

    /// The epoch to write under, if the stream has begun.
    pub fn current(&self) -> Option<(EpochId, &Epoch)> {
        self.by_id
            .iter()
            .next_back()
            .map(|(id, epoch)| (*id, epoch))
    }

    /// An epoch by its id.
    pub fn epoch(&self, id: EpochId) -> Option<&Epoch> {
        self.by_id.get(&id)
    }
}

/// A stream is begun by someone who keeps cases and is among its members; a worker's always has a
/// supervisor or admin in it too, so that no case can be out of the agency's reach.
fn may_begin(
    roster: &Roster,
    role: Role,
    author: ProfileId,
    members: &[ProfileId],
) -> Result<(), ControlError> {
    if members.len() > MEMBERS_MAX || role == Role::Auditor {
        return Err(ControlError::Forbidden);
    }
    let mut led = role.leads();
    for name in members {
        let (_, role) = roster.member(*name).ok_or(ControlError::UnknownMember)?;
        led |= role.leads();
    }
    if led && members.contains(&author) {
        Ok(())
    } else {
        Err(ControlError::Forbidden)
    }
}
