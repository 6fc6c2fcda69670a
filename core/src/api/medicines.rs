//! What a person sees of the agency's own table of medicines.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use crate::medication::{Pair, TableError};

/// The agency's own table of medicines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MedicineTableView {
    /// The one that counts; none: Satchel's own table alone.
    pub standing: Option<MedicineTable>,
    /// Written since by people who are no admins: not used.
    pub ignored: Vec<WrittenView>,
    /// I may replace and remove it.
    pub may_change: bool,
    /// A file to begin with, with every kind of row.
    pub example: String,
    /// The day on which Satchel's own table was last gone through.
    pub own_version: String,
}

/// A table that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MedicineTable {
    /// Who loaded it and when.
    pub written: WrittenView,
    /// Its rows.
    pub rows: MedicineRows,
    /// The file's text.
    pub text: String,
}

/// Who wrote something and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct WrittenView {
    /// Name; empty where it is not known.
    pub author: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
}

/// The rows of a file: those that count, and those that do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MedicineRows {
    /// Interactions that count.
    pub interactions: Vec<MedicinePair>,
    /// How many rows of names and products count.
    pub names: u32,
    /// How many of all other rows.
    pub others: u32,
    /// What does not count, and why, by line.
    pub refused: Vec<TableError>,
}

/// An interaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MedicinePair {
    /// Line of the file.
    pub line: u32,
    /// One side.
    pub left: String,
    /// The other.
    pub right: String,
    /// `contraindicated` or `serious`.
    pub severity: String,
    /// What can happen.
    pub effect: String,
    /// Who says so.
    pub source: String,
    /// Of which year.
    pub year: u16,
}

impl From<&Pair> for MedicinePair {
    fn from(pair: &Pair) -> Self {
        Self {
            line: pair.line,
            left: pair.left.clone(),
            right: pair.right.clone(),
            severity: pair.severity.as_str().into(),
            effect: pair.effect.clone(),
            source: pair.source.clone(),
            year: pair.year,
        }
    }
}
