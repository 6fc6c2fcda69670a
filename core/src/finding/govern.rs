//! What stands until a person has decided: the more careful side, of what is open as of what two
//! settled differently.

use super::{Finding, rules};
use crate::record::{MISTAKE, Record, STATE};

/// The state that stands for a record: its own, unless an open finding puts a more careful one
/// before it.
pub fn state<'a>(findings: &[Finding], record: &'a Record) -> &'a str {
    let about = |finding: &&Finding| {
        finding
            .sides
            .iter()
            .any(|side| names(side, record) && side.key == STATE)
    };
    for finding in findings.iter().filter(|finding| finding.is_open()) {
        match governing(finding) {
            Some((rule, "keep_stopped")) if of(rule, finding, record) => return "stopped",
            Some((rule, "keep_set")) if of(rule, finding, record) => return "active",
            _ => {}
        }
    }
    // Of states that no rule speaks of, what still counts stands before what was withdrawn.
    let open = findings.iter().filter(about).any(Finding::is_open);
    let counting = record.held(STATE).iter().find(|held| held.text != MISTAKE);
    match counting {
        Some(held) if open && record.state() == MISTAKE => &held.text,
        _ => record.state(),
    }
}

/// Whether a value is for those who lead to change: an open finding that is theirs to settle is about
/// it, and another value would settle it unseen. That is a state which the finding decides, and
/// every value that met in it.
pub fn is_held_back(findings: &[Finding], kind: &str, id: &str, key: &str) -> bool {
    let mut held = findings
        .iter()
        .filter(|finding| finding.is_open() && finding.leads_only);
    held.any(|finding| {
        let met = finding.sides.iter().any(|side| {
            // A flag that was set anew beside the cleared one stands or falls with it.
            let anew = finding.rule == rules::FLAG.code && side.key.is_empty() && key == STATE;
            (side.kind.as_str(), side.record.as_str()) == (kind, id) && (side.key == key || anew)
        });
        // Settlements name no records; the finding's id does.
        let decides = |rule: &rules::Rule| finding.id == format!("{}/{id}", rule.code);
        met || (key == STATE && [rules::FLAG, rules::CLOSED_ACTIVE].iter().any(decides))
    })
}

/// Whether a value waits: it was written to a record that another had stopped or restricted.
pub fn waits(findings: &[Finding], record: &Record, key: &str) -> bool {
    let rules = [rules::STOPPED_EDITED.code, rules::CONFIDENTIAL_EDITED.code];
    let mut open = findings
        .iter()
        .filter(|finding| finding.is_open() && rules.contains(&finding.rule));
    open.any(|finding| {
        let edits = finding.sides.iter().skip(1);
        edits
            .filter(|side| side.key == key)
            .any(|side| names(side, record))
    })
}

/// Whether an address is confidential as far as anybody says.
pub fn is_restricted(record: &Record) -> bool {
    record
        .held("confidential")
        .iter()
        .any(|held| held.text == "yes")
}

fn names(side: &super::Side, record: &Record) -> bool {
    side.kind == record.kind && side.record == record.id
}

/// The rule that an open finding is about at bottom, and the choice that governs meanwhile.
fn governing(finding: &Finding) -> Option<(&'static rules::Rule, &str)> {
    if finding.rule != rules::DIFFERENTLY.code {
        let rule = rules::rule_of(finding.rule)?;
        return rule.careful.first().map(|choice| (rule, *choice));
    }
    let rule = rules::rule_of(finding.detail("rule")?)?;
    finding.sides.first().map(|side| (rule, side.key.as_str()))
}

/// Whether the finding is about this record's state. Settlements name no records; the finding's id
/// does. A flag that was set anew beside the cleared one stands by itself.
fn of(rule: &rules::Rule, finding: &Finding, record: &Record) -> bool {
    let about = [rules::STOPPED_EDITED.code, rules::FLAG.code].contains(&rule.code)
        && finding.id == format!("{}/{}", rule.code, record.id);
    let anew = |side: &super::Side| side.kind == record.kind && side.record != record.id;
    about && !(finding.sides.len() == 2 && finding.sides.iter().any(anew))
}
