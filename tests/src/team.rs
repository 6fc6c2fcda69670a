//! Five tablets and a relay in one thread: what they do stays with them until they all sync.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "for tests: what is missing fails them"
)]

mod backup;

use std::collections::VecDeque;

use satchel_core::{
    api::{
        CaseView, Connection, FindingView, ProfileStage, Reply, Request, RoleName, StaffView,
        Status,
    },
    doc::{Doc, DocError},
    io::{Device as DeviceKeys, Input, Rng as _},
    rng::Seeded,
};
use satchel_server::{Delivery, Identity, Relay, SessionKey, SqliteStore};
use satchel_wire::{
    AgencyId, ClientFrame, Incarnation, Millis, Nonce, SetupToken, link::SetupLink,
};
use serde_bytes::ByteBuf;

use crate::{
    device::{Device, Outward},
    disk::Disk,
    evil::Evil,
};

/// The founder, who is an admin.
pub const ROSA: usize = 0;
/// A supervisor.
pub const PRIYA: usize = 1;
/// A worker.
pub const ANA: usize = 2;
/// Another one.
pub const BEN: usize = 3;
/// An auditor, who only reads.
pub const OTTO: usize = 4;
/// Everybody's name.
pub const NAMES: [&str; 5] = ["Rosa", "Priya", "Ana", "Ben", "Otto"];
const ROLES: [RoleName; 5] = [
    RoleName::Admin,
    RoleName::Supervisor,
    RoleName::Worker,
    RoleName::Worker,
    RoleName::Auditor,
];
/// Everybody's passphrase.
pub const PASSPHRASE: &str = "a passphrase for all";
const STEPS_MAX: u32 = 100_000;

mod traffic;

pub use traffic::Traffic;

struct Tablet {
    device: Device,
    session: Option<SessionKey>,
    connecting: bool,
    up: VecDeque<Vec<u8>>,
    down: VecDeque<Vec<u8>>,
    traffic: Traffic,
}

impl Tablet {
    fn new(seed: u64) -> Self {
        Self {
            device: Device::new(seed),
            session: None,
            connecting: false,
            up: VecDeque::new(),
            down: VecDeque::new(),
            traffic: Traffic::default(),
        }
    }
}

/// An agency of five people.
pub struct Team {
    relay: Relay<SqliteStore>,
    relay_seed: [u8; 32],
    /// Answers instead of `relay`, once the attacker has taken it over.
    evil: Option<Evil>,
    agency: AgencyId,
    rng: Seeded,
    now: Millis,
    tablets: Vec<Tablet>,
    staff: Vec<StaffView>,
    link: String,
}

impl Default for Team {
    fn default() -> Self {
        Self::new()
    }
}

impl Team {
    /// Everybody has joined, and there is no case yet.
    pub fn new() -> Self {
        Self::with_seed(5)
    }

    /// The same as another agency at another relay: all keys follow from `seed`.
    pub fn with_seed(seed: u64) -> Self {
        Self::with_backup_before(NAMES.len() - 1, seed).0
    }

