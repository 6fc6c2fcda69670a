//! Two relays that never meet: what travels between them is a file. Each relay here keeps running
//! while its bundles are written and taken in through a second connection to its database, as the
//! operator's command does.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use satchel_server::{
    Identity, Signer as RelaySigner, SqliteStore, Store as _,
    bundle::{Contents, Export, Exported, Import, StickError, Taken, Theirs, inspect},
    store::Read,
};
use satchel_wire::{
    AgencyId, Cursors, Grant, Incarnation, Item, Millis, Outcome, ProfileId, Refusal, RelayFrame,
    Role, Scope, StreamId,
    bundle::{BundleError, Filler, Head, Maker, Part, Reader, Writer},
    envelope::sha256,
};
use tempfile::TempDir;

use crate::common::{Agency, NOW, Replica, Signer, World, envelopes, seed};

/// A relay with a database that somebody else may open too.
struct Site {
    world: World<SqliteStore>,
    signer: RelaySigner,
    db: PathBuf,
    _folder: TempDir,
}

impl Site {
    fn new(label: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("relay.db");
        let fresh = Identity {
            seed: seed(label),
            incarnation: Incarnation([label.len() as u8; 16]),
        };
        let world = World::with_identity(SqliteStore::open(&db).unwrap(), fresh);
        Self {
            world,
            signer: RelaySigner::from_identity(fresh).unwrap(),
            db,
            _folder: folder,
        }
    }

    fn export(&self, agency: AgencyId, theirs: &Theirs) -> (Vec<u8>, Exported) {
        let mut file = Vec::new();
        let export = Export {
            agency,
            theirs,
            signer: &self.signer,
            at: NOW,
            bundle: [0xb0; 16],
        };
        let store = SqliteStore::open_reader(&self.db).unwrap();
        let done = store.read(|read| export.run(read, &mut file)).unwrap();
        let done = done.unwrap();
        assert_eq!(done.bytes, file.len() as u64);
        (file, done)
    }

    fn look(&self, file: &[u8]) -> Contents {
        let store = SqliteStore::open_reader(&self.db).unwrap();
        let looked = store.read(|read| Ok(inspect(&mut &*file, Some(read))));
        looked.unwrap().unwrap()
    }

    fn import(&self, file: &[u8], founds: bool, at: Millis) -> Result<Taken, StickError> {
        let contents = self.look(file);
        let import = Import {
            store: &mut SqliteStore::open(&self.db).unwrap(),
            contents: &contents,
            founds,
            at,
        };
        import.run(&mut &*file)
    }

    fn all(&self, agency: AgencyId) -> Kept {
        let store = SqliteStore::open_reader(&self.db).unwrap();
        store.read(|read| kept(read, agency)).unwrap()
    }
}

type Bytes = BTreeSet<Vec<u8>>;
type Kept = (BTreeMap<StreamId, (Bytes, Bytes)>, BTreeSet<Vec<u8>>);

/// All that a relay keeps of an agency, whatever the order.
fn kept(read: &dyn Read, agency: AgencyId) -> Result<Kept, satchel_server::StoreError> {
    let mut streams: BTreeMap<StreamId, (Bytes, Bytes)> = BTreeMap::new();
    for stream in read.all_streams(agency)?.into_keys() {
        let (log, registers) = streams.entry(stream).or_default();
        read.log(stream, 0, u64::MAX, &mut |row| {
            log.insert(row.bytes.to_vec());
            ControlFlow::Continue(())
        })?;
        read.registers(stream, 0, u64::MAX, &mut |_, bytes| {
            registers.insert(bytes.to_vec());
            ControlFlow::Continue(())
        })?;
    }
    let grants = read.grants_after(0, 1000)?.into_iter();
    let grants = grants.map(|(_, grant)| [grant.recipient.as_bytes(), &grant.sealed[..]].concat());
    Ok((streams, grants.collect()))
}

fn grant(stream: StreamId, epoch: satchel_wire::EpochId, recipient: ProfileId, fill: u8) -> Item {
    Item::Grant(Grant {
        stream,
        epoch,
        recipient,
        sealed: vec![fill; 1168],
    })
}

/// A relay with an agency, a case of admin and worker, two changes, a register and a grant.
fn home() -> (Site, Agency, StreamId, satchel_wire::EpochId) {
    let mut home = Site::new("home");
    let agency = home.world.found("harbor");
    let admin = home.world.sign_in(&agency, &agency.admin);
    let members = [agency.admin.id(), agency.worker.id()];
    let (stream, epoch, begun) = agency.begin(&agency.admin, "case", &members);
    let mut chain = agency.admin.chain(agency.id, stream, "notes");
    let mut items = envelopes(&[begun]);
    items.push(grant(stream, epoch, agency.worker.id(), 1));
    items.extend(envelopes(&[
        chain.write(epoch, b"one"),
        chain.write(epoch, b"two"),
        agency
            .admin
            .chain(agency.id, stream, "slot")
            .register(epoch, 1, b"seen"),
    ]));
    let outcomes = home.world.push(admin, &items);
    let refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused(_));
    assert!(!outcomes.iter().any(refused), "{outcomes:?}");
    (home, agency, stream, epoch)
}

