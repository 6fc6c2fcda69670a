//! Wrong passphrases cost time that neither a restart nor the clock gives back, and a passphrase can
//! be changed: on the real engine, whose tablet may die at any step.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is missing fails the test; the lints' own exception ends at the test's function"
)]

use satchel_core::{
    api::{Failure, ProfileStage, Reply, Request},
    io::Input,
};
use satchel_tests::{device::Device, disk::Disk};
use satchel_wire::{Millis, RelayKey, SetupToken, link::SetupLink};

const RIGHT: &str = "paper boats on the harbor";
const WRONG: &str = "paper boats in the harbor";
const OTHER: &str = "a lamp in every window";
const SECOND: u64 = 1_000;

/// A tablet with a locked vault, out of reach of any relay.
struct Tablet {
    device: Device,
    now: Millis,
}

impl Tablet {
    fn new() -> Self {
        let now = Millis(1_700_000_000_000);
        let mut tablet = Self {
            device: Device::new(7),
            now,
        };
        tablet.device.input(now, Input::Start);
        tablet.settle();
        let setup = SetupLink {
            relay: RelayKey([1; 32]),
            token: SetupToken([2; 16]),
        };
        let found = Request::Found {
            link: setup.under("http://relay.test"),
            agency: "Harbor".into(),
            name: "Rosa".into(),
            passphrase: RIGHT.into(),
        };
        assert!(matches!(tablet.ask(found), Reply::Unlocked { .. }));
        assert_eq!(tablet.ask(Request::Lock), Reply::Done);
        tablet
    }

    fn settle(&mut self) {
        while self.device.is_busy() {
            self.device.step(self.now);
        }
    }

    fn ask(&mut self, request: Request) -> Reply {
        let id = self.device.request(self.now, request);
        self.settle();
        self.device.replies.remove(&id).unwrap()
    }

    fn unlock(&mut self, passphrase: &str) -> Result<(), Failure> {
        let passphrase = passphrase.into();
        done(self.ask(Request::Unlock { passphrase }))
    }

    fn change(&mut self, old: &str, new: &str) -> Result<(), Failure> {
        let (old, new) = (old.into(), new.into());
        done(self.ask(Request::ChangePassphrase { old, new }))
    }

    fn wait(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
    }

    fn restart(&mut self) {
        self.device.pause_ms = 0;
        self.device.crash(self.now);
        self.settle();
        assert_eq!(self.device.stage, Some(ProfileStage::Locked));
    }

    fn set_clock_back(&mut self, ms: u64) {
        self.now = Millis(self.now.0 - ms);
    }

    /// So many wrong tries, each as soon as it is allowed.
    fn guess(&mut self, times: usize) {
        for _ in 0..times {
            let pause = self.device.pause_ms;
            self.wait(pause.into());
            assert_eq!(self.unlock(WRONG), Err(Failure::WrongPassphrase));
        }
    }

    /// It answers even the right passphrase so.
    fn is_closed_for(&mut self, wait_ms: u32) {
        assert_eq!(self.unlock(RIGHT), Err(Failure::TooSoon { wait_ms }));
    }
}

fn done(reply: Reply) -> Result<(), Failure> {
    match reply {
        Reply::Done | Reply::Unlocked { .. } => Ok(()),
        Reply::Failed { failure } => Err(failure),
        other => panic!("{other:?}"),
    }
}

fn stored<'a>(disk: &'a Disk, wanted: &str) -> Option<&'a [u8]> {
    disk.entries()
        .find_map(|(key, value)| (key == wanted).then_some(value))
}

#[test]
fn pauses_grow_and_the_right_passphrase_ends_them() {
    let mut tablet = Tablet::new();
    let mut pauses = Vec::new();
    for _ in 0..9 {
        tablet.guess(1);
        pauses.push(tablet.device.pause_ms / 1_000);
    }
    assert_eq!(pauses, [0, 0, 5, 15, 60, 300, 900, 1_800, 1_800]);
    tablet.wait(1_799 * SECOND);
    tablet.is_closed_for(1_000);
    assert_eq!(tablet.device.pause_ms, 1_000);
    tablet.wait(SECOND);
    assert_eq!(tablet.unlock(RIGHT), Ok(()));
    assert_eq!(stored(&tablet.device.disk, "tries"), None);
    // Nothing is left of it.
    tablet.ask(Request::Lock);
    tablet.device.pause_ms = 0;
    tablet.guess(2);
    assert_eq!(tablet.unlock(RIGHT), Ok(()));
}

