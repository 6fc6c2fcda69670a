//! Who may do what, all of it: every asker against every frame, every route and everything that can
//! be pushed, to streams of every kind. What is allowed stands in [`ALLOWED`] and [`READS`]; all else
//! has to be refused, and what is not there looks to the byte like what is not open. A new frame,
//! statement, kind or route does not pass here without a row.

mod cast;
mod returning;

use std::collections::BTreeSet;

use satchel_wire::{
    ClientFrame, Cursor, Cursors, Envelope, Item, Kind, Outcome, Refusal, RelayFrame, Scope,
    Statement, StreamId,
};

use crate::process::Process;
use cast::{Cast, Stand};

/// An enum with a list of all its variants.
macro_rules! every {
    ($(#[$doc:meta])* enum $name:ident { $($variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }
    };
}

every! {
    /// Who asks. `Off` and `SupervisorOff` are of the agency and not on the case.
    enum Asker {
        Nobody, Foreign, Invite, Void, Worker, Off, Supervisor, SupervisorOff, Admin, Auditor,
        RevokedWorker, RevokedSupervisor, Locked,
    }
}

every! {
    /// Where. `Others` is a case of the agency with one supervisor in it who asks for nothing here;
    /// `Audited` takes the access log.
    enum Place { Log, Directory, Own, Audited, Others, Unknown, Elsewhere }
}

every! {
    /// What is pushed. `Courier` is a colleague's work; `Begin` a case of one's own, `Epoch` a
    /// beginning in a place that is somebody else's.
    enum Thing {
        Change, Register, Access, Courier, Grant, GrantOut, Found, CertifyAuditor, CertifyWorker,
        CertifySupervisor, CertifyAdmin, InviteAuditor, InviteWorker, InviteSupervisor, InviteAdmin,
        Claim, RevokeAuditor, RevokeWorker, RevokeSupervisor, RevokeAdmin, RevokeInvite, Begin,
        Epoch, Admit, AdmitLead, Rotate, RotateOutAuditor, RotateOutWorker, RotateOutSupervisor,
        RotateOutAdmin, Rule, Audit,
    }
}

use Asker::{
    Admin, Auditor, Invite, Locked, Off, RevokedSupervisor, RevokedWorker, Supervisor,
    SupervisorOff, Void, Worker,
};
use Place::{Audited, Directory, Log, Own, Unknown};
use Thing::{
    Access, Admit, AdmitLead, Audit, Begin, CertifyAdmin, CertifyAuditor, CertifySupervisor,
    CertifyWorker, Change, Claim, Courier, Grant, InviteAdmin, InviteAuditor, InviteSupervisor,
    InviteWorker, Register, RevokeAdmin, RevokeAuditor, RevokeInvite, RevokeSupervisor,
    RevokeWorker, Rotate, RotateOutAdmin, RotateOutAuditor, RotateOutSupervisor, RotateOutWorker,
    Rule,
};

/// Everything that is taken, and nothing else.
const ALLOWED: &[(&[Asker], &[Place], &[Thing])] = &[
    // The agency's log.
    (&[Invite], &[Log], &[Claim]),
    (
        &[Supervisor, SupervisorOff],
        &[Log],
        &[CertifyWorker, InviteWorker, RevokeWorker, RevokeInvite],
    ),
    (
        &[Admin],
        &[Log],
        &[
            CertifyAuditor,
            CertifyWorker,
            CertifySupervisor,
            CertifyAdmin,
            InviteAuditor,
            InviteWorker,
            InviteSupervisor,
            InviteAdmin,
            RevokeAuditor,
            RevokeWorker,
            RevokeSupervisor,
            RevokeAdmin,
            RevokeInvite,
        ],
    ),
    (&[Supervisor, SupervisorOff, Admin], &[Log], &[Audit]),
    // Streams that one is in.
    (
        &[Worker, Supervisor, Admin],
        &[Directory, Own],
        &[Change, Register, Grant, AdmitLead, Rotate],
    ),
    (
        &[Off, SupervisorOff],
        &[Directory],
        &[Change, Register, Grant, AdmitLead, Rotate],
    ),
    (
        &[Supervisor, Admin],
        &[Directory, Own],
        &[Admit, RotateOutWorker, Rule],
    ),
    (
        &[SupervisorOff],
        &[Directory],
        &[Admit, RotateOutWorker, Rule],
    ),
    (
        &[Admin],
        &[Directory, Own],
        &[RotateOutAuditor, RotateOutSupervisor, RotateOutAdmin],
    ),
    (&[Auditor], &[Directory, Own], &[Register]),
    // The access log takes entries of everybody; the rest is for its readers, as in any stream.
    (
        &[
            Worker,
            Off,
            Supervisor,
            SupervisorOff,
            Admin,
            Auditor,
            RevokedWorker,
            RevokedSupervisor,
            Void,
        ],
        &[Audited],
        &[Access],
    ),
    (
        &[Supervisor, Admin],
        &[Audited],
        &[
            Change,
            Register,
            AdmitLead,
            Rotate,
            Admit,
            RotateOutWorker,
            Rule,
        ],
    ),
    (
        &[Admin],
        &[Audited],
        &[RotateOutAuditor, RotateOutSupervisor, RotateOutAdmin],
    ),
    (&[Auditor], &[Audited], &[Register]),
    // Work that was done before: members judge it. `docs/adr/0005` tells what such a removal does.
    (
        &[RevokedWorker, RevokedSupervisor],
        &[Directory, Own],
        &[Change, Rotate],
    ),
    (&[RevokedSupervisor], &[Directory, Own], &[RotateOutWorker]),
    // A locked tablet delivers what it made while it was open; grants are signed by nobody.
    (&[Locked], &[Directory, Own], &[Grant]),
    // Who waits to be told from another delivers work, and says nothing about anybody.
    (&[Void], &[Directory, Own], &[Change]),
    // Whoever brings it.
    (
        &[
            Worker,
            Off,
            Supervisor,
            SupervisorOff,
            Admin,
            Auditor,
            Locked,
        ],
        &[Own],
        &[Courier],
    ),
    (
        &[
            Worker,
            Off,
            Supervisor,
            SupervisorOff,
            Admin,
            RevokedWorker,
            RevokedSupervisor,
            Void,
        ],
        &[Unknown],
        &[Begin],
    ),
];

/// Who is let in at all, and what each may read.
const READS: &[(Asker, &[Place])] = &[
    (Worker, &[Log, Directory, Own]),
    (Off, &[Log, Directory]),
    (Supervisor, &[Log, Directory, Own, Audited]),
    (SupervisorOff, &[Log, Directory]),
    (Admin, &[Log, Directory, Own, Audited]),
    (Auditor, &[Log, Directory, Own, Audited]),
    (RevokedWorker, &[Log]),
    (RevokedSupervisor, &[Log]),
    (Locked, &[Log, Directory, Own]),
    (Void, &[Log]),
];

/// The rows of a statement. A new one has to be named here, and to be pushed by [`Cast::item`].
fn things_of(statement: &Statement) -> &'static [Thing] {
    match statement {
        Statement::Found { .. } => &[Thing::Found],
        Statement::Certify(_) => &[
            CertifyAuditor,
            CertifyWorker,
            CertifySupervisor,
            CertifyAdmin,
        ],
        Statement::Invite(_) => &[InviteAuditor, InviteWorker, InviteSupervisor, InviteAdmin],
        Statement::Claim(_) => &[Claim],
        Statement::Epoch { .. } => &[Begin, Thing::Epoch],
        Statement::Admit { .. } => &[Admit, AdmitLead],
        Statement::Revoke { .. } => &[
            RevokeAuditor,
            RevokeWorker,
            RevokeSupervisor,
            RevokeAdmin,
            RevokeInvite,
        ],
        Statement::Rotate { .. } => &[
            Rotate,
            RotateOutAuditor,
            RotateOutWorker,
            RotateOutSupervisor,
            RotateOutAdmin,
        ],
        Statement::Rule { .. } => &[Rule],
        Statement::Audit { .. } => &[Audit],
    }
}

