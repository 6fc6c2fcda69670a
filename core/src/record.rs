//! The typed records of a case, as its document holds them, and the checks of what a person puts in.
//! Owns the invariants that a record is never deleted, that what this app does not know (a newer
//! app's kinds and fields) is left as it is, and that a state is only left for one that may follow.
//!
//! ```text
//! records: { "medication/<id>": { name: text, dose: text, state: text, … } }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ObjId, ObjType, transaction::Transactable as _};
use satchel_wire::{Millis, StaffId};

use crate::{
    api::Failure,
    doc::{Doc, DocError, Held, Origin, Part},
};

pub mod schema;

pub use schema::{
    Holds, KINDS, Kind, MISTAKE, RELEASE_MOVE, RULING, SHARING, STATE, TRANSFER, kind,
};

/// The root key of all notes.
pub const NOTES: &str = "notes";
/// The root key of all records.
pub const RECORDS: &str = "records";
/// The person's fields, as a kind of [`Edit`].
pub const PERSON: &str = "person";
/// What an import brought along, likewise.
pub const EXTRA: &str = "extra";
/// A note, likewise.
pub const NOTE: &str = "note";
/// The kind of a filled-in form.
pub const ASSESSMENT: &str = "assessment";
/// Before the item's key, the key of an answer in it.
pub const ANSWER: &str = "answer.";
/// How findings were settled, likewise: by the finding's id.
pub const SETTLED: &str = "settled";

/// A record as the document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Code of its kind; perhaps one that only a newer app knows.
    pub kind: String,
    /// Id within the case.
    pub id: String,
    /// By key, the value that stands, then those written apart from it.
    pub fields: BTreeMap<String, Vec<Held>>,
    /// Who began it and when.
    pub origin: Origin,
}

impl Record {
    /// The value that stands; empty when there is none.
    pub fn text(&self, key: &str) -> &str {
        self.held(key).first().map_or("", |held| held.text.as_str())
    }

    /// All values of a field, the standing one first.
    pub fn held(&self, key: &str) -> &[Held] {
        self.fields.get(key).map_or(&[], Vec::as_slice)
    }

    /// The state that stands.
    pub fn state(&self) -> &str {
        self.text(STATE)
    }

    /// Whether it counts: not entered in error.
    pub fn counts(&self) -> bool {
        self.state() != MISTAKE
    }

    /// A moment in milliseconds since the Unix epoch.
    pub fn time(&self, key: &str) -> Option<Millis> {
        self.text(key).parse().ok().map(Millis)
    }
}

fn place(kind: &str, id: &str) -> String {
    format!("{kind}/{id}")
}

/// All records, by kind and id.
pub fn all(doc: &Doc) -> Vec<Record> {
    let parts = doc.parts(RECORDS);
    let records = parts.filter_map(|(place, part)| {
        let (kind, id) = place.split_once('/')?;
        read(kind, id, part)
    });
    records.collect()
}

/// One record; where people began it apart from each other, with the values of all of them.
pub fn find(doc: &Doc, kind: &str, id: &str) -> Option<Record> {
    read(kind, id, doc.part(RECORDS, &place(kind, id))?)
}

fn read(kind: &str, id: &str, part: &Part) -> Option<Record> {
    let fields = part.fields.iter().filter(|(_, held)| !held.is_empty());
    Some(Record {
        kind: kind.into(),
        id: id.into(),
        fields: fields
            .map(|(key, held)| (key.clone(), held.clone()))
            .collect(),
        origin: part.origin.clone()?,
    })
}

/// Refuses what a record of `kind` may not hold. `existing` is the record that is to be changed.
///
/// # Errors
/// [`Failure::UnknownField`], [`Failure::BadValue`], [`Failure::TooLong`], [`Failure::Empty`] for a
/// required field that is missing or would be cleared, [`Failure::BadTransition`] with the states
/// that are allowed.
pub fn check(
    kind: &Kind,
    values: &[(String, String)],
    existing: Option<&Record>,
) -> Result<(), Failure> {
    for (key, value) in values {
        if key == STATE {
            check_state(kind, value, existing)?;
            continue;
        }
        let field = kind
            .field(key)
            .ok_or_else(|| Failure::UnknownField { field: key.clone() })?;
        if value.is_empty() && field.required {
            return Err(Failure::Empty { field: key.clone() });
        }
        if !value.is_empty() {
            check_value(key, field.holds, value)?;
        }
    }
    if existing.is_none() {
        let given = |key: &str| values.iter().any(|(k, v)| k == key && !v.is_empty());
        if let Some(missing) = kind
            .fields
            .iter()
            .find(|field| field.required && !given(field.key))
        {
            return Err(Failure::Empty {
                field: missing.key.into(),
            });
        }
    }
    check_span(values, existing)
}

