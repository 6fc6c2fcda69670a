//! The world and its chaos: who acts next, what is lost, doubled or swapped on the way, who dies and
//! when. After the chaos it is left in peace until nothing moves, and then checked.

mod logs;
mod people;

use std::collections::VecDeque;

use ring::digest::{Context, SHA256};
use satchel_core::{
    api::{CaseView, Connection, ProfileStage, Reply, Request},
    io::Input,
    rng::Seeded,
};
use satchel_server::{Delivery, Identity, Relay, SessionKey, SqliteStore};
use satchel_wire::{Incarnation, Millis, Nonce, SetupToken, link::SetupLink};
use serde_bytes::ByteBuf;

use super::check::Model;
pub(super) use people::values;

use crate::{
    device::{Device, Outward},
    wishes,
};

const URL: &str = "http://relay.test";
const PASSPHRASE: &str = "a passphrase for all";
const CHAOS_STEPS: u32 = 3_000;
const PEACE_STEPS: u32 = 200_000;
const FIELDS: [&str; 3] = ["phone", "address", "summary"];

/// What may go wrong, as one chance in so many; 0 for never.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// Tablets in the world.
    pub devices: usize,
    /// A message is lost, doubled or overtakes the one before.
    pub network: u64,
    /// A tablet dies, just before or after a store or anywhere.
    pub crash: u64,
    /// The relay dies; what it had not sent is lost.
    pub relay_crash: u64,
    /// A tablet is cut off for a while.
    pub partition: u64,
    /// Members are taken out of cases and tablets out of the agency.
    pub departures: bool,
    /// The relay is put back from a backup whenever it has died. Not together with departures: what
    /// an erased tablet had delivered is then nowhere.
    pub restores: bool,
    /// Every tablet's screen says 'saved' before the store. This must be caught.
    pub acknowledges_before_storing: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            devices: 3,
            network: 12,
            crash: 60,
            relay_crash: 250,
            partition: 120,
            departures: true,
            restores: false,
            acknowledges_before_storing: false,
        }
    }
}

impl Faults {
    /// What goes wrong in the world of a seed: in one of five the relay is put back from backups.
    pub fn of(seed: u64) -> Self {
        let restores = seed.is_multiple_of(5);
        Self {
            restores,
            departures: !restores,
            relay_crash: if restores { 60 } else { 250 },
            ..Self::default()
        }
    }
}

/// What a world came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// SHA-256 over everything that happened, in order.
    pub trace: String,
    /// Edits that a screen had called saved.
    pub acknowledged: usize,
    /// Cases at the end.
    pub cases: usize,
    /// Times that a tablet or the relay died.
    pub crashes: u32,
}

#[derive(Default)]
struct Link {
    session: Option<SessionKey>,
    /// Asked to connect; answered at a later step.
    connecting: bool,
    up: VecDeque<Vec<u8>>,
    down: VecDeque<Vec<u8>>,
    cut_until: Millis,
}

/// A world under way.
pub struct World {
    rng: Seeded,
    faults: Faults,
    now: Millis,
    relay: Option<Relay<SqliteStore>>,
    backup: Option<SqliteStore>,
    devices: Vec<Device>,
    links: Vec<Link>,
    invites: Vec<Option<u32>>,
    model: Model,
    trace: Context,
    crashes: u32,
    written: u32,
    /// No more faults and no more edits.
    peace: bool,
}

impl World {
    pub(super) fn new(seed: u64, faults: Faults) -> Result<Self, String> {
        let mut rng = Seeded::new(seed);
        let store = SqliteStore::open_in_memory().map_err(|e| e.to_string())?;
        let mut fresh = Identity {
            seed: [0; 32],
            incarnation: Incarnation([1; 16]),
        };
        satchel_core::io::Rng::fill(&mut rng, &mut fresh.seed);
        let mut relay = Relay::open(store, fresh).map_err(|e| e.to_string())?;
        let token = SetupToken([7; 16]);
        let now = Millis(1_700_000_000_000);
        relay.permit_setup(token, now).map_err(|e| e.to_string())?;
        let setup = SetupLink {
            relay: relay.key(),
            token,
        }
        .under(URL);
        let mut devices: Vec<Device> = (0..faults.devices as u64)
            .map(|i| Device::new(seed.wrapping_mul(31) + i))
            .collect();
        for device in &mut devices {
            device.acknowledges_before_storing = faults.acknowledges_before_storing;
            device.input(now, Input::Start);
        }
        let mut world = Self {
            rng,
            faults,
            now,
            relay: Some(relay),
            backup: None,
            links: devices.iter().map(|_| Link::default()).collect(),
            invites: vec![None; faults.devices],
            devices,
            model: Model::default(),
            trace: Context::new(&SHA256),
            crashes: 0,
            written: 0,
            peace: false,
        };
        world.settle_disks()?;
        world.request(
            0,
            Request::Found {
                link: setup,
                agency: "Harbor".into(),
                name: "Admin".into(),
                passphrase: PASSPHRASE.into(),
            },
        );
        world.settle_disks()?;
        Ok(world)
    }

