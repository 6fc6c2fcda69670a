//! People come and go: a member is taken out of a case, a tablet out of the agency, an invite back. What
//! they wrote is never lost, what is written afterwards never theirs to read, and late work waits.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use satchel_core::api::{CaseView, Failure, ProfileStage, Reply, Request};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team},
    wishes::note,
};

const ALL: usize = NAMES.len();

fn take_out(team: &mut Team, by: usize, case: &str, who: usize) -> Reply {
    let (case, profile) = (case.into(), team.member(who).profile.clone());
    team.ask(by, Request::TakeOut { case, profile })
}

fn revoke(team: &mut Team, by: usize, who: usize) -> Reply {
    let key = team.member(who).profile.clone();
    team.ask(by, Request::Revoke { key })
}

fn write(team: &mut Team, place: usize, case: &str, text: &str) {
    let reply = team.ask(place, note(case, text));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

/// The texts of a case's notes, in no order.
fn texts(view: &CaseView) -> Vec<&str> {
    let sections = view.notes.iter().flat_map(|one| &one.sections);
    let mut texts: Vec<&str> = sections.map(|(_, text)| text.as_str()).collect();
    texts.sort_unstable();
    texts
}

fn is_gone(team: &mut Team, place: usize, case: &str) -> bool {
    let failure = Failure::NotFound;
    team.ask(place, Request::Case { case: case.into() }) == Reply::Failed { failure }
}

/// Whether anything on a tablet's disk is stored under the case's name.
fn is_on_disk(team: &Team, place: usize, case: &str) -> bool {
    team.disk(place)
        .entries()
        .any(|(key, _)| key.contains(case))
}

#[test]
fn a_case_leaves_the_tablet_of_whoever_is_taken_out_and_their_late_work_waits() {
    for stands in [true, false] {
        let mut team = Team::new();
        let case = team.begin_case(ANA, &[("number", "C-1")]);
        team.sync(ALL);
        write(&mut team, BEN, &case, "in time");
        team.sync(ALL);
        assert_eq!(take_out(&mut team, PRIYA, &case, BEN), Reply::Done);
        // Ben does not know yet, and is out of reach.
        write(&mut team, BEN, &case, "late");
        write(&mut team, BEN, &case, "later");
        write(&mut team, PRIYA, &case, "afterwards");
        team.sync(ALL);
        assert!(is_gone(&mut team, BEN, &case));
        assert!(!is_on_disk(&team, BEN, &case), "something is left on it");
        for place in [ROSA, PRIYA, ANA] {
            let view = team.view(place, &case);
            assert_eq!(texts(&view), ["afterwards", "in time"], "{}", NAMES[place]);
            let [late] = view.late.as_slice() else {
                panic!("{:?}", view.late)
            };
            assert_eq!((late.name.as_str(), late.changes), ("Ben", 2));
            assert_eq!(late.may_rule, place != ANA);
        }
        let profile = team.member(BEN).profile.clone();
        let rule = |by: usize, team: &mut Team| {
            let (case, profile) = (case.clone(), profile.clone());
            team.ask(
                by,
                Request::Rule {
                    case,
                    profile,
                    stands,
                    reason: "why".into(),
                },
            )
        };
        let failure = Failure::NotAllowed;
        assert_eq!(rule(ANA, &mut team), Reply::Failed { failure });
        assert_eq!(rule(PRIYA, &mut team), Reply::Done);
        team.sync(ALL);
        for place in [ROSA, PRIYA, ANA] {
            let view = team.view(place, &case);
            let mut expected = vec!["afterwards", "in time"];
            if stands {
                expected.extend(["late", "later"]);
            }
            assert_eq!(texts(&view), expected, "{}", NAMES[place]);
            assert!(view.late.is_empty());
        }
        // Let in again, Ben reads all that counts, also what was written without him.
        let share = Request::Share {
            case: case.clone(),
            profile,
            purpose: String::new(),
        };
        assert_eq!(team.ask(PRIYA, share), Reply::Done);
        team.sync(ALL);
        let (hers, his) = (team.view(ANA, &case), team.view(BEN, &case));
        assert_eq!(texts(&hers), texts(&his));
        write(&mut team, BEN, &case, "once more");
        team.sync(ALL);
        assert!(texts(&team.view(ANA, &case)).contains(&"once more"));
    }
}

#[test]
fn late_work_that_a_colleague_builds_on_counts() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    assert_eq!(take_out(&mut team, PRIYA, &case, BEN), Reply::Done);
    write(&mut team, BEN, &case, "late, and seen by Ana");
    // Ana hears of Ben's note before either hears of Priya's decision.
    team.sync_only(&[ANA, BEN]);
    write(&mut team, ANA, &case, "an answer");
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA] {
        let view = team.view(place, &case);
        assert_eq!(texts(&view), ["an answer", "late, and seen by Ana"]);
        assert!(view.late.is_empty());
    }
}

