//! Deadlines by the rules that come with the app, against a table that was reckoned apart from it (with
//! Python's calendar and the holidays as the Office of Personnel Management publishes them); each rule's
//! source stands in `shipped.csv`. Then what an agency sets: versions, holidays, time zone.

use super::*;

/// Rule, date from which it counts, day on which it is due, what is special.
const TABLE: &str = "\
appeal.medicaid.1.file 2026-01-05 2026-04-05 ends on Sunday 5 April: the rule does not move it
appeal.medicaid.1.file 2026-01-06 2026-04-06 90 days
appeal.medicaid.1.file 2026-02-24 2026-05-25 ends on Memorial Day and stays there
appeal.medicaid.1.file 2027-12-01 2028-02-29 ends on the leap day of 2028
appeal.medicaid.1.file 2026-12-01 2027-03-01 the same in a year without one
appeal.medicaid.1.decide 2026-02-01 2026-05-02 a decision is due on the Saturday itself
appeal.medicaid.aid 2026-03-02 2026-03-12 over the change to summer time
appeal.medicaid.aid 2026-10-26 2026-11-05 over the change back
appeal.medicaid_plan.1.file 2026-01-01 2026-03-02 60 days from New Year's Day
appeal.medicaid_plan.1.file 2028-01-01 2028-03-01 the same in a leap year
appeal.medicaid_plan.1.decide 2026-01-31 2026-03-02 30 days over a short month
appeal.medicaid_plan.2.file 2026-03-08 2026-07-06 on the day of the change to summer time
appeal.medicaid_plan.2.file 2026-09-08 2027-01-06 over the year's end
appeal.medicaid_plan.2.decide 2026-11-01 2027-01-30 on the day of the change back
appeal.medicaid_plan.aid 2026-12-22 2027-01-01 ends on New Year's Day
appeal.medicare.1.file 2026-01-02 2026-05-07 five days for the mail, 120 to appeal
appeal.medicare.1.file 2026-07-24 2026-11-26 ends on Thanksgiving and stays there
appeal.medicare.1.file 2027-11-01 2028-03-05 over the leap day of 2028
appeal.medicare.1.decide 2026-05-06 2026-07-05 60 days from filing
appeal.medicare.2.file 2026-06-23 2026-12-25 ends on Christmas Day and stays there
appeal.medicare.2.file 2027-08-28 2028-02-29 ends on the leap day
appeal.medicare.2.decide 2028-01-15 2028-03-15 60 days over the leap day
appeal.medicare.3.file 2026-11-11 2027-01-15 noticed on a holiday
appeal.medicare.3.decide 2026-08-03 2026-11-01 ends on a Sunday, which counts
appeal.medicare.4.file 2026-12-13 2027-02-16 over the year's end
appeal.medicare.4.decide 2026-12-01 2027-03-01 90 days end on a Monday
appeal.medicare.5.file 2026-04-15 2026-06-22 ends on Juneteenth, a Friday: the Monday after
appeal.medicare.5.file 2026-12-13 2027-02-16 ends on Washington's Birthday: the Tuesday after
appeal.insurance.1.file 2026-01-15 2026-07-14 180 days
appeal.insurance.1.file 2027-09-02 2028-02-29 180 days end on the leap day
appeal.insurance.1.decide 2026-02-27 2026-03-29 30 days
appeal.insurance.2.file 2026-10-31 2027-03-01 four months to a month of 28 days, whose end is a Sunday
appeal.insurance.2.file 2027-10-31 2028-02-29 four months to a month of 29 days: a day before the 1 March of the rule
appeal.insurance.2.file 2026-03-04 2026-07-06 four months end on Independence Day, a Saturday
appeal.insurance.2.file 2026-08-25 2026-12-28 four months end on Christmas Day, a Friday
appeal.insurance.2.decide 2026-03-01 2026-04-15 45 days over the change to summer time
appeal.ssa.1.file 2026-03-17 2026-05-21 five days for the mail, 60 to appeal
appeal.ssa.1.file 2026-06-29 2026-09-02 ends on a Wednesday
appeal.ssa.1.file 2026-07-04 2026-09-08 ends on Labor Day
appeal.ssa.1.file 2026-04-29 2026-07-06 ends on Friday 3 July, on which Independence Day is kept
appeal.ssa.1.file 2027-10-27 2028-01-03 ends on Friday 31 December, on which New Year's Day is kept
appeal.ssa.2.file 2026-09-16 2026-11-20 ends on a Friday
appeal.ssa.2.file 2026-09-17 2026-11-23 ends on a Saturday
appeal.ssa.2.file 2026-11-14 2027-01-19 ends on Martin Luther King Day
appeal.ssa.3.file 2026-09-07 2026-11-12 ends on Veterans Day
appeal.ssa.4.file 2023-12-26 2024-02-29 ends on the leap day of 2024
appeal.ssa.aid 2026-11-11 2026-11-27 ten days and five for the mail end on Thanksgiving
appeal.snap.1.file 2026-07-14 2026-10-12 ends on Columbus Day and stays there
appeal.snap.1.decide 2026-12-31 2027-03-01 60 days
appeal.snap.aid 2028-02-20 2028-03-01 over the leap day
appeal.va.1.file 2027-02-28 2028-02-28 a year, which ends the day before a leap day
appeal.va.1.file 2028-02-29 2029-02-28 a year from a leap day
appeal.va.1.file 2026-07-04 2027-07-06 a year ends on Independence Day, a Sunday kept on Monday
appeal.other.1.file 2026-11-30 2026-12-30 30 days
contact.acuity.1 2026-03-04 2026-03-11 a week over the change to summer time
contact.acuity.1 2028-02-26 2028-03-04 a week over the leap day
contact.acuity.2 2026-10-25 2026-11-08 a fortnight over the change back
contact.acuity.3 2026-01-31 2026-02-28 a month to the end of February
contact.acuity.3 2028-01-31 2028-02-29 the same in a leap year
contact.acuity.4 2026-11-30 2027-02-28 a quarter to the end of February
contact.acuity.4 2027-11-30 2028-02-29 the same before a leap year
contact.child_welfare 2026-01-01 2026-02-28 by the end of the next month
contact.child_welfare 2028-01-31 2028-02-29 by the leap day
contact.child_welfare 2026-12-15 2027-01-31 over the year's end
plan.review 2028-02-29 2029-02-28 a year from a leap day
assessment.again 2026-05-31 2027-05-31 a year
release.benefits 2028-03-31 2028-02-15 45 days before, over the leap day
release.housing 2026-05-01 2026-03-02 60 days before, over the change to summer time
release.handoff 2026-12-30 2027-01-02 three days after, over the year's end
";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn deadlines_by_the_rules_that_come_with_the_app() {
    let rules = Document::default();
    assert!(TABLE.lines().count() >= 40);
    for line in TABLE.lines() {
        let parts: Vec<&str> = line.splitn(4, ' ').collect();
        let [key, start, expected, special] = parts[..] else {
            panic!("{line}")
        };
        let due = rules.due(key, day(start)).unwrap();
        assert_eq!(due.date, day(expected), "{key} from {start}: {special}");
        assert!(!due.term.source.is_empty(), "{key}");
    }
    for rule in super::rules() {
        let gives_a_day = rule.term.counts.gives_a_day();
        let due = rules.due(&rule.key, day("2026-11-25"));
        assert_eq!(due.is_some(), gives_a_day, "{}", rule.key);
        let tested = TABLE
            .lines()
            .any(|line| line.split(' ').next() == Some(&rule.key));
        let release = rule.key.starts_with("release.");
        let levels = rule.key.starts_with("appeal.other.");
        assert!(tested || !gives_a_day || release || levels, "{}", rule.key);
    }
}

