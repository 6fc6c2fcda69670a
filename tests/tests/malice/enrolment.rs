//! People who join: every key in every message of an enrolment swapped, old rosters, raced claims.

use satchel_core::{
    api::{Connection, Reply, Request, RoleName},
    link::InviteLink,
};
use satchel_tests::team::{PASSPHRASE, ROSA, Team};
use satchel_wire::{
    AgencyId, Certificate, Claim, Envelope, EnvelopeId, Invite, Millis, ProfileId, RelayKey, Role,
    StaffId, Statement, StreamId,
};

use crate::eve::{ALL, Eve, at_an_evil_relay, has_no_key, log_of, staff, texts, write};

fn invite(team: &mut Team, name: &str) -> String {
    let request = Request::Invite {
        name: name.into(),
        role: RoleName::Worker,
        share_cases: name == "Nadia",
    };
    match team.ask(ROSA, request) {
        Reply::Invited { link, .. } => link,
        other => panic!("{other:?}"),
    }
}

fn join(team: &mut Team, place: usize, link: &str) -> Reply {
    let (link, passphrase) = (link.into(), PASSPHRASE.into());
    team.ask(place, Request::Join { link, passphrase })
}

/// Something to write in place of what a statement says.
type Swap = Box<dyn Fn(&mut Statement, &Eve) -> bool>;

