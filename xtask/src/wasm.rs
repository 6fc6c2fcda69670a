//! Builds the core for the browser: `wasm/` with the profile `wasm`, then the JavaScript around it
//! into `web/src/generated/wasm/`. The generator is a library at exactly the version of
//! `wasm-bindgen` that Cargo.lock pins, so there is no tool to install and none to fit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::{root, run, target};
use crate::stamp::Stamp;
use crate::tools::{WASM_TARGET, WasmToolchain};

const INPUTS: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "core",
    "wasm",
    "xtask/src/wasm.rs",
];
const MODULE: &str = "satchel_wasm_bg.wasm";
const PROFILE: &str = "wasm";

/// Builds when anything changed since the last time.
///
/// # Errors
/// When the compiler or the generator fails.
pub fn build() -> Result<()> {
    let out = out();
    let stamp = Stamp::of("wasm", &INPUTS, &out.join(MODULE))?;
    if stamp.is_fresh() {
        return Ok(());
    }
    let toolchain = WasmToolchain::need()?;
    run(toolchain
        .cargo("build")
        .args(["--package", "satchel-wasm", "--profile", PROFILE]))?;
    let built = target()
        .join(WASM_TARGET)
        .join(PROFILE)
        .join("satchel_wasm.wasm");
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("cannot empty {}", out.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&built)
        .web(true)
        .context("target web")?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&out)
        .with_context(|| format!("cannot generate {}", out.display()))?;
    report(&out.join(MODULE))?;
    stamp.keep()
}

/// How much a tablet has to fetch.
fn report(module: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let packed = miniz_oxide::deflate::compress_to_vec(&bytes, 9).len();
    println!(
        "wasm: {} KB, {} KB compressed",
        bytes.len() / 1000,
        packed / 1000
    );
    Ok(())
}

fn out() -> PathBuf {
    root().join("web/src/generated/wasm")
}
