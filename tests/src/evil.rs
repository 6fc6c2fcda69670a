//! A relay that is the attacker: it takes an honest one's memory over and its key, answers everybody
//! as the protocol asks, and lies wherever a test tells it to. It knows what a relay can know and
//! signs checkpoints that fit whatever it has just shown.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "for tests: what is missing fails them"
)]

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use ring::signature::Ed25519KeyPair;
use satchel_server::{Delivery, SessionKey, SqliteStore, store::Read, store::Store as _};
use satchel_wire::{
    AgencyId, Checkpoint, ClientFrame, Closed, Compared, Cursor, Cursors, Envelope, Epochs,
    Fingerprint, Grant, Incarnation, Item, Kind, Millis, Nonce, Outcome, ProfileId, RelayFrame,
    RelayKey, Roster, Run, Scope, StreamId, Verified, compare::ends_hash, control::Reached,
};
use serde_bytes::ByteBuf;

/// Changes the log of a stream that a profile is shown.
pub type Shows = Box<dyn FnMut(ProfileId, StreamId, Vec<Vec<u8>>) -> Vec<Vec<u8>>>;
/// Changes the grants that a profile is given.
pub type Gives = Box<dyn FnMut(ProfileId, Vec<Grant>) -> Vec<Grant>>;
/// Changes a frame on its way to a profile.
pub type Twists = Box<dyn FnMut(ProfileId, RelayFrame) -> Vec<RelayFrame>>;

/// The attacker's relay.
pub struct Evil {
    signer: Ed25519KeyPair,
    /// The key that devices expect.
    pub relay: RelayKey,
    /// Which memory it claims to have.
    pub incarnation: Incarnation,
    agency: AgencyId,
    /// What it has, each stream in the order of arrival.
    pub logs: BTreeMap<StreamId, Vec<Vec<u8>>>,
    /// Every grant that was ever handed to it.
    pub grants: Vec<Grant>,
    /// What it was handed back, by whom, and whether it had been given that before.
    pub handed: Vec<(ProfileId, Vec<u8>, bool)>,
    /// Streams that it shows to everybody, whoever may read them.
    pub exposes: BTreeSet<StreamId>,
    /// See [`Shows`].
    pub shows: Shows,
    /// See [`Gives`].
    pub gives: Gives,
    /// See [`Twists`].
    pub twists: Twists,
    sessions: BTreeMap<SessionKey, Talk>,
    opened: SessionKey,
    verified: RefCell<BTreeMap<Vec<u8>, Verified>>,
}

#[derive(Clone, Copy)]
struct Talk {
    nonce: Nonce,
    profile: ProfileId,
}

impl Evil {
    /// Takes over what an honest relay with this signing seed has.
    pub fn take_over(store: &SqliteStore, seed: &[u8; 32], agency: AgencyId) -> Self {
        let identity = store.read(|read| read.identity()).unwrap().unwrap();
        let signer = Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
        let public = ring::signature::KeyPair::public_key(&signer).as_ref();
        let relay = RelayKey(public.try_into().unwrap());
        let mut evil = Self {
            relay,
            signer,
            incarnation: identity.incarnation,
            agency,
            logs: BTreeMap::new(),
            grants: Vec::new(),
            handed: Vec::new(),
            exposes: BTreeSet::new(),
            shows: Box::new(|_, _, log| log),
            gives: Box::new(|_, grants| grants),
            twists: Box::new(|_, frame| vec![frame]),
            sessions: BTreeMap::new(),
            opened: 1_000_000,
            verified: RefCell::default(),
        };
        store.read(|read| evil.copy(read)).unwrap();
        evil
    }

    fn copy(&mut self, read: &dyn Read) -> satchel_server::store::Stored<()> {
        let log_of = |stream: StreamId| {
            let mut log = Vec::new();
            read.log(stream, 0, u64::MAX >> 1, &mut |row| {
                log.push(row.bytes.to_vec());
                std::ops::ControlFlow::Continue(())
            })?;
            Ok::<_, satchel_server::StoreError>(log)
        };
        let log = Roster::log(self.agency);
        self.logs.insert(log, log_of(log)?);
        let roster = self.roster();
        let names: Vec<ProfileId> = roster.members().map(|one| one.profile).collect();
        let invites = roster.invites().map(|(invite, _)| invite.key);
        let names: Vec<ProfileId> = names.into_iter().chain(invites).collect();
        for stream in read.streams_of(self.agency, &names)?.into_keys() {
            self.logs.insert(stream, log_of(stream)?);
        }
        for number in 1..=read.last_grant(None)? {
            self.grants.extend(read.grant(number)?);
        }
        Ok(())
    }

    /// The roster as an honest relay would have it.
    pub fn roster(&self) -> Roster {
        let mut roster = Roster::new(self.agency);
        for envelope in self.controls(Roster::log(self.agency)) {
            let _ = roster.insert(&envelope);
        }
        roster
    }

