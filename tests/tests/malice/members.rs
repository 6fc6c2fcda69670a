//! A member who works with the relay against her colleagues, and one whose key is revoked and who
//! goes on: what they may not do to anybody's work or readers.

use satchel_core::{
    api::{Reply, Request, RoleName},
    body::{self, ChangeBody, Packed},
    grant,
    keys::{Opener, Secret, Signer, invite_keys, random},
    link::InviteLink,
    rng::Seeded,
    seal,
};
use satchel_tests::team::{ANA, BEN, NAMES, PRIYA, ROSA, Team};
use satchel_wire::{
    Certificate, ChainId, Claim, Envelope, EnvelopeId, EpochId, Header, Kind, Millis, ProfileId,
    Statement, StreamId,
};
use serde_bytes::ByteBuf;

use crate::eve::{ALL, at_an_evil_relay, log_of, texts, write};

/// Mallory, who is one of the agency and whose keys we hold.
struct Mallory {
    signer: Signer,
    /// Opens what her invite was let into.
    opener: Opener,
    invite: Signer,
    rng: Seeded,
}

impl Mallory {
    fn joins(team: &mut Team, role: RoleName) -> Self {
        let mut rng = Seeded::new(31);
        let request = Request::Invite {
            name: "Mallory".into(),
            role,
            share_cases: true,
        };
        let Reply::Invited { link, .. } = team.ask(ROSA, request) else {
            panic!("no invite")
        };
        let (_, link) = InviteLink::parse(&link).unwrap();
        let (invite, opener) = invite_keys(&link.seed).unwrap();
        let signer = Signer::from_seed(&Secret(random(&mut rng))).unwrap();
        let own = Opener::from_seed(&Secret(random(&mut rng)));
        let certificate = Certificate {
            profile: signer.public(),
            staff: link.staff,
            role: link.role,
            transport: signer.public().0,
            hpke: own.public().to_vec(),
        };
        let claim = Claim::new(link.agency, invite.public(), certificate, signer.pair());
        team.go_on(&ALL, 60_000);
        let mallory = Self {
            signer,
            opener,
            invite,
            rng,
        };
        let log = log_of(team);
        let claim = Statement::Claim(claim);
        mallory.states(team, log, &claim, &mallory.invite, link.roster);
        team.go_on(&ALL, 120_000);
        mallory
    }

    fn states(
        &self,
        team: &mut Team,
        stream: StreamId,
        statement: &Statement,
        by: &Signer,
        roster: EnvelopeId,
    ) -> EnvelopeId {
        let agency = team.evil().roster().agency();
        let mut chain = ChainId([0; 16]);
        let hash = satchel_wire::envelope::sha256(&[&statement.encode()]);
        chain.0.copy_from_slice(&hash[..16]);
        let header = Header::control(agency, stream, ProfileId::ZERO, roster);
        let header = header.after(chain, 1, EnvelopeId::ZERO);
        let said = Envelope::sign(header, statement.encode(), by.pair()).unwrap();
        let log = team.evil().logs.get_mut(&stream).unwrap();
        log.push(said.encode());
        said.id()
    }

    /// The newest key of a stream that she was given.
    fn key(&self, team: &mut Team, stream: StreamId) -> (EpochId, Secret) {
        let agency = team.evil().roster().agency();
        let epochs = team.evil().epochs(stream);
        let grants = team.evil().grants.iter().rev();
        let opened = grants.filter(|one| one.stream == stream).find_map(|given| {
            let commitment = epochs.epoch(given.epoch)?.commitment;
            let key = grant::accept(agency, given, &commitment, &self.opener).ok()?;
            Some((given.epoch, key))
        });
        opened.unwrap()
    }

    /// A change of hers, or of `by`, at any place of any chain.
    fn changes(
        &mut self,
        team: &mut Team,
        stream: StreamId,
        (chain, n, prev): (ChainId, u64, EnvelopeId),
        is_invite: bool,
    ) -> Vec<u8> {
        let (epoch, key) = self.key(team, stream);
        let roster = team.evil().roster();
        let header = Header::control(roster.agency(), stream, ProfileId::ZERO, roster.latest());
        let mut header = header.after(chain, n, prev);
        header.kind = Kind::Change;
        let body = body::encode(&ChangeBody {
            parents: Vec::new(),
            cursor: None,
            at: Millis(1),
            changes: Packed::Plain(b"whatever".to_vec()),
        });
        let by = if is_invite {
            &self.invite
        } else {
            &self.signer
        };
        seal::seal(header, epoch, &key, &body, by, &mut self.rng)
            .unwrap()
            .encode()
    }
}

