//! Two scores of one form on one day for one person: both stay, the higher counts until somebody has
//! decided.

use std::collections::BTreeSet;

use super::{Finding, SIDE, Side, rules, settlement};
use crate::{
    doc::Doc,
    questionnaire::Decimal,
    record::{ASSESSMENT, Record},
};

/// The same for all versions of a form.
pub fn series(record: &Record) -> &str {
    let url = record.text("url");
    if url.is_empty() {
        record.text("title")
    } else {
        url
    }
}

/// The highest of the scores that were written down for an assessment.
fn score(record: &Record) -> Option<Decimal> {
    let counts = |state: &str| ["completed", "amended"].contains(&state);
    let held = record.held("score").iter();
    let scores = held.filter_map(|held| held.text.parse().ok());
    scores.max().filter(|_| counts(record.state()))
}

pub(super) fn find(records: &[Record]) -> Vec<Finding> {
    let scored: Vec<(Decimal, &Record)> = records
        .iter()
        .filter(|record| record.kind == ASSESSMENT)
        .filter_map(|record| Some((score(record)?, record)))
        .collect();
    let mut found = Vec::new();
    for (at, (a_score, a)) in scored.iter().enumerate() {
        for (b_score, b) in scored.get(at + 1..).unwrap_or_default() {
            let same = |key: &str| a.text(key) == b.text(key);
            if a_score == b_score || series(a) != series(b) || !same("date") || !same("client") {
                continue;
            }
            let mut both = [(*a_score, *a), (*b_score, *b)];
            both.sort_by(|(a_score, a), (b_score, b)| (b_score, &a.id).cmp(&(a_score, &b.id)));
            let [(_, higher), _] = both;
            let sides = both
                .iter()
                .map(|(score, one)| Side::of(one, score.to_string()));
            let mut ids = [a.id.as_str(), b.id.as_str()];
            ids.sort_unstable();
            let finding = Finding::new(&rules::TWO_SCORES, &ids, sides.collect());
            let finding = finding.with_detail("form", higher.text("title"));
            found.push(finding.with_detail("provisional", &higher.id));
        }
    }
    found
}

/// The assessments whose score does not count, because another of the same day is higher or was
/// chosen.
pub fn outdone(doc: &Doc, records: &[Record]) -> BTreeSet<String> {
    let findings = settlement::attach(doc, find(records));
    let mut outdone = BTreeSet::new();
    for finding in findings
        .iter()
        .filter(|one| one.rule == rules::TWO_SCORES.code)
    {
        let chosen = finding.settled.as_ref().and_then(|settled| {
            let side = settled.choice.strip_prefix(SIDE)?;
            side.strip_prefix(':')
        });
        let counts = chosen.or_else(|| finding.detail("provisional"));
        let others = finding
            .sides
            .iter()
            .filter(|side| Some(side.record.as_str()) != counts);
        outdone.extend(others.map(|side| side.record.clone()));
    }
    outdone
}
