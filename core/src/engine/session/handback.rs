//! Giving a relay back what it has lost, also what others wrote. Which streams are to be compared is
//! stored before anything is asked; how far the handing back has come is known to one connection and
//! found anew on the next. Owns two invariants: a stream is done with only once the relay has shown
//! that it lacks nothing of what is here; and a relay that says it has lost everything, again and
//! again, is sent each stream a few times a day and no more.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use satchel_wire::{
    ChainId, Checkpoint, ClientFrame, Compared, Cursor, Cursors, Envelope, EnvelopeId, Item, Kind,
    Millis, Outcome, Refusal, Restored, StreamId,
    compare::{COMPARE_STREAMS_MAX, ends_hash},
    control::Reached,
    frame::PUSH_ITEMS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::{Asked, CHECK_MS, PUSH_LEN_MAX, Step, Want};
use crate::{
    engine::{
        Engine, Load,
        cx::Cx,
        keyspace, registers,
        replica::{Replica, encode},
        streams,
    },
    io::Entry,
};

/// Everything is compared this often although nothing seems amiss.
const COMPARE_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// The most ends of chains that a relay may tell in one answer.
const ENDS_MAX: usize = 1_000_000;
/// The most words of the relay that are kept.
const PROOFS_MAX: usize = 16;
/// What a relay may take is counted for so long.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// A stream is handed back so many times a day at most, counted in its envelopes: once is enough, and
/// the rest is for connections that break.
const TIMES_A_DAY: u64 = 3;
/// The keys of all streams are given anew so many times a day at most.
const REGRANTS_A_DAY: u32 = 3;

/// What is known of the relay's memory, stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Rewind {
    /// Streams of which the relay may have lost something.
    pub streams: BTreeSet<StreamId>,
    /// Streams whose keys are to be given again to all who hold them.
    pub regrant: BTreeSet<StreamId>,
    /// What the relay says of its last restoring.
    pub restored: Option<Restored>,
    /// When everything was last compared, by the relay's clock.
    pub compared_at: Option<Millis>,
    /// When this tablet last found the relay to know less than it once did, by its own clock.
    pub noticed_at: Option<Millis>,
    day: Day,
}

/// What a relay has taken back of late, by our clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Day {
    since: Millis,
    /// Envelopes of each stream.
    handed: BTreeMap<StreamId, u64>,
    /// Times that all keys were due again.
    regrants: u32,
}

impl Day {
    fn pass(&mut self, now: Millis) {
        if now < self.since {
            // A clock that was set back makes nobody generous.
            self.since = now;
        } else if now >= self.since.plus(DAY_MS) {
            *self = Self {
                since: now,
                ..Self::default()
            };
        }
    }
}

/// The relay's word for some of our cursors: proof, should it forget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Proof {
    pub checkpoint: Checkpoint,
    pub cursors: Cursors,
}

/// The relay's latest words: for all of our cursors, then for the streams that it told of since.
pub(in crate::engine) type Proofs = Vec<Proof>;

/// How far it has come on this connection.
#[derive(Default)]
pub(super) struct HandBack {
    /// By stream that differs: the number of the last envelope there of each chain.
    theirs: BTreeMap<StreamId, BTreeMap<ChainId, Reached>>,
    heard: usize,
    todo: VecDeque<StreamId>,
    loading: Option<StreamId>,
    items: VecDeque<ByteBuf>,
    /// Streams handed back, and how much of them the relay had before.
    tried: BTreeMap<StreamId, u64>,
    /// The relay would not take it: tried again later.
    stuck: BTreeSet<StreamId>,
    retry_at: Millis,
    /// Words of the relay's own that it has not been shown yet.
    proofs: Proofs,
}

impl HandBack {
    pub fn is_idle(&self) -> bool {
        self.loading.is_none() && self.items.is_empty() && self.todo.is_empty()
    }
}

