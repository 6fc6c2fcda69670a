//! Whether two entries say the same dose. Owns units and the words for how often; what it cannot
//! read stays as it is and must be equal.

use super::{Listed, names::words};

/// A number in millionths.
type Micro = u128;

/// How much at once and how often, made comparable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dose {
    /// Amounts with their units, sorted; mass in micrograms.
    amounts: Vec<(String, Micro)>,
    often: Option<String>,
}

impl Dose {
    /// Of the entry's own fields, or else of its name.
    pub fn read(entry: &Listed<'_>) -> Self {
        let (in_dose, in_name) = (Amounts::read(entry.dose), Amounts::read(entry.name));
        let count = in_dose.count.or(in_name.count).unwrap_or(1_000_000);
        let with_units = if in_dose.units.is_empty() {
            in_name.units
        } else {
            in_dose.units
        };
        let mut amounts: Vec<_> = with_units
            .into_iter()
            .map(|(unit, micro)| (unit, micro.saturating_mul(count) / 1_000_000))
            .collect();
        if amounts.is_empty() && in_dose.count.is_some() {
            amounts.push(("count".to_owned(), count));
        }
        // '1-2 tablets': the 1 has no unit, and makes it another dose than '2 tablets'.
        amounts.extend(in_dose.bare.into_iter().map(|micro| (String::new(), micro)));
        amounts.sort();
        let texts = [entry.frequency, entry.dose, entry.name];
        let often = texts.into_iter().find_map(often).or_else(|| {
            let other = super::names::phrase(entry.frequency);
            (!other.is_empty()).then_some(other)
        });
        Self { amounts, often }
    }

    /// The amounts are the same, and how often does not differ as far as both say.
    pub fn agrees(&self, other: &Self) -> bool {
        let often = match (&self.often, &other.often) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        self.amounts == other.amounts && often
    }
}

#[derive(Default)]
struct Amounts {
    units: Vec<(String, Micro)>,
    count: Option<Micro>,
    bare: Vec<Micro>,
}

impl Amounts {
    fn read(text: &str) -> Self {
        let mut amounts = Self::default();
        let text = crate::search::fold(text);
        // `words` parts `0.5`: decimals are joined here first.
        let mut tokens = Vec::<String>::new();
        let mut last = ' ';
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let digit_next = chars.peek().is_some_and(char::is_ascii_digit);
            let point = c == '.' && digit_next;
            // `1,000`
            if c == ',' && last.is_ascii_digit() && digit_next {
                continue;
            }
            let kind = |c: char| {
                (
                    c.is_ascii_digit() || c == '.',
                    c.is_alphabetic() || c == '%',
                )
            };
            if point || c.is_ascii_digit() || kind(c).1 {
                let begun = if point { ('.', true) } else { (c, false) };
                match tokens.last_mut() {
                    Some(token) if kind(last) == kind(begun.0) && last != ' ' => token.push(c),
                    _ => tokens.push(c.to_string()),
                }
                last = c;
            } else {
                if c == '/' {
                    tokens.push("/".to_owned());
                }
                last = ' ';
            }
        }
        let mut tokens = tokens.iter().map(String::as_str).peekable();
        while let Some(token) = tokens.next() {
            let Some(number) = number(token) else {
                continue;
            };
            match tokens.peek().copied() {
                Some(
                    "tablet" | "tablets" | "tab" | "tabs" | "capsule" | "capsules" | "cap" | "caps"
                    | "pill" | "pills" | "puff" | "puffs" | "drop" | "drops" | "a",
                ) => {
                    amounts.count = Some(number);
                }
                Some(unit) => match mass(unit) {
                    Some(factor) => {
                        tokens.next();
                        let mut unit = "mass".to_owned();
                        if tokens.next_if_eq(&"/").is_some() {
                            unit.push('/');
                            unit.push_str(tokens.peek().copied().unwrap_or_default());
                        }
                        amounts.units.push((unit, number.saturating_mul(factor)));
                    }
                    None if ["ml", "unit", "units", "unt", "meq", "iu", "%"].contains(&unit) => {
                        let unit = unit.trim_end_matches('s');
                        amounts.units.push((unit.replace("unt", "unit"), number));
                    }
                    // `24 HR` is a form, not an amount.
                    None if ["hr", "hour", "hours", "day", "days"].contains(&unit) => {}
                    None => amounts.bare.push(number),
                },
                None => amounts.bare.push(number),
            }
        }
        amounts
    }
}

