//! Who belongs to an agency: the fold of its log's statements, the same for every order of arrival.
//! Owns two invariants: a certificate counts only if a chain of statements leads from it to the root,
//! whose hash is the agency's id; and of a revoked key only those acts count that its revocation names.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    control::{Certificate, Claim, ControlError, Invite, Role, Statement},
    envelope::{Header, Verified, sha256},
    ids::{AgencyId, EnvelopeId, ProfileId, RelayKey, StreamId},
    removal,
};

mod audit;

pub use audit::Audit;

/// Rounds in which a fold settles which statements a revocation silences. Each takes in what the one
/// before changed; honest logs need two, and whoever builds a longer chain gains nothing by it.
const ROUNDS_MAX: u32 = 16;
/// The most statements that are kept although they do not count.
const WAITING_MAX: usize = 4096;

/// The roster of one agency.
#[derive(Clone, Debug)]
pub struct Roster {
    agency: AgencyId,
    root: Option<Founding>,
    certificates: BTreeMap<ProfileId, Certificate>,
    /// Whom the root itself has certified.
    rooted: BTreeSet<ProfileId>,
    invites: BTreeMap<ProfileId, Invited>,
    /// Keys of which nothing more counts, with the statements that stand all the same.
    revoked: BTreeMap<ProfileId, BTreeSet<EnvelopeId>>,
    audits: BTreeMap<EnvelopeId, Audit>,
    /// Every statement that may count one day, and those that do.
    all: BTreeMap<EnvelopeId, Arc<Kept>>,
    counted: BTreeSet<EnvelopeId>,
    latest: EnvelopeId,
    /// Another one after every change: what was folded over this roster is told by it.
    stamp: Arc<()>,
}

/// A statement and who made it.
#[derive(Clone, Debug)]
struct Kept {
    author: ProfileId,
    /// Its number in its chain.
    n: u64,
    statement: Statement,
}

impl Kept {
    fn revokes(&self) -> bool {
        matches!(self.statement, Statement::Revoke { .. })
    }
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
    /// One tablet has, and a certifier has confirmed that it is the right one.
    Confirmed(ProfileId),
    /// Several tablets have: none of them counts until a certifier confirms one.
    Void,
    /// It was taken back before anybody claimed it.
    Cancelled,
}

impl Roster {
    /// The empty roster of `agency`.
    pub fn new(agency: AgencyId) -> Self {
        Self {
            agency,
            root: None,
            certificates: BTreeMap::new(),
            rooted: BTreeSet::new(),
            invites: BTreeMap::new(),
            revoked: BTreeMap::new(),
            audits: BTreeMap::new(),
            all: BTreeMap::new(),
            counted: BTreeSet::new(),
            latest: EnvelopeId::ZERO,
            stamp: Arc::new(()),
        }
    }

