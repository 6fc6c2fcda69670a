//! What a profile holds whether its vault is open or not: who it is, the agency's roster, for each
//! stream its members, chains and cursor, and the outbox. Opens nothing.

use std::collections::BTreeMap;

use satchel_wire::{
    AgencyId, ChainId, Cursor, Cursors, Envelope, EnvelopeId, Epochs, Grant, Incarnation, Item,
    Kind, Millis, ProfileId, Refusal, RelayKey, Role, Roster, SetupToken, StaffId, StreamId,
    Verified,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;

use crate::{
    api::Failure,
    body::Head,
    contact::Contact,
    engine::{audit::Trail, cx::Cx, keyspace, kit::Checked, restore::Restoring},
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
    /// The relay skipped an envelope of some chain.
    pub gap: bool,
    /// A statement of the agency that an author stood on and the relay has not shown us.
    pub unshown: Option<EnvelopeId>,
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
    /// A change of a record, as opposed to control.
    pub change: bool,
    pub held: Option<Refusal>,
}

impl Outgoing {
    /// Entries of the access log: the one kind of envelope whose place is not ours to follow.
    pub fn is_access(&self) -> bool {
        self.place.is_none() && matches!(self.item, Item::Envelope(_))
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
    /// Grants not opened yet: the vault was locked, or their epoch's statement is not here.
    pub grants: Vec<Grant>,
}

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
            grants: Vec::new(),
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
        let number = self.outbox.keys().next_back().map_or(0, |last| last + 1);
        let header = envelope.map(Verified::header);
        let outgoing = Outgoing {
            item,
            place: header.map(|header| (header.stream, header.chain, header.n)),
            change: header.is_some_and(|header| header.kind == Kind::Change),
            held: None,
        };
        cx.put(keyspace::outbox(number), encode(&outgoing));
        self.outbox.insert(number, outgoing);
    }

    pub fn post_envelope(&mut self, cx: &mut Cx, envelope: &Verified) {
        let item = Item::Envelope(ByteBuf::from(envelope.encode()));
        self.post(cx, item, Some(envelope));
    }

    /// Changes that are only here, and those of them that the relay would not take.
    pub fn unsent(&self) -> (u32, u32) {
        let changes = self.outbox.values().filter(|out| out.change);
        // Counted after every input, and after weeks out of reach there are thousands.
        changes.fold((0, 0), |(waiting, held), out| match out.held {
            None => (waiting + 1, held),
            Some(_) => (waiting, held + 1),
        })
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
        };
        let mut replica = Replica::new(profile, Vec::new());
        let mut post = |number: u64, change: bool, held: Option<Refusal>| {
            let outgoing = Outgoing {
                item: Item::Envelope(ByteBuf::new()),
                place: None,
                change,
                held,
            };
            replica.outbox.insert(number, outgoing);
        };
        post(0, true, None);
        post(1, true, Some(Refusal::TooMuch));
        post(2, true, None);
        // Control statements are nobody's work.
        post(3, false, None);
        post(4, false, Some(Refusal::TooMuch));
        assert_eq!(replica.unsent(), (2, 1));
    }
}
