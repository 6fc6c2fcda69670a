//! The demo agency, Harbor Street Services: four staff on tablets of their own, twenty cases, six
//! weeks of notes, and two conflicts that wait for somebody. Owns the promise that nothing in it is
//! faked: every record is written by a real engine out of reach of the relay, and synced later. All
//! people are invented.

mod notes;
mod people;

use satchel_core::{
    api::{Reply, Request, RoleName},
    rng::Seeded,
};
use satchel_server::host;
use satchel_wire::Millis;
use serde_json::json;

use self::people::{PEOPLE, Person};
use crate::socket::{SocketError, Tablet};

/// Whose tablets these are: places in the list of tablets.
const ROSA: usize = 0;
const PRIYA: usize = 1;
const ANA: usize = 2;
const BEN: usize = 3;
const STAFF: [(&str, RoleName); 4] = [
    ("Rosa Delgado", RoleName::Admin),
    ("Priya Nair", RoleName::Supervisor),
    ("Ana Torres", RoleName::Worker),
    ("Ben Okafor", RoleName::Worker),
];
const AGENCY: &str = "Harbor Street Services";
/// The profiles that write the history are used once, and their passphrase opens nothing later.
const PASSPHRASE: &str = "paper boats on the harbor";
/// What is written, by whom and when follows from this; keys do not.
const STORY: u64 = 41;
const MINUTE_MS: u64 = 60 * 1000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
/// How long ago the first case was begun.
const HISTORY_DAYS: u64 = 42;
/// Devices say what they have opened after a pause; this is longer.
const SEEN_MS: u64 = 1_800;

/// Why there is no demo agency.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A tablet does not go on.
    #[error("the tablet of {who}")]
    Tablet {
        /// Whose.
        who: &'static str,
        /// Why.
        source: SocketError,
    },
    /// A tablet answers otherwise than expected.
    #[error("the tablet of {who} answers {reply:?}")]
    Reply {
        /// Whose.
        who: &'static str,
        /// What.
        reply: Box<Reply>,
    },
    /// The story speaks of a tablet or case that is not there.
    #[error("the story of the demo does not hold together")]
    Story,
    /// No randomness.
    #[error("the operating system gives no randomness")]
    Randomness(#[from] getrandom::Error),
}

/// A link for one more tablet of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Name.
    pub who: &'static str,
    /// As what.
    pub role: RoleName,
    /// Whoever opens it first joins.
    pub link: String,
}

impl Link {
    /// As one line of JSON.
    pub fn line(&self) -> String {
        json!({ "who": self.who, "role": self.role, "link": self.link }).to_string()
    }
}

/// The agency once it is there.
#[derive(Debug)]
pub struct Agency {
    /// Links for browsers.
    pub links: Vec<Link>,
    /// Cases that the supervisor sees.
    pub cases: u32,
    /// Notes in them.
    pub notes: u32,
    /// Conflicts in them.
    pub conflicts: u32,
}

/// Founds the agency at a relay and lets it work for six weeks.
///
/// # Errors
/// [`DemoError`].
pub async fn seed(setup_link: &str) -> Result<Agency, DemoError> {
    let mut demo = Demo::found(setup_link).await?;
    let present = host::now();
    let cases = demo.begin_cases(present).await?;
    demo.write_notes(present, &cases).await?;
    demo.disagree(present, &cases).await?;
    tokio::time::sleep(std::time::Duration::from_millis(SEEN_MS)).await;
    demo.sync_all().await?;
    let mut links = Vec::new();
    for place in [PRIYA, ANA, BEN] {
        links.push(demo.invite(place).await?);
    }
    demo.sync(ROSA).await?;
    demo.count(links).await
}

/// The staff at work.
struct Demo {
    tablets: Vec<Tablet>,
    story: Seeded,
}

/// A case and when it was begun.
struct Begun {
    case: String,
    person: &'static Person,
    at: Millis,
}

