//! The answer to a pull: a plan made at one moment, then frames read one at a time as they are sent.
//! Owns two invariants: no frame is longer than [`FRAME_LEN_TARGET`], so that a reader costs one
//! frame of memory; and the closing checkpoint speaks of the plan's moment, not of a later one.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::ControlFlow,
    sync::Arc,
};

use satchel_wire::{
    AgencyId, Closed, Cursor, Cursors, Epochs, Grant, Millis, Nonce, ProfileId, Refusal,
    RelayFrame, Roster, Run, StreamId, envelope::sha256, frame::FRAME_LEN_TARGET,
};
use serde_bytes::ByteBuf;

use crate::{
    folds::each_control,
    places::Places,
    signer::Signer,
    store::{Read, Stored},
};

/// What an item costs in a frame besides its own bytes: lengths, times and numbers, at most.
const ITEM_OVERHEAD: usize = 32;
/// What a run costs besides its items.
const RUN_OVERHEAD: usize = 64;

/// Whose pull it is.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The agency.
    pub agency: AgencyId,
    /// Who asks.
    pub profile: ProfileId,
    /// The names under which the profile stands in member lists; none once it is revoked.
    pub names: Vec<ProfileId>,
    /// Every stream of the agency is open, as ciphertext: it is being restored.
    pub all: bool,
}

impl Asker {
    /// A profile as the roster has it.
    pub fn new(roster: &Roster, profile: ProfileId) -> Self {
        let names = match roster.active(profile) {
            Some(_) => roster.aliases(profile).collect(),
            None => Vec::new(),
        };
        Self {
            agency: roster.agency(),
            profile,
            names,
            all: false,
        }
    }

    /// One who restores the agency: an admin whom the root has certified, who may hold the recovery
    /// sheet. `None` for anybody else.
    pub fn restoring(roster: &Roster, profile: ProfileId) -> Option<Self> {
        roster
            .active(profile)
            .filter(|_| roster.is_rooted(profile))?;
        let recovery = ProfileId(sha256(&[roster.recovery()?]));
        let mut asker = Self::new(roster, profile);
        asker.names.push(recovery);
        asker.all = true;
        Some(asker)
    }

    /// Where this asker would stand with everything fetched.
    ///
    /// # Errors
    /// What the store says.
    pub fn cursors(&self, read: &dyn Read) -> Stored<Cursors> {
        let mut streams = if self.all {
            read.all_streams(self.agency)?
        } else {
            read.streams_of(self.agency, &self.names)?
        };
        let log = Roster::log(self.agency);
        if let Some(found) = read.stream(log)? {
            streams.insert(log, found.head);
        }
        let mut grants = 0;
        for name in &self.names {
            grants = grants.max(read.last_grant(Some(*name))?);
        }
        Ok(Cursors { streams, grants })
    }
}

/// What is told of a stream that the asker has been taken out of.
fn left(
    asker: &Asker,
    stream: StreamId,
    cursor: Cursor,
    roster: &Roster,
    read: &dyn Read,
) -> Stored<Option<Closed>> {
    let ours = read.stream(stream)?;
    if ours.is_none_or(|found| found.agency != asker.agency) {
        return Ok(None);
    }
    let mut epochs = Epochs::default();
    let mut statements = Vec::new();
    each_control(read, stream, |seq, envelope| {
        let _ = epochs.accept(roster, envelope);
        if seq > cursor.seq {
            statements.push(ByteBuf::from(envelope.encode()));
        }
    })?;
    let gone = epochs.is_out(roster, asker.profile);
    Ok(gone.then_some(Closed { stream, statements }))
}

/// What is left of one stream.
#[derive(Debug)]
struct Rest {
    stream: StreamId,
    at: Cursor,
    to: Cursor,
}