/// Refuses two values of one field.
///
/// # Errors
/// [`Failure::BadValue`].
pub fn check_once(values: &[(String, String)]) -> Result<(), Failure> {
    let mut keys = BTreeSet::new();
    match values.iter().find(|(key, _)| !keys.insert(key)) {
        Some((key, _)) => Err(Failure::BadValue {
            field: key.clone(),
            expected: "one value".into(),
        }),
        None => Ok(()),
    }
}

fn check_state(kind: &Kind, to: &str, existing: Option<&Record>) -> Result<(), Failure> {
    let refused = |from: &str, allowed: &[&str]| Failure::BadTransition {
        from: from.into(),
        to: to.into(),
        allowed: allowed.iter().map(|state| (*state).to_owned()).collect(),
    };
    let Some(record) = existing else {
        let all: Vec<&str> = kind.states.iter().map(|(state, _)| *state).collect();
        return if all.contains(&to) {
            Ok(())
        } else {
            Err(refused("", &all))
        };
    };
    // Where people left it in two states, whatever may follow either of them may follow.
    let mut allowed: Vec<&str> = Vec::new();
    for held in record.held(STATE) {
        let next = kind.after(&held.text).unwrap_or_default();
        allowed.extend(
            next.iter()
                .filter(|state| !allowed.contains(*state))
                .copied()
                .collect::<Vec<_>>(),
        );
    }
    let settles =
        record.held(STATE).len() > 1 && record.held(STATE).iter().any(|held| held.text == to);
    if record.state() == to || settles || allowed.contains(&to) {
        Ok(())
    } else {
        Err(refused(record.state(), &allowed))
    }
}

fn check_value(key: &str, holds: Holds, value: &str) -> Result<(), Failure> {
    let fits = |ok: bool, expected: &str| {
        if ok {
            Ok(())
        } else {
            Err(Failure::BadValue {
                field: key.into(),
                expected: expected.into(),
            })
        }
    };
    match holds {
        Holds::Text(max) if value.len() > max => Err(Failure::TooLong {
            field: key.into(),
            max: max as u32,
        }),
        Holds::Text(_) => Ok(()),
        Holds::Choice(codes) => fits(codes.contains(&value), &codes.join(", ")),
        Holds::Date => fits(value.parse::<jiff::civil::Date>().is_ok(), "YYYY-MM-DD"),
        // The year 9999 is where calendars of all sorts end.
        Holds::Time => fits(
            value
                .parse::<u64>()
                .is_ok_and(|ms| ms < 253_402_300_800_000),
            "milliseconds since 1970",
        ),
        Holds::Number(min, max) => fits(
            value.parse::<u32>().is_ok_and(|n| (min..=max).contains(&n)),
            &format!("{min} to {max}"),
        ),
        Holds::Flag => fits(value == "yes", "yes"),
        Holds::Staff => fits(value.parse::<StaffId>().is_ok(), "a member of the staff"),
        Holds::Record(_) => fits(
            value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit()),
            "a record of the case",
        ),
    }
}

/// An end stands after its start.
fn check_span(values: &[(String, String)], existing: Option<&Record>) -> Result<(), Failure> {
    let value = |key: &str| -> Option<u64> {
        let given = values.iter().rev().find(|(k, _)| k == key);
        given
            .map_or_else(
                || existing.map_or("", |record| record.text(key)),
                |(_, v)| v.as_str(),
            )
            .parse()
            .ok()
    };
    match (value("start"), value("end")) {
        (Some(start), Some(end)) if end <= start => Err(Failure::BadValue {
            field: "end".into(),
            expected: "later than the start".into(),
        }),
        _ => Ok(()),
    }
}