#[test]
fn a_lost_tablet_hands_over_its_work_and_forgets_everything() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    write(&mut team, BEN, &case, "in time");
    team.sync(ALL);
    let before = team.disk(BEN).clone();
    assert_eq!(revoke(&mut team, ROSA, BEN), Reply::Done);
    write(&mut team, BEN, &case, "on the lost tablet");
    let begun = team.begin_case_for(BEN, &[("number", "C-2")], &[]);
    write(&mut team, BEN, &begun, "in a new case");
    write(&mut team, ANA, &case, "afterwards");
    team.sync(ALL);
    assert_eq!(team.stage(BEN), Some(ProfileStage::Dismissed));
    let left: Vec<&str> = team.disk(BEN).entries().map(|(key, _)| key).collect();
    assert_eq!(left, ["dismissed"]);
    assert!(before.entries().count() > 10);
    for place in [ROSA, PRIYA] {
        let view = team.view(place, &case);
        assert_eq!(texts(&view), ["afterwards", "in time"]);
        assert_eq!(view.late.iter().map(|late| late.changes).sum::<u32>(), 1);
        assert!(view.team.iter().all(|one| one.name != "Ben"));
        // A case that nobody had heard of is not lost either.
        assert_eq!(texts(&team.view(place, &begun)), ["in a new case"]);
    }
    let Reply::Staff { staff, .. } = team.ask(PRIYA, Request::Staff) else {
        panic!("no staff")
    };
    assert!(staff.iter().all(|one| one.name != "Ben"));
    // The old tablet's passphrase opens nothing any more.
    let passphrase = satchel_tests::team::PASSPHRASE.into();
    let reply = team.ask(BEN, Request::Unlock { passphrase });
    assert!(matches!(reply, Reply::Failed { .. }), "{reply:?}");
}

#[test]
fn a_new_tablet_takes_the_place_of_a_lost_one() {
    let mut team = Team::new();
    let hers = team.begin_case(ANA, &[("number", "C-1")]);
    let shared = team.begin_case(ANA, &[("number", "C-2")]);
    team.sync(ALL);
    assert_eq!(take_out(&mut team, PRIYA, &hers, BEN), Reply::Done);
    write(&mut team, BEN, &shared, "sent");
    team.sync(ALL);
    write(&mut team, BEN, &shared, "not sent yet");
    let old = team.member(BEN).profile.clone();
    let Reply::Staff { staff, .. } = team.ask(PRIYA, Request::Staff) else {
        panic!("no staff")
    };
    let lost = staff.iter().find(|one| one.profile == old).unwrap();
    assert_eq!(lost.cases, 1, "what it may hold");
    let replace = Request::Replace { profile: old };
    let Reply::Invited { link, .. } = team.ask(PRIYA, replace.clone()) else {
        panic!("no invite")
    };
    let failure = Failure::NotFound;
    assert_eq!(team.ask(PRIYA, replace), Reply::Failed { failure });
    team.sync_only(&[PRIYA]);
    let new = team.join(&link);
    // Nobody else is there; the old tablet is still out of reach.
    team.sync_only(&[new]);
    assert_eq!(texts(&team.view(new, &shared)), ["sent"]);
    assert!(is_gone(&mut team, new, &hers));
    write(&mut team, new, &shared, "from the new one");
    team.sync_only(&[PRIYA, ANA, BEN, new]);
    assert_eq!(team.stage(BEN), Some(ProfileStage::Dismissed));
    let view = team.view(PRIYA, &shared);
    assert_eq!(texts(&view), ["from the new one", "sent"]);
    let [late] = view.late.as_slice() else {
        panic!("{:?}", view.late)
    };
    let (case, profile, stands) = (shared.clone(), late.profile.clone(), true);
    let rule = Request::Rule {
        case,
        profile,
        stands,
        reason: String::new(),
    };
    assert_eq!(team.ask(PRIYA, rule), Reply::Done);
    team.sync_only(&[PRIYA, ANA, new]);
    for place in [PRIYA, ANA, new] {
        let view = team.view(place, &shared);
        assert_eq!(texts(&view), ["from the new one", "not sent yet", "sent"]);
    }
}

