//! Beginning a stream, letting people into it, and giving it new keys. A stream's key goes to its
//! members and to the recovery sheet, to nobody else; nothing is written under one that somebody
//! holds who may not read any more.

use std::collections::BTreeSet;

use satchel_wire::{
    AgencyId, ChainId, Envelope, EnvelopeId, EpochId, Header, Item, ProfileId, Role, Statement,
    StreamId, control::Reached, envelope::sha256, roster::InviteState, stream_id,
};
use serde_bytes::ByteBuf;

use crate::{
    api::{Failure, Reply, RoleName},
    body::Head,
    engine::{
        Engine,
        compartments::{not_in_case, reads},
        cx::Cx,
        desk::Desk,
        handing, keyspace,
        replica::{Replica, Tip},
    },
    grant::grant,
    keys::{Secret, random},
    seal::{epoch_commitment, open_parent, seal_parent, seal_stored},
};

pub(super) fn role_name(role: Role) -> RoleName {
    match role {
        Role::Auditor => RoleName::Auditor,
        Role::Worker => RoleName::Worker,
        Role::Supervisor => RoleName::Supervisor,
        Role::Admin => RoleName::Admin,
    }
}

pub(super) fn role_of(name: RoleName) -> Role {
    match name {
        RoleName::Auditor => Role::Auditor,
        RoleName::Worker => Role::Worker,
        RoleName::Supervisor => Role::Supervisor,
        RoleName::Admin => Role::Admin,
    }
}

/// A control statement of ours in a chain of its own: signed, stored, posted.
pub(super) fn state(
    replica: &mut Replica,
    desk: &Desk,
    cx: &mut Cx,
    stream: StreamId,
    statement: &Statement,
) -> Result<EnvelopeId, Failure> {
    let profile = &replica.profile;
    let header = Header::control(
        profile.agency,
        stream,
        profile.profile,
        replica.roster.latest(),
    )
    .after(ChainId(random(cx.rng)), 1, EnvelopeId::ZERO);
    let envelope = Envelope::sign(header, statement.encode(), desk.signer.pair())
        .map_err(|_| Failure::NotAllowed)?;
    if stream == replica.log {
        replica
            .roster
            .accept(&envelope)
            .map_err(|_| Failure::NotAllowed)?;
    } else {
        let mut known = replica.streams.remove(&stream).unwrap_or_default();
        let accepted = known.epochs.accept(&replica.roster, &envelope);
        if known.epochs.has_begun() {
            replica.streams.insert(stream, known);
        }
        accepted.map_err(|_| Failure::NotAllowed)?;
    }
    replica.append(cx, &envelope);
    replica.post_envelope(cx, &envelope);
    Ok(envelope.id())
}

/// Begins a stream for me, those who lead, and `team`.
pub(super) fn begin(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    team: Vec<ProfileId>,
) -> Result<StreamId, Failure> {
    let leaders = replica
        .roster
        .members()
        .filter(|c| c.role.leads())
        .map(|c| c.profile);
    let members = leaders.chain(team).collect();
    let nonce = random(cx.rng);
    begin_with(replica, desk, cx, nonce, members)
}

/// Begins the stream of this nonce for me and `members`.
pub(super) fn begin_with(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    nonce: [u8; 16],
    mut members: Vec<ProfileId>,
) -> Result<StreamId, Failure> {
    let (agency, me) = (replica.profile.agency, replica.profile.profile);
    members.push(me);
    members.sort_unstable();
    members.dedup();
    let stream = stream_id(agency, me, nonce);
    let key = Secret::random(cx.rng);
    let commitment = epoch_commitment(&key);
    let statement = Statement::Epoch {
        nonce,
        members: members.clone(),
        commitment,
    };
    let epoch = EpochId::from(state(replica, desk, cx, stream, &statement)?);
    keep_key(desk, cx, stream, epoch, key.clone());
    for member in members.into_iter().filter(|member| *member != me) {
        post_grant(replica, cx, stream, epoch, &key, member)?;
    }
    post_recovery(replica, cx, (agency, stream, epoch), &key)?;
    Ok(stream)
}

