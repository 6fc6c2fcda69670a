//! The engine: one profile on one tablet as a state machine. Inputs in, effects out; no disk, no
//! socket, no clock, no randomness of its own.
//!
//! Two layers. The **replica** (`replica`, `session`, `intake`) holds ciphertext, control
//! statements, outbox and cursors, and works while the vault is locked. The **desk** (`desk`,
//! `drafts`, `fold`, `records`, `views`) exists only while it is open: keys, documents, drafts.
//!
//! Owns the invariant that nothing is sent or said to be saved before it is stored: all that one
//! input writes becomes one `Store`, and it stands before everything else that the input causes.

mod access;
mod account;
mod anew;
mod assessments;
mod audit;
mod bundles;
mod care;
mod compartments;
mod confirm;
mod cx;
mod desk;
mod drafts;
mod edits;
mod fold;
mod handing;
mod intake;
mod invites;
mod keyspace;
mod kit;
mod leaving;
mod library;
mod medicines;
mod notes;
mod passphrase;
mod policy;
mod records;
mod registers;
mod replica;
mod reports;
mod resources;
mod restore;
mod review;
mod rulings;
mod session;
mod streams;
mod summary;
mod texts;
mod today;
#[cfg(feature = "versions")]
mod versions;
mod views;
mod visits;
mod writers;

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{Millis, StreamId};

use crate::{
    api::{
        Connection, DayAsk, Event, Failure, Form, ProfileStage, Reply, Request, RestoreStage,
        Status,
    },
    engine::{
        bundles::Bundles,
        cx::Cx,
        desk::{Desk, Summary},
        replica::Replica,
        session::Session,
    },
    io::{Device, Effect, Entry, Input, Rng},
    vault::Cost,
};

/// What may be set from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Config {
    /// Cost of a new vault's key, until the host tells how fast the tablet is.
    pub vault_cost: Cost,
    /// Cheaper vaults are not opened.
    pub vault_cost_min: Cost,
}

/// One profile on one tablet.
///
/// ```
/// use satchel_core::{Config, Engine, api::{Event, ProfileStage}, io::{Device, Effect, Input}, rng::Seeded};
/// use satchel_wire::Millis;
///
/// let device = Device { secret: vec![1; 32], transport: vec![2; 32] };
/// let mut engine = Engine::new(device, Config::default());
/// let mut rng = Seeded::new(1);
/// // The engine asks what the disk has …
/// let effects = engine.handle(Millis(0), Input::Start, &mut rng);
/// let [Effect::Load { token, .. }] = effects.as_slice() else { panic!() };
/// // … and hears: nothing. So a person has to set up an agency or to join one.
/// let loaded = Input::Loaded { token: *token, entries: vec![] };
/// let effects = engine.handle(Millis(0), loaded, &mut rng);
/// let ready = Event::Ready { stage: ProfileStage::Empty };
/// assert!(effects.contains(&Effect::Notify { event: Box::new(ready) }));
/// ```
pub struct Engine {
    device: Device,
    config: Config,
    /// `None` until the first load is answered.
    replica: Option<Replica>,
    desk: Option<Desk>,
    session: Session,
    loads: BTreeMap<u32, Load>,
    load_next: u32,
    bundles: Bundles,
    /// Cases whose look has changed since views were last told.
    changed: BTreeSet<StreamId>,
    told: Option<Status>,
}

/// What a load was for.
enum Load {
    /// Everything that is needed while locked.
    Boot,
    /// Everything that is needed once the vault is open; the request to answer then.
    Unlock {
        request: u32,
        desk: Box<Desk>,
        /// Registers that have come since it was asked for.
        registers: Vec<Vec<u8>>,
    },
    /// Documents and the tails of their logs.
    Documents { streams: Vec<StreamId> },
    /// The notes' text, for search.
    Texts,
    /// A stream for a file; the request to answer then.
    Bundle { request: u32, stream: StreamId },
    /// A part of the access log.
    AccessLog(Box<access::Reading>),
    /// The envelopes of a stream of which the relay has lost some.
    HandBack { stream: StreamId },
    /// What we have put into the access log of late.
    Trail,
}

impl Engine {
    /// An engine that knows nothing yet: feed it [`Input::Start`].
    pub fn new(device: Device, config: Config) -> Self {
        Self {
            device,
            config,
            replica: None,
            desk: None,
            session: Session::default(),
            loads: BTreeMap::new(),
            load_next: 1,
            bundles: Bundles::default(),
            changed: BTreeSet::new(),
            told: None,
        }
    }

