//! Questionnaires that others made: all of them are read, and the scores of the well-known ones are
//! right at every boundary.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reads its data or fails"
)]

use std::{fs, path::PathBuf};

use satchel_core::{
    api::{AssessAsk, FormsAsk, Reply, Request},
    questionnaire::{
        Answers, Form, Given, ItemKind, Response, Settings, alarms, missing, response, scores,
        slots,
    },
};
use satchel_tests::team::{ANA, NAMES, PRIYA, Team};
use serde_bytes::ByteBuf;
use serde_json::Value as Json;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/questionnaires")
}

/// A file, which is no part of the repository; none without the folder, except where all tests must
/// run.
fn data(name: &str) -> Option<Vec<u8>> {
    match fs::read(folder().join(name)) {
        Ok(bytes) => Some(bytes),
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            panic!("{name}: {error}; this test needs its data")
        }
        Err(error) => {
            println!("not run: {name}: {error}");
            None
        }
    }
}

fn form(name: &str) -> Option<Form> {
    data(name).map(|bytes| Form::read(&bytes).unwrap())
}

/// The items that count, by their keys.
fn weighed(form: &Form) -> Vec<String> {
    let all = form.all().into_iter();
    let weighed = all.filter(|item| item.options.iter().any(|option| option.weight.is_some()));
    weighed.map(|item| item.link.clone()).collect()
}

fn choose(form: &Form, answers: &mut Answers, link: &str, n: u32) {
    answers.set(link, form.check(link, &[Given::Option { n }]).unwrap());
}

/// A form filled in so that its score is `total`, each item up to its most before the next.
fn filled(form: &Form, links: &[String], most: u32, total: u32) -> Answers {
    let mut answers = Answers::default();
    let mut left = total;
    for link in links {
        let n = left.min(most);
        left -= n;
        choose(form, &mut answers, link, n);
    }
    assert_eq!(left, 0, "more than the form can have");
    answers
}

/// The value of the first score and its word.
fn scored(form: &Form, answers: &Answers) -> (String, String) {
    let found = scores(form, answers, &Settings::known(form)).remove(0);
    let word = found.band.map(|band| band.word).unwrap_or_default();
    (
        found
            .value
            .map(|value| value.to_string())
            .unwrap_or_default(),
        word,
    )
}

#[test]
fn phq_9_counts_from_0_to_27_and_its_ninth_item_is_critical() {
    let Some(form) = form("phq-9.itemweight.json") else {
        return;
    };
    let links = weighed(&form);
    assert_eq!(links.len(), 9);
    let words = |total| match total {
        0..5 => "minimal",
        5..10 => "mild",
        10..15 => "moderate",
        15..20 => "moderately_severe",
        _ => "severe",
    };
    for total in 0..=27 {
        let mut answers = filled(&form, &links, 3, total);
        // How difficult it makes things is asked too, and does not count.
        choose(&form, &mut answers, "/69722-7", 3);
        assert_eq!(
            scored(&form, &answers),
            (total.to_string(), words(total).to_owned())
        );
    }
    let settings = Settings::known(&form);
    for (n, expected) in [(0, 0), (1, 1), (2, 1), (3, 1)] {
        let mut answers = Answers::default();
        choose(&form, &mut answers, "/44260-8", n);
        let found = alarms(&form, &answers, &settings);
        assert_eq!(found.len(), expected);
        assert!(found.iter().all(|alarm| alarm.link == "/44260-8"));
    }
    let all = slots(&form, &Answers::default());
    assert_eq!(missing(&all, &Answers::default()).len(), 8);
    let found = scores(&form, &filled(&form, &links[..4], 3, 7), &settings);
    assert_eq!((found[0].answered, found[0].of), (4, 9));
}

