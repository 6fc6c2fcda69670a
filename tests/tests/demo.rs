//! The demo agency at a real relay on a free port: what it promises to show is there, and its links
//! can be used.
#![allow(missing_docs, reason = "tests")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use satchel_core::{
    api::{Reply, Request},
    link::InviteLink,
};
use satchel_server::{
    Host, Settings, SqliteStore, Store as _, relay::settle_identity, store::SetupHash,
};
use satchel_tests::{
    demo::{self, Size},
    socket::Tablet,
    wishes,
};
use satchel_wire::{SetupToken, link::SetupLink};
use tokio::{net::TcpListener, sync::oneshot};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_agency_has_what_it_is_to_show() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("satchel.db");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());

    let mut store = SqliteStore::open(&db).unwrap();
    let identity = satchel_server::host::random_identity().unwrap();
    let relay = settle_identity(&mut store, identity).unwrap().key();
    let token = SetupToken([7; 16]);
    let now = satchel_server::host::now();
    store
        .write(|write| write.keep_setup(SetupHash::from(token), now))
        .unwrap();
    drop(store);

    let host = Host::open(Settings::new(db)).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(host.serve(listener, async {
        let _ = stopped.await;
    }));
    let agency = demo::seed(&SetupLink { relay, token }.under(&url), Size::default())
        .await
        .unwrap();

    assert_eq!(agency.cases, 100);
    assert!(agency.notes >= 1_000, "{} notes", agency.notes);
    assert!(agency.conflicts >= 24, "{} conflicts", agency.conflicts);
    let who: Vec<&str> = agency.links.iter().map(|link| link.who).collect();
    assert_eq!(
        who,
        ["Priya Nair", "Ana Torres", "Ben Okafor", "Miguel Santos"]
    );
    for link in &agency.links {
        let (at, invite) = InviteLink::parse(&link.link).unwrap();
        assert_eq!((at, invite.relay), (url.clone(), relay));
        let line: serde_json::Value = serde_json::from_str(&link.line()).unwrap();
        assert!(
            line["role"] == "worker" || line["role"] == "supervisor",
            "{line}"
        );
    }

    // A browser that opens Ana's link is a second tablet of Ana's, with all of it.
    let mut second = Tablet::new(7);
    let link = agency.links[1].link.clone();
    let passphrase = "a passphrase of its own".to_owned();
    let joined = second.request(Request::Join { link, passphrase }).await;
    assert!(matches!(joined, Ok(Reply::Unlocked { .. })), "{joined:?}");
    second.sync().await.unwrap();
    let rows = match second.request(wishes::caseload()).await.unwrap() {
        Reply::Caseload { rows, .. } => rows,
        other => panic!("{other:?}"),
    };
    // Her own, those in which she stands in, and the one that she began on the last day.
    assert_eq!(rows.len(), 73);
    // The supervisor sees more: cases of others, and that one client is in two of them.
    let shown = rows.iter().map(|row| row.conflicts).sum::<u32>();
    assert_eq!(second.status().unwrap().conflicts, shown);
    assert!((24..agency.conflicts).contains(&shown), "{shown}");
    let disputed = rows.iter().find(|row| row.name == "Fatima Rahman").unwrap();
    let case = disputed.case.clone();
    let view = match second.request(Request::Case { case }).await.unwrap() {
        Reply::Case { case } => case,
        other => panic!("{other:?}"),
    };
    let phone = view
        .fields
        .iter()
        .find(|field| field.key == "phone")
        .unwrap();
    let mut authors: Vec<&str> = phone
        .sides
        .iter()
        .map(|side| side.author.as_str())
        .collect();
    authors.sort_unstable();
    assert_eq!(authors, ["Ana Torres", "Ben Okafor"]);

    stop.send(()).unwrap();
    serving.await.unwrap();
}
