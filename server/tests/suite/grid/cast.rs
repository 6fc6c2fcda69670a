//! An agency with one of each kind of asker, streams of each kind, and what each may try to push.

use std::collections::BTreeMap;

use satchel_server::{SessionKey, SqliteStore};
use satchel_wire::{
    Certificate, Checkpoint, Claim, ClientFrame, Cursors, EpochId, Grant, Invite, Item, Millis,
    Outcome, ProfileId, RelayFrame, Role, Scope, StaffId, Statement, StreamId, Verified,
    control::Reached,
    cursor::mark,
    envelope::sha256,
    stream::{AUDIT_NONCE, audit_stream},
    stream_id,
};
use serde_bytes::ByteBuf;

use super::{Asker, Place, Thing};
use crate::common::{Agency, NOW, Replica, Signer, World, envelopes, hello, seed, world};

/// Whether an asker is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    In(SessionKey),
    Out,
}

pub struct Cast {
    pub world: World<SqliteStore>,
    pub agency: Agency,
    signers: BTreeMap<Asker, Signer>,
    places: BTreeMap<Place, (StreamId, EpochId)>,
    /// A colleague's change that nobody has brought yet.
    waiting: Verified,
    sessions: BTreeMap<Asker, SessionKey>,
    /// Who sees all that is here between them, and what they have seen.
    watch: Vec<(SessionKey, Replica)>,
    tries: u32,
}

fn label(asker: Asker) -> String {
    match asker {
        Asker::Admin => "a admin".into(),
        Asker::Worker => "a worker".into(),
        Asker::Foreign => "b admin".into(),
        other => format!("{other:?}"),
    }
}

fn role(asker: Asker) -> Role {
    match asker {
        Asker::Admin | Asker::Foreign => Role::Admin,
        Asker::Auditor => Role::Auditor,
        Asker::Supervisor | Asker::SupervisorOff | Asker::RevokedSupervisor | Asker::Void => {
            Role::Supervisor
        }
        Asker::Nobody
        | Asker::Invite
        | Asker::Worker
        | Asker::Off
        | Asker::RevokedWorker
        | Asker::Locked => Role::Worker,
    }
}

/// The access log goes to the audit stream that `creator` begins.
fn audit(creator: ProfileId, epoch: EpochId) -> Statement {
    Statement::Audit {
        creator,
        epoch,
        key: vec![4; 1216],
        over: Vec::new(),
    }
}

