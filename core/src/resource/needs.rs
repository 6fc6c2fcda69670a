//! Which needs a service meets, by the words that its file uses for it. A table of our own, to which an
//! agency adds lines of its own by loading a `needs.csv` together with its directory. Owns the codes.

use crate::search::fold;

use super::Service;

/// Codes of needs, in the order in which they are offered.
pub const NEEDS: [&str; 18] = [
    "food",
    "housing",
    "transport",
    "utilities",
    "clothing",
    "violence",
    "incarceration",
    "substance_use",
    "health",
    "mental_health",
    "employment",
    "education",
    "money",
    "legal",
    "documents",
    "family",
    "care",
    "social",
];

const OWN: &str = include_str!("data/needs.csv");

/// Words, folded, and the need that each speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    rows: Vec<(String, &'static str)>,
}

impl Default for Needs {
    fn default() -> Self {
        let mut needs = Self { rows: Vec::new() };
        for line in OWN.lines().skip(1) {
            if let Some((need, word)) = line.split_once(',') {
                needs.add(need, word);
            }
        }
        needs
    }
}

impl Needs {
    /// Adds a word; false where there is no such need, or no word.
    pub fn add(&mut self, need: &str, word: &str) -> bool {
        let known = NEEDS.iter().find(|code| **code == need.trim());
        let word = plain(word);
        match known {
            Some(code) if !word.is_empty() => {
                self.rows.push((format!(" {word} "), code));
                true
            }
            _ => false,
        }
    }

    /// The needs that a service meets: by its topics and name, else by what it says of itself.
    pub fn of(&self, service: &Service) -> Vec<String> {
        let said = format!("{} {}", service.name, service.topics.join(" / "));
        let mut found = self.within(&said);
        if found.is_empty() {
            found = self.within(&service.description);
        }
        found.iter().map(|code| (*code).to_owned()).collect()
    }

    fn within(&self, text: &str) -> Vec<&'static str> {
        let text = format!(" {} ", plain(text));
        let has = |code: &&str| {
            let mut rows = self.rows.iter().filter(|(_, need)| need == code);
            rows.any(|(word, _)| text.contains(word.as_str()))
        };
        NEEDS.into_iter().filter(has).collect()
    }
}

/// Folded words with one space between them: `Re-entry/Parole` is `re entry parole`.
fn plain(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(name: &str, topics: &[&str], description: &str) -> Service {
        Service {
            name: name.into(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            description: description.into(),
            ..Service::default()
        }
    }

    #[test]
    fn every_line_of_our_table_names_a_need_and_every_need_has_words() {
        let rows = Needs::default().rows;
        assert_eq!(rows.len(), OWN.lines().count() - 1);
        for code in NEEDS {
            assert!(rows.iter().any(|(_, need)| *need == code), "{code}");
        }
    }

    #[test]
    fn words_decide_whole_ones_and_topics_before_prose() {
        let check = |one: Service, expected: &[&str]| {
            assert_eq!(Needs::default().of(&one), expected, "{}", one.name);
        };
        check(
            service("Brown Bag", &["Food Boxes/Food Vouchers"], ""),
            &["food"],
        );
        check(
            service("A", &["EMERGENCY SERVICES", "Re-entry"], "We have food."),
            &["incarceration"],
        );
        check(
            service("Corner House", &[], "Hot MEALS every day"),
            &["food"],
        );
        // 'rent' is not in 'parents'.
        check(service("Parents together", &[], ""), &[]);
    }

    #[test]
    fn an_agency_adds_words_of_its_own() {
        let mut needs = Needs::default();
        assert!(needs.add("documents", "Cédula") && !needs.add("money laundering", "x"));
        assert!(!needs.add("food", " - "));
        assert_eq!(
            needs.of(&service("Trámites", &["cedula"], "")),
            ["documents"]
        );
    }
}