    /// Takes one input; the effects are to be carried out in their order, see [`crate::io`].
    pub fn handle(&mut self, now: Millis, input: Input, rng: &mut dyn Rng) -> Vec<Effect> {
        let mut cx = Cx::new(now, rng);
        if let Some(replica) = &mut self.replica {
            replica.tries.pass(now);
            replica.contact.pass(now);
        }
        match input {
            Input::Start => {
                self.load(&mut cx, Load::Boot, keyspace::boot());
            }
            Input::Loaded { token, entries } => self.loaded(&mut cx, token, entries),
            Input::Request { id, request } => self.request(&mut cx, id, request),
            Input::Connected => self.connected(&mut cx),
            Input::Lost => self.lost(&mut cx),
            Input::Frame { bytes } => self.frame(&mut cx, &bytes),
            Input::Signed { signature } => self.signed(&mut cx, signature.into_vec()),
            Input::Online => self.online(&mut cx),
            Input::Measured { floor_ms } => self.config.vault_cost = Cost::affordable(floor_ms),
            Input::Tick => {}
        }
        self.go_on_restoring(&mut cx);
        self.tick(&mut cx);
        self.keep_contact(&mut cx);
        self.send_due_entries(&mut cx);
        self.fold_next(&mut cx);
        self.tell(&mut cx);
        cx.finish()
    }

    /// When to feed [`Input::Tick`], if nothing else comes first.
    pub fn deadline(&self) -> Option<Millis> {
        self.session_deadline()
    }

    fn load(&mut self, cx: &mut Cx, load: Load, ranges: Vec<crate::io::KeyRange>) {
        let token = self.load_next;
        self.load_next = self.load_next.wrapping_add(1);
        self.loads.insert(token, load);
        cx.effect(Effect::Load { token, ranges });
    }

    fn loaded(&mut self, cx: &mut Cx, token: u32, entries: Vec<Entry>) {
        match self.loads.remove(&token) {
            None => {}
            Some(Load::Boot) => self.booted(cx, entries),
            Some(Load::Unlock {
                request,
                desk,
                registers,
            }) => self.unlocked(cx, request, *desk, entries, registers),
            Some(Load::Documents { streams }) => self.documents_loaded(cx, streams, entries),
            Some(Load::Bundle { request, stream }) => {
                self.bundle_loaded(cx, request, stream, entries);
            }
            Some(Load::Texts) => self.texts_loaded(cx, entries),
            Some(Load::AccessLog(reading)) => self.access_loaded(cx, *reading, entries),
            Some(Load::HandBack { stream }) => self.hand_back_loaded(cx, stream, entries),
            Some(Load::Trail) => self.trail_loaded(cx, entries),
        }
    }

    fn booted(&mut self, cx: &mut Cx, entries: Vec<Entry>) {
        let dismissed = entries.iter().any(|one| one.key == keyspace::DISMISSED);
        let stage = match Replica::load(entries) {
            Ok(None) if dismissed => ProfileStage::Dismissed,
            Ok(None) => ProfileStage::Empty,
            Ok(Some(mut replica)) => {
                replica.tries.pass(cx.now);
                replica.contact.pass(cx.now);
                self.session.complete_at = replica.state.complete_at;
                self.replica = Some(replica);
                self.session.wake(cx.now);
                ProfileStage::Locked
            }
            Err(failure) => {
                // Nothing is touched: what is on the disk stays for a repaired app to read.
                cx.reply(0, Reply::Failed { failure });
                return;
            }
        };
        cx.notify(Event::Ready { stage });
        self.tell_pause(cx);
    }

    fn request(&mut self, cx: &mut Cx, id: u32, request: Request) {
        let answer = match request {
            Request::Found {
                link,
                agency,
                name,
                passphrase,
            } => self.found(cx, &link, &agency, &name, &passphrase),
            Request::Restore {
                root,
                recovery,
                url,
                name,
                passphrase,
            } => self.restore(cx, (&root, &recovery), &url, &name, &passphrase),
            Request::Join { link, passphrase } => self.join(cx, &link, &passphrase),
            Request::Unlock { passphrase } => match self.unlock(cx, id, &passphrase) {
                Ok(()) => return,
                Err(failure) => Err(failure),
            },
            Request::Lock => {
                self.lock(cx);
                Ok(Reply::Done)
            }
            request => match self.unlocked_request(cx, id, request) {
                Ok(None) => return,
                Ok(Some(reply)) => Ok(reply),
                Err(failure) => Err(failure),
            },
        };
        cx.reply(
            id,
            answer.unwrap_or_else(|failure| Reply::Failed { failure }),
        );
    }