fn post_recovery(
    replica: &mut Replica,
    cx: &mut Cx,
    (agency, stream, epoch): (AgencyId, StreamId, EpochId),
    key: &Secret,
) -> Result<(), Failure> {
    let recovery = replica.roster.recovery().ok_or(Failure::NotReady)?.to_vec();
    let recipient = ProfileId(sha256(&[&recovery]));
    let sealed =
        grant(agency, stream, epoch, key, recipient, &recovery).map_err(|_| Failure::Damaged)?;
    replica.post(cx, Item::Grant(sealed), None);
    Ok(())
}

/// Keeps an epoch key, sealed on the disk.
pub(super) fn keep_key(
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
    epoch: EpochId,
    key: Secret,
) {
    let name = keyspace::epoch_key(stream, epoch);
    let sealed = seal_stored(&desk.secrets.storage, &name, &key.0, cx.rng);
    cx.put(name, sealed);
    desk.keys.insert((stream, epoch), key);
}

fn post_grant(
    replica: &mut Replica,
    cx: &mut Cx,
    stream: StreamId,
    epoch: EpochId,
    key: &Secret,
    member: ProfileId,
) -> Result<(), Failure> {
    // Who claimed an invite has keys of their own: the invite's seed has been through other hands.
    let member = match replica.roster.invite(member) {
        Some((_, InviteState::Claimed(holder) | InviteState::Confirmed(holder))) => holder,
        _ => member,
    };
    let (public, _) = replica.roster.member(member).ok_or(Failure::NotFound)?;
    let sealed = grant(replica.profile.agency, stream, epoch, key, member, public)
        .map_err(|_| Failure::Damaged)?;
    replica.post(cx, Item::Grant(sealed), None);
    Ok(())
}

/// Gives every key of a stream that is here once more to all who hold it.
pub(super) fn grant_again(replica: &mut Replica, desk: &Desk, cx: &mut Cx, stream: StreamId) {
    let (agency, me) = (replica.profile.agency, replica.profile.profile);
    let Some(known) = replica.streams.get(&stream) else {
        return;
    };
    let range = (stream, EpochId::ZERO)..=(stream, EpochId([u8::MAX; 32]));
    let keys = desk.keys.range(range);
    let keys = keys.filter_map(|((_, id), key)| Some((*id, key, known.epochs.epoch(*id)?)));
    let holders: Vec<_> = keys
        .map(|(id, key, epoch)| (id, key, epoch.author, epoch.members.clone()))
        .collect();
    for (epoch, key, author, mut members) in holders {
        // Whoever made the key was never granted it.
        members.remove(&author);
        members.remove(&me);
        for member in members {
            if replica.roster.is_live(member) {
                let _ = post_grant(replica, cx, stream, epoch, key, member);
            }
        }
        let _ = post_recovery(replica, cx, (agency, stream, epoch), key);
    }
}

/// Lets `member`, a profile or an open invite, into a stream that we are in.
pub(super) fn admit(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
    member: ProfileId,
) -> Result<(), Failure> {
    let epoch = writing_epoch(replica, desk, cx, stream)?;
    let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
    let standing = known.epochs.standing(&replica.roster);
    if standing.readers.contains(&member) {
        return Ok(());
    }
    let_in(replica, desk, cx, (stream, epoch), vec![member])
}

fn let_in(
    replica: &mut Replica,
    desk: &Desk,
    cx: &mut Cx,
    (stream, epoch): (StreamId, EpochId),
    members: Vec<ProfileId>,
) -> Result<(), Failure> {
    let key = desk.keys.get(&(stream, epoch)).ok_or(Failure::NotReady)?;
    let statement = Statement::Admit {
        epoch,
        members: members.clone(),
    };
    state(replica, desk, cx, stream, &statement)?;
    for member in members {
        post_grant(replica, cx, stream, epoch, key, member)?;
    }
    Ok(())
}

