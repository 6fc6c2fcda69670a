//! How forms and assessments are shown: pages of what is asked, answers in words, scores. Decides
//! nothing.

use satchel_wire::StreamId;

use super::{Filled, answers_of, page_of};
use crate::{
    api::{
        AssessmentRow, AssessmentView, Failure, ItemSort, ItemView, PageView, PastScore, Reply,
        ScoreView, Side,
    },
    case,
    engine::{Engine, desk::Open},
    finding,
    questionnaire::{
        Answers, Form, Item, ItemKind, Score, Slot, Value, alarms, key, missing, slots,
    },
    record::{self, ASSESSMENT, Record},
};

/// Pages of what is asked. `sides` are the answers given apart, by key.
pub fn pages(
    slots: &[Slot<'_>],
    answers: &Answers,
    scores: &[ScoreView],
    language: &str,
) -> Vec<PageView> {
    let mut pages: Vec<PageView> = Vec::new();
    let mut last = None;
    let numbers = page_of(slots);
    for (at, (slot, page)) in slots.iter().zip(numbers).enumerate() {
        if !slot.enabled {
            continue;
        }
        let repeats = slot.item.kind == ItemKind::Group && slot.item.repeats;
        let heads = slot.depth == 1 && slot.item.kind == ItemKind::Group;
        if last != Some(page) {
            let title = if heads {
                slot.item.words.within(language)
            } else {
                ""
            };
            pages.push(PageView {
                title: title.into(),
                items: Vec::new(),
            });
            last = Some(page);
        }
        let Some(current) = pages.last_mut() else {
            continue;
        };
        // The page's own group is its title.
        if !heads || repeats {
            current
                .items
                .push(item_view(slot, answers, scores, language));
        }
        for group in ended(slots, at) {
            current.items.push(offer(group, language));
        }
    }
    pages
}

/// Repeating groups whose last one ends with this slot, the innermost first.
fn ended<'a, 'b>(slots: &'b [Slot<'a>], at: usize) -> Vec<&'b Slot<'a>> {
    let Some(here) = slots.get(at) else {
        return Vec::new();
    };
    let rest = slots.get(at + 1..).unwrap_or_default();
    let within = |group: &Slot<'_>| {
        let parent = group.path.len().saturating_sub(1);
        // Another one of it, or something in one, still comes.
        rest.iter().any(|slot| {
            slot.item.repeating.contains(&group.item.link)
                && slot.path.get(..parent) == group.path.get(..parent)
        })
    };
    let before = slots.get(..=at).unwrap_or_default().iter().rev();
    let mut found: Vec<&Slot<'_>> = Vec::new();
    for link in here.item.repeating.iter().rev() {
        let group = before
            .clone()
            .find(|slot| slot.item.link == *link && slot.enabled);
        found.extend(group.filter(|group| !within(group)));
    }
    found
}

/// What offers one more of a repeating group.
fn offer(group: &Slot<'_>, language: &str) -> ItemView {
    let parent = group
        .path
        .split_last()
        .map_or(&[][..], |(_, parent)| parent);
    ItemView {
        key: key(&group.item.link, parent),
        sort: ItemSort::Add,
        asked: false,
        ..plain(group, language)
    }
}

fn sort(item: &Item) -> ItemSort {
    match &item.kind {
        _ if item.calculation.is_some() => ItemSort::Score,
        ItemKind::Group => ItemSort::Group,
        ItemKind::Display => ItemSort::Display,
        ItemKind::Boolean => ItemSort::Boolean,
        ItemKind::Decimal => ItemSort::Decimal,
        ItemKind::Integer => ItemSort::Integer,
        ItemKind::Date => ItemSort::Date,
        ItemKind::DateTime => ItemSort::DateTime,
        ItemKind::Time => ItemSort::Time,
        ItemKind::String => ItemSort::String,
        ItemKind::Text => ItemSort::Text,
        ItemKind::Url => ItemSort::Url,
        ItemKind::Choice => ItemSort::Choice,
        ItemKind::OpenChoice => ItemSort::OpenChoice,
        ItemKind::Quantity => ItemSort::Quantity,
        ItemKind::Unsupported(_) => ItemSort::Unsupported,
    }
}

/// An item without its answer.
fn plain(slot: &Slot<'_>, language: &str) -> ItemView {
    let item = slot.item;
    let options = item
        .options
        .iter()
        .map(|option| option.words.within(language).to_owned());
    let units = item.units.iter().map(|unit| {
        let name = if unit.display.is_empty() {
            &unit.code
        } else {
            &unit.display
        };
        name.clone()
    });
    ItemView {
        key: slot.key.clone(),
        sort: sort(item),
        prefix: item.prefix.clone(),
        text: item.words.within(language).to_owned(),
        depth: (slot.depth.saturating_sub(2)) as u32,
        required: item.required,
        repeats: item.repeats,
        asked: item.is_asked(),
        options: options.collect(),
        chosen: Vec::new(),
        typed: Vec::new(),
        units: units.collect(),
        unit: 0,
        min: item.min.clone().unwrap_or_default(),
        max: item.max.clone().unwrap_or_default(),
        length_max: item.length_max.and_then(|max| u32::try_from(max).ok()),
        shown: String::new(),
        detail: match &item.kind {
            ItemKind::Unsupported(kind) => kind.clone(),
            _ if item.lacks_list() => "list".into(),
            _ => String::new(),
        },
        may_drop: false,
        sides: Vec::new(),
    }
}

