//! Sealing and opening: the only place where plaintext becomes ciphertext and back. Owns the
//! invariant that a key seals once: each envelope and each stored value has a key of its own from a
//! fresh 32-byte salt, so no nonce is ever used twice whatever backup or second tab comes to life,
//! and the key is committed to, so that one ciphertext opens under one key only.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use satchel_wire::{Envelope, EpochId, Header, Verified, envelope::BODY_LEN_MAX};

use crate::{
    io::Rng,
    keys::{Secret, Signer, hkdf, random},
};

/// Bytes that sealing adds.
pub const TAG_LEN: usize = 16;
/// Smallest padded body. Short edits then all look alike; the cost is measured in PROTOCOL.md.
pub const PAD_FLOOR: usize = 256;
const COMMITMENT_LABEL: &[u8] = b"satchel/envelope-key/1";
const STORED_LABEL: &[u8] = b"satchel/stored/1";
const PARENT_LABEL: &[u8] = b"satchel/parent-key/1";
const EPOCH_LABEL: &[u8] = b"satchel/epoch-commitment/1";

/// Why something does not open or cannot be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The epoch key is not the one that the header commits to.
    #[error("sealed under another key")]
    Key,
    /// The content or its header was changed.
    #[error("changed after it was sealed")]
    Tampered,
    /// More than an envelope holds.
    #[error("larger than an envelope may be")]
    TooLarge,
}

/// A commitment to an epoch key, for its public statement.
pub fn epoch_commitment(key: &Secret) -> [u8; 32] {
    key.derive(&[], &[EPOCH_LABEL]).0
}

/// Seals an earlier epoch's key under the one that follows it. The key that does it follows from the
/// two and seals once.
///
/// # Errors
/// [`SealError::TooLarge`], never for a key.
pub fn seal_parent(key: &Secret, parent: EpochId, old: &Secret) -> Result<Vec<u8>, SealError> {
    let own = key.derive(&[], &[PARENT_LABEL, parent.as_bytes()]);
    let mut sealed = old.0.to_vec();
    encrypt(&own, parent.as_bytes(), &mut sealed)?;
    Ok(sealed)
}

/// Opens an earlier epoch's key with the one that follows it.
///
/// # Errors
/// [`SealError`] when it is not that.
pub fn open_parent(key: &Secret, parent: EpochId, sealed: &[u8]) -> Result<Secret, SealError> {
    let own = key.derive(&[], &[PARENT_LABEL, parent.as_bytes()]);
    let plain = decrypt(&own, parent.as_bytes(), sealed.to_vec())?;
    plain
        .try_into()
        .map(Secret)
        .map_err(|_| SealError::Tampered)
}

/// Seals `body` under an epoch's key and signs the envelope. `header` says what and where; its
/// epoch, salt, commitment and length are set here.
///
/// # Errors
/// [`SealError::TooLarge`].
pub fn seal(
    mut header: Header,
    epoch: EpochId,
    key: &Secret,
    body: &[u8],
    signer: &Signer,
    rng: &mut dyn Rng,
) -> Result<Verified, SealError> {
    let mut sealed = body.to_vec();
    sealed.resize(padded_len(body.len()), 0);
    let len = sealed.len() + TAG_LEN;
    if len > BODY_LEN_MAX {
        return Err(SealError::TooLarge);
    }
    header.epoch = epoch;
    header.salt = random(rng);
    header.author = signer.public();
    header.len = u32::try_from(len).map_err(|_| SealError::TooLarge)?;
    let (own, commitment) = envelope_key(&header, key);
    header.commitment = commitment;
    encrypt(&own, &header.to_bytes(), &mut sealed)?;
    Envelope::sign(header, sealed, signer.pair()).map_err(|_| SealError::TooLarge)
}

/// Opens a verified envelope. What comes back still ends in its padding.
///
/// # Errors
/// [`SealError`].
pub fn open(envelope: &Verified, key: &Secret) -> Result<Vec<u8>, SealError> {
    let header = envelope.header();
    let (own, commitment) = envelope_key(header, key);
    // Both are public: no need to compare in constant time.
    if commitment != header.commitment {
        return Err(SealError::Key);
    }
    decrypt(&own, &header.to_bytes(), envelope.body().to_vec())
}

fn envelope_key(header: &Header, key: &Secret) -> (Secret, [u8; 32]) {
    let mut out = [0; 64];
    hkdf(
        &key.0,
        &header.salt,
        &[COMMITMENT_LABEL, &header.key_context()],
        &mut out,
    );
    let (own, commitment) = out.split_at(32);
    let parts = (
        Secret(own.try_into().unwrap_or([0; 32])),
        commitment.try_into().unwrap_or([0; 32]),
    );
    zeroize::Zeroize::zeroize(&mut out);
    parts
}

