//! What the app weighs on the wire, counted in its built and compressed files: so that what makes every
//! first visit dearer is seen when it is added. Owns the budgets, a tenth or so above what was needed when
//! they were set.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell;

/// Bytes of all files of a kind, Brotli-compressed.
const BUDGETS: [(&str, &[&str], u64); 3] = [
    (
        "core and reader of codes, WebAssembly",
        &["wasm"],
        1_750_000,
    ),
    ("scripts", &["js"], 200_000),
    ("styles", &["css"], 12_000),
];
/// What a browser asks for before anything is shown.
const REQUESTS_MAX: usize = 6;

/// Weighs `web/dist`.
///
/// # Errors
/// When something is over its budget, or the app is not built.
pub fn check() -> Result<()> {
    let dist = shell::root().join("web/dist");
    let mut over = Vec::new();
    let mut line = |what: &str, came: u64, budget: u64| {
        println!("{what}: {came} of {budget}");
        if came > budget {
            over.push(what.to_owned());
        }
    };
    let files = compressed(&dist.join("assets"))?;
    for (what, kinds, budget) in BUDGETS {
        let of_kind = files.iter().filter(|(name, _)| {
            let kind = Path::new(name).extension().and_then(|kind| kind.to_str());
            kind.is_some_and(|kind| kinds.contains(&kind))
        });
        line(
            &format!("{what}, bytes"),
            of_kind.map(|(_, len)| len).sum(),
            budget,
        );
    }
    let page = fs::read_to_string(dist.join("index.html")).context("web/dist is not built")?;
    line(
        "requests at the start",
        requests(&page) as u64,
        REQUESTS_MAX as u64,
    );
    if over.is_empty() {
        return Ok(());
    }
    bail!("over budget: {}", over.join(", "))
}

/// Names without `.br`, and lengths, of all files that come compressed.
fn compressed(folder: &Path) -> Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).context("web/dist is not built")? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".br") {
            found.push((name.to_owned(), file.metadata()?.len()));
        }
    }
    Ok(found)
}

/// The page itself and all that it names.
fn requests(page: &str) -> usize {
    let named = ["src=\"", "href=\""].map(|attribute| page.matches(attribute).count());
    1 + named.iter().sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_asks_for_itself_and_what_it_names() {
        assert_eq!(requests("<p>nothing</p>"), 1);
        let page = r#"<link href="a.css"><script src="b.js"></script>"#;
        assert_eq!(requests(page), 3);
    }
}
