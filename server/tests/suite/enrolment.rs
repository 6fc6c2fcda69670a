//! Founding and claiming, before anyone is known.

use satchel_wire::{
    AgencyId, ClientFrame, Millis, Outcome, Refusal, RelayFrame, Role, Scope, SetupToken, Statement,
};

use crate::common::{Agency, NOW, Signer, TOKEN, enroll, envelopes, hello, world};

fn outcomes(answer: &[RelayFrame]) -> Vec<Outcome> {
    match answer {
        [RelayFrame::Enrolled { outcomes }] => outcomes.clone(),
        other => panic!("{other:?}"),
    }
}

fn refused(refusal: Refusal, times: usize) -> Vec<Outcome> {
    vec![Outcome::Refused(refusal); times]
}

#[test]
fn a_token_founds_once_and_the_same_founding_is_answered_again() {
    let mut world = world();
    let agency = Agency::new("a", world.relay.key());
    let session = world.connect();
    for bad in [None, Some(SetupToken([6; 16]))] {
        let answer = world.ask(session, &agency.enroll(bad));
        assert_eq!(outcomes(&answer), refused(Refusal::Unauthorised, 2));
    }
    let first = outcomes(&world.ask(session, &agency.enroll(Some(TOKEN))));
    assert!(
        matches!(first[..], [Outcome::Stored(one), Outcome::Stored(two)] if one.seq == 1 && two.seq == 2)
    );
    for setup in [Some(TOKEN), None] {
        assert_eq!(outcomes(&world.ask(session, &agency.enroll(setup))), first);
    }
    let second = Agency::new("b", world.relay.key());
    let answer = world.ask(session, &second.enroll(Some(TOKEN)));
    assert_eq!(outcomes(&answer), refused(Refusal::Unauthorised, 2));
}

#[test]
fn a_founding_that_does_not_hold_leaves_the_token_open() {
    let mut world = world();
    let agency = Agency::new("a", world.relay.key());
    let session = world.connect();
    let worker = Statement::Certify(agency.worker.certificate(Role::Worker));
    let mut chain = agency.root.chain(agency.id, agency.log, "first");
    chain.n = 1;
    chain.head = agency.founding[0].id();
    let forbidden = chain.say(&worker);
    let missing = [agency.founding[1].clone()];
    let halves = [agency.founding[0].clone(), forbidden];
    for (items, refusal) in [
        (&halves[..], Refusal::Unauthorised),
        // A certificate by the root alone is for an agency that is there already.
        (&missing[..], Refusal::NotFound),
    ] {
        let answer = world.ask(session, &enroll(agency.id, Some(TOKEN), items));
        assert_eq!(
            outcomes(&answer),
            refused(refusal, items.len()),
            "{items:?}"
        );
    }
    let answer = world.ask(session, &agency.enroll(Some(TOKEN)));
    assert!(
        outcomes(&answer)
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Stored(_)))
    );
}

