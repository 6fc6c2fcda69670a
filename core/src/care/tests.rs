//! What is reckoned from records: deadlines of appeals level by level, what a plan lacks, what moves with
//! a release, and that of two dates noted apart the earlier governs.

use automerge::ActorId;
use satchel_wire::Millis;

use super::*;
use crate::{
    api::Failure,
    doc::Doc,
    record::{self, Record},
};

type Values<'a> = &'a [(&'a str, &'a str)];

fn pairs(values: Values<'_>) -> Vec<(String, String)> {
    let values = values.iter();
    values
        .map(|(key, text)| ((*key).into(), (*text).into()))
        .collect()
}

fn put(doc: &mut Doc, kind: &str, id: &str, values: Values<'_>) -> Option<Vec<u8>> {
    record::apply(doc, Millis(1), &record::edits(kind, id, &pairs(values))).unwrap()
}

fn doc(actor: u8) -> Doc {
    Doc::new(ActorId::from(vec![actor; 32]))
}

fn case(all: &[(&str, &str, Values<'_>)]) -> Vec<Record> {
    let mut doc = doc(1);
    for (kind, id, values) in all {
        put(&mut doc, kind, id, values);
    }
    record::all(&doc)
}

/// What is due of one sort: day and record.
fn due(records: &[Record], what: &str) -> Vec<String> {
    let all = dues(records, &Document::default()).into_iter();
    all.filter(|due| due.what == what)
        .map(|due| format!("{} {}", due.date, due.record))
        .collect()
}

const DENIAL: (&str, &str, Values<'_>) = (
    "denial",
    "d",
    &[
        ("service", "Wheelchair"),
        ("track", "medicaid_plan"),
        ("notice_date", "2026-03-02"),
    ],
);

#[test]
fn an_appeal_goes_from_level_to_level_with_its_deadlines() {
    let rules = Document::default();
    let next = |records: &[Record]| appeals::denials(records, &rules)[0].next;
    let begun = case(&[DENIAL]);
    assert_eq!(next(&begun), Some(1));
    assert_eq!(due(&begun, "appeal_file"), ["2026-05-01 d"]);
    assert_eq!(due(&begun, "appeal_aid"), ["2026-03-12 d"]);

    let first: Values<'_> = &[("denial", "d"), ("level", "1")];
    let opened = case(&[
        DENIAL,
        ("appeal", "a", first),
        ("denial", "d", &[("aid", "asked")]),
    ]);
    assert_eq!(next(&opened), None);
    assert_eq!(due(&opened, "appeal_file"), ["2026-05-01 a"]);
    assert!(due(&opened, "appeal_aid").is_empty());

    let filed: Values<'_> = &[("state", "filed"), ("filed_on", "2026-04-01")];
    let waits = case(&[DENIAL, ("appeal", "a", first), ("appeal", "a", filed)]);
    assert!(due(&waits, "appeal_file").is_empty());
    assert_eq!(due(&waits, "appeal_decide"), ["2026-05-01 a"]);

    let lost: Values<'_> = &[("state", "upheld"), ("decision_notice", "2026-04-20")];
    let lost = case(&[DENIAL, ("appeal", "a", first), ("appeal", "a", lost)]);
    assert_eq!(next(&lost), Some(2));
    assert_eq!(due(&lost, "appeal_file"), ["2026-08-18 d"]);

    let won: Values<'_> = &[("state", "overturned")];
    let won = case(&[DENIAL, ("appeal", "a", first), ("appeal", "a", won)]);
    assert_eq!(next(&won), None);
    let closed = case(&[DENIAL, ("denial", "d", &[("state", "overturned")])]);
    assert!(dues(&closed, &rules).is_empty());
}

#[test]
fn what_a_letter_says_governs_where_it_is_earlier() {
    let rules = Document::default();
    let check = |given: &str, expected: &str| {
        let appeal: Values<'_> = &[("denial", "d"), ("level", "1"), ("file_by", given)];
        let records = case(&[DENIAL, ("appeal", "a", appeal)]);
        let found = appeals::denials(&records, &rules);
        let limit = found[0].levels[0].file.clone().unwrap();
        assert_eq!(limit.date.to_string(), expected);
        let reckoned = limit.reckoned.unwrap().date.to_string();
        assert_eq!(
            (limit.given.unwrap().to_string(), reckoned),
            (given.into(), "2026-05-01".into())
        );
    };
    check("2026-04-15", "2026-04-15");
    check("2026-06-15", "2026-05-01");
}

#[test]
fn the_date_from_which_it_counts_follows_from_the_rule() {
    let check = |track: &str, more: Values<'_>, expected: &str| {
        let denial: Values<'_> = &[
            ("service", "Benefits"),
            ("track", track),
            ("notice_date", "2026-03-17"),
        ];
        let records = case(&[("denial", "d", denial), ("denial", "d", more)]);
        assert_eq!(
            due(&records, "appeal_file"),
            [format!("{expected} d")],
            "{track}"
        );
    };
    // From the mailing, or the notice where that is not known.
    check("medicaid", &[("mailed_on", "2026-03-20")], "2026-06-18");
    check("medicaid", &[("received_on", "2026-03-25")], "2026-06-15");
    // From the day it came; with days for the mail that is taken from the notice.
    check("insurance", &[("received_on", "2026-03-25")], "2026-09-21");
    check("insurance", &[], "2026-09-13");
    check("ssa", &[("received_on", "2026-04-25")], "2026-05-21");
    // A court.
    check("va", &[], "2027-03-17");
}

