//! What a pull brings: everything in order, in frames of bounded size, ending in a checkpoint.

use satchel_wire::{
    Cursor, Cursors, Outcome, Refusal, RelayFrame, Scope, cursor::mark, frame::FRAME_LEN_TARGET,
};

use crate::common::{Replica, envelopes, world};

#[test]
fn frames_are_bounded_and_resuming_is_asking_again() {
    let mut world = world();
    let agency = world.found("a");
    let admin = world.sign_in(&agency, &agency.admin);
    let mut written = Vec::new();
    for (label, len, count) in [
        ("long", 120_000, 9_u8),
        ("short", 900, 200),
        ("full", 240 * 1024, 3),
    ] {
        let (stream, epoch, begin) = agency.begin(
            &agency.admin,
            label,
            &[agency.admin.id(), agency.worker.id()],
        );
        assert!(matches!(
            world.push(admin, &envelopes(&[begin]))[..],
            [Outcome::Stored(_)]
        ));
        let mut chain = agency.admin.chain(agency.id, stream, "work");
        for n in 0..count {
            let envelope = chain.write(epoch, &vec![n; len]);
            let place = world.push(admin, &envelopes(std::slice::from_ref(&envelope)));
            assert!(matches!(place[..], [Outcome::Stored(_)]));
            written.push((stream, envelope.encode()));
        }
        let mut slot = agency.admin.chain(agency.id, stream, "slot");
        let registers = [1, 2].map(|counter| slot.register(epoch, counter, &vec![7; len]));
        let kept = world.push(admin, &envelopes(&registers[..1]));
        assert_eq!(kept, vec![Outcome::Counted(1)]);
        assert_eq!(
            world.push(admin, &envelopes(&registers[1..])),
            vec![Outcome::Counted(2)]
        );
    }
    let worker = world.sign_in(&agency, &agency.worker);
    let frames = world.pull(worker, Scope::All(Cursors::default()));
    assert!(
        frames
            .iter()
            .all(|frame| frame.encode().len() <= FRAME_LEN_TARGET)
    );
    assert!(matches!(frames.last(), Some(RelayFrame::Checkpoint { .. })));
    let RelayFrame::Items { runs, .. } = &frames[0] else {
        panic!("{:?}", frames[0])
    };
    assert_eq!(runs[0].stream, agency.log, "the agency's log comes first");

    // Broken off after every frame: what came is kept, the rest is asked for.
    let mut whole = Replica::default();
    whole.take(&frames);
    assert_eq!(whole.checkpoints, 1);
    let mut torn = Replica::default();
    let mut rounds = 0;
    while torn.checkpoints == 0 {
        let answer = world.pull(worker, Scope::All(torn.cursors.clone()));
        torn.take(&answer[..1]);
        rounds += 1;
        assert!(rounds < 40);
    }
    assert_eq!(torn.cursors, whole.cursors);
    assert_eq!(torn.envelopes, whole.envelopes);
    let read: usize = whole.envelopes.values().map(Vec::len).sum();
    assert_eq!(read, written.len() + 3 + 3);
    for (stream, bytes) in &written {
        assert!(whole.envelopes[stream].contains(bytes));
    }
    assert!(
        whole
            .registers
            .values()
            .all(|registers| registers.len() == 1)
    );

    let check = world.pull(worker, Scope::Check(mark(&whole.cursors.fingerprint())));
    whole.take(&check);
    assert_eq!(whole.checkpoints, 2);
    let stale = world.pull(worker, Scope::Check([0; 8]));
    assert_eq!(stale, vec![RelayFrame::Stale { id: 9 }]);
}

#[test]
fn only_what_is_named_comes() {
    let mut world = world();
    let agency = world.found("a");
    let admin = world.sign_in(&agency, &agency.admin);
    let begun: Vec<_> = ["one", "two"]
        .map(|label| agency.begin(&agency.admin, label, &[agency.admin.id()]))
        .into();
    for (_, _, epoch) in &begun {
        world.push(admin, &envelopes(std::slice::from_ref(epoch)));
    }
    let (stream, ..) = begun[1];
    let mut replica = Replica::default();
    let cursors = Cursors {
        streams: [(stream, Cursor::default())].into(),
        grants: 0,
    };
    replica.take(&world.pull(admin, Scope::Only(cursors)));
    assert_eq!(replica.envelopes.keys().collect::<Vec<_>>(), vec![&stream]);
    assert_eq!(replica.checkpoints, 1);
}

