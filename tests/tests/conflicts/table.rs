//! The table of conflicts as it is lived: what Ana does, what Ben does, neither knowing of the other;
//! what everybody is then shown; and what one choice makes of it.

use std::collections::BTreeMap;

use satchel_core::api::{FindingView, NewNoteView, Reply, Request, Severity};
use satchel_tests::{
    team::{ANA, BEN, NAMES, PRIYA, ROSA, Team},
    wishes,
};

/// A day nobody else in the table uses, in milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// One row. A deed is `kind/label key=value; …`; `@ana` in a value is her staff id, `#label` a
/// record; the first deed with a label begins the record.
struct Row {
    number: u8,
    /// Known to both.
    before: &'static str,
    ana: &'static str,
    ben: &'static str,
    rule: &'static str,
    severity: Severity,
    /// Author and value of each side, in order.
    sides: &'static [(&'static str, &'static str)],
    /// `side:<value>` takes the side that says so.
    choice: &'static str,
    /// What stands then: `kind/label key=value`.
    after: &'static str,
}

const TABLE: &[Row] = &[
    Row {
        number: 1,
        before: "appointment/visit title=Home visit; start=+9h; end=+10h; staff=@ana",
        ana: "person/ summary=Likes mornings",
        ben: "appointment/court title=Hearing; start=+10h; end=+12h; travel_min=30; staff=@ana; type=court",
        rule: "worker_booked_twice",
        severity: Severity::High,
        sides: &[("Ben", "Hearing"), ("Ana", "Home visit")],
        choice: "side:Hearing",
        after: "appointment/visit state=proposed",
    },
    Row {
        number: 2,
        before: "",
        ana: "appointment/a title=Home visit; start=+9h; end=+10h; staff=@ana",
        ben: "appointment/b title=Check-up; start=+9h; end=+11h; staff=@ben; type=medical",
        rule: "client_booked_twice",
        severity: Severity::High,
        sides: &[("Ben", "Check-up"), ("Ana", "Home visit")],
        choice: "joint_visit",
        after: "appointment/a state=booked",
    },
    Row {
        number: 3,
        before: "",
        ana: "medication/a name=Lisinopril; dose=10 mg; frequency=daily; reporter=daughter",
        ben: "medication/b name=Zestril; dose=10mg; frequency=daily; reporter=pharmacy",
        rule: "same_drug",
        severity: Severity::Medium,
        sides: &[
            ("Ana", "Lisinopril, 10 mg, daily"),
            ("Ben", "Zestril, 10mg, daily"),
        ],
        choice: "one_entry",
        after: "medication/b same_as=#a",
    },
    Row {
        number: 4,
        before: "",
        ana: "medication/a name=Lisinopril; dose=10 mg; frequency=daily",
        ben: "medication/b name=Lisinopril; dose=20 mg; frequency=daily",
        rule: "same_drug_other_dose",
        severity: Severity::High,
        sides: &[
            ("Ana", "Lisinopril, 10 mg, daily"),
            ("Ben", "Lisinopril, 20 mg, daily"),
        ],
        choice: "escalate",
        after: "task/* title=Lisinopril, 10 mg, daily + Lisinopril, 20 mg, daily",
    },
    Row {
        number: 5,
        before: "",
        ana: "medication/a name=Nardil; dose=15 mg",
        ben: "medication/b name=Pethidine; dose=50 mg",
        rule: "interaction",
        severity: Severity::Critical,
        sides: &[("Ana", "Nardil, 15 mg"), ("Ben", "Pethidine, 50 mg")],
        choice: "acknowledge",
        after: "medication/b state=active",
    },
    Row {
        number: 6,
        before: "medication/m name=Metformin; dose=500 mg",
        ana: "medication/m state=stopped; stopped_reason=nausea",
        ben: "medication/m dose=1000 mg",
        rule: "stopped_and_edited",
        severity: Severity::High,
        sides: &[("Ana", "stopped"), ("Ben", "1000 mg")],
        choice: "take_edit",
        after: "medication/m state=active",
    },
    Row {
        number: 7,
        before: "",
        ana: "allergy/a substance=penicillin; reaction=rash",
        ben: "medication/b name=Amoxicillin; dose=500 mg",
        rule: "allergy_and_drug",
        severity: Severity::Critical,
        sides: &[("Ana", "penicillin, rash"), ("Ben", "Amoxicillin, 500 mg")],
        choice: "escalate",
        after: "task/* priority=urgent",
    },
    Row {
        number: 12,
        before: "",
        ana: "address/a text=1 Elm St; use=home; verified_at=2026-11-01",
        ben: "address/b text=2 Oak St; use=home; verified_at=2026-11-20",
        rule: "two_addresses",
        severity: Severity::High,
        sides: &[("Ben", "2 Oak St"), ("Ana", "1 Elm St")],
        choice: "side:2 Oak St",
        after: "address/a state=old",
    },
    Row {
        number: 13,
        before: "address/h text=1 Elm St; use=home",
        ana: "address/h confidential=yes",
        ben: "address/h text=2 Oak St",
        rule: "confidential_and_edited",
        severity: Severity::Critical,
        sides: &[("Ana", "yes"), ("Ben", "2 Oak St")],
        choice: "restrict",
        after: "address/h confidential=yes",
    },
    Row {
        number: 14,
        before: "flag/f kind=weapon; evidence=a rifle in the hall",
        ana: "flag/f state=cleared; cleared_reason=sold",
        ben: "flag/f evidence=a rifle by the door",
        rule: "flag_cleared_and_set",
        severity: Severity::Critical,
        sides: &[("Ana", "cleared"), ("Ben", "a rifle by the door")],
        choice: "keep_set",
        after: "flag/f state=active",
    },
    Row {
        number: 16,
        before: "case/case state=active",
        ana: "case/case state=closed; close_reason=goals met",
        ben: "visit/v mode=in_person; start=+9h; end=+10h; staff=@ben; outcome=made; purpose=Lost the keys",
        rule: "closed_with_activity",
        severity: Severity::High,
        sides: &[("Ana", "closed"), ("Ben", "Lost the keys")],
        choice: "reopen",
        after: "case/case state=active",
    },
    Row {
        number: 18,
        before: "note/n text=Talked about rent.",
        ana: "note/n sign",
        ben: "note/n text=Talked about rent and heating.",
        rule: "signed_and_edited",
        severity: Severity::Medium,
        sides: &[
            ("Ana", "Talked about rent."),
            ("Ben", "Talked about rent and heating."),
        ],
        choice: "addendum",
        after: "note/* text=Talked about rent and heating.",
    },
    Row {
        number: 10,
        before: "goal/g words=My own door",
        ana: "goal/g state=completed",
        ben: "progress/p goal=#g; date=2026-03-01; text=Saw a flat",
        rule: "goal_closed_and_progress",
        severity: Severity::Medium,
        sides: &[("Ana", "completed"), ("Ben", "2026-03-01, Saw a flat")],
        choice: "reopen",
        after: "goal/g state=active",
    },
    Row {
        number: 11,
        before: "goal/g words=My own door",
        ana: "goal/g achievement=achieved",
        ben: "goal/g achievement=not-achieved",
        rule: "goal_reached_and_not",
        severity: Severity::Medium,
        sides: &[],
        choice: "side:achieved",
        after: "goal/g achievement=achieved",
    },
    Row {
        number: 20,
        before: "denial/d service=Wheelchair; track=ssa; notice_date=2026-03-01",
        ana: "denial/d notice_date=2026-03-09",
        ben: "denial/d notice_date=2026-03-05",
        rule: "appeal_differs",
        severity: Severity::Critical,
        sides: &[("Ben", "2026-03-05"), ("Ana", "2026-03-09")],
        choice: "side:2026-03-05",
        after: "denial/d notice_date=2026-03-05",
    },
    Row {
        number: 19,
        before: "",
        ana: "assignment/a staff=@ana; role=primary",
        ben: "assignment/b staff=@ben; role=primary",
        rule: "two_primaries",
        severity: Severity::High,
        sides: &[("Ana", "Ana"), ("Ben", "Ben")],
        choice: "side:Ben",
        after: "assignment/a role=secondary",
    },
    Row {
        number: 21,
        before: "",
        ana: "visit/a mode=in_person; start=+9h; end=+10h; staff=@ana; outcome=made; purpose=Home visit",
        ben: "visit/b mode=in_person; start=+9h; end=+10h; staff=@ana; outcome=made; purpose=Visited",
        rule: "visit_logged_twice",
        severity: Severity::Medium,
        sides: &[("Ana", "Home visit"), ("Ben", "Visited")],
        choice: "link",
        after: "visit/b same_as=#a",
    },
    Row {
        number: 24,
        before: "person/ phone=555-0100",
        ana: "person/ phone=555-0101",
        ben: "person/ phone=555-0102",
        rule: "field",
        severity: Severity::Medium,
        sides: &[],
        choice: "side:555-0101",
        after: "person/ phone=555-0101",
    },
    Row {
        number: 24,
        before: "medication/m name=Metformin; dose=500 mg",
        ana: "medication/m frequency=in the morning",
        ben: "medication/m frequency=in the evening",
        rule: "field",
        severity: Severity::Medium,
        sides: &[],
        choice: "side:in the evening",
        after: "medication/m frequency=in the evening",
    },
];