    /// A stream's epochs as an honest relay would have them.
    pub fn epochs(&self, stream: StreamId) -> Epochs {
        let roster = self.roster();
        let mut epochs = Epochs::default();
        for envelope in self.controls(stream) {
            let _ = epochs.insert(&roster, &envelope);
        }
        epochs
    }

    /// The statements of a stream.
    pub fn controls(&self, stream: StreamId) -> Vec<Verified> {
        let log = self.logs.get(&stream).into_iter().flatten();
        let mut verified = self.verified.borrow_mut();
        let read = log.map(|bytes| {
            let known = verified.entry(bytes.clone());
            known
                .or_insert_with(|| Envelope::decode(bytes).and_then(Envelope::verify).unwrap())
                .clone()
        });
        read.filter(|one| one.header().kind == Kind::Control)
            .collect()
    }

    /// A connection is there.
    pub fn connect(&mut self, nonce: Nonce) -> (SessionKey, Vec<Delivery>) {
        self.opened += 1;
        let profile = ProfileId::ZERO;
        self.sessions.insert(self.opened, Talk { nonce, profile });
        let challenge = RelayFrame::Challenge {
            relay: self.relay,
            incarnation: self.incarnation,
            nonce,
        };
        let first = self.deliveries(self.opened, profile, vec![challenge]);
        (self.opened, first)
    }

    /// A connection is gone.
    pub fn lost(&mut self, session: SessionKey) {
        self.sessions.remove(&session);
    }

    /// Takes one message.
    pub fn handle(&mut self, from: SessionKey, message: &[u8], now: Millis) -> Vec<Delivery> {
        let Some(talk) = self.sessions.get(&from).copied() else {
            return Vec::new();
        };
        let mut touched = BTreeSet::new();
        let frames = match ClientFrame::decode(message).unwrap() {
            ClientFrame::Enroll { items, .. } => {
                let outcomes = items.iter().map(|bytes| self.keep(bytes, &mut touched));
                vec![RelayFrame::Enrolled {
                    outcomes: outcomes.collect(),
                }]
            }
            ClientFrame::Hello { profile, .. } => {
                self.sessions.insert(from, Talk { profile, ..talk });
                vec![RelayFrame::Welcome]
            }
            ClientFrame::Witness { id, .. } => vec![RelayFrame::Witnessed { id, renewed: false }],
            ClientFrame::Compare { id, streams } => vec![RelayFrame::Compared {
                id,
                streams: streams
                    .into_iter()
                    .map(|(stream, theirs)| self.compared(stream, theirs))
                    .collect(),
                is_last: true,
                restored: None,
            }],
            ClientFrame::HandBack { id, items } => {
                for bytes in &items {
                    let known = self.logs.values().flatten().any(|one| one[..] == bytes[..]);
                    self.handed.push((talk.profile, bytes.to_vec(), known));
                }
                let outcomes = items.iter().map(|bytes| self.keep(bytes, &mut touched));
                vec![RelayFrame::Pushed {
                    id,
                    outcomes: outcomes.collect(),
                }]
            }
            ClientFrame::Pull { id, scope } => self.pull(talk, id, scope, now),
            ClientFrame::Push { id, items } => {
                let outcomes = items.into_iter().map(|item| match item {
                    Item::Envelope(bytes) => self.keep(&bytes, &mut touched),
                    Item::Grant(grant) => {
                        touched.insert(grant.stream);
                        self.grants.push(grant);
                        Outcome::Kept
                    }
                });
                vec![RelayFrame::Pushed {
                    id,
                    outcomes: outcomes.collect(),
                }]
            }
        };
        let mut out = self.deliveries(from, talk.profile, frames);
        if !touched.is_empty() {
            let others: Vec<_> = self
                .sessions
                .iter()
                .map(|(to, talk)| (*to, *talk))
                .collect();
            for (to, other) in others.into_iter().filter(|(to, _)| *to != from) {
                let streams = touched.iter().copied().collect();
                out.extend(self.deliveries(to, other.profile, vec![RelayFrame::Hint { streams }]));
            }
        }
        out
    }

    fn deliveries(
        &mut self,
        to: SessionKey,
        profile: ProfileId,
        frames: Vec<RelayFrame>,
    ) -> Vec<Delivery> {
        let twisted = frames
            .into_iter()
            .flat_map(|frame| (self.twists)(profile, frame));
        let encoded = twisted.map(|frame| frame.encode());
        encoded.map(|frame| Delivery::Frame { to, frame }).collect()
    }

    fn keep(&mut self, bytes: &[u8], touched: &mut BTreeSet<StreamId>) -> Outcome {
        let envelope = Envelope::decode(bytes).unwrap();
        if envelope.header().kind == Kind::Register {
            return Outcome::Kept;
        }
        let stream = envelope.header().stream;
        let log = self.logs.entry(stream).or_default();
        if !log.iter().any(|known| known == bytes) {
            log.push(bytes.to_vec());
            touched.insert(stream);
        }
        // No place that a device would know: it pulls.
        Outcome::Stored(Cursor::default())
    }

