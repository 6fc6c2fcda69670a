//! Taking a file in, piece by piece, each piece in one store: breaking off loses nothing, and doing it
//! again goes on. What may be read here goes into the logs by the checks that a relay's words go
//! through; the rest waits, sealed as it is, to be carried to the relay.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{
    Envelope, EnvelopeId, Grant, Item, ProfileId, Run, StreamId, Verified,
    bundle::{BundleError, Maker, Part, Reader, Stretch, grant_tag},
};
use serde_bytes::ByteBuf;

use super::{PIECE_LEN_MAX, Peer, bad, carried_grants, keep_peer, said};
use crate::{
    api::{BundleProblem, BundleSaid, BundleTaken, Failure, Reply},
    engine::{
        Engine,
        cx::Cx,
        intake::{Taken, take},
        keyspace,
        registers::take_registers,
        replica::{Replica, encode},
    },
};

/// The most that is carried for others at a time, in bytes.
const CARRIED_LEN_MAX: usize = 32 * 1024 * 1024;

/// A file on its way in.
pub(in crate::engine) struct Taking {
    reader: Reader,
    taken: BundleTaken,
    cases: BTreeSet<StreamId>,
    /// What of the outbox is carried already.
    carried: BTreeSet<EnvelopeId>,
    grants: BTreeSet<(StreamId, [u8; 8])>,
    carried_len: usize,
}

/// What one piece brought into the logs.
#[derive(Default)]
struct Fresh {
    changes: BTreeMap<StreamId, Vec<(u32, Verified)>>,
    registers: Vec<Vec<u8>>,
    stated: BTreeSet<StreamId>,
}

impl Taking {
    fn new(replica: &Replica) -> Self {
        let envelopes = replica.outbox.values().filter_map(|out| match &out.item {
            Item::Envelope(bytes) => Some(bytes),
            Item::Grant(_) => None,
        });
        let mut carried = BTreeSet::new();
        let mut carried_len = 0;
        for bytes in envelopes {
            let verified = Envelope::decode(bytes).and_then(Envelope::verify);
            carried.extend(verified.ok().map(|envelope| envelope.id()));
            carried_len += bytes.len();
        }
        Self {
            reader: Reader::default(),
            taken: BundleTaken::default(),
            cases: BTreeSet::new(),
            carried,
            grants: carried_grants(replica),
            carried_len,
        }
    }
}

impl Engine {
    pub(super) fn take_bundle(
        &mut self,
        cx: &mut Cx,
        piece: &[u8],
        start: bool,
        end: bool,
    ) -> Result<Reply, Failure> {
        if piece.len() > PIECE_LEN_MAX {
            return Err(bad(BundleProblem::TooLong));
        }
        let replica = self.replica.as_mut().ok_or(Failure::WrongMoment)?;
        let looking = self.bundles.looking.as_ref().ok_or(Failure::WrongMoment)?;
        let readable = looking.readable.as_ref().ok_or(Failure::WrongMoment)?;
        if start {
            self.bundles.taking = Some(Taking::new(replica));
        }
        let taking = self.bundles.taking.as_mut().ok_or(Failure::WrongMoment)?;
        taking.reader.feed(piece);
        if end {
            taking.reader.finish();
        }
        let mut fresh = Fresh::default();
        let mut failure = None;
        while let Some(found) = taking.reader.take() {
            let done = match found {
                Ok(found) if Some(found.bundle) == looking.bundle => {
                    taking.part(replica, cx, readable, found.part, &mut fresh)
                }
                Err(BundleError::TooDamaged) => Err(bad(BundleProblem::NotOne)),
                Ok(_) | Err(_) => {
                    taking.taken.damaged += 1;
                    Ok(())
                }
            };
            if let Err(why) = done {
                failure = Some(why);
                break;
            }
        }
        let mut answer = BundleSaid::Going;
        if end && failure.is_none() {
            let mut taken = taking.taken;
            taken.cases = taking.cases.len() as u32;
            answer = BundleSaid::Taken { taken };
            if let Some(head) = &looking.head {
                let peer = Peer {
                    maker: head.maker,
                    made_at: head.at,
                    held: looking.held.clone(),
                };
                let own = Maker::Tablet(replica.profile.profile);
                if peer.maker != own {
                    keep_peer(replica, cx, peer);
                }
            }
            self.bundles.taking = None;
            self.bundles.looking = None;
        }
        if failure.is_some() {
            self.bundles.taking = None;
        }
        // Also of what came before a failure: it is in the logs.
        self.taken_in(cx, fresh.changes, fresh.registers, fresh.stated);
        failure.map_or_else(|| Ok(said(answer)), Err)
    }
}

