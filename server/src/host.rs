//! The network around the rules: listener, HTTP, WebSockets and what stands in for them, one writer thread, a few readers. Owns
//! the limits: whatever comes in is bounded in size, number and time, and nothing is acknowledged
//! before it is on disk.

mod gate;
mod line;
mod mailbox;
mod readers;
mod routes;
mod socket;
mod writer;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use satchel_wire::Millis;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tracing::{info, warn};

pub use self::writer::{GROUP_MAX, GROUP_MS_MAX, Wal, Writer};
use self::{gate::Gate, line::Lines, mailbox::Mailboxes, readers::Readers};
use crate::{
    append::Appended,
    folds::Rosters,
    hub::Hub,
    metrics::Metrics,
    places::Places,
    relay::settle_identity,
    signer::Signer,
    sqlite::SqliteStore,
    store::{Identity, StoreError},
};

/// How a relay is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database file.
    pub db: PathBuf,
    /// Whether a reverse proxy in front names the client in the last `X-Forwarded-For` entry.
    pub trusts_proxy: bool,
    /// The most sync connections.
    pub connections_max: usize,
    /// The most sync connections of one address (IPv6: of one /64).
    pub connections_per_address_max: usize,
    /// Time to authenticate.
    pub auth_ms_max: u64,
    /// Time for one frame to be taken off our hands.
    pub send_ms_max: u64,
    /// Time between pings.
    pub ping_ms: u64,
    /// Time after which a connection that says nothing, not even a pong, is closed.
    pub silence_ms_max: u64,
    /// Time for the headers of a request.
    pub header_ms_max: u64,
    /// Time to finish when stopping.
    pub drain_ms_max: u64,
}

impl Settings {
    /// The defaults for a database.
    pub fn new(db: PathBuf) -> Self {
        Self {
            db,
            trusts_proxy: false,
            connections_max: 10_000,
            connections_per_address_max: 256,
            auth_ms_max: 5_000,
            send_ms_max: 20_000,
            ping_ms: 30_000,
            silence_ms_max: 75_000,
            header_ms_max: 10_000,
            drain_ms_max: 10_000,
        }
    }
}

/// Why a relay does not start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Its store does not open.
    #[error("the database cannot be opened")]
    Store(#[from] StoreError),
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness")]
    Randomness(#[from] getrandom::Error),
    /// No thread, or no signal handler.
    #[error("the operating system refuses a thread or a socket")]
    System(#[from] std::io::Error),
}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) signer: Arc<Signer>,
    pub(crate) rosters: Arc<Rosters>,
    pub(crate) places: Arc<Places>,
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) hub: Arc<Mutex<Hub>>,
    pub(crate) mailboxes: Arc<Mailboxes>,
    pub(crate) gate: Gate,
    pub(crate) lines: Lines,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) opened: AtomicU64,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Shared {
    /// Done when the relay is to stop.
    pub(crate) async fn stops(&self) {
        let mut stopping = self.stopping.clone();
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}

/// A relay that is ready to be connected to.
pub struct Host {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
}

impl Host {
    /// Opens the store and starts the writer.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn open(settings: Settings) -> Result<Self, HostError> {
        let mut store = SqliteStore::open(&settings.db)?;
        let signer = Arc::new(settle_identity(&mut store, random_identity()?)?);
        let metrics = Arc::new(Metrics::default());
        let hub = Arc::new(Mutex::new(Hub::default()));
        let mailboxes = Arc::new(Mailboxes::default());
        let announce = {
            let (hub, mailboxes) = (Arc::clone(&hub), Arc::clone(&mailboxes));
            let (metrics, signer) = (Arc::clone(&metrics), Arc::clone(&signer));
            move |from, appended: &Appended| {
                if let Some(incarnation) = appended.renewed {
                    warn!(%incarnation, "the database is older than what was acknowledged");
                    signer.renew(incarnation);
                }
                let hints = hub
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .committed(from, appended);
                for (to, streams) in hints {
                    metrics.hints.add(u64::try_from(streams.len()).unwrap_or(0));
                    mailboxes.put(to, streams);
                }
            }
        };
        let writer = Writer::start(store, Arc::clone(&metrics), announce, stop_process)?;
        let (stop, stopping) = watch::channel(false);
        let readers = Readers::open(&settings.db)?;
        let gate = Gate::new(
            settings.connections_max,
            settings.connections_per_address_max,
        );
        let shared = Shared {
            settings,
            signer,
            rosters: Arc::default(),
            places: Arc::default(),
            readers,
            writer,
            hub,
            mailboxes,
            gate,
            lines: Lines::default(),
            metrics,
            opened: AtomicU64::new(0),
            stopping,
        };
        Ok(Self {
            shared: Arc::new(shared),
            stop,
        })
    }

    /// Serves until `until` is done, then finishes what is under way.
    pub async fn serve(self, listener: TcpListener, until: impl Future<Output = ()>) {
        let Self { shared, stop } = self;
        let router = routes::router(Arc::clone(&shared));
        // Pages and files besides sync connections; each is closed after its header time.
        let open = Arc::new(Semaphore::new(shared.settings.connections_max + 1024));
        tokio::pin!(until);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut until => break,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    warn!(%error, "no connection can be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let Ok(permit) = Arc::clone(&open).try_acquire_owned() else {
                shared.metrics.connections_refused.up();
                continue;
            };
            let (router, shared) = (router.clone(), Arc::clone(&shared));
            tokio::spawn(async move {
                serve_connection(stream, peer, router, &shared).await;
                drop(permit);
            });
        }
        drop(listener);
        info!("stopping");
        let _ = stop.send(true);
        let drained = async {
            shared.gate.emptied().await;
            shared.writer.finish().await;
        };
        let within = Duration::from_millis(shared.settings.drain_ms_max);
        if tokio::time::timeout(within, drained).await.is_err() {
            warn!("stopped before all connections had ended");
        }
        info!("stopped");
    }
}

/// The peer of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: axum::Router,
    shared: &Shared,
) {
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<_>| {
        request.extensions_mut().insert(Peer(peer));
        hyper::service::Service::call(&TowerToHyperService::new(router.clone()), request)
    });
    let mut connection = std::pin::pin!(
        hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_millis(shared.settings.header_ms_max))
            .max_buf_size(64 * 1024)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    // A browser that goes away in mid-request is no error of ours.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = shared.stops() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(Duration::from_secs(5), connection).await;
        }
    }
}

/// A new relay's identity.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn random_identity() -> Result<Identity, getrandom::Error> {
    let mut identity = Identity {
        seed: [0; 32],
        incarnation: satchel_wire::Incarnation::ZERO,
    };
    getrandom::fill(&mut identity.seed)?;
    getrandom::fill(&mut identity.incarnation.0)?;
    Ok(identity)
}

/// The relay's clock.
pub fn now() -> Millis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// After a failed fsync nobody knows what the disk holds: only a fresh start reads what is there.
fn stop_process(error: &StoreError) {
    tracing::error!(?error, "the store is broken: stopping at once");
    std::process::exit(74);
}
