//! The recovery kit: two sheets of paper, the root's, which signs, and the recovery key's, which opens.
//! Owns what stands on each for people and scanners, and the one bit of each seed by which the sheets
//! cannot be taken for each other.

use crate::{
    keys::Secret,
    words::{self, Words},
};

/// One of the two sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Seed of the agency's root key.
    Root,
    /// Seed of the key to which every stream's key is granted.
    Recovery,
}

impl Sheet {
    /// A seed for this sheet out of random bytes: the first bit tells which sheet it is.
    pub fn mark(self, mut seed: Secret) -> Secret {
        let [first, ..] = &mut seed.0;
        *first = match self {
            Self::Root => *first & 0x7f,
            Self::Recovery => *first | 0x80,
        };
        seed
    }

    fn fits(self, seed: &Secret) -> bool {
        self.mark(seed.clone()) == *seed
    }

    fn label(self) -> &'static str {
        match self {
            Self::Root => "SATCHEL-ROOT",
            Self::Recovery => "SATCHEL-RECOVERY",
        }
    }

    /// What the sheet's code says: its label, the relay's address and the words in English, so that a
    /// person with any scanner can read it too.
    pub fn code(self, url: &str, words: &Words) -> String {
        format!("{} {url} {}", self.label(), words.en.join(" "))
    }

    /// Reads what was scanned from the sheet or typed from it; `None` when words are missing or wrong, or
    /// it is the other sheet.
    pub fn read(self, text: &str) -> Option<Secret> {
        let text = text.trim().trim_start_matches(self.label());
        let is_word = |part: &&str| !part.contains("://");
        let words: Vec<&str> = text.split_whitespace().filter(is_word).collect();
        words::read(&words.join(" ")).filter(|seed| self.fits(seed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_read_scanned_or_typed_and_never_taken_for_the_other() {
        for byte in [0, 0x7f, 0x80, 0xff] {
            for (sheet, other) in [
                (Sheet::Root, Sheet::Recovery),
                (Sheet::Recovery, Sheet::Root),
            ] {
                let seed = sheet.mark(Secret([byte; 32]));
                let words = words::write(&seed);
                let code = sheet.code("https://relay.example", &words);
                for text in [code, words.en.join(" "), words.es.join("\n")] {
                    assert!(sheet.read(&text) == Some(seed.clone()), "{text}");
                    assert!(other.read(&text).is_none(), "{text}");
                }
            }
        }
        assert!(Sheet::Root.read("").is_none());
        assert!(
            Sheet::Root
                .read("SATCHEL-ROOT https://relay.example")
                .is_none()
        );
    }
}
