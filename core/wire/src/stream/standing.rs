//! Where a stream stands: who reads, under which keys one may write, who is out. Worked out once for
//! each state of stream and roster, since it is asked at every turn. Owns the rule that a tablet lets
//! go of records only on the word of somebody who counts.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Addition, Epoch, Epochs};
use crate::{
    control::Reached,
    ids::{ChainId, EpochId, ProfileId},
    roster::Roster,
};

/// Where a stream stands, by what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Profiles and invites that may read: let in, not taken out, and live in the roster.
    pub readers: BTreeSet<ProfileId>,
    /// The epochs that no other follows, the lowest id first.
    pub heads: Vec<Head>,
}

/// An epoch that no other follows, and how its members differ from the readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which.
    pub epoch: EpochId,
    /// Who began it.
    pub author: ProfileId,
    /// Nobody holds its key who may not read: one may write under it.
    pub is_safe: bool,
    /// Readers who do not hold its key.
    pub missing: Vec<ProfileId>,
}

impl Standing {
    /// Whether there are several keys and not everybody holds all of them: they want to be brought
    /// together.
    pub fn is_apart(&self) -> bool {
        let whole = |head: &Head| head.is_safe && head.missing.is_empty();
        self.heads.len() > 1 && !self.heads.iter().all(whole)
    }
}

/// What follows from a stream's statements over one roster.
#[derive(Debug)]
struct Fold {
    /// The removals that hold and whose authors count.
    counting: BTreeSet<EpochId>,
    let_in: BTreeSet<ProfileId>,
    /// The same without the removals by keys that are revoked.
    stays: BTreeSet<ProfileId>,
    standing: Standing,
}

/// The fold over the roster that it was asked for last.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<Option<(Arc<()>, Arc<Fold>)>>);

impl Cache {
    fn or_fold(&self, roster: &Roster, fold: impl FnOnce() -> Fold) -> Arc<Fold> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((stamp, known)) if Arc::ptr_eq(stamp, roster.stamp()) => Arc::clone(known),
            _ => {
                let new = Arc::new(fold());
                *kept = Some((Arc::clone(roster.stamp()), Arc::clone(&new)));
                new
            }
        }
    }
}

impl Clone for Cache {
    fn clone(&self) -> Self {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Self(Mutex::new(kept.clone()))
    }
}

impl Epochs {
    /// The removals that take the ground from work: those by keys that are not revoked.
    pub(super) fn held(&self, roster: &Roster) -> Vec<(EpochId, &Epoch)> {
        let fold = self.fold(roster);
        let held = fold.counting.iter();
        held.filter_map(|id| Some((*id, self.by_id.get(id)?)))
            .collect()
    }

    /// All that follows from the statements and the roster, worked out once for each state of both.
    fn fold(&self, roster: &Roster) -> Arc<Fold> {
        self.folded.or_fold(roster, || {
            let removals = self.removals(roster);
            let counts = |id: &EpochId| {
                let by = self.by_id.get(id);
                by.is_some_and(|by| !roster.is_revoked(by.author))
            };
            let counting: BTreeSet<EpochId> = removals.iter().copied().filter(counts).collect();
            let let_in = self.let_in(roster, &removals);
            let stays = self.let_in(roster, &counting);
            let live = let_in.iter().copied();
            let readers = live.filter(|name| roster.is_live(*name)).collect();
            Fold {
                standing: self.stand(readers),
                let_in,
                stays,
                counting,
            }
        })
    }

    /// Who was let in and by none of these removals taken out, live in the roster or not.
    fn let_in(&self, roster: &Roster, removals: &BTreeSet<EpochId>) -> BTreeSet<ProfileId> {
        let removals = removals.iter();
        let removals: Vec<_> = removals
            .filter_map(|id| Some((id, self.by_id.get(id)?)))
            .collect();
        let lets_in = |one: &&Addition| {
            let Some(at) = self.by_id.get(&one.epoch) else {
                return false;
            };
            // Whoever began a stream may be taken out of it, but not with all that they let in then.
            let begins = at.chain == one.chain && at.author == one.author;
            removals.iter().all(|(id, by)| {
                let out = by.removed.contains(&one.name) && !at.line.contains(*id);
                let ground =
                    self.puts_out(roster, by, **id, one.author, one.chain, one.n, &at.line);
                !out && (begins || !ground)
            })
        };
        let additions = self.additions.iter().filter(lets_in);
        additions.map(|one| one.name).collect()
    }

    fn stand(&self, readers: BTreeSet<ProfileId>) -> Standing {
        let followed: BTreeSet<EpochId> = self
            .by_id
            .values()
            .flat_map(|e| e.parents.clone())
            .collect();
        let heads = self.by_id.iter().filter(|(id, _)| !followed.contains(*id));
        let heads = heads.map(|(id, epoch)| Head {
            epoch: *id,
            author: epoch.author,
            is_safe: epoch.members.is_subset(&readers),
            missing: readers.difference(&epoch.members).copied().collect(),
        });
        let heads = heads.collect();
        Standing { readers, heads }
    }

    /// Where the stream stands, by what is known.
    pub fn standing(&self, roster: &Roster) -> Standing {
        self.fold(roster).standing.clone()
    }

    /// Names that were let in and not taken out, whether they are live in the roster or not: what a
    /// relay may keep as its index, since it changes with the stream's statements alone.
    pub fn names(&self, roster: &Roster) -> BTreeSet<ProfileId> {
        self.fold(roster).let_in.clone()
    }

    /// Whom `author` took out and who is out: to be said again by whoever revokes that key.
    pub fn removed_by(&self, roster: &Roster, author: ProfileId) -> BTreeSet<ProfileId> {
        let fold = self.fold(roster);
        let theirs = self.by_id.values().filter(|one| one.author == author);
        let removed = theirs.flat_map(|one| one.removed.iter().copied());
        removed.filter(|name| !fold.let_in.contains(name)).collect()
    }

    /// How far of a chain counts by the removals of its author that were stated so far; `None` where
    /// there is none.
    pub fn reached(&self, roster: &Roster, author: ProfileId, chain: ChainId) -> Option<Reached> {
        let removals = self.by_id.values();
        let removals = removals.filter(|by| by.removes(roster, author));
        let reached = removals.filter_map(|by| by.frontier.get(&chain).copied());
        reached.max_by_key(|one| one.n)
    }

    /// Whether `profile` may read the stream now.
    pub fn may_read(&self, roster: &Roster, profile: ProfileId) -> bool {
        let fold = self.fold(roster);
        let readers = &fold.standing.readers;
        roster.active(profile).is_some()
            && roster.aliases(profile).any(|name| readers.contains(&name))
    }

    /// Whether `profile` was let in once and is a reader no more. One whose invite is void is not
    /// judged: it may yet be confirmed.
    pub fn is_out(&self, roster: &Roster, profile: ProfileId) -> bool {
        roster.names(profile).any(|name| self.was_named(name))
            && roster.known(profile).is_some()
            && !roster.is_suspended(profile)
            && !self.may_read(roster, profile)
    }

    /// Whether `profile` is out by the word of somebody who counts, so that its tablet is to let go
    /// of what it has. On the word of a revoked key nothing is erased: nobody who reads is given a
    /// key for it either, and whoever leads lets in again whom a thief has taken out.
    pub fn has_left(&self, roster: &Roster, profile: ProfileId) -> bool {
        let fold = self.fold(roster);
        let stays = roster.active(profile).is_some()
            && roster
                .aliases(profile)
                .any(|name| fold.stays.contains(&name));
        self.is_out(roster, profile) && !stays
    }
}
