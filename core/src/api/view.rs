//! What views show: nothing that a person may not read, no keys, no envelopes.

use satchel_wire::{Millis, Refusal};
use serde::{Deserialize, Serialize};

use super::{
    AccessView, CompartmentView, HandOverView, KitStage, LateView, RestoreStage, RoleName,
    RulingView, Standing, WithinView, WordsView,
};

/// Who I am.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Me {
    /// My profile's id.
    pub profile: String,
    /// My staff id.
    pub staff: String,
    /// My name; empty until the agency's directory is here.
    pub name: String,
    /// Name of the agency; empty likewise.
    pub agency: String,
    /// My role.
    pub role: RoleName,
    /// Minutes without anybody until the tablet is to lock, by the agency's rules.
    pub auto_lock_minutes: u32,
    /// How this tablet stands with the agency.
    pub standing: Standing,
    /// The words to compare while nobody has confirmed it.
    pub words: Option<WordsView>,
    /// How far the recovery kit has come, on the tablet that holds it.
    pub kit: KitStage,
    /// How a restore goes, while it is not done.
    pub restoring: Option<RestoreStage>,
}

/// The connection to the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Connection {
    /// No connection; the next try is under way or planned.
    Offline,
    /// Connected, and fetching or sending.
    Syncing,
    /// Connected, and level with the relay.
    Level,
    /// The relay will not have this profile, or app and relay do not understand each other.
    Refused {
        /// Why.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        refusal: Refusal,
    },
}

/// What is always in sight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Status {
    /// The connection.
    pub connection: Connection,
    /// Changes that are only on this tablet.
    pub unsent: u32,
    /// Changes that the relay would not take.
    pub held: u32,
    /// When this tablet last had all that the relay had, by the relay's clock.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub complete_at: Option<Millis>,
    /// What waits for somebody to review, in all my cases; none while locked.
    pub conflicts: u32,
    /// Cases whose newest envelopes are still being read in.
    pub folding: u32,
    /// Logs in which the relay has left out something that a colleague has seen.
    pub withheld: u32,
}

/// How far a piece of my work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Somebody else's work, which has arrived here.
    Received,
    /// Saved on this tablet.
    Here,
    /// On the relay's disk too.
    Sent,
    /// Opened by another device of the team.
    Seen,
    /// The relay would not take it.
    Held,
}

/// What became of my work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Work {
    /// As always in sight.
    pub status: Status,
    /// Cases in which I have written, those with work still here first, then newest first.
    pub cases: Vec<CaseWork>,
    /// The relay was put back from a backup, if it ever was since this tablet knows it.
    pub restored: Option<RestoredView>,
}

/// What became of a relay that was put back from a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RestoredView {
    /// When that was noticed, by the relay's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// Envelopes that it had lost and has been handed back.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub handed: u64,
    /// Names of those whose tablets handed them back.
    pub by: Vec<String>,
    /// Cases of this tablet of which it is not known yet whether the relay has all.
    pub pending: u32,
}

