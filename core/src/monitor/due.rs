//! What is due in a case on a day, by the policy document: the next contact, further attempts, the note
//! on a contact. Owns how standards are counted; reports and the day's list both ask here.

use jiff::{ToSpan as _, civil::Date};
use satchel_wire::Millis;

use super::{CHILD_WELFARE, Contact, Watch};
use crate::policy::{document::Document, term::Counts};

/// The rule of visits to a child.
const OF_CHILDREN: &str = "contact.child_welfare";
/// Months of which the share of visits in the residence is told.
const SHARE_MONTHS: i32 = 6;
/// A case that somebody said was opened in the year 1 is not counted for ever.
const SPANS_MAX: usize = 40_000;

/// The next contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// By when.
    pub day: Date,
    /// The last one, where there was any.
    pub last: Option<Millis>,
    /// Too few of the last ones were in the residence.
    pub in_residence: bool,
}

/// What is to be done when somebody is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outreach {
    /// Try again.
    Try,
    /// Try again in another way.
    OtherMode,
    /// Send a letter.
    Letter,
    /// Somebody who leads looks at it.
    Review,
}

impl Outreach {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Try => "try",
            Self::OtherMode => "other_mode",
            Self::Letter => "letter",
            Self::Review => "review",
        }
    }
}

/// The calendar day of a moment where the agency is; the first there is for one beyond the calendar.
pub fn day_of(rules: &Document, at: Millis) -> Date {
    rules.day_of(at).unwrap_or(Date::MIN)
}

/// What a case of this acuity weighs on a day, in points; one without acuity as the lightest.
pub fn weight(rules: &Document, acuity: &str, day: Date) -> u32 {
    let known = ["1", "2", "3"].contains(&acuity);
    let acuity = if known { acuity } else { "4" };
    rules
        .number(&format!("weight.acuity.{acuity}"), day)
        .unwrap_or(0)
}

/// Until when the note on a contact is to be written that ended, or began, at `from`.
pub fn note_due(rules: &Document, crisis: bool, from: Millis) -> Millis {
    let key = if crisis {
        "note.crisis"
    } else {
        "note.routine"
    };
    rules.due_at(key, from).unwrap_or(Millis(u64::MAX))
}

impl Watch {
    /// Contacts are due in it.
    pub fn is_open(&self) -> bool {
        ["active", "transferring"].contains(&self.state.as_str())
    }

    /// Key of the rule that holds for contacts: of child welfare, else by acuity; none without either.
    pub fn standard(&self) -> Option<String> {
        if self.setting == CHILD_WELFARE {
            return Some(OF_CHILDREN.into());
        }
        let known = ["1", "2", "3", "4"].contains(&self.acuity.as_str());
        known.then(|| format!("contact.acuity.{}", self.acuity))
    }

    /// The day from which standards are counted.
    pub fn opened_on(&self, rules: &Document) -> Date {
        self.opened
            .parse()
            .unwrap_or_else(|_| day_of(rules, self.begun))
    }

    /// Whether a contact is such as the standard asks for: with a child in person.
    pub fn meets(&self, contact: &Contact) -> bool {
        contact.made() && (self.setting != CHILD_WELFARE || contact.mode == "in_person")
    }

    /// The next contact that is due, where a standard holds.
    pub fn next_contact(&self, rules: &Document) -> Option<Next> {
        let standard = self.standard().filter(|_| self.is_open())?;
        let last = self.contacts.iter().rfind(|one| self.meets(one));
        let last = last.map(|one| one.start);
        let opened = self.opened_on(rules);
        let met = last
            .map(|at| day_of(rules, at))
            .filter(|day| *day >= opened);
        let from = met.unwrap_or_else(|| before(rules, &standard, opened));
        Some(Next {
            day: rules.due(&standard, from)?.date,
            last,
            in_residence: self.setting == CHILD_WELFARE && self.lacks_residence(rules),
        })
    }

