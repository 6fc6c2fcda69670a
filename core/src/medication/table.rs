//! The table: names, classes, rules and families, put together from rows so that a pair of
//! ingredients is looked up at once. Owns that an agency's rows only add: nothing of ours can be
//! taken away or given another meaning by them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use satchel_wire::envelope::sha256;

use super::{
    Ingredient, Severity, TableError,
    names::Phrases,
    rows::{self, Kind, Row, Rule},
};

mod build;

/// The day on which our rows were last gone through.
const VERSION: &str = "2026-11-23";
const OWN: [&str; 4] = [
    include_str!("data/names.tsv"),
    include_str!("data/products.tsv"),
    include_str!("data/interactions.tsv"),
    include_str!("data/allergies.tsv"),
];

/// An ingredient's place in the table.
pub(super) type Place = usize;

/// What a phrase means.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    pub ingredients: Vec<Place>,
    /// A product for skin, eye or ear.
    pub local: bool,
}

/// Medicines that one may be allergic to together.
#[derive(Clone, Debug, Default)]
pub(super) struct Family {
    pub name: String,
    pub members: BTreeSet<Place>,
    /// An allergy to one member counts for all.
    pub spread: bool,
    /// Families that may react too.
    pub across: BTreeSet<usize>,
}

/// A table with an agency's rows, and what became of each of these.
#[derive(Clone, Debug, Default)]
pub struct Extended {
    /// The table.
    pub table: Table,
    /// The agency's interactions that count.
    pub interactions: Vec<Pair>,
    /// How many rows of names and products count.
    pub names: u32,
    /// How many of all other rows.
    pub others: u32,
    /// What does not count, and why, by line.
    pub refused: Vec<TableError>,
}

/// An interaction as its row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Of the file.
    pub line: u32,
    /// One side: ingredients or classes.
    pub left: String,
    /// The other.
    pub right: String,
    /// How grave.
    pub severity: Severity,
    /// Who says so.
    pub source: String,
    /// When.
    pub year: u16,
    /// What can happen.
    pub effect: String,
}

/// Everything known about medicines, ours and an agency's.
///
/// ```
/// use satchel_core::medication::{Listed, Table};
///
/// let list = [("1", "Nardil 15 mg"), ("2", "Sertraline 50 MG Oral Tablet")]
///     .map(|(id, name)| Listed { id, name, ..Listed::default() });
/// let concerns = Table::own().review(&list, &[]);
/// assert!(concerns.len() == 1 && concerns[0].is_critical());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    digest: [u8; 32],
    ingredients: Vec<String>,
    pub(super) phrases: Phrases<Meaning>,
    pub(super) absorbed: BTreeSet<Place>,
    pub(super) lasting: BTreeMap<Place, u32>,
    pub(super) rules: Vec<Rule>,
    /// By ingredient: the rules on whose left or right side it stands.
    sides: BTreeMap<Place, [BTreeSet<usize>; 2]>,
    pub(super) families: Vec<Family>,
    pub(super) family_phrases: Phrases<usize>,
}

impl Table {
    /// Our own table. A test of this module reads every row of it.
    pub fn own() -> &'static Self {
        static OWN_TABLE: OnceLock<Table> = OnceLock::new();
        OWN_TABLE.get_or_init(|| read_own().0)
    }

    /// The day on which our rows were last gone through, as year-month-day.
    pub fn version() -> &'static str {
        VERSION
    }

    /// Names what the table says: two that say the same have the same.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// This table with an agency's rows added (docs/MEDICATION.md says which). A row that does not
    /// hold is left out and named; all others count.
    ///
    /// ```
    /// use satchel_core::medication::{EXAMPLE, Table};
    ///
    /// let ours = Table::own().extended(EXAMPLE);
    /// assert_eq!((ours.interactions.len(), ours.refused.len()), (2, 0));
    /// assert_eq!(ours.table.identify("Zorba XR 5 mg")[0].as_str(), "zorbamine");
    /// ```
    pub fn extended(&self, csv_text: &str) -> Extended {
        let (fresh, mut refused) = rows::read_agency(csv_text);
        let (mut table, not_used) = Self::build([self.rows.clone(), fresh].concat());
        table.digest = sha256(&[&self.digest, csv_text.as_bytes()]);
        refused.extend(not_used);
        refused.sort_by_key(TableError::line);
        let mut extended = Extended {
            refused,
            ..Extended::default()
        };
        for row in table.rows.iter().filter(|row| row.agency) {
            match &row.kind {
                Kind::Interaction { rule, left, right } => extended.interactions.push(Pair {
                    line: row.line,
                    left: left.join("; "),
                    right: right.join("; "),
                    severity: rule.severity,
                    source: rule.source.clone(),
                    year: rule.year,
                    effect: rule.effect.clone(),
                }),
                Kind::Name { .. } | Kind::Product { .. } => extended.names += 1,
                Kind::Class { .. }
                | Kind::Absorbed { .. }
                | Kind::Lasting { .. }
                | Kind::Allergy { .. } => extended.others += 1,
            }
        }
        extended.table = table;
        extended
    }

    /// The ingredients that a written name was read as, in its order; none if it was not
    /// recognised, and then nothing was checked.
    pub fn identify(&self, name: &str) -> Vec<Ingredient> {
        let mut seen = BTreeSet::new();
        self.phrases
            .find(name)
            .into_iter()
            .flat_map(|meaning| &meaning.ingredients)
            .filter(|place| seen.insert(**place))
            .map(|place| self.ingredient(*place))
            .collect()
    }

    pub(super) fn ingredient(&self, place: Place) -> Ingredient {
        Ingredient(self.ingredients.get(place).cloned().unwrap_or_default())
    }

    /// The gravest rule for two ingredients, and of equals the first.
    pub(super) fn rule(&self, a: Place, b: Place) -> Option<&Rule> {
        let [a_left, a_right] = self.sides.get(&a)?;
        let [b_left, b_right] = self.sides.get(&b)?;
        let one = a_left.intersection(b_right);
        let other = b_left.intersection(a_right);
        let rules = one.chain(other);
        rules
            .filter_map(|at| Some((self.rules.get(*at)?, at)))
            .min_by_key(|(rule, at)| (rule.severity, **at))
            .map(|(rule, _)| rule)
    }
}

fn read_own() -> (Table, Vec<TableError>) {
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for text in OWN {
        let (read, not_read) = rows::read(text, b'\t');
        rows.extend(read);
        refused.extend(not_read);
    }
    let (mut table, not_used) = Table::build(rows);
    refused.extend(not_used);
    table.digest = sha256(&OWN.map(str::as_bytes));
    (table, refused)
}

#[cfg(test)]
mod tests;
