//! The demo agency, Harbor Street Services: five staff on tablets of their own, a hundred cases, four
//! months of notes, and two dozen conflicts of all kinds that wait for somebody. Owns the promise that
//! nothing in it is faked: every record is written by a real engine out of reach of the relay, and
//! synced later. All people are invented.

mod notes;
mod people;
mod story;

use std::collections::BTreeSet;

use satchel_core::{
    api::{CaseView, Reply, Request, RoleName, StaffView},
    rng::Seeded,
};
use satchel_server::host;
use satchel_wire::Millis;
use serde_json::json;

use self::{
    people::{Person, TOLD},
    story::Deed,
};
use crate::{
    socket::{SocketError, Tablet},
    wishes,
};

/// Whose tablets these are: places in the list of tablets.
const ROSA: usize = 0;
const PRIYA: usize = 1;
const ANA: usize = 2;
const BEN: usize = 3;
const MIGUEL: usize = 4;
const WORKERS: [usize; 3] = [ANA, BEN, MIGUEL];
const STAFF: [(&str, RoleName); 5] = [
    ("Rosa Delgado", RoleName::Admin),
    ("Priya Nair", RoleName::Supervisor),
    ("Ana Torres", RoleName::Worker),
    ("Ben Okafor", RoleName::Worker),
    ("Miguel Santos", RoleName::Worker),
];
const AGENCY: &str = "Harbor Street Services";
/// The profiles that write the history are used once, and their passphrase opens nothing later.
const PASSPHRASE: &str = "paper boats on the harbor";
/// What is written, by whom and when follows from this; keys do not.
const STORY: u64 = 41;
const MINUTE_MS: u64 = 60 * 1000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
/// How long ago the first case was begun, and until when all of them were.
const HISTORY_DAYS: u64 = 120;
const BEGUN_DAYS: u64 = 21;
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

/// How much there is in the agency.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Cases, at least those that the story tells of.
    pub cases: usize,
    /// Notes of each case; none: eight to sixteen.
    pub notes: Option<usize>,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            cases: 98,
            notes: None,
        }
    }
}

/// Founds the agency at a relay and lets it work for four months.
///
/// # Errors
/// [`DemoError`].
pub async fn seed(setup_link: &str, size: Size) -> Result<Agency, DemoError> {
    let mut demo = Demo::found(setup_link).await?;
    let present = host::now();
    let cases = demo.begin_cases(present, size.cases.max(TOLD)).await?;
    demo.write_notes(present, &cases, size.notes).await?;
    demo.disagree(present, &cases).await?;
    tokio::time::sleep(std::time::Duration::from_millis(SEEN_MS)).await;
    demo.sync_all().await?;
    let mut links = Vec::new();
    for place in (0..STAFF.len()).filter(|place| *place != ROSA) {
        links.push(demo.invite(place).await?);
    }
    demo.sync(ROSA).await?;
    demo.count(links).await
}

/// Two people join with their links and change `edits` fields out of reach, each pair of them the same
/// field of the same case: what a tablet that syncs afterwards has to show.
///
/// # Errors
/// [`DemoError`].
pub async fn meet(links: [&str; 2], edits: usize) -> Result<(), DemoError> {
    let mut demo = Demo {
        tablets: Vec::new(),
        story: Seeded::new(STORY),
    };
    for (place, link) in links.into_iter().enumerate() {
        demo.tablets.push(Tablet::new(getrandom::u64()?));
        let (link, passphrase) = (link.to_owned(), PASSPHRASE.to_owned());
        demo.unlock(place, Request::Join { link, passphrase })
            .await?;
        demo.sync(place).await?;
    }
    let mut cases: Vec<BTreeSet<String>> = Vec::new();
    for place in 0..links.len() {
        match demo.ask(place, wishes::caseload()).await? {
            Reply::Caseload { rows, .. } => {
                cases.push(rows.into_iter().map(|row| row.case).collect());
            }
            reply => return Err(unexpected(place, reply)),
        }
    }
    let [first, second] = cases.as_slice() else {
        return Err(DemoError::Story);
    };
    for case in first.intersection(second).take(edits / links.len()) {
        for place in 0..links.len() {
            demo.work_offline(place, host::now()).await?;
            let phone = format!("555-01{place}{}", demo.story.below(10));
            let wish = wishes::put(case, "person", None, &[("phone", &phone)]);
            demo.done(place, wish).await?;
        }
    }
    for place in 0..links.len() {
        demo.sync(place).await?;
    }
    Ok(())
}

/// The staff at work.
struct Demo {
    tablets: Vec<Tablet>,
    story: Seeded,
}