/// Our chains that the outbox has still to deliver: the envelope before that, and a number that is
/// its own or, where the next holds several changes, later.
type Waiting = BTreeMap<(StreamId, ChainId), (u64, EnvelopeId)>;

fn waiting(replica: &Replica) -> Waiting {
    let mut waiting = Waiting::new();
    for outgoing in replica.outbox.values() {
        let (Some((stream, chain, n)), Item::Envelope(bytes)) = (outgoing.place, &outgoing.item)
        else {
            continue;
        };
        let Ok(envelope) = Envelope::decode(bytes) else {
            continue;
        };
        let before = (n.saturating_sub(1), envelope.header().prev);
        let known = waiting.entry((stream, chain)).or_insert(before);
        if before.0 < known.0 {
            *known = before;
        }
    }
    waiting
}

/// The ends of a stream's chains as a relay should have them: without what waits in the outbox.
fn ends(replica: &Replica, waiting: &Waiting, stream: StreamId) -> Vec<Reached> {
    let known = replica.streams.get(&stream).into_iter();
    let chains = known.flat_map(|known| &known.meta.chains);
    let ends = chains.map(|(chain, tip)| {
        let all = (tip.head.n, tip.head.id);
        let (n, id) = *waiting.get(&(stream, *chain)).unwrap_or(&all);
        Reached {
            chain: *chain,
            n,
            id,
        }
    });
    ends.filter(|end| end.id != EnvelopeId::ZERO).collect()
}

