//! `docs/SCHEMA.md` says what the core checks: it is rendered from the core's own table.
//! `SATCHEL_WRITE_SCHEMA=1 cargo test -p satchel-tests --test schema` writes it anew.

use std::{
    fmt::{self, Write as _},
    fs,
    path::Path,
};

use satchel_core::record::{Holds, KINDS, Kind};

const INTRODUCTION: &str = "\
# What a case record holds

Rendered from the table that checks every command (`core/src/record/schema.rs`); a test compares the
two. Every value is kept with its author and time, every former value stays reachable, and two values
that people set apart from each other both stay until somebody chooses. Nothing is deleted: what ought
not to be there is `entered-in-error`. A field, a kind or a note format that a newer app has written is
kept as it is by an older one.

All values are text. `date` is `2026-11-23`; `time` is milliseconds since the Unix epoch in decimal;
`staff` is the id of a member of the staff; `record` the id of a record of the same case.
";

fn holds(holds: Holds) -> String {
    match holds {
        Holds::Text(max) => format!("text, at most {max} bytes"),
        Holds::Choice(codes) => codes.listed(),
        Holds::Date => "date".into(),
        Holds::Time => "time".into(),
        Holds::Number(min, max) => format!("{min} to {max}"),
        Holds::Flag => "`yes` or nothing".into(),
        Holds::Staff => "staff".into(),
        Holds::Record(kind) => format!("record: {kind}"),
    }
}

trait Codes {
    fn listed(&self) -> String;
}

impl Codes for [&str] {
    fn listed(&self) -> String {
        let codes: Vec<String> = self.iter().map(|code| format!("`{code}`")).collect();
        codes.join(", ")
    }
}

fn render(kind: &Kind, out: &mut String) -> fmt::Result {
    writeln!(out, "\n## {}\n", kind.code)?;
    if kind.single {
        writeln!(out, "At most one in a case.\n")?;
    }
    writeln!(out, "| field | holds | needed |\n|---|---|---|")?;
    for field in kind.fields {
        let needed = if field.required { "yes" } else { "" };
        writeln!(out, "| {} | {} | {needed} |", field.key, holds(field.holds))?;
    }
    if !kind.states.is_empty() {
        writeln!(out, "\n| state | may become |\n|---|---|")?;
        for (state, next) in kind.states {
            writeln!(out, "| {state} | {} |", next.listed())?;
        }
    }
    Ok(())
}

#[test]
fn the_reference_says_what_is_checked() {
    let mut rendered = INTRODUCTION.to_owned();
    for kind in KINDS {
        render(kind, &mut rendered).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SCHEMA.md");
    if std::env::var_os("SATCHEL_WRITE_SCHEMA").is_some() {
        fs::write(&path, &rendered).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == rendered,
        "docs/SCHEMA.md is not what the core checks: SATCHEL_WRITE_SCHEMA=1 writes it anew"
    );
}
