//! Figures of a caseload at random, and the program that counts them anew.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use satchel_core::{
    api::{DayAsk, Reply, ReportBy, ReportSpan, ReportView, Request},
    rng::Seeded,
};
use satchel_tests::{
    team::{ANA, BEN, PRIYA, ROSA, Team},
    wishes::{note, put},
};
use satchel_wire::Millis;

use crate::{ALL, DAY_MS, HOUR_MS, saved};

fn report(team: &mut Team, place: usize, of: &ReportSpan) -> ReportView {
    let ask = DayAsk::Report { of: of.clone() };
    match team.ask(place, Request::Day { ask }) {
        Reply::Report { report } => *report,
        other => panic!("{other:?}"),
    }
}

fn file(team: &mut Team, place: usize, ask: DayAsk) -> String {
    match team.ask(place, Request::Day { ask }) {
        Reply::File { text, .. } => text,
        other => panic!("{other:?}"),
    }
}

/// A caseload at random: contacts, notes, tasks, appointments over some months.
fn fill(team: &mut Team, rng: &mut Seeded) -> Vec<String> {
    let staff = [team.id(ANA), team.id(BEN), team.id(PRIYA)];
    let base = 1_690_000_000_000;
    let mut cases = Vec::new();
    for n in 0..9 {
        let programme = ["Re-entry", "Family, \"first\"", ""][n % 3];
        let case = team.begin_case(ANA, &[("name.given", "Rosa"), ("program", programme)]);
        let acuity = ["1", "2", "3", "4", ""][rng.below(5) as usize];
        let setting = ["child_welfare", "corrections", ""][rng.below(3) as usize];
        let opened = ["2023-07-31", "2023-08-10", "2023-10-01", ""][rng.below(4) as usize];
        let state = ["active", "active", "transferring", "on_hold"][rng.below(4) as usize];
        let of_case = [
            ("state", state),
            ("acuity", acuity),
            ("setting", setting),
            ("opened", opened),
        ];
        let of_case: Vec<_> = of_case
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        saved(team.ask(ANA, put(&case, "case", None, &of_case)));
        for role in ["primary", "secondary"] {
            if rng.below(3) > 0 {
                let who = &staff[rng.below(3) as usize];
                saved(team.ask(
                    ANA,
                    put(&case, "assignment", None, &[("staff", who), ("role", role)]),
                ));
            }
        }
        let mut visits: Vec<String> = Vec::new();
        for _ in 0..rng.below(9) {
            let start = base + rng.below(120 * 24) * HOUR_MS + rng.below(60) * 60_000;
            let (start, end) = (start.to_string(), (start + HOUR_MS).to_string());
            let units = rng.below(9).to_string();
            let note = saved(team.ask(ANA, note(&case, "Seen.")));
            let of_visit = [
                (
                    "mode",
                    ["in_person", "phone", "letter"][rng.below(3) as usize],
                ),
                (
                    "outcome",
                    ["made", "made", "no_answer"][rng.below(3) as usize],
                ),
                ("start", &start),
                ("end", if rng.below(3) == 0 { "" } else { &end }),
                ("staff", &staff[rng.below(3) as usize]),
                ("units", &units),
                ("crisis", if rng.below(4) == 0 { "yes" } else { "" }),
                ("note", if rng.below(2) == 0 { &note } else { "" }),
                (
                    "same_as",
                    match visits.last() {
                        Some(last) if rng.below(5) == 0 => last,
                        _ => "",
                    },
                ),
                (
                    "state",
                    [
                        "completed",
                        "completed",
                        "completed",
                        "in-progress",
                        "entered-in-error",
                    ][rng.below(5) as usize],
                ),
            ];
            let of_visit: Vec<_> = of_visit
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect();
            visits.push(saved(team.ask(ANA, put(&case, "visit", None, &of_visit))));
        }
        for _ in 0..rng.below(4) {
            let due = format!("2023-{:02}-{:02}", 8 + rng.below(4), 1 + rng.below(28));
            let owner = if rng.below(2) == 0 {
                staff[0].as_str()
            } else {
                ""
            };
            let state =
                ["requested", "completed", "cancelled", "entered-in-error"][rng.below(4) as usize];
            let of_task = [
                ("title", "t"),
                ("due", &due),
                ("owner", owner),
                ("state", state),
            ];
            let of_task: Vec<_> = of_task
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect();
            saved(team.ask(ANA, put(&case, "task", None, &of_task)));
            let start = base + rng.below(120 * 24) * HOUR_MS;
            let (start, end) = (start.to_string(), (start + 1).to_string());
            let state = ["noshow", "booked", "fulfilled"][rng.below(3) as usize];
            let meeting = [
                ("title", "m"),
                ("start", &start),
                ("end", &end),
                ("staff", &staff[1]),
                ("state", state),
            ];
            saved(team.ask(ANA, put(&case, "appointment", None, &meeting)));
        }
        let denial = [
            ("service", "s"),
            ("track", "insurance"),
            ("notice_date", "2023-08-01"),
        ];
        let denial = saved(team.ask(ANA, put(&case, "denial", None, &denial)));
        let decided = ["filed", "overturned", "partly", "dismissed"][n % 4];
        let appeal = [("denial", &*denial), ("level", "1"), ("state", decided)];
        saved(team.ask(ANA, put(&case, "appeal", None, &appeal)));
        if rng.below(4) == 0 && state != "on_hold" {
            team.set_clock(Millis(team.now().0 - 20 * DAY_MS));
            saved(team.ask(ANA, put(&case, "case", None, &[("state", "closed")])));
            team.set_clock(Millis(team.now().0 + 20 * DAY_MS));
        }
        cases.push(case);
    }
    cases
}