impl Demo {
    async fn found(setup_link: &str) -> Result<Self, DemoError> {
        let tablets = STAFF
            .iter()
            .map(|_| Ok(Tablet::new(getrandom::u64()?)))
            .collect::<Result<_, getrandom::Error>>()?;
        let mut demo = Self {
            tablets,
            story: Seeded::new(STORY),
        };
        let (name, _) = staff(ROSA)?;
        let found = Request::Found {
            link: setup_link.to_owned(),
            agency: AGENCY.to_owned(),
            name: name.to_owned(),
            passphrase: PASSPHRASE.to_owned(),
        };
        demo.unlock(ROSA, found).await?;
        demo.sync(ROSA).await?;
        for place in [PRIYA, ANA, BEN] {
            let link = demo.invite(place).await?.link;
            demo.sync(ROSA).await?;
            let passphrase = PASSPHRASE.to_owned();
            demo.unlock(place, Request::Join { link, passphrase })
                .await?;
            demo.sync(place).await?;
        }
        demo.sync_all().await?;
        Ok(demo)
    }

    /// The workers begin cases, out of reach, over the first two weeks.
    async fn begin_cases(&mut self, present: Millis) -> Result<Vec<Begun>, DemoError> {
        let mut cases = Vec::new();
        for (i, person) in (0_u64..).zip(&PEOPLE) {
            let place = if i % 2 == 0 { ANA } else { BEN };
            let at = before(
                present,
                (HISTORY_DAYS * 24 - i * 17) * 60 - self.story.below(300),
            );
            let team = self.team(place).await?;
            let fields = fields(person, i);
            self.work_offline(place, at).await?;
            let reply = self.ask(place, Request::NewCase { fields, team }).await?;
            let Reply::Created { case } = reply else {
                return Err(unexpected(place, reply));
            };
            cases.push(Begun { case, person, at });
        }
        self.sync_all().await?;
        Ok(cases)
    }

    /// Everybody writes notes, out of reach, from the beginning of each case until yesterday.
    async fn write_notes(&mut self, present: Millis, cases: &[Begun]) -> Result<(), DemoError> {
        let mut plan = Vec::new();
        for (i, begun) in cases.iter().enumerate() {
            let own = if i % 2 == 0 { ANA } else { BEN };
            let other = if i % 2 == 0 { BEN } else { ANA };
            let notes = notes::write(begun.person, &mut self.story);
            let span = (present.0 - begun.at.0 - DAY_MS) / MINUTE_MS;
            let each = span / notes.len() as u64;
            for (n, text) in (0_u64..).zip(notes) {
                let at = begun
                    .at
                    .plus((n * each + 30 + self.story.below(each - 60)) * MINUTE_MS);
                // Mostly whose case it is; a colleague stands in, the supervisor looks on.
                let author = match self.story.below(8) {
                    _ if n == 0 => own,
                    0 => PRIYA,
                    1 | 2 => other,
                    _ => own,
                };
                plan.push((at, author, begun.case.clone(), text));
            }
        }
        plan.sort();
        for (at, author, case, text) in plan {
            self.work_offline(author, at).await?;
            self.done(author, Request::AddNote { case, text }).await?;
        }
        self.sync_all().await
    }

    /// Two workers out of reach say different things of the same person, twice.
    async fn disagree(&mut self, present: Millis, cases: &[Begun]) -> Result<(), DemoError> {
        let (moved, reviewed) = match cases {
            [_, moved, _, _, reviewed, ..] => (&moved.case, &reviewed.case),
            _ => return Err(DemoError::Story),
        };
        let edits = [
            (ANA, 1_200, moved, "phone", "555-0128"),
            (ANA, 1_199, moved, "address", "88 Linden Avenue, Apt 2"),
            (BEN, 1_020, moved, "phone", "555-0172"),
            (
                ANA,
                930,
                reviewed,
                "summary",
                "Voluntary family support, going well. Close after two more visits if school stays as it is.",
            ),
            (
                BEN,
                870,
                reviewed,
                "summary",
                "Voluntary family support. New work hours make the mornings hard; keep open until January.",
            ),
        ];
        for (place, minutes, case, key, value) in edits {
            self.work_offline(place, before(present, minutes)).await?;
            let (case, key, value) = (case.clone(), key.to_owned(), value.to_owned());
            let request = Request::SetField { case, key, value };
            self.done(place, request).await?;
        }
        self.sync_all().await
    }

