//! What views may ask, what they are answered and what they are told. These types are the whole
//! contract of the interface; TypeScript's are generated from them. Times are milliseconds since
//! the Unix epoch by the author's device, ids lower-case hex.

use satchel_wire::{Millis, Refusal};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A person's wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Begin an agency on a fresh relay; answers `Unlocked`.
    Found {
        /// The relay's set-up link.
        link: String,
        /// Name of the agency.
        agency: String,
        /// Name of the person who sets up, its first admin.
        name: String,
        /// At least [`crate::vault::PASSPHRASE_LEN_MIN`] characters.
        passphrase: String,
    },
    /// Join an agency with an invite; answers `Unlocked`. Records follow when the relay is reached.
    Join {
        /// The invite's link.
        link: String,
        /// At least [`crate::vault::PASSPHRASE_LEN_MIN`] characters.
        passphrase: String,
    },
    /// Open the vault; answers `Unlocked`.
    Unlock {
        /// The passphrase.
        passphrase: String,
    },
    /// Forget all keys until the next `Unlock`; answers `Done`.
    Lock,
    /// What became of my work; answers `Work`.
    Work,
    /// The cases that match; answers `Caseload`.
    Caseload {
        /// Words to look for in names, numbers and notes; empty for all.
        search: String,
    },
    /// One case; answers `Case`.
    Case {
        /// Its id.
        case: String,
    },
    /// A new case; answers `Created`.
    NewCase {
        /// Values by field key, see [`FieldView::key`].
        fields: Vec<(String, String)>,
        /// Profiles that work on it besides me and those who lead.
        team: Vec<String>,
    },
    /// Set one field; answers `Done` once it is saved.
    SetField {
        /// Case.
        case: String,
        /// Field key.
        key: String,
        /// New value; empty to clear.
        value: String,
    },
    /// Settle a conflict by one of its sides; answers `Done`.
    Choose {
        /// Case.
        case: String,
        /// Field key.
        key: String,
        /// [`Side::id`] of the side that stays.
        side: String,
    },
    /// Write a note; the case's draft is gone with it; answers `Done` once it is saved.
    AddNote {
        /// Case.
        case: String,
        /// The text.
        text: String,
    },
    /// Keep what has been typed so far; empty text drops the draft; answers `Done` once it is kept.
    SaveDraft {
        /// Case.
        case: String,
        /// The text.
        text: String,
    },
    /// Look at a CSV of case notes without changing anything; answers `ImportPreview`.
    PreviewImport {
        /// The whole file.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        file: ByteBuf,
    },
    /// Take the file in, whole or not at all; answers `Imported`.
    Import {
        /// The whole file.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        file: ByteBuf,
        /// As in `NewCase`.
        team: Vec<String>,
    },
    /// Who belongs to the agency; answers `Staff`.
    Staff,
    /// Invite somebody (or a second tablet of somebody); answers `Invited`.
    Invite {
        /// Their name, as the team will read it.
        name: String,
        /// As what.
        role: RoleName,
        /// Let them into all the cases that I am in.
        share_cases: bool,
    },
    /// Let a member into a case; answers `Done`.
    Share {
        /// Case.
        case: String,
        /// Profile of the member.
        profile: String,
    },
}

/// A role, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// Reads only.
    Auditor,
    /// Keeps cases.
    Worker,
    /// Decides who works on a case.
    Supervisor,
    /// Runs the agency.
    Admin,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// It is done, and on this tablet's disk.
    Done,
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
    /// Cases, those with something to settle first, then by name.
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
    /// A new case.
    Created {
        /// Its id.
        case: String,
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
    /// It was not done, and nothing has changed.
    Failed {
        /// Why.
        failure: Failure,
    },
}

