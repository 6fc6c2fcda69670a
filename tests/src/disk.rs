//! A disk in memory: what a `Store` has written survives a crash, nothing else does.

use std::collections::BTreeMap;

use satchel_core::io::{Entry, KeyRange, Op};
use serde_bytes::ByteBuf;

/// Keys and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    values: BTreeMap<String, ByteBuf>,
}

impl Disk {
    /// One transaction.
    pub fn store(&mut self, ops: Vec<Op>) {
        for op in ops {
            match op {
                Op::Put { key, value } => {
                    self.values.insert(key, value);
                }
                Op::Delete { key } => {
                    self.values.remove(&key);
                }
                Op::Clear { range } => {
                    let kept = |key: &String| *key < range.from || *key >= range.to;
                    self.values.retain(|key, _| kept(key));
                }
            }
        }
    }

    /// The union of the ranges, in the order of keys.
    pub fn load(&self, ranges: &[KeyRange]) -> Vec<Entry> {
        let mut found: BTreeMap<&String, &ByteBuf> = BTreeMap::new();
        for KeyRange { from, to } in ranges {
            found.extend(self.values.range(from.clone()..to.clone()));
        }
        found
            .into_iter()
            .map(|(key, value)| Entry {
                key: key.clone(),
                value: value.clone(),
            })
            .collect()
    }

    /// All that is on it, to look for what must not be.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.values
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_slice()))
    }
}
