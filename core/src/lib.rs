//! What only a device with keys may do: sealing, records, and the sync engine, a state machine
//! without disk, socket, clock or randomness of its own.

pub mod api;
pub mod audit;
pub mod body;
pub mod busy;
pub mod care;
pub mod case;
pub mod compartment;
pub mod contact;
pub mod directory;
pub mod doc;
pub mod engine;
pub mod finding;
pub mod grant;
pub mod import;
pub mod io;
pub mod keys;
pub mod kit;
#[cfg(test)]
mod known_answers;
pub mod link;
pub mod medication;
pub mod monitor;
pub mod note;
pub mod policy;
pub mod questionnaire;
pub mod record;
pub mod report;
pub mod resource;
pub mod rng;
pub mod schedule;
pub mod seal;
pub mod search;
pub mod vault;
pub mod visit;
pub mod words;

pub use engine::{Config, Engine};
