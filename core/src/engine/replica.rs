//! What a profile holds whether its vault is open or not: who it is, the agency's roster, for each
//! stream its members, chains and cursor, and the outbox. Opens nothing.

use std::collections::BTreeMap;

use satchel_wire::{
    AgencyId, ChainId, Cursor, Cursors, Envelope, EnvelopeId, Epochs, Grant, Incarnation, Item,
    Kind, Millis, ProfileId, Refusal, RelayKey, Role, Roster, SetupToken, StaffId, StreamId,
    Verified, bundle::Maker,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;

use crate::{
    api::Failure,
    body::Head,
    contact::Contact,
    engine::{
        audit::Trail,
        bundles::Peer,
        cx::Cx,
        keyspace,
        kit::Checked,
        restore::Restoring,
        session::{Proofs, Rewind},
    },
    io::Entry,
    vault::Tries,
};

/// Who this is; stored unsealed, so that a locked tablet can sync.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Profile {
    pub agency: AgencyId,
    pub profile: ProfileId,
    pub staff: StaffId,
    pub role: Role,
    pub url: String,
    pub relay: RelayKey,
    pub directory: StreamId,
    /// The inviter's statement: no roster without it is complete.
    pub expects: EnvelopeId,
    /// What has to be said before `Hello` is understood.
    pub enrolling: Option<Enrolling>,
    /// The same, to be said again to a relay that has lost it.
    pub entry: Option<Enrolling>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Enrolling {
    pub setup: Option<SetupToken>,
    pub items: Vec<ByteBuf>,
}

/// Where we stand with the relay as a whole.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct State {
    pub incarnation: Option<Incarnation>,
    pub grants: u64,
    pub complete_at: Option<Millis>,
    /// What of the outbox has a lower number may have left this tablet: it stays what it is.
    pub let_out: u64,
}

/// One stream, as far as it can be known without its key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Meta {
    pub cursor: Cursor,
    /// Entries under `ctl/` and `log/`.
    pub controls: u32,
    pub logged: u32,
    pub chains: BTreeMap<ChainId, Tip>,
    pub mine: Option<Mine>,
    /// Entries of the log that the stored document contains.
    pub saved: u32,
    /// Highest counter of each member's registers, by slot.
    pub registers: BTreeMap<(ProfileId, ChainId), u64>,
    /// Envelopes of others that our own 'seen' register names.
    pub seen: u64,
    /// Envelopes and registers that did not hold: left out, only counted.
    pub rejected: u32,
    /// What was sealed anew since the document was stored.
    pub sealed_anew: Vec<SealedAnew>,
    /// The relay skipped an envelope of some chain.
    pub gap: bool,
    /// A statement of the agency that an author stood on and the relay has not shown us.
    pub unshown: Option<EnvelopeId>,
}

/// Several envelopes of ours that became one before they left.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct SealedAnew {
    /// Our chain before them.
    pub before: Option<Head>,
    /// The one that they became.
    pub head: Head,
}

/// The last envelope of a chain.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Tip {
    pub head: Head,
    pub author: ProfileId,
}

/// My own work in a stream.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Mine {
    pub chain: ChainId,
    /// The relay has on its disk everything up to here.
    pub receipt: u64,
    /// When I wrote the latest.
    pub at: Millis,
    pub held: Option<Refusal>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pub meta: Meta,
    pub epochs: Epochs,
}

impl Stream {
    /// The number of my latest change.
    pub fn mine_n(&self) -> u64 {
        let tip = self
            .meta
            .mine
            .and_then(|mine| self.meta.chains.get(&mine.chain));
        tip.map_or(0, |tip| tip.head.n)
    }

    /// My changes that are only here.
    pub fn unsent(&self) -> u32 {
        let receipt = self.meta.mine.map_or(0, |mine| mine.receipt);
        self.mine_n().saturating_sub(receipt) as u32
    }
}

/// Something to hand to the relay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Outgoing {
    pub item: Item,
    /// For an envelope: its place.
    pub place: Option<(StreamId, ChainId, u64)>,
    pub id: Option<EnvelopeId>,
    /// Of changes of a record, as opposed to control.
    pub work: Option<Work>,
    pub held: Option<Refusal>,
}

