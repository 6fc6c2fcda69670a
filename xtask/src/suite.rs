//! `test` and `sim`: every check of the project as a list of steps, cheap ones first, that stops at
//! the first failure and says what to do about it.
//!
//! Everything here builds in the dev profile (see [`crate::binary`]). Cargo's calls name the same
//! packages wherever they can: another choice of packages is another set of features, and compiles
//! SQLite and Automerge once more. `xtask` is tested apart for that reason.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::binary::{self, Kind};
use crate::shell;
use crate::tally::{self, Tally};
use crate::tools::WasmToolchain;
use crate::{setup, tools, web, weight};

/// Seeds of the simulator that every run walks through.
const SEEDS: &str = "0..500";

/// What to test.
#[derive(clap::Args)]
pub struct Options {
    /// A step's name (fmt, web, weight, check, vitest, clippy, cargo, sim, journeys), or a part of the
    /// tests' names; all without it
    filter: Option<String>,
}

/// Which seeds.
#[derive(clap::Args)]
pub struct SimOptions {
    /// First seed and the one after the last
    #[arg(long, value_name = "A..B", default_value = SEEDS, conflicts_with = "seed")]
    seeds: String,
    /// Replay one seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Optimised: takes longer to build, and pays from some thousands of seeds on
    #[arg(long)]
    release: bool,
}

struct Step {
    name: &'static str,
    /// Has tests with names that a filter can choose.
    filters: bool,
    run: fn(&str, &mut Tally) -> Result<()>,
    /// What to do when it fails.
    advice: &'static str,
}

const STEPS: [Step; 9] = [
    Step {
        name: "fmt",
        filters: false,
        run: fmt,
        advice: "`cargo fmt` puts it right",
    },
    Step {
        name: "web",
        filters: false,
        run: |_, _| web::build(),
        advice: "`cargo xtask web` repeats it",
    },
    Step {
        name: "weight",
        filters: false,
        run: |_, _| weight::check(),
        advice: "what is new in the app? Load it only when it is needed, or raise a budget in xtask/src/weight.rs",
    },
    Step {
        name: "check",
        filters: false,
        run: check,
        advice: "`npm run check` in web/ repeats it",
    },
    Step {
        name: "vitest",
        filters: true,
        run: vitest,
        advice: "`npm test` in web/ repeats it",
    },
    Step {
        name: "clippy",
        filters: false,
        run: clippy,
        advice: "correct it, or `#[expect(…, reason = \"…\")]` where the lint is wrong",
    },
    Step {
        name: "cargo",
        filters: true,
        run: cargo,
        advice: "`cargo xtask test <part of the test's name>` repeats one",
    },
    Step {
        name: "sim",
        filters: false,
        run: |_, _| simulate_with(Kind::Dev, &["--seeds", SEEDS]),
        advice: "`cargo xtask sim --seed <N>` replays the seed that is printed above",
    },
    Step {
        name: "journeys",
        filters: true,
        run: journeys,
        advice: "`cargo xtask test journeys` repeats them; traces are in web/test-results",
    },
];

/// Runs the steps.
///
/// # Errors
/// At the first step that fails.
pub fn run(options: &Options) -> Result<()> {
    let begun = Instant::now();
    let filter = options.filter.as_deref().unwrap_or_default();
    let chosen = |step: &&Step| {
        if STEPS.iter().any(|step| step.name == filter) {
            step.name == filter
        } else {
            // Names of tests: only steps that have names, and the app that the journeys walk.
            filter.is_empty() || step.filters || step.name == "web"
        }
    };
    let names = if STEPS.iter().any(|step| step.name == filter) {
        ""
    } else {
        filter
    };

    setup::run(&tools::ALL)?;
    let mut tally = Tally::default();
    let mut times = Vec::new();
    for step in STEPS.iter().filter(chosen) {
        println!("\n== {}", step.name);
        let step_begun = Instant::now();
        let outcome = (step.run)(names, &mut tally);
        println!(
            "== {} {} in {}",
            step.name,
            word(&outcome),
            clock(step_begun.elapsed())
        );
        if outcome.is_err() {
            sum(tally);
        }
        outcome.with_context(|| format!("{} failed: {}", step.name, step.advice))?;
        times.push(format!("{} {}", step.name, clock(step_begun.elapsed())));
    }
    println!(
        "\nPassed in {}: {}",
        clock(begun.elapsed()),
        times.join(", ")
    );
    sum(tally);
    Ok(())
}

