//! What two sides say to find out what one of them lacks: a hash for each stream first, the ends of
//! its chains where that differs. Owns the invariant that two who hold the same envelopes of a stream
//! get the same hash, in whatever order they came.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    control::Reached,
    cursor::Cursor,
    envelope::sha256,
    ids::{AgencyId, Millis, ProfileId, StreamId},
};

/// The most streams in one comparison.
pub const COMPARE_STREAMS_MAX: usize = 4_000;
/// The most ends of chains in one answer: about 60 bytes each.
pub const COMPARE_CHAINS_MAX: usize = 4_000;

/// SHA-256 over the ends of a stream's chains, in the order of the chains. An id stands for its number.
///
/// ```
/// use satchel_wire::{ChainId, EnvelopeId, compare::ends_hash, control::Reached};
/// let end = |at| Reached { chain: ChainId([at; 16]), n: 1, id: EnvelopeId([at; 32]) };
/// assert_eq!(ends_hash([end(2), end(1)]), ends_hash([end(1), end(2)]));
/// assert_ne!(ends_hash([end(1)]), ends_hash([end(1), end(2)]));
/// ```
pub fn ends_hash(ends: impl IntoIterator<Item = Reached>) -> [u8; 32] {
    let mut ends: Vec<Reached> = ends.into_iter().collect();
    ends.sort_unstable();
    let mut bytes = b"satchel/ends/1".to_vec();
    for end in ends {
        bytes.extend_from_slice(end.chain.as_bytes());
        bytes.extend_from_slice(end.id.as_bytes());
    }
    sha256(&[&bytes])
}

/// What a relay holds of one stream, next to what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compared {
    /// The same: whoever asked stands at this place. Its count of registers is 0: they are fetched.
    Same {
        /// The stream.
        stream: StreamId,
        /// The relay's end of it.
        cursor: Cursor,
    },
    /// Something else. A long list comes in several parts; none of a stream that is not here, or not
    /// open to the asker.
    Differs {
        /// The stream.
        stream: StreamId,
        /// The ends of its chains here.
        ends: Vec<Reached>,
    },
}

/// What a relay knows of its own last restoring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When it was noticed, by the relay's clock.
    pub at: Millis,
    /// How many envelopes each profile has handed back since.
    pub handed: BTreeMap<(AgencyId, ProfileId), u64>,
}

impl Restored {
    /// The same as far as it is an agency's to know.
    pub fn of(&self, agency: AgencyId) -> Self {
        let handed = self.handed.iter();
        let handed = handed.filter(|((of, _), _)| *of == agency);
        Self {
            at: self.at,
            handed: handed.map(|(who, count)| (*who, *count)).collect(),
        }
    }

    /// As it is kept.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// Reads what was kept; `None` when it is not that.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}
