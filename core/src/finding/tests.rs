//! Two tablets apart: what each does, what both find afterwards, and what settling does.

use automerge::ActorId;
use satchel_wire::Millis;

use super::*;
use crate::{
    api::Failure,
    case,
    record::{self, EXTRA, Edit, NOTE, PERSON},
};

const DAY: u64 = 24 * 60 * 60 * 1000;

/// A tablet with one case.
struct Tablet {
    doc: Doc,
    actor: ActorId,
    n: u64,
}

impl Tablet {
    fn new(letter: u8) -> Self {
        let actor = ActorId::from(vec![letter; 32]);
        Self {
            doc: Doc::new(actor.clone()),
            actor,
            n: 0,
        }
    }

    fn set(&mut self, at: u64, edits: &[Edit]) -> Vec<u8> {
        let change = record::apply(&mut self.doc, Millis(at), edits).unwrap();
        self.n += 1;
        change.expect("an edit that changes something")
    }

    fn take(&mut self, from: &Self, change: &[u8]) {
        self.doc
            .apply(
                vec![serde_bytes::ByteBuf::from(change.to_vec())],
                &from.actor,
                from.n,
            )
            .unwrap();
    }

    fn findings(&self) -> Vec<Finding> {
        self.with(|facts| findings(&facts))
    }

    fn with<T>(&self, ask: impl FnOnce(Facts<'_>) -> T) -> T {
        let records = record::all(&self.doc);
        ask(Facts {
            doc: &self.doc,
            records: &records,
            beside: &[],
            medications: Table::own(),
            elsewhere: &[],
            twins: false,
        })
    }

    fn settle(&self, id: &str, choice: &str, reason: &str) -> Result<Vec<Edit>, Failure> {
        self.with(|facts| settle(&facts, id, choice, reason, true))
    }

    fn record(&self, kind: &str, id: &str) -> Record {
        record::find(&self.doc, kind, id).unwrap()
    }
}

/// `kind/id key=value; key=value`, one record a line.
fn edits(lines: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (place, values) = line.split_once(' ').unwrap();
        let (kind, id) = place.split_once('/').unwrap();
        for value in values.split(';') {
            let (key, value) = value.trim().split_once('=').unwrap();
            edits.push(Edit {
                kind: kind.into(),
                id: id.into(),
                key: key.into(),
                value: value.into(),
            });
        }
    }
    edits
}

/// Two tablets of which each did something that the other does not know, and then heard of it.
fn met(base: &str, a_does: &str, b_does: &str) -> (Tablet, Tablet) {
    let (mut a, mut b) = (Tablet::new(1), Tablet::new(2));
    let begun = case::begin(&mut a.doc, Millis(1), &[], &[]).unwrap();
    a.n = 1;
    b.take(&a, &begun);
    if !base.is_empty() {
        let change = a.set(2, &edits(base));
        b.take(&a, &change);
    }
    apart(&mut a, &mut b, &edits(a_does), &edits(b_does));
    (a, b)
}

fn apart(a: &mut Tablet, b: &mut Tablet, a_does: &[Edit], b_does: &[Edit]) {
    let from_a = (!a_does.is_empty()).then(|| a.set(10 * DAY, a_does));
    let from_b = (!b_does.is_empty()).then(|| b.set(11 * DAY, b_does));
    if let Some(change) = from_b {
        a.take(b, &change);
    }
    if let Some(change) = from_a {
        b.take(a, &change);
    }
    assert_eq!(a.findings(), b.findings(), "two tablets, one record");
}

fn told(tablet: &Tablet) -> Vec<String> {
    let findings = tablet.findings();
    let line = |one: &Finding| {
        let settled = one
            .settled
            .as_ref()
            .map_or("open", |settled| &settled.choice);
        format!("{} {:?} {}", one.rule, one.severity, settled)
    };
    findings.iter().map(line).collect()
}

const VISIT: &str = "appointment/v title=Home visit; start=36000000; end=39600000; staff=ana";
const MED: &str = "medication/m name=Lisinopril; dose=10 mg; frequency=daily";
const HOME: &str = "address/h text=1 Elm St; use=home";
const FLAG: &str = "flag/f kind=weapon; evidence=seen at the door";

mod settling;

