//! What a relay keeps, as a trait: logs, registers, grants, the access index, set-up tokens and its
//! own identity. Owns the division of labour: a store keeps and numbers, it decides nothing; every
//! rule lives in [`crate::append`], [`crate::enroll`] and [`crate::pull`] and runs inside one of its
//! transactions. Refuses to know what an envelope says.

use std::{collections::BTreeMap, ops::ControlFlow};

use satchel_wire::{
    AgencyId, ChainId, Cursor, EnvelopeId, EpochId, Grant, Incarnation, Millis, ProfileId,
    Restored, Seq, SetupToken, StreamId, Verified, control::Reached, envelope::sha256,
};

/// Why a store cannot.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk failed or the file is damaged: nothing written since can be trusted, the process
    /// has to stop.
    #[error("the disk failed or the database is damaged")]
    Broken(#[source] rusqlite::Error),
    /// The disk is full, the file locked, or the like: nothing was written, later may be better.
    #[error("the database cannot be used at the moment")]
    Unavailable(#[source] rusqlite::Error),
    /// A database of a newer relay, or none of a relay's.
    #[error("the database has schema {found}, this relay knows {known}")]
    Schema {
        /// What the file says.
        found: i64,
        /// What this code reads.
        known: i64,
    },
    /// A row that this code never writes.
    #[error("the database holds a row that no relay wrote: {0}")]
    Damaged(&'static str),
}

impl StoreError {
    /// Whether going on could acknowledge what is not on disk.
    pub fn is_fatal(&self) -> bool {
        matches!(self, StoreError::Broken(_) | StoreError::Damaged(_))
    }
}

/// Result of a store's work.
pub type Stored<T> = Result<T, StoreError>;

/// Who this relay is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Seed of the relay's Ed25519 key.
    pub seed: [u8; 32],
    /// Which memory of the relay this is.
    pub incarnation: Incarnation,
}

/// A stream's owner and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamHead {
    /// The agency.
    pub agency: AgencyId,
    /// Its last envelope and register number.
    pub head: Cursor,
}

/// One envelope of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged<'a> {
    /// Its place.
    pub seq: Seq,
    /// When it was appended, by the relay's clock.
    pub at: Millis,
    /// The envelope as it travels.
    pub bytes: &'a [u8],
}

/// Where an envelope stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its stream.
    pub stream: StreamId,
    /// Its place there; `registers` is 0.
    pub cursor: Cursor,
}

/// What is called for each row of a range, until it breaks off.
pub type EachLogged<'a> = &'a mut dyn for<'r> FnMut(Logged<'r>) -> ControlFlow<()>;
/// The same for the ends of a stream's chains: author and end.
pub type EachEnd<'a> = &'a mut dyn FnMut(ProfileId, Reached);
/// The same for registers: number and bytes.
pub type EachRegister<'a> = &'a mut dyn for<'r> FnMut(u64, &'r [u8]) -> ControlFlow<()>;

/// How much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Agencies.
    pub agencies: u64,
    /// Streams, the agencies' own logs among them.
    pub streams: u64,
    /// Envelopes in logs.
    pub envelopes: u64,
    /// Registers.
    pub registers: u64,
    /// Grants.
    pub grants: u64,
    /// Set-up links not used yet.
    pub setups: u64,
}

