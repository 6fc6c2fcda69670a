//! What views show of the recovery kit and of a restore from it.

use satchel_wire::Millis;
use serde::{Deserialize, Serialize};

use super::WordsView;

/// One of the kit's two sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum SheetName {
    /// Makes a new admin.
    Root,
    /// Opens the records.
    Recovery,
}

/// How far the kit has come on this tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum KitStage {
    /// Its seeds are not on this tablet.
    Elsewhere,
    /// They are, and nobody has read both sheets back yet.
    Due,
    /// Both sheets were read back; the seeds are still here.
    Checked,
}

/// How a restore goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum RestoreStage {
    /// It is under way.
    Fetching,
    /// All is here, and the recovery sheet opens none of it: it is another agency's.
    Closed,
}

/// What is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct KitView {
    /// Id of the agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// The relay's address.
    pub url: String,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: Millis,
    /// The sheet that makes a new admin.
    pub root: SheetView,
    /// The sheet that opens the records.
    pub recovery: SheetView,
}

/// What is printed on one sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SheetView {
    /// The secret, to be typed.
    pub words: WordsView,
    /// The same as text for a QR code.
    pub code: String,
    /// It was read back.
    pub checked: bool,
}