    /// Carries out effects until only the network is left.
    fn settle_disks(&mut self) -> Result<(), String> {
        for _ in 0..10_000 {
            let Some(device) = self.devices.iter().position(Device::is_busy) else {
                return Ok(());
            };
            self.step_device(device);
        }
        Err("the beginning does not come to rest".into())
    }

    fn note(&mut self, what: &str, who: usize, bytes: &[u8]) {
        self.trace.update(what.as_bytes());
        self.trace.update(&(who as u64).to_be_bytes());
        self.trace.update(&self.now.0.to_be_bytes());
        self.trace.update(bytes);
    }

    fn chance(&mut self, one_in: u64) -> bool {
        one_in > 0 && !self.peace && self.rng.below(one_in) == 0
    }

    fn request(&mut self, device: usize, request: Request) -> u32 {
        let now = self.now;
        self.devices
            .get_mut(device)
            .map_or(0, |device| device.request(now, request))
    }

    pub(super) fn run(mut self) -> Result<Outcome, String> {
        for _ in 0..CHAOS_STEPS {
            self.now = self.now.plus(self.rng.below(400));
            let device = self.rng.below(self.devices.len() as u64) as usize;
            match self.rng.below(10) {
                0..=3 => self.step_device(device),
                4..=6 => self.carry(device)?,
                7 => self.tick(device),
                8 => self.act(device),
                _ => self.break_something(device)?,
            }
            self.collect();
        }
        self.peace = true;
        for link in &mut self.links {
            link.cut_until = Millis(0);
        }
        self.come_to_rest()?;
        let mut views = self.views()?;
        let leader = views.first().cloned().unwrap_or_default();
        if self.rule_in(0, &leader) {
            self.settle_disks()?;
            self.come_to_rest()?;
            views = self.views()?;
        }
        let cases = self.model.check(&views)?;
        self.logs_agree()?;
        Ok(Outcome {
            trace: data_encoding::HEXLOWER.encode(self.trace.finish().as_ref()),
            acknowledged: self.model.acknowledged(),
            cases,
            crashes: self.crashes,
        })
    }

    /// One effect of one tablet.
    fn step_device(&mut self, i: usize) {
        let now = self.now;
        let Some(device) = self.devices.get_mut(i) else {
            return;
        };
        let outward = device.step(now);
        let Some(link) = self.links.get_mut(i) else {
            return;
        };
        match outward {
            None => {}
            Some(Outward::Connect(_)) => link.connecting = true,
            Some(Outward::Send(bytes)) => {
                if link.session.is_some() {
                    link.up.push_back(bytes.clone());
                }
                self.note("send", i, &bytes);
            }
            Some(Outward::Close) => self.hang_up(i, false),
        }
    }

    fn hang_up(&mut self, i: usize, tell: bool) {
        let now = self.now;
        let Some(link) = self.links.get_mut(i) else {
            return;
        };
        let was = link.session.take();
        let asked = std::mem::take(&mut link.connecting);
        link.up.clear();
        link.down.clear();
        if let (Some(session), Some(relay)) = (was, &mut self.relay) {
            relay.lost(session);
        }
        if tell
            && (was.is_some() || asked)
            && let Some(device) = self.devices.get_mut(i)
        {
            device.input(now, Input::Lost);
        }
    }

