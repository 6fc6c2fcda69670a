//! A few read connections to the database, each used by one piece of work at a time, off the threads
//! that serve sockets. Owns the bound on reads side by side; no transaction outlives a piece of work.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Semaphore;

use crate::{sqlite::SqliteStore, store::Stored};

/// How many read at once.
const READERS: usize = 4;

/// The read connections.
pub(crate) struct Readers {
    free: Arc<Mutex<Vec<SqliteStore>>>,
    turns: Arc<Semaphore>,
}

/// Gives a connection back, also when the work panics.
struct Lent {
    store: Option<SqliteStore>,
    free: Arc<Mutex<Vec<SqliteStore>>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(store) = self.store.take() {
            self.free
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(store);
        }
    }
}

impl Readers {
    pub(crate) fn open(path: &Path) -> Stored<Self> {
        let stores = (0..READERS)
            .map(|_| SqliteStore::open_reader(path))
            .collect::<Stored<Vec<_>>>()?;
        Ok(Self {
            free: Arc::new(Mutex::new(stores)),
            turns: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Runs `work` on a connection; `None` if it panicked or the relay is stopping.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SqliteStore) -> T + Send + 'static,
    ) -> Option<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        let free = Arc::clone(&self.free);
        let done = tokio::task::spawn_blocking(move || {
            let store = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let lent = Lent { store, free };
            let done = lent.store.as_ref().map(work);
            drop(lent);
            drop(turn);
            done
        });
        done.await.ok().flatten()
    }
}
