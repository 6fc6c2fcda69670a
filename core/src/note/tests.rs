//! Notes from their draft to their last signature, by one person and by two apart.

use automerge::{ActorId, ObjType, ROOT, transaction::Transactable as _};

use super::*;
use crate::{api::Failure, case};

const NOW: Millis = Millis(1_000);

fn actor(n: u8) -> ActorId {
    ActorId::from(vec![n; 32])
}

/// A document on a device, and what it has written.
struct Side {
    doc: Doc,
    actor: ActorId,
    sent: Vec<Vec<u8>>,
}

impl Side {
    fn new(n: u8) -> Self {
        Self {
            doc: Doc::new(actor(n)),
            actor: actor(n),
            sent: Vec::new(),
        }
    }

    fn did(&mut self, change: Result<Option<Vec<u8>>, Failure>) {
        self.sent.push(change.unwrap().unwrap());
    }

    /// Takes over what the other has written from its `from`th change on.
    fn hear(&mut self, other: &Side, from: usize) {
        for (index, change) in other.sent.iter().enumerate().skip(from) {
            let n = index as u64 + 1;
            self.doc
                .apply(
                    vec![serde_bytes::ByteBuf::from(change.clone())],
                    &other.actor,
                    n,
                )
                .unwrap();
        }
    }

    fn add(&mut self, now: u64, note: NewNote) {
        let added = add(&mut self.doc, Millis(now), &[note]);
        self.did(added);
    }

    fn edit(&mut self, now: u64, texts: &[(&str, &str)]) {
        let edited = edit(&mut self.doc, Millis(now), "n", &pairs(texts));
        self.did(edited);
    }

    fn sign(&mut self, now: u64) {
        let by = |origin: &Origin| origin.actor == actor(1) || origin.actor == self.actor;
        let signed = sign(
            &mut self.doc,
            Millis(now),
            "n",
            By {
                mine: &by,
                leads: false,
            },
        );
        self.did(signed);
    }

    fn note(&self) -> Note {
        find(&self.doc, "n").unwrap()
    }

    fn texts(&self) -> Vec<(String, String)> {
        let sections = self.note().sections;
        let texts = sections
            .iter()
            .map(|s| (s.key.clone(), s.text().to_owned()));
        texts.collect()
    }

    fn pending(&self) -> Vec<(String, String)> {
        let pending = pending_edit(&self.doc, &self.note()).into_iter();
        pending.map(|(key, held)| (key, held.text)).collect()
    }
}

fn pairs(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, text): &(&str, &str)| ((*key).to_owned(), (*text).to_owned());
    texts.iter().map(owned).collect()
}

fn new(format: &str, texts: &[(&str, &str)]) -> NewNote {
    NewNote {
        id: "n".into(),
        format: format.into(),
        sections: pairs(texts),
        ..NewNote::default()
    }
}

fn dap() -> NewNote {
    new("dap", &[("data", "d"), ("assessment", "a"), ("plan", "p")])
}

/// Two devices with the same case; the first of them has written a note.
fn two(note: NewNote) -> (Side, Side) {
    let (mut a, mut b) = (Side::new(1), Side::new(2));
    let begun = case::begin(&mut a.doc, Millis(1), &[], &[]);
    a.did(begun.map(Some).map_err(|_| Failure::Damaged));
    a.add(2, note);
    b.hear(&a, 0);
    (a, b)
}

fn me(n: u8) -> impl Fn(&Origin) -> bool {
    move |origin| origin.actor == actor(n)
}

fn refused(from: &str, to: &str, allowed: &[&str]) -> Failure {
    Failure::BadTransition {
        from: from.into(),
        to: to.into(),
        allowed: allowed.iter().map(|state| (*state).to_owned()).collect(),
    }
}

fn bad(field: &str, expected: &str) -> Failure {
    Failure::BadValue {
        field: field.into(),
        expected: expected.into(),
    }
}

fn empty(field: &str) -> Failure {
    Failure::Empty {
        field: field.into(),
    }
}

