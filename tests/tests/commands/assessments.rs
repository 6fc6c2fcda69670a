//! Bad input of what is done to forms and assessments.

use satchel_core::{
    api::{AssessAsk, Failure, FormsAsk, Reply, Request},
    questionnaire::{Band, Critical, FILE_LEN_MAX, FormError, Given, Settings},
};
use satchel_tests::team::{ANA, OTTO, PRIYA, ROSA};
use serde_bytes::ByteBuf;

use crate::world::{NOBODY, Refused, World, bad, cannot, empty, saved, too_long, unknown};

const EN: &str = "en";

impl World {
    /// A form of the app's own, and an assessment with it of Ana's.
    fn assessment(&mut self) -> (String, String) {
        let language = EN.into();
        let ask = FormsAsk::Library { language };
        let Reply::FormLibrary { library } = self.team.ask(ANA, Request::Forms { ask }) else {
            panic!("no forms");
        };
        let safety = library.forms.iter().find(|row| row.url.ends_with("safety"));
        let form = safety.unwrap().form.clone();
        let case = self.case.clone();
        let ask = begin(&form, "2026-11-25", "", "client");
        let (id, _) = saved(self.team.ask(ANA, Request::Assess { case, ask }));
        self.team.sync(satchel_tests::team::NAMES.len());
        (form, id)
    }

    /// What is done to forms and assessments.
    pub fn assessment_table(&mut self) -> Vec<Refused> {
        let (form, id) = self.assessment();
        let mut table = Vec::new();
        let case = self.case.clone();
        let assess = |ask| {
            let case = case.clone();
            Request::Assess { case, ask }
        };
        for (form, date, client, informant, failure) in [
            (NOBODY, "2026-11-25", "", "", Failure::NotFound),
            ("", "2026-11-25", "", "", Failure::NotFound),
            (&form, "", "", "", empty("date")),
            (&form, "2026-02-30", "", "", bad("date", "YYYY-MM-DD")),
            (
                &form,
                "2026-11-25",
                "x",
                "",
                bad("client", "a record of the case"),
            ),
            (
                &form,
                "2026-11-25",
                NOBODY,
                "",
                bad("client", "a client of this case"),
            ),
            (
                &form,
                "2026-11-25",
                "",
                "oracle",
                bad(
                    "informant",
                    "client, family, provider, staff, records, other",
                ),
            ),
        ] {
            table.push((ANA, assess(begin(form, date, client, informant)), failure));
        }
        let answer = |id: &str, key: &str, given: &[Given]| {
            assess(AssessAsk::Answer {
                id: id.into(),
                key: key.into(),
                given: given.to_vec(),
                language: EN.into(),
            })
        };
        let option = |n| Given::Option { n };
        let text = |text: &str| Given::Text { text: text.into() };
        let list = "an option of the list";
        let (long, longest) = ("x".repeat(2001), "x".repeat(16 * 1024 + 1));
        table.extend([
            (ANA, answer(NOBODY, "self", &[option(0)]), Failure::NotFound),
            (ANA, answer("", "self", &[option(0)]), Failure::NotFound),
            (ANA, answer(&id, "", &[option(0)]), unknown("")),
            (ANA, answer(&id, "note", &[option(0)]), unknown("note")),
            (ANA, answer(&id, "sum", &[text("3")]), unknown("sum")),
            (ANA, answer(&id, "self@0", &[option(0)]), unknown("self@0")),
            (ANA, answer(&id, "self", &[option(3)]), bad("self", list)),
            (ANA, answer(&id, "self", &[text("yes")]), bad("self", list)),
            (
                ANA,
                answer(&id, "self", &[option(0), option(1)]),
                bad("self", "one answer"),
            ),
            (
                ANA,
                answer(&id, "plan", &[text(&long)]),
                bad("plan", "at most 2000 characters"),
            ),
            (
                ANA,
                answer(&id, "plan", &[text(&longest)]),
                too_long("plan", 16 * 1024),
            ),
            (
                ANA,
                answer(&id, "plan", &[text(" ")]),
                bad("plan", "an answer"),
            ),
            (OTTO, answer(&id, "self", &[option(0)]), Failure::NotAllowed),
        ]);
        let language = || EN.to_owned();
        let open = |id: &str| {
            let (id, language) = (id.into(), language());
            assess(AssessAsk::Open { id, language })
        };
        let group = |key: &str| {
            let (id, key, language) = (id.clone(), key.into(), language());
            assess(AssessAsk::AddGroup { id, key, language })
        };
        let drop = |key: &str| {
            let (id, key, language) = (id.clone(), key.into(), language());
            assess(AssessAsk::DropGroup { id, key, language })
        };
        let state = |to: &str| {
            let (id, to, language) = (id.clone(), to.into(), language());
            assess(AssessAsk::State { id, to, language })
        };
        let export = |id: &str| assess(AssessAsk::Export { id: id.into() });
        let next = &["completed", "stopped", "entered-in-error"];
        table.extend([
            (ANA, open(NOBODY), Failure::NotFound),
            (ANA, open(&self.task), Failure::NotFound),
            (ANA, group("now"), Failure::NotFound),
            (ANA, drop("now"), Failure::NotFound),
            (ANA, export(""), Failure::NotFound),
            (
                ANA,
                state("amended"),
                cannot("in-progress", "amended", next),
            ),
            (ANA, state(""), cannot("in-progress", "", next)),
            (ANA, state("completed"), empty("safe")),
            (OTTO, state("stopped"), Failure::NotAllowed),
        ]);
        let put = satchel_tests::wishes::put(&case, "assessment", Some(&id), &[("score", "0")]);
        table.push((ANA, put, unknown("assessment")));
        table.extend(forms_table(&form));
        table
    }
}