impl Cast {
    pub fn new() -> Self {
        let mut world = world();
        let agency = world.found("a");
        let other = world.found("b");
        let mut signers: BTreeMap<Asker, Signer> = Asker::ALL
            .iter()
            .map(|asker| (*asker, Signer::new(&label(*asker))))
            .collect();
        // A locked tablet has its worker's transport key and signs with nothing else.
        let locked = Signer {
            key: Signer::new("a worker").transport,
            ..Signer::new("a worker")
        };
        signers.insert(Asker::Locked, locked);
        let [outsider, newcomer, new_lead, second_lead, second_admin] = [
            "outsider",
            "newcomer",
            "new lead",
            "second lead",
            "second admin",
        ]
        .map(Signer::new);
        let void = Signer::new("void invite");
        let admin = world.sign_in(&agency, &agency.admin);
        let mut log = agency.admin.chain(agency.id, agency.log, "cast");
        let certified = [
            Asker::Off,
            Asker::Supervisor,
            Asker::SupervisorOff,
            Asker::Auditor,
            Asker::RevokedWorker,
            Asker::RevokedSupervisor,
        ];
        let mut said: Vec<Verified> = certified
            .iter()
            .map(|who| log.say(&Statement::Certify(signers[who].certificate(role(*who)))))
            .collect();
        for (signer, role) in [
            (&outsider, Role::Supervisor),
            (&newcomer, Role::Worker),
            (&new_lead, Role::Supervisor),
            (&second_lead, Role::Supervisor),
            (&second_admin, Role::Admin),
        ] {
            said.push(log.say(&Statement::Certify(signer.certificate(role))));
        }
        let later = NOW.plus(1_000_000);
        said.push(agency.invite(&signers[&Asker::Invite], Role::Worker, later));
        said.push(agency.invite(&void, Role::Supervisor, later));
        for tablet in [&signers[&Asker::Void], &Signer::new("another")] {
            said.push(agency.claim(&void, tablet, Role::Supervisor));
        }
        let mut on: Vec<ProfileId> = [
            Asker::Admin,
            Asker::Worker,
            Asker::Supervisor,
            Asker::Auditor,
            Asker::RevokedWorker,
            Asker::RevokedSupervisor,
            Asker::Invite,
        ]
        .iter()
        .map(|who| signers[who].id())
        .collect();
        on.extend([&void, &second_lead, &second_admin].map(Signer::id));
        let (own, own_epoch, begin) = agency.begin(&agency.admin, "own", &on);
        said.push(begin);
        on.extend(
            [
                &signers[&Asker::Off],
                &signers[&Asker::SupervisorOff],
                &outsider,
            ]
            .map(Signer::id),
        );
        let (directory, directory_epoch, begin) = agency.begin(&agency.admin, "directory", &on);
        said.push(begin);
        let audited = audit_stream(agency.id, agency.admin.id());
        let readers = [
            signers[&Asker::Admin].id(),
            signers[&Asker::Supervisor].id(),
            signers[&Asker::Auditor].id(),
            second_lead.id(),
            second_admin.id(),
        ];
        let begin = agency
            .admin
            .chain(agency.id, audited, "audited")
            .say(&Statement::Epoch {
                nonce: AUDIT_NONCE,
                members: readers.into(),
                commitment: [1; 32],
            });
        let audited_epoch = EpochId::from(begin.id());
        said.push(begin);
        said.push(log.say(&audit(agency.admin.id(), audited_epoch)));
        let (others, others_epoch, begin) = agency.begin(&outsider, "others", &[outsider.id()]);
        said.push(begin);
        for key in [Asker::RevokedWorker, Asker::RevokedSupervisor] {
            let key = signers[&key].id();
            said.push(log.say(&Statement::Revoke {
                key,
                stands: Vec::new(),
            }));
        }
        let outcomes = world.push(admin, &envelopes(&said));
        let stored = |one: &Outcome| matches!(one, Outcome::Stored(_));
        assert!(outcomes.iter().all(stored), "{outcomes:?}");

        let there = world.sign_in(&other, &other.admin);
        let (elsewhere, elsewhere_epoch, begin) =
            other.begin(&other.admin, "elsewhere", &[other.admin.id()]);
        world.push(there, &envelopes(&[begin]));

        let mut chain = agency.worker.chain(agency.id, own, "waiting");
        let waiting = chain.write(own_epoch, b"by a colleague");
        let places = [
            (Place::Log, (agency.log, EpochId([9; 32]))),
            (Place::Directory, (directory, directory_epoch)),
            (Place::Own, (own, own_epoch)),
            (Place::Audited, (audited, audited_epoch)),
            (Place::Others, (others, others_epoch)),
            (Place::Unknown, (StreamId([9; 16]), EpochId([9; 32]))),
            (Place::Elsewhere, (elsewhere, elsewhere_epoch)),
        ];
        let outside = world.sign_in(&agency, &outsider);
        let watch = [admin, outside, there].map(|session| {
            let mut seen = Replica::default();
            seen.take(&world.pull(session, Scope::All(Cursors::default())));
            (session, seen)
        });
        let sessions = [(Asker::Foreign, there)].into();
        let watch = watch.into();
        Self {
            world,
            agency,
            signers,
            places: places.into(),
            waiting,
            sessions,
            watch,
            tries: 0,
        }
    }

    pub fn place(&self, place: Place) -> (StreamId, EpochId) {
        self.places[&place]
    }

    pub fn signer(&self, asker: Asker) -> &Signer {
        &self.signers[&asker]
    }

    /// Nothing is in the relay that was not there at the beginning.
    pub fn is_as_it_was(&mut self) -> bool {
        let world = &mut self.world;
        self.watch.iter().all(|(session, seen)| {
            let scope = Scope::Check(mark(&seen.cursors.fingerprint()));
            let answer = world.pull(*session, scope);
            matches!(answer[..], [RelayFrame::Checkpoint { .. }])
        })
    }

    /// Signs in, once.
    pub fn stand(&mut self, asker: Asker) -> Stand {
        if asker == Asker::Foreign {
            return Stand::Out;
        }
        if let Some(session) = self.sessions.get(&asker) {
            return Stand::In(*session);
        }
        let session = self.world.connect();
        // The locked tablet names its worker's profile, which it knows.
        let signer = match asker {
            Asker::Locked => &self.signers[&Asker::Worker],
            other => &self.signers[&other],
        };
        let answer = self.world.try_sign_in(session, &self.agency, signer);
        if answer == [RelayFrame::Welcome] {
            self.sessions.insert(asker, session);
            Stand::In(session)
        } else {
            Stand::Out
        }
    }

