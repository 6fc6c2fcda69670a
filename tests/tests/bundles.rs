//! Tablets that exchange files: real engines, and a relay that they reach before and after, or never
//! again. What travels between them is only what `BundleAsk` gives and takes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::BTreeMap;

use satchel_core::api::{
    BundleAsk, BundleProblem, BundleSaid, BundleTaken, BundleView, Failure, Reply, Request,
};
use satchel_tests::{
    team::{ANA, BEN, PRIYA, ROSA, Team},
    wishes::note,
};
use satchel_wire::bundle::{MARK, PART_HEADER_LEN};
use serde_bytes::ByteBuf;

/// Tablets read files in pieces; this size cuts parts anywhere.
const PIECE_LEN: usize = 10_000;

fn said(team: &mut Team, place: usize, ask: BundleAsk) -> BundleSaid {
    match team.ask(place, Request::Bundle { ask }) {
        Reply::Bundle { said } => said,
        other => panic!("{other:?}"),
    }
}

/// What `place` knows `whose` file by; empty before the first.
fn peer(team: &mut Team, place: usize, whose: usize) -> String {
    let BundleSaid::Peers { peers } = said(team, place, BundleAsk::Peers) else {
        panic!("no peers")
    };
    let name = team.member(whose).name.clone();
    let known = peers.into_iter().find(|one| one.name == name);
    known.map_or_else(String::new, |one| one.peer)
}

fn make(team: &mut Team, place: usize, case: &str, peer: &str) -> Vec<u8> {
    let (case, peer) = (case.to_owned(), peer.to_owned());
    let mut file = Vec::new();
    let mut ask = BundleAsk::Make { case, peer };
    loop {
        let BundleSaid::Piece { bytes, end } = said(team, place, ask) else {
            panic!("no piece")
        };
        file.extend(bytes.into_vec());
        if end {
            return file;
        }
        ask = BundleAsk::More;
    }
}

fn pieces(file: &[u8]) -> impl Iterator<Item = (ByteBuf, bool, bool)> {
    let last = file.len().div_ceil(PIECE_LEN) - 1;
    let pieces = file.chunks(PIECE_LEN).enumerate();
    pieces.map(move |(at, piece)| (ByteBuf::from(piece), at == 0, at == last))
}

