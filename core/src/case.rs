//! A case: its person's fields and what an import brought along. Knows the shape of the document,
//! not keys, envelopes or storage; its notes and records are read by modules of their own.
//!
//! ```text
//! { schema: "2", person: {key: text}, extra: {header: text}, notes, records, settled }
//! ```
//!
//! The maps are made once, by the change that begins the case: everybody's later work goes into the
//! same ones and so merges by key. What a newer app has put there is left as it is.

use automerge::{ObjType, ROOT, transaction::Transactable as _};
use satchel_wire::Millis;

use crate::{
    api::Failure,
    compartment::{COMPARTMENT, OF},
    doc::{Doc, DocError, Held},
    note::{self, NewNote},
    record::{self, EXTRA as EXTRA_MAP, PERSON, RECORDS, SETTLED, STATE},
};

/// What the documents of this app call their shape. A higher number is a newer app's.
pub const SCHEMA: u32 = 2;
/// Keys of the person's fields, in the order of the form.
pub const FIELDS: &[&str] = &[
    "name.given",
    "name.family",
    "name.preferred",
    "number",
    "birth_date",
    "age",
    "gender",
    "language",
    "interpreter",
    "phone",
    "address",
    "location",
    "program",
    "summary",
];
/// Keys of the person's fields in documents of schema 1; the kind `case` has taken their place.
const FORMER: &[&str] = &["status", "acuity"];
/// The keys of a document.
const PARTS: &[&str] = &[
    "schema",
    PERSON,
    EXTRA_MAP,
    "notes",
    RECORDS,
    SETTLED,
    COMPARTMENT,
    OF,
];
/// Prefix of the keys of imported columns that are no field.
pub const EXTRA: &str = "extra.";
/// The longest value of a field, in bytes of UTF-8.
pub const FIELD_LEN_MAX: usize = 4 * 1024;
/// A field as the document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Key.
    pub key: String,
    /// The value that stands, then those written apart from it.
    pub values: Vec<Held>,
}

/// Refuses a field that does not exist or a value that is too long.
///
/// # Errors
/// [`Failure::UnknownField`], [`Failure::TooLong`].
pub fn check_field(key: &str, value: &str) -> Result<(), Failure> {
    let header = key.strip_prefix(EXTRA).unwrap_or_default();
    let known = FIELDS.contains(&key) || (!header.is_empty() && key.len() <= 256);
    if !known {
        return Err(Failure::UnknownField { field: key.into() });
    }
    check_len(key, value)
}

/// As [`check_field`], of a case that is there: what schema 1 held may still be chosen and set.
///
/// # Errors
/// As [`check_field`].
pub fn check_change(doc: &Doc, key: &str, value: &str) -> Result<(), Failure> {
    if FORMER.contains(&key) && !field(doc, key).values.is_empty() {
        return check_len(key, value);
    }
    check_field(key, value)
}

fn check_len(key: &str, value: &str) -> Result<(), Failure> {
    if value.len() > FIELD_LEN_MAX {
        return Err(Failure::TooLong {
            field: key.into(),
            max: FIELD_LEN_MAX as u32,
        });
    }
    Ok(())
}

/// Begins a case in an empty document.
///
/// # Errors
/// [`DocError`].
pub fn begin(
    doc: &mut Doc,
    now: Millis,
    fields: &[(String, String)],
    notes: &[NewNote],
) -> Result<Vec<u8>, DocError> {
    begin_with(doc, now, &[], fields, notes)
}

/// As [`begin`], with texts under keys of the root beside.
pub(crate) fn begin_with(
    doc: &mut Doc,
    now: Millis,
    marks: &[(&str, String)],
    fields: &[(String, String)],
    notes: &[NewNote],
) -> Result<Vec<u8>, DocError> {
    doc.edit(now, |doc| {
        doc.put(ROOT, "schema", SCHEMA.to_string())?;
        for (key, value) in marks {
            doc.put(ROOT, *key, value.as_str())?;
        }
        let person = doc.put_object(ROOT, PERSON, ObjType::Map)?;
        let extra = doc.put_object(ROOT, EXTRA_MAP, ObjType::Map)?;
        let all = doc.put_object(ROOT, "notes", ObjType::Map)?;
        doc.put_object(ROOT, RECORDS, ObjType::Map)?;
        doc.put_object(ROOT, SETTLED, ObjType::Map)?;
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            match key.strip_prefix(EXTRA) {
                Some(header) => doc.put(&extra, header, value.as_str())?,
                None => doc.put(&person, key.as_str(), value.as_str())?,
            }
        }
        notes
            .iter()
            .try_for_each(|note| note::put(doc, now, &all, note))
    })?
    .ok_or(DocError::Unfit)
}

