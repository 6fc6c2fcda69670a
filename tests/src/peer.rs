//! A tablet that takes part in the benchmark of sync stacks: the real engine and a real WebSocket,
//! with nothing left out. Owns the line and the queue of one tablet; `document` knows the workload.
//! Its disk is in memory, as that of the other peers' clients.

pub mod document;

use std::{collections::BTreeMap, future::pending, time::Duration};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use automerge::AutoCommit;
use futures_util::{SinkExt as _, StreamExt as _};
use rustix::time::{ClockId, clock_gettime};
use satchel_core::{
    api::{Connection, Failure, Reply, Request, RoleName, Status},
    doc::DocError,
    io::Input,
};
use satchel_server::host;
use satchel_wire::Millis;
use serde_bytes::ByteBuf;
use serde_json::Value;
use tokio::{net::TcpStream, time::sleep};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message},
};

use crate::device::{Device, Outward};
use document::Operation;

const PASSPHRASE: &str = "a passphrase for the benchmark";
/// The longest sleep without a look at the engine's deadline.
const NAP: Duration = Duration::from_millis(200);

/// CLOCK_MONOTONIC in milliseconds: the clock that all processes of the benchmark share.
pub fn monotonic_ms() -> f64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
}

/// What a wait is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The relay has acknowledged everything.
    Up,
    /// These revisions are here.
    Down,
    /// The relay has said that there is nothing more.
    Idle,
    /// Up and down.
    Both,
}

/// A revision that was seen to arrive.
pub type Seen = (u64, u64, f64);

/// What a tablet has heard: a message or the end of its line, or nothing for a while.
pub struct Heard(Option<Option<Result<Message, tungstenite::Error>>>);

/// One tablet.
pub struct Peer {
    device: Device,
    line: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    wanted: bool,
    /// Case ids and revisions by the benchmark's number.
    cases: BTreeMap<u64, (String, u64)>,
    /// What the caseload's rows may have changed by.
    stale: bool,
    watched: Option<Vec<Seen>>,
}

