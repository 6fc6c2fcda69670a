//! Registers: what a device says of itself, of which the latest of each slot stands. Owns two
//! invariants: one that cannot be read or is not to be trusted changes nothing, and what we say of our
//! worker's time is compared with what should be said, so nothing need be remembered across a crash.

use satchel_wire::{
    ChainId, Envelope, Epochs, Header, Kind, Millis, Roster, Run, StreamId, Verified,
    frame::PUSH_ITEMS_MAX,
};
use serde_bytes::ByteBuf;

use crate::{
    body::{SeenBody, decode, encode},
    busy::Busy,
    engine::{
        Engine, Load, cx::Cx, desk::Desk, keyspace, replica::Replica, summary::look_elsewhere,
    },
    keys::random,
    seal,
};

/// The slot in which a device says what it has opened, in each case.
const SEEN_SLOT: ChainId = ChainId(*b"satchel/seen/1\0\0");
/// The slot in which it says when its worker is busy, in the directory.
const BUSY_SLOT: ChainId = ChainId(*b"satchel/busy/1\0\0");
/// Pause between a change of the worker's time and telling it.
pub(super) const BUSY_DELAY_MS: u64 = 10_000;
/// How often to see whether it still holds although nothing has changed: eight weeks move on.
const BUSY_CHECK_MS: u64 = 24 * 60 * 60 * 1000;

/// A register on its way to the relay.
pub(super) struct Register {
    pub stream: StreamId,
    pub bytes: ByteBuf,
    said: Said,
}

enum Said {
    /// So many envelopes of others.
    Seen(u64),
    Busy(Busy),
}

/// When the next register is due.
pub(super) fn due_at(desk: &Desk) -> Millis {
    let seen = desk.seen_due.values().min().copied();
    seen.map_or(desk.busy_due, |seen| seen.min(desk.busy_due))
}

/// The registers that are due, written.
pub(super) fn due(replica: &mut Replica, desk: &mut Desk, cx: &mut Cx) -> Vec<Register> {
    let mut due = seen(replica, desk, cx);
    due.extend(busy(replica, desk, cx));
    due
}

/// What has been opened here, once per stream and pause.
fn seen(replica: &mut Replica, desk: &mut Desk, cx: &mut Cx) -> Vec<Register> {
    let due: Vec<StreamId> = desk
        .seen_due
        .iter()
        .filter(|(_, at)| **at <= cx.now)
        .map(|(stream, _)| *stream)
        .take(PUSH_ITEMS_MAX / 2)
        .collect();
    let mut registers = Vec::new();
    for id in due {
        desk.seen_due.remove(&id);
        let (Some(stream), Some(open)) = (replica.streams.get(&id), desk.docs.get(&id)) else {
            continue;
        };
        let me = replica.profile.profile;
        let heads: Vec<(ChainId, u64)> = open
            .accepted
            .iter()
            .filter(|(_, (_, author))| *author != me)
            .map(|(chain, (head, _))| (*chain, head.n))
            .collect();
        let count = heads.iter().map(|(_, n)| n).sum();
        if count <= stream.meta.seen {
            continue;
        }
        let body = encode(&SeenBody { heads });
        let bytes = write(replica, desk, cx, id, SEEN_SLOT, &body);
        registers.extend(bytes.map(|bytes| Register {
            stream: id,
            bytes,
            said: Said::Seen(count),
        }));
    }
    registers
}

/// When our worker is busy by the cases that are read here, if that is not what we say already.
fn busy(replica: &mut Replica, desk: &mut Desk, cx: &mut Cx) -> Option<Register> {
    if cx.now < desk.busy_due {
        return None;
    }
    desk.busy_due = cx.now.plus(BUSY_CHECK_MS);
    let staff = replica.profile.staff.to_string();
    let taken = || {
        let ours = desk.appointments();
        let ours = ours.filter(|(_, one)| one.holds && one.staff == staff);
        ours.map(|(case, one)| one.taken(case))
    };
    let fresh = Busy::of(random(cx.rng), cx.now, taken());
    let said = match &desk.busy_told {
        Some(told) => told.still_says(cx.now, taken()),
        None => fresh.is_empty(),
    };
    if said {
        return None;
    }
    let stream = replica.profile.directory;
    let Some(bytes) = write(replica, desk, cx, stream, BUSY_SLOT, &fresh.encode()) else {
        desk.busy_due = cx.now.plus(BUSY_DELAY_MS);
        return None;
    };
    Some(Register {
        stream,
        bytes,
        said: Said::Busy(fresh),
    })
}

/// The next register of ours in a slot; `None` while the stream's key is not here.
fn write(
    replica: &mut Replica,
    desk: &Desk,
    cx: &mut Cx,
    id: StreamId,
    slot: ChainId,
    body: &[u8],
) -> Option<ByteBuf> {
    let stream = replica.streams.get_mut(&id)?;
    let heads = stream.epochs.standing(&replica.roster).heads.into_iter();
    let mut safe = heads.filter(|head| head.is_safe);
    let (epoch, key) =
        safe.find_map(|head| Some((head.epoch, desk.keys.get(&(id, head.epoch))?)))?;
    let me = replica.profile.profile;
    let counter = stream.meta.registers.entry((me, slot)).or_default();
    *counter += 1;
    let mut header = Header::control(replica.profile.agency, id, me, replica.roster.latest());
    header.kind = Kind::Register;
    header.chain = slot;
    header.n = *counter;
    let register = seal::seal(header, epoch, key, body, &desk.signer, cx.rng).ok()?;
    replica.store_meta(cx, id);
    Some(ByteBuf::from(register.encode()))
}

