//! Bad input on visits, and across cases.

use satchel_core::api::{DayAsk, Failure, ReportBy, ReportSpan, Request, StepRecord, VisitAsk};
use satchel_tests::team::{ANA, OTTO};

use crate::world::{NOBODY, Refused, World, bad, empty, pairs, unknown};

impl World {
    pub fn day_table(&mut self) -> Vec<Refused> {
        let case = self.case.clone();
        let visit = |ask| Request::Visit {
            case: case.clone(),
            ask,
        };
        let begin = |values: &[(&str, &str)]| {
            visit(VisitAsk::Begin {
                values: pairs(values),
            })
        };
        let save = |id: &str, others| {
            visit(VisitAsk::Save {
                id: id.into(),
                values: pairs(&[("place", "here")]),
                others,
                note: None,
            })
        };
        let other = StepRecord {
            kind: "task".into(),
            id: Some(NOBODY.into()),
            values: Vec::new(),
            named_in: String::new(),
        };
        let day = |ask| Request::Day { ask };
        let report = |from: &str, to: &str| {
            let of = ReportSpan {
                from: from.into(),
                to: to.into(),
                by: ReportBy::Worker,
            };
            day(DayAsk::Report { of })
        };
        let export = |case: &str| day(DayAsk::Export { case: case.into() });
        let made = [("mode", "phone"), ("outcome", "made"), ("start", "5")];
        vec![
            (
                ANA,
                visit(VisitAsk::Look {
                    id: NOBODY.into(),
                    with: vec![],
                }),
                Failure::NotFound,
            ),
            (ANA, begin(&[]), empty("mode")),
            (
                ANA,
                begin(&[("mode", "phone"), ("outcome", "made")]),
                empty("start"),
            ),
            (
                ANA,
                begin(&[made[0], made[1], made[2], ("end", "4")]),
                bad("end", "later than the start"),
            ),
            (
                ANA,
                begin(&[made[0], made[1], made[2], ("weather", "fine")]),
                unknown("weather"),
            ),
            (
                ANA,
                begin(&[made[0], made[1], made[2], ("next", NOBODY)]),
                bad("next", "a appointment of this case"),
            ),
            (OTTO, begin(&made), Failure::NotAllowed),
            (ANA, save(NOBODY, vec![]), Failure::NotFound),
            (ANA, save("", vec![other]), Failure::NotFound),
            (ANA, report("2026-01-01", "soon"), bad("to", "YYYY-MM-DD")),
            (
                ANA,
                report("2026-01-02", "2026-01-01"),
                bad("to", "later than the start"),
            ),
            (
                ANA,
                report("2006-01-02", "2026-01-01"),
                bad("to", "at most ten years"),
            ),
            (ANA, export(""), Failure::NotFound),
            (ANA, export(NOBODY), Failure::NotFound),
        ]
    }
}
