//! The relay's own word: forged checkpoints, other memories, frames that are noise.

use satchel_core::{io::Rng as _, rng::Seeded};
use satchel_tests::team::{ANA, BEN};
use satchel_wire::{
    Checkpoint, Incarnation, Millis, Nonce, ProfileId, RelayFrame, RelayKey, cursor::Word,
};

use crate::eve::{ALL, Eve, at_an_evil_relay, has_no_key, texts, write};

#[test]
fn a_forged_checkpoint_makes_nobody_believe_that_they_have_all() {
    type Forge = fn(&Word, &Eve) -> Word;
    let table: [(&str, Forge); 3] = [
        ("in the relay's name by another", |one, eve| {
            // Of the right place, as far as that shows.
            let mut fingerprint = [0; 32];
            fingerprint[..8].copy_from_slice(&one.mark);
            let (relay, memory, nonce) =
                (RelayKey(eve.id().0), Incarnation([1; 16]), Nonce([9; 32]));
            let pair = eve.signer.pair();
            Checkpoint::sign(relay, memory, nonce, one.at, fingerprint, pair).into_word()
        }),
        ("of another place", |one, _| {
            let mut forged = one.clone();
            forged.mark = [9; 8];
            forged
        }),
        ("of another time", |one, _| {
            let mut forged = one.clone();
            forged.at = Millis(u64::MAX);
            forged
        }),
    ];
    for (name, forge) in table {
        let (mut team, case) = at_an_evil_relay();
        team.go_on(&ALL, 100_000);
        let ana: ProfileId = team.member(ANA).profile.parse().unwrap();
        let before = team.status(ANA).complete_at;
        assert!(before.is_some());
        team.evil().twists = Box::new(move |who, frame| match frame {
            RelayFrame::Checkpoint { id, checkpoint } if who == ana => {
                let checkpoint = forge(&checkpoint, &Eve::new());
                vec![RelayFrame::Checkpoint { id, checkpoint }]
            }
            other => vec![other],
        });
        write(&mut team, BEN, case, "new");
        team.go_on(&ALL, 300_000);
        assert_eq!(team.status(ANA).complete_at, before, "{name}");
        has_no_key(&mut team, &Eve::new());
    }
}

#[test]
fn another_memory_loses_nothing_that_is_here() {
    let (mut team, case) = at_an_evil_relay();
    write(&mut team, ANA, case, "one");
    team.go_on(&ALL, 100_000);
    for memory in 10..14 {
        team.evil().incarnation = Incarnation([memory; 16]);
        // It may even begin with nothing at all.
        if memory == 11 {
            team.evil().shows = Box::new(|_, _, _| Vec::new());
        } else {
            team.evil().shows = Box::new(|_, _, log| log);
        }
        for place in ALL {
            team.restart(place);
        }
        team.go_on(&ALL, 200_000);
        for place in ALL {
            assert_eq!(texts(&mut team, place, case), ["one"], "memory {memory}");
        }
    }
    has_no_key(&mut team, &Eve::new());
}

#[test]
fn noise_is_refused_and_nobody_falls_over() {
    let (mut team, case) = at_an_evil_relay();
    let mut rng = Seeded::new(11);
    team.evil().twists = Box::new(move |_, frame| {
        let mut bytes = frame.encode();
        let (mut place, mut kind) = ([0; 8], [0; 1]);
        rng.fill(&mut place);
        rng.fill(&mut kind);
        let at = (u64::from_be_bytes(place) % bytes.len() as u64) as usize;
        match kind[0] % 4 {
            // Half of all arrive whole, or nothing would go on.
            0 | 1 => return vec![frame],
            2 => bytes[at] ^= 1 << (place[0] % 8),
            _ => bytes.truncate(at),
        }
        // What is no frame at all goes no further in a browser; what is one is taken.
        RelayFrame::decode(&bytes).into_iter().collect()
    });
    for round in 0..12 {
        write(&mut team, ALL[round % 4], case, &format!("note {round}"));
        team.go_on(&ALL, 120_000);
        // Those who wait for the rest of a frame hang up and try again.
    }
    team.evil().twists = Box::new(|_, frame| vec![frame]);
    team.evil().incarnation = Incarnation([5; 16]);
    for place in ALL {
        team.restart(place);
    }
    team.go_on(&ALL, 600_000);
    for place in ALL {
        assert_eq!(texts(&mut team, place, case).len(), 12, "tablet {place}");
    }
    has_no_key(&mut team, &Eve::new());
}