fn item_view(slot: &Slot<'_>, answers: &Answers, scores: &[ScoreView], language: &str) -> ItemView {
    let item = slot.item;
    let mut view = plain(slot, language);
    let mut shown = Vec::new();
    for value in answers.of(&slot.key) {
        if let Some((n, option)) = item.option(value) {
            view.chosen.push(n as u32);
            shown.push(option.words.within(language).to_owned());
            continue;
        }
        view.typed.push(match value {
            Value::Quantity(quantity) => {
                let unit = item
                    .units
                    .iter()
                    .position(|unit| unit.code == quantity.code);
                view.unit = unit.unwrap_or(0) as u32;
                quantity.value.to_string()
            }
            other => other.text(),
        });
        shown.push(value.text());
    }
    if item.kind == ItemKind::Group {
        view.may_drop = !answers.of(&slot.key).is_empty();
    } else {
        view.shown = shown.join(", ");
    }
    if let Some(score) = scores.iter().find(|score| score.link == item.link) {
        view.shown.clone_from(&score.value);
        view.detail = score.not_computed.clone().unwrap_or_default();
    }
    view
}

fn score_view(form: &Form, score: Score, language: &str) -> ScoreView {
    let item = form.item(&score.link);
    let text = |number: Option<crate::questionnaire::Decimal>| {
        number.map(|number| number.to_string()).unwrap_or_default()
    };
    ScoreView {
        title: item
            .map(|item| item.words.within(language).to_owned())
            .unwrap_or_default(),
        link: score.link,
        value: text(score.value),
        most: text(score.most),
        answered: score.answered as u32,
        of: score.of as u32,
        band: score.band,
        not_computed: score.not_computed,
    }
}

impl Filled<'_> {
    fn score_views(&self, language: &str) -> Vec<ScoreView> {
        let Some(entry) = self.entry else {
            return Vec::new();
        };
        let scores = self.scores().into_iter();
        scores
            .map(|score| score_view(&entry.form, score, language))
            .collect()
    }

    fn title(&self, language: &str) -> String {
        let title = self
            .entry
            .map(|entry| entry.form.title.within(language).to_owned());
        title.unwrap_or_else(|| self.record.text("title").to_owned())
    }

    /// The first score; without the form, as it was written down.
    fn first(&self, language: &str) -> Option<ScoreView> {
        let first = self
            .score_views(language)
            .into_iter()
            .find(|score| !score.value.is_empty());
        let value = self.record.text("score");
        first.or_else(|| {
            (self.entry.is_none() && !value.is_empty()).then(|| ScoreView {
                link: String::new(),
                title: String::new(),
                value: value.into(),
                most: String::new(),
                answered: 0,
                of: 0,
                band: None,
                not_computed: None,
            })
        })
    }
}

impl Engine {
    pub(super) fn assessment_rows(
        &self,
        stream: StreamId,
        language: &str,
    ) -> Result<Reply, Failure> {
        let (_, desk) = self.parts()?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let all = record::all(&open.doc);
        let outdone = finding::outdone(&open.doc, &all);
        let records = all.into_iter().filter(|record| record.kind == ASSESSMENT);
        let mut rows: Vec<AssessmentRow> = records
            .map(|record| {
                let filled = Filled::new(record, &desk.library);
                let (record, entry) = (&filled.record, filled.entry);
                AssessmentRow {
                    id: record.id.clone(),
                    form: record.text("form").into(),
                    series: finding::series(record).to_owned(),
                    title: filled.title(language),
                    date: record.text("date").into(),
                    state: record.state().into(),
                    score: filled.first(language),
                    outdone: outdone.contains(&record.id) && entry.is_some(),
                    client: record.text("client").into(),
                    author: self.author(open, &record.origin),
                    at: record.origin.at,
                }
            })
            .collect();
        rows.sort_by(|a, b| (&b.date, b.at, &b.id).cmp(&(&a.date, a.at, &a.id)));
        Ok(Reply::Assessments { assessments: rows })
    }

