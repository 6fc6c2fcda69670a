//! A case: its person's fields, what an import brought along, and its notes. Knows the shape of the
//! document, not keys, envelopes or storage.
//!
//! ```text
//! { schema: "1", person: {key: text}, extra: {header: text}, notes: {id: {text, imported?}} }
//! ```
//!
//! The maps are made once, by the change that begins the case: everybody's later work goes into the
//! same ones and so merges by key.

use std::collections::BTreeSet;

use automerge::{AutoCommit, AutomergeError, ObjType, ROOT, transaction::Transactable as _};
use satchel_wire::Millis;

use crate::{
    api::Failure,
    doc::{Doc, DocError, Held, Origin},
};

/// Keys of the person's fields, in the order of the form.
pub const FIELDS: &[&str] = &[
    "name.given",
    "name.family",
    "name.preferred",
    "number",
    "birth_date",
    "age",
    "gender",
    "language",
    "interpreter",
    "phone",
    "address",
    "location",
    "program",
    "status",
    "acuity",
    "summary",
];
/// Prefix of the keys of imported columns that are no field.
pub const EXTRA: &str = "extra.";
/// The longest value of a field, in bytes of UTF-8.
pub const FIELD_LEN_MAX: usize = 4 * 1024;
/// The longest note, in bytes of UTF-8: about thirty pages.
pub const NOTE_LEN_MAX: usize = 64 * 1024;

/// A new note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNote {
    /// Id within the case: random, so that two people's notes never meet.
    pub id: String,
    /// The text.
    pub text: String,
    /// It comes from an import.
    pub imported: bool,
}

/// A field as the document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Key.
    pub key: String,
    /// The value that stands, then those written apart from it.
    pub values: Vec<Held>,
}

/// A note as the document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Id.
    pub id: String,
    /// The text.
    pub text: String,
    /// It came with an import.
    pub imported: bool,
    /// Who and when.
    pub origin: Origin,
}

/// Refuses a field that does not exist or a value that is too long.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::TooLong`].
pub fn check_field(key: &str, value: &str) -> Result<(), Failure> {
    let known = FIELDS.contains(&key) || (key.starts_with(EXTRA) && key.len() <= 256);
    if !known {
        return Err(Failure::NotFound);
    }
    if value.len() > FIELD_LEN_MAX {
        return Err(Failure::TooLong {
            field: key.into(),
            max: FIELD_LEN_MAX as u32,
        });
    }
    Ok(())
}

/// Refuses an empty or overlong note.
///
/// # Errors
/// [`Failure::Empty`], [`Failure::TooLong`].
pub fn check_note(text: &str) -> Result<(), Failure> {
    if text.trim().is_empty() {
        return Err(Failure::Empty {
            field: "note".into(),
        });
    }
    if text.len() > NOTE_LEN_MAX {
        return Err(Failure::TooLong {
            field: "note".into(),
            max: NOTE_LEN_MAX as u32,
        });
    }
    Ok(())
}

/// Begins a case in an empty document.
///
/// # Errors
/// [`DocError`].
pub fn begin(
    doc: &mut Doc,
    now: Millis,
    fields: &[(String, String)],
    notes: &[NewNote],
) -> Result<Vec<u8>, DocError> {
    doc.edit(now, |doc| {
        doc.put(ROOT, "schema", "1")?;
        let person = doc.put_object(ROOT, "person", ObjType::Map)?;
        let extra = doc.put_object(ROOT, "extra", ObjType::Map)?;
        let all = doc.put_object(ROOT, "notes", ObjType::Map)?;
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            match key.strip_prefix(EXTRA) {
                Some(header) => doc.put(&extra, header, value.as_str())?,
                None => doc.put(&person, key.as_str(), value.as_str())?,
            }
        }
        notes.iter().try_for_each(|note| put_note(doc, &all, note))
    })?
    .ok_or(DocError::Unfit)
}

/// Sets a field.
///
/// # Errors
/// [`DocError::Incomplete`] when the case's first change is not here.
pub fn set_field(
    doc: &mut Doc,
    now: Millis,
    key: &str,
    value: &str,
) -> Result<Option<Vec<u8>>, DocError> {
    let (map, key) = place(key);
    let map = doc.map(map).ok_or(DocError::Incomplete)?;
    doc.edit(now, |doc| doc.put(&map, key, value))
}

/// Adds notes.
///
/// # Errors
/// As [`set_field`].
pub fn add_notes(doc: &mut Doc, now: Millis, notes: &[NewNote]) -> Result<Vec<u8>, DocError> {
    let all = doc.map("notes").ok_or(DocError::Incomplete)?;
    doc.edit(now, |doc| {
        notes.iter().try_for_each(|note| put_note(doc, &all, note))
    })?
    .ok_or(DocError::Unfit)
}

fn put_note(
    doc: &mut AutoCommit,
    all: &automerge::ObjId,
    note: &NewNote,
) -> Result<(), AutomergeError> {
    let map = doc.put_object(all, note.id.as_str(), ObjType::Map)?;
    doc.put(&map, "text", note.text.as_str())?;
    if note.imported {
        doc.put(&map, "imported", "1")
    } else {
        Ok(())
    }
}

fn place(key: &str) -> (&'static str, &str) {
    key.strip_prefix(EXTRA)
        .map_or(("person", key), |header| ("extra", header))
}

