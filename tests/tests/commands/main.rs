//! Every command with bad input: a named failure, and nothing has changed. The list of commands is
//! read from the type itself, so that a new one without bad input fails here.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is missing fails the test; the lints' own exception ends at the test's function"
)]

mod agency;
mod assessments;
mod care;
mod day;
mod handing;
mod notes;
mod records;
mod services;
mod world;

use std::collections::BTreeSet;

use satchel_core::{
    api::{Failure, Reply, Request, RoleName, SheetName},
    io::{Input, Op},
    keys::Secret,
    kit::Sheet,
    words,
};
use satchel_tests::{
    device::Device,
    team::{ANA, BEN, NAMES, OTTO, PASSPHRASE, PRIYA, ROSA},
    wishes::put,
};
use satchel_wire::Millis;

use crate::world::{NOBODY, Refused, World, empty, saved, too_long};

const URL: &str = "http://relay.test";
/// Which cannot be refused.
const IRREFUSABLE: [&str; 1] = ["lock"];
/// Which only read, and take nothing that could be wrong: refused while locked, and that is all.
const ONLY_LOCKED: [&str; 7] = [
    "work",
    "caseload",
    "review",
    "drafts",
    "staff",
    "medicine_table",
    "policy",
];

fn name(request: &Request) -> String {
    let tagged = serde_json::to_value(request).unwrap();
    tagged["type"].as_str().unwrap().to_owned()
}

/// The names of all commands, as the type tells them to whoever asks for one that there is not.
fn all_names() -> BTreeSet<String> {
    let unknown = serde_json::from_str::<Request>(r#"{"type":"?"}"#).unwrap_err();
    let told = unknown.to_string();
    let names = told.split('`').skip(3).step_by(2);
    names.map(str::to_owned).collect()
}

/// Whatever names a case, of a case that is not to be had.
fn elsewhere(world: &World, table: &[Refused]) -> Vec<Refused> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let request = Request::Case {
        case: String::new(),
    };
    let all = table
        .iter()
        .map(|(_, request, _)| request)
        .chain([&request]);
    for request in all.filter(|request| seen.insert(name(request))) {
        let mut tagged = serde_json::to_value(request).unwrap();
        if tagged.get("case").is_none() {
            continue;
        }
        for case in ["", "C-1", NOBODY, &"x".repeat(9999), world.hers.as_str()] {
            tagged["case"] = case.into();
            let request = serde_json::from_value(tagged.clone()).unwrap();
            found.push((BEN, request, Failure::NotFound));
        }
    }
    found
}

