//! Four tablets and a relay in one thread: what they do stays with them until they all sync.

use std::collections::VecDeque;

use satchel_core::{
    api::{CaseView, Connection, FindingView, Reply, Request, RoleName, StaffView},
    io::{Input, Rng as _},
    rng::Seeded,
};
use satchel_server::{Delivery, Identity, Relay, SessionKey, SqliteStore};
use satchel_tests::{
    device::{Device, Outward},
    disk::Disk,
};
use satchel_wire::{Incarnation, Millis, Nonce, SetupToken, link::SetupLink};
use serde_bytes::ByteBuf;

/// The founder, who is an admin.
pub const ROSA: usize = 0;
/// A supervisor.
pub const PRIYA: usize = 1;
/// Workers.
pub const ANA: usize = 2;
pub const BEN: usize = 3;
pub const NAMES: [&str; 4] = ["Rosa", "Priya", "Ana", "Ben"];
const ROLES: [RoleName; 4] = [
    RoleName::Admin,
    RoleName::Supervisor,
    RoleName::Worker,
    RoleName::Worker,
];
const PASSPHRASE: &str = "a passphrase for all";
const STEPS_MAX: u32 = 100_000;

struct Tablet {
    device: Device,
    session: Option<SessionKey>,
    connecting: bool,
    up: VecDeque<Vec<u8>>,
    down: VecDeque<Vec<u8>>,
}

pub struct Team {
    relay: Relay<SqliteStore>,
    rng: Seeded,
    now: Millis,
    tablets: Vec<Tablet>,
    staff: Vec<StaffView>,
}

impl Team {
    pub fn new() -> Self {
        let mut rng = Seeded::new(5);
        let mut fresh = Identity {
            seed: [0; 32],
            incarnation: Incarnation([1; 16]),
        };
        rng.fill(&mut fresh.seed);
        let store = SqliteStore::open_in_memory().unwrap();
        let mut relay = Relay::open(store, fresh).unwrap();
        let now = Millis(1_700_000_000_000);
        let token = SetupToken([7; 16]);
        relay.permit_setup(token, now).unwrap();
        let setup = SetupLink {
            relay: relay.key(),
            token,
        };
        let link = setup.under("http://relay.test");
        let tablets = (0..NAMES.len() as u64).map(|i| Tablet {
            device: Device::new(100 + i),
            session: None,
            connecting: false,
            up: VecDeque::new(),
            down: VecDeque::new(),
        });
        let mut team = Self {
            relay,
            rng,
            now,
            tablets: tablets.collect(),
            staff: Vec::new(),
        };
        for place in 0..NAMES.len() {
            team.tablets[place].device.input(now, Input::Start);
            team.carry_out(place);
        }
        let (agency, name, passphrase) = ("Harbor".into(), NAMES[ROSA].into(), PASSPHRASE.into());
        team.ask(
            ROSA,
            Request::Found {
                link,
                agency,
                name,
                passphrase,
            },
        );
        team.sync(1);
        for place in 1..NAMES.len() {
            let (name, role) = (NAMES[place].into(), ROLES[place]);
            let invite = Request::Invite {
                name,
                role,
                share_cases: true,
            };
            let Reply::Invited { link, .. } = team.ask(ROSA, invite) else {
                panic!("no invite");
            };
            team.sync(1);
            let passphrase = PASSPHRASE.into();
            team.ask(place, Request::Join { link, passphrase });
            team.sync(place + 1);
        }
        let Reply::Staff { staff, .. } = team.ask(ROSA, Request::Staff) else {
            panic!("no staff");
        };
        assert_eq!(staff.len(), NAMES.len());
        team.staff = staff;
        team
    }

    /// Staff id.
    pub fn id(&self, place: usize) -> String {
        let member = self.staff.iter().find(|one| one.name == NAMES[place]);
        member.unwrap().staff.clone()
    }

    /// Somebody does something on their tablet, a minute after the last deed.
    pub fn ask(&mut self, place: usize, request: Request) -> Reply {
        self.now = self.now.plus(60_000);
        let now = self.now;
        let id = self.tablets[place].device.request(now, request);
        self.carry_out(place);
        let reply = self.tablets[place].device.replies.remove(&id);
        reply.expect("an answer without the network")
    }

    pub fn begin_case(&mut self, place: usize, fields: &[(&str, &str)]) -> String {
        self.begin_case_for(place, fields, &[ROSA, PRIYA, ANA, BEN])
    }

    /// A case that only some are let into.
    pub fn begin_case_for(
        &mut self,
        place: usize,
        fields: &[(&str, &str)],
        team: &[usize],
    ) -> String {
        let fields = fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let fields = fields.collect();
        let members = self.staff.iter();
        let members = members.filter(|one| team.iter().any(|place| NAMES[*place] == one.name));
        let team = members.map(|one| one.profile.clone()).collect();
        match self.ask(place, Request::NewCase { fields, team }) {
            Reply::Created { case } => case,
            other => panic!("no case: {other:?}"),
        }
    }

    pub fn now(&self) -> Millis {
        self.now
    }

