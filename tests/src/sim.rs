//! The simulator: tablets, a relay, disks, networks and clocks, all decided by one `u64` seed. What
//! it owns: the same seed is the same world, to the last byte; and a world that ends wrong says so
//! with the command that replays it.

mod check;
mod world;

pub use world::{Faults, Outcome, World};

/// Runs the world of `seed` to its end.
///
/// # Errors
/// What was wrong at the end, in words, with the command that replays it.
pub fn run(seed: u64, faults: Faults) -> Result<Outcome, String> {
    World::new(seed, faults)
        .and_then(World::run)
        .map_err(|wrong| format!("seed {seed}: {wrong}\nreplay: cargo xtask sim --seed {seed}"))
}
