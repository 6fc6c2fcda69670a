//! What the wire and the disks may cost, counted: messages' bytes, waits for an answer, bytes stored.
//! The same work on every machine, so that what makes it dearer is seen. Figures are in
//! docs/PERFORMANCE.md; a budget is a tenth above what it was when it was set.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use satchel_core::api::{Reply, Request};
use satchel_tests::{
    team::{ANA, BEN, NAMES, Team, Traffic},
    wishes::note,
};

const ALL: usize = NAMES.len();
const CASES: usize = 20;
const NOTES: usize = 30;

/// What it came to, beside what it may come to.
#[derive(Default)]
struct Bill(Vec<(String, usize, usize)>);

impl Bill {
    fn add(&mut self, what: &str, came: usize, budget: usize) {
        self.0.push((what.to_owned(), came, budget));
    }

    fn costs(&mut self, what: &str, traffic: Traffic, up: usize, down: usize, flights: usize) {
        self.add(&format!("{what}, bytes up"), traffic.up, up);
        self.add(&format!("{what}, bytes down"), traffic.down, down);
        self.add(&format!("{what}, flights"), traffic.flights, flights);
    }

    /// All of it is shown, whatever is too dear.
    fn must_hold(self) {
        let line = |(what, came, budget): &(String, usize, usize)| {
            let mark = if came > budget { "  TOO DEAR" } else { "" };
            format!("{what}: {came} of {budget}{mark}\n")
        };
        let bill: String = self.0.iter().map(line).collect();
        println!("{bill}");
        assert!(
            self.0.iter().all(|(_, came, budget)| came <= budget),
            "{bill}"
        );
    }
}

fn write(team: &mut Team, case: &str, n: usize) {
    let reply = match n % 10 {
        0 => {
            let text =
                format!("Note {n}: she was at home, {} minutes, all well. ", n * 7).repeat(8);
            team.ask(ANA, note(case, &text))
        }
        _ => team.ask(
            ANA,
            Request::SetField {
                case: case.into(),
                key: ["phone", "address", "summary"][n % 3].into(),
                value: format!("value {n} of many"),
            },
        ),
    };
    assert!(
        matches!(reply, Reply::Saved { .. } | Reply::Done),
        "{reply:?}"
    );
}

#[test]
fn the_wire_costs_what_it_did() {
    let (mut team, mut bill) = (Team::new(), Bill::default());
    let cases: Vec<String> = (0..CASES)
        .map(|n| team.begin_case(ANA, &[("number", &format!("C-{n}"))]))
        .collect();
    team.sync(ALL);
    for case in &cases {
        for n in 0..NOTES {
            write(&mut team, case, n);
        }
    }
    team.cut(ANA);
    team.traffic(ANA);
    team.reach_level(ANA);
    bill.costs(
        "upload of 600 changes",
        team.traffic(ANA),
        160_000,
        1_100,
        2,
    );

    team.cut(BEN);
    team.traffic(BEN);
    team.reach_level(BEN);
    bill.costs("download of 600 changes", team.traffic(BEN), 160, 57_000, 1);

    // What is told after a pause is told.
    team.sync(ALL);
    team.cut(BEN);
    team.traffic(BEN);
    team.reach_level(BEN);
    bill.costs("reconnect with nothing new", team.traffic(BEN), 160, 180, 1);

    team.cut(BEN);
    for case in &cases {
        for n in 0..10 {
            write(&mut team, case, n);
        }
    }
    team.reach_level(ANA);
    team.traffic(BEN);
    team.reach_level(BEN);
    bill.costs(
        "catch-up, 10 changes in each of 20 cases",
        team.traffic(BEN),
        160,
        29_500,
        1,
    );

    team.sync(ALL);
    let before = (team.on_relay(), on_disk(&team, BEN));
    team.traffic(ANA);
    team.traffic(BEN);
    for n in 1..10 {
        write(&mut team, &cases[0], n);
        team.reach_level(ANA);
        team.reach_level(BEN);
    }
    bill.costs(
        "9 changes one by one, who writes",
        team.traffic(ANA),
        8_400,
        4_500,
        25,
    );
    bill.costs(
        "9 changes one by one, who reads",
        team.traffic(BEN),
        3_400,
        8_200,
        24,
    );
    let after = (team.on_relay(), on_disk(&team, BEN));
    bill.add(
        "bytes stored of a change, relay",
        (after.0 - before.0) / 9,
        880,
    );
    bill.add(
        "bytes stored of a change, tablet",
        (after.1 - before.1) / 9,
        720,
    );
    bill.must_hold();
}

/// Bytes of envelopes on a tablet's disk.
fn on_disk(team: &Team, place: usize) -> usize {
    let entries = team.disk(place).entries();
    let logs = entries.filter(|(key, _)| key.starts_with("log/"));
    logs.map(|(key, value)| key.len() + value.len()).sum()
}
