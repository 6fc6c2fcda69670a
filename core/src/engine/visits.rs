//! A visit from its start to its end: each step is saved whole, in one store. Owns the rule that one
//! worker has one begun visit in a case, so that whoever comes back to it goes on instead of beginning
//! another.

use satchel_wire::{Millis, StreamId};

use crate::{
    api::{CalendarEntry, Failure, NewNoteView, Reply, StepRecord, VisitAsk, VisitView},
    engine::{Engine, cx::Cx, desk::Booked, records::new_id, review::clashes},
    monitor::{
        BEGUN, VISIT, Watch,
        due::{day_of, note_due},
        evv_missing,
    },
    note,
    policy::document::Document,
    record::{self, ASSESSMENT, Edit, Record, STATE},
    schedule::Span,
    visit,
};

/// The record that is thought of when an appointment is only being chosen.
const THOUGHT_OF: &str = "";

impl Engine {
    pub(super) fn visit(
        &mut self,
        cx: &mut Cx,
        case: &str,
        ask: VisitAsk,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        match ask {
            VisitAsk::Look { id, with } => self.visit_view(stream, &id, &with),
            VisitAsk::Begin { values } => self.begin_visit(cx, stream, values),
            VisitAsk::Save {
                id,
                values,
                others,
                note,
            } => self.save_step(cx, stream, &id, values, others, note),
            VisitAsk::Overlaps {
                staff,
                client,
                start,
                end,
                travel_min,
            } => {
                let thought = Booked {
                    id: THOUGHT_OF.into(),
                    title: String::new(),
                    kind: String::new(),
                    state: String::new(),
                    place: String::new(),
                    staff,
                    client,
                    start,
                    end,
                    travel_min,
                    holds: true,
                };
                self.overlaps(stream, &thought)
            }
        }
    }

    fn visit_record(&mut self, stream: StreamId, id: &str) -> Result<Record, Failure> {
        record::find(self.doc(stream)?, VISIT, id).ok_or(Failure::NotFound)
    }

    fn visit_view(
        &mut self,
        stream: StreamId,
        id: &str,
        with: &[(String, String)],
    ) -> Result<Reply, Failure> {
        let record = self.visit_record(stream, id)?;
        let (_, desk) = self.parts()?;
        let summary = desk.summaries.get(&stream).ok_or(Failure::NotFound)?;
        let (watch, rules) = (&summary.watch, &desk.rules.document);
        let start = record.time("start").unwrap_or_default();
        let visit = VisitView {
            id: record.id.clone(),
            checklist: visit::checklist(&watch.setting)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            missing: evv_missing(&record, with)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            note_by: note_due(
                rules,
                record.text("crisis") == "yes",
                record.time("end").unwrap_or(start),
            ),
            next_days: next_days(watch, rules, start),
        };
        Ok(Reply::Visit { visit })
    }

    fn begin_visit(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        mut values: Vec<(String, String)>,
    ) -> Result<Reply, Failure> {
        self.check_place(stream, VISIT)?;
        let (replica, _) = self.parts()?;
        let me = replica.profile.staff.to_string();
        let all = record::all(self.doc(stream)?);
        let begun =
            |one: &&Record| one.kind == VISIT && one.state() == BEGUN && one.text("staff") == me;
        if let Some(one) = all.iter().find(begun) {
            return Ok(Reply::Saved {
                id: one.id.clone(),
                undo: None,
            });
        }
        values.retain(|(key, _)| key != STATE && key != "staff");
        values.push((STATE.into(), BEGUN.into()));
        values.push(("staff".into(), me));
        let id = new_id(cx);
        let edits = self.checked(stream, VISIT, &id, None, values)?;
        self.do_edits(cx, stream, id, edits)
    }