/// Whether its author holds the key and may still read the stream.
fn speaks_for_itself(roster: &Roster, epochs: &Epochs, header: &Header) -> bool {
    epochs.belongs(roster, header.epoch, header.author) && epochs.may_read(roster, header.author)
}

/// The relay's memory is another one, and what we had told it may be gone: it is told anew.
pub(super) fn forget_own(replica: &Replica, desk: Option<&mut Desk>, cx: &mut Cx) {
    let profile = &replica.profile;
    cx.delete(keyspace::register(
        profile.directory,
        profile.profile,
        BUSY_SLOT,
    ));
    if let Some(desk) = desk {
        desk.busy_told = None;
    }
}

/// Stores a run's registers that are newer than those here; gives them.
pub(super) fn take_registers(replica: &mut Replica, cx: &mut Cx, run: Run) -> Vec<Vec<u8>> {
    let directory = replica.profile.directory;
    let Some(known) = replica.streams.get_mut(&run.stream) else {
        return Vec::new();
    };
    let mut taken = Vec::new();
    let mut all = true;
    for bytes in run.registers {
        let envelope = Envelope::decode(&bytes).and_then(Envelope::verify).ok();
        let early = |envelope: &Verified| !replica.roster.knows_ground_of(envelope.header());
        if envelope.as_ref().is_some_and(early) {
            all = false;
            continue;
        }
        let trusted = envelope.filter(|envelope| {
            let header = envelope.header();
            let slot_is_known = header.chain == SEEN_SLOT
                || (header.chain == BUSY_SLOT && header.stream == directory);
            header.kind == Kind::Register
                && header.stream == run.stream
                && slot_is_known
                && speaks_for_itself(&replica.roster, &known.epochs, header)
        });
        let Some(envelope) = trusted else {
            known.meta.rejected += 1;
            continue;
        };
        let header = envelope.header();
        let place = (header.author, header.chain);
        let last = known.meta.registers.get(&place).copied().unwrap_or(0);
        if header.n > last {
            known.meta.registers.insert(place, header.n);
            let name = keyspace::register(run.stream, header.author, header.chain);
            cx.put(name, bytes.to_vec());
            taken.push(bytes.into_vec());
        }
    }
    if let Some(at) = run.registers_at.filter(|_| all) {
        known.meta.cursor.registers = at;
        replica.store_meta(cx, run.stream);
    }
    taken
}

impl Engine {
    /// The relay has a register of ours on its disk.
    pub(super) fn register_kept(&mut self, cx: &mut Cx, register: Register) {
        let Some(replica) = &mut self.replica else {
            return;
        };
        let Register {
            stream,
            bytes,
            said,
        } = register;
        match said {
            Said::Seen(count) => {
                if let Some(known) = replica.streams.get_mut(&stream) {
                    known.meta.seen = count;
                    replica.store_meta(cx, stream);
                }
            }
            Said::Busy(busy) => {
                let name = keyspace::register(stream, replica.profile.profile, BUSY_SLOT);
                cx.put(name, bytes.into_vec());
                if let Some(desk) = &mut self.desk {
                    desk.busy_told = Some(busy);
                }
            }
        }
    }

    /// Reads what devices say of themselves; gives the streams of those that nobody can read.
    pub(super) fn read_registers(&mut self, registers: Vec<Vec<u8>>) -> Vec<StreamId> {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            // On the disk they may be later than what an unlocking tablet has asked of it.
            for load in self.loads.values_mut() {
                if let Load::Unlock { registers: due, .. } = load {
                    due.extend(registers.iter().cloned());
                }
            }
            return Vec::new();
        };
        let mut unread = Vec::new();
        for bytes in registers {
            let Some((header, plain)) = open(replica, desk, &bytes) else {
                continue;
            };
            if header.chain == SEEN_SLOT {
                let Ok(seen) = decode::<SeenBody>(&plain) else {
                    unread.push(header.stream);
                    continue;
                };
                for (chain, n) in seen.heads {
                    desk.has_seen(header.stream, header.author, chain, n);
                }
                self.changed.insert(header.stream);
            } else if let Ok(busy) = Busy::decode(&plain) {
                let staff = replica.roster.known(header.author).map(|one| one.staff);
                if header.author == replica.profile.profile {
                    desk.busy_told = Some(busy);
                } else if let Some(staff) = staff {
                    desk.busy.insert(header.author, (staff, busy));
                }
            } else {
                desk.busy.remove(&header.author);
                unread.push(header.stream);
            }
        }
        look_elsewhere(desk);
        unread
    }
}

/// Opens a stored register. Storage is not trusted: signature and membership are checked again.
fn open(replica: &Replica, desk: &Desk, bytes: &[u8]) -> Option<(Header, Vec<u8>)> {
    let envelope = Envelope::decode(bytes)
        .and_then(Envelope::verify)
        .ok()
        .filter(|envelope| {
            let header = envelope.header();
            let known = replica.streams.get(&header.stream);
            known.is_some_and(|stream| speaks_for_itself(&replica.roster, &stream.epochs, header))
        })?;
    let header = envelope.header();
    let key = desk.keys.get(&(header.stream, header.epoch))?;
    let plain = seal::open(&envelope, key).ok()?;
    Some((header.clone(), plain))
}
