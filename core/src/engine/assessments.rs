//! Filling in forms: each answer is one change, checked against the form, and stored before anybody is
//! told. Owns the rules that a critical answer opens its task in the same change, that what is
//! completed is only changed as amended, and that of two answers given apart the graver one counts
//! until somebody has chosen.

mod view;

use satchel_wire::{StreamId, envelope::sha256};

pub(super) use view::pages;

use crate::{
    api::{AssessAsk, Failure, Reply},
    doc::Held,
    engine::{
        Engine,
        cx::Cx,
        library::{Entry, Library},
        records::new_id,
    },
    questionnaire::{
        ALGORITHM, Answers, Decimal, Form, Given, ItemKind, Refused, Response, Score, Slot, Value,
        alarms, key, key_parts, missing, response, scores, slots,
    },
    record::{self, ANSWER, ASSESSMENT, Edit, Record, STATE},
};

/// The most bytes of all answers to one item.
const ANSWER_LEN_MAX: usize = 64 * 1024;
/// The longest title of a task, in bytes of UTF-8.
const TITLE_LEN_MAX: usize = 512;
/// What a repeating group holds that has been added.
const ADDED: Value = Value::Boolean(true);

/// A filled-in form: the record, and the form where it is here.
struct Filled<'a> {
    record: Record,
    entry: Option<&'a Entry>,
    answers: Answers,
}

impl<'a> Filled<'a> {
    fn new(record: Record, library: &'a Library) -> Self {
        let entry = library.form(record.text("form"));
        let mut answers = Answers::default();
        for (key, held) in answers_of(&record) {
            let graver = entry.and_then(|entry| graver(&entry.form, key, held));
            let text = graver.or_else(|| held.first().map(|held| held.text.as_str()));
            answers.take(key, text.unwrap_or_default());
        }
        Self {
            record,
            entry,
            answers,
        }
    }

    fn form(&self) -> Result<&'a Entry, Failure> {
        self.entry.ok_or(Failure::NotFound)
    }

    fn scores(&self) -> Vec<Score> {
        self.entry.map_or_else(Vec::new, |entry| {
            scores(&entry.form, &self.answers, &entry.settings)
        })
    }

    /// Answers may be given in this state.
    fn is_open(&self) -> bool {
        ["in-progress", "amended"].contains(&self.record.state())
    }

    /// The scores as they are written down with what was answered.
    fn written(&self) -> Vec<(String, String)> {
        let scores = self.scores();
        let value = |score: &Score| score.value.map(|value| value.to_string());
        let first = scores.iter().find_map(value).unwrap_or_default();
        let all: Vec<serde_json::Value> = scores
            .iter()
            .filter_map(|score| {
                let word = score.band.as_ref().map(|band| band.word.as_str());
                Some(serde_json::json!({"link": score.link, "value": value(score)?, "word": word}))
            })
            .collect();
        let all = serde_json::to_string(&all).unwrap_or_default();
        vec![
            ("score".into(), first),
            ("scores".into(), all),
            ("algorithm".into(), ALGORITHM.into()),
        ]
    }
}

/// The answers of a record by the item's key.
fn answers_of(record: &Record) -> impl Iterator<Item = (&str, &[Held])> {
    let fields = record.fields.iter();
    fields.filter_map(|(key, held)| Some((key.strip_prefix(ANSWER)?, held.as_slice())))
}

/// Of answers given apart the one that counts most; none where there is but one, or none counts.
fn graver<'a>(form: &Form, key: &str, held: &'a [Held]) -> Option<&'a str> {
    if held.len() < 2 {
        return None;
    }
    let item = form.item(&key_parts(key).0)?;
    let weight = |held: &Held| -> Option<Decimal> {
        let mut answers = Answers::default();
        answers.take(key, &held.text);
        let options = answers
            .of(key)
            .iter()
            .filter_map(|value| item.option(value));
        let weights: Vec<Decimal> = options.filter_map(|(_, option)| option.weight).collect();
        (!weights.is_empty()).then(|| weights.into_iter().sum())
    };
    let weighed = held.iter().filter_map(|held| Some((weight(held)?, held)));
    let gravest = weighed.max_by_key(|(weight, held)| (*weight, held.origin.clone()));
    gravest.map(|(_, held)| held.text.as_str())
}

