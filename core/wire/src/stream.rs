//! Who may read and write one stream: the fold of its epoch statements over a roster. Relay and
//! devices run the same fold; the relay's access list is this and nothing else. Owns the invariant
//! that it depends on the statements known, never on the order in which they came.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_bytes::ByteBuf;

use crate::{
    control::{ControlError, Reached, Role, Statement},
    envelope::{Header, Verified, sha256},
    ids::{AgencyId, ChainId, EnvelopeId, EpochId, ProfileId, StreamId},
    removal,
    roster::Roster,
};

mod standing;

use standing::Cache;
pub use standing::{Head, Standing};

/// The most members an epoch may list.
pub const MEMBERS_MAX: usize = 4096;
/// The most epochs that one may follow, and the most chains in a frontier.
const PARENTS_MAX: usize = 64;
const FRONTIER_MAX: usize = 4096;
/// The most statements that wait for what they speak of; a relay that keeps its word sends none.
const PARKED_MAX: usize = 256;

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

/// The nonce of an audit stream: no stream of another kind has it, so that no case can be made one.
pub const AUDIT_NONCE: [u8; 16] = *b"satchel/audit/1\0";

/// The audit stream that `creator` begins; each profile has at most one.
pub fn audit_stream(agency: AgencyId, creator: ProfileId) -> StreamId {
    stream_id(agency, creator, AUDIT_NONCE)
}

/// The epochs of one stream, and who was let in and taken out.
#[derive(Clone, Debug, Default)]
pub struct Epochs {
    by_id: BTreeMap<EpochId, Epoch>,
    additions: Vec<Addition>,
    rulings: BTreeMap<EnvelopeId, Ruling>,
    accepted: BTreeSet<EnvelopeId>,
    /// Those that speak of what is not here yet.
    parked: BTreeMap<EnvelopeId, Arc<Verified>>,
    folded: Cache,
}

/// One epoch of a stream's key.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Who began it.
    pub author: ProfileId,
    /// The epochs that it follows.
    pub parents: Vec<EpochId>,
    /// Profiles and invites that hold its key.
    pub members: BTreeSet<ProfileId>,
    /// Commitment to its key.
    pub commitment: [u8; 32],
    /// Its parents' keys, each sealed under its own.
    pub keys: Vec<ByteBuf>,
    chain: ChainId,
    removed: BTreeSet<ProfileId>,
    frontier: BTreeMap<ChainId, Reached>,
    /// All that it follows, itself included.
    line: BTreeSet<EpochId>,
}

impl Epoch {
    fn removes(&self, roster: &Roster, profile: ProfileId) -> bool {
        roster
            .names(profile)
            .any(|name| self.removed.contains(&name))
    }

    fn reaches(&self, chain: ChainId, n: u64) -> bool {
        self.frontier.get(&chain).is_some_and(|last| n <= last.n)
    }
}

/// What becomes of somebody's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// It counts.
    Counts,
    /// Its author had been taken out: it waits for one who leads, unless others build on it.
    Late,
    /// One who leads has ruled that it does not.
    Out,
}

#[derive(Clone, Debug)]
struct Ruling {
    upto: Reached,
    stands: bool,
    over: Vec<EnvelopeId>,
}

/// Somebody was let in.
#[derive(Clone, Debug)]
struct Addition {
    name: ProfileId,
    epoch: EpochId,
    author: ProfileId,
    chain: ChainId,
    n: u64,
}

impl Epochs {
    /// Takes a statement of the stream in; one that speaks of what is not known yet waits for it.
    ///
    /// # Errors
    /// [`ControlError`] when it can never count.
    pub fn insert(&mut self, roster: &Roster, envelope: &Verified) -> Result<(), ControlError> {
        match self.accept(roster, envelope) {
            Err(
                ControlError::UnknownAuthor
                | ControlError::UnknownMember
                | ControlError::UnknownEpoch,
            ) if self.parked.len() < PARKED_MAX => {
                self.parked
                    .insert(envelope.id(), Arc::new(envelope.clone()));
                return Ok(());
            }
            other => other?,
        }
        self.settle(roster);
        Ok(())
    }

