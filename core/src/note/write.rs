//! What people do to notes: add, edit, sign, co-sign, strike. Every refusal comes before anything
//! is changed. Refuses to touch a signed text, and formats that it does not know.

use automerge::{AutoCommit, AutomergeError, ObjId, ObjType, transaction::Transactable as _};
use satchel_wire::Millis;

use super::{DRAFT, FORMATS, Format, Note, SIGNED, STRUCK, State, find, format};
use crate::{
    api::Failure,
    doc::{Doc, DocError, Origin},
    record::{self, NOTE, NOTES},
};

/// The longest note, all sections together, in bytes of UTF-8: about thirty pages.
pub const LEN_MAX: usize = 64 * 1024;
/// The longest reason for striking a note, in bytes of UTF-8.
pub const REASON_LEN_MAX: usize = 2 * 1024;

/// A new note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewNote {
    /// Id within the case: random, so that two people's notes never meet.
    pub id: String,
    /// Code of its format; of an imported note empty.
    pub format: String,
    /// Texts by section of the format.
    pub sections: Vec<(String, String)>,
    /// When it happened, where that is not now.
    pub happened_at: Option<Millis>,
    /// The note to which this is an addendum.
    pub addendum_to: Option<String>,
    /// Sign it at once.
    pub sign: bool,
    /// It needs a second signature.
    pub cosign: bool,
    /// It comes from an import.
    pub imported: bool,
}

impl NewNote {
    /// A note that comes from an import.
    pub fn imported(id: String, text: String) -> Self {
        Self {
            id,
            sections: vec![("text".into(), text)],
            imported: true,
            ..Self::default()
        }
    }

    /// All that it says, for search.
    pub fn full_text(&self) -> String {
        let texts = self.sections.iter().map(|(_, text)| text.as_str());
        let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
        texts.join("\n")
    }
}

/// Who acts, as far as it matters to a note.
#[derive(Clone, Copy)]
pub struct By<'a> {
    /// Whether a value was written by the same person, on whichever device.
    pub mine: &'a dyn Fn(&Origin) -> bool,
    /// They lead the work of others: may strike any note and give second signatures.
    pub leads: bool,
}

impl By<'_> {
    /// Whether they may strike a note: their own, one that they put into the record, or any.
    pub fn may_strike(&self, note: &Note) -> bool {
        self.leads || (self.mine)(note.author()) || (self.mine)(&note.origin)
    }
}

/// Refuses a new note that cannot be. `takes_addendum` tells whether there is such a note and it is
/// no draft, see [`Note::takes_addendum`].
///
/// # Errors
/// [`Failure::BadValue`] for an unknown format, a section given twice, a time in the future or
/// nothing to add to, [`Failure::UnknownField`] for a section that the format does not have,
/// [`Failure::TooLong`], [`Failure::Empty`].
pub fn check_new(
    note: &NewNote,
    now: Millis,
    takes_addendum: impl FnOnce(&str) -> bool,
) -> Result<(), Failure> {
    let format = known_format(&note.format)?;
    check_sections(format, &note.sections)?;
    let given = |key: &str| {
        let found = note.sections.iter().find(|(known, _)| known == key);
        found.map_or("", |(_, text)| text.as_str())
    };
    check_whole(format, given)?;
    if note.sign {
        check_required(format, given)?;
    }
    if note.happened_at.is_some_and(|at| at > now) {
        return Err(bad_value("happened_at", "a time that is past"));
    }
    if note
        .addendum_to
        .as_deref()
        .is_some_and(|id| !takes_addendum(id))
    {
        return Err(bad_value("addendum_to", "a signed note of this case"));
    }
    Ok(())
}

/// Adds notes that [`check_new`] found good, or that an import brings.
///
/// # Errors
/// [`Failure::NotReady`] when the case's first change is not here, [`Failure::BadValue`] for an id
/// that is taken.
pub fn add(doc: &mut Doc, now: Millis, notes: &[NewNote]) -> Result<Option<Vec<u8>>, Failure> {
    let all = doc.map(NOTES).ok_or(Failure::NotReady)?;
    if notes.iter().any(|note| doc.part(NOTES, &note.id).is_some()) {
        return Err(bad_value("id", "an id that is not taken"));
    }
    doc.edit(now, |doc| {
        notes.iter().try_for_each(|note| put(doc, now, &all, note))
    })
    .map_err(not_ready)
}

