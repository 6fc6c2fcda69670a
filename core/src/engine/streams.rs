//! Beginning a stream and letting people into it. A stream's key goes to its members and to the
//! recovery sheet, to nobody else.

use satchel_wire::{
    ChainId, Envelope, EnvelopeId, EpochId, Header, Item, ProfileId, Role, Statement, StreamId,
    envelope::sha256, stream_id,
};

use crate::{
    api::{Failure, Reply, RoleName},
    engine::{Engine, cx::Cx, desk::Desk, keyspace, replica::Replica},
    grant::grant,
    keys::{Secret, random},
    seal::{epoch_commitment, seal_stored},
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
        let epochs = &mut replica.streams.entry(stream).or_default().epochs;
        epochs
            .accept(&replica.roster, &envelope)
            .map_err(|_| Failure::NotAllowed)?;
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
    let (agency, me) = (replica.profile.agency, replica.profile.profile);
    let leaders = replica
        .roster
        .members()
        .filter(|c| c.role.leads())
        .map(|c| c.profile);
    let mut members: Vec<ProfileId> = leaders.chain(team).chain([me]).collect();
    members.sort_unstable();
    members.dedup();
    let nonce: [u8; 16] = random(cx.rng);
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
    let recovery = replica.roster.recovery().ok_or(Failure::NotReady)?.to_vec();
    let recipient = ProfileId(sha256(&[&recovery]));
    let sealed =
        grant(agency, stream, epoch, &key, recipient, &recovery).map_err(|_| Failure::Damaged)?;
    replica.post(cx, Item::Grant(sealed), None);
    Ok(stream)
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
    let (public, _) = replica.roster.member(member).ok_or(Failure::NotFound)?;
    let sealed = grant(replica.profile.agency, stream, epoch, key, member, public)
        .map_err(|_| Failure::Damaged)?;
    replica.post(cx, Item::Grant(sealed), None);
    Ok(())
}

/// Lets `member`, a profile or an open invite, into a stream that we are in.
pub(super) fn admit(
    replica: &mut Replica,
    desk: &Desk,
    cx: &mut Cx,
    stream: StreamId,
    member: ProfileId,
) -> Result<(), Failure> {
    let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
    let (epoch, current) = known.epochs.current().ok_or(Failure::NotReady)?;
    if current.members.contains(&member) {
        return Ok(());
    }
    let key = desk
        .keys
        .get(&(stream, epoch))
        .ok_or(Failure::NotReady)?
        .clone();
    let statement = Statement::Admit {
        epoch,
        members: vec![member],
    };
    state(replica, desk, cx, stream, &statement)?;
    post_grant(replica, cx, stream, epoch, &key, member)
}

impl Engine {
    pub(super) fn share(
        &mut self,
        cx: &mut Cx,
        case: &str,
        profile: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let member: ProfileId = profile.parse().map_err(|_| Failure::NotFound)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &self.desk) else {
            return Err(Failure::Locked);
        };
        replica.roster.member(member).ok_or(Failure::NotFound)?;
        admit(replica, desk, cx, stream, member)?;
        self.changed.insert(stream);
        Ok(Reply::Done)
    }
}