#[test]
fn two_relays_that_exchange_files_hold_the_same() {
    let (mut home, agency, stream, epoch) = home();
    let mut away = Site::new("away");
    let (file, first) = home.export(agency.id, &Theirs::default());
    assert!(matches!(
        away.import(&file, false, NOW),
        Err(StickError::UnknownAgency)
    ));
    let taken = away.import(&file, true, NOW).unwrap();
    assert_eq!(
        (taken.stored, taken.refused.len(), taken.kept),
        (first.envelopes, 0, 2)
    );
    assert_eq!(away.all(agency.id), home.all(agency.id));

    // The worker's tablet finds the case there, and writes; the admin's at home at the same time.
    let worker = away.world.sign_in(&agency, &agency.worker);
    let mut replica = Replica::default();
    let frames = away.world.pull(worker, Scope::All(Cursors::default()));
    replica.take(&frames);
    assert_eq!(replica.envelopes[&stream].len(), 3);
    assert_eq!(replica.grants.len(), 1);
    let admin = home.world.sign_in(&agency, &agency.admin);
    let mut theirs = agency.worker.chain(agency.id, stream, "notes");
    let mut ours = agency.admin.chain(agency.id, stream, "more notes");
    let mut from_home = file;
    for round in 0..5 {
        let one = envelopes(&[theirs.write(epoch, &[round])]);
        assert!(matches!(
            away.world.push(worker, &one)[..],
            [Outcome::Stored(_)]
        ));
        let one = envelopes(&[ours.write(epoch, &[round])]);
        assert!(matches!(
            home.world.push(admin, &one)[..],
            [Outcome::Stored(_)]
        ));
        let back = away.export(agency.id, &home.look(&from_home).theirs).0;
        let taken = home.import(&back, false, NOW).unwrap();
        assert_eq!((taken.stored, taken.known), (1, 0), "only what is new");
        let (there, done) = home.export(agency.id, &home.look(&back).theirs);
        assert_eq!((done.envelopes, done.registers, done.grants), (1, 0, 0));
        let taken = away.import(&there, false, NOW).unwrap();
        assert_eq!((taken.stored, taken.known), (1, 0));
        assert_eq!(away.all(agency.id), home.all(agency.id));
        // Once more changes nothing.
        let again = away.import(&there, false, NOW).unwrap();
        assert_eq!((again.stored, again.known), (0, 1));
        from_home = there;
    }
    // The running relay knows of a case that another process has put there.
    let (second, epoch, begun) = agency.begin(
        &agency.admin,
        "second",
        &[agency.admin.id(), agency.worker.id()],
    );
    home.world.push(admin, &envelopes(&[begun]));
    let (file, _) = home.export(agency.id, &Theirs::default());
    away.import(&file, false, NOW).unwrap();
    let first = agency
        .worker
        .chain(agency.id, second, "notes")
        .write(epoch, b"!");
    let outcomes = away.world.push(worker, &envelopes(&[first]));
    assert!(matches!(outcomes[..], [Outcome::Stored(_)]), "{outcomes:?}");
}

#[test]
fn any_changed_byte_is_refused_and_nothing_is_lost() {
    let (home, agency, ..) = home();
    let (file, _) = home.export(agency.id, &Theirs::default());
    let all = home.all(agency.id);
    let clean = Site::new("away");
    clean.import(&file, true, NOW).unwrap();
    assert_eq!(clean.all(agency.id), all);
    let whole = parts_of(&file);
    let mut tried = BTreeSet::new();
    for at in 0..file.len() {
        let mut bad = file.clone();
        bad[at] ^= 0x41;
        let contents = inspect(&mut bad.as_slice(), None).unwrap();
        assert_eq!(contents.problems, [BundleError::Damaged], "byte {at}");
        let left = parts_of(&bad);
        assert!(left.is_subset(&whole) && left.len() + 1 == whole.len());
        if !tried.insert(left) {
            continue;
        }
        // What of it goes in depends on which part is left out alone.
        let mut store = SqliteStore::open_in_memory().unwrap();
        let mut import = |contents: &Contents, file: &[u8]| {
            let import = Import {
                store: &mut store,
                contents,
                founds: true,
                at: NOW,
            };
            import.run(&mut &*file).unwrap();
            store.read(|read| kept(read, agency.id)).unwrap()
        };
        let (streams, grants) = import(&contents, &bad);
        for (stream, (log, registers)) in &streams {
            let (all_log, all_registers) = &all.0[stream];
            assert!(log.is_subset(all_log) && registers.is_subset(all_registers));
        }
        assert!(grants.is_subset(&all.1), "byte {at}");
        // The whole file mends it.
        let contents = inspect(&mut file.as_slice(), None).unwrap();
        assert_eq!(import(&contents, &file), all, "byte {at}");
    }
    assert_eq!(tried.len(), whole.len());
}

