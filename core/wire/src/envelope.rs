//! The envelope: a public header of fixed layout, a signature, and a body. One layout serves sealed
//! changes, public control statements and registers. Owns two invariants: bytes that decode encode
//! back to the same bytes, and a [`Verified`] envelope carries its author's signature. Knows no
//! cipher: a sealed body is only bytes here.

use ring::{
    digest::{Context, SHA256, digest},
    signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey},
};
use serde::{Deserialize, Serialize};

use crate::ids::{AgencyId, ChainId, EnvelopeId, EpochId, ProfileId, StreamId};

/// The version of the format that this code writes and the only one that it reads.
pub const VERSION: u8 = 1;
/// Suite 1: Ed25519, HKDF-SHA256, ChaCha20-Poly1305 with a key of its own for each envelope.
pub const SUITE: u8 = 1;
/// Length in bytes of an encoded header.
pub const HEADER_LEN: usize = 271;
/// Length in bytes of a signature.
pub const SIGNATURE_LEN: usize = 64;
/// The longest body, in bytes: an envelope has to fit a frame.
pub const BODY_LEN_MAX: usize = 240 * 1024;

/// The last place of a chain: no database counts further.
const N_MAX: u64 = i64::MAX as u64;

/// Why bytes are not an envelope, or not one to trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Fewer or more bytes than the header announces.
    #[error("an envelope is cut short or has bytes left over")]
    Length,
    /// A field does not decode, or decodes from bytes that it does not encode to.
    #[error("an envelope has a field that cannot be")]
    Malformed,
    /// Written by a newer app.
    #[error("an envelope has version {0}, this app reads version 1: update the app")]
    Version(u8),
    /// A field that its kind does not use is not zero.
    #[error("an envelope uses a field that its kind does not have")]
    UnusedField,
    /// The signature is not the author's over this content.
    #[error("an envelope's signature does not fit its author and content")]
    Signature,
}

/// What an envelope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A sealed change of a record.
    Change,
    /// A public statement of the control plane.
    Control,
    /// A sealed value that its owner overwrites; `chain` is the slot, `n` a counter. The relay
    /// keeps the latest of each slot, outside chain and sequence.
    Register,
    /// Entries of the access log, sealed to the readers of an audit stream: whoever belongs to the
    /// agency appends there in a chain of its own, and only its readers get it back.
    Access,
}

impl Kind {
    /// What a signature over an envelope of this kind begins with.
    fn prefix(self) -> &'static [u8] {
        match self {
            Kind::Change => b"satchel/change/1",
            Kind::Control => b"satchel/control/1",
            Kind::Register => b"satchel/register/1",
            Kind::Access => b"satchel/access/1",
        }
    }
}

/// The public part of an envelope, and the AAD of its sealed body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Format version, [`VERSION`].
    pub version: u8,
    /// Cipher suite, [`SUITE`].
    pub suite: u8,
    /// What the body is.
    pub kind: Kind,
    /// The agency it belongs to.
    pub agency: AgencyId,
    /// The log it belongs to.
    pub stream: StreamId,
    /// Who signed it.
    pub author: ProfileId,
    /// The writer instance (for a register: the slot).
    pub chain: ChainId,
    /// Place in the chain, from 1 (for a register: the counter). An envelope of several changes has
    /// the place of its last: places rise, what has no gap is the line of `prev`.
    #[serde(with = "postcard::fixint::be")]
    pub n: u64,
    /// The chain's envelope before this one; zero for the first and for registers.
    pub prev: EnvelopeId,
    /// The epoch whose key sealed the body; zero for control.
    pub epoch: EpochId,
    /// A roster statement that the author stood on; zero for the agency's first.
    pub roster: EnvelopeId,
    /// Salt of the envelope's key; zero for control and access.
    pub salt: [u8; 32],
    /// Commitment to the envelope's key; zero for control and access.
    pub commitment: [u8; 32],
    /// Length in bytes of the body as it travels.
    #[serde(with = "postcard::fixint::be")]
    pub len: u32,
}

