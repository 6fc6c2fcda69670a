//! The agency's rules: only an admin's count, on every tablet; and a tablet that has been out of touch
//! for too long does not open until it has been in touch, whatever becomes of its clock.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail loudly")]

use satchel_core::{
    api::{Counts, CountsFrom, Failure, PolicyView, Reply, Request, RuleView, Term, TermsAsk},
    directory,
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PASSPHRASE, PRIYA, ROSA, Team},
    wishes::note,
};
use satchel_wire::Millis;

const ALL: usize = NAMES.len();
const LOCK: &str = "auto_lock_minutes";
const TOUCH: &str = "out_of_touch_days";
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn set(team: &mut Team, key: &str, value: &str) {
    let rules = vec![(key.to_owned(), value.to_owned())];
    assert_eq!(team.ask(ROSA, Request::SetPolicy { rules }), Reply::Done);
}

fn shown(team: &mut Team, place: usize, key: &str) -> RuleView {
    let Reply::Policy {
        policy: PolicyView {
            rules, may_change, ..
        },
    } = team.ask(place, Request::Policy)
    else {
        panic!("no rules")
    };
    assert_eq!(may_change, place == ROSA);
    rules.into_iter().find(|rule| rule.key == key).unwrap()
}

fn unlock(team: &mut Team, place: usize) -> Reply {
    let passphrase = PASSPHRASE.into();
    team.ask(place, Request::Unlock { passphrase })
}

/// Minutes as the app is told them when it opens.
fn minutes_told(team: &mut Team, place: usize) -> u32 {
    team.ask(place, Request::Lock);
    match unlock(team, place) {
        Reply::Unlocked { me } => me.auto_lock_minutes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_admins_rules_hold_on_every_tablet_with_what_was_before() {
    let mut team = Team::new();
    let rule = shown(&mut team, ANA, LOCK);
    assert_eq!((rule.value, rule.written), (5, None));
    set(&mut team, LOCK, "10");
    set(&mut team, LOCK, "3");
    let at = team.now();
    // What holds already is not written again.
    set(&mut team, LOCK, "3");
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        let rule = shown(&mut team, place, LOCK);
        let written = rule.written.unwrap();
        assert_eq!(
            (rule.value, written.author.as_str(), written.at),
            (3, "Rosa", at)
        );
        let earlier: Vec<u32> = rule.earlier.iter().map(|one| one.value).collect();
        assert_eq!((earlier, rule.ignored), (vec![10], vec![]));
        assert_eq!(minutes_told(&mut team, place), 3, "{}", NAMES[place]);
    }
    team.restart(ANA);
    assert_eq!(shown(&mut team, ANA, LOCK).value, 3);
}

#[test]
fn what_others_write_does_not_count_and_is_told() {
    let mut team = Team::new();
    set(&mut team, LOCK, "10");
    team.sync(ALL);
    team.write_as_another_version(BEN, Some("directory"), |doc, now| {
        let rules = [(LOCK.to_owned(), "30".to_owned())];
        directory::set_policy(doc, now, &rules).map(Some)
    });
    team.sync(ALL);
    for place in [ROSA, BEN, OTTO] {
        let rule = shown(&mut team, place, LOCK);
        assert_eq!(
            (rule.value, rule.ignored.len()),
            (10, 1),
            "{}",
            NAMES[place]
        );
        assert_eq!(minutes_told(&mut team, place), 10);
    }
}

#[test]
fn out_of_touch_for_too_long_it_does_not_open_until_it_has_been_in_touch() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    set(&mut team, TOUCH, "7");
    team.sync(ALL);
    let heard = team.now();
    let reply = team.ask(ANA, note(&case, "written out of reach"));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
    team.ask(ANA, Request::Lock);
    team.set_clock(heard.plus(6 * DAY_MS));
    team.unlock(ANA);
    team.ask(ANA, Request::Lock);
    let is_shut = |team: &mut Team| match unlock(team, ANA) {
        Reply::Failed {
            failure: Failure::OutOfTouch { since: Some(since) },
        } => assert!(since <= heard && since.plus(DAY_MS) > heard),
        other => panic!("{other:?}"),
    };
    team.set_clock(heard.plus(7 * DAY_MS + 60_000));
    is_shut(&mut team);
    // Neither the clock nor a new start helps, and nothing was done with the open vault.
    team.set_clock(Millis(heard.0 - DAY_MS));
    is_shut(&mut team);
    team.die(ANA);
    is_shut(&mut team);
    let work = team.ask(ANA, Request::Case { case: case.clone() });
    let failure = Failure::Locked;
    assert_eq!(work, Reply::Failed { failure });
    // A wrong passphrase is told as ever.
    let passphrase = "not the passphrase".to_owned();
    let wrong = team.ask(ANA, Request::Unlock { passphrase });
    let failure = Failure::WrongPassphrase;
    assert_eq!(wrong, Reply::Failed { failure });
    // Locked as it is, it delivers what is written; and being in touch opens it.
    team.sync(ALL);
    assert_eq!(team.view(PRIYA, &case).notes.len(), 1);
    team.unlock(ANA);
    assert_eq!(team.view(ANA, &case).notes.len(), 1);
}

#[test]
fn without_the_rule_a_tablet_opens_after_any_time() {
    let mut team = Team::new();
    team.sync(ALL);
    team.ask(ANA, Request::Lock);
    team.set_clock(team.now().plus(1_000 * DAY_MS));
    team.unlock(ANA);
    // Once taken back it is as if it had never been.
    set(&mut team, TOUCH, "1");
    set(&mut team, TOUCH, "0");
    team.sync(ALL);
    team.ask(ANA, Request::Lock);
    team.set_clock(team.now().plus(1_000 * DAY_MS));
    team.unlock(ANA);
}

