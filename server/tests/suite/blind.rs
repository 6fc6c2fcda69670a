//! The relay cannot open an envelope: what it is made of has no cipher for it.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

/// What records are sealed with, or what knows their content.
const NEVER: [&str; 10] = [
    "satchel-core",
    "automerge",
    "hpke",
    "argon2",
    "chacha20poly1305",
    "aes-gcm",
    "x25519-dalek",
    "ml-kem",
    "x-wing",
    "satchel-wasm",
];

/// All of ring that this side may use. Ring itself holds ciphers, hence the look at the sources.
const OF_RING: [&str; 2] = ["digest", "signature"];

#[test]
fn nothing_that_opens_an_envelope_is_linked() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "satchel-server",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .args([
            "--target",
            "all",
            "--all-features",
            "--locked",
            "--format",
            "{p}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let text = String::from_utf8(tree.stdout).unwrap();
    let linked: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    for expected in ["satchel-server", "satchel-wire", "ring", "rusqlite"] {
        assert!(
            linked.contains(expected),
            "the list is not what it seems: no {expected}"
        );
    }
    for name in NEVER {
        assert!(!linked.contains(name), "{name} is linked into the relay");
    }
}

#[test]
fn of_ring_only_hashes_and_signatures_are_used() {
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for folder in [server.join("../core/wire/src"), server.join("src")] {
        sources(&folder, &mut |path, source| {
            for part in of_ring(source) {
                assert!(
                    OF_RING.contains(&part.as_str()),
                    "{} uses ring::{part}",
                    path.display()
                );
                found.insert(part);
            }
        });
    }
    assert_eq!(
        found.len(),
        OF_RING.len(),
        "the search finds nothing any more: {found:?}"
    );
}

fn sources(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, look);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            look(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

/// The modules of ring that a source names, in paths and in braces; `*` and another name for the
/// whole crate come out as what they are, and are not allowed.
fn of_ring(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .flat_map(|line| [line, " "])
        .collect();
    let mut parts = Vec::new();
    for (at, _) in code.match_indices("ring") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"') {
            continue;
        }
        let after = &code[at + "ring".len()..];
        if let Some(path) = after.trim_start().strip_prefix("::") {
            match path.trim_start().strip_prefix('{') {
                Some(braced) => parts.extend(first_level(braced)),
                None => parts.push(word(path)),
            }
        } else if after.trim_start().starts_with("as ") || after.trim_start().starts_with(';') {
            parts.push("the whole crate".to_owned());
        }
    }
    parts
}

fn word(text: &str) -> String {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*');
    text[..end.unwrap_or(text.len())].to_owned()
}

/// The first words of what stands between commas, up to the closing brace.
fn first_level(braced: &str) -> Vec<String> {
    let (mut depth, mut words, mut from) = (0, Vec::new(), 0);
    for (at, c) in braced.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                words.push(word(&braced[from..at]));
                from = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn the_search_sees_every_way_to_write_it() {
    for (source, expected) in [
        ("use ring::digest::{SHA256, digest};", vec!["digest"]),
        (
            "use ring::{\n    digest::{Context, SHA256},\n    aead,\n};",
            vec!["digest", "aead"],
        ),
        ("let x = ring::agreement::X25519;", vec!["agreement"]),
        ("use ring::*;", vec!["*"]),
        ("use ring as other;", vec!["the whole crate"]),
        ("extern crate ring;", vec!["the whole crate"]),
        (
            "// ring::aead is not used\nfn string() { let rings = 1; }",
            vec![],
        ),
    ] {
        assert_eq!(of_ring(source), expected, "{source}");
    }
}
