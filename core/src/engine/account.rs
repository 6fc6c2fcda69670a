//! Beginning and opening a profile: set up an agency, join one, unlock, lock.

use satchel_wire::{
    Certificate, ChainId, Claim, Envelope, EnvelopeId, Header, ProfileId, Role, StaffId, Statement,
    StreamId, Verified,
};
use serde_bytes::ByteBuf;

use crate::{
    api::{Event, Failure, Me, ProfileStage, Reply},
    directory,
    doc::{Doc, actor},
    engine::{
        Engine, Load,
        bundles::Bundles,
        cx::Cx,
        desk::{Desk, Open, Summary},
        keyspace,
        registers::BUSY_DELAY_MS,
        replica::{Enrolling, Mine, Profile, Replica},
        streams::{self, role_name},
    },
    io::Entry,
    keys::{Opener, Secret, Signer, invite_keys, random},
    kit::Sheet,
    link::{InviteLink, parse_setup},
    policy::AUTO_LOCK,
    seal::open_stored,
    vault::Secrets,
};

/// The longest name of a person or agency, in bytes of UTF-8.
const NAME_LEN_MAX: usize = 200;

/// Trims a name and refuses an empty or overlong one.
pub(super) fn check_name(field: &str, name: &str) -> Result<String, Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::Empty {
            field: field.into(),
        });
    }
    if name.len() > NAME_LEN_MAX {
        return Err(Failure::TooLong {
            field: field.into(),
            max: NAME_LEN_MAX as u32,
        });
    }
    Ok(name.to_owned())
}

/// A control envelope that is the first of a chain of its own.
pub(super) fn first(
    agency: satchel_wire::AgencyId,
    stream: StreamId,
    roster: EnvelopeId,
    chain: ChainId,
    signer: &Signer,
    statement: &Statement,
) -> Result<Verified, Failure> {
    let header =
        Header::control(agency, stream, ProfileId::ZERO, roster).after(chain, 1, EnvelopeId::ZERO);
    Envelope::sign(header, statement.encode(), signer.pair()).map_err(|_| Failure::Damaged)
}

impl Engine {
    pub(super) fn found(
        &mut self,
        cx: &mut Cx,
        link: &str,
        agency_name: &str,
        name: &str,
        passphrase: &str,
    ) -> Result<Reply, Failure> {
        self.check_empty()?;
        let (url, setup) = parse_setup(link)?;
        let agency_name = check_name("agency", agency_name)?;
        let name = check_name("name", name)?;
        let (root_seed, recovery_seed) = (
            Sheet::Root.mark(Secret::random(cx.rng)),
            Sheet::Recovery.mark(Secret::random(cx.rng)),
        );
        let secrets =
            self.fresh_secrets(cx, None, Some((root_seed.clone(), recovery_seed.clone())));
        let root = Signer::from_seed(&root_seed).ok_or(Failure::Damaged)?;
        let recovery = Opener::from_seed(&recovery_seed);
        let agency = root.agency();
        let mut desk = Desk::new(secrets)?;
        let me = desk.signer.public();
        let vault = self.close_vault(cx, &desk.secrets, me, passphrase)?;

        let staff = StaffId(random(cx.rng));
        let log = satchel_wire::Roster::log(agency);
        let chain = ChainId(random(cx.rng));
        let found = Statement::Found {
            relays: vec![setup.relay],
            recovery: recovery.public().to_vec(),
        };
        let founding = first(agency, log, EnvelopeId::ZERO, chain, &root, &found)?;
        let certify = Statement::Certify(self.certificate(&desk, staff, Role::Admin)?);
        let header = Header::control(agency, log, ProfileId::ZERO, founding.id()).after(
            chain,
            2,
            founding.id(),
        );
        let certifying =
            Envelope::sign(header, certify.encode(), root.pair()).map_err(|_| Failure::Damaged)?;

        let items = [&founding, &certifying]
            .map(|e| ByteBuf::from(e.encode()))
            .to_vec();
        let entry = Some(Enrolling {
            setup: Some(setup.token),
            items,
        });
        let profile = Profile {
            agency,
            profile: me,
            staff,
            role: Role::Admin,
            url,
            relay: setup.relay,
            directory: StreamId::ZERO,
            expects: founding.id(),
            enrolling: entry.clone(),
            entry,
        };
        let mut replica = Replica::new(profile, vault);
        for envelope in [&founding, &certifying] {
            replica
                .roster
                .insert(envelope)
                .map_err(|_| Failure::Damaged)?;
            replica.append(cx, envelope);
        }
        let directory = streams::begin(&mut replica, &mut desk, cx, Vec::new())?;
        replica.profile.directory = directory;
        self.start(cx, replica, desk)?;
        let doc_actor = self.begin_writing(cx, directory)?;
        let mut doc = Doc::new(doc_actor);
        let change = directory::begin(&mut doc, cx.now, &agency_name, staff, &name)
            .map_err(|_| Failure::Damaged)?;
        self.open_new(directory, doc)?;
        self.publish(cx, directory, &change)?;
        self.tend_audit(cx);
        Ok(Reply::Unlocked { me: self.me()? })
    }

