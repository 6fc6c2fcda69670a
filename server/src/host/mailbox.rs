//! What each connection has yet to be told. Owns the bound: streams are put together until the
//! connection gets to them, and of very many some are left out, since any hint leads to a pull.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use satchel_wire::StreamId;
use tokio::sync::Notify;

use crate::hub::SessionKey;

/// The most streams that one hint names.
const STREAMS_MAX: usize = 1024;

/// One connection's.
#[derive(Default)]
pub(crate) struct Mailbox {
    streams: Mutex<BTreeSet<StreamId>>,
    filled: Notify,
}

/// All connections'.
#[derive(Default)]
pub(crate) struct Mailboxes(Mutex<BTreeMap<SessionKey, Arc<Mailbox>>>);

impl Mailbox {
    /// What is new, as soon as something is.
    pub(crate) async fn take(&self) -> Vec<StreamId> {
        loop {
            let filled = self.filled.notified();
            let streams = std::mem::take(&mut *lock(&self.streams));
            if !streams.is_empty() {
                return streams.into_iter().collect();
            }
            filled.await;
        }
    }
}

impl Mailboxes {
    pub(crate) fn open(&self, session: SessionKey) -> Arc<Mailbox> {
        Arc::clone(lock(&self.0).entry(session).or_default())
    }

    pub(crate) fn close(&self, session: SessionKey) {
        lock(&self.0).remove(&session);
    }

    pub(crate) fn put(&self, session: SessionKey, streams: BTreeSet<StreamId>) {
        let Some(mailbox) = lock(&self.0).get(&session).map(Arc::clone) else {
            return;
        };
        let mut waiting = lock(&mailbox.streams);
        for stream in streams {
            if waiting.len() >= STREAMS_MAX {
                break;
            }
            waiting.insert(stream);
        }
        drop(waiting);
        mailbox.filled.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
