//! How findings were settled, as the document keeps it: under the finding's id a text of JSON with
//! the choice, the reason, the sides it was about, and what it replaced. Owns that a settlement
//! holds only for the sides it was about, and that two different ones stand open again.
//!
//! ```text
//! settled: { "<finding id>": "{\"rule\":…,\"choice\":…,\"reason\":…,\"sides\":[…],\"set\":[…]}" }
//! ```

use std::collections::BTreeMap;

use automerge::ActorId;
use data_encoding::HEXLOWER;
use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use super::{Finding, SETTLEMENT, Settled, Side, actor_text, rules};
use crate::{
    api::Severity,
    doc::{Doc, Held, Origin},
    record::{self, NOTE, SETTLED},
};

/// A settlement as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settlement {
    /// Code of the finding's rule.
    pub rule: String,
    /// Its severity.
    pub severity: Severity,
    /// The choice; empty when the finding was opened again.
    pub choice: String,
    /// Why.
    pub reason: String,
    /// What met.
    pub sides: Vec<KeptSide>,
    /// The finding's details.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<(String, String)>,
    /// The choices there were.
    pub choices: Vec<String>,
    /// What the choice set; when opened again, what was put back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<Replaced>,
}

/// A side as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptSide {
    id: String,
    kind: String,
    record: String,
    key: String,
    value: String,
    /// Author's actor in hex, place in their chain, their clock.
    by: Option<(String, u64, u64)>,
}

/// A value that a choice set, and the one that stood before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Replaced {
    pub kind: String,
    pub id: String,
    pub key: String,
    pub was: String,
    pub is: String,
}

impl Settlement {
    pub fn of(finding: &Finding, choice: &str, reason: &str, set: Vec<Replaced>) -> Self {
        Self {
            rule: finding.rule.into(),
            severity: finding.severity,
            choice: choice.into(),
            reason: reason.into(),
            sides: finding.sides.iter().map(keep).collect(),
            details: finding.details.clone(),
            choices: finding.choices.clone(),
            set,
        }
    }

    /// The finding as it was when this was written; none under a rule of a newer app.
    pub fn finding(&self, id: &str) -> Option<Finding> {
        let rule = rules::rule_of(&self.rule)?;
        Some(Finding {
            id: id.into(),
            rule: rule.code,
            severity: self.severity,
            sides: self.sides.iter().map(restore).collect(),
            details: self.details.clone(),
            choices: self.choices.clone(),
            reason_needed: self.severity == Severity::Critical,
            leads_only: rule.leads_only,
            settled: None,
        })
    }

    /// Whether it was about all that `finding` is about now.
    fn covers(&self, finding: &Finding) -> bool {
        // A note goes on being written; that it is there is what counts.
        let short = |side: &Side| side.kind == NOTE && !side.key.starts_with("s.");
        let says = |side: &Side, known: &KeptSide| {
            (&side.kind, &side.record, &side.key) == (&known.kind, &known.record, &known.key)
                && (short(side) || side.value == known.value)
        };
        let times = finding
            .details
            .iter()
            .filter(|(name, _)| name.starts_with("start:") || name.starts_with("end:"));
        self.severity <= finding.severity
            && finding
                .sides
                .iter()
                .all(|side| self.sides.iter().any(|known| says(side, known)))
            && times.into_iter().all(|time| self.details.contains(time))
    }

    /// It only says that the finding is open again.
    pub fn is_opening(&self) -> bool {
        self.choice.is_empty()
    }

    fn rank(&self) -> usize {
        rules::rule_of(&self.rule).map_or(usize::MAX, |rule| rule.rank(&self.choice))
    }
}

fn keep(side: &Side) -> KeptSide {
    let by = side.origin.as_ref();
    KeptSide {
        id: side.id.clone(),
        kind: side.kind.clone(),
        record: side.record.clone(),
        key: side.key.clone(),
        value: side.value.clone(),
        by: by.map(|origin| (actor_text(&origin.actor), origin.n, origin.at.0)),
    }
}

fn restore(kept: &KeptSide) -> Side {
    let origin = kept.by.as_ref().and_then(|(actor, n, at)| {
        Some(Origin {
            at: Millis(*at),
            actor: ActorId::from(HEXLOWER.decode(actor.as_bytes()).ok()?),
            n: *n,
        })
    });
    Side {
        id: kept.id.clone(),
        kind: kept.kind.clone(),
        record: kept.record.clone(),
        key: kept.key.clone(),
        value: kept.value.clone(),
        origin,
    }
}

/// All settlements of one finding: the most careful first, of equals the earlier.
pub(super) fn of(doc: &Doc, id: &str) -> Vec<(Held, Settlement)> {
    let held = record::values(doc, SETTLED, "", id);
    let mut all: Vec<(Held, Settlement)> = held
        .iter()
        .filter_map(|held| Some((held.clone(), serde_json::from_str(&held.text).ok()?)))
        .collect();
    all.sort_by(|(a, x), (b, y)| (x.rank(), &a.origin, &a.id).cmp(&(y.rank(), &b.origin, &b.id)));
    all
}

