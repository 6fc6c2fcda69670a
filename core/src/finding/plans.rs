//! Goals and appeals on which two people went on apart: closed and worked on, achieved and not, another
//! deadline or level. Nothing of either is dropped; of deadlines the earlier governs meanwhile.

use super::{Facts, Finding, SIDE, Side, is_in, of_kind, pairs, rules};
use crate::record::{Record, STATE};

/// States in which a goal is not worked on any more.
const CLOSED: [&str; 2] = ["completed", "cancelled"];
/// What says that a goal was reached, and what says that it was not.
const REACHED: [&str; 2] = ["achieved", "sustaining"];
const NOT_REACHED: [&str; 2] = ["not-achieved", "not-attainable"];
/// Fields from which deadlines of an appeal follow.
pub(super) const DEADLINES: [&str; 10] = [
    "track",
    "level",
    "notice_date",
    "mailed_on",
    "received_on",
    "file_by",
    "filed_on",
    "decide_by",
    "decision_notice",
    "decision_received",
];

pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = of_kind(facts.records, "goal")
        .flat_map(|goal| [closed(facts, goal), reached(goal)])
        .flatten()
        .collect();
    for kind in ["denial", "appeal"] {
        found.extend(of_kind(facts.records, kind).flat_map(differing));
    }
    found.extend(levels(facts));
    found
}

/// Whether a field is told of by a rule of its own.
pub(super) fn tells(side: &Side) -> bool {
    match side.kind.as_str() {
        "goal" => side.key == "achievement",
        "denial" | "appeal" => DEADLINES.contains(&side.key.as_str()),
        _ => false,
    }
}

fn closed(facts: &Facts<'_>, goal: &Record) -> Option<Finding> {
    let mut held = goal.held(STATE).iter();
    let decision = held.find(|held| CLOSED.contains(&held.text.as_str()))?;
    let progress = of_kind(facts.records, "progress").filter(|one| {
        one.counts()
            && one.text("goal") == goal.id
            && facts.doc.apart(&one.origin, &decision.origin)
    });
    let mut sides = vec![Side::at("goal", &goal.id, STATE, decision)];
    sides.extend(progress.map(|one| Side::of(one, pairs::words(one, &["date", "text"]))));
    let finding = (sides.len() > 1).then(|| Finding::new(&rules::GOAL_CLOSED, &[&goal.id], sides));
    finding.map(|finding| finding.with_detail("goal", goal.text("words")))
}

fn reached(goal: &Record) -> Option<Finding> {
    let held = goal.held("achievement");
    let says = |codes: &[&str]| held.iter().any(|held| codes.contains(&held.text.as_str()));
    if !says(&REACHED) || !says(&NOT_REACHED) {
        return None;
    }
    let sides = held.iter();
    let sides = sides.map(|held| Side::at("goal", &goal.id, "achievement", held));
    let finding = Finding::new(&rules::GOAL_REACHED, &[&goal.id], sides.collect());
    Some(finding.with_detail("goal", goal.text("words")))
}

/// Fields of one record that people set to different dates or levels; the earlier stands first.
fn differing(record: &Record) -> Vec<Finding> {
    let held = DEADLINES.iter().map(|key| (*key, record.held(key)));
    let twice = held.filter(|(_, held)| held.len() > 1);
    twice
        .map(|(key, held)| {
            let mut sides: Vec<Side> = held
                .iter()
                .map(|held| Side::at(&record.kind, &record.id, key, held))
                .collect();
            sides.sort_by(|a, b| (&a.value, &a.id).cmp(&(&b.value, &b.id)));
            let parts = [record.kind.as_str(), &record.id, key];
            let mut finding = Finding::new(&rules::APPEAL_DIFFERS, &parts, sides);
            // A field keeps one value.
            finding.choices.retain(|choice| choice.starts_with(SIDE));
            finding.with_detail("field", key)
        })
        .collect()
}

/// Two records of one denial's appeal, both open, that were begun apart.
fn levels(facts: &Facts<'_>) -> Vec<Finding> {
    let open: Vec<&Record> = of_kind(facts.records, "appeal")
        .filter(|one| is_in(one, &["preparing", "filed"]))
        .collect();
    pairs::pairs(&open)
        .filter(|(a, b)| {
            a.text("denial") == b.text("denial") && facts.doc.apart(&a.origin, &b.origin)
        })
        .map(|(a, b)| {
            let mut both = [*a, *b];
            both.sort_by(|a, b| {
                let key = |one: &Record| (one.text("level").to_owned(), one.id.clone());
                key(a).cmp(&key(b))
            });
            let sides = both
                .iter()
                .map(|one| Side::of(one, pairs::words(one, &["level", "file_by"])));
            let parts = pairs::ordered(&a.id, &b.id);
            Finding::new(&rules::APPEAL_DIFFERS, &parts, sides.collect())
        })
        .collect()
}
