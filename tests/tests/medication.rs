//! The medication table against lists that others made: the high-priority pairs, which must all be
//! found, by every name; and lists of lesser weight, whose numbers are printed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reads its data or fails"
)]

use std::{collections::BTreeSet, fs, path::PathBuf};

use satchel_core::medication::{Concern, Kind, Listed, Severity, Side, Table};
use serde_json::Value;

/// The text of a data file, which is no part of the repository; none without the folder, except
/// where all tests must run.
fn data(path: &str) -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    match fs::read_to_string(folder.join(path)) {
        Ok(text) => Some(text),
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            panic!("{path}: {error}; this test needs its data")
        }
        Err(error) => {
            println!("not run: {path}: {error}");
            None
        }
    }
}

fn json(path: &str) -> Option<Value> {
    data(path).map(|text| serde_json::from_str(&text).unwrap())
}

/// The rows of a CSV whose cells may be quoted, without its header.
fn rows(path: &str) -> Option<Vec<Vec<String>>> {
    let text = data(path)?;
    let row = |line: &str| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
        }
        cells
    };
    Some(text.lines().skip(1).map(row).collect())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn review(names: &[&str]) -> Vec<Concern> {
    let ids: Vec<String> = (0..names.len()).map(|n| format!("{n:03}")).collect();
    let list: Vec<Listed<'_>> = names
        .iter()
        .zip(&ids)
        .map(|(name, id)| Listed {
            id,
            name,
            ..Listed::default()
        })
        .collect();
    Table::own().review(&list, &[])
}

fn ingredient(side: &Side) -> &str {
    side.ingredient.as_ref().unwrap().as_str()
}

/// Severity and source of each interaction.
fn interactions(concerns: &[Concern]) -> Vec<(Severity, &str)> {
    concerns
        .iter()
        .filter_map(|concern| match &concern.kind {
            Kind::Interaction {
                severity, source, ..
            } => Some((*severity, source.as_str())),
            _ => None,
        })
        .collect()
}

fn raises(a: &str, b: &str, source: &str) -> bool {
    interactions(&review(&[a, b])).contains(&(Severity::Contraindicated, source))
}

fn members(side: &Value) -> Vec<&str> {
    let members = array(&side["members"]).iter();
    members.map(|member| text(&member["name"])).collect()
}

#[test]
fn every_high_priority_pair_is_found_by_every_name() {
    let Some(list) = json("ddi/onc-high-priority.json") else {
        return;
    };
    let names = |generic: &str| {
        let synonyms = list["synonyms"].get(generic);
        let synonyms = synonyms.into_iter().flat_map(array).map(text);
        let mut names: Vec<String> = synonyms.map(str::to_owned).collect();
        names.push(generic.to_owned());
        names
    };
    let (mut rules, mut pairs, mut missed) = (BTreeSet::new(), 0, Vec::new());
    for interaction in array(&list["interactions"]) {
        let id = interaction["onc_id"].as_u64().unwrap();
        let source = format!("ONC {id}");
        rules.insert(id);
        for object in members(&interaction["object"]) {
            for precipitant in members(&interaction["precipitant"]) {
                if object == precipitant {
                    continue;
                }
                for a in names(object) {
                    for b in names(precipitant) {
                        pairs += 1;
                        let labels = (
                            format!("{} hydrochloride 10 MG Oral Tablet", a.to_uppercase()),
                            format!("{b} sodium 5mg/mL"),
                        );
                        if !raises(&a, &b, &source) || !raises(&labels.1, &labels.0, &source) {
                            missed.push(format!("{source}: {a} + {b}"));
                        }
                    }
                }
            }
        }
    }
    println!("{} rules, {pairs} pairs of names", rules.len());
    assert_eq!(missed, Vec::<String>::new());
    assert_eq!(rules.len(), 15);
    assert!(pairs > 800, "{pairs}");
}

