//! Who may import whom in the app. Views render and emit intents; the client alone talks to the
//! worker; the worker alone loads wasm; the platform wraps the browser and knows nobody.

use std::collections::{BTreeMap, BTreeSet};

use crate::assert_tidy;
use crate::links::resolve;
use crate::tree::{File, files};

const SRC: &str = "web/src/";

/// A room of the app, and the beginnings of what it may import. Its own files are always allowed;
/// `generated/wasm` only where it is named.
const ROOMS: [(&str, &[&str]); 8] = [
    ("main", &["client", "i18n", "platform", "styles", "views"]),
    ("views", &["client", "generated", "i18n", "styles"]),
    ("i18n", &["generated", "client"]),
    ("styles", &[]),
    (
        "client",
        &["generated", "platform", "worker/messages", "worker/entry"],
    ),
    ("worker", &["generated", "generated/wasm", "platform"]),
    ("platform", &["generated"]),
    ("sw", &[]),
];

fn wrong_imports(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in sources(files) {
        let path = &file.path[SRC.len()..];
        let room = room_of(path);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            complaints.push(format!("{} is in no room of the table", file.path));
            continue;
        };
        for import in imports(&file.text) {
            let Some(target) = resolve(path, import.from) else {
                complaints.push(format!(
                    "{} imports `{}` from outside",
                    file.path, import.from
                ));
                continue;
            };
            let wasm = is_within(&target, "generated/wasm");
            let may = room_of(&target) == room
                || allowed.iter().any(|allowed| {
                    is_within(&target, allowed) && (!wasm || *allowed == "generated/wasm")
                });
            if !may {
                complaints.push(format!("{} must not import {target}", file.path));
            }
        }
    }
    complaints
}

/// Files that import each other in a ring (types do not count: they are gone when it runs).
fn rings(files: &[File]) -> Vec<String> {
    let mut edges = BTreeMap::<String, BTreeSet<String>>::new();
    let modules = sources(files)
        .map(|file| bare(&file.path[SRC.len()..]))
        .collect::<BTreeSet<_>>();
    for file in sources(files) {
        let path = &file.path[SRC.len()..];
        let targets = imports(&file.text)
            .into_iter()
            .filter(|import| !import.types_only)
            .filter_map(|import| resolve(path, import.from))
            .map(|target| bare(&target))
            .flat_map(|target| [format!("{target}/index"), target])
            .filter(|target| modules.contains(target))
            .collect();
        edges.insert(bare(path), targets);
    }
    // Take away again and again what imports nothing that is left; a ring remains.
    loop {
        let ends = edges
            .iter()
            .filter(|(_, targets)| targets.is_empty())
            .map(|(name, _)| name.clone())
            .collect::<BTreeSet<_>>();
        if ends.is_empty() {
            break;
        }
        edges.retain(|name, _| !ends.contains(name));
        for targets in edges.values_mut() {
            targets.retain(|target| !ends.contains(target));
        }
    }
    // And what only leads to the ring without being in it.
    loop {
        let imported = edges.values().flatten().cloned().collect::<BTreeSet<_>>();
        let before = edges.len();
        edges.retain(|name, _| imported.contains(name));
        if edges.len() == before {
            break;
        }
    }
    edges
        .keys()
        .map(|name| format!("{name} is in a ring of imports"))
        .collect()
}

fn sources(files: &[File]) -> impl Iterator<Item = &File> {
    files
        .iter()
        .filter(|file| file.path.starts_with(SRC) && file.ends_in(&[".ts", ".svelte"]))
        // Tests may look into every room; declarations import nothing.
        .filter(|file| !file.ends_in(&[".test.ts", ".d.ts"]))
}

/// The first folder of a path in `web/src`, or the file's name.
fn room_of(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or_default()
}

fn is_within(target: &str, place: &str) -> bool {
    target
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', '?']))
}

/// Without what a bundler takes off or adds: `.ts`, `?url`. (`x.svelte` may be `x.svelte.ts`.)
fn bare(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    path.strip_suffix(".ts").unwrap_or(path).to_owned()
}

struct Import<'a> {
    from: &'a str,
    types_only: bool,
}

/// Relative imports and re-exports, static or not.
fn imports(text: &str) -> Vec<Import<'_>> {
    let mut imports = Vec::new();
    let mut types_only = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("//") || line.starts_with('*') || line.starts_with("/*") {
            continue;
        }
        if line.starts_with("import ") || line.starts_with("export ") {
            types_only = line.starts_with("import type ") || line.starts_with("export type ");
        }
        for opening in ["from ", "import ", "import(", "new URL("] {
            for rest in line.split(opening).skip(1) {
                let Some(quote) = rest.chars().next().filter(|first| "'\"`".contains(*first))
                else {
                    continue;
                };
                let Some(from) = rest[1..].split(quote).next() else {
                    continue;
                };
                if from.starts_with('.') {
                    imports.push(Import { from, types_only });
                }
            }
        }
    }
    imports
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    assert_tidy(&wrong_imports(&files()));
}

#[test]
fn no_imports_go_in_a_ring() {
    assert_tidy(&rings(&files()));
}

#[test]
fn the_check_sees_a_wrong_import() {
    let made_up = [
        File::new(
            "web/src/views/case/Case.svelte",
            "<script>\nimport { t } from '../../i18n';\nimport type { Reply } from '../../generated';\n\
             import Icon from '../parts/Icon.svelte';\nimport { x } from '../../worker/messages';\n",
        ),
        File::new(
            "web/src/views/a.ts",
            "const x = await import('../generated/wasm/satchel_wasm');",
        ),
        File::new(
            "web/src/client/b.ts",
            "import {\n  type ToWorker,\n} from '../worker/messages';\n",
        ),
        File::new("web/src/client/c.ts", "import { f } from '../worker/host';"),
        File::new(
            "web/src/worker/d.ts",
            "import init from '../generated/wasm/satchel_wasm';",
        ),
        File::new(
            "web/src/platform/e.ts",
            "// from '../worker/x'\nimport a from '../../../x';",
        ),
        File::new("web/src/attic/f.ts", ""),
    ];
    let complaints = wrong_imports(&made_up);
    assert_eq!(complaints.len(), 5, "{complaints:#?}");
}

#[test]
fn the_check_sees_a_ring() {
    let made_up = [
        File::new("web/src/views/a.ts", "import { b } from './b';"),
        File::new("web/src/views/b.ts", "import {\n  c,\n} from './deep';"),
        File::new("web/src/views/deep/index.ts", "export { a } from '../a';"),
        File::new(
            "web/src/views/d.ts",
            "import { a } from './a';\nimport { e } from './e';",
        ),
        File::new("web/src/views/e.ts", "import type { D } from './d';"),
    ];
    let complaints = rings(&made_up);
    assert_eq!(complaints.len(), 3, "{complaints:#?}");
}