#[test]
fn what_met_is_found_on_both_tablets() {
    let before = format!("{VISIT}\n{MED}\n{HOME}\n{FLAG}\ncase/case state=active");
    let table = [
        // 1: the second appointment of the same worker begins while the first lasts, or its travel does.
        (
            "",
            "appointment/c title=Hearing; start=39000000; end=42000000; staff=ana; type=court",
            "appointment/x title=Office; start=41000000; end=43000000; staff=ana",
            &[
                "worker_booked_twice High open",
                "worker_booked_twice High open",
            ][..],
        ),
        (
            "",
            "appointment/c title=Check; start=39600000; end=42000000; staff=ana",
            "person/ summary=x",
            &[],
        ),
        (
            "",
            "appointment/c title=Check; start=39600000; end=42000000; staff=ana; travel_min=15",
            "person/ summary=x",
            &["worker_booked_twice High open"],
        ),
        (
            "",
            "appointment/c title=Check; start=36000000; end=42000000; staff=ana; state=cancelled",
            "person/ summary=x",
            &[],
        ),
        // 2
        (
            "",
            "appointment/c title=Check; start=39000000; end=42000000; staff=ben",
            "person/ summary=x",
            &["client_booked_twice High open"],
        ),
        (
            "",
            "appointment/c title=Check; start=39600000; end=42000000; staff=ben; travel_min=30",
            "person/ summary=x",
            &[],
        ),
        // 3, 4
        (
            "",
            "medication/n name=Lisinopril 10 mg tablet; frequency=daily",
            "person/ summary=x",
            &["same_drug Medium open"],
        ),
        (
            "",
            "medication/n name=Zestril; dose=20 mg; frequency=daily",
            "person/ summary=x",
            &["same_drug_other_dose High open"],
        ),
        // 5
        (
            "",
            "medication/n name=Nardil; dose=15 mg",
            "medication/o name=Demerol; dose=50 mg",
            &["interaction Critical open"],
        ),
        (
            "medication/n name=Nardil; dose=15 mg",
            "medication/n state=stopped",
            "medication/o name=Demerol",
            &["interaction Critical open"],
        ),
        // 6
        (
            "",
            "medication/m state=stopped; stopped_reason=cough",
            "medication/m dose=20 mg",
            &["stopped_and_edited High open"],
        ),
        (
            "",
            "medication/m state=stopped; stopped_reason=cough",
            "medication/m state=on-hold",
            &["stopped_and_edited High open"],
        ),
        // 7
        (
            "",
            "allergy/a substance=penicillin",
            "medication/n name=Amoxicillin 500 mg",
            &["allergy_and_drug Critical open"],
        ),
        // 12
        (
            "",
            "address/i text=2 Oak St; use=home",
            "person/ summary=x",
            &["two_addresses High open"],
        ),
        (
            "",
            "address/i text=2 Oak St; use=mail",
            "person/ summary=x",
            &[],
        ),
        (
            "",
            "person/ address=1 Elm St",
            "person/ address=2 Oak St",
            &["two_addresses High open"],
        ),
        // 13
        (
            "",
            "address/h confidential=yes",
            "address/h text=3 Ash St",
            &["confidential_and_edited Critical open"],
        ),
        // 14
        (
            "",
            "flag/f state=cleared; cleared_reason=gone",
            "flag/f evidence=seen again",
            &["flag_cleared_and_set Critical open"],
        ),
        (
            "",
            "flag/f state=cleared",
            "flag/g kind=weapon; evidence=a knife",
            &["flag_cleared_and_set Critical open"],
        ),
        (
            "",
            "flag/f state=cleared",
            "flag/g kind=animal; evidence=a dog",
            &[],
        ),
        // 16
        (
            "",
            "case/case state=closed",
            "visit/w mode=in_person; start=5; staff=ben; outcome=made",
            &["closed_with_activity High open"],
        ),
        ("", "case/case state=closed", "task/t title=Call", &[]),
        // 19
        (
            "",
            "assignment/p staff=ana; role=primary",
            "assignment/q staff=ben; role=primary",
            &["two_primaries High open"],
        ),
        (
            "",
            "assignment/p staff=ana; role=primary",
            "assignment/q staff=ben; role=secondary",
            &[],
        ),
        (
            "",
            "transfer/t from=ana; to=ben; reason=leave; state=accepted",
            "transfer/u from=ana; to=cara; reason=leave; state=accepted",
            &["taken_over_twice High open"],
        ),
        (
            "",
            "transfer/t from=ana; to=ben; reason=leave; state=accepted",
            "transfer/u from=ana; to=cara; reason=leave",
            &[],
        ),
        (
            "transfer/t from=ana; to=ben; reason=leave",
            "transfer/t state=accepted",
            "transfer/t state=cancelled",
            &[],
        ),
        // 21
        (
            "",
            "visit/w mode=phone; start=3600000; staff=ana; outcome=made",
            "visit/x mode=phone; start=7200000; staff=ana; outcome=made",
            &["visit_logged_twice Medium open"],
        ),
        (
            "",
            "visit/w mode=phone; start=3600000; staff=ana; outcome=made",
            "visit/x mode=phone; start=7200001; staff=ana; outcome=made",
            &[],
        ),
        (
            "",
            "visit/w mode=phone; start=3600000; staff=ana; outcome=made",
            "visit/x mode=phone; start=3600000; staff=ana; outcome=no_answer",
            &[],
        ),
        // 24
        (
            "",
            "person/ phone=555-1",
            "person/ phone=555-2",
            &["field Medium open"],
        ),
        ("", "person/ phone=555-1", "person/ phone=555-1", &[]),
        (
            "",
            "extra/ Shoe size=9",
            "extra/ Shoe size=10",
            &["field Low open"],
        ),
        (
            "",
            "medication/m remarks=with food",
            "medication/m remarks=at night",
            &["field Low open"],
        ),
        (
            "",
            "appointment/v state=fulfilled",
            "appointment/v state=noshow",
            &["field Medium open"],
        ),
    ];
    for (base, a_does, b_does, expected) in table {
        let (a, _) = met(&format!("{before}\n{base}"), a_does, b_does);
        assert_eq!(told(&a), expected, "{a_does} | {b_does}");
    }
}

