//! Sealing anew what never left: changes of ours of which nothing was ever sent become few envelopes
//! before they are first sent. Owns the invariant that an envelope which may have left this tablet is
//! never replaced: how far the outbox has been let out is stored before anything of it goes out. What
//! was imported is never sealed together with what was typed.

use std::collections::BTreeMap;

use satchel_wire::{ChainId, EnvelopeId, Header, Item, Kind, ProfileId, StreamId, Verified};
use serde_bytes::ByteBuf;

use crate::{
    body::{self, CHANGES_MAX, ChangeBody, Head, Packed},
    engine::{
        cx::Cx,
        desk::Desk,
        keyspace,
        replica::{Outgoing, Replica, SealedAnew, Tip, Work, encode, stored_envelope},
    },
    seal,
};

/// The most that the changes of one envelope may come to before they are packed, in bytes: it fits one
/// envelope whatever they are.
const LEN_MAX: usize = 128 * 1024;

/// One of our envelopes that never left, opened.
struct Kept {
    number: u64,
    work: Work,
    envelope: Verified,
    body: ChangeBody,
    changes: Vec<ByteBuf>,
}

impl Kept {
    fn len(&self) -> usize {
        self.changes.iter().map(|change| change.len()).sum()
    }
}

/// Seals anew what of the outbox comes next, as far as `len` bytes go.
pub(super) fn seal_anew(replica: &mut Replica, desk: &mut Desk, cx: &mut Cx, len: usize) {
    let mut by_stream: BTreeMap<StreamId, Vec<u64>> = BTreeMap::new();
    for (number, out) in replica.outbox.range(replica.state.let_out..) {
        if let (Some(_), Some((stream, ..))) = (out.work, out.place) {
            by_stream.entry(stream).or_default().push(*number);
        }
    }
    let order: Vec<(u64, StreamId)> = by_stream
        .iter()
        .filter_map(|(stream, numbers)| Some((*numbers.first()?, *stream)))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .collect();
    let mut gone = 0;
    for (_, stream) in order {
        let numbers = by_stream.remove(&stream).unwrap_or_default();
        if numbers.len() > 1 {
            // What cannot be done is sent as it is.
            let _ = seal_stream(replica, desk, cx, stream, &numbers);
        }
        let rest = numbers
            .iter()
            .filter_map(|number| replica.outbox.get(number));
        gone += rest.map(Outgoing::len).sum::<usize>();
        if gone > len {
            break;
        }
    }
}

/// All of our changes in one stream that never left, with their places in the outbox: `None` where they
/// are left as they are.
fn seal_stream(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
    numbers: &[u64],
) -> Option<()> {
    let known = replica.streams.get(&stream)?;
    let chain = known.meta.mine?.chain;
    let tip = known.meta.chains.get(&chain)?.head;
    let is_busy = desk.loading.contains_key(&stream) || stream == replica.profile.directory;
    let open = desk.docs.get(&stream).map(|open| open.accepted.get(&chain));
    let is_level = open.is_none_or(|head| head.is_some_and(|(head, _)| *head == tip));
    if is_busy || !is_level {
        return None;
    }
    let kept: Option<Vec<Kept>> = numbers
        .iter()
        .map(|number| open_own(replica, desk, chain, *number))
        .collect();
    let kept = kept?;
    let last = kept.last()?.envelope.id();
    let linked = kept.windows(2).all(|pair| match pair {
        [one, next] => next.envelope.header().prev == one.envelope.id(),
        _ => false,
    });
    if !linked || last != tip.id || is_named(replica, stream, &kept) {
        return None;
    }
    let first = kept.first()?.envelope.header();
    let before = first.prev;
    let before = (before != EnvelopeId::ZERO).then(|| Head {
        n: first
            .n
            .saturating_sub(kept.first().map_or(0, |one| one.changes.len() as u64)),
        id: before,
    });
    let groups = grouped(kept);
    if groups.iter().all(|group| group.len() == 1) {
        return None;
    }
    let mut sealed = Vec::new();
    let mut head = before;
    for group in groups {
        let envelope = seal_group(replica, desk, cx, &group, head)?;
        let next = Head {
            n: envelope.header().n,
            id: envelope.id(),
        };
        sealed.push((group, envelope, head));
        head = Some(next);
    }
    for (group, envelope, before) in sealed {
        replace(
            replica,
            desk,
            cx,
            (stream, chain),
            &group,
            &envelope,
            before,
        );
    }
    replica.store_meta(cx, stream);
    Some(())
}

fn open_own(replica: &Replica, desk: &Desk, chain: ChainId, number: u64) -> Option<Kept> {
    let outgoing = replica.outbox.get(&number)?;
    let Item::Envelope(bytes) = &outgoing.item else {
        return None;
    };
    let envelope = stored_envelope(bytes).ok()?;
    let header = envelope.header();
    if header.kind != Kind::Change || header.chain != chain {
        return None;
    }
    let key = desk.keys.get(&(header.stream, header.epoch))?;
    let plain = seal::open(&envelope, key).ok()?;
    let body: ChangeBody = body::decode(&plain).ok()?;
    let changes = body.changes.unpack().ok()?;
    Some(Kept {
        number,
        work: outgoing.work?,
        envelope,
        body,
        changes,
    })
}

