//! Nothing is answered before it is on disk, nothing at all once the disk has failed, and the
//! write-ahead log does not grow for ever.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    time::Duration,
};

use satchel_server::{
    SqliteStore, Store, StoreError,
    append::{Append, Bringer, Incoming},
    host::{Wal, Writer},
    metrics::Metrics,
    store::{Read, SetupHash, Stored, Write},
};
use satchel_wire::{Outcome, RelayKey};

use crate::common::{Agency, NOW, TOKEN};

/// Says when it has committed, waits before that for a word, and breaks on demand.
struct Watched {
    inner: SqliteStore,
    go: mpsc::Receiver<()>,
    commits: Arc<AtomicUsize>,
    breaks: Arc<AtomicBool>,
}

impl Store for Watched {
    fn read<T>(&self, work: impl FnOnce(&dyn Read) -> Stored<T>) -> Stored<T> {
        self.inner.read(work)
    }

    fn write<T>(&mut self, work: impl FnOnce(&mut dyn Write) -> Stored<T>) -> Stored<T> {
        let breaks = self.breaks.load(SeqCst);
        let go = &self.go;
        let done = self.inner.write(|write| {
            let done = work(write)?;
            go.recv_timeout(Duration::from_secs(20))
                .expect("the test says when");
            if breaks {
                Err(StoreError::Damaged("by a test"))
            } else {
                Ok(done)
            }
        })?;
        self.commits.fetch_add(1, SeqCst);
        Ok(done)
    }
}

impl Wal for Watched {
    fn wal_len(&self) -> u64 {
        0
    }
}

struct Desk {
    writer: Writer,
    go: mpsc::Sender<()>,
    commits: Arc<AtomicUsize>,
    breaks: Arc<AtomicBool>,
    announced: Arc<AtomicUsize>,
    broken: Arc<Mutex<Option<String>>>,
}

fn desk() -> Desk {
    let mut inner = SqliteStore::open_in_memory().unwrap();
    inner
        .write(|write| write.keep_setup(SetupHash::from(TOKEN), NOW))
        .unwrap();
    let (go, held) = mpsc::channel();
    let (commits, breaks) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let (announced, broken) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(None)));
    let store = Watched {
        inner,
        go: held,
        commits: Arc::clone(&commits),
        breaks: Arc::clone(&breaks),
    };
    let (told, kept, seen) = (
        Arc::clone(&announced),
        Arc::clone(&broken),
        Arc::clone(&commits),
    );
    let announce = move |_, _: &_| {
        assert!(seen.load(SeqCst) > 0, "announced before it was committed");
        told.fetch_add(1, SeqCst);
    };
    let on_broken = move |error: &StoreError| *kept.lock().unwrap() = Some(error.to_string());
    let writer = Writer::start(store, Arc::new(Metrics::default()), announce, on_broken).unwrap();
    Desk {
        writer,
        go,
        commits,
        breaks,
        announced,
        broken,
    }
}

fn founding(agency: &Agency) -> Append {
    let items = agency
        .founding
        .iter()
        .cloned()
        .map(Box::new)
        .map(Incoming::Envelope)
        .collect();
    Append {
        agency: agency.id,
        by: Bringer::Stranger(Some(TOKEN)),
        items,
        at: NOW,
    }
}

#[tokio::test]
async fn an_answer_follows_the_commit_and_one_commit_serves_many() {
    let desk = desk();
    let agency = Agency::new("a", RelayKey::ZERO);
    let mut all = Box::pin(async {
        // Idempotent: the same founding thrice.
        tokio::join!(
            desk.writer.append(1, founding(&agency)),
            desk.writer.append(2, founding(&agency)),
            desk.writer.append(3, founding(&agency)),
        )
    });
    let waited = tokio::time::timeout(Duration::from_millis(200), &mut all).await;
    assert!(waited.is_err(), "answered before the commit");
    assert_eq!(
        (desk.commits.load(SeqCst), desk.announced.load(SeqCst)),
        (0, 0)
    );
    for _ in 0..3 {
        desk.go.send(()).unwrap();
    }
    let (one, two, three) = all.await;
    assert!(
        one.iter()
            .all(|outcome| matches!(outcome, Outcome::Stored(_))),
        "{one:?}"
    );
    assert_eq!((&one, &one), (&two, &three));
    let commits = desk.commits.load(SeqCst);
    assert!((1..=3).contains(&commits), "{commits} commits");
    desk.writer.finish().await;
    assert_eq!(desk.announced.load(SeqCst), 3);
    let late = desk.writer.append(1, founding(&agency)).await;
    assert_eq!(late, founding(&agency).unavailable());
}

#[tokio::test]
async fn a_broken_store_acknowledges_nothing_and_ends_the_writer() {
    let desk = desk();
    let agency = Agency::new("a", RelayKey::ZERO);
    desk.breaks.store(true, SeqCst);
    desk.go.send(()).unwrap();
    let answer = desk.writer.append(1, founding(&agency)).await;
    assert_eq!(answer, founding(&agency).unavailable());
    desk.writer.finish().await;
    assert!(desk.broken.lock().unwrap().is_some(), "nobody was told");
    assert_eq!(
        (desk.commits.load(SeqCst), desk.announced.load(SeqCst)),
        (0, 0)
    );
}

#[test]
fn the_write_ahead_log_is_cut_once_a_long_reader_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("satchel.db");
    let mut store = SqliteStore::open(&path).unwrap();
    let agency = Agency::new("a", RelayKey::ZERO);
    let (stream, epoch, begin) = agency.begin(&agency.admin, "case", &[agency.admin.id()]);
    store
        .write(|write| {
            write.begin(stream, agency.id)?;
            write.append(&begin, NOW)
        })
        .unwrap();
    let mut chain = agency.admin.chain(agency.id, stream, "work");
    let mut write = |store: &mut SqliteStore| {
        let envelopes: Vec<_> = (0..10).map(|_| chain.write(epoch, &[7; 200_000])).collect();
        store
            .write(|write| {
                envelopes
                    .iter()
                    .try_for_each(|one| write.append(one, NOW).map(drop))
            })
            .unwrap();
    };
    let reader = SqliteStore::open_reader(&path).unwrap();
    let began = std::time::Instant::now();
    reader
        .read(|read| {
            read.totals()?;
            for _ in 0..20 {
                write(&mut store);
            }
            Ok(())
        })
        .unwrap();
    let grown = store.wal_len();
    assert!(grown > 32 << 20, "the reader did not hold it: {grown}");
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "writes wait for the reader"
    );
    // Comes back when it has grown by as much again.
    for _ in 0..10 {
        write(&mut store);
    }
    assert!(store.wal_len() <= 16 << 20, "{}", store.wal_len());
    assert!(!dir.path().join("copy.db").exists());
    reader.copy_to(&dir.path().join("copy.db")).unwrap();
    #[cfg(unix)]
    for file in [
        &path,
        &path.with_extension("db-wal"),
        &dir.path().join("copy.db"),
    ] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{} is for its owner alone", file.display());
    }
    let copy = SqliteStore::open_reader(&dir.path().join("copy.db")).unwrap();
    let totals = |store: &SqliteStore| store.read(|read| read.totals()).unwrap();
    assert_eq!(totals(&copy), totals(&store));
}
