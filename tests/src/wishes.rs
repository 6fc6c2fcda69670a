//! What people ask for most, in one line each.

use satchel_core::api::{NewNoteView, Request};

/// A narrative, signed at once.
pub fn note(case: &str, text: &str) -> Request {
    Request::AddNote {
        case: case.into(),
        note: NewNoteView {
            format: "narrative".into(),
            sections: vec![("text".into(), text.into())],
            happened_at: None,
            addendum_to: None,
            sign: true,
            cosign: false,
        },
    }
}

/// A record, or fields of one.
pub fn put(case: &str, kind: &str, id: Option<&str>, values: &[(&str, &str)]) -> Request {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Request::PutRecord {
        case: case.into(),
        kind: kind.into(),
        id: id.map(str::to_owned),
        values: values.iter().map(owned).collect(),
    }
}

/// All cases.
pub fn caseload() -> Request {
    Request::Caseload {
        search: String::new(),
        today: String::new(),
    }
}
