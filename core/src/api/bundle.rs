//! What a person may ask of files that travel on a stick, and what is shown of them. A file goes in and
//! out in pieces, so that no more of it than one piece is ever in memory here.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A wish about bundles; answers `Bundle`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BundleAsk {
    /// Whose files were taken in here; answers `Peers`.
    Peers,
    /// Begin to make a file; answers `Piece`.
    Make {
        /// One case with what belongs to it; empty for all.
        case: String,
        /// [`PeerView::peer`], to leave out what they told to hold; empty to leave out nothing.
        peer: String,
    },
    /// The next piece of it; answers `Piece`.
    More,
    /// Look at a file without changing anything; answers `Going`, at its end `File`.
    Look {
        /// The next piece, at most 1 MiB.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        piece: ByteBuf,
        /// It is the first.
        start: bool,
        /// It is the last.
        end: bool,
    },
    /// Take in the file that was looked at last; answers `Going`, at its end `Taken`.
    Take {
        /// As in `Look`, the same bytes again.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        piece: ByteBuf,
        /// It is the first.
        start: bool,
        /// It is the last.
        end: bool,
    },
}

/// What is answered to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BundleSaid {
    /// Whose files were taken in here, the latest first.
    Peers {
        /// One for each maker.
        peers: Vec<PeerView>,
    },
    /// A piece of the file that is made; what it holds is sealed.
    Piece {
        /// To be put after the pieces before it.
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array"))]
        bytes: ByteBuf,
        /// It was the last.
        end: bool,
    },
    /// The next piece, please.
    Going,
    /// What the file is.
    File {
        /// All of it.
        file: BundleView,
    },
    /// What came of it.
    Taken {
        /// All of it.
        taken: BundleTaken,
    },
}

/// Somebody whose files were taken in here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PeerView {
    /// To name them by.
    pub peer: String,
    /// The colleague's name; empty for a relay.
    pub name: String,
    /// When they made their last file, by their clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub made_at: Millis,
}

/// What a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct BundleView {
    /// The name of the colleague who made it; empty when a relay did, or nobody knows.
    pub name: String,
    /// A relay made it.
    pub by_relay: bool,
    /// Its maker's signature holds, and they belong to the agency.
    pub proven: bool,
    /// When, by the maker's clock.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub at: Option<Millis>,
    /// It was made on this tablet.
    pub own: bool,
    /// Entries of logs in all.
    pub entries: u32,
    /// Those that are not here yet and may be read here.
    pub fresh: u32,
    /// Cases in which there is something new.
    pub cases: u32,
    /// Entries that may not be read here, and will be carried to the relay.
    pub carried: u32,
    /// Parts that are damaged and will be left out.
    pub damaged: u32,
    /// Some of it is for a newer app.
    pub newer: bool,
    /// Its end is missing.
    pub cut: bool,
}

/// What came of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct BundleTaken {
    /// Entries that are here now and were not before.
    pub fresh: u32,
    /// Cases in which something came.
    pub cases: u32,
    /// Entries and keys that go on to the relay, for others.
    pub carried: u32,
    /// Entries that stand on what has not come yet: the next file brings them again.
    pub waiting: u32,
    /// Entries that do not hold.
    pub refused: u32,
    /// Parts that were damaged.
    pub damaged: u32,
}

/// Why a file is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum BundleProblem {
    /// It is none of Satchel's, or too damaged.
    NotOne,
    /// It is another agency's.
    OtherAgency,
    /// It was made by a newer app.
    Newer,
    /// It would be too long.
    TooLong,
    /// More is carried for others than fits: connect first.
    Full,
}
