//! Generates TypeScript's types from the core's messages into `web/src/generated/`: one file for
//! each type, and an index of them; and the tables by which forms are made. What is no longer a type
//! of the core goes away.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};

use crate::shell::{cargo, root, run, target};
use crate::stamp::Stamp;

const INPUTS: [&str; 5] = [
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "core/wire/src",
    "xtask/src/types.rs",
];
const INDEX: &str = "index.ts";
/// Tables, not a type: whoever needs them imports the file itself.
const TABLES: &str = "schema";

/// Generates when anything changed since the last time.
///
/// # Errors
/// When the core does not compile or a file cannot be written.
pub fn generate() -> Result<()> {
    let out = root().join("web/src/generated");
    let stamp = Stamp::of("types", &INPUTS, &out.join(INDEX))?;
    if stamp.is_fresh() {
        return Ok(());
    }
    let fresh = target().join("xtask/types");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    // Each exported type has a test that writes it. In xtask's own profile: nothing that these
    // tests do needs optimised dependencies, and with other features none would be shared anyhow.
    let tests = [
        "--package",
        "satchel-core",
        "--lib",
        "--features",
        "ts",
        "export_bindings",
    ];
    run(cargo()
        .env("TS_RS_EXPORT_DIR", &fresh)
        .args(["test", "--quiet", "--profile", "tool"])
        .args(tests))?;
    fs::create_dir_all(&out)?;
    let names = type_files(&fresh)?;
    for gone in type_files(&out)?.difference(&names) {
        fs::remove_file(out.join(format!("{gone}.ts")))?;
    }
    let mut index = String::from("// Generated: the core's messages.\n");
    for name in &names {
        fs::copy(
            fresh.join(format!("{name}.ts")),
            out.join(format!("{name}.ts")),
        )?;
        if name != TABLES {
            index.push_str(&format!("export type {{ {name} }} from './{name}';\n"));
        }
    }
    fs::write(out.join(INDEX), index).with_context(|| format!("cannot write {INDEX}"))?;
    stamp.keep()
}

/// Names of the types that have a file in `folder`.
fn type_files(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if let (Some(stem), true) = (stem, path.extension().is_some_and(|end| end == "ts"))
            && stem != "index"
        {
            names.insert(stem.to_owned());
        }
    }
    Ok(names)
}
