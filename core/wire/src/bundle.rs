//! A bundle: what a relay or a tablet holds, as a file that travels on a stick. It is a sequence of
//! parts that each check themselves, so that damage costs the part in which it is and no other. Owns
//! the invariant that a part whose bytes have changed is never handed on. It carries ciphertext and
//! public statements alone; whether an envelope counts is for whoever takes it in to judge, by the
//! same rules as on the wire.
//!
//! ```
//! use satchel_wire::{AgencyId, Millis, ProfileId, bundle::{Head, Maker, Part, Reader, Writer}};
//!
//! let mut writer = Writer::new([7; 16]);
//! let maker = Maker::Tablet(ProfileId([1; 32]));
//! let head = Head { agency: AgencyId::ZERO, maker, at: Millis(5), since: None };
//! let mut file = writer.part(&Part::Head(head.clone()))?;
//! file.extend(writer.close(|_| Vec::new())?);
//!
//! let mut reader = Reader::default();
//! reader.feed(&file);
//! reader.finish();
//! let first = reader.take().unwrap()?;
//! assert_eq!(first.part, Part::Head(head));
//! # Ok::<(), satchel_wire::bundle::BundleError>(())
//! ```

mod read;

pub use read::{Found, Reader};

use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    control::Reached,
    envelope::sha256,
    frame::{FRAME_LEN_MAX, FRAME_LEN_TARGET, Grant},
    ids::{AgencyId, ChainId, EpochId, Incarnation, Millis, ProfileId, RelayKey, StreamId},
};

/// What each part begins with; its first byte is in no text.
pub const MARK: [u8; 8] = *b"\x8bSATCHL\n";
/// The version of the format.
pub const VERSION: u8 = 1;
/// What a part costs besides its payload, in bytes: mark, version, bundle, number, length, digest.
pub const PART_HEADER_LEN: usize = 8 + 1 + 16 + 4 + 4 + 32;
/// Parts are filled up to about this many bytes.
pub const PART_LEN_TARGET: usize = FRAME_LEN_TARGET;
/// No part's payload is longer, in bytes.
pub const PART_LEN_MAX: usize = FRAME_LEN_MAX;
/// The most parts: the digests of all of them fit the last one. About 3 GB.
pub const PARTS_MAX: u32 = 12_000;
/// The most places in which a reader looks for the next whole part after damage.
const TRIES_MAX: u32 = 256;

/// Why a file is not a bundle, or not all of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Bytes that are no whole part: changed, cut off or something else.
    #[error("a part of the file is damaged and was left out: ask for the file once more")]
    Damaged,
    /// Too much of it is damaged to go on.
    #[error("the file is damaged in too many places: ask for it once more")]
    TooDamaged,
    /// A part of a newer version.
    #[error("the file has version {0}, this app reads version 1: update the app")]
    Version(u8),
    /// A whole part that says nothing this version knows.
    #[error("a part of the file says what this app does not know: update the app")]
    Malformed,
    /// It would be longer than a bundle may be.
    #[error("this is too much for one file: choose less")]
    TooLong,
}

/// Who made a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Maker {
    /// A relay's operator.
    Relay {
        /// The relay.
        key: RelayKey,
        /// Which memory of it.
        incarnation: Incarnation,
    },
    /// A tablet.
    Tablet(ProfileId),
}

/// The first part: what this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Of which agency.
    pub agency: AgencyId,
    /// By whom.
    pub maker: Maker,
    /// When, by the maker's clock.
    pub at: Millis,
    /// It leaves out what this one told to hold, at that time by its own clock.
    pub since: Option<(Maker, Millis)>,
}

/// What the maker holds of one stream: the answer leaves that out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// By author, the ends of their chains. Whoever takes somebody's chain for their own is thereby
    /// told from them.
    pub ends: Vec<(ProfileId, Vec<Reached>)>,
    /// Counters of registers by author and slot.
    pub registers: Vec<(ProfileId, ChainId, u64)>,
    /// Tags of grants, or of keys that grants would give, see [`grant_tag`].
    pub grants: Vec<[u8; 8]>,
}

