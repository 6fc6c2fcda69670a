//! Where the access log goes is the same for everybody, whatever order the statements came in, and is
//! for those who lead to say.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use satchel_wire::{
    AgencyId, Certificate, ChainId, Envelope, EnvelopeId, EpochId, Header, ProfileId, Role, Roster,
    StaffId, Statement, Verified,
    control::ControlError,
    envelope::sha256,
    stream::{AUDIT_NONCE, audit_stream, stream_id},
};

fn pair(n: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[n; 32]).unwrap()
}

fn id(n: u8) -> ProfileId {
    ProfileId(pair(n).public_key().as_ref().try_into().unwrap())
}

fn agency() -> AgencyId {
    AgencyId(sha256(&[id(0).as_bytes()]))
}

/// A statement by key `by`, the `n`th of its chain.
fn say(by: u8, n: u64, prev: EnvelopeId, statement: &Statement) -> Verified {
    let log = Roster::log(agency());
    let header = Header::control(agency(), log, id(by), EnvelopeId::ZERO);
    let header = header.after(ChainId([by; 16]), n, prev);
    Envelope::sign(header, statement.encode(), &pair(by)).unwrap()
}

fn certify(n: u8, role: Role) -> Statement {
    Statement::Certify(Certificate {
        profile: id(n),
        staff: StaffId([n; 16]),
        role,
        transport: [n; 32],
        hpke: vec![n; 1216],
    })
}

fn audit(key_len: usize, epoch: u8, over: &[EnvelopeId]) -> Statement {
    Statement::Audit {
        creator: id(1),
        epoch: EpochId([epoch; 32]),
        key: vec![epoch; key_len],
        over: over.to_vec(),
    }
}

/// An agency of an admin (1), a supervisor (2), a worker (3) and an auditor (4).
fn founded() -> Vec<Verified> {
    let found = Statement::Found {
        relays: Vec::new(),
        recovery: vec![8; 1216],
    };
    let mut all = vec![say(0, 1, EnvelopeId::ZERO, &found)];
    let admin = say(0, 2, all.first().unwrap().id(), &certify(1, Role::Admin));
    all.push(admin);
    let mut prev = EnvelopeId::ZERO;
    let others = [Role::Supervisor, Role::Worker, Role::Auditor];
    for ((who, n), role) in (2..).zip(1..).zip(others) {
        let one = say(1, n, prev, &certify(who, role));
        prev = one.id();
        all.push(one);
    }
    all
}

#[test]
fn it_is_for_those_who_lead_to_say() {
    let mut roster = Roster::new(agency());
    for one in founded() {
        roster.accept(&one).unwrap();
    }
    let stream = audit_stream(agency(), id(1));
    let check = |roster: &mut Roster, by: u8, statement: &Statement, expected| {
        let said = say(by, 9, EnvelopeId([7; 32]), statement);
        assert_eq!(roster.accept(&said), expected, "by {by}");
    };
    let no = Err(ControlError::Forbidden);
    check(&mut roster, 3, &audit(1216, 1, &[]), no);
    check(&mut roster, 4, &audit(1216, 1, &[]), no);
    let unsound = Err(ControlError::Malformed);
    check(&mut roster, 2, &audit(4096, 1, &[]), unsound);
    let unsorted = [EnvelopeId([2; 32]), EnvelopeId([1; 32])];
    check(&mut roster, 2, &audit(1216, 1, &unsorted), unsound);
    assert!(!roster.is_audit(stream) && roster.audits().next().is_none());
    check(&mut roster, 2, &audit(1216, 1, &[]), Ok(()));
    assert!(roster.is_audit(stream));
    // No stream with another nonce can be made one: a case stays a case.
    let case = stream_id(agency(), id(1), [9; 16]);
    assert!(!roster.is_audit(case));
    assert_eq!(stream, stream_id(agency(), id(1), AUDIT_NONCE));
}

#[test]
fn every_order_of_arrival_gives_the_same() {
    let none = EnvelopeId::ZERO;
    let first = say(2, 1, none, &audit(1216, 1, &[]));
    // Two who do not know of each other replace it.
    let one = say(1, 4, EnvelopeId([7; 32]), &audit(1216, 2, &[first.id()]));
    let other = say(2, 2, first.id(), &audit(1216, 3, &[first.id()]));
    let mut all = founded();
    all.extend([first.clone(), one.clone(), other.clone()]);
    let lowest = one.id().min(other.id());
    for turn in 0..all.len() {
        for reversed in [false, true] {
            let mut order = all.clone();
            order.rotate_left(turn);
            if reversed {
                order.reverse();
            }
            let mut roster = Roster::new(agency());
            for statement in &order {
                roster.insert(statement).unwrap();
            }
            let standing: Vec<EnvelopeId> = roster.audits().map(|(id, _)| id).collect();
            assert_eq!(standing.len(), 2, "turn {turn}");
            assert_eq!(standing.first(), Some(&lowest));
            let mut both = standing;
            both.sort();
            let last = say(1, 5, one.id(), &audit(1216, 4, &both));
            roster.insert(&last).unwrap();
            let now: Vec<_> = roster.audits().map(|(id, one)| (id, one.epoch)).collect();
            assert_eq!(now, [(last.id(), EpochId([4; 32]))]);
        }
    }
}
