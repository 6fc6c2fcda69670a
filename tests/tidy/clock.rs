//! The core has no clock, no randomness of its own and no disk: all that is an argument. Clippy
//! refuses the calls in Rust that it can see; this also sees names in macros and other forms.

use crate::assert_tidy;
use crate::tree::{File, files};

const ROOMS: [&str; 2] = ["core/src/", "core/wire/src/"];
const REFUSED: [&str; 9] = [
    "Date.now",
    "Date::now",
    "Instant::now",
    "SystemTime",
    "thread_rng",
    "getrandom::",
    "SystemRandom",
    "std::fs",
    "std::net",
];

fn outside_things(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files
        .iter()
        .filter(|file| ROOMS.iter().any(|room| file.path.starts_with(room)))
    {
        // Tests come last in a file, and may do as they like.
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for name in REFUSED.iter().filter(|name| code.contains(**name)) {
                complaints.push(format!(
                    "{}:{}: `{name}` in the core",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    complaints
}

#[test]
fn the_core_is_told_the_time() {
    assert_tidy(&outside_things(&files()));
}

#[test]
fn the_check_sees_a_clock() {
    let made_up = [
        File::new(
            "core/src/a.rs",
            "//! No SystemTime here.\nlet t = Instant::now();\n",
        ),
        File::new(
            "core/src/b.rs",
            "fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }",
        ),
        File::new("server/src/c.rs", "let t = Instant::now();"),
    ];
    assert_eq!(
        outside_things(&made_up),
        ["core/src/a.rs:2: `Instant::now` in the core"]
    );
}
