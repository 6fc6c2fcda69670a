//! Reading a bundle: first what it is, then what is in it into the logs. Owns two invariants: whoever
//! made the file is believed only as far as a signature over its parts goes, and what is damaged or
//! refused keeps nothing else out.

use std::{
    collections::BTreeMap,
    io::{self, Read as _},
};

use satchel_wire::{
    AgencyId, Envelope, Kind, Millis, Outcome, Refusal, RelayKey, Statement, StreamId, Verified,
    bundle::{BundleError, Close, Found, Head, Maker, Part, Reader},
    frame::PUSH_ITEMS_MAX,
};
use serde_bytes::ByteBuf;

use super::{StickError, Theirs};
use crate::{
    append::{Append, Bringer, Incoming},
    folds::Folds,
    store::{Read, Store, Stored},
};

const PIECE_LEN: u64 = 256 * 1024;

/// What a file says it is, and how much of it is whole.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Of which agency: by its head or, if that is damaged, by its envelopes.
    pub agency: Option<AgencyId>,
    /// Who made it, when, for whom.
    pub head: Option<Head>,
    /// Whether its maker signed it.
    pub signed: bool,
    /// Whether its end is there.
    pub whole: bool,
    /// Parts that are whole.
    pub parts: u32,
    /// What was wrong, in the order of the file.
    pub problems: Vec<BundleError>,
    /// By stream, all envelopes and those not here yet.
    pub streams: BTreeMap<StreamId, (u64, u64)>,
    /// Registers.
    pub registers: u64,
    /// Grants.
    pub grants: u64,
    /// Length of the file.
    pub bytes: u64,
    /// What its maker holds.
    pub theirs: Theirs,
    bundle: Option<[u8; 16]>,
    close: Option<Close>,
}

impl Contents {
    /// Envelopes, and those of them not here yet.
    pub fn envelopes(&self) -> (u64, u64) {
        self.streams
            .values()
            .fold((0, 0), |(all, fresh), (n, new)| (all + n, fresh + new))
    }

    /// The relay whose word for when a part's envelopes came counts.
    fn vouching_relay(&self, found: &Found) -> Option<RelayKey> {
        let lists = |close: &Close| close.lists(found.index, &found.digest);
        match self.head.as_ref()?.maker {
            Maker::Relay { key, .. } if self.signed && self.close.as_ref().is_some_and(lists) => {
                Some(key)
            }
            Maker::Relay { .. } | Maker::Tablet(_) => None,
        }
    }

    fn note(&mut self, found: Found, known: Option<&dyn Read>) -> Stored<()> {
        if *self.bundle.get_or_insert(found.bundle) != found.bundle {
            self.problems.push(BundleError::Damaged);
            return Ok(());
        }
        self.parts += 1;
        match found.part {
            Part::Head(head) => {
                self.agency = Some(head.agency);
                self.theirs.of = Some((head.maker, head.at));
                self.head = Some(head);
            }
            Part::Held(held) => self.theirs.streams.extend(held),
            Part::Grants(grants) => self.grants += grants.len() as u64,
            Part::Close(close) => {
                self.whole = true;
                let maker = self.head.as_ref().map(|head| head.maker);
                self.signed = maker.is_some_and(|maker| close.is_by(&maker));
                self.close = Some(close);
            }
            Part::Stretch(stretch) => {
                self.registers += stretch.registers.len() as u64;
                let (mut all, mut fresh) = (0, 0);
                for (_, bytes) in &stretch.envelopes {
                    all += 1;
                    let verified = Envelope::decode(bytes).and_then(Envelope::verify);
                    let Ok(envelope) = verified else { continue };
                    self.agency.get_or_insert(envelope.header().agency);
                    if let Some(read) = known {
                        fresh += u64::from(read.place(envelope.id())?.is_none());
                    }
                }
                let tally = self.streams.entry(stretch.stream).or_default();
                *tally = (tally.0 + all, tally.1 + fresh);
            }
        }
        Ok(())
    }
}

/// Gives each part of a file, and what is wrong in between.
fn each(
    file: &mut dyn io::Read,
    mut take: impl FnMut(Result<Found, BundleError>) -> Result<(), StickError>,
) -> Result<u64, StickError> {
    let mut reader = Reader::default();
    let mut bytes = 0;
    loop {
        let mut piece = Vec::new();
        let len = (&mut *file).take(PIECE_LEN).read_to_end(&mut piece)?;
        bytes += len as u64;
        reader.feed(&piece);
        if len == 0 {
            reader.finish();
        }
        while let Some(found) = reader.take() {
            take(found)?;
        }
        if len == 0 {
            return Ok(bytes);
        }
    }
}

/// Reads a file without changing anything; `known` is what is here already.
///
/// # Errors
/// [`StickError::File`], [`StickError::Store`], and [`StickError::NoBundle`].
pub fn inspect(file: &mut dyn io::Read, known: Option<&dyn Read>) -> Result<Contents, StickError> {
    let mut contents = Contents::default();
    contents.bytes = each(file, |found| {
        match found {
            Ok(found) => contents.note(found, known)?,
            Err(problem) => contents.problems.push(problem),
        }
        Ok(())
    })?;
    if contents.parts == 0 {
        return Err(StickError::NoBundle);
    }
    Ok(contents)
}

/// What came of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Envelopes that are here now and were not before.
    pub stored: u64,
    /// Envelopes that were here already.
    pub known: u64,
    /// Registers and grants that are here.
    pub kept: u64,
    /// What was refused, and how much of it. It comes again with the next file.
    pub refused: Vec<(Refusal, u64)>,
    /// Damaged parts.
    pub damaged: u64,
}

