//! What views are shown, built from summaries and open documents. Names come from the directory,
//! authorship from signed chains.

use std::{cmp::Reverse, collections::BTreeSet};

use satchel_wire::{ChainId, ProfileId, StaffId, StreamId, roster::InviteState};

use crate::{
    api::{
        AccessView, CaseRow, CaseView, CaseWork, Failure, FieldView, InviteView, RecordView, Reply,
        RestoredView, Severity, Side, StaffView, Stage, Work,
    },
    case,
    compartment::{self, Compartment},
    directory,
    doc::Origin,
    engine::{
        Engine, Load,
        compartments::reads,
        cx::Cx,
        desk::{Desk, Open, Summary, Texts},
        keyspace,
        replica::{Replica, Stream},
        streams::role_name,
        summary::Around,
    },
    finding, record, search,
};

impl Engine {
    pub(super) fn parts(&self) -> Result<(&Replica, &Desk), Failure> {
        match (&self.replica, &self.desk) {
            (Some(replica), Some(desk)) => Ok((replica, desk)),
            _ => Err(Failure::Locked),
        }
    }

    /// The name of a profile or invite; a short form of its id while the directory does not tell.
    pub(super) fn name_of(&self, profile: ProfileId) -> String {
        let known = self.replica.as_ref().and_then(|replica| {
            let certified = replica
                .roster
                .known(profile)
                .map(|certificate| certificate.staff);
            certified.or_else(|| {
                replica
                    .roster
                    .invite(profile)
                    .map(|(invite, _)| invite.staff)
            })
        });
        let named = known.and_then(|staff| directory::name(&self.directory()?.doc, staff));
        named.unwrap_or_else(|| profile.to_string().chars().take(8).collect())
    }

    pub(super) fn author(&self, open: &Open, origin: &Origin) -> String {
        let author = open.authors.get(&origin.actor);
        author
            .map(|(profile, _)| self.name_of(*profile))
            .unwrap_or_default()
    }

    /// Whether nobody has confirmed that the tablet of whoever wrote this is theirs.
    pub(super) fn is_unconfirmed(&self, open: &Open, origin: &Origin) -> bool {
        let author = open.authors.get(&origin.actor);
        let roster = self.replica.as_ref().map(|replica| &replica.roster);
        author
            .zip(roster)
            .is_some_and(|((author, _), roster)| roster.unconfirmed(*author).is_some())
    }

    /// Names of the colleagues whose device has opened `chain` up to `n`.
    fn seen_by(&self, stream: StreamId, chain: ChainId, n: u64) -> Vec<String> {
        let Ok((replica, desk)) = self.parts() else {
            return Vec::new();
        };
        let colleagues = desk.seen.get(&stream).into_iter().flatten();
        let mut names: Vec<String> = colleagues
            .filter(|(profile, _)| **profile != replica.profile.profile)
            .filter(|(_, chains)| chains.get(&chain).is_some_and(|seen| *seen >= n))
            .map(|(profile, _)| self.name_of(*profile))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// How far the `n`th change of mine in a stream has come.
    pub(super) fn stage(&self, id: StreamId, stream: &Stream, n: u64) -> (Stage, Vec<String>) {
        let Some(mine) = stream.meta.mine else {
            return (Stage::Received, Vec::new());
        };
        if n > mine.receipt {
            let stage = if mine.held.is_some() {
                Stage::Held
            } else {
                Stage::Here
            };
            return (stage, Vec::new());
        }
        let seen_by = self.seen_by(id, mine.chain, n);
        (
            if seen_by.is_empty() {
                Stage::Sent
            } else {
                Stage::Seen
            },
            seen_by,
        )
    }

    pub(super) fn work_view(&self) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        let mut cases: Vec<CaseWork> = replica
            .cases()
            .filter(|(_, stream)| stream.mine_n() > 0)
            .filter_map(|(id, stream)| {
                let mine = stream.meta.mine?;
                let (stage, seen_by) = self.stage(id, stream, stream.mine_n());
                Some(CaseWork {
                    case: id.to_string(),
                    name: desk.name_of_case(id),
                    mine: stream.mine_n() as u32,
                    unsent: stream.unsent(),
                    stage,
                    seen_by,
                    refusal: mine.held,
                    at: mine.at,
                })
            })
            .collect();
        cases.sort_by_key(|work| (work.unsent == 0, Reverse(work.at), work.case.clone()));
        Ok(Reply::Work {
            work: Work {
                status: self.status(),
                cases,
                restored: self.restored_view(),
            },
        })
    }

