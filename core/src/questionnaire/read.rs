//! From JSON to a form. Owns that nothing of the form is dropped in silence: what is not understood
//! becomes a remark, what makes no sense an error with its place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{
    DEPTH_MAX, Decimal, FILE_LEN_MAX, FormError, ITEMS_MAX, OPTIONS_MAX, OPTIONS_TOTAL_MAX,
    answers::{Coding, Quantity, Value},
    expression::{Calculation, WEIGHTS},
    form::{Choice, Compare, Form, Item, ItemKind, Remark, Test, When, Words},
};

const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/";
const FHIR: &str = "http://hl7.org/fhir/StructureDefinition/";
/// The most bytes of a linkId: FHIR's limit of 255 characters with room for those of several bytes.
const LINK_LEN_MAX: usize = 512;

impl Form {
    /// Reads a questionnaire.
    ///
    /// # Errors
    /// [`FormError`], with the place.
    pub fn read(file: &[u8]) -> Result<Self, FormError> {
        if file.len() > FILE_LEN_MAX {
            return Err(FormError::TooBig {
                max_kib: (FILE_LEN_MAX / 1024) as u32,
            });
        }
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let json: Json = serde_json::from_slice(file).map_err(|error| FormError::NotJson {
            line: error.line() as u32,
            column: error.column() as u32,
        })?;
        let found = text(&json, "resourceType");
        if found != "Questionnaire" {
            return Err(FormError::NotQuestionnaire {
                found: found.chars().take(64).collect(),
            });
        }
        let mut reader = Reader {
            lists: lists(&json)?,
            items: 0,
            options: 0,
            links: BTreeSet::new(),
            remarks: Vec::new(),
        };
        let items = reader.items(&json, "", 1, &[])?;
        if items.is_empty() {
            return Err(FormError::NoItems);
        }
        let title = words(&json, "title");
        let title = if title.base.is_empty() {
            words(&json, "name")
        } else {
            title
        };
        if title.base.is_empty() {
            return Err(property("", "title"));
        }
        let form = Self {
            url: text(&json, "url").into(),
            version: text(&json, "version").into(),
            title,
            language: text(&json, "language").into(),
            codes: codings(&json),
            copyright: text(&json, "copyright").into(),
            items,
            remarks: reader.remarks,
        };
        check_questions(&form)?;
        Ok(form)
    }
}

struct Reader {
    /// The options of each list in the file, by `#id`.
    lists: BTreeMap<String, Vec<Choice>>,
    items: usize,
    options: usize,
    links: BTreeSet<String>,
    remarks: Vec<Remark>,
}

impl Reader {
    fn items(
        &mut self,
        parent: &Json,
        place: &str,
        depth: usize,
        repeating: &[String],
    ) -> Result<Vec<Item>, FormError> {
        let Some(list) = parent.get("item") else {
            return Ok(Vec::new());
        };
        let list = list.as_array().ok_or_else(|| property(place, "item"))?;
        let mut items = Vec::new();
        for (n, json) in (1..).zip(list) {
            let place = if place.is_empty() {
                format!("{n}")
            } else {
                format!("{place}.{n}")
            };
            items.push(self.item(json, &place, depth, repeating)?);
        }
        Ok(items)
    }

