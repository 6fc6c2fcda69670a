//! The one thread that writes. Owns the order of things: up to [`GROUP_MAX`] pushes, or what comes
//! within [`GROUP_MS_MAX`], go into one transaction, and only after its COMMIT is anybody answered or
//! hinted. A store that breaks ends the writer: nothing is acknowledged after that.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use satchel_wire::{Outcome, frame::FRAME_LEN_MAX};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::warn;

use crate::{
    append::{Append, Appended, Incoming},
    folds::Folds,
    hub::SessionKey,
    metrics::Metrics,
    store::{Store, StoreError},
};

/// The most pushes in one transaction.
pub const GROUP_MAX: usize = 64;
/// How long a transaction waits for company, in milliseconds.
pub const GROUP_MS_MAX: u64 = 2;
/// The most that waits for the writer, in KiB; whoever brings more waits.
const WAITING_KIB_MAX: u32 = 64 * 1024;
/// What the smallest push counts for, in KiB: bounds their number too.
const PUSH_KIB_MIN: u32 = 16;
/// How long a push waits for its turn.
const TURN_MS_MAX: u64 = 10_000;

struct Job {
    append: Append,
    from: SessionKey,
    answer: oneshot::Sender<Vec<Outcome>>,
    _room: OwnedSemaphorePermit,
}

/// A handle to the writer thread.
pub struct Writer {
    queue: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    room: Arc<Semaphore>,
    metrics: Arc<Metrics>,
}

impl Writer {
    /// Starts the thread. `announce` is told of each push once it is on disk, `on_broken` of a store
    /// that fails for good.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start<S: Store + Wal + Send + 'static>(
        store: S,
        metrics: Arc<Metrics>,
        announce: impl FnMut(SessionKey, &Appended) + Send + 'static,
        on_broken: impl FnOnce(&StoreError) + Send + 'static,
    ) -> Result<Self, std::io::Error> {
        // Never full: room is given out first, and each push takes its least.
        let (queue, jobs) = sync_channel((WAITING_KIB_MAX / PUSH_KIB_MIN) as usize);
        let counted = Arc::clone(&metrics);
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                if let Err(error) = write_all(store, &jobs, &counted, announce) {
                    on_broken(&error);
                }
            })?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
            room: Arc::new(Semaphore::new(WAITING_KIB_MAX as usize)),
            metrics,
        })
    }

    /// Writes, and answers once that is on disk.
    pub async fn append(&self, from: SessionKey, append: Append) -> Vec<Outcome> {
        let unavailable = append.unavailable();
        if let Some(outcomes) = self.queue(from, append).await {
            return outcomes;
        }
        self.metrics.answered(&unavailable);
        unavailable
    }

    /// `None` if the writer has no room in time, or has ended.
    async fn queue(&self, from: SessionKey, append: Append) -> Option<Vec<Outcome>> {
        let turn = Duration::from_millis(TURN_MS_MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(kib(&append));
        let room = tokio::time::timeout(turn, room).await.ok()?.ok()?;
        let (answer, answered) = oneshot::channel();
        let job = Job {
            append,
            from,
            answer,
            _room: room,
        };
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()?;
        // Counted before it can be taken off again.
        self.metrics.queued.up();
        if queue.try_send(job).is_err() {
            self.metrics.queued.down();
            return None;
        }
        answered.await.ok()
    }

    /// Takes nothing more, and returns when all that was taken is on disk.
    pub async fn finish(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// A store that can tell how long its write-ahead log is.
pub trait Wal {
    /// In bytes.
    fn wal_len(&self) -> u64;
}

impl Wal for crate::sqlite::SqliteStore {
    fn wal_len(&self) -> u64 {
        Self::wal_len(self)
    }
}

fn kib(append: &Append) -> u32 {
    let len: usize = append
        .items
        .iter()
        .map(|item| match item {
            Incoming::Envelope(envelope) => envelope.body().len() + 512,
            Incoming::Grant(grant) => grant.sealed.len() + 128,
            Incoming::Unfit(_) => 16,
        })
        .sum();
    // No push is longer than a message, whatever overhead is counted.
    u32::try_from(len.min(2 * FRAME_LEN_MAX) / 1024)
        .unwrap_or(0)
        .max(PUSH_KIB_MIN)
}

fn write_all<S: Store + Wal>(
    mut store: S,
    jobs: &Receiver<Job>,
    metrics: &Metrics,
    mut announce: impl FnMut(SessionKey, &Appended),
) -> Result<(), StoreError> {
    let mut folds = Folds::default();
    while let Some(group) = next_group(jobs) {
        let began = Instant::now();
        let written = store.write(|write| {
            group
                .iter()
                .map(|job| job.append.run(write, &mut folds))
                .collect::<Result<Vec<_>, _>>()
        });
        for _ in &group {
            metrics.queued.down();
        }
        match written {
            Ok(all) => {
                metrics.committed(began.elapsed(), store.wal_len());
                for (job, mut done) in group.into_iter().zip(all) {
                    let outcomes = std::mem::take(&mut done.outcomes);
                    metrics.answered(&outcomes);
                    announce(job.from, &done);
                    // Whoever asked may be gone; what they brought stays.
                    let _ = job.answer.send(outcomes);
                }
            }
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) => {
                warn!(?error, pushes = group.len(), "nothing could be written");
                folds.forget();
                for job in group {
                    let outcomes = job.append.unavailable();
                    metrics.answered(&outcomes);
                    let _ = job.answer.send(outcomes);
                }
            }
        }
    }
    Ok(())
}

fn next_group(jobs: &Receiver<Job>) -> Option<Vec<Job>> {
    let mut group = vec![jobs.recv().ok()?];
    let until = Instant::now() + Duration::from_millis(GROUP_MS_MAX);
    while group.len() < GROUP_MAX {
        match jobs.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(job) => group.push(job),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    Some(group)
}
