//! The recovery kit: printed, read back, dropped from the tablet; and when every tablet of those who lead
//! is gone, an agency restored from the two sheets, with all that was ever sent.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use satchel_core::api::{
    Failure, KitStage, KitView, Me, Reply, Request, RestoreStage, RoleName, SheetName,
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, PASSPHRASE, PRIYA, ROSA, Team},
    wishes::note,
};

const ALL: usize = NAMES.len();
const URL: &str = "http://relay.test";

fn failed(failure: Failure) -> Reply {
    Reply::Failed { failure }
}

fn me(team: &mut Team, place: usize) -> Me {
    team.ask(place, Request::Lock);
    let passphrase = PASSPHRASE.into();
    match team.ask(place, Request::Unlock { passphrase }) {
        Reply::Unlocked { me } => me,
        other => panic!("{other:?}"),
    }
}

fn kit(team: &mut Team, place: usize) -> KitView {
    let passphrase = PASSPHRASE.into();
    match team.ask(place, Request::Kit { passphrase }) {
        Reply::Kit { kit } => kit,
        other => panic!("{other:?}"),
    }
}

fn read_back(team: &mut Team, sheet: SheetName, words: &[(usize, &str)]) -> Reply {
    let words = words.iter();
    let words = words.map(|(place, word)| (*place as u32, (*word).to_owned()));
    let words = words.collect();
    team.ask(ROSA, Request::CheckKit { sheet, words })
}

fn restore(team: &mut Team, root: &str, recovery: &str) -> (usize, Reply) {
    let place = team.add_tablet();
    let request = Request::Restore {
        root: root.into(),
        recovery: recovery.into(),
        url: URL.into(),
        name: "Nora".into(),
        passphrase: PASSPHRASE.into(),
    };
    let reply = team.ask(place, request);
    (place, reply)
}