/// Sets a field.
///
/// # Errors
/// [`DocError::Incomplete`] when the case's first change is not here.
pub fn set_field(
    doc: &mut Doc,
    now: Millis,
    key: &str,
    value: &str,
) -> Result<Option<Vec<u8>>, DocError> {
    let (map, key) = place(key);
    let map = doc.map(map).ok_or(DocError::Incomplete)?;
    doc.edit(now, |doc| doc.put(&map, key, value))
}

fn place(key: &str) -> (&'static str, &str) {
    key.strip_prefix(EXTRA)
        .map_or((PERSON, key), |header| (EXTRA_MAP, header))
}

/// One field.
pub fn field(doc: &Doc, key: &str) -> Field {
    let (map, inner) = place(key);
    let part = doc.fields_of(map);
    Field {
        key: key.into(),
        values: part.map_or_else(Vec::new, |part| part.held(inner).to_vec()),
    }
}

/// All fields: the form's, whether set or not, those that another version of the app has set, then
/// the imported ones.
pub fn fields(doc: &Doc) -> Vec<Field> {
    let keys = |part: &str| {
        let part = doc.fields_of(part).into_iter();
        part.flat_map(|part| part.fields.keys().cloned())
    };
    let other = keys(PERSON).filter(|key| !FIELDS.contains(&key.as_str()));
    let extra = keys(EXTRA_MAP);
    FIELDS
        .iter()
        .map(|key| (*key).to_owned())
        .chain(other)
        .chain(extra.map(|header| format!("{EXTRA}{header}")))
        .map(|key| field(doc, &key))
        .collect()
}

/// Whether a newer app has written here what this one does not know in full: a part, kind, field,
/// state or format. All of it stays as it is.
pub fn newer(doc: &Doc) -> bool {
    let schema = doc.text(&ROOT, "schema");
    let later = schema.is_some_and(|schema| schema.parse().is_ok_and(|n: u32| n > SCHEMA));
    let part = |key: &String| !PARTS.contains(&key.as_str());
    let person = |key: &String| !FIELDS.contains(&key.as_str()) && !FORMER.contains(&key.as_str());
    later
        || doc.keys(&ROOT).iter().any(part)
        || doc
            .fields_of(PERSON)
            .is_some_and(|part| part.fields.keys().any(person))
        || record::all(doc).iter().any(is_newer)
        || note::has_newer(doc)
}

fn is_newer(found: &record::Record) -> bool {
    let Some(kind) = record::kind(&found.kind) else {
        return true;
    };
    found.fields.iter().any(|(key, values)| {
        if key == STATE {
            values.iter().any(|held| kind.after(&held.text).is_none())
        } else {
            kind.field(key).is_none()
        }
    })
}

