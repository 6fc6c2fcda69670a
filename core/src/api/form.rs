//! The forms in which a person types before anything is saved: what is typed so far is their draft.

use serde::{Deserialize, Serialize};

use super::{Request, VisitAsk};

/// Which form it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Form {
    /// Of which sort.
    pub name: FormName,
    /// The case; empty for one that is only beginning.
    pub case: String,
    /// What in the case, by the form's sort; empty where there is only one such form.
    pub about: String,
}

/// The sorts of forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum FormName {
    /// A new case.
    NewCase,
    /// A field of the person; about its key.
    Field,
    /// A record; about its kind, and `kind/id` when it is one that exists.
    Record,
    /// Why a record's state changes; about its `kind/id`.
    State,
    /// A new note or addendum.
    Note,
    /// What is typed on a visit; about its id, empty before it has begun.
    Visit,
    /// A change of a note; about its id.
    NoteChange,
    /// Why a note is struck; about its id.
    Strike,
    /// Why a finding is settled so; about its id.
    Settle,
    /// Answers that are typed and not saved yet; about the assessment's id.
    Assessment,
    /// Why a case is handed over; about the hand-over's id, why it is not taken.
    HandOver,
    /// What somebody is let into a case for.
    Sharing,
    /// Why late work counts or does not; about the profile whose it is.
    Ruling,
}

/// What has been typed into a form and is not saved yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct DraftView {
    /// Where.
    pub form: Form,
    /// What; how the form writes itself down is its own affair.
    pub text: String,
}

impl Form {
    /// The form whose draft a deed ends: what makes something new must not be found half made again.
    /// A record that exists may be changed without its form, so its form says itself when it is done.
    pub fn ended_by(request: &Request) -> Option<Self> {
        let form = |name, case: &str, about: &str| {
            Some(Self {
                name,
                case: case.into(),
                about: about.into(),
            })
        };
        match request {
            Request::NewCase { .. } => form(FormName::NewCase, "", ""),
            Request::PutRecord {
                case,
                kind,
                id: None,
                values,
            } => match values.as_slice() {
                [(key, _)] if kind == crate::record::PERSON => form(FormName::Field, case, key),
                _ => form(FormName::Record, case, kind),
            },
            Request::AddNote { case, .. } => form(FormName::Note, case, ""),
            Request::EditNote { case, note, .. } => form(FormName::NoteChange, case, note),
            Request::StrikeNote { case, note, .. } => form(FormName::Strike, case, note),
            Request::Settle { case, finding, .. } => form(FormName::Settle, case, finding),
            Request::HandOver { case, .. } => form(FormName::HandOver, case, ""),
            Request::AnswerHandOver {
                case, hand_over, ..
            } => form(FormName::HandOver, case, hand_over),
            Request::Share { case, .. } => form(FormName::Sharing, case, ""),
            Request::Rule { case, profile, .. } => form(FormName::Ruling, case, profile),
            Request::Visit {
                case,
                ask: VisitAsk::Begin { .. },
            } => form(FormName::Visit, case, ""),
            Request::Visit {
                case,
                ask: VisitAsk::Save { id, .. },
            } => form(FormName::Visit, case, id),
            _ => None,
        }
    }
}
