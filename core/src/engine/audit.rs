//! What somebody does goes into the access log: kept sealed on the disk at once, in the same store as
//! the deed, and sealed to the log's readers from time to time. And the audit stream's care, for those
//! who lead: begun, its readers let in, its key made known. Owns the invariant that a deed which was
//! answered is in the log, or on its way there.

use satchel_wire::{
    ChainId, EnvelopeId, EpochId, Header, Item, ProfileId, Role, Statement, StreamId,
    roster::{Audit, InviteState},
    stream::{AUDIT_NONCE, audit_stream},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    api::{AssessAsk, BundleAsk, DayAsk, Failure, Reply, Request, VisitAsk},
    audit::{self, ENTRIES_MAX, Entry},
    engine::{
        Engine,
        cx::Cx,
        desk::Desk,
        keyspace,
        replica::{Replica, encode},
        streams,
    },
    keys::random,
    seal::{open_stored, seal_stored},
};

/// The same deed to the same case within this time is one entry.
const SAME_MS: u64 = 10 * 60 * 1000;
/// Entries go out when the oldest has waited so long.
const WAIT_MS: u64 = 10 * 60 * 1000;
/// The most entries that wait while the log's key is not here; what comes then is only counted.
const WAITING_MAX: usize = 2048;
/// So many of our latest envelopes in the log are kept for a relay that loses them.
const TRAIL_MAX: u64 = 256;
/// So many deeds were only counted.
const MORE: &str = "more";

/// Our chain in the audit stream.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Trail {
    stream: StreamId,
    chain: ChainId,
    n: u64,
    head: EnvelopeId,
}

/// The code of a deed and its case, where a request is one; looking at lists is none.
pub(super) fn deed(request: &Request) -> Option<(&'static str, Option<String>)> {
    let one = |deed, case: &String| Some((deed, Some(case.clone())));
    match request {
        Request::Case { case } | Request::History { case, .. } => one("view", case),
        Request::SetField { case, .. } | Request::PutRecord { case, .. } => one("edit", case),
        Request::Settle { case, .. } => one("settle", case),
        Request::AddNote { case, .. } | Request::EditNote { case, .. } => one("note", case),
        Request::SignNote { case, .. } => one("sign", case),
        Request::StrikeNote { case, .. } => one("strike", case),
        Request::TakeOut { case, .. } => one("take_out", case),
        Request::Rule { case, .. } => one("rule", case),
        Request::Share { case, .. } => one("share", case),
        Request::HandOver { case, .. } | Request::AnswerHandOver { case, .. } => {
            one("hand_over", case)
        }
        Request::Caseload { search, .. } if !search.trim().is_empty() => Some(("search", None)),
        Request::NewCase { .. } | Request::NewCompartment { .. } => Some(("create", None)),
        Request::Undo { .. } => Some(("undo", None)),
        Request::Import { .. } => Some(("import", None)),
        Request::Invite { .. } => Some(("invite", None)),
        Request::Revoke { .. } | Request::Replace { .. } => Some(("revoke", None)),
        Request::SetMedicines { .. } | Request::RemoveMedicines => Some(("medicines", None)),
        Request::Assess { case, ask } => one(
            match ask {
                AssessAsk::Export { .. } => "export",
                ask if ask.only_reads() => "view",
                _ => "assess",
            },
            case,
        ),
        Request::Visit { case, ask } => match ask {
            VisitAsk::Overlaps { .. } => None,
            ask if ask.only_reads() => one("view", case),
            _ => one("visit", case),
        },
        Request::Day { ask } => match ask {
            DayAsk::Export { case } => one("export", case),
            DayAsk::ReportFile { .. } => Some(("report", None)),
            DayAsk::Today { .. } | DayAsk::Report { .. } => None,
        },
        Request::Care { case, ask } => one(if ask.only_reads() { "view" } else { "edit" }, case),
        Request::Forms { ask } if !ask.only_reads() => Some(("forms", None)),
        Request::Resources { ask } if !ask.only_reads() => Some(("resources", None)),
        Request::SetPolicy { .. } | Request::SetTerms { .. } => Some(("policy", None)),
        Request::Confirm { .. } => Some(("confirm", None)),
        Request::Kit { .. } => Some(("kit", None)),
        Request::DropSeeds { .. } => Some(("drop_seeds", None)),
        Request::ChangePassphrase { .. } => Some(("passphrase", None)),
        Request::Bundle { ask } => match ask {
            BundleAsk::Make { case, .. } => Some((
                "bundle_out",
                Some(case.clone()).filter(|case| !case.is_empty()),
            )),
            BundleAsk::Take { end: true, .. } => Some(("bundle_in", None)),
            BundleAsk::Peers
            | BundleAsk::More
            | BundleAsk::Look { .. }
            | BundleAsk::Take { .. } => None,
        },
        Request::AccessLog { .. } => Some(("read_log", None)),
        Request::Found { .. }
        | Request::Restore { .. }
        | Request::CheckKit { .. }
        | Request::Join { .. }
        | Request::Unlock { .. }
        | Request::Lock
        | Request::Work
        | Request::Caseload { .. }
        | Request::Review
        | Request::Calendar { .. }
        | Request::Drafts
        | Request::SaveDraft { .. }
        | Request::PreviewImport { .. }
        | Request::MedicineTable
        | Request::PreviewMedicines { .. }
        | Request::Policy
        | Request::Forms { .. }
        | Request::Resources { .. }
        | Request::Staff => None,
    }
}

