//! Who may depend on whom, and on how much. That the relay cannot read a record is a fact of this
//! graph: neither keys nor documents are within its reach.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::assert_tidy;
use crate::tree::root;

/// A package of the house.
struct Room {
    name: &'static str,
    /// The other rooms that its product may use (its tests too).
    uses: &'static [&'static str],
    /// Direct dependencies from outside, at most: raising it is a decision.
    outside_max: usize,
}

const ROOMS: [Room; 6] = [
    Room {
        name: "satchel-wire",
        uses: &[],
        outside_max: 8,
    },
    Room {
        name: "satchel-core",
        uses: &["satchel-wire"],
        outside_max: 20,
    },
    Room {
        name: "satchel-wasm",
        uses: &["satchel-core", "satchel-wire"],
        outside_max: 12,
    },
    Room {
        name: "satchel-server",
        uses: &["satchel-wire"],
        outside_max: 24,
    },
    Room {
        name: "satchel-tests",
        uses: &["satchel-core", "satchel-wire", "satchel-server"],
        outside_max: 22,
    },
    Room {
        name: "xtask",
        uses: &[],
        outside_max: 8,
    },
];

/// What opens or reads records; the relay reaches none of it, by whatever way.
const READERS: [&str; 4] = ["satchel-core", "automerge", "hpke", "argon2"];

/// npm packages at most, for the app and for its making.
const NPM_MAX: [(&str, usize); 2] = [("dependencies", 8), ("devDependencies", 18)];

/// Names of what each package names itself, dev-dependencies too.
type Direct = BTreeMap<String, BTreeSet<String>>;

fn wrong_edges(direct: &Direct) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, dependencies) in direct {
        let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
            complaints.push(format!("{name} is not in the table of rooms"));
            continue;
        };
        let (inside, outside): (Vec<_>, Vec<_>) = dependencies
            .iter()
            .partition(|dependency| direct.contains_key(*dependency));
        for dependency in inside {
            if !room.uses.contains(&dependency.as_str()) && dependency != name {
                complaints.push(format!("{name} must not use {dependency}"));
            }
        }
        if outside.len() > room.outside_max {
            complaints.push(format!(
                "{name} names {} packages from outside, more than {}",
                outside.len(),
                room.outside_max
            ));
        }
    }
    complaints
}

/// Everything that `package` reaches, by a lock file's text.
fn reach(lock: &str, package: &str) -> BTreeSet<String> {
    let mut direct = BTreeMap::<&str, Vec<&str>>::new();
    let (mut name, mut listing) = ("", false);
    for line in lock.lines() {
        if let Some(rest) = line.strip_prefix("name = ") {
            name = rest.trim_matches('"');
        } else if line == "dependencies = [" {
            listing = true;
        } else if line == "]" {
            listing = false;
        } else if listing {
            // `"name",` or `"name 1.2.3",`
            let dependency = line.trim().trim_matches(['"', ',']);
            let dependency = dependency.split(' ').next().unwrap_or_default();
            direct.entry(name).or_default().push(dependency);
        }
    }
    let mut reached = BTreeSet::new();
    let mut open = vec![package];
    while let Some(name) = open.pop() {
        for dependency in direct.get(name).into_iter().flatten() {
            if reached.insert((*dependency).to_owned()) {
                open.push(dependency);
            }
        }
    }
    reached
}

/// The version of `package` in a lock file.
fn version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let named = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != named);
    lines.nth(1)?.strip_prefix("version = ")
}

fn too_many(package_json: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    for (kind, max) in NPM_MAX {
        let count = package_json
            .get(kind)
            .and_then(Value::as_object)
            .map_or(0, |list| list.len());
        if count > max {
            complaints.push(format!("package.json has {count} {kind}, more than {max}"));
        }
    }
    complaints
}

/// The workspace as Cargo sees it.
pub fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("metadata is JSON")
}

fn direct(metadata: &Value) -> Direct {
    let mut direct = Direct::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        direct.insert(name(package), dependencies.iter().map(name).collect());
    }
    direct
}

fn lock() -> String {
    std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock")
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    assert_tidy(&wrong_edges(&direct(&metadata())));
}

#[test]
fn the_relay_cannot_read() {
    let reached = reach(&lock(), "satchel-server");
    let complaints = READERS
        .iter()
        .filter(|reader| reached.contains(**reader))
        .map(|reader| format!("satchel-server reaches {reader}"))
        .collect::<Vec<_>>();
    assert_tidy(&complaints);
    assert!(
        reached.contains("satchel-wire"),
        "the lock file was not understood"
    );
}

#[test]
fn the_app_has_few_packages() {
    let text = std::fs::read_to_string(root().join("web/package.json")).expect("package.json");
    assert_tidy(&too_many(
        &serde_json::from_str(&text).expect("package.json is JSON"),
    ));
}

/// The generator reads what the macro wrote, and only their versions' being equal makes it fit.
#[test]
fn wasm_bindgen_and_its_generator_are_of_one_version() {
    let lock = lock();
    let generator = version(&lock, "wasm-bindgen-cli-support");
    assert!(generator.is_some());
    assert_eq!(version(&lock, "wasm-bindgen"), generator);
}

#[test]
fn the_check_sees_a_wrong_edge() {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let made_up = Direct::from([
        (
            "satchel-wire".to_owned(),
            set(&["a", "b", "c", "d", "e", "f", "g", "h", "i"]),
        ),
        (
            "satchel-core".to_owned(),
            set(&["satchel-wire", "automerge"]),
        ),
        (
            "satchel-server".to_owned(),
            set(&["satchel-wire", "satchel-core"]),
        ),
        ("satchel-extra".to_owned(), set(&[])),
    ]);
    let complaints = wrong_edges(&made_up);
    assert_eq!(complaints.len(), 3, "{complaints:?}");
    assert!(complaints.contains(&"satchel-server must not use satchel-core".to_owned()));
}

#[test]
fn the_check_sees_what_is_reached_by_detours() {
    let lock = "[[package]]\nname = \"relay\"\nversion = \"1\"\ndependencies = [\n \"codec 2.0\",\n]\n\
                [[package]]\nname = \"codec\"\nversion = \"2.0\"\ndependencies = [\n \"automerge\",\n]\n\
                [[package]]\nname = \"automerge\"\nversion = \"3\"\n\
                [[package]]\nname = \"hpke\"\nversion = \"1\"\n";
    let reached = reach(lock, "relay");
    assert!(
        reached.contains("automerge") && !reached.contains("hpke"),
        "{reached:?}"
    );
    assert_eq!(version(lock, "codec"), Some("\"2.0\""));
}

#[test]
fn the_check_counts_npm_packages() {
    let list = (0..9)
        .map(|n| (format!("p{n}"), Value::from("1")))
        .collect::<serde_json::Map<_, _>>();
    let made_up = serde_json::json!({ "dependencies": list });
    assert_eq!(too_many(&made_up).len(), 1);
}
