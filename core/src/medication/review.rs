//! Going through a client's list. Owns which pairs are looked at, and that the answer depends on
//! neither the order of the list nor who wrote first. Says what it found; decides nothing.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Concern, Kind, Listed, ListedAllergy, Side, Table,
    dose::Dose,
    names::is_local,
    table::{Family, Place},
};

/// An entry as it was read.
struct Entry<'a> {
    listed: &'a Listed<'a>,
    /// Each ingredient with the phrase it was first read from. What one name means, such as a
    /// combination, is one phrase.
    phrase_by_place: BTreeMap<Place, usize>,
    local: bool,
    /// Read when it is first compared: most never are.
    dose: OnceCell<Dose>,
}

impl Entry<'_> {
    fn dose(&self) -> &Dose {
        self.dose.get_or_init(|| Dose::read(self.listed))
    }
}

impl Table {
    /// All concerns about a list of medicines and allergies, the gravest first.
    pub fn review(
        &self,
        medications: &[Listed<'_>],
        allergies: &[ListedAllergy<'_>],
    ) -> Vec<Concern> {
        let mut entries: Vec<Entry<'_>> = medications.iter().map(|m| self.entry(m)).collect();
        entries.sort_by_key(|entry| (entry.listed.id, entry.listed.name));
        let mut concerns = Vec::new();
        let mut rest = entries.as_slice();
        while let Some((entry, others)) = rest.split_first() {
            self.within(entry, &mut concerns);
            for other in others {
                self.interactions(entry, other, &mut concerns);
                self.same_drug(entry, other, &mut concerns);
            }
            for allergy in allergies {
                self.allergy(entry, allergy, &mut concerns);
            }
            rest = others;
        }
        concerns.sort();
        concerns.sort_by_key(|concern| !concern.is_critical());
        concerns.dedup();
        concerns
    }

    /// What an allergy was read as: ingredients and families, by name. Empty: nothing was checked.
    pub fn identify_allergy(&self, substance: &str) -> Vec<String> {
        let ingredients = self.identify(substance).into_iter().map(|found| found.0);
        let families = self.family_phrases.find(substance).into_iter();
        let families = families.filter_map(|at| self.families.get(*at));
        let mut names: Vec<String> = ingredients.collect();
        for family in families {
            if !names.contains(&family.name) {
                names.push(family.name.clone());
            }
        }
        names
    }

    fn entry<'a>(&self, listed: &'a Listed<'a>) -> Entry<'a> {
        let meanings = self.phrases.find(listed.name);
        let mut phrase_by_place = BTreeMap::new();
        for (phrase, meaning) in meanings.iter().enumerate() {
            for place in &meaning.ingredients {
                phrase_by_place.entry(*place).or_insert(phrase);
            }
        }
        let local_names = !meanings.is_empty() && meanings.iter().all(|meaning| meaning.local);
        Entry {
            local: local_names || is_local(listed.name, listed.route),
            phrase_by_place,
            dose: OnceCell::new(),
            listed,
        }
    }

    /// Two medicines written in one entry. A combination sold as one is not looked at: it was made
    /// so on purpose.
    fn within(&self, entry: &Entry<'_>, into: &mut Vec<Concern>) {
        for (a, a_phrase) in &entry.phrase_by_place {
            for (b, b_phrase) in &entry.phrase_by_place {
                if a < b && a_phrase != b_phrase {
                    self.interaction((entry, *a), (entry, *b), into);
                }
            }
        }
    }

    fn interactions(&self, one: &Entry<'_>, other: &Entry<'_>, into: &mut Vec<Concern>) {
        for a in one.phrase_by_place.keys() {
            for b in other.phrase_by_place.keys().filter(|b| *b != a) {
                self.interaction((one, *a), (other, *b), into);
            }
        }
    }

    fn interaction(
        &self,
        (one, a): (&Entry<'_>, Place),
        (other, b): (&Entry<'_>, Place),
        into: &mut Vec<Concern>,
    ) {
        let Some(rule) = self.rule(a, b) else { return };
        let reaches = |entry: &Entry<'_>, place| !entry.local || self.absorbed.contains(&place);
        if !reaches(one, a) || !reaches(other, b) {
            return;
        }
        // Of two that were stopped nobody takes anything now.
        let lasting_days = match (one.listed.stopped_days, other.listed.stopped_days) {
            (None, None) => None,
            (Some(ago), None) => match self.lasting.get(&a) {
                Some(days) if ago < *days => Some(*days),
                _ => return,
            },
            (None, Some(ago)) => match self.lasting.get(&b) {
                Some(days) if ago < *days => Some(*days),
                _ => return,
            },
            (Some(_), Some(_)) => return,
        };
        into.push(Concern {
            kind: Kind::Interaction {
                severity: rule.severity,
                rule: rule.id.clone(),
                agency: rule.agency,
                source: rule.source.clone(),
                year: rule.year,
                effect: rule.effect.clone(),
                lasting_days,
            },
            first: self.side(one, a),
            second: self.side(other, b),
        });
    }

    fn same_drug(&self, one: &Entry<'_>, other: &Entry<'_>, into: &mut Vec<Concern>) {
        let taken = |entry: &Entry<'_>| entry.listed.stopped_days.is_none();
        // A cream and a tablet of one medicine are two things.
        if !taken(one) || !taken(other) || one.local != other.local {
            return;
        }
        for place in one.phrase_by_place.keys() {
            if other.phrase_by_place.contains_key(place) {
                let same_dose = one.dose().agrees(other.dose());
                into.push(Concern {
                    kind: Kind::SameDrug { same_dose },
                    first: self.side(one, *place),
                    second: self.side(other, *place),
                });
            }
        }
    }

    /// Whatever the form: a cream may be enough for an allergy.
    fn allergy(&self, entry: &Entry<'_>, allergy: &ListedAllergy<'_>, into: &mut Vec<Concern>) {
        if entry.listed.stopped_days.is_some() {
            return;
        }
        let meanings = self.phrases.find(allergy.substance);
        let to: BTreeSet<Place> = meanings
            .into_iter()
            .flat_map(|meaning| meaning.ingredients.iter().copied())
            .collect();
        let named = self.family_phrases.find(allergy.substance);
        let meant: Vec<&Family> = self
            .families
            .iter()
            .enumerate()
            .filter(|(at, family)| {
                named.contains(&at) || family.spread && !family.members.is_disjoint(&to)
            })
            .map(|(_, family)| family)
            .collect();
        for place in entry.phrase_by_place.keys() {
            let family = meant.iter().find(|family| family.members.contains(place));
            let across = || {
                let others = meant.iter().flat_map(|family| &family.across);
                let mut others = others.filter_map(|at| self.families.get(*at));
                others.find(|family| family.members.contains(place))
            };
            let (family, cross) = if to.contains(place) {
                (None, false)
            } else if let Some(family) = family {
                (Some(family.name.clone()), false)
            } else if let Some(family) = across() {
                (Some(family.name.clone()), true)
            } else {
                continue;
            };
            let same = to.contains(place).then(|| self.ingredient(*place));
            into.push(Concern {
                kind: Kind::Allergy { family, cross },
                first: self.side(entry, *place),
                second: Side {
                    id: allergy.id.to_owned(),
                    ingredient: same,
                },
            });
        }
    }

    fn side(&self, entry: &Entry<'_>, place: Place) -> Side {
        Side {
            id: entry.listed.id.to_owned(),
            ingredient: Some(self.ingredient(place)),
        }
    }
}

#[cfg(test)]
mod tests;
