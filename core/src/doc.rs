//! An Automerge document with provenance: for every value, who set it and when. Owns the invariant
//! that a change's actor is its chain and its `seq` its place there, so an author cannot be feigned.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{
    ActorId, AutoCommit, AutomergeError, Change, ObjId, ObjType, ReadDoc as _, ScalarValue, Value,
    legacy, transaction::CommitOptions,
};
use satchel_wire::{ChainId, Millis, ProfileId, StreamId, envelope::sha256};
use serde_bytes::ByteBuf;

mod parts;

pub use parts::{Part, Place};

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

impl Origin {
    /// A text that names it, see [`Doc::origin_named`].
    pub fn name(&self) -> String {
        format!("{}/{}", self.actor.to_hex_string(), self.n)
    }
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

/// A change: its operations end with `last_op`; `clock` tells how much of each actor's work its
/// author had seen, itself included, by the actor's place in [`Doc::actors`].
struct Span {
    last_op: u64,
    n: u64,
    at: Millis,
    clock: Vec<u64>,
}

/// A document and who wrote what in it.
pub struct Doc {
    doc: AutoCommit,
    /// For each actor its changes in order.
    spans: BTreeMap<ActorId, Vec<Span>>,
    /// In the order in which they were met here.
    actors: Vec<ActorId>,
    /// What the document says, as read since it was last written.
    parts: parts::Parts,
    touched: BTreeSet<Place>,
}

/// A value that a field once had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The text; empty when it was cleared.
    pub text: String,
    /// Who and when.
    pub origin: Origin,
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
            actors: Vec::new(),
            parts: BTreeMap::new(),
            touched: BTreeSet::new(),
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
        let metas: Vec<_> = doc
            .get_changes_meta(&[])
            .into_iter()
            .map(|meta| {
                let span = (meta.max_op, meta.seq, millis(meta.timestamp));
                (meta.hash, meta.actor.into_owned(), meta.deps.clone(), span)
            })
            .collect();
        let mut places = BTreeMap::new();
        let mut loaded = Self {
            doc,
            spans: BTreeMap::new(),
            actors: Vec::new(),
            parts: BTreeMap::new(),
            touched: BTreeSet::new(),
        };
        // Changes stand after those that they build on.
        for (hash, author, deps, (last_op, n, at)) in metas {
            let deps = deps.iter().filter_map(|dep| places.get(dep)).cloned();
            let deps: Vec<(ActorId, u64)> = deps.collect();
            loaded.remember(&author, last_op, n, at, &deps);
            places.insert(hash, (author, n));
        }
        for list in loaded.spans.values_mut() {
            list.sort_unstable_by_key(|span| span.n);
        }
        loaded.read_all();
        Ok(loaded)
    }

    /// Takes down a change and what its author had seen: what the authors of `deps` had, and those.
    fn remember(
        &mut self,
        author: &ActorId,
        last_op: u64,
        n: u64,
        at: Millis,
        deps: &[(ActorId, u64)],
    ) {
        let mut clock: Vec<u64> = Vec::new();
        let mut raise = |place: usize, n: u64| {
            if clock.len() <= place {
                clock.resize(place + 1, 0);
            }
            if let Some(known) = clock.get_mut(place) {
                *known = n.max(*known);
            }
        };
        for (actor, n) in deps {
            let seen = self.span(actor, *n).map(|span| span.clock.as_slice());
            for (place, n) in seen.unwrap_or_default().iter().enumerate() {
                raise(place, *n);
            }
        }
        let place = self.place(author).unwrap_or(self.actors.len());
        raise(place, n);
        if place == self.actors.len() {
            self.actors.push(author.clone());
        }
        self.spans.entry(author.clone()).or_default().push(Span {
            last_op,
            n,
            at,
            clock,
        });
    }

    fn place(&self, actor: &ActorId) -> Option<usize> {
        self.actors.iter().position(|known| known == actor)
    }

    /// The `n`th change of an actor.
    fn span(&self, actor: &ActorId, n: u64) -> Option<&Span> {
        let spans = self.spans.get(actor)?;
        let at = spans.partition_point(|span| span.n < n);
        spans.get(at).filter(|span| span.n == n)
    }

    /// Whether whoever wrote `later` had `earlier` before their eyes.
    pub fn knew(&self, later: &Origin, earlier: &Origin) -> bool {
        let Some(place) = self.place(&earlier.actor) else {
            return false;
        };
        self.span(&later.actor, later.n)
            .and_then(|span| span.clock.get(place))
            .is_some_and(|n| *n >= earlier.n)
    }

    /// Whether neither author knew of the other's work.
    pub fn apart(&self, a: &Origin, b: &Origin) -> bool {
        !self.knew(a, b) && !self.knew(b, a)
    }

    /// The origin with this [`Origin::name`], if such a change is here.
    pub fn origin_named(&self, name: &str) -> Option<Origin> {
        let (actor, n) = name.split_once('/')?;
        let actor = ActorId::try_from(actor).ok()?;
        let n = n.parse().ok()?;
        let at = self.span(&actor, n)?.at;
        Some(Origin { at, actor, n })
    }

    /// The author of a change that another builds on, with its number.
    fn author_of(&mut self, dep: &automerge::ChangeHash) -> Option<(ActorId, u64)> {
        let meta = self.doc.get_change_meta_by_hash(dep)?;
        Some((meta.actor.into_owned(), meta.seq))
    }

    /// The document's bytes.
    pub fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    /// Applies changes of one author, the last of which stands at place `n` of the chain whose actor is
    /// `author`. What of them is here already is left as it is.
    ///
    /// # Errors
    /// [`DocError`]; the document is then as before.
    pub fn apply(
        &mut self,
        changes: Vec<ByteBuf>,
        author: &ActorId,
        n: u64,
    ) -> Result<(), DocError> {
        let known = self.spans.get(author).map_or(0, Vec::len) as u64;
        let before = n.checked_sub(changes.len() as u64);
        let before = before
            .filter(|before| *before <= known)
            .ok_or(DocError::Feigned)?;
        let mut fresh = Vec::new();
        let mut places = BTreeMap::new();
        for (bytes, n) in changes.into_iter().zip(before + 1..) {
            let change = Change::from_bytes(bytes.to_vec()).map_err(|_| DocError::Unreadable)?;
            // Only the uncompressed form is ours: what is read must be what was written.
            if change.raw_bytes() != bytes.as_slice() {
                return Err(DocError::Unreadable);
            }
            if change.actor_id() != author || change.seq() != n {
                return Err(DocError::Feigned);
            }
            if n <= known {
                if self.doc.get_change_meta_by_hash(&change.hash()).is_none() {
                    return Err(DocError::Feigned);
                }
                continue;
            }
            let deps = change.deps().iter();
            let deps: Option<Vec<(ActorId, u64)>> = deps
                .map(|dep| match places.get(dep) {
                    Some(n) => Some((author.clone(), *n)),
                    None => self.author_of(dep),
                })
                .collect();
            places.insert(change.hash(), n);
            fresh.push((change, deps.ok_or(DocError::Incomplete)?));
        }
        let changes: Vec<Change> = fresh.iter().map(|(change, _)| change.clone()).collect();
        self.doc
            .apply_changes(changes)
            .map_err(|_| DocError::Unfit)?;
        for (change, deps) in fresh {
            let (last_op, at) = (change.max_op(), millis(change.timestamp()));
            self.remember(author, last_op, change.seq(), at, &deps);
            self.read_anew(&change.decode().operations);
        }
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
        if edit(&mut self.doc).is_err() {
            // What was done of it would go with the next change.
            self.doc.rollback();
            return Err(DocError::Unfit);
        }
        let time = i64::try_from(now.0).unwrap_or(i64::MAX);
        if self
            .doc
            .commit_with(CommitOptions::default().with_time(time))
            .is_none()
        {
            return Ok(None);
        }
        let change = self.doc.get_last_local_change().ok_or(DocError::Unfit)?;
        let bytes = change.raw_bytes().to_vec();
        let (author, last_op, n) = (change.actor_id().clone(), change.max_op(), change.seq());
        let (deps, operations) = (change.deps().to_vec(), change.decode().operations);
        let deps: Option<Vec<_>> = deps.iter().map(|dep| self.author_of(dep)).collect();
        let deps = deps.ok_or(DocError::Incomplete)?;
        self.remember(&author, last_op, n, now, &deps);
        self.read_anew(&operations);
        Ok(Some(bytes))
    }

    /// Who writes here: the actor of this device, in hex.
    pub fn actor(&self) -> String {
        self.doc.get_actor().to_hex_string()
    }

    /// The map under `key` of the root, if there is one.
    pub fn map(&self, key: &str) -> Option<ObjId> {
        self.child(&ObjId::Root, key)
    }

    /// All maps under `key` of the root, see [`Self::children`].
    pub fn maps(&self, key: &str) -> Vec<ObjId> {
        self.children(&ObjId::Root, key)
    }

    /// All maps under `key` of `parent`: more than one where people made it apart from each other.
    /// The one into which everybody writes from now on is first.
    pub fn children(&self, parent: &ObjId, key: &str) -> Vec<ObjId> {
        let mut all: Vec<ObjId> = self
            .doc
            .get_all(parent, key)
            .unwrap_or_default()
            .into_iter()
            .filter(|(value, _)| matches!(value, Value::Object(ObjType::Map)))
            .map(|(_, id)| id)
            .collect();
        let winner = self.child(parent, key);
        all.sort_by_key(|id| Some(id) != winner.as_ref());
        all
    }

    /// Every text that `key` of these maps ever had, newest change last, as far as this device
    /// knows.
    pub fn history(&mut self, maps: &[ObjId], key: &str) -> Vec<Past> {
        let found = self.histories(maps, |name| name == key);
        found.into_iter().map(|(_, past)| past).collect()
    }

    /// Likewise of all keys that `wanted` picks, in one go, each with its key.
    pub fn histories(
        &mut self,
        maps: &[ObjId],
        wanted: impl Fn(&str) -> bool,
    ) -> Vec<(String, Past)> {
        let mut found = Vec::new();
        for change in self.doc.get_changes(&[]) {
            let expanded = change.decode();
            for op in expanded.operations {
                let text = match op.action {
                    legacy::OpType::Put(ScalarValue::Str(text)) => text.to_string(),
                    _ => continue,
                };
                let here = |map: &ObjId| match (&op.obj, map) {
                    (legacy::ObjectId::Root, ObjId::Root) => true,
                    (legacy::ObjectId::Id(legacy::OpId(n, actor)), ObjId::Id(m, of, _)) => {
                        n == m && actor == of
                    }
                    _ => false,
                };
                let legacy::Key::Map(name) = &op.key else {
                    continue;
                };
                if maps.iter().any(here) && wanted(name) {
                    let past = Past {
                        text,
                        origin: Origin {
                            at: millis(change.timestamp()),
                            actor: change.actor_id().clone(),
                            n: change.seq(),
                        },
                    };
                    found.push((name.to_string(), past));
                }
            }
        }
        found.sort_by(|(_, a), (_, b)| a.origin.cmp(&b.origin));
        found
    }

    /// Every text that a key of the root with this beginning ever had, in the order of their origins.
    pub fn written_below(&mut self, prefix: &str) -> Vec<(String, Past)> {
        let mut found = Vec::new();
        for change in self.doc.get_changes(&[]) {
            for op in change.decode().operations {
                let (legacy::ObjectId::Root, legacy::Key::Map(key)) = (&op.obj, &op.key) else {
                    continue;
                };
                if let legacy::OpType::Put(ScalarValue::Str(text)) = &op.action
                    && key.starts_with(prefix)
                {
                    let origin = Origin {
                        at: millis(change.timestamp()),
                        actor: change.actor_id().clone(),
                        n: change.seq(),
                    };
                    let text = text.to_string();
                    found.push((key.to_string(), Past { text, origin }));
                }
            }
        }
        found.sort_by(|(_, a), (_, b)| a.origin.cmp(&b.origin));
        found
    }

    /// All bytes that a key of the root with this beginning ever had, whoever wrote them.
    pub fn bytes_below(&mut self, prefix: &str) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        for change in self.doc.get_changes(&[]) {
            for op in change.decode().operations {
                if let (legacy::ObjectId::Root, legacy::Key::Map(key)) = (&op.obj, &op.key)
                    && let legacy::OpType::Put(ScalarValue::Bytes(bytes)) = op.action
                    && key.starts_with(prefix)
                {
                    found.push((key.to_string(), bytes));
                }
            }
        }
        found
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

    /// As [`Self::held`], of maps that people made apart from each other in one place: what was
    /// written by somebody who had another map's value before their eyes replaces that.
    pub fn held_in(&self, maps: &[ObjId], key: &str) -> Vec<Held> {
        let all: Vec<Held> = maps.iter().flat_map(|map| self.held(map, key)).collect();
        let stands = |held: &&Held| all.iter().all(|other| !self.replaces(other, held));
        let mut values: Vec<Held> = Vec::new();
        for held in all.iter().filter(stands) {
            if values.iter().all(|known| known.text != held.text) {
                values.push(held.clone());
            }
        }
        values
    }

    fn replaces(&self, later: &Held, earlier: &Held) -> bool {
        later.origin != earlier.origin && self.knew(&later.origin, &earlier.origin)
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
        let at = spans.partition_point(|span| span.last_op < *op);
        spans.get(at).map(|span| Origin {
            at: span.at,
            actor: actor.clone(),
            n: span.n,
        })
    }
}
