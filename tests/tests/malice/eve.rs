//! The attacker's own keys, and what she must not get.

use satchel_core::{
    api::{Reply, Request},
    grant,
    keys::{Opener, Secret, Signer},
};
use satchel_tests::team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team};
use satchel_wire::{
    Certificate, ChainId, Envelope, EnvelopeId, Header, ProfileId, Role, Roster, StaffId,
    Statement, StreamId, envelope::sha256,
};

/// All five.
pub const ALL: [usize; 5] = [ROSA, PRIYA, ANA, BEN, OTTO];

/// Somebody who runs the relay and belongs to no agency.
pub struct Eve {
    pub signer: Signer,
    pub opener: Opener,
}

impl Eve {
    pub fn new() -> Self {
        Self {
            signer: Signer::from_seed(&Secret([66; 32])).unwrap(),
            opener: Opener::from_seed(&Secret([67; 32])),
        }
    }

    pub fn id(&self) -> ProfileId {
        self.signer.public()
    }

    pub fn certificate(&self, role: Role) -> Certificate {
        Certificate {
            profile: self.id(),
            staff: StaffId([66; 16]),
            role,
            transport: self.id().0,
            hpke: self.opener.public().to_vec(),
        }
    }

    /// A statement of hers.
    pub fn says(&self, team: &mut Team, stream: StreamId, statement: &Statement) -> Vec<u8> {
        let bytes = statement.encode();
        let mut chain = ChainId([0; 16]);
        chain.0.copy_from_slice(&sha256(&[&bytes])[..16]);
        let roster = team.evil().roster();
        let header = Header::control(roster.agency(), stream, ProfileId::ZERO, roster.latest())
            .after(chain, 1, EnvelopeId::ZERO);
        Envelope::sign(header, bytes, self.signer.pair())
            .unwrap()
            .encode()
    }
}

/// The five with a case that all are in, at a relay that is the attacker's from now on.
pub fn at_an_evil_relay() -> (Team, StreamId) {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(NAMES.len());
    team.turn_evil();
    (team, case.parse().unwrap())
}

/// The agency's log.
pub fn log_of(team: &mut Team) -> StreamId {
    Roster::log(team.evil().roster().agency())
}

/// Of all grants that the relay was handed, Eve opens none, and none is hers.
pub fn has_no_key(team: &mut Team, eve: &Eve) {
    let agency = team.evil().roster().agency();
    let streams: Vec<StreamId> = team.evil().logs.keys().copied().collect();
    let mut tried = 0;
    for stream in streams {
        // What she makes of her own statements does not matter: every epoch that was ever stated.
        let commitments: Vec<[u8; 32]> = team
            .evil()
            .controls(stream)
            .iter()
            .filter_map(|one| match Statement::from_envelope(one).ok()? {
                Statement::Epoch { commitment, .. } | Statement::Rotate { commitment, .. } => {
                    Some(commitment)
                }
                _ => None,
            })
            .collect();
        for given in team.evil().grants.iter().filter(|one| one.stream == stream) {
            assert_ne!(given.recipient, eve.id());
            for commitment in &commitments {
                tried += 1;
                assert!(grant::accept(agency, given, commitment, &eve.opener).is_err());
            }
        }
    }
    assert!(tried >= 10, "{tried}");
}

/// The texts of the notes that somebody sees in a case.
pub fn texts(team: &mut Team, place: usize, case: StreamId) -> Vec<String> {
    let view = team.view(place, &case.to_string());
    let sections = view.notes.into_iter().flat_map(|one| one.sections);
    let mut texts: Vec<String> = sections.map(|(_, text)| text).collect();
    texts.sort_unstable();
    texts
}

pub fn write(team: &mut Team, place: usize, case: StreamId, text: &str) {
    let reply = team.ask(place, satchel_tests::wishes::note(&case.to_string(), text));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

/// Profiles that somebody is shown as staff.
pub fn staff(team: &mut Team, place: usize) -> Vec<String> {
    let Reply::Staff { staff, .. } = team.ask(place, Request::Staff) else {
        panic!("no staff")
    };
    staff.into_iter().map(|one| one.profile).collect()
}
