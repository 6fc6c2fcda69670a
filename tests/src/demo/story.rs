//! What the demo agency keeps besides notes, and where its people got in each other's way: records of
//! every case, then pairs of deeds of two people who could not know of each other. Knows cases by
//! their place; who does it and when is for the agency to arrange.

use jiff::{Timestamp, tz::TimeZone};
use satchel_core::{api::Request, rng::Seeded};
use satchel_wire::Millis;

use super::people::{Person, Program};
use crate::wishes;

const MINUTE_MS: u64 = 60 * 1000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The calendar day of a moment, `2026-11-23`.
pub fn day(at: Millis) -> String {
    let at = i64::try_from(at.0).unwrap_or(0);
    Timestamp::from_millisecond(at)
        .map(|at| at.to_zoned(TimeZone::UTC).date().to_string())
        .unwrap_or_default()
}

/// A full hour of a day `days` from now.
fn hour(present: Millis, days: u64, hour: u64) -> u64 {
    (present.0 / DAY_MS + days) * DAY_MS + hour * HOUR_MS
}

/// What the worker of a case keeps in it from the beginning. `turn` counts the worker's cases.
pub fn records(
    case: &str,
    turn: u64,
    person: &Person,
    staff: &str,
    present: Millis,
    rng: &mut Seeded,
) -> Vec<Request> {
    let acuity = match person.acuity {
        "High" => "1",
        "Medium" => "2",
        _ => "3",
    };
    let ahead = |days: u64| day(present.plus(days * DAY_MS));
    let review = ahead(3 + rng.below(60));
    // An hour of its own for each case of a worker.
    let start = hour(present, 1 + turn / 4, 9 + 2 * (turn % 4));
    let (start, end) = (start.to_string(), (start + HOUR_MS).to_string());
    let title = match person.program {
        Program::Reentry => "Check-in at the office",
        Program::HomeHealth => "Home visit",
        Program::ChildWelfare => "Family visit",
        Program::Housing => "Viewing and papers",
    };
    let task = match person.program {
        Program::Reentry => "Ask the employer for a reference",
        Program::HomeHealth => "Order dressings for two weeks",
        Program::ChildWelfare => "Call the school about mornings",
        Program::Housing => "Send the pay slips to the fund",
    };
    let due = if rng.below(4) == 0 {
        day(Millis(present.0 - (1 + rng.below(5)) * DAY_MS))
    } else {
        ahead(rng.below(12))
    };
    let put = |kind: &str, values: &[(&str, &str)]| wishes::put(case, kind, None, values);
    let (knows, relation, strength, barrier) = match person.program {
        Program::Reentry => (
            "Officer Hale",
            "officer",
            "Has never missed a meeting",
            "No driver's license",
        ),
        Program::HomeHealth => (
            "Dr. Lindgren, Dock Street clinic",
            "provider",
            "Neighbors who look in",
            "Stairs to the street",
        ),
        Program::ChildWelfare => (
            "Ms. Ortega, class teacher",
            "agency",
            "Asks for help early",
            "Shift work, no one for the evenings",
        ),
        Program::Housing => (
            "Mr. Bellamy, landlord",
            "other",
            "Steady income",
            "An old eviction in the records",
        ),
    };
    let mut all = vec![
        put(
            "case",
            &[
                ("state", "active"),
                ("acuity", acuity),
                ("review_due", &review),
            ],
        ),
        put("assignment", &[("staff", staff), ("role", "primary")]),
        put(
            "appointment",
            &[
                ("title", title),
                ("start", &start),
                ("end", &end),
                ("staff", staff),
                ("type", "visit"),
                ("place", &person.address),
                ("travel_min", "20"),
            ],
        ),
        put("task", &[("title", task), ("due", &due), ("owner", staff)]),
        put(
            "phone",
            &[("number", &person.phone), ("safe_to_call", "yes")],
        ),
        put("address", &[("text", &person.address), ("use", "home")]),
        put("relation", &[("name", knows), ("relation", relation)]),
        put("strength", &[("text", strength), ("kind", "strength")]),
        put("strength", &[("text", barrier), ("kind", "barrier")]),
    ];
    if person.program == Program::ChildWelfare {
        for (given, born) in [("Lily", "2017-04-11"), ("Noah", "2021-09-30")] {
            let name = format!("{given} {}", person.family);
            all.push(put("client", &[("name", &name), ("birth_date", born)]));
        }
    }
    if person.program == Program::HomeHealth {
        for (name, dose, often) in [
            ("Furosemide", "40 mg", "in the morning"),
            ("Lisinopril", "10 mg", "once a day"),
        ] {
            all.push(put(
                "medication",
                &[
                    ("name", name),
                    ("dose", dose),
                    ("route", "by mouth"),
                    ("frequency", often),
                    ("taking", "yes"),
                ],
            ));
        }
    }
    if turn % 5 == 4 {
        all.push(put(
            "flag",
            &[
                ("kind", "animal"),
                (
                    "evidence",
                    "A large dog, loose in the yard. Call before you come.",
                ),
            ],
        ));
    }
    all
}

/// A visit of half an hour that was made.
pub fn visit(staff: &str, start: Millis) -> Vec<(&'static str, String)> {
    vec![
        ("mode", "in_person".into()),
        ("start", start.0.to_string()),
        ("end", (start.0 + HOUR_MS / 2).to_string()),
        ("staff", staff.into()),
        ("outcome", "made".into()),
        ("purpose", "Weekly visit".into()),
    ]
}

/// Something done to a case by its place.
pub enum Deed {
    /// Begin a record.
    New(&'static str, Vec<(&'static str, String)>),
    /// Change the first record of a kind.
    Change(&'static str, Vec<(&'static str, String)>),
    /// Set a field of the person.
    Field(&'static str, &'static str),
}

