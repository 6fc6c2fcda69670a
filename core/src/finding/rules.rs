//! The table of what may meet: its gravity, who may settle it, and what may be done, the proposal
//! first. Read by the engine, by the reference and by the words of the app. Knows no document.

use crate::api::Severity;

/// Stands in [`Rule::choices`] for one choice for each side: `side:<side id>`.
pub const SIDE: &str = "side";

/// What may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its code.
    pub code: &'static str,
    /// Its number in the table of conflicts; 0 where it has none.
    pub number: u8,
    /// How soon somebody has to look at it, unless a finding says otherwise.
    pub severity: Severity,
    /// Codes of what may be done, the proposal first.
    pub choices: &'static [&'static str],
    /// The same, the most careful first: where two settle it differently this one governs until
    /// they agree.
    pub careful: &'static [&'static str],
    /// Only those who lead settle it.
    pub leads_only: bool,
}

const fn rule(
    number: u8,
    code: &'static str,
    severity: Severity,
    choices: &'static [&'static str],
    careful: &'static [&'static str],
) -> Rule {
    Rule {
        code,
        number,
        severity,
        choices,
        careful,
        leads_only: false,
    }
}

impl Rule {
    const fn for_those_who_lead(self) -> Self {
        Self {
            leads_only: true,
            ..self
        }
    }

    /// How careful a choice is: the lower, the more.
    pub(super) fn rank(&self, choice: &str) -> usize {
        let code = choice.split_once(':').map_or(choice, |(code, _)| code);
        let place = self.careful.iter().position(|careful| *careful == code);
        place.unwrap_or(usize::MAX)
    }
}

pub(super) const WORKER_TWICE: Rule = rule(
    1,
    "worker_booked_twice",
    Severity::High,
    &["keep_both", SIDE],
    &["keep_both", SIDE],
);
pub(super) const CLIENT_TWICE: Rule = rule(
    2,
    "client_booked_twice",
    Severity::High,
    &["joint_visit", SIDE, "keep_both"],
    &["keep_both", "joint_visit", SIDE],
);
pub(super) const SAME_DRUG: Rule = rule(
    3,
    "same_drug",
    Severity::Medium,
    &["one_entry", "keep_both"],
    &["keep_both", "one_entry"],
);
pub(super) const OTHER_DOSE: Rule = rule(
    4,
    "same_drug_other_dose",
    Severity::High,
    &["escalate", SIDE, "keep_both"],
    &["escalate", "keep_both", SIDE],
);
pub(super) const INTERACTION: Rule = rule(
    5,
    "interaction",
    Severity::Critical,
    &["escalate", "acknowledge"],
    &["escalate", "acknowledge"],
);
pub(super) const STOPPED_EDITED: Rule = rule(
    6,
    "stopped_and_edited",
    Severity::High,
    &["keep_stopped", "take_edit"],
    &["keep_stopped", "take_edit"],
);
pub(super) const ALLERGY: Rule = rule(
    7,
    "allergy_and_drug",
    Severity::Critical,
    &["escalate", "acknowledge"],
    &["escalate", "acknowledge"],
);
pub(super) const GOAL_CLOSED: Rule = rule(
    10,
    "goal_closed_and_progress",
    Severity::Medium,
    &["reopen", "leave_closed"],
    &["reopen", "leave_closed"],
);
pub(super) const GOAL_REACHED: Rule = rule(
    11,
    "goal_reached_and_not",
    Severity::Medium,
    &[SIDE],
    &[SIDE],
);
pub(super) const TWO_ADDRESSES: Rule = rule(
    12,
    "two_addresses",
    Severity::High,
    &["keep_both", SIDE],
    &["keep_both", SIDE],
);
pub(super) const CONFIDENTIAL_EDITED: Rule = rule(
    13,
    "confidential_and_edited",
    Severity::Critical,
    &["restrict", "lift"],
    &["restrict", "lift"],
);
pub(super) const FLAG: Rule = rule(
    14,
    "flag_cleared_and_set",
    Severity::Critical,
    &["keep_set", "clear"],
    &["keep_set", "clear"],
)
.for_those_who_lead();
pub(super) const TWO_SCORES: Rule = rule(
    15,
    "two_scores",
    Severity::High,
    &["keep_both", SIDE],
    &["keep_both", SIDE],
);
pub(super) const CLOSED_ACTIVE: Rule = rule(
    16,
    "closed_with_activity",
    Severity::High,
    &["reopen", "keep_closed"],
    &["reopen", "keep_closed"],
)
.for_those_who_lead();
pub(super) const SIGNED_EDITED: Rule = rule(
    18,
    "signed_and_edited",
    Severity::Medium,
    &["addendum", "discard"],
    &["addendum", "discard"],
);
pub(super) const TWO_PRIMARIES: Rule =
    rule(19, "two_primaries", Severity::High, &[SIDE], &[SIDE]).for_those_who_lead();
pub(super) const TAKEN_OVER_TWICE: Rule =
    rule(19, "taken_over_twice", Severity::High, &[SIDE], &[SIDE]).for_those_who_lead();
pub(super) const APPEAL_DIFFERS: Rule = rule(
    20,
    "appeal_differs",
    Severity::Critical,
    &[SIDE, "keep_both"],
    &["keep_both", SIDE],
);
pub(super) const VISIT_TWICE: Rule = rule(
    21,
    "visit_logged_twice",
    Severity::Medium,
    &["link", "keep_apart"],
    &["link", "keep_apart"],
);
pub(super) const SAME_CLIENT: Rule = rule(
    22,
    "same_client_twice",
    Severity::High,
    &["link", "keep_apart"],
    &["keep_apart", "link"],
);
pub(super) const FIELD: Rule = rule(24, "field", Severity::Medium, &[SIDE], &[SIDE]);
/// Two settled one finding differently. It takes the gravity and the right to settle of what they
/// settled, and of its choices each names one settlement.
pub(super) const DIFFERENTLY: Rule =
    rule(0, "settled_differently", Severity::High, &[SIDE], &[SIDE]);

/// All of them, by number.
pub const RULES: &[Rule] = &[
    WORKER_TWICE,
    CLIENT_TWICE,
    SAME_DRUG,
    OTHER_DOSE,
    INTERACTION,
    STOPPED_EDITED,
    ALLERGY,
    GOAL_CLOSED,
    GOAL_REACHED,
    TWO_ADDRESSES,
    CONFIDENTIAL_EDITED,
    FLAG,
    TWO_SCORES,
    CLOSED_ACTIVE,
    SIGNED_EDITED,
    TWO_PRIMARIES,
    TAKEN_OVER_TWICE,
    APPEAL_DIFFERS,
    VISIT_TWICE,
    SAME_CLIENT,
    FIELD,
    DIFFERENTLY,
];

/// The rule with this code.
pub fn rule_of(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_choice_has_its_place_among_the_careful_ones() {
        for rule in RULES {
            let choices: BTreeSet<_> = rule.choices.iter().collect();
            let careful: BTreeSet<_> = rule.careful.iter().collect();
            assert_eq!(choices, careful, "{}", rule.code);
        }
    }

    #[test]
    fn a_choice_that_names_a_side_ranks_as_its_code() {
        assert_eq!(WORKER_TWICE.rank("side:1@ab"), 1);
        assert_eq!(WORKER_TWICE.rank("keep_both"), 0);
        assert_eq!(WORKER_TWICE.rank("no such"), usize::MAX);
    }
}