/// A value to be set, wherever it stands in a case. `kind` is the code of a kind, whose record is
/// begun where there is none, or [`PERSON`], [`EXTRA`], [`NOTE`], [`SETTLED`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub kind: String,
    /// Which record or note; empty where there is but one.
    pub id: String,
    /// Field.
    pub key: String,
    /// Empty to clear.
    pub value: String,
}

/// Edits that set `values` of one record.
pub fn edits(kind: &str, id: &str, values: &[(String, String)]) -> Vec<Edit> {
    values
        .iter()
        .map(|(key, value)| Edit {
            kind: kind.into(),
            id: id.into(),
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}

/// The part of a case in which an edit is made: none while there is none yet.
pub fn part<'a>(doc: &'a Doc, kind: &str, id: &str) -> Option<&'a Part> {
    match kind {
        PERSON | EXTRA | SETTLED => doc.fields_of(kind),
        NOTE => doc.part(NOTES, id),
        _ => doc.part(RECORDS, &place(kind, id)),
    }
}

/// All values that a field holds, the standing one first.
pub fn values<'a>(doc: &'a Doc, kind: &str, id: &str, key: &str) -> &'a [Held] {
    part(doc, kind, id).map_or(&[], |part| part.held(key))
}

/// Sets values as one change. A record that does not exist is begun, in its kind's first state
/// unless an edit says another. If nothing changes it gives nothing.
///
/// # Errors
/// [`DocError::Incomplete`] when a part of the case that only its beginning makes is not here.
pub fn apply(doc: &mut Doc, now: Millis, edits: &[Edit]) -> Result<Option<Vec<u8>>, DocError> {
    let found: Vec<Option<ObjId>> = edits
        .iter()
        .map(|edit| part(doc, &edit.kind, &edit.id)?.maps.first().cloned())
        .collect();
    // Of values in several maps the chosen one has to be written anew, even where it stands.
    let chosen: Vec<bool> = edits
        .iter()
        .map(|edit| values(doc, &edit.kind, &edit.id, &edit.key).len() > 1)
        .collect();
    let notes = doc.map(NOTES);
    let may_begin = |kind: &str| match kind {
        PERSON | EXTRA => false,
        NOTE => notes.is_some(),
        _ => true,
    };
    if edits
        .iter()
        .zip(&found)
        .any(|(edit, map)| map.is_none() && !may_begin(&edit.kind))
    {
        return Err(DocError::Incomplete);
    }
    let mut records = doc.map(RECORDS);
    let mut made: BTreeMap<String, ObjId> = BTreeMap::new();
    doc.edit(now, |doc| {
        for ((edit, found), chosen) in edits.iter().zip(found).zip(chosen) {
            let place = place(&edit.kind, &edit.id);
            let map = match (found, made.get(&place), edit.kind.as_str()) {
                (Some(map), ..) => map,
                (None, Some(map), _) => map.clone(),
                (None, None, SETTLED) => doc.put_object(ObjId::Root, SETTLED, ObjType::Map)?,
                (None, None, NOTE) => match &notes {
                    Some(notes) => doc.put_object(notes, edit.id.as_str(), ObjType::Map)?,
                    // Refused above.
                    None => continue,
                },
                (None, None, code) => {
                    let all = match records.take() {
                        Some(all) => all,
                        None => doc.put_object(ObjId::Root, RECORDS, ObjType::Map)?,
                    };
                    let map = doc.put_object(&all, place.as_str(), ObjType::Map)?;
                    records = Some(all);
                    let says_state = |e: &Edit| e.kind == code && e.id == edit.id && e.key == STATE;
                    if let Some(state) = kind(code).and_then(Kind::begins_in)
                        && !edits.iter().any(says_state)
                    {
                        doc.put(&map, STATE, state)?;
                    }
                    map
                }
            };
            if chosen {
                doc.delete(&map, edit.key.as_str())?;
            }
            doc.put(&map, edit.key.as_str(), edit.value.as_str())?;
            made.insert(place, map);
        }
        Ok(())
    })
}
