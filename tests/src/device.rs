//! A tablet without a browser: the real engine, its disk, its transport key, and the queue in which
//! a host carries out effects strictly in their order.

use std::collections::{BTreeMap, VecDeque};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use satchel_core::{
    Config, Engine,
    api::{Event, Failure, ProfileStage, Reply, Request, Status},
    doc::{Doc, DocError},
    io::{Device as DeviceKeys, Effect, Input},
    rng::Seeded,
    vault::Cost,
};
use satchel_wire::Millis;
use serde_bytes::ByteBuf;

use crate::disk::Disk;

/// What leaves the tablet when an effect is carried out.
#[derive(Debug)]
pub enum Outward {
    /// Open a connection.
    Connect(String),
    /// One message.
    Send(Vec<u8>),
    /// Close the connection.
    Close,
}

/// A tablet.
pub struct Device {
    engine: Engine,
    queue: VecDeque<Effect>,
    rng: Seeded,
    seed: [u8; 32],
    /// What survives a crash.
    pub disk: Disk,
    /// Answers that have been shown, by request.
    pub replies: BTreeMap<u32, Reply>,
    /// The screen that is first.
    pub stage: Option<ProfileStage>,
    /// The latest status shown.
    pub status: Option<Status>,
    /// The latest pause told after wrong passphrases.
    pub pause_ms: u32,
    requests: u32,
    /// A mutant for tests of the tests: a screen says 'saved' before the store.
    pub acknowledges_before_storing: bool,
}

impl Device {
    /// A tablet with an empty disk; all its keys follow from `seed`.
    pub fn new(seed: u64) -> Self {
        let mut keys = Seeded::new(seed ^ 0xd0c5);
        let mut transport = [0; 32];
        satchel_core::io::Rng::fill(&mut keys, &mut transport);
        Self {
            engine: engine(&transport),
            queue: VecDeque::new(),
            rng: Seeded::new(seed),
            seed: transport,
            disk: Disk::default(),
            replies: BTreeMap::new(),
            stage: None,
            status: None,
            pause_ms: 0,
            requests: 0,
            acknowledges_before_storing: false,
        }
    }

    /// Feeds the engine; effects join the queue.
    pub fn input(&mut self, now: Millis, input: Input) {
        let mut effects = self.engine.handle(now, input, &mut self.rng);
        if self.acknowledges_before_storing {
            effects.sort_by_key(|effect| !matches!(effect, Effect::Notify { .. }));
        }
        self.queue.extend(effects);
    }

    /// Asks for something; the answer appears in `replies` once it is shown.
    pub fn request(&mut self, now: Millis, request: Request) -> u32 {
        self.requests += 1;
        let id = self.requests;
        self.input(now, Input::Request { id, request });
        id
    }

    /// Asks for something that needs no disk and gives the answer at once, if there is one at once.
    pub fn peek(&mut self, now: Millis, request: Request) -> Option<Reply> {
        self.requests += 1;
        let id = self.requests;
        let effects = self
            .engine
            .handle(now, Input::Request { id, request }, &mut self.rng);
        let answer = effects.iter().find_map(|effect| match effect {
            Effect::Notify { event } => match &**event {
                Event::Reply {
                    id: answered,
                    reply,
                } if *answered == id => Some(reply.clone()),
                _ => None,
            },
            _ => None,
        });
        self.queue.extend(effects);
        answer
    }

    /// An app of another version changes a case or begins one: its id.
    pub fn write_as_another_version(
        &mut self,
        now: Millis,
        case: Option<&str>,
        write: impl FnOnce(&mut Doc, Millis) -> Result<Option<Vec<u8>>, DocError>,
    ) -> Result<String, Failure> {
        let engine = &mut self.engine;
        let (case, effects) = engine.write_as_another_version(now, &mut self.rng, case, write)?;
        self.queue.extend(effects);
        Ok(case)
    }

    /// What a thief who takes the tablet apart has, besides its disk.
    pub fn keys(&self) -> DeviceKeys {
        keys(&self.seed)
    }

    /// When the engine wants a tick.
    pub fn deadline(&self) -> Option<Millis> {
        self.engine.deadline()
    }

    /// Whether effects wait.
    pub fn is_busy(&self) -> bool {
        !self.queue.is_empty()
    }

    /// The next effect is a store.
    pub fn is_about_to_store(&self) -> bool {
        matches!(self.queue.front(), Some(Effect::Store { .. }))
    }

    /// Carries out the next effect; gives what is for the network.
    pub fn step(&mut self, now: Millis) -> Option<Outward> {
        match self.queue.pop_front()? {
            Effect::Store { ops } => self.disk.store(ops),
            Effect::Load { token, ranges } => {
                let entries = self.disk.load(&ranges);
                self.input(now, Input::Loaded { token, entries });
            }
            Effect::Sign { message } => {
                let pair = Ed25519KeyPair::from_seed_unchecked(&self.seed).ok()?;
                let signature = ByteBuf::from(pair.sign(&message).as_ref().to_vec());
                self.input(now, Input::Signed { signature });
            }
            Effect::Notify { event } => match *event {
                Event::Reply { id, reply } => {
                    self.replies.insert(id, reply);
                }
                Event::Ready { stage } => self.stage = Some(stage),
                Event::Status { status } => self.status = Some(status),
                Event::Pause { wait_ms } => self.pause_ms = wait_ms,
                Event::Changed { .. } | Event::Me { .. } => {}
            },
            Effect::Connect { url } => return Some(Outward::Connect(url)),
            Effect::Send { bytes } => return Some(Outward::Send(bytes.into_vec())),
            Effect::Close => return Some(Outward::Close),
        }
        None
    }

    /// The tablet dies: what has not been stored is gone. It starts again from its disk.
    pub fn crash(&mut self, now: Millis) {
        self.queue.clear();
        self.stage = None;
        self.engine = engine(&self.seed);
        self.input(now, Input::Start);
    }
}

fn keys(seed: &[u8; 32]) -> DeviceKeys {
    let public = Ed25519KeyPair::from_seed_unchecked(seed)
        .map(|pair| pair.public_key().as_ref().to_vec())
        .unwrap_or_default();
    DeviceKeys {
        secret: seed.to_vec(),
        transport: public,
    }
}

fn engine(seed: &[u8; 32]) -> Engine {
    Engine::new(
        keys(seed),
        Config {
            vault_cost: Cost::TRIVIAL,
            vault_cost_min: Cost::TRIVIAL,
        },
    )
}