    /// The same as long as nothing has changed.
    pub(crate) fn stamp(&self) -> &Arc<()> {
        &self.stamp
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

    /// Takes a statement in. One that does not count yet, because whom it speaks of is not known or
    /// its author is revoked, is kept: what comes later may change that.
    ///
    /// # Errors
    /// [`ControlError`] when it can never count.
    pub fn insert(&mut self, envelope: &Verified) -> Result<(), ControlError> {
        match self.take(envelope) {
            Err(
                ControlError::UnknownAuthor | ControlError::UnknownMember | ControlError::Revoked,
            ) if self.all.len() - self.counted.len() <= WAITING_MAX => Ok(()),
            Ok(()) => Ok(()),
            Err(why) => {
                self.all.remove(&envelope.id());
                Err(why)
            }
        }
    }

    /// Takes a statement in only if it counts now, as a relay does.
    ///
    /// # Errors
    /// [`ControlError`] when it does not.
    pub fn accept(&mut self, envelope: &Verified) -> Result<(), ControlError> {
        let known = self.all.contains_key(&envelope.id());
        let taken = self.take(envelope);
        if taken.is_err() && !known && self.all.remove(&envelope.id()).is_some() {
            self.fold();
        }
        taken
    }

    fn take(&mut self, envelope: &Verified) -> Result<(), ControlError> {
        let (id, header) = (envelope.id(), envelope.header());
        if header.agency != self.agency || header.stream != Self::log(self.agency) {
            return Err(ControlError::WrongLog);
        }
        if self.counted.contains(&id) {
            return Ok(());
        }
        let statement = Statement::from_envelope(envelope)?;
        self.stamp = Arc::new(());
        let kept = Arc::new(Kept {
            author: header.author,
            n: header.n,
            statement,
        });
        self.all.insert(id, Arc::clone(&kept));
        if self.is_silenced(id, header.author) {
            return Err(ControlError::Revoked);
        }
        self.apply(id, &kept)?;
        self.latest = id;
        if self.settle(&BTreeSet::new()) || kept.revokes() {
            // What has counted so far may not any more, this one included.
            self.fold();
        }
        if self.counted.contains(&id) {
            Ok(())
        } else {
            Err(ControlError::Revoked)
        }
    }

    fn is_silenced(&self, id: EnvelopeId, author: ProfileId) -> bool {
        let stands = self.revoked.get(&author);
        stands.is_some_and(|stands| !stands.contains(&id))
    }

    /// Everything anew, in an order that is that of ids alone.
    fn fold(&mut self) {
        let mut silenced = BTreeSet::new();
        for _ in 0..ROUNDS_MAX {
            self.root = None;
            self.certificates.clear();
            self.rooted.clear();
            self.invites.clear();
            self.revoked.clear();
            self.audits.clear();
            self.counted.clear();
            self.settle(&silenced);
            let (revoked, revocations) = self.revocations();
            let all = self.all.iter();
            let next: BTreeSet<EnvelopeId> = all
                .filter(|(id, kept)| {
                    let stands: Option<&BTreeSet<_>> = revoked.get(&kept.author);
                    stands.is_some_and(|stands| !stands.contains(id)) && !revocations.contains(id)
                })
                .map(|(id, _)| *id)
                .collect();
            let settled = next == silenced;
            self.revoked = revoked;
            if settled {
                return;
            }
            silenced = next;
        }
    }

    /// Applies what can be, until nothing more can; tells whether a revocation was among it.
    fn settle(&mut self, silenced: &BTreeSet<EnvelopeId>) -> bool {
        let mut revokes = false;
        while self.counted.len() < self.all.len() {
            let before = self.counted.len();
            let waiting: Vec<_> = self
                .all
                .iter()
                .filter(|(id, _)| !self.counted.contains(*id) && !silenced.contains(*id))
                .filter(|(id, kept)| !self.is_silenced(**id, kept.author))
                .map(|(id, kept)| (*id, Arc::clone(kept)))
                .collect();
            for (id, kept) in waiting {
                revokes |= self.apply(id, &kept).is_ok() && kept.revokes();
            }
            if self.counted.len() == before {
                break;
            }
        }
        revokes
    }

    /// The keys that are revoked with what of them stands, and the revocations that hold: not those
    /// by keys that another revocation puts out; of two that put each other out both hold.
    fn revocations(
        &self,
    ) -> (
        BTreeMap<ProfileId, BTreeSet<EnvelopeId>>,
        BTreeSet<EnvelopeId>,
    ) {
        let mut by_id = BTreeMap::new();
        let mut named: BTreeMap<ProfileId, BTreeSet<EnvelopeId>> = BTreeMap::new();
        for id in &self.counted {
            if let Some(Kept {
                author,
                statement: Statement::Revoke { key, stands },
                ..
            }) = self.all.get(id).map(Arc::as_ref)
            {
                by_id.insert(*id, (*author, *key));
                named.entry(*key).or_default().extend(stands);
            }
        }
        let stands = |id: &EnvelopeId, author: &ProfileId| {
            named.get(author).is_some_and(|named| named.contains(id))
        };
        let hold = removal::hold(by_id.keys().copied(), |one, other| {
            let (Some((_, key)), Some((author, _))) = (by_id.get(one), by_id.get(other)) else {
                return false;
            };
            key == author && !stands(other, author)
        });
        let mut revoked: BTreeMap<ProfileId, BTreeSet<EnvelopeId>> = BTreeMap::new();
        for key in hold
            .iter()
            .filter_map(|id| by_id.get(id))
            .map(|(_, key)| key)
        {
            let stands = named.get(key).cloned().unwrap_or_default();
            revoked.insert(*key, stands);
        }
        (revoked, hold)
    }

    fn apply(&mut self, id: EnvelopeId, kept: &Kept) -> Result<(), ControlError> {
        let author = kept.author;
        match &kept.statement {
            Statement::Found { relays, recovery } => {
                if sha256(&[author.as_bytes()]) != self.agency.0 || kept.n != 1 {
                    return Err(ControlError::Forbidden);
                }
                if self.root.is_some() {
                    return Err(ControlError::BegunAlready);
                }
                self.root = Some(Founding {
                    key: author,
                    relays: relays.clone(),
                    recovery: recovery.clone(),
                });
            }
            Statement::Certify(certificate) => {
                self.may_certify(author, certificate.role)?;
                let known = self.certificates.get(&certificate.profile);
                // Of two the lower counts: nobody rises by a race.
                if known.is_none_or(|known| certificate.role < known.role) {
                    self.certificates
                        .insert(certificate.profile, certificate.clone());
                }
                if self.root.as_ref().is_some_and(|root| root.key == author) {
                    self.rooted.insert(certificate.profile);
                }
            }
            Statement::Invite(invite) => {
                self.may_certify(author, invite.role)?;
                let claims = BTreeMap::new();
                let invite = invite.clone();
                self.invites
                    .entry(invite.key)
                    .or_insert(Invited { invite, claims });
            }
            Statement::Claim(claim) => self.claim(author, claim)?,
            Statement::Revoke { key, stands } => {
                if !stands.is_sorted() {
                    return Err(ControlError::Malformed);
                }
                let (_, role) = self.member(*key).ok_or(ControlError::UnknownMember)?;
                self.may_certify(author, role)?;
            }
            Statement::Audit { .. } => self.audit(id, author, &kept.statement)?,
            Statement::Epoch { .. }
            | Statement::Admit { .. }
            | Statement::Rotate { .. }
            | Statement::Rule { .. } => return Err(ControlError::WrongLog),
        }
        self.counted.insert(id);
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

    fn claim(&mut self, author: ProfileId, claim: &Claim) -> Result<(), ControlError> {
        let agency = self.agency;
        let invited = self
            .invites
            .get_mut(&author)
            .ok_or(ControlError::UnknownAuthor)?;
        let certificate = &claim.certificate;
        let fits =
            certificate.staff == invited.invite.staff && certificate.role == invited.invite.role;
        if !fits || !claim.proven(agency, author) {
            return Err(ControlError::BadClaim);
        }
        invited
            .claims
            .insert(certificate.profile, certificate.clone());
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
        if self.is_revoked(profile) {
            return None;
        }
        self.certificates.get(&profile).or_else(|| {
            let mut invites = self.invites.values();
            invites.find_map(|one| self.holder(one).filter(|held| held.profile == profile))
        })
    }

    /// Who holds an invite: of its claims the one that a certifier confirmed; while none is, the only
    /// one.
    fn holder<'a>(&self, invited: &'a Invited) -> Option<&'a Certificate> {
        let claims = || invited.claims.values();
        let mut confirmed = claims().filter(|one| self.certificates.contains_key(&one.profile));
        match (confirmed.next(), confirmed.next()) {
            (Some(_), Some(_)) => None,
            (Some(one), None) => Some(one),
            (None, _) => claims().next().filter(|_| invited.claims.len() == 1),
        }
    }