#[test]
fn high_priority_pairs_are_found_by_brand() {
    for (a, b, rule) in [
        ("Adderall XR 20 mg", "Parnate", 3),
        ("Vyvanse", "Nardil", 3),
        ("Concerta 36 mg", "Marplan", 3),
        ("Claritin-D 12 hour", "Nardil", 3),
        ("Zyrtec-D", "Eldepryl", 3),
        ("Strattera", "Matulane", 3),
        ("Qsymia", "Parnate", 3),
        ("Reyataz", "Prilosec OTC", 4),
        ("Evotaz", "Nexium 24HR", 4),
        ("Reyataz 300 mg", "Vimovo", 4),
        ("Uloric", "Imuran", 6),
        ("Uloric", "6-MP", 6),
        ("Prozac", "Nardil", 8),
        ("Symbyax", "Emsam patch", 8),
        ("Effexor XR", "Parnate", 8),
        ("Camptosar", "Prevpac", 11),
        ("Onivyde", "Kaletra", 11),
        ("Demerol", "Nardil", 16),
        ("NyQuil", "Parnate", 16),
        ("Robitussin-DM", "Marplan", 16),
        ("Ultracet", "Emsam", 16),
        ("Elavil", "Nardil", 20),
        ("Limbitrol", "Parnate", 20),
        ("Haldol", "Zithromax Z-Pak", 21),
        ("Geodon", "Celexa", 21),
        ("Nuedexta", "Tikosyn", 21),
        ("Rozerem", "Luvox", 22),
        ("Symtuza", "Tegretol XR", 23),
        ("Paxlovid", "Rifamate", 23),
        ("Prezcobix", "Saint John's wort", 23),
        ("Vytorin", "Biaxin", 25),
        ("Zocor", "Tarka", 25),
        ("Advicor", "Cardizem CD", 25),
        ("Cafergot", "Norvir", 27),
        ("DHE 45", "E-Mycin", 27),
        ("Zanaflex", "Cipro", 28),
        ("Parnate", "Matulane", 30),
        ("Treximet", "Nardil", 31),
        ("Imitrex", "Provayblue", 31),
    ] {
        assert!(raises(a, b, &format!("ONC {rule}")), "{a} + {b}");
    }
}

/// How long ago an entry of the merge cases was stopped, by its own words and those of its rival.
fn stopped_days(name: &str) -> Option<u32> {
    let (_, words) = name.split_once("(st")?;
    let days = words
        .strip_prefix("opped ")
        .and_then(|rest| rest.split_once(" days"));
    // Dates are weeks apart.
    Some(days.map_or(59, |(days, _)| days.parse().unwrap()))
}

#[test]
fn merge_cases_behave_as_written() {
    let Some(file) = json("ddi/merge-cases.json") else {
        return;
    };
    let cases = array(&file["cases"]);
    for case in cases {
        let names: Vec<&str> = ["base", "a", "b"]
            .into_iter()
            .flat_map(|part| array(&case[part]))
            .map(text)
            .collect();
        let ids: Vec<String> = (0..names.len()).map(|n| n.to_string()).collect();
        let list: Vec<Listed<'_>> = names
            .iter()
            .zip(&ids)
            .map(|(name, id)| Listed {
                id,
                name,
                stopped_days: stopped_days(name),
                ..Listed::default()
            })
            .collect();
        let found: BTreeSet<String> = Table::own()
            .review(&list, &[])
            .iter()
            .map(|concern| match &concern.kind {
                Kind::Interaction {
                    severity, source, ..
                } => {
                    let mut pair = [ingredient(&concern.first), ingredient(&concern.second)];
                    pair.sort_unstable();
                    format!("{severity:?} {source} {pair:?}")
                }
                Kind::SameDrug { same_dose } => {
                    format!("twice {} {same_dose}", ingredient(&concern.first))
                }
                Kind::Allergy { .. } => "allergy".to_owned(),
            })
            .collect();
        let expected: BTreeSet<String> = array(&case["expect"])
            .iter()
            .map(|expect| {
                if let Some(name) = expect.get("duplicate") {
                    let conflict = expect.get("dose_conflict").is_some();
                    return format!("twice {} {}", text(name), !conflict);
                }
                let pair: Vec<&str> = array(&expect["pair"]).iter().map(text).collect();
                assert_eq!(text(&expect["severity"]), "contraindicated");
                format!("Contraindicated {} {pair:?}", text(&expect["source"]))
            })
            .collect();
        assert_eq!(found, expected, "{}", text(&case["id"]));
    }
    assert_eq!(cases.len(), 11);
}

