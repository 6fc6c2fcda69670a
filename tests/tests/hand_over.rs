//! A case changes hands: offered, answered and finished on tablets that are out of reach of each other;
//! what somebody was let in for; and why late work was ruled in or out. Everybody reads the same.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use satchel_core::{
    api::{
        Failure, HandOverState, HandOverStep, HandOverView, Reply, Request, RoleName, RulingView,
        SharingView,
    },
    record::{self, Edit},
};
use satchel_tests::{
    team::{ANA, BEN, NAMES, PRIYA, ROSA, Team},
    wishes::{note, put},
};

const ALL: usize = NAMES.len();

fn offer(team: &mut Team, by: usize, case: &str, to: &str) {
    let request = Request::HandOver {
        case: case.into(),
        to: to.into(),
        reason: "on leave".into(),
    };
    assert_eq!(team.ask(by, request), Reply::Done);
}

fn answer(team: &mut Team, by: usize, case: &str, id: &str, step: HandOverStep) -> Reply {
    let request = Request::AnswerHandOver {
        case: case.into(),
        hand_over: id.into(),
        step,
        reason: "too far away".into(),
    };
    team.ask(by, request)
}

/// Where the next step is somebody's.
fn to_do(team: &mut Team, place: usize) -> Vec<HandOverView> {
    match team.ask(place, Request::Review) {
        Reply::Review { hand_overs, .. } => hand_overs,
        other => panic!("{other:?}"),
    }
}

fn is_gone(team: &mut Team, place: usize, case: &str) -> bool {
    let failure = Failure::NotFound;
    team.ask(place, Request::Case { case: case.into() }) == Reply::Failed { failure }
}

fn says(team: &mut Team, place: usize, case: &str, id: &str, key: &str) -> String {
    let records = team.view(place, case).records;
    let record = records.into_iter().find(|record| record.id == id).unwrap();
    let field = record.fields.into_iter().find(|field| field.key == key);
    field.map_or_else(String::new, |field| field.value)
}

/// A tablet's app writes what this one would not.
fn forge(team: &mut Team, place: usize, case: &str, edits: &[Edit]) {
    team.write_as_another_version(place, Some(case), |doc, now| record::apply(doc, now, edits));
}

