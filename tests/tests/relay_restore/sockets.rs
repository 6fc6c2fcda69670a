//! Twenty tablets at a real relay on a real port, whose database file is replaced by a copy that was
//! taken while it ran. All that any tablet holds is in the file again, also of one that is gone.

use std::{collections::BTreeSet, ops::ControlFlow, path::Path};

use satchel_core::{
    api::{Reply, Request, RoleName},
    link::InviteLink,
};
use satchel_server::{
    Host, Settings, SqliteStore, Store as _, host, relay::settle_identity, store::SetupHash,
};
use satchel_tests::{socket::Tablet, wishes};
use satchel_wire::{AgencyId, Envelope, EnvelopeId, Kind, Roster, SetupToken, link::SetupLink};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

const TABLETS: usize = 20;
/// Whose tablet is lost between the backup and its return.
const GONE: usize = 7;
const PASSPHRASE: &str = "a passphrase for all";

struct Serving {
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

impl Serving {
    async fn at(db: &Path, address: &str) -> (Self, String) {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let host = Host::open(Settings::new(db.to_owned())).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let done = tokio::spawn(host.serve(listener, async {
            let _ = stopped.await;
        }));
        (Self { stop, done }, address)
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.done.await.unwrap();
    }
}

/// Every envelope in a database but registers, which are told anew.
fn held(db: &Path, agency: AgencyId) -> BTreeSet<EnvelopeId> {
    let store = SqliteStore::open_reader(db).unwrap();
    let ids = store.read(|read| {
        let mut ids = BTreeSet::new();
        for stream in read
            .all_streams(agency)?
            .into_keys()
            .chain([Roster::log(agency)])
        {
            read.log(stream, 0, u64::MAX >> 1, &mut |row| {
                let envelope = Envelope::decode(row.bytes)
                    .and_then(Envelope::verify)
                    .unwrap();
                if envelope.header().kind != Kind::Register {
                    ids.insert(envelope.id());
                }
                ControlFlow::Continue(())
            })?;
        }
        Ok(ids)
    });
    ids.unwrap()
}

async fn ask(tablet: &mut Tablet, request: Request) -> Reply {
    let reply = tablet.request(request).await.unwrap();
    assert!(!matches!(reply, Reply::Failed { .. }), "{reply:?}");
    reply
}

async fn notes(tablet: &mut Tablet, case: &str) -> BTreeSet<String> {
    let case = case.to_owned();
    let Reply::Case { case } = ask(tablet, Request::Case { case }).await else {
        panic!("no case")
    };
    let sections = case.notes.into_iter().flat_map(|note| note.sections);
    sections.map(|(_, text)| text).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_tablets_give_a_real_relay_back_all_that_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let (db, copy) = (
        folder.path().join("satchel.db"),
        folder.path().join("copy.db"),
    );
    let mut store = SqliteStore::open(&db).unwrap();
    let identity = host::random_identity().unwrap();
    let relay = settle_identity(&mut store, identity).unwrap().key();
    let token = SetupToken([7; 16]);
    store
        .write(|write| write.keep_setup(SetupHash::from(token), host::now()))
        .unwrap();
    drop(store);
    let (serving, address) = Serving::at(&db, "127.0.0.1:0").await;

    let link = SetupLink { relay, token }.under(&format!("http://{address}"));
    let (agency, name, passphrase) = ("Harbor".into(), "Rosa".into(), PASSPHRASE.to_owned());
    let mut agency_id = AgencyId::ZERO;
    let mut tablets = vec![Tablet::new(1000)];
    ask(
        &mut tablets[0],
        Request::Found {
            link,
            agency,
            name,
            passphrase,
        },
    )
    .await;
    tablets[0].sync().await.unwrap();
    let case = Request::NewCase {
        fields: vec![("number".into(), "C-1".into())],
        team: Vec::new(),
    };
    let Reply::Created { case } = ask(&mut tablets[0], case).await else {
        panic!("no case")
    };
    for number in 1..TABLETS {
        let role = if number == 1 {
            RoleName::Supervisor
        } else {
            RoleName::Worker
        };
        let name = format!("Colleague {number}");
        let invite = Request::Invite {
            name,
            role,
            share_cases: true,
        };
        let Reply::Invited { link, .. } = ask(&mut tablets[0], invite).await else {
            panic!("no link")
        };
        tablets[0].sync().await.unwrap();
        agency_id = InviteLink::parse(&link).unwrap().1.agency;
        let mut tablet = Tablet::new(1000 + number as u64);
        let passphrase = PASSPHRASE.to_owned();
        ask(&mut tablet, Request::Join { link, passphrase }).await;
        tablet.sync().await.unwrap();
        tablets.push(tablet);
        if number == TABLETS / 2 {
            // The rest join after the backup, which is taken while the relay runs.
            SqliteStore::open_reader(&db)
                .unwrap()
                .copy_to(&copy)
                .unwrap();
        }
    }
    for (number, tablet) in tablets.iter_mut().enumerate() {
        tablet.sync().await.unwrap();
        for round in 0..3 {
            ask(
                tablet,
                wishes::note(&case, &format!("note {round} of {number}")),
            )
            .await;
        }
        tablet.sync().await.unwrap();
    }
    for tablet in &mut tablets {
        tablet.sync().await.unwrap();
    }
    let written = notes(&mut tablets[0], &case).await;
    assert_eq!(written.len(), 3 * TABLETS);
    tablets.remove(GONE);
    for tablet in &mut tablets {
        tablet.work_offline(host::now()).await;
    }
    serving.stop().await;
    let before = held(&db, agency_id);

    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", db.display()));
    }
    std::fs::copy(&copy, &db).unwrap();
    let lost = before.difference(&held(&db, agency_id)).count();
    let (serving, _) = Serving::at(&db, &address).await;
    for _ in 0..2 {
        for tablet in &mut tablets {
            tablet.sync().await.unwrap();
        }
    }
    for tablet in &mut tablets {
        assert_eq!(notes(tablet, &case).await, written);
        let Reply::Work { work } = ask(tablet, Request::Work).await else {
            panic!("no work")
        };
        let told = work.restored.unwrap();
        assert!(told.handed > 0 && told.pending == 0, "{told:?}");
        assert_eq!(work.status.unsent, 0);
    }
    serving.stop().await;
    let after = held(&db, agency_id);
    let missing = before.difference(&after).count();
    println!(
        "{} envelopes, {lost} lost with the backup, {missing} missing after",
        before.len()
    );
    assert!(lost > 3 * TABLETS, "{lost}");
    assert_eq!(missing, 0);
}