const FILE: &str = "appeal.medicaid.1.file";

fn terms(team: &mut Team, place: usize, ask: TermsAsk) -> Reply {
    team.ask(place, Request::SetTerms { ask })
}

fn put(key: &str, since: &str, count: u32, source: &str) -> TermsAsk {
    TermsAsk::Put {
        key: key.into(),
        since: since.into(),
        term: Term {
            count,
            counts: Counts::Days,
            mail_days: 0,
            from: CountsFrom::Mailing,
            rolls: false,
            source: source.into(),
        },
    }
}

fn policy(team: &mut Team, place: usize) -> PolicyView {
    match team.ask(place, Request::Policy) {
        Reply::Policy { policy } => policy,
        other => panic!("{other:?}"),
    }
}

/// Day, number and whether it holds, of each version of the rule about filing.
fn versions(team: &mut Team, place: usize) -> Vec<(String, Option<u32>, bool)> {
    let rule = policy(team, place).terms;
    let rule = rule.into_iter().find(|rule| rule.key == FILE).unwrap();
    let versions = rule.versions.into_iter();
    versions
        .map(|one| (one.since, one.term.map(|term| term.count), one.holds))
        .collect()
}

#[test]
fn the_policy_document_has_dated_versions_that_every_tablet_reads() {
    let mut team = Team::new();
    let at = |since: &str, count, holds| (since.to_owned(), count, holds);
    assert_eq!(versions(&mut team, ANA), [at("", Some(90), true)]);
    for ask in [
        put(FILE, "2020-01-01", 100, "Ours, first"),
        put(FILE, "2019-01-01", 80, "Ours, before"),
        put(FILE, "2999-01-01", 60, "Ours, to come"),
        put(FILE, "2020-01-01", 110, "Ours, put right"),
    ] {
        assert_eq!(terms(&mut team, ROSA, ask), Reply::Done);
    }
    team.sync(ALL);
    let expected = [
        at("2999-01-01", Some(60), false),
        at("2020-01-01", Some(110), true),
        at("2019-01-01", Some(80), false),
        at("", Some(90), false),
    ];
    for place in [ROSA, ANA, OTTO] {
        assert_eq!(versions(&mut team, place), expected);
        let shown = policy(&mut team, place).terms;
        let rule = shown.into_iter().find(|rule| rule.key == FILE).unwrap();
        let put_right = &rule.versions[1];
        assert_eq!(put_right.written.as_ref().unwrap().author, "Rosa");
        let was = put_right.earlier[0].term.as_ref().unwrap();
        assert_eq!((was.count, was.source.as_str()), (100, "Ours, first"));
    }
    // What was taken away stays to be read; what held before it holds on.
    let since = || "2020-01-01".to_owned();
    let drop = TermsAsk::Drop {
        key: FILE.into(),
        since: since(),
    };
    assert_eq!(terms(&mut team, ROSA, drop.clone()), Reply::Done);
    let again = terms(&mut team, ROSA, drop);
    assert_eq!(
        again,
        Reply::Failed {
            failure: Failure::NotFound
        }
    );
    team.sync(ALL);
    let mut expected = expected;
    expected[1] = at("2020-01-01", None, false);
    expected[2].2 = true;
    assert_eq!(versions(&mut team, ANA), expected);
    team.restart(ANA);
    assert_eq!(versions(&mut team, ANA), expected);
}

#[test]
fn only_admins_write_the_policy_document_and_only_what_it_can_hold() {
    let mut team = Team::new();
    let bad = |field: &str, expected: &str| Failure::BadValue {
        field: field.into(),
        expected: expected.into(),
    };
    let holidays = |lines: &str| TermsAsk::Holidays {
        since: "2026-01-01".into(),
        lines: lines.into(),
        source: "Ours".into(),
    };
    let zone = |zone: &str| TermsAsk::Zone { zone: zone.into() };
    for (place, ask, failure) in [
        (PRIYA, put(FILE, "2026-01-01", 80, "x"), Failure::NotAllowed),
        (OTTO, zone("pacific"), Failure::NotAllowed),
        (ANA, holidays(""), Failure::NotAllowed),
        (ROSA, put(FILE, "soon", 80, "x"), bad("since", "YYYY-MM-DD")),
        (
            ROSA,
            put(FILE, "2026-01-01", 0, "x"),
            bad("count", "1 to 400"),
        ),
        (
            ROSA,
            put(FILE, "2026-01-01", 80, " "),
            bad("source", "the law or rule that says so"),
        ),
        (
            ROSA,
            put("mood", "2026-01-01", 80, "x"),
            Failure::UnknownField {
                field: "mood".into(),
            },
        ),
        (ROSA, holidays("12-25 Christmas\nsoon"), bad("lines", "2")),
        (
            ROSA,
            zone("moon"),
            bad(
                "zone",
                "atlantic, eastern, central, mountain, arizona, pacific, alaska, hawaii",
            ),
        ),
    ] {
        let told = terms(&mut team, place, ask.clone());
        assert_eq!(told, Reply::Failed { failure }, "{ask:?}");
    }
    assert_eq!(policy(&mut team, ANA).zone_written, None);
    assert_eq!(terms(&mut team, ROSA, zone("pacific")), Reply::Done);
    assert_eq!(terms(&mut team, ROSA, holidays("12-26 Ours")), Reply::Done);
    team.sync(ALL);
    let shown = policy(&mut team, ANA);
    assert_eq!(shown.zone, "pacific");
    assert_eq!(shown.zone_written.unwrap().author, "Rosa");
    let lists: Vec<_> = shown
        .holidays
        .iter()
        .map(|one| (one.since.as_str(), one.holds))
        .collect();
    assert_eq!(lists, [("2026-01-01", false), ("", true)]);
}