fn saved(reply: Reply) -> String {
    match reply {
        Reply::Saved { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

/// Somebody new, a worker, who is in none of the cases; their place and their staff id.
fn joined(team: &mut Team, name: &str) -> (usize, String) {
    let invite = Request::Invite {
        name: name.into(),
        role: RoleName::Worker,
        share_cases: false,
    };
    let Reply::Invited { link, .. } = team.ask(PRIYA, invite) else {
        panic!("no invite")
    };
    team.sync_only(&[PRIYA]);
    let place = team.join(&link);
    team.sync_only(&[ROSA, PRIYA, ANA, BEN, place]);
    let Reply::Staff { staff, .. } = team.ask(PRIYA, Request::Staff) else {
        panic!("no staff")
    };
    let one = staff.into_iter().find(|one| one.name == name).unwrap();
    (place, one.staff)
}

#[test]
fn a_case_changes_hands_though_nobody_is_in_reach_of_anybody() {
    let mut team = Team::new();
    let case = team.begin_case_for(ANA, &[("number", "C-1")], &[]);
    let (ana, ben) = (team.id(ANA), team.id(BEN));
    let mine = [("staff", ana.as_str()), ("role", "primary")];
    saved(team.ask(ANA, put(&case, "assignment", None, &mine)));
    let open = [("title", "Call"), ("owner", ana.as_str())];
    let open = saved(team.ask(ANA, put(&case, "task", None, &open)));
    team.sync(ALL);
    offer(&mut team, ANA, &case, &ben);
    assert!(is_gone(&mut team, BEN, &case));
    let [offered] = team.view(ANA, &case).hand_overs.try_into().unwrap();
    assert!(offered.waits_for_entry && offered.from_me && !offered.from_stays);
    assert_eq!(offered.may, [HandOverStep::Cancel]);
    let before = team.view(ANA, &case);
    team.sync(ALL);
    assert!(is_gone(&mut team, BEN, &case), "a worker let somebody in");
    // One tap of one who leads.
    let [waiting] = to_do(&mut team, PRIYA).try_into().unwrap();
    assert_eq!((waiting.from.as_str(), waiting.to.as_str()), ("Ana", "Ben"));
    let id = waiting.id.as_str();
    let step = HandOverStep::LetIn;
    assert_eq!(waiting.may, [step, HandOverStep::Cancel]);
    assert_eq!(answer(&mut team, PRIYA, &case, id, step), Reply::Done);
    assert!(to_do(&mut team, PRIYA).is_empty());
    team.sync(ALL);
    let [asked] = to_do(&mut team, BEN).try_into().unwrap();
    assert!(asked.to_me && asked.reason == "on leave");
    // Ben takes it, and Ana writes on, neither knowing of the other.
    let step = HandOverStep::Accept;
    assert_eq!(answer(&mut team, BEN, &case, id, step), Reply::Done);
    saved(team.ask(ANA, note(&case, "the last visit")));
    assert!(to_do(&mut team, BEN).is_empty());
    team.sync_only(&[ROSA, PRIYA, BEN]);
    let [accepted] = to_do(&mut team, PRIYA).try_into().unwrap();
    assert_eq!(accepted.state, HandOverState::Accepted);
    assert_eq!(accepted.by, "Ben");
    let step = HandOverStep::Finish;
    assert_eq!(accepted.may, [step, HandOverStep::Cancel]);
    assert_eq!(answer(&mut team, PRIYA, &case, id, step), Reply::Done);
    assert!(to_do(&mut team, PRIYA).is_empty());
    // Ana's tablet has heard nothing of it and still has everything.
    assert_eq!(team.view(ANA, &case).records, before.records);
    team.sync(ALL);
    assert!(is_gone(&mut team, ANA, &case));
    for place in [ROSA, PRIYA, BEN] {
        let view = team.view(place, &case);
        let [done] = view.hand_overs.as_slice() else {
            panic!("{:?}", view.hand_overs)
        };
        assert_eq!(
            (done.state, done.by.as_str()),
            (HandOverState::Completed, "Priya")
        );
        assert!(done.may.is_empty());
        assert!(view.team.iter().all(|one| one.name != "Ana"));
        // What she wrote on the way is not lost: it waits for one who leads.
        assert_eq!(view.late.iter().map(|late| late.changes).sum::<u32>(), 1);
        assert_eq!(says(&mut team, place, &case, &open, "owner"), ben);
        let staff = view.records.iter().filter(|one| one.kind == "assignment");
        let shown: Vec<(String, String)> = staff
            .map(|one| {
                let value = |key: &str| {
                    let field = one.fields.iter().find(|field| field.key == key);
                    field.map_or_else(String::new, |field| field.value.clone())
                };
                (value("staff"), value("state"))
            })
            .collect();
        let expected = [
            (ana.clone(), "ended".into()),
            (ben.clone(), "active".into()),
        ];
        assert_eq!(shown, expected);
    }
}

#[test]
fn nobody_is_taken_off_for_somebody_who_is_not_in_the_case() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let ben = team.id(BEN);
    offer(&mut team, ANA, &case, &ben);
    team.sync(ALL);
    let [asked] = to_do(&mut team, BEN).try_into().unwrap();
    let accept = HandOverStep::Accept;
    assert_eq!(
        answer(&mut team, BEN, &case, &asked.id, accept),
        Reply::Done
    );
    team.sync(ALL);
    let take_out = Request::TakeOut {
        case: case.clone(),
        profile: team.member(BEN).profile.clone(),
    };
    assert_eq!(team.ask(PRIYA, take_out), Reply::Done);
    let (finish, let_in) = (HandOverStep::Finish, HandOverStep::LetIn);
    let failure = Failure::ChangedSince;
    let early = answer(&mut team, PRIYA, &case, &asked.id, finish);
    assert_eq!(early, Reply::Failed { failure });
    let [waiting] = to_do(&mut team, PRIYA).try_into().unwrap();
    assert!(waiting.waits_for_entry);
    assert_eq!(waiting.may, [let_in, HandOverStep::Cancel]);
    assert_eq!(
        answer(&mut team, PRIYA, &case, &asked.id, let_in),
        Reply::Done
    );
    assert_eq!(
        answer(&mut team, PRIYA, &case, &asked.id, finish),
        Reply::Done
    );
    team.sync(ALL);
    assert!(is_gone(&mut team, ANA, &case));
    assert!(!is_gone(&mut team, BEN, &case));
}

#[test]
fn whoever_declines_says_why_and_the_case_stays_where_it_is() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let ben = team.id(BEN);
    offer(&mut team, ANA, &case, &ben);
    team.sync(ALL);
    let [asked] = to_do(&mut team, BEN).try_into().unwrap();
    let silent = Request::AnswerHandOver {
        case: case.clone(),
        hand_over: asked.id.clone(),
        step: HandOverStep::Decline,
        reason: " ".into(),
    };
    let field = "reason".into();
    let failure = Failure::Empty { field };
    assert_eq!(team.ask(BEN, silent), Reply::Failed { failure });
    let step = HandOverStep::Decline;
    assert_eq!(answer(&mut team, BEN, &case, &asked.id, step), Reply::Done);
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA, BEN] {
        assert!(to_do(&mut team, place).is_empty());
        let [declined] = team.view(place, &case).hand_overs.try_into().unwrap();
        assert_eq!(declined.state, HandOverState::Declined);
        assert_eq!(
            (declined.by.as_str(), declined.declined_reason.as_str()),
            ("Ben", "too far away")
        );
    }
    assert!(team.view(ANA, &case).team.iter().any(|one| one.me));
    // She may ask again.
    offer(&mut team, ANA, &case, &ben);
    team.sync(ALL);
    assert_eq!(to_do(&mut team, BEN).len(), 1);
}

