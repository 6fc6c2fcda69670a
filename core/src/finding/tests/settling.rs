//! What settling sets, and what becomes of it.

use super::*;

#[test]
fn a_choice_sets_what_it_says_and_the_finding_says_who_made_it() {
    let table = [
        (
            MED,
            "medication/n name=Lisinopril 10 mg; frequency=daily",
            "person/ phone=1",
            "same_drug/m/n",
            "one_entry",
            "medication/n",
            "same_as",
            "m",
        ),
        (
            MED,
            "medication/m state=stopped",
            "medication/m dose=20 mg",
            "stopped_and_edited/m",
            "take_edit",
            "medication/m",
            "state",
            "active",
        ),
        (
            MED,
            "medication/m state=stopped",
            "medication/m dose=20 mg",
            "stopped_and_edited/m",
            "keep_stopped",
            "medication/m",
            "state",
            "stopped",
        ),
        (
            HOME,
            "address/i text=2 Oak St; use=home",
            "person/ phone=1",
            "two_addresses/h/i",
            "side:i",
            "address/h",
            "state",
            "old",
        ),
        (
            HOME,
            "address/h confidential=yes",
            "address/h text=3 Ash",
            "confidential_and_edited/h",
            "lift",
            "address/h",
            "confidential",
            "",
        ),
        (
            FLAG,
            "flag/f state=cleared",
            "flag/f evidence=again",
            "flag_cleared_and_set/f",
            "keep_set",
            "flag/f",
            "state",
            "active",
        ),
        (
            FLAG,
            "flag/f state=cleared",
            "flag/g kind=weapon; evidence=new",
            "flag_cleared_and_set/f",
            "clear",
            "flag/g",
            "state",
            "cleared",
        ),
        (
            "case/case state=active",
            "case/case state=closed",
            VISIT,
            "closed_with_activity/case",
            "reopen",
            "case/case",
            "state",
            "active",
        ),
        (
            "",
            "assignment/p staff=ana; role=primary",
            "assignment/q staff=ben; role=primary",
            "two_primaries/p/q",
            "side:q",
            "assignment/p",
            "role",
            "secondary",
        ),
        (
            VISIT,
            "appointment/c title=Check; start=36000000; end=42000000; staff=ben",
            "person/ phone=1",
            "client_booked_twice/c/v",
            "side:v",
            "appointment/c",
            "state",
            "proposed",
        ),
        (
            "",
            "visit/w mode=phone; start=1; staff=ana; outcome=made",
            "visit/x mode=phone; start=2; staff=ben; outcome=made",
            "visit_logged_twice/w/x",
            "link",
            "visit/x",
            "same_as",
            "w",
        ),
    ];
    for (base, a_does, b_does, id, choice, place, key, value) in table {
        let (mut a, mut b) = met(base, a_does, b_does);
        let (kind, record) = place.split_once('/').unwrap();
        let before = (b.record(kind, record), b.findings());
        let change = b.settle(id, choice, "talked to both").unwrap();
        let change = b.set(20 * DAY, &change);
        a.take(&b, &change);
        assert_eq!(a.findings(), b.findings());
        assert_eq!(a.record(kind, record).text(key), value, "{id} {choice}");
        let found = a.findings().into_iter().find(|one| one.id == id).unwrap();
        let settled = found.settled.expect("settled");
        assert_eq!(
            (settled.choice.as_str(), settled.reason.as_str()),
            (choice, "talked to both")
        );
        assert_eq!(
            (settled.origin.actor, settled.origin.at),
            (b.actor.clone(), Millis(20 * DAY))
        );
        assert!(found.sides.len() > 1, "what met is still told");
        // Taken back: as it was, and open.
        let back = a.with(|facts| reopen(&facts, id, true)).unwrap();
        let back = a.set(21 * DAY, &back);
        b.take(&a, &back);
        assert_eq!(a.findings(), b.findings());
        assert_eq!(
            b.record(kind, record).text(key),
            before.0.text(key),
            "{id} {choice}"
        );
        assert_eq!(b.findings(), before.1, "{id} {choice}");
    }
}

#[test]
fn a_chosen_value_stands_and_what_was_not_chosen_can_be_had_back() {
    let (mut a, mut b) = met("", "person/ phone=555-1", "person/ phone=555-2");
    let found = a.findings();
    let other = found[0]
        .sides
        .iter()
        .find(|side| side.value == "555-2")
        .unwrap();
    let change = a
        .settle("field/person/phone", &format!("side:{}", other.id), "")
        .unwrap();
    let change = a.set(12 * DAY, &change);
    b.take(&a, &change);
    assert_eq!(told(&b), [format!("field Medium side:{}", other.id)]);
    assert_eq!(record::values(&b.doc, PERSON, "", "phone").len(), 1);
    let back = b
        .with(|facts| reopen(&facts, "field/person/phone", false))
        .unwrap();
    let back = b.set(13 * DAY, &back);
    a.take(&b, &back);
    assert_eq!(
        a.findings(),
        found,
        "with its sides, their authors and times"
    );
    // And may be settled the other way.
    let first = found[0]
        .sides
        .iter()
        .find(|side| side.value == "555-1")
        .unwrap();
    let change = a
        .settle("field/person/phone", &format!("side:{}", first.id), "")
        .unwrap();
    a.set(14 * DAY, &change);
    assert_eq!(record::values(&a.doc, PERSON, "", "phone")[0].text, "555-1");
    assert!(!a.findings()[0].is_open());
}

