//! What is typed into a form outlives a lock and a crash, tells a stolen disk nothing, and is gone
//! with the deed that came of it.

#![expect(
    clippy::panic,
    reason = "what is missing fails the test; the lints' own exception ends at the test's function"
)]

use satchel_core::api::{DraftView, Form, FormName, Reply, Request};
use satchel_tests::{
    team::{ANA, BEN, ROSA, Team},
    wishes::{caseload, note, put},
};

fn form(name: FormName, case: &str, about: &str) -> Form {
    Form {
        name,
        case: case.into(),
        about: about.into(),
    }
}

fn keep(form: &Form, text: &str) -> Request {
    Request::SaveDraft {
        form: form.clone(),
        text: text.into(),
    }
}

fn drafts(team: &mut Team, place: usize) -> Vec<(Form, String)> {
    match team.ask(place, Request::Drafts) {
        Reply::Drafts { drafts } => drafts
            .into_iter()
            .map(|DraftView { form, text }| (form, text))
            .collect(),
        other => panic!("{other:?}"),
    }
}

/// The case's row says that something is begun.
fn is_begun(team: &mut Team, case: &str) -> bool {
    match team.ask(ANA, caseload()) {
        Reply::Caseload { rows, .. } => rows.iter().any(|row| row.case == case && row.draft),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_form_has_its_own_through_lock_and_crash() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    assert!(!is_begun(&mut team, &case));
    let mut all = vec![
        (form(FormName::NewCase, "", ""), "Rosalind".to_owned()),
        (form(FormName::Record, &case, "medication"), "Metf".into()),
        (form(FormName::Record, &case, "task/1"), "Call".into()),
        (form(FormName::Note, &case, ""), "Half a thou".into()),
        (form(FormName::Assessment, &case, "1"), "{\"a\":\"x".into()),
        (
            form(FormName::Settle, &case, "field/person/phone"),
            "x".into(),
        ),
    ];
    for (form, text) in &all {
        assert_eq!(team.ask(ANA, keep(form, "earlier")), Reply::Done);
        assert_eq!(team.ask(ANA, keep(form, text)), Reply::Done);
    }
    all.sort();
    team.ask(ANA, Request::Lock);
    team.unlock(ANA);
    assert_eq!(drafts(&mut team, ANA), all);
    team.restart(ANA);
    assert_eq!(drafts(&mut team, ANA), all);
    assert!(is_begun(&mut team, &case));

    // Nobody else's, and no wish of the relay's.
    team.sync(4);
    assert_eq!(drafts(&mut team, BEN), []);

    for (form, _) in &all {
        assert_eq!(team.ask(ANA, keep(form, "")), Reply::Done);
    }
    team.restart(ANA);
    assert_eq!(drafts(&mut team, ANA), []);
    assert!(!is_begun(&mut team, &case));
}

#[test]
fn the_disk_tells_neither_the_text_nor_the_form() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let form = form(FormName::Record, &case, "medication");
    team.ask(ANA, keep(&form, "Metformin twice a day"));
    let kept: Vec<_> = team
        .disk(ANA)
        .entries()
        .filter(|(key, _)| key.starts_with("draft/"))
        .collect();
    let [(key, value)] = kept[..] else {
        panic!("{} drafts", kept.len());
    };
    for secret in ["medication", case.as_str(), "Metformin"] {
        assert!(!key.contains(secret), "{key}");
        assert!(
            !value
                .windows(secret.len())
                .any(|bytes| bytes == secret.as_bytes())
        );
    }
}

#[test]
fn what_makes_something_new_ends_its_draft_in_the_same_store() {
    let mut team = Team::new();
    let case = team.begin_case(ROSA, &[("number", "C-1")]);
    let [new_case, medication, phone, writing] = [
        form(FormName::NewCase, "", ""),
        form(FormName::Record, &case, "medication"),
        form(FormName::Field, &case, "phone"),
        form(FormName::Note, &case, ""),
    ];
    let begin = Request::NewCase {
        fields: vec![("number".into(), "C-2".into())],
        team: Vec::new(),
    };
    let nameless = Request::NewCase {
        fields: Vec::new(),
        team: Vec::new(),
    };
    let deeds = [
        (new_case, nameless, begin),
        (
            medication,
            put(&case, "medication", None, &[("name", "")]),
            put(&case, "medication", None, &[("name", "Metformin")]),
        ),
        (
            phone,
            put(&case, "person", None, &[("phone", &"5".repeat(9_999))]),
            put(&case, "person", None, &[("phone", "555")]),
        ),
        (writing, note(&case, ""), note(&case, "She called.")),
    ];
    for (form, refused, done) in deeds {
        team.ask(ROSA, keep(&form, "x"));
        let reply = team.ask(ROSA, refused);
        assert!(matches!(reply, Reply::Failed { .. }), "{reply:?}");
        assert_eq!(drafts(&mut team, ROSA), [(form, "x".into())]);
        let reply = team.ask(ROSA, done);
        assert!(!matches!(reply, Reply::Failed { .. }), "{reply:?}");
        team.restart(ROSA);
        assert_eq!(drafts(&mut team, ROSA), []);
    }
}