/// A case of one row, and what its labels stand for.
struct Lived {
    case: String,
    ids: BTreeMap<String, String>,
    /// Where `+9h` counts from: each row has a day of its own.
    day: u64,
}

impl Lived {
    fn value(&self, team: &Team, text: &str) -> String {
        match text.split_at_checked(1) {
            Some(("@", name)) => {
                let place = NAMES
                    .iter()
                    .position(|known| known.eq_ignore_ascii_case(name));
                team.id(place.unwrap())
            }
            Some(("#", label)) => self.ids[label].clone(),
            Some(("+", hours)) if hours.ends_with('h') => {
                let hours: u64 = hours.trim_end_matches('h').parse().unwrap();
                (self.day * DAY + hours * 3_600_000).to_string()
            }
            _ => text.to_owned(),
        }
    }

    fn deed(&mut self, team: &mut Team, place: usize, deed: &str) {
        if deed.is_empty() {
            return;
        }
        let (what, values) = deed.split_once(' ').unwrap();
        let (kind, label) = what.split_once('/').unwrap();
        let id = self.ids.get(label).cloned();
        let pairs = values
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='));
        let pairs: Vec<(String, String)> = pairs
            .map(|(key, value)| (key.to_owned(), self.value(team, value)))
            .collect();
        let case = self.case.clone();
        let request = match (kind, id) {
            ("note", Some(note)) if values == "sign" => Request::SignNote {
                seen: team.seen(place, &case, &note),
                case,
                note,
            },
            ("note", Some(note)) => Request::EditNote {
                seen: team.seen(place, &case, &note),
                case,
                note,
                sections: pairs,
            },
            ("note", None) => Request::AddNote {
                case,
                note: NewNoteView {
                    format: "narrative".into(),
                    sections: pairs,
                    happened_at: None,
                    addendum_to: None,
                    sign: false,
                    cosign: false,
                },
            },
            (kind, id) => {
                let values: Vec<(&str, &str)> = pairs
                    .iter()
                    .map(|(k, v)| (k.as_str(), v.as_str()))
                    .collect();
                wishes::put(&case, kind, id.as_deref(), &values)
            }
        };
        match team.ask(place, request) {
            Reply::Saved { id, .. } => self.ids.insert(label.to_owned(), id),
            other => panic!("{deed}: {other:?}"),
        };
    }

