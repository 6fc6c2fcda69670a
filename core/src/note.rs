//! Notes: their formats, their signatures, and how they are read from a case's document. Owns the
//! rules that a signed text is never written over, that a state is derived and not stored, and that
//! what was written beside a signature is kept and told. Who and when are the origins of values;
//! this module does not know whose device an origin is.
//!
//! ```text
//! notes: { id: { format, "s.<section>": text, happened_at?, addendum_to?, cosign?, imported?,
//!                "signed.<section>": text, signed?, cosigned?, struck? } }
//! ```
//!
//! A note without a format is a narrative whose section `text` is the key `text`.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ObjId;
use satchel_wire::Millis;

use crate::{
    doc::{Doc, Held, Origin},
    record::NOTE,
};

mod write;

pub(crate) use write::put;
pub use write::{By, LEN_MAX, NewNote, REASON_LEN_MAX, add, check_new, cosign, edit, sign, strike};

/// A format of notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Its code.
    pub code: &'static str,
    /// Sections in the order of the form.
    pub sections: &'static [SectionDef],
}

/// A section of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionDef {
    /// Key.
    pub key: &'static str,
    /// The note cannot be signed while it is empty.
    pub required: bool,
}

const fn needed(key: &'static str) -> SectionDef {
    SectionDef {
        key,
        required: true,
    }
}

/// The format of a note that names none.
pub const NARRATIVE: &str = "narrative";

/// All formats.
pub const FORMATS: &[Format] = &[
    Format {
        code: NARRATIVE,
        sections: &[needed("text")],
    },
    Format {
        code: "soap",
        sections: &[
            needed("subjective"),
            needed("objective"),
            needed("assessment"),
            needed("plan"),
        ],
    },
    Format {
        code: "dap",
        sections: &[needed("data"), needed("assessment"), needed("plan")],
    },
    Format {
        code: "birp",
        sections: &[
            needed("behavior"),
            needed("intervention"),
            needed("response"),
            needed("plan"),
        ],
    },
    Format {
        code: "girp",
        sections: &[
            needed("goal"),
            needed("intervention"),
            needed("response"),
            needed("plan"),
        ],
    },
];

/// The format with this code.
pub fn format(code: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.code == code)
}

/// How far a note has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It came with an import, as it is.
    Imported,
    /// It may still be changed.
    Draft,
    /// It stands.
    Signed,
    /// It stands and waits for a second signature.
    CosignPending,
    /// It stands with two signatures.
    Cosigned,
}

impl State {
    /// Its code; empty for an imported note.
    pub fn code(self) -> &'static str {
        match self {
            Self::Imported => "",
            Self::Draft => "draft",
            Self::Signed => "signed",
            Self::CosignPending => "cosign-pending",
            Self::Cosigned => "cosigned",
        }
    }
}

/// A section as the document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Key.
    pub key: String,
    /// What was written: the value that stands, then those written apart from it.
    pub draft: Vec<Held>,
    /// What was signed: the text under the signature that stands, then those that the author signed
    /// apart from it.
    pub signed: Vec<Held>,
}

impl Section {
    /// The signed text, or what is written so far.
    pub fn text(&self) -> &str {
        let shown = self.signed.first().or_else(|| self.draft.first());
        shown.map_or("", |held| held.text.as_str())
    }
}

/// A note as the document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Id.
    pub id: String,
    /// Code of its format; perhaps one that only a newer app knows.
    pub format: String,
    /// In the order of the format, then those that only a newer app knows.
    pub sections: Vec<Section>,
    /// Who wrote it and when.
    pub origin: Origin,
    /// When it happened, where that was told apart.
    pub happened_at: Option<Millis>,
    /// The note to which this is an addendum.
    pub addendum_to: Option<String>,
    /// It needs a second signature.
    pub cosign: bool,
    /// It came with an import.
    pub imported: bool,
    /// The signature that stands, then those given apart from it.
    pub signatures: Vec<Origin>,
    /// The second signature.
    pub cosigned: Option<Origin>,
    /// Why it was struck, by whom and when.
    pub struck: Option<Held>,
}

impl Note {
    /// How far it has come.
    pub fn state(&self) -> State {
        match (self.signatures.is_empty(), self.cosign, &self.cosigned) {
            (true, ..) if self.imported => State::Imported,
            (true, ..) => State::Draft,
            (false, _, Some(_)) => State::Cosigned,
            (false, true, None) => State::CosignPending,
            (false, false, None) => State::Signed,
        }
    }

    /// When it happened, else when it was written.
    pub fn when(&self) -> Millis {
        self.happened_at.unwrap_or(self.origin.at)
    }

    /// One section.
    pub fn section(&self, key: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.key == key)
    }
}

/// Prefix of the keys of what was written, by section.
const DRAFT: &str = "s.";
/// Prefix of the keys of what was signed, by section.
const SIGNED: &str = "signed.";
/// The keys of a note besides its sections.
const KEYS: &[&str] = &[
    "format",
    "text",
    "state",
    "happened_at",
    "addendum_to",
    "cosign",
    "imported",
    "signed",
    "cosigned",
    "struck",
];

/// The ids of all notes.
pub fn ids(doc: &Doc) -> BTreeSet<String> {
    doc.map("notes")
        .map(|all| doc.keys(&all).into_iter().collect())
        .unwrap_or_default()
}

