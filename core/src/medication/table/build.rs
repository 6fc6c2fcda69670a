//! Putting a table together from rows. Owns two rules: ours come first, so that an agency's row can
//! neither take a name of ours nor a class; and a row counts whole or not at all.

use std::collections::{BTreeMap, BTreeSet};

use super::{Family, Kind, Meaning, Place, Row, Rule, Table, TableError};
use crate::medication::names::phrase;

/// The ingredients of each class, by its folded name.
type Classes = BTreeMap<String, BTreeSet<Place>>;

impl Table {
    /// The table of these rows, and why others are left out of it.
    pub(super) fn build(rows: Vec<Row>) -> (Self, Vec<TableError>) {
        let mut table = Self::default();
        let mut refused: BTreeMap<usize, TableError> = BTreeMap::new();
        let ours_first = [false, true].into_iter();
        let in_turn = ours_first.flat_map(|agency| [(agency, true), (agency, false)]);
        for (agency, names) in in_turn {
            for (at, row) in rows
                .iter()
                .enumerate()
                .filter(|(_, row)| row.agency == agency)
            {
                let learned = match &row.kind {
                    Kind::Name {
                        ingredient,
                        names: others,
                    } if names => table.learn_name(row, ingredient, others),
                    Kind::Product {
                        names: brands,
                        ingredients,
                        local,
                    } if !names => table.learn_product(row, brands, ingredients, *local),
                    _ => Ok(()),
                };
                refused.extend(learned.err().map(|error| (at, error)));
            }
        }
        let classes = table.classes(&rows, &mut refused);
        for (at, row) in rows.iter().enumerate() {
            let added = table.add(row, &classes);
            refused.extend(added.err().map(|error| (at, error)));
        }
        table.relate_families(&rows, &mut refused);
        let kept = rows.into_iter().enumerate();
        let kept = kept.filter(|(at, _)| !refused.contains_key(at));
        table.rows = kept.map(|(_, row)| row).collect();
        (table, refused.into_values().collect())
    }

    fn learn_name(
        &mut self,
        row: &Row,
        ingredient: &str,
        others: &[String],
    ) -> Result<(), TableError> {
        // A row may name a known ingredient by any of its names, to add another.
        let known = match self.phrases.exactly(ingredient) {
            Some(Meaning {
                ingredients,
                local: false,
            }) if ingredients.len() == 1 => ingredients.first().copied(),
            _ => None,
        };
        let place = known.unwrap_or(self.ingredients.len());
        let names = others.iter().map(String::as_str).chain([ingredient]);
        self.learn(row, names, vec![place], false)?;
        if known.is_none() {
            self.ingredients.push(ingredient.to_lowercase());
        }
        Ok(())
    }

    fn learn_product(
        &mut self,
        row: &Row,
        names: &[String],
        ingredients: &[String],
        local: bool,
    ) -> Result<(), TableError> {
        let mut places = Vec::new();
        for name in ingredients {
            match self.phrases.exactly(name) {
                Some(meaning) => places.extend(&meaning.ingredients),
                None => return Err(unknown(row, name)),
            }
        }
        self.learn(row, names.iter().map(String::as_str), places, local)
    }

