//! The vault: a profile's secrets, sealed under a key from the passphrase (Argon2id, RFC 9106) mixed
//! with a secret that only this tablet can make. Owns the invariant that its parameters come from
//! its own authenticated header, within fixed bounds, never from a relay.

mod cost;
#[cfg(test)]
mod tests;
mod tries;

use argon2::{Algorithm, Argon2, Params, Version};
use satchel_wire::ProfileId;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    api::Failure,
    io::{Device, Rng},
    keys::{Secret, hkdf, random},
    seal::{open_stored, seal_stored},
};

pub use cost::Cost;
pub use tries::Tries;

/// Fewest characters of a passphrase (NIST SP 800-63B-4, section 3.1.1). The tablet's own secret is
/// no second factor towards whoever holds the tablet, so that the shorter length does not do.
pub const PASSPHRASE_LEN_MIN: u32 = 15;
const PASSPHRASE_BYTES_MAX: usize = 1024;

/// What the vault keeps.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Secrets {
    /// Seed of the profile's signing key.
    pub signing: Secret,
    /// Seed of the profile's X-Wing key.
    pub opening: Secret,
    /// Key of everything sealed in this tablet's storage.
    pub storage: Secret,
    /// Seed of the invite that this profile claimed.
    pub invite: Option<Secret>,
    /// Of the founder: seeds of the root and of the recovery key.
    pub founding: Option<(Secret, Secret)>,
}

/// A vault as it is stored.
#[derive(Serialize, Deserialize)]
struct Closed {
    profile: ProfileId,
    cost: Cost,
    salt: [u8; 32],
    #[serde(with = "serde_bytes")]
    sealed: Vec<u8>,
}

/// Refuses a passphrase that is too short.
///
/// # Errors
/// [`Failure::ShortPassphrase`], [`Failure::TooLong`].
pub fn check_passphrase(passphrase: &str) -> Result<(), Failure> {
    if passphrase.chars().count() < PASSPHRASE_LEN_MIN as usize {
        return Err(Failure::ShortPassphrase {
            min: PASSPHRASE_LEN_MIN,
        });
    }
    if passphrase.len() > PASSPHRASE_BYTES_MAX {
        return Err(Failure::TooLong {
            field: "passphrase".into(),
            max: PASSPHRASE_BYTES_MAX as u32,
        });
    }
    Ok(())
}

/// Closes `secrets` under `passphrase`.
///
/// # Errors
/// [`check_passphrase`]'s, and [`Failure::Damaged`] when there is no memory for the cost.
pub fn close(
    secrets: &Secrets,
    profile: ProfileId,
    passphrase: &str,
    device: &Device,
    cost: Cost,
    rng: &mut dyn Rng,
) -> Result<Vec<u8>, Failure> {
    check_passphrase(passphrase)?;
    let salt = random(rng);
    let key = vault_key(passphrase, device, cost, &salt)?;
    let plain =
        zeroize::Zeroizing::new(postcard::to_stdvec(secrets).map_err(|_| Failure::Damaged)?);
    let sealed = seal_stored(&key, &name(profile, cost), &plain, rng);
    let closed = Closed {
        profile,
        cost,
        salt,
        sealed,
    };
    postcard::to_stdvec(&closed).map_err(|_| Failure::Damaged)
}

/// Opens a stored vault that costs at least `least`.
///
/// # Errors
/// [`Failure::WrongPassphrase`]; [`Failure::Damaged`] when the bytes are no vault, or one whose cost
/// is out of bounds: that one is not tried.
pub fn open(
    bytes: &[u8],
    passphrase: &str,
    device: &Device,
    least: Cost,
) -> Result<Secrets, Failure> {
    let closed: Closed = postcard::from_bytes(bytes).map_err(|_| Failure::Damaged)?;
    if !closed.cost.is_within(least) {
        return Err(Failure::Damaged);
    }
    let key = vault_key(passphrase, device, closed.cost, &closed.salt)?;
    let plain = open_stored(&key, &name(closed.profile, closed.cost), &closed.sealed)
        .map(zeroize::Zeroizing::new)
        .map_err(|_| Failure::WrongPassphrase)?;
    postcard::from_bytes(&plain).map_err(|_| Failure::Damaged)
}

/// Binds the sealed part to the header that stands beside it.
fn name(profile: ProfileId, cost: Cost) -> String {
    format!("vault/{profile}/{}/{}", cost.memory_kib, cost.passes)
}

fn vault_key(
    passphrase: &str,
    device: &Device,
    cost: Cost,
    salt: &[u8; 32],
) -> Result<Secret, Failure> {
    let stretched = stretch(passphrase, cost, salt).ok_or(Failure::Damaged)?;
    let mut key = Secret([0; 32]);
    hkdf(
        &stretched.0,
        &device.secret,
        &[b"satchel/vault/1"],
        &mut key.0,
    );
    Ok(key)
}

/// Argon2id: what takes its time, and what a host measures. `None` when there is no memory for it.
pub fn stretch(passphrase: &str, cost: Cost, salt: &[u8]) -> Option<Secret> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
    let mut stretched = Secret([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut stretched.0)
        .ok()?;
    Some(stretched)
}
