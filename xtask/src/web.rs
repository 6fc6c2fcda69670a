//! `web`: the app as static files in `web/dist`: types, wasm, then Vite. Skips Vite when nothing
//! that it reads has changed. Knows how Playwright's scripts are told which relay and browser to use.

use std::process::Command;

use anyhow::{Context, Result};

use crate::binary::{self, Kind};
use crate::shell;
use crate::stamp::Stamp;
use crate::{setup, tools, types, wasm};

/// Makes `web/dist`.
///
/// # Errors
/// When a step fails.
pub fn build() -> Result<()> {
    setup::run(&tools::BUILD)?;
    types::generate()?;
    wasm::build()?;
    let stamp = Stamp::of("web", &["web"], &shell::root().join("web/dist/index.html"))?;
    if stamp.is_fresh() {
        eprintln!("web/dist is up to date");
        return Ok(());
    }
    shell::run(shell::npm().args(["run", "build"]))
        .context("the app does not build; try `npm run build` in web/")?;
    stamp.keep()
}

/// A script of `web/package.json` that drives a browser against a relay.
pub fn playwright(script: &str, relay: Kind) -> Command {
    let mut command = shell::npm();
    command
        .args(["run", script])
        .env("SATCHEL_BIN", binary::path(relay, "satchel"));
    if let Some(browser) = tools::chromium() {
        command.env("CHROMIUM", browser);
    }
    command
}
