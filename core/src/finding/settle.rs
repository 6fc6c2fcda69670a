//! Settling a finding, and taking that back: gives the edits, to be made as one change together
//! with the entry that says who settled it and why. Writes nothing itself.

use std::collections::BTreeMap;

use automerge::ActorId;
use satchel_wire::envelope::sha256;

use super::{
    Facts, Finding, Side, findings, rules,
    settlement::{self, Replaced, Settlement},
};
use crate::{
    api::Failure,
    doc::{Doc, Origin},
    note::{self, STRUCK, WORDS_OF},
    record::{self, Edit, MISTAKE, NOTE, SETTLED, STATE},
};

/// The longest reason, in bytes of UTF-8.
pub const REASON_LEN_MAX: usize = 2 * 1024;

/// The edits that settle a finding by one of its choices.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::NotAllowed`], [`Failure::BadValue`] for a choice that there is
/// not, [`Failure::Empty`] or [`Failure::TooLong`] for the reason.
pub fn settle(
    facts: &Facts<'_>,
    id: &str,
    choice: &str,
    reason: &str,
    me_leads: bool,
) -> Result<Vec<Edit>, Failure> {
    let finding = find(facts, id, me_leads)?;
    let reason = reason.trim();
    if finding.reason_needed && reason.is_empty() {
        return Err(Failure::Empty {
            field: "reason".into(),
        });
    }
    if reason.len() > REASON_LEN_MAX {
        return Err(Failure::TooLong {
            field: "reason".into(),
            max: REASON_LEN_MAX as u32,
        });
    }
    if !finding.choices.iter().any(|known| known == choice) {
        return Err(Failure::BadValue {
            field: "choice".into(),
            expected: finding.choices.join(", "),
        });
    }
    let before = settlement::of(facts.doc, id);
    let (about, choice) = at_bottom(finding, choice, &before)?;
    let mut edits = taken_back(facts, &before);
    let chosen = chosen(facts, &about, &choice, reason);
    let set = chosen
        .iter()
        .map(|edit| replaced(facts, &edits, edit))
        .collect();
    for edit in chosen {
        put(&mut edits, edit);
    }
    edits.push(entry(id, &Settlement::of(&about, &choice, reason, set))?);
    Ok(edits)
}

/// The edits that take a settlement back: what it set is as before, and the finding is open again
/// with its sides.
///
/// # Errors
/// [`Failure::NotFound`] when it is not settled, [`Failure::NotAllowed`], [`Failure::ChangedSince`]
/// when a note that it made has been signed.
pub fn reopen(facts: &Facts<'_>, id: &str, me_leads: bool) -> Result<Vec<Edit>, Failure> {
    let finding = find(facts, id, me_leads)?;
    let before = settlement::of(facts.doc, id);
    let (_, last) = before.first().ok_or(Failure::NotFound)?;
    if finding.is_open() {
        return Err(Failure::NotFound);
    }
    if last.set.iter().any(|one| is_signed(facts.doc, one)) {
        return Err(Failure::ChangedSince);
    }
    let mut edits = taken_back(facts, &before);
    let opened = Settlement {
        choice: String::new(),
        reason: String::new(),
        set: edits
            .iter()
            .map(|edit| replaced(facts, &[], edit))
            .collect(),
        ..last.clone()
    };
    edits.push(entry(id, &opened)?);
    Ok(edits)
}

fn find(facts: &Facts<'_>, id: &str, me_leads: bool) -> Result<Finding, Failure> {
    let finding = findings(facts).into_iter().find(|finding| finding.id == id);
    let finding = finding.ok_or(Failure::NotFound)?;
    if finding.leads_only && !me_leads {
        return Err(Failure::NotAllowed);
    }
    Ok(finding)
}

/// Where two settled differently, the finding that they settled, and the choice of one of them.
fn at_bottom(
    finding: Finding,
    choice: &str,
    before: &[(crate::doc::Held, Settlement)],
) -> Result<(Finding, String), Failure> {
    if finding.rule != rules::DIFFERENTLY.code {
        return Ok((finding, choice.to_owned()));
    }
    let chosen = choice.strip_prefix("side:").unwrap_or_default();
    let settlement = before.iter().find(|(held, _)| held.id == chosen);
    let (_, settlement) = settlement.ok_or(Failure::NotFound)?;
    let about = settlement.finding(&finding.id).ok_or(Failure::NotFound)?;
    Ok((about, settlement.choice.clone()))
}