/// Two people's deeds in one case, neither knowing of the other's.
pub struct Clash {
    /// The case's place.
    pub case: usize,
    /// What Ana does.
    pub ana: Deed,
    /// What Ben does.
    pub ben: Deed,
}

fn values(values: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let owned = |(key, value): &(&'static str, &str)| (*key, (*value).to_owned());
    values.iter().map(owned).collect()
}

fn new(kind: &'static str, with: &[(&'static str, &str)]) -> Deed {
    Deed::New(kind, values(with))
}

fn change(kind: &'static str, with: &[(&'static str, &str)]) -> Deed {
    Deed::Change(kind, values(with))
}

fn clash(case: usize, ana: Deed, ben: Deed) -> Clash {
    Clash { case, ana, ben }
}

/// What Ana and Ben did on a day out of reach. `ana` and `ben` are their staff ids.
pub fn clashes(present: Millis, ana: &str, ben: &str) -> Vec<Clash> {
    let at = |days, of_day, minutes: u64| {
        let start = hour(present, days, of_day) + minutes * MINUTE_MS;
        (start.to_string(), (start + HOUR_MS).to_string())
    };
    let booked = |staff: &str, title: &str, kind: &str, (start, end): (String, String)| {
        new(
            "appointment",
            &[
                ("title", title),
                ("start", &start),
                ("end", &end),
                ("staff", staff),
                ("type", kind),
            ],
        )
    };
    let visit = |staff: &str, minutes: u64| {
        let start = Millis(present.0 - 26 * HOUR_MS + minutes * MINUTE_MS);
        Deed::New("visit", visit(staff, start))
    };
    let drug = |name: &'static str, dose: &'static str| {
        new(
            "medication",
            &[("name", name), ("dose", dose), ("taking", "yes")],
        )
    };
    let home = |text: &'static str| new("address", &[("text", text), ("use", "temporary")]);
    vec![
        clash(
            1,
            Deed::Field("phone", "555-0128"),
            Deed::Field("phone", "555-0172"),
        ),
        clash(
            4,
            Deed::Field(
                "summary",
                "Voluntary family support, going well. Close after two more visits if school stays as it is.",
            ),
            Deed::Field(
                "summary",
                "Voluntary family support. New work hours make the mornings hard; keep open until January.",
            ),
        ),
        clash(
            5,
            Deed::Field("language", "Spanish"),
            Deed::Field("language", "Spanish, some English"),
        ),
        clash(
            17,
            Deed::Field("location", "East office"),
            Deed::Field("location", "Harbor office"),
        ),
        // One worker in two places, and one client with two visitors.
        clash(
            0,
            booked(ana, "Court, room 4", "court", at(2, 14, 0)),
            booked(ana, "Job fair at the library", "other", at(2, 14, 30)),
        ),
        clash(
            3,
            booked(ana, "House meeting", "visit", at(3, 15, 0)),
            booked(ben, "Check of the room", "visit", at(3, 15, 30)),
        ),
        clash(
            11,
            booked(ben, "Insurance adjuster", "legal", at(12, 10, 0)),
            booked(ben, "School meeting", "other", at(12, 10, 0)),
        ),
        // Medicines.
        clash(6, drug("Metformin", "500 mg"), drug("Glucophage", "500 mg")),
        clash(2, drug("Paracetamol", "500 mg"), drug("Tylenol", "650 mg")),
        clash(10, drug("Phenelzine", "15 mg"), drug("Sertraline", "50 mg")),
        clash(14, drug("Warfarin", "5 mg"), drug("Ibuprofen", "400 mg")),
        clash(
            13,
            new(
                "allergy",
                &[
                    ("substance", "Penicillin"),
                    ("reaction", "Rash"),
                    ("severity", "severe"),
                ],
            ),
            drug("Amoxicillin", "500 mg"),
        ),
        clash(
            2,
            change(
                "medication",
                &[
                    ("state", "stopped"),
                    ("stopped_reason", "Dizzy, by order of the clinic"),
                ],
            ),
            change("medication", &[("dose", "20 mg")]),
        ),
        // Where people live.
        clash(
            15,
            home("Room 9, Seamen's Hostel"),
            home("With her aunt, 3 Quay Street"),
        ),
        clash(
            8,
            change("address", &[("confidential", "yes")]),
            change("address", &[("text", "52 Tanner Street, Apt 7")]),
        ),
        // What holds for the whole case.
        clash(
            9,
            change(
                "flag",
                &[("state", "cleared"), ("cleared_reason", "The dog is gone")],
            ),
            change(
                "flag",
                &[(
                    "evidence",
                    "Second dog since last week, bit the mail carrier.",
                )],
            ),
        ),
        clash(
            7,
            change(
                "case",
                &[("state", "closed"), ("close_reason", "Goals reached")],
            ),
            visit(ben, 0),
        ),
        clash(
            12,
            new("assignment", &[("staff", ana), ("role", "primary")]),
            new(
                "strength",
                &[
                    ("text", "Knows every bus line in town"),
                    ("kind", "strength"),
                ],
            ),
        ),
        clash(16, visit(ana, 0), visit(ben, 10)),
        clash(
            19,
            change("task", &[("due", &day(present.plus(2 * DAY_MS)))]),
            change("task", &[("due", &day(present.plus(9 * DAY_MS)))]),
        ),
        clash(
            17,
            change("case", &[("acuity", "1"), ("acuity_reason", "Fell twice")]),
            change(
                "case",
                &[("acuity", "4"), ("acuity_reason", "Stable for months")],
            ),
        ),
    ]
}
