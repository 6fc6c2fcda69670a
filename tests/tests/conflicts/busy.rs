//! A worker's time across cases that not everybody reads: colleagues are told that it is taken, and
//! no more.

use satchel_core::api::{FindingView, Reply, Request};
use satchel_tests::wishes;
use satchel_wire::Millis;

use satchel_tests::team::{ANA, BEN, NAMES, PRIYA, ROSA, Team};

const MIN: u64 = 60_000;
const HOUR: u64 = 60 * MIN;
const SECRET: &str = "Meeting at the shelter";

/// Ana keeps one case with the two who lead, and another one with everybody.
fn two_cases() -> (Team, String, String) {
    let mut team = Team::new();
    let hidden = team.begin_case_for(ANA, &[("number", "C-1")], &[ROSA, PRIYA, ANA]);
    let shared = team.begin_case(ANA, &[("number", "C-2")]);
    team.sync(NAMES.len());
    (team, hidden, shared)
}

/// Tomorrow at a full hour.
fn tomorrow(team: &Team) -> u64 {
    (team.now().0 / HOUR + 24) * HOUR
}

/// Books Ana, or moves what has been booked.
fn book(
    team: &mut Team,
    place: usize,
    case: &str,
    known: Option<&str>,
    (title, start, end): (&str, u64, u64),
) -> String {
    let (staff, start, end) = (team.id(ANA), start.to_string(), end.to_string());
    let values = [
        ("title", title),
        ("start", start.as_str()),
        ("end", end.as_str()),
        ("staff", staff.as_str()),
    ];
    match team.ask(place, wishes::put(case, "appointment", known, &values)) {
        Reply::Saved { id, .. } => id,
        other => panic!("not booked: {other:?}"),
    }
}

fn seen_by(team: &mut Team, place: usize, case: &str) -> Vec<FindingView> {
    team.view(place, case).findings
}

#[test]
fn a_worker_busy_in_a_case_that_is_not_shared_is_told_as_busy_and_no_more() {
    let (mut team, hidden, shared) = two_cases();
    let at = tomorrow(&team);
    let secret = book(&mut team, ANA, &hidden, None, (SECRET, at, at + HOUR));
    book(&mut team, BEN, &shared, None, ("Home visit", at, at + HOUR));
    assert_eq!(seen_by(&mut team, BEN, &shared), [], "nobody knows yet");
    team.sync(NAMES.len());

    let found = team.findings(&shared);
    let [finding] = found.as_slice() else {
        panic!("{found:?}");
    };
    let kinds: Vec<&str> = finding
        .sides
        .iter()
        .map(|side| side.kind.as_str())
        .collect();
    assert_eq!(
        (finding.rule.as_str(), kinds),
        ("worker_booked_twice", vec!["appointment", "elsewhere"])
    );
    let review = team.ask(BEN, Request::Review);
    let Reply::Review { findings, .. } = &review else {
        panic!("{review:?}");
    };
    assert_eq!(findings.len(), 1);
    let (from, to) = (Millis(at), Millis(at + 2 * HOUR));
    let calendar = team.ask(BEN, Request::Calendar { from, to });
    let Reply::Calendar { entries } = &calendar else {
        panic!("{calendar:?}");
    };
    assert!(entries.len() == 1 && entries[0].clash, "{entries:?}");
    for told in [
        format!("{review:?}"),
        format!("{calendar:?}"),
        format!("{:?}", team.view(BEN, &shared)),
    ] {
        for word in [SECRET, "C-1", &hidden, &secret] {
            assert!(!told.contains(word), "{word}: {told}");
        }
    }
    let stored = team.disk(BEN).entries();
    let of_hidden = stored.filter(|(key, _)| key.contains(&hidden)).count();
    assert_eq!(of_hidden, 0, "nothing of it is on Ben's disk");

    // Ana's is the case that Ben cannot read: when she moves it, his finding goes.
    let later = (SECRET, at + 2 * HOUR, at + 3 * HOUR);
    book(&mut team, ANA, &hidden, Some(&secret), later);
    team.sync(NAMES.len());
    assert_eq!(team.findings(&shared), []);
    assert_eq!(seen_by(&mut team, ANA, &hidden), []);
}

#[test]
fn what_is_found_survives_lock_and_restart_and_goes_when_it_is_moved() {
    let (mut team, hidden, shared) = two_cases();
    let at = tomorrow(&team);
    let visit = book(&mut team, BEN, &shared, None, ("Home visit", at, at + HOUR));
    team.sync(NAMES.len());
    // Ben's tablet is locked when the word comes.
    team.ask(BEN, Request::Lock);
    book(&mut team, ANA, &hidden, None, (SECRET, at, at + HOUR));
    team.sync(NAMES.len());
    team.unlock(BEN);
    assert_eq!(seen_by(&mut team, BEN, &shared).len(), 1);
    team.restart(BEN);
    assert_eq!(seen_by(&mut team, BEN, &shared).len(), 1);
    team.restart(ANA);
    team.sync(NAMES.len());
    assert_eq!(team.findings(&shared).len(), 1);

    let later = ("Home visit", at + 5 * HOUR, at + 6 * HOUR);
    book(&mut team, BEN, &shared, Some(&visit), later);
    assert_eq!(seen_by(&mut team, BEN, &shared), [], "at once, offline");
    team.sync(NAMES.len());
    assert_eq!(team.findings(&shared), []);
}

#[test]
fn appointments_that_everybody_knows_do_not_meet_their_own_shadows() {
    let (mut team, _, shared) = two_cases();
    let at = tomorrow(&team);
    let first = ("First", at, at + 20 * MIN);
    let first_id = book(&mut team, ANA, &shared, None, first);
    let second = ("Second", at + 20 * MIN, at + 50 * MIN);
    book(&mut team, BEN, &shared, None, second);
    team.sync(NAMES.len());
    assert_eq!(team.findings(&shared), [], "back to back at an odd minute");

    // Ana's tablet, locked, still says what was so this morning; Ben knows better.
    team.ask(ANA, Request::Lock);
    let later = ("First", at + 4 * HOUR, at + 5 * HOUR);
    book(&mut team, BEN, &shared, Some(&first_id), later);
    let third = ("Third", at, at + 20 * MIN);
    book(&mut team, BEN, &shared, None, third);
    let mistaken = [("state", "entered-in-error")];
    let fourth = ("Fourth", at + 5 * HOUR, at + 6 * HOUR);
    book(&mut team, BEN, &shared, None, fourth);
    team.ask(
        BEN,
        wishes::put(&shared, "appointment", Some(&first_id), &mistaken),
    );
    team.sync(NAMES.len());
    for place in [BEN, PRIYA] {
        assert_eq!(seen_by(&mut team, place, &shared), []);
    }
    team.unlock(ANA);
    team.sync(NAMES.len());
    assert_eq!(team.findings(&shared), []);
}