/// One field.
pub fn field(doc: &Doc, key: &str) -> Field {
    let (map, inner) = place(key);
    let values = doc
        .map(map)
        .map(|map| doc.held(&map, inner))
        .unwrap_or_default();
    Field {
        key: key.into(),
        values,
    }
}

/// All fields: the form's, whether set or not, then the imported ones.
pub fn fields(doc: &Doc) -> Vec<Field> {
    let extra = doc
        .map("extra")
        .map(|map| doc.keys(&map))
        .unwrap_or_default();
    FIELDS
        .iter()
        .map(|key| (*key).to_owned())
        .chain(extra.into_iter().map(|header| format!("{EXTRA}{header}")))
        .map(|key| field(doc, &key))
        .collect()
}

/// The ids of all notes.
pub fn note_ids(doc: &Doc) -> BTreeSet<String> {
    doc.map("notes")
        .map(|all| doc.keys(&all).into_iter().collect())
        .unwrap_or_default()
}

/// All notes, newest first; of the same time by id.
pub fn notes(doc: &Doc) -> Vec<Note> {
    let Some(all) = doc.map("notes") else {
        return Vec::new();
    };
    let mut notes: Vec<Note> = doc
        .keys(&all)
        .into_iter()
        .filter_map(|id| {
            let map = doc.child(&all, &id)?;
            let text = doc.text(&map, "text")?;
            let imported = doc.text(&map, "imported").is_some();
            Some(Note {
                text,
                imported,
                origin: doc.origin(&map)?,
                id,
            })
        })
        .collect();
    notes.sort_by(|a, b| (b.origin.at, &b.id).cmp(&(a.origin.at, &a.id)));
    notes
}

/// What to call a case: the preferred or the given and family name, else the number.
pub fn name(fields: &[Field]) -> String {
    let value = |key: &str| {
        fields
            .iter()
            .find(|field| field.key == key)
            .and_then(|field| field.values.first())
            .map_or("", |held| held.text.trim())
    };
    let given = if value("name.given").is_empty() {
        value("name.preferred")
    } else {
        value("name.given")
    };
    let name = [given, value("name.family")].join(" ");
    let name = name.trim();
    if name.is_empty() {
        value("number").to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::ActorId;

    fn actor(n: u8) -> ActorId {
        ActorId::from(vec![n; 32])
    }

    fn texts(field: &Field) -> Vec<&str> {
        field.values.iter().map(|held| held.text.as_str()).collect()
    }

    /// Two documents after the same beginning, then what each wrote, exchanged.
    fn apart(a_value: &str, b_value: &str) -> (Doc, Doc) {
        let (mut a, mut b) = (Doc::new(actor(1)), Doc::new(actor(2)));
        let first = begin(&mut a, Millis(1), &[("phone".into(), "1".into())], &[]).unwrap();
        b.apply(first, &actor(1), 1).unwrap();
        let from_a = set_field(&mut a, Millis(2), "phone", a_value)
            .unwrap()
            .unwrap();
        let from_b = set_field(&mut b, Millis(3), "phone", b_value)
            .unwrap()
            .unwrap();
        a.apply(from_b, &actor(2), 1).unwrap();
        b.apply(from_a, &actor(1), 2).unwrap();
        (a, b)
    }

    #[test]
    fn both_values_of_one_field_stay_with_author_and_time_until_one_is_chosen() {
        let (mut a, mut b) = apart("555-1", "555-2");
        let (seen_a, seen_b) = (field(&a, "phone"), field(&b, "phone"));
        assert_eq!(seen_a, seen_b);
        assert_eq!(seen_a.values.len(), 2);
        let of_b = seen_a
            .values
            .iter()
            .find(|held| held.text == "555-2")
            .unwrap();
        assert_eq!((of_b.origin.at, of_b.origin.n), (Millis(3), 1));
        let choice = set_field(&mut a, Millis(4), "phone", "555-1")
            .unwrap()
            .unwrap();
        b.apply(choice, &actor(1), 3).unwrap();
        assert_eq!(texts(&field(&a, "phone")), ["555-1"]);
        assert_eq!(texts(&field(&b, "phone")), ["555-1"]);
    }

    #[test]
    fn the_same_value_written_twice_is_no_conflict() {
        let (a, _) = apart("555-9", "555-9");
        assert_eq!(texts(&field(&a, "phone")), ["555-9"]);
    }

    #[test]
    fn a_change_under_another_name_or_out_of_turn_is_refused() {
        let (mut a, mut b) = (Doc::new(actor(1)), Doc::new(actor(2)));
        let first = begin(&mut a, Millis(1), &[], &[]).unwrap();
        assert_eq!(b.apply(first.clone(), &actor(3), 1), Err(DocError::Feigned));
        assert_eq!(b.apply(first.clone(), &actor(1), 2), Err(DocError::Feigned));
        assert_eq!(
            b.apply(vec![1, 2, 3], &actor(1), 1),
            Err(DocError::Unreadable)
        );
        let second = set_field(&mut a, Millis(2), "phone", "1").unwrap().unwrap();
        assert_eq!(b.apply(second, &actor(1), 2), Err(DocError::Feigned));
        b.apply(first, &actor(1), 1).unwrap();
    }

    #[test]
    fn a_saved_document_remembers_who_wrote_what() {
        let (mut a, _) = apart("x", "y");
        let loaded = Doc::load(&a.save(), actor(9)).unwrap();
        assert_eq!(fields(&loaded), fields(&a));
    }
}
