//! What a person may ask of planning, advocacy and corrections beyond the records themselves, and what
//! is reckoned from them.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use super::Term;

/// A wish about what is planned and due in a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CareAsk {
    /// All that is reckoned from the case's records; answers `Care`.
    View,
    /// The next level of an appeal, from the denial or the level before; answers `Saved`.
    OpenLevel {
        /// The denial.
        denial: String,
    },
    /// Another day of release; what hangs on it moves along. Answers `Care`.
    MoveRelease {
        /// The supervision.
        supervision: String,
        /// The day, `2026-11-25`.
        to: String,
        /// Who said so, a code of the kind `supervision`; perhaps empty.
        source: String,
        /// Why; perhaps empty.
        reason: String,
    },
    /// The steps of the checklist for release that are not there yet; answers `Done`.
    AddChecklist {
        /// The supervision.
        supervision: String,
    },
}

impl CareAsk {
    /// Whether it leaves the agency's records as they are.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::View)
    }
}

/// What is reckoned from a case's records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CareView {
    /// All that is due, the earliest first.
    pub due: Vec<DueView>,
    /// All plans.
    pub plans: Vec<PlanView>,
    /// All denials.
    pub denials: Vec<DenialView>,
    /// All authorisations.
    pub authorizations: Vec<UnitsView>,
    /// All supervisions.
    pub releases: Vec<ReleaseView>,
}

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct DueView {
    /// The day, `2026-11-25`.
    pub date: String,
    /// What it is, see [`crate::care::Due::what`].
    pub what: String,
    /// The record's kind.
    pub kind: String,
    /// Its id.
    pub record: String,
    /// What to call it.
    pub title: String,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PlanView {
    /// Its record.
    pub id: String,
    /// What it lacks before it may be active: `need`, `goal`, `owner`, `date`, `signature`.
    pub missing: Vec<String>,
    /// When it is to be looked at again.
    pub review: Option<LimitView>,
    /// It is somebody else's and stays as it is: changes are proposals.
    pub unaltered: bool,
}

/// A day until when something has to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct LimitView {
    /// The day that governs.
    pub date: String,
    /// The day that a letter or a person named; empty where none did.
    pub given: String,
    /// What the policy document says.
    pub reckoned: Option<DeadlineView>,
}

/// A deadline and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct DeadlineView {
    /// The day.
    pub date: String,
    /// The rule.
    pub key: String,
    /// From when on its version holds; empty for the one that comes with the app.
    pub since: String,
    /// What that version says.
    pub term: Term,
    /// The date that was given.
    pub start: String,
    /// From where it was counted, after the days for the mail.
    pub counted_from: String,
    /// The last day before it moved to a business day.
    pub reached: String,
    /// Days that were none, each with the holiday's name; that is empty for a weekend.
    pub closed: Vec<(String, String)>,
}

/// A denial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct DenialView {
    /// Its record.
    pub id: String,
    /// From the first; the last may not be opened yet.
    pub levels: Vec<LevelView>,
    /// The level that may be opened now.
    pub next: Option<u32>,
    /// Until when to ask that aid goes on, while nobody has.
    pub aid: Option<LimitView>,
}

/// A level of an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct LevelView {
    /// Which, from 1.
    pub level: u32,
    /// Its record; none while it is not opened.
    pub appeal: Option<String>,
    /// Until when to file.
    pub file: Option<LimitView>,
    /// Until when a decision is due.
    pub decide: Option<LimitView>,
}

/// Units of an authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct UnitsView {
    /// Its record.
    pub id: String,
    /// How many were granted, where that was said.
    pub granted: Option<u32>,
    /// How many have been used.
    pub used: u32,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ReleaseView {
    /// The supervision's record.
    pub id: String,
    /// The day that counts; empty while there is none.
    pub date: String,
    /// The day of each step, by its record.
    pub steps: Vec<(String, String)>,
    /// Elements of the checklist that have no step.
    pub lacking: Vec<String>,
    /// How the day has moved, the latest first.
    pub moves: Vec<MoveView>,
}

/// A day of release that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MoveView {
    /// From then; empty where there was none.
    pub from: String,
    /// To then; empty where it was taken away.
    pub to: String,
    /// Who said so.
    pub source: String,
    /// Why.
    pub reason: String,
    /// Who noted it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// What moved along: element or title, from which day, to which.
    pub moved: Vec<(String, String, String)>,
}
