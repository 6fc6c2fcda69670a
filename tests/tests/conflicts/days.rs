//! Random days apart, on documents alone: both end with the same findings whatever came first, and
//! no value that anybody typed is out of reach.

use std::collections::BTreeMap;

use satchel_core::{
    case,
    doc::{Doc, actor as actor_of},
    finding::{self, Facts, Finding},
    medication::Table,
    record::{self, Edit},
    rng::Seeded,
};
use satchel_wire::{ChainId, Millis, ProfileId, StreamId};

/// Pairs of days; `SATCHEL_DAYS` says another number.
const DAYS: u64 = 10_000;

/// The actor of a tablet.
macro_rules! actor {
    ($letter:expr) => {{
        let letter: u8 = $letter;
        actor_of(
            StreamId([0; StreamId::LEN]),
            ProfileId([letter; ProfileId::LEN]),
            ChainId([letter; ChainId::LEN]),
        )
    }};
}

/// What somebody did, as it travels.
struct Change {
    bytes: Vec<u8>,
    author: u8,
    n: u64,
}

struct Tablet {
    doc: Doc,
    letter: u8,
    n: u64,
    sent: Vec<Change>,
    /// By place, the last value that was typed here and was new here.
    typed: BTreeMap<(String, String, String), String>,
}

fn edit(kind: &str, id: &str, key: &str, value: &str) -> Edit {
    let owned = str::to_owned;
    Edit {
        kind: owned(kind),
        id: owned(id),
        key: owned(key),
        value: owned(value),
    }
}

fn findings(doc: &Doc) -> Vec<Finding> {
    finding::findings(&Facts {
        doc,
        records: &record::all(doc),
        beside: &[],
        medications: Table::own(),
        elsewhere: &[],
        twins: false,
    })
}

impl Tablet {
    fn new(letter: u8, begun: &[Change]) -> Self {
        let mut doc = Doc::new(actor!(letter));
        for change in begun {
            doc.apply(
                vec![serde_bytes::ByteBuf::from(change.bytes.clone())],
                &actor!(change.author),
                change.n,
            )
            .unwrap();
        }
        Self {
            doc,
            letter,
            n: 0,
            sent: Vec::new(),
            typed: BTreeMap::new(),
        }
    }

    fn set(&mut self, at: u64, edits: &[Edit]) {
        for edit in edits {
            let place = (edit.kind.clone(), edit.id.clone(), edit.key.clone());
            let held = record::values(&self.doc, &edit.kind, &edit.id, &edit.key);
            if held.iter().all(|held| held.text != edit.value) {
                self.typed.insert(place, edit.value.clone());
            } else {
                self.typed.remove(&place);
            }
        }
        if let Some(bytes) = record::apply(&mut self.doc, Millis(at), edits).unwrap() {
            self.n += 1;
            let (author, n) = (self.letter, self.n);
            self.sent.push(Change { bytes, author, n });
        }
    }