#[test]
fn gad_7_counts_from_0_to_21_without_an_item_that_says_so() {
    let Some(form) = form("gad-7.json") else {
        return;
    };
    let links = weighed(&form);
    assert_eq!(links.len(), 7);
    for total in 0..=21 {
        let word = match total {
            0..5 => "minimal",
            5..10 => "mild",
            10..15 => "moderate",
            _ => "severe",
        };
        let answers = filled(&form, &links, 3, total);
        assert_eq!(
            scored(&form, &answers),
            (total.to_string(), word.to_owned())
        );
    }
}

#[test]
fn audit_c_counts_from_0_to_12_and_asks_no_more_of_who_never_drinks() {
    let Some(form) = form("audit-c.json") else {
        return;
    };
    let links = weighed(&form);
    assert_eq!(links.len(), 3);
    for total in 1..=12 {
        let word = match total {
            0..3 => "negative",
            3 => "positive_women",
            _ => "positive",
        };
        let answers = filled(&form, &links, 4, total);
        assert_eq!(
            scored(&form, &answers),
            (total.to_string(), word.to_owned())
        );
    }
    let mut answers = filled(&form, &links, 4, 12);
    choose(&form, &mut answers, &links[0], 0);
    assert_eq!(scored(&form, &answers), ("0".into(), "negative".into()));
    let found = scores(&form, &answers, &Settings::known(&form));
    assert_eq!((found[0].answered, found[0].of), (1, 1));
}

#[test]
fn pc_ptsd_5_counts_five_answers_and_not_the_first() {
    let Some(form) = form("pc-ptsd-5.json") else {
        return;
    };
    let links = weighed(&form);
    assert_eq!(links.len(), 6);
    // The first option is yes.
    for total in 0..=5 {
        let mut answers = Answers::default();
        choose(&form, &mut answers, &links[0], 0);
        for (n, link) in (0..).zip(&links[1..]) {
            choose(&form, &mut answers, link, u32::from(n >= total));
        }
        let word = if total >= 4 { "positive" } else { "negative" };
        assert_eq!(
            scored(&form, &answers),
            (total.to_string(), word.to_owned())
        );
    }
    let mut answers = Answers::default();
    for link in &links {
        choose(&form, &mut answers, link, 0);
    }
    choose(&form, &mut answers, &links[0], 1);
    assert_eq!(scored(&form, &answers), (String::new(), String::new()));
}

#[test]
fn every_questionnaire_is_read_whole_and_what_is_not_done_is_told() {
    let Ok(files) = fs::read_dir(folder()) else {
        data("");
        return;
    };
    let mut read = 0;
    for path in files.map(|file| file.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        let json: Json = serde_json::from_slice(&bytes).unwrap();
        let form = Form::read(&bytes);
        if json["resourceType"] != "Questionnaire" {
            assert!(form.is_err(), "{name}");
            continue;
        }
        read += 1;
        let form = form.unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut items = 0;
        count(&json, &mut items);
        assert_eq!(form.all().len(), items, "{name}");
        let told = |code: &str| form.remarks.iter().filter(|one| one.code == code).count();
        let expected = match name.as_str() {
            // Lists on a server, and expressions beyond sums.
            "family-health-portrait.nested-repeats.json" => (0, 2, 0),
            "hunger-vital-sign.json" => (0, 0, 1),
            "prapare.TEST-ONLY.json" => (0, 0, 0),
            _ => (0, 0, 0),
        };
        assert_eq!(
            (told("type"), told("list"), told("calculation")),
            expected,
            "{name}"
        );
        let answers = Answers::default();
        let found = scores(&form, &answers, &Settings::known(&form));
        let text = response(&form, &answers, &found, &Response::default());
        assert!(serde_json::from_str::<Json>(&text).is_ok());
    }
    assert_eq!(read, 11);
}

