//! What is known of a case without opening it: the caseload's line, its appointments, and what was
//! found in it. Owns the rule that a case's findings are made anew when it changes, or when another
//! case does that bears on it.

use satchel_wire::StreamId;

use crate::{
    care, case, compartment,
    doc::{Doc, Origin},
    engine::{
        compartments::{Kept, author_beside, beside},
        cx::Cx,
        desk::{Booked, Desk, Noted, NotedSettled, NotedSide, Open, Summary},
        handing, keyspace,
        registers::BUSY_DELAY_MS,
        replica::encode,
    },
    finding::{self, Elsewhere, Facts, Finding},
    medication,
    monitor::Watch,
    note,
    record::{self, Record},
    schedule::{Booking, Span},
    seal::seal_stored,
    search,
};

/// What a case's findings take from outside of it, nothing of which is told on.
pub(super) struct Around<'a> {
    medications: &'a medication::Table,
    elsewhere: Vec<Elsewhere>,
    beside: Vec<Record>,
    twins: bool,
}

impl<'a> Around<'a> {
    /// What the other cases here say, and colleagues' tablets.
    pub fn of(desk: &'a Desk, stream: StreamId, doc: &Doc, records: &[Record]) -> Self {
        let appointments: Vec<Booked> = records.iter().filter_map(booked).collect();
        let told = elsewhere(desk, stream, &appointments);
        Self::with(desk, stream, doc, told)
    }

    fn with(desk: &'a Desk, stream: StreamId, doc: &Doc, told: Vec<Elsewhere>) -> Self {
        let identity = identity(&case::fields(doc));
        let mut others = desk.summaries.iter().filter(|(id, _)| **id != stream);
        let booked = desk.appointments().filter(|(id, _)| *id != stream);
        let booked = booked.filter(|(_, one)| one.holds);
        let booked = booked.map(|(_, one)| Elsewhere {
            staff: one.staff.clone(),
            span: one.busy(),
        });
        Self {
            medications: desk.medicines.table(),
            elsewhere: booked.chain(told).collect(),
            beside: beside(desk, doc).iter().map(Kept::record).collect(),
            twins: !identity.is_empty() && others.any(|(_, other)| other.identity == identity),
        }
    }

    pub fn facts<'f>(&'f self, doc: &'f Doc, records: &'f [Record]) -> Facts<'f> {
        Facts {
            doc,
            records,
            beside: &self.beside,
            medications: self.medications,
            elsewhere: &self.elsewhere,
            twins: self.twins,
        }
    }
}

/// When the workers of a case's appointments are busy in cases that are not read here, by what their
/// tablets tell of it; only what meets one of the appointments.
fn elsewhere(desk: &Desk, stream: StreamId, appointments: &[Booked]) -> Vec<Elsewhere> {
    let mut known = Vec::new();
    let mut found = Vec::new();
    for (staff, busy) in desk.busy.values() {
        let staff = staff.to_string();
        let theirs = appointments.iter().filter(|one| one.staff == staff);
        let near: Vec<Span> = theirs.map(Booked::busy).collect();
        if near.is_empty() {
            continue;
        }
        if known.is_empty() {
            let others = desk.appointments().filter(|(id, _)| *id != stream);
            let here = appointments.iter().map(|one| (stream, one));
            known = others.chain(here).map(|(id, one)| one.taken(id)).collect();
        }
        let spans = busy.elsewhere(&near, &known).into_iter();
        found.extend(spans.map(|span| Elsewhere {
            staff: staff.clone(),
            span,
        }));
    }
    found
}

/// Notes the cases whose findings were made when workers were busy elsewhere at other times.
pub(super) fn look_elsewhere(desk: &mut Desk) {
    let all = desk.summaries.iter();
    let stale: Vec<StreamId> = all
        .filter(|(id, case)| elsewhere(desk, **id, &case.appointments) != case.elsewhere)
        .map(|(id, _)| *id)
        .collect();
    desk.stale.extend(stale);
}

/// The whole name and the birth date, where both are known.
fn identity(fields: &[case::Field]) -> String {
    let value = |key: &str| {
        let field = fields.iter().find(|field| field.key == key);
        let held = field.and_then(|field| field.values.first());
        held.map_or_else(String::new, |held| search::fold(held.text.trim()))
    };
    let parts = ["name.given", "name.family", "birth_date"].map(value);
    if parts.iter().any(String::is_empty) {
        return String::new();
    }
    parts.join("/")
}