    fn restored_view(&self) -> Option<RestoredView> {
        let replica = self.replica.as_ref()?;
        let rewind = &replica.rewind;
        let told = rewind.restored.clone();
        let at = told.as_ref().map(|told| told.at).or(rewind.noticed_at)?;
        let handed = told.map(|told| told.handed).unwrap_or_default();
        let names = handed.keys();
        let names: BTreeSet<String> = names.map(|(_, who)| self.name_of(*who)).collect();
        let pending = rewind.streams.iter();
        let pending = pending.filter(|id| replica.streams.contains_key(*id));
        Some(RestoredView {
            at,
            handed: handed.values().sum(),
            by: names.into_iter().collect(),
            pending: pending.count() as u32,
        })
    }

    /// `None`: the notes' texts have to be loaded first; the answer follows.
    pub(super) fn caseload(
        &mut self,
        cx: &mut Cx,
        id: u32,
        query: String,
        today: String,
    ) -> Result<Option<Reply>, Failure> {
        let words = search::words(&query);
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        if !words.is_empty() && !desk.texts.as_ref().is_some_and(|texts| texts.loaded) {
            desk.searching.push((id, query, today));
            if desk.texts.is_none() {
                desk.texts = Some(Texts::default());
                self.load(cx, Load::Texts, keyspace::texts());
            }
            return Ok(None);
        }
        let (replica, desk) = self.parts()?;
        let mut total = 0;
        let mut rows: Vec<CaseRow> = Vec::new();
        for (stream_id, stream) in replica.cases() {
            // A case that has not been read in yet has no line to show.
            let Some(summary) = desk.summaries.get(&stream_id) else {
                continue;
            };
            let of = summary.within.as_ref().map(|(_, of)| *of);
            if of.is_some_and(|of| desk.summaries.contains_key(&of)) {
                // A part of a case that is here: told in the case's line.
                continue;
            }
            total += 1;
            let Some(excerpt) = matched(desk, stream_id, summary, &words) else {
                continue;
            };
            let parts: Vec<(StreamId, &Summary)> = desk.compartments(stream_id).collect();
            let all = || std::iter::once(summary).chain(parts.iter().map(|(_, part)| *part));
            let unsent = |id: &StreamId| replica.streams.get(id).map_or(0, Stream::unsent);
            rows.push(CaseRow {
                case: stream_id.to_string(),
                name: desk.name_of_case(stream_id),
                number: summary.number.clone(),
                notes: summary.notes,
                last_note_at: summary.last_note_at,
                conflicts: all().map(Summary::conflicts).sum(),
                severity: all().filter_map(Summary::severity).min(),
                state: summary.state.clone(),
                acuity: summary.acuity.clone(),
                flags: summary.flags.clone(),
                next_at: all().filter_map(|one| one.next_at(cx.now)).min(),
                due: all().filter_map(|one| one.due.clone()).min(),
                unsent: stream.unsent() + parts.iter().map(|(id, _)| unsent(id)).sum::<u32>(),
                draft: desk.has_draft(&stream_id.to_string())
                    || parts.iter().any(|(id, _)| desk.has_draft(&id.to_string())),
                excerpt,
            });
        }
        rows.sort_by_cached_key(|row| {
            (
                // What is grave first, then what is due, then by name.
                row.severity.unwrap_or(Severity::Low).max(Severity::High),
                row.due.as_ref().is_none_or(|due| *due > today),
                search::fold(&row.name),
                row.number.clone(),
                row.case.clone(),
            )
        });
        Ok(Some(Reply::Caseload { rows, total }))
    }

    pub(super) fn case_view(&self, case: &str) -> Result<Reply, Failure> {
        let id = self.case_id(case)?;
        let (replica, desk) = self.parts()?;
        let open = desk.docs.get(&id).ok_or(Failure::NotFound)?;
        let stream = replica.streams.get(&id).ok_or(Failure::NotFound)?;
        let fields = case::fields(&open.doc);
        let name = desk.name_of_case(id);
        let fields = fields
            .into_iter()
            .map(|field| self.field_view(open, field))
            .collect();
        let notes = self.note_views(id, stream, open)?;
        let stated = record::all(&open.doc);
        let (team, mut may_add) = self.access(stream, open, &stated)?;
        if let Some(Compartment { of, .. }) = compartment::read(&open.doc) {
            // Only who reads the case may come to read a part of it.
            let reader = |one: &AccessView| {
                let profile: Option<ProfileId> = one.profile.parse().ok();
                profile.is_some_and(|profile| reads(replica, of, profile))
            };
            may_add.retain(reader);
        }
        let case = CaseView {
            case: case.into(),
            name,
            fields,
            notes,
            records: self.record_views((replica, desk), id, open),
            findings: self.findings_of(id),
            newer: case::newer(&open.doc),
            team,
            may_add,
            late: self.late_views(replica, id, open),
            compartments: self.compartment_views(id),
            within: self.within_view(id).map(Box::new),
            rulings: self.ruling_views(replica, open, &stated),
            hand_overs: self.hand_over_views(replica, desk, id),
        };
        Ok(Reply::Case { case })
    }

