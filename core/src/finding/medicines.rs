//! A client's medicines and allergies against the table: the same drug twice, drugs that harm each
//! other, an allergy. Lists for a clinician, and decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Facts, Finding, Side, find_record, is_in, of_kind, pairs::words, rules};
use crate::{
    api::Severity,
    doc::Held,
    medication::{Concern, Kind, Listed, ListedAllergy},
    record::{Record, STATE},
};

/// States in which a medicine counts as taken.
const TAKEN: [&str; 2] = ["active", "on-hold"];
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What settling would write to a record: not done to one that stands beside.
const WRITING: [&str; 2] = ["one_entry", "side:"];

pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let all = |kind| of_kind(facts.records, kind).chain(of_kind(facts.beside, kind));
    let taken: Vec<&Record> = all("medication").filter(|one| counts(facts, one)).collect();
    let stopped: Vec<&Record> = all("medication")
        .filter(|one| is_in(one, &["stopped"]))
        .collect();
    let allergies: Vec<&Record> = all("allergy")
        .filter(|one| is_in(one, &["active"]))
        .collect();
    let mut concerns: Vec<Concern> = Vec::new();
    for client in clients(&taken) {
        let of = |one: &&&Record| [client, ""].contains(&one.text("client")) || client.is_empty();
        let list: Vec<Listed<'_>> = taken
            .iter()
            .filter(of)
            .map(|one| listed(one, None))
            .collect();
        let against: Vec<ListedAllergy<'_>> = allergies
            .iter()
            .filter(of)
            .map(|one| allergy(one))
            .collect();
        concerns.extend(facts.medications.review(&list, &against));
        for one in taken.iter().filter(of) {
            concerns.extend(lasting(facts, one, stopped.iter().filter(of).copied()));
        }
    }
    by_pair(&concerns)
        .into_iter()
        .filter_map(|(pair, concerns)| finding(facts, pair, &concerns))
        .collect()
}

/// Taken as far as anybody says, and not a second entry of one that is.
fn counts(facts: &Facts<'_>, one: &Record) -> bool {
    let other = entry(facts, "medication", one.text("same_as"));
    is_in(one, &TAKEN)
        && !other.is_some_and(|other| is_in(other, &TAKEN) && other.text("same_as") != one.id)
}

/// A record of the case, or of what stands beside it.
fn entry<'a>(facts: &Facts<'a>, kind: &str, id: &str) -> Option<&'a Record> {
    let here = find_record(facts.records, kind, id);
    here.or_else(|| find_record(facts.beside, kind, id))
}

/// Those of whom something is listed. Where no client is named it may be any, so that their lists
/// hold it as well.
fn clients<'a>(taken: &[&'a Record]) -> BTreeSet<&'a str> {
    let named: BTreeSet<&str> = taken
        .iter()
        .map(|one| one.text("client"))
        .filter(|client| !client.is_empty())
        .collect();
    if named.is_empty() {
        BTreeSet::from([""])
    } else {
        named
    }
}

fn listed(one: &Record, stopped_days: Option<u32>) -> Listed<'_> {
    Listed {
        id: &one.id,
        name: one.text("name"),
        dose: one.text("dose"),
        route: one.text("route"),
        frequency: one.text("frequency"),
        stopped_days,
    }
}

fn allergy(one: &Record) -> ListedAllergy<'_> {
    ListedAllergy {
        id: &one.id,
        substance: one.text("substance"),
    }
}

/// A medicine that was stopped before another one was listed may still work when that one begins.
/// The days between are counted from entry to entry, so that every device counts the same.
fn lasting<'a>(
    facts: &Facts<'_>,
    one: &Record,
    stopped: impl Iterator<Item = &'a Record>,
) -> Vec<Concern> {
    let mut list = vec![listed(one, None)];
    for other in stopped {
        let end: Option<&Held> = other.held(STATE).iter().find(|held| held.text == "stopped");
        let ago = end.and_then(|end| one.origin.at.0.checked_sub(end.origin.at.0));
        if let Some(ago) = ago {
            let days = u32::try_from(ago / DAY_MS).unwrap_or(u32::MAX);
            list.push(listed(other, Some(days)));
        }
    }
    if list.len() < 2 {
        return Vec::new();
    }
    let concerns = facts.medications.review(&list, &[]);
    let lasts = |kind: &Kind| {
        matches!(
            kind,
            Kind::Interaction {
                lasting_days: Some(_),
                ..
            }
        )
    };
    concerns
        .into_iter()
        .filter(|concern| lasts(&concern.kind))
        .collect()
}

