//! The team's relay is put back from what it once had, and what it holds is counted.

use std::{collections::BTreeMap, ops::ControlFlow};

use satchel_core::io::Input;
use satchel_server::{Identity, Relay, SqliteStore, Store as _, store::Read};
use satchel_wire::{Envelope, Incarnation, Kind, Roster, StreamId};

use super::Team;

impl Team {
    /// What the relay has on its disk now.
    pub fn backup(&self) -> SqliteStore {
        self.relay.store().copy_in_memory().unwrap()
    }

    /// The relay dies, and comes back with what it once had.
    pub fn restore(&mut self, backup: SqliteStore) {
        let unused = Identity {
            seed: [0; 32],
            incarnation: Incarnation([9; 16]),
        };
        self.relay = Relay::open(backup, unused).unwrap();
        for tablet in &mut self.tablets {
            tablet.up.clear();
            tablet.down.clear();
            tablet.connecting = false;
            if tablet.session.take().is_some() {
                tablet.device.input(self.now, Input::Lost);
            }
        }
    }

    /// Streams of the relay, and how many envelopes each has but for the access log's.
    pub fn held(&self) -> BTreeMap<StreamId, u64> {
        let count = |read: &dyn Read| {
            let mut held = BTreeMap::new();
            let streams = read.all_streams(self.agency)?;
            for stream in streams.into_keys().chain([Roster::log(self.agency)]) {
                read.log(stream, 0, u64::MAX >> 1, &mut |row| {
                    let envelope = Envelope::decode(row.bytes).unwrap();
                    if envelope.header().kind != Kind::Access {
                        *held.entry(stream).or_default() += 1;
                    }
                    ControlFlow::Continue(())
                })?;
            }
            Ok(held)
        };
        self.relay.store().read(count).unwrap()
    }
}