impl From<(&str, Refused)> for Failure {
    fn from((key, refused): (&str, Refused)) -> Self {
        let field = key.to_owned();
        match refused {
            Refused::NoItem => Self::UnknownField { field },
            Refused::Takes(expected) => Self::BadValue { field, expected },
            Refused::TooLong(max) => Self::TooLong {
                field,
                max: max as u32,
            },
        }
    }
}

impl Engine {
    pub(super) fn assess(
        &mut self,
        cx: &mut Cx,
        case: &str,
        ask: AssessAsk,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        match ask {
            AssessAsk::List { language } => self.assessment_rows(stream, &language),
            AssessAsk::Open { id, language } => self.assessment_view(stream, &id, &language),
            AssessAsk::Begin {
                form,
                date,
                client,
                informant,
                informant_name,
            } => {
                self.check_place(stream, ASSESSMENT)?;
                let values = [
                    ("date", date),
                    ("client", client),
                    ("informant", informant),
                    ("informant_name", informant_name),
                ];
                self.begin_assessment(cx, stream, &form, &values)
            }
            AssessAsk::Answer {
                id,
                key,
                given,
                language,
            } => {
                self.answer(cx, stream, &id, &key, &given)?;
                self.assessment_view(stream, &id, &language)
            }
            AssessAsk::AddGroup { id, key, language } => {
                self.add_group(cx, stream, &id, &key)?;
                self.assessment_view(stream, &id, &language)
            }
            AssessAsk::DropGroup { id, key, language } => {
                self.drop_group(cx, stream, &id, &key)?;
                self.assessment_view(stream, &id, &language)
            }
            AssessAsk::State { id, to, language } => {
                self.set_assessment(cx, stream, &id, &to)?;
                self.assessment_view(stream, &id, &language)
            }
            AssessAsk::Export { id } => self.export_assessment(stream, &id),
        }
    }

    fn begin_assessment(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        form: &str,
        said: &[(&str, String)],
    ) -> Result<Reply, Failure> {
        let (_, desk) = self.parts()?;
        let entry = desk.library.form(form).ok_or(Failure::NotFound)?;
        let cut = |text: &str| cut(text, TITLE_LEN_MAX).to_owned();
        let about = [
            ("form", form.to_owned()),
            ("title", cut(&entry.form.title.base)),
            ("url", cut(&entry.form.url)),
            ("version", cut(&entry.form.version)),
        ];
        let said = said
            .iter()
            .map(|(key, text)| (*key, text.trim().to_owned()));
        let values: Vec<(String, String)> = about
            .into_iter()
            .chain(said)
            .filter(|(key, text)| !text.is_empty() || *key == "date")
            .map(|(key, text)| (key.to_owned(), text))
            .collect();
        let kind = record::kind(ASSESSMENT).ok_or(Failure::Damaged)?;
        record::check(kind, &values, None)?;
        self.check_references(stream, kind, &values)?;
        let id = new_id(cx);
        self.write(cx, stream, &record::edits(ASSESSMENT, &id, &values))?;
        Ok(Reply::Saved { id, undo: None })
    }