/// Which rule a concern falls under.
fn rule(kind: &Kind) -> &'static rules::Rule {
    match kind {
        Kind::SameDrug { same_dose: true } => &rules::SAME_DRUG,
        Kind::SameDrug { same_dose: false } => &rules::OTHER_DOSE,
        Kind::Interaction { .. } => &rules::INTERACTION,
        Kind::Allergy { .. } => &rules::ALLERGY,
    }
}

type Pair<'a> = (&'static str, &'a str, &'a str);

/// What concerns the same two entries is one finding.
fn by_pair(concerns: &[Concern]) -> BTreeMap<Pair<'_>, Vec<&Concern>> {
    let mut all: BTreeMap<Pair<'_>, Vec<&Concern>> = BTreeMap::new();
    for concern in concerns {
        let (a, b) = (concern.first.id.as_str(), concern.second.id.as_str());
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let list = all.entry((rule(&concern.kind).code, a, b)).or_default();
        if !list.contains(&concern) {
            list.push(concern);
        }
    }
    all
}

fn finding(facts: &Facts<'_>, (_, a, b): Pair<'_>, concerns: &[&Concern]) -> Option<Finding> {
    let first = concerns.first()?;
    let either = |id: &str| {
        let kinds = ["medication", "allergy"];
        kinds.iter().find_map(|kind| entry(facts, kind, id))
    };
    let mut entries = vec![either(a)?];
    if a != b {
        entries.push(either(b)?);
    }
    let here = |one: &&&Record| find_record(facts.records, &one.kind, &one.id).is_some();
    let here = entries.iter().filter(here).count();
    // What concerns the case alone is told there.
    if here == 0 {
        return None;
    }
    let whole = here == entries.len();
    entries.sort_by(|a, b| (&a.origin, &a.id).cmp(&(&b.origin, &b.id)));
    let sides = entries
        .iter()
        .map(|one| Side::of(one, in_short(one)))
        .collect();
    let rule = rule(&first.kind);
    let parts = if a == b { vec![a] } else { vec![a, b] };
    let mut finding = Finding::new(rule, &parts, sides);
    if !whole {
        let writes = |choice: &String| WRITING.iter().any(|code| choice.starts_with(code));
        finding.choices.retain(|choice| !writes(choice));
    }
    // Said by some to be possible or serious is not yet said to be forbidden.
    if rule.severity == Severity::Critical && !concerns.iter().any(|concern| concern.is_critical())
    {
        finding = finding.with_severity(Severity::High);
    }
    for concern in concerns {
        for (name, value) in details(concern) {
            let detail = (name.to_owned(), value);
            if !finding.details.contains(&detail) {
                finding.details.push(detail);
            }
        }
    }
    Some(finding)
}

/// What a medicine or an allergy is, in short.
pub fn in_short(one: &Record) -> String {
    if one.kind == "allergy" {
        words(one, &["substance", "reaction"])
    } else {
        words(one, &["name", "dose", "route", "frequency"])
    }
}

fn details(concern: &Concern) -> Vec<(&'static str, String)> {
    let sides = [&concern.first, &concern.second];
    let mut details: Vec<(&str, String)> = sides
        .iter()
        .filter_map(|side| side.ingredient.as_ref())
        .map(|ingredient| ("ingredient", ingredient.as_str().to_owned()))
        .collect();
    match &concern.kind {
        Kind::Interaction {
            severity,
            rule,
            agency,
            source,
            year,
            effect,
            lasting_days,
        } => {
            details.push(("interaction", severity.as_str().into()));
            details.push(("rule", rule.clone()));
            details.push(("effect", effect.clone()));
            details.push(("source", source.clone()));
            details.push(("year", year.to_string()));
            let table = if *agency { "agency" } else { "own" };
            details.push(("table", table.into()));
            details.extend(lasting_days.map(|days| ("lasting_days", days.to_string())));
        }
        Kind::Allergy { family, cross } => {
            details.extend(family.iter().map(|family| ("family", family.clone())));
            if *cross {
                details.push(("cross", "yes".into()));
            }
        }
        Kind::SameDrug { .. } => {}
    }
    details
}
