//! Which items are asked, as things stand: each in every repeating group that there is. An item whose
//! question is not asked itself is compared with no answer. Rings were refused when the form was read.

use std::collections::BTreeMap;

use satchel_wire::Millis;

use super::{
    Form, Item, ItemKind,
    answers::{Answers, Slot, Value, key, key_parts},
    form::{Compare, Test, When},
};

/// All items in the order of the form, repeating groups as often as they are there. A repeating group
/// that is not asked is there once.
pub fn slots<'a>(form: &'a Form, answers: &Answers) -> Vec<Slot<'a>> {
    let mut walk = Walk {
        answers,
        items: BTreeMap::new(),
        known: BTreeMap::new(),
        slots: Vec::new(),
    };
    walk.index(&form.items, None);
    for (top, item) in form.items.iter().enumerate() {
        walk.item(item, &[], top, 1, false);
    }
    walk.slots
}

/// The slots that must be answered and are not.
pub fn missing<'a>(slots: &[Slot<'a>], answers: &Answers) -> Vec<Slot<'a>> {
    let missing = slots.iter().filter(|slot| {
        let asked = slot.enabled && slot.item.required && slot.item.is_asked();
        asked && answers.of(&slot.key).is_empty()
    });
    missing.cloned().collect()
}

struct Walk<'a, 'b> {
    answers: &'b Answers,
    /// Each item and what it stands in, by linkId.
    items: BTreeMap<&'a str, (&'a Item, Option<&'a Item>)>,
    known: BTreeMap<String, bool>,
    slots: Vec<Slot<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn index(&mut self, items: &'a [Item], parent: Option<&'a Item>) {
        for item in items {
            self.items.insert(&item.link, (item, parent));
            self.index(&item.items, Some(item));
        }
    }

    fn item(&mut self, item: &'a Item, path: &[String], top: usize, depth: usize, inside: bool) {
        let paths: Vec<Vec<String>> = if item.kind == ItemKind::Group && item.repeats {
            let instances = self.answers.instances(item, path);
            let each = instances.into_iter().map(|one| [path, &[one]].concat());
            each.collect()
        } else {
            vec![path.to_vec()]
        };
        for path in paths {
            let enabled = self.enabled(item, &path);
            self.slots.push(Slot {
                item,
                key: key(&item.link, &path),
                enabled,
                path: path.clone(),
                depth,
                top,
                in_question: inside,
            });
            let inside = inside || item.kind != ItemKind::Group;
            for below in &item.items {
                self.item(below, &path, top, depth + 1, inside);
            }
        }
    }

    fn enabled(&mut self, item: &'a Item, path: &[String]) -> bool {
        let key = key(&item.link, path);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let parent = self
            .items
            .get(item.link.as_str())
            .and_then(|(_, parent)| *parent);
        let within = parent.is_none_or(|parent| {
            let path = path.get(..parent.repeating.len()).unwrap_or_default();
            self.enabled(parent, path)
        });
        let enabled = within && {
            let mut tests = item.when.iter();
            if item.when.is_empty() {
                true
            } else if item.when_any {
                tests.any(|when| self.holds(when, item, path))
            } else {
                tests.all(|when| self.holds(when, item, path))
            }
        };
        self.known.insert(key, enabled);
        enabled
    }

    fn holds(&mut self, when: &When, item: &Item, path: &[String]) -> bool {
        let Some((question, _)) = self.items.get(when.question.as_str()).copied() else {
            return false;
        };
        // The question in the same repeating groups as the item, as far as both stand in them.
        let pairs = question.repeating.iter().zip(&item.repeating);
        let shared = pairs.take_while(|(a, b)| a == b).count();
        let shared_path = path.get(..shared).unwrap_or_default();
        let keys: Vec<(String, Vec<String>)> = if shared == question.repeating.len() {
            vec![(key(&question.link, shared_path), shared_path.to_vec())]
        } else {
            let all = self
                .answers
                .keys()
                .map(|key| (key.to_owned(), key_parts(key)));
            let near =
                all.filter(|(_, (link, at))| *link == question.link && at.starts_with(shared_path));
            near.map(|(key, (_, at))| (key, at)).collect()
        };
        let answers = self.answers;
        let mut given: Vec<&Value> = Vec::new();
        for (key, at) in keys {
            if self.enabled(question, &at) {
                given.extend(answers.of(&key));
            }
        }
        match &when.test {
            Test::Exists(there) => given.is_empty() != *there,
            Test::Compares(how, value) => given.into_iter().any(|one| compares(*how, one, value)),
        }
    }
}

fn compares(how: Compare, given: &Value, value: &Value) -> bool {
    let order = match (given.number(), value.number()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => match (given, value) {
            (Value::Date(a), Value::Date(b)) | (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
            (Value::DateTime(a), Value::DateTime(b)) => match (moment(a), moment(b)) {
                (Some(a), Some(b)) => Some(a.cmp(&b)),
                _ => Some(a.cmp(b)),
            },
            _ => None,
        },
    };
    match how {
        Compare::Equal => given.equals(value),
        Compare::NotEqual => !given.equals(value),
        Compare::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        Compare::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        Compare::GreaterOrEqual => order.is_some_and(std::cmp::Ordering::is_ge),
        Compare::LessOrEqual => order.is_some_and(std::cmp::Ordering::is_le),
    }
}

fn moment(text: &str) -> Option<Millis> {
    let at: jiff::Timestamp = text.parse().ok()?;
    u64::try_from(at.as_millisecond()).ok().map(Millis)
}
