//! A note that its author signs while a colleague goes on writing it: the addendum is the
//! colleague's, can be found at once, and is gone when the settlement is taken back.

use satchel_core::api::{Failure, NewNoteView, NoteView, Reply, Request};
use satchel_tests::team::{ANA, BEN, NAMES, Team};

fn sections(text: &str) -> Vec<(String, String)> {
    vec![("text".into(), text.into())]
}

/// The id of a draft of Ana's that all tablets have.
fn draft(team: &mut Team, case: &str, text: &str) -> String {
    let request = Request::AddNote {
        case: case.into(),
        note: NewNoteView {
            format: "narrative".into(),
            sections: sections(text),
            happened_at: None,
            addendum_to: None,
            sign: false,
            cosign: false,
        },
    };
    let Reply::Saved { id, .. } = team.ask(ANA, request) else {
        panic!("no note");
    };
    team.sync(NAMES.len());
    id
}

fn sign(team: &mut Team, place: usize, case: &str, note: &str) -> Request {
    Request::SignNote {
        seen: team.seen(place, case, note),
        case: case.into(),
        note: note.into(),
    }
}

fn edit(team: &mut Team, place: usize, case: &str, note: &str, text: &str) -> Request {
    Request::EditNote {
        seen: team.seen(place, case, note),
        case: case.into(),
        note: note.into(),
        sections: sections(text),
    }
}

fn addendum(team: &mut Team, place: usize, case: &str) -> NoteView {
    let notes = team.view(place, case).notes;
    let mut addenda = notes.into_iter().filter(|note| note.addendum_to.is_some());
    addenda.next().expect("an addendum")
}

/// How many cases a search finds on a tablet.
fn found(team: &mut Team, place: usize, search: &str) -> usize {
    let (search, today) = (search.into(), String::new());
    match team.ask(place, Request::Caseload { search, today }) {
        Reply::Caseload { rows, .. } => rows.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_addendum_made_by_settling_is_its_authors_and_goes_with_the_settlement() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let note = draft(&mut team, &case, "Talked about rent.");
    let (signing, editing) = (
        sign(&mut team, ANA, &case, &note),
        edit(
            &mut team,
            BEN,
            &case,
            &note,
            "Talked about rent and heating.",
        ),
    );
    team.ask(ANA, signing);
    team.ask(BEN, editing);
    team.sync(NAMES.len());
    assert_eq!(found(&mut team, ANA, "heating"), 0);
    let finding = team.findings(&case).remove(0);
    let settling = Request::Settle {
        case: case.clone(),
        finding: finding.id.clone(),
        choice: "addendum".into(),
        reason: String::new(),
    };
    let Reply::Saved {
        undo: Some(token), ..
    } = team.ask(ANA, settling.clone())
    else {
        panic!("not settled");
    };
    assert_eq!(
        found(&mut team, ANA, "heating"),
        1,
        "at once, where it was made"
    );
    team.sync(NAMES.len());
    for (place, may) in [(ANA, (false, true)), (BEN, (true, true))] {
        let made = addendum(&mut team, place, &case);
        let by = made.made.expect("by whom");
        assert_eq!((made.author.as_str(), by.author.as_str()), ("Ben", "Ana"));
        assert!(made.at < by.at);
        assert_eq!((made.may_sign, made.may_strike), may, "{}", NAMES[place]);
    }
    assert_eq!(team.ask(ANA, Request::Undo { token }), Reply::Done);
    team.sync(NAMES.len());
    let gone = addendum(&mut team, BEN, &case);
    assert_eq!(
        gone.struck.expect("it is struck").value,
        "settlement_taken_back"
    );
    let open = team.findings(&case).remove(0);
    assert_eq!((open.sides, open.settled), (finding.sides, None));
    // Settled once more and signed, it is no longer anybody's to take back.
    let Reply::Saved {
        undo: Some(token), ..
    } = team.ask(ANA, settling)
    else {
        panic!("not settled");
    };
    team.sync(NAMES.len());
    let note = addendum(&mut team, BEN, &case).id;
    let signing = sign(&mut team, BEN, &case, &note);
    team.ask(BEN, signing);
    team.sync(NAMES.len());
    let failure = Failure::ChangedSince;
    assert_eq!(
        team.ask(ANA, Request::Undo { token }),
        Reply::Failed { failure }
    );
    assert_eq!(addendum(&mut team, ANA, &case).state, "signed");
}

#[test]
fn nobody_signs_or_changes_a_text_that_they_did_not_see() {
    let mut team = Team::new();
    let case = team.begin_case(ANA, &[("number", "C-1")]);
    let note = draft(&mut team, &case, "Talked about rent.");
    let looked_at = [
        sign(&mut team, ANA, &case, &note),
        edit(
            &mut team,
            ANA,
            &case,
            &note,
            "Talked about rent, came late.",
        ),
    ];
    let heating = edit(
        &mut team,
        BEN,
        &case,
        &note,
        "Talked about rent and heating.",
    );
    team.ask(BEN, heating);
    team.sync(NAMES.len());
    let before = team.view(ANA, &case);
    for request in looked_at {
        let failure = Failure::ChangedSince;
        assert_eq!(team.ask(ANA, request), Reply::Failed { failure });
        assert_eq!(team.view(ANA, &case), before);
    }
    // Having looked again, she signs what Ben made of it.
    let signing = sign(&mut team, ANA, &case, &note);
    team.ask(ANA, signing);
    team.sync(NAMES.len());
    let signed = team.view(BEN, &case).notes.remove(0);
    let says = ("signed", sections("Talked about rent and heating."));
    assert_eq!((signed.state.as_str(), signed.sections), says);
}