fn entry(id: &str, settlement: &Settlement) -> Result<Edit, Failure> {
    let text = serde_json::to_string(settlement).map_err(|_| Failure::Damaged)?;
    Ok(edit(SETTLED, "", id, &text))
}

fn edit(kind: &str, id: &str, key: &str, value: &str) -> Edit {
    Edit {
        kind: kind.into(),
        id: id.into(),
        key: key.into(),
        value: value.into(),
    }
}

/// Adds an edit, in the place of one of the same field.
fn put(edits: &mut Vec<Edit>, edit: Edit) {
    edits.retain(|known| (&known.kind, &known.id, &known.key) != (&edit.kind, &edit.id, &edit.key));
    edits.push(edit);
}

/// Undoes what settlements set, as far as it still stands.
fn taken_back(facts: &Facts<'_>, before: &[(crate::doc::Held, Settlement)]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let made = before.iter().rev().filter(|(_, one)| !one.is_opening());
    for one in made.flat_map(|(_, settlement)| &settlement.set) {
        let stands = record::values(facts.doc, &one.kind, &one.id, &one.key);
        if is_signed(facts.doc, one) {
            continue;
        }
        if stands.iter().any(|held| held.text == one.is) {
            put(&mut edits, edit(&one.kind, &one.id, &one.key, &one.was));
        }
    }
    edits
}

/// The value belongs to a note that is signed: a signature is not taken back.
fn is_signed(doc: &Doc, one: &Replaced) -> bool {
    let note = (one.kind == NOTE).then(|| note::find(doc, &one.id));
    note.flatten()
        .is_some_and(|note| note.state() != note::State::Draft)
}

/// What an edit replaces, once `back` is done. A record that it begins is a mistake when it is taken
/// back, and a note is struck.
fn replaced(facts: &Facts<'_>, back: &[Edit], edit: &Edit) -> Replaced {
    let same =
        |known: &&Edit| (&known.kind, &known.id, &known.key) == (&edit.kind, &edit.id, &edit.key);
    let back = back.iter().find(same).map(|edit| edit.value.clone());
    let stood = record::values(facts.doc, &edit.kind, &edit.id, &edit.key);
    let begins = record::part(facts.doc, &edit.kind, &edit.id).is_none();
    let was = match back.or_else(|| stood.first().map(|held| held.text.clone())) {
        Some(text) => text,
        None if begins && edit.key == STATE => MISTAKE.into(),
        None if begins && edit.key == STRUCK => note::TAKEN_BACK.into(),
        None if begins => edit.value.clone(),
        None => String::new(),
    };
    Replaced {
        kind: edit.kind.clone(),
        id: edit.id.clone(),
        key: edit.key.clone(),
        was,
        is: edit.value.clone(),
    }
}

/// An id that follows from what the new record is about, so that two who do the same make one.
fn new_id(parts: &[&str]) -> String {
    let hash = sha256(&[b"satchel/finding/1", parts.join("\n").as_bytes()]);
    let id = hash.get(..16).unwrap_or_default();
    data_encoding::HEXLOWER.encode(id)
}