/// What became of my work in one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CaseWork {
    /// Case id.
    pub case: String,
    /// Its name.
    pub name: String,
    /// My changes in all.
    pub mine: u32,
    /// Of these, only here.
    pub unsent: u32,
    /// Stage of the latest.
    pub stage: Stage,
    /// Names of those whose device has opened the latest.
    pub seen_by: Vec<String>,
    /// Why the relay would not take it, when held.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub refusal: Option<Refusal>,
    /// When I wrote the latest.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// One line of the caseload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CaseRow {
    /// Id.
    pub case: String,
    /// Name of the person; the case number when there is no name.
    pub name: String,
    /// Case number.
    pub number: String,
    /// Notes in it.
    pub notes: u32,
    /// When the newest note was written.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_note_at: Option<Millis>,
    /// Findings that wait for somebody.
    pub conflicts: u32,
    /// The gravest of them.
    pub severity: Option<Severity>,
    /// State of the case, see the kind `case`; empty when nobody has set it.
    pub state: String,
    /// Acuity 1 (highest) to 4; empty likewise.
    pub acuity: String,
    /// Codes of the safety flags that stand.
    pub flags: Vec<String>,
    /// The next appointment's start.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next_at: Option<Millis>,
    /// The earliest day on which something is due.
    pub due: Option<String>,
    /// My changes that are only on this tablet.
    pub unsent: u32,
    /// Something is begun in one of its forms and not saved.
    pub draft: bool,
    /// Where the search matched in a note: some words around it.
    pub excerpt: Option<String>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CaseView {
    /// Id.
    pub case: String,
    /// As in [`CaseRow::name`].
    pub name: String,
    /// Person fields in the order of the form, then what an import brought along.
    pub fields: Vec<FieldView>,
    /// Newest first.
    pub notes: Vec<NoteView>,
    /// All records, by kind and then by time of their beginning.
    pub records: Vec<RecordView>,
    /// What waits for somebody to look at in this case, then what was settled.
    pub findings: Vec<FindingView>,
    /// A newer app has written here what this one does not know; it is kept as it is.
    pub newer: bool,
    /// Who may read and write it.
    pub team: Vec<AccessView>,
    /// Members who are not in it and whom I may let in.
    pub may_add: Vec<AccessView>,
    /// Work that came late from somebody who was taken out.
    pub late: Vec<LateView>,
    /// What was decided about such work, newest first.
    pub rulings: Vec<RulingView>,
    /// Every hand-over of it, newest first.
    pub hand_overs: Vec<HandOverView>,
    /// Its compartments that I may read.
    pub compartments: Vec<CompartmentView>,
    /// Of a compartment: the case to which it belongs.
    pub within: Option<Box<WithinView>>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FieldView {
    /// A key of [`crate::case::FIELDS`], or `extra.` and the header of an imported column.
    pub key: String,
    /// The value that stands, for the time being when there is a conflict.
    pub value: String,
    /// Who set it; empty when nobody has.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub at: Option<Millis>,
    /// Two or more when people set it to different values apart from each other.
    pub sides: Vec<Side>,
}

/// One side of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Side {
    /// To choose it by.
    pub id: String,
    /// The value.
    pub value: String,
    /// Who set it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// What a new note says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct NewNoteView {
    /// Code of its format, see [`crate::note::FORMATS`].
    pub format: String,
    /// Texts by section of the format.
    pub sections: Vec<(String, String)>,
    /// When it happened, where that is not now: a late entry.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub happened_at: Option<Millis>,
    /// The signed note to which this one is an addendum.
    pub addendum_to: Option<String>,
    /// Sign it at once.
    pub sign: bool,
    /// It needs a supervisor's signature as well.
    pub cosign: bool,
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct NoteView {
    /// Id within the case.
    pub id: String,
    /// Code of its format.
    pub format: String,
    /// Texts by section, in the order of the format: the signed ones once it is signed.
    pub sections: Vec<(String, String)>,
    /// Names what is written and signed here, to be given with what is done to it.
    pub revision: String,
    /// `draft`, `signed`, `cosign-pending`, `cosigned`; of an imported note empty.
    pub state: String,
    /// Whose words it holds.
    pub author: String,
    /// Nobody has confirmed that the author's tablet is theirs.
    pub unconfirmed: bool,
    /// When it was written.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// Who made an addendum of these words by settling a finding, and when.
    pub made: Option<MadeView>,
    /// When it happened, where that was told apart: a late entry shows both.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub happened_at: Option<Millis>,
    /// Who signed, and when, in order.
    pub signatures: Vec<SignatureView>,
    /// The note to which this is an addendum.
    pub addendum_to: Option<String>,
    /// Why it was struck, if it was, by whom and when.
    pub struck: Option<PastView>,
    /// I may change it: it is a draft.
    pub may_edit: bool,
    /// I may sign it: as its author, or as the second where one is awaited.
    pub may_sign: bool,
    /// I may strike it.
    pub may_strike: bool,
    /// It came with an import.
    pub imported: bool,
    /// How far it has come.
    pub stage: Stage,
    /// Names of those whose device has opened it, for my own.
    pub seen_by: Vec<String>,
}

/// Who made an addendum of somebody's words, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MadeView {
    /// Name.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// A signature under a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SignatureView {
    /// Name.
    pub name: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// It is the second signature.
    pub cosign: bool,
}

