//! Pairs of records that do not go together: time booked twice, two addresses, two primary workers,
//! one visit logged twice, one client in two cases.

use super::{ELSEWHERE, Facts, Finding, Side, find_record, is_in, of_kind, rules};
use crate::{
    record::Record,
    schedule::{Booking, Span, may_be_same_client},
};

/// Types of appointment that come first: others depend on them.
const FIRST: [&str; 3] = ["court", "medical", "legal"];
/// Two logs whose starts are this close may be of one visit, in milliseconds.
const SAME_VISIT_MS: u64 = 60 * 60 * 1000;

pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = bookings(facts);
    found.extend(addresses(facts));
    found.extend(primaries(facts));
    found.extend(visits(facts));
    if facts.twins {
        let mut here = Side::elsewhere();
        here.id = "person".into();
        here.kind = "person".into();
        found.push(Finding::new(
            &rules::SAME_CLIENT,
            &[],
            vec![here, Side::elsewhere()],
        ));
    }
    found
}

/// Every two of a list.
pub(super) fn pairs<T>(list: &[T]) -> impl Iterator<Item = (&T, &T)> {
    let rest = |at: usize| list.get(at + 1..).unwrap_or_default();
    list.iter()
        .enumerate()
        .flat_map(move |(at, a)| rest(at).iter().map(move |b| (a, b)))
}

/// The ids of two records in an order of their own.
pub(super) fn ordered<'a>(a: &'a str, b: &'a str) -> [&'a str; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

fn bookings(facts: &Facts<'_>) -> Vec<Finding> {
    let all: Vec<Booking<'_>> = facts.records.iter().filter_map(Booking::of).collect();
    let mut found = Vec::new();
    for (a, b) in pairs(&all) {
        let rule = if a.takes_worker_twice(b) {
            &rules::WORKER_TWICE
        } else if a.record.text("staff") != b.record.text("staff") && a.takes_client_twice(b) {
            &rules::CLIENT_TWICE
        } else {
            continue;
        };
        let mut both = [a, b];
        both.sort_by_key(|one| {
            let kind = one.record.text("type");
            let first = FIRST.iter().position(|first| *first == kind);
            (
                first.unwrap_or(FIRST.len()),
                one.record.origin.clone(),
                &one.record.id,
            )
        });
        let sides = both.iter().map(|one| booked(one)).collect();
        let finding = Finding::new(rule, &ordered(&a.record.id, &b.record.id), sides);
        found.push(
            both.iter()
                .fold(finding, |finding, one| timed(finding, one)),
        );
    }
    for one in &all {
        let taken = |other: &&super::Elsewhere| {
            other.staff == one.record.text("staff") && other.span.meets(one.busy)
        };
        if facts.elsewhere.iter().any(|other| taken(&other)) {
            let sides = vec![booked(one), Side::elsewhere()];
            let parts = [one.record.id.as_str(), ELSEWHERE];
            found.push(timed(
                Finding::new(&rules::WORKER_TWICE, &parts, sides),
                one,
            ));
        }
    }
    found
}

fn booked(one: &Booking<'_>) -> Side {
    Side::of(one.record, words(one.record, &["title", "place"]))
}

fn timed(finding: Finding, one: &Booking<'_>) -> Finding {
    let id = &one.record.id;
    finding
        .with_detail(format!("start:{id}"), one.record.text("start"))
        .with_detail(format!("end:{id}"), one.record.text("end"))
}

/// What fields say, one after the other.
pub(super) fn words(record: &Record, keys: &[&str]) -> String {
    let texts = keys.iter().map(|key| record.text(key));
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(", ")
}

/// Whether two records can be true on one day; dates are calendar days, none means no bound.
fn on_one_day(a: &Record, b: &Record) -> bool {
    let before = |a: &Record, b: &Record| {
        let (to, from) = (a.text("to"), b.text("from"));
        !to.is_empty() && !from.is_empty() && to <= from
    };
    !before(a, b) && !before(b, a)
}

