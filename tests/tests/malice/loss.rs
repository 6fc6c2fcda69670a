//! A relay that says it has lost what it has not: it is given ciphertext that it was given before, a
//! few times a day and no more, and whoever asks is told that it was put back.

use std::collections::BTreeMap;

use satchel_core::api::{Reply, Request};
use satchel_tests::team::{ANA, NAMES};
use satchel_wire::{Compared, Envelope, Incarnation, ProfileId, RelayFrame, StreamId};

use crate::eve::{ALL, at_an_evil_relay, texts, write};

/// Hours of a day and a bit, and a connection in each.
const HOURS: u8 = 30;

#[test]
fn a_relay_that_forgets_all_the_time_is_given_its_own_again_a_few_times_a_day() {
    let (mut team, case) = at_an_evil_relay();
    write(&mut team, ANA, case, "a word that is nobody else's");
    team.go_on(&ALL, 100_000);
    let evil = team.evil();
    evil.twists = Box::new(|_, frame| match frame {
        RelayFrame::Compared {
            id,
            streams,
            is_last,
            restored,
        } => {
            let forgotten = streams.into_iter().map(|one| match one {
                Compared::Same { stream, .. } | Compared::Differs { stream, .. } => {
                    Compared::Differs {
                        stream,
                        ends: Vec::new(),
                    }
                }
            });
            let streams = forgotten.collect();
            vec![RelayFrame::Compared {
                id,
                streams,
                is_last,
                restored,
            }]
        }
        frame => vec![frame],
    });
    for hour in 0..HOURS {
        team.hang_up_all();
        team.evil().incarnation = Incarnation([100 + hour; 16]);
        team.go_on(&ALL, 150_000);
        team.go_on(&[], 60 * 60 * 1000);
    }
    let logs = &team.evil().logs;
    let sizes: BTreeMap<StreamId, usize> = logs.iter().map(|(id, log)| (*id, log.len())).collect();
    let mut handed: BTreeMap<(ProfileId, StreamId), usize> = BTreeMap::new();
    for (who, bytes, known) in &team.evil().handed {
        assert!(known, "it was never given that before");
        let stream = Envelope::decode(bytes).unwrap().header().stream;
        *handed.entry((*who, stream)).or_default() += 1;
    }
    assert!(handed.len() >= ALL.len(), "{handed:?}");
    for ((_, stream), count) in handed {
        // Two days begin within these hours.
        assert!(
            count <= 2 * 3 * sizes[&stream],
            "{count} of {}",
            sizes[&stream]
        );
    }
    for place in ALL {
        assert_eq!(
            texts(&mut team, place, case),
            ["a word that is nobody else's"]
        );
        let Reply::Work { work } = team.ask(place, Request::Work) else {
            panic!("{}", NAMES[place]);
        };
        let told = work.restored.unwrap();
        assert!(told.pending > 0 && told.handed == 0, "{told:?}");
    }
}