/// A value that was, with its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PastView {
    /// The text; empty when it was cleared.
    pub value: String,
    /// Who set it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RecordView {
    /// Code of its kind.
    pub kind: String,
    /// Id within the case.
    pub id: String,
    /// Who began it.
    pub author: String,
    /// Nobody has confirmed that the author's tablet is theirs.
    pub unconfirmed: bool,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// Its fields that hold something, state included, in the order of the form.
    pub fields: Vec<FieldView>,
    /// The states to which I may set it now.
    pub next: Vec<String>,
    /// For a medication: the ingredients as which its name was read; none when it is not recognised.
    pub read_as: Vec<String>,
}

/// How soon somebody has to look at a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// At once: it has to be acknowledged.
    Critical,
    /// The same day.
    High,
    /// At leisure.
    Medium,
    /// To know.
    Low,
}

/// What two people's work means together, and what may be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FindingView {
    /// Id within the case: the same on every device.
    pub id: String,
    /// Case.
    pub case: String,
    /// Its name.
    pub case_name: String,
    /// Code of what met, see [`crate::finding::RULES`].
    pub rule: String,
    /// How soon.
    pub severity: Severity,
    /// What met.
    pub sides: Vec<FindingSide>,
    /// What words need beyond the sides, by name: an effect, a source, a field's key.
    pub details: Vec<(String, String)>,
    /// Codes of what may be done, the proposal first.
    pub choices: Vec<String>,
    /// It cannot be settled without a reason.
    pub reason_needed: bool,
    /// Why I may not settle it: empty when I may; otherwise the role that may.
    pub reserved_for: Option<RoleName>,
    /// How it was settled: the choice that stands.
    pub settled: Option<SettledView>,
}

/// One side of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FindingSide {
    /// To choose it by, where a choice names a side (`side:<id>`).
    pub id: String,
    /// Kind of the record; `note`, `person`, or `elsewhere` for what lies in a case that is not to
    /// be disclosed.
    pub kind: String,
    /// Id of the record; empty for `person` and `elsewhere`.
    pub record: String,
    /// The field it is about, if it is about one.
    pub key: String,
    /// What it says in short: a drug and its dose, a time and place, the value of a field.
    pub value: String,
    /// Who wrote that; empty when it is not to be disclosed.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// How a finding was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SettledView {
    /// The choice.
    pub choice: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// An appointment in the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CalendarEntry {
    /// Case.
    pub case: String,
    /// Its name.
    pub case_name: String,
    /// Id of the appointment.
    pub id: String,
    /// What for.
    pub title: String,
    /// Code of its type.
    pub kind: String,
    /// State.
    pub state: String,
    /// Where.
    pub place: String,
    /// Whose: name of the worker.
    pub staff: String,
    /// It is mine.
    pub mine: bool,
    /// Start.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub start: Millis,
    /// End.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub end: Millis,
    /// Minutes of travel before it.
    pub travel_min: u32,
    /// It overlaps with another one of the same worker or client.
    pub clash: bool,
}

/// What an import would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ImportPreview {
    /// Rows in the file.
    pub rows: u32,
    /// Cases that would be made: rows with the same case number are one case.
    pub cases: u32,
    /// Where each column goes: header, then field key or `note`.
    pub columns: Vec<(String, String)>,
    /// The first rows, cell by cell.
    pub sample: Vec<Vec<String>>,
    /// Case numbers that are on this tablet already: importing makes second cases of them.
    pub known_numbers: Vec<String>,
    /// The file does not end with a line break: it may have been cut.
    pub maybe_cut: bool,
}
