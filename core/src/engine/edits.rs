//! What a person does to the typed records of a case: put, look back, take back.

use satchel_wire::StreamId;

use crate::{
    api::{Failure, PastView, Reply},
    case,
    engine::{Engine, cx::Cx, records::new_id, summary::Around},
    finding::{self, Facts},
    record::{self, ASSESSMENT, EXTRA, Edit, Holds, MISTAKE, NOTE, PERSON, STATE},
};

/// Deeds that can be taken back, the latest ones.
const UNDO_MAX: usize = 32;

/// A deed that can be taken back as long as what it set still stands.
#[derive(Clone)]
pub(super) struct Deed {
    token: u32,
    stream: StreamId,
    set: Vec<Edit>,
    back: Back,
}

/// The way back.
#[derive(Clone)]
enum Back {
    /// Former values.
    Values(Vec<Edit>),
    /// A finding that is to be open again.
    Reopen(String),
}

impl Engine {
    pub(super) fn put_record(
        &mut self,
        cx: &mut Cx,
        case: &str,
        kind: &str,
        id: Option<&str>,
        values: Vec<(String, String)>,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let values: Vec<(String, String)> = values
            .into_iter()
            .map(|(key, value)| (key, value.trim().to_owned()))
            .collect();
        if values.is_empty() {
            return Err(Failure::Empty {
                field: kind.to_owned(),
            });
        }
        record::check_once(&values)?;
        // Its answers are checked by the form, see `assessments`.
        if kind == ASSESSMENT {
            return Err(Failure::UnknownField { field: kind.into() });
        }
        if kind == PERSON || record::kind(kind).is_some() {
            self.check_place(stream, kind)?;
        }
        if kind == PERSON {
            let doc = self.doc(stream)?;
            for (key, value) in &values {
                case::check_change(doc, key, value)?;
            }
            let edits = values.iter().map(|(key, value)| person_edit(key, value));
            let edits = edits.collect();
            return self.do_edits(cx, stream, String::new(), edits);
        }
        let known = record::kind(kind).ok_or_else(|| Failure::UnknownField {
            field: kind.to_owned(),
        })?;
        if known.is_kept_by_deeds() {
            return Err(Failure::NotAllowed);
        }
        let is_new = id.is_none();
        let id = match id {
            _ if known.single => known.code.to_owned(),
            Some(id) => id.to_owned(),
            None => new_id(cx),
        };
        let existing = record::find(self.doc(stream)?, kind, &id);
        if existing.is_none() && !known.single && !is_new {
            return Err(Failure::NotFound);
        }
        record::check(known, &values, existing.as_ref())?;
        self.check_references(stream, known, &values)?;
        let mut edits = record::edits(kind, &id, &values);
        edits.extend(self.care_rules(cx, stream, &id, kind, existing.as_ref(), &values)?);
        self.do_edits(cx, stream, id, edits)
    }

    /// A record may name only what there is.
    pub(super) fn check_references(
        &mut self,
        stream: StreamId,
        kind: &record::Kind,
        values: &[(String, String)],
    ) -> Result<(), Failure> {
        for (key, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            let (is_here, expected) = match kind.field(key).map(|field| field.holds) {
                Some(Holds::Record(other)) => {
                    let found = record::find(self.doc(stream)?, other, value);
                    (found.is_some(), format!("a {other} of this case"))
                }
                Some(Holds::Staff) => (self.is_staff(value), "a member of the staff".into()),
                _ => continue,
            };
            if !is_here {
                return Err(Failure::BadValue {
                    field: key.clone(),
                    expected,
                });
            }
        }
        Ok(())
    }

    /// Sets values, stores them, and remembers how to take them back.
    pub(super) fn do_edits(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: String,
        edits: Vec<Edit>,
    ) -> Result<Reply, Failure> {
        self.check_held_back(stream, &edits)?;
        let back = Back::Values(self.way_back(stream, &edits)?);
        let undo = if self.write(cx, stream, &edits)? {
            Some(self.remember_deed(stream, edits, back)?)
        } else {
            None
        };
        Ok(Reply::Saved { id, undo })
    }

    pub(super) fn settle(
        &mut self,
        cx: &mut Cx,
        case: &str,
        id: &str,
        choice: &str,
        reason: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let edits = self.with_facts(stream, |facts, leads| {
            finding::settle(facts, id, choice, reason, leads)
        })?;
        self.write(cx, stream, &edits)?;
        let undo = self.remember_deed(stream, edits, Back::Reopen(id.to_owned()))?;
        Ok(Reply::Saved {
            id: id.to_owned(),
            undo: Some(undo),
        })
    }

