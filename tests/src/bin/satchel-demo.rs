//! `satchel-demo --relay-setup-link <link>`: founds the demo agency at a fresh relay and prints one
//! line of JSON for each link with which a browser can join. Whatever else there is to say goes to
//! standard error.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use satchel_tests::demo;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [flag, link] = args.as_slice() else {
        return usage();
    };
    if flag != "--relay-setup-link" {
        return usage();
    }
    match run(link) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("satchel-demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: satchel-demo --relay-setup-link <link>");
    ExitCode::from(2)
}

fn run(link: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let agency = runtime
        .block_on(demo::seed(link))
        .context("the demo agency cannot be founded")?;
    for link in &agency.links {
        println!("{}", link.line());
    }
    eprintln!(
        "{} cases, {} notes, {} conflicts that wait for somebody.",
        agency.cases, agency.notes, agency.conflicts
    );
    Ok(())
}