impl Taking {
    fn part(
        &mut self,
        replica: &mut Replica,
        cx: &mut Cx,
        readable: &BTreeSet<StreamId>,
        part: Part,
        fresh: &mut Fresh,
    ) -> Result<(), Failure> {
        match part {
            Part::Stretch(stretch) if readable.contains(&stretch.stream) => {
                self.stretch(replica, cx, stretch, fresh);
            }
            Part::Stretch(stretch) => {
                let registers = stretch.registers.into_iter();
                let envelopes = stretch.envelopes.into_iter().map(|(_, bytes)| bytes);
                for bytes in envelopes.chain(registers) {
                    self.carry(replica, cx, bytes)?;
                }
            }
            Part::Grants(grants) => {
                for grant in grants {
                    self.grant(replica, cx, grant)?;
                }
            }
            Part::Head(_) | Part::Held(_) | Part::Close(_) => {}
        }
        Ok(())
    }

    /// Of a stream that may be read here.
    fn stretch(&mut self, replica: &mut Replica, cx: &mut Cx, stretch: Stretch, fresh: &mut Fresh) {
        let stream = stretch.stream;
        for (_, bytes) in &stretch.envelopes {
            let Ok(envelope) = Envelope::decode(bytes).and_then(Envelope::verify) else {
                self.taken.refused += 1;
                continue;
            };
            let header = envelope.header();
            let end = |replica: &Replica| {
                let known = replica.streams.get(&stream);
                let tip = known.and_then(|known| known.meta.chains.get(&header.chain));
                tip.map_or(0, |tip| tip.head.n)
            };
            let before = end(replica);
            let verdict = take(replica, cx, stream, &envelope);
            let is_fresh = end(replica) > before;
            let (n, id) = (header.n, envelope.id());
            match verdict {
                Taken::Gap => self.taken.waiting += 1,
                Taken::Control => {
                    fresh.stated.insert(stream);
                }
                Taken::Change(index) => {
                    let changes = fresh.changes.entry(stream).or_default();
                    changes.push((index, envelope));
                }
                Taken::Nothing if !is_fresh && n > before => self.taken.refused += 1,
                Taken::Nothing => {}
            }
            if is_fresh {
                self.taken.fresh += 1;
                // Whoever brings it: the relay may not have it.
                if self.carried.insert(id) {
                    replica.post(cx, Item::Envelope(bytes.clone()), None);
                }
                let agencys = stream == replica.log || stream == replica.profile.directory;
                if !agencys && !replica.roster.is_audit(stream) {
                    self.cases.insert(stream);
                }
            }
        }
        let run = Run {
            stream,
            after: 0,
            envelopes: Vec::new(),
            registers: stretch.registers,
            registers_at: None,
        };
        fresh.registers.extend(take_registers(replica, cx, run));
    }

    fn grant(&mut self, replica: &mut Replica, cx: &mut Cx, grant: Grant) -> Result<(), Failure> {
        let tag = grant_tag(grant.stream, grant.epoch, grant.recipient);
        let mine: Vec<ProfileId> = replica.roster.aliases(replica.profile.profile).collect();
        if mine.contains(&grant.recipient) {
            let name = keyspace::grant(grant.stream, grant.epoch, grant.recipient);
            cx.put(name, encode(&grant));
            replica.wait_for(grant);
        } else if self.grants.insert((grant.stream, tag)) {
            self.room(grant.sealed.len())?;
            replica.post(cx, Item::Grant(grant), None);
        }
        Ok(())
    }

    /// Of a stream that is none of ours: sealed as it is, on to the relay.
    fn carry(&mut self, replica: &mut Replica, cx: &mut Cx, bytes: ByteBuf) -> Result<(), Failure> {
        let Ok(envelope) = Envelope::decode(&bytes).and_then(Envelope::verify) else {
            self.taken.refused += 1;
            return Ok(());
        };
        if envelope.header().agency != replica.profile.agency {
            self.taken.refused += 1;
        } else if self.carried.insert(envelope.id()) {
            self.room(bytes.len())?;
            replica.post(cx, Item::Envelope(bytes), None);
        }
        Ok(())
    }

    fn room(&mut self, len: usize) -> Result<(), Failure> {
        self.carried_len += len;
        if self.carried_len > CARRIED_LEN_MAX {
            return Err(bad(BundleProblem::Full));
        }
        self.taken.carried += 1;
        Ok(())
    }
}
