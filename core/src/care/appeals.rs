//! Denials and their appeals, level by level: until when to file, until when a decision is due, until
//! when to ask that aid goes on. A date that a letter names stands beside the reckoned one; the earlier
//! governs. Knows no payer's rules, see [`crate::policy::document`].

use jiff::civil::Date;

use super::{Due, days, is_in, of_kind};
use crate::{
    policy::{
        document::{Deadline, Document},
        term::{CountsFrom, Term},
    },
    record::Record,
};

/// A day until when something has to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The day that governs: the earlier of the two below.
    pub date: Date,
    /// What a letter says.
    pub given: Option<Date>,
    /// What the policy document says.
    pub reckoned: Option<Deadline>,
}

/// One level of an appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level<'a> {
    /// Which, from 1.
    pub level: u32,
    /// Its record; none while it has not been opened.
    pub appeal: Option<&'a Record>,
    /// Until when to file, while it is not filed.
    pub file: Option<Limit>,
    /// Until when a decision is due, once it is filed and while there is none.
    pub decide: Option<Limit>,
}

/// A denial with its levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied<'a> {
    /// Its record.
    pub denial: &'a Record,
    /// From the first.
    pub levels: Vec<Level<'a>>,
    /// The level that may be opened now.
    pub next: Option<u32>,
    /// Until when to ask that aid goes on, while nobody has.
    pub aid: Option<Limit>,
}

/// States in which a level has gone against the client, wholly or in part.
const AGAINST: [&str; 3] = ["upheld", "partly", "dismissed"];

fn key(track: &str, level: u32, step: &str) -> String {
    format!("appeal.{track}.{level}.{step}")
}

/// The dates of a notice, from which a deadline may count.
struct Notice<'a> {
    record: &'a Record,
    dated: &'static str,
    mailed: &'static str,
    received: &'static str,
}

impl Notice<'_> {
    /// The days from which a rule counts: more than one where people noted different ones apart. Where
    /// the day is not known on which it was mailed or came, the date on it counts, which is earlier.
    fn starts(&self, term: &Term) -> Vec<Date> {
        let first = match term.from {
            CountsFrom::Mailing => self.mailed,
            CountsFrom::Receipt if term.mail_days == 0 => self.received,
            _ => self.dated,
        };
        let found: Vec<Date> = days(self.record, first).collect();
        if found.is_empty() {
            days(self.record, self.dated).collect()
        } else {
            found
        }
    }
}

fn limit(
    rules: &Document,
    key: &str,
    notices: &[Notice<'_>],
    given: Option<Date>,
) -> Option<Limit> {
    let of = |notice: &Notice<'_>| -> Option<Deadline> {
        let dated = days(notice.record, notice.dated).min()?;
        let (_, term) = rules.at(key, dated)?;
        let starts = notice.starts(term).into_iter();
        let all = starts.filter_map(|start| rules.due(key, start));
        all.min_by_key(|deadline| deadline.date)
    };
    let reckoned = notices
        .iter()
        .filter_map(of)
        .min_by_key(|deadline| deadline.date);
    let date = reckoned.as_ref().map(|deadline| deadline.date);
    Some(Limit {
        date: date.into_iter().chain(given).min()?,
        given,
        reckoned,
    })
}

/// The levels that a record of an appeal names: more than one where people noted different ones apart.
fn levels(appeal: &Record) -> impl Iterator<Item = u32> + '_ {
    let held = appeal.held("level").iter();
    held.filter_map(|held| held.text.parse().ok())
}

/// All denials that count, with their levels.
pub fn denials<'a>(records: &'a [Record], rules: &Document) -> Vec<Denied<'a>> {
    let all = of_kind(records, "denial");
    all.map(|denial| denied(records, rules, denial)).collect()
}

