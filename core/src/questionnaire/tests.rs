//! Forms made up for the purpose, the app's own, and bytes that are none.

use serde_json::{Value as Json, json};

use super::{form::ItemKind, *};

mod refusals;

fn form(items: Json) -> Form {
    read(&items).unwrap()
}

fn read(items: &Json) -> Result<Form, FormError> {
    let form = json!({"resourceType": "Questionnaire", "title": "T", "item": items});
    Form::read(form.to_string().as_bytes())
}

fn typed(text: &str) -> Vec<Given> {
    vec![Given::Text { text: text.into() }]
}

/// Answers by key, as typed.
fn answered(form: &Form, given: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::default();
    for (key, text) in given {
        answers.set(key, form.check(key, &typed(text)).unwrap());
    }
    answers
}

/// Keys of what is asked.
fn enabled(form: &Form, answers: &Answers) -> Vec<String> {
    let slots = slots(form, answers).into_iter().filter(|slot| slot.enabled);
    slots.map(|slot| slot.key).collect()
}

#[test]
fn every_operator_compares_what_was_answered() {
    let when = |operator: &str, name: &str, value: Json| {
        let test = json!({"question": "q", "operator": operator, name: value});
        json!({"linkId": "d", "type": "string", "enableWhen": [test]})
    };
    for (kind, answer, operator, name, value, expected) in [
        ("integer", "5", "=", "answerInteger", json!(5), true),
        ("integer", "5", "=", "answerDecimal", json!(5.0), true),
        ("integer", "5", "!=", "answerInteger", json!(5), false),
        ("integer", "5", "!=", "answerInteger", json!(4), true),
        ("integer", "5", ">", "answerInteger", json!(5), false),
        ("integer", "5", ">=", "answerInteger", json!(5), true),
        ("integer", "5", "<", "answerInteger", json!(6), true),
        ("integer", "5", "<=", "answerInteger", json!(4), false),
        ("decimal", "0.5", "<", "answerDecimal", json!(0.75), true),
        ("boolean", "true", "=", "answerBoolean", json!(true), true),
        ("boolean", "false", "=", "answerBoolean", json!(true), false),
        (
            "boolean",
            "false",
            "exists",
            "answerBoolean",
            json!(true),
            true,
        ),
        (
            "boolean",
            "false",
            "exists",
            "answerBoolean",
            json!(false),
            false,
        ),
        (
            "date",
            "2026-02-01",
            ">",
            "answerDate",
            json!("2026-01-31"),
            true,
        ),
        ("time", "09:05", "<", "answerTime", json!("10:00:00"), true),
        (
            "dateTime",
            "2026-02-01T10:00:00Z",
            "<",
            "answerDateTime",
            json!("2026-02-01T10:30:00+01:00"),
            false,
        ),
        ("string", "a", "=", "answerString", json!("a"), true),
        ("string", "a", ">", "answerInteger", json!(1), false),
        (
            "quantity",
            "3",
            ">=",
            "answerQuantity",
            json!({"value": 3}),
            true,
        ),
    ] {
        let form = form(json!([{"linkId": "q", "type": kind}, when(operator, name, value)]));
        let given = answered(&form, &[("q", answer)]);
        let asked = enabled(&form, &given).contains(&"d".to_owned());
        assert_eq!(asked, expected, "{kind} {answer} {operator}");
    }
    // Without an answer only `exists: false` holds.
    for (operator, name, value, expected) in [
        ("exists", "answerBoolean", json!(false), true),
        ("exists", "answerBoolean", json!(true), false),
        ("!=", "answerInteger", json!(4), false),
    ] {
        let form = form(json!([{"linkId": "q", "type": "integer"}, when(operator, name, value)]));
        assert_eq!(enabled(&form, &Answers::default()).len() == 2, expected);
    }
}

#[test]
fn all_or_any_of_several_and_what_hangs_on_what_is_not_asked() {
    let is = |question: &str| json!({"question": question, "operator": "=", "answerBoolean": true});
    let ask = |link: &str| json!({"linkId": link, "type": "boolean"});
    let on = |behaviour: &str| {
        form(json!([
            ask("a"),
            ask("b"),
            {"linkId": "g", "type": "group", "enableWhen": [is("a"), is("b")], "enableBehavior": behaviour,
             "item": [ask("in")]},
            {"linkId": "end", "type": "boolean", "enableWhen": [is("in")]},
        ]))
    };
    for (behaviour, given, expected) in [
        ("all", &[("a", "true")][..], vec!["a", "b"]),
        ("any", &[("a", "true")], vec!["a", "b", "g", "in"]),
        (
            "all",
            &[("a", "true"), ("b", "true"), ("in", "true")],
            vec!["a", "b", "g", "in", "end"],
        ),
        // The answer within a group that is no longer asked counts no more.
        (
            "all",
            &[("a", "true"), ("b", "false"), ("in", "true")],
            vec!["a", "b"],
        ),
    ] {
        let form = on(behaviour);
        assert_eq!(
            enabled(&form, &answered(&form, given)),
            expected,
            "{behaviour} {given:?}"
        );
    }
}

