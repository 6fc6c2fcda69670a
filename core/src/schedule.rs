//! When somebody's time is taken. Owns what an appointment takes up, of the worker (travel included)
//! and of the client, and when two of them meet. Knows neither the clock nor other cases.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use crate::record::{Record, STATE};

/// States in which an appointment takes up time.
pub const HOLDING: [&str; 3] = ["booked", "proposed", "arrived"];

/// From a moment until before another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// From then on.
    pub from: Millis,
    /// Until before then.
    pub to: Millis,
}

impl Span {
    /// Whether the two have any time in common: one that ends when the other begins has not.
    pub fn meets(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// An appointment that takes up time.
#[derive(Clone, Copy, Debug)]
pub struct Booking<'a> {
    /// The record.
    pub record: &'a Record,
    /// Start to end: the client's time.
    pub meeting: Span,
    /// Travel to end: the worker's time.
    pub busy: Span,
}

impl<'a> Booking<'a> {
    /// The time that a record takes up; none when it is no appointment or no longer holds. In two
    /// states at once, it holds if it does so in one of them.
    pub fn of(record: &'a Record) -> Option<Self> {
        let holds = |state: &str| HOLDING.contains(&state);
        let states = record.held(STATE);
        if record.kind != "appointment" || !states.iter().any(|held| holds(&held.text)) {
            return None;
        }
        let (from, to) = (record.time("start")?, record.time("end")?);
        let travel_ms = record.text("travel_min").parse().unwrap_or(0_u64) * 60_000;
        let left = Millis(from.0.saturating_sub(travel_ms));
        Some(Self {
            record,
            meeting: Span { from, to },
            busy: Span { from: left, to },
        })
    }

    /// Both take up the same worker's time.
    pub fn takes_worker_twice(&self, other: &Self) -> bool {
        let staff = self.record.text("staff");
        !staff.is_empty() && staff == other.record.text("staff") && self.busy.meets(other.busy)
    }

    /// Both take up the same client's time.
    pub fn takes_client_twice(&self, other: &Self) -> bool {
        may_be_same_client(self.record, other.record) && self.meeting.meets(other.meeting)
    }
}

/// Whether two records can be about one client of the case: where none is named, it may be any.
pub fn may_be_same_client(a: &Record, b: &Record) -> bool {
    let (a, b) = (a.text("client"), b.text("client"));
    a.is_empty() || b.is_empty() || a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_ends_when_the_other_begins_is_no_clash() {
        let span = |from, to| Span {
            from: Millis(from),
            to: Millis(to),
        };
        for (a, b, meets) in [
            ((0, 10), (10, 20), false),
            ((0, 11), (10, 20), true),
            ((12, 13), (10, 20), true),
            ((0, 30), (10, 20), true),
            ((20, 30), (10, 20), false),
        ] {
            let (a, b) = (span(a.0, a.1), span(b.0, b.1));
            assert_eq!((a.meets(b), b.meets(a)), (meets, meets), "{a:?} {b:?}");
        }
    }
}