impl Engine {
    /// The relay has forgotten what it acknowledged: places, receipts and grants mean nothing any
    /// more, and every stream is to be compared.
    pub(super) fn rewind(&mut self, cx: &mut Cx) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let all: Vec<StreamId> = replica.streams.keys().copied().collect();
        for stream in replica.streams.values_mut() {
            stream.meta.cursor = Cursor::default();
            stream.meta.seen = 0;
            if let Some(mine) = &mut stream.meta.mine {
                mine.receipt = 0;
            }
        }
        replica.state.grants = 0;
        registers::forget_own(replica, self.desk.as_mut(), cx);
        if let Some(desk) = &mut self.desk {
            for id in desk.docs.keys() {
                desk.seen_due.entry(*id).or_insert(cx.now);
            }
        }
        replica.rewind.day.pass(cx.now);
        let day = &mut replica.rewind.day;
        if replica.profile.role.leads() && day.regrants < REGRANTS_A_DAY {
            day.regrants += 1;
            replica.rewind.regrant.extend(&all);
        }
        for id in &all {
            replica.store_meta(cx, *id);
        }
        replica.rewind.noticed_at = Some(cx.now);
        replica.rewind.streams.extend(&all);
        replica.store_rewind(cx);
        replica.store_state(cx);
        self.changed.extend(all);
        self.load(cx, Load::Trail, vec![keyspace::trails()]);
    }

    /// What we have put into the access log of late goes there again: its readers may not have
    /// fetched it from the relay before that lost it.
    pub(in crate::engine) fn trail_loaded(&mut self, cx: &mut Cx, entries: Vec<Entry>) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let known = replica.outbox.values().filter(|out| out.is_access());
        let known: Vec<Item> = known.map(|out| out.item.clone()).collect();
        for Entry { value, .. } in entries {
            let item = Item::Envelope(value);
            if !known.contains(&item) {
                replica.post(cx, item, None);
            }
        }
        self.proceed(cx);
    }

    /// The relay is behind what it signed: it is shown that, where there is proof.
    pub(super) fn show_proof(&mut self, cx: &mut Cx) -> bool {
        let (Step::Proving(peer) | Step::Up(peer), Some(replica)) =
            (&self.session.step, &self.replica)
        else {
            return false;
        };
        let fits = |proof: &&Proof| proof.checkpoint.incarnation == peer.incarnation;
        self.session.hand.proofs = replica.proofs.iter().filter(fits).cloned().collect();
        self.show_next(cx)
    }

    /// The latest first.
    fn show_next(&mut self, cx: &mut Cx) -> bool {
        let Some(proof) = self.session.hand.proofs.pop() else {
            return false;
        };
        let id = self.next_id();
        cx.send(&ClientFrame::Witness {
            id,
            checkpoint: proof.checkpoint,
            cursors: proof.cursors,
        });
        self.session.ask(cx.now, Asked::Witness { id });
        true
    }

    pub(super) fn witnessed(&mut self, cx: &mut Cx, id: u32, renewed: bool) {
        if !matches!(self.session.asked, Some(Asked::Witness { id: asked }) if asked == id) {
            return;
        }
        self.session.asked = None;
        if renewed {
            // On the next connection it is another one.
            return self.hang_up(cx);
        }
        if !self.show_next(cx) {
            self.rewind(cx);
            self.proceed(cx);
        }
    }

    /// The relay's word for where we stand is kept: proof, should it forget.
    pub(super) fn prove(&mut self, cx: &mut Cx, checkpoint: &Checkpoint, cursors: Cursors) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let word = |proof: &Proof| (proof.checkpoint.incarnation, proof.checkpoint.fingerprint);
        let fresh = (checkpoint.incarnation, checkpoint.fingerprint);
        if replica.proofs.iter().any(|known| word(known) == fresh) {
            return;
        }
        let within = |old: &Proof| {
            let mut old = old.cursors.streams.keys();
            old.all(|stream| cursors.streams.contains_key(stream))
        };
        replica.proofs.retain(|old| !within(old));
        if replica.proofs.len() >= PROOFS_MAX {
            // The first is over everything.
            replica.proofs.remove(1);
        }
        replica.proofs.push(Proof {
            checkpoint: checkpoint.clone(),
            cursors,
        });
        cx.put(keyspace::PROOF.into(), encode(&replica.proofs));
    }

    /// The relay's word that we have all: once a week the occasion to compare.
    pub(super) fn vouched(&mut self, cx: &mut Cx, checkpoint: &Checkpoint) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let last = replica.rewind.compared_at;
        if last.is_some_and(|last| checkpoint.at < last.plus(COMPARE_MS)) {
            return;
        }
        if last.is_some() {
            replica.rewind.streams = replica.cursors().streams.into_keys().collect();
        }
        replica.rewind.compared_at = Some(checkpoint.at);
        replica.store_rewind(cx);
    }

    /// The next step of handing back; false when there is none now.
    pub(super) fn hand_back(&mut self, cx: &mut Cx) -> bool {
        let hand = &mut self.session.hand;
        if hand.loading.is_some() {
            return true;
        }
        if !hand.items.is_empty() {
            let mut items = Vec::new();
            let mut len = 0;
            while let Some(next) = hand.items.front() {
                len += next.len();
                let full = len > PUSH_LEN_MAX || items.len() >= PUSH_ITEMS_MAX;
                if full && !items.is_empty() {
                    break;
                }
                items.extend(hand.items.pop_front());
            }
            let id = self.next_id();
            cx.send(&ClientFrame::HandBack { id, items });
            self.session.ask(cx.now, Asked::HandBack { id });
            return true;
        }
        if let Some(stream) = hand.todo.pop_front() {
            hand.loading = Some(stream);
            let ranges = keyspace::envelopes(stream);
            self.load(cx, Load::HandBack { stream }, ranges);
            return true;
        }
        self.compare(cx)
    }

    fn compare(&mut self, cx: &mut Cx) -> bool {
        let Some(replica) = &self.replica else {
            return false;
        };
        let hand = &mut self.session.hand;
        if !hand.stuck.is_empty() && cx.now >= hand.retry_at {
            hand.stuck.clear();
            hand.tried.clear();
        }
        // The agency's log first: the rest is judged by it.
        let first = replica.rewind.streams.get(&replica.log).into_iter();
        let due = first.chain(&replica.rewind.streams);
        let due = due.filter(|id| !hand.stuck.contains(*id) && replica.streams.contains_key(*id));
        let waiting = waiting(replica);
        let streams: BTreeMap<_, _> = due
            .take(COMPARE_STREAMS_MAX)
            .map(|id| (*id, ends_hash(ends(replica, &waiting, *id))))
            .collect();
        if streams.is_empty() {
            return false;
        }
        hand.theirs.clear();
        hand.heard = 0;
        let asked = streams.keys().copied().collect();
        let id = self.next_id();
        cx.send(&ClientFrame::Compare { id, streams });
        self.session
            .ask(cx.now, Asked::Compare { id, streams: asked });
        true
    }

    /// A part of the relay's answer.
    pub(super) fn compared(
        &mut self,
        cx: &mut Cx,
        id: u32,
        parts: Vec<Compared>,
        (is_last, restored): (bool, Option<Restored>),
    ) {
        let asked = match &self.session.asked {
            Some(Asked::Compare { id: asked, streams }) if *asked == id => streams.clone(),
            _ => return,
        };
        let Some(replica) = &mut self.replica else {
            return;
        };
        self.session.asked_at = cx.now;
        for part in parts {
            match part {
                Compared::Same { stream, cursor } if asked.contains(&stream) => {
                    self.session.hand.theirs.remove(&stream);
                    same(replica, cx, stream, cursor);
                    self.changed.insert(stream);
                }
                Compared::Differs { stream, ends } if asked.contains(&stream) => {
                    let hand = &mut self.session.hand;
                    hand.heard += ends.len();
                    let known = hand.theirs.entry(stream).or_default();
                    known.extend(ends.into_iter().map(|end| (end.chain, end)));
                }
                Compared::Same { .. } | Compared::Differs { .. } => {}
            }
        }
        if self.session.hand.heard > ENDS_MAX {
            return self.refused(cx, Refusal::Malformed);
        }
        if is_last {
            self.session.asked = None;
            replica.rewind.restored = restored;
            self.differing(cx);
            self.proceed(cx);
        }
    }

    /// Decides what becomes of the streams of which the relay holds something else.
    fn differing(&mut self, cx: &mut Cx) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let hand = &mut self.session.hand;
        let waiting = waiting(replica);
        for (id, theirs) in &hand.theirs {
            let at = |chain: &ChainId| theirs.get(chain).map_or(0, |end| end.n);
            let mut ours = ends(replica, &waiting, *id).into_iter();
            let has = |end: &Reached| {
                theirs
                    .get(&end.chain)
                    .is_some_and(|there| there.id == end.id)
            };
            let is_lacking = ours.any(|end| at(&end.chain) < end.n && !has(&end));
            let Some(known) = replica.streams.get_mut(id) else {
                replica.rewind.streams.remove(id);
                continue;
            };
            let mine_n = known.mine_n();
            if let Some(mine) = &mut known.meta.mine {
                mine.receipt = at(&mine.chain).min(mine_n);
            }
            let held: u64 = theirs.values().map(|end| end.n).sum();
            if !is_lacking {
                // The relay holds more: that comes with the next pull.
                replica.rewind.streams.remove(id);
            } else if hand.tried.get(id).is_none_or(|before| held > *before) {
                hand.tried.insert(*id, held);
                if *id == replica.log {
                    hand.todo.push_front(*id);
                } else {
                    hand.todo.push_back(*id);
                }
            } else {
                hand.stuck.insert(*id);
                hand.retry_at = cx.now.plus(CHECK_MS);
            }
            self.changed.insert(*id);
        }
        for id in hand.theirs.keys().copied().collect::<Vec<_>>() {
            replica.store_meta(cx, id);
        }
        replica.store_rewind(cx);
        self.session.want = Want::All;
    }

    /// All envelopes of a stream, control first and each in the order in which they came to be here.
    pub(in crate::engine) fn hand_back_loaded(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        entries: Vec<Entry>,
    ) {
        let hand = &mut self.session.hand;
        if hand.loading != Some(stream) {
            // The connection that wanted it is gone.
            return;
        }
        hand.loading = None;
        let Some(replica) = &mut self.replica else {
            return;
        };
        let theirs = hand.theirs.get(&stream);
        let at = |chain: &ChainId| theirs.and_then(|all| all.get(chain)).map_or(0, |end| end.n);
        let waiting = waiting(replica);
        let wanted = |envelope: &Envelope| {
            let header = envelope.header();
            let delivered = waiting.get(&(stream, header.chain));
            header.n > at(&header.chain) && delivered.is_none_or(|(n, _)| header.n <= *n)
        };
        replica.rewind.day.pass(cx.now);
        let all = entries.len() as u64;
        let spent = replica.rewind.day.handed.entry(stream).or_default();
        let mut stated = false;
        for Entry { value, .. } in entries {
            let Some(envelope) = Envelope::decode(&value).ok().filter(wanted) else {
                continue;
            };
            if *spent >= all.saturating_mul(TIMES_A_DAY) {
                // It has been given all of it several times today and says that it has it not.
                break;
            }
            *spent += 1;
            stated |= envelope.header().kind == Kind::Control;
            hand.items.push_back(value);
        }
        if stated && replica.profile.role.writes() {
            replica.rewind.regrant.insert(stream);
        }
        replica.store_rewind(cx);
        if self.session.asked.is_none() {
            self.proceed(cx);
        }
    }

    /// Whether it is ours to compare now: not while we wait to be confirmed, nor in a restore of the
    /// agency, in which everything is fetched first.
    pub(super) fn may_compare(&self) -> bool {
        !self.is_suspended() && !self.is_restoring()
    }

    pub(super) fn handed_back(&mut self, id: u32, outcomes: &[Outcome]) -> bool {
        let ours = matches!(self.session.asked, Some(Asked::HandBack { id: asked }) if asked == id);
        if ours {
            self.session.asked = None;
            if outcomes.contains(&Outcome::Refused(Refusal::Unavailable)) {
                // The disk is full, or the like: no use in going on now.
                self.session.hand.items.clear();
            }
        }
        ours
    }

    /// Gives the keys of one stream again to all who hold them: a grant made anew is the same bytes.
    pub(super) fn regrant(&mut self, cx: &mut Cx) -> bool {
        let (Some(replica), Some(desk)) = (&mut self.replica, &self.desk) else {
            return false;
        };
        if replica.rewind.regrant.is_empty() {
            return false;
        }
        // One stream at a time, so that a large caseload does not stop everything else.
        while replica.outbox.values().all(|out| out.held.is_some())
            && let Some(stream) = replica.rewind.regrant.pop_first()
        {
            streams::grant_again(replica, desk, cx, stream);
        }
        replica.store_rewind(cx);
        self.push_outbox(cx)
    }
}

/// The relay has all of this stream that is here, and nothing else.
fn same(replica: &mut Replica, cx: &mut Cx, stream: StreamId, cursor: Cursor) {
    let waiting = waiting(replica);
    replica.rewind.streams.remove(&stream);
    if let Some(known) = replica.streams.get_mut(&stream) {
        let mine_n = known.mine_n();
        let place = known.meta.cursor;
        if (place.seq, place.h) != (cursor.seq, cursor.h) {
            known.meta.cursor = Cursor {
                registers: 0,
                ..cursor
            };
        }
        if let Some(mine) = &mut known.meta.mine {
            let waits = waiting.get(&(stream, mine.chain));
            mine.receipt = mine.receipt.max(waits.map_or(mine_n, |(n, _)| *n));
        }
    }
    replica.store_meta(cx, stream);
}