/// Changes on their way out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Work {
    /// The envelope's place in our log of its stream.
    pub index: u32,
    /// How many.
    pub changes: u32,
    /// By a person here, as opposed to read from a file.
    pub typed: bool,
}

impl Outgoing {
    /// Entries of the access log: the one kind of envelope whose place is not ours to follow.
    pub fn is_access(&self) -> bool {
        self.place.is_none() && matches!(self.item, Item::Envelope(_))
    }

    /// About how much it adds to a push, in bytes.
    pub fn len(&self) -> usize {
        match &self.item {
            Item::Envelope(bytes) => bytes.len(),
            Item::Grant(grant) => grant.sealed.len() + 128,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub profile: Profile,
    pub vault: Vec<u8>,
    pub tries: Tries,
    pub contact: Contact,
    pub trail: Option<Trail>,
    pub kit: Checked,
    pub restoring: Option<Restoring>,
    pub state: State,
    pub roster: Roster,
    pub log: StreamId,
    pub streams: BTreeMap<StreamId, Stream>,
    pub outbox: BTreeMap<u64, Outgoing>,
    /// What others told to hold in files of theirs.
    pub peers: BTreeMap<Maker, Peer>,
    /// Grants not opened yet: the vault was locked, or their epoch's statement is not here.
    pub grants: Vec<Grant>,
    pub rewind: Rewind,
    pub proofs: Proofs,
}

/// Grants that wait for their epoch's statement.
const GRANTS_WAITING_MAX: usize = 10_000;

pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}

pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    postcard::from_bytes(bytes).map_err(|_| Failure::Damaged)
}

/// Reads back an envelope that was stored. Storage is not trusted: the signature is checked again.
pub(super) fn stored_envelope(bytes: &[u8]) -> Result<Verified, Failure> {
    Envelope::decode(bytes)
        .and_then(Envelope::verify)
        .map_err(|_| Failure::Damaged)
}

impl Replica {
    pub fn new(profile: Profile, vault: Vec<u8>) -> Self {
        let log = Roster::log(profile.agency);
        Self {
            roster: Roster::new(profile.agency),
            profile,
            vault,
            tries: Tries::default(),
            contact: Contact::default(),
            trail: None,
            kit: Checked::default(),
            restoring: None,
            state: State::default(),
            log,
            streams: BTreeMap::new(),
            outbox: BTreeMap::new(),
            peers: BTreeMap::new(),
            grants: Vec::new(),
            rewind: Rewind::default(),
            proofs: Proofs::new(),
        }
    }

    /// Rebuilds itself from what was stored; `None` when there is no profile.
    pub fn load(entries: Vec<Entry>) -> Result<Option<Self>, Failure> {
        let find = |key: &str| entries.iter().find(|e| e.key == key).map(|e| &e.value);
        let Some(profile) = find(keyspace::PROFILE) else {
            return Ok(None);
        };
        let vault = find(keyspace::VAULT).ok_or(Failure::Damaged)?.to_vec();
        let mut replica = Self::new(decode(profile)?, vault);
        if let Some(state) = find(keyspace::STATE) {
            replica.state = decode(state)?;
        }
        if let Some(rewind) = find(keyspace::REWIND) {
            replica.rewind = decode(rewind)?;
        }
        replica.proofs = find(keyspace::PROOF)
            .and_then(|proofs| decode(proofs).ok())
            .unwrap_or_default();
        // Whoever can damage it can remove it as well: no reason to keep its owner out.
        replica.tries = find(keyspace::TRIES)
            .and_then(|tries| decode(tries).ok())
            .unwrap_or_default();
        replica.contact = find(keyspace::CONTACT)
            .and_then(|contact| decode::<Contact>(contact).ok())
            .map(Contact::restored)
            .unwrap_or_default();
        replica.trail = find(keyspace::TRAIL).and_then(|trail| decode(trail).ok());
        if let Some(kit) = find(keyspace::KIT) {
            replica.kit = decode(kit)?;
        }
        if let Some(restoring) = find(keyspace::RESTORE) {
            replica.restoring = Some(decode(restoring)?);
        }
        let log = replica.log;
        let mut statements = Vec::new();
        for Entry { key, value } in &entries {
            let stream = keyspace::part::<StreamId>(key, 1);
            match (key.split('/').next(), stream) {
                (Some("meta"), Some(stream)) => {
                    replica.streams.entry(stream).or_default().meta = decode(value)?;
                }
                (Some("ctl"), Some(stream)) => {
                    let statement = stored_envelope(value)?;
                    if stream == log {
                        let _ = replica.roster.insert(&statement);
                    } else {
                        statements.push((stream, statement));
                    }
                }
                (Some("grant"), _) => replica.grants.push(decode(value)?),
                (Some("peer"), _) => {
                    // It only spares a file what is known: without it the file is longer.
                    if let Ok(peer) = decode::<Peer>(value) {
                        replica.peers.insert(peer.maker, peer);
                    }
                }
                (Some("out"), _) => {
                    let number = keyspace::index(key).ok_or(Failure::Damaged)?;
                    let mut outgoing: Outgoing = decode(value)?;
                    outgoing.held = None;
                    replica.outbox.insert(number, outgoing);
                }
                _ => {}
            }
        }
        for (stream, statement) in statements {
            let stream = replica.streams.entry(stream).or_default();
            let _ = stream.epochs.insert(&replica.roster, &statement);
        }
        Ok(Some(replica))
    }

