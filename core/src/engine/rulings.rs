//! Why somebody was let into a case, and why late work was ruled in or out: kept sealed in the case
//! itself, so that the relay, which sees who and when, never reads why.

use satchel_wire::{ProfileId, StreamId};

use crate::{
    api::{Failure, RulingView, SharingView},
    engine::{Engine, cx::Cx, desk::Open, records::new_id, replica::Replica},
    record::{self, RULING, Record, SHARING, STATE},
};

/// What somebody is in the case for, as far as it stands.
fn sharings_of<'a>(records: &'a [Record], staff: &str) -> impl Iterator<Item = &'a Record> {
    records.iter().filter(move |one| {
        one.kind == SHARING && one.state() == "active" && one.text("staff") == staff
    })
}

impl Engine {
    /// Keeps what somebody was let in for, in the place of what they were let in for before.
    pub(super) fn note_sharing(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        member: ProfileId,
        purpose: &str,
    ) -> Result<(), Failure> {
        let (replica, _) = self.parts()?;
        // An invite has no tablet yet, and says by its own name whom it is for.
        let invited = || replica.roster.invite(member).map(|(one, _)| one.staff);
        let known = replica.roster.known(member).map(|one| one.staff);
        let staff = known.or_else(invited).ok_or(Failure::NotFound)?.to_string();
        let records = record::all(self.doc(stream)?);
        let owned = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let former = sharings_of(&records, &staff);
        let mut edits: Vec<_> = former
            .flat_map(|one| record::edits(SHARING, &one.id, &[owned(STATE, "ended")]))
            .collect();
        if !purpose.is_empty() {
            let values = [owned("staff", &staff), owned("purpose", purpose)];
            edits.extend(record::edits(SHARING, &new_id(cx), &values));
        }
        self.write(cx, stream, &edits).map(|_| ())
    }

    /// Keeps a decision on somebody's late work.
    pub(super) fn note_ruling(
        &mut self,
        cx: &mut Cx,
        stream: StreamId,
        author: ProfileId,
        (changes, stands, reason): (u32, bool, &str),
    ) -> Result<(), Failure> {
        let (replica, _) = self.parts()?;
        let staff = replica.roster.known(author).map(|one| one.staff);
        let staff = staff.ok_or(Failure::NotFound)?.to_string();
        let verdict = if stands { "in" } else { "out" };
        let mut values = vec![
            ("staff".to_owned(), staff),
            ("verdict".to_owned(), verdict.to_owned()),
            ("changes".to_owned(), changes.to_string()),
        ];
        if !reason.is_empty() {
            values.push(("reason".to_owned(), reason.to_owned()));
        }
        let edits = record::edits(RULING, &new_id(cx), &values);
        self.write(cx, stream, &edits).map(|_| ())
    }

    /// What a member is in the case for.
    pub(super) fn sharing_view(
        &self,
        open: &Open,
        records: &[Record],
        staff: &str,
    ) -> Option<SharingView> {
        let standing = sharings_of(records, staff);
        let one = standing.max_by_key(|one| (one.origin.clone(), one.id.clone()))?;
        Some(SharingView {
            purpose: one.text("purpose").to_owned(),
            by: self.author(open, &one.origin),
            at: one.origin.at,
        })
    }

    /// What was decided on late work by those who lead, newest first.
    pub(super) fn ruling_views(
        &self,
        replica: &Replica,
        open: &Open,
        records: &[Record],
    ) -> Vec<RulingView> {
        let led = |one: &&Record| {
            let author = open.authors.get(&one.origin.actor);
            let known = author.and_then(|(profile, _)| replica.roster.known(*profile));
            one.kind == RULING && known.is_some_and(|known| known.role.leads())
        };
        let mut views: Vec<RulingView> = records
            .iter()
            .filter(led)
            .map(|one| RulingView {
                whose: self.staff_name(one.text("staff")),
                changes: one.text("changes").parse().unwrap_or(0),
                stands: one.text("verdict") == "in",
                reason: one.text("reason").to_owned(),
                by: self.author(open, &one.origin),
                at: one.origin.at,
            })
            .collect();
        views.sort_by(|a, b| (b.at, &b.whose).cmp(&(a.at, &a.whose)));
        views
    }
}