/// A pull under way.
pub struct Pull {
    id: u32,
    signer: Arc<Signer>,
    nonce: Nonce,
    grants: VecDeque<u64>,
    closed: VecDeque<Closed>,
    rests: VecDeque<Rest>,
    closing: Option<Cursors>,
    log: StreamId,
    profile: ProfileId,
    /// Of some streams only.
    only: bool,
    all: bool,
    places: Option<Arc<Places>>,
}

impl Pull {
    /// Plans the answer: all that the asker may read after `asked`, or `only` the streams it names.
    ///
    /// # Errors
    /// What the store says; within, [`Refusal::Behind`] when `asked` is not a place in these logs.
    pub fn plan(
        id: u32,
        asker: &Asker,
        (asked, only): (Cursors, bool),
        roster: &Roster,
        read: &dyn Read,
        (signer, nonce): (Arc<Signer>, Nonce),
    ) -> Stored<Result<Self, Refusal>> {
        let mut now = asker.cursors(read)?;
        if asked.grants > read.last_grant(None)? {
            return Ok(Err(Refusal::Behind));
        }
        let mut closed = VecDeque::new();
        for (stream, cursor) in &asked.streams {
            // A stream that is gone and one that was never open to the asker look the same.
            let known = match now.streams.get(stream) {
                None => {
                    let left = left(asker, *stream, *cursor, roster, read)?;
                    // Whose invite is void keeps what is there until it is decided.
                    let waits = roster.is_suspended(asker.profile);
                    let known = left.is_some() || waits || *cursor == Cursor::default();
                    closed.extend(left);
                    known
                }
                Some(end) => {
                    cursor.seq <= end.seq
                        && cursor.registers <= end.registers
                        && read.h(*stream, cursor.seq)? == Some(cursor.h)
                }
            };
            if !known {
                return Ok(Err(Refusal::Behind));
            }
        }
        if only {
            now.streams
                .retain(|stream, _| asked.streams.contains_key(stream));
        }
        let mut grants = Vec::new();
        for name in &asker.names {
            grants.extend(read.grant_numbers(*name, asked.grants)?);
        }
        grants.sort_unstable();
        let log = Roster::log(asker.agency);
        let rests = Self::rests(log, &asked.streams, &now.streams);
        Ok(Ok(Self {
            id,
            signer,
            nonce,
            grants: grants.into(),
            closed,
            rests,
            closing: Some(now),
            log,
            profile: asker.profile,
            only,
            all: asker.all,
            places: None,
        }))
    }

    /// Notes where its asker stands once all is sent. One who restores the agency stands where no
    /// device does.
    pub fn telling(mut self, places: &Arc<Places>) -> Self {
        self.places = (!self.all).then(|| Arc::clone(places));
        self
    }

    fn rests(
        log: StreamId,
        asked: &BTreeMap<StreamId, Cursor>,
        now: &BTreeMap<StreamId, Cursor>,
    ) -> VecDeque<Rest> {
        let mut rests = VecDeque::new();
        for (stream, to) in now {
            let at = asked.get(stream).copied().unwrap_or_default();
            if at == *to {
                continue;
            }
            let rest = Rest {
                stream: *stream,
                at,
                to: *to,
            };
            // The agency's log first: what follows is judged by it.
            if *stream == log {
                rests.push_front(rest)
            } else {
                rests.push_back(rest)
            }
        }
        rests
    }