    /// All that a step says is one change of the document, and its note another; both are in one store.
    fn save_step(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: &str,
        mut values: Vec<(String, String)>,
        others: Vec<StepRecord>,
        note: Option<NewNoteView>,
    ) -> Result<Reply, Failure> {
        let record = self.visit_record(stream, id)?;
        let mut edits: Vec<Edit> = Vec::new();
        for other in others {
            if [VISIT, ASSESSMENT].contains(&other.kind.as_str()) {
                return Err(Failure::NotAllowed);
            }
            self.check_place(stream, &other.kind)?;
            let existing = match &other.id {
                None => None,
                Some(id) => {
                    let found = record::find(self.doc(stream)?, &other.kind, id);
                    Some(found.ok_or(Failure::NotFound)?)
                }
            };
            let other_id = other.id.unwrap_or_else(|| new_id(cx));
            edits.extend(self.checked(
                stream,
                &other.kind,
                &other_id,
                existing.as_ref(),
                other.values,
            )?);
            if !other.named_in.is_empty() {
                values.push((other.named_in, other_id));
            }
        }
        let new = match note {
            None => None,
            Some(note) => {
                let new = self.new_note(cx, note);
                let doc = self.doc(stream)?;
                note::check_new(&new, cx.now, |id| {
                    note::find(doc, id).is_some_and(|note| note.takes_addendum())
                })?;
                values.push(("note".into(), new.id.clone()));
                Some(new)
            }
        };
        // What is begun in this step is not in the document yet: it was checked above.
        let made: Vec<(String, String)> = edits
            .iter()
            .map(|edit| (edit.kind.clone(), edit.id.clone()))
            .collect();
        let (named, said): (Vec<_>, Vec<_>) = values
            .into_iter()
            .partition(|(_, value)| made.iter().any(|(_, id)| id == value));
        for (key, value) in &named {
            let kind = record::kind(VISIT).and_then(|kind| kind.field(key));
            let fits = kind.is_some_and(|field| match field.holds {
                record::Holds::Record(kind) => {
                    made.iter().any(|(of, id)| of == kind && id == value)
                }
                _ => false,
            });
            if !fits {
                return Err(Failure::UnknownField { field: key.clone() });
            }
        }
        edits.extend(self.checked(stream, VISIT, id, Some(&record), said)?);
        edits.extend(record::edits(VISIT, id, &named));
        let saved = self.do_edits(cx, stream, id.to_owned(), edits)?;
        if let Some(new) = new {
            let now = cx.now;
            let doc = self.doc(stream)?;
            let change = note::add(doc, now, &[new])?.ok_or(Failure::NotReady)?;
            self.publish(cx, stream, &change)?;
        }
        Ok(saved)
    }

    /// Values of one record, checked as those of a form are.
    fn checked(
        &mut self,
        stream: StreamId,
        kind: &str,
        id: &str,
        existing: Option<&Record>,
        values: Vec<(String, String)>,
    ) -> Result<Vec<Edit>, Failure> {
        let known = record::kind(kind)
            .filter(|kind| !kind.is_kept_by_deeds())
            .ok_or_else(|| Failure::UnknownField {
                field: kind.to_owned(),
            })?;
        let trimmed = values.into_iter();
        let values: Vec<(String, String)> = trimmed
            .map(|(key, value)| (key, value.trim().to_owned()))
            .collect();
        record::check_once(&values)?;
        record::check(known, &values, existing)?;
        self.check_references(stream, known, &values)?;
        Ok(record::edits(kind, id, &values))
    }

    /// Appointments with which one that is thought of would overlap, here and as colleagues' tablets
    /// tell of their time.
    fn overlaps(&self, stream: StreamId, thought: &Booked) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        let entry = |case: String, case_name: String, one: &Booked| CalendarEntry {
            clash: true,
            ..self.calendar_entry(replica, case, case_name, one)
        };
        let here = desk
            .appointments()
            .filter(|(id, one)| clashes(thought, one, *id == stream));
        let mut entries: Vec<CalendarEntry> = here
            .map(|(id, one)| entry(id.to_string(), desk.name_of_case(id), one))
            .collect();
        let known: Vec<_> = desk.appointments().map(|(id, one)| one.taken(id)).collect();
        let theirs = desk.busy.values();
        let theirs = theirs.filter(|(staff, _)| staff.to_string() == thought.staff);
        for (_, busy) in theirs {
            for Span { from, to } in busy.elsewhere(&[thought.busy()], &known) {
                let unknown = Booked {
                    start: from,
                    end: to,
                    client: String::new(),
                    travel_min: 0,
                    ..thought.clone()
                };
                entries.push(entry(String::new(), String::new(), &unknown));
            }
        }
        entries.sort_by(|a, b| (a.start, &a.case, &a.id).cmp(&(b.start, &b.case, &b.id)));
        Ok(Reply::Calendar { entries })
    }
}

/// In how many days of a visit the next contact is due.
fn next_days(watch: &Watch, rules: &Document, start: Millis) -> Option<u32> {
    let day = day_of(rules, start);
    let due = rules.due(&watch.standard()?, day)?;
    u32::try_from(day.until(due.date).ok()?.get_days()).ok()
}
