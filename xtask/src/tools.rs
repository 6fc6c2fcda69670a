//! The tools that the commands stand on: how to see that each is here, and how it is installed.
//! One table for `doctor` (tells) and `setup` (installs), so that they never disagree.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::shell;

/// What the browser's part of the core is compiled for.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

const NODE_MAJOR_MIN: u32 = 20;

/// One tool.
#[derive(Clone, Copy)]
pub struct Tool {
    pub name: &'static str,
    pub why: &'static str,
    /// Its version or place, if it is here and good enough.
    pub find: fn() -> Option<String>,
    pub install: Install,
}

/// How a tool gets here.
#[derive(Clone, Copy)]
pub enum Install {
    /// Debian packages.
    Apt(&'static [&'static str]),
    /// A component of the Rust toolchain.
    Component(&'static str),
    /// The compilation target for the browser.
    Target,
    /// `npm ci` in `web/`.
    Packages,
    /// Only a person can.
    Person(&'static str),
}

/// Enough to build and to run the demo.
pub const BUILD: [Tool; 7] = [NODE, NPM, CC, TARGET, CLANG, AR, PACKAGES];

/// Enough for every check and test as well.
pub const ALL: [Tool; 10] = [
    NODE, NPM, CC, TARGET, CLANG, AR, FMT, CLIPPY, CHROMIUM, PACKAGES,
];

const NODE: Tool = Tool {
    name: "node",
    why: "Node 20 or newer builds and tests the app",
    find: || {
        let version = shell::first_line("node", &["--version"])?;
        let major = version
            .trim_start_matches('v')
            .split('.')
            .next()?
            .parse::<u32>()
            .ok()?;
        (major >= NODE_MAJOR_MIN).then_some(version)
    },
    install: Install::Person("install Node 20 or newer: https://nodejs.org/en/download"),
};

const NPM: Tool = Tool {
    name: "npm",
    why: "installs the app's packages",
    find: || shell::first_line("npm", &["--version"]),
    install: Install::Person("npm comes with Node (on Debian: apt-get install npm)"),
};

const CC: Tool = Tool {
    name: "cc",
    why: "compiles SQLite and the C parts of ring",
    find: || shell::first_line("cc", &["--version"]),
    install: Install::Apt(&["gcc", "libc6-dev"]),
};

const TARGET: Tool = Tool {
    name: WASM_TARGET,
    why: "Rust's standard library for the browser",
    find: || WasmToolchain::find().map(|toolchain| toolchain.to_string()),
    install: Install::Target,
};

const CLANG: Tool = Tool {
    name: "clang",
    why: "compiles the C parts of ring for the browser",
    find: || {
        shell::output("clang", &["--print-targets"])
            .filter(|targets| targets.contains("wasm32"))
            .and_then(|_| shell::first_line("clang", &["--version"]))
    },
    install: Install::Apt(&["clang", "lld"]),
};

const AR: Tool = Tool {
    name: "llvm-ar",
    why: "archives what clang compiled",
    find: || {
        shell::output("llvm-ar", &["--version"]).and_then(|text| {
            Some(
                text.lines()
                    .find(|line| line.contains("version"))?
                    .trim()
                    .into(),
            )
        })
    },
    install: Install::Apt(&["llvm"]),
};

const FMT: Tool = Tool {
    name: "rustfmt",
    why: "`test` checks the formatting",
    find: || shell::first_line("cargo", &["fmt", "--version"]),
    install: Install::Component("rustfmt"),
};

const CLIPPY: Tool = Tool {
    name: "clippy",
    why: "`test` lints",
    find: || shell::first_line("cargo", &["clippy", "--version"]),
    install: Install::Component("clippy"),
};

/// What the journeys and the bench drive.
pub const CHROMIUM: Tool = Tool {
    name: "chromium",
    why: "walks the browser journeys",
    find: || shell::first_line(&chromium()?.to_string_lossy(), &["--version"]),
    install: Install::Apt(&["chromium"]),
};

const PACKAGES: Tool = Tool {
    name: "npm packages",
    why: "what the app is built with",
    find: || {
        // npm writes this file last, so it is as old as the whole installation.
        let web = shell::root().join("web");
        let installed = modified(&web.join("node_modules/.package-lock.json"))?;
        let wanted = modified(&web.join("package-lock.json"))?;
        (installed >= wanted).then(|| "web/node_modules".to_owned())
    },
    install: Install::Packages,
};

impl Tool {
    /// The command that a person would type.
    pub fn command(&self) -> String {
        match self.install {
            Install::Apt(packages) => format!("apt-get install {}", packages.join(" ")),
            Install::Component(name) => format!("rustup component add {name}"),
            Install::Target if has_rustup() => format!("rustup target add {WASM_TARGET}"),
            Install::Target => format!("apt-get install {}", DEBIAN_RUST.join(" ")),
            Install::Packages => "npm ci --prefix web".to_owned(),
            Install::Person(words) => words.to_owned(),
        }
    }
}

/// Is the toolchain one of rustup's?
pub fn has_rustup() -> bool {
    shell::first_line("rustup", &["--version"]).is_some()
}

/// Where rustup cannot help: Debian's own current compiler and the sources of its standard library,
/// from which cargo builds that library for the browser.
pub const DEBIAN_RUST: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// What compiles for the browser.
pub enum WasmToolchain {
    /// The toolchain that runs us has the target.
    Installed,
    /// Debian's packages build the standard library; `linker` is Debian's.
    Debian { linker: PathBuf },
}

impl WasmToolchain {
    /// The one that is here, if any.
    pub fn find() -> Option<Self> {
        let libraries = shell::first_line(
            "rustc",
            &["--print", "target-libdir", "--target", WASM_TARGET],
        );
        if libraries.is_some_and(|dir| has_library(Path::new(&dir))) {
            return Some(Self::Installed);
        }
        let sysroot = shell::first_line("/usr/bin/rustc", &["--print", "sysroot"])?;
        let sources = Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
        let cargo = shell::first_line("/usr/bin/cargo", &["--version"]);
        (sources.exists() && cargo.is_some())
            .then(linker)?
            .map(|linker| Self::Debian { linker })
    }

    /// A cargo command (`build`, for example) for the browser's target.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Installed => shell::cargo(),
            Self::Debian { .. } => shell::program("/usr/bin/cargo"),
        };
        shell::as_typed(&mut command);
        command.args([subcommand, "--target", WASM_TARGET]);
        if let Self::Debian { linker } = self {
            // A linker by its own variable: RUSTFLAGS would hide those of .cargo/config.toml.
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO")
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
    }

    /// The one that is here.
    ///
    /// # Errors
    /// When there is none; says how to get one.
    pub fn need() -> Result<Self> {
        match Self::find() {
            Some(toolchain) => Ok(toolchain),
            None => bail!("Rust cannot compile for the browser yet: run `cargo xtask setup`"),
        }
    }
}

impl std::fmt::Display for WasmToolchain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Installed => f.write_str("installed"),
            Self::Debian { linker } => {
                write!(
                    f,
                    "built from Debian's sources, linked by {}",
                    linker.display()
                )
            }
        }
    }
}

fn has_library(dir: &Path) -> bool {
    let Ok(entries) = dir.read_dir() else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// The newest `wasm-ld` or `wasm-ld-<version>`.
fn linker() -> Option<PathBuf> {
    let names = Path::new("/usr/bin")
        .read_dir()
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let rest = name.strip_prefix("wasm-ld")?;
            let version = rest
                .strip_prefix('-')
                .map_or(Some(0), |text| text.parse::<u32>().ok())?;
            Some((version, entry.path()))
        });
    names.max().map(|(_, path)| path)
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// The browser that the journeys drive: `CHROMIUM` names another than the first in `PATH`.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .flat_map(|folder| ["chromium", "chromium-browser"].map(|name| folder.join(name)))
        .find(|path| path.is_file())
}

/// Does this command run and succeed, its output unseen?
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
