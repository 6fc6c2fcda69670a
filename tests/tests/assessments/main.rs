//! Forms that an agency loads, filled in on real engines with a real relay between them: answers stay,
//! through lock, crash and two who answer apart; what is critical opens its task; who may load.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "what is missing fails the test; the lints' own exception ends at the test's function"
)]

mod asks;

use satchel_core::{
    api::{AssessAsk, Failure, FormPreview, FormsAsk, ItemSort, Reply, Request},
    directory::forms,
    questionnaire::{FormError, Given, Settings},
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, OTTO, PRIYA, ROSA, Team},
    wishes::put,
};
use serde_bytes::ByteBuf;
use serde_json::{Value as Json, json};

use crate::asks::{
    ask, ask_forms, begin, begun, choose, item, items, library, load, mood, open, rows, set, tasks,
    value, view,
};

#[test]
fn a_form_is_answered_through_lock_and_crash_scored_exported_and_read_by_all() {
    let (mut team, case, form) = begun();
    let id = begin(&mut team, ANA, &case, &form);
    let seen = open(&mut team, ANA, &case, &id);
    assert_eq!(
        (seen.state.as_str(), seen.answered, seen.of),
        ("in-progress", 0, 3)
    );
    assert_eq!(
        (seen.case_name.as_str(), seen.title.as_str()),
        ("Ines", "Mood")
    );
    let missing: Vec<&str> = seen
        .missing
        .iter()
        .map(|(_, key, _)| key.as_str())
        .collect();
    assert_eq!(missing, ["low", "harm"]);
    let titles: Vec<&str> = seen.pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!(titles, ["Lately", "Helper"]);
    view(ask(&mut team, ANA, &case, choose(&id, "low", 2)));
    team.ask(ANA, Request::Lock);
    team.unlock(ANA);
    team.restart(ANA);
    let seen = open(&mut team, ANA, &case, &id);
    assert_eq!(item(&seen, "low").chosen, [2]);
    assert_eq!(item(&seen, "low").shown, "all days");
    assert_eq!((seen.scores[0].answered, seen.scores[0].of), (1, 2));
    let early = ask(&mut team, ANA, &case, set(&id, "completed"));
    let failure = Failure::Empty {
        field: "harm".into(),
    };
    assert_eq!(early, Reply::Failed { failure });
    view(ask(&mut team, ANA, &case, choose(&id, "harm", 1)));
    let done = view(ask(&mut team, ANA, &case, set(&id, "completed")));
    assert!(!done.may_answer);
    assert_eq!(done.next, ["amended", "entered-in-error"]);
    let late = ask(&mut team, ANA, &case, choose(&id, "harm", 0));
    let failure = Failure::BadTransition {
        from: "completed".into(),
        to: "in-progress".into(),
        allowed: vec!["amended".into(), "entered-in-error".into()],
    };
    assert_eq!(late, Reply::Failed { failure });
    team.sync(NAMES.len());
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        let seen = open(&mut team, place, &case, &id);
        let score = &seen.scores[0];
        let word = score.band.as_ref().unwrap().word.as_str();
        assert_eq!(
            (score.value.as_str(), score.most.as_str(), word),
            ("4", "6", "severe")
        );
        assert_eq!((seen.author.as_str(), seen.recorded), ("Ana", None));
        assert_eq!(
            seen.alarms,
            [("harm".into(), "Thought of harm?".into(), "some days".into())]
        );
        assert_eq!(seen.next.is_empty(), place == OTTO);
        let row = rows(&mut team, place, &case).remove(0);
        assert_eq!(
            (row.score.unwrap().value.as_str(), row.outdone),
            ("4", false)
        );
        let export = ask(
            &mut team,
            place,
            &case,
            AssessAsk::Export { id: id.clone() },
        );
        let Reply::File { name, text } = export else {
            panic!("{export:?}")
        };
        assert_eq!(name, "mood-2026-11-25.json");
        let json: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(json["questionnaire"], "urn:x:mood|1");
        assert_eq!(
            (&json["status"], &json["subject"]["display"]),
            (&json!("completed"), &json!("Ines"))
        );
        assert_eq!(
            json["item"][0]["item"][1]["answer"][0]["valueCoding"]["code"],
            "some"
        );
        // The answers are no part of what lists of records show.
        let shown = team
            .view(place, &case)
            .records
            .into_iter()
            .find(|one| one.id == id)
            .unwrap();
        assert!(
            shown
                .fields
                .iter()
                .all(|field| !field.key.starts_with("answer."))
        );
    }
}