/// Lets ourselves into a stream whose keys a recovery sheet has opened.
pub(super) fn enter(
    replica: &mut Replica,
    desk: &Desk,
    cx: &mut Cx,
    stream: StreamId,
) -> Result<(), Failure> {
    let me = replica.profile.profile;
    let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
    for head in known.epochs.standing(&replica.roster).heads {
        let epoch = known.epochs.epoch(head.epoch);
        let within = epoch.is_none_or(|epoch| epoch.members.contains(&me));
        if !within && desk.keys.contains_key(&(stream, head.epoch)) {
            return let_in(replica, desk, cx, (stream, head.epoch), vec![me]);
        }
    }
    Ok(())
}

/// The epoch to write under: a new one where somebody who may not read holds every key that is here,
/// and with it the key for readers who have not got it. Nobody who writes has to wait for a key.
pub(super) fn writing_epoch(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
) -> Result<EpochId, Failure> {
    let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
    let heads = known.epochs.standing(&replica.roster).heads.into_iter();
    let mut safe = heads.filter(|head| head.is_safe);
    let roster = &replica.roster;
    if roster.is_suspended(replica.profile.profile) {
        // It makes no keys until it is confirmed, and what it has is still that of its case.
        let mut heads = known.epochs.standing(roster).heads.into_iter();
        let head = heads.find(|head| desk.keys.contains_key(&(stream, head.epoch)));
        return head.map(|head| head.epoch).ok_or(Failure::NotReady);
    }
    let Some(head) = safe.find(|head| desk.keys.contains_key(&(stream, head.epoch))) else {
        return rotate(replica, desk, cx, stream, BTreeSet::new());
    };
    if !head.missing.is_empty() {
        let_in(replica, desk, cx, (stream, head.epoch), head.missing)?;
    }
    Ok(head.epoch)
}

/// Brings the keys of a stream together after people were let in and taken out apart from each
/// other: whoever made a key, or leads, gives it to readers who have not got it, and makes one that
/// follows all of them.
pub(super) fn mend(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
) -> Result<(), Failure> {
    let (me, leads) = (replica.profile.profile, replica.profile.role.leads());
    let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
    let standing = known.epochs.standing(&replica.roster);
    let apart = standing.is_apart();
    let ours = standing.heads.iter().any(|head| head.author == me);
    let mut all = true;
    for head in standing.heads {
        let held = desk.keys.contains_key(&(stream, head.epoch));
        all &= held;
        if held && (leads || head.author == me) && !head.missing.is_empty() {
            let_in(replica, desk, cx, (stream, head.epoch), head.missing)?;
        }
    }
    if apart && all && (leads || ours) {
        rotate(replica, desk, cx, stream, BTreeSet::new())?;
    }
    Ok(())
}

