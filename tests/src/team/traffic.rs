//! What the wire of one tablet costs, counted, and the means to make it say so.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "for tests: what is missing fails them"
)]

use satchel_core::{
    api::{Connection, Status},
    io::Input,
};
use satchel_server::Store as _;

use super::{STEPS_MAX, Team};

/// What one tablet has said and heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes of messages.
    pub up: usize,
    /// Bytes of messages.
    pub down: usize,
    /// How often it said something, all that it had to say at once.
    pub flights: usize,
}

impl Team {
    /// A tablet's connection breaks off.
    pub fn cut(&mut self, place: usize) {
        let tablet = &mut self.tablets[place];
        tablet.up.clear();
        tablet.down.clear();
        if let Some(session) = tablet.session.take() {
            self.hang_up(session);
            self.tablets[place].device.input(self.now, Input::Lost);
        }
        self.carry_out(place);
    }

    /// Carries one tablet's messages until the relay has told it that there is nothing more.
    pub fn reach_level(&mut self, place: usize) {
        for _ in 0..STEPS_MAX {
            if self.carry(place) {
                continue;
            }
            let tablet = &mut self.tablets[place];
            let status = tablet.device.status.as_ref();
            let is_level =
                |status: &Status| status.connection == Connection::Level && status.unsent == 0;
            if status.is_some_and(is_level) {
                return;
            }
            let due = tablet.device.deadline().unwrap_or(self.now);
            self.now = due.max(self.now.plus(1));
            tablet.device.input(self.now, Input::Tick);
        }
        panic!("it does not come to rest");
    }

    /// What a tablet has said and heard since this was last asked.
    pub fn traffic(&mut self, place: usize) -> Traffic {
        std::mem::take(&mut self.tablets[place].traffic)
    }

    /// Bytes of all envelopes that the relay keeps.
    pub fn on_relay(&self) -> usize {
        let store = self.relay.store();
        let sum = store.read(|read| {
            let mut sum = 0;
            for (stream, end) in read.all_streams(self.agency)? {
                read.log(stream, 0, end.seq, &mut |row| {
                    sum += row.bytes.len();
                    std::ops::ControlFlow::Continue(())
                })?;
            }
            Ok(sum)
        });
        sum.unwrap()
    }
}
