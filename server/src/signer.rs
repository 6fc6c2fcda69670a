//! The relay's own key: it signs checkpoints, and devices know the relay by it. Its incarnation may
//! change while it runs: sessions that told another one end.

use std::sync::{Mutex, PoisonError};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use satchel_wire::{Checkpoint, Fingerprint, Incarnation, Millis, Nonce, RelayKey};

use crate::store::{Identity, StoreError, Stored};

/// Signs as one incarnation of one relay.
pub struct Signer {
    pair: Ed25519KeyPair,
    key: RelayKey,
    incarnation: Mutex<Incarnation>,
}

impl Signer {
    /// The signer of a stored identity.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the seed is none.
    pub fn from_identity(identity: Identity) -> Stored<Self> {
        let damaged = StoreError::Damaged("the relay's key");
        let Ok(pair) = Ed25519KeyPair::from_seed_unchecked(&identity.seed) else {
            return Err(damaged);
        };
        let Ok(key) = pair.public_key().as_ref().try_into() else {
            return Err(damaged);
        };
        Ok(Self {
            pair,
            key: RelayKey(key),
            incarnation: Mutex::new(identity.incarnation),
        })
    }

    /// The relay's key.
    pub fn key(&self) -> RelayKey {
        self.key
    }

    /// Which memory of the relay it signs for.
    pub fn incarnation(&self) -> Incarnation {
        *self
            .incarnation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on this is another memory of the relay; to be called once that is stored.
    pub(crate) fn renew(&self, incarnation: Incarnation) {
        *self
            .incarnation
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = incarnation;
    }

    /// The relay's signature over a bundle that it made, see [`satchel_wire::bundle::Close`].
    pub fn sign_bundle(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    /// The relay's word for where a device stands.
    pub fn checkpoint(&self, nonce: Nonce, at: Millis, fingerprint: Fingerprint) -> Checkpoint {
        Checkpoint::sign(
            self.key,
            self.incarnation(),
            nonce,
            at,
            fingerprint,
            &self.pair,
        )
    }
}