/// One note.
pub fn find(doc: &Doc, id: &str) -> Option<Note> {
    read(doc, id, crate::record::locate_part(doc, NOTE, id).first()?)
}

/// All notes, newest first by the time when they happened; of the same time by id.
pub fn all(doc: &Doc) -> Vec<Note> {
    let mut notes: Vec<Note> = ids(doc).iter().filter_map(|id| find(doc, id)).collect();
    notes.sort_by(|a, b| (b.when(), &b.id).cmp(&(a.when(), &a.id)));
    notes
}

/// The text of every note by its id, for search.
pub fn texts(doc: &Doc) -> BTreeMap<String, String> {
    all(doc)
        .into_iter()
        .map(|note| (note.id.clone(), full_text(&note)))
        .collect()
}

/// All that a note says, for search.
pub fn full_text(note: &Note) -> String {
    let texts = note.sections.iter().map(Section::text);
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}

/// Texts of a signed note that its standing signature does not cover and that nobody may take for
/// signed: written after it, or apart from it, or beside it when it was given.
pub fn pending_edit(doc: &Doc, note: &Note) -> Vec<(String, Held)> {
    let Some(signature) = note.signatures.first() else {
        return Vec::new();
    };
    let mut found: Vec<(String, Held)> = Vec::new();
    for section in &note.sections {
        for held in section.draft.iter().chain(section.signed.iter().skip(1)) {
            let contested = section.draft.len() > 1 || !doc.knew(signature, &held.origin);
            let known = found
                .iter()
                .any(|(key, other)| *key == section.key && other.text == held.text);
            if contested && !known && held.text != section.text() {
                found.push((section.key.clone(), held.clone()));
            }
        }
    }
    found
}

/// Whether a newer app has written notes here that this one does not know in full.
pub fn has_newer(doc: &Doc) -> bool {
    ids(doc).iter().any(|id| {
        let maps = crate::record::locate_part(doc, NOTE, id);
        let (Some(note), Some(map)) = (find(doc, id), maps.first()) else {
            return true;
        };
        let Some(format) = format(&note.format) else {
            return true;
        };
        let known = |key: &str| {
            let section = key.strip_prefix(DRAFT).or_else(|| key.strip_prefix(SIGNED));
            section.map_or_else(
                || KEYS.contains(&key),
                |section| format.sections.iter().any(|def| def.key == section),
            )
        };
        doc.keys(map).iter().any(|key| !known(key))
    })
}

fn read(doc: &Doc, id: &str, map: &ObjId) -> Option<Note> {
    let keys = doc.keys(map);
    let code = doc.text(map, "format").unwrap_or_else(|| NARRATIVE.into());
    let signed = doc.held(map, "signed");
    let cosigned = doc.held(map, "cosigned").into_iter().next();
    let mut sections = sections(doc, map, &code, &keys);
    let mut signatures: BTreeSet<&Origin> = signed.iter().map(|held| &held.origin).collect();
    if !signed.is_empty() {
        let texts = sections.iter().flat_map(|section| &section.signed);
        signatures.extend(texts.map(|held| &held.origin));
    }
    let mut signatures: Vec<Origin> = signatures.into_iter().cloned().collect();
    // The first signature stands; where there is a second one, the first that its author has seen.
    if let Some(second) = &cosigned
        && let Some(at) = signatures
            .iter()
            .position(|first| doc.knew(&second.origin, first))
        && let Some(signatures) = signatures.get_mut(..=at)
    {
        signatures.rotate_right(1);
    }
    for section in &mut sections {
        // Equal texts are held once: one that is missing under a signature is another's too.
        section
            .signed
            .sort_by_key(|held| Some(&held.origin) != signatures.first());
    }
    let yes = |key: &str| doc.text(map, key).is_some();
    Some(Note {
        id: id.into(),
        format: code,
        sections,
        origin: doc.origin(map)?,
        happened_at: doc
            .text(map, "happened_at")
            .and_then(|at| at.parse().ok())
            .map(Millis),
        addendum_to: doc.text(map, "addendum_to"),
        cosign: yes("cosign"),
        imported: yes("imported"),
        signatures,
        cosigned: cosigned.map(|held| held.origin),
        struck: doc.held(map, "struck").into_iter().next(),
    })
}

/// The sections that the format has, then those that only a newer app knows.
fn sections(doc: &Doc, map: &ObjId, code: &str, keys: &[String]) -> Vec<Section> {
    let known = format(code).map_or(&[][..], |format| format.sections);
    let known: Vec<&str> = known.iter().map(|section| section.key).collect();
    let other: BTreeSet<&str> = keys
        .iter()
        .filter_map(|key| key.strip_prefix(DRAFT).or_else(|| key.strip_prefix(SIGNED)))
        .filter(|key| !known.contains(key))
        .collect();
    known
        .into_iter()
        .chain(other)
        .map(|key| {
            let mut draft = doc.held(map, &format!("{DRAFT}{key}"));
            if draft.is_empty() && code == NARRATIVE && key == "text" {
                draft = doc.held(map, "text");
            }
            Section {
                key: key.into(),
                draft,
                signed: doc.held(map, &format!("{SIGNED}{key}")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
