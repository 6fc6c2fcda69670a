//! The policy document as it is shown, and as admins write it. Owns the rule that a version is never
//! lost: what was taken away or written over stays to be read, with who did it.

use jiff::civil::Date;
use satchel_wire::{Millis, Role};

use super::Rules;
use crate::{
    api::{
        Failure, HolidaysView, Reply, TermRuleView, TermVersionView, TermWasView, TermsAsk,
        WrittenView,
    },
    directory::Decreed,
    doc::Past,
    engine::{Engine, cx::Cx},
    policy::{
        document::{self, HOLIDAYS, HolidayList, ZONE, ZONES},
        holidays::{self, Holidays},
        term::{SOURCE_LEN_MAX, Term},
    },
};

/// The versions of a rule that were ever written, the latest first.
fn written<'a>(rules: &'a Rules, key: &'a str) -> impl Iterator<Item = (Date, &'a Decreed)> {
    let all = rules.decreed.iter().rev();
    all.filter_map(move |(place, one)| {
        let (of, since) = document::split(place)?;
        (of == key).then_some((since, one))
    })
}

/// Since when on what holds today holds.
fn in_force<'a>(
    versions: impl Iterator<Item = (Date, &'a Decreed)>,
    today: Option<Date>,
) -> Option<Date> {
    let stands = |one: &Decreed| {
        one.standing
            .as_ref()
            .is_some_and(|past| !past.text.is_empty())
    };
    let mut held = versions.filter(|(since, one)| stands(one) && Some(*since) <= today);
    held.next().map(|(since, _)| since)
}

fn date(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| Failure::BadValue {
        field: "since".into(),
        expected: "YYYY-MM-DD".into(),
    })
}

fn bad(field: &str, expected: &str) -> Failure {
    Failure::BadValue {
        field: field.into(),
        expected: expected.into(),
    }
}

impl Engine {
    pub(super) fn term_views(&self, rules: &Rules, now: Millis) -> Vec<TermRuleView> {
        let today = rules.document.day_of(now);
        let was = |past: &Past| TermWasView {
            term: Term::from_text(&past.text),
            written: self.rule_written(&past.origin),
        };
        let view = |rule: &document::Rule| {
            let versions = || written(rules, &rule.key);
            let holding = in_force(versions(), today);
            let mut shown: Vec<TermVersionView> = versions()
                .filter_map(|(since, one)| {
                    let standing = one.standing.as_ref()?;
                    Some(TermVersionView {
                        since: since.to_string(),
                        term: Term::from_text(&standing.text),
                        written: Some(self.rule_written(&standing.origin)),
                        holds: holding == Some(since),
                        earlier: one.earlier.iter().map(was).collect(),
                    })
                })
                .collect();
            shown.push(TermVersionView {
                since: String::new(),
                term: Some(rule.term.clone()),
                written: None,
                holds: holding.is_none(),
                earlier: Vec::new(),
            });
            let ignored = versions().flat_map(|(_, one)| &one.ignored);
            TermRuleView {
                key: rule.key.clone(),
                min: rule.min,
                max: rule.max,
                versions: shown,
                ignored: ignored.map(|origin| self.rule_written(origin)).collect(),
            }
        };
        document::rules().iter().map(view).collect()
    }

    pub(super) fn holiday_views(&self, rules: &Rules, now: Millis) -> Vec<HolidaysView> {
        let today = rules.document.day_of(now);
        let holding = in_force(written(rules, HOLIDAYS), today);
        let lists = written(rules, HOLIDAYS).filter_map(|(since, one)| {
            let standing = one.standing.as_ref()?;
            let list = HolidayList::from_text(&standing.text)?;
            Some(HolidaysView {
                since: since.to_string(),
                lines: list.lines,
                source: list.source,
                written: Some(self.rule_written(&standing.origin)),
                holds: holding == Some(since),
            })
        });
        let shipped = HolidaysView {
            since: String::new(),
            lines: holidays::SHIPPED.into(),
            source: holidays::SHIPPED_SOURCE.into(),
            written: None,
            holds: holding.is_none(),
        };
        lists.chain([shipped]).collect()
    }

    pub(super) fn zone_written(&self, rules: &Rules) -> Option<WrittenView> {
        let standing = rules.decreed.get(ZONE)?.standing.as_ref()?;
        Some(self.rule_written(&standing.origin))
    }

    /// Changes the policy document; what holds already is not written again.
    pub(in crate::engine) fn set_terms(
        &mut self,
        cx: &mut Cx,
        ask: TermsAsk,
    ) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        if replica.profile.role != Role::Admin {
            return Err(Failure::NotAllowed);
        }
        let directory = replica.profile.directory;
        let (place, text) = match ask {
            TermsAsk::Put { key, since, term } => {
                let Some(rule) = document::rule(&key) else {
                    return Err(Failure::UnknownField { field: key });
                };
                let fit = rule.check(&term);
                let fit = fit.map_err(|unfit| bad(unfit.field, &unfit.expected))?;
                (document::place(&key, date(&since)?), fit.to_text())
            }
            TermsAsk::Drop { key, since } => {
                if document::rule(&key).is_none() {
                    return Err(Failure::UnknownField { field: key });
                }
                (document::place(&key, date(&since)?), String::new())
            }
            TermsAsk::Holidays {
                since,
                lines,
                source,
            } => {
                let since = date(&since)?;
                let (lines, source) = (lines.trim(), source.trim());
                if lines.len() > holidays::LEN_MAX {
                    return Err(Failure::TooLong {
                        field: "lines".into(),
                        max: holidays::LEN_MAX as u32,
                    });
                }
                Holidays::read(lines).map_err(|line| bad("lines", &line.to_string()))?;
                if source.is_empty() || source.len() > SOURCE_LEN_MAX {
                    return Err(bad("source", "who says so"));
                }
                let list = HolidayList {
                    lines: lines.into(),
                    source: source.into(),
                };
                (document::place(HOLIDAYS, since), list.to_text())
            }
            TermsAsk::DropHolidays { since } => {
                (document::place(HOLIDAYS, date(&since)?), String::new())
            }
            TermsAsk::Zone { zone } => {
                if !ZONES.iter().any(|(code, _)| *code == zone) {
                    let codes: Vec<&str> = ZONES.iter().map(|(code, _)| *code).collect();
                    return Err(bad("zone", &codes.join(", ")));
                }
                (ZONE.to_owned(), zone)
            }
        };
        let standing = desk.rules.decreed.get(&place);
        let standing = standing.and_then(|one| one.standing.as_ref());
        let known = standing.map(|past| past.text.as_str());
        if text.is_empty() && known.is_none_or(str::is_empty) {
            return Err(Failure::NotFound);
        }
        if known == Some(text.as_str()) {
            return Ok(Reply::Done);
        }
        self.write_policy(cx, directory, &[(place, text)])
    }
}
