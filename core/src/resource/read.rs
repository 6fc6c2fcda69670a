//! From files to a list of services: HSDS JSON, or the tables of HSDS as CSV, as many files as there
//! are. Owns the rule that what is wrong with one row costs that row alone, and is told by file, line
//! and reason.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ID_LEN_MAX, Needs, SERVICES_MAX, Service, clip, json, tables};
use crate::import;

/// The most bytes of all files of a directory.
pub const FILES_LEN_MAX: usize = 48 * 1024 * 1024;
/// The most refusals that are told one by one.
const REFUSED_MAX: usize = 200;

/// Why a row or a file does not count, or not all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The file is not UTF-8 text.
    NotText,
    /// The file is neither JSON nor CSV.
    NotJson,
    /// The file is none of the tables that are read.
    UnknownTable,
    /// A row has more or fewer cells than the header.
    Broken,
    /// Neither a service nor an organisation.
    NotService,
    /// A service without a name.
    NoName,
    /// A service without an id, or with one that is too long.
    NoId,
    /// An id that was there before.
    Twice,
    /// It belongs to a service, place or organisation that is not in the files.
    Unknown,
    /// Coordinates that are nowhere on earth: the service is kept without them.
    NoSuchPlace,
    /// Days or times that cannot be read: kept as words.
    BadHours,
    /// No such need.
    NoSuchNeed,
    /// More services than a directory holds.
    TooMany,
}

/// Something that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Refused {
    /// File.
    pub file: String,
    /// Line of a CSV, in JSON the number of the service; 0 for the whole file.
    pub line: u32,
    /// Why.
    pub why: Refusal,
    /// What it says there, in short.
    pub detail: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Services that count.
    pub services: Vec<Service>,
    /// What does not, at most some hundred of it.
    pub refused: Vec<Refused>,
    /// How many that are in all.
    pub refused_count: u32,
    /// Services that the file says are not offered any more.
    pub inactive: u32,
    /// Services of which a text or list was too long and was cut.
    pub cut: u32,
    /// The organisations of all of them.
    pub organizations: u32,
}

impl List {
    pub(super) fn refuse(&mut self, file: &str, line: u64, why: Refusal, detail: &str) {
        self.refused_count += 1;
        if self.refused.len() < REFUSED_MAX {
            self.refused.push(Refused {
                file: clip(file, 120).0,
                line: u32::try_from(line).unwrap_or(u32::MAX),
                why,
                detail: clip(detail, 120).0,
            });
        }
    }
}

/// A service as a file has it, before it is known whether it counts.
pub(super) struct Row {
    pub file: String,
    pub line: u64,
    pub active: bool,
    pub service: Service,
}

/// Reads files, each with its name.
pub fn read(files: &[(String, Vec<u8>)]) -> List {
    let mut list = List::default();
    let mut needs = Needs::default();
    let mut csv = Vec::new();
    let mut rows = Vec::new();
    for (name, bytes) in files {
        let Ok(text) = import::text(bytes) else {
            list.refuse(name, 0, Refusal::NotText, "");
            continue;
        };
        let is_json = text.trim_start().starts_with(['{', '[']);
        if is_json {
            json::read(&mut list, name, text, &mut rows);
        } else {
            csv.push((name.as_str(), text));
        }
    }
    tables::read(&mut list, &mut needs, &csv, &mut rows);
    take(&mut list, &needs, rows);
    list
}

/// Takes the rows that count.
fn take(list: &mut List, needs: &Needs, rows: Vec<Row>) {
    let mut ids = BTreeSet::new();
    let mut organizations = BTreeSet::new();
    for row in rows {
        let mut service = row.service;
        let refusal = if service.id.is_empty() || service.id.len() > ID_LEN_MAX {
            Some(Refusal::NoId)
        } else if service.name.trim().is_empty() {
            Some(Refusal::NoName)
        } else if ids.contains(&service.id) {
            Some(Refusal::Twice)
        } else if list.services.len() >= SERVICES_MAX {
            Some(Refusal::TooMany)
        } else {
            None
        };
        if let Some(why) = refusal {
            let detail = format!("{} {}", service.id, service.name);
            list.refuse(&row.file, row.line, why, &detail);
            continue;
        }
        ids.insert(service.id.clone());
        if !row.active {
            list.inactive += 1;
            continue;
        }
        service.needs = needs.of(&service);
        list.cut += u32::from(service.bound());
        organizations.insert(service.organization.clone());
        list.services.push(service);
    }
    list.organizations = organizations.len() as u32;
}

/// Adds a value to a list that does not have it yet.
pub(super) fn add<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The parts of a list in one cell: `Spanish, Tagalog; French`.
pub(super) fn parts(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts = text.split([',', ';', '|']);
    parts
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
}

/// Whether a service of this state is offered; what a file does not say is.
pub(super) fn is_active(status: &str) -> bool {
    let status = status.trim().to_lowercase();
    !["inactive", "defunct", "temporarily closed"].contains(&status.as_str())
}
