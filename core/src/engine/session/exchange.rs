//! Pushes and pulls on an open connection, one at a time, and what their answers mean for outbox,
//! receipts and cursors.

use std::collections::BTreeSet;

use satchel_wire::{
    ChainId, ClientFrame, Cursors, Item, Outcome, Refusal, Scope, StreamId,
    cursor::{Word, mark},
    frame::PUSH_ITEMS_MAX,
};

use super::{Asked, PUSH_LEN_MAX, Sent, Step, Want};
use crate::engine::{Engine, anew::seal_anew, cx::Cx, keyspace, registers, replica::encode};

impl Engine {
    pub(super) fn next_id(&mut self) -> u32 {
        self.session.next_id = self.session.next_id.wrapping_add(1);
        self.session.next_id
    }

    pub(super) fn push_outbox(&mut self, cx: &mut Cx) -> bool {
        let Some(replica) = &mut self.replica else {
            return false;
        };
        if let Some(desk) = &mut self.desk {
            seal_anew(replica, desk, cx, PUSH_LEN_MAX);
        }
        let mut items = Vec::new();
        let mut sent = Vec::new();
        let mut len = 0;
        let mut let_out = 0;
        for (number, outgoing) in replica.outbox.iter().filter(|(_, out)| out.held.is_none()) {
            len += outgoing.len();
            if !items.is_empty() && (len > PUSH_LEN_MAX || items.len() >= PUSH_ITEMS_MAX) {
                break;
            }
            items.push(outgoing.item.clone());
            sent.push(Sent::Outbox(*number));
            let_out = number + 1;
        }
        replica.let_out(cx, let_out);
        let is_all = replica
            .outbox
            .values()
            .filter(|out| out.held.is_none())
            .count()
            == sent.len();
        if !self.push(cx, items, sent) {
            return false;
        }
        let is_one_of_us = !self.is_suspended() && !self.is_dismissed();
        if is_all && matches!(self.session.want, Want::Check) && is_one_of_us {
            self.check_behind(cx);
        }
        true
    }

    /// Asks in the same flight as a push whether there is more: from where we stand once all of it is
    /// stored right after what we have. Where others have come between, the answer is that it is not so.
    fn check_behind(&mut self, cx: &mut Cx) {
        let (Some(replica), Some(Asked::Push { sent, .. })) = (&self.replica, &self.session.asked)
        else {
            return;
        };
        if replica.restoring.is_some() {
            return;
        }
        let mut there = replica.cursors();
        for one in sent {
            if let Sent::Outbox(number) = one
                && let Some(out) = replica.outbox.get(number)
                && let (Some((stream, ..)), Some(id)) = (out.place, out.id)
                && let Some(cursor) = there.streams.get_mut(&stream)
            {
                *cursor = cursor.next(id);
            }
        }
        let scope = Scope::Check(mark(&there.fingerprint()));
        self.session.want = Want::Nothing;
        self.session.held_back = false;
        let id = self.next_id();
        cx.send(&ClientFrame::Pull { id, scope });
        self.session.next = Some(Asked::Pull { id, scope: None });
    }

    fn push(&mut self, cx: &mut Cx, items: Vec<Item>, sent: Vec<Sent>) -> bool {
        if items.is_empty() {
            return false;
        }
        let id = self.next_id();
        cx.send(&ClientFrame::Push { id, items });
        self.session.ask(cx.now, Asked::Push { id, sent });
        true
    }