fn write(team: &mut Team, place: usize, case: &str, text: &str) {
    let reply = team.ask(place, note(case, text));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

fn texts(team: &mut Team, place: usize, case: &str) -> Vec<String> {
    let notes = team.view(place, case).notes.into_iter();
    let sections = notes.flat_map(|one| one.sections);
    let mut texts: Vec<String> = sections.map(|(_, text)| text).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn the_seeds_leave_the_tablet_once_both_sheets_were_read_back() {
    let mut team = Team::new();
    let passphrase = || PASSPHRASE.to_owned();
    assert_eq!(me(&mut team, ROSA).kit, KitStage::Due);
    assert_eq!(me(&mut team, ANA).kit, KitStage::Elsewhere);
    let ask = Request::Kit {
        passphrase: passphrase(),
    };
    assert_eq!(team.ask(ANA, ask), failed(Failure::NotFound));
    let KitView { root, recovery, .. } = kit(&mut team, ROSA);
    assert_eq!((root.words.en.len(), recovery.words.es.len()), (24, 24));
    let drop = || Request::DropSeeds {
        passphrase: passphrase(),
    };
    assert_eq!(team.ask(ROSA, drop()), failed(Failure::WrongMoment));
    let (en, es) = (&root.words.en, &recovery.words.es);
    let right = [(3, &*en[2]), (7, &*en[6]), (12, &*en[11]), (24, &*en[23])];
    let sheet = SheetName::Root;
    let bad = failed(Failure::BadSheet { sheet });
    let mut wrong = right;
    wrong[3].1 = "abacus";
    let doubled = [right[0], right[1], right[2], right[2]];
    let beyond = [right[0], right[1], right[2], (25, right[3].1)];
    for words in [&right[..3], &wrong, &doubled, &beyond, &[]] {
        assert_eq!(read_back(&mut team, sheet, words), bad);
    }
    let shouted = right.map(|(place, word)| (place, word.to_uppercase()));
    let shouted: Vec<(usize, &str)> = shouted.iter().map(|(at, word)| (*at, &**word)).collect();
    assert_eq!(read_back(&mut team, sheet, &shouted), Reply::Done);
    assert_eq!(team.ask(ROSA, drop()), failed(Failure::WrongMoment));
    let right = [1, 9, 17, 22].map(|place| (place, &*es[place - 1]));
    assert_eq!(
        read_back(&mut team, SheetName::Recovery, &right),
        Reply::Done
    );
    // That they were read back outlives the app.
    team.restart(ROSA);
    assert_eq!(me(&mut team, ROSA).kit, KitStage::Checked);
    let wrong = Request::DropSeeds {
        passphrase: "not my passphrase".into(),
    };
    assert_eq!(team.ask(ROSA, wrong), failed(Failure::WrongPassphrase));
    assert_eq!(team.ask(ROSA, drop()), Reply::Done);
    team.restart(ROSA);
    assert_eq!(me(&mut team, ROSA).kit, KitStage::Elsewhere);
    let ask = Request::Kit {
        passphrase: passphrase(),
    };
    assert_eq!(team.ask(ROSA, ask), failed(Failure::NotFound));
}

#[test]
fn an_agency_comes_back_from_its_two_sheets() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1"), ("name.given", "Rosa")]);
    let second = team.begin_case_for(PRIYA, &[("number", "C-2")], &[ANA]);
    team.sync(ALL);
    write(&mut team, ANA, &case, "before");
    // A case whose key was changed: the present key opens the ones before.
    let profile = team.member(BEN).profile.clone();
    let out = Request::TakeOut {
        case: case.clone(),
        profile,
    };
    assert_eq!(team.ask(PRIYA, out), Reply::Done);
    write(&mut team, PRIYA, &case, "after Ben");
    let KitView { root, recovery, .. } = kit(&mut team, ROSA);
    team.sync(ALL);
    // Rosa's and Priya's tablets are gone. Nora has the two sheets: one scanned, one typed.
    let (nora, reply) = restore(&mut team, &root.code, &recovery.words.es.join(" "));
    let Reply::Unlocked { me: at_first } = reply else {
        panic!("{reply:?}");
    };
    assert_eq!(at_first.restoring, Some(RestoreStage::Fetching));
    team.sync_only(&[nora]);
    let now = me(&mut team, nora);
    assert_eq!((now.restoring, now.name.as_str()), (None, "Nora"));
    assert_eq!((now.agency.as_str(), now.role), ("Harbor", RoleName::Admin));
    // Who restored it has the kit, and is asked to print it anew.
    assert_eq!(now.kit, KitStage::Due);
    assert_eq!(texts(&mut team, nora, &case), ["after Ben", "before"]);
    let name = |team: &mut Team, place, case: &str| team.view(place, case).name;
    assert_eq!(name(&mut team, nora, &case), "Rosa");
    assert_eq!(name(&mut team, nora, &second), "C-2");
    write(&mut team, nora, &case, "back again");
    // The old tablets go, and whoever is left works on with Nora.
    for place in [ROSA, PRIYA] {
        let key = team.member(place).profile.clone();
        assert_eq!(team.ask(nora, Request::Revoke { key }), Reply::Done);
    }
    team.restart(nora);
    team.sync_only(&[ANA, nora]);
    let expected = ["after Ben", "back again", "before"];
    for place in [ANA, nora] {
        assert_eq!(texts(&mut team, place, &case), expected);
    }
    write(&mut team, ANA, &case, "with Nora");
    team.sync_only(&[ANA, nora]);
    assert!(texts(&mut team, nora, &case).contains(&"with Nora".into()));
    let Reply::Staff { staff, .. } = team.ask(ANA, Request::Staff) else {
        panic!("no staff");
    };
    let mut names: Vec<&str> = staff.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ana", "Ben", "Nora", "Otto"]);
}

/// The tablet is switched off while it restores.
#[test]
fn a_restore_goes_on_where_it_was_cut() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    write(&mut team, ANA, &case, "before");
    let KitView { root, recovery, .. } = kit(&mut team, ROSA);
    team.sync(ALL);
    let (nora, _) = restore(&mut team, &root.code, &recovery.code);
    for steps in 0..40 {
        team.carry_a_little(nora, steps % 7);
        team.restart(nora);
    }
    team.sync_only(&[nora]);
    assert_eq!(me(&mut team, nora).restoring, None);
    assert_eq!(texts(&mut team, nora, &case), ["before"]);
}

#[test]
fn one_sheet_or_another_agencys_restores_nothing() {
    let mut team = Team::new();
    let KitView { root, recovery, .. } = kit(&mut team, ROSA);
    team.sync(ALL);
    let bad = |sheet| failed(Failure::BadSheet { sheet });
    for (first, second, sheet) in [
        ("", &*recovery.code, SheetName::Root),
        (&root.code, "", SheetName::Recovery),
        // The sheets in each other's place.
        (&recovery.code, &root.code, SheetName::Root),
        (&root.code, &root.code, SheetName::Recovery),
    ] {
        assert_eq!(restore(&mut team, first, second).1, bad(sheet));
    }
    let mut elsewhere = Team::with_seed(6);
    let theirs = kit(&mut elsewhere, ROSA);
    assert_ne!(theirs.agency, kit(&mut team, ROSA).agency);
    let (nora, _) = restore(&mut team, &root.code, &theirs.recovery.code);
    team.sync_only(&[nora]);
    let now = me(&mut team, nora);
    assert_eq!(now.restoring, Some(RestoreStage::Closed));
    // It says so again after the next start, and never shows a case.
    team.restart(nora);
    team.sync_only(&[nora]);
    assert_eq!(me(&mut team, nora).restoring, Some(RestoreStage::Closed));
    let (search, today) = (String::new(), String::new());
    let Reply::Caseload { rows, .. } = team.ask(nora, Request::Caseload { search, today }) else {
        panic!("no caseload");
    };
    assert!(rows.is_empty(), "{rows:?}");
}
