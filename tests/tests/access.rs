//! Who looked: what everybody does is in the access log, sealed to those who lead or audit, in nobody
//! else's reach, and not lost by a crash, a lock or a tablet that is taken out.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use satchel_core::api::{AccessEntryView, AccessLogView, Failure, Reply, Request};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team},
    wishes::{note, put},
};
use satchel_wire::Millis;

const ALL: usize = NAMES.len();

fn ask(case: &str, staff: &str, deed: &str, before: Option<u32>) -> Request {
    Request::AccessLog {
        of_case: case.into(),
        staff: staff.into(),
        deed: deed.into(),
        from: Millis(0),
        to: Millis(u64::MAX),
        before,
    }
}

fn page(team: &mut Team, place: usize, request: Request) -> AccessLogView {
    match team.ask(place, request) {
        Reply::AccessLog { log } => log,
        other => panic!("no log: {other:?}"),
    }
}

/// The deeds to a case as somebody reads them, the latest first: who did what how often.
fn deeds(team: &mut Team, place: usize, case: &str) -> Vec<(String, String, u32)> {
    let log = page(team, place, ask(case, "", "", None));
    assert_eq!(log.unreadable, 0);
    let entries = log.entries.into_iter();
    entries.map(|one| (one.name, one.deed, one.times)).collect()
}

fn entry(name: &str, deed: &str, times: u32) -> (String, String, u32) {
    (name.into(), deed.into(), times)
}

/// Everybody's entries go out.
fn lock_all(team: &mut Team) {
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        team.ask(place, Request::Lock);
        team.unlock(place);
    }
    team.sync(ALL);
}

fn saved(reply: &Reply) {
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

#[test]
fn who_looked_and_who_wrote_is_told_to_those_who_lead_or_audit_alone() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    team.view(BEN, &case);
    team.view(BEN, &case);
    let reply = team.ask(BEN, note(&case, "a visit"));
    saved(&reply);
    let reply = team.ask(BEN, note(&case, "another"));
    saved(&reply);
    let task = put(&case, "task", None, &[("title", "Call")]);
    let reply = team.ask(BEN, task);
    let Reply::Saved {
        undo: Some(token), ..
    } = reply
    else {
        panic!("nothing to take back: {reply:?}")
    };
    assert_eq!(team.ask(BEN, Request::Undo { token }), Reply::Done);
    lock_all(&mut team);
    for place in [ROSA, PRIYA, OTTO] {
        let told = deeds(&mut team, place, &case);
        let expected = [
            entry("Ben", "undo", 1),
            entry("Ben", "edit", 1),
            entry("Ben", "note", 2),
            entry("Ben", "view", 1),
            entry("Ana", "create", 1),
        ];
        assert_eq!(told, expected, "{}", NAMES[place]);
        let log = page(&mut team, place, ask(&case, "", "view", None));
        assert_eq!(log.entries.len(), 1);
        assert_eq!(log.entries[0].case_name, "C-1");
    }
    for place in [ANA, BEN] {
        let failure = Failure::NotAllowed;
        let denied = team.ask(place, ask("", "", "", None));
        assert_eq!(denied, Reply::Failed { failure });
        // Neither its envelopes nor its key are on their tablets.
        let audit = team.disk(ROSA).entries();
        let logs = audit.filter(|(key, _)| key.starts_with("log/"));
        let hers: Vec<String> = logs.map(|(key, _)| key[..36].to_owned()).collect();
        let alien = hers.iter().filter(|key| {
            let mut his = team.disk(place).entries();
            !his.any(|(other, _)| other.starts_with(key.as_str()))
        });
        let alien: std::collections::BTreeSet<&String> = alien.collect();
        assert_eq!(alien.len(), 1, "all but the access log: {alien:?}");
        let stream = alien.first().unwrap().trim_start_matches("log/");
        let mut his = team.disk(place).entries();
        assert!(!his.any(|(key, _)| key.contains(stream)));
    }
}

