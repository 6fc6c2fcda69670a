//! Making a file, stream by stream as the disk hands them over. Owns the invariant that what of ours has
//! gone into a file stays what it is: it may be somewhere else by now.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use satchel_wire::{
    Envelope, Grant, Item, Kind, Millis, ProfileId, StreamId,
    bundle::{Filler, Head, Held, Maker, Part, Writer, grant_tag},
    envelope::sha256,
    roster::InviteState,
};
use serde_bytes::ByteBuf;

use super::{all_held, carried_grants, failure_of, name, said};
use crate::{
    api::{BundleSaid, Failure, Reply},
    engine::{Engine, Load, cx::Cx, desk::Desk, keyspace, replica::Replica},
    grant::grant,
    io::Entry,
    keys::random,
};

/// A file that is being made.
pub(in crate::engine) struct Making {
    writer: Writer,
    filler: Filler,
    theirs: BTreeMap<StreamId, Held>,
    /// For whom, if for somebody in particular.
    to: Option<Maker>,
    todo: VecDeque<StreamId>,
    /// Only these streams; `None`: everything that is here.
    only: Option<BTreeSet<StreamId>>,
}

impl Making {
    fn put(&mut self, out: &mut Vec<u8>, part: Option<Part>) -> Result<(), Failure> {
        if let Some(part) = part {
            out.extend(self.writer.part(&part).map_err(failure_of)?);
        }
        Ok(())
    }

    fn has_grant(&self, stream: StreamId, tag: &[u8; 8]) -> bool {
        let held = self.theirs.get(&stream);
        held.is_some_and(|held| held.grants.contains(tag))
    }

    /// Whether they told to hold an envelope or register.
    fn has(&self, envelope: &Envelope) -> bool {
        let header = envelope.header();
        let Some(held) = self.theirs.get(&header.stream) else {
            return false;
        };
        if header.kind == Kind::Register {
            let mut all = held.registers.iter();
            return all.any(|(author, slot, counter)| {
                (*author, *slot) == (header.author, header.chain) && *counter >= header.n
            });
        }
        let ends = held.ends.iter().find(|(of, _)| *of == header.author);
        let mut ends = ends.into_iter().flat_map(|(_, ends)| ends);
        ends.any(|end| end.chain == header.chain && end.n >= header.n)
    }
}

impl Engine {
    pub(super) fn make_bundle(
        &mut self,
        cx: &mut Cx,
        case: &str,
        peer: &str,
    ) -> Result<Reply, Failure> {
        let case = match case {
            "" => None,
            case => Some(self.case_id(case)?),
        };
        let (Some(replica), Some(desk)) = (&mut self.replica, &self.desk) else {
            return Err(Failure::Locked);
        };
        let peer = match peer {
            "" => None,
            peer => {
                let mut peers = replica.peers.values();
                let known = peers.find(|one| name(&one.maker) == peer);
                Some(known.cloned().ok_or(Failure::NotFound)?)
            }
        };
        let me = replica.profile.profile;
        let to = peer.as_ref().map(|peer| peer.maker);
        let only: Option<BTreeSet<StreamId>> = case.map(|case| {
            let within = desk.compartments(case).map(|(id, _)| id);
            let names = [replica.log, replica.profile.directory, case];
            within.chain(names).collect()
        });
        let is_theirs = |id: &StreamId| match (&to, replica.streams.get(id)) {
            (_, None) => false,
            (_, Some(_)) if *id == replica.log => true,
            (Some(Maker::Tablet(profile)), Some(known)) => {
                known.epochs.may_read(&replica.roster, *profile)
            }
            (_, Some(known)) => known.epochs.may_read(&replica.roster, me),
        };
        let wanted = |id: &StreamId| only.as_ref().is_none_or(|only| only.contains(id));
        let log = replica.log;
        let all = replica.streams.keys().copied().filter(|id| *id != log);
        let todo = [log].into_iter().chain(all);
        let todo = todo.filter(|id| is_theirs(id) && wanted(id)).collect();
        let head = Head {
            agency: replica.profile.agency,
            maker: Maker::Tablet(me),
            at: cx.now,
            since: peer.as_ref().map(|peer| (peer.maker, peer.made_at)),
        };
        let mut making = Making {
            writer: Writer::new(random(cx.rng)),
            filler: Filler::default(),
            theirs: peer.map_or_else(BTreeMap::new, |peer| peer.held.into_iter().collect()),
            to,
            todo,
            only,
        };
        let mut bytes = Vec::new();
        making.put(&mut bytes, Some(Part::Head(head)))?;
        for (id, held) in all_held(replica, desk) {
            let full = making.filler.held(id, held);
            making.put(&mut bytes, full)?;
        }
        let rest = making.filler.rest();
        making.put(&mut bytes, rest)?;
        let next = replica.outbox.keys().next_back();
        let next = next.map_or(0, |last| last.saturating_add(1));
        replica.let_out(cx, next);
        self.bundles.making = Some(making);
        Ok(piece(bytes, false))
    }

    pub(super) fn more_of_bundle(
        &mut self,
        cx: &mut Cx,
        request: u32,
    ) -> Result<Option<Reply>, Failure> {
        let making = self.bundles.making.as_mut().ok_or(Failure::WrongMoment)?;
        let Some(stream) = making.todo.pop_front() else {
            return self.finish_bundle().map(Some);
        };
        let load = Load::Bundle { request, stream };
        self.load(cx, load, keyspace::shared_of(stream));
        Ok(None)
    }

