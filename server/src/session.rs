//! One connection as a state machine, without socket, clock or randomness. Owns the order of the
//! conversation and the invariant that before `Welcome` nothing tells an unknown profile from a
//! wrong signature. Refuses to wait: what takes a disk is handed back as an [`Action`].

use std::sync::Arc;

use satchel_wire::{
    AgencyId, Certificate, ClientFrame, Envelope, Incarnation, Item, Millis, Nonce, Outcome,
    ProfileId, Refusal, RelayFrame, Roster, Scope, SetupToken, StreamId,
    compare::COMPARE_STREAMS_MAX,
    cursor::mark,
    frame::{PROTOCOL, PUSH_ITEMS_MAX, auth_message, signed_by},
};
use serde_bytes::ByteBuf;

use crate::{
    append::{Append, Bringer, Incoming},
    folds::Rosters,
    places::Places,
    pull::{Asker, Pull},
    restore,
    signer::Signer,
    store::{Read, Stored},
};

/// The most enrolments tried on one connection.
const ENROLMENTS_MAX: u8 = 8;

/// One connection's part of the conversation.
pub struct Session {
    signer: Arc<Signer>,
    places: Arc<Places>,
    nonce: Nonce,
    /// What the other side was told that the relay is.
    told: Incarnation,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Fresh {
        enrolments: u8,
    },
    Ready {
        agency: AgencyId,
        profile: ProfileId,
    },
    Closed,
}

/// What the host is to do, in this order, before the session's next frame.
pub enum Action {
    /// Send this.
    Send(RelayFrame),
    /// Tell this session from now on what is new to these names.
    Join(Asker),
    /// Write, and when that is on disk send [`Answer::frame`] of what came of it.
    Append(Append, Answer),
    /// Send all frames of this.
    Pull(Box<Pull>),
    /// Close once everything before is sent.
    Close,
}

/// What to answer once an append is on disk.
#[derive(Debug)]
pub enum Answer {
    /// To an enrolment.
    Enrolled,
    /// To a push.
    Pushed {
        /// Of the push.
        id: u32,
        /// Whose it is.
        by: ProfileId,
        /// The stream of each item that is an envelope.
        streams: Vec<Option<StreamId>>,
        /// What its outcome tells of where its author stands goes here.
        places: Arc<Places>,
    },
    /// To a witness.
    Witnessed {
        /// Of the question.
        id: u32,
    },
}

impl Answer {
    /// The answer.
    pub fn frame(self, outcomes: Vec<Outcome>) -> RelayFrame {
        match self {
            Answer::Enrolled => RelayFrame::Enrolled { outcomes },
            Answer::Pushed {
                id,
                by,
                streams,
                places,
            } => {
                let pushed = streams.into_iter().zip(&outcomes);
                let pushed =
                    pushed.filter_map(|(stream, outcome)| Some((stream?, outcome.clone())));
                places.pushed(by, &pushed.collect::<Vec<_>>());
                RelayFrame::Pushed { id, outcomes }
            }
            Answer::Witnessed { id } => RelayFrame::Witnessed { id, renewed: true },
        }
    }
}

impl Session {
    /// A new connection; `nonce` has to be unpredictable and its own.
    pub fn new(signer: Arc<Signer>, places: Arc<Places>, nonce: Nonce) -> Self {
        Self {
            told: signer.incarnation(),
            signer,
            places,
            nonce,
            stage: Stage::Fresh { enrolments: 0 },
        }
    }

    /// What is sent first.
    pub fn challenge(&self) -> RelayFrame {
        RelayFrame::Challenge {
            relay: self.signer.key(),
            incarnation: self.told,
            nonce: self.nonce,
        }
    }

    /// Whether the other side has proved who it is.
    pub fn is_ready(&self) -> bool {
        matches!(self.stage, Stage::Ready { .. })
    }

    /// Whether nothing more is listened to.
    pub fn is_closed(&self) -> bool {
        self.stage == Stage::Closed
    }