#[test]
fn a_settlement_holds_for_what_it_was_about_and_no_more() {
    let (mut a, mut b) = met(MED, "medication/n name=Nardil", "medication/o name=Demerol");
    let id = "interaction/n/o";
    assert_eq!(
        a.settle(id, "acknowledge", " ").unwrap_err(),
        Failure::Empty {
            field: "reason".into()
        }
    );
    assert!(matches!(
        a.settle(id, "ignore", "x"),
        Err(Failure::BadValue { .. })
    ));
    assert_eq!(
        a.settle("interaction/n/x", "acknowledge", "x"),
        Err(Failure::NotFound)
    );
    let change = a.settle(id, "acknowledge", "the doctor knows").unwrap();
    let change = a.set(12 * DAY, &change);
    b.take(&a, &change);
    assert_eq!(told(&b), ["interaction Critical acknowledge"]);
    let change = b.set(13 * DAY, &edits("medication/o dose=100 mg"));
    a.take(&b, &change);
    assert_eq!(told(&a), ["interaction Critical open"]);
}

#[test]
fn escalating_makes_a_task_that_says_what_and_why() {
    let (mut a, _) = met("", "medication/n name=Nardil", "medication/o name=Demerol");
    let change = a
        .settle("interaction/n/o", "escalate", "call the clinic")
        .unwrap();
    a.set(12 * DAY, &change);
    let records = record::all(&a.doc);
    let task = records.iter().find(|record| record.kind == "task").unwrap();
    assert_eq!(
        ["title", "priority", "remarks", "state"].map(|key| task.text(key)),
        ["Nardil + Demerol", "urgent", "call the clinic", "requested"]
    );
    let back = a
        .with(|facts| reopen(&facts, "interaction/n/o", true))
        .unwrap();
    a.set(13 * DAY, &back);
    assert!(!record::find(&a.doc, "task", &task.id).unwrap().counts());
}

#[test]
fn an_addendum_holds_the_words_of_one_and_goes_with_its_settlement() {
    let (mut a, b) = met(
        "note/n s.text=Rent.",
        "note/n signed=yes; signed.text=Rent.",
        "note/n s.text=Rent, heat.",
    );
    let id = "signed_and_edited/n";
    let addendum = |tablet: &Tablet| {
        let mut notes = note::all(&tablet.doc).into_iter();
        notes.find(|note| note.addendum_to.is_some()).unwrap()
    };
    let change = a.settle(id, "addendum", "").unwrap();
    a.set(12 * DAY, &change);
    let made = addendum(&a);
    assert_eq!(
        (&made.origin.actor, made.origin.at),
        (&a.actor, Millis(12 * DAY))
    );
    assert_eq!(
        (&made.author().actor, made.author().at),
        (&b.actor, Millis(11 * DAY))
    );
    assert_eq!(
        (note::full_text(&made).as_str(), made.struck),
        ("Rent, heat.", None)
    );
    // Taken back it is struck, and the finding is open with its words.
    let back = a.with(|facts| reopen(&facts, id, true)).unwrap();
    a.set(13 * DAY, &back);
    assert_eq!(addendum(&a).struck.unwrap().text, note::TAKEN_BACK);
    let finding = a.findings().remove(0);
    assert!(finding.is_open() && finding.sides.iter().any(|side| side.value == "Rent, heat."));
    // Made again, it stands again.
    let change = a.settle(id, "addendum", "").unwrap();
    a.set(14 * DAY, &change);
    assert_eq!(
        (addendum(&a).id, addendum(&a).struck),
        (made.id.clone(), None)
    );
    // What its author has signed is not taken back.
    a.set(
        15 * DAY,
        &edits(&format!(
            "note/{} signed=yes; signed.text=Rent, heat.",
            made.id
        )),
    );
    assert_eq!(
        a.with(|facts| reopen(&facts, id, true)),
        Err(Failure::ChangedSince)
    );
}

#[test]
fn only_those_who_lead_settle_what_is_reserved_for_them() {
    let (a, _) = met(FLAG, "flag/f state=cleared", "flag/f evidence=again");
    let refused = a.with(|facts| settle(&facts, "flag_cleared_and_set/f", "clear", "x", false));
    assert_eq!(refused, Err(Failure::NotAllowed));
}

