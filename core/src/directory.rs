//! The agency's directory: its name and the names of its staff, sealed like any record and read by
//! every member. Shape: `{ agency: text, staff: {staff id: name}, medicines: text, policy.<key>: text }`;
//! `medicines` is the agency's own table of medicines, `policy.<key>` a rule of its policy, see
//! [`crate::policy`]. Of both only what an admin wrote stands. The agency's forms stand
//! beside them, see [`forms`].

use std::collections::BTreeMap;

use automerge::{ObjType, ROOT, ReadDoc as _, transaction::Transactable as _};
use satchel_wire::{Millis, StaffId};

use crate::doc::{Doc, DocError, Origin, Past};

pub mod forms;
pub mod resources;

const MEDICINES: &str = "medicines";
const POLICY: &str = "policy.";

/// Begins the directory of an agency.
///
/// # Errors
/// [`DocError`].
pub fn begin(
    doc: &mut Doc,
    now: Millis,
    agency: &str,
    staff: StaffId,
    name: &str,
) -> Result<Vec<u8>, DocError> {
    doc.edit(now, |doc| {
        doc.put(ROOT, "agency", agency)?;
        let map = doc.put_object(ROOT, "staff", ObjType::Map)?;
        doc.put(&map, staff.to_string(), name)
    })?
    .ok_or(DocError::Unfit)
}

/// Names a member of the staff; nothing to do if that is the name already.
///
/// # Errors
/// [`DocError::Incomplete`] when the directory's first change is not here.
pub fn set_name(
    doc: &mut Doc,
    now: Millis,
    staff: StaffId,
    name: &str,
) -> Result<Option<Vec<u8>>, DocError> {
    let map = doc.map("staff").ok_or(DocError::Incomplete)?;
    if self::name(doc, staff).as_deref() == Some(name) {
        return Ok(None);
    }
    doc.edit(now, |doc| doc.put(&map, staff.to_string(), name))
}

/// The agency's name; empty when it is not known yet.
pub fn agency(doc: &Doc) -> String {
    doc.text(&automerge::ObjId::Root, "agency")
        .unwrap_or_default()
}

/// The name of a member of the staff.
pub fn name(doc: &Doc, staff: StaffId) -> Option<String> {
    let name = doc.fields_of("staff")?.text(&staff.to_string())?;
    Some(name.to_owned())
}

/// The member of the staff who has this name.
pub fn staff_named(doc: &Doc, name: &str) -> Option<StaffId> {
    let staff = doc.fields_of("staff")?;
    let mut ids = staff.fields.keys();
    ids.find(|id| staff.text(id) == Some(name))?.parse().ok()
}

/// What admins, and others, have written where only an admin's word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decreed {
    /// The one that stands; its text is empty where it was taken away.
    pub standing: Option<Past>,
    /// What admins wrote before, the latest first.
    pub earlier: Vec<Past>,
    /// Written since by somebody who is no admin: it does not count.
    pub ignored: Vec<Origin>,
}

/// What stands of all that was `written` under one key. Of two admins who did not know of each other's
/// the later stands. It is read from the changes themselves: nobody else can take away what an admin
/// wrote, neither by writing over it nor by deleting it.
fn decreed(doc: &mut Doc, written: Vec<Past>, is_admin: impl Fn(&Origin) -> bool) -> Decreed {
    let (mut admins, others): (Vec<Past>, Vec<Past>) =
        written.into_iter().partition(|past| is_admin(&past.origin));
    let replaced = |past: &Past| {
        let mut rest = admins.iter().filter(|other| other.origin != past.origin);
        rest.any(|other| doc.knew(&other.origin, &past.origin))
    };
    // In the order of their origins, which is the same on every device.
    let standing = admins.iter().rposition(|past| !replaced(past));
    let ignored = others.into_iter().filter(|past| !replaced(past));
    let ignored = ignored.map(|past| past.origin).collect();
    let standing = standing.map(|place| admins.remove(place));
    admins.reverse();
    Decreed {
        ignored,
        standing,
        earlier: admins,
    }
}

/// The agency's table of medicines, as text.
pub fn medicines(doc: &mut Doc, is_admin: impl Fn(&Origin) -> bool) -> Decreed {
    let written = doc.history(&[ROOT], MEDICINES);
    decreed(doc, written, is_admin)
}