#[test]
fn bad_input_is_refused_by_name_and_changes_nothing() {
    let mut world = World::new();
    let mut table = world.note_table();
    table.extend(world.record_table());
    table.extend(world.agency_table());
    table.extend(world.assessment_table());
    table.extend(world.care_table());
    table.extend(world.handing_table());
    table.extend(world.day_table());
    table.extend(world.service_table());
    table.extend(elsewhere(&world, &table));
    let mut tried: BTreeSet<String> = table.iter().map(|(_, request, _)| name(request)).collect();
    tried.extend(
        [&IRREFUSABLE[..], &ONLY_LOCKED]
            .concat()
            .iter()
            .map(|name| (*name).to_owned()),
    );
    assert_eq!(tried, all_names(), "a command without bad input");
    let places = [ROSA, PRIYA, ANA, BEN, OTTO];
    let case = world.case.clone();
    let before = places.map(|place| world.team.view(place, &case));
    let mut wrong = Vec::new();
    for (place, request, failure) in &table {
        let (reply, unchanged) = world.team.ask_in_vain(*place, request.clone());
        let expected = Reply::Failed {
            failure: failure.clone(),
        };
        if reply != expected || !unchanged {
            let request: String = format!("{request:?}").chars().take(300).collect();
            wrong.push(format!(
                "{}: {request}\n  got {reply:?}, expected {failure:?}, unchanged: {unchanged}",
                NAMES[*place]
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(places.map(|place| world.team.view(place, &case)), before);
    // What is in memory is what is on the disk: the next change takes nothing else along.
    world.team.restart(ANA);
    assert_eq!(world.team.view(ANA, &case), before[2]);
    let good = put(&case, "task", Some(&world.task), &[("title", "Call again")]);
    saved(world.team.ask(ANA, good));
    world.team.sync(NAMES.len());
    // To which states a record may go on depends on who looks.
    let fields = |place| {
        let records = world.team.view(place, &case).records.into_iter();
        let fields = records.map(|record| (record.id, record.fields));
        fields.collect::<Vec<_>>()
    };
    let after = places.map(fields);
    assert!(after.iter().all(|fields| *fields == after[0]));
}

#[test]
fn nothing_is_done_while_locked() {
    let mut world = World::new();
    let mut table = world.note_table();
    table.extend(world.record_table());
    table.extend(world.agency_table());
    table.extend(world.assessment_table());
    table.extend(world.care_table());
    table.extend(world.handing_table());
    table.extend(world.day_table());
    table.extend(world.service_table());
    let requests = table.into_iter().map(|(_, request, _)| request);
    let search = String::new();
    let reading = [
        Request::Work,
        Request::Review,
        Request::Staff,
        Request::MedicineTable,
        Request::Policy,
        Request::Drafts,
        Request::Caseload {
            search: search.clone(),
            today: search,
        },
        Request::Case {
            case: world.case.clone(),
        },
    ];
    world.team.ask(ANA, Request::Lock);
    for request in requests.chain(reading) {
        let expected = match name(&request).as_str() {
            "found" | "join" | "restore" => Failure::WrongMoment,
            "unlock" => continue,
            _ => Failure::Locked,
        };
        let (reply, unchanged) = world.team.ask_in_vain(ANA, request.clone());
        let failure = expected;
        assert_eq!(
            (reply, unchanged),
            (Reply::Failed { failure }, true),
            "{request:?}"
        );
    }
    // A wrong passphrase is counted, and that is all.
    let before = world.team.disk(ANA).clone();
    for passphrase in ["", "wrong passphrase"] {
        let passphrase = passphrase.into();
        let (reply, _) = world.team.ask_in_vain(ANA, Request::Unlock { passphrase });
        let failure = Failure::WrongPassphrase;
        assert_eq!(reply, Reply::Failed { failure });
    }
    let mut others = world.team.disk(ANA).clone();
    others.store(vec![Op::Delete {
        key: "tries".into(),
    }]);
    assert_eq!(others, before);
}

#[test]
fn before_there_is_a_profile_only_good_links_names_and_passphrases_begin_one() {
    let mut world = World::new();
    let invite = Request::Invite {
        name: "Eve".into(),
        role: RoleName::Worker,
        share_cases: false,
    };
    let Reply::Invited { link: join, .. } = world.team.ask(ROSA, invite) else {
        panic!("no invite");
    };
    let setup = world.team.setup_link();
    let found = |link: &str, agency: &str, name: &str, passphrase: &str| Request::Found {
        link: link.into(),
        agency: agency.into(),
        name: name.into(),
        passphrase: passphrase.into(),
    };
    let joining = |link: &str, passphrase: &str| Request::Join {
        link: link.into(),
        passphrase: passphrase.into(),
    };
    let restoring = |root: &str, recovery: &str, url: &str, name: &str, passphrase: &str| {
        let [root, recovery, url, name, passphrase] =
            [root, recovery, url, name, passphrase].map(str::to_owned);
        Request::Restore {
            root,
            recovery,
            url,
            name,
            passphrase,
        }
    };
    let written = |sheet: Sheet| words::write(&sheet.mark(Secret([1; 32]))).en.join(" ");
    let (signs, opens) = (written(Sheet::Root), written(Sheet::Recovery));
    let bad = |sheet| Failure::BadSheet { sheet };
    let (good, short) = (PASSPHRASE, Failure::ShortPassphrase { min: 15 });
    let long = "x".repeat(201);
    let mut table = vec![
        (found("", "A", "B", good), Failure::BadLink),
        (found(&join, "A", "B", good), Failure::BadLink),
        (
            found(&setup[..setup.len() - 1], "A", "B", good),
            Failure::BadLink,
        ),
        (found(&setup, " ", "B", good), empty("agency")),
        (found(&setup, "A", "", good), empty("name")),
        (found(&setup, &long, "B", good), too_long("agency", 200)),
        (found(&setup, "A", &long, good), too_long("name", 200)),
        (found(&setup, "A", "B", "fourteen chars"), short.clone()),
        (joining("", good), Failure::BadLink),
        (joining(&setup, good), Failure::BadLink),
        (joining(&join[..join.len() - 4], good), Failure::BadLink),
        (joining(&join, ""), short.clone()),
        (restoring("", &opens, URL, "N", good), bad(SheetName::Root)),
        (
            restoring(&opens, &opens, URL, "N", good),
            bad(SheetName::Root),
        ),
        (
            restoring(&signs, &signs, URL, "N", good),
            bad(SheetName::Recovery),
        ),
        (
            restoring(&signs, &opens, "relay.test", "N", good),
            Failure::BadLink,
        ),
        (restoring(&signs, &opens, URL, " ", good), empty("name")),
        (restoring(&signs, &opens, URL, "N", ""), short.clone()),
        (
            Request::Unlock {
                passphrase: good.into(),
            },
            Failure::WrongMoment,
        ),
    ];
    let others = [
        world.note_table(),
        world.record_table(),
        world.agency_table(),
        world.assessment_table(),
        world.handing_table(),
    ]
    .concat();
    let others = others.into_iter().map(|(_, request, _)| request);
    let needs_profile = |request: &Request| {
        !["found", "join", "restore", "unlock"].contains(&name(request).as_str())
    };
    table.extend(
        others
            .filter(needs_profile)
            .map(|request| (request, Failure::WrongMoment)),
    );
    let mut device = Device::new(77);
    let now = Millis(1_700_000_000_000);
    device.input(now, Input::Start);
    while device.is_busy() {
        device.step(now);
    }
    for (request, failure) in table {
        let id = device.request(now, request.clone());
        while device.is_busy() {
            device.step(now);
        }
        assert_eq!(
            device.replies.remove(&id),
            Some(Reply::Failed { failure }),
            "{request:?}"
        );
        assert_eq!(device.disk.entries().count(), 0, "{request:?}");
    }
}
