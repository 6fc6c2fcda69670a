//! What a tablet tells the whole agency of its worker's time: in quarter hours, from when until when
//! it is taken. Owns the invariant that nothing else is told: each block carries a mark by which
//! whoever reads the appointment knows its block again, and which says nothing to anybody else.

use satchel_wire::{Millis, StreamId, envelope::sha256};
use serde::{Deserialize, Serialize};

use crate::{
    body::{self, BadBody},
    schedule::Span,
};

/// A quarter hour.
const QUARTER_MS: u64 = 15 * 60 * 1000;
/// How far ahead it is told, and the longest that one block may be: eight weeks, in quarter hours.
const AHEAD: u16 = 8 * 7 * 24 * 4;
/// The most blocks that are told: the nearest.
const BLOCKS_MAX: usize = 1_000;
/// Shorter ones are filled up to this, in bytes, so that ordinary ones all look alike.
const LEN_MIN: usize = 1_024;

/// An appointment that takes up a worker's time.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// Its case.
    pub stream: StreamId,
    /// Its record there.
    pub record: &'a str,
    /// The time, travel included.
    pub span: Span,
}

/// When a worker is busy, as one tablet knows it; the body of a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// Drawn for each writing, so that marks of two writings cannot be compared.
    salt: [u8; 16],
    /// The quarter hour of writing, counted from the Unix epoch.
    at: u32,
    /// In their order.
    blocks: Vec<Block>,
}

/// A stretch of taken time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Block {
    /// Its first quarter hour.
    from: u32,
    /// How many it takes.
    quarters: u16,
    mark: [u8; 8],
}

impl Block {
    /// The quarter hours that an appointment touches; none if it takes no time.
    fn of(salt: &[u8; 16], taken: &Taken<'_>) -> Option<Self> {
        let Span { from, to } = taken.span;
        let first = from.0 / QUARTER_MS;
        let quarters = to.0.div_ceil(QUARTER_MS).saturating_sub(first);
        (from < to).then_some(Self {
            from: first.try_into().ok()?,
            quarters: u16::try_from(quarters).map_or(AHEAD, |quarters| quarters.min(AHEAD)),
            mark: mark(salt, taken),
        })
    }

    fn end(&self) -> u32 {
        self.from.saturating_add(self.quarters.into())
    }

    fn span(&self) -> Span {
        let start_of = |quarter: u32| Millis(u64::from(quarter) * QUARTER_MS);
        Span {
            from: start_of(self.from),
            to: start_of(self.end()),
        }
    }

    /// Whether it is one that is told in the quarter hour `at`.
    fn is_told(&self, at: u32) -> bool {
        at < self.end() && self.from < at.saturating_add(AHEAD.into())
    }
}

/// Without the case's and the record's ids, both random, nobody can tell whose it is.
fn mark(salt: &[u8; 16], taken: &Taken<'_>) -> [u8; 8] {
    let whole = sha256(&[
        b"satchel/busy-mark/1",
        salt,
        taken.stream.as_bytes(),
        taken.record.as_bytes(),
    ]);
    let [a, b, c, d, e, f, g, h, ..] = whole;
    [a, b, c, d, e, f, g, h]
}

impl Busy {
    /// What is to be told of `taken`, which may hold the past and the far future too.
    pub fn of<'a>(salt: [u8; 16], now: Millis, taken: impl IntoIterator<Item = Taken<'a>>) -> Self {
        let at = u32::try_from(now.0 / QUARTER_MS).unwrap_or(u32::MAX);
        let blocks = taken.into_iter().filter_map(|one| Block::of(&salt, &one));
        let mut blocks: Vec<Block> = blocks.filter(|block| block.is_told(at)).collect();
        blocks.sort();
        blocks.dedup();
        blocks.truncate(BLOCKS_MAX);
        Self { salt, at, blocks }
    }

    /// Whether it still says what is to be told: time that has passed aside.
    pub fn still_says<'a>(&self, now: Millis, taken: impl IntoIterator<Item = Taken<'a>>) -> bool {
        let fresh = Self::of(self.salt, now, taken);
        let ahead = self.blocks.iter().filter(|block| fresh.at < block.end());
        ahead.eq(&fresh.blocks)
    }

    /// Nothing is taken.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The time that meets one of `near` and is none of the appointments that are `known` here: of
    /// those we know better than any shadow of theirs, and one must not meet its own.
    pub fn elsewhere(&self, near: &[Span], known: &[Taken<'_>]) -> Vec<Span> {
        let meets = |block: &&Block| near.iter().any(|span| span.meets(block.span()));
        let strange = |block: &&Block| {
            // Where nothing has moved it is one of those that meet it: try them first.
            let (close, others): (Vec<&Taken<'_>>, Vec<&Taken<'_>>) =
                known.iter().partition(|one| one.span.meets(block.span()));
            !close
                .into_iter()
                .chain(others)
                .any(|one| mark(&self.salt, one) == block.mark)
        };
        let blocks = self.blocks.iter().filter(meets).filter(strange);
        blocks.map(Block::span).collect()
    }

    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = body::encode(self);
        bytes.resize(bytes.len().max(LEN_MIN), 0);
        bytes
    }

    /// Reads one that somebody else wrote.
    ///
    /// # Errors
    /// [`BadBody`] when it is none, or not as [`Busy::of`] would have made it.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadBody> {
        let read: Self = body::decode(bytes)?;
        let blocks = &read.blocks;
        let sorted = blocks.windows(2).all(|two| matches!(two, [a, b] if a < b));
        let fit = |block: &Block| (1..=AHEAD).contains(&block.quarters) && block.is_told(read.at);
        if sorted && blocks.len() <= BLOCKS_MAX && blocks.iter().all(fit) {
            Ok(read)
        } else {
            Err(BadBody)
        }
    }
}

#[cfg(test)]
mod tests;
