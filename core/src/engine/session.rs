//! The conversation with the relay, locked or not: connect, prove who we are, push what is ours,
//! pull what is new. Level-triggered: whatever the relay has not acknowledged is sent again, and a
//! cursor moves only with the data that it stands for, so to resume is to ask again.

mod exchange;
mod handback;

use std::collections::BTreeSet;

use satchel_wire::{
    ClientFrame, Incarnation, Millis, Nonce, Outcome, Refusal, RelayFrame, RelayKey, StreamId,
    frame::{PROTOCOL, auth_message},
};
use serde_bytes::ByteBuf;

use self::handback::HandBack;
pub(super) use self::handback::{Proofs, Rewind};
use crate::{
    api::Connection,
    engine::{
        Engine,
        cx::Cx,
        registers::{self, Register},
    },
    io::Effect,
};

/// How long the relay may take for one answer.
const ANSWER_MS_MAX: u64 = 30_000;
/// The first pause before connecting again; it doubles up to [`RETRY_MS_MAX`], with full jitter.
const RETRY_MS: u64 = 1_000;
const RETRY_MS_MAX: u64 = 60_000;
/// How often to ask for the relay's word although nothing was hinted.
const CHECK_MS: u64 = 60_000;
/// Bytes of items in one push.
const PUSH_LEN_MAX: usize = 200 * 1024;

#[derive(Default)]
pub(super) struct Session {
    step: Step,
    /// What the relay has been asked and has not answered.
    asked: Option<Asked>,
    /// What it has been asked in the same flight, to be answered after that.
    next: Option<Asked>,
    asked_at: Millis,
    next_id: u32,
    failures: u32,
    want: Want,
    /// The last pull was for the agency's log alone, since we wait to be confirmed.
    held_back: bool,
    /// A restore has fetched all that there is.
    pub restore_level: bool,
    checked_at: Millis,
    refusal: Option<Refusal>,
    /// The relay knows less than it once did.
    is_behind: bool,
    /// The relay does not know us: perhaps our own claim is among what it has lost.
    enters_again: bool,
    hand: HandBack,
    pub complete_at: Option<Millis>,
}

#[derive(Default)]
enum Step {
    /// No profile yet.
    #[default]
    Idle,
    /// Not connected; the next try is due then.
    Waiting(Millis),
    Connecting,
    /// To be known at all; the challenge may have come meanwhile.
    Enrolling(Option<Peer>),
    /// The challenge has not come.
    Greeting,
    Signing(Peer),
    /// The proof is under way, and what is asked first with it.
    Proving(Peer),
    Up(Peer),
}

/// The relay as it presented itself on this connection.
#[derive(Clone, Copy)]
struct Peer {
    relay: RelayKey,
    incarnation: Incarnation,
    nonce: Nonce,
}

enum Asked {
    Pull {
        id: u32,
        scope: Option<BTreeSet<StreamId>>,
    },
    Push {
        id: u32,
        sent: Vec<Sent>,
    },
    Witness {
        id: u32,
    },
    Compare {
        id: u32,
        streams: BTreeSet<StreamId>,
    },
    HandBack {
        id: u32,
    },
}

enum Sent {
    Outbox(u64),
    Register(Register),
}

/// What to pull next.
#[derive(Default)]
enum Want {
    #[default]
    Nothing,
    Some(BTreeSet<StreamId>),
    /// Everything: by fingerprint first, or with all cursors at once.
    Check,
    All,
}

impl Session {
    /// A profile is there: connect as soon as may be.
    pub fn wake(&mut self, now: Millis) {
        if matches!(self.step, Step::Idle) {
            self.step = Step::Waiting(now);
        }
    }

