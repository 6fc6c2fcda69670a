//! What is said on a connection, each frame one binary message. Owns the order of a conversation:
//! `Challenge -> Hello -> Welcome`, pulls and pushes after `Hello` in any order, each answered under its
//! number; nobody has to wait for the `Welcome`. `Enroll` may come before `Hello`: it founds an agency or
//! claims an invite.

use std::collections::BTreeMap;

use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    compare::{Compared, Restored},
    cursor::{Checkpoint, Cursor, Cursors, Fingerprint, Mark, Word},
    envelope::WireError,
    ids::{
        AgencyId, EpochId, Incarnation, Millis, Nonce, ProfileId, RelayKey, Seq, SetupToken,
        StreamId,
    },
};

/// The version of this conversation.
pub const PROTOCOL: u16 = 1;
/// A relay fills its frames up to about this many bytes.
pub const FRAME_LEN_TARGET: usize = 256 * 1024;
/// No message is longer, in bytes, in either direction.
pub const FRAME_LEN_MAX: usize = 512 * 1024;
/// The most items in one push.
pub const PUSH_ITEMS_MAX: usize = 256;

/// An epoch's key for one reader, sealed to its X-Wing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The stream.
    pub stream: StreamId,
    /// The epoch of its key.
    pub epoch: EpochId,
    /// A profile, an invite, or SHA-256 of the recovery key.
    pub recipient: ProfileId,
    /// Encapsulated key, then the sealed epoch key.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// What a device hands to a relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// An envelope of any kind.
    Envelope(ByteBuf),
    /// A grant.
    Grant(Grant),
}

/// Which streams a pull is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Everything that I may read; I stand where the fingerprint of this mark says.
    Check(Mark),
    /// Everything that I may read, after these cursors.
    All(Cursors),
    /// Only the streams named here, after these cursors.
    Only(Cursors),
    /// All streams of the agency and the grants to its recovery key, after these cursors: for an admin
    /// whom the root has certified, who restores the agency.
    Recovery(Cursors),
}

/// Device to relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientFrame {
    /// Found an agency (with the relay's set-up token) or claim an invite: control envelopes whose
    /// authority is in themselves.
    Enroll {
        /// The agency.
        agency: AgencyId,
        /// Needed to found.
        setup: Option<SetupToken>,
        /// Control envelopes.
        items: Vec<ByteBuf>,
    },
    /// Who is there, and the proof; what is asked next may follow at once.
    Hello {
        /// [`PROTOCOL`].
        protocol: u16,
        /// The agency.
        agency: AgencyId,
        /// The profile.
        profile: ProfileId,
        /// The transport key's over [`auth_message`], 64 bytes.
        #[serde(with = "serde_bytes")]
        signature: Vec<u8>,
    },
    /// Send me what is new. Answered by `Stale`, or by any number of `Items` and a `Checkpoint`.
    Pull {
        /// Number of the answer.
        id: u32,
        /// What about.
        scope: Scope,
    },
    /// Keep these. Answered by `Pushed` once they are on disk.
    Push {
        /// Number of the answer.
        id: u32,
        /// In order; at most [`PUSH_ITEMS_MAX`].
        items: Vec<Item>,
    },
    /// You once signed that I stand here, and do not hold it any more. Answered by `Witnessed`.
    Witness {
        /// Number of the answer.
        id: u32,
        /// The relay's word.
        checkpoint: Checkpoint,
        /// What its fingerprint is over.
        cursors: Cursors,
    },
    /// What do you hold of these streams? Answered by any number of `Compared`.
    Compare {
        /// Number of the answer.
        id: u32,
        /// By stream [`crate::compare::ends_hash`] of what is here; at most
        /// [`crate::compare::COMPARE_STREAMS_MAX`].
        streams: BTreeMap<StreamId, Fingerprint>,
    },
    /// You have lost these, whoever wrote them. Answered by `Pushed` once they are on disk.
    HandBack {
        /// Number of the answer.
        id: u32,
        /// Envelopes, in order; at most [`PUSH_ITEMS_MAX`].
        items: Vec<ByteBuf>,
    },
}

/// A stretch of one stream's log, or its registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The stream.
    pub stream: StreamId,
    /// The envelopes are numbers `after + 1`, `after + 2`, …
    pub after: Seq,
    /// Relay's time of receipt and bytes of each envelope.
    pub envelopes: Vec<(Millis, ByteBuf)>,
    /// Register envelopes written since the asker's cursor.
    pub registers: Vec<ByteBuf>,
    /// The cursor's `registers` once these are stored; present on a stream's last run of a pull.
    pub registers_at: Option<u64>,
}

/// A stream that the asker was in and has been taken out of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The stream.
    pub stream: StreamId,
    /// Its control envelopes since the asker's cursor: a tablet lets go of a case on a signed word,
    /// never on the relay's.
    pub statements: Vec<ByteBuf>,
}