impl Desk {
    /// Notes a deed; tells whether there is something new to store.
    fn note(&mut self, entry: Entry) -> bool {
        let within = |earlier: &Entry| {
            let since = entry.at.0.checked_sub(earlier.at.0);
            earlier.deed == entry.deed
                && earlier.case == entry.case
                && since.is_some_and(|since| since < SAME_MS)
        };
        if let Some(same) = self.entries.iter_mut().rfind(|one| within(one)) {
            // That somebody is looking at a case is told anew with every change of it.
            let looking = entry.deed == "view";
            if !looking {
                same.times = same.times.saturating_add(entry.times);
            }
            return !looking;
        }
        if self.entries.len() < WAITING_MAX {
            self.entries.push(entry);
        } else if let Some(last) = self.entries.last_mut() {
            last.deed = MORE.into();
            last.case = None;
            last.times = last.times.saturating_add(entry.times);
        }
        true
    }

    fn store_entries(&self, cx: &mut Cx) {
        let plain = encode(&self.entries);
        let sealed = seal_stored(&self.secrets.storage, keyspace::ENTRIES, &plain, cx.rng);
        cx.put(keyspace::ENTRIES.into(), sealed);
    }

    /// Takes back what waited when the vault was last open.
    pub(super) fn take_entries(&mut self, value: &[u8]) {
        let plain = open_stored(&self.secrets.storage, keyspace::ENTRIES, value).ok();
        let read = plain.and_then(|plain| postcard::from_bytes(&plain).ok());
        self.entries = read.unwrap_or_default();
    }
}

impl Engine {
    /// Notes what has been done; of a case by its id.
    pub(super) fn record(&mut self, cx: &mut Cx, deed: &str, case: Option<StreamId>, times: u32) {
        let Some(desk) = &mut self.desk else { return };
        let fresh = desk.note(Entry {
            at: cx.now,
            deed: deed.into(),
            case,
            times,
        });
        if !fresh {
            return;
        }
        desk.store_entries(cx);
        if desk.entries.len() >= ENTRIES_MAX {
            self.send_entries(cx);
        }
    }

