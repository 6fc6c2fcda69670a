//! Seeded schedules of removals, additions, new keys, merges and edits, offline and concurrent, with
//! real engines: everybody comes to the same members and notes, no note of somebody who stayed is
//! lost, and who was taken out opens nothing that was written once that was known, whatever is on
//! their tablet and at the relay. A part of them runs always; `SATCHEL_SCHEDULES=1000` runs more.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::collections::{BTreeMap, BTreeSet};

use satchel_core::{
    api::{CaseView, Failure, ProfileStage, Reply, Request},
    grant,
    keys::{Opener, Secret, invite_keys},
    rng::Seeded,
    seal,
    vault::{self, Cost},
};
use satchel_tests::{
    evil::Evil,
    team::{ANA, BEN, NAMES, PASSPHRASE, PRIYA, ROSA, Team},
    wishes,
};
use satchel_wire::{Envelope, EpochId, Kind, StreamId, Verified};

/// Those who are taken out and let in; Rosa stays.
const OTHERS: [usize; 3] = [PRIYA, ANA, BEN];
const EVERYBODY: [usize; 4] = [ROSA, PRIYA, ANA, BEN];
const STEPS: u64 = 14;

/// What a thief finds on a tablet that she has taken apart.
#[derive(Default)]
struct Loot {
    keys: BTreeMap<EpochId, Secret>,
    openers: Vec<Opener>,
}