/// Something of one stream, in the order in which the maker got it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The stream.
    pub stream: StreamId,
    /// When the maker, if it is a relay, got it, and the bytes of each envelope.
    pub envelopes: Vec<(Millis, ByteBuf)>,
    /// Register envelopes.
    pub registers: Vec<ByteBuf>,
}

/// The last part: what all the others were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// The digests of the parts before it, in their order.
    pub parts: Vec<[u8; 32]>,
    /// The maker's over [`Close::signed_bytes`]; empty where the maker's tablet was locked.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
}

impl Close {
    /// What the maker signs.
    pub fn signed_bytes(parts: &[[u8; 32]]) -> Vec<u8> {
        let mut bytes = b"satchel/bundle/1".to_vec();
        for part in parts {
            bytes.extend_from_slice(part);
        }
        bytes
    }

    /// Whether `maker` signed these parts, of which the first names the maker.
    pub fn is_by(&self, maker: &Maker) -> bool {
        let key = match maker {
            Maker::Relay { key, .. } => key.as_bytes(),
            Maker::Tablet(profile) => profile.as_bytes(),
        };
        UnparsedPublicKey::new(&ED25519, key)
            .verify(&Self::signed_bytes(&self.parts), &self.signature)
            .is_ok()
    }

    /// Whether a part is the one that was signed.
    pub fn lists(&self, index: u32, digest: &[u8; 32]) -> bool {
        let at = usize::try_from(index).ok();
        at.and_then(|at| self.parts.get(at)) == Some(digest)
    }
}

/// One part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The first.
    Head(Head),
    /// What the maker holds, by stream; any number of them, with no stream twice.
    Held(Vec<(StreamId, Held)>),
    /// Envelopes, the agency's log first.
    Stretch(Stretch),
    /// Grants.
    Grants(Vec<Grant>),
    /// The last.
    Close(Close),
}

impl Part {
    fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    fn decode(bytes: &[u8]) -> Result<Self, BundleError> {
        let (part, rest) =
            postcard::take_from_bytes::<Self>(bytes).map_err(|_| BundleError::Malformed)?;
        if rest.is_empty() && part.encode() == bytes {
            Ok(part)
        } else {
            Err(BundleError::Malformed)
        }
    }
}

/// Names the grant of an epoch's key to one recipient, in short.
pub fn grant_tag(stream: StreamId, epoch: EpochId, recipient: ProfileId) -> [u8; 8] {
    let hash = sha256(&[
        b"satchel/grant-tag/1",
        stream.as_bytes(),
        epoch.as_bytes(),
        recipient.as_bytes(),
    ]);
    let mut tag = [0; 8];
    for (to, from) in tag.iter_mut().zip(hash) {
        *to = from;
    }
    tag
}

fn digest_of(bundle: &[u8; 16], version: u8, index: u32, payload: &[u8]) -> [u8; 32] {
    sha256(&[
        b"satchel/bundle-part/1",
        &[version],
        bundle,
        &index.to_be_bytes(),
        payload,
    ])
}

/// Writes a bundle, part by part.
pub struct Writer {
    bundle: [u8; 16],
    parts: Vec<[u8; 32]>,
}

impl Writer {
    /// A bundle of this random name, by which its parts are told from those of another.
    pub fn new(bundle: [u8; 16]) -> Self {
        Self {
            bundle,
            parts: Vec::new(),
        }
    }

    /// The next part, as it goes into the file.
    ///
    /// # Errors
    /// [`BundleError::TooLong`].
    pub fn part(&mut self, part: &Part) -> Result<Vec<u8>, BundleError> {
        let payload = part.encode();
        let index = u32::try_from(self.parts.len()).map_err(|_| BundleError::TooLong)?;
        if payload.len() > PART_LEN_MAX || index > PARTS_MAX {
            return Err(BundleError::TooLong);
        }
        let len = u32::try_from(payload.len()).map_err(|_| BundleError::TooLong)?;
        let digest = digest_of(&self.bundle, VERSION, index, &payload);
        self.parts.push(digest);
        let mut bytes = MARK.to_vec();
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.bundle);
        bytes.extend_from_slice(&index.to_be_bytes());
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(&digest);
        bytes.extend(payload);
        Ok(bytes)
    }

    /// The last part; `sign` makes the maker's signature, or an empty one.
    ///
    /// # Errors
    /// [`BundleError::TooLong`].
    pub fn close(mut self, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, BundleError> {
        let parts = std::mem::take(&mut self.parts);
        let signature = sign(&Close::signed_bytes(&parts));
        // Its number goes on from theirs.
        self.parts.clone_from(&parts);
        self.part(&Part::Close(Close { parts, signature }))
    }
}