    /// Requests that need the desk. `None`: it waits for a load and is answered later.
    fn unlocked_request(
        &mut self,
        cx: &mut Cx,
        id: u32,
        request: Request,
    ) -> Result<Option<Reply>, Failure> {
        let replica = self.replica.as_ref().ok_or(Failure::WrongMoment)?;
        if self.desk.is_none() {
            return Err(Failure::Locked);
        }
        if !replica.profile.role.writes() && !request.only_reads() {
            return Err(Failure::NotAllowed);
        }
        let stream = self.stream_of(&request)?;
        if let Some(stream) = stream
            && !self.resident(cx, stream)
        {
            let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
            desk.waiting.entry(stream).or_default().push((id, request));
            return Ok(None);
        }
        let ended = Form::ended_by(&request);
        let deed = audit::deed(&request);
        let reply = match request {
            Request::Work => self.work_view().map(Some),
            Request::Caseload { search, today } => self.caseload(cx, id, search, today),
            Request::Case { case } => self.case_view(&case).map(Some),
            Request::NewCase { fields, team } => self.new_case(cx, fields, &team).map(Some),
            Request::NewCompartment { case, kind, team } => {
                self.new_compartment(cx, &case, &kind, &team).map(Some)
            }
            Request::SetField { case, key, value } => {
                self.set_field(cx, &case, &key, &value).map(Some)
            }
            Request::PutRecord {
                case,
                kind,
                id,
                values,
            } => self
                .put_record(cx, &case, &kind, id.as_deref(), values)
                .map(Some),
            Request::History {
                case,
                kind,
                id,
                key,
            } => self.history(&case, &kind, &id, &key).map(Some),
            Request::Undo { token } => self.undo(cx, token).map(Some),
            Request::AddNote { case, note } => self.add_note(cx, &case, note).map(Some),
            Request::EditNote {
                case,
                note,
                seen,
                sections,
            } => self.edit_note(cx, &case, &note, &seen, &sections).map(Some),
            Request::SignNote { case, note, seen } => {
                self.sign_note(cx, &case, &note, &seen).map(Some)
            }
            Request::StrikeNote { case, note, reason } => {
                self.strike_note(cx, &case, &note, &reason).map(Some)
            }
            Request::Drafts => self.draft_views().map(Some),
            Request::SaveDraft { form, text } => self.save_draft(cx, form, text).map(Some),
            Request::PreviewImport { file } => self.preview_import(&file).map(Some),
            Request::Import { file, team } => self.import(cx, &file, &team).map(Some),
            Request::Bundle { ask } => self.bundle(cx, id, ask),
            Request::Staff => self.staff_view().map(Some),
            Request::Invite {
                name,
                role,
                share_cases,
            } => self.invite(cx, &name, role, share_cases).map(Some),
            Request::Share {
                case,
                profile,
                purpose,
            } => self.share(cx, &case, &profile, &purpose).map(Some),
            Request::HandOver { case, to, reason } => {
                self.hand_over(cx, &case, &to, &reason).map(Some)
            }
            Request::AnswerHandOver {
                case,
                hand_over,
                step,
                reason,
            } => self
                .answer_hand_over(cx, &case, &hand_over, step, &reason)
                .map(Some),
            Request::Revoke { key } => self.revoke(cx, &key).map(Some),
            Request::Replace { profile } => self.replace(cx, &profile).map(Some),
            Request::Confirm { profile } => self.confirm(cx, &profile).map(Some),
            Request::TakeOut { case, profile } => self.take_out(cx, &case, &profile).map(Some),
            Request::Rule {
                case,
                profile,
                stands,
                reason,
            } => self.rule(cx, &case, &profile, stands, &reason).map(Some),
            Request::Calendar { from, to } => self.calendar(from, to).map(Some),
            Request::Review => self.review().map(Some),
            Request::ChangePassphrase { old, new } => {
                self.change_passphrase(cx, &old, &new).map(Some)
            }
            Request::Settle {
                case,
                finding,
                choice,
                reason,
            } => self.settle(cx, &case, &finding, &choice, &reason).map(Some),
            Request::Forms { ask } => self.forms(cx, ask).map(Some),
            Request::Resources { ask } => self.resources(cx, ask).map(Some),
            Request::Assess { case, ask } => self.assess(cx, &case, ask).map(Some),
            Request::Visit { case, ask } => self.visit(cx, &case, ask).map(Some),
            Request::Day { ask } => self.day(cx.now, ask).map(Some),
            Request::Care { case, ask } => self.care(cx, &case, ask).map(Some),
            Request::MedicineTable => self.medicine_table().map(Some),
            Request::PreviewMedicines { file } => self.preview_medicines(&file).map(Some),
            Request::SetMedicines { file } => self.set_medicines(cx, &file).map(Some),
            Request::RemoveMedicines => self.remove_medicines(cx).map(Some),
            Request::Policy => self.policy_view(cx.now).map(Some),
            Request::SetPolicy { rules } => self.set_policy(cx, &rules).map(Some),
            Request::SetTerms { ask } => self.set_terms(cx, ask).map(Some),
            Request::AccessLog {
                of_case,
                staff,
                deed,
                from,
                to,
                before,
            } => {
                let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
                let not_found = |_| Failure::NotFound;
                let case = part(&of_case).map(|id| id.parse().map_err(not_found));
                let staff = part(&staff).map(|id| id.parse().map_err(not_found));
                let wanted = access::Wanted {
                    case: case.transpose()?,
                    staff: staff.transpose()?,
                    deed,
                    from,
                    to,
                };
                self.access_log(cx, id, wanted, before)
            }
            Request::Kit { passphrase } => self.kit(cx, &passphrase).map(Some),
            Request::CheckKit { sheet, words } => self.check_kit(cx, sheet, &words).map(Some),
            Request::DropSeeds { passphrase } => self.drop_seeds(cx, &passphrase).map(Some),
            Request::Found { .. }
            | Request::Restore { .. }
            | Request::Join { .. }
            | Request::Unlock { .. }
            | Request::Lock => Err(Failure::WrongMoment),
        }?;
        if let (Some(form), Some(_)) = (ended, &reply) {
            self.drop_draft(cx, &form);
        }
        if let (Some(deed), Some(reply)) = (deed, &reply) {
            self.record_request(cx, deed, stream, reply);
        }
        Ok(reply)
    }

