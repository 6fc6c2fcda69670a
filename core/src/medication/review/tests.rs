//! Lists and what is said about them.

use super::*;
use crate::medication::Severity;

/// Each concern in a word or two, for a list of names with `@` before a route.
fn concerns(names: &[&str], allergies: &[&str]) -> Vec<String> {
    let ids: Vec<String> = (0..9).map(|n| n.to_string()).collect();
    let listed: Vec<Listed<'_>> = names
        .iter()
        .zip(&ids)
        .map(|(name, id)| {
            let (name, route) = name.split_once('@').unwrap_or((name, ""));
            Listed {
                id,
                name,
                route,
                ..Listed::default()
            }
        })
        .collect();
    let allergies: Vec<ListedAllergy<'_>> = allergies
        .iter()
        .map(|substance| ListedAllergy { id: "a", substance })
        .collect();
    let found = Table::own().review(&listed, &allergies);
    let reversed: Vec<_> = listed.iter().rev().copied().collect();
    assert_eq!(found, Table::own().review(&reversed, &allergies));
    found.iter().map(short).collect()
}

fn short(concern: &Concern) -> String {
    let ingredient = |side: &Side| side.ingredient.clone().map_or(String::new(), |i| i.0);
    let (a, b) = (ingredient(&concern.first), ingredient(&concern.second));
    match &concern.kind {
        Kind::Interaction {
            severity: Severity::Contraindicated,
            ..
        } => format!("{a} ! {b}"),
        Kind::Interaction { .. } => format!("{a} ? {b}"),
        Kind::Allergy { family, cross } => {
            let family = family.as_deref().unwrap_or("itself");
            format!("{a} allergy {family}{}", if *cross { " maybe" } else { "" })
        }
        Kind::SameDrug { same_dose } => format!("{a} twice {same_dose}"),
    }
}

fn check(names: &[&str], allergies: &[&str], expected: &[&str]) {
    assert_eq!(
        concerns(names, allergies),
        expected,
        "{names:?} {allergies:?}"
    );
}

#[test]
fn pairs() {
    check(&["Nardil", "Zoloft"], &[], &["phenelzine ! sertraline"]);
    check(&["Coumadin", "Advil"], &[], &["warfarin ? ibuprofen"]);
    check(&["lisinopril 10 mg", "Aleve"], &[], &[]);
    check(&["unheard of", "Zoloft"], &[], &[]);
    check(
        &["Viagra", "Nitrostat 0.4 mg"],
        &[],
        &["sildenafil ! nitroglycerin"],
    );
}

#[test]
fn one_entry() {
    check(
        &["phenelzine, sertraline"],
        &[],
        &["phenelzine ! sertraline"],
    );
    // Made as one on purpose.
    check(&["Embeda"], &[], &[]);
    check(&["amiodarone amiodarone"], &[], &[]);
}

#[test]
fn what_stays_on_the_skin() {
    check(&["warfarin", "diclofenac 1% gel"], &[], &[]);
    check(&["tizanidine", "Ciloxan"], &[], &[]);
    check(&["tizanidine", "ciprofloxacin@left eye"], &[], &[]);
    check(
        &["Viagra", "nitroglycerin ointment"],
        &[],
        &["sildenafil ! nitroglycerin"],
    );
    check(&["hydrocortisone cream", "hydrocortisone tablet"], &[], &[]);
    check(
        &["ciprofloxacin eye drops"],
        &["Cipro"],
        &["ciprofloxacin allergy itself"],
    );
}

#[test]
fn twice() {
    check(
        &["lisinopril 10 MG Oral Tablet", "Zestril 10mg"],
        &[],
        &["lisinopril twice true"],
    );
    check(
        &["methadone 40 mg", "methadone 60 mg"],
        &[],
        &["methadone twice false"],
    );
    check(&["Percocet", "Tylenol"], &[], &["acetaminophen twice true"]);
}

#[test]
fn allergies() {
    check(&["Amoxil"], &["PCN"], &["amoxicillin allergy penicillins"]);
    check(
        &["Keflex"],
        &["Penicillin (rash)"],
        &["cephalexin allergy cephalosporins maybe"],
    );
    check(
        &["Keflex"],
        &["amoxicillin"],
        &["cephalexin allergy cephalosporins maybe"],
    );
    check(
        &["Bactrim"],
        &["sulfa drugs"],
        &["sulfamethoxazole allergy sulfonamide antibiotics"],
    );
    check(&["Lasix"], &["sulfa"], &[]);
    check(
        &["ibuprofen"],
        &["Aspirin"],
        &["ibuprofen allergy NSAIDs and aspirin"],
    );
    check(
        &["fentanyl"],
        &["codeine"],
        &["fentanyl allergy other opioids maybe"],
    );
    check(
        &["Lipitor"],
        &["statins"],
        &["atorvastatin allergy statins"],
    );
    check(&["Lipitor"], &["Zocor"], &[]);
    check(
        &["ibuprofen", "Lipitor"],
        &["Latex", "bee venom", "contrast dye", ""],
        &[],
    );
}

#[test]
fn stopped_medicines_count_while_they_last() {
    let review = |stopped_days, name| {
        let list = [
            Listed {
                id: "1",
                name,
                stopped_days,
                ..Listed::default()
            },
            Listed {
                id: "2",
                name: "sertraline and warfarin",
                ..Listed::default()
            },
        ];
        let allergies = [ListedAllergy {
            id: "a",
            substance: "NSAIDs",
        }];
        Table::own().review(&list, &allergies)
    };
    let found = review(Some(13), "phenelzine");
    assert_eq!(found.len(), 1);
    assert!(matches!(
        found[0].kind,
        Kind::Interaction {
            lasting_days: Some(14),
            ..
        }
    ));
    assert_eq!(review(Some(14), "phenelzine"), []);
    assert_eq!(review(Some(0), "aspirin"), []);
    assert_eq!(review(Some(0), "ibuprofen"), []);
}

#[test]
fn the_gravest_come_first() {
    let found = concerns(
        &["Coumadin", "Advil", "Nardil", "Zoloft", "Zoloft 50 mg"],
        &["NSAIDs"],
    );
    assert_eq!(
        found,
        [
            "phenelzine ! sertraline",
            "phenelzine ! sertraline",
            "ibuprofen allergy NSAIDs and aspirin",
            "warfarin ? ibuprofen",
            "sertraline twice false",
        ]
    );
}
