//! Whoever came by an invite is marked until somebody has compared words with them; a second claim of
//! the same invite stops both tablets, loses nothing, and is decided by words.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use satchel_core::api::{
    Failure, InviteView, Me, ProfileStage, Reply, Request, RoleName, StaffView, Standing,
};
use satchel_tests::{
    team::{ANA, NAMES, PASSPHRASE, PRIYA, ROSA, Team},
    wishes::note,
};

const ALL: usize = NAMES.len();

fn me(team: &mut Team, place: usize) -> Me {
    team.ask(place, Request::Lock);
    let passphrase = PASSPHRASE.into();
    match team.ask(place, Request::Unlock { passphrase }) {
        Reply::Unlocked { me } => me,
        other => panic!("{other:?}"),
    }
}

fn staff(team: &mut Team, place: usize) -> (Vec<StaffView>, Vec<InviteView>) {
    match team.ask(place, Request::Staff) {
        Reply::Staff { staff, invites, .. } => (staff, invites),
        other => panic!("{other:?}"),
    }
}

fn invite(team: &mut Team, by: usize, name: &str) -> String {
    let invite = Request::Invite {
        name: name.into(),
        role: RoleName::Worker,
        share_cases: true,
    };
    match team.ask(by, invite) {
        Reply::Invited { link, .. } => link,
        other => panic!("{other:?}"),
    }
}

fn join(team: &mut Team, link: &str) -> (usize, Me) {
    let place = team.add_tablet();
    let (link, passphrase) = (link.into(), PASSPHRASE.into());
    match team.ask(place, Request::Join { link, passphrase }) {
        Reply::Unlocked { me } => (place, me),
        other => panic!("{other:?}"),
    }
}

fn confirm(team: &mut Team, by: usize, profile: &str) -> Reply {
    let profile = profile.into();
    team.ask(by, Request::Confirm { profile })
}

fn write(team: &mut Team, place: usize, case: &str, text: &str) {
    let reply = team.ask(place, note(case, text));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

/// Texts of a case's notes with their marks, in no order.
fn marked(team: &mut Team, place: usize, case: &str) -> Vec<(String, bool)> {
    let view = team.view(place, case);
    assert!(view.late.is_empty(), "{:?}", view.late);
    let mut found = Vec::new();
    for one in view.notes {
        for (_, text) in one.sections {
            found.push((text, one.unconfirmed));
        }
    }
    found.sort_unstable();
    found
}

#[test]
fn a_claim_is_marked_until_somebody_has_compared_words() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let link = invite(&mut team, PRIYA, "Vera");
    team.sync(ALL);
    let (vera, offline) = join(&mut team, &link);
    assert_eq!(offline.standing, Standing::Unconfirmed);
    team.sync(ALL + 1);
    write(&mut team, vera, &case, "Vera's");
    write(&mut team, ANA, &case, "Ana's");
    team.sync(ALL + 1);
    let hers = me(&mut team, vera);
    // The words do not change when the relay has been reached.
    assert_eq!(hers.words, offline.words);
    assert!(hers.words.is_some());
    for place in [ROSA, PRIYA, ANA] {
        let (all, _) = staff(&mut team, place);
        let seen = all.iter().find(|one| one.name == "Vera").unwrap();
        assert_eq!(seen.words, hers.words, "{}", NAMES[place]);
        assert_eq!(seen.may_confirm, place != ANA);
        let rosa = all.iter().find(|one| one.name == "Rosa").unwrap();
        assert!(rosa.words.is_none(), "the root has certified her");
        let member = |one: &&satchel_core::api::AccessView| one.name == "Vera";
        let view = team.view(place, &case);
        assert!(view.team.iter().find(member).unwrap().unconfirmed);
    }
    let seen = marked(&mut team, ROSA, &case);
    assert!(seen.contains(&("Vera's".into(), true)), "{seen:?}");
    let failure = Failure::NotAllowed;
    let answer = confirm(&mut team, ANA, &hers.profile);
    assert_eq!(answer, Reply::Failed { failure });
    assert_eq!(confirm(&mut team, PRIYA, &hers.profile), Reply::Done);
    let failure = Failure::ChangedSince;
    let answer = confirm(&mut team, PRIYA, &hers.profile);
    assert_eq!(answer, Reply::Failed { failure });
    team.sync(ALL + 1);
    let now = me(&mut team, vera);
    assert_eq!((now.standing, now.words), (Standing::Confirmed, None));
    for place in [ROSA, ANA, vera] {
        let seen = marked(&mut team, place, &case);
        assert!(seen.contains(&("Vera's".into(), false)), "{seen:?}");
    }
}