#[test]
fn an_invite_is_claimed_in_time_and_reads_what_it_was_let_into() {
    let mut world = world();
    let agency = world.found("a");
    let (invite, tablet) = (Signer::new("invite"), Signer::new("tablet"));
    let expires_at = NOW.plus(1000);
    let admin = world.sign_in(&agency, &agency.admin);
    let items = envelopes(&[agency.invite(&invite, Role::Worker, expires_at)]);
    assert!(matches!(
        world.push(admin, &items)[..],
        [Outcome::Stored(_)]
    ));
    let (stream, _, epoch) = agency.begin(&agency.admin, "case", &[agency.admin.id(), invite.id()]);
    assert!(matches!(
        world.push(admin, &envelopes(&[epoch]))[..],
        [Outcome::Stored(_)]
    ));

    let claim = agency.claim(&invite, &tablet, Role::Worker);
    let raised = agency.claim(&invite, &tablet, Role::Admin);
    let session = world.connect();
    world.now = Millis(expires_at.0 + 1);
    let late = world.ask(
        session,
        &enroll(agency.id, None, std::slice::from_ref(&claim)),
    );
    assert_eq!(outcomes(&late), refused(Refusal::Expired, 1));
    world.now = expires_at;
    let mut chain = agency.admin.chain(agency.id, agency.log, "by a stranger");
    let promotion = chain.say(&Statement::Certify(tablet.certificate(Role::Admin)));
    for (item, refusal) in [
        (raised, Refusal::Unauthorised),
        (
            agency.claim(&Signer::new("nobody's"), &tablet, Role::Worker),
            Refusal::NotFound,
        ),
        (promotion, Refusal::Unauthorised),
    ] {
        let answer = world.ask(session, &enroll(agency.id, None, &[item]));
        assert_eq!(outcomes(&answer), refused(refusal, 1));
    }
    let session = world.connect();
    let answer = world.ask(
        session,
        &enroll(AgencyId([9; 32]), None, std::slice::from_ref(&claim)),
    );
    assert_eq!(outcomes(&answer), refused(Refusal::NotFound, 1));

    let first = outcomes(&world.ask(
        session,
        &enroll(agency.id, None, std::slice::from_ref(&claim)),
    ));
    assert!(matches!(first[..], [Outcome::Stored(_)]), "{first:?}");
    world.now = expires_at.plus(5000);
    let again = outcomes(&world.ask(
        session,
        &enroll(agency.id, None, std::slice::from_ref(&claim)),
    ));
    assert_eq!(again, first);

    assert_eq!(
        world.try_sign_in(session, &agency, &tablet),
        vec![RelayFrame::Welcome]
    );
    let mut replica = crate::common::Replica::default();
    replica.take(&world.pull(session, Scope::All(Default::default())));
    assert_eq!(replica.cursor(stream).seq, 1);
}

#[test]
fn two_claims_void_both_and_a_third_is_not_kept() {
    let mut world = world();
    let agency = world.found("a");
    let invite = Signer::new("invite");
    let admin = world.sign_in(&agency, &agency.admin);
    world.push(
        admin,
        &envelopes(&[agency.invite(&invite, Role::Worker, NOW)]),
    );
    let tablets = ["one", "two", "three"].map(Signer::new);
    let mut answers = Vec::new();
    for tablet in &tablets {
        let session = world.connect();
        let claim = agency.claim(&invite, tablet, Role::Worker);
        answers.extend(outcomes(
            &world.ask(session, &enroll(agency.id, None, &[claim])),
        ));
    }
    assert!(matches!(
        answers[..],
        [
            Outcome::Stored(_),
            Outcome::Stored(_),
            Outcome::Refused(Refusal::TooMuch)
        ]
    ));
    // Both hear why nothing is open to them, and nothing else.
    for tablet in &tablets[..2] {
        let session = world.connect();
        let answer = world.try_sign_in(session, &agency, tablet);
        assert_eq!(answer, vec![RelayFrame::Welcome]);
        let mut replica = crate::common::Replica::default();
        replica.take(&world.pull(session, Scope::All(Default::default())));
        assert_eq!(
            replica.cursors.streams.keys().collect::<Vec<_>>(),
            [&agency.log]
        );
        let mut chain = tablet.chain(agency.id, agency.log, "while it waits");
        let act = chain.say(&Statement::Certify(tablet.certificate(Role::Worker)));
        let answer = world.push(session, &envelopes(&[act]));
        assert_eq!(answer, refused(Refusal::Unauthorised, 1));
    }
    let session = world.connect();
    let answer = world.try_sign_in(session, &agency, &tablets[2]);
    let refusal = Refusal::Unauthorised;
    assert_eq!(answer, vec![RelayFrame::Refused { refusal }]);
}

