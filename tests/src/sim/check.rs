//! What must be true when a world has come to rest, kept in a model as plain as can be: what was
//! written, which of it a screen has called saved, what each write stood on.

use std::collections::{BTreeMap, BTreeSet};

use satchel_core::api::{CaseView, Reply};

use super::world::values;

/// Everything that people wrote.
#[derive(Default)]
pub struct Model {
    writes: BTreeMap<(usize, u32), Write>,
}

struct Write {
    case: String,
    what: What,
    acknowledged: bool,
}

enum What {
    Note(String),
    /// The record has the id that the answer names.
    Record(Option<String>),
    Field {
        key: String,
        value: String,
        replaced: Vec<String>,
    },
}

impl Model {
    pub(super) fn wrote_note(&mut self, device: usize, request: u32, case: &str, text: &str) {
        self.wrote(device, request, case, What::Note(text.into()));
    }

    pub(super) fn wrote_field(
        &mut self,
        device: usize,
        request: u32,
        case: &str,
        key: &str,
        value: &str,
        replaced: Vec<String>,
    ) {
        let what = What::Field {
            key: key.into(),
            value: value.into(),
            replaced,
        };
        self.wrote(device, request, case, what);
    }

    fn wrote(&mut self, device: usize, request: u32, case: &str, what: What) {
        let write = Write {
            case: case.into(),
            what,
            acknowledged: false,
        };
        self.writes.insert((device, request), write);
    }

    pub(super) fn wrote_record(&mut self, device: usize, request: u32, case: &str) {
        self.wrote(device, request, case, What::Record(None));
    }

    /// A screen has shown these answers.
    pub(super) fn answered(&mut self, device: usize, replies: &BTreeMap<u32, Reply>) {
        for ((_, request), write) in self.writes.range_mut((device, 0)..=(device, u32::MAX)) {
            match replies.get(request) {
                Some(Reply::Done) => write.acknowledged = true,
                Some(Reply::Saved { id, .. }) => {
                    write.acknowledged = true;
                    if let What::Record(known) = &mut write.what {
                        *known = Some(id.clone());
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn acknowledged(&self) -> usize {
        self.writes
            .values()
            .filter(|write| write.acknowledged)
            .count()
    }

    /// Compares what every tablet shows with each other and with what was written.
    pub(super) fn check(&self, views: &[Vec<CaseView>]) -> Result<usize, String> {
        let mut shown: BTreeMap<&str, &CaseView> = BTreeMap::new();
        for (device, cases) in views.iter().enumerate() {
            for view in cases {
                let first = shown.entry(&view.case).or_insert(view);
                if same(first) != same(view) {
                    return Err(format!(
                        "tablet {device} shows case {} otherwise",
                        view.case
                    ));
                }
            }
        }
        for (case, view) in &shown {
            let holders = views
                .iter()
                .filter(|v| v.iter().any(|c| c.case == *case))
                .count();
            let members = view.team.iter().filter(|member| !member.invited).count();
            if holders != members {
                return Err(format!(
                    "case {case}: {members} members, {holders} tablets have it"
                ));
            }
        }
        for write in self.writes.values().filter(|write| write.acknowledged) {
            let view = shown
                .get(write.case.as_str())
                .ok_or("a case with saved work is gone")?;
            match &write.what {
                What::Note(text) => {
                    let found = view.notes.iter();
                    let found = found.filter(|note| note.sections.iter().any(|(_, t)| t == text));
                    let found = found.count();
                    if found != 1 {
                        return Err(format!("saved note '{text}' is there {found} times"));
                    }
                }
                What::Record(id) => {
                    let there = view.records.iter().any(|one| Some(&one.id) == id.as_ref());
                    if !there {
                        return Err(format!("saved record {id:?} is gone"));
                    }
                }
                What::Field { key, value, .. } => {
                    let standing = values(view, key);
                    if !standing.contains(value) && !self.replaced(&write.case, key).contains(value)
                    {
                        return Err(format!(
                            "saved value '{value}' of {key} is gone: {standing:?}"
                        ));
                    }
                }
            }
        }
        Ok(shown.len())
    }

    /// Values of a field that some later write stood on.
    fn replaced(&self, case: &str, field: &str) -> BTreeSet<&String> {
        self.writes
            .values()
            .filter(|write| write.case == case)
            .filter_map(|write| match &write.what {
                What::Field { key, replaced, .. } if key == field => Some(replaced),
                _ => None,
            })
            .flatten()
            .collect()
    }
}

/// What has to be the same on every tablet: values, sides, authors, times, notes, records, findings.
fn same(view: &CaseView) -> impl PartialEq + use<> {
    let fields: Vec<_> = view
        .fields
        .iter()
        .map(|f| {
            (
                f.key.clone(),
                f.value.clone(),
                f.author.clone(),
                f.at,
                f.sides.clone(),
            )
        })
        .collect();
    let notes: Vec<_> = view
        .notes
        .iter()
        .map(|n| {
            (
                n.id.clone(),
                n.sections.clone(),
                n.state.clone(),
                n.author.clone(),
                n.at,
                n.imported,
            )
        })
        .collect();
    let mut team: Vec<_> = view
        .team
        .iter()
        .map(|m| (m.profile.clone(), m.name.clone()))
        .collect();
    team.sort();
    let findings: Vec<_> = view
        .findings
        .iter()
        .map(|f| (f.id.clone(), f.severity, f.sides.clone(), f.settled.clone()))
        .collect();
    (fields, notes, team, view.records.clone(), findings)
}
