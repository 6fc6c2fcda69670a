//! An agency's own table of medicines: it finds what ours does not know, on every tablet, whether it
//! or the medicines came first; and only an admin's counts.

use satchel_core::{
    api::{Failure, FindingView, MedicineTableView, Reply, Request, Severity},
    directory,
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team},
    wishes::put,
};
use serde_bytes::ByteBuf;

const TABLE: &str = "name,zorbamine,Zorbex\n\
    interaction,clinic-1,zorbamine,lisinopril,contraindicated,Clinic pharmacist,2026,Fainting.\n";

fn set(table: &str) -> Request {
    let file = ByteBuf::from(table.as_bytes().to_vec());
    Request::SetMedicines { file }
}

fn shown(team: &mut Team, place: usize) -> MedicineTableView {
    match team.ask(place, Request::MedicineTable) {
        Reply::MedicineTable { table } => table,
        other => panic!("{other:?}"),
    }
}

/// Ana and Ben list a medicine each, apart from each other.
fn list_apart(team: &mut Team, case: &str) {
    for (place, name) in [(ANA, "Lisinopril 10 mg"), (BEN, "Zorbex 5 mg")] {
        team.ask(place, put(case, "medication", None, &[("name", name)]));
        assert_eq!(team.view(place, case).findings, []);
    }
}

fn check(findings: &[FindingView]) {
    let [found] = findings else {
        panic!("{findings:?}")
    };
    assert_eq!(
        (found.rule.as_str(), found.severity),
        ("interaction", Severity::Critical)
    );
    let authors: Vec<&str> = found
        .sides
        .iter()
        .map(|side| side.author.as_str())
        .collect();
    assert_eq!(authors, ["Ana", "Ben"]);
    for (name, value) in [
        ("table", "agency"),
        ("source", "Clinic pharmacist"),
        ("rule", "clinic-1"),
        ("effect", "Fainting."),
        ("ingredient", "zorbamine"),
    ] {
        let detail = (name.to_owned(), value.to_owned());
        assert!(found.details.contains(&detail), "{:?}", found.details);
    }
}

#[test]
fn the_agencys_table_finds_on_every_tablet_what_ours_does_not_know() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    assert_eq!(team.ask(ROSA, set(TABLE)), Reply::Done);
    team.sync(NAMES.len());
    list_apart(&mut team, &case);
    team.sync(NAMES.len());
    check(&team.findings(&case));
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        let table = shown(&mut team, place);
        let standing = table.standing.expect("a table");
        assert_eq!(standing.written.author, "Rosa");
        assert_eq!(
            (standing.rows.names, standing.rows.interactions.len()),
            (1, 1)
        );
        assert_eq!((standing.rows.refused, table.ignored), (vec![], vec![]));
        assert_eq!(
            (standing.text.as_str(), table.may_change),
            (TABLE, place == ROSA)
        );
    }
    let mut records = team.view(OTTO, &case).records.into_iter();
    assert!(records.any(|record| record.read_as == ["zorbamine"]));
}

#[test]
fn what_was_listed_before_is_found_when_the_table_comes_and_gone_when_it_goes() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let other = team.begin_case(ANA, &[("number", "C-2")]);
    team.sync(NAMES.len());
    list_apart(&mut team, &case);
    team.sync(NAMES.len());
    assert_eq!(team.findings(&case), []);
    assert_eq!(team.ask(ROSA, set(TABLE)), Reply::Done);
    // It reaches Ben while he is away from his tablet, and Ana's dies as soon as it has come.
    team.ask(BEN, Request::Lock);
    team.sync(NAMES.len());
    team.restart(ANA);
    team.unlock(BEN);
    let waiting = |team: &mut Team, place| match team.ask(place, Request::Review) {
        Reply::Review { findings, .. } => findings,
        other => panic!("{other:?}"),
    };
    for place in [ROSA, PRIYA, ANA, BEN] {
        // Without opening the case.
        check(&waiting(&mut team, place));
    }
    check(&team.findings(&case));
    assert_eq!(team.findings(&other), []);
    // The same rows in milder words are another table.
    let milder = TABLE.replace("contraindicated", "serious");
    team.ask(ROSA, set(&milder));
    team.sync(NAMES.len());
    assert_eq!(team.findings(&case)[0].severity, Severity::High);
    team.restart(BEN);
    let found = waiting(&mut team, BEN).remove(0);
    assert_eq!(found.severity, Severity::High);
    // Settled, it opens again if it becomes graver.
    let settle = Request::Settle {
        case: case.clone(),
        finding: found.id,
        choice: found.choices[0].clone(),
        reason: "asked".into(),
    };
    assert!(matches!(team.ask(BEN, settle), Reply::Saved { .. }));
    team.sync(NAMES.len());
    assert_eq!(waiting(&mut team, ANA), []);
    team.ask(ROSA, set(TABLE));
    team.sync(NAMES.len());
    check(&waiting(&mut team, ANA));
    assert_eq!(team.ask(ROSA, Request::RemoveMedicines), Reply::Done);
    team.sync(NAMES.len());
    assert_eq!(shown(&mut team, BEN).standing, None);
    assert_eq!(waiting(&mut team, BEN), []);
}

#[test]
fn what_somebody_else_writes_as_the_table_is_shown_and_does_not_count() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(NAMES.len());
    list_apart(&mut team, &case);
    let rubbish = |team: &mut Team, text: &str| {
        let text = text.to_owned();
        team.write_as_another_version(BEN, Some("directory"), move |doc, now| {
            directory::set_medicines(doc, now, &text).map(Some)
        });
        team.sync(NAMES.len());
    };
    rubbish(&mut team, TABLE);
    assert_eq!(team.findings(&case), []);
    for place in 0..NAMES.len() {
        let table = shown(&mut team, place);
        assert_eq!((table.standing, table.ignored.len()), (None, 1));
        assert_eq!(table.ignored[0].author, "Ben");
    }
    assert_eq!(team.ask(ROSA, set(TABLE)), Reply::Done);
    assert_eq!(shown(&mut team, ROSA).ignored, []);
    team.sync(NAMES.len());
    assert_eq!(shown(&mut team, ANA).ignored, []);
    rubbish(&mut team, "");
    rubbish(&mut team, &"\u{0}\"x,".repeat(20_000));
    check(&team.findings(&case));
    team.restart(ANA);
    check(&team.findings(&case));
    assert_eq!(shown(&mut team, ANA).ignored.len(), 2);
    for place in [PRIYA, ANA, BEN, OTTO] {
        for request in [set(TABLE), Request::RemoveMedicines] {
            let failure = Failure::NotAllowed;
            assert_eq!(team.ask(place, request), Reply::Failed { failure });
        }
    }
}

#[test]
fn rubbish_of_an_admin_is_bounded_and_said() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(NAMES.len());
    list_apart(&mut team, &case);
    // An app of another version does not look before it writes.
    for (text, refused) in [
        ("\u{0}\"x,".repeat(16_000), 1),
        ("name,x\n".repeat(3_000), 1),
        (format!("{TABLE}brand,x\nname,y,Coumadin\n"), 2),
    ] {
        team.write_as_another_version(ROSA, Some("directory"), move |doc, now| {
            directory::set_medicines(doc, now, &text).map(Some)
        });
        team.sync(NAMES.len());
        let standing = shown(&mut team, BEN).standing.expect("a table");
        assert_eq!(standing.rows.refused.len(), refused);
    }
    check(&team.findings(&case));
}