/// The agency's rules by their keys, as text.
pub fn policy(doc: &mut Doc, is_admin: impl Fn(&Origin) -> bool) -> BTreeMap<String, Decreed> {
    let mut by_key: BTreeMap<String, Vec<Past>> = BTreeMap::new();
    for (name, past) in doc.histories(&[ROOT], |name| name.starts_with(POLICY)) {
        let key = name.trim_start_matches(POLICY).to_owned();
        by_key.entry(key).or_default().push(past);
    }
    let all = by_key.into_iter();
    all.map(|(key, written)| (key, decreed(doc, written, &is_admin)))
        .collect()
}

/// Writes rules of the agency, by key.
///
/// # Errors
/// [`DocError`].
pub fn set_policy(
    doc: &mut Doc,
    now: Millis,
    rules: &[(String, String)],
) -> Result<Vec<u8>, DocError> {
    let written = doc.edit(now, |doc| {
        for (key, text) in rules {
            let key = format!("{POLICY}{key}");
            // As with the medicines: who wrote it is what counts.
            if doc.get(ROOT, &key)?.is_some() {
                doc.delete(ROOT, &key)?;
            }
            doc.put(ROOT, &key, text.as_str())?;
        }
        Ok(())
    })?;
    written.ok_or(DocError::Unfit)
}

/// Writes the agency's table of medicines; an empty text takes it away.
///
/// # Errors
/// [`DocError`].
pub fn set_medicines(doc: &mut Doc, now: Millis, text: &str) -> Result<Vec<u8>, DocError> {
    let written = doc.edit(now, |doc| {
        // The same text is written again too: who wrote it is what counts.
        if doc.get(ROOT, MEDICINES)?.is_some() {
            doc.delete(ROOT, MEDICINES)?;
        }
        doc.put(ROOT, MEDICINES, text)
    })?;
    written.ok_or(DocError::Unfit)
}

#[cfg(test)]
mod tests {
    use automerge::ActorId;

    use super::*;

    #[test]
    fn only_what_an_admin_wrote_stands() {
        let actors = [1, 2, 3].map(|n| ActorId::from(vec![n; 32]));
        let [admin, worker, other] = actors.clone();
        let mut docs = actors.clone().map(Doc::new);
        let is_admin = |origin: &Origin| origin.actor != worker;
        let mut n = [0; 3];
        let mut wrote = |docs: &mut [Doc; 3], at: usize, clock: u64, to: &[usize], text: &str| {
            n[at] += 1;
            let bytes = match text {
                "-" => docs[at].edit(Millis(clock), |doc| doc.delete(ROOT, MEDICINES)),
                _ => set_medicines(&mut docs[at], Millis(clock), text).map(Some),
            };
            for to in to {
                let bytes = bytes.clone().unwrap().unwrap();
                docs[*to]
                    .apply(vec![serde_bytes::ByteBuf::from(bytes)], &actors[at], n[at])
                    .unwrap();
            }
        };
        let check = |docs: &mut [Doc; 3], standing: &str, ignored: usize| {
            for doc in docs {
                let found = medicines(doc, is_admin);
                let text = found.standing.map(|past| past.text);
                assert_eq!(text.as_deref().unwrap_or("none"), standing);
                assert_eq!(found.ignored.len(), ignored);
            }
        };
        check(&mut docs, "none", 0);
        wrote(&mut docs, 1, 1, &[0, 2], "name,a");
        check(&mut docs, "none", 1);
        wrote(&mut docs, 0, 2, &[1, 2], "name,a");
        check(&mut docs, "name,a", 0);
        // A worker's clock may say what it likes.
        wrote(&mut docs, 1, 9_000, &[0, 2], "rubbish");
        wrote(&mut docs, 1, 9_001, &[0, 2], "-");
        check(&mut docs, "name,a", 1);
        wrote(&mut docs, 2, 3, &[1], "name,b");
        let theirs = set_medicines(&mut docs[0], Millis(4), "name,c").unwrap();
        docs[1]
            .apply(vec![serde_bytes::ByteBuf::from(theirs.clone())], &admin, 2)
            .unwrap();
        let found = medicines(&mut docs[1], is_admin).standing.unwrap();
        assert_eq!(
            (found.text.as_str(), found.origin.actor),
            ("name,c", admin.clone())
        );
        docs[2]
            .apply(vec![serde_bytes::ByteBuf::from(theirs)], &admin, 2)
            .unwrap();
        let again = medicines(&mut docs[2], is_admin).standing.unwrap();
        assert_eq!(again.text, "name,c");
        let removed = set_medicines(&mut docs[2], Millis(1), "").unwrap();
        docs[1]
            .apply(vec![serde_bytes::ByteBuf::from(removed)], &other, 2)
            .unwrap();
        let found = medicines(&mut docs[1], is_admin).standing.unwrap();
        assert_eq!(found.text, "");
    }
}