/// A new key for a stream, without `removed` and without all who hold the present one and may not
/// read any more.
pub(super) fn rotate(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
    mut removed: BTreeSet<ProfileId>,
) -> Result<EpochId, Failure> {
    let (agency, roster) = (replica.profile.agency, &replica.roster);
    let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
    let standing = known.epochs.standing(roster);
    let key = Secret::random(cx.rng);
    let mut keys = Vec::new();
    let mut parents = Vec::new();
    for satchel_wire::stream::Head { epoch, .. } in standing.heads {
        // One whose key is not here is left for whoever has it to bring together with this one.
        let Some(old) = desk.keys.get(&(stream, epoch)) else {
            continue;
        };
        let sealed = seal_parent(&key, epoch, old).map_err(|_| Failure::Damaged)?;
        keys.push(ByteBuf::from(sealed));
        parents.push(epoch);
        let held = known.epochs.epoch(epoch).into_iter();
        let held = held.flat_map(|epoch| &epoch.members);
        // Whose invite is void is left out of the new key, and may be confirmed yet: not removed.
        let is_void = |name: ProfileId| {
            let invite = roster.invite(name).map(|(_, state)| state);
            invite == Some(InviteState::Void) || roster.is_suspended(name)
        };
        let out = |name: &&ProfileId| !roster.is_live(**name) && !is_void(**name);
        removed.extend(held.filter(out));
    }
    if parents.is_empty() {
        return Err(Failure::NotReady);
    }
    let members: Vec<ProfileId> = standing.readers.difference(&removed).copied().collect();
    let is_out = |author: ProfileId| roster.names(author).any(|name| removed.contains(&name));
    let names = known.epochs.names(roster);
    let was_out = |author: ProfileId| !roster.names(author).any(|name| names.contains(&name));
    let reached = |(chain, tip): (&ChainId, &Tip)| {
        if was_out(tip.author) {
            // What came late stays late.
            return known.epochs.reached(roster, tip.author, *chain);
        }
        let Head { n, id } = tip.head;
        Some(Reached {
            chain: *chain,
            n,
            id,
        })
    };
    let chains = known.meta.chains.iter();
    let frontier = chains
        .filter(|(_, tip)| is_out(tip.author))
        .filter_map(reached)
        .collect();
    let statement = Statement::Rotate {
        parents,
        members: members.clone(),
        removed: removed.into_iter().collect(),
        frontier,
        commitment: epoch_commitment(&key),
        keys,
    };
    let epoch = EpochId::from(state(replica, desk, cx, stream, &statement)?);
    keep_key(desk, cx, stream, epoch, key.clone());
    let me: Vec<ProfileId> = replica.roster.names(replica.profile.profile).collect();
    for member in members.into_iter().filter(|member| !me.contains(member)) {
        post_grant(replica, cx, stream, epoch, &key, member)?;
    }
    post_recovery(replica, cx, (agency, stream, epoch), &key)?;
    Ok(epoch)
}

/// Opens what an epoch's key opens: the keys of those that it follows.
pub(super) fn open_parents(
    replica: &Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
    epoch: EpochId,
) {
    let Some(known) = replica.streams.get(&stream) else {
        return;
    };
    let mut open = vec![epoch];
    while let Some(id) = open.pop() {
        let (Some(key), Some(epoch)) = (
            desk.keys.get(&(stream, id)).cloned(),
            known.epochs.epoch(id),
        ) else {
            continue;
        };
        for (parent, sealed) in epoch.parents.iter().zip(&epoch.keys) {
            let stated = known.epochs.epoch(*parent);
            let old = open_parent(&key, *parent, sealed).ok();
            let fits = |old: &Secret| {
                stated.is_some_and(|stated| epoch_commitment(old) == stated.commitment)
            };
            if desk.keys.contains_key(&(stream, *parent)) {
                continue;
            }
            if let Some(old) = old.filter(fits) {
                keep_key(desk, cx, stream, *parent, old);
                open.push(*parent);
            }
        }
    }
}

impl Engine {
    pub(super) fn share(
        &mut self,
        cx: &mut Cx,
        case: &str,
        profile: &str,
        purpose: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let member: ProfileId = profile.parse().map_err(|_| Failure::NotFound)?;
        let purpose = handing::check_purpose(purpose)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        replica.roster.member(member).ok_or(Failure::NotFound)?;
        let known = desk.summaries.get(&stream);
        let case = known.and_then(|known| known.within.as_ref());
        if case.is_some_and(|(_, of)| !reads(replica, *of, member)) {
            return Err(not_in_case());
        }
        admit(replica, desk, cx, stream, member)?;
        self.changed.insert(stream);
        self.note_sharing(cx, stream, member, &purpose)?;
        Ok(Reply::Done)
    }
}
