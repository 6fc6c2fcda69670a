//! Writing a bundle from a relay's database, of one moment, also while the relay runs. Owns the
//! invariant that nothing is in it that the database does not hold: ciphertext and public statements.

use std::{io::Write, ops::ControlFlow};

use satchel_wire::{
    AgencyId, Envelope, Header, Millis, Roster, StreamId,
    bundle::{Filler, Head, Held, Maker, Part, Writer, grant_tag},
};

use super::{StickError, Theirs};
use crate::{
    signer::Signer,
    store::{Read, Stored},
};

/// Grants read at a time.
const GRANTS_AT_A_TIME: u32 = 256;

/// What to write.
pub struct Export<'a> {
    /// The agency.
    pub agency: AgencyId,
    /// Leave out what these told to hold.
    pub theirs: &'a Theirs,
    /// The relay.
    pub signer: &'a Signer,
    /// The relay's time.
    pub at: Millis,
    /// Random.
    pub bundle: [u8; 16],
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Streams with something in it.
    pub streams: u64,
    /// Envelopes.
    pub envelopes: u64,
    /// Registers.
    pub registers: u64,
    /// Grants.
    pub grants: u64,
    /// Bytes.
    pub bytes: u64,
}

struct Out<'a> {
    writer: Writer,
    file: &'a mut dyn Write,
    done: Exported,
    failed: Option<StickError>,
}

impl Out<'_> {
    fn put(&mut self, part: Option<Part>) -> ControlFlow<()> {
        let Some(part) = part else {
            return ControlFlow::Continue(());
        };
        let written = self
            .writer
            .part(&part)
            .map_err(StickError::from)
            .and_then(|bytes| {
                self.done.bytes += bytes.len() as u64;
                Ok(self.file.write_all(&bytes)?)
            });
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(why) => {
                self.failed = Some(why);
                ControlFlow::Break(())
            }
        }
    }
}

