//! What is kept of a case to tell what is due in it and to count it in reports, without opening it:
//! its contacts, notes, tasks and reviews. Owns which of them count. Knows neither other cases nor
//! the clock; what follows from a day and the policy document is in [`due`].

pub mod due;

use satchel_wire::{Millis, ProfileId};
use serde::{Deserialize, Serialize};

use crate::{
    doc::Origin,
    note::{Note, State},
    record::{ASSESSMENT, MISTAKE, Record, STATE},
};

/// The kind of a contact with the client.
pub const VISIT: &str = "visit";
/// The state of a visit that has begun and has not been ended.
pub const BEGUN: &str = "in-progress";
/// The setting in which a visit is due each calendar month, part of them in the residence.
pub const CHILD_WELFARE: &str = "child_welfare";

/// What is kept of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Its programme, as the agency calls it.
    pub programme: String,
    /// Code of its setting.
    pub setting: String,
    /// Its state and acuity.
    pub state: String,
    /// See the kind `case`.
    pub acuity: String,
    /// The day on which it was opened, where somebody has said so.
    pub opened: String,
    /// When its record was begun.
    pub begun: Millis,
    /// When it was closed, where it is.
    pub closed: Option<Millis>,
    /// When somebody who leads last looked at vain attempts.
    pub reviewed: String,
    /// Staff ids of who answers for it: the main workers, or where there are none the second ones.
    pub workers: Vec<String>,
    /// By their start.
    pub contacts: Vec<Contact>,
    /// In the order of their writing.
    pub notes: Vec<Written>,
    /// What has a day of its own.
    pub dated: Vec<Dated>,
    /// What is opened and closed: referrals, appeals.
    pub threads: Vec<Thread>,
}

/// A contact, or an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Record.
    pub id: String,
    /// When.
    pub start: Millis,
    /// Until when.
    pub end: Option<Millis>,
    /// Staff id.
    pub staff: String,
    /// How.
    pub mode: String,
    /// What came of it.
    pub outcome: String,
    /// Code of where.
    pub place: String,
    /// What for.
    pub purpose: String,
    /// In a crisis.
    pub crisis: bool,
    /// It has begun and has not been ended.
    pub begun: bool,
    /// Units to bill.
    pub units: u32,
    /// The note on it.
    pub note: String,
}

impl Contact {
    /// The client was met or spoken to.
    pub fn made(&self) -> bool {
        !self.begun && self.outcome == "made"
    }

    /// It was tried in vain.
    pub fn in_vain(&self) -> bool {
        !self.begun && self.outcome != "made" && self.mode != "letter"
    }
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Id.
    pub id: String,
    /// When it was written.
    pub at: Millis,
    /// Whose words it holds.
    pub author: Option<ProfileId>,
    /// `draft`, `cosign-pending`; empty for one that waits for nothing.
    pub waits: String,
}

/// What has a day: a task, a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// Kind of the record.
    pub kind: String,
    /// Record.
    pub id: String,
    /// What it says in short.
    pub title: String,
    /// The day; empty where none is set.
    pub day: String,
    /// Staff id of who is to do it; empty where nobody in particular is.
    pub owner: String,
    /// It is urgent.
    pub urgent: bool,
    /// It still waits.
    pub open: bool,
    /// When it was begun.
    pub begun: Millis,
    /// When it came to its state.
    pub since: Millis,
}

/// What is opened, and closed in one of several ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Kind of the record.
    pub kind: String,
    /// Record.
    pub id: String,
    /// When it was begun.
    pub begun: Millis,
    /// Its state.
    pub state: String,
    /// When it came to that.
    pub since: Millis,
}

/// Kinds with a beginning and an end that reports count.
const THREADS: [&str; 2] = ["referral", "appeal"];

impl Watch {
    /// From what a case holds. `begun` is when its document was begun; `author` names whose an origin is.
    pub fn of(
        (programme, begun): (String, Millis),
        records: &[Record],
        notes: &[Note],
        author: impl Fn(&Origin) -> Option<ProfileId>,
    ) -> Self {
        let case = records.iter().find(|one| one.kind == "case");
        let of_case = |key: &str| case.map_or_else(String::new, |case| case.text(key).to_owned());
        let state = of_case(STATE);
        let closed = case.filter(|_| state == "closed");
        let mut contacts: Vec<Contact> = records.iter().filter_map(contact).collect();
        contacts.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
        let mut written: Vec<Written> = notes
            .iter()
            .filter(|note| note.struck.is_none() && !note.imported)
            .map(|note| Written {
                id: note.id.clone(),
                at: note.author().at,
                author: author(note.author()),
                waits: match note.state() {
                    waits @ (State::Draft | State::CosignPending) => waits.code().into(),
                    State::Imported | State::Signed | State::Cosigned => String::new(),
                },
            })
            .collect();
        written.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        Self {
            programme,
            setting: of_case("setting"),
            acuity: of_case("acuity"),
            opened: of_case("opened"),
            begun,
            closed: closed.map(since),
            reviewed: of_case("outreach_reviewed"),
            workers: workers(records),
            contacts,
            notes: written,
            dated: records.iter().filter_map(dated).collect(),
            threads: records.iter().filter_map(thread).collect(),
            state,
        }
    }