    /// All of the names, or none.
    fn learn<'a>(
        &mut self,
        row: &Row,
        names: impl Iterator<Item = &'a str> + Clone,
        ingredients: Vec<Place>,
        local: bool,
    ) -> Result<(), TableError> {
        let meaning = Meaning { ingredients, local };
        let taken = |name: &&str| !self.phrases.allows(name, &meaning);
        if let Some(name) = names.clone().find(taken) {
            return Err(self::taken(row, name));
        }
        for name in names {
            self.phrases.learn(name, meaning.clone(), row.agency);
        }
        Ok(())
    }

    /// The classes of these rows. A class may hold others, wherever these stand.
    fn classes(&self, rows: &[Row], refused: &mut BTreeMap<usize, TableError>) -> Classes {
        let mut members: Vec<(usize, String, &[String])> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let Kind::Class { name, members: of } = &row.kind else {
                continue;
            };
            // By the name of an ingredient, the class would stand for it in every rule.
            if self.phrases.exactly(name).is_some() {
                refused.insert(at, taken(row, name));
            } else {
                members.push((at, phrase(name), of));
            }
        }
        loop {
            let names: BTreeSet<String> = members.iter().map(|(_, name, _)| name.clone()).collect();
            let before = members.len();
            members.retain(|(at, _, of)| {
                let known = |name: &&String| {
                    names.contains(&phrase(name)) || self.phrases.exactly(name).is_some()
                };
                let strange = of.iter().find(|name| !known(name));
                let error = strange
                    .zip(rows.get(*at))
                    .map(|(name, row)| unknown(row, name));
                let holds = error.is_none();
                refused.extend(error.map(|error| (*at, error)));
                holds
            });
            if members.len() == before {
                break;
            }
        }
        let mut by_name: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (_, name, of) in &members {
            let all = by_name.entry(name).or_default();
            all.extend(of.iter().map(|member| phrase(member)));
        }
        let names = by_name.keys();
        names
            .map(|name| ((*name).to_owned(), self.members_of(name, &by_name)))
            .collect()
    }

    /// The ingredients of a class and of the classes in it.
    fn members_of(&self, name: &str, by_name: &BTreeMap<&str, Vec<String>>) -> BTreeSet<Place> {
        let (mut places, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            match by_name.get(name) {
                Some(members) => open.extend(members.iter().map(String::as_str)),
                None => places.extend(
                    self.phrases
                        .exactly(name)
                        .into_iter()
                        .flat_map(|known| &known.ingredients),
                ),
            }
        }
        places
    }

    fn add(&mut self, row: &Row, classes: &Classes) -> Result<(), TableError> {
        let expand = |table: &Self, names: &[String]| table.expand(row, names, classes);
        match &row.kind {
            Kind::Name { .. } | Kind::Product { .. } | Kind::Class { .. } => {}
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
                    let (line, name) = (row.line, rule.id.clone());
                    return Err(TableError::Twice { line, name });
                }
                let (left, right) = (expand(self, left)?, expand(self, right)?);
                let at = self.rules.len();
                self.rules.push(Rule {
                    agency: row.agency,
                    ..rule.clone()
                });
                for place in left {
                    let [left, _] = self.sides.entry(place).or_default();
                    left.insert(at);
                }
                for place in right {
                    let [_, right] = self.sides.entry(place).or_default();
                    right.insert(at);
                }
            }
            Kind::Allergy {
                family,
                names,
                members,
                spread,
                ..
            } => {
                let places = expand(self, members)?;
                let known = self.families.iter().position(|one| one.name == *family);
                let at = known.unwrap_or(self.families.len());
                let names = || names.iter().chain([family]);
                if let Some(name) = names().find(|name| !self.family_phrases.allows(name, &at)) {
                    return Err(taken(row, name));
                }
                for name in names() {
                    self.family_phrases.learn(name, at, row.agency);
                }
                if known.is_none() {
                    self.families.push(Family {
                        name: family.clone(),
                        ..Family::default()
                    });
                }
                if let Some(family) = self.families.get_mut(at) {
                    family.members.extend(places);
                    family.spread |= spread;
                }
            }
        }
        Ok(())
    }

    /// Which families may react across, once all are known. Of a row that names one that there is
    /// not, the rest counts all the same: it only raises more.
    fn relate_families(&mut self, rows: &[Row], refused: &mut BTreeMap<usize, TableError>) {
        for (row_at, row) in rows.iter().enumerate() {
            let Kind::Allergy { family, across, .. } = &row.kind else {
                continue;
            };
            if refused.contains_key(&row_at) {
                continue;
            }
            let at = |name: &String| self.families.iter().position(|one| one.name == *name);
            if let Some(name) = across.iter().find(|name| at(name).is_none()) {
                refused.insert(row_at, unknown(row, name));
                continue;
            }
            let others: Vec<usize> = across.iter().filter_map(at).collect();
            if let Some(family) = at(family).and_then(|at| self.families.get_mut(at)) {
                family.across.extend(others);
            }
        }
    }

    /// The ingredients that names of ingredients and classes stand for.
    fn expand(
        &self,
        row: &Row,
        names: &[String],
        classes: &Classes,
    ) -> Result<BTreeSet<Place>, TableError> {
        let mut places = BTreeSet::new();
        for name in names {
            match (classes.get(&phrase(name)), self.phrases.exactly(name)) {
                (Some(class), _) => places.extend(class),
                (None, Some(meaning)) => places.extend(&meaning.ingredients),
                (None, None) => return Err(unknown(row, name)),
            }
        }
        Ok(places)
    }
}

fn unknown(row: &Row, name: &str) -> TableError {
    let (line, name) = (row.line, name.to_owned());
    TableError::Unknown { line, name }
}

fn taken(row: &Row, name: &str) -> TableError {
    let (line, name) = (row.line, name.to_owned());
    TableError::Taken { line, name }
}
