//! A relay put back from an old backup gets everything back that any tablet holds, whoever wrote it,
//! once and not twice, and says so to everybody.

use satchel_core::api::{CaseView, Reply, Request, Work};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team},
    wishes::note,
};

const ALL: usize = NAMES.len();

fn write(team: &mut Team, place: usize, case: &str, text: &str) {
    let reply = team.ask(place, note(case, text));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

/// The texts of a case's notes, in no order.
fn texts(view: &CaseView) -> Vec<String> {
    let sections = view.notes.iter().flat_map(|one| &one.sections);
    let mut texts: Vec<String> = sections.map(|(_, text)| text.clone()).collect();
    texts.sort_unstable();
    texts
}

fn work(team: &mut Team, place: usize) -> Work {
    match team.ask(place, Request::Work) {
        Reply::Work { work } => work,
        other => panic!("no work: {other:?}"),
    }
}

#[test]
fn what_a_restored_relay_had_lost_is_handed_back_once_and_everybody_is_told() {
    let mut team = Team::new();
    let early = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let backup = team.backup();
    let late = team.begin_case(BEN, &[("number", "C-2")]);
    for round in 0..5 {
        for place in [ROSA, PRIYA, ANA, BEN] {
            write(&mut team, place, &early, &format!("{round} {place}"));
        }
        team.sync(ALL);
        write(&mut team, PRIYA, &late, &format!("late {round}"));
    }
    team.sync(ALL);
    let before = team.held();
    let (early_texts, late_texts) = (
        texts(&team.view(OTTO, &early)),
        texts(&team.view(OTTO, &late)),
    );

    team.restore(backup);
    assert_ne!(team.held(), before);
    team.sync(ALL);
    assert_eq!(team.held(), before);
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        assert_eq!(texts(&team.view(place, &early)), early_texts);
        assert_eq!(texts(&team.view(place, &late)), late_texts);
        let work = work(&mut team, place);
        let told = work.restored.unwrap();
        assert!(told.handed > 0 && !told.by.is_empty(), "{told:?}");
        assert_eq!(told.pending, 0);
        assert!(work.cases.iter().all(|case| case.unsent == 0));
    }
    // It goes on as if nothing had been.
    write(&mut team, BEN, &early, "afterwards");
    team.sync(ALL);
    assert!(texts(&team.view(ANA, &early)).contains(&"afterwards".to_owned()));
}

#[test]
fn what_one_tablet_alone_has_of_others_work_comes_back() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let backup = team.backup();
    // Otto, who only reads, is out of reach all the time; Ben's work is known to Ana alone.
    write(&mut team, BEN, &case, "Ben's");
    team.sync_only(&[BEN, ANA]);
    team.restore(backup);
    team.sync_only(&[ANA]);
    team.sync_only(&[ROSA, PRIYA, OTTO]);
    for place in [ROSA, PRIYA, OTTO] {
        assert_eq!(texts(&team.view(place, &case)), ["Ben's"]);
    }
    // Its author finds it there, and what was written meanwhile.
    write(&mut team, PRIYA, &case, "meanwhile");
    team.sync(ALL);
    assert_eq!(texts(&team.view(BEN, &case)), ["Ben's", "meanwhile"]);
    assert_eq!(work(&mut team, BEN).cases[0].unsent, 0);
}

#[test]
fn tablets_that_joined_after_the_backup_get_in_again_and_read_what_they_read() {
    let (mut team, backup) = Team::with_backup_before(BEN, 5);
    let case = team.begin_case(BEN, &[("number", "C-1")]);
    write(&mut team, BEN, &case, "first");
    team.sync(ALL);
    let before = team.held();
    team.restore(backup);
    // Ben alone first: the relay knows his invite, and neither him nor his case.
    team.sync_only(&[BEN]);
    team.sync(ALL);
    assert_eq!(team.held(), before);
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        assert_eq!(texts(&team.view(place, &case)), ["first"]);
    }
}
