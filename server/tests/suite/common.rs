//! A tiny device made from the wire crate alone: it founds an agency, begins streams and writes
//! envelopes with random bodies. It cannot seal anything, and the relay cannot tell.

use std::collections::BTreeMap;

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use satchel_server::{Delivery, Identity, Relay, SessionKey, SqliteStore, store::Store};
use satchel_wire::{
    AgencyId, Certificate, ChainId, Claim, ClientFrame, Cursor, Cursors, Envelope, EnvelopeId,
    EpochId, Header, Incarnation, Invite, Item, Kind, Millis, Nonce, Outcome, ProfileId,
    RelayFrame, RelayKey, Role, Roster, Scope, SetupToken, StaffId, Statement, StreamId, Verified,
    cursor::mark,
    envelope::{SUITE, VERSION, sha256},
    frame::{PROTOCOL, auth_message},
    stream_id,
};
use serde_bytes::ByteBuf;

pub const TOKEN: SetupToken = SetupToken([5; 16]);
pub const NOW: Millis = Millis(1_790_000_000_000);

pub fn seed(label: &str) -> [u8; 32] {
    sha256(&[label.as_bytes()])
}

fn pair(label: &str) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&seed(label)).unwrap()
}

fn public(pair: &Ed25519KeyPair) -> [u8; 32] {
    pair.public_key().as_ref().try_into().unwrap()
}

/// One signer: a profile, an invite or the root.
pub struct Signer {
    pub label: String,
    pub key: Ed25519KeyPair,
    pub transport: Ed25519KeyPair,
}

impl Signer {
    pub fn new(label: &str) -> Self {
        let transport = pair(&format!("{label} transport"));
        Self {
            label: label.to_owned(),
            key: pair(label),
            transport,
        }
    }

    pub fn id(&self) -> ProfileId {
        ProfileId(public(&self.key))
    }

    pub fn certificate(&self, role: Role) -> Certificate {
        let mut staff = StaffId::ZERO;
        staff.0.copy_from_slice(&seed(&self.label)[..16]);
        Certificate {
            profile: self.id(),
            staff,
            role,
            transport: public(&self.transport),
            hpke: vec![4; 1216],
        }
    }

    /// A chain of this signer in a stream.
    pub fn chain(&self, agency: AgencyId, stream: StreamId, label: &str) -> Chain<'_> {
        let mut chain = ChainId::ZERO;
        chain
            .0
            .copy_from_slice(&sha256(&[self.label.as_bytes(), label.as_bytes()])[..16]);
        Chain {
            signer: self,
            agency,
            stream,
            chain,
            n: 0,
            head: EnvelopeId::ZERO,
            roster: EnvelopeId::ZERO,
        }
    }
}

/// A writer instance in one stream.
pub struct Chain<'a> {
    pub signer: &'a Signer,
    pub agency: AgencyId,
    pub stream: StreamId,
    pub chain: ChainId,
    pub n: u64,
    pub head: EnvelopeId,
    pub roster: EnvelopeId,
}

impl Chain<'_> {
    pub fn say(&mut self, statement: &Statement) -> Verified {
        let header = Header::control(self.agency, self.stream, self.signer.id(), self.roster);
        self.sign(header, statement.encode())
    }

    pub fn write(&mut self, epoch: EpochId, body: &[u8]) -> Verified {
        let control = Header::control(self.agency, self.stream, self.signer.id(), self.roster);
        self.sign(
            Header {
                kind: Kind::Change,
                epoch,
                salt: [3; 32],
                ..control
            },
            body.to_vec(),
        )
    }

    pub fn note_access(&mut self, epoch: EpochId, body: &[u8]) -> Verified {
        let control = Header::control(self.agency, self.stream, self.signer.id(), self.roster);
        self.sign(
            Header {
                kind: Kind::Access,
                epoch,
                ..control
            },
            body.to_vec(),
        )
    }

    pub fn register(&mut self, epoch: EpochId, counter: u64, body: &[u8]) -> Verified {
        let header = Header {
            version: VERSION,
            suite: SUITE,
            kind: Kind::Register,
            n: counter,
            chain: self.chain,
            epoch,
            ..Header::control(self.agency, self.stream, self.signer.id(), self.roster)
        };
        Envelope::sign(header, body.to_vec(), &self.signer.key).unwrap()
    }

    fn sign(&mut self, header: Header, body: Vec<u8>) -> Verified {
        let header = header.after(self.chain, self.n + 1, self.head);
        let signed = Envelope::sign(header, body, &self.signer.key).unwrap();
        self.n += 1;
        self.head = signed.id();
        signed
    }
}