    pub(super) fn join(
        &mut self,
        cx: &mut Cx,
        link: &str,
        passphrase: &str,
    ) -> Result<Reply, Failure> {
        self.check_empty()?;
        let (url, invite) = InviteLink::parse(link)?;
        let (invite_signer, _) = invite_keys(&invite.seed).ok_or(Failure::BadLink)?;
        let secrets = self.fresh_secrets(cx, Some(invite.seed.clone()), None);
        let desk = Desk::new(secrets)?;
        let me = desk.signer.public();
        let vault = self.close_vault(cx, &desk.secrets, me, passphrase)?;

        let certificate = self.certificate(&desk, invite.staff, invite.role)?;
        let claim = Claim::new(
            invite.agency,
            invite_signer.public(),
            certificate,
            desk.signer.pair(),
        );
        let log = satchel_wire::Roster::log(invite.agency);
        let chain = ChainId(random(cx.rng));
        let claiming = first(
            invite.agency,
            log,
            invite.roster,
            chain,
            &invite_signer,
            &Statement::Claim(claim),
        )?;
        let entry = Some(Enrolling {
            setup: None,
            items: vec![ByteBuf::from(claiming.encode())],
        });
        let profile = Profile {
            agency: invite.agency,
            profile: me,
            staff: invite.staff,
            role: invite.role,
            url,
            relay: invite.relay,
            directory: invite.directory,
            expects: invite.roster,
            enrolling: entry.clone(),
            entry,
        };
        self.start(cx, Replica::new(profile, vault), desk)?;
        self.open_directory(cx, Vec::new())?;
        Ok(Reply::Unlocked { me: self.me()? })
    }

    pub(super) fn check_empty(&self) -> Result<(), Failure> {
        let booting = self.loads.values().any(|load| matches!(load, Load::Boot));
        if self.replica.is_some() || booting {
            Err(Failure::WrongMoment)
        } else {
            Ok(())
        }
    }

    pub(super) fn fresh_secrets(
        &self,
        cx: &mut Cx,
        invite: Option<Secret>,
        founding: Option<(Secret, Secret)>,
    ) -> Secrets {
        Secrets {
            signing: Secret::random(cx.rng),
            opening: Secret::random(cx.rng),
            storage: Secret::random(cx.rng),
            invite,
            founding,
        }
    }

    pub(super) fn certificate(
        &self,
        desk: &Desk,
        staff: StaffId,
        role: Role,
    ) -> Result<Certificate, Failure> {
        Ok(Certificate {
            profile: desk.signer.public(),
            staff,
            role,
            transport: self
                .device
                .transport
                .as_slice()
                .try_into()
                .map_err(|_| Failure::Damaged)?,
            hpke: desk.opener.public().to_vec(),
        })
    }

    /// A new profile's first store; then it tries to reach its relay.
    pub(super) fn start(
        &mut self,
        cx: &mut Cx,
        replica: Replica,
        desk: Desk,
    ) -> Result<(), Failure> {
        cx.put(keyspace::VAULT.into(), replica.vault.clone());
        replica.store_profile(cx);
        replica.store_state(cx);
        self.replica = Some(replica);
        self.desk = Some(desk);
        self.session.wake(cx.now);
        cx.notify(Event::Ready {
            stage: ProfileStage::Unlocked,
        });
        Ok(())
    }

    pub(super) fn unlock(&mut self, cx: &mut Cx, id: u32, passphrase: &str) -> Result<(), Failure> {
        let opening = self
            .loads
            .values()
            .any(|load| matches!(load, Load::Unlock { .. }));
        if self.desk.is_some() || opening {
            return Err(Failure::WrongMoment);
        }
        let secrets = self.try_passphrase(cx, passphrase)?;
        let replica = self.replica.as_ref().ok_or(Failure::WrongMoment)?;
        let mut desk = Box::new(Desk::new(secrets)?);
        let directory = replica.profile.directory;
        let (saved, logged) = replica.entries(directory);
        desk.loading.insert(directory, logged);
        let mut ranges = keyspace::desk();
        ranges.extend(keyspace::document_and_tail(directory, saved));
        let load = Load::Unlock {
            request: id,
            desk,
            registers: Vec::new(),
        };
        self.load(cx, load, ranges);
        Ok(())
    }