/// What to call a case: the preferred or the given and family name, else the number.
pub fn name(fields: &[Field]) -> String {
    let value = |key: &str| {
        fields
            .iter()
            .find(|field| field.key == key)
            .and_then(|field| field.values.first())
            .map_or("", |held| held.text.trim())
    };
    let given = if value("name.given").is_empty() {
        value("name.preferred")
    } else {
        value("name.given")
    };
    let name = [given, value("name.family")].join(" ");
    let name = name.trim();
    if name.is_empty() {
        value("number").to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::ActorId;

    fn actor(n: u8) -> ActorId {
        ActorId::from(vec![n; 32])
    }

    fn texts(field: &Field) -> Vec<&str> {
        field.values.iter().map(|held| held.text.as_str()).collect()
    }

    /// Two documents after the same beginning, then what each wrote, exchanged.
    fn apart(a_value: &str, b_value: &str) -> (Doc, Doc) {
        let (mut a, mut b) = (Doc::new(actor(1)), Doc::new(actor(2)));
        let first = begin(&mut a, Millis(1), &[("phone".into(), "1".into())], &[]).unwrap();
        b.apply(vec![serde_bytes::ByteBuf::from(first)], &actor(1), 1)
            .unwrap();
        let from_a = set_field(&mut a, Millis(2), "phone", a_value)
            .unwrap()
            .unwrap();
        let from_b = set_field(&mut b, Millis(3), "phone", b_value)
            .unwrap()
            .unwrap();
        a.apply(vec![serde_bytes::ByteBuf::from(from_b)], &actor(2), 1)
            .unwrap();
        b.apply(vec![serde_bytes::ByteBuf::from(from_a)], &actor(1), 2)
            .unwrap();
        (a, b)
    }

    #[test]
    fn both_values_of_one_field_stay_with_author_and_time_until_one_is_chosen() {
        let (mut a, mut b) = apart("555-1", "555-2");
        let (seen_a, seen_b) = (field(&a, "phone"), field(&b, "phone"));
        assert_eq!(seen_a, seen_b);
        assert_eq!(seen_a.values.len(), 2);
        let of_b = seen_a
            .values
            .iter()
            .find(|held| held.text == "555-2")
            .unwrap();
        assert_eq!((of_b.origin.at, of_b.origin.n), (Millis(3), 1));
        let choice = set_field(&mut a, Millis(4), "phone", "555-1")
            .unwrap()
            .unwrap();
        b.apply(vec![serde_bytes::ByteBuf::from(choice)], &actor(1), 3)
            .unwrap();
        assert_eq!(texts(&field(&a, "phone")), ["555-1"]);
        assert_eq!(texts(&field(&b, "phone")), ["555-1"]);
    }

    #[test]
    fn the_same_value_written_twice_is_no_conflict() {
        let (a, _) = apart("555-9", "555-9");
        assert_eq!(texts(&field(&a, "phone")), ["555-9"]);
    }

    #[test]
    fn a_change_under_another_name_or_out_of_turn_is_refused() {
        let (mut a, mut b) = (Doc::new(actor(1)), Doc::new(actor(2)));
        let first = begin(&mut a, Millis(1), &[], &[]).unwrap();
        assert_eq!(
            b.apply(
                vec![serde_bytes::ByteBuf::from(first.clone())],
                &actor(3),
                1
            ),
            Err(DocError::Feigned)
        );
        assert_eq!(
            b.apply(
                vec![serde_bytes::ByteBuf::from(first.clone())],
                &actor(1),
                2
            ),
            Err(DocError::Feigned)
        );
        assert_eq!(
            b.apply(
                vec![serde_bytes::ByteBuf::from(vec![1, 2, 3])],
                &actor(1),
                1
            ),
            Err(DocError::Unreadable)
        );
        let second = set_field(&mut a, Millis(2), "phone", "1").unwrap().unwrap();
        assert_eq!(
            b.apply(vec![serde_bytes::ByteBuf::from(second)], &actor(1), 2),
            Err(DocError::Feigned)
        );
        b.apply(vec![serde_bytes::ByteBuf::from(first)], &actor(1), 1)
            .unwrap();
    }

    #[test]
    fn a_saved_document_remembers_who_wrote_what() {
        let (mut a, _) = apart("x", "y");
        let loaded = Doc::load(&a.save(), actor(9)).unwrap();
        assert_eq!(fields(&loaded), fields(&a));
    }

    /// What a newer app might put into a document of ours.
    fn write_newer(doc: &mut Doc, map: &str, key: &str, inner: &str) -> Vec<u8> {
        let map = doc.map(map).unwrap_or(ROOT);
        let written = doc.edit(Millis(2), |doc| {
            let child = doc.put_object(&map, key, ObjType::Map)?;
            doc.put(&child, inner, "x")
        });
        written.unwrap().unwrap()
    }

    #[test]
    fn what_a_newer_app_has_written_is_told_and_kept_through_our_own_work() {
        for (map, key, inner, expected) in [
            ("records", "task/1", "title", false),
            ("records", "task/1", "mood", true),
            ("records", "task/1", "state", true),
            ("records", "horoscope/1", "title", true),
            ("notes", "1", "text", false),
            ("notes", "1", "s.text", false),
            ("notes", "1", "s.mood", true),
            ("notes", "1", "format", true),
            ("notes", "1", "ink", true),
            ("elsewhere", "vaults", "x", true),
        ] {
            let (mut theirs, mut ours) = (Doc::new(actor(1)), Doc::new(actor(2)));
            let first = begin(&mut theirs, Millis(1), &[], &[]).unwrap();
            let second = write_newer(&mut theirs, map, key, inner);
            ours.apply(vec![serde_bytes::ByteBuf::from(first)], &actor(1), 1)
                .unwrap();
            assert!(!newer(&ours));
            ours.apply(vec![serde_bytes::ByteBuf::from(second)], &actor(1), 2)
                .unwrap();
            assert_eq!(newer(&ours), expected, "{map} {key} {inner}");
            let task = record::edits("task", "1", &[("title".into(), "call".into())]);
            let changes = [
                set_field(&mut ours, Millis(3), "phone", "1")
                    .unwrap()
                    .unwrap(),
                record::apply(&mut ours, Millis(4), &task).unwrap().unwrap(),
            ];
            for (n, change) in (1..).zip(changes) {
                theirs
                    .apply(vec![serde_bytes::ByteBuf::from(change)], &actor(2), n)
                    .unwrap();
            }
            let mut ours = Doc::load(&ours.save(), actor(3)).unwrap();
            let part = ours.map(map).unwrap_or(ROOT);
            let child = ours.child(&part, key).unwrap();
            let expected = if inner == "title" && key == "task/1" {
                "call"
            } else {
                "x"
            };
            assert_eq!(ours.text(&child, inner).as_deref(), Some(expected));
            assert_eq!(ours.save(), theirs.save());
        }
    }

    #[test]
    fn a_newer_schema_or_a_field_that_we_do_not_know_is_told_and_shown() {
        let mut doc = Doc::new(actor(1));
        begin(&mut doc, Millis(1), &[], &[]).unwrap();
        let person = doc.map(PERSON).unwrap();
        doc.edit(Millis(2), |doc| doc.put(&person, "status", "open"))
            .unwrap();
        assert!(!newer(&doc), "an older app's field");
        doc.edit(Millis(3), |doc| doc.put(&person, "star_sign", "virgo"))
            .unwrap();
        assert!(newer(&doc));
        let all = fields(&doc);
        let value = |key: &str| all.iter().find(|field| field.key == key).map(texts);
        assert_eq!(value("status"), Some(vec!["open"]));
        assert_eq!(value("star_sign"), Some(vec!["virgo"]));

        let mut doc = Doc::new(actor(1));
        for (schema, expected) in [("1", false), ("2", false), ("3", true)] {
            doc.edit(Millis(1), |doc| doc.put(ROOT, "schema", schema))
                .unwrap();
            assert_eq!(newer(&doc), expected);
        }
    }

    #[test]
    fn a_document_of_schema_1_is_written_on_without_harm() {
        let (mut old, mut ours) = (Doc::new(actor(1)), Doc::new(actor(2)));
        let first = old.edit(Millis(1), |doc| {
            doc.put(ROOT, "schema", "1")?;
            for part in ["extra", "notes"] {
                doc.put_object(ROOT, part, ObjType::Map)?;
            }
            let person = doc.put_object(ROOT, "person", ObjType::Map)?;
            doc.put(&person, "name.given", "Ana")
        });
        ours.apply(
            vec![serde_bytes::ByteBuf::from(first.unwrap().unwrap())],
            &actor(1),
            1,
        )
        .unwrap();
        let task = record::edits("task", "1", &[("title".into(), "call".into())]);
        let narrative = NewNote {
            id: "n".into(),
            format: note::NARRATIVE.into(),
            sections: vec![("text".into(), "came".into())],
            ..NewNote::default()
        };
        let changes = [
            set_field(&mut ours, Millis(2), "phone", "1").unwrap(),
            record::apply(&mut ours, Millis(3), &task).unwrap(),
            note::add(&mut ours, Millis(4), &[narrative]).unwrap(),
        ];
        for (n, change) in (1..).zip(changes) {
            old.apply(
                vec![serde_bytes::ByteBuf::from(change.unwrap())],
                &actor(2),
                n,
            )
            .unwrap();
        }
        for doc in [&old, &ours] {
            assert_eq!(name(&fields(doc)), "Ana");
            assert_eq!(texts(&field(doc, "phone")), ["1"]);
            assert_eq!(
                record::find(doc, "task", "1").unwrap().text("title"),
                "call"
            );
            assert_eq!(note::full_text(&note::find(doc, "n").unwrap()), "came");
            assert!(!newer(doc));
        }
    }

    #[test]
    fn a_field_that_does_not_exist_or_a_value_too_long_is_refused_by_name() {
        let unknown = |key: &str| {
            let field = key.to_owned();
            assert_eq!(check_field(key, "x"), Err(Failure::UnknownField { field }));
        };
        unknown("status");
        unknown("mood");
        unknown(&format!("extra.{}", "x".repeat(256)));
        let long = "x".repeat(FIELD_LEN_MAX + 1);
        let too_long = Failure::TooLong {
            field: "phone".into(),
            max: FIELD_LEN_MAX as u32,
        };
        assert_eq!(check_field("phone", &long), Err(too_long));
        assert_eq!(check_field("phone", &long[1..]), Ok(()));
        assert_eq!(check_field("extra.mood", "calm"), Ok(()));
    }
}
