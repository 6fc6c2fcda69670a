//! Who belongs to an agency: the fold of its log's statements, the same for every order of arrival.
//! Owns the invariant that a certificate counts only if a chain of statements leads from it to the
//! root, whose hash is the agency's id.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    control::{Certificate, Claim, ControlError, Invite, Role, Statement},
    envelope::{Header, Verified, sha256},
    ids::{AgencyId, EnvelopeId, ProfileId, RelayKey, StreamId},
};

/// The roster of one agency.
#[derive(Clone, Debug)]
pub struct Roster {
    agency: AgencyId,
    root: Option<Founding>,
    certificates: BTreeMap<ProfileId, Certificate>,
    invites: BTreeMap<ProfileId, Invited>,
    accepted: BTreeSet<EnvelopeId>,
    latest: EnvelopeId,
    parked: BTreeMap<EnvelopeId, Verified>,
}

#[derive(Clone, Debug)]
struct Founding {
    key: ProfileId,
    relays: Vec<RelayKey>,
    recovery: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Invited {
    invite: Invite,
    claims: BTreeMap<ProfileId, Certificate>,
}

/// How far an invite has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteState {
    /// Nobody has claimed it.
    Open,
    /// One tablet has.
    Claimed(ProfileId),
    /// Several tablets have: none of them counts until a certifier confirms one.
    Void,
}

impl Roster {
    /// The empty roster of `agency`.
    pub fn new(agency: AgencyId) -> Self {
        Self {
            agency,
            root: None,
            certificates: BTreeMap::new(),
            invites: BTreeMap::new(),
            accepted: BTreeSet::new(),
            latest: EnvelopeId::ZERO,
            parked: BTreeMap::new(),
        }
    }

    /// The log that an agency's own statements stand in.
    pub fn log(agency: AgencyId) -> StreamId {
        let hash = sha256(&[b"satchel/agency-log/1", agency.as_bytes()]);
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(hash) {
            *to = from;
        }
        StreamId(id)
    }

    /// The agency.
    pub fn agency(&self) -> AgencyId {
        self.agency
    }

    /// Takes a statement in. One whose author or invite is not known yet waits for it.
    ///
    /// # Errors
    /// [`ControlError`] when it can never count.
    pub fn insert(&mut self, envelope: &Verified) -> Result<(), ControlError> {
        match self.accept(envelope) {
            Err(ControlError::UnknownAuthor) => {
                self.parked.insert(envelope.id(), envelope.clone());
                return Ok(());
            }
            other => other?,
        }
        loop {
            let parked = std::mem::take(&mut self.parked);
            let before = parked.len();
            for (id, envelope) in parked {
                if self.accept(&envelope) == Err(ControlError::UnknownAuthor) {
                    self.parked.insert(id, envelope);
                }
            }
            if self.parked.len() == before {
                return Ok(());
            }
        }
    }

    /// Takes a statement in only if it counts now, as a relay does.
    ///
    /// # Errors
    /// [`ControlError`] when it does not.
    pub fn accept(&mut self, envelope: &Verified) -> Result<(), ControlError> {
        let header = envelope.header();
        if header.agency != self.agency || header.stream != Self::log(self.agency) {
            return Err(ControlError::WrongLog);
        }
        if self.accepted.contains(&envelope.id()) {
            return Ok(());
        }
        let author = header.author;
        match Statement::from_envelope(envelope)? {
            Statement::Found { relays, recovery } => {
                if sha256(&[author.as_bytes()]) != self.agency.0 || header.n != 1 {
                    return Err(ControlError::Forbidden);
                }
                if self.root.is_some() {
                    return Err(ControlError::BegunAlready);
                }
                self.root = Some(Founding {
                    key: author,
                    relays,
                    recovery,
                });
            }
            Statement::Certify(certificate) => {
                self.may_certify(author, certificate.role)?;
                self.certificates.insert(certificate.profile, certificate);
            }
            Statement::Invite(invite) => {
                self.may_certify(author, invite.role)?;
                let claims = BTreeMap::new();
                self.invites
                    .entry(invite.key)
                    .or_insert(Invited { invite, claims });
            }
            Statement::Claim(claim) => self.claim(author, claim)?,
            Statement::Epoch { .. } | Statement::Admit { .. } => {
                return Err(ControlError::WrongLog);
            }
        }
        self.accepted.insert(envelope.id());
        self.latest = envelope.id();
        Ok(())
    }

