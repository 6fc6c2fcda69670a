//! A relay put back from an old backup: how that is proven to it, what it becomes, and what devices
//! ask to find what it lacks. Owns the invariant that only the relay's own signature makes it take a
//! new incarnation, so nobody can make it forget by words.

use std::collections::BTreeMap;

use satchel_wire::{
    Checkpoint, Compared, Cursors, Fingerprint, Incarnation, Millis, Nonce, ProfileId, RelayFrame,
    Restored, StreamId,
    compare::{COMPARE_CHAINS_MAX, ends_hash},
    control::Reached,
    envelope::sha256,
};

use crate::{
    append::Desk,
    pull::Asker,
    signer::Signer,
    store::{Identity, Read, Stored},
};

/// What was handed back within so long is of the same restoring.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Whether this relay has signed `checkpoint` over `cursors` as what it still is, and does not hold
/// that any more. It does not matter who shows it.
pub(crate) fn has_lost(
    signer: &Signer,
    checkpoint: &Checkpoint,
    cursors: &Cursors,
    read: &dyn Read,
) -> Stored<bool> {
    let ours = checkpoint.relay == signer.key()
        && checkpoint.incarnation == signer.incarnation()
        && checkpoint.fingerprint == cursors.fingerprint()
        && checkpoint.verify().is_ok();
    if !ours {
        return Ok(false);
    }
    if cursors.grants > read.last_grant(None)? {
        return Ok(true);
    }
    for (stream, cursor) in &cursors.streams {
        if read.h(*stream, cursor.seq)? != Some(cursor.h) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn fresh(at: Millis) -> Restored {
    Restored {
        at,
        handed: BTreeMap::new(),
    }
}

/// What the relay becomes: `nonce` is unpredictable and was used once.
pub(crate) fn next(known: Incarnation, nonce: Nonce) -> Incarnation {
    let hash = sha256(&[b"satchel/incarnation/1", known.as_bytes(), nonce.as_bytes()]);
    let mut next = Incarnation::ZERO;
    next.0.copy_from_slice(hash.split_at(Incarnation::LEN).0);
    next
}

/// Becomes `next`, unless somebody else has shown it first.
pub(crate) fn renew(desk: &mut Desk<'_>, known: Incarnation, next: Incarnation) -> Stored<()> {
    let identity = desk.write.identity()?;
    let Some(identity) = identity.filter(|one| one.incarnation == known) else {
        return Ok(());
    };
    desk.write.keep_identity(Identity {
        incarnation: next,
        ..identity
    })?;
    let before = desk.write.restored()?;
    // Some may have handed back before anybody could prove it.
    let before = before.filter(|before| desk.at < before.at.plus(DAY_MS));
    let restored = before.unwrap_or_else(|| fresh(desk.at));
    desk.write.keep_restored(&restored)?;
    desk.done.renewed = Some(next);
    Ok(())
}

/// Counts what `profile` has just handed back.
pub(crate) fn count(desk: &mut Desk<'_>, profile: ProfileId) -> Stored<()> {
    if desk.done.fresh == 0 {
        return Ok(());
    }
    let known = desk.write.restored()?;
    let mut restored = known.unwrap_or_else(|| fresh(desk.at));
    *restored.handed.entry((desk.agency, profile)).or_default() += desk.done.fresh;
    desk.write.keep_restored(&restored)
}

fn ends(read: &dyn Read, stream: StreamId) -> Stored<Vec<Reached>> {
    let mut ends = Vec::new();
    read.chains(stream, &mut |_, end| ends.push(end))?;
    ends.sort_unstable();
    Ok(ends)
}

/// The frames that answer a comparison.
pub(crate) fn compare(
    id: u32,
    asker: &Asker,
    asked: BTreeMap<StreamId, Fingerprint>,
    read: &dyn Read,
) -> Stored<Vec<RelayFrame>> {
    let open = asker.cursors(read)?.streams;
    let mut parts = vec![Vec::new()];
    let mut room = COMPARE_CHAINS_MAX;
    let mut put = |one: Compared, cost: usize| {
        if room < cost {
            parts.push(Vec::new());
            room = COMPARE_CHAINS_MAX;
        }
        room = room.saturating_sub(cost);
        if let Some(part) = parts.last_mut() {
            part.push(one);
        }
    };
    for (stream, theirs) in asked {
        let head = open.get(&stream);
        let ends = match head {
            Some(_) => ends(read, stream)?,
            None => Vec::new(),
        };
        match head {
            Some(head) if ends_hash(ends.iter().copied()) == theirs => {
                let cursor = satchel_wire::Cursor {
                    registers: 0,
                    ..*head
                };
                put(Compared::Same { stream, cursor }, 2);
            }
            _ if ends.is_empty() => put(Compared::Differs { stream, ends }, 1),
            _ => {
                for ends in ends.chunks(COMPARE_CHAINS_MAX) {
                    let (ends, cost) = (ends.to_vec(), ends.len());
                    put(Compared::Differs { stream, ends }, cost);
                }
            }
        }
    }
    let restored = read.restored()?.map(|known| known.of(asker.agency));
    let last = parts.len();
    let frames = (1..)
        .zip(parts)
        .map(|(part, streams)| RelayFrame::Compared {
            id,
            streams,
            is_last: part == last,
            restored: restored.clone().filter(|_| part == last),
        });
    Ok(frames.collect())
}
