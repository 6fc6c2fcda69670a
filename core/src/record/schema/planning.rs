//! The kinds of record of planning: needs, plans, goals in the client's words, steps, progress,
//! signatures, proposals to an outside plan's author, reviews. Part of the one table of kinds.

use super::{Holds, Kind, LINE, MISTAKE, PLAIN, PROSE, Transitions, field, needed};

/// States of something that somebody is to do.
pub(super) const TO_DO: Transitions = &[
    (
        "requested",
        &["in-progress", "completed", "cancelled", MISTAKE],
    ),
    (
        "in-progress",
        &["requested", "completed", "cancelled", MISTAKE],
    ),
    ("completed", &["in-progress", MISTAKE]),
    ("cancelled", &["requested", MISTAKE]),
    (MISTAKE, &["requested"]),
];

/// The largest number that a goal or its progress may count.
const COUNT_MAX: u32 = 1_000_000;

pub(super) const NEED: Kind = Kind {
    code: "need",
    fields: &[
        needed("text", PROSE),
        needed(
            "category",
            Holds::Choice(&[
                "food",
                "housing",
                "transport",
                "utilities",
                "safety",
                "incarceration",
                "substance_use",
                "mental_health",
                "health",
                "income",
                "work",
                "education",
                "family",
                "legal",
                "other",
            ]),
        ),
        field("client", Holds::Record("client")),
        field(
            "verification",
            Holds::Choice(&["unconfirmed", "confirmed", "refuted"]),
        ),
        field("from", Holds::Date),
        field("refusal", PROSE),
        field("remarks", PROSE),
    ],
    states: &[
        ("active", &["resolved", MISTAKE]),
        ("resolved", &["active", MISTAKE]),
        (MISTAKE, &["active"]),
    ],
    single: false,
};

pub(super) const PLAN: Kind = Kind {
    code: "plan",
    fields: &[
        needed("title", LINE),
        needed("source", Holds::Choice(&["own", "inherited"])),
        field("type", Holds::Choice(&["care", "discharge", "release"])),
        field("client", Holds::Record("client")),
        field("owner", Holds::Staff),
        field("from", Holds::Date),
        field("review_due", Holds::Date),
        field("author", Holds::Staff),
        field("author_name", LINE),
        field("organization", LINE),
        field("remarks", PROSE),
    ],
    states: &[
        ("draft", &["active", "revoked", MISTAKE]),
        ("active", &["on-hold", "completed", "revoked", MISTAKE]),
        ("on-hold", &["active", "completed", "revoked", MISTAKE]),
        ("revoked", &["draft", MISTAKE]),
        ("completed", &["active", MISTAKE]),
        (MISTAKE, &["draft"]),
    ],
    single: false,
};

pub(super) const GOAL: Kind = Kind {
    code: "goal",
    fields: &[
        needed("words", PROSE),
        field("plan", Holds::Record("plan")),
        field("need", Holds::Record("need")),
        field("text", PROSE),
        field("target", LINE),
        field("target_number", Holds::Number(0, COUNT_MAX)),
        field("due", Holds::Date),
        field(
            "achievement",
            Holds::Choice(&[
                "in-progress",
                "improving",
                "no-change",
                "worsening",
                "achieved",
                "sustaining",
                "not-achieved",
                "not-attainable",
            ]),
        ),
        field("remarks", PROSE),
    ],
    states: &[
        ("active", &["on-hold", "completed", "cancelled", MISTAKE]),
        ("on-hold", &["active", "completed", "cancelled", MISTAKE]),
        ("completed", &["active", MISTAKE]),
        ("cancelled", &["active", MISTAKE]),
        (MISTAKE, &["active"]),
    ],
    single: false,
};

pub(super) const STEP: Kind = Kind {
    code: "step",
    fields: &[
        needed("text", LINE),
        needed("goal", Holds::Record("goal")),
        field("owner", Holds::Staff),
        field("owner_name", LINE),
        field("due", Holds::Date),
        field("amount", LINE),
        field("remarks", PROSE),
    ],
    states: TO_DO,
    single: false,
};

pub(super) const PROGRESS: Kind = Kind {
    code: "progress",
    fields: &[
        needed("goal", Holds::Record("goal")),
        needed("date", Holds::Date),
        needed("text", PROSE),
        field("number", Holds::Number(0, COUNT_MAX)),
    ],
    states: PLAIN,
    single: false,
};

pub(super) const PLAN_SIGNATURE: Kind = Kind {
    code: "plan_signature",
    fields: &[
        needed("plan", Holds::Record("plan")),
        needed("name", LINE),
        needed(
            "role",
            Holds::Choice(&["client", "guardian", "worker", "supervisor", "other"]),
        ),
        needed("date", Holds::Date),
        needed("how", Holds::Choice(&["paper", "screen", "spoken"])),
    ],
    states: PLAIN,
    single: false,
};

pub(super) const PROPOSAL: Kind = Kind {
    code: "proposal",
    fields: &[
        needed("plan", Holds::Record("plan")),
        needed("text", PROSE),
        needed("reason", PROSE),
        field("answer", PROSE),
    ],
    states: &[
        ("proposed", &["accepted", "declined", "withdrawn", MISTAKE]),
        ("accepted", &[MISTAKE]),
        ("declined", &["proposed", MISTAKE]),
        ("withdrawn", &["proposed", MISTAKE]),
        (MISTAKE, &["proposed"]),
    ],
    single: false,
};

pub(super) const PLAN_REVIEW: Kind = Kind {
    code: "plan_review",
    fields: &[
        needed("plan", Holds::Record("plan")),
        needed("date", Holds::Date),
        needed("staff", Holds::Staff),
        needed("fit", Holds::Choice(&["fits", "partly", "does_not"])),
        needed(
            "amount",
            Holds::Choice(&["as_planned", "less", "more", "none"]),
        ),
        field("step", Holds::Record("step")),
        field("given", LINE),
        field("next", Holds::Date),
        field("remarks", PROSE),
    ],
    states: PLAIN,
    single: false,
};