    fn may_certify(&self, author: ProfileId, role: Role) -> Result<(), ControlError> {
        if self.root.as_ref().is_some_and(|root| root.key == author) {
            return if role == Role::Admin {
                Ok(())
            } else {
                Err(ControlError::Forbidden)
            };
        }
        let certifier = self.known(author).ok_or(ControlError::UnknownAuthor)?;
        if certifier.role.may_certify(role) {
            Ok(())
        } else {
            Err(ControlError::Forbidden)
        }
    }

    fn claim(&mut self, author: ProfileId, claim: Claim) -> Result<(), ControlError> {
        let agency = self.agency;
        let invited = self
            .invites
            .get_mut(&author)
            .ok_or(ControlError::UnknownAuthor)?;
        let Certificate {
            staff,
            role,
            profile,
            ..
        } = claim.certificate;
        let fits = staff == invited.invite.staff && role == invited.invite.role;
        if !fits || !claim.proven(agency, author) {
            return Err(ControlError::BadClaim);
        }
        invited.claims.insert(profile, claim.certificate);
        Ok(())
    }

    /// The certificate of a profile that was ever certified or claimed. Statements of a claimed
    /// profile stand even if a second claim voids the invite later: acceptance never turns on order.
    pub fn known(&self, profile: ProfileId) -> Option<&Certificate> {
        self.certificates.get(&profile).or_else(|| {
            self.invites
                .values()
                .find_map(|invited| invited.claims.get(&profile))
        })
    }

    /// The certificate of a profile that may act now.
    pub fn active(&self, profile: ProfileId) -> Option<&Certificate> {
        self.certificates.get(&profile).or_else(|| {
            self.invites
                .values()
                .filter(|invited| invited.claims.len() == 1)
                .find_map(|invited| invited.claims.get(&profile))
        })
    }

    /// All certificates that count now.
    pub fn members(&self) -> impl Iterator<Item = &Certificate> {
        let claimed = self
            .invites
            .values()
            .filter(|invited| invited.claims.len() == 1)
            .flat_map(|invited| invited.claims.values());
        self.certificates.values().chain(claimed)
    }

    /// An invite by its key.
    pub fn invite(&self, key: ProfileId) -> Option<(&Invite, InviteState)> {
        let invited = self.invites.get(&key)?;
        let mut claims = invited.claims.keys();
        let state = match (claims.next(), claims.next()) {
            (None, _) => InviteState::Open,
            (Some(profile), None) => InviteState::Claimed(*profile),
            (Some(_), Some(_)) => InviteState::Void,
        };
        Some((&invited.invite, state))
    }

    /// All invites.
    pub fn invites(&self) -> impl Iterator<Item = (&Invite, InviteState)> {
        self.invites.keys().filter_map(|key| self.invite(*key))
    }

    /// The names under which a profile may stand in a member list: itself, and invites that it alone
    /// claimed.
    pub fn aliases(&self, profile: ProfileId) -> impl Iterator<Item = ProfileId> {
        let claimed = self
            .invites
            .iter()
            .filter(move |(_, invited)| {
                invited.claims.len() == 1 && invited.claims.contains_key(&profile)
            })
            .map(|(key, _)| *key);
        std::iter::once(profile).chain(claimed)
    }

    /// The X-Wing key, role and current holder of a name in a member list: a profile or an invite.
    pub fn member(&self, name: ProfileId) -> Option<(&[u8], Role)> {
        if let Some(certificate) = self.known(name) {
            return Some((&certificate.hpke, certificate.role));
        }
        self.invites
            .get(&name)
            .map(|invited| (invited.invite.hpke.as_slice(), invited.invite.role))
    }

    /// The X-Wing public key of the recovery sheet, once the agency's founding is known.
    pub fn recovery(&self) -> Option<&[u8]> {
        self.root.as_ref().map(|root| root.recovery.as_slice())
    }

    /// Whether checkpoints of this relay count.
    pub fn lists_relay(&self, relay: RelayKey) -> bool {
        self.root
            .as_ref()
            .is_some_and(|root| root.relays.contains(&relay))
    }

    /// Whether a statement has been accepted.
    pub fn has(&self, statement: EnvelopeId) -> bool {
        self.accepted.contains(&statement)
    }

    /// Whether what an author stood on is known here, so that one may judge what they wrote: an
    /// author who is not known yet is told by it from one who never will be.
    pub fn knows_ground_of(&self, header: &Header) -> bool {
        header.stream == Self::log(self.agency)
            || header.roster == EnvelopeId::ZERO
            || self.has(header.roster)
    }

    /// The statement accepted last; zero when there is none.
    pub fn latest(&self) -> EnvelopeId {
        self.latest
    }
}
