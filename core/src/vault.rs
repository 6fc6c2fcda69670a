//! The vault: a profile's secrets, sealed under a key from the passphrase (Argon2id, RFC 9106) mixed
//! with a secret that only this tablet can make. Owns the invariant that its parameters come from
//! its own authenticated header, within fixed bounds, never from a relay.

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

/// Fewest characters of a passphrase. The tablet's own secret is the second factor that lets eight
/// do (NIST SP 800-63B-4, section 3.1.1).
pub const PASSPHRASE_LEN_MIN: u32 = 8;
const PASSPHRASE_BYTES_MAX: usize = 1024;

/// Cost of Argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for Cost {
    /// The floor: 19 MiB, two passes (OWASP Password Storage Cheat Sheet).
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
        }
    }
}

impl Cost {
    /// For tests and simulated worlds only: no work at all.
    pub const TRIVIAL: Self = Self {
        memory_kib: 8,
        passes: 1,
    };
    const MEMORY_KIB_MAX: u32 = 64 * 1024;
    const PASSES_MAX: u32 = 8;
}

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
/// [`check_passphrase`]'s, and [`Failure::Damaged`] when the cost is out of bounds or there is no
/// memory for it.
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

/// Opens a stored vault.
///
/// # Errors
/// [`Failure::WrongPassphrase`]; [`Failure::Damaged`] when the bytes are no vault.
pub fn open(bytes: &[u8], passphrase: &str, device: &Device) -> Result<Secrets, Failure> {
    let closed: Closed = postcard::from_bytes(bytes).map_err(|_| Failure::Damaged)?;
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
    if cost.memory_kib > Cost::MEMORY_KIB_MAX || cost.passes > Cost::PASSES_MAX {
        return Err(Failure::Damaged);
    }
    let params =
        Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| Failure::Damaged)?;
    let mut stretched = Secret([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut stretched.0)
        .map_err(|_| Failure::Damaged)?;
    let mut key = Secret([0; 32]);
    hkdf(
        &stretched.0,
        &device.secret,
        &[b"satchel/vault/1"],
        &mut key.0,
    );
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seeded;

    #[test]
    fn opens_with_its_passphrase_on_its_tablet_alone() {
        let mut rng = Seeded::new(4);
        let secrets = Secrets {
            signing: Secret::random(&mut rng),
            opening: Secret::random(&mut rng),
            storage: Secret::random(&mut rng),
            invite: None,
            founding: None,
        };
        let device = |n| Device {
            secret: vec![n; 32],
            transport: vec![0; 32],
        };
        let profile = ProfileId([1; 32]);
        let bytes = close(
            &secrets,
            profile,
            "green river stone",
            &device(1),
            Cost::TRIVIAL,
            &mut rng,
        )
        .unwrap();
        assert!(
            open(&bytes, "green river stone", &device(1))
                .unwrap()
                .signing
                == secrets.signing
        );
        let wrong = |r: Result<Secrets, Failure>| r.err() == Some(Failure::WrongPassphrase);
        assert!(wrong(open(&bytes, "green river stonE", &device(1))));
        assert!(wrong(open(&bytes, "green river stone", &device(2))));
        let short = close(
            &secrets,
            profile,
            "seven77",
            &device(1),
            Cost::TRIVIAL,
            &mut rng,
        );
        assert_eq!(short, Err(Failure::ShortPassphrase { min: 8 }));
    }
}