/// An agency at its beginning: root, one admin, one worker.
pub struct Agency {
    pub id: AgencyId,
    pub log: StreamId,
    pub recovery: Vec<u8>,
    pub root: Signer,
    pub admin: Signer,
    pub worker: Signer,
    pub founding: Vec<Verified>,
}

impl Agency {
    pub fn new(label: &str, relay: RelayKey) -> Self {
        let root = Signer::new(&format!("{label} root"));
        let admin = Signer::new(&format!("{label} admin"));
        let worker = Signer::new(&format!("{label} worker"));
        let id = AgencyId(sha256(&[root.id().as_bytes()]));
        let log = Roster::log(id);
        let recovery = vec![8; 1216];
        let mut chain = root.chain(id, log, "first");
        let found = Statement::Found {
            relays: vec![relay],
            recovery: recovery.clone(),
        };
        let founding = vec![
            chain.say(&found),
            chain.say(&Statement::Certify(admin.certificate(Role::Admin))),
        ];
        Self {
            id,
            log,
            recovery,
            root,
            admin,
            worker,
            founding,
        }
    }

    pub fn enroll(&self, setup: Option<SetupToken>) -> ClientFrame {
        enroll(self.id, setup, &self.founding)
    }

    /// The admin certifies the worker.
    pub fn certify_worker(&self) -> Verified {
        let mut chain = self.admin.chain(self.id, self.log, "first");
        chain.say(&Statement::Certify(self.worker.certificate(Role::Worker)))
    }

    /// A stream begun by `by` for `members`.
    pub fn begin(
        &self,
        by: &Signer,
        label: &str,
        members: &[ProfileId],
    ) -> (StreamId, EpochId, Verified) {
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&seed(label)[..16]);
        let stream = stream_id(self.id, by.id(), nonce);
        let statement = Statement::Epoch {
            nonce,
            members: members.to_vec(),
            commitment: [1; 32],
        };
        let epoch = by.chain(self.id, stream, "epochs").say(&statement);
        (stream, epoch.id().into(), epoch)
    }

    pub fn invite(&self, invite: &Signer, role: Role, expires_at: Millis) -> Verified {
        let staff = invite.certificate(role).staff;
        let invite = Invite {
            key: invite.id(),
            hpke: vec![4; 1216],
            staff,
            role,
            expires_at,
        };
        self.admin
            .chain(self.id, self.log, &format!("invite {:?}", invite.key))
            .say(&Statement::Invite(invite))
    }

    /// `tablet` claims `invite`, as which it shares the staff id.
    pub fn claim(&self, invite: &Signer, tablet: &Signer, role: Role) -> Verified {
        let staff = invite.certificate(role).staff;
        let certificate = Certificate {
            staff,
            ..tablet.certificate(role)
        };
        let claim = Claim::new(self.id, invite.id(), certificate, &tablet.key);
        invite
            .chain(self.id, self.log, &tablet.label)
            .say(&Statement::Claim(claim))
    }
}

pub fn enroll(agency: AgencyId, setup: Option<SetupToken>, items: &[Verified]) -> ClientFrame {
    let items = items
        .iter()
        .map(|item| ByteBuf::from(item.encode()))
        .collect();
    ClientFrame::Enroll {
        agency,
        setup,
        items,
    }
}