    pub fn store_profile(&self, cx: &mut Cx) {
        cx.put(keyspace::PROFILE.into(), encode(&self.profile));
        cx.delete(keyspace::DISMISSED.into());
    }

    pub fn store_state(&self, cx: &mut Cx) {
        cx.put(keyspace::STATE.into(), encode(&self.state));
    }

    pub fn store_rewind(&self, cx: &mut Cx) {
        cx.put(keyspace::REWIND.into(), encode(&self.rewind));
    }

    pub fn store_meta(&self, cx: &mut Cx, stream: StreamId) {
        if let Some(known) = self.streams.get(&stream) {
            cx.put(keyspace::meta(stream), encode(&known.meta));
        }
    }

    /// Appends an envelope, of ours or received and checked, to its stream here.
    pub fn append(&mut self, cx: &mut Cx, envelope: &Verified) {
        let header = envelope.header();
        let stream = self.streams.entry(header.stream).or_default();
        let meta = &mut stream.meta;
        let head = Head {
            n: header.n,
            id: envelope.id(),
        };
        meta.chains.insert(
            header.chain,
            Tip {
                head,
                author: header.author,
            },
        );
        let key = if header.kind == Kind::Control {
            meta.controls += 1;
            keyspace::control(header.stream, meta.controls - 1)
        } else {
            meta.logged += 1;
            keyspace::log(header.stream, meta.logged - 1)
        };
        cx.put(key, envelope.encode());
        self.store_meta(cx, header.stream);
    }

    /// Puts something of ours into the outbox.
    pub fn post(&mut self, cx: &mut Cx, item: Item, envelope: Option<&Verified>) {
        self.post_work(cx, item, envelope, None);
    }

    fn post_work(
        &mut self,
        cx: &mut Cx,
        item: Item,
        envelope: Option<&Verified>,
        work: Option<Work>,
    ) {
        let last = self.outbox.keys().next_back();
        let next = last.map_or(0, |last| last + 1);
        // No number is used again: below `let_out` it would count as gone.
        let number = next.max(self.state.let_out);
        let header = envelope.map(Verified::header);
        let outgoing = Outgoing {
            item,
            place: header.map(|header| (header.stream, header.chain, header.n)),
            id: envelope.map(Verified::id),
            work,
            held: None,
        };
        cx.put(keyspace::outbox(number), encode(&outgoing));
        self.outbox.insert(number, outgoing);
    }

    pub fn post_envelope(&mut self, cx: &mut Cx, envelope: &Verified) {
        let item = Item::Envelope(ByteBuf::from(envelope.encode()));
        self.post(cx, item, Some(envelope));
    }

