//! What a document says, part by part, read once and kept. Owns the invariant that a part is as the
//! document has it: what a change touches is read anew with it. To look at a case therefore costs what
//! has changed in it, however long its history.
//!
//! A part is a map under a key of the root, or the fields that stand in the root's map itself: its key
//! is then empty.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ObjId, ObjType, Prop, ReadDoc as _, ScalarValue, ValueRef, legacy};

use super::{Doc, Held, Origin};

/// A key of the root, and a key in the map there; the latter empty for the map's own fields.
pub type Place = (String, String);

pub(super) type Parts = BTreeMap<String, BTreeMap<String, Part>>;

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its maps, several where people made it apart from each other; everybody writes into the first.
    pub maps: Vec<ObjId>,
    /// By key, the text that stands, then those written apart from it; none where a newer app holds
    /// something else than text.
    pub fields: BTreeMap<String, Vec<Held>>,
    /// Who began it and when.
    pub origin: Option<Origin>,
}

impl Part {
    /// All texts of a field, the standing one first.
    pub fn held(&self, key: &str) -> &[Held] {
        self.fields.get(key).map_or(&[], Vec::as_slice)
    }

    /// The text that stands.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.held(key).first().map(|held| held.text.as_str())
    }
}

impl Doc {
    /// One part under a key of the root; an empty key names none.
    pub fn part(&self, root: &str, key: &str) -> Option<&Part> {
        let part = self.parts.get(root)?.get(key);
        part.filter(|_| !key.is_empty())
    }

    /// The fields that stand in the root's map itself.
    pub fn fields_of(&self, root: &str) -> Option<&Part> {
        self.parts.get(root)?.get("")
    }

    /// All parts under a key of the root, by their keys.
    pub fn parts(&self, root: &str) -> impl Iterator<Item = (&str, &Part)> {
        let parts = self.parts.get(root).into_iter().flatten();
        parts
            .filter(|(key, _)| !key.is_empty())
            .map(|(key, part)| (key.as_str(), part))
    }

    /// The parts that were written since this was last asked.
    pub fn take_touched(&mut self) -> BTreeSet<Place> {
        std::mem::take(&mut self.touched)
    }

    pub(super) fn read_all(&mut self) {
        for root in self.keys(&ObjId::Root) {
            self.read_root(&root);
        }
    }

    /// Reads all parts under a key of the root.
    fn read_root(&mut self, root: &str) {
        self.parts.remove(root);
        let maps = self.maps(root);
        let mut found: BTreeMap<String, Vec<ObjId>> = BTreeMap::new();
        for item in maps.iter().flat_map(|map| self.doc.map_range(map, ..)) {
            let key = item.key.to_string();
            let children = if maps.len() > 1 || item.conflict {
                self.children_of(&maps, &key)
            } else if matches!(item.value, ValueRef::Object(ObjType::Map)) {
                vec![item.id()]
            } else {
                continue;
            };
            found.insert(key, children);
        }
        for (key, children) in found {
            self.read_part(root, key, children);
        }
        self.read_part(root, String::new(), maps);
    }

    fn children_of(&self, maps: &[ObjId], key: &str) -> Vec<ObjId> {
        let children = maps.iter().map(|map| self.children(map, key));
        children.flatten().collect()
    }

    fn read_part(&mut self, root: &str, key: String, maps: Vec<ObjId>) {
        if maps.is_empty() {
            if let Some(parts) = self.parts.get_mut(root) {
                parts.remove(&key);
            }
            return;
        }
        let part = Part {
            fields: self.fields(&maps),
            origin: maps.iter().filter_map(|map| self.origin(map)).min(),
            maps,
        };
        let parts = self.parts.entry(root.to_owned()).or_default();
        parts.insert(key, part);
    }

    fn fields(&self, maps: &[ObjId]) -> BTreeMap<String, Vec<Held>> {
        let mut fields: BTreeMap<String, Vec<Held>> = BTreeMap::new();
        for map in maps {
            for item in self.doc.map_range(map, ..) {
                let held = match &item.value {
                    _ if item.conflict => self.held(map, &item.key),
                    ValueRef::Object(_) => Vec::new(),
                    ValueRef::Scalar(value) => self.single(&item.id(), &value.clone().into()),
                };
                if held.is_empty() && matches!(item.value, ValueRef::Object(_)) {
                    continue;
                }
                let known = fields.entry(item.key.into_owned()).or_default();
                known.extend(held);
            }
        }
        if maps.len() > 1 {
            for (key, held) in &mut fields {
                *held = self.held_in(maps, key);
            }
        }
        fields
    }

    fn single(&self, id: &ObjId, value: &ScalarValue) -> Vec<Held> {
        let (ScalarValue::Str(text), Some(origin)) = (value, self.origin(id)) else {
            return Vec::new();
        };
        vec![Held {
            id: id.to_string(),
            text: text.to_string(),
            origin,
        }]
    }

    /// Reads what a change's operations have written.
    pub(super) fn read_anew(&mut self, operations: &[legacy::Op]) {
        let places = operations.iter().filter_map(|op| self.places_of(op));
        let places: BTreeSet<Place> = places.flatten().collect();
        for (root, key) in places {
            if self.parts.contains_key(&root) && operations.iter().all(|op| !begins(op, &root)) {
                let mut maps = self.maps(&root);
                if !key.is_empty() {
                    maps = self.children_of(&maps, &key);
                }
                self.read_part(&root, key.clone(), maps);
                self.touched.insert((root, key));
            } else {
                self.read_root(&root);
                let keys = self.parts.get(&root).into_iter().flat_map(BTreeMap::keys);
                self.touched
                    .extend(keys.map(|key| (root.clone(), key.clone())));
            }
        }
    }