#[test]
fn an_invite_that_is_taken_back_lets_nobody_in() {
    let mut team = Team::new();
    let invite = Request::Invite {
        name: "Eve".into(),
        role: satchel_core::api::RoleName::Worker,
        share_cases: true,
    };
    let Reply::Invited { .. } = team.ask(ROSA, invite) else {
        panic!("no invite")
    };
    let Reply::Staff { invites, .. } = team.ask(ROSA, Request::Staff) else {
        panic!("no staff")
    };
    let [open] = invites.as_slice() else {
        panic!("{invites:?}")
    };
    assert!(open.may_cancel);
    let key = open.key.clone();
    assert_eq!(team.ask(ROSA, Request::Revoke { key }), Reply::Done);
    team.sync(ALL);
    for place in [ROSA, PRIYA, OTTO] {
        let Reply::Staff { invites, .. } = team.ask(place, Request::Staff) else {
            panic!("no staff")
        };
        assert!(invites.is_empty(), "{invites:?}");
    }
}

#[test]
fn who_may_take_out_whom() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let table = [
        (ROSA, [false, true, true, true, true]),
        (PRIYA, [false, false, true, true, false]),
        (ANA, [false; ALL]),
        (OTTO, [false; ALL]),
    ];
    for (by, expected) in table {
        let view = team.view(by, &case);
        for (who, may) in expected.into_iter().enumerate() {
            let shown = view.team.iter().find(|one| one.name == NAMES[who]);
            assert_eq!(shown.map(|one| one.may_take_out), Some(may), "{by} {who}");
            if !may {
                let failure = Failure::NotAllowed;
                let denied = Reply::Failed { failure };
                assert_eq!(take_out(&mut team, by, &case, who), denied, "{by} {who}");
                assert_eq!(revoke(&mut team, by, who), denied, "{by} {who}");
            }
        }
    }
}

#[test]
fn whoever_is_taken_out_is_with_every_tablet_of_theirs() {
    let mut team = Team::new();
    let case = team.begin_case(ROSA, &[("number", "C-1")]);
    team.sync(ALL);
    // The same name is the same person: a second tablet for Ana.
    let invite = Request::Invite {
        name: NAMES[ANA].into(),
        role: satchel_core::api::RoleName::Worker,
        share_cases: false,
    };
    let Reply::Invited { link, .. } = team.ask(ROSA, invite) else {
        panic!("no invite")
    };
    team.sync(ALL);
    let second = team.add_tablet();
    let passphrase = satchel_tests::team::PASSPHRASE.into();
    let joined = team.ask(second, Request::Join { link, passphrase });
    assert!(matches!(joined, Reply::Unlocked { .. }), "{joined:?}");
    team.sync(second + 1);
    for place in [ANA, second] {
        write(&mut team, place, &case, &format!("on tablet {place}"));
    }
    team.sync(second + 1);
    assert_eq!(texts(&team.view(ROSA, &case)).len(), 2);
    assert_eq!(take_out(&mut team, PRIYA, &case, ANA), Reply::Done);
    write(&mut team, ROSA, &case, "afterwards");
    team.sync(second + 1);
    for place in [ANA, second] {
        assert!(is_gone(&mut team, place, &case), "tablet {place}");
        assert!(!is_on_disk(&team, place, &case), "tablet {place}");
    }
    let view = team.view(ROSA, &case);
    assert!(view.team.iter().all(|one| one.name != NAMES[ANA]));
    // What she wrote on either stays.
    assert_eq!(texts(&view).len(), 3);
}