/// What a choice does to the record.
fn chosen(facts: &Facts<'_>, finding: &Finding, choice: &str, reason: &str) -> Vec<Edit> {
    let sides = finding.sides.as_slice();
    let state = |side: &Side, state: &str| edit(&side.kind, &side.record, STATE, state);
    let taken = choice
        .strip_prefix("side:")
        .and_then(|id| sides.iter().find(|side| side.id == id));
    let decided = sides.first();
    match (choice, taken) {
        (_, Some(taken)) => side_taken(finding, taken),
        ("one_entry" | "link", _) => {
            let mut both = sides.iter();
            let kept = both.next();
            let later = both.filter(|side| ["medication", "visit"].contains(&side.kind.as_str()));
            let same = later
                .filter_map(|side| Some(edit(&side.kind, &side.record, "same_as", &kept?.record)));
            same.collect()
        }
        ("escalate", _) => {
            let names: Vec<&str> = sides.iter().map(|side| side.value.as_str()).collect();
            let task = new_id(&[&finding.id, reason]);
            let title = names.join(" + ");
            let title = cut(&title, 512);
            [
                ("title", title),
                ("priority", "urgent"),
                ("remarks", reason),
                (STATE, "requested"),
            ]
            .map(|(key, value)| edit("task", &task, key, value))
            .to_vec()
        }
        ("keep_stopped", _) => decided
            .map(|side| state(side, "stopped"))
            .into_iter()
            .collect(),
        ("take_edit", _) => {
            let other = sides.iter().skip(1).find(|side| side.key == STATE);
            let other = other.map_or("active", |side| side.value.as_str());
            decided.map(|side| state(side, other)).into_iter().collect()
        }
        ("restrict" | "lift", _) => {
            let value = if choice == "restrict" { "yes" } else { "" };
            let flag = decided.map(|side| edit(&side.kind, &side.record, "confidential", value));
            flag.into_iter().collect()
        }
        ("keep_set", _) => {
            // Where another flag was set beside it, that one stands.
            let again = |cleared: &&Side| {
                sides
                    .iter()
                    .skip(1)
                    .any(|side| side.record == cleared.record)
            };
            decided
                .filter(again)
                .map(|side| state(side, "active"))
                .into_iter()
                .collect()
        }
        ("clear", _) => {
            let mut edits = Vec::new();
            sides
                .iter()
                .for_each(|side| put(&mut edits, state(side, "cleared")));
            edits
        }
        ("reopen", _) => decided
            .map(|side| state(side, "active"))
            .into_iter()
            .collect(),
        ("keep_closed", _) => decided
            .map(|side| state(side, "closed"))
            .into_iter()
            .collect(),
        ("addendum", _) => addendum(facts, finding),
        // What only says that somebody has looked: both stay as they are.
        _ => Vec::new(),
    }
}

/// One side was taken: what that means for the others depends on what they are.
fn side_taken(finding: &Finding, taken: &Side) -> Vec<Edit> {
    if settlement::is_about_values(finding) {
        return vec![edit(&taken.kind, &taken.record, &taken.key, &taken.value)];
    }
    let others = finding.sides.iter().filter(|side| side.id != taken.id);
    others
        .filter_map(|other| {
            let (key, value) = match other.kind.as_str() {
                // Its time has to be found anew.
                "appointment" => (STATE, "proposed"),
                "address" => (STATE, "old"),
                "assignment" => ("role", "secondary"),
                record::TRANSFER => (STATE, "cancelled"),
                "medication" => ("same_as", taken.record.as_str()),
                "appeal" => (STATE, "withdrawn"),
                _ => return None,
            };
            Some(edit(&other.kind, &other.record, key, value))
        })
        .collect()
}

/// The edits of a signed note as drafts of notes of their own, one for each who wrote them.
fn addendum(facts: &Facts<'_>, finding: &Finding) -> Vec<Edit> {
    let mut by_author: BTreeMap<&ActorId, Vec<(&Origin, &Side)>> = BTreeMap::new();
    for side in finding
        .sides
        .iter()
        .filter(|side| side.key.starts_with("s."))
    {
        if let Some(origin) = &side.origin {
            let written = by_author.entry(&origin.actor).or_default();
            written.push((origin, side));
        }
    }
    by_author
        .into_values()
        .flat_map(|written| addendum_of(facts, finding, &written))
        .collect()
}

fn addendum_of(facts: &Facts<'_>, finding: &Finding, written: &[(&Origin, &Side)]) -> Vec<Edit> {
    let Some((last, side)) = written.iter().max_by_key(|(origin, _)| *origin) else {
        return Vec::new();
    };
    let note = side.record.as_str();
    // Two who settle apart from each other make one each: their drafts do not run into one another.
    let (here, author) = (facts.doc.actor(), last.name());
    let mut parts = vec![finding.id.as_str(), &here, &author];
    parts.extend(written.iter().map(|(_, side)| side.value.as_str()));
    let id = new_id(&parts);
    let format = record::values(facts.doc, NOTE, note, "format");
    let format = format
        .first()
        .map_or(note::NARRATIVE, |held| held.text.as_str());
    let mut edits = vec![
        edit(NOTE, &id, "format", format),
        edit(NOTE, &id, "addendum_to", note),
        edit(NOTE, &id, WORDS_OF, &author),
        edit(NOTE, &id, STRUCK, ""),
    ];
    for (_, side) in written {
        // Two edits of one section follow one another.
        match edits.iter_mut().find(|edit| edit.key == side.key) {
            Some(known) => known.value = format!("{}\n\n{}", known.value, side.value),
            None => edits.push(edit(NOTE, &id, &side.key, &side.value)),
        }
    }
    edits
}

/// The beginning of a text, at most so many bytes of it.
fn cut(text: &str, len_max: usize) -> &str {
    let end = (0..=len_max.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}
