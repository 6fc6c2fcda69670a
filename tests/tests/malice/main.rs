//! A relay that is the attacker, and what comes of it: refused, or named, and never a key for it.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

mod enrolment;
mod eve;
mod logs;
mod loss;
mod members;
mod words;
