//! The policy document: every number that the agency works by, in dated versions. A rule holds from a
//! day until a later version of it does; what was due under an older one stays as it was, because the
//! version is chosen by the date from which a deadline counts. Pure: same document and dates, same
//! deadline, with the steps that led to it.

use std::{collections::BTreeMap, sync::OnceLock};

use jiff::{Span, civil::Date, tz::TimeZone};
use satchel_wire::Millis;

use super::{
    holidays::{self, Closed, Holidays},
    term::{Counts, CountsFrom, Term, shipped},
};

pub use super::term::Shipped as Rule;

/// The key of the list of holidays.
pub const HOLIDAYS: &str = "holidays";
/// The key of the agency's time zone.
pub const ZONE: &str = "zone";

/// Time zones of the United States, by code: POSIX rules, so that a tablet needs no table of its own.
pub const ZONES: [(&str, &str); 8] = [
    ("atlantic", "AST4"),
    ("eastern", "EST5EDT,M3.2.0,M11.1.0"),
    ("central", "CST6CDT,M3.2.0,M11.1.0"),
    ("mountain", "MST7MDT,M3.2.0,M11.1.0"),
    ("arizona", "MST7"),
    ("pacific", "PST8PDT,M3.2.0,M11.1.0"),
    ("alaska", "AKST9AKDT,M3.2.0,M11.1.0"),
    ("hawaii", "HST10"),
];
/// What holds until the agency has said where it is.
pub const ZONE_DEFAULT: &str = "eastern";

/// All rules that come with the app, in the order in which they are shown.
pub fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(shipped)
}

/// The rule with this key.
pub fn rule(key: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.key == key)
}

/// Where a version stands in the directory: key and the day from which it holds.
pub fn place(key: &str, since: Date) -> String {
    format!("{key}@{since}")
}

/// And back.
pub fn split(place: &str) -> Option<(&str, Date)> {
    let (key, since) = place.split_once('@')?;
    Some((key, since.parse().ok()?))
}

/// The policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    terms: BTreeMap<String, BTreeMap<Date, Term>>,
    holidays: BTreeMap<Date, Holidays>,
    zone: String,
}

/// A deadline and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The day.
    pub date: Date,
    /// The rule.
    pub key: String,
    /// From when on the version of it that was used holds; none for the one that comes with the app.
    pub since: Option<Date>,
    /// That version.
    pub term: Term,
    /// The date that was given.
    pub start: Date,
    /// From where it was counted: later than `start` by the days for the mail.
    pub counted_from: Date,
    /// The last day before it moved to a business day.
    pub reached: Date,
    /// Why that day, and those after it, were none.
    pub closed: Vec<(Date, Closed)>,
}

impl Default for Document {
    fn default() -> Self {
        Self::new([])
    }
}