/// Why something was not done. The code chooses the words that a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Failure {
    /// The vault is locked.
    #[error("locked: unlock first")]
    Locked,
    /// There is a profile here already, or none.
    #[error("this tablet's profile is not in a state for that")]
    WrongMoment,
    /// The passphrase does not open the vault.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Too short.
    #[error("a passphrase needs at least {min} characters")]
    ShortPassphrase {
        /// Characters.
        min: u32,
    },
    /// Neither a set-up link nor an invite, or cut.
    #[error("the link is incomplete or not one of Satchel's")]
    BadLink,
    /// No such case, field, side or member here.
    #[error("not found on this tablet")]
    NotFound,
    /// My role does not allow it.
    #[error("your role does not allow that")]
    NotAllowed,
    /// A required text is empty.
    #[error("{field} is empty")]
    Empty {
        /// Field key.
        field: String,
    },
    /// A text is too long.
    #[error("{field} is longer than {max} bytes")]
    TooLong {
        /// Field key.
        field: String,
        /// Bytes of UTF-8.
        max: u32,
    },
    /// The agency's own data are not here yet: connect once.
    #[error("wait for the first connection to the relay")]
    NotReady,
    /// The file is larger than an import may be.
    #[error("the file is larger than {max_mb} MB")]
    ImportTooBig {
        /// Megabytes.
        max_mb: u32,
    },
    /// The file is not UTF-8 text.
    #[error("the file is not UTF-8 text (first problem in line {line})")]
    ImportEncoding {
        /// From 1.
        line: u32,
    },
    /// The file has no column for what every note needs.
    #[error("the file has no column {column}")]
    ImportMissingColumn {
        /// The column's usual name.
        column: String,
        /// Headers that the file does have.
        found: Vec<String>,
    },
    /// The file ends in the middle of a row, or a row has too few or too many cells.
    #[error("the file is cut or broken at line {line}")]
    ImportTruncated {
        /// From 1.
        line: u32,
    },
    /// A cell holds more than a note or a field may.
    #[error("a cell in line {line} is too long")]
    ImportCellTooLong {
        /// From 1.
        line: u32,
    },
    /// The file has a header and nothing else, or nothing at all.
    #[error("the file has no rows")]
    ImportEmpty,
    /// The device could not work with what it has stored.
    #[error("what this tablet has stored cannot be read")]
    Damaged,
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
}

/// Who I am.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Me {
    /// My profile's id.
    pub profile: String,
    /// My name; empty until the agency's directory is here.
    pub name: String,
    /// Name of the agency; empty likewise.
    pub agency: String,
    /// My role.
    pub role: RoleName,
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
    /// Conflicts that wait for somebody, in all my cases; none while locked.
    pub conflicts: u32,
    /// Cases whose newest envelopes are still being read in.
    pub folding: u32,
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
    /// Fields that wait for a choice.
    pub conflicts: u32,
    /// My changes that are only on this tablet.
    pub unsent: u32,
    /// A draft is waiting.
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
    /// Text typed and not yet saved as a note.
    pub draft: String,
    /// Who may read and write it.
    pub team: Vec<AccessView>,
    /// Members who are not in it and whom I may let in.
    pub may_add: Vec<AccessView>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FieldView {
    /// A key of [`crate::record::FIELDS`], or `extra.` and the header of an imported column.
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

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct NoteView {
    /// Id within the case.
    pub id: String,
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// It came with an import.
    pub imported: bool,
    /// How far it has come.
    pub stage: Stage,
    /// Names of those whose device has opened it, for my own.
    pub seen_by: Vec<String>,
}

/// Somebody with access to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AccessView {
    /// Profile or invite.
    pub profile: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: RoleName,
    /// Invited, not joined yet.
    pub invited: bool,
    /// This is me.
    pub me: bool,
}

/// A member of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct StaffView {
    /// Profile.
    pub profile: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: RoleName,
    /// This is me.
    pub me: bool,
}

/// An invite that is open or void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct InviteView {
    /// Whom it is for.
    pub name: String,
    /// As what.
    pub role: RoleName,
    /// Claimed by more than one tablet: none of them counts.
    pub void: bool,
    /// Until when it may be claimed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub expires_at: Millis,
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