    /// Takes in what has waited, as far as the roster has what it waited for.
    pub fn settle(&mut self, roster: &Roster) {
        loop {
            let before = self.parked.len();
            for (id, envelope) in self.parked.clone() {
                if self.accept(roster, &envelope).is_ok() {
                    self.parked.remove(&id);
                }
            }
            if self.parked.len() == before {
                return;
            }
        }
    }

    /// Takes a statement in only if it counts now, as a relay does.
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
                let epoch = EpochId::from(envelope.id());
                self.add(header, epoch, &members);
                let begun = Epoch {
                    author: header.author,
                    parents: Vec::new(),
                    members: members.into_iter().collect(),
                    commitment,
                    keys: Vec::new(),
                    chain: header.chain,
                    removed: BTreeSet::new(),
                    frontier: BTreeMap::new(),
                    line: [epoch].into(),
                };
                self.by_id.insert(epoch, begun);
            }
            Statement::Admit { epoch, members } => {
                self.may_admit(roster, header, role, epoch, &members)?;
                self.add(header, epoch, &members);
                let known = self
                    .by_id
                    .get_mut(&epoch)
                    .ok_or(ControlError::UnknownEpoch)?;
                known.members.extend(members);
            }
            rotate @ Statement::Rotate { .. } => {
                let next = self.rotated(roster, header, role, rotate, envelope.id().into())?;
                self.by_id.insert(envelope.id().into(), next);
            }
            Statement::Rule { upto, stands, over } => {
                if !role.leads() || !over.is_sorted() || over.len() > FRONTIER_MAX {
                    return Err(ControlError::Forbidden);
                }
                let ruling = Ruling { upto, stands, over };
                self.rulings.insert(envelope.id(), ruling);
            }
            Statement::Found { .. }
            | Statement::Certify(_)
            | Statement::Invite(_)
            | Statement::Claim(_)
            | Statement::Audit { .. }
            | Statement::Revoke { .. } => return Err(ControlError::WrongLog),
        }
        self.accepted.insert(envelope.id());
        self.folded = Cache::default();
        Ok(())
    }

    fn add(&mut self, header: &Header, epoch: EpochId, members: &[ProfileId]) {
        let addition = |name: &ProfileId| Addition {
            name: *name,
            epoch,
            author: header.author,
            chain: header.chain,
            n: header.n,
        };
        self.additions.extend(members.iter().map(addition));
    }

    /// Whom the root has certified may let themselves in: it is how an agency is restored, and holding
    /// the key is another matter. Whoever leads lets anybody in; a worker those who lead, and whoever was let in elsewhere and
    /// has not got this key.
    fn may_admit(
        &self,
        roster: &Roster,
        header: &Header,
        role: Role,
        epoch: EpochId,
        members: &[ProfileId],
    ) -> Result<(), ControlError> {
        let known = self.by_id.get(&epoch).ok_or(ControlError::UnknownEpoch)?;
        let enters = enters(roster, header.author, members);
        if !enters && !self.belongs(roster, epoch, header.author) {
            return Err(ControlError::Forbidden);
        }
        for name in members.iter().filter(|_| !enters) {
            let led = match roster.member(*name) {
                Some((_, added)) => role.leads() || (role == Role::Worker && added.leads()),
                // Whoever invited them may have been revoked since: then they are no reader either.
                None if role.leads() => true,
                None => return Err(ControlError::UnknownMember),
            };
            if !led && !self.was_let_in(*name, &known.line) {
                return Err(ControlError::Forbidden);
            }
        }
        if known.members.len() + members.len() > MEMBERS_MAX {
            return Err(ControlError::Forbidden);
        }
        Ok(())
    }

    /// Whether somebody was let in at all and no epoch of `line` has taken them out since.
    fn was_let_in(&self, name: ProfileId, line: &BTreeSet<EpochId>) -> bool {
        let known = line.iter().filter_map(|id| Some((id, self.by_id.get(id)?)));
        let out = known.filter(|(_, epoch)| epoch.removed.contains(&name));
        let removals: Vec<&EpochId> = out.map(|(id, _)| id).collect();
        let added = |at: &EpochId, out: &EpochId| {
            let line = self.by_id.get(at).map(|epoch| &epoch.line);
            line.is_some_and(|line| line.contains(out))
        };
        let mut additions = self.additions.iter().filter(|one| one.name == name);
        additions.any(|one| removals.iter().all(|out| added(&one.epoch, out)))
    }

    fn rotated(
        &self,
        roster: &Roster,
        header: &Header,
        role: Role,
        statement: Statement,
        id: EpochId,
    ) -> Result<Epoch, ControlError> {
        let Statement::Rotate {
            parents,
            members,
            removed,
            frontier,
            commitment,
            keys,
        } = statement
        else {
            return Err(ControlError::Malformed);
        };
        let orderly = parents.is_sorted()
            && members.is_sorted()
            && removed.is_sorted()
            && frontier.is_sorted()
            && (1..=PARENTS_MAX).contains(&parents.len())
            && parents.len() == keys.len()
            && members.len() <= MEMBERS_MAX
            && removed.len() <= MEMBERS_MAX
            && frontier.len() <= FRONTIER_MAX;
        if !orderly {
            return Err(ControlError::Malformed);
        }
        let mut line = BTreeSet::from([id]);
        let mut held = false;
        for parent in &parents {
            let known = self.by_id.get(parent).ok_or(ControlError::UnknownEpoch)?;
            line.extend(&known.line);
            held |= self.belongs(roster, *parent, header.author);
        }
        let removed: BTreeSet<ProfileId> = removed.into_iter().collect();
        let members: BTreeSet<ProfileId> = members.into_iter().collect();
        let mut mine = roster.names(header.author);
        if !held || !mine.any(|name| members.contains(&name)) || !members.is_disjoint(&removed) {
            return Err(ControlError::Forbidden);
        }
        for name in &removed {
            let theirs = roster.member(*name).map(|(_, role)| role);
            let may = |theirs| role.leads() && role.may_certify(theirs);
            if roster.is_live(*name) && !theirs.is_some_and(may) {
                return Err(ControlError::Forbidden);
            }
        }
        for name in &members {
            if !self.was_let_in(*name, &line) {
                return Err(ControlError::UnknownMember);
            }
        }
        let reached = |one: &Reached| (one.chain, *one);
        Ok(Epoch {
            author: header.author,
            parents,
            members,
            commitment,
            keys,
            chain: header.chain,
            removed,
            frontier: frontier.iter().map(reached).collect(),
            line,
        })
    }

    /// The removals that hold; see [`removal`].
    fn removals(&self, roster: &Roster) -> BTreeSet<EpochId> {
        let removals = self.by_id.iter().filter(|(_, one)| !one.removed.is_empty());
        removal::hold(removals.map(|(id, _)| *id), |one, other| {
            let (Some(by), Some(of)) = (self.by_id.get(one), self.by_id.get(other)) else {
                return false;
            };
            one != other && self.puts_out(roster, by, *one, of.author, of.chain, 1, &of.line)
                // What it follows itself it has seen.
                && !by.line.contains(other)
        })
    }

    /// Whether the removal `by`, the epoch `id`, takes the ground from work of `author` at place `n`
    /// of `chain`, done under an epoch with this `line`.
    #[expect(clippy::too_many_arguments, reason = "a place is four of them")]
    fn puts_out(
        &self,
        roster: &Roster,
        by: &Epoch,
        id: EpochId,
        author: ProfileId,
        chain: ChainId,
        n: u64,
        line: &BTreeSet<EpochId>,
    ) -> bool {
        !line.contains(&id) && !by.reaches(chain, n) && by.removes(roster, author)
    }

    /// Whether what `header` speaks of counts. Work of somebody who was taken out does up to the
    /// frontier of the removal, of several up to the furthest.
    pub fn counting(&self, roster: &Roster, header: &Header) -> Counting {
        let Some(written) = self.by_id.get(&header.epoch) else {
            return Counting::Counts;
        };
        let (chain, n) = (header.chain, header.n);
        let mut late = false;
        for (id, by) in self.held(roster) {
            if !by.removes(roster, header.author) || written.line.contains(&id) {
                continue;
            }
            if by.reaches(chain, n) {
                return Counting::Counts;
            }
            late = true;
        }
        match self.ruled(chain, n) {
            _ if !late => Counting::Counts,
            Some(true) => Counting::Counts,
            Some(false) => Counting::Out,
            None => Counting::Late,
        }
    }

    /// Whether a chain has come further than a removal of its author lets count: what was folded
    /// before that was known is to be folded anew.
    pub fn cuts(&self, roster: &Roster, author: ProfileId, chain: ChainId, n: u64) -> bool {
        let mut removals = self.by_id.values();
        removals.any(|by| by.removes(roster, author) && !by.reaches(chain, n))
    }

    /// What was ruled of a place in a chain.
    fn ruled(&self, chain: ChainId, n: u64) -> Option<bool> {
        let replaced: BTreeSet<&EnvelopeId> = self.rulings.values().flat_map(|r| &r.over).collect();
        let here = self.rulings.iter().filter(|(id, ruling)| {
            ruling.upto.chain == chain && n <= ruling.upto.n && !replaced.contains(id)
        });
        here.map(|(_, ruling)| ruling.stands).min()
    }

    /// The rulings of a chain so far.
    pub fn rulings_of(&self, chain: ChainId) -> Vec<EnvelopeId> {
        let all = self.rulings.iter();
        let here = all.filter(|(_, ruling)| ruling.upto.chain == chain);
        here.map(|(id, _)| *id).collect()
    }

    /// Whether `profile` ever held the key of `epoch`, under its own name or that of an invite that
    /// it claimed.
    pub fn belongs(&self, roster: &Roster, epoch: EpochId, profile: ProfileId) -> bool {
        let epoch = self.by_id.get(&epoch);
        epoch.is_some_and(|epoch| {
            roster
                .names(profile)
                .any(|name| epoch.members.contains(&name))
        })
    }

    /// Whether `author` may have written under `epoch`: a tablet that belongs to it. The key of an
    /// invite opens what it was let into, and writes nothing.
    pub fn wrote(&self, roster: &Roster, epoch: EpochId, author: ProfileId) -> bool {
        roster.known(author).is_some() && self.belongs(roster, epoch, author)
    }

    /// Whether a name was ever let in.
    pub fn was_named(&self, name: ProfileId) -> bool {
        self.additions.iter().any(|one| one.name == name)
    }

    /// Whether the stream has begun.
    pub fn has_begun(&self) -> bool {
        !self.by_id.is_empty()
    }

    /// An epoch by its id.
    pub fn epoch(&self, id: EpochId) -> Option<&Epoch> {
        self.by_id.get(&id)
    }

    /// All epochs.
    pub fn all(&self) -> impl Iterator<Item = (EpochId, &Epoch)> {
        self.by_id.iter().map(|(id, epoch)| (*id, epoch))
    }
}

/// Whether somebody whom the root has certified lets themselves in, and nobody else.
pub fn enters(roster: &Roster, author: ProfileId, members: &[ProfileId]) -> bool {
    members == [author] && roster.is_rooted(author)
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
    let roles = members.iter().map(|name| roster.member(*name));
    let led = role.leads() || roles.clone().flatten().any(|(_, role)| role.leads());
    if led && members.contains(&author) {
        // Some may be unknown: whoever invited them was revoked since. They are no readers.
        Ok(())
    } else if !led && roles.clone().any(|known| known.is_none()) {
        Err(ControlError::UnknownMember)
    } else {
        Err(ControlError::Forbidden)
    }
}