    /// The state that is shown is the one that stands, see [`finding::state`].
    fn record_views(
        &self,
        (replica, desk): (&Replica, &Desk),
        id: StreamId,
        open: &Open,
    ) -> Vec<RecordView> {
        let leads = replica.profile.role.leads();
        let table = desk.medicines.table();
        let mut records = record::all(&open.doc);
        let found = {
            let around = Around::of(desk, id, &open.doc, &records);
            finding::findings(&around.facts(&open.doc, &records))
        };
        records.sort_by(|a, b| (&a.kind, &a.origin).cmp(&(&b.kind, &b.origin)));
        records
            .into_iter()
            .map(|record| {
                let kind = record::kind(&record.kind);
                let read_as = if record.kind == "medication" {
                    let read = table.identify(record.text("name"));
                    read.into_iter().map(|ingredient| ingredient.0).collect()
                } else {
                    Vec::new()
                };
                let state = finding::state(&found, &record).to_owned();
                let held = finding::is_held_back(&found, &record.kind, &record.id, record::STATE);
                let next = kind
                    .filter(|_| leads || !held)
                    .and_then(|kind| kind.after(&state));
                // Where another state is shown than is written, writing that one anew does nothing.
                let written = record.held(record::STATE);
                let idle = |to: &str| written.len() == 1 && record.state() == to;
                let next = next.unwrap_or_default().iter().filter(|to| !idle(to));
                let next: Vec<String> = next.map(|to| (*to).to_owned()).collect();
                let place = |key: &str| {
                    let fields = kind.map_or(&[][..], |kind| kind.fields);
                    fields.iter().position(|field| field.key == key)
                };
                // The answers of a form are shown by its own screen.
                let shown = |key: &str| {
                    record.kind != record::ASSESSMENT
                        || !(key.starts_with(record::ANSWER) || key == "scores")
                };
                let mut fields: Vec<case::Field> = record
                    .fields
                    .into_iter()
                    .filter(|(key, _)| shown(key))
                    .map(|(key, values)| case::Field { key, values })
                    .collect();
                fields.sort_by_key(|field| place(&field.key).unwrap_or(usize::MAX));
                RecordView {
                    unconfirmed: self.is_unconfirmed(open, &record.origin),
                    author: self.author(open, &record.origin),
                    at: record.origin.at,
                    kind: record.kind,
                    id: record.id,
                    fields: fields
                        .into_iter()
                        .map(|field| self.field_view(open, field))
                        .map(|field| match field.key.as_str() {
                            record::STATE => FieldView {
                                value: state.clone(),
                                ..field
                            },
                            _ => field,
                        })
                        .collect(),
                    next,
                    read_as,
                }
            })
            .collect()
    }

    fn field_view(&self, open: &Open, field: case::Field) -> FieldView {
        let first = field.values.first();
        let mut view = FieldView {
            key: field.key,
            value: first.map(|held| held.text.clone()).unwrap_or_default(),
            author: first
                .map(|held| self.author(open, &held.origin))
                .unwrap_or_default(),
            at: first.map(|held| held.origin.at),
            sides: Vec::new(),
        };
        if field.values.len() > 1 {
            // The same order on every device: by time, then by author.
            let mut values = field.values;
            values.sort_by(|a, b| a.origin.cmp(&b.origin));
            view.sides = values
                .into_iter()
                .map(|held| Side {
                    author: self.author(open, &held.origin),
                    at: held.origin.at,
                    id: held.id,
                    value: held.text,
                })
                .collect();
        }
        view
    }