pub fn envelopes(items: &[Verified]) -> Vec<Item> {
    items
        .iter()
        .map(|item| Item::Envelope(ByteBuf::from(item.encode())))
        .collect()
}

/// The proof that answers a challenge.
pub fn hello(challenge: &RelayFrame, agency: AgencyId, signer: &Signer) -> ClientFrame {
    let RelayFrame::Challenge { relay, nonce, .. } = challenge else {
        panic!("{challenge:?}")
    };
    let message = auth_message(*relay, agency, signer.id(), *nonce);
    ClientFrame::Hello {
        protocol: PROTOCOL,
        agency,
        profile: signer.id(),
        signature: signer.transport.sign(&message).as_ref().to_vec(),
    }
}

/// A relay in this thread, and what it has sent to each connection.
pub struct World<S> {
    pub relay: Relay<S>,
    pub now: Millis,
    sent: BTreeMap<SessionKey, Vec<RelayFrame>>,
    hints: BTreeMap<SessionKey, Vec<StreamId>>,
    closed: Vec<SessionKey>,
    challenges: BTreeMap<SessionKey, RelayFrame>,
    connected: u8,
}

pub fn world() -> World<SqliteStore> {
    let store = SqliteStore::open_in_memory().unwrap();
    World::new(store)
}

impl<S: Store> World<S> {
    pub fn new(store: S) -> Self {
        let fresh = Identity {
            seed: seed("relay"),
            incarnation: Incarnation([1; 16]),
        };
        Self::with_identity(store, fresh)
    }

    pub fn with_identity(store: S, fresh: Identity) -> Self {
        let mut relay = Relay::open(store, fresh).unwrap();
        relay.permit_setup(TOKEN, NOW).unwrap();
        Self {
            relay,
            now: NOW,
            sent: BTreeMap::new(),
            hints: BTreeMap::new(),
            closed: Vec::new(),
            challenges: BTreeMap::new(),
            connected: 0,
        }
    }

    pub fn connect(&mut self) -> SessionKey {
        self.connected += 1;
        let (session, first) = self.relay.connect(Nonce([self.connected; 32]));
        let Delivery::Frame { to, frame } = first else {
            panic!("{first:?}")
        };
        assert_eq!(to, session);
        let challenge = RelayFrame::decode(&frame).unwrap();
        self.challenges.insert(session, challenge);
        session
    }

    /// What a connection was asked to sign.
    pub fn challenge(&self, session: SessionKey) -> &RelayFrame {
        &self.challenges[&session]
    }

    /// Sends one frame and returns what came back on the same connection, hints aside.
    pub fn ask(&mut self, session: SessionKey, frame: &ClientFrame) -> Vec<RelayFrame> {
        for delivery in self
            .relay
            .handle(session, &frame.encode(), self.now)
            .unwrap()
        {
            match delivery {
                Delivery::Frame { to, frame } => match RelayFrame::decode(&frame).unwrap() {
                    RelayFrame::Hint { streams } => {
                        self.hints.entry(to).or_default().extend(streams)
                    }
                    other => self.sent.entry(to).or_default().push(other),
                },
                Delivery::Close { of } => self.closed.push(of),
            }
        }
        self.sent.remove(&session).unwrap_or_default()
    }

    /// What a connection was hinted at since it was last asked.
    pub fn hints(&mut self, session: SessionKey) -> Vec<StreamId> {
        self.hints.remove(&session).unwrap_or_default()
    }

    pub fn is_closed(&self, session: SessionKey) -> bool {
        self.closed.contains(&session)
    }