#[test]
fn a_pause_outlives_a_restart_and_is_told_at_the_start() {
    let mut tablet = Tablet::new();
    tablet.guess(5);
    tablet.wait(20 * SECOND);
    tablet.restart();
    assert_eq!(tablet.device.pause_ms, 40_000);
    tablet.is_closed_for(40_000);
    tablet.wait(40 * SECOND);
    tablet.guess(1);
    // The count goes on.
    tablet.restart();
    assert_eq!(tablet.device.pause_ms, 300_000);
}

#[test]
fn coming_too_soon_costs_nothing_more() {
    let mut tablet = Tablet::new();
    tablet.guess(4);
    for left in (1..=15).rev() {
        tablet.is_closed_for(left * 1_000);
        tablet.wait(SECOND);
    }
    assert_eq!(tablet.unlock(RIGHT), Ok(()));
}

#[test]
fn a_clock_set_back_shortens_no_pause() {
    let mut tablet = Tablet::new();
    tablet.guess(5);
    tablet.set_clock_back(3_600 * SECOND);
    tablet.is_closed_for(60_000);
    tablet.wait(20 * SECOND);
    tablet.is_closed_for(40_000);
    // Set back while the app is not running: all that was stored is left.
    tablet.set_clock_back(7_200 * SECOND);
    tablet.restart();
    tablet.is_closed_for(60_000);
    tablet.wait(60 * SECOND);
    assert_eq!(tablet.unlock(RIGHT), Ok(()));
}

#[test]
fn a_wrong_try_is_on_the_disk_before_it_is_answered() {
    let mut tablet = Tablet::new();
    tablet.guess(2);
    let before = stored(&tablet.device.disk, "tries").map(<[u8]>::to_vec);
    let passphrase = WRONG.into();
    let id = tablet
        .device
        .request(tablet.now, Request::Unlock { passphrase });
    assert!(tablet.device.is_about_to_store());
    tablet.device.step(tablet.now);
    assert!(!tablet.device.replies.contains_key(&id));
    assert_ne!(stored(&tablet.device.disk, "tries"), before.as_deref());
    // The battery falls out before the screen has said anything.
    tablet.restart();
    assert_eq!(tablet.device.pause_ms, 5_000);
}

#[test]
fn another_passphrase_replaces_the_old_one() {
    let mut tablet = Tablet::new();
    assert_eq!(tablet.change(RIGHT, OTHER), Err(Failure::Locked));
    tablet.unlock(RIGHT).unwrap();
    let vault = stored(&tablet.device.disk, "vault").map(<[u8]>::to_vec);
    assert_eq!(tablet.change(RIGHT, OTHER), Ok(()));
    assert_ne!(stored(&tablet.device.disk, "vault"), vault.as_deref());
    tablet.restart();
    assert_eq!(tablet.unlock(RIGHT), Err(Failure::WrongPassphrase));
    assert_eq!(tablet.unlock(OTHER), Ok(()));
}

#[test]
fn a_refused_change_leaves_the_vault_as_it_was() {
    let mut tablet = Tablet::new();
    tablet.unlock(RIGHT).unwrap();
    let vault = stored(&tablet.device.disk, "vault").map(<[u8]>::to_vec);
    let short = Err(Failure::ShortPassphrase { min: 15 });
    assert_eq!(tablet.change(RIGHT, "fourteen chars"), short);
    // Too short a new one is no try of the old one.
    assert_eq!(tablet.change(WRONG, "fourteen chars"), short);
    for _ in 0..3 {
        assert_eq!(tablet.change(WRONG, OTHER), Err(Failure::WrongPassphrase));
    }
    let wait_ms = 5_000;
    assert_eq!(tablet.device.pause_ms, wait_ms);
    assert_eq!(
        tablet.change(RIGHT, OTHER),
        Err(Failure::TooSoon { wait_ms })
    );
    assert_eq!(stored(&tablet.device.disk, "vault"), vault.as_deref());
    // The pause holds at the lock as well.
    tablet.ask(Request::Lock);
    tablet.is_closed_for(wait_ms);
    tablet.wait(5 * SECOND);
    assert_eq!(tablet.unlock(RIGHT), Ok(()));
}

#[test]
fn a_tablet_that_dies_while_changing_opens_with_one_of_the_two() {
    for steps in 0..4 {
        let mut tablet = Tablet::new();
        tablet.unlock(RIGHT).unwrap();
        let (old, new) = (RIGHT.into(), OTHER.into());
        let id = tablet
            .device
            .request(tablet.now, Request::ChangePassphrase { old, new });
        for _ in 0..steps {
            tablet.device.step(tablet.now);
        }
        let told = tablet.device.replies.contains_key(&id);
        tablet.restart();
        let (old, new) = (tablet.unlock(RIGHT).is_ok(), tablet.unlock(OTHER).is_ok());
        assert!(old != new, "after {steps} steps");
        assert!(!told || new, "what was said to be changed is");
    }
}
