//! What a person may ask of forms and assessments, and what is shown of them. Texts of forms are in
//! the language that was asked for, where the form has it.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::{Side, WrittenView};
use crate::questionnaire::{Band, Given, Settings};

/// A wish about the agency's forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FormsAsk {
    /// All forms; answers `FormLibrary`.
    Library {
        /// `en`, `es`.
        language: String,
    },
    /// Look at a form that is there; answers `FormPreview`.
    Look {
        /// [`FormRow::form`].
        form: String,
        /// `en`, `es`.
        language: String,
    },
    /// Look at a file without changing anything; for those who lead; answers `FormPreview`.
    Preview {
        /// A FHIR R4 Questionnaire as JSON.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        file: ByteBuf,
        /// `en`, `es`.
        language: String,
    },
    /// Take a file into the agency's forms; for those who lead; answers `Done`.
    Add {
        /// As in `Preview`.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        file: ByteBuf,
        /// Words for its scores and its critical items.
        settings: Settings,
    },
    /// A new version of a form with other words or critical items; for those who lead; answers `Done`.
    Set {
        /// [`FormRow::form`].
        form: String,
        /// In the place of those it has.
        settings: Settings,
    },
    /// Put a form away, or offer it again; for those who lead; answers `Done`.
    Away {
        /// [`FormRow::form`].
        form: String,
        /// Whether it is put away.
        away: bool,
    },
}

/// A wish about the assessments of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AssessAsk {
    /// All of the case; answers `Assessments`.
    List {
        /// `en`, `es`.
        language: String,
    },
    /// One; answers `Assessment`.
    Open {
        /// Which.
        id: String,
        /// `en`, `es`.
        language: String,
    },
    /// A new one; answers `Saved`.
    Begin {
        /// [`FormRow::form`].
        form: String,
        /// The day, `2026-11-25`.
        date: String,
        /// Whom it is about, where the case has several; else empty.
        client: String,
        /// Who answers, see the kind `assessment`; empty where it is not said.
        informant: String,
        /// Their name; likewise.
        informant_name: String,
    },
    /// Answer one item, or take its answer away; answers `Assessment` once it is saved.
    Answer {
        /// Which.
        id: String,
        /// [`ItemView::key`].
        key: String,
        /// One answer, or several where the item takes them; none takes it away.
        given: Vec<Given>,
        /// `en`, `es`.
        language: String,
    },
    /// One more of a repeating group; answers `Assessment`.
    AddGroup {
        /// Which.
        id: String,
        /// [`ItemView::key`] of the item that offers it.
        key: String,
        /// `en`, `es`.
        language: String,
    },
    /// Take one of a repeating group away, with its answers; answers `Assessment`.
    DropGroup {
        /// Which.
        id: String,
        /// [`ItemView::key`] of the group.
        key: String,
        /// `en`, `es`.
        language: String,
    },
    /// Set its state; `completed` needs all required answers; answers `Assessment`.
    State {
        /// Which.
        id: String,
        /// See the kind `assessment`.
        to: String,
        /// `en`, `es`.
        language: String,
    },
    /// As a QuestionnaireResponse of FHIR R4; answers `File`.
    Export {
        /// Which.
        id: String,
    },
}

impl FormsAsk {
    /// Whether it leaves the agency's records as they are.
    pub fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::Library { .. } | Self::Look { .. } | Self::Preview { .. }
        )
    }
}

impl AssessAsk {
    /// Likewise.
    pub fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::List { .. } | Self::Open { .. } | Self::Export { .. }
        )
    }
}

/// The agency's forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FormLibraryView {
    /// By title; of one form the newest first.
    pub forms: Vec<FormRow>,
    /// Entries that do not count, because whoever wrote them does not lead.
    pub ignored: u32,
    /// Entries that this app cannot read.
    pub unreadable: u32,
    /// I may add forms and put them away.
    pub may_change: bool,
}

/// One version of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FormRow {
    /// Names this version.
    pub form: String,
    /// What to call it.
    pub title: String,
    /// Its address; perhaps empty.
    pub url: String,
    /// Its version as it says; perhaps empty.
    pub version: String,
    /// Questions.
    pub questions: u32,
    /// It came with the app.
    pub own: bool,
    /// Who loaded it and when.
    pub written: Option<WrittenView>,
    /// It is not offered any more.
    pub away: bool,
    /// A newer version of it is here.
    pub replaced: bool,
}

/// A form before anything is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FormPreview {
    /// What to call it.
    pub title: String,
    /// Its address; perhaps empty.
    pub url: String,
    /// Its version as it says; perhaps empty.
    pub version: String,
    /// Who holds rights in it, as it says; perhaps empty.
    pub copyright: String,
    /// Its items, all of them.
    pub pages: Vec<PageView>,
    /// Words for its scores and critical items: its own, or those that are known.
    pub settings: Settings,
    /// What may have words: linkId and title; an empty linkId is the sum of all weights.
    pub scored: Vec<(String, String)>,
    /// What the app does otherwise than the form may expect.
    pub remarks: Vec<RemarkView>,
    /// This very version is there already.
    pub known: bool,
}