/// The whole way: an agency takes each of them in, and a case begins an assessment with it.
#[test]
fn an_agency_loads_each_of_them_and_a_case_begins_with_it() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let mut loaded = 0;
    for name in [
        "phq-9.itemweight.json",
        "gad-7.json",
        "family-health-portrait.nested-repeats.json",
        "prapare.TEST-ONLY.json",
    ] {
        let Some(bytes) = data(name) else {
            return;
        };
        let form = Form::read(&bytes).unwrap();
        let settings = Settings::known(&form);
        let file = ByteBuf::from(bytes);
        let ask = FormsAsk::Add { file, settings };
        assert_eq!(team.ask(PRIYA, Request::Forms { ask }), Reply::Done);
        loaded += 1;
    }
    team.sync(NAMES.len());
    team.restart(ANA);
    let language = || "en".to_owned();
    let ask = FormsAsk::Library {
        language: language(),
    };
    let Reply::FormLibrary { library } = team.ask(ANA, Request::Forms { ask }) else {
        panic!()
    };
    let theirs: Vec<_> = library.forms.iter().filter(|row| !row.own).collect();
    assert_eq!((theirs.len(), library.unreadable), (loaded, 0));
    for row in theirs {
        let case = || case.clone();
        let ask = AssessAsk::Begin {
            form: row.form.clone(),
            date: "2026-11-25".into(),
            client: String::new(),
            informant: String::new(),
            informant_name: String::new(),
        };
        let Reply::Saved { id, .. } = team.ask(ANA, Request::Assess { case: case(), ask }) else {
            panic!()
        };
        let ask = AssessAsk::Open {
            id,
            language: language(),
        };
        let Reply::Assessment { assessment } = team.ask(ANA, Request::Assess { case: case(), ask })
        else {
            panic!()
        };
        assert!(assessment.of > 0 && !assessment.formless, "{}", row.title);
    }
}

fn count(json: &Json, items: &mut usize) {
    for item in json["item"].as_array().into_iter().flatten() {
        *items += 1;
        count(item, items);
    }
}

/// The answers of a response that others made, given again, come out as they went in.
#[test]
fn a_response_of_others_comes_out_as_it_went_in() {
    for (form_name, response_name) in [
        ("hunger-vital-sign.json", "response-hungervitalsign.json"),
        ("prapare.TEST-ONLY.json", "response-prapare.json"),
    ] {
        let (Some(form), Some(theirs)) = (form(form_name), data(response_name)) else {
            return;
        };
        let theirs: Json = serde_json::from_slice(&theirs).unwrap();
        let mut given = Vec::new();
        flatten(&theirs, &mut given);
        let mut answers = Answers::default();
        let mut expected = Vec::new();
        for (link, values) in given {
            let item = form.item(&link).unwrap();
            if item.calculation.is_some() || item.kind == ItemKind::Group {
                continue;
            }
            assert!(
                answers.take(&link, &Json::Array(values.clone()).to_string()),
                "{link}"
            );
            let same = |value: &Json| {
                form.item(&link)
                    .unwrap()
                    .option(&serde_json::from_value(value.clone()).unwrap())
                    .is_some()
            };
            assert!(item.options.is_empty() || values.iter().all(same), "{link}");
            expected.push((link, values));
        }
        assert!(!expected.is_empty());
        let ours = response(&form, &answers, &[], &Response::default());
        let mut found = Vec::new();
        flatten(&serde_json::from_str(&ours).unwrap(), &mut found);
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        found.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(found, expected, "{form_name}");
    }
}

/// All answers by linkId, without what stands within them.
fn flatten(json: &Json, found: &mut Vec<(String, Vec<Json>)>) {
    for item in json["item"].as_array().into_iter().flatten() {
        let link = item["linkId"].as_str().unwrap().to_owned();
        let mut values = Vec::new();
        for answer in item["answer"].as_array().into_iter().flatten() {
            flatten(answer, found);
            let mut answer = answer.clone();
            answer.as_object_mut().unwrap().remove("item");
            values.push(answer);
        }
        if !values.is_empty() {
            found.push((link, values));
        }
        flatten(item, found);
    }
}
