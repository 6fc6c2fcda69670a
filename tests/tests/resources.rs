//! The agency's resource directory: HSDS files of others are read, an admin's list reaches every
//! tablet in pieces, everybody finds a service in it offline, and what one remarks all read.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may fail loudly and prints what it measured"
)]

use std::{fs, path::PathBuf, time::Instant};

use satchel_core::{
    api::{
        Failure, FindQuery, FoundView, Reply, Request, ResourceAbout, ResourceFile,
        ResourcePreview, ResourcesAnswer, ResourcesAsk, ServiceView,
    },
    resource::{List, Refusal, read},
};
use satchel_tests::team::{ANA, BEN, NAMES, OTTO, PASSPHRASE, PRIYA, ROSA, Team};
use serde_bytes::ByteBuf;
use serde_json::json;

const ALL: usize = NAMES.len();

/// The files of a folder that is no part of the repository; none without it, except where all tests
/// must run.
fn folder(name: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/hsds");
    let entries = match fs::read_dir(data.join(name)) {
        Ok(entries) => entries,
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            panic!("{name}: {error}; this test needs its data")
        }
        Err(error) => {
            println!("not run: {name}: {error}");
            return None;
        }
    };
    let files = entries.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    let mut files: Vec<(String, Vec<u8>)> = files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    Some(files)
}

fn refused(list: &List) -> Vec<(&str, u32, Refusal)> {
    let all = list.refused.iter();
    all.map(|one| (one.file.as_str(), one.line, one.why))
        .collect()
}

#[test]
fn the_ohana_sample_is_read() {
    let Some(files) = folder("ohana-sample") else {
        return;
    };
    let list = read(&files);
    // 23 services, of which one is defunct and one inactive.
    assert_eq!((list.services.len(), list.inactive), (21, 2));
    assert_eq!(refused(&list), []);
    let service = |name: &str| list.services.iter().find(|one| one.name == name).unwrap();
    let center = service("Fair Oaks Adult Activity Center");
    assert_eq!(center.organization, "Peninsula Family Service");
    assert_eq!(center.languages, ["Spanish", "Tagalog"]);
    assert_eq!(center.phones[0].number, "650 780-7525");
    assert_eq!(center.phones.len(), 1, "faxes are left out");
    let place = &center.places[0];
    assert_eq!(
        (place.city.as_str(), place.postal.as_str()),
        ("Redwood City", "94063")
    );
    assert_eq!(place.point.unwrap().lat, 37_477_227);
    assert!(center.needs.contains(&"food".to_owned()));
    assert!(center.needs.contains(&"care".to_owned()));
    let rehabilitation = service("Adult Rehabilitation Center");
    assert!(rehabilitation.needs.contains(&"substance_use".to_owned()));
    let photos = service("Passport Photos");
    assert!(!photos.hours.is_empty());
    let unmet: Vec<&str> = list
        .services
        .iter()
        .filter(|one| one.needs.is_empty())
        .map(|one| one.name.as_str())
        .collect();
    println!("no need known: {unmet:?}");
    assert!(unmet.len() <= 3);
}

#[test]
fn the_examples_of_the_standard_are_read() {
    let Some(files) = folder("v3.0/examples") else {
        return;
    };
    for (name, bytes) in &files {
        let list = read(&[(name.clone(), bytes.clone())]);
        println!("{name}: {} {:?}", list.services.len(), refused(&list));
        let holds = ["service_full.json", "service_list.json"].contains(&name.as_str())
            || name == "service_at_location_list.json"
            || name == "organization_full.json";
        assert_eq!(!list.services.is_empty(), holds, "{name}");
        // The example lies at 100, 101: nowhere.
        let beside = [Refusal::NoSuchPlace, Refusal::Twice];
        let known = |one: &satchel_core::resource::Refused| beside.contains(&one.why);
        assert!(list.refused.iter().all(known), "{name}: {:?}", list.refused);
    }
    let full = files.iter().find(|(name, _)| name == "service_full.json");
    let list = read(&[full.unwrap().clone()]);
    let one = &list.services[0];
    assert_eq!(one.organization, "Example Organization Inc.");
    assert_eq!(one.phones[0].number, "+44 1234 234567");
    assert_eq!(one.languages, ["Urdu"]);
    assert_eq!((one.age_from, one.age_to), (12, 100));
    assert_eq!(one.hours[0].days, 0b0001_1000, "Thursday and Friday");
    assert_eq!(one.hours[0].until, 20_050_101);
    assert_eq!(one.needs, ["mental_health"]);
    assert_eq!(one.places[0].city, "MyCity");
    let csv = folder("v3.0/examples/csv").unwrap();
    let list = read(&csv);
    assert_eq!(list.services.len(), 1);
    assert_eq!(list.services[0].organization, one.organization);
    assert_eq!(list.services[0].phones[0].number, one.phones[0].number);
    assert_eq!(list.services[0].hours, one.hours);
    assert_eq!(list.services[0].languages, one.languages);
    assert!(list.services[0].documents.starts_with("Any official"));
}

