//! What crosses crates: a simulated world of devices and a relay, a native client over a real
//! socket, and the demo agency. Knows every crate; no crate knows it.

pub mod demo;
pub mod device;
pub mod disk;
pub mod evil;
pub mod sim;
pub mod socket;
pub mod team;
pub mod wishes;
