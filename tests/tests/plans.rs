//! Planning, advocacy and release on several tablets: what two people do apart comes to one plan, one
//! appeal and one day, and all tablets reckon alike.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail loudly")]

use satchel_core::api::{
    CareAsk, CareView, CaseRow, Counts, CountsFrom, Failure, Reply, Request, Term, TermsAsk,
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team},
    wishes::{caseload, put},
};

const ALL: usize = NAMES.len();

fn saved(team: &mut Team, place: usize, request: Request) -> String {
    match team.ask(place, request) {
        Reply::Saved { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

fn refused(team: &mut Team, place: usize, request: Request) -> Failure {
    match team.ask(place, request) {
        Reply::Failed { failure } => failure,
        other => panic!("{other:?}"),
    }
}

fn ask(case: &str, ask: CareAsk) -> Request {
    Request::Care {
        case: case.into(),
        ask,
    }
}

fn care(team: &mut Team, place: usize, case: &str) -> CareView {
    match team.ask(place, ask(case, CareAsk::View)) {
        Reply::Care { care } => care,
        other => panic!("{other:?}"),
    }
}

fn row(team: &mut Team, place: usize, case: &str) -> CaseRow {
    let Reply::Caseload { rows, .. } = team.ask(place, caseload()) else {
        panic!("no caseload")
    };
    rows.into_iter().find(|row| row.case == case).unwrap()
}

fn begun() -> (Team, String) {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Rosa"), ("number", "P-1")]);
    team.sync(ALL);
    (team, case)
}

#[test]
fn a_plan_becomes_active_once_it_has_all_and_what_came_of_it_is_only_added() {
    let (mut team, case) = begun();
    let new = |team: &mut Team, kind: &str, values: &[(&str, &str)]| {
        saved(team, ANA, put(&case, kind, None, values))
    };
    let plan = new(&mut team, "plan", &[("title", "Plan"), ("source", "own")]);
    let activate = |owner: &str| {
        let values = [
            ("state", "active"),
            ("owner", owner),
            ("from", "2026-03-01"),
        ];
        let values: Vec<_> = values
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect();
        put(&case, "plan", Some(&plan), &values)
    };
    let lacks = |missing: &[&str]| Failure::PlanIncomplete {
        missing: missing.iter().map(|code| (*code).into()).collect(),
    };
    let told = refused(&mut team, ANA, activate(""));
    assert_eq!(told, lacks(&["need", "goal", "owner", "signature"]));
    let need = new(
        &mut team,
        "need",
        &[("text", "A home"), ("category", "housing")],
    );
    let goal = [("words", "My own door"), ("plan", &*plan), ("need", &*need)];
    let goal = new(&mut team, "goal", &goal);
    let ana = team.id(ANA);
    assert_eq!(
        refused(&mut team, ANA, activate(&ana)),
        lacks(&["signature"])
    );
    let signature = [
        ("plan", &*plan),
        ("name", "Rosa"),
        ("role", "client"),
        ("date", "2026-03-01"),
        ("how", "paper"),
    ];
    let signature = new(&mut team, "plan_signature", &signature);
    assert_eq!(
        care(&mut team, ANA, &case).plans[0].missing,
        ["owner", "date"]
    );
    saved(&mut team, ANA, activate(&ana));

    let progress = [
        ("goal", &*goal),
        ("date", "2026-03-05"),
        ("text", "Saw a flat"),
    ];
    let progress = new(&mut team, "progress", &progress);
    let other = put(&case, "progress", Some(&progress), &[("text", "Saw none")]);
    assert_eq!(refused(&mut team, ANA, other), Failure::NotAllowed);
    let other = put(
        &case,
        "plan_signature",
        Some(&signature),
        &[("name", "Ana")],
    );
    assert_eq!(refused(&mut team, ANA, other), Failure::NotAllowed);
    let wrong = put(
        &case,
        "progress",
        Some(&progress),
        &[("state", "entered-in-error")],
    );
    saved(&mut team, ANA, wrong);

    team.sync(ALL);
    for place in [ANA, BEN] {
        let view = care(&mut team, place, &case);
        assert!(view.plans[0].missing.is_empty());
        let review = view.plans[0].review.clone().unwrap();
        assert_eq!(
            (review.date.as_str(), review.given.as_str()),
            ("2027-03-01", "")
        );
        assert_eq!(
            row(&mut team, place, &case).due.as_deref(),
            Some("2027-03-01")
        );
    }
}

#[test]
fn an_inherited_plan_is_its_authors_and_others_propose() {
    let (mut team, case) = begun();
    let plan = [
        ("title", "Discharge"),
        ("source", "inherited"),
        ("author", &*team.id(BEN)),
        ("author_name", "Ben"),
    ];
    let plan = saved(&mut team, ANA, put(&case, "plan", None, &plan));
    let need = saved(
        &mut team,
        ANA,
        put(
            &case,
            "need",
            None,
            &[("text", "Care"), ("category", "health")],
        ),
    );
    let goal = [("words", "Walk again"), ("plan", &*plan), ("need", &*need)];
    let goal = saved(&mut team, ANA, put(&case, "goal", None, &goal));
    let signature = [
        ("plan", &*plan),
        ("name", "Ben"),
        ("role", "other"),
        ("date", "2026-03-01"),
        ("how", "paper"),
    ];
    saved(
        &mut team,
        ANA,
        put(&case, "plan_signature", None, &signature),
    );
    let active = [
        ("state", "active"),
        ("owner", &*team.id(ANA)),
        ("from", "2026-03-01"),
    ];
    saved(&mut team, ANA, put(&case, "plan", Some(&plan), &active));
    team.sync(ALL);
    let other = put(&case, "goal", Some(&goal), &[("words", "Run")]);
    let inherited = Failure::Inherited {
        author: "Ben".into(),
    };
    assert_eq!(refused(&mut team, ANA, other.clone()), inherited);
    let proposal = [
        ("plan", &*plan),
        ("text", "Run"),
        ("reason", "She wants to"),
    ];
    let proposal = saved(&mut team, ANA, put(&case, "proposal", None, &proposal));
    team.sync(ALL);
    saved(
        &mut team,
        BEN,
        put(&case, "proposal", Some(&proposal), &[("state", "accepted")]),
    );
    saved(&mut team, BEN, other);
    team.sync(ALL);
    let view = team.view(ANA, &case);
    let goal = view.records.iter().find(|one| one.kind == "goal").unwrap();
    assert!(goal.fields.iter().any(|field| field.value == "Run"));
}

#[test]
fn two_who_open_a_level_apart_open_one_and_the_rules_deadline_reaches_every_caseload() {
    let (mut team, case) = begun();
    let denial = [
        ("service", "Wheelchair"),
        ("track", "medicaid_plan"),
        ("notice_date", "2026-03-02"),
        ("aid", "going_on"),
    ];
    let denial = saved(&mut team, ANA, put(&case, "denial", None, &denial));
    team.sync(ALL);
    assert_eq!(
        row(&mut team, BEN, &case).due.as_deref(),
        Some("2026-05-01")
    );
    let open = || {
        ask(
            &case,
            CareAsk::OpenLevel {
                denial: denial.clone(),
            },
        )
    };
    let first = saved(&mut team, ANA, open());
    assert_eq!(saved(&mut team, BEN, open()), first);
    assert_eq!(refused(&mut team, BEN, open()), Failure::NotAllowed);
    team.sync(ALL);
    assert_eq!(team.findings(&case), []);

    // The agency's own rule, from a day before the notice: all tablets reckon anew.
    let term = Term {
        count: 50,
        counts: Counts::Days,
        mail_days: 0,
        from: CountsFrom::Notice,
        rolls: true,
        source: "Contract, section 4".into(),
    };
    let rule = TermsAsk::Put {
        key: "appeal.medicaid_plan.1.file".into(),
        since: "2026-01-01".into(),
        term,
    };
    assert_eq!(team.ask(ROSA, Request::SetTerms { ask: rule }), Reply::Done);
    team.sync(ALL);
    for place in [ANA, BEN, PRIYA] {
        let due = row(&mut team, place, &case).due;
        assert_eq!(due.as_deref(), Some("2026-04-21"), "{}", NAMES[place]);
    }
    let view = care(&mut team, BEN, &case);
    let reckoned = view.denials[0].levels[0]
        .file
        .clone()
        .unwrap()
        .reckoned
        .unwrap();
    assert_eq!(
        (reckoned.since.as_str(), reckoned.term.source.as_str()),
        ("2026-01-01", "Contract, section 4")
    );

    let lost = [("state", "upheld"), ("decision_notice", "2026-04-20")];
    saved(&mut team, BEN, put(&case, "appeal", Some(&first), &lost));
    team.sync(ALL);
    assert_eq!(
        row(&mut team, ANA, &case).due.as_deref(),
        Some("2026-08-18")
    );
    let second = saved(&mut team, ANA, open());
    let won = [("state", "overturned"), ("decided_on", "2026-07-01")];
    saved(&mut team, ANA, put(&case, "appeal", Some(&second), &won));
    saved(
        &mut team,
        ANA,
        put(&case, "denial", Some(&denial), &[("state", "overturned")]),
    );
    team.sync(ALL);
    for place in [ANA, BEN] {
        let levels: Vec<u32> = care(&mut team, place, &case).denials[0]
            .levels
            .iter()
            .map(|one| one.level)
            .collect();
        assert_eq!(levels, [1, 2]);
        assert_eq!(row(&mut team, place, &case).due, None);
    }
}

#[test]
fn a_release_that_moves_takes_its_steps_along_and_says_so_on_every_tablet() {
    let (mut team, case) = begun();
    let supervision = [
        ("state", "serving"),
        ("release_date", "2026-09-30"),
        ("release_source", "facility"),
    ];
    let supervision = saved(
        &mut team,
        ANA,
        put(&case, "supervision", None, &supervision),
    );
    team.sync(ALL);
    let add = || {
        ask(
            &case,
            CareAsk::AddChecklist {
                supervision: supervision.clone(),
            },
        )
    };
    // Both, neither knowing of the other: each element has one step.
    assert_eq!(team.ask(ANA, add()), Reply::Done);
    assert_eq!(team.ask(BEN, add()), Reply::Done);
    team.sync(ALL);
    assert_eq!(team.findings(&case), []);
    let days = |team: &mut Team, place: usize| {
        let mut days: Vec<String> = care(team, place, &case).releases[0]
            .steps
            .iter()
            .map(|(_, day)| day.clone())
            .collect();
        days.sort();
        days
    };
    let before = days(&mut team, ANA);
    assert_eq!(before.len(), 10);
    assert_eq!(
        (before[0].as_str(), before[9].as_str()),
        ("2026-04-03", "2026-10-03")
    );
    let later = CareAsk::MoveRelease {
        supervision: supervision.clone(),
        to: "2026-10-30".into(),
        source: "parole_board".into(),
        reason: "Programme not finished".into(),
    };
    let Reply::Care { care: told } = team.ask(ANA, ask(&case, later)) else {
        panic!("not moved")
    };
    assert_eq!(told.releases[0].moves[0].moved.len(), 10);
    team.sync(ALL);
    for place in [ANA, BEN, PRIYA] {
        let after = days(&mut team, place);
        assert_eq!(
            (after[0].as_str(), after[9].as_str()),
            ("2026-05-03", "2026-11-02")
        );
        assert_eq!(
            row(&mut team, place, &case).due.as_deref(),
            Some("2026-05-03")
        );
        let view = care(&mut team, place, &case);
        let moved = &view.releases[0].moves[0];
        assert_eq!(
            (moved.from.as_str(), moved.to.as_str()),
            ("2026-09-30", "2026-10-30")
        );
        assert_eq!(
            (moved.author.as_str(), moved.source.as_str()),
            ("Ana", "parole_board")
        );
        let housing = moved
            .moved
            .iter()
            .find(|(name, ..)| name == "housing")
            .unwrap();
        assert_eq!(
            (housing.1.as_str(), housing.2.as_str()),
            ("2026-08-01", "2026-08-31")
        );
    }
    // A form that changes the day leaves word of it too; nobody writes that by hand.
    let form = put(
        &case,
        "supervision",
        Some(&supervision),
        &[("release_date", "2026-11-30")],
    );
    saved(&mut team, BEN, form);
    assert_eq!(care(&mut team, BEN, &case).releases[0].moves.len(), 2);
    let by_hand = put(
        &case,
        "release_move",
        None,
        &[("supervision", &*supervision)],
    );
    assert_eq!(refused(&mut team, BEN, by_hand), Failure::NotAllowed);
    // Two days noted apart: the earlier counts until somebody has chosen.
    team.sync(ALL);
    for (place, day) in [(ANA, "2026-12-01"), (BEN, "2027-01-15")] {
        let form = put(
            &case,
            "supervision",
            Some(&supervision),
            &[("release_date", day)],
        );
        saved(&mut team, place, form);
    }
    team.sync(ALL);
    for place in [ANA, BEN] {
        assert_eq!(care(&mut team, place, &case).releases[0].date, "2026-12-01");
    }
}

#[test]
fn who_only_reads_changes_nothing_here() {
    let (mut team, case) = begun();
    let denial = [
        ("service", "Aide"),
        ("track", "ssa"),
        ("notice_date", "2026-03-02"),
    ];
    let denial = saved(&mut team, ANA, put(&case, "denial", None, &denial));
    team.sync(ALL);
    let told = refused(&mut team, OTTO, ask(&case, CareAsk::OpenLevel { denial }));
    assert_ne!(told, Failure::Locked);
    let none = CareAsk::OpenLevel {
        denial: "00".into(),
    };
    assert_eq!(refused(&mut team, ANA, ask(&case, none)), Failure::NotFound);
    let none = CareAsk::MoveRelease {
        supervision: "00".into(),
        to: "2026-10-30".into(),
        source: String::new(),
        reason: String::new(),
    };
    assert_eq!(refused(&mut team, ANA, ask(&case, none)), Failure::NotFound);
}
