//! What is shown of a case's compartments.

use serde::{Deserialize, Serialize};

/// A compartment as its case shows it to those who read both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CompartmentView {
    /// Its own id: it is asked for and written to as a case.
    pub case: String,
    /// Code of its kind, see [`crate::compartment::KINDS`].
    pub kind: String,
    /// Names of all who read it, me included.
    pub readers: Vec<String>,
    /// Notes in it.
    pub notes: u32,
    /// Findings that wait for somebody.
    pub conflicts: u32,
    /// Its medicines and allergies, to be shown in their place.
    pub records: Vec<RestrictedView>,
}

/// A record of a compartment, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RestrictedView {
    /// Code of its kind.
    pub kind: String,
    /// Id within the compartment.
    pub id: String,
    /// What it says in short.
    pub text: String,
    /// State.
    pub state: String,
}

/// To what a compartment belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct WithinView {
    /// The case.
    pub case: String,
    /// The case is on this tablet.
    pub here: bool,
    /// As in [`CompartmentView::kind`].
    pub kind: String,
    /// Kinds of record that may stand in it.
    pub records: Vec<String>,
    /// As in [`CompartmentView::readers`].
    pub readers: Vec<String>,
}
