//! When a service is open, as far as a week tells it. What a file says otherwise (every second month,
//! by appointment) stays words. Owns the rule that hours which ran out are not open.

use serde::{Deserialize, Serialize};

/// Open on some days of the week from one minute of the day until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Days as bits, Monday first.
    pub days: u8,
    /// Minute of the day.
    pub from: u16,
    /// Likewise; not after `from` where it closes on the next day.
    pub to: u16,
    /// The last day on which it holds, as 20261123; 0 for no end.
    pub until: u32,
}

/// A moment where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// 0 is Monday.
    pub weekday: u8,
    /// Of the day.
    pub minute: u16,
    /// As in [`Hours::until`].
    pub date: u32,
}

impl Hours {
    /// Whether it is open then.
    pub fn open(&self, when: When) -> bool {
        if self.until != 0 && self.until < when.date {
            return false;
        }
        let on = |weekday: u8| self.days & (1 << (weekday % 7)) != 0;
        let minute = when.minute;
        if self.from < self.to {
            return on(when.weekday) && (self.from..self.to).contains(&minute);
        }
        // Over midnight: tonight, or still since yesterday.
        (on(when.weekday) && minute >= self.from) || (on(when.weekday + 6) && minute < self.to)
    }
}

/// The day's bit of the week by any of its usual names: `Monday`, `MO`, `lun`.
pub(super) fn day(name: &str) -> Option<u8> {
    const DAYS: [[&str; 2]; 7] = [
        ["mo", "lu"],
        ["tu", "ma"],
        ["we", "mi"],
        ["th", "ju"],
        ["fr", "vi"],
        ["sa", "sá"],
        ["su", "do"],
    ];
    let name = name
        .trim()
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
        .to_lowercase();
    let found = DAYS
        .iter()
        .position(|names| names.iter().any(|known| name.starts_with(known)));
    found.map(|day| 1 << day)
}

/// The minute of the day: `08:00`, `17:30:00`, `9 AM`.
pub(super) fn minute(text: &str) -> Option<u16> {
    let text = text.trim().to_ascii_lowercase();
    let late = text.contains('p');
    let early = text.contains('a');
    let plain: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == ':')
        .collect();
    let mut parts = plain.split(':');
    let hour: u16 = parts.next()?.parse().ok()?;
    let minute: u16 = parts.next().map_or(Some(0), |part| part.parse().ok())?;
    let hour = match hour {
        12 if early => 0,
        1..=11 if late => hour + 12,
        other => other,
    };
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

/// The date of `2026-11-23…` as 20261123; 0 where it says none.
pub(super) fn date(text: &str) -> u32 {
    let day: Option<jiff::civil::Date> = text.trim().get(..10).and_then(|day| day.parse().ok());
    day.map_or(0, |day| {
        let year = u32::from(day.year().unsigned_abs());
        let month = u32::from(day.month().unsigned_abs());
        year * 10_000 + month * 100 + u32::from(day.day().unsigned_abs())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_read_as_files_write_them() {
        let days = ["Monday", "tu", "WE", "1TH", "-1FR", "sábado", "Dom"];
        for (at, name) in days.iter().enumerate() {
            assert_eq!(day(name), Some(1 << at), "{name}");
        }
        assert_eq!(day("holiday"), None);
        let times = [
            ("08:00", Some(480)),
            ("17:30:00", Some(1_050)),
            ("9 AM", Some(540)),
            ("12am", Some(0)),
            ("12:15 pm", Some(735)),
            ("5 p.m.", Some(1_020)),
            ("24:00", Some(1_440)),
            ("24:01", None),
            ("9:75", None),
            ("noon", None),
        ];
        for (text, expected) in times {
            assert_eq!(minute(text), expected, "{text}");
        }
        assert_eq!(date("2026-11-23T10:00:00Z"), 20_261_123);
        assert_eq!(date("soon"), 0);
    }

    #[test]
    fn open_follows_the_week_the_clock_and_the_last_day() {
        let hours = |days, from, to, until| Hours {
            days,
            from,
            to,
            until,
        };
        let at = |weekday, minute| When {
            weekday,
            minute,
            date: 20_261_123,
        };
        let office = hours(0b0001_1111, 480, 1_020, 0);
        assert!(office.open(at(0, 480)) && office.open(at(4, 1_019)));
        assert!(!office.open(at(4, 1_020)) && !office.open(at(5, 600)));
        let night = hours(0b0100_0000, 1_200, 360, 0);
        assert!(night.open(at(6, 1_200)) && night.open(at(0, 359)));
        assert!(!night.open(at(0, 360)) && !night.open(at(0, 1_300)));
        let ended = hours(127, 0, 1_440, 20_261_122);
        assert!(!ended.open(at(0, 600)));
        assert!(hours(127, 0, 1_440, 20_261_123).open(at(0, 600)));
    }
}
