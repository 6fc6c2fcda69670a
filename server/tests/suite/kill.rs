//! What was acknowledged is there: a real relay is killed at random moments while devices push, and
//! afterwards every acknowledged envelope stands in its log once, where its acknowledgement said.
//!
//! SIGKILL takes the process, not the machine: this shows the order of commit and answer, and says
//! nothing about a disk that lies about its cache.
//! `SATCHEL_KILLS` and `SATCHEL_PUSHES` make it longer.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use satchel_wire::{
    Cursor, Cursors, Envelope, EnvelopeId, EpochId, Kind, Outcome, Scope, Verified,
};
use tokio::sync::watch;

use crate::{
    common::{Agency, Chain, Replica, envelopes},
    process::{Client, Gone, Process},
};

/// The most envelopes in one push.
const BATCH_MAX: u64 = 4;
const BODY_LEN_MAX: u64 = 6_000;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn random(below: u64) -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_le_bytes(bytes) % below
}

/// What all pushers share.
struct Run {
    agency: Agency,
    epoch: EpochId,
    relay: watch::Receiver<SocketAddr>,
    /// Pushes acknowledged.
    pushes: AtomicU64,
    pushes_wanted: u64,
    /// Envelopes that were on disk though their first acknowledgement was lost; a lower bound.
    unheard: AtomicU64,
    acknowledged: Mutex<BTreeMap<EnvelopeId, Cursor>>,
}

