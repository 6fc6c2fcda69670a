//! The fold: from envelopes in a stream's log to its document, and from the document to what the
//! caseload shows. Owns the invariant that the document is decided by the accepted envelopes alone:
//! an envelope counts once its chain's predecessor and all its parents do, whatever order they came in.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{
    ChainId, EnvelopeId, EpochId, Epochs, Header, Kind, ProfileId, Roster, StreamId, Verified,
    stream::Counting,
};

use serde_bytes::ByteBuf;

use crate::{
    api::Failure,
    body::{self, ChangeBody, Head, Packed},
    doc::{Doc, DocError, actor},
    engine::{
        Engine, Load,
        anew::stand_on,
        cx::Cx,
        desk::{Desk, Open, SavedDoc},
        keyspace,
        replica::{Replica, decode, encode, stored_envelope},
        streams,
        summary::summarise,
        texts::index_texts,
    },
    io::Entry,
    keys::Secret,
    note,
    seal::{self, open_stored, seal_stored},
};

/// Changes after which the document is stored anew.
const SAVE_EVERY: u32 = 32;
/// Streams whose documents are loaded at a time.
const LOAD_STREAMS_MAX: usize = 8;
/// Pause between opening colleagues' work and telling them.
const SEEN_DELAY_MS: u64 = 1_500;

/// What the disk has of a stream: the saved document, and its log from there on.
#[derive(Default)]
struct Stored {
    doc: Option<Vec<u8>>,
    tail: Vec<(u32, Vec<u8>)>,
}

/// What became of one envelope.
enum Folded {
    Accepted,
    /// Known already.
    Known,
    /// Its parents or its predecessor are not here.
    Early,
    /// It does not hold: its chain goes no further on this device.
    Held,
    /// Its author had been taken out: it waits for one who leads, or for colleagues' work on it.
    Late,
}

impl Open {
    pub(super) fn new(doc: Doc) -> Self {
        Self {
            doc,
            folded: 0,
            accepted: BTreeMap::new(),
            told: BTreeMap::new(),
            held: Default::default(),
            vouched: BTreeMap::new(),
            late: 0,
            unsaved: 0,
            parked: BTreeMap::new(),
            authors: BTreeMap::new(),
            used: 0,
        }
    }

    /// Takes an envelope's place in its chain.
    pub(super) fn accept(
        &mut self,
        stream: StreamId,
        chain: ChainId,
        head: Head,
        author: ProfileId,
    ) {
        self.accepted.insert(chain, (head, author));
        self.authors
            .insert(actor(stream, author, chain), (author, chain));
    }

    /// Whether the document has everything that `parents` name.
    fn stands_on(&self, parents: &[(ChainId, Head)]) -> bool {
        parents.iter().all(|(chain, head)| {
            self.accepted
                .get(chain)
                .is_some_and(|(known, _)| known.n >= head.n)
        })
    }