    /// Notes a request that has been answered; `stream` is the case whose document it needed.
    pub(super) fn record_request(
        &mut self,
        cx: &mut Cx,
        (deed, case): (&'static str, Option<String>),
        stream: Option<StreamId>,
        reply: &Reply,
    ) {
        let case = match reply {
            Reply::Created { case } => Some(case.clone()),
            _ => case,
        };
        let named = case.and_then(|case| case.parse().ok());
        self.record(cx, deed, named.or(stream), 1);
    }

    /// Seals what waits to the log's readers, if that is due.
    pub(super) fn send_due_entries(&mut self, cx: &mut Cx) {
        let oldest = self.desk.as_ref().and_then(|desk| desk.entries.first());
        // A clock that was set back says nothing about how long: it goes out then, too.
        let waited = oldest.map(|entry| cx.now.0.checked_sub(entry.at.0));
        if waited.is_some_and(|waited| waited.is_none_or(|waited| waited >= WAIT_MS)) {
            self.send_entries(cx);
        }
    }

    /// Seals what waits to the log's readers. Without the agency's statement it goes on waiting.
    pub(super) fn send_entries(&mut self, cx: &mut Cx) {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return;
        };
        let Some((statement, audit)) = replica.roster.audits().next() else {
            return;
        };
        let audit = audit.clone();
        let mut sent = 0;
        while let Some(rest) = desk.entries.get(sent..).filter(|rest| !rest.is_empty()) {
            let batch: Vec<Entry> = rest.iter().take(ENTRIES_MAX).cloned().collect();
            let begun = Trail {
                stream: audit.stream,
                chain: ChainId(random(cx.rng)),
                n: 0,
                head: EnvelopeId::ZERO,
            };
            let trail = replica.trail.filter(|trail| trail.stream == audit.stream);
            let trail = trail.unwrap_or(begun);
            let profile = &replica.profile;
            // It stands on the statement that names the key: whoever has not got it waits for it.
            let header = Header::control(profile.agency, audit.stream, profile.profile, statement)
                .after(trail.chain, trail.n + 1, trail.head);
            let Ok(envelope) = audit::seal(header, &audit, &batch, &desk.signer, cx.rng) else {
                break;
            };
            let trail = Trail {
                n: trail.n + 1,
                head: envelope.id(),
                ..trail
            };
            replica.trail = Some(trail);
            cx.put(keyspace::TRAIL.into(), encode(&trail));
            let bytes = envelope.encode();
            cx.put(keyspace::trail(trail.chain, trail.n), bytes.clone());
            if let Some(old) = trail.n.checked_sub(TRAIL_MAX) {
                cx.delete(keyspace::trail(trail.chain, old));
            }
            replica.post(cx, Item::Envelope(ByteBuf::from(bytes)), None);
            sent += batch.len();
        }
        if sent > 0 {
            desk.entries.drain(..sent);
            desk.store_entries(cx);
        }
    }

    /// Looks after the audit stream, where that is ours to do: begins it, lets in who may read it, and
    /// makes its key known. Done by whoever changes who may read it, and by all who lead when they
    /// unlock, not at each other's news: otherwise all of them would make a new key at once.
    pub(super) fn tend_audit(&mut self, cx: &mut Cx) {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return;
        };
        if replica.profile.role.leads() {
            // What cannot be done now, for want of a key, is done when it has come.
            let _ = tend(replica, desk, cx);
        }
    }
}

/// Who is to read the access log: who leads or audits, and whoever is invited to.
fn readers_to_be(replica: &Replica) -> Vec<ProfileId> {
    let reads = |role: Role| role.leads() || role == Role::Auditor;
    let members = replica.roster.members();
    let members = members.filter(|one| reads(one.role)).map(|one| one.profile);
    let invites = replica.roster.invites();
    let open = invites.filter(|(one, state)| *state == InviteState::Open && reads(one.role));
    members.chain(open.map(|(one, _)| one.key)).collect()
}