    pub(super) fn unlocked(
        &mut self,
        cx: &mut Cx,
        request: u32,
        mut desk: Desk,
        entries: Vec<Entry>,
        fresh: Vec<Vec<u8>>,
    ) {
        let storage = desk.secrets.storage.clone();
        let mut rest = Vec::new();
        let mut registers = Vec::new();
        for Entry { key, value } in entries {
            let stream = keyspace::part::<StreamId>(&key, 1).unwrap_or(StreamId::ZERO);
            let room = key.split('/').next().unwrap_or_default();
            match room {
                "key" => {
                    if let (Some(epoch), Ok(plain)) =
                        (keyspace::part(&key, 2), open_stored(&storage, &key, &value))
                        && let Ok(bytes) = plain.try_into()
                    {
                        desk.keys.insert((stream, epoch), Secret(bytes));
                    }
                }
                "sum" => {
                    // A damaged summary is only a cache: the log is folded again.
                    let summary = open_stored(&storage, &key, &value)
                        .ok()
                        .and_then(|plain| postcard::from_bytes(&plain).ok());
                    let damaged = summary.is_none();
                    let summary: Summary = summary.unwrap_or_default();
                    if summary.stale || damaged {
                        desk.stale.insert(stream);
                    }
                    desk.summaries.insert(stream, summary);
                }
                keyspace::ENTRIES => desk.take_entries(&value),
                "draft" => desk.take_draft(&key, &value),
                "reg" => registers.push(value.into_vec()),
                _ => rest.push(Entry { key, value }),
            }
        }
        // What has come in while it was locked is folded first.
        desk.busy_due = cx.now.plus(BUSY_DELAY_MS);
        self.desk = Some(desk);
        self.take_grants(cx);
        registers.extend(fresh);
        self.read_registers(registers);
        self.note_unfolded();
        let opened = self.open_directory(cx, rest);
        self.clear_tries(cx, "failed_unlock");
        self.tend_audit(cx);
        if let Err(failure) = self.check_contact() {
            self.record(cx, "shut_out", None, 1);
            self.lock(cx);
            return cx.reply(request, Reply::Failed { failure });
        }
        cx.notify(Event::Ready {
            stage: ProfileStage::Unlocked,
        });
        self.record(cx, "unlock", None, 1);
        let reply = match opened.and_then(|()| self.me()) {
            Ok(me) => Reply::Unlocked { me },
            Err(failure) => Reply::Failed { failure },
        };
        cx.reply(request, reply);
    }

    /// Every stream whose log is longer than what its summary knows waits to be folded.
    fn note_unfolded(&mut self) {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return;
        };
        for (id, stream) in &replica.streams {
            let folded = desk.summaries.get(id).map_or(0, |summary| summary.folded);
            let is_read = *id != replica.profile.directory && !replica.roster.is_audit(*id);
            if stream.meta.logged > folded && is_read {
                desk.unfolded.insert(*id);
            }
        }
    }

    pub(super) fn lock(&mut self, cx: &mut Cx) {
        self.send_entries(cx);
        let unanswered = self.loads.values().filter_map(|load| match load {
            Load::Unlock { request, .. } => Some(*request),
            Load::AccessLog(reading) => Some(reading.request),
            Load::Bundle { request, .. } => Some(*request),
            Load::Boot
            | Load::Documents { .. }
            | Load::Texts
            | Load::HandBack { .. }
            | Load::Trail => None,
        });
        let waiting = self.desk.iter().flat_map(Desk::unanswered);
        for id in unanswered.chain(waiting).collect::<Vec<_>>() {
            cx.reply(
                id,
                Reply::Failed {
                    failure: Failure::Locked,
                },
            );
        }
        self.desk = None;
        self.bundles = Bundles::default();
        self.changed.clear();
        self.loads.retain(|_, load| matches!(load, Load::Boot));
        if self.replica.is_some() {
            cx.notify(Event::Ready {
                stage: ProfileStage::Locked,
            });
        }
    }

    pub(super) fn me(&self) -> Result<Me, Failure> {
        let replica = self.replica.as_ref().ok_or(Failure::WrongMoment)?;
        let doc = self.directory();
        let (standing, words) = self.standing(replica);
        Ok(Me {
            standing,
            words,
            kit: self.kit_stage(),
            restoring: self.restore_stage(),
            profile: replica.profile.profile.to_string(),
            staff: replica.profile.staff.to_string(),
            name: doc
                .and_then(|open| directory::name(&open.doc, replica.profile.staff))
                .unwrap_or_default(),
            agency: doc
                .map(|open| directory::agency(&open.doc))
                .unwrap_or_default(),
            role: role_name(replica.profile.role),
            auto_lock_minutes: self.rule_value(&AUTO_LOCK),
        })
    }

    pub(super) fn directory(&self) -> Option<&Open> {
        let directory = self.replica.as_ref()?.profile.directory;
        self.desk.as_ref()?.docs.get(&directory)
    }

    /// The actor with which we write in a stream: that of our chain, begun now if there is none.
    pub(super) fn begin_writing(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
    ) -> Result<automerge::ActorId, Failure> {
        let replica = self.replica.as_mut().ok_or(Failure::WrongMoment)?;
        let author = replica.profile.profile;
        let meta = &mut replica.streams.entry(stream).or_default().meta;
        let mine = meta.mine.get_or_insert_with(|| Mine {
            chain: ChainId(random(cx.rng)),
            receipt: 0,
            at: cx.now,
            held: None,
        });
        Ok(actor(stream, author, mine.chain))
    }
}
