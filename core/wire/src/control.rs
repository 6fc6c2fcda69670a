//! The statements of the control plane: public, signed, small. What each may do is decided in
//! [`crate::roster`] and [`crate::stream`], by the same code on relay and devices.

use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    envelope::{Kind, Verified},
    ids::{AgencyId, ChainId, EnvelopeId, EpochId, Millis, ProfileId, RelayKey, StaffId},
};

/// What a member of the agency may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything it is let into, writes access entries only.
    Auditor,
    /// Keeps cases.
    Worker,
    /// Certifies workers; decides who works on a case.
    Supervisor,
    /// Certifies everyone; runs the agency.
    Admin,
}

impl Role {
    /// Whether a member of this role may certify or invite one of role `other`.
    pub fn may_certify(self, other: Role) -> bool {
        match self {
            Role::Admin => true,
            Role::Supervisor => other == Role::Worker,
            Role::Worker | Role::Auditor => false,
        }
    }

    /// Whether this role adds to what it is let into.
    pub fn writes(self) -> bool {
        self != Role::Auditor
    }

    /// Whether this role decides who reads a stream.
    pub fn leads(self) -> bool {
        matches!(self, Role::Supervisor | Role::Admin)
    }
}

/// What binds a profile's keys to a person and a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The verifying key of the profile.
    pub profile: ProfileId,
    /// Whose profile it is.
    pub staff: StaffId,
    /// What it may do.
    pub role: Role,
    /// Ed25519 key with which its tablet authenticates to a relay, even while locked.
    pub transport: [u8; 32],
    /// X-Wing public key to which stream keys are granted.
    #[serde(with = "serde_bytes")]
    pub hpke: Vec<u8>,
}

/// Permission for whoever holds the seed of `key` to claim one profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Verifying key of the invite's own pair.
    pub key: ProfileId,
    /// X-Wing public key of the same seed: grants to it reach whoever claims.
    #[serde(with = "serde_bytes")]
    pub hpke: Vec<u8>,
    /// Who is invited.
    pub staff: StaffId,
    /// As what.
    pub role: Role,
    /// After this time, by the relay's clock, no claim is taken.
    pub expires_at: Millis,
}

/// A new tablet's own keys, claimed with an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Staff and role as the invite says, keys of the new tablet.
    pub certificate: Certificate,
    /// The new profile's signature: it holds the keys that it claims for.
    #[serde(with = "serde_bytes")]
    proof: Vec<u8>,
}

impl Claim {
    /// Claims for `certificate`, whose profile is `key`, under the invite with the key `invite`.
    pub fn new(
        agency: AgencyId,
        invite: ProfileId,
        certificate: Certificate,
        key: &Ed25519KeyPair,
    ) -> Self {
        let proof = key
            .sign(&Self::signed(agency, invite, &certificate))
            .as_ref()
            .to_vec();
        Self { certificate, proof }
    }

    /// Whether the claimed profile itself signed this claim.
    pub fn proven(&self, agency: AgencyId, invite: ProfileId) -> bool {
        UnparsedPublicKey::new(&ED25519, self.certificate.profile.as_bytes())
            .verify(
                &Self::signed(agency, invite, &self.certificate),
                &self.proof,
            )
            .is_ok()
    }

    fn signed(agency: AgencyId, invite: ProfileId, certificate: &Certificate) -> Vec<u8> {
        let mut bytes = b"satchel/claim/1".to_vec();
        bytes.extend_from_slice(agency.as_bytes());
        bytes.extend_from_slice(invite.as_bytes());
        bytes.extend(postcard::to_stdvec(certificate).unwrap_or_default());
        bytes
    }
}

/// How far a chain had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reached {
    /// The chain.
    pub chain: ChainId,
    /// Number of its last envelope.
    pub n: u64,
    /// That envelope.
    pub id: EnvelopeId,
}