fn denied<'a>(records: &'a [Record], rules: &Document, denial: &'a Record) -> Denied<'a> {
    let track = denial.text("track");
    let first_notice = || Notice {
        record: denial,
        dated: "notice_date",
        mailed: "mailed_on",
        received: "received_on",
    };
    let open = is_in(denial, &["open"]);
    let of_denial = of_kind(records, "appeal");
    let of_denial = of_denial.filter(|one| one.text("denial") == denial.id);
    let mut found: Vec<(u32, &Record)> = of_denial
        .flat_map(|one| levels(one).map(move |level| (level, one)))
        .collect();
    found.sort_by(|(x, a), (y, b)| (x, &a.origin, &a.id).cmp(&(y, &b.origin, &b.id)));
    let before = |level: u32| {
        let all = found.iter().filter(move |(one, _)| *one + 1 == level);
        all.map(|(_, appeal)| Notice {
            record: appeal,
            dated: "decision_notice",
            mailed: "decision_notice",
            received: "decision_received",
        })
    };
    let file = |level: u32, appeal: Option<&Record>| {
        let own = appeal.map(|record| Notice {
            record,
            dated: "notice_date",
            mailed: "notice_date",
            received: "received_on",
        });
        let own = own.filter(|notice| days(notice.record, notice.dated).next().is_some());
        let notices: Vec<Notice<'_>> = match own {
            Some(own) => vec![own],
            None if level == 1 => vec![first_notice()],
            None => before(level).collect(),
        };
        let given = appeal.and_then(|one| days(one, "file_by").min());
        limit(rules, &key(track, level, "file"), &notices, given)
    };
    let shown: Vec<Level<'_>> = found
        .iter()
        .map(|(level, appeal)| {
            let waits = open && is_in(appeal, &["preparing"]);
            let filed = open && is_in(appeal, &["filed"]);
            let filing = Notice {
                record: appeal,
                dated: "filed_on",
                mailed: "filed_on",
                received: "filed_on",
            };
            let given = days(appeal, "decide_by").min();
            let decide = || limit(rules, &key(track, *level, "decide"), &[filing], given);
            Level {
                level: *level,
                appeal: Some(appeal),
                file: waits.then(|| file(*level, Some(appeal))).flatten(),
                decide: filed.then(decide).flatten(),
            }
        })
        .collect();
    let last = found.last().map_or(0, |(level, _)| *level);
    let mut of_last = found.iter().filter(|(level, _)| *level == last);
    let lost = last == 0 || of_last.any(|(_, appeal)| is_in(appeal, &AGAINST));
    let there_is = |level: u32| {
        let day = days(denial, "notice_date").min();
        day.is_some_and(|day| rules.at(&key(track, level, "file"), day).is_some())
    };
    let next = Some(last.saturating_add(1)).filter(|level| open && lost && there_is(*level));
    let mut all = shown;
    if let Some(level) = next {
        all.push(Level {
            level,
            appeal: None,
            file: file(level, None),
            decide: None,
        });
    }
    let asked = ["asked", "going_on", "refused"].contains(&denial.text("aid"));
    let aid_key = format!("appeal.{track}.aid");
    let aid = (open && !asked).then(|| limit(rules, &aid_key, &[first_notice()], None));
    Denied {
        denial,
        levels: all,
        next,
        aid: aid.flatten(),
    }
}

pub(super) fn dues(records: &[Record], rules: &Document) -> Vec<Due> {
    let mut due = Vec::new();
    for one in denials(records, rules) {
        let service = one.denial.text("service");
        let mut add = |record: &Record, what, limit: Option<&Limit>| {
            due.extend(limit.map(|limit| Due::of(record, what, limit.date, service)));
        };
        for level in &one.levels {
            let record = level.appeal.unwrap_or(one.denial);
            add(record, "appeal_file", level.file.as_ref());
            add(record, "appeal_decide", level.decide.as_ref());
        }
        add(one.denial, "appeal_aid", one.aid.as_ref());
    }
    due
}

/// Units of an authorisation: granted, where that was said, and used by what was noted.
pub fn units(records: &[Record], authorization: &Record) -> (Option<u32>, u32) {
    let granted = authorization.text("units").parse().ok();
    let used = of_kind(records, "unit_use")
        .filter(|one| one.text("authorization") == authorization.id)
        .filter_map(|one| one.text("units").parse::<u32>().ok());
    (granted, used.fold(0, u32::saturating_add))
}
