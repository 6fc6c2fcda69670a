//! The list of holidays: which days are no business days. Owns the way the list is written, one
//! holiday a line, and the rule for those that fall on a Saturday or Sunday. Knows no agency.
//!
//! ```text
//! 01-01 New Year's Day            every year; on a Saturday the Friday before is kept, on a Sunday
//!                                 the Monday after (5 U.S.C. 6103(b), Executive Order 11582)
//! 01-3-mon Birthday of M. L. King every year, the third Monday of January
//! 05-last-mon Memorial Day        the last Monday of May
//! 2026-11-27 Office closed        this one day
//! ```

use jiff::civil::{Date, Weekday};

/// The days that are kept while the agency has no list of its own.
pub const SHIPPED: &str = "\
01-01 New Year's Day
01-3-mon Birthday of Martin Luther King, Jr.
02-3-mon Washington's Birthday
05-last-mon Memorial Day
06-19 Juneteenth National Independence Day
07-04 Independence Day
09-1-mon Labor Day
10-2-mon Columbus Day
11-11 Veterans Day
11-4-thu Thanksgiving Day
12-25 Christmas Day
";

/// Where that list is from.
pub const SHIPPED_SOURCE: &str = "5 U.S.C. 6103: legal public holidays";

/// The longest list, in bytes of UTF-8.
pub const LEN_MAX: usize = 16 * 1024;

/// When a holiday is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Once.
    On(Date),
    /// Every year on this day of this month.
    Fixed(i8, i8),
    /// Every year: month, which of them (-1 for the last), day of the week.
    Nth(i8, i8, Weekday),
}

/// A list of holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    list: Vec<(When, String)>,
}

/// Why a day is no business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is a Saturday or Sunday.
    Weekend,
    /// It is a holiday, by its name.
    Holiday(String),
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn when(text: &str) -> Option<When> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(When::On(date));
    }
    let parts: Vec<&str> = text.split('-').collect();
    // A leap year has every day that there is.
    let any = |month, day| Date::new(2024, month, day).is_ok();
    match parts.as_slice() {
        [month, day] => {
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            any(month, day).then_some(When::Fixed(month, day))
        }
        [month, nth, day] => {
            let month = month.parse().ok().filter(|month| any(*month, 1))?;
            let nth = match *nth {
                "last" => -1,
                nth => nth.parse().ok().filter(|nth| (1..=4).contains(nth))?,
            };
            Some(When::Nth(month, nth, weekday(day)?))
        }
        _ => None,
    }
}

/// The day on which a holiday of every year is kept.
fn kept(date: Date) -> Option<Date> {
    match date.weekday() {
        Weekday::Saturday => date.yesterday().ok(),
        Weekday::Sunday => date.tomorrow().ok(),
        _ => Some(date),
    }
}

impl Holidays {
    /// Reads a list; empty lines and lines that begin with `#` do not count.
    ///
    /// # Errors
    /// The number of the first line that is no holiday, from 1.
    pub fn read(text: &str) -> Result<Self, u32> {
        let mut list = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (first, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let when = when(first).ok_or(at as u32 + 1)?;
            list.push((when, name.trim().to_owned()));
        }
        Ok(Self { list })
    }

    /// Why no business is done on this day; `None` when it is a business day.
    pub fn closed(&self, date: Date) -> Option<Closed> {
        let holiday = self.list.iter().find(|(when, _)| match *when {
            When::On(on) => on == date,
            When::Nth(month, nth, day) => {
                let found = date.nth_weekday_of_month(nth, day).ok();
                date.month() == month && found == Some(date)
            }
            // New Year's Day may be kept in the year before.
            When::Fixed(month, day) => [date.year(), date.year().saturating_add(1)]
                .into_iter()
                .filter_map(|year| Date::new(year, month, day).ok())
                .any(|on| on == date || kept(on) == Some(date)),
        });
        if let Some((_, name)) = holiday {
            return Some(Closed::Holiday(name.clone()));
        }
        matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday).then_some(Closed::Weekend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_that_comes_with_the_app_keeps_the_published_days() {
        let list = Holidays::read(SHIPPED).unwrap();
        // As the Office of Personnel Management publishes them for these years.
        let published = [
            "2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25",
            "2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24",
            "2027-12-31 2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 2028-12-25",
        ];
        for year in published {
            for day in year.split(' ') {
                let closed = list.closed(day.parse().unwrap());
                assert!(matches!(closed, Some(Closed::Holiday(_))), "{day}");
            }
        }
        let check = |day: &str, expected: Option<Closed>| {
            assert_eq!(list.closed(day.parse().unwrap()), expected, "{day}");
        };
        check("2026-11-27", None);
        check("2026-11-28", Some(Closed::Weekend));
        check("2026-05-18", None);
        let independence = Closed::Holiday("Independence Day".into());
        check("2026-07-04", Some(independence.clone()));
        check("2026-07-03", Some(independence));
        check("2028-02-29", None);
    }

    #[test]
    fn a_line_that_is_no_holiday_is_told_by_its_number() {
        let check = |text: &str, expected: Result<usize, u32>| {
            let read = Holidays::read(text).map(|list| list.list.len());
            assert_eq!(read, expected, "{text:?}");
        };
        check("", Ok(0));
        check("# ours\n\n2026-11-27 Closed\n02-29 Leap day\n", Ok(2));
        check("2026-02-29 no such day", Err(1));
        check("12-25 Christmas\n13-01 no such month", Err(2));
        check("11-5-thu fifth", Err(1));
        check("11-4-thursday", Err(1));
        check("Christmas", Err(1));
        check("99999999999-1-mon", Err(1));
    }
}
