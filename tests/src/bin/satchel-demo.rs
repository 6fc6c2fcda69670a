//! `satchel-demo --relay-setup-link <link> [--cases <n>] [--notes <n>]`: founds the demo agency at a
//! fresh relay and prints one line of JSON for each link with which a browser can join. Whatever else
//! there is to say goes to standard error. More cases, and a number of notes for each, make a caseload
//! to measure with.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use satchel_tests::demo::{self, Size};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((link, size)) = asked(&args) else {
        eprintln!("usage: satchel-demo --relay-setup-link <link> [--cases <n>] [--notes <n>]");
        return ExitCode::from(2);
    };
    match run(&link, size) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("satchel-demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn asked(args: &[String]) -> Option<(String, Size)> {
    let mut link = None;
    let mut size = Size::default();
    for pair in args.chunks(2) {
        let [flag, value] = pair else { return None };
        match flag.as_str() {
            "--relay-setup-link" => link = Some(value.clone()),
            "--cases" => size.cases = value.parse().ok()?,
            "--notes" => size.notes = Some(value.parse().ok()?),
            _ => return None,
        }
    }
    Some((link?, size))
}

fn run(link: &str, size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let agency = runtime
        .block_on(demo::seed(link, size))
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
