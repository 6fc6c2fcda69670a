//! What is shown of people: who belongs to the agency and who reads a case.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use super::{RoleName, SharingView};

/// How a profile stands with its agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Somebody who may has certified it.
    Confirmed,
    /// It came by an invite, and nobody has compared words with it yet.
    Unconfirmed,
    /// Another tablet claimed the same invite: both wait for somebody to compare words.
    Void,
}

/// Six words that must be the same on two screens, in two languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct WordsView {
    /// In English.
    pub en: Vec<String>,
    /// In Spanish.
    pub es: Vec<String>,
}

/// Somebody with access to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AccessView {
    /// Profile or invite.
    pub profile: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: RoleName,
    /// Invited, not joined yet.
    pub invited: bool,
    /// Nobody has confirmed that this tablet is theirs.
    pub unconfirmed: bool,
    /// This is me.
    pub me: bool,
    /// Whether I may take them out of it.
    pub may_take_out: bool,
    /// What they were let in for; none when nothing in particular.
    pub sharing: Option<SharingView>,
}

/// Work of somebody who had been taken out of a case; it does not count until one who leads decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct LateView {
    /// Whose.
    pub profile: String,
    /// Their name.
    pub name: String,
    /// How many changes.
    pub changes: u32,
    /// Whether I may decide.
    pub may_rule: bool,
}

/// A member of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct StaffView {
    /// Profile.
    pub profile: String,
    /// Staff id: one person, on however many tablets.
    pub staff: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: RoleName,
    /// This is me.
    pub me: bool,
    /// Whether I may take this tablet out of the agency.
    pub may_revoke: bool,
    /// How many of the cases that I am in this tablet may hold.
    pub cases: u32,
    /// While nobody has confirmed this tablet: the words that it must show too.
    pub words: Option<WordsView>,
    /// Whether I may confirm it.
    pub may_confirm: bool,
}

/// An invite that is open or void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct InviteView {
    /// Its key.
    pub key: String,
    /// Whether I may take it back.
    pub may_cancel: bool,
    /// Whom it is for.
    pub name: String,
    /// As what.
    pub role: RoleName,
    /// Claimed by more than one tablet: none of them counts.
    pub void: bool,
    /// These tablets, when it is void.
    pub claims: Vec<ClaimView>,
    /// Until when it may be claimed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub expires_at: Millis,
}

/// One of several tablets that claimed the same invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ClaimView {
    /// Its profile.
    pub profile: String,
    /// The words that it shows.
    pub words: WordsView,
}
