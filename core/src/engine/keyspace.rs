//! The names under which things are stored. Everything under `key/`, `sum/`, `doc/`, `txt/` and
//! `draft/` is sealed with the vault's storage key; `log/` and `out/` hold sealed envelopes; the
//! rest (`profile`, `state`, `meta/`, `ctl/`, `grant/`, `reg/`) is what a relay may know too, and
//! `tries` what whoever holds the tablet sees anyway.

use satchel_wire::{ChainId, EpochId, ProfileId, StreamId};

use crate::io::KeyRange;

pub const PROFILE: &str = "profile";
pub const VAULT: &str = "vault";
pub const STATE: &str = "state";
pub const TRIES: &str = "tries";

pub fn meta(stream: StreamId) -> String {
    format!("meta/{stream}")
}

pub fn control(stream: StreamId, index: u32) -> String {
    format!("ctl/{stream}/{index:08x}")
}

pub fn log(stream: StreamId, index: u32) -> String {
    format!("log/{stream}/{index:08x}")
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

pub fn draft(stream: StreamId) -> String {
    format!("draft/{stream}")
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
    let mut ranges: Vec<_> = [PROFILE, VAULT, STATE, TRIES]
        .into_iter()
        .map(only)
        .collect();
    ranges.extend(["ctl/", "meta/", "out/", "grant/"].into_iter().map(below));
    ranges
}

pub fn desk() -> Vec<KeyRange> {
    ["key/", "sum/", "draft/", "reg/"]
        .into_iter()
        .map(below)
        .collect()
}

pub fn texts() -> Vec<KeyRange> {
    vec![below("txt/")]
}

/// A document and what its log has from `index` on.
pub fn document_and_tail(stream: StreamId, index: u32) -> [KeyRange; 2] {
    let tail = KeyRange {
        from: log(stream, index),
        to: format!("log/{stream}0"),
    };
    [only(&document(stream)), tail]
}

/// The id in the `part`th place of a key.
pub fn part<T: std::str::FromStr>(key: &str, part: usize) -> Option<T> {
    key.split('/').nth(part)?.parse().ok()
}

/// The hexadecimal number at the end of a key.
pub fn index(key: &str) -> Option<u64> {
    u64::from_str_radix(key.rsplit('/').next()?, 16).ok()
}
