//! The kinds of record in a case: their fields, what a field may hold, and the states that each may
//! go through. One table, read by the checks of every command, by the forms of the app and by
//! `docs/SCHEMA.md`. Knows nothing of documents.
//!
//! Terms are those of FHIR R4 where it has them; what a caseworker's record holds beyond it follows
//! the profession's use.

mod advocacy;
mod planning;
mod supervision;
#[cfg(all(test, feature = "ts"))]
mod typescript;

pub use supervision::RELEASE_MOVE;

/// What a field may hold. Everything is stored as text; empty means 'not known'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Any text, up to so many bytes of UTF-8.
    Text(usize),
    /// One of these codes.
    Choice(&'static [&'static str]),
    /// A calendar date, `2026-11-23`.
    Date,
    /// A moment: milliseconds since the Unix epoch, in decimal.
    Time,
    /// A whole number from the first to the second.
    Number(u32, u32),
    /// `yes` or nothing.
    Flag,
    /// A member of the staff: their staff id.
    Staff,
    /// The id of a record of this kind in the same case.
    Record(&'static str),
}

/// A field of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldDef {
    /// Key; with `*` at its end, any key with that beginning.
    pub key: &'static str,
    /// What it may hold.
    pub holds: Holds,
    /// A record cannot begin without it.
    pub required: bool,
}

/// The key of every kind's state.
pub const STATE: &str = "state";
/// Kind of the record of handing a case over.
pub const TRANSFER: &str = "transfer";
/// Kind of the record of what somebody was let in for.
pub const SHARING: &str = "sharing";
/// Kind of the record of a decision on late work.
pub const RULING: &str = "ruling";
/// The state of a record that ought never to have been made. Records are not deleted.
pub const MISTAKE: &str = "entered-in-error";

/// A state and those that may follow it. The first of a kind's list is where a record begins, unless
/// it is begun in another one on purpose.
pub type Transitions = &'static [(&'static str, &'static [&'static str])];

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its code.
    pub code: &'static str,
    /// Fields in the order of the form.
    pub fields: &'static [FieldDef],
    /// States; empty when it has none.
    pub states: Transitions,
    /// A case has at most one of it, whose id is its code.
    pub single: bool,
}

const LINE: Holds = Holds::Text(512);
const PROSE: Holds = Holds::Text(16 * 1024);
/// Why, as a finding's reason.
const REASON: Holds = Holds::Text(2 * 1024);
const YES_NO: Holds = Holds::Choice(&["yes", "no"]);

const fn field(key: &'static str, holds: Holds) -> FieldDef {
    FieldDef {
        key,
        holds,
        required: false,
    }
}

const fn needed(key: &'static str, holds: Holds) -> FieldDef {
    FieldDef {
        key,
        holds,
        required: true,
    }
}

/// States of what is simply there, or ought not to be.
const PLAIN: Transitions = &[("active", &[MISTAKE]), (MISTAKE, &["active"])];

