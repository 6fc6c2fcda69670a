//! Where an agency's access log goes: the part of the roster that says so.

use std::collections::BTreeSet;

use super::{Roster, WAITING_MAX};
use crate::{
    control::{ControlError, Statement},
    ids::{AgencyId, EnvelopeId, EpochId, ProfileId, StreamId},
    stream::audit_stream,
};

/// The longest key of an audit stream, in bytes; X-Wing's has 1,216.
const AUDIT_KEY_LEN_MAX: usize = 2048;

/// Where the access log goes, by a statement that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Who began the audit stream.
    pub creator: ProfileId,
    /// The audit stream.
    pub stream: StreamId,
    /// The epoch whose key opens what is sealed to `key`.
    pub epoch: EpochId,
    /// X-Wing public key.
    pub key: Vec<u8>,
    over: Vec<EnvelopeId>,
}

impl Audit {
    /// One that replaces no other.
    pub fn new(agency: AgencyId, creator: ProfileId, epoch: EpochId, key: Vec<u8>) -> Self {
        Self {
            creator,
            stream: audit_stream(agency, creator),
            epoch,
            key,
            over: Vec::new(),
        }
    }
}

impl Roster {
    /// Takes in where the access log goes, by one who leads.
    pub(super) fn audit(
        &mut self,
        id: EnvelopeId,
        author: ProfileId,
        statement: &Statement,
    ) -> Result<(), ControlError> {
        let Statement::Audit {
            creator,
            epoch,
            key,
            over,
        } = statement
        else {
            return Err(ControlError::Malformed);
        };
        if key.len() > AUDIT_KEY_LEN_MAX || over.len() > WAITING_MAX || !over.is_sorted() {
            return Err(ControlError::Malformed);
        }
        let known = self.known(author).ok_or(ControlError::UnknownAuthor)?;
        if !known.role.leads() {
            return Err(ControlError::Forbidden);
        }
        let audit = Audit {
            creator: *creator,
            stream: audit_stream(self.agency, *creator),
            epoch: *epoch,
            key: key.clone(),
            over: over.clone(),
        };
        self.audits.insert(id, audit);
        Ok(())
    }

    /// The statements by which the access log goes somewhere now, the lowest id first, which is the
    /// one to go by: none that another one replaced.
    pub fn audits(&self) -> impl Iterator<Item = (EnvelopeId, &Audit)> {
        // No statement names itself: its id is the hash of what it says.
        let over = self.audits.values().flat_map(|audit| &audit.over);
        let replaced: BTreeSet<&EnvelopeId> = over.collect();
        let all = self.audits.iter();
        let standing = all.filter(move |(id, _)| !replaced.contains(id));
        standing.map(|(id, audit)| (*id, audit))
    }

    /// Whether a stream is or was one for the access log.
    pub fn is_audit(&self, stream: StreamId) -> bool {
        self.audits.values().any(|audit| audit.stream == stream)
    }
}