#[test]
fn the_root_certifies_an_admin_who_fetches_all_and_lets_themselves_in() {
    let mut world = world();
    let agency = world.found("a");
    let admin = world.sign_in(&agency, &agency.admin);
    let certify = |signer: &Signer| Statement::Certify(signer.certificate(Role::Admin));
    let other = Signer::new("an admin by an admin");
    let mut chain = agency.admin.chain(agency.id, agency.log, "certifies");
    let said = chain.say(&certify(&other));
    let (stream, _, epoch) = agency.begin(&agency.admin, "case", &[agency.admin.id()]);
    let all = world.push(admin, &envelopes(&[said, epoch.clone()]));
    assert!(
        all.iter().all(|one| matches!(one, Outcome::Stored(_))),
        "{all:?}"
    );

    let restorer = Signer::new("restorer");
    let mut chain = agency.root.chain(agency.id, agency.log, "the sheet");
    let by_root = chain.say(&certify(&restorer));
    let session = world.connect();
    let answer = world.ask(session, &enroll(agency.id, None, &[by_root]));
    assert!(matches!(outcomes(&answer)[..], [Outcome::Stored(_)]));
    let answer = world.try_sign_in(session, &agency, &restorer);
    assert_eq!(answer, vec![RelayFrame::Welcome]);
    let mut ordinary = crate::common::Replica::default();
    ordinary.take(&world.pull(session, Scope::All(Default::default())));
    assert!(!ordinary.cursors.streams.contains_key(&stream));
    let mut replica = crate::common::Replica::default();
    replica.take(&world.pull(session, Scope::Recovery(Default::default())));
    assert_eq!(replica.cursor(stream).seq, 1);

    let admit = |by: &Signer, members: &[&Signer]| {
        let mut chain = by.chain(agency.id, stream, "enters");
        let members = members.iter().map(|one| one.id()).collect();
        let epoch = epoch.id().into();
        chain.say(&Statement::Admit { epoch, members })
    };
    // Nobody but themselves; and nobody whom the root has not certified.
    let for_another = admit(&restorer, &[&other]);
    let answer = world.push(session, &envelopes(&[for_another]));
    assert_eq!(answer, refused(Refusal::NotFound, 1));
    let theirs = world.sign_in(&agency, &other);
    let answer = world.push(theirs, &envelopes(&[admit(&other, &[&other])]));
    assert_eq!(answer, refused(Refusal::NotFound, 1));
    let answer = world.pull(theirs, Scope::Recovery(Default::default()));
    let refusal = Refusal::Unauthorised;
    assert_eq!(answer, vec![RelayFrame::Refused { refusal }]);
    let answer = world.push(session, &envelopes(&[admit(&restorer, &[&restorer])]));
    assert!(matches!(answer[..], [Outcome::Stored(_)]), "{answer:?}");
    ordinary.take(&world.pull(session, Scope::All(ordinary.cursors.clone())));
    assert_eq!(ordinary.cursor(stream).seq, 2);
}

#[test]
fn frames_out_of_turn_close_the_connection() {
    let mut world = world();
    let agency = world.found("a");
    let pull = ClientFrame::Pull {
        id: 1,
        scope: Scope::Check([0; 8]),
    };
    let old = ClientFrame::Hello {
        protocol: 0,
        agency: agency.id,
        profile: agency.admin.id(),
        signature: vec![0; 64],
    };
    for (frames, refusal) in [
        (vec![pull], Refusal::OutOfTurn),
        (vec![old], Refusal::Version),
        (vec![agency.enroll(None); 9], Refusal::TooMuch),
    ] {
        let session = world.connect();
        let mut last = Vec::new();
        for frame in &frames {
            last = world.ask(session, frame);
        }
        assert_eq!(last, vec![RelayFrame::Refused { refusal }]);
        assert!(world.is_closed(session));
        assert_eq!(world.ask(session, &frames[0]), vec![]);
    }
    let session = world.sign_in(&agency, &agency.admin);
    let twice = hello(world.challenge(session), agency.id, &agency.admin);
    let refusal = Refusal::OutOfTurn;
    assert_eq!(
        world.ask(session, &twice),
        [RelayFrame::Refused { refusal }]
    );
    let session = world.connect();
    let deliveries = world.relay.handle(session, b"\xff\xff", NOW).unwrap();
    assert_eq!(deliveries.len(), 2);
}