impl Peer {
    /// A tablet that has an agency, its own or another's: by the payload of a set-up link or of an
    /// invite, `setup=…` or `join=…`. It is not connected.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn open(seed: u64, relay: &str, link: &str) -> Result<Self> {
        let mut peer = Self {
            device: Device::new(seed),
            line: None,
            wanted: false,
            cases: BTreeMap::new(),
            stale: false,
            watched: None,
        };
        peer.device.input(host::now(), Input::Start);
        let (passphrase, link) = (PASSPHRASE.to_owned(), format!("{relay}/#{link}"));
        let request = if link.contains("#setup=") {
            let (agency, name) = ("Benchmark".to_owned(), "A".to_owned());
            Request::Found {
                link,
                agency,
                name,
                passphrase,
            }
        } else {
            Request::Join { link, passphrase }
        };
        match peer.ask(request).await? {
            Reply::Unlocked { .. } => Ok(peer),
            other => Err(anyhow!("no way in: {other:?}")),
        }
    }

    /// An invite into all cases: the payload of its link, `join=…`.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn invite(&mut self, name: &str) -> Result<String> {
        let request = Request::Invite {
            name: name.to_owned(),
            role: RoleName::Worker,
            share_cases: true,
        };
        match self.ask(request).await? {
            Reply::Invited { link, .. } => Ok(link.split_once('#').context("a link")?.1.to_owned()),
            other => Err(anyhow!("no invite: {other:?}")),
        }
    }

    /// A new case with its history, commit by commit.
    ///
    /// # Errors
    /// When a commit does not fit.
    pub async fn put(&mut self, number: u64, commits: &[Vec<Operation>]) -> Result<()> {
        let id = self.write(None, document::begin).await?;
        self.cases.insert(number, (id, 0));
        for commit in commits {
            self.edit(number, commit).await?;
        }
        Ok(())
    }

    /// One commit, saved before this returns.
    ///
    /// # Errors
    /// When it does not fit, or the case is not here.
    pub async fn edit(&mut self, number: u64, commit: &[Operation]) -> Result<()> {
        let (case, _) = self.cases.get(&number).context("no such case")?.clone();
        self.look_at(&case).await?;
        self.write(Some(&case), |doc| document::apply(doc, number, commit))
            .await?;
        if let Some((_, revision)) = self.cases.get_mut(&number) {
            *revision = document::revision(commit);
        }
        Ok(())
    }

    /// The case as a plain value; nothing if it is not here.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn read(&mut self, number: u64) -> Result<Option<Value>> {
        self.refresh().await?;
        let Some((case, _)) = self.cases.get(&number).cloned() else {
            return Ok(None);
        };
        self.look_at(&case).await?;
        let mut value = None;
        // Nothing is written: the document is looked at where it is.
        let looked = self.write(Some(&case), |doc| {
            value = document::read(doc);
            Ok(())
        });
        let looked = looked.await;
        ensure!(looked.is_err(), "reading a case has changed it");
        Ok(value)
    }

    /// Wants a connection from now on.
    pub async fn connect(&mut self) {
        if !self.wanted {
            self.wanted = true;
            self.device.input(host::now(), Input::Online);
            self.carry_out().await;
        }
    }

    /// Wants none.
    pub async fn disconnect(&mut self) {
        self.wanted = false;
        if let Some(mut line) = self.line.take() {
            let _ = line.close(None).await;
            self.device.input(host::now(), Input::Lost);
        }
        self.carry_out().await;
    }

    /// Notes what arrives, until [`Self::unwatch`].
    pub fn watch(&mut self) {
        self.watched = Some(Vec::new());
    }

    /// What has arrived meanwhile.
    pub fn unwatch(&mut self) -> Vec<Seen> {
        self.watched.take().unwrap_or_default()
    }

    /// Whether a wait is over.
    ///
    /// # Errors
    /// When the relay refuses this tablet.
    pub async fn has(&mut self, until: Until, expected: &[(u64, u64)]) -> Result<bool> {
        let Some(status) = self.device.status.clone() else {
            return Ok(false);
        };
        if let Connection::Refused { refusal } = status.connection {
            bail!("the relay refuses: {refusal:?}");
        }
        let level = status.connection == Connection::Level;
        let up = level && status.unsent == 0;
        Ok(match until {
            Until::Idle => level,
            Until::Up => up,
            Until::Down => self.is_here(&status, expected).await?,
            Until::Both => up && self.is_here(&status, expected).await?,
        })
    }

    async fn is_here(&mut self, status: &Status, expected: &[(u64, u64)]) -> Result<bool> {
        if status.folding == 0 || self.watched.is_some() {
            self.refresh().await?;
        }
        Ok(expected.iter().all(|(number, revision)| {
            let case = self.cases.get(number);
            case.is_some_and(|(_, here)| here >= revision)
        }))
    }

    /// Waits until something has happened: a message, a deadline, or a short time. May be dropped
    /// before it is done; nothing is lost with it.
    pub async fn listen(&mut self) -> Heard {
        let now = host::now();
        let due = self.device.deadline().map(|at| at.0.saturating_sub(now.0));
        let nap = due.map_or(NAP, |ms| NAP.min(Duration::from_millis(ms)));
        let line = &mut self.line;
        let heard = async {
            match line {
                Some(line) => line.next().await,
                None => pending().await,
            }
        };
        tokio::select! {
            message = heard => Heard(Some(message)),
            () = sleep(nap) => Heard(None),
        }
    }

    /// Does what has been heard asks for.
    ///
    /// # Errors
    /// When the caseload cannot be read.
    pub async fn take(&mut self, heard: Heard) -> Result<()> {
        match heard.0 {
            Some(Some(Ok(Message::Binary(bytes)))) => {
                let bytes = ByteBuf::from(bytes.to_vec());
                self.stale = true;
                self.device.input(host::now(), Input::Frame { bytes });
            }
            Some(None | Some(Err(_) | Ok(Message::Close(_)))) => self.lose(),
            Some(Some(Ok(_))) => {}
            None => {
                let now = host::now();
                if self.device.deadline().is_some_and(|at| at <= now) {
                    self.stale = true;
                    self.device.input(now, Input::Tick);
                }
            }
        }
        self.carry_out().await;
        if self.watched.is_some() {
            self.refresh().await?;
        }
        Ok(())
    }

    fn lose(&mut self) {
        self.line = None;
        self.device.input(host::now(), Input::Lost);
    }

    /// Carries out all effects in their order.
    async fn carry_out(&mut self) {
        while self.device.is_busy() {
            match self.device.step(host::now()) {
                None => {}
                Some(Outward::Connect(url)) => {
                    self.line = if self.wanted {
                        line_to(&url).await
                    } else {
                        None
                    };
                    let input = match self.line {
                        Some(_) => Input::Connected,
                        None => Input::Lost,
                    };
                    self.device.input(host::now(), input);
                }
                Some(Outward::Send(bytes)) => {
                    if let Some(line) = &mut self.line
                        && line.feed(Message::binary(bytes)).await.is_err()
                    {
                        self.lose();
                    }
                }
                Some(Outward::Close) => self.line = None,
            }
        }
        if let Some(line) = &mut self.line {
            let _ = line.flush().await;
        }
    }

    /// Reads the revisions off the caseload, if they may have changed.
    async fn refresh(&mut self) -> Result<()> {
        if !self.stale {
            return Ok(());
        }
        self.stale = self
            .device
            .status
            .as_ref()
            .is_some_and(|status| status.folding > 0);
        let request = Request::Caseload {
            search: String::new(),
            today: "2026-01-01".to_owned(),
        };
        let Reply::Caseload { rows: cases, .. } = self.ask(request).await? else {
            bail!("no caseload");
        };
        let at = monotonic_ms();
        for row in cases {
            let Some((number, revision)) = document::parsed(&row.number) else {
                continue;
            };
            let known = self.cases.entry(number).or_insert((row.case, 0));
            if known.1 != revision
                && let Some(seen) = &mut self.watched
            {
                seen.push((number, revision, at));
            }
            known.1 = revision;
        }
        Ok(())
    }

    /// Opens a case, unless it is open.
    async fn look_at(&mut self, case: &str) -> Result<()> {
        let nothing = self
            .device
            .write_as_another_version(host::now(), Some(case), |_, _| Ok(None));
        // An open one says that nothing was written.
        if nothing == Err(Failure::NotFound) {
            let request = Request::Case { case: case.into() };
            let reply = self.ask(request).await?;
            ensure!(matches!(reply, Reply::Case { .. }), "{reply:?}");
        }
        Ok(())
    }

    async fn write(
        &mut self,
        case: Option<&str>,
        write: impl FnOnce(&mut AutoCommit) -> Result<(), automerge::AutomergeError>,
    ) -> Result<String> {
        let edit = |doc: &mut satchel_core::doc::Doc, now: Millis| -> Result<_, DocError> {
            doc.edit(now, write)
        };
        let written = self
            .device
            .write_as_another_version(host::now(), case, edit);
        self.carry_out().await;
        written.map_err(|failure| anyhow!("not written: {failure:?}"))
    }

    async fn ask(&mut self, request: Request) -> Result<Reply> {
        self.carry_out().await;
        let id = self.device.request(host::now(), request);
        self.carry_out().await;
        self.device.replies.remove(&id).context("no answer")
    }
}

async fn line_to(url: &str) -> Option<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let rest = url.strip_prefix("http")?;
    let address = format!("ws{}/sync", rest.trim_end_matches('/'));
    let (line, _) = connect_async(address).await.ok()?;
    if let MaybeTlsStream::Plain(socket) = line.get_ref() {
        let _ = socket.set_nodelay(true);
    }
    Some(line)
}
