//! What crosses crates: a simulated world of devices and a relay, native clients over a real
//! socket, the demo agency, and a peer for a benchmark. Knows every crate; no crate knows it.

pub mod demo;
pub mod device;
pub mod disk;
pub mod evil;
pub mod peer;
pub mod sim;
pub mod socket;
pub mod team;
pub mod wishes;
