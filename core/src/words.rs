//! Words that people read aloud or copy from paper, from the BIP 39 lists, in English and Spanish: six
//! to compare two tablets by, and a secret as a line of words with a checksum.

use bip39::{Language, Mnemonic};
use satchel_wire::{AgencyId, Certificate, ProfileId, envelope::sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::keys::Secret;

/// How many words two people compare: 66 bits.
pub const COMPARED: usize = 6;
/// How many words a secret of 32 bytes has, its checksum of 8 bits included.
pub const WRITTEN: usize = 24;
const LANGUAGES: [Language; 2] = [Language::English, Language::Spanish];
const BITS: u32 = 11;

/// The same words in two languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub en: Vec<String>,
    /// In Spanish.
    pub es: Vec<String>,
}

/// Six words that follow from an agency, an invite and the certificate claimed with it: who claims
/// with another key sees other words.
pub fn comparison(agency: AgencyId, invite: ProfileId, claimed: &Certificate) -> Words {
    let certificate = postcard::to_stdvec(claimed).unwrap_or_default();
    let hash = sha256(&[
        b"satchel/comparison/1",
        agency.as_bytes(),
        invite.as_bytes(),
        &sha256(&[&certificate]),
    ]);
    let [en, es] = LANGUAGES.map(|language| {
        let list = language.word_list();
        let places = (0..COMPARED as u32).map(|place| place_of(&hash, place * BITS));
        let words = places.filter_map(|at| list.get(at));
        words.map(|word| word.nfc().collect()).collect()
    });
    Words { en, es }
}

/// The number that 11 bits make, from bit `from` on.
fn place_of(hash: &[u8; 32], from: u32) -> usize {
    (from..from + BITS).fold(0, |number, bit| {
        let byte = hash.get(bit as usize / 8).copied().unwrap_or_default();
        (number << 1) | usize::from(byte >> (7 - bit % 8) & 1)
    })
}

/// A secret as 24 words with a checksum.
pub fn write(secret: &Secret) -> Words {
    let [en, es] = LANGUAGES.map(|language| {
        let written = Mnemonic::from_entropy_in(language, &secret.0);
        let words = written.iter().flat_map(Mnemonic::words);
        words.map(|word| word.nfc().collect()).collect()
    });
    Words { en, es }
}

/// Reads a secret from words in either language, with whatever spaces, capitals and accents; `None` when
/// a word is unknown, missing or wrong.
pub fn read(text: &str) -> Option<Secret> {
    let typed: Vec<String> = text.split_whitespace().map(plain).collect();
    LANGUAGES.iter().find_map(|language| {
        let list = language.word_list();
        let known = |typed: &String| list.iter().find(|word| plain(word) == *typed).copied();
        let words: Vec<&str> = typed.iter().map(known).collect::<Option<_>>()?;
        let line = Zeroizing::new(words.join(" "));
        let entropy = Zeroizing::new(
            Mnemonic::parse_in_normalized(*language, &line)
                .ok()?
                .to_entropy(),
        );
        Some(Secret(entropy.as_slice().try_into().ok()?))
    })
}

/// A word without capitals and accents; no two words of one list differ in these alone.
pub fn plain(word: &str) -> String {
    let is_mark = |c: &char| ('\u{300}'..'\u{370}').contains(c);
    word.nfd()
        .filter(|c| !is_mark(c))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use satchel_wire::{Role, StaffId};

    use super::*;

    #[test]
    fn words_of_a_list_differ_without_accents_too() {
        for language in LANGUAGES {
            let all: BTreeSet<String> = language.word_list().iter().map(|w| plain(w)).collect();
            assert_eq!(all.len(), 2048);
        }
    }

    #[test]
    fn a_secret_is_read_back_in_either_language_however_it_is_typed() {
        // The published answer of BIP 39 for 32 zero bytes.
        let zero = write(&Secret([0; 32])).en.join(" ");
        assert_eq!(zero, format!("{}art", "abandon ".repeat(23)));
        for secret in [[0; 32], [255; 32], std::array::from_fn(|i| i as u8)].map(Secret) {
            let Words { en, es } = write(&secret);
            for words in [&en, &es] {
                assert_eq!(words.len(), WRITTEN);
                let sloppy = format!("  {}\n", words.join(" \n").to_uppercase());
                let bare: Vec<String> = words.iter().map(|word| plain(word)).collect();
                for text in [words.join(" "), sloppy, bare.join(" ")] {
                    assert!(read(&text) == Some(secret.clone()), "{text}");
                }
                let mut short = words.clone();
                short.pop();
                assert!(read(&short.join(" ")).is_none());
            }
            let mut wrong = en.clone();
            wrong.first_mut().unwrap().push('q');
            assert!(read(&wrong.join(" ")).is_none());
        }
        // Every word is one of the list, and the checksum does not fit.
        assert!(read(&"abandon ".repeat(24)).is_none());
        assert!(read("").is_none());
    }

    #[test]
    fn other_keys_have_other_words() {
        let certificate = |byte: u8| Certificate {
            profile: ProfileId([byte; 32]),
            staff: StaffId([1; 16]),
            role: Role::Worker,
            transport: [2; 32],
            hpke: vec![3; 1216],
        };
        let (agency, invite) = (AgencyId([4; 32]), ProfileId([5; 32]));
        let words = comparison(agency, invite, &certificate(6));
        assert_eq!((words.en.len(), words.es.len()), (COMPARED, COMPARED));
        let again = comparison(agency, invite, &certificate(6));
        assert_eq!(words, again);
        for other in [
            comparison(agency, invite, &certificate(7)),
            comparison(agency, ProfileId([6; 32]), &certificate(6)),
            comparison(AgencyId([5; 32]), invite, &certificate(6)),
        ] {
            assert_ne!(words.en, other.en);
            assert_ne!(words.es, other.es);
        }
    }

    #[test]
    fn eleven_bits_at_a_time() {
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip([0xff, 0xe0, 0x03, 0xff]) {
            *to = from;
        }
        let found: Vec<usize> = (0..3).map(|at| place_of(&hash, at * BITS)).collect();
        assert_eq!(found, [0x7ff, 0, 0x7fe]);
    }
}