fn file(name: &str, text: &str) -> (String, Vec<u8>) {
    (name.to_owned(), text.as_bytes().to_vec())
}

#[test]
fn what_is_wrong_with_a_row_costs_that_row_alone() {
    let check =
        |files: &[(String, Vec<u8>)], services: usize, expected: &[(&str, u32, Refusal)]| {
            let list = read(files);
            assert_eq!(list.services.len(), services, "{:?}", list.refused);
            assert_eq!(refused(&list), expected);
            assert_eq!(list.refused_count as usize, expected.len());
        };
    let services = "id,organization_id,name,status\n1,7,Food bank,active\n2,7,,active\n\
        3,7\n1,7,Again,active\n4,99,Lost,active\n";
    check(
        &[
            file("services.csv", services),
            file("organizations.csv", "id,name\n7,Harbor\n"),
            file(
                "phones.csv",
                "id,service_id,number\n1,1,555-0100\n2,88,555-0101\n",
            ),
            file("notes.csv", "id\n1\n"),
            file("contacts.csv", "id\n1\n"),
            file("needs.csv", "need,word\nfood,bank\nfun,bank\n"),
        ],
        2,
        &[
            ("services.csv", 4, Refusal::Broken),
            ("notes.csv", 0, Refusal::UnknownTable),
            ("needs.csv", 3, Refusal::NoSuchNeed),
            ("phones.csv", 3, Refusal::Unknown),
            ("services.csv", 6, Refusal::Unknown),
            ("services.csv", 3, Refusal::NoName),
            ("services.csv", 5, Refusal::Twice),
        ],
    );
    let list = json!([
        { "id": "a", "name": "Shelter", "status": "active", "schedules":
            [{ "weekday": "Someday", "opens_at": "08:00", "closes_at": "17:00" }] },
        { "id": "b", "status": "active", "name": "Clinic", "service_at_locations":
            [{ "location": { "latitude": 95.0, "longitude": 10.0, "addresses": [] } }] },
        { "id": "c", "name": "Gone", "status": "defunct" },
        { "colour": "red" },
        17,
    ]);
    check(
        &[
            file("list.json", &list.to_string()),
            file("cut.json", "[{\"id\": 1,\n"),
            ("pic.json".into(), vec![0x89, b'P', b'N', b'G', 0xff]),
        ],
        2,
        &[
            ("list.json", 1, Refusal::BadHours),
            ("list.json", 2, Refusal::NoSuchPlace),
            ("list.json", 4, Refusal::NotService),
            ("list.json", 5, Refusal::NotService),
            ("cut.json", 2, Refusal::NotJson),
            ("pic.json", 0, Refusal::NotText),
        ],
    );
}

fn sample() -> Vec<ResourceFile> {
    let text = json!({ "contents": [
        { "id": "s1", "name": "Harbor Food Pantry", "status": "active",
          "organization": { "id": "o1", "name": "Harbor House" },
          "description": "Groceries every week.", "languages": [{ "name": "Spanish" }],
          "phones": [{ "number": "555-0100" }],
          "service_at_locations": [{ "location": { "latitude": 37.48, "longitude": -122.21,
            "addresses": [{ "address_1": "1 Pier", "city": "Port Anna", "postal_code": "94999" }] } }] },
        { "id": "s/2", "name": "Night Shelter", "status": "active",
          "organization": { "id": "o2", "name": "City" } },
    ]});
    vec![ResourceFile {
        name: "list.json".into(),
        bytes: ByteBuf::from(text.to_string()),
    }]
}

fn about(title: &str) -> ResourceAbout {
    ResourceAbout {
        title: title.into(),
        source: "Harbor 211".into(),
        licence: "CC BY-SA 4.0".into(),
        date: "2026-11-01".into(),
    }
}

fn ask(team: &mut Team, place: usize, ask: ResourcesAsk) -> ResourcesAnswer {
    match team.ask(place, Request::Resources { ask }) {
        Reply::Resources { answer } => answer,
        other => panic!("{other:?}"),
    }
}

