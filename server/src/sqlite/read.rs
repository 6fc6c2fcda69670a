//! The selects, over one transaction.

use std::{collections::BTreeMap, ops::ControlFlow};

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use satchel_wire::{
    AgencyId, ChainId, Cursor, EnvelopeId, EpochId, Grant, Incarnation, Millis, ProfileId,
    Restored, Seq, StreamId, control::Reached,
};

use super::{int, nat};
use crate::store::{
    EachEnd, EachLogged, EachRegister, Identity, Logged, Place, Read, SetupHash, StoreError,
    Stored, StreamHead, Totals,
};

/// Rows of one transaction.
pub(super) struct Rows<'a>(pub(super) &'a Connection);

/// A column of a fixed length.
pub(super) fn fixed<const N: usize>(row: &Row<'_>, at: usize) -> rusqlite::Result<[u8; N]> {
    let bytes = row.get_ref(at)?.as_blob()?;
    bytes.try_into().map_err(|_| {
        rusqlite::types::FromSqlError::InvalidBlobSize {
            expected_size: N,
            blob_size: bytes.len(),
        }
        .into()
    })
}

fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    row.get(at).map(nat)
}

fn grant_of(row: &Row<'_>) -> rusqlite::Result<Grant> {
    Ok(Grant {
        stream: StreamId(fixed(row, 0)?),
        epoch: EpochId(fixed(row, 1)?),
        recipient: ProfileId(fixed(row, 2)?),
        sealed: row.get(3)?,
    })
}

impl Rows<'_> {
    pub(super) fn num(&self, stream: StreamId) -> Stored<Option<i64>> {
        let mut select = self
            .0
            .prepare_cached("SELECT num FROM stream WHERE stream = ?1")?;
        Ok(select
            .query_row([stream.as_bytes()], |row| row.get(0))
            .optional()?)
    }

    pub(super) fn meta(&self, name: &str) -> Stored<Option<Vec<u8>>> {
        let mut select = self
            .0
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(select.query_row([name], |row| row.get(0)).optional()?)
    }

    fn count_of(&self, table: &str) -> Stored<u64> {
        Ok(self.0.query_row(table, [], |row| count(row, 0))?)
    }

    fn rows(
        &self,
        sql: &str,
        stream: StreamId,
        after: Seq,
        upto: Seq,
        each: EachLogged<'_>,
    ) -> Stored<()> {
        let Some(num) = self.num(stream)? else {
            return Ok(());
        };
        let mut select = self.0.prepare_cached(sql)?;
        let mut rows = select.query(params![num, int(after), int(upto)])?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            let logged = Logged {
                seq: count(row, 0)?,
                at: Millis(count(row, 1)?),
                bytes,
            };
            if let ControlFlow::Break(()) = each(logged) {
                break;
            }
        }
        Ok(())
    }
}