    /// Moves one message, or answers a connection.
    fn carry(&mut self, i: usize) -> Result<(), String> {
        let now = self.now;
        let Some(link) = self.links.get_mut(i) else {
            return Ok(());
        };
        if link.connecting {
            if link.cut_until > now {
                self.hang_up(i, true);
                return Ok(());
            }
            link.connecting = false;
            let mut nonce = Nonce([0; 32]);
            satchel_core::io::Rng::fill(&mut self.rng, &mut nonce.0);
            let (session, first) = self
                .relay
                .as_mut()
                .map(|relay| relay.connect(nonce))
                .unzip();
            link.session = session;
            if let Some(device) = self.devices.get_mut(i) {
                device.input(now, Input::Connected);
            }
            self.deliver(first.into_iter().collect());
            return Ok(());
        }
        if link.cut_until > now {
            self.hang_up(i, true);
            return Ok(());
        }
        let upward = self.rng.below(2) == 0;
        let faulty =
            self.faults.network > 0 && !self.peace && self.rng.below(self.faults.network) == 0;
        let kind = self.rng.below(3);
        let Some(link) = self.links.get_mut(i) else {
            return Ok(());
        };
        let queue = if upward { &mut link.up } else { &mut link.down };
        let Some(message) = queue.pop_front() else {
            return Ok(());
        };
        let mut copies = 1;
        if faulty {
            match kind {
                0 => copies = 0,
                1 => copies = 2,
                _ => {
                    queue.push_back(message);
                    return Ok(());
                }
            }
        }
        let session = link.session;
        for _ in 0..copies {
            self.note(if upward { "up" } else { "down" }, i, &message);
            if !upward {
                let Some(device) = self.devices.get_mut(i) else {
                    continue;
                };
                device.input(
                    now,
                    Input::Frame {
                        bytes: ByteBuf::from(message.clone()),
                    },
                );
            } else if let (Some(session), Some(relay)) = (session, &mut self.relay) {
                let out = relay
                    .handle(session, &message, now)
                    .map_err(|e| e.to_string())?;
                self.deliver(out);
            }
        }
        Ok(())
    }

    fn deliver(&mut self, out: Vec<Delivery>) {
        for delivery in out {
            let (Delivery::Frame { to: session, .. } | Delivery::Close { of: session }) = &delivery;
            let to = self
                .links
                .iter()
                .position(|link| link.session == Some(*session));
            let Some(to) = to else { continue };
            match delivery {
                Delivery::Frame { frame, .. } => {
                    if let Some(link) = self.links.get_mut(to) {
                        link.down.push_back(frame);
                    }
                }
                // What was sent before the close still arrives; then the connection is gone.
                Delivery::Close { .. } => {
                    let now = self.now;
                    let rest = self
                        .links
                        .get_mut(to)
                        .map(|link| std::mem::take(&mut link.down));
                    if let Some(device) = self.devices.get_mut(to) {
                        for bytes in rest.into_iter().flatten() {
                            device.input(
                                now,
                                Input::Frame {
                                    bytes: ByteBuf::from(bytes),
                                },
                            );
                        }
                    }
                    self.hang_up(to, true);
                }
            }
        }
    }

    fn tick(&mut self, i: usize) {
        let now = self.now;
        if let Some(device) = self.devices.get_mut(i)
            && device.deadline().is_some_and(|at| at <= now)
        {
            device.input(now, Input::Tick);
        }
    }

    fn break_something(&mut self, i: usize) -> Result<(), String> {
        let about_to_store = self.devices.get(i).is_some_and(Device::is_about_to_store);
        // Just before a store is where it hurts most; just after it is the next step's turn.
        let odds = if about_to_store {
            self.faults.crash / 6
        } else {
            self.faults.crash
        };
        if self.chance(odds) {
            self.crash(i);
        }
        if self.chance(self.faults.relay_crash) {
            self.crashes += 1;
            self.note("relay", 0, &[]);
            let store = self.relay.take().map(Relay::into_store).ok_or("no relay")?;
            let unused = Identity {
                seed: [0; 32],
                incarnation: Incarnation([9; 16]),
            };
            let store = match self.backup.take() {
                Some(backup) if self.faults.restores => backup,
                _ => store,
            };
            if self.faults.restores {
                self.backup = Some(store.copy_in_memory().map_err(|e| e.to_string())?);
            }
            self.relay = Some(Relay::open(store, unused).map_err(|e| e.to_string())?);
            for i in 0..self.links.len() {
                self.hang_up(i, true);
            }
        }
        if self.chance(self.faults.partition) {
            let until = self.now.plus(self.rng.below(60_000));
            if let Some(link) = self.links.get_mut(i) {
                link.cut_until = until;
            }
        }
        Ok(())
    }

