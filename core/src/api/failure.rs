//! Why something was not done.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use super::{BundleProblem, SheetName};
use crate::questionnaire::FormError;

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
    /// Too many wrong passphrases: this one was not tried.
    #[error("wait {wait_ms} ms before the next try")]
    TooSoon {
        /// For how long none is tried, in milliseconds.
        wait_ms: u32,
    },
    /// By the agency's rules: the tablet has not been in touch with the relay for too long. It opens
    /// again once it has been.
    #[error("this tablet has been out of touch for too long: connect to open it")]
    OutOfTouch {
        /// Since when, by the relay's clock.
        #[cfg_attr(feature = "ts", ts(type = "number | null"))]
        since: Option<Millis>,
    },
    /// Too short.
    #[error("a passphrase needs at least {min} characters")]
    ShortPassphrase {
        /// Characters.
        min: u32,
    },
    /// A file of somebody else's is of no use.
    #[error("the file is of no use: {problem:?}")]
    BadBundle {
        /// Why.
        problem: BundleProblem,
    },
    /// Neither a set-up link nor an invite, or cut.
    #[error("the link is incomplete or not one of Satchel's")]
    BadLink,
    /// Words of a sheet of the kit that are missing or wrong, or the other sheet.
    #[error("the words are not those of the {sheet:?} sheet")]
    BadSheet {
        /// Which sheet was asked for.
        sheet: SheetName,
    },
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
    /// The record has no such field, or there is no such kind of record.
    #[error("there is no field {field}")]
    UnknownField {
        /// What was asked for.
        field: String,
    },
    /// A value is not what the field may hold.
    #[error("{field} takes {expected}")]
    BadValue {
        /// Field key.
        field: String,
        /// What it takes, in the notation of the schema reference.
        expected: String,
    },
    /// Somebody has changed it since: what was to be taken back no longer stands, or the text is not
    /// the one that was seen.
    #[error("it has been changed since")]
    ChangedSince,
    /// A state cannot follow the present one.
    #[error("{to} cannot follow {from}; allowed: {allowed:?}")]
    BadTransition {
        /// The present state; empty for a new record.
        from: String,
        /// The state asked for.
        to: String,
        /// Those that may follow.
        allowed: Vec<String>,
    },
    /// A plan lacks something before it may be active.
    #[error("the plan lacks something before it may be active")]
    PlanIncomplete {
        /// What, see [`crate::care::plans::missing`].
        missing: Vec<String>,
    },
    /// The plan is somebody else's and stays as it is: propose the change to its author.
    #[error("the plan is somebody else's and stays as it is")]
    Inherited {
        /// Their name; perhaps empty.
        author: String,
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
    /// The file is no form that can be used.
    #[error("the form cannot be used: {error}")]
    BadForm {
        /// Where, and what to do.
        error: FormError,
    },
    /// The device could not work with what it has stored.
    #[error("what this tablet has stored cannot be read")]
    Damaged,
}
