//! No source file is forgotten: every `.rs` file is a target of Cargo's or a module of one, and
//! every test of the app is where its runner looks. A test that nobody runs is worse than none.

use std::collections::{BTreeMap, BTreeSet};

use crate::assert_tidy;
use crate::packages::metadata;
use crate::tree::{File, files, root};

/// Where each runner of the app's tests looks.
const RUNNERS: [(&str, &[&str], &str); 2] = [
    (".test.ts", &["web/src/"], "vitest"),
    // The second home is that of `npm run screens`: looks and accessibility over a fake client.
    (
        ".spec.ts",
        &["web/e2e/", "web/src/views/dev/"],
        "Playwright",
    ),
];

/// Files that no target in `roots` reaches by `mod`.
fn unreached(files: &[File], roots: &[String]) -> Vec<String> {
    let texts = files
        .iter()
        .filter(|file| file.ends_in(&[".rs"]))
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect::<BTreeMap<_, _>>();
    let mut reached = BTreeSet::new();
    let mut open = roots
        .iter()
        .map(|root| (root.clone(), folder(root)))
        .collect::<Vec<_>>();
    while let Some((path, children)) = open.pop() {
        let Some(text) = texts.get(path.as_str()) else {
            continue;
        };
        if !reached.insert(path.clone()) {
            continue;
        }
        for module in modules(text) {
            match module {
                Module::At(named) => {
                    let path = format!("{}{named}", folder(&path));
                    open.push((path.clone(), folder(&path)));
                }
                Module::Named(name) => {
                    let inner = format!("{children}{name}/");
                    open.push((format!("{children}{name}.rs"), inner.clone()));
                    open.push((format!("{inner}mod.rs"), inner));
                }
            }
        }
    }
    texts
        .keys()
        .filter(|path| !reached.contains(**path))
        .map(|path| format!("{path} belongs to no target: nothing compiles it"))
        .collect()
}

enum Module<'a> {
    Named(&'a str),
    At(&'a str),
}

/// The `mod name;` of a file, with a `#[path]` before it where there is one.
fn modules(text: &str) -> Vec<Module<'_>> {
    let mut modules = Vec::new();
    let mut at = None;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("#[path = \"") {
            at = rest.split('"').next();
            continue;
        }
        let line = line
            .strip_prefix("pub(crate) ")
            .or(line.strip_prefix("pub "))
            .unwrap_or(line);
        if let Some(name) = line
            .strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(';'))
        {
            modules.push(at.take().map_or(Module::Named(name), Module::At));
        }
    }
    modules
}

fn folder(path: &str) -> String {
    path.rfind('/')
        .map_or(String::new(), |at| path[..=at].to_owned())
}

fn where_no_runner_looks(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (ending, homes, runner) in RUNNERS {
        for file in files.iter().filter(|file| file.ends_in(&[ending])) {
            if !homes.iter().any(|home| file.path.starts_with(home)) {
                let home = homes.join(" and ");
                complaints.push(format!("{}: {runner} looks in {home} alone", file.path));
            }
        }
    }
    complaints
}

#[test]
fn every_rust_file_is_compiled() {
    let metadata = metadata();
    let mut roots = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        for target in package["targets"].as_array().expect("targets") {
            let path = std::path::Path::new(target["src_path"].as_str().expect("a path"));
            let path = path
                .strip_prefix(root())
                .expect("a target in the repository");
            roots.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    assert_tidy(&unreached(&files(), &roots));
}

#[test]
fn every_test_of_the_app_is_run() {
    assert_tidy(&where_no_runner_looks(&files()));
}

#[test]
fn the_check_sees_a_forgotten_file() {
    let made_up = [
        File::new(
            "core/src/lib.rs",
            "pub mod log;\nmod sync;\n#[path = \"odd/name.rs\"]\nmod x;",
        ),
        File::new("core/src/log.rs", "mod chain;"),
        File::new("core/src/log/chain.rs", ""),
        File::new("core/src/sync/mod.rs", "mod inner;"),
        File::new("core/src/sync/inner.rs", ""),
        File::new("core/src/odd/name.rs", ""),
        File::new("core/src/chain.rs", "// Of nobody."),
        File::new("tests/lost/main.rs", "#[test] fn never_run() {}"),
        File::new("web/src/a.test.ts", ""),
        File::new("web/scripts/b.test.ts", ""),
    ];
    let complaints = unreached(&made_up, &["core/src/lib.rs".to_owned()]);
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    assert_eq!(where_no_runner_looks(&made_up).len(), 1);
}