    /// Asks something of what a case's findings are made from, and whether the person here leads.
    fn with_facts<T>(
        &self,
        stream: StreamId,
        ask: impl FnOnce(&Facts<'_>, bool) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (replica, desk) = self.parts()?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let records = record::all(&open.doc);
        let around = Around::of(desk, stream, &open.doc, &records);
        let facts = around.facts(&open.doc, &records);
        ask(&facts, replica.profile.role.leads())
    }

    /// What a supervisor has to look at is not settled by writing over it.
    fn check_held_back(&self, stream: StreamId, edits: &[Edit]) -> Result<(), Failure> {
        self.with_facts(stream, |facts, leads| {
            let found = finding::findings(facts);
            let held = |edit: &Edit| finding::is_held_back(&found, &edit.kind, &edit.id, &edit.key);
            if !leads && edits.iter().any(held) {
                return Err(Failure::NotAllowed);
            }
            Ok(())
        })
    }

    /// Makes the edits one change and publishes it; false when nothing changed.
    pub(super) fn write(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        edits: &[Edit],
    ) -> Result<bool, Failure> {
        let now = cx.now;
        let change = record::apply(self.doc(stream)?, now, edits).map_err(|_| Failure::NotReady)?;
        match change {
            Some(change) => self.publish(cx, stream, &change).map(|()| true),
            None => Ok(false),
        }
    }

    fn remember_deed(
        &mut self,
        stream: StreamId,
        set: Vec<Edit>,
        back: Back,
    ) -> Result<u32, Failure> {
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        desk.deeds_done = desk.deeds_done.wrapping_add(1);
        let token = desk.deeds_done;
        desk.deeds.push_back(Deed {
            token,
            stream,
            set,
            back,
        });
        if desk.deeds.len() > UNDO_MAX {
            desk.deeds.pop_front();
        }
        Ok(token)
    }

    /// What sets everything as it was: a record that did not exist becomes one entered in error.
    fn way_back(&mut self, stream: StreamId, edits: &[Edit]) -> Result<Vec<Edit>, Failure> {
        let doc = self.doc(stream)?;
        let mut back: Vec<Edit> = Vec::new();
        for edit in edits {
            let is_record = ![PERSON, EXTRA, NOTE, record::SETTLED].contains(&edit.kind.as_str());
            if is_record && record::part(doc, &edit.kind, &edit.id).is_none() {
                let has_states =
                    record::kind(&edit.kind).is_some_and(|kind| kind.after(MISTAKE).is_some());
                let mistake = Edit {
                    key: STATE.into(),
                    value: MISTAKE.into(),
                    ..edit.clone()
                };
                if has_states && !back.contains(&mistake) {
                    back.push(mistake);
                }
                continue;
            }
            let before = record::values(doc, &edit.kind, &edit.id, &edit.key);
            back.push(Edit {
                value: before
                    .first()
                    .map_or_else(String::new, |held| held.text.clone()),
                ..edit.clone()
            });
        }
        Ok(back)
    }

    /// The case to which a deed belongs.
    pub(super) fn deed_case(&self, token: u32) -> Result<StreamId, Failure> {
        let desk = self.desk.as_ref().ok_or(Failure::Locked)?;
        let deed = desk.deeds.iter().find(|deed| deed.token == token);
        deed.map(|deed| deed.stream).ok_or(Failure::NotFound)
    }

    pub(super) fn undo(&mut self, cx: &mut Cx, token: u32) -> Result<Reply, Failure> {
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        let deed = desk.deeds.iter().find(|deed| deed.token == token);
        let deed = deed.cloned().ok_or(Failure::NotFound)?;
        let doc = self.doc(deed.stream)?;
        let stands = deed.set.iter().all(|edit| {
            let values = record::values(doc, &edit.kind, &edit.id, &edit.key);
            values.len() == 1 && values.iter().all(|held| held.text == edit.value)
        });
        if !stands {
            return Err(Failure::ChangedSince);
        }
        let back = match deed.back {
            Back::Values(edits) => {
                self.check_held_back(deed.stream, &edits)?;
                edits
            }
            Back::Reopen(id) => self.with_facts(deed.stream, |facts, leads| {
                finding::reopen(facts, &id, leads)
            })?,
        };
        self.write(cx, deed.stream, &back)?;
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        desk.deeds.retain(|deed| deed.token != token);
        Ok(Reply::Done)
    }

    pub(super) fn history(
        &mut self,
        case: &str,
        kind: &str,
        id: &str,
        key: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let place = if kind == PERSON {
            person_edit(key, "")
        } else {
            Edit {
                kind: kind.into(),
                id: id.into(),
                key: key.into(),
                value: String::new(),
            }
        };
        let doc = self.doc(stream)?;
        let part = record::part(doc, &place.kind, &place.id);
        let maps = part.ok_or(Failure::NotFound)?.maps.clone();
        let past = doc.history(&maps, &place.key);
        let open = self.desk.as_ref().and_then(|desk| desk.docs.get(&stream));
        let open = open.ok_or(Failure::Locked)?;
        let values = past
            .into_iter()
            .rev()
            .map(|past| PastView {
                author: self.author(open, &past.origin),
                at: past.origin.at,
                value: past.text,
            })
            .collect();
        Ok(Reply::History { values })
    }
}

/// A field of the person, or one that came with an import.
fn person_edit(key: &str, value: &str) -> Edit {
    let (kind, key) = match key.strip_prefix(case::EXTRA) {
        Some(header) => (EXTRA, header),
        None => (PERSON, key),
    };
    Edit {
        kind: kind.into(),
        id: String::new(),
        key: key.into(),
        value: value.into(),
    }
}
