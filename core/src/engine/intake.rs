//! Taking in what a relay hands over: nothing of it is trusted. Each envelope is decoded, its
//! signature and its author's membership checked, and only then stored; the cursor moves in the same
//! store. What does not hold is counted and left out; what is out of order is left for a later pull.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{Closed, Envelope, EnvelopeId, Grant, Kind, Run, StreamId, Verified};

use crate::{
    api::Failure,
    engine::{
        Engine, audit,
        cx::Cx,
        keyspace,
        registers::take_registers,
        replica::{Replica, encode},
        streams::{keep_key, mend, open_parents},
    },
    grant,
    io::Entry,
};

/// What became of one envelope from a relay or a file.
pub(super) enum Taken {
    /// Stored as the `index`th of the stream's log.
    Change(u32),
    Control,
    /// Known already, not to be trusted, or nothing to fold: the cursor moves on.
    Nothing,
    /// It does not follow what is here: the cursor stays.
    Gap,
}

/// What a run has brought.
#[derive(Default)]
struct TakenRun {
    changes: Vec<(u32, Verified)>,
    /// Whether there were statements among it.
    statements: bool,
}

impl Engine {
    /// Stores what a pull brought.
    pub(super) fn items(
        &mut self,
        cx: &mut Cx,
        runs: Vec<Run>,
        grants: Vec<(u64, Grant)>,
        closed: Vec<Closed>,
    ) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let mut fresh: BTreeMap<StreamId, Vec<(u32, Verified)>> = BTreeMap::new();
        let mut registers = Vec::new();
        let mut stated = BTreeSet::new();
        for run in runs {
            let taken = take_run(replica, cx, &run);
            if taken.statements {
                stated.insert(run.stream);
            }
            fresh.entry(run.stream).or_default().extend(taken.changes);
            registers.extend(take_registers(replica, cx, run));
        }
        let mut mine: Vec<_> = replica.roster.aliases(replica.profile.profile).collect();
        if replica.restoring.is_some() {
            let desk = self.desk.as_ref();
            mine.extend(
                desk.and_then(|desk| desk.recovery.as_ref())
                    .map(|(name, _)| *name),
            );
        }
        for (number, grant) in grants {
            let ours = mine.contains(&grant.recipient);
            // To a recovery key that is not the one on our sheet: none of ours, and fetched all the same.
            if ours || replica.restoring.is_some() {
                replica.state.grants = replica.state.grants.max(number);
            }
            if !ours {
                continue;
            }
            let name = keyspace::grant(grant.stream, grant.epoch, grant.recipient);
            cx.put(name, encode(&grant));
            replica.wait_for(grant);
        }
        replica.store_state(cx);
        self.taken_in(cx, fresh, registers, stated);
        self.closed(cx, closed);
    }

    /// What follows from what has just been stored, of a relay's or a file's.
    pub(super) fn taken_in(
        &mut self,
        cx: &mut Cx,
        fresh: BTreeMap<StreamId, Vec<(u32, Verified)>>,
        registers: Vec<Vec<u8>>,
        mut stated: BTreeSet<StreamId>,
    ) {
        self.take_grants(cx);
        let unread = self.read_registers(registers);
        self.count_rejected(cx, &unread);
        for (stream, tail) in fresh {
            if let Some((0, begun)) = tail.first() {
                self.find_directory(cx, stream, begun);
            }
            self.fold_fresh(cx, stream, tail);
        }
        if let Some(replica) = &self.replica
            && stated.contains(&replica.log)
        {
            stated.extend(replica.streams.keys());
        }
        self.after_statements(cx, stated);
    }

    fn count_rejected(&mut self, cx: &mut Cx, streams: &[StreamId]) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        for id in streams {
            if let Some(known) = replica.streams.get_mut(id) {
                known.meta.rejected += 1;
            }
            replica.store_meta(cx, *id);
        }
    }

    /// Folds new entries at once if their document is open and level, else leaves them for later.
    fn fold_fresh(&mut self, cx: &mut Cx, stream: StreamId, tail: Vec<(u32, Verified)>) {
        self.changed.insert(stream);
        let (Some(desk), Some((first, _))) = (&mut self.desk, tail.first()) else {
            return;
        };
        let level = desk
            .docs
            .get(&stream)
            .is_some_and(|open| open.folded == *first);
        if level && !desk.unfolded.contains(&stream) {
            self.fold_tail(cx, stream, tail);
        } else {
            desk.unfolded.insert(stream);
        }
    }

    /// Tries all grants that wait.
    pub(super) fn take_grants(&mut self, cx: &mut Cx) {
        let (Some(replica), Some(_)) = (&mut self.replica, &self.desk) else {
            return;
        };
        for grant in std::mem::take(&mut replica.grants) {
            self.take_grant(cx, grant);
        }
    }

    /// Opens a grant; the key goes to the vault's side of the disk. A grant whose statement is not
    /// here yet waits.
    fn take_grant(&mut self, cx: &mut Cx, granted: Grant) {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return;
        };
        let known = replica.streams.get(&granted.stream);
        let Some(epoch) = known.and_then(|stream| stream.epochs.epoch(granted.epoch)) else {
            replica.grants.push(granted);
            return;
        };
        let opener = desk.opener_of(granted.recipient);
        let opened = grant::accept(replica.profile.agency, &granted, &epoch.commitment, opener);
        // A grant that does not open stays on the disk: a member may issue it anew.
        let Ok(key) = opened else { return };
        cx.delete(keyspace::grant(
            granted.stream,
            granted.epoch,
            granted.recipient,
        ));
        keep_key(desk, cx, granted.stream, granted.epoch, key);
        open_parents(replica, desk, cx, granted.stream, granted.epoch);
        let known = replica.streams.get(&granted.stream);
        let logged = known.is_some_and(|stream| stream.meta.logged > 0);
        let _ = mend(replica, desk, cx, granted.stream);
        if logged {
            desk.unfolded.insert(granted.stream);
        }
    }
}

