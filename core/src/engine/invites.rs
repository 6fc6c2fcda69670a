//! Inviting: a name in the directory, a statement in the agency's log, keys for a person who need
//! not have a tablet yet, and a link.

use satchel_wire::{Invite, ProfileId, Role, StaffId, Statement, StreamId};

use crate::{
    api::{Failure, Reply, RoleName},
    directory,
    engine::{
        Engine,
        account::check_name,
        cx::Cx,
        replica::Stream,
        streams::{self, role_of},
    },
    keys::{Secret, invite_keys, random},
    link::InviteLink,
};

/// How long an invite may be claimed.
const INVITE_MS: u64 = 7 * 24 * 60 * 60 * 1000;

impl Engine {
    pub(super) fn invite(
        &mut self,
        cx: &mut Cx,
        name: &str,
        role: RoleName,
        share_cases: bool,
    ) -> Result<Reply, Failure> {
        let name = check_name("name", name)?;
        let role = role_of(role);
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        if !replica.profile.role.may_certify(role) {
            return Err(Failure::NotAllowed);
        }
        let directory = replica.profile.directory;
        let doc = &mut desk.docs.get_mut(&directory).ok_or(Failure::NotReady)?.doc;
        // The same name is the same person: a second tablet, not a second worker.
        let staff = directory::staff_named(doc, &name).unwrap_or_else(|| StaffId(random(cx.rng)));
        let change =
            directory::set_name(doc, cx.now, staff, &name).map_err(|_| Failure::NotReady)?;
        let reply = self.invite_staff(cx, staff, role, share_cases)?;
        if let Some(change) = change {
            self.publish(cx, directory, &change)?;
        }
        Ok(reply)
    }

    /// Invites somebody to another tablet, with the cases of this one, and takes this one out.
    pub(super) fn replace(&mut self, cx: &mut Cx, profile: &str) -> Result<Reply, Failure> {
        let profile: ProfileId = profile.parse().map_err(|_| Failure::NotFound)?;
        let replica = self.replica.as_ref().ok_or(Failure::Locked)?;
        let roster = &replica.roster;
        let old = roster.active(profile).ok_or(Failure::NotFound)?;
        let (staff, role) = (old.staff, old.role);
        if !replica.profile.role.may_certify(role) || profile == replica.profile.profile {
            return Err(Failure::NotAllowed);
        }
        // Invited first: what the old tablet may read is what the new one gets.
        let reply = self.invite_staff(cx, staff, role, false)?;
        self.revoke(cx, &profile.to_string())?;
        Ok(reply)
    }

    fn invite_staff(
        &mut self,
        cx: &mut Cx,
        staff: StaffId,
        role: Role,
        share_cases: bool,
    ) -> Result<Reply, Failure> {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        let directory = replica.profile.directory;
        let seed = Secret::random(cx.rng);
        let (signer, opener) = invite_keys(&seed).ok_or(Failure::Damaged)?;
        let expires_at = cx.now.plus(INVITE_MS);
        let invite = Invite {
            key: signer.public(),
            hpke: opener.public().to_vec(),
            staff,
            role,
            expires_at,
        };
        let log = replica.log;
        let statement = streams::state(replica, desk, cx, log, &Statement::Invite(invite))?;
        let mut shared: Vec<StreamId> = vec![directory];
        // Whoever leads is in every case; a second tablet of somebody is in the cases of the first. A
        // case of a colleague that we are not in is theirs to share.
        let roster = &replica.roster;
        let theirs = |case: &Stream| {
            let mut tablets = roster.members().filter(|tablet| tablet.staff == staff);
            tablets.any(|tablet| case.epochs.may_read(roster, tablet.profile))
        };
        let leads = role.leads();
        // Nobody is let into a compartment along with the rest, nor into what is not read in yet.
        let is_case = |id: &StreamId| {
            let known = desk.summaries.get(id);
            known.is_some_and(|known| known.folded > 0 && known.within.is_none())
        };
        let cases = replica.cases();
        shared.extend(
            cases
                .filter(|(id, case)| leads || theirs(case) || (share_cases && is_case(id)))
                .map(|(id, _)| id),
        );
        for stream in shared {
            let admitted = streams::admit(replica, desk, cx, stream, signer.public());
            // A case whose key has not come yet, or a worker's without the right to share it, is
            // left out; the directory may not be.
            if stream == directory {
                admitted?;
            } else if admitted.is_ok() {
                self.changed.insert(stream);
            }
        }
        self.tend_audit(cx);
        let replica = self.replica.as_ref().ok_or(Failure::Locked)?;
        let link = InviteLink {
            agency: replica.profile.agency,
            relay: replica.profile.relay,
            directory,
            roster: statement,
            staff,
            role,
            expires_at,
            seed,
        };
        let link = link.encode(&replica.profile.url);
        Ok(Reply::Invited { link, expires_at })
    }

    /// The roles that I may invite.
    pub(super) fn may_invite(&self) -> Vec<RoleName> {
        let mine = self.replica.as_ref().map(|replica| replica.profile.role);
        [Role::Worker, Role::Supervisor, Role::Admin, Role::Auditor]
            .into_iter()
            .filter(|role| mine.is_some_and(|mine| mine.may_certify(*role)))
            .map(streams::role_name)
            .collect()
    }
}