    pub fn connection(&self) -> Connection {
        match (&self.step, self.refusal) {
            (_, Some(refusal)) => Connection::Refused { refusal },
            (Step::Idle | Step::Waiting(_) | Step::Connecting, None) => Connection::Offline,
            (Step::Up(_), None)
                if self.asked.is_none()
                    && self.hand.is_idle()
                    && matches!(self.want, Want::Nothing) =>
            {
                Connection::Level
            }
            _ => Connection::Syncing,
        }
    }

    fn down(&mut self, cx: &mut Cx) {
        let ceiling = RETRY_MS
            .saturating_mul(1 << self.failures.min(16))
            .min(RETRY_MS_MAX);
        self.failures = self.failures.saturating_add(1);
        let mut bytes = [0; 8];
        cx.rng.fill(&mut bytes);
        let jitter = u64::from_be_bytes(bytes).checked_rem(ceiling).unwrap_or(0);
        self.asked = None;
        self.next = None;
        self.hand = HandBack::default();
        self.step = Step::Waiting(cx.now.plus(jitter));
    }

    /// Fetch everything next.
    pub fn pull_all(&mut self) {
        self.want = Want::All;
    }

    fn want(&mut self, stream: StreamId) {
        match &mut self.want {
            Want::Nothing => self.want = Want::Some([stream].into()),
            Want::Some(streams) => {
                streams.insert(stream);
            }
            Want::Check | Want::All => {}
        }
    }

    fn ask(&mut self, now: Millis, asked: Asked) {
        self.asked = Some(asked);
        self.asked_at = now;
    }
}

impl Engine {
    pub(super) fn session_deadline(&self) -> Option<Millis> {
        let answer = self.session.asked_at.plus(ANSWER_MS_MAX);
        let step = match &self.session.step {
            Step::Idle => return None,
            Step::Waiting(at) => *at,
            Step::Connecting
            | Step::Enrolling(_)
            | Step::Greeting
            | Step::Signing(_)
            | Step::Proving(_) => answer,
            Step::Up(_) if self.session.asked.is_some() => answer,
            Step::Up(_) => self.session.checked_at.plus(CHECK_MS),
        };
        let idle = matches!(self.session.step, Step::Up(_)) && self.session.asked.is_none();
        let desk = self.desk.as_ref().filter(|_| idle);
        Some(desk.map_or(step, |desk| registers::due_at(desk).min(step)))
    }

    /// Does what is due: tries again, gives up on an answer, sends, asks.
    pub(super) fn tick(&mut self, cx: &mut Cx) {
        let Some(replica) = &self.replica else { return };
        let late = cx.now >= self.session.asked_at.plus(ANSWER_MS_MAX);
        match &self.session.step {
            Step::Idle => {}
            Step::Waiting(at) if cx.now >= *at => {
                self.session.step = Step::Connecting;
                self.session.asked_at = cx.now;
                cx.effect(Effect::Connect {
                    url: replica.profile.url.clone(),
                });
            }
            Step::Waiting(_) => {}
            Step::Up(_) if self.session.asked.is_none() => self.proceed(cx),
            _ if late => self.hang_up(cx),
            _ => {}
        }
    }

    fn hang_up(&mut self, cx: &mut Cx) {
        cx.effect(Effect::Close);
        self.session.down(cx);
    }

    fn refused(&mut self, cx: &mut Cx, refusal: Refusal) {
        if refusal == Refusal::Behind {
            self.session.is_behind = true;
            return self.hang_up(cx);
        }
        self.session.enters_again =
            refusal == Refusal::Unauthorised && matches!(self.session.step, Step::Proving(_));
        self.session.refusal = Some(refusal);
        self.session.failures = self.session.failures.max(4);
        self.hang_up(cx);
    }

    pub(super) fn online(&mut self, cx: &mut Cx) {
        if let Step::Waiting(at) = &mut self.session.step {
            self.session.failures = 0;
            *at = cx.now;
        }
    }

    pub(super) fn lost(&mut self, cx: &mut Cx) {
        if !matches!(self.session.step, Step::Idle | Step::Waiting(_)) {
            self.session.down(cx);
        }
    }

