//! What is asked across all cases: what the day holds, and how the work stands over a time.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

/// A wish about all cases that are read here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DayAsk {
    /// What is due, in the order of the day; answers `Today`.
    Today {
        /// Only what I am to do.
        mine: bool,
    },
    /// Figures over a time; answers `Report`.
    Report {
        /// Which.
        of: ReportSpan,
    },
    /// The same as a file of comma-separated values; answers `File`.
    ReportFile {
        /// Which.
        of: ReportSpan,
    },
    /// All that one case holds, for other programs to read; answers `File` with JSON.
    Export {
        /// Case.
        case: String,
    },
}

/// Over which time, and how it is laid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ReportSpan {
    /// The first day, `2026-11-01`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// A row for each of these.
    pub by: ReportBy,
}

/// What has a row of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ReportBy {
    /// Each worker.
    Worker,
    /// Each programme.
    Programme,
    /// Each calendar month.
    Month,
}

/// What the day holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct TodayView {
    /// In the order of the day.
    pub rows: Vec<TodayRow>,
    /// So many more are not told.
    pub more: u32,
    /// What workers carry: of all for those who lead, else mine.
    pub loads: Vec<LoadView>,
}

/// Where in the day something belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum TodayGroup {
    /// Begun and not ended.
    Begun,
    /// It was due before.
    Overdue,
    /// Today.
    Today,
    /// It waits for me, without a day.
    Waiting,
    /// In the next days.
    Ahead,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct TodayRow {
    /// Case.
    pub case: String,
    /// Its name.
    pub case_name: String,
    /// Where it belongs.
    pub group: TodayGroup,
    /// What it is: `visit`, `appointment`, `past_appointment`, `noshow`, `contact`, `outreach`, `note`,
    /// `sign`, `cosign`, `task`, `flag`, `case`, `plan`, `assessment`, `finding`.
    pub what: String,
    /// Record or note; empty where it is about the case as a whole.
    pub id: String,
    /// What it says in short.
    pub title: String,
    /// At which moment, where it has one.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub at: Option<Millis>,
    /// By which day, where it has one.
    pub day: Option<String>,
    /// More on it, by its code: a step of outreach, a type of appointment.
    pub detail: String,
    /// A task that is urgent, a finding that is critical, a contact in the residence.
    pub urgent: bool,
    /// Name of who is to do it; empty where it is nobody in particular.
    pub owner: String,
}

/// What a worker carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct LoadView {
    /// Staff id; empty for cases of which nobody is the worker.
    pub staff: String,
    /// Name.
    pub name: String,
    /// It is me.
    pub me: bool,
    /// Open cases.
    pub cases: u32,
    /// What they weigh with travel, in points.
    pub weight: u32,
    /// Minutes of travel in a week, by the last four.
    pub travel_min: u32,
    /// Contacts that are overdue.
    pub overdue: u32,
    /// Contacts due within a week.
    pub due_soon: u32,
    /// It weighs more than the agency's rules have it.
    pub heavy: bool,
    /// More is due within a week than that.
    pub spike: bool,
}

/// Figures over a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ReportView {
    /// By name, months by time.
    pub rows: Vec<ReportRow>,
    /// All of it.
    pub total: ReportRow,
    /// Cases that were looked at.
    pub looked_at: u32,
    /// Cases whose newest work has not been read in yet: they are not counted.
    pub unread: u32,
}

/// Figures of one worker, programme or month. What belongs to nobody has an empty name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ReportRow {
    /// Name of the worker, programme, or the month as `2026-11`.
    pub name: String,
    /// Open cases.
    pub cases: u32,
    /// What they weigh, in points.
    pub weight: u32,
    /// Contacts that the standards asked for.
    pub contacts_due: u32,
    /// Of these, made.
    pub contacts_met: u32,
    /// All contacts that were made.
    pub contacts_made: u32,
    /// Attempts in vain.
    pub attempts: u32,
    /// Appointments to which the client did not come.
    pub no_shows: u32,
    /// Units of the contacts that were made.
    pub units: u32,
    /// Contacts on which a note stands.
    pub noted: u32,
    /// Of these, in time.
    pub noted_in_time: u32,
    /// Hours from a contact to its note, in all.
    pub note_hours: u32,
    /// Tasks that were due.
    pub tasks_due: u32,
    /// Of these, done.
    pub tasks_done: u32,
    /// Plans whose review was due by the last day and is open.
    pub plans_overdue: u32,
    /// Referrals begun.
    pub referrals_begun: u32,
    /// Referrals that ended, however.
    pub referrals_ended: u32,
    /// Of these, those by which somebody was served.
    pub referrals_served: u32,
    /// Appeals decided, by their outcome.
    pub appeals: Vec<(String, u32)>,
}
