//! Reading what somebody wrote: words, the longest known phrases among them, and whether the
//! medicine stays where it is put. Never matches a part of a word, never corrects one.

use std::collections::BTreeMap;

use crate::search::fold;

/// Words that, after the name of an ingredient, are the salt that it comes in.
const SALTS: [&str; 5] = ["potassium", "calcium", "magnesium", "zinc", "iron"];

/// A word: letters or digits, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// After a comma, slash or the like: another part than the word before.
    pub new_part: bool,
}

/// The words of a text. An apostrophe parts no word, and a digit is no part of one: `St. John's`
/// is `st johns`, `10mg` is `10 mg`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::<Word>::new();
    let (mut inside, mut new_part) = (false, false);
    for c in fold(text).chars() {
        if c.is_alphanumeric() {
            match words.last_mut() {
                Some(word)
                    if inside
                        && word.text.ends_with(|last: char| last.is_numeric())
                            == c.is_numeric() =>
                {
                    word.text.push(c);
                }
                _ => words.push(Word {
                    text: c.to_string(),
                    new_part,
                }),
            }
            (inside, new_part) = (true, false);
        } else if !matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '`') {
            inside = false;
            new_part |= matches!(c, ',' | ';' | '/' | '+' | '&' | '\n');
        }
    }
    words
}

/// The words of a text with single spaces.
pub(super) fn phrase(text: &str) -> String {
    let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    words.join(" ")
}

/// Known phrases and what each means. Those that an agency adds never hide one that was there
/// before: a text is read with them, and once more as if there were none.
#[derive(Clone, Debug)]
pub(super) struct Phrases<T> {
    meanings: BTreeMap<String, Known<T>>,
    /// The most words of a phrase, by its first word.
    longest: BTreeMap<String, usize>,
    added: bool,
}

#[derive(Clone, Debug)]
struct Known<T> {
    meaning: T,
    added: bool,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            meanings: BTreeMap::new(),
            longest: BTreeMap::new(),
            added: false,
        }
    }
}

impl<T: PartialEq> Phrases<T> {
    /// Whether the phrase could have this meaning: it has words, and means nothing else already.
    pub fn allows(&self, name: &str, meaning: &T) -> bool {
        let phrase = phrase(name);
        let known = self.meanings.get(&phrase);
        !phrase.is_empty() && known.is_none_or(|known| known.meaning == *meaning)
    }

    /// False if the phrase means something else already, or has no words. `added`: by an agency.
    pub fn learn(&mut self, name: &str, meaning: T, added: bool) -> bool {
        if !self.allows(name, &meaning) {
            return false;
        }
        let phrase = phrase(name);
        let first = phrase.split(' ').next().unwrap_or_default().to_owned();
        let longest = self.longest.entry(first).or_default();
        *longest = (*longest).max(phrase.split(' ').count());
        self.added |= added;
        let known = Known { meaning, added };
        self.meanings.entry(phrase).or_insert(known);
        true
    }

    /// What exactly this phrase means.
    pub fn exactly(&self, name: &str) -> Option<&T> {
        self.meanings.get(&phrase(name)).map(|known| &known.meaning)
    }

    /// The meanings of the longest phrases in a text, in its order; then what only shows without the
    /// phrases that were added.
    pub fn find(&self, text: &str) -> Vec<&T> {
        let words = words(text);
        let mut found = self.walk(&words, true);
        if self.added {
            for meaning in self.walk(&words, false) {
                if !found.contains(&meaning) {
                    found.push(meaning);
                }
            }
        }
        found
    }

    fn walk(&self, words: &[Word], added: bool) -> Vec<&T> {
        let mut found = Vec::new();
        // Words of a name that are still to come, and whether the last one was of a name.
        let (mut rest, mut to_come, mut after_one) = (words, 0_usize, false);
        while let Some((first, others)) = rest.split_first() {
            match self.at(rest, added) {
                Some((meaning, count)) => {
                    let salt = after_one && !first.new_part && count == 1;
                    if !(salt && SALTS.contains(&first.text.as_str())) {
                        found.push(meaning);
                    }
                    rest = rest.get(count..).unwrap_or_default();
                    to_come = to_come.saturating_sub(count);
                    after_one = true;
                }
                None => {
                    // A name that does not count here: its salt is still its salt.
                    let count = self.at(rest, true).map_or(0, |(_, count)| count);
                    to_come = to_come.max(count);
                    after_one = to_come > 0;
                    to_come = to_come.saturating_sub(1);
                    rest = others;
                }
            }
        }
        found
    }

    /// The longest phrase that these words begin with, and how many it takes.
    fn at(&self, words: &[Word], added: bool) -> Option<(&T, usize)> {
        let most = *self.longest.get(&words.first()?.text)?;
        (1..=most.min(words.len())).rev().find_map(|count| {
            let texts: Vec<&str> = words.iter().take(count).map(|w| w.text.as_str()).collect();
            let known = self.meanings.get(&texts.join(" "))?;
            (added || !known.added).then_some((&known.meaning, count))
        })
    }
}