    /// What a tablet has on its disk.
    pub fn disk(&self, place: usize) -> &Disk {
        &self.tablets[place].device.disk
    }

    /// Whoever found the tablet locked.
    pub fn unlock(&mut self, place: usize) {
        let passphrase = PASSPHRASE.into();
        let reply = self.ask(place, Request::Unlock { passphrase });
        assert!(matches!(reply, Reply::Unlocked { .. }), "{reply:?}");
    }

    /// A tablet dies and is opened again.
    pub fn restart(&mut self, place: usize) {
        let tablet = &mut self.tablets[place];
        tablet.up.clear();
        tablet.down.clear();
        tablet.connecting = false;
        if let Some(session) = tablet.session.take() {
            self.relay.lost(session);
        }
        tablet.device.crash(self.now);
        self.carry_out(place);
        self.unlock(place);
    }

    pub fn view(&mut self, place: usize, case: &str) -> CaseView {
        match self.ask(place, Request::Case { case: case.into() }) {
            Reply::Case { case } => case,
            other => panic!("no view: {other:?}"),
        }
    }

    /// The findings of a case; every tablet must show the same.
    pub fn findings(&mut self, case: &str) -> Vec<FindingView> {
        let mut first: Option<Vec<FindingView>> = None;
        for place in [PRIYA, ANA, BEN, ROSA] {
            let mut seen = self.view(place, case).findings;
            for finding in &mut seen {
                // Whose it is to settle depends on who looks.
                finding.reserved_for = None;
            }
            match &first {
                Some(first) => assert_eq!(first, &seen, "{} sees otherwise", NAMES[place]),
                None => first = Some(seen),
            }
        }
        first.unwrap_or_default()
    }

    /// Everything gets everywhere, among the first so many tablets.
    pub fn sync(&mut self, tablets: usize) {
        let mut quiet = 0;
        for _ in 0..STEPS_MAX {
            let moved = (0..tablets).filter(|place| self.carry(*place)).count() > 0;
            if moved {
                continue;
            }
            let level = self.tablets.iter().take(tablets).all(|tablet| {
                tablet.device.status.as_ref().is_some_and(|status| {
                    status.connection == Connection::Level
                        && status.unsent == 0
                        && status.folding == 0
                })
            });
            quiet = if level { quiet + 1 } else { 0 };
            if quiet > 2 {
                return;
            }
            let due = self
                .tablets
                .iter()
                .take(tablets)
                .filter_map(|one| one.device.deadline())
                .min();
            self.now = due.unwrap_or(self.now).max(self.now.plus(1));
            let now = self.now;
            for tablet in self.tablets.iter_mut().take(tablets) {
                if tablet.device.deadline().is_some_and(|at| at <= now) {
                    tablet.device.input(now, Input::Tick);
                }
            }
        }
        panic!("it does not come to rest");
    }

    /// Carries out what a tablet's engine wants.
    fn carry_out(&mut self, place: usize) -> bool {
        let now = self.now;
        let tablet = &mut self.tablets[place];
        let busy = tablet.device.is_busy();
        while tablet.device.is_busy() {
            match tablet.device.step(now) {
                None => {}
                Some(Outward::Connect(_)) => tablet.connecting = true,
                Some(Outward::Send(bytes)) => tablet.up.push_back(bytes),
                Some(Outward::Close) => {
                    tablet.connecting = false;
                    if let Some(session) = tablet.session.take() {
                        self.relay.lost(session);
                    }
                }
            }
        }
        busy
    }

    /// Moves a tablet's messages, up and down.
    fn carry(&mut self, place: usize) -> bool {
        let mut moved = self.carry_out(place);
        let now = self.now;
        if std::mem::take(&mut self.tablets[place].connecting) {
            let mut nonce = Nonce([0; 32]);
            self.rng.fill(&mut nonce.0);
            self.tablets[place].session = Some(self.relay.connect(nonce));
            self.tablets[place].device.input(now, Input::Connected);
            return true;
        }
        while let Some(message) = self.tablets[place].up.pop_front() {
            moved = true;
            if let Some(session) = self.tablets[place].session {
                let out = self.relay.handle(session, &message, now).unwrap();
                self.deliver(out);
            }
        }
        while let Some(bytes) = self.tablets[place].down.pop_front() {
            moved = true;
            let bytes = ByteBuf::from(bytes);
            self.tablets[place]
                .device
                .input(now, Input::Frame { bytes });
        }
        moved
    }

    fn deliver(&mut self, out: Vec<Delivery>) {
        for delivery in out {
            let (Delivery::Frame { to: session, .. } | Delivery::Close { of: session }) = &delivery;
            let mut tablets = self.tablets.iter_mut();
            let Some(tablet) = tablets.find(|one| one.session == Some(*session)) else {
                continue;
            };
            match delivery {
                Delivery::Frame { frame, .. } => tablet.down.push_back(frame),
                Delivery::Close { .. } => {
                    tablet.session = None;
                    tablet.device.input(self.now, Input::Lost);
                }
            }
        }
    }
}