#[test]
fn a_critical_answer_opens_one_task_that_names_the_item_whoever_finds_it() {
    let (mut team, case, form) = begun();
    let id = begin(&mut team, ANA, &case, &form);
    team.sync(NAMES.len());
    view(ask(&mut team, ANA, &case, choose(&id, "harm", 0)));
    assert!(tasks(&mut team, ANA, &case).is_empty());
    view(ask(&mut team, ANA, &case, choose(&id, "harm", 2)));
    view(ask(&mut team, BEN, &case, choose(&id, "harm", 1)));
    for (place, answer) in [(ANA, "all days"), (BEN, "some days")] {
        let found = tasks(&mut team, place, &case);
        assert_eq!(
            value(&found[0], "title"),
            format!("Safety: Thought of harm? → {answer}")
        );
        assert_eq!(
            (value(&found[0], "priority"), value(&found[0], "state")),
            ("urgent", "requested")
        );
        assert_eq!(
            (value(&found[0], "assessment"), value(&found[0], "due")),
            (id.as_str(), "2026-11-25")
        );
    }
    team.sync(NAMES.len());
    let found = tasks(&mut team, PRIYA, &case);
    assert_eq!(found.len(), 1);
    // Its answer taken back leaves the task to a person; done, it is not opened again.
    let task = found[0].id.clone();
    team.ask(
        ANA,
        put(&case, "task", Some(&task), &[("state", "completed")]),
    );
    view(ask(&mut team, ANA, &case, choose(&id, "harm", 0)));
    view(ask(&mut team, ANA, &case, choose(&id, "harm", 1)));
    assert_eq!(
        value(&tasks(&mut team, ANA, &case)[0], "state"),
        "completed"
    );
    // Called off, it is.
    for state in ["in-progress", "cancelled"] {
        team.ask(ANA, put(&case, "task", Some(&task), &[("state", state)]));
    }
    view(ask(&mut team, ANA, &case, choose(&id, "harm", 2)));
    assert_eq!(
        value(&tasks(&mut team, ANA, &case)[0], "state"),
        "requested"
    );
}

#[test]
fn two_answers_given_apart_are_both_shown_and_the_graver_counts_until_one_is_chosen() {
    let (mut team, case, form) = begun();
    let id = begin(&mut team, ANA, &case, &form);
    team.sync(NAMES.len());
    view(ask(&mut team, ANA, &case, choose(&id, "low", 1)));
    view(ask(&mut team, BEN, &case, choose(&id, "low", 2)));
    view(ask(&mut team, BEN, &case, choose(&id, "harm", 0)));
    view(ask(&mut team, BEN, &case, set(&id, "completed")));
    team.sync(NAMES.len());
    let findings = team.findings(&case);
    let [found] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    let mut values: Vec<&str> = found.sides.iter().map(|side| side.value.as_str()).collect();
    values.sort_unstable();
    assert_eq!(
        (found.rule.as_str(), values),
        ("field", vec!["all days", "some days"])
    );
    assert!(
        found
            .details
            .contains(&("question".into(), "Felt low?".into()))
    );
    for place in [ROSA, ANA, BEN] {
        let seen = open(&mut team, place, &case, &id);
        assert_eq!(seen.scores[0].value, "3", "the graver answer counts");
        let sides = &item(&seen, "low").sides;
        assert_eq!(
            sides
                .iter()
                .map(|side| side.author.as_str())
                .collect::<Vec<_>>(),
            ["Ana", "Ben"]
        );
    }
    let milder = found
        .sides
        .iter()
        .find(|side| side.value == "some days")
        .unwrap();
    let settle = Request::Settle {
        case: case.clone(),
        finding: found.id.clone(),
        choice: format!("side:{}", milder.id),
        reason: String::new(),
    };
    assert!(matches!(team.ask(PRIYA, settle), Reply::Saved { .. }));
    team.sync(NAMES.len());
    let seen = open(&mut team, BEN, &case, &id);
    assert_eq!(
        (
            seen.scores[0].value.as_str(),
            item(&seen, "low").sides.len()
        ),
        ("1", 0)
    );
    // What was written down at the end is told beside it.
    assert_eq!(seen.recorded.unwrap().value, "3");
}

