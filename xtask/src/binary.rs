//! The programs that cargo builds for this machine: the relay `satchel`, the simulator, the demo's
//! seeder. Owns in which profile each is built.
//!
//! `test` builds everything in the dev profile: its dependencies are optimised there (see the root
//! Cargo.toml), so SQLite, the cryptography and Automerge are compiled once for unit tests,
//! simulator and journeys alike. Compiling them once more for release takes two minutes on two
//! cores, and 500 seeds of the simulator take one in the dev profile: release does not pay there.
//! Release is for what people run: `build` and `demo`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::shell;

/// All packages of this machine but xtask. Every call of cargo chooses the same ones: another
/// choice is another set of features, and compiles the dependencies once more.
pub const HOST: [&str; 5] = [
    "--workspace",
    "--exclude",
    "satchel-wasm",
    "--exclude",
    "xtask",
];

/// Which build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For tests: quick to build, checks overflow.
    Dev,
    /// For people.
    Release,
}

/// Builds the relay alone.
///
/// # Errors
/// When it does not compile.
pub fn build_relay() -> Result<()> {
    shell::run(shell::cargo().args(["build", "--release", "--package", "satchel-server"]))?;
    let path = path(Kind::Release, "satchel");
    let size = path
        .metadata()
        .with_context(|| format!("{} is missing", path.display()))?
        .len();
    println!("{} ({:.1} MB)", path.display(), megabytes(size));
    Ok(())
}

/// Builds all programs.
///
/// # Errors
/// When one does not compile.
pub fn build_all(kind: Kind) -> Result<()> {
    let mut command = shell::cargo();
    command.args(["build", "--bins"]).args(HOST);
    if kind == Kind::Release {
        command.arg("--release");
    }
    shell::run(&mut command)
}

/// Where a program is once it is built.
pub fn path(kind: Kind, name: &str) -> PathBuf {
    let folder = match kind {
        Kind::Dev => "debug",
        Kind::Release => "release",
    };
    shell::target().join(folder).join(name)
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
