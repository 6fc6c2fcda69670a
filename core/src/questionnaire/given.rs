//! What a person gives as an answer, checked against the item. Owns what an item takes; an answer
//! that does not fit never becomes a value.

use serde::{Deserialize, Serialize};

use super::{
    Decimal, Form, Item, ItemKind,
    answers::{Coding, Quantity, Value, is_key, key_parts},
};

/// The longest text of an answer, in bytes of UTF-8.
pub const TEXT_LEN_MAX: usize = 16 * 1024;
/// The most answers to one item.
const GIVEN_MAX: usize = 100;

/// What a person gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Given {
    /// An option of the item's list.
    Option {
        /// Its place, from 0.
        n: u32,
    },
    /// What was typed: `true` or `false`, a number, `2026-11-25`, `13:30`, `2026-11-25T13:30:00Z`, or
    /// words.
    Text {
        /// The text.
        text: String,
    },
    /// A number with a unit.
    Quantity {
        /// The number.
        text: String,
        /// Place of the unit among the item's, from 0.
        unit: u32,
    },
}

/// Why an answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The form has no such item, or it is not for people to answer.
    #[error("there is no such question")]
    NoItem,
    /// It is not what the item takes: what that is, in the notation of the schema reference.
    #[error("takes {0}")]
    Takes(String),
    /// Longer than so many bytes.
    #[error("longer than {0} bytes")]
    TooLong(usize),
}

impl Form {
    /// The values that a person's answer to the item of this key makes; none takes it away.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn check(&self, key: &str, given: &[Given]) -> Result<Vec<Value>, Refused> {
        let (link, path) = key_parts(key);
        let item = self.item(&link).ok_or(Refused::NoItem)?;
        if !item.is_asked() || !is_key(item, &path) || super::key(&link, &path) != key {
            return Err(Refused::NoItem);
        }
        if given.len() > if item.repeats { GIVEN_MAX } else { 1 } {
            return Err(takes("one answer"));
        }
        let mut values: Vec<Value> = Vec::new();
        for one in given {
            let value = item.value(one)?;
            if !values.iter().any(|known| known.equals(&value)) {
                values.push(value);
            }
        }
        // In the order of the list, so that the same choice is the same text.
        values.sort_by_key(|value| item.option(value).map_or(usize::MAX, |(n, _)| n));
        Ok(values)
    }
}

fn takes(what: impl Into<String>) -> Refused {
    Refused::Takes(what.into())
}

impl Item {
    fn value(&self, given: &Given) -> Result<Value, Refused> {
        match given {
            Given::Option { n } => {
                let option = usize::try_from(*n).ok().and_then(|n| self.options.get(n));
                let option = option.ok_or_else(|| takes("an option of the list"))?;
                Ok(option.value.clone())
            }
            Given::Text { text } if text.len() > TEXT_LEN_MAX => {
                Err(Refused::TooLong(TEXT_LEN_MAX))
            }
            Given::Text { text } => self.typed(text.trim()),
            Given::Quantity { text, unit } if self.kind == ItemKind::Quantity => {
                let n = usize::try_from(*unit).ok();
                let unit = n.and_then(|n| self.units.get(n));
                let unit = unit.ok_or_else(|| takes("a unit of the list"))?;
                Ok(Value::Quantity(Quantity {
                    value: self.number(text.trim())?,
                    unit: unit.display.clone(),
                    system: unit.system.clone(),
                    code: unit.code.clone(),
                }))
            }
            Given::Quantity { .. } => Err(takes("no unit")),
        }
    }