fn find(team: &mut Team, place: usize, query: FindQuery) -> FoundView {
    match ask(team, place, ResourcesAsk::Find { query }) {
        ResourcesAnswer::Found { found } => found,
        other => panic!("{other:?}"),
    }
}

fn look(team: &mut Team, place: usize, service: &str) -> ServiceView {
    let service = service.into();
    match ask(team, place, ResourcesAsk::Look { service }) {
        ResourcesAnswer::Service { service } => *service,
        other => panic!("{other:?}"),
    }
}

fn words(words: &str) -> FindQuery {
    FindQuery {
        words: words.into(),
        ..FindQuery::default()
    }
}

fn load(team: &mut Team, place: usize, files: Vec<ResourceFile>, title: &str) -> Reply {
    let ask = ResourcesAsk::Load {
        files,
        about: about(title),
    };
    team.ask(place, Request::Resources { ask })
}

#[test]
fn an_admins_directory_reaches_everybody_and_what_one_remarks_all_read() {
    let mut team = Team::new();
    let refused = |failure| Reply::Failed { failure };
    assert_eq!(
        load(&mut team, PRIYA, sample(), "x"),
        refused(Failure::NotAllowed)
    );
    let ResourcesAnswer::Preview { preview } =
        ask(&mut team, ROSA, ResourcesAsk::Preview { files: sample() })
    else {
        panic!("no preview")
    };
    let ResourcePreview {
        services,
        organizations,
        placed,
        ..
    } = *preview;
    assert_eq!((services, organizations, placed), (2, 2, 1));
    assert_eq!(find(&mut team, ROSA, words("")).of, 0, "only looked at");
    let field = |field: &str| {
        refused(Failure::Empty {
            field: field.into(),
        })
    };
    assert_eq!(load(&mut team, ROSA, sample(), " "), field("title"));
    assert_eq!(load(&mut team, ROSA, sample(), "Harbor list"), Reply::Done);
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA, BEN, OTTO] {
        let found = find(&mut team, place, words("pantri"));
        assert_eq!((found.total, found.of), (1, 2), "{}", NAMES[place]);
        let row = &found.rows[0];
        assert_eq!(
            (row.service.as_str(), row.phone.as_str()),
            ("s1", "555-0100")
        );
        assert_eq!(row.needs, ["food"]);
    }
    let near = FindQuery {
        near: "Port Anna".into(),
        metres_max: 5_000,
        ..FindQuery::default()
    };
    let found = find(&mut team, ANA, near);
    assert_eq!((found.total, found.place_unknown), (1, 1));
    assert_eq!(found.rows[0].metres, Some(0));

    let remark = |service: &str, kind: &str, text: &str| Request::Resources {
        ask: ResourcesAsk::Remark {
            service: service.into(),
            kind: kind.into(),
            text: text.into(),
        },
    };
    assert_eq!(team.ask(ANA, remark("s/2", "outdated", " ")), field("text"));
    assert_eq!(
        team.ask(ANA, remark("nowhere", "verified", "")),
        refused(Failure::NotFound)
    );
    assert_eq!(
        team.ask(OTTO, remark("s/2", "verified", "")),
        refused(Failure::NotAllowed),
        "an auditor only reads"
    );
    // Two who do not know of each other.
    assert_eq!(
        team.ask(ANA, remark("s/2", "outdated", "Moved")),
        Reply::Done
    );
    assert_eq!(team.ask(BEN, remark("s/2", "verified", "")), Reply::Done);
    team.sync(ALL);
    let shown = look(&mut team, PRIYA, "s/2");
    let mut kinds: Vec<(&str, &str, &str)> = shown
        .remarks
        .iter()
        .map(|one| (one.kind.as_str(), one.text.as_str(), one.author.as_str()))
        .collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [("outdated", "Moved", "Ana"), ("verified", "", "Ben")]
    );
    assert_eq!(shown.about, about("Harbor list"), "its terms go with it");

    // A restart reads it from the tablet alone.
    team.restart(ANA);
    let passphrase = PASSPHRASE.into();
    team.ask(ANA, Request::Unlock { passphrase });
    assert_eq!(look(&mut team, ANA, "s1").organization, "Harbor House");
    let remove = || Request::Resources {
        ask: ResourcesAsk::Remove,
    };
    assert_eq!(team.ask(ANA, remove()), refused(Failure::NotAllowed));
    assert_eq!(team.ask(ROSA, remove()), Reply::Done);
    team.sync(ALL);
    assert_eq!(find(&mut team, ANA, words("")).of, 0);
    assert_eq!(load(&mut team, ROSA, sample(), "Again"), Reply::Done);
    team.sync(ALL);
    assert_eq!(look(&mut team, BEN, "s/2").remarks.len(), 2, "remarks stay");
}