/// What the app does otherwise than a form may expect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RemarkView {
    /// See [`crate::questionnaire::Remark::code`].
    pub code: String,
    /// The item.
    pub item: String,
    /// More on it.
    pub detail: String,
}

/// An assessment in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AssessmentRow {
    /// Its id.
    pub id: String,
    /// Form and version.
    pub form: String,
    /// The same for all versions of a form: scores are drawn together by it.
    pub series: String,
    /// What to call the form.
    pub title: String,
    /// The day.
    pub date: String,
    /// Its state.
    pub state: String,
    /// The first score; none where there is none yet.
    pub score: Option<ScoreView>,
    /// Another on the same day has a higher score, which counts until somebody has decided.
    pub outdone: bool,
    /// Whom it is about, where that was said.
    pub client: String,
    /// Who began it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// A score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ScoreView {
    /// LinkId; empty for the sum of all weights.
    pub link: String,
    /// What to call it; empty likewise.
    pub title: String,
    /// The value; empty where there is none.
    pub value: String,
    /// The most that it can be; empty where that is not known.
    pub most: String,
    /// Of the items that count, answered.
    pub answered: u32,
    /// Items that count.
    pub of: u32,
    /// What the agency's words say to it.
    pub band: Option<Band>,
    /// The expression, where it is not computed.
    pub not_computed: Option<String>,
}

/// One assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AssessmentView {
    /// Its id.
    pub id: String,
    /// The case's name.
    pub case_name: String,
    /// Form and version.
    pub form: String,
    /// What to call the form.
    pub title: String,
    /// The form's version as it says.
    pub version: String,
    /// Who holds rights in the form, as it says.
    pub copyright: String,
    /// The day.
    pub date: String,
    /// Whom it is about, where that was said.
    pub client: String,
    /// Who answers.
    pub informant: String,
    /// Their name.
    pub informant_name: String,
    /// Its state.
    pub state: String,
    /// The states to which I may set it now.
    pub next: Vec<String>,
    /// I may answer.
    pub may_answer: bool,
    /// Who began it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// What is asked, as things stand. Without the form, what was answered, as far as it is known.
    pub pages: Vec<PageView>,
    /// This tablet does not have the form: nothing can be answered or computed.
    pub formless: bool,
    /// Questions that are asked and answered.
    pub answered: u32,
    /// Questions that are asked.
    pub of: u32,
    /// What must be answered and is not: page from 0, key and question.
    pub missing: Vec<(u32, String, String)>,
    /// Critical answers: key, question and answer.
    pub alarms: Vec<(String, String, String)>,
    /// From the answers as they stand.
    pub scores: Vec<ScoreView>,
    /// The first score as it was when it was completed, where the answers give another now.
    pub recorded: Option<PastScore>,
}

/// A score as it was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PastScore {
    /// The value.
    pub value: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// What is on one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PageView {
    /// Its title; perhaps empty.
    pub title: String,
    /// In order.
    pub items: Vec<ItemView>,
}

/// What sort of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as FHIR's item types")]
pub enum ItemSort {
    Group,
    Display,
    Boolean,
    Decimal,
    Integer,
    Date,
    DateTime,
    Time,
    String,
    Text,
    Url,
    Choice,
    OpenChoice,
    Quantity,
    /// A score.
    Score,
    /// What this app cannot ask: it is shown.
    Unsupported,
    /// Offers one more of a repeating group.
    Add,
}

/// An item as it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ItemView {
    /// Names it.
    pub key: String,
    /// What it is.
    pub sort: ItemSort,
    /// `1a)` or the like; perhaps empty.
    pub prefix: String,
    /// What is asked.
    pub text: String,
    /// How deep it stands in groups within the page; 0 for its first level.
    pub depth: u32,
    /// It has to be answered.
    pub required: bool,
    /// It takes several answers.
    pub repeats: bool,
    /// A person answers it.
    pub asked: bool,
    /// Its options.
    pub options: Vec<String>,
    /// Of these the chosen ones, by place.
    pub chosen: Vec<u32>,
    /// What else was answered, as it is typed.
    pub typed: Vec<String>,
    /// Units to choose from.
    pub units: Vec<String>,
    /// Place of the unit chosen.
    pub unit: u32,
    /// The least value, as it is typed; perhaps empty.
    pub min: String,
    /// The greatest; likewise.
    pub max: String,
    /// The most characters.
    pub length_max: Option<u32>,
    /// The answer in words; `true` and `false` as they are.
    pub shown: String,
    /// What else to know: the type that cannot be asked, the list that is elsewhere.
    pub detail: String,
    /// One of a repeating group that may be taken away.
    pub may_drop: bool,
    /// Two or more when people answered it differently apart from each other.
    pub sides: Vec<Side>,
}
