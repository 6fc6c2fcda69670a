//! The table: names, classes, rules and families, put together from rows so that a pair of
//! ingredients is looked up at once. Owns that an agency's rows only add: nothing of ours can be
//! taken away or given another meaning by them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use super::{
    Ingredient,
    names::{Phrases, phrase},
    rows::{self, Kind, Row, Rule, TableError},
};

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
        OWN_TABLE.get_or_init(|| read_own().unwrap_or_default())
    }

    /// The day on which our rows were last gone through, as year-month-day.
    pub fn version() -> &'static str {
        VERSION
    }

    /// This table with an agency's rows added (docs/MEDICATION.md says which).
    ///
    /// # Errors
    /// [`TableError`]; nothing is added then.
    pub fn extended(&self, csv_text: &str) -> Result<Self, TableError> {
        let mut rows = rows::read(csv_text, b',')?;
        rows.splice(0..0, self.rows.iter().cloned());
        Self::build(rows)
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

    fn build(rows: Vec<Row>) -> Result<Self, TableError> {
        let mut table = Self::default();
        let mut classes = BTreeMap::<String, Vec<String>>::new();
        // What others refer to comes first, wherever it stands in a file.
        for Row { line, kind } in &rows {
            match kind {
                Kind::Name { ingredient, names } => table.learn_name(*line, ingredient, names)?,
                Kind::Class { name, members } => {
                    let class = classes.entry(phrase(name)).or_default();
                    class.extend(members.iter().cloned());
                }
                Kind::Allergy { family, .. } => {
                    let at = table.family(family);
                    table.learn_family(*line, family, at)?;
                }
                _ => {}
            }
        }
        for row in &rows {
            table.add(row, &classes)?;
        }
        table.rows = rows;
        Ok(table)
    }

    fn learn_name(
        &mut self,
        line: u64,
        ingredient: &str,
        names: &[String],
    ) -> Result<(), TableError> {
        // A row may name a known ingredient by any of its names, to add another.
        let place = match self.phrases.exactly(ingredient) {
            Some(Meaning {
                ingredients,
                local: false,
            }) if ingredients.len() == 1 => ingredients.first().copied().unwrap_or_default(),
            _ => {
                self.ingredients.push(ingredient.to_lowercase());
                self.ingredients.len() - 1
            }
        };
        for name in names.iter().map(String::as_str).chain([ingredient]) {
            self.learn(line, name, vec![place], false)?;
        }
        Ok(())
    }

    fn learn(
        &mut self,
        line: u64,
        name: &str,
        ingredients: Vec<Place>,
        local: bool,
    ) -> Result<(), TableError> {
        if self.phrases.learn(name, Meaning { ingredients, local }) {
            return Ok(());
        }
        let name = name.to_owned();
        Err(TableError::Taken { line, name })
    }

    fn learn_family(&mut self, line: u64, name: &str, at: usize) -> Result<(), TableError> {
        if self.family_phrases.learn(name, at) {
            return Ok(());
        }
        let name = name.to_owned();
        Err(TableError::Taken { line, name })
    }

    /// A family's place; a new one where there is none.
    fn family(&mut self, name: &str) -> usize {
        let known = self.families.iter().position(|family| family.name == name);
        known.unwrap_or_else(|| {
            self.families.push(Family {
                name: name.to_owned(),
                ..Family::default()
            });
            self.families.len() - 1
        })
    }

    fn add(
        &mut self,
        Row { line, kind }: &Row,
        classes: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), TableError> {
        let expand = |table: &Self, names: &[String]| table.expand(*line, names, classes);
        match kind {
            Kind::Name { .. } => {}
            Kind::Product {
                names,
                ingredients,
                local,
            } => {
                let mut places = Vec::new();
                for ingredient in ingredients {
                    places.extend(expand(self, std::slice::from_ref(ingredient))?);
                }
                for name in names {
                    self.learn(*line, name, places.clone(), *local)?;
                }
            }
            Kind::Class { members, .. } => {
                expand(self, members)?;
            }
            Kind::Absorbed { members } => {
                let places = expand(self, members)?;
                self.absorbed.extend(places);
            }
            Kind::Lasting { members, days } => {
                for place in expand(self, members)? {
                    let longest = self.lasting.entry(place).or_default();
                    *longest = (*longest).max(*days);
                }
            }
            Kind::Interaction { rule, left, right } => {
                if self.rules.iter().any(|known| known.id == rule.id) {
                    let name = rule.id.clone();
                    return Err(TableError::Taken { line: *line, name });
                }
                let at = self.rules.len();
                self.rules.push(rule.clone());
                for place in expand(self, left)? {
                    let [left, _] = self.sides.entry(place).or_default();
                    left.insert(at);
                }
                for place in expand(self, right)? {
                    let [_, right] = self.sides.entry(place).or_default();
                    right.insert(at);
                }
            }
            Kind::Allergy {
                family,
                names,
                members,
                spread,
                across,
            } => {
                let at = self.family(family);
                for name in names {
                    self.learn_family(*line, name, at)?;
                }
                let places = expand(self, members)?;
                let mut others = BTreeSet::new();
                for name in across {
                    let known = self.families.iter().position(|other| other.name == *name);
                    others.insert(known.ok_or_else(|| unknown(*line, name))?);
                }
                if let Some(family) = self.families.get_mut(at) {
                    family.members.extend(places);
                    family.spread |= spread;
                    family.across.extend(others);
                }
            }
        }
        Ok(())
    }

    /// The ingredients that names of ingredients and classes stand for.
    fn expand(
        &self,
        line: u64,
        names: &[String],
        classes: &BTreeMap<String, Vec<String>>,
    ) -> Result<BTreeSet<Place>, TableError> {
        let mut places = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = names.iter().collect();
        while let Some(name) = open.pop() {
            let key = phrase(name);
            if let Some(members) = classes.get(&key) {
                if seen.insert(key) {
                    open.extend(members);
                }
                continue;
            }
            match self.phrases.exactly(name) {
                Some(meaning) => places.extend(&meaning.ingredients),
                None => return Err(unknown(line, name)),
            }
        }
        Ok(places)
    }
}

fn unknown(line: u64, name: &str) -> TableError {
    let name = name.to_owned();
    TableError::Unknown { line, name }
}

fn read_own() -> Result<Table, TableError> {
    let mut rows = Vec::new();
    for text in OWN {
        rows.extend(rows::read(text, b'\t')?);
    }
    Table::build(rows)
}

#[cfg(test)]
mod tests;
