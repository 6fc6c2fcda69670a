//! The kinds of record of advocacy: coverage, authorisations with their units, denials, appeals by
//! level, evidence. Part of the one table of kinds. Deadlines are not kept: they follow from the dates.

use super::{Holds, Kind, LINE, MISTAKE, PLAIN, PROSE, field, needed};

/// Whose rules of appeal hold: the second part of the policy document's keys.
const TRACKS: &[&str] = &[
    "medicaid",
    "medicaid_plan",
    "medicare",
    "insurance",
    "ssa",
    "snap",
    "va",
    "other",
];

/// The most units of an authorisation.
const UNITS_MAX: u32 = 1_000_000;

pub(super) const COVERAGE: Kind = Kind {
    code: "coverage",
    fields: &[
        needed("payer", LINE),
        needed("track", Holds::Choice(TRACKS)),
        field("member", LINE),
        field("client", Holds::Record("client")),
        field("covers", PROSE),
        field("covers_not", PROSE),
        field("from", Holds::Date),
        field("to", Holds::Date),
        field("phone", LINE),
    ],
    states: &[
        ("active", &["ended", MISTAKE]),
        ("ended", &["active", MISTAKE]),
        (MISTAKE, &["active"]),
    ],
    single: false,
};

pub(super) const AUTHORIZATION: Kind = Kind {
    code: "authorization",
    fields: &[
        needed("service", LINE),
        field("coverage", Holds::Record("coverage")),
        field("number", LINE),
        field("units", Holds::Number(0, UNITS_MAX)),
        field("unit", LINE),
        field("from", Holds::Date),
        field("to", Holds::Date),
        field("remarks", PROSE),
    ],
    states: &[
        ("requested", &["approved", "denied", MISTAKE]),
        ("approved", &["ended", MISTAKE]),
        ("denied", &["requested", "approved", MISTAKE]),
        ("ended", &["approved", MISTAKE]),
        (MISTAKE, &["requested"]),
    ],
    single: false,
};

pub(super) const UNIT_USE: Kind = Kind {
    code: "unit_use",
    fields: &[
        needed("authorization", Holds::Record("authorization")),
        needed("date", Holds::Date),
        needed("units", Holds::Number(1, UNITS_MAX)),
        field("visit", Holds::Record("visit")),
        field("remarks", LINE),
    ],
    states: PLAIN,
    single: false,
};

pub(super) const DENIAL: Kind = Kind {
    code: "denial",
    fields: &[
        needed("service", LINE),
        needed("track", Holds::Choice(TRACKS)),
        needed("notice_date", Holds::Date),
        field("mailed_on", Holds::Date),
        field("received_on", Holds::Date),
        field("effective_on", Holds::Date),
        field(
            "decision",
            Holds::Choice(&["denied", "reduced", "ended", "delayed", "paid_back"]),
        ),
        field("reason", PROSE),
        field("payer", LINE),
        field("number", LINE),
        field("client", Holds::Record("client")),
        field("coverage", Holds::Record("coverage")),
        field("representative", Holds::Record("relation")),
        field(
            "aid",
            Holds::Choice(&["none", "asked", "going_on", "refused"]),
        ),
        field("remarks", PROSE),
    ],
    states: &[
        (
            "open",
            &["overturned", "partly", "upheld", "withdrawn", MISTAKE],
        ),
        ("overturned", &["open", MISTAKE]),
        ("partly", &["open", MISTAKE]),
        ("upheld", &["open", MISTAKE]),
        ("withdrawn", &["open", MISTAKE]),
        (MISTAKE, &["open"]),
    ],
    single: false,
};

/// How a level ends.
const OUTCOMES: &[&str] = &[
    "overturned",
    "partly",
    "upheld",
    "dismissed",
    "withdrawn",
    MISTAKE,
];

pub(super) const APPEAL: Kind = Kind {
    code: "appeal",
    fields: &[
        needed("denial", Holds::Record("denial")),
        needed("level", Holds::Number(1, 9)),
        field("notice_date", Holds::Date),
        field("received_on", Holds::Date),
        field("file_by", Holds::Date),
        field("filed_on", Holds::Date),
        field(
            "filed_how",
            Holds::Choice(&["mail", "fax", "online", "phone", "in_person"]),
        ),
        field("decide_by", Holds::Date),
        field("hearing_at", Holds::Time),
        field("hearing_place", LINE),
        field("preparation", PROSE),
        field("decided_on", Holds::Date),
        field("decision_notice", Holds::Date),
        field("decision_received", Holds::Date),
        field("outcome_reason", PROSE),
    ],
    states: &[
        (
            "preparing",
            &[
                "filed",
                "overturned",
                "partly",
                "upheld",
                "dismissed",
                "withdrawn",
                MISTAKE,
            ],
        ),
        ("filed", OUTCOMES),
        ("overturned", &["filed", MISTAKE]),
        ("partly", &["filed", MISTAKE]),
        ("upheld", &["filed", MISTAKE]),
        ("dismissed", &["filed", MISTAKE]),
        ("withdrawn", &["preparing", MISTAKE]),
        (MISTAKE, &["preparing"]),
    ],
    single: false,
};

pub(super) const EVIDENCE: Kind = Kind {
    code: "evidence",
    fields: &[
        needed("denial", Holds::Record("denial")),
        needed("title", LINE),
        field(
            "type",
            Holds::Choice(&[
                "letter",
                "medical",
                "statement",
                "records",
                "photo",
                "other",
            ]),
        ),
        field("ask_by", Holds::Date),
        field("remarks", PROSE),
    ],
    states: &[
        ("wanted", &["asked", "here", "sent", "dropped", MISTAKE]),
        ("asked", &["wanted", "here", "sent", "dropped", MISTAKE]),
        ("here", &["wanted", "sent", "dropped", MISTAKE]),
        ("sent", &["here", MISTAKE]),
        ("dropped", &["wanted", MISTAKE]),
        (MISTAKE, &["wanted"]),
    ],
    single: false,
};