#[test]
fn what_one_did_knowing_of_the_other_is_no_conflict() {
    let (mut a, mut b) = met(
        &format!("{MED}\n{FLAG}"),
        "medication/m dose=20 mg",
        "flag/f evidence=old",
    );
    let change = a.set(
        12 * DAY,
        &edits("medication/m state=stopped\nflag/f state=cleared"),
    );
    b.take(&a, &change);
    assert_eq!(told(&b), Vec::<String>::new());
}

#[test]
fn both_sides_name_their_author_and_time_and_the_proposal_is_first() {
    let (a, _) = met(
        VISIT,
        "appointment/c title=Hearing; start=39000000; end=42000000; staff=ana; type=court",
        "person/ phone=1",
    );
    let found = a.findings();
    let sides: Vec<_> = found[0]
        .sides
        .iter()
        .map(|side| (side.value.as_str(), side.origin.as_ref().unwrap().at))
        .collect();
    assert_eq!(
        sides,
        [("Hearing", Millis(10 * DAY)), ("Home visit", Millis(2))]
    );
    assert_eq!(found[0].choices, ["keep_both", "side:c", "side:v"]);
    assert_eq!(found[0].detail("start:c"), Some("39000000"));
}

#[test]
fn nothing_is_told_of_what_lies_elsewhere() {
    let (a, _) = met(VISIT, "person/ phone=1", "");
    let records = record::all(&a.doc);
    let busy = |from, to| Elsewhere {
        staff: "ana".into(),
        span: Span {
            from: Millis(from),
            to: Millis(to),
        },
    };
    for (elsewhere, found) in [
        (busy(39_000_000, 40_000_000), 1),
        (busy(39_600_000, 40_000_000), 0),
    ] {
        let facts = Facts {
            doc: &a.doc,
            records: &records,
            beside: &[],
            medications: Table::own(),
            elsewhere: &[elsewhere],
            twins: false,
        };
        let all = findings(&facts);
        assert_eq!(all.len(), found);
        for finding in all {
            let side = finding
                .sides
                .iter()
                .find(|side| side.kind == ELSEWHERE)
                .unwrap();
            assert_eq!(
                (side.value.as_str(), side.record.as_str(), &side.origin),
                ("", "", &None)
            );
            assert!(!format!("{finding:?}").contains("40000000"));
        }
    }
    let facts = Facts {
        doc: &a.doc,
        records: &records,
        beside: &[],
        medications: Table::own(),
        elsewhere: &[],
        twins: true,
    };
    let all = findings(&facts);
    assert_eq!(
        (all[0].rule, all[0].sides[1].value.as_str()),
        ("same_client_twice", "")
    );
}