    fn filled(&self, stream: StreamId, id: &str) -> Result<Filled<'_>, Failure> {
        let (_, desk) = self.parts()?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let record = record::find(&open.doc, ASSESSMENT, id).ok_or(Failure::NotFound)?;
        Ok(Filled::new(record, &desk.library))
    }

    fn answer(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: &str,
        key: &str,
        given: &[Given],
    ) -> Result<(), Failure> {
        let filled = self.filled(stream, id)?;
        let form = &filled.form()?.form;
        let values = form.check(key, given).map_err(|refused| (key, refused))?;
        self.set_answers(cx, stream, id, &[(key.to_owned(), values)])
    }

    fn add_group(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: &str,
        place: &str,
    ) -> Result<(), Failure> {
        let filled = self.filled(stream, id)?;
        let (link, mut path) = key_parts(place);
        let item = filled.form()?.form.item(&link);
        let fits = |kind: &ItemKind, repeats: bool| *kind == ItemKind::Group && repeats;
        item.filter(|item| {
            fits(&item.kind, item.repeats) && item.repeating.len() == path.len() + 1
        })
        .ok_or(Failure::NotFound)?;
        // By time, so that they stand in the order in which they were added, wherever that was.
        let chance = crate::keys::random::<2>(cx.rng);
        let name = format!(
            "{:011x}{}",
            cx.now.0 & 0xfff_ffff_ffff,
            data_encoding::HEXLOWER.encode(&chance)
        );
        path.push(name);
        self.set_answers(cx, stream, id, &[(key(&link, &path), vec![ADDED])])
    }

    fn drop_group(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: &str,
        place: &str,
    ) -> Result<(), Failure> {
        let filled = self.filled(stream, id)?;
        let form = &filled.form()?.form;
        let (link, path) = key_parts(place);
        let group = form.item(&link).filter(|item| item.kind == ItemKind::Group);
        let group = group.filter(|item| item.repeats && item.repeating.len() == path.len());
        group.ok_or(Failure::NotFound)?;
        let within = |key: &str| {
            let (link, at) = key_parts(key);
            let item = form.item(&link);
            at.starts_with(&path)
                && item.is_some_and(|item| item.repeating.contains(&group_link(place)))
        };
        let keys = filled.answers.keys().filter(|key| within(key));
        let gone: Vec<(String, Vec<Value>)> = keys
            .filter(|key| !filled.answers.of(key).is_empty())
            .map(|key| (key.to_owned(), Vec::new()))
            .collect();
        if gone.is_empty() {
            return Err(Failure::NotFound);
        }
        self.set_answers(cx, stream, id, &gone)
    }

    /// Sets answers as one change, with the tasks that they open and the scores where they are written
    /// down already.
    fn set_answers(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: &str,
        set: &[(String, Vec<Value>)],
    ) -> Result<(), Failure> {
        let mut filled = self.filled(stream, id)?;
        if !filled.is_open() {
            return Err(closed(&filled.record, "in-progress"));
        }
        let mut values = Vec::new();
        for (key, given) in set {
            let text = Answers::text(given);
            if text.len() > ANSWER_LEN_MAX {
                return Err(Failure::TooLong {
                    field: key.clone(),
                    max: ANSWER_LEN_MAX as u32,
                });
            }
            filled.answers.set(key, given.clone());
            values.push((format!("{ANSWER}{key}"), text));
        }
        if filled.record.state() == "amended" {
            values.extend(filled.written());
        }
        let mut edits = record::edits(ASSESSMENT, id, &values);
        edits.extend(self.tasks(stream, &filled)?);
        self.write(cx, stream, &edits)?;
        Ok(())
    }

    /// The tasks that critical answers open, as far as they are not there or were called off. Their ids
    /// follow from the answer, so that two who find the same open one.
    fn tasks(&self, stream: StreamId, filled: &Filled<'_>) -> Result<Vec<Edit>, Failure> {
        let (replica, desk) = self.parts()?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let entry = filled.form()?;
        let form = &entry.form;
        let mut edits = Vec::new();
        for alarm in alarms(form, &filled.answers, &entry.settings) {
            let id = task_id(&filled.record.id, &alarm.key);
            let task = record::find(&open.doc, "task", &id);
            if task.is_some_and(|task| !["cancelled", "entered-in-error"].contains(&task.state())) {
                continue;
            }
            let item = form.item(&alarm.link).ok_or(Failure::Damaged)?;
            let answer: Vec<String> = filled
                .answers
                .of(&alarm.key)
                .iter()
                .map(Value::text)
                .collect();
            let word = if form.language.starts_with("es") {
                "Seguridad"
            } else {
                "Safety"
            };
            let title = format!("{word}: {} → {}", item.words.base, answer.join(", "));
            let values = [
                ("title", cut(&title, TITLE_LEN_MAX).to_owned()),
                ("due", filled.record.text("date").to_owned()),
                ("owner", replica.profile.staff.to_string()),
                ("priority", "urgent".into()),
                ("remarks", filled.record.text("title").to_owned()),
                ("assessment", filled.record.id.clone()),
                (STATE, "requested".into()),
            ];
            let values: Vec<_> = values.map(|(key, value)| (key.to_owned(), value)).into();
            edits.extend(record::edits("task", &id, &values));
        }
        Ok(edits)
    }

    fn set_assessment(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        id: &str,
        to: &str,
    ) -> Result<(), Failure> {
        let filled = self.filled(stream, id)?;
        let kind = record::kind(ASSESSMENT).ok_or(Failure::Damaged)?;
        let mut values = vec![(STATE.to_owned(), to.to_owned())];
        record::check(kind, &values, Some(&filled.record))?;
        if to == "completed" && filled.record.state() != to {
            let form = &filled.form()?.form;
            let all = slots(form, &filled.answers);
            if let Some(slot) = missing(&all, &filled.answers).first() {
                return Err(Failure::Empty {
                    field: slot.key.clone(),
                });
            }
            values.extend(filled.written());
        }
        self.write(cx, stream, &record::edits(ASSESSMENT, id, &values))?;
        Ok(())
    }

    fn export_assessment(&self, stream: StreamId, id: &str) -> Result<Reply, Failure> {
        let filled = self.filled(stream, id)?;
        let form = &filled.form()?.form;
        let (_, desk) = self.parts()?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let record = &filled.record;
        let client = record::find(&open.doc, "client", record.text("client"));
        let subject = client.map_or_else(
            || crate::case::name(&crate::case::fields(&open.doc)),
            |client| client.text("name").to_owned(),
        );
        let said = Response {
            status: record.state().into(),
            authored: record.text("date").into(),
            subject,
            author: self.author(open, &record.origin),
            source: record.text("informant_name").into(),
            id: record.id.clone(),
        };
        let text = response(form, &filled.answers, &filled.scores(), &said);
        let title: String = crate::search::fold(&form.title.base)
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(60)
            .collect();
        let date = record.text("date");
        Ok(Reply::File {
            name: format!("{title}-{date}.json"),
            text,
        })
    }
}

