//! What exists only while the vault is open: keys, documents, drafts, what colleagues have seen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use automerge::ActorId;
use satchel_wire::{ChainId, EpochId, Millis, ProfileId, StaffId, StreamId, Verified};
use serde::{Deserialize, Serialize};

use crate::{
    api::{Failure, Form, Request, Severity},
    audit,
    body::Head,
    busy::{Busy, Taken},
    doc::Doc,
    engine::{
        compartments::Kept, edits::Deed, handing::Offer, library::Library, medicines::Medicines,
        policy::Rules, resources::Resources, restore::recovery_name,
    },
    finding::Elsewhere,
    keys::{Opener, Secret, Signer, invite_keys},
    monitor::Watch,
    record::MISTAKE,
    schedule::Span,
    vault::Secrets,
};

/// Documents kept open at a time; the longest unused goes first.
pub(super) const OPEN_MAX: usize = 24;

pub(super) struct Desk {
    pub secrets: Secrets,
    pub signer: Signer,
    pub opener: Opener,
    /// The invite that this profile claimed: grants to it are ours.
    pub invite: Option<(ProfileId, Opener)>,
    /// The recovery key, where the kit's seeds are here, and the name of grants to it.
    pub recovery: Option<(ProfileId, Opener)>,
    pub keys: BTreeMap<(StreamId, EpochId), Secret>,
    pub summaries: BTreeMap<StreamId, Summary>,
    pub drafts: BTreeMap<Form, String>,
    pub docs: BTreeMap<StreamId, Open>,
    /// How far each colleague's device has opened each chain.
    pub seen: BTreeMap<StreamId, BTreeMap<ProfileId, BTreeMap<ChainId, u64>>>,
    /// The notes' text by stream and note; `None` until the first search.
    pub texts: Option<Texts>,
    /// Streams whose log has more than their summary.
    pub unfolded: BTreeSet<StreamId>,
    /// Cases in which another finding may have to be made, because another case has changed, or the
    /// table of medicines.
    pub stale: BTreeSet<StreamId>,
    /// A load of documents is under way for these, and how many entries their logs had when it was
    /// asked for: more may have come since.
    pub loading: BTreeMap<StreamId, u32>,
    /// Requests that wait for a document.
    pub waiting: BTreeMap<StreamId, Vec<(u32, Request)>>,
    /// Searches that wait for the texts.
    pub searching: Vec<(u32, String, String)>,
    /// The agency's own table of medicines, as far as the directory tells.
    pub medicines: Medicines,
    /// Its rules, likewise.
    pub rules: Rules,
    /// The forms that come with the app, and the agency's.
    pub library: Library,
    /// The agency's resource directory, as far as somebody has asked for it.
    pub resources: Resources,
    /// When to tell colleagues what has been opened here.
    pub seen_due: BTreeMap<StreamId, Millis>,
    /// When to see next whether what we say of our worker's time still holds.
    pub busy_due: Millis,
    /// What we say of it; `None` when the relay has nothing of ours.
    pub busy_told: Option<Busy>,
    /// When the tablets of colleagues, or another one of our worker, say that somebody is busy.
    pub busy: BTreeMap<ProfileId, (StaffId, Busy)>,
    /// What can be taken back, the latest last, and how many there have been.
    pub deeds: VecDeque<Deed>,
    pub deeds_done: u32,
    /// Entries of the access log that have not gone out yet.
    pub entries: Vec<audit::Entry>,
    uses: u64,
}

/// The notes' text for search, from the first search on.
#[derive(Default)]
pub(super) struct Texts {
    pub by_note: BTreeMap<StreamId, BTreeMap<String, Text>>,
    /// Whether those on the disk are here; what is written meanwhile is here at once.
    pub loaded: bool,
}

/// A note's text for search.
pub(super) struct Text {
    pub plain: String,
    pub folded: String,
}

/// What the caseload shows of a case, without opening it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Summary {
    /// Entries of the log that it takes into account.
    pub folded: u32,
    pub name: String,
    pub number: String,
    pub notes: u32,
    pub last_note_at: Option<Millis>,
    /// What was found, open or settled.
    pub findings: Vec<Noted>,
    /// State and acuity of the case.
    pub state: String,
    pub acuity: String,
    /// Codes of the safety flags that stand.
    pub flags: Vec<String>,
    /// All appointments, also those entered in error.
    pub appointments: Vec<Booked>,
    /// When their workers are busy in cases that are not read here: what its findings were made with.
    pub elsewhere: Vec<Elsewhere>,
    /// Names the table of medicines that its findings were made with; none where it lists no medicine.
    pub medicines: Option<[u8; 32]>,
    /// The earliest day on which something is due.
    pub due: Option<String>,
    /// Names the policy document that this was reckoned with.
    pub policy: [u8; 32],
    /// By which the same person is known in another case; empty when too little is known.
    pub identity: String,
    /// Of a compartment: its kind and its case.
    pub within: Option<(String, StreamId)>,
    /// Its medicines and allergies: findings of its compartments take them into account.
    pub takes: Vec<Kept>,
    /// Changes of somebody who was taken out, which wait for one who leads.
    pub late: u32,
    /// What was said of handing the case over.
    pub offers: Vec<Offer>,
    /// What is due in it, and what reports count.
    pub watch: Watch,
    /// Whether another case has changed since in what its findings were made with.
    pub stale: bool,
    /// The fields' values, folded for search.
    pub find: String,
}

