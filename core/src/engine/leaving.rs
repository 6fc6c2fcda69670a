//! Taking out: a member out of a case, a tablet out of the agency, late work in or out; and what a
//! tablet does when it is the one that is taken out. Owns the invariant that it lets go of records on
//! a signed statement only, never on the relay's word, and never of work that is not delivered.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{
    ChainId, Closed, Cursor, Envelope, EnvelopeId, EpochId, ProfileId, Statement, StreamId,
    control::Reached, stream::Counting,
};

use crate::{
    api::{Event, Failure, LateView, ProfileStage, Reply},
    body::{CHANGES_MAX, Head},
    engine::{
        Engine,
        compartments::reads,
        confirm::with_claimants,
        cx::Cx,
        desk::Open,
        handing, keyspace,
        replica::{Outgoing, Replica, Stream},
        session::Session,
        streams,
        summary::look_elsewhere,
    },
};

impl Engine {
    /// Takes a member out of a case, with every tablet of theirs.
    pub(super) fn take_out(
        &mut self,
        cx: &mut Cx,
        case: &str,
        profile: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let member: ProfileId = profile.parse().map_err(|_| Failure::NotFound)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        let (_, role) = replica.roster.member(member).ok_or(Failure::NotFound)?;
        if !replica.profile.role.may_certify(role) || member == replica.profile.profile {
            return Err(Failure::NotAllowed);
        }
        let me = replica.profile.profile;
        let roster = &replica.roster;
        let person = roster.known(member).map(|one| one.staff);
        let theirs = roster
            .members()
            .filter(|one| Some(one.staff) == person && one.profile != me);
        let tablets = theirs.map(|one| one.profile).chain([member]);
        let names: BTreeSet<ProfileId> = tablets.flat_map(|one| roster.names(one)).collect();
        let within = desk.compartments(stream).map(|(id, _)| id);
        let within = within.filter(|id| names.iter().any(|name| reads(replica, *id, *name)));
        let within: Vec<StreamId> = within.collect();
        streams::rotate(replica, desk, cx, stream, names.clone())?;
        self.count_anew(cx, stream);
        // Whoever may not read the case may not read its compartments.
        for id in within {
            let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
                return Err(Failure::Locked);
            };
            streams::rotate(replica, desk, cx, id, names.clone())?;
            self.count_anew(cx, id);
        }
        Ok(Reply::Done)
    }

    /// Takes a tablet out of the agency and out of every stream that we are in, or an invite back.
    pub(super) fn revoke(&mut self, cx: &mut Cx, key: &str) -> Result<Reply, Failure> {
        let key: ProfileId = key.parse().map_err(|_| Failure::NotFound)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        let (_, role) = replica.roster.member(key).ok_or(Failure::NotFound)?;
        if !replica.profile.role.may_certify(role) || key == replica.profile.profile {
            return Err(Failure::NotAllowed);
        }
        let keys = with_claimants(replica, key);
        let roster = &replica.roster;
        let names: BTreeSet<ProfileId> = keys.iter().flat_map(|key| roster.names(*key)).collect();
        let log = replica.log;
        for key in keys {
            let stands = replica.roster.acts_of(key);
            streams::state(replica, desk, cx, log, &Statement::Revoke { key, stands })?;
        }
        let within = |stream: &Stream| {
            let mut epochs = stream.epochs.all();
            epochs.any(|(_, epoch)| !epoch.members.is_disjoint(&names))
        };
        let all = replica.streams.iter();
        let all: Vec<StreamId> = all
            .filter(|(_, one)| within(one))
            .map(|(id, _)| *id)
            .collect();
        let mut rotated = Vec::new();
        for stream in all {
            // Whom that key took out before stays out by our word: by its own no tablet lets go.
            let (role, roster) = (replica.profile.role, &replica.roster);
            let epochs = replica.streams.get(&stream).map(|known| &known.epochs);
            let before = epochs.map_or_else(BTreeSet::new, |known| known.removed_by(roster, key));
            let may = |name: &ProfileId| {
                let theirs = roster.member(*name).map(|(_, role)| role);
                !roster.is_live(*name) || theirs.is_some_and(|theirs| role.may_certify(theirs))
            };
            let removed = names.iter().copied().chain(before.into_iter().filter(may));
            let removed = removed.collect();
            // Where the key is not here, whoever writes next gives a new one.
            if streams::rotate(replica, desk, cx, stream, removed).is_ok() {
                rotated.push(stream);
            }
            self.changed.insert(stream);
        }
        // Names stand on every page.
        self.changed.insert(replica.profile.directory);
        for stream in rotated {
            self.count_anew(cx, stream);
        }
        self.tend_audit(cx);
        Ok(Reply::Done)
    }

    /// Rules on the late work of somebody who was taken out of a case.
    pub(super) fn rule(
        &mut self,
        cx: &mut Cx,
        case: &str,
        profile: &str,
        stands: bool,
        reason: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let author: ProfileId = profile.parse().map_err(|_| Failure::NotFound)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        if !replica.profile.role.leads() {
            return Err(Failure::NotAllowed);
        }
        let reason = handing::check_reason(reason, !stands)?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let chains = late_chains(replica, stream, open, author);
        if chains.is_empty() {
            return Err(Failure::ChangedSince);
        }
        let theirs = late(replica, stream, open).filter(|one| one.header().author == author);
        let changes: u32 = theirs.map(|one| changes_in(open, one)).sum();
        let ruling = (changes, stands, reason.as_str());
        // Why comes first: what is decided is never without it.
        self.note_ruling(cx, stream, author, ruling)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        for (chain, Head { n, id }) in chains {
            let epochs = replica.streams.get(&stream).map(|known| &known.epochs);
            let over = epochs.map_or_else(Vec::new, |epochs| epochs.rulings_of(chain));
            let upto = Reached { chain, n, id };
            let rule = Statement::Rule { upto, stands, over };
            streams::state(replica, desk, cx, stream, &rule)?;
        }
        self.count_anew(cx, stream);
        Ok(Reply::Done)
    }

    /// Takes in what waited and counts by a statement that we have just made.
    fn count_anew(&mut self, cx: &mut Cx, stream: StreamId) {
        self.fold_tail(cx, stream, Vec::new());
        self.summarise_anew(cx, stream);
        if let Some(desk) = self
            .desk
            .as_mut()
            .filter(|desk| !desk.docs.contains_key(&stream))
        {
            desk.stale.insert(stream);
        }
    }

    /// Work that waits for one who leads, by whom it is.
    pub(super) fn late_views(
        &self,
        replica: &Replica,
        stream: StreamId,
        open: &Open,
    ) -> Vec<LateView> {
        let mut by_author: BTreeMap<ProfileId, u32> = BTreeMap::new();
        for envelope in late(replica, stream, open) {
            let changes = by_author.entry(envelope.header().author).or_default();
            *changes += changes_in(open, envelope);
        }
        let leads = replica.profile.role.leads();
        let view = |(author, changes): (ProfileId, u32)| LateView {
            profile: author.to_string(),
            name: self.name_of(author),
            changes,
            may_rule: leads,
        };
        by_author.into_iter().map(view).collect()
    }

    /// What the relay says of streams that are no longer ours.
    pub(super) fn closed(&mut self, cx: &mut Cx, closed: Vec<Closed>) {
        for Closed { stream, statements } in closed {
            let Some(replica) = &mut self.replica else {
                return;
            };
            // One that is not here any more needs no proof.
            let Some(known) = replica.streams.get_mut(&stream) else {
                continue;
            };
            for bytes in statements {
                let statement = Envelope::decode(&bytes).and_then(Envelope::verify).ok();
                let fits = statement.filter(|one| one.header().stream == stream);
                if let Some(statement) = fits {
                    let _ = known.epochs.insert(&replica.roster, &statement);
                }
            }
            // Should somebody let us in again, it is all fetched anew.
            known.meta.cursor = Cursor::default();
            replica.store_meta(cx, stream);
            self.after_statements(cx, [stream].into());
        }
    }

    /// What follows from statements that have just come in, for these streams.
    pub(super) fn after_statements(&mut self, cx: &mut Cx, streams: BTreeSet<StreamId>) {
        let Some(replica) = &self.replica else { return };
        let me = replica.profile.profile;
        if replica.roster.is_revoked(me) {
            return self.dismissed(cx);
        }
        if let (true, Some(desk)) = (streams.contains(&replica.log), &mut self.desk) {
            // Nobody is busy by the word of a tablet that is gone.
            let roster = &replica.roster;
            desk.busy
                .retain(|profile, _| roster.active(*profile).is_some());
            look_elsewhere(desk);
        }
        for stream in streams {
            let Some(replica) = &mut self.replica else {
                return;
            };
            let Some(known) = replica.streams.get_mut(&stream) else {
                continue;
            };
            known.epochs.settle(&replica.roster);
            if known.epochs.has_left(&replica.roster, me) {
                self.leave(cx, stream);
                continue;
            }
            let cut = |(chain, tip): (&ChainId, &super::replica::Tip)| {
                let epochs = &known.epochs;
                epochs.cuts(&replica.roster, tip.author, *chain, tip.head.n)
            };
            if !replica.roster.is_audit(stream) && known.meta.chains.iter().any(cut) {
                self.fold_anew(cx, stream);
            }
            if let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) {
                // Without a key that is still on its way it is for somebody else, or for later.
                let _ = streams::mend(replica, desk, cx, stream);
            }
            self.changed.insert(stream);
        }
    }

    /// What has been folded of a stream may not count any more.
    fn fold_anew(&mut self, cx: &mut Cx, stream: StreamId) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        if let Some(known) = replica.streams.get_mut(&stream) {
            known.meta.saved = 0;
            known.meta.sealed_anew.clear();
        }
        replica.store_meta(cx, stream);
        cx.delete(keyspace::document(stream));
        cx.delete(keyspace::summary(stream));
        cx.clear(keyspace::texts_of(stream));
        let Some(desk) = &mut self.desk else { return };
        desk.docs.remove(&stream);
        if let Some(summary) = desk.summaries.get_mut(&stream) {
            summary.folded = 0;
        }
        if let Some(texts) = &mut desk.texts {
            texts.by_note.remove(&stream);
        }
        desk.unfolded.insert(stream);
    }

    /// Lets go of everything of a stream, except for what is still to be delivered and the keys that we made.
    fn leave(&mut self, cx: &mut Cx, stream: StreamId) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let left = replica.streams.remove(&stream).unwrap_or_default();
        replica.grants.retain(|grant| grant.stream != stream);
        let of_it = |out: &Outgoing| match &out.item {
            satchel_wire::Item::Grant(grant) => grant.stream == stream,
            satchel_wire::Item::Envelope(_) => {
                out.place.is_some_and(|(at, ..)| at == stream) && out.work.is_none()
            }
        };
        let idle = replica.outbox.iter().filter(|(_, out)| of_it(out));
        for number in idle.map(|(number, _)| *number).collect::<Vec<_>>() {
            replica.outbox.remove(&number);
            cx.delete(keyspace::outbox(number));
        }
        for range in keyspace::all_of(stream) {
            cx.clear(range);
        }
        // Nobody grants us a key that we made: should we come back, it has to be here.
        let me = replica.profile.profile;
        let of_others = left.epochs.all().filter(|(_, epoch)| epoch.author != me);
        let gone: BTreeSet<EpochId> = of_others.map(|(id, _)| id).collect();
        for epoch in &gone {
            cx.delete(keyspace::epoch_key(stream, *epoch));
        }
        if let Some(desk) = &mut self.desk {
            desk.forget(stream, &gone);
            let case = stream.to_string();
            let drafts = desk.drafts.keys().filter(|form| form.case == case);
            for form in drafts.cloned().collect::<Vec<_>>() {
                self.drop_draft(cx, &form);
            }
        }
        self.changed.insert(stream);
    }

    /// This tablet has been taken out of the agency: it locks, delivers what is written, and then
    /// forgets everything.
    pub(super) fn dismissed(&mut self, cx: &mut Cx) {
        if self.desk.is_some() {
            self.lock(cx);
        }
        let Some(replica) = &self.replica else { return };
        let waits = |out: &Outgoing| (out.work.is_some() || out.is_access()) && out.held.is_none();
        if replica.outbox.values().any(waits) {
            return;
        }
        // What the relay would not take stays, sealed: nobody's work is thrown away.
        for range in keyspace::everything_but_the_outbox() {
            cx.clear(range);
        }
        cx.put(keyspace::DISMISSED.into(), Vec::new());
        self.replica = None;
        self.loads.clear();
        self.session = Session::default();
        cx.effect(crate::io::Effect::Close);
        cx.notify(Event::Ready {
            stage: ProfileStage::Dismissed,
        });
    }
}