    fn typed(&self, text: &str) -> Result<Value, Refused> {
        if text.is_empty() {
            return Err(takes("an answer"));
        }
        match &self.kind {
            ItemKind::Boolean => match text {
                "true" => Ok(Value::Boolean(true)),
                "false" => Ok(Value::Boolean(false)),
                _ => Err(takes("true, false")),
            },
            ItemKind::Integer => {
                let whole: i32 = text.parse().map_err(|_| takes("a whole number"))?;
                self.check_bounds(Some(Decimal::from(whole)), text)?;
                Ok(Value::Integer(whole))
            }
            ItemKind::Decimal => Ok(Value::Decimal(self.number(text)?)),
            ItemKind::Quantity => Ok(Value::Quantity(Quantity {
                value: self.number(text)?,
                unit: String::new(),
                system: String::new(),
                code: String::new(),
            })),
            ItemKind::Date => {
                is_date(text)
                    .then_some(())
                    .ok_or_else(|| takes("YYYY-MM-DD"))?;
                self.check_bounds(None, text)?;
                Ok(Value::Date(text.into()))
            }
            ItemKind::DateTime => {
                let fits = is_date(text) || text.parse::<jiff::Timestamp>().is_ok();
                fits.then_some(())
                    .ok_or_else(|| takes("YYYY-MM-DDThh:mm:ssZ"))?;
                self.check_bounds(None, text)?;
                Ok(Value::DateTime(text.into()))
            }
            ItemKind::Time => {
                let time: jiff::civil::Time = text.parse().map_err(|_| takes("hh:mm"))?;
                let text = time.strftime("%H:%M:%S").to_string();
                self.check_bounds(None, &text)?;
                Ok(Value::Time(text))
            }
            ItemKind::Choice if !self.lacks_list() => Err(takes("an option of the list")),
            ItemKind::Choice
            | ItemKind::OpenChoice
            | ItemKind::String
            | ItemKind::Text
            | ItemKind::Url => {
                self.check_length(text)?;
                Ok(match self.kind {
                    ItemKind::Choice => Value::Coding(Coding {
                        display: text.into(),
                        ..Coding::default()
                    }),
                    ItemKind::Url => Value::Uri(text.into()),
                    _ => Value::String(text.into()),
                })
            }
            ItemKind::Group | ItemKind::Display | ItemKind::Unsupported(_) => Err(Refused::NoItem),
        }
    }

    fn check_length(&self, text: &str) -> Result<(), Refused> {
        let len = text.chars().count();
        if let Some(max) = self.length_max.filter(|max| len > *max) {
            return Err(takes(format!("at most {max} characters")));
        }
        match self.length_min.filter(|min| len < *min) {
            Some(min) => Err(takes(format!("at least {min} characters"))),
            None => Ok(()),
        }
    }

    fn number(&self, text: &str) -> Result<serde_json::Number, Refused> {
        let number: Decimal = text.parse().map_err(|_| takes("a number"))?;
        if let Some(max) = self.places_max.filter(|max| number.places() > *max) {
            return Err(takes(format!("at most {max} decimal places")));
        }
        self.check_bounds(Some(number), text)?;
        serde_json::from_str(&number.to_string()).map_err(|_| takes("a number"))
    }

    /// Numbers by their size, dates and times by their text.
    fn check_bounds(&self, number: Option<Decimal>, text: &str) -> Result<(), Refused> {
        let below = |limit: &str| match (number, limit.parse::<Decimal>()) {
            (Some(number), Ok(limit)) => number < limit,
            (Some(_), Err(_)) => false,
            (None, _) => text < limit,
        };
        let above = |limit: &str| match (number, limit.parse::<Decimal>()) {
            (Some(number), Ok(limit)) => number > limit,
            (Some(_), Err(_)) => false,
            (None, _) => text > limit && !text.starts_with(limit),
        };
        if let Some(min) = self.min.as_ref().filter(|min| below(min)) {
            return Err(takes(format!("{min} or more")));
        }
        match self.max.as_ref().filter(|max| above(max)) {
            Some(max) => Err(takes(format!("{max} or less"))),
            None => Ok(()),
        }
    }
}

/// A day, a month or a year.
fn is_date(text: &str) -> bool {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return false,
    };
    whole.parse::<jiff::civil::Date>().is_ok()
}