/// A finding whose authors are known by their profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Noted {
    pub id: String,
    pub rule: String,
    pub severity: Severity,
    pub sides: Vec<NotedSide>,
    pub details: Vec<(String, String)>,
    pub choices: Vec<String>,
    pub reason_needed: bool,
    pub leads_only: bool,
    pub settled: Option<NotedSettled>,
}

/// A side of a finding, likewise; without an author where that is not to be disclosed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NotedSide {
    pub id: String,
    pub kind: String,
    pub record: String,
    pub key: String,
    pub value: String,
    pub author: Option<ProfileId>,
    pub at: Millis,
}

/// How a finding was settled, likewise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NotedSettled {
    pub choice: String,
    pub reason: String,
    pub author: Option<ProfileId>,
    pub at: Millis,
}

/// An appointment as the calendar shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Booked {
    pub id: String,
    pub title: String,
    pub kind: String,
    pub state: String,
    pub place: String,
    pub staff: String,
    pub client: String,
    pub start: Millis,
    pub end: Millis,
    pub travel_min: u32,
    /// Whether it takes up anybody's time.
    pub holds: bool,
}

impl Booked {
    /// Whether it is shown: it was not entered in error.
    pub fn counts(&self) -> bool {
        self.state != MISTAKE
    }

    /// The client's time.
    pub fn meeting(&self) -> Span {
        Span {
            from: self.start,
            to: self.end,
        }
    }

    /// Whether its worker is busy elsewhere at that time.
    pub fn clashes(&self, other: &Elsewhere) -> bool {
        self.holds && self.staff == other.staff && self.busy().meets(other.span)
    }

    /// The worker's time, travel included.
    pub fn busy(&self) -> Span {
        let travel_ms = u64::from(self.travel_min) * 60_000;
        Span {
            from: Millis(self.start.0.saturating_sub(travel_ms)),
            to: self.end,
        }
    }

    /// As an appointment of a case.
    pub fn taken(&self, stream: StreamId) -> Taken<'_> {
        Taken {
            stream,
            record: &self.id,
            span: self.busy(),
        }
    }
}

impl Summary {
    /// What waits for somebody.
    pub fn open(&self) -> impl Iterator<Item = &Noted> {
        self.findings.iter().filter(|noted| noted.settled.is_none())
    }

    /// How much that is.
    pub fn conflicts(&self) -> u32 {
        self.open().count() as u32 + u32::from(self.late > 0)
    }

    /// The gravest of it.
    pub fn severity(&self) -> Option<Severity> {
        self.open().map(|noted| noted.severity).min()
    }

    /// Whether what is found in other cases may depend on the difference between the two.
    pub fn bears_on_others(&self, other: &Self) -> bool {
        self.identity != other.identity
            || self.appointments != other.appointments
            || self.takes != other.takes
    }

    /// Whether what is found in `other` may depend on this one.
    pub fn bears_on(&self, other: &Self) -> bool {
        let twins = !self.identity.is_empty() && self.identity == other.identity;
        let meets = |a: &Booked, b: &Booked| a.staff == b.staff && a.busy().meets(b.busy());
        let clash = |a: &Booked| other.appointments.iter().any(|b| meets(a, b));
        twins || self.appointments.iter().any(clash)
    }

    /// The next appointment's start.
    pub fn next_at(&self, now: Millis) -> Option<Millis> {
        let ahead = self
            .appointments
            .iter()
            .filter(|one| one.holds && one.end > now);
        ahead.map(|one| one.start).min()
    }
}

/// A document and where its fold stands.
pub(super) struct Open {
    pub doc: Doc,
    /// Entries of the log that have been looked at.
    pub folded: u32,
    /// The last accepted envelope of each chain, and whose chain it is.
    pub accepted: BTreeMap<ChainId, (Head, ProfileId)>,
    /// Of other chains, what our own envelopes have named already.
    pub told: BTreeMap<ChainId, u64>,
    /// Chains that do not go on here, because an envelope of theirs does not hold.
    pub held: BTreeSet<ChainId>,
    /// How far late work of those who were taken out counts, because colleagues build on it.
    pub vouched: BTreeMap<ChainId, u64>,
    /// By place in the log, envelopes whose key, predecessor or parents are not here yet.
    pub parked: BTreeMap<u32, Verified>,
    /// How many of them are late work that waits for one who leads.
    pub late: u32,
    /// Changes that have come to the document since it was stored.
    pub unsaved: u32,
    pub authors: BTreeMap<ActorId, (ProfileId, ChainId)>,
    pub used: u64,
}

