//! The kinds of record of corrections: supervision, its conditions and conduct, the steps towards
//! release and how its date has moved. Part of the one table of kinds. A step keeps so many days
//! before or after release and no date, so that it moves along by itself.

use super::{Holds, Kind, LINE, MISTAKE, PLAIN, PROSE, REASON, field, needed, planning::TO_DO};

/// Who said when release is.
const SOURCES: Holds = Holds::Choice(&[
    "court",
    "facility",
    "parole_board",
    "officer",
    "client",
    "family",
    "other",
]);
const LEVEL: Holds = Holds::Choice(&["low", "moderate", "high"]);

/// Kind of the record of a release date that moved.
pub const RELEASE_MOVE: &str = "release_move";

pub(super) const SUPERVISION: Kind = Kind {
    code: "supervision",
    fields: &[
        field("client", Holds::Record("client")),
        field("facility", LINE),
        field("number", LINE),
        field("release_date", Holds::Date),
        field("release_source", SOURCES),
        field("officer", Holds::Record("relation")),
        field("officer_name", LINE),
        field("officer_phone", LINE),
        field("to", Holds::Date),
        field("risk_tool", LINE),
        field(
            "risk_level",
            Holds::Choice(&["low", "moderate", "high", "very_high"]),
        ),
        field("risk_date", Holds::Date),
        field("history", LEVEL),
        field("attitude", LEVEL),
        field("peers", LEVEL),
        field("personality", LEVEL),
        field("substances", LEVEL),
        field("family", LEVEL),
        field("work", LEVEL),
        field("leisure", LEVEL),
        field("remarks", PROSE),
    ],
    states: &[
        (
            "will_serve",
            &["serving", "probation", "parole", "served", MISTAKE],
        ),
        ("serving", &["parole", "probation", "served", MISTAKE]),
        ("parole", &["serving", "served", MISTAKE]),
        ("probation", &["serving", "served", MISTAKE]),
        ("served", &["serving", "parole", "probation", MISTAKE]),
        (MISTAKE, &["will_serve"]),
    ],
    single: false,
};

pub(super) const CONDITION: Kind = Kind {
    code: "condition",
    fields: &[
        needed("text", PROSE),
        needed("supervision", Holds::Record("supervision")),
        field(
            "type",
            Holds::Choice(&[
                "reporting",
                "treatment",
                "residence",
                "no_contact",
                "testing",
                "curfew",
                "work",
                "payment",
                "other",
            ]),
        ),
        field("from", Holds::Date),
        field("to", Holds::Date),
    ],
    states: &[
        ("active", &["met", "ended", MISTAKE]),
        ("met", &["active", MISTAKE]),
        ("ended", &["active", MISTAKE]),
        (MISTAKE, &["active"]),
    ],
    single: false,
};

pub(super) const CONDUCT: Kind = Kind {
    code: "conduct",
    fields: &[
        needed("supervision", Holds::Record("supervision")),
        needed("date", Holds::Date),
        needed(
            "type",
            Holds::Choice(&["violation", "incentive", "sanction"]),
        ),
        needed("text", PROSE),
        field("condition", Holds::Record("condition")),
        field("answer", PROSE),
    ],
    states: PLAIN,
    single: false,
};

pub(super) const RELEASE_STEP: Kind = Kind {
    code: "release_step",
    fields: &[
        needed("supervision", Holds::Record("supervision")),
        needed(
            "element",
            Holds::Choice(&[
                "assess",
                "plan",
                "identify",
                "identity_papers",
                "housing",
                "benefits",
                "appointment",
                "medication",
                "transport",
                "handoff",
                "other",
            ]),
        ),
        needed("days", Holds::Number(0, 1000)),
        needed("side", Holds::Choice(&["before", "after"])),
        field("title", LINE),
        field("owner", Holds::Staff),
        field("owner_name", LINE),
        field("remarks", PROSE),
    ],
    states: TO_DO,
    single: false,
};

pub(super) const MOVE: Kind = Kind {
    code: RELEASE_MOVE,
    fields: &[
        needed("supervision", Holds::Record("supervision")),
        field("from", Holds::Date),
        field("to", Holds::Date),
        field("source", SOURCES),
        field("reason", REASON),
    ],
    states: PLAIN,
    single: false,
};
