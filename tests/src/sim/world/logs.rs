//! Whoever may read the access log reads the same in it, and all of it opens.

use std::collections::BTreeSet;

use satchel_core::api::{Failure, ProfileStage, Reply, Request};
use satchel_wire::Millis;

use super::World;

/// Who did what to which case when, how often.
type Line = (String, Millis, String, String, u32);

impl World {
    /// Compares what the tablets of those who lead or audit tell.
    pub(super) fn logs_agree(&mut self) -> Result<(), String> {
        let mut first: Option<(usize, BTreeSet<Line>)> = None;
        for i in 0..self.devices.len() {
            let Some(log) = self.whole_log(i)? else {
                continue;
            };
            match &first {
                None => first = Some((i, log)),
                Some((other, known)) if *known != log => {
                    let apart = known.symmetric_difference(&log).next();
                    return Err(format!(
                        "tablets {other} and {i} tell different access logs: {apart:?}"
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// `None` where the tablet is nobody's who may read it.
    fn whole_log(&mut self, i: usize) -> Result<Option<BTreeSet<Line>>, String> {
        let stage = self.devices.get(i).and_then(|one| one.stage.clone());
        if stage != Some(ProfileStage::Unlocked) {
            return Ok(None);
        }
        let mut lines = BTreeSet::new();
        let mut before = None;
        loop {
            let request = Request::AccessLog {
                of_case: String::new(),
                staff: String::new(),
                deed: String::new(),
                from: Millis(0),
                to: Millis(u64::MAX),
                before,
            };
            let id = self.request(i, request);
            self.settle_disks()?;
            let log = match self.reply(i, id) {
                Some(Reply::AccessLog { log }) => log,
                Some(Reply::Failed {
                    failure: Failure::NotAllowed,
                }) => return Ok(None),
                other => return Err(format!("tablet {i} tells no access log: {other:?}")),
            };
            if log.unreadable > 0 {
                let n = log.unreadable;
                return Err(format!(
                    "tablet {i}: {n} entries of the access log do not open"
                ));
            }
            let entries = log.entries.into_iter();
            lines.extend(entries.map(|one| (one.profile, one.at, one.deed, one.case, one.times)));
            before = log.before;
            if before.is_none() {
                return Ok(Some(lines));
            }
        }
    }
}
