//! The blind relay. It keeps sealed envelopes in append-only logs, gives each its place, and tells
//! who is listening. Owns the invariant that it could not read a record if it wanted to: nothing
//! that opens an envelope is among its dependencies. [`session`] is the conversation, [`append`] and
//! [`pull`] the rules, [`store`] the memory, [`host`] the network around them.

pub mod append;
pub mod assets;
pub mod bundle;
mod carrier;
pub mod enroll;
pub mod error;
pub mod folds;
pub mod host;
pub mod hub;
pub mod metrics;
pub mod places;
pub mod pull;
pub mod relay;
mod restore;
pub mod session;
pub mod signer;
pub mod sqlite;
pub mod store;

pub use host::{Host, Settings};
pub use hub::SessionKey;
pub use relay::{Delivery, Relay};
pub use session::{Action, Session};
pub use signer::Signer;
pub use sqlite::SqliteStore;
pub use store::{Identity, Store, StoreError};
