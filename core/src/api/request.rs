//! What a person may ask for.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::{
    AssessAsk, BundleAsk, CareAsk, DayAsk, Form, FormsAsk, ResourcesAsk, SheetName, TermsAsk,
    VisitAsk, hand_over::HandOverStep, view::NewNoteView,
};

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
    /// Restore an agency from its kit: this tablet becomes an admin's, and fetches and opens everything
    /// that the relay has; answers `Unlocked`.
    Restore {
        /// The root sheet, as scanned or typed.
        root: String,
        /// The recovery sheet, likewise.
        recovery: String,
        /// Address of the agency's relay.
        url: String,
        /// Name of the person, as the team will read it.
        name: String,
        /// At least [`crate::vault::PASSPHRASE_LEN_MIN`] characters.
        passphrase: String,
    },
    /// The recovery kit, on the tablet that holds it; a wrong passphrase counts as a wrong try. Answers
    /// `Kit`.
    Kit {
        /// The passphrase.
        passphrase: String,
    },
    /// Words read back from a printed sheet; answers `Done` when they are right.
    CheckKit {
        /// Which sheet.
        sheet: SheetName,
        /// At least four, each with its place from 1 on.
        words: Vec<(u32, String)>,
    },
    /// Delete the kit's seeds from this tablet once both sheets were read back; answers `Done`.
    DropSeeds {
        /// The passphrase.
        passphrase: String,
    },
    /// Open the vault; answers `Unlocked`.
    Unlock {
        /// The passphrase.
        passphrase: String,
    },
    /// Take another passphrase from now on, for this vault on this tablet; answers `Done`. A wrong old
    /// one counts as a wrong try.
    ChangePassphrase {
        /// The one until now.
        old: String,
        /// At least [`crate::vault::PASSPHRASE_LEN_MIN`] characters.
        new: String,
    },
    /// Forget all keys until the next `Unlock`; answers `Done`.
    Lock,
    /// What became of my work; answers `Work`.
    Work,
    /// The cases that match; answers `Caseload`.
    Caseload {
        /// Words to look for in names, numbers and notes; empty for all.
        search: String,
        /// The calendar day where the person is, `2026-11-23`: what is due is told by it.
        today: String,
    },
    /// One case; answers `Case`.
    Case {
        /// Its id.
        case: String,
    },
    /// A new case; its form's draft is gone with it; answers `Created`.
    NewCase {
        /// Values by field key, see [`FieldView::key`].
        fields: Vec<(String, String)>,
        /// Profiles that work on it besides me and those who lead.
        team: Vec<String>,
    },
    /// Begin a compartment of a case, which only some of its readers read; answers `Created`.
    NewCompartment {
        /// The case.
        case: String,
        /// Code of its kind, see [`crate::compartment::KINDS`].
        kind: String,
        /// Profiles that read it besides me and those who lead; all of them read the case.
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
    /// Begin a record (its form's draft is gone with it), or set fields of one; answers `Saved`.
    PutRecord {
        /// Case.
        case: String,
        /// Code of its kind, see [`crate::record::schema`]; `person` for the person's fields.
        kind: String,
        /// Which one; none for a new record.
        id: Option<String>,
        /// Values by field key; `state` for its state; empty to clear.
        values: Vec<(String, String)>,
    },
    /// All values that a field ever had; answers `History`.
    History {
        /// Case.
        case: String,
        /// As in `PutRecord`.
        kind: String,
        /// As in `PutRecord`; ignored for `person`.
        id: String,
        /// Field key.
        key: String,
    },
    /// What waits for somebody to look at, in all my cases; answers `Review`.
    Review,
    /// Settle a finding; answers `Saved`.
    Settle {
        /// Case.
        case: String,
        /// [`FindingView::id`].
        finding: String,
        /// One of [`FindingView::choices`].
        choice: String,
        /// Why; required where [`FindingView::reason_needed`].
        reason: String,
    },
    /// Take back one of my latest deeds since unlocking; answers `Done`.
    Undo {
        /// From `Saved`.
        token: u32,
    },
    /// Appointments in all my cases that touch a span; answers `Calendar`.
    Calendar {
        /// From then on.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        from: Millis,
        /// Until before then.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        to: Millis,
    },
    /// Write a note; the case's draft is gone with it; answers `Saved`.
    AddNote {
        /// Case.
        case: String,
        /// What it says and how.
        note: NewNoteView,
    },
    /// Change a note that is still a draft; answers `Saved`.
    EditNote {
        /// Case.
        case: String,
        /// Note.
        note: String,
        /// [`NoteView::revision`] that the person had before their eyes.
        seen: String,
        /// Texts by section.
        sections: Vec<(String, String)>,
    },
    /// Sign a note, or add the second signature to one that waits for it; answers `Saved`.
    SignNote {
        /// Case.
        case: String,
        /// Note.
        note: String,
        /// As in `EditNote`.
        seen: String,
    },
    /// Strike a note: it stays legible, marked as an error; answers `Saved`.
    StrikeNote {
        /// Case.
        case: String,
        /// Note.
        note: String,
        /// Why.
        reason: String,
    },
    /// What has been typed into forms and is not saved yet; answers `Drafts`.
    Drafts,
    /// Keep what has been typed so far; empty text drops the draft; answers `Done` once it is kept.
    SaveDraft {
        /// Where it is typed.
        form: Form,
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
    /// The agency's own table of medicines; answers `MedicineTable`.
    MedicineTable,
    /// Look at a CSV of rows for it without changing anything; for admins; answers `MedicinePreview`.
    PreviewMedicines {
        /// The whole file.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        file: ByteBuf,
    },
    /// Make it the agency's table, in the place of the one before; for admins; answers `Done`.
    SetMedicines {
        /// The whole file.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        file: ByteBuf,
    },
    /// Take the agency's table away; for admins; answers `Done`.
    RemoveMedicines,
    /// The agency's rules; answers `Policy`.
    Policy,
    /// Set rules, all or none; for admins; answers `Done`.
    SetPolicy {
        /// Whole numbers by key, see [`crate::policy::RULES`].
        rules: Vec<(String, String)>,
    },
    /// Change the policy document; for admins; answers `Done`.
    SetTerms {
        /// What of it.
        ask: TermsAsk,
    },
    /// Who did what, the latest first; for those who lead or audit; answers `AccessLog`. What is empty
    /// does not matter.
    AccessLog {
        /// To which case; a case of others, too, since the log tells of all.
        of_case: String,
        /// A staff id.
        staff: String,
        /// A code, see [`AccessEntryView::deed`](super::AccessEntryView::deed).
        deed: String,
        /// From then on.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        from: Millis,
        /// Until before then.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        to: Millis,
        /// From the page before, to go on with what is older.
        before: Option<u32>,
    },
    /// The agency's forms.
    Forms {
        /// What of them.
        ask: FormsAsk,
    },
    /// The agency's resource directory.
    Resources {
        /// What of it.
        ask: ResourcesAsk,
    },
    /// The assessments of a case.
    Assess {
        /// Case.
        case: String,
        /// What of them.
        ask: AssessAsk,
    },
    /// Files that travel on a stick; answers `Bundle`.
    Bundle {
        /// What.
        ask: BundleAsk,
    },
    /// Planning, advocacy and corrections of a case.
    Care {
        /// Case.
        case: String,
        /// What of them.
        ask: CareAsk,
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
    /// Take a tablet out of the agency and of all cases for ever, or take an invite back; answers
    /// `Done`.
    Revoke {
        /// The profile, or the invite's key.
        key: String,
    },
    /// Take a tablet out of the agency, as `Revoke` does, and invite whose it was to another one with
    /// the same cases: it is lost, or its passphrase is forgotten; answers `Invited`.
    Replace {
        /// The profile.
        profile: String,
    },
    /// Confirm the tablet that claimed an invite, after its six words and those shown here have been
    /// compared; whoever else claimed the same invite is taken out. Answers `Done`.
    Confirm {
        /// The profile.
        profile: String,
    },
    /// Take a member out of a case; answers `Done`.
    TakeOut {
        /// Case.
        case: String,
        /// Profile of the member, or the invite's key.
        profile: String,
    },
    /// Decide on the work that somebody who was taken out of a case sent late; answers `Done`.
    Rule {
        /// Case.
        case: String,
        /// Whose work.
        profile: String,
        /// Whether it counts.
        stands: bool,
        /// Why, kept in the case; required for what does not count.
        reason: String,
    },
    /// Offer a case to a colleague who is to take my place in it, and let them in where I may; answers
    /// `Done`. What of mine nobody has answered yet is taken back.
    HandOver {
        /// Case.
        case: String,
        /// Staff id of the colleague.
        to: String,
        /// Why.
        reason: String,
    },
    /// Go on with a hand-over; answers `Done`.
    AnswerHandOver {
        /// Case.
        case: String,
        /// [`HandOverView::id`].
        hand_over: String,
        /// One of [`HandOverView::may`].
        step: HandOverStep,
        /// Why; required to decline, and kept for that only.
        reason: String,
    },
    /// Something about a visit of a case; answers by what is asked.
    Visit {
        /// Case.
        case: String,
        /// What.
        ask: VisitAsk,
    },
    /// Something across all cases; answers by what is asked.
    Day {
        /// What.
        ask: DayAsk,
    },
    /// Let a member into a case; answers `Done`.
    Share {
        /// Case.
        case: String,
        /// Profile of the member.
        profile: String,
        /// What for, kept in the case; empty when nothing in particular.
        purpose: String,
    },
}

impl Request {
    /// Whether it leaves the agency's records as they are: all that an auditor may ask for.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Found { .. }
            | Self::Restore { .. }
            | Self::Kit { .. }
            | Self::CheckKit { .. }
            | Self::DropSeeds { .. }
            | Self::Join { .. }
            | Self::Unlock { .. }
            | Self::Lock
            | Self::ChangePassphrase { .. }
            | Self::Work
            | Self::Caseload { .. }
            | Self::Case { .. }
            | Self::History { .. }
            | Self::Review
            | Self::Calendar { .. }
            | Self::Drafts
            | Self::PreviewImport { .. }
            | Self::MedicineTable
            | Self::PreviewMedicines { .. }
            | Self::Policy
            | Self::AccessLog { .. }
            | Self::Day { .. }
            | Self::Bundle { .. }
            | Self::Staff => true,
            Self::NewCase { .. }
            | Self::NewCompartment { .. }
            | Self::SetField { .. }
            | Self::PutRecord { .. }
            | Self::Settle { .. }
            | Self::Undo { .. }
            | Self::AddNote { .. }
            | Self::EditNote { .. }
            | Self::SignNote { .. }
            | Self::StrikeNote { .. }
            | Self::SaveDraft { .. }
            | Self::Import { .. }
            | Self::SetMedicines { .. }
            | Self::RemoveMedicines
            | Self::SetPolicy { .. }
            | Self::SetTerms { .. }
            | Self::Invite { .. }
            | Self::Share { .. }
            | Self::HandOver { .. }
            | Self::AnswerHandOver { .. }
            | Self::Revoke { .. }
            | Self::Replace { .. }
            | Self::Confirm { .. }
            | Self::TakeOut { .. }
            | Self::Rule { .. } => false,
            Self::Forms { ask } => ask.only_reads(),
            Self::Resources { ask } => ask.only_reads(),
            Self::Assess { ask, .. } => ask.only_reads(),
            Self::Visit { ask, .. } => ask.only_reads(),
            Self::Care { ask, .. } => ask.only_reads(),
        }
    }
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