    fn item(
        &mut self,
        json: &Json,
        number: &str,
        depth: usize,
        repeating: &[String],
    ) -> Result<Item, FormError> {
        self.items += 1;
        if self.items > ITEMS_MAX {
            return Err(FormError::TooManyItems {
                max: ITEMS_MAX as u32,
            });
        }
        if depth > DEPTH_MAX {
            return Err(FormError::TooDeep {
                item: number.into(),
                max: DEPTH_MAX as u32,
            });
        }
        let link = text(json, "linkId").to_owned();
        if link.is_empty() || link.len() > LINK_LEN_MAX {
            return Err(property(number, "linkId"));
        }
        let place = format!("{number} ({})", link.chars().take(64).collect::<String>());
        if !self.links.insert(link.clone()) {
            return Err(FormError::LinkTwice { item: place });
        }
        let kind = item_kind(text(json, "type")).ok_or_else(|| property(&place, "type"))?;
        if let ItemKind::Unsupported(of) = &kind {
            self.remark("type", &place, of);
        }
        if ["initial", "answerOption"]
            .iter()
            .any(|key| has_initial(json, key))
        {
            self.remark("initial", &place, "");
        }
        let repeats = flag(json, "repeats", &place)?;
        let mut around = repeating.to_vec();
        if kind == ItemKind::Group && repeats {
            around.push(link.clone());
        }
        let (when, when_any) = when(json, &place)?;
        let options = self.choices(json, &kind, &place)?;
        let calculation = extension(
            json,
            &format!("{SDC}sdc-questionnaire-calculatedExpression"),
        )
        .and_then(|found| found.pointer("/valueExpression/expression"))
        .and_then(Json::as_str)
        .map(Calculation::read);
        if let Some(Calculation::Other(expression)) = &calculation {
            self.remark("calculation", &place, expression);
        }
        let length_max = json.get("maxLength").and_then(Json::as_u64);
        let bound = |name: &str| extension(json, &format!("{FHIR}{name}")).and_then(bound);
        let count = |name: &str| extension(json, &format!("{FHIR}{name}")).and_then(count);
        Ok(Item {
            codes: codings(json),
            words: words(json, "text"),
            prefix: text(json, "prefix").into(),
            required: flag(json, "required", &place)?,
            repeats,
            read_only: flag(json, "readOnly", &place)?,
            when,
            when_any,
            options,
            units: units(json),
            min: bound("minValue"),
            max: bound("maxValue"),
            length_min: count("minLength"),
            length_max: length_max.and_then(|max| usize::try_from(max).ok()),
            places_max: count("maxDecimalPlaces"),
            calculation,
            items: self.items(json, number, depth + 1, &around)?,
            repeating: around,
            kind,
            link,
            place,
        })
    }

    fn remark(&mut self, code: &'static str, item: &str, detail: &str) {
        self.remarks.push(Remark {
            code,
            item: item.into(),
            detail: detail.chars().take(300).collect(),
        });
    }

    fn choices(
        &mut self,
        json: &Json,
        kind: &ItemKind,
        place: &str,
    ) -> Result<Vec<Choice>, FormError> {
        let mut choices = Vec::new();
        if let Some(options) = json.get("answerOption") {
            let options = options
                .as_array()
                .ok_or_else(|| property(place, "answerOption"))?;
            for option in options {
                choices.push(choice(option).ok_or_else(|| property(place, "answerOption"))?);
            }
        } else if let Some(list) = json.get("answerValueSet").and_then(Json::as_str) {
            match self.lists.get(list) {
                Some(found) => choices.clone_from(found),
                None if list.starts_with('#') => {
                    return Err(FormError::NoList {
                        item: place.into(),
                        list: list.into(),
                    });
                }
                None => {}
            }
        }
        self.options += choices.len();
        if choices.len() > OPTIONS_MAX || self.options > OPTIONS_TOTAL_MAX {
            let max = if choices.len() > OPTIONS_MAX {
                OPTIONS_MAX
            } else {
                OPTIONS_TOTAL_MAX
            };
            return Err(FormError::TooManyOptions {
                item: place.into(),
                max: max as u32,
            });
        }
        if choices.is_empty() && matches!(kind, ItemKind::Choice | ItemKind::OpenChoice) {
            self.remark("list", place, text(json, "answerValueSet"));
        }
        Ok(choices)
    }
}

fn property(item: &str, property: &str) -> FormError {
    FormError::Property {
        item: item.into(),
        property: property.into(),
    }
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key)
        .and_then(Json::as_str)
        .unwrap_or_default()
        .trim()
}

fn flag(json: &Json, key: &str, place: &str) -> Result<bool, FormError> {
    match json.get(key) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or_else(|| property(place, key)),
    }
}

fn all<'a>(json: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    json.get(key).and_then(Json::as_array).into_iter().flatten()
}

fn extension<'a>(json: &'a Json, url: &str) -> Option<&'a Json> {
    all(json, "extension").find(|one| text(one, "url") == url)
}

/// A text with its translations, which stand beside it under `_key`.
fn words(json: &Json, key: &str) -> Words {
    let beside = json.get(format!("_{key}"));
    let translations = beside
        .into_iter()
        .flat_map(|beside| all(beside, "extension"));
    let others = translations.filter_map(|one| {
        let part = |name: &str| all(one, "extension").find(|part| text(part, "url") == name);
        let (language, content) = (part("lang")?, part("content")?);
        let content = ["valueString", "valueMarkdown"].map(|key| text(content, key));
        Some((text(language, "valueCode").to_owned(), content.concat()))
    });
    Words {
        base: text(json, key).into(),
        others: others.filter(|(_, content)| !content.is_empty()).collect(),
    }
}

fn coding(json: &Json) -> Coding {
    Coding {
        system: text(json, "system").into(),
        code: text(json, "code").into(),
        display: text(json, "display").into(),
    }
}

