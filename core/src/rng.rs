//! A seeded generator for tests, simulator and demo: one number is the whole sequence. Never for a
//! person's keys.

use ring::digest::{SHA256, digest};

use crate::io::Rng;

/// SHA-256 in counter mode over a seed.
#[derive(Clone, Debug)]
pub struct Seeded {
    seed: u64,
    counter: u64,
}

impl Seeded {
    /// The sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }
}

impl Rng for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let block = [self.seed.to_be_bytes(), self.counter.to_be_bytes()].concat();
            self.counter += 1;
            for (to, from) in chunk.iter_mut().zip(digest(&SHA256, &block).as_ref()) {
                *to = *from;
            }
        }
    }
}