    /// Whether the record says `kind/label key=value`, on somebody's tablet.
    fn says(&self, team: &mut Team, place: usize, what: &str) -> bool {
        let view = team.view(place, &self.case);
        let (record, pair) = what.split_once(' ').unwrap();
        let (kind, label) = record.split_once('/').unwrap();
        let (key, value) = pair.split_once('=').unwrap();
        let value = self.value(team, value);
        let is = |field: &satchel_core::api::FieldView| field.key == key && field.value == value;
        match kind {
            "person" => view.fields.iter().any(is),
            "note" => view.notes.iter().any(|note| {
                note.addendum_to.is_some()
                    && note.state == "draft"
                    && note.sections.iter().any(|(k, v)| k == key && *v == value)
            }),
            _ => view.records.iter().any(|record| {
                let named = label == "*" || self.ids.get(label) == Some(&record.id);
                record.kind == kind && named && record.fields.iter().any(is)
            }),
        }
    }
}

fn one(found: Vec<FindingView>, row: &Row) -> FindingView {
    let [finding] = <[FindingView; 1]>::try_from(found)
        .unwrap_or_else(|found| panic!("{}: {found:#?}", row.number));
    finding
}

/// The choice as the finding words it.
fn choice(finding: &FindingView, wanted: &str) -> String {
    let Some(value) = wanted.strip_prefix("side:") else {
        return wanted.to_owned();
    };
    let side = finding.sides.iter().find(|side| side.value == value);
    format!(
        "side:{}",
        side.unwrap_or_else(|| panic!("{value}: {finding:#?}")).id
    )
}