/// What can be asked, all of one moment.
pub trait Read {
    /// Who the relay is, once that is settled.
    fn identity(&self) -> Stored<Option<Identity>>;
    /// How much is kept.
    fn totals(&self) -> Stored<Totals>;
    /// The agencies that are kept.
    fn agencies(&self) -> Stored<Vec<AgencyId>>;
    /// A stream's owner and end.
    fn stream(&self, stream: StreamId) -> Stored<Option<StreamHead>>;
    /// Envelopes `after < seq <= upto` in their order.
    fn log(&self, stream: StreamId, after: Seq, upto: Seq, each: EachLogged<'_>) -> Stored<()>;
    /// The same, control envelopes only.
    fn controls(&self, stream: StreamId, after: Seq, each: EachLogged<'_>) -> Stored<()>;
    /// `h(seq)` of a stream; all zeros for 0.
    fn h(&self, stream: StreamId, seq: Seq) -> Stored<Option<[u8; 32]>>;
    /// Where an envelope stands.
    fn place(&self, id: EnvelopeId) -> Stored<Option<Place>>;
    /// How far a chain has come: its last `n` and envelope.
    fn chain(
        &self,
        stream: StreamId,
        author: ProfileId,
        chain: ChainId,
    ) -> Stored<Option<(u64, EnvelopeId)>>;
    /// The ends of all chains of a stream, by author.
    fn chains(&self, stream: StreamId, each: EachEnd<'_>) -> Stored<()>;
    /// What is known of the relay's last restoring.
    fn restored(&self) -> Stored<Option<Restored>>;
    /// The counter and id of a register.
    fn register(
        &self,
        stream: StreamId,
        author: ProfileId,
        slot: ChainId,
    ) -> Stored<Option<(u64, EnvelopeId)>>;
    /// Registers numbered `after < number <= upto`, by number.
    fn registers(
        &self,
        stream: StreamId,
        after: u64,
        upto: u64,
        each: EachRegister<'_>,
    ) -> Stored<()>;
    /// Numbers above `after` of the grants to `recipient`, rising.
    fn grant_numbers(&self, recipient: ProfileId, after: u64) -> Stored<Vec<u64>>;
    /// Whether an epoch's key is kept for `recipient`.
    fn has_grant(&self, stream: StreamId, epoch: EpochId, recipient: ProfileId) -> Stored<bool>;
    /// The grants numbered above `after`, at most `limit` of them, by number.
    fn grants_after(&self, after: u64, limit: u32) -> Stored<Vec<(u64, Grant)>>;
    /// A grant by its number; a grant that is given anew gets a new number.
    fn grant(&self, number: u64) -> Stored<Option<Grant>>;
    /// Number of the last grant to `recipient`, or to anyone; 0 when there is none.
    fn last_grant(&self, recipient: Option<ProfileId>) -> Stored<u64>;
    /// The streams of an agency that list one of `names`, and their ends.
    fn streams_of(
        &self,
        agency: AgencyId,
        names: &[ProfileId],
    ) -> Stored<BTreeMap<StreamId, Cursor>>;
    /// All streams of an agency, and their ends.
    fn all_streams(&self, agency: AgencyId) -> Stored<BTreeMap<StreamId, Cursor>>;
    /// Whether a set-up token is open.
    fn has_setup(&self, token: SetupHash) -> Stored<bool>;
}

/// What can be changed; all or nothing of one [`Store::write`].
pub trait Write: Read {
    /// Settles who the relay is.
    fn keep_identity(&mut self, identity: Identity) -> Stored<()>;
    /// Keeps what is known of the relay's last restoring.
    fn keep_restored(&mut self, restored: &Restored) -> Stored<()>;
    /// Begins a stream.
    fn begin(&mut self, stream: StreamId, agency: AgencyId) -> Stored<()>;
    /// Puts an envelope at the end of its stream and its chain. Its stream must have begun.
    fn append(&mut self, envelope: &Verified, at: Millis) -> Stored<Cursor>;
    /// Keeps a register in place of its slot's former one and counts the stream's registers on: its number.
    fn keep_register(&mut self, envelope: &Verified) -> Stored<u64>;
    /// Keeps a grant; one that is byte for byte there keeps its number.
    fn keep_grant(&mut self, grant: &Grant) -> Stored<()>;
    /// Lists a name among a stream's readers.
    fn admit(&mut self, stream: StreamId, name: ProfileId) -> Stored<()>;
    /// Takes a name off a stream's readers.
    fn dismiss(&mut self, stream: StreamId, name: ProfileId) -> Stored<()>;
    /// Opens a set-up token.
    fn keep_setup(&mut self, token: SetupHash, at: Millis) -> Stored<()>;
    /// Uses a set-up token up; false when it was not open.
    fn take_setup(&mut self, token: SetupHash) -> Stored<bool>;
}

/// A relay's memory.
pub trait Store {
    /// Reads at one moment.
    ///
    /// # Errors
    /// What the closure or the database says.
    fn read<T>(&self, work: impl FnOnce(&dyn Read) -> Stored<T>) -> Stored<T>;

    /// Writes in one transaction that is on disk when this returns.
    ///
    /// # Errors
    /// What the closure or the database says; then nothing is written.
    fn write<T>(&mut self, work: impl FnOnce(&mut dyn Write) -> Stored<T>) -> Stored<T>;
}

/// SHA-256 of a set-up token: what the relay keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetupHash(pub [u8; 32]);

impl From<SetupToken> for SetupHash {
    fn from(token: SetupToken) -> Self {
        Self(sha256(&[b"satchel/setup/1", token.as_bytes()]))
    }
}
