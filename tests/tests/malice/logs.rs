//! Logs: statements that nobody of the agency made, revocations kept back, other agencies' streams,
//! grants of wrong keys, envelopes dropped, doubled and swapped.

use satchel_core::{
    api::{Connection, Request},
    grant,
    keys::Secret,
    seal,
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, PRIYA, ROSA, Team},
    wishes,
};
use satchel_wire::{
    Claim, Envelope, EpochId, Grant, Incarnation, Invite, Kind, Millis, ProfileId, RelayKey, Role,
    Statement, control::Reached,
};
use serde_bytes::ByteBuf;

use crate::eve::{ALL, Eve, at_an_evil_relay, has_no_key, log_of, staff, texts, write};

#[test]
fn nobody_is_added_by_whoever_runs_the_relay() {
    let eve = Eve::new();
    let (mut team, case) = at_an_evil_relay();
    let log = log_of(&mut team);
    let agency = team.evil().roster().agency();
    let epoch = team.evil().epochs(case).all().next().unwrap().0;
    let ana: ProfileId = team.member(ANA).profile.parse().unwrap();
    let in_log = [
        Statement::Found {
            relays: vec![RelayKey(eve.id().0)],
            recovery: eve.opener.public().to_vec(),
        },
        Statement::Certify(eve.certificate(Role::Admin)),
        Statement::Certify(eve.certificate(Role::Worker)),
        Statement::Invite(Invite {
            key: eve.id(),
            hpke: eve.opener.public().to_vec(),
            staff: eve.certificate(Role::Admin).staff,
            role: Role::Admin,
            expires_at: Millis(u64::MAX),
        }),
        Statement::Claim(Claim::new(
            agency,
            eve.id(),
            eve.certificate(Role::Admin),
            eve.signer.pair(),
        )),
        Statement::Revoke {
            key: ana,
            stands: Vec::new(),
        },
    ];
    let in_case = [
        Statement::Admit {
            epoch,
            members: vec![eve.id()],
        },
        Statement::Epoch {
            nonce: [0; 16],
            members: vec![eve.id(), ana],
            commitment: [1; 32],
        },
        Statement::Rotate {
            parents: vec![epoch],
            members: vec![eve.id()],
            removed: vec![ana],
            frontier: Vec::new(),
            commitment: [1; 32],
            keys: vec![ByteBuf::from(vec![0; 48])],
        },
        Statement::Rule {
            upto: Reached {
                chain: satchel_wire::ChainId([1; 16]),
                n: 1,
                id: satchel_wire::EnvelopeId([1; 32]),
            },
            stands: false,
            over: Vec::new(),
        },
    ];
    let before = staff(&mut team, ROSA);
    for statement in in_log {
        let said = eve.says(&mut team, log, &statement);
        team.evil().logs.get_mut(&log).unwrap().push(said);
    }
    for statement in in_case {
        let said = eve.says(&mut team, case, &statement);
        team.evil().logs.get_mut(&case).unwrap().push(said);
    }
    team.go_on(&ALL, 200_000);
    for place in [ANA, BEN, PRIYA, ROSA] {
        write(&mut team, place, case, NAMES[place]);
        team.go_on(&ALL, 30_000);
    }
    for place in ALL {
        assert_eq!(staff(&mut team, place), before, "{}", NAMES[place]);
        assert_eq!(
            texts(&mut team, place, case),
            ["Ana", "Ben", "Priya", "Rosa"]
        );
    }
    has_no_key(&mut team, &eve);
}

