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
        // Whom a key took out that is revoked since keeps what was there, and hears no more.
        let is_in = |view: &&CaseView| view.team.iter().any(|one| one.me);
        let views: Vec<Vec<&CaseView>> = views
            .iter()
            .map(|cases| cases.iter().filter(is_in).collect())
            .collect();
        let mut shown: BTreeMap<&str, &CaseView> = BTreeMap::new();
        let mut shown_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (device, cases) in views.iter().enumerate() {
            let read: BTreeSet<&str> = cases.iter().map(|view| view.case.as_str()).collect();
            for view in cases.iter().copied() {
                let first = shown.entry(&view.case).or_insert(view);
                let first_read = shown_by.entry(&view.case).or_insert_with(|| read.clone());
                if let Some(difference) = difference(first, view, *first_read == read) {
                    return Err(format!(
                        "tablet {device} shows case {} otherwise: {difference}",
                        view.case
                    ));
                }
            }
        }
        // A tablet may be gone although its profile counts: whoever revoked it was revoked first.
        let own = |view: &CaseView| {
            view.team
                .iter()
                .find(|one| one.me)
                .map(|one| one.profile.clone())
        };
        let all = views.iter().flatten().copied();
        let living: BTreeSet<String> = all.filter_map(own).collect();
        for (case, view) in &shown {
            let holders = views
                .iter()
                .filter(|v| v.iter().any(|c| c.case == *case))
                .count();
            let members = view.team.iter().filter(|one| living.contains(&one.profile));
            let members = members.count();
            if holders != members {
                return Err(format!(
                    "case {case}: {members} members, {holders} tablets have it"
                ));
            }
        }
        for write in self.writes.values().filter(|write| write.acknowledged) {
            let view = shown
                .get(write.case.as_str())
                .ok_or_else(|| format!("case {} with saved work is gone", write.case))?;
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

/// The first of what has to be the same on every tablet that is not.
fn difference(one: &CaseView, other: &CaseView, same_cases: bool) -> Option<String> {
    let (one, other) = (common(one, same_cases), common(other, same_cases));
    let length = one.len().max(other.len());
    let at = (0..length).find(|i| one.get(*i) != other.get(*i))?;
    Some(format!("{:?} and {:?}", one.get(at), other.get(at)))
}

/// Values, sides, authors, times, notes, records, findings; but not what whoever looks may do next,
/// and what is found with the help of other cases only among those who read the same ones.
fn common(view: &CaseView, same_cases: bool) -> Vec<String> {
    let mut all = Vec::new();
    for f in &view.fields {
        all.push(format!(
            "{:?}",
            (&f.key, &f.value, &f.author, f.at, &f.sides)
        ));
    }
    for n in &view.notes {
        let note = (&n.id, &n.sections, &n.state, &n.author, n.at, n.imported);
        all.push(format!("{note:?}"));
    }
    let team = view.team.iter();
    let mut team: Vec<String> = team.map(|m| format!("{} {}", m.profile, m.name)).collect();
    team.sort();
    all.extend(team);
    for r in &view.records {
        let record = (&r.kind, &r.id, &r.author, r.at, &r.fields, &r.read_as);
        all.push(format!("{record:?}"));
    }
    let across = |id: &str| id.ends_with("/elsewhere");
    for f in view
        .findings
        .iter()
        .filter(|f| same_cases || !across(&f.id))
    {
        all.push(format!("{:?}", (&f.id, f.severity, &f.sides, &f.settled)));
    }
    all
}