    /// What the disk has of one stream.
    pub(in crate::engine) fn bundle_loaded(
        &mut self,
        cx: &mut Cx,
        request: u32,
        stream: StreamId,
        entries: Vec<Entry>,
    ) {
        let reply = self.bundle_stream(stream, entries).map_or_else(
            |failure| Reply::Failed { failure },
            |bytes| piece(bytes, false),
        );
        cx.reply(request, reply);
    }

    fn bundle_stream(&mut self, stream: StreamId, entries: Vec<Entry>) -> Result<Vec<u8>, Failure> {
        let (Some(replica), Some(desk)) = (&self.replica, &self.desk) else {
            return Err(Failure::Locked);
        };
        let making = self.bundles.making.as_mut().ok_or(Failure::WrongMoment)?;
        let mut bytes = Vec::new();
        // In the order of the keys: statements, work, registers.
        for Entry { value, .. } in entries {
            let Ok(envelope) = Envelope::decode(&value) else {
                continue;
            };
            if making.has(&envelope) {
                continue;
            }
            let full = if envelope.header().kind == Kind::Register {
                making.filler.register(stream, &value)
            } else {
                making.filler.envelope(stream, Millis(0), &value)
            };
            making.put(&mut bytes, full)?;
        }
        for grant in grants(replica, desk, making, stream) {
            let full = making.filler.grant(grant);
            making.put(&mut bytes, full)?;
        }
        Ok(bytes)
    }

    /// What waits for the relay and is in no log here, and the end.
    fn finish_bundle(&mut self) -> Result<Reply, Failure> {
        let (Some(replica), Some(desk)) = (&self.replica, &self.desk) else {
            return Err(Failure::Locked);
        };
        let mut making = self.bundles.making.take().ok_or(Failure::WrongMoment)?;
        let mut bytes = Vec::new();
        for out in replica.outbox.values() {
            let full = match &out.item {
                Item::Envelope(item) => {
                    let logged = out
                        .place
                        .is_some_and(|(stream, ..)| replica.streams.contains_key(&stream));
                    let Ok(envelope) = Envelope::decode(item) else {
                        continue;
                    };
                    if logged || making.only.is_some() || making.has(&envelope) {
                        continue;
                    }
                    making
                        .filler
                        .envelope(envelope.header().stream, Millis(0), item)
                }
                Item::Grant(grant) => {
                    let tag = grant_tag(grant.stream, grant.epoch, grant.recipient);
                    let only = making.only.as_ref();
                    let wanted = only.is_none_or(|only| only.contains(&grant.stream));
                    if !wanted || making.has_grant(grant.stream, &tag) {
                        continue;
                    }
                    making.filler.grant(grant.clone())
                }
            };
            making.put(&mut bytes, full)?;
        }
        let rest = making.filler.rest();
        making.put(&mut bytes, rest)?;
        let sign = |message: &[u8]| desk.signer.pair().sign(message).as_ref().to_vec();
        bytes.extend(making.writer.close(sign).map_err(failure_of)?);
        Ok(piece(bytes, true))
    }
}

fn piece(bytes: Vec<u8>, end: bool) -> Reply {
    said(BundleSaid::Piece {
        bytes: ByteBuf::from(bytes),
        end,
    })
}

/// Keys of a stream for those who may have no other way to get them: for the one whom the file is for,
/// if it is a tablet, else for all who hold them. A grant made anew is the same bytes.
fn grants(replica: &Replica, desk: &Desk, making: &Making, stream: StreamId) -> Vec<Grant> {
    let (roster, agency) = (&replica.roster, replica.profile.agency);
    let Some(known) = replica.streams.get(&stream) else {
        return Vec::new();
    };
    let waiting = carried_grants(replica);
    let mut grants = Vec::new();
    for head in known.epochs.standing(roster).heads {
        let (Some(key), Some(epoch)) = (
            desk.keys.get(&(stream, head.epoch)),
            known.epochs.epoch(head.epoch),
        ) else {
            continue;
        };
        let holder = |name: &ProfileId| match roster.invite(*name) {
            Some((_, InviteState::Claimed(one) | InviteState::Confirmed(one))) => one,
            _ => *name,
        };
        let live = epoch.members.iter().filter(|name| roster.is_live(**name));
        let mut names: BTreeSet<ProfileId> = live.map(holder).collect();
        names.remove(&replica.profile.profile);
        let recovery = roster
            .recovery()
            .map(|key| (ProfileId(sha256(&[key])), key));
        match making.to {
            Some(Maker::Tablet(profile)) => names.retain(|name| *name == profile),
            Some(Maker::Relay { .. }) | None => names.extend(recovery.map(|(name, _)| name)),
        }
        for name in names {
            let tag = grant_tag(stream, head.epoch, name);
            if making.has_grant(stream, &tag) || waiting.contains(&(stream, tag)) {
                continue;
            }
            let public = roster.member(name).map(|(public, _)| public);
            let public = public.or(recovery.filter(|(of, _)| *of == name).map(|(_, key)| key));
            let sealed =
                public.and_then(|public| grant(agency, stream, head.epoch, key, name, public).ok());
            grants.extend(sealed);
        }
    }
    grants
}
