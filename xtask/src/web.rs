//! `web`: the app as static files in `web/dist`: types, wasm, then Vite. Skips Vite when nothing
//! that it reads has changed.

use anyhow::{Context, Result};

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
