//! What passes between the engine and its host. The engine touches no disk, socket, clock or
//! random source: the host feeds it [`Input`]s and carries out its [`Effect`]s.
//!
//! **Order is meaning.** A host keeps one queue: effects are carried out strictly in the order in
//! which they were returned, each finished before the next begins. So what follows a `Store` (a
//! `Send`, a reply that says 'saved') happens only once that store is on disk. If a store fails the
//! host throws away the rest of the queue and the engine, and starts a new engine from the disk.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::api::{Event, Request};

/// Randomness, as an argument.
pub trait Rng {
    /// Fills `out` with bytes that nobody can predict.
    fn fill(&mut self, out: &mut [u8]);
}

/// What the tablet itself contributes: it never leaves the device and is not in the vault.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Device {
    /// 32 bytes that only this tablet can make (in a browser: a non-extractable WebCrypto key's
    /// output). Mixed into the vault's key, so that a copied storage is no use elsewhere.
    #[serde(with = "serde_bytes")]
    #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
    pub secret: Vec<u8>,
    /// Ed25519 verifying key whose private half the host holds and uses on [`Effect::Sign`].
    #[serde(with = "serde_bytes")]
    #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
    pub transport: Vec<u8>,
}

/// One entry of a loaded range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value.
    #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
    pub value: ByteBuf,
}

/// All keys with `from <= key < to`, compared as strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct KeyRange {
    /// First key.
    pub from: String,
    /// First key that is not in the range any more.
    pub to: String,
}

/// One step of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Op {
    /// Write.
    Put {
        /// Key.
        key: String,
        /// Value.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        value: ByteBuf,
    },
    /// Remove; nothing happens if there is none.
    Delete {
        /// Key.
        key: String,
    },
    /// Remove all of a range.
    Clear {
        /// The keys.
        range: KeyRange,
    },
}

/// What the host tells the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Input {
    /// The first: look what the disk has.
    Start,
    /// A person wants something.
    Request {
        /// Number of the answer.
        id: u32,
        /// What.
        request: Request,
    },
    /// The connection asked for is open.
    Connected,
    /// It is closed, or could not be opened.
    Lost,
    /// One message arrived on it.
    Frame {
        /// Bytes of the message, not to be trusted.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        bytes: ByteBuf,
    },
    /// Answer to [`Effect::Load`], in the order of keys.
    Loaded {
        /// As in the effect.
        token: u32,
        /// What was found.
        entries: Vec<Entry>,
    },
    /// Answer to [`Effect::Sign`].
    Signed {
        /// 64 bytes.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        signature: ByteBuf,
    },
    /// The network seems to be back: do not wait for the next try.
    Online,
    /// How long this tablet takes for [`crate::vault::Cost::FLOOR`]: what a new vault may cost is
    /// chosen by it.
    Measured {
        /// Milliseconds.
        floor_ms: u32,
    },
    /// [`crate::Engine::deadline`] has passed.
    Tick,
}

/// What the engine asks of its host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Effect {
    /// Do all of this in one durable transaction.
    Store {
        /// In order.
        ops: Vec<Op>,
    },
    /// Read and answer with [`Input::Loaded`].
    Load {
        /// Number of the answer.
        token: u32,
        /// The union of these.
        ranges: Vec<KeyRange>,
    },
    /// Open a connection; answer [`Input::Connected`] or [`Input::Lost`].
    Connect {
        /// Address of the relay, http(s)://host[:port].
        url: String,
    },
    /// Send one message, if the connection is open.
    Send {
        /// Bytes.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        bytes: ByteBuf,
    },
    /// Close the connection; no `Lost` is expected for it.
    Close,
    /// Sign with the transport key and answer [`Input::Signed`].
    Sign {
        /// What to sign.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        message: ByteBuf,
    },
    /// Tell the views.
    Notify {
        /// What.
        event: Box<Event>,
    },
}

/// Time as the device's clock says it.
pub type Now = Millis;
