//! Our own table is whole, names are read, and an agency's rows only add.

use super::*;

fn read_as(name: &str) -> Vec<String> {
    let found = Table::own().identify(name);
    found.into_iter().map(|ingredient| ingredient.0).collect()
}

#[test]
fn every_row_of_ours_is_read() {
    let table = read_own().unwrap();
    assert!(table.ingredients.len() > 600 && table.rules.len() > 80 && table.families.len() > 20);
    let size: usize = OWN.iter().map(|text| text.len()).sum();
    assert!(size < 60_000, "{size} bytes: too much for a tablet to load");
}

#[test]
fn names_are_read() {
    for (name, expected) in [
        ("Tylenol #3", &["acetaminophen", "codeine"][..]),
        ("TYLENOL extra strength", &["acetaminophen"]),
        ("Tylenol w/ codeine", &["acetaminophen", "codeine"]),
        (
            "Pseudoephedrine HCl 120 MG 12 HR Extended Release Oral Tablet",
            &["pseudoephedrine"],
        ),
        ("Pethidine 50 mg/mL injection", &["meperidine"]),
        ("Losartan Potassium 50 MG", &["losartan"]),
        (
            "Acetaminophen 325 MG Oral Tablet [Tylenol]",
            &["acetaminophen"],
        ),
        ("St. John’s wort", &["st. john's wort"]),
        ("Méthadone", &["methadone"]),
        ("lisinopril10mg", &["lisinopril"]),
        ("phenelzine and sertraline", &["phenelzine", "sertraline"]),
        ("aspirin free pain relief", &[]),
        ("alcohol swabs", &[]),
        ("sertralin", &[]),
        ("unsertraline", &[]),
        ("the white pill", &[]),
        ("", &[]),
    ] {
        assert_eq!(read_as(name), expected, "{name}");
    }
}

#[test]
fn an_agency_adds() {
    let table = Table::own()
        .extended(
            "# Our clinic's own,,,,,,,\n\
             ,,\n\
             interaction,ours-1,zorbamine,MAO inhibitors,serious,Clinic,2025,\"Dizzy, falls.\"\n\
             name,zorbamine,Zorbex;Zorba XR\n\
             name,paracetamol,Clinic Blue\n\
             class,MAO inhibitors,zorbatine\n\
             name,zorbatine\n\
             allergy,penicillins,zor-family,zorbamine\n",
        )
        .unwrap();
    let [zorbamine] = table.identify("Zorba-XR 5 mg").try_into().unwrap();
    assert_eq!(zorbamine.as_str(), "zorbamine");
    assert_eq!(table.identify("clinic blue")[0].as_str(), "acetaminophen");
    let place = |name: &str| table.phrases.exactly(name).unwrap().ingredients[0];
    let rule = |a, b| table.rule(place(a), place(b)).map(|rule| rule.id.as_str());
    assert_eq!(rule("zorbex", "nardil"), Some("ours-1"));
    assert_eq!(rule("zorbatine", "zorbex"), Some("ours-1"));
    // A class that grew grew in our rules too, also through a class of classes.
    assert_eq!(rule("zorbatine", "Zoloft"), Some("onc-8"));
    assert_eq!(
        rule("zorbatine", "trazodone"),
        Some("maoi-other-antidepressant")
    );
    assert!(Table::own().identify("zorbex").is_empty());
}

#[test]
fn a_wrong_row_is_named() {
    let check = |text: &str| Table::own().extended(text).unwrap_err();
    let name = |name: &str| name.to_owned();
    assert_eq!(
        check("name,x\nproduct,y,never heard of\n"),
        TableError::Unknown {
            line: 2,
            name: name("never heard of")
        }
    );
    assert_eq!(
        check("name,x,Coumadin\n"),
        TableError::Taken {
            line: 1,
            name: name("Coumadin")
        }
    );
    assert_eq!(
        check("interaction,onc-8,aspirin,ibuprofen,serious,x,2020,y\n"),
        TableError::Taken {
            line: 1,
            name: name("onc-8")
        }
    );
    assert_eq!(
        check("interaction,z,aspirin,ibuprofen,bad,x,2020,y\n"),
        TableError::Severity { line: 1 }
    );
    assert_eq!(
        check("\n\nlasting,aspirin,two\n"),
        TableError::Number { line: 3, column: 3 }
    );
    assert_eq!(
        check("class,x\n"),
        TableError::Missing { line: 1, column: 3 }
    );
    assert_eq!(check("brand,x\n"), TableError::Kind { line: 1 });
    assert!(check("brand,x\n").to_string().starts_with("line 1: "));
    assert_eq!(
        check(&"x".repeat(rows::FILE_LEN_MAX + 1)),
        TableError::TooBig { max_kib: 1024 }
    );
}