    /// Puts a change that was just appended into the outbox.
    pub fn post_change(&mut self, cx: &mut Cx, envelope: &Verified, typed: bool) {
        let item = Item::Envelope(ByteBuf::from(envelope.encode()));
        let (_, logged) = self.entries(envelope.header().stream);
        let work = Work {
            index: logged.saturating_sub(1),
            changes: 1,
            typed,
        };
        self.post_work(cx, item, Some(envelope), Some(work));
    }

    /// From now on nothing of the outbox below `number` is sealed anew. Whoever hands out envelopes of
    /// ours, by whatever way, says so before, in the store that stands before it.
    pub fn let_out(&mut self, cx: &mut Cx, number: u64) {
        if self.state.let_out < number {
            self.state.let_out = number;
            self.store_state(cx);
        }
    }

    /// A grant for us that is opened once the vault and its epoch's statement are here.
    pub fn wait_for(&mut self, grant: Grant) {
        if self.grants.len() < GRANTS_WAITING_MAX {
            self.grants.push(grant);
        }
    }

    /// Changes that are only here, and those of them that the relay would not take.
    pub fn unsent(&self) -> (u32, u32) {
        let work = self.outbox.values();
        let work = work.filter_map(|out| Some((out.work?.changes, out.held)));
        // Counted after every input, and after weeks out of reach there are thousands.
        work.fold(
            (0, 0),
            |(waiting, held), (changes, refused)| match refused {
                None => (waiting + changes, held),
                Some(_) => (waiting, held + changes),
            },
        )
    }

    /// Streams in which the relay has left something out that others have seen.
    pub fn withheld(&self) -> u32 {
        let unshown = |meta: &Meta| meta.unshown.is_some_and(|id| !self.roster.has(id));
        let metas = self.streams.values().map(|stream| &stream.meta);
        metas.filter(|meta| meta.gap || unshown(meta)).count() as u32
    }

    /// Entries of a stream's log: those that its stored document contains, and all.
    pub fn entries(&self, stream: StreamId) -> (u32, u32) {
        let known = self.streams.get(&stream);
        known.map_or((0, 0), |known| (known.meta.saved, known.meta.logged))
    }

    /// Where we stand in what is open to us: to a restore everything.
    pub fn cursors(&self) -> Cursors {
        let me = self.profile.profile;
        let is_open = |stream: &Stream| {
            self.restoring.is_some()
                || !stream.epochs.has_begun()
                || stream.epochs.may_read(&self.roster, me)
        };
        let streams = self
            .streams
            .iter()
            .filter(|(_, stream)| is_open(stream))
            .map(|(id, stream)| (*id, stream.meta.cursor))
            .collect();
        Cursors {
            streams,
            grants: self.state.grants,
        }
    }

    /// Streams of cases: all but the agency's log, directory and access log.
    pub fn cases(&self) -> impl Iterator<Item = (StreamId, &Stream)> {
        let (log, directory) = (self.log, self.profile.directory);
        self.streams
            .iter()
            .filter(move |(id, _)| **id != log && **id != directory && !self.roster.is_audit(**id))
            .map(|(id, stream)| (*id, stream))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unsent_is_told_apart_from_what_the_relay_would_not_take() {
        let profile = Profile {
            agency: AgencyId::ZERO,
            profile: ProfileId::ZERO,
            staff: StaffId::ZERO,
            role: Role::Worker,
            url: String::new(),
            relay: RelayKey::ZERO,
            directory: StreamId::ZERO,
            expects: EnvelopeId::ZERO,
            enrolling: None,
            entry: None,
        };
        let mut replica = Replica::new(profile, Vec::new());
        let mut post = |number: u64, changes: u32, held: Option<Refusal>| {
            let work = Work {
                index: 0,
                changes,
                typed: true,
            };
            let outgoing = Outgoing {
                item: Item::Envelope(ByteBuf::new()),
                place: None,
                id: None,
                work: Some(work).filter(|work| work.changes > 0),
                held,
            };
            replica.outbox.insert(number, outgoing);
        };
        post(0, 1, None);
        post(1, 1, Some(Refusal::TooMuch));
        // Sealed as one, and still three.
        post(2, 3, None);
        // Control statements are nobody's work.
        post(3, 0, None);
        post(4, 0, Some(Refusal::TooMuch));
        assert_eq!(replica.unsent(), (4, 1));
    }
}