impl Export<'_> {
    /// Writes the file; run it in one [`crate::store::Store::read`].
    ///
    /// # Errors
    /// What the store says; within, what the file says.
    pub fn run(
        &self,
        read: &dyn Read,
        file: &mut dyn Write,
    ) -> Stored<Result<Exported, StickError>> {
        let mut out = Out {
            writer: Writer::new(self.bundle),
            file,
            done: Exported::default(),
            failed: None,
        };
        let broken_off = self.parts(read, &mut out)?;
        if let (ControlFlow::Break(()), Some(why)) = (broken_off, out.failed.take()) {
            return Ok(Err(why));
        }
        let sign = |message: &[u8]| self.signer.sign_bundle(message);
        let mut done = out.done;
        let closed = out.writer.close(sign).map_err(StickError::from);
        let written = closed.and_then(|bytes| {
            done.bytes += bytes.len() as u64;
            Ok(out.file.write_all(&bytes)?)
        });
        Ok(written.map(|()| done))
    }

    fn parts(&self, read: &dyn Read, out: &mut Out<'_>) -> Stored<ControlFlow<()>> {
        let head = Head {
            agency: self.agency,
            maker: Maker::Relay {
                key: self.signer.key(),
                incarnation: self.signer.incarnation(),
            },
            at: self.at,
            since: self.theirs.of,
        };
        if out.put(Some(Part::Head(head))).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let log = Roster::log(self.agency);
        let all = read.all_streams(self.agency)?;
        // The agency's log first: what follows is judged by it.
        let first = all.contains_key(&log).then_some(log).into_iter();
        let streams: Vec<StreamId> = first
            .chain(all.keys().copied().filter(|id| *id != log))
            .collect();
        let mut filler = Filler::default();
        let grants = grant_tags(read, &all)?;
        for id in &streams {
            let mut held = held(read, *id)?;
            held.grants = grants.get(id).cloned().unwrap_or_default();
            let full = filler.held(*id, held);
            if out.put(full).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        if out.put(filler.rest()).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        for id in &streams {
            if self.stream(read, *id, &mut filler, out)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        if out.put(filler.rest()).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let mut after = 0;
        loop {
            let some = read.grants_after(after, GRANTS_AT_A_TIME)?;
            let Some((last, _)) = some.last() else { break };
            after = *last;
            for (_, grant) in some {
                let tag = grant_tag(grant.stream, grant.epoch, grant.recipient);
                let theirs = self.theirs.streams.get(&grant.stream);
                let has = theirs.is_some_and(|held| held.grants.contains(&tag));
                if has || !all.contains_key(&grant.stream) {
                    continue;
                }
                out.done.grants += 1;
                if out.put(filler.grant(grant)).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(out.put(filler.rest()))
    }

    fn stream(
        &self,
        read: &dyn Read,
        stream: StreamId,
        filler: &mut Filler,
        out: &mut Out<'_>,
    ) -> Stored<ControlFlow<()>> {
        let before = (out.done.envelopes, out.done.registers);
        let mut flow = ControlFlow::Continue(());
        read.log(stream, 0, u64::MAX, &mut |row| {
            let header = header_of(row.bytes);
            let held =
                header.and_then(|h| Some((h.n, self.theirs.end(stream, h.author, h.chain)?)));
            if held.is_some_and(|(n, (end, _))| n <= end) {
                return ControlFlow::Continue(());
            }
            out.done.envelopes += 1;
            flow = out.put(filler.envelope(stream, row.at, row.bytes));
            flow
        })?;
        if flow.is_break() {
            return Ok(flow);
        }
        let theirs = self.theirs.streams.get(&stream);
        read.registers(stream, 0, u64::MAX, &mut |_, bytes| {
            let header = header_of(bytes);
            let has = header.zip(theirs).is_some_and(|(header, held)| {
                let mut all = held.registers.iter();
                all.any(|(author, slot, counter)| {
                    (*author, *slot) == (header.author, header.chain) && *counter >= header.n
                })
            });
            if has {
                return ControlFlow::Continue(());
            }
            out.done.registers += 1;
            flow = out.put(filler.register(stream, bytes));
            flow
        })?;
        let wrote = (out.done.envelopes, out.done.registers) != before;
        out.done.streams += u64::from(wrote);
        Ok(flow)
    }
}

fn header_of(bytes: &[u8]) -> Option<Header> {
    Envelope::decode(bytes)
        .ok()
        .map(|envelope| envelope.header().clone())
}

/// What is held of a stream, without its grants.
fn held(read: &dyn Read, stream: StreamId) -> Stored<Held> {
    let mut held = Held::default();
    read.chains(
        stream,
        &mut |author, end| match held.ends.iter_mut().find(|(of, _)| *of == author) {
            Some((_, ends)) => ends.push(end),
            None => held.ends.push((author, vec![end])),
        },
    )?;
    read.registers(stream, 0, u64::MAX, &mut |_, bytes| {
        if let Some(header) = header_of(bytes) {
            held.registers.push((header.author, header.chain, header.n));
        }
        ControlFlow::Continue(())
    })?;
    Ok(held)
}

type Tags = std::collections::BTreeMap<StreamId, Vec<[u8; 8]>>;

fn grant_tags<T>(
    read: &dyn Read,
    streams: &std::collections::BTreeMap<StreamId, T>,
) -> Stored<Tags> {
    let mut tags = Tags::new();
    let mut after = 0;
    loop {
        let some = read.grants_after(after, GRANTS_AT_A_TIME)?;
        let Some((last, _)) = some.last() else {
            return Ok(tags);
        };
        after = *last;
        for (_, grant) in some {
            if streams.contains_key(&grant.stream) {
                let tag = grant_tag(grant.stream, grant.epoch, grant.recipient);
                tags.entry(grant.stream).or_default().push(tag);
            }
        }
    }
}