fn addresses(facts: &Facts<'_>) -> Vec<Finding> {
    let all: Vec<&Record> = of_kind(facts.records, "address")
        .filter(|one| is_in(one, &["active"]))
        .collect();
    pairs(&all)
        .filter(|(a, b)| {
            a.text("use") == b.text("use")
                && a.text("text") != b.text("text")
                && a.text("client") == b.text("client")
                && on_one_day(a, b)
        })
        .map(|(a, b)| {
            let mut both = [*a, *b];
            // The last verified is provisional; else the one that was known first.
            both.sort_by(|a, b| {
                let verified = b.text("verified_at").cmp(a.text("verified_at"));
                verified.then_with(|| (&a.origin, &a.id).cmp(&(&b.origin, &b.id)))
            });
            let sides = both
                .iter()
                .map(|one| Side::of(one, one.text("text").into()))
                .collect();
            let finding = Finding::new(&rules::TWO_ADDRESSES, &ordered(&a.id, &b.id), sides);
            let [provisional, _] = both;
            both.iter()
                .filter(|one| !one.text("verified_at").is_empty())
                .fold(
                    finding.with_detail("provisional", &provisional.id),
                    |finding, one| {
                        finding.with_detail(format!("verified:{}", one.id), one.text("verified_at"))
                    },
                )
        })
        .collect()
}

fn primaries(facts: &Facts<'_>) -> Vec<Finding> {
    let all: Vec<&Record> = of_kind(facts.records, "assignment")
        .filter(|one| is_in(one, &["active"]) && one.text("role") == "primary")
        .collect();
    pairs(&all)
        .filter(|(a, b)| a.text("staff") != b.text("staff") && on_one_day(a, b))
        .map(|(a, b)| {
            let mut both = [*a, *b];
            both.sort_by(|a, b| (&a.origin, &a.id).cmp(&(&b.origin, &b.id)));
            let sides = both
                .iter()
                .map(|one| Side::of(one, one.text("staff").into()))
                .collect();
            Finding::new(&rules::TWO_PRIMARIES, &ordered(&a.id, &b.id), sides)
        })
        .collect()
}

fn visits(facts: &Facts<'_>) -> Vec<Finding> {
    let linked = |one: &Record| {
        find_record(facts.records, "visit", one.text("same_as"))
            .is_some_and(|other| is_in(other, &["completed"]))
    };
    let all: Vec<&Record> = of_kind(facts.records, "visit")
        .filter(|one| is_in(one, &["completed"]) && one.text("outcome") == "made" && !linked(one))
        .collect();
    pairs(&all)
        .filter(|(a, b)| {
            a.text("mode") == b.text("mode") && may_be_same_client(a, b) && at_one_time(a, b)
        })
        .map(|(a, b)| {
            let mut both = [*a, *b];
            both.sort_by(|a, b| (&a.origin, &a.id).cmp(&(&b.origin, &b.id)));
            let sides = both
                .iter()
                .map(|one| Side::of(one, words(one, &["purpose", "place"])))
                .collect();
            let finding = Finding::new(&rules::VISIT_TWICE, &ordered(&a.id, &b.id), sides);
            both.iter().fold(finding, |finding, one| {
                finding
                    .with_detail(format!("start:{}", one.id), one.text("start"))
                    .with_detail(format!("end:{}", one.id), one.text("end"))
            })
        })
        .collect()
}

fn at_one_time(a: &Record, b: &Record) -> bool {
    let (Some(a_from), Some(b_from)) = (a.time("start"), b.time("start")) else {
        return false;
    };
    let span = |one: &Record, from| {
        Some(Span {
            from,
            to: one.time("end")?,
        })
    };
    let meet = matches!((span(a, a_from), span(b, b_from)), (Some(a), Some(b)) if a.meets(b));
    meet || a_from.0.abs_diff(b_from.0) <= SAME_VISIT_MS
}
