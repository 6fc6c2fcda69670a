//! Bad input of what is done to plans, appeals and releases, and to the policy document.

use satchel_core::api::{CareAsk, Failure, Request, TermsAsk};
use satchel_tests::{
    team::{ANA, OTTO, PRIYA, ROSA},
    wishes::put,
};

use crate::world::{Refused, World, bad, saved, unknown};

impl World {
    /// What is done to plans, appeals and releases, and to the policy document.
    pub fn care_table(&mut self) -> Vec<Refused> {
        let case = self.case.clone();
        let values = [("state", "serving"), ("release_date", "2026-09-30")];
        let supervision = put(&case, "supervision", None, &values);
        let (supervision, _) = saved(self.team.ask(ANA, supervision));
        self.team.sync(satchel_tests::team::NAMES.len());
        let care = |ask| Request::Care {
            case: case.clone(),
            ask,
        };
        let level = |denial: &str| {
            care(CareAsk::OpenLevel {
                denial: denial.into(),
            })
        };
        let list = |supervision: &str| {
            care(CareAsk::AddChecklist {
                supervision: supervision.into(),
            })
        };
        let later = |supervision: &str, to: &str, source: &str| {
            care(CareAsk::MoveRelease {
                supervision: supervision.into(),
                to: to.into(),
                source: source.into(),
                reason: String::new(),
            })
        };
        let sources = "court, facility, parole_board, officer, client, family, other";
        let soon = || bad("release_date", "YYYY-MM-DD");
        let terms = |ask| Request::SetTerms { ask };
        let drop = |key: &str, since: &str| {
            terms(TermsAsk::Drop {
                key: key.into(),
                since: since.into(),
            })
        };
        let holidays = |since: &str| {
            terms(TermsAsk::DropHolidays {
                since: since.into(),
            })
        };
        let file = "appeal.ssa.1.file";
        vec![
            (ANA, level("00"), Failure::NotFound),
            (ANA, level(&supervision), Failure::NotFound),
            (OTTO, level("00"), Failure::NotAllowed),
            (ANA, list("00"), Failure::NotFound),
            (OTTO, list(&supervision), Failure::NotAllowed),
            (ANA, later("00", "2026-10-30", ""), Failure::NotFound),
            (ANA, later(&supervision, "soon", ""), soon()),
            (ANA, later(&supervision, "2026-02-30", ""), soon()),
            (
                ANA,
                later(&supervision, "2026-10-30", "nobody"),
                bad("release_source", sources),
            ),
            (ANA, drop(file, "2026-01-01"), Failure::NotAllowed),
            (PRIYA, holidays("2026-01-01"), Failure::NotAllowed),
            (ROSA, drop("mood", "2026-01-01"), unknown("mood")),
            (ROSA, drop(file, "soon"), bad("since", "YYYY-MM-DD")),
            (ROSA, drop(file, "2026-01-01"), Failure::NotFound),
            (ROSA, holidays("2026-01-01"), Failure::NotFound),
        ]
    }
}