/// Runs the simulator alone.
///
/// # Errors
/// When a seed fails.
pub fn simulate(options: &SimOptions) -> Result<()> {
    let kind = if options.release {
        Kind::Release
    } else {
        Kind::Dev
    };
    match options.seed {
        Some(seed) => simulate_with(kind, &["--seed", &seed.to_string()]),
        None => simulate_with(kind, &["--seeds", &options.seeds]),
    }
}

/// The one place that calls the simulator.
fn simulate_with(kind: Kind, arguments: &[&str]) -> Result<()> {
    binary::build_all(kind)?;
    shell::run(shell::program(binary::path(kind, "satchel-sim")).args(arguments))
}

fn fmt(_: &str, _: &mut Tally) -> Result<()> {
    shell::run(shell::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(_: &str, _: &mut Tally) -> Result<()> {
    let deny = ["--", "-D", "warnings"];
    let mut host = shell::cargo();
    host.args([
        "clippy",
        "--workspace",
        "--exclude",
        "satchel-wasm",
        "--all-targets",
    ]);
    shell::run(host.args(deny))?;
    let toolchain = WasmToolchain::need()?;
    if matches!(toolchain, WasmToolchain::Debian { .. }) {
        println!("No clippy for the browser's part: Debian's compiler comes without.");
        return Ok(());
    }
    // In the profile that it is built in, so that the C parts of ring are compiled once.
    let mut wasm = toolchain.cargo("clippy");
    shell::run(
        wasm.args(["--package", "satchel-wasm", "--profile", "wasm"])
            .args(deny),
    )
}

fn cargo(filter: &str, tally: &mut Tally) -> Result<()> {
    let filtered = |command: &mut Command| {
        if !filter.is_empty() {
            command.args(["--", filter]);
        }
    };
    let mut tests = shell::cargo();
    tests.args(["test", "--no-fail-fast"]).args(binary::HOST);
    filtered(&mut tests);
    tally::run(&mut tests, tally)?;
    let mut own = shell::cargo();
    own.args(["test", "--package", "xtask", "--profile", "tool"]);
    filtered(&mut own);
    tally::run(&mut own, tally)
}

fn check(_: &str, _: &mut Tally) -> Result<()> {
    shell::run(shell::npm().args(["run", "check"]))
}

fn vitest(filter: &str, tally: &mut Tally) -> Result<()> {
    let mut command = shell::npm();
    command.args(["test", "--", "--passWithNoTests"]);
    if !filter.is_empty() {
        command.args(["--testNamePattern", filter]);
    }
    tally::run(&mut command, tally)
}

fn journeys(filter: &str, tally: &mut Tally) -> Result<()> {
    web::build()?;
    binary::build_all(Kind::Dev)?;
    let mut command = web::playwright("e2e", Kind::Dev);
    command.args(["--", "--pass-with-no-tests"]);
    if !filter.is_empty() {
        command.args(["--grep", filter]);
    }
    tally::run(&mut command, tally)
}

fn sum(tally: Tally) {
    if tally != Tally::default() {
        println!("{} passed, {} failed", tally.passed, tally.failed);
    }
}

fn word(outcome: &Result<()>) -> &'static str {
    if outcome.is_ok() { "passed" } else { "FAILED" }
}

fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{}:{:02} min", seconds / 60, seconds % 60)
    }
}