/// What the app offers as an export of the caseload.
fn export(team: &mut Team, place: usize, cases: &[String]) -> String {
    let Reply::Policy { policy } = team.ask(place, Request::Policy) else {
        panic!("no rules")
    };
    let terms: BTreeMap<String, Vec<serde_json::Value>> = policy
        .terms
        .iter()
        .map(|rule| {
            let versions = rule.versions.iter().rev().filter_map(|version| {
                let term = version.term.as_ref()?;
                Some(serde_json::json!({
                    "since": version.since, "count": term.count, "counts": term.counts,
                }))
            });
            (rule.key.clone(), versions.collect())
        })
        .collect();
    let Reply::Staff { staff, .. } = team.ask(place, Request::Staff) else {
        panic!("no staff")
    };
    let staff: BTreeMap<String, String> =
        staff.into_iter().map(|one| (one.staff, one.name)).collect();
    let cases: Vec<serde_json::Value> = cases
        .iter()
        .map(|case| {
            let text = file(team, place, DayAsk::Export { case: case.clone() });
            serde_json::from_str(&text).unwrap()
        })
        .collect();
    serde_json::json!({"zone": policy.zone, "terms": terms, "staff": staff, "cases": cases})
        .to_string()
}

#[test]
fn a_program_of_its_own_counts_the_same() {
    if Command::new("node").arg("--version").output().is_err() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no Node.js here"
        );
        println!("skipped: there is no Node.js to run recompute.mjs");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/recompute.mjs");
    let folder = tempfile::tempdir().unwrap();
    let (mut counted, mut decided) = (0, 0);
    for seed in 0..6 {
        let mut rng = Seeded::new(seed);
        let mut team = Team::with_seed(seed);
        let cases = fill(&mut team, &mut rng);
        team.sync(ALL);
        // Another tablet, which has read all of it from the relay.
        let place = if seed % 2 == 0 { ANA } else { PRIYA };
        let exported = folder.path().join("caseload.json");
        fs::write(&exported, export(&mut team, place, &cases)).unwrap();
        for (by, name) in [
            (ReportBy::Worker, "worker"),
            (ReportBy::Programme, "programme"),
            (ReportBy::Month, "month"),
        ] {
            for (from, to) in [
                ("2023-08-01", "2023-08-31"),
                ("2023-07-15", "2023-11-30"),
                ("2023-11-14", "2023-11-14"),
            ] {
                let of = ReportSpan {
                    from: from.into(),
                    to: to.into(),
                    by,
                };
                let total = report(&mut team, place, &of).total;
                counted +=
                    total.contacts_due + total.contacts_made + total.no_shows + total.tasks_due;
                decided += total.appeals.iter().map(|(_, times)| times).sum::<u32>();
                let ours = file(&mut team, place, DayAsk::ReportFile { of });
                let run = Command::new("node")
                    .arg(&script)
                    .arg(&exported)
                    .args([from, to, name])
                    .output()
                    .unwrap();
                let theirs = String::from_utf8(run.stdout).unwrap();
                let complaint = String::from_utf8_lossy(&run.stderr);
                assert_eq!(
                    ours, theirs,
                    "seed {seed}, {from} to {to} by {name}\n{complaint}"
                );
            }
        }
    }
    println!("{counted} contacts, tasks and appointments counted twice");
    assert!(counted > 500 && decided > 50);
}

#[test]
fn an_export_is_in_the_access_log() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Rosa")]);
    team.sync(ALL);
    file(&mut team, ANA, DayAsk::Export { case: case.clone() });
    let of = ReportSpan {
        from: "2023-11-01".into(),
        to: "2023-11-30".into(),
        by: ReportBy::Worker,
    };
    file(&mut team, ANA, DayAsk::ReportFile { of });
    team.ask(ANA, Request::Lock);
    team.sync(ALL);
    let log = Request::AccessLog {
        of_case: String::new(),
        staff: team.id(ANA),
        deed: String::new(),
        from: Millis(0),
        to: Millis(u64::MAX),
        before: None,
    };
    let Reply::AccessLog { log } = team.ask(ROSA, log) else {
        panic!("no log")
    };
    let told = |deed: &str| log.entries.iter().find(|one| one.deed == deed).is_some();
    assert!(told("export") && told("report"), "{:?}", log.entries);
}