    /// Tells views what has changed, once for each input.
    fn tell(&mut self, cx: &mut Cx) {
        if !self.changed.is_empty() {
            let cases = std::mem::take(&mut self.changed);
            let directory = self
                .replica
                .as_ref()
                .map(|replica| replica.profile.directory);
            if directory.is_some_and(|directory| cases.contains(&directory)) {
                // Names stand on every page.
                if let Ok(me) = self.me() {
                    cx.notify(Event::Me { me });
                    cx.notify(Event::Changed { cases: Vec::new() });
                }
            } else if self.desk.is_some() {
                let cases = cases.iter().map(ToString::to_string).collect();
                cx.notify(Event::Changed { cases });
            }
        }
        if self.replica.is_some() {
            let status = self.status();
            if self.told.as_ref() != Some(&status) {
                cx.notify(Event::Status {
                    status: status.clone(),
                });
                self.told = Some(status);
            }
        }
    }

    /// What is always in sight.
    fn status(&self) -> Status {
        let (unsent, held) = self.replica.as_ref().map_or((0, 0), Replica::unsent);
        let desk = self.desk.as_ref();
        Status {
            connection: self.connection(),
            unsent,
            held,
            complete_at: self.session.complete_at,
            conflicts: desk.map_or(0, |desk| {
                let found: u32 = desk.summaries.values().map(Summary::conflicts).sum();
                let hand_overs = self.hand_overs_to_do().map_or(0, |all| all.len());
                found + hand_overs as u32
            }),
            folding: match self.restore_stage() {
                // There is no key to read them in with.
                Some(RestoreStage::Closed) => 0,
                _ => desk.map_or(0, |desk| desk.unfolded.len() as u32),
            },
            withheld: self.replica.as_ref().map_or(0, Replica::withheld),
        }
    }

    fn connection(&self) -> Connection {
        self.session.connection()
    }

    /// The case whose document a request needs.
    fn stream_of(&self, request: &Request) -> Result<Option<StreamId>, Failure> {
        match request {
            Request::Undo { token } => self.deed_case(*token).map(Some),
            Request::Case { case }
            | Request::NewCompartment { case, .. }
            | Request::SetField { case, .. }
            | Request::PutRecord { case, .. }
            | Request::History { case, .. }
            | Request::Settle { case, .. }
            | Request::AddNote { case, .. }
            | Request::EditNote { case, .. }
            | Request::SignNote { case, .. }
            | Request::StrikeNote { case, .. }
            | Request::Assess { case, .. }
            | Request::Visit { case, .. }
            | Request::Day {
                ask: DayAsk::Export { case },
            }
            | Request::Care { case, .. }
            | Request::Rule { case, .. }
            | Request::Share { case, .. }
            | Request::HandOver { case, .. }
            | Request::AnswerHandOver { case, .. } => self.case_id(case).map(Some),
            _ => Ok(None),
        }
    }
}