#[test]
fn a_deadline_tells_how_it_came_about() {
    let due = Document::default().due("appeal.ssa.1.file", day("2026-07-04"));
    let due = due.unwrap();
    assert_eq!((due.start, due.since), (day("2026-07-04"), None));
    assert_eq!(due.counted_from, day("2026-07-09"));
    assert_eq!(due.reached, day("2026-09-07"));
    let labor_day = Closed::Holiday("Labor Day".into());
    assert_eq!(due.closed, [(day("2026-09-07"), labor_day)]);
    assert_eq!(due.date, day("2026-09-08"));
}

fn version(key: &str, since: &str, change: fn(&mut Term)) -> (String, String) {
    let mut term = rule(key).unwrap().term.clone();
    change(&mut term);
    (place(key, day(since)), term.to_text())
}

fn document(standing: &[(String, String)]) -> Document {
    let pairs = standing.iter();
    Document::new(pairs.map(|(place, text)| (place.as_str(), text.as_str())))
}

#[test]
fn a_rule_holds_from_its_day_and_what_was_due_before_stays() {
    let key = "appeal.medicaid.1.file";
    let rules = document(&[
        version(key, "2026-07-01", |term| term.count = 120),
        version(key, "2027-01-01", |term| {
            (term.count, term.counts) = (10, Counts::BusinessDays);
        }),
    ]);
    let check = |start: &str, expected: &str, since: Option<&str>| {
        let due = rules.due(key, day(start)).unwrap();
        let found = (due.date, due.since);
        assert_eq!(found, (day(expected), since.map(day)), "{start}");
    };
    check("2026-06-30", "2026-09-28", None);
    check("2026-07-01", "2026-10-29", Some("2026-07-01"));
    check("2026-12-31", "2027-04-30", Some("2026-07-01"));
    // Ten business days over Martin Luther King Day.
    check("2027-01-06", "2027-01-21", Some("2027-01-01"));
    check("2027-01-09", "2027-01-25", Some("2027-01-01"));
}