/// The rows of anything that can be pushed.
fn rows_of(item: &Item) -> &'static [Thing] {
    match item {
        Item::Grant(_) => &[Grant, Thing::GrantOut],
        Item::Envelope(bytes) => {
            let envelope = Envelope::decode(bytes).and_then(Envelope::verify).unwrap();
            match envelope.header().kind {
                Kind::Change => &[Change, Courier],
                Kind::Register => &[Register],
                Kind::Access => &[Access],
                Kind::Control => things_of(&Statement::from_envelope(&envelope).unwrap()),
            }
        }
    }
}

fn is_allowed(asker: Asker, place: Place, thing: Thing) -> bool {
    ALLOWED.iter().any(|(askers, places, things)| {
        askers.contains(&asker) && places.contains(&place) && things.contains(&thing)
    })
}

/// Whether a push makes sense to try: `Begin` names its own stream, and who cannot sign in is no
/// courier.
fn is_tried(asker: Asker, place: Place, thing: Thing) -> bool {
    match thing {
        Begin => place == Unknown,
        // These are the bringer's alone: nobody has signed them.
        Courier | Grant | Thing::GrantOut => !matches!(asker, Asker::Nobody | Invite | Void),
        _ => true,
    }
}

#[test]
fn nothing_is_taken_that_the_table_does_not_allow() {
    let mut cast = Cast::new();
    let (mut tried, mut allowed, mut wrong) = (0, 0, Vec::new());
    let mut covered: BTreeSet<Thing> = BTreeSet::new();
    for &asker in Asker::ALL {
        for &thing in Thing::ALL {
            let mut unknown: Option<Vec<u8>> = None;
            for &place in Place::ALL {
                if !is_tried(asker, place, thing) {
                    continue;
                }
                tried += 1;
                let item = cast.item(asker, place, thing);
                assert!(
                    rows_of(&item).contains(&thing),
                    "{thing:?} pushes another thing"
                );
                covered.extend(rows_of(&item));
                let outcome = cast.push(asker, item);
                let taken = !matches!(outcome, Outcome::Refused(_));
                let expected = is_allowed(asker, place, thing);
                if taken != expected {
                    wrong.push(format!("{asker:?} {thing:?} in {place:?}: {outcome:?}"));
                }
                allowed += usize::from(taken);
                if taken {
                    cast = Cast::new();
                } else if matches!(place, Place::Others | Unknown | Place::Elsewhere)
                    && (asker, place) != (Asker::Foreign, Place::Elsewhere)
                {
                    // Not open, not there, and another agency's: to the byte the same.
                    let answer = RelayFrame::Pushed {
                        id: 0,
                        outcomes: vec![outcome.clone()],
                    }
                    .encode();
                    let first = unknown.get_or_insert_with(|| answer.clone());
                    if *first != answer {
                        wrong.push(format!(
                            "{asker:?} is told of {place:?}: {thing:?} {outcome:?}"
                        ));
                    }
                }
            }
        }
        if !cast.is_as_it_was() {
            wrong.push(format!("something that {asker:?} was refused was kept"));
        }
    }
    println!(
        "{tried} pushes tried, {allowed} taken, {} unexpected",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(covered.len(), Thing::ALL.len(), "a row is never pushed");
}

#[test]
fn everybody_reads_what_the_table_says_and_hears_of_nothing_else() {
    for &asker in Asker::ALL {
        let mut cast = Cast::new();
        let expected = READS.iter().find(|(who, _)| *who == asker);
        let stand = cast.stand(asker);
        let (Stand::In(session), Some((_, expected))) = (stand, expected) else {
            let in_other = asker == Asker::Foreign;
            assert!(
                expected.is_none() && (in_other || stand == Stand::Out),
                "{asker:?}"
            );
            continue;
        };
        let frames = cast.world.pull(session, Scope::All(Cursors::default()));
        let mut seen: BTreeSet<StreamId> = BTreeSet::new();
        for frame in &frames {
            match frame {
                RelayFrame::Items {
                    runs,
                    grants,
                    closed,
                    ..
                } => {
                    seen.extend(runs.iter().map(|run| run.stream));
                    seen.extend(grants.iter().map(|(_, grant)| grant.stream));
                    assert!(closed.is_empty(), "{asker:?}");
                }
                other => assert!(matches!(other, RelayFrame::Checkpoint { .. }), "{other:?}"),
            }
        }
        let places = expected.iter().map(|place| cast.place(*place).0);
        assert_eq!(seen, places.collect(), "{asker:?}");

        // Asked for by name, at its beginning and with a made-up place.
        let made_up = Cursor {
            seq: 1,
            h: [1; 32],
            registers: 0,
        };
        for (cursor, is_heard) in [(Cursor::default(), true), (made_up, false)] {
            let mut answers = BTreeSet::new();
            for &place in Place::ALL.iter().filter(|place| !expected.contains(place)) {
                let (stream, _) = cast.place(place);
                if place == Own && matches!(asker, RevokedWorker | RevokedSupervisor) {
                    // They were in it: they are shown the statements that put them out.
                    continue;
                }
                if place == Directory {
                    continue;
                }
                let mut fresh = Cast::new();
                let Stand::In(session) = fresh.stand(asker) else {
                    panic!("{asker:?}")
                };
                let streams = [(stream, cursor)].into();
                let answer = fresh
                    .world
                    .pull(session, Scope::Only(Cursors { streams, grants: 0 }));
                let refused = matches!(
                    answer[..],
                    [RelayFrame::Refused {
                        refusal: Refusal::Behind
                    }]
                );
                // Who waits to be told from another is left with what they have, whatever it is.
                let expected = !is_heard && asker != Void;
                assert_eq!(refused, expected, "{asker:?} {place:?}: {answer:?}");
                let bytes: Vec<u8> = answer.iter().flat_map(RelayFrame::encode).collect();
                answers.insert(bytes);
            }
            assert!(answers.len() <= 1, "{asker:?} tells unknown from not open");
        }
    }
}

#[test]
fn all_that_there_is_goes_to_whom_the_root_certified_alone() {
    for &asker in Asker::ALL {
        let mut cast = Cast::new();
        let Stand::In(session) = cast.stand(asker) else {
            continue;
        };
        let answer = cast
            .world
            .pull(session, Scope::Recovery(Cursors::default()));
        if asker != Admin {
            let refused = RelayFrame::Refused {
                refusal: Refusal::Unauthorised,
            };
            assert!(answer == [refused], "{asker:?} is given something");
            continue;
        }
        let mut seen: BTreeSet<StreamId> = BTreeSet::new();
        for frame in &answer {
            if let RelayFrame::Items { runs, .. } = frame {
                seen.extend(runs.iter().map(|run| run.stream));
            }
        }
        let ours = [Log, Directory, Own, Audited, Place::Others];
        assert_eq!(seen, ours.map(|place| cast.place(place).0).into());
    }
}

/// How far a conversation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Fresh,
    Ready,
}