/// Brings what is known of a case up to its document.
pub(super) fn summarise(desk: &mut Desk, cx: &mut Cx, stream: StreamId, open: &Open) {
    let fields = case::fields(&open.doc);
    let notes = note::all(&open.doc);
    let value = |key: &str| {
        let field = fields.iter().find(|field| field.key == key);
        let held = field.and_then(|field| field.values.first());
        held.map(|held| held.text.clone())
    };
    let records = record::all(&open.doc);
    let appointments: Vec<Booked> = records.iter().filter_map(booked).collect();
    let elsewhere = elsewhere(desk, stream, &appointments);
    let around = Around::with(desk, stream, &open.doc, elsewhere.clone());
    let found = finding::findings(&around.facts(&open.doc, &records));
    let lists_medicines = records.iter().any(|record| record.kind == "medication");
    let case = records.iter().find(|record| record.kind == "case");
    let of_case = |key: &str| case.map_or_else(String::new, |case| case.text(key).to_owned());
    let stands = |flag: &&Record| flag.kind == "flag" && finding::state(&found, flag) == "active";
    let mut flags: Vec<String> = records
        .iter()
        .filter(stands)
        .map(|flag| flag.text("kind").to_owned())
        .collect();
    flags.sort();
    flags.dedup();
    let begun = open.doc.fields_of(record::PERSON);
    let begun = begun.and_then(|part| part.origin.as_ref());
    let begun = begun.map(|origin| origin.at).unwrap_or_default();
    let watch = Watch::of(
        (value("program").unwrap_or_default(), begun),
        &records,
        &notes,
        |origin| open.authors.get(&origin.actor).map(|(author, _)| *author),
    );
    let texts = fields.iter().flat_map(|field| &field.values);
    let find: Vec<&str> = texts.map(|held| held.text.as_str()).collect();
    let summary = Summary {
        // What is parked has not been taken into account.
        folded: open.parked.keys().next().copied().unwrap_or(open.folded),
        name: case::name(&fields),
        number: value("number").unwrap_or_default(),
        notes: notes.len() as u32,
        last_note_at: notes.iter().map(|note| note.origin.at).max(),
        findings: found
            .into_iter()
            .map(|one| noted(open, beside(desk, &open.doc), one))
            .collect(),
        state: of_case(record::STATE),
        acuity: of_case("acuity"),
        flags,
        appointments,
        elsewhere,
        medicines: lists_medicines.then(|| around.medications.digest()),
        due: care::dues(&records, &desk.rules.document)
            .first()
            .map(|due| due.date.to_string()),
        policy: desk.rules.digest,
        identity: identity(&fields),
        within: compartment::read(&open.doc).map(|what| (what.kind, what.of)),
        takes: Kept::all(open, &records),
        late: open.late,
        offers: handing::offers(open, &records),
        watch,
        stale: false,
        find: search::fold(&find.join(" ")),
    };
    store(desk, cx, stream, &summary);
    let before = desk.summaries.insert(stream, summary.clone());
    let before = before.unwrap_or_default();
    if summary.bears_on_others(&before) {
        let mut others = std::mem::take(&mut desk.summaries);
        for (id, other) in &mut others {
            let within = other.within.as_ref().is_some_and(|(_, of)| *of == stream);
            let bears = within || summary.bears_on(other) || before.bears_on(other);
            if *id != stream && bears {
                // Stored with the change that makes it so: after a crash it is still to be done.
                other.stale = true;
                store(desk, cx, *id, other);
                desk.stale.insert(*id);
            }
        }
        desk.summaries = others;
        look_elsewhere(desk);
        desk.busy_due = desk.busy_due.min(cx.now.plus(BUSY_DELAY_MS));
    }
}

fn store(desk: &Desk, cx: &mut Cx, stream: StreamId, summary: &Summary) {
    let name = keyspace::summary(stream);
    let sealed = seal_stored(&desk.secrets.storage, &name, &encode(summary), cx.rng);
    cx.put(name, sealed);
}

fn noted(open: &Open, beside: &[Kept], found: Finding) -> Noted {
    let author = |origin: &Origin| {
        let here = open.authors.get(&origin.actor).map(|(profile, _)| *profile);
        here.or_else(|| author_beside(beside, &origin.actor))
    };
    Noted {
        id: found.id,
        rule: found.rule.into(),
        severity: found.severity,
        sides: found
            .sides
            .into_iter()
            .map(|side| NotedSide {
                author: side.origin.as_ref().and_then(author),
                at: side.origin.map(|origin| origin.at).unwrap_or_default(),
                id: side.id,
                kind: side.kind,
                record: side.record,
                key: side.key,
                value: side.value,
            })
            .collect(),
        details: found.details,
        choices: found.choices,
        reason_needed: found.reason_needed,
        leads_only: found.leads_only,
        settled: found.settled.map(|settled| NotedSettled {
            author: author(&settled.origin),
            at: settled.origin.at,
            choice: settled.choice,
            reason: settled.reason,
        }),
    }
}

/// An appointment for the calendar.
fn booked(record: &Record) -> Option<Booked> {
    if record.kind != "appointment" {
        return None;
    }
    let text = |key: &str| record.text(key).to_owned();
    Some(Booked {
        id: record.id.clone(),
        title: text("title"),
        kind: text("type"),
        state: text(record::STATE),
        place: text("place"),
        staff: text("staff"),
        client: text("client"),
        start: record.time("start")?,
        end: record.time("end")?,
        travel_min: record.text("travel_min").parse().unwrap_or(0),
        holds: Booking::of(record).is_some(),
    })
}