fn late<'a>(
    replica: &'a Replica,
    stream: StreamId,
    open: &'a Open,
) -> impl Iterator<Item = &'a satchel_wire::Verified> {
    let epochs = replica.streams.get(&stream).map(|known| &known.epochs);
    open.parked.values().filter(move |envelope| {
        let counting = epochs.map(|known| known.counting(&replica.roster, envelope.header()));
        counting == Some(Counting::Late)
    })
}

/// How many changes an envelope that waits holds: as many places as it has taken in its chain.
fn changes_in(open: &Open, envelope: &satchel_wire::Verified) -> u32 {
    let header = envelope.header();
    let accepted = open.accepted.get(&header.chain).map(|(head, _)| *head);
    let accepted = accepted.filter(|head| head.id == header.prev);
    let mut parked = open.parked.values();
    let parked = parked.find(|one| one.id() == header.prev);
    let before = match (parked, accepted) {
        (Some(one), _) => one.header().n,
        (None, Some(head)) => head.n,
        (None, None) if header.prev == EnvelopeId::ZERO => 0,
        (None, None) => header.n.saturating_sub(1),
    };
    header.n.saturating_sub(before).min(CHANGES_MAX as u64) as u32
}

fn late_chains(
    replica: &Replica,
    stream: StreamId,
    open: &Open,
    author: ProfileId,
) -> BTreeMap<ChainId, Head> {
    let mut chains: BTreeMap<ChainId, Head> = BTreeMap::new();
    for envelope in late(replica, stream, open) {
        let header = envelope.header();
        if header.author == author && chains.get(&header.chain).is_none_or(|h| h.n < header.n) {
            let (n, id) = (header.n, envelope.id());
            chains.insert(header.chain, Head { n, id });
        }
    }
    chains
}
