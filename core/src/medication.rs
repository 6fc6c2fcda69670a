//! Medication safety from a table of our own: which ingredients a written name means, which of a
//! client's medicines are known to harm each other, are listed twice, or belong to a family that
//! the client is allergic to. Owns the table and the rule that what is not recognised is said to be
//! so, never guessed. Refuses advice: it lists for a clinician, and knows neither case nor clock.

use serde::{Deserialize, Serialize};

mod dose;
mod error;
mod names;
mod review;
mod rows;
mod table;

pub use error::TableError;
pub use rows::{FILE_LEN_MAX, ROWS_MAX};
pub use table::{Extended, Pair, Table};

/// An agency's file as one would write it, with every kind of row.
pub const EXAMPLE: &str = include_str!("medication/data/example.csv");

/// An ingredient by the table's own name for it: lower case, the name used in the United States.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ingredient(pub String);

impl Ingredient {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One entry of a client's list of medicines, as somebody wrote it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listed<'a> {
    /// Names the entry in a [`Concern`].
    pub id: &'a str,
    /// What was written: generic name, brand, label.
    pub name: &'a str,
    /// The dose, if it is not in the name.
    pub dose: &'a str,
    /// The route, if it is not in the name.
    pub route: &'a str,
    /// How often, if it is not in the name.
    pub frequency: &'a str,
    /// Days since it was stopped; none while it is taken. Some medicines outlast their last dose.
    pub stopped_days: Option<u32>,
}

/// One known allergy, as somebody wrote it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListedAllergy<'a> {
    /// Names the allergy in a [`Concern`].
    pub id: &'a str,
    /// A medicine, a family of medicines, or anything else (which concerns no medicine).
    pub substance: &'a str,
}

/// How grave an interaction is; the gravest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The two must not be taken together.
    Contraindicated,
    /// Known to do harm; a clinician decides.
    Serious,
}

impl Severity {
    /// As rows and findings write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contraindicated => "contraindicated",
            Self::Serious => "serious",
        }
    }
}

/// What a concern is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// Two medicines are known to harm together.
    Interaction {
        /// How grave.
        severity: Severity,
        /// Names the rule in the table.
        rule: String,
        /// The rule is one of the agency's.
        agency: bool,
        /// Who says so, such as `ONC 8`.
        source: String,
        /// The year of the source, or of the table where it is a label.
        year: u16,
        /// What can happen, in plain English.
        effect: String,
        /// One of them was stopped, but counts for so many days after its last dose.
        lasting_days: Option<u32>,
    },
    /// The client is allergic to the medicine or its family.
    Allergy {
        /// The family of medicines; none where the ingredient itself is the allergy.
        family: Option<String>,
        /// Of another family that may react too: less certain.
        cross: bool,
    },
    /// Two entries have an ingredient in common.
    SameDrug {
        /// In the same dose, as far as both say: likely one medicine written twice.
        same_dose: bool,
    },
}

/// Where a concern comes from: an entry, and what in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Side {
    /// The id of the medicine or the allergy.
    pub id: String,
    /// The ingredient; for an allergy to a family, or to one read as a family, none.
    pub ingredient: Option<Ingredient>,
}

/// Something for a clinician to decide about two entries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Concern {
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
    /// A medicine.
    pub first: Side,
    /// Another medicine (or the same entry, if two are written in it), or the allergy.
    pub second: Side,
}

impl Concern {
    /// Must be acknowledged: a contraindicated pair, or an allergy that is not a mere possibility.
    pub fn is_critical(&self) -> bool {
        match &self.kind {
            Kind::Interaction { severity, .. } => *severity == Severity::Contraindicated,
            Kind::Allergy { cross, .. } => !cross,
            Kind::SameDrug { .. } => false,
        }
    }
}