    fn crash(&mut self, i: usize) {
        self.crashes += 1;
        self.note("crash", i, &[]);
        self.hang_up(i, false);
        let now = self.now;
        if let Some(device) = self.devices.get_mut(i) {
            device.crash(now);
            // An invite that was never shown is asked for again.
            if i == 0 {
                for slot in 1..self.invites.len() {
                    let shown = self.invites.get(slot).copied().flatten();
                    let known = shown.is_some_and(|id| {
                        self.devices
                            .first()
                            .is_some_and(|admin| admin.replies.contains_key(&id))
                    });
                    if !known {
                        self.forget_invite(slot);
                    }
                }
            }
        }
    }

    /// What screens have called saved becomes the model's.
    fn collect(&mut self) {
        for (i, device) in self.devices.iter().enumerate() {
            self.model.answered(i, &device.replies);
        }
    }

    /// Nobody writes, nothing breaks: until everything has arrived everywhere.
    fn come_to_rest(&mut self) -> Result<(), String> {
        let mut quiet = 0;
        for _ in 0..PEACE_STEPS {
            let mut moved = false;
            for i in 0..self.devices.len() {
                if self.devices.get(i).is_some_and(Device::is_busy) {
                    self.step_device(i);
                    moved = true;
                }
                let link = self.links.get(i);
                if link.is_some_and(|l| l.connecting || !l.up.is_empty() || !l.down.is_empty()) {
                    self.carry(i)?;
                    moved = true;
                }
                match self.devices.get(i).and_then(|device| device.stage.clone()) {
                    Some(ProfileStage::Locked) if !moved => {
                        self.request(
                            i,
                            Request::Unlock {
                                passphrase: PASSPHRASE.into(),
                            },
                        );
                        moved = true;
                    }
                    Some(ProfileStage::Dismissed) if !moved => {
                        self.start_anew(i);
                        moved |= self.devices.iter().any(Device::is_busy);
                    }
                    Some(ProfileStage::Empty) if !moved => {
                        self.join(i);
                        moved |= self.devices.iter().any(Device::is_busy);
                    }
                    _ => {}
                }
            }
            self.collect();
            if moved {
                continue;
            }
            // Level several times in a row, with time for registers and a full check in between.
            quiet = if self.level() { quiet + 1 } else { 0 };
            if quiet > 6 {
                return Ok(());
            }
            let due = self.devices.iter().filter_map(Device::deadline).min();
            self.now = due.unwrap_or(self.now).max(self.now.plus(1));
            for i in 0..self.devices.len() {
                self.tick(i);
            }
        }
        let statuses: Vec<_> = self.devices.iter().map(|device| &device.status).collect();
        Err(format!("it does not come to rest: {statuses:?}"))
    }

    fn level(&self) -> bool {
        self.devices.iter().all(|device| {
            device.stage == Some(ProfileStage::Unlocked)
                && device.status.as_ref().is_some_and(|status| {
                    status.connection == Connection::Level
                        && status.unsent == 0
                        && status.folding == 0
                })
        })
    }

    /// Every case as every tablet shows it.
    fn views(&mut self) -> Result<Vec<Vec<CaseView>>, String> {
        let mut all = Vec::new();
        for i in 0..self.devices.len() {
            let id = self.request(i, wishes::caseload());
            self.settle_disks()?;
            let Some(Reply::Caseload { rows, .. }) = self.reply(i, id) else {
                return Err(format!("tablet {i} shows no caseload"));
            };
            let mut views = Vec::new();
            for row in rows {
                let id = self.request(i, Request::Case { case: row.case });
                self.settle_disks()?;
                match self.reply(i, id) {
                    Some(Reply::Case { case }) => views.push(case),
                    other => return Err(format!("tablet {i} does not open a case: {other:?}")),
                }
            }
            all.push(views);
        }
        Ok(all)
    }

    fn reply(&self, i: usize, id: u32) -> Option<Reply> {
        self.devices.get(i)?.replies.get(&id).cloned()
    }
}
