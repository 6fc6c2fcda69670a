//! Every source file opens with a comment that says what it is for.

use crate::assert_tidy;
use crate::tree::{File, files};

/// How a file of each kind may begin.
const OPENINGS: [(&str, &[&str]); 5] = [
    (".rs", &["//! "]),
    (".ts", &["// ", "/**"]),
    (".mjs", &["// ", "/**"]),
    (".svelte", &["<!-- "]),
    (".css", &["/* ", "/**"]),
];

fn without_header(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for (ending, openings) in OPENINGS {
            let opens = openings
                .iter()
                .any(|opening| file.text.starts_with(opening));
            if file.path.ends_with(ending) && !opens {
                complaints.push(format!(
                    "{} does not open with `{}…`",
                    file.path, openings[0]
                ));
            }
        }
    }
    complaints
}

#[test]
fn every_file_says_what_it_is_for() {
    assert_tidy(&without_header(&files()));
}

#[test]
fn the_check_sees_a_missing_header() {
    let made_up = [
        File::new("core/src/a.rs", "//! Keys.\nuse x;"),
        File::new("core/src/b.rs", "use x;"),
        File::new("web/src/c.ts", "\n// Late."),
        File::new("web/src/d.svelte", "<script>\n// Inside."),
        File::new("docs/e.md", "# Not a source"),
    ];
    let complaints = without_header(&made_up);
    assert_eq!(complaints.len(), 3, "{complaints:?}");
}