    pub(super) fn assessment_view(
        &self,
        stream: StreamId,
        id: &str,
        language: &str,
    ) -> Result<Reply, Failure> {
        let filled = self.filled(stream, id)?;
        let (replica, desk) = self.parts()?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let scores = filled.score_views(language);
        let record = &filled.record;
        let writes = replica.profile.role.writes();
        let kind = record::kind(ASSESSMENT);
        let next = kind.and_then(|kind| kind.after(record.state()));
        let next = next.filter(|_| writes).unwrap_or_default().iter();
        let mut view = AssessmentView {
            id: record.id.clone(),
            case_name: case::name(&case::fields(&open.doc)),
            form: record.text("form").into(),
            title: filled.title(language),
            version: record.text("version").into(),
            copyright: String::new(),
            date: record.text("date").into(),
            client: record.text("client").into(),
            informant: record.text("informant").into(),
            informant_name: record.text("informant_name").into(),
            state: record.state().into(),
            next: next.map(|state| (*state).to_owned()).collect(),
            may_answer: writes && filled.is_open() && filled.entry.is_some(),
            author: self.author(open, &record.origin),
            at: record.origin.at,
            pages: Vec::new(),
            formless: filled.entry.is_none(),
            answered: 0,
            of: 0,
            missing: Vec::new(),
            alarms: Vec::new(),
            recorded: self.recorded(open, record, &scores),
            scores,
        };
        match filled.entry {
            Some(entry) => {
                self.ask(&mut view, (&filled, open), &entry.form, language);
                let found = alarms(&entry.form, &filled.answers, &entry.settings).into_iter();
                view.alarms = found
                    .map(|alarm| {
                        let item = entry.form.item(&alarm.link);
                        let text = item.map(|item| item.words.within(language).to_owned());
                        let values = filled.answers.of(&alarm.key).iter();
                        let words = values.map(|value| {
                            let option = item.and_then(|item| item.option(value));
                            option.map_or_else(
                                || value.text(),
                                |(_, option)| option.words.within(language).to_owned(),
                            )
                        });
                        let words: Vec<String> = words.collect();
                        (alarm.key, text.unwrap_or_default(), words.join(", "))
                    })
                    .collect();
            }
            None => view.pages = vec![as_kept(record)],
        }
        Ok(Reply::Assessment {
            assessment: Box::new(view),
        })
    }

    fn ask(
        &self,
        view: &mut AssessmentView,
        (filled, open): (&Filled<'_>, &Open),
        form: &Form,
        language: &str,
    ) {
        let all = slots(form, &filled.answers);
        view.copyright.clone_from(&form.copyright);
        view.pages = pages(&all, &filled.answers, &view.scores, language);
        let asked = all
            .iter()
            .filter(|slot| slot.enabled && slot.item.is_asked());
        view.of = asked.clone().count() as u32;
        let answered = asked.filter(|slot| !filled.answers.of(&slot.key).is_empty());
        view.answered = answered.count() as u32;
        for slot in missing(&all, &filled.answers) {
            let on = |page: &PageView| page.items.iter().any(|item| item.key == slot.key);
            let page = view.pages.iter().position(on).unwrap_or(0);
            let text = slot.item.words.within(language).to_owned();
            view.missing.push((page as u32, slot.key, text));
        }
        for item in view.pages.iter_mut().flat_map(|page| &mut page.items) {
            let held = filled
                .record
                .held(&format!("{}{}", record::ANSWER, item.key));
            if held.len() > 1 {
                let mut held: Vec<_> = held.iter().collect();
                held.sort_by(|a, b| a.origin.cmp(&b.origin));
                let sides = held.into_iter().map(|held| Side {
                    id: held.id.clone(),
                    value: Answers::shown(&held.text),
                    author: self.author(open, &held.origin),
                    at: held.origin.at,
                });
                item.sides = sides.collect();
            }
        }
    }

    /// The first score as it was written down, where the answers give another now.
    fn recorded(&self, open: &Open, record: &Record, scores: &[ScoreView]) -> Option<PastScore> {
        let held = record.held("score").first()?;
        let now = scores.iter().find(|score| !score.value.is_empty());
        let differs = now.is_some_and(|now| now.value != held.text);
        (differs && !held.text.is_empty()).then(|| PastScore {
            value: held.text.clone(),
            author: self.author(open, &held.origin),
            at: held.origin.at,
        })
    }
}

/// What was answered, as the record keeps it: the form is not here.
fn as_kept(record: &Record) -> PageView {
    let items = answers_of(record).filter_map(|(key, held)| {
        let shown = Answers::shown(&held.first()?.text);
        (!shown.is_empty()).then(|| ItemView {
            key: key.into(),
            sort: ItemSort::Unsupported,
            prefix: String::new(),
            text: key.into(),
            depth: 0,
            required: false,
            repeats: false,
            asked: false,
            options: Vec::new(),
            chosen: Vec::new(),
            typed: Vec::new(),
            units: Vec::new(),
            unit: 0,
            min: String::new(),
            max: String::new(),
            length_max: None,
            shown,
            detail: String::new(),
            may_drop: false,
            sides: Vec::new(),
        })
    });
    PageView {
        title: String::new(),
        items: items.collect(),
    }
}