/// A case and when it was begun.
struct Begun {
    case: String,
    person: Person,
    at: Millis,
    /// Whose it is, and who stands in.
    own: usize,
    other: usize,
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
        let (name, _) = staff_of(ROSA)?;
        let found = Request::Found {
            link: setup_link.to_owned(),
            agency: AGENCY.to_owned(),
            name: name.to_owned(),
            passphrase: PASSPHRASE.to_owned(),
        };
        demo.unlock(ROSA, found).await?;
        demo.sync(ROSA).await?;
        for place in (0..STAFF.len()).filter(|place| *place != ROSA) {
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

    /// The workers begin cases, out of reach, one a day or more.
    async fn begin_cases(
        &mut self,
        present: Millis,
        count: usize,
    ) -> Result<Vec<Begun>, DemoError> {
        let mut cases = Vec::new();
        let every = (HISTORY_DAYS - BEGUN_DAYS) * 24 * 60 / count as u64;
        let mut turns = [0; STAFF.len()];
        for (i, person) in people::cast(count, &mut self.story).into_iter().enumerate() {
            // Ana and Ben get in each other's way in those that are told of: both work on them.
            let workers = if i < TOLD { 2 } else { WORKERS.len() };
            let worker = |i: usize| WORKERS.get(i % workers).copied().ok_or(DemoError::Story);
            let (own, other) = (worker(i)?, worker(i + 1)?);
            let ago = HISTORY_DAYS * 24 * 60 - i as u64 * every;
            let at = before(present, ago - self.story.below(300));
            let staff = self.staff(own).await?;
            let (name, _) = staff_of(other)?;
            let team = staff.iter().filter(|member| member.name == name);
            let team = team.map(|member| member.profile.clone()).collect();
            let me = staff.into_iter().find(|member| member.me);
            let me = me.ok_or(DemoError::Story)?.staff;
            let fields = fields(&person, i);
            self.work_offline(own, at).await?;
            let reply = self.ask(own, Request::NewCase { fields, team }).await?;
            let Reply::Created { case } = reply else {
                return Err(unexpected(own, reply));
            };
            let turn = turns.get_mut(own).ok_or(DemoError::Story)?;
            let wishes = story::records(&case, *turn, &person, &me, present, &mut self.story);
            *turn += 1;
            for wish in wishes {
                self.done(own, wish).await?;
            }
            cases.push(Begun {
                case,
                person,
                at,
                own,
                other,
            });
        }
        self.sync_all().await?;
        Ok(cases)
    }

    /// Everybody visits and writes notes, out of reach, from the beginning of each case until yesterday.
    async fn write_notes(
        &mut self,
        present: Millis,
        cases: &[Begun],
        count: Option<usize>,
    ) -> Result<(), DemoError> {
        let staff = self.staff_ids().await?;
        // Case by case: a tablet's documents stay open while they grow, however many there are.
        for begun in cases {
            let count = count.unwrap_or_else(|| 8 + self.story.below(9) as usize);
            let notes = notes::write(&begun.person, count, &mut self.story);
            let each = (present.0 - begun.at.0 - DAY_MS) / MINUTE_MS / count as u64;
            for (n, text) in (0_u64..).zip(notes) {
                let minutes = n * each + 1 + self.story.below(each);
                let at = begun.at.plus(minutes * MINUTE_MS);
                // Mostly whose case it is; a colleague stands in, the supervisor looks on.
                let author = match self.story.below(8) {
                    _ if n == 0 => begun.own,
                    0 => PRIYA,
                    1 | 2 => begun.other,
                    _ => begun.own,
                };
                self.work_offline(author, at).await?;
                self.done(author, wishes::note(&begun.case, &text)).await?;
                if n % 3 == 0 {
                    let id = staff.get(author).ok_or(DemoError::Story)?;
                    let visit = story::visit(id, before(at, 45));
                    self.done(author, wish(&begun.case, "visit", None, &visit))
                        .await?;
                }
            }
        }
        self.sync_all().await
    }

    /// Two workers out of reach get in each other's way.
    async fn disagree(&mut self, present: Millis, cases: &[Begun]) -> Result<(), DemoError> {
        let staff = self.staff_ids().await?;
        let id = |place: usize| staff.get(place).ok_or(DemoError::Story);
        let clashes = story::clashes(present, id(ANA)?, id(BEN)?);
        for place in [ANA, BEN] {
            for (n, clash) in (0..).zip(&clashes) {
                let begun = cases.get(clash.case).ok_or(DemoError::Story)?;
                let minutes = 1_300 - 20 * n - if place == BEN { 7 } else { 0 };
                self.work_offline(place, before(present, minutes)).await?;
                let deed = if place == ANA { &clash.ana } else { &clash.ben };
                let wish = self.wish(place, &begun.case, deed).await?;
                self.done(place, wish).await?;
            }
            // Both take in the same new client.
            let fields = [
                ("name.given", "Walter"),
                ("name.family", "Brandt"),
                ("birth_date", "1961-05-14"),
                ("summary", "Asked for help with heating costs."),
            ];
            let fields = fields.map(|(key, value)| (key.to_owned(), value.to_owned()));
            let fields = fields.to_vec();
            let team = Vec::new();
            let reply = self.ask(place, Request::NewCase { fields, team }).await?;
            let Reply::Created { .. } = reply else {
                return Err(unexpected(place, reply));
            };
        }
        self.sync_all().await
    }

    /// A deed as a request; what is changed is the first record of its kind.
    async fn wish(&mut self, place: usize, case: &str, deed: &Deed) -> Result<Request, DemoError> {
        let (kind, values, id) = match deed {
            Deed::Field(key, value) => {
                return Ok(wishes::put(case, "person", None, &[(key, value)]));
            }
            Deed::New(kind, values) => (*kind, values, None),
            Deed::Change(kind, values) => {
                let view = self.view(place, case).await?;
                let found = view.records.into_iter().find(|record| record.kind == *kind);
                (*kind, values, Some(found.ok_or(DemoError::Story)?.id))
            }
        };
        Ok(wish(case, kind, id.as_deref(), values))
    }

    async fn view(&mut self, place: usize, case: &str) -> Result<CaseView, DemoError> {
        let case = case.to_owned();
        match self.ask(place, Request::Case { case }).await? {
            Reply::Case { case } => Ok(case),
            reply => Err(unexpected(place, reply)),
        }
    }

    async fn count(mut self, links: Vec<Link>) -> Result<Agency, DemoError> {
        let reply = self.ask(PRIYA, wishes::caseload()).await?;
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
    async fn staff(&mut self, place: usize) -> Result<Vec<StaffView>, DemoError> {
        match self.ask(place, Request::Staff).await? {
            Reply::Staff { staff, .. } if staff.len() == STAFF.len() => Ok(staff),
            reply => Err(unexpected(place, reply)),
        }
    }

    /// The ids of the staff, in the order of their tablets.
    async fn staff_ids(&mut self) -> Result<Vec<String>, DemoError> {
        let staff = self.staff(ROSA).await?;
        let id = |(name, _): &(&str, RoleName)| {
            let found = staff.iter().find(|member| member.name == *name);
            found.map(|member| member.staff.clone())
        };
        STAFF
            .iter()
            .map(id)
            .collect::<Option<_>>()
            .ok_or(DemoError::Story)
    }

    /// The founder invites a tablet for somebody of the staff, into all cases.
    async fn invite(&mut self, place: usize) -> Result<Link, DemoError> {
        let (who, role) = staff_of(place)?;
        let request = Request::Invite {
            name: who.to_owned(),
            role,
            // Their first tablet's cases come along.
            share_cases: false,
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
            Reply::Done | Reply::Saved { .. } => Ok(()),
            reply => Err(unexpected(place, reply)),
        }
    }

    async fn ask(&mut self, place: usize, request: Request) -> Result<Reply, DemoError> {
        let (who, _) = staff_of(place)?;
        let answer = self.tablet(place)?.request(request).await;
        answer.map_err(|source| DemoError::Tablet { who, source })
    }

    async fn work_offline(&mut self, place: usize, at: Millis) -> Result<(), DemoError> {
        self.tablet(place)?.work_offline(at).await;
        Ok(())
    }

    async fn sync(&mut self, place: usize) -> Result<(), DemoError> {
        let (who, _) = staff_of(place)?;
        let synced = self.tablet(place)?.sync().await;
        synced.map_err(|source| DemoError::Tablet { who, source })
    }

    /// Twice: what the last one sends is for the first one too.
    async fn sync_all(&mut self) -> Result<(), DemoError> {
        for _ in 0..2 {
            for place in 0..STAFF.len() {
                self.sync(place).await?;
            }
        }
        Ok(())
    }

    fn tablet(&mut self, place: usize) -> Result<&mut Tablet, DemoError> {
        self.tablets.get_mut(place).ok_or(DemoError::Story)
    }
}

fn wish(case: &str, kind: &str, id: Option<&str>, values: &[(&str, String)]) -> Request {
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    wishes::put(case, kind, id, &values)
}

fn staff_of(place: usize) -> Result<(&'static str, RoleName), DemoError> {
    STAFF.get(place).copied().ok_or(DemoError::Story)
}

fn unexpected(place: usize, reply: Reply) -> DemoError {
    let reply = Box::new(reply);
    staff_of(place).map_or_else(|wrong| wrong, |(who, _)| DemoError::Reply { who, reply })
}

fn before(present: Millis, minutes: u64) -> Millis {
    Millis(present.0.saturating_sub(minutes * MINUTE_MS))
}

fn fields(person: &Person, i: usize) -> Vec<(String, String)> {
    let number = format!("HS-{}", 2_301 + i * 7);
    let fields = [
        ("name.given", person.given),
        ("name.family", person.family),
        ("number", &number),
        ("birth_date", &person.born),
        ("language", person.language),
        ("phone", &person.phone),
        ("address", &person.address),
        ("program", person.program.name()),
        ("summary", person.summary),
    ];
    fields
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec()
}