/// Gathers envelopes, registers and grants into parts of a good size.
#[derive(Default)]
pub struct Filler {
    stretch: Option<Stretch>,
    grants: Vec<Grant>,
    held: Vec<(StreamId, Held)>,
    len: usize,
}

/// What an item costs in a part besides its own bytes, at most.
const ITEM_OVERHEAD: usize = 32;

impl Filler {
    /// Takes an envelope in; gives a part that is full before it.
    pub fn envelope(&mut self, stream: StreamId, at: Millis, bytes: &[u8]) -> Option<Part> {
        let full = self.room(Next::Stretch(stream), bytes.len());
        self.stretch(stream)
            .envelopes
            .push((at, ByteBuf::from(bytes)));
        full
    }

    /// Takes a register in, likewise.
    pub fn register(&mut self, stream: StreamId, bytes: &[u8]) -> Option<Part> {
        let full = self.room(Next::Stretch(stream), bytes.len());
        self.stretch(stream).registers.push(ByteBuf::from(bytes));
        full
    }

    /// Takes a grant in, likewise.
    pub fn grant(&mut self, grant: Grant) -> Option<Part> {
        let full = self.room(Next::Grants, grant.sealed.len() + 80);
        self.grants.push(grant);
        full
    }

    /// Takes in what is held of a stream, likewise. A stream of more chains than fit a part tells of
    /// as many as do: what it does not tell comes once more than it had to.
    pub fn held(&mut self, stream: StreamId, mut held: Held) -> Option<Part> {
        let fits = PART_LEN_TARGET / 2 / 100;
        held.ends.truncate(fits);
        for (_, ends) in &mut held.ends {
            ends.truncate(fits);
        }
        let mut left = fits;
        held.ends.retain_mut(|(_, ends)| {
            ends.truncate(left);
            left -= ends.len();
            !ends.is_empty()
        });
        held.registers.truncate(fits / 2);
        held.grants.truncate(fits);
        let ends: usize = held.ends.iter().map(|(_, ends)| 40 + ends.len() * 60).sum();
        let len = ends + held.registers.len() * 60 + held.grants.len() * 8;
        let full = self.room(Next::Held, len);
        self.held.push((stream, held));
        full
    }

    /// What is left.
    pub fn rest(&mut self) -> Option<Part> {
        self.len = 0;
        if !self.held.is_empty() {
            return Some(Part::Held(std::mem::take(&mut self.held)));
        }
        if !self.grants.is_empty() {
            return Some(Part::Grants(std::mem::take(&mut self.grants)));
        }
        self.stretch.take().map(Part::Stretch)
    }

    fn stretch(&mut self, stream: StreamId) -> &mut Stretch {
        self.stretch.get_or_insert_with(|| Stretch {
            stream,
            envelopes: Vec::new(),
            registers: Vec::new(),
        })
    }

    /// Makes room for an item of a stretch of this stream, of grants, or of what is held: only one of
    /// them is being filled at a time.
    fn room(&mut self, next: Next, len: usize) -> Option<Part> {
        let (held, grants) = (!self.held.is_empty(), !self.grants.is_empty());
        let open = self.stretch.as_ref().map(|open| open.stream);
        let other = match next {
            Next::Stretch(stream) => held || grants || open.is_some_and(|open| open != stream),
            Next::Grants => held || open.is_some(),
            Next::Held => grants || open.is_some(),
        };
        let full = self.len + len + ITEM_OVERHEAD > PART_LEN_TARGET && self.len > 0;
        let part = if other || full { self.rest() } else { None };
        self.len += len + ITEM_OVERHEAD;
        part
    }
}

enum Next {
    Stretch(StreamId),
    Grants,
    Held,
}

#[cfg(test)]
mod tests;
