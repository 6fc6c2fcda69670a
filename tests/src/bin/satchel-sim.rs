//! `cargo xtask sim --seeds A..B` or `--seed N`: runs worlds, prints what each came to, fails with
//! the command that replays the first one that went wrong.

use std::{ops::Range, process::ExitCode};

use satchel_tests::sim::{Faults, run};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((seeds, single)) = seeds(&args) else {
        eprintln!("usage: satchel-sim --seeds A..B | --seed N");
        return ExitCode::from(2);
    };
    let (count, mut acknowledged, mut crashes) = (seeds.end - seeds.start, 0, 0);
    for seed in seeds {
        match run(seed, Faults::of(seed)) {
            Ok(outcome) => {
                acknowledged += outcome.acknowledged;
                crashes += outcome.crashes;
                if single {
                    println!("seed {seed}: {outcome:?}");
                }
            }
            Err(wrong) => {
                eprintln!("{wrong}");
                return ExitCode::FAILURE;
            }
        }
    }
    println!(
        "{count} worlds converged: {acknowledged} edits called saved, {crashes} crashes, none lost"
    );
    ExitCode::SUCCESS
}

fn seeds(args: &[String]) -> Option<(Range<u64>, bool)> {
    match args {
        [flag, seed] if flag == "--seed" => {
            let seed = seed.parse().ok()?;
            Some((seed..seed.checked_add(1)?, true))
        }
        [flag, range] if flag == "--seeds" => {
            let (from, to) = range.split_once("..")?;
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            (from < to).then_some((from..to, false))
        }
        _ => None,
    }
}
