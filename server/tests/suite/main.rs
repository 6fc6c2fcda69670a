//! The relay's tests, one binary: rules and store in one thread, then the real process.
#![allow(missing_docs, reason = "tests")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod access;
mod blind;
mod bundles;
mod common;
mod conformance;
mod durability;
mod enrolment;
mod grid;
mod kill;
mod limits;
mod line;
mod live;
mod process;
mod pulls;