/// What became of one pushed item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// On disk at this place (now, or already before).
    Stored(Cursor),
    /// A grant, or what has no place for its author, is on disk.
    Kept,
    /// Not taken.
    Refused(Refusal),
    /// A register is on disk, as the stream's so-manieth.
    Counted(u64),
}

/// Why a relay will not. A stable code: what it tells a person is the app's to word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Not known, or not yours: the two look the same.
    #[error("not known here, or not open to this profile")]
    NotFound,
    /// Bytes that are not what they should be.
    #[error("not readable as what it should be")]
    Malformed,
    /// Its signature or statement does not hold.
    #[error("signature or authority does not hold")]
    Unauthorised,
    /// The chain has not got that far: the predecessor is missing.
    #[error("the envelope before this one is missing")]
    Gap,
    /// Another envelope stands at this place of the chain.
    #[error("another envelope stands at this place of its chain")]
    Fork,
    /// The invite's time is over.
    #[error("this invite has expired")]
    Expired,
    /// This app or this relay is too old.
    #[error("protocol version not spoken here")]
    Version,
    /// Too much at once.
    #[error("over a limit of this relay")]
    TooMuch,
    /// The device's cursor is ahead of the relay: the relay has lost data.
    #[error("the relay knows less than it once did")]
    Behind,
    /// The relay cannot store now.
    #[error("the relay cannot store at the moment")]
    Unavailable,
    /// A frame that does not fit at this point of the conversation.
    #[error("not at this point of the conversation")]
    OutOfTurn,
}

/// Relay to device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayFrame {
    /// The first word on every connection: sign this.
    Challenge {
        /// The relay's key.
        relay: RelayKey,
        /// Which memory of the relay.
        incarnation: Incarnation,
        /// Fresh for this connection.
        nonce: Nonce,
    },
    /// Answer to `Hello`: you are who you say.
    Welcome,
    /// Answer to `Enroll`: what became of each envelope.
    Enrolled {
        /// In the order of the request.
        outcomes: Vec<Outcome>,
    },
    /// Answer to `Scope::Check` when the relay does not know that place: ask with cursors.
    Stale {
        /// Of the pull.
        id: u32,
    },
    /// A part of the answer to a pull.
    Items {
        /// Of the pull.
        id: u32,
        /// Stretches of streams; the agency's log first.
        runs: Vec<Run>,
        /// One's own grants with the relay's number of each.
        grants: Vec<(u64, Grant)>,
        /// Streams that are no longer the asker's.
        closed: Vec<Closed>,
    },
    /// The end of the answer to a pull.
    Checkpoint {
        /// Of the pull.
        id: u32,
        /// Where the device stands now.
        checkpoint: Word,
    },
    /// Answer to `Push`.
    Pushed {
        /// Of the push.
        id: u32,
        /// In the order of the items.
        outcomes: Vec<Outcome>,
    },
    /// Something new in these streams: pull when it suits.
    Hint {
        /// The streams.
        streams: Vec<StreamId>,
    },
    /// The connection or the frame is refused; the relay closes after it.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// Answer to `Witness`.
    Witnessed {
        /// Of the question.
        id: u32,
        /// The relay has lost what it signed, and has taken a new incarnation: come again.
        renewed: bool,
    },
    /// Answer to `Compare`, or a part of it.
    Compared {
        /// Of the question.
        id: u32,
        /// In the order of the streams.
        streams: Vec<Compared>,
        /// No part follows.
        is_last: bool,
        /// When this relay was last restored, if it ever was; in the last part.
        restored: Option<Restored>,
    },
}

macro_rules! frame_codec {
    ($frame:ty) => {
        impl $frame {
            /// The frame as it travels.
            pub fn encode(&self) -> Vec<u8> {
                postcard::to_stdvec(self).unwrap_or_default()
            }

            /// Reads a frame.
            ///
            /// # Errors
            /// [`WireError`] when it is longer than [`FRAME_LEN_MAX`] or not exactly one frame.
            pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
                if bytes.len() > FRAME_LEN_MAX {
                    return Err(WireError::Length);
                }
                match postcard::take_from_bytes(bytes) {
                    Ok((frame, [])) => Ok(frame),
                    Ok(_) => Err(WireError::Length),
                    Err(_) => Err(WireError::Malformed),
                }
            }
        }
    };
}
frame_codec!(ClientFrame);
frame_codec!(RelayFrame);

/// What a transport key signs to authenticate one connection to one relay.
pub fn auth_message(
    relay: RelayKey,
    agency: AgencyId,
    profile: ProfileId,
    nonce: Nonce,
) -> Vec<u8> {
    let mut bytes = b"satchel/auth/1".to_vec();
    bytes.extend_from_slice(relay.as_bytes());
    bytes.extend_from_slice(agency.as_bytes());
    bytes.extend_from_slice(profile.as_bytes());
    bytes.extend_from_slice(nonce.as_bytes());
    bytes
}

/// Whether `signature` over `message` is by the Ed25519 key `key`.
pub fn signed_by(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, key)
        .verify(message, signature)
        .is_ok()
}
