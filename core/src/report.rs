//! Figures of the work over a time, from what is kept of each case. Owns how each is counted; the
//! README of `tests/reports` says the same in words, and a program there counts them anew from the
//! cases themselves.

use std::collections::BTreeMap;

use jiff::civil::Date;
use satchel_wire::Millis;

use crate::{
    api::{ReportBy, ReportRow},
    monitor::{
        Contact, Watch,
        due::{day_of, note_due, weight},
    },
    policy::document::Document,
};

const HOUR_MS: u64 = 60 * 60 * 1000;
/// States in which an appeal has ended.
const DECIDED: [&str; 5] = ["overturned", "partly", "upheld", "dismissed", "withdrawn"];
/// States in which a referral has ended.
const ENDED: [&str; 4] = ["completed", "failed", "rejected", "cancelled"];

/// A time, and how it is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// What has a row.
    pub by: ReportBy,
}

impl Span {
    fn holds(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// Rows by worker's id, programme or month, while they are counted.
pub struct Figures<'a> {
    span: Span,
    rules: &'a Document,
    rows: BTreeMap<String, ReportRow>,
    total: ReportRow,
}

/// To whom something is counted.
struct Whose<'a> {
    worker: &'a str,
    programme: &'a str,
    day: Date,
}

impl<'a> Figures<'a> {
    /// Nothing is counted yet.
    pub fn new(span: Span, rules: &'a Document) -> Self {
        Self {
            span,
            rules,
            rows: BTreeMap::new(),
            total: ReportRow::default(),
        }
    }

    /// The day of a moment, when it is within the time.
    fn day(&self, at: Millis) -> Option<Date> {
        Some(day_of(self.rules, at)).filter(|day| self.span.holds(*day))
    }

    fn count(&mut self, whose: &Whose<'_>, add: impl Fn(&mut ReportRow)) {
        let key = match self.span.by {
            ReportBy::Worker => whose.worker.to_owned(),
            ReportBy::Programme => whose.programme.to_owned(),
            ReportBy::Month => whose.day.strftime("%Y-%m").to_string(),
        };
        add(self.rows.entry(key).or_default());
        add(&mut self.total);
    }

    /// Counts a case, or a part of one, which is counted to the case's programme and workers.
    pub fn add(&mut self, watch: &Watch, programme: &str, worker: &str) {
        let of_case = |day| Whose {
            worker,
            programme,
            day,
        };
        self.standing(watch, &of_case);
        self.standard(watch, &of_case);
        for contact in &watch.contacts {
            self.contact(watch, contact, programme);
        }
        for one in &watch.dated {
            let Some(day) = one.day.parse().ok().filter(|day| self.span.holds(*day)) else {
                continue;
            };
            match one.kind.as_str() {
                "plan" if one.open => self.count(&of_case(day), |row| row.plans_overdue += 1),
                "task" => {
                    let owner = Some(one.owner.as_str()).filter(|owner| !owner.is_empty());
                    let whose = Whose {
                        worker: owner.unwrap_or(worker),
                        programme,
                        day,
                    };
                    self.count(&whose, |row| {
                        row.tasks_due += 1;
                        row.tasks_done += u32::from(!one.open);
                    });
                }
                _ => {}
            }
        }
        for one in &watch.threads {
            let begun = self.day(one.begun).filter(|_| one.kind == "referral");
            if let Some(day) = begun {
                self.count(&of_case(day), |row| row.referrals_begun += 1);
            }
            let Some(day) = self.day(one.since) else {
                continue;
            };
            if one.kind == "referral" && ENDED.contains(&one.state.as_str()) {
                self.count(&of_case(day), |row| {
                    row.referrals_ended += 1;
                    row.referrals_served += u32::from(one.state == "completed");
                });
            }
            if one.kind == "appeal" && DECIDED.contains(&one.state.as_str()) {
                self.count(&of_case(day), |row| {
                    match row.appeals.iter_mut().find(|(code, _)| *code == one.state) {
                        Some((_, times)) => *times += 1,
                        None => row.appeals.push((one.state.clone(), 1)),
                    }
                });
            }
        }
    }