#[test]
fn a_new_note_that_cannot_be_is_refused_by_name() {
    let check = |change: &dyn Fn(&mut NewNote), expected: Result<(), Failure>| {
        let mut note = dap();
        change(&mut note);
        assert_eq!(check_new(&note, NOW, |id| id == "signed"), expected);
    };
    check(&|_| {}, Ok(()));
    check(&|note| note.sign = true, Ok(()));
    check(
        &|note| note.format = "poem".into(),
        Err(bad("format", "narrative, soap, dap, birp, girp")),
    );
    check(
        &|note| note.sections.push(("mood".into(), "x".into())),
        Err(Failure::UnknownField {
            field: "mood".into(),
        }),
    );
    check(
        &|note| note.sections.push(("plan".into(), "x".into())),
        Err(bad("plan", "one text")),
    );
    check(
        &|note| note.sections = pairs(&[("plan", " \n")]),
        Err(empty("note")),
    );
    check(&|note| note.sections.truncate(1), Ok(()));
    let two_of_three = |note: &mut NewNote| {
        note.sections.truncate(2);
        note.sign = true;
    };
    check(&two_of_three, Err(empty("plan")));
    let long = |len: usize| move |note: &mut NewNote| note.sections[0].1 = "x".repeat(len);
    check(&long(LEN_MAX - 2), Ok(()));
    check(
        &long(LEN_MAX - 1),
        Err(Failure::TooLong {
            field: "note".into(),
            max: LEN_MAX as u32,
        }),
    );
    check(&|note| note.happened_at = Some(NOW), Ok(()));
    check(
        &|note| note.happened_at = Some(Millis(NOW.0 + 1)),
        Err(bad("happened_at", "a time that is past")),
    );
    check(&|note| note.addendum_to = Some("signed".into()), Ok(()));
    check(
        &|note| note.addendum_to = Some("draft".into()),
        Err(bad("addendum_to", "a signed note of this case")),
    );
}

#[test]
fn every_format_can_be_signed_with_all_its_sections_and_not_without_one() {
    for format in FORMATS {
        let all: Vec<_> = format.sections.iter().map(|s| (s.key, "x")).collect();
        let mut note = new(format.code, &all);
        note.sign = true;
        assert_eq!(check_new(&note, NOW, |_| false), Ok(()));
        let last = note.sections.pop().unwrap().0;
        let missing = if all.len() == 1 { "note" } else { &last };
        assert_eq!(check_new(&note, NOW, |_| false), Err(empty(missing)));
    }
}

#[test]
fn a_draft_is_edited_by_a_colleague_and_signed_by_its_author_alone() {
    let (mut a, mut b) = two(new("dap", &[("data", "d")]));
    assert_eq!(a.note().state(), State::Draft);
    b.edit(3, &[("assessment", "of b")]);
    a.hear(&b, 0);
    let by = By {
        mine: &me(2),
        leads: true,
    };
    assert_eq!(sign(&mut b.doc, NOW, "n", by), Err(Failure::NotAllowed));
    let by = By {
        mine: &me(1),
        leads: false,
    };
    assert_eq!(sign(&mut a.doc, NOW, "n", by), Err(empty("plan")));
    a.edit(4, &[("plan", "p")]);
    a.sign(5);
    b.hear(&a, 2);
    for side in [&a, &b] {
        let note = side.note();
        assert_eq!(note.state().code(), "signed");
        let all = pairs(&[("data", "d"), ("assessment", "of b"), ("plan", "p")]);
        assert_eq!(side.texts(), all);
        assert_eq!(note.signatures.len(), 1);
        assert_eq!((note.signatures[0].at, side.pending()), (Millis(5), vec![]));
    }
    let edited = edit(&mut b.doc, NOW, "n", &pairs(&[("plan", "no")]));
    assert_eq!(edited, Err(refused("signed", "draft", &[])));
    assert_eq!(
        sign(&mut a.doc, NOW, "n", by),
        Err(refused("signed", "signed", &[]))
    );
}