fn parts_of(file: &[u8]) -> BTreeSet<(u32, [u8; 32])> {
    let mut reader = Reader::default();
    reader.feed(file);
    reader.finish();
    let parts = std::iter::from_fn(|| reader.take()).flatten();
    parts.map(|found| (found.index, found.digest)).collect()
}

/// A file that somebody has made by hand: its parts are whole.
fn forge(agency: AgencyId, parts: impl IntoIterator<Item = Part>) -> Vec<u8> {
    let mut writer = Writer::new([1; 16]);
    let head = Head {
        agency,
        maker: Maker::Tablet(ProfileId([9; 32])),
        at: NOW,
        since: None,
    };
    let mut file = writer.part(&Part::Head(head)).unwrap();
    for part in parts {
        file.extend(writer.part(&part).unwrap());
    }
    file.extend(writer.close(|_| vec![0; 64]).unwrap());
    file
}

#[test]
fn a_bundle_brings_in_nothing_that_a_push_would_not() {
    let (mut home, agency, stream, epoch) = home();
    let stranger = Signer::new("stranger");
    let mut filler = Filler::default();
    let by_stranger = stranger.chain(agency.id, stream, "x").write(epoch, b"x");
    let mut changed = agency
        .worker
        .chain(agency.id, stream, "y")
        .write(epoch, b"y")
        .encode();
    *changed.last_mut().unwrap() ^= 1;
    let mut gap = agency.worker.chain(agency.id, stream, "z");
    gap.write(epoch, b"first");
    let mut fork = agency.admin.chain(agency.id, stream, "notes");
    let elsewhere = Agency::new("another", home.world.relay.key());
    let items = [
        by_stranger.encode(),
        changed,
        gap.write(epoch, b"second").encode(),
        fork.write(epoch, b"not one").encode(),
        elsewhere.founding[0].encode(),
        b"no envelope".to_vec(),
    ];
    for bytes in &items {
        assert_eq!(filler.envelope(stream, NOW, bytes), None);
    }
    let mine = |recipient, fill| match grant(stream, epoch, recipient, fill) {
        Item::Grant(grant) => grant,
        Item::Envelope(_) => unreachable!(),
    };
    let parts = [
        filler.rest().unwrap(),
        Part::Grants(vec![
            // One that is here is not replaced, one for a stranger is not taken.
            mine(agency.worker.id(), 7),
            mine(stranger.id(), 7),
        ]),
    ];
    let before = home.all(agency.id);
    let file = forge(agency.id, parts.clone());
    assert!(!home.look(&file).signed);
    let taken = home.import(&file, false, NOW).unwrap();
    assert_eq!(taken.stored, 0);
    let refused: BTreeMap<String, u64> = taken
        .refused
        .iter()
        .map(|(why, count)| (format!("{why:?}"), *count))
        .collect();
    let expected = [
        ("Fork", 1),
        ("Gap", 1),
        ("Malformed", 1),
        ("NotFound", 2),
        ("Unauthorised", 2),
    ];
    let expected = expected.map(|(why, count)| (why.to_owned(), count));
    assert_eq!(refused, expected.into());
    assert_eq!(home.all(agency.id), before);
    // A member's push still takes the place of what a bundle brought.
    let admin = home.world.sign_in(&agency, &agency.admin);
    let recovery = ProfileId(sha256(&[&agency.recovery]));
    let junk = Part::Grants(vec![mine(recovery, 66)]);
    home.import(&forge(agency.id, [junk]), false, NOW).unwrap();
    home.world.push(admin, &[grant(stream, epoch, recovery, 5)]);
    let grants = home.all(agency.id).1;
    assert!(grants.contains(&[recovery.as_bytes(), &[5; 1168][..]].concat()));
    // Under the name of another agency none begins here.
    let other = forge(AgencyId([3; 32]), parts);
    let away = Site::new("away");
    let taken = away.import(&other, true, NOW).unwrap();
    assert_eq!((taken.stored, away.all(elsewhere.id).0.len()), (0, 0));
}