/// A field and what Eve writes into it.
type Named<T> = (&'static str, fn(&mut T, &Eve));

/// One for each field of a certificate. A new field does not compile here.
fn certificate_swaps() -> Vec<Named<Certificate>> {
    let Certificate {
        profile: _,
        staff: _,
        role: _,
        transport: _,
        hpke: _,
    } = Eve::new().certificate(Role::Worker);
    vec![
        ("profile", |one, eve| one.profile = eve.id()),
        ("staff", |one, _| one.staff = StaffId([66; 16])),
        ("role", |one, _| {
            one.role = if one.role == Role::Admin {
                Role::Worker
            } else {
                Role::Admin
            };
        }),
        ("transport", |one, eve| one.transport = eve.id().0),
        ("hpke", |one, eve| one.hpke = eve.opener.public().to_vec()),
    ]
}

fn invite_swaps() -> Vec<Named<Invite>> {
    let Invite {
        key: _,
        hpke: _,
        staff: _,
        role: _,
        expires_at: _,
    } = Invite {
        key: ProfileId::ZERO,
        hpke: Vec::new(),
        staff: StaffId::ZERO,
        role: Role::Worker,
        expires_at: Millis(0),
    };
    vec![
        ("key", |one, eve| one.key = eve.id()),
        ("hpke", |one, eve| one.hpke = eve.opener.public().to_vec()),
        ("staff", |one, _| one.staff = StaffId([66; 16])),
        ("role", |one, _| one.role = Role::Admin),
        ("expires_at", |one, _| one.expires_at = Millis(u64::MAX)),
    ]
}

/// Every key and other field in every statement of an enrolment.
fn swaps(agency: AgencyId) -> Vec<(String, Swap)> {
    let mut all: Vec<(String, Swap)> = Vec::new();
    for (name, swap) in certificate_swaps() {
        let certify: Swap = Box::new(move |statement, eve| match statement {
            Statement::Certify(one) => {
                swap(one, eve);
                true
            }
            _ => false,
        });
        all.push((format!("Certify.{name}"), certify));
        let claim: Swap = Box::new(move |statement, eve| match statement {
            Statement::Claim(one) => {
                swap(&mut one.certificate, eve);
                true
            }
            _ => false,
        });
        all.push((format!("Claim.certificate.{name}"), claim));
    }
    let proof: Swap = Box::new(move |statement, eve| match statement {
        Statement::Claim(one) => {
            // She proves that she holds a key; it is hers.
            let certificate = Certificate {
                profile: eve.id(),
                ..one.certificate.clone()
            };
            *one = Claim::new(agency, eve.id(), certificate, eve.signer.pair());
            true
        }
        _ => false,
    });
    all.push(("Claim.proof".into(), proof));
    for (name, swap) in invite_swaps() {
        let invite: Swap = Box::new(move |statement, eve| match statement {
            Statement::Invite(one) => {
                swap(one, eve);
                true
            }
            _ => false,
        });
        all.push((format!("Invite.{name}"), invite));
    }
    let relays: Swap = Box::new(|statement, eve| match statement {
        Statement::Found { relays, .. } => {
            *relays = vec![RelayKey(eve.id().0)];
            true
        }
        _ => false,
    });
    all.push(("Found.relays".into(), relays));
    let recovery: Swap = Box::new(|statement, eve| match statement {
        Statement::Found { recovery, .. } => {
            *recovery = eve.opener.public().to_vec();
            true
        }
        _ => false,
    });
    all.push(("Found.recovery".into(), recovery));
    all
}

/// The envelope with another body, signed by Eve or still bearing the old signature.
fn forged(bytes: &[u8], swap: &Swap, eve: &Eve, by_eve: bool) -> Vec<u8> {
    let Ok(envelope) = Envelope::decode(bytes).and_then(Envelope::verify) else {
        return bytes.to_vec();
    };
    let Ok(mut statement) = Statement::from_envelope(&envelope) else {
        return bytes.to_vec();
    };
    if !swap(&mut statement, eve) {
        return bytes.to_vec();
    }
    let mut header = envelope.header().clone();
    let body = statement.encode();
    if by_eve {
        return Envelope::sign(header, body, eve.signer.pair())
            .unwrap()
            .encode();
    }
    header.len = body.len() as u32;
    let from = satchel_wire::envelope::HEADER_LEN;
    let signature = &bytes[from..from + satchel_wire::envelope::SIGNATURE_LEN];
    [&header.to_bytes(), signature, &body].concat()
}

#[test]
fn every_key_swapped_in_every_message_of_an_enrolment() {
    swap_all(false);
}

#[test]
fn every_key_swapped_and_signed_by_the_attacker() {
    swap_all(true);
}

fn swap_all(by_eve: bool) {
    let eve = Eve::new();
    let (mut team, case) = at_an_evil_relay();
    let agency = team.evil().roster().agency();
    let count = swaps(agency).len();
    for place in 0..count {
        let (name, swap) = swaps(agency).swap_remove(place);
        team.evil().shows = Box::new(|_, _, log| log);
        let newcomer = team.add_tablet();
        let link = invite(&mut team, &format!("{name} {by_eve}"));
        team.go_on(&ALL, 5_000);
        let known = staff(&mut team, ROSA);
        let log = log_of(&mut team);
        team.evil().shows = Box::new(move |_, stream, shown| {
            if stream != log {
                return shown;
            }
            let eve = Eve::new();
            shown
                .iter()
                .map(|bytes| forged(bytes, &swap, &eve, by_eve))
                .collect()
        });
        join(&mut team, newcomer, &link);
        team.go_on(&[ROSA, newcomer], 180_000);
        // Rosa has had all but the claim; the newcomer has had nothing before.
        let now = staff(&mut team, ROSA);
        assert!(!now.contains(&eve.id().to_string()), "{name}");
        if name.starts_with("Claim") {
            assert_eq!(now, known, "{name} {by_eve}");
        }
        assert_eq!(team.status(newcomer).complete_at, None, "{name} {by_eve}");
        let seen = team.ask(newcomer, Request::Staff);
        let shown = format!("{seen:?}");
        assert!(!shown.contains(&eve.id().to_string()), "{name}: {shown}");
    }
    println!("{count} swaps");
    team.evil().shows = Box::new(|_, _, log| log);
    write(&mut team, ROSA, case, "afterwards");
    has_no_key(&mut team, &eve);
}

#[test]
fn a_link_with_another_word_in_it_joins_nothing() {
    let eve = Eve::new();
    let (mut team, _) = at_an_evil_relay();
    let other = AgencyId(satchel_wire::envelope::sha256(&[eve.id().as_bytes()]));
    let InviteLink {
        agency: _,
        relay: _,
        directory: _,
        roster: _,
        staff: _,
        role: _,
        expires_at: _,
        seed: _,
    } = {
        let link = invite(&mut team, "x");
        InviteLink::parse(&link).unwrap().1
    };
    type Change = Box<dyn Fn(&mut InviteLink)>;
    // Whether the tablet joins all the same: the last two are for the person to read only.
    let table: Vec<(&str, Change, bool)> = vec![
        ("agency", Box::new(move |link| link.agency = other), false),
        (
            "relay",
            Box::new(|link| link.relay = RelayKey(Eve::new().id().0)),
            false,
        ),
        (
            "roster",
            Box::new(|link| link.roster = EnvelopeId([6; 32])),
            false,
        ),
        (
            "staff",
            Box::new(|link| link.staff = StaffId([66; 16])),
            false,
        ),
        ("role", Box::new(|link| link.role = Role::Admin), false),
        ("seed", Box::new(|link| link.seed.0[0] ^= 1), false),
        (
            "directory",
            Box::new(|link| link.directory = StreamId([6; 16])),
            true,
        ),
        (
            "expires_at",
            Box::new(|link| link.expires_at = Millis(u64::MAX)),
            true,
        ),
    ];
    for (name, change, joins) in table {
        let newcomer = team.add_tablet();
        let link = invite(&mut team, name);
        team.go_on(&ALL, 5_000);
        let known = staff(&mut team, ROSA).len();
        let (url, mut parts) = InviteLink::parse(&link).unwrap();
        change(&mut parts);
        join(&mut team, newcomer, &parts.encode(&url));
        let mut all = ALL.to_vec();
        all.push(newcomer);
        team.go_on(&all, 180_000);
        let now = staff(&mut team, ROSA).len();
        // With another relay or statement to wait for, its claim arrives, and it is never level.
        let is_known = joins || matches!(name, "roster" | "relay");
        assert_eq!(now > known, is_known, "{name}");
        let level = team.status(newcomer).connection == Connection::Level
            && team.status(newcomer).complete_at.is_some();
        assert!(
            !level || joins || matches!(name, "staff" | "role" | "seed"),
            "{name}"
        );
    }
    has_no_key(&mut team, &eve);
}

#[test]
fn an_old_roster_is_not_taken_for_the_whole() {
    let (mut team, _) = at_an_evil_relay();
    let newcomer = team.add_tablet();
    let link = invite(&mut team, "Eve");
    team.go_on(&ALL, 5_000);
    let log = log_of(&mut team);
    team.evil().shows = Box::new(move |_, stream, mut shown| {
        if stream == log {
            shown.truncate(5);
        }
        shown
    });
    join(&mut team, newcomer, &link);
    team.go_on(&[newcomer], 180_000);
    assert_eq!(team.status(newcomer).complete_at, None);
    assert!(matches!(
        team.status(newcomer).connection,
        Connection::Refused { .. }
    ));
    // With the rest of it, it joins.
    team.evil().shows = Box::new(|_, _, log| log);
    let mut all = ALL.to_vec();
    all.push(newcomer);
    team.go_on(&all, 400_000);
    assert!(team.status(newcomer).complete_at.is_some());
}

#[test]
fn a_claim_that_is_repeated_counts_once_and_one_that_is_raced_not_at_all() {
    let eve = Eve::new();
    let (mut team, case) = at_an_evil_relay();
    let (first, second) = (team.add_tablet(), team.add_tablet());
    let link = invite(&mut team, "Nadia");
    team.go_on(&ALL, 5_000);
    let known = staff(&mut team, ROSA).len();
    join(&mut team, first, &link);
    let mut all = ALL.to_vec();
    all.push(first);
    team.go_on(&all, 120_000);
    let log = log_of(&mut team);
    let last = team.evil().logs[&log].last().unwrap().clone();
    team.evil()
        .logs
        .get_mut(&log)
        .unwrap()
        .extend([last.clone(), last]);
    write(&mut team, ROSA, case, "for Nadia");
    team.go_on(&all, 120_000);
    assert_eq!(staff(&mut team, ROSA).len(), known + 1);
    assert_eq!(texts(&mut team, first, case), ["for Nadia"]);

    // Somebody else has the link too: from now on neither gets anything.
    join(&mut team, second, &link);
    all.push(second);
    team.go_on(&all, 120_000);
    write(&mut team, ROSA, case, "for neither");
    team.go_on(&all, 120_000);
    assert_eq!(staff(&mut team, ROSA).len(), known);
    let given = team.evil().grants.len();
    write(&mut team, ROSA, case, "once more");
    team.go_on(&all, 120_000);
    assert_eq!(team.evil().grants.len(), given);
    has_no_key(&mut team, &eve);
}