    /// Takes one message.
    ///
    /// # Errors
    /// What the store says.
    pub fn handle(
        &mut self,
        message: &[u8],
        now: Millis,
        read: &dyn Read,
        rosters: &Rosters,
    ) -> Stored<Vec<Action>> {
        if self.is_closed() {
            return Ok(Vec::new());
        }
        let Ok(frame) = ClientFrame::decode(message) else {
            return Ok(self.refuse(Refusal::Malformed));
        };
        if self.told != self.signer.incarnation() {
            // Somebody has shown since that the relay's memory is another one: to be heard anew.
            self.stage = Stage::Closed;
            return Ok(vec![Action::Close]);
        }
        match (self.stage, frame) {
            (
                Stage::Fresh { enrolments },
                ClientFrame::Enroll {
                    agency,
                    setup,
                    items,
                },
            ) => Ok(self.enroll(enrolments, agency, setup, items, now)),
            (
                Stage::Fresh { .. },
                ClientFrame::Hello {
                    protocol,
                    agency,
                    profile,
                    signature,
                },
            ) => {
                if protocol != PROTOCOL {
                    return Ok(self.refuse(Refusal::Version));
                }
                self.hello(agency, profile, &signature, read, rosters)
            }
            (Stage::Ready { agency, profile }, ClientFrame::Pull { id, scope }) => {
                let Some(roster) = heard(read, rosters, agency, profile)? else {
                    return Ok(self.refuse(Refusal::Unauthorised));
                };
                self.pull(id, scope, (&roster, profile), now, read)
            }
            (Stage::Ready { agency, profile }, ClientFrame::Push { id, items }) => {
                if items.len() > PUSH_ITEMS_MAX {
                    return Ok(self.refuse(Refusal::TooMuch));
                }
                let items: Vec<Incoming> = items.into_iter().map(incoming).collect();
                let answer = self.answer_to(id, profile, &items);
                let by = Bringer::Profile(profile);
                Ok(append((agency, by), items, now, answer))
            }
            (Stage::Ready { agency, profile }, ClientFrame::HandBack { id, items }) => {
                if items.len() > PUSH_ITEMS_MAX {
                    return Ok(self.refuse(Refusal::TooMuch));
                }
                let items: Vec<Incoming> = items.iter().map(|bytes| envelope(bytes)).collect();
                // What is given back moves nobody on.
                let answer = self.answer_to(id, profile, &[]);
                let by = Bringer::Returning(profile);
                Ok(append((agency, by), items, now, answer))
            }
            (Stage::Ready { agency, profile }, ClientFrame::Compare { id, streams }) => {
                if streams.len() > COMPARE_STREAMS_MAX {
                    return Ok(self.refuse(Refusal::TooMuch));
                }
                let Some(roster) = heard(read, rosters, agency, profile)? else {
                    return Ok(self.refuse(Refusal::Unauthorised));
                };
                let asker = Asker::new(&roster, profile);
                let frames = restore::compare(id, &asker, streams, read)?;
                Ok(frames.into_iter().map(Action::Send).collect())
            }
            (
                Stage::Ready { agency, .. },
                ClientFrame::Witness {
                    id,
                    checkpoint,
                    cursors,
                },
            ) => {
                if !restore::has_lost(&self.signer, &checkpoint, &cursors, read)? {
                    let renewed = false;
                    return Ok(vec![Action::Send(RelayFrame::Witnessed { id, renewed })]);
                }
                let by = Bringer::Witness(self.told, restore::next(self.told, self.nonce));
                let answer = Answer::Witnessed { id };
                Ok(append((agency, by), Vec::new(), now, answer))
            }
            _ => Ok(self.refuse(Refusal::OutOfTurn)),
        }
    }

    fn answer_to(&self, id: u32, by: ProfileId, items: &[Incoming]) -> Answer {
        Answer::Pushed {
            id,
            by,
            streams: items.iter().map(stream_of).collect(),
            places: Arc::clone(&self.places),
        }
    }

    fn refuse(&mut self, refusal: Refusal) -> Vec<Action> {
        self.stage = Stage::Closed;
        vec![Action::Send(RelayFrame::Refused { refusal }), Action::Close]
    }

    fn enroll(
        &mut self,
        enrolments: u8,
        agency: AgencyId,
        setup: Option<SetupToken>,
        items: Vec<ByteBuf>,
        now: Millis,
    ) -> Vec<Action> {
        if enrolments >= ENROLMENTS_MAX || items.len() > crate::enroll::ENROLL_ITEMS_MAX {
            return self.refuse(Refusal::TooMuch);
        }
        self.stage = Stage::Fresh {
            enrolments: enrolments + 1,
        };
        let items = items.iter().map(|bytes| envelope(bytes)).collect();
        let append = Append {
            agency,
            by: Bringer::Stranger(setup),
            items,
            at: now,
        };
        vec![Action::Append(append, Answer::Enrolled)]
    }