#[test]
fn edits_that_cannot_be_are_refused_and_change_nothing() {
    let (mut a, _) = two(dap());
    let before = a.doc.save();
    let mut check = |id: &str, texts: &[(&str, &str)], expected: Failure| {
        let edited = edit(&mut a.doc, NOW, id, &pairs(texts));
        assert_eq!(edited, Err(expected));
    };
    check("other", &[("plan", "x")], Failure::NotFound);
    let unknown = Failure::UnknownField {
        field: "goal".into(),
    };
    check("n", &[("goal", "x")], unknown);
    check(
        "n",
        &[("plan", "x"), ("plan", "y")],
        bad("plan", "one text"),
    );
    check(
        "n",
        &[("data", ""), ("assessment", ""), ("plan", " ")],
        empty("note"),
    );
    let long = "x".repeat(LEN_MAX - 1);
    let too_long = Failure::TooLong {
        field: "note".into(),
        max: LEN_MAX as u32,
    };
    check("n", &[("plan", &long)], too_long);
    assert_eq!(
        edit(&mut a.doc, NOW, "n", &pairs(&[("plan", "p")])),
        Ok(None)
    );
    assert_eq!(a.doc.save(), before);
}

#[test]
fn a_note_signed_at_once_holds_its_text_once() {
    let (a, _) = two(NewNote {
        sign: true,
        ..dap()
    });
    let note = a.note();
    assert_eq!(note.state(), State::Signed);
    assert!(
        note.sections
            .iter()
            .all(|s| s.draft.is_empty() && s.signed.len() == 1)
    );
    assert_eq!(full_text(&note), "d\na\np");
}

#[test]
fn what_was_edited_apart_from_a_signature_waits_and_the_signed_text_stays() {
    let (mut a, mut b) = two(dap());
    b.edit(3, &[("plan", "of b")]);
    a.sign(4);
    a.hear(&b, 0);
    b.hear(&a, 2);
    for side in [&a, &b] {
        assert_eq!(side.note().state(), State::Signed);
        assert_eq!(side.note().section("plan").unwrap().text(), "p");
        assert_eq!(side.pending(), pairs(&[("plan", "of b")]));
    }
}

#[test]
fn a_text_that_stood_beside_the_signed_one_waits_too() {
    let (mut a, mut b) = two(dap());
    a.edit(3, &[("plan", "of a")]);
    b.edit(3, &[("plan", "of b")]);
    a.hear(&b, 0);
    a.sign(4);
    let signed = a.note().section("plan").unwrap().text().to_owned();
    let other = if signed == "of a" { "of b" } else { "of a" };
    assert_eq!(a.pending(), pairs(&[("plan", other)]));
}

#[test]
fn of_two_texts_signed_apart_by_their_author_the_first_stands_and_the_other_is_kept() {
    // Whichever tablet signs first: Automerge's own choice must not decide.
    for (at_a, at_b, stands, other) in [(5, 6, "of a", "of b"), (6, 5, "of b", "of a")] {
        let (mut a, mut b) = two(dap());
        a.edit(3, &[("plan", "of a")]);
        b.edit(4, &[("plan", "of b")]);
        a.sign(at_a);
        b.sign(at_b);
        a.hear(&b, 0);
        b.hear(&a, 2);
        assert_eq!(a.note(), b.note());
        for side in [&a, &b] {
            let note = side.note();
            let plan = note.section("plan").unwrap();
            assert_eq!(plan.text(), stands);
            assert_eq!(plan.signed[1].text, other);
            assert_eq!(plan.signed[0].origin, note.signatures[0]);
            assert_eq!(note.signatures.len(), 2);
            assert_eq!(side.pending(), pairs(&[("plan", other)]));
        }
    }
}

