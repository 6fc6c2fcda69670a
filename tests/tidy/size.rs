//! Files stay readable in one sitting.

use crate::assert_tidy;
use crate::tree::{File, files};

const LINES_MAX: usize = 600;

/// Files with another limit, and the reason.
const LONGER: [(&str, usize, &str); 2] = [
    (
        "core/src/api.rs",
        700,
        "the whole contract with the views, in one place to read",
    ),
    (
        "docs/ARCHITECTURE.md",
        400,
        "shorter: a newcomer reads it whole on the first day",
    ),
];

const KINDS: [&str; 7] = [
    ".rs",
    ".ts",
    ".svelte",
    ".css",
    ".mjs",
    ".sql",
    "ARCHITECTURE.md",
];

fn too_long(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.ends_in(&KINDS)) {
        let exception = LONGER.iter().find(|(path, ..)| *path == file.path);
        let max = exception.map_or(LINES_MAX, |(_, max, _)| *max);
        let lines = file.text.lines().count();
        if lines > max {
            complaints.push(format!("{} has {lines} lines, more than {max}", file.path));
        }
    }
    complaints
}

#[test]
fn files_are_short() {
    assert_tidy(&too_long(&files()));
}

#[test]
fn the_check_sees_a_long_file() {
    let made_up = [
        File::new("core/src/a.rs", &"x\n".repeat(LINES_MAX + 1)),
        File::new("core/src/b.rs", &"x\n".repeat(LINES_MAX)),
        File::new("docs/ARCHITECTURE.md", &"x\n".repeat(401)),
        File::new("docs/long.md", &"x\n".repeat(5000)),
    ];
    let complaints = too_long(&made_up);
    assert_eq!(complaints.len(), 2, "{complaints:?}");
}
