//! What a person sees of the agency's rules, and what an admin may ask of those with dates.

use serde::{Deserialize, Serialize};

use super::WrittenView;
pub use crate::policy::term::{Counts, CountsFrom, Term};

/// The agency's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PolicyView {
    /// All that there are, in the order in which they are shown.
    pub rules: Vec<RuleView>,
    /// The policy document: rules in dated versions, in the order in which they are shown.
    pub terms: Vec<TermRuleView>,
    /// Lists of holidays, the latest first; the last one comes with the app.
    pub holidays: Vec<HolidaysView>,
    /// Where the agency is: a code of [`crate::policy::document::ZONES`].
    pub zone: String,
    /// Who said so; none: nobody has yet.
    pub zone_written: Option<WrittenView>,
    /// All zones that there are to choose.
    pub zones: Vec<String>,
    /// I may change them.
    pub may_change: bool,
}

/// What an admin asks of the policy document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TermsAsk {
    /// A version of a rule, in the place of one from the same day.
    Put {
        /// [`TermRuleView::key`].
        key: String,
        /// The day from which it holds, `2026-11-25`.
        since: String,
        /// What holds then.
        term: Term,
    },
    /// Takes a version away: what held before it holds on.
    Drop {
        /// [`TermRuleView::key`].
        key: String,
        /// The day from which it holds.
        since: String,
    },
    /// A list of holidays, likewise.
    Holidays {
        /// The day from which it holds.
        since: String,
        /// One holiday a line, see [`crate::policy::holidays`].
        lines: String,
        /// Who says so.
        source: String,
    },
    /// Takes a list away.
    DropHolidays {
        /// The day from which it holds.
        since: String,
    },
    /// Where the agency is.
    Zone {
        /// One of [`PolicyView::zones`].
        zone: String,
    },
}

/// A rule of the policy document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct TermRuleView {
    /// Its key, as `appeal.medicaid.1.file`.
    pub key: String,
    /// The least number.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// The latest first; the last one comes with the app.
    pub versions: Vec<TermVersionView>,
    /// Written since by people who are no admins: not used.
    pub ignored: Vec<WrittenView>,
}

/// A version of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct TermVersionView {
    /// The day from which it holds; empty for the one that comes with the app.
    pub since: String,
    /// What it says; none when it was taken away.
    pub term: Option<Term>,
    /// Who set it and when; none for the one that comes with the app.
    pub written: Option<WrittenView>,
    /// It holds today.
    pub holds: bool,
    /// What was set for the same day before, the latest first.
    pub earlier: Vec<TermWasView>,
}

/// What was set before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct TermWasView {
    /// What it said; none when it was taken away.
    pub term: Option<Term>,
    /// Who set it and when.
    pub written: WrittenView,
}

/// A list of holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct HolidaysView {
    /// The day from which it holds; empty for the one that comes with the app.
    pub since: String,
    /// One holiday a line.
    pub lines: String,
    /// Who says so.
    pub source: String,
    /// Who set it and when; none for the one that comes with the app.
    pub written: Option<WrittenView>,
    /// It holds today.
    pub holds: bool,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RuleView {
    /// Its key, see [`crate::policy::RULES`].
    pub key: String,
    /// What holds; 0 for a rule that does nothing.
    pub value: u32,
    /// What holds where the agency has set nothing.
    pub default: u32,
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// Whether 0 is allowed too: the rule does nothing then.
    pub may_be_off: bool,
    /// `minutes` or `days`.
    pub unit: String,
    /// Which law or standard asks for it; empty where it is the agency's to choose.
    pub source: String,
    /// Who set what holds; none: it is the default.
    pub written: Option<WrittenView>,
    /// What was set before, the latest first.
    pub earlier: Vec<EarlierView>,
    /// Written since by people who are no admins: not used.
    pub ignored: Vec<WrittenView>,
}

/// A value that held before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct EarlierView {
    /// The value.
    pub value: u32,
    /// Who set it and when.
    pub written: WrittenView,
}
