//! What one decided while another, who could not know, went on working on it: stopped and edited,
//! restricted and edited, cleared and set, closed and visited, signed and edited.

use super::{
    Facts, Finding, Side, find_record, is_in, medicines, of_kind, pairs::words, rules, values_apart,
};
use crate::{
    doc::Origin,
    note::{self, Note},
    record::{NOTE, Record, STATE},
    schedule::{HOLDING, may_be_same_client},
};

/// Characters of a note that a side shows.
const NOTE_CHARS: usize = 160;

pub(super) fn find(facts: &Facts<'_>, notes: &[Note]) -> Vec<Finding> {
    let mut found: Vec<Finding> = of_kind(facts.records, "medication")
        .filter_map(|one| stopped(facts, one))
        .collect();
    found.extend(of_kind(facts.records, "address").filter_map(|one| restricted(facts, one)));
    found.extend(of_kind(facts.records, "flag").filter_map(|one| cleared(facts, one)));
    found.extend(closed(facts, notes));
    found.extend(notes.iter().filter_map(|note| signed(facts, note)));
    found
}

/// The value of a field that decides, as a side and with its origin.
fn decision<'a>(one: &'a Record, key: &str, value: &str) -> Option<(Side, &'a Origin)> {
    let held = one.held(key).iter().find(|held| held.text == value)?;
    Some((Side::at(&one.kind, &one.id, key, held), &held.origin))
}

/// Every value of a record's other fields that was set apart from a decision.
fn edits<'a>(
    facts: &'a Facts<'_>,
    one: &'a Record,
    origin: &'a Origin,
    except: &[&str],
) -> Vec<Side> {
    let fields = one
        .fields
        .iter()
        .filter(|(key, _)| !except.contains(&key.as_str()));
    fields
        .flat_map(|(key, held)| {
            values_apart(facts.doc, held, origin)
                .map(move |held| Side::at(&one.kind, &one.id, key, held))
        })
        .collect()
}

fn finding(
    rule: &'static rules::Rule,
    one: &Record,
    side: Side,
    others: Vec<Side>,
) -> Option<Finding> {
    let mut sides = vec![side];
    sides.extend(others);
    (sides.len() > 1).then(|| Finding::new(rule, &[&one.id], sides))
}

fn stopped(facts: &Facts<'_>, one: &Record) -> Option<Finding> {
    let (side, origin) = decision(one, STATE, "stopped")?;
    let edits = edits(facts, one, origin, &["same_as"]);
    let name = medicines::in_short(one);
    finding(&rules::STOPPED_EDITED, one, side, edits)
        .map(|finding| finding.with_detail("medication", name))
}

fn restricted(facts: &Facts<'_>, one: &Record) -> Option<Finding> {
    let (side, origin) = decision(one, "confidential", "yes")?;
    let edits = edits(facts, one, origin, &["confidential", STATE]);
    finding(&rules::CONFIDENTIAL_EDITED, one, side, edits)
}

/// A flag that one cleared while another worked on it, or set the same one anew.
fn cleared(facts: &Facts<'_>, one: &Record) -> Option<Finding> {
    let (side, origin) = decision(one, STATE, "cleared")?;
    let mut others = edits(facts, one, origin, &[]);
    let anew = of_kind(facts.records, "flag").filter(|other| {
        other.id != one.id
            && other.text("kind") == one.text("kind")
            && is_in(other, &["active"])
            && may_be_same_client(one, other)
            && facts.doc.apart(&other.origin, origin)
    });
    others.extend(anew.map(|other| Side::of(other, words(other, &["kind", "evidence"]))));
    finding(&rules::FLAG, one, side, others)
        .map(|finding| finding.with_detail("flag", one.text("kind")))
}

/// A case that one closed while another went on in it.
fn closed(facts: &Facts<'_>, notes: &[Note]) -> Option<Finding> {
    let one = find_record(facts.records, "case", "case")?;
    let (side, origin) = decision(one, STATE, "closed")?;
    let apart = |other: &Origin| facts.doc.apart(other, origin);
    let kinds = |record: &&Record| ["appointment", "visit"].contains(&record.kind.as_str());
    let records = facts
        .records
        .iter()
        .filter(kinds)
        .filter(|record| record.counts() && apart(&record.origin));
    let mut activity: Vec<Side> = Vec::new();
    let mut ahead = false;
    for record in records {
        ahead |= is_in(record, &HOLDING);
        activity.push(Side::of(
            record,
            words(record, &["title", "purpose", "place"]),
        ));
    }
    activity.extend(
        notes
            .iter()
            .filter(|note| apart(&note.origin))
            .map(|note| Side {
                id: note.id.clone(),
                kind: NOTE.into(),
                record: note.id.clone(),
                key: String::new(),
                value: cut(&note::full_text(note)),
                origin: Some(note.origin.clone()),
            }),
    );
    let mut finding = finding(&rules::CLOSED_ACTIVE, one, side, activity)?;
    if !ahead {
        // What is only written down afterwards needs no open case.
        finding.choices.reverse();
    }
    Some(finding)
}

/// What was written into a note by somebody who had not seen its signature.
fn signed(facts: &Facts<'_>, note: &Note) -> Option<Finding> {
    let pending = note::pending_edit(facts.doc, note);
    let signature = note.signatures.first()?;
    let signed = Side {
        id: note.id.clone(),
        kind: NOTE.into(),
        record: note.id.clone(),
        key: "signed".into(),
        value: cut(&note::full_text(note)),
        origin: Some(signature.clone()),
    };
    let edits = pending
        .iter()
        .map(|(section, held)| Side::at(NOTE, &note.id, &format!("s.{section}"), held));
    let sides: Vec<Side> = std::iter::once(signed).chain(edits).collect();
    (sides.len() > 1).then(|| Finding::new(&rules::SIGNED_EDITED, &[&note.id], sides))
}

/// The beginning of a note.
fn cut(text: &str) -> String {
    text.chars().take(NOTE_CHARS).collect()
}
