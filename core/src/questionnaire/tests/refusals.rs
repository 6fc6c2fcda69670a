//! What is refused: answers that do not fit, and forms that make no sense, each with its place.

use serde_json::{Value as Json, json};

use super::{super::*, form, read, typed};

#[test]
fn an_answer_that_does_not_fit_is_refused_with_what_fits() {
    let limits = json!([
        {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 1},
        {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueDecimal": 9.5},
        {"url": "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces", "valueInteger": 1},
        {"url": "http://hl7.org/fhir/StructureDefinition/minLength", "valueInteger": 2},
    ]);
    let days = json!([
        {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueDate": "2001-01-01"},
        {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueDate": "2024-01-01"},
    ]);
    let form = form(json!([
        {"linkId": "integer", "type": "integer", "extension": limits},
        {"linkId": "decimal", "type": "decimal", "extension": limits},
        {"linkId": "quantity", "type": "quantity", "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit", "valueCoding": {"code": "g"}}]},
        {"linkId": "string", "type": "string", "maxLength": 3, "extension": limits},
        {"linkId": "date", "type": "date", "extension": days},
        {"linkId": "boolean", "type": "boolean"},
        {"linkId": "time", "type": "time"},
        {"linkId": "dateTime", "type": "dateTime"},
        {"linkId": "list", "type": "choice", "answerOption": [{"valueString": "a"}]},
        {"linkId": "elsewhere", "type": "choice", "answerValueSet": "http://elsewhere"},
        {"linkId": "read", "type": "string", "readOnly": true},
        {"linkId": "file", "type": "attachment"},
    ]));
    let refused = |what: &str| Err(Refused::Takes(what.into()));
    for (key, text, expected) in [
        ("integer", "0", refused("1 or more")),
        ("integer", "10", refused("9.5 or less")),
        ("integer", "1.5", refused("a whole number")),
        ("integer", "9", Ok(Value::Integer(9))),
        ("decimal", "9.51", refused("at most 1 decimal places")),
        ("decimal", "1e1", refused("a number")),
        ("string", "abcd", refused("at most 3 characters")),
        ("string", "a", refused("at least 2 characters")),
        ("string", " ñu ", Ok(Value::String("ñu".into()))),
        ("date", "2026-02-30", refused("YYYY-MM-DD")),
        ("date", "2000-12-31", refused("2001-01-01 or more")),
        ("date", "2024-01-02", refused("2024-01-01 or less")),
        ("date", "2010", Ok(Value::Date("2010".into()))),
        ("boolean", "yes", refused("true, false")),
        ("time", "25:00", refused("hh:mm")),
        ("time", "09:05", Ok(Value::Time("09:05:00".into()))),
        (
            "dateTime",
            "2026-01-01T10:00:00",
            refused("YYYY-MM-DDThh:mm:ssZ"),
        ),
        ("list", "a", refused("an option of the list")),
        (
            "elsewhere",
            "x",
            Ok(Value::Coding(Coding {
                display: "x".into(),
                ..Coding::default()
            })),
        ),
        ("read", "x", Err(Refused::NoItem)),
        ("file", "x", Err(Refused::NoItem)),
        ("string", "", refused("an answer")),
        (
            "string",
            &"x".repeat(TEXT_LEN_MAX + 1),
            Err(Refused::TooLong(TEXT_LEN_MAX)),
        ),
    ] {
        let expected = expected.map(|value| vec![value]);
        assert_eq!(form.check(key, &typed(text)), expected, "{key} {text}");
    }
    let unit = |unit| {
        [Given::Quantity {
            text: "2.50".into(),
            unit,
        }]
    };
    let Ok(weight) = form.check("quantity", &unit(0)) else {
        panic!()
    };
    assert_eq!(
        Answers::text(&weight),
        r#"[{"valueQuantity":{"value":2.5,"code":"g"}}]"#
    );
    assert_eq!(
        form.check("quantity", &unit(1)),
        Err(Refused::Takes("a unit of the list".into()))
    );
    assert_eq!(
        form.check("list", &[Given::Option { n: 1 }]),
        Err(Refused::Takes("an option of the list".into()))
    );
    let both = [Given::Option { n: 0 }, Given::Option { n: 0 }];
    assert_eq!(
        form.check("list", &both),
        Err(Refused::Takes("one answer".into()))
    );
    let kept: Vec<_> = form
        .remarks
        .iter()
        .map(|one| (one.code, one.item.as_str()))
        .collect();
    assert_eq!(kept, [("list", "10 (elsewhere)"), ("type", "12 (file)")]);
}

#[test]
fn a_form_that_makes_no_sense_is_refused_with_its_place() {
    let deep = (0..DEPTH_MAX).fold(
        json!({"linkId": "x", "type": "string"}),
        |inner, n| json!({"linkId": format!("g{n}"), "type": "group", "item": [inner]}),
    );
    let many: Vec<Json> = (0..=ITEMS_MAX)
        .map(|n| json!({"linkId": n.to_string(), "type": "string"}))
        .collect();
    let options: Vec<Json> = (0..=OPTIONS_MAX)
        .map(|n| json!({"valueString": n.to_string()}))
        .collect();
    let on = |question: &str| json!([{"question": question, "operator": "exists", "answerBoolean": true}]);
    let wrong = |item: &str, property: &str| FormError::Property {
        item: item.into(),
        property: property.into(),
    };
    for (items, expected) in [
        (json!([]), FormError::NoItems),
        (json!({}), wrong("", "item")),
        (json!([{"type": "string"}]), wrong("1", "linkId")),
        (json!([{"linkId": "a"}]), wrong("1 (a)", "type")),
        (
            json!([{"linkId": "a", "type": "string", "required": "yes"}]),
            wrong("1 (a)", "required"),
        ),
        (
            json!([{"linkId": "g", "type": "group", "item": [{"linkId": "a", "type": "choice", "answerOption": [{}]}]}]),
            wrong("1.1 (a)", "answerOption"),
        ),
        (
            json!([{"linkId": "a", "type": "string"}, {"linkId": "a", "type": "string"}]),
            FormError::LinkTwice {
                item: "2 (a)".into(),
            },
        ),
        (
            json!([{"linkId": "a", "type": "string", "enableWhen": on("b")}]),
            FormError::NoQuestion {
                item: "1 (a)".into(),
                question: "b".into(),
            },
        ),
        (
            json!([{"linkId": "a", "type": "string", "enableWhen": on("b")}, {"linkId": "b", "type": "string", "enableWhen": on("a")}]),
            FormError::Ring {
                item: "1 (a)".into(),
            },
        ),
        (
            json!([{"linkId": "g", "type": "group", "enableWhen": on("a"), "item": [{"linkId": "a", "type": "string"}]}]),
            FormError::Ring {
                item: "1 (g)".into(),
            },
        ),
        (
            json!([{"linkId": "a", "type": "string", "enableWhen": [{"question": "a", "operator": "~", "answerInteger": 1}]}]),
            wrong("1 (a)", "enableWhen.operator"),
        ),
        (
            json!([{"linkId": "a", "type": "string", "enableWhen": [{"question": "a", "operator": "="}]}]),
            wrong("1 (a)", "enableWhen.answer"),
        ),
        (
            json!([{"linkId": "a", "type": "string", "enableBehavior": "some"}]),
            wrong("1 (a)", "enableBehavior"),
        ),
        (
            json!([{"linkId": "a", "type": "choice", "answerValueSet": "#b"}]),
            FormError::NoList {
                item: "1 (a)".into(),
                list: "#b".into(),
            },
        ),
        (
            json!([deep]),
            FormError::TooDeep {
                item: ["1"; DEPTH_MAX + 1].join("."),
                max: DEPTH_MAX as u32,
            },
        ),
        (
            json!(many),
            FormError::TooManyItems {
                max: ITEMS_MAX as u32,
            },
        ),
        (
            json!([{"linkId": "a", "type": "choice", "answerOption": options}]),
            FormError::TooManyOptions {
                item: "1 (a)".into(),
                max: OPTIONS_MAX as u32,
            },
        ),
    ] {
        assert_eq!(read(&items), Err(expected));
    }
    let whole = |bytes: &[u8]| Form::read(bytes).unwrap_err();
    assert_eq!(whole(b""), FormError::NotJson { line: 1, column: 0 });
    assert_eq!(
        whole(b"{\n \"a\": }"),
        FormError::NotJson { line: 2, column: 7 }
    );
    assert_eq!(
        whole(b"[]"),
        FormError::NotQuestionnaire {
            found: String::new()
        }
    );
    assert_eq!(
        whole(br#"{"resourceType":"Patient"}"#),
        FormError::NotQuestionnaire {
            found: "Patient".into()
        }
    );
    assert_eq!(
        whole(&vec![b' '; FILE_LEN_MAX + 1]),
        FormError::TooBig { max_kib: 192 }
    );
    assert_eq!(
        whole("[".repeat(100_000).as_bytes()),
        FormError::NotJson {
            line: 1,
            column: 128
        }
    );
    let untitled = br#"{"resourceType":"Questionnaire","item":[{"linkId":"a","type":"string"}]}"#;
    assert_eq!(whole(untitled), wrong("", "title"));
}