/// The last place of somebody's chain in a case.
fn last_of(team: &mut Team, case: StreamId, author: ProfileId) -> (ChainId, u64, EnvelopeId) {
    let log = team.evil().logs[&case].iter().rev();
    let mut read = log.map(|bytes| Envelope::decode(bytes).and_then(Envelope::verify).unwrap());
    let last = read.find(|one| one.header().kind == Kind::Change && one.header().author == author);
    let last = last.unwrap();
    (last.header().chain, last.header().n, last.id())
}

#[test]
fn nobody_goes_on_with_anothers_chain_and_an_invites_key_writes_nothing() {
    let (mut team, case) = at_an_evil_relay();
    let mut mallory = Mallory::joins(&mut team, RoleName::Worker);
    write(&mut team, ANA, case, "one");
    team.go_on(&ALL, 60_000);
    let ana: ProfileId = team.member(ANA).profile.parse().unwrap();
    let (chain, n, id) = last_of(&mut team, case, ana);
    for (place, is_invite) in [
        ((chain, n + 1, id), false),
        ((chain, n + 1, id), true),
        ((ChainId([8; 16]), 1, EnvelopeId::ZERO), true),
    ] {
        let change = mallory.changes(&mut team, case, place, is_invite);
        team.evil().logs.get_mut(&case).unwrap().push(change);
    }
    team.go_on(&ALL, 60_000);
    for text in ["two", "three"] {
        write(&mut team, ANA, case, text);
        team.go_on(&ALL, 60_000);
    }
    for place in ALL {
        assert_eq!(texts(&mut team, place, case), ["one", "three", "two"]);
    }
}

#[test]
fn a_revoked_key_takes_nobodys_case_away() {
    let (mut team, case) = at_an_evil_relay();
    let mallory = Mallory::joins(&mut team, RoleName::Supervisor);
    write(&mut team, ANA, case, "hers");
    team.go_on(&ALL, 60_000);
    let mine = mallory.signer.public();
    let ana: ProfileId = team.member(ANA).profile.parse().unwrap();
    // Nobody gives the case a new key at once: those who would are out of reach.
    let key = mine.to_string();
    let revoke = team.ask(ROSA, Request::Revoke { key });
    assert_eq!(revoke, Reply::Done);
    let held: std::rc::Rc<std::cell::Cell<bool>> = std::rc::Rc::new(true.into());
    let holds = std::rc::Rc::clone(&held);
    let rosa: ProfileId = team.member(ROSA).profile.parse().unwrap();
    team.evil().shows = Box::new(move |_, stream, mut shown| {
        if stream == case && holds.get() {
            shown.retain(|bytes| {
                let read = Envelope::decode(bytes).and_then(Envelope::verify).unwrap();
                let rotates = matches!(
                    Statement::from_envelope(&read),
                    Ok(Statement::Rotate { .. })
                );
                !rotates || read.header().author != rosa
            });
        }
        shown
    });
    team.go_on(&[ROSA], 30_000);
    let parents: Vec<EpochId> = {
        let (epoch, _) = mallory.key(&mut team, case);
        vec![epoch]
    };
    let rotate = Statement::Rotate {
        // The name under which she was let in.
        members: vec![mallory.invite.public()],
        removed: vec![ana],
        frontier: Vec::new(),
        commitment: [7; 32],
        keys: parents.iter().map(|_| ByteBuf::from(vec![0; 48])).collect(),
        parents,
    };
    let roster = team.evil().roster().latest();
    mallory.states(&mut team, case, &rotate, &mallory.signer, roster);
    let others = [PRIYA, ANA, BEN];
    team.go_on(&others, 200_000);
    assert_eq!(texts(&mut team, ANA, case), ["hers"], "it was erased");
    // Once everything is shown, whoever leads lets her in again, and nothing is lost.
    held.set(false);
    team.evil().incarnation = satchel_wire::Incarnation([8; 16]);
    team.go_on(&ALL, 400_000);
    let view = team.view(PRIYA, &case.to_string());
    if view.team.iter().all(|one| one.name != NAMES[ANA]) {
        let (case, profile) = (case.to_string(), ana.to_string());
        assert_eq!(
            team.ask(
                PRIYA,
                Request::Share {
                    case,
                    profile,
                    purpose: String::new()
                }
            ),
            Reply::Done
        );
        team.go_on(&ALL, 400_000);
    }
    write(&mut team, ANA, case, "again");
    team.go_on(&ALL, 200_000);
    for place in [ROSA, PRIYA, ANA, BEN] {
        assert_eq!(
            texts(&mut team, place, case),
            ["again", "hers"],
            "{}",
            NAMES[place]
        );
    }
}