/// A case on which two wrote apart from each other.
fn apart(
    begun: &[(&str, &str, Values<'_>)],
    a: Values<'_>,
    b: Values<'_>,
    place: (&str, &str),
) -> Vec<Record> {
    let actors = [1, 2].map(|n| ActorId::from(vec![n; 32]));
    let (mut here, mut there) = (doc(1), doc(2));
    let mut n = 0;
    for (kind, id, values) in begun {
        let change = put(&mut here, kind, id, values).unwrap();
        n += 1;
        there.apply(vec![change.into()], &actors[0], n).unwrap();
    }
    put(&mut here, place.0, place.1, a);
    let theirs = put(&mut there, place.0, place.1, b).unwrap();
    here.apply(vec![theirs.into()], &actors[1], 1).unwrap();
    record::all(&here)
}

#[test]
fn of_two_dates_noted_apart_the_earlier_governs() {
    let first: (&str, &str, Values<'_>) = ("appeal", "a", &[("denial", "d"), ("level", "1")]);
    let check = |begun: &[(&str, &str, Values<'_>)], a, b, place, what: &str, expected: &str| {
        for (a, b) in [(a, b), (b, a)] {
            let found = due(&apart(begun, a, b, place), what);
            assert_eq!(found.first().map(String::as_str), Some(expected), "{what}");
        }
    };
    let notice: (Values<'_>, Values<'_>) = (
        &[("notice_date", "2026-03-10")],
        &[("notice_date", "2026-03-05")],
    );
    check(
        &[DENIAL, first],
        notice.0,
        notice.1,
        ("denial", "d"),
        "appeal_file",
        "2026-05-04 a",
    );
    let letter: (Values<'_>, Values<'_>) =
        (&[("file_by", "2026-04-10")], &[("file_by", "2026-04-09")]);
    check(
        &[DENIAL, first],
        letter.0,
        letter.1,
        ("appeal", "a"),
        "appeal_file",
        "2026-04-09 a",
    );
    let release: (Values<'_>, Values<'_>) = (
        &[("release_date", "2026-09-01")],
        &[("release_date", "2026-08-01")],
    );
    let step: (&str, &str, Values<'_>) = (
        "release_step",
        "s",
        &[
            ("supervision", "v"),
            ("element", "housing"),
            ("days", "60"),
            ("side", "before"),
        ],
    );
    let begun: [(&str, &str, Values<'_>); 2] = [
        ("supervision", "v", &[("release_date", "2026-10-01")]),
        step,
    ];
    check(
        &begun,
        release.0,
        release.1,
        ("supervision", "v"),
        "release_step",
        "2026-06-02 s",
    );
}

const PLAN: (&str, &str, Values<'_>) = ("plan", "p", &[("title", "Plan"), ("source", "own")]);
const NEED: (&str, &str, Values<'_>) = ("need", "n", &[("text", "Home"), ("category", "housing")]);
const GOAL: (&str, &str, Values<'_>) = ("goal", "g", &[("words", "My own door"), ("plan", "p")]);

#[test]
fn a_plan_says_what_it_lacks() {
    let check = |all: &[(&str, &str, Values<'_>)], expected: &[&str]| {
        let records = case(all);
        let plan = records.iter().find(|one| one.kind == "plan").unwrap();
        assert_eq!(plans::missing(&records, plan), expected);
    };
    let whole = ["need", "goal", "owner", "date", "signature"];
    check(&[PLAN], &whole);
    check(&[PLAN, NEED], &whole);
    check(&[PLAN, GOAL], &["need", "owner", "date", "signature"]);
    let need: (&str, &str, Values<'_>) = ("goal", "g", &[("need", "n")]);
    check(&[PLAN, NEED, GOAL, need], &["owner", "date", "signature"]);
    let given_up: (&str, &str, Values<'_>) = ("goal", "g", &[("state", "cancelled")]);
    check(&[PLAN, NEED, GOAL, need, given_up], &whole);
    let signed: Values<'_> = &[
        ("plan", "p"),
        ("name", "Rosa"),
        ("role", "client"),
        ("date", "2026-03-01"),
        ("how", "paper"),
    ];
    let set: (&str, &str, Values<'_>) = ("plan", "p", &[("owner", "x"), ("from", "2026-03-01")]);
    let signed: (&str, &str, Values<'_>) = ("plan_signature", "s", signed);
    check(&[PLAN, NEED, GOAL, need, set, signed], &[]);
    let wrong: (&str, &str, Values<'_>) = ("plan_signature", "s", &[("state", "entered-in-error")]);
    check(
        &[PLAN, NEED, GOAL, need, set, signed, wrong],
        &["signature"],
    );
}

#[test]
fn a_plan_from_outside_stays_as_its_author_wrote_it() {
    let outside: (&str, &str, Values<'_>) = (
        "plan",
        "p",
        &[
            ("title", "Discharge"),
            ("source", "inherited"),
            ("author", "them"),
            ("author_name", "Dr. Vale"),
        ],
    );
    let step: (&str, &str, Values<'_>) = ("step", "t", &[("text", "Ride"), ("goal", "g")]);
    let active: (&str, &str, Values<'_>) = ("plan", "p", &[("state", "active")]);
    let check = |all: &[(&str, &str, Values<'_>)],
                 kind: &str,
                 id: &str,
                 values: Values<'_>,
                 me: &str,
                 may: bool| {
        let records = case(all);
        let existing = records.iter().find(|one| one.kind == kind && one.id == id);
        let told = plans::check(&records, kind, existing, &pairs(values), me);
        let expected = Err(Failure::Inherited {
            author: "Dr. Vale".into(),
        });
        assert_eq!(
            told,
            if may { Ok(()) } else { expected },
            "{kind} {values:?} {me}"
        );
    };
    let written = [outside, GOAL, step, active];
    // While it is copied out it is a draft.
    check(
        &written[..3],
        "goal",
        "g",
        &[("words", "Other")],
        "us",
        true,
    );
    check(&written, "plan", "p", &[("title", "Other")], "us", false);
    check(&written, "plan", "p", &[("title", "Other")], "them", true);
    check(
        &written,
        "plan",
        "p",
        &[("review_due", "2026-05-01"), ("title", "Discharge")],
        "us",
        true,
    );
    check(&written, "plan", "p", &[("source", "own")], "us", false);
    check(&written, "plan", "p", &[("state", "completed")], "us", true);
    check(&written, "goal", "g", &[("words", "Other")], "us", false);
    check(&written, "goal", "g", &[("plan", "")], "us", false);
    check(
        &written,
        "goal",
        "g",
        &[("achievement", "improving")],
        "us",
        true,
    );
    check(
        &written,
        "goal",
        "new",
        &[("words", "More"), ("plan", "p")],
        "us",
        false,
    );
    check(&written, "goal", "new", &[("words", "More")], "us", true);
    check(&written, "step", "t", &[("due", "2026-05-01")], "us", false);
    check(&written, "step", "t", &[("state", "completed")], "us", true);
    check(
        &written,
        "step",
        "new",
        &[("text", "More"), ("goal", "g")],
        "us",
        false,
    );
    let ours = [PLAN, GOAL, step, ("plan", "p", &[("state", "active")])];
    check(&ours, "goal", "g", &[("words", "Other")], "us", true);
}

#[test]
fn a_plan_is_looked_at_again_by_the_day_that_was_set_or_by_the_rule() {
    let active: (&str, &str, Values<'_>) =
        ("plan", "p", &[("state", "active"), ("from", "2026-03-01")]);
    let check = |more: &[(&str, &str, Values<'_>)], expected: &str| {
        let all: Vec<_> = [PLAN, active].iter().chain(more).copied().collect();
        assert_eq!(due(&case(&all), "plan_review"), [format!("{expected} p")]);
    };
    check(&[], "2027-03-01");
    check(
        &[("plan", "p", &[("review_due", "2026-06-01")])],
        "2026-06-01",
    );
    let review: Values<'_> = &[
        ("plan", "p"),
        ("date", "2026-05-20"),
        ("next", "2026-08-20"),
    ];
    check(&[("plan_review", "r", review)], "2026-08-20");
    let review: Values<'_> = &[("plan", "p"), ("date", "2026-05-20")];
    check(&[("plan_review", "r", review)], "2027-05-20");
}

#[test]
fn steps_move_with_the_release_and_the_checklist_is_added_once() {
    let rules = Document::default();
    let day: Date = "2026-03-01".parse().unwrap();
    let check = |release: &str, days: &str, side: &str, expected: &str| {
        let values = [
            ("supervision", "v"),
            ("element", "housing"),
            ("days", days),
            ("side", side),
        ];
        let records = case(&[
            ("supervision", "v", &[("release_date", release)]),
            ("release_step", "s", &values),
        ]);
        assert_eq!(due(&records, "release_step"), [format!("{expected} s")]);
        assert_eq!(release::lacking(&records, "v", &rules, day).len(), 9);
    };
    check("2026-09-30", "60", "before", "2026-08-01");
    check("2026-10-30", "60", "before", "2026-08-31");
    check("2026-12-30", "3", "after", "2027-01-02");
    check("2028-03-01", "1", "before", "2028-02-29");
    check("2026-09-30", "0", "before", "2026-09-30");
    let none = case(&[("supervision", "v", &[])]);
    assert_eq!(release::lacking(&none, "v", &rules, day).len(), 10);
    assert!(dues(&none, &rules).is_empty());
}

#[test]
fn units_are_counted_once_and_mistakes_not_at_all() {
    let granted: (&str, &str, Values<'_>) = (
        "authorization",
        "u",
        &[("service", "Aide"), ("units", "40")],
    );
    let used: Values<'_> = &[
        ("authorization", "u"),
        ("date", "2026-03-01"),
        ("units", "12"),
    ];
    let wrong: Values<'_> = &[
        ("authorization", "u"),
        ("units", "9"),
        ("state", "entered-in-error"),
    ];
    let other: Values<'_> = &[("authorization", "w"), ("units", "9")];
    let records = case(&[
        granted,
        ("unit_use", "1", used),
        ("unit_use", "2", wrong),
        ("unit_use", "3", other),
        ("unit_use", "4", used),
    ]);
    let authorization = records
        .iter()
        .find(|one| one.kind == "authorization")
        .unwrap();
    assert_eq!(appeals::units(&records, authorization), (Some(40), 24));
}
