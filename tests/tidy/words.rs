//! What no committed file may contain: paths of somebody's machine, and hosts from which packages
//! are fetched (a person may use another one). Lock files name their sources, except that npm's
//! must not: its addresses are those of whoever wrote it.

use crate::assert_tidy;
use crate::tree::{File, files};

const LOCK_FILES: [&str; 2] = ["Cargo.lock", "web/package-lock.json"];

/// In two halves, so that this file does not contain them.
const HOSTS: [(&str, &str); 4] = [
    ("registry.np", "mjs.org"),
    ("npm", "js.com"),
    ("crates", ".io"),
    ("registry.yar", "npkg"),
];

/// First folders of paths on a machine.
const MACHINE: [(&str, &str); 4] = [
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/tmp/ta", "rget"),
];

fn forbidden(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let lock = LOCK_FILES.contains(&file.path.as_str());
        if lock && file.path.ends_with(".json") && file.text.contains("\"resolved\"") {
            complaints.push(format!(
                "{} has \"resolved\" addresses: npm's omit-lockfile-registry-resolved is off",
                file.path
            ));
        }
        for (number, line) in file.text.lines().enumerate() {
            let place = format!("{}:{}", file.path, number + 1);
            for (a, b) in HOSTS.iter().filter(|_| !lock) {
                let host = format!("{a}{b}");
                if line.contains(&host) {
                    complaints.push(format!("{place}: names the package host {host}"));
                }
            }
            for (a, b) in MACHINE {
                if begins_a_path(line, &format!("{a}{b}")) {
                    complaints.push(format!("{place}: a path of somebody's machine, {a}{b}…"));
                }
            }
        }
    }
    complaints
}

/// `folder` with nothing before it that it could be a part of: `views/work/` is a path of ours.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && !"._-)}/@".contains(before))
    })
}

#[test]
fn no_file_names_a_machine_or_a_package_host() {
    assert_tidy(&forbidden(&files()));
}

#[test]
fn the_check_sees_paths_and_hosts() {
    let path = format!("see {}{}main/notes", MACHINE[0].0, MACHINE[0].1);
    let host = format!("https://{}{}/x", HOSTS[0].0, HOSTS[0].1);
    let made_up = [
        File::new("docs/a.md", &format!("fine\n{path}\n{host}")),
        File::new(
            "web/b.ts",
            &format!("import '../views{}{}x'", MACHINE[0].0, MACHINE[0].1),
        ),
        File::new("Cargo.lock", &host),
        File::new("web/package-lock.json", "\"resolved\": \"x\""),
    ];
    let complaints = forbidden(&made_up);
    assert_eq!(complaints.len(), 3, "{complaints:?}");
}
