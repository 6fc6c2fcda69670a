//! The repository's own files, by path from its root, always with `/`. Leaves out what is built,
//! installed or generated.

use std::fs;
use std::path::Path;

/// Folders and files that are products, wherever they stand.
const PRODUCTS: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "test-results",
    "playwright-report",
];
const GENERATED: &str = "web/src/generated";

/// One text file.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// For made-up trees.
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    pub fn ends_in(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the repository")
}

/// All text files, in the order of their paths.
pub fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(root(), "", &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "the repository was not found");
    files
}

fn collect(folder: &Path, prefix: &str, into: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}/{name}")
        };
        let product = PRODUCTS.contains(&name.as_str()) || name.starts_with("target-");
        if product || path == GENERATED {
            continue;
        }
        if entry.path().is_dir() {
            collect(&entry.path(), &path, into);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            into.push(File { path, text });
        }
    }
}
