//! What travels between devices and relay, and the public rules both sides run on it: ids, signed
//! envelopes, frames, the control plane. Owns the invariant that nothing here can open an envelope:
//! only hashes and signatures, never a cipher or a key agreement. Refuses to know records.

pub mod bundle;
pub mod compare;
pub mod control;
pub mod cursor;
pub mod envelope;
pub mod frame;
pub mod ids;
pub mod link;
mod removal;
pub mod roster;
pub mod stream;

pub use compare::{Compared, Restored};
pub use control::{Certificate, Claim, Invite, Role, Statement};
pub use cursor::{Checkpoint, Cursor, Cursors, Fingerprint};
pub use envelope::{Envelope, Header, Kind, Verified, WireError};
pub use frame::{ClientFrame, Closed, Grant, Item, Outcome, Refusal, RelayFrame, Run, Scope};
pub use ids::*;
pub use roster::Roster;
pub use stream::{Epochs, stream_id};
