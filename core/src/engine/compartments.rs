//! Compartments of a case: beginning one, and what those who read one see of both. Owns the invariant
//! that nothing of a compartment is written into its case's stream, and that nobody is let into one
//! but by name.

use std::collections::BTreeMap;

use automerge::ActorId;
use satchel_wire::{Millis, ProfileId, StreamId};
use serde::{Deserialize, Serialize};

use crate::{
    api::{CompartmentView, Failure, Reply, RestrictedView, WithinView},
    compartment::{self, Compartment, KINDS},
    doc::{Doc, Held, Origin},
    engine::{
        Engine,
        cx::Cx,
        desk::{Desk, Open, Summary},
        replica::Replica,
        streams,
    },
    finding,
    record::Record,
};

/// Kinds of record of which a compartment's findings take those of its case.
const BESIDE: [&str; 2] = ["medication", "allergy"];

/// A medicine or an allergy, as a summary keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    kind: String,
    id: String,
    mark: Mark,
    fields: BTreeMap<String, Vec<(String, String, Mark)>>,
}

/// Whose a value is and when it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    at: Millis,
    #[serde(with = "serde_bytes")]
    actor: Vec<u8>,
    n: u64,
    author: Option<ProfileId>,
}

impl Mark {
    fn of(open: &Open, origin: &Origin) -> Self {
        Self {
            at: origin.at,
            actor: origin.actor.to_bytes().to_vec(),
            n: origin.n,
            author: open.authors.get(&origin.actor).map(|(author, _)| *author),
        }
    }

    fn origin(&self) -> Origin {
        Origin {
            at: self.at,
            actor: ActorId::from(self.actor.as_slice()),
            n: self.n,
        }
    }
}

impl Kept {
    /// Those of a document's records whose kind matters to others.
    pub fn all(open: &Open, records: &[Record]) -> Vec<Self> {
        let all = records
            .iter()
            .filter(|one| BESIDE.contains(&one.kind.as_str()));
        let keep = |held: &Held| {
            let mark = Mark::of(open, &held.origin);
            (held.id.clone(), held.text.clone(), mark)
        };
        all.map(|one| Self {
            kind: one.kind.clone(),
            id: one.id.clone(),
            mark: Mark::of(open, &one.origin),
            fields: one
                .fields
                .iter()
                .map(|(key, values)| (key.clone(), values.iter().map(keep).collect()))
                .collect(),
        })
        .collect()
    }

    /// As the record that it was.
    pub fn record(&self) -> Record {
        let held = |(id, text, mark): &(String, String, Mark)| Held {
            id: id.clone(),
            text: text.clone(),
            origin: mark.origin(),
        };
        Record {
            kind: self.kind.clone(),
            id: self.id.clone(),
            fields: self
                .fields
                .iter()
                .map(|(key, values)| (key.clone(), values.iter().map(held).collect()))
                .collect(),
            origin: self.mark.origin(),
        }
    }
}

/// The medicines and allergies of the case to which a document is a compartment.
pub(super) fn beside<'a>(desk: &'a Desk, doc: &Doc) -> &'a [Kept] {
    let what = compartment::read(doc);
    let case = what.and_then(|what| desk.summaries.get(&what.of));
    case.map_or(&[], |case| case.takes.as_slice())
}

/// Who wrote what stands beside a document, where its own authors do not tell.
pub(super) fn author_beside(beside: &[Kept], actor: &ActorId) -> Option<ProfileId> {
    let mark = beside.iter().map(|one| &one.mark);
    let mut mark = mark.filter(|mark| mark.actor == actor.to_bytes());
    mark.next().and_then(|mark| mark.author)
}

impl Desk {
    /// The compartments of a case that are read here.
    pub fn compartments(&self, case: StreamId) -> impl Iterator<Item = (StreamId, &Summary)> {
        let all = self.summaries.iter().map(|(id, summary)| (*id, summary));
        all.filter(move |(_, one)| one.within.as_ref().is_some_and(|(_, of)| *of == case))
    }

    /// What to call a case: a compartment goes by its case's name.
    pub fn name_of_case(&self, id: StreamId) -> String {
        let named = |id: &StreamId| self.summaries.get(id);
        let one = named(&id);
        let case = one.and_then(|one| one.within.as_ref());
        let one = case.and_then(|(_, of)| named(of)).or(one);
        one.map_or_else(String::new, |one| one.name.clone())
    }
}

