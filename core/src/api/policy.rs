//! What a person sees of the agency's rules.

use serde::{Deserialize, Serialize};

use super::WrittenView;

/// The agency's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PolicyView {
    /// All that there are, in the order in which they are shown.
    pub rules: Vec<RuleView>,
    /// I may change them.
    pub may_change: bool,
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