/// Made-up services in the size of real ones.
fn generated(count: usize) -> Vec<ResourceFile> {
    const WHAT: [&str; 12] = [
        "Food pantry",
        "Emergency shelter",
        "Legal aid",
        "Job training",
        "Dental clinic",
        "Grief counseling",
        "Bus pass program",
        "Energy assistance",
        "Child care",
        "Adult day program",
        "Recovery group",
        "Literacy program",
    ];
    const WHERE: [&str; 8] = [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel",
    ];
    let service = |n: usize| {
        let (what, city) = (WHAT[n % 12], WHERE[(n / 7) % 8]);
        let words: Vec<String> = (0..45)
            .map(|at| format!("w{:x}", (n * 31 + at * 7_919) % 4_093))
            .collect();
        json!({
            "id": format!("gen-{n:05}"), "name": format!("{what} {city} {n}"), "status": "active",
            "organization": { "id": format!("o{}", n / 4), "name": format!("{city} Partners {}", n / 4) },
            "description": format!("{what} for people of {city}. {}", words.join(" ")),
            "eligibility_description": format!("Residents of {city} with low income, age {} or over", n % 60),
            "languages": [{ "name": if n.is_multiple_of(5) { "Spanish" } else { "English" } }],
            "phones": [{ "number": format!("555-{n:04}") }],
            "schedules": [{ "byday": "MO,TU,WE,TH,FR", "freq": "WEEKLY", "opens_at": "09:00", "closes_at": "17:00" }],
            "service_at_locations": [{ "location": {
                "latitude": 37.0 + (n % 997) as f64 / 1000.0, "longitude": -122.0 - (n % 991) as f64 / 1000.0,
                "addresses": [{ "address_1": format!("{n} Main St"), "city": city, "postal_code": format!("9{:04}", n % 300) }] } }],
        })
    };
    let all: Vec<_> = (0..count).map(service).collect();
    vec![ResourceFile {
        name: "generated.json".into(),
        bytes: ByteBuf::from(json!({ "contents": all }).to_string()),
    }]
}

#[test]
fn ten_thousand_services_reach_a_tablet_and_are_searched_there() {
    let mut team = Team::new();
    let ms = |from: Instant| from.elapsed().as_millis();
    let start = Instant::now();
    let files = generated(10_000);
    let bytes = files[0].bytes.len();
    assert_eq!(load(&mut team, ROSA, files, "Large"), Reply::Done);
    println!("{bytes} bytes of JSON loaded in {} ms", ms(start));
    let start = Instant::now();
    team.sync(ALL);
    println!("on all tablets after {} ms", ms(start));
    let query = |words: &str, near: &str| FindQuery {
        words: words.into(),
        near: near.into(),
        metres_max: if near.is_empty() { 0 } else { 30_000 },
        language: "Spanish".into(),
        ..FindQuery::default()
    };
    for (words, near) in [
        ("", ""),
        ("food pantry", "90012"),
        ("counceling elm", ""),
        ("w3ff", "Cedar"),
    ] {
        let start = Instant::now();
        let found = find(&mut team, ANA, query(words, near));
        println!(
            "'{words}' near '{near}': {} of {} in {} ms",
            found.total,
            found.of,
            ms(start)
        );
        assert_eq!(found.of, 10_000);
        assert!(found.total > 0);
    }
    // A new edition that differs in one service: what travels is small.
    let mut files = generated(10_000);
    let text = String::from_utf8(files[0].bytes.to_vec()).unwrap();
    files[0].bytes =
        ByteBuf::from(text.replacen("Food pantry Alder 0", "Food pantry Alder Zero", 1));
    assert_eq!(load(&mut team, ROSA, files, "Large, new"), Reply::Done);
    team.sync(ALL);
    assert_eq!(find(&mut team, ANA, words("alder zero")).total, 1);
    let start = Instant::now();
    team.restart(ANA);
    let passphrase = PASSPHRASE.into();
    team.ask(ANA, Request::Unlock { passphrase });
    println!("restarted and unlocked in {} ms", ms(start));
    let start = Instant::now();
    assert_eq!(find(&mut team, ANA, words("pantry")).of, 10_000);
    println!("first search after that in {} ms", ms(start));
}