#[test]
fn of_two_who_take_a_case_apart_from_each_other_a_supervisor_picks() {
    let mut team = Team::new();
    let (cara, cara_staff) = joined(&mut team, "Cara");
    let everybody = [ROSA, PRIYA, ANA, BEN, cara];
    let case = team.begin_case_for(ANA, &[("number", "C-1")], &[BEN]);
    team.sync_only(&everybody);
    let ben = team.id(BEN);
    offer(&mut team, ANA, &case, &ben);
    team.sync_only(&everybody);
    let [asked] = to_do(&mut team, BEN).try_into().unwrap();
    let accept = HandOverStep::Accept;
    assert_eq!(
        answer(&mut team, BEN, &case, &asked.id, accept),
        Reply::Done
    );
    // Ana has heard nothing and asks somebody else, which takes back what she asked of Ben.
    offer(&mut team, ANA, &case, &cara_staff);
    team.sync_only(&[ROSA, PRIYA, ANA, cara]);
    let [waiting] = to_do(&mut team, PRIYA).try_into().unwrap();
    let step = HandOverStep::LetIn;
    assert_eq!(
        answer(&mut team, PRIYA, &case, &waiting.id, step),
        Reply::Done
    );
    team.sync_only(&[ROSA, PRIYA, ANA, cara]);
    assert_eq!(
        answer(&mut team, cara, &case, &waiting.id, accept),
        Reply::Done
    );
    team.sync_only(&everybody);
    let id = team.findings(&case)[0].id.clone();
    for place in everybody {
        let [found] = team.view(place, &case).findings.try_into().unwrap();
        assert_eq!(
            (found.rule.as_str(), found.id.as_str()),
            ("taken_over_twice", id.as_str())
        );
        let sides: Vec<(&str, &str)> = found
            .sides
            .iter()
            .map(|side| (side.author.as_str(), side.value.as_str()))
            .collect();
        assert_eq!(
            sides,
            [("Ben", "Ben"), ("Cara", "Cara")],
            "the first goes on"
        );
        let may = place == ROSA || place == PRIYA;
        assert_eq!(found.reserved_for.is_none(), may);
        // Nobody is taken off a case while it is open who is to have it.
        assert!(to_do(&mut team, place).is_empty());
    }
    let finish = HandOverStep::Finish;
    let failure = Failure::ChangedSince;
    let early = answer(&mut team, PRIYA, &case, &asked.id, finish);
    assert_eq!(early, Reply::Failed { failure });
    let settle = |choice: String| Request::Settle {
        case: case.clone(),
        finding: id.clone(),
        choice,
        reason: String::new(),
    };
    let choice = format!("side:{}", waiting.id);
    let failure = Failure::NotAllowed;
    let denied = team.ask(ANA, settle(choice.clone()));
    assert_eq!(denied, Reply::Failed { failure });
    let Reply::Saved {
        undo: Some(undo), ..
    } = team.ask(PRIYA, settle(choice.clone()))
    else {
        panic!("not settled")
    };
    // She takes that back, and then does it after all.
    let token = undo;
    assert_eq!(team.ask(PRIYA, Request::Undo { token }), Reply::Done);
    let [open] = team.view(PRIYA, &case).findings.try_into().unwrap();
    assert!(open.settled.is_none());
    saved(team.ask(PRIYA, settle(choice)));
    team.sync_only(&everybody);
    let [picked] = to_do(&mut team, PRIYA).try_into().unwrap();
    assert_eq!(picked.to, "Cara");
    let states = |team: &mut Team, place| {
        let views = team.view(place, &case).hand_overs;
        let states = views.into_iter().map(|one| (one.to, one.state));
        states.collect::<Vec<_>>()
    };
    for place in everybody {
        let expected = [
            ("Cara".to_owned(), HandOverState::Accepted),
            ("Ben".to_owned(), HandOverState::Cancelled),
        ];
        assert_eq!(states(&mut team, place), expected);
    }
    assert_eq!(
        answer(&mut team, PRIYA, &case, &picked.id, finish),
        Reply::Done
    );
    team.sync_only(&everybody);
    assert!(is_gone(&mut team, ANA, &case));
    assert_eq!(states(&mut team, BEN), states(&mut team, cara));
    assert!(team.view(BEN, &case).team.iter().any(|one| one.me));
}

