//! What an agency says about a form's scores beside the form: words for them, and which answers are
//! critical. Numbers are data: those that are published stand in a table that the agency may change
//! for itself before it uses a form.

use serde::{Deserialize, Serialize};

use super::{Decimal, Form};

/// `kind TAB of whom TAB number TAB word TAB level TAB source`, see the file's head.
const TABLE: &str = include_str!("data/known.tsv");
/// The most rows that an agency may set for one form.
const ROWS_MAX: usize = 100;
/// The longest word of a band, in characters.
const WORD_LEN_MAX: usize = 60;
/// Levels of a band: the higher, the graver.
const LEVEL_MAX: u8 = 4;

/// A word for a band that the app knows in its languages.
pub type BandWord = &'static str;

/// Codes that a band's word may be; anything else is the agency's own word.
pub const BAND_WORDS: [BandWord; 11] = [
    "none",
    "minimal",
    "low",
    "mild",
    "moderate",
    "moderately_severe",
    "high",
    "severe",
    "negative",
    "positive",
    "positive_women",
];

/// From a value on, what a score means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Band {
    /// LinkId of the score; empty for the sum of all weights.
    pub score: String,
    /// From this value on.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: Decimal,
    /// One of [`BAND_WORDS`], or the agency's own word.
    pub word: String,
    /// 0 to 4: the higher, the graver.
    pub level: u8,
}

/// Answers that somebody has to look at at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Critical {
    /// LinkId of the item.
    pub item: String,
    /// Answers that count more than this.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub above: Decimal,
}

/// What an agency says about a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Settings {
    /// Words for scores.
    pub bands: Vec<Band>,
    /// Critical answers.
    pub critical: Vec<Critical>,
}

impl Settings {
    /// What is known of a form by its codes or its address: to be looked at before it is used.
    pub fn known(form: &Form) -> Self {
        let mut settings = Self::default();
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        for row in rows.map(|line| line.split('\t').collect::<Vec<_>>()) {
            let [kind, of, number, word, level, _source] = row.as_slice() else {
                continue;
            };
            let Ok(number) = number.parse() else {
                continue;
            };
            for link in named(form, of) {
                if *kind == "critical" && !link.is_empty() {
                    settings.critical.push(Critical {
                        item: link,
                        above: number,
                    });
                } else if *kind == "band" {
                    settings.bands.push(Band {
                        score: link,
                        from: number,
                        word: (*word).to_owned(),
                        level: level.parse().unwrap_or(0),
                    });
                }
            }
        }
        settings
    }

    /// The word for a value: of the band with the highest beginning that it reaches.
    pub fn band(&self, score: &str, value: Decimal) -> Option<&Band> {
        let reached = self
            .bands
            .iter()
            .filter(|band| band.score == score && band.from <= value);
        reached.max_by_key(|band| band.from)
    }

    /// Whether they go with the form: every link is one of its items, words are short, rows are few.
    pub fn fits(&self, form: &Form) -> bool {
        let bands = self.bands.iter().all(|band| {
            let scored = band.score.is_empty() || form.item(&band.score).is_some();
            let word = band.word.trim();
            let short = !word.is_empty() && word.chars().count() <= WORD_LEN_MAX;
            scored && short && band.level <= LEVEL_MAX
        });
        let critical = self
            .critical
            .iter()
            .all(|rule| form.item(&rule.item).is_some());
        bands && critical && self.bands.len() + self.critical.len() <= ROWS_MAX
    }
}

/// The links that `of` names: a LOINC code of items or of the form, or `url#link`.
fn named(form: &Form, of: &str) -> Vec<String> {
    if let Some((url, link)) = of.split_once('#') {
        let known = url == form.url && (link.is_empty() || form.item(link).is_some());
        return known.then(|| link.to_owned()).into_iter().collect();
    }
    let has = |codes: &[super::Coding]| {
        let mut codes = codes.iter();
        codes.any(|one| {
            one.code == of && (one.system.is_empty() || one.system == "http://loinc.org")
        })
    };
    let all = form.all();
    let items = all.iter().filter(|item| has(&item.codes));
    let mut links: Vec<String> = items.map(|item| item.link.clone()).collect();
    if links.is_empty() && has(&form.codes) {
        links.push(String::new());
    }
    links
}
