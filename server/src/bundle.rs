//! Bundles of a relay: files with which two relays of an agency stay in step without a network, or a
//! tablet delivers. Owns the invariant that taking a bundle in obeys the rules of a push, in
//! transactions of the same size, so that it may be broken off anywhere and done again.

mod export;
mod import;

use std::{collections::BTreeMap, io};

use satchel_wire::{
    EnvelopeId, ProfileId, StreamId,
    bundle::{BundleError, Held, Maker},
};

pub use export::{Export, Exported};
pub use import::{Contents, Import, Taken, inspect};

use crate::store::StoreError;

/// Why nothing came of a bundle.
#[derive(Debug, thiserror::Error)]
pub enum StickError {
    /// The file cannot be read or written.
    #[error("the file cannot be read or written")]
    File(#[from] io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is no bundle, or is too much for one.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Nothing in it is whole enough to tell what it is.
    #[error("this is not a Satchel file, or its beginning and end are both damaged")]
    NoBundle,
    /// The agency is not kept here.
    #[error("this relay does not keep that agency: --new-agency lets it begin here")]
    UnknownAgency,
    /// The file was made by this relay itself.
    #[error("this file was made by this relay itself: there is nothing new in it")]
    OwnFile,
}

/// What somebody told to hold.
#[derive(Clone, Debug, Default)]
pub struct Theirs {
    /// Who, and when by their clock.
    pub of: Option<(Maker, satchel_wire::Millis)>,
    streams: BTreeMap<StreamId, Held>,
}

impl Theirs {
    /// How far they have come in an author's chain of a stream.
    fn end(
        &self,
        stream: StreamId,
        author: ProfileId,
        chain: satchel_wire::ChainId,
    ) -> Option<(u64, EnvelopeId)> {
        let held = self.streams.get(&stream)?;
        let (_, ends) = held.ends.iter().find(|(of, _)| *of == author)?;
        let end = ends.iter().find(|end| end.chain == chain)?;
        Some((end.n, end.id))
    }
}