fn codings(json: &Json) -> Vec<Coding> {
    all(json, "code").map(coding).collect()
}

/// Units stand in one extension, or in one for each.
fn units(json: &Json) -> Vec<Coding> {
    let urls =
        ["questionnaire-unit", "questionnaire-unitOption"].map(|name| format!("{FHIR}{name}"));
    all(json, "extension")
        .filter(|one| urls.iter().any(|url| text(one, "url") == url))
        .filter_map(|one| one.get("valueCoding").map(coding))
        .collect()
}

fn has_initial(json: &Json, key: &str) -> bool {
    all(json, key).any(|one| key == "initial" || one.get("initialSelected").is_some())
}

fn item_kind(of: &str) -> Option<ItemKind> {
    Some(match of {
        "" => return None,
        "group" => ItemKind::Group,
        "display" => ItemKind::Display,
        "boolean" => ItemKind::Boolean,
        "decimal" => ItemKind::Decimal,
        "integer" => ItemKind::Integer,
        "date" => ItemKind::Date,
        "dateTime" => ItemKind::DateTime,
        "time" => ItemKind::Time,
        "string" => ItemKind::String,
        "text" => ItemKind::Text,
        "url" => ItemKind::Url,
        "choice" => ItemKind::Choice,
        "open-choice" => ItemKind::OpenChoice,
        "quantity" => ItemKind::Quantity,
        other => ItemKind::Unsupported(other.chars().take(64).collect()),
    })
}

/// A limit's number or date.
fn bound(json: &Json) -> Option<String> {
    let number = ["valueInteger", "valueDecimal"]
        .iter()
        .find_map(|key| json.get(key));
    let number = number.or_else(|| json.pointer("/valueQuantity/value"));
    if let Some(number) = number.and_then(Json::as_f64).and_then(Decimal::from_f64) {
        return Some(number.to_string());
    }
    let date = ["valueDate", "valueDateTime", "valueTime"]
        .map(|key| text(json, key))
        .concat();
    (!date.is_empty()).then_some(date)
}

fn count(json: &Json) -> Option<usize> {
    let count = json.get("valueInteger").and_then(Json::as_u64)?;
    usize::try_from(count).ok()
}

fn weight(json: &Json) -> Option<Decimal> {
    let found = WEIGHTS.iter().find_map(|url| extension(json, url))?;
    found
        .get("valueDecimal")
        .and_then(Json::as_f64)
        .and_then(Decimal::from_f64)
}

/// The weight stands beside the option or within its coding.
fn choice(json: &Json) -> Option<Choice> {
    let value = value(json, "value")?;
    let inner = json.get("valueCoding");
    let mut words = inner
        .map(|coding| words(coding, "display"))
        .unwrap_or_default();
    if words.base.is_empty() {
        words.base = value.text();
    }
    let weight = weight(json).or_else(|| inner.and_then(weight));
    (!words.base.is_empty()).then_some(Choice {
        value,
        words,
        weight,
    })
}

/// The value[x] of a name: `valueCoding`, `answerCoding`.
fn value(json: &Json, name: &str) -> Option<Value> {
    let of = |kind: &str| json.get(format!("{name}{kind}"));
    let string = |kind: &str| of(kind).and_then(Json::as_str).map(str::to_owned);
    if let Some(found) = of("Coding") {
        return found.is_object().then(|| Value::Coding(coding(found)));
    }
    if let Some(found) = of("Integer") {
        return i32::try_from(found.as_i64()?).ok().map(Value::Integer);
    }
    if let Some(Json::Number(found)) = of("Decimal") {
        return Some(Value::Decimal(found.clone()));
    }
    if let Some(found) = of("Quantity") {
        let Some(Json::Number(value)) = found.get("value") else {
            return None;
        };
        return Some(Value::Quantity(Quantity {
            value: value.clone(),
            unit: text(found, "unit").into(),
            system: text(found, "system").into(),
            code: text(found, "code").into(),
        }));
    }
    let boolean = of("Boolean").and_then(Json::as_bool).map(Value::Boolean);
    boolean
        .or_else(|| string("Date").map(Value::Date))
        .or_else(|| string("DateTime").map(Value::DateTime))
        .or_else(|| string("Time").map(Value::Time))
        .or_else(|| string("String").map(Value::String))
        .or_else(|| string("Uri").map(Value::Uri))
}