/// Every frame, with its number. A new one has to get a column below.
fn number_of(frame: &ClientFrame) -> usize {
    match frame {
        ClientFrame::Enroll { .. } => 0,
        ClientFrame::Hello { .. } => 1,
        ClientFrame::Pull { .. } => 2,
        ClientFrame::Push { .. } => 3,
        ClientFrame::Witness { .. } => 4,
        ClientFrame::Compare { .. } => 5,
        ClientFrame::HandBack { .. } => 6,
    }
}

#[test]
fn every_frame_has_its_turn_and_no_other() {
    const FRAMES: usize = 7;
    // Enroll and Hello; Pull, Push, Witness, Compare and HandBack.
    const TURNS: [(Stage, &[usize]); 2] =
        [(Stage::Fresh, &[0, 1]), (Stage::Ready, &[2, 3, 4, 5, 6])];
    for (stage, turns) in TURNS {
        for number in 0..FRAMES {
            let has_turn = turns.contains(&number);
            for &asker in Asker::ALL {
                let mut cast = Cast::new();
                let Some((session, frames)) = cast.frames_at(asker, stage == Stage::Ready) else {
                    continue;
                };
                let frame = frames
                    .into_iter()
                    .find(|one| number_of(one) == number)
                    .unwrap();
                let answer = cast.world.ask(session, &frame);
                let out_of_turn = RelayFrame::Refused {
                    refusal: Refusal::OutOfTurn,
                };
                let refused = answer == [out_of_turn];
                assert_eq!(
                    refused, !has_turn,
                    "{asker:?} {stage:?} {frame:?}: {answer:?}"
                );
                assert!(!refused || cast.world.is_closed(session));
                // Who cannot sign in gets nothing kept or read, whatever the frame.
                let given = answer
                    .iter()
                    .any(|frame| matches!(frame, RelayFrame::Welcome | RelayFrame::Items { .. }));
                let known = READS.iter().any(|(who, _)| *who == asker);
                assert!(!given || known, "{asker:?} {stage:?} is given something");
            }
        }
    }
}