#[test]
fn filters_and_pages_tell_all_of_it_once() {
    let mut team = Team::new();
    let cases: Vec<String> = (0..9)
        .map(|n| team.begin_case(ANA, &[("number", &format!("C-{n}"))]))
        .collect();
    team.sync(ALL);
    for _ in 0..8 {
        for case in &cases {
            for place in [ANA, BEN] {
                team.view(place, case);
            }
        }
    }
    lock_all(&mut team);
    let mut all: Vec<AccessEntryView> = Vec::new();
    let mut before = None;
    let mut pages = 0;
    loop {
        let log = page(&mut team, OTTO, ask("", "", "view", before));
        assert!(!log.entries.is_empty());
        let at: Vec<Millis> = log.entries.iter().map(|one| one.at).collect();
        assert!(at.is_sorted_by(|a, b| a >= b), "the latest first");
        all.extend(log.entries);
        pages += 1;
        before = log.before;
        if before.is_none() {
            break;
        }
    }
    assert!(pages > 1, "{} entries on one page", all.len());
    let by = |name: &str| all.iter().filter(|one| one.name == name).count();
    // A round takes 18 minutes: each look is one of its own.
    assert_eq!((by("Ana"), by("Ben"), all.len()), (72, 72, 144));
    let ben = team.id(BEN);
    let his = page(&mut team, PRIYA, ask(&cases[3], &ben, "view", None));
    assert_eq!(his.entries.len(), 8);
    assert!(his.entries.iter().all(|one| one.name == "Ben"));
    let day = Request::AccessLog {
        of_case: cases[3].clone(),
        staff: ben,
        deed: "view".into(),
        from: his.entries[4].at,
        to: his.entries[1].at,
        before: None,
    };
    let between = page(&mut team, PRIYA, day);
    assert_eq!(between.entries, his.entries[2..=4]);
}

#[test]
fn wrong_passphrases_and_what_was_done_before_a_crash_are_in_it() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    team.view(BEN, &case);
    // The tablet dies: nothing had gone out yet.
    team.die(BEN);
    for passphrase in ["guess", "another guess"] {
        let passphrase = passphrase.into();
        let failure = Failure::WrongPassphrase;
        let reply = team.ask(BEN, Request::Unlock { passphrase });
        assert_eq!(reply, Reply::Failed { failure });
    }
    team.die(BEN);
    team.unlock(BEN);
    lock_all(&mut team);
    assert_eq!(deeds(&mut team, PRIYA, &case)[0], entry("Ben", "view", 1));
    let failed = page(&mut team, PRIYA, ask("", "", "failed_unlock", None));
    let [failed] = failed.entries.as_slice() else {
        panic!("{failed:?}")
    };
    assert_eq!((failed.name.as_str(), failed.times), ("Ben", 2));
}

#[test]
fn a_tablet_that_is_taken_out_delivers_what_was_done_on_it() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    team.view(BEN, &case);
    let key = team.member(BEN).profile.clone();
    assert_eq!(team.ask(PRIYA, Request::Revoke { key }), Reply::Done);
    team.sync(ALL);
    assert_eq!(deeds(&mut team, PRIYA, &case)[0], entry("Ben", "view", 1));
}

#[test]
fn who_stops_leading_reads_no_further_and_newcomers_read_all() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    team.view(BEN, &case);
    lock_all(&mut team);
    let before = team.disk(PRIYA).clone();
    let key = team.member(PRIYA).profile.clone();
    assert_eq!(team.ask(ROSA, Request::Revoke { key }), Reply::Done);
    team.sync_only(&[ROSA, ANA, BEN, OTTO]);
    team.view(ANA, &case);
    for place in [ROSA, ANA] {
        team.ask(place, Request::Lock);
        team.unlock(place);
    }
    team.sync_only(&[ROSA, ANA, BEN, OTTO]);
    // What is written since is under a key that she never had.
    assert_eq!(team.disk(PRIYA).entries().count(), before.entries().count());
    for place in [ROSA, OTTO] {
        let told = deeds(&mut team, place, &case);
        assert_eq!(told[0], entry("Ana", "view", 1), "{}", NAMES[place]);
        assert!(told.contains(&entry("Ben", "view", 1)));
    }
}