#[test]
fn a_second_signature_is_given_by_another_who_leads_and_holds_the_text_it_saw() {
    let wanted = NewNote {
        cosign: true,
        ..dap()
    };
    let (mut a, mut b) = two(wanted);
    b.edit(3, &[("plan", "of b")]);
    b.sign(9);
    let mut c = Side::new(3);
    c.hear(&a, 0);
    c.hear(&b, 0);
    assert_eq!(c.note().state().code(), "cosign-pending");
    for (mine, leads) in [(3, false), (2, true)] {
        let by = By {
            mine: &me(mine),
            leads,
        };
        assert_eq!(cosign(&mut c.doc, NOW, "n", by), Err(Failure::NotAllowed));
    }
    let by = By {
        mine: &me(3),
        leads: true,
    };
    let cosigned = cosign(&mut c.doc, NOW, "n", by);
    c.did(cosigned);
    assert_eq!(
        cosign(&mut c.doc, NOW, "n", by),
        Err(refused("cosigned", "cosigned", &[]))
    );
    // The author's other tablet had signed another text before; nobody had seen it.
    a.sign(4);
    c.hear(&a, 2);
    let note = c.note();
    assert_eq!(note.state().code(), "cosigned");
    assert_eq!(note.section("plan").unwrap().text(), "of b");
    assert_eq!(note.signatures[0].at, Millis(9));
    assert_eq!(c.pending(), pairs(&[("plan", "p")]));
}

#[test]
fn a_note_that_wants_no_second_signature_or_has_no_first_gets_none() {
    let by = By {
        mine: &me(3),
        leads: true,
    };
    let (mut a, _) = two(NewNote {
        cosign: true,
        ..dap()
    });
    let expected = refused("draft", "cosigned", &["cosign-pending"]);
    assert_eq!(cosign(&mut a.doc, NOW, "n", by), Err(expected));
    let (mut a, _) = two(NewNote {
        sign: true,
        ..dap()
    });
    let expected = refused("signed", "cosigned", &[]);
    assert_eq!(cosign(&mut a.doc, NOW, "n", by), Err(expected));
}

#[test]
fn a_struck_note_stays_legible_with_its_reason_and_is_struck_once() {
    for note in [
        dap(),
        NewNote {
            sign: true,
            ..dap()
        },
    ] {
        let (mut a, _) = two(note);
        let author = By {
            mine: &me(1),
            leads: false,
        };
        let colleague = By {
            mine: &me(2),
            leads: false,
        };
        let mut check = |by, reason: &str, expected| {
            assert_eq!(strike(&mut a.doc, NOW, "n", by, reason), Err(expected));
        };
        check(colleague, "wrong person", Failure::NotAllowed);
        check(author, " ", empty("reason"));
        let too_long = Failure::TooLong {
            field: "reason".into(),
            max: REASON_LEN_MAX as u32,
        };
        check(author, &"x".repeat(REASON_LEN_MAX + 1), too_long);
        let before = (a.note().state(), a.texts());
        let leads = By {
            leads: true,
            ..colleague
        };
        let struck = strike(&mut a.doc, NOW, "n", leads, " wrong person ");
        a.did(struck);
        let held = a.note().struck.unwrap();
        assert_eq!((held.text.as_str(), held.origin.at), ("wrong person", NOW));
        assert_eq!((a.note().state(), a.texts()), before);
        assert!(!a.note().takes_addendum());
        assert_eq!(
            strike(&mut a.doc, NOW, "n", author, "again"),
            Err(refused("struck", "struck", &[]))
        );
        assert_eq!(
            sign(&mut a.doc, NOW, "n", author),
            Err(refused("struck", "signed", &[]))
        );
        assert_eq!(
            edit(&mut a.doc, NOW, "n", &pairs(&[("plan", "x")])),
            Err(refused("struck", "draft", &[]))
        );
    }
}

