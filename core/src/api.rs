//! What views may ask, what they are answered and what they are told. These types are the whole
//! contract of the interface; TypeScript's are generated from them. Times are milliseconds since
//! the Unix epoch by the author's device, ids lower-case hex.

mod failure;
mod form;
mod hand_over;
mod medicines;
mod reply;
mod request;
mod view;

pub use failure::Failure;
pub use form::{DraftView, Form, FormName};
pub use hand_over::*;
pub use medicines::*;
pub use reply::{Event, ProfileStage, Reply};
pub use request::{Request, RoleName};
pub use view::*;
