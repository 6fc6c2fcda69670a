//! Reads a bundle as its bytes come. Owns two invariants: no more of it than one part is in memory,
//! and after damage it goes on with the next whole part. The work that a hostile file can cause is
//! bounded too: only so many places are tried.

use super::{
    BundleError, MARK, PART_HEADER_LEN, PART_LEN_MAX, PARTS_MAX, Part, TRIES_MAX, VERSION,
    digest_of,
};

/// A whole part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The bundle that it belongs to.
    pub bundle: [u8; 16],
    /// Its number there.
    pub index: u32,
    /// What it is known by.
    pub digest: [u8; 32],
    /// What it says.
    pub part: Part,
}

/// Reads parts from bytes that are fed to it.
#[derive(Default)]
pub struct Reader {
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    /// Bytes were skipped since the last whole part.
    skipping: bool,
    tries: u32,
    given_up: bool,
}

/// What stands at a place of the buffer.
enum Place {
    Part(Box<Result<Found, BundleError>>, usize),
    /// No whole part begins here.
    None,
    /// It cannot be told yet.
    Short,
}

impl Reader {
    /// More of the file. Take all parts before feeding the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// That was all of the file.
    pub fn finish(&mut self) {
        self.ended = true;
    }

    /// The next part, or what is wrong with the next bytes; `None` when more has to be fed, or at the
    /// end. Damage is told once, before the part that follows it.
    pub fn take(&mut self) -> Option<Result<Found, BundleError>> {
        loop {
            if self.given_up {
                return None;
            }
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                return (self.ended && std::mem::take(&mut self.skipping))
                    .then_some(Err(BundleError::Damaged));
            }
            match place(rest, self.ended) {
                Place::Short => return None,
                Place::Part(..) if std::mem::take(&mut self.skipping) => {
                    return Some(Err(BundleError::Damaged));
                }
                Place::Part(found, len) => {
                    self.at += len;
                    return Some(*found);
                }
                Place::None => {
                    if rest.starts_with(&MARK) {
                        self.tries += 1;
                    }
                    if self.tries > TRIES_MAX {
                        self.given_up = true;
                        return Some(Err(BundleError::TooDamaged));
                    }
                    self.skipping = true;
                    self.at += 1 + next_mark(rest.get(1..).unwrap_or_default());
                }
            }
        }
    }
}

/// How far it is to the next place where a mark begins, or may begin at the very end.
fn next_mark(bytes: &[u8]) -> usize {
    let first = MARK.first();
    let mut at = 0;
    while let Some(step) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| Some(byte) == first))
    {
        at += step;
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(&MARK) || MARK.starts_with(rest) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

fn place(rest: &[u8], ended: bool) -> Place {
    let short = if ended { Place::None } else { Place::Short };
    if !rest.starts_with(&MARK) {
        return if MARK.starts_with(rest) {
            short
        } else {
            Place::None
        };
    }
    let Some((header, after)) = rest.split_at_checked(PART_HEADER_LEN) else {
        return short;
    };
    let mut fields = Fields(header.get(MARK.len()..).unwrap_or_default());
    let (version, bundle, index, len, digest) = (
        fields.next::<1>(),
        fields.next::<16>(),
        u32::from_be_bytes(fields.next::<4>()),
        u32::from_be_bytes(fields.next::<4>()),
        fields.next::<32>(),
    );
    let [version] = version;
    let Some(len) = usize::try_from(len).ok().filter(|len| *len <= PART_LEN_MAX) else {
        return Place::None;
    };
    let Some(payload) = after.get(..len) else {
        return short;
    };
    if index > PARTS_MAX || digest_of(&bundle, version, index, payload) != digest {
        return Place::None;
    }
    let found = if version == VERSION {
        Part::decode(payload).map(|part| Found {
            bundle,
            index,
            digest,
            part,
        })
    } else {
        Err(BundleError::Version(version))
    };
    Place::Part(Box::new(found), PART_HEADER_LEN + len)
}

/// Fields of a fixed length, one after the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn next<const N: usize>(&mut self) -> [u8; N] {
        let mut field = [0; N];
        if let Some((head, rest)) = self.0.split_at_checked(N) {
            field.copy_from_slice(head);
            self.0 = rest;
        }
        field
    }
}
