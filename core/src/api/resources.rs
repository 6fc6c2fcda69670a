//! What a person may ask of the agency's resource directory, and what is shown of it.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::WrittenView;
use crate::resource::Refused;

/// A wish about the resource directory. All but `Load`, `Remove` and `Remark` change nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ResourcesAsk {
    /// What there is; answers `Overview`.
    Overview,
    /// Look at files without changing anything; for admins; answers `Preview`.
    Preview {
        /// HSDS as JSON, or its tables as CSV under their own names.
        files: Vec<ResourceFile>,
    },
    /// Make them the agency's directory, in the place of the one before; for admins; `Done`.
    Load {
        /// As in `Preview`.
        files: Vec<ResourceFile>,
        /// Whose it is and on which terms.
        about: ResourceAbout,
    },
    /// Take the directory away; remarks stay; for admins; `Done`.
    Remove,
    /// Services that fit; answers `Found`.
    Find {
        /// What is looked for.
        query: FindQuery,
    },
    /// One service; answers `Service`.
    Look {
        /// [`ServiceRow::service`].
        service: String,
    },
    /// Tell the team something about a service, nothing about a client; `Done`.
    Remark {
        /// [`ServiceRow::service`].
        service: String,
        /// `verified`, `outdated`, `works` or `trouble`.
        kind: String,
        /// What; required for `outdated` and `trouble`.
        text: String,
    },
}

impl ResourcesAsk {
    /// Whether it changes nothing.
    pub fn only_reads(&self) -> bool {
        !matches!(self, Self::Load { .. } | Self::Remove | Self::Remark { .. })
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ResourcesAnswer {
    /// What there is.
    Overview {
        /// The directory that counts; none: nobody has loaded one.
        standing: Option<ResourceDirectory>,
        /// Its pieces that are not here yet; until they are it cannot be searched.
        missing: u32,
        /// Written since by people who are no admins: not used.
        ignored: Vec<WrittenView>,
        /// I may replace and remove it.
        may_change: bool,
    },
    /// What files hold.
    Preview {
        /// All of it.
        preview: Box<ResourcePreview>,
    },
    /// Services that fit.
    Found {
        /// All of it.
        found: FoundView,
    },
    /// One service.
    Service {
        /// All of it.
        service: Box<ServiceView>,
    },
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ResourceFile {
    /// Its name: tables are known by it.
    pub name: String,
    /// All of it.
    #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
    pub bytes: ByteBuf,
}

/// Whose a directory is and on which terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ResourceAbout {
    /// Its name.
    pub title: String,
    /// Who made it, as they want to be named.
    pub source: String,
    /// On which terms it may be used.
    pub licence: String,
    /// Its day, `2026-11-23`; empty where it is not known.
    pub date: String,
}

/// A directory that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ResourceDirectory {
    /// Whose it is.
    pub about: ResourceAbout,
    /// Services in it.
    pub services: u32,
    /// Who loaded it and when.
    pub written: WrittenView,
}

/// What files hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ResourcePreview {
    /// Services that count.
    pub services: u32,
    /// Organisations of theirs.
    pub organizations: u32,
    /// Services of which it is known where they are.
    pub placed: u32,
    /// Services of which hours are known.
    pub timed: u32,
    /// Services that the files say are not offered any more.
    pub inactive: u32,
    /// Services whose texts were cut.
    pub cut: u32,
    /// Services for each need, by its code.
    pub needs: Vec<(String, u32)>,
    /// Services of which no need is known.
    pub needless: u32,
    /// What does not count and why, the first of it.
    pub refused: Vec<Refused>,
    /// How much that is.
    pub refused_count: u32,
    /// Names of some services.
    pub sample: Vec<String>,
    /// Bytes that travel to each tablet.
    pub bytes: u32,
}

/// What is looked for; what is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FindQuery {
    /// Words.
    pub words: String,
    /// Codes of needs, of which one has to be met.
    pub needs: Vec<String>,
    /// Words in what is said of who may use it.
    pub eligibility: String,
    /// Language.
    pub language: String,
    /// From where: a postal code, a city, an address with one, or coordinates.
    pub near: String,
    /// Not farther than so many metres; 0 for any distance.
    pub metres_max: u32,
    /// Open at a moment where the person is.
    pub open: Option<OpenAt>,
    /// Age in years of who is to use it.
    pub age: Option<u16>,
}

/// A moment where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct OpenAt {
    /// 0 is Monday.
    pub weekday: u8,
    /// Of the day.
    pub minute: u16,
    /// The day as 20261123.
    pub date: u32,
}

/// Services that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FoundView {
    /// The best first; not all where there are many.
    pub rows: Vec<ServiceRow>,
    /// How many there are in all.
    pub total: u32,
    /// Services in the directory; 0 where there is none, or not all of it is here.
    pub of: u32,
    /// Left out because nothing is known of their hours.
    pub hours_unknown: u32,
    /// Left out because it is not known where they are.
    pub place_unknown: u32,
    /// From where distances are counted.
    pub near: String,
    /// No such place in the directory.
    pub near_unknown: bool,
    /// Words that were nowhere, each with those that were looked for instead.
    pub instead: Vec<(String, Vec<String>)>,
}

/// A service in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ServiceRow {
    /// Its id.
    pub service: String,
    /// Name.
    pub name: String,
    /// Organisation.
    pub organization: String,
    /// Codes of needs.
    pub needs: Vec<String>,
    /// City of its first place.
    pub city: String,
    /// First phone.
    pub phone: String,
    /// Languages.
    pub languages: Vec<String>,
    /// How far its nearest place is, in metres.
    pub metres: Option<u32>,
    /// Open at the moment asked about; none where that is not known.
    pub open: Option<bool>,
    /// Kind of the latest remark of the team; empty where there is none.
    pub remark: String,
}

/// A service with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ServiceView {
    /// Its id.
    pub service: String,
    /// Name.
    pub name: String,
    /// Organisation.
    pub organization: String,
    /// Codes of needs.
    pub needs: Vec<String>,
    /// Texts by key, those that hold something: `description`, `eligibility`, `apply`, `fees`,
    /// `documents`, `wait`, `alert`, `interpreters`, `hours`, `checked`, `url`, `email`.
    pub texts: Vec<(String, String)>,
    /// Languages.
    pub languages: Vec<String>,
    /// The file's own words for what it is.
    pub topics: Vec<String>,
    /// Ages in years, from and to; 0 for none.
    pub ages: (u16, u16),
    /// Phones: number, extension, what it is for.
    pub phones: Vec<(String, String, String)>,
    /// Where.
    pub places: Vec<ServicePlace>,
    /// When.
    pub hours: Vec<ServiceHours>,
    /// What the team says, the latest first.
    pub remarks: Vec<ServiceRemark>,
    /// The directory that it stands in.
    pub about: ResourceAbout,
}

/// Where a service is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ServicePlace {
    /// Name.
    pub name: String,
    /// In one line.
    pub address: String,
    /// How one gets in and there.
    pub access: String,
}

/// When a service is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ServiceHours {
    /// Days of the week as bits, Monday first.
    pub days: u8,
    /// Minute of the day.
    pub from: u16,
    /// Likewise.
    pub to: u16,
    /// Last day on which it holds, as 20261123; 0 for no end.
    pub until: u32,
}

/// What somebody of the team says of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ServiceRemark {
    /// As in [`ResourcesAsk::Remark`].
    pub kind: String,
    /// What.
    pub text: String,
    /// Name of who says it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}