/// Seals a value for this tablet's storage; `name` is the key that it is stored under, so that
/// values cannot be swapped.
pub fn seal_stored(storage: &Secret, name: &str, plain: &[u8], rng: &mut dyn Rng) -> Vec<u8> {
    let salt: [u8; 32] = random(rng);
    let own = storage.derive(&salt, &[STORED_LABEL, name.as_bytes()]);
    let mut sealed = plain.to_vec();
    // ChaCha20-Poly1305 refuses only messages over 256 GiB.
    if encrypt(&own, &[], &mut sealed).is_err() {
        sealed.clear();
    }
    [salt.as_slice(), &sealed].concat()
}

/// Opens a stored value.
///
/// # Errors
/// [`SealError::Tampered`].
pub fn open_stored(storage: &Secret, name: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
    let (salt, sealed) = value.split_at_checked(32).ok_or(SealError::Tampered)?;
    let own = storage.derive(salt, &[STORED_LABEL, name.as_bytes()]);
    decrypt(&own, &[], sealed.to_vec())
}

fn cipher(key: &Secret) -> Result<LessSafeKey, SealError> {
    UnboundKey::new(&CHACHA20_POLY1305, &key.0)
        .map(LessSafeKey::new)
        .map_err(|_| SealError::Key)
}

/// The nonce is zero because every key seals exactly once.
fn encrypt(key: &Secret, aad: &[u8], data: &mut Vec<u8>) -> Result<(), SealError> {
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    cipher(key)?
        .seal_in_place_append_tag(nonce, Aad::from(aad), data)
        .map_err(|_| SealError::TooLarge)
}

fn decrypt(key: &Secret, aad: &[u8], mut data: Vec<u8>) -> Result<Vec<u8>, SealError> {
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let len = cipher(key)?
        .open_in_place(nonce, Aad::from(aad), &mut data)
        .map_err(|_| SealError::Tampered)?
        .len();
    data.truncate(len);
    Ok(data)
}

/// PADMÉ (Nikitin et al., 'Reducing Metadata Leakage from Encrypted Files and Communication with
/// PURBs', 2019) above a floor: at most 12% more, and only O(log log n) bits of the length show.
pub fn padded_len(len: usize) -> usize {
    if len <= PAD_FLOOR {
        return PAD_FLOOR;
    }
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - kept)) - 1;
    (len + mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seeded;
    use satchel_wire::{AgencyId, ChainId, EnvelopeId, Kind, ProfileId, StreamId};

    fn sealed() -> (Verified, Secret) {
        let mut rng = Seeded::new(1);
        let signer = Signer::from_seed(&Secret::random(&mut rng)).unwrap();
        let key = Secret::random(&mut rng);
        let mut header = Header::control(
            AgencyId([1; 32]),
            StreamId([2; 16]),
            ProfileId::ZERO,
            EnvelopeId([3; 32]),
        )
        .after(ChainId([4; 16]), 1, EnvelopeId::ZERO);
        header.kind = Kind::Change;
        let epoch = EpochId([5; 32]);
        (
            seal(header, epoch, &key, b"she was at home", &signer, &mut rng).unwrap(),
            key,
        )
    }

    #[test]
    fn seals_and_opens() {
        let (envelope, key) = sealed();
        let plain = open(&envelope, &key).unwrap();
        assert_eq!(plain.len(), PAD_FLOOR);
        assert!(plain.starts_with(b"she was at home"));
        assert!(!envelope.encode().windows(8).any(|w| w == b"she was "));
    }

    #[test]
    fn another_key_does_not_open_it() {
        let (envelope, key) = sealed();
        let mut other = key.clone();
        other.0[0] ^= 1;
        assert_eq!(open(&envelope, &other), Err(SealError::Key));
    }

    #[test]
    fn stored_values_cannot_be_swapped_or_changed() {
        let mut rng = Seeded::new(2);
        let key = Secret::random(&mut rng);
        let value = seal_stored(&key, "draft/a", b"text", &mut rng);
        assert_eq!(open_stored(&key, "draft/a", &value).unwrap(), b"text");
        assert_eq!(
            open_stored(&key, "draft/b", &value),
            Err(SealError::Tampered)
        );
        for i in 0..value.len() {
            let mut bad = value.clone();
            bad[i] ^= 1;
            assert!(open_stored(&key, "draft/a", &bad).is_err());
        }
    }

    #[test]
    fn padding_grows_in_steps_of_at_most_an_eighth() {
        for len in 1..200_000 {
            let padded = padded_len(len);
            assert!(padded >= len && padded_len(padded) == padded);
            assert!(
                len <= PAD_FLOOR || padded - len <= len / 8,
                "{len} -> {padded}"
            );
        }
    }
}
