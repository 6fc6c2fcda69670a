//! Planning, advocacy and corrections for a case: what is reckoned from its records, and the deeds that
//! write more than one record. Owns the rules that a level of an appeal has one record however many
//! people open it, and that a day of release never moves without a word of it in the case.

use jiff::civil::Date;
use satchel_wire::{Millis, StreamId, envelope::sha256};

use crate::{
    api::{
        CareAsk, CareView, DeadlineView, DenialView, DueView, Failure, LevelView, LimitView,
        MoveView, PlanView, ReleaseView, Reply, UnitsView,
    },
    care::{self, appeals, plans, release},
    engine::{Engine, cx::Cx, desk::Open, records::new_id},
    policy::{
        document::{Deadline, Document},
        holidays::Closed,
    },
    record::{self, Edit, RELEASE_MOVE, Record, STATE},
};

/// Kinds whose records are added and never changed: what was wrong is entered in error.
const ADDED_ONLY: [&str; 4] = ["progress", "plan_signature", "plan_review", "unit_use"];

fn deadline_view(one: &Deadline) -> DeadlineView {
    let closed = one.closed.iter().map(|(day, why)| {
        let name = match why {
            Closed::Weekend => String::new(),
            Closed::Holiday(name) => name.clone(),
        };
        (day.to_string(), name)
    });
    DeadlineView {
        date: one.date.to_string(),
        key: one.key.clone(),
        since: one.since.map(|day| day.to_string()).unwrap_or_default(),
        term: one.term.clone(),
        start: one.start.to_string(),
        counted_from: one.counted_from.to_string(),
        reached: one.reached.to_string(),
        closed: closed.collect(),
    }
}

fn limit_view(one: &appeals::Limit) -> LimitView {
    LimitView {
        date: one.date.to_string(),
        given: one.given.map(|day| day.to_string()).unwrap_or_default(),
        reckoned: one.reckoned.as_ref().map(deadline_view),
    }
}

fn plan_view(records: &[Record], plan: &Record, rules: &Document) -> PlanView {
    let review = plans::review(records, plan, rules).map(|(day, reckoned)| LimitView {
        date: day.to_string(),
        given: match reckoned {
            Some(_) => String::new(),
            None => day.to_string(),
        },
        reckoned: reckoned.as_ref().map(deadline_view),
    });
    let missing = plans::missing(records, plan).into_iter();
    PlanView {
        id: plan.id.clone(),
        missing: missing.map(str::to_owned).collect(),
        review,
        unaltered: plans::is_unaltered(plan),
    }
}

fn denial_view(one: &appeals::Denied<'_>) -> DenialView {
    let levels = one.levels.iter().map(|level| LevelView {
        level: level.level,
        appeal: level.appeal.map(|appeal| appeal.id.clone()),
        file: level.file.as_ref().map(limit_view),
        decide: level.decide.as_ref().map(limit_view),
    });
    DenialView {
        id: one.denial.id.clone(),
        levels: levels.collect(),
        next: one.next,
        aid: one.aid.as_ref().map(limit_view),
    }
}

fn of_kind<'a>(records: &'a [Record], kind: &'static str) -> impl Iterator<Item = &'a Record> {
    let all = records.iter();
    all.filter(move |record| record.kind == kind && record.counts())
}

/// Edits that begin a record.
fn begin(kind: &str, id: &str, values: &[(&str, &str)]) -> Vec<Edit> {
    let values: Vec<(String, String)> = values
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect();
    record::edits(kind, id, &values)
}

