//! A form of two weighed questions, and what is asked of it most, in one line each.

use satchel_core::{
    api::{
        AssessAsk, AssessmentRow, AssessmentView, FormRow, FormsAsk, ItemView, RecordView, Reply,
        Request,
    },
    questionnaire::{Band, Critical, Given, Settings},
};
use satchel_tests::team::{ANA, NAMES, ROSA, Team};
use serde_bytes::ByteBuf;
use serde_json::json;

/// Two weighed questions, the second of them critical, in a form of one page.
pub fn mood(version: &str) -> Vec<u8> {
    let option = |code: &str, weight: u32| {
        json!({"valueCoding": {"system": "urn:x", "code": code, "display": format!("{code} days"), "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": weight}]}})
    };
    let item = |link: &str, text: &str| {
        let options = [option("no", 0), option("some", 1), option("all", 3)];
        json!({"linkId": link, "type": "choice", "text": text, "required": true, "answerOption": options})
    };
    let person = json!({"linkId": "name", "type": "string", "text": "Who?"});
    let form = json!({
        "resourceType": "Questionnaire", "url": "urn:x:mood", "version": version, "title": "Mood",
        "item": [
            {"linkId": "g", "type": "group", "text": "Lately", "item": [item("low", "Felt low?"), item("harm", "Thought of harm?")]},
            {"linkId": "p", "type": "group", "text": "Helper", "repeats": true, "item": [person]},
        ],
    });
    form.to_string().into_bytes()
}

pub fn settings() -> Settings {
    let band = |from: &str, word: &str, level| Band {
        score: String::new(),
        from: from.parse().unwrap(),
        word: word.into(),
        level,
    };
    Settings {
        bands: vec![band("0", "mild", 1), band("4", "severe", 4)],
        critical: vec![Critical {
            item: "harm".into(),
            above: "0".parse().unwrap(),
        }],
    }
}

pub fn ask_forms(team: &mut Team, place: usize, ask: FormsAsk) -> Reply {
    team.ask(place, Request::Forms { ask })
}

pub fn load(team: &mut Team, version: &str) -> String {
    let before = library(team, ROSA);
    let file = ByteBuf::from(mood(version));
    let add = FormsAsk::Add {
        file,
        settings: settings(),
    };
    assert_eq!(ask_forms(team, ROSA, add), Reply::Done);
    let after = library(team, ROSA).into_iter();
    let mut new = after.filter(|row| before.iter().all(|known| known.form != row.form));
    new.next().unwrap().form
}

pub fn library(team: &mut Team, place: usize) -> Vec<FormRow> {
    let language = "en".into();
    match ask_forms(team, place, FormsAsk::Library { language }) {
        Reply::FormLibrary { library } => {
            assert_eq!((library.ignored, library.unreadable), (0, 0));
            library.forms
        }
        other => panic!("{other:?}"),
    }
}

pub fn ask(team: &mut Team, place: usize, case: &str, ask: AssessAsk) -> Reply {
    let case = case.into();
    team.ask(place, Request::Assess { case, ask })
}

pub fn view(reply: Reply) -> AssessmentView {
    match reply {
        Reply::Assessment { assessment } => *assessment,
        other => panic!("{other:?}"),
    }
}

pub fn begin(team: &mut Team, place: usize, case: &str, form: &str) -> String {
    let begin = AssessAsk::Begin {
        form: form.into(),
        date: "2026-11-25".into(),
        client: String::new(),
        informant: "client".into(),
        informant_name: String::new(),
    };
    match ask(team, place, case, begin) {
        Reply::Saved { id, undo: None } => id,
        other => panic!("{other:?}"),
    }
}

pub fn open(team: &mut Team, place: usize, case: &str, id: &str) -> AssessmentView {
    let (id, language) = (id.into(), "en".into());
    view(ask(team, place, case, AssessAsk::Open { id, language }))
}

pub fn choose(id: &str, key: &str, n: u32) -> AssessAsk {
    AssessAsk::Answer {
        id: id.into(),
        key: key.into(),
        given: vec![Given::Option { n }],
        language: "en".into(),
    }
}

pub fn set(id: &str, to: &str) -> AssessAsk {
    AssessAsk::State {
        id: id.into(),
        to: to.into(),
        language: "en".into(),
    }
}

pub fn rows(team: &mut Team, place: usize, case: &str) -> Vec<AssessmentRow> {
    let language = "en".into();
    match ask(team, place, case, AssessAsk::List { language }) {
        Reply::Assessments { assessments } => assessments,
        other => panic!("{other:?}"),
    }
}

pub fn items(view: &AssessmentView) -> impl Iterator<Item = &ItemView> {
    view.pages.iter().flat_map(|page| &page.items)
}

pub fn item<'a>(view: &'a AssessmentView, key: &str) -> &'a ItemView {
    items(view).find(|item| item.key == key).unwrap()
}

pub fn tasks(team: &mut Team, place: usize, case: &str) -> Vec<RecordView> {
    let records = team.view(place, case).records.into_iter();
    records.filter(|record| record.kind == "task").collect()
}

pub fn value<'a>(record: &'a RecordView, key: &str) -> &'a str {
    let mut fields = record.fields.iter();
    fields
        .find(|field| field.key == key)
        .map_or("", |field| field.value.as_str())
}

/// A case of all, and the form loaded and on every tablet.
pub fn begun() -> (Team, String, String) {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1"), ("name.given", "Ines")]);
    let form = load(&mut team, "1");
    team.sync(NAMES.len());
    (team, case, form)
}