    /// What is open on the last day of the span; by month, on the last day of each.
    fn standing<'w>(&mut self, watch: &Watch, of_case: &impl Fn(Date) -> Whose<'w>) {
        let opened = watch.opened_on(self.rules);
        if !watch.is_open() || opened > self.span.to {
            return;
        }
        let weight = weight(self.rules, &watch.acuity, self.span.to);
        let add = |row: &mut ReportRow| {
            row.cases += 1;
            row.weight += weight;
        };
        if self.span.by != ReportBy::Month {
            return self.count(&of_case(self.span.to), add);
        }
        add(&mut self.total);
        let mut day = self.span.from.max(opened).first_of_month();
        while day <= self.span.to {
            let month = day.strftime("%Y-%m").to_string();
            add(self.rows.entry(month).or_default());
            let Ok(next) = day.last_of_month().tomorrow() else {
                break;
            };
            day = next;
        }
    }

    /// Contacts that the standard asks for: one in each of its spans that ends within the time.
    fn standard<'w>(&mut self, watch: &Watch, of_case: &impl Fn(Date) -> Whose<'w>) {
        if !watch.is_open() && watch.closed.is_none() {
            return;
        }
        let met: Vec<Date> = watch
            .contacts
            .iter()
            .filter(|one| watch.meets(one))
            .map(|one| day_of(self.rules, one.start))
            .collect();
        for (from, to) in watch.spans(self.rules, self.span.to) {
            if to < self.span.from {
                continue;
            }
            let is_met = met.iter().any(|day| (from..=to).contains(day));
            self.count(&of_case(to), |row| {
                row.contacts_due += 1;
                row.contacts_met += u32::from(is_met);
            });
        }
    }

    fn contact(&mut self, watch: &Watch, contact: &Contact, programme: &str) {
        let Some(day) = self.day(contact.start) else {
            return;
        };
        let whose = Whose {
            worker: &contact.staff,
            programme,
            day,
        };
        if contact.in_vain() {
            self.count(&whose, |row| row.attempts += 1);
        }
        if !contact.made() {
            return;
        }
        let since = contact.end.unwrap_or(contact.start);
        let due = note_due(self.rules, contact.crisis, since);
        let note = watch.note_on(contact).map(|note| {
            let hours = note.at.0.saturating_sub(since.0) / HOUR_MS;
            (note.at <= due, u32::try_from(hours).unwrap_or(u32::MAX))
        });
        self.count(&whose, |row| {
            row.contacts_made += 1;
            row.units += contact.units;
            if let Some((in_time, hours)) = note {
                row.noted += 1;
                row.noted_in_time += u32::from(in_time);
                row.note_hours = row.note_hours.saturating_add(hours);
            }
        });
    }

    /// Counts an appointment to which the client did not come.
    pub fn no_show(&mut self, at: Millis, programme: &str, worker: &str) {
        if let Some(day) = self.day(at) {
            let whose = Whose {
                worker,
                programme,
                day,
            };
            self.count(&whose, |row| row.no_shows += 1);
        }
    }

    /// Rows in the order of their names, and all of it. `name` calls a worker by their id.
    pub fn finish(self, name: impl Fn(&str) -> String) -> (Vec<ReportRow>, ReportRow) {
        let by = self.span.by;
        let named = self.rows.into_iter().map(|(key, row)| ReportRow {
            name: match by {
                ReportBy::Worker => name(&key),
                ReportBy::Programme | ReportBy::Month => key,
            },
            ..sorted(row)
        });
        let mut rows: Vec<ReportRow> = named.collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        (rows, sorted(self.total))
    }
}

fn sorted(mut row: ReportRow) -> ReportRow {
    row.appeals.sort();
    row
}

/// The columns of a report's file, in their order.
pub const COLUMNS: [&str; 19] = [
    "name",
    "cases",
    "weight",
    "contacts_due",
    "contacts_met",
    "contacts_made",
    "attempts",
    "no_shows",
    "units",
    "noted",
    "noted_in_time",
    "note_hours",
    "tasks_due",
    "tasks_done",
    "plans_overdue",
    "referrals_begun",
    "referrals_ended",
    "referrals_served",
    "appeals",
];

/// As comma-separated values; the last row is all of it.
///
/// # Errors
/// Where the text could not be written.
pub fn as_csv(rows: &[ReportRow], total: &ReportRow) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let total = ReportRow {
        name: "TOTAL".into(),
        ..total.clone()
    };
    for row in rows.iter().chain([&total]) {
        let appeals = row.appeals.iter();
        let appeals: Vec<String> = appeals
            .map(|(outcome, times)| format!("{outcome} {times}"))
            .collect();
        // A spreadsheet must not take a name for a formula.
        let name = match row.name.chars().next() {
            Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{}", row.name),
            _ => row.name.clone(),
        };
        let numbers = [
            row.cases,
            row.weight,
            row.contacts_due,
            row.contacts_met,
            row.contacts_made,
            row.attempts,
            row.no_shows,
            row.units,
            row.noted,
            row.noted_in_time,
            row.note_hours,
            row.tasks_due,
            row.tasks_done,
            row.plans_overdue,
            row.referrals_begun,
            row.referrals_ended,
            row.referrals_served,
        ];
        let mut cells = vec![name];
        cells.extend(numbers.iter().map(ToString::to_string));
        cells.push(appeals.join("; "));
        writer.write_record(&cells)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|failed| csv::Error::from(failed.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
