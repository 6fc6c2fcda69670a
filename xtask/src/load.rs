//! `load`: many real tablets on sockets against a real relay. Owns the sizes; what is measured, and how,
//! is in `satchel-load`.

use std::process::Command;

use anyhow::{Context, Result};

use crate::binary::{self, Kind};
use crate::shell;

/// How many.
#[derive(clap::Args)]
pub struct Options {
    /// Agencies at the one relay
    #[arg(long, value_name = "N", default_value_t = 500)]
    agencies: u32,
    /// Tablets of each, all in one case
    #[arg(long, value_name = "N", default_value_t = 10)]
    tablets: u32,
}

/// Builds what people run, and loads it.
///
/// # Errors
/// When it does not build, or a tablet is refused or comes to no end.
pub fn run(options: &Options) -> Result<()> {
    binary::build_all(Kind::Release)?;
    let mut command = Command::new(binary::path(Kind::Release, "satchel-load"));
    command
        .arg("--relay")
        .arg(binary::path(Kind::Release, "satchel"))
        .args(["--agencies", &options.agencies.to_string()])
        .args(["--tablets", &options.tablets.to_string()]);
    shell::run(&mut command).context("not all tablets came back; their last words are above")
}