impl Header {
    /// A control envelope's header: no epoch, salt or commitment. `len` is set by [`Envelope::sign`].
    pub fn control(
        agency: AgencyId,
        stream: StreamId,
        author: ProfileId,
        roster: EnvelopeId,
    ) -> Self {
        Self {
            version: VERSION,
            suite: SUITE,
            kind: Kind::Control,
            agency,
            stream,
            author,
            chain: ChainId::ZERO,
            n: 1,
            prev: EnvelopeId::ZERO,
            epoch: EpochId::ZERO,
            roster,
            salt: [0; 32],
            commitment: [0; 32],
            len: 0,
        }
    }

    /// Continues a chain: place and predecessor.
    pub fn after(mut self, chain: ChainId, n: u64, prev: EnvelopeId) -> Self {
        self.chain = chain;
        self.n = n;
        self.prev = prev;
        self
    }

    /// The header as it travels, [`HEADER_LEN`] bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Encoding into a growing Vec has no way to fail; an empty result would fail to decode.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// SHA-256 of the header with an all-zero commitment: what the envelope's key is bound to.
    pub fn key_context(&self) -> [u8; 32] {
        let bare = Self {
            commitment: [0; 32],
            ..self.clone()
        };
        sha256(&[&bare.to_bytes()])
    }

    /// Whether this stands right after `tip`, the number and id of what is known of its chain. A change
    /// may hold several and take as many places.
    pub fn follows(&self, tip: Option<(u64, EnvelopeId)>) -> bool {
        let (n, id) = tip.unwrap_or((0, EnvelopeId::ZERO));
        let next = self.n == n.saturating_add(1);
        self.prev == id && (next || (self.kind == Kind::Change && self.n > n))
    }

    fn check(&self) -> Result<(), WireError> {
        if self.version != VERSION || self.suite != SUITE {
            return Err(WireError::Version(self.version));
        }
        let sealed = self.epoch != EpochId::ZERO;
        let keyed = self.salt != [0; 32] || self.commitment != [0; 32];
        let fits = match self.kind {
            Kind::Change => sealed,
            Kind::Control => !sealed && !keyed,
            Kind::Register => sealed && self.prev == EnvelopeId::ZERO,
            Kind::Access => sealed && !keyed,
        };
        let is_first = self.prev == EnvelopeId::ZERO;
        let linked = match self.kind {
            Kind::Register => true,
            Kind::Change => is_first || self.n > 1,
            Kind::Control | Kind::Access => is_first == (self.n == 1),
        };
        if self.n == 0 || self.n > N_MAX || !fits || !linked {
            Err(WireError::UnusedField)
        } else {
            Ok(())
        }
    }
}

/// An envelope as it was read: its form is right, its author is not yet proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    header: Header,
    signature: [u8; SIGNATURE_LEN],
    body: Vec<u8>,
}

/// An envelope whose signature is its author's. Whether that author may write it is the roster's
/// and the stream's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    envelope: Envelope,
    id: EnvelopeId,
}

