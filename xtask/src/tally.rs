//! Adds up what test runners say they ran. Reads the closing lines of cargo's harness, vitest and
//! Playwright; a runner that it does not know counts for nothing, and never fails a step.

use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::shell;

/// How many tests ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs to the end, its output shown, and adds what its lines report to `tally`.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub fn run(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let words = shell::words(command);
    eprintln!("  $ {words}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{words}`"))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            *tally += read(&line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{words}` failed ({status})");
    }
    Ok(())
}

/// What one line reports: `test result: ok. 3 passed; 0 failed; …`, `Tests  1 failed | 2 passed (3)`
/// or `  5 passed (3.2s)`.
fn read(line: &str) -> Tally {
    let line = plain(line);
    let line = line.trim();
    let counts = if let Some(rest) = line.strip_prefix("test result:") {
        rest.split_once(". ").map_or("", |(_, counts)| counts)
    } else if let Some(rest) = line.strip_prefix("Tests  ") {
        rest
    } else if line.starts_with(|first: char| first.is_ascii_digit()) {
        line
    } else {
        ""
    };
    let mut tally = Tally::default();
    for part in counts.split([';', '|']) {
        let mut words = part.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
            break;
        };
        match (words.next(), words.next()) {
            // Nothing but a time or a total may follow, or it is some sentence about numbers.
            (Some("passed"), None) => tally.passed += number,
            (Some("passed"), Some(after)) if after.starts_with('(') => tally.passed += number,
            (Some("failed"), None) => tally.failed += number,
            _ => {}
        }
    }
    tally
}

/// Without colours: some runners paint even when nobody watches.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // `[…m`
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_runners_lines_and_no_others() {
        for (line, passed, failed) in [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
                12,
                0,
            ),
            (
                "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured",
                3,
                2,
            ),
            ("      Tests  12 passed (12)", 12, 0),
            ("      Tests  1 failed | 12 passed (13)", 12, 1),
            (" Test Files  3 passed (3)", 0, 0),
            ("  5 passed (10.1s)", 5, 0),
            ("  1 failed", 0, 1),
            (
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m22 passed\u{1b}[39m (22)",
                22,
                0,
            ),
            ("5 passed the door", 0, 0),
            ("running 3 tests", 0, 0),
            ("", 0, 0),
        ] {
            assert_eq!(read(line), Tally { passed, failed }, "{line}");
        }
    }
}