fn when(json: &Json, place: &str) -> Result<(Vec<When>, bool), FormError> {
    let wrong = || property(place, "enableWhen");
    let any = match text(json, "enableBehavior") {
        "" | "all" => false,
        "any" => true,
        _ => return Err(property(place, "enableBehavior")),
    };
    let Some(list) = json.get("enableWhen") else {
        return Ok((Vec::new(), any));
    };
    let mut found = Vec::new();
    for one in list.as_array().ok_or_else(wrong)? {
        let compare = match text(one, "operator") {
            "exists" => None,
            "=" => Some(Compare::Equal),
            "!=" => Some(Compare::NotEqual),
            ">" => Some(Compare::Greater),
            "<" => Some(Compare::Less),
            ">=" => Some(Compare::GreaterOrEqual),
            "<=" => Some(Compare::LessOrEqual),
            _ => return Err(property(place, "enableWhen.operator")),
        };
        let answer = value(one, "answer").ok_or_else(|| property(place, "enableWhen.answer"))?;
        let test = match (compare, answer) {
            (Some(compare), answer) => Test::Compares(compare, answer),
            (None, Value::Boolean(there)) => Test::Exists(there),
            (None, _) => return Err(property(place, "enableWhen.answerBoolean")),
        };
        found.push(When {
            question: text(one, "question").into(),
            test,
        });
    }
    Ok((found, any))
}

/// The value sets that the file brings along: what they list, not what they would compute.
fn lists(json: &Json) -> Result<BTreeMap<String, Vec<Choice>>, FormError> {
    let sets = all(json, "contained").filter(|one| text(one, "resourceType") == "ValueSet");
    let mut lists = BTreeMap::new();
    for set in sets {
        let id = format!("#{}", text(set, "id"));
        let mut choices = Vec::new();
        let includes = set
            .get("compose")
            .into_iter()
            .flat_map(|one| all(one, "include"));
        for include in includes {
            let system = text(include, "system");
            choices.extend(all(include, "concept").filter_map(|one| listed(one, system)));
        }
        if choices.is_empty() {
            let expansion = set.get("expansion").into_iter();
            let contains = expansion.flat_map(|one| all(one, "contains"));
            choices.extend(contains.filter_map(|one| listed(one, text(one, "system"))));
        }
        if choices.len() > OPTIONS_MAX {
            return Err(FormError::TooManyOptions {
                item: id,
                max: OPTIONS_MAX as u32,
            });
        }
        lists.insert(id, choices);
    }
    Ok(lists)
}

fn listed(concept: &Json, system: &str) -> Option<Choice> {
    let mut words = words(concept, "display");
    let code = text(concept, "code");
    if words.base.is_empty() {
        words.base = code.into();
    }
    for other in all(concept, "designation") {
        let (language, value) = (text(other, "language"), text(other, "value"));
        if !language.is_empty() && !value.is_empty() {
            words.others.insert(language.into(), value.into());
        }
    }
    (!code.is_empty()).then(|| Choice {
        value: Value::Coding(Coding {
            system: system.into(),
            code: code.into(),
            display: words.base.clone(),
        }),
        words,
        weight: weight(concept),
    })
}

/// Refuses conditions about questions that there are not, and rings of them: an item waits for its
/// questions and for what it stands in.
fn check_questions(form: &Form) -> Result<(), FormError> {
    fn edges<'a>(
        items: &'a [Item],
        parent: Option<&'a str>,
        waits: &mut BTreeMap<&'a str, Vec<&'a str>>,
    ) {
        for item in items {
            let questions = item.when.iter().map(|when| when.question.as_str());
            waits.insert(&item.link, questions.chain(parent).collect());
            edges(&item.items, Some(&item.link), waits);
        }
    }
    let mut waits = BTreeMap::new();
    edges(&form.items, None, &mut waits);
    let all = form.all();
    for item in &all {
        if let Some(when) = item
            .when
            .iter()
            .find(|when| !waits.contains_key(when.question.as_str()))
        {
            return Err(FormError::NoQuestion {
                item: item.place.clone(),
                question: when.question.chars().take(64).collect(),
            });
        }
    }
    // Take away again and again what waits for nothing that is left; a ring remains.
    loop {
        let free: BTreeSet<&str> = waits
            .iter()
            .filter(|(_, on)| on.is_empty())
            .map(|(link, _)| *link)
            .collect();
        if free.is_empty() {
            break;
        }
        waits.retain(|link, _| !free.contains(link));
        for on in waits.values_mut() {
            on.retain(|link| !free.contains(link));
        }
    }
    match all
        .iter()
        .find(|item| waits.contains_key(item.link.as_str()))
    {
        Some(item) => Err(FormError::Ring {
            item: item.place.clone(),
        }),
        None => Ok(()),
    }
}
