//! Who may do what: unknown and forbidden look the same to whoever is not let in.

use satchel_wire::{
    Cursor, Cursors, EpochId, Grant, Item, Outcome, ProfileId, Refusal, RelayFrame, Role, Scope,
    Statement, StreamId,
    envelope::sha256,
    stream::{AUDIT_NONCE, audit_stream},
};

use crate::common::{NOW, Replica, Signer, envelopes, world};

const NOT_FOUND: Outcome = Outcome::Refused(Refusal::NotFound);
const UNAUTHORISED: Outcome = Outcome::Refused(Refusal::Unauthorised);

#[test]
fn an_unknown_profile_is_answered_like_a_wrong_signature() {
    let mut world = world();
    let agency = world.found("a");
    let other = world.found("b");
    let stranger = Signer::new("stranger");
    let impostor = Signer {
        transport: Signer::new("x").transport,
        ..Signer::new("a admin")
    };
    let unclaimed = Signer::new("invite");
    let admin = world.sign_in(&agency, &agency.admin);
    world.push(
        admin,
        &envelopes(&[agency.invite(&unclaimed, Role::Worker, NOW.plus(1000))]),
    );
    for signer in [&stranger, &impostor, &other.admin, &unclaimed, &agency.root] {
        let session = world.connect();
        let answer = world.try_sign_in(session, &agency, signer);
        assert_eq!(
            answer,
            vec![RelayFrame::Refused {
                refusal: Refusal::Unauthorised
            }]
        );
        assert!(world.is_closed(session));
    }
}

#[test]
fn a_stream_one_is_not_in_looks_like_one_that_is_not_there() {
    let mut world = world();
    let agency = world.found("a");
    let elsewhere = world.found("b");
    let (admin, worker) = (
        world.sign_in(&agency, &agency.admin),
        world.sign_in(&agency, &agency.worker),
    );
    let foreign = world.sign_in(&elsewhere, &elsewhere.admin);
    let (stream, epoch, begin) = agency.begin(&agency.admin, "case", &[agency.admin.id()]);
    let mut chain = agency.admin.chain(agency.id, stream, "work");
    let written = chain.write(epoch, b"sealed");
    assert!(matches!(
        world.push(admin, &envelopes(&[begin, written.clone()]))[..],
        [Outcome::Stored(_), Outcome::Stored(_)]
    ));

    let missing = StreamId([9; 16]);
    for (agency, session, signer) in [
        (&agency, worker, &agency.worker),
        (&elsewhere, foreign, &elsewhere.admin),
    ] {
        for (stream, epoch) in [
            (stream, epoch),
            (missing, epoch),
            (stream, EpochId([9; 32])),
        ] {
            let mut chain = signer.chain(agency.id, stream, "intrusion");
            let admit = Statement::Admit {
                epoch,
                members: vec![signer.id()],
            };
            let later = {
                let mut later = signer.chain(agency.id, stream, "later");
                later.n = 4;
                later.head = written.id();
                later.write(epoch, b"x")
            };
            let mut items = envelopes(&[
                chain.write(epoch, b"x"),
                later,
                chain.register(epoch, 1, b"x"),
                signer.chain(agency.id, stream, "admit").say(&admit),
            ]);
            items.push(Item::Grant(Grant {
                stream,
                epoch,
                recipient: signer.id(),
                sealed: vec![0; 1168],
            }));
            assert_eq!(world.push(session, &items), vec![NOT_FOUND; 5]);

            let at = Cursor {
                seq: 1,
                h: [1; 32],
                registers: 0,
            };
            for (cursor, closes) in [(Cursor::default(), false), (at, true)] {
                let cursors = Cursors {
                    streams: [(stream, cursor)].into(),
                    grants: 0,
                };
                let pulling = world.sign_in(agency, signer);
                let answer = world.pull(pulling, Scope::Only(cursors));
                if closes {
                    assert_eq!(
                        answer,
                        vec![RelayFrame::Refused {
                            refusal: Refusal::Behind
                        }]
                    );
                } else {
                    Replica::default().take(&answer);
                }
            }
        }
        let mut replica = Replica::default();
        replica.take(&world.pull(session, Scope::All(Cursors::default())));
        assert_eq!(
            replica.cursors.streams.keys().collect::<Vec<_>>(),
            vec![&agency.log]
        );
    }
    // Another agency's envelope is not told apart from one that was never there.
    assert_eq!(world.push(foreign, &envelopes(&[written])), vec![NOT_FOUND]);
}