#[test]
fn made_up_patients_raise_nothing_contraindicated() {
    let (mut seen, mut unread) = (BTreeSet::new(), BTreeSet::new());
    for patient in [
        "champlin-1978",
        "cummings-1963",
        "emmerich-1995",
        "johnson-1927",
        "okeefe-2002",
        "schmitt-2011",
        "schumm-1981",
        "shanahan-2007",
        "upton-1927",
    ] {
        let Some(bundle) = json(&format!("synthea/bundle-{patient}.json")) else {
            return;
        };
        let names: BTreeSet<String> = array(&bundle["entry"])
            .iter()
            .map(|entry| &entry["resource"])
            .filter(|resource| resource["resourceType"] == "MedicationRequest")
            .map(|request| text(&request["medicationCodeableConcept"]["text"]).to_owned())
            .collect();
        assert!(!names.is_empty(), "{patient}");
        let list: Vec<&str> = names.iter().map(String::as_str).collect();
        for (severity, source) in interactions(&review(&list)) {
            assert!(severity > Severity::Contraindicated, "{patient}: {source}");
        }
        for name in names {
            if Table::own().identify(&name).is_empty() {
                unread.insert(name.clone());
            }
            seen.insert(name);
        }
    }
    println!(
        "{} of {} names not recognised: {unread:?}",
        unread.len(),
        seen.len()
    );
    assert!(unread.is_empty());
}

#[test]
fn recall_against_a_larger_list() {
    let Some(rows) = rows("ddi/ndfrt-va-interactions.subset.csv") else {
        return;
    };
    let table = Table::own();
    for severity in ["Critical", "Significant"] {
        let (mut all, mut known, mut found, mut contraindicated) = (0, 0, 0, 0);
        for row in rows.iter().filter(|row| row[4] == severity) {
            all += 1;
            let read = [0, 2].map(|column| !table.identify(&row[column]).is_empty());
            known += usize::from(read == [true, true]);
            let concerns = review(&[&row[0], &row[2]]);
            let interactions = interactions(&concerns);
            found += usize::from(!interactions.is_empty());
            let grave = |(severity, _): &(Severity, &str)| *severity == Severity::Contraindicated;
            contraindicated += usize::from(interactions.iter().any(grave));
        }
        println!(
            "{severity}: {all} pairs, {known} with both names known, {found} found, \
             {contraindicated} as contraindicated"
        );
        if severity == "Critical" {
            assert!(known * 10 > all * 7 && found * 10 > known * 6);
        }
    }
}

#[test]
fn what_must_not_interrupt_does_not() {
    let Some(rows) = rows("ddi/onc-non-interruptive.csv") else {
        return;
    };
    let (mut interrupting, mut quiet) = (BTreeSet::new(), 0);
    for row in &rows {
        for (severity, source) in interactions(&review(&[&row[0], &row[1]])) {
            if severity == Severity::Contraindicated {
                interrupting.insert(format!("{} + {}: {source}", row[0], row[1]));
            } else {
                quiet += 1;
            }
        }
    }
    println!(
        "{} pairs: {quiet} shown as serious, {interrupting:?}",
        rows.len()
    );
    // Listed quietly as a beta blocker with an antidepressant; but sotalol alone of the beta
    // blockers prolongs QT, as these two do.
    let explained = ["citalopram", "escitalopram"].map(|name| format!("{name} + sotalol: ONC 21"));
    assert_eq!(interrupting, explained.into());
}

#[test]
fn any_text_is_read_without_harm() {
    let table = Table::own();
    // A small generator of its own: the same texts each time.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..3_000 {
        let name: String = (0..next() % 40)
            .map(|_| match next() % 4 {
                0 => char::from_u32((next() % 0x11_0000) as u32).unwrap_or(' '),
                1 => char::from(b"0123456789 ./,%-"[(next() % 16) as usize]),
                _ => char::from(b'a' + (next() % 26) as u8),
            })
            .collect();
        let concerns = review(&[&name, "warfarin", &name]);
        assert!(concerns.iter().all(|concern| !concern.first.id.is_empty()));
        if round % 30 == 0 {
            // A row of an agency is refused as one, whatever it is.
            let read = table.extended(&format!("x{name}\n"));
            assert!(!read.refused.is_empty(), "{name:?}");
        }
    }
    let long = "9".repeat(10_000);
    let many = "tylenol pm extra ".repeat(600);
    for name in [
        long.as_str(),
        &many,
        &"x".repeat(10_000),
        &"\u{301}'".repeat(5_000),
    ] {
        review(&[name, name]);
    }
    assert_eq!(table.identify(&many).len(), 2);
}
