//! `setup`: installs the tools that are missing, and says before each step what it does. Installs
//! nothing that is already here, and asks for no password: where it may not, it prints the command
//! for a person to type and stops.

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::tools::{DEBIAN_RUST, Install, Tool, WASM_TARGET, has_rustup, succeeds};

const NO_NETWORK: &str = "is the network reachable? Once it is, run the same command again";

/// Sees to it that all of `tools` are here.
///
/// # Errors
/// When one is missing and cannot be installed; says what a person can do.
pub fn run(tools: &[Tool]) -> Result<()> {
    let missing = tools
        .iter()
        .filter(|tool| (tool.find)().is_none())
        .collect::<Vec<_>>();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing
        .iter()
        .map(|tool| tool.name)
        .collect::<Vec<_>>()
        .join(", ");
    eprintln!("Setting up: {names}");

    // First what only a person can do, before anything is changed.
    for tool in &missing {
        if let Install::Person(words) = tool.install {
            bail!("{} is missing ({}): {words}", tool.name, tool.why);
        }
    }
    let mut packages = Vec::new();
    for tool in &missing {
        match tool.install {
            Install::Apt(names) => packages.extend_from_slice(names),
            Install::Component(name) => component(name)?,
            Install::Target => {
                if !target_by_rustup() {
                    packages.extend_from_slice(&DEBIAN_RUST);
                }
            }
            Install::Packages | Install::Person(_) => {}
        }
    }
    packages.sort_unstable();
    packages.dedup();
    if !packages.is_empty() {
        apt(&packages)?;
    }
    if missing
        .iter()
        .any(|tool| matches!(tool.install, Install::Packages))
    {
        eprintln!("Installing the app's packages as web/package-lock.json lists them.");
        shell::run(shell::npm().args(["ci", "--no-audit", "--no-fund"])).context(NO_NETWORK)?;
    }
    for tool in missing {
        if (tool.find)().is_none() {
            bail!(
                "{} is still missing ({}): {}",
                tool.name,
                tool.why,
                tool.command()
            );
        }
    }
    Ok(())
}

fn component(name: &str) -> Result<()> {
    if !has_rustup() {
        bail!("{name} is missing, and there is no rustup to add it: install your Rust's {name}");
    }
    eprintln!("Adding {name} to the Rust toolchain.");
    shell::run(shell::program("rustup").args(["component", "add", name])).context(NO_NETWORK)
}

fn target_by_rustup() -> bool {
    if !has_rustup() {
        eprintln!("No rustup here: taking Debian's own compiler for the browser's part.");
        return false;
    }
    eprintln!("Adding the compilation target for the browser.");
    let added = shell::run(shell::program("rustup").args(["target", "add", WASM_TARGET]));
    if added.is_err() {
        eprintln!("rustup could not: taking Debian's own compiler for the browser's part.");
    }
    added.is_ok()
}

fn apt(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if shell::first_line("apt-get", &["--version"]).is_none() {
        bail!(
            "this system has no apt-get. Install the equivalents of these Debian packages, then run \
             the same command again: {}",
            packages.join(" ")
        );
    }
    let root = shell::first_line("id", &["-u"]).as_deref() == Some("0");
    if !root && !succeeds(shell::program("sudo").args(["-n", "true"])) {
        bail!("this needs root. Run `sudo {by_hand}`, then the same command again");
    }
    let apt = || {
        let mut command = shell::program(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["-n", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    eprintln!("Installing Debian packages: {}", packages.join(" "));
    // A stale list is no reason to stop: the packages may be in it all the same.
    let _ = shell::run(apt().args(["update", "-q"]));
    shell::run(
        apt()
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(packages),
    )
    .with_context(|| format!("{NO_NETWORK}; or install them yourself: {by_hand}"))
}
