//! Our own table is whole, names are read, and an agency's rows only add.

use super::*;

fn read_as(name: &str) -> Vec<String> {
    let found = Table::own().identify(name);
    found.into_iter().map(|ingredient| ingredient.0).collect()
}

#[test]
fn every_row_of_ours_is_read() {
    let (table, refused) = read_own();
    assert_eq!(refused, []);
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
    let Extended {
        table,
        names,
        interactions,
        others,
        refused,
    } = Table::own().extended(
        "# Our clinic's own,,,,,,,\n\
             ,,\n\
             interaction,ours-1,zorbamine,MAO inhibitors,serious,Clinic,2025,\"Dizzy, falls.\"\n\
             name,zorbamine,Zorbex;Zorba XR\n\
             name,paracetamol,Clinic Blue\n\
             class,MAO inhibitors,zorbatine\n\
             name,zorbatine\n\
             allergy,penicillins,zor-family,zorbamine\n",
    );
    assert_eq!((interactions.len(), names, others), (1, 3, 2));
    assert_eq!(refused, []);
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
fn the_example_is_whole() {
    let ours = Table::own().extended(crate::medication::EXAMPLE);
    assert_eq!(ours.refused, []);
    let counts = (ours.interactions.len(), ours.names, ours.others);
    assert_eq!(counts, (2, 5, 4));
    // As a sheet of another language saves it, with a heading and remarks in quotes.
    let sheet = "\u{feff}\"# ours; and only ours\";;\r\nKind;a;b\r\nName;zorbamine;\"Zorbex;Zorba XR\"\r\n\
                 Interaction;c-1;zorbex;aspirin;Serious;Clinic;2026;Falls, bruises.\r\n";
    let ours = Table::own().extended(sheet);
    assert_eq!((ours.refused, ours.names), (vec![], 1));
    let [pair] = ours.interactions.as_slice() else {
        panic!("{:?}", ours.interactions);
    };
    assert_eq!((pair.line, pair.effect.as_str()), (4, "Falls, bruises."));
    let tabs = Table::own().extended("name\tzorbamine\tZorbex\n");
    assert_eq!((tabs.refused, tabs.names), (vec![], 1));
}

#[test]
fn a_row_that_does_not_hold_is_named_and_the_others_count() {
    type Expected = fn(u32, &str) -> TableError;
    let unknown: Expected = |line, name| TableError::Unknown {
        line,
        name: name.into(),
    };
    let taken: Expected = |line, name| TableError::Taken {
        line,
        name: name.into(),
    };
    let twice: Expected = |line, name| TableError::Twice {
        line,
        name: name.into(),
    };
    let check = |text: &str, expected: &[TableError]| {
        let text = format!(
            "{text}name,good one,Goody\ninteraction,good,good one,aspirin,serious,x,2020,y\n"
        );
        let ours = Table::own().extended(&text);
        assert_eq!(ours.refused, expected, "{text}");
        assert!(!ours.interactions.is_empty(), "{text}");
        assert_eq!(ours.table.identify("goody")[0].as_str(), "good one");
    };
    check(
        "name,x\nproduct,y,never heard of\n",
        &[unknown(2, "never heard of")],
    );
    check("name,x,Coumadin\nname,z,x\n", &[taken(1, "Coumadin")]);
    check("name,x,…\n", &[taken(1, "…")]);
    check(
        "interaction,onc-8,aspirin,ibuprofen,serious,x,2020,y\n",
        &[twice(1, "onc-8")],
    );
    check(
        "interaction,a,aspirin,ibuprofen,serious,x,2020,y\ninteraction,a,aspirin,ibuprofen,serious,x,2020,y\n\
         interaction,good,aspirin,ibuprofen,serious,x,2020,y\n",
        &[twice(2, "a"), twice(5, "good")],
    );
    check(
        "interaction,z,aspirin,ibuprofen,bad,x,2020,y\n\n\nlasting,aspirin,two\nclass,x\nbrand,x\n",
        &[
            TableError::Severity { line: 1 },
            TableError::Number { line: 4, column: 3 },
            TableError::Missing { line: 5, column: 3 },
            TableError::Kind { line: 6 },
        ],
    );
    // A comma that parts what belongs together takes nothing away unseen.
    check(
        "interaction,z,aspirin,ibuprofen,serious,x,2020,Dizzy, falls.\nallergy,f,,aspirin,sometimes\n",
        &[
            TableError::Extra { line: 1, column: 9 },
            TableError::Spread { line: 2 },
        ],
    );
    // What leans on a refused class goes with it; a class of ours does not.
    check(
        "class,upper,lower\nclass,lower,nobody\nabsorbed,upper\nclass,NSAIDs,nobody\nallergy,f,,aspirin,,g\n",
        &[
            unknown(1, "lower"),
            unknown(2, "nobody"),
            unknown(3, "upper"),
            unknown(4, "nobody"),
            unknown(5, "g"),
        ],
    );
    let line = TableError::Kind { line: 3 }.to_string();
    assert!(line.starts_with("line 3: "), "{line}");
}

#[test]
fn a_file_that_cannot_be_told_apart_is_refused_whole() {
    let check = |text: &str, expected: TableError| {
        let ours = Table::own().extended(text);
        assert_eq!(ours.refused, [expected]);
        assert_eq!((ours.interactions, ours.names, ours.others), (vec![], 0, 0));
        assert_eq!(ours.table.identify("Coumadin").len(), 1);
    };
    let open = "name,a\nname,b,\"Bee\nname,c\nname,d,\"Dee\n";
    check(open, TableError::Quote { line: 2 });
    check(
        &"x".repeat(rows::FILE_LEN_MAX + 1),
        TableError::TooBig { max_kib: 64 },
    );
    check(
        &"name,x\n".repeat(rows::ROWS_MAX + 1),
        TableError::TooMany { max: 2_000 },
    );
    let most = Table::own().extended(&"name,x\n".repeat(rows::ROWS_MAX));
    assert_eq!((most.names, most.refused), (2_000, vec![]));
}

#[test]
fn an_agency_silences_nothing() {
    let alert = |table: &Table, names: [&str; 2], allergy: &str| {
        let listed = |name| crate::medication::Listed {
            id: name,
            name,
            ..Default::default()
        };
        let allergies = [crate::medication::ListedAllergy {
            id: "allergy",
            substance: allergy,
        }];
        let found = table.review(&names.map(listed), &allergies);
        found.iter().filter(|concern| concern.is_critical()).count()
    };
    let names = ["the Nardil tablets 15 mg", "Demerol 50 mg"];
    let allergy = "Demerol of course";
    let before = alert(Table::own(), names, allergy);
    assert!(before >= 2);
    for rows in [
        "nothing,Nardil tablets\n",
        "nothing,the Nardil tablets;Demerol 50 mg\n",
        "product,Nardil tablets,aspirin\n",
        "local,Nardil tablets,phenelzine\nlocal,Demerol 50,meperidine\n",
        "nothing,the Nardil;Demerol of course\n",
        "class,phenelzine,aspirin\nclass,meperidine,aspirin\n",
        "class,MAO inhibitors,aspirin\n",
        "allergy,other,Demerol of course,aspirin\n",
        "lasting,phenelzine,0\n",
        "interaction,mild,phenelzine,meperidine,serious,x,2020,Nothing much.\n",
    ] {
        let ours = Table::own().extended(rows);
        assert!(alert(&ours.table, names, allergy) >= before, "{rows}");
    }
}

#[test]
fn of_two_rules_for_a_pair_the_graver_governs() {
    let ours = Table::own().extended(
        "interaction,mild,phenelzine,meperidine,serious,Clinic,2026,x\n\
         interaction,grave,ibuprofen,warfarin,contraindicated,Clinic,2026,x\n",
    );
    let place = |name: &str| ours.table.phrases.exactly(name).unwrap().ingredients[0];
    let rule = |a, b| ours.table.rule(place(a), place(b)).unwrap();
    assert!(!rule("Nardil", "Demerol").agency);
    assert!(rule("Advil", "Coumadin").agency);
    assert_ne!(ours.table.digest(), Table::own().digest());
    assert_eq!(
        Table::own().extended("name,x\n").table.digest(),
        Table::own().extended("name,x\n").table.digest()
    );
}

#[test]
fn any_file_is_read_without_harm() {
    let mut rng = crate::rng::Seeded::new(7);
    let words = [
        "name",
        "class",
        "interaction",
        "product",
        "allergy",
        "lasting",
        "x",
        "y",
        "aspirin",
        "NSAIDs",
        "serious",
        "2026",
        "…",
        "#",
        "",
        "\u{feff}",
        "é",
        "\0",
    ];
    for _ in 0..60 {
        let mut text = String::new();
        for _ in 0..rng.below(300) {
            text.push_str(words[rng.below(words.len() as u64) as usize]);
            text.push_str([",", ",", ",", "\n", ";", "\"", "\r\n", "\t"][rng.below(8) as usize]);
        }
        let ours = Table::own().extended(&text);
        ours.table.review(&[], &[]);
        assert!(ours.table.rules.len() >= Table::own().rules.len());
    }
    // Classes that hold each other, and as many pairs as a file has room for.
    let mut tangle = String::new();
    for n in 0..900 {
        tangle.push_str(&format!(
            "class,c{n},c{};c{};aspirin\n",
            (n * 7) % 900,
            (n * 13) % 900
        ));
    }
    for n in 0..900 {
        tangle.push_str(&format!("interaction,i{n},c{n},c1,serious,x,1,y\n"));
    }
    assert_eq!(Table::own().extended(&tangle).refused, []);
}
