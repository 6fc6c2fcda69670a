//! Notes: their formats, their signatures, and how they are read from a case's document. Owns the
//! rules that a signed text is never written over, that a state is derived and not stored, and that
//! what was written beside a signature is kept and told. Who and when are the origins of values;
//! this module does not know whose device an origin is.
//!
//! ```text
//! notes: { id: { format, "s.<section>": text, happened_at?, addendum_to?, words_of?, cosign?,
//!                imported?, "signed.<section>": text, signed?, cosigned?, struck? } }
//! ```
//!
//! A note without a format is a narrative whose section `text` is the key `text`.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use satchel_wire::{Millis, envelope::sha256};

use crate::{
    doc::{Doc, Held, Origin, Part},
    record::NOTES,
};

mod write;

pub(crate) use write::put;
pub use write::{
    By, LEN_MAX, NewNote, REASON_LEN_MAX, add, check_new, check_seen, cosign, edit, sign, strike,
};

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
    /// Who put it into the record and when.
    pub origin: Origin,
    /// Whose words it holds and since when, where another put it there: by settling.
    pub words_of: Option<Origin>,
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

    /// Who wrote it and when.
    pub fn author(&self) -> &Origin {
        self.words_of.as_ref().unwrap_or(&self.origin)
    }

    /// When it happened, else when it was written.
    pub fn when(&self) -> Millis {
        self.happened_at.unwrap_or(self.author().at)
    }

    /// Names what is written and signed here: whoever acts on a note says which of it they saw.
    pub fn revision(&self) -> String {
        let texts =
            |held: &[Held]| -> Vec<String> { held.iter().map(|h| h.text.clone()).collect() };
        let sections = self.sections.iter();
        let sections: Vec<_> = sections
            .map(|section| (&section.key, texts(&section.draft), texts(&section.signed)))
            .collect();
        let signatures: Vec<String> = self.signatures.iter().map(Origin::name).collect();
        let struck = self.struck.as_ref().map(|held| &held.text);
        let all = serde_json::json!([self.state().code(), sections, signatures, struck]);
        let hash = sha256(&[b"satchel/note/1", all.to_string().as_bytes()]);
        HEXLOWER.encode(hash.get(..16).unwrap_or_default())
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
/// The key of the reason for which it was struck; empty once that is taken back.
pub(crate) const STRUCK: &str = "struck";
/// The key of the [`Origin::name`] of its words, where another put them there.
pub(crate) const WORDS_OF: &str = "words_of";
/// The reason, as a code, of a note that was made by settling and is gone with the settlement.
pub const TAKEN_BACK: &str = "settlement_taken_back";
/// The keys of a note besides its sections.
const KEYS: &[&str] = &[
    "format",
    "text",
    "state",
    "happened_at",
    "addendum_to",
    WORDS_OF,
    "cosign",
    "imported",
    "signed",
    "cosigned",
    STRUCK,
];

/// The ids of all notes.
pub fn ids(doc: &Doc) -> BTreeSet<String> {
    doc.parts(NOTES).map(|(id, _)| id.to_owned()).collect()
}

/// One note.
pub fn find(doc: &Doc, id: &str) -> Option<Note> {
    read(doc, id, doc.part(NOTES, id)?)
}

/// All notes, newest first by the time when they happened; of the same time by id.
pub fn all(doc: &Doc) -> Vec<Note> {
    let parts = doc.parts(NOTES);
    let mut notes: Vec<Note> = parts.filter_map(|(id, part)| read(doc, id, part)).collect();
    notes.sort_by(|a, b| (b.when(), &b.id).cmp(&(a.when(), &a.id)));
    notes
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
    doc.parts(NOTES).any(|(_, part)| {
        let code = part.text("format").unwrap_or(NARRATIVE);
        let Some(format) = format(code) else {
            return true;
        };
        let known = |key: &str| {
            section_of(key).map_or_else(
                || KEYS.contains(&key),
                |section| format.sections.iter().any(|def| def.key == section),
            )
        };
        part.fields.keys().any(|key| !known(key))
    })
}

/// The section that a key is about.
fn section_of(key: &str) -> Option<&str> {
    key.strip_prefix(DRAFT).or_else(|| key.strip_prefix(SIGNED))
}

fn read(doc: &Doc, id: &str, part: &Part) -> Option<Note> {
    let code = part.text("format").unwrap_or(NARRATIVE);
    let signed = part.held("signed");
    let cosigned = part.held("cosigned").first();
    let mut sections = sections(part, code);
    let mut signatures: BTreeSet<&Origin> = signed.iter().map(|held| &held.origin).collect();
    if !signed.is_empty() {
        let texts = sections.iter().flat_map(|section| &section.signed);
        signatures.extend(texts.map(|held| &held.origin));
    }
    let mut signatures: Vec<Origin> = signatures.into_iter().cloned().collect();
    // The first signature stands; where there is a second one, the first that its author has seen.
    if let Some(second) = cosigned
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
    let yes = |key: &str| part.text(key).is_some();
    Some(Note {
        id: id.into(),
        format: code.into(),
        sections,
        origin: part.origin.clone()?,
        words_of: part.text(WORDS_OF).and_then(|name| doc.origin_named(name)),
        happened_at: part
            .text("happened_at")
            .and_then(|at| at.parse().ok())
            .map(Millis),
        addendum_to: part.text("addendum_to").map(str::to_owned),
        cosign: yes("cosign"),
        imported: yes("imported"),
        signatures,
        cosigned: cosigned.map(|held| held.origin.clone()),
        struck: part
            .held(STRUCK)
            .iter()
            .find(|held| !held.text.is_empty())
            .cloned(),
    })
}

/// The sections that the format has, then those that only a newer app knows.
fn sections(part: &Part, code: &str) -> Vec<Section> {
    let known = format(code).map_or(&[][..], |format| format.sections);
    let known: Vec<&str> = known.iter().map(|section| section.key).collect();
    let other: BTreeSet<&str> = part
        .fields
        .keys()
        .filter_map(|key| section_of(key))
        .filter(|key| !known.contains(key))
        .collect();
    known
        .into_iter()
        .chain(other)
        .map(|key| {
            let mut draft = part.held(&format!("{DRAFT}{key}"));
            if draft.is_empty() && code == NARRATIVE && key == "text" {
                draft = part.held("text");
            }
            Section {
                key: key.into(),
                draft: draft.to_vec(),
                signed: part.held(&format!("{SIGNED}{key}")).to_vec(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