    /// The certificate of a profile that may speak to a relay: one that may act, or one that has been
    /// revoked or waits for its confirmation, which may hand over what it wrote before and hear so.
    pub fn heard(&self, profile: ProfileId) -> Option<&Certificate> {
        self.known(profile)
    }

    /// Whether a profile came by an invite that somebody else has claimed as well, and nobody has
    /// confirmed it: it may not act until then, and loses nothing meanwhile.
    pub fn is_suspended(&self, profile: ProfileId) -> bool {
        !self.is_revoked(profile) && self.known(profile).is_some() && self.active(profile).is_none()
    }

    /// The invite by whose claim alone a profile belongs to the agency: nobody has confirmed it.
    pub fn unconfirmed(&self, profile: ProfileId) -> Option<&Invite> {
        if self.certificates.contains_key(&profile) {
            return None;
        }
        let mut invites = self.invites.values();
        let claimed = invites.find(|one| one.claims.contains_key(&profile));
        claimed.map(|one| &one.invite)
    }

    /// The certificates with which an invite was claimed.
    pub fn claims(&self, invite: ProfileId) -> impl Iterator<Item = &Certificate> {
        let claims = self.invites.get(&invite).map(|one| one.claims.values());
        claims.into_iter().flatten()
    }

    /// Whether the root itself has certified a profile.
    pub fn is_rooted(&self, profile: ProfileId) -> bool {
        self.rooted.contains(&profile)
    }