/// A bundle on its way in.
pub struct Import<'a, S> {
    /// Where to.
    pub store: &'a mut S,
    /// Of the same file, from [`inspect`].
    pub contents: &'a Contents,
    /// An agency that is not here yet may begin.
    pub founds: bool,
    /// The relay's time.
    pub at: Millis,
}

struct Batch {
    agency: AgencyId,
    founds: bool,
    items: Vec<Incoming>,
}

impl<S: Store> Import<'_, S> {
    /// Takes in all that the rules allow.
    ///
    /// # Errors
    /// [`StickError`]; what was taken until then is on disk, and doing it again goes on from there.
    pub fn run(self, file: &mut dyn io::Read) -> Result<Taken, StickError> {
        let Self {
            store,
            contents,
            founds,
            at,
        } = self;
        let agency = contents.agency.ok_or(StickError::NoBundle)?;
        let log = satchel_wire::Roster::log(agency);
        if !founds && store.read(|read| read.stream(log))?.is_none() {
            return Err(StickError::UnknownAgency);
        }
        let mut folds = Folds::default();
        let mut taken = Taken::default();
        each(file, |found| {
            let found = match found {
                Ok(found) if Some(found.bundle) == contents.bundle => found,
                Ok(_) | Err(_) => {
                    taken.damaged += 1;
                    return Ok(());
                }
            };
            let relay = contents.vouching_relay(&found);
            let mut batch = Batch {
                agency,
                founds,
                items: Vec::new(),
            };
            match found.part {
                Part::Stretch(stretch) => {
                    for (seen, bytes) in stretch.envelopes {
                        let item = incoming(&bytes);
                        let claim = is_claim(&item);
                        if claim || batch.items.len() >= PUSH_ITEMS_MAX {
                            batch.flush(store, &mut folds, at, &mut taken)?;
                        }
                        batch.items.push(item);
                        if claim {
                            // In time is what was in time at the relay that took it.
                            let seen = vouched(store, &mut folds, (agency, relay), seen, at)?;
                            batch.flush(store, &mut folds, seen, &mut taken)?;
                        }
                    }
                    for bytes in stretch.registers {
                        batch.items.push(incoming(&bytes));
                        if batch.items.len() >= PUSH_ITEMS_MAX {
                            batch.flush(store, &mut folds, at, &mut taken)?;
                        }
                    }
                }
                Part::Grants(grants) => {
                    for grant in grants {
                        batch.items.push(Incoming::Grant(grant));
                        if batch.items.len() >= PUSH_ITEMS_MAX {
                            batch.flush(store, &mut folds, at, &mut taken)?;
                        }
                    }
                }
                Part::Head(_) | Part::Held(_) | Part::Close(_) => {}
            }
            batch.flush(store, &mut folds, at, &mut taken)
        })?;
        Ok(taken)
    }
}

impl Batch {
    fn flush<S: Store>(
        &mut self,
        store: &mut S,
        folds: &mut Folds,
        at: Millis,
        taken: &mut Taken,
    ) -> Result<(), StickError> {
        if self.items.is_empty() {
            return Ok(());
        }
        let append = Append {
            agency: self.agency,
            by: Bringer::Carrier {
                founds: self.founds,
            },
            items: std::mem::take(&mut self.items),
            at,
        };
        let written = store.write(|write| {
            let mut known = 0;
            for item in &append.items {
                if let Incoming::Envelope(envelope) = item {
                    known += u64::from(write.place(envelope.id())?.is_some());
                }
            }
            Ok((known, append.run(write, folds)?.outcomes))
        });
        let (known, outcomes) = written.inspect_err(|_| folds.forget())?;
        let mut stored = 0;
        for (outcome, item) in outcomes.into_iter().zip(&append.items) {
            match outcome {
                Outcome::Stored(_) => stored += 1,
                Outcome::Kept if is_access(item) => stored += 1,
                Outcome::Kept | Outcome::Counted(_) => taken.kept += 1,
                Outcome::Refused(refusal) => {
                    match taken.refused.iter_mut().find(|(of, _)| *of == refusal) {
                        Some((_, count)) => *count += 1,
                        None => taken.refused.push((refusal, 1)),
                    }
                }
            }
        }
        taken.known += known;
        taken.stored += stored - known.min(stored);
        Ok(())
    }
}

fn incoming(bytes: &ByteBuf) -> Incoming {
    match Envelope::decode(bytes).map(Envelope::verify) {
        Ok(Ok(envelope)) => Incoming::Envelope(Box::new(envelope)),
        Ok(Err(_)) => Incoming::Unfit(Refusal::Unauthorised),
        Err(_) => Incoming::Unfit(Refusal::Malformed),
    }
}

fn is_access(item: &Incoming) -> bool {
    matches!(item, Incoming::Envelope(envelope) if envelope.header().kind == Kind::Access)
}

fn is_claim(item: &Incoming) -> bool {
    let claims =
        |envelope: &Verified| matches!(Statement::from_envelope(envelope), Ok(Statement::Claim(_)));
    matches!(item, Incoming::Envelope(envelope) if claims(envelope))
}

/// When an envelope came, by the word of a relay of the agency; else now.
fn vouched<S: Store>(
    store: &S,
    folds: &mut Folds,
    (agency, relay): (AgencyId, Option<RelayKey>),
    seen: Millis,
    now: Millis,
) -> Result<Millis, StickError> {
    let Some(relay) = relay else { return Ok(now) };
    let roster = store.read(|read| folds.roster(read, agency))?;
    let ours = roster.is_some_and(|roster| roster.lists_relay(relay));
    Ok(if ours { seen.min(now) } else { now })
}
