//! Who is told what in a comparison, what may be handed back, and what makes a relay take a new
//! incarnation: the same askers and places as in the table.

use std::collections::BTreeMap;

use satchel_wire::{
    Checkpoint, ClientFrame, Compared, Cursors, EnvelopeId, RelayFrame, Scope, StreamId,
};

use super::{
    Access, Asker, CertifyWorker, Change, Courier, Place, READS, Register, Rotate, Thing, Worker,
    cast::{Cast, Stand},
    is_tried,
};
use crate::common::{Replica, Signer};

#[test]
fn a_comparison_tells_of_what_one_reads_and_what_is_not_open_looks_like_what_is_not_there() {
    for (asker, expected) in READS {
        let mut cast = Cast::new();
        let Stand::In(session) = cast.stand(*asker) else {
            panic!("{asker:?}")
        };
        let places = Place::ALL
            .iter()
            .map(|place| (cast.place(*place).0, *place));
        let places: BTreeMap<StreamId, Place> = places.collect();
        let streams = places.keys().map(|stream| (*stream, [7; 32])).collect();
        let compare = ClientFrame::Compare { id: 1, streams };
        let answer = cast.world.ask(session, &compare);
        let [RelayFrame::Compared { streams, .. }] = &answer[..] else {
            panic!("{answer:?}")
        };
        for one in streams {
            let Compared::Differs { stream, ends } = one else {
                panic!("{one:?}")
            };
            let place = places[stream];
            assert_eq!(
                !ends.is_empty(),
                expected.contains(&place),
                "{asker:?} {place:?}"
            );
        }
        assert_eq!(streams.len(), places.len());
    }
}

#[test]
fn what_is_handed_back_is_judged_like_what_is_pushed() {
    const THINGS: [Thing; 6] = [Change, Register, Access, Courier, CertifyWorker, Rotate];
    for &asker in Asker::ALL {
        for thing in THINGS {
            for &place in Place::ALL
                .iter()
                .filter(|place| is_tried(asker, **place, thing))
            {
                let (mut pushed, mut handed) = (Cast::new(), Cast::new());
                let (item, back) = (
                    pushed.item(asker, place, thing),
                    handed.item(asker, place, thing),
                );
                let outcome = handed.hand_back(asker, back);
                assert_eq!(
                    pushed.push(asker, item),
                    outcome,
                    "{asker:?} {thing:?} in {place:?}"
                );
            }
        }
    }
}

#[test]
fn a_relay_takes_a_new_incarnation_on_its_own_word_alone_and_only_when_it_has_lost_something() {
    let mut cast = Cast::new();
    let Stand::In(session) = cast.stand(Worker) else {
        panic!("a worker")
    };
    let answer = cast.world.pull(session, Scope::All(Cursors::default()));
    let Some(RelayFrame::Checkpoint { checkpoint, .. }) = answer.last() else {
        panic!("{answer:?}")
    };
    let RelayFrame::Challenge {
        relay,
        incarnation,
        nonce,
    } = *cast.world.challenge(session)
    else {
        panic!("no challenge")
    };
    let mut replica = Replica::default();
    replica.take(&answer);
    let now = replica.cursors.fingerprint();
    let checkpoint = checkpoint.clone().over((relay, incarnation, nonce), now);
    assert!(checkpoint.verify().is_ok());
    let ahead = |cursors: &Cursors| {
        let mut ahead = cursors.clone();
        for cursor in ahead.streams.values_mut() {
            *cursor = cursor.next(EnvelopeId([1; 32]));
        }
        ahead
    };
    let true_word = (checkpoint.clone(), replica.cursors.clone());
    // Cursors that the relay never signed: its own checkpoint is over others.
    let made_up = (checkpoint.clone(), ahead(&replica.cursors));
    let key = Signer::new("whoever").key;
    let cursors = ahead(&replica.cursors);
    let forged = Checkpoint::sign(
        relay,
        incarnation,
        nonce,
        checkpoint.at,
        cursors.fingerprint(),
        &key,
    );
    for (checkpoint, cursors) in [true_word, made_up, (forged, cursors)] {
        let frame = ClientFrame::Witness {
            id: 5,
            checkpoint,
            cursors,
        };
        let answer = cast.world.ask(session, &frame);
        assert_eq!(
            answer,
            [RelayFrame::Witnessed {
                id: 5,
                renewed: false
            }]
        );
    }
}
