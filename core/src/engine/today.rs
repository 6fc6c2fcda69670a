//! What the day holds, over all cases that are read here, from what is kept of each: no document is
//! opened for it. Owns the order of the day and whose a thing is to do.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use satchel_wire::{Millis, StreamId};

use crate::{
    api::{Failure, LoadView, Reply, Severity, TodayGroup, TodayRow, TodayView},
    engine::{
        Engine,
        desk::{Booked, Desk, Summary},
        replica::Replica,
    },
    monitor::{
        Watch, Written,
        due::{Outreach, day_of, note_due, weight},
    },
    policy::document::Document,
};

/// The most rows that are told.
const ROWS_MAX: usize = 300;
/// Weeks of which the travel is told.
const TRAVEL_WEEKS: u32 = 4;
/// What is due within so many days is told.
const DAYS_AHEAD: i64 = 7;
/// A client who did not come is told of for so many days.
const NO_SHOW_DAYS: i64 = 14;

/// On which day it is asked, and by whom.
struct Asked<'a> {
    now: Millis,
    today: Date,
    rules: &'a Document,
    /// My staff id, and whether I lead.
    me: String,
    leads: bool,
    mine: bool,
}

impl Asked<'_> {
    /// What is due by a day belongs there; nothing once it is too far ahead.
    fn group(&self, day: Date) -> Option<TodayGroup> {
        let last = self
            .today
            .checked_add(DAYS_AHEAD.days())
            .unwrap_or(Date::MAX);
        match day {
            day if day < self.today => Some(TodayGroup::Overdue),
            day if day == self.today => Some(TodayGroup::Today),
            day if day <= last => Some(TodayGroup::Ahead),
            _ => None,
        }
    }

    /// Whether it is told: it is mine to do, or anybody's, or all are asked for.
    fn tells(&self, owner: &str, watch: &Watch) -> bool {
        if !self.mine || owner == self.me {
            return true;
        }
        let workers = &watch.workers;
        owner.is_empty() && (workers.is_empty() || workers.contains(&self.me))
    }
}

/// A row before it has names.
struct Found {
    owner: String,
    row: TodayRow,
}