#[test]
fn two_scores_of_one_day_are_both_kept_and_the_higher_counts_until_one_is_chosen() {
    let (mut team, case, form) = begun();
    let mut fill = |place, low| {
        let id = begin(&mut team, place, &case, &form);
        view(ask(&mut team, place, &case, choose(&id, "low", low)));
        view(ask(&mut team, place, &case, choose(&id, "harm", 0)));
        view(ask(&mut team, place, &case, set(&id, "completed")));
        id
    };
    let (lower, higher) = (fill(ANA, 1), fill(BEN, 2));
    team.sync(NAMES.len());
    let findings = team.findings(&case);
    let [found] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(found.rule, "two_scores");
    let sides: Vec<_> = found
        .sides
        .iter()
        .map(|side| (side.record.as_str(), side.value.as_str()))
        .collect();
    assert_eq!(sides, [(higher.as_str(), "3"), (lower.as_str(), "1")]);
    let outdone = |team: &mut Team| {
        let rows = rows(team, OTTO, &case).into_iter();
        rows.filter(|row| row.outdone)
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(outdone(&mut team), [lower.as_str()]);
    let settle = |choice: String| Request::Settle {
        case: case.clone(),
        finding: found.id.clone(),
        choice,
        reason: String::new(),
    };
    team.ask(PRIYA, settle(format!("side:{lower}")));
    team.sync(NAMES.len());
    assert_eq!(outdone(&mut team), [higher.as_str()]);
    assert_eq!(rows(&mut team, ANA, &case).len(), 2, "nothing is lost");
    team.ask(PRIYA, settle("keep_both".into()));
    team.sync(NAMES.len());
    assert_eq!(outdone(&mut team), [lower.as_str()]);
}

#[test]
fn amended_answers_make_another_score_and_groups_come_and_go() {
    let (mut team, case, form) = begun();
    let id = begin(&mut team, ANA, &case, &form);
    view(ask(&mut team, ANA, &case, choose(&id, "low", 1)));
    view(ask(&mut team, ANA, &case, choose(&id, "harm", 0)));
    view(ask(&mut team, ANA, &case, set(&id, "completed")));
    view(ask(&mut team, ANA, &case, set(&id, "amended")));
    let seen = view(ask(&mut team, ANA, &case, choose(&id, "low", 2)));
    assert_eq!(
        (seen.state.as_str(), seen.scores[0].value.as_str()),
        ("amended", "3")
    );
    assert_eq!(seen.recorded, None);
    let offer = items(&seen)
        .find(|item| item.sort == ItemSort::Add)
        .unwrap()
        .key
        .clone();
    assert_eq!(offer, "p");
    let (id2, language) = (id.clone(), "en".to_owned());
    let add = |key: &str| AssessAsk::AddGroup {
        id: id2.clone(),
        key: key.into(),
        language: language.clone(),
    };
    // Two add one each, apart from each other: both are there.
    team.sync(NAMES.len());
    let mut names = Vec::new();
    for (place, name) in [(ANA, "Uma"), (BEN, "Vic")] {
        let seen = view(ask(&mut team, place, &case, add("p")));
        let last = items(&seen)
            .filter(|item| item.sort == ItemSort::String)
            .last()
            .unwrap();
        let answer = AssessAsk::Answer {
            id: id.clone(),
            key: last.key.clone(),
            given: vec![Given::Text { text: name.into() }],
            language: "en".into(),
        };
        view(ask(&mut team, place, &case, answer));
        names.push(name);
    }
    team.sync(NAMES.len());
    let seen = open(&mut team, ANA, &case, &id);
    let mut shown: Vec<&str> = items(&seen)
        .filter(|item| item.sort == ItemSort::String && !item.shown.is_empty())
        .map(|item| item.shown.as_str())
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, names);
    assert_eq!(team.findings(&case), []);
    let group = items(&seen).find(|item| item.may_drop).unwrap().key.clone();
    let drop = AssessAsk::DropGroup {
        id: id.clone(),
        key: group,
        language: "en".into(),
    };
    let seen = view(ask(&mut team, ANA, &case, drop));
    assert_eq!(
        items(&seen)
            .filter(|item| item.sort == ItemSort::String)
            .count(),
        2
    );
    for key in ["", "g", "low", "p@0", "x"] {
        let failure = Failure::NotFound;
        assert_eq!(
            ask(&mut team, ANA, &case, add(key)),
            Reply::Failed { failure }
        );
    }
}

