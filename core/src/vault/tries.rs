//! Wrong passphrases and the pause after them. Owns the rule that a pause is shortened by time that
//! was seen to pass and by nothing else: a clock that is set back leaves it as it was. Stored
//! unsealed in the profile's own storage: it holds up a person at the tablet, nobody who has copied
//! the disk, and nobody who sets the tablet's clock forward.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

/// The pause after so many wrong passphrases in a row; the last holds for all further ones.
const PAUSES_S: [u32; 8] = [0, 0, 5, 15, 60, 5 * 60, 15 * 60, 30 * 60];

/// Wrong passphrases since the vault was last opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    wrong: u32,
    /// What is left of the pause, as of `at`.
    left_ms: u32,
    /// The time that was seen last.
    at: Millis,
}

impl Tries {
    /// One more wrong passphrase.
    pub fn count(&mut self, now: Millis) {
        self.wrong = self.wrong.saturating_add(1);
        let place = usize::try_from(self.wrong.saturating_sub(1)).unwrap_or(usize::MAX);
        let pause = PAUSES_S.get(place).or(PAUSES_S.last());
        self.left_ms = pause.map_or(0, |seconds| seconds * 1_000);
        self.at = now;
    }

    /// It is `now`. A time before the last one tells nothing but that the clock was set: what is
    /// left then counts from there.
    pub fn pass(&mut self, now: Millis) {
        let passed = now.0.saturating_sub(self.at.0);
        self.left_ms =
            u32::try_from(passed).map_or(0, |passed| self.left_ms.saturating_sub(passed));
        self.at = now;
    }

    /// For how many milliseconds no passphrase is tried, as of the time that was seen last.
    pub fn left_ms(&self) -> u32 {
        self.left_ms
    }

    /// How many were wrong.
    pub fn wrong(&self) -> u32 {
        self.wrong
    }

    /// None was wrong.
    pub fn is_clear(&self) -> bool {
        self.wrong == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = Millis(1_000_000_000);

    fn after(wrong: u32) -> Tries {
        let mut tries = Tries::default();
        for _ in 0..wrong {
            tries.count(NOON);
        }
        tries
    }

    #[test]
    fn pauses_grow_to_half_an_hour() {
        let pauses = [0, 0, 0, 5, 15, 60, 300, 900, 1_800, 1_800];
        for (wrong, seconds) in (0..).zip(pauses) {
            assert_eq!(after(wrong).left_ms(), seconds * 1_000, "{wrong} wrong");
        }
        let mut many = after(1);
        many.wrong = u32::MAX;
        many.count(NOON);
        assert_eq!(many.left_ms(), 1_800_000);
    }

    #[test]
    fn no_more_than_two_are_free_of_a_pause() {
        assert!((0..3).all(|wrong| after(wrong).left_ms() == 0));
        assert!((3..50).all(|wrong| after(wrong).left_ms() > 0));
    }

    #[test]
    fn only_time_that_passes_shortens_a_pause() {
        let check = |clock: &[u64], left_ms: u32| {
            let mut tries = after(5);
            for now in clock {
                tries.pass(Millis(*now));
            }
            assert_eq!(tries.left_ms(), left_ms, "{clock:?}");
        };
        let noon = NOON.0;
        check(&[noon], 60_000);
        check(&[noon + 59_999], 1);
        check(&[noon + 60_000], 0);
        check(&[u64::MAX], 0);
        // Set back: nothing is gained, and what had passed before is not lost.
        check(&[noon - 1], 60_000);
        check(&[0], 60_000);
        check(&[noon + 20_000, 0], 40_000);
        check(&[noon + 20_000, noon + 10_000, noon + 20_000], 30_000);
        // From there on it counts as ever.
        check(&[0, 45_000], 15_000);
        check(&[0, 60_000], 0);
    }

    #[test]
    fn it_survives_being_stored() {
        let tries = after(4);
        let bytes = postcard::to_stdvec(&tries).unwrap();
        assert_eq!(postcard::from_bytes::<Tries>(&bytes).unwrap(), tries);
    }
}