    /// Whether nothing more of a profile or an invite counts.
    pub fn is_revoked(&self, key: ProfileId) -> bool {
        self.revoked.contains_key(&key)
    }

    /// The statements of the agency's log that a key has made and that count: what stands of it
    /// when it is revoked by somebody who knows no more.
    pub fn acts_of(&self, key: ProfileId) -> Vec<EnvelopeId> {
        let counted = self.counted.iter();
        let by = |id: &&EnvelopeId| self.all.get(*id).is_some_and(|kept| kept.author == key);
        counted.filter(by).copied().collect()
    }

    /// All certificates that count now.
    pub fn members(&self) -> impl Iterator<Item = &Certificate> {
        let claimed = self
            .invites
            .values()
            .filter_map(|invited| self.holder(invited))
            .filter(|claimed| !self.certificates.contains_key(&claimed.profile));
        let all = self.certificates.values().chain(claimed);
        all.filter(|one| !self.is_revoked(one.profile))
    }

    /// Whether a name in a member list may hold keys: a profile that may act, or an invite that
    /// waits for its claim or was claimed by such a one.
    pub fn is_live(&self, name: ProfileId) -> bool {
        match self.invite(name) {
            Some((_, InviteState::Open)) => true,
            Some((_, InviteState::Claimed(profile) | InviteState::Confirmed(profile))) => {
                self.active(profile).is_some()
            }
            Some((_, InviteState::Void | InviteState::Cancelled)) => false,
            None => self.active(name).is_some(),
        }
    }

    /// An invite by its key.
    pub fn invite(&self, key: ProfileId) -> Option<(&Invite, InviteState)> {
        let invited = self.invites.get(&key)?;
        let over = invited.claims.keys().all(|claim| self.is_revoked(*claim));
        let state = match self.holder(invited) {
            Some(holder) if self.certificates.contains_key(&holder.profile) => {
                InviteState::Confirmed(holder.profile)
            }
            Some(holder) => InviteState::Claimed(holder.profile),
            None if over && self.is_revoked(key) => InviteState::Cancelled,
            None if invited.claims.is_empty() => InviteState::Open,
            None => InviteState::Void,
        };
        Some((&invited.invite, state))
    }

    /// All invites.
    pub fn invites(&self) -> impl Iterator<Item = (&Invite, InviteState)> {
        self.invites.keys().filter_map(|key| self.invite(*key))
    }

    /// The names under which a profile may stand in a member list: itself, and invites that it holds.
    pub fn aliases(&self, profile: ProfileId) -> impl Iterator<Item = ProfileId> {
        let claimed = self
            .invites
            .iter()
            .filter(move |(_, invited)| {
                let holder = self.holder(invited);
                holder.is_some_and(|holder| holder.profile == profile)
            })
            .map(|(key, _)| *key);
        std::iter::once(profile).chain(claimed)
    }

    /// Every name under which a profile may ever have stood in a member list.
    pub fn names(&self, profile: ProfileId) -> impl Iterator<Item = ProfileId> {
        let claimed = self.invites.iter();
        let claimed = claimed.filter(move |(_, invited)| invited.claims.contains_key(&profile));
        std::iter::once(profile).chain(claimed.map(|(key, _)| *key))
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

    /// Whether a statement is known.
    pub fn has(&self, statement: EnvelopeId) -> bool {
        self.all.contains_key(&statement)
    }

    /// Whether what an author stood on is known here, so that one may judge what they wrote: an
    /// author who is not known yet is told by it from one who never will be.
    pub fn knows_ground_of(&self, header: &Header) -> bool {
        header.stream == Self::log(self.agency)
            || header.roster == EnvelopeId::ZERO
            || self.has(header.roster)
            // What they stood on may be an act of their own that does not count any more.
            || self.known(header.author).is_some()
    }

    /// The statement accepted last; zero when there is none.
    pub fn latest(&self) -> EnvelopeId {
        self.latest
    }
}
