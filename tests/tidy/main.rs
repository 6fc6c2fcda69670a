//! Tidy: what the house promises about its own files, as ordinary tests. Each file here holds one
//! kind of promise, its tables on top, and tests of the check itself on made-up input, so that a
//! check that can no longer fail is noticed. Reads files and Cargo's metadata; runs nothing.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a check that cannot read its input must fail"
)]

mod clock;
mod edges;
mod forgotten;
mod headers;
mod links;
mod packages;
mod size;
mod tree;
mod words;

/// Fails with every complaint at once.
fn assert_tidy(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "not tidy:\n  {}\n",
        complaints.join("\n  ")
    );
}
