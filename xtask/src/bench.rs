//! `bench`: measures the app with a large caseload in a browser that is slowed down as a whole, once
//! for each length of history. Owns the sizes; what is measured, and how, is in `web/bench`.

use anyhow::{Context, Result};

use crate::binary::{self, Kind};
use crate::{setup, shell, tools, web};

/// How much, and how slow.
#[derive(clap::Args)]
pub struct Options {
    /// In a browser: the only bench that there is today
    #[arg(long, required = true)]
    browser: bool,
    /// Cases that the tablet holds; at least the twenty of the demo agency
    #[arg(long, value_name = "N", default_value_t = 150)]
    cases: u32,
    /// Notes of each case; several for a curve
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "500")]
    notes: Vec<u32>,
    /// How many times slower than this machine the browser is
    #[arg(long, value_name = "N", default_value_t = 6)]
    rate: u32,
}

/// Builds what people run, and measures it.
///
/// # Errors
/// When something does not build, or the app does not come to an end of what is measured.
pub fn run(options: &Options) -> Result<()> {
    setup::run(&[tools::CHROMIUM])?;
    web::build()?;
    binary::build_all(Kind::Release)?;
    for notes in &options.notes {
        println!(
            "\n== {} cases of {notes} notes, {} times slower",
            options.cases, options.rate
        );
        let mut command = web::playwright("bench", Kind::Release);
        command
            .env("SATCHEL_DEMO", binary::path(Kind::Release, "satchel-demo"))
            .env("BENCH_CASES", options.cases.to_string())
            .env("BENCH_NOTES", notes.to_string())
            .env("BENCH_RATE", options.rate.to_string());
        shell::run(&mut command).context("the app came to no end; its last words are above")?;
    }
    Ok(())
}