impl Engine {
    pub(super) fn today(&self, now: Millis, mine: bool) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        let rules = &desk.rules.document;
        let asked = Asked {
            now,
            today: day_of(rules, now),
            rules,
            me: replica.profile.staff.to_string(),
            leads: replica.profile.role.leads(),
            mine,
        };
        let mut found: Vec<Found> = Vec::new();
        for (id, summary) in &desk.summaries {
            if replica.streams.contains_key(id) && *id != replica.profile.directory {
                let name = desk.name_of_case(*id);
                let row = |group, what: &str, id_in: &str| TodayRow {
                    case: id.to_string(),
                    case_name: name.clone(),
                    group,
                    what: what.into(),
                    id: id_in.into(),
                    title: String::new(),
                    at: None,
                    day: None,
                    detail: String::new(),
                    urgent: false,
                    owner: String::new(),
                };
                of_case(&asked, replica, summary, &row, &mut found);
            }
        }
        let mut rows: Vec<TodayRow> = found
            .into_iter()
            .map(|found| TodayRow {
                owner: self.staff_name(&found.owner),
                ..found.row
            })
            .collect();
        rows.sort_by_cached_key(|row| {
            let moment = row.at.map(|at| (day_of(rules, at), at));
            let day = row.day.as_ref().and_then(|day| day.parse::<Date>().ok());
            let day = moment.map(|(day, _)| day).or(day).unwrap_or(Date::MAX);
            let rest = (row.case_name.clone(), row.case.clone(), row.id.clone());
            (
                row.group,
                day,
                row.at.unwrap_or(Millis(u64::MAX)),
                !row.urgent,
                row.what.clone(),
                rest,
            )
        });
        let more = rows.len().saturating_sub(ROWS_MAX) as u32;
        rows.truncate(ROWS_MAX);
        let today = Box::new(TodayView {
            rows,
            more,
            loads: self.loads(&asked, desk),
        });
        Ok(Reply::Today { today })
    }

    /// What workers carry: of all for one who leads, else mine.
    fn loads(&self, asked: &Asked<'_>, desk: &Desk) -> Vec<LoadView> {
        let mut loads: BTreeMap<String, LoadView> = BTreeMap::new();
        let since = asked
            .now
            .0
            .saturating_sub(u64::from(TRAVEL_WEEKS) * 7 * DAY_MS);
        let week = asked.today.checked_add(7.days()).unwrap_or(Date::MAX);
        for summary in desk.summaries.values() {
            for one in &summary.appointments {
                let kept = one.holds || one.state == "fulfilled";
                if kept && one.start.0 >= since && one.start <= asked.now {
                    loads.entry(one.staff.clone()).or_default().travel_min += one.travel_min;
                }
            }
            let watch = &summary.watch;
            if !watch.is_open() || summary.within.is_some() {
                continue;
            }
            let nobody = [String::new()];
            let workers = if watch.workers.is_empty() {
                &nobody[..]
            } else {
                &watch.workers
            };
            let next = watch.next_contact(asked.rules);
            for worker in workers {
                let load = loads.entry(worker.clone()).or_default();
                load.cases += 1;
                load.weight += weight(asked.rules, &watch.acuity, asked.today);
                if let Some(next) = &next {
                    load.overdue += u32::from(next.day < asked.today);
                    load.due_soon += u32::from((asked.today..=week).contains(&next.day));
                }
            }
        }
        let number = |key: &str| asked.rules.number(key, asked.today).unwrap_or(0);
        let mut loads: Vec<LoadView> = loads
            .into_iter()
            .filter(|(staff, _)| asked.leads || *staff == asked.me)
            .map(|(staff, load)| {
                let travel_min = load.travel_min / TRAVEL_WEEKS;
                let travel = travel_min.saturating_mul(number("weight.travel_hour")) / 60;
                let weight = load.weight + travel;
                LoadView {
                    name: self.staff_name(&staff),
                    me: staff == asked.me,
                    staff,
                    travel_min,
                    weight,
                    heavy: weight > number("weight.most"),
                    spike: load.due_soon + load.overdue > number("weight.week"),
                    ..load
                }
            })
            .collect();
        loads.sort_by(|a, b| (!a.me, &a.name, &a.staff).cmp(&(!b.me, &b.name, &b.staff)));
        loads
    }
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// All that a case asks for.
fn of_case(
    asked: &Asked<'_>,
    replica: &Replica,
    summary: &Summary,
    row: &impl Fn(TodayGroup, &str, &str) -> TodayRow,
    found: &mut Vec<Found>,
) {
    let watch = &summary.watch;
    let mut add = |owner: &str, row: TodayRow| {
        if asked.tells(owner, watch) {
            found.push(Found {
                owner: owner.into(),
                row,
            });
        }
    };
    let worker = watch.workers.first().map_or("", String::as_str);
    for visit in watch.contacts.iter().filter(|one| one.begun) {
        add(
            &visit.staff,
            TodayRow {
                at: Some(visit.start),
                title: visit.purpose.clone(),
                detail: visit.mode.clone(),
                ..row(TodayGroup::Begun, "visit", &visit.id)
            },
        );
    }
    if let Some(next) = watch.next_contact(asked.rules)
        && let Some(group) = asked.group(next.day)
    {
        add(
            worker,
            TodayRow {
                day: Some(next.day.to_string()),
                urgent: next.in_residence,
                ..row(group, "contact", "")
            },
        );
    }
    if let Some(step) = watch.outreach(asked.rules)
        && (step != Outreach::Review || asked.leads)
    {
        add(
            if step == Outreach::Review { "" } else { worker },
            TodayRow {
                detail: step.code().into(),
                ..row(TodayGroup::Waiting, "outreach", "")
            },
        );
    }
    for contact in watch.unwritten() {
        let since = contact.end.unwrap_or(contact.start);
        let due = note_due(asked.rules, contact.crisis, since);
        let day = day_of(asked.rules, due);
        let late = due < asked.now;
        let group = match asked.group(day) {
            Some(TodayGroup::Today) if late => TodayGroup::Overdue,
            Some(group) => group,
            None => continue,
        };
        add(
            &contact.staff,
            TodayRow {
                at: Some(due),
                urgent: contact.crisis,
                title: contact.purpose.clone(),
                ..row(group, "note", &contact.id)
            },
        );
    }
    for note in &watch.notes {
        if let Some((what, owner)) = to_sign(asked, replica, note) {
            add(
                &owner,
                TodayRow {
                    at: Some(note.at),
                    ..row(TodayGroup::Waiting, what, &note.id)
                },
            );
        }
    }
    for one in watch.dated.iter().filter(|one| one.open) {
        let day: Option<Date> = one.day.parse().ok();
        let group = match day {
            Some(day) => asked.group(day),
            None => Some(TodayGroup::Waiting),
        };
        let owner = if one.owner.is_empty() {
            worker
        } else {
            &one.owner
        };
        if let Some(group) = group {
            add(
                owner,
                TodayRow {
                    title: one.title.clone(),
                    urgent: one.urgent,
                    day: day.map(|day| day.to_string()),
                    ..row(group, &one.kind, &one.id)
                },
            );
        }
    }
    for one in &summary.appointments {
        if let Some((group, what)) = of_appointment(asked, watch, &summary.appointments, one) {
            add(
                &one.staff,
                TodayRow {
                    at: Some(one.start),
                    title: one.title.clone(),
                    detail: one.kind.clone(),
                    ..row(group, what, &one.id)
                },
            );
        }
    }
    let grave = summary
        .open()
        .filter(|one| one.severity <= Severity::High)
        .count();
    if grave > 0 {
        let critical = summary.severity() == Some(Severity::Critical);
        add(
            worker,
            TodayRow {
                detail: grave.to_string(),
                urgent: critical,
                ..row(TodayGroup::Waiting, "finding", "")
            },
        );
    }
}

