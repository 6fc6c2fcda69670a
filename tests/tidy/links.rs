//! Links of one document to another, or to a file, lead somewhere.

use crate::assert_tidy;
use crate::tree::{File, files, root};

fn dead(files: &[File], exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.ends_in(&[".md"])) {
        let mut fenced = false;
        for (number, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            for target in targets(line) {
                let path = target.split('#').next().unwrap_or_default();
                let elsewhere = target.contains("://") || target.starts_with("mailto:");
                if elsewhere || path.is_empty() {
                    continue;
                }
                if !resolve(&file.path, path).is_some_and(|path| exists(&path)) {
                    complaints.push(format!(
                        "{}:{}: the link `{target}` leads nowhere",
                        file.path,
                        number + 1
                    ));
                }
            }
        }
    }
    complaints
}

/// The `…` of each `](…)`, without a title.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let inside = rest.split(')').next()?;
        inside.split_whitespace().next()
    })
}

/// `path` as written in `from`, from the root; none if it leaves the repository.
pub fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts = from.split('/').collect::<Vec<_>>();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn links_lead_somewhere() {
    assert_tidy(&dead(&files(), |path| root().join(path).exists()));
}

#[test]
fn the_check_sees_a_dead_link() {
    let made_up = [File::new(
        "docs/a.md",
        "[ok](b.md#part) [up](../README.md) [dead](c.md) [web](https://example.org/x)\n\
         ```\n[not](a-link)\n```\n[out](../../x)",
    )];
    let there = ["docs/b.md", "README.md"];
    let complaints = dead(&made_up, |path| there.contains(&path));
    assert_eq!(complaints.len(), 2, "{complaints:?}");
}