#[test]
fn a_stopped_medicine_is_shown_stopped_and_the_edit_waits() {
    let (mut a, _) = met(
        MED,
        "medication/m state=stopped",
        "medication/m dose=20 mg; state=on-hold",
    );
    let found = a.findings();
    let record = a.record("medication", "m");
    assert_eq!(state(&found, &record), "stopped");
    assert!(waits(&found, &record, "dose") && !waits(&found, &record, "name"));
    let change = a.settle("stopped_and_edited/m", "take_edit", "").unwrap();
    a.set(12 * DAY, &change);
    let (found, record) = (a.findings(), a.record("medication", "m"));
    assert_eq!(state(&found, &record), "on-hold");
    assert!(!waits(&found, &record, "dose"));
}

#[test]
fn what_counts_stands_before_what_was_withdrawn() {
    let (a, _) = met(
        VISIT,
        "appointment/v state=entered-in-error",
        "appointment/v state=arrived",
    );
    assert_eq!(
        state(&a.findings(), &a.record("appointment", "v")),
        "arrived"
    );
}

#[test]
fn an_edit_of_a_signed_note_becomes_a_draft_addendum() {
    let note = "note/n1 s.text=first; format=narrative";
    let (mut a, mut b) = (Tablet::new(1), Tablet::new(2));
    let written = note::NewNote {
        id: "n1".into(),
        format: "narrative".into(),
        sections: vec![("text".into(), "first".into())],
        ..note::NewNote::default()
    };
    let begun = case::begin(&mut a.doc, Millis(1), &[], &[written]).unwrap();
    a.n = 1;
    b.take(&a, &begun);
    assert_eq!(told(&b), Vec::<String>::new(), "{note}");
    apart(
        &mut a,
        &mut b,
        &edits("note/n1 signed.text=first; signed=yes"),
        &edits("note/n1 s.text=second"),
    );
    assert_eq!(told(&a), ["signed_and_edited Medium open"]);
    let finding = a.findings().remove(0);
    assert_eq!(finding.choices, ["addendum", "discard"]);
    let addendum = b.settle(&finding.id, "addendum", "").unwrap();
    let written: Vec<(&str, &str)> = addendum
        .iter()
        .filter(|edit| edit.kind == NOTE)
        .map(|edit| (edit.key.as_str(), edit.value.as_str()))
        .collect();
    assert_eq!(
        written,
        [
            ("format", "narrative"),
            ("addendum_to", "n1"),
            ("words_of", format!("{}/1", "02".repeat(32)).as_str()),
            ("struck", ""),
            ("s.text", "second")
        ]
    );
    b.set(12 * DAY, &addendum);
    assert_eq!(told(&b), ["signed_and_edited Medium addendum"]);
    let notes = note::all(&b.doc);
    let added: Vec<_> = notes
        .iter()
        .filter_map(|n| n.addendum_to.as_deref())
        .collect();
    assert_eq!(added, ["n1"]);
    let discard = a.settle(&finding.id, "discard", "").unwrap();
    a.set(12 * DAY, &discard);
    assert_eq!(told(&a), ["signed_and_edited Medium discard"]);
}

#[test]
fn a_note_begun_apart_from_the_closing_is_activity() {
    let (mut a, mut b) = met(
        "case/case state=active",
        "person/ phone=1",
        "person/ phone=1",
    );
    let closed = a.set(12 * DAY, &edits("case/case state=closed"));
    let written = note::NewNote {
        id: "n1".into(),
        format: "narrative".into(),
        sections: vec![("text".into(), "called".into())],
        ..note::NewNote::default()
    };
    let noted = note::add(&mut b.doc, Millis(12 * DAY), &[written])
        .unwrap()
        .unwrap();
    b.n += 1;
    a.take(&b, &noted);
    b.take(&a, &closed);
    assert_eq!(a.findings(), b.findings());
    let finding = a.findings().remove(0);
    assert_eq!(
        (finding.rule, finding.sides[1].value.as_str()),
        ("closed_with_activity", "called")
    );
    assert_eq!(finding.choices, ["keep_closed", "reopen"]);
}

#[test]
fn imported_columns_are_told_by_their_own_name() {
    let (a, _) = met("", "extra/ Shoe size=9", "extra/ Shoe size=10");
    let finding = a.findings().remove(0);
    assert_eq!(
        (finding.id.as_str(), finding.sides[0].kind.as_str()),
        ("field/extra/Shoe size", EXTRA)
    );
}