    /// The parts that an operation writes.
    fn places_of(&self, op: &legacy::Op) -> Option<Vec<Place>> {
        let legacy::Key::Map(key) = &op.key else {
            return None;
        };
        let legacy::ObjectId::Id(legacy::OpId(n, actor)) = &op.obj else {
            return Some(vec![(key.to_string(), String::new())]);
        };
        let mut above = Vec::new();
        for parent in self.doc.parents(ObjId::Id(*n, actor.clone(), 0)).ok()? {
            if let Prop::Map(key) = parent.prop {
                above.push(key);
            }
        }
        let root = above.pop()?;
        if let Some(part) = above.pop() {
            return Some(vec![(root, part)]);
        }
        // What a key of the root's map holds may have been a field, a part, or both.
        let part = (root.clone(), key.to_string());
        let own = self.fields_of(&root);
        let makes = matches!(op.action, legacy::OpType::Make(ObjType::Map));
        if makes && own.is_some_and(|own| !own.fields.contains_key(key.as_str())) {
            Some(vec![part])
        } else if !makes && self.part(&root, key).is_none() {
            Some(vec![(root, String::new())])
        } else {
            Some(vec![part, (root, String::new())])
        }
    }
}

/// Whether an operation writes `root` itself.
fn begins(op: &legacy::Op, root: &str) -> bool {
    let here = matches!(&op.key, legacy::Key::Map(key) if key == root);
    op.obj == legacy::ObjectId::Root && here
}

#[cfg(test)]
mod tests {
    use automerge::{ActorId, AutoCommit, AutomergeError, transaction::Transactable as _};
    use satchel_wire::Millis;

    use super::*;
    use crate::rng::Seeded;

    /// Something that somebody, or some version of the app, might write.
    fn write(doc: &mut AutoCommit, rng: &mut Seeded) -> Result<(), AutomergeError> {
        let any = |of: &[&'static str], rng: &mut Seeded| of[rng.below(of.len() as u64) as usize];
        let child =
            |doc: &mut AutoCommit, of: &ObjId, key: &str, anew: bool| match doc.get(of, key)? {
                Some((value, map)) if value.is_object() && !anew => Ok(map),
                _ => doc.put_object(of, key, ObjType::Map),
            };
        let root = any(&["person", "notes", "records"], rng);
        let anew = rng.below(30) == 0;
        let root = child(doc, &ObjId::Root, root, anew)?;
        let (part, key) = (any(&["x", "y", "z"], rng), any(&["text", "state"], rng));
        let text = rng.below(3).to_string();
        match rng.below(12) {
            0 | 1 => doc.put(&root, part, text),
            2 => doc.delete(&root, part).or(Ok(())),
            3 => doc.put(ObjId::Root, "schema", text),
            of => {
                let anew = rng.below(12) == 0;
                let map = child(doc, &root, part, anew)?;
                match of {
                    4 => doc.put(&map, key, 7),
                    5 => child(doc, &map, key, true).map(drop),
                    6 => doc.delete(&map, key).or(Ok(())),
                    _ => doc.put(&map, key, text),
                }
            }
        }
    }

    #[test]
    fn what_is_kept_is_what_a_fresh_reading_finds() {
        for seed in 0..60 {
            let mut rng = Seeded::new(seed);
            let actors = [1, 2, 3].map(|n| ActorId::from(vec![n; 32]));
            let mut docs = actors.clone().map(Doc::new);
            let mut known = [0; 3];
            // In the order in which they were made: whatever a change builds on stands before it.
            let mut log: Vec<(usize, u64, Vec<u8>)> = Vec::new();
            let mut written = [0; 3];
            for step in 0..60 {
                let at = rng.below(3) as usize;
                let doc = &mut docs[at];
                let up_to = known[at] + rng.below((log.len() - known[at]) as u64 + 1) as usize;
                for (author, n, bytes) in &log[known[at]..up_to] {
                    if *author != at {
                        doc.apply(
                            vec![serde_bytes::ByteBuf::from(bytes.clone())],
                            &actors[*author],
                            *n,
                        )
                        .unwrap();
                    }
                }
                known[at] = up_to;
                let made = doc.edit(Millis(step), |doc| write(doc, &mut rng)).unwrap();
                if let Some(bytes) = made {
                    written[at] += 1;
                    log.push((at, written[at], bytes));
                }
                let fresh = Doc::load(&doc.save(), actors[at].clone()).unwrap();
                assert_eq!(doc.parts, fresh.parts, "seed {seed}, step {step}");
            }
        }
    }

    #[test]
    fn tells_what_was_written() {
        let mut doc = Doc::new(ActorId::from(vec![1; 32]));
        let mut notes = ObjId::Root;
        doc.edit(Millis(1), |doc| {
            notes = doc.put_object(ObjId::Root, "notes", ObjType::Map)?;
            let note = doc.put_object(&notes, "n", ObjType::Map)?;
            doc.put(note, "text", "came")
        })
        .unwrap();
        let place = |key: &str| ("notes".to_owned(), key.to_owned());
        assert_eq!(doc.take_touched(), [place(""), place("n")].into());
        let map = doc.part("notes", "n").unwrap().maps[0].clone();
        doc.edit(Millis(2), |doc| doc.put(map, "text", "left"))
            .unwrap();
        assert_eq!(doc.take_touched(), [place("n")].into());
        assert_eq!(doc.part("notes", "n").unwrap().text("text"), Some("left"));
        assert!(doc.take_touched().is_empty());
    }
}
