//! Figures over all cases that are read here, and one case as a file for other programs. Figures come
//! from what is kept of each case, so that none is opened; a file from its document, one at a time.

use jiff::civil::Date;
use satchel_wire::{Millis, StreamId};

use crate::{
    api::{DayAsk, Failure, Reply, ReportSpan, ReportView},
    case,
    doc::Origin,
    engine::{Engine, desk::Open, today::counted_to},
    note, record,
    report::{self, Figures, Span},
};

/// The longest time of a report.
const YEARS_MAX: i32 = 10;

impl Engine {
    pub(super) fn day(&self, now: Millis, ask: DayAsk) -> Result<Reply, Failure> {
        match ask {
            DayAsk::Today { mine } => self.today(now, mine),
            DayAsk::Report { of } => Ok(Reply::Report {
                report: Box::new(self.report(&of)?),
            }),
            DayAsk::ReportFile { of } => {
                let view = self.report(&of)?;
                let text = report::as_csv(&view.rows, &view.total);
                Ok(Reply::File {
                    name: format!("report-{}-{}.csv", of.from, of.to),
                    text: text.map_err(|_| Failure::NotReady)?,
                })
            }
            DayAsk::Export { case } => self.export_case(&case),
        }
    }

    fn report(&self, of: &ReportSpan) -> Result<ReportView, Failure> {
        let (replica, desk) = self.parts()?;
        let bad = |field: &str, expected: &str| Failure::BadValue {
            field: field.into(),
            expected: expected.into(),
        };
        let day = |field: &str, text: &str| -> Result<Date, Failure> {
            text.parse().map_err(|_| bad(field, "YYYY-MM-DD"))
        };
        let (from, to) = (day("from", &of.from)?, day("to", &of.to)?);
        if to < from {
            return Err(bad("to", "later than the start"));
        }
        if i32::from(to.year()) - i32::from(from.year()) > YEARS_MAX {
            return Err(bad("to", "at most ten years"));
        }
        let span = Span {
            from,
            to,
            by: of.by,
        };
        let mut figures = Figures::new(span, &desk.rules.document);
        let (mut looked_at, mut unread) = (0, 0);
        for (id, _) in replica.cases() {
            let Some(summary) = desk.summaries.get(&id) else {
                unread += 1;
                continue;
            };
            unread += u32::from(desk.unfolded.contains(&id));
            looked_at += 1;
            let case = counted_to(desk, summary);
            let worker = case.workers.first().map_or("", String::as_str);
            figures.add(&summary.watch, &case.programme, worker);
            for one in summary
                .appointments
                .iter()
                .filter(|one| one.state == "noshow")
            {
                figures.no_show(one.start, &case.programme, &one.staff);
            }
        }
        let (rows, total) = figures.finish(|staff| self.staff_name(staff));
        Ok(ReportView {
            rows,
            total,
            looked_at,
            unread,
        })
    }

    fn export_case(&self, case: &str) -> Result<Reply, Failure> {
        let id = self.case_id(case)?;
        let (_, desk) = self.parts()?;
        let open = desk.docs.get(&id).ok_or(Failure::NotFound)?;
        let within = desk.summaries.get(&id).and_then(|one| one.within.clone());
        let whole = serde_json::json!({
            "format": "satchel-case-1",
            "case": case,
            "within": within.map(|(kind, of)| serde_json::json!({"kind": kind, "case": of.to_string()})),
            "begun": self.begun(open),
            "fields": self.exported_fields(open),
            "records": self.exported_records(open),
            "notes": self.exported_notes(id, open)?,
        });
        let text = serde_json::to_string(&whole).map_err(|_| Failure::NotReady)?;
        Ok(Reply::File {
            name: format!("case-{case}.json"),
            text,
        })
    }

    fn begun(&self, open: &Open) -> Option<u64> {
        let person = open.doc.fields_of(record::PERSON)?;
        person.origin.as_ref().map(|origin| origin.at.0)
    }

    fn exported_fields(&self, open: &Open) -> serde_json::Map<String, serde_json::Value> {
        let fields = case::fields(&open.doc).into_iter();
        let said = fields.filter_map(|field| {
            let texts: Vec<String> = field.values.into_iter().map(|held| held.text).collect();
            (!texts.is_empty()).then(|| (field.key, texts.into()))
        });
        said.collect()
    }

    fn exported_records(&self, open: &Open) -> Vec<serde_json::Value> {
        let all = record::all(&open.doc).into_iter();
        let one = |record: record::Record| {
            let fields = record.fields.iter().map(|(key, held)| {
                let sides: Vec<serde_json::Value> = held
                    .iter()
                    .map(|held| {
                        serde_json::json!({
                            "value": held.text,
                            "by": self.staff_of(open, &held.origin),
                            "at": held.origin.at.0,
                        })
                    })
                    .collect();
                (key.clone(), sides.into())
            });
            let fields: serde_json::Map<String, serde_json::Value> = fields.collect();
            serde_json::json!({
                "kind": record.kind,
                "id": record.id,
                "by": self.staff_of(open, &record.origin),
                "at": record.origin.at.0,
                "fields": fields,
            })
        };
        all.map(one).collect()
    }

    fn exported_notes(&self, id: StreamId, open: &Open) -> Result<Vec<serde_json::Value>, Failure> {
        let (replica, _) = self.parts()?;
        let stream = replica.streams.get(&id).ok_or(Failure::NotFound)?;
        let views = self.note_views(id, stream, open)?.into_iter();
        let notes = note::all(&open.doc).into_iter().zip(views);
        let one = |(note, view): (note::Note, crate::api::NoteView)| {
            serde_json::json!({
                "id": note.id,
                "format": note.format,
                "state": view.state,
                "imported": note.imported,
                "by": self.staff_of(open, note.author()),
                "at": note.author().at.0,
                "happened_at": note.happened_at.map(|at| at.0),
                "addendum_to": note.addendum_to,
                "struck": note.struck.as_ref().map(|held| held.text.clone()),
                "signed": note.signatures.iter().map(|origin| serde_json::json!({
                    "by": self.staff_of(open, origin),
                    "at": origin.at.0,
                })).collect::<Vec<_>>(),
                "sections": view.sections,
            })
        };
        Ok(notes.map(one).collect())
    }

    /// The staff id of whose an origin is; empty where that is not known.
    fn staff_of(&self, open: &Open, origin: &Origin) -> String {
        let author = open.authors.get(&origin.actor);
        let roster = self.replica.as_ref().map(|replica| &replica.roster);
        let known = author
            .zip(roster)
            .and_then(|((author, _), roster)| roster.known(*author));
        known.map(|one| one.staff.to_string()).unwrap_or_default()
    }
}
