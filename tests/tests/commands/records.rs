//! Bad input of what is done to records, fields and findings.

use satchel_core::api::{Failure, Request};
use satchel_tests::{
    team::{ANA, OTTO, PRIYA},
    wishes::put,
};

use crate::world::{NOBODY, Refused, World, bad, cannot, empty, too_long, unknown};

impl World {
    /// What is done to records and fields.
    pub fn record_table(&mut self) -> Vec<Refused> {
        let case = self.case.clone();
        let long = "x".repeat(16 * 1024 + 1);
        let mut table = Vec::new();
        let set = |key: &str, value: &str| {
            let (case, key, value) = (case.clone(), key.into(), value.into());
            Request::SetField { case, key, value }
        };
        let header = format!("extra.{}", "x".repeat(256));
        table.extend([
            (ANA, set("mood", "x"), unknown("mood")),
            (ANA, set("", "x"), unknown("")),
            (ANA, set("extra.", "x"), unknown("extra.")),
            (ANA, set(&header, "x"), unknown(&header)),
            (ANA, set("phone", &long), too_long("phone", 4096)),
            (OTTO, set("phone", "1"), Failure::NotAllowed),
        ]);
        let to = |kind: &str, id: &str, values: &[(&str, &str)]| put(&case, kind, Some(id), values);
        let new = |kind: &str, values: &[(&str, &str)]| put(&case, kind, None, values);
        let (task, flag, appointment) = (&self.task, &self.flag, &self.appointment);
        let title = [("title", "x")];
        let visit = |key: &'static str, value: &'static str| {
            let values = [("title", "x"), ("start", "1"), ("end", "2"), (key, value)];
            values.map(|pair| pair)
        };
        table.extend([
            (ANA, new("horoscope", &title), unknown("horoscope")),
            (ANA, new("", &title), unknown("")),
            (ANA, new("note", &title), unknown("note")),
            (ANA, new("settled", &title), unknown("settled")),
            (ANA, new("task", &[]), empty("task")),
            (
                ANA,
                new("task", &[("title", "x"), ("title", "y")]),
                bad("title", "one value"),
            ),
            (ANA, new("task", &[("state", "requested")]), empty("title")),
            (ANA, new("task", &[("due", "2026-12-01")]), empty("title")),
            (ANA, new("task", &[("title", " ")]), empty("title")),
            (
                ANA,
                new("task", &[("title", &long)]),
                too_long("title", 512),
            ),
            (
                ANA,
                new("task", &[("title", "x"), ("state", "lost")]),
                cannot(
                    "",
                    "lost",
                    &[
                        "requested",
                        "in-progress",
                        "completed",
                        "cancelled",
                        "entered-in-error",
                    ],
                ),
            ),
            (ANA, to("task", NOBODY, &title), Failure::NotFound),
            (ANA, to("task", "", &title), Failure::NotFound),
            (ANA, to("task", "../x", &title), Failure::NotFound),
            (ANA, to("task", flag, &title), Failure::NotFound),
            (ANA, to("task", task, &[("mood", "x")]), unknown("mood")),
            (ANA, to("task", task, &[("title", "")]), empty("title")),
            (
                ANA,
                to("task", task, &[("due", "2026-02-30")]),
                bad("due", "YYYY-MM-DD"),
            ),
            (
                ANA,
                to("task", task, &[("priority", "soon")]),
                bad("priority", "routine, urgent"),
            ),
            (
                ANA,
                to("task", task, &[("owner", "Ana")]),
                bad("owner", "a member of the staff"),
            ),
            (
                ANA,
                to("task", task, &[("owner", NOBODY)]),
                bad("owner", "a member of the staff"),
            ),
            (
                ANA,
                to("task", task, &[("state", "lost")]),
                cannot(
                    "requested",
                    "lost",
                    &["in-progress", "completed", "cancelled", "entered-in-error"],
                ),
            ),
            (
                ANA,
                to("appointment", appointment, &[("start", "noon")]),
                bad("start", "milliseconds since 1970"),
            ),
            (
                ANA,
                to("appointment", appointment, &[("end", "1")]),
                bad("end", "later than the start"),
            ),
            (
                ANA,
                to("appointment", appointment, &[("travel_min", "601")]),
                bad("travel_min", "0 to 600"),
            ),
            (
                ANA,
                to("appointment", appointment, &[("client", "x")]),
                bad("client", "a record of the case"),
            ),
            (
                ANA,
                to("appointment", appointment, &[("client", NOBODY)]),
                bad("client", "a client of this case"),
            ),
            (
                ANA,
                new("appointment", &visit("type", "party")),
                bad("type", "visit, court, medical, legal, office, phone, other"),
            ),
            (
                ANA,
                to("flag", flag, &[("state", "cleared")]),
                Failure::NotAllowed,
            ),
            (
                ANA,
                new(
                    "address",
                    &[("text", "x"), ("use", "home"), ("confidential", "maybe")],
                ),
                bad("confidential", "yes"),
            ),
            (ANA, new("person", &[("mood", "x")]), unknown("mood")),
            (
                ANA,
                new("person", &[("phone", "1"), ("extra.", "x")]),
                unknown("extra."),
            ),
            (
                ANA,
                new("person", &[("phone", "1"), ("phone", "2")]),
                bad("phone", "one value"),
            ),
            (OTTO, to("task", task, &title), Failure::NotAllowed),
        ]);
        let past = |kind: &str, id: &str, key: &str| {
            let (case, kind, id, key) = (case.clone(), kind.into(), id.into(), key.into());
            Request::History {
                case,
                kind,
                id,
                key,
            }
        };
        table.extend([
            (ANA, past("task", NOBODY, "title"), Failure::NotFound),
            (ANA, past("task", "", "title"), Failure::NotFound),
            (ANA, past("horoscope", task, "title"), Failure::NotFound),
        ]);
        let settle = |finding: &str, choice: &str, reason: &str| Request::Settle {
            case: case.clone(),
            finding: finding.into(),
            choice: choice.into(),
            reason: reason.into(),
        };
        let flagged = self.finding.as_str();
        table.extend([
            (
                PRIYA,
                settle("flag_cleared_and_set/x", "clear", "x"),
                Failure::NotFound,
            ),
            (PRIYA, settle("", "clear", "x"), Failure::NotFound),
            (PRIYA, settle(flagged, "clear", " "), empty("reason")),
            (
                PRIYA,
                settle(flagged, "clear", &long),
                too_long("reason", 2048),
            ),
            (
                PRIYA,
                settle(flagged, "ignore", "x"),
                bad("choice", "keep_set, clear"),
            ),
            (ANA, settle(flagged, "clear", "x"), Failure::NotAllowed),
            (OTTO, settle(flagged, "clear", "x"), Failure::NotAllowed),
        ]);
        table.extend([
            (ANA, Request::Undo { token: u32::MAX }, Failure::NotFound),
            (
                ANA,
                Request::Undo { token: self.stale },
                Failure::ChangedSince,
            ),
            (OTTO, Request::Undo { token: 1 }, Failure::NotAllowed),
        ]);
        table
    }
}
