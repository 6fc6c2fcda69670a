//! Restoring an agency from its kit: the root's sheet makes this tablet's profile an admin, the recovery
//! sheet opens the grants that every stream's key was sealed to, and then this admin lets itself in. Owns
//! the way from the two sheets to an ordinary profile; what it fetches is checked like anything else.

use satchel_wire::{
    ChainId, EnvelopeId, ProfileId, RelayKey, Role, Roster, StaffId, Statement, StreamId, Verified,
    envelope::sha256,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    api::{Failure, Reply, RestoreStage, SheetName},
    body::{self, ChangeBody},
    directory,
    doc::{Doc, actor},
    engine::{
        Engine,
        account::{check_name, first},
        cx::Cx,
        desk::Desk,
        keyspace,
        replica::{Enrolling, Profile, Replica, encode},
        streams,
    },
    keys::{Opener, Signer, random},
    kit::Sheet,
    link::check_address,
    seal,
};

/// A restore under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Restoring {
    /// Name of the new admin.
    pub name: String,
}

/// The name under which grants are addressed to a recovery key.
pub(super) fn recovery_name(opener: &Opener) -> ProfileId {
    ProfileId(sha256(&[opener.public()]))
}

impl Engine {
    pub(super) fn restore(
        &mut self,
        cx: &mut Cx,
        (root, recovery): (&str, &str),
        url: &str,
        name: &str,
        passphrase: &str,
    ) -> Result<Reply, Failure> {
        self.check_empty()?;
        let bad = |sheet| move || Failure::BadSheet { sheet };
        let root_seed = Sheet::Root.read(root).ok_or_else(bad(SheetName::Root))?;
        let recovery_seed = Sheet::Recovery.read(recovery);
        let recovery_seed = recovery_seed.ok_or_else(bad(SheetName::Recovery))?;
        let url = check_address(url)?;
        let name = check_name("name", name)?;
        let root = Signer::from_seed(&root_seed).ok_or(Failure::Damaged)?;
        let secrets = self.fresh_secrets(cx, None, Some((root_seed, recovery_seed)));
        let desk = Desk::new(secrets)?;
        let me = desk.signer.public();
        let vault = self.close_vault(cx, &desk.secrets, me, passphrase)?;
        let (agency, staff) = (root.agency(), StaffId(random(cx.rng)));
        let certify = Statement::Certify(self.certificate(&desk, staff, Role::Admin)?);
        let (log, chain) = (Roster::log(agency), ChainId(random(cx.rng)));
        let certifying = first(agency, log, EnvelopeId::ZERO, chain, &root, &certify)?;
        let entry = Some(Enrolling {
            setup: None,
            items: vec![ByteBuf::from(certifying.encode())],
        });
        let profile = Profile {
            agency,
            profile: me,
            staff,
            role: Role::Admin,
            url,
            // Which relays are the agency's stands in its log.
            relay: RelayKey::ZERO,
            directory: StreamId::ZERO,
            expects: certifying.id(),
            enrolling: entry.clone(),
            entry,
        };
        let mut replica = Replica::new(profile, vault);
        let restoring = Restoring { name };
        cx.put(keyspace::RESTORE.into(), encode(&restoring));
        replica.restoring = Some(restoring);
        self.start(cx, replica, desk)?;
        Ok(Reply::Unlocked { me: self.me()? })
    }

    pub(super) fn is_restoring(&self) -> bool {
        let replica = self.replica.as_ref();
        replica.is_some_and(|replica| replica.restoring.is_some())
    }

    pub(super) fn restore_stage(&self) -> Option<RestoreStage> {
        let (replica, _) = self.parts().ok()?;
        replica.restoring.as_ref()?;
        let none = replica.profile.directory == StreamId::ZERO;
        Some(if none && self.session.restore_level {
            RestoreStage::Closed
        } else {
            RestoreStage::Fetching
        })
    }

    /// Looks for the directory among what has just come: the stream that somebody whom the root has
    /// certified began, and whose first change names an agency.
    pub(super) fn find_directory(&mut self, cx: &mut Cx, stream: StreamId, begun: &Verified) {
        let (Some(replica), Some(desk)) = (&mut self.replica, &self.desk) else {
            return;
        };
        let header = begun.header();
        let looking = replica.restoring.is_some() && replica.profile.directory == StreamId::ZERO;
        if !looking || !replica.roster.is_rooted(header.author) {
            return;
        }
        let key = desk.keys.get(&(stream, header.epoch));
        let changes = key
            .and_then(|key| seal::open(begun, key).ok())
            .and_then(|plain| body::decode::<ChangeBody>(&plain).ok())
            .and_then(|body| body.changes.unpack().ok());
        let author = actor(stream, header.author, header.chain);
        let mut doc = Doc::new(author.clone());
        let read = changes.map(|changes| doc.apply(changes, &author, header.n));
        if !matches!(read, Some(Ok(()))) || directory::agency(&doc).is_empty() {
            return;
        }
        replica.profile.directory = stream;
        replica.store_profile(cx);
        let _ = self.open_directory(cx, Vec::new());
        self.changed.insert(stream);
    }

    /// What can be done next: let ourselves in wherever the key is here, take a name, and be done.
    pub(super) fn go_on_restoring(&mut self, cx: &mut Cx) {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return;
        };
        let Some(Restoring { name }) = replica.restoring.clone() else {
            return;
        };
        if !self.session.restore_level {
            return;
        }
        for stream in replica.streams.keys().copied().collect::<Vec<_>>() {
            // Where no grant opened there is nothing to let ourselves into.
            let _ = streams::enter(replica, desk, cx, stream);
        }
        let (directory, staff) = (replica.profile.directory, replica.profile.staff);
        let Some(open) = desk.docs.get_mut(&directory) else {
            return;
        };
        match directory::set_name(&mut open.doc, cx.now, staff, &name) {
            Ok(Some(change)) => {
                let _ = self.publish(cx, directory, &change);
                return;
            }
            Ok(None) => {}
            // It has not been read in yet.
            Err(_) => return,
        }
        let waits = |out: &crate::engine::replica::Outgoing| out.held.is_none();
        if replica.outbox.values().any(waits) {
            return;
        }
        // From here on we are a profile like any other, and fetch like one.
        replica.restoring = None;
        replica.state.grants = 0;
        replica.store_state(cx);
        cx.delete(keyspace::RESTORE.into());
        self.session.pull_all();
        self.changed.insert(directory);
    }
}