/// People, each with medicines, and a question on each that shows when another is answered.
fn household() -> Form {
    form(json!([
        {"linkId": "person", "type": "group", "repeats": true, "item": [
            {"linkId": "name", "type": "string", "required": true},
            {"linkId": "takes", "type": "boolean"},
            {"linkId": "drug", "type": "group", "repeats": true,
             "enableWhen": [{"question": "takes", "operator": "=", "answerBoolean": true}],
             "item": [{"linkId": "of@", "type": "string"}]},
        ]},
        {"linkId": "any", "type": "display",
         "enableWhen": [{"question": "takes", "operator": "=", "answerBoolean": true}]},
    ]))
}

#[test]
fn each_of_a_repeating_group_has_its_own_answers_and_conditions() {
    let form = household();
    let answers = answered(
        &form,
        &[
            ("name@0", "Ana"),
            ("name@19a", "Ben"),
            ("takes@19a", "true"),
            ("of%40@19a.0", "x"),
            ("of%40@19a.1b", "y"),
        ],
    );
    let expected = [
        "person@0",
        "name@0",
        "takes@0",
        "person@19a",
        "name@19a",
        "takes@19a",
        "drug@19a.0",
        "of%40@19a.0",
        "drug@19a.1b",
        "of%40@19a.1b",
        "any",
    ];
    assert_eq!(enabled(&form, &answers), expected);
    let all = slots(&form, &answers);
    assert!(missing(&all, &answers).is_empty());
    let none = Answers::default();
    let missing: Vec<String> = missing(&slots(&form, &none), &none)
        .into_iter()
        .map(|slot| slot.key)
        .collect();
    assert_eq!(missing, ["name@0"]);
    for key in [
        "name", "name@", "name@0.0", "name@0@0", "name@Ä", "of%40@0", "of@@0.0", "person@0", "x@0",
    ] {
        assert_eq!(form.check(key, &typed("x")), Err(Refused::NoItem), "{key}");
    }
}

#[test]
fn the_response_holds_what_is_asked_and_answered_in_the_standards_shape() {
    let form = household();
    let answers = answered(
        &form,
        &[
            ("name@0", "Ana"),
            ("name@19a", "Ben"),
            ("of%40@19a.0", "hidden"),
        ],
    );
    let said = Response {
        status: "completed".into(),
        authored: "2026-11-25".into(),
        ..Response::default()
    };
    let text = response(&form, &answers, &[], &said);
    let person = |name: &str| json!({"linkId": "person", "item": [{"linkId": "name", "answer": [{"valueString": name}]}]});
    assert_eq!(
        serde_json::from_str::<Json>(&text).unwrap(),
        json!({"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-11-25",
               "item": [person("Ana"), person("Ben")]})
    );
    // What hangs on a question stands within its answer.
    let form = self::form(
        json!([{"linkId": "q", "type": "string", "item": [{"linkId": "more", "type": "string"}]}]),
    );
    let text = response(
        &form,
        &answered(&form, &[("q", "a"), ("more", "b")]),
        &[],
        &said,
    );
    let json: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(
        json["item"][0]["answer"][0]["item"][0]["answer"][0]["valueString"],
        "b"
    );
}

