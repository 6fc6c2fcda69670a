//! What a sealed body says: whose work it stands on, when, and the Automerge change. Owns the bound
//! on how large anything becomes when it is unpacked.

use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use satchel_wire::{ChainId, Cursor, EnvelopeId, Incarnation, Millis};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The most a change may be once unpacked, in bytes.
pub const CHANGE_LEN_MAX: usize = 1024 * 1024;

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
    /// One Automerge change, uncompressed form.
    pub change: Packed,
}

/// Bytes under our own compression, whose output is bounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Packed {
    /// As they are.
    Plain(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Raw DEFLATE (RFC 1951).
    Deflated(#[serde(with = "serde_bytes")] Vec<u8>),
}

impl Packed {
    /// Packs, if that makes it smaller.
    pub fn pack(bytes: &[u8]) -> Self {
        let deflated = compress_to_vec(bytes, 6);
        if deflated.len() < bytes.len() {
            Self::Deflated(deflated)
        } else {
            Self::Plain(bytes.to_vec())
        }
    }

    /// Unpacks.
    ///
    /// # Errors
    /// [`BadBody`] when it is no DEFLATE stream or becomes larger than [`CHANGE_LEN_MAX`].
    pub fn unpack(&self) -> Result<Vec<u8>, BadBody> {
        match self {
            Self::Plain(bytes) if bytes.len() <= CHANGE_LEN_MAX => Ok(bytes.clone()),
            Self::Plain(_) => Err(BadBody),
            Self::Deflated(bytes) => {
                decompress_to_vec_with_limit(bytes, CHANGE_LEN_MAX).map_err(|_| BadBody)
            }
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
        let bomb = Packed::Deflated(compress_to_vec(&vec![0; CHANGE_LEN_MAX + 1], 9));
        assert_eq!(bomb.unpack(), Err(BadBody));
        let text = b"a note, a note, a note, a note, a note".repeat(10);
        assert_eq!(Packed::pack(&text).unpack().unwrap(), text);
    }
}
