//! The inserts and updates, over one transaction.

use rusqlite::params;
use satchel_wire::{
    AgencyId, Cursor, Grant, Kind, Millis, ProfileId, Restored, StreamId, Verified,
};

use super::{int, nat, read::Rows};
use crate::store::{Identity, Read as _, SetupHash, StoreError, Stored, Write};

const UNBEGUN: StoreError = StoreError::Damaged("a write to a stream that has not begun");

impl Write for Rows<'_> {
    fn keep_identity(&mut self, identity: Identity) -> Stored<()> {
        let mut put = self
            .0
            .prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?;
        put.execute(params!["seed", identity.seed])?;
        put.execute(params!["incarnation", identity.incarnation.as_bytes()])?;
        Ok(())
    }

    fn keep_restored(&mut self, restored: &Restored) -> Stored<()> {
        self.0
            .prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?
            .execute(params!["restored", restored.encode()])?;
        Ok(())
    }

    fn begin(&mut self, stream: StreamId, agency: AgencyId) -> Stored<()> {
        self.0
            .prepare_cached(
                "INSERT INTO stream (stream, agency, seq, h, registers) VALUES (?1, ?2, 0, ?3, 0)",
            )?
            .execute(params![stream.as_bytes(), agency.as_bytes(), [0_u8; 32]])?;
        Ok(())
    }

    fn append(&mut self, envelope: &Verified, at: Millis) -> Stored<Cursor> {
        let header = envelope.header();
        let (Some(num), Some(stream)) = (self.num(header.stream)?, self.stream(header.stream)?)
        else {
            return Err(UNBEGUN);
        };
        let head = stream.head.next(envelope.id());
        let id = envelope.id();
        self.0
            .prepare_cached(
                "INSERT INTO envelope (num, seq, id, h, at, control, bytes) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                num,
                int(head.seq),
                id.as_bytes(),
                head.h,
                int(at.0),
                header.kind == Kind::Control,
                envelope.encode(),
            ])?;
        self.0
            .prepare_cached("UPDATE stream SET seq = ?2, h = ?3 WHERE num = ?1")?
            .execute(params![num, int(head.seq), head.h])?;
        self.0
            .prepare_cached("INSERT OR REPLACE INTO chain VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                num,
                header.author.as_bytes(),
                header.chain.as_bytes(),
                int(header.n),
                id.as_bytes(),
            ])?;
        Ok(Cursor {
            registers: 0,
            ..head
        })
    }

    fn keep_register(&mut self, envelope: &Verified) -> Stored<u64> {
        let header = envelope.header();
        let num = self.num(header.stream)?.ok_or(UNBEGUN)?;
        let number: i64 = self
            .0
            .prepare_cached(
                "UPDATE stream SET registers = registers + 1 WHERE num = ?1 RETURNING registers",
            )?
            .query_row([num], |row| row.get(0))?;
        self.0
            .prepare_cached("INSERT OR REPLACE INTO register VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![
                num,
                header.author.as_bytes(),
                header.chain.as_bytes(),
                int(header.n),
                number,
                envelope.id().as_bytes(),
                envelope.encode(),
            ])?;
        Ok(nat(number))
    }

    fn keep_grant(&mut self, grant: &Grant) -> Stored<()> {
        let same = self
            .0
            .prepare_cached(
                "SELECT 1 FROM grants \
                 WHERE recipient = ?1 AND stream = ?2 AND epoch = ?3 AND sealed = ?4",
            )?
            .exists(params![
                grant.recipient.as_bytes(),
                grant.stream.as_bytes(),
                grant.epoch.as_bytes(),
                grant.sealed,
            ])?;
        if same {
            return Ok(());
        }
        let number = self.last_grant(None)?.saturating_add(1);
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO grants (number, recipient, stream, epoch, sealed) \
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                int(number),
                grant.recipient.as_bytes(),
                grant.stream.as_bytes(),
                grant.epoch.as_bytes(),
                grant.sealed,
            ])?;
        Ok(())
    }

    fn admit(&mut self, stream: StreamId, name: ProfileId) -> Stored<()> {
        let num = self.num(stream)?.ok_or(UNBEGUN)?;
        self.0
            .prepare_cached("INSERT OR IGNORE INTO member VALUES (?1, ?2)")?
            .execute(params![name.as_bytes(), num])?;
        Ok(())
    }

    fn dismiss(&mut self, stream: StreamId, name: ProfileId) -> Stored<()> {
        let num = self.num(stream)?.ok_or(UNBEGUN)?;
        self.0
            .prepare_cached("DELETE FROM member WHERE name = ?1 AND num = ?2")?
            .execute(params![name.as_bytes(), num])?;
        Ok(())
    }

    fn keep_setup(&mut self, token: SetupHash, at: Millis) -> Stored<()> {
        self.0
            .prepare_cached("INSERT OR IGNORE INTO setup VALUES (?1, ?2)")?
            .execute(params![token.0, int(at.0)])?;
        Ok(())
    }

    fn take_setup(&mut self, token: SetupHash) -> Stored<bool> {
        Ok(self
            .0
            .prepare_cached("DELETE FROM setup WHERE hash = ?1")?
            .execute([token.0])?
            == 1)
    }
}
