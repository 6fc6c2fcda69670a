//! What planning, advocacy and corrections make of a case's records: what a plan lacks, until when an
//! appeal has to be filed, when a step towards release is due, and all that is due in one list. Pure:
//! the same records and the same policy document give the same days on every device. Owns the rule that
//! of two dates which people noted apart the earlier governs. Knows no clock.

use jiff::{Span, civil::Date};

use crate::{
    policy::document::Document,
    record::{Record, STATE},
};

pub mod appeals;
pub mod plans;
pub mod release;

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// Code of what it is: `task`, `flag`, `case`, `goal`, `step`, `plan_review`, `appeal_file`,
    /// `appeal_decide`, `appeal_aid`, `evidence`, `authorization`, `release_step`.
    pub what: &'static str,
    /// The record's kind.
    pub kind: String,
    /// Its id.
    pub record: String,
    /// What to call it.
    pub title: String,
    /// Staff id of who is to do it; empty where nobody is named.
    pub owner: String,
}

impl Due {
    fn of(record: &Record, what: &'static str, date: Date, title: &str) -> Self {
        Self {
            date,
            what,
            kind: record.kind.clone(),
            record: record.id.clone(),
            title: title.into(),
            owner: record.text("owner").into(),
        }
    }
}

/// All that is due in a case, the earliest first.
pub fn dues(records: &[Record], rules: &Document) -> Vec<Due> {
    let mut due: Vec<Due> = records.iter().filter_map(plain).collect();
    due.extend(appeals::dues(records, rules));
    due.extend(plans::dues(records, rules));
    due.extend(release::dues(records));
    due.sort();
    due
}

/// What a record asks for by a date of its own.
fn plain(record: &Record) -> Option<Due> {
    let (what, key, title, open): (_, _, _, &[&str]) = match record.kind.as_str() {
        "task" => ("task", "due", "title", &["requested", "in-progress"]),
        "flag" => ("flag", "review_due", "kind", &["active"]),
        "step" => ("step", "due", "text", &["requested", "in-progress"]),
        "goal" => ("goal", "due", "words", &["active"]),
        "evidence" => ("evidence", "ask_by", "title", &["wanted", "asked"]),
        "authorization" => ("authorization", "to", "service", &["approved"]),
        "case" if record.state() != "closed" => ("case", "review_due", "state", &[]),
        _ => return None,
    };
    if !open.is_empty() && !is_in(record, open) {
        return None;
    }
    let date = earliest(record, key)?;
    Some(Due::of(record, what, date, record.text(title)))
}

/// Whether a record is in one of these states, perhaps among others.
fn is_in(record: &Record, states: &[&str]) -> bool {
    let held = record.held(STATE);
    held.iter().any(|held| states.contains(&held.text.as_str()))
}

/// All days that a field holds: more than one where people noted different ones apart.
fn days<'a>(record: &'a Record, key: &str) -> impl Iterator<Item = Date> + use<'a> {
    let held = record.held(key).iter();
    held.filter_map(|held| held.text.parse().ok())
}

fn earliest(record: &Record, key: &str) -> Option<Date> {
    days(record, key).min()
}

/// So many days later; earlier where they are negative.
fn shifted(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The records of a kind that count.
fn of_kind<'a>(records: &'a [Record], kind: &'static str) -> impl Iterator<Item = &'a Record> {
    let all = records.iter();
    all.filter(move |record| record.kind == kind && record.counts())
}

#[cfg(test)]
mod tests;
