//! Looking at a file before anything of it is taken in: who made it, and how much of it is new here.
//! What it states about who may read what is folded aside, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{
    Envelope, Epochs, Kind, Roster, StreamId,
    bundle::{BundleError, Found, Head, Held, Maker, Part, Reader},
};

use super::{PIECE_LEN_MAX, bad, failure_of, said};
use crate::{
    api::{BundleProblem, BundleSaid, BundleView, Failure, Reply},
    engine::{Engine, replica::Replica},
};

/// A file that is being looked at, or has been.
pub(in crate::engine) struct Looking {
    reader: Reader,
    roster: Roster,
    epochs: BTreeMap<StreamId, Epochs>,
    /// Envelopes of each stream, and those of them that are not here.
    streams: BTreeMap<StreamId, (u32, u32)>,
    view: BundleView,
    pub bundle: Option<[u8; 16]>,
    pub head: Option<Head>,
    pub held: Vec<(StreamId, Held)>,
    /// Streams that may be read here once the file is in; set at its end.
    pub readable: Option<BTreeSet<StreamId>>,
}

impl Engine {
    pub(super) fn look_at_bundle(
        &mut self,
        piece: &[u8],
        start: bool,
        end: bool,
    ) -> Result<Reply, Failure> {
        if piece.len() > PIECE_LEN_MAX {
            return Err(bad(BundleProblem::TooLong));
        }
        let replica = self.replica.as_ref().ok_or(Failure::WrongMoment)?;
        if start {
            self.bundles.taking = None;
            self.bundles.looking = Some(Looking::new(replica));
        }
        let looking = self.bundles.looking.as_mut().ok_or(Failure::WrongMoment)?;
        if looking.readable.is_some() {
            return Err(Failure::WrongMoment);
        }
        looking.reader.feed(piece);
        if end {
            looking.reader.finish();
        }
        while let Some(found) = looking.reader.take() {
            match found {
                Ok(found) => looking.note(replica, found)?,
                Err(BundleError::TooDamaged) => return Err(bad(BundleProblem::NotOne)),
                Err(BundleError::Version(_)) => looking.view.newer = true,
                Err(BundleError::Damaged | BundleError::Malformed | BundleError::TooLong) => {
                    looking.view.damaged += 1;
                }
            }
        }
        if !end {
            return Ok(said(BundleSaid::Going));
        }
        if looking.bundle.is_none() {
            let newer = looking.view.newer;
            let problem = if newer {
                BundleError::Version(0)
            } else {
                BundleError::Malformed
            };
            return Err(failure_of(problem));
        }
        let mut file = looking.finish(replica);
        if let Some(Maker::Tablet(profile)) = looking.head.as_ref().map(|head| head.maker) {
            file.name = self.name_of(profile);
        }
        Ok(said(BundleSaid::File { file }))
    }
}

impl Looking {
    fn new(replica: &Replica) -> Self {
        let view = BundleView {
            cut: true,
            ..BundleView::default()
        };
        Self {
            reader: Reader::default(),
            roster: replica.roster.clone(),
            epochs: BTreeMap::new(),
            streams: BTreeMap::new(),
            view,
            bundle: None,
            head: None,
            held: Vec::new(),
            readable: None,
        }
    }

    fn note(&mut self, replica: &Replica, found: Found) -> Result<(), Failure> {
        if *self.bundle.get_or_insert(found.bundle) != found.bundle {
            self.view.damaged += 1;
            return Ok(());
        }
        match found.part {
            Part::Head(head) => {
                if head.agency != replica.profile.agency {
                    return Err(bad(BundleProblem::OtherAgency));
                }
                self.head = Some(head);
            }
            Part::Held(held) => self.held.extend(held),
            Part::Stretch(stretch) => {
                for (_, bytes) in &stretch.envelopes {
                    self.envelope(replica, stretch.stream, bytes);
                }
            }
            Part::Grants(_) => {}
            Part::Close(close) => {
                self.view.cut = false;
                let maker = self.head.as_ref().map(|head| head.maker);
                let ours = |maker: &Maker| match maker {
                    Maker::Relay { key, .. } => self.roster.lists_relay(*key),
                    Maker::Tablet(profile) => self.roster.known(*profile).is_some(),
                };
                let proven = |maker: &Maker| ours(maker) && close.is_by(maker);
                self.view.proven = maker.as_ref().is_some_and(proven);
            }
        }
        Ok(())
    }

    fn envelope(&mut self, replica: &Replica, stream: StreamId, bytes: &[u8]) {
        let Ok(envelope) = Envelope::decode(bytes) else {
            return;
        };
        let header = envelope.header();
        if header.stream != stream {
            return;
        }
        let known = replica.streams.get(&stream);
        let tip = known.and_then(|known| known.meta.chains.get(&header.chain));
        let fresh = tip.is_none_or(|tip| tip.head.n < header.n);
        let tally = self.streams.entry(stream).or_default();
        *tally = (tally.0 + 1, tally.1 + u32::from(fresh));
        if header.kind != Kind::Control || !fresh {
            return;
        }
        let Ok(statement) = envelope.verify() else {
            return;
        };
        if stream == replica.log {
            let _ = self.roster.insert(&statement);
            return;
        }
        let epochs = self
            .epochs
            .entry(stream)
            .or_insert_with(|| known.map_or_else(Epochs::default, |known| known.epochs.clone()));
        let _ = epochs.insert(&self.roster, &statement);
    }

    fn finish(&mut self, replica: &Replica) -> BundleView {
        let me = replica.profile.profile;
        let may_read = |epochs: &Epochs| epochs.may_read(&self.roster, me);
        let readable: BTreeSet<StreamId> = self
            .streams
            .keys()
            .copied()
            .filter(|id| {
                let here = replica.streams.get(id);
                let here = here.is_some_and(|known| known.epochs.has_begun());
                *id == replica.log || here || self.epochs.get(id).is_some_and(may_read)
            })
            .collect();
        let view = &mut self.view;
        for (id, (all, fresh)) in &self.streams {
            view.entries += all;
            if !readable.contains(id) {
                view.carried += all;
                continue;
            }
            view.fresh += fresh;
            let agencys = *id == replica.log || *id == replica.profile.directory;
            if *fresh > 0 && !agencys && !self.roster.is_audit(*id) {
                view.cases += 1;
            }
        }
        let maker = self.head.as_ref().map(|head| head.maker);
        view.at = self.head.as_ref().map(|head| head.at);
        view.by_relay = matches!(maker, Some(Maker::Relay { .. }));
        view.own = maker == Some(Maker::Tablet(me));
        self.readable = Some(readable);
        view.clone()
    }
}
