//! One connection: feeds a [`Session`], carries out its actions in order, and closes whoever is
//! silent, slow or late. Takes one frame at a time: the next is read when the last is answered, so a
//! connection has at most one push with the writer and one frame of a pull in memory.

use std::{
    pin::{Pin, pin},
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use axum::extract::ws::{CloseFrame, Message, close_code};
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use satchel_wire::{Nonce, Refusal, RelayFrame};
use tokio::time::{Instant, timeout};
use tracing::{debug, error};

use super::{Shared, now};
use crate::{
    hub::SessionKey,
    session::{Action, Session},
    store::{Store as _, StoreError},
};

/// Why a conversation ends.
#[derive(Debug)]
enum End {
    /// The other side left, or the network did.
    Gone,
    /// Refused, and told so.
    Refused,
    /// Not authenticated in time.
    Late,
    /// Did not read, or said nothing for too long.
    Slow,
    /// The relay stops.
    Stopping,
    /// The store cannot be read.
    Unavailable,
}

struct Conversation<'a, K> {
    shared: &'a Arc<Shared>,
    key: SessionKey,
    sink: Pin<Box<K>>,
    session: Option<Session>,
}

/// Speaks into `sink` and hears from `stream` until one of them, or the relay, has had enough.
pub(super) async fn converse<E>(
    shared: &Arc<Shared>,
    sink: impl Sink<Message>,
    stream: impl Stream<Item = Result<Message, E>>,
) {
    let mut nonce = Nonce::ZERO;
    if let Err(error) = getrandom::fill(&mut nonce.0) {
        error!(%error, "no randomness for a challenge");
        return;
    }
    let key = shared.opened.fetch_add(1, Ordering::Relaxed) + 1;
    shared.metrics.connections.up();
    let session = Some(Session::new(
        Arc::clone(&shared.signer),
        Arc::clone(&shared.places),
        nonce,
    ));
    let mut conversation = Conversation {
        shared,
        key,
        sink: Box::pin(sink),
        session,
    };
    let end = conversation.run(pin!(stream)).await;
    shared
        .hub
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .leave(key);
    shared.mailboxes.close(key);
    shared.metrics.connections.down();
    if conversation.is_ready() {
        shared.metrics.ready.down();
    }
    debug!(connection = key, ?end, "connection ended");
    conversation.close(&end).await;
}

impl<K: Sink<Message>> Conversation<'_, K> {
    async fn run<E>(
        &mut self,
        mut stream: Pin<&mut impl Stream<Item = Result<Message, E>>>,
    ) -> End {
        let shared = Arc::clone(self.shared);
        let settings = &self.shared.settings;
        let mailbox = self.shared.mailboxes.open(self.key);
        let auth = Duration::from_millis(settings.auth_ms_max);
        let silence = Duration::from_millis(settings.silence_ms_max);
        let mut pings = tokio::time::interval(Duration::from_millis(settings.ping_ms));
        pings.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        pings.reset();
        let mut auth_by = Instant::now() + auth;
        if let Some(challenge) = self.session.as_ref().map(Session::challenge)
            && let Err(end) = self.send(&challenge).await
        {
            return end;
        }
        let mut heard = Instant::now();
        loop {
            let late = tokio::time::sleep_until(auth_by);
            let step = tokio::select! {
                biased;
                () = shared.stops() => Err(End::Stopping),
                () = late, if !self.is_ready() => {
                    self.shared.metrics.auth_failed.up();
                    Err(End::Late)
                }
                message = stream.next() => {
                    heard = Instant::now();
                    let step = self.take(message).await;
                    // After an enrolment there is time again to say hello.
                    auth_by = auth_by.max(Instant::now() + auth / 2);
                    step
                }
                streams = mailbox.take(), if self.is_ready() => {
                    self.send(&RelayFrame::Hint { streams }).await
                }
                _ = pings.tick() => {
                    if heard.elapsed() > silence {
                        Err(End::Slow)
                    } else {
                        self.send_message(Message::Ping(Default::default())).await
                    }
                }
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    fn is_ready(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_ready)
    }

    async fn take<E>(&mut self, message: Option<Result<Message, E>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Binary(bytes))) => {
                self.shared.metrics.frames_in.up();
                self.shared.metrics.bytes_in.add(bytes.len() as u64);
                self.handle(bytes.into()).await
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Text(_))) => {
                self.send(&RelayFrame::Refused {
                    refusal: Refusal::Malformed,
                })
                .await?;
                Err(End::Refused)
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
        }
    }

    async fn handle(&mut self, bytes: Vec<u8>) -> Result<(), End> {
        let Some(mut session) = self.session.take() else {
            return Err(End::Unavailable);
        };
        let was_ready = session.is_ready();
        let rosters = Arc::clone(&self.shared.rosters);
        let work = move |store: &crate::sqlite::SqliteStore| {
            let at = now();
            let actions = store.read(|read| session.handle(&bytes, at, read, &rosters));
            (session, actions)
        };
        let Some((session, actions)) = self.shared.readers.run(work).await else {
            return Err(End::Unavailable);
        };
        match (was_ready, session.is_ready()) {
            (false, true) => self.shared.metrics.ready.up(),
            (true, false) => self.shared.metrics.ready.down(),
            (false, false) if session.is_closed() => self.shared.metrics.auth_failed.up(),
            _ => {}
        }
        self.session = Some(session);
        for action in actions.map_err(unreadable)? {
            self.act(action).await?;
        }
        Ok(())
    }

    async fn act(&mut self, action: Action) -> Result<(), End> {
        match action {
            Action::Send(frame) => self.send(&frame).await,
            Action::Join(asker) => {
                let mut hub = self
                    .shared
                    .hub
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                hub.join(self.key, asker);
                Ok(())
            }
            Action::Append(append, answer) => {
                let outcomes = self.shared.writer.append(self.key, append).await;
                self.send(&answer.frame(outcomes)).await
            }
            Action::Pull(mut pull) => loop {
                let work = move |store: &crate::sqlite::SqliteStore| {
                    let at = now();
                    let frame = store.read(|read| pull.next(read, at));
                    (pull, frame)
                };
                let Some((rest, frame)) = self.shared.readers.run(work).await else {
                    return Err(End::Unavailable);
                };
                pull = rest;
                match frame.map_err(unreadable)? {
                    Some(frame) => self.send(&frame).await?,
                    None => return Ok(()),
                }
            },
            Action::Close => Err(End::Refused),
        }
    }

    async fn send(&mut self, frame: &RelayFrame) -> Result<(), End> {
        let bytes = frame.encode();
        self.shared.metrics.frames_out.up();
        self.shared.metrics.bytes_out.add(bytes.len() as u64);
        self.send_message(Message::Binary(bytes.into())).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), End> {
        let within = Duration::from_millis(self.shared.settings.send_ms_max);
        match timeout(within, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => {
                self.shared.metrics.slow_closed.up();
                Err(End::Slow)
            }
        }
    }

    async fn close(&mut self, end: &End) {
        let code = match end {
            End::Gone | End::Slow => return,
            End::Refused | End::Late => close_code::POLICY,
            End::Stopping => close_code::AWAY,
            End::Unavailable => close_code::AGAIN,
        };
        let frame = CloseFrame {
            code,
            reason: Default::default(),
        };
        let _ = timeout(
            Duration::from_secs(1),
            self.sink.send(Message::Close(Some(frame))),
        )
        .await;
    }
}

fn unreadable(error: StoreError) -> End {
    error!(?error, "the store cannot be read");
    if error.is_fatal() {
        super::stop_process(&error);
    }
    End::Unavailable
}