impl Engine {
    pub(super) fn care(&mut self, cx: &mut Cx, case: &str, ask: CareAsk) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        match ask {
            CareAsk::View => self.care_view(stream, cx.now),
            CareAsk::OpenLevel { denial } => self.open_level(cx, stream, &denial),
            CareAsk::MoveRelease {
                supervision,
                to,
                source,
                reason,
            } => {
                let values = [("release_date", &to), ("release_source", &source)];
                let values: Vec<_> = values
                    .into_iter()
                    .filter(|(key, text)| *key == "release_date" || !text.is_empty())
                    .map(|(key, text)| (key.to_owned(), text.trim().to_owned()))
                    .collect();
                let existing = self.care_record(stream, "supervision", &supervision)?;
                let kind = record::kind("supervision").ok_or(Failure::Damaged)?;
                record::check(kind, &values, Some(&existing))?;
                let mut edits = record::edits("supervision", &supervision, &values);
                edits.extend(moved(
                    cx,
                    Some(&existing),
                    &supervision,
                    &values,
                    reason.trim(),
                )?);
                self.do_edits(cx, stream, supervision, edits)?;
                self.care_view(stream, cx.now)
            }
            CareAsk::AddChecklist { supervision } => self.add_checklist(cx, stream, &supervision),
        }
    }

    fn care_record(&self, stream: StreamId, kind: &str, id: &str) -> Result<Record, Failure> {
        let open = self.care_open(stream)?;
        record::find(&open.doc, kind, id).ok_or(Failure::NotFound)
    }

    fn care_open(&self, stream: StreamId) -> Result<&Open, Failure> {
        let (_, desk) = self.parts()?;
        desk.docs.get(&stream).ok_or(Failure::NotFound)
    }

    fn care_view(&self, stream: StreamId, now: Millis) -> Result<Reply, Failure> {
        let (_, desk) = self.parts()?;
        let open = self.care_open(stream)?;
        let rules = &desk.rules.document;
        let records = record::all(&open.doc);
        let due = care::dues(&records, rules).into_iter();
        let today = rules.day_of(now);
        let units = |one: &Record| {
            let (granted, used) = appeals::units(&records, one);
            UnitsView {
                id: one.id.clone(),
                granted,
                used,
            }
        };
        let plan = |one: &Record| plan_view(&records, one, rules);
        let release = |one: &Record| self.release_view(open, &records, one, rules, today);
        Ok(Reply::Care {
            care: CareView {
                due: due
                    .map(|due| DueView {
                        date: due.date.to_string(),
                        what: due.what.into(),
                        kind: due.kind,
                        record: due.record,
                        title: due.title,
                    })
                    .collect(),
                plans: of_kind(&records, "plan").map(plan).collect(),
                denials: appeals::denials(&records, rules)
                    .iter()
                    .map(denial_view)
                    .collect(),
                authorizations: of_kind(&records, "authorization").map(units).collect(),
                releases: of_kind(&records, "supervision").map(release).collect(),
            },
        })
    }

    fn release_view(
        &self,
        open: &Open,
        records: &[Record],
        supervision: &Record,
        rules: &Document,
        today: Option<Date>,
    ) -> ReleaseView {
        let day = release::day(supervision);
        let steps = || {
            of_kind(records, "release_step").filter(|one| one.text("supervision") == supervision.id)
        };
        let dated = day.into_iter().flat_map(|day| {
            steps().filter_map(move |step| {
                Some((step.id.clone(), release::due(step, day)?.to_string()))
            })
        });
        let moves =
            of_kind(records, RELEASE_MOVE).filter(|one| one.text("supervision") == supervision.id);
        let mut moves: Vec<MoveView> = moves
            .map(|one| {
                let days = [one.text("from"), one.text("to")].map(|day| day.parse::<Date>().ok());
                let along = |step: &Record| {
                    let name = match step.text("title") {
                        "" => step.text("element"),
                        title => title,
                    };
                    let [from, to] = days;
                    let on = |day: Option<Date>| {
                        let due = day.and_then(|day| release::due(step, day));
                        due.map(|due| due.to_string()).unwrap_or_default()
                    };
                    (name.to_owned(), on(from), on(to))
                };
                // Steps that were made or done since are told of as well: the day moved all the same.
                MoveView {
                    from: one.text("from").into(),
                    to: one.text("to").into(),
                    source: one.text("source").into(),
                    reason: one.text("reason").into(),
                    author: self.author(open, &one.origin),
                    at: one.origin.at,
                    moved: steps().map(along).collect(),
                }
            })
            .collect();
        moves.sort_by_key(|one| std::cmp::Reverse(one.at));
        let lacking = today.map(|today| release::lacking(records, &supervision.id, rules, today));
        let lacking = lacking.unwrap_or_default().into_iter();
        ReleaseView {
            id: supervision.id.clone(),
            date: day.map(|day| day.to_string()).unwrap_or_default(),
            steps: dated.collect(),
            lacking: lacking.map(|(element, ..)| element.to_owned()).collect(),
            moves,
        }
    }

    fn open_level(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        denial: &str,
    ) -> Result<Reply, Failure> {
        self.check_place(stream, "appeal")?;
        let (_, desk) = self.parts()?;
        let records = record::all(&self.care_open(stream)?.doc);
        let denials = appeals::denials(&records, &desk.rules.document);
        let found = denials.iter().find(|one| one.denial.id == denial);
        let found = found.ok_or(Failure::NotFound)?;
        let level = found.next.ok_or(Failure::NotAllowed)?;
        // The notice from which it counts stands in the level before; it is not copied, so that a date
        // which is put right there is put right here.
        let level = level.to_string();
        let parts = [denial, level.as_str()].join("\n");
        let hash = sha256(&[b"satchel/appeal/1", parts.as_bytes()]);
        let id = data_encoding::HEXLOWER.encode(hash.get(..16).unwrap_or_default());
        let edits = begin("appeal", &id, &[("denial", denial), ("level", &level)]);
        self.do_edits(cx, stream, id, edits)
    }

    fn add_checklist(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        supervision: &str,
    ) -> Result<Reply, Failure> {
        self.check_place(stream, "release_step")?;
        self.care_record(stream, "supervision", supervision)?;
        let (_, desk) = self.parts()?;
        let rules = &desk.rules.document;
        let today = rules.day_of(cx.now).ok_or(Failure::WrongMoment)?;
        let records = record::all(&self.care_open(stream)?.doc);
        let mut edits = Vec::new();
        for (element, days, side) in release::lacking(&records, supervision, rules, today) {
            // Two who add the checklist apart add one step for each element.
            let parts = [supervision, element].join("\n");
            let hash = sha256(&[b"satchel/release/1", parts.as_bytes()]);
            let id = data_encoding::HEXLOWER.encode(hash.get(..16).unwrap_or_default());
            let values = [
                ("supervision", supervision),
                ("element", element),
                ("days", &days.to_string()),
                ("side", side),
            ];
            edits.extend(begin("release_step", &id, &values));
        }
        if !edits.is_empty() {
            self.do_edits(cx, stream, String::new(), edits)?;
        }
        Ok(Reply::Done)
    }

    /// What else is written when a form's values are saved, once it is clear that they may be.
    ///
    /// # Errors
    /// [`Failure::PlanIncomplete`], [`Failure::Inherited`], [`Failure::NotAllowed`] for a change of what is
    /// only ever added.
    pub(super) fn care_rules(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: &str,
        kind: &str,
        existing: Option<&Record>,
        values: &[(String, String)],
    ) -> Result<Vec<Edit>, Failure> {
        let (replica, _) = self.parts()?;
        let me = replica.profile.staff.to_string();
        let changes = |(key, text): &(String, String)| {
            existing.is_some_and(|one| key != STATE && one.text(key) != text)
        };
        if ADDED_ONLY.contains(&kind) && values.iter().any(changes) {
            return Err(Failure::NotAllowed);
        }
        if ["plan", "goal", "step"].contains(&kind) {
            let records = record::all(&self.care_open(stream)?.doc);
            plans::check(&records, kind, existing, values, &me)?;
        }
        if kind == "supervision" {
            return moved(cx, existing, id, values, "");
        }
        Ok(Vec::new())
    }
}

/// The record of a day of release that moves; none where it stays.
fn moved(
    cx: &mut Cx,
    existing: Option<&Record>,
    supervision: &str,
    values: &[(String, String)],
    reason: &str,
) -> Result<Vec<Edit>, Failure> {
    let value = |key: &str| {
        let found = values.iter().find(|(known, _)| known == key);
        found.map(|(_, text)| text.as_str())
    };
    let (Some(before), Some(to)) = (existing, value("release_date")) else {
        return Ok(Vec::new());
    };
    let from = release::day(before)
        .map(|day| day.to_string())
        .unwrap_or_default();
    if from == to {
        return Ok(Vec::new());
    }
    let id = new_id(cx);
    let source = value("release_source").unwrap_or_default();
    let values = [
        ("supervision", supervision),
        ("from", &from),
        ("to", to),
        ("source", source),
        ("reason", reason),
    ];
    let kind = record::kind(RELEASE_MOVE).ok_or(Failure::Damaged)?;
    let owned: Vec<_> = values
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .into();
    record::check(kind, &owned, None)?;
    Ok(begin(RELEASE_MOVE, &id, &values))
}
