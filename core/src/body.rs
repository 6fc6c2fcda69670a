//! What a sealed body says: whose work it stands on, when, and the Automerge changes. Owns the bounds
//! on how large and how many anything becomes when it is unpacked.

use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use satchel_wire::{ChainId, Cursor, EnvelopeId, Incarnation, Millis};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;

/// The most the changes of one envelope may be once unpacked, in bytes.
pub const CHANGES_LEN_MAX: usize = 1024 * 1024;
/// The most changes in one envelope.
pub const CHANGES_MAX: usize = 256;

/// Bytes that are not a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an opened envelope holds something that this app cannot read: update the app")]
pub struct BadBody;

/// A place in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Envelope number.
    pub n: u64,
    /// Its id.
    pub id: EnvelopeId,
}

/// The body of a `change` envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeBody {
    /// Heads of other chains that the author had accepted since its last envelope in this chain.
    pub parents: Vec<(ChainId, Head)>,
    /// Where the author stood in this stream, and in which memory of the relay.
    pub cursor: Option<(Incarnation, Cursor)>,
    /// The author's clock.
    pub at: Millis,
    /// The author's next Automerge changes, at least one.
    pub changes: Packed,
}

/// A list of changes, each in Automerge's uncompressed form, under our own compression, whose output is
/// bounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Packed {
    /// As they are.
    Plain(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Raw DEFLATE (RFC 1951).
    Deflated(#[serde(with = "serde_bytes")] Vec<u8>),
}

impl Packed {
    /// Packs, compressed if that makes it smaller.
    pub fn pack(changes: &[ByteBuf]) -> Self {
        let bytes = encode(&changes);
        let deflated = compress_to_vec(&bytes, 6);
        if deflated.len() < bytes.len() {
            Self::Deflated(deflated)
        } else {
            Self::Plain(bytes)
        }
    }

    /// Unpacks.
    ///
    /// # Errors
    /// [`BadBody`] when it is no DEFLATE stream, not exactly a list of 1 to [`CHANGES_MAX`] changes, or
    /// becomes larger than [`CHANGES_LEN_MAX`].
    pub fn unpack(&self) -> Result<Vec<ByteBuf>, BadBody> {
        let deflated;
        let bytes = match self {
            Self::Plain(bytes) if bytes.len() <= CHANGES_LEN_MAX => bytes,
            Self::Plain(_) => return Err(BadBody),
            Self::Deflated(bytes) => {
                deflated = decompress_to_vec_with_limit(bytes, CHANGES_LEN_MAX);
                deflated.as_ref().map_err(|_| BadBody)?
            }
        };
        match postcard::take_from_bytes::<Vec<ByteBuf>>(bytes) {
            Ok((changes, [])) if (1..=CHANGES_MAX).contains(&changes.len()) => Ok(changes),
            _ => Err(BadBody),
        }
    }
}

/// The body of the register in which a device says what it has opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBody {
    /// By chain, the last envelope that is part of the device's document.
    pub heads: Vec<(ChainId, u64)>,
}

/// A body's bytes; padding follows when it is sealed.
pub fn encode<T: Serialize>(body: &T) -> Vec<u8> {
    postcard::to_stdvec(body).unwrap_or_default()
}

/// Reads a body and its padding, which must be zero.
///
/// # Errors
/// [`BadBody`].
pub fn decode<T: DeserializeOwned>(padded: &[u8]) -> Result<T, BadBody> {
    match postcard::take_from_bytes(padded) {
        Ok((body, padding)) if padding.iter().all(|b| *b == 0) => Ok(body),
        _ => Err(BadBody),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacking_is_bounded() {
        let refused = |packed: Packed| assert_eq!(packed.unpack(), Err(BadBody));
        refused(Packed::Deflated(compress_to_vec(
            &vec![0; CHANGES_LEN_MAX + 1],
            9,
        )));
        refused(Packed::pack(&[]));
        refused(Packed::pack(&vec![ByteBuf::new(); CHANGES_MAX + 1]));
        refused(Packed::pack(&[ByteBuf::from(vec![0; CHANGES_LEN_MAX])]));
        refused(Packed::Plain([encode(&[b"one"]), vec![0]].concat()));
    }

    #[test]
    fn what_is_packed_unpacks() {
        let text = ByteBuf::from(b"a note, a note, a note, a note, a note".repeat(10));
        for changes in [vec![text.clone()], vec![text, ByteBuf::from([7; 9])]] {
            assert_eq!(Packed::pack(&changes).unpack().unwrap(), changes);
        }
    }
}
