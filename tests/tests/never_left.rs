//! Work that never left a tablet goes as few envelopes, and is the same work: nothing of it is lost,
//! whatever dies when, and what may have left stays what it was.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use satchel_core::api::{Reply, Request, Stage};
use satchel_tests::{
    team::{ANA, BEN, NAMES, Team},
    wishes::note,
};

const ALL: usize = NAMES.len();

fn write(team: &mut Team, place: usize, case: &str, text: &str) {
    let reply = team.ask(place, note(case, text));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

fn notes(team: &mut Team, place: usize, case: &str) -> usize {
    team.view(place, case).notes.len()
}

/// How many envelopes of a case are on a tablet.
fn envelopes(team: &Team, place: usize, case: &str) -> usize {
    let log = format!("log/{case}/");
    let entries = team.disk(place).entries();
    entries.filter(|(key, _)| key.starts_with(&log)).count()
}

fn team_with_case() -> (Team, String) {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    assert_eq!(envelopes(&team, BEN, &case), 1);
    (team, case)
}

#[test]
fn weeks_out_of_reach_are_one_envelope_and_every_note_is_counted() {
    let (mut team, case) = team_with_case();
    team.cut(ANA);
    // The document is stored in the midst of them.
    for n in 0..70 {
        write(&mut team, ANA, &case, &format!("note {n}"));
    }
    assert_eq!(team.status(ANA).unsent, 70);
    team.sync(ALL);
    assert_eq!(team.status(ANA).unsent, 0);
    assert_eq!(envelopes(&team, BEN, &case), 2);
    assert_eq!(envelopes(&team, ANA, &case), 2);
    assert_eq!(notes(&mut team, BEN, &case), 70);
    let view = team.view(ANA, &case);
    assert_eq!(view.notes.len(), 70);
    assert!(view.notes.iter().all(|one| one.stage == Stage::Seen));
    // From the disk it is the same, and goes on.
    team.restart(ANA);
    assert_eq!(notes(&mut team, ANA, &case), 70);
    write(&mut team, ANA, &case, "one more");
    assert_eq!(team.status(ANA).unsent, 1);
    team.sync(ALL);
    team.restart(BEN);
    for place in [ANA, BEN] {
        assert_eq!(notes(&mut team, place, &case), 71);
        assert_eq!(envelopes(&team, place, &case), 3);
    }
}

#[test]
fn a_document_stored_before_finds_its_way_wherever_it_was_stored() {
    for written in [31, 32, 33, 40] {
        let (mut team, case) = team_with_case();
        for n in 0..written {
            write(&mut team, ANA, &case, &format!("note {n}"));
        }
        team.carry_a_little(ANA, 30);
        team.restart(ANA);
        write(&mut team, ANA, &case, "one more");
        write(&mut team, ANA, &case, "and another");
        team.sync(ALL);
        team.restart(ANA);
        for place in [ANA, BEN] {
            assert_eq!(notes(&mut team, place, &case), written + 2, "{written}");
        }
        assert_eq!(envelopes(&team, BEN, &case), 3, "{written}");
    }
}

#[test]
fn what_may_have_left_is_sent_again_as_it_was() {
    // Wherever the connection breaks off: before, with or after the push and its answer.
    for steps in 0..12 {
        let (mut team, case) = team_with_case();
        for text in ["one", "two", "three"] {
            write(&mut team, ANA, &case, text);
        }
        team.carry_a_little(ANA, steps);
        team.restart(ANA);
        write(&mut team, ANA, &case, "four");
        team.sync(ALL);
        assert_eq!(team.status(ANA).held, 0, "after {steps}");
        assert_eq!(notes(&mut team, BEN, &case), 4, "after {steps}");
        assert_eq!(notes(&mut team, ANA, &case), 4, "after {steps}");
    }
}

#[test]
fn a_locked_tablet_sends_its_work_as_it_is() {
    let (mut team, case) = team_with_case();
    for text in ["one", "two", "three"] {
        write(&mut team, ANA, &case, text);
    }
    assert_eq!(team.ask(ANA, Request::Lock), Reply::Done);
    team.sync(ALL);
    assert_eq!(envelopes(&team, BEN, &case), 4);
    assert_eq!(notes(&mut team, BEN, &case), 3);
}

#[test]
fn what_was_read_from_a_file_is_never_sealed_with_what_was_typed() {
    let mut team = Team::new();
    let file = b"case_number,case_note\nC-7,From the file\n"
        .to_vec()
        .into();
    let everybody = (0..ALL).map(|place| team.member(place).profile.clone());
    let everybody = everybody.collect();
    let request = Request::Import {
        file,
        team: everybody,
    };
    let reply = team.ask(ANA, request);
    assert!(
        matches!(reply, Reply::Imported { cases: 1, .. }),
        "{reply:?}"
    );
    let today = String::new();
    let search = String::new();
    let Reply::Caseload { rows, .. } = team.ask(ANA, Request::Caseload { search, today }) else {
        panic!("no caseload")
    };
    let case = rows[0].case.clone();
    write(&mut team, ANA, &case, "typed");
    write(&mut team, ANA, &case, "typed as well");
    team.sync(ALL);
    assert_eq!(envelopes(&team, BEN, &case), 2);
    assert_eq!(notes(&mut team, BEN, &case), 3);
}
