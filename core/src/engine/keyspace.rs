//! The names under which things are stored. Everything under `key/`, `sum/`, `doc/`, `txt/` and
//! `draft/`, and `entries`, is sealed with the vault's storage key; `log/` and `out/` hold sealed envelopes; the
//! rest (`profile`, `state`, `contact`, `trail`, `meta/`, `ctl/`, `grant/`, `reg/`, `peer/`, `proof`, `rewind`) is what a relay may know too, and
//! `tries` what whoever holds the tablet sees anyway.

use data_encoding::HEXLOWER;
use satchel_wire::{ChainId, EpochId, ProfileId, StreamId};

use crate::{io::KeyRange, keys::Secret};

pub const PROFILE: &str = "profile";
pub const VAULT: &str = "vault";
pub const STATE: &str = "state";
/// There once was a profile here, and it was taken out of its agency.
pub const DISMISSED: &str = "dismissed";
/// The relay's latest words for our cursors.
pub const PROOF: &str = "proof";
/// What of the relay's memory is to be compared with ours.
pub const REWIND: &str = "rewind";
pub const TRIES: &str = "tries";
/// Our chain in the access log.
pub const TRAIL: &str = "trail";
/// Entries of the access log that have not gone out yet.
pub const ENTRIES: &str = "entries";
/// How long the relay has not been heard.
pub const CONTACT: &str = "contact";
/// Which sheets of the recovery kit were read back.
pub const KIT: &str = "kit";
/// A restore that is not done.
pub const RESTORE: &str = "restore";

pub fn meta(stream: StreamId) -> String {
    format!("meta/{stream}")
}

pub fn control(stream: StreamId, index: u32) -> String {
    format!("ctl/{stream}/{index:08x}")
}

pub fn log(stream: StreamId, index: u32) -> String {
    format!("log/{stream}/{index:08x}")
}

/// An envelope that we put into the access log.
pub fn trail(chain: ChainId, n: u64) -> String {
    format!("{TRAIL}/{chain}/{n:016x}")
}

/// All of them, each chain in its order.
pub fn trails() -> KeyRange {
    below(&format!("{TRAIL}/"))
}

pub fn outbox(number: u64) -> String {
    format!("out/{number:016x}")
}

pub fn grant(stream: StreamId, epoch: EpochId, recipient: ProfileId) -> String {
    format!("grant/{stream}/{epoch}/{recipient}")
}

pub fn register(stream: StreamId, author: ProfileId, slot: ChainId) -> String {
    format!("reg/{stream}/{author}/{slot}")
}

/// What somebody told to hold in a file of theirs.
pub fn peer(name: &str) -> String {
    format!("peer/{name}")
}

pub fn epoch_key(stream: StreamId, epoch: EpochId) -> String {
    format!("key/{stream}/{epoch}")
}

pub fn summary(stream: StreamId) -> String {
    format!("sum/{stream}")
}

pub fn document(stream: StreamId) -> String {
    format!("doc/{stream}")
}

pub fn text(stream: StreamId, note: &str) -> String {
    format!("txt/{stream}/{note}")
}

/// Which form it is stays secret.
pub fn draft(storage: &Secret, form: &[u8]) -> String {
    let name = storage.derive(&[], &[b"satchel/draft-name/1", form]);
    format!("draft/{}", HEXLOWER.encode(&name.0))
}

/// All keys that begin with `prefix`, which ends in `/`.
fn below(prefix: &str) -> KeyRange {
    let stem = prefix.trim_end_matches('/');
    // '0' is the character after '/'.
    KeyRange {
        from: prefix.to_owned(),
        to: format!("{stem}0"),
    }
}

fn only(key: &str) -> KeyRange {
    KeyRange {
        from: key.to_owned(),
        to: format!("{key}\0"),
    }
}

pub fn boot() -> Vec<KeyRange> {
    let mut ranges: Vec<_> = [
        PROFILE, VAULT, STATE, TRIES, CONTACT, TRAIL, DISMISSED, KIT, RESTORE, PROOF, REWIND,
    ]
    .into_iter()
    .map(only)
    .collect();
    ranges.extend(
        ["ctl/", "meta/", "out/", "grant/", "peer/"]
            .into_iter()
            .map(below),
    );
    ranges
}

pub fn desk() -> Vec<KeyRange> {
    let mut ranges = vec![only(ENTRIES)];
    ranges.extend(["key/", "sum/", "draft/", "reg/"].into_iter().map(below));
    ranges
}

pub fn texts() -> Vec<KeyRange> {
    vec![below("txt/")]
}

/// The notes' texts of one stream.
pub fn texts_of(stream: StreamId) -> KeyRange {
    below(&format!("txt/{stream}/"))
}

/// What of a stream goes to others, sealed as it is: statements, then work, then registers.
pub fn shared_of(stream: StreamId) -> Vec<KeyRange> {
    let rooms = ["ctl", "log", "reg"];
    rooms.map(|room| below(&format!("{room}/{stream}/"))).into()
}

/// All that is kept of one stream, the outbox and its keys aside.
pub fn all_of(stream: StreamId) -> Vec<KeyRange> {
    let rooms = ["log", "ctl", "txt", "grant", "reg"];
    let below = rooms.map(|room| below(&format!("{room}/{stream}/")));
    let single = [meta(stream), summary(stream), document(stream)];
    let single = single.iter().map(|key| only(key));
    below.into_iter().chain(single).collect()
}

/// All that there is, but for what waits to be delivered; keys are ASCII.
pub fn everything_but_the_outbox() -> [KeyRange; 2] {
    let outbox = below("out/");
    let before = KeyRange {
        from: String::new(),
        to: outbox.from,
    };
    let after = KeyRange {
        from: outbox.to,
        to: "\u{7f}".to_owned(),
    };
    [before, after]
}

/// All envelopes of a stream, control first.
pub fn envelopes(stream: StreamId) -> Vec<KeyRange> {
    ["ctl", "log"]
        .map(|room| below(&format!("{room}/{stream}/")))
        .to_vec()
}

/// A document and what its log has from `index` on.
pub fn document_and_tail(stream: StreamId, index: u32) -> [KeyRange; 2] {
    let tail = KeyRange {
        from: log(stream, index),
        to: format!("log/{stream}0"),
    };
    [only(&document(stream)), tail]
}

/// Entries of a stream's log from `from` on and before `to`.
pub fn part_of_log(stream: StreamId, from: u32, to: u32) -> KeyRange {
    KeyRange {
        from: log(stream, from),
        to: log(stream, to),
    }
}

/// The id in the `part`th place of a key.
pub fn part<T: std::str::FromStr>(key: &str, part: usize) -> Option<T> {
    key.split('/').nth(part)?.parse().ok()
}

/// The hexadecimal number at the end of a key.
pub fn index(key: &str) -> Option<u64> {
    u64::from_str_radix(key.rsplit('/').next()?, 16).ok()
}