fn settle(
    team: &mut Team,
    place: usize,
    case: &str,
    finding: &FindingView,
    choice: &str,
) -> Option<u32> {
    let request = Request::Settle {
        case: case.into(),
        finding: finding.id.clone(),
        choice: choice.into(),
        reason: format!("{} asked both", NAMES[place]),
    };
    match team.ask(place, request) {
        Reply::Saved { undo, .. } => undo,
        other => panic!("{}: {other:?}", finding.rule),
    }
}

#[test]
fn each_conflict_is_shown_alike_to_all_and_settled_once_for_all() {
    let mut team = Team::new();
    let mut lived: Vec<Lived> = Vec::new();
    for (day, row) in (20_000..).zip(TABLE) {
        let number = format!("C-{day}");
        let case = team.begin_case(ANA, &[("number", &number)]);
        let ids = BTreeMap::new();
        let mut here = Lived { case, ids, day };
        here.deed(&mut team, ANA, row.before);
        lived.push(here);
    }
    team.sync(NAMES.len());
    for (row, here) in TABLE.iter().zip(&mut lived) {
        assert_eq!(
            team.findings(&here.case),
            [],
            "{}: nothing has met yet",
            row.number
        );
        here.deed(&mut team, ANA, row.ana);
        let alone = team.view(ANA, &here.case).findings;
        assert_eq!(alone, [], "{}: nobody else is known of", row.number);
        here.deed(&mut team, BEN, row.ben);
    }
    team.sync(NAMES.len());
    let mut settled = Vec::new();
    for (row, here) in TABLE.iter().zip(&lived) {
        let finding = one(team.findings(&here.case), row);
        assert_eq!(
            (finding.rule.as_str(), finding.severity),
            (row.rule, row.severity)
        );
        assert!(finding.settled.is_none());
        let sides = finding
            .sides
            .iter()
            .map(|side| (side.author.as_str(), side.value.as_str()));
        let sides: Vec<(&str, &str)> = sides.collect();
        if row.sides.is_empty() {
            let mut authors: Vec<&str> = sides.iter().map(|(author, _)| *author).collect();
            authors.sort_unstable();
            assert_eq!(authors, ["Ana", "Ben"], "{}", row.number);
        } else {
            assert_eq!(sides, row.sides, "{}", row.number);
        }
        assert!(finding.sides.iter().all(|side| side.at.0 > 0));
        let mine = team.view(ANA, &here.case).findings.remove(0);
        let place = if mine.reserved_for.is_some() {
            PRIYA
        } else {
            ANA
        };
        let choice = choice(&finding, row.choice);
        let undo = settle(&mut team, place, &here.case, &finding, &choice);
        settled.push((finding, place, choice, undo.expect("it can be taken back")));
    }
    team.sync(NAMES.len());
    for ((row, here), (finding, place, choice, _)) in TABLE.iter().zip(&lived).zip(&settled) {
        let now = one(team.findings(&here.case), row);
        let by = now
            .settled
            .unwrap_or_else(|| panic!("{} is open", row.number));
        assert_eq!(
            (by.choice.as_str(), by.author.as_str()),
            (choice.as_str(), NAMES[*place])
        );
        assert_eq!(by.reason, format!("{} asked both", NAMES[*place]));
        assert_eq!(now.sides, finding.sides, "what met is still told");
        assert!(
            here.says(&mut team, BEN, row.after),
            "{}: {}",
            row.number,
            row.after
        );
    }
    // What is taken back is open again, for everybody.
    for (finding, place, _, token) in &settled {
        let reply = team.ask(*place, Request::Undo { token: *token });
        assert_eq!(reply, Reply::Done, "{}", finding.rule);
    }
    team.sync(NAMES.len());
    for ((row, here), (finding, ..)) in TABLE.iter().zip(&lived).zip(&settled) {
        let now = one(team.findings(&here.case), row);
        assert_eq!(
            (&now.rule, &now.sides, &now.settled),
            (&finding.rule, &finding.sides, &None)
        );
    }
}