    /// Founds an agency with its worker certified.
    pub fn found(&mut self, label: &str) -> Agency {
        let agency = Agency::new(label, self.relay.key());
        let session = self.connect();
        self.relay.permit_setup(TOKEN, NOW).unwrap();
        let answer = self.ask(session, &agency.enroll(Some(TOKEN)));
        assert!(
            matches!(&answer[..], [RelayFrame::Enrolled { outcomes }]
                if outcomes.iter().all(|outcome| matches!(outcome, Outcome::Stored(_)))),
            "{answer:?}"
        );
        let admin = self.sign_in(&agency, &agency.admin);
        let outcomes = self.push(admin, &envelopes(&[agency.certify_worker()]));
        assert!(
            matches!(&outcomes[..], [Outcome::Stored(_)]),
            "{outcomes:?}"
        );
        agency
    }

    pub fn sign_in(&mut self, agency: &Agency, signer: &Signer) -> SessionKey {
        let session = self.connect();
        let answer = self.try_sign_in(session, agency, signer);
        assert_eq!(answer, vec![RelayFrame::Welcome]);
        session
    }

    pub fn try_sign_in(
        &mut self,
        session: SessionKey,
        agency: &Agency,
        signer: &Signer,
    ) -> Vec<RelayFrame> {
        let proof = hello(self.challenge(session), agency.id, signer);
        self.ask(session, &proof)
    }

    pub fn push(&mut self, session: SessionKey, items: &[Item]) -> Vec<Outcome> {
        let answer = self.ask(
            session,
            &ClientFrame::Push {
                id: 7,
                items: items.to_vec(),
            },
        );
        match &answer[..] {
            [RelayFrame::Pushed { id: 7, outcomes }] => outcomes.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub fn pull(&mut self, session: SessionKey, scope: Scope) -> Vec<RelayFrame> {
        self.ask(session, &ClientFrame::Pull { id: 9, scope })
    }
}

/// What a device makes of the answer to a pull: envelopes by stream, registers, grants, cursors.
#[derive(Debug, Default)]
pub struct Replica {
    pub cursors: Cursors,
    pub envelopes: BTreeMap<StreamId, Vec<Vec<u8>>>,
    pub registers: BTreeMap<StreamId, Vec<Vec<u8>>>,
    pub grants: Vec<(u64, satchel_wire::Grant)>,
    pub checkpoints: usize,
}

impl Replica {
    /// Takes frames as a device does: checks places and chains `h` on.
    pub fn take(&mut self, frames: &[RelayFrame]) {
        for frame in frames {
            match frame {
                RelayFrame::Items { runs, grants, .. } => {
                    for run in runs {
                        let cursor = self.cursors.streams.entry(run.stream).or_default();
                        assert_eq!(run.after, cursor.seq, "a run leaves a gap");
                        for (_, bytes) in &run.envelopes {
                            let envelope = Envelope::decode(bytes).unwrap().verify().unwrap();
                            assert_eq!(envelope.header().stream, run.stream);
                            *cursor = cursor.next(envelope.id());
                            self.envelopes
                                .entry(run.stream)
                                .or_default()
                                .push(bytes.to_vec());
                        }
                        for bytes in &run.registers {
                            self.registers
                                .entry(run.stream)
                                .or_default()
                                .push(bytes.to_vec());
                        }
                        if let Some(at) = run.registers_at {
                            cursor.registers = at;
                        }
                    }
                    for (number, grant) in grants {
                        assert!(*number > self.cursors.grants, "grants come in rising order");
                        self.cursors.grants = *number;
                        self.grants.push((*number, grant.clone()));
                    }
                }
                RelayFrame::Checkpoint { checkpoint, .. } => {
                    assert_eq!(checkpoint.mark, mark(&self.cursors.fingerprint()));
                    self.checkpoints += 1;
                }
                other => panic!("not of a pull: {other:?}"),
            }
        }
    }

    pub fn cursor(&self, stream: StreamId) -> Cursor {
        self.cursors
            .streams
            .get(&stream)
            .copied()
            .unwrap_or_default()
    }
}