/// Vera's code was read over her shoulder: a second tablet claims. Whichever of the two came first.
#[test]
fn a_second_claim_stops_both_and_the_right_one_loses_nothing() {
    for hers_first in [true, false] {
        let mut team = Team::new();
        let case = team.begin_case(ANA, &[("number", "C-1")]);
        team.sync(ALL);
        let link = invite(&mut team, PRIYA, "Vera");
        team.sync(ALL);
        let (one, _) = join(&mut team, &link);
        let all: Vec<usize> = (0..ALL).collect();
        team.sync_only(&[&all[..], &[one]].concat());
        let (two, _) = join(&mut team, &link);
        write(&mut team, one, &case, "before I knew");
        team.sync_only(&[&all[..], &[two]].concat());
        let (vera, other) = if hers_first { (one, two) } else { (two, one) };
        // Nobody is let in by it any more, and colleagues go on without either.
        write(&mut team, ANA, &case, "meanwhile");
        team.sync(ALL + 2);
        for place in [one, two] {
            assert_eq!(me(&mut team, place).standing, Standing::Void);
        }
        let seen = marked(&mut team, one, &case);
        let own = [("before I knew".to_owned(), true)];
        assert_eq!(seen, own, "what is written since is not for it");
        write(&mut team, one, &case, "while I waited");
        team.sync(ALL + 2);
        let hers = me(&mut team, vera);
        let (_, invites) = staff(&mut team, PRIYA);
        let alarm = invites.iter().find(|one| one.void).unwrap();
        assert_eq!(alarm.claims.len(), 2);
        let same =
            |claim: &&satchel_core::api::ClaimView| Some(&claim.words) == hers.words.as_ref();
        let claim = alarm.claims.iter().filter(same).collect::<Vec<_>>();
        assert_eq!(claim.len(), 1);
        assert_eq!(claim[0].profile, hers.profile);
        assert_eq!(confirm(&mut team, PRIYA, &hers.profile), Reply::Done);
        team.sync(ALL + 2);
        assert_eq!(team.stage(other), Some(ProfileStage::Dismissed));
        assert_eq!(me(&mut team, vera).standing, Standing::Confirmed);
        let (_, invites) = staff(&mut team, PRIYA);
        assert!(invites.is_empty(), "{invites:?}");
        write(&mut team, PRIYA, &case, "afterwards");
        write(&mut team, vera, &case, "at work");
        team.sync(ALL + 2);
        if hers_first {
            for place in [ROSA, PRIYA, ANA, vera] {
                let texts = marked(&mut team, place, &case);
                let expected = [
                    "afterwards",
                    "at work",
                    "before I knew",
                    "meanwhile",
                    "while I waited",
                ];
                // Nobody has confirmed Ana and Priya in this agency.
                let theirs = ["afterwards", "meanwhile"];
                let expected = expected.map(|text| (text.to_owned(), theirs.contains(&text)));
                assert_eq!(texts, expected, "place {place}");
            }
        }
    }
}

#[test]
fn an_invite_that_was_claimed_twice_is_taken_back_with_both_tablets() {
    let mut team = Team::new();
    let link = invite(&mut team, PRIYA, "Vera");
    team.sync(ALL);
    let (one, _) = join(&mut team, &link);
    let (two, _) = join(&mut team, &link);
    team.sync(ALL + 2);
    let (_, invites) = staff(&mut team, PRIYA);
    let key = invites.iter().find(|one| one.void).unwrap().key.clone();
    assert_eq!(team.ask(PRIYA, Request::Revoke { key }), Reply::Done);
    team.sync(ALL + 2);
    for place in [one, two] {
        assert_eq!(team.stage(place), Some(ProfileStage::Dismissed));
    }
    let (staff, invites) = staff(&mut team, ROSA);
    assert!(invites.is_empty() && staff.len() == ALL, "{invites:?}");
}