#[test]
fn a_claim_that_came_in_time_at_a_relay_of_the_agency_is_in_time_elsewhere() {
    let (mut home, agency, ..) = home();
    let (invite, tablet) = (Signer::new("invite"), Signer::new("tablet"));
    let expires_at = NOW.plus(1000);
    let invited = agency.invite(&invite, Role::Worker, expires_at);
    let admin = home.world.sign_in(&agency, &agency.admin);
    home.world.push(admin, &envelopes(&[invited]));
    let away = Site::new("away");
    let (file, _) = home.export(agency.id, &Theirs::default());
    away.import(&file, true, NOW).unwrap();

    let claim = agency.claim(&invite, &tablet, Role::Worker);
    let session = home.world.connect();
    let frame = crate::common::enroll(agency.id, None, std::slice::from_ref(&claim));
    let answer = home.world.ask(session, &frame);
    assert!(matches!(&answer[..], [RelayFrame::Enrolled { outcomes }]
        if matches!(outcomes[..], [Outcome::Stored(_)])));
    let late = NOW.plus(1_000_000);
    // By nobody's word it comes too late …
    let mut filler = Filler::default();
    filler.envelope(agency.log, NOW, &claim.encode());
    let unsigned = forge(agency.id, filler.rest());
    let taken = away.import(&unsigned, false, late).unwrap();
    assert_eq!(taken.refused, [(Refusal::Expired, 1)]);
    // … and by that of the agency's relay it does not.
    let (file, _) = home.export(agency.id, &Theirs::default());
    let taken = away.import(&file, false, late).unwrap();
    assert_eq!((taken.stored, taken.refused), (1, Vec::new()));
    assert_eq!(away.all(agency.id), home.all(agency.id));
}

/// Runs the operator's command: whether it went well, and what it printed.
fn satchel(arguments: &[&str], files: &[&Path]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satchel"));
    let mut files = files.iter();
    for argument in arguments {
        match *argument {
            "FILE" => command.arg(files.next().unwrap()),
            other => command.arg(other),
        };
    }
    let done = command.stdin(Stdio::null()).output().unwrap();
    let text = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn the_operators_command_shows_first_and_takes_in_when_told() {
    let (home, agency, ..) = home();
    let away = Site::new("away");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monday.satchel");
    let export = ["bundle", "export", "--db", "FILE", "--out", "FILE"];
    let (well, said) = satchel(&export, &[&home.db, &file]);
    assert!(
        well && said.contains("6 envelopes, 1 registers, 1 grants of 2 streams"),
        "{said}"
    );
    let (well, said) = satchel(&export, &[&home.db, &file]);
    assert!(!well && said.contains("there is a file"), "{said}");

    let inspect = ["bundle", "inspect", "FILE", "--db", "FILE"];
    let (well, said) = satchel(&inspect, &[&file, &away.db]);
    let by = format!("relay {}", home.signer.key());
    assert!(
        well && said.contains(&by) && said.contains("its maker's"),
        "{said}"
    );
    assert!(
        said.contains("6 envelopes of 2 streams, 6 of them new here"),
        "{said}"
    );

    let import = ["bundle", "import", "--db", "FILE", "FILE"];
    let (well, said) = satchel(&import, &[&away.db, &file]);
    assert!(!well && said.contains("--new-agency"), "{said}");
    let import = ["bundle", "import", "--new-agency", "--db", "FILE", "FILE"];
    let (well, said) = satchel(&import, &[&away.db, &file]);
    assert!(!well && said.contains("--yes goes on"), "{said}");
    assert!(away.all(agency.id).0.is_empty());
    let import = [
        "bundle",
        "import",
        "--yes",
        "--new-agency",
        "--db",
        "FILE",
        "FILE",
    ];
    let (well, said) = satchel(&import, &[&away.db, &file]);
    assert!(well && said.contains("taken in: 6 envelopes"), "{said}");
    assert_eq!(away.all(agency.id), home.all(agency.id));

    // The answer leaves out what was in it, and its maker takes nothing back from itself.
    let answer = folder.path().join("answer.satchel");
    let since = [
        "bundle", "export", "--db", "FILE", "--out", "FILE", "--since", "FILE",
    ];
    let (well, said) = satchel(&since, &[&away.db, &answer, &file]);
    assert!(
        well && said.contains(": 0 envelopes, 0 registers, 0 grants"),
        "{said}"
    );
    let (well, said) = satchel(
        &["bundle", "import", "--yes", "--db", "FILE", "FILE"],
        &[&home.db, &file],
    );
    assert!(
        !well && said.contains("made by this relay itself"),
        "{said}"
    );

    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&answer, &bytes).unwrap();
    let (well, said) = satchel(&["bundle", "inspect", "FILE"], &[&answer]);
    assert!(
        well && said.contains("missing or damaged") && said.contains("problem"),
        "{said}"
    );
    std::fs::write(&answer, b"a letter").unwrap();
    let (well, said) = satchel(&["bundle", "inspect", "FILE"], &[&answer]);
    assert!(!well && said.contains("not a Satchel file"), "{said}");
}