    fn fold(&mut self, desk: &DeskView, envelope: &Verified) -> Folded {
        let header = envelope.header();
        let last = self.accepted.get(&header.chain).map(|(head, _)| *head);
        let last_n = last.map_or(0, |head| head.n);
        if header.n <= last_n {
            return Folded::Known;
        }
        if self.held.contains(&header.chain) {
            return Folded::Held;
        }
        let follows = header.follows(last.map(|head| (head.n, head.id)));
        if !follows && header.n != last_n + 1 {
            return Folded::Early;
        }
        let vouched = self.vouched.get(&header.chain);
        if vouched.is_none_or(|upto| *upto < header.n) {
            match desk.epochs.counting(desk.roster, header) {
                Counting::Counts => {}
                Counting::Late => return Folded::Late,
                // Another ruling may come: the chain waits, but nobody is asked.
                Counting::Out => return Folded::Early,
            }
        }
        let Some(key) = desk.keys.get(&(header.stream, header.epoch)) else {
            return Folded::Early;
        };
        let opened = Some(key)
            .filter(|_| follows)
            .and_then(|key| seal::open(envelope, key).ok())
            .and_then(|plain| body::decode::<ChangeBody>(&plain).ok())
            .and_then(|body| body.changes.unpack().ok().map(|changes| (body, changes)))
            .filter(|(_, changes)| header.n - last_n == changes.len() as u64);
        let Some((body, changes)) = opened else {
            self.held.insert(header.chain);
            return Folded::Held;
        };
        if !self.stands_on(&body.parents) {
            // What counts stands on them: so they do.
            for (chain, head) in &body.parents {
                let upto = self.vouched.entry(*chain).or_default();
                *upto = head.n.max(*upto);
            }
            return Folded::Early;
        }
        let author = actor(header.stream, header.author, header.chain);
        let count = changes.len() as u32;
        match self.doc.apply(changes, &author, header.n) {
            Ok(()) => {}
            Err(DocError::Incomplete) => return Folded::Early,
            Err(_) => {
                self.held.insert(header.chain);
                return Folded::Held;
            }
        }
        let head = Head {
            n: header.n,
            id: envelope.id(),
        };
        self.accept(header.stream, header.chain, head, header.author);
        self.unsaved = self.unsaved.saturating_add(count);
        if header.author == desk.me {
            self.told
                .extend(body.parents.iter().map(|(chain, head)| (*chain, head.n)));
        }
        Folded::Accepted
    }
}

/// The part of the desk that folding reads.
struct DeskView<'a> {
    keys: &'a BTreeMap<(StreamId, EpochId), Secret>,
    me: ProfileId,
    roster: &'a Roster,
    epochs: &'a Epochs,
}

impl Engine {
    /// Whether a case's document is open; if it is not, it will be.
    pub(super) fn resident(&mut self, cx: &mut Cx, stream: StreamId) -> bool {
        let Some(desk) = &mut self.desk else {
            return false;
        };
        if desk.docs.contains_key(&stream) && !desk.unfolded.contains(&stream) {
            let directory = self
                .replica
                .as_ref()
                .map_or(StreamId::ZERO, |r| r.profile.directory);
            desk.touch(stream, directory);
            return true;
        }
        if !desk.loading.contains_key(&stream) {
            self.load_documents(cx, vec![stream]);
        }
        false
    }

