//! What two people's work means together: typed findings with both authors and times, a proposal,
//! and who settled them how and why. Owns the invariant that the same document gives the same
//! findings on every device, whatever came first, and that no side is dropped by settling. Refuses
//! to decide: until a person does, the more careful side governs. No I/O, no clock.

use automerge::ActorId;
use serde::{Deserialize, Serialize};

use crate::{
    api::Severity,
    doc::{Doc, Held, Origin},
    medication::Table,
    note,
    record::{Record, STATE},
    schedule::Span,
};

mod apart;
mod fields;
mod govern;
mod handing;
mod medicines;
mod pairs;
mod plans;
mod rules;
mod scores;
mod settle;
mod settlement;

pub use govern::{is_held_back, is_restricted, state, waits};
pub use medicines::in_short;
pub use rules::{RULES, Rule, SIDE, rule_of};
pub use scores::{outdone, series};
pub use settle::{REASON_LEN_MAX, reopen, settle};

/// The kind of a side that lies in a case which is not to be disclosed.
pub const ELSEWHERE: &str = "elsewhere";
/// The kind of a side that is a settlement.
pub const SETTLEMENT: &str = "settlement";

/// What findings are made from.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The case.
    pub doc: &'a Doc,
    /// Its records, see [`crate::record::all`].
    pub records: &'a [Record],
    /// Of a compartment: medicines and allergies of its case, which are read and never written here.
    pub beside: &'a [Record],
    /// What is known about medicines.
    pub medications: &'a Table,
    /// When workers are busy outside of this case.
    pub elsewhere: &'a [Elsewhere],
    /// Another case seems to be about the same person.
    pub twins: bool,
}

/// A time at which a worker is busy outside of this case, travel included; nothing else of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// Staff id.
    pub staff: String,
    /// The time.
    pub span: Span,
}

/// What people's work means together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The same on every device.
    pub id: String,
    /// Code of the rule, see [`RULES`].
    pub rule: &'static str,
    /// How soon somebody has to look at it.
    pub severity: Severity,
    /// What met.
    pub sides: Vec<Side>,
    /// What words need beyond the sides, by name; `start:<side id>` and `end:<side id>` are moments.
    pub details: Vec<(String, String)>,
    /// Codes of what may be done, the proposal first.
    pub choices: Vec<String>,
    /// It cannot be settled without a reason.
    pub reason_needed: bool,
    /// Only those who lead settle it.
    pub leads_only: bool,
    /// How it was settled; none while it is open.
    pub settled: Option<Settled>,
}

/// One side of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Names it among the sides; a choice that takes it is `side:<id>`.
    pub id: String,
    /// Kind of the record; `note`, `person`, `extra`, [`ELSEWHERE`] or [`SETTLEMENT`].
    pub kind: String,
    /// Id of the record or note; empty where there is none.
    pub record: String,
    /// The field it is about, if it is about one.
    pub key: String,
    /// What it says in short.
    pub value: String,
    /// Who and when; none when that is not to be disclosed.
    pub origin: Option<Origin>,
}

/// How a finding was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The choice.
    pub choice: String,
    /// Why.
    pub reason: String,
    /// Who and when.
    pub origin: Origin,
}

impl Finding {
    /// An open one; its id is its rule and `parts`.
    fn new(rule: &'static Rule, parts: &[&str], sides: Vec<Side>) -> Self {
        let id: Vec<&str> = std::iter::once(rule.code)
            .chain(parts.iter().copied().filter(|part| !part.is_empty()))
            .collect();
        Self {
            id: id.join("/"),
            rule: rule.code,
            severity: rule.severity,
            choices: choices(rule, &sides),
            sides,
            details: Vec::new(),
            reason_needed: rule.severity == Severity::Critical,
            leads_only: rule.leads_only,
            settled: None,
        }
    }

    fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        // What blocks use is not waved through.
        self.reason_needed = severity == Severity::Critical;
        self
    }

    fn with_detail(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.details.push((name.into(), value.into()));
        self
    }

    /// It still waits for somebody.
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }

    /// A detail by its name.
    pub fn detail(&self, name: &str) -> Option<&str> {
        let mut details = self.details.iter();
        details
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

fn choices(rule: &Rule, sides: &[Side]) -> Vec<String> {
    let expand = |code: &&str| -> Vec<String> {
        if *code == SIDE {
            sides
                .iter()
                .map(|side| format!("{SIDE}:{}", side.id))
                .collect()
        } else {
            vec![(*code).to_owned()]
        }
    };
    rule.choices.iter().flat_map(expand).collect()
}

impl Side {
    /// A whole record.
    fn of(record: &Record, value: String) -> Self {
        Self {
            id: record.id.clone(),
            kind: record.kind.clone(),
            record: record.id.clone(),
            key: String::new(),
            value,
            origin: Some(record.origin.clone()),
        }
    }

    /// One value of a field.
    fn at(kind: &str, record: &str, key: &str, held: &Held) -> Self {
        Self {
            id: held.id.clone(),
            kind: kind.into(),
            record: record.into(),
            key: key.into(),
            value: held.text.clone(),
            origin: Some(held.origin.clone()),
        }
    }

    /// Something of which nothing else may be told.
    fn elsewhere() -> Self {
        Self {
            id: ELSEWHERE.into(),
            kind: ELSEWHERE.into(),
            record: String::new(),
            key: String::new(),
            value: String::new(),
            origin: None,
        }
    }
}

/// Everything found, open or settled, by severity, rule and id.
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let found = computed(facts);
    let mut found = settlement::attach(facts.doc, found);
    found.sort_by(|a, b| (a.severity, a.rule, &a.id).cmp(&(b.severity, b.rule, &b.id)));
    found
}

/// What the document itself shows, settlements aside.
fn computed(facts: &Facts<'_>) -> Vec<Finding> {
    let notes = note::all(facts.doc);
    let mut found = pairs::find(facts);
    found.extend(medicines::find(facts));
    found.extend(handing::find(facts));
    found.extend(apart::find(facts, &notes));
    found.extend(scores::find(facts.records));
    found.extend(plans::find(facts));
    // A state that a rule of its own speaks of is not told a second time.
    let told: Vec<(String, String, String)> = found
        .iter()
        .flat_map(|finding| &finding.sides)
        .filter(|side| [STATE, "confidential"].contains(&side.key.as_str()) || plans::tells(side))
        .map(|side| (side.kind.clone(), side.record.clone(), side.key.clone()))
        .collect();
    found.extend(fields::find(facts, &told, &notes));
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|later, first| later.id == first.id);
    found
}

/// The values that stand apart from `origin`.
fn values_apart<'a>(
    doc: &'a Doc,
    held: &'a [Held],
    origin: &'a Origin,
) -> impl Iterator<Item = &'a Held> {
    held.iter().filter(|held| doc.apart(&held.origin, origin))
}

fn actor_text(actor: &ActorId) -> String {
    data_encoding::HEXLOWER.encode(actor.to_bytes())
}

fn find_record<'a>(records: &'a [Record], kind: &str, id: &str) -> Option<&'a Record> {
    records
        .iter()
        .find(|record| record.kind == kind && record.id == id)
}

fn of_kind<'a>(records: &'a [Record], kind: &'static str) -> impl Iterator<Item = &'a Record> {
    records.iter().filter(move |record| record.kind == kind)
}

/// Whether a record is in one of these states, perhaps among others.
fn is_in(record: &Record, states: &[&str]) -> bool {
    let held = record.held(STATE);
    held.iter().any(|held| states.contains(&held.text.as_str()))
}

#[cfg(test)]
mod tests;
