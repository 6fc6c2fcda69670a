//! The simulator is worth what it catches: worlds converge, a seed is a world, and an engine that
//! is broken on purpose is found out.

use satchel_tests::sim::{Faults, run};

#[test]
fn worlds_converge_and_nothing_called_saved_is_lost() {
    for seed in 10_000..10_020 {
        let outcome = run(seed, Faults::of(seed)).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(outcome.acknowledged > 0, "seed {seed} did nothing");
    }
}

#[test]
fn one_seed_is_one_world_to_the_last_byte() {
    let first = run(77, Faults::default()).unwrap();
    assert_eq!(first, run(77, Faults::default()).unwrap());
    assert_ne!(first.trace, run(78, Faults::default()).unwrap().trace);
}

#[test]
fn an_engine_that_acknowledges_before_it_stores_is_caught() {
    let faults = Faults {
        acknowledges_before_storing: true,
        crash: 20,
        ..Faults::default()
    };
    let caught = (0..50)
        .filter_map(|seed| run(seed, faults).err())
        .find(|wrong| wrong.contains("saved note") || wrong.contains("saved value"));
    let wrong = caught.expect("no world noticed");
    assert!(wrong.contains("replay: cargo xtask sim --seed"), "{wrong}");
}

#[test]
fn worlds_whose_relay_is_put_back_from_backups_converge_and_lose_nothing() {
    for seed in (20_000..20_050).step_by(5) {
        let faults = Faults::of(seed);
        assert!(faults.restores);
        let outcome = run(seed, faults).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(outcome.acknowledged > 0, "seed {seed} did nothing");
    }
}