    /// The next frame, until the checkpoint has been sent.
    ///
    /// # Errors
    /// What the store says.
    pub fn next(&mut self, read: &dyn Read, now: Millis) -> Stored<Option<RelayFrame>> {
        let mut room = FRAME_LEN_TARGET - RUN_OVERHEAD;
        let grants = self.next_grants(read, &mut room)?;
        let closed = self.next_closed(&mut room);
        let mut runs = Vec::new();
        while let Some(rest) = self.rests.front_mut() {
            // The agency's log, then what is closed, then the rest.
            let later = rest.stream != self.log && !self.closed.is_empty();
            if !self.grants.is_empty() || later || room < RUN_OVERHEAD {
                break;
            }
            room -= RUN_OVERHEAD;
            let (run, finished) = rest.next(read, &mut room)?;
            if !run.envelopes.is_empty() || !run.registers.is_empty() || finished {
                runs.push(run);
            }
            if !finished {
                break;
            }
            self.rests.pop_front();
        }
        if !grants.is_empty() || !runs.is_empty() || !closed.is_empty() {
            return Ok(Some(RelayFrame::Items {
                id: self.id,
                runs,
                grants,
                closed,
            }));
        }
        let Some(cursors) = self.closing.take() else {
            return Ok(None);
        };
        let fingerprint = cursors.fingerprint();
        match &self.places {
            Some(places) if self.only => places.told_of(self.profile, cursors),
            Some(places) => places.told(self.profile, cursors),
            None => {}
        }
        let checkpoint = self.signer.checkpoint(self.nonce, now, fingerprint);
        Ok(Some(RelayFrame::Checkpoint {
            id: self.id,
            checkpoint: checkpoint.into_word(),
        }))
    }

    /// Those that come after the agency's log, by which they are judged.
    fn next_closed(&mut self, room: &mut usize) -> Vec<Closed> {
        let mut taken = Vec::new();
        let log_first = self.rests.front().map(|rest| rest.stream) == Some(self.log);
        while let Some(closed) = self.closed.front().filter(|_| !log_first) {
            let len: usize = closed.statements.iter().map(|one| one.len()).sum();
            match room.checked_sub(len + RUN_OVERHEAD) {
                Some(left) => *room = left,
                None if taken.is_empty() && *room + RUN_OVERHEAD >= FRAME_LEN_TARGET => *room = 0,
                None => break,
            }
            taken.extend(self.closed.pop_front());
        }
        taken
    }

    fn next_grants(&mut self, read: &dyn Read, room: &mut usize) -> Stored<Vec<(u64, Grant)>> {
        let mut grants = Vec::new();
        while let Some(number) = self.grants.front() {
            // One given anew since the plan has a higher number, and comes with the next pull.
            if let Some(grant) = read.grant(*number)? {
                let Some(left) = room.checked_sub(grant.sealed.len() + 128) else {
                    break;
                };
                *room = left;
                grants.push((*number, grant));
            }
            self.grants.pop_front();
        }
        Ok(grants)
    }
}

impl Rest {
    /// As much as fits, and whether that was all.
    fn next(&mut self, read: &dyn Read, room: &mut usize) -> Stored<(Run, bool)> {
        let mut run = Run {
            stream: self.stream,
            after: self.at.seq,
            envelopes: Vec::new(),
            registers: Vec::new(),
            registers_at: None,
        };
        let mut full = false;
        if self.at.seq < self.to.seq {
            let mut seq = self.at.seq;
            read.log(self.stream, self.at.seq, self.to.seq, &mut |row| {
                if !take(room, row.bytes) {
                    full = true;
                    return ControlFlow::Break(());
                }
                run.envelopes.push((row.at, ByteBuf::from(row.bytes)));
                seq = row.seq;
                ControlFlow::Continue(())
            })?;
            self.at.seq = seq;
        }
        if !full && self.at.registers < self.to.registers {
            let mut number = self.at.registers;
            read.registers(self.stream, number, self.to.registers, &mut |at, bytes| {
                if !take(room, bytes) {
                    full = true;
                    return ControlFlow::Break(());
                }
                run.registers.push(ByteBuf::from(bytes));
                number = at;
                ControlFlow::Continue(())
            })?;
            self.at.registers = number;
        }
        if !full {
            run.registers_at = Some(self.to.registers);
        }
        Ok((run, !full))
    }
}

fn take(room: &mut usize, bytes: &[u8]) -> bool {
    match room.checked_sub(bytes.len() + ITEM_OVERHEAD) {
        Some(left) => {
            *room = left;
            true
        }
        None => false,
    }
}
