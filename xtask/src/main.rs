//! `cargo xtask …`: every command that a developer or CI needs, each in its own file. This file
//! owns the command line and nothing else.

mod bench;
mod binary;
mod demo;
mod doctor;
mod load;
mod setup;
mod shell;
mod stamp;
mod suite;
mod tally;
mod tools;
mod types;
mod wasm;
mod web;
mod weight;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Satchel's commands. Each does what it needs first and skips what is up to date.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Tell which tools are here, which are missing, and the command that installs each
    Doctor,
    /// Install what is missing (compilation target, clang, Chromium, npm packages)
    Setup,
    /// Generate TypeScript's types from the core's messages
    Types,
    /// Build the core for the browser
    Wasm,
    /// Build the app: types, wasm, then Vite
    Web,
    /// Build the app and the release binary that serves it
    Build,
    /// Start a relay with a demo agency and print a link for each of its people
    Demo(demo::Options),
    /// Check and test everything, or only what matches a filter
    Test(suite::Options),
    /// Run the simulator over seeds, or replay one
    Sim(suite::SimOptions),
    /// Measure a large caseload in a browser that is slowed down
    Bench(bench::Options),
    /// Load a relay with many real tablets on sockets
    Load(load::Options),
}

fn main() -> ExitCode {
    let outcome = match Line::parse().command {
        None => {
            let _ = Line::command().print_help();
            return ExitCode::SUCCESS;
        }
        Some(Command::Doctor) => doctor::report(),
        Some(Command::Setup) => setup::run(&tools::ALL),
        Some(Command::Types) => types::generate(),
        Some(Command::Wasm) => wasm::build(),
        Some(Command::Web) => web::build(),
        Some(Command::Build) => web::build().and_then(|()| binary::build_relay()),
        Some(Command::Demo(options)) => demo::run(&options),
        Some(Command::Test(options)) => suite::run(&options),
        Some(Command::Sim(options)) => suite::simulate(&options),
        Some(Command::Bench(options)) => bench::run(&options),
        Some(Command::Load(options)) => load::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