    /// Who is in a stream, and whom I may let in.
    fn access(
        &self,
        stream: &Stream,
        open: &Open,
        records: &[record::Record],
    ) -> Result<(Vec<AccessView>, Vec<AccessView>), Failure> {
        let (replica, _) = self.parts()?;
        let roster = &replica.roster;
        let me = replica.profile.profile;
        let readers = stream.epochs.standing(roster).readers;
        let view = |profile: ProfileId, role| AccessView {
            profile: profile.to_string(),
            name: self.name_of(profile),
            role: role_name(role),
            invited: false,
            unconfirmed: roster.unconfirmed(profile).is_some(),
            me: profile == me,
            may_take_out: replica.profile.role.may_certify(role) && profile != me,
            sharing: None,
        };
        let shared = |staff: StaffId| self.sharing_view(open, records, &staff.to_string());
        let mut team = Vec::new();
        let mut may_add = Vec::new();
        let mine = replica.profile.role;
        for certificate in roster.members() {
            let shown = view(certificate.profile, certificate.role);
            let mut names = roster.aliases(certificate.profile);
            if names.any(|name| readers.contains(&name)) {
                team.push(AccessView {
                    sharing: shared(certificate.staff),
                    ..shown
                });
            } else if mine.leads() || certificate.role.leads() {
                may_add.push(shown);
            }
        }
        for (invite, state) in roster.invites() {
            if state == InviteState::Open && readers.contains(&invite.key) {
                team.push(AccessView {
                    invited: true,
                    sharing: shared(invite.staff),
                    ..view(invite.key, invite.role)
                });
            }
        }
        let by_name = |a: &AccessView, b: &AccessView| (!a.me, &a.name).cmp(&(!b.me, &b.name));
        team.sort_by(by_name);
        may_add.sort_by(by_name);
        Ok((team, may_add))
    }

    pub(super) fn staff_view(&self) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        let (me, mine) = (replica.profile.profile, replica.profile.role);
        let held = |tablet| {
            let cases = replica.cases();
            let within = |id| desk.summaries.get(&id).and_then(|one| one.within.as_ref());
            let cases = cases.filter(|(id, _)| within(*id).is_none());
            let held = cases.filter(|(_, case)| case.epochs.may_read(&replica.roster, tablet));
            held.count() as u32
        };
        let mut staff: Vec<StaffView> = replica
            .roster
            .members()
            .map(|certificate| StaffView {
                profile: certificate.profile.to_string(),
                staff: certificate.staff.to_string(),
                name: self.name_of(certificate.profile),
                role: role_name(certificate.role),
                me: certificate.profile == me,
                words: self.words_to_compare(replica, certificate.profile),
                may_confirm: mine.may_certify(certificate.role) && certificate.profile != me,
                may_revoke: mine.may_certify(certificate.role) && certificate.profile != me,
                cases: held(certificate.profile),
            })
            .collect();
        staff.sort_by(|a, b| (&a.name, &a.profile).cmp(&(&b.name, &b.profile)));
        let invites = replica
            .roster
            .invites()
            .filter(|(_, state)| matches!(state, InviteState::Open | InviteState::Void))
            .map(|(invite, state)| InviteView {
                key: invite.key.to_string(),
                may_cancel: mine.may_certify(invite.role),
                name: self.name_of(invite.key),
                role: role_name(invite.role),
                void: state == InviteState::Void,
                claims: match state {
                    InviteState::Void => self.claim_views(replica, invite.key),
                    _ => Vec::new(),
                },
                expires_at: invite.expires_at,
            })
            .collect();
        Ok(Reply::Staff {
            agency: self.me()?.agency,
            staff,
            invites,
            may_invite: self.may_invite(),
        })
    }
}

/// Where a case matches a search: its words stand in its fields and in one note, of it or of a
/// compartment that is read here. `None` where it does not; the words around a match in a note.
fn matched(
    desk: &Desk,
    case: StreamId,
    summary: &Summary,
    words: &[String],
) -> Option<Option<String>> {
    let missing: Vec<String> = words
        .iter()
        .filter(|word| !summary.find.contains(word.as_str()))
        .cloned()
        .collect();
    if missing.is_empty() {
        return Some(None);
    }
    let texts = desk.texts.as_ref()?;
    let streams = std::iter::once(case).chain(desk.compartments(case).map(|(id, _)| id));
    let mut notes = streams
        .filter_map(|id| texts.by_note.get(&id))
        .flat_map(|notes| notes.values());
    let found = notes.find(|note| missing.iter().all(|word| note.folded.contains(word)))?;
    Some(search::excerpt(&found.plain, &missing))
}