#[test]
fn who_leads_loads_looks_at_and_puts_away_forms_and_every_version_stays() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(NAMES.len());
    let own = library(&mut team, ANA);
    assert_eq!(own.len(), 5);
    assert!(
        own.iter()
            .all(|row| row.own && !row.replaced && row.written.is_none())
    );
    let first = load(&mut team, "1");
    team.sync(NAMES.len());
    let id = begin(&mut team, ANA, &case, &first);
    let second = load(&mut team, "2");
    team.sync(NAMES.len());
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        let all = library(&mut team, place);
        let mood: Vec<_> = all.iter().filter(|row| row.title == "Mood").collect();
        let shown: Vec<_> = mood
            .iter()
            .map(|row| (row.form.as_str(), row.replaced))
            .collect();
        assert_eq!(shown, [(second.as_str(), false), (first.as_str(), true)]);
        assert!(
            mood.iter()
                .all(|row| row.written.as_ref().unwrap().author == "Rosa")
        );
        assert_eq!((mood[0].questions, mood[0].version.as_str()), (3, "2"));
    }
    // What was begun goes on with the version it was begun with.
    assert_eq!(open(&mut team, ANA, &case, &id).version, "1");
    view(ask(&mut team, ANA, &case, choose(&id, "low", 2)));
    let away = |form: &str, away| FormsAsk::Away {
        form: form.into(),
        away,
    };
    assert_eq!(
        ask_forms(&mut team, PRIYA, away(&second, true)),
        Reply::Done
    );
    team.sync(NAMES.len());
    let all = library(&mut team, BEN);
    let of = |form: &str| all.iter().find(|row| row.form == form).unwrap();
    assert!(of(&second).away && !of(&first).replaced);
    let preview = FormsAsk::Preview {
        file: ByteBuf::from(mood("1")),
        language: "es".into(),
    };
    let Reply::FormPreview { form } = ask_forms(&mut team, PRIYA, preview) else {
        panic!()
    };
    let FormPreview {
        title,
        pages,
        known,
        scored,
        ..
    } = form;
    assert_eq!((title.as_str(), pages.len(), known), ("Mood", 2, true));
    assert_eq!(scored, [(String::new(), String::new())]);
    // Other words for the score make a version of their own.
    let other = FormsAsk::Set {
        form: second.clone(),
        settings: Settings::default(),
    };
    assert_eq!(ask_forms(&mut team, PRIYA, other), Reply::Done);
    assert_eq!(library(&mut team, PRIYA).len(), own.len() + 3);
}

#[test]
fn our_own_forms_are_shown_in_the_language_asked_for_and_answered_alike_in_both() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let forms = library(&mut team, ANA);
    let needs = forms.iter().find(|row| row.url.ends_with("needs")).unwrap();
    let id = begin(&mut team, ANA, &case, &needs.form);
    let answer = |key: &str, language: &str| AssessAsk::Answer {
        id: id.clone(),
        key: key.into(),
        given: vec![Given::Option { n: 3 }],
        language: language.into(),
    };
    let spanish = view(ask(&mut team, ANA, &case, answer("housing", "es")));
    let english = view(ask(&mut team, ANA, &case, answer("housing", "en")));
    assert_eq!(item(&spanish, "housing").shown, "Urgente");
    assert_eq!(item(&english, "housing").shown, "Urgent");
    assert_eq!(english.scores[0].value, "3");
    assert_eq!(english.scores[0].band.as_ref().unwrap().word, "low");
}

/// What only a modified app could write.
#[test]
fn a_form_that_a_worker_slips_in_is_not_offered_and_a_form_here_cannot_be_taken_away() {
    let (mut team, case, form) = begun();
    let text = format!("{{}}\n{}", String::from_utf8(mood("9")).unwrap());
    team.write_as_another_version(BEN, Some("directory"), |doc, now| {
        forms::add(doc, now, &text).map(Some)
    });
    team.write_as_another_version(BEN, Some("directory"), |doc, now| {
        forms::put_away(doc, now, &form, true).map(Some)
    });
    team.sync(NAMES.len());
    for place in [ROSA, ANA, BEN] {
        let language = "en".into();
        let Reply::FormLibrary { library } =
            ask_forms(&mut team, place, FormsAsk::Library { language })
        else {
            panic!()
        };
        assert_eq!((library.forms.len(), library.ignored), (6, 1));
        assert!(library.forms.iter().all(|row| !row.away));
    }
    begin(&mut team, ANA, &case, &form);
}

#[test]
fn a_file_that_is_no_form_is_refused_with_its_place() {
    let mut team = Team::new();
    let broken = br#"{"resourceType":"Questionnaire","title":"T","item":[{"linkId":"a"}]}"#;
    let preview = FormsAsk::Preview {
        file: ByteBuf::from(broken.to_vec()),
        language: "en".into(),
    };
    let error = FormError::Property {
        item: "1 (a)".into(),
        property: "type".into(),
    };
    let failure = Failure::BadForm { error };
    assert_eq!(
        ask_forms(&mut team, ROSA, preview),
        Reply::Failed { failure }
    );
}
