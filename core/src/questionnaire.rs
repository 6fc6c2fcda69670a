//! Questionnaires of HL7 FHIR R4 as an agency loads them: read from JSON, answered, checked, scored,
//! and given back as a QuestionnaireResponse. Pure: knows no document, no disk, no clock. What it
//! cannot ask or compute it keeps and shows, and says so; bytes that are no questionnaire are refused
//! with the place and what to do.
//!
//! ```
//! use satchel_core::questionnaire::{Answers, Form, Settings, scores};
//! let file = br#"{"resourceType":"Questionnaire","title":"Sleep","item":[
//!   {"linkId":"1","type":"choice","text":"Slept badly?","answerOption":[
//!     {"valueCoding":{"code":"n","display":"No","extension":[
//!       {"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":0}]}},
//!     {"valueCoding":{"code":"y","display":"Yes","extension":[
//!       {"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":2}]}}]}]}"#;
//! let form = Form::read(file).unwrap();
//! let mut answers = Answers::default();
//! let given = form.check("1", &[satchel_core::questionnaire::Given::Option { n: 1 }]).unwrap();
//! answers.set("1", given);
//! let total = &scores(&form, &answers, &Settings::default())[0];
//! assert_eq!(total.value.unwrap().to_string(), "2");
//! ```

mod answers;
mod decimal;
mod enabled;
mod error;
mod expression;
mod form;
mod given;
mod known;
mod own;
mod read;
mod response;
mod score;

pub use answers::{Answers, Coding, Quantity, Slot, Value, is_key, key, key_parts};
pub use decimal::Decimal;
pub use enabled::{missing, slots};
pub use error::FormError;
pub use form::{Choice, Form, Item, ItemKind, Remark, Words};
pub use given::{Given, Refused, TEXT_LEN_MAX};
pub use known::{BAND_WORDS, Band, BandWord, Critical, Settings};
pub use own::own;
pub use response::{Response, response};
pub use score::{ALGORITHM, Alarm, Score, alarms, scores};

/// The largest file, in bytes: it travels as one change.
pub const FILE_LEN_MAX: usize = 192 * 1024;
/// The most items, at all depths together.
pub const ITEMS_MAX: usize = 1000;
/// The most options of one item or value set.
pub const OPTIONS_MAX: usize = 500;
/// The most options of all items together.
pub const OPTIONS_TOTAL_MAX: usize = 20_000;
/// How deep groups and items may stand in one another.
pub const DEPTH_MAX: usize = 12;

#[cfg(test)]
mod tests;
