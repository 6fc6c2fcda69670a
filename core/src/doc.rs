//! An Automerge document with provenance: for every value, who set it and when. Owns the invariant
//! that a change's actor is its chain and its `seq` its place there, so an author cannot be feigned.

use std::collections::BTreeMap;

use automerge::{
    ActorId, AutoCommit, AutomergeError, Change, ObjId, ObjType, ReadDoc as _, ScalarValue, Value,
    transaction::CommitOptions,
};
use satchel_wire::{ChainId, Millis, ProfileId, StreamId, envelope::sha256};

/// Why a change does not become part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocError {
    /// The bytes are not one uncompressed Automerge change.
    #[error("not a change that this app can read")]
    Unreadable,
    /// Its actor or number is not its envelope's.
    #[error("a change poses as another author's")]
    Feigned,
    /// It builds on changes that are not there.
    #[error("a change builds on one that is missing")]
    Incomplete,
    /// Automerge refuses it.
    #[error("a change does not fit the record")]
    Unfit,
}

/// The Automerge actor of a chain: bound to stream and author.
pub fn actor(stream: StreamId, author: ProfileId, chain: ChainId) -> ActorId {
    let hash = sha256(&[
        b"satchel/actor/1",
        stream.as_bytes(),
        author.as_bytes(),
        chain.as_bytes(),
    ]);
    ActorId::from(hash.to_vec())
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Author's clock.
    pub at: Millis,
    /// The author's actor in this document.
    pub actor: ActorId,
    /// Place in the author's chain.
    pub n: u64,
}

/// One of the values that a key has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Names this value among the key's.
    pub id: String,
    /// The text.
    pub text: String,
    /// Who and when.
    pub origin: Origin,
}

/// A document and who wrote what in it.
pub struct Doc {
    doc: AutoCommit,
    /// For each actor its changes in order: last op, number, time.
    spans: BTreeMap<ActorId, Vec<(u64, u64, Millis)>>,
}

/// Automerge keeps seconds by convention; the field is a plain number, ours is milliseconds.
fn millis(timestamp: i64) -> Millis {
    Millis(timestamp.try_into().unwrap_or(0))
}

impl Doc {
    /// An empty document to be written by `actor`.
    pub fn new(actor: ActorId) -> Self {
        Self {
            doc: AutoCommit::new().with_actor(actor),
            spans: BTreeMap::new(),
        }
    }

    /// A saved document, to be written on by `actor`.
    ///
    /// # Errors
    /// [`DocError::Unreadable`].
    pub fn load(bytes: &[u8], actor: ActorId) -> Result<Self, DocError> {
        let mut doc = AutoCommit::load(bytes)
            .map_err(|_| DocError::Unreadable)?
            .with_actor(actor);
        let mut spans: BTreeMap<ActorId, Vec<_>> = BTreeMap::new();
        for meta in doc.get_changes_meta(&[]) {
            let span = (meta.max_op, meta.seq, millis(meta.timestamp));
            spans.entry(meta.actor.into_owned()).or_default().push(span);
        }
        for list in spans.values_mut() {
            list.sort_unstable();
        }
        Ok(Self { doc, spans })
    }

    /// The document's bytes.
    pub fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    /// Applies the change that stands at place `n` of the chain whose actor is `author`.
    ///
    /// # Errors
    /// [`DocError`]; the document is then as before.
    pub fn apply(&mut self, bytes: Vec<u8>, author: &ActorId, n: u64) -> Result<(), DocError> {
        let change = Change::from_bytes(bytes.clone()).map_err(|_| DocError::Unreadable)?;
        // Only the uncompressed form is ours: what is read must be what was written.
        if change.raw_bytes() != bytes {
            return Err(DocError::Unreadable);
        }
        let next = self
            .spans
            .get(author)
            .map_or(1, |spans| spans.len() as u64 + 1);
        if change.actor_id() != author || change.seq() != n || n != next {
            return Err(DocError::Feigned);
        }
        for dep in change.deps() {
            if self.doc.get_change_meta_by_hash(dep).is_none() {
                return Err(DocError::Incomplete);
            }
        }
        let span = (change.max_op(), n, millis(change.timestamp()));
        self.doc
            .apply_changes([change])
            .map_err(|_| DocError::Unfit)?;
        self.spans.entry(author.clone()).or_default().push(span);
        Ok(())
    }

    /// Edits and commits as one change; gives the change's bytes, or nothing if nothing changed.
    ///
    /// # Errors
    /// [`DocError::Unfit`] when the edit fails.
    pub fn edit(
        &mut self,
        now: Millis,
        edit: impl FnOnce(&mut AutoCommit) -> Result<(), AutomergeError>,
    ) -> Result<Option<Vec<u8>>, DocError> {
        edit(&mut self.doc).map_err(|_| DocError::Unfit)?;
        let time = i64::try_from(now.0).unwrap_or(i64::MAX);
        if self
            .doc
            .commit_with(CommitOptions::default().with_time(time))
            .is_none()
        {
            return Ok(None);
        }
        let change = self.doc.get_last_local_change().ok_or(DocError::Unfit)?;
        let span = (change.max_op(), change.seq(), now);
        self.spans
            .entry(change.actor_id().clone())
            .or_default()
            .push(span);
        Ok(Some(change.raw_bytes().to_vec()))
    }

    /// The map under `key` of the root, if there is one.
    pub fn map(&self, key: &str) -> Option<ObjId> {
        self.child(&ObjId::Root, key)
    }

    /// The map under `key` of `parent`, if there is one.
    pub fn child(&self, parent: &ObjId, key: &str) -> Option<ObjId> {
        match self.doc.get(parent, key) {
            Ok(Some((Value::Object(ObjType::Map), id))) => Some(id),
            _ => None,
        }
    }

    /// The keys of a map.
    pub fn keys(&self, map: &ObjId) -> Vec<String> {
        self.doc.keys(map).collect()
    }

    /// All texts that `key` of `map` holds: the one that stands first, then others written apart
    /// from it, each distinct text once.
    pub fn held(&self, map: &ObjId, key: &str) -> Vec<Held> {
        let Ok(Some((_, winner))) = self.doc.get(map, key) else {
            return Vec::new();
        };
        let mut values: Vec<Held> = Vec::new();
        let mut all = self.doc.get_all(map, key).unwrap_or_default();
        all.sort_by_key(|(_, id)| *id != winner);
        for (value, id) in all {
            let Value::Scalar(scalar) = value else {
                continue;
            };
            let ScalarValue::Str(text) = scalar.as_ref() else {
                continue;
            };
            let Some(origin) = self.origin(&id) else {
                continue;
            };
            if values.iter().all(|held| held.text != text.as_str()) {
                values.push(Held {
                    id: id.to_string(),
                    text: text.to_string(),
                    origin,
                });
            }
        }
        values
    }

    /// The text that stands at `key` of `map`.
    pub fn text(&self, map: &ObjId, key: &str) -> Option<String> {
        self.held(map, key).into_iter().next().map(|held| held.text)
    }

    /// Where an object or value comes from.
    pub fn origin(&self, id: &ObjId) -> Option<Origin> {
        let ObjId::Id(op, actor, _) = id else {
            return None;
        };
        let spans = self.spans.get(actor)?;
        let at = spans.partition_point(|(max_op, _, _)| max_op < op);
        spans.get(at).map(|(_, n, at)| Origin {
            at: *at,
            actor: actor.clone(),
            n: *n,
        })
    }
}
