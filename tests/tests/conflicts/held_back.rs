//! What waits for a supervisor is not settled by a worker who writes over it.

use satchel_core::api::{Failure, RecordView, Reply, Request};
use satchel_tests::{
    team::{ANA, BEN, NAMES, PRIYA, Team},
    wishes::put,
};

const FLAG: [(&str, &str); 2] = [("kind", "weapon"), ("evidence", "seen at the door")];

fn saved(reply: Reply) -> (String, u32) {
    match reply {
        Reply::Saved {
            id,
            undo: Some(undo),
        } => (id, undo),
        other => panic!("{other:?}"),
    }
}

fn record(team: &mut Team, place: usize, case: &str, id: &str) -> RecordView {
    let mut records = team.view(place, case).records.into_iter();
    records.find(|record| record.id == id).expect("the record")
}

fn state(record: &RecordView) -> &str {
    let mut fields = record.fields.iter();
    let state = fields.find(|field| field.key == "state");
    state.map_or("", |field| field.value.as_str())
}

#[test]
fn a_flag_cleared_by_one_and_set_by_another_is_the_supervisors_to_clear() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let (flag, _) = saved(team.ask(ANA, put(&case, "flag", None, &FLAG)));
    team.sync(NAMES.len());
    let clear = put(&case, "flag", Some(&flag), &[("state", "cleared")]);
    let again = put(
        &case,
        "flag",
        Some(&flag),
        &[("evidence", "seen on Monday")],
    );
    saved(team.ask(ANA, clear.clone()));
    let (_, undo) = saved(team.ask(BEN, again));
    team.sync(NAMES.len());
    for (place, next) in [(ANA, &[][..]), (BEN, &[]), (PRIYA, &["entered-in-error"])] {
        let shown = record(&mut team, place, &case, &flag);
        assert_eq!(state(&shown), "active");
        assert_eq!(shown.next, next, "{}", NAMES[place]);
    }
    let before = team.view(BEN, &case);
    let error = put(&case, "flag", Some(&flag), &[("state", "entered-in-error")]);
    // Another text would be one that knows of the clearing, and so no longer meet it.
    let other = put(&case, "flag", Some(&flag), &[("evidence", "x")]);
    for request in [clear, error, other, Request::Undo { token: undo }] {
        let failure = Failure::NotAllowed;
        assert_eq!(team.ask(BEN, request), Reply::Failed { failure });
        assert_eq!(team.view(BEN, &case), before);
    }
    // What has not met is as free as ever.
    saved(team.ask(
        BEN,
        put(&case, "flag", Some(&flag), &[("review_due", "2026-12-01")]),
    ));
    team.sync(NAMES.len());
    assert_eq!(team.findings(&case)[0].settled, None);
    // She settles it, and says why.
    let settle = Request::Settle {
        case: case.clone(),
        finding: team.findings(&case)[0].id.clone(),
        choice: "clear".into(),
        reason: "sold".into(),
    };
    saved(team.ask(PRIYA, settle));
    team.sync(NAMES.len());
    assert_eq!(state(&record(&mut team, BEN, &case, &flag)), "cleared");
    assert_eq!(
        record(&mut team, BEN, &case, &flag).next,
        ["active", "entered-in-error"]
    );
}

#[test]
fn a_flag_set_anew_beside_the_cleared_one_waits_with_it() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let (flag, _) = saved(team.ask(ANA, put(&case, "flag", None, &FLAG)));
    team.sync(NAMES.len());
    team.ask(
        ANA,
        put(&case, "flag", Some(&flag), &[("state", "cleared")]),
    );
    let (anew, _) = saved(team.ask(BEN, put(&case, "flag", None, &FLAG)));
    team.sync(NAMES.len());
    for (id, to) in [(&flag, "active"), (&anew, "cleared")] {
        let failure = Failure::NotAllowed;
        let request = put(&case, "flag", Some(id), &[("state", to)]);
        assert_eq!(team.ask(ANA, request), Reply::Failed { failure });
        assert_eq!(record(&mut team, ANA, &case, id).next, [""; 0]);
    }
}

#[test]
fn a_case_closed_while_somebody_went_on_is_the_supervisors_to_reopen() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.ask(ANA, put(&case, "case", None, &[("state", "active")]));
    team.sync(NAMES.len());
    team.ask(ANA, put(&case, "case", None, &[("state", "closed")]));
    let visit = [
        ("title", "Home visit"),
        ("start", "36000000"),
        ("end", "39600000"),
        ("staff", &team.id(BEN)),
    ];
    let (visit, _) = saved(team.ask(BEN, put(&case, "appointment", None, &visit)));
    team.sync(NAMES.len());
    let failure = Failure::NotAllowed;
    let reopen = put(&case, "case", None, &[("state", "active")]);
    assert_eq!(team.ask(ANA, reopen.clone()), Reply::Failed { failure });
    assert_eq!(record(&mut team, ANA, &case, "case").next, [""; 0]);
    // The visit itself goes its way.
    saved(team.ask(
        BEN,
        put(
            &case,
            "appointment",
            Some(&visit),
            &[("state", "fulfilled")],
        ),
    ));
    saved(team.ask(PRIYA, reopen));
}
