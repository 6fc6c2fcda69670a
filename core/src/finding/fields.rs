//! Any other field that people set to different values apart from each other: both are shown, one
//! tap chooses.

use super::{Facts, Finding, Side, rules};
use crate::{
    api::Severity,
    doc::Held,
    note::{Note, State},
    record::{ASSESSMENT, EXTRA, Holds, NOTE, PERSON, STATE, TRANSFER, kind},
};

/// Texts up to here are facts that people act on; longer ones are prose.
const LINE_LEN_MAX: usize = 512;

pub(super) fn find(
    facts: &Facts<'_>,
    told: &[(String, String, String)],
    notes: &[Note],
) -> Vec<Finding> {
    let mut found = Vec::new();
    for part in [PERSON, EXTRA] {
        let fields = facts.doc.fields_of(part).map(|part| &part.fields);
        for (key, held) in fields.into_iter().flatten() {
            found.extend(field(part, "", key, held));
        }
    }
    for record in facts.records {
        for (key, held) in &record.fields {
            let place = (record.kind.clone(), record.id.clone(), key.clone());
            // They follow from the answers, about which people are asked.
            let follows = record.kind == ASSESSMENT
                && ["score", "scores", "algorithm"].contains(&key.as_str());
            // Of what was said of a hand-over apart from each other, one word stands for all.
            let ranked = record.kind == TRANSFER && key == STATE;
            if !ranked && !told.contains(&place) && !follows {
                let finding = field(&record.kind, &record.id, key, held);
                found.extend(finding.map(|finding| match record.kind.as_str() {
                    ASSESSMENT => finding.with_detail("form", record.text("form")),
                    _ => finding,
                }));
            }
        }
    }
    found.extend(drafts(notes));
    found
}

/// Of notes only drafts: what is signed stands.
fn drafts(notes: &[Note]) -> Vec<Finding> {
    let drafts = notes.iter().filter(|note| note.state() == State::Draft);
    drafts
        .flat_map(|note| note.sections.iter().map(move |section| (note, section)))
        .filter_map(|(note, section)| {
            field(
                NOTE,
                &note.id,
                &format!("s.{}", section.key),
                &section.draft,
            )
        })
        .collect()
}

fn field(part: &str, id: &str, key: &str, held: &[Held]) -> Option<Finding> {
    if held.len() < 2 {
        return None;
    }
    let sides: Vec<Side> = held
        .iter()
        .map(|held| Side::at(part, id, key, held))
        .collect();
    // The person's own address is one field: both cannot be kept in it.
    if (part, key) == (PERSON, "address") {
        let mut finding = Finding::new(&rules::TWO_ADDRESSES, &[part, key], sides);
        finding
            .choices
            .retain(|choice| choice.starts_with(rules::SIDE));
        return Some(finding.with_detail("field", key));
    }
    let finding = Finding::new(&rules::FIELD, &[part, id, key], sides);
    let finding = finding.with_severity(severity(part, key));
    Some(finding.with_detail("field", key))
}

fn severity(part: &str, key: &str) -> Severity {
    let field = kind(part).and_then(|kind| kind.field(key));
    let prose =
        matches!(field.map(|field| field.holds), Some(Holds::Text(max)) if max > LINE_LEN_MAX);
    if part == EXTRA || prose || (part, key) == (PERSON, "summary") {
        Severity::Low
    } else {
        Severity::Medium
    }
}
