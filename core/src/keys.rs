//! Keys and how one follows from another. Owns the invariant that every secret is wiped when it is
//! dropped and that no two uses share a derived key: each has a label of its own.

use hpke::{Deserializable as _, Kem as _, Serializable as _, kem::XWing};
use ring::{
    hkdf::{HKDF_SHA256, KeyType, Salt},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use satchel_wire::{AgencyId, ProfileId, RelayKey, envelope::sha256};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::io::Rng;

/// 32 secret bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// A fresh one.
    pub fn random(rng: &mut dyn Rng) -> Self {
        Self(random(rng))
    }

    /// HKDF-SHA256 of this secret for one use.
    pub fn derive(&self, salt: &[u8], info: &[&[u8]]) -> Self {
        let mut out = Self([0; 32]);
        hkdf(&self.0, salt, info, &mut out.0);
        out
    }
}

/// `N` fresh bytes.
pub fn random<const N: usize>(rng: &mut dyn Rng) -> [u8; N] {
    let mut out = [0; N];
    rng.fill(&mut out);
    out
}

struct Len(usize);

impl KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-SHA256 (RFC 5869): fills `out`, at most 8,160 bytes.
pub fn hkdf(secret: &[u8], salt: &[u8], info: &[&[u8]], out: &mut [u8]) {
    let prk = Salt::new(HKDF_SHA256, salt).extract(secret);
    // Expansion fails only beyond 255 blocks; no caller asks for more than a few. Should it ever,
    // `out` stays zero and the commitment that is checked before every use will not fit.
    if let Ok(okm) = prk.expand(info, Len(out.len())) {
        let _ = okm.fill(out);
    }
}

/// An Ed25519 signing key.
pub struct Signer {
    pair: Ed25519KeyPair,
}

impl Signer {
    /// From its seed. `None` never happens for 32 bytes.
    pub fn from_seed(seed: &Secret) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(&seed.0)
            .ok()
            .map(|pair| Self { pair })
    }

    /// The key pair.
    pub fn pair(&self) -> &Ed25519KeyPair {
        &self.pair
    }

    /// The verifying key.
    pub fn public(&self) -> ProfileId {
        let mut key = ProfileId::ZERO;
        for (to, from) in key.0.iter_mut().zip(self.pair.public_key().as_ref()) {
            *to = *from;
        }
        key
    }

    /// The id of the agency whose root this is.
    pub fn agency(&self) -> AgencyId {
        AgencyId(sha256(&[self.public().as_bytes()]))
    }

    /// The same key in the part of a relay, for tests and tools that run one.
    pub fn relay(&self) -> RelayKey {
        RelayKey(self.public().0)
    }
}

/// An X-Wing key pair (X25519 + ML-KEM-768), as HPKE's `DeriveKeyPair` makes it from a seed.
pub struct Opener {
    private: <XWing as hpke::Kem>::PrivateKey,
    public: Vec<u8>,
}

impl Opener {
    /// From its seed.
    pub fn from_seed(seed: &Secret) -> Self {
        let (private, public) = XWing::derive_keypair(&seed.0);
        Self {
            private,
            public: public.to_bytes().to_vec(),
        }
    }

    /// The public key, 1,216 bytes.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    pub(crate) fn private(&self) -> &<XWing as hpke::Kem>::PrivateKey {
        &self.private
    }
}

/// An X-Wing public key from the roster; `None` when the bytes are not one.
pub(crate) fn hpke_public(bytes: &[u8]) -> Option<<XWing as hpke::Kem>::PublicKey> {
    <XWing as hpke::Kem>::PublicKey::from_bytes(bytes).ok()
}

/// The key pairs that follow from an invite's seed.
pub fn invite_keys(seed: &Secret) -> Option<(Signer, Opener)> {
    let signer = Signer::from_seed(&seed.derive(&[], &[b"satchel/invite-signing/1"]))?;
    Some((
        signer,
        Opener::from_seed(&seed.derive(&[], &[b"satchel/invite-opening/1"])),
    ))
}