    fn load_documents(&mut self, cx: &mut Cx, streams: Vec<StreamId>) {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return;
        };
        let mut ranges = Vec::new();
        for id in &streams {
            let (saved, logged) = replica.entries(*id);
            desk.loading.insert(*id, logged);
            ranges.extend(keyspace::document_and_tail(*id, saved));
        }
        self.load(cx, Load::Documents { streams }, ranges);
    }

    /// Goes on with folding what has arrived, a few streams at a time, so that a long first sync
    /// never stands before what a person does.
    pub(super) fn fold_next(&mut self, cx: &mut Cx) {
        let Some(desk) = &mut self.desk else { return };
        let busy = self
            .loads
            .values()
            .any(|load| matches!(load, Load::Documents { .. }));
        let idle = desk.unfolded.is_empty() && desk.stale.is_empty();
        if busy || idle {
            return;
        }
        // Without a key there is nothing to open yet; the grant may still come.
        let ready = |id: &StreamId| desk.keys.keys().any(|(stream, _)| stream == id);
        let streams: Vec<StreamId> = desk
            .unfolded
            .union(&desk.stale)
            .copied()
            .filter(ready)
            .take(LOAD_STREAMS_MAX)
            .collect();
        if !streams.is_empty() {
            self.load_documents(cx, streams);
        }
    }

    pub(super) fn documents_loaded(
        &mut self,
        cx: &mut Cx,
        streams: Vec<StreamId>,
        entries: Vec<Entry>,
    ) {
        let mut by_stream: BTreeMap<StreamId, Stored> =
            streams.iter().map(|id| (*id, Stored::default())).collect();
        for Entry { key, value } in entries {
            let Some(found) = keyspace::part(&key, 1).and_then(|id| by_stream.get_mut(&id)) else {
                continue;
            };
            match (key.split('/').next(), keyspace::index(&key)) {
                (Some("doc"), _) => found.doc = Some(value.into_vec()),
                (Some("log"), Some(index)) => found.tail.push((index as u32, value.into_vec())),
                _ => {}
            }
        }
        for (stream, stored) in by_stream {
            let Some(desk) = &mut self.desk else { return };
            let asked = desk.loading.remove(&stream).unwrap_or(0);
            // One that was left while the disk was asked stays left.
            let known = self.replica.as_ref().is_some_and(|replica| {
                let directory = replica.profile.directory;
                (stream == directory && directory != StreamId::ZERO)
                    || replica.streams.contains_key(&stream)
            });
            if known {
                self.open_document(cx, stream, stored, asked);
            }
            let waiting = self.desk.as_mut();
            let waiting = waiting.and_then(|desk| desk.waiting.remove(&stream));
            for (id, request) in waiting.into_iter().flatten() {
                self.request(cx, id, request);
            }
        }
    }

    /// Opens a document from what was `stored` when its log had `asked` entries.
    fn open_document(&mut self, cx: &mut Cx, stream: StreamId, stored: Stored, asked: u32) {
        let Ok(own) = self.begin_writing(cx, stream) else {
            return;
        };
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return;
        };
        if !desk.docs.contains_key(&stream) {
            let name = keyspace::document(stream);
            let restored = stored
                .doc
                .and_then(|bytes| open_stored(&desk.secrets.storage, &name, &bytes).ok())
                .and_then(|plain| decode::<SavedDoc>(&plain).ok())
                .and_then(|saved| restore(stream, saved, own.clone(), replica));
            let (from, _) = replica.entries(stream);
            let open = match restored {
                Some(mut open) => {
                    open.folded = from;
                    open
                }
                None => Open::new(Doc::new(own)),
            };
            desk.docs.insert(stream, open);
        }
        let before = desk.docs.get(&stream).map_or(0, |open| open.folded);
        // Storage is not trusted: signatures are checked again. What fails is left out, and with it
        // what builds on it.
        let tail = stored
            .tail
            .into_iter()
            .filter_map(|(index, bytes)| Some((index, stored_envelope(&bytes).ok()?)))
            .collect();
        self.fold_tail(cx, stream, tail);
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return;
        };
        let (_, logged) = replica.entries(stream);
        let folded = desk.docs.get(&stream).map_or(0, |open| open.folded);
        if logged > asked && logged > folded {
            // What has come since it was asked for.
            desk.unfolded.insert(stream);
        } else if folded == before {
            // Nothing more is on the disk, whatever was counted: asking again would not help.
            desk.unfolded.remove(&stream);
        }
        desk.touch(stream, replica.profile.directory);
    }

    /// Folds entries of a stream's log, in their order, into its open document.
    pub(super) fn fold_tail(&mut self, cx: &mut Cx, stream: StreamId, tail: Vec<(u32, Verified)>) {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return;
        };
        let Some(mut open) = desk.docs.remove(&stream) else {
            return;
        };
        let none = Epochs::default();
        let epochs = replica.streams.get(&stream).map(|known| &known.epochs);
        let view = DeskView {
            keys: &desk.keys,
            me: replica.profile.profile,
            roster: &replica.roster,
            epochs: epochs.unwrap_or(&none),
        };
        // What earlier folds have taken into the caseload and the search already.
        let before = desk
            .summaries
            .get(&stream)
            .map_or(0, |summary| summary.folded);
        for (index, envelope) in tail {
            if index >= open.folded {
                open.parked.insert(index, envelope);
                open.folded = index + 1;
            }
        }
        let mut any = false;
        let mut written = BTreeSet::new();
        let mut others = false;
        loop {
            let parked = std::mem::take(&mut open.parked);
            let vouched = open.vouched.clone();
            let mut moved = false;
            open.late = 0;
            for (index, envelope) in parked {
                let fresh = index >= before;
                any |= fresh;
                match open.fold(&view, &envelope) {
                    Folded::Accepted => {
                        moved = true;
                        let touched = open.doc.take_touched();
                        if fresh {
                            written.extend(touched);
                        }
                        others |= fresh && envelope.header().author != view.me;
                    }
                    Folded::Known | Folded::Held => {}
                    Folded::Early => {
                        open.parked.insert(index, envelope);
                    }
                    Folded::Late => {
                        open.late += 1;
                        open.parked.insert(index, envelope);
                    }
                }
            }
            if !moved && open.vouched == vouched {
                break;
            }
        }
        let (_, logged) = replica.entries(stream);
        if open.folded >= logged {
            desk.unfolded.remove(&stream);
        }
        if others {
            desk.seen_due
                .entry(stream)
                .or_insert(cx.now.plus(SEEN_DELAY_MS));
        }
        let stale = desk.stale.remove(&stream);
        if stream != replica.profile.directory && (stale || any) {
            index_texts(desk, cx, stream, &open.doc, &written);
            summarise(desk, cx, stream, &open);
        }
        save_now_and_then(replica, desk, cx, stream, &mut open);
        desk.docs.insert(stream, open);
        self.changed.insert(stream);
        if stream == replica.profile.directory {
            self.read_medicines();
            self.read_policy();
            self.read_library();
            self.look_at_resources();
        }
    }

    /// Brings the caseload's line of an open case up to date.
    pub(super) fn summarise_anew(&mut self, cx: &mut Cx, stream: StreamId) {
        let Some(desk) = &mut self.desk else { return };
        if let Some(open) = desk.docs.remove(&stream) {
            summarise(desk, cx, stream, &open);
            desk.docs.insert(stream, open);
        }
        self.changed.insert(stream);
    }

    /// Opens the document of a stream that we have just begun.
    pub(super) fn open_new(&mut self, stream: StreamId, doc: Doc) -> Result<(), Failure> {
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        desk.docs.insert(stream, Open::new(doc));
        Ok(())
    }

    /// Seals a change that the open document has just made, stores it and puts it in the outbox.
    pub(super) fn publish(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        change: &[u8],
    ) -> Result<(), Failure> {
        self.publish_as(cx, stream, change, true)
    }

    /// The same, of what was `typed` here or read from a file.
    pub(super) fn publish_as(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        change: &[u8],
        typed: bool,
    ) -> Result<(), Failure> {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        let mut open = desk.docs.remove(&stream).ok_or(Failure::NotFound)?;
        let sealed = streams::writing_epoch(replica, desk, cx, stream)
            .and_then(|epoch| seal_change((replica, desk), cx, stream, epoch, &mut open, change))
            .map(|envelope| replica.post_change(cx, &envelope, typed));
        let written = open.doc.take_touched();
        if sealed.is_ok() {
            let directory = replica.profile.directory;
            if stream != directory {
                index_texts(desk, cx, stream, &open.doc, &written);
                summarise(desk, cx, stream, &open);
            }
            save_now_and_then(replica, desk, cx, stream, &mut open);
            desk.docs.insert(stream, open);
            desk.touch(stream, directory);
            if stream == directory {
                self.read_medicines();
                self.read_policy();
                self.read_library();
                self.look_at_resources();
            }
        } else {
            // The document holds a change that nobody else ever will: it was dropped just now, and
            // is read again from its log.
            desk.unfolded.insert(stream);
        }
        self.changed.insert(stream);
        sealed
    }
}