/// Whether a statement that waits names one of these envelopes: then it stays what it is.
fn is_named(replica: &Replica, stream: StreamId, kept: &[Kept]) -> bool {
    let waiting = replica.outbox.range(replica.state.let_out..);
    let mut statements = waiting.filter_map(|(_, out)| match (&out.item, out.place) {
        (Item::Envelope(bytes), Some((of, ..)))
            if out.work.is_none() && (of == stream || of == replica.log) =>
        {
            Some(bytes)
        }
        _ => None,
    });
    statements.any(|bytes| {
        bytes.windows(32).any(|part| {
            let named = |one: &Kept| one.envelope.id().as_bytes() == part;
            kept.iter().any(named)
        })
    })
}

/// What may go together: under one key, typed, and not too much.
fn grouped(kept: Vec<Kept>) -> Vec<Vec<Kept>> {
    let mut groups: Vec<Vec<Kept>> = Vec::new();
    let (mut len, mut count) = (0, 0);
    for one in kept {
        let fits = groups
            .last()
            .and_then(|group| group.last())
            .is_some_and(|last| {
                last.work.typed
                    && one.work.typed
                    && last.envelope.header().epoch == one.envelope.header().epoch
                    && len + one.len() <= LEN_MAX
                    && count + one.changes.len() <= CHANGES_MAX
            });
        if !fits {
            groups.push(Vec::new());
            (len, count) = (0, 0);
        }
        len += one.len();
        count += one.changes.len();
        if let Some(group) = groups.last_mut() {
            group.push(one);
        }
    }
    groups
}

fn seal_group(
    replica: &Replica,
    desk: &Desk,
    cx: &mut Cx,
    group: &[Kept],
    before: Option<Head>,
) -> Option<Verified> {
    let (first, last) = (group.first()?, group.last()?);
    let mut parents: BTreeMap<ChainId, Head> = BTreeMap::new();
    for (chain, head) in group.iter().flat_map(|one| &one.body.parents) {
        let known = parents.entry(*chain).or_insert(*head);
        if known.n < head.n {
            *known = *head;
        }
    }
    let changes: Vec<ByteBuf> = group.iter().flat_map(|one| one.changes.clone()).collect();
    let body = body::encode(&ChangeBody {
        parents: parents.into_iter().collect(),
        cursor: last.body.cursor,
        at: last.body.at,
        changes: Packed::pack(&changes),
    });
    let header = first.envelope.header();
    let prev = before.map_or(EnvelopeId::ZERO, |head| head.id);
    // The statement that the first stands on: a later one may be behind it in the outbox.
    let mut anew = Header::control(header.agency, header.stream, header.author, header.roster)
        .after(header.chain, last.envelope.header().n, prev);
    anew.kind = Kind::Change;
    let key = desk.keys.get(&(header.stream, header.epoch))?;
    let envelope = seal::seal(anew, header.epoch, key, &body, &desk.signer, cx.rng).ok()?;
    (envelope.header().author == replica.profile.profile).then_some(envelope)
}

/// Puts one envelope in the place of those of a group: log, outbox, and what is known of the chain.
fn replace(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    (stream, chain): (StreamId, ChainId),
    group: &[Kept],
    envelope: &Verified,
    before: Option<Head>,
) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    // In the log it takes the place of the last: whatever was folded up to there has all of it.
    for one in group {
        cx.delete(keyspace::log(stream, one.work.index));
        cx.delete(keyspace::outbox(one.number));
        replica.outbox.remove(&one.number);
    }
    cx.put(keyspace::log(stream, last.work.index), envelope.encode());
    let (header, id) = (envelope.header(), envelope.id());
    let outgoing = Outgoing {
        item: Item::Envelope(ByteBuf::from(envelope.encode())),
        place: Some((stream, chain, header.n)),
        id: Some(id),
        work: Some(Work {
            changes: group.iter().map(|one| one.work.changes).sum(),
            ..last.work
        }),
        held: None,
    };
    cx.put(keyspace::outbox(first.number), encode(&outgoing));
    replica.outbox.insert(first.number, outgoing);
    let (head, author) = (Head { n: header.n, id }, header.author);
    if let Some(known) = replica.streams.get_mut(&stream) {
        known.meta.chains.insert(chain, Tip { head, author });
        known.meta.sealed_anew.push(SealedAnew { before, head });
    }
    if let Some(open) = desk.docs.get_mut(&stream) {
        open.accept(stream, chain, head, author);
    }
}

/// A document that was stored before our envelopes were sealed anew names one that is no more: it stands
/// on what took its place, or before it where it has a part of that only.
pub(super) fn stand_on(
    accepted: &mut BTreeMap<ChainId, (Head, ProfileId)>,
    mine: ChainId,
    sealed_anew: &[SealedAnew],
) {
    let Some((known, author)) = accepted.get(&mine).copied() else {
        return;
    };
    let mut anew = sealed_anew.iter();
    let Some(anew) = anew
        .find(|anew| known.n <= anew.head.n && known.n > anew.before.map_or(0, |before| before.n))
    else {
        return;
    };
    let whole = known.n == anew.head.n;
    match Some(anew.head).filter(|_| whole).or(anew.before) {
        Some(head) => accepted.insert(mine, (head, author)),
        None => accepted.remove(&mine),
    };
}
