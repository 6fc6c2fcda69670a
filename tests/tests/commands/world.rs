//! An agency at work, and the words in which its refusals are told.

use satchel_core::api::{Failure, HandOverStep, NewNoteView, Reply, Request};
use satchel_tests::{
    team::{ANA, BEN, NAMES, Team},
    wishes::put,
};

/// What somebody asks for, and why it is refused.
pub type Refused = (usize, Request, Failure);

/// Ids of the right form that name nothing.
pub const NOBODY: &str = "00000000000000000000000000000000";

pub fn empty(field: &str) -> Failure {
    let field = field.into();
    Failure::Empty { field }
}

pub fn unknown(field: &str) -> Failure {
    let field = field.into();
    Failure::UnknownField { field }
}

pub fn too_long(field: &str, max: u32) -> Failure {
    let field = field.into();
    Failure::TooLong { field, max }
}

pub fn bad(field: &str, expected: &str) -> Failure {
    let (field, expected) = (field.into(), expected.into());
    Failure::BadValue { field, expected }
}

pub fn cannot(from: &str, to: &str, allowed: &[&str]) -> Failure {
    Failure::BadTransition {
        from: from.into(),
        to: to.into(),
        allowed: allowed.iter().map(|state| (*state).to_owned()).collect(),
    }
}

pub fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    values.iter().map(owned).collect()
}

pub fn saved(reply: Reply) -> (String, Option<u32>) {
    match reply {
        Reply::Saved { id, undo } => (id, undo),
        other => panic!("{other:?}"),
    }
}

/// A note that can be written.
pub fn soap(texts: &[(&str, &str)]) -> NewNoteView {
    NewNoteView {
        format: "soap".into(),
        sections: pairs(texts),
        happened_at: None,
        addendum_to: None,
        sign: false,
        cosign: false,
    }
}

pub const WHOLE: [(&str, &str); 4] = [
    ("subjective", "s"),
    ("objective", "o"),
    ("assessment", "a"),
    ("plan", "p"),
];

/// An agency at work, and what there is in it to go wrong with.
pub struct World {
    pub team: Team,
    pub case: String,
    /// Ana's alone.
    pub hers: String,
    pub task: String,
    pub flag: String,
    pub appointment: String,
    /// Notes of Ana's by how far they have come.
    pub draft: String,
    pub signed: String,
    pub pending: String,
    pub struck: String,
    /// Of the flag, which is critical, and for those who lead.
    pub finding: String,
    /// A deed of Ana's that no longer stands.
    pub stale: u32,
    /// A hand-over of Ana's to Ben that he has accepted.
    pub accepted: String,
}

impl World {
    pub fn new() -> Self {
        let mut team = Team::new();
        let case = team.begin_case(ANA, &[("number", "C-1")]);
        let alone = Request::NewCase {
            fields: pairs(&[("number", "C-2")]),
            team: Vec::new(),
        };
        let Reply::Created { case: hers } = team.ask(ANA, alone) else {
            panic!("no case");
        };
        let mut begin = |kind: &str, values: &[(&str, &str)]| {
            saved(team.ask(ANA, put(&case, kind, None, values))).0
        };
        let task = begin("task", &[("title", "Call")]);
        let flag = begin("flag", &[("kind", "weapon"), ("evidence", "seen")]);
        let staff = team.id(ANA);
        let visit = [
            ("title", "Visit"),
            ("start", "2"),
            ("end", "3"),
            ("staff", &staff),
        ];
        let (appointment, _) = saved(team.ask(ANA, put(&case, "appointment", None, &visit)));
        let mut write = |note: NewNoteView| {
            let case = case.clone();
            saved(team.ask(ANA, Request::AddNote { case, note })).0
        };
        let draft = write(soap(&[("plan", "p")]));
        let sign = |cosign| NewNoteView {
            sign: true,
            cosign,
            ..soap(&WHOLE)
        };
        let (signed, pending, struck) = (write(sign(false)), write(sign(true)), write(sign(false)));
        let strike = Request::StrikeNote {
            case: case.clone(),
            note: struck.clone(),
            reason: "wrong case".into(),
        };
        saved(team.ask(ANA, strike));
        let called = put(&case, "task", Some(&task), &[("remarks", "no answer")]);
        let stale = saved(team.ask(ANA, called)).1.unwrap();
        team.sync(NAMES.len());
        let remarks = put(&case, "task", Some(&task), &[("remarks", "answered")]);
        team.ask(BEN, remarks);
        team.ask(
            ANA,
            put(&case, "flag", Some(&flag), &[("state", "cleared")]),
        );
        team.ask(
            BEN,
            put(&case, "flag", Some(&flag), &[("evidence", "again")]),
        );
        team.sync(NAMES.len());
        let finding = team.findings(&case)[0].id.clone();
        let accepted = handed_over(&mut team, &case);
        Self {
            team,
            case,
            hers,
            task,
            flag,
            appointment,
            draft,
            signed,
            pending,
            struck,
            finding,
            stale,
            accepted,
        }
    }

    pub fn seen(&mut self, note: &str) -> String {
        let case = self.case.clone();
        self.team.seen(ANA, &case, note)
    }
}

/// Ana hands a case over to Ben, who takes it.
fn handed_over(team: &mut Team, case: &str) -> String {
    let offer = Request::HandOver {
        case: case.into(),
        to: team.id(BEN),
        reason: "leave".into(),
    };
    assert_eq!(team.ask(ANA, offer), Reply::Done);
    team.sync(NAMES.len());
    let hand_over = team.view(BEN, case).hand_overs[0].id.clone();
    let accept = Request::AnswerHandOver {
        case: case.into(),
        hand_over: hand_over.clone(),
        step: HandOverStep::Accept,
        reason: String::new(),
    };
    assert_eq!(team.ask(BEN, accept), Reply::Done);
    team.sync(NAMES.len());
    hand_over
}
