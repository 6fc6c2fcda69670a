//! `satchel-demo --relay-setup-link <link> [--cases <n>] [--notes <n>]`: founds the demo agency at a
//! fresh relay and prints one line of JSON for each link with which a browser can join. Whatever else
//! there is to say goes to standard error. More cases, and a number of notes for each, make a caseload
//! to measure with. `satchel-demo --meet <link> --meet <link> --edits <n>` lets two people of it get in
//! each other's way once more.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use satchel_tests::demo::{self, Size};

const USAGE: &str = "usage: satchel-demo --relay-setup-link <link> [--cases <n>] [--notes <n>]
       satchel-demo --meet <link> --meet <link> --edits <n>";

/// What is asked for on the command line.
#[derive(Default)]
struct Asked {
    setup: Option<String>,
    meet: Vec<String>,
    edits: usize,
    size: Size,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(asked) = asked(&args) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&asked) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("satchel-demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn asked(args: &[String]) -> Option<Asked> {
    let mut asked = Asked::default();
    for pair in args.chunks(2) {
        let [flag, value] = pair else { return None };
        match flag.as_str() {
            "--relay-setup-link" => asked.setup = Some(value.clone()),
            "--cases" => asked.size.cases = value.parse().ok()?,
            "--notes" => asked.size.notes = Some(value.parse().ok()?),
            "--meet" => asked.meet.push(value.clone()),
            "--edits" => asked.edits = value.parse().ok()?,
            _ => return None,
        }
    }
    Some(asked)
}

/// Whether there was anything to do.
fn run(asked: &Asked) -> Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match (&asked.setup, asked.meet.as_slice()) {
        (Some(link), []) => {
            let agency = runtime
                .block_on(demo::seed(link, asked.size))
                .context("the demo agency cannot be founded")?;
            for link in &agency.links {
                println!("{}", link.line());
            }
            eprintln!(
                "{} cases, {} notes, {} conflicts that wait for somebody.",
                agency.cases, agency.notes, agency.conflicts
            );
        }
        (None, [one, other]) => runtime
            .block_on(demo::meet([one, other], asked.edits))
            .context("the two did not meet")?,
        _ => return Ok(false),
    }
    Ok(true)
}
