//! What a person does to cases: begin one, set a field, import.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use satchel_wire::{ProfileId, StreamId};

use crate::{
    api::{Failure, ImportPreview, Reply},
    case,
    doc::Doc,
    engine::{Engine, cx::Cx, streams},
    import::{self, ImportedCase},
    keys::random,
    note::{self, NewNote},
    record,
};

/// Text of notes that goes into one envelope when importing, in bytes.
const NOTES_LEN_PER_CHANGE: usize = 96 * 1024;
/// Rows that a preview shows.
const SAMPLE_ROWS: usize = 5;

impl Engine {
    /// The stream of a case that is here.
    pub(super) fn case_id(&self, case: &str) -> Result<StreamId, Failure> {
        let stream: StreamId = case.parse().map_err(|_| Failure::NotFound)?;
        let replica = self.replica.as_ref().ok_or(Failure::NotFound)?;
        if replica.cases().any(|(id, _)| id == stream) {
            Ok(stream)
        } else {
            Err(Failure::NotFound)
        }
    }

    pub(super) fn doc(&mut self, stream: StreamId) -> Result<&mut Doc, Failure> {
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        desk.docs
            .get_mut(&stream)
            .map(|open| &mut open.doc)
            .ok_or(Failure::NotFound)
    }

    pub(super) fn new_case(
        &mut self,
        cx: &mut Cx,
        fields: Vec<(String, String)>,
        team: &[String],
    ) -> Result<Reply, Failure> {
        let fields: Vec<(String, String)> = fields
            .into_iter()
            .map(|(key, value)| (key, value.trim().to_owned()))
            .collect();
        for (key, value) in &fields {
            case::check_field(key, value)?;
        }
        record::check_once(&fields)?;
        let named = |(key, value): &(String, String)| {
            (key.starts_with("name.") || key == "number") && !value.is_empty()
        };
        if !fields.iter().any(named) {
            return Err(Failure::Empty {
                field: "name.given".into(),
            });
        }
        let team = self.team(team)?;
        let case = ImportedCase {
            fields,
            notes: Vec::new(),
        };
        let stream = self.begin_case(cx, (&case, true), team)?;
        Ok(Reply::Created {
            case: stream.to_string(),
        })
    }

    /// Members of the agency by their profiles' ids.
    pub(super) fn team(&self, team: &[String]) -> Result<Vec<ProfileId>, Failure> {
        let replica = self.replica.as_ref().ok_or(Failure::WrongMoment)?;
        team.iter()
            .map(|id| {
                let profile: ProfileId = id.parse().map_err(|_| Failure::NotFound)?;
                replica
                    .roster
                    .member(profile)
                    .map(|_| profile)
                    .ok_or(Failure::NotFound)
            })
            .collect()
    }

    fn begin_case(
        &mut self,
        cx: &mut Cx,
        (imported, typed): (&ImportedCase, bool),
        team: Vec<ProfileId>,
    ) -> Result<StreamId, Failure> {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        let stream = streams::begin(replica, desk, cx, team)?;
        let mut doc = Doc::new(self.begin_writing(cx, stream)?);
        let damaged = |_| Failure::Damaged;
        let mut groups = grouped(cx, &imported.notes).into_iter();
        let first = groups.next().unwrap_or_default();
        let change = case::begin(&mut doc, cx.now, &imported.fields, &first).map_err(damaged)?;
        self.open_new(stream, doc)?;
        self.publish_as(cx, stream, &change, typed)?;
        for notes in groups {
            let change = note::add(self.doc(stream)?, cx.now, &notes)?.ok_or(Failure::Damaged)?;
            self.publish_as(cx, stream, &change, typed)?;
        }
        Ok(stream)
    }

    pub(super) fn set_field(
        &mut self,
        cx: &mut Cx,
        case: &str,
        key: &str,
        value: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        self.check_place(stream, record::PERSON)?;
        let value = value.trim();
        case::check_change(self.doc(stream)?, key, value)?;
        let now = cx.now;
        let change = case::set_field(self.doc(stream)?, now, key, value);
        if let Some(change) = change.map_err(|_| Failure::NotReady)? {
            self.publish(cx, stream, &change)?;
        }
        Ok(Reply::Done)
    }

    pub(super) fn preview_import(&self, file: &[u8]) -> Result<Reply, Failure> {
        let desk = self.desk.as_ref().ok_or(Failure::Locked)?;
        let table = import::read(file)?;
        let known: BTreeSet<&str> = desk.summaries.values().map(|s| s.number.as_str()).collect();
        let cases = table.cases();
        let number = |case: &ImportedCase| {
            let found = case.fields.iter().find(|(key, _)| key == "number");
            found.map(|(_, number)| number.trim().to_owned())
        };
        let known_numbers = cases
            .iter()
            .filter_map(number)
            .filter(|number| known.contains(number.as_str()))
            .collect();
        Ok(Reply::ImportPreview {
            preview: ImportPreview {
                rows: table.rows.len() as u32,
                cases: cases.len() as u32,
                known_numbers,
                maybe_cut: table.maybe_cut,
                sample: table.rows.iter().take(SAMPLE_ROWS).cloned().collect(),
                columns: table.columns,
            },
        })
    }

    pub(super) fn import(
        &mut self,
        cx: &mut Cx,
        file: &[u8],
        team: &[String],
    ) -> Result<Reply, Failure> {
        let team = self.team(team)?;
        let cases = import::read(file)?.cases();
        let mut notes = 0;
        // All of it is one store: it is there whole after a crash, or not at all.
        for case in &cases {
            self.begin_case(cx, (case, false), team.clone())?;
            notes += case.notes.len() as u32;
        }
        Ok(Reply::Imported {
            cases: cases.len() as u32,
            notes,
        })
    }
}

/// The id of a new record or note: random, so that two people's never meet.
pub(super) fn new_id(cx: &mut Cx) -> String {
    HEXLOWER.encode(&random::<16>(cx.rng))
}

/// Imported notes in groups, so that no envelope outgrows its limit.
fn grouped(cx: &mut Cx, texts: &[String]) -> Vec<Vec<NewNote>> {
    let mut groups: Vec<Vec<NewNote>> = Vec::new();
    let mut len = usize::MAX;
    for text in texts {
        if len.saturating_add(text.len()) > NOTES_LEN_PER_CHANGE {
            groups.push(Vec::new());
            len = 0;
        }
        len += text.len();
        if let Some(group) = groups.last_mut() {
            group.push(NewNote::imported(new_id(cx), text.clone()));
        }
    }
    groups
}