#[test]
fn a_word_counts_only_from_whom_it_says() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let (ana, ben) = (team.id(ANA), team.id(BEN));
    let edit = |id: &str, key: &str, value: &str| Edit {
        kind: "transfer".into(),
        id: id.into(),
        key: key.into(),
        value: value.into(),
    };
    // Ben's tablet says that Ana hands the case over to him, and that he accepts.
    let forged = [
        edit("f", "from", &ana),
        edit("f", "to", &ben),
        edit("f", "reason", "on leave"),
        edit("f", "state", "accepted"),
    ];
    forge(&mut team, BEN, &case, &forged);
    // Ana asks Ben, and her own tablet says that he accepts.
    offer(&mut team, ANA, &case, &ben);
    let [real] = team.view(ANA, &case).hand_overs.try_into().unwrap();
    forge(
        &mut team,
        ANA,
        &case,
        &[edit(&real.id, "state", "accepted")],
    );
    // And Ben's that it is all done.
    team.sync(ALL);
    forge(
        &mut team,
        BEN,
        &case,
        &[edit(&real.id, "state", "completed")],
    );
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA, BEN] {
        let [shown] = team.view(place, &case).hand_overs.try_into().unwrap();
        assert_eq!(
            (shown.id.as_str(), shown.state),
            (real.id.as_str(), HandOverState::Offered)
        );
        assert_eq!(to_do(&mut team, place).len(), usize::from(place == BEN));
    }
}

#[test]
fn what_somebody_was_let_in_for_stands_beside_them_on_every_tablet() {
    let mut team = Team::new();
    let case = team.begin_case_for(ANA, &[("number", "C-1")], &[]);
    team.sync(ALL);
    let profile = team.member(BEN).profile.clone();
    let share = |purpose: &str| Request::Share {
        case: case.clone(),
        profile: profile.clone(),
        purpose: purpose.into(),
    };
    let shown = |team: &mut Team, place: usize| -> Option<SharingView> {
        let view = team.view(place, &case);
        let ben = view.team.into_iter().find(|one| one.name == "Ben");
        ben.unwrap().sharing
    };
    assert_eq!(team.ask(PRIYA, share(" housing application ")), Reply::Done);
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA, BEN] {
        let sharing = shown(&mut team, place).unwrap();
        assert_eq!(
            (sharing.purpose.as_str(), sharing.by.as_str()),
            ("housing application", "Priya")
        );
        assert!(team.view(place, &case).findings.is_empty());
    }
    let take_out = Request::TakeOut {
        case: case.clone(),
        profile: profile.clone(),
    };
    assert_eq!(team.ask(PRIYA, take_out), Reply::Done);
    team.sync(ALL);
    assert_eq!(team.ask(ROSA, share("")), Reply::Done);
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA, BEN] {
        assert_eq!(shown(&mut team, place), None, "for what he is in no more");
    }
}

#[test]
fn why_late_work_was_left_out_is_read_by_all_who_read_the_case_and_by_no_relay() {
    let reason = "visited after the case was closed to him";
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    team.sync(ALL);
    let profile = team.member(BEN).profile.clone();
    let take_out = Request::TakeOut {
        case: case.clone(),
        profile: profile.clone(),
    };
    assert_eq!(team.ask(PRIYA, take_out), Reply::Done);
    for text in ["late", "later"] {
        saved(team.ask(BEN, note(&case, text)));
    }
    team.sync(ALL);
    let rule = |reason: &str| Request::Rule {
        case: case.clone(),
        profile: profile.clone(),
        stands: false,
        reason: reason.into(),
    };
    let field = "reason".into();
    let failure = Failure::Empty { field };
    assert_eq!(team.ask(PRIYA, rule("")), Reply::Failed { failure });
    assert_eq!(team.ask(PRIYA, rule(reason)), Reply::Done);
    team.sync(ALL);
    for place in [ROSA, PRIYA, ANA] {
        let [ruling] = team.view(place, &case).rulings.try_into().unwrap();
        let RulingView {
            whose,
            changes,
            stands,
            reason: why,
            by,
            at: _,
        } = ruling;
        assert_eq!((whose.as_str(), changes, stands), ("Ben", 2, false));
        assert_eq!((why.as_str(), by.as_str()), (reason, "Priya"));
        // What a tablet stores is what it sends, and what the relay keeps.
        let hidden = |bytes: &[u8]| {
            !bytes
                .windows(reason.len())
                .any(|part| part == reason.as_bytes())
        };
        assert!(team.disk(place).entries().all(|(_, value)| hidden(value)));
    }
}