impl Read for Rows<'_> {
    fn identity(&self) -> Stored<Option<Identity>> {
        let (Some(seed), Some(incarnation)) = (self.meta("seed")?, self.meta("incarnation")?)
        else {
            return Ok(None);
        };
        let seed = seed
            .try_into()
            .map_err(|_| StoreError::Damaged("the relay's key"))?;
        let incarnation = incarnation
            .try_into()
            .map_err(|_| StoreError::Damaged("the relay's incarnation"))?;
        Ok(Some(Identity {
            seed,
            incarnation: Incarnation(incarnation),
        }))
    }

    fn totals(&self) -> Stored<Totals> {
        Ok(Totals {
            agencies: self.count_of("SELECT count(DISTINCT agency) FROM stream")?,
            streams: self.count_of("SELECT count(*) FROM stream")?,
            envelopes: self.count_of("SELECT coalesce(sum(seq), 0) FROM stream")?,
            registers: self.count_of("SELECT count(*) FROM register")?,
            grants: self.count_of("SELECT count(*) FROM grants")?,
            setups: self.count_of("SELECT count(*) FROM setup")?,
        })
    }

    fn agencies(&self) -> Stored<Vec<AgencyId>> {
        let mut select = self
            .0
            .prepare_cached("SELECT DISTINCT agency FROM stream ORDER BY agency")?;
        let rows = select.query_map([], |row| Ok(AgencyId(fixed(row, 0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn stream(&self, stream: StreamId) -> Stored<Option<StreamHead>> {
        let mut select = self
            .0
            .prepare_cached("SELECT agency, seq, h, registers FROM stream WHERE stream = ?1")?;
        let head = select.query_row([stream.as_bytes()], |row| {
            let head = Cursor {
                seq: count(row, 1)?,
                h: fixed(row, 2)?,
                registers: count(row, 3)?,
            };
            Ok(StreamHead {
                agency: AgencyId(fixed(row, 0)?),
                head,
            })
        });
        Ok(head.optional()?)
    }

    fn log(&self, stream: StreamId, after: Seq, upto: Seq, each: EachLogged<'_>) -> Stored<()> {
        let sql = "SELECT seq, at, bytes FROM envelope \
                   WHERE num = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq";
        self.rows(sql, stream, after, upto, each)
    }

    fn controls(&self, stream: StreamId, after: Seq, each: EachLogged<'_>) -> Stored<()> {
        let sql = "SELECT seq, at, bytes FROM envelope \
                   WHERE num = ?1 AND seq > ?2 AND seq <= ?3 AND control = 1 ORDER BY seq";
        self.rows(sql, stream, after, Seq::MAX, each)
    }

    fn h(&self, stream: StreamId, seq: Seq) -> Stored<Option<[u8; 32]>> {
        if seq == 0 {
            return Ok(Some([0; 32]));
        }
        let Some(num) = self.num(stream)? else {
            return Ok(None);
        };
        let mut select = self
            .0
            .prepare_cached("SELECT h FROM envelope WHERE num = ?1 AND seq = ?2")?;
        Ok(select
            .query_row(params![num, int(seq)], |row| fixed(row, 0))
            .optional()?)
    }

    fn place(&self, id: EnvelopeId) -> Stored<Option<Place>> {
        let mut select = self.0.prepare_cached(
            "SELECT stream.stream, envelope.seq, envelope.h \
             FROM envelope JOIN stream USING (num) WHERE envelope.id = ?1",
        )?;
        let place = select.query_row([id.as_bytes()], |row| {
            let cursor = Cursor {
                seq: count(row, 1)?,
                h: fixed(row, 2)?,
                registers: 0,
            };
            Ok(Place {
                stream: StreamId(fixed(row, 0)?),
                cursor,
            })
        });
        Ok(place.optional()?)
    }

    fn chain(
        &self,
        stream: StreamId,
        author: ProfileId,
        chain: ChainId,
    ) -> Stored<Option<(u64, EnvelopeId)>> {
        let Some(num) = self.num(stream)? else {
            return Ok(None);
        };
        let mut select = self.0.prepare_cached(
            "SELECT n, head FROM chain WHERE num = ?1 AND author = ?2 AND chain = ?3",
        )?;
        let head = select.query_row(params![num, author.as_bytes(), chain.as_bytes()], |row| {
            Ok((count(row, 0)?, EnvelopeId(fixed(row, 1)?)))
        });
        Ok(head.optional()?)
    }

    fn chains(&self, stream: StreamId, each: EachEnd<'_>) -> Stored<()> {
        let Some(num) = self.num(stream)? else {
            return Ok(());
        };
        let mut select = self
            .0
            .prepare_cached("SELECT author, chain, n, head FROM chain WHERE num = ?1")?;
        let mut rows = select.query([num])?;
        while let Some(row) = rows.next()? {
            let end = Reached {
                chain: ChainId(fixed(row, 1)?),
                n: count(row, 2)?,
                id: EnvelopeId(fixed(row, 3)?),
            };
            each(ProfileId(fixed(row, 0)?), end);
        }
        Ok(())
    }

    fn restored(&self) -> Stored<Option<Restored>> {
        let kept = self.meta("restored")?;
        let read = |bytes: Vec<u8>| {
            Restored::decode(&bytes).ok_or(StoreError::Damaged("the word on a restoring"))
        };
        kept.map(read).transpose()
    }

    fn register(
        &self,
        stream: StreamId,
        author: ProfileId,
        slot: ChainId,
    ) -> Stored<Option<(u64, EnvelopeId)>> {
        let Some(num) = self.num(stream)? else {
            return Ok(None);
        };
        let mut select = self.0.prepare_cached(
            "SELECT counter, id FROM register WHERE num = ?1 AND author = ?2 AND slot = ?3",
        )?;
        let found = select.query_row(params![num, author.as_bytes(), slot.as_bytes()], |row| {
            Ok((count(row, 0)?, EnvelopeId(fixed(row, 1)?)))
        });
        Ok(found.optional()?)
    }

    fn registers(
        &self,
        stream: StreamId,
        after: u64,
        upto: u64,
        each: EachRegister<'_>,
    ) -> Stored<()> {
        let Some(num) = self.num(stream)? else {
            return Ok(());
        };
        let mut select = self.0.prepare_cached(
            "SELECT number, bytes FROM register \
             WHERE num = ?1 AND number > ?2 AND number <= ?3 ORDER BY number",
        )?;
        let mut rows = select.query(params![num, int(after), int(upto)])?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            if let ControlFlow::Break(()) = each(count(row, 0)?, bytes) {
                break;
            }
        }
        Ok(())
    }

    fn grant_numbers(&self, recipient: ProfileId, after: u64) -> Stored<Vec<u64>> {
        let mut select = self.0.prepare_cached(
            "SELECT number FROM grants WHERE recipient = ?1 AND number > ?2 ORDER BY number",
        )?;
        let rows = select.query_map(params![recipient.as_bytes(), int(after)], |row| {
            count(row, 0)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn has_grant(&self, stream: StreamId, epoch: EpochId, recipient: ProfileId) -> Stored<bool> {
        let mut select = self.0.prepare_cached(
            "SELECT 1 FROM grants WHERE recipient = ?1 AND stream = ?2 AND epoch = ?3",
        )?;
        Ok(select.exists(params![
            recipient.as_bytes(),
            stream.as_bytes(),
            epoch.as_bytes()
        ])?)
    }

    fn grants_after(&self, after: u64, limit: u32) -> Stored<Vec<(u64, Grant)>> {
        let mut select = self.0.prepare_cached(
            "SELECT stream, epoch, recipient, sealed, number FROM grants \
             WHERE number > ?1 ORDER BY number LIMIT ?2",
        )?;
        let rows = select.query_map(params![int(after), limit], |row| {
            Ok((count(row, 4)?, grant_of(row)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn grant(&self, number: u64) -> Stored<Option<Grant>> {
        let mut select = self.0.prepare_cached(
            "SELECT stream, epoch, recipient, sealed FROM grants WHERE number = ?1",
        )?;
        Ok(select.query_row([int(number)], grant_of).optional()?)
    }

    fn last_grant(&self, recipient: Option<ProfileId>) -> Stored<u64> {
        let number = match recipient {
            None => self
                .0
                .prepare_cached("SELECT coalesce(max(number), 0) FROM grants")?
                .query_row([], |row| count(row, 0)),
            Some(name) => self
                .0
                .prepare_cached("SELECT coalesce(max(number), 0) FROM grants WHERE recipient = ?1")?
                .query_row([name.as_bytes()], |row| count(row, 0)),
        };
        Ok(number?)
    }

    fn streams_of(
        &self,
        agency: AgencyId,
        names: &[ProfileId],
    ) -> Stored<BTreeMap<StreamId, Cursor>> {
        let mut select = self.0.prepare_cached(
            "SELECT stream.stream, stream.seq, stream.h, stream.registers \
             FROM member JOIN stream USING (num) WHERE member.name = ?1 AND stream.agency = ?2",
        )?;
        let mut found = BTreeMap::new();
        for name in names {
            let mut rows = select.query([name.as_bytes(), agency.as_bytes()])?;
            while let Some(row) = rows.next()? {
                let cursor = Cursor {
                    seq: count(row, 1)?,
                    h: fixed(row, 2)?,
                    registers: count(row, 3)?,
                };
                found.insert(StreamId(fixed(row, 0)?), cursor);
            }
        }
        Ok(found)
    }

    fn all_streams(&self, agency: AgencyId) -> Stored<BTreeMap<StreamId, Cursor>> {
        let mut select = self
            .0
            .prepare_cached("SELECT stream, seq, h, registers FROM stream WHERE agency = ?1")?;
        let mut rows = select.query([agency.as_bytes()])?;
        let mut found = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let cursor = Cursor {
                seq: count(row, 1)?,
                h: fixed(row, 2)?,
                registers: count(row, 3)?,
            };
            found.insert(StreamId(fixed(row, 0)?), cursor);
        }
        Ok(found)
    }

    fn has_setup(&self, token: SetupHash) -> Stored<bool> {
        let mut select = self
            .0
            .prepare_cached("SELECT 1 FROM setup WHERE hash = ?1")?;
        Ok(select.exists([token.0])?)
    }
}