fn group_link(place: &str) -> String {
    key_parts(place).0
}

/// What is completed is amended first; what was stopped is taken up again.
fn closed(record: &Record, to: &str) -> Failure {
    let next = record::kind(ASSESSMENT).and_then(|kind| kind.after(record.state()));
    let next = next.unwrap_or_default().iter();
    Failure::BadTransition {
        from: record.state().into(),
        to: to.into(),
        allowed: next.map(|state| (*state).to_owned()).collect(),
    }
}

fn task_id(assessment: &str, key: &str) -> String {
    let parts = [assessment, key].join("\n");
    let hash = sha256(&[b"satchel/critical/1", parts.as_bytes()]);
    data_encoding::HEXLOWER.encode(hash.get(..16).unwrap_or_default())
}

/// The beginning of a text, at most so many bytes of it.
fn cut(text: &str, len_max: usize) -> &str {
    let end = (0..=len_max.min(text.len())).rev();
    let end = end.into_iter().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// Slots on pages: each group of the first level is one, other items of it stand together.
fn page_of(slots: &[Slot<'_>]) -> Vec<u32> {
    /// The most items that stand together on a page of their own.
    const TOGETHER_MAX: usize = 5;
    let mut pages = Vec::new();
    let (mut page, mut last, mut together) = (0, None, 0);
    for slot in slots {
        let group = slot.item.kind == ItemKind::Group;
        if slot.depth == 1 && last.is_some_and(|(top, _)| top != slot.top) {
            let after_group = last.is_some_and(|(_, group)| group);
            if group || after_group || together >= TOGETHER_MAX {
                page += 1;
                together = 0;
            }
        }
        if slot.depth == 1 {
            last = Some((slot.top, group));
            together += usize::from(slot.item.is_asked());
        }
        pages.push(page);
    }
    pages
}
