//! How long a tablet has not been in touch with its relay. Owns the rule that only the relay's signed
//! word ends that time, and that a clock which is set back does not shorten it: time that was seen to
//! pass stays counted. Stored unsealed: a locked tablet counts too.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The count is stored when it has grown by so much. Nothing is lost in between: what has passed
/// since is seen by the clock at the next start.
const STORE_MS: u64 = 60 * 60 * 1000;

/// The time since the relay was last heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// When it was, by the relay's signed time.
    heard_at: Option<Millis>,
    /// What was seen to pass since then, as of `at`.
    passed_ms: u64,
    /// The time by the tablet's clock that was seen last; none before the first.
    at: Option<Millis>,
    #[serde(skip)]
    stored_ms: u64,
}

impl Contact {
    /// As it was stored.
    pub fn restored(self) -> Self {
        Self {
            stored_ms: self.passed_ms,
            ..self
        }
    }

    /// It is `now`. A time before the last one tells nothing but that the clock was set: it goes on
    /// counting from there.
    pub fn pass(&mut self, now: Millis) {
        let passed = self.at.map_or(0, |at| now.0.saturating_sub(at.0));
        self.passed_ms = self.passed_ms.saturating_add(passed);
        self.at = Some(now);
    }

    /// The relay was heard: it signed the time `signed_at`.
    pub fn hear(&mut self, now: Millis, signed_at: Millis) {
        *self = Self {
            heard_at: Some(signed_at),
            passed_ms: 0,
            at: Some(now),
            stored_ms: 0,
        };
    }

    /// When the relay was last heard, by its own signed time.
    pub fn heard_at(&self) -> Option<Millis> {
        self.heard_at
    }

    /// Whether more than so many days have passed; 0 days are none to pass.
    pub fn is_over(&self, days: u32) -> bool {
        days > 0 && self.passed_ms > u64::from(days) * DAY_MS
    }

    /// Whether it is time to store it; counts as stored then.
    pub fn is_to_be_stored(&mut self) -> bool {
        let due = self.passed_ms >= self.stored_ms.saturating_add(STORE_MS);
        if due {
            self.stored_ms = self.passed_ms;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = Millis(1_700_000_000_000);

    fn after_days(clock: &[i64]) -> Contact {
        let mut contact = Contact::default();
        contact.pass(Millis(7));
        contact.hear(NOON, NOON);
        for day in clock {
            contact.pass(Millis(NOON.0.saturating_add_signed(day * DAY_MS as i64)));
        }
        contact
    }

    #[test]
    fn setting_the_clock_back_gains_nothing() {
        let check = |clock: &[i64], days: u64| {
            assert_eq!(after_days(clock).passed_ms, days * DAY_MS, "{clock:?}");
        };
        check(&[], 0);
        check(&[1, 3], 3);
        check(&[3, 0], 3);
        check(&[3, 0, 2], 5);
        check(&[3, -100, -98], 5);
        check(&[0, 0, 1, 1], 1);
    }

    #[test]
    fn it_is_over_after_so_many_days_and_the_relay_ends_it() {
        let mut contact = after_days(&[7]);
        assert!(!contact.is_over(7));
        assert!(contact.is_over(6));
        assert!(!contact.is_over(0), "no rule");
        contact.pass(Millis(NOON.0 + 7 * DAY_MS + 1));
        assert!(contact.is_over(7));
        // Also a tablet whose clock is years ahead counts from the relay's word on.
        let ahead = Millis(NOON.0 + 4_000 * DAY_MS);
        contact.hear(ahead, NOON);
        contact.pass(Millis(ahead.0 + DAY_MS));
        assert!(!contact.is_over(1) && contact.heard_at() == Some(NOON));
    }

    #[test]
    fn a_first_look_at_the_clock_counts_nothing() {
        let mut contact = Contact::default();
        contact.pass(NOON);
        assert_eq!(contact.passed_ms, 0);
    }

    #[test]
    fn it_is_stored_now_and_then_and_survives_it() {
        let mut contact = after_days(&[0]);
        assert!(!contact.is_to_be_stored());
        contact.pass(Millis(NOON.0 + STORE_MS));
        assert!(contact.is_to_be_stored());
        assert!(!contact.is_to_be_stored());
        let bytes = postcard::to_stdvec(&contact).unwrap();
        let mut read = postcard::from_bytes::<Contact>(&bytes).unwrap().restored();
        assert_eq!(read, contact);
        assert!(!read.is_to_be_stored());
    }
}