#[test]
fn every_route_answers_nobody_more_than_it_should() {
    const ROUTES: &str = include_str!("../../src/host/routes.rs");
    const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];
    let rows: [(&str, &[&str]); 4] = [
        ("/health", &["200"]),
        ("/metrics", &["200"]),
        // Without an upgrade; with one it is every frame above.
        ("/sync", &["400", "426"]),
        // Nothing is read there; what is said on a line is every frame above.
        ("/line", &["405"]),
    ];
    assert_eq!(
        ROUTES.matches(".route(").count(),
        rows.len(),
        "a route has no row"
    );
    let dir = tempfile::tempdir().unwrap();
    let mut process = Process::start(&dir.path().join("satchel.db"), true);
    for (path, statuses) in rows {
        assert!(ROUTES.contains(&format!(".route(\"{path}\"")), "{path}");
        for method in METHODS {
            let response = process.request(method, path);
            let status = response.split(' ').nth(1).unwrap();
            let reads = matches!(method, "GET" | "HEAD");
            let opens = (method, path) == ("POST", "/line");
            let fits = match (reads, opens) {
                (true, _) => statuses.contains(&status),
                (false, true) => status == "200",
                (false, false) => status == "405",
            };
            assert!(fits, "{method} {path}: {response}");
        }
    }
    for method in &METHODS[2..] {
        for path in ["/", "/index.html", "/nothing/here", "/health/../sync", "//"] {
            let response = process.request(method, path);
            let status = response.split(' ').nth(1).unwrap();
            assert!(
                matches!(status, "404" | "405"),
                "{method} {path}: {response}"
            );
        }
    }
    assert!(process.terminate().success());
}