/// A form with a critical item of known code, and a score.
#[test]
fn weights_make_the_score_bands_its_word_and_alarms_name_the_item() {
    let weighed = |n: i32| {
        json!({"valueCoding": {"code": n.to_string(), "display": n.to_string()},
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/itemWeight", "valueDecimal": n}]})
    };
    let form = form(json!([
        {"linkId": "a", "type": "choice", "answerOption": [weighed(0), weighed(3)]},
        {"linkId": "b", "type": "choice", "code": [{"system": "http://loinc.org", "code": "44260-8"}],
         "answerOption": [weighed(0), weighed(1)]},
        {"linkId": "c", "type": "choice", "repeats": true, "answerOption": [weighed(1), weighed(2)],
         "enableWhen": [{"question": "a", "operator": "=", "answerCoding": {"code": "3"}}]},
    ]));
    let mut settings = Settings::known(&form);
    assert_eq!(
        settings.critical,
        [Critical {
            item: "b".into(),
            above: Decimal::from(0)
        }]
    );
    let band = |from: i32, word: &str| Band {
        score: String::new(),
        from: Decimal::from(from),
        word: word.into(),
        level: 0,
    };
    settings.bands = vec![band(4, "high"), band(1, "low")];
    assert!(settings.fits(&form));
    let mut answers = Answers::default();
    let none = &scores(&form, &answers, &settings)[0];
    assert_eq!((none.value, none.answered, none.of), (None, 0, 2));
    let option = |n: u32| vec![Given::Option { n }];
    let mut give = |key: &str, given: Vec<Given>| {
        answers.set(key, form.check(key, &given).unwrap());
        let found = scores(&form, &answers, &settings).remove(0);
        let word = found.band.map(|band| band.word);
        let alarms: Vec<String> = alarms(&form, &answers, &settings)
            .into_iter()
            .map(|one| one.link)
            .collect();
        (
            found.value.unwrap().to_string(),
            word,
            found.answered,
            found.of,
            alarms,
        )
    };
    let b = vec!["b".to_owned()];
    assert_eq!(give("b", option(0)), ("0".into(), None, 1, 2, vec![]));
    assert_eq!(
        give("b", option(1)),
        ("1".into(), Some("low".into()), 1, 2, b.clone())
    );
    assert_eq!(
        give("a", option(1)),
        ("4".into(), Some("high".into()), 2, 3, b.clone())
    );
    let both = vec![Given::Option { n: 1 }, Given::Option { n: 0 }];
    assert_eq!(
        give("c", both),
        ("7".into(), Some("high".into()), 3, 3, b.clone())
    );
    // What is no longer asked no longer counts.
    assert_eq!(
        give("a", option(0)),
        ("1".into(), Some("low".into()), 2, 2, b)
    );
    for wrong in [
        Settings {
            bands: vec![Band {
                score: "z".into(),
                ..band(0, "x")
            }],
            ..Settings::default()
        },
        Settings {
            bands: vec![band(0, " ")],
            ..Settings::default()
        },
        Settings {
            bands: vec![Band {
                level: 9,
                ..band(0, "x")
            }],
            ..Settings::default()
        },
        Settings {
            bands: vec![band(0, "x"); 101],
            ..Settings::default()
        },
        Settings {
            critical: vec![Critical {
                item: "z".into(),
                above: Decimal::from(0),
            }],
            ..Settings::default()
        },
    ] {
        assert!(!wrong.fits(&form));
    }
}

#[test]
fn our_own_forms_are_whole_and_say_everything_in_both_languages() {
    for text in own() {
        let form = Form::read(text.as_bytes()).unwrap();
        assert_eq!(form.remarks, [], "{}", form.url);
        assert!(form.title.others.contains_key("es"));
        for item in form.all() {
            assert!(item.words.others.contains_key("es"), "{}", item.place);
            assert!(
                item.options
                    .iter()
                    .all(|option| option.words.others.contains_key("es"))
            );
            assert!(item.kind == ItemKind::Group || !item.words.base.is_empty());
        }
        let settings = Settings::known(&form);
        assert!(settings.fits(&form));
        for score in scores(&form, &Answers::default(), &settings) {
            assert!(
                settings.bands.iter().any(|band| band.score == score.link),
                "{}",
                form.url
            );
        }
        let critical = usize::from(form.url.ends_with("safety")) * 4;
        assert_eq!(settings.critical.len(), critical);
    }
}

#[test]
fn a_yes_and_a_number_are_critical_too() {
    let form =
        form(json!([{"linkId": "a", "type": "boolean"}, {"linkId": "b", "type": "integer"}]));
    let rule = |item: &str, above: i32| Critical {
        item: item.into(),
        above: above.into(),
    };
    let settings = Settings {
        critical: vec![rule("a", 0), rule("b", 3)],
        ..Settings::default()
    };
    for (given, expected) in [
        (&[("a", "false"), ("b", "3")][..], &[][..]),
        (&[("a", "true"), ("b", "3")], &["a"]),
        (&[("b", "4")], &["b"]),
    ] {
        let found = alarms(&form, &answered(&form, given), &settings).into_iter();
        assert_eq!(found.map(|one| one.link).collect::<Vec<_>>(), expected);
    }
}

/// Every form cut short or with a byte changed is read or refused, and what is read can be walked.
#[test]
fn no_bytes_make_it_panic() {
    let walk = |bytes: &[u8]| {
        if let Ok(form) = Form::read(bytes) {
            let answers = Answers::default();
            let found = scores(&form, &answers, &Settings::known(&form));
            response(&form, &answers, &found, &Response::default());
        }
    };
    for text in own() {
        let bytes = text.as_bytes();
        for at in (0..bytes.len()).step_by(41) {
            walk(&bytes[..at]);
            for flip in [1, 0x20, 0x80] {
                let mut changed = bytes.to_vec();
                changed[at] ^= flip;
                walk(&changed);
            }
        }
    }
    for text in [
        "",
        "[",
        "{}",
        "[{\"valueInteger\":1e99}]",
        "[{\"valueCoding\":7}]",
        "[null]",
    ] {
        let mut answers = Answers::default();
        assert_eq!(answers.take("a", text), text.is_empty(), "{text}");
        assert!(!Answers::shown(text).is_empty() || text.is_empty());
    }
}