/// Says of each finding how it was settled, and adds those that settling has taken out of sight.
pub(super) fn attach(doc: &Doc, found: Vec<Finding>) -> Vec<Finding> {
    let mut found: BTreeMap<String, Finding> =
        found.into_iter().map(|one| (one.id.clone(), one)).collect();
    let settlements = doc.fields_of(SETTLED).map(|part| part.fields.keys());
    for id in settlements.into_iter().flatten() {
        let all = of(doc, id);
        let now = found.remove(id);
        found.extend(settled(doc, id, now, &all).map(|one| (id.clone(), one)));
    }
    found.into_values().collect()
}

fn settled(
    doc: &Doc,
    id: &str,
    now: Option<Finding>,
    all: &[(Held, Settlement)],
) -> Option<Finding> {
    let holds = |one: &&(Held, Settlement)| now.as_ref().is_none_or(|now| one.1.covers(now));
    let all: Vec<&(Held, Settlement)> = all.iter().filter(holds).collect();
    let Some((held, first)) = all.first().copied() else {
        return now;
    };
    if let Some((_, opened)) = all.iter().find(|(_, one)| one.is_opening()) {
        return now.or_else(|| {
            opened
                .finding(id)
                .filter(|finding| still_there(doc, finding, opened))
        });
    }
    if all.iter().any(|(_, one)| one.choice != first.choice) {
        return differently(id, first, &all);
    }
    // Both values are back: somebody who did not know of the settlement has set one of them.
    if let Some(now) = &now
        && is_about_values(now)
    {
        return Some(now.clone());
    }
    if now.is_none()
        && let Some(open) = overtaken(doc, id, held, first)
    {
        return Some(open);
    }
    let mut finding = now.or_else(|| first.finding(id))?;
    finding.settled = Some(Settled {
        choice: first.choice.clone(),
        reason: first.reason.clone(),
        origin: held.origin.clone(),
    });
    Some(finding)
}

/// A value was chosen, and another one stands whose author did not know of that: the two meet.
fn overtaken(doc: &Doc, id: &str, held: &Held, settlement: &Settlement) -> Option<Finding> {
    let about = settlement.finding(id)?;
    let chosen = settlement.choice.strip_prefix("side:")?;
    let chosen = about.sides.iter().find(|side| side.id == chosen)?;
    if !is_about_values(&about) {
        return None;
    }
    let stands = record::values(doc, &chosen.kind, &chosen.record, &chosen.key);
    let others = stands
        .iter()
        .filter(|value| value.text != chosen.value && doc.apart(&value.origin, &held.origin));
    let mut sides: Vec<Side> = others
        .map(|value| Side::at(&chosen.kind, &chosen.record, &chosen.key, value))
        .collect();
    if sides.is_empty() {
        return None;
    }
    sides.push(Side {
        origin: Some(held.origin.clone()),
        ..chosen.clone()
    });
    Some(Finding {
        choices: sides
            .iter()
            .map(|side| format!("{}:{}", rules::SIDE, side.id))
            .collect(),
        sides,
        ..about
    })
}

/// All sides are values of one field, of which settling leaves one.
pub(super) fn is_about_values(finding: &Finding) -> bool {
    let place = |side: &Side| (side.kind.clone(), side.record.clone(), side.key.clone());
    let first = finding.sides.first().map(place);
    let one_place = finding.sides.iter().all(|side| Some(place(side)) == first);
    one_place && finding.sides.iter().all(|side| !side.key.is_empty())
}

/// Opened again: the field still says one of the values that met, or all is as it was put back.
fn still_there(doc: &Doc, finding: &Finding, opened: &Settlement) -> bool {
    if is_about_values(finding) {
        return finding.sides.first().is_some_and(|side| {
            let held = record::values(doc, &side.kind, &side.record, &side.key);
            let met = |text: &str| finding.sides.iter().any(|side| side.value == text);
            held.iter().all(|held| met(&held.text))
        });
    }
    let stands = |one: &Replaced| {
        let held = record::values(doc, &one.kind, &one.id, &one.key);
        held.iter().all(|held| held.text == one.is)
    };
    !opened.set.is_empty() && opened.set.iter().all(stands)
}

fn differently(id: &str, first: &Settlement, all: &[&(Held, Settlement)]) -> Option<Finding> {
    let about = first.finding(id)?;
    let sides: Vec<Side> = all
        .iter()
        .map(|(held, one)| {
            let taken = one.choice.split_once(':').map(|(_, side)| side);
            let side = taken.and_then(|taken| one.sides.iter().find(|side| side.id == taken));
            Side {
                id: held.id.clone(),
                kind: SETTLEMENT.into(),
                record: String::new(),
                key: one.choice.clone(),
                value: side.map_or_else(|| one.reason.clone(), |side| side.value.clone()),
                origin: Some(held.origin.clone()),
            }
        })
        .collect();
    let reasons = all.iter().filter(|(_, one)| !one.reason.is_empty());
    let reasons: Vec<(String, String)> = reasons
        .map(|(held, one)| (format!("reason:{}", held.id), one.reason.clone()))
        .collect();
    let mut details = vec![("rule".to_owned(), first.rule.clone())];
    details.extend(reasons);
    details.extend(
        first
            .details
            .iter()
            .filter(|(name, _)| name != "rule")
            .cloned(),
    );
    Some(Finding {
        rule: rules::DIFFERENTLY.code,
        choices: sides
            .iter()
            .map(|side| format!("{}:{}", rules::SIDE, side.id))
            .collect(),
        sides,
        details,
        ..about
    })
}