/// Micrograms in a unit of mass.
fn mass(unit: &str) -> Option<Micro> {
    match unit {
        "mcg" | "ug" | "microgram" | "micrograms" => Some(1),
        "mg" | "mgs" | "milligram" | "milligrams" => Some(1_000),
        "g" | "gm" | "gram" | "grams" => Some(1_000_000),
        _ => None,
    }
}

fn number(token: &str) -> Option<Micro> {
    match token {
        "one" => return Some(1_000_000),
        "two" => return Some(2_000_000),
        "half" => return Some(500_000),
        _ => {}
    }
    if !token.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let (whole, part) = token.split_once('.').unwrap_or((token, ""));
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    let whole: Micro = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    whole
        .checked_mul(1_000_000)?
        .checked_add(part.parse::<Micro>().ok()?)
}

/// Ways to say how often; the first that is found counts.
const OFTEN: [(&str, &[&str]); 7] = [
    (
        "4 a day",
        &[
            "qid",
            "four times",
            "4 times",
            "4 x",
            "every 6 hours",
            "q 6 h",
        ],
    ),
    (
        "3 a day",
        &[
            "tid",
            "three times",
            "3 times",
            "3 x",
            "every 8 hours",
            "q 8 h",
        ],
    ),
    (
        "2 a day",
        &[
            "bid",
            "twice",
            "two times",
            "2 times",
            "2 x",
            "every 12 hours",
            "q 12 h",
        ],
    ),
    ("weekly", &["weekly", "once a week", "every week"]),
    ("as needed", &["prn", "as needed", "when needed"]),
    (
        "bedtime",
        &["qhs", "bedtime", "nightly", "every night", "hs"],
    ),
    (
        "1 a day",
        &[
            "qd",
            "daily",
            "once",
            "every day",
            "a day",
            "od",
            "every 24 hours",
            "q 24 h",
        ],
    ),
];

fn often(text: &str) -> Option<String> {
    let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    let text = format!(" {} ", words.join(" "));
    let says = |ways: &[&str]| ways.iter().any(|way| text.contains(&format!(" {way} ")));
    let found = OFTEN.iter().find(|(_, ways)| says(ways))?;
    Some(found.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dose(name: &str, dose: &str, frequency: &str) -> Dose {
        Dose::read(&Listed {
            name,
            dose,
            frequency,
            ..Listed::default()
        })
    }

    #[test]
    fn the_same_dose_in_other_words() {
        for (a, b) in [
            (("x 10 MG Oral Tablet", "", ""), ("X 10mg tab", "", "daily")),
            (("x", "10 mg", ""), ("x 10 mg", "1 tablet", "")),
            (("x 5 mg", "2 tablets", ""), ("x", "10 mg", "")),
            (("x", "0.1 mg", "BID"), ("x", "100 mcg", "twice a day")),
            (
                ("x", "1,000 mg", "every 8 hours"),
                ("x", "1 g", "three times daily"),
            ),
            (
                ("24 HR x 500 MG Extended Release", "", ""),
                ("x 500 mg", "", ""),
            ),
            (("x 21.7 MG/ML", "", ""), ("x 21.7 mg/mL", "", "")),
            (("x", "", ""), ("x", "", "daily")),
        ] {
            assert!(
                dose(a.0, a.1, a.2).agrees(&dose(b.0, b.1, b.2)),
                "{a:?} {b:?}"
            );
        }
    }

    #[test]
    fn another_dose() {
        for (a, b) in [
            (("x 40 mg", "", ""), ("x 60 mg", "", "")),
            (("x 10 mg", "", "daily"), ("x 10 mg", "", "twice daily")),
            (("x 10 mg", "", ""), ("x", "", "")),
            (("x 10 mg", "2 tablets", ""), ("x 10 mg", "1 tablet", "")),
            (("x", "1-2 tablets", ""), ("x", "2 tablets", "")),
            (("x 10 mg", "", ""), ("x 10 mg/ml", "", "")),
            (
                ("x 10 mg", "", "daily"),
                ("x 10 mg", "", "in the green box"),
            ),
        ] {
            assert!(
                !dose(a.0, a.1, a.2).agrees(&dose(b.0, b.1, b.2)),
                "{a:?} {b:?}"
            );
        }
    }
}
