//! One dated rule of the policy document: a number, what it counts, from what, and the source that
//! says so. Owns the bounds of a rule and its form as text. Refuses to know the days themselves, see
//! [`super::holidays`], and who wrote it.

use serde::{Deserialize, Serialize};

/// What the number of a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Hours that pass, whatever clocks are set to meanwhile.
    Hours,
    /// Calendar days.
    Days,
    /// Days that are neither a Saturday or Sunday nor on the list of holidays.
    BusinessDays,
    /// Calendar months, to the day of the same number; to the last of a month that has none.
    Months,
    /// Until the last day of a calendar month: of the next one, where the number is one.
    MonthEnds,
    /// How often.
    Times,
    /// Of a hundred.
    Percent,
    /// Weight in a caseload.
    Points,
}

/// The date from which a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CountsFrom {
    /// It is no date that follows from another.
    None,
    /// The date on the notice.
    Notice,
    /// The day on which it was mailed.
    Mailing,
    /// The day on which it came; with days for the mail, it counts as come so many days after its date.
    Receipt,
    /// The day on which the appeal was filed.
    Filing,
    /// The last contact.
    Contact,
    /// The day of the plan, or of its last review.
    Plan,
    /// The day of the last assessment.
    Assessment,
    /// Back from the day of release.
    BeforeRelease,
    /// On from the day of release.
    AfterRelease,
}

/// A rule as it holds from some day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Term {
    /// The number.
    pub count: u32,
    /// What it counts.
    pub counts: Counts,
    /// Calendar days that the mail is taken to need, before the counting begins.
    pub mail_days: u32,
    /// From what.
    pub from: CountsFrom,
    /// A last day that is no business day moves to the next one.
    pub rolls: bool,
    /// Which law, contract or standard says so.
    pub source: String,
}

/// The longest source, in bytes of UTF-8.
pub const SOURCE_LEN_MAX: usize = 512;
/// The most days that the mail is taken to need.
pub const MAIL_DAYS_MAX: u32 = 30;

/// What is wrong with a rule that somebody sets: the field, and what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Its name in [`Term`].
    pub field: &'static str,
    /// In words.
    pub expected: String,
}

impl Counts {
    /// Whether a rule that counts this gives a day.
    pub fn gives_a_day(self) -> bool {
        matches!(
            self,
            Self::Days | Self::BusinessDays | Self::Months | Self::MonthEnds
        )
    }
}

impl Term {
    /// Its form in the directory.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From there; none when this app cannot read it.
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// A rule that comes with the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its key, for ever: it stands in the agency's directory.
    pub key: String,
    /// What holds while the agency has set nothing.
    pub term: Term,
    /// The least number.
    pub min: u32,
    /// The most.
    pub max: u32,
}

/// A row of the table, as it stands in the file.
#[derive(Deserialize)]
struct Row {
    key: String,
    count: u32,
    unit: Counts,
    mail_days: u32,
    from: CountsFrom,
    rolls: String,
    min: u32,
    max: u32,
    source: String,
}

/// All rules that come with the app, in the order in which they are shown.
pub(super) fn shipped() -> Vec<Shipped> {
    let file = include_str!("shipped.csv");
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    // The file is part of the app, and a test reads every row of it.
    let rows = reader.deserialize::<Row>().filter_map(Result::ok);
    let shipped = rows.map(|row| Shipped {
        key: row.key,
        term: Term {
            count: row.count,
            counts: row.unit,
            mail_days: row.mail_days,
            from: row.from,
            rolls: row.rolls == "yes",
            source: row.source,
        },
        min: row.min,
        max: row.max,
    });
    shipped.collect()
}

impl Shipped {
    /// A version of it that a person sets. What it counts may change between days, business days and
    /// months where it gives a day; from what it counts may not, since records keep those dates.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn check(&self, term: &Term) -> Result<Term, Unfit> {
        let unfit = |field, expected: String| Err(Unfit { field, expected });
        if !(self.min..=self.max).contains(&term.count) {
            return unfit("count", format!("{} to {}", self.min, self.max));
        }
        let both_days = self.term.counts.gives_a_day() && term.counts.gives_a_day();
        if term.counts != self.term.counts && !both_days {
            return unfit("counts", "what this rule counts".into());
        }
        let from_notice = [CountsFrom::Notice, CountsFrom::Mailing, CountsFrom::Receipt];
        let both_notice = from_notice.contains(&self.term.from) && from_notice.contains(&term.from);
        if term.from != self.term.from && !both_notice {
            return unfit("from", "the date from which this rule counts".into());
        }
        let mail_max = if term.from == CountsFrom::Receipt {
            MAIL_DAYS_MAX
        } else {
            0
        };
        if term.mail_days > mail_max {
            return unfit("mail_days", format!("0 to {mail_max}"));
        }
        let source = term.source.trim();
        if source.is_empty() || source.len() > SOURCE_LEN_MAX {
            return unfit("source", "the law or rule that says so".into());
        }
        Ok(Term {
            source: source.into(),
            ..term.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_of_the_table_is_read_and_sound() {
        let all = shipped();
        let lines = include_str!("shipped.csv").lines().count();
        assert_eq!(all.len(), lines - 1);
        let keys: BTreeSet<_> = all.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys.len(), all.len(), "a key twice");
        for one in &all {
            assert_eq!(one.check(&one.term).as_ref(), Ok(&one.term), "{}", one.key);
            assert!(!one.key.contains('@'), "{}", one.key);
            let read = Term::from_text(&one.term.to_text());
            assert_eq!(read.as_ref(), Some(&one.term));
        }
    }

    #[test]
    fn what_is_set_is_within_the_bounds() {
        let all = shipped();
        let rule = |key: &str| all.iter().find(|one| one.key == key).unwrap();
        let check = |key: &str, change: fn(&mut Term), expected: Option<&str>| {
            let mut term = rule(key).term.clone();
            change(&mut term);
            let found = rule(key).check(&term).err().map(|unfit| unfit.field);
            assert_eq!(found, expected, "{key}");
        };
        let file = "appeal.medicare.1.file";
        check(file, |_| (), None);
        check(file, |term| term.count = 0, Some("count"));
        check(file, |term| term.count = 401, Some("count"));
        check(file, |term| term.counts = Counts::BusinessDays, None);
        check(file, |term| term.counts = Counts::Hours, Some("counts"));
        check(
            file,
            |term| term.from = CountsFrom::Mailing,
            Some("mail_days"),
        );
        check(file, |term| term.from = CountsFrom::Contact, Some("from"));
        check(file, |term| term.mail_days = 31, Some("mail_days"));
        check(file, |term| term.source = "  ".into(), Some("source"));
        check(
            "note.crisis",
            |term| term.counts = Counts::Days,
            Some("counts"),
        );
        check("release.assess", |term| term.count = 0, None);
    }
}
