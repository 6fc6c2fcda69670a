//! Grants: an epoch's key, sealed to one reader by HPKE (RFC 9180) with X-Wing. The encapsulation's
//! randomness follows from the epoch key, so every member can make, and so check, every grant.

use hpke::{
    Deserializable as _, OpModeR, OpModeS, Serializable as _,
    aead::ChaCha20Poly1305,
    kdf::HkdfSha256,
    kem::XWing,
    rand_core::{Infallible, TryCryptoRng, TryRng},
    single_shot_open, single_shot_seal_with_rng,
};
use satchel_wire::{AgencyId, EpochId, Grant, ProfileId, StreamId};

use crate::{
    keys::{Opener, Secret, hkdf, hpke_public},
    seal::epoch_commitment,
};

pub(crate) const ENCAPPED_LEN: usize = 1120;

/// Why a grant cannot be made or is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The roster's X-Wing key of the reader is not one.
    #[error("a member's key is not usable")]
    BadKey,
    /// It was not made for this key, or was changed.
    #[error("a grant does not open")]
    NotForUs,
    /// What is inside is not the key that the epoch's statement commits to.
    #[error("a grant holds another key than the epoch's")]
    WrongKey,
}

/// Seals `key` for `recipient`, whose X-Wing public key is `public`.
///
/// # Errors
/// [`GrantError::BadKey`].
pub fn grant(
    agency: AgencyId,
    stream: StreamId,
    epoch: EpochId,
    key: &Secret,
    recipient: ProfileId,
    public: &[u8],
) -> Result<Grant, GrantError> {
    let public = hpke_public(public).ok_or(GrantError::BadKey)?;
    let info = info(agency, stream, epoch, recipient);
    let mut rng = Derived {
        key,
        info: &info,
        drawn: 0,
    };
    let (encapped, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public,
        &info,
        &key.0,
        &[],
        &mut rng,
    )
    .map_err(|_| GrantError::BadKey)?;
    let sealed = [encapped.to_bytes().as_slice(), &sealed].concat();
    Ok(Grant {
        stream,
        epoch,
        recipient,
        sealed,
    })
}

/// Opens a grant and checks what it holds against the epoch's public commitment.
///
/// # Errors
/// [`GrantError`].
pub fn accept(
    agency: AgencyId,
    grant: &Grant,
    commitment: &[u8; 32],
    opener: &Opener,
) -> Result<Secret, GrantError> {
    let (encapped, sealed) = grant
        .sealed
        .split_at_checked(ENCAPPED_LEN)
        .ok_or(GrantError::NotForUs)?;
    let encapped = <XWing as hpke::Kem>::EncappedKey::from_bytes(encapped)
        .map_err(|_| GrantError::NotForUs)?;
    let key = single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        opener.private(),
        &encapped,
        &info(agency, grant.stream, grant.epoch, grant.recipient),
        sealed,
        &[],
    )
    .map_err(|_| GrantError::NotForUs)?;
    let key = Secret(key.try_into().map_err(|_| GrantError::WrongKey)?);
    if epoch_commitment(&key) == *commitment {
        Ok(key)
    } else {
        Err(GrantError::WrongKey)
    }
}

fn info(agency: AgencyId, stream: StreamId, epoch: EpochId, recipient: ProfileId) -> Vec<u8> {
    [
        b"satchel/grant/1".as_slice(),
        agency.as_bytes(),
        stream.as_bytes(),
        epoch.as_bytes(),
        recipient.as_bytes(),
    ]
    .concat()
}

/// 'Randomness' of the encapsulation: HKDF(epoch key, stream, epoch, recipient).
pub(crate) struct Derived<'a> {
    pub key: &'a Secret,
    pub info: &'a [u8],
    pub drawn: u32,
}

impl TryRng for Derived<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(1024) {
            let count = self.drawn.to_be_bytes();
            hkdf(
                &self.key.0,
                b"satchel/encapsulation/1",
                &[self.info, &count],
                chunk,
            );
            self.drawn += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for Derived<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seeded;

    #[test]
    fn a_grant_opens_for_its_reader_alone_and_any_flip_is_refused() {
        let mut rng = Seeded::new(3);
        let (key, reader, other) = (
            Secret::random(&mut rng),
            Opener::from_seed(&Secret::random(&mut rng)),
            Opener::from_seed(&Secret::random(&mut rng)),
        );
        let agency = AgencyId([1; 32]);
        let make = || {
            grant(
                agency,
                StreamId([2; 16]),
                EpochId([3; 32]),
                &key,
                ProfileId([4; 32]),
                reader.public(),
            )
            .unwrap()
        };
        let sealed = make();
        let commitment = epoch_commitment(&key);
        assert_eq!(
            sealed,
            make(),
            "members can check a grant by making it again"
        );
        assert!(accept(agency, &sealed, &commitment, &reader).unwrap() == key);
        assert!(accept(agency, &sealed, &commitment, &other).is_err());
        assert!(accept(agency, &sealed, &[9; 32], &reader).is_err());
        let moved = Grant {
            stream: StreamId([9; 16]),
            ..sealed.clone()
        };
        assert!(accept(agency, &moved, &commitment, &reader).is_err());
        for i in (0..sealed.sealed.len()).step_by(7) {
            let mut bad = sealed.clone();
            bad.sealed[i] ^= 1;
            assert!(accept(agency, &bad, &commitment, &reader).is_err());
        }
    }
}