    fn hello(
        &mut self,
        agency: AgencyId,
        profile: ProfileId,
        signature: &[u8],
        read: &dyn Read,
        rosters: &Rosters,
    ) -> Stored<Vec<Action>> {
        let roster = heard(read, rosters, agency, profile)?;
        let certificate = roster.as_ref().and_then(|roster| roster.heard(profile));
        // Without a certificate the same work is done on a key that nobody holds: the relay's own.
        let key = certificate.map_or(self.signer.key().0, |Certificate { transport, .. }| {
            *transport
        });
        let message = auth_message(self.signer.key(), agency, profile, self.nonce);
        let signed = signed_by(&key, &message, signature);
        match roster {
            Some(roster) if signed => {
                self.stage = Stage::Ready { agency, profile };
                let asker = Asker::new(&roster, profile);
                Ok(vec![Action::Join(asker), Action::Send(RelayFrame::Welcome)])
            }
            _ => Ok(self.refuse(Refusal::Unauthorised)),
        }
    }

    fn pull(
        &mut self,
        id: u32,
        scope: Scope,
        (roster, profile): (&Roster, ProfileId),
        now: Millis,
        read: &dyn Read,
    ) -> Stored<Vec<Action>> {
        let mut asker = Asker::new(roster, profile);
        let asked = match scope {
            Scope::Recovery(cursors) => match Asker::restoring(roster, profile) {
                Some(all) => {
                    asker = all;
                    (cursors, false)
                }
                None => return Ok(self.refuse(Refusal::Unauthorised)),
            },
            Scope::All(cursors) => (cursors, false),
            Scope::Only(cursors) => (cursors, true),
            Scope::Check(theirs) => {
                let cursors = asker.cursors(read)?;
                let ours = cursors.fingerprint();
                if mark(&ours) == theirs {
                    self.places.told(profile, cursors);
                    let checkpoint = self.signer.checkpoint(self.nonce, now, ours).into_word();
                    let answer = RelayFrame::Checkpoint { id, checkpoint };
                    return Ok(vec![Action::Send(answer)]);
                }
                let Some(known) = self.places.at(profile, theirs) else {
                    return Ok(vec![Action::Send(RelayFrame::Stale { id })]);
                };
                (known, false)
            }
        };
        let signing = (Arc::clone(&self.signer), self.nonce);
        let planned = Pull::plan(id, &asker, asked, roster, read, signing)?;
        Ok(match planned {
            Ok(pull) => vec![Action::Pull(Box::new(pull.telling(&self.places)))],
            Err(refusal) => self.refuse(refusal),
        })
    }
}

fn append(
    (agency, by): (AgencyId, Bringer),
    items: Vec<Incoming>,
    at: Millis,
    answer: Answer,
) -> Vec<Action> {
    let append = Append {
        agency,
        by,
        items,
        at,
    };
    vec![Action::Append(append, answer)]
}

/// The roster, if the profile may speak to us.
fn heard(
    read: &dyn Read,
    rosters: &Rosters,
    agency: AgencyId,
    profile: ProfileId,
) -> Stored<Option<Arc<Roster>>> {
    Ok(rosters
        .of(read, agency)?
        .filter(|roster| roster.heard(profile).is_some()))
}

fn incoming(item: Item) -> Incoming {
    match item {
        Item::Envelope(bytes) => envelope(&bytes),
        Item::Grant(grant) => Incoming::Grant(grant),
    }
}

fn stream_of(item: &Incoming) -> Option<StreamId> {
    match item {
        Incoming::Envelope(envelope) => Some(envelope.header().stream),
        Incoming::Grant(_) | Incoming::Unfit(_) => None,
    }
}

/// Signatures are checked here and not in the writer: connections do it side by side.
fn envelope(bytes: &[u8]) -> Incoming {
    match Envelope::decode(bytes).map(Envelope::verify) {
        Ok(Ok(verified)) => Incoming::Envelope(Box::new(verified)),
        Ok(Err(_)) => Incoming::Unfit(Refusal::Unauthorised),
        Err(satchel_wire::WireError::Version(_)) => Incoming::Unfit(Refusal::Version),
        Err(_) => Incoming::Unfit(Refusal::Malformed),
    }
}
