//! Who is connected and whom something new concerns. Owns the invariant that a hint about a stream
//! goes to its readers only. Holds no queue: what became of a hint is the host's business.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{AgencyId, ProfileId, Roster, StreamId};

use crate::{
    append::{Appended, Readers},
    pull::Asker,
};

/// A connection, by the host's number.
pub type SessionKey = u64;

/// The connections that are ready.
#[derive(Debug, Default)]
pub struct Hub {
    askers: BTreeMap<SessionKey, Asker>,
    by_agency: BTreeMap<AgencyId, BTreeSet<SessionKey>>,
    by_name: BTreeMap<(AgencyId, ProfileId), BTreeSet<SessionKey>>,
}

impl Hub {
    /// A connection became ready.
    pub fn join(&mut self, session: SessionKey, asker: Asker) {
        self.leave(session);
        self.by_agency
            .entry(asker.agency)
            .or_default()
            .insert(session);
        for name in &asker.names {
            self.by_name
                .entry((asker.agency, *name))
                .or_default()
                .insert(session);
        }
        self.askers.insert(session, asker);
    }

    /// A connection is gone.
    pub fn leave(&mut self, session: SessionKey) {
        let Some(Asker { agency, names, .. }) = self.askers.remove(&session) else {
            return;
        };
        remove(&mut self.by_agency, agency, session);
        for name in names {
            remove(&mut self.by_name, (agency, name), session);
        }
    }

    /// How many connections are ready.
    pub fn len(&self) -> usize {
        self.askers.len()
    }

    /// Whether no connection is.
    pub fn is_empty(&self) -> bool {
        self.askers.is_empty()
    }

    /// After a commit: whom to hint at what, the one who brought it excepted.
    pub fn committed(
        &mut self,
        from: SessionKey,
        appended: &Appended,
    ) -> BTreeMap<SessionKey, BTreeSet<StreamId>> {
        if let Some(roster) = &appended.roster {
            self.rename(roster);
        }
        let mut hints: BTreeMap<SessionKey, BTreeSet<StreamId>> = BTreeMap::new();
        for touched in &appended.touched {
            let mut hint = |sessions: Option<&BTreeSet<SessionKey>>| {
                for session in sessions
                    .into_iter()
                    .flatten()
                    .filter(|session| **session != from)
                {
                    hints.entry(*session).or_default().insert(touched.stream);
                }
            };
            match &touched.readers {
                Readers::All => hint(self.by_agency.get(&touched.agency)),
                Readers::Names(names) => {
                    for name in names {
                        hint(self.by_name.get(&(touched.agency, *name)));
                    }
                }
            }
        }
        hints
    }

    /// A claim may have given a profile the name of an invite, or taken it away again.
    fn rename(&mut self, roster: &Roster) {
        let agency = roster.agency();
        let sessions = self.by_agency.get(&agency).cloned().unwrap_or_default();
        for session in sessions {
            let Some(asker) = self.askers.get(&session) else {
                continue;
            };
            let now = Asker::new(roster, asker.profile);
            if asker.names != now.names {
                self.join(session, now);
            }
        }
    }
}

fn remove<K: Ord>(map: &mut BTreeMap<K, BTreeSet<SessionKey>>, key: K, session: SessionKey) {
    if let Some(sessions) = map.get_mut(&key) {
        sessions.remove(&session);
        if sessions.is_empty() {
            map.remove(&key);
        }
    }
}