/// Puts a note where all of a case's notes are.
pub(crate) fn put(
    doc: &mut AutoCommit,
    now: Millis,
    all: &ObjId,
    note: &NewNote,
) -> Result<(), AutomergeError> {
    let map = doc.put_object(all, note.id.as_str(), ObjType::Map)?;
    if note.imported {
        doc.put(&map, "text", note.full_text())?;
        return doc.put(&map, "imported", "1");
    }
    doc.put(&map, "format", note.format.as_str())?;
    if let Some(at) = note.happened_at.filter(|at| *at != now) {
        doc.put(&map, "happened_at", at.0.to_string())?;
    }
    if let Some(other) = &note.addendum_to {
        doc.put(&map, "addendum_to", other.as_str())?;
    }
    if note.cosign {
        doc.put(&map, "cosign", "yes")?;
    }
    let prefix = if note.sign { SIGNED } else { DRAFT };
    for (key, text) in &note.sections {
        doc.put(&map, format!("{prefix}{key}"), text.as_str())?;
    }
    if note.sign {
        doc.put(&map, "signed", "yes")?;
    }
    Ok(())
}

/// Refuses to act on a note that is not, or no longer, what somebody saw: see [`Note::revision`].
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::ChangedSince`].
pub fn check_seen(doc: &Doc, id: &str, seen: &str) -> Result<(), Failure> {
    let note = find(doc, id).ok_or(Failure::NotFound)?;
    if note.revision() == seen {
        Ok(())
    } else {
        Err(Failure::ChangedSince)
    }
}

/// Changes sections of a draft; whoever works on the case may.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::BadTransition`] for what is no draft, and as [`check_new`].
pub fn edit(
    doc: &mut Doc,
    now: Millis,
    id: &str,
    sections: &[(String, String)],
) -> Result<Option<Vec<u8>>, Failure> {
    let note = find(doc, id).ok_or(Failure::NotFound)?;
    from_state(&note, State::Draft, State::Draft)?;
    let format = known_format(&note.format)?;
    check_sections(format, sections)?;
    check_whole(format, |key| {
        let given = sections.iter().find(|(known, _)| known == key);
        given.map_or_else(|| written(&note, key), |(_, text)| text.as_str())
    })?;
    let changed = sections.iter().filter(|(key, text)| {
        let draft = note.section(key).map_or(&[][..], |section| &section.draft);
        draft.len() > 1 || draft.first().map_or("", |held| &held.text) != text.as_str()
    });
    let values: Vec<(String, String)> = changed
        .map(|(key, text)| (format!("{DRAFT}{key}"), text.clone()))
        .collect();
    set(doc, now, id, &values)
}

/// Signs a draft as it stands; only its author may.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::BadTransition`] for what is no draft, [`Failure::NotAllowed`],
/// [`Failure::Empty`] with a required section that is empty.
pub fn sign(doc: &mut Doc, now: Millis, id: &str, by: By<'_>) -> Result<Option<Vec<u8>>, Failure> {
    let note = find(doc, id).ok_or(Failure::NotFound)?;
    from_state(&note, State::Draft, signed(&note))?;
    if !(by.mine)(note.author()) {
        return Err(Failure::NotAllowed);
    }
    let format = known_format(&note.format)?;
    check_required(format, |key| written(&note, key))?;
    // Empty sections too: so every signature has a text of its own in each of them.
    let mut values: Vec<(String, String)> = format
        .sections
        .iter()
        .map(|section| {
            let text = written(&note, section.key).to_owned();
            (format!("{SIGNED}{}", section.key), text)
        })
        .collect();
    values.push(("signed".into(), "yes".into()));
    set(doc, now, id, &values)
}

/// Adds the second signature to a note that waits for it: somebody's who leads, and never the first
/// signer's own.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::BadTransition`], [`Failure::NotAllowed`].
pub fn cosign(
    doc: &mut Doc,
    now: Millis,
    id: &str,
    by: By<'_>,
) -> Result<Option<Vec<u8>>, Failure> {
    let note = find(doc, id).ok_or(Failure::NotFound)?;
    from_state(&note, State::CosignPending, State::Cosigned)?;
    if !by.leads || note.signatures.iter().any(by.mine) {
        return Err(Failure::NotAllowed);
    }
    set(doc, now, id, &[("cosigned".into(), "yes".into())])
}