    fn compared(&self, stream: StreamId, theirs: Fingerprint) -> Compared {
        let mut cursor = Cursor::default();
        let mut ends = BTreeMap::new();
        for bytes in self.logs.get(&stream).into_iter().flatten() {
            let envelope = Envelope::decode(bytes).unwrap();
            let (header, id) = (envelope.header(), id_of(&envelope));
            cursor = cursor.next(id);
            let (chain, n) = (header.chain, header.n);
            ends.insert(chain, Reached { chain, n, id });
        }
        let ends: Vec<Reached> = ends.into_values().collect();
        if ends_hash(ends.iter().copied()) == theirs {
            Compared::Same { stream, cursor }
        } else {
            Compared::Differs { stream, ends }
        }
    }

    fn pull(&mut self, talk: Talk, id: u32, scope: Scope, now: Millis) -> Vec<RelayFrame> {
        let (asked, only) = match scope {
            Scope::Check(_) => return vec![RelayFrame::Stale { id }],
            Scope::All(cursors) | Scope::Recovery(cursors) => (cursors, false),
            Scope::Only(cursors) => (cursors, true),
        };
        let roster = self.roster();
        let mut ends = Cursors::default();
        let mut runs = Vec::new();
        let mut closed = Vec::new();
        let log = Roster::log(self.agency);
        let mut streams: Vec<StreamId> = self.logs.keys().copied().collect();
        streams.sort_by_key(|stream| *stream != log);
        for stream in streams {
            let epochs = self.epochs(stream);
            let open = stream == log
                || self.exposes.contains(&stream)
                || epochs.may_read(&roster, talk.profile);
            let named = asked.streams.contains_key(&stream);
            if named && !open && epochs.is_out(&roster, talk.profile) {
                let statements = self.controls(stream);
                let statements = statements.iter().map(|one| ByteBuf::from(one.encode()));
                let statements = statements.collect();
                closed.push(Closed { stream, statements });
                continue;
            }
            let waits = !open && roster.is_suspended(talk.profile);
            if waits || ((only || !open) && !named) {
                continue;
            }
            let mut at = asked.streams.get(&stream).copied().unwrap_or_default();
            let after = at.seq;
            let mut envelopes = Vec::new();
            if open {
                let shown = (self.shows)(talk.profile, stream, self.logs[&stream].clone());
                for bytes in shown.into_iter().skip(after as usize) {
                    if let Ok(envelope) = Envelope::decode(&bytes) {
                        // Its id, whether its signature holds or not.
                        at = at.next(id_of(&envelope));
                    }
                    envelopes.push((now, ByteBuf::from(bytes)));
                }
            }
            let registers_at = Some(at.registers);
            ends.streams.insert(stream, at);
            let registers = Vec::new();
            runs.push(Run {
                stream,
                after,
                envelopes,
                registers,
                registers_at,
            });
        }
        let is_closed = |stream: &StreamId| closed.iter().any(|one: &Closed| one.stream == *stream);
        for (stream, at) in asked.streams.into_iter().filter(|(id, _)| !is_closed(id)) {
            ends.streams.entry(stream).or_insert(at);
        }
        let names: BTreeSet<ProfileId> = roster.names(talk.profile).collect();
        let mine = self.grants.iter().enumerate();
        let mine = mine.filter(|(_, grant)| names.contains(&grant.recipient));
        let mine: Vec<Grant> = mine.map(|(_, grant)| grant.clone()).collect();
        let given = (self.gives)(talk.profile, mine);
        let numbered = given.into_iter().enumerate();
        let grants: Vec<(u64, Grant)> = numbered
            .map(|(place, grant)| (place as u64 + 1, grant))
            .filter(|(number, _)| *number > asked.grants)
            .collect();
        ends.grants = grants.last().map_or(asked.grants, |(number, _)| *number);
        let checkpoint = self.checkpoint(talk.nonce, now, &ends).into_word();
        vec![
            RelayFrame::Items {
                id,
                runs,
                grants,
                closed,
            },
            RelayFrame::Checkpoint { id, checkpoint },
        ]
    }

    fn checkpoint(&self, nonce: Nonce, at: Millis, ends: &Cursors) -> Checkpoint {
        let fingerprint = ends.fingerprint();
        Checkpoint::sign(
            self.relay,
            self.incarnation,
            nonce,
            at,
            fingerprint,
            &self.signer,
        )
    }
}

/// What a device would compute for it.
fn id_of(envelope: &Envelope) -> satchel_wire::EnvelopeId {
    let bytes = envelope.encode();
    let (header, rest) = bytes.split_at(satchel_wire::envelope::HEADER_LEN);
    let body = &rest[satchel_wire::envelope::SIGNATURE_LEN..];
    let body = satchel_wire::envelope::sha256(&[body]);
    satchel_wire::EnvelopeId(satchel_wire::envelope::sha256(&[header, &body]))
}