/// Stores a run's envelopes as far as they follow what is here; gives the changes among them.
fn take_run(replica: &mut Replica, cx: &mut Cx, run: &Run) -> TakenRun {
    let mut taken_run = TakenRun::default();
    let known = replica.streams.entry(run.stream).or_default();
    if run.after != known.meta.cursor.seq {
        // Asked for before something else moved the cursor, or out of order: the next pull tells.
        return taken_run;
    }
    for (_, bytes) in &run.envelopes {
        // Whose bytes cannot be read has no id: the log's hash cannot go on without it.
        let Ok(envelope) = Envelope::decode(bytes) else {
            break;
        };
        let verified = envelope.verify();
        let Ok(envelope) = verified else { break };
        let id = envelope.id();
        let taken = take(replica, cx, run.stream, &envelope);
        let Some(known) = replica.streams.get_mut(&run.stream) else {
            break;
        };
        match taken {
            Taken::Gap => {
                known.meta.gap = true;
                break;
            }
            Taken::Change(index) => taken_run.changes.push((index, envelope)),
            Taken::Control => taken_run.statements = true,
            Taken::Nothing => {}
        }
        known.meta.gap = false;
        known.meta.cursor = known.meta.cursor.next(id);
    }
    replica.store_meta(cx, run.stream);
    taken_run
}

pub(super) fn take(
    replica: &mut Replica,
    cx: &mut Cx,
    stream: StreamId,
    envelope: &Verified,
) -> Taken {
    let header = envelope.header();
    let known = replica.streams.entry(stream).or_default();
    if header.agency != replica.profile.agency || header.stream != stream {
        known.meta.rejected += 1;
        return Taken::Nothing;
    }
    let tip = known.meta.chains.get(&header.chain).copied();
    if tip.is_some_and(|tip| tip.author != header.author) {
        // A chain is one author's: nobody goes on with another's, or takes its next place.
        known.meta.rejected += 1;
        return Taken::Nothing;
    }
    let tip = tip.map(|tip| tip.head);
    let last = tip.map_or(0, |head| head.n);
    if header.n <= last {
        return Taken::Nothing;
    }
    if !header.follows(tip.map(|head| (head.n, head.id))) {
        return Taken::Gap;
    }
    if !replica.roster.knows_ground_of(header) {
        // The agency's log has gone on since: whether it holds is to be seen once that is here.
        return Taken::Gap;
    }
    if header.roster != EnvelopeId::ZERO && !replica.roster.has(header.roster) {
        known.meta.unshown = Some(header.roster);
    }
    let holds = match header.kind {
        Kind::Control if stream == replica.log => replica.roster.insert(envelope).is_ok(),
        Kind::Control => known.epochs.insert(&replica.roster, envelope).is_ok(),
        Kind::Change => {
            known.epochs.settle(&replica.roster);
            let epochs = &known.epochs;
            if epochs.epoch(header.epoch).is_none() {
                // A relay takes nothing under a key that was not stated before.
                return Taken::Gap;
            }
            epochs.wrote(&replica.roster, header.epoch, header.author)
        }
        Kind::Register => false,
        Kind::Access => match audit::belongs(replica, header) {
            Some(holds) => holds,
            None => return Taken::Gap,
        },
    };
    if !holds {
        if let Some(known) = replica.streams.get_mut(&stream) {
            known.meta.rejected += 1;
        }
        return Taken::Nothing;
    }
    let (_, index) = replica.entries(stream);
    replica.append(cx, envelope);
    match header.kind {
        Kind::Control => Taken::Control,
        // Opened when somebody reads the access log.
        Kind::Access => Taken::Nothing,
        Kind::Change | Kind::Register => Taken::Change(index),
    }
}

impl Engine {
    /// After a join there is no directory on the disk: it is opened empty and fills as it arrives.
    pub(super) fn open_directory(
        &mut self,
        cx: &mut Cx,
        entries: Vec<Entry>,
    ) -> Result<(), Failure> {
        let replica = self.replica.as_ref().ok_or(Failure::WrongMoment)?;
        let directory = replica.profile.directory;
        self.documents_loaded(cx, vec![directory], entries);
        Ok(())
    }
}
