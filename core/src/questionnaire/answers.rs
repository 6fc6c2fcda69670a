//! Answers by the item's key, and what one answer is: the value[x] of FHIR, so that what is kept of it
//! can be read without the form. A key is the item's linkId and, within repeating groups, which of
//! them: `link@first.second`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Decimal, Item};

/// A code and what it means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// Whose code it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// The code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display: String,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number.
    pub value: serde_json::Number,
    /// The unit in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Whose code it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// The unit's code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// One answer, as FHIR writes it: `{"valueInteger":3}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as FHIR's value[x]")]
pub enum Value {
    #[serde(rename = "valueCoding")]
    Coding(Coding),
    #[serde(rename = "valueBoolean")]
    Boolean(bool),
    #[serde(rename = "valueInteger")]
    Integer(i32),
    #[serde(rename = "valueDecimal")]
    Decimal(serde_json::Number),
    #[serde(rename = "valueDate")]
    Date(String),
    #[serde(rename = "valueDateTime")]
    DateTime(String),
    #[serde(rename = "valueTime")]
    Time(String),
    #[serde(rename = "valueString")]
    String(String),
    #[serde(rename = "valueUri")]
    Uri(String),
    #[serde(rename = "valueQuantity")]
    Quantity(Quantity),
}

impl Value {
    /// As a number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Integer(whole) => Some(Decimal::from(*whole)),
            Self::Decimal(number) => number.as_f64().and_then(Decimal::from_f64),
            Self::Quantity(quantity) => quantity.value.as_f64().and_then(Decimal::from_f64),
            _ => None,
        }
    }

    /// Whether two are one answer: codes by system and code, numbers by their size.
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Coding(a), Self::Coding(b)) if !a.code.is_empty() || !b.code.is_empty() => {
                let open = a.system.is_empty() || b.system.is_empty();
                a.code == b.code && (open || a.system == b.system)
            }
            (Self::Coding(a), Self::Coding(b)) => a.display == b.display,
            (Self::Quantity(a), Self::Quantity(b)) => {
                self.number() == other.number() && a.code == b.code
            }
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a == b,
                _ => self == other,
            },
        }
    }

    /// In words, in the form's own language; `true` and `false` as they are.
    pub fn text(&self) -> String {
        match self {
            Self::Coding(coding) if coding.display.is_empty() => coding.code.clone(),
            Self::Coding(coding) => coding.display.clone(),
            Self::Boolean(yes) => yes.to_string(),
            Self::Integer(whole) => whole.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Date(text)
            | Self::DateTime(text)
            | Self::Time(text)
            | Self::String(text)
            | Self::Uri(text) => text.clone(),
            Self::Quantity(one) if one.unit.is_empty() => {
                format!("{} {}", one.value, one.code).trim_end().to_owned()
            }
            Self::Quantity(one) => format!("{} {}", one.value, one.unit),
        }
    }
}

/// The values of one item, as text: canonical, so that one answer is one text everywhere.
pub fn text_of(values: &[Value]) -> String {
    if values.is_empty() {
        return String::new();
    }
    serde_json::to_string(values).unwrap_or_default()
}

/// Reads it; none where it is not such a text.
pub fn values_of(text: &str) -> Option<Vec<Value>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    serde_json::from_str(text).ok()
}

/// The answers of a form by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    by_key: BTreeMap<String, Vec<Value>>,
}

impl Answers {
    /// Answers an item, or takes its answer away where there are no values.
    pub fn set(&mut self, key: &str, values: Vec<Value>) {
        self.by_key.insert(key.to_owned(), values);
    }

    /// Takes an answer from its kept text; false where that cannot be read.
    pub fn take(&mut self, key: &str, text: &str) -> bool {
        let values = values_of(text);
        let readable = values.is_some();
        self.set(key, values.unwrap_or_default());
        readable
    }

    /// As text, to be kept.
    pub fn text(values: &[Value]) -> String {
        text_of(values)
    }

    /// The answers that a kept text holds, in words; the text itself where it is none.
    pub fn shown(text: &str) -> String {
        values_of(text).map_or_else(
            || text.to_owned(),
            |values| {
                let texts: Vec<String> = values.iter().map(Value::text).collect();
                texts.join(", ")
            },
        )
    }

    /// The answers to an item.
    pub fn of(&self, key: &str) -> &[Value] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// All keys, also those whose answer was taken away.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_key.keys().map(String::as_str)
    }

    /// Which of a repeating group there are within `path`: the first always, then by id.
    pub(super) fn instances(&self, group: &Item, path: &[String]) -> Vec<String> {
        let mut found = std::collections::BTreeSet::from([FIRST.to_owned()]);
        let mut links = vec![group.link.as_str()];
        let mut below: Vec<&Item> = group.items.iter().collect();
        while let Some(item) = below.pop() {
            links.push(&item.link);
            below.extend(&item.items);
        }
        for (key, values) in &self.by_key {
            let (link, at) = key_parts(key);
            if !values.is_empty()
                && links.iter().any(|known| *known == link)
                && at.starts_with(path)
            {
                found.extend(at.get(path.len()).cloned());
            }
        }
        found.into_iter().collect()
    }
}

/// The first of a repeating group, which is always there.
pub(super) const FIRST: &str = "0";

/// The key of an item in the given ones of the repeating groups around it.
pub fn key(link: &str, path: &[String]) -> String {
    let link = link.replace('%', "%25").replace('@', "%40");
    if path.is_empty() {
        link
    } else {
        format!("{link}@{}", path.join("."))
    }
}

/// The linkId and the path of a key.
pub fn key_parts(key: &str) -> (String, Vec<String>) {
    let (link, path) = key.split_once('@').unwrap_or((key, ""));
    let link = link.replace("%40", "@").replace("%25", "%");
    let path = path.split('.').filter(|part| !part.is_empty());
    (link, path.map(str::to_owned).collect())
}

/// Whether a key is one of this item: as many repeating groups, each named by a few letters or digits.
pub fn is_key(item: &Item, path: &[String]) -> bool {
    let fits = |part: &String| part.len() <= 16 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    path.len() == item.repeating.len() && path.iter().all(fits)
}

/// An item in one of the repeating groups that it may stand in.
#[derive(Clone, Debug)]
pub struct Slot<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its key.
    pub key: String,
    /// Which of the repeating groups around it, the outermost first.
    pub path: Vec<String>,
    /// How deep it stands; 1 for items of the first level.
    pub depth: usize,
    /// Place among the items of the first level.
    pub top: usize,
    /// It stands within a question, not within groups alone.
    pub in_question: bool,
    /// It is asked, as things stand.
    pub enabled: bool,
}
