//! What a person is answered, and told without asking.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use super::{
    BundleSaid, DraftView, Failure, HandOverView, InviteView, KitView, ReportView, ResourcesAnswer,
    RoleName, StaffView, TodayView, VisitView, access::*, assessment::*, care::*, medicines::*,
    policy::*, view::*,
};

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// It is done, and on this tablet's disk.
    Done,
    /// Of files that travel on a stick.
    Bundle {
        /// What was asked for.
        said: BundleSaid,
    },
    /// The vault is open.
    Unlocked {
        /// Who I am.
        me: Me,
    },
    /// What became of my work.
    Work {
        /// All of it.
        work: Work,
    },
    /// Cases: what is grave or due first, then by name.
    Caseload {
        /// One for each case that matched.
        rows: Vec<CaseRow>,
        /// How many cases there are in all.
        total: u32,
    },
    /// One case.
    Case {
        /// All of it.
        case: CaseView,
    },
    /// It is done, and on this tablet's disk.
    Saved {
        /// Id of the record or note.
        id: String,
        /// To take it back with `Undo`; none where there is nothing to take back.
        undo: Option<u32>,
    },
    /// All values that a field ever had, newest first.
    History {
        /// Each with author and time.
        values: Vec<PastView>,
    },
    /// What waits for somebody to look at: the gravest first, then the oldest.
    Review {
        /// Open findings of all my cases.
        findings: Vec<FindingView>,
        /// Cases that somebody wants to hand over, where I am to do the next step; the oldest first.
        hand_overs: Vec<HandOverView>,
        /// Settled of late, newest first.
        settled: Vec<FindingView>,
    },
    /// Appointments by start.
    Calendar {
        /// All that touch the span asked for.
        entries: Vec<CalendarEntry>,
    },
    /// A new case.
    Created {
        /// Its id.
        case: String,
    },
    /// What has been typed into forms and is not saved yet.
    Drafts {
        /// All of it.
        drafts: Vec<DraftView>,
    },
    /// What an import would do.
    ImportPreview {
        /// All of it.
        preview: ImportPreview,
    },
    /// What an import did.
    Imported {
        /// New cases.
        cases: u32,
        /// Notes in them.
        notes: u32,
    },
    /// The agency's own table of medicines.
    MedicineTable {
        /// All of it.
        table: MedicineTableView,
    },
    /// What a file would add to the table of medicines.
    MedicinePreview {
        /// Its rows.
        rows: MedicineRows,
    },
    /// What is reckoned from a case's records.
    Care {
        /// All of it.
        care: CareView,
    },
    /// The agency's rules.
    Policy {
        /// All of them.
        policy: PolicyView,
    },
    /// Who did what.
    AccessLog {
        /// A page of it.
        log: AccessLogView,
    },
    /// The agency's forms.
    FormLibrary {
        /// All of them.
        library: FormLibraryView,
    },
    /// A form before anything is answered.
    FormPreview {
        /// All of it.
        form: FormPreview,
    },
    /// The assessments of a case, newest first.
    Assessments {
        /// All of them.
        assessments: Vec<AssessmentRow>,
    },
    /// One assessment.
    Assessment {
        /// All of it.
        assessment: Box<AssessmentView>,
    },
    /// Of the agency's resource directory.
    Resources {
        /// What was asked for.
        answer: ResourcesAnswer,
    },
    /// What goes with a visit.
    Visit {
        /// All of it.
        visit: VisitView,
    },
    /// What the day holds.
    Today {
        /// All of it.
        today: Box<TodayView>,
    },
    /// Figures over a time.
    Report {
        /// All of them.
        report: Box<ReportView>,
    },
    /// A text to be saved as a file.
    File {
        /// Its name.
        name: String,
        /// The text.
        text: String,
    },
    /// Who belongs to the agency.
    Staff {
        /// Name of the agency.
        agency: String,
        /// Everybody with a tablet.
        staff: Vec<StaffView>,
        /// Invites that nobody has claimed yet, or that were claimed twice.
        invites: Vec<InviteView>,
        /// The roles that I may invite; empty when I may invite nobody.
        may_invite: Vec<RoleName>,
    },
    /// An invite.
    Invited {
        /// Open this on the other tablet, or show it as a QR code. Whoever has it can join.
        link: String,
        /// Until when, in milliseconds since the Unix epoch.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        expires_at: Millis,
    },
    /// The recovery kit.
    Kit {
        /// Both sheets.
        kit: KitView,
    },
    /// It was not done, and nothing has changed.
    Failed {
        /// Why.
        failure: Failure,
    },
}

/// What the engine tells without being asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// An answer.
    Reply {
        /// The request's number.
        id: u32,
        /// The answer.
        reply: Reply,
    },
    /// The engine has read the disk: which screen is first.
    Ready {
        /// What is here.
        stage: ProfileStage,
    },
    /// After wrong passphrases none is tried for a while. Told when a pause begins, when somebody
    /// comes too soon, and at the start if one is not over.
    Pause {
        /// For how long from now, in milliseconds.
        wait_ms: u32,
    },
    /// Connection or counts have changed.
    Status {
        /// All of it.
        status: Status,
    },
    /// My name, my agency or its name have become known or changed.
    Me {
        /// Who I am.
        me: Me,
    },
    /// These cases look different now; without ids: any may.
    Changed {
        /// Ids.
        cases: Vec<String>,
    },
}

/// What a profile's storage holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ProfileStage {
    /// Nothing: found or join.
    Empty,
    /// A locked vault.
    Locked,
    /// An open one.
    Unlocked,
    /// Nothing any more: the tablet was taken out of its agency.
    Dismissed,
}
