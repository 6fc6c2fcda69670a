//! What goes across cases, through real engines and a real relay: a visit step by step, what the day
//! holds, and in `reports` figures, which a program of its own counts anew from an export.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod reports;

use satchel_core::api::{
    DayAsk, Failure, NewNoteView, Reply, Request, StepRecord, TodayGroup, TodayRow, TodayView,
    VisitAsk, VisitView,
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, PRIYA, Team},
    wishes::put,
};
use satchel_wire::Millis;

const ALL: usize = NAMES.len();
const HOUR_MS: u64 = 60 * 60 * 1000;
const DAY_MS: u64 = 24 * HOUR_MS;

fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    values.iter().map(owned).collect()
}

fn saved(reply: Reply) -> String {
    match reply {
        Reply::Saved { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

fn on_visit(team: &mut Team, place: usize, case: &str, ask: VisitAsk) -> Reply {
    let case = case.into();
    team.ask(place, Request::Visit { case, ask })
}

fn look(team: &mut Team, place: usize, case: &str, id: &str) -> VisitView {
    match on_visit(
        team,
        place,
        case,
        VisitAsk::Look {
            id: id.into(),
            with: vec![],
        },
    ) {
        Reply::Visit { visit } => visit,
        other => panic!("{other:?}"),
    }
}

fn today(team: &mut Team, place: usize, mine: bool) -> TodayView {
    let ask = DayAsk::Today { mine };
    match team.ask(place, Request::Day { ask }) {
        Reply::Today { today } => *today,
        other => panic!("{other:?}"),
    }
}

fn told(view: &TodayView) -> Vec<(TodayGroup, &str, &str)> {
    let rows = view.rows.iter();
    rows.map(|row: &TodayRow| (row.group, row.what.as_str(), row.title.as_str()))
        .collect()
}

fn narrative(text: &str) -> NewNoteView {
    NewNoteView {
        format: "narrative".into(),
        sections: pairs(&[("text", text)]),
        happened_at: None,
        addendum_to: None,
        sign: true,
        cosign: false,
    }
}

fn begin(team: &mut Team, case: &str) -> String {
    let start = team.now().0.to_string();
    let values = pairs(&[
        ("mode", "in_person"),
        ("outcome", "made"),
        ("start", &start),
        ("step", "checklist"),
    ]);
    saved(on_visit(team, ANA, case, VisitAsk::Begin { values }))
}

#[test]
fn a_visit_goes_on_after_each_crash_and_reaches_the_others_whole() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Rosa"), ("program", "Re-entry")]);
    let pill = put(&case, "medication", None, &[("name", "Metformin")]);
    let pill = saved(team.ask(ANA, pill));
    saved(team.ask(
        ANA,
        put(
            &case,
            "case",
            None,
            &[("state", "active"), ("setting", "corrections")],
        ),
    ));
    let visit = begin(&mut team, &case);
    // Whoever comes back after a crash goes on with it.
    team.restart(ANA);
    assert_eq!(begin(&mut team, &case), visit);
    let view = look(&mut team, ANA, &case, &visit);
    assert_eq!(view.missing, ["service", "place", "time"]);
    let typed = VisitAsk::Look {
        id: visit.clone(),
        with: pairs(&[("place", "here"), ("start", "")]),
    };
    let Reply::Visit { visit: as_if } = on_visit(&mut team, ANA, &case, typed) else {
        panic!("no visit")
    };
    assert_eq!(as_if.missing, ["service", "date", "time"]);
    assert_eq!(
        view.checklist.first().map(String::as_str),
        Some("id_papers")
    );
    assert_eq!(
        told(&today(&mut team, ANA, true)),
        [(TodayGroup::Begun, "visit", "")]
    );
    let me = team.id(ANA);
    let save = |team: &mut Team, values: &[(&str, &str)], others: Vec<StepRecord>, note| {
        let ask = VisitAsk::Save {
            id: visit.clone(),
            values: pairs(values),
            others,
            note,
        };
        let id = saved(on_visit(team, ANA, &case, ask));
        assert_eq!(id, visit);
        team.restart(ANA);
    };
    let step = |kind: &str, id: Option<&str>, values: &[(&str, &str)], named_in: &str| StepRecord {
        kind: kind.into(),
        id: id.map(str::to_owned),
        values: pairs(values),
        named_in: named_in.into(),
    };
    save(
        &mut team,
        &[("ticked", "safety\nneeds"), ("step", "medicines")],
        vec![],
        None,
    );
    let pill = step("medication", Some(&pill), &[("taking", "differently")], "");
    save(&mut team, &[("step", "note")], vec![pill], None);
    save(
        &mut team,
        &[("step", "next")],
        vec![],
        Some(narrative("She is well.")),
    );
    let (start, end) = (team.now().plus(DAY_MS), team.now().plus(DAY_MS + HOUR_MS));
    let next = [
        ("title", "Home visit"),
        ("start", &start.0.to_string()),
        ("end", &end.0.to_string()),
        ("staff", &me),
    ];
    let next = vec![step("appointment", None, &next, "next")];
    save(&mut team, &[("step", "signature")], next, None);
    let signed = [
        ("signed_how", "drawn"),
        ("signed_by", "Rosa"),
        ("signature", "10,10 20,25 30,5;40,40 41,42"),
        ("step", "end"),
    ];
    save(&mut team, &signed, vec![], None);
    let now = team.now().0.to_string();
    let ended = [
        ("end", now.as_str()),
        ("place", "12 Elm Street"),
        ("service", "Case management"),
        ("units", "4"),
        ("state", "completed"),
        ("step", ""),
    ];
    save(&mut team, &ended, vec![], None);
    assert_eq!(look(&mut team, ANA, &case, &visit).missing, [""; 0]);
    team.sync(ALL);
    for place in [ANA, BEN, PRIYA] {
        let view = team.view(place, &case);
        let visits: Vec<_> = view
            .records
            .iter()
            .filter(|one| one.kind == "visit")
            .collect();
        assert_eq!(visits.len(), 1);
        let field = |key: &str| {
            let found = visits[0].fields.iter().find(|field| field.key == key);
            found.map_or("", |field| field.value.as_str()).to_owned()
        };
        assert_eq!(field("signature"), "10,10 20,25 30,5;40,40 41,42");
        assert_eq!(field("state"), "completed");
        assert_eq!(view.notes.len(), 1);
        assert_eq!(field("note"), view.notes[0].id);
        let next = view.records.iter().find(|one| one.kind == "appointment");
        assert_eq!(field("next"), next.unwrap().id);
        let pill = view.records.iter().find(|one| one.kind == "medication");
        let taking = pill.unwrap().fields.iter().find(|one| one.key == "taking");
        assert_eq!(taking.unwrap().value, "differently");
    }
    assert_eq!(
        told(&today(&mut team, ANA, true)),
        [(TodayGroup::Ahead, "appointment", "Home visit")]
    );
}

#[test]
fn a_step_is_saved_whole_or_not_at_all() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Rosa")]);
    let visit = begin(&mut team, &case);
    let me = team.id(ANA);
    let other = |kind: &str, id: Option<&str>, values: &[(&str, &str)], named: &str| StepRecord {
        kind: kind.into(),
        id: id.map(str::to_owned),
        values: pairs(values),
        named_in: named.into(),
    };
    let meeting = [
        ("title", "x"),
        ("start", "1"),
        ("end", "2"),
        ("staff", me.as_str()),
    ];
    let unknown = |field: &str| Failure::UnknownField {
        field: field.into(),
    };
    let cases = [
        (
            vec![other("visit", Some(&visit), &[("place", "x")], "")],
            None,
            Failure::NotAllowed,
        ),
        (
            vec![other("transfer", None, &[], "")],
            None,
            unknown("transfer"),
        ),
        (vec![other("charm", None, &[], "")], None, unknown("charm")),
        (
            vec![other("medication", Some("00"), &[], "")],
            None,
            Failure::NotFound,
        ),
        (
            vec![other("appointment", None, &meeting, "place")],
            None,
            unknown("place"),
        ),
        (
            vec![other("appointment", None, &meeting, "same_as")],
            None,
            unknown("same_as"),
        ),
        (
            vec![
                other("appointment", None, &meeting, "next"),
                other("task", None, &[], ""),
            ],
            None,
            Failure::Empty {
                field: "title".into(),
            },
        ),
        (
            vec![other("appointment", None, &meeting, "next")],
            Some(NewNoteView {
                format: "verse".into(),
                ..narrative("x")
            }),
            Failure::BadValue {
                field: "format".into(),
                expected: "narrative, soap, dap, birp, girp".into(),
            },
        ),
    ];
    let before = team.view(ANA, &case);
    for (others, note, failure) in cases {
        let ask = VisitAsk::Save {
            id: visit.clone(),
            values: pairs(&[("step", "end")]),
            others,
            note,
        };
        let case = case.clone();
        let (reply, unchanged) = team.ask_in_vain(ANA, Request::Visit { case, ask });
        assert_eq!((reply, unchanged), (Reply::Failed { failure }, true));
    }
    assert_eq!(team.view(ANA, &case), before);
    // Somebody else's visit in the same case is another one.
    team.sync(ALL);
    let values = pairs(&[("mode", "phone"), ("outcome", "made"), ("start", "5")]);
    let theirs = saved(on_visit(&mut team, BEN, &case, VisitAsk::Begin { values }));
    assert_ne!(theirs, visit);
}

#[test]
fn an_overlap_is_seen_while_choosing() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Rosa")]);
    let hidden = team.begin_case_for(BEN, &[("name.given", "Otto")], &[BEN]);
    let (ana, ben) = (team.id(ANA), team.id(BEN));
    let base = team.now().0 / DAY_MS * DAY_MS + 2 * DAY_MS;
    let at = |hours: u64| base + hours * HOUR_MS;
    let book = |staff: &str, from: u64, to: u64| {
        let (from, to) = (at(from).to_string(), at(to).to_string());
        let title = format!("with {staff}").chars().take(9).collect::<String>();
        put(
            "",
            "appointment",
            None,
            &[
                ("title", &title),
                ("start", &from),
                ("end", &to),
                ("staff", staff),
            ],
        )
    };
    for (place, of, request) in [
        (ANA, &case, book(&ana, 10, 11)),
        (BEN, &hidden, book(&ben, 14, 15)),
    ] {
        let Request::PutRecord {
            kind, id, values, ..
        } = request
        else {
            panic!("no record")
        };
        let case = of.clone();
        saved(team.ask(
            place,
            Request::PutRecord {
                case,
                kind,
                id,
                values,
            },
        ));
    }
    team.sync(ALL);
    let mut overlaps = |staff: &str, from: u64, to: u64, travel_min: u32| {
        let ask = VisitAsk::Overlaps {
            staff: staff.into(),
            client: String::new(),
            start: Millis(at(from)),
            end: Millis(at(to)),
            travel_min,
        };
        match on_visit(&mut team, ANA, &case, ask) {
            Reply::Calendar { entries } => entries
                .into_iter()
                .map(|one| (one.title.is_empty(), one.start.0))
                .collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(overlaps(&ana, 10, 11, 0), [(false, at(10))]);
    assert_eq!(overlaps(&ana, 11, 12, 0), []);
    assert_eq!(overlaps(&ana, 11, 12, 30), [(false, at(10))], "on the way");
    assert_eq!(overlaps(&ben, 10, 11, 0), [(false, at(10))], "the client");
    // Of a case that Ana does not read only the time is told.
    assert_eq!(overlaps(&ben, 14, 15, 0), [(true, at(14))]);
}

#[test]
fn the_day_is_told_to_whom_it_concerns() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Rosa")]);
    let (ana, ben) = (team.id(ANA), team.id(BEN));
    let mut add =
        |kind: &str, values: &[(&str, &str)]| saved(team.ask(ANA, put(&case, kind, None, values)));
    add(
        "case",
        &[
            ("state", "active"),
            ("acuity", "1"),
            ("opened", "2023-11-01"),
        ],
    );
    add("assignment", &[("staff", &ana), ("role", "primary")]);
    add(
        "task",
        &[("title", "for Ben"), ("owner", &ben), ("due", "2023-11-20")],
    );
    add(
        "task",
        &[
            ("title", "urgent"),
            ("priority", "urgent"),
            ("due", "2023-11-14"),
        ],
    );
    add("task", &[("title", "no day")]);
    add("task", &[("title", "far away"), ("due", "2024-05-01")]);
    let start = 1_700_000_000_000_u64;
    let hour = |n: u64| (start + n * HOUR_MS).to_string();
    add(
        "appointment",
        &[
            ("title", "court"),
            ("start", &hour(1)),
            ("end", &hour(2)),
            ("staff", &ana),
        ],
    );
    add(
        "visit",
        &[
            ("mode", "phone"),
            ("start", &hour(0)),
            ("staff", &ana),
            ("outcome", "no_answer"),
        ],
    );
    let mine = today(&mut team, ANA, true);
    // The team's clock begins on the afternoon of 14 November 2023 in New York.
    assert_eq!(
        told(&mine),
        [
            (TodayGroup::Overdue, "contact", ""),
            (TodayGroup::Today, "appointment", "court"),
            (TodayGroup::Today, "task", "urgent"),
            (TodayGroup::Waiting, "outreach", ""),
            (TodayGroup::Waiting, "task", "no day"),
        ]
    );
    assert_eq!(mine.loads.len(), 1);
    assert_eq!((mine.loads[0].cases, mine.loads[0].weight), (1, 4));
    assert_eq!(today(&mut team, ANA, false).rows.len(), 6);
    team.sync(ALL);
    let theirs = today(&mut team, BEN, true);
    assert_eq!(told(&theirs), [(TodayGroup::Ahead, "task", "for Ben")]);
    let all = today(&mut team, PRIYA, false);
    assert_eq!(
        all.loads
            .iter()
            .map(|one| one.name.as_str())
            .collect::<Vec<_>>(),
        ["Ana"]
    );
    assert_eq!((all.loads[0].overdue, all.loads[0].spike), (1, false));
    // Also a lock and a restart know it.
    team.restart(BEN);
    assert_eq!(today(&mut team, BEN, true), theirs);
}
