//! What a person asks on a visit: one step after the other, each saved as it is done.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use super::NewNoteView;

/// A wish about a visit of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitAsk {
    /// What goes with it; answers `Visit`.
    Look {
        /// Record of the visit.
        id: String,
        /// Fields of it that are typed and not saved: as if they were.
        with: Vec<(String, String)>,
    },
    /// Begin one, or go on with the one that I have begun in this case; answers `Saved`.
    Begin {
        /// Fields of the kind `visit`.
        values: Vec<(String, String)>,
    },
    /// A step is done: all of it is saved together, or nothing; answers `Saved`.
    Save {
        /// Record of the visit.
        id: String,
        /// Its fields.
        values: Vec<(String, String)>,
        /// Records that the step is about.
        others: Vec<StepRecord>,
        /// The note on it.
        note: Option<NewNoteView>,
    },
    /// What an appointment at that time would overlap with; answers `Calendar`, with an empty title
    /// for what is not to be disclosed.
    Overlaps {
        /// Staff id of whose time it is.
        staff: String,
        /// Record of the client, where the case has several.
        client: String,
        /// Start.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        start: Millis,
        /// End.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        end: Millis,
        /// Minutes of travel before it.
        travel_min: u32,
    },
}

impl VisitAsk {
    /// Whether it leaves the case as it is.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::Look { .. } | Self::Overlaps { .. })
    }
}

/// A record that is begun or changed in a step of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct StepRecord {
    /// Code of its kind.
    pub kind: String,
    /// Which; none begins one.
    pub id: Option<String>,
    /// Its fields.
    pub values: Vec<(String, String)>,
    /// The visit's field that is to name it; empty for none.
    pub named_in: String,
}

/// What goes with a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct VisitView {
    /// Its record.
    pub id: String,
    /// What to look after on such a visit: codes of the app's own list.
    pub checklist: Vec<String>,
    /// What it does not say yet of what a verified visit says, see [`crate::monitor::evv_missing`].
    pub missing: Vec<String>,
    /// Until when its note is to be written.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub note_by: Millis,
    /// The next contact that is due after it, if a standard holds: days from this one.
    pub next_days: Option<u32>,
}