    /// Something that a worker may do on a day.
    fn act(&mut self, rng: &mut Seeded, at: u64) {
        let mut pick = |of: &[&'static str]| of[rng.below(of.len() as u64) as usize];
        let old = ["o1", "o2"];
        let new = if self.letter == 1 {
            ["a1", "a2"]
        } else {
            ["b1", "b2"]
        };
        let any = pick(&[old[0], old[1], new[0], new[1]]);
        let value = format!("{} {at}", self.letter);
        let edits = match pick(&[
            "medicine", "dose", "state", "address", "flag", "case", "booking", "visit", "person",
            "extra", "settle", "settle", "allergy", "primary",
        ]) {
            "medicine" => {
                let name = pick(&["Nardil", "Demerol", "Lisinopril", "Zestril", "Amoxicillin"]);
                vec![edit("medication", any, "name", name)]
            }
            "dose" => vec![edit("medication", any, "dose", &value)],
            "state" => {
                let (kind, states): (&str, &[&'static str]) =
                    match pick(&["medication", "flag", "appointment", "address"]) {
                        "medication" => ("medication", &["stopped", "active", "on-hold"]),
                        "flag" => ("flag", &["cleared", "active"]),
                        "address" => ("address", &["old", "active"]),
                        _ => ("appointment", &["cancelled", "entered-in-error", "booked"]),
                    };
                vec![edit(kind, any, "state", pick(states))]
            }
            "address" => match pick(&["text", "confidential"]) {
                "text" => vec![
                    edit("address", any, "text", &value),
                    edit("address", any, "use", "home"),
                ],
                _ => vec![edit("address", any, "confidential", pick(&["yes", ""]))],
            },
            "flag" => vec![
                edit("flag", any, "kind", pick(&["weapon", "animal"])),
                edit("flag", any, "evidence", &value),
            ],
            "case" => vec![edit(
                "case",
                "case",
                "state",
                pick(&["active", "closed", "on_hold"]),
            )],
            "booking" => {
                let (start, end) = (at * 10, at * 10 + 500);
                vec![
                    edit("appointment", any, "title", &value),
                    edit("appointment", any, "start", &start.to_string()),
                    edit("appointment", any, "end", &end.to_string()),
                    edit("appointment", any, "staff", pick(&["ana", "ben"])),
                ]
            }
            "visit" => vec![
                edit("visit", any, "mode", pick(&["phone", "in_person"])),
                edit("visit", any, "start", &(at * 10).to_string()),
                edit("visit", any, "outcome", "made"),
            ],
            "person" => vec![edit(
                "person",
                "",
                pick(&["phone", "address", "language"]),
                &value,
            )],
            "extra" => vec![edit("extra", "", "Shoe size", &value)],
            "allergy" => vec![edit(
                "allergy",
                any,
                "substance",
                pick(&["penicillin", "latex"]),
            )],
            "primary" => vec![
                edit("assignment", any, "staff", pick(&["ana", "ben"])),
                edit("assignment", any, "role", pick(&["primary", "secondary"])),
            ],
            _ => self.settling(rng, &value),
        };
        self.set(at, &edits);
    }

    /// Settles a finding, or takes that back.
    fn settling(&self, rng: &mut Seeded, reason: &str) -> Vec<Edit> {
        let records = record::all(&self.doc);
        let facts = Facts {
            doc: &self.doc,
            records: &records,
            beside: &[],
            medications: Table::own(),
            elsewhere: &[],
            twins: false,
        };
        let found = finding::findings(&facts);
        let picked = rng.below(found.len().max(1) as u64) as usize;
        let Some(one) = found.get(picked) else {
            return Vec::new();
        };
        if one.settled.is_some() && rng.below(2) == 0 {
            return finding::reopen(&facts, &one.id, true).unwrap();
        }
        let choice = &one.choices[rng.below(one.choices.len() as u64) as usize];
        finding::settle(&facts, &one.id, choice, reason, true).unwrap()
    }

    fn take<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) {
        for change in changes {
            self.doc
                .apply(
                    vec![serde_bytes::ByteBuf::from(change.bytes.clone())],
                    &actor!(change.author),
                    change.n,
                )
                .unwrap();
        }
    }
}

/// A case that both know: two of each, and a conflict or two that wait.
fn begun() -> Vec<Change> {
    let mut first = Tablet::new(9, &[]);
    let bytes = case::begin(
        &mut first.doc,
        Millis(1),
        &[("phone".into(), "555".into())],
        &[],
    )
    .unwrap();
    first.n = 1;
    first.sent.push(Change {
        bytes,
        author: 9,
        n: 1,
    });
    let mut edits = Vec::new();
    for (id, place) in [("o1", "1 Elm St"), ("o2", "2 Oak St")] {
        edits.push(edit("medication", id, "name", "Lisinopril"));
        edits.push(edit("address", id, "text", place));
        edits.push(edit("address", id, "use", "home"));
        edits.push(edit("flag", id, "kind", "weapon"));
        edits.push(edit("appointment", id, "title", "Visit"));
    }
    edits.push(edit("case", "case", "state", "active"));
    first.set(2, &edits);
    first.sent
}

/// Every value that was the last one typed at its place stands there, or a finding shows it.
fn missing(tablet: &Tablet, found: &[Finding], of: &Tablet) -> Option<String> {
    let shown = |value: &str| {
        found
            .iter()
            .flat_map(|one| &one.sides)
            .any(|side| side.value == value)
    };
    let stands = |(kind, id, key): &(String, String, String), value: &str| {
        let held = record::values(&tablet.doc, kind, id, key);
        held.iter().any(|held| held.text == value)
    };
    let mut typed = of.typed.iter();
    typed
        .find(|(place, value)| !stands(place, value) && !shown(value) && place.0 != record::SETTLED)
        .map(|(place, value)| format!("{place:?} {value}"))
}

#[test]
fn days_apart_end_alike_and_no_typed_value_is_out_of_reach() {
    let days = std::env::var("SATCHEL_DAYS")
        .ok()
        .and_then(|days| days.parse().ok())
        .unwrap_or(DAYS);
    let begun = begun();
    let (mut met, mut settled) = (0, 0);
    for seed in 0..days {
        let mut rng = Seeded::new(seed);
        let (mut a, mut b) = (Tablet::new(1, &begun), Tablet::new(2, &begun));
        for at in 0..1 + rng.below(4) {
            a.act(&mut rng, 100 + at);
        }
        for at in 0..1 + rng.below(4) {
            b.act(&mut rng, 200 + at);
        }
        // A third hears of each piece by turns.
        let mut c = Tablet::new(3, &begun);
        let (mut left, mut right) = (a.sent.iter(), b.sent.iter());
        loop {
            let next = if rng.below(2) == 0 {
                left.next().or_else(|| right.next())
            } else {
                right.next().or_else(|| left.next())
            };
            let Some(next) = next else { break };
            c.take([next]);
        }
        let (from_a, from_b) = (std::mem::take(&mut a.sent), std::mem::take(&mut b.sent));
        a.take(&from_b);
        b.take(&from_a);
        let found = findings(&a.doc);
        assert_eq!(
            found,
            findings(&b.doc),
            "SATCHEL_DAYS={}: day {seed}",
            seed + 1
        );
        assert_eq!(
            found,
            findings(&c.doc),
            "SATCHEL_DAYS={}: day {seed}",
            seed + 1
        );
        for of in [&a, &b] {
            let missing = missing(&c, &found, of);
            assert_eq!(
                missing,
                None,
                "SATCHEL_DAYS={}: day {seed}\n{found:#?}",
                seed + 1
            );
        }
        met += found.len();
        settled += found.iter().filter(|one| !one.is_open()).count();
    }
    println!("{days} pairs of days, {met} findings, {settled} of them settled");
    assert!(
        met > settled && settled > 0,
        "the days are too quiet to tell anything"
    );
}