/// What an appointment asks for: to go there, to say what became of it, to follow up on who did not come.
fn of_appointment(
    asked: &Asked<'_>,
    watch: &Watch,
    all: &[Booked],
    one: &Booked,
) -> Option<(TodayGroup, &'static str)> {
    let day = day_of(asked.rules, one.start);
    if one.holds && one.end > asked.now {
        // One that has begun yesterday and is not over is today's.
        let group = asked.group(day.max(asked.today))?;
        return Some((group, "appointment"));
    }
    if one.holds {
        return Some((TodayGroup::Overdue, "past_appointment"));
    }
    let recent = asked
        .today
        .checked_sub(NO_SHOW_DAYS.days())
        .unwrap_or(Date::MIN);
    let since = |at: Millis| at > one.start;
    let followed = watch.contacts.iter().any(|made| since(made.start))
        || all.iter().any(|other| other.counts() && since(other.start));
    let waits = one.state == "noshow" && day >= recent && !followed;
    waits.then_some((TodayGroup::Waiting, "noshow"))
}

/// A note that waits for somebody's signature, and whose.
fn to_sign(asked: &Asked<'_>, replica: &Replica, note: &Written) -> Option<(&'static str, String)> {
    let author = note.author.and_then(|author| replica.roster.known(author));
    let author = author.map(|one| one.staff.to_string()).unwrap_or_default();
    match note.waits.as_str() {
        "draft" if author == asked.me => Some(("sign", author)),
        "cosign-pending" if asked.leads && author != asked.me => Some(("cosign", String::new())),
        _ => None,
    }
}

/// The case to which a stream's work is counted: its own, or of a compartment the case that is here.
pub(super) fn counted_to<'a>(desk: &'a Desk, summary: &'a Summary) -> &'a Watch {
    let of: Option<StreamId> = summary.within.as_ref().map(|(_, of)| *of);
    let case = of.and_then(|of| desk.summaries.get(&of));
    &case.unwrap_or(summary).watch
}
