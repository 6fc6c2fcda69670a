//! What views may ask, what they are answered and what they are told. These types are the whole
//! contract of the interface; TypeScript's are generated from them. Times are milliseconds since
//! the Unix epoch by the author's device, ids lower-case hex.

mod access;
mod assessment;
mod bundle;
mod care;
mod compartment;
mod day;
mod failure;
mod form;
mod hand_over;
mod kit;
mod medicines;
mod people;
mod policy;
mod reply;
mod request;
mod resources;
mod view;
mod visit;

pub use access::*;
pub use assessment::*;
pub use bundle::*;
pub use care::*;
pub use compartment::*;
pub use day::*;
pub use failure::Failure;
pub use form::{DraftView, Form, FormName};
pub use hand_over::*;
pub use kit::*;
pub use medicines::*;
pub use people::*;
pub use policy::*;
pub use reply::{Event, ProfileStage, Reply};
pub use request::{Request, RoleName};
pub use resources::*;
pub use view::*;
pub use visit::*;
