//! A compartment of a case: what only some of those who read the case may read. It is a document like
//! a case's, in a stream of its own with its own keys and readers. It names its case, inside the
//! sealed document; nothing in the case names it. Knows the shape, not keys or storage.
//!
//! ```text
//! { …as a case…, compartment: kind, of: case id }
//! ```

use automerge::ROOT;
use satchel_wire::{Millis, StreamId};

use crate::{
    case,
    doc::{Doc, DocError},
    record::PERSON,
};

/// The root key that holds a compartment's kind.
pub const COMPARTMENT: &str = "compartment";
/// The root key that holds its case.
pub const OF: &str = "of";

/// Codes of the kinds of compartment, each with the kinds of record that may stand in it; notes may
/// stand in all.
pub const KINDS: &[(&str, &[&str])] = &[
    // Records of treatment for a substance use disorder, 42 CFR Part 2.
    (
        "substance_use",
        &[
            "medication",
            "allergy",
            "appointment",
            "visit",
            "task",
            "relation",
        ],
    ),
    // Where somebody lives who must not be found.
    ("address", &["address", "phone", "task"]),
    // Who reported an abuse or a neglect.
    ("reporter", &["relation", "phone", "task"]),
];

/// What a document says of itself when it is a compartment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compartment {
    /// Code of its kind; perhaps one that only a newer app knows.
    pub kind: String,
    /// Its case.
    pub of: StreamId,
}

impl Compartment {
    /// Whether records of this kind may stand in it.
    pub fn holds(&self, record: &str) -> bool {
        records(&self.kind).contains(&record)
    }
}

/// Kinds of record that may stand in a compartment of this kind; none where it is not known.
pub fn records(kind: &str) -> &'static [&'static str] {
    let found = KINDS.iter().find(|(known, _)| *known == kind);
    found.map_or(&[], |(_, records)| records)
}

/// The compartment that a document is; `None` when it is a case. What it was begun as counts: nobody
/// can make a compartment of a case later, and hide it so.
pub fn read(doc: &Doc) -> Option<Compartment> {
    let begun = doc.origin(&doc.map(PERSON)?)?;
    let mark = |key| {
        let held = doc.held(&ROOT, key).into_iter();
        let mut first = held.filter(|one| one.origin == begun);
        first.next().map(|one| one.text)
    };
    Some(Compartment {
        kind: mark(COMPARTMENT)?,
        of: mark(OF)?.parse().ok()?,
    })
}

/// Begins a compartment in an empty document, by one change: nobody ever sees it as a case.
///
/// # Errors
/// [`DocError`].
pub fn begin(doc: &mut Doc, now: Millis, what: &Compartment) -> Result<Vec<u8>, DocError> {
    let marks = [(COMPARTMENT, what.kind.clone()), (OF, what.of.to_string())];
    case::begin_with(doc, now, &marks, &[], &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record;
    use automerge::ActorId;

    #[test]
    fn every_compartment_holds_kinds_of_record_that_there_are() {
        for (kind, records) in KINDS {
            assert!(!records.is_empty(), "{kind}");
            assert!(records.iter().all(|one| record::kind(one).is_some()));
        }
        assert!(records("diary").is_empty());
    }

    #[test]
    fn a_document_says_whether_it_is_a_compartment_and_of_which_case() {
        let mut doc = Doc::new(ActorId::from(vec![1; 32]));
        let what = Compartment {
            kind: "substance_use".into(),
            of: StreamId([7; 16]),
        };
        begin(&mut doc, Millis(1), &what).unwrap();
        assert_eq!(read(&doc), Some(what.clone()));
        assert!(!case::newer(&doc));
        assert!(what.holds("medication") && !what.holds("flag"));
        let mut other = Doc::new(ActorId::from(vec![2; 32]));
        case::begin(&mut other, Millis(1), &[], &[]).unwrap();
        assert_eq!(read(&other), None);
    }
}
