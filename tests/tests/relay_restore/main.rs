//! A relay put back from an old backup gets back what tablets hold: five tablets in one thread, and
//! twenty at a real one.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

mod sockets;
mod team;
