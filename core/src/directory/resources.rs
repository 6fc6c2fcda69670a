//! The agency's resource directory in its directory document: what it says of itself as one text, the
//! services in pieces under the hash of their bytes, and what members remark about a service. Of the
//! first only what an admin wrote stands; a piece is what its name says whoever wrote it; a remark is
//! its author's and nobody else can change or remove it. All are read from the changes themselves.
//!
//! ```text
//! { resources: "<about it and the names of its pieces, JSON>", "resource-part/<sha256>": bytes,
//!   "remark/<service>/<random>": "<JSON>" }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ROOT, ReadDoc as _, ScalarValue, transaction::Transactable as _};
use satchel_wire::Millis;

use super::{Decreed, decreed};
use crate::doc::{Doc, DocError, Origin, Past};

const RESOURCES: &str = "resources";
const PART: &str = "resource-part/";
const REMARK: &str = "remark/";

/// What the directory says of itself.
pub fn resources(doc: &mut Doc, is_admin: impl Fn(&Origin) -> bool) -> Decreed {
    let written = doc.history(&[ROOT], RESOURCES);
    decreed(doc, written, is_admin)
}

/// The pieces that are here, by their names, of those that are `wanted`; what their names promise is for
/// the reader to check.
pub fn parts(doc: &mut Doc, wanted: &BTreeSet<String>) -> BTreeMap<String, Vec<u8>> {
    let all = doc.bytes_below(PART).into_iter();
    all.filter_map(|(key, bytes)| {
        let name = key.strip_prefix(PART)?;
        wanted.contains(name).then(|| (name.to_owned(), bytes))
    })
    .collect()
}

/// Writes a piece; nothing to do where it is here already.
///
/// # Errors
/// [`DocError`].
pub fn add_part(
    doc: &mut Doc,
    now: Millis,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Option<Vec<u8>>, DocError> {
    let key = format!("{PART}{name}");
    doc.edit(now, |doc| match doc.get(ROOT, &key)? {
        Some((value, _)) if value.as_bytes() == Some(bytes.as_slice()) => Ok(()),
        _ => doc.put(ROOT, &key, ScalarValue::Bytes(bytes)),
    })
}

/// Writes what the directory says of itself; an empty text takes it away.
///
/// # Errors
/// [`DocError`].
pub fn set_resources(doc: &mut Doc, now: Millis, text: &str) -> Result<Vec<u8>, DocError> {
    let written = doc.edit(now, |doc| {
        // As with the medicines: who wrote it is what counts.
        if doc.get(ROOT, RESOURCES)?.is_some() {
            doc.delete(ROOT, RESOURCES)?;
        }
        doc.put(ROOT, RESOURCES, text)
    })?;
    written.ok_or(DocError::Unfit)
}

/// All remarks by the service that they are about, in the order of their origins. Of several under one
/// key only the first counts.
pub fn remarks(doc: &mut Doc) -> BTreeMap<String, Vec<Past>> {
    let mut by_service: BTreeMap<String, Vec<Past>> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for (key, past) in doc.written_below(REMARK) {
        let about = key
            .strip_prefix(REMARK)
            .and_then(|rest| rest.rsplit_once('/'));
        if let Some((service, _)) = about
            && keys.insert(key.clone())
        {
            by_service.entry(service.to_owned()).or_default().push(past);
        }
    }
    by_service
}

/// Adds a remark; `id` is random.
///
/// # Errors
/// [`DocError`].
pub fn add_remark(
    doc: &mut Doc,
    now: Millis,
    (service, id): (&str, &str),
    text: &str,
) -> Result<Vec<u8>, DocError> {
    let key = format!("{REMARK}{service}/{id}");
    let written = doc.edit(now, |doc| doc.put(ROOT, &key, text))?;
    written.ok_or(DocError::Unfit)
}

#[cfg(test)]
mod tests {
    use automerge::ActorId;
    use serde_bytes::ByteBuf;

    use super::*;

    #[test]
    fn pieces_and_remarks_stand_whatever_others_do_and_only_an_admin_says_which_pieces() {
        let actors = [1, 2].map(|n| ActorId::from(vec![n; 32]));
        let [admin, worker] = actors.clone();
        let mut docs = actors.clone().map(Doc::new);
        let is_admin = |origin: &Origin| origin.actor == admin;
        let first = add_part(&mut docs[0], Millis(1), "aa", vec![1, 2, 3]).unwrap();
        assert_eq!(
            add_part(&mut docs[0], Millis(1), "aa", vec![1, 2, 3]).unwrap(),
            None,
            "it is here"
        );
        let about = set_resources(&mut docs[0], Millis(1), "[aa]").unwrap();
        for (n, change) in [first.unwrap(), about].into_iter().enumerate() {
            docs[1]
                .apply(vec![ByteBuf::from(change)], &admin, n as u64 + 1)
                .unwrap();
        }
        let mut theirs = vec![
            set_resources(&mut docs[1], Millis(2), "[]").unwrap(),
            docs[1]
                .edit(Millis(2), |doc| doc.delete(ROOT, "resource-part/aa"))
                .unwrap()
                .unwrap(),
            add_remark(&mut docs[1], Millis(3), ("s/1", "r1"), "moved").unwrap(),
        ];
        for (n, change) in (1..).zip(theirs.drain(..)) {
            docs[0]
                .apply(vec![ByteBuf::from(change)], &worker, n)
                .unwrap();
        }
        let undone = docs[0]
            .edit(Millis(4), |doc| doc.put(ROOT, "remark/s/1/r1", "all well"))
            .unwrap()
            .unwrap();
        docs[1]
            .apply(vec![ByteBuf::from(undone)], &admin, 3)
            .unwrap();
        let wanted = BTreeSet::from(["aa".to_owned()]);
        for doc in &mut docs {
            let found = resources(doc, is_admin);
            assert_eq!(found.standing.unwrap().text, "[aa]");
            assert_eq!(found.ignored.len(), 1);
            assert_eq!(parts(doc, &wanted)["aa"], [1, 2, 3]);
            assert!(parts(doc, &BTreeSet::new()).is_empty());
            let remarks = remarks(doc);
            assert_eq!(remarks["s/1"].len(), 1);
            assert_eq!(remarks["s/1"][0].text, "moved");
        }
    }
}
