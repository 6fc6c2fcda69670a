//! Bad input of handing a case over, and of what its records may be changed by.

use satchel_core::{
    api::{Failure, HandOverStep, Request},
    record::{RULING, SHARING, TRANSFER},
};
use satchel_tests::{
    team::{ANA, BEN, OTTO, PRIYA, ROSA},
    wishes::put,
};

use crate::world::{NOBODY, Refused, World, bad, empty, too_long};

impl World {
    /// Ana has handed the case to Ben, who has accepted; nobody has taken her off.
    pub fn handing_table(&mut self) -> Vec<Refused> {
        let long = "x".repeat(2049);
        let [rosa, ana, ben, otto] = [ROSA, ANA, BEN, OTTO].map(|place| self.team.id(place));
        let offer = |to: &str, reason: &str| Request::HandOver {
            case: self.case.clone(),
            to: to.into(),
            reason: reason.into(),
        };
        let answer = |id: &str, step| Request::AnswerHandOver {
            case: self.case.clone(),
            hand_over: id.into(),
            step,
            reason: "why".into(),
        };
        let colleague = || bad("to", "a colleague who keeps cases");
        let accepted = self.accepted.as_str();
        use HandOverStep::{Accept, Cancel, Decline, Finish, LetIn};
        let mut table = vec![
            (ANA, offer("Ben", "leave"), Failure::NotFound),
            (ANA, offer(NOBODY, "leave"), Failure::NotFound),
            (ANA, offer(&ana, "leave"), colleague()),
            (ANA, offer(&otto, "leave"), colleague()),
            (BEN, offer(&ana, " "), empty("reason")),
            (BEN, offer(&ana, &long), too_long("reason", 2048)),
            (ANA, offer(&ben, "leave"), Failure::ChangedSince),
            (OTTO, offer(&ana, "leave"), Failure::NotAllowed),
            (BEN, answer("", Accept), Failure::NotFound),
            (BEN, answer(NOBODY, Accept), Failure::NotFound),
            (BEN, answer(accepted, Accept), Failure::ChangedSince),
            (BEN, answer(accepted, Decline), Failure::ChangedSince),
            (BEN, answer(accepted, Cancel), Failure::NotAllowed),
            (BEN, answer(accepted, Finish), Failure::NotAllowed),
            (ANA, answer(accepted, Accept), Failure::NotAllowed),
            (ANA, answer(accepted, Cancel), Failure::ChangedSince),
            (ANA, answer(accepted, LetIn), Failure::NotAllowed),
            (ANA, answer(accepted, Finish), Failure::NotAllowed),
            (PRIYA, answer(accepted, Accept), Failure::NotAllowed),
            (PRIYA, answer(accepted, LetIn), Failure::ChangedSince),
            (OTTO, answer(accepted, Finish), Failure::NotAllowed),
        ];
        let transfer = [("from", ana.as_str()), ("to", &rosa), ("reason", "leave")];
        let sharing = [("staff", ben.as_str()), ("purpose", "housing")];
        let ruling = [
            ("staff", ben.as_str()),
            ("verdict", "out"),
            ("changes", "1"),
        ];
        let forged = [
            put(&self.case, TRANSFER, None, &transfer),
            put(
                &self.case,
                TRANSFER,
                Some(accepted),
                &[("state", "completed")],
            ),
            put(&self.case, SHARING, None, &sharing),
            put(&self.case, RULING, None, &ruling),
        ];
        table.extend(forged.map(|request| (PRIYA, request, Failure::NotAllowed)));
        let share = |purpose: &str| Request::Share {
            case: self.hers.clone(),
            profile: self.team.member(BEN).profile.clone(),
            purpose: purpose.into(),
        };
        table.push((PRIYA, share(&long), too_long("purpose", 2048)));
        table
    }
}
