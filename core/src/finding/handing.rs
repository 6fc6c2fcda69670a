//! A case that two colleagues took over apart from each other: one who leads picks, and until then
//! the first goes on.

use super::{Facts, Finding, Side, of_kind, pairs, rules};
use crate::{
    doc::Held,
    record::{Record, STATE, TRANSFER},
};

pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let taken: Vec<(&Record, &Held)> = of_kind(facts.records, TRANSFER)
        .filter_map(|record| Some((record, accepted(record)?)))
        .collect();
    pairs::pairs(&taken)
        .filter(|((a, _), (b, _))| a.text("to") != b.text("to"))
        .map(|(a, b)| {
            let mut both = [*a, *b];
            both.sort_by(|(a, x), (b, y)| (&x.origin, &a.id).cmp(&(&y.origin, &b.id)));
            let sides = both.iter().map(|(record, held)| Side {
                origin: Some(held.origin.clone()),
                ..Side::of(record, record.text("to").into())
            });
            let parts = pairs::ordered(&a.0.id, &b.0.id);
            Finding::new(&rules::TAKEN_OVER_TWICE, &parts, sides.collect())
        })
        .collect()
}

/// The word by which it was taken over; what others said apart from it does not undo that.
fn accepted(record: &Record) -> Option<&Held> {
    let held = record.held(STATE);
    let is = |held: &&Held, state: &str| held.text == state;
    let completed = held.iter().any(|held| is(&held, "completed"));
    held.iter()
        .find(|held| is(held, "accepted"))
        .filter(|_| !completed)
}