fn look(team: &mut Team, place: usize, file: &[u8]) -> BundleView {
    for (piece, start, end) in pieces(file) {
        let ask = BundleAsk::Look { piece, start, end };
        match said(team, place, ask) {
            BundleSaid::File { file } => return file,
            BundleSaid::Going => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("it does not end")
}

fn take(team: &mut Team, place: usize, file: &[u8]) -> BundleTaken {
    for (piece, start, end) in pieces(file) {
        let ask = BundleAsk::Take { piece, start, end };
        match said(team, place, ask) {
            BundleSaid::Taken { taken } => return taken,
            BundleSaid::Going => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("it does not end")
}

/// A file of `from` for `to`, with what is new since the last one of theirs; its length.
fn bring(team: &mut Team, from: usize, to: usize) -> (usize, BundleTaken) {
    let peer = peer(team, from, to);
    let file = make(team, from, "", &peer);
    let shown = look(team, to, &file);
    assert!(
        shown.proven && !shown.cut && shown.damaged == 0,
        "{shown:?}"
    );
    assert_eq!(shown.name, team.member(from).name);
    let taken = take(team, to, &file);
    assert_eq!(
        (shown.fresh, taken.refused, taken.waiting),
        (taken.fresh, 0, 0)
    );
    (file.len(), taken)
}

/// The record itself as somebody sees it: fields and notes.
fn record(team: &mut Team, place: usize, case: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let view = team.view(place, case);
    let fields = view.fields.iter();
    let fields = fields.map(|field| (field.key.clone(), format!("{:?}", field.value)));
    let notes = view.notes.iter();
    let mut notes: Vec<String> = notes
        .map(|note| format!("{} {} {:?}", note.id, note.author, note.sections))
        .collect();
    notes.sort();
    (fields.collect(), notes)
}

fn write(team: &mut Team, place: usize, case: &str, round: u32) {
    let case = case.to_owned();
    let (key, value) = ("phone".to_owned(), format!("555-{place}{round:03}"));
    let set = Request::SetField {
        case: case.clone(),
        key,
        value,
    };
    let reply = team.ask(place, set);
    assert!(
        matches!(reply, Reply::Saved { .. } | Reply::Done),
        "{reply:?}"
    );
    let text = format!("round {round} of {}", team.member(place).name);
    let reply = team.ask(place, note(&case, &text));
    assert!(matches!(reply, Reply::Saved { .. }), "{reply:?}");
}

#[test]
fn two_tablets_that_exchange_only_files_converge() {
    let mut team = Team::new();
    let case = team.begin_case(ROSA, &[("name.given", "Rosa")]);
    team.sync(5);
    let mut lengths = Vec::new();
    for round in 0..50 {
        write(&mut team, ANA, &case, round);
        write(&mut team, BEN, &case, round);
        // What both wrote apart from each other crosses in the same hour.
        let (first, _) = bring(&mut team, ANA, BEN);
        let (second, _) = bring(&mut team, BEN, ANA);
        let (third, _) = bring(&mut team, ANA, BEN);
        lengths.push(first + second + third);
        let (ana, ben) = (record(&mut team, ANA, &case), record(&mut team, BEN, &case));
        assert_eq!(ana, ben, "round {round}");
        assert_eq!(ana.1.len(), 2 * (round as usize + 1));
    }
    // Only what is new goes along: the last files are as long as the third ones.
    assert!(lengths[49] < lengths[2] * 3 / 2, "{lengths:?}");
    // The relay hears of all of it afterwards, and nobody has forked or is held up.
    team.sync(5);
    let ana = record(&mut team, ANA, &case);
    for place in [BEN, PRIYA, ROSA] {
        assert_eq!(record(&mut team, place, &case), ana);
        let status = team.status(place);
        assert_eq!((status.unsent, status.held, status.withheld), (0, 0, 0));
    }
    // Another file tells nothing new to anybody.
    let file = make(&mut team, BEN, "", "");
    assert_eq!(look(&mut team, ANA, &file).fresh, 0);
}

#[test]
fn who_is_let_in_without_a_network_reads_from_a_file_and_the_relay_gets_it_from_anybody() {
    let mut team = Team::new();
    let shared = team.begin_case_for(BEN, &[("name.given", "Mia")], &[BEN, ANA, PRIYA]);
    let apart = team.begin_case_for(BEN, &[("name.given", "Leo")], &[BEN, PRIYA]);
    write(&mut team, BEN, &shared, 1);
    write(&mut team, BEN, &apart, 2);
    let (_, taken) = bring(&mut team, BEN, ANA);
    assert_eq!(taken.cases, 1);
    assert!(taken.carried > 0);
    let theirs = record(&mut team, BEN, &shared);
    assert_eq!(record(&mut team, ANA, &shared), theirs);
    // Ana carries a case that she may not read …
    let view = Request::Case {
        case: apart.clone(),
    };
    let failure = Failure::NotFound;
    assert_eq!(team.ask(ANA, view), Reply::Failed { failure });
    write(&mut team, ANA, &shared, 3);
    // … and the relay, which Ben's tablet has not reached yet, has it from there for who leads it.
    team.go_on(&[ANA, PRIYA], 300_000);
    let ana = record(&mut team, ANA, &shared);
    assert_eq!(record(&mut team, PRIYA, &shared), ana);
    let log = format!("log/{apart}/");
    let carried = team.disk(PRIYA).entries();
    assert!(carried.filter(|(key, _)| key.starts_with(&log)).count() > 0);
    // When it comes back nothing is there twice.
    team.sync_only(&[BEN]);
    team.sync_only(&[ANA, BEN, PRIYA]);
    let theirs = record(&mut team, BEN, &apart);
    assert_eq!(record(&mut team, PRIYA, &apart), theirs);
    assert_eq!(record(&mut team, BEN, &shared), ana);
    assert_eq!(team.status(BEN).held, 0);
}

#[test]
fn a_damaged_file_costs_its_part_and_the_next_one_mends_it() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("name.given", "Rosa")]);
    write(&mut team, ANA, &case, 1);
    let whole = make(&mut team, ANA, "", "");
    let logs = |team: &Team| -> Vec<(String, Vec<u8>)> {
        let rooms = ["ctl/", "log/", "meta/", "grant/", "key/"];
        let all = team.disk(BEN).entries();
        let all = all.filter(|(key, _)| rooms.iter().any(|room| key.starts_with(room)));
        all.map(|(key, value)| (key.to_owned(), value.to_vec()))
            .collect()
    };
    let before = logs(&team);
    let starts: Vec<usize> = (0..whole.len())
        .filter(|at| whole[*at..].starts_with(&MARK))
        .collect();
    let mut part = 0;
    for at in (0..whole.len()).step_by(211) {
        let mut bad = whole.clone();
        bad[at] ^= 0x20;
        let shown = look(&mut team, BEN, &bad);
        assert_eq!(shown.damaged, 1, "byte {at}");
        part += 1;
    }
    assert!(part > starts.len());
    assert!(logs(&team) == before, "looking changes nothing");
    for start in &starts {
        let mut bad = whole.clone();
        bad[start + PART_HEADER_LEN] ^= 0x20;
        look(&mut team, BEN, &bad);
        assert_eq!(take(&mut team, BEN, &bad).damaged, 1);
    }
    // By now every part has come once.
    let ana = record(&mut team, ANA, &case);
    assert_eq!(record(&mut team, BEN, &case), ana);
    look(&mut team, BEN, &whole);
    let taken = take(&mut team, BEN, &whole);
    assert_eq!((taken.fresh, taken.refused, taken.waiting), (0, 0, 0));
    // A file that is none, or of another agency, is refused by name.
    let ask = |piece: &[u8]| BundleAsk::Look {
        piece: ByteBuf::from(piece),
        start: true,
        end: true,
    };
    let refused =
        |team: &mut Team, file: &[u8]| match team.ask(BEN, Request::Bundle { ask: ask(file) }) {
            Reply::Failed {
                failure: Failure::BadBundle { problem },
            } => problem,
            other => panic!("{other:?}"),
        };
    assert_eq!(refused(&mut team, b"a letter"), BundleProblem::NotOne);
    let mut others = Team::with_seed(77);
    let theirs = make(&mut others, ANA, "", "");
    assert_eq!(refused(&mut team, &theirs), BundleProblem::OtherAgency);
}

#[test]
fn one_case_goes_alone_and_an_own_file_is_recognised() {
    let mut team = Team::new();
    let one = team.begin_case(ANA, &[("name.given", "One")]);
    let other = team.begin_case(ANA, &[("name.given", "Two")]);
    let file = make(&mut team, ANA, &one, "");
    assert!(look(&mut team, ANA, &file).own);
    let seen = look(&mut team, BEN, &file);
    assert_eq!(seen.cases, 1, "{seen:?}");
    take(&mut team, BEN, &file);
    let theirs = record(&mut team, ANA, &one);
    assert_eq!(record(&mut team, BEN, &one), theirs);
    let view = Request::Case { case: other };
    assert!(matches!(team.ask(BEN, view), Reply::Failed { .. }));
}