    /// Tells colleagues what has been opened here, and when our worker is busy.
    pub(super) fn push_registers(&mut self, cx: &mut Cx) -> bool {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return false;
        };
        let due = registers::due(replica, desk, cx).into_iter();
        let (items, sent) = due
            .map(|register| {
                let item = Item::Envelope(register.bytes.clone());
                (item, Sent::Register(register))
            })
            .unzip();
        self.push(cx, items, sent)
    }

    pub(super) fn pull(&mut self, cx: &mut Cx) -> bool {
        let Some(replica) = &self.replica else {
            return false;
        };
        let mut all = replica.cursors();
        let log = replica.log;
        let mut want = std::mem::take(&mut self.session.want);
        self.session.held_back = self.is_suspended();
        if self.session.held_back && !matches!(want, Want::Nothing) {
            // Nothing else is open to us until we are confirmed.
            want = Want::Some([log].into());
            all.grants = 0;
        }
        if replica.restoring.is_some() && !matches!(want, Want::Nothing) {
            let id = self.next_id();
            let scope = Scope::Recovery(all);
            cx.send(&ClientFrame::Pull { id, scope });
            self.session.ask(cx.now, Asked::Pull { id, scope: None });
            return true;
        }
        let (scope, streams) = match want {
            Want::Nothing => return false,
            Want::Check => (Scope::Check(mark(&all.fingerprint())), None),
            Want::All => (Scope::All(all), None),
            Want::Some(streams) => {
                let of = |id: &StreamId| all.streams.get(id).copied().unwrap_or_default();
                let cursors = streams.iter().map(|id| (*id, of(id))).collect();
                (
                    Scope::Only(Cursors {
                        streams: cursors,
                        grants: all.grants,
                    }),
                    Some(streams),
                )
            }
        };
        let id = self.next_id();
        cx.send(&ClientFrame::Pull { id, scope });
        self.session.ask(cx.now, Asked::Pull { id, scope: streams });
        true
    }

    pub(super) fn pulling(&self, id: u32) -> Option<&Option<BTreeSet<StreamId>>> {
        match &self.session.asked {
            Some(Asked::Pull { id: asked, scope }) if *asked == id => Some(scope),
            _ => None,
        }
    }

    pub(super) fn checkpoint(&mut self, cx: &mut Cx, id: u32, word: Word) {
        let (Some(scope), Step::Up(peer)) = (self.pulling(id).cloned(), &self.session.step) else {
            return;
        };
        let Some(replica) = &mut self.replica else {
            return;
        };
        let mut cursors = replica.cursors();
        if self.session.held_back {
            cursors.grants = 0;
        }
        if let Some(streams) = &scope {
            cursors.streams.retain(|id, _| streams.contains(id));
        }
        let fingerprint = cursors.fingerprint();
        let level = mark(&fingerprint) == word.mark;
        let checkpoint = word.over((peer.relay, peer.incarnation, peer.nonce), fingerprint);
        // Of a place where we are not it proves nothing, and it is not relied on.
        let ours = replica.roster.lists_relay(peer.relay)
            && replica.roster.has(replica.profile.expects)
            && (!level || checkpoint.verify().is_ok());
        if !ours {
            return self.refused(cx, Refusal::Unauthorised);
        }
        self.session.asked = None;
        if level {
            replica.contact.hear(cx.now, checkpoint.at);
            cx.put(keyspace::CONTACT.into(), encode(&replica.contact));
        }
        if level {
            self.prove(cx, &checkpoint, cursors);
        }
        let Some(replica) = &mut self.replica else {
            return;
        };
        match (level, scope.is_some()) {
            (true, true) => {
                self.session.failures = 0;
                if self.session.held_back {
                    self.session.checked_at = cx.now;
                    if !self.is_suspended() {
                        self.session.want = Want::All;
                    }
                }
            }
            (true, false) => {
                self.session.failures = 0;
                self.session.checked_at = cx.now;
                self.session.restore_level = replica.restoring.is_some();
                self.session.complete_at = Some(checkpoint.at);
                replica.state.complete_at = Some(checkpoint.at);
                replica.store_state(cx);
                self.vouched(cx, &checkpoint);
            }
            // Something was lost on the way: ask for everything once more.
            (false, true) if !self.session.held_back => self.session.want = Want::All,
            (false, _) => {
                self.session.failures += 1;
                if self.session.failures > 3 {
                    return self.hang_up(cx);
                }
                self.session.want = Want::All;
            }
        }
        self.proceed(cx);
    }

    pub(super) fn pushed(&mut self, cx: &mut Cx, id: u32, outcomes: Vec<Outcome>) {
        if self.handed_back(id, &outcomes) {
            return self.proceed(cx);
        }
        let sent = match self.session.asked.take() {
            Some(Asked::Push { id: asked, sent })
                if asked == id && sent.len() == outcomes.len() =>
            {
                sent
            }
            other => {
                self.session.asked = other;
                return;
            }
        };
        self.session.asked = self.session.next.take();
        self.session.asked_at = cx.now;
        for (sent, outcome) in sent.into_iter().zip(outcomes) {
            match sent {
                Sent::Outbox(number) => self.delivered(cx, number, outcome),
                Sent::Register(register) => match outcome {
                    Outcome::Counted(number) => {
                        self.level_with(cx, register.stream, number);
                        self.register_kept(cx, register);
                    }
                    Outcome::Kept => {
                        self.session.want(register.stream);
                        self.register_kept(cx, register);
                    }
                    Outcome::Stored(_) | Outcome::Refused(_) => {}
                },
            }
        }
        self.proceed(cx);
    }

    /// The relay's word on one thing of ours.
    fn delivered(&mut self, cx: &mut Cx, number: u64, outcome: Outcome) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let Some(outgoing) = replica.outbox.get_mut(&number) else {
            return;
        };
        let (place, envelope) = (outgoing.place, outgoing.id);
        if let Outcome::Refused(refusal) = outcome {
            outgoing.held = Some(refusal);
            if outgoing.is_access() && matches!(refusal, Refusal::Gap | Refusal::Fork) {
                // The relay has lost what came before; what comes now does not wait for it.
                replica.trail = None;
                cx.delete(keyspace::TRAIL.into());
            }
            if let Some((stream, chain, _)) = place {
                self.note_receipt(cx, stream, chain, None, Some(refusal));
            }
            return;
        }
        if outgoing.is_access() {
            // Whoever reads the log gets it from there, in its place.
            let mut audits = replica.roster.audits().map(|(_, audit)| audit.stream);
            if let Some(audit) = audits.find(|stream| replica.streams.contains_key(stream)) {
                self.session.want(audit);
            }
        }
        replica.outbox.remove(&number);
        cx.delete(keyspace::outbox(number));
        if let Some((stream, chain, n)) = place {
            if let Outcome::Stored(cursor) = outcome
                && let Some(known) = replica.streams.get_mut(&stream)
            {
                let next = envelope.map(|id| known.meta.cursor.next(id));
                match next {
                    // The relay put it right after what we have: nothing to fetch.
                    Some(next) if next.seq == cursor.seq && next.h == cursor.h => {
                        known.meta.cursor = next;
                    }
                    _ => self.session.want(stream),
                }
            }
            self.note_receipt(cx, stream, chain, Some(n), None);
        }
    }

    /// Our own register counts as a write of its stream: it is one that need not be fetched, if it is
    /// the next.
    fn level_with(&mut self, cx: &mut Cx, stream: StreamId, number: u64) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let known = replica.streams.get_mut(&stream);
        match known.map(|known| &mut known.meta.cursor.registers) {
            Some(at) if *at + 1 == number => {
                *at = number;
                replica.store_meta(cx, stream);
            }
            _ => self.session.want(stream),
        }
    }

    fn note_receipt(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        chain: ChainId,
        receipt: Option<u64>,
        held: Option<Refusal>,
    ) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let Some(known) = replica.streams.get_mut(&stream) else {
            return;
        };
        if let Some(mine) = known.meta.mine.as_mut().filter(|mine| mine.chain == chain) {
            mine.receipt = receipt.unwrap_or(mine.receipt).max(mine.receipt);
            mine.held = held;
        }
        replica.store_meta(cx, stream);
        self.changed.insert(stream);
    }
}