    pub(super) fn connected(&mut self, cx: &mut Cx) {
        let Some(replica) = &self.replica else { return };
        if !matches!(self.session.step, Step::Connecting) {
            return;
        }
        self.session.asked_at = cx.now;
        let again = std::mem::take(&mut self.session.enters_again);
        let entry = replica.profile.entry.as_ref().filter(|_| again);
        match replica.profile.enrolling.as_ref().or(entry) {
            Some(enrolling) => {
                cx.send(&ClientFrame::Enroll {
                    agency: replica.profile.agency,
                    setup: enrolling.setup,
                    items: enrolling.items.clone(),
                });
                self.session.step = Step::Enrolling(None);
            }
            None => self.session.step = Step::Greeting,
        }
    }

    /// Somebody else has claimed our invite as well.
    fn is_suspended(&self) -> bool {
        let replica = self.replica.as_ref();
        replica.is_some_and(|replica| replica.roster.is_suspended(replica.profile.profile))
    }

    fn is_dismissed(&self) -> bool {
        let replica = self.replica.as_ref();
        replica.is_some_and(|replica| replica.roster.is_revoked(replica.profile.profile))
    }

    pub(super) fn frame(&mut self, cx: &mut Cx, bytes: &[u8]) {
        if matches!(
            self.session.step,
            Step::Idle | Step::Waiting(_) | Step::Connecting
        ) {
            return;
        }
        let Ok(frame) = RelayFrame::decode(bytes) else {
            return self.refused(cx, Refusal::Malformed);
        };
        match frame {
            RelayFrame::Enrolled { outcomes } => self.enrolled(cx, &outcomes),
            RelayFrame::Challenge {
                relay,
                incarnation,
                nonce,
            } => {
                self.challenged(
                    cx,
                    Peer {
                        relay,
                        incarnation,
                        nonce,
                    },
                );
            }
            RelayFrame::Welcome => self.welcomed(),
            RelayFrame::Stale { id } => {
                if self.pulling(id).is_some() {
                    self.session.asked = None;
                    self.session.want = Want::All;
                    self.proceed(cx);
                }
            }
            RelayFrame::Items {
                id,
                runs,
                grants,
                closed,
            } => {
                if self.pulling(id).is_some() {
                    self.session.asked_at = cx.now;
                    self.items(cx, runs, grants, closed);
                }
            }
            RelayFrame::Checkpoint { id, checkpoint } => self.checkpoint(cx, id, checkpoint),
            RelayFrame::Pushed { id, outcomes } => self.pushed(cx, id, outcomes),
            RelayFrame::Hint { streams } => {
                for stream in streams {
                    self.session.want(stream);
                }
                if self.session.asked.is_none() {
                    self.proceed(cx);
                }
            }
            RelayFrame::Refused { refusal } => self.refused(cx, refusal),
            RelayFrame::Witnessed { id, renewed } => self.witnessed(cx, id, renewed),
            RelayFrame::Compared {
                id,
                streams,
                is_last,
                restored,
            } => self.compared(cx, id, streams, (is_last, restored)),
        }
    }

