//! The benchmark's cases as documents: a commit of its workload becomes one change of a Satchel case,
//! under the map `case` of the document's root, and is read back as the plain value that it stands
//! for. The case's number repeats the revision, so that the caseload shows what has arrived.

use automerge::{
    AutoCommit, AutomergeError, ObjId, ObjType, Prop, ROOT, ReadDoc, ScalarValue, Value as Held,
    transaction::Transactable as _,
};
use serde::Deserialize;
use serde_json::{Map, Number, Value};

const CASE: &str = "case";

/// One operation of a commit.
#[derive(Clone, Debug, Deserialize)]
pub struct Operation {
    op: Deed,
    path: Vec<Step>,
    value: Value,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Deed {
    /// Puts a value at a key or place.
    Set,
    /// Appends to a list.
    Push,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Place(usize),
    Key(String),
}

impl From<&Step> for Prop {
    fn from(step: &Step) -> Self {
        match step {
            Step::Place(place) => Prop::Seq(*place),
            Step::Key(key) => Prop::Map(key.clone()),
        }
    }
}

/// The revision that a commit brings its case to.
pub fn revision(commit: &[Operation]) -> u64 {
    let last = commit.last().map(|operation| &operation.value);
    last.and_then(Value::as_u64).unwrap_or(0)
}

/// Begins a case as the app does, empty but for its number.
///
/// # Errors
/// As Automerge's.
pub fn begin(doc: &mut AutoCommit) -> Result<(), AutomergeError> {
    doc.put(ROOT, "schema", "2")?;
    for map in ["person", "extra", "notes", "records", "settled", CASE] {
        doc.put_object(ROOT, map, ObjType::Map)?;
    }
    Ok(())
}

/// One commit of case `number`.
///
/// # Errors
/// As Automerge's; a path that leads nowhere is an invalid operation.
pub fn apply(
    doc: &mut AutoCommit,
    number: u64,
    commit: &[Operation],
) -> Result<(), AutomergeError> {
    for operation in commit {
        let mut at = child(doc, &ROOT, CASE.into())?;
        let Some((last, path)) = operation.path.split_last() else {
            return Err(AutomergeError::InvalidOp(ObjType::Map));
        };
        for step in path {
            at = child(doc, &at, step.into())?;
        }
        match operation.op {
            Deed::Set => put(doc, &at, last.into(), &operation.value, false)?,
            Deed::Push => {
                let list = child(doc, &at, last.into())?;
                let end = doc.length(&list);
                put(doc, &list, Prop::Seq(end), &operation.value, true)?;
            }
        }
    }
    let person = child(doc, &ROOT, "person".into())?;
    doc.put(person, "number", label(number, revision(commit)))
}

/// What the caseload shows of a case.
pub fn label(number: u64, revision: u64) -> String {
    format!("{number}:{revision}")
}

/// The case's number and revision in what the caseload shows.
pub fn parsed(label: &str) -> Option<(u64, u64)> {
    let (number, revision) = label.split_once(':')?;
    Some((number.parse().ok()?, revision.parse().ok()?))
}

/// The case as a plain value.
pub fn read(doc: &AutoCommit) -> Option<Value> {
    let case = child(doc, &ROOT, CASE.into()).ok()?;
    value(doc, &case, ObjType::Map)
}

fn child(doc: &AutoCommit, parent: &ObjId, at: Prop) -> Result<ObjId, AutomergeError> {
    match doc.get(parent, at)? {
        Some((Held::Object(_), id)) => Ok(id),
        _ => Err(AutomergeError::InvalidOp(ObjType::Map)),
    }
}

fn put(
    doc: &mut AutoCommit,
    at: &ObjId,
    place: Prop,
    value: &Value,
    new: bool,
) -> Result<(), AutomergeError> {
    let kind = match value {
        Value::Object(_) => ObjType::Map,
        Value::Array(_) => ObjType::List,
        _ => {
            let value = scalar(value);
            return match place {
                Prop::Seq(place) if new => doc.insert(at, place, value),
                place => doc.put(at, place, value),
            };
        }
    };
    let object = match place {
        Prop::Seq(place) if new => doc.insert_object(at, place, kind)?,
        place => doc.put_object(at, place, kind)?,
    };
    match value {
        Value::Object(map) => map
            .iter()
            .try_for_each(|(key, value)| put(doc, &object, key.as_str().into(), value, false)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .try_for_each(|(place, value)| put(doc, &object, Prop::Seq(place), value, true)),
        _ => Ok(()),
    }
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::String(text) => ScalarValue::Str(text.as_str().into()),
        Value::Bool(truth) => ScalarValue::Boolean(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => ScalarValue::Int(whole),
            None => ScalarValue::F64(number.as_f64().unwrap_or_default()),
        },
        Value::Null | Value::Object(_) | Value::Array(_) => ScalarValue::Null,
    }
}

fn value(doc: &AutoCommit, id: &ObjId, kind: ObjType) -> Option<Value> {
    let plain = |held: Held<'_>, id: ObjId| match held {
        Held::Object(kind) => value(doc, &id, kind),
        Held::Scalar(scalar) => Some(match scalar.as_ref() {
            ScalarValue::Str(text) => Value::String(text.to_string()),
            ScalarValue::Int(whole) => Value::Number((*whole).into()),
            ScalarValue::Uint(whole) => Value::Number((*whole).into()),
            ScalarValue::F64(number) => Value::Number(Number::from_f64(*number)?),
            ScalarValue::Boolean(truth) => Value::Bool(*truth),
            _ => Value::Null,
        }),
    };
    if kind == ObjType::List {
        let places = 0..doc.length(id);
        let list = places.map(|place| {
            let (held, id) = doc.get(id, place).ok()??;
            plain(held, id)
        });
        return Some(Value::Array(list.collect::<Option<_>>()?));
    }
    let mut map = Map::new();
    for key in doc.keys(id) {
        let (held, child) = doc.get(id, key.as_str()).ok()??;
        map.insert(key, plain(held, child)?);
    }
    Some(Value::Object(map))
}
