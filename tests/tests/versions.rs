//! Apps of different versions on one case, through a real relay: the older one opens, edits and
//! syncs what a newer one wrote, and nothing of it is lost; and a case of schema 1 goes on.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what is missing fails the test; the lints' own exception ends at the test's function"
)]

use automerge::{ObjType, ROOT, transaction::Transactable as _};
use satchel_core::{
    api::{CaseView, Reply, Request},
    record::{self, Edit},
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, PRIYA, ROSA, Team},
    wishes::{note, put},
};

fn edit(kind: &str, id: &str, key: &str, value: &str) -> Edit {
    Edit {
        kind: kind.into(),
        id: id.into(),
        key: key.into(),
        value: value.into(),
    }
}

fn saved(reply: Reply) -> String {
    match reply {
        Reply::Saved { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

/// What a record says.
fn says(view: &CaseView, id: &str, key: &str) -> String {
    let record = view.records.iter().find(|record| record.id == id);
    let mut fields = record.expect("the record").fields.iter();
    let field = fields.find(|field| field.key == key);
    field.map_or_else(String::new, |field| field.value.clone())
}

fn person(view: &CaseView, key: &str) -> String {
    let field = view.fields.iter().find(|field| field.key == key);
    field.map_or_else(String::new, |field| field.value.clone())
}

#[test]
fn an_older_app_edits_and_syncs_a_newer_ones_record_and_loses_nothing_of_it() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let task = saved(team.ask(ANA, put(&case, "task", None, &[("title", "Call")])));
    team.sync(NAMES.len());
    let newer = [
        edit("task", &task, "mood", "hopeful"),
        edit("task", &task, "remarks", "first"),
        edit("horoscope", "h", "sign", "virgo"),
        edit("horoscope", "h", "state", "rising"),
        edit("note", "n", "format", "haiku"),
        edit("note", "n", "s.third line", "of five"),
        edit("note", "n", "ink", "blue"),
        edit("person", "", "star_sign", "virgo"),
    ];
    team.write_as_another_version(ANA, Some(&case), |doc, now| record::apply(doc, now, &newer));
    team.write_as_another_version(ANA, Some(&case), |doc, now| {
        doc.edit(now, |doc| {
            doc.put(ROOT, "schema", "3")?;
            let vault = doc.put_object(ROOT, "vaults", ObjType::Map)?;
            doc.put(&vault, "x", "y")
        })
    });
    team.sync(NAMES.len());
    // Ben's app is the older one: he opens it, works on it, and starts it again.
    assert!(team.view(BEN, &case).newer);
    saved(team.ask(
        BEN,
        put(
            &case,
            "task",
            Some(&task),
            &[("remarks", "second"), ("due", "2026-12-01")],
        ),
    ));
    saved(team.ask(BEN, put(&case, "person", None, &[("phone", "555-0101")])));
    saved(team.ask(BEN, note(&case, "Came by.")));
    team.restart(BEN);
    saved(team.ask(
        BEN,
        put(&case, "task", Some(&task), &[("state", "completed")]),
    ));
    team.sync(NAMES.len());
    for place in [ANA, BEN, PRIYA] {
        let view = team.view(place, &case);
        let expected = [
            (task.as_str(), "mood", "hopeful"),
            (&task, "title", "Call"),
            (&task, "remarks", "second"),
            (&task, "due", "2026-12-01"),
            (&task, "state", "completed"),
            ("h", "sign", "virgo"),
            ("h", "state", "rising"),
        ];
        for (id, key, value) in expected {
            assert_eq!(says(&view, id, key), value, "{} {key}", NAMES[place]);
        }
        assert_eq!(person(&view, "star_sign"), "virgo");
        assert_eq!(person(&view, "phone"), "555-0101");
        let haiku = view.notes.iter().find(|note| note.id == "n").unwrap();
        let sections = vec![("third line".to_owned(), "of five".to_owned())];
        assert_eq!(
            (haiku.format.as_str(), &haiku.sections),
            ("haiku", &sections)
        );
        assert!(
            !haiku.may_sign && !haiku.may_edit,
            "it is not ours to change"
        );
        assert_eq!((view.newer, view.notes.len()), (true, 2));
        assert_eq!(view.findings, []);
    }
    // What this app shows nobody is there too.
    team.write_as_another_version(ANA, Some(&case), |doc, now| {
        let vault = doc.map("vaults").unwrap();
        assert_eq!(doc.text(&vault, "x").as_deref(), Some("y"));
        assert_eq!(doc.text(&ROOT, "schema").as_deref(), Some("3"));
        let haiku = record::values(doc, "note", "n", "ink");
        assert_eq!(haiku.first().map(|held| held.text.as_str()), Some("blue"));
        record::apply(doc, now, &[edit("task", &task, "mood", "calm")])
    });
    team.sync(NAMES.len());
    assert_eq!(says(&team.view(BEN, &case), &task, "mood"), "calm");
}

#[test]
fn a_case_of_schema_1_is_opened_worked_on_and_its_old_conflicts_are_settled() {
    let mut team = Team::new();
    let case = team.write_as_another_version(ROSA, None, |doc, now| {
        doc.edit(now, |doc| {
            doc.put(ROOT, "schema", "1")?;
            doc.put_object(ROOT, "extra", ObjType::Map)?;
            let notes = doc.put_object(ROOT, "notes", ObjType::Map)?;
            let note = doc.put_object(&notes, "n", ObjType::Map)?;
            doc.put(&note, "text", "Came by.")?;
            let person = doc.put_object(ROOT, "person", ObjType::Map)?;
            doc.put(&person, "name.given", "Ana")?;
            doc.put(&person, "status", "open")
        })
    });
    team.sync(NAMES.len());
    for (place, value) in [(ROSA, "closed"), (PRIYA, "on hold")] {
        team.view(place, &case);
        let status = [edit("person", "", "status", value)];
        team.write_as_another_version(place, Some(&case), |doc, now| {
            record::apply(doc, now, &status)
        });
    }
    team.sync(NAMES.len());
    let view = team.view(PRIYA, &case);
    assert_eq!((view.name.as_str(), view.newer), ("Ana", false));
    assert_eq!(view.notes.len(), 1);
    // One tap chooses: by the field, or by what was found.
    let status = view
        .fields
        .iter()
        .find(|field| field.key == "status")
        .unwrap();
    assert_eq!(status.sides.len(), 2);
    let choose = |value: &str| put(&case, "person", None, &[("status", value)]);
    saved(team.ask(PRIYA, choose("on hold")));
    saved(team.ask(PRIYA, put(&case, "task", None, &[("title", "Call")])));
    saved(team.ask(PRIYA, put(&case, "case", None, &[("state", "active")])));
    let set = Request::SetField {
        case: case.clone(),
        key: "status".into(),
        value: "on hold, see the record".into(),
    };
    assert_eq!(team.ask(PRIYA, set), Reply::Done);
    team.sync(NAMES.len());
    let view = team.view(ROSA, &case);
    assert_eq!(person(&view, "status"), "on hold, see the record");
    assert_eq!(says(&view, "case", "state"), "active");
    assert!(
        view.findings
            .iter()
            .all(|finding| finding.settled.is_some()),
        "{:?}",
        view.findings
    );
    // A field that schema 1 never had is none.
    let acuity = put(&case, "person", None, &[("acuity", "1")]);
    assert!(matches!(team.ask(ROSA, acuity), Reply::Failed { .. }));
}
