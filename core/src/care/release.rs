//! Release: steps are so many days before or after it and have no date of their own, so that they move
//! along with it, on every device alike. While people disagree about the day, the earlier counts.

use jiff::civil::Date;

use super::{Due, earliest, is_in, of_kind, shifted};
use crate::{
    policy::{document::Document, term::CountsFrom},
    record::Record,
};

/// What is to be done around a release, in the order of the checklist: assess, plan, identify,
/// coordinate.
pub const ELEMENTS: [&str; 10] = [
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
];

/// The day of release as far as anybody says.
pub fn day(supervision: &Record) -> Option<Date> {
    earliest(supervision, "release_date")
}

/// The day on which a step is due for a release on that day.
pub fn due(step: &Record, release: Date) -> Option<Date> {
    let days: i64 = step.text("days").parse().ok()?;
    shifted(
        release,
        if step.text("side") == "after" {
            days
        } else {
            -days
        },
    )
}

/// The steps of a supervision that are still to be done.
pub fn open_steps<'a>(records: &'a [Record], supervision: &str) -> Vec<&'a Record> {
    let all = of_kind(records, "release_step");
    all.filter(|step| {
        step.text("supervision") == supervision && is_in(step, &["requested", "in-progress"])
    })
    .collect()
}

/// The elements of the checklist that a supervision has no step for yet, with days and side by the
/// policy document's rules of that day.
pub fn lacking(
    records: &[Record],
    supervision: &str,
    rules: &Document,
    today: Date,
) -> Vec<(&'static str, u32, &'static str)> {
    let there = |element: &str| {
        let mut steps = of_kind(records, "release_step");
        steps.any(|step| step.text("supervision") == supervision && step.text("element") == element)
    };
    let all = ELEMENTS.into_iter().filter(|element| !there(element));
    all.filter_map(|element| {
        let (_, term) = rules.at(&format!("release.{element}"), today)?;
        let after = term.from == CountsFrom::AfterRelease;
        Some((element, term.count, if after { "after" } else { "before" }))
    })
    .collect()
}

pub(super) fn dues(records: &[Record]) -> Vec<Due> {
    let mut found = Vec::new();
    for supervision in of_kind(records, "supervision") {
        let Some(release) = day(supervision) else {
            continue;
        };
        for step in open_steps(records, &supervision.id) {
            let title = match step.text("title") {
                "" => step.text("element"),
                title => title,
            };
            let date = due(step, release);
            found.extend(date.map(|date| Due::of(step, "release_step", date, title)));
        }
    }
    found
}