impl Envelope {
    /// Reads an envelope.
    ///
    /// # Errors
    /// [`WireError`] when the bytes are not exactly one envelope of this version.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let (head, rest) = bytes
            .split_at_checked(HEADER_LEN)
            .ok_or(WireError::Length)?;
        let (signature, body) = rest
            .split_at_checked(SIGNATURE_LEN)
            .ok_or(WireError::Length)?;
        match head.first() {
            Some(&VERSION) => {}
            other => return Err(WireError::Version(other.copied().unwrap_or(0))),
        }
        let header: Header = postcard::from_bytes(head).map_err(|_| WireError::Malformed)?;
        if header.to_bytes() != head {
            return Err(WireError::Malformed);
        }
        if header.len as usize != body.len() || body.len() > BODY_LEN_MAX {
            return Err(WireError::Length);
        }
        header.check()?;
        let signature = signature.try_into().map_err(|_| WireError::Length)?;
        Ok(Self {
            header,
            signature,
            body: body.to_vec(),
        })
    }

    /// The envelope as it travels.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.header.to_bytes();
        bytes.extend_from_slice(&self.signature);
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Signs `header` and `body`; the header's author and length are set to what they must be.
    ///
    /// # Errors
    /// [`WireError::Length`] when the body is over [`BODY_LEN_MAX`], [`WireError::UnusedField`] when
    /// the header does not fit its kind.
    pub fn sign(
        mut header: Header,
        body: Vec<u8>,
        key: &Ed25519KeyPair,
    ) -> Result<Verified, WireError> {
        use ring::signature::KeyPair as _;
        if body.len() > BODY_LEN_MAX {
            return Err(WireError::Length);
        }
        header.len = u32::try_from(body.len()).map_err(|_| WireError::Length)?;
        header.author = ProfileId(
            key.public_key()
                .as_ref()
                .try_into()
                .map_err(|_| WireError::Malformed)?,
        );
        header.check()?;
        let id = id_of(&header, &body);
        let signature = key
            .sign(&[header.kind.prefix(), id.as_bytes()].concat())
            .as_ref()
            .try_into()
            .map_err(|_| WireError::Signature)?;
        Ok(Verified {
            envelope: Self {
                header,
                signature,
                body,
            },
            id,
        })
    }

    /// The public header, as yet unproven.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Checks the author's signature: the one way from an envelope that was read to one to act on.
    ///
    /// # Errors
    /// [`WireError::Signature`].
    pub fn verify(self) -> Result<Verified, WireError> {
        let id = id_of(&self.header, &self.body);
        UnparsedPublicKey::new(&ED25519, self.header.author.as_bytes())
            .verify(
                &[self.header.kind.prefix(), id.as_bytes()].concat(),
                &self.signature,
            )
            .map_err(|_| WireError::Signature)?;
        Ok(Verified { envelope: self, id })
    }
}

impl Verified {
    /// The envelope's id.
    pub fn id(&self) -> EnvelopeId {
        self.id
    }

    /// The public header.
    pub fn header(&self) -> &Header {
        &self.envelope.header
    }

    /// The body: sealed, or for control a statement.
    pub fn body(&self) -> &[u8] {
        &self.envelope.body
    }

    /// The envelope as it travels.
    pub fn encode(&self) -> Vec<u8> {
        self.envelope.encode()
    }
}

fn id_of(header: &Header, body: &[u8]) -> EnvelopeId {
    EnvelopeId(sha256(&[
        &header.to_bytes(),
        digest(&SHA256, body).as_ref(),
    ]))
}

/// SHA-256 over the parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
    }

    fn sample() -> Verified {
        let header = Header::control(
            AgencyId([1; 32]),
            StreamId([2; 16]),
            ProfileId::ZERO,
            EnvelopeId::ZERO,
        );
        Envelope::sign(header, b"a statement".to_vec(), &key()).unwrap()
    }

    #[test]
    fn what_decodes_encodes_back_and_verifies() {
        let bytes = sample().encode();
        assert_eq!(bytes.len(), HEADER_LEN + SIGNATURE_LEN + 11);
        let read = Envelope::decode(&bytes).unwrap();
        assert_eq!(read.encode(), bytes);
        assert_eq!(read.verify().unwrap(), sample());
    }

    #[test]
    fn any_flipped_bit_is_refused() {
        let bytes = sample().encode();
        for bit in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let verdict = Envelope::decode(&bad).and_then(Envelope::verify);
            assert!(verdict.is_err(), "bit {bit} was accepted");
        }
    }

    #[test]
    fn any_other_length_is_refused() {
        let bytes = sample().encode();
        for len in 0..bytes.len() {
            assert!(Envelope::decode(&bytes[..len]).is_err());
        }
        assert_eq!(
            Envelope::decode(&[bytes, vec![0]].concat()),
            Err(WireError::Length)
        );
    }

    #[test]
    fn a_signature_serves_one_kind_only() {
        let change = Header {
            kind: Kind::Change,
            epoch: EpochId([3; 32]),
            ..sample().header().clone()
        };
        let signed = Envelope::sign(change, vec![1, 2, 3], &key()).unwrap();
        let mut as_register = signed.envelope.clone();
        as_register.header.kind = Kind::Register;
        assert_eq!(as_register.verify(), Err(WireError::Signature));
    }
}
