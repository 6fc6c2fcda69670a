//! A decimal number of questionnaires: weights, limits, scores. Millionths in a whole number, so that
//! sums are exact and the same on every device.

use std::{fmt, iter::Sum, str::FromStr};

use serde::{Deserialize, Serialize};

const SCALE: i64 = 1_000_000;
const PLACES: usize = 6;

/// A number with at most six places, below a thousand million in size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Decimal(i64);

/// A text that is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number with at most six places")]
pub struct NotDecimal;

impl Decimal {
    /// From a number of JSON; none where it is too large or not finite.
    pub fn from_f64(number: f64) -> Option<Self> {
        let scaled = number * 1e6;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "within the bounds it fits exactly"
        )]
        let whole = scaled.round() as i64;
        (scaled.abs() < 1e15).then_some(Self(whole))
    }

    /// How many places are needed to write it.
    pub fn places(self) -> usize {
        let text = self.to_string();
        text.split_once('.').map_or(0, |(_, places)| places.len())
    }
}

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(places) || whole.len() > 9 || places.len() > PLACES {
            return Err(NotDecimal);
        }
        let whole: i64 = whole.parse().map_err(|_| NotDecimal)?;
        let part: i64 = format!("{places:0<PLACES$}")
            .parse()
            .map_err(|_| NotDecimal)?;
        let size = whole * SCALE + part;
        Ok(Self(if negative { -size } else { size }))
    }
}

impl TryFrom<String> for Decimal {
    type Error = NotDecimal;

    fn try_from(text: String) -> Result<Self, NotDecimal> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.to_string()
    }
}

impl From<i32> for Decimal {
    fn from(whole: i32) -> Self {
        Self(i64::from(whole) * SCALE)
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.fold(0, |sum, one| sum.saturating_add(one.0)))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, part) = (size / SCALE.unsigned_abs(), size % SCALE.unsigned_abs());
        if part == 0 {
            return write!(out, "{sign}{whole}");
        }
        let places = format!("{part:0>PLACES$}");
        write!(out, "{sign}{whole}.{}", places.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_and_what_is_none_is_refused() {
        for (text, written) in [
            ("0", "0"),
            ("10", "10"),
            ("1.50", "1.5"),
            ("-0.25", "-0.25"),
            ("007", "7"),
            ("999999999.999999", "999999999.999999"),
        ] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), written);
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1e3",
            "1,5",
            " 1",
            "+1",
            "--1",
            "1234567890",
            "0.1234567",
            "NaN",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(NotDecimal), "{text}");
        }
        let tenths: Decimal = ["0.1", "0.2"]
            .iter()
            .map(|t| t.parse::<Decimal>().unwrap())
            .sum();
        assert_eq!(tenths.to_string(), "0.3");
        assert_eq!(Decimal::from_f64(0.1 + 0.2).unwrap().to_string(), "0.3");
        assert_eq!(Decimal::from_f64(f64::NAN), None);
        assert_eq!(Decimal::from_f64(1e300), None);
        assert!(Decimal::from(-1) < "0.5".parse().unwrap());
    }
}
