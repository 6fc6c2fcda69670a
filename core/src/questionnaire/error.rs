//! Why a file is not taken as a questionnaire. Each names the place, and says what to do.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a file is not a questionnaire that can be used. `item` is the item's place by numbers from 1
/// (`2.1`: the first item within the second) and its linkId where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum FormError {
    /// Larger than [`super::FILE_LEN_MAX`].
    #[error("the file is larger than {max_kib} KiB: split the form in two")]
    TooBig {
        /// The limit.
        max_kib: u32,
    },
    /// Not JSON.
    #[error("line {line}, column {column}: not JSON; export the form as FHIR JSON again")]
    NotJson {
        /// From 1.
        line: u32,
        /// From 1.
        column: u32,
    },
    /// JSON of something else.
    #[error("this is {found}, not a FHIR R4 Questionnaire: export the questionnaire itself")]
    NotQuestionnaire {
        /// Its resourceType; empty where it has none.
        found: String,
    },
    /// It asks nothing.
    #[error("the form has no items: add at least one")]
    NoItems,
    /// More than [`super::ITEMS_MAX`] items.
    #[error("the form has more than {max} items: split it in two")]
    TooManyItems {
        /// The limit.
        max: u32,
    },
    /// More than [`super::OPTIONS_MAX`] options in one list, or more than
    /// [`super::OPTIONS_TOTAL_MAX`] in all.
    #[error("item {item}: more than {max} options; shorten the list")]
    TooManyOptions {
        /// Where.
        item: String,
        /// The limit.
        max: u32,
    },
    /// Deeper than [`super::DEPTH_MAX`].
    #[error("item {item}: more than {max} groups in one another; flatten them")]
    TooDeep {
        /// Where.
        item: String,
        /// The limit.
        max: u32,
    },
    /// A property that is needed is missing, empty or not of its kind.
    #[error("item {item}: {property} is missing or wrong; fill it in")]
    Property {
        /// Where; empty for the form itself.
        item: String,
        /// Name as FHIR has it.
        property: String,
    },
    /// Two items have one linkId.
    #[error("item {item}: another item has the same linkId; give each its own")]
    LinkTwice {
        /// The second of them.
        item: String,
    },
    /// An item depends on a question that the form does not have.
    #[error("item {item}: depends on question {question}, which the form does not have")]
    NoQuestion {
        /// Where.
        item: String,
        /// The linkId.
        question: String,
    },
    /// Items depend on each other in a ring: none of them could ever be asked.
    #[error("item {item}: depends on itself in a ring; take one enableWhen away")]
    Ring {
        /// One of them.
        item: String,
    },
    /// A list of options in the file that the file does not have.
    #[error("item {item}: the value set {list} is not in the file; add it to `contained`")]
    NoList {
        /// Where.
        item: String,
        /// As the item names it.
        list: String,
    },
}