    /// Brings something: by itself, or where it is not let in through a colleague who helps it.
    pub fn push(&mut self, asker: Asker, item: Item) -> Outcome {
        let session = self.way_in(asker);
        self.world.push(session, &[item]).remove(0)
    }

    /// Says that the relay has lost an envelope.
    pub fn hand_back(&mut self, asker: Asker, item: Item) -> Outcome {
        let Item::Envelope(bytes) = item else {
            panic!("no envelope")
        };
        let session = self.way_in(asker);
        let items = vec![bytes];
        let answer = self
            .world
            .ask(session, &ClientFrame::HandBack { id: 3, items });
        match &answer[..] {
            [RelayFrame::Pushed { outcomes, .. }] => outcomes[0].clone(),
            other => panic!("{other:?}"),
        }
    }

    fn way_in(&mut self, asker: Asker) -> SessionKey {
        match (asker, self.sessions.get(&asker)) {
            (_, Some(session)) => *session,
            (Asker::Nobody | Asker::Invite | Asker::Void, _) => self.session_of(Asker::Off),
            _ => self.session_of(asker),
        }
    }

    fn session_of(&mut self, asker: Asker) -> SessionKey {
        match self.stand(asker) {
            Stand::In(session) => session,
            Stand::Out => panic!("{asker:?} is not let in"),
        }
    }

    /// A connection of an asker, signed in or not, and one of each frame to say on it.
    pub fn frames_at(
        &mut self,
        asker: Asker,
        signed_in: bool,
    ) -> Option<(SessionKey, Vec<ClientFrame>)> {
        let session = match (signed_in, self.stand(asker)) {
            (true, Stand::In(session)) => session,
            (true, Stand::Out) => return None,
            (false, _) => self.world.connect(),
        };
        let item = self.item(asker, Place::Own, Thing::Change);
        let scope = Scope::All(Cursors::default());
        let bytes = match &item {
            Item::Envelope(bytes) => vec![bytes.clone()],
            Item::Grant(_) => Vec::new(),
        };
        let checkpoint = Checkpoint::sign(
            self.world.relay.key(),
            satchel_wire::Incarnation([1; 16]),
            satchel_wire::Nonce([0; 32]),
            Millis(1),
            Cursors::default().fingerprint(),
            &Signer::new("whoever").key,
        );
        let signer = self.signer(asker);
        let frames = vec![
            self.agency.enroll(None),
            hello(self.world.challenge(session), self.agency.id, signer),
            ClientFrame::Pull { id: 1, scope },
            ClientFrame::HandBack {
                id: 5,
                items: bytes,
            },
            ClientFrame::Push {
                id: 2,
                items: vec![item],
            },
            ClientFrame::Witness {
                id: 3,
                checkpoint,
                cursors: Cursors::default(),
            },
            ClientFrame::Compare {
                id: 4,
                streams: [(self.agency.log, [0; 32])].into(),
            },
        ];
        Some((session, frames))
    }

    fn invite(&self, asker: Asker, role: Role) -> Statement {
        let key = Signer::new(&format!("invited by {asker:?} as {role:?}"));
        Statement::Invite(Invite {
            key: key.id(),
            hpke: vec![4; 1216],
            staff: StaffId([1; 16]),
            role,
            expires_at: Millis(u64::MAX),
        })
    }

    fn certify(&self, asker: Asker, role: Role) -> Statement {
        let tablet = Signer::new(&format!("certified by {asker:?} as {role:?}"));
        Statement::Certify(tablet.certificate(role))
    }

    /// Somebody of a role who is in all that the askers are in, and mostly not the asker.
    fn member(&self, role: Role) -> ProfileId {
        match role {
            Role::Auditor => self.signers[&Asker::Auditor].id(),
            Role::Worker => self.signers[&Asker::Worker].id(),
            Role::Supervisor => Signer::new("second lead").id(),
            Role::Admin => Signer::new("second admin").id(),
        }
    }

    fn rotate(&self, by: &Signer, epoch: EpochId, removed: Option<Role>) -> Statement {
        let removed: Vec<ProfileId> = removed.map(|role| self.member(role)).into_iter().collect();
        // Whoever takes themselves out has to keep somebody else in.
        let stays = match removed.first() {
            Some(out) if *out == by.id() => self.signers[&Asker::Auditor].id(),
            _ => by.id(),
        };
        Statement::Rotate {
            parents: vec![epoch],
            members: vec![stays],
            removed,
            frontier: Vec::<Reached>::new(),
            commitment: [1; 32],
            keys: vec![ByteBuf::from(vec![0; 48])],
        }
    }

