//! How far a device has come in what a relay holds, and the relay's signed word for it. A sequence
//! number is a delivery cursor only: what is true is decided by the envelopes' own hashes.

use std::collections::BTreeMap;

use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use crate::{
    envelope::{WireError, sha256},
    ids::{EnvelopeId, Incarnation, Millis, Nonce, RelayKey, Seq, StreamId},
};

/// A place in one stream's log at one relay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The last envelope, by the relay's count.
    pub seq: Seq,
    /// `h(seq) = SHA-256(h(seq-1) || id(seq))`, `h(0)` all zeros.
    pub h: [u8; 32],
    /// The relay's count of register writes in this stream.
    pub registers: u64,
}

impl Cursor {
    /// The cursor one envelope further.
    pub fn next(self, id: EnvelopeId) -> Self {
        Self {
            seq: self.seq + 1,
            h: sha256(&[&self.h, id.as_bytes()]),
            ..self
        }
    }
}

/// A device's whole position: every stream that it reads, and the grants that it fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursors {
    /// By stream; a stream without a cursor is at the start.
    pub streams: BTreeMap<StreamId, Cursor>,
    /// The relay's number of the last grant fetched.
    pub grants: u64,
}

/// 32 bytes that say 'nothing new' when both sides have the same.
pub type Fingerprint = [u8; 32];
/// The first bytes of a fingerprint: enough to see whether two are the same. What is relied on is the
/// relay's signature over the whole of it.
pub type Mark = [u8; 8];

/// The mark of a fingerprint.
pub fn mark(fingerprint: &Fingerprint) -> Mark {
    let mut mark = Mark::default();
    for (to, from) in mark.iter_mut().zip(fingerprint) {
        *to = *from;
    }
    mark
}

impl Cursors {
    /// SHA-256 over all cursors in the order of their streams. Streams at the very start count as
    /// absent.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut bytes = b"satchel/fingerprint/1".to_vec();
        bytes.extend_from_slice(&self.grants.to_be_bytes());
        for (stream, cursor) in self
            .streams
            .iter()
            .filter(|(_, c)| **c != Cursor::default())
        {
            bytes.extend_from_slice(stream.as_bytes());
            bytes.extend_from_slice(&cursor.seq.to_be_bytes());
            bytes.extend_from_slice(&cursor.h);
            bytes.extend_from_slice(&cursor.registers.to_be_bytes());
        }
        sha256(&[&bytes])
    }
}

/// A relay's signed word for where it and a device stand at the end of a pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Who says so.
    pub relay: RelayKey,
    /// Which memory of that relay.
    pub incarnation: Incarnation,
    /// The challenge of this connection, so that an old word cannot be shown again.
    pub nonce: Nonce,
    /// The relay's clock.
    pub at: Millis,
    /// Over the cursors that the pull was about.
    pub fingerprint: Fingerprint,
    #[serde(with = "serde_bytes")]
    signature: Vec<u8>,
}

/// A checkpoint as it travels: without what both ends know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The relay's clock.
    pub at: Millis,
    /// Of the fingerprint.
    pub mark: Mark,
    #[serde(with = "serde_bytes")]
    signature: Vec<u8>,
}

impl Word {
    /// The checkpoint that it stands for on a connection that began with this challenge, if the device
    /// stands at this fingerprint. Whether the relay signed it is still to be seen.
    pub fn over(
        self,
        (relay, incarnation, nonce): (RelayKey, Incarnation, Nonce),
        fingerprint: Fingerprint,
    ) -> Checkpoint {
        Checkpoint {
            relay,
            incarnation,
            nonce,
            at: self.at,
            fingerprint,
            signature: self.signature,
        }
    }
}

impl Checkpoint {
    /// As it travels.
    pub fn into_word(self) -> Word {
        Word {
            at: self.at,
            mark: mark(&self.fingerprint),
            signature: self.signature,
        }
    }

    /// Signs a checkpoint with the relay's key.
    pub fn sign(
        relay: RelayKey,
        incarnation: Incarnation,
        nonce: Nonce,
        at: Millis,
        fingerprint: Fingerprint,
        key: &Ed25519KeyPair,
    ) -> Self {
        let mut signed = Self {
            relay,
            incarnation,
            nonce,
            at,
            fingerprint,
            signature: Vec::new(),
        };
        signed.signature = key.sign(&signed.signed_bytes()).as_ref().to_vec();
        signed
    }

    /// Checks the relay's signature. That the relay is the agency's is the roster's to say.
    ///
    /// # Errors
    /// [`WireError::Signature`].
    pub fn verify(&self) -> Result<(), WireError> {
        UnparsedPublicKey::new(&ED25519, self.relay.as_bytes())
            .verify(&self.signed_bytes(), &self.signature)
            .map_err(|_| WireError::Signature)
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = b"satchel/checkpoint/1".to_vec();
        bytes.extend_from_slice(self.relay.as_bytes());
        bytes.extend_from_slice(self.incarnation.as_bytes());
        bytes.extend_from_slice(self.nonce.as_bytes());
        bytes.extend_from_slice(&self.at.0.to_be_bytes());
        bytes.extend_from_slice(&self.fingerprint);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_good_on_its_connection_and_for_its_place_only() {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let public = ring::signature::KeyPair::public_key(&pair).as_ref();
        let relay = RelayKey(public.try_into().unwrap());
        let (memory, nonce) = (Incarnation([1; 16]), Nonce([2; 32]));
        let place = [3; 32];
        let word = Checkpoint::sign(relay, memory, nonce, Millis(4), place, &pair).into_word();
        let check = |met, place, holds: bool| {
            assert_eq!(word.clone().over(met, place).verify().is_ok(), holds);
        };
        check((relay, memory, nonce), place, true);
        check((RelayKey([9; 32]), memory, nonce), place, false);
        check((relay, Incarnation([9; 16]), nonce), place, false);
        check((relay, memory, Nonce([9; 32])), place, false);
        let mut near = place;
        near[31] ^= 1;
        assert_eq!(mark(&near), mark(&place));
        check((relay, memory, nonce), near, false);
    }
}