#[test]
fn a_worker_is_let_in_by_the_admin_and_writes() {
    let mut world = world();
    let agency = world.found("a");
    let (admin, worker) = (
        world.sign_in(&agency, &agency.admin),
        world.sign_in(&agency, &agency.worker),
    );
    let (stream, epoch, begin) = agency.begin(&agency.admin, "case", &[agency.admin.id()]);
    let admit = Statement::Admit {
        epoch,
        members: vec![agency.worker.id()],
    };
    let admitted = agency.admin.chain(agency.id, stream, "admit").say(&admit);
    world.push(admin, &envelopes(&[begin]));
    let mut chain = agency.worker.chain(agency.id, stream, "work");
    let first = chain.write(epoch, b"1");
    assert_eq!(
        world.push(worker, &envelopes(std::slice::from_ref(&first))),
        vec![NOT_FOUND]
    );
    assert!(matches!(
        world.push(admin, &envelopes(&[admitted]))[..],
        [Outcome::Stored(_)]
    ));
    assert_eq!(world.hints(worker), vec![stream]);
    // Whoever brings it: the admin hands over what the worker wrote.
    let place = world.push(admin, &envelopes(std::slice::from_ref(&first)));
    assert!(matches!(place[..], [Outcome::Stored(cursor)] if cursor.seq == 3));
    assert_eq!(world.push(worker, &envelopes(&[first])), place);
}

#[test]
fn chains_have_neither_gap_nor_fork() {
    let mut world = world();
    let agency = world.found("a");
    let admin = world.sign_in(&agency, &agency.admin);
    let (stream, epoch, begin) = agency.begin(&agency.admin, "case", &[agency.admin.id()]);
    world.push(admin, &envelopes(&[begin]));
    let mut chain = agency.admin.chain(agency.id, stream, "work");
    let mut cloned = agency.admin.chain(agency.id, stream, "work");
    let ours: Vec<_> = (0..4_u8).map(|n| chain.write(epoch, &[n])).collect();
    let theirs: Vec<_> = (10..14_u8).map(|n| cloned.write(epoch, &[n])).collect();
    let push = |world: &mut crate::common::World<_>, item| {
        world
            .push(admin, &envelopes(std::slice::from_ref(item)))
            .remove(0)
    };
    assert_eq!(push(&mut world, &ours[1]), Outcome::Refused(Refusal::Gap));
    let first = push(&mut world, &ours[0]);
    assert!(matches!(first, Outcome::Stored(_)));
    assert_eq!(
        push(&mut world, &theirs[0]),
        Outcome::Refused(Refusal::Fork)
    );
    assert_eq!(
        push(&mut world, &theirs[1]),
        Outcome::Refused(Refusal::Fork)
    );
    assert_eq!(push(&mut world, &theirs[2]), Outcome::Refused(Refusal::Gap));
    assert!(matches!(push(&mut world, &ours[1]), Outcome::Stored(cursor) if cursor.seq == 3));
    assert_eq!(push(&mut world, &ours[0]), first);
}