#[test]
fn a_revocation_that_is_kept_back_is_named_at_the_first_envelope_of_who_knows() {
    let (mut team, case) = at_an_evil_relay();
    let log = log_of(&mut team);
    team.go_on(&ALL, 100_000);
    assert_eq!(team.status(ANA).withheld, 0);
    let ana: ProfileId = team.member(ANA).profile.parse().unwrap();
    let hidden = move |bytes: &Vec<u8>| {
        let read = Envelope::decode(bytes).and_then(Envelope::verify).unwrap();
        let statement = Statement::from_envelope(&read);
        matches!(
            statement,
            Ok(Statement::Revoke { .. } | Statement::Rotate { .. })
        )
    };
    team.evil().shows = Box::new(move |who, _, mut shown| {
        if who == ana {
            shown.retain(|bytes| !hidden(bytes));
        }
        shown
    });
    let key = team.member(BEN).profile.clone();
    team.ask(ROSA, Request::Revoke { key });
    write(&mut team, ROSA, case, "without Ben");
    let others: Vec<usize> = ALL.into_iter().filter(|place| *place != BEN).collect();
    team.go_on(&others, 30_000);
    assert!(team.status(ANA).withheld > 0, "{:?}", team.status(ANA));
    for place in [ROSA, PRIYA] {
        assert_eq!(team.status(place).withheld, 0, "{}", NAMES[place]);
    }
    // What Ben gets of what Ana writes meanwhile is what anybody gets who withholds: what she
    // knew. Once it is shown, she writes nothing more for him.
    team.evil().shows = Box::new(|_, _, log| log);
    team.evil().incarnation = Incarnation([2; 16]);
    team.go_on(&others, 400_000);
    team.evil().incarnation = Incarnation([2; 16]);
    write(&mut team, ANA, case, "Ana knows");
    team.go_on(&others, 200_000);
    assert_eq!(team.status(ANA).withheld, 0, "{:?}", team.status(ANA));
    for place in [ROSA, PRIYA, ANA] {
        assert_eq!(texts(&mut team, place, case), ["Ana knows", "without Ben"]);
    }
    let ben: ProfileId = team.member(BEN).profile.parse().unwrap();
    let last = last_change(&mut team, case);
    let epochs = team.evil().epochs(case);
    assert!(!epochs.epoch(last).unwrap().members.contains(&ben));
    let _ = log;
}

fn last_change(team: &mut Team, case: satchel_wire::StreamId) -> EpochId {
    let log = team.evil().logs[&case].iter().rev();
    let mut headers = log.map(|bytes| Envelope::decode(bytes).unwrap().header().clone());
    headers.find(|one| one.kind == Kind::Change).unwrap().epoch
}

#[test]
fn another_agencys_stream_is_nobodys() {
    let eve = Eve::new();
    let (mut team, case) = at_an_evil_relay();
    let mut other = Team::with_seed(900);
    let foreign = other.begin_case(ANA, &[("number", "X-9")]);
    other.sync(NAMES.len());
    let foreign: satchel_wire::StreamId = foreign.parse().unwrap();
    let theirs = other.turn_evil();
    let log = theirs.logs[&foreign].clone();
    let their_log = satchel_wire::Roster::log(theirs.roster().agency());
    let roster = theirs.logs[&their_log].clone();
    let evil = team.evil();
    evil.exposes = [foreign, their_log].into();
    evil.logs.insert(foreign, log.clone());
    evil.logs.insert(their_log, roster.clone());
    // And in our own streams' places.
    let ours = evil.logs.get_mut(&case).unwrap();
    ours.extend(log);
    let ours = satchel_wire::Roster::log(evil.roster().agency());
    evil.logs.get_mut(&ours).unwrap().extend(roster);
    let before = staff(&mut team, ANA);
    team.go_on(&ALL, 200_000);
    write(&mut team, ANA, case, "ours");
    team.go_on(&ALL, 100_000);
    for place in ALL {
        let shown = format!("{:?}", team.ask(place, wishes::caseload()));
        assert!(
            !shown.contains(&foreign.to_string()) && !shown.contains("X-9"),
            "{shown}"
        );
        assert_eq!(texts(&mut team, place, case), ["ours"]);
        assert_eq!(staff(&mut team, place), before);
    }
    has_no_key(&mut team, &eve);
}

