//! Trying a passphrase, and taking another. Owns the rule that each wrong try is on the disk before
//! it is answered, so that ending the app does not undo it, and that none is tried during a pause.

use satchel_wire::ProfileId;

use crate::{
    api::{Event, Failure, Reply},
    engine::{Engine, cx::Cx, keyspace, replica::encode},
    vault::{self, Secrets},
};

impl Engine {
    /// What the vault keeps, if `passphrase` opens it.
    pub(super) fn try_passphrase(
        &mut self,
        cx: &mut Cx,
        passphrase: &str,
    ) -> Result<Secrets, Failure> {
        let replica = self.replica.as_mut().ok_or(Failure::WrongMoment)?;
        let wait_ms = replica.tries.left_ms();
        if wait_ms > 0 {
            cx.notify(Event::Pause { wait_ms });
            return Err(Failure::TooSoon { wait_ms });
        }
        let least = self.config.vault_cost_min;
        let opened = vault::open(&replica.vault, passphrase, &self.device, least);
        if matches!(opened, Err(Failure::WrongPassphrase)) {
            replica.tries.count(cx.now);
            cx.put(keyspace::TRIES.into(), encode(&replica.tries));
            self.tell_pause(cx);
        }
        opened
    }

    /// The right passphrase ends the pauses; what was wrong before it goes into the access log, in the
    /// same store.
    pub(super) fn clear_tries(&mut self, cx: &mut Cx, deed: &str) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let tries = std::mem::take(&mut replica.tries);
        if !tries.is_clear() {
            cx.delete(keyspace::TRIES.into());
            self.record(cx, deed, None, tries.wrong());
        }
    }

    /// Seals secrets under a passphrase, as dear as this tablet was found to bear.
    pub(super) fn close_vault(
        &self,
        cx: &mut Cx,
        secrets: &Secrets,
        profile: ProfileId,
        passphrase: &str,
    ) -> Result<Vec<u8>, Failure> {
        let cost = self.config.vault_cost;
        vault::close(secrets, profile, passphrase, &self.device, cost, cx.rng)
    }

    /// The profile's vault with these secrets in the place of those until now.
    pub(super) fn replace_vault(
        &mut self,
        cx: &mut Cx,
        secrets: &Secrets,
        passphrase: &str,
    ) -> Result<(), Failure> {
        let replica = self.replica.as_ref().ok_or(Failure::WrongMoment)?;
        let vault = self.close_vault(cx, secrets, replica.profile.profile, passphrase)?;
        cx.put(keyspace::VAULT.into(), vault.clone());
        if let Some(replica) = &mut self.replica {
            replica.vault = vault;
        }
        Ok(())
    }

    /// Seals the same secrets anew. Whoever has an older copy of the disk still opens that one with
    /// the old passphrase.
    pub(super) fn change_passphrase(
        &mut self,
        cx: &mut Cx,
        old: &str,
        new: &str,
    ) -> Result<Reply, Failure> {
        vault::check_passphrase(new)?;
        let secrets = self.try_passphrase(cx, old)?;
        self.clear_tries(cx, "failed_passphrase");
        self.replace_vault(cx, &secrets, new)?;
        Ok(Reply::Done)
    }

    /// Tells of a pause, if there is one.
    pub(super) fn tell_pause(&self, cx: &mut Cx) {
        let tries = self.replica.as_ref().map(|replica| replica.tries);
        let wait_ms = tries.map_or(0, |tries| tries.left_ms());
        if wait_ms > 0 {
            cx.notify(Event::Pause { wait_ms });
        }
    }
}
