//! Bad input of what is done to notes.

use satchel_core::api::{Failure, Form, FormName, NewNoteView, Request};
use satchel_tests::team::{ANA, BEN, OTTO};
use satchel_wire::Millis;

use crate::world::{
    NOBODY, Refused, WHOLE, World, bad, cannot, empty, pairs, soap, too_long, unknown,
};

impl World {
    /// What is done to a note.
    pub fn note_table(&mut self) -> Vec<Refused> {
        let (case, long) = (self.case.clone(), "x".repeat(64 * 1024 + 1));
        let mut table = Vec::new();
        let add = |change: &dyn Fn(&mut NewNoteView)| {
            let mut note = soap(&WHOLE);
            change(&mut note);
            Request::AddNote {
                case: case.clone(),
                note,
            }
        };
        let formats = "narrative, soap, dap, birp, girp";
        let no_signed = || bad("addendum_to", "a signed note of this case");
        table.extend([
            (
                ANA,
                add(&|note| note.format = "poem".into()),
                bad("format", formats),
            ),
            (
                ANA,
                add(&|note| note.format.clear()),
                bad("format", formats),
            ),
            (
                ANA,
                add(&|note| note.sections = pairs(&[("mood", "x")])),
                unknown("mood"),
            ),
            (
                ANA,
                add(&|note| note.sections.push(("plan".into(), "x".into()))),
                bad("plan", "one text"),
            ),
            (ANA, add(&|note| note.sections.clear()), empty("note")),
            (
                ANA,
                add(&|note| note.sections[0].1.clone_from(&long)),
                too_long("note", 64 * 1024),
            ),
            (
                ANA,
                add(&|note| note.happened_at = Some(Millis(u64::MAX))),
                bad("happened_at", "a time that is past"),
            ),
            (
                ANA,
                add(&|note| note.addendum_to = Some(NOBODY.into())),
                no_signed(),
            ),
            (
                ANA,
                add(&|note| note.addendum_to = Some(self.draft.clone())),
                no_signed(),
            ),
            (
                ANA,
                add(&|note| note.addendum_to = Some(self.struck.clone())),
                no_signed(),
            ),
            (
                ANA,
                add(&|note| (note.sign, note.sections[3].1) = (true, " ".into())),
                empty("plan"),
            ),
            (OTTO, add(&|_| {}), Failure::NotAllowed),
        ]);
        let of = |note: &str, seen: &str| (case.clone(), note.to_owned(), seen.to_owned());
        let [draft, signed, pending, struck] =
            [&self.draft, &self.signed, &self.pending, &self.struck].map(Clone::clone);
        let seen = [&draft, &signed, &pending, &struck].map(|note| self.seen(note));
        let edit = |(case, note, seen), texts: &[(&str, &str)]| Request::EditNote {
            case,
            note,
            seen,
            sections: pairs(texts),
        };
        let plan = [("plan", "x")];
        table.extend([
            (ANA, edit(of(NOBODY, ""), &plan), Failure::NotFound),
            (ANA, edit(of("", ""), &plan), Failure::NotFound),
            (ANA, edit(of(&draft, ""), &plan), Failure::ChangedSince),
            (
                ANA,
                edit(of(&draft, &seen[1]), &plan),
                Failure::ChangedSince,
            ),
            (
                ANA,
                edit(of(&draft, &seen[0]), &[("mood", "x")]),
                unknown("mood"),
            ),
            (
                ANA,
                edit(of(&draft, &seen[0]), &[("plan", "x"), ("plan", "y")]),
                bad("plan", "one text"),
            ),
            (
                ANA,
                edit(of(&draft, &seen[0]), &[("plan", "")]),
                empty("note"),
            ),
            (
                ANA,
                edit(of(&draft, &seen[0]), &[("plan", &long)]),
                too_long("note", 64 * 1024),
            ),
            (
                ANA,
                edit(of(&signed, &seen[1]), &plan),
                cannot("signed", "draft", &[]),
            ),
            (
                ANA,
                edit(of(&struck, &seen[3]), &plan),
                cannot("struck", "draft", &[]),
            ),
            (OTTO, edit(of(&draft, &seen[0]), &plan), Failure::NotAllowed),
        ]);
        let sign = |(case, note, seen)| Request::SignNote { case, note, seen };
        table.extend([
            (ANA, sign(of(NOBODY, "")), Failure::NotFound),
            (
                ANA,
                sign(of("x".repeat(9999).as_str(), "")),
                Failure::NotFound,
            ),
            (ANA, sign(of(&draft, "")), Failure::ChangedSince),
            (ANA, sign(of(&draft, &seen[0])), empty("subjective")),
            (BEN, sign(of(&draft, &seen[0])), Failure::NotAllowed),
            (
                ANA,
                sign(of(&signed, &seen[1])),
                cannot("signed", "signed", &[]),
            ),
            (ANA, sign(of(&pending, &seen[2])), Failure::NotAllowed),
            (BEN, sign(of(&pending, &seen[2])), Failure::NotAllowed),
            (OTTO, sign(of(&pending, &seen[2])), Failure::NotAllowed),
            (
                ANA,
                sign(of(&struck, &seen[3])),
                cannot("struck", "signed", &[]),
            ),
        ]);
        let strike = |note: &str, reason: &str| {
            let (case, note, reason) = (case.clone(), note.into(), reason.into());
            Request::StrikeNote { case, note, reason }
        };
        table.extend([
            (ANA, strike(NOBODY, "x"), Failure::NotFound),
            (ANA, strike(&signed, " "), empty("reason")),
            (
                ANA,
                strike(&signed, &"x".repeat(2049)),
                too_long("reason", 2048),
            ),
            (BEN, strike(&signed, "x"), Failure::NotAllowed),
            (OTTO, strike(&signed, "x"), Failure::NotAllowed),
            (ANA, strike(&struck, "x"), cannot("struck", "struck", &[])),
        ]);
        let keep = |case: &str, text: &str| Request::SaveDraft {
            form: Form {
                name: FormName::Note,
                case: case.into(),
                about: String::new(),
            },
            text: text.into(),
        };
        table.extend([
            (
                ANA,
                keep(&case, &long.repeat(2)),
                too_long("note", 64 * 1024),
            ),
            (ANA, keep("C-1", "x"), Failure::NotFound),
            (ANA, keep(NOBODY, "x"), Failure::NotFound),
            (BEN, keep(&self.hers, "x"), Failure::NotFound),
            (OTTO, keep(&case, "x"), Failure::NotAllowed),
        ]);
        table
    }
}