#[test]
fn the_access_log_takes_entries_of_all_the_agency_and_shows_them_to_its_readers() {
    let mut world = world();
    let agency = world.found("a");
    let elsewhere = world.found("b");
    let (admin, worker) = (
        world.sign_in(&agency, &agency.admin),
        world.sign_in(&agency, &agency.worker),
    );
    let foreign = world.sign_in(&elsewhere, &elsewhere.worker);
    let stream = audit_stream(agency.id, agency.admin.id());
    let begin = Statement::Epoch {
        nonce: AUDIT_NONCE,
        members: vec![agency.admin.id()],
        commitment: [1; 32],
    };
    let begin = agency.admin.chain(agency.id, stream, "epochs").say(&begin);
    let epoch = begin.id().into();
    let audit = |by: &Signer| {
        let statement = Statement::Audit {
            creator: agency.admin.id(),
            epoch,
            key: vec![4; 1216],
            over: Vec::new(),
        };
        by.chain(agency.id, agency.log, "audit").say(&statement)
    };
    let mut trail = agency.worker.chain(agency.id, stream, "trail");
    let entries = [
        trail.note_access(epoch, b"one"),
        trail.note_access(epoch, b"two"),
    ];
    let pushed = |item: &satchel_wire::Verified| envelopes(std::slice::from_ref(item));
    assert!(matches!(
        world.push(admin, &pushed(&begin))[..],
        [Outcome::Stored(_)]
    ));
    // Before it is stated that the access log goes there, and by one who may not say so.
    assert_eq!(world.push(worker, &pushed(&entries[0])), vec![NOT_FOUND]);
    let by_worker = audit(&agency.worker);
    assert_eq!(world.push(worker, &pushed(&by_worker)), vec![UNAUTHORISED]);
    let stated = world.push(admin, &pushed(&audit(&agency.admin)));
    assert!(matches!(stated[..], [Outcome::Stored(_)]));

    let kept = world.push(worker, &envelopes(&entries));
    assert_eq!(kept, vec![Outcome::Kept; 2]);
    assert!(world.hints(admin).contains(&stream));
    // Again is no fork, and tells no place.
    let again = world.push(worker, &envelopes(&entries));
    assert_eq!(again, vec![Outcome::Kept; 2]);
    let gap = {
        let mut late = agency.worker.chain(agency.id, stream, "late");
        late.n = 4;
        late.head = entries[0].id();
        late.note_access(epoch, b"x")
    };
    let gap = world.push(worker, &pushed(&gap));
    assert_eq!(gap, vec![Outcome::Refused(Refusal::Gap)]);

    // Nothing else of somebody who does not read it, and nothing of another agency.
    let mut other = agency.worker.chain(agency.id, stream, "other");
    let refused = envelopes(&[
        other.write(epoch, b"x"),
        other.register(epoch, 1, b"x"),
        agency
            .worker
            .chain(agency.id, stream, "x")
            .note_access(EpochId([9; 32]), b"x"),
    ]);
    assert_eq!(world.push(worker, &refused), vec![NOT_FOUND; 3]);
    let alien = elsewhere
        .worker
        .chain(agency.id, stream, "x")
        .note_access(epoch, b"x");
    assert_eq!(world.push(foreign, &pushed(&alien)), vec![NOT_FOUND]);
    // A case takes none, not even of its members.
    let members = [agency.admin.id(), agency.worker.id()];
    let (case, of_case, begin) = agency.begin(&agency.admin, "case", &members);
    world.push(admin, &pushed(&begin));
    let mut chain = agency.worker.chain(agency.id, case, "x");
    let entry = chain.note_access(of_case, b"x");
    assert_eq!(world.push(worker, &pushed(&entry)), vec![NOT_FOUND]);

    let read = |world: &mut crate::common::World<_>, session| {
        let mut replica = Replica::default();
        replica.take(&world.pull(session, Scope::All(Cursors::default())));
        replica.envelopes.get(&stream).map_or(0, Vec::len)
    };
    assert_eq!(read(&mut world, admin), 3);
    assert_eq!(read(&mut world, worker), 0);

    // Whoever is taken out still hands over what was noted before.
    let revoke = Statement::Revoke {
        key: agency.worker.id(),
        stands: Vec::new(),
    };
    let revoke = agency
        .admin
        .chain(agency.id, agency.log, "revoke")
        .say(&revoke);
    world.push(admin, &pushed(&revoke));
    let last = trail.note_access(epoch, b"three");
    assert_eq!(world.push(worker, &pushed(&last)), vec![Outcome::Kept]);
    assert_eq!(read(&mut world, admin), 4);
}

#[test]
fn grants_are_kept_by_members_for_members_and_recovery() {
    let mut world = world();
    let agency = world.found("a");
    let (admin, worker) = (
        world.sign_in(&agency, &agency.admin),
        world.sign_in(&agency, &agency.worker),
    );
    let (stream, epoch, begin) = agency.begin(
        &agency.admin,
        "case",
        &[agency.admin.id(), agency.worker.id()],
    );
    world.push(admin, &envelopes(&[begin]));
    let recovery = ProfileId(sha256(&[&agency.recovery]));
    let grant = |recipient, len| {
        Item::Grant(Grant {
            stream,
            epoch,
            recipient,
            sealed: vec![1; len],
        })
    };
    let outcomes = world.push(
        admin,
        &[
            grant(agency.worker.id(), 1168),
            grant(recovery, 1168),
            grant(ProfileId([9; 32]), 1168),
            grant(agency.worker.id(), 5000),
        ],
    );
    assert_eq!(
        outcomes,
        vec![
            Outcome::Kept,
            Outcome::Kept,
            UNAUTHORISED,
            Outcome::Refused(Refusal::TooMuch)
        ]
    );
    let mut replica = Replica::default();
    replica.take(&world.pull(worker, Scope::All(Cursors::default())));
    assert_eq!(replica.grants.len(), 1);
    assert_eq!(replica.cursors.grants, 1);
}