    /// The same, and what the relay had when `joiner` was invited and had not joined.
    pub fn with_backup_before(joiner: usize, seed: u64) -> (Self, SqliteStore) {
        let mut backup = None;
        let mut rng = Seeded::new(seed);
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
        let tablets = (0..NAMES.len() as u64).map(|i| Tablet::new(95 + seed + i));
        let mut team = Self {
            relay,
            relay_seed: fresh.seed,
            evil: None,
            agency: AgencyId::ZERO,
            rng,
            now,
            tablets: tablets.collect(),
            staff: Vec::new(),
            link: setup.under("http://relay.test"),
        };
        for place in 0..NAMES.len() {
            team.tablets[place].device.input(now, Input::Start);
            team.carry_out(place);
        }
        let (agency, name, passphrase) = ("Harbor".into(), NAMES[ROSA].into(), PASSPHRASE.into());
        let link = team.setup_link();
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
            if place == joiner {
                backup = Some(team.backup());
            }
            let passphrase = PASSPHRASE.into();
            team.ask(place, Request::Join { link, passphrase });
            team.sync(place + 1);
        }
        let Reply::Staff { staff, .. } = team.ask(ROSA, Request::Staff) else {
            panic!("no staff");
        };
        assert_eq!(staff.len(), NAMES.len());
        team.staff = staff;
        (team, backup.expect("one who joins"))
    }

    /// Another tablet, which joins by an invite; everybody after the five is such a one.
    pub fn join(&mut self, link: &str) -> usize {
        let place = self.add_tablet();
        let (link, passphrase) = (link.into(), PASSPHRASE.into());
        let reply = self.ask(place, Request::Join { link, passphrase });
        assert!(matches!(reply, Reply::Unlocked { .. }), "{reply:?}");
        place
    }

    /// From now on the relay is the attacker's.
    pub fn turn_evil(&mut self) -> &mut Evil {
        let evil = Evil::take_over(self.relay.store(), &self.relay_seed, self.agency);
        for tablet in &mut self.tablets {
            tablet.up.clear();
            tablet.down.clear();
            tablet.session = None;
            tablet.device.input(self.now, Input::Lost);
        }
        self.evil.insert(evil)
    }

    /// The attacker's relay.
    pub fn evil(&mut self) -> &mut Evil {
        self.evil.as_mut().unwrap()
    }

    /// One more tablet, that nobody has joined with; its place.
    pub fn add_tablet(&mut self) -> usize {
        let place = self.tablets.len();
        let seed = 95 + place as u64 + u64::from(self.relay_seed[0]) * 1000;
        self.tablets.push(Tablet::new(seed));
        self.tablets[place].device.input(self.now, Input::Start);
        self.carry_out(place);
        place
    }

    /// The latest status of a tablet.
    pub fn status(&self, place: usize) -> &Status {
        self.tablets[place].device.status.as_ref().unwrap()
    }

    /// Time passes, and whatever moves among these tablets does, whether it comes to rest or not.
    pub fn go_on(&mut self, places: &[usize], ms: u64) {
        let end = self.now.plus(ms);
        for _ in 0..STEPS_MAX {
            if places.iter().filter(|place| self.carry(**place)).count() > 0 {
                continue;
            }
            let tablets = places.iter().map(|place| &self.tablets[*place]);
            let due = tablets.filter_map(|one| one.device.deadline()).min();
            let due = due.unwrap_or(end).max(self.now.plus(1));
            if due > end {
                self.now = end;
                return;
            }
            self.now = due;
            for place in places {
                self.tablets[*place].device.input(due, Input::Tick);
            }
        }
        panic!("it runs in circles");
    }

    /// Every connection is lost.
    pub fn hang_up_all(&mut self) {
        for place in 0..self.tablets.len() {
            let tablet = &mut self.tablets[place];
            tablet.up.clear();
            tablet.down.clear();
            if let Some(session) = tablet.session.take() {
                self.hang_up(session);
                self.tablets[place].device.input(self.now, Input::Lost);
            }
        }
    }

    fn hang_up(&mut self, session: SessionKey) {
        match &mut self.evil {
            Some(evil) => evil.lost(session),
            None => self.relay.lost(session),
        }
    }

    /// The relay's set-up link.
    pub fn setup_link(&self) -> String {
        self.link.clone()
    }

    /// Staff id.
    pub fn id(&self, place: usize) -> String {
        self.member(place).staff.clone()
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

    /// Somebody asks for something in vain: the answer, and whether their tablet's disk is as before.
    pub fn ask_in_vain(&mut self, place: usize, request: Request) -> (Reply, bool) {
        self.now = self.now.plus(60_000);
        // What was due anyway is none of the request's doing.
        self.tablets[place].device.input(self.now, Input::Tick);
        self.carry_out(place);
        let before = self.disk(place).clone();
        let id = self.tablets[place].device.request(self.now, request);
        self.carry_out(place);
        let reply = self.tablets[place].device.replies.remove(&id);
        let reply = reply.expect("an answer without the network");
        (reply, *self.disk(place) == before)
    }

    /// An app of another version on somebody's tablet changes a case, or `directory`, or begins a case:
    /// its id.
    pub fn write_as_another_version(
        &mut self,
        place: usize,
        case: Option<&str>,
        write: impl FnOnce(&mut Doc, Millis) -> Result<Option<Vec<u8>>, DocError>,
    ) -> String {
        self.now = self.now.plus(60_000);
        let device = &mut self.tablets[place].device;
        let written = device.write_as_another_version(self.now, case, write);
        self.carry_out(place);
        written.unwrap()
    }

    /// What is on a tablet.
    pub fn disk(&self, place: usize) -> &Disk {
        &self.tablets[place].device.disk
    }

    /// What a thief who takes a tablet apart has, besides its disk.
    pub fn keys(&self, place: usize) -> DeviceKeys {
        self.tablets[place].device.keys()
    }

    /// A member of the agency.
    pub fn member(&self, place: usize) -> &StaffView {
        let mut staff = self.staff.iter();
        staff.find(|one| one.name == NAMES[place]).unwrap()
    }

    /// A case with everybody in it; its id.
    pub fn begin_case(&mut self, place: usize, fields: &[(&str, &str)]) -> String {
        let all: Vec<usize> = (0..NAMES.len()).collect();
        self.begin_case_for(place, fields, &all)
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

    /// What somebody's tablet holds.
    pub fn stage(&self, place: usize) -> Option<ProfileStage> {
        self.tablets[place].device.stage.clone()
    }

    /// The clock of all.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// Sets everybody's clock.
    pub fn set_clock(&mut self, now: Millis) {
        self.now = now;
    }

    /// Whoever found the tablet locked.
    pub fn unlock(&mut self, place: usize) {
        let passphrase = PASSPHRASE.into();
        let reply = self.ask(place, Request::Unlock { passphrase });
        assert!(matches!(reply, Reply::Unlocked { .. }), "{reply:?}");
    }

    /// A tablet dies and is opened again.
    pub fn restart(&mut self, place: usize) {
        self.die(place);
        self.unlock(place);
    }

    /// A tablet dies and starts again, locked.
    pub fn die(&mut self, place: usize) {
        let tablet = &mut self.tablets[place];
        tablet.up.clear();
        tablet.down.clear();
        tablet.connecting = false;
        if let Some(session) = tablet.session.take() {
            self.hang_up(session);
        }
        self.tablets[place].device.crash(self.now);
        self.carry_out(place);
    }

    /// The case as somebody sees it.
    pub fn view(&mut self, place: usize, case: &str) -> CaseView {
        match self.ask(place, Request::Case { case: case.into() }) {
            Reply::Case { case } => case,
            other => panic!("no view: {other:?}"),
        }
    }

    /// What a note says to somebody who is about to act on it.
    pub fn seen(&mut self, place: usize, case: &str, note: &str) -> String {
        let notes = self.view(place, case).notes;
        let shown = notes.into_iter().find(|one| one.id == note);
        shown.expect("the note").revision
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
        let all: Vec<usize> = (0..tablets).collect();
        self.sync_only(&all);
    }

    /// Everything gets everywhere among these tablets; the others are out of reach.
    pub fn sync_only(&mut self, places: &[usize]) {
        let mut quiet = 0;
        for _ in 0..STEPS_MAX {
            let moved = places.iter().filter(|place| self.carry(**place)).count() > 0;
            if moved {
                continue;
            }
            let level = places
                .iter()
                .map(|place| &self.tablets[*place])
                .all(|tablet| {
                    let gone = tablet.device.stage == Some(ProfileStage::Dismissed);
                    gone || tablet.device.status.as_ref().is_some_and(|status| {
                        status.connection == Connection::Level
                            && status.unsent == 0
                            && status.folding == 0
                    })
                });
            quiet = if level { quiet + 1 } else { 0 };
            // What is told after a pause is told too: each tablet's next deadlines have passed.
            if quiet > 3 * places.len() {
                return;
            }
            let tablets = places.iter().map(|place| &self.tablets[*place]);
            let due = tablets.filter_map(|one| one.device.deadline()).min();
            self.now = due.unwrap_or(self.now).max(self.now.plus(1));
            let now = self.now;
            for place in places {
                let tablet = &mut self.tablets[*place];
                if tablet.device.deadline().is_some_and(|at| at <= now) {
                    tablet.device.input(now, Input::Tick);
                }
            }
        }
        let statuses = self.tablets.iter().map(|one| &one.device.status);
        panic!(
            "it does not come to rest: {:?}",
            statuses.collect::<Vec<_>>()
        );
    }

    /// Moves messages of one tablet so many times, and leaves it there.
    pub fn carry_a_little(&mut self, place: usize, times: usize) {
        for _ in 0..times {
            self.carry(place);
        }
    }

    /// Carries out what a tablet's engine wants.
    fn carry_out(&mut self, place: usize) -> bool {
        let now = self.now;
        let busy = self.tablets[place].device.is_busy();
        while self.tablets[place].device.is_busy() {
            let tablet = &mut self.tablets[place];
            match tablet.device.step(now) {
                None => {}
                Some(Outward::Connect(_)) => tablet.connecting = true,
                Some(Outward::Send(bytes)) => tablet.up.push_back(bytes),
                Some(Outward::Close) => {
                    tablet.connecting = false;
                    if let Some(session) = tablet.session.take() {
                        self.hang_up(session);
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
            let (session, first) = match &mut self.evil {
                Some(evil) => evil.connect(nonce),
                None => {
                    let (session, first) = self.relay.connect(nonce);
                    (session, vec![first])
                }
            };
            self.tablets[place].session = Some(session);
            self.tablets[place].device.input(now, Input::Connected);
            self.deliver(first);
            return true;
        }
        let flights = usize::from(!self.tablets[place].up.is_empty());
        self.tablets[place].traffic.flights += flights;
        while let Some(message) = self.tablets[place].up.pop_front() {
            moved = true;
            self.tablets[place].traffic.up += message.len();
            if let Some(session) = self.tablets[place].session {
                if let Ok(ClientFrame::Hello { agency, .. }) = ClientFrame::decode(&message) {
                    self.agency = agency;
                }
                let out = match &mut self.evil {
                    Some(evil) => evil.handle(session, &message, now),
                    None => self.relay.handle(session, &message, now).unwrap(),
                };
                self.deliver(out);
            }
        }
        while let Some(bytes) = self.tablets[place].down.pop_front() {
            moved = true;
            self.tablets[place].traffic.down += bytes.len();
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
                // What was sent before the close still arrives; then the connection is gone.
                Delivery::Close { .. } => {
                    tablet.session = None;
                    for bytes in std::mem::take(&mut tablet.down) {
                        let bytes = ByteBuf::from(bytes);
                        tablet.device.input(self.now, Input::Frame { bytes });
                    }
                    tablet.device.input(self.now, Input::Lost);
                }
            }
        }
    }
}