impl Document {
    /// From what stands, by place in the directory. What this app does not know, or cannot read, is
    /// left out; a number is brought within our bounds.
    pub fn new<'a>(standing: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut document = Self {
            terms: BTreeMap::new(),
            holidays: BTreeMap::new(),
            zone: ZONE_DEFAULT.into(),
        };
        for (place, text) in standing {
            if place == ZONE && ZONES.iter().any(|(code, _)| *code == text) {
                document.zone = text.into();
            }
            let Some((key, since)) = split(place).filter(|_| !text.is_empty()) else {
                continue;
            };
            if key == HOLIDAYS {
                if let Some(list) = HolidayList::from_text(text)
                    && let Ok(read) = Holidays::read(&list.lines)
                {
                    document.holidays.insert(since, read);
                }
            } else if let (Some(rule), Some(mut term)) = (rule(key), Term::from_text(text)) {
                term.count = term.count.clamp(rule.min, rule.max);
                if let Ok(term) = rule.check(&term) {
                    let versions = document.terms.entry(key.to_owned()).or_default();
                    versions.insert(since, term);
                }
            }
        }
        document
    }

    /// The version of a rule that holds on a day, and since when; none for a rule that there is not.
    pub fn at(&self, key: &str, day: Date) -> Option<(Option<Date>, &Term)> {
        let versions = self.terms.get(key);
        let last = versions.and_then(|all| all.range(..=day).next_back());
        match last {
            Some((since, term)) => Some((Some(*since), term)),
            None => rule(key).map(|rule| (None, &rule.term)),
        }
    }

    /// The number of a rule that holds on a day.
    pub fn number(&self, key: &str, day: Date) -> Option<u32> {
        self.at(key, day).map(|(_, term)| term.count)
    }

    /// The agency's time zone, by code.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    fn time_zone(&self) -> TimeZone {
        let found = ZONES.iter().find(|(code, _)| *code == self.zone);
        let rules = found.map_or("UTC0", |(_, rules)| rules);
        TimeZone::posix(rules).unwrap_or(TimeZone::UTC)
    }

    /// The day on which a moment falls where the agency is.
    ///
    /// ```
    /// use satchel_core::policy::document::Document;
    /// use satchel_wire::Millis;
    ///
    /// // 03:30 in Greenwich on 1 March is the evening before in New York.
    /// let day = Document::default().day_of(Millis(1_772_335_800_000));
    /// assert_eq!(day.unwrap().to_string(), "2026-02-28");
    /// ```
    pub fn day_of(&self, at: Millis) -> Option<Date> {
        let at = jiff::Timestamp::from_millisecond(at.0.try_into().ok()?).ok()?;
        Some(self.time_zone().to_datetime(at).date())
    }

    /// Until when something has to be done by a rule that counts hours, of which so many pass.
    pub fn due_at(&self, key: &str, from: Millis) -> Option<Millis> {
        /// Milliseconds in an hour.
        const HOUR_MS: u64 = 60 * 60 * 1000;
        let (_, term) = self.at(key, self.day_of(from)?)?;
        (term.counts == Counts::Hours)
            .then(|| from.plus(u64::from(term.count).saturating_mul(HOUR_MS)))
    }

    /// Why no business is done on a day, by the list of holidays that holds then.
    pub fn closed(&self, day: Date) -> Option<Closed> {
        match self.holidays.range(..=day).next_back() {
            Some((_, list)) => list.closed(day),
            None => shipped_holidays().closed(day),
        }
    }

    /// The day on which something is due by a rule that counts days, from `start`. The day from which
    /// it counts is not counted itself.
    ///
    /// ```
    /// use satchel_core::policy::document::Document;
    ///
    /// // Five days for the mail and 60 end on Labor Day: the day after counts.
    /// let rules = Document::default();
    /// let due = rules.due("appeal.ssa.1.file", "2026-07-04".parse().unwrap());
    /// assert_eq!(due.unwrap().date.to_string(), "2026-09-08");
    /// ```
    pub fn due(&self, key: &str, start: Date) -> Option<Deadline> {
        let (since, term) = self.at(key, start)?;
        let counted_from = if term.from == CountsFrom::Receipt {
            start
                .checked_add(Span::new().try_days(term.mail_days).ok()?)
                .ok()?
        } else {
            start
        };
        let reached = self.count(term, counted_from)?;
        let mut date = reached;
        let mut closed = Vec::new();
        while term.rolls
            && let Some(why) = self.closed(date)
        {
            closed.push((date, why));
            date = date.tomorrow().ok()?;
        }
        Some(Deadline {
            date,
            key: key.into(),
            since,
            term: term.clone(),
            start,
            counted_from,
            reached,
            closed,
        })
    }

    fn count(&self, term: &Term, from: Date) -> Option<Date> {
        let back = term.from == CountsFrom::BeforeRelease;
        let count = i64::from(term.count) * if back { -1 } else { 1 };
        let span = Span::new();
        match term.counts {
            Counts::Days => from.checked_add(span.try_days(count).ok()?).ok(),
            Counts::Months => from.checked_add(span.try_months(count).ok()?).ok(),
            Counts::MonthEnds => {
                let months = span.try_months(count).ok()?;
                let month = from.first_of_month().checked_add(months).ok()?;
                Some(month.last_of_month())
            }
            Counts::BusinessDays => {
                let mut left = term.count;
                let mut day = from;
                while left > 0 {
                    day = if back {
                        day.yesterday()
                    } else {
                        day.tomorrow()
                    }
                    .ok()?;
                    left -= u32::from(self.closed(day).is_none());
                }
                Some(day)
            }
            Counts::Hours | Counts::Times | Counts::Percent | Counts::Points => None,
        }
    }
}

/// An agency's list of holidays, as it stands in the directory.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HolidayList {
    /// One holiday a line, see [`holidays`].
    pub lines: String,
    /// Who says so.
    pub source: String,
}

impl HolidayList {
    /// Its form in the directory.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From there; none when this app cannot read it.
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

fn shipped_holidays() -> &'static Holidays {
    static LIST: OnceLock<Holidays> = OnceLock::new();
    LIST.get_or_init(|| Holidays::read(holidays::SHIPPED).unwrap_or_default())
}

#[cfg(test)]
mod tests;