#[test]
fn two_who_settle_differently_are_asked_again_and_the_careful_choice_governs() {
    let (mut a, mut b) = met(FLAG, "flag/f state=cleared", "flag/f evidence=again");
    let id = "flag_cleared_and_set/f";
    let keep = a.settle(id, "keep_set", "seen on Monday").unwrap();
    let clear = b.settle(id, "clear", "nothing there").unwrap();
    apart(&mut a, &mut b, &keep, &clear);
    assert_eq!(told(&a), ["settled_differently Critical open"]);
    let found = a.findings().remove(0);
    let sides: Vec<_> = found
        .sides
        .iter()
        .map(|side| (side.kind.as_str(), side.key.as_str(), side.value.as_str()))
        .collect();
    assert_eq!(
        sides,
        [
            (SETTLEMENT, "keep_set", "seen on Monday"),
            (SETTLEMENT, "clear", "nothing there")
        ]
    );
    assert!(found.leads_only);
    assert_eq!(state(&a.findings(), &a.record("flag", "f")), "active");
    let choice = format!("side:{}", found.sides[1].id);
    let change = b.settle(id, &choice, "both agree").unwrap();
    let change = b.set(30 * DAY, &change);
    a.take(&b, &change);
    assert_eq!(told(&a), ["flag_cleared_and_set Critical clear"]);
    assert_eq!(state(&a.findings(), &a.record("flag", "f")), "cleared");
}

#[test]
fn what_the_losing_settlement_set_is_taken_back() {
    let (mut a, mut b) = met(
        VISIT,
        "appointment/c title=Check; start=36000000; end=42000000; staff=ben",
        "person/ phone=1",
    );
    let id = "client_booked_twice/c/v";
    let joint = a.settle(id, "joint_visit", "").unwrap();
    let move_c = b.settle(id, "side:v", "").unwrap();
    apart(&mut a, &mut b, &joint, &move_c);
    assert_eq!(a.record("appointment", "c").state(), "proposed");
    let found = a.findings().remove(0);
    assert_eq!(found.rule, "settled_differently");
    let change = a
        .settle(id, &format!("side:{}", found.sides[0].id), "")
        .unwrap();
    a.set(30 * DAY, &change);
    assert_eq!(a.record("appointment", "c").state(), "booked");
    assert_eq!(told(&a), ["client_booked_twice High joint_visit"]);
}

#[test]
fn two_who_choose_different_values_are_shown_both() {
    let (mut a, mut b) = met("", "person/ phone=1", "person/ phone=2");
    let sides = a.findings().remove(0).sides;
    let choose = |tablet: &Tablet, at: usize| {
        tablet
            .settle("field/person/phone", &format!("side:{}", sides[at].id), "")
            .unwrap()
    };
    let (one, two) = (choose(&a, 0), choose(&b, 1));
    apart(&mut a, &mut b, &one, &two);
    assert_eq!(told(&a), ["settled_differently Medium open"]);
    let values: Vec<String> = a
        .findings()
        .remove(0)
        .sides
        .into_iter()
        .map(|side| side.value)
        .collect();
    assert_eq!(values, [sides[0].value.clone(), sides[1].value.clone()]);
}

#[test]
fn two_who_settle_alike_are_of_one_mind() {
    let (mut a, mut b) = met("", "person/ phone=1", "person/ phone=2");
    let side = a.findings().remove(0).sides.remove(1);
    let choice = format!("side:{}", side.id);
    let one = a.settle("field/person/phone", &choice, "asked").unwrap();
    let two = b
        .settle("field/person/phone", &choice, "saw the bill")
        .unwrap();
    apart(&mut a, &mut b, &one, &two);
    assert_eq!(told(&a), [format!("field Medium {choice}")]);
}

#[test]
fn a_value_set_by_who_did_not_know_of_the_settlement_opens_it_again() {
    let (mut a, mut b) = met("", "person/ phone=1", "person/ phone=2");
    let side = a.findings().remove(0).sides.remove(0);
    let chosen = a
        .settle("field/person/phone", &format!("side:{}", side.id), "")
        .unwrap();
    apart(&mut a, &mut b, &chosen, &edits("person/ phone=3"));
    assert_eq!(told(&a), ["field Medium open"]);
    let values: Vec<String> = a
        .findings()
        .remove(0)
        .sides
        .into_iter()
        .map(|side| side.value)
        .collect();
    assert_eq!(values, ["3", side.value.as_str()]);
}

#[test]
fn a_settlement_that_cannot_be_read_settles_nothing() {
    let (mut a, _) = met("", "person/ phone=1", "person/ phone=2");
    let broken = Edit {
        kind: record::SETTLED.into(),
        id: String::new(),
        key: "field/person/phone".into(),
        value: "{\"rule\":".into(),
    };
    a.set(12 * DAY, &[broken]);
    assert_eq!(told(&a), ["field Medium open"]);
}
