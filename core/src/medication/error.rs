//! Why rows of a table are not used. Each names its line, and says what to do.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a row, or a file of rows, is not used.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum TableError {
    /// The file is larger than [`super::FILE_LEN_MAX`]: none of it is used.
    #[error("the file is larger than {max_kib} KiB; split off what is not needed")]
    TooBig {
        /// The limit.
        max_kib: u32,
    },
    /// The file has more rows than [`super::ROWS_MAX`]: none of it is used.
    #[error("the file has more than {max} rows; split off what is not needed")]
    TooMany {
        /// The limit.
        max: u32,
    },
    /// A quotation mark opens a cell and is not closed in its line: where the next row begins is not
    /// known, and none of the file is used.
    #[error("line {line}: a quotation mark is not closed; close it, or take it away")]
    Quote {
        /// Where.
        line: u32,
    },
    /// Not CSV.
    #[error("line {line}: this is not CSV; save the sheet as CSV (UTF-8) again")]
    Unreadable {
        /// Where.
        line: u32,
    },
    /// The first column is none of the kinds.
    #[error(
        "line {line}: a row begins with name, product, local, nothing, class, absorbed, lasting, interaction or allergy"
    )]
    Kind {
        /// Where.
        line: u32,
    },
    /// A column that the row needs is missing or empty.
    #[error("line {line}: column {column} is missing or empty")]
    Missing {
        /// Where.
        line: u32,
        /// Which, counted from 1.
        column: u32,
    },
    /// More columns than the row has.
    #[error(
        "line {line}: column {column} is one too many; put text with commas in quotation marks"
    )]
    Extra {
        /// Where.
        line: u32,
        /// Which, counted from 1.
        column: u32,
    },
    /// An allergy row says something else than `spread`.
    #[error("line {line}: column 5 is spread or empty")]
    Spread {
        /// Where.
        line: u32,
    },
    /// A severity that is none.
    #[error("line {line}: the severity is contraindicated or serious")]
    Severity {
        /// Where.
        line: u32,
    },
    /// Not a number.
    #[error("line {line}: column {column} is a whole number")]
    Number {
        /// Where.
        line: u32,
        /// Which, counted from 1.
        column: u32,
    },
    /// Neither an ingredient nor a class.
    #[error("line {line}: {name:?} is not known; add a row `name` or `class` for it")]
    Unknown {
        /// Where.
        line: u32,
        /// What.
        name: String,
    },
    /// A name that means something else already.
    #[error("line {line}: {name:?} means something else already")]
    Taken {
        /// Where.
        line: u32,
        /// What.
        name: String,
    },
    /// An interaction whose id another row has.
    #[error("line {line}: another interaction is named {name:?}; give it another name")]
    Twice {
        /// Where.
        line: u32,
        /// The id.
        name: String,
    },
}

impl TableError {
    /// The line it is about; none where it is the whole file.
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::TooBig { .. } | Self::TooMany { .. } => None,
            Self::Quote { line }
            | Self::Unreadable { line }
            | Self::Kind { line }
            | Self::Missing { line, .. }
            | Self::Extra { line, .. }
            | Self::Spread { line }
            | Self::Severity { line }
            | Self::Number { line, .. }
            | Self::Unknown { line, .. }
            | Self::Taken { line, .. }
            | Self::Twice { line, .. } => Some(*line),
        }
    }
}