struct World {
    team: Team,
    case: String,
    rng: Seeded,
    /// Notes by whom, in their order.
    notes: Vec<(usize, String)>,
    /// Changes that nobody of these may open.
    closed: Vec<(Verified, BTreeSet<usize>)>,
    /// By whom each was taken out.
    removed_by: BTreeMap<usize, BTreeSet<usize>>,
    /// Who was taken out at some time, and who was knowingly let in again since.
    out: BTreeSet<usize>,
    let_in_again: BTreeSet<usize>,
    loot: BTreeMap<usize, Loot>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut team = Team::new();
        let case = team.begin_case_for(ANA, &[("number", "C-1")], &EVERYBODY);
        team.sync(NAMES.len());
        Self {
            team,
            case,
            rng: Seeded::new(seed),
            notes: Vec::new(),
            closed: Vec::new(),
            removed_by: BTreeMap::new(),
            out: BTreeSet::new(),
            let_in_again: BTreeSet::new(),
            loot: BTreeMap::new(),
        }
    }

    fn view(&mut self, place: usize) -> Option<CaseView> {
        if self.team.stage(place) != Some(ProfileStage::Unlocked) {
            return None;
        }
        let case = self.case.clone();
        match self.team.ask(place, Request::Case { case }) {
            Reply::Case { case } => Some(case),
            _ => None,
        }
    }

    fn logged(&self, place: usize) -> BTreeMap<String, Vec<u8>> {
        let prefix = format!("log/{}/", self.case);
        let entries = self.team.disk(place).entries();
        let own = entries.filter(|(key, _)| key.starts_with(&prefix));
        own.map(|(key, value)| (key.to_owned(), value.to_vec()))
            .collect()
    }

    /// Somebody writes; whom their tablet knows to be out must not read it.
    fn write(&mut self, place: usize) {
        let Some(view) = self.view(place) else { return };
        if view.team.iter().all(|one| !one.me) {
            return;
        }
        let before = self.logged(place);
        let text = format!("note {} by {}", self.notes.len(), NAMES[place]);
        let reply = self.team.ask(place, wishes::note(&self.case, &text));
        if !matches!(reply, Reply::Saved { .. }) {
            return;
        }
        self.notes.push((place, text));
        let here = |who: &usize| view.team.iter().any(|one| one.name == NAMES[*who]);
        let gone: BTreeSet<usize> = OTHERS.into_iter().filter(|who| !here(who)).collect();
        for (key, bytes) in self.logged(place) {
            let change = Envelope::decode(&bytes).and_then(Envelope::verify).unwrap();
            if !before.contains_key(&key) && change.header().kind == Kind::Change {
                self.closed.push((change, gone.clone()));
            }
        }
    }

    fn take_out(&mut self, by: usize, who: usize) {
        let (case, profile) = (self.case.clone(), self.team.member(who).profile.clone());
        self.rob(who);
        if self.view(by).is_some()
            && self.team.ask(by, Request::TakeOut { case, profile }) == Reply::Done
        {
            self.out.insert(who);
            self.removed_by.entry(who).or_default().insert(by);
        }
    }

    fn let_in(&mut self, by: usize, who: usize) {
        let Some(view) = self.view(by) else { return };
        let knows = view.team.iter().all(|one| one.name != NAMES[who]);
        let (case, profile) = (self.case.clone(), self.team.member(who).profile.clone());
        let reply = self.team.ask(
            by,
            Request::Share {
                case,
                profile,
                purpose: String::new(),
            },
        );
        if knows && reply == Reply::Done {
            self.let_in_again.insert(who);
        }
    }

    fn revoke(&mut self, who: usize) {
        self.rob(who);
        let key = self.team.member(who).profile.clone();
        if self.team.ask(ROSA, Request::Revoke { key }) == Reply::Done {
            self.out.insert(who);
            self.removed_by.entry(who).or_default().insert(ROSA);
        }
    }

    /// All secrets of a tablet as it is now; what was there before stays stolen.
    fn rob(&mut self, place: usize) {
        let disk = self.team.disk(place);
        let entries: Vec<_> = disk.entries().collect();
        let Some((_, vault)) = entries.iter().find(|(key, _)| *key == "vault") else {
            return;
        };
        let keys = self.team.keys(place);
        let secrets = vault::open(vault, PASSPHRASE, &keys, Cost::TRIVIAL).unwrap();
        let loot = self.loot.entry(place).or_default();
        let prefix = format!("key/{}/", self.case);
        for (name, value) in entries {
            if let Some(epoch) = name.strip_prefix(&prefix) {
                let key = seal::open_stored(&secrets.storage, name, value).unwrap();
                let key = Secret(key.try_into().unwrap());
                loot.keys.insert(epoch.parse().unwrap(), key);
            }
        }
        if loot.openers.is_empty() {
            loot.openers.push(Opener::from_seed(&secrets.opening));
            let invite = secrets.invite.as_ref().and_then(invite_keys);
            loot.openers.extend(invite.map(|(_, opener)| opener));
        }
    }

    fn some(&mut self) -> Vec<usize> {
        let mut some: Vec<usize> = EVERYBODY.to_vec();
        some.retain(|_| self.rng.below(2) == 0);
        some
    }

    fn step(&mut self) {
        let by = EVERYBODY[self.rng.below(4) as usize];
        let who = OTHERS[self.rng.below(3) as usize];
        match self.rng.below(20) {
            0..=8 => self.write(by),
            9..=12 => {
                let leader = [ROSA, PRIYA][self.rng.below(2) as usize];
                self.take_out(leader, who);
            }
            13 => self.let_in(by, who),
            14 if self.rng.below(3) == 0 => self.revoke(who),
            _ => {
                for place in OTHERS {
                    self.rob(place);
                }
                let some = self.some();
                self.team.sync_only(&some);
            }
        }
    }

    /// Everything gets everywhere, and all late work is let count.
    fn settle(&mut self) {
        for place in OTHERS {
            self.rob(place);
        }
        self.team.sync_only(&EVERYBODY);
        let late = self.view(ROSA).unwrap().late;
        for profile in late.into_iter().map(|one| one.profile) {
            let case = self.case.clone();
            let stands = true;
            let rule = Request::Rule {
                case,
                profile,
                stands,
                reason: "seen".into(),
            };
            // What the one before stands on counts already.
            let failure = Failure::ChangedSince;
            let reply = self.team.ask(ROSA, rule);
            assert!(reply == Reply::Done || reply == Reply::Failed { failure });
        }
        self.team.sync_only(&EVERYBODY);
        for place in OTHERS {
            self.rob(place);
        }
    }

    fn check(mut self, seed: u64) -> usize {
        let hers = self.view(ROSA).unwrap();
        let names = |view: &CaseView| -> BTreeSet<String> {
            view.team.iter().map(|one| one.name.clone()).collect()
        };
        let texts = |view: &CaseView| -> BTreeSet<String> {
            let sections = view.notes.iter().flat_map(|one| &one.sections);
            sections.map(|(_, text)| text.clone()).collect()
        };
        let (members, read) = (names(&hers), texts(&hers));
        for place in EVERYBODY {
            let view = self
                .view(place)
                .filter(|view| view.team.iter().any(|one| one.me));
            let is_member = members.contains(NAMES[place]);
            assert_eq!(view.is_some(), is_member, "seed {seed}: {}", NAMES[place]);
            if let Some(view) = view {
                assert_eq!(names(&view), members, "seed {seed}: {}", NAMES[place]);
                assert_eq!(texts(&view), read, "seed {seed}: {}", NAMES[place]);
            }
        }
        for (by, text) in &self.notes {
            let stayed = !self.out.contains(by);
            assert!(
                !stayed || read.contains(text),
                "seed {seed}: '{text}' is lost"
            );
        }
        self.check_keys(seed, &members)
    }

    /// Tries everything that was stolen on everything that is closed to its owner.
    fn check_keys(mut self, seed: u64, members: &BTreeSet<String>) -> usize {
        let stream: StreamId = self.case.parse().unwrap();
        let agency = {
            let evil: &mut Evil = self.team.turn_evil();
            evil.roster().agency()
        };
        let epochs = self.team.evil().epochs(stream);
        let grants = self.team.evil().grants.clone();
        let mut tried = 0;
        for (place, loot) in &mut self.loot {
            for given in grants.iter().filter(|one| one.stream == stream) {
                let Some(epoch) = epochs.epoch(given.epoch) else {
                    continue;
                };
                for opener in &loot.openers {
                    if let Ok(key) = grant::accept(agency, given, &epoch.commitment, opener) {
                        loot.keys.insert(given.epoch, key);
                    }
                }
            }
            loop {
                let known = loot.keys.len();
                for (id, epoch) in epochs.all() {
                    let Some(key) = loot.keys.get(&id).cloned() else {
                        continue;
                    };
                    for (parent, sealed) in epoch.parents.iter().zip(&epoch.keys) {
                        if let Ok(old) = seal::open_parent(&key, *parent, sealed) {
                            loot.keys.insert(*parent, old);
                        }
                    }
                }
                if loot.keys.len() == known {
                    break;
                }
            }
            // A removal by somebody who was out does not hold: they read on, as is right, until
            // another one takes them out.
            let by = self.removed_by.get(place).into_iter().flatten();
            let holds = by.filter(|by| self.out.contains(by)).count() == 0;
            let is_out =
                holds && !members.contains(NAMES[*place]) && !self.let_in_again.contains(place);
            for (change, gone) in &self.closed {
                if is_out && gone.contains(place) {
                    tried += 1;
                    for key in loot.keys.values() {
                        let opened = seal::open(change, key);
                        assert!(opened.is_err(), "seed {seed}: {} reads on", NAMES[*place]);
                    }
                }
            }
        }
        tried
    }
}

#[test]
fn every_schedule_ends_alike_and_who_was_taken_out_reads_nothing_more() {
    let asked = std::env::var("SATCHEL_SCHEDULES").ok();
    let count: u64 = asked.and_then(|text| text.parse().ok()).unwrap_or(100);
    let run = |seeds: std::ops::Range<u64>| {
        seeds
            .map(|seed| {
                let mut world = World::new(seed);
                for _ in 0..STEPS {
                    world.step();
                }
                world.settle();
                world.check(seed)
            })
            .sum::<usize>()
    };
    let half = count / 2;
    let tried: usize = std::thread::scope(|scope| {
        let other = scope.spawn(|| run(half..count));
        run(0..half) + other.join().unwrap()
    });
    println!("{count} schedules, {tried} changes tried with stolen keys, 0 opened");
    assert!(
        tried as u64 >= count / 2,
        "{tried} changes were closed to anybody"
    );
}
