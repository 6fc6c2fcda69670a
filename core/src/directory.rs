//! The agency's directory: its name and the names of its staff, sealed like any record and read by
//! every member. Shape: `{ agency: text, staff: {staff id: name} }`.

use automerge::{ObjType, ROOT, transaction::Transactable as _};
use satchel_wire::{Millis, StaffId};

use crate::doc::{Doc, DocError};

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
