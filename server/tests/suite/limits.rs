//! What the network may not do to a relay: come in crowds, keep silent, send too much, or not read.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::{SinkExt as _, StreamExt as _};
use satchel_server::{Host, Settings};
use satchel_wire::{Cursors, Outcome, Scope};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::oneshot,
};
use tokio_tungstenite::{
    client_async, connect_async,
    tungstenite::{Error, Message},
};

use crate::{
    common::{Agency, TOKEN, envelopes, hello},
    process::Client,
};

struct Running {
    address: SocketAddr,
    relay: satchel_wire::RelayKey,
    _dir: tempfile::TempDir,
    _stop: oneshot::Sender<()>,
}

async fn serve(change: impl FnOnce(&mut Settings)) -> Running {
    use satchel_server::{SqliteStore, Store as _, relay::settle_identity, store::SetupHash};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("satchel.db");
    let mut store = SqliteStore::open(&path).unwrap();
    let fresh = satchel_server::host::random_identity().unwrap();
    let relay = settle_identity(&mut store, fresh).unwrap().key();
    store
        .write(|write| write.keep_setup(SetupHash::from(TOKEN), crate::common::NOW))
        .unwrap();
    drop(store);
    let mut settings = Settings::new(path);
    change(&mut settings);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let host = Host::open(settings).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(host.serve(listener, async move {
        let _ = stopped.await;
    }));
    Running {
        address,
        relay,
        _dir: dir,
        _stop: stop,
    }
}

async fn metric(address: SocketAddr, name: &str) -> u64 {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = b"GET /metrics HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n";
    socket.write_all(request).await.unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    line.trim().parse().unwrap()
}

#[tokio::test]
async fn whoever_does_not_prove_itself_in_time_is_closed() {
    let running = serve(|settings| settings.auth_ms_max = 150).await;
    let began = Instant::now();
    let mut client = Client::connect(running.address).await.unwrap();
    assert!(client.any().await.is_err());
    let took = began.elapsed();
    assert!((100..5_000).contains(&took.as_millis()), "{took:?}");
    assert_eq!(
        metric(running.address, "satchel_auth_failed_total ").await,
        1
    );
}

#[tokio::test]
async fn headers_that_do_not_end_are_not_waited_for() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let running = serve(|settings| settings.header_ms_max = 150).await;
    let mut socket = tokio::net::TcpStream::connect(running.address)
        .await
        .unwrap();
    socket
        .write_all(b"GET / HTTP/1.1\r\nHost: re")
        .await
        .unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(10), socket.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection stays open");
}

#[tokio::test]
async fn one_address_gets_so_many_connections_and_no_more() {
    let running = serve(|settings| settings.connections_per_address_max = 2).await;
    let first = Client::connect(running.address).await.unwrap();
    let _second = Client::connect(running.address).await.unwrap();
    let third = connect_async(format!("ws://{}/sync", running.address)).await;
    assert!(matches!(third, Err(Error::Http(response)) if response.status() == 429));
    drop(first);
    let until = Instant::now() + Duration::from_secs(10);
    while Client::connect(running.address).await.is_err() {
        assert!(Instant::now() < until, "the place is not given back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_message_over_the_limit_ends_the_connection() {
    let running = serve(|_| {}).await;
    let (mut socket, _) = connect_async(format!("ws://{}/sync", running.address))
        .await
        .unwrap();
    assert!(matches!(socket.next().await, Some(Ok(Message::Binary(_)))));
    let _ = socket
        .send(Message::Binary(vec![0; 512 * 1024 + 1].into()))
        .await;
    let ended = async {
        while let Some(Ok(message)) = socket.next().await {
            assert!(!matches!(message, Message::Binary(_)), "{message:?}");
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ended)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_read_is_closed_and_holds_up_nobody() {
    let running = serve(|settings| settings.send_ms_max = 300).await;
    let agency = Agency::new("a", running.relay);
    let mut client = Client::connect(running.address).await.unwrap();
    client.ask(&agency.enroll(Some(TOKEN))).await.unwrap();
    let mut client = Client::sign_in(running.address, agency.id, &agency.admin)
        .await
        .unwrap();
    let (stream, epoch, begin) = agency.begin(&agency.admin, "case", &[agency.admin.id()]);
    client.push(1, envelopes(&[begin])).await.unwrap();
    let mut chain = agency.admin.chain(agency.id, stream, "work");
    for id in 0..32 {
        let two = [0, 1].map(|n| chain.write(epoch, &vec![n; 240 * 1024]));
        let outcomes = client.push(id, envelopes(&two)).await.unwrap();
        assert!(
            outcomes
                .iter()
                .all(|outcome| matches!(outcome, Outcome::Stored(_)))
        );
    }

    // A small receive buffer: little of 15 MB fits between the two ends.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 * 1024).unwrap();
    let stream = socket.connect(running.address).await.unwrap();
    let (mut deaf, _) = client_async(format!("ws://{}/sync", running.address), stream)
        .await
        .unwrap();
    let frame = |frame: &satchel_wire::ClientFrame| Message::Binary(frame.encode().into());
    let Some(Ok(Message::Binary(challenge))) = deaf.next().await else {
        panic!("no challenge")
    };
    let challenge = satchel_wire::RelayFrame::decode(&challenge).unwrap();
    deaf.send(frame(&hello(&challenge, agency.id, &agency.admin)))
        .await
        .unwrap();
    let all = Scope::All(Cursors::default());
    deaf.send(frame(&satchel_wire::ClientFrame::Pull {
        id: 1,
        scope: all.clone(),
    }))
    .await
    .unwrap();

    // Meanwhile another one is served whole.
    let frames = client.pull(all).await.unwrap();
    assert!(frames.len() > 30);
    let until = Instant::now() + Duration::from_secs(20);
    while metric(running.address, "satchel_slow_readers_closed_total ").await == 0 {
        assert!(
            Instant::now() < until,
            "the deaf one is still being waited for"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(deaf);
}
