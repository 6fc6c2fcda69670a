//! The store in one SQLite file. Owns durability: WAL with `synchronous=FULL`, one writer, and a
//! write-ahead log that cannot grow without bound. Refuses files of another schema.

mod read;
mod write;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, backup::Backup};

use crate::store::{Read, Store, StoreError, Stored, Write};

/// The schema that this code reads and writes.
const SCHEMA: i64 = 1;
/// A write-ahead log longer than this is copied into the file and cut, in bytes.
const WAL_LEN_MAX: u64 = 16 * 1024 * 1024;
/// How long to wait for readers to leave the write-ahead log.
const WAL_MS_MAX: u64 = 100;
/// How long to wait for another process (`satchel setup-link`, a backup) to let go of the file.
const BUSY_MS_MAX: u64 = 5_000;

/// A relay's memory in one SQLite file, or in none for a simulation.
pub struct SqliteStore {
    connection: Connection,
    path: Option<PathBuf>,
    /// Length in bytes at which the write-ahead log is to be cut next.
    wal_due: u64,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase,
            ) => StoreError::Broken(error),
            _ => StoreError::Unavailable(error),
        }
    }
}

/// Makes a file that nobody but its owner may read: it holds the relay's signing key. One that is
/// there already is left as it is; what fails is for SQLite to tell.
fn private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

impl SqliteStore {
    /// Opens or creates the file at `path`, for reading and writing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened or is of another schema.
    pub fn open(path: &Path) -> Stored<Self> {
        private(path);
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_millis(BUSY_MS_MAX))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(
            None,
            "journal_size_limit",
            i64::try_from(WAL_LEN_MAX).unwrap_or(0),
        )?;
        Self::prepare(connection, Some(path.to_owned()))
    }

    /// A store that lives as long as this value.
    ///
    /// # Errors
    /// [`StoreError`] when SQLite has no memory for it.
    pub fn open_in_memory() -> Stored<Self> {
        Self::prepare(Connection::open_in_memory()?, None)
    }

    /// Opens the file at `path`, which has to be there, for reading only.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened or is of another schema.
    pub fn open_reader(path: &Path) -> Stored<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_millis(BUSY_MS_MAX))?;
        let found = schema(&connection)?;
        if found != SCHEMA {
            return Err(StoreError::Schema {
                found,
                known: SCHEMA,
            });
        }
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            connection,
            path: Some(path.to_owned()),
            wal_due: WAL_LEN_MAX,
        })
    }

    fn prepare(mut connection: Connection, path: Option<PathBuf>) -> Stored<Self> {
        connection.pragma_update(None, "synchronous", "full")?;
        connection.set_prepared_statement_cache_capacity(64);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match schema(&transaction)? {
            0 => {
                transaction.execute_batch(include_str!("sqlite/schema.sql"))?;
                transaction.pragma_update(None, "user_version", SCHEMA)?;
            }
            SCHEMA => {}
            found => {
                return Err(StoreError::Schema {
                    found,
                    known: SCHEMA,
                });
            }
        }
        transaction.commit()?;
        Ok(Self {
            connection,
            path,
            wal_due: WAL_LEN_MAX,
        })
    }

    /// Writes a consistent copy to `path`, where nothing may be yet. The relay may be running.
    ///
    /// # Errors
    /// [`StoreError`] when the copy cannot be written.
    pub fn copy_to(&self, path: &Path) -> Stored<()> {
        private(path);
        self.connection
            .execute("VACUUM INTO ?1", [path.to_string_lossy()])?;
        Ok(())
    }

    /// A copy that lives as long as this value: a backup in a simulation.
    ///
    /// # Errors
    /// [`StoreError`] when SQLite has no memory for it.
    pub fn copy_in_memory(&self) -> Stored<Self> {
        let mut copy = Connection::open_in_memory()?;
        Backup::new(&self.connection, &mut copy)?.step(-1)?;
        Self::prepare(copy, None)
    }

    /// Length in bytes of the write-ahead log.
    pub fn wal_len(&self) -> u64 {
        let Some(path) = &self.path else { return 0 };
        let mut wal = path.clone().into_os_string();
        wal.push("-wal");
        std::fs::metadata(wal).map_or(0, |found| found.len())
    }

    /// SQLite checkpoints by itself after each 1,000 pages, but never starts the log over while a
    /// reader is in it. Ours stay for one frame at most, so a short wait is enough; while a backup
    /// reads, the log may grow, and this comes back each time it has grown by as much again.
    fn bound_wal(&mut self) -> Stored<()> {
        let len = self.wal_len();
        if len > self.wal_due {
            self.connection
                .busy_timeout(Duration::from_millis(WAL_MS_MAX))?;
            let cut = self
                .connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                    row.get::<_, i64>(0).map(|busy| busy == 0)
                });
            self.connection
                .busy_timeout(Duration::from_millis(BUSY_MS_MAX))?;
            self.wal_due = if cut? {
                WAL_LEN_MAX
            } else {
                len.saturating_add(WAL_LEN_MAX)
            };
        }
        Ok(())
    }
}

fn schema(connection: &Connection) -> Stored<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

impl Store for SqliteStore {
    fn read<T>(&self, work: impl FnOnce(&dyn Read) -> Stored<T>) -> Stored<T> {
        // Deferred: the first select fixes the moment that all of them see.
        let transaction = self.connection.unchecked_transaction()?;
        let done = work(&read::Rows(&transaction))?;
        transaction.finish()?;
        Ok(done)
    }

    fn write<T>(&mut self, work: impl FnOnce(&mut dyn Write) -> Stored<T>) -> Stored<T> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&mut read::Rows(&transaction))?;
        transaction.commit()?;
        self.bound_wal()?;
        Ok(done)
    }
}

/// A number as SQLite keeps it; no relay counts to 2^63.
fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn nat(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn sqlite_has_the_wal_reset_fix() {
        assert!(
            rusqlite::version_number() >= 3_051_003,
            "{}",
            rusqlite::version()
        );
    }
}
