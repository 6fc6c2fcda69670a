//! Where devices last stood, as far as that is remembered: one that comes back and names its place by a
//! mark is given what is new at once, without telling all its cursors. Owns a bound of memory, and
//! decides nothing: of a device that is not known here, or stands elsewhere, the cursors are asked for.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use satchel_wire::{
    Cursor, Cursors, Outcome, ProfileId, StreamId,
    cursor::{Mark, mark},
};

/// Cursors that are remembered, of all devices together: some 100 bytes each.
const CURSORS_MAX: usize = 200_000;

/// The places of devices.
#[derive(Debug, Default)]
pub struct Places(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    by_profile: BTreeMap<ProfileId, (u64, Cursors)>,
    /// Those told longest ago come first.
    by_age: BTreeMap<u64, ProfileId>,
    told: u64,
    cursors: usize,
}

impl Places {
    /// A checkpoint over all its cursors was sent to a device.
    pub fn told(&self, profile: ProfileId, cursors: Cursors) {
        self.with(|known| known.tell(profile, cursors));
    }

    /// A checkpoint over some of them was.
    pub fn told_of(&self, profile: ProfileId, some: Cursors) {
        self.with(|known| {
            if let Some((_, cursors)) = known.by_profile.get(&profile) {
                let mut cursors = cursors.clone();
                cursors.streams.extend(some.streams);
                cursors.grants = some.grants;
                known.tell(profile, cursors);
            }
        });
    }

    /// A device has heard what became of what it pushed: it moves on where that is right after what it
    /// has, and so do we.
    pub fn pushed(&self, profile: ProfileId, pushed: &[(StreamId, Outcome)]) {
        self.with(|known| {
            let Some((_, cursors)) = known.by_profile.get_mut(&profile) else {
                return;
            };
            let mut begun = 0;
            for (stream, outcome) in pushed {
                let at = cursors.streams.get(stream).copied().unwrap_or_default();
                let next = match outcome {
                    Outcome::Stored(next) if next.seq == at.seq + 1 => Cursor {
                        registers: at.registers,
                        ..*next
                    },
                    Outcome::Counted(number) if *number == at.registers + 1 => Cursor {
                        registers: *number,
                        ..at
                    },
                    _ => continue,
                };
                begun += usize::from(cursors.streams.insert(*stream, next).is_none());
            }
            known.cursors += begun;
        });
    }

    /// The cursors of a device that stands where this mark says, if that is known.
    pub fn at(&self, profile: ProfileId, at: Mark) -> Option<Cursors> {
        let known = self.with(|known| known.by_profile.get(&profile).cloned());
        let (_, cursors) = known?;
        (mark(&cursors.fingerprint()) == at).then_some(cursors)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        // What a panicking thread left is a place that may be wrong, and is found out to be.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    fn tell(&mut self, profile: ProfileId, cursors: Cursors) {
        self.forget(profile);
        self.told += 1;
        self.cursors += cursors.streams.len();
        self.by_age.insert(self.told, profile);
        self.by_profile.insert(profile, (self.told, cursors));
        while self.cursors > CURSORS_MAX {
            let Some((_, oldest)) = self.by_age.first_key_value() else {
                break;
            };
            self.forget(*oldest);
        }
    }

    fn forget(&mut self, profile: ProfileId) {
        if let Some((age, cursors)) = self.by_profile.remove(&profile) {
            self.by_age.remove(&age);
            self.cursors = self.cursors.saturating_sub(cursors.streams.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursors(streams: u32, seq: u64) -> Cursors {
        let stream = |n: u32| {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&n.to_be_bytes());
            let cursor = Cursor {
                seq,
                ..Cursor::default()
            };
            (StreamId(id), cursor)
        };
        Cursors {
            streams: (0..streams).map(stream).collect(),
            grants: 0,
        }
    }

    #[test]
    fn who_moves_on_by_its_own_push_is_still_known() {
        let places = Places::default();
        let (me, stream) = (ProfileId([1; 32]), StreamId([0; 16]));
        places.told(me, cursors(1, 3));
        let next = Cursor {
            seq: 4,
            h: [4; 32],
            registers: 0,
        };
        let gap = Cursor { seq: 6, ..next };
        let pushed = [
            Outcome::Stored(next),
            Outcome::Counted(1),
            Outcome::Stored(gap),
        ];
        places.pushed(me, &pushed.map(|outcome| (stream, outcome)));
        let mut there = cursors(1, 0);
        there.streams.insert(
            stream,
            Cursor {
                registers: 1,
                ..next
            },
        );
        assert_eq!(
            places.at(me, mark(&there.fingerprint())),
            Some(there.clone())
        );
        assert_eq!(places.at(me, mark(&cursors(1, 3).fingerprint())), None);
        assert_eq!(
            places.at(ProfileId([2; 32]), mark(&there.fingerprint())),
            None
        );
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_goes_first() {
        let places = Places::default();
        let each = 1_000;
        let devices = CURSORS_MAX / each as usize + 2;
        let profile = |n: usize| ProfileId(satchel_wire::envelope::sha256(&[&n.to_be_bytes()]));
        for n in 0..devices {
            places.told(profile(n), cursors(each, 1));
        }
        let known = |n| places.at(profile(n), mark(&cursors(each, 1).fingerprint()));
        assert!(known(0).is_none() && known(1).is_none());
        assert!(known(2).is_some() && known(devices - 1).is_some());
    }
}