/// Pushes until there are enough; after each death it brings the very same again.
async fn pusher(run: Arc<Run>, mut chain: Chain<'_>) {
    let mut waiting: Vec<Verified> = Vec::new();
    let (mut retried, mut id) = (false, 0);
    'connections: while run.pushes.load(SeqCst) < run.pushes_wanted || !waiting.is_empty() {
        let address = *run.relay.borrow();
        let signed_in = Client::sign_in(address, run.agency.id, chain.signer).await;
        let mut client = match signed_in {
            Ok(client) => client,
            Err(Gone) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            }
        };
        while run.pushes.load(SeqCst) < run.pushes_wanted || !waiting.is_empty() {
            if waiting.is_empty() {
                waiting = (0..=random(BATCH_MAX))
                    .map(|_| {
                        let mut body = vec![0; usize::try_from(1 + random(BODY_LEN_MAX)).unwrap()];
                        getrandom::fill(&mut body).unwrap();
                        chain.write(run.epoch, &body)
                    })
                    .collect();
                retried = false;
            }
            id += 1;
            let sent_after = run
                .acknowledged
                .lock()
                .unwrap()
                .values()
                .map(|c| c.seq)
                .max();
            let Ok(outcomes) = client.push(id, envelopes(&waiting)).await else {
                retried = true;
                continue 'connections;
            };
            assert_eq!(outcomes.len(), waiting.len());
            let mut acknowledged = run.acknowledged.lock().unwrap();
            for (envelope, outcome) in waiting.drain(..).zip(outcomes) {
                let Outcome::Stored(cursor) = outcome else {
                    panic!("{outcome:?}")
                };
                if retried && sent_after.is_some_and(|seq| cursor.seq <= seq) {
                    run.unheard.fetch_add(1, SeqCst);
                }
                assert!(acknowledged.insert(envelope.id(), cursor).is_none());
            }
            run.pushes.fetch_add(1, SeqCst);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_the_process() {
    let (kills, pushes_wanted) = (number("SATCHEL_KILLS", 2), number("SATCHEL_PUSHES", 200));
    let began = Instant::now();
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("satchel.db");
    let mut process = Process::start(&db, true);
    let link = process.link.clone().unwrap();

    let agency = Agency::new("a", link.relay);
    let mut client = Client::connect(process.address).await.unwrap();
    client.ask(&agency.enroll(Some(link.token))).await.unwrap();
    let mut client = Client::sign_in(process.address, agency.id, &agency.admin)
        .await
        .unwrap();
    let members = [agency.admin.id(), agency.worker.id()];
    let (stream, epoch, begin) = agency.begin(&agency.admin, "case", &members);
    let outcomes = client
        .push(1, envelopes(&[agency.certify_worker(), begin]))
        .await
        .unwrap();
    assert!(
        matches!(outcomes[..], [Outcome::Stored(_), Outcome::Stored(_)]),
        "{outcomes:?}"
    );
    drop(client);

    let (moved, relay) = watch::channel(process.address);
    let run = Arc::new(Run {
        agency,
        epoch,
        relay,
        pushes: AtomicU64::new(0),
        pushes_wanted,
        unheard: AtomicU64::new(0),
        acknowledged: Mutex::default(),
    });
    let pushers: Vec<_> = (0..4)
        .map(|writer| {
            let run = Arc::clone(&run);
            tokio::spawn(async move {
                let of = Arc::clone(&run);
                let signer = if writer % 2 == 0 {
                    &of.agency.admin
                } else {
                    &of.agency.worker
                };
                let chain = signer.chain(of.agency.id, stream, &format!("writer {writer}"));
                pusher(run, chain).await;
            })
        })
        .collect();

    // Spread over the run, each at a random push of its share and a random moment after it.
    for kill in 0..kills {
        let share = (pushes_wanted / kills.max(1)).max(1);
        let after = (kill * share + random(share)).min(pushes_wanted.saturating_sub(8));
        while run.pushes.load(SeqCst) < after {
            assert!(
                !pushers.iter().any(tokio::task::JoinHandle::is_finished),
                "a pusher gave up"
            );
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        tokio::time::sleep(Duration::from_micros(random(4_000))).await;
        process.kill();
        process = Process::start(&db, false);
        moved.send(process.address).unwrap();
    }
    for pusher in pushers {
        pusher.await.unwrap();
    }

    let acknowledged = std::mem::take(&mut *run.acknowledged.lock().unwrap());
    let mut client = Client::sign_in(process.address, run.agency.id, &run.agency.worker)
        .await
        .unwrap();
    let mut replica = Replica::default();
    // Verifies each signature, that places are dense, and that `h` chained on anew is what the relay
    // signs in its checkpoint.
    replica.take(&client.pull(Scope::All(Cursors::default())).await.unwrap());
    assert_eq!(replica.checkpoints, 1);

    let (mut here, mut seen) = (Cursor::default(), BTreeMap::new());
    let mut chains: BTreeMap<_, (u64, EnvelopeId)> = BTreeMap::new();
    for bytes in &replica.envelopes[&stream] {
        let envelope = Envelope::decode(bytes).unwrap().verify().unwrap();
        let header = envelope.header();
        here = here.next(envelope.id());
        if header.kind == Kind::Change {
            assert!(
                seen.insert(envelope.id(), here).is_none(),
                "twice: {:?}",
                envelope.id()
            );
        }
        let (n, head) = chains
            .entry((header.author, header.chain))
            .or_insert((0, EnvelopeId::ZERO));
        assert_eq!(
            (header.n, header.prev),
            (*n + 1, *head),
            "a chain has a gap"
        );
        (*n, *head) = (header.n, envelope.id());
    }
    assert_eq!(
        here,
        Cursor {
            registers: 0,
            ..replica.cursor(stream)
        }
    );
    // Nothing was left waiting, so that what stands there and what was acknowledged are the same.
    assert_eq!(seen, acknowledged);
    assert!(run.pushes.load(SeqCst) >= pushes_wanted);
    println!(
        "{kills} kills, {} pushes acknowledged, {} envelopes, of which at least {} were on disk \
         though their first acknowledgement was lost; {:.1} s",
        run.pushes.load(SeqCst),
        acknowledged.len(),
        run.unheard.load(SeqCst),
        began.elapsed().as_secs_f64()
    );
}