#[test]
fn two_who_settle_differently_are_both_shown_until_one_decides() {
    let mut team = Team::new();
    for (row, places, choices) in [
        (
            "client_booked_twice",
            [ANA, BEN],
            ["joint_visit", "side:Check-up"],
        ),
        ("field", [ANA, BEN], ["side:555-0101", "side:555-0102"]),
        ("flag_cleared_and_set", [PRIYA, ROSA], ["keep_set", "clear"]),
        ("same_drug", [ANA, PRIYA], ["keep_both", "one_entry"]),
    ] {
        let row = TABLE.iter().find(|one| one.rule == row).unwrap();
        let case = team.begin_case(ANA, &[("number", row.rule)]);
        let ids = BTreeMap::new();
        let day = 30_000 + u64::from(row.number);
        let mut here = Lived { case, ids, day };
        here.deed(&mut team, ANA, row.before);
        team.sync(NAMES.len());
        here.deed(&mut team, ANA, row.ana);
        here.deed(&mut team, BEN, row.ben);
        team.sync(NAMES.len());
        let finding = one(team.findings(&here.case), row);
        for (place, wanted) in places.into_iter().zip(choices) {
            settle(
                &mut team,
                place,
                &here.case,
                &finding,
                &choice(&finding, wanted),
            );
        }
        team.sync(NAMES.len());
        let now = one(team.findings(&here.case), row);
        assert_eq!(
            (now.rule.as_str(), now.severity, &now.settled),
            ("settled_differently", row.severity, &None)
        );
        let authors: Vec<&str> = now.sides.iter().map(|side| side.author.as_str()).collect();
        assert_eq!(
            authors,
            places.map(|place| NAMES[place]),
            "the careful choice, or the earlier, is first"
        );
        let last = now.choices.last().unwrap().clone();
        settle(&mut team, PRIYA, &here.case, &now, &last);
        team.sync(NAMES.len());
        let now = one(team.findings(&here.case), row);
        let by = now.settled.expect("settled");
        assert_eq!((now.rule.as_str(), by.author.as_str()), (row.rule, "Priya"));
        assert_eq!(by.choice, choice(&finding, choices[1]));
    }
}

#[test]
fn a_worker_booked_in_another_case_is_told_as_busy_and_no_more() {
    let mut team = Team::new();
    let here = team.begin_case(ANA, &[("number", "C-1")]);
    let there = team.begin_case(ANA, &[("number", "C-2")]);
    team.sync(NAMES.len());
    let (staff, start, end) = (team.id(ANA), "36000000", "39600000");
    for (place, case, title) in [(ANA, &here, "Home visit"), (BEN, &there, "Secret meeting")] {
        let values = [
            ("title", title),
            ("start", start),
            ("end", end),
            ("staff", staff.as_str()),
        ];
        team.ask(place, wishes::put(case, "appointment", None, &values));
    }
    team.sync(NAMES.len());
    let found = team.findings(&here);
    assert_eq!(found.len(), 1);
    let told = format!("{found:?}");
    assert!(!told.contains("Secret") && !told.contains("C-2"), "{told}");
    let side = found[0]
        .sides
        .iter()
        .find(|side| side.kind == "elsewhere")
        .unwrap();
    assert_eq!(
        (
            side.author.as_str(),
            side.record.as_str(),
            side.key.as_str()
        ),
        ("", "", "")
    );
}

#[test]
fn the_same_client_taken_in_twice_is_told_in_both_cases() {
    let mut team = Team::new();
    let person = [
        ("name.given", "Walter"),
        ("name.family", "Brandt"),
        ("birth_date", "1961-05-14"),
    ];
    let cases = [ANA, BEN].map(|place| team.begin_case(place, &person));
    team.sync(NAMES.len());
    for case in &cases {
        let found = team.findings(case);
        let [finding] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(
            (finding.rule.as_str(), finding.severity),
            ("same_client_twice", Severity::High)
        );
        settle(&mut team, PRIYA, case, finding, "keep_apart");
    }
    team.sync(NAMES.len());
    for case in &cases {
        assert!(team.findings(case).iter().all(|one| one.settled.is_some()));
    }
}