    /// The best that an asker can make of a thing in a place.
    pub fn item(&mut self, asker: Asker, place: Place, thing: Thing) -> Item {
        self.tries += 1;
        let (mut stream, epoch) = self.place(place);
        let by = self.signer(asker);
        let agency = self.agency.id;
        let nonce = [7; 16];
        let revoke = |key: ProfileId| Statement::Revoke {
            key,
            stands: Vec::new(),
        };
        let admit = |who: &str| Statement::Admit {
            epoch,
            members: vec![Signer::new(who).id()],
        };
        let begin = || Statement::Epoch {
            nonce,
            members: vec![by.id(), self.agency.admin.id()],
            commitment: [1; 32],
        };
        let statement = match thing {
            Thing::Grant | Thing::GrantOut => {
                let recipient = match thing {
                    Thing::Grant => self.agency.worker.id(),
                    _ => ProfileId([8; 32]),
                };
                let sealed = vec![1; 1168];
                return Item::Grant(Grant {
                    stream,
                    epoch,
                    recipient,
                    sealed,
                });
            }
            Thing::Change | Thing::Register | Thing::Access => {
                let mut chain = by.chain(agency, stream, &format!("try {}", self.tries));
                let envelope = match thing {
                    Thing::Change => chain.write(epoch, b"x"),
                    Thing::Access => chain.note_access(epoch, b"x"),
                    _ => chain.register(epoch, 1, b"x"),
                };
                return envelopes(&[envelope]).remove(0);
            }
            Thing::Courier if place == Place::Own => {
                return envelopes(std::slice::from_ref(&self.waiting)).remove(0);
            }
            Thing::Courier => {
                let worker = &self.signers[&Asker::Nobody];
                let mut chain = worker.chain(agency, stream, &format!("try {}", self.tries));
                return envelopes(&[chain.write(epoch, b"x")]).remove(0);
            }
            Thing::Found => Statement::Found {
                relays: vec![self.world.relay.key()],
                recovery: vec![8; 1216],
            },
            Thing::CertifyAuditor => self.certify(asker, Role::Auditor),
            Thing::CertifyWorker => self.certify(asker, Role::Worker),
            Thing::CertifySupervisor => self.certify(asker, Role::Supervisor),
            Thing::CertifyAdmin => self.certify(asker, Role::Admin),
            Thing::InviteAuditor => self.invite(asker, Role::Auditor),
            Thing::InviteWorker => self.invite(asker, Role::Worker),
            Thing::InviteSupervisor => self.invite(asker, Role::Supervisor),
            Thing::InviteAdmin => self.invite(asker, Role::Admin),
            Thing::Claim => {
                let tablet = Signer::new(&format!("claimed by {asker:?}"));
                let mut staff = StaffId::ZERO;
                staff.0.copy_from_slice(&seed(&by.label)[..16]);
                let certificate = Certificate {
                    staff,
                    ..tablet.certificate(role(asker))
                };
                Statement::Claim(Claim::new(agency, by.id(), certificate, &tablet.key))
            }
            Thing::RevokeAuditor => revoke(self.member(Role::Auditor)),
            Thing::RevokeWorker => revoke(self.member(Role::Worker)),
            Thing::RevokeSupervisor => revoke(self.member(Role::Supervisor)),
            Thing::RevokeAdmin => revoke(self.member(Role::Admin)),
            Thing::RevokeInvite => revoke(self.signers[&Asker::Invite].id()),
            Thing::Begin => {
                stream = stream_id(agency, by.id(), nonce);
                begin()
            }
            Thing::Epoch => begin(),
            Thing::Admit => admit("newcomer"),
            Thing::AdmitLead => admit("new lead"),
            Thing::Rotate => self.rotate(by, epoch, None),
            Thing::RotateOutAuditor => self.rotate(by, epoch, Some(Role::Auditor)),
            Thing::RotateOutWorker => self.rotate(by, epoch, Some(Role::Worker)),
            Thing::RotateOutSupervisor => self.rotate(by, epoch, Some(Role::Supervisor)),
            Thing::RotateOutAdmin => self.rotate(by, epoch, Some(Role::Admin)),
            Thing::Rule => Statement::Rule {
                upto: Reached {
                    chain: satchel_wire::ChainId([1; 16]),
                    n: 1,
                    id: satchel_wire::EnvelopeId(sha256(&[b"some"])),
                },
                stands: true,
                over: Vec::new(),
            },
            Thing::Audit => audit(by.id(), epoch),
        };
        let mut chain = by.chain(agency, stream, &format!("try {}", self.tries));
        envelopes(&[chain.say(&statement)]).remove(0)
    }
}
