//! A filled-in form as a QuestionnaireResponse of FHIR R4: items that are asked and answered, in the
//! order of the form; what is not asked any more is left out, as the standard wants it.

use serde_json::{Map, Value as Json, json};

use super::{Answers, Form, Item, ItemKind, Score, answers::key, slots};

/// What the response says beside the answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// `in-progress`, `completed`, `amended`, `entered-in-error`, `stopped`.
    pub status: String,
    /// Day on which it was filled in, `2026-11-25`.
    pub authored: String,
    /// Who is asked about, in words.
    pub subject: String,
    /// Who filled it in, in words.
    pub author: String,
    /// Who answered, in words.
    pub source: String,
    /// Id of the assessment.
    pub id: String,
}

/// The response as JSON text.
pub fn response(form: &Form, answers: &Answers, scores: &[Score], said: &Response) -> String {
    let slots = slots(form, answers);
    let enabled = slots.iter().filter(|slot| slot.enabled);
    let writer = Writer {
        answers,
        scores,
        enabled: enabled.map(|slot| slot.key.as_str()).collect(),
    };
    let mut out = Map::new();
    out.insert("resourceType".into(), "QuestionnaireResponse".into());
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            out.insert(key.into(), value.into());
        }
    };
    put("id", &said.id);
    let version = if form.version.is_empty() {
        String::new()
    } else {
        format!("|{}", form.version)
    };
    if !form.url.is_empty() {
        put("questionnaire", &format!("{}{version}", form.url));
    }
    put("status", &said.status);
    put("authored", &said.authored);
    for (key, words) in [
        ("subject", &said.subject),
        ("author", &said.author),
        ("source", &said.source),
    ] {
        if !words.is_empty() {
            out.insert(key.into(), json!({ "display": words }));
        }
    }
    let items = writer.items(&form.items, &[]);
    // FHIR has no empty lists.
    if !items.is_empty() {
        out.insert("item".into(), Json::Array(items));
    }
    serde_json::to_string_pretty(&Json::Object(out)).unwrap_or_default()
}

struct Writer<'a> {
    answers: &'a Answers,
    scores: &'a [Score],
    enabled: std::collections::BTreeSet<&'a str>,
}

impl Writer<'_> {
    fn items(&self, items: &[Item], path: &[String]) -> Vec<Json> {
        let all = items.iter().flat_map(|item| self.item(item, path));
        all.collect()
    }

    fn item(&self, item: &Item, path: &[String]) -> Vec<Json> {
        if item.kind == ItemKind::Group && item.repeats {
            let instances = self.answers.instances(item, path);
            let paths = instances.into_iter().map(|one| [path, &[one]].concat());
            return paths.filter_map(|path| self.one(item, &path)).collect();
        }
        self.one(item, path).into_iter().collect()
    }

    fn one(&self, item: &Item, path: &[String]) -> Option<Json> {
        let key = key(&item.link, path);
        if !self.enabled.contains(key.as_str()) || item.kind == ItemKind::Display {
            return None;
        }
        let below = self.items(&item.items, path);
        let mut answers = if item.kind == ItemKind::Group {
            Vec::new()
        } else {
            self.given(item, &key)
        };
        if below.is_empty() && answers.is_empty() {
            return None;
        }
        let mut out = Map::new();
        out.insert("linkId".into(), item.link.as_str().into());
        if !item.words.base.is_empty() {
            out.insert("text".into(), item.words.base.as_str().into());
        }
        match answers.first_mut().and_then(Json::as_object_mut) {
            Some(first) if !below.is_empty() => {
                first.insert("item".into(), Json::Array(below));
            }
            None if !below.is_empty() => {
                out.insert("item".into(), Json::Array(below));
            }
            _ => {}
        }
        if !answers.is_empty() {
            out.insert("answer".into(), Json::Array(answers));
        }
        Some(Json::Object(out))
    }

    /// What was answered; for a calculated item its score.
    fn given(&self, item: &Item, key: &str) -> Vec<Json> {
        let score = self.scores.iter().find(|score| score.link == item.link);
        if item.calculation.is_some() {
            let value = score.and_then(|score| score.value);
            let number =
                value.and_then(|value| serde_json::from_str::<Json>(&value.to_string()).ok());
            let name = match item.kind {
                ItemKind::Integer if number.as_ref().is_some_and(Json::is_i64) => "valueInteger",
                _ => "valueDecimal",
            };
            return number
                .map(|number| json!({ name: number }))
                .into_iter()
                .collect();
        }
        let values = self.answers.of(key).iter();
        values
            .filter_map(|value| serde_json::to_value(value).ok())
            .collect()
    }
}