/// All kinds, in the order of the reference.
pub const KINDS: &[Kind] = &[
    Kind {
        code: "case",
        fields: &[
            field("close_reason", LINE),
            field("acuity", Holds::Choice(&["1", "2", "3", "4"])),
            field("acuity_reason", PROSE),
            field("review_due", Holds::Date),
            field("opened", Holds::Date),
            field(
                "setting",
                Holds::Choice(&[
                    "community",
                    "child_welfare",
                    "corrections",
                    "home_health",
                    "hospital",
                    "nursing",
                    "hospice",
                    "insurance",
                    "school",
                    "veterans",
                    "legal",
                ]),
            ),
            field("outreach_reviewed", Holds::Date),
        ],
        states: &[
            ("referred", &["screening", "active", "closed"]),
            ("screening", &["active", "closed"]),
            ("active", &["on_hold", "transferring", "closed"]),
            ("on_hold", &["active", "transferring", "closed"]),
            ("transferring", &["active", "closed"]),
            ("closed", &["active"]),
        ],
        single: true,
    },
    Kind {
        code: "assignment",
        fields: &[
            needed("staff", Holds::Staff),
            needed(
                "role",
                Holds::Choice(&["primary", "secondary", "supervisor", "provider"]),
            ),
            field("from", Holds::Date),
            field("to", Holds::Date),
        ],
        states: &[
            ("active", &["ended", MISTAKE]),
            ("ended", &["active", MISTAKE]),
            (MISTAKE, &["active"]),
        ],
        single: false,
    },
    Kind {
        code: "client",
        fields: &[
            needed("name", LINE),
            field("birth_date", Holds::Date),
            field("language", LINE),
            field("interpreter", YES_NO),
            field("goals", PROSE),
        ],
        states: PLAIN,
        single: false,
    },
    Kind {
        code: "relation",
        fields: &[
            needed("name", LINE),
            needed(
                "relation",
                Holds::Choice(&[
                    "household",
                    "parent",
                    "child",
                    "partner",
                    "family",
                    "friend",
                    "employer",
                    "attorney",
                    "officer",
                    "provider",
                    "agency",
                    "other",
                ]),
            ),
            field("client", Holds::Record("client")),
            field("organization", LINE),
            field("phone", LINE),
            field(
                "authority",
                Holds::Choice(&["none", "representative", "guardian", "power_of_attorney"]),
            ),
            field("authority_from", Holds::Date),
            field("authority_to", Holds::Date),
            field("proof", LINE),
            field("remarks", PROSE),
        ],
        states: PLAIN,
        single: false,
    },
    Kind {
        code: "address",
        fields: &[
            needed("text", LINE),
            needed(
                "use",
                Holds::Choice(&["home", "mail", "temporary", "work", "facility"]),
            ),
            field("client", Holds::Record("client")),
            field("from", Holds::Date),
            field("to", Holds::Date),
            field("verified_at", Holds::Date),
            field("confidential", Holds::Flag),
        ],
        states: &[
            ("active", &["old", MISTAKE]),
            ("old", &["active", MISTAKE]),
            (MISTAKE, &["active"]),
        ],
        single: false,
    },
    Kind {
        code: "phone",
        fields: &[
            needed("number", Holds::Text(64)),
            field("use", Holds::Choice(&["mobile", "home", "work", "message"])),
            field("client", Holds::Record("client")),
            field("safe_to_call", Holds::Choice(&["yes", "no", "ask"])),
            field("message_ok", YES_NO),
            field("hours", LINE),
        ],
        states: &[
            ("active", &["old", MISTAKE]),
            ("old", &["active", MISTAKE]),
            (MISTAKE, &["active"]),
        ],
        single: false,
    },
    Kind {
        code: "flag",
        fields: &[
            needed(
                "kind",
                Holds::Choice(&[
                    "violence",
                    "weapon",
                    "animal",
                    "suicide",
                    "infection",
                    "no_contact_order",
                    "confidential_address",
                    "child_risk",
                ]),
            ),
            field("client", Holds::Record("client")),
            field("evidence", PROSE),
            field("review_due", Holds::Date),
            field("confirmed_at", Holds::Date),
            field("cleared_reason", PROSE),
        ],
        states: &[
            ("active", &["cleared", MISTAKE]),
            ("cleared", &["active", MISTAKE]),
            (MISTAKE, &["active"]),
        ],
        single: false,
    },
    Kind {
        code: "strength",
        fields: &[
            needed("text", PROSE),
            needed("kind", Holds::Choice(&["strength", "barrier"])),
            field("client", Holds::Record("client")),
            field("area", LINE),
        ],
        states: &[
            ("active", &["resolved", MISTAKE]),
            ("resolved", &["active", MISTAKE]),
            (MISTAKE, &["active"]),
        ],
        single: false,
    },
    Kind {
        code: "appointment",
        fields: &[
            needed("title", LINE),
            needed("start", Holds::Time),
            needed("end", Holds::Time),
            needed("staff", Holds::Staff),
            field(
                "type",
                Holds::Choice(&[
                    "visit", "court", "medical", "legal", "office", "phone", "other",
                ]),
            ),
            field("client", Holds::Record("client")),
            field("place", LINE),
            field("travel_min", Holds::Number(0, 600)),
            field("transport", LINE),
            field("remarks", PROSE),
        ],
        states: &[
            (
                "booked",
                &[
                    "proposed",
                    "arrived",
                    "fulfilled",
                    "cancelled",
                    "noshow",
                    MISTAKE,
                ],
            ),
            ("proposed", &["booked", "cancelled", MISTAKE]),
            ("arrived", &["fulfilled", "cancelled", MISTAKE]),
            ("fulfilled", &[MISTAKE]),
            ("cancelled", &["booked", MISTAKE]),
            ("noshow", &["booked", "fulfilled", MISTAKE]),
            (MISTAKE, &["booked"]),
        ],
        single: false,
    },
    Kind {
        code: "medication",
        fields: &[
            needed("name", LINE),
            field("dose", LINE),
            field("route", LINE),
            field("frequency", LINE),
            field("client", Holds::Record("client")),
            field("rxnorm", Holds::Text(16)),
            field("prescriber", LINE),
            field("reporter", LINE),
            field("taking", Holds::Choice(&["yes", "no", "differently"])),
            field("stopped_reason", LINE),
            field("remarks", PROSE),
        ],
        states: &[
            ("active", &["on-hold", "stopped", MISTAKE]),
            ("on-hold", &["active", "stopped", MISTAKE]),
            ("stopped", &["active", MISTAKE]),
            (MISTAKE, &["active"]),
        ],
        single: false,
    },
    Kind {
        code: "allergy",
        fields: &[
            needed("substance", LINE),
            field("client", Holds::Record("client")),
            field("reaction", LINE),
            field(
                "severity",
                Holds::Choice(&["mild", "moderate", "severe", "unknown"]),
            ),
            field("reporter", LINE),
        ],
        states: &[
            ("active", &["inactive", "refuted", MISTAKE]),
            ("inactive", &["active", MISTAKE]),
            ("refuted", &["active", MISTAKE]),
            (MISTAKE, &["active"]),
        ],
        single: false,
    },
    Kind {
        code: "visit",
        fields: &[
            needed(
                "mode",
                Holds::Choice(&["in_person", "phone", "video", "text", "letter"]),
            ),
            needed("start", Holds::Time),
            field("end", Holds::Time),
            needed("staff", Holds::Staff),
            needed(
                "outcome",
                Holds::Choice(&["made", "no_answer", "not_home", "refused", "left_message"]),
            ),
            field("purpose", LINE),
            field("client", Holds::Record("client")),
            field("present", LINE),
            field("seen_alone", YES_NO),
            field("place", LINE),
            field(
                "where",
                Holds::Choice(&["residence", "facility", "office", "community", "other"]),
            ),
            field("service", LINE),
            field("units", Holds::Number(0, 1000)),
            field("crisis", Holds::Flag),
            field("ticked", PROSE),
            field("note", Holds::Text(64)),
            field("appointment", Holds::Record("appointment")),
            field("next", Holds::Record("appointment")),
            field(
                "signed_how",
                Holds::Choice(&["drawn", "typed", "refused", "unable"]),
            ),
            field("signed_by", LINE),
            field("signed_at", Holds::Time),
            field("signature", Holds::Text(8 * 1024)),
            field("step", Holds::Text(32)),
            field("same_as", Holds::Record("visit")),
        ],
        states: &[
            ("completed", &[MISTAKE]),
            (MISTAKE, &["completed"]),
            ("in-progress", &["completed", MISTAKE]),
        ],
        single: false,
    },
    Kind {
        code: "assessment",
        fields: &[
            needed("form", Holds::Text(64)),
            needed("title", LINE),
            field("url", LINE),
            field("version", LINE),
            needed("date", Holds::Date),
            field("client", Holds::Record("client")),
            field(
                "informant",
                Holds::Choice(&["client", "family", "provider", "staff", "records", "other"]),
            ),
            field("informant_name", LINE),
            field("score", Holds::Text(32)),
            field("scores", PROSE),
            field("algorithm", Holds::Text(64)),
            field("answer.*", Holds::Text(64 * 1024)),
        ],
        states: &[
            ("in-progress", &["completed", "stopped", MISTAKE]),
            ("completed", &["amended", MISTAKE]),
            ("amended", &[MISTAKE]),
            ("stopped", &["in-progress", MISTAKE]),
            (MISTAKE, &["in-progress"]),
        ],
        single: false,
    },
    Kind {
        code: "task",
        fields: &[
            needed("title", LINE),
            field("due", Holds::Date),
            field("owner", Holds::Staff),
            field("priority", Holds::Choice(&["routine", "urgent"])),
            field("remarks", PROSE),
            field("assessment", Holds::Record("assessment")),
        ],
        states: &[
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
        ],
        single: false,
    },
    planning::NEED,
    planning::PLAN,
    planning::GOAL,
    planning::STEP,
    planning::PROGRESS,
    planning::PLAN_SIGNATURE,
    planning::PROPOSAL,
    planning::PLAN_REVIEW,
    advocacy::COVERAGE,
    advocacy::AUTHORIZATION,
    advocacy::UNIT_USE,
    advocacy::DENIAL,
    advocacy::APPEAL,
    advocacy::EVIDENCE,
    supervision::SUPERVISION,
    supervision::CONDITION,
    supervision::CONDUCT,
    supervision::RELEASE_STEP,
    supervision::MOVE,
    Kind {
        code: TRANSFER,
        fields: &[
            needed("from", Holds::Staff),
            needed("to", Holds::Staff),
            needed("reason", REASON),
            field("declined_reason", REASON),
        ],
        states: &[
            ("offered", &["accepted", "declined", "cancelled"]),
            ("accepted", &["completed", "cancelled"]),
            ("declined", &[]),
            ("cancelled", &[]),
            ("completed", &[]),
        ],
        single: false,
    },
    Kind {
        code: SHARING,
        fields: &[needed("staff", Holds::Staff), needed("purpose", REASON)],
        states: &[("active", &["ended"]), ("ended", &[])],
        single: false,
    },
    Kind {
        code: RULING,
        fields: &[
            needed("staff", Holds::Staff),
            needed("verdict", Holds::Choice(&["in", "out"])),
            needed("changes", Holds::Number(1, u32::MAX)),
            field("reason", REASON),
        ],
        states: &[("active", &[])],
        single: false,
    },
];

/// The kind with this code.
pub fn kind(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

impl Kind {
    /// Whether deeds of their own write it, and no form does.
    pub fn is_kept_by_deeds(&self) -> bool {
        [TRANSFER, SHARING, RULING, RELEASE_MOVE].contains(&self.code)
    }

    /// The field with this key; `answer.*` is any key with that beginning.
    pub fn field(&self, key: &str) -> Option<&'static FieldDef> {
        self.fields.iter().find(|field| {
            let any = field.key.strip_suffix('*');
            any.map_or(field.key == key, |prefix| key.starts_with(prefix))
        })
    }

    /// The states that may follow `from`; `None` when there is no such state.
    pub fn after(&self, from: &str) -> Option<&'static [&'static str]> {
        let found = self.states.iter().find(|(state, _)| *state == from);
        found.map(|(_, next)| *next)
    }

    /// The state in which a record begins.
    pub fn begins_in(&self) -> Option<&'static str> {
        self.states.first().map(|(state, _)| *state)
    }
}
