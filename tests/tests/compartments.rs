//! Compartments of a case: only their readers have anything of them, and what they mean together with
//! the rest of the case is found, shown and recorded among their readers alone.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use satchel_core::api::{CaseView, Failure, FindingView, Reply, Request};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team},
    wishes::{note, put},
};

const ALL: usize = NAMES.len();
const TOGETHER: &str = "interaction";

fn begin(team: &mut Team, by: usize, case: &str, kind: &str, readers: &[usize]) -> String {
    let profiles = readers.iter().map(|one| team.member(*one).profile.clone());
    let request = Request::NewCompartment {
        case: case.into(),
        kind: kind.into(),
        team: profiles.collect(),
    };
    match team.ask(by, request) {
        Reply::Created { case } => case,
        other => panic!("no compartment: {other:?}"),
    }
}

fn saved(reply: Reply) -> String {
    match reply {
        Reply::Saved { id, .. } => id,
        other => panic!("not saved: {other:?}"),
    }
}

fn found<'a>(view: &'a CaseView, rule: &str) -> Vec<&'a FindingView> {
    let all = view.findings.iter();
    all.filter(|one| one.rule == rule).collect()
}

fn caseload(team: &mut Team, place: usize, search: &str) -> Vec<(String, u32)> {
    let request = Request::Caseload {
        search: search.into(),
        today: "2026-11-25".into(),
    };
    match team.ask(place, request) {
        Reply::Caseload { rows, .. } => rows
            .into_iter()
            .map(|row| (row.case, row.conflicts))
            .collect(),
        other => panic!("no caseload: {other:?}"),
    }
}

/// A case that all read, with a medicine, and a compartment that Ben and Otto do not read, with
/// another one that goes ill with it.
fn world() -> (Team, String, String) {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Mia"), ("number", "C-1")]);
    let open = put(&case, "medication", None, &[("name", "alprazolam")]);
    saved(team.ask(ANA, open));
    team.sync(ALL);
    let part = begin(&mut team, ANA, &case, "substance_use", &[]);
    let restricted = put(&part, "medication", None, &[("name", "methadone")]);
    saved(team.ask(ANA, restricted));
    saved(team.ask(ANA, note(&part, "came to the clinic on Tuesday")));
    team.sync(ALL);
    (team, case, part)
}

#[test]
fn who_does_not_read_a_compartment_has_nothing_of_it() {
    let (mut team, case, part) = world();
    for place in [BEN, OTTO] {
        let disk = team.disk(place);
        assert!(disk.entries().all(|(key, _)| !key.contains(&part)));
        let failure = Failure::NotFound;
        let reply = team.ask(place, Request::Case { case: part.clone() });
        assert_eq!(reply, Reply::Failed { failure });
        let view = team.view(place, &case);
        assert!(view.compartments.is_empty() && view.findings.is_empty());
        assert_eq!(caseload(&mut team, place, "clinic"), []);
        assert_eq!(caseload(&mut team, place, ""), [(case.clone(), 0)]);
    }
    // Neither does the case's own document, which all hold, name it.
    let (hers, his) = (team.view(ANA, &case), team.view(BEN, &case));
    assert_eq!(hers.records.len(), his.records.len());
    assert_eq!(hers.fields, his.fields);
}

#[test]
fn its_readers_see_it_in_its_place_and_find_it() {
    let (mut team, case, part) = world();
    for place in [ROSA, PRIYA, ANA] {
        let view = team.view(place, &case);
        let [shown] = view.compartments.as_slice() else {
            panic!("{:?}", view.compartments)
        };
        assert_eq!((shown.case.as_str(), shown.notes), (part.as_str(), 1));
        assert_eq!(shown.kind, "substance_use");
        assert_eq!(shown.readers, ["Ana", "Priya", "Rosa"]);
        assert_eq!(shown.records[0].text, "methadone");
        let inner = team.view(place, &part);
        let within = inner.within.as_ref().unwrap();
        assert_eq!((within.case.as_str(), within.here), (case.as_str(), true));
        assert_eq!(inner.name, "Mia");
        // One line for both; the words of the one lead to the other.
        assert_eq!(caseload(&mut team, place, ""), [(case.clone(), 1)]);
        assert_eq!(caseload(&mut team, place, "clinic"), [(case.clone(), 1)]);
    }
}