#[test]
fn notes_stand_by_the_time_when_they_happened_and_a_late_entry_keeps_both_times() {
    let (mut a, _) = two(dap());
    let late = NewNote {
        id: "late".into(),
        happened_at: Some(Millis(1)),
        addendum_to: Some("n".into()),
        ..dap()
    };
    a.add(50, late);
    let at_once = NewNote {
        id: "at once".into(),
        happened_at: Some(Millis(60)),
        ..dap()
    };
    a.add(60, at_once);
    let notes = all(&a.doc);
    let seen: Vec<_> = notes
        .iter()
        .map(|note| (note.id.as_str(), note.happened_at, note.origin.at))
        .collect();
    let expected = [
        ("at once", None, Millis(60)),
        ("n", None, Millis(2)),
        ("late", Some(Millis(1)), Millis(50)),
    ];
    assert_eq!(seen, expected);
    assert_eq!(notes[2].addendum_to.as_deref(), Some("n"));
}

#[test]
fn an_id_is_never_taken_twice() {
    let (mut a, _) = two(NewNote {
        sign: true,
        ..dap()
    });
    let again = add(&mut a.doc, NOW, &[new("narrative", &[("text", "x")])]);
    assert_eq!(again, Err(bad("id", "an id that is not taken")));
    assert_eq!(full_text(&a.note()), "d\na\np");
}

#[test]
fn an_imported_note_stays_as_it_came_and_takes_addenda() {
    let (mut a, _) = two(NewNote::imported("n".into(), "came".into()));
    let note = a.note();
    assert_eq!((note.state().code(), note.imported), ("", true));
    assert_eq!(
        (note.format.as_str(), full_text(&note)),
        (NARRATIVE, "came".into())
    );
    assert!(note.takes_addendum());
    let edited = edit(&mut a.doc, NOW, "n", &pairs(&[("text", "x")]));
    assert_eq!(edited, Err(refused("", "draft", &[])));
}

#[test]
fn a_note_of_schema_1_is_a_draft_that_can_be_edited_and_signed() {
    let mut a = Side::new(1);
    let old = a.doc.edit(Millis(1), |doc| {
        doc.put(ROOT, "schema", "1")?;
        let all = doc.put_object(ROOT, "notes", ObjType::Map)?;
        let note = doc.put_object(&all, "n", ObjType::Map)?;
        doc.put(&note, "text", "old")
    });
    a.did(old.map_err(|_| Failure::Damaged));
    assert_eq!(
        (a.note().state(), full_text(&a.note())),
        (State::Draft, "old".into())
    );
    a.edit(2, &[("text", "better")]);
    a.sign(3);
    assert_eq!(a.texts(), pairs(&[("text", "better")]));
    assert_eq!(a.pending(), []);
    assert!(!has_newer(&a.doc));
}

#[test]
fn a_format_of_a_newer_app_is_shown_kept_and_left_alone() {
    let (mut a, mut b) = two(dap());
    assert!(!has_newer(&b.doc));
    let all = a.doc.map("notes").unwrap();
    let newer = a.doc.edit(Millis(3), |doc| {
        let note = doc.put_object(&all, "x", ObjType::Map)?;
        doc.put(&note, "format", "haiku")?;
        doc.put(&note, "s.third line", "of five")?;
        doc.put(&note, "ink", "blue")
    });
    a.did(newer.map_err(|_| Failure::Damaged));
    b.hear(&a, 2);
    assert!(has_newer(&b.doc));
    let note = find(&b.doc, "x").unwrap();
    assert_eq!(
        (note.format.as_str(), full_text(&note)),
        ("haiku", "of five".into())
    );
    let formats = "narrative, soap, dap, birp, girp";
    let edited = edit(&mut b.doc, NOW, "x", &pairs(&[("third line", "")]));
    assert_eq!(edited, Err(bad("format", formats)));
    let by = By {
        mine: &me(1),
        leads: false,
    };
    assert_eq!(sign(&mut b.doc, NOW, "x", by), Err(bad("format", formats)));
    // What this app writes beside it takes nothing away.
    b.edit(4, &[("plan", "of b")]);
    let struck = strike(&mut b.doc, NOW, "x", by, "not ours");
    b.did(struck);
    a.hear(&b, 0);
    let part = a.doc.part(crate::record::NOTES, "x").unwrap();
    assert_eq!(part.text("ink"), Some("blue"));
    assert_eq!(find(&a.doc, "x").unwrap().sections, note.sections);
}