#[test]
fn a_cursor_that_is_no_place_here_shows_that_the_relay_lost_something() {
    let mut world = world();
    let agency = world.found("a");
    let admin = world.sign_in(&agency, &agency.admin);
    let mut replica = Replica::default();
    replica.take(&world.pull(admin, Scope::All(Cursors::default())));
    let here = replica.cursor(agency.log);
    for bad in [
        Cursor {
            seq: here.seq + 1,
            ..here
        },
        Cursor {
            seq: here.seq - 1,
            ..here
        },
        Cursor { h: [1; 32], ..here },
        Cursor {
            registers: 1,
            ..here
        },
        Cursor { seq: 0, ..here },
        Cursor {
            seq: u64::MAX,
            h: here.h,
            registers: u64::MAX,
        },
    ] {
        let session = world.sign_in(&agency, &agency.admin);
        let cursors = Cursors {
            streams: [(agency.log, bad)].into(),
            grants: 0,
        };
        let answer = world.pull(session, Scope::All(cursors));
        assert_eq!(
            answer,
            vec![RelayFrame::Refused {
                refusal: Refusal::Behind
            }],
            "{bad:?}"
        );
    }
    let session = world.sign_in(&agency, &agency.admin);
    let answer = world.pull(
        session,
        Scope::All(Cursors {
            grants: 1,
            ..Cursors::default()
        }),
    );
    assert_eq!(
        answer,
        vec![RelayFrame::Refused {
            refusal: Refusal::Behind
        }]
    );
}

#[test]
fn registers_are_latest_of_slot_and_hinted() {
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
    assert_eq!(world.hints(worker), vec![stream]);
    let mut slot = agency.admin.chain(agency.id, stream, "slot");
    let two = slot.register(epoch, 2, b"two");
    let rival = slot.register(epoch, 2, b"another two");
    let one = slot.register(epoch, 1, b"one");
    let three = slot.register(epoch, 3, b"three");
    let outcomes = world.push(
        admin,
        &envelopes(&[two.clone(), two, one, rival, three.clone()]),
    );
    assert_eq!(
        outcomes,
        vec![
            Outcome::Counted(1),
            Outcome::Kept,
            Outcome::Kept,
            Outcome::Refused(Refusal::Fork),
            Outcome::Counted(2)
        ]
    );
    assert_eq!(world.hints(worker), vec![stream]);
    let mut replica = Replica::default();
    replica.take(&world.pull(worker, Scope::All(Cursors::default())));
    assert_eq!(replica.registers[&stream], vec![three.encode()]);
    assert_eq!(replica.cursor(stream).registers, 2);
}

#[test]
fn who_comes_back_to_a_known_place_is_given_what_is_new_at_once() {
    let mut world = world();
    let agency = world.found("a");
    let members = [agency.admin.id(), agency.worker.id()];
    let (stream, epoch, begin) = agency.begin(&agency.admin, "case", &members);
    let admin = world.sign_in(&agency, &agency.admin);
    world.push(admin, &envelopes(&[begin]));
    let worker = world.sign_in(&agency, &agency.worker);
    let mut replica = Replica::default();
    replica.take(&world.pull(worker, Scope::All(Cursors::default())));
    // What it pushes itself moves it on, and it says so by its mark alone.
    let own = agency
        .worker
        .chain(agency.id, stream, "own")
        .write(epoch, b"own");
    let outcomes = world.push(worker, &envelopes(std::slice::from_ref(&own)));
    let [Outcome::Stored(place)] = outcomes[..] else {
        panic!("{outcomes:?}")
    };
    let next = replica.cursor(stream).next(own.id());
    assert_eq!((next.seq, next.h), (place.seq, place.h));
    replica.cursors.streams.insert(stream, next);
    let news = agency
        .admin
        .chain(agency.id, stream, "work")
        .write(epoch, b"news");
    world.push(admin, &envelopes(std::slice::from_ref(&news)));

    let check = |replica: &Replica| Scope::Check(mark(&replica.cursors.fingerprint()));
    let again = world.sign_in(&agency, &agency.worker);
    replica.take(&world.pull(again, check(&replica)));
    assert_eq!(replica.envelopes[&stream].last(), Some(&news.encode()));
    assert_eq!(replica.checkpoints, 2);
    // A relay that has been started anew asks for the cursors.
    replica.cursors.grants += 1;
    let stale = world.pull(again, check(&replica));
    assert_eq!(stale, vec![RelayFrame::Stale { id: 9 }]);
}