/// An [`Open`] as it is stored; authors follow from `accepted`.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedDoc {
    #[serde(with = "serde_bytes")]
    pub doc: Vec<u8>,
    pub accepted: BTreeMap<ChainId, (Head, ProfileId)>,
    pub told: BTreeMap<ChainId, u64>,
    pub held: BTreeSet<ChainId>,
    pub vouched: BTreeMap<ChainId, u64>,
}

impl Desk {
    pub fn new(secrets: Secrets) -> Result<Self, Failure> {
        let signer = Signer::from_seed(&secrets.signing).ok_or(Failure::Damaged)?;
        let opener = Opener::from_seed(&secrets.opening);
        let founding = secrets.founding.as_ref();
        let recovery = founding.map(|(_, seed)| Opener::from_seed(seed));
        let recovery = recovery.map(|opener| (recovery_name(&opener), opener));
        let invite = secrets.invite.as_ref().and_then(invite_keys);
        Ok(Self {
            signer,
            opener,
            invite: invite.map(|(signer, opener)| (signer.public(), opener)),
            recovery,
            secrets,
            keys: BTreeMap::new(),
            summaries: BTreeMap::new(),
            drafts: BTreeMap::new(),
            docs: BTreeMap::new(),
            seen: BTreeMap::new(),
            texts: None,
            unfolded: BTreeSet::new(),
            stale: BTreeSet::new(),
            loading: BTreeMap::new(),
            waiting: BTreeMap::new(),
            searching: Vec::new(),
            medicines: Medicines::default(),
            rules: Rules::default(),
            library: Library::default(),
            resources: Resources::default(),
            seen_due: BTreeMap::new(),
            busy_due: Millis::default(),
            busy_told: None,
            busy: BTreeMap::new(),
            deeds: VecDeque::new(),
            deeds_done: 0,
            entries: Vec::new(),
            uses: 0,
        })
    }

    /// What opens a grant to `recipient`.
    pub fn opener_of(&self, recipient: ProfileId) -> &Opener {
        let others = self.invite.iter().chain(&self.recovery);
        let other = others.filter(|(name, _)| *name == recipient);
        other
            .map(|(_, opener)| opener)
            .next()
            .unwrap_or(&self.opener)
    }

    /// Marks a document as used, and lets go of the longest unused when there are many.
    pub fn touch(&mut self, stream: StreamId, keep: StreamId) {
        self.uses += 1;
        if let Some(open) = self.docs.get_mut(&stream) {
            open.used = self.uses;
        }
        while self.docs.len() > OPEN_MAX {
            let others = self
                .docs
                .iter()
                .filter(|(id, _)| **id != stream && **id != keep);
            let oldest = others.min_by_key(|(_, open)| open.used).map(|(id, _)| *id);
            match oldest {
                Some(oldest) => self.docs.remove(&oldest),
                None => break,
            };
        }
    }

    /// Lets go of everything of a stream, and of the keys of these epochs.
    pub fn forget(&mut self, stream: StreamId, epochs: &BTreeSet<EpochId>) {
        self.keys
            .retain(|(of, epoch), _| *of != stream || !epochs.contains(epoch));
        self.summaries.remove(&stream);
        self.docs.remove(&stream);
        self.seen.remove(&stream);
        self.seen_due.remove(&stream);
        self.unfolded.remove(&stream);
        self.stale.remove(&stream);
        if let Some(texts) = &mut self.texts {
            texts.by_note.remove(&stream);
        }
        // Findings of other cases may have been made with it.
        self.stale.extend(self.summaries.keys());
    }

    /// The appointments of all cases.
    pub fn appointments(&self) -> impl Iterator<Item = (StreamId, &Booked)> {
        let all = self.summaries.iter();
        all.flat_map(|(id, summary)| summary.appointments.iter().map(|one| (*id, one)))
    }

    /// Requests that still wait for a load.
    pub fn unanswered(&self) -> impl Iterator<Item = u32> {
        let waiting = self.waiting.values().flatten().map(|(id, _)| *id);
        waiting.chain(self.searching.iter().map(|(id, ..)| *id))
    }

    /// Notes that `colleague` has opened `chain` up to `n`.
    pub fn has_seen(&mut self, stream: StreamId, colleague: ProfileId, chain: ChainId, n: u64) {
        let chains = self
            .seen
            .entry(stream)
            .or_default()
            .entry(colleague)
            .or_default();
        let known = chains.entry(chain).or_default();
        *known = n.max(*known);
    }
}
