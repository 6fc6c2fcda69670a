//! The agency's rules. Here those for its tablets: a table of what there is to set, and what an agency
//! has set; the rules for its work, in dated versions, are the [`document`]. Owns the bounds: whatever
//! another app wrote, a rule in force is within them. Refuses to know who wrote a rule, see
//! [`crate::directory::policy`], and what follows from it.

use std::collections::BTreeMap;

pub mod document;
pub mod holidays;
pub mod term;

/// What a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes.
    Minutes,
    /// Days of 24 hours.
    Days,
}

impl Unit {
    /// Its code.
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Minutes => "minutes",
            Unit::Days => "days",
        }
    }
}

/// A rule that an agency may set.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its key, for ever: it stands in the agency's directory.
    pub key: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// What holds while the agency has set nothing; [`OFF`] where the rule then does nothing.
    pub default: u32,
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// Whether it may be [`OFF`] too.
    pub may_be_off: bool,
    /// Which law or standard asks for it or bounds it; empty where it is the agency's to choose.
    pub source: &'static str,
}

/// A rule that does nothing.
pub const OFF: u32 = 0;

/// Minutes without anybody at a tablet until it locks.
pub const AUTO_LOCK: Rule = Rule {
    key: "auto_lock_minutes",
    unit: Unit::Minutes,
    default: 5,
    min: 2,
    max: 30,
    may_be_off: false,
    source: "45 CFR 164.312(a)(2)(iii); CJIS Security Policy, AC-11",
};

/// Days without contact to the relay after which a tablet does not open until it has been in touch.
pub const OUT_OF_TOUCH: Rule = Rule {
    key: "out_of_touch_days",
    unit: Unit::Days,
    default: OFF,
    min: 1,
    max: 90,
    may_be_off: true,
    source: "",
};

/// All rules, in the order in which they are shown.
pub const RULES: [Rule; 2] = [AUTO_LOCK, OUT_OF_TOUCH];

impl Rule {
    /// The rule of this key.
    pub fn of(key: &str) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.key == key)
    }

    /// A value that a person sets.
    ///
    /// # Errors
    /// What it takes, as `2 to 30`, when the text is no whole number within the bounds.
    pub fn check(&self, text: &str) -> Result<u32, String> {
        let fits = |value: &u32| {
            (self.min..=self.max).contains(value) || (self.may_be_off && *value == OFF)
        };
        let value = text.trim().parse::<u32>().ok().filter(fits);
        value.ok_or_else(|| {
            let least = if self.may_be_off { OFF } else { self.min };
            format!("{least} to {}", self.max)
        })
    }

    /// A value as it was written, perhaps by an app with other bounds: brought within ours; `None`
    /// when it is no number.
    pub fn read(&self, text: &str) -> Option<u32> {
        let value = text.parse::<u32>().ok()?;
        if self.may_be_off && value == OFF {
            return Some(OFF);
        }
        Some(value.clamp(self.min, self.max))
    }
}

/// The rules in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    by_key: BTreeMap<&'static str, u32>,
}

impl Policy {
    /// From what stands, by key. What this app does not know, or cannot read, is left out.
    pub fn new<'a>(standing: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let known = |(key, text)| {
            let rule = Rule::of(key)?;
            Some((rule.key, rule.read(text)?))
        };
        Self {
            by_key: standing.into_iter().filter_map(known).collect(),
        }
    }

    /// What holds.
    ///
    /// ```
    /// use satchel_core::policy::{AUTO_LOCK, Policy};
    ///
    /// assert_eq!(Policy::default().value(&AUTO_LOCK), 5);
    /// let policy = Policy::new([("auto_lock_minutes", "10")]);
    /// assert_eq!(policy.value(&AUTO_LOCK), 10);
    /// ```
    pub fn value(&self, rule: &Rule) -> u32 {
        self.by_key.get(rule.key).copied().unwrap_or(rule.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_sound() {
        for rule in &RULES {
            let fits = rule.check(&rule.default.to_string());
            assert_eq!(fits, Ok(rule.default), "{}", rule.key);
            assert!(rule.min < rule.max && rule.min > OFF, "{}", rule.key);
            let same = RULES.iter().filter(|other| other.key == rule.key);
            assert_eq!(same.count(), 1, "{}", rule.key);
        }
    }

    #[test]
    fn what_is_set_is_within_the_bounds() {
        let check = |rule: &Rule, text: &str, expected: Option<u32>| {
            assert_eq!(rule.check(text).ok(), expected, "{} {text:?}", rule.key);
        };
        check(&AUTO_LOCK, " 30 ", Some(30));
        check(&OUT_OF_TOUCH, "0", Some(OFF));
        check(&OUT_OF_TOUCH, "90", Some(90));
        for text in ["", "0", "1", "31", "-5", "5.5", "five", "99999999999"] {
            check(&AUTO_LOCK, text, None);
        }
        assert_eq!(AUTO_LOCK.check("1"), Err("2 to 30".into()));
        assert_eq!(OUT_OF_TOUCH.check("91"), Err("0 to 90".into()));
    }

    #[test]
    fn what_another_app_wrote_is_brought_within_them() {
        let check = |rule: &Rule, text: &str, expected: u32| {
            let policy = Policy::new([(rule.key, text), ("of_tomorrow", "7")]);
            assert_eq!(policy.value(rule), expected, "{} {text:?}", rule.key);
        };
        check(&AUTO_LOCK, "600", 30);
        check(&AUTO_LOCK, "0", 2);
        check(&AUTO_LOCK, "soon", 5);
        check(&OUT_OF_TOUCH, "0", OFF);
        check(&OUT_OF_TOUCH, "365", 90);
        check(&OUT_OF_TOUCH, "never", OFF);
    }
}
