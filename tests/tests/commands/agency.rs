//! Bad input of what is done to cases and to the agency.

use satchel_core::api::{
    BundleAsk, BundleProblem, Failure, Request, RoleName, SheetName, TermsAsk,
};
use satchel_tests::team::{ANA, BEN, OTTO, PASSPHRASE, PRIYA, ROSA};
use satchel_wire::Millis;
use serde_bytes::ByteBuf;

use crate::world::{NOBODY, Refused, World, bad, empty, pairs, too_long, unknown};

impl World {
    /// What is done to cases and to the agency.
    pub fn agency_table(&mut self) -> Vec<Refused> {
        let mut table = Vec::new();
        let new = |fields: &[(&str, &str)], team: &[&str]| Request::NewCase {
            fields: pairs(fields),
            team: team.iter().map(|id| (*id).to_owned()).collect(),
        };
        let (number, long) = (("number", "C-3"), "x".repeat(4097));
        let otto = self.team.member(OTTO).profile.clone();
        let ben = self.team.member(BEN).profile.clone();
        let nobody = "00".repeat(32);
        table.extend([
            (ANA, new(&[], &[]), empty("name.given")),
            (ANA, new(&[("number", " ")], &[]), empty("name.given")),
            (ANA, new(&[("phone", "1")], &[]), empty("name.given")),
            (ANA, new(&[number, ("mood", "x")], &[]), unknown("mood")),
            (ANA, new(&[number, ("extra.", "x")], &[]), unknown("extra.")),
            (
                ANA,
                new(&[number, ("phone", &long)], &[]),
                too_long("phone", 4096),
            ),
            (ANA, new(&[number, number], &[]), bad("number", "one value")),
            (ANA, new(&[number], &["Ben"]), Failure::NotFound),
            (ANA, new(&[number], &[&nobody]), Failure::NotFound),
            (OTTO, new(&[number], &[]), Failure::NotAllowed),
        ]);
        let part = |case: &str, kind: &str, team: &[&str]| Request::NewCompartment {
            case: case.into(),
            kind: kind.into(),
            team: team.iter().map(|id| (*id).to_owned()).collect(),
        };
        let kinds = "substance_use, address, reporter";
        let outsider = bad("team", "somebody who reads the case");
        table.extend([
            (ANA, part("x", "address", &[]), Failure::NotFound),
            (ANA, part(&self.case, "diary", &[]), bad("kind", kinds)),
            (
                ANA,
                part(&self.case, "address", &[&nobody]),
                Failure::NotFound,
            ),
            (ANA, part(&self.hers, "address", &[&ben]), outsider),
            (OTTO, part(&self.case, "address", &[]), Failure::NotAllowed),
        ]);
        let column = || Failure::ImportMissingColumn {
            column: "case_note".into(),
            found: vec!["age".into()],
        };
        for (file, failure) in [
            (
                &b""[..],
                Failure::ImportMissingColumn {
                    column: "case_note".into(),
                    found: Vec::new(),
                },
            ),
            (b"age\n9\n", column()),
            (b"case_number,case_note\n", Failure::ImportEmpty),
            (
                b"case_number,case_note\n1,\xff\n",
                Failure::ImportEncoding { line: 2 },
            ),
            (
                b"case_number,case_note\n1,\"cut\n",
                Failure::ImportTruncated { line: 3 },
            ),
        ] {
            let file = ByteBuf::from(file.to_vec());
            table.push((
                ANA,
                Request::PreviewImport { file: file.clone() },
                failure.clone(),
            ));
            table.push((
                ANA,
                Request::Import {
                    file,
                    team: Vec::new(),
                },
                failure,
            ));
        }
        let file = ByteBuf::from(b"case_number,case_note\n1,came\n".to_vec());
        let import = |team| Request::Import {
            file: file.clone(),
            team,
        };
        for (place, file, failure) in [
            (PRIYA, &b"name,x\n"[..], Failure::NotAllowed),
            (ANA, b"name,x\n", Failure::NotAllowed),
            (OTTO, b"name,x\n", Failure::NotAllowed),
            (ROSA, b"name,\xff\n", Failure::ImportEncoding { line: 1 }),
            (ROSA, b"name,x\n\0", Failure::ImportEncoding { line: 2 }),
        ] {
            let file = ByteBuf::from(file.to_vec());
            let preview = Request::PreviewMedicines { file: file.clone() };
            table.push((place, preview, failure.clone()));
            table.push((place, Request::SetMedicines { file }, failure));
        }
        for file in [String::new(), "x,y\n".into(), "name,x\n".repeat(20_000)] {
            let file = ByteBuf::from(file.into_bytes());
            table.push((ROSA, Request::SetMedicines { file }, Failure::ImportEmpty));
        }
        table.extend([
            (BEN, Request::RemoveMedicines, Failure::NotAllowed),
            (ROSA, Request::RemoveMedicines, Failure::NotFound),
        ]);
        let rules = |rules: &[(&str, &str)]| Request::SetPolicy {
            rules: pairs(rules),
        };
        let zone = |zone: &str| Request::SetTerms {
            ask: TermsAsk::Zone { zone: zone.into() },
        };
        table.push((PRIYA, zone("central"), Failure::NotAllowed));
        let (lock, touch) = ("auto_lock_minutes", "out_of_touch_days");
        table.extend([
            (PRIYA, rules(&[(lock, "10")]), Failure::NotAllowed),
            (ANA, rules(&[(lock, "10")]), Failure::NotAllowed),
            (OTTO, rules(&[]), Failure::NotAllowed),
            (ROSA, rules(&[("mood", "10")]), unknown("mood")),
            (ROSA, rules(&[(lock, "31")]), bad(lock, "2 to 30")),
            (ROSA, rules(&[(lock, "")]), bad(lock, "2 to 30")),
            (
                ROSA,
                rules(&[(lock, "10"), (touch, "91")]),
                bad(touch, "0 to 90"),
            ),
        ]);
        let log = |case: &str, staff: &str| Request::AccessLog {
            of_case: case.into(),
            staff: staff.into(),
            deed: String::new(),
            from: Millis(0),
            to: Millis(u64::MAX),
            before: None,
        };
        table.extend([
            (ANA, log("", ""), Failure::NotAllowed),
            (BEN, log(&self.case, ""), Failure::NotAllowed),
            (ROSA, log("C-1", ""), Failure::NotFound),
            (OTTO, log("", "Ben"), Failure::NotFound),
        ]);
        let invite = |name: &str, role| Request::Invite {
            name: name.into(),
            role,
            share_cases: true,
        };
        let share = |case: &str, profile: &str| {
            let (case, profile) = (case.into(), profile.into());
            let purpose = String::new();
            Request::Share {
                case,
                profile,
                purpose,
            }
        };
        let span = Request::Calendar {
            from: Millis(0),
            to: Millis(u64::MAX),
        };
        table.extend([
            (ANA, import(vec![nobody.clone()]), Failure::NotFound),
            (OTTO, import(Vec::new()), Failure::NotAllowed),
            (ROSA, invite(" ", RoleName::Worker), empty("name")),
            (ROSA, invite(&long, RoleName::Worker), too_long("name", 200)),
            (ANA, invite("Eve", RoleName::Worker), Failure::NotAllowed),
            (PRIYA, invite("Eve", RoleName::Admin), Failure::NotAllowed),
            (OTTO, invite("Eve", RoleName::Auditor), Failure::NotAllowed),
            (ROSA, share(&self.hers, "Ben"), Failure::NotFound),
            (ROSA, share(&self.hers, &nobody), Failure::NotFound),
            (ANA, share(&self.hers, &ben), Failure::NotAllowed),
            (OTTO, share(&self.case, &otto), Failure::NotAllowed),
            (ANA, span, bad("to", "at most half a year")),
        ]);
        let revoke = |key: &str| Request::Revoke { key: key.into() };
        let replace = |profile: &str| Request::Replace {
            profile: profile.into(),
        };
        let rosa = self.team.member(ROSA).profile.clone();
        let confirm = |profile: &str| Request::Confirm {
            profile: profile.into(),
        };
        let take_out = |case: &str, profile: &str| {
            let (case, profile) = (case.into(), profile.into());
            Request::TakeOut { case, profile }
        };
        let rule = |profile: &str| Request::Rule {
            case: self.case.clone(),
            profile: profile.into(),
            stands: true,
            reason: String::new(),
        };
        let out = |reason: &str| Request::Rule {
            case: self.case.clone(),
            profile: ben.clone(),
            stands: false,
            reason: reason.into(),
        };
        table.extend([
            (ROSA, revoke("Ben"), Failure::NotFound),
            (ROSA, revoke(&nobody), Failure::NotFound),
            (ANA, revoke(&ben), Failure::NotAllowed),
            (PRIYA, revoke(&otto), Failure::NotAllowed),
            (OTTO, revoke(&ben), Failure::NotAllowed),
            (ROSA, replace("Ben"), Failure::NotFound),
            (ROSA, replace(&nobody), Failure::NotFound),
            (ANA, replace(&ben), Failure::NotAllowed),
            (PRIYA, replace(&otto), Failure::NotAllowed),
            (ROSA, take_out(&self.case, "Ben"), Failure::NotFound),
            (ROSA, take_out(&self.case, &nobody), Failure::NotFound),
            (ROSA, confirm("Ben"), Failure::NotFound),
            (ROSA, confirm(&nobody), Failure::NotFound),
            (ANA, confirm(&ben), Failure::NotAllowed),
            (PRIYA, confirm(&otto), Failure::NotAllowed),
            (OTTO, confirm(&ben), Failure::NotAllowed),
            (ROSA, confirm(&rosa), Failure::NotAllowed),
            (ANA, take_out(&self.case, &ben), Failure::NotAllowed),
            (PRIYA, take_out(&self.case, &otto), Failure::NotAllowed),
            (ROSA, rule("Ben"), Failure::NotFound),
            (ROSA, rule(&ben), Failure::ChangedSince),
            (ANA, rule(&ben), Failure::NotAllowed),
            (PRIYA, out(" "), empty("reason")),
            (PRIYA, out(&long), too_long("reason", 2048)),
        ]);
        let (link, passphrase) = ("http://relay.test/#join=".to_owned(), PASSPHRASE.to_owned());
        let found = Request::Found {
            link: link.clone(),
            agency: "A".into(),
            name: "B".into(),
            passphrase: passphrase.clone(),
        };
        let again = [
            found,
            Request::Join {
                link,
                passphrase: passphrase.clone(),
            },
            Request::Unlock { passphrase },
        ];
        table.extend(again.map(|request| (ANA, request, Failure::WrongMoment)));
        let restore = Request::Restore {
            root: String::new(),
            recovery: String::new(),
            url: "http://relay.test".into(),
            name: "Nora".into(),
            passphrase: PASSPHRASE.into(),
        };
        let kit = Request::Kit {
            passphrase: PASSPHRASE.into(),
        };
        let drop = Request::DropSeeds {
            passphrase: PASSPHRASE.into(),
        };
        let check = |words: &[(u32, &str)]| Request::CheckKit {
            sheet: SheetName::Root,
            words: words.iter().map(|(at, one)| (*at, (*one).into())).collect(),
        };
        let sheet = SheetName::Root;
        let zeroes = [(0, "art"), (25, "art"), (u32::MAX, "art"), (1, "")];
        table.extend([
            (ANA, restore, Failure::WrongMoment),
            (ANA, kit, Failure::NotFound),
            (ANA, drop.clone(), Failure::NotFound),
            (ANA, check(&[]), Failure::NotFound),
            (ROSA, drop, Failure::WrongMoment),
            (ROSA, check(&[]), Failure::BadSheet { sheet }),
            (ROSA, check(&zeroes), Failure::BadSheet { sheet }),
        ]);
        let change = |new: &str| Request::ChangePassphrase {
            old: PASSPHRASE.into(),
            new: new.into(),
        };
        table.extend([
            (
                ANA,
                change("fourteen chars"),
                Failure::ShortPassphrase { min: 15 },
            ),
            (ANA, change(&"x".repeat(1025)), too_long("passphrase", 1024)),
        ]);
        let make = |case: &str, peer: &str| BundleAsk::Make {
            case: case.into(),
            peer: peer.into(),
        };
        let (piece, start, end) = (ByteBuf::from(*b"a letter"), true, true);
        let problem = BundleProblem::NotOne;
        let asked = [
            (make(NOBODY, ""), Failure::NotFound),
            (make("", NOBODY), Failure::NotFound),
            (
                BundleAsk::Look { piece, start, end },
                Failure::BadBundle { problem },
            ),
        ];
        table.extend(asked.map(|(ask, failure)| (ANA, Request::Bundle { ask }, failure)));
        table
    }
}