#[test]
fn an_interaction_across_is_found_and_settled_in_the_compartment_only() {
    let (mut team, case, part) = world();
    for place in [ROSA, PRIYA, ANA] {
        let (open, inner) = (team.view(place, &case), team.view(place, &part));
        assert!(found(&open, TOGETHER).is_empty());
        let together = found(&inner, TOGETHER);
        let [one] = together.as_slice() else {
            panic!("{:?}", inner.findings)
        };
        let sides: Vec<&str> = one.sides.iter().map(|side| side.value.as_str()).collect();
        assert_eq!(sides, ["alprazolam", "methadone"]);
        assert!(one.sides.iter().all(|side| side.author == "Ana"));
    }
    let finding = team.view(PRIYA, &part).findings[0].id.clone();
    let settle = Request::Settle {
        case: part.clone(),
        finding,
        choice: "acknowledge".into(),
        reason: "the clinic knows".into(),
    };
    saved(team.ask(PRIYA, settle));
    team.sync(ALL);
    let inner = team.view(ANA, &part);
    let settled = found(&inner, TOGETHER)[0].settled.clone().unwrap();
    assert_eq!(settled.reason, "the clinic knows");
    for place in [ANA, BEN] {
        assert!(team.view(place, &case).findings.is_empty());
    }
    assert_eq!(caseload(&mut team, ANA, ""), [(case.clone(), 0)]);
    // A medicine that comes into the open case later meets what is restricted, and Ben does not see it.
    let later = put(&case, "medication", None, &[("name", "methadone 10 mg")]);
    saved(team.ask(BEN, later));
    team.sync(ALL);
    let inner = team.view(ANA, &part);
    let twice = inner.findings.iter();
    let mut twice = twice.filter(|one| one.rule.starts_with("same_drug"));
    let one = twice.next().unwrap();
    // What would write to the open entry cannot be chosen here.
    let writes = |choice: &String| choice == "one_entry" || choice.starts_with("side:");
    assert!(!one.choices.is_empty() && !one.choices.iter().any(writes));
    assert!(one.sides.iter().any(|side| side.author == "Ben"));
    let his = team.view(BEN, &case);
    assert!(found(&his, "same_drug").is_empty());
}

#[test]
fn who_is_taken_out_of_the_case_is_out_of_its_compartments() {
    let (mut team, case, part) = world();
    let profile = team.member(BEN).profile.clone();
    let share = Request::Share {
        case: part.clone(),
        profile: profile.clone(),
        purpose: String::new(),
    };
    assert_eq!(team.ask(PRIYA, share.clone()), Reply::Done);
    team.sync(ALL);
    assert_eq!(team.view(BEN, &part).notes.len(), 1);
    let case_of = |case: &str| Request::Case { case: case.into() };
    let take_out = Request::TakeOut { case, profile };
    assert_eq!(team.ask(PRIYA, take_out), Reply::Done);
    team.sync(ALL);
    let failure = Failure::NotFound;
    assert_eq!(team.ask(BEN, case_of(&part)), Reply::Failed { failure });
    let disk = team.disk(BEN);
    assert!(disk.entries().all(|(key, _)| !key.contains(&part)));
    // Nor is anybody let into a part of what they do not read.
    assert!(matches!(team.ask(PRIYA, share), Reply::Failed { .. }));
}

#[test]
fn an_invite_into_all_cases_does_not_let_into_compartments() {
    let (mut team, case, part) = world();
    let invite = Request::Invite {
        name: "Eve".into(),
        role: satchel_core::api::RoleName::Worker,
        share_cases: true,
    };
    assert!(matches!(team.ask(PRIYA, invite), Reply::Invited { .. }));
    let invited = |view: CaseView| view.team.iter().any(|one| one.invited);
    assert!(invited(team.view(PRIYA, &case)));
    assert!(!invited(team.view(PRIYA, &part)));
}

#[test]
fn a_compartment_holds_its_kinds_of_record_and_nothing_about_the_person() {
    let (mut team, case, part) = world();
    let flag = put(&part, "flag", None, &[("kind", "weapon")]);
    let person = put(&part, "person", None, &[("name.given", "Mia")]);
    let name = Request::SetField {
        case: part.clone(),
        key: "name.given".into(),
        value: "Mia".into(),
    };
    let within = Request::NewCompartment {
        case: part.clone(),
        kind: "address".into(),
        team: Vec::new(),
    };
    for request in [flag, person, name, within] {
        let reply = team.ask(ANA, request);
        let Reply::Failed { failure } = reply else {
            panic!("{reply:?}")
        };
        assert!(matches!(failure, Failure::BadValue { .. }), "{failure:?}");
    }
    // What the compartment is for, and what the case is for.
    saved(team.ask(ANA, put(&part, "task", None, &[("title", "call")])));
    saved(team.ask(ANA, put(&case, "flag", None, &[("kind", "weapon")])));
}