    async fn count(mut self, links: Vec<Link>) -> Result<Agency, DemoError> {
        let search = String::new();
        let reply = self.ask(PRIYA, Request::Caseload { search }).await?;
        let Reply::Caseload { rows, total } = reply else {
            return Err(unexpected(PRIYA, reply));
        };
        Ok(Agency {
            links,
            cases: total,
            notes: rows.iter().map(|row| row.notes).sum(),
            conflicts: rows.iter().map(|row| row.conflicts).sum(),
        })
    }

    /// Everybody in the agency, as a tablet knows them.
    async fn team(&mut self, place: usize) -> Result<Vec<String>, DemoError> {
        match self.ask(place, Request::Staff).await? {
            Reply::Staff { staff, .. } if staff.len() == STAFF.len() => {
                Ok(staff.into_iter().map(|member| member.profile).collect())
            }
            reply => Err(unexpected(place, reply)),
        }
    }

    /// The founder invites a tablet for somebody of the staff, into all cases.
    async fn invite(&mut self, place: usize) -> Result<Link, DemoError> {
        let (who, role) = staff(place)?;
        let request = Request::Invite {
            name: who.to_owned(),
            role,
            share_cases: true,
        };
        match self.ask(ROSA, request).await? {
            Reply::Invited { link, .. } => Ok(Link { who, role, link }),
            reply => Err(unexpected(ROSA, reply)),
        }
    }

    async fn unlock(&mut self, place: usize, request: Request) -> Result<(), DemoError> {
        match self.ask(place, request).await? {
            Reply::Unlocked { .. } => Ok(()),
            reply => Err(unexpected(place, reply)),
        }
    }

    async fn done(&mut self, place: usize, request: Request) -> Result<(), DemoError> {
        match self.ask(place, request).await? {
            Reply::Done => Ok(()),
            reply => Err(unexpected(place, reply)),
        }
    }

    async fn ask(&mut self, place: usize, request: Request) -> Result<Reply, DemoError> {
        let (who, _) = staff(place)?;
        let answer = self.tablet(place)?.request(request).await;
        answer.map_err(|source| DemoError::Tablet { who, source })
    }

    async fn work_offline(&mut self, place: usize, at: Millis) -> Result<(), DemoError> {
        self.tablet(place)?.work_offline(at).await;
        Ok(())
    }

    async fn sync(&mut self, place: usize) -> Result<(), DemoError> {
        let (who, _) = staff(place)?;
        let synced = self.tablet(place)?.sync().await;
        synced.map_err(|source| DemoError::Tablet { who, source })
    }

    /// Twice: what the last one sends is for the first one too.
    async fn sync_all(&mut self) -> Result<(), DemoError> {
        for place in [ROSA, PRIYA, ANA, BEN, ROSA, PRIYA, ANA, BEN] {
            self.sync(place).await?;
        }
        Ok(())
    }

    fn tablet(&mut self, place: usize) -> Result<&mut Tablet, DemoError> {
        self.tablets.get_mut(place).ok_or(DemoError::Story)
    }
}

fn staff(place: usize) -> Result<(&'static str, RoleName), DemoError> {
    STAFF.get(place).copied().ok_or(DemoError::Story)
}

fn unexpected(place: usize, reply: Reply) -> DemoError {
    let reply = Box::new(reply);
    staff(place).map_or_else(|wrong| wrong, |(who, _)| DemoError::Reply { who, reply })
}

fn before(present: Millis, minutes: u64) -> Millis {
    Millis(present.0.saturating_sub(minutes * MINUTE_MS))
}

fn fields(person: &Person, i: u64) -> Vec<(String, String)> {
    let number = format!("HS-{}", 2_301 + i * 7);
    let fields = [
        ("name.given", person.given),
        ("name.family", person.family),
        ("number", number.as_str()),
        ("birth_date", person.born),
        ("language", person.language),
        ("phone", person.phone),
        ("address", person.address),
        ("program", person.program.name()),
        ("status", person.status),
        ("acuity", person.acuity),
        ("summary", person.summary),
    ];
    fields
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec()
}