    /// The note on a contact: the one that it names, else the first that was written since and that no
    /// contact names.
    pub fn note_on(&self, contact: &Contact) -> Option<&Written> {
        let named = |id: &str| self.contacts.iter().any(|one| one.note == id);
        let mut notes = self.notes.iter();
        if contact.note.is_empty() {
            notes.find(|note| note.at >= contact.start && !named(&note.id))
        } else {
            notes.find(|note| note.id == contact.note)
        }
    }
}

fn since(record: &Record) -> Millis {
    let held = record.held(STATE).first();
    held.map_or(record.origin.at, |held| held.origin.at)
}

fn workers(records: &[Record]) -> Vec<String> {
    let holding = |role: &str| -> Vec<String> {
        let theirs = records
            .iter()
            .filter(|one| one.kind == "assignment" && one.state() == "active");
        let mut staff: Vec<String> = theirs
            .filter(|one| one.text("role") == role)
            .map(|one| one.text("staff").to_owned())
            .collect();
        staff.sort();
        staff.dedup();
        staff
    };
    let main = holding("primary");
    if main.is_empty() {
        holding("secondary")
    } else {
        main
    }
}

/// A visit that counts: what was logged twice counts once.
fn contact(record: &Record) -> Option<Contact> {
    if record.kind != VISIT || !record.counts() || !record.text("same_as").is_empty() {
        return None;
    }
    let text = |key: &str| record.text(key).to_owned();
    Some(Contact {
        id: record.id.clone(),
        start: record.time("start")?,
        end: record.time("end"),
        staff: text("staff"),
        mode: text("mode"),
        outcome: text("outcome"),
        place: text("where"),
        purpose: text("purpose"),
        crisis: record.text("crisis") == "yes",
        begun: record.state() == BEGUN,
        units: record.text("units").parse().unwrap_or(0),
        note: text("note"),
    })
}

fn dated(record: &Record) -> Option<Dated> {
    let state = record.state();
    let (title, day, owner, open) = match record.kind.as_str() {
        "task" => (
            "title",
            "due",
            "owner",
            ["requested", "in-progress"].contains(&state),
        ),
        "flag" => ("kind", "review_due", "", state == "active"),
        "case" => ("", "review_due", "", state != "closed"),
        "plan" => ("title", "review_due", "", state == "active"),
        ASSESSMENT => ("title", "", "", state == "in-progress"),
        _ => return None,
    };
    let text = |key: &str| record.text(key).to_owned();
    let no_day = ["flag", "case", "plan"].contains(&record.kind.as_str());
    if state == MISTAKE || (no_day && record.text(day).is_empty()) {
        return None;
    }
    Some(Dated {
        kind: record.kind.clone(),
        id: record.id.clone(),
        title: text(title),
        day: text(day),
        owner: text(owner),
        urgent: record.text("priority") == "urgent",
        open,
        begun: record.origin.at,
        since: since(record),
    })
}

fn thread(record: &Record) -> Option<Thread> {
    if !THREADS.contains(&record.kind.as_str()) || !record.counts() {
        return None;
    }
    Some(Thread {
        kind: record.kind.clone(),
        id: record.id.clone(),
        begun: record.origin.at,
        state: record.state().to_owned(),
        since: since(record),
    })
}

/// What of the six elements of an electronic visit verification (21st Century Cures Act, 12006(a)) a
/// visit does not say yet: `service`, `staff`, `date`, `place`, `time`. The sixth, who received it, is
/// always said: the client whom it names, else the person by whom the case is called. `with` is typed and
/// not saved yet.
pub fn evv_missing(visit: &Record, with: &[(String, String)]) -> Vec<&'static str> {
    let says = |key: &str| {
        let typed = with.iter().find(|(of, _)| of == key);
        !typed.map_or(visit.text(key), |(_, value)| value).is_empty()
    };
    [
        ("service", says("service") || says("purpose")),
        ("staff", says("staff")),
        ("date", says("start")),
        ("place", says("place") || says("where")),
        ("time", says("start") && says("end")),
    ]
    .into_iter()
    .filter(|(_, said)| !said)
    .map(|(code, _)| code)
    .collect()
}

#[cfg(test)]
mod tests;