    /// Of the visits to a child in the last half year, too few were in the residence.
    fn lacks_residence(&self, rules: &Document) -> bool {
        let visits = || self.contacts.iter().filter(|one| self.meets(one));
        let Some(last) = visits().next_back().map(|one| day_of(rules, one.start)) else {
            return false;
        };
        let since = last
            .first_of_month()
            .checked_sub((SHARE_MONTHS - 1).months());
        let since = since.unwrap_or(Date::MIN);
        let recent = || visits().filter(|one| day_of(rules, one.start) >= since);
        let at_home = recent().filter(|one| one.place == "residence").count();
        let share = rules.number("contact.child_welfare.residence", last);
        at_home * 100 < share.unwrap_or(0) as usize * recent().count()
    }

    /// Attempts since somebody was last reached, by their start.
    pub fn attempts(&self) -> Vec<&Contact> {
        let since = self.contacts.iter().rposition(Contact::made);
        let since = since.map_or(0, |at| at + 1);
        let rest = self.contacts.get(since..).unwrap_or_default();
        rest.iter().filter(|one| one.in_vain()).collect()
    }

    /// What comes next when somebody is not reached; nothing without a vain attempt, and nothing once
    /// somebody who leads has looked at it since.
    pub fn outreach(&self, rules: &Document) -> Option<Outreach> {
        let attempts = self.attempts();
        let last = attempts.last()?;
        if self.state == "closed" {
            return None;
        }
        let day = day_of(rules, last.start);
        let reviewed: Option<Date> = self.reviewed.parse().ok();
        if reviewed.is_some_and(|reviewed| reviewed >= day) {
            return None;
        }
        let number = |key: &str| rules.number(key, day).unwrap_or(0) as usize;
        if attempts.len() < number("outreach.attempts") {
            return Some(Outreach::Try);
        }
        let mut modes: Vec<&str> = attempts.iter().map(|one| one.mode.as_str()).collect();
        modes.sort_unstable();
        modes.dedup();
        if modes.len() < number("outreach.modes") {
            return Some(Outreach::OtherMode);
        }
        let first = attempts.first().map(|one| one.start).unwrap_or_default();
        let letter = |one: &Contact| one.mode == "letter" && !one.begun && one.start >= first;
        if self.contacts.iter().any(letter) {
            Some(Outreach::Review)
        } else {
            Some(Outreach::Letter)
        }
    }

    /// Contacts that were made and have no note.
    pub fn unwritten(&self) -> impl Iterator<Item = &Contact> {
        let made = self.contacts.iter().filter(|one| one.made());
        made.filter(|one| self.note_on(one).is_none())
    }

    /// The spans of days, in their order, in each of which a contact is due: both days within it. They
    /// end where the case was closed, or with `until`. Whoever is met each time by the day of
    /// [`Watch::next_contact`] is met in each of them.
    pub fn spans(&self, rules: &Document, until: Date) -> Vec<(Date, Date)> {
        let Some(standard) = self.standard() else {
            return Vec::new();
        };
        let closed = self.closed.map(|at| day_of(rules, at));
        let until = closed.map_or(until, |closed| closed.min(until));
        let mut from = self.opened_on(rules);
        let mut spans = Vec::new();
        while spans.len() < SPANS_MAX {
            let due = rules.due(&standard, before(rules, &standard, from));
            let Some(to) = due.map(|due| due.date).filter(|to| *to >= from) else {
                break;
            };
            if to > until {
                break;
            }
            spans.push((from, to));
            let Ok(next) = to.tomorrow() else { break };
            from = next;
        }
        spans
    }
}

/// The day from which it is counted where the first day that counts is `from`: the one before, and of a
/// rule that counts month by month the last one of the month before.
fn before(rules: &Document, standard: &str, from: Date) -> Date {
    let by_month = rules
        .at(standard, from)
        .is_some_and(|(_, term)| term.counts == Counts::MonthEnds);
    let first = if by_month {
        from.first_of_month()
    } else {
        from
    };
    first.yesterday().unwrap_or(Date::MIN)
}