fn tend(replica: &mut Replica, desk: &mut Desk, cx: &mut Cx) -> Result<(), Failure> {
    let me = replica.profile.profile;
    let known = replica.roster.audits().next();
    let Some(Audit {
        creator,
        stream,
        epoch,
        key,
        ..
    }) = known.map(|(_, audit)| audit.clone())
    else {
        // Before the agency's log is here one does not know that there is none.
        if replica.profile.role != Role::Admin || !replica.roster.has(replica.profile.expects) {
            return Ok(());
        }
        let stream = audit_stream(replica.profile.agency, me);
        if !replica.streams.contains_key(&stream) {
            let readers = readers_to_be(replica);
            streams::begin_with(replica, desk, cx, AUDIT_NONCE, readers)?;
        }
        return make_known(replica, desk, cx, (stream, me));
    };
    for reader in readers_to_be(replica) {
        let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
        let standing = known.epochs.standing(&replica.roster);
        let names = replica.roster.aliases(reader);
        let names: Vec<ProfileId> = names.collect();
        if !names.iter().any(|name| standing.readers.contains(name)) {
            streams::admit(replica, desk, cx, stream, reader)?;
        }
    }
    let now = streams::writing_epoch(replica, desk, cx, stream)?;
    let secret = desk.keys.get(&(stream, now)).ok_or(Failure::NotReady)?;
    if now == epoch && audit::opener(secret).public() == key {
        return Ok(());
    }
    make_known(replica, desk, cx, (stream, creator))
}

/// States where the access log goes from now on, in the place of what was stated before.
fn make_known(
    replica: &mut Replica,
    desk: &mut Desk,
    cx: &mut Cx,
    (stream, creator): (StreamId, ProfileId),
) -> Result<(), Failure> {
    let epoch: EpochId = streams::writing_epoch(replica, desk, cx, stream)?;
    let secret = desk.keys.get(&(stream, epoch)).ok_or(Failure::NotReady)?;
    let statement = Statement::Audit {
        creator,
        epoch,
        key: audit::opener(secret).public().to_vec(),
        over: replica.roster.audits().map(|(id, _)| id).collect(),
    };
    let log = replica.log;
    streams::state(replica, desk, cx, log, &statement)?;
    Ok(())
}

/// Whether an envelope from a relay belongs into the access log that we read. `None`: the statement
/// that it stands on is not here yet.
pub(super) fn belongs(replica: &Replica, header: &Header) -> Option<bool> {
    if !replica.roster.has(header.roster) {
        return None;
    }
    let known = replica.streams.get(&header.stream);
    let epoch = known.and_then(|known| known.epochs.epoch(header.epoch));
    let author = replica.roster.known(header.author);
    Some(replica.roster.is_audit(header.stream) && author.is_some() && epoch.is_some())
}

#[cfg(test)]
mod tests {
    use satchel_wire::Millis;

    use super::*;
    use crate::{keys::Secret, vault::Secrets};

    fn desk() -> Desk {
        let secret = |n| Secret([n; 32]);
        let secrets = Secrets {
            signing: secret(1),
            opening: secret(2),
            storage: secret(3),
            invite: None,
            founding: None,
        };
        Desk::new(secrets).unwrap()
    }

    #[test]
    fn the_same_deed_within_some_minutes_is_one_entry() {
        let mut desk = desk();
        let case = Some(StreamId([1; 16]));
        let mut note = |at: u64, deed: &str, case| {
            desk.note(Entry {
                at: Millis(at),
                deed: deed.into(),
                case,
                times: 1,
            })
        };
        assert!(note(1_000, "view", case));
        assert!(!note(1_000 + SAME_MS - 1, "view", case), "still looking");
        assert!(note(1_001, "view", None));
        assert!(note(1_002, "edit", case));
        assert!(note(1_003, "edit", case), "how often is stored");
        assert!(note(1_000 + SAME_MS, "view", case), "looked again");
        // A clock that was set back hides nothing.
        assert!(note(5, "view", case));
        let times: Vec<u32> = desk.entries.iter().map(|one| one.times).collect();
        assert_eq!(times, [1, 1, 2, 1, 1]);
    }

    #[test]
    fn what_waits_is_bounded_and_says_so() {
        let mut desk = desk();
        for at in 0..WAITING_MAX as u64 + 10 {
            let entry = Entry {
                at: Millis(at * SAME_MS),
                deed: "view".into(),
                case: None,
                times: 1,
            };
            assert!(desk.note(entry));
        }
        assert_eq!(desk.entries.len(), WAITING_MAX);
        let last = desk.entries.last().unwrap();
        assert_eq!((last.deed.as_str(), last.times), (MORE, 11));
    }
}