/// The body of a control envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Statement {
    /// Agency log, by the root, its first: the agency exists.
    Found {
        /// Relays whose checkpoints count.
        relays: Vec<RelayKey>,
        /// X-Wing public key to which every stream key is granted besides its members.
        #[serde(with = "serde_bytes")]
        recovery: Vec<u8>,
    },
    /// Agency log, by a certifier.
    Certify(Certificate),
    /// Agency log, by a certifier.
    Invite(Invite),
    /// Agency log, by an invite's key.
    Claim(Claim),
    /// A stream's first: its key exists and these may read and write.
    Epoch {
        /// Binds the stream's id to its creator, see [`crate::stream::stream_id`].
        nonce: [u8; 16],
        /// Profiles and open invites.
        members: Vec<ProfileId>,
        /// Commitment to the epoch key.
        commitment: [u8; 32],
    },
    /// More readers and writers of an epoch.
    Admit {
        /// The epoch.
        epoch: EpochId,
        /// Profiles and open invites.
        members: Vec<ProfileId>,
    },
    /// Agency log, by a certifier of the key's role: nothing more of this key counts, a profile's or
    /// an invite's. For ever: whoever comes back comes with new keys.
    Revoke {
        /// The profile or invite.
        key: ProfileId,
        /// Statements of that key in the agency's log that stand all the same, in rising order.
        stands: Vec<EnvelopeId>,
    },
    /// A new key for a stream, after a removal or to bring several keys together.
    Rotate {
        /// The epochs that it follows: all that its author saw no other follow.
        parents: Vec<EpochId>,
        /// Who holds the new key.
        members: Vec<ProfileId>,
        /// Who is taken out, and is to stay out whoever let them in at the same time.
        removed: Vec<ProfileId>,
        /// How far work of the removed counts, in rising order: of each of their chains the last
        /// envelope that its author had.
        frontier: Vec<Reached>,
        /// Commitment to the epoch key.
        commitment: [u8; 32],
        /// Each parent's key under the new one, so that newcomers read what was before.
        keys: Vec<ByteBuf>,
    },
    /// By one who leads: whether late work of somebody who was taken out counts.
    Rule {
        /// The chain and how far of it is judged.
        upto: Reached,
        /// Whether it counts.
        stands: bool,
        /// Earlier rulings of this chain that this one replaces, in rising order. Of those that
        /// nobody replaced, one that says no is enough.
        over: Vec<EnvelopeId>,
    },
    /// Agency log, by one who leads: where the access log goes, and the key that it is sealed to.
    Audit {
        /// Who began the audit stream, see [`crate::stream::audit_stream`].
        creator: ProfileId,
        /// The epoch whose key opens what is sealed to `key`.
        epoch: EpochId,
        /// X-Wing public key that follows from the epoch's.
        #[serde(with = "serde_bytes")]
        key: Vec<u8>,
        /// Earlier statements of this kind that this one replaces, in rising order.
        over: Vec<EnvelopeId>,
    },
}

/// Why a statement does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// The body is not a statement of this version, or not in its one encoding.
    #[error("a control envelope holds no statement this app knows: update the app")]
    Malformed,
    /// A statement of another agency or of another log.
    #[error("a statement stands in a log where it does not belong")]
    WrongLog,
    /// Its author is not certified, as far as is known.
    #[error("a statement's author is not known to the agency")]
    UnknownAuthor,
    /// It names a member who is not known.
    #[error("a statement names somebody who is not known to the agency")]
    UnknownMember,
    /// Its author's role does not allow it.
    #[error("a statement's author has no right to make it")]
    Forbidden,
    /// A claim without an invite, or that differs from it, or is not signed by the claimed key.
    #[error("a claim does not fit its invite")]
    BadClaim,
    /// The agency or the stream has begun already.
    #[error("a second beginning of the same log")]
    BegunAlready,
    /// Its author has been taken out, and it is not among the acts that stand.
    #[error("a statement's author has been taken out")]
    Revoked,
    /// It names an epoch that the stream does not have.
    #[error("a statement names an epoch that is not known")]
    UnknownEpoch,
}

impl Statement {
    /// The body's bytes.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// The statement in a control envelope.
    ///
    /// # Errors
    /// [`ControlError::Malformed`] when the envelope is of another kind or its body does not encode
    /// back to the same bytes.
    pub fn from_envelope(envelope: &Verified) -> Result<Self, ControlError> {
        if envelope.header().kind != Kind::Control {
            return Err(ControlError::Malformed);
        }
        let statement: Self =
            postcard::from_bytes(envelope.body()).map_err(|_| ControlError::Malformed)?;
        if statement.encode() == envelope.body() {
            Ok(statement)
        } else {
            Err(ControlError::Malformed)
        }
    }
}
