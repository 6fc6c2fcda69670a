//! Remembers what a step was made from, so that it need not be made again. A stamp is a hash of the
//! inputs' paths and contents (not times: a fresh clone has new ones), kept under `target/xtask/`.
//! Refuses to vouch for a step whose product is gone.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{root, target};

/// Folders that hold products, never inputs.
const PRODUCTS: [&str; 5] = [
    "node_modules",
    "dist",
    "test-results",
    "playwright-report",
    "target",
];

/// The state of one step's inputs.
pub struct Stamp {
    file: PathBuf,
    now: String,
    fresh: bool,
}

impl Stamp {
    /// Looks at `inputs` (files or folders, from the root) of the step `name`, whose `product` must
    /// exist for an old stamp to count.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn of(name: &str, inputs: &[&str], product: &Path) -> Result<Self> {
        let paths = inputs
            .iter()
            .map(|input| root().join(input))
            .collect::<Vec<_>>();
        Self::of_paths(
            target().join(format!("xtask/{name}.stamp")),
            root(),
            &paths,
            product,
        )
    }

    fn of_paths(file: PathBuf, base: &Path, inputs: &[PathBuf], product: &Path) -> Result<Self> {
        let mut files = BTreeSet::new();
        for input in inputs {
            collect(input, &mut files)?;
        }
        let mut hasher = DefaultHasher::new();
        for path in &files {
            let bytes =
                fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.strip_prefix(base).unwrap_or(path).to_string_lossy();
            // Lengths first, so that no two lists of files run into each other.
            hasher.write_usize(name.len());
            hasher.write(name.as_bytes());
            hasher.write_usize(bytes.len());
            hasher.write(&bytes);
        }
        let now = format!("{:016x} {}", hasher.finish(), product.display());
        let fresh = product.exists() && fs::read_to_string(&file).is_ok_and(|old| old == now);
        Ok(Self { file, now, fresh })
    }

    /// Nothing changed since [`Stamp::keep`].
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// The step is done: remembers its inputs.
    ///
    /// # Errors
    /// When the stamp cannot be written.
    pub fn keep(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.now)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

fn collect(path: &Path, into: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_file() {
        into.insert(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            if !PRODUCTS.iter().any(|product| name == *product) {
                collect(&entry.path(), into)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_until_an_input_or_the_product_changes() {
        let base = std::env::temp_dir().join(format!("satchel-stamp-{}", std::process::id()));
        let (input, product) = (base.join("src"), base.join("product"));
        fs::create_dir_all(&input).unwrap();
        fs::write(input.join("a"), "1").unwrap();
        fs::write(&product, "made").unwrap();
        let look = || {
            Stamp::of_paths(
                base.join("stamp"),
                &base,
                std::slice::from_ref(&input),
                &product,
            )
        };

        assert!(!look().unwrap().is_fresh(), "never made");
        look().unwrap().keep().unwrap();
        assert!(look().unwrap().is_fresh());
        fs::write(input.join("b"), "").unwrap();
        assert!(!look().unwrap().is_fresh(), "a new file, though empty");
        fs::remove_file(input.join("b")).unwrap();
        fs::write(input.join("a"), "2").unwrap();
        assert!(!look().unwrap().is_fresh(), "other contents");
        fs::write(input.join("a"), "1").unwrap();
        assert!(look().unwrap().is_fresh());
        fs::remove_file(&product).unwrap();
        assert!(!look().unwrap().is_fresh(), "product gone");
        fs::remove_dir_all(&base).unwrap();
    }
}