#[test]
fn grants_of_other_keys_and_to_others_open_nothing() {
    let eve = Eve::new();
    let (mut team, _) = at_an_evil_relay();
    let agency = team.evil().roster().agency();
    let case = team.begin_case(ROSA, &[("number", "C-2")]);
    let case: satchel_wire::StreamId = case.parse().unwrap();
    team.go_on(&[ROSA], 5_000);
    let evil = team.evil();
    let roster = evil.roster();
    let chosen = Secret([99; 32]);
    let honest = evil.grants.clone();
    let made_up = move |who: ProfileId, grants: &[Grant]| {
        let hpke = roster.member(who).map(|(hpke, _)| hpke.to_vec()).unwrap();
        let mut bad = Vec::new();
        for good in grants.iter().filter(|one| one.stream == case) {
            let Grant { stream, epoch, .. } = *good;
            // A key of Eve's choice, well sealed to its reader.
            bad.push(grant::grant(agency, stream, epoch, &chosen, who, &hpke).unwrap());
            // Somebody else's, and one of another stream and epoch.
            for other in &honest {
                let sealed = other.sealed.clone();
                bad.push(Grant {
                    sealed,
                    ..good.clone()
                });
            }
            let mut flipped = good.clone();
            flipped.sealed[700] ^= 4;
            bad.push(flipped);
            bad.push(Grant {
                sealed: vec![0; 1168],
                ..good.clone()
            });
            bad.push(Grant {
                sealed: Vec::new(),
                ..good.clone()
            });
            bad.push(Grant {
                epoch: EpochId([3; 32]),
                ..good.clone()
            });
        }
        bad.retain(|one| !grants.contains(one));
        bad
    };
    let only_bad = made_up.clone();
    team.evil().gives = Box::new(move |who, grants| {
        let bad = only_bad(who, &grants);
        let rest = grants.into_iter().filter(|one| one.stream != case);
        rest.chain(bad).collect()
    });
    team.go_on(&ALL, 100_000);
    for place in [ANA, BEN] {
        let view = team.ask(place, wishes::note(&case.to_string(), "under which key?"));
        assert!(
            matches!(view, satchel_core::api::Reply::Failed { .. }),
            "{view:?}"
        );
    }
    team.evil().gives = Box::new(move |who, grants| {
        let bad = made_up(who, &grants);
        bad.into_iter().chain(grants).collect()
    });
    team.evil().incarnation = Incarnation([3; 16]);
    team.go_on(&ALL, 400_000);
    for place in [ANA, BEN] {
        write(&mut team, place, case, NAMES[place]);
    }
    team.go_on(&ALL, 100_000);
    assert_eq!(texts(&mut team, PRIYA, case), ["Ana", "Ben"]);
    for bytes in team.evil().logs.values().flatten() {
        let envelope = Envelope::decode(bytes).and_then(Envelope::verify).unwrap();
        assert!(seal::open(&envelope, &Secret([99; 32])).is_err());
    }
    has_no_key(&mut team, &eve);
}

#[test]
fn envelopes_dropped_doubled_and_swapped_are_not_taken_for_the_whole() {
    type Mangle = fn(&mut Vec<Vec<u8>>);
    let table: [(&str, Mangle, bool); 6] = [
        (
            "one in the middle is left out",
            |log| drop(log.remove(log.len() - 3)),
            true,
        ),
        (
            "two change places",
            |log| {
                let at = log.len();
                log.swap(at - 2, at - 3);
            },
            true,
        ),
        ("backwards", |log| log.reverse(), true),
        (
            "each twice",
            |log| {
                *log = log
                    .iter()
                    .flat_map(|one| [one.clone(), one.clone()])
                    .collect()
            },
            false,
        ),
        (
            "cut short inside",
            |log| {
                let at = log.len() - 2;
                log[at].truncate(300);
            },
            false,
        ),
        (
            "a bit flipped",
            |log| {
                let at = log.len() - 2;
                log[at][400] ^= 1;
            },
            false,
        ),
    ];
    for (name, mangle, is_named) in table {
        let (mut team, case) = at_an_evil_relay();
        let ben: ProfileId = team.member(BEN).profile.parse().unwrap();
        team.evil().shows = Box::new(move |who, stream, mut shown| {
            if who == ben && stream == case && shown.len() > 5 {
                mangle(&mut shown);
            }
            shown
        });
        for text in ["1", "2", "3", "4", "5"] {
            write(&mut team, ANA, case, text);
            // Each is gone before the next is written: an envelope of its own.
            team.go_on(&[ANA], 1_000);
        }
        team.go_on(&ALL, 200_000);
        let shown = texts(&mut team, BEN, case);
        let whole = ["1", "2", "3", "4", "5"];
        assert!(
            whole[..].starts_with(&shown.iter().map(String::as_str).collect::<Vec<_>>()),
            "{name}: {shown:?}"
        );
        assert!(shown.len() < 5 || name == "each twice", "{name}");
        let status = team.status(BEN);
        assert!(!is_named || status.withheld > 0, "{name}: {status:?}");
        assert!(
            name == "each twice" || status.connection != Connection::Level || status.withheld > 0,
            "{name}: {status:?}"
        );
        team.evil().shows = Box::new(|_, _, log| log);
        team.evil().incarnation = Incarnation([4; 16]);
        team.go_on(&ALL, 400_000);
        for place in ALL {
            assert_eq!(texts(&mut team, place, case), whole, "{name}");
            assert_eq!(team.status(place).withheld, 0, "{name}");
        }
    }
}