#[test]
fn an_agency_keeps_its_own_holidays_from_a_day_on() {
    let list = HolidayList {
        lines: "2027-05-17 Moving day\n12-25 Christmas".into(),
        source: "Ours".into(),
    };
    let key = "appeal.ssa.1.file";
    let rules = document(&[(place(HOLIDAYS, day("2027-01-01")), list.to_text())]);
    let check = |start: &str, expected: &str| {
        let due = rules.due(key, day(start)).unwrap();
        assert_eq!(due.date, day(expected), "{start}");
    };
    check("2027-03-13", "2027-05-18");
    // Memorial Day is not on the list any more.
    check("2027-03-27", "2027-05-31");
    check("2027-03-26", "2027-05-31");
    assert_eq!(rules.closed(day("2027-05-31")), None);
    assert!(rules.closed(day("2026-05-25")).is_some());
}

#[test]
fn what_cannot_be_read_leaves_the_rule_that_was_there() {
    let key = "appeal.medicaid.1.file";
    let texts = ["", "90", "{}", "{\"count\":5}"];
    for text in texts {
        let rules = document(&[(place(key, day("2026-01-01")), text.into())]);
        assert_eq!(rules, Document::default(), "{text:?}");
    }
    let odd = [
        (format!("{key}@soon"), "x".into()),
        version(key, "2026-01-01", |term| term.counts = Counts::Percent),
        ("of.tomorrow@2026-01-01".into(), "x".into()),
        (place(HOLIDAYS, day("2026-01-01")), "Christmas".into()),
        (ZONE.into(), "the moon".into()),
    ];
    assert_eq!(document(&odd), Document::default());
    // A number beyond our bounds is brought within them.
    let rules = document(&[version(key, "2026-01-01", |term| term.count = 9_000)]);
    assert_eq!(rules.number(key, day("2026-01-01")), Some(400));
}

#[test]
fn a_date_at_the_end_of_all_calendars_has_no_deadline() {
    let rules = Document::default();
    assert_eq!(rules.due("appeal.ssa.1.file", day("9999-12-01")), None);
    assert_eq!(rules.due("contact.acuity.4", day("9999-12-01")), None);
    assert_eq!(rules.due("release.assess", day("-009999-01-05")), None);
    assert_eq!(rules.due("no.such.rule", day("2026-01-01")), None);
}

#[test]
fn moments_fall_on_days_where_the_agency_is_and_hours_pass_by_themselves() {
    let at = |zone: &str, moment: &str, expected: &str| {
        let rules = document(&[(ZONE.into(), zone.into())]);
        let moment: jiff::Timestamp = moment.parse().unwrap();
        let moment = Millis(moment.as_millisecond().try_into().unwrap());
        assert_eq!(rules.day_of(moment), Some(day(expected)), "{zone}");
        moment
    };
    at("eastern", "2026-07-01T03:59:59Z", "2026-06-30");
    at("eastern", "2026-07-01T04:00:00Z", "2026-07-01");
    at("eastern", "2026-12-01T04:59:59Z", "2026-11-30");
    at("pacific", "2026-07-01T06:59:59Z", "2026-06-30");
    at("arizona", "2026-07-01T06:59:59Z", "2026-06-30");
    at("hawaii", "2026-07-01T09:59:59Z", "2026-06-30");
    // 24 hours over the change to summer time end an hour later by the clock on the wall.
    let crisis = at("eastern", "2026-03-07T20:00:00Z", "2026-03-07");
    let rules = Document::default();
    let due = rules.due_at("note.crisis", crisis).unwrap();
    assert_eq!(due.0 - crisis.0, 24 * 60 * 60 * 1000);
    assert_eq!(rules.due_at("contact.acuity.1", crisis), None);
}
