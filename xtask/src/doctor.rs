//! `doctor`: tells which tools are here and which are missing. Changes nothing.

use anyhow::{Result, bail};

use crate::tools::ALL;

/// Prints one line for each tool.
///
/// # Errors
/// When something that is needed is missing.
pub fn report() -> Result<()> {
    let mut missing = 0;
    for tool in ALL {
        match (tool.find)() {
            Some(found) => println!("  ok       {:<24} {found}", tool.name),
            None => {
                missing += 1;
                println!("  MISSING  {:<24} {}", tool.name, tool.why);
                println!("           {:<24} -> {}", "", tool.command());
            }
        }
    }
    if missing > 0 {
        bail!("{missing} missing. `cargo xtask setup` installs what it can.");
    }
    println!("Everything is here.");
    Ok(())
}
