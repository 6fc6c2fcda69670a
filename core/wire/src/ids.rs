//! A newtype for each id. In JSON and in logs an id is lower-case hex; on the wire it is its bytes.

use std::{fmt, str::FromStr};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Text that is not the hex form of an id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an id: {expected} lower-case hex digits were expected")]
pub struct NotAnId {
    expected: usize,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;
            /// All zeros: stands for 'none' where a header field does not apply.
            pub const ZERO: Self = Self([0; $len]);

            /// The bytes of the id.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let hex = HEXLOWER.encode(&self.0);
                write!(f, "{}({}…)", stringify!($name), hex.get(..8).unwrap_or(&hex))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let bad = NotAnId { expected: 2 * $len };
                let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| NotAnId { expected: 2 * $len })?;
                bytes.try_into().map(Self).map_err(|_| bad)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.collect_str(self) } else { self.0.serialize(s) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    std::borrow::Cow::<'de, str>::deserialize(d)?.parse().map_err(D::Error::custom)
                } else {
                    <[u8; $len]>::deserialize(d).map(Self)
                }
            }
        }
    };
}

id!(
    /// An agency: SHA-256 of its root's verifying key.
    AgencyId, 32
);
id!(
    /// One log with its own keys and readers; bound to its creator, see [`crate::stream::stream_id`].
    StreamId, 16
);
id!(
    /// A signer: its Ed25519 verifying key. A worker on one tablet, an invite, or the root.
    ProfileId, 32
);
id!(
    /// A person on the staff, opaque: the name lives sealed in the agency's directory.
    StaffId, 16
);
id!(
    /// One writer instance in one stream; random, never reused.
    ChainId, 16
);
id!(
    /// SHA-256 over an envelope's header and the hash of its body.
    EnvelopeId, 32
);
id!(
    /// An epoch of a stream's key: the id of the statement that opened it.
    EpochId, 32
);
id!(
    /// A relay's Ed25519 verifying key.
    RelayKey, 32
);
id!(
    /// Drawn anew by a relay whenever its memory may differ from what it signed before.
    Incarnation, 16
);
id!(
    /// A relay's challenge to one connection.
    Nonce, 32
);
id!(
    /// The one-time permission to create an agency on a fresh relay.
    SetupToken, 16
);

impl From<EnvelopeId> for EpochId {
    fn from(id: EnvelopeId) -> Self {
        Self(id.0)
    }
}

/// A position in a stream's log as one relay numbers it; the first envelope is 1.
pub type Seq = u64;

/// Milliseconds since the Unix epoch, by some clock: a relay's or a device's, as the field says.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Millis(pub u64);

impl Millis {
    /// This time and `ms` milliseconds more.
    pub fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}