impl Engine {
    /// Begins a compartment for me, those who lead, and `team`, all of whom read the case.
    pub(super) fn new_compartment(
        &mut self,
        cx: &mut Cx,
        case: &str,
        kind: &str,
        team: &[String],
    ) -> Result<Reply, Failure> {
        let of = self.case_id(case)?;
        let codes: Vec<&str> = KINDS.iter().map(|(code, _)| *code).collect();
        if !codes.contains(&kind) {
            return Err(Failure::BadValue {
                field: "kind".into(),
                expected: codes.join(", "),
            });
        }
        if compartment::read(self.doc(of)?).is_some() {
            return Err(Failure::BadValue {
                field: "case".into(),
                expected: "a case".into(),
            });
        }
        let team = self.team(team)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        if !team.iter().all(|one| reads(replica, of, *one)) {
            return Err(not_in_case());
        }
        let stream = streams::begin(replica, desk, cx, team)?;
        let mut doc = Doc::new(self.begin_writing(cx, stream)?);
        let kind = kind.to_owned();
        let change = compartment::begin(&mut doc, cx.now, &Compartment { kind, of });
        let change = change.map_err(|_| Failure::Damaged)?;
        self.open_new(stream, doc)?;
        self.publish(cx, stream, &change)?;
        self.changed.insert(of);
        Ok(Reply::Created {
            case: stream.to_string(),
        })
    }

    /// Refuses a kind of record that may not stand in this document.
    pub(super) fn check_place(&mut self, stream: StreamId, kind: &str) -> Result<(), Failure> {
        match compartment::read(self.doc(stream)?) {
            Some(what) if !what.holds(kind) => Err(Failure::BadValue {
                field: kind.into(),
                expected: compartment::records(&what.kind).join(", "),
            }),
            _ => Ok(()),
        }
    }

    /// The compartments of a case that are read here, with who else reads them.
    pub(super) fn compartment_views(&self, case: StreamId) -> Vec<CompartmentView> {
        let Ok((_, desk)) = self.parts() else {
            return Vec::new();
        };
        let view = |(id, summary): (StreamId, &Summary)| CompartmentView {
            case: id.to_string(),
            kind: kind_of(summary),
            readers: self.readers(id),
            notes: summary.notes,
            conflicts: summary.conflicts(),
            records: summary
                .takes
                .iter()
                .map(Kept::record)
                .filter(Record::counts)
                .map(|one| RestrictedView {
                    text: finding::in_short(&one),
                    state: one.state().to_owned(),
                    kind: one.kind,
                    id: one.id,
                })
                .collect(),
        };
        desk.compartments(case).map(view).collect()
    }

    /// Of a compartment: its case, and who reads it.
    pub(super) fn within_view(&self, id: StreamId) -> Option<WithinView> {
        let (_, desk) = self.parts().ok()?;
        let (kind, of) = desk.summaries.get(&id)?.within.as_ref()?;
        Some(WithinView {
            case: of.to_string(),
            here: desk.summaries.contains_key(of),
            kind: kind.clone(),
            records: compartment::records(kind)
                .iter()
                .map(|one| (*one).to_owned())
                .collect(),
            readers: self.readers(id),
        })
    }

    fn readers(&self, id: StreamId) -> Vec<String> {
        let Ok((replica, _)) = self.parts() else {
            return Vec::new();
        };
        let members = replica.roster.members();
        let readers = members.filter(|one| reads(replica, id, one.profile));
        let mut names: Vec<String> = readers.map(|one| self.name_of(one.profile)).collect();
        names.sort();
        names.dedup();
        names
    }
}

fn kind_of(summary: &Summary) -> String {
    let within = summary.within.as_ref();
    within.map_or_else(String::new, |(kind, _)| kind.clone())
}

/// Only who reads the case may read a part of it.
pub(super) fn not_in_case() -> Failure {
    Failure::BadValue {
        field: "team".into(),
        expected: "somebody who reads the case".into(),
    }
}

/// Whether a member reads a stream.
pub(super) fn reads(replica: &Replica, stream: StreamId, member: ProfileId) -> bool {
    let known = replica.streams.get(&stream);
    known.is_some_and(|known| known.epochs.may_read(&replica.roster, member))
}
