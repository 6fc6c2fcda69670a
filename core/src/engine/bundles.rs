//! Files that travel on a stick: made of what is here, and taken in like what a relay hands over. Owns
//! the invariant that such a file tells nothing that a relay may not know; what it brings is checked
//! like everything else, and cursors, which are the relay's, are left alone.

mod look;
mod make;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use satchel_wire::{
    Envelope, Item, Kind, Millis, ProfileId, StreamId,
    bundle::{BundleError, Held, Maker, grant_tag},
    control::Reached,
};
use serde::{Deserialize, Serialize};

use crate::{
    api::{BundleAsk, BundleProblem, BundleSaid, Failure, PeerView, Reply},
    engine::{
        Engine,
        cx::Cx,
        desk::Desk,
        keyspace,
        replica::{Replica, encode},
    },
};

/// The longest piece of a file, in bytes.
const PIECE_LEN_MAX: usize = 1024 * 1024;
/// The most makers whose last word is kept; the oldest goes first.
const PEERS_MAX: usize = 16;

/// What of files is under way.
#[derive(Default)]
pub(super) struct Bundles {
    making: Option<make::Making>,
    looking: Option<look::Looking>,
    taking: Option<take::Taking>,
}

/// What somebody told to hold in the last file of theirs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Peer {
    pub maker: Maker,
    pub made_at: Millis,
    pub held: Vec<(StreamId, Held)>,
}

fn bad(problem: BundleProblem) -> Failure {
    Failure::BadBundle { problem }
}

fn failure_of(error: BundleError) -> Failure {
    bad(match error {
        BundleError::TooLong => BundleProblem::TooLong,
        BundleError::Version(_) => BundleProblem::Newer,
        BundleError::Damaged | BundleError::TooDamaged | BundleError::Malformed => {
            BundleProblem::NotOne
        }
    })
}

/// How a maker is named to views and on the disk.
fn name(maker: &Maker) -> String {
    HEXLOWER.encode(&encode(maker))
}

fn said(said: BundleSaid) -> Reply {
    Reply::Bundle { said }
}

impl Engine {
    /// `None`: the answer follows when the disk has answered.
    pub(super) fn bundle(
        &mut self,
        cx: &mut Cx,
        id: u32,
        ask: BundleAsk,
    ) -> Result<Option<Reply>, Failure> {
        match ask {
            BundleAsk::Peers => self.peers().map(Some),
            BundleAsk::Make { case, peer } => self.make_bundle(cx, &case, &peer).map(Some),
            BundleAsk::More => self.more_of_bundle(cx, id),
            BundleAsk::Look { piece, start, end } => {
                self.look_at_bundle(&piece, start, end).map(Some)
            }
            BundleAsk::Take { piece, start, end } => {
                self.take_bundle(cx, &piece, start, end).map(Some)
            }
        }
    }

    fn peers(&self) -> Result<Reply, Failure> {
        let (replica, _) = self.parts()?;
        let mut peers: Vec<PeerView> = replica
            .peers
            .values()
            .map(|peer| PeerView {
                peer: name(&peer.maker),
                name: match peer.maker {
                    Maker::Tablet(profile) => self.name_of(profile),
                    Maker::Relay { .. } => String::new(),
                },
                made_at: peer.made_at,
            })
            .collect();
        peers.sort_by_key(|peer| std::cmp::Reverse(peer.made_at));
        Ok(said(BundleSaid::Peers { peers }))
    }
}

/// Keeps what somebody told to hold, unless a later word of theirs is here.
fn keep_peer(replica: &mut Replica, cx: &mut Cx, peer: Peer) {
    let known = replica.peers.get(&peer.maker);
    if known.is_some_and(|known| known.made_at > peer.made_at) {
        return;
    }
    cx.put(keyspace::peer(&name(&peer.maker)), encode(&peer));
    replica.peers.insert(peer.maker, peer);
    while replica.peers.len() > PEERS_MAX {
        let oldest = replica.peers.values().min_by_key(|peer| peer.made_at);
        let Some(oldest) = oldest.map(|peer| peer.maker) else {
            return;
        };
        replica.peers.remove(&oldest);
        cx.delete(keyspace::peer(&name(&oldest)));
    }
}

/// What is here of one stream.
fn held(replica: &Replica, desk: &Desk, id: StreamId) -> Held {
    let mut held = Held::default();
    let Some(stream) = replica.streams.get(&id) else {
        return held;
    };
    for (chain, tip) in &stream.meta.chains {
        let end = Reached {
            chain: *chain,
            n: tip.head.n,
            id: tip.head.id,
        };
        match held
            .ends
            .iter_mut()
            .find(|(author, _)| *author == tip.author)
        {
            Some((_, ends)) => ends.push(end),
            None => held.ends.push((tip.author, vec![end])),
        }
    }
    let registers = stream.meta.registers.iter();
    held.registers = registers
        .map(|((author, slot), counter)| (*author, *slot, *counter))
        .collect();
    let mine: Vec<ProfileId> = replica.roster.aliases(replica.profile.profile).collect();
    let keys = desk.keys.keys().filter(|(of, _)| *of == id);
    let opened = keys.flat_map(|(_, epoch)| mine.iter().map(|name| grant_tag(id, *epoch, *name)));
    let waiting = carried_grants(replica).into_iter();
    let waiting = waiting.filter(|(of, _)| *of == id).map(|(_, tag)| tag);
    let tags: BTreeSet<[u8; 8]> = opened.chain(waiting).collect();
    held.grants = tags.into_iter().collect();
    held
}

/// What is here of all streams, and of what is carried for others.
fn all_held(replica: &Replica, desk: &Desk) -> BTreeMap<StreamId, Held> {
    let streams = replica.streams.keys();
    let mut all: BTreeMap<StreamId, Held> =
        streams.map(|id| (*id, held(replica, desk, *id))).collect();
    for out in replica.outbox.values() {
        let Item::Envelope(bytes) = &out.item else {
            continue;
        };
        let Ok(Ok(envelope)) = Envelope::decode(bytes).map(Envelope::verify) else {
            continue;
        };
        let header = envelope.header();
        let held = all.entry(header.stream).or_default();
        if header.kind == Kind::Register {
            held.registers.push((header.author, header.chain, header.n));
            continue;
        }
        let end = Reached {
            chain: header.chain,
            n: header.n,
            id: envelope.id(),
        };
        let of = held.ends.iter_mut().find(|(of, _)| *of == header.author);
        match of {
            Some((_, ends)) => match ends.iter_mut().find(|one| one.chain == end.chain) {
                Some(known) if known.n < end.n => *known = end,
                Some(_) => {}
                None => ends.push(end),
            },
            None => held.ends.push((header.author, vec![end])),
        }
    }
    all
}

/// Grants on their way to the relay.
fn carried_grants(replica: &Replica) -> BTreeSet<(StreamId, [u8; 8])> {
    let outbox = replica.outbox.values();
    let grants = outbox.filter_map(|out| match &out.item {
        Item::Grant(grant) => Some(grant),
        Item::Envelope(_) => None,
    });
    grants
        .map(|one| (one.stream, grant_tag(one.stream, one.epoch, one.recipient)))
        .collect()
}
