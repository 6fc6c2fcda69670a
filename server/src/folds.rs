//! Rosters and epochs as folded from what is stored, kept in memory so that each push need not read
//! a whole log. Owns the invariant that a fold never holds what its log does not: it only ever
//! catches up with stored envelopes, or forgets.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError},
};

use satchel_wire::{
    AgencyId, Envelope, Epochs, Roster, Seq, StreamId, Verified, control::ControlError,
};

use crate::store::{Logged, Read, StoreError, Stored};

/// The most rosters in memory; with more, all are forgotten and read again.
const ROSTERS_MAX: usize = 256;
/// The most streams whose epochs are in memory.
const EPOCHS_MAX: usize = 16_384;

const UNREADABLE: StoreError = StoreError::Damaged("a stored envelope that does not verify");

/// What the writer knows of agencies and streams.
#[derive(Debug, Default)]
pub struct Folds {
    rosters: BTreeMap<AgencyId, (Seq, Arc<Roster>)>,
    epochs: BTreeMap<StreamId, (Seq, Epochs)>,
}

impl Folds {
    /// The roster of an agency that has been founded here.
    ///
    /// # Errors
    /// What the store says.
    pub fn roster(&mut self, read: &dyn Read, agency: AgencyId) -> Stored<Option<Arc<Roster>>> {
        let log = Roster::log(agency);
        let Some(end) = read.stream(log)? else {
            return Ok(None);
        };
        let (at, mut roster) = match self.rosters.remove(&agency) {
            Some(known) => known,
            None => (0, Arc::new(Roster::new(agency))),
        };
        if at < end.head.seq {
            let changed = Arc::make_mut(&mut roster);
            each_control_after(read, log, at, |_, envelope| {
                // The relay appended it because it counted; it still stands in the log if not.
                let _ = changed.accept(envelope);
            })?;
        }
        if self.rosters.len() >= ROSTERS_MAX {
            self.rosters.clear();
        }
        self.rosters
            .insert(agency, (at.max(end.head.seq), Arc::clone(&roster)));
        Ok(Some(roster))
    }

    /// Takes a statement into the roster. The caller appends it next, in the same transaction, or
    /// lets everything be forgotten.
    ///
    /// # Errors
    /// What the store says; within, why the statement does not count, and then nothing changed.
    pub fn accept(
        &mut self,
        read: &dyn Read,
        agency: AgencyId,
        envelope: &Verified,
    ) -> Stored<Option<Result<(), ControlError>>> {
        if self.roster(read, agency)?.is_none() {
            return Ok(None);
        }
        let Some((at, roster)) = self.rosters.get_mut(&agency) else {
            return Ok(None);
        };
        // In place where nobody else holds it: founding a large agency is many statements.
        let verdict = Arc::make_mut(roster).accept(envelope);
        if verdict.is_ok() {
            *at += 1;
        }
        Ok(Some(verdict))
    }

    /// The epochs of a stream, none yet if it has not begun.
    ///
    /// # Errors
    /// What the store says.
    pub fn epochs(
        &mut self,
        read: &dyn Read,
        roster: &Roster,
        stream: StreamId,
    ) -> Stored<&mut Epochs> {
        if self.epochs.len() >= EPOCHS_MAX && !self.epochs.contains_key(&stream) {
            self.epochs.clear();
        }
        let (at, epochs) = self.epochs.entry(stream).or_default();
        let head = read.stream(stream)?.map_or(0, |found| found.head.seq);
        if *at < head {
            // Also what another process has put there, which takes in a bundle.
            let caught_up = each_control_after(read, stream, *at, |_, envelope| {
                let _ = epochs.accept(roster, envelope);
            });
            if let Err(why) = caught_up {
                self.epochs.remove(&stream);
                return Err(why);
            }
            *at = head;
        }
        Ok(&mut self.epochs.entry(stream).or_default().1)
    }

    /// Forgets everything: after a transaction that did not come about.
    pub fn forget(&mut self) {
        self.rosters.clear();
        self.epochs.clear();
    }
}

/// All control envelopes of a stream with their places.
///
/// # Errors
/// What the store says.
pub(crate) fn each_control(
    read: &dyn Read,
    stream: StreamId,
    take: impl FnMut(Seq, &Verified),
) -> Stored<()> {
    each_control_after(read, stream, 0, take)
}

fn each_control_after(
    read: &dyn Read,
    stream: StreamId,
    after: Seq,
    mut take: impl FnMut(Seq, &Verified),
) -> Stored<()> {
    let mut bad = false;
    read.controls(
        stream,
        after,
        &mut |row: Logged<'_>| match Envelope::decode(row.bytes).and_then(Envelope::verify) {
            Ok(envelope) => {
                take(row.seq, &envelope);
                ControlFlow::Continue(())
            }
            Err(_) => {
                bad = true;
                ControlFlow::Break(())
            }
        },
    )?;
    if bad { Err(UNREADABLE) } else { Ok(()) }
}

/// The rosters that sessions share: of what is committed, never of what a writer is about to write.
#[derive(Debug, Default)]
pub struct Rosters(Mutex<Folds>);

impl Rosters {
    /// The roster of an agency that has been founded here.
    ///
    /// # Errors
    /// What the store says.
    pub fn of(&self, read: &dyn Read, agency: AgencyId) -> Stored<Option<Arc<Roster>>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .roster(read, agency)
    }
}