/// Forms that stay on skin, eye or ear.
const LOCAL: [&str; 15] = [
    "ophthalmic",
    "otic",
    "topical",
    "topically",
    "cream",
    "ointment",
    "lotion",
    "shampoo",
    "gel",
    "eye drop",
    "eye drops",
    "ear drop",
    "ear drops",
    "eye ointment",
    "eyedrops",
];
/// The same, where only the route is written.
const LOCAL_ROUTE: [&str; 9] = [
    "eye",
    "eyes",
    "ear",
    "ears",
    "skin",
    "scalp",
    "cutaneous",
    "nail",
    "nails",
];
/// Forms that go through the body, whatever else is written: `oral gel`, `liquid gel caps`.
const SYSTEMIC: [&str; 24] = [
    "oral",
    "orally",
    "mouth",
    "po",
    "tablet",
    "tablets",
    "tab",
    "tabs",
    "capsule",
    "capsules",
    "cap",
    "caps",
    "pill",
    "pills",
    "liquid",
    "liqui",
    "injection",
    "iv",
    "im",
    "suppository",
    "patch",
    "transdermal",
    "rectal",
    "caplet",
];

/// Whether the medicine is for skin, eye or ear, by its route or else its name. Not written is not.
pub(super) fn is_local(name: &str, route: &str) -> bool {
    let (name, route) = (
        format!(" {} ", phrase(name)),
        format!(" {} ", phrase(route)),
    );
    let says = |text: &str, forms: &[&str]| {
        // Words stand between spaces.
        forms.iter().any(|form| {
            let mut found = text.match_indices(form);
            found.any(|(at, _)| {
                let (before, after) = (text.get(..at), text.get(at + form.len()..));
                before.is_some_and(|text| text.ends_with(' '))
                    && after.is_some_and(|text| text.starts_with(' '))
            })
        })
    };
    if says(&route, &SYSTEMIC) || says(&name, &SYSTEMIC) {
        return false;
    }
    says(&route, &LOCAL) || says(&route, &LOCAL_ROUTE) || says(&name, &LOCAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_parted() {
        assert_eq!(phrase("St. John’s Wórt®"), "st johns wort");
        assert_eq!(
            phrase("Lisinopril10MG, Tylenol #3"),
            "lisinopril 10 mg tylenol 3"
        );
        assert_eq!(phrase("  ///  "), "");
    }

    #[test]
    fn the_longest_phrase_wins_and_no_part_of_a_word() {
        let mut phrases = Phrases::default();
        assert!(phrases.learn("Tylenol", 1, false));
        assert!(phrases.learn("Tylenol 3", 2, false));
        assert!(phrases.learn("potassium", 3, false));
        assert!(phrases.learn("losartan", 4, false));
        assert!(phrases.learn("TYLENOL", 1, false));
        assert!(!phrases.learn("tylenol", 9, false) && !phrases.learn("…", 9, false));
        assert_eq!(phrases.find("Tylenol #3 and tylenol"), [&2, &1]);
        assert_eq!(phrases.find("Tylenolol xTylenol"), Vec::<&i32>::new());
        assert_eq!(phrases.find("Losartan Potassium 50 mg"), [&4]);
        assert_eq!(phrases.find("losartan, potassium"), [&4, &3]);
        assert_eq!(phrases.find("potassium 20 mEq"), [&3]);
    }

    #[test]
    fn what_is_added_hides_nothing() {
        let mut phrases = Phrases::default();
        for (name, meaning) in [("tylenol", 1), ("st johns wort", 2), ("potassium", 3)] {
            assert!(phrases.learn(name, meaning, false));
        }
        for (name, meaning) in [
            ("tylenol blue", 7),
            ("the st", 8),
            ("zorba xr", 9),
            ("tylenol", 1),
        ] {
            assert!(phrases.learn(name, meaning, true));
        }
        assert_eq!(phrases.find("Tylenol Blue"), [&7, &1]);
        assert_eq!(phrases.find("the St. John's wort"), [&8, &2]);
        assert_eq!(phrases.find("Zorba XR potassium"), [&9]);
        assert_eq!(phrases.find("Zorba XR, potassium"), [&9, &3]);
        assert_eq!(phrases.find("tylenol"), [&1]);
    }

    #[test]
    fn local_is_what_says_so() {
        for name in [
            "Ketorolac 0.5% ophthalmic solution",
            "diclofenac 1% gel",
            "x eye drops",
        ] {
            assert!(is_local(name, ""), "{name}");
        }
        for name in [
            "miconazole oral gel",
            "Advil Liqui-Gels",
            "x for the eye",
            "ibuprofen",
        ] {
            assert!(!is_local(name, ""), "{name}");
        }
        assert!(is_local("timolol", "both eyes") && !is_local("x cream", "by mouth"));
    }
}