/// Strikes a note, whatever its state: it stays legible. See [`By::may_strike`].
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::BadTransition`] for what is struck already,
/// [`Failure::NotAllowed`], [`Failure::Empty`] or [`Failure::TooLong`] for the reason.
pub fn strike(
    doc: &mut Doc,
    now: Millis,
    id: &str,
    by: By<'_>,
    reason: &str,
) -> Result<Option<Vec<u8>>, Failure> {
    let note = find(doc, id).ok_or(Failure::NotFound)?;
    if note.struck.is_some() {
        return Err(bad_transition(STRUCK, STRUCK, &[]));
    }
    if !by.may_strike(&note) {
        return Err(Failure::NotAllowed);
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(empty("reason"));
    }
    if reason.len() > REASON_LEN_MAX {
        return Err(too_long("reason", REASON_LEN_MAX));
    }
    set(doc, now, id, &[(STRUCK.into(), reason.into())])
}

impl Note {
    /// Whether another note may be an addendum to it: what may still be changed or is struck takes
    /// none.
    pub fn takes_addendum(&self) -> bool {
        self.state() != State::Draft && self.struck.is_none()
    }
}

fn set(
    doc: &mut Doc,
    now: Millis,
    id: &str,
    values: &[(String, String)],
) -> Result<Option<Vec<u8>>, Failure> {
    record::apply(doc, now, &record::edits(NOTE, id, values)).map_err(not_ready)
}

/// What a section of a draft says.
fn written<'a>(note: &'a Note, key: &str) -> &'a str {
    let draft = note.section(key).and_then(|section| section.draft.first());
    draft.map_or("", |held| held.text.as_str())
}

/// What a note becomes by its first signature.
fn signed(note: &Note) -> State {
    if note.cosign {
        State::CosignPending
    } else {
        State::Signed
    }
}

/// Refuses the way to `to` unless the note is in state `from`.
fn from_state(note: &Note, from: State, to: State) -> Result<(), Failure> {
    if note.struck.is_some() {
        return Err(bad_transition(STRUCK, to.code(), &[]));
    }
    let state = note.state();
    if state == from {
        return Ok(());
    }
    let allowed = match state {
        State::Draft => Some(signed(note)),
        State::CosignPending => Some(State::Cosigned),
        State::Imported | State::Signed | State::Cosigned => None,
    };
    let allowed: Vec<&str> = allowed.into_iter().map(State::code).collect();
    Err(bad_transition(state.code(), to.code(), &allowed))
}

fn known_format(code: &str) -> Result<&'static Format, Failure> {
    format(code).ok_or_else(|| {
        let codes: Vec<&str> = FORMATS.iter().map(|format| format.code).collect();
        bad_value("format", &codes.join(", "))
    })
}

fn check_sections(format: &Format, sections: &[(String, String)]) -> Result<(), Failure> {
    for (index, (key, _)) in sections.iter().enumerate() {
        if format.sections.iter().all(|section| section.key != key) {
            return Err(Failure::UnknownField { field: key.clone() });
        }
        if sections.iter().take(index).any(|(other, _)| other == key) {
            return Err(bad_value(key, "one text"));
        }
    }
    Ok(())
}

/// Refuses a note that says nothing, or too much.
fn check_whole<'a>(format: &Format, text: impl Fn(&str) -> &'a str) -> Result<(), Failure> {
    let texts = || format.sections.iter().map(|section| text(section.key));
    if texts().all(|text| text.trim().is_empty()) {
        return Err(empty("note"));
    }
    if texts().map(str::len).sum::<usize>() > LEN_MAX {
        return Err(too_long("note", LEN_MAX));
    }
    Ok(())
}

fn check_required<'a>(format: &Format, text: impl Fn(&str) -> &'a str) -> Result<(), Failure> {
    let mut required = format.sections.iter().filter(|section| section.required);
    match required.find(|section| text(section.key).trim().is_empty()) {
        Some(section) => Err(empty(section.key)),
        None => Ok(()),
    }
}

fn empty(field: &str) -> Failure {
    Failure::Empty {
        field: field.into(),
    }
}

fn too_long(field: &str, max: usize) -> Failure {
    Failure::TooLong {
        field: field.into(),
        max: max as u32,
    }
}

fn bad_value(field: &str, expected: &str) -> Failure {
    Failure::BadValue {
        field: field.into(),
        expected: expected.into(),
    }
}

fn bad_transition(from: &str, to: &str, allowed: &[&str]) -> Failure {
    Failure::BadTransition {
        from: from.into(),
        to: to.into(),
        allowed: allowed.iter().map(|state| (*state).to_owned()).collect(),
    }
}

fn not_ready(_: DocError) -> Failure {
    Failure::NotReady
}
