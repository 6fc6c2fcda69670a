//! What is due on which day: tables of cases with their sources.

use jiff::civil::{Date, date};
use satchel_wire::Millis;

use super::{
    Contact, Watch, Written,
    due::{Outreach, day_of, note_due},
};
use crate::policy::document::Document;

/// As they come with the app.
fn rules() -> Document {
    Document::default()
}

/// In the morning in New York.
fn at(day: &str) -> Millis {
    let day: Date = day.parse().unwrap();
    let at = day.at(14, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    Millis(at.unwrap().timestamp().as_millisecond() as u64)
}

/// `2026-03-01 in_person made [residence]`
fn contact(said: &str) -> Contact {
    let words: Vec<&str> = said.split_whitespace().collect();
    let word = |n: usize| (*words.get(n).unwrap_or(&"")).to_owned();
    Contact {
        id: said.to_owned(),
        start: at(&word(0)),
        end: None,
        staff: "ana".into(),
        mode: word(1),
        outcome: word(2),
        place: word(3),
        purpose: String::new(),
        crisis: word(3) == "crisis",
        begun: word(3) == "begun",
        units: 0,
        note: String::new(),
    }
}

fn case(acuity: &str, opened: &str, contacts: &[&str]) -> Watch {
    Watch {
        state: "active".into(),
        acuity: acuity.into(),
        setting: match acuity {
            "" => "child_welfare".into(),
            _ => String::new(),
        },
        opened: opened.into(),
        contacts: contacts.iter().map(|one| contact(one)).collect(),
        ..Watch::default()
    }
}

/// Without acuity it is child welfare's standard. Days by acuity are the defaults of the agency's rules;
/// a visit to a child in each calendar month follows 42 USC 624(f)(1).
const NEXT: &[(&str, &str, &[&str], &str, bool)] = &[
    ("1", "2026-01-05", &[], "2026-01-11", false),
    ("2", "2026-01-05", &[], "2026-01-18", false),
    ("3", "2026-01-05", &[], "2026-02-04", false),
    ("4", "2026-01-05", &[], "2026-04-04", false),
    (
        "1",
        "2026-01-05",
        &["2026-01-09 phone made"],
        "2026-01-16",
        false,
    ),
    // A leap day, and the turn of a year.
    (
        "1",
        "2028-02-01",
        &["2028-02-25 phone made"],
        "2028-03-03",
        false,
    ),
    (
        "1",
        "2027-02-01",
        &["2027-02-25 phone made"],
        "2027-03-04",
        false,
    ),
    (
        "2",
        "2026-01-05",
        &["2026-12-25 video made"],
        "2027-01-08",
        false,
    ),
    // An attempt in vain, a visit that has only begun, and a letter are no contact.
    (
        "1",
        "2026-01-05",
        &["2026-01-09 phone no_answer"],
        "2026-01-11",
        false,
    ),
    (
        "1",
        "2026-01-05",
        &["2026-01-09 in_person made begun"],
        "2026-01-11",
        false,
    ),
    (
        "1",
        "2026-01-05",
        &["2026-01-07 phone made", "2026-01-09 phone refused"],
        "2026-01-14",
        false,
    ),
    // Before it was opened anew nothing counts.
    (
        "1",
        "2026-03-02",
        &["2026-01-09 phone made"],
        "2026-03-08",
        false,
    ),
    ("", "2026-01-05", &[], "2026-01-31", false),
    ("", "2026-01-31", &[], "2026-01-31", false),
    (
        "",
        "2026-01-05",
        &["2026-01-20 in_person made residence"],
        "2026-02-28",
        false,
    ),
    (
        "",
        "2028-01-05",
        &["2028-01-20 in_person made residence"],
        "2028-02-29",
        false,
    ),
    (
        "",
        "2026-01-05",
        &["2026-12-20 in_person made residence"],
        "2027-01-31",
        false,
    ),
    // A call is no visit.
    (
        "",
        "2026-01-05",
        &["2026-01-20 phone made"],
        "2026-01-31",
        false,
    ),
    (
        "",
        "2026-01-05",
        &["2026-01-20 in_person made office"],
        "2026-02-28",
        true,
    ),
    (
        "",
        "2026-01-05",
        &[
            "2026-01-20 in_person made office",
            "2026-02-03 in_person made residence",
        ],
        "2026-03-31",
        false,
    ),
    // Half a year later it does not count any more.
    (
        "",
        "2026-01-05",
        &[
            "2026-01-20 in_person made residence",
            "2026-07-03 in_person made facility",
        ],
        "2026-08-31",
        true,
    ),
];

#[test]
fn the_next_contact_is_due_by_the_standard() {
    for (acuity, opened, contacts, day, in_residence) in NEXT {
        let next = case(acuity, opened, contacts).next_contact(&rules());
        let next = next.unwrap();
        assert_eq!(
            (next.day.to_string().as_str(), next.in_residence),
            (*day, *in_residence),
            "{acuity:?} {opened} {contacts:?}"
        );
    }
    for state in ["closed", "referred", "on_hold", ""] {
        let idle = Watch {
            state: state.into(),
            ..case("1", "2026-01-05", &[])
        };
        assert_eq!(idle.next_contact(&rules()), None);
    }
    // An agency's own version holds from a day on.
    let strict = r#"{"count":3,"counts":"days","mail_days":0,"from":"contact","rolls":false,"source":"ours"}"#;
    let agency = Document::new([("contact.acuity.1@2026-01-06", strict)]);
    let next = |opened: &str| case("1", opened, &[]).next_contact(&agency).unwrap().day;
    assert_eq!(next("2026-01-05"), date(2026, 1, 11));
    assert_eq!(next("2026-01-07"), date(2026, 1, 9));
}

/// Whoever is met each time by the day that was told has a contact in each of the spans that reports count.
#[test]
fn who_follows_the_list_meets_every_span() {
    for acuity in ["1", "2", "3", "4"] {
        for opened in ["2026-01-05", "2026-01-30", "2027-08-31", "2028-02-29"] {
            let mut followed = case(acuity, opened, &[]);
            for _ in 0..30 {
                let next = followed.next_contact(&rules()).unwrap();
                let said = format!("{} phone made", next.day);
                followed.contacts.push(contact(&said));
            }
            let last = followed.contacts.last().unwrap();
            let spans = followed.spans(&rules(), day_of(&rules(), last.start));
            assert!(spans.len() > 25, "{acuity} {opened} {}", spans.len());
            for (from, to) in spans {
                let met = |one: &Contact| (from..=to).contains(&day_of(&rules(), one.start));
                assert!(
                    followed.contacts.iter().any(met),
                    "{acuity} {opened}: {from} to {to}"
                );
            }
        }
    }
}

#[test]
fn spans_are_those_of_the_standard_until_the_case_is_closed() {
    let told = |case: &Watch, until: &str| -> Vec<String> {
        let spans = case.spans(&rules(), until.parse().unwrap());
        let told = spans.into_iter().map(|(from, to)| format!("{from} {to}"));
        told.collect()
    };
    let mut one = case("1", "2026-01-20", &[]);
    assert_eq!(
        told(&one, "2026-02-03"),
        ["2026-01-20 2026-01-26", "2026-01-27 2026-02-02"]
    );
    assert_eq!(
        told(&case("", "2026-01-20", &[]), "2026-03-30"),
        ["2026-01-20 2026-01-31", "2026-02-01 2026-02-28"]
    );
    assert_eq!(
        told(&case("3", "2026-01-31", &[]), "2026-04-30"),
        [
            "2026-01-31 2026-02-28",
            "2026-03-01 2026-03-28",
            "2026-03-29 2026-04-28"
        ]
    );
    one.closed = Some(at("2026-02-01"));
    assert_eq!(told(&one, "2026-12-31"), ["2026-01-20 2026-01-26"]);
    one.opened = "0001-01-01".into();
    one.closed = None;
    assert!(told(&one, "9999-12-31").len() <= 40_000);
}

#[test]
fn after_vain_attempts_a_letter_and_then_one_who_leads() {
    let check = |contacts: &[&str], reviewed: &str, expected: Option<Outreach>| {
        let case = Watch {
            reviewed: reviewed.into(),
            ..case("2", "2026-01-05", contacts)
        };
        let found = case.outreach(&rules());
        assert_eq!(found, expected, "{contacts:?} {reviewed}");
    };
    let [a, b, c] = [
        "2026-02-01 phone no_answer",
        "2026-02-03 phone left_message",
        "2026-02-05 in_person not_home",
    ];
    let letter = "2026-02-06 letter left_message";
    check(&[], "", None);
    check(&[a], "", Some(Outreach::Try));
    check(&[a, b], "", Some(Outreach::Try));
    check(
        &[a, b, "2026-02-04 phone refused"],
        "",
        Some(Outreach::OtherMode),
    );
    check(&[a, b, c], "", Some(Outreach::Letter));
    check(&[a, b, c, letter], "", Some(Outreach::Review));
    check(&[a, b, c, letter], "2026-02-04", Some(Outreach::Review));
    check(&[a, b, c, letter], "2026-02-07", None);
    check(&[a, b, c, letter, "2026-02-08 phone made"], "", None);
    check(
        &["2026-01-30 letter left_message", a, b, c],
        "",
        Some(Outreach::Letter),
    );
}

#[test]
fn a_note_belongs_to_the_contact_that_names_it_or_follows_it() {
    let written = |id: &str, day: &str| Written {
        id: id.into(),
        at: at(day),
        author: None,
        waits: String::new(),
    };
    let mut one = case(
        "2",
        "2026-01-05",
        &["2026-02-01 phone made", "2026-02-03 phone made crisis"],
    );
    let unwritten = |one: &Watch| one.unwritten().map(|c| c.start).collect::<Vec<_>>();
    assert_eq!(unwritten(&one), [at("2026-02-01"), at("2026-02-03")]);
    one.notes = vec![written("early", "2026-01-31"), written("n", "2026-02-02")];
    assert_eq!(unwritten(&one), [at("2026-02-03")]);
    one.contacts[1].note = "n".into();
    assert_eq!(unwritten(&one), [at("2026-02-01")]);
    let due = |n: usize| {
        let contact = &one.contacts[n];
        note_due(&rules(), contact.crisis, contact.start)
    };
    assert_eq!(due(0), at("2026-02-04"), "72 hours");
    assert_eq!(due(1), at("2026-02-04"), "24 hours in a crisis");
}