    fn enrolled(&mut self, cx: &mut Cx, outcomes: &[Outcome]) {
        let (Step::Enrolling(peer), Some(replica)) = (&self.session.step, &mut self.replica) else {
            return;
        };
        let peer = *peer;
        let refusal = outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Refused(refusal) => Some(*refusal),
            Outcome::Stored(_) | Outcome::Kept | Outcome::Counted(_) => None,
        });
        if let Some(refusal) = refusal {
            return self.refused(cx, refusal);
        }
        replica.profile.enrolling = None;
        replica.store_profile(cx);
        self.session.step = Step::Greeting;
        self.session.asked_at = cx.now;
        if let Some(peer) = peer {
            self.challenged(cx, peer);
        }
    }

    fn challenged(&mut self, cx: &mut Cx, peer: Peer) {
        if let Step::Enrolling(known) = &mut self.session.step {
            *known = Some(peer);
            return;
        }
        let (Step::Greeting, Some(replica)) = (&self.session.step, &mut self.replica) else {
            return;
        };
        if replica.restoring.is_some() && replica.profile.relay == RelayKey::ZERO {
            // Whether it is one of the agency's is seen from its log, before anything counts.
            replica.profile.relay = peer.relay;
            replica.store_profile(cx);
        }
        if peer.relay != replica.profile.relay {
            return self.refused(cx, Refusal::Unauthorised);
        }
        let profile = &replica.profile;
        let message = auth_message(peer.relay, profile.agency, profile.profile, peer.nonce);
        cx.effect(Effect::Sign {
            message: ByteBuf::from(message),
        });
        self.session.step = Step::Signing(peer);
        self.session.asked_at = cx.now;
    }

    pub(super) fn signed(&mut self, cx: &mut Cx, signature: Vec<u8>) {
        let (Step::Signing(peer), Some(replica)) = (&self.session.step, &self.replica) else {
            return;
        };
        cx.send(&ClientFrame::Hello {
            protocol: PROTOCOL,
            agency: replica.profile.agency,
            profile: replica.profile.profile,
            signature,
        });
        self.session.step = Step::Proving(*peer);
        self.session.asked_at = cx.now;
        // Whether it is believed is seen from the answers: what is asked first goes with it.
        self.meet(cx);
        self.proceed(cx);
    }

    fn welcomed(&mut self) {
        if let Step::Proving(peer) = self.session.step {
            self.session.step = Step::Up(peer);
            self.session.failures = 0;
            self.session.refusal = None;
        }
    }

    /// What the relay's challenge means for what we know of it, and what to ask first.
    fn meet(&mut self, cx: &mut Cx) {
        let (Step::Proving(peer), Some(replica)) = (&self.session.step, &mut self.replica) else {
            return;
        };
        let peer = *peer;
        let known = replica.state.incarnation;
        let is_another = known.is_some_and(|known| known != peer.incarnation);
        if replica.state.incarnation != Some(peer.incarnation) {
            replica.state.incarnation = Some(peer.incarnation);
            replica.store_state(cx);
        }
        for outgoing in replica.outbox.values_mut() {
            outgoing.held = None;
        }
        if let Some(desk) = &mut self.desk {
            // What was under way when the connection was lost may not have arrived.
            desk.busy_due = cx.now;
        }
        let is_behind = std::mem::take(&mut self.session.is_behind);
        if is_another || (is_behind && !self.show_proof(cx)) {
            self.rewind(cx);
        }
        let streams = self.replica.iter().flat_map(|one| one.streams.values());
        let is_fresh = streams.map(|stream| stream.meta.cursor.seq).max() <= Some(0);
        self.session.want = if is_fresh { Want::All } else { Want::Check };
    }

    /// Connected and nothing asked: the next thing, if there is one.
    fn proceed(&mut self, cx: &mut Cx) {
        let is_open = matches!(self.session.step, Step::Proving(_) | Step::Up(_));
        if self.session.asked.is_some() || !is_open {
            return;
        }
        if self.is_dismissed() {
            // It delivers, and then it goes.
            if !self.hand_back(cx) && !self.push_outbox(cx) {
                self.dismissed(cx);
            }
            return;
        }
        if self.is_restoring() && self.desk.is_none() {
            // What comes has to be opened as it comes.
            return;
        }
        let suspended = self.is_suspended();
        if (self.may_compare() && self.hand_back(cx))
            || self.push_outbox(cx)
            || self.pull(cx)
            || (!suspended && (self.regrant(cx) || self.push_registers(cx)))
        {
            return;
        }
        if cx.now >= self.session.checked_at.plus(CHECK_MS) {
            self.session.want = Want::Check;
            self.pull(cx);
        }
    }
}
