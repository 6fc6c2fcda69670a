//! Reading the access log: the latest first, a page at a time, opened as it is read. For those who
//! lead or audit; who may not read it has neither its envelopes nor its key.

use std::{cmp::Reverse, collections::BTreeMap};

use satchel_wire::{EpochId, Millis, Role, StaffId, StreamId, Verified};

use crate::{
    api::{AccessEntryView, AccessLogView, Failure, Reply},
    audit::{self, Entry as Deed},
    engine::{Engine, Load, cx::Cx, keyspace, replica::stored_envelope},
    io::Entry,
    keys::Opener,
};

/// Entries of a page; one more envelope's may come with them.
const PAGE: usize = 50;
/// Envelopes that are read from the disk and opened at a time.
const STEP: u32 = 32;
/// The most that are gone through for one page: a rare thing is looked for in several.
const LOOK_MAX: u32 = 512;

/// What to show; what is empty does not matter.
pub(super) struct Wanted {
    pub case: Option<StreamId>,
    pub staff: Option<StaffId>,
    pub deed: String,
    pub from: Millis,
    pub to: Millis,
}

/// A page in the making.
pub(super) struct Reading {
    pub request: u32,
    wanted: Wanted,
    stream: StreamId,
    /// The next to read is before this one.
    before: u32,
    looked: u32,
    found: Vec<(Verified, Deed)>,
    unreadable: u32,
    openers: BTreeMap<EpochId, Opener>,
}

impl Engine {
    /// `None`: the log is being read; the answer follows.
    pub(super) fn access_log(
        &mut self,
        cx: &mut Cx,
        request: u32,
        wanted: Wanted,
        before: Option<u32>,
    ) -> Result<Option<Reply>, Failure> {
        let (replica, _) = self.parts()?;
        let role = replica.profile.role;
        if !role.leads() && role != Role::Auditor {
            return Err(Failure::NotAllowed);
        }
        let audit = replica.roster.audits().next();
        let stream = audit.map(|(_, audit)| audit.stream);
        let known = stream.and_then(|stream| Some((stream, replica.streams.get(&stream)?)));
        let (stream, known) = known.ok_or(Failure::NotReady)?;
        let logged = known.meta.logged;
        let reading = Reading {
            request,
            wanted,
            stream,
            before: before.map_or(logged, |before| before.min(logged)),
            looked: 0,
            found: Vec::new(),
            unreadable: 0,
            openers: BTreeMap::new(),
        };
        if let Some(reading) = self.read_on(cx, reading) {
            return Ok(Some(self.page(reading)));
        }
        Ok(None)
    }

    /// Asks for the next part of the log; gives the reading back when it is done.
    fn read_on(&mut self, cx: &mut Cx, reading: Reading) -> Option<Reading> {
        let enough = reading.found.len() >= PAGE || reading.looked >= LOOK_MAX;
        if reading.before == 0 || enough {
            return Some(reading);
        }
        let from = reading.before.saturating_sub(STEP);
        let range = keyspace::part_of_log(reading.stream, from, reading.before);
        self.load(cx, Load::AccessLog(Box::new(reading)), vec![range]);
        None
    }

    pub(super) fn access_loaded(&mut self, cx: &mut Cx, mut reading: Reading, entries: Vec<Entry>) {
        let from = reading.before.saturating_sub(STEP);
        let by_index: BTreeMap<u32, Vec<u8>> = entries
            .into_iter()
            .filter_map(|one| {
                let index = keyspace::index(&one.key)?;
                Some((u32::try_from(index).ok()?, one.value.into_vec()))
            })
            .collect();
        for index in (from..reading.before).rev() {
            if reading.found.len() >= PAGE {
                break;
            }
            reading.before = index;
            reading.looked += 1;
            match by_index.get(&index) {
                Some(bytes) => self.look(&mut reading, bytes),
                None => reading.unreadable += 1,
            }
        }
        if let Some(reading) = self.read_on(cx, reading) {
            let (request, page) = (reading.request, self.page(reading));
            cx.reply(request, page);
        }
    }

    /// Opens one envelope, if anything in it may be wanted.
    fn look(&self, reading: &mut Reading, bytes: &[u8]) {
        let Ok((replica, desk)) = self.parts() else {
            return;
        };
        // Storage is not trusted: the signature is checked again.
        let Ok(envelope) = stored_envelope(bytes) else {
            reading.unreadable += 1;
            return;
        };
        let header = envelope.header();
        let staff = replica.roster.known(header.author).map(|one| one.staff);
        if reading.wanted.staff.is_some() && reading.wanted.staff != staff {
            return;
        }
        let epoch = header.epoch;
        if let Some(key) = desk.keys.get(&(reading.stream, epoch)) {
            let openers = &mut reading.openers;
            openers.entry(epoch).or_insert_with(|| audit::opener(key));
        }
        let opener = reading.openers.get(&epoch);
        let opened = opener.and_then(|opener| audit::open(&envelope, opener).ok());
        let Some(deeds) = opened else {
            reading.unreadable += 1;
            return;
        };
        let wanted = &reading.wanted;
        let fits = |deed: &Deed| {
            (wanted.case.is_none() || deed.case == wanted.case)
                && (wanted.deed.is_empty() || deed.deed == wanted.deed)
                && (wanted.from..wanted.to).contains(&deed.at)
        };
        let deeds = deeds.into_iter().filter(fits);
        reading
            .found
            .extend(deeds.map(|deed| (envelope.clone(), deed)));
    }

    fn page(&self, mut reading: Reading) -> Reply {
        reading.found.sort_by_key(|(_, deed)| Reverse(deed.at));
        let names = self.desk.as_ref().map(|desk| &desk.summaries);
        let view = |(envelope, deed): (Verified, Deed)| {
            let author = envelope.header().author;
            let summary = deed.case.and_then(|case| names?.get(&case));
            AccessEntryView {
                name: self.name_of(author),
                profile: author.to_string(),
                at: deed.at,
                deed: deed.deed,
                times: deed.times,
                case: deed.case.map(|case| case.to_string()).unwrap_or_default(),
                case_name: summary.map(|one| one.name.clone()).unwrap_or_default(),
            }
        };
        Reply::AccessLog {
            log: AccessLogView {
                entries: reading.found.into_iter().map(view).collect(),
                before: (reading.before > 0).then_some(reading.before),
                unreadable: reading.unreadable,
            },
        }
    }
}
