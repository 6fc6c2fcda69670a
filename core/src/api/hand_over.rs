//! Handing a case over, what a colleague was let in for, and decisions on late work, as they are shown.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

/// How far a hand-over has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum HandOverState {
    /// The colleague has not answered.
    Offered,
    /// Taken back, or stopped by one who leads.
    Cancelled,
    /// The colleague does not take it.
    Declined,
    /// The colleague takes it; one who leads has still to take the other one off.
    Accepted,
    /// The case has changed hands.
    Completed,
}

/// What somebody may do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum HandOverStep {
    /// Let the colleague into the case, so that they can answer.
    LetIn,
    /// Take the case.
    Accept,
    /// Not take it.
    Decline,
    /// Take the offer back, or stop it.
    Cancel,
    /// Give the colleague the other one's part and open tasks, and take that one off the case.
    Finish,
}

/// A hand-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct HandOverView {
    /// Id.
    pub id: String,
    /// Case.
    pub case: String,
    /// Its name.
    pub case_name: String,
    /// Name of who gives it.
    pub from: String,
    /// That is me.
    pub from_me: bool,
    /// They stay in the case all the same, because they lead.
    pub from_stays: bool,
    /// Name of who is to take it.
    pub to: String,
    /// That is me.
    pub to_me: bool,
    /// Why.
    pub reason: String,
    /// When it was offered.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// How far it has come.
    pub state: HandOverState,
    /// Why it was declined.
    pub declined_reason: String,
    /// Who brought it to this state.
    pub by: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub since: Millis,
    /// The colleague is not in the case: one who leads has to let them in.
    pub waits_for_entry: bool,
    /// What I may do next.
    pub may: Vec<HandOverStep>,
}

/// What a colleague was let into a case for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SharingView {
    /// What for.
    pub purpose: String,
    /// Who let them in.
    pub by: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// A decision on work that came late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RulingView {
    /// Whose work.
    pub whose: String,
    /// How many changes were decided about.
    pub changes: u32,
    /// Whether they count.
    pub stands: bool,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}