fn restore(
    stream: StreamId,
    mut saved: SavedDoc,
    own: automerge::ActorId,
    replica: &Replica,
) -> Option<Open> {
    let mut open = Open::new(Doc::load(&saved.doc, own).ok()?);
    let meta = replica.streams.get(&stream).map(|known| &known.meta);
    if let Some((meta, mine)) = meta.and_then(|meta| Some((meta, meta.mine?))) {
        stand_on(&mut saved.accepted, mine.chain, &meta.sealed_anew);
    }
    for (chain, (head, author)) in &saved.accepted {
        open.accept(stream, *chain, *head, *author);
    }
    open.told = saved.told.clone();
    open.held = saved.held.clone();
    open.vouched = saved.vouched.clone();
    Some(open)
}

fn seal_change(
    (replica, desk): (&mut Replica, &Desk),
    cx: &mut Cx,
    stream: StreamId,
    epoch: EpochId,
    open: &mut Open,
    change: &[u8],
) -> Result<Verified, Failure> {
    let known = replica.streams.get_mut(&stream).ok_or(Failure::NotFound)?;
    let key = desk.keys.get(&(stream, epoch)).ok_or(Failure::NotReady)?;
    let mine = known.meta.mine.as_mut().ok_or(Failure::NotReady)?;
    mine.at = cx.now;
    let chain = mine.chain;
    let last = known.meta.chains.get(&chain).map(|tip| tip.head);
    if last != open.accepted.get(&chain).map(|(head, _)| *head) {
        // The document is behind our own log: another change now would fork the chain.
        return Err(Failure::NotReady);
    }
    let parents: Vec<(ChainId, Head)> = open
        .accepted
        .iter()
        .filter(|(id, (head, _))| {
            **id != chain && head.n > open.told.get(*id).copied().unwrap_or(0)
        })
        .map(|(id, (head, _))| (*id, *head))
        .collect();
    let cursor = replica
        .state
        .incarnation
        .map(|memory| (memory, known.meta.cursor));
    let change_body = ChangeBody {
        parents: parents.clone(),
        cursor,
        at: cx.now,
        changes: Packed::pack(&[ByteBuf::from(change)]),
    };
    let (n, prev) = last.map_or((1, EnvelopeId::ZERO), |head| (head.n + 1, head.id));
    let mut header = Header::control(
        replica.profile.agency,
        stream,
        replica.profile.profile,
        replica.roster.latest(),
    )
    .after(chain, n, prev);
    header.kind = Kind::Change;
    let body = body::encode(&change_body);
    let envelope = seal::seal(header, epoch, key, &body, &desk.signer, cx.rng).map_err(|_| {
        Failure::TooLong {
            field: "note".into(),
            max: note::LEN_MAX as u32,
        }
    })?;
    open.accept(
        stream,
        chain,
        Head {
            n,
            id: envelope.id(),
        },
        replica.profile.profile,
    );
    open.told
        .extend(parents.into_iter().map(|(chain, head)| (chain, head.n)));
    replica.append(cx, &envelope);
    open.unsaved = open.unsaved.saturating_add(1);
    let (_, logged) = replica.entries(stream);
    if open.folded + 1 == logged {
        open.folded = logged;
    }
    Ok(envelope)
}

/// Stores the document once [`SAVE_EVERY`] changes have come to it, unless something is parked.
fn save_now_and_then(
    replica: &mut Replica,
    desk: &Desk,
    cx: &mut Cx,
    stream: StreamId,
    open: &mut Open,
) {
    let Some(known) = replica.streams.get_mut(&stream) else {
        return;
    };
    if !open.parked.is_empty() || open.unsaved < SAVE_EVERY {
        return;
    }
    let saved = SavedDoc {
        doc: open.doc.save(),
        accepted: open.accepted.clone(),
        told: open.told.clone(),
        held: open.held.clone(),
        vouched: open.vouched.clone(),
    };
    let name = keyspace::document(stream);
    let sealed = seal_stored(&desk.secrets.storage, &name, &encode(&saved), cx.rng);
    cx.put(name, sealed);
    open.unsaved = 0;
    known.meta.saved = open.folded;
    known.meta.sealed_anew.clear();
    replica.store_meta(cx, stream);
}