fn begin(form: &str, date: &str, client: &str, informant: &str) -> AssessAsk {
    AssessAsk::Begin {
        form: form.into(),
        date: date.into(),
        client: client.into(),
        informant: informant.into(),
        informant_name: String::new(),
    }
}

fn forms_table(form: &str) -> Vec<Refused> {
    let mut table = Vec::new();
    let forms = |ask| Request::Forms { ask };
    let look = |form: &str| {
        forms(FormsAsk::Look {
            form: form.into(),
            language: EN.into(),
        })
    };
    table.push((ANA, look(NOBODY), Failure::NotFound));
    let file = |bytes: &[u8]| ByteBuf::from(bytes.to_vec());
    let no_json = FormError::NotJson { line: 1, column: 2 };
    let found = String::new();
    let big = vec![b' '; FILE_LEN_MAX + 1];
    for (place, bytes, failure) in [
        (ANA, &b"{}"[..], Failure::NotAllowed),
        (PRIYA, b"{x", Failure::BadForm { error: no_json }),
        (
            PRIYA,
            b"{}",
            Failure::BadForm {
                error: FormError::NotQuestionnaire { found },
            },
        ),
        (
            ROSA,
            &big,
            Failure::BadForm {
                error: FormError::TooBig { max_kib: 192 },
            },
        ),
    ] {
        let preview = FormsAsk::Preview {
            file: file(bytes),
            language: EN.into(),
        };
        let settings = Settings::default();
        let add = FormsAsk::Add {
            file: file(bytes),
            settings,
        };
        table.push((place, forms(preview), failure.clone()));
        table.push((place, forms(add), failure));
    }
    let set = |form: &str, settings| {
        let form = form.into();
        forms(FormsAsk::Set { form, settings })
    };
    let band = |score: &str, word: &str, level| Settings {
        bands: vec![Band {
            score: score.into(),
            from: 0.into(),
            word: word.into(),
            level,
        }],
        critical: Vec::new(),
    };
    let critical = Settings {
        bands: Vec::new(),
        critical: vec![Critical {
            item: "z".into(),
            above: 0.into(),
        }],
    };
    let wrong = bad("settings", "items of the form, words, levels 0 to 4");
    let away = |form: &str| {
        let form = form.into();
        forms(FormsAsk::Away { form, away: true })
    };
    table.extend([
        (PRIYA, set(NOBODY, Settings::default()), Failure::NotFound),
        (PRIYA, set(form, band("z", "x", 0)), wrong.clone()),
        (PRIYA, set(form, band("sum", " ", 0)), wrong.clone()),
        (PRIYA, set(form, band("sum", "x", 5)), wrong.clone()),
        (PRIYA, set(form, critical), wrong),
        (ANA, set(form, Settings::default()), Failure::NotAllowed),
        (ANA, away(form), Failure::NotAllowed),
        // The app's own stay.
        (PRIYA, away(form), Failure::NotFound),
        (PRIYA, away(NOBODY), Failure::NotFound),
    ]);
    table
}
