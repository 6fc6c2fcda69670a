//! What a vault's key costs to make. Owns the bounds: cheaper is a vault that can be guessed, dearer
//! one that a tablet cannot open; neither is even tried. How fast a tablet is, the host measures.

use serde::{Deserialize, Serialize};

/// Cost of Argon2id, one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self::FLOOR
    }
}

impl Cost {
    /// The least: 19 MiB, two passes (OWASP Password Storage Cheat Sheet).
    pub const FLOOR: Self = Self::mib(19, 2);
    /// The most: 64 MiB, three passes (RFC 9106, section 4, for where memory is scarce).
    pub const CEILING: Self = Self::mib(64, 3);
    /// For tests and simulated worlds only: no work at all.
    pub const TRIVIAL: Self = Self {
        memory_kib: 8,
        passes: 1,
    };
    /// What a new vault may cost, dearest first.
    const LADDER: [Self; 5] = [
        Self::CEILING,
        Self::mib(64, 2),
        Self::mib(46, 2),
        Self::mib(32, 2),
        Self::FLOOR,
    ];
    /// As long as a person may wait for an unlock, in milliseconds.
    pub const UNLOCK_MS: u32 = 1_000;

    const fn mib(memory: u32, passes: u32) -> Self {
        Self {
            memory_kib: memory * 1024,
            passes,
        }
    }

    /// The dearest that a tablet does in about [`Self::UNLOCK_MS`], if it needs `floor_ms` for the
    /// floor. The time grows as memory times passes.
    pub fn affordable(floor_ms: u32) -> Self {
        let allowed = u64::from(Self::UNLOCK_MS) * Self::FLOOR.work();
        let fits = |cost: &Self| u64::from(floor_ms) * cost.work() <= allowed;
        Self::LADDER.into_iter().find(fits).unwrap_or(Self::FLOOR)
    }

    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// Whether a vault of this cost is opened at all; `least` is the floor, but for tests.
    pub(super) fn is_within(self, least: Self) -> bool {
        (least.memory_kib..=Self::CEILING.memory_kib).contains(&self.memory_kib)
            && (least.passes..=Self::CEILING.passes).contains(&self.passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faster_tablet_pays_more_and_none_leaves_the_bounds() {
        let table = [
            (0, Cost::CEILING),
            // 64 * 3 is 5.05 times the floor's 19 * 2.
            (197, Cost::CEILING),
            (198, Cost::mib(64, 2)),
            (296, Cost::mib(64, 2)),
            (297, Cost::mib(46, 2)),
            (413, Cost::mib(46, 2)),
            (414, Cost::mib(32, 2)),
            (593, Cost::mib(32, 2)),
            (594, Cost::FLOOR),
            (1_000, Cost::FLOOR),
            (u32::MAX, Cost::FLOOR),
        ];
        for (floor_ms, cost) in table {
            assert_eq!(Cost::affordable(floor_ms), cost, "{floor_ms} ms");
            assert!(cost.is_within(Cost::FLOOR));
        }
    }

    #[test]
    fn the_bounds_are_the_floor_and_the_ceiling() {
        let cost = |memory_kib, passes| Cost { memory_kib, passes };
        let (low, high) = (19 * 1024, 64 * 1024);
        for (cost, within) in [
            (cost(low, 2), true),
            (cost(high, 3), true),
            (cost(low, 3), true),
            (cost(low - 1, 2), false),
            (cost(low, 1), false),
            (cost(high + 1, 3), false),
            (cost(high, 4), false),
            (cost(u32::MAX, 2), false),
            (cost(low, u32::MAX), false),
            (Cost::TRIVIAL, false),
        ] {
            assert_eq!(cost.is_within(Cost::FLOOR), within, "{cost:?}");
        }
    }
}
