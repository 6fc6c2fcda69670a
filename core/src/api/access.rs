//! What a person sees of the access log.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

/// A page of the access log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AccessLogView {
    /// Those that were asked for, the latest first.
    pub entries: Vec<AccessEntryView>,
    /// To go on with what is older; none: that is all.
    pub before: Option<u32>,
    /// Parts of the log that could not be read on this tablet.
    pub unreadable: u32,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AccessEntryView {
    /// Who.
    pub name: String,
    /// On which tablet: its profile.
    pub profile: String,
    /// When, by that tablet's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// A code, as `view`, `edit`, `unlock`; a newer app may use others.
    pub deed: String,
    /// How often, within some minutes.
    pub times: u32,
    /// Id of the case; empty where it was no single one.
    pub case: String,
    /// Its name; empty where it is not a case of mine.
    pub case_name: String,
}
